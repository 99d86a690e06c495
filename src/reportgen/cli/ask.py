"""`reportgen ask`: questions to an author, as comments in the author's own Word file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "ask", help="write questions to an author into a copy of the author's Word file",
        epilog="example: reportgen ask inputs/2019-05/gulf.docx")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("-o", "--output", type=Path, metavar="DIR",
                         default=Path("build/questions"),
                         help="where to write (default: build/questions)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Write a copy with comments of each file about which there is something to ask."""
    from reportgen.asking import questions_of
    from reportgen.reading.documents.questions import with_questions
    from reportgen.workspace import write_all

    sink = Sink()
    made: dict[Path, bytes] = {}
    for file in arguments.files:
        if not _can_be_asked(file, arguments.output / file.name, sink):
            continue
        questions = questions_of(file, sink)
        if sink.failed:
            continue
        if not questions:
            print(f"{file}: nothing to ask", file=sys.stderr)
            continue
        try:
            made[arguments.output / file.name] = with_questions(file.read_bytes(), questions)
        except (OSError, ValueError) as error:
            sink.error("damaged", f"no comments can be written into it: {error}"[:200],
                       Span(str(file)), "open it in Word, and save it once more as .docx")
    print_diagnostics(sink)
    if sink.failed:
        return ExitStatus.INPUT
    write_all(made)
    for path in made:
        print(path)
    return ExitStatus.OK


def _can_be_asked(file: Path, target: Path, sink: Sink) -> bool:
    if file.suffix.lower() != ".docx":
        sink.error("not-word", "only a .docx file can have comments", Span(str(file)),
                   "save it in Word as .docx; what check says of a text can be pasted into a mail")
    elif not file.is_file():
        sink.error("no-such-file", "there is no such file", Span(str(file)))
    elif target.exists():
        sink.error("exists", f"{target} is there already", Span(str(file)),
                   "move it away, or name another folder: -o DIR")
    else:
        return True
    return False
