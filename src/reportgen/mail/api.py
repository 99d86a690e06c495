"""Mailing an issue, told once: build, choose, ask, plan, freeze, send, resolve.

1. Open     the series' mail.toml, subscribers and ledger; nobody else may send (`session`).
2. Build    the screen edition, once for each distinct choice of regions (`campaigns.prepare`).
3. Ask      the server what it takes; attach the PDF, or link it (`session.ask`).
4. Plan     every message is composed once and checked; nothing is written (`campaigns.planning`).
5. Freeze   the plan in one transaction. From here on the ledger decides.
6. Send     what is open, by the protocol of `sending.protocol` (`campaigns.recover`, `sending`).
7. Resolve  what is in doubt, by evidence (`returns.reading`, `campaigns.resolve`).

`cli.send` asks and prints between these steps. docs/mail.md has the reasons.
"""

from reportgen.mail.campaigns.checks import Purpose, check_list
from reportgen.mail.campaigns.names import MailingKey, issue_of, mailings_of, name_of, newcomers
from reportgen.mail.campaigns.prepare import freeze, issue_at, prepare
from reportgen.mail.campaigns.recover import apply_policy, recover, refresh
from reportgen.mail.campaigns.report import missing, receipt
from reportgen.mail.campaigns.trial import dry_run, test_mail
from reportgen.mail.clock import now
from reportgen.mail.returns.reading import read_returned
from reportgen.mail.sending.run import Watching, estimate, open_deliveries, run
from reportgen.mail.session import (
    MailSession,
    ask,
    connector,
    open_ledger,
    open_list,
    open_session,
)

__all__ = [
    "MailSession", "MailingKey", "Purpose", "Watching", "apply_policy", "ask", "check_list",
    "connector", "dry_run", "estimate", "freeze", "issue_at", "issue_of", "mailings_of",
    "missing", "name_of", "newcomers", "now", "open_deliveries", "open_ledger", "open_list",
    "open_session", "prepare", "read_returned", "receipt", "recover", "refresh", "run",
    "test_mail"]
