"""`reportgen cites`: the notes of an issue, what each cites, and how sure that is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "cites", help="list the notes of an issue or brief and what they cite",
        epilog="example: reportgen cites inputs/2019-04 --format table")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("--format", choices=("table", "json"), default="table")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Read the briefs, and print their citations."""
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
