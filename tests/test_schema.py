"""Databases of reportgen 0.1 are brought to the newest schema, with all that they hold."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.mail.database import CannotStore
from reportgen.mail.ledger.campaign import State
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.subscribers import Status, Subscribers

CASES = Path(__file__).parent / "cases" / "v0.1"


def restored(folder: Path, name: str) -> Path:
    """Return a database made of the dump of one that version 0.1 wrote."""
    path = folder / f"{name}.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript((CASES / f"{name}.sql").read_text("utf-8"))
    connection.close()
    return path


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_subscribers_of_version_0_1(tmp_path: Path) -> None:
    path = restored(tmp_path, "subscribers")
    assert version(path) == 0
    subscribers = Subscribers(path)
    everybody = {p.address.mailbox: p for p in subscribers.all()}
    assert len(everybody) == 5
    assert everybody["reader-0000@example.org"].status is Status.UNSUBSCRIBED
    assert everybody["reader-0001@example.org"].groups == {"press"}
    assert everybody["reader-0002@example.org"].regions == {"central-asia"}
    assert subscribers.suppressed("reader-0005@example.org").startswith("erased")
    assert subscribers.seen("a" * 64)
    subscribers.close()
    assert version(path) > 0
    Subscribers(path).close()


def test_a_ledger_of_version_0_1_is_sent_on(tmp_path: Path) -> None:
    path = restored(tmp_path, "mailings")
    ledger = Ledger(path)
    [campaign] = ledger.campaigns()
    counts = ledger.counts(campaign)
    assert (counts[State.ACCEPTED], counts[State.DEFERRED], counts[State.REJECTED]) == (3, 2, 1)
    ledger.close()
    assert version(path) > 0


@pytest.mark.parametrize("name", ["subscribers", "mailings"])
def test_old_and_new_files_have_one_schema(name: str, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite"
    (Subscribers if name == "subscribers" else Ledger)(new).close()
    old = restored(tmp_path, name)
    (Subscribers if name == "subscribers" else Ledger)(old).close()

    def schema(path: Path) -> set[str]:
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        found = {" ".join(str(row[0]).split()) for row in rows}
        connection.close()
        return found

    assert schema(old) == schema(new)


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.sqlite"
    Subscribers(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=999")
    with pytest.raises(CannotStore, match="newer version"):
        Subscribers(path)
    assert version(path) == 999


def test_killed_while_it_is_brought_to_the_newest_schema(tmp_path: Path) -> None:
    """What was done is undone, and the next start does it."""
    path = restored(tmp_path, "subscribers")
    killed = subprocess.run(
        [sys.executable, "-c", f"""
import os, sqlite3, signal
from pathlib import Path
from reportgen.mail import database, subscribers
whole = database.Database._execute
def half(self, statements):
    whole(self, statements)
    if "CREATE TABLE event" in statements:
        os.kill(os.getpid(), signal.SIGKILL)
database.Database._execute = half
subscribers.Subscribers(Path({str(path)!r}))
"""], check=False)
    assert killed.returncode == -9
    assert version(path) == 0
    subscribers = Subscribers(path)
    assert len(subscribers.all()) == 5
    subscribers.close()
