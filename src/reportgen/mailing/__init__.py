"""Mailing an issue, told once: build, choose, ask, plan, freeze, send, resolve.

1. Open     the series' mail.toml, subscribers and ledger; nobody else may send (`office`).
2. Build    the screen edition, once for each distinct choice of regions (`preparing`).
3. Ask      the server what it takes; attach the PDF, or link it.
4. Plan     every message is composed once and checked; nothing is written.
5. Freeze   the plan in one transaction. From here on the ledger decides.
6. Send     what is open, by the protocol of `delivery.protocol` (`waking`, `sending`).
7. Resolve  what is in doubt, by evidence (`returned`, `delivery.resolving`).

`checking` refuses what nobody could call back, `naming` knows one mailing from another, `trial`
sends nothing that counts, `record` is what is kept. `cli.send` asks and prints between these
steps. docs/mail.md has the reasons.
"""

from reportgen.mailing.checking import Purpose, check_list
from reportgen.mailing.naming import Part, issue_of, mailings_of, name_of, newcomers
from reportgen.mailing.office import Office, ask, connector, now, opened, opened_ledger, opened_list
from reportgen.mailing.preparing import freeze, issue_at, prepare
from reportgen.mailing.record import missing, receipt
from reportgen.mailing.returned import read_returned
from reportgen.mailing.sending import Watching, estimate, open_deliveries, run
from reportgen.mailing.trial import dry_run, test_mail
from reportgen.mailing.waking import apply_policy, refresh, wake

__all__ = [
    "Office", "Part", "Purpose", "Watching", "apply_policy", "ask", "check_list", "connector",
    "dry_run", "estimate", "freeze", "issue_at", "issue_of", "mailings_of", "missing", "name_of",
    "newcomers", "now", "open_deliveries", "opened", "opened_ledger", "opened_list", "prepare",
    "read_returned", "receipt", "refresh", "run", "test_mail", "wake"]
