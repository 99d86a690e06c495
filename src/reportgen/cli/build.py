"""`reportgen build`: briefs in, bulletin out."""

from __future__ import annotations

import argparse
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "build", help="build the PDF of an issue, or the offprint of a brief",
        epilog="example: reportgen build inputs/2019-04")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("-o", "--output", type=Path, metavar="DIR", default=Path("build"),
                         help="where to write (default: build)")
    command.add_argument("--edition", action="append", default=[], metavar="NAME",
                         help="screen, archive, archive-next, archive-plain or print; may be "
                         "repeated (default: those of series.toml, else screen)")
    command.add_argument("--brief", action="append", default=[], metavar="NAME",
                         help="build only this brief of the issue; may be repeated")
    command.add_argument("--strict", action="store_true", help="warnings are errors")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Build, and print the path of each file that was written."""
    from reportgen.pipeline import build

    built = build(arguments.path, arguments.output, tuple(arguments.brief),
                  arguments.edition, strict=arguments.strict)
    print_diagnostics(built.diagnostics)
    for path in built.files:
        print(path)
    return ExitStatus.OK
