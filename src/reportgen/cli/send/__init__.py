"""`reportgen send`: an issue to its subscribers, once each."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.cli.send.options import check, wrong_usage
from reportgen.cli.send.resolve import settle
from reportgen.cli.send.sending import send
from reportgen.cli.send.status import status
from reportgen.cli.send.terminal import STOPPED
from reportgen.diagnostics import ExitStatus, Sink
from reportgen.mail.extra import require_extra


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "send", help="mail an issue to its subscribers, once each; again to resume",
        epilog="example: reportgen send inputs/2019-04 --dry-run mails")
    command.add_argument("path", type=Path, metavar="PATH", nargs="?", default=Path(),
                         help="an issue's folder; for --status also the series")
    whom = command.add_argument_group("whom")
    whom.add_argument("--to", metavar="GROUP", default="", help="only to this group")
    whom.add_argument("--language", metavar="CODE", default="", help="not to who reads another one")
    whom.add_argument("--newcomers", action="store_true",
                      help="only to who has this issue not: they came later, were refused, "
                      "or it was called off")
    whom.add_argument("--again", metavar="NAME", default="",
                      help="a mailing of its own to everybody, also to who has the issue: a "
                      "correction; the subject says NAME")
    first = command.add_argument_group("before the first message")
    first.add_argument("--dry-run", type=Path, metavar="DIR",
                       help="write the messages into DIR, send none")
    first.add_argument("--test", action="append", default=[], metavar="ADDRESS",
                       help="send it to this address alone; may be repeated")
    first.add_argument("--yes", action="store_true", help="do not ask before sending")
    first.add_argument("--preview", action="store_true",
                       help="open the mail in the browser, as a file; nothing is sent")
    first.add_argument("--skip-returns", action="store_true",
                       help="do not read the mail that came back first: who asked to leave by "
                       "mail may be written to")
    sending = command.add_argument_group("while sending")
    sending.add_argument("--wait", type=int, default=0, metavar="MINUTES",
                         help="wait so long for messages that the server wants later")
    sending.add_argument("--adopt", action="store_true",
                         help="go on with a mailing that another machine began, or that was "
                         "planned for another server, or with a new list of subscribers; this "
                         "has to be the newest ledger")
    after = command.add_argument_group("after")
    after.add_argument("--status", action="store_true", help="say what became of each message")
    after.add_argument("--format", choices=("text", "json"), default="text")
    after.add_argument("--resolve", action="store_true", help="settle what is in doubt")
    after.add_argument("--log", type=Path, action="append", default=[], metavar="FILE",
                       help="a log of the server (Postfix), as evidence")
    after.add_argument("--taken", action="append", default=[], metavar="ADDRESS",
                       help="this person has it")
    after.add_argument("--not-taken", action="append", default=[], metavar="ADDRESS",
                       help="this person has it not")
    after.add_argument("--resend", action="store_true",
                       help="send again what is still in doubt; some may get it twice")
    after.add_argument("--cancel", action="store_true", help="send no more of this mailing")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus | int:
    """Plan, ask, send; or look at what was sent."""
    wrong = wrong_usage(arguments)
    if wrong:
        print(f"reportgen send: error: {wrong}", file=sys.stderr)
        return ExitStatus.USAGE
    require_extra()
    check(arguments)
    if arguments.status:
        return status(arguments)
    from reportgen.mail.api import open_session

    sink = Sink()
    try:
        with open_session(arguments.path, sink) as session:
            work = settle if arguments.resolve or arguments.cancel else send
            return work(arguments, session, sink)
    except KeyboardInterrupt:
        print("stopped; run it again to send what is left", file=sys.stderr)
        return STOPPED
