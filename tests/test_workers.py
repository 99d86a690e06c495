"""Work on several cores gives what one core gives, in the same order, whatever dies."""

from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path

import pytest

from reportgen import workers
from reportgen.pipeline import build
from reportgen.store import Store
from reportgen.workers import FEWEST, in_workers

from .untuned import write_issue

ITEMS = list(range(FEWEST + 7))


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_results_come_in_order(count: int) -> None:
    assert in_workers(ITEMS, square, count) == [n * n for n in ITEMS]


def test_what_a_dead_worker_owed_is_done_here() -> None:
    here = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert in_workers(ITEMS, work, 3) == ITEMS


def test_an_error_is_raised_here() -> None:
    def work(number: int) -> int:
        if number == 17:
            raise ValueError("seventeen")
        return number

    for count in (1, 2, 3):
        with pytest.raises(ValueError, match="seventeen"):
            in_workers(ITEMS, work, count)


def test_few_things_are_done_here() -> None:
    here = os.getpid()
    assert in_workers(ITEMS[:5], lambda _: os.getpid(), 4) == [here] * 5


@pytest.mark.slow
def test_the_same_bytes_on_one_core_and_on_several(tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    issue = write_issue(tmp_path / "series", 5, 21, mixed=True)
    found = []
    for count in (1, 3):
        monkeypatch.setattr(workers, "cores", lambda count=count: count)
        monkeypatch.setattr(workers, "FEWEST", 2)
        built = build(issue, tmp_path / str(count), editions=["screen", "print"],
                      store=Store(None))
        found.append(([hashlib.sha256(p.read_bytes()).hexdigest() for p in built.files],
                      built.diagnostics))
    assert found[0] == found[1]
