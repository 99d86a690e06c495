"""A session: one issue with all that its editions share, each thing made once.

It holds the series, the theme, its faces, the atlas and the store of earlier builds, and is the
front door of the library: `open_session(path, ...)`, then `pages(space)` and what is made of them.
A brief is the unit of work: it is read, composed, set and painted alone, and kept under a hash of
all that it depends on, with what was told of it and what was read for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from reportgen.assets import Assets, Kind, Theme, font_book, read_theme, shipped
from reportgen.citations.library import SOURCE_FILES
from reportgen.colours import in_space, is_colour
from reportgen.composing.matter import bulletin_of, imprint_of
from reportgen.diagnostics import ExitStatus, Sink, Span
from reportgen.editions.press import Press
from reportgen.language.languages import language_of
from reportgen.maps.mentions import names_in
from reportgen.maps.style import MapStyle
from reportgen.model import (
    Brief,
    Bulletin,
    ComposedBrief,
    Map,
    Month,
    PlacedPicture,
    Region,
    Shape,
    plain,
)
from reportgen.reading.issue import Frame, Issue, find
from reportgen.reading.locked import FILE as LOCK_FILE
from reportgen.rendering.render import Pages, Renderer
from reportgen.result import Result, stop_if_failed
from reportgen.series import BINDINGS, Series
from reportgen.standards import ColourSpace
from reportgen.store import Store, digest, environment
from reportgen.texts import begins_large
from reportgen.timing import Clock
from reportgen.typesetting.hyphenation import hyphenation
from reportgen.typesetting.shaping import FontBook
from reportgen.typesetting.sidecolumn import SideMatter
from reportgen.workers import are_worth_it, in_workers
from reportgen.workspace import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    from reportgen.composing.compose import Composer
    from reportgen.composing.pictures import PictureDesk
    from reportgen.maps.regional import MapMaker
    from reportgen.rendering.assembly import DrawnBrief


class BriefPages(Struct, frozen=True):
    """A brief, composed and painted in one colour space."""

    composed: ComposedBrief
    pictures: tuple[PlacedPicture, ...]
    region: Region
    drawn: DrawnBrief


class Session(Struct, dict=True):
    """One issue in the making."""

    frame: Frame
    press: Press
    sink: Sink
    strict: bool
    store: Store
    clock: Clock
    draft: bool = False
    """Whether pages that break a promise are made all the same."""
    _pages: dict[ColourSpace, tuple[Bulletin, Pages]] = field(default_factory=dict)
    _read: dict[Path, Brief] = field(default_factory=dict)

    # -- what is shared

    @cached_property
    def theme(self) -> Theme:
        """The theme of the series."""
        series = self.frame.series
        folder = series.workspace.root if series.source else None
        return read_theme(series.settings.theme, folder, series.place_of("theme"), self.sink)

    @cached_property
    def assets(self) -> Assets:
        """Where styles and templates come from."""
        series = self.frame.series
        return Assets(series.workspace.root if series.source else None, self.theme.chain)

    @cached_property
    def book(self) -> FontBook:
        """The faces of the theme; words that were shaped once are known."""
        return font_book(self.theme, self.assets, self.sink)

    @cached_property
    def _environment(self) -> str:
        """Hash of all that a brief depends on beside its own files."""
        series, settings = self.frame.series, self.frame.settings
        issue_files = {name: data for name, data in series.workspace.taken.items()
                       if name.endswith((".toml", ".csl", LOCK_FILE)) or name in SOURCE_FILES}
        faces = [self.assets.find(face.file, Kind.STYLE) for face in self.theme.faces]
        stamps = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in faces
                  if path]
        return digest(environment(), sorted(issue_files.items()), self.theme, stamps, settings,
                      self.press, self.frame.target.shape)

    def renderer(self, space: ColourSpace) -> Renderer:
        """Return what renders in a colour space."""
        return Renderer(self.theme, self.assets, self.book, self.sink, space, self.store,
                        self._environment)

    # -- briefs

    def composed(self, file: Path, space: ColourSpace) -> Result[ComposedBrief]:
        """Return a brief that is read and composed, and not set, with what is told of it."""
        result: Result[ComposedBrief] = Result()
        brief = self.frame.brief(file, result.sink)
        if brief is not None:
            with self._composer(space, result.sink) as composer:
                result.value = composer.get(result.sink).brief(brief)[0]
        return result

    def pages(self, space: ColourSpace) -> tuple[Bulletin, Pages]:
        """Return the bulletin in a colour space and its pages. Raises ReportgenError."""
        found = self._pages.get(space)
        if found is None:
            told = self.sink if not self._pages else Sink()
            try:
                found = self._pages[space] = self._made(space, told)
            finally:
                for diagnostic in tuple(told):  # told once; changes of glyphs are the same
                    self.sink.add(diagnostic)
        return found

    def _made(self, space: ColourSpace, sink: Sink) -> tuple[Bulletin, Pages]:
        renderer = replace(self.renderer(space), sink=sink)
        with self._composer(space, sink) as composer:
            briefs = self._briefs(space, renderer, composer, sink)
            with self.clock.phase("maps"):
                bulletin = self._bulletin(briefs, composer)
            if not self.draft:
                stop_if_failed(sink, strict=self.strict)
        binding = self.frame.series.settings.print_binding if space is ColourSpace.CMYK else ""
        with self.clock.phase("matter"):
            pages = renderer.lay_out(bulletin, tuple(brief.drawn for brief in briefs),
                                     BINDINGS[binding])
        if not self.draft or pages is None:
            stop_if_failed(sink, ExitStatus.OUTPUT if pages else ExitStatus.INPUT,
                           strict=self.strict)
        assert pages is not None
        return bulletin, pages

    def read_all(self) -> None:
        """Read every brief, so that all mistakes are told at once."""
        for file in self.frame.files:
            result: Result[BriefPages] = Result()
            self.frame.brief(file, result.sink)
            self._tell({file: result}, self.sink)

    def _briefs(self, space: ColourSpace, renderer: Renderer, composer: _LazyComposer,
                sink: Sink) -> list[BriefPages]:
        """Return the briefs: those that are kept, and the others, made. Raises ReportgenError."""
        kept, made = self._kept(space, sink)
        self._tell(made, sink)
        stop_if_failed(sink, strict=self.strict)
        files = list(made)
        if are_worth_it(len(files)):
            self._warm(files)
        numbers = {file: number for number, file in enumerate(files, 1)}

        def make(file: Path) -> Result[BriefPages]:
            self.clock.say("setting", f"{file.stem}, {numbers[file]} of {len(files)}",
                           numbers[file] / len(files))
            return self._brief(file, made[file], renderer, composer)

        with self.clock.phase("setting"):
            results = in_workers(files, make)
        for file, result in zip(files, results, strict=True):
            made[file] = result
            self.frame.series.workspace.is_as_recorded(result.inputs)  # what workers read is read
        done = [kept.get(file) or made[file] for file in self.frame.files]
        for result in done:
            result.tell(sink)
        whole = all(result.value is not None for result in done)
        if not self.draft or not whole:
            stop_if_failed(sink, ExitStatus.OUTPUT if whole else ExitStatus.INPUT,
                           strict=self.strict)
        for file, result in made.items():
            if not result.sink.failed:
                self.store.put("brief", self._key(file, space), result)
        return [result.value_or_raise() for result in done]

    def _warm(self, files: list[Path]) -> None:
        """Import and open before workers are forked what each of them would."""
        import_module("reportgen.composing.compose")
        import_module("reportgen.maps.regional")
        for language in {self._read[file].language for file in files}:
            hyphenation("hyphenation", language)
        for key in self.book.files:
            self.book.face(key.family, key.weight, italic=key.italic)

    def _kept(self, space: ColourSpace, sink: Sink) -> tuple[dict[Path, Result[BriefPages]],
                                                             dict[Path, Result[BriefPages]]]:
        """Return the briefs that are kept, and empty results for the others, which are read."""
        kept: dict[Path, Result[BriefPages]] = {}
        made: dict[Path, Result[BriefPages]] = {}
        workspace = self.frame.series.workspace
        for file in self.frame.files:
            with self.clock.phase("reading", file.name):
                known = workspace.read_bytes(file, Sink(), MAX_DOCUMENT_BYTES, Span(file.name))
                found = self.store.get("brief", self._key(file, space), sink) if known else None
                if found is not None and workspace.is_as_recorded(found.inputs):
                    kept[file] = found
                    continue
                result = made[file] = Result()
                if file not in self._read:
                    brief = self.frame.brief(file, result.sink)
                    if brief is not None:
                        self._read[file] = brief
                        _tell_start(brief, result.sink)
        return kept, made

    def _brief(self, file: Path, result: Result[BriefPages], renderer: Renderer,
               composer: _LazyComposer) -> Result[BriefPages]:
        """Compose, set and paint a brief; without a value if what it asks for cannot be had."""
        brief = self._read[file]
        region = composer.at_home(brief, result.sink)
        composer.tell_places(brief, result.sink)
        brief = replace(brief, region=region.in_space(renderer.space))
        with self.frame.series.workspace.recording() as inputs:
            composed, pictures = composer.get(result.sink).brief(brief)
        result.inputs |= inputs
        if result.sink.failed:
            self.frame.name_paragraphs(result.sink)
            return result
        offprint = self.frame.target.shape is Shape.OFFPRINT
        settings, issue = self.frame.series.settings, self.frame.settings
        side = SideMatter(imprint_of(settings, issue, issue.date or composed.date)
                          if offprint else ())
        drawn = replace(renderer, sink=result.sink).draw(composed, pictures, side)
        if composed.map:  # it is drawn, and nobody asks for it again
            composed = replace(composed, map=replace(composed.map, svg=""))
        self.frame.name_paragraphs(result.sink)
        result.value = BriefPages(composed, pictures, brief.region, drawn)
        return result

    def _key(self, file: Path, space: ColourSpace) -> str:
        """Return the key of a brief, by what was read of it."""
        name = self.frame.series.workspace.shown(file)
        data = self.frame.series.workspace.taken.get(name, b"")
        return digest(self._environment, name, data, space)

    @staticmethod
    def _tell(results: dict[Path, Result[BriefPages]], sink: Sink) -> None:
        """Hand on what was told of briefs so far."""
        for result in results.values():
            for diagnostic in result.sink:
                sink.add(diagnostic)

    # -- composing

    @contextmanager
    def _composer(self, space: ColourSpace, sink: Sink) -> Iterator[_LazyComposer]:
        composer = _LazyComposer(self, space, sink)
        try:
            yield composer
        finally:
            composer.close()

    def _bulletin(self, briefs: list[BriefPages], composer: _LazyComposer) -> Bulletin:
        """Return the bulletin of composed briefs."""
        frame = self.frame
        pictures = {p.name: p for brief in briefs for p in brief.pictures}
        regions = {brief.region.code: brief.region for brief in briefs}
        month = frame.settings.date or briefs[0].composed.date
        return bulletin_of(
            frame.series, frame.settings, frame.source, shape=frame.target.shape,
            briefs=tuple(brief.composed for brief in briefs),
            pictures=tuple(pictures.values()), regions=tuple(regions.values()), month=month,
            page=self.theme.page, desk=composer.desk(), cover_map=composer.cover_map)

    def issue(self) -> Issue:
        """Return the issue with those of its briefs that had to be read."""
        month = self.frame.settings.date or next(iter(self._pages.values()))[0].briefs[0].date
        return self.frame.issue(tuple(self._read.values()), month)


_COUNTRY_WORDS = 4
_SMALL = frozenset(["of", "the", "and", "de", "del", "du", "la", "e", "et", "y"])


def _may_be_country(words: str) -> bool:
    """Whether words may be a country's name; the atlas is large, and opened for few."""
    each = words.split()
    return 0 < len(each) <= _COUNTRY_WORDS and all(
        begins_large(word) or word in _SMALL for word in each)


class _LazyComposer:
    """Opens the atlas, and imports what draws maps, when a map is not kept."""

    def __init__(self, session: Session, space: ColourSpace, sink: Sink) -> None:
        self.session, self.space, self.sink = session, space, sink
        self._close: Callable[[], None] | None = None

    def get(self, sink: Sink) -> Composer:
        """Return a composer that reports to `sink`."""
        from reportgen.composing.compose import Composer

        desk = replace(self.desk(), sink=sink)
        frame = self.session.frame
        return Composer(frame.series, self, desk, self.session.theme.page, sink, frame.lock,
                        frame.decisions)

    def at_home(self, brief: Brief, sink: Sink) -> Region:
        """Return the region of a brief; a country by itself has the colour of its region.

        Of several regions that have it, that is the smallest.
        """
        region, known = brief.region, self.session.frame.series.regions
        if region.countries or region.frame or region.code in known:
            return region
        own = tuple(self._maker.atlas.named_in(region.name, brief.language))
        homes = sorted((home for home in known.values() if set(own) <= set(home.countries)),
                       key=lambda home: len(home.countries))
        if len(own) != 1 or not homes:
            return region
        sink.note("country", f"{region.name} is in the region {homes[0].name}: it is set in its "
                  "colour, under its own name", brief.span,
                  f"if the brief is on all of it, begin it with {homes[0].name.upper()}")
        return replace(region, countries=own, colour=homes[0].colour, ink=homes[0].ink)

    def tell_places(self, brief: Brief, sink: Sink) -> None:
        """Warn of an author of whom nothing is said but a country: `Addis Ababa, Ethiopia`."""
        for author in brief.authors:
            said = plain(author.bio).strip(" .,()")
            if _may_be_country(said) and self._maker.atlas.is_country(said, brief.language):
                sink.warning("byline", f'"{author.name}" is taken for the author, and "{said}" is '
                             "a country", author.span or brief.span,
                             "if both are places, say who signs: Authors: in a header")

    # -- maps, which are kept by what they show

    def for_brief(self, brief: Brief, text: str, words: dict[str, str], width: float,
                  sink: Sink) -> Map | None:
        """Return the map of a brief: the same as long as it names the same towns."""
        session = self.session
        known = brief.region.countries or brief.region.frame
        key = digest(session._environment, "" if known else text, brief.region, brief.map,
                     brief.language, brief.month, brief.anchor, width, self.style,
                     sorted(names_in(text).items()))
        result: Result[tuple[Map | None]] | None = session.store.get("map", key, sink)
        if result is None:
            result = Result()
            result.value = (self._maker.for_brief(brief, text, words, width, result.sink),)
            if not result.sink.failed:
                session.store.put("map", key, result)
        for diagnostic in result.sink:
            sink.add(diagnostic)
        return result.value_or_raise()[0]

    @cached_property
    def _maker(self) -> MapMaker:
        from reportgen.maps.atlas import Atlas
        from reportgen.maps.regional import MapMaker
        from reportgen.maps.typeface import measure_with
        from reportgen.rendering.drawings import measured_with

        session = self.session
        fonts = shipped(Kind.STYLE) / "fonts"
        measure = measure_with(fonts / "BulletinSans-Regular.ttf",
                               fonts / "BulletinSans-Semibold.ttf")
        measure = measured_with(session.book, self.style.typeface, measure)
        atlas = Atlas()
        self._close = atlas.close
        return MapMaker(atlas, self.style, measure, session.frame.series.settings.worldview)

    def desk(self) -> PictureDesk:
        """Return what prepares pictures."""
        from reportgen.composing.pictures import PictureDesk, Separation

        press = self.session.press
        separation = (Separation(press.profile, press.ink_limit)
                      if self.space is ColourSpace.CMYK else None)
        return PictureDesk(self.session.frame.series.workspace, self.sink, separation)

    @cached_property
    def style(self) -> MapStyle:
        """The theme's colours of maps; a key or colour that is none is an error."""
        theme = self.session.theme
        span = self.session.frame.series.place_of("theme")
        known = set(MapStyle.__struct_fields__)
        for table, colours in (("map", theme.map), ("map-print", theme.map_print)):
            for key, value in colours.items():
                if key not in known or (not is_colour(value) and key != "typeface"):
                    self.sink.error(
                        "map-colour", f'[{table}] of the theme {theme.name}: {key} = "{value}"',
                        span, f"known are: {', '.join(sorted(known))}; a colour is written as "
                        "#0f6b6d, in print as device-cmyk(85% 0% 0% 55%)")
                    return MapStyle()
        style = replace(MapStyle(), **theme.map)
        if self.space is ColourSpace.RGB:
            return style
        separate = {name: in_space(colour, self.space) for name, colour in asdict(style).items()}
        return MapStyle(**(separate | theme.map_print))

    def cover_map(self, regions: tuple[Region, ...], language: str, month: Month, width: float,
                  height: float) -> Map | None:
        """Return the map of the cover, which is kept too."""
        session = self.session
        key = digest(session._environment, regions, language, month, width, height, self.space)
        found = session.store.get("cover", key, self.sink)
        if found is None:
            words = language_of(language).words
            drawn = self._maker.for_cover(regions, language, month, words, width, height)
            found = (drawn,)
            if not self.sink.failed:
                session.store.put("cover", key, found)
        return found[0]  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close the atlas."""
        if self._close is not None:
            self._close()


PressOf = Callable[[Series, Sink], Press]


def _tell_start(brief: Brief, sink: Sink) -> None:
    """Warn of a brief that `reportgen new` has written, and nobody else yet."""
    from reportgen.scaffold import is_start

    if is_start(brief):
        sink.warning("not-written", "this brief has the title or the author of a new one still",
                     brief.span, "write it, or take the file away")


def open_session(path: Path, only: tuple[str, ...], sink: Sink, press_of: PressOf, *,
                 strict: bool = False, store: Store | None = None, clock: Clock | None = None,
                 draft: bool = False) -> Session | None:
    """Find what `path` asks for; None and an error in `sink` if there is nothing to build."""
    frame = find(path, only, sink)
    if frame is None:
        return None
    return Session(frame, press_of(frame.series, sink), sink, strict,
                   store or Store.of_user(), clock or Clock(), draft)
