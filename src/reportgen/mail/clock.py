"""The time of day. When a mail is sent is what the mail says, so no build date stands in for it."""

from __future__ import annotations

from datetime import UTC, datetime


def real_time() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    """Return the time of day, ISO 8601, UTC."""
    return stamp(real_time())
