"""Where the time of a build goes, and how far it is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct, field


class Clock(Struct):
    """Adds up the time of phases, and tells who wants to know which one begins."""

    tell: Callable[[str, str, float], None] | None = None
    """Called with a phase, what is worked on, and how much of the phase is done, 0 to 1."""
    seconds: dict[str, float] = field(default_factory=dict)
    """CPU seconds by phase, with those of workers."""
    _process: int = field(default_factory=os.getpid)

    def say(self, name: str, what: str, part: float = 0.0) -> None:
        """Tell what is worked on; a worker that was forked says nothing."""
        if self.tell is not None and os.getpid() == self._process:
            self.tell(name, what, part)

    @contextmanager
    def phase(self, name: str, what: str = "") -> Iterator[None]:
        """Count the time until the end to phase `name`."""
        self.say(name, what)
        begun = _cpu()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + _cpu() - begun


def _cpu() -> float:
    """Return the CPU seconds of this process and of those that it has waited for."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
