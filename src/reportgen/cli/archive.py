"""`reportgen archive`: an issue as a bag, and a bag built again."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.editions.seal import Sealer

PASSWORD_VARIABLE = "REPORTGEN_SEAL_PASSWORD"


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
    command.add_argument("--seal", type=Path, metavar="KEY.p12",
                         help="seal the editions for archives with this key; its password is read "
                         f"from {PASSWORD_VARIABLE}")
    command.add_argument("--tsa", metavar="URL", help="time-stamping authority of the seal")
    command.add_argument("--trust", type=Path, action="append", default=[], metavar="CERT",
                         help="a root certificate to trust (default: those of the system)")
    command.add_argument("--crl", type=Path, action="append", default=[], metavar="FILE",
                         help="a revocation list (default: they are fetched)")
    command.add_argument("--strict", action="store_true", help="warnings are errors")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Pack and print the bag's path; or rebuild and print what is the same."""
    from reportgen.archive import pack

    wrong = _wrong_usage(arguments)
    if wrong:
        print(f"reportgen archive: error: {wrong}", file=sys.stderr)
        return ExitStatus.USAGE
    if arguments.rebuild:
        return _rebuild(arguments.path, arguments.output)
    packed = pack(arguments.path, arguments.output or Path("build"), arguments.edition,
                  _sealer(arguments), strict=arguments.strict)
    print_diagnostics(packed.diagnostics)
    print(packed.folder)
    return ExitStatus.OK


def _wrong_usage(arguments: argparse.Namespace) -> str:
    """Return what is wrong with the options together; nothing if they go together."""
    if arguments.rebuild and (arguments.edition or arguments.strict or arguments.seal):
        return "--rebuild makes what the bag says; it takes no --edition, --strict or --seal"
    if arguments.seal and not arguments.tsa:
        return "--seal needs --tsa URL, the address of a time-stamping authority"
    if not arguments.seal and (arguments.tsa or arguments.trust or arguments.crl):
        return "--tsa, --trust and --crl need --seal KEY.p12"
    return ""


def _sealer(arguments: argparse.Namespace) -> Sealer | None:
    """Return what `--seal` asks for. Raises OSError if a file cannot be read."""
    from reportgen.editions.seal import CannotSeal, Sealer, timestamper_at

    if arguments.seal is None:
        return None
    try:
        return Sealer(arguments.seal.read_bytes(), os.environ.get(PASSWORD_VARIABLE, ""),
                      timestamper_at(arguments.tsa),
                      tuple(path.read_bytes() for path in arguments.trust),
                      tuple(path.read_bytes() for path in arguments.crl))
    except CannotSeal as error:
        sink = Sink()
        sink.error("cannot-seal", str(error), Span(str(arguments.seal)))
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error


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
