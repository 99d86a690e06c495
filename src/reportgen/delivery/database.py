"""Opening an SQLite file so that what is committed stays, and saying in words what is wrong."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

_FULL = "is the disk full? make room, and run the command again"
_OTHERS = "nothing is wrong with it: you may not write to it, or to its folder"

_THEN = {"full": _FULL, "disk I/O": _FULL, "No space": _FULL, "Permission": _OTHERS,
         "readonly": _OTHERS, "Read-only": _OTHERS, "unable to open": _OTHERS,
         "locked": "nothing is wrong with it: another program has it open; close that, and run "
                   "the command again"}
"""What to do, by what SQLite or the system says."""


class CannotStore(ReportgenError):
    """A database cannot be read or written; the diagnostics say why (status 3)."""


def refused(path: Path, error: Exception, hint: str = "") -> CannotStore:
    """Return what to raise when SQLite said `error` of the file at `path`."""
    sink = Sink()
    text = str(getattr(error, "strerror", None) or error)
    then = next((then for word, then in _THEN.items() if word in text),
                "is it damaged? take the last good copy of it")
    sink.error("cannot-store", f"the database cannot be used: {text}", Span(path.name),
               hint or then)
    return CannotStore(sink, ExitStatus.OUTPUT)


class Database:
    """An SQLite file with its schema, used by one thread at a time.

    Write-ahead log, and `synchronous=FULL`: a commit is on the disk when it
    returns (sqlite.org, PRAGMA synchronous). Raises CannotStore.
    """

    def __init__(self, path: Path, schema: str, application: int) -> None:
        """Open or make the file at `path`; `application` marks it as of this kind."""
        self.path = path
        self._lock = threading.RLock()
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # the addresses of people
            self._connection = sqlite3.connect(path, check_same_thread=False,
                                               isolation_level=None, timeout=20)
            self._connection.row_factory = sqlite3.Row
            self._prepare(schema, application)
        except (sqlite3.Error, OSError) as error:
            raise refused(path, error) from error

    def _prepare(self, schema: str, application: int) -> None:
        found = self._connection.execute("PRAGMA application_id").fetchone()[0]
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found != application and tables:
            raise sqlite3.DatabaseError("it is of another kind or program")
        if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("it is damaged")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        if not tables:
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {schema}; PRAGMA application_id={application}; COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; commit at the end, roll back if anything is raised."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if self._connection.in_transaction:  # a COMMIT that found the disk full
                    self._connection.execute("ROLLBACK")
                raise refused(self.path, error) from error

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise refused(self.path, error) from error

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(query, *values)), None)

    def scrub(self) -> None:
        """Leave nothing of what was deleted in free pages or in the log."""
        self.rows("VACUUM")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
