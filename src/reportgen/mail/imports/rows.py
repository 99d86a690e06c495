"""From the text of a CSV file (RFC 4180, and what programs make of it) to its rows."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from reportgen.mail.imports.decoding import is_damaged, mended
from reportgen.mail.imports.reading import is_address
from reportgen.mail.imports.words import Standing, meaning

_DELIMITERS = ",;\t|"
_LONGEST = 1000
"""Lines that a row may have; more is a quotation mark that was not closed."""
FORMULA = "=+-@\t\r"
"""How a cell begins that a spreadsheet reckons."""


class Row(Struct, frozen=True):
    """A row of a file."""

    line: int
    cells: tuple[str, ...]
    wrong: str = ""
    """Why it cannot be read, if so; the cells are what can be made of its first line."""
    left: Standing | None = None
    """What the title of its section says of it."""


class Rows(Struct, frozen=True):
    """The rows of a file that are not empty, and what parts their cells."""

    rows: tuple[Row, ...]
    delimiter: str
    left: Standing | None = None
    """What is said of everybody in them, as by the name of a sheet."""


def read_rows(text: str) -> Rows:
    """Return the rows of a text.

    A row that is damaged takes no other with it: the line after it is a row again.
    """
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if re.search(r'[^\\]\\"[^,;\n]', text):  # MailPoet's way to write a quote in a cell
        lines = [line.replace('\\"', '""') for line in lines]
    start, delimiter = 0, ""
    if match := re.fullmatch(r'"?sep=(.)"?\s*', lines[0], re.I):  # Excel's own
        start, delimiter = 1, match[1]
    delimiter = delimiter or _delimiter(lines)
    return Rows(tuple(_unwrapped(_rows(lines, start, delimiter), delimiter)), delimiter)


def _rows(lines: list[str], start: int, delimiter: str) -> Iterator[Row]:
    damaged, width = False, 0
    while start < len(lines):
        row, count = _row(lines, start, delimiter)
        start += count
        width = width or len(row.cells)
        if damaged and not row.wrong and len(row.cells) < width:  # rather the rest of it
            row = replace(row, wrong="it may belong to the damaged row above")
        damaged = bool(row.wrong)
        if any(row.cells):
            yield row


def _row(lines: list[str], start: int, delimiter: str) -> tuple[Row, int]:
    """Return the row that begins at a line, counted from 0, and how many lines it has."""
    reader = csv.reader((lines[n] + "\n" for n in range(start, min(start + _LONGEST, len(lines)))),
                        delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        if is_address(lines[start]):  # "Rossi, Anna" <anna@example.org>
            return Row(start + 1, (cell_text(lines[start]),)), 1
        reason = "a quotation mark is not closed, or stands inside of a cell"
    else:
        if not any(map(is_damaged, cells)):
            return Row(start + 1, tuple(map(cell_text, cells))), reader.line_num
        reason = "bytes of it are not UTF-8; look at its letters"
    pieces = mended(lines[start]).split(delimiter)
    return Row(start + 1, tuple(cell_text(piece.strip().strip('"')) for piece in pieces), reason), 1


def _unwrapped(rows: Iterator[Row], delimiter: str) -> Iterator[Row]:
    """Yield rows; those that a spreadsheet has put into one cell as a whole are taken apart."""
    width = 0
    for row in rows:
        inner = row
        if len(row.cells) == 1 and delimiter in row.cells[0] and not row.wrong:
            inner = replace(_row([row.cells[0]], 0, delimiter)[0], line=row.line)
        wrapped = width > 1 or sum(bool(meaning(cell)) for cell in inner.cells) > 1
        yield inner if wrapped else row
        width = width or len((inner if wrapped else row).cells)


def _delimiter(lines: list[str]) -> str:
    """Return what parts the cells: of the heads, else of the first lines."""
    def known(line: str, delimiter: str) -> int:
        return sum(bool(meaning(cell.strip(' "'))) for cell in line.split(delimiter))

    heads = max(lines[:20], key=lambda line: max(known(line, d) for d in _DELIMITERS))
    if any(known(heads, d) for d in _DELIMITERS):  # they have no cells that hold several things
        return max(_DELIMITERS, key=lambda d: (known(heads, d), heads.count(d)))
    outside = [line for line in re.sub(r'"[^"]*"', "", "\n".join(lines[:50])).split("\n")
               if line.strip()][:20]
    counts = {d: [line.count(d) for line in outside] for d in _DELIMITERS}
    return max(_DELIMITERS, key=lambda d: (min(counts[d], default=0) > 0, sum(counts[d])))


def cell_text(text: str) -> str:
    """Return a cell's text; the quote by which exports keep Excel from reckoning is taken off."""
    text = unicodedata.normalize("NFC", re.sub("[\u00a0\u200b\u2060\ufeff]", " ", text)).strip()
    text = re.sub("^' (?=[=+@-])", "'", text)
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text


def swallows(row: Row, width: int, delimiter: str) -> bool:
    """Whether a cell of a row holds the rows after it: a quote was opened and closed far below.

    `width` is how many cells a row has.
    """
    lines = [line for cell in row.cells for line in cell.split("\n")[1:] if "@" in line]
    if len(row.cells) < width:
        return bool(lines)
    pieces = [[piece.strip(' "') for piece in line.split(delimiter)] for line in lines]
    return any(len(parts) >= width and any(map(is_address, parts)) for parts in pieces)
