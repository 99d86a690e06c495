"""What an editor would ask about the sources of a brief: can a reader find each of them?

Sources without a date or without a place where they can be found, and a document that two notes
name differently. Nothing is changed; all are notes, because an author may not know more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from reportgen.composing.identity import source_key
from reportgen.diagnostics import Sink
from reportgen.model import ComposedBrief, Note, Source, plain
from reportgen.texts import folded

_DATED = re.compile(
    r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|\bn\.\s?d\.|\bs\.\s?[fad]\.|\bo\.\s?J\.|\bb\.\s?d\.|б\.\s?г\.")
"""A year, or that there is none."""

_UNPUBLISHED = re.compile(
    r"\bauthor(?:s|[’']s)?\b|\bauteur|\bauto(?:re|ra?|rin)\b|\bverfasser|\bавтор|\byazar|"
    r"\binterview|\bconversation|\bentretien|\bintervista|\bentrevista|\bgespräch|\bwywiad|"
    r"\bинтервью|\bінтерв|\bforthcoming", re.IGNORECASE)
"""What the author has collected: interviews, own counts."""


def check_sources(notes: Sequence[Note], sink: Sink) -> None:
    """Tell which sources of a brief's notes lack something, or are named in two ways."""
    bare = [note for note in notes if _is_bare(note)]
    if bare:
        numbers = ", ".join(str(note.number) for note in bare)
        sink.note("bare-address", f"nothing but an address stands in: note {numbers}",
                  bare[0].span, "reportgen links finds out title, author and date of a page",
                  words=plain(bare[0].text))
    known: dict[str, tuple[Source, int]] = {}
    for note in notes:
        for source in note.sources:
            if source_key(source) not in known and not _is_bare(note):
                _missing(source, note, sink)
            _differing(source, note, known, sink)


def _is_bare(note: Note) -> bool:
    """Whether an address is all that a note says."""
    return len(note.sources) == 1 and bool(note.sources[0].url) and not (
        note.sources[0].title or note.sources[0].author or note.sources[0].container)


def _missing(source: Source, note: Note, sink: Sink) -> None:
    words = plain(note.text)
    name = source.title or source.container or source.url or ""
    dated = source.issued or source.accessed or _DATED.search(words)
    if len(note.sources) == 1 and not dated and not _UNPUBLISHED.search(words):
        sink.note("source-date", f"note {note.number} has no date: {name[:60]}", note.span,
                  "ask its author when it was published", words=name)
    if not (source.url or source.container or source.locator or source.author):
        sink.note("source-address", f"note {note.number} does not say where it can be found: "
                  f"{name[:60]}", note.span, "ask its author for the publisher or the address",
                  words=name)


def _differing(source: Source, note: Note, known: dict[str, tuple[Source, int]],
               sink: Sink) -> None:
    """Tell of one address under two titles, or with two dates."""
    first, number = known.setdefault(source_key(source), (source, note.number))
    differs = _difference(first, source)
    if differs:
        _tell_difference(f"notes {number} and {note.number}", differs, note, sink)


def check_sources_of_issue(briefs: Sequence[ComposedBrief], sink: Sink) -> None:
    """Tell of one address that two briefs have under two titles, or with two dates."""
    known: dict[str, tuple[Source, Note, ComposedBrief]] = {}
    for brief in briefs:
        for note in brief.notes:
            for source in note.sources:
                first, other, where = known.setdefault(source_key(source), (source, note, brief))
                differs = _difference(first, source) if where is not brief else None
                if differs:
                    _tell_difference(f"note {other.number} of {Path(where.span.file).name} and "
                                     f"note {note.number}", differs, note, sink)


def _difference(first: Source, second: Source) -> tuple[str, str] | None:
    """Return the two titles or dates of one address; None if one is no more than shorter."""
    for one, other in ((first.title, second.title), (first.issued, second.issued)):
        if second.url and one and other:
            short, long = sorted((folded(one), folded(other)), key=len)
            if not long.startswith(short):
                return one, other
    return None


def _tell_difference(which: str, differs: tuple[str, str], note: Note, sink: Sink) -> None:
    one, other = differs
    sink.note("source-differs", f"{which} have the same address, and “{one[:50]}” and "
              f"“{other[:50]}”", note.span, "look which of them is right", words=other)
