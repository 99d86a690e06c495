"""What a reader would see in set pages: loose and short lines, stacks of hyphens, empty pages.

Of lines only those of running text are looked at: paragraphs, lists and quotations of the text
column.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from reportgen.diagnostics import Diagnostic, Span
from reportgen.typesetting.material import SetPage, TextLine
from reportgen.typesetting.pages import LEAST_FILL

SHORTEST = 0.75
"""Share of the measure under which a ragged line that is not the last is short."""

LOOSEST = 2.5
"""Space between words, as a multiple of the natural one, over which a line is loose."""

_TIGHTEST = 0.66
"""A line that is not to be had with spaces wider than this stands out at the right."""

MOST_HYPHENS = 3
"""Lines in a row that end with a hyphen."""

SAME_WORD = 3
"""Lines in a row that end with one and the same word, at which it is seen."""


class Flaw(Struct, frozen=True):
    """Something that a reader sees."""

    code: str
    message: str
    span: Span
    page: int
    """From 0, in the brief."""
    x: float
    """pt from the left edge of the page"""
    y: float
    """pt from its upper edge, to the baseline"""


def flaws(pages: list[SetPage]) -> Iterator[Flaw]:
    """Yield what is to be seen in a brief, in the order of its lines."""
    lines = [(number, y, thing) for number, page in enumerate(pages) for _, y, _, row in page.rows
             if row.text for thing in row.things if isinstance(thing, TextLine) and thing.measure]
    paragraph: list[tuple[int, float, TextLine]] = []
    for found in lines:
        if paragraph and found[2].element is not paragraph[-1][2].element:
            yield from _of_paragraph(paragraph)
            paragraph = []
        paragraph.append(found)
    if paragraph:
        yield from _of_paragraph(paragraph)
    yield from _empty_pages(pages)


def _empty_pages(pages: list[SetPage]) -> Iterator[Flaw]:
    """Yield the pages but the last that are emptier than a third."""
    for number, page in enumerate(pages[:-1]):
        share = page.used / (page.used + page.room)
        if share < LEAST_FILL:
            _, y, last = next(_lines_of(page), (0.0, 0.0, None))
            span = last.span if last else Span("")
            yield Flaw("empty-page", f"page {number + 1} of the brief is full to {share:.0%} only",
                       span, number, last.x if last else 0.0, y)


def placed(told: Diagnostic, pages: list[SetPage]) -> Flaw:
    """Return what was told of a place in a file, with the place on the pages where that is set.

    It is the first line of text that begins there or behind it; else the top of the first page.
    """
    lines = [(number, y, line) for number, page in enumerate(pages)
             for _, y, line in _lines_of(page)
             if line.span.file == told.span.file and line.span.line >= told.span.line]
    page, y, x = 0, 0.0, 0.0
    if lines:
        page, y, line = min(lines, key=lambda found: (found[2].span.line, found[:2]))
        x = line.x
    return Flaw(told.code, told.message, told.span, page, x, y)


def _lines_of(page: SetPage) -> Iterator[tuple[float, float, TextLine]]:
    """Yield the lines of text of a page and of its notes: x, y of the baseline, and the line."""
    for _, top, row in (*((x, y, row) for x, y, _, row in page.rows),
                        *((x, y, row) for x, y, row, _ in page.notes)):
        for thing in row.things:
            if isinstance(thing, TextLine):
                yield thing.x, top + thing.baseline, thing


def _of_paragraph(lines: list[tuple[int, float, TextLine]]) -> Iterator[Flaw]:
    stack, ends = 0, [_last_word(thing) for _, _, thing in lines]
    for number, (page, y, thing) in enumerate(lines):

        def flaw(code: str, message: str, page: int = page, y: float = y,
                 thing: TextLine = thing) -> Flaw:
            return Flaw(code, message, thing.span, page, thing.x, y + thing.baseline)

        line, words = thing.line, words_of(thing)
        share = line.width * thing.size / 1000 / thing.measure
        if not line.last and thing.justified and line.space > LOOSEST:
            yield flaw("loose-line", f'"{words}": its spaces are {line.space:.1f} times as wide '
                       "as they should be")
        elif not line.last and not thing.justified and share < SHORTEST:
            yield flaw("short-line", f'"{words}" fills only {share:.0%} of the line')
        elif line.space < _TIGHTEST or (not thing.justified and share > 1.01):
            yield flaw("overfull-line", f'"{words}" is longer than the line')
        stack = stack + 1 if line.hyphen else 0
        if stack == MOST_HYPHENS + 1:
            yield flaw("hyphens", f'"{words}": more than {MOST_HYPHENS} lines in a row end with '
                       "a hyphen")
        if number == len(lines) - 1 and number and len(words.split()) == 1:
            yield flaw("lone-word", f'"{words}" stands alone on the last line of its paragraph')
        if (number >= SAME_WORD - 1 and ends[number]
                and len({*ends[number - SAME_WORD + 1:number + 1]}) == 1):
            yield flaw("same-word", f'"{ends[number]}" ends {SAME_WORD} lines in a row')


def words_of(thing: TextLine) -> str:
    """Return the words of a line, without marks of notes."""
    return "".join(piece.text for piece in thing.line.pieces if not piece.role.note).strip()


def _last_word(thing: TextLine) -> str:
    words = words_of(thing).split()
    return words[-1].casefold() if words and not thing.line.hyphen else ""
