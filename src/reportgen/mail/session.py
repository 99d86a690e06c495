"""A series from which mail is sent: settings, subscribers, ledger, and the server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import ReportgenError, Sink, Span
from reportgen.mail import credentials
from reportgen.mail.addresses import parse_address
from reportgen.mail.clock import real_time, stamp
from reportgen.mail.ledger.campaign import Campaign
from reportgen.mail.ledger.journal import Journal, Origin, state_folder
from reportgen.mail.ledger.store import FILE as LEDGER_FILE
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.lock import only_sender
from reportgen.mail.settings import Mail, read_mail
from reportgen.mail.smtp.client import Login, Relay, SmtpTransport
from reportgen.mail.smtp.transport import CannotConnect, CannotLogIn, Capabilities, Lost, Transport
from reportgen.mail.subscribers import FILE as SUBSCRIBERS_FILE
from reportgen.mail.subscribers import Subscribers
from reportgen.series import SERIES_FILE, Series, find_series, open_series


class MailSession(Struct, frozen=True):
    """A series from which mail is sent."""

    series: Series
    mail: Mail
    subscribers: Subscribers
    ledger: Ledger
    now: Callable[[], datetime]
    state: Path
    """Folder of the journals."""

    @property
    def folder(self) -> Path:
        return self.series.workspace.root

    @property
    def origin(self) -> Origin:
        """What this machine's journals know the series by."""
        return Origin(self.subscribers.identity, str(self.folder.resolve()))

    def stamp(self) -> str:
        """Return the time, ISO 8601, UTC."""
        return stamp(self.now())

    def journal(self, campaign: Campaign) -> Journal:
        """Return this machine's record of a mailing."""
        return Journal(self.state, campaign.id)


@contextmanager
def open_list(path: Path) -> Iterator[tuple[Series, Subscribers]]:
    """Give the series around `path`, and its subscribers. Raises ReportgenError."""
    sink = Sink()
    series = _series(path, sink)
    subscribers = Subscribers(series.workspace.root / SUBSCRIBERS_FILE)
    try:
        yield series, subscribers
    finally:
        subscribers.close()


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """Give the ledger of the series around `path`, to look at or to forget somebody in."""
    ledger = Ledger(_series(path, Sink()).workspace.root / LEDGER_FILE)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def open_session(path: Path, sink: Sink,
                 now: Callable[[], datetime] = real_time) -> Iterator[MailSession]:
    """Give the session of the series around `path`; nobody else sends from it meanwhile.

    Raises ReportgenError: status 1 if mail.toml has mistakes, 75 if somebody
    else is sending, 3 if the ledger cannot be read.
    """
    series = _series(path, sink)
    mail = read_mail(series, sink)
    if sink.failed:
        raise ReportgenError(sink)
    root = series.workspace.root
    with ExitStack() as stack:
        stack.enter_context(only_sender(root))
        subscribers = Subscribers(root / SUBSCRIBERS_FILE)
        stack.callback(subscribers.close)
        session = MailSession(series, mail, subscribers, Ledger(root / LEDGER_FILE), now,
                              state_folder())
        stack.callback(session.ledger.close)
        if _is_kept(session.state):  # else nothing can be sent, and that is told then
            stack.enter_context(only_sender(session.state, f"{subscribers.identity[:32]}.lock"))
        yield session


def _is_kept(state: Path) -> bool:
    """Whether the folder of the journals is there: a copy of the series' folder shares it."""
    with suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
    return os.access(state, os.W_OK)


def _series(path: Path, sink: Sink) -> Series:
    if find_series(path) is None:
        sink.error("no-series", f"there is no {SERIES_FILE} here or above", Span(str(path)),
                   "name a folder of the series (subscribers: --series DIR), or begin one: "
                   "reportgen new series DIR")
        raise ReportgenError(sink)
    series = open_series(path, sink)
    if sink.failed:
        raise ReportgenError(sink)
    return series


def connector(session: MailSession, sink: Sink) -> Callable[[], Transport]:
    """Return what makes connections to the server. Raises ReportgenError without a password."""
    mail, given = session.mail, session.mail.settings
    file = mail.path(given.password_file) if given.password_file else None
    account = credentials.Account(given.user, given.server, credentials.SMTP_VARIABLE, file,
                                  mail.span("user"))
    secret = credentials.secret(account, sink) if given.user else ""
    if sink.failed:
        raise ReportgenError(sink)
    relay = Relay(
        given.server, mail.port, mail.security, given.user, mail.login, secret,
        str(mail.path(given.authorities)) if given.authorities else "",
        parse_address(given.sender).domain, float(given.timeout), float(given.final_timeout),
        (lambda: credentials.secret(account, Sink())) if mail.login is Login.XOAUTH2 else None)
    return lambda: SmtpTransport(relay)


def ask(session: MailSession, sink: Sink) -> Capabilities | None:
    """Return what the server offers; None and an error if it cannot be reached.

    Raises ReportgenError without a password.
    """
    transport = connector(session, sink)()
    try:
        return transport.open()
    except CannotLogIn as error:
        sink.error("no-login", str(error), session.mail.span("user"),
                   f"look at user, and at the password: {credentials.SMTP_VARIABLE}, "
                   "password-file or the keyring")
        return None
    except (Lost, CannotConnect) as error:
        sink.error("no-connection", str(error), session.mail.span("server"),
                   "look at server, port and security")
        return None
    finally:
        transport.close()

