"""Who gets the bulletin: people, what they asked for, and who must never be written to again.

An SQLite file beside the series. Who unsubscribes or is erased leaves a keyed
hash of the address behind, and no import brings that address back. Whoever has
the file can ask it whether a given address was erased, but cannot list the
erased: the hash is HMAC-SHA256 (RFC 2104) under a key of the file's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.mail.addresses import Address
from reportgen.mail.database import Database, Schema
from reportgen.mail.tokens import check_of

FILE = "subscribers.sqlite"

SOFT_BOUNCES = 3
"""After so many soft bounces nobody reads there any more."""

SOFT_FOR = timedelta(days=183)
"""So long a soft bounce counts: a mailbox that was full in three summers is read."""

_FIRST = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE subscriber(
  key TEXT PRIMARY KEY, mailbox TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('active', 'unsubscribed', 'suspended')),
  reason TEXT NOT NULL, consent TEXT NOT NULL, source TEXT NOT NULL,
  soft INTEGER NOT NULL DEFAULT 0, soft_on TEXT NOT NULL DEFAULT '', changed_at TEXT NOT NULL);
CREATE TABLE member(key TEXT NOT NULL REFERENCES subscriber(key) ON DELETE CASCADE,
  name TEXT NOT NULL, PRIMARY KEY(key, name));
CREATE TABLE interest(key TEXT NOT NULL REFERENCES subscriber(key) ON DELETE CASCADE,
  region TEXT NOT NULL, PRIMARY KEY(key, region));
CREATE TABLE suppression(hash BLOB PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE returned(digest TEXT PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL)
"""

_SCHEMA = Schema(0x52475331, _FIRST, ("""
CREATE TABLE event(id INTEGER PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL,
  what TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX event_key ON event(key);
CREATE TABLE former(former TEXT PRIMARY KEY,
  key TEXT NOT NULL REFERENCES subscriber(key) ON DELETE CASCADE, at TEXT NOT NULL);
CREATE INDEX former_key ON former(key);
ALTER TABLE subscriber ADD COLUMN every INTEGER NOT NULL DEFAULT 1
""",))


class Status(Enum):
    """Whether somebody is written to."""

    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    SUSPENDED = "suspended"
    """Mail came back."""


class Imported(Enum):
    """What became of a row that was imported."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SUPPRESSED = "suppressed"
    """Unsubscribed or erased before: nothing was done."""
    LEFT = "not to be written to"
    """Left elsewhere, or mail came back there: recorded as such."""


class Subscriber(Struct, frozen=True):
    """Somebody who subscribed."""

    address: Address
    language: str = ""
    """BCP 47; empty: any."""
    groups: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    """Codes of the regions of interest; none: all."""
    consent: str = ""
    """When and how they agreed, as the editor recorded it."""
    source: str = ""
    """File and line that the subscriber was imported from."""
    status: Status = Status.ACTIVE
    reason: str = ""
    """Why they are not written to, and since when."""
    every: int = 1
    """They want every issue (1), or every third (3)."""


class What(Enum):
    """What happened to somebody on the list."""

    ADDED = "added"
    UPDATED = "updated"
    CONSENT = "consent"
    UNSUBSCRIBED = "unsubscribed"
    SUSPENDED = "suspended"
    BOUNCED = "soft bounce"
    RESUMED = "resumed"
    CHANGED = "changed address"
    LEFT_GROUP = "left group"
    CHOSE = "chose"


class Event(Struct, frozen=True):
    """What happened to somebody, and when (ISO 8601)."""

    at: str
    what: What
    detail: str = ""


class Subscribers:
    """The subscribers of one series. Every method raises CannotStore if the file fails."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at `path`."""
        self._data = Database(path, _SCHEMA)
        with self._data.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO meta VALUES('key', ?)",
                               (secrets.token_bytes(32),))
        row = self._data.row("SELECT value FROM meta WHERE name = 'key'")
        assert row
        self._key: bytes = row["value"]

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    @property
    def identity(self) -> str:
        """What tells this list from every other; it says nothing of its key."""
        return hmac.digest(self._key, b"identity", hashlib.sha256).hex()

    # -- who

    def all(self) -> tuple[Subscriber, ...]:
        """Return everybody, by address; also who is not written to."""
        groups: dict[str, set[str]] = {}
        regions: dict[str, set[str]] = {}
        for table, column, found in (("member", "name", groups), ("interest", "region", regions)):
            for row in self._data.rows(f"SELECT key, {column} AS value FROM {table}"):
                found.setdefault(row["key"], set()).add(row["value"])
        return tuple(
            _person(row, groups.get(row["key"], set()), regions.get(row["key"], set()))
            for row in self._data.rows("SELECT * FROM subscriber ORDER BY key"))

    def find(self, address: Address) -> Subscriber | None:
        """Return who has `address`."""
        return self.find_key(address.key)

    def suppressed(self, address_key: str) -> str:
        """Return why nothing may be sent to an address; empty: it may."""
        row = self._data.row("SELECT reason FROM suppression WHERE hash = ?",
                             self._hash(address_key))
        if row:
            return str(row["reason"])
        row = self._data.row("SELECT status, reason FROM subscriber WHERE key = ?", address_key)
        if row:
            return str(row["reason"]) if row["status"] != Status.ACTIVE.value else ""
        changed = self._data.row("SELECT at FROM former WHERE former = ?", address_key)
        return f"changed address {changed['at'][:10]}" if changed else ""

    @property
    def check_key(self) -> bytes:
        """What tells tokens of this list from invented ones; it makes none that are somebody's."""
        return hmac.digest(self._key, b"check", hashlib.sha256)

    @property
    def fetch_secret(self) -> str:
        """The secret by which the page on which readers unsubscribe gives what they asked for."""
        return hmac.digest(self._key, b"fetch", hashlib.sha256).hex()

    def token(self, address_key: str) -> str:
        """Return what stands for a person in links to unsubscribe: 26 letters, not to be guessed.

        90 bits of a keyed hash, which name nobody to who has not this file, and eight check
        letters, by which a page that has no list tells it from an invented one.
        """
        body = self._letters(b"unsubscribe 2\0", address_key)[:18]
        return body + check_of(self.check_key, body)

    def _letters(self, purpose: bytes, address_key: str) -> str:
        digest = hmac.digest(self._key, purpose + address_key.encode(), hashlib.sha256)
        return base64.b32encode(digest).decode("ascii").lower()

    def tokens(self) -> dict[str, str]:
        """Return everybody's key by their token, also by those of addresses that they had before.

        A token is found in a dictionary and not compared in constant time: who guesses
        tokens gets no answer, and no clock to read.
        """
        rows = self._data.rows("SELECT key AS had, key FROM subscriber UNION ALL "
                               "SELECT former, key FROM former")
        found: dict[str, str] = {}
        for row in rows:
            found[self.token(row["had"])] = row["key"]
            found[self._letters(b"unsubscribe\0", row["had"])[:26]] = row["key"]  # of version 0.1
        return found

    def of_token(self, token: str) -> Subscriber | None:
        """Return who a token stands for."""
        key = self.tokens().get(token.lower())
        return self.find_key(key) if key else None

    def of_key(self, key: str) -> Subscriber | None:
        """Return who has an address of this key, or had it before."""
        row = self._data.row("SELECT key FROM former WHERE former = ?", key)
        return self.find_key(key) or (self.find_key(row["key"]) if row else None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done inside all together, or nothing of it."""
        with self._data.transaction():
            yield

    def _hash(self, address_key: str) -> bytes:
        return hmac.digest(self._key, address_key.encode(), hashlib.sha256)

    # -- coming

    def take(self, people: Iterable[Subscriber], now: str) -> list[Imported]:
        """Add people, or what is new of them, in one transaction; return what became of each.

        Who was unsubscribed or erased stays so; a status in `people` other than
        active is taken over, so that another program's list of who left counts.
        """
        with self._data.transaction():
            return [self._take(person, now) for person in people]

    def _take(self, person: Subscriber, now: str) -> Imported:
        key = person.address.key
        if person.status is not Status.ACTIVE:
            return self._take_gone(person, now)
        if self._data.row("SELECT 1 FROM suppression WHERE hash = ?", self._hash(key)):
            return Imported.SUPPRESSED
        known = self.find_key(key)
        if known is None:
            self._insert(person, now)
            return Imported.ADDED
        merged = replace(
            known,
            address=Address(known.address.mailbox, person.address.name or known.address.name),
            language=person.language or known.language, groups=known.groups | person.groups,
            regions=person.regions or known.regions, consent=known.consent or person.consent)
        if merged == known:
            return Imported.UNCHANGED
        self._update(merged, person.source, now)
        return Imported.UPDATED

    def _take_gone(self, person: Subscriber, now: str) -> Imported:
        key = person.address.key
        known = self.find_key(key)
        left = self._data.row("SELECT 1 FROM suppression WHERE hash = ?", self._hash(key))
        stays = known is not None and known.status is person.status
        if left or stays:  # to leave outranks mail that came back
            return Imported.UNCHANGED
        if known is None:
            self._insert(replace(person, reason=_dated(person.status.value, person.reason, now)),
                         now)
        if person.status is Status.UNSUBSCRIBED:
            self.unsubscribe(person.address, person.reason, now)
        elif known is not None:
            self.suspend(person.address, person.reason, now)
        return Imported.LEFT

    def find_key(self, key: str) -> Subscriber | None:
        """Return who has an address of this key."""
        row = self._data.row("SELECT * FROM subscriber WHERE key = ?", key)
        if row is None:
            return None
        groups = self._data.rows("SELECT name FROM member WHERE key = ?", key)
        regions = self._data.rows("SELECT region FROM interest WHERE key = ?", key)
        return _person(row, {r["name"] for r in groups}, {r["region"] for r in regions})

    def readmit(self, person: Subscriber, now: str) -> None:
        """Take back somebody who asked for it, whatever was before; their consent is new.

        What was known of somebody who is active stays, and is added to.
        """
        known = self.find_key(person.address.key)
        if known is not None and known.status is Status.ACTIVE:
            person = replace(
                person, address=Address(person.address.mailbox,
                                        person.address.name or known.address.name),
                language=person.language or known.language, groups=person.groups | known.groups,
                regions=person.regions or known.regions,
                consent="; ".join(dict.fromkeys(filter(None, (known.consent, person.consent)))))
        with self._data.transaction() as connection:
            before = self.former(person.address.key)
            connection.execute("DELETE FROM suppression WHERE hash = ?",
                               (self._hash(person.address.key),))
            connection.execute("DELETE FROM former WHERE former = ?", (person.address.key,))
            connection.execute("DELETE FROM subscriber WHERE key = ?", (person.address.key,))
            self._insert(person, now)
            connection.executemany("INSERT OR REPLACE INTO former VALUES(?, ?, ?)",
                                   [(key, person.address.key, now) for key in before])

    def _note(self, key: str, what: What, detail: str, now: str) -> None:
        """Record what happened to somebody (GDPR, article 15: what is known of a person)."""
        self._run("INSERT INTO event(key, at, what, detail) VALUES(?, ?, ?, ?)", key, now,
                  what.value, detail)

    def _insert(self, person: Subscriber, now: str) -> None:
        self._note(person.address.key, What.ADDED, "; ".join(filter(None, (
            person.source, person.consent))), now)
        with_data = (person.address.key, person.address.mailbox, person.address.name,
                     person.language, person.status.value, person.reason, person.consent,
                     person.source, now, person.every)
        self._run("INSERT INTO subscriber(key, mailbox, name, language, status, reason, consent, "
                  "source, changed_at, every) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *with_data)
        self._set_sets(person)

    def _update(self, person: Subscriber, source: str, now: str) -> None:
        self._note(person.address.key, What.UPDATED, source, now)
        self._run("UPDATE subscriber SET name = ?, language = ?, consent = ?, changed_at = ? "
                  "WHERE key = ?", person.address.name, person.language, person.consent, now,
                  person.address.key)
        self._run("DELETE FROM interest WHERE key = ?", person.address.key)
        self._set_sets(person)

    def _set_sets(self, person: Subscriber) -> None:
        for name in sorted(person.groups):
            self._run("INSERT OR IGNORE INTO member VALUES(?, ?)", person.address.key, name)
        for region in sorted(person.regions):
            self._run("INSERT OR IGNORE INTO interest VALUES(?, ?)", person.address.key, region)

    def _run(self, statement: str, *values: object) -> None:
        self._data.rows(statement, *values)

    # -- going

    def unsubscribe(self, address: Address, how: str, now: str) -> None:
        """Never write to `address` again; what is known of the person stays."""
        reason = _dated("unsubscribed", how, now)
        self._note(address.key, What.UNSUBSCRIBED, how, now)
        self._run("INSERT OR IGNORE INTO suppression VALUES(?, ?, ?)", self._hash(address.key),
                  reason, now)
        self._run("UPDATE subscriber SET status = 'unsubscribed', reason = ?, changed_at = ? "
                  "WHERE key = ?", reason, now, address.key)

    def erase(self, address: Address, now: str) -> bool:
        """Forget the person, keep the keyed hash; return whether they were known.

        Regulation (EU) 2016/679, article 17 with 21(3): the hash is what it
        takes to keep the promise not to write again.
        """
        keys = {address.key, *self.former(address.key)}
        with self._data.transaction() as connection:
            for key in sorted(keys):
                connection.execute("INSERT OR REPLACE INTO suppression VALUES(?, ?, ?)",
                                   (self._hash(key), f"erased {now[:10]}", now))
                connection.execute("DELETE FROM event WHERE key = ?", (key,))
            done = connection.execute("DELETE FROM subscriber WHERE key = ?", (address.key,))
            known = done.rowcount > 0
        self._data.scrub()
        return known

    def suspend(self, address: Address, why: str, now: str) -> None:
        """Write to `address` no more, until somebody says that it works again."""
        found = self.find(address)
        if found is None or found.status is not Status.ACTIVE:
            return
        self._note(address.key, What.SUSPENDED, why, now)
        self._run("UPDATE subscriber SET status = 'suspended', reason = ?, changed_at = ? "
                  "WHERE key = ? AND status = 'active'", _dated("suspended", why, now), now,
                  address.key)

    def soft_bounce(self, address: Address, why: str, now: str) -> bool:
        """Count a soft bounce; return whether that suspends the person.

        `now` is ISO 8601. The count begins anew if the last one is longer ago than `SOFT_FOR`.
        """
        today = date.fromisoformat(now[:10])
        self._note(address.key, What.BOUNCED, why, now)
        self._run("UPDATE subscriber SET soft = CASE WHEN soft_on >= ? THEN soft + 1 ELSE 1 END, "
                  "soft_on = ? WHERE key = ?", (today - SOFT_FOR).isoformat(), today.isoformat(),
                  address.key)
        row = self._data.row("SELECT soft FROM subscriber WHERE key = ?", address.key)
        if row is None or row["soft"] < SOFT_BOUNCES:
            return False
        self.suspend(address, f"{row['soft']} soft bounces, the last: {why}", now)
        return True

    def resume(self, address: Address, now: str) -> bool:
        """Write again to somebody who was suspended; return whether they were."""
        found = self.find_key(address.key)
        if found is None or found.status is not Status.SUSPENDED:
            return False
        self._run("UPDATE subscriber SET status = 'active', reason = '', soft = 0, "
                  "changed_at = ? WHERE key = ?", now, address.key)
        self._note(address.key, What.RESUMED, "by the editor", now)
        return True

    def choose(self, address: Address, regions: frozenset[str], every: int, now: str) -> None:
        """Record what somebody wants: regions (none: all), and every such-and-such issue."""
        with self._data.transaction():
            self._run("UPDATE subscriber SET every = ?, changed_at = ? WHERE key = ?", every, now,
                      address.key)
            self._run("DELETE FROM interest WHERE key = ?", address.key)
            for region in sorted(regions):
                self._run("INSERT INTO interest VALUES(?, ?)", address.key, region)
            self._note(address.key, What.CHOSE, f"{', '.join(sorted(regions)) or 'all regions'}; "
                       f"every {every}", now)

    def leave_group(self, address: Address, group: str, now: str) -> bool:
        """Take somebody out of a group, whatever its capitals; return whether they were in it."""
        found = self.find(address)
        names = [g for g in found.groups if g.casefold() == group.casefold()] if found else []
        for name in names:
            self._run("DELETE FROM member WHERE key = ? AND name = ?", address.key, name)
            self._note(address.key, What.LEFT_GROUP, name, now)
        return bool(names)

    def change(self, old: Address, new: Address, now: str) -> str:
        """Give somebody another address; return why that cannot be, empty: it is done.

        What they had by the old one they do not get again, links to unsubscribe in mails to that
        go on working, and what bounces there says nothing of the new one.
        """
        person = self.find(old)
        if person is None:
            return "it is not on the list"
        if self.find(new) is not None and new.key != old.key:
            return f"{new.mailbox} is on the list as well: remove one of them"
        if self._data.row("SELECT 1 FROM suppression WHERE hash = ?", self._hash(new.key)):
            return f"{new.mailbox} was unsubscribed or erased: subscribers add takes it back"
        if new.key == old.key:
            return "it is the same address"
        before = self.former(old.key)
        with self._data.transaction() as connection:
            connection.execute("DELETE FROM subscriber WHERE key = ?", (old.key,))
            self._insert(replace(person, address=Address(
                new.mailbox, new.name or person.address.name)), now)
            connection.executemany("INSERT OR REPLACE INTO former VALUES(?, ?, ?)",
                                   [(key, new.key, now) for key in (old.key, *before)])
            self._note(new.key, What.CHANGED, f"was {old.mailbox}", now)
        return ""

    def former(self, key: str) -> tuple[str, ...]:
        """Return the keys of addresses that somebody had before."""
        rows = self._data.rows("SELECT former FROM former WHERE key = ? ORDER BY former", key)
        return tuple(str(row["former"]) for row in rows)

    def formers(self) -> dict[str, tuple[str, ...]]:
        """Return everybody's former keys by their key; who has none is not in it."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self._data.rows("SELECT key, former FROM former ORDER BY former"):
            found[row["key"]] = (*found.get(row["key"], ()), row["former"])
        return found

    def events(self, key: str) -> tuple[Event, ...]:
        """Return what happened to somebody, also under former addresses, in its order."""
        keys = (key, *self.former(key))
        marks = ", ".join("?" * len(keys))
        rows = self._data.rows(f"SELECT at, what, detail FROM event WHERE key IN ({marks}) "
                               "ORDER BY at, id", *keys)
        return tuple(Event(row["at"], What(row["what"]), row["detail"]) for row in rows)

    def all_events(self) -> tuple[Event, ...]:
        """Return what happened to everybody, without saying to whom, in its order."""
        rows = self._data.rows("SELECT at, what FROM event ORDER BY at, id")
        return tuple(Event(row["at"], What(row["what"])) for row in rows)

    def left(self, key: str) -> str:
        """Return when and how an address was unsubscribed or erased; empty: it was not."""
        row = self._data.row("SELECT reason FROM suppression WHERE hash = ?", self._hash(key))
        return str(row["reason"]) if row else ""

    def seen(self, digest: str) -> bool:
        """Whether a mail that came back, by its SHA-256, was counted before."""
        return self._data.row("SELECT 1 FROM returned WHERE digest = ?", digest) is not None

    def note(self, digest: str, kind: str, now: str) -> None:
        """Record that a mail that came back was counted."""
        self._run("INSERT OR IGNORE INTO returned VALUES(?, ?, ?)", digest, kind, now)


def _person(row: sqlite3.Row, groups: set[str], regions: set[str]) -> Subscriber:
    return Subscriber(Address(row["mailbox"], row["name"]), row["language"], frozenset(groups),
                      frozenset(regions), row["consent"], row["source"], Status(row["status"]),
                      row["reason"], row["every"])


def _dated(what: str, why: str, now: str) -> str:
    """Return what happened to somebody, when, and why; what was dated before stays so."""
    if why.startswith(f"{what} "):
        return why
    return f"{what} {now[:10]}" + (f", {why}" if why and why != what else "")
