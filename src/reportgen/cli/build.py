"""`reportgen build`: briefs in, bulletin out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics
from reportgen.cli.progress import add_timings, clock_for, shown
from reportgen.diagnostics import ExitStatus, Sink

if TYPE_CHECKING:
    from reportgen.store import Store
    from reportgen.timing import Clock


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
    add_timings(command)
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
    from reportgen.store import Store

    store = Store(None) if arguments.no_cache else Store.of_user()
    with clock_for(arguments) as clock:
        if arguments.draft:
            return _draft(arguments, store, clock)
        return _build(arguments, store, clock)


def _build(arguments: argparse.Namespace, store: Store, clock: Clock) -> ExitStatus:
    """Write the files of the last build if nothing has changed since, or build."""
    told = Sink()
    files = _unchanged(arguments, store, told, clock)
    if files is None:
        from reportgen.pipeline import build

        with shown(clock, sys.stderr):
            built = build(arguments.path, arguments.output, tuple(arguments.brief),
                          tuple(arguments.edition), strict=arguments.strict, store=store,
                          clock=clock)
        print_diagnostics((*told, *built.diagnostics))
        files = built.files
    for path in files:
        print(path)
    return ExitStatus.OK


def _unchanged(arguments: argparse.Namespace, store: Store, told: Sink,
               clock: Clock) -> tuple[Path, ...] | None:
    """Write the files of the last build, and return them; None if something has changed."""
    from reportgen.unchanged import kept, key_of

    if store.folder is None:
        return None
    key = key_of(arguments.path, tuple(arguments.brief), tuple(arguments.edition),
                 strict=arguments.strict)
    with clock.phase("looking for changes"):
        known = kept(key, store, told)
        if known is None:
            return None
        from reportgen.workspace import write_all

        folder = arguments.output / known.folder
        files = tuple(folder / name for name, _ in known.products)
        write_all({file: data for file, (_, data) in zip(files, known.products, strict=True)})
    print_diagnostics(known.diagnostics)
    return files


def _draft(arguments: argparse.Namespace, store: Store, clock: Clock) -> ExitStatus:
    """Write a draft; its status tells whether a build would have been refused."""
    from reportgen.diagnostics import Severity
    from reportgen.pipeline import draft

    with shown(clock, sys.stderr):
        built = draft(arguments.path, arguments.output, tuple(arguments.brief),
                      tuple(arguments.edition), store=store, clock=clock)
    print_diagnostics(built.diagnostics)
    for path in built.files:
        print(path)
    bad = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    failed = any(d.severity in bad for d in built.diagnostics)
    return ExitStatus.OUTPUT if failed else ExitStatus.OK
