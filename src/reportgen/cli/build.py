"""`reportgen build`: briefs in, bulletin out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.cli.progress import clock_of
from reportgen.diagnostics import ExitStatus, Sink


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "build", help="build the PDF of an issue, or the offprint of a brief",
        epilog="example: reportgen build inputs/2019-04")
    command.add_argument("path", type=Path, metavar="PATH", help="an issue's folder, or a brief")
    command.add_argument("-o", "--output", type=Path, metavar="DIR", default=Path("build"),
                         help="where to write (default: build)")
    add_choices(command)
    command.add_argument("--draft", action="store_true",
                         help="write the PDF whatever the checks say, each breach marked on it")
    command.add_argument("--no-cache", action="store_true",
                         help="make everything anew, and keep nothing")
    command.add_argument("--timings", action="store_true", help="print where the time went")
    command.set_defaults(run=run)


def add_choices(command: argparse.ArgumentParser) -> None:
    """Add the options that say what is built."""
    command.add_argument("--edition", action="append", default=[], metavar="NAME",
                         help="screen, archive, archive-next, archive-plain or print; may be "
                         "repeated (default: those of series.toml, else screen)")
    command.add_argument("--brief", action="append", default=[], metavar="NAME",
                         help="build only this brief of the issue; may be repeated")
    command.add_argument("--strict", action="store_true", help="warnings are errors")


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Build, and print the path of each file that was written."""
    if arguments.draft:
        return _draft(arguments)
    from reportgen.store import Store
    from reportgen.unchanged import kept, key_of

    store = Store(None) if arguments.no_cache else Store.of_user()
    only, editions = tuple(arguments.brief), tuple(arguments.edition)
    told = Sink()
    known = None
    if store.folder is not None:
        known = kept(key_of(arguments.path, only, editions, strict=arguments.strict), store, told)
    if known is not None:
        from reportgen.workspace import write_all

        files = [arguments.output / known.folder / name for name, _ in known.products]
        write_all({file: data for file, (_, data) in zip(files, known.products, strict=True)})
        print_diagnostics(known.diagnostics)
    else:
        from reportgen.pipeline import build

        with clock_of(sys.stderr) as clock:
            built = build(arguments.path, arguments.output, only, editions,
                          strict=arguments.strict, store=store, clock=clock)
        print_diagnostics((*told, *built.diagnostics))
        files = list(built.files)
        if arguments.timings:
            for name, seconds in clock.seconds.items():
                print(f"{seconds:8.2f} s  {name}", file=sys.stderr)
    for path in files:
        print(path)
    return ExitStatus.OK


def _draft(arguments: argparse.Namespace) -> ExitStatus:
    """Write a draft; its status tells whether a build would have been refused."""
    from reportgen.diagnostics import Severity
    from reportgen.pipeline import draft

    with clock_of(sys.stderr) as clock:
        built = draft(arguments.path, arguments.output, tuple(arguments.brief),
                      tuple(arguments.edition), clock=clock)
    print_diagnostics(built.diagnostics)
    for path in built.files:
        print(path)
    failed = any(d.severity is Severity.ERROR for d in built.diagnostics)
    return ExitStatus.OUTPUT if failed else ExitStatus.OK
