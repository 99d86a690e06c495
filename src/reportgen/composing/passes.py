"""The passes over the blocks of a brief, in one visible list, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.chicago import sentence
from reportgen.citations.decisions import Become
from reportgen.citations.describing import described
from reportgen.citations.lift import lift_citations, with_source_lines
from reportgen.citations.links import note_links, with_notes
from reportgen.citations.locked import Lock
from reportgen.citations.restyling import restyled
from reportgen.citations.styles import AS_WRITTEN, NoteStyle, Own
from reportgen.composing.typography import mend, mend_body, mend_title
from reportgen.diagnostics import Change, Sink
from reportgen.language.languages import Language
from reportgen.model import Block, Heading, Inline, NoteCall, Paragraph, Text, plain
from reportgen.reading.markdown import read_blocks
from reportgen.series import Links
from reportgen.texts import map_text, transform


class PassContext(Struct, frozen=True):
    """What passes go by."""

    language: Language
    sink: Sink
    links: Links
    people: frozenset[str]
    """Names, in small letters, whose links are no sources."""
    lock: Lock
    """What `reportgen links` has found out of sources."""
    decided: Mapping[str, Become] = field(default_factory=dict)
    """What becomes of words that may be a citation, by the words, folded."""
    notes: NoteStyle = AS_WRITTEN


Pass = Callable[[tuple[Block, ...], PassContext], tuple[Block, ...]]


def typeset(blocks: tuple[Block, ...], language: Language, sink: Sink) -> tuple[Block, ...]:
    """Mend the typography of all text, and of the notes that it calls."""
    return tuple(_typeset(block, language, sink) for block in blocks)


def _typeset(block: Block, language: Language, sink: Sink) -> Block:
    def body(text: Text) -> Text:
        return tuple(mended_note(i, language, sink) for i in mend_body(text, language, sink))

    def title(text: Text) -> Text:
        return tuple(mended_note(i, language, sink) for i in mend_title(text, language, sink))

    def mended(inner: Block) -> Block:
        return map_text(inner, title if isinstance(inner, Heading) else body)

    return transform(block, mended)


def mended_note(inline: Inline, language: Language, sink: Sink) -> Inline:
    """Return the call of a note with the note's typography mended; another inline as it is."""
    if not isinstance(inline, NoteCall):
        return inline
    text = mend(inline.note.text, language, sink)
    return replace(inline, note=replace(inline.note, text=text))


def noted(text: Text, context: PassContext) -> Text:
    """Return a text with a note behind each link on words, if the series wants them."""
    if context.links is Links.TEXT:
        return text
    return with_notes(text, context.language, context.people, context.sink)


def _lifted(blocks: tuple[Block, ...], context: PassContext) -> tuple[Block, ...]:
    return lift_citations(with_source_lines(blocks, context.sink), context.language,
                          context.decided, context.sink)


def _noted(blocks: tuple[Block, ...], context: PassContext) -> tuple[Block, ...]:
    if context.links is Links.TEXT:
        return blocks
    return note_links(blocks, context.language, context.people, context.sink)


def _described(blocks: tuple[Block, ...], context: PassContext) -> tuple[Block, ...]:
    if not context.lock.entries and not context.lock.decided:
        return blocks
    return described(blocks, context.lock, context.language, context.sink)


def _restyled(blocks: tuple[Block, ...], context: PassContext) -> tuple[Block, ...]:
    if context.notes.authors_own is Own.STAY:
        return blocks

    def text(found: Text) -> Text:
        return tuple(_in_style(i, context) if isinstance(i, NoteCall) else i for i in found)

    return tuple(map_text(block, text) for block in blocks)


def _in_style(call: NoteCall, context: PassContext) -> NoteCall:
    words = restyled(call.note, context.notes, context.language)
    if words is None:
        return call
    line = [(call.note.span.line, sentence(words, context.language))]
    [paragraph] = read_blocks(line, call.note.span.file, Sink())
    if not isinstance(paragraph, Paragraph) or plain(paragraph.text) == plain(call.note.text):
        return call
    context.sink.change(Change(call.note.span, "note-style", plain(call.note.text),
                               plain(paragraph.text)))
    return replace(call, note=replace(call.note, text=paragraph.text))


def _mended(blocks: tuple[Block, ...], context: PassContext) -> tuple[Block, ...]:
    return typeset(blocks, context.language, context.sink)


PASSES: tuple[Pass, ...] = (_lifted, _noted, _described, _restyled, _mended)
"""What is done to the blocks of a brief, in this order; then notes are numbered."""


def without(text: Text, kind: type[Inline], what: str, sink: Sink) -> Text:
    """Return `text` without inlines that cannot stand there; each is an error."""
    for inline in text:
        if isinstance(inline, kind):
            sink.error("not-here", f"{what} cannot stand here", inline.span,
                       "move it into the text of the brief")
    return tuple(i for i in text if not isinstance(i, kind))
