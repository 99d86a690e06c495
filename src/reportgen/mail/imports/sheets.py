"""Workbooks of Excel and LibreOffice (.xlsx), as tables. Read, never written."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date, datetime, time
from typing import Any

from msgspec.structs import replace

from reportgen.diagnostics import Sink
from reportgen.mail.imports.reading import Context
from reportgen.mail.imports.rows import Row, Rows, cell_text
from reportgen.mail.imports.words import Standing, is_about_leaving, standing_by_title

_MOST_BYTES = 80_000_000
"""Of a workbook when it is unpacked, a hundred thousand people: more is a bomb, or takes gigabytes
when it is read."""


def read_sheets(data: bytes, context: Context, sink: Sink) -> list[Rows]:
    """Return the tables of a workbook: of its only sheet with addresses, or of those named.

    Which of several is meant cannot be known, but for those that are called as who left is. The
    people in these are never mailed, on whatever sheet they stand besides.
    """
    book = _opened(data, context, sink)
    if book is None:
        return []
    try:
        tables = {sheet.title: _rows(sheet) for sheet in book.worksheets}
    finally:
        book.close()
    known = {name.casefold(): name for name in tables}
    unknown = [name for name in context.sheets if name.casefold() not in known]
    for name in unknown:
        sink.error("no-sheet", f'there is no sheet "{name}"', context.span(0),
                   f"sheets are: {', '.join(tables)}")
    wanted = {known[name.casefold()] for name in context.sheets if name.casefold() in known}
    full = [name for name, rows in tables.items() if _has_addresses(rows)]
    gone = {name: left for name in full
            if (left := standing_by_title(name)) not in (None, Standing.ACTIVE)}
    full = [name for name in full if name not in gone]
    if not context.sheets and len(full) > 1:
        sink.error("two-tables", f"several sheets have addresses: {', '.join(full)}",
                   context.span(0), f'say which to read: --sheet "{full[0]}"')
    for name in full:
        if is_about_leaving(name) and not context.sheets and not context.left:
            sink.error("who-left", f'the sheet is called "{name}": are these people who left?',
                       context.span(0), "if so: --left; else give the sheet another name")
    if sink.failed:
        return []
    return [replace(rows, left=gone.get(name)) for name, rows in tables.items()
            if name in (wanted or full or tables) or name in gone]


def _opened(data: bytes, context: Context, sink: Sink) -> Any:
    """Return a workbook; None, and an error in `sink`, if it is none."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
                raise ValueError("it is too large when it is unpacked")
        return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise
        sink.error("not-text", f"this spreadsheet cannot be read: {str(error)[:200]}",
                   context.span(0), "save it in Excel or LibreOffice as .xlsx, or as CSV (UTF-8)")
        return None


def _has_addresses(rows: Rows) -> bool:
    return any("@" in cell for row in rows.rows for cell in row.cells)


def _rows(sheet: Any) -> Rows:
    found = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = tuple(cell_text(_text(cell.value)) for cell in cells)
        while values and not values[-1]:
            values = values[:-1]
        if any(values):
            found.append(Row(number, values, _why_unclear(sheet, number, cells)))
    return _without_coloured(Rows(tuple(found), ","), sheet)


def _without_coloured(found: Rows, sheet: Any) -> Rows:
    """Return rows, of which those in a colour that most do not have are asked about.

    Stripes, by which every second row has another colour, are none.
    """
    people = [row for row in found.rows if any("@" in cell for cell in row.cells)]
    colours = {row.line: _colour(sheet, row) for row in people}
    shades = list(colours.values())
    if len(set(shades)) < 2 or shades == [shades[n % 2] for n in range(len(shades))]:
        return found
    plain, _ = Counter(shades).most_common(1)[0]
    return replace(found, rows=tuple(
        row if row.wrong or colours.get(row.line, plain) == plain else replace(
            row, wrong="the row has a colour that others do not have; did this person leave, "
                       "or not?") for row in found.rows))


def _colour(sheet: Any, row: Row) -> str:
    """Return the colour behind the address of a row; empty: there is none."""
    number = next(n for n, cell in enumerate(row.cells, 1) if "@" in cell)
    fill = sheet.cell(row.line, number).fill
    if fill is None or fill.fill_type is None:
        return ""
    colour = fill.fgColor
    return f"{colour.type} {colour.value} {colour.tint}"


def _why_unclear(sheet: Any, number: int, cells: Any) -> str:
    """Return why nobody can know whether a row counts; empty: it does."""
    if not any("@" in str(cell.value) for cell in cells):
        return ""
    if sheet.row_dimensions[number].hidden:
        return "the row is hidden; did this person leave, or not? Show it or delete it"
    for cell in cells:
        if cell.comment and is_about_leaving(cell.comment.text):
            return f'a comment says "{" ".join(cell.comment.text.split())[:60]}"'
    if any(cell.value is not None and "@" in str(cell.value) and cell.font and cell.font.strike
           for cell in cells):
        return "the address is struck through; did this person leave, or not?"
    return ""


def _text(value: object) -> str:
    """Return what a cell shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
