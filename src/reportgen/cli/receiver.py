"""`reportgen receiver`: the page on which readers unsubscribe, for a web host."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span
from reportgen.mail.extra import require_extra

if TYPE_CHECKING:
    from reportgen.mail.receiver.config import SignUp
    from reportgen.series import Series


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "receiver", help="make the page on which readers unsubscribe with one click",
        epilog="example: reportgen receiver receiver --series inputs")
    command.add_argument("folder", type=Path, metavar="DIR", help="a new folder for its files")
    command.add_argument("--series", type=Path, default=Path(), metavar="SERIES",
                         help="a folder of the series (default: the current one)")
    command.add_argument("--sign-up", metavar="URL", default="",
                         help="people can subscribe there too: the address that the page will "
                         "have; the mail that confirms is from the sender in mail.toml")
    command.add_argument("--smtp", metavar="HOST:PORT", default="localhost:25",
                         help="by which the WSGI application sends that mail")
    command.set_defaults(run=run)


_ISSUES = 12
"""Issues whose regions are offered: what is never written about need not be chosen."""


def _regions_of(root: Path) -> frozenset[str]:
    """Return the codes of the regions that the latest issues of a series have briefs of."""
    from reportgen.reading.issue import read

    folders = [path for path in sorted(root.iterdir()) if re.fullmatch(r"\d{4}-\d\d.*", path.name)]
    issues = (read(path, (), Sink()) for path in folders[-_ISSUES:])
    return frozenset(brief.region.code for issue in issues if issue for brief in issue.briefs)


def _sign_up(arguments: argparse.Namespace, series: Series, sink: Sink) -> SignUp | None:
    """Return how people subscribe; what is missing for that is an error."""
    from reportgen.mail.receiver.config import SignUp
    from reportgen.mail.settings import LOOPBACK, read_mail

    sender = read_mail(series, sink).settings.sender
    parts = urlsplit(arguments.sign_up)
    if parts.query or (parts.scheme != "https" and parts.hostname not in LOOPBACK):
        sink.error("bad-url", f"{arguments.sign_up} is no address of a page that begins with "
                   "https://", Span("command line"),
                   "as in --sign-up https://www.example.org/receiver.php")
    return None if sink.failed else SignUp(arguments.sign_up, sender, arguments.smtp)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Write receiver.php and receiver.json, and say what to do with them."""
    require_extra()
    from reportgen.mail.api import open_list
    from reportgen.mail.receiver.config import config_of
    from reportgen.mail.receiver.files import php, wsgi
    from reportgen.workspace import PRIVATE, write_all

    sink, folder = Sink(), arguments.folder
    with open_list(arguments.series) as (series, subscribers):
        offered = _regions_of(series.workspace.root)
        sign_up = _sign_up(arguments, series, sink) if arguments.sign_up else None
        config = config_of(series, subscribers, offered, sign_up)
    if sink.failed:
        raise ReportgenError(sink)
    files = {folder / "receiver.php": php(config), folder / "receiver.json": wsgi(config)}
    there = [path for path, data in files.items() if path.exists() and path.read_bytes() != data]
    for path in there:
        sink.error("exists", "there is another one already", Span(str(path)), "name a new folder")
    if not there:
        write_all(files, PRIVATE)
        for path in files:
            print(path)
        sink.note("receiver", "put receiver.php on a web host, or run receiver.json by WSGI",
                  Span("mail.toml"), 'then write: receiver-url = "https://www.example.org/'
                  'receiver.php"')
    print_diagnostics(sink)
    return ExitStatus.INPUT if sink.failed else ExitStatus.OK
