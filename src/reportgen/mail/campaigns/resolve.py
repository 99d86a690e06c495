"""Settling what is in doubt: the server's log, what the editor knows, and who wins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import ReportgenError, Sink, Span
from reportgen.mail.addresses import BadAddress, parse_address
from reportgen.mail.campaigns.evidence import GRACE, Verdict, is_of_postfix, read_log
from reportgen.mail.ledger.campaign import Campaign, Delivery, State
from reportgen.mail.ledger.store import Ledger


class Said(Struct, frozen=True):
    """What the editor knows of deliveries in doubt."""

    taken: tuple[str, ...] = ()
    """Addresses of people who have the message."""
    not_taken: tuple[str, ...] = ()
    """Addresses of people who have it not."""
    resend: bool = False
    """Send what is still in doubt again, to whom that may be the second time."""


def resolve(ledger: Ledger, campaigns: Iterable[Campaign], logs: Iterable[Path], said: Said,
            now: str, sink: Sink, grace: timedelta = GRACE) -> list[tuple[Delivery, str]]:
    """Settle what is in doubt by the relay's logs and what the editor says; return what was done.

    What was said not to be taken, and was not sent again yet, may still turn out to be taken.
    `now` is ISO 8601. A log's silence counts if it goes on for `grace` after the
    attempt; a file that is no log, or why one says nothing, is a warning in
    `sink`. Raises OSError if a log cannot be read, ReportgenError if the editor
    speaks of somebody who is not in doubt.
    """
    campaigns = tuple(campaigns)
    doubtful = {c.id: (*ledger.deliveries(c, State.IN_DOUBT), *ledger.sent_again(c))
                for c in campaigns}
    spoken = _spoken(said, tuple(d for rows in doubtful.values() for d in rows))
    lines = {path: _lines(path, sink) for path in logs}
    done = []
    for campaign in campaigns:
        tried = {each.id: _tried(ledger, each, now) for each in doubtful[campaign.id]}
        accepted = _accepted(ledger, campaign)
        read = {path: read_log(rows, max(tried.values()), accepted)
                for path, rows in lines.items() if tried}
        for delivery in doubtful[campaign.id]:
            at = tried[delivery.id]
            found = [log.verdict(delivery.message_id, at, grace) for log in read.values()]
            verdict, evidence = _weighed(found, spoken.get(delivery.id, Verdict.UNKNOWN), said)
            if _settle(ledger, delivery, verdict, evidence, now):
                done.append((delivery, _words(delivery, verdict, evidence, campaign)))
            elif delivery.state is State.IN_DOUBT and verdict is Verdict.UNKNOWN:
                for path, log in read.items():
                    why = log.why_unknown(delivery.message_id, at, grace)
                    sink.warning("log-says-nothing", why, Span(str(path)))
        if campaign.cancelled_at:
            ledger.cancel(campaign, now)
    return done


def _settle(ledger: Ledger, delivery: Delivery, verdict: Verdict, evidence: str,
            now: str) -> bool:
    """Write what the evidence says into the ledger; return whether that is new."""
    again = delivery.state is not State.IN_DOUBT
    if verdict is Verdict.TAKEN:
        if again:
            ledger.doubt_again(delivery.id, now)
        ledger.settle(delivery.id, State.ACCEPTED, None, now, evidence=evidence)
    elif verdict is Verdict.NOT_TAKEN and not again:
        ledger.replan(delivery.id, evidence, now)
    return verdict is Verdict.TAKEN or (verdict is Verdict.NOT_TAKEN and not again)


_UNKNOWN = "the editor: send it again, taken or not"


def _words(delivery: Delivery, verdict: Verdict, evidence: str, campaign: Campaign) -> str:
    """Return what was done with a delivery that was in doubt."""
    found = f"{verdict.value}, says {evidence}"
    why = "the mailing was called off" if campaign.cancelled_at else (
        "" if delivery.rcpt else "the person was erased")
    if verdict is Verdict.NOT_TAKEN and why:
        return f"{found}; not sent again, because {why}"
    return "to be sent again, taken or not" if evidence == _UNKNOWN else found


def _lines(path: Path, sink: Sink) -> list[str]:
    """Return the lines of a log. Raises OSError."""
    lines = path.read_text("utf-8", "replace").split("\n")
    if not any(is_of_postfix(line) for line in lines):
        sink.warning("no-log", "nothing in it was written by Postfix", Span(str(path)),
                     "is it packed? gunzip it first")
    return lines


def _weighed(logs: list[Verdict], editor: Verdict, said: Said) -> tuple[Verdict, str]:
    """Return what all evidence comes to: whoever says that it was taken wins."""
    if Verdict.TAKEN in logs:
        return Verdict.TAKEN, "the server's log"
    if editor is not Verdict.UNKNOWN:
        return editor, "the editor"
    if Verdict.NOT_TAKEN in logs:
        return Verdict.NOT_TAKEN, "the server's log"
    return (Verdict.NOT_TAKEN, _UNKNOWN) if said.resend else (Verdict.UNKNOWN, "")


def _tried(ledger: Ledger, delivery: Delivery, now: str) -> datetime:
    """Return when a delivery was tried last."""
    tries = ledger.attempts(delivery.id)
    return datetime.fromisoformat(tries[-1].at if tries else now)


def _accepted(ledger: Ledger, campaign: Campaign) -> dict[str, datetime]:
    """Return when the server took messages of a mailing: what shows that a log is its own."""
    return {d.message_id: datetime.fromisoformat(d.updated_at)
            for d in ledger.deliveries(campaign, State.ACCEPTED) if d.code is not None}


def _spoken(said: Said, doubtful: tuple[Delivery, ...]) -> dict[str, Verdict]:
    """Return what the editor says of deliveries in doubt.

    Raises ReportgenError if it is of others, or both ways.
    """
    sink, found = Sink(), dict[str, Verdict]()
    for addresses, verdict in ((said.taken, Verdict.TAKEN), (said.not_taken, Verdict.NOT_TAKEN)):
        for text in addresses:
            key = _key(text, sink)
            meant = [delivery.id for delivery in doubtful if delivery.addr_key == key]
            if not meant:
                sink.error("not-in-doubt", f"{text} is not in doubt", Span("command line"),
                           "--status lists who is")
            elif any(found.setdefault(each, verdict) is not verdict for each in meant):
                sink.error("contradiction", f"{text}: both --taken and --not-taken",
                           Span("command line"))
    if sink.failed:
        raise ReportgenError(sink)
    return found


def _key(text: str, sink: Sink) -> str:
    try:
        return parse_address(text).key
    except BadAddress as error:
        sink.error("bad-address", f"{text}: {error}", Span("command line"))
        return ""
