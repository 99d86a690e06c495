"""From a folder of briefs to a bulletin: the recipe.

1. Find    the series by walking up from the path; read its settings.
2. Read    every brief to the model: heading, title, standfirst, byline, body.
3. Compose lift citations into notes, mend typography, number notes, place
           pictures, draw maps: now it is a bulletin.
4. Render  the theme's templates make HTML of it, WeasyPrint makes pages,
           briefs that overrun by a little are copyfitted.
5. Check   the layout against what was promised.
6. Export  PDF, sources and the log of changed glyphs, each whole or not at all.

Mistakes are collected on the way and told all at once: reading goes on after
a mistake, rendering does not begin after one. docs/architecture.md tells the
same story with the rooms in which it happens.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path

from reportgen.assets import Assets, Kind, Theme, read_theme, shipped
from reportgen.citations.lift import find_citations
from reportgen.composing.compose import Composer
from reportgen.composing.notes import csl_items
from reportgen.composing.pictures import PictureDesk
from reportgen.diagnostics import Diagnostic, ExitStatus, ReportgenError, Severity, Sink, Span
from reportgen.maps.atlas import Atlas
from reportgen.maps.regional import MapMaker
from reportgen.maps.style import MapStyle
from reportgen.maps.typeface import measure_with
from reportgen.model import (
    Brief,
    Bulletin,
    Citation,
    Month,
    Shape,
    Source,
    Text,
    map_text,
    plain,
)
from reportgen.reading.brief import Context, read_brief
from reportgen.reading.byline import People
from reportgen.reading.regions import RegionTable
from reportgen.rendering.render import Rendered, Renderer
from reportgen.series import SERIES_FILE, IssueSettings, Series, open_series, read_issue
from reportgen.settings import line_of
from reportgen.workspace import SourceText, write_whole

BRIEF_SUFFIXES = (".md", ".markdown", ".txt")
_NO_BRIEFS = ("readme", "notes")


@dataclass(frozen=True)
class Target:
    """What is built: an issue's folder, or one brief."""

    path: Path
    shape: Shape
    name: str
    """Name of the issue, or of the brief: first part of the file names."""


@dataclass(frozen=True)
class Issue:
    """The briefs of one issue, read."""

    target: Target
    series: Series
    settings: IssueSettings
    source: SourceText | None
    month: Month
    briefs: tuple[Brief, ...]


@dataclass(frozen=True)
class Built:
    """What a build made."""

    files: tuple[Path, ...]
    """The files written, the PDF first."""
    pages: int
    diagnostics: tuple[Diagnostic, ...]


def build(path: Path, output: Path | None = None, only: tuple[str, ...] = (),
          *, strict: bool = False) -> Built:
    """Build the issue or brief at `path` into `output` (default: build/ in the current folder).

    `only` names the briefs of an issue to build; none means all. Raises
    ReportgenError with all diagnostics if the inputs have errors (status 1) or
    the layout broke a promise (status 3); nothing is written then. With
    `strict`, warnings are errors.
    """
    sink = Sink()
    issue = read(path, only, sink)
    _stop_if_failed(sink, strict=strict)
    assert issue is not None
    theme, assets = _theme(issue.series, sink)
    bulletin = compose(issue, theme, assets, sink)
    _stop_if_failed(sink, strict=strict)
    rendered = Renderer(theme, assets, sink).render(bulletin)
    _stop_if_failed(sink, ExitStatus.OUTPUT if rendered else ExitStatus.INPUT, strict=strict)
    assert rendered is not None
    files = export(issue, bulletin, rendered, output or Path("build"), sink)
    return Built(files, rendered.pages, tuple(sink))


def check(path: Path) -> tuple[Diagnostic, ...]:
    """Read, compose and lay out what `build` would, write nothing, and return what it would say."""
    sink = Sink()
    issue = read(path, (), sink)
    if issue is not None and not sink.failed:
        theme, assets = _theme(issue.series, sink)
        bulletin = compose(issue, theme, assets, sink)
        if not sink.failed:
            Renderer(theme, assets, sink).render(bulletin)
    return tuple(sink)


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


# ---------------------------------------------------------------- 1, 2: find and read


def read(path: Path, only: tuple[str, ...], sink: Sink) -> Issue | None:
    """Read the series and the briefs of `path`; None if there is nothing to build."""
    target = find_target(path, sink)
    if target is None:
        return None
    series = open_series(target.path, sink)
    if target.shape is Shape.BULLETIN:
        settings, source = read_issue(target.path, series, sink)
        files = _brief_files(target.path, series, settings, source, only, sink)
    else:
        settings, source, files = _settings_of_offprint(target.path, series)
    context = Context(RegionTable(series.regions), People(frozenset(series.people)),
                      settings.date, settings.language or series.settings.language)
    briefs = []
    for file in files:
        text = series.workspace.read_text(file, sink)
        brief = read_brief(text, file.stem, context, sink) if text else None
        if brief:
            briefs.append(brief)
        elif not sink.failed:
            sink.error("no-brief", "this is no brief", Span(series.workspace.shown(file)),
                       "it needs a region, a month, a title and text")
    if not briefs:
        return None
    month = settings.date or briefs[0].month
    return Issue(target, series, settings, source, month, tuple(briefs))


def find_target(path: Path, sink: Sink) -> Target | None:
    """Return what `path` asks to build."""
    span = Span(str(path))
    if path.is_dir():
        if (path / SERIES_FILE).is_file():
            issues = sorted(p.name for p in path.iterdir() if _holds_briefs(p))
            hint = f"name one of its issues: {path / issues[-1]}" if issues else "it has none yet"
            sink.error("series-not-issue", "this is a series, not an issue", span, hint)
            return None
        return Target(path, Shape.BULLETIN, path.resolve().name)
    if not path.exists():
        sink.error("no-such-file", "there is no such file or folder", span)
        return None
    if path.suffix.lower() not in BRIEF_SUFFIXES:
        sink.error("no-brief", f"a brief ends in {', '.join(BRIEF_SUFFIXES)}", span)
        return None
    return Target(path, Shape.OFFPRINT, path.stem)


def _holds_briefs(folder: Path) -> bool:
    return folder.is_dir() and any(p.suffix.lower() in BRIEF_SUFFIXES for p in folder.iterdir())


def _settings_of_offprint(
    path: Path, series: Series
) -> tuple[IssueSettings, SourceText | None, list[Path]]:
    """Return the settings of the issue that a single brief lies in, as far as it lies in one."""
    quiet = Sink()
    settings, source = read_issue(path.parent, series, quiet)
    return settings, source, [path]


def _brief_files(folder: Path, series: Series, settings: IssueSettings, source: SourceText | None,
                 only: tuple[str, ...], sink: Sink) -> list[Path]:
    """Return the files of an issue's briefs in their order."""
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        named = path.name.startswith((".", "_", "~")) or path.stem.lower() in _NO_BRIEFS
        if named or path.suffix.lower() not in BRIEF_SUFFIXES:
            continue
        if path.stem in files:
            sink.error("same-name", f"{path.name} and {files[path.stem].name} have the same name",
                       Span(series.workspace.shown(path)), "rename one, or move it away")
        files[path.stem] = path
    span = source.span() if source else Span(series.workspace.shown(folder))
    if not files:
        sink.error("no-briefs", "there is no brief in this folder",
                   Span(series.workspace.shown(folder)),
                   f"a brief is a file that ends in {', '.join(BRIEF_SUFFIXES)}")
    span = source.span(line_of(source, "order")) if source else span
    asked = [(name, span) for name in settings.order]
    asked += [(name, Span("command line")) for name in only]
    for name, place in asked:
        if name not in files and Path(name).stem not in files:
            near = get_close_matches(name.lower(), files, n=1, cutoff=0.5)
            hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(files)}"
            sink.error("no-such-brief", f'there is no brief "{name}"', place, hint)
    order = [Path(n).stem if n not in files else n for n in settings.order]
    names = [*(n for n in order if n in files), *(n for n in files if n not in order)]
    wanted = {Path(n).stem if n not in files else n for n in only}
    return [files[n] for n in dict.fromkeys(names) if not wanted or n in wanted]


# ---------------------------------------------------------------- 3: compose


def compose(issue: Issue, theme: Theme, assets: Assets, sink: Sink) -> Bulletin:
    """Compose the briefs of an issue to a bulletin."""
    fonts = shipped(Kind.STYLE) / "fonts"
    style = _map_style(theme, issue.series.place_of("theme"), sink)
    measure = measure_with(fonts / "BulletinSans-Regular.ttf", fonts / "BulletinSans-Semibold.ttf")
    with Atlas() as atlas:
        maps = MapMaker(atlas, style, measure, issue.series.settings.worldview)
        desk = PictureDesk(issue.series.workspace, sink)
        composer = Composer(issue.series, maps, desk, sink)
        composed = [composer.brief(brief) for brief in issue.briefs]
        pictures = {p.name: p for _, placed in composed for p in placed}
        regions = {b.region.code: b.region for b in issue.briefs}
        return composer.bulletin(
            issue.target.shape, tuple(brief for brief, _ in composed), tuple(pictures.values()),
            tuple(regions.values()), issue.settings, issue.source, issue.month)


def _map_style(theme: Theme, span: Span, sink: Sink) -> MapStyle:
    """Return the theme's colours of maps; a key or colour that is none is an error."""
    known = {f.name for f in fields(MapStyle)}
    for key, value in theme.map.items():
        if key not in known or not re.fullmatch(r"[#\w(),.% /-]+", value):
            sink.error("map-colour", f'[map] of the theme {theme.name}: {key} = "{value}"', span,
                       f"known are: {', '.join(sorted(known))}; a colour is written as #0f6b6d")
            return MapStyle()
    return replace(MapStyle(), **theme.map)


def _theme(series: Series, sink: Sink) -> tuple[Theme, Assets]:
    folder = series.workspace.root if series.source else None
    theme = read_theme(series.settings.theme, folder, series.place_of("theme"), sink)
    return theme, Assets(folder, theme.chain)


# ---------------------------------------------------------------- 6: export


def export(issue: Issue, bulletin: Bulletin, rendered: Rendered, output: Path,
           sink: Sink) -> tuple[Path, ...]:
    """Write the PDF, the sources and the log of changes; return their paths, the PDF first."""
    stem = _slug(f"{issue.series.settings.title}-{issue.target.name}-screen"
                 if issue.target.shape is Shape.BULLETIN else f"{issue.target.name}-screen")
    folder = output / issue.target.name
    items = json.dumps(csl_items(bulletin.briefs), ensure_ascii=False, indent=1) + "\n"
    changes = "".join(f"{change}\n" for change in sink.changes)
    files = [(folder / f"{stem}.pdf", rendered.pdf),
             (folder / "sources.json", items.encode()),
             (folder / "changes.txt", f"place\trule\tbefore\tafter\n{changes}".encode())]
    try:
        for path, data in files:
            write_whole(path, data)
    except OSError as error:
        sink.error("cannot-write", f"{path}: {error.strerror or error}", Span(str(path)),
                   "is the disk full, or the folder write-protected?")
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error
    return tuple(path for path, _ in files)


def _slug(name: str) -> str:
    import unicodedata

    folded = unicodedata.normalize("NFKD", name.lower())
    words = "".join(c if c.isascii() and c.isalnum() else "-" if c in " -_" else ""
                    for c in folded)
    return "-".join(part for part in words.split("-") if part) or "bulletin"


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

