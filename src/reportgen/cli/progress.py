"""Progress on a terminal: which step, of what, and how far; silent where nobody watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from reportgen.timing import Clock

STEPS = ("reading", "setting", "maps", "matter", "joining", "finishing", "verifying")
"""The phases of a build, in their order."""


@contextmanager
def clock_of(stream: TextIO) -> Iterator[Clock]:
    """Return a clock that draws a bar on `stream` if it is a terminal, and takes it away again."""
    if not stream.isatty():
        yield Clock()
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread: workers are forked
    bar = tqdm(total=len(STEPS), file=stream, leave=False,
               bar_format="{percentage:3.0f}%|{bar:24}| {desc}")

    def tell(phase: str, what: str) -> None:
        if phase in STEPS:
            bar.n = STEPS.index(phase)
        bar.set_description_str(f"{phase} {what}".strip())

    try:
        yield Clock(tell)
    finally:
        bar.close()
