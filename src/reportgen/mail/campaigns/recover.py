"""A mailing that was frozen before: what has happened to it, its ledger and its clock since."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from reportgen.diagnostics import ReportgenError, Sink, Span
from reportgen.mail.campaigns.names import elsewhere
from reportgen.mail.ledger.campaign import Campaign, Policy, State
from reportgen.mail.ledger.journal import VARIABLE, catch_up
from reportgen.mail.messages.composer import thawed
from reportgen.mail.session import MailSession

CLOCK_SLACK = 120
"""Seconds that a clock may be behind the ledger before it is told."""


def refresh(session: MailSession, campaign: Campaign, sink: Sink) -> None:
    """Bring what the ledger has of a mailing up to date.

    What the journal has and the ledger has not is written again; who got it by a
    mailing that the ledger has lost gets it no more, who may have is in doubt;
    what a dead run left on its dot is as well. All are warnings in `sink`.
    """
    span = Span(f"mailing {campaign.name}")
    restored = catch_up(session.ledger, session.journal(campaign))
    if restored:
        sink.warning("older-ledger", f"the ledger lacked {restored} attempts that this machine "
                     "made: it is an older copy, or the disk was full; they are in it again", span,
                     "nobody gets a second message by that")
    _heed_others(session, campaign, span, sink)
    lost = session.ledger.doubt_leftovers(campaign, session.stamp())
    if lost:
        sink.warning("in-doubt", f"a run that died left {lost} of which nobody knows whether they "
                     "were taken", span, "reportgen send --resolve asks for evidence")


def _heed_others(session: MailSession, campaign: Campaign, span: Span, sink: Sink) -> None:
    """Keep from who got it by a mailing that the ledger has lost what is still to be sent."""
    others, now = elsewhere(session, campaign), session.stamp()
    names: set[str] = set()
    for delivery in session.ledger.deliveries(campaign, State.PLANNED, State.DEFERRED):
        taken, doubtful = others.taken(delivery.addr_key), others.doubtful(delivery.addr_key)
        if taken:
            session.ledger.suppress(delivery, f"got it by the mailing {taken}", now)
        elif doubtful and not session.ledger.was_told(delivery):
            session.ledger.doubt_by(delivery, now)
        else:
            continue
        names.add(taken or doubtful)
    if names:
        sink.warning("older-ledger", f"the ledger has lost the mailing {', '.join(sorted(names))}: "
                     "who got it by that does not get it again, who may have got it is in doubt",
                     span)


def recover(session: MailSession, campaign: Campaign, sink: Sink, *, adopt: bool = False) -> None:
    """Refresh a mailing that was frozen before, and tell what is not as it was.

    `adopt` goes on with what another machine began, or was planned for another
    server. Raises ReportgenError if it may not be sent.
    """
    span = Span(f"mailing {campaign.name}")
    refresh(session, campaign, sink)
    if not (adopt or session.journal(campaign).exists) and session.ledger.sent_before(campaign):
        sink.error("unknown-ledger", "this mailing was begun on another machine, or what this one "
                   "knew of it is gone: if the ledger is an older copy, people would get it twice",
                   span, "if it is the newest ledger, go on with --adopt")
    if campaign.manifest.relay != session.mail.relay and not adopt:
        sink.error("other-server", f"this mailing was planned for {campaign.manifest.relay}; "
                   f"mail.toml names {session.mail.relay}", session.mail.span("server"),
                   "--adopt goes on with it through that: who has it does not get it again",
                   "was it a rehearsal? rehearse in a copy of the folder, with another "
                   f"{VARIABLE}; --again NAME mails it to everybody now")
    _check_clock(session, span, sink)
    _check_frozen(session, campaign, span, sink)
    _check_sources(session, campaign, span, sink)
    if sink.failed:
        raise ReportgenError(sink)


def apply_policy(session: MailSession, campaign: Campaign) -> None:
    """Plan again what is in doubt, if the mailing was planned to resend it."""
    if campaign.policy is Policy.RESEND and not campaign.cancelled_at:
        for delivery in session.ledger.deliveries(campaign, State.IN_DOUBT):
            session.ledger.replan(delivery.id, "policy: resend", session.stamp())


def _check_clock(session: MailSession, span: Span, sink: Sink) -> None:
    latest = session.ledger.latest()
    if not latest:
        return
    behind = (datetime.fromisoformat(latest) - session.now()).total_seconds()
    if behind > CLOCK_SLACK:
        sink.warning("clock", f"the clock of this machine is {duration(behind)} behind the "
                     "ledger", span, "nothing depends on it but the times on record; set it right")


def _check_frozen(session: MailSession, campaign: Campaign, span: Span, sink: Sink) -> None:
    """Check that letters and PDFs in the ledger are what was planned."""
    for letter in sorted(session.ledger.artifacts_of(campaign)):
        data = session.ledger.artifact(letter)
        attached = thawed(data).attached if data else ""
        if data is None or (attached and session.ledger.artifact(attached) is None):
            what = thawed(data).pdf_name if data else "a letter"
            sink.error("not-as-frozen", f"{what} in the ledger is not what was planned; nothing "
                       "more is sent", span, "take the last good copy of mailings.sqlite, or "
                       "call this mailing off with --cancel: --newcomers mails it to who has it "
                       "not")


def _check_sources(session: MailSession, campaign: Campaign, span: Span, sink: Sink) -> None:
    """Tell which briefs and settings have changed since the bulletin was frozen."""
    changed = [name for name, kept in campaign.manifest.made_of
               if _hash_of(session.folder / name) != kept]
    if changed:
        sink.warning("changed-since", f"{', '.join(changed[:5])} changed since this mailing was "
                     f"planned on {campaign.planned_at[:10]}; what was frozen then is what goes "
                     "out", span, "a correction is a mailing of its own: --again NAME")


def _hash_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def duration(seconds: float) -> str:
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit:
            n = round(seconds / unit)
            return f"{n} {name}{'s' if n > 1 else ''}"
    n = round(seconds)
    return f"{n} second{'s' if n != 1 else ''}"
