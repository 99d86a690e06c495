"""Tables in plain text, whose columns are parted by tabs or stand below each other by spaces."""

from __future__ import annotations

import re

from reportgen.diagnostics import Change, Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_GAP = pattern(r"\t+| {2,}")
_LISTED = pattern(r"\s*(?:[-*+•–]|\d{1,3}[.)]|\(?[a-z]\))\s")
_FIGURE = pattern(r"[-+−–]?[€$£]?[\d.,\u00a0]+\s?(?:%|[a-zA-Z]{1,3})?|[-–—]|n/?a")
_FEWEST_ROWS, _LONGEST_CELL = 3, 40


def with_columns(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which rows of cells, three or more in a row, are a table of Markdown."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        rows = _rows(lines, at)
        if not rows:
            out.append(lines[at])
            at += 1
            continue
        number = lines[at][0]
        sink.note("table-head", "lines whose words stand in columns are taken for a table, the "
                  "first one for its head", Span(name, number), "look at the page")
        sink.change(Change(Span(name, number), "table", lines[at][1].strip(), " | ".join(rows[0])))
        if out and out[-1][1].strip():
            out.append((number, ""))
        for row, (line, _) in zip(rows, lines[at : at + len(rows)], strict=True):
            out.append((line, f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"))
            if row is rows[0]:
                out.append((line, "|" + "---|" * len(row)))
        at += len(rows)
        out.append((lines[at - 1][0], ""))
    return out


def _rows(lines: list[Line], start: int) -> list[list[str]]:
    """Return the cells of a table that begins at a line; nothing if none does."""
    rows: list[list[str]] = []
    for _, text in lines[start:]:
        cells = re.split(_GAP.pattern, text.strip())
        if len(cells) < 2 or (rows and len(cells) != len(rows[0])) or _LISTED.match(text) or any(
                len(cell) > _LONGEST_CELL or "|" in cell for cell in cells):
            break
        rows.append(cells)
    if len(rows) < _FEWEST_ROWS:
        return []
    figures = sum(_FIGURE.fullmatch(cell) is not None for row in rows[1:] for cell in row[1:])
    columns = len(rows[0])
    return rows if figures * 2 >= (len(rows) - 1) * (columns - 1) or (
        columns > 2 and all("\t" in text for _, text in lines[start : start + len(rows)])) else []
