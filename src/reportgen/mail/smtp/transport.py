"""What carries a message to a relay: the face that every transport has.

A transport is one file with a class that keeps this protocol, and passes
tests/test_transports.py. Its steps are told apart so that the protocol of
docs/mail.md can commit between them: what is streamed without its end may be
lost without harm, and only `end` makes a message count.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Protocol

from msgspec import Struct


class Reply(Struct, frozen=True):
    """What a relay answered (RFC 5321, 4.2)."""

    code: int
    text: str

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def go_on(self) -> bool:
        return 300 <= self.code < 400

    @property
    def transient(self) -> bool:
        return 400 <= self.code < 500

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Notify(Enum):
    """Of what the relay is to send delivery status notifications (RFC 3461, 4.1)."""

    FAILURE = "FAILURE"
    SUCCESS = "SUCCESS,FAILURE"
    """Also of success: evidence, at the price of a mail for each recipient."""


class Envelope(Struct, frozen=True):
    """Who a message is from and to, as the relay is told."""

    id: str
    """Of the delivery; the envelope identifier (RFC 3461, 4.4)."""
    sender: str
    recipient: str
    size: int
    """Bytes (RFC 1870)"""
    international: bool = False
    """An address needs SMTPUTF8 (RFC 6531)."""
    notify: Notify = Notify.FAILURE


class Capabilities(Struct, frozen=True):
    """What a relay offered."""

    relay: str
    """Host and port."""
    max_size: int = 0
    """Bytes that a message may have; 0: it did not say (RFC 1870)."""
    international: bool = False
    dsn: bool = False
    pipelining: bool = False
    encrypted: bool = False


class Lost(Exception):
    """The connection failed, was closed, or said something that is no answer."""

    def __init__(self, why: str, reply: Reply | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.reply = reply
        """What the relay said, if it said anything."""


class CannotConnect(Exception):
    """There is no use in trying again: no such host, a wrong certificate, a wrong password."""


class CannotLogIn(CannotConnect):
    """The relay refuses the user or the password."""


class Transport(Protocol):
    """One connection to a relay, used for one message after the other."""

    def open(self) -> Capabilities:
        """Connect, encrypt, log in. Raises Lost (try again) or CannotConnect (do not)."""

    def offer(self, envelope: Envelope) -> Reply:
        """Ask whether a message may come; 3yz: it may be streamed. Raises Lost."""

    def stream(self, segments: Iterable[bytes | memoryview]) -> None:
        """Send all of the message but its end. Raises Lost."""

    def drain(self) -> None:
        """Wait until the relay has all that was streamed. Raises Lost."""

    def check_quiet(self) -> None:
        """Raise Lost if the relay has said something, or hung up, before the end."""

    def end(self) -> None:
        """Send the end of the message: from here on it may count. Raises Lost."""

    def answer(self) -> Reply:
        """Return what the relay says of the message. Raises Lost if it says nothing."""

    def close(self) -> None:
        """Say goodbye, without minding whether anybody listens."""
