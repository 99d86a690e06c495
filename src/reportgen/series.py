"""A series on disk: series.toml, people.toml, regions.toml, and an issue's issue.toml.

Everything is optional; without a series the shipped defaults serve, so that a
brief that stands alone builds anywhere.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.csl import MAX_STYLE_BYTES, CslError
from reportgen.citations.styles import AS_WRITTEN, STYLES, NoteStyle, style_of_file
from reportgen.colours import printed
from reportgen.diagnostics import Sink, Span
from reportgen.language.dates import find_month
from reportgen.language.languages import LANGUAGES
from reportgen.model import NOWHERE, Frame, Month, Region
from reportgen.settings import line_of, month_of, parse_toml, read_settings
from reportgen.workspace import SourceText, Workspace

SERIES_FILE = "series.toml"


class SeriesSettings(Struct, frozen=True):
    """The keys of series.toml."""

    title: str = "Bulletin"
    """Title of the series: on the cover and in every running head."""
    subtitle: str = ""
    """One line under the title, on the cover."""
    publisher: str = ""
    """Who publishes it."""
    issn: str = ""
    """International Standard Serial Number, as in 1234-5679."""
    doi: str = ""
    """DOI of the series or issue."""
    url: str = ""
    """Address of the series on the web."""
    language: str = "en"
    """Of the furniture, and of briefs without one: en, it, fr, de, es, ru, pt, pl, uk, tr, ar."""
    imprint: tuple[str, ...] = ()
    """Paragraphs of the imprint: address, editors, printer."""
    disclaimer: tuple[str, ...] = ()
    """Paragraphs of the disclaimer."""
    licence: str = ""
    """Licence of the texts, as in CC BY 4.0."""
    theme: str = "default"
    """Theme: a folder of styles/, shipped or your own."""
    worldview: str = "un"
    """Whose view of disputed borders the maps take: un or defacto."""
    editions: tuple[str, ...] = ()
    """Editions that are built where the command line names none; else screen."""
    print_profile: str = ""
    """ICC profile of the printing condition, a path inside the series; else FOGRA39 (coated)."""
    print_condition: str = ""
    """Name of the printing condition in the ICC's registry, as in FOGRA51, for that profile."""
    print_ink_limit: int = 300
    """Most ink that the four plates may carry together, in percent."""
    links: str = "notes"
    """What becomes of links on words: notes (each address stands in a note) or text (in none)."""
    notes: str = "as-written"
    """Style of notes: as-written, chicago-notes, mhra, apa, or a CSL file inside the series; where
    it would lose a word of its author's, a note stays as it is."""
    silence: tuple[str, ...] = ()
    """Codes of warnings and notes that are not to be told: ["acronym", "two-ways"]."""
    length: tuple[float, ...] = ()
    """Fewest and most words of a brief, notes not counted: [500, 900]; others are told."""
    print_binding: str = ""
    """saddle-stitch (pages in fours), perfect (in twos); else pages as they come."""


class Links(Enum):
    """What becomes of links on words."""

    NOTES = "notes"
    TEXT = "text"


LEAST_INK, MOST_INK = 150, 400

BINDINGS = {"": 1, "perfect": 2, "saddle-stitch": 4}
"""Of how many pages the number of pages is a multiple."""


class TrackedChanges(Enum):
    """What is done with changes and comments in Word files that nobody has settled."""

    STOP = "stop"
    ACCEPT = "accept"


class IssueSettings(Struct, frozen=True):
    """The keys of issue.toml."""

    number: str = ""
    """Number of the issue."""
    date: Month | None = None
    """Month of the issue; else the name of its folder says it."""
    cover: str = ""
    """Picture for the cover, a path inside the series; else the cover has a map."""
    cover_alternative: str = ""
    """What the picture of the cover shows, for who cannot see it; empty: it is decoration."""
    order: tuple[str, ...] = ()
    """Names of the briefs in the order in which they are printed; else by name."""
    editors_note: str = ""
    """A note by the editor, in Markdown, printed inside."""
    doi: str = ""
    """DOI of the issue."""
    language: str = ""
    """Language of the issue, if not the series'."""
    silence: tuple[str, ...] = ()
    """Codes of warnings and notes that are not to be told of this issue, as in series.toml."""
    tracked_changes: str = "stop"
    """Changes and comments in Word files that nobody has settled: stop (no build) or accept."""


class BioSettings(Struct, frozen=True):
    """A row of `bios` in people.toml."""

    since: Month | None = None
    """First month in which it holds."""
    text: str = ""
    """The bio, in Markdown."""


class PersonSettings(Struct, frozen=True):
    """A table of people.toml: who writes."""

    name: str = ""
    """Name as it is printed."""
    bio: str = ""
    """The bio, in Markdown, where the brief has none."""
    bios: tuple[dict[str, str], ...] = ()
    """Dated bios, {since = "2019-01", text = "..."}: the one at the issue's date is printed."""
    portrait: str = ""
    """Picture, a path inside the series; cropped to a square."""


class RegionSettings(Struct, frozen=True):
    """A table of regions.toml: only what differs from the shipped region."""

    name: str = ""
    """Name in English."""
    names: dict[str, str] = field(default_factory=dict)
    """Names in other languages."""
    aliases: tuple[str, ...] = ()
    """Other ways in which authors write it."""
    countries: tuple[str, ...] = ()
    """ISO 3166 codes of its countries (XK is Kosovo): what its map emphasises."""
    frame: tuple[float, ...] = ()
    """What its map shows: west, south, east, north, in degrees; else fitted to the countries."""
    colour: str = ""
    """Colour of the region, as in #0f6b6d."""
    ink: tuple[float, ...] = ()
    """Its cyan, magenta, yellow and black in print, in percent; else separated from the colour."""


class Person(Struct, frozen=True):
    """Somebody who writes, with the place where people.toml says so."""

    settings: PersonSettings
    bios: tuple[BioSettings, ...]
    source: SourceText
    span: Span

    def bio_at(self, month: Month) -> tuple[str, int]:
        """Return the bio that held in `month`, and its line."""
        dated = [(bio.since, bio.text) for bio in self.bios if bio.since and bio.since <= month]
        text = max(dated)[1] if dated else self.settings.bio
        start = self.span.line
        line = next((n for n, row in enumerate(self.source.lines[start - 1 :], start)
                     if text and text[:30] in row), start)
        return text, line


class Series(Struct, frozen=True):
    """A series and its people and regions."""

    workspace: Workspace
    settings: SeriesSettings
    people: dict[str, Person]
    """By name, casefolded."""
    regions: dict[str, Region]
    source: SourceText | None = None
    note_style: NoteStyle = AS_WRITTEN

    def person(self, name: str) -> Person | None:
        """Return the person called `name`."""
        return self.people.get(name.casefold())

    def place_of(self, key: str) -> Span:
        """Return where series.toml sets `key`."""
        if self.source is None:
            return Span(SERIES_FILE)
        return self.source.span(line_of(self.source, key))


def find_series(path: Path) -> Path | None:
    """Return the folder of the series that `path` lies in: the nearest one with a series.toml."""
    start = path.absolute()
    return next((p for p in (start, *start.parents) if (p / SERIES_FILE).is_file()), None)


def open_series(path: Path, sink: Sink) -> Series:
    """Read the series that `path`, a brief or an issue, lies in."""
    folder = find_series(path)
    if folder is None:
        place = path.absolute()
        alone = Workspace(place if place.is_dir() else place.parent)
        return Series(alone, SeriesSettings(), {}, shipped_regions())
    workspace = Workspace(folder)
    source = workspace.read_text(folder / SERIES_FILE, sink)
    data = parse_toml(source, sink) if source else None
    settings = SeriesSettings()
    if source and data is not None:
        settings = read_settings(SeriesSettings, data, source, sink)
        settings = _check_series(settings, source, sink)
    return Series(workspace, settings, _read_people(workspace, sink),
                  _read_regions(workspace, sink), source,
                  _note_style(settings.notes, workspace, source, sink) if source else AS_WRITTEN)


def _note_style(name: str, workspace: Workspace, source: SourceText, sink: Sink) -> NoteStyle:
    """Return the style of notes that a series asks for; the default and an error if it is none."""
    span = source.span(line_of(source, "notes"))
    if name in STYLES:
        return STYLES[name]
    if not name.endswith(".csl"):
        sink.error("note-style", f'notes = "{name}" is no style of notes', span,
                   f"known are: {', '.join(STYLES)}, and files that end in .csl")
        return AS_WRITTEN
    data = workspace.read_bytes(workspace.root / name, sink, MAX_STYLE_BYTES, span)
    try:
        return style_of_file(data) if data is not None else AS_WRITTEN
    except CslError as error:
        sink.error("note-style", f"{name} cannot be used as a style: {error}", span,
                   "take a style from the Zotero Style Repository, or one of: "
                   f"{', '.join(STYLES)}")
        return AS_WRITTEN


def _check_series(settings: SeriesSettings, source: SourceText, sink: Sink) -> SeriesSettings:
    _check_language(settings.language, source, sink)
    if settings.issn and not issn_is_valid(settings.issn):
        sink.error("issn", f"{settings.issn} is no ISSN: its form or its check digit is wrong",
                   source.span(line_of(source, "issn")), "look at the ISSN once more: 1234-5679")
    if settings.worldview not in ("un", "defacto"):
        sink.error("worldview", f'no worldview "{settings.worldview}"',
                   source.span(line_of(source, "worldview")), "known are: un, defacto")
    if settings.links not in [links.value for links in Links]:
        sink.error("links", f'links = "{settings.links}" is no way to print links',
                   source.span(line_of(source, "links")), "known are: notes, text")
    if settings.length and not (len(settings.length) == 2 and 0 <= settings.length[0]
                                <= settings.length[1]):
        sink.error("length", "length is fewest and most words of a brief",
                   source.span(line_of(source, "length")), "write: length = [500, 900]")
    if settings.print_binding not in BINDINGS:
        sink.error("binding", f'no binding "{settings.print_binding}"',
                   source.span(_line_of_either(source, "print-binding")),
                   f"known are: {', '.join(name for name in BINDINGS if name)}")
    if not LEAST_INK <= settings.print_ink_limit <= MOST_INK:
        sink.error("ink-limit", f"{settings.print_ink_limit} % is no limit of ink",
                   source.span(_line_of_either(source, "print-ink-limit")),
                   f"from {LEAST_INK} to {MOST_INK}; printers ask for 240 to 330")
    if settings.print_profile and not settings.print_condition:
        sink.error("no-condition", "the printing condition of print-profile has no name",
                   source.span(_line_of_either(source, "print-profile")),
                   'ask the printer, and write: print-condition = "FOGRA51"')
    return settings


def _line_of_either(source: SourceText, key: str) -> int:
    """Return the line of a setting that may be written with hyphens or underscores."""
    return line_of(source, key) or line_of(source, key.replace("-", "_"))


def _check_language(code: str, source: SourceText, sink: Sink) -> None:
    if code and code not in LANGUAGES:
        sink.error("unknown-language", f'no language "{code}"',
                   source.span(line_of(source, "language")),
                   f"known are: {', '.join(LANGUAGES)}")


def issn_is_valid(issn: str) -> bool:
    """Whether the check digit is right (ISO 3297, annex A: weights 8 to 2, modulus 11)."""
    match = re.fullmatch(r"(\d{4})-(\d{3})([\dX])", issn)
    if not match:
        return False
    total = sum(int(d) * w for d, w in zip(match[1] + match[2], range(8, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return match[3] == ("X" if check == 10 else str(check))


def _tables(workspace: Workspace, name: str,
            sink: Sink) -> tuple[SourceText | None, dict[str, dict[str, Any]]]:
    """Return the tables of an optional TOML file."""
    path = workspace.root / name
    if not path.is_file():
        return None, {}
    source = workspace.read_text(path, sink)
    data = parse_toml(source, sink) if source else None
    if source is None or data is None:
        return None, {}
    tables = {}
    for key, value in data.items():
        if isinstance(value, dict):
            tables[key] = value
        else:
            sink.error("not-a-table", f'"{key}" stands outside a table',
                       source.span(line_of(source, key)), "each entry begins with [its-name]")
    return source, tables


def _read_people(workspace: Workspace, sink: Sink) -> dict[str, Person]:
    source, tables = _tables(workspace, "people.toml", sink)
    people: dict[str, Person] = {}
    for key, table in tables.items():
        assert source
        settings = read_settings(PersonSettings, table, source, sink, key)
        span = source.span(line_of(source, "", key))
        if not settings.name:
            sink.error("no-name", f"[{key}] has no name", span, 'write: name = "..."')
        bios = tuple(read_settings(BioSettings, row, source, sink, key) for row in settings.bios)
        known = people.get(settings.name.casefold())
        if known is not None:
            sink.warning("same-person", f"[{key}] has the name of an entry in line "
                         f"{known.span.line}: this one counts", span,
                         "take one of them out, or write a second form of the name")
        people[settings.name.casefold()] = Person(settings, bios, source, span)
    return people


def shipped_regions() -> dict[str, Region]:
    """Return the regions that reportgen ships."""
    text = (resources.files("reportgen") / "regions.toml").read_text(encoding="utf-8")
    source = SourceText("regions.toml (shipped)", text)
    sink = Sink()
    data = parse_toml(source, sink) or {}
    regions = {code: _region(code, None, read_settings(RegionSettings, table, source, sink, code))
               for code, table in data.items()}
    assert not list(sink), list(sink)
    return regions


def _read_regions(workspace: Workspace, sink: Sink) -> dict[str, Region]:
    regions = shipped_regions()
    source, tables = _tables(workspace, "regions.toml", sink)
    for code, table in tables.items():
        assert source
        settings = read_settings(RegionSettings, table, source, sink, code)
        if settings.frame and not _is_frame(settings.frame):
            sink.error("frame", "a frame is [west, south, east, north] in degrees",
                       source.span(line_of(source, "frame", code)))
            settings = replace(settings, frame=())
        if settings.colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", settings.colour):
            sink.error("colour", f'"{settings.colour}" is no colour',
                       source.span(line_of(source, "colour", code)), "write it as #0f6b6d")
            settings = replace(settings, colour="")
        if settings.ink and not _is_ink(settings.ink):
            sink.error("ink", "ink is [cyan, magenta, yellow, black] in percent",
                       source.span(line_of(source, "ink", code)), "as in ink = [85, 0, 0, 55]")
            settings = replace(settings, ink=())
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", code):
            sink.error("region-code", f'"{code}" is no code of a region',
                       source.span(line_of(source, "", code)), "as in [horn-of-africa]")
            continue
        if code not in regions and not settings.name:
            near = get_close_matches(code, regions, n=1)
            hint = f"did you mean [{near[0]}]?" if near else "write: name = ..."
            sink.error("no-name", f"the new region [{code}] has no name",
                       source.span(line_of(source, "", code)), hint)
        said = source.span(line_of(source, "countries", code)) if settings.countries else NOWHERE
        regions[code] = replace(_region(code, regions.get(code), settings), span=said)
    return regions


def _is_frame(frame: tuple[float, ...]) -> bool:
    return (len(frame) == 4 and -180 <= frame[0] < frame[2] <= 180
            and -90 <= frame[1] < frame[3] <= 90)


def _ink(settings: RegionSettings, base: Region) -> str:
    """Return the region's colour in print; empty where a new screen colour is to be separated."""
    if settings.ink:
        cyan, magenta, yellow, black = settings.ink
        return printed((cyan, magenta, yellow, black))
    return "" if settings.colour else base.ink


def _is_ink(ink: tuple[float, ...]) -> bool:
    return len(ink) == 4 and all(0 <= share <= 100 for share in ink)


def _region(code: str, base: Region | None, settings: RegionSettings) -> Region:
    base = base or Region(code=code, name=settings.name or code)
    return Region(
        code=code, name=settings.name or base.name, names={**base.names, **settings.names},
        aliases=base.aliases + settings.aliases, countries=settings.countries or base.countries,
        frame=Frame(*settings.frame) if settings.frame else base.frame,
        colour=settings.colour or base.colour, ink=_ink(settings, base))


def _month_in(name: str) -> Month | None:
    """Return the month that a folder is named after: 2019-04, April 2019, 2019_04 Bulletin."""
    found = find_month(re.sub(r"(?<=\d)_(?=\d)", "-", name))
    return month_of(name) or (month_of(found.iso) if found else None)


def _check_tracked(settings: IssueSettings, source: SourceText, sink: Sink) -> IssueSettings:
    known = [choice.value for choice in TrackedChanges]
    if settings.tracked_changes in known:
        return settings
    sink.error("tracked-changes", f'tracked-changes = "{settings.tracked_changes}" is no choice',
               source.span(line_of(source, "tracked-changes")), f"known are: {', '.join(known)}")
    return replace(settings, tracked_changes=TrackedChanges.STOP.value)


def read_issue(folder: Path, series: Series, sink: Sink) -> tuple[IssueSettings, SourceText | None]:
    """Read an issue's issue.toml; without one its folder's name is its month."""
    path = folder / "issue.toml"
    settings, source = IssueSettings(), None
    if path.is_file():
        source = series.workspace.read_text(path, sink)
        data = parse_toml(source, sink) if source else None
        if source and data is not None:
            settings = read_settings(IssueSettings, data, source, sink)
            _check_language(settings.language, source, sink)
            settings = _check_tracked(settings, source, sink)
    if settings.date is None:
        settings = replace(settings, date=_month_in(folder.resolve().name))
    if settings.date is None:
        sink.error("no-date", "the issue has no month", Span(series.workspace.shown(path)),
                   "name the folder after its month, 2019-04, or write date = 2019-04-01")
    return settings, source
