"""Composing: briefs in, a bulletin out. The passes of a brief are one visible list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from reportgen.citations.lift import lift_citations
from reportgen.composing.notes import Numbering, list_of_sources
from reportgen.composing.pictures import PORTRAIT, TEXT_PICTURE, PictureDesk, Place
from reportgen.composing.typography import mend, mend_body, mend_title, notes_of
from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.languages import Language, language_of
from reportgen.maps.regional import MapMaker
from reportgen.model import (
    Author,
    Block,
    Brief,
    Bulletin,
    ComposedAuthor,
    ComposedBrief,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Map,
    Month,
    NoteCall,
    Paragraph,
    Picture,
    PlacedPicture,
    Quote,
    Region,
    Run,
    Shape,
    Text,
    map_text,
    plain,
)
from reportgen.reading.markdown import read_blocks
from reportgen.series import IssueSettings, Series
from reportgen.settings import line_of
from reportgen.workspace import SourceText, clock

SIDE_MAP_WIDTH = 41.0
"""mm, the side column of the page (styles/default/page.css)."""

COVER_WIDTH = 178.0
"""mm"""

Pass = Callable[[tuple[Block, ...], Language, Sink], tuple[Block, ...]]


def cover_height(briefs: int) -> float:
    """Return how tall the cover's map or picture is, in mm: the list of briefs needs room too.

    The template lists up to sixteen; more are in the contents alone.
    """
    rows = (briefs + 1) // 2 if briefs <= 16 else 0
    return min(128.0, max(204.0 - rows * (19.0 if briefs <= 6 else 14.5), 50.0))


@dataclass(frozen=True)
class Composer:
    """Composes the briefs of one issue."""

    series: Series
    maps: MapMaker
    desk: PictureDesk
    sink: Sink

    def brief(self, brief: Brief) -> tuple[ComposedBrief, tuple[PlacedPicture, ...]]:
        """Return a brief with its notes, typography, map and author, and its pictures."""
        language = language_of(brief.language)
        blocks = brief.blocks
        for step in PASSES:
            blocks = step(blocks, language, self.sink)
        numbering = Numbering(brief.anchor)
        title = numbering.text(self._head(brief.title, mend_title, language))
        standfirst = numbering.text(self._head(brief.standfirst, mend_body, language))
        blocks = numbering.blocks(blocks)
        blocks, pictures = self._pictures(blocks, brief)
        words = language.words
        width = SIDE_MAP_WIDTH
        drawn = self.maps.for_brief(brief, _running_text(brief), words, width, self.sink)
        return ComposedBrief(
            brief.name, brief.anchor, brief.region.name_in(brief.language), brief.region.colour,
            language.month_name(brief.month.month, brief.month.year), language.code,
            title, standfirst,
            tuple(self._author(author, brief, language) for author in brief.authors),
            blocks, tuple(numbering.notes),
            tuple(replace(f, value=self._words(f.value, language, brief.span),
                          label=self._words(f.label, language, brief.span))
                  for f in brief.figures),
            self._words(brief.pull_quote, language, brief.span),
            tuple(self._words(p, language, brief.span) for p in brief.key_points),
            drawn, words, brief.span), pictures

    def _head(self, text: Text, mending: Callable[[Text, Language, Sink], Text],
              language: Language) -> Text:
        """Return a title or standfirst: mended, with its notes, without pictures."""
        text = self._without(text, Picture, "a picture")
        return tuple(_mended_note(i, language, self.sink)
                     for i in mending(text, language, self.sink))

    def _without(self, text: Text, kind: type[Inline], what: str) -> Text:
        """Return `text` without inlines that cannot stand there; each is an error."""
        for inline in text:
            if isinstance(inline, kind):
                self.sink.error("not-here", f"{what} cannot stand here", inline.span,
                                "move it into the text of the brief")
        return tuple(i for i in text if not isinstance(i, kind))

    def _words(self, words: str, language: Language, span: Span) -> str:
        return plain(mend((Run(words, span=span),), language, self.sink)) if words else ""

    def _author(self, author: Author, brief: Brief, language: Language) -> ComposedAuthor:
        """Return an author with the bio of the brief, else that of people.toml, and a portrait."""
        person = self.series.person(author.name)
        bio = author.bio
        if person and not plain(bio).strip():
            text, line = person.bio_at(brief.month)
            bio = _inline(text, person.source, line, self.sink)
            if text and not bio:
                self.sink.error("bio", f"the bio of {author.name} is no paragraph",
                                person.source.span(line), "write it without #, - or 1.")
        elif not person and not plain(bio).strip():
            self.sink.note("no-bio", f"there is no bio of {author.name}", author.span or brief.span,
                           f'add to people.toml: [name] name = "{author.name}" bio = "..."')
        portrait = None
        if person and person.settings.portrait:
            portrait = self.desk.place(person.settings.portrait, author.name, PORTRAIT,
                                       person.span)
        bio = self._without(self._without(bio, NoteCall, "a note"), Picture, "a picture")
        bio = self._begun(mend_body(bio, language, self.sink))
        return ComposedAuthor(author.name, bio, portrait)

    def _begun(self, bio: Text) -> Text:
        """Return a bio that begins with a capital, as what stands on a line of its own does."""
        first = bio[0] if bio else None
        if not isinstance(first, Run) or not first.text[:1].islower():
            return bio
        word = first.text.split(" ", 1)[0]
        begun = word[:1].upper() + word[1:]
        self.sink.change(Change(first.span, "capital", word, begun))
        return (replace(first, text=begun + first.text[len(word):]), *bio[1:])

    def _pictures(self, blocks: tuple[Block, ...],
                  brief: Brief) -> tuple[tuple[Block, ...], tuple[PlacedPicture, ...]]:
        """Return `blocks` with every picture placed; one that cannot be placed is an error."""
        placed: dict[str, PlacedPicture] = {}
        base = (self.series.workspace.root / brief.span.file).parent

        def place(picture: Picture) -> Picture | None:
            found = self.desk.place(picture.source, picture.alternative, TEXT_PICTURE,
                                    picture.span, base)
            if found is None:
                return None
            if not picture.alternative:
                self.sink.warning("no-alternative", f"{picture.source} has no alternative text",
                                  picture.span, "say what it shows: ![what it shows](file)")
            placed[found.name] = found
            return replace(picture, source=found.name)

        def in_text(text: Text) -> Text:
            for call in notes_of(text):
                self._without(call.note.text, Picture, "a picture")
            found = (place(i) if isinstance(i, Picture) else i for i in text)
            return tuple(inline for inline in found if inline is not None)

        out = tuple(map_text(_with_figure(block, place), in_text) for block in blocks)
        return out, tuple(placed.values())

    def bulletin(self, shape: Shape, composed: tuple[ComposedBrief, ...],
                 pictures: tuple[PlacedPicture, ...], regions: tuple[Region, ...],
                 issue: IssueSettings, source: SourceText | None, month: Month) -> Bulletin:
        """Return the bulletin of these briefs."""
        settings = self.series.settings
        language = language_of(issue.language or settings.language)
        whole = shape is Shape.BULLETIN
        entries = list_of_sources(composed, language) if whole else ()
        height = cover_height(len(composed))
        cover = self._cover(issue, source, height) if whole else None
        cover_map: Map | None = None
        if whole and cover is None:
            cover_map = self.maps.for_cover(regions, language.code, month, language.words,
                                            COVER_WIDTH, height)
        note = self._editors_note(issue, source, language) if whole else ()
        return Bulletin(
            shape, settings.title, settings.subtitle, settings.publisher, issue.number,
            language.month_name(month.month, month.year),
            clock(datetime(month.year, month.month, 1, tzinfo=UTC)).date().isoformat(),
            language.code,
            settings.issn, issue.doi or settings.doi, settings.url, settings.licence,
            settings.imprint, settings.disclaimer,
            note, CREDITS, composed,
            tuple(replace(e, text=mend(e.text, language, Sink())) for e in entries),
            cover_map, cover, pictures, language.words)

    def _editors_note(self, issue: IssueSettings, source: SourceText | None,
                      language: Language) -> tuple[Block, ...]:
        """Return the editor's note, its notes numbered."""
        if source is None or not issue.editors_note:
            return ()
        line = line_of(source, "editors_note") or line_of(source, "editors-note")
        lines = [(n, text) for n, text in enumerate(issue.editors_note.split("\n"), line + 1)]
        blocks = typeset(read_blocks(lines, source.name, self.sink), language, self.sink)
        blocks = tuple(map_text(b, lambda t: self._without(t, Picture, "a picture"))
                       for b in blocks if not isinstance(b, Figure))
        return Numbering("editors-note").blocks(blocks)

    def _cover(self, issue: IssueSettings, source: SourceText | None,
               height: float) -> PlacedPicture | None:
        if not issue.cover:
            return None
        span = source.span(line_of(source, "cover")) if source else Span("issue.toml")
        base = (self.series.workspace.root / span.file).parent
        if not issue.cover_alternative:
            self.sink.warning("no-alternative", f"nothing says what {issue.cover} shows", span,
                              'write in issue.toml: cover-alternative = "..."')
        return self.desk.place(issue.cover, issue.cover_alternative, Place(COVER_WIDTH, height),
                               span, base)


CREDITS = (
    "Maps: Natural Earth (public domain), GeoNames (CC BY 4.0).",
    "Typefaces: cuts of Source Serif 4 and Source Sans 3 (SIL OFL 1.1).",
)
"""What is owed to others, printed on the back page."""


# ---------------------------------------------------------------- passes


def typeset(blocks: tuple[Block, ...], language: Language, sink: Sink) -> tuple[Block, ...]:
    """Mend the typography of all text, and of the notes that it calls."""
    return tuple(_typeset(block, language, sink) for block in blocks)


def _typeset(block: Block, language: Language, sink: Sink) -> Block:
    def body(text: Text) -> Text:
        return tuple(_mended_note(i, language, sink) for i in mend_body(text, language, sink))

    def title(text: Text) -> Text:
        return tuple(_mended_note(i, language, sink) for i in mend_title(text, language, sink))

    match block:
        case Heading():
            return map_text(block, title)
        case ListBlock():
            items = tuple(tuple(_typeset(b, language, sink) for b in item) for item in block.items)
            return replace(block, items=items)
        case Quote():
            return replace(block, blocks=tuple(_typeset(b, language, sink) for b in block.blocks))
    return map_text(block, body)


def _mended_note(inline: Inline, language: Language, sink: Sink) -> Inline:
    """Return the call of a note with the note's typography mended; another inline as it is."""
    if not isinstance(inline, NoteCall):
        return inline
    text = mend(inline.note.text, language, sink)
    return replace(inline, note=replace(inline.note, text=text))


PASSES: tuple[Pass, ...] = (lift_citations, typeset)
"""What is done to the blocks of a brief, in this order; then notes are numbered."""


# ---------------------------------------------------------------- helpers


def _with_figure(block: Block, place: Callable[[Picture], Picture | None]) -> Block:
    match block:
        case ListBlock():
            return replace(block, items=tuple(tuple(_with_figure(b, place) for b in item)
                                              for item in block.items))
        case Quote():
            return replace(block, blocks=tuple(_with_figure(b, place) for b in block.blocks))
    if not isinstance(block, Figure):
        return block
    picture = place(block.picture)
    if picture is None:
        return Paragraph(block.caption, block.span)
    return replace(block, picture=picture)


def _running_text(brief: Brief) -> str:
    """Return the words of a brief, for the names of towns in them."""
    words = [plain(brief.title), plain(brief.standfirst)]

    def collect(text: Text) -> Text:
        words.append(plain(text))
        return text

    for block in brief.blocks:
        map_text(block, collect)
    return "\n".join(words)


def _inline(text: str, source: SourceText, line: int, sink: Sink) -> Text:
    """Return the text of one paragraph of Markdown that stands in a TOML file."""
    blocks = read_blocks([(max(line, 1), " ".join(text.split()))], source.name, sink)
    first = blocks[0] if blocks else None
    return first.text if isinstance(first, Paragraph) else ()
