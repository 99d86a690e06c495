"""`subscribers show`, `subscribers report`: what is known of one person, and all in numbers."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.cli.subscribers.shared import address_of
from reportgen.diagnostics import Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.subscribers import Subscribers
    from reportgen.series import Series


def show(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
         sink: Sink) -> None:
    """Print all that is known of a person (GDPR, article 15): the list, its history, mailings."""
    from reportgen.mail.campaigns.report import known_of

    address = address_of(arguments.address, sink)
    if address is None:
        return
    with _ledger(series) as ledger:
        known = known_of(address, subscribers, ledger)
    if not known:
        sink.error("unknown-person", f"nothing is known of {address.mailbox}",
                   Span("command line"))
    elif arguments.format == "json":
        print(json.dumps(known, ensure_ascii=False, indent=1))
    else:
        _print(known)


def _print(known: dict[str, Any]) -> None:
    for name, value in known.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            print(name)
            for row in value:
                print("  " + "  ".join(str(cell) for cell in row.values() if cell))
        elif value:
            print(f"{name}  {', '.join(value) if isinstance(value, list) else value}")


def report(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
           sink: Sink) -> None:
    """Print a row for each issue: what became of its messages, and who came and left since."""
    from reportgen.mail.campaigns.report import counts_of

    with _ledger(series) as ledger:
        rows = counts_of(subscribers, ledger)
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif arguments.format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(rows[0] if rows else ())
        writer.writerows(row.values() for row in rows)
    else:
        for row in rows:
            print("  ".join([str(row["issue"]), *(f"{n:,} {name}" for name, n in row.items()
                                                  if isinstance(n, int) and n)]))
    if not rows:
        print("nothing was mailed from here yet", file=sys.stderr)


def _ledger(series: Series) -> Any:
    """Return what opens the ledger of a series, or nothing if nothing was mailed."""
    from contextlib import nullcontext

    from reportgen.mail.api import open_ledger
    from reportgen.mail.ledger.store import FILE

    root: Path = series.workspace.root
    return open_ledger(root) if (root / FILE).is_file() else nullcontext(None)
