"""`reportgen subscribers`: who gets the bulletin."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics, print_rows
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.addresses import Address
    from reportgen.mail.subscribers import Subscribers
    from reportgen.series import Series

MAX_BYTES = 200_000_000


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its kinds."""
    command = subparsers.add_parser(
        "subscribers", help="import, list, remove and export who gets the bulletin",
        epilog="example: reportgen subscribers import people.csv --series inputs")
    kinds = command.add_subparsers(title="what to do", metavar="WHAT", required=True)

    def kind(name: str, words: str, example: str) -> argparse.ArgumentParser:
        parser = kinds.add_parser(name, help=words,
                                  epilog=f"example: reportgen subscribers {example}")
        parser.add_argument("--series", type=Path, default=Path(), metavar="DIR",
                            help="a folder of the series (default: the current one)")
        parser.set_defaults(run=run, kind=name)
        return parser

    importing = kind("import", "take people from a list: CSV, Excel, vCard, LDIF, addresses",
                     'import people.csv --consent "form on the website, 2019"')
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument("--group", action="append", default=[], metavar="NAME",
                           help="everybody in the file joins it; may be repeated")
    importing.add_argument("--consent", default="", metavar="TEXT",
                           help="when and how they agreed, where the file does not say")
    importing.add_argument("--column", action="append", default=[], metavar="HEAD=KIND",
                           help="what this column is, as in Aktiv?=subscribed; kept in lists.toml "
                           "for the next time; may be repeated")
    importing.add_argument("--ignore", action="append", default=[], metavar="HEAD",
                           help="this column says nothing of a person; may be repeated")
    importing.add_argument("--left", action="store_true",
                           help="everybody in the file left, or does not want it")
    importing.add_argument("--sheet", action="append", default=[], metavar="NAME",
                           help="read this sheet of a workbook; may be repeated")
    importing.add_argument("--strict", action="store_true",
                           help="take nobody if a row is not understood")
    adding = kind("add", "take one person, also one who left and comes back",
                  'add anna@example.org --name "Anna Rossi" --consent "letter, 3 May 2019"')
    adding.add_argument("address", metavar="ADDRESS")
    adding.add_argument("--name", default="", metavar="NAME")
    adding.add_argument("--group", action="append", default=[], metavar="NAME")
    adding.add_argument("--region", action="append", default=[], metavar="REGION")
    adding.add_argument("--language", default="", metavar="CODE")
    adding.add_argument("--consent", required=True, metavar="TEXT", help="when and how they agreed")
    listing = kind("list", "print who is subscribed", "list --group press")
    listing.add_argument("--group", default="", metavar="NAME")
    removing = kind("remove", "unsubscribe people, or forget them",
                    "remove anna@example.org --erase")
    removing.add_argument("address", nargs="+", metavar="ADDRESS")
    removing.add_argument("--erase", action="store_true",
                          help="delete all that is known of them; a hash stays, so that no "
                          "import brings them back")
    resuming = kind("resume", "write again to somebody whose mail came back",
                    "resume anna@example.org")
    resuming.add_argument("address", nargs="+", metavar="ADDRESS")
    exporting = kind("export", "print all subscribers as CSV", "export -o people.csv")
    exporting.add_argument("-o", "--output", type=Path, metavar="FILE")
    returned = kind("bounces", "read the mail that came back, and requests to unsubscribe",
                    "bounces --maildir Maildir")
    returned.add_argument("--maildir", type=Path, metavar="DIR",
                          help="read this Maildir (default: the mailbox of mail.toml)")


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Do what is asked, and print what was done."""
    from reportgen.mail.extra import require_extra

    require_extra()
    from reportgen.mail.api import open_list

    sink = Sink()
    _check_texts(arguments, sink)
    if arguments.kind == "bounces":
        return _bounces(arguments)
    with open_list(arguments.series) as (series, subscribers):
        work = {"import": _import, "add": _add, "list": _list, "remove": _remove,
                "resume": _resume, "export": _export}[arguments.kind]
        status = work(arguments, subscribers, series, sink)
    print_diagnostics(sink)
    return ExitStatus.INPUT if sink.failed else status or ExitStatus.OK


def _check_texts(arguments: argparse.Namespace, sink: Sink) -> None:
    """Refuse what cannot be stored: half letters, and separators in a group's name."""
    groups = getattr(arguments, "group", [])
    texts = [*groups, *(str(getattr(arguments, key, "")) for key in ("name", "consent",
                                                                    "language"))]
    if any("\ud800" <= c <= "\udfff" for text in texts for c in text):
        sink.error("encoding", "this is no text in UTF-8", Span("command line"))
    for group in groups if isinstance(groups, list) else ():
        if not group.strip() or any(c in ",;|\n" for c in group):
            sink.error("group", f'"{group}" is no name of a group', Span("command line"),
                       "commas, semicolons and bars part one group from the next")
    if sink.failed:
        raise ReportgenError(sink)


def _import(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
            sink: Sink) -> ExitStatus | None:
    """Take the people of a file; rows that were not understood are kept beside it.

    Returns status 4 if there were such rows.
    """
    from reportgen.mail.api import now
    from reportgen.mail.imports import Context, Read, bad_as_text, read_list
    from reportgen.mail.imports.mapping import FILE, Kept, keep, read_mappings
    from reportgen.mail.imports.words import Standing
    from reportgen.workspace import PRIVATE, write_all

    path: Path = arguments.file
    span = Span(str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            sink.error("too-large", "this is no list of people: it is too large", span)
            return None
        data = path.read_bytes()
    except OSError as error:
        sink.error("unreadable", f"it cannot be read: {error.strerror or error}", span)
        return None
    folder = series.workspace.root
    known = read_mappings(folder, sink)
    context = Context(str(path), _region_finder(series), arguments.consent.strip(),
                      frozenset(g.strip() for g in arguments.group), _columns(arguments, sink),
                      tuple(one.columns for one in known),
                      Standing.UNSUBSCRIBED if arguments.left else None,
                      frozenset(arguments.sheet))
    read = Read() if sink.failed else read_list(data, context, sink)
    if sink.failed:
        return None
    if read.bad and not read.people and not read.unconfirmed:
        sink.error("bad-rows", "no row was understood; nobody was taken", span)
        return None
    if read.bad and arguments.strict:
        sink.error("bad-rows", f"{len(read.bad)} rows were not understood; nobody was taken", span)
        return None
    for name, what in read.kinds.items():
        print(f"  {name}  {what}", file=sys.stderr)
    results = Counter(r.value for r in subscribers.take(read.people, now()))
    counts = [f"{n} {name}" for name, n in sorted(results.items())]
    counts += [f"{len(read.unconfirmed)} not confirmed, not taken"] * bool(read.unconfirmed)
    counts += [f"{read.repeated} repeated"] * bool(read.repeated)
    if keep(folder, known, Kept(path.name, read.kinds)):
        sink.note("columns", f"what each column was taken for is in {FILE}; what you correct "
                  "there is followed the next time", Span(FILE))
    if read.bad:
        kept = _free_name(path, ".vcf" if read.vcards else ".csv")
        try:
            # Excel knows UTF-8 by its mark.
            write_all({kept: bad_as_text(read).encode("utf-8-sig")}, PRIVATE)
        except OSError as error:
            print(", ".join(counts) or "nobody")
            sink.error("cannot-write", f"it cannot be written: {error.strerror}", Span(str(kept)),
                       f"{len(read.bad)} rows were not understood; the others are taken")
            raise ReportgenError(sink, ExitStatus.OUTPUT) from error
        sink.note("kept", f"rows that were not understood: {len(read.bad)}", Span(str(kept)),
                  "mend them there, and import that file")
        counts.append(f"{len(read.bad)} not understood")
    print(", ".join(counts) or "nobody")
    return ExitStatus.MAIL if read.bad else None


def _columns(arguments: argparse.Namespace, sink: Sink) -> dict[str, str]:
    """Return what the editor says that columns are, by their heads, squeezed."""
    from reportgen.mail.imports.columns import KINDS
    from reportgen.mail.imports.words import head, squeezed

    found = {squeezed(head(name)): "ignored" for name in arguments.ignore}
    for text in arguments.column:
        name, _, kind = text.rpartition("=")
        if kind.strip() not in KINDS or not name.strip():
            sink.error("column", f'"{text}" does not say what a column is', Span("command line"),
                       'as in: --column "Aktiv?=subscribed"', f"known are: {', '.join(KINDS)}")
        found[squeezed(head(name))] = kind.strip()
    return found


def _free_name(path: Path, ending: str) -> Path:
    """Return a name beside a list for its bad rows that nothing has yet."""
    number = 1
    while True:
        suffix = "-not-imported" + (f"-{number}" if number > 1 else "") + ending
        if not (path.parent / (path.stem + suffix)).exists():
            return path.parent / (path.stem + suffix)
        number += 1


def _region_finder(series: Series) -> Callable[[str], str | None]:
    """Return what finds a region's code by any of its names."""
    from reportgen.reading.regions import RegionTable

    table = RegionTable(series.regions)

    def find(name: str) -> str | None:
        region = table.find(name)
        return region.code if region else None

    return find


def _add(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
         sink: Sink) -> None:
    """Take one person, whatever was before: they asked for it."""
    from difflib import get_close_matches

    from reportgen.mail.addresses import Address, clean
    from reportgen.mail.api import now
    from reportgen.mail.imports import language_of
    from reportgen.mail.subscribers import Status, Subscriber

    address = _address(arguments.address, sink)
    find = _region_finder(series)
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


def _list(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
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


def _remove(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
            sink: Sink) -> None:
    """Unsubscribe or erase each address."""
    from reportgen.mail.api import now, open_ledger
    from reportgen.mail.ledger.store import FILE
    from reportgen.mail.lock import only_sender

    for text in arguments.address:
        address = _address(text, sink)
        if address is None:
            continue
        known = subscribers.find_key(address.key) is not None
        if arguments.erase:
            with only_sender(series.workspace.root):  # not between a message and its answer
                if (series.workspace.root / FILE).is_file():
                    with open_ledger(arguments.series) as ledger:
                        ledger.forget(address.key)
                subscribers.erase(address, now())
        else:
            subscribers.unsubscribe(address, "by the editor", now())
        if not known:
            _suggest(address.mailbox, subscribers)
        done = "erased" if arguments.erase else "unsubscribed"
        print(f"{address.mailbox}  {done}" + ("" if known else ", and was not on the list"))


def _suggest(mailbox: str, subscribers: Subscribers) -> None:
    """Name an address on the list that is nearly that one."""
    from difflib import get_close_matches

    near = get_close_matches(mailbox, [p.address.mailbox for p in subscribers.all()], 1, 0.8)
    if near:
        print(f"{mailbox} was not on the list; did you mean {near[0]}?", file=sys.stderr)


def _resume(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
            sink: Sink) -> None:
    """Take back who was suspended."""
    from reportgen.mail.api import now

    for text in arguments.address:
        address = _address(text, sink)
        if address is not None and subscribers.resume(address, now()):
            print(f"{address.mailbox}  active")
        elif address is not None:
            sink.error("not-suspended", f"{address.mailbox} is not suspended",
                       Span("command line"), "who left comes back with: subscribers add")


def _export(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
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


def _bounces(arguments: argparse.Namespace) -> ExitStatus:
    """Read returned mail; print a row for each that was not read before."""
    from reportgen.mail.api import open_session, read_returned

    sink = Sink()
    with open_session(arguments.series, sink) as session:
        count = print_rows((row.kind.value, row.address, row.done)
                           for row in read_returned(session, arguments.maildir, sink))
    if not count:
        print("nothing new", file=sys.stderr)
    print_diagnostics(sink)
    return ExitStatus.OK


def _address(text: str, sink: Sink) -> Address | None:
    from reportgen.mail.addresses import BadAddress, parse_address

    try:
        return parse_address(text)
    except BadAddress as error:
        sink.error("bad-address", f"{text}: {error}", Span("command line"))
        return None
