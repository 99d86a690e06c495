"""`reportgen check`: everything that build would say, and nothing written."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff
from pathlib import Path

from reportgen.cli.build import add_choices
from reportgen.cli.output import diagnostics_json, print_diagnostics
from reportgen.cli.progress import add_timings, clock_for, shown
from reportgen.diagnostics import ExitStatus, ReportgenError, Severity, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "check", help="say what is wrong with an issue or brief, and write nothing",
        epilog="example: reportgen check inputs/2019-04 --format json")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--fix", action="store_true",
                         help="mend glyphs and spaces in text files first, and print what changes")
    add_choices(command)
    add_timings(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Check, and print what was found."""
    from reportgen.pipeline import check

    if arguments.fix:
        _fix(arguments)
    with clock_for(arguments) as clock, shown(clock, sys.stderr):
        found = check(arguments.path, tuple(arguments.brief), tuple(arguments.edition),
                      clock=clock)
    if arguments.format == "json":
        print(diagnostics_json(found))
    else:
        print_diagnostics(found)
    bad = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return ExitStatus.INPUT if any(d.severity in bad for d in found) else ExitStatus.OK


def _fix(arguments: argparse.Namespace) -> None:
    """Mend the files, and print the difference. Raises ReportgenError if one cannot be written."""
    from reportgen.pipeline import mendings_of
    from reportgen.workspace import write_all

    sink = Sink()
    found = mendings_of(arguments.path, tuple(arguments.brief), sink)
    print_diagnostics(d for d in sink if d.message.startswith("it is not mended"))
    try:
        write_all({file.path.resolve(): file.after.encode(file.encoding) for file in found}, None)
    except OSError as error:
        told = Sink()
        told.error("cannot-write", f"{error.filename}: {error.strerror}", Span(str(error.filename)))
        raise ReportgenError(told) from error
    for file in found:
        print("".join(unified_diff(file.before.splitlines(keepends=True),
                                   file.after.splitlines(keepends=True),
                                   file.name, file.name, n=0)), end="")
