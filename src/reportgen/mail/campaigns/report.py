"""The record of a mailing, to be kept with the issue, and whether it is whole."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from reportgen.mail.addresses import Address
from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import Campaign, Delivery
from reportgen.mail.ledger.journal import Origin, journals_of, state_folder
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.session import open_list
from reportgen.mail.subscribers import FILE, Subscribers, What


def receipt(ledger: Ledger, campaign: Campaign) -> dict[str, object]:
    """Return what became of every message of a mailing, as data for JSON."""
    counts = ledger.counts(campaign)
    return {
        "mailing": campaign.name, "issue": campaign.issue, "planned": campaign.planned_at,
        "in-doubt": campaign.policy.value, "from": campaign.manifest.sender,
        "counts": {state.value: n for state, n in counts.items() if n},
        "recipients": [
            {"address": d.rcpt, "message-id": d.message_id, "pdf-sha256": d.pdf_sha256,
             "message-sha256": d.payload_sha256, "bytes": d.size, "state": d.state.value,
             "attempts": d.attempts, "reply": " ".join(filter(None, (str(d.code or ""), d.reply))),
             "time": d.updated_at,
             "evidence": next((a.evidence for a in reversed(ledger.attempts(d.id)) if a.evidence),
                              "")}
            for d in ledger.deliveries(campaign)]}


def missing(root: Path, ledger: Ledger | None, issue: str) -> int:
    """Return how many attempts to send an issue this machine made that the ledger has not.

    `root` is the folder of the series; an issue without a name is all of them.
    """
    identity = ""
    if (root / FILE).is_file():
        with suppress(CannotStore), open_list(root) as (_, subscribers):
            identity = subscribers.identity
    origin = Origin(identity, str(root.resolve()))
    entries = [entry for _, journal in journals_of(state_folder(), origin, issue).values()
               for entry in journal.last().values()]
    known = {entry.delivery: ledger.delivery(entry.delivery) if ledger else None
             for entry in entries}
    return sum((found := known[entry.delivery]) is None or (
        ledger is not None and ledger.lacks(found, entry.n, entry.state)) for entry in entries)


def known_of(address: Address, subscribers: Subscribers, ledger: Ledger | None) -> dict[str, Any]:
    """Return all that is known of somebody, as data for JSON; empty: nothing.

    Regulation (EU) 2016/679, article 15.
    """
    person = subscribers.of_key(address.key)
    left = subscribers.left(address.key)
    keys = (address.key,) if person is None else (
        person.address.key, *subscribers.former(person.address.key))
    mailings = [_mailing(ledger, row) for key in keys
                for row in (ledger.deliveries_to(key) if ledger else ())]
    if person is None:
        found: dict[str, Any] = {"address": address.mailbox, "left": left} if left else {}
        return found | ({"mailings": mailings} if mailings else {})
    return {
        "address": person.address.mailbox, "name": person.address.name,
        "language": person.language, "groups": sorted(person.groups),
        "regions": sorted(person.regions), "status": person.status.value,
        "reason": person.reason, "consent": person.consent, "source": person.source,
        "left": left, "former addresses": list(keys[1:]),
        "history": [{"at": e.at, "what": e.what.value, "detail": e.detail}
                    for e in subscribers.events(person.address.key)],
        "mailings": mailings}


def _mailing(ledger: Ledger | None, delivery: Delivery) -> dict[str, str]:
    campaign = ledger.campaign_of(delivery.id) if ledger else None
    return {"mailing": campaign.name if campaign else "", "state": delivery.state.value,
            "at": delivery.updated_at, "to": delivery.rcpt, "message-id": delivery.message_id,
            "reply": " ".join(filter(None, (str(delivery.code or ""), delivery.reply)))}


def counts_of(subscribers: Subscribers, ledger: Ledger | None) -> list[dict[str, int | str]]:
    """Return a row for each issue that was mailed, in order: messages by state, comings, goings.

    Who came and left is counted from the issue's first mailing to the next issue's.
    """
    first: dict[str, str] = {}
    states: dict[str, Counter[str]] = {}
    for campaign in ledger.campaigns() if ledger else ():
        counts = ledger.counts(campaign) if ledger else {}
        first[campaign.issue] = min(campaign.planned_at, first.get(campaign.issue, "~"))
        states.setdefault(campaign.issue, Counter()).update(
            {state.value: n for state, n in counts.items()})
    order = sorted(first, key=lambda issue: first[issue])
    events = subscribers.all_events()
    rows: list[dict[str, int | str]] = []
    for n, issue in enumerate(order):
        end = first[order[n + 1]] if n + 1 < len(order) else "~"
        since = Counter(e.what for e in events if first[issue] <= e.at < end)
        rows.append({
            "issue": issue, "mailed": first[issue][:10],
            **{name: states[issue][state] for name, state in _STATES.items()},
            **{name: since[what] for name, what in _EVENTS.items()}})
    return rows


_STATES = {"accepted": "accepted", "rejected": "rejected", "in doubt": "in_doubt",
           "waiting": "deferred", "not sent yet": "planned", "left before it went": "suppressed",
           "called off": "cancelled"}
_EVENTS = {"came": What.ADDED, "left": What.UNSUBSCRIBED, "suspended": What.SUSPENDED,
           "soft bounces": What.BOUNCED, "resumed": What.RESUMED, "changed address": What.CHANGED}
