"""`reportgen subscribers`: who gets the bulletin."""

from __future__ import annotations

import argparse
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its kinds."""
    command = subparsers.add_parser(
        "subscribers", help="import, list, remove and export who gets the bulletin",
        epilog="example: reportgen subscribers import people.csv --series inputs")
    kinds = command.add_subparsers(title="what to do", metavar="WHAT", required=True)

    def kind(name: str, words: str, example: str) -> argparse.ArgumentParser:
        parser = kinds.add_parser(name, help=words,
                                  epilog=f"example: reportgen subscribers {example}")
        parser.add_argument("--series", type=Path, default=Path(), metavar="DIR",
                            help="a folder of the series (default: the current one)")
        parser.set_defaults(run=run, kind=name)
        return parser

    importing = kind("import", "take people from a list: CSV, Excel, vCard, LDIF, addresses",
                     'import people.csv --consent "form on the website, 2019"')
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument("--group", action="append", default=[], metavar="NAME",
                           help="everybody in the file joins it; may be repeated")
    importing.add_argument("--consent", default="", metavar="TEXT",
                           help="when and how they agreed, where the file does not say")
    importing.add_argument("--column", action="append", default=[], metavar="HEAD=KIND",
                           help="what this column is, as in Aktiv?=subscribed; kept in lists.toml "
                           "for the next time; may be repeated")
    importing.add_argument("--ignore", action="append", default=[], metavar="HEAD",
                           help="this column says nothing of a person; may be repeated")
    importing.add_argument("--left", action="store_true",
                           help="everybody in the file left, or does not want it")
    importing.add_argument("--sheet", action="append", default=[], metavar="NAME",
                           help="read this sheet of a workbook; may be repeated")
    importing.add_argument("--strict", action="store_true",
                           help="take nobody if a row is not understood")
    adding = kind("add", "take one person, also one who left and comes back",
                  'add anna@example.org --name "Anna Rossi" --consent "letter, 3 May 2019"')
    adding.add_argument("address", metavar="ADDRESS")
    adding.add_argument("--name", default="", metavar="NAME")
    adding.add_argument("--group", action="append", default=[], metavar="NAME")
    adding.add_argument("--region", action="append", default=[], metavar="REGION")
    adding.add_argument("--language", default="", metavar="CODE")
    adding.add_argument("--consent", required=True, metavar="TEXT", help="when and how they agreed")
    listing = kind("list", "print who is subscribed", "list --group press")
    listing.add_argument("--group", default="", metavar="NAME")
    showing = kind("show", "print all that is known of a person", "show anna@example.org")
    showing.add_argument("address", metavar="ADDRESS")
    showing.add_argument("--format", choices=("text", "json"), default="text")
    changing = kind("change", "give a person another address",
                    "change anna@example.org anna.rossi@example.com")
    changing.add_argument("address", metavar="ADDRESS")
    changing.add_argument("new", metavar="NEW")
    leaving = kind("leave", "take people out of a group",
                   "leave anna@example.org --group press")
    leaving.add_argument("address", nargs="+", metavar="ADDRESS")
    leaving.add_argument("--group", required=True, metavar="NAME")
    removing = kind("remove", "unsubscribe people, or forget them",
                    "remove anna@example.org --erase")
    _add_people(removing)
    removing.add_argument("--erase", action="store_true",
                          help="delete all that is known of them; a hash stays, so that no "
                          "import brings them back")
    resuming = kind("resume", "write again to people whose mail came back",
                    "resume anna@example.org")
    _add_people(resuming)
    resuming.add_argument("--rejected-in", type=Path, metavar="ISSUE",
                          help="all whom the server refused when this issue was mailed")
    exporting = kind("export", "print all subscribers as CSV", "export -o people.csv")
    exporting.add_argument("-o", "--output", type=Path, metavar="FILE")
    reporting = kind("report", "count who came and left, and what became of each issue",
                     "report --format csv")
    reporting.add_argument("--format", choices=("text", "csv", "json"), default="text")


def _add_people(parser: argparse.ArgumentParser) -> None:
    """Let people be named one by one or by a file."""
    parser.add_argument("address", nargs="*", metavar="ADDRESS")
    parser.add_argument("--file", type=Path, metavar="FILE",
                        help="everybody in this list, whatever else it says of them")


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Do what is asked, and print what was done."""
    from reportgen.mail.extra import require_extra

    require_extra()
    from reportgen.cli.subscribers import importing, knowing, people
    from reportgen.mail.api import open_list

    sink = Sink()
    _check_texts(arguments, sink)
    with open_list(arguments.series) as (series, subscribers):
        work = {"import": importing.import_list, "add": people.add, "list": people.list_all,
                "remove": people.remove, "resume": people.resume, "change": people.change,
                "leave": people.leave, "export": people.export, "show": knowing.show,
                "report": knowing.report}[arguments.kind]
        status = work(arguments, subscribers, series, sink)
    print_diagnostics(sink)
    return ExitStatus.INPUT if sink.failed else status or ExitStatus.OK


def _check_texts(arguments: argparse.Namespace, sink: Sink) -> None:
    """Refuse what cannot be stored: half letters, and separators in a group's name."""
    groups = getattr(arguments, "group", [])
    groups = [groups] if isinstance(groups, str) and arguments.kind == "leave" else groups
    texts = [*groups, *(str(getattr(arguments, key, "")) for key in ("name", "consent",
                                                                    "language"))]
    if any("\ud800" <= c <= "\udfff" for text in texts for c in text):
        sink.error("encoding", "this is no text in UTF-8", Span("command line"))
    for group in groups if isinstance(groups, list) else ():
        if not group.strip() or any(c in ",;|\n" for c in group):
            sink.error("group", f'"{group}" is no name of a group', Span("command line"),
                       "commas, semicolons and bars part one group from the next")
    if sink.failed:
        raise ReportgenError(sink)
