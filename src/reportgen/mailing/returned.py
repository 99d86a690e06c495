"""Reading the mailbox to which the mail of a series comes back."""

from __future__ import annotations

from pathlib import Path

from reportgen.delivery import credentials
from reportgen.delivery.mailboxes import ImapBox, in_imap, in_maildir
from reportgen.delivery.returns import Clerk, Returned
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink
from reportgen.mailing.office import Office


def read_returned(office: Office, maildir: Path | None, sink: Sink) -> tuple[Returned, ...]:
    """Read the mailbox of mail.toml, or `maildir`. Raises ReportgenError, OSError."""
    given, mail = office.mail.settings, office.mail
    if maildir is None and given.maildir:
        maildir = mail.path(given.maildir)
    clerk = Clerk(office.subscribers, office.ledger, office.stamp())
    if maildir is not None:
        return clerk.read(in_maildir(maildir))
    if not given.imap_server:
        sink.error("no-mailbox", "mail.toml names no mailbox", mail.span(),
                   "set imap-server and imap-user, or maildir")
        raise ReportgenError(sink)
    file = mail.path(given.imap_password_file) if given.imap_password_file else None
    secret = credentials.secret(credentials.Account(
        given.imap_user, given.imap_server, credentials.IMAP_VARIABLE, file,
        mail.span("imap_user"), "imap-password-file"), sink)
    if sink.failed:
        raise ReportgenError(sink, ExitStatus.INPUT)
    box = ImapBox(given.imap_server, given.imap_port, given.imap_user, secret, given.imap_folder,
                  mail.imap_login, str(mail.path(given.authorities)) if given.authorities else "",
                  float(given.timeout))
    return clerk.read(in_imap(box))
