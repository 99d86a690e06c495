"""`send --status`: what became of each message."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from reportgen.diagnostics import ExitStatus

if TYPE_CHECKING:
    from reportgen.mail.ledger.campaign import Campaign
    from reportgen.mail.ledger.store import Ledger

ERASED = "an erased person"


def status(arguments: argparse.Namespace) -> ExitStatus:
    """Print what became of the mailings of an issue, or of all of the series."""
    from reportgen.mail.api import issue_of, missing, open_ledger, receipt
    from reportgen.mail.ledger.store import FILE
    from reportgen.series import SERIES_FILE, find_series

    folder = find_series(arguments.path)
    whole = (arguments.path / SERIES_FILE).is_file()
    issue = "" if whole or folder is None else issue_of(folder, arguments.path)
    if folder is None or not (folder / FILE).is_file():
        if folder is None or not _tell_of_missing(missing(folder, None, issue)):
            print("nothing was mailed from here yet", file=sys.stderr)
        if arguments.format == "json":
            print("[]")
        return ExitStatus.OK if folder else ExitStatus.INPUT
    with open_ledger(arguments.path) as ledger:
        campaigns = ledger.campaigns(issue)
        _tell_of_missing(missing(folder, ledger, issue))
        if not campaigns:
            known = ", ".join(dict.fromkeys(c.issue for c in ledger.campaigns())) or "none"
            print(f"{issue or 'this series'} was not mailed; mailed were: {known}",
                  file=sys.stderr)
        if arguments.format == "json":
            print(json.dumps([receipt(ledger, c) for c in campaigns], ensure_ascii=False, indent=1))
        else:
            for campaign in campaigns:
                _print_status(ledger, campaign)
        return status_of(ledger, campaigns)


def _tell_of_missing(number: int) -> int:
    """Say how many attempts are not on record; return that."""
    if number:
        print(f"this machine made {number} attempts that the ledger here has not: it is an older "
              "copy, or was deleted. The next send, --resolve or --cancel writes what it can into "
              "it again", file=sys.stderr)
    return number


def _print_status(ledger: Ledger, campaign: Campaign) -> None:
    from reportgen.mail.ledger.campaign import State

    print(f"{campaign.name}  planned {campaign.planned_at[:16].replace('T', ' ')}")
    counts = ledger.counts(campaign)
    for state, n in counts.items():
        if n:
            print(f"  {n:6,}  {state.value.replace('_', ' ')}")
    unclear = [s for s in State if s not in (State.ACCEPTED, State.PLANNED)]
    for delivery in ledger.deliveries(campaign, *unclear):
        reply = " ".join(filter(None, (str(delivery.code or ""), delivery.reply)))
        print(f"  {delivery.state.value.replace('_', ' ')}: {delivery.rcpt or ERASED}"
              f"  {delivery.message_id}  {reply}".rstrip())


def status_of(ledger: Ledger, campaigns: tuple[Campaign, ...]) -> ExitStatus:
    """Return 4 if a mailing has messages that were rejected, are in doubt or wait."""
    from reportgen.mail.ledger.campaign import State

    good = (State.ACCEPTED, State.SUPPRESSED, State.CANCELLED)
    unsettled = any(n for campaign in campaigns
                    for state, n in ledger.counts(campaign).items() if state not in good)
    return ExitStatus.MAIL if unsettled else ExitStatus.OK
