"""`reportgen archive`: an issue as a bag, and a bag built again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "archive", help="pack an issue into a bag for an archive, or rebuild one",
        epilog="example: reportgen archive inputs/2019-04 -o build")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a bag")
    command.add_argument("-o", "--output", type=Path, metavar="DIR",
                         help="where to write (default: build; with --rebuild: nowhere)")
    command.add_argument("--edition", action="append", default=[], metavar="NAME",
                         help="an edition to pack; may be repeated (default: archive and screen)")
    command.add_argument("--rebuild", action="store_true",
                         help="build the PDFs of the bag PATH again and compare them")
    command.add_argument("--strict", action="store_true", help="warnings are errors")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Pack and print the bag's path; or rebuild and print what is the same."""
    from reportgen.archive import pack

    if arguments.rebuild:
        return _rebuild(arguments.path, arguments.output)
    packed = pack(arguments.path, arguments.output or Path("build"), arguments.edition,
                  strict=arguments.strict)
    print_diagnostics(packed.diagnostics)
    print(packed.folder)
    return ExitStatus.OK


def _rebuild(bag: Path, output: Path | None) -> ExitStatus:
    """Print a row for each PDF; status 3 if one is not the same."""
    from reportgen.archive import changed_versions, rebuild

    compared = rebuild(bag, output)
    for row in compared:
        print(f"{'same' if row.same else 'DIFFERS'}  {row.kept[:16]}  {row.name}")
    if compared and all(row.same for row in compared):
        return ExitStatus.OK
    for change in changed_versions(bag):
        print(f"  {change}", file=sys.stderr)
    return ExitStatus.OUTPUT
