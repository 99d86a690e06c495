"""Mail that comes back: bounces, reports of delivery, and requests to unsubscribe.

Each mail counts once, however often its mailbox is read. Who a bounce is about
is told by the Message-ID of the mail that it returns, so that a forwarded
address counts for the person who subscribed, and nobody is suspended by a
forged one.
"""

from __future__ import annotations

import email
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import default
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from reportgen.mail.addresses import Address, BadAddress, parse_address
from reportgen.mail.campaigns.evidence import reported
from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import Delivery, State
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.replies import Weight, weight_of
from reportgen.mail.subscribers import Status, Subscribers

_TOKEN = re.compile(r"\bunsubscribe[\s+_:-]+([a-z2-7]{26})\b", re.I)
_WISH = re.compile(
    r"\s*(re:\s*)?(please\s+)?(unsubscribe( me)?|cancellami|cancellazione|disiscri(vimi|zione)"
    r"|abmelden|abbestellen|abmeldung|désabonner|désabonnement|désinscription|darme de baja"
    r"|cancelar( la)? suscripción|отписаться|отпишите меня|отписка)[\s.!]*", re.I)
"""What means unsubscribing in the languages of the furniture, and nothing else."""

_HEADER = 2000
"""Letters of a header that are read: twice a line (RFC 5322, 2.1.1); a parser's time grows with
their square."""


class Kind(Enum):
    """What a mail that came back was."""

    HARD = "hard bounce"
    SOFT = "soft bounce"
    UNSUBSCRIBE = "unsubscribe request"
    REPORT = "report of delivery"
    UNKNOWN = "about nobody that we wrote to"
    OTHER = "something else"
    """A vacation reply, or mail of a program: nothing is done."""
    ANSWER = "a letter to you"
    """Of a person: nothing is done, and somebody has to read it."""


class Returned(Struct, frozen=True):
    """What one mail said, and what was done."""

    kind: Kind
    address: str
    done: str


class ReturnProcessor:
    """Reads returned mail for one series."""

    def __init__(self, subscribers: Subscribers, ledger: Ledger, now: str) -> None:
        """Take where it is recorded, and the time (ISO 8601)."""
        self._subscribers, self._ledger, self._now = subscribers, ledger, now

    def read(self, mails: Iterable[bytes]) -> Iterator[Returned]:
        """Yield what each mail said that was not read before, having done what follows.

        A mail is noted as read once what it said was taken from here: what nobody was told
        is told by the next run.
        """
        for raw in mails:
            digest = hashlib.sha256(raw).hexdigest()
            if self._subscribers.seen(digest):
                continue
            rows = self._handled(raw)
            yield from rows
            self._subscribers.note(digest, ", ".join(row.kind.value for row in rows), self._now)

    def _handled(self, raw: bytes) -> list[Returned]:
        """Return what a mail said; one that no parser can read says nothing."""
        try:
            with _quiet():
                return self._handle(email.message_from_bytes(raw))
        except CannotStore:
            raise
        except Exception:  # the parsers of email and flufl raise whatever they raise
            return [Returned(Kind.OTHER, "", f"damaged, {len(raw)} bytes: look at it in the "
                             "mailbox")]

    def _handle(self, mail: Message) -> list[Returned]:
        return (self._unsubscribed(mail) or self._failures(mail) or self._reports(mail)
                or [_other(mail)])

    # -- unsubscribing

    def _unsubscribed(self, mail: Message) -> list[Returned]:
        subject = _header(mail, "Subject")
        token = _TOKEN.search(subject)
        if token:  # also of a program: that is who presses the button for its reader
            person = self._subscribers.of_token(token[1])
            if person is None:
                return [Returned(Kind.UNKNOWN, _sender(mail), "no such token; nothing")]
            return [self._let_go(person.address)]
        wish = _WISH.fullmatch(subject) or (
            not subject.strip() and _WISH.fullmatch(_first_text(mail)[:200].strip() or "-"))
        if not wish or _is_automatic(mail):
            return []
        try:
            address = parse_address(_sender(mail))
        except BadAddress:
            return []
        known = self._subscribers.find_key(address.key)
        if known is None:
            return [Returned(Kind.UNKNOWN, address.mailbox, "subscribed by another address?")]
        return [self._let_go(known.address)]

    def _let_go(self, address: Address) -> Returned:
        self._subscribers.unsubscribe(address, "by mail", self._now)
        return Returned(Kind.UNSUBSCRIBE, address.mailbox, "unsubscribed")

    # -- bounces

    def _failures(self, mail: Message) -> list[Returned]:
        from flufl.bounce import all_failures

        if _reported_field(mail, "action") == "delayed":
            return [replace(row, done="still being tried") for row in self._reports(mail)]
        temporary, permanent = all_failures(_plain(mail))
        about = sorted(_legible(a.decode("utf-8", "replace")) for a in permanent | temporary)
        ours = self._deliveries(mail)
        if not about and len(ours) == 1 and _reported_field(mail, "action") == "failed":
            about = [ours[0].rcpt]  # flufl does not read international reports (RFC 6533)
        if not about:
            return []
        self._witness(ours)
        if len(ours) != 1:
            return [Returned(Kind.UNKNOWN, a, "it returns no mail of ours; nothing") for a in about]
        status = _status(mail)
        weight = (weight_of(None, status) if status else
                  Weight.HARD if permanent else Weight.SOFT)
        return [self._bounced(ours[0], about[0], weight, status)]

    def _bounced(self, delivery: Delivery, address: str, weight: Weight, status: str) -> Returned:
        person = self._subscribers.find_key(delivery.addr_key)
        kind = Kind.HARD if weight is Weight.HARD else Kind.SOFT
        if person is None:
            return Returned(Kind.UNKNOWN, address, "nothing")
        if weight is Weight.NONE:
            return Returned(Kind.OTHER, person.address.mailbox,
                            f"refused with {status}, which is not about the address; nothing")
        if weight is Weight.SOFT:  # a relay that keeps trying tells of it again and again
            once = f"soft {delivery.id}"
            if self._subscribers.seen(once):
                return Returned(kind, person.address.mailbox, "counted before")
            self._subscribers.note(once, kind.value, self._now)
        if person.status is not Status.ACTIVE:
            return Returned(kind, person.address.mailbox, f"{person.status.value} already")
        why = f"bounced {status}".strip()
        if weight is Weight.HARD:
            self._subscribers.suspend(person.address, why, self._now)
            return Returned(kind, person.address.mailbox, "suspended")
        gone = self._subscribers.soft_bounce(person.address, why, self._now)
        return Returned(kind, person.address.mailbox, "suspended" if gone else "counted")

    # -- reports of delivery

    def _reports(self, mail: Message) -> list[Returned]:
        ours = self._deliveries(mail)
        done = self._witness(ours)
        return [Returned(Kind.REPORT, d.rcpt, "no longer in doubt" if d.id in done else "noted")
                for d in ours]

    def _deliveries(self, mail: Message) -> list[Delivery]:
        """Return the deliveries that a report is about."""
        found = (self._ledger.of_message_id(name) for name in sorted(reported(mail)))
        return [delivery for delivery in found if delivery is not None]

    def _witness(self, deliveries: list[Delivery]) -> set[str]:
        """Whoever reports on a message has had it: it is no longer in doubt, whatever was said."""
        again = {d.id for d in deliveries if d.state is not State.IN_DOUBT
                 and self._ledger.may_be_taken(d)}
        doubtful = {d.id for d in deliveries if d.state is State.IN_DOUBT} | again
        for identifier in doubtful:
            if identifier in again:
                self._ledger.doubt_again(identifier, self._now)
            self._ledger.settle(identifier, State.ACCEPTED, None, self._now,
                                evidence="a delivery status notification")
        return doubtful


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep flufl's log of its own mishaps to itself: the editor is told in words."""
    logger = logging.getLogger("flufl.bounce")
    before = logger.disabled, logger.propagate
    logger.disabled, logger.propagate = True, False
    try:
        yield
    finally:
        logger.disabled, logger.propagate = before


def _other(mail: Message) -> Returned:
    """Return what is said of mail that asks for nothing that a program can do."""
    if _is_automatic(mail) or not _raw(mail, "from"):  # a letter has a writer
        return Returned(Kind.OTHER, _sender(mail), "nothing")
    subject = " ".join(_header(mail, "Subject").split())
    return Returned(Kind.ANSWER, _sender(mail), f'nothing; read it: "{subject[:60]}"')


def _plain(mail: Message) -> Message:
    """Give mail the headers that flufl reads as it can: one each, in ASCII, none missing."""
    for name, text in (("From", _sender(mail) or "unknown"), ("Subject", _header(mail, "Subject"))):
        del mail[name]
        mail[name] = " ".join(text.encode("ascii", "replace").decode().split())
    return mail


def _raw(mail: Message, name: str) -> list[str]:
    """Return the headers of that name as they were sent, of 8-bit ones what is UTF-8."""
    return [str(value)[:_HEADER].encode("ascii", "surrogateescape").decode("utf-8", "replace")
            for field, value in mail.raw_items() if field.lower() == name]


def _header(mail: Message, name: str) -> str:
    """Return the text of a header, of several the first."""
    for raw in _raw(mail, name.lower()):
        try:
            return _legible(str(make_header(decode_header(raw))))
        except (HeaderParseError, UnicodeError, LookupError, ValueError):
            return _legible(raw)
    return ""


def _sender(mail: Message) -> str:
    """Return the address that a mail is from; nothing if it names none, or several.

    Encoded words are read after the address is (RFC 2047, 5): what they say is a
    name, whatever it looks like.
    """
    fields = _raw(mail, "from")
    if len(fields) != 1:
        return ""
    field = default.header_factory("From", fields[0])
    found = [a.addr_spec for a in field.addresses if a.domain]
    # "<a@b.example> <c@d.example>": the parser takes the first, others may take the last.
    clear = len(found) == 1 and not any("invalid address" in str(d) for d in field.defects)
    return _legible(found[0]) if clear else ""


def _legible(text: str) -> str:
    """Return text without what a terminal would obey or cannot print."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _is_automatic(mail: Message) -> bool:
    """Whether a program wrote it (RFC 3834, 5)."""
    return str(mail.get("Auto-Submitted", "no")).strip().lower() != "no"


def _first_text(mail: Message) -> str:
    """Return the first text part."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            data = part.get_payload(decode=True)
            return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return ""


def _status(mail: Message) -> str:
    """Return the status of a delivery status notification (RFC 3464, 2.3.4), or nothing."""
    found = re.match(r"\d\.\d+\.\d+", _reported_field(mail, "status"))
    return found[0] if found else ""


def _reported_field(mail: Message, name: str) -> str:
    """Return a field about the recipient in a delivery status notification, in lower case."""
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status",
                                       "message/global-delivery-status"):
            data = part.as_bytes()
            if part.get("Content-Transfer-Encoding", "") in ("quoted-printable", "base64"):
                data = part.get_payload(decode=True) or data  # type: ignore[assignment]
            found = re.search(rf"^{name}:\s*(\S+)".encode(), data, re.I | re.M)
            if found:
                return found[1].decode("ascii", "replace").lower()
    return ""
