"""A second witness: what this machine sent, kept outside of the series' folder.

A ledger that is restored from a backup, or deleted, knows nothing of what was
sent since; sending by it would send twice. So each attempt is also a line in
`~/.local/state/reportgen/` (`REPORTGEN_STATE` names another folder), and a run
begins by writing into the ledger what it has not. There are no addresses in
it: a delivery is known by its identifier.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span
from reportgen.mail.ledger.campaign import State
from reportgen.mail.ledger.store import Ledger

VARIABLE = "REPORTGEN_STATE"


class Entry(Struct, frozen=True):
    """A line: attempt `n` of a delivery stood so."""

    delivery: str
    n: int
    state: State
    at: str
    """ISO 8601"""
    code: int | None


def state_folder() -> Path:
    """Return where this machine keeps what must survive (XDG Base Directory 0.8).

    Raises ReportgenError if whoever runs this has no home.
    """
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    base = os.environ.get("XDG_STATE_HOME", "")
    try:
        return (Path(base) if base else Path.home() / ".local" / "state") / "reportgen"
    except RuntimeError as error:
        sink = Sink()
        sink.error("no-journal", "who runs this has no home folder to keep in it what was sent",
                   Span(VARIABLE), f"{VARIABLE} names a folder for that")
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error


class Origin(Struct, frozen=True):
    """Which series a journal is of: two may have an issue of the same name."""

    identity: str
    """Of its list of subscribers."""
    folder: str
    """Path; a list that was made anew in the same folder is of the same series."""

    def is_same(self, other: Origin) -> bool:
        """Whether it is the same series, be it moved, or with a new list."""
        return self.identity == other.identity or self.folder == other.folder


class Begun(Struct, frozen=True):
    """A mailing that this machine has begun."""

    issue: str
    name: str
    origin: Origin


class Journal:
    """The lines of one mailing. Methods raise OSError."""

    def __init__(self, folder: Path, campaign: str) -> None:
        """Take the folder and the mailing's identifier; the file is made by the first line."""
        self._path = folder / f"{campaign}.jsonl"
        self._lock = threading.Lock()

    @property
    def exists(self) -> bool:
        return self._path.is_file()

    def begin(self, begun: Begun, now: str) -> None:
        """Record that this machine sends a mailing: without such a file, it never did."""
        origin = begun.origin
        self._append(["begin", begun.issue, begun.name, now, origin.identity, origin.folder])

    def write(self, delivery: str, n: int, state: State, at: str, code: int | None = None) -> None:
        """Append a line. The ledger is what must be on the disk; this need only outlive us."""
        self._append([delivery, n, state.value, at, code])

    def _append(self, values: list[object]) -> None:
        row = f"\n{json.dumps(values)}\n".encode()  # a line that was cut off spoils no other
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if os.write(handle, row) != len(row):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
            finally:
                os.close(handle)

    def entries(self) -> tuple[Entry, ...]:
        """Return the lines in their order; one that a crash cut off is passed over."""
        found = []
        for row in self._rows():
            try:
                delivery, n, state, at, code = json.loads(row)
                found.append(Entry(str(delivery), int(n), State(state), str(at), code))
            except (ValueError, TypeError):
                continue
        return tuple(found)

    def last(self) -> dict[tuple[str, int], Entry]:
        """Return how each attempt of each delivery stood in the end."""
        return {(entry.delivery, entry.n): entry for entry in self.entries()}

    def taken(self) -> frozenset[str]:
        """Return the deliveries that were taken."""
        return frozenset(e.delivery for e in self.entries() if e.state is State.ACCEPTED)

    def doubtful(self) -> frozenset[str]:
        """Return the deliveries whose last attempt nobody knows the end of."""
        latest = {entry.delivery: entry for entry in sorted(
            self.last().values(), key=lambda entry: entry.n)}
        return frozenset(delivery for delivery, entry in latest.items()
                         if entry.state in (State.ON_DOT, State.IN_DOUBT)) - self.taken()

    def begun(self) -> Begun | None:
        """Return which mailing it is, if this machine has begun it."""
        for row in self._rows():
            try:
                word, issue, name, _, identity, folder = json.loads(row)
            except (ValueError, TypeError):
                continue
            if word == "begin":
                return Begun(str(issue), str(name), Origin(str(identity), str(folder)))
        return None

    def _rows(self) -> list[str]:
        return self._path.read_text("utf-8", "replace").split("\n") if self.exists else []


def journals_of(folder: Path, origin: Origin, issue: str) -> dict[str, tuple[str, Journal]]:
    """Return what this machine sent of an issue: each mailing's name and journal, by identifier.

    An issue without a name is every one of the series.
    """
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        journal = Journal(folder, path.stem)
        begun = journal.begun()
        if begun and issue in ("", begun.issue) and begun.origin.is_same(origin):
            found[path.stem] = begun.name, journal
    return found


def catch_up(ledger: Ledger, journal: Journal) -> int:
    """Write into the ledger what the journal has and it has not; return how many attempts.

    The line of an attempt is written after its commit, so a ledger that was
    never exchanged lacks nothing.
    """
    return sum(ledger.redo(entry.delivery, entry.n, entry.state, entry.code, entry.at)
               for entry in journal.last().values())
