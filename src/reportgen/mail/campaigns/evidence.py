"""Resolving doubt: what the relay itself says about a message whose answer was lost.

Its log, by Message-ID: Postfix writes `cleanup ... message-id=<...>` when it
sees the header and `qmgr ... (queue active)` once it has taken the message, so
the second is the evidence. A message that is held back (HOLD, or a milter's
quarantine) has no such line, and the line that says so may come before it is
whole: then nobody knows. Or a delivery status notification (RFC 3464): who
reports on a message has had it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import Message
from enum import Enum

from msgspec import Struct

GRACE = timedelta(minutes=10)
"""So long a relay may work on a message before it answers (RFC 5321, 4.5.3.2.6): a log must
reach further than that before its silence says anything."""

_SKEW = timedelta(minutes=5)
"""So far may the relay's clock be from ours; a log in another time zone is farther."""

_TICK = timedelta(seconds=1)
"""What stamps of syslog leave out."""

_MESSAGE_ID = re.compile(r"\bcleanup\[\d+\]: (\w+): (?:resent-)?message-id=(<[^>]*>)")
_TAKEN = re.compile(r"\bqmgr\[\d+\]: (\w+): from=<.*\(queue active\)")
_HELD = re.compile(r"\b(?:smtpd|cleanup)\[\d+\]: \w+: (?:milter-)?hold: ")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
                    r"|([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Verdict(Enum):
    """What the evidence says."""

    TAKEN = "taken"
    NOT_TAKEN = "not taken"
    UNKNOWN = "unknown"


class RelayLog(Struct, frozen=True):
    """What a Postfix log says."""

    taken: frozenset[str]
    """Message-IDs that were queued."""
    silent_from: datetime | None
    silent_to: datetime | None
    """Between these moments, of our clock, a message that is not in the log was not taken; None:
    the log is not known to be all that the relay wrote."""
    why: str = ""
    """Why it is not."""
    begun: frozenset[str] = frozenset()
    """Message-IDs of which the header came, and that may have been held back."""

    def verdict(self, message_id: str, at: datetime, grace: timedelta = GRACE) -> Verdict:
        """Return whether the relay took a message that was sent at `at`.

        Silence counts only if the log was written before and for `grace` after that.
        """
        if message_id in self.taken:
            return Verdict.TAKEN
        if message_id in self.begun:
            return Verdict.UNKNOWN
        covered = (self.silent_from is not None and self.silent_to is not None
                   and self.silent_from <= at and at + grace <= self.silent_to)
        return Verdict.NOT_TAKEN if covered else Verdict.UNKNOWN

    def why_unknown(self, message_id: str, at: datetime, grace: timedelta = GRACE) -> str:
        """Return why it says nothing about a message that was sent at `at`."""
        if message_id in self.begun:
            return (f"the server holds mail back (hold), maybe {message_id}: postqueue -p on it "
                    "shows; then say --taken or --not-taken")
        if self.silent_from is None or self.silent_to is None:
            return f"it says nothing of who is not in it: {self.why}"
        if at < self.silent_from:
            return f"it begins at {_clock(self.silent_from)}, and a message went at {_clock(at)}"
        return (f"it ends at {_clock(self.silent_to)}, and has to go on until "
                f"{_clock(at + grace)}, because a server may take so long")


def is_of_postfix(line: str) -> bool:
    """Whether Postfix wrote a line of a log."""
    return re.search(r"\bpostfix\b\S*\[\d+\]: ", line) is not None


def read_log(lines: Iterable[str], near: datetime, accepted: Mapping[str, datetime]) -> RelayLog:
    """Return what the lines of a log say.

    `near` tells the year, which syslog leaves out; `accepted` has the
    Message-IDs that the relay took, and when by our clock.
    """
    queued: dict[str, str] = {}
    taken: dict[str, datetime | None] = {}
    stamps: list[datetime] = []
    held = False
    for line in lines:
        moment = _moment(line, near)
        if moment:
            stamps.append(moment)
        if found := _MESSAGE_ID.search(line):
            queued[found[1]] = found[2]
        elif (found := _TAKEN.search(line)) and found[1] in queued:
            taken.setdefault(queued[found[1]], moment)
        held = held or _HELD.search(line) is not None
    begun = frozenset(queued.values()) - frozenset(taken) if held else frozenset()
    return RelayLog(frozenset(taken), *_silence(stamps, taken, accepted), begun)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M:%S}"


def _silence(stamps: list[datetime], taken: Mapping[str, datetime | None],
             accepted: Mapping[str, datetime]) -> tuple[datetime | None, datetime | None, str]:
    """Return in which time, by our clock, a log's silence says something, or why it never does.

    All messages of the mailing that the relay took in that time have to be in
    it: else it is the log of one of several hosts, or has a gap. They tell as well
    by how much the relay's clock is ahead of ours.
    """
    ahead = [moment - accepted[name] for name, moment in taken.items()
             if moment is not None and name in accepted]
    if not ahead:
        return None, None, "no message of this mailing is in it, so it may be another server's"
    if max(map(abs, ahead)) > _SKEW:
        return None, None, "its times are not those of the mailing; another time zone?"
    first = min(stamps) - min(ahead) + _TICK
    last = max(stamps) - max(ahead) - _TICK
    missing = [at for name, at in accepted.items() if first <= at <= last and name not in taken]
    if missing:
        return None, None, (f"it lacks a message that was accepted at {_clock(min(missing))}, so "
                            "it has a gap, or is of one of several hosts")
    return first, last, ""


def _moment(line: str, near: datetime) -> datetime | None:
    """Return when a line was written; syslog's own stamps are in this machine's time."""
    match = _STAMP.match(line)
    if not match:
        return None
    try:
        if match[1]:
            return datetime.fromisoformat(match[1]).astimezone(UTC)
        year = near.astimezone().year
        parts = (_MONTHS.index(match[2]) + 1, int(match[3]), int(match[4]), int(match[5]),
                 int(match[6]))
        found = min((datetime(y, *parts).astimezone(UTC) for y in (year - 1, year, year + 1)),
                    key=lambda moment: abs(moment - near))
    except ValueError:
        return None
    return found


def reported(mail: Message) -> frozenset[str]:
    """Return the Message-IDs of the messages that a status notification reports on."""
    if mail.get_content_type() != "multipart/report":
        return frozenset()
    found = set()
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers",
                                       "message/global", "message/global-headers"):
            payload = part.get_payload()
            returned = payload[0] if isinstance(payload, list) and payload else payload
            if isinstance(returned, Message):
                found.add(str(returned.get("Message-ID", "")).strip())
            else:
                match = re.search(r"^message-id:\s*(<[^>]+>)", str(returned), re.I | re.M)
                found |= {match[1]} if match else set()
    return frozenset(found - {""})
