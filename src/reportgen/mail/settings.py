"""mail.toml: how a series is mailed. No password ever stands in it."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from reportgen.diagnostics import Sink, Span
from reportgen.mail.addresses import BadAddress, parse_address
from reportgen.mail.credentials import IMAP_VARIABLE, SMTP_VARIABLE
from reportgen.mail.ledger.campaign import Policy
from reportgen.mail.mailboxes import ImapLogin
from reportgen.mail.pace import Allowance
from reportgen.mail.smtp.client import Login, Security
from reportgen.mail.smtp.transport import Notify
from reportgen.series import Series
from reportgen.settings import line_of, parse_toml, read_settings
from reportgen.workspace import SourceText

FILE = "mail.toml"

PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_LABEL, _DOT = "[A-Za-z0-9_-]+", r"\."
"""Of a domain."""

PERSONAL = ("", "regions", "regions-and-name")


class MailSettings(Struct, frozen=True):
    """The keys of mail.toml."""

    sender: str = ""
    """Who the mail is from: `The Foundation <bulletin@example.org>`."""
    reply_to: str = ""
    """Where answers go, if not to the sender."""
    envelope_sender: str = ""
    """Where undeliverable mail comes back, if not to the sender; `{id}` stands for the delivery."""
    unsubscribe_mailto: str = ""
    """Address that takes unsubscribe requests, if not the sender's."""
    unsubscribe_url: str = ""
    """Page that unsubscribes, with `{token}` for the person; it must take a POST (RFC 8058)."""
    receiver_url: str = ""
    """Where the page of `reportgen receiver` is; `returns` asks it who unsubscribed."""
    list_id: str = ""
    """Identifier of the list (RFC 2919), as in trends.example.org; else made of the sender's."""
    server: str = ""
    """Host that mail is handed in to."""
    port: int = 0
    """Its port; else 587, with tls 465, without encryption 25."""
    security: str = "starttls"
    """starttls, tls (from the first byte), or none (only on this machine)."""
    user: str = ""
    """Name to log in with; the password comes from REPORTGEN_MAIL_PASSWORD or the keyring."""
    login: str = ""
    """How to log in: plain, login or xoauth2; else plain or login, as the server offers."""
    password_file: str = ""
    """File with the password, which only you can read; a path, `~` is your home."""
    authorities: str = ""
    """File of root certificates to trust instead of the system's; a path."""
    connections: int = 2
    """Connections to the server at the same time."""
    per_minute: int = 0
    """Most messages a minute, as the server's owner allows; 0 is no limit."""
    per_hour: int = 0
    """Most messages an hour, of all mailings together; 0 is no limit."""
    per_day: int = 0
    """Most messages a day, of all mailings together; 0 is no limit."""
    timeout: int = 60
    """Seconds to wait for the server's answer to a command."""
    final_timeout: int = 600
    """Seconds to wait for the server's answer to a whole message."""
    retry_after: tuple[float, ...] = (60.0, 300.0, 900.0)
    """Seconds to wait after the first, second ... time that the server says to try later."""
    stop_at_rejected: int = 20
    """Stop when more than so many percent were rejected."""
    in_doubt: str = "hold"
    """What becomes of a message that may have been taken: hold (nobody gets two) or resend."""
    notify: str = "failure"
    """Ask for reports of failure, or of success too: evidence, at a mail for each recipient."""
    attach_up_to: int = 5
    """Megabytes; a larger bulletin is linked, not attached."""
    pdf_url: str = ""
    """Where the PDF can be read, with `{file}` for its name: for bulletins that are linked."""
    web_url: str = ""
    """Where an issue stands on the web, with `{issue}` for its folder: the mail links there."""
    personal: str = ""
    """regions: each gets the briefs of their regions; regions-and-name: with their name on it."""
    dkim_domain: str = ""
    """Domain to sign for (DKIM), if the server does not."""
    dkim_selector: str = ""
    """Selector of the key in its DNS."""
    dkim_key: str = ""
    """File with the private key (PEM); a path."""
    imap_server: str = ""
    """Host of the mailbox to which undeliverable mail and unsubscribe requests come."""
    imap_port: int = 993
    """Its port, for TLS."""
    imap_user: str = ""
    """Name to log in with; the password comes from REPORTGEN_IMAP_PASSWORD or the keyring."""
    imap_login: str = ""
    """How to log in: xoauth2, with an access token; else with a password."""
    imap_password_file: str = ""
    """File with the password, which only you can read; a path, `~` is your home."""
    imap_folder: str = "INBOX"
    """Folder to read; nothing in it is changed."""
    returns: str = ""
    """by-hand: somebody reads the mail that comes back and enters who left; no mailbox is named."""
    maildir: str = ""
    """That mailbox as a Maildir on this machine instead; a path."""


class Mail(Struct, frozen=True):
    """The settings of mail.toml, and where they stand."""

    settings: MailSettings
    source: SourceText | None
    folder: Path

    @property
    def security(self) -> Security:
        return Security(self.settings.security)

    @property
    def port(self) -> int:
        return self.settings.port or PORTS[self.security]

    @property
    def relay(self) -> str:
        """Host and port."""
        return f"{self.settings.server}:{self.port}"

    @property
    def policy(self) -> Policy:
        return Policy(self.settings.in_doubt)

    @property
    def notify(self) -> Notify:
        return Notify[self.settings.notify.upper()]

    @property
    def login(self) -> Login:
        return Login(self.settings.login)

    @property
    def imap_login(self) -> ImapLogin:
        return ImapLogin(self.settings.imap_login)

    @property
    def unsubscribe_url(self) -> str:
        """Page that unsubscribes, with `{token}` for the person; empty: there is none."""
        given = self.settings
        return given.unsubscribe_url or (f"{given.receiver_url}?t={{token}}"
                                         if given.receiver_url else "")

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses that we send from: of the sender, of the envelope, and the account's name."""
        sender = parse_address(self.settings.sender).mailbox if self.settings.sender else ""
        return tuple(dict.fromkeys(filter(None, (
            sender, self.settings.envelope_sender, self.settings.user))))

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.settings.per_hour, self.settings.per_day)

    def span(self, key: str = "") -> Span:
        """Return where a key is set."""
        if self.source is None:
            return Span(FILE)
        return self.source.span(line_of(self.source, key.replace("_", "-"))
                                or line_of(self.source, key))

    def path(self, given: str) -> Path:
        """Return a path of the settings: from the home folder, or beside mail.toml."""
        with contextlib.suppress(RuntimeError):  # there is no such user
            return self.folder / Path(given).expanduser()
        return self.folder / given


def read_mail(series: Series, sink: Sink) -> Mail:
    """Read mail.toml beside series.toml; what is wrong or missing in it is an error."""
    folder = series.workspace.root
    path = folder / FILE
    if not path.is_file():
        sink.error("no-mail-settings", "there is no mail.toml beside series.toml", Span(FILE),
                   'it begins with: sender = "Our Foundation <bulletin@example.org>"',
                   "docs/settings.md has all of it")
        return Mail(MailSettings(), None, folder)
    source = series.workspace.read_text(path, sink)
    data = parse_toml(source, sink) if source else None
    if source and data is not None:
        _refuse_passwords(data, source, sink)
    settings = (read_settings(MailSettings, data, source, sink)
                if source and data is not None else MailSettings())
    mail = Mail(settings, source, folder)
    if data is not None:
        _check_names(mail, sink)
        _check_addresses(mail, sink)
        _check_together(mail, sink)
    return mail


def _refuse_passwords(data: dict[str, Any], source: SourceText, sink: Sink) -> None:
    """Take passwords out of the settings: files are copied, sent and kept."""
    for key in ("password", "imap-password"):
        if data.pop(key, None) is not None:
            variable = IMAP_VARIABLE if key.startswith("imap") else SMTP_VARIABLE
            sink.error("password", "a password never stands in mail.toml",
                       source.span(line_of(source, key)),
                       f"set {variable}, or name a file that only you can read: {key}-file")


def _check_names(mail: Mail, sink: Sink) -> None:
    choices = {
        "security": [s.value for s in Security], "login": [m.value for m in Login],
        "in_doubt": [p.value for p in Policy], "notify": [n.name.lower() for n in Notify],
        "imap_login": [m.value for m in ImapLogin], "personal": list(PERSONAL),
        "returns": ["", "by-hand"]}
    for key, known in choices.items():
        value = getattr(mail.settings, key)
        if value not in known:
            sink.error("unknown-choice", f'{key.replace("_", "-")} = "{value}"', mail.span(key),
                       f"known are: {', '.join(name for name in known if name)}")


def _check_addresses(mail: Mail, sink: Sink) -> None:
    given = mail.settings
    for key in ("sender", "reply_to", "envelope_sender", "unsubscribe_mailto"):
        value = getattr(given, key)
        if not value:
            continue
        try:
            address = parse_address(value.replace("{id}", "0" * 32))
        except BadAddress as error:
            sink.error("bad-address", f"{value}: {error}", mail.span(key),
                       "as in: Our Foundation <bulletin@example.org>")
        else:
            if address.name and key in ("envelope_sender", "unsubscribe_mailto"):
                sink.error("bad-address", f"{value}: an address alone, without a name",
                           mail.span(key))
    for key in ("unsubscribe_url", "pdf_url", "receiver_url", "web_url"):
        value = getattr(given, key)
        if value and not value.isascii():
            sink.error("bad-url", f"{value} has letters that are not ASCII", mail.span(key),
                       "copy it from a browser's address bar: é in it is %C3%A9, in a host xn--")
        elif key == "receiver_url" and urlsplit(value).hostname in LOOPBACK:
            continue  # a page on this machine, to try it out
        elif value and not re.fullmatch(r"https://[^\s<>\"'\\^`|]{1,500}", value):
            sink.error("bad-url", f"{value[:80]} is no address that begins with https://, of 500 "
                       "letters at most", mail.span(key))
    for key, mark in (("unsubscribe_url", "{token}"), ("pdf_url", "{file}")):
        value = getattr(given, key)
        if value and mark not in value:
            sink.error("bad-url", f"there is no {mark} in {value}", mail.span(key),
                       f"each {mark[1:-1]} is another: {value.rstrip('/')}/{mark}")
    if given.list_id and not re.fullmatch(f"{_LABEL}({_DOT}{_LABEL})+", given.list_id):
        sink.error("list-id", f"{given.list_id} is no identifier of a list", mail.span("list_id"),
                   "as in trends.example.org (RFC 2919)")
    if given.dkim_domain and not re.fullmatch(f"{_LABEL}({_DOT}{_LABEL})+", given.dkim_domain):
        sink.error("dkim", "dkim-domain is no domain in ASCII", mail.span("dkim_domain"),
                   "münchen.example is written xn--mnchen-3ya.example")
    if given.dkim_selector and not re.fullmatch(f"{_LABEL}({_DOT}{_LABEL})*",
                                                given.dkim_selector):
        sink.error("dkim", "dkim-selector is no selector", mail.span("dkim_selector"),
                   "letters, digits, hyphens and dots (RFC 6376, 3.1)")


def _check_dkim_domain(mail: Mail, sink: Sink) -> None:
    """Tell of a signature that DMARC does not count: not of the sender's domain (RFC 7489, 3.1)."""
    given = mail.settings
    with contextlib.suppress(BadAddress):
        domain = parse_address(given.sender).domain.lower()
        signed = given.dkim_domain.lower()
        if signed and domain != signed and not domain.endswith(f".{signed}") and (
                not signed.endswith(f".{domain}")):
            sink.warning("dkim-domain", f"dkim-domain is {signed}, and the sender's domain "
                         f"{domain}: servers that ask for DMARC do not count this signature",
                         mail.span("dkim_domain"))


def _check_together(mail: Mail, sink: Sink) -> None:
    given = mail.settings
    for key, words in (("sender", 'sender = "Our Foundation <bulletin@example.org>"'),
                       ("server", 'server = "mail.example.org"')):
        if not getattr(given, key):
            sink.error("no-" + key, f"mail.toml has no {key}", mail.span(), f"write: {words}")
    if ":" in given.server.strip("[]") and given.server not in LOOPBACK:
        sink.error("server", f"{given.server} is no host", mail.span("server"),
                   "a port stands in a line of its own: port = 587")
    elif given.security == "none" and given.server and given.server not in LOOPBACK:
        sink.error("no-encryption", f"mail to {given.server} would go unencrypted",
                   mail.span("security"), 'write: security = "starttls"')
    if given.imap_server and not given.imap_user:
        sink.error("no-imap-user", "imap-server needs imap-user", mail.span("imap_server"),
                   'write: imap-user = "bulletin@example.org"')
    _check_dkim_domain(mail, sink)
    keys = (given.dkim_domain, given.dkim_selector, given.dkim_key)
    if any(keys) and not all(keys):
        sink.error("dkim", "dkim-domain, dkim-selector and dkim-key go together",
                   mail.span("dkim_domain" if given.dkim_domain else "dkim_key"))
    if given.port > 65535 or given.imap_port > 65535:
        sink.error("port", "a port is a number up to 65535", mail.span("port"))
    for key in ("timeout", "final_timeout"):
        if not 1 <= getattr(given, key) <= 86400:
            sink.error("timeout", f"{key.replace('_', '-')} is from 1 to 86400 seconds",
                       mail.span(key))
    if given.stop_at_rejected > 100:
        sink.error("stop-at-rejected", "stop-at-rejected is in percent",
                   mail.span("stop_at_rejected"))
    if not all(0.1 <= wait <= 86400 for wait in given.retry_after) or not given.retry_after:
        sink.error("retry-after", "retry-after is a list of seconds, from 0.1 to 86400",
                   mail.span("retry_after"))
    if not 1 <= given.connections <= 50:
        sink.error("connections", "connections are from 1 to 50", mail.span("connections"))
