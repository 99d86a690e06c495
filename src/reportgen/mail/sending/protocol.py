"""One message to one person, so that nobody gets two and nobody's is lost unseen.

What is certain is committed before what is not: until the end of the message
is sent, a crash is harmless; from then on the ledger says `on_dot`, and a
crash leaves a doubt that is on record. docs/mail.md has the reasons.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import Enum

from msgspec import Struct

from reportgen.mail.clock import stamp
from reportgen.mail.ledger.campaign import Delivery, State
from reportgen.mail.ledger.journal import Journal
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.smtp.transport import Envelope, Lost, Reply, Transport


class Step(Enum):
    """What has just been done for a message: whoever watches is told."""

    CLAIMED = "claimed"
    OFFERED = "offered"
    HALF_STREAMED = "half streamed"
    STREAMED = "streamed"
    DRAINED = "drained"
    QUIET = "quiet"
    ON_DOT = "on dot"
    WITNESSED = "witnessed"
    STILL_QUIET = "still quiet"
    ENDED = "ended"
    ANSWERED = "answered"
    SETTLED = "settled"
    RECORDED = "recorded"


Observe = Callable[[Step, Delivery], None]


class Books(Struct, frozen=True):
    """Where it is written down: the ledger, this machine's journal, and for which run."""

    ledger: Ledger
    journal: Journal
    run: int
    retry_after: tuple[float, ...] = (60.0, 300.0, 900.0)
    """Seconds to wait after the first, second ... deferral; the last one repeats."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def stamp(self) -> str:
        """Return the time, ISO 8601, UTC."""
        return stamp(self.now())

    def retry_at(self, attempts: int) -> float:
        """Return when to try again after `attempts` tries, in seconds since 1970."""
        wait = self.retry_after[min(attempts, len(self.retry_after) - 1)]
        return self.now().timestamp() + wait


class Parcel(Struct, frozen=True):
    """A message to one person, ready to be sent."""

    envelope: Envelope
    segments: tuple[bytes, ...]
    dated: str
    """What its Date header says, ISO 8601; a message in doubt that is sent again says the same."""


def deliver(delivery: Delivery, parcel: Parcel, transport: Transport, books: Books,
            observe: Observe) -> State:
    """Send one message and return what became of it: accepted, deferred or in doubt.

    What is refused for good is deferred as well: whether that is final shows
    when the server takes somebody else's message after it (`sending.suspects`).

    Raises Lost, after the message was put down as deferred, if the connection
    is of no more use; raises CannotStore if the ledger fails, before the end of
    the message is sent or after its answer is in the journal.
    """
    try:
        reply = transport.offer(parcel.envelope)
        observe(Step.OFFERED, delivery)
        if not reply.go_on:
            return _refused(delivery, reply, books)
        transport.stream(_halved(parcel.segments, lambda: observe(Step.HALF_STREAMED, delivery)))
        observe(Step.STREAMED, delivery)
        transport.drain()
        observe(Step.DRAINED, delivery)
        transport.check_quiet()
        observe(Step.QUIET, delivery)
    except Lost as lost:
        _defer(delivery, lost.reply, lost.why, books)
        raise
    n = books.ledger.put_on_dot(delivery, books.run, books.stamp(), parcel.dated)
    observe(Step.ON_DOT, delivery)
    return _end(delivery, n, transport, books, observe)


def _end(delivery: Delivery, n: int, transport: Transport, books: Books,
         observe: Observe) -> State:
    """Send the end of a message that the ledger has on its dot."""
    try:
        books.journal.write(delivery.id, n, State.ON_DOT, books.stamp())
        observe(Step.WITNESSED, delivery)
        transport.check_quiet()
        observe(Step.STILL_QUIET, delivery)
    except (Lost, OSError) as error:  # the end was not sent: this is no doubt
        lost = error if isinstance(error, Lost) else Lost(f"the journal: {error}")
        _settle(delivery, n, State.DEFERRED, lost.reply or Reply(451, lost.why), books)
        raise lost from error
    try:
        transport.end()
        observe(Step.ENDED, delivery)
        reply = transport.answer()
        observe(Step.ANSWERED, delivery)
    except Lost as lost:
        _settle(delivery, n, State.IN_DOUBT, None, books)
        raise Lost(lost.why) from lost
    state = State.ACCEPTED if reply.positive else State.DEFERRED
    _settle(delivery, n, state, reply, books, lambda: observe(Step.SETTLED, delivery))
    observe(Step.RECORDED, delivery)
    return state


def _settle(delivery: Delivery, n: int, state: State, reply: Reply | None, books: Books,
            between: Callable[[], None] = lambda: None) -> None:
    """Record what became of it: the journal first, which another disk may hold."""
    with contextlib.suppress(OSError):  # the ledger is what counts
        books.journal.write(delivery.id, n, state, books.stamp(),
                            reply.code if reply else None)
    between()
    retry = books.retry_at(n - 1) if state is State.DEFERRED else 0.0
    books.ledger.settle(delivery.id, state, reply, books.stamp(), retry)


def _refused(delivery: Delivery, reply: Reply, books: Books) -> State:
    """Record that the relay did not want the message. Raises Lost if it said goodbye as well."""
    _defer(delivery, reply, str(reply), books)
    if reply.code == 421 or not (reply.transient or reply.permanent):
        raise Lost(f"it says {reply}", reply)
    return State.DEFERRED


def _defer(delivery: Delivery, reply: Reply | None, why: str, books: Books) -> None:
    books.ledger.settle_early(delivery, books.run, State.DEFERRED, reply or Reply(451, why),
                              books.stamp(), books.retry_at(delivery.attempts))


def _halved(segments: Iterable[bytes | memoryview],
            half: Callable[[], None]) -> Iterable[bytes | memoryview]:
    """Yield the segments, calling `half` before the last one."""
    pieces = list(segments)
    yield from pieces[:-1]
    half()
    yield from pieces[-1:]


