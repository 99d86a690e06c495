"""`reportgen cites`: the notes of an issue, what each cites, and how sure that is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.citations.decisions import Become, DecidedSource
    from reportgen.citations.locked import Lock
    from reportgen.composing.cited import Cited


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "cites", help="list the notes of an issue or brief and what they cite",
        epilog="example: reportgen cites inputs/2019-04 --format table")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("--format", choices=("table", "json"), default="table")
    command.add_argument("--confirm", action="append", default=[], metavar="ADDRESS",
                         help="decide that what links has found of ADDRESS, or of all, is right")
    command.add_argument("--as-note", action="append", default=[], metavar="PLACE",
                         help="decide that the brackets at PLACE (file:line:column) are a citation")
    command.add_argument("--as-text", action="append", default=[], metavar="PLACE",
                         help="decide that the brackets at PLACE stay in the text")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Read the briefs, and print their citations."""
    if arguments.confirm or arguments.as_note or arguments.as_text:
        return _decide(arguments)
    from reportgen.pipeline import citations_of

    sink = Sink()
    rows = citations_of(arguments.path, sink)
    if sink.failed:
        raise ReportgenError(sink)
    print_diagnostics(sink)
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return ExitStatus.OK
    for row in rows:
        number = f"note {row['note']}" if row["note"] else "stays"
        print(f"{row['place']}  {number}  [{row['confidence']}]  {row['prints']}")
        for key in ("author", "title", "container", "issued", "url"):
            if row[key]:
                print(f"    {key:<10}{row[key]}")
    return ExitStatus.OK


def _decide(arguments: argparse.Namespace) -> ExitStatus:
    """Add what was decided to decisions.toml, and print its path."""
    from reportgen.citations.decisions import Become
    from reportgen.pipeline import decisions_file
    from reportgen.reading.decisions import with_citations, with_sources
    from reportgen.workspace import write_whole

    sink = Sink()
    found = decisions_file(arguments.path, sink)
    if sink.failed or found is None:
        raise ReportgenError(sink)
    path, text, rows, lock = found
    sources = _confirmed(arguments.confirm, lock, path, sink)
    citations = [decided for places, become in ((arguments.as_note, Become.NOTE),
                                                (arguments.as_text, Become.TEXT))
                 for place in places for decided in _at(place, rows, become, sink)]
    if sink.failed:
        raise ReportgenError(sink)
    if sources or citations:
        write_whole(path, with_citations(with_sources(text, sources), citations).encode())
    print(path)
    return ExitStatus.OK


def _confirmed(wanted: list[str], lock: Lock, path: Path, sink: Sink) -> dict[str, DecidedSource]:
    """Return what the lock file says of addresses about which nothing was decided yet."""
    from reportgen.citations.decisions import DecidedSource

    names = [a for a, entry in lock.entries.items() if entry.title] if "all" in wanted else wanted
    for name in names:
        if name not in lock.entries and name not in lock.decided:
            sink.error("no-such-source", f"{name} is not in links.json", Span(str(path)),
                       "write the address as the file has it, or: --confirm all")
    return {name: DecidedSource(title=entry.title, author=entry.author, site=entry.site,
                                date=entry.date)
            for name in names if name not in lock.decided and (entry := lock.entries.get(name))}


def _at(place: str, rows: list[Cited], become: Become,
        sink: Sink) -> list[tuple[str, str, Become]]:
    """Return the decision about each citation at a place, as `cites` prints it."""
    found = {(row.brief, row.words): None for row in rows if str(row.span) == place and row.words}
    if not found:
        sink.error("no-citation", f"no brackets that may be a citation stand at {place}",
                   Span(place), "write the place as reportgen cites prints it")
    return [(brief, words, become) for brief, words in found]
