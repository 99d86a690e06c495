"""The set of replies, returned mail and lists that was written before the first run, and its score.

    python -m tests.mailset [first/replies] [second/lists] ...

What it expects is what a careful operator would decide; tests/mailsets/README.md has the figures.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.diagnostics import Sink
from reportgen.mail.addresses import Address, BadAddress, parse_address
from reportgen.mail.imports import Context, read_list
from reportgen.mail.ledger.campaign import Campaign, Manifest, Policy, Recipient
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.mailboxes import Stored
from reportgen.mail.replies import Fault, Refusal, weigh
from reportgen.mail.returns.processor import Kind, Returned, ReturnProcessor, Series
from reportgen.mail.subscribers import Status, Subscriber, Subscribers

SETS = Path(__file__).parent / "mailsets"


READER, SENDER, SIZE = "anna.rossi@ministry.example", "bulletin@example.org", 2
VERDICTS = {Fault.ADDRESS: "suspend", Fault.MAILBOX: "soft", Fault.UNCLEAR: "soft",
            Fault.LATER: "later", Fault.MESSAGE: "content", Fault.SENDER: "ours",
            Fault.QUOTA: "ours"}
KINDS = {Kind.HARD: "suspend", Kind.SOFT: "soft", Kind.OURS: "ours", Kind.COMPLAINT: "complaint",
         Kind.UNSUBSCRIBE: "leave", Kind.REPORT: "nothing", Kind.UNKNOWN: "nothing",
         Kind.OTHER: "nothing", Kind.ANSWER: "human"}
HARMFUL = {"suspend", "leave", "complaint", "mails who said no", "loses"}
"""What costs a reader their place."""


class Scored(Struct, frozen=True):
    """How one item of a set was decided."""

    name: str
    expected: tuple[str, ...]
    found: str
    text: str

    @property
    def right(self) -> bool:
        return self.found in self.expected

    @property
    def harms(self) -> bool:
        """Whether a reader loses their place who should not, or keeps it who asked to leave."""
        lost = self.found in HARMFUL and not HARMFUL & set(self.expected)
        kept = self.found not in HARMFUL and self.expected[0] in ("leave", "complaint")
        return not self.right and (lost or kept)


def _expected(row: dict[str, Any]) -> tuple[str, ...]:
    given = row["expected"]
    return tuple([given] if isinstance(given, str) else given)


def replies(folder: Path) -> Iterator[Scored]:
    """Yield how each reply was weighed."""
    for row in json.loads((folder / "replies.json").read_text("utf-8")):
        text = row["text"].format(recipient=READER, sender=SENDER, domain="ministry.example",
                                  ourdomain="example.org", ip="192.0.2.1")
        found = weigh(Refusal(row["code"], " ".join(text.split("\n")), READER, (SENDER,)))
        yield Scored(row["id"], _expected(row), VERDICTS[found.fault],
                     f"{row['at']} {row['code']} {text}")


class Mailed:
    """A series that has mailed two readers, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.subscribers = Subscribers(folder / "subscribers.sqlite")
        self.ledger = Ledger(folder / "mailings.sqlite")
        self.people = tuple(Subscriber(Address(a)) for a in (READER, "other@ngo.example"))
        self.subscribers.take(self.people, "2026-01-01T00:00:00.000Z")
        self.ids = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
        manifest = Manifest(SENDER, "bounces+{id}@example.org", "2026-01-01T00:00:00Z",
                            "reports.example.org", "relay:587", "<l>")
        campaign = Campaign("c", "2026-01", "2026-01", "2026-01-01T00:00:00.000Z", Policy.HOLD,
                            manifest)
        self.ledger.plan(campaign, [
            Recipient(name, p.address.key, p.address.mailbox, "", self.token(n), "a" * 64, "p",
                      None, f"<{name}@reports.example.org>")
            for n, (name, p) in enumerate(zip(self.ids, self.people, strict=True))],
            {"a" * 64: ("letter", b"x")})

    def token(self, n: int) -> str:
        return self.subscribers.token(self.people[n].address.key)

    def read(self, text: bytes) -> list[Returned]:
        """Return what is made of a mail, its placeholders filled."""
        for mark, value in (("ID", self.ids[0]), ("TOKEN", self.token(0)), ("RECIPIENT", READER),
                            ("OTHER", "other@ngo.example")):
            text = text.replace(f"{{{{{mark}}}}}".encode(), value.encode())
        series = Series(("Strategic Trends",), (SENDER, "bounces+{id}@example.org"),
                        "leave@example.org")
        processor = ReturnProcessor(self.subscribers, self.ledger, "2026-01-02T00:00:00.000Z",
                                    series)
        return list(processor.read([Stored(lambda: text)]))

    def status(self, n: int) -> Status:
        found = self.subscribers.find_key(self.people[n].address.key)
        assert found
        return found.status

    def close(self) -> None:
        self.subscribers.close()
        self.ledger.close()


def decided(path: Path) -> tuple[str, str]:
    """Return what is decided about a returned mail, and what is said of it."""
    with tempfile.TemporaryDirectory() as folder:
        mailed = Mailed(Path(folder))
        try:
            rows = mailed.read(path.read_bytes())
            said = "; ".join(f"{r.kind.value}, {r.address}, {r.done}" for r in rows)
            if mailed.status(1) is not Status.ACTIVE:
                return "harm to another", said
            found = KINDS[rows[0].kind] if rows else "nothing"
            asks = rows and rows[0].kind is Kind.UNKNOWN and "asks to leave" in rows[0].done
            return ("human" if asks else found), said
        finally:
            mailed.close()


def returns(folder: Path) -> Iterator[Scored]:
    """Yield how each returned mail was read."""
    for name, row in json.loads((folder / "returns.json").read_text("utf-8")).items():
        found, said = decided(folder / "returns" / name)
        expected = _expected(row)
        if found == "ours" and "content" in expected:  # one kind: nothing is done to the reader
            found = "content"
        yield Scored(name, expected, found, said)


def _same(address: str) -> str:
    """Return an address as it is compared: case makes no difference, nor IDNA."""
    try:
        return parse_address(address).key
    except BadAddress:
        return address.lower()


def lists(folder: Path) -> Iterator[Scored]:
    """Yield how each list was read: who would be mailed, and who is told to be no address."""
    for name, row in json.loads((folder / "lists" / "expected.json").read_text("utf-8")).items():
        sink = Sink()
        read = read_list((folder / "lists" / name).read_bytes(), Context(name, lambda n: n), sink)
        told = "; ".join(d.message[:80] for d in sink if d.severity.value == "error")
        if sink.failed:
            may = row.get("may_stop") or row.get("must_stop")
            yield Scored(name, ("stops" if may else "reads",), "stops", told)
            continue
        mailed = {_same(p.address.mailbox) for p in read.people if p.status is Status.ACTIVE}
        wanted, either = (set(map(_same, row.get(key, ()))) for key in ("mail", "either"))
        wrong, missed = mailed - wanted - either, wanted - mailed
        said = f"{told} mailed {sorted(wrong)} missed {sorted(missed)} bad {len(read.bad)}"
        must = "stops" if row.get("must_stop") else "reads"
        found = "mails who said no" if wrong else "reads" if not missed else (
            "asks" if len(read.bad) >= len(missed) else "loses")
        if row.get("must_stop") and not mailed:  # nobody may be written to, and nobody is
            found = must
        yield Scored(name, (must,), found, said)


KINDS_OF_PARTS = {"replies": replies, "returns": returns, "lists": lists}
PARTS = tuple(f"{folder.name}/{kind}" for folder in sorted(SETS.iterdir()) if folder.is_dir()
              for kind in KINDS_OF_PARTS if any(folder.glob(f"{kind}*")))


def scored(part: str) -> list[Scored]:
    """Return how each item of a part was decided."""
    name, _, kind = part.partition("/")
    return list(KINDS_OF_PARTS[kind](SETS / name))


def main() -> None:
    """Print what was decided otherwise than expected, and the figures."""
    for part in sys.argv[1:] or PARTS:
        rows = scored(part)
        for row in sorted(rows, key=lambda r: (not r.harms, r.found)):
            if not row.right:
                print("HARM" if row.harms else "    ", row.name, "/".join(row.expected), "->",
                      row.found, "|", row.text[:170])
        right = sum(row.right for row in rows)
        print(f"{part}: {right} of {len(rows)} right, {sum(r.harms for r in rows)} harm")


if __name__ == "__main__":
    main()
