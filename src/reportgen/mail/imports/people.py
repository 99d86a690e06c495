"""People of a CSV file: who each row is, and whether it says that they left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from reportgen.diagnostics import Sink
from reportgen.mail.addresses import Address, clean, parse_address
from reportgen.mail.imports.columns import NAMES, Table, table_of
from reportgen.mail.imports.reading import (
    Context,
    Entry,
    NotTaken,
    NotUnderstood,
    Read,
    collect,
    language,
    many,
    named,
)
from reportgen.mail.imports.rows import Row, Rows, swallows
from reportgen.mail.imports.words import (
    Standing,
    attributes,
    by_channel,
    has_agreed,
    has_left,
    head,
    is_about_leaving,
    is_answer,
    is_consent,
    is_nothing,
    kind_by_head,
    may_be_about_leaving,
    meaning,
    says_gone,
    standing_by_group,
    standing_of,
)
from reportgen.mail.subscribers import Status, Subscriber

COLUMNS = ("email", "name", "language", "groups", "regions", "consent", "status", "reason")
"""Heads of what `export` writes."""


def read_tables(tables: Iterable[Rows], context: Context, sink: Sink) -> Read:
    """Return the people of tables; what hinders from reading one is an error in `sink`."""
    read, entries = Read(), list[Entry]()
    found = [rows for rows in tables if rows.rows]
    if not found:
        sink.error("no-rows", "there is nobody in this file", context.span(0))
    for rows in found:
        table = table_of(rows, context, read, sink)
        if table is not None:
            read.head, read.delimiter = table.head, table.delimiter
            read.kinds |= table.kinds if table.has_head else {}
            entries += _entries(table, context, read)
    if not sink.failed:
        collect(entries, read)
    return read


def _entries(table: Table, context: Context, read: Read) -> Iterator[Entry]:
    needed = [table.columns[key] for key in _needed(table)]
    return (Entry(row.line, row.cells, partial(_people, row, table, needed, context, read))
            for row in table.rows)


def _needed(table: Table) -> list[str]:
    """Return the kinds of columns in which an empty cell may be a no."""
    if _is_ours(table):
        return []

    def said(key: str) -> list[str]:
        return [cell for row in table.rows for cell in table.all(row, key)]

    words = {standing_of(cell) for cell in said("status")}
    unclear = {"subscribed": bool(said("subscribed")), "confirmed": bool(said("confirmed")),
               "consent": any(map(is_answer, said("consent"))),
               "status": Standing.ACTIVE in words and len(words) > 1}
    return [key for key, is_so in unclear.items() if is_so]


def _asking(row: Row, number: int) -> tuple[str, ...]:
    """Return a row's cells with a question mark in one, which is no answer when it is read again.

    The other rows, by which the question arose, are not beside it any more.
    """
    cells = [*row.cells, *[""] * (number + 1 - len(row.cells))]
    cells[number] = "?"
    return tuple(cells)


def _is_ours(table: Table) -> bool:
    """Whether it is what `export` writes: there a status is all that counts."""
    return tuple(map(head, table.head)) == COLUMNS


def _check(row: Row, table: Table) -> None:
    """Raise NotUnderstood if cells are not those of their columns."""
    if row.wrong:
        raise NotUnderstood(row.wrong)
    if swallows(row, len(table.head), table.delimiter):
        raise NotUnderstood("a quotation mark is opened here and closed far below: a cell holds "
                            "the rows between")
    if any(row.cells[len(table.head) :]):
        raise NotUnderstood("it has more cells than there are heads")


def _check_answered(row: Row, table: Table, needed: list[list[int]]) -> None:
    """Raise NotUnderstood if one of the columns that are needed says nothing of a person."""
    for numbers in needed:
        if all(is_nothing(cell) for n, cell in enumerate(row.cells) if n in numbers):
            raise NotUnderstood(f'the column "{table.head[numbers[0]]}" says nothing of this '
                                "person, and of others it does", _asking(row, numbers[0]))


def _people(row: Row, table: Table, needed: list[list[int]], context: Context,
            read: Read) -> tuple[Subscriber, ...]:
    """Return the person of a row, at the first of their addresses; who left did so at all of them.

    Raises NotUnderstood or BadAddress.
    """
    _check(row, table)
    if not any("@" in cell for cell in row.cells) and not table.all(row, "email"):
        read.without.append(row.line)
        raise NotTaken
    standing, reason = _standing(row, table, context, read)
    if standing is Standing.ACTIVE:
        _check_answered(row, table, needed)
    addresses = _addresses(row, table)
    if standing is Standing.UNCONFIRMED:
        read.unconfirmed += [address.mailbox for address in addresses]
        raise NotTaken
    status = _STATUS[standing]
    if status is Status.ACTIVE:
        for other in addresses[1:]:
            read.asides.append((row.line, f"{other.mailbox} is another address of "
                                f"{addresses[0].mailbox}; only the first is written to"))
        del addresses[1:]
    consent = ", ".join(filter(None, (_consent(row, table), table.one(row, "consent-source"))))
    return tuple(Subscriber(
        _named(address, row, table), language(table.one(row, "language"), row.line, read),
        context.groups | many(table.all(row, "groups")),
        _regions(row, table, context) if status is Status.ACTIVE else frozenset(),
        clean(consent or context.consent), f"{context.file}:{row.line}", status, reason)
        for address in addresses)


_STATUS = {Standing.ACTIVE: Status.ACTIVE, Standing.BOUNCED: Status.SUSPENDED,
           Standing.UNSUBSCRIBED: Status.UNSUBSCRIBED}


def _consent(row: Row, table: Table) -> str:
    """Return what a row says of when and how the person agreed; a plain yes with its question."""
    for key in ("consent", "subscribed"):
        for n in table.columns.get(key, ()):
            cell = row.cells[n] if n < len(row.cells) else ""
            if not is_nothing(cell):
                plain = is_answer(cell) and not _is_ours(table)
                return f"{table.head[n]}: {cell}" if plain else cell
    return ""


def _addresses(row: Row, table: Table) -> list[Address]:
    """Return the addresses of a row, each once. Raises NotUnderstood or BadAddress."""
    pieces = [piece for cell in table.all(row, "email")
              for piece in re.split(r"\s*(?: ::: |[;\n]|,(?=\s*[^\s,]+@))\s*", cell) if piece]
    if not pieces:
        raise NotUnderstood("there is no address")
    return list({address.key: address for address in reversed([*map(parse_address, pieces)])
                 }.values())[::-1]


def _named(address: Address, row: Row, table: Table) -> Address:
    """Return an address with the name of its row. Raises NotUnderstood."""
    name = _name(*(table.one(row, key) for key in NAMES))
    if not table.has_head and name and address.name:
        name = f"{address.name} {name}"  # a comma in "Rossi, Anna <anna@example.org>"
    return named(address, name)


def _name(full: str, first: str, last: str) -> str:
    """Return a person's name of what there is; a part that stands in another is not said again."""
    if full and ((first and last) or first == full or last == full):
        return full
    parts = {part: set(part.casefold().split()) for part in (first, full, last)}
    return " ".join(part for part in (first, full, last)
                    if part and not any(parts[part] < others for others in parts.values()))


def _standing(row: Row, table: Table, context: Context, read: Read) -> tuple[Standing, str]:
    """Return whether a row is about somebody who left, and why: the worst that a cell says.

    Raises NotUnderstood.
    """
    own = _is_ours(table)
    everybody = context.left or table.left or row.left
    found, unclear = {everybody or Standing.ACTIVE: ""}, ""
    for key, judge in ({"status": standing_of} if own else _JUDGES).items():
        for n in table.columns.get(key, ()):
            cell = row.cells[n] if n < len(row.cells) else ""
            if is_nothing(cell):
                continue
            standing = judge(cell)
            if standing is None:
                unclear = unclear or (f'"{cell}" in the column "{table.head[n]}": did this person '
                                      "leave, or not?")
            else:
                found.setdefault(standing, cell)
    for word in () if own else sorted(many(table.all(row, "groups"))):
        found.setdefault(standing_by_group(word) or Standing.ACTIVE, word)
        if standing_by_group(word) is None and is_about_leaving(word):
            unclear = unclear or f'"{word[:60]}": did this person leave, or not?'
    for text in () if own else table.all(row, "remarks"):
        if is_about_leaving(text):
            unclear = unclear or (f'"{" ".join(text.split())[:60]}" is remarked: did this person '
                                  "leave, or not?")
    for name, text in () if own else (
            one for cell in table.all(row, "attributes") for one in attributes(cell)):
        standing = _of_attribute(name, text)
        found.setdefault(standing or Standing.ACTIVE, text)
        unclear = unclear or ("" if standing else
                              f'"{name}: {text[:60]}": did this person leave, or not?')
    standing = max(found, key=list(Standing).index)
    if unclear and standing is not Standing.UNSUBSCRIBED:
        raise NotUnderstood(unclear)
    if standing is Standing.ACTIVE and not own:
        read.remarks += [(row.line, text) for text in table.all(row, "remarks")]
    reason = table.one(row, "reason") or found[standing]
    return standing, "" if standing is Standing.ACTIVE else reason


def _judge(answer: Callable[[str], bool | None], if_so: Standing,
           else_: Standing) -> Callable[[str], Standing | None]:
    def judge(cell: str) -> Standing | None:
        said = answer(cell)
        return None if said is None else if_so if said else else_

    return judge


def _of_subscription(else_: Standing) -> Callable[[str], Standing | None]:
    """Return what judges cells of a column that asks whether somebody is subscribed."""
    plain = _judge(has_agreed, Standing.ACTIVE, else_)

    def judge(cell: str) -> Standing | None:
        return (None if is_answer(cell) else standing_of(cell)) or plain(cell)

    return judge


def _of_attribute(name: str, text: str) -> Standing | None:
    """Return what an attribute says, as a column of its name would; None: it is not clear."""
    judge = _JUDGES.get(meaning(name) or kind_by_head(name, [text]))
    if is_nothing(text):
        return Standing.ACTIVE
    if judge:
        return judge(text)
    unclear = says_gone(text) or (is_answer(text) and may_be_about_leaving(name))
    return None if unclear else Standing.ACTIVE


def _of_reason(cell: str) -> Standing | None:
    """Return what any text in a column of reasons to leave means."""
    plain = has_left(cell)
    return Standing.ACTIVE if plain is False else Standing.BOUNCED


_JUDGES: dict[str, Callable[[str], Standing | None]] = {
    "unsubscribed": _judge(has_left, Standing.UNSUBSCRIBED, Standing.ACTIVE),
    "bounced": _judge(has_left, Standing.BOUNCED, Standing.ACTIVE),
    "reason-to-leave": _of_reason,
    "status": standing_of,
    "channel": by_channel,
    "allowed": _judge(has_agreed, Standing.ACTIVE, Standing.UNSUBSCRIBED),
    "subscribed": _of_subscription(Standing.UNSUBSCRIBED),
    "confirmed": _of_subscription(Standing.UNCONFIRMED),
    "consent": _judge(is_consent, Standing.ACTIVE, Standing.UNSUBSCRIBED)}
"""What a cell of each kind of column says of a person; None: that is not clear."""


def _regions(row: Row, table: Table, context: Context) -> frozenset[str]:
    """Return the codes of the regions of interest.

    Raises NotUnderstood if one is not known: nobody loses a wish.
    """
    found = set()
    for name in sorted(many(table.all(row, "regions"))):
        code = context.region(name)
        if code is None and _is_ours(table):
            code = name  # no longer in regions.toml, and a wish all the same
        if code is None:
            column = table.head[table.columns["regions"][0]]
            raise NotUnderstood(f'no region "{name}"; regions.toml has what is known, and --ignore '
                                f'"{column}" passes the column over')
        found.add(code)
    return frozenset(found)
