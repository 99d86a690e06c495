"""From a folder of briefs to the editions of a bulletin: the recipe.

1. Find    the series by walking up from the path; read its settings.
2. Read    every brief to the model: heading, title, standfirst, byline, body.
3. Compose lift citations into notes, mend typography, number notes, place
           pictures, draw maps: now it is a bulletin, in screen colours or inks.
4. Render  the theme's templates make HTML of it, WeasyPrint makes pages,
           briefs that overrun by a little are copyfitted.
5. Check   the layout against what was promised.
6. Finish  the pages to each edition, and verify what it claims.
7. Export  PDFs, sources and reports, each whole or not at all.

Mistakes are collected on the way and told all at once: reading goes on after
a mistake, rendering does not begin after one. docs/architecture.md tells the
same story with the rooms in which it happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path

from reportgen.assets import Assets, Kind, Theme, read_theme, shipped
from reportgen.citations.lift import find_citations
from reportgen.colours import in_space, is_colour
from reportgen.composing.compose import Composer
from reportgen.composing.pictures import PictureDesk, Separation
from reportgen.conformance.gate import Gate
from reportgen.diagnostics import Diagnostic, ExitStatus, ReportgenError, Severity, Sink, Span
from reportgen.editions.finish import Material, finish
from reportgen.editions.press import Press
from reportgen.editions.table import EDITIONS, Edition
from reportgen.export import Finished, material_of, press_of, products_of, write_products
from reportgen.maps.atlas import Atlas
from reportgen.maps.regional import MapMaker
from reportgen.maps.style import MapStyle
from reportgen.maps.typeface import measure_with
from reportgen.model import Bulletin, Citation, Letter, Source, Text, map_text, plain
from reportgen.reading.issue import Issue, read
from reportgen.rendering.inspection import Slot
from reportgen.rendering.letter import letter_of as write_letter
from reportgen.rendering.render import Pages, Renderer
from reportgen.series import BINDINGS, Series
from reportgen.standards import ColourSpace, TagSet


@dataclass(frozen=True)
class Built:
    """What a build made."""

    files: tuple[Path, ...]
    """The files written, the PDFs first."""
    pages: int
    """Of the first edition."""
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Made:
    """A bulletin in its editions, not yet written."""

    issue: Issue
    bulletin: Bulletin
    editions: tuple[Finished, ...]
    pages: int
    """Of the first edition."""
    slots: Mapping[str, Slot]
    """Places that the first edition keeps free."""


def build(path: Path, output: Path | None = None, only: tuple[str, ...] = (),
          editions: Sequence[str] = (), *, strict: bool = False) -> Built:
    """Build the issue or brief at `path` into `output` (default: build/ in the current folder).

    `only` names the briefs of an issue to build; none means all. `editions`
    names rows of EDITIONS; none means those of series.toml, else screen. Raises
    ReportgenError with all diagnostics if the inputs have errors (status 1), or
    if the layout broke a promise or an edition is not what it claims to be
    (status 3); nothing is written then. With `strict`, warnings are errors.
    """
    sink = Sink()
    made = make(path, only, editions, sink, strict=strict)
    products = products_of(made.issue, made.bulletin, made.editions, sink)
    folder = (output or Path("build")) / made.issue.target.name
    files = write_products(products, folder, sink)
    return Built(files, made.pages, tuple(sink))


def make(path: Path, only: tuple[str, ...], editions: Sequence[str], sink: Sink,
         *, strict: bool = False) -> Made:
    """Make the editions of the issue or brief at `path`, and verify them. Raises as `build`."""
    issue = read(path, only, sink)
    wanted, press = _wanted(editions, issue.series if issue else None, sink)
    _stop_if_failed(sink, strict=strict)
    assert issue is not None and press is not None
    spaces = tuple(dict.fromkeys(edition.colours for edition in wanted))
    bulletins: dict[ColourSpace, Bulletin] = {}
    layouts: dict[ColourSpace, Pages] = {}
    for space in spaces:
        told = sink if space is spaces[0] else Sink()
        try:
            bulletins[space], layouts[space] = _laid_out(issue, space, press, told, strict=strict)
        finally:
            for diagnostic in tuple(told):  # told once; changes of glyphs are the same
                sink.add(diagnostic)
    bulletin = bulletins[spaces[0]]
    finished = _finished(wanted, layouts, material_of(issue, bulletin, press), sink)
    _stop_if_failed(sink, ExitStatus.OUTPUT, strict=strict)
    return Made(issue, bulletin, finished, layouts[spaces[0]].count, layouts[spaces[0]].slots)


def _laid_out(issue: Issue, space: ColourSpace, press: Press, sink: Sink,
              *, strict: bool) -> tuple[Bulletin, Pages]:
    """Compose and lay out an issue in a colour space. Raises as `build`."""
    theme, assets = _theme(issue.series, sink)
    bulletin = compose(issue, theme, assets, sink, space, press)
    _stop_if_failed(sink, strict=strict)
    binding = issue.series.settings.print_binding if space is ColourSpace.CMYK else ""
    pages = Renderer(theme, assets, sink, space).lay_out(bulletin, BINDINGS[binding])
    _stop_if_failed(sink, ExitStatus.OUTPUT if pages else ExitStatus.INPUT, strict=strict)
    assert pages is not None
    return bulletin, pages


def _finished(wanted: tuple[Edition, ...], layouts: dict[ColourSpace, Pages], material: Material,
              sink: Sink) -> tuple[Finished, ...]:
    """Return each edition, finished and verified; what fails is an error in `sink`."""
    gate = Gate(material.press.ink_limit, material.press.condition)
    written: dict[tuple[ColourSpace, TagSet], bytes] = {}
    finished = []
    for edition in wanted:
        key = edition.colours, edition.tags
        if key not in written:
            written[key] = layouts[edition.colours].write(edition.tags, sink)
        if not sink.failed:
            pdf = finish(written[key], edition, material)
            verdicts = gate.verify(pdf, edition.name, edition.standards, sink)
            finished.append(Finished(edition, pdf, verdicts, material.press))
    return tuple(finished)


def _wanted(names: Sequence[str], series: Series | None,
            sink: Sink) -> tuple[tuple[Edition, ...], Press | None]:
    """Return the rows of the editions asked for, and the press; a name that is none is an error."""
    span = Span("command line")
    if not names and series is not None:
        names, span = series.settings.editions, series.place_of("editions")
    for name in names:
        if name not in EDITIONS:
            near = get_close_matches(name, EDITIONS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(EDITIONS)}"
            sink.error("unknown-edition", f'no edition "{name}"', span, hint)
    rows = tuple(EDITIONS[n] for n in dict.fromkeys(names or ("screen",)) if n in EDITIONS)
    return rows, press_of(series, sink) if series is not None else None


def check(path: Path) -> tuple[Diagnostic, ...]:
    """Read, compose and lay out what `build` would, write nothing, and return what it would say."""
    sink = Sink()
    issue = read(path, (), sink)
    _wanted((), issue.series if issue else None, sink)
    if issue is not None and not sink.failed:
        theme, assets = _theme(issue.series, sink)
        bulletin = compose(issue, theme, assets, sink)
        pages = Renderer(theme, assets, sink).lay_out(bulletin) if not sink.failed else None
        if pages is not None:
            pages.write(TagSet.PDF_1_7, sink)
    return tuple(sink)


def letter_of(made: Made, pdf_link: str, sink: Sink, *, chosen: bool = False) -> Letter | None:
    """Return the letter that carries the first edition of `made`, or links to it.

    `pdf_link` is where the PDF can be read; empty: it is attached. `chosen` says
    that `made` has the regions that its readers chose alone. None, and an error in
    `sink`, if a template of the mail is wrong.
    """
    _, assets = _theme(made.issue.series, sink)
    return write_letter(made.bulletin, made.editions[0].pdf, pdf_link, assets, sink,
                        chosen=chosen)


def citations_of(path: Path, sink: Sink) -> list[dict[str, str]]:
    """Return a row for every source that the briefs of `path` cite, also where that is not sure."""
    issue = read(path, (), sink)
    rows: list[dict[str, str]] = []

    def collect(text: Text) -> Text:
        for _, citation in find_citations(text):
            rows.extend(_citation_row(citation, source) for source in citation.sources)
        return text

    for brief in issue.briefs if issue else ():
        for block in brief.blocks:
            map_text(block, collect)
    return rows


def _citation_row(citation: Citation, source: Source) -> dict[str, str]:
    return {"place": str(citation.span), "confidence": citation.confidence.value,
            "prints": plain(citation.text), "author": source.author or "",
            "title": source.title or "", "container": source.container or "",
            "issued": source.issued or "", "url": source.url or ""}


# ---------------------------------------------------------------- compose


def compose(issue: Issue, theme: Theme, assets: Assets, sink: Sink,
            space: ColourSpace = ColourSpace.RGB, press: Press | None = None) -> Bulletin:
    """Compose the briefs of an issue to a bulletin, in screen colours or in the inks of a press."""
    fonts = shipped(Kind.STYLE) / "fonts"
    style = _map_style(theme, space, issue.series.place_of("theme"), sink)
    measure = measure_with(fonts / "BulletinSans-Regular.ttf", fonts / "BulletinSans-Semibold.ttf")
    with Atlas() as atlas:
        maps = MapMaker(atlas, style, measure, issue.series.settings.worldview)
        desk = PictureDesk(issue.series.workspace, sink,
                           Separation(press.profile, press.ink_limit)
                           if press and space is ColourSpace.CMYK else None)
        composer = Composer(issue.series, maps, desk, sink)
        briefs = [replace(b, region=b.region.in_space(space)) for b in issue.briefs]
        composed = [composer.brief(brief) for brief in briefs]
        pictures = {p.name: p for _, placed in composed for p in placed}
        regions = {b.region.code: b.region for b in briefs}
        return composer.bulletin(
            issue.target.shape, tuple(brief for brief, _ in composed), tuple(pictures.values()),
            tuple(regions.values()), issue.settings, issue.source, issue.month)


def _map_style(theme: Theme, space: ColourSpace, span: Span, sink: Sink) -> MapStyle:
    """Return the theme's colours of maps; a key or colour that is none is an error."""
    known = {f.name for f in fields(MapStyle)}
    for table, colours in (("map", theme.map), ("map-print", theme.map_print)):
        for key, value in colours.items():
            if key not in known or (not is_colour(value) and key != "typeface"):
                sink.error("map-colour", f'[{table}] of the theme {theme.name}: {key} = "{value}"',
                           span, f"known are: {', '.join(sorted(known))}; a colour is written as "
                           "#0f6b6d, in print as device-cmyk(85% 0% 0% 55%)")
                return MapStyle()
    style = replace(MapStyle(), **theme.map)
    if space is ColourSpace.RGB:
        return style
    separate = {f.name: in_space(getattr(style, f.name), space) for f in fields(MapStyle)}
    return MapStyle(**(separate | theme.map_print))


def _theme(series: Series, sink: Sink) -> tuple[Theme, Assets]:
    folder = series.workspace.root if series.source else None
    theme = read_theme(series.settings.theme, folder, series.place_of("theme"), sink)
    return theme, Assets(folder, theme.chain)


def _stop_if_failed(sink: Sink, status: ExitStatus = ExitStatus.INPUT, *, strict: bool) -> None:
    warned = strict and any(d.severity is Severity.WARNING for d in sink)
    if warned:
        strictly = Sink()
        for told in sink:
            warning = told.severity is Severity.WARNING
            strictly.add(replace(told, severity=Severity.ERROR) if warning else told)
        raise ReportgenError(strictly, status)
    if sink.failed:
        raise ReportgenError(sink, status)

