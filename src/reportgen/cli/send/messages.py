"""What `send` says of a plan and of a run, on stderr."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reportgen.cli.send.options import part_of
from reportgen.cli.send.status import ERASED

if TYPE_CHECKING:
    from reportgen.mail.api import MailingKey, MailSession
    from reportgen.mail.campaigns.planning import Plan
    from reportgen.mail.ledger.campaign import Campaign
    from reportgen.mail.sending.sender import Outcome
    from reportgen.mail.smtp.transport import Capabilities
    from reportgen.reading.issue import Issue


def print_plan(session: MailSession, plan: Plan, issue: Issue, relay: Capabilities | None) -> None:
    """Say what is about to happen, on stderr."""
    from reportgen.mail.api import estimate
    from reportgen.mail.campaigns.planning import WHOLE
    from reportgen.model import plain

    out = sys.stderr
    number = len(plan.recipients)
    print(f"{plan.campaign.name}: {number:,} message{'s' if number != 1 else ''}, "
          f"{plan.total / 1e6:,.1f} MB, from {plan.campaign.manifest.sender}", file=out)
    print(f"  subject  {plan.payloads[WHOLE].letter.subject}", file=out)
    for brief in issue.briefs:
        print(f"  brief  {brief.region.name}: {plain(brief.title)}", file=out)
    print(f"  through  {relay.relay if relay else 'no server was asked'}", file=out)
    for selection, payload in plan.payloads.items():
        if not plan.readers.get(selection):
            continue
        how = "attached" if payload.attached else "linked"
        what = ", ".join(sorted(selection)) or "the whole bulletin"
        print(f"  {how}  {payload.pdf_name}  {len(payload.pdf) / 1e6:.1f} MB  {what}"
              f"  to {plan.readers[selection]:,}", file=out)
        if payload.link:
            print(f"    put it at {payload.link} first; --dry-run DIR writes it", file=out)
    for reason, count in plan.left_out:
        print(f"  left out  {count:,}  {reason}", file=out)
    if plan.without_consent:
        print(f"  no record of consent  {plan.without_consent:,}", file=out)
    if plan.unnamed:
        print(f"  no name on the cover  {plan.unnamed:,}  none is known, no font has it, or it "
              "is linked", file=out)
    print(f"  takes  {estimate(session, plan.total, number)}", file=out)
    days = session.mail.allowance.days(number)
    if days > 1:
        print(f"  goes out on {days} days, as per-hour and per-day allow: run it again each "
              "day", file=out)


def print_resumed(session: MailSession, campaign: Campaign) -> None:
    """Say how far a mailing is."""
    counts = ", ".join(f"{n:,} {state.value.replace('_', ' ')}"
                       for state, n in session.ledger.counts(campaign).items() if n)
    print(f"{campaign.name}, planned {campaign.planned_at[:16].replace('T', ' ')}: {counts}",
          file=sys.stderr)


def print_outcome(session: MailSession, campaign: Campaign, outcome: Outcome) -> None:
    """Say how the run ended, what is left, and what to do about it."""
    from reportgen.mail.api import open_deliveries
    from reportgen.mail.ledger.campaign import Policy, State
    from reportgen.mail.sending.sender import Ended

    out = sys.stderr
    if outcome.progress.tried:
        print_resumed(session, campaign)
    words = {Ended.LIMIT: f"stopped: {outcome.progress.why}",
             Ended.STOPPED: "stopped; run it again to go on",
             Ended.THRESHOLD: f"stopped, because {outcome.progress.why}; --status has all of it",
             Ended.NO_CONNECTION: f"no connection: {outcome.progress.why}; run it again to go on",
             Ended.BROKEN: f"stopped: {outcome.progress.why}"}
    if outcome.ended in words:
        print(words[outcome.ended], file=out)
    elif not outcome.progress.tried and not open_deliveries(session, campaign):
        print("nothing is left to be sent", file=out)
    if outcome.progress.go_on_at:
        print(f"go on {_moment(outcome.progress.go_on_at)}: run it again then", file=out)
    if outcome.progress.results[State.REJECTED]:
        _print_rejected(session, campaign)
    doubtful = session.ledger.counts(campaign)[State.IN_DOUBT]
    if doubtful:
        then = "; else the next run sends it again" if campaign.policy is Policy.RESEND else ""
        print(f"{doubtful} in doubt: --resolve --log FILE asks the server's log{then}", file=out)
    later = [d.next_at for d in session.ledger.deliveries(campaign, State.DEFERRED)]
    if later and outcome.ended is Ended.DONE:
        print(f"{len(later)} to be tried later, {_moment(min(later))}: run it again then, or "
              "with --wait MINUTES", file=out)
        refused = [d for d in session.ledger.deliveries(campaign, State.DEFERRED)
                   if d.code is not None and d.code >= 500]
        if refused:
            print(f"{len(refused)} of them were refused; that is final when the server has taken "
                  "another message", file=out)


def _moment(at: float) -> str:
    """Return a moment (seconds since 1970) in words."""
    moment = datetime.fromtimestamp(at, UTC).astimezone()
    today = moment.date() == datetime.now().astimezone().date()
    return f"from {moment:%H:%M:%S} on" if today else f"from {moment:%d %B, %H:%M} on"


_SHOWN = 10
"""Lines about who was rejected; --status has all."""


def _print_rejected(session: MailSession, campaign: Campaign) -> None:
    """Say who was rejected and why, and what that means."""
    from reportgen.mail.ledger.campaign import State

    rejected = session.ledger.deliveries(campaign, State.REJECTED)
    for delivery in rejected[:_SHOWN]:
        print(f"  rejected  {delivery.rcpt or ERASED}  {delivery.code} {delivery.reply}",
              file=sys.stderr)
    if len(rejected) > _SHOWN:
        print(f"  and {len(rejected) - _SHOWN} more", file=sys.stderr)
    print("whose address is no more is suspended; if that is wrong: reportgen subscribers resume "
          "ADDRESS, then send --newcomers", file=sys.stderr)


def print_without(session: MailSession, issue: str, part: MailingKey) -> None:
    """Say that everybody who is written to has an issue, and who has it not, and why."""
    from reportgen.mail.campaigns.names import without

    left_out = without(session, issue, part).left_out
    others = [(reason, n) for reason, n in left_out if not reason.startswith("gets it by")]
    print("everybody who is written to has it" if others else "everybody has it", file=sys.stderr)
    for reason, count in others:
        print(f"  has it not  {count:,}  {reason}", file=sys.stderr)
    if any(reason == "suspended" for reason, _ in others):
        print("reportgen subscribers resume --rejected-in ISSUE writes again to all whom the "
              "server refused", file=sys.stderr)


def print_newcomers(arguments: argparse.Namespace, session: MailSession) -> None:
    """Say how many have not got the issue: they came after it was planned, or were refused."""
    from reportgen.mail.api import issue_of, newcomers

    count = newcomers(session, issue_of(session.folder, arguments.path), part_of(arguments))
    if count:
        verb = "subscribe and have" if count > 1 else "subscribes and has"
        print(f"{count} more {verb} it not: --newcomers mails it to them", file=sys.stderr)
