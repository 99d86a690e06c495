"""People of vCards (RFC 2426, RFC 6350, vCard 2.1), each card by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from reportgen.mail.addresses import parse_address
from reportgen.mail.imports.decoding import is_damaged, mended
from reportgen.mail.imports.reading import (
    Context,
    Entry,
    NotUnderstood,
    Read,
    collect,
    language,
    many,
    named,
    worst,
)
from reportgen.mail.imports.words import Standing, is_about_leaving, standing_by_group
from reportgen.mail.subscribers import Status, Subscriber


def read_cards(text: str, context: Context) -> Read:
    """Return the people of vCards; a card that is damaged is a bad row.

    Cards without an address are passed over: they are of a telephone book.
    """
    read = Read(vcards=True)
    without: list[int] = []

    def people(line: int, card: str) -> tuple[Subscriber, ...]:
        person = _person(card, context, line, read)
        if person is None:
            without.append(line)
        return (person,) if person else ()

    collect((Entry(line, (mended(card),), partial(people, line, card))
             for line, card in _cards(text)), read)
    if without:
        read.asides.append((without[0], f"cards without an address, passed over: {len(without)}"))
    return read


def _cards(text: str) -> Iterator[tuple[int, str]]:
    """Yield the first line's number and the text of each card, and of what stands outside of one.

    Files that were joined have a byte order mark in their middle.
    """
    lines = re.sub("\ufeff\\s*", "", re.sub("\r\n?", "\n", text)).split("\n")
    start, inside = 0, False
    for number, row in enumerate(lines):
        begins, ends = (row.strip().upper() == word for word in ("BEGIN:VCARD", "END:VCARD"))
        if begins or ends:
            last = number + 1 if ends else number
            if "".join(lines[start:last]).strip():
                yield start + 1, "\r\n".join(lines[start:last]) + "\r\n"
            start, inside = last, begins
    if inside or "".join(lines[start:]).strip():
        yield start + 1, "\r\n".join(lines[start:])


def _person(text: str, context: Context, line: int, read: Read) -> Subscriber | None:
    """Return who a card is about; None: it has no address. Raises NotUnderstood or BadAddress."""
    import vobject

    if is_damaged(text):
        raise NotUnderstood("bytes of it are not UTF-8; look at its letters")
    try:
        card = vobject.readOne(text, allowQP=True)
    except Exception as error:  # vobject raises whatever its parts raise
        raise NotUnderstood(f"the card is damaged: {error}") from error
    if card is None or card.name != "VCARD":
        raise NotUnderstood("the card is damaged: it has no end")
    emails = [row for row in sorted(card.contents.get("email", ()), key=_preference)
              if str(row.value).strip()]
    if not emails:
        return None
    address = parse_address(str(emails[0].value))
    read.asides += [(line, f"{row.value} is another address of {address.mailbox}; only the "
                     "preferred one is written to") for row in emails[1:]]
    name = str(card.fn.value) if "fn" in card.contents else ""
    if not name and "n" in card.contents:
        parts = card.n.value
        name = " ".join(" ".join(part if isinstance(part, list) else [str(part)])
                        for part in (parts.given, parts.family))
    groups = [str(word) for row in card.contents.get("categories", ()) for word in (
        row.value if isinstance(row.value, list) else [row.value])]
    spoken = str(card.contents["lang"][0].value) if "lang" in card.contents else ""
    notes = [str(row.value) for row in card.contents.get("note", ())]
    for text in [*notes, *(w for w in many(groups) if standing_by_group(w) is None)]:
        if is_about_leaving(text):
            raise NotUnderstood(f'"{" ".join(text.split())[:60]}": did this person leave, or not?')
    status = worst(_STATUS[found] for word in many(groups)
                   if (found := standing_by_group(word)) in _STATUS)
    return Subscriber(named(address, name), language(spoken, line, read),
                      context.groups | many(groups), frozenset(), context.consent,
                      f"{context.file}:{line}", status,
                      "" if status is Status.ACTIVE else status.value)


_STATUS = {Standing.BOUNCED: Status.SUSPENDED, Standing.UNSUBSCRIBED: Status.UNSUBSCRIBED}


def _preference(row: object) -> int:
    """Return how much an address is preferred: 1 most (RFC 6350, 5.3; RFC 2426, TYPE=pref)."""
    given = {str(k).upper(): v for k, v in getattr(row, "params", {}).items()}
    number = next(iter(given.get("PREF", ())), "")
    if str(number).isdecimal():
        return int(number)
    types = {str(t).upper() for t in given.get("TYPE", ())}
    singles = {str(t).upper() for t in getattr(row, "singletonparams", ())}
    return 1 if "PREF" in types | singles else 100
