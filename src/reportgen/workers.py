"""Doing the same for many things on all cores: processes that are forked when all is imported.

What comes back is the same as from one process, in the same order. A worker that dies, or a machine
without fork, costs nothing but time: what is missing is done here.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

FEWEST = 60
"""Things to do from which on workers are worth what they cost: cores that share a die slow each
other down, and each worker learns words and faces anew."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def are_worth_it(items: int, count: int | None = None) -> bool:
    """Whether so many things are done by several processes."""
    return ((cores() if count is None else count) > 1 and items >= FEWEST
            and sys.platform == "linux")


def in_workers(items: Sequence[Item], work: Callable[[Item], Made],
               count: int | None = None) -> list[Made]:
    """Return `work` of each item, done by `count` processes (as many as there are cores).

    `work` must give what can be pickled, and change nothing that its caller needs.
    """
    count = cores() if count is None else count
    if not are_worth_it(len(items), count):
        return [work(item) for item in items]
    pipes = [_started(items[number::count], work) for number in range(count - 1)]
    own = [work(item) for item in items[count - 1::count]]
    shares = [_finished(*pipe) for pipe in pipes]
    out: list[Made] = []
    for place, item in enumerate(items):
        share, number = place % count, place // count
        done = own if share == count - 1 else shares[share]
        out.append(done[number] if done is not None else work(item))
    return out


def _started(items: Sequence[Item], work: Callable[[Item], Made]) -> tuple[int, int]:
    """Fork a process that does `work` for `items`; return it and the pipe that it writes to."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps([work(item) for item in items], protocol=5))
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is flushed or cleaned up twice


def _finished(process: int, reading: int) -> list[Any] | None:
    """Return what a process has made, or None if it failed."""
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(process, 0)
    if status:
        return None
    found: list[Any] = pickle.loads(data)
    return found
