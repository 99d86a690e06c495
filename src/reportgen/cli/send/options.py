"""What is asked of `send`: whether it goes together, is there, and which mailing it means."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.diagnostics import ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.api import MailingKey


def wrong_usage(arguments: argparse.Namespace) -> str:
    """Return what is wrong with the options together; nothing if they go together."""
    modes = [name for name in ("status", "resolve", "cancel", "dry_run", "test", "preview")
             if getattr(arguments, name)]
    if len(modes) > 1:
        return " and ".join(f"--{m.replace('_', '-')}" for m in modes) + " do not go together"
    evidence = arguments.log or arguments.taken or arguments.not_taken or arguments.resend
    if evidence and not arguments.resolve:
        return "--log, --taken, --not-taken and --resend go with --resolve"
    if sum(map(bool, (arguments.again, arguments.newcomers))) > 1:
        return "--again and --newcomers do not go together"
    if arguments.again and not arguments.again.replace("-", "").isalnum():
        return "--again takes a name of letters, digits and hyphens"
    return "" if arguments.wait >= 0 else "--wait takes minutes"


def check(arguments: argparse.Namespace) -> None:
    """Refuse paths and words that cannot be meant, all at once. Raises ReportgenError."""
    sink = Sink()
    _check_paths(arguments, sink)
    _check_words(arguments, sink)
    if sink.failed:
        raise ReportgenError(sink)


def _check_paths(arguments: argparse.Namespace, sink: Sink) -> None:
    """Refuse what is no issue's folder, --dry-run into what is there, a log that is not."""
    from reportgen.model import Shape
    from reportgen.reading.issue import find_target
    from reportgen.series import SERIES_FILE

    path: Path = arguments.path
    series = arguments.status and (path / SERIES_FILE).is_file()
    target = None if series else find_target(path, sink)
    if target is not None and target.shape is not Shape.BULLETIN:
        sink.error("brief-not-issue", "this is a brief; what is mailed is an issue",
                   Span(str(path)), f"name its folder: {path.parent}")
    folder: Path | None = arguments.dry_run
    if folder and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        sink.error("exists", "there is something there already", Span(str(folder)),
                   "name a new folder")
    for name in arguments.log:
        if name.is_dir() or not name.exists():
            what = "this is a folder" if name.is_dir() else "there is no such log"
            sink.error("no-such-file", what, Span(str(name)), "name a file, as /var/log/mail.log")


def _check_words(arguments: argparse.Namespace, sink: Sink) -> None:
    """Refuse half letters, addresses that are none, and languages that nobody knows."""
    from reportgen.mail.addresses import BadAddress, parse_address
    from reportgen.mail.imports import language_of

    given = Span("command line")
    for text in (arguments.to, arguments.language, *arguments.test, *arguments.taken,
                 *arguments.not_taken):
        if any("\ud800" <= c <= "\udfff" for c in text):
            sink.error("encoding", "this is no text in UTF-8", given)
    for text in arguments.test:
        try:
            parse_address(text)
        except BadAddress as error:
            sink.error("bad-address", f"{text}: {error}", given)
    if arguments.language.strip() and not language_of(arguments.language):
        sink.error("language", f'no language "{arguments.language}"', given,
                   "write it as en, it, fr, de, es, ru, pt, pl, uk, tr, ar")


def part_of(arguments: argparse.Namespace) -> MailingKey:
    """Return which mailing of an issue is meant."""
    from reportgen.mail.api import MailingKey
    from reportgen.mail.campaigns.planning import Filter
    from reportgen.mail.imports import language_of

    return MailingKey(Filter(arguments.to.strip(), language_of(arguments.language)),
                      arguments.again, arguments.newcomers)
