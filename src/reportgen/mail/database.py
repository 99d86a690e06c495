"""Opening an SQLite file so that what is committed stays, and saying in words what is wrong."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

_FULL = "is the disk full? make room, and run the command again"
_OTHERS = "nothing is wrong with it: you may not write to it, or to its folder"

_THEN = {"full": _FULL, "disk I/O": _FULL, "No space": _FULL, "Permission": _OTHERS,
         "readonly": _OTHERS, "Read-only": _OTHERS, "unable to open": _OTHERS,
         "newer version": "use the newest version of reportgen that works with this series",
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


class Schema(Struct, frozen=True):
    """What a kind of database holds."""

    application: int
    """Marks a file as of this kind (sqlite.org, PRAGMA application_id)."""
    first: str
    """Statements that made the file of reportgen 0.1."""
    migrations: tuple[str, ...] = ()
    """Statements that each lead to the next version; PRAGMA user_version counts those that were
    run. A row that has been published is never changed: a change is another row."""


class Database:
    """An SQLite file with its schema, used by one thread at a time.

    Write-ahead log, and `synchronous=FULL`: a commit is on the disk when it
    returns (sqlite.org, PRAGMA synchronous). A file of an older version is brought
    to this one's schema when it is opened, in one transaction; one of a newer
    version is refused. Raises CannotStore.
    """

    def __init__(self, path: Path, schema: Schema) -> None:
        """Open or make the file at `path`."""
        self.path = path
        self._lock = threading.RLock()
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # the addresses of people
            self._connection = sqlite3.connect(path, check_same_thread=False,
                                               isolation_level=None, timeout=20)
            self._connection.row_factory = sqlite3.Row
            self._prepare(schema)
        except (sqlite3.Error, OSError) as error:
            raise refused(path, error) from error

    def _prepare(self, schema: Schema) -> None:
        found = self._number("application_id")
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found != schema.application and tables:
            raise sqlite3.DatabaseError("it is of another kind or program")
        if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("it is damaged")
        if self._number("user_version") > len(schema.migrations):
            raise sqlite3.DatabaseError("it was written by a newer version of reportgen")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        if not tables or self._number("user_version") < len(schema.migrations):
            self._migrate(schema)

    def _migrate(self, schema: Schema) -> None:
        """Make the tables of a new file, and what later versions have added to an old one.

        A process killed meanwhile leaves the file as it was.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                self._execute(f"{schema.first}; PRAGMA application_id={schema.application}")
            # Another process may have done it since: the number is read again, under the lock.
            for statements in schema.migrations[self._number("user_version"):]:
                self._execute(statements)
            self._execute(f"PRAGMA user_version={len(schema.migrations)}")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _execute(self, statements: str) -> None:
        """Run statements parted by semicolons; `executescript` would commit before the first."""
        statement = ""
        for piece in f"{statements};".split(";"):
            statement += f"{piece};"
            if sqlite3.complete_statement(statement):
                self._connection.execute(statement)
                statement = ""

    def _number(self, pragma: str) -> int:
        return int(self._connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; commit at the end, roll back if anything is raised.

        Inside of another one it is part of that.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
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
