"""A mailing as it is planned: who gets what, what they share, and the states of a delivery.

The ledger keeps these; docs/mail.md has the arrows between the states.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from reportgen.mail.addresses import digest_of, parse_address


class State(Enum):
    """Where a delivery stands."""

    PLANNED = "planned"
    DEFERRED = "deferred"
    """The relay said to try again, or was lost before the end of the message."""
    ON_DOT = "on_dot"
    """The message's end was, or was about to be, sent."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    """Its end was sent and no answer came: whether it was taken cannot be known here."""
    SUPPRESSED = "suppressed"
    """Unsubscribed, suspended or erased after the plan was made."""
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self in (State.PLANNED, State.DEFERRED)


class Policy(Enum):
    """What becomes of a delivery in doubt for which there is no evidence."""

    HOLD = "hold"
    """It is held: nobody gets two (at most once)."""
    RESEND = "resend"
    """It is sent again, the same bytes under the same Message-ID (at least once)."""


class Manifest(Struct, frozen=True):
    """What all messages of a mailing have in common; frozen with it."""

    sender: str
    """The From header."""
    envelope_sender: str
    """Where mail comes back; `{id}` in it stands for the delivery."""
    date: str
    """ISO 8601; the Date header of every message."""
    domain: str
    """Right side of the Message-IDs."""
    relay: str
    """Host and port that it was planned for."""
    list_id: str
    reply_to: str = ""
    unsubscribe_mailto: str = ""
    unsubscribe_url: str = ""
    """`{token}` in it stands for the person."""
    dkim_domain: str = ""
    dkim_selector: str = ""
    made_of: tuple[tuple[str, str], ...] = ()
    """Files that the bulletin was made of, each with its SHA-256."""

    def international(self, rcpt: str) -> bool:
        """Whether a message to `rcpt` needs SMTPUTF8 (RFC 6531): an address is not in ASCII."""
        ours = [parse_address(text).mailbox for text in (self.sender, self.reply_to) if text]
        return not all(a.isascii() for a in (rcpt, self.envelope_sender, *ours))


class Campaign(Struct, frozen=True):
    """A mailing: one issue to one list of recipients."""

    id: str
    issue: str
    name: str
    planned_at: str
    policy: Policy
    manifest: Manifest
    cancelled_at: str = ""
    """When it was called off; empty: it was not."""


class Recipient(Struct, frozen=True):
    """Somebody who is to get a message, as frozen; not yet in the ledger."""

    id: str
    addr_key: str
    rcpt: str
    display: str
    token: str
    """Stands for the person in links to unsubscribe."""
    letter: str
    """SHA-256 of the artifact."""
    pdf_sha256: str
    """Of the PDF that they get, whether attached or linked."""
    tail: str | None
    """SHA-256 of the artifact that follows the PDF's bytes in their copy: their name on it."""
    message_id: str
    payload_sha256: str = ""
    size: int = 0
    """Bytes of the message."""


class Delivery(Recipient, frozen=True):
    """A message to one person, and where it stands."""

    position: int = 0
    state: State = State.PLANNED
    attempts: int = 0
    next_at: float = 0.0
    """Seconds since 1970; not before then."""
    code: int | None = None
    reply: str = ""
    updated_at: str = ""


class Attempt(Struct, frozen=True):
    """One try to deliver."""

    delivery_id: str
    n: int
    outcome: str
    code: int | None
    reply: str
    at: str
    closed_at: str | None
    evidence: str


def campaign_id(subscribers: str, relay: str, name: str) -> str:
    """Return the identifier of a mailing: the same whenever it is planned.

    It is made of the list of subscribers, which has an identity of its own, the
    relay, so that a rehearsal is another mailing, and the mailing's name.
    """
    return digest_of("campaign", subscribers, relay, name)[:32]


def delivery_id(campaign: str, addr_key: str) -> str:
    """Return the identifier of a delivery; its Message-ID is made of it."""
    return digest_of("delivery", campaign, addr_key)[:32]
