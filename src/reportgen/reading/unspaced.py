"""Text that was copied out of a PDF without its empty lines: where its paragraphs end.

Lines are filled as far as words fit, so a line that ends although the next word had room ends a
paragraph, or is a title, a subhead or a byline by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.diagnostics import Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line
from reportgen.texts import begins_large

_FEWEST_LINES = 15
_MOST_BLANK = 0.04
"""Share of empty lines up to which a text has none for its paragraphs."""

_NARROWEST, _WIDEST = 40, 110
"""Letters of a full line."""

_FULL, _SHORT = 0.95, 0.7
"""Share of lines that are at most as long as a full one; of a full line that ends early."""

_ENDED = pattern(r"[.!?:;…][”\"»’)\]]*(?:\d{1,2}|[⁰¹²³⁴-⁹]+|\[\d{1,2}\])?$")
_BULLET = pattern(r"^(?:[•◦▪‣·●*–—-]|\d{1,2}[.)])\s")
_NOTE = pattern(r"^(\d{1,2})\s+[^\W\d_]")
_CALL = pattern(r"(?:[^\W\d_][.,;:)”\"]?|\d\.)(\d{1,2})(?!\d)")
"""The number of a note that is called, when a PDF has lost that it was raised: `days.1`."""

_ADDRESS_END = pattern(r"(?:https?://|www\.)\S+$")


def with_paragraphs(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines with an empty one behind each paragraph, where the text has none at all."""
    filled = [text.strip() for _, text in lines if text.strip()]
    blank = len(lines) - len(filled)
    if len(filled) < _FEWEST_LINES or blank > _MOST_BLANK * len(lines):
        return lines
    lengths = sorted(map(len, filled))
    width = lengths[int(len(lengths) * _FULL)]
    full = sum(length > _SHORT * width for length in lengths)
    if not _NARROWEST <= width <= _WIDEST or full < len(filled) / 2 or any(
            text.startswith(("|", "#", "---")) for text in filled):
        return lines
    sink.note("paragraphs", "the text has no empty lines: a line that ends early is taken for the "
              "end of a paragraph", Span(name, lines[0][0]), "look at the pages")
    return list(_parted(lines, width))


def _parted(lines: list[Line], width: int) -> Iterator[Line]:
    notes = 0
    called: set[int] = set()
    begun = True
    for at, (number, text) in enumerate(lines):
        yield number, text
        after = lines[at + 1][1].strip() if at + 1 < len(lines) else ""
        if not after or not text.strip():
            begun = True
            continue
        called.update(int(match[1]) for match in _CALL.finditer(text))
        note = _NOTE.match(after)
        is_note = note is not None and int(note[1]) == notes + 1 and notes + 1 in called
        notes += is_note
        ends = is_note or _ends(text.strip(), after, width, begun=begun)
        if ends:
            yield number, ""
        begun = ends


def _ends(text: str, after: str, width: int, *, begun: bool) -> bool:
    """Whether a paragraph ends with a line; `begun` says that it is the first of its own."""
    if _BULLET.match(after):
        return not _BULLET.match(text)
    if not begins_large(after.lstrip("“„«\"'(")) or text.endswith("-"):
        return False
    reach = len(text) + 1 + len(after.split(maxsplit=1)[0])
    if _ENDED.search(text):
        return reach <= width
    if _ADDRESS_END.search(text):
        return True
    return begun and reach <= width * _SHORT
