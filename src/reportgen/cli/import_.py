"""`reportgen import`: Word, OpenDocument, RTF and HTML files to Markdown."""

from __future__ import annotations

import argparse
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "import", help="write the Markdown of Word, OpenDocument, RTF or HTML files",
        epilog="example: reportgen import gulf.docx -o inputs/2019-05")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("-o", "--output", type=Path, metavar="DIR",
                         help="where to write (default: beside each file)")
    command.add_argument("--accept-changes", action="store_true",
                         help="take changes that nobody has settled, and leave comments out")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Write the text and the pictures of each file, and print their paths."""
    from reportgen.reading.documents.source import imported
    from reportgen.series import TrackedChanges
    from reportgen.workspace import write_all

    tracked = TrackedChanges.ACCEPT if arguments.accept_changes else TrackedChanges.STOP
    sink = Sink()
    made: dict[Path, bytes] = {}
    for file in arguments.files:
        made |= imported(file, arguments.output or file.parent, tracked, sink)
    for path in [path for path in made if path.exists()]:
        sink.error("exists", f"{path} is there already", Span(str(path)),
                   "move it away, or name another folder: -o DIR")
    print_diagnostics(sink)
    if sink.failed:
        return ExitStatus.INPUT
    write_all(made)
    for path in made:
        print(path)
    return ExitStatus.OK
