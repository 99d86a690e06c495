"""What stands around the briefs: cover, editor's note, list of sources, imprint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reportgen.composing.identity import CitedBefore
from reportgen.composing.notes import Numbering, list_of_sources
from reportgen.composing.sourcing import check_sources_of_issue
from reportgen.composing.typography import mend
from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import Language, language_of
from reportgen.model import (
    Block,
    Bulletin,
    ComposedBrief,
    Figure,
    Map,
    Month,
    Paragraph,
    Picture,
    PlacedPicture,
    Region,
    Shape,
    SourceEntry,
    plain,
)
from reportgen.series import IssueSettings, Series, SeriesSettings
from reportgen.settings import line_of
from reportgen.texts import map_text, texts
from reportgen.typesetting.specification import PageFormat
from reportgen.workspace import SourceText, clock

if TYPE_CHECKING:
    from reportgen.composing.pictures import PictureDesk

_BEGINNING = 40
"""Letters of a first paragraph by which a copy is known."""

CREDITS = (
    "Maps: Natural Earth (public domain), GeoNames (CC BY 4.0).",
    "Typefaces: cuts of Source Serif 4 and Source Sans 3 (SIL OFL 1.1).",
)
"""What is owed to others, printed on the back page."""

CoverMap = Callable[[tuple[Region, ...], str, Month, float, float], Map | None]
"""Draws the map of a cover: regions, language, month, width and height in mm."""


def cover_height(briefs: int) -> float:
    """Return how tall the cover's map or picture is, in mm: the list of briefs needs room too.

    The template lists up to sixteen; more are in the contents alone.
    """
    rows = (briefs + 1) // 2 if briefs <= 16 else 0
    return min(128.0, max(204.0 - rows * (19.0 if briefs <= 6 else 14.5), 50.0))


def imprint_of(settings: SeriesSettings, issue: IssueSettings, month: Month) -> tuple[str, ...]:
    """Return what an offprint says of the bulletin that it is from, in paragraphs."""
    language = language_of(issue.language or settings.language)
    number = f"{language.words['issue']} {issue.number}" if issue.number else ""
    printed = language.month_name(month.month, month.year)
    whole = ", ".join(part for part in (settings.title, number, printed) if part)
    issn = f". ISSN {settings.issn}" if settings.issn else ""
    return tuple(part for part in (
        whole, f"{settings.publisher}{issn}" if settings.publisher else "", settings.licence)
        if part)


def bulletin_of(series: Series, issue: IssueSettings, source: SourceText | None, *, shape: Shape,
                briefs: tuple[ComposedBrief, ...], pictures: tuple[PlacedPicture, ...],
                regions: tuple[Region, ...], month: Month, page: PageFormat,
                desk: PictureDesk, cover_map: CoverMap) -> Bulletin:
    """Return the bulletin of composed briefs; what is wrong is an error in the desk's sink."""
    settings, sink = series.settings, desk.sink
    language = language_of(issue.language or settings.language)
    whole = shape is Shape.BULLETIN
    tell_copies(briefs, sink)
    check_sources_of_issue(briefs, sink)
    entries = list_of_sources(briefs, language) if whole else ()
    height = cover_height(len(briefs))
    cover = _cover(series, issue, source, page.cover, height, desk) if whole else None
    drawn: Map | None = None
    if whole and cover is None:
        drawn = cover_map(regions, language.code, month, page.cover, height)
    note = _editors_note(issue, source, language, sink) if whole else ()
    return Bulletin(
        shape=shape, title=settings.title, subtitle=settings.subtitle,
        publisher=settings.publisher, number=issue.number,
        month=language.month_name(month.month, month.year),
        date=clock(datetime(month.year, month.month, 1, tzinfo=UTC)).date().isoformat(),
        language=language.code, issn=settings.issn, doi=issue.doi or settings.doi,
        url=settings.url, licence=settings.licence, imprint=settings.imprint,
        disclaimer=settings.disclaimer, editors_note=note, credits=CREDITS, briefs=briefs,
        sources=entries,
        cover_map=drawn, cover_picture=cover, pictures=pictures, words=language.words)


def mended(entries: tuple[SourceEntry, ...], code: str) -> tuple[SourceEntry, ...]:
    """Return the list of sources with its typography mended, as it is printed."""
    language = language_of(code)
    return tuple(replace(e, text=mend(e.text, language, Sink())) for e in entries)


def tell_copies(briefs: Iterable[ComposedBrief], sink: Sink) -> None:
    """Warn of briefs that look like copies of others: the same region and title, or beginning.

    Two briefs of a region that differ are noted.
    """
    seen: dict[tuple[str, str], ComposedBrief] = {}
    regions: dict[str, ComposedBrief] = {}
    for brief in briefs:
        begin = next((b for b in brief.blocks if isinstance(b, Paragraph)), None)
        keys = [(brief.region, plain(brief.title).casefold())]
        if begin is not None and len(plain(begin.text)) >= _BEGINNING:
            keys.append(("", plain(begin.text)))
        other = next((seen[key] for key in keys if key in seen), None)
        if other is not None:
            sink.warning("same-text", f"it looks like a copy of {Path(other.span.file).name}: "
                         "both are printed", brief.span,
                         "move one out of the folder, or put an underscore before its name")
        elif brief.region in regions:
            sink.note("same-region", f"{Path(regions[brief.region].span.file).name} is on "
                      f"{brief.region} as well", brief.span)
        regions.setdefault(brief.region, brief)
        for key in keys:
            seen.setdefault(key, brief)


def _editors_note(issue: IssueSettings, source: SourceText | None, language: Language,
                  sink: Sink) -> tuple[Block, ...]:
    """Return the editor's note, its notes numbered."""
    if source is None or not issue.editors_note:
        return ()
    from reportgen.composing.passes import typeset, without
    from reportgen.composing.proofreading import proofread
    from reportgen.reading.markdown import read_blocks

    line = line_of(source, "editors_note") or line_of(source, "editors-note")
    begins = source.lines[line - 1].rstrip() if 0 < line <= len(source.lines) else ""
    below = re.search(r"""=\s*(?:\"\"\"|''')$""", begins)  # the text begins on the next line
    first = line + (below is not None)
    lines = list(enumerate(issue.editors_note.split("\n"), first))
    read = read_blocks(lines, source.name, sink)
    proofread(texts(read), language, sink)
    blocks = typeset(read, language, sink)
    blocks = tuple(map_text(b, lambda t: without(t, Picture, "a picture", sink))
                   for b in blocks if not isinstance(b, Figure))
    return Numbering("editors-note", CitedBefore(sink)).blocks(blocks)


def _cover(series: Series, issue: IssueSettings, source: SourceText | None, width: float,
           height: float, desk: PictureDesk) -> PlacedPicture | None:
    if not issue.cover:
        return None
    from reportgen.composing.pictures import Place

    span = source.span(line_of(source, "cover")) if source else Span("issue.toml")
    base = (series.workspace.root / span.file).parent
    if not issue.cover_alternative:
        desk.sink.warning("no-alternative", f"nothing says what {issue.cover} shows", span,
                          'write in issue.toml: cover-alternative = "..."')
    return desk.place(issue.cover, issue.cover_alternative, Place(width, height), span, base)
