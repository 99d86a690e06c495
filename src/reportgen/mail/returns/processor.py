"""What each mail that came back asks for, and doing it: bounces, complaints, wishes to leave.

Each mail counts once, however often its mailbox is read. Who a bounce or complaint is about is
told by what only we can have written: an identifier in the address that it came to, the envelope
identifier, the token or the Message-ID of the mail that it returns. So a forwarded address counts
for the person who subscribed, and nobody is suspended by a forged one.
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property

from msgspec import Struct

from reportgen.mail.addresses import Address, BadAddress, parse_address
from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import Delivery, State
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.mailboxes import Stored
from reportgen.mail.phrases import patterns, unaccented
from reportgen.mail.replies import Fault
from reportgen.mail.returns.complaints import Feedback, complained_about, feedback_of
from reportgen.mail.returns.incoming import PHRASES, Incoming
from reportgen.mail.returns.reports import (
    Action,
    Report,
    is_report,
    original_envelope,
    reports_of,
    weighed,
    why,
)
from reportgen.mail.returns.wishes import is_contradicted, is_wish, tokens
from reportgen.mail.subscribers import Status, Subscriber, Subscribers

_IDENTIFIER = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])")


class Kind(Enum):
    """What a mail that came back was."""

    HARD = "hard bounce"
    SOFT = "soft bounce"
    OURS = "refused for our sake"
    """A limit, a policy, our reputation, the message: nothing is done to the reader."""
    COMPLAINT = "spam complaint"
    UNSUBSCRIBE = "unsubscribe request"
    JOINED = "subscription"
    """On the page, confirmed by mail."""
    CHOICE = "choice"
    """Of regions, and how often."""
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


class Series(Struct, frozen=True):
    """What a series is known by in mail that comes back."""

    titles: tuple[str, ...] = ()
    """Of the bulletin, which people put into their wish to leave it."""
    ours: tuple[str, ...] = ()
    """Addresses that we send from."""
    leave: str = ""
    """Address that takes requests to unsubscribe and nothing else; empty: there is none."""


UNKNOWN = Series()


class _About(Struct, frozen=True):
    """Whom a report is about."""

    person: Subscriber
    once: str
    """What tells the message that it is about from others to the same person."""
    delivery: Delivery | None = None
    former: bool = False
    """It is about an address that the person had before."""


class ReturnProcessor:
    """Reads returned mail for one series."""

    def __init__(self, subscribers: Subscribers, ledger: Ledger, now: str,
                 series: Series = UNKNOWN) -> None:
        """Take where it is recorded, and the time (ISO 8601)."""
        self._subscribers, self._ledger, self._now = subscribers, ledger, now
        self._series = series

    def read(self, mails: Iterable[Stored]) -> Iterator[Returned]:
        """Yield what each mail said that was not read before, having done what follows.

        What a mail asks for, and the note that it was read, are one transaction, which ends
        when what it said was taken from here: who is killed before that has done nothing.
        """
        for mail in mails:
            place = hashlib.sha256(mail.key.encode()).hexdigest() if mail.key else ""
            if place and self._subscribers.seen(place):
                continue
            raw = mail.load()
            digest = hashlib.sha256(raw).hexdigest()
            with self._subscribers.transaction():
                rows = [] if self._subscribers.seen(digest) else self._handled(raw)
                yield from rows
                for name in filter(None, (digest, place)):
                    self._subscribers.note(name, ", ".join(row.kind.value for row in rows),
                                           self._now)

    def _handled(self, raw: bytes) -> list[Returned]:
        """Return what a mail said; one that no parser can read says nothing."""
        try:
            return self._handle(Incoming(email.message_from_bytes(raw)))
        except CannotStore:
            raise
        except Exception:  # the parsers of email raise whatever they raise
            return [Returned(Kind.OTHER, "", f"damaged, {len(raw)} bytes: look at it in the "
                             "mailbox")]

    def _handle(self, mail: Incoming) -> list[Returned]:
        feedback = feedback_of(mail)
        if feedback is not None:
            return [self._complained(mail, feedback)]
        if is_report(mail):
            return self._reported(mail)
        return self._unsubscribed(mail) or [_other(mail)]

    # -- whom it is about

    @cached_property
    def _by_token(self) -> dict[str, str]:
        """Keys of addresses by their tokens."""
        return self._subscribers.tokens()

    def _of_token(self, text: str) -> Subscriber | None:
        key = next((self._by_token[t] for t in _TOKEN.findall(text.lower())
                    if t in self._by_token), None)
        return self._subscribers.find_key(key) if key else None

    def _about(self, mail: Incoming) -> list[_About]:
        """Return whom a report is about: by what only we can have written, the surest first."""
        returned = mail.returned.lower()
        for text in (mail.recipients, original_envelope(mail)):
            if found := self._deliveries(text):
                return self._people(found)
        by_token = self._of_token(returned)
        by_id = self._deliveries(returned) or self._deliveries(mail.everything.lower())
        if by_token is not None:
            own = [d for d in by_id if d.addr_key == by_token.address.key]
            if own:
                return self._people(own)
            digest = hashlib.sha256(returned.encode()).hexdigest()
            return [_About(by_token, f"token {digest}",
                           former=self._subscribers.token(by_token.address.key) not in returned)]
        return self._people(by_id)

    def _deliveries(self, text: str) -> list[Delivery]:
        found = (self._ledger.delivery(name) for name in dict.fromkeys(_IDENTIFIER.findall(text)))
        return [delivery for delivery in found if delivery is not None]

    def _people(self, deliveries: list[Delivery]) -> list[_About]:
        found = ((d, self._subscribers.of_key(d.addr_key)) for d in deliveries)
        return [_About(person, delivery.id, delivery, person.address.key != delivery.addr_key)
                for delivery, person in found if person]

    # -- complaints

    def _complained(self, mail: Incoming, feedback: Feedback) -> Returned:
        if feedback is Feedback.NOTHING:
            return Returned(Kind.OTHER, mail.sender, "a report that asks for nothing; nothing")
        about = self._about(mail)
        if not about:
            named = ", ".join(sorted(complained_about(mail))) or mail.sender
            return Returned(Kind.UNKNOWN, named, "a complaint that returns no mail of ours; "
                            "read it")
        person = about[0].person
        if feedback is Feedback.LEAVE:
            return self._let_go(person.address, "by their provider (opt-out)")
        mailbox = person.address.mailbox
        if person.status is not Status.ACTIVE:
            return Returned(Kind.COMPLAINT, mailbox, f"{person.status.value} already")
        self._subscribers.suspend(person.address, "spam complaint", self._now)
        return Returned(Kind.COMPLAINT, mailbox, "suspended")

    # -- unsubscribing

    def _unsubscribed(self, mail: Incoming) -> list[Returned]:
        given = tokens(mail)
        if given and is_contradicted(mail):
            return []
        for token in given:  # also of a program: that is who presses the button for its reader
            if token in self._by_token:
                person = self._subscribers.find_key(self._by_token[token])
                return [self._let_go(person.address, "by mail")] if person else []
        if given and "unsub" in mail.subject.lower():
            return [Returned(Kind.UNKNOWN, mail.sender, "no such token; nothing")]
        dedicated = bool(self._series.leave) and self._series.leave.lower() in mail.recipients
        if not is_wish(mail, dedicated=dedicated, titles=self._series.titles):
            return []
        try:
            address = parse_address(mail.sender)
        except BadAddress:
            return []
        known = self._subscribers.of_key(address.key)
        if known and mail.is_unproved and not self._deliveries(mail.everything.lower()):
            return [Returned(Kind.UNKNOWN, address.mailbox, "asks to leave, and may not be who it "
                             "says; nothing: ask them")]
        if known is None:
            return [Returned(Kind.UNKNOWN, address.mailbox, "asks to leave: subscribed by another "
                             "address?")]
        return [self._let_go(known.address, "by mail")]

    def _let_go(self, address: Address, how: str) -> Returned:
        self._subscribers.unsubscribe(address, how, self._now)
        return Returned(Kind.UNSUBSCRIBE, address.mailbox, "unsubscribed")

    # -- bounces, and reports of delivery

    def _reported(self, mail: Incoming) -> list[Returned]:
        about, reports = self._about(mail), reports_of(mail)
        if not about:
            named = sorted(set().union(*(r.addresses for r in reports)))
            return [Returned(Kind.UNKNOWN, ", ".join(named) or mail.sender,
                             "it returns no mail of ours; nothing")]
        done = self._witness([one.delivery for one in about if one.delivery])
        rows = []
        for one in about[:1] if len(reports) == 1 else about:
            report = _report_for(one, reports)
            settled = one.delivery is not None and one.delivery.id in done
            if report.action is Action.FAILED:
                rows.append(self._bounced(mail, one, report))
            else:
                rows.append(Returned(
                    Kind.REPORT, one.person.address.mailbox,
                    "still being tried" if report.action is Action.DELAYED else
                    "no longer in doubt" if settled else "noted"))
        return rows

    def _bounced(self, mail: Incoming, about: _About, report: Report) -> Returned:
        person, mailbox = about.person, about.person.address.mailbox
        reader = about.delivery.rcpt if about.delivery else mailbox
        fault = weighed(mail, report, reader, self._series.ours).fault
        said = why(mail, report)
        if fault.ours:
            return Returned(Kind.OURS, mailbox, f"read it, nothing is done: {said}")
        if about.former:
            return Returned(Kind.OTHER, mailbox, "bounced at the address that they had before; "
                            "nothing")
        hard = fault is Fault.ADDRESS
        kind = Kind.HARD if hard else Kind.SOFT
        if not hard:  # a relay that keeps trying tells of it again and again
            once = f"soft {about.once}"
            if self._subscribers.seen(once):
                return Returned(kind, mailbox, "counted before")
            self._subscribers.note(once, kind.value, self._now)
        if person.status is not Status.ACTIVE:
            return Returned(kind, mailbox, f"{person.status.value} already")
        if hard:
            self._subscribers.suspend(person.address, f"bounced: {said}", self._now)
            return Returned(kind, mailbox, "suspended")
        gone = self._subscribers.soft_bounce(person.address, f"bounced: {said}", self._now)
        return Returned(kind, mailbox, "suspended" if gone else "counted")

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


def _report_for(about: _About, reports: tuple[Report, ...]) -> Report:
    """Return what a report says of one recipient, or of a failure if it names others alone."""
    names = {about.person.address.mailbox.lower()} | (
        {about.delivery.rcpt.lower()} if about.delivery else set())
    own = [report for report in reports if report.addresses & names]
    failed = [report for report in reports if report.action is Action.FAILED]
    return (own or failed or list(reports))[0]


def _other(mail: Incoming) -> Returned:
    """Return what is said of mail that asks for nothing that a program can do."""
    programs = {"message/disposition-notification", "text/calendar", "application/gzip"}
    if mail.is_automatic and patterns(PHRASES)["gone"].search(unaccented(mail.said)):
        return Returned(Kind.ANSWER, mail.sender, "nothing; read it, somebody is no longer there: "
                        f'"{mail.said[:60]}"')
    if mail.is_automatic or mail.types & programs or not mail.raw("from"):
        return Returned(Kind.OTHER, mail.sender, f'nothing: "{mail.subject[:60]}"')
    return Returned(Kind.ANSWER, mail.sender, f'nothing; read it: "{mail.subject[:60]}"')
