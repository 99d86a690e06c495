"""Composing a brief: its passes, then notes are numbered, pictures placed, the map drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.decisions import Decisions
from reportgen.citations.lift import addresses_in, listed_sources
from reportgen.citations.locked import Lock
from reportgen.composing.consistency import check_consistency
from reportgen.composing.identity import CitedBefore
from reportgen.composing.notes import Numbering
from reportgen.composing.passes import PASSES, PassContext, mended_note, noted, without
from reportgen.composing.pictures import PictureDesk, Place, width_in
from reportgen.composing.proofreading import proofread
from reportgen.composing.sourcing import check_sources
from reportgen.composing.typography import mend, mend_body, mend_title, notes_of
from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.languages import Language, language_of
from reportgen.model import (
    Author,
    Block,
    Brief,
    ComposedAuthor,
    ComposedBrief,
    Figure,
    Map,
    NoteCall,
    Paragraph,
    Picture,
    PlacedPicture,
    Run,
    Text,
    plain,
)
from reportgen.reading.markdown import read_blocks
from reportgen.series import Links, Series
from reportgen.texts import folded, map_text, texts, transform
from reportgen.typesetting.specification import PageFormat
from reportgen.workspace import SourceText


class Maps(Protocol):
    """Draws the maps of briefs."""

    def for_brief(self, brief: Brief, text: str, words: dict[str, str], width: float,
                  sink: Sink) -> Map | None:
        """Return the map of a brief, `width` mm wide, or None."""


class Composer(Struct, frozen=True):
    """Composes the briefs of one issue."""

    series: Series
    maps: Maps
    desk: PictureDesk
    page: PageFormat
    sink: Sink
    lock: Lock = field(default_factory=Lock)
    """What `reportgen links` has found out of sources."""
    decisions: Decisions = field(default_factory=Decisions)

    def brief(self, brief: Brief) -> tuple[ComposedBrief, tuple[PlacedPicture, ...]]:
        """Return a brief with its notes, typography, map and author, and its pictures."""
        language = language_of(brief.language)
        blocks = brief.blocks
        context = PassContext(language, self.sink, Links(self.series.settings.links),
                              frozenset((*(author.name.casefold() for author in brief.authors),
                                         *self.series.people)), self.lock,
                              self.decisions.of(brief.name),
                              self.series.note_style)
        self._tell_unused(brief, context)
        for step in PASSES:
            blocks = step(blocks, context)
        proofread((brief.title, brief.standfirst, *(a.bio for a in brief.authors), *texts(blocks)),
                  language, self.sink)
        check_consistency(brief.title, (brief.standfirst, *texts(blocks)), blocks, language,
                          self.sink)
        self._check_length(brief, blocks)
        named = tuple(source for block in blocks
                      for source in (*listed_sources(block), *addresses_in(block)))
        numbering = Numbering(brief.anchor, CitedBefore(self.sink))
        title = numbering.text(self._head(brief.title, mend_title, language))
        standfirst = numbering.text(
            self._head(noted(brief.standfirst, context), mend_body, language))
        blocks = numbering.blocks(blocks)
        check_sources(numbering.notes, self.sink)
        blocks, pictures = self._pictures(blocks, brief)
        words = language.words
        width = self.page.side
        drawn = self.maps.for_brief(brief, _running_text(brief), words, width, self.sink)
        return ComposedBrief(
            name=brief.name, anchor=brief.anchor, region=brief.region.name_in(brief.language),
            colour=brief.region.colour, date=brief.month,
            month=language.month_name(brief.month.month, brief.month.year),
            language=language.code, title=title, standfirst=standfirst,
            authors=tuple(self._author(author, brief, language) for author in brief.authors),
            blocks=blocks, notes=tuple(numbering.notes), named=named,
            figures=tuple(replace(f, value=self._words(f.value, language, brief.span),
                                  label=self._words(f.label, language, brief.span))
                          for f in brief.figures),
            pull_quote=self._words(brief.pull_quote, language, brief.span),
            key_points=tuple(self._words(p, language, brief.span) for p in brief.key_points),
            map=drawn, words=words, span=brief.span), pictures

    def _tell_unused(self, brief: Brief, context: PassContext) -> None:
        """Tell of decisions about words that the brief no longer has."""
        if not context.decided:
            return
        said = folded(_running_text(brief))
        for words in sorted(context.decided):
            if words not in said:
                self.sink.warning("unused-decision", f'a decision is about words that are not in '
                                  f'the brief: "{words[:60]}"', brief.span,
                                  "take it out of decisions.toml, or write the words as they are")

    def _check_length(self, brief: Brief, blocks: tuple[Block, ...]) -> None:
        """Tell of a brief that is longer or shorter than the series wants it."""
        words = sum(len(plain(text).split()) for text in texts(blocks))
        least, most = self.series.settings.length or (0, words)
        if not least <= words <= most:
            self.sink.warning("length", f"{words} words, where the series has "
                              f"{least:.0f} to {most:.0f}", brief.span,
                              "ask its author to cut or to add, or change length in series.toml")

    def _head(self, text: Text, mending: Callable[[Text, Language, Sink], Text],
              language: Language) -> Text:
        """Return a title or standfirst: mended, with its notes, without pictures."""
        text = without(text, Picture, "a picture", self.sink)
        return tuple(mended_note(i, language, self.sink)
                     for i in mending(text, language, self.sink))

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
            portrait = self.desk.place(person.settings.portrait, author.name,
                                       Place(self.page.portrait, self.page.portrait),
                                       person.span)
        bio = without(without(bio, NoteCall, "a note", self.sink), Picture, "a picture",
                      self.sink)
        bio = self._begun(mend_body(bio, language, self.sink))
        return ComposedAuthor(author.name, bio, portrait)

    def _begun(self, bio: Text) -> Text:
        """Return a bio that begins with a capital, as what stands on a line of its own does."""
        first = bio[0] if bio else None
        word = first.text.split(" ", 1)[0] if isinstance(first, Run) else ""
        if not isinstance(first, Run) or not word[:1].islower() or "@" in word or "/" in word:
            return bio
        begun = word[:1].upper() + word[1:]
        self.sink.change(Change(first.span, "capital", word, begun))
        return (replace(first, text=begun + first.text[len(word):]), *bio[1:])

    def _pictures(self, blocks: tuple[Block, ...],
                  brief: Brief) -> tuple[tuple[Block, ...], tuple[PlacedPicture, ...]]:
        """Return `blocks` with every picture placed; one that cannot be placed is an error."""
        placed: dict[str, PlacedPicture] = {}
        base = (self.series.workspace.root / brief.span.file).parent

        def place(picture: Picture) -> Picture | None:
            room = Place(width_in(picture.width, self.page.measure))
            found = self.desk.place(picture.source, picture.alternative, room, picture.span, base)
            if found is None:
                return None
            if not picture.alternative:
                self.sink.warning("no-alternative", f"{picture.source} has no alternative text",
                                  picture.span, "say what it shows: ![what it shows](file)")
            placed[found.name] = found
            return replace(picture, source=found.name)

        def in_text(text: Text) -> Text:
            for call in notes_of(text):
                without(call.note.text, Picture, "a picture", self.sink)
            found = (place(i) if isinstance(i, Picture) else i for i in text)
            return tuple(inline for inline in found if inline is not None)

        out = tuple(map_text(transform(block, lambda b: _with_figure(b, place)), in_text)
                    for block in blocks)
        return out, tuple(placed.values())


# ---------------------------------------------------------------- helpers


def _with_figure(block: Block, place: Callable[[Picture], Picture | None]) -> Block:
    """Return a picture that stands by itself, placed; its caption alone if it cannot be."""
    if not isinstance(block, Figure):
        return block
    picture = place(block.picture)
    if picture is None:
        return Paragraph(block.caption, block.span)
    return replace(block, picture=picture)


def _running_text(brief: Brief) -> str:
    """Return the words of a brief, for the names of towns in them."""
    found = (brief.title, brief.standfirst, *texts(brief.blocks))
    return "\n".join(plain(text) for text in found)


def _inline(text: str, source: SourceText, line: int, sink: Sink) -> Text:
    """Return the text of one paragraph of Markdown that stands in a TOML file."""
    blocks = read_blocks([(max(line, 1), " ".join(text.split()))], source.name, sink)
    first = blocks[0] if blocks else None
    return first.text if isinstance(first, Paragraph) else ()
