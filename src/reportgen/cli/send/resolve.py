"""`send --resolve` and `send --cancel`: what is in doubt, and what is called off."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics
from reportgen.cli.returns import print_returned
from reportgen.cli.send.options import part_of
from reportgen.cli.send.status import ERASED
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.api import MailSession
    from reportgen.mail.ledger.campaign import Campaign


def _campaigns(arguments: argparse.Namespace, session: MailSession) -> tuple[Campaign, ...]:
    """Return the mailings that are meant; evidence is about all of an issue's, if none is named.

    Raises ReportgenError if there is none.
    """
    from reportgen.mail.api import MailingKey, issue_of, mailings_of

    issue, part = issue_of(session.folder, arguments.path), part_of(arguments)
    if arguments.resolve and part == MailingKey():
        found = session.ledger.campaigns(issue)
    else:
        found = mailings_of(session, issue, part)
    if not found:
        known = ", ".join(c.name for c in session.ledger.campaigns())
        mailed = bool(session.ledger.campaigns(issue))
        sink = Sink()
        sink.error("no-mailing", f"there is no such mailing of {issue}" if mailed
                   else f"{issue} was not mailed", Span(str(arguments.path)),
                   f"there are: {known}" if known else "nothing was mailed yet")
        raise ReportgenError(sink)
    return found


def settle(arguments: argparse.Namespace, session: MailSession, sink: Sink) -> ExitStatus:
    """Settle what is in doubt, or cancel what is left; print what was done."""
    from reportgen.mail.api import refresh
    from reportgen.mail.campaigns.resolve import Said, resolve
    from reportgen.mail.ledger.campaign import State

    campaigns = _campaigns(arguments, session)
    for campaign in campaigns:
        refresh(session, campaign, sink)
    print_diagnostics(sink)
    if arguments.cancel:
        # What is in doubt stays so: evidence may still settle it, and nothing is sent again.
        unsettled = (State.PLANNED, State.DEFERRED, State.IN_DOUBT)
        count = sum(session.ledger.cancel(campaign, session.stamp()) for campaign in campaigns
                    if session.ledger.deliveries(campaign, *unsettled))
        print(f"{count} message{'s' if count != 1 else ''} cancelled")
        return ExitStatus.OK
    if session.mail.settings.maildir or session.mail.settings.imap_server:
        _read_mailbox(session)
    said, told = Said(tuple(arguments.taken), tuple(arguments.not_taken), arguments.resend), Sink()
    for delivery, what in resolve(session.ledger, campaigns, arguments.log, said, session.stamp(),
                                  told):
        print(f"{delivery.rcpt or ERASED}  {what}")
    print_diagnostics(told)
    left = [d for c in campaigns for d in session.ledger.deliveries(c, State.IN_DOUBT)]
    for delivery in left:
        print(f"{delivery.rcpt or ERASED}  still in doubt  {delivery.message_id}")
    waiting = sum(len(session.ledger.deliveries(c, State.PLANNED, State.DEFERRED))
                  for c in campaigns)
    if waiting:
        print(f"{waiting} to be sent: run reportgen send again", file=sys.stderr)
    return ExitStatus.MAIL if left or waiting else ExitStatus.OK


def _read_mailbox(session: MailSession) -> None:
    """Read the mailbox, whose reports are evidence; one that cannot be read is told."""
    from reportgen.mail.api import read_returned

    sink = Sink()
    try:
        print_returned(read_returned(session, None, sink))
    except ReportgenError as error:
        print_diagnostics(error.diagnostics)
