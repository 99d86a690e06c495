"""Where the time of a build goes, and how far it is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Adds up the time of phases, and tells who wants to know which one begins."""

    tell: Callable[[str, str], None] | None = None
    """Called with a phase and what is worked on, as often as one begins."""
    seconds: dict[str, float] = field(default_factory=dict)
    """CPU seconds by phase."""
    _process: int = field(default_factory=os.getpid)

    def say(self, name: str, what: str) -> None:
        """Tell what is worked on; a worker that was forked says nothing."""
        if self.tell is not None and os.getpid() == self._process:
            self.tell(name, what)

    @contextmanager
    def phase(self, name: str, what: str = "") -> Iterator[None]:
        """Count the time until the end to phase `name`."""
        self.say(name, what)
        begun = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - begun
