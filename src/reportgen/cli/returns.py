"""`reportgen returns`: the mail that came back, read each day."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics, print_rows
from reportgen.diagnostics import ExitStatus, Sink
from reportgen.mail.extra import require_extra

if TYPE_CHECKING:
    from reportgen.mail.returns.processor import Returned


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "returns", help="read the mail that came back: bounces, complaints, wishes to leave",
        epilog="example: reportgen returns inputs")
    command.add_argument("path", type=Path, metavar="PATH", nargs="?", default=Path(),
                         help="a folder of the series (default: the current one)")
    command.add_argument("--maildir", type=Path, metavar="DIR",
                         help="read this Maildir (default: the mailbox of mail.toml)")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Read returned mail; print a row for each that was not read before."""
    require_extra()
    from reportgen.mail.api import open_session, read_returned

    sink = Sink()
    with open_session(arguments.path, sink) as session:
        rows = read_returned(session, arguments.maildir, sink)
        count = _print_json(rows) if arguments.format == "json" else print_returned(rows)
    if not count and arguments.format == "text":
        print("nothing new", file=sys.stderr)
    print_diagnostics(sink)
    return ExitStatus.OK


def print_returned(rows: Iterable[Returned]) -> int:
    """Print what each mail said and what was done; return how many there were."""
    return print_rows((row.kind.value, row.address, row.done) for row in rows)


def _print_json(rows: Iterable[Returned]) -> int:
    """Print an object a line, as soon as it is done (JSON Lines)."""
    count = 0
    for row in rows:
        print(json.dumps({"kind": row.kind.value, "address": row.address, "done": row.done},
                         ensure_ascii=False), flush=True)
        count += 1
    return count
