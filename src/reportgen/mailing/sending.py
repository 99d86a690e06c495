"""Sending what is open of a mailing, and how long that will take."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from reportgen.delivery import planning
from reportgen.delivery.campaign import Campaign, Delivery, State
from reportgen.delivery.database import CannotStore
from reportgen.delivery.dkim import Signer
from reportgen.delivery.journal import VARIABLE, Begun
from reportgen.delivery.mailroom import Mailroom
from reportgen.delivery.protocol import Books, Observe
from reportgen.delivery.returns import rejected_at_smtp
from reportgen.delivery.sender import Ended, Limits, Outcome, Progress, Queue, Run, send
from reportgen.delivery.transport import Transport
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span
from reportgen.mailing.office import Office
from reportgen.mailing.waking import duration


def estimate(office: Office, total: int, messages: int) -> str:
    """Return how long `messages` of `total` bytes will take, in words."""
    pace = office.ledger.pace()
    per_minute = office.mail.settings.per_minute
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


def open_deliveries(office: Office, campaign: Campaign) -> tuple[Delivery, ...]:
    """Return what is still to be sent; times to wait are cut to what a deferral takes."""
    latest = office.now().timestamp() + max(office.mail.settings.retry_after)
    return tuple(replace(d, next_at=min(d.next_at, latest)) for d in
                 office.ledger.deliveries(campaign, State.PLANNED, State.DEFERRED))


def run(office: Office, campaign: Campaign, connect: Callable[[], Transport], limits: Limits,
        watching: Watching, sink: Sink) -> Outcome:
    """Send what is open of a mailing, and put into the ledger how that went."""
    given = office.mail
    signer = _signer_as_planned(office, campaign, sink)
    if sink.failed:
        raise ReportgenError(sink)
    _begin_journal(office, campaign)
    started = office.now()
    number = office.ledger.begin_run(campaign, given.relay, office.stamp())
    taken_before = any(office.ledger.counts(other)[State.ACCEPTED]
                       for other in office.ledger.campaigns(campaign.issue))
    books = Books(office.ledger, office.journal(campaign), number, given.settings.retry_after,
                  office.now, proven=lambda: taken_before)
    outcome = send(
        Run(Mailroom(office.ledger, campaign, signer), books, connect,
            office.subscribers.suppressed, limits, given.notify, watching.observe,
            lambda delivery: rejected_at_smtp(delivery, office.subscribers, office.stamp()),
            watching.tick),
        open_deliveries(office, campaign), watching.queue)
    seconds = max(0.0, (office.now() - started).total_seconds())
    try:
        office.ledger.end_run(number, outcome.ended.value, outcome.progress.total, seconds,
                              office.stamp())
    except CannotStore:
        if outcome.ended is not Ended.BROKEN:  # else it is told already
            raise
    return outcome


def _signer_as_planned(office: Office, campaign: Campaign, sink: Sink) -> Signer | None:
    """Return what signs the messages of a mailing; an error if mail.toml has changed since."""
    given, kept = office.mail.settings, campaign.manifest
    if (kept.dkim_domain, kept.dkim_selector) != (given.dkim_domain, given.dkim_selector):
        sink.error("dkim", "this mailing was planned with another DKIM domain or selector",
                   office.mail.span("dkim_domain"),
                   f"it was {kept.dkim_selector or 'none'} of {kept.dkim_domain or 'none'}")
        return None
    return planning.signer_of(office.mail, sink)


def _begin_journal(office: Office, campaign: Campaign) -> None:
    """Make sure that the journal can be written. Raises ReportgenError, status 3."""
    try:
        office.journal(campaign).begin(Begun(campaign.issue, campaign.name, office.origin),
                                      office.stamp())
    except OSError as error:
        sink = Sink()
        sink.error("no-journal", f"{error.filename or office.state} cannot be written: "
                   f"{error.strerror or error}", Span(str(office.state)),
                   f"this machine keeps there what it sent; {VARIABLE} names another folder")
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error
