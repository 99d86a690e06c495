"""What the columns of a list are: which row has the heads, and what each says.

Here is refused what may be a list of people who left, and is not known to be.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Sink
from reportgen.mail.imports.reading import Context, Read, is_address
from reportgen.mail.imports.rows import Row, Rows
from reportgen.mail.imports.words import (
    Standing,
    attributes,
    forbids,
    head,
    is_about_leaving,
    is_about_status,
    is_about_strike,
    is_answer,
    is_elsewhere,
    is_no_name,
    is_nothing,
    is_other_way,
    kind_by_head,
    may_be_about_leaving,
    meaning,
    program_of,
    says_gone,
    squeezed,
    standing_by_title,
)

_TITLE_ROWS = 10
"""So many rows may stand above the heads."""

_SENTENCE = 5
"""A title among rows of so many words, which is not understood, may say who left."""

_NAMED = 12
"""So many columns that were passed over are told by name."""

NAMES = ("name", "first-name", "last-name")
"""Kinds of columns of which names are made."""

KINDS = ("email", *NAMES, "language", "groups", "regions", "consent", "consent-source", "status",
         "unsubscribed", "bounced", "reason-to-leave", "subscribed", "confirmed", "channel",
         "allowed", "attributes", "reason", "remarks", "ignored")
"""What a column can be, by the names in heads.toml."""

_JUDGING = frozenset({"status", "unsubscribed", "bounced", "reason-to-leave", "subscribed",
                      "confirmed", "channel", "allowed"})
"""Kinds of columns that say who must not be written to."""

_SILENT = frozenset({"ignored", "ours"})


class Table(Struct, frozen=True):
    """Rows, and what their columns are."""

    columns: dict[str, list[int]]
    """The numbers of the columns of each kind: `email`, `name`, `status`..."""
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    has_head: bool = True
    left: Standing | None = None
    """What it says of everybody in it, if it says so: a list of those who left."""

    def all(self, row: Row, key: str) -> list[str]:
        """Return what a row has in the columns of a kind."""
        cells = [row.cells[n] for n in self.columns.get(key, ()) if n < len(row.cells)]
        return [cell for cell in cells if cell and (key in NAMES or not is_nothing(cell))]

    def one(self, row: Row, key: str) -> str:
        """Return the first of `all`; empty: there is none."""
        return next(iter(self.all(row, key)), "")

    @property
    def kinds(self) -> dict[str, str]:
        """Kinds of the columns by their heads, in their order; of two of a name, the first."""
        by_number = {n: kind for kind, numbers in self.columns.items() for n in numbers}
        found: dict[str, str] = {}
        for n, name in enumerate(self.head):
            if name:
                found.setdefault(name, by_number.get(n, "ignored"))
        return found

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
        table = _in_sections(table, context, read)
        _tell_of_other_columns(table, context, sink)
    if table is not None:
        _look_at_name(table, context, sink)
    return None if sink.failed else table


def _look_at_name(table: Table, context: Context, sink: Sink) -> None:
    """Refuse a file called "unsubscribed" or the like that does not say so of each in it."""
    name = PurePath(context.file).stem
    says = context.left or table.left or any(table.columns.get(kind) for kind in _JUDGING)
    if is_about_leaving(name.replace("_", " ").replace("-", " ")) and not says:
        sink.error("who-left", f'the file is called "{name}": are these people who left?',
                   context.span(0), "if so: --left; else give the file another name")


def _with_head(found: Rows, context: Context, read: Read, sink: Sink) -> Table | None:
    """Return the table below the heads; None, and an error, if nobody knows what they are."""
    rows = found.rows
    for number, row in enumerate(rows[:_TITLE_ROWS]):
        if any(map(is_address, row.cells)):
            break
        columns = _columns(row.cells, rows[number + 1 :], context)
        if "email" in columns:
            for above in rows[:number]:
                _tell_of_title(above, context, read, sink)
            program = program_of(row.cells)
            if program and program.asks and not context.consent:
                sink.error("no-consent", f"this is a list of {program.name}: {program.asks}",
                           context.span(row.line), "--consent TEXT says when and how they did")
            return Table(columns, row.cells, rows[number + 1 :], found.delimiter,
                         left=found.left or (program.left if program else None))
    first = rows[0]
    if "@" not in "".join(first.cells):
        sink.error("no-address-column", "no column has addresses by its head",
                   context.span(first.line),
                   f'the head should be "email"; heads are: {", ".join(filter(None, first.cells))}')
        return None
    return _without_head(found, context, sink)


def _tell_of_title(row: Row, context: Context, read: Read, sink: Sink) -> None:
    words = " ".join(filter(None, row.cells))
    if forbids(words):
        sink.error("forbidden", f'"{words[:80]}": may these people be written to?',
                   context.span(row.line), "if so, delete the line")
    elif is_about_leaving(words):
        sink.error("who-left", f'"{words}": are these people who left?', context.span(row.line),
                   'if so, give them a column "status" that says so; else delete the line')
    else:
        read.asides.append((row.line, f'"{words}" stands above the heads'))


def _columns(cells: tuple[str, ...], rows: tuple[Row, ...],
             context: Context) -> dict[str, list[int]]:
    """Return what each column is: as the editor said, as the program means it, by its head."""
    program, kept = program_of(cells), _kept(cells, context)
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(cells):
        key = squeezed(head(cell))
        own = program.kind(cell) or program.kind(head(cell)) if program else ""
        filled = _filled(number, rows)
        objects = "attributes" if filled and all(attributes(one) for one in filled) else ""
        kind = (context.columns.get(key) or kept.get(key) or objects or own or meaning(cell)
                or _by_cells(cell, filled))
        if kind and cell:
            found.setdefault(kind, []).append(number)
    if "first-name" in found and not {"last-name", "name"} & set(found):
        found["name"] = found.pop("first-name")  # Italian "nome" is either
    return found


def _kept(cells: tuple[str, ...], context: Context) -> dict[str, str]:
    """Return what the columns of a list with the very same heads were taken for before."""
    heads = [squeezed(head(cell)) for cell in cells if cell]
    for columns in context.kept:
        found = {squeezed(head(name)): kind for name, kind in columns.items()}
        if list(found) == list(dict.fromkeys(heads)):
            return found
    return {}


def _filled(number: int, rows: tuple[Row, ...]) -> list[str]:
    """Return what rows have in a column."""
    return [row.cells[number] for row in rows if number < len(row.cells)
            and not is_nothing(row.cells[number])]


def _by_cells(name: str, cells: list[str]) -> str:
    """Return what a column is by what is in it, if its head is not known.

    Words about a status and nothing else, or plain answers below a head that asks for them.
    """
    if len(cells) > 1 and all(map(is_about_status, cells)) and not is_elsewhere(name):
        return "status"
    return kind_by_head(name, cells)


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
    columns = {"email": [address]} | ({"name": others} if others else {})
    heads = {address: "email"} | dict.fromkeys(others, "name")
    table = Table(columns, tuple(heads.get(n, "") for n in range(width)), rows, found.delimiter,
                  has_head=False, left=found.left)
    if len(others) > 1 or any(is_no_name(cell) for n in others for cell in table.column(n)):
        sink.error("no-heads", "the columns of this file have no heads", span,
                   'write a line above them that says what they are, as "email,name,status"')
        return None
    return table


def _look_for_tables(table: Table, context: Context, sink: Sink) -> None:
    """Refuse what stands beside or below a table, which may be who left."""
    stems = Counter(stem for name in table.head if (stem := _numbered(name)))
    if stems and max(stems.values()) > 1 and len(table.columns["email"]) > 1:
        sink.error("two-people", "several people stand in a row: "
                   f"{', '.join(n for n in table.head if _numbered(n))}", context.span(1),
                   "write each person in a row")
    numbers = table.columns["email"]
    addresses = [table.head[n].casefold() for n in numbers]
    if len(set(addresses)) < len(addresses):
        sink.error("two-tables", f'several columns are called "{addresses[0]}"', context.span(1),
                   "write one table below the other, or into a file of its own")
    elif len(numbers) > 1 and not any(map(_is_second, addresses[1:])) and _differ(table, numbers):
        names = [table.head[n] for n in numbers]
        sink.error("two-addresses", f"the columns {' and '.join(names)} have other addresses of "
                   "the same people", context.span(1),
                   *(f'pass one over: --ignore "{name}"' for name in names))
    people = [row.line for row in table.rows if any("@" in cell for cell in row.cells)] or [0]
    for row in table.rows:
        cells = [cell for cell in row.cells if cell]
        if row.wrong or "@" in "".join(cells):
            continue
        if len(cells) > 1 and all(map(meaning, cells)):
            sink.error("two-tables", "here are heads again", context.span(row.line),
                       "import each table from a file of its own")
        elif standing_by_title(_title(row) or "-") or is_about_strike(_title(row)):
            continue
        elif row.line < people[-1] and forbids(_title(row)):
            sink.error("forbidden", f'"{_title(row)[:80]}": may these people be written to?',
                       context.span(row.line), "if so, delete the line")
        elif len(cells) < 3 and (any(map(is_about_leaving, cells)) or (
                people[0] < row.line < people[-1]
                and len(_title(row).split()) >= _SENTENCE)):
            sink.error("who-left", f'"{": ".join(cells)}": are these people who left?',
                       context.span(row.line),
                       'if so, give them a column "status" that says so; else delete the line')


def _in_sections(table: Table, context: Context, read: Read) -> Table:
    """Return a table whose rows below a title such as "Unsubscribed" are marked as that."""
    rows, left = [], None
    for row in table.rows:
        title = _title(row)
        standing = standing_by_title(title) if title else None
        if standing is not None:
            left = None if standing is Standing.ACTIVE else standing
            read.asides.append((row.line, f'"{title[:60]}": the people below are taken as '
                                f"{standing.value}"))
        rows.append(replace(row, left=left) if left else row)
    return replace(table, rows=tuple(rows))


def _title(row: Row) -> str:
    """Return the title of a section; empty: the row is none."""
    cells = [cell for cell in row.cells if cell]
    return cells[0] if len(cells) == 1 and not row.wrong and "@" not in cells[0] else ""


def _numbered(name: str) -> str:
    """Return a head of a person or an answer without its number; empty: it is none, or has none."""
    found = re.fullmatch(r"(.*\D?)\s*[1-9]", name.strip())
    stem = found[1].strip() if found else ""
    known = meaning(stem) if stem else ""
    return stem if known in (*NAMES, *_JUDGING) or stem.lower() in ("person", "contact") else ""


def _is_second(name: str) -> bool:
    """Whether a head is of a further address, so that the one before it is preferred."""
    return re.search(r"\d|second|zweit|other|altern|autre|altr|otr|друг|weiter|privat|home|work|"
                     r"dienst", name) is not None


def _differ(table: Table, numbers: list[int]) -> bool:
    """Whether most rows that have several addresses have different ones."""
    rows = [{row.cells[n].casefold() for n in numbers if n < len(row.cells) and row.cells[n]}
            for row in table.rows if sum(n < len(row.cells) and bool(row.cells[n])
                                         for n in numbers) > 1]
    return sum(len(found) > 1 for found in rows) * 2 > len(rows) > 0


def _tell_of_other_columns(table: Table, context: Context, sink: Sink) -> None:
    """Tell which columns say nothing to us; one that may say who left is an error."""
    known = {n for numbers in table.columns.values() for n in numbers}
    silent = {n for kind in _SILENT for n in table.columns.get(kind, ())}
    others = [n for n in range(len(table.head)) if n not in known and table.column(n)]
    for n in others:
        name = table.head[n]
        why = "" if context.left or table.left else _may_judge(name, table.column(n))
        if why:
            called = f'the column "{name}"' if name else f"column {n + 1}, which has no head,"
            sink.error("unknown-head", f"does {called} say who must not be written to? {why}",
                       context.span(1), *_ways_out(name))
    told = [table.head[n] for n in sorted({*others, *filter(table.column, silent)})
            if table.head[n]
            and meaning(table.head[n]) != "ours"
            and squeezed(head(table.head[n])) not in context.columns]
    if told and not sink.failed:
        more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        sink.note("passed-over", f"columns that were passed over: {', '.join(told[:_NAMED])}{more}",
                  context.span(1))


def _ways_out(name: str) -> tuple[str, ...]:
    """Return how the editor says what a column is."""
    if not name:
        return ("give it a head: status, unsubscribed, subscribed or ignored",)
    return (f'if a yes means that they left: --column "{name}=unsubscribed"; if it means that '
            f'they want it: --column "{name}=subscribed"', f'else: --ignore "{name}"')


def _may_judge(name: str, cells: list[str]) -> str:
    """Return why a column that is not known may say who must not be written to; empty: it may not.

    So may one of yes and no, whatever is at its head, and one that has two values:
    each stands for something, and this program cannot know for what.
    """
    if may_be_about_leaving(name):
        return "its head may mean that"
    leaving = next(filter(says_gone, cells), "")
    if leaving:
        return f'it has "{leaving[:60]}"'
    if is_other_way(name):
        return ""
    values = Counter(map(squeezed, cells))
    if sum(map(is_answer, cells)) > 0.6 * len(cells):
        return f'it has "{cells[0]}"' if len(values) == 1 else "it has yes and no"
    if len(cells) >= 2 * len(values) and all(len(value) == 1 for value in values):
        return "it has codes"
    categories = all(len(value) < 25 and not re.search(r"\d", value) for value in values)
    if len(values) == 2 and len(cells) > 3 and categories:
        return "it has two values only"
    words = categories and all(cell == cell.lower() and cell[0].isalpha() for cell in cells)
    few = 2 < len(values) < 6 and len(cells) >= 2 * len(values) and not is_elsewhere(name)
    return f'it has "{cells[0]}" and {len(values) - 1} words more' if words and few else ""
