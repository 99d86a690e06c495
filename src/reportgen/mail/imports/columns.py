"""What the columns of a CSV file are: which row has the heads, and what each says.

Here is refused what may be a list of people who left, and is not known to be.
"""

from __future__ import annotations

from msgspec import Struct

from reportgen.diagnostics import Sink
from reportgen.mail.imports.reading import Context, Read, is_address
from reportgen.mail.imports.rows import Row, Rows
from reportgen.mail.imports.words import (
    WITH_PLACES,
    head,
    is_about_leaving,
    is_about_status,
    is_no_name,
    is_nothing,
    may_be_about_leaving,
    meaning,
)

_TITLE_ROWS = 10
"""So many rows may stand above the heads."""

_NAMED = 12
"""So many columns that were passed over are told by name."""

NAMES = ("name", "first", "last")
"""Kinds of columns of which names are made."""


class Table(Struct, frozen=True):
    """Rows, and what their columns are."""

    columns: dict[str, list[int]]
    """The numbers of the columns of each kind: `address`, `name`, `status`..."""
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    has_head: bool = True

    def all(self, row: Row, key: str) -> list[str]:
        """Return what a row has in the columns of a kind."""
        cells = [row.cells[n] for n in self.columns.get(key, ()) if n < len(row.cells)]
        return [cell for cell in cells if cell and (key in NAMES or not is_nothing(cell))]

    def one(self, row: Row, key: str) -> str:
        """Return the first of `all`; empty: there is none."""
        return next(iter(self.all(row, key)), "")

    def column(self, number: int) -> list[str]:
        """Return what all rows have in a column."""
        return [row.cells[number] for row in self.rows
                if number < len(row.cells) and not is_nothing(row.cells[number])]


def table_of(found: Rows, context: Context, read: Read, sink: Sink) -> Table | None:
    """Return the rows and what their columns are; None, and an error in `sink`, if that is unclear.

    What stands beside the table and was passed over is told.
    """
    table = _with_head(found, context, read, sink)
    if table is not None and table.has_head:
        _look_for_tables(table, context, sink)
        _tell_of_other_columns(table, context, sink)
    return None if sink.failed else table


def _with_head(found: Rows, context: Context, read: Read, sink: Sink) -> Table | None:
    """Return the table below the heads; None, and an error, if nobody knows what they are."""
    rows = found.rows
    for number, row in enumerate(rows[:_TITLE_ROWS]):
        if any(map(is_address, row.cells)):
            break
        columns = _columns(row.cells, context)
        if "address" in columns:
            for above in rows[:number]:
                _tell_of_title(above, context, read, sink)
            return Table(columns, row.cells, rows[number + 1 :], found.delimiter)
    first = rows[0]
    if "@" not in "".join(first.cells):
        sink.error("no-address-column", "no column has addresses by its head",
                   context.span(first.line),
                   f'the head should be "email"; heads are: {", ".join(filter(None, first.cells))}')
        return None
    return _without_head(found, context, sink)


def _tell_of_title(row: Row, context: Context, read: Read, sink: Sink) -> None:
    words = " ".join(filter(None, row.cells))
    if is_about_leaving(words):
        sink.error("who-left", f'"{words}": are these people who left?', context.span(row.line),
                   'if so, give them a column "status" that says so; else delete the line')
    else:
        read.asides.append((row.line, f'"{words}" stands above the heads'))


def _columns(cells: tuple[str, ...], context: Context) -> dict[str, list[int]]:
    """Return what each column is, by its head."""
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(cells):
        if (key := meaning(cell)) and head(cell) not in context.ignore:
            found.setdefault(key, []).append(number)
    if WITH_PLACES & {head(cell) for cell in cells}:
        found.pop("regions", None)
    if "first" in found and not {"last", "name"} & set(found):
        found["name"] = found.pop("first")  # Italian "nome" is either
    return found


def _without_head(found: Rows, context: Context, sink: Sink) -> Table | None:
    """Return the table of a file without heads: addresses, and one column that has to be names."""
    rows = found.rows
    width = max(len(row.cells) for row in rows)
    span = context.span(rows[0].line)
    if any(sum(map(is_address, row.cells)) > 1 for row in rows):
        sink.error("no-heads", "several addresses stand in a line", span,
                   "write each person in a line")
        return None
    filled = [n for n in range(width) if any(n < len(row.cells) and row.cells[n] for row in rows)]
    address = max(range(width), key=lambda n: sum(
        n < len(row.cells) and "@" in row.cells[n] for row in rows))
    others = [n for n in filled if n != address]
    columns = {"address": [address]} | ({"name": others} if others else {})
    heads = {address: "email"} | dict.fromkeys(others, "name")
    table = Table(columns, tuple(heads.get(n, "") for n in range(width)), rows, found.delimiter,
                   has_head=False)
    if len(others) > 1 or any(is_no_name(cell) for n in others for cell in table.column(n)):
        sink.error("no-heads", "the columns of this file have no heads", span,
                   'write a line above them that says what they are, as "email,name,status"')
        return None
    return table


def _look_for_tables(table: Table, context: Context, sink: Sink) -> None:
    """Refuse what stands beside or below a table, which may be who left."""
    addresses = [table.head[n].casefold() for n in table.columns["address"]]
    if len(set(addresses)) < len(addresses):
        sink.error("two-tables", f'several columns are called "{addresses[0]}"', context.span(1),
                   "write one table below the other, or into a file of its own")
    for row in table.rows:
        cells = [cell for cell in row.cells if cell]
        if row.wrong or "@" in "".join(cells):
            continue
        if "address" in _columns(row.cells, context):
            sink.error("two-tables", "here are heads again", context.span(row.line),
                       "import each table from a file of its own")
        elif len(cells) == 1 and is_about_leaving(cells[0]):
            sink.error("who-left", f'"{cells[0]}": are these people who left?',
                       context.span(row.line),
                       'if so, give them a column "status" that says so; else delete the line')


def _tell_of_other_columns(table: Table, context: Context, sink: Sink) -> None:
    """Tell which columns say nothing to us; one that may say who left is an error."""
    known = {n for numbers in table.columns.values() for n in numbers}
    others = [n for n in range(max(len(row.cells) for row in (*table.rows, Row(1, table.head))))
              if n not in known and table.column(n)]
    told = []
    for n in others:
        name = table.head[n] if n < len(table.head) else ""
        if name and head(name) in context.ignore:
            continue
        if may_be_about_leaving(name) or any(map(is_about_status, table.column(n))):
            sink.error("unknown-head", f'does the column "{name}" say who must not be written to?'
                       if name else f"column {n + 1} has no head, and may say who left",
                       context.span(1), 'if so, call it "status", "unsubscribed" or "consent", '
                       "after what is in it" + (f'; else: --ignore "{name}"' if name else ""))
        elif name:
            told.append(name)
    if told and not sink.failed:
        more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        sink.note("passed-over", f"columns that were passed over: {', '.join(told[:_NAMED])}{more}",
                  context.span(1))
