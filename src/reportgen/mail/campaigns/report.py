"""The record of a mailing, to be kept with the issue, and whether it is whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import Campaign
from reportgen.mail.ledger.journal import Origin, journals_of, state_folder
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.session import open_list
from reportgen.mail.subscribers import FILE


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
