"""What a brief cites: the notes that its pages will have, and what may be a citation and stays."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from reportgen.citations.decisions import Decisions
from reportgen.citations.lift import find_citations, habit_of
from reportgen.citations.locked import Lock
from reportgen.composing.identity import CitedBefore
from reportgen.composing.notes import Numbering
from reportgen.composing.passes import PASSES, PassContext, noted
from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import language_of
from reportgen.model import Brief, Confidence, Source, plain
from reportgen.series import Links, Series
from reportgen.texts import texts

AS_NOTE = "note"
"""Confidence of what the author has written as a note, a link or an entry of a list."""


class Cited(Struct, frozen=True):
    """A source of a note, or what may be one."""

    brief: str
    number: int
    """Of the note; 0 for what stays in the text."""
    confidence: str
    """sure, likely or possible of what stood in brackets, else `AS_NOTE`."""
    prints: str
    source: Source | None
    span: Span
    words: str = ""
    """What stood in the brackets of a citation, and of what may be one."""


def cited(brief: Brief, series: Series, lock: Lock,
          decisions: Decisions) -> Iterator[Cited]:
    """Yield what `brief` cites: its notes by number, then what may be a citation."""
    language = language_of(brief.language)
    context = PassContext(language, Sink(), Links(series.settings.links),
                          frozenset((*(a.name.casefold() for a in brief.authors), *series.people)),
                          lock, decisions.of(brief.name), series.note_style)
    habit = habit_of(brief.blocks)
    found = [citation for text in texts(brief.blocks)
             for _, citation in find_citations(text, habit)]
    graded = {(c.span, c.sources): c for c in found}
    blocks = brief.blocks
    for step in PASSES:
        blocks = step(blocks, context)
    numbering = Numbering(brief.anchor, CitedBefore(context.sink))
    numbering.text(noted(brief.standfirst, context))
    numbering.blocks(blocks)
    noted_places = {(note.span, note.sources) for note in numbering.notes}
    for note in numbering.notes:
        origin = graded.get((note.span, note.sources))
        confidence = origin.confidence.value if origin else AS_NOTE
        words = plain(origin.text) if origin else ""
        for source in note.sources or (None,):
            yield Cited(brief.name, note.number, confidence, plain(note.text), source, note.span,
                        words)
    for citation in found:
        if citation.confidence is Confidence.POSSIBLE and (
                citation.span, citation.sources) not in noted_places:
            for source in citation.sources:
                words = plain(citation.text)
                yield Cited(brief.name, 0, citation.confidence.value, words, source, citation.span,
                            words)


def row_of(row: Cited) -> dict[str, str]:
    """Return a row as `reportgen cites --format json` prints it."""
    source = row.source or Source()
    return {"place": str(row.span), "brief": row.brief, "note": str(row.number or ""),
            "confidence": row.confidence, "prints": row.prints, "author": source.author or "",
            "title": source.title or "", "container": source.container or "",
            "issued": source.issued or "", "url": source.url or ""}
