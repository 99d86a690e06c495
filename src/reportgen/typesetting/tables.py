"""Tables: widths of columns from their words, rows that break between lines only if they must.

Widths follow CSS 2.2, 17.5.2.2 (automatic table layout): no column is narrower than its longest
word as long as the measure allows it, and what is left is shared by what the columns would like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reportgen.language.languages import Direction, language_of
from reportgen.model import Inline, Run, Table, Text
from reportgen.structure import StructureElement
from reportgen.texts import place_of
from reportgen.typesetting.inline import ZERO_WIDTH, Stream
from reportgen.typesetting.material import NEVER, Row, Rule, TextLine
from reportgen.typesetting.specification import MM, TypeStyle

if TYPE_CHECKING:
    from reportgen.typesetting.galley import GalleyMaker

_ABOVE, _RIGHT = 0.9 * MM, 1.5 * MM
_BELOW_CAPTION = 1.2 * MM
_HEAD_RULE, _ROW_RULE = 0.8, 0.3
_SMALLEST = 0.75
"""Share of its size to which the type of a table that is too wide is brought down."""

_BETWEEN, _INSIDE, _SECOND = 10.0, 20_000.0, 3_000.0
_TALLEST_HEAD = 0.25
"""Share of the column over which a head is not repeated."""


def table_rows(maker: GalleyMaker, table: Table, x: float, measure: float,
               parent: StructureElement) -> list[Row]:
    """Return a table as rows; those of its body repeat its head at the top of a page."""
    style = maker.specification.style("table")
    head_style = maker.specification.style("table-head")
    columns = max([len(table.head), *(len(row) for row in table.rows)], default=0)
    if not columns:
        return []
    narrow, wide = _widths(maker, table, columns, style, head_style)
    room = measure - columns * _RIGHT
    scale = 1.0
    if sum(narrow) > room:
        scale = max(_SMALLEST, room / sum(narrow))
        style, head_style = _smaller(style, scale), _smaller(head_style, scale)
        narrow, wide = [w * scale for w in narrow], [w * scale for w in wide]
    widths = _shared(narrow, wide, room)
    if sum(narrow) > room + 0.01:
        maker.cramped.append((columns, table.span))
        table = _with_breaks(table, widths, style.size)
    element = parent.add(StructureElement("Table"))
    caption: list[Row] = []
    if table.caption:
        caption = maker.text_rows(table.caption, maker.specification.style("caption"), x, measure,
                                  element.add(StructureElement("Caption")), keep=True)
    head: list[Row] = []
    if any(table.head):
        group = element.add(StructureElement("THead"))
        head = _cells(maker, table.head, table.alignments, widths, x, head_style, group, "TH")
        _ruled(head[-1], x, measure, _HEAD_RULE, "region")
    body = element.add(StructureElement("TBody"))
    repeat = tuple(replace(row, notes=()) for row in head)
    if sum(row.height for row in head) > maker.column * _TALLEST_HEAD:
        repeat = ()
    rows = list(head)
    for row in rows[1:]:
        row.penalty = NEVER
    for number, cells in enumerate(table.rows):
        made = _cells(maker, cells, table.alignments, widths, x, style, body, "TD")
        _ruled(made[-1], x, measure, _ROW_RULE, "hair")
        made[0].penalty = NEVER if number == 0 and head else _BETWEEN
        if number in (1, len(table.rows) - 1):
            made[0].penalty = max(made[0].penalty, _SECOND)
        for row in made:
            row.repeat = repeat
        rows += made
    if caption and rows:
        rows[0].before, rows[0].penalty = _BELOW_CAPTION, NEVER
        rows = [*caption, *rows]
    if rows:
        rows[0].before = style.before * MM
        rows[0].penalty = 0.0
    return rows


def _with_breaks(table: Table, widths: list[float], size: float) -> Table:
    """Return a table in which a word that is too long for its column may break anywhere."""
    letters = [max(2, int(width / (size * 0.62))) for width in widths]

    def broken(row: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(tuple(_chopped(inline, letters[number]) for inline in cell)
                     for number, cell in enumerate(row))

    return replace(table, head=broken(table.head), rows=tuple(map(broken, table.rows)))


def _chopped(inline: Inline, most: int) -> Inline:
    if not isinstance(inline, Run):
        return inline
    words = re.sub(rf"\S{{{most + 1},}}", lambda match: ZERO_WIDTH.join(
        match[0][n:n + most] for n in range(0, len(match[0]), most)), inline.text)
    return replace(inline, text=words)


def _smaller(style: TypeStyle, scale: float) -> TypeStyle:
    return replace(style, size=style.size * scale, leading=style.leading * scale)


def _widths(maker: GalleyMaker, table: Table, columns: int, style: TypeStyle,
            head_style: TypeStyle) -> tuple[list[float], list[float]]:
    """Return for each column the width of its longest word, and of its longest text, in pt."""
    narrow, wide = [0.0] * columns, [0.0] * columns
    for row, used in ((table.head, head_style), *((row, style) for row in table.rows)):
        em = used.size / 1000
        for number, cell in enumerate(row):
            least, most = _extent(maker.breaker.stream(cell, used))
            narrow[number] = max(narrow[number], least * em)
            wide[number] = max(wide[number], most * em)
    return [w or 4.0 for w in narrow], [w or 4.0 for w in wide]


def _extent(stream: Stream) -> tuple[float, float]:
    """Return the widths of the longest part without a breakpoint, and of the longest line."""
    least = most = begin = line = 0.0
    for end, start, hyphen, forced in zip(stream.ends, stream.starts, stream.hyphens,
                                          stream.forced, strict=True):
        if hyphen:
            continue
        least, begin = max(least, end - begin), start
        if forced:
            most, line = max(most, end - line), start
    return least + 1.0, most + 1.0


def _shared(narrow: list[float], wide: list[float], room: float) -> list[float]:
    """Return the widths of columns that fill `room` together."""
    least, most = sum(narrow), sum(wide)
    if most <= room:
        return [w * room / most for w in wide]
    if least >= room:
        return [w * room / least for w in narrow]
    spare = (room - least) / max(most - least, 0.01)
    return [n + (w - n) * spare for n, w in zip(narrow, wide, strict=True)]


def _cells(maker: GalleyMaker, cells: tuple[Text, ...], alignments: tuple[str, ...],
           widths: list[float], x: float, style: TypeStyle, parent: StructureElement,
           kind: str) -> list[Row]:
    """Return a row of a table as rows, one for each line of its tallest cell."""
    line_of_cells = parent.add(StructureElement("TR"))
    baseline = maker.breaker.baseline(style)
    things: list[list[TextLine]] = []
    notes: list[tuple[str, ...]] = []
    left = x
    for number, width in enumerate(widths):
        element = line_of_cells.add(StructureElement(kind))
        if kind == "TH":
            element.attributes["Table"] = {"Scope": "Column"}
        cell = cells[number] if number < len(cells) else ()
        side = alignments[number] if number < len(alignments) else ""
        if language_of(maker.breaker.language).direction is Direction.RIGHT_TO_LEFT:
            side = {"right": "", "left": "right"}.get(side, side)  # the page will be turned round
        lines = maker.breaker.lines(cell, style, width) if cell else []
        span = place_of(cell, 0)
        for height, line in enumerate(lines):
            if height == len(things):
                things.append([])
                notes.append(())
            free = width - line.width * style.size / 1000
            shift = free if side == "right" else free / 2 if side == "center" else 0.0
            at = (left + shift + line.start * style.size / 1000 if shift else
                  maker.breaker.left(line, left, width, style.size, alone=len(lines) == 1))
            things[height].append(TextLine(line, style.size, at, baseline, element, span))
            notes[height] += line.notes
        left += width + _RIGHT
    rows = [Row(style.leading, tuple(placed), 0.0, _INSIDE if number else 0.0, called)
            for number, (placed, called) in enumerate(zip(things, notes, strict=True))]
    if not rows:
        rows = [Row(style.leading)]
    rows[0].height += _ABOVE
    rows[0].things = tuple(replace(t, baseline=t.baseline + _ABOVE) for t in rows[0].things
                           if isinstance(t, TextLine))
    rows[-1].height += _ABOVE
    return rows


def _ruled(row: Row, x: float, measure: float, width: float, colour: str) -> None:
    """Draw a line under a row."""
    row.height += width
    row.things = (*row.things, Rule(x, row.height - width, measure, width, colour))
