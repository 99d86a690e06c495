"""Progress on a terminal: which step, of what, and how far; silent where nobody watches."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from reportgen.timing import Clock

SHARES = {"reading": 5, "setting": 60, "maps": 5, "matter": 10, "joining": 8, "finishing": 4,
          "verifying": 8}
"""The phases of a build in their order, each with its share of the time, about: percent."""


def add_timings(command: ArgumentParser) -> None:
    """Add the option that prints where the time went."""
    command.add_argument("--timings", action="store_true", help="print where the time went")


@contextmanager
def clock_for(arguments: Namespace) -> Iterator[Clock]:
    """Return a clock; its times are printed at the end, whatever that is, if they are asked for."""
    clock = Clock()
    try:
        yield clock
    finally:
        if arguments.timings:
            for name, seconds in clock.seconds.items():
                print(f"{seconds:8.2f} s  {name}", file=sys.stderr)


@contextmanager
def shown(clock: Clock, stream: TextIO) -> Iterator[None]:
    """Draw what a clock tells as a bar on `stream` if it is a terminal, and take it away again."""
    if not stream.isatty():
        yield
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread: workers are forked
    bar = tqdm(total=100, file=stream, leave=False,
               bar_format="{percentage:3.0f}%|{bar:24}| {desc}")

    def tell(phase: str, what: str, part: float) -> None:
        if phase in SHARES:
            before = sum(list(SHARES.values())[:list(SHARES).index(phase)])
            bar.n = max(bar.n, before + round(SHARES[phase] * part))
        bar.set_description_str(f"{phase} {what}".strip())

    clock.tell = tell
    try:
        yield
    finally:
        clock.tell = None
        bar.close()
