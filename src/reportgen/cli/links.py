"""`reportgen links`: ask for the sources of an issue, and write its lock file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.citations.locked import Lock, SourceState
from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "links", help="ask for the sources of an issue, and note what they say of themselves",
        epilog="example: reportgen links inputs/2019-04")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("--again", action="store_true",
                         help="ask for what was found before, too")
    command.add_argument("--no-archive", action="store_true",
                         help="do not ask the Internet Archive for copies")
    command.add_argument("--allow-private", action="store_true",
                         help="ask addresses of this machine and of private networks, too")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Ask, write the lock file, and print its path."""
    from reportgen.pipeline import addresses_of
    from reportgen.reading.locked import written_lock
    from reportgen.workspace import write_all

    sink = Sink()
    found, lock, path = addresses_of(arguments.path, sink)
    if sink.failed or path is None:
        raise ReportgenError(sink)
    lock = _asked(found, lock, arguments, sink)
    print_diagnostics(sink)
    write_all({path: written_lock(lock)})
    print(path)
    return ExitStatus.OK


def _asked(found: dict[str, Span], lock: Lock, arguments: argparse.Namespace,
           sink: Sink) -> Lock:
    from reportgen.linking.fetching import Fetcher, Private
    from reportgen.linking.links import ARCHIVE, asked

    wanted = [a for a in found if arguments.again or a not in lock.entries
              or lock.entries[a].state is not SourceState.FOUND]
    fetcher = Fetcher(Private.ASKED if arguments.allow_private else Private.REFUSED)

    def told(address: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{address[:70]}", end="", file=sys.stderr)

    lock = asked(wanted, lock, fetcher, "" if arguments.no_archive else ARCHIVE, told)
    for address in wanted:
        entry = lock.entries[address]
        if entry.state is SourceState.DEAD:
            sink.warning("dead-source", f"{address}: {entry.why}", found[address],
                         f"a copy: {entry.archive}" if entry.archive
                         else "look for another address, or for a copy")
        elif entry.state is SourceState.UNKNOWN:
            sink.note("unchecked-source", f"{address}: {entry.why}; a reader may get the page",
                      found[address], "open it in a browser")
    return lock
