"""Sending a mailing: several connections, a pace, retries, and when to stop."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from enum import Enum

from msgspec import Struct, field

from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import Delivery, State
from reportgen.mail.messages.factory import Changed, MessageFactory
from reportgen.mail.pace import Allowance, Pace, Turns
from reportgen.mail.replies import Fault
from reportgen.mail.sending.protocol import Books, Observe, Parcel, Step, deliver
from reportgen.mail.sending.suspects import Finality, Suspects, weighed
from reportgen.mail.smtp.transport import CannotConnect, Lost, Notify, Transport


class Ended(Enum):
    """How a run ended."""

    DONE = "done"
    """Nothing is left that could be sent now."""
    STOPPED = "stopped"
    """Somebody asked for it."""
    THRESHOLD = "threshold"
    """Too many were refused, rejected or in doubt."""
    LIMIT = "limit"
    """A limit of ours is reached: the server's owner allows no more now."""
    NO_CONNECTION = "no connection"
    BROKEN = "broken"
    """The ledger failed, or what was frozen is not what it was."""


class Limits(Struct, frozen=True):
    """How fast and how long."""

    connections: int = 2
    per_minute: int = 0
    """Messages; 0: as fast as it goes."""
    allowance: Allowance = Allowance()
    wait: float = 0.0
    """Seconds to wait at most for what was deferred."""
    rejected_percent: int = 20
    """Stop when more than so many were rejected, once twenty were tried."""
    doubts: int = 3
    """Stop when so many are in doubt."""
    losses: int = 5
    """Give up after so many connections in a row that came to nothing."""
    backoff: float = 1.0
    """Seconds before the second connection; doubled for each that follows."""


class Progress(Struct):
    """What a run has done so far."""

    results: dict[State, int] = field(default_factory=lambda: dict.fromkeys(State, 0))
    total: int = 0
    """Bytes of messages accepted."""
    why: str = ""
    """What stopped the run, in words."""
    go_on_at: float = 0.0
    """When the allowance lets more go, in seconds since 1970; 0: nobody knows."""

    @property
    def tried(self) -> int:
        return sum(self.results.values())


class Outcome(Struct, frozen=True):
    """What a run did."""

    ended: Ended
    progress: Progress


class Queue:
    """What is to be sent, given to one connection at a time."""

    def __init__(self, deliveries: tuple[Delivery, ...], wait: float) -> None:
        """Take what is open, and how long (seconds) to wait for what was deferred."""
        self._heap = [(_due(d), d.position, d.id) for d in deliveries]
        heapq.heapify(self._heap)
        self._under_way = 0
        self._wait_until = time.monotonic() + wait
        self._changed = threading.Condition()
        self.stopped = threading.Event()

    def take(self) -> str | None:
        """Return the next delivery's identifier when it is due; None when there is no more."""
        with self._changed:
            while not self.stopped.is_set():
                now = time.monotonic()
                if self._heap and self._heap[0][0] <= now:
                    self._under_way += 1
                    return heapq.heappop(self._heap)[2]
                due = self._heap[0][0] - now if self._heap else None
                left = self._wait_until - now
                if due is not None and due <= left:
                    self._changed.wait(min(due, 0.5))
                elif self._under_way:
                    self._changed.wait(0.5)
                else:
                    return None
            return None

    def done(self, again: Delivery | None = None) -> None:
        """Give back a delivery; one that was deferred is taken again if that is soon enough."""
        with self._changed:
            self._under_way -= 1
            if again is not None and _due(again) <= self._wait_until:
                heapq.heappush(self._heap, (_due(again), again.position, again.id))
            self._changed.notify_all()

    def give_back(self, identifier: str) -> None:
        """Give back, for another connection, a delivery for which nothing was done."""
        with self._changed:
            self._under_way -= 1
            heapq.heappush(self._heap, (time.monotonic(), 0, identifier))
            self._changed.notify_all()

    @property
    def left(self) -> float:
        """Seconds that may still be waited."""
        return self._wait_until - time.monotonic()

    def stop(self) -> None:
        """Let nobody take another one."""
        self.stopped.set()

    def pause(self, seconds: float) -> None:
        """Wait, unless the run is stopped meanwhile."""
        self.stopped.wait(seconds)


def _due(delivery: Delivery) -> float:
    """Return when a delivery is due on the monotonic clock, which nobody sets back."""
    return time.monotonic() + max(0.0, delivery.next_at - time.time())


class Run(Struct, frozen=True):
    """What a run needs."""

    factory: MessageFactory
    books: Books
    connect: Callable[[], Transport]
    suppressed: Callable[[str], str]
    """Why nothing may be sent to an address's key; empty: it may."""
    limits: Limits = Limits()
    notify: Notify = Notify.FAILURE
    observe: Observe = lambda step, delivery: None
    ours: tuple[str, ...] = ()
    """Addresses that we send from: a refusal that names one is not about a reader."""
    sent: tuple[float, ...] = ()
    """When messages went in the last day, of all mailings (seconds since 1970)."""
    rejected: Callable[[Delivery], None] = lambda delivery: None
    """Told of every delivery that the relay rejected for good."""
    tick: Callable[[Progress], None] = lambda progress: None
    """Told a few times a second how far it is."""


def send(run: Run, deliveries: tuple[Delivery, ...], queue: Queue | None = None) -> Outcome:
    """Send what is open, over several connections; return when all is done or the run stops.

    `queue.stop()` from anywhere stops it after the messages that are under way.
    """
    queue = queue or Queue(deliveries, run.limits.wait)
    state = _RunState(run, queue, deliveries)
    threads = [threading.Thread(target=state.work, name=f"connection {n + 1}", daemon=True)
               for n in range(max(1, min(run.limits.connections, len(deliveries))))]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)
            run.tick(state.progress)
    if state.ended is None:
        state.ended = Ended.STOPPED if queue.stopped.is_set() else Ended.DONE
    return Outcome(state.ended, state.progress)


class _RunState:
    """What the connections of a run share."""

    def __init__(self, run: Run, queue: Queue, deliveries: tuple[Delivery, ...]) -> None:
        self._run, self._queue = run, queue
        self._pace = Pace(run.limits.per_minute)
        self._turns = Turns(run.limits.allowance, run.sent,
                            lambda: run.books.now().timestamp())
        self._lock = threading.Lock()
        self._lost = 0
        self._open, self._opening = 0, threading.Lock()
        self._suspects = Suspects(run.ours)
        self._refused_before = {d.id for d in run.books.ledger.refused_before(run.books.stamp())
                                } - {d.id for d in deliveries}
        self.progress = Progress()
        self.ended: Ended | None = None

    def work(self) -> None:
        """Send over one connection until there is no more."""
        transport: Transport | None = None
        try:
            while (identifier := self._queue.take()) is not None:
                transport = transport or self._opened()
                if transport is None:
                    self._queue.give_back(identifier)
                    break
                transport = self._send_over(transport, identifier)
        except CannotConnect as error:
            self._stop(Ended.NO_CONNECTION, str(error))
        except CannotStore as error:
            self._stop(Ended.BROKEN, "; ".join(d.message for d in error.diagnostics))
        except Changed as error:
            self._stop(Ended.BROKEN, str(error))
        except Exception as error:  # a thread must not die unseen
            self._stop(Ended.BROKEN, f"{type(error).__name__}: {error}")
        finally:
            if transport is not None:
                transport.close()
                self._count_open(-1)

    def _send_over(self, transport: Transport, identifier: str) -> Transport | None:
        """Send one message when it is its turn; return the connection if it is still of use."""
        again: Delivery | None = None
        try:
            self._pace.wait(self._queue.pause)
            if self._has_turn():
                again = self._one(identifier, transport)
        except Lost as lost:
            self._note_loss(lost)
            transport.close()
            self._count_open(-1)
            again = self._open_again(identifier)
            return None
        finally:
            self._queue.done(again)
        return transport

    def _has_turn(self) -> bool:
        """Wait until the allowance lets a message go; stop the run if that is not soon enough."""
        while not self._queue.stopped.is_set():
            at = self._turns.take()
            if not at:
                return True
            seconds = self._turns.until(at)
            if seconds > self._queue.left:
                self.progress.go_on_at = at
                self._stop(Ended.LIMIT, "no more messages are allowed now (per-hour, per-day)")
            else:
                self._queue.pause(seconds)
        return False

    def _opened(self) -> Transport | None:
        """Return an open connection; None if there are others, or the run is stopped meanwhile.

        One is opened at a time: what several lose at once is not lost in a row.
        """
        with self._opening:
            while not self._queue.stopped.is_set():
                transport = self._run.connect()
                try:
                    transport.open()
                except Lost as lost:
                    if self._open:  # the relay may allow no more: the others go on
                        return None
                    self._note_loss(lost)
                    self._queue.pause(min(60.0, self._run.limits.backoff * 2 ** (self._lost - 1)))
                else:
                    self._count_open(1)
                    return transport
        return None

    def _count_open(self, change: int) -> None:
        with self._lock:
            self._open += change

    def _one(self, identifier: str, transport: Transport) -> Delivery | None:
        """Send one message; return it if it is to be sent again."""
        run, began = self._run, time.monotonic()
        with self._lock:
            self._suspects.forget(identifier)
        delivery = run.books.ledger.delivery(identifier)
        if delivery is None or not delivery.state.open:
            return None
        reason = run.suppressed(delivery.addr_key) if delivery.rcpt else "erased"
        if reason:
            run.books.ledger.suppress(delivery, reason, run.books.stamp())
            self._count(State.SUPPRESSED, delivery)
            return None
        run.observe(Step.CLAIMED, delivery)
        state = deliver(delivery, self._parcel(delivery), transport, run.books, run.observe)
        with self._lock:
            self._lost = 0
        if state is State.ACCEPTED:
            self._count(state, delivery)
            self._confirm(began)
            return None
        done = run.books.ledger.delivery(identifier) or delivery
        self._count(state, done)
        if state is State.DEFERRED:
            self._judge(done)
            return done
        return None

    def _parcel(self, delivery: Delivery) -> Parcel:
        """Return a message with the date of its sending. Raises Changed."""
        run = self._run
        before = run.books.ledger.dated(delivery.id)
        dated = run.books.stamp() if before is None else before
        return Parcel(run.factory.envelope(delivery, run.notify),
                      run.factory.segments(delivery, dated), dated)

    def _judge(self, delivery: Delivery) -> None:
        """Stop the run if what is refused is refused for our sake."""
        with self._lock:
            permanent = delivery.code is not None and delivery.code >= 500
            why = (self._suspects.add(delivery, time.monotonic()) if permanent
                   else self._suspects.add_for_now(delivery))
            limit = self._suspects.at_a_limit
        if why:
            self._stop(Ended.LIMIT if limit else Ended.THRESHOLD, why)

    def _confirm(self, began: float) -> None:
        """Make refusals final: the relay has taken a message that was begun after them."""
        books, results = self._run.books, self.progress.results
        with self._lock:  # nobody takes one of them up again meanwhile
            found = [d for d, what in self._suspects.confirmed(began) if what is Finality.REJECTED]
            final = [d for d in found if books.ledger.reject(d, books.stamp())]
            results[State.DEFERRED] -= len(final)
            results[State.REJECTED] += len(final)
            before, self._refused_before = self._refused_before, set()
        for delivery in final:
            self._run.rejected(delivery)
        for identifier in sorted(before):  # of earlier mailings
            self._reject_before(identifier)
        self._check_share()

    def _reject_before(self, identifier: str) -> None:
        """Make a refusal of an earlier mailing final, unless a limit of ours was the reason."""
        books = self._run.books
        delivery = books.ledger.delivery(identifier)
        if (delivery is not None
                and weighed(delivery, self._run.ours).fault is not Fault.QUOTA
                and books.ledger.reject(delivery, books.stamp())):
            self._run.rejected(delivery)

    def _open_again(self, identifier: str) -> Delivery | None:
        """Return a delivery whose connection was lost, if it is to be sent again."""
        delivery = self._run.books.ledger.delivery(identifier)
        if delivery is None:
            return None
        if delivery.state is not State.PLANNED:
            self._count(delivery.state, delivery)
        return delivery if delivery.state.open else None

    def _note_loss(self, lost: Lost) -> None:
        with self._lock:
            self._lost += 1
            enough = self._lost >= self._run.limits.losses
        if enough:
            self._stop(Ended.NO_CONNECTION, lost.why)

    def _count(self, state: State, delivery: Delivery) -> None:
        progress = self.progress
        with self._lock:
            progress.results[state] += 1
            if state is State.ACCEPTED:
                progress.total += delivery.size
            doubts = progress.results[State.IN_DOUBT]
        if doubts >= self._run.limits.doubts:
            self._stop(Ended.THRESHOLD, f"{doubts} are in doubt")

    def _check_share(self) -> None:
        """Stop the run if too many were rejected."""
        with self._lock:
            rejected, tried = self.progress.results[State.REJECTED], self.progress.tried
        if tried >= 20 and rejected * 100 > self._run.limits.rejected_percent * tried:
            self._stop(Ended.THRESHOLD, f"{rejected} of {tried} were rejected")

    def _stop(self, ended: Ended, why: str) -> None:
        with self._lock:
            if self.ended is None:
                self.ended = ended
                self.progress.why = why
        self._queue.stop()
