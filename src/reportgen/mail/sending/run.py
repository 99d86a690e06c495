"""Sending what is open of a mailing, and how long that will take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span
from reportgen.mail.campaigns import planning
from reportgen.mail.campaigns.recover import duration
from reportgen.mail.clock import stamp
from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import Campaign, Delivery, State
from reportgen.mail.ledger.journal import VARIABLE, Begun
from reportgen.mail.messages.dkim import Signer
from reportgen.mail.messages.factory import MessageFactory
from reportgen.mail.pace import DAY
from reportgen.mail.replies import Fault
from reportgen.mail.sending.protocol import Books, Observe
from reportgen.mail.sending.sender import Ended, Limits, Outcome, Progress, Queue, Run, send
from reportgen.mail.sending.suspects import said, weighed
from reportgen.mail.session import MailSession
from reportgen.mail.smtp.transport import Transport


def estimate(session: MailSession, total: int, messages: int) -> str:
    """Return how long `messages` of `total` bytes will take, in words."""
    pace = session.ledger.pace()
    per_minute = session.mail.settings.per_minute
    bound = messages * 60 / per_minute if per_minute else 0.0
    if pace:
        return f"about {duration(max(total / pace, bound))}, as fast as the last times"
    return (f"about {duration(max(total * 8 / 10e6, bound))} at 10 Mbit/s"
            + (", at the pace of per-minute" if bound > total * 8 / 10e6 else ""))


class Watching(Struct, frozen=True):
    """Who watches a run."""

    queue: Queue
    tick: Callable[[Progress], None] = lambda progress: None
    observe: Observe = lambda step, delivery: None


def open_deliveries(session: MailSession, campaign: Campaign) -> tuple[Delivery, ...]:
    """Return what is still to be sent; times to wait are cut to what a deferral takes."""
    latest = session.now().timestamp() + max(session.mail.settings.retry_after)
    return tuple(replace(d, next_at=min(d.next_at, latest)) for d in
                 session.ledger.deliveries(campaign, State.PLANNED, State.DEFERRED))


def run(session: MailSession, campaign: Campaign, connect: Callable[[], Transport], limits: Limits,
        watching: Watching, sink: Sink) -> Outcome:
    """Send what is open of a mailing, and put into the ledger how that went."""
    given = session.mail
    signer = _signer_as_planned(session, campaign, sink)
    if sink.failed:
        raise ReportgenError(sink)
    _begin_journal(session, campaign)
    started = session.now()
    number = session.ledger.begin_run(campaign, given.relay, session.stamp())
    books = Books(session.ledger, session.journal(campaign), number, given.settings.retry_after,
                  session.now)
    day_ago = stamp(started - timedelta(days=1))
    sent = tuple(datetime.fromisoformat(at).timestamp()
                 for at in session.ledger.sent_since(day_ago))
    outcome = send(
        Run(MessageFactory(session.ledger, campaign, signer), books, connect,
            session.subscribers.suppressed, limits, given.notify, watching.observe,
            given.addresses, sent, lambda delivery: rejected_at_smtp(delivery, session),
            watching.tick),
        open_deliveries(session, campaign), watching.queue)
    if outcome.ended is Ended.LIMIT and not outcome.progress.go_on_at:
        outcome.progress.go_on_at = min(sent, default=started.timestamp()) + DAY
    seconds = max(0.0, (session.now() - started).total_seconds())
    try:
        session.ledger.end_run(number, outcome.ended.value, outcome.progress.total, seconds,
                              session.stamp())
    except CannotStore:
        if outcome.ended is not Ended.BROKEN:  # else it is told already
            raise
    return outcome


def _signer_as_planned(session: MailSession, campaign: Campaign, sink: Sink) -> Signer | None:
    """Return what signs the messages of a mailing; an error if mail.toml has changed since."""
    given, kept = session.mail.settings, campaign.manifest
    if (kept.dkim_domain, kept.dkim_selector) != (given.dkim_domain, given.dkim_selector):
        sink.error("dkim", "this mailing was planned with another DKIM domain or selector",
                   session.mail.span("dkim_domain"),
                   f"it was {kept.dkim_selector or 'none'} of {kept.dkim_domain or 'none'}")
        return None
    return planning.signer_of(session.mail, sink)


def _begin_journal(session: MailSession, campaign: Campaign) -> None:
    """Make sure that the journal can be written. Raises ReportgenError, status 3."""
    try:
        session.journal(campaign).begin(Begun(campaign.issue, campaign.name, session.origin),
                                      session.stamp())
    except OSError as error:
        sink = Sink()
        sink.error("no-journal", f"{error.filename or session.state} cannot be written: "
                   f"{error.strerror or error}", Span(str(session.state)),
                   f"this machine keeps there what it sent; {VARIABLE} names another folder")
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error


def rejected_at_smtp(delivery: Delivery, session: MailSession) -> None:
    """Do what follows for a reader when the relay rejected a delivery for good."""
    subscribers, now = session.subscribers, session.stamp()
    person = subscribers.find_key(delivery.addr_key)
    if person is None:
        return
    fault = weighed(delivery, session.mail.addresses).fault
    if fault is Fault.ADDRESS:
        subscribers.suspend(person.address, said(delivery), now)
    elif not fault.ours:
        subscribers.soft_bounce(person.address, said(delivery), now)
