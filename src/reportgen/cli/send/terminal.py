"""Where somebody sits: the question before sending, the progress bar, Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.mail.sending.sender import Progress, Queue

STOPPED = 130
"""Exit status of what Ctrl-C stopped."""


class Answer(Enum):
    """What the editor says to the plan."""

    YES = "yes"
    NO = "no"
    NOBODY = "nobody is there to ask"


def asked(number: int) -> Answer:
    """Return what the editor says to sending so many messages."""
    if sys.stdin is None or not sys.stdin.isatty():
        print("reportgen send: error: nobody is there to say yes; --yes says it",
              file=sys.stderr)
        return Answer.NOBODY
    what = f"{number:,} message{'s' if number != 1 else ''}"
    print(f"Send {what}? Type yes: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() == "yes":
        return Answer.YES
    print("nothing was sent", file=sys.stderr)
    return Answer.NO


@contextmanager
def stopping(queue: Queue) -> Iterator[None]:
    """Let Ctrl-C stop after the messages that are under way; a second one stops at once.

    A terminal that is closed stops it as well: what is said then has no place to go.
    """
    terminal = [stream for stream in (1, 2) if os.isatty(stream)]

    def stop(number: int, frame: object) -> None:
        if number == signal.SIGHUP:
            for stream in terminal:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        elif queue.stopped.is_set():
            raise KeyboardInterrupt
        queue.stop()
        with suppress(OSError):
            print("\nstopping after the messages that are under way ...", file=sys.stderr)

    before = {number: signal.signal(number, stop)
              for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
              if signal.getsignal(number) is not signal.SIG_IGN}  # nohup(1)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Bar:
    """A progress bar with rate and time left, on a terminal alone."""

    def __init__(self, total: int) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=total, unit="mail", file=sys.stderr, leave=False,
                         disable=not sys.stderr.isatty())

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        self._bar.update(progress.tried - self._bar.n)
