"""What was promised to whom, what was sent, and what cannot be known: the ledger of all mailings.

An SQLite file beside the series. A mailing is planned in one transaction: its
recipients, letters and PDFs are frozen with their hashes. From then on only
states change, along the arrows of docs/mail.md; triggers of the database keep
them, so that no mistake in the program can send twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import asdict

from reportgen.mail.database import Database, Schema, refused
from reportgen.mail.ledger.campaign import (
    Attempt,
    Campaign,
    Delivery,
    Manifest,
    Policy,
    Recipient,
    State,
)
from reportgen.mail.smtp.transport import Reply

FILE = "mailings.sqlite"

_STATES = ("planned", "deferred", "on_dot", "accepted", "rejected", "in_doubt", "suppressed",
           "cancelled")

_FIRST = f"""
CREATE TABLE artifact(sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE campaign(
  id TEXT PRIMARY KEY, issue TEXT NOT NULL, name TEXT NOT NULL UNIQUE, planned_at TEXT NOT NULL,
  policy TEXT NOT NULL CHECK(policy IN ('hold', 'resend')), manifest TEXT NOT NULL,
  cancelled_at TEXT NOT NULL DEFAULT '');
CREATE TABLE delivery(
  id TEXT PRIMARY KEY, campaign_id TEXT NOT NULL REFERENCES campaign(id), position INTEGER NOT NULL,
  addr_key TEXT NOT NULL, rcpt TEXT NOT NULL, display TEXT NOT NULL, token TEXT NOT NULL,
  letter TEXT NOT NULL REFERENCES artifact(sha256), pdf_sha256 TEXT NOT NULL,
  tail TEXT REFERENCES artifact(sha256),
  message_id TEXT NOT NULL UNIQUE, payload_sha256 TEXT NOT NULL, size INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'planned' CHECK(state IN {_STATES}),
  attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
  code INTEGER, reply TEXT NOT NULL DEFAULT '', updated_at TEXT NOT NULL,
  UNIQUE(campaign_id, addr_key), UNIQUE(campaign_id, position));
CREATE INDEX by_state ON delivery(campaign_id, state);
CREATE TABLE run(
  id INTEGER PRIMARY KEY, campaign_id TEXT NOT NULL REFERENCES campaign(id),
  relay TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, seconds REAL, bytes INTEGER,
  ended TEXT);
CREATE TABLE attempt(
  delivery_id TEXT NOT NULL REFERENCES delivery(id), n INTEGER NOT NULL,
  run_id INTEGER NOT NULL REFERENCES run(id),
  outcome TEXT NOT NULL CHECK(outcome IN ('pending', 'accepted', 'rejected', 'deferred',
    'in_doubt', 'not_accepted')),
  code INTEGER, reply TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, closed_at TEXT,
  evidence TEXT NOT NULL DEFAULT '', PRIMARY KEY(delivery_id, n));
CREATE UNIQUE INDEX once ON attempt(delivery_id) WHERE outcome = 'accepted';
CREATE UNIQUE INDEX one_pending ON attempt(delivery_id) WHERE outcome = 'pending';

CREATE TRIGGER only_dot_what_waits BEFORE UPDATE OF state ON delivery
  WHEN NEW.state = 'on_dot' AND OLD.state NOT IN ('planned', 'deferred')
  BEGIN SELECT RAISE(ABORT, 'only what is planned or deferred may be sent'); END;
CREATE TRIGGER accepted_was_on_dot BEFORE UPDATE OF state ON delivery
  WHEN NEW.state = 'accepted' AND OLD.state NOT IN ('on_dot', 'in_doubt')
  BEGIN SELECT RAISE(ABORT, 'accepted without having been sent'); END;
CREATE TRIGGER final BEFORE UPDATE OF state ON delivery
  WHEN OLD.state IN ('accepted', 'rejected', 'cancelled') AND NEW.state <> OLD.state
    AND NOT (OLD.state = 'cancelled' AND NEW.state = 'in_doubt')
  BEGIN SELECT RAISE(ABORT, 'accepted, rejected and cancelled are final'); END;
CREATE TRIGGER doubt_is_kept BEFORE UPDATE OF state ON delivery
  WHEN OLD.state = 'on_dot' AND NEW.state NOT IN ('accepted', 'rejected', 'deferred', 'in_doubt')
  BEGIN SELECT RAISE(ABORT, 'what was on its dot needs an answer, or is in doubt'); END;
CREATE TRIGGER frozen BEFORE UPDATE ON delivery
  WHEN NEW.id <> OLD.id OR NEW.campaign_id <> OLD.campaign_id OR NEW.position <> OLD.position
    OR NEW.message_id <> OLD.message_id OR NEW.payload_sha256 <> OLD.payload_sha256
    OR NEW.letter <> OLD.letter OR NEW.pdf_sha256 <> OLD.pdf_sha256
    OR (NEW.tail IS NOT OLD.tail AND NEW.rcpt <> '')
    OR (NEW.addr_key <> OLD.addr_key AND NEW.addr_key <> OLD.id)
    OR (NEW.rcpt <> OLD.rcpt AND NEW.rcpt <> '')
  BEGIN SELECT RAISE(ABORT, 'what was planned is frozen'); END;
CREATE TRIGGER kept_campaign BEFORE UPDATE ON campaign
  WHEN NEW.id <> OLD.id OR NEW.manifest <> OLD.manifest
  BEGIN SELECT RAISE(ABORT, 'what was planned is frozen'); END;
CREATE TRIGGER kept_artifact BEFORE UPDATE ON artifact
  BEGIN SELECT RAISE(ABORT, 'what was planned is frozen'); END
"""

_SCHEMA = Schema(0x52474C31, _FIRST, (
    """
CREATE INDEX attempt_at ON attempt(at);
CREATE INDEX delivery_state ON delivery(state);
ALTER TABLE attempt ADD COLUMN dated TEXT NOT NULL DEFAULT ''
""",))

_DOUBTFUL = (State.ON_DOT, State.IN_DOUBT)

_SAID_NOT_TAKEN = ("(SELECT 1 FROM attempt WHERE delivery_id = delivery.id "
                   "AND outcome = 'not_accepted')")

_COLUMNS = ("id, addr_key, rcpt, display, token, letter, pdf_sha256, tail, message_id, "
            "payload_sha256, size, position, state, attempts, next_at, code, reply, updated_at")


class Ledger:
    """The ledger of a series. Every method raises CannotStore if the file fails."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at `path`."""
        self.path = path
        self._data = Database(path, _SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    # -- planning

    def plan(self, campaign: Campaign, recipients: Iterable[Recipient],
             artifacts: dict[str, tuple[str, bytes]]) -> None:
        """Freeze a mailing in one transaction: all of it is there afterwards, or nothing."""
        with self._data.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO artifact VALUES(?, ?, ?)",
                [(sha, kind, data) for sha, (kind, data) in artifacts.items()])
            connection.execute(
                "INSERT INTO campaign(id, issue, name, planned_at, policy, manifest) "
                "VALUES(?, ?, ?, ?, ?, ?)",
                (campaign.id, campaign.issue, campaign.name, campaign.planned_at,
                 campaign.policy.value, json.dumps(asdict(campaign.manifest), ensure_ascii=False)))
            connection.executemany(
                "INSERT INTO delivery(id, campaign_id, position, addr_key, rcpt, display, token, "
                "letter, pdf_sha256, tail, message_id, payload_sha256, size, updated_at) "
                "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(r.id, campaign.id, n, r.addr_key, r.rcpt, r.display, r.token, r.letter,
                  r.pdf_sha256, r.tail, r.message_id, r.payload_sha256, r.size, campaign.planned_at)
                 for n, r in enumerate(recipients)])

    def campaigns(self, issue: str = "") -> tuple[Campaign, ...]:
        """Return the mailings of an issue, or all, in the order in which they were planned."""
        rows = self._data.rows("SELECT * FROM campaign WHERE ? IN ('', issue) ORDER BY rowid",
                               issue)
        return tuple(_campaign(row) for row in rows)

    def campaign(self, name: str) -> Campaign | None:
        """Return the mailing called `name`."""
        row = self._data.row("SELECT * FROM campaign WHERE name = ?", name)
        return _campaign(row) if row else None

    def had(self, issue: str) -> dict[str, str]:
        """Return what somebody gets, or may have got, of an issue: delivery, and by which mailing.

        By the delivery, which is known also of an erased person who comes back.
        """
        rows = self._data.rows(
            "SELECT delivery.id, name FROM delivery JOIN campaign ON campaign.id = campaign_id "
            "WHERE issue = ? AND state NOT IN ('rejected', 'suppressed', 'cancelled')", issue)
        return {row["id"]: row["name"] for row in rows}

    def known(self, issue: str) -> frozenset[str]:
        """Return the deliveries of an issue about which this ledger is believed before the journal.

        Not those that it never sent and will not: another copy of it may have sent them.
        """
        rows = self._data.rows(
            "SELECT delivery.id FROM delivery JOIN campaign ON campaign.id = campaign_id "
            "WHERE issue = ? AND (state NOT IN ('rejected', 'suppressed', 'cancelled') OR "
            f"EXISTS {_SAID_NOT_TAKEN})", issue)
        return frozenset(row["id"] for row in rows)

    def artifact(self, sha256: str) -> bytes | None:
        """Return a frozen letter or PDF; None if it is no longer what was frozen."""
        row = self._data.row("SELECT CAST(data AS BLOB) AS data FROM artifact WHERE sha256 = ?",
                             sha256)
        data = bytes(row["data"]) if row else None
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None

    def artifacts_of(self, campaign: Campaign) -> frozenset[str]:
        """Return the hashes of all letters that a mailing needs."""
        rows = self._data.rows("SELECT DISTINCT letter FROM delivery WHERE campaign_id = ?",
                               campaign.id)
        return frozenset(row["letter"] for row in rows)

    # -- looking

    def deliveries(self, campaign: Campaign, *states: State) -> tuple[Delivery, ...]:
        """Return the deliveries in one of `states` (none: all), in the order of the plan."""
        wanted = [state.value for state in states or State]
        marks = ", ".join("?" * len(wanted))
        rows = self._data.rows(
            f"SELECT {_COLUMNS} FROM delivery WHERE campaign_id = ? AND state IN ({marks}) "
            "ORDER BY position", campaign.id, *wanted)
        return tuple(_delivery(row) for row in rows)

    def delivery(self, identifier: str) -> Delivery | None:
        """Return one delivery."""
        row = self._data.row(f"SELECT {_COLUMNS} FROM delivery WHERE id = ?", identifier)
        return _delivery(row) if row else None

    def deliveries_to(self, addr_key: str) -> tuple[Delivery, ...]:
        """Return all deliveries to an address, of all mailings, in their order."""
        rows = self._data.rows(
            "SELECT " + ", ".join(f"delivery.{name.strip()}" for name in _COLUMNS.split(","))
            + " FROM delivery JOIN campaign ON campaign.id = campaign_id WHERE addr_key = ? "
            "ORDER BY planned_at, name", addr_key)
        return tuple(_delivery(row) for row in rows)

    def campaign_of(self, delivery: str) -> Campaign | None:
        """Return the mailing of a delivery."""
        row = self._data.row("SELECT campaign.* FROM campaign JOIN delivery ON campaign.id = "
                             "campaign_id WHERE delivery.id = ?", delivery)
        return _campaign(row) if row else None

    def counts(self, campaign: Campaign) -> dict[State, int]:
        """Return how many deliveries are in each state."""
        rows = self._data.rows("SELECT state, count(*) AS n FROM delivery WHERE campaign_id = ? "
                               "GROUP BY state", campaign.id)
        found = {State(row["state"]): int(row["n"]) for row in rows}
        return {state: found.get(state, 0) for state in State}

    def attempts(self, identifier: str) -> tuple[Attempt, ...]:
        """Return all tries of a delivery."""
        rows = self._data.rows(
            "SELECT delivery_id, n, outcome, code, reply, at, closed_at, evidence FROM attempt "
            "WHERE delivery_id = ? ORDER BY n", identifier)
        return tuple(Attempt(*row) for row in rows)

    def latest(self) -> str:
        """Return when the ledger was written to last (ISO 8601), or nothing."""
        row = self._data.row(
            "SELECT max(at) AS at FROM (SELECT max(updated_at) AS at FROM delivery UNION ALL "
            "SELECT max(started_at) FROM run UNION ALL SELECT max(ended_at) FROM run)")
        return str(row["at"]) if row and row["at"] else ""

    def dated(self, identifier: str) -> str | None:
        """Return what the Date header of a message said whose end was sent, and may be taken.

        ISO 8601; empty: the plan's date; None: its end was not sent yet.
        """
        row = self._data.row(
            "SELECT dated FROM attempt WHERE delivery_id = ? AND outcome IN ('pending', "
            "'in_doubt', 'not_accepted', 'accepted') ORDER BY n LIMIT 1", identifier)
        return str(row["dated"]) if row else None

    def sent_since(self, moment: str) -> list[str]:
        """Return when messages were handed to a server since a moment (ISO 8601), in order.

        Of all mailings; also what was refused or is in doubt, because servers count that.
        """
        rows = self._data.rows("SELECT at FROM attempt WHERE at >= ? ORDER BY at", moment)
        return [str(row["at"]) for row in rows]

    def refused_before(self, moment: str) -> tuple[Delivery, ...]:
        """Return what was refused for good before a moment (ISO 8601), and is not final yet.

        Of all mailings that were not called off.
        """
        rows = self._data.rows(
            f"SELECT {_COLUMNS} FROM delivery WHERE state = 'deferred' AND code BETWEEN 500 AND "
            "599 AND updated_at < ? ORDER BY id", moment)
        return tuple(_delivery(row) for row in rows)

    def pace(self) -> float:
        """Return the bytes a second of the last runs, 0 if there were none."""
        row = self._data.row(
            "SELECT sum(bytes) AS bytes, sum(seconds) AS seconds FROM (SELECT bytes, seconds FROM "
            "run WHERE bytes > 0 ORDER BY id DESC LIMIT 5)")
        return row["bytes"] / row["seconds"] if row and row["seconds"] else 0.0

    def sent_before(self, campaign: Campaign) -> bool:
        """Whether a run of this mailing has begun."""
        return self._data.row("SELECT 1 FROM run WHERE campaign_id = ?", campaign.id) is not None

    # -- sending

    def begin_run(self, campaign: Campaign, relay: str, now: str) -> int:
        """Record that somebody begins to send; return the run's number."""
        with self._data.transaction() as connection:
            done = connection.execute(
                "INSERT INTO run(campaign_id, relay, started_at) VALUES(?, ?, ?)",
                (campaign.id, relay, now))
            assert done.lastrowid is not None
            return done.lastrowid

    def end_run(self, run: int, ended: str, total: int, seconds: float, now: str) -> None:
        """Record how a run ended."""
        with self._data.transaction() as connection:
            connection.execute("UPDATE run SET ended_at = ?, ended = ?, bytes = ?, seconds = ? "
                               "WHERE id = ?", (now, ended, total, seconds, run))

    def put_on_dot(self, delivery: Delivery, run: int, now: str, dated: str = "") -> int:
        """Commit that the end of the message is about to be sent; return the attempt's number.

        `dated` is what its Date header says, if that is not the plan's (ISO 8601).
        """
        with self._data.transaction() as connection:
            n = int(connection.execute(
                "UPDATE delivery SET state = 'on_dot', attempts = attempts + 1, code = NULL, "
                "reply = '', updated_at = ? WHERE id = ? RETURNING attempts",
                (now, delivery.id)).fetchone()[0])
            connection.execute(
                "INSERT INTO attempt(delivery_id, n, run_id, outcome, at, dated) "
                "VALUES(?, ?, ?, 'pending', ?, ?)", (delivery.id, n, run, now, dated))
            return n

    def settle(self, identifier: str, state: State, reply: Reply | None, now: str,
               next_at: float = 0.0, evidence: str = "") -> None:
        """Commit what became of a message whose end was sent."""
        code, text = (reply.code, reply.text) if reply else (None, "")
        with self._data.transaction() as connection:
            connection.execute(
                "UPDATE attempt SET outcome = ?, code = ?, reply = ?, closed_at = ?, evidence = ? "
                "WHERE delivery_id = ? AND outcome IN ('pending', 'in_doubt')",
                (state.value, code, text, now, evidence, identifier))
            self._move(connection, identifier, state, code, text, now, next_at)

    def settle_early(self, delivery: Delivery, run: int, state: State, reply: Reply | None,
                     now: str, next_at: float = 0.0) -> None:
        """Commit what became of a message whose end was not sent: rejected or deferred."""
        code, text = (reply.code, reply.text) if reply else (None, "")
        with self._data.transaction() as connection:
            connection.execute(
                "UPDATE delivery SET attempts = attempts + 1 WHERE id = ?", (delivery.id,))
            connection.execute(
                "INSERT INTO attempt(delivery_id, n, run_id, outcome, code, reply, at, closed_at) "
                "SELECT id, attempts, ?, ?, ?, ?, ?, ? FROM delivery WHERE id = ?",
                (run, state.value, code, text, now, now, delivery.id))
            self._move(connection, delivery.id, state, code, text, now, next_at)

    def reject(self, delivery: Delivery, now: str) -> bool:
        """Commit that what a message was deferred for is final; not if it was tried since.

        Returns whether it was.
        """
        with self._data.transaction() as connection:
            done = connection.execute(
                "UPDATE delivery SET state = 'rejected', next_at = 0, updated_at = ? "
                "WHERE id = ? AND state = 'deferred' AND attempts = ?",
                (now, delivery.id, delivery.attempts))
            connection.execute("UPDATE attempt SET outcome = 'rejected' WHERE delivery_id = ? "
                               "AND n = ? AND outcome = 'deferred' AND ?",
                               (delivery.id, delivery.attempts, done.rowcount))
        return done.rowcount > 0

    def suppress(self, delivery: Delivery, reason: str, now: str) -> None:
        """Commit that somebody is not written to any more."""
        with self._data.transaction() as connection:
            self._move(connection, delivery.id, State.SUPPRESSED, None, reason, now, 0.0)

    def doubt_leftovers(self, campaign: Campaign, now: str) -> int:
        """Put in doubt what a run that died left on its dot; return how many."""
        left = self.deliveries(campaign, State.ON_DOT)
        for delivery in left:
            self.settle(delivery.id, State.IN_DOUBT, None, now)
        return len(left)

    def replan(self, identifier: str, evidence: str, now: str) -> None:
        """Commit that a message in doubt was not taken, or shall be sent again anyway."""
        with self._data.transaction() as connection:
            connection.execute(
                "UPDATE attempt SET outcome = 'not_accepted', closed_at = ?, evidence = ? "
                "WHERE delivery_id = ? AND outcome = 'in_doubt'", (now, evidence, identifier))
            self._move(connection, identifier, State.PLANNED, None, evidence, now, 0.0)

    def sent_again(self, campaign: Campaign) -> tuple[Delivery, ...]:
        """Return what was said not to be taken, and was not sent since."""
        return tuple(delivery for delivery in self.deliveries(campaign)
                     if self.may_be_taken(delivery))

    def may_be_taken(self, delivery: Delivery) -> bool:
        """Whether a delivery was said not to be taken, and was not sent since."""
        waits = delivery.state in (State.PLANNED, State.DEFERRED, State.CANCELLED)
        return waits and self.was_told(delivery)

    def was_told(self, delivery: Delivery) -> bool:
        """Whether a delivery was in doubt once, and said not to be taken."""
        return any(a.outcome == "not_accepted" for a in self.attempts(delivery.id))

    def doubt_again(self, identifier: str, now: str) -> None:
        """Take back that a message was not taken, before it is sent again: it is in doubt."""
        with self._data.transaction() as connection:
            connection.execute(
                "UPDATE attempt SET outcome = 'in_doubt', evidence = '' WHERE delivery_id = ? AND "
                "n = (SELECT max(n) FROM attempt WHERE delivery_id = ? AND "
                "outcome = 'not_accepted')", (identifier, identifier))
            self._move(connection, identifier, State.IN_DOUBT, None, "", now, 0.0)

    def cancel(self, campaign: Campaign, now: str) -> int:
        """Commit that what is still to be sent shall not be; return how many."""
        waiting = self.deliveries(campaign, State.PLANNED, State.DEFERRED)
        with self._data.transaction() as connection:
            connection.execute("UPDATE campaign SET cancelled_at = ? WHERE id = ?",
                               (now, campaign.id))
            for delivery in waiting:
                self._move(connection, delivery.id, State.CANCELLED, None, "cancelled", now, 0.0)
        return len(waiting)

    def forget(self, addr_key: str) -> int:
        """Take an erased person's address out of all deliveries; return how many there were."""
        with self._data.transaction() as connection:
            connection.execute(
                "UPDATE attempt SET reply = '' WHERE delivery_id IN "
                "(SELECT id FROM delivery WHERE addr_key = ?)", (addr_key,))
            connection.execute(
                "UPDATE delivery SET state = 'suppressed' "
                "WHERE addr_key = ? AND state IN ('planned', 'deferred')", (addr_key,))
            done = connection.execute(
                "UPDATE delivery SET rcpt = '', display = '', token = '', tail = NULL, "
                "reply = CASE state WHEN 'suppressed' THEN 'erased' ELSE '' END, addr_key = id "
                "WHERE addr_key = ?", (addr_key,))
            connection.execute("DELETE FROM artifact WHERE kind = 'tail' AND sha256 NOT IN "
                               "(SELECT tail FROM delivery WHERE tail IS NOT NULL)")
        self._data.scrub()
        return done.rowcount

    @staticmethod
    def _move(connection: sqlite3.Connection, identifier: str, state: State, code: int | None,
              text: str, now: str, next_at: float) -> None:
        connection.execute(
            "UPDATE delivery SET state = ?, code = ?, reply = ?, next_at = ?, updated_at = ? "
            "WHERE id = ?", (state.value, code, text, next_at, now, identifier))

    # -- an older copy

    def lacks(self, delivery: Delivery, n: int, state: State) -> bool:
        """Whether the journal's attempt `n`, which stood in `state`, is news to this copy."""
        if delivery.state.open:
            return delivery.attempts < self._number(delivery, n, state)
        return (delivery.attempts <= n and delivery.state in _DOUBTFUL
                and state not in _DOUBTFUL)

    def _number(self, delivery: Delivery, n: int, state: State) -> int:
        """Return the number here of the journal's attempt `n`.

        Attempts that end before the dot are not in the journal, so copies of the
        ledger that went different ways have counted differently.
        """
        told = any(a.n >= n and a.outcome in ("accepted", "in_doubt", "not_accepted", "pending")
                   for a in self.attempts(delivery.id))
        apart = state in (State.ACCEPTED, *_DOUBTFUL) and delivery.attempts >= n and not told
        return delivery.attempts + 1 if apart else n

    def redo(self, identifier: str, n: int, state: State, code: int | None, now: str) -> bool:
        """Write again what the journal has of attempt `n` and this copy of the ledger has not.

        Returns whether anything was missing.
        """
        delivery = self.delivery(identifier)
        if delivery is None or not self.lacks(delivery, n, state):
            return False
        if delivery.state.open:
            self._doubt(delivery, self._number(delivery, n, state), State.ON_DOT, now)
        if state is not State.ON_DOT:
            reply = Reply(code, "") if code is not None else None
            self.settle(identifier, state, reply, now, evidence="the journal of this machine")
        return True

    def doubt_by(self, delivery: Delivery, now: str) -> None:
        """Put in doubt what another mailing, which this copy has lost, may have delivered."""
        self._doubt(delivery, delivery.attempts + 1, State.IN_DOUBT, now)

    def _doubt(self, delivery: Delivery, n: int, state: State, now: str) -> None:
        """Record an attempt that was not made by this copy of the ledger."""
        run = self._data.row("SELECT max(id) AS id FROM run")
        campaign = self._data.row("SELECT campaign_id FROM delivery WHERE id = ?", delivery.id)
        assert campaign
        number = run["id"] if run and run["id"] else self._lost_run(campaign[0], now)
        with self._data.transaction() as connection:
            connection.execute("UPDATE delivery SET attempts = ?, state = ?, updated_at = ? "
                               "WHERE id = ?", (n, state.value, now, delivery.id))
            connection.execute(
                "INSERT INTO attempt(delivery_id, n, run_id, outcome, at) VALUES(?, ?, ?, ?, ?)",
                (delivery.id, n, number, "pending" if state is State.ON_DOT else state.value, now))

    def _lost_run(self, campaign: str, now: str) -> int:
        with self._data.transaction() as connection:
            done = connection.execute(
                "INSERT INTO run(campaign_id, relay, started_at, ended) VALUES(?, '', ?, 'lost')",
                (campaign, now))
            assert done.lastrowid is not None
            return done.lastrowid


def _campaign(row: sqlite3.Row) -> Campaign:
    try:
        data = json.loads(row["manifest"])
        data["made_of"] = tuple((name, sha) for name, sha in data["made_of"])
        manifest = Manifest(**data)
    except (ValueError, TypeError, KeyError) as error:
        other = ValueError("its mailings have other fields than this version of reportgen knows")
        raise refused(Path(FILE), other, "use the version that wrote it") from error
    return Campaign(row["id"], row["issue"], row["name"], row["planned_at"],
                    Policy(row["policy"]), manifest, row["cancelled_at"])


def _delivery(row: sqlite3.Row) -> Delivery:
    values = dict(row)
    values["state"] = State(values["state"])
    return Delivery(**values)
