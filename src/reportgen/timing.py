"""Where the time of a build goes, and how far it is."""

from __future__ import annotations

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

    @contextmanager
    def phase(self, name: str, what: str = "") -> Iterator[None]:
        """Count the time until the end to phase `name`."""
        if self.tell is not None:
            self.tell(name, what)
        begun = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - begun
