"""What reading a list of people needs and gives, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Span
from reportgen.mail.addresses import Address, BadAddress, clean, parse_address
from reportgen.mail.imports.words import Standing, language_of
from reportgen.mail.subscribers import Status, Subscriber

_MANY = re.compile(r"\s*(?: ::: |[;,|\n])\s*")


class BadRow(Struct, frozen=True):
    """A row that was not understood."""

    line: int
    reason: str
    cells: tuple[str, ...]


class Read(Struct):
    """What a file says."""

    people: list[Subscriber] = field(default_factory=list)
    """In the order of the file; each address once."""
    bad: list[BadRow] = field(default_factory=list)
    head: tuple[str, ...] = ()
    """Heads of the columns; what was guessed, if the file has none."""
    asides: list[tuple[int, str]] = field(default_factory=list)
    """Lines with something that was passed over, and what."""
    delimiter: str = ","
    """What parts the cells of a row."""
    vcards: bool = False
    """Whether it is vCards."""
    unconfirmed: list[str] = field(default_factory=list)
    """Addresses of people who have not confirmed that they want it: not taken."""
    remarks: list[tuple[int, str]] = field(default_factory=list)
    """Lines with a remark in which nothing was found that says that somebody left."""
    without: list[int] = field(default_factory=list)
    """Lines that have no address: of a telephone book."""
    kinds: dict[str, str] = field(default_factory=dict)
    """What each column was taken for, by its head."""
    repeated: int = 0
    """Rows about an address that an earlier row has; what they add was added to that."""


class Context(Struct, frozen=True):
    """What a list is read with."""

    file: str
    """Name of the file, as the editor knows it."""
    region: Callable[[str], str | None]
    """The code of a region by any of its names."""
    consent: str = ""
    """When and how everybody in the file agreed, where a row does not say."""
    groups: frozenset[str] = frozenset()
    """Groups that everybody in the file joins."""
    columns: dict[str, str] = {}
    """Kinds of columns by their heads, squeezed, as the editor says."""
    kept: tuple[dict[str, str], ...] = ()
    """What the columns of lists were taken for before, by their heads (lists.toml)."""
    left: Standing | None = None
    """What the editor says of everybody in the file, if they left."""
    sheets: frozenset[str] = frozenset()
    """Names of the sheets of a workbook to read; none: the one that has addresses."""

    def span(self, line: int) -> Span:
        """Return a line of the file."""
        return Span(self.file, line)


class NotUnderstood(Exception):
    """A row cannot be taken; the words say why. `cells` are what is kept of it, if not its own."""

    def __init__(self, why: str, cells: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.cells = cells


class NotTaken(Exception):
    """A row is understood, and about somebody who is not taken."""


class Entry(Struct, frozen=True):
    """A row or card, and what makes people of it."""

    line: int
    cells: tuple[str, ...]
    people: Callable[[], Iterable[Subscriber]]
    """Raises NotUnderstood or BadAddress."""


def collect(entries: Iterable[Entry], read: Read) -> None:
    """Add the people of all entries to `read`, each once; what is not understood is a bad row.

    So are all rows about an address that stands in a bad one: it may say that they left.
    """
    entries_of: dict[str, list[Entry]] = {}
    people: dict[str, Subscriber] = {}
    for entry in entries:
        try:
            found = tuple(entry.people())
        except BadAddress as error:
            read.bad.append(BadRow(entry.line, f'"{error.text[:60]}": {error}', entry.cells))
            continue
        except NotTaken:
            continue
        except NotUnderstood as error:
            read.bad.append(BadRow(entry.line, str(error), error.cells or entry.cells))
            continue
        for person in found:
            key = person.address.key
            entries_of.setdefault(key, []).append(entry)
            read.repeated += key in people
            people[key] = _both(people[key], person) if key in people else person
    for bad in tuple(read.bad):
        for key in _addresses_in(bad.cells) & set(people):
            if people[key].status is Status.ACTIVE:
                del people[key]
                read.bad += [BadRow(entry.line, f"line {bad.line} has this address as well and was "
                                    "not understood", entry.cells) for entry in entries_of[key]]
    read.bad.sort(key=lambda row: row.line)
    read.people = list(people.values())


_ADDRESS = re.compile(r"[^\s<>()'\",;:|]+@[^\s<>()'\",;:|]+")


def _addresses_in(cells: Iterable[str]) -> set[str]:
    """Return the keys of all addresses that stand in cells."""
    found = set()
    for text in _ADDRESS.findall("\n".join(cells)):
        with suppress(BadAddress):
            found.add(parse_address(text).key)
    return found


def _both(before: Subscriber, person: Subscriber) -> Subscriber:
    """Return a person with what their second row adds to the first."""
    gone = before if worst((before.status, person.status)) is before.status else person
    return replace(
        before, address=Address(before.address.mailbox,
                                before.address.name or person.address.name),
        language=before.language or person.language, groups=before.groups | person.groups,
        regions=before.regions | person.regions, consent=before.consent or person.consent,
        status=gone.status, reason=gone.reason)


def worst(found: Iterable[Status]) -> Status:
    """Return what counts of all that is said about somebody: that they left, if they did."""
    order = (Status.ACTIVE, Status.SUSPENDED, Status.UNSUBSCRIBED)
    return max(found, key=order.index, default=Status.ACTIVE)


def is_address(text: str) -> bool:
    """Whether something is an address, with or without a name."""
    try:
        parse_address(text)
    except BadAddress:
        return False
    return True


def named(address: Address, name: str) -> Address:
    """Return an address with a name that stands beside it.

    Programs put the address where they know no name: that is none. Raises
    NotUnderstood if the name has somebody else's address in it: two people in a row.
    """
    for found in _ADDRESS.findall(name):
        if found.casefold() != address.mailbox.casefold():
            raise NotUnderstood(f'the name "{name}" has an address in it; is it a person more?')
        name = re.sub(rf"[<('\"]*{re.escape(found)}[>)'\"]*", "", name)
    return Address(address.mailbox, clean(name) or address.name)


def many(cells: Iterable[str]) -> frozenset[str]:
    """Return the names in cells that hold several."""
    words = (piece.strip(' *"').strip() for cell in cells for piece in _MANY.split(cell))
    return frozenset(word for word in words if word and word.lower() != "mycontacts")


def language(text: str, line: int, read: Read) -> str:
    """Return the code of a language; one that is not known is told."""
    code = language_of(text)
    if text.strip() and not code:
        read.asides.append((line, f'no language "{text}": write it as en, it, fr, de, es, ru, pt, '
                                  "pl, uk, tr, ar"))
    return code
