"""`subscribers`: one person or some, by their addresses."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.subscribers.shared import address_of, region_finder
from reportgen.diagnostics import Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.addresses import Address
    from reportgen.mail.subscribers import Subscribers
    from reportgen.series import Series


def add(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
         sink: Sink) -> None:
    """Take one person, whatever was before: they asked for it."""
    from difflib import get_close_matches

    from reportgen.mail.addresses import Address, clean
    from reportgen.mail.api import now
    from reportgen.mail.imports import language_of
    from reportgen.mail.subscribers import Status, Subscriber

    address = address_of(arguments.address, sink)
    find = region_finder(series)
    regions = {name: find(name) for name in arguments.region}
    for name, code in regions.items():
        if code is None:
            near = get_close_matches(name, [region.name for region in series.regions.values()], 1)
            sink.error("unknown-region", f'no region "{name}"', Span("command line"),
                       f'did you mean "{near[0]}"?' if near else "regions.toml has what is known")
    language = language_of(arguments.language)
    if arguments.language.strip() and not language:
        sink.error("language", f'no language "{arguments.language}"', Span("command line"),
                   "write it as en, it, fr, de, es, ru, pt, pl, uk, tr, ar")
    if not arguments.consent.strip():
        sink.error("no-consent", "say when and how they agreed", Span("command line"),
                   '--consent "letter of 3 May 2019"')
    if address is None or sink.failed:
        return
    before = subscribers.find(address)
    active = before is not None and before.status is Status.ACTIVE
    subscribers.readmit(Subscriber(
        Address(address.mailbox, clean(arguments.name) or address.name),
        language, frozenset(g.strip() for g in arguments.group),
        frozenset(c for c in regions.values() if c),
        clean(arguments.consent), "command line"), now())
    print(f"{address.mailbox}  {'updated' if active else 'added'}")


def list_all(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
          sink: Sink) -> None:
    """Print a row for each person."""
    wanted = arguments.group.strip().casefold()
    people = [p for p in subscribers.all()
              if not wanted or wanted in {g.casefold() for g in p.groups}]
    for person in people:
        cells = (person.address.mailbox, person.address.name, person.language,
                 ", ".join(sorted(person.groups)), ", ".join(sorted(person.regions)),
                 person.reason or person.status.value)
        print("\t".join(cells))
    counts = Counter(p.status.value for p in people)
    print(", ".join(f"{n} {name}" for name, n in sorted(counts.items())) or "nobody",
          file=sys.stderr)


def remove(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
           sink: Sink) -> None:
    """Unsubscribe or erase each address."""
    from reportgen.mail.api import now

    for address in _meant(arguments, series, sink):
        known = subscribers.find_key(address.key) is not None
        if arguments.erase:
            _erase(arguments, address, subscribers, series)
        else:
            subscribers.unsubscribe(address, "by the editor", now())
        if not known:
            _suggest(address.mailbox, subscribers)
        done = "erased" if arguments.erase else "unsubscribed"
        print(f"{address.mailbox}  {done}" + ("" if known else ", and was not on the list"))


def _erase(arguments: argparse.Namespace, address: Address, subscribers: Subscribers,
           series: Series) -> None:
    """Forget somebody in the list and in the ledger, also by former addresses."""
    from reportgen.mail.api import now, open_ledger
    from reportgen.mail.ledger.store import FILE
    from reportgen.mail.lock import only_sender

    with only_sender(series.workspace.root):  # not between a message and its answer
        if (series.workspace.root / FILE).is_file():
            with open_ledger(arguments.series) as ledger:
                for key in (address.key, *subscribers.former(address.key)):
                    ledger.forget(key)
        subscribers.erase(address, now())


def _meant(arguments: argparse.Namespace, series: Series, sink: Sink) -> list[Address]:
    """Return who is named one by one, by a file, or by what an issue's mailings say of them."""
    found = [address for text in arguments.address if (address := address_of(text, sink))]
    if arguments.file:
        found += _in_file(arguments.file, sink)
    rejected = getattr(arguments, "rejected_in", None)
    if rejected:
        found += _rejected_in(rejected, series, sink)
    if not (found or sink.failed):
        sink.error("nobody", "nobody is named", Span("command line"), "name an ADDRESS, or --file")
    return [] if sink.failed else list({a.key: a for a in found}.values())


def _in_file(path: Path, sink: Sink) -> list[Address]:
    """Return the addresses of a list."""
    from reportgen.mail.imports import Context, read_list
    from reportgen.mail.imports.words import Standing

    try:
        data = path.read_bytes()
    except OSError as error:
        sink.error("unreadable", f"it cannot be read: {error.strerror or error}", Span(str(path)))
        return []
    read = read_list(data, Context(str(path), lambda name: name, left=Standing.UNSUBSCRIBED), sink)
    return [person.address for person in read.people]


def _rejected_in(path: Path, series: Series, sink: Sink) -> list[Address]:
    """Return whom the server refused when an issue was mailed."""
    from reportgen.mail.addresses import parse_address
    from reportgen.mail.api import issue_of, open_ledger
    from reportgen.mail.ledger.campaign import State

    issue = issue_of(series.workspace.root, path)
    with open_ledger(series.workspace.root) as ledger:
        campaigns = ledger.campaigns(issue)
        if not campaigns:
            sink.error("no-mailing", f"{issue} was not mailed", Span(str(path)))
        return [parse_address(d.rcpt) for campaign in campaigns
                for d in ledger.deliveries(campaign, State.REJECTED) if d.rcpt]


def _suggest(mailbox: str, subscribers: Subscribers) -> None:
    """Name an address on the list that is nearly that one."""
    from difflib import get_close_matches

    near = get_close_matches(mailbox, [p.address.mailbox for p in subscribers.all()], 1, 0.8)
    if near:
        print(f"{mailbox} was not on the list; did you mean {near[0]}?", file=sys.stderr)


def resume(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
           sink: Sink) -> None:
    """Take back who was suspended."""
    from reportgen.mail.api import now

    named = len(arguments.address) > 0
    for address in _meant(arguments, series, sink):
        if subscribers.resume(address, now()):
            print(f"{address.mailbox}  active")
        elif named:
            sink.error("not-suspended", f"{address.mailbox} is not suspended",
                       Span("command line"), "who left comes back with: subscribers add")
        else:
            print(f"{address.mailbox}  is not suspended")


def change(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
           sink: Sink) -> None:
    """Give somebody another address; nobody gets an issue twice by that."""
    from reportgen.mail.api import now
    from reportgen.mail.lock import only_sender

    old, new = address_of(arguments.address, sink), address_of(arguments.new, sink)
    if old is None or new is None:
        return
    with only_sender(series.workspace.root):  # not between a message and its answer
        why = subscribers.change(old, new, now())
    if why:
        sink.error("not-changed", f"{old.mailbox}: {why}", Span("command line"))
        _suggest(old.mailbox, subscribers)
    else:
        print(f"{old.mailbox}  is now {new.mailbox}")


def leave(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
          sink: Sink) -> None:
    """Take people out of a group; they stay on the list."""
    from reportgen.mail.api import now

    for text in arguments.address:
        address = address_of(text, sink)
        if address is None:
            continue
        if subscribers.leave_group(address, arguments.group.strip(), now()):
            print(f"{address.mailbox}  left {arguments.group}")
        else:
            sink.error("no-group", f"{address.mailbox} is not in a group {arguments.group}",
                       Span("command line"))


def export(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
            sink: Sink) -> None:
    """Print everybody as CSV, or write it to a file that is not there yet."""
    from reportgen.mail.imports import as_csv
    from reportgen.workspace import PRIVATE, write_all

    text = as_csv(subscribers.all())
    if arguments.output is None:
        sys.stdout.write(text)
    elif arguments.output.exists():
        sink.error("exists", "there is such a file already", Span(str(arguments.output)),
                   "name another one")
    else:
        write_all({arguments.output: text.encode("utf-8-sig")}, PRIVATE)
        print(arguments.output)
