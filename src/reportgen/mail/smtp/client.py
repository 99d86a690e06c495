"""SMTP: the transport to a real relay (RFC 5321), over TLS, logged in.

smtplib speaks the commands; the message goes past it, because its `data()`
copies and scans all of a message that is known to be clean (docs/mail.md).
"""

from __future__ import annotations

import base64
import contextlib
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from reportgen.mail.credentials import bearer
from reportgen.mail.smtp.transport import (
    CannotConnect,
    CannotLogIn,
    Capabilities,
    Envelope,
    Lost,
    Reply,
)
from reportgen.mail.smtp.wire import Client, ClientOverTls, send_some, unsent

DOT = b".\r\n"
"""The end of a message, after its last line's CRLF (RFC 5321, 4.1.1.4)."""

_PIECE = 1024 * 1024
"""Bytes handed to the kernel at once: a relay that speaks up is heard between two."""


class Security(Enum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    """RFC 3207, on the port for submission (587)."""
    TLS = "tls"
    """From the first byte, RFC 8314 (465)."""
    NONE = "none"


class Login(Enum):
    """How to log in (RFC 4954)."""

    ANY = ""
    """PLAIN or LOGIN, as the relay offers."""
    PLAIN = "plain"
    LOGIN = "login"
    XOAUTH2 = "xoauth2"
    """An access token in place of a password (Google, Microsoft)."""


@dataclass(frozen=True)
class Relay:
    """Where mail is handed in, and how."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    user: str = ""
    login: Login = Login.ANY
    secret: str = field(default="", repr=False)
    """Password or token; never printed, never stored."""
    authorities: str = ""
    """File of root certificates to trust; empty: those of the system."""
    greeting: str = "localhost"
    """Name in EHLO."""
    timeout: float = 60.0
    """Seconds to wait for an answer to a command."""
    final_timeout: float = 600.0
    """Seconds to wait for the answer to a message (RFC 5321, 4.5.3.2.6: ten minutes)."""
    renewed: Callable[[], str] | None = field(default=None, repr=False)
    """Returns the token as it is now: one of XOAUTH2 lives an hour, and a run may be longer."""

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpTransport:
    """One connection to a relay. See `transport.Transport`."""

    def __init__(self, relay: Relay) -> None:
        """Take where to connect to; nothing is done before `open`."""
        self._relay = relay
        self._smtp: smtplib.SMTP | None = None
        self._in_message = False
        self._used = False
        self._capabilities = Capabilities(relay.name)

    # -- connecting

    def open(self) -> Capabilities:
        """Connect, encrypt, log in."""
        self.close()
        self._used = False
        try:
            self._smtp = self._connected()
            self._secure()
            self._log_in()
        except CannotConnect:
            self.close()
            raise
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise Lost(f"{self._relay.name} hung up: {error}") from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            self.close()
            raise Lost(f"{self._relay.name} hung up on TLS") from error
        except ssl.SSLError as error:
            self.close()
            raise CannotConnect(f"{self._relay.name}: {_about_certificate(error)}") from error
        except (socket.gaierror, UnicodeError) as error:
            self.close()
            raise Lost(f"there is no host {self._relay.host}, or no network") from error
        except smtplib.SMTPResponseException as error:
            self.close()
            reply = Reply(error.smtp_code, _text(error.smtp_error))
            raise Lost(f"{self._relay.name} does not take us: {reply}", reply) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            raise Lost(f"{self._relay.name}: {getattr(error, 'strerror', '') or error}") from error
        offered = self._smtp.esmtp_features
        size = offered.get("size", "").strip()
        self._capabilities = Capabilities(
            self._relay.name, int(size) if size.isdecimal() and len(size) < 16 else 0,
            "smtputf8" in offered, "dsn" in offered, "pipelining" in offered,
            self._relay.security is not Security.NONE)
        return self._capabilities

    def _connected(self) -> smtplib.SMTP:
        relay = self._relay
        if relay.security is Security.TLS:
            smtp: smtplib.SMTP = ClientOverTls(
                local_hostname=relay.greeting, timeout=relay.timeout, context=self._context())
        else:
            smtp = Client(local_hostname=relay.greeting, timeout=relay.timeout)
        smtp._host = relay.host  # type: ignore[attr-defined]  # the name that TLS checks
        code, text = smtp.connect(relay.host, relay.port)
        if code != 220:
            smtp.close()
            raise smtplib.SMTPConnectError(code, text)
        assert smtp.sock is not None
        # Without it the last three bytes wait for the acknowledgment of those before (RFC 1122,
        # 4.2.3.4).
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return smtp

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._relay.authorities or None)
        except OSError as error:
            raise CannotConnect(f"the certificates in {self._relay.authorities} cannot be read: "
                                f"{error.strerror or error}") from error

    def _secure(self) -> None:
        """Greet; encrypt where that comes after the greeting, and greet again."""
        smtp = self._live()
        smtp.ehlo_or_helo_if_needed()
        if self._relay.security is not Security.STARTTLS:
            return
        if not smtp.has_extn("starttls"):
            raise CannotConnect(f"{self._relay.name} does not offer STARTTLS; nothing is sent "
                                "unencrypted")
        smtp.starttls(context=self._context())
        smtp.ehlo_or_helo_if_needed()

    def _log_in(self) -> None:
        relay, smtp = self._relay, self._live()
        if not relay.user:
            return
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        mechanism = relay.login.value.upper() or next(
            (m for m in ("PLAIN", "LOGIN") if m in offered), "")
        if mechanism not in offered:
            raise CannotConnect(f"{relay.name} does not offer to log in by "
                                f"{mechanism or 'PLAIN or LOGIN'}; it offers "
                                f"{', '.join(offered) or 'nothing'}"
                                + ('; login = "xoauth2" logs in by a token'
                                   if "XOAUTH2" in offered else ""))
        try:
            if mechanism == "XOAUTH2":
                self._log_in_with_token()
            else:
                smtp.user, smtp.password = relay.user, relay.secret
                smtp.auth(mechanism, getattr(smtp, f"auth_{mechanism.lower()}"))
        except smtplib.SMTPAuthenticationError as error:
            reply = Reply(error.smtp_code, _text(error.smtp_error))
            if reply.transient:
                raise Lost(f"{relay.name} cannot log anybody in now: {reply}", reply) from error
            raise CannotLogIn(f"{relay.name} refuses the user or the password: {reply}"
                              ) from error
        except UnicodeEncodeError as error:
            raise CannotConnect("the password has letters that this way of logging in has not"
                                ) from error

    def _log_in_with_token(self) -> None:
        """Log in by XOAUTH2: one answer with user and bearer token (Google, Microsoft)."""
        relay, smtp = self._relay, self._live()
        token = (relay.renewed() if relay.renewed else "") or relay.secret
        first = base64.b64encode(bearer(relay.user, token)).decode()
        code, text = smtp.docmd("AUTH", f"XOAUTH2 {first}")
        if code == 334:  # the reason, in base64; an empty answer ends it
            code, text = smtp.docmd("")
        if code not in (235, 503):
            raise smtplib.SMTPAuthenticationError(code, text)

    # -- one message

    def offer(self, envelope: Envelope) -> Reply:
        """Say MAIL and RCPT, together where the relay allows it, then DATA.

        A connection that the relay has closed since the last message is opened anew,
        and one that has carried as many messages as the relay lets it.

        DATA goes alone (RFC 2920 would let it go with the others), so a relay
        that refuses a recipient is never in the middle of an empty message.
        """
        self._refresh()
        here = self._capabilities
        if envelope.international and not here.international:
            # RFC 3463, X.3.3: the relay has not what it takes; that says nothing of the person.
            return Reply(550, "5.3.3 the relay takes no international address")
        if 0 < here.max_size < envelope.size:
            raise CannotConnect(f"{here.relay} takes no message of more than {here.max_size} "
                                f"bytes, and this has {envelope.size}")
        try:
            replies = self._asked(envelope)
            if replies[0].transient and self._used:
                self._renew()
                replies = self._asked(envelope)
            if replies[0].permanent:
                raise CannotConnect(f"{here.relay} refuses {_what_of_mail(replies[0], envelope)}: "
                                    f"{replies[0]}")
            refusal = next((reply for reply in replies if not reply.positive), None)
            if refusal is not None and not (refusal.transient or refusal.permanent):
                raise Lost(f"it answered what is no answer: {refusal}")
            reply = refusal or self._data()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Lost(_why(error)) from error
        self._in_message = reply.go_on
        if not reply.go_on and reply.code != 421:
            self._reset()
        return reply

    def _refresh(self) -> None:
        """Connect again if the relay said goodbye while nothing was sent. Raises Lost."""
        if self._smtp is None or self._has_spoken():
            self._renew()

    def _renew(self) -> None:
        """Connect again, as it went before. Raises Lost."""
        try:
            self.open()
        except CannotConnect as error:
            raise Lost(str(error)) from error

    def _asked(self, envelope: Envelope) -> list[Reply]:
        """Return the answers to MAIL and RCPT; the first alone, if that is a refusal."""
        smtp = self._live()
        commands = (self._mail(envelope), self._rcpt(envelope))
        if any(c in command for command in commands for c in "\r\n"):
            raise ValueError("there is a line break in an address")
        smtp.command_encoding = "utf-8" if envelope.international else "ascii"
        if self._capabilities.pipelining:
            smtp.send("".join(f"{command}\r\n" for command in commands))
            first = self._read()
            # After 421 the relay hangs up, and owes no further answer (RFC 5321, 3.8).
            return [first] if first.code == 421 else [first, self._read()]
        replies: list[Reply] = []
        for command in commands:
            if all(reply.positive for reply in replies):
                smtp.putcmd(command)
                replies.append(self._read())
        return replies

    def _data(self) -> Reply:
        self._live().putcmd("DATA")
        return self._read()

    def _mail(self, envelope: Envelope) -> str:
        smtp = self._live()
        options = []
        if smtp.has_extn("size"):
            options.append(f"SIZE={envelope.size}")
        if envelope.international:
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        if self._capabilities.dsn:
            options += ["RET=HDRS", f"ENVID={envelope.id}"]
        return " ".join([f"MAIL FROM:<{envelope.sender}>", *options])

    def _rcpt(self, envelope: Envelope) -> str:
        dsn = f" NOTIFY={envelope.notify.value}" if self._capabilities.dsn else ""
        return f"RCPT TO:<{envelope.recipient}>{dsn}"

    def _reset(self) -> None:
        """Forget the refused message; a relay that cannot is left, and what it said counts."""
        try:
            self._live().putcmd("RSET")
            sound = self._read().positive
        except (OSError, smtplib.SMTPException, ValueError):
            sound = False
        if not sound:
            self.close()

    def stream(self, segments: Iterable[bytes | memoryview]) -> None:
        """Send all but the dot; stop as soon as the relay says something."""
        sock = self._socket()
        try:
            for segment in segments:
                view = memoryview(segment)
                while view:
                    view = view[send_some(sock, view[:_PIECE]) :]
                    self._check_readable()
        except (OSError, ValueError) as error:
            raise Lost(_why(error), self._last_words()) from error

    def drain(self) -> None:
        """Wait until the kernel's send queue is empty; give up when it does not shrink.

        Without this the time in which a crash leaves doubt is as long as the
        queue takes to go out: seconds on a slow line, and not under a millisecond.
        """
        sock, last, since = self._socket(), -1, time.monotonic()
        pause = 0.001
        try:
            while (waiting := unsent(sock)) > 0:
                if waiting != last:
                    last, since = waiting, time.monotonic()
                elif time.monotonic() - since > self._relay.timeout:
                    raise Lost(f"{self._relay.name} reads no further")
                self._check_readable(pause)
                pause = min(pause * 2, 0.02)
        except OSError as error:
            raise Lost(_why(error)) from error

    def check_quiet(self) -> None:
        """Raise Lost if there is something to be read, which is no good news before the end."""
        if self._has_spoken():
            reply = self._last_words()
            raise Lost(f"{self._relay.name} broke off: {reply or 'it hung up'}", reply)

    def _check_readable(self, wait: float = 0.0) -> None:
        """Raise Lost if the relay speaks within `wait` seconds, as far as the socket can tell."""
        if select.select([self._socket()], [], [], wait)[0]:
            self.check_quiet()

    def _has_spoken(self) -> bool:
        """Whether there is something to read: in the buffer, inside of TLS, on the socket."""
        sock, file = self._socket(), self._live().file
        try:
            sock.settimeout(0)
            if file is not None and (file.peek(1) or isinstance(sock, ssl.SSLSocket)):
                return True  # nothing, and no exception: the end of TLS without that of TCP
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except (OSError, ValueError):
            return True
        finally:
            with contextlib.suppress(OSError):
                sock.settimeout(self._relay.timeout)
        return bool(select.select([sock], [], [], 0)[0])

    def end(self) -> None:
        """Send the dot."""
        try:
            self._socket().sendall(DOT)
        except (OSError, ValueError) as error:
            raise Lost(_why(error)) from error

    def answer(self) -> Reply:
        """Read the answer to the message; what is no answer is a loss."""
        sock = self._socket()
        try:
            sock.settimeout(self._relay.final_timeout)
            reply = self._read()
            sock.settimeout(self._relay.timeout)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Lost(_why(error)) from error
        self._in_message, self._used = False, True
        # RFC 5321, 4.2.1: x5z is of the mail system; a 221 is goodbye, not a message that is taken.
        if not (reply.code // 10 == 25 or reply.transient or reply.permanent):
            raise Lost(f"it answered what is no answer: {reply}")
        return reply

    def close(self) -> None:
        """Say QUIT, but in the middle of a message, of which it would be text: then hang up."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException, ValueError):
            if smtp.sock is not None and not self._in_message:
                smtp.sock.settimeout(2)
                smtp.putcmd("QUIT")
        self._in_message = False
        with contextlib.suppress(OSError):
            smtp.close()

    # -- reading

    def _read(self) -> Reply:
        """Return the next reply; its code is -1 if it is none.

        Raises smtplib.SMTPException or OSError.
        """
        code, text = self._live().getreply()
        return Reply(code, _text(text))

    def _last_words(self) -> Reply | None:
        """Return what the relay said before it hung up, if it said anything."""
        smtp = self._smtp
        if smtp is None or smtp.sock is None:
            return None
        try:
            smtp.sock.settimeout(1)
            reply = self._read()
        except (OSError, smtplib.SMTPException, ValueError):
            return None
        return reply if reply.code > 0 else None

    def _live(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise Lost("there is no connection")
        return self._smtp

    def _socket(self) -> socket.socket:
        smtp = self._live()
        if smtp.sock is None:
            raise Lost("the connection is closed")
        return smtp.sock


def _what_of_mail(reply: Reply, envelope: Envelope) -> str:
    """Return what a refusal of MAIL is about: the size (RFC 1870, 6.1), or who sends."""
    size = reply.code == 552 or reply.text.startswith("5.3.4")
    return f"{envelope.size:,} bytes" if size else f"the sender {envelope.sender}"


def _text(said: bytes | str) -> str:
    """Return what a relay said as one line that can be printed and stored."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it said nothing for too long"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up"
    if isinstance(error, OSError) and error.strerror:
        return f"the connection broke: {error.strerror}"
    return _text(str(error)) or type(error).__name__


def _about_certificate(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (f"its certificate is not to be trusted: {error.verify_message}; authorities in "
                "mail.toml names a file of root certificates to trust instead")
    return f"TLS fails: {error.reason or error}"
