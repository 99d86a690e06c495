"""`send`: plan, ask, send; `--dry-run` and `--test` before that."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from reportgen.cli.output import print_diagnostics
from reportgen.cli.returns import print_returned
from reportgen.cli.send.messages import (
    print_newcomers,
    print_outcome,
    print_plan,
    print_resumed,
    print_without,
)
from reportgen.cli.send.options import part_of
from reportgen.cli.send.status import status_of
from reportgen.cli.send.terminal import STOPPED, Answer, Bar, asked, stopping
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.api import MailSession
    from reportgen.mail.campaigns.planning import Plan
    from reportgen.mail.ledger.campaign import Campaign
    from reportgen.mail.smtp.transport import Capabilities
    from reportgen.reading.issue import Issue

DRY_RUN_BYTES = 200_000_000
"""So much may a dry run write; else it writes one message a letter."""


def send(arguments: argparse.Namespace, session: MailSession, sink: Sink) -> ExitStatus | int:
    """Mail an issue, or go on with that; return the exit status. Raises ReportgenError."""
    from reportgen.mail.api import (
        Purpose,
        apply_policy,
        check_list,
        freeze,
        issue_at,
        issue_of,
        name_of,
        newcomers,
        prepare,
        recover,
    )

    part, issue = part_of(arguments), issue_of(session.folder, arguments.path)
    name = name_of(session, issue, part)
    campaign = session.ledger.campaign(name)
    trial = bool(arguments.dry_run or arguments.test or arguments.preview)
    if not (trial or arguments.adopt):
        check_list(session, sink)
    if not (trial or arguments.skip_returns):
        _read_returns(session)
    if campaign is not None and not trial:
        recover(session, campaign, sink, adopt=arguments.adopt)
        apply_policy(session, campaign)
        print_diagnostics(sink)
        print_resumed(session, campaign)
        if campaign.cancelled_at:
            then = ("another --again NAME mails it to everybody" if part.again else
                    "--newcomers mails it to who has it not")
            print(f"it was called off on {campaign.cancelled_at[:10]}; {then}", file=sys.stderr)
            return ExitStatus.OK
    elif part.newcomers and not trial and not newcomers(session, issue, part):
        print_without(session, issue, part)
        return ExitStatus.OK
    else:
        purpose = Purpose.TRIAL if trial else Purpose.SENDING
        read = issue_at(arguments.path, purpose, sink)
        alone = bool(arguments.dry_run or arguments.preview)
        told = Sink() if alone else sink
        relay = _relay(session, told, sink, trial=alone)
        plan = prepare(session, read, part, name, relay, sink, purpose)
        print_diagnostics(sink)
        if trial:
            return _try_out(arguments, session, plan, read, relay)
        print_plan(session, plan, read, relay)
    number = len(plan.recipients) if campaign is None else _due(arguments, session, campaign)
    answer = Answer.YES if arguments.yes or not number else asked(number)
    if answer is not Answer.YES:
        return ExitStatus.OK if answer is Answer.NO else ExitStatus.USAGE
    if campaign is None:
        campaign = freeze(session, plan)
    return _run(arguments, session, campaign)


def _read_returns(session: MailSession) -> None:
    """Read the mail that came back: who asked to leave there is not written to.

    Raises ReportgenError if it cannot be read, or nobody says that somebody reads it.
    """
    from reportgen.mail.api import read_returned

    sink, given = Sink(), session.mail.settings
    if given.returns == "by-hand":
        return
    try:
        print_returned(read_returned(session, None, sink))
    except ReportgenError as error:
        told = error.diagnostics
        told.note("unread", "nothing was sent: who asked to leave, or whose mail came back, may "
                  "be in it", session.mail.span(), "--skip-returns sends all the same",
                  'returns = "by-hand" in mail.toml says that you read it and enter it yourself')
        raise ReportgenError(told, error.status) from error


def _due(arguments: argparse.Namespace, session: MailSession, campaign: Campaign) -> int:
    """Return how many messages of a mailing would be sent by this."""
    from reportgen.mail.api import open_deliveries

    until = session.now().timestamp() + arguments.wait * 60
    return sum(delivery.next_at <= until for delivery in open_deliveries(session, campaign))


def _relay(session: MailSession, told: Sink, sink: Sink, *, trial: bool) -> Capabilities | None:
    """Return what the server takes. A dry run goes on without it, with a warning."""
    from reportgen.mail.api import ask

    try:
        relay = ask(session, told)
    except ReportgenError:
        relay = None
    if relay is not None:
        return relay
    if not trial:
        raise ReportgenError(told, ExitStatus.MAIL)
    for diagnostic in told:
        sink.warning(diagnostic.code, diagnostic.message, diagnostic.span,
                     "the dry run goes on without the server")
    return None


def _try_out(arguments: argparse.Namespace, session: MailSession, plan: Plan, issue: Issue,
             relay: Capabilities | None) -> ExitStatus:
    """Write the messages, or send them to the editor alone."""
    from reportgen.mail.api import connector, dry_run, test_mail
    from reportgen.mail.campaigns.planning import signer_of
    from reportgen.mail.smtp.transport import CannotConnect, Lost

    if arguments.preview:
        return _preview(session, plan)
    sink = Sink()
    signer = signer_of(session.mail, sink)
    if arguments.dry_run:
        print_plan(session, plan, issue, relay)
        try:
            written = dry_run(plan, signer, arguments.dry_run, DRY_RUN_BYTES)
        except Lost as error:
            sink.error("cannot-write", str(error), Span(str(arguments.dry_run)))
            raise ReportgenError(sink, ExitStatus.OUTPUT) from error
        for path in written:
            print(path)
        if sum(path.suffix == ".eml" for path in written) < len(plan.recipients):
            print(f"all {len(plan.recipients):,} would take {plan.total / 1e9:.1f} GB; written is "
                  "one of each kind", file=sys.stderr)
        return ExitStatus.OK
    connect = connector(session, sink)
    for address in arguments.test:
        try:
            reply = test_mail(plan, signer, address, "a" * 26, connect)
        except (Lost, CannotConnect) as error:
            sink.error("not-sent", f"{address}: {error}", Span("command line"))
            continue
        print(f"{address}  {reply}")
        if not reply.positive:
            sink.error("not-sent", f"{address}: {reply}", Span("command line"))
    print_diagnostics(sink)
    return ExitStatus.MAIL if sink.failed else ExitStatus.OK


def _preview(session: MailSession, plan: Plan) -> ExitStatus:
    """Write the letter as a page that shows its picture, and open it in the browser."""
    import webbrowser

    from reportgen.mail.campaigns.trial import preview
    from reportgen.workspace import PRIVATE, write_all

    path = session.state / "preview.html"
    write_all({path: preview(plan)}, PRIVATE)
    print(path)
    webbrowser.open(path.resolve().as_uri())
    return ExitStatus.OK


def _run(arguments: argparse.Namespace, session: MailSession,
         campaign: Campaign) -> ExitStatus | int:
    from reportgen.mail.api import Watching, connector, open_deliveries, run
    from reportgen.mail.sending.sender import Ended, Limits, Queue

    given, sink = session.mail.settings, Sink()
    limits = Limits(given.connections, given.per_minute, session.mail.allowance,
                    arguments.wait * 60.0, given.stop_at_rejected)
    waiting = open_deliveries(session, campaign)
    queue = Queue(waiting, limits.wait)
    with stopping(queue), Bar(len(waiting)) as tick:
        outcome = run(session, campaign, connector(session, sink), limits,
                      Watching(queue, tick), sink)
    print_outcome(session, campaign, outcome)
    if outcome.ended is Ended.DONE:
        print_newcomers(arguments, session)
    if outcome.ended is Ended.STOPPED:
        return STOPPED
    if outcome.ended is Ended.BROKEN:
        return ExitStatus.OUTPUT
    return status_of(session.ledger, (campaign,))
