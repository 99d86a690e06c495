"""Reading the mailbox to which the mail of a series comes back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span
from reportgen.mail import credentials
from reportgen.mail.mailboxes import ImapBox, Stored, in_imap, in_maildir
from reportgen.mail.returns.collecting import CannotFetch, collected
from reportgen.mail.returns.processor import Returned, ReturnProcessor, Series
from reportgen.mail.session import MailSession


def read_returned(session: MailSession, maildir: Path | None, sink: Sink) -> Iterator[Returned]:
    """Read the mailbox of mail.toml, or `maildir`; see `ReturnProcessor.read`.

    Raises ReportgenError, also while it is read.
    """
    given = session.mail.settings
    if given.receiver_url and maildir is None:
        page = _collected(session, sink)
        has_mailbox = given.maildir or given.imap_server
        return chain(page, _in_mailbox(session, None, sink)) if has_mailbox else page
    return _in_mailbox(session, maildir, sink)


def _collected(session: MailSession, sink: Sink) -> Iterator[Returned]:
    """Yield what readers asked for on the page. Raises ReportgenError if it cannot be asked."""
    given = session.mail.settings
    try:
        yield from collected(given.receiver_url, session.subscribers, float(given.timeout),
                             session.stamp())
    except CannotFetch as error:
        sink.error("receiver", str(error), session.mail.span("receiver_url"),
                   "is the page of reportgen receiver there, of this very series?")
        raise ReportgenError(sink) from error


def _in_mailbox(session: MailSession, maildir: Path | None, sink: Sink) -> Iterator[Returned]:
    """Yield what the mails in the mailbox say. Raises ReportgenError."""
    given, mail = session.mail.settings, session.mail
    if maildir is None and given.maildir:
        maildir = mail.path(given.maildir)
    leave = given.unsubscribe_mailto.lower()
    others = [a.lower() for a in (*mail.addresses, given.reply_to) if a]
    series = Series((session.series.settings.title,), mail.addresses,
                    leave if leave and not any(leave in a for a in others) else "")
    processor = ReturnProcessor(session.subscribers, session.ledger, session.stamp(), series)
    if maildir is not None:
        return processor.read(_told(in_maildir(maildir), mail.span("maildir"), sink))
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
    return processor.read(_told(in_imap(box), mail.span("imap_server"), sink))


def _told(mails: Iterator[Stored], span: Span, sink: Sink) -> Iterator[Stored]:
    """Yield the mails of a mailbox. Raises ReportgenError if it cannot be read."""
    try:
        for mail in mails:
            yield Stored(partial(_loaded, mail, span, sink), mail.key)
    except OSError as error:
        raise _unreadable(error, span, sink) from error


def _loaded(mail: Stored, span: Span, sink: Sink) -> bytes:
    try:
        return mail.load()
    except OSError as error:
        raise _unreadable(error, span, sink) from error


def _unreadable(error: OSError, span: Span, sink: Sink) -> ReportgenError:
    """Return what to raise when a mailbox cannot be read."""
    sink.error("mailbox", f"{error.filename or 'the mailbox'}: {error.strerror or error}", span,
               "what was read before that is done and told; run it again",
               "look at imap-server, imap-port, imap-user, and authorities for a certificate")
    return ReportgenError(sink)
