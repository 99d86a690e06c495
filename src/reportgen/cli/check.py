"""`reportgen check`: everything that build would say, and nothing written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.cli.build import add_choices
from reportgen.cli.output import diagnostics_json, print_diagnostics
from reportgen.cli.progress import clock_of
from reportgen.diagnostics import ExitStatus, Severity


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "check", help="say what is wrong with an issue or brief, and write nothing",
        epilog="example: reportgen check inputs/2019-04 --format json")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("--format", choices=("text", "json"), default="text")
    add_choices(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Check, and print what was found."""
    from reportgen.pipeline import check

    with clock_of(sys.stderr) as clock:
        found = check(arguments.path, tuple(arguments.brief), tuple(arguments.edition),
                      clock=clock)
    if arguments.format == "json":
        print(diagnostics_json(found))
    else:
        print_diagnostics(found)
    bad = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return ExitStatus.INPUT if any(d.severity in bad for d in found) else ExitStatus.OK
