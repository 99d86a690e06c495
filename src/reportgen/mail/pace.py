"""How fast a mailing goes out: so many messages a minute, an hour and a day, as the server's owner
allows.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable

from msgspec import Struct

HOUR, DAY = 3600.0, 86400.0
"""Seconds."""


class Allowance(Struct, frozen=True):
    """How many messages the server's owner allows; 0: any number."""

    per_hour: int = 0
    per_day: int = 0

    @property
    def windows(self) -> tuple[tuple[float, int], ...]:
        """Lengths in seconds, each with the most messages in it."""
        return tuple((length, most) for length, most in (
            (HOUR, self.per_hour), (DAY, self.per_day)) if most)

    def next_at(self, sent: list[float], now: float) -> float:
        """Return when the next message may go (seconds since 1970), by when others went, in order.

        The windows slide: whatever hour or day one looks at has no more than are
        allowed, whenever the server begins to count.
        """
        at = now
        for length, most in self.windows:
            if len(sent) >= most:
                at = max(at, sent[-most] + length)
        return at

    def days(self, messages: int) -> int:
        """Return on how many days a mailing goes out, if nothing else does."""
        a_day = min((most for most in (self.per_day, self.per_hour * 24) if most), default=0)
        return -(-messages // a_day) if a_day else 1


class Turns:
    """Gives the connections of a run their turns, within an allowance over all mailings."""

    def __init__(self, allowance: Allowance, sent: Iterable[float],
                 now: Callable[[], float] = time.time) -> None:
        """Take when messages went in the last day (seconds since 1970), and the clock."""
        self._allowance, self._now = allowance, now
        self._sent = sorted(sent)
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take a turn and return 0; or return when there is one (seconds since 1970), not taken.

        A turn that was taken counts, whatever becomes of its message: servers count
        what they were asked for.
        """
        with self._lock:
            now = self._now()
            if not self._allowance.windows:
                return 0.0
            at = self._allowance.next_at(self._sent, now)
            if at > now:
                return at
            self._sent.insert(bisect_right(self._sent, now), now)
            return 0.0

    def until(self, at: float) -> float:
        """Return the seconds from now until a moment."""
        return max(0.0, at - self._now())


class Pace:
    """So many messages a minute, evenly, over all connections."""

    def __init__(self, per_minute: int) -> None:
        """Take the number; 0 is no limit."""
        self._gap = 60.0 / per_minute if per_minute else 0.0
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self, pause: Callable[[float], None]) -> None:
        """Wait for the next message's turn; `pause` waits so many seconds, or less."""
        if not self._gap:
            return
        with self._lock:
            turn = max(self._next, time.monotonic())
            self._next = turn + self._gap
        pause(max(0.0, turn - time.monotonic()))
