"""What `reportgen links` has found out of a source, as builds read it from the lock file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.decisions import DecidedSource


class SourceState(Enum):
    """Whether a reader would find a source at its address (RFC 9110, 15)."""

    FOUND = "found"
    DEAD = "dead"
    """404 Not Found, 410 Gone, or no answer."""
    UNKNOWN = "unknown"
    """The server refused a program (401, 403, 429 ...) or failed (5xx): a reader may get a page."""


class Locked(Struct, frozen=True, kw_only=True):
    """An entry of the lock file."""

    status: int = 0
    """Of HTTP; 0: there was no answer."""
    final: str = ""
    """Where redirects led, if elsewhere."""
    title: str = ""
    author: str = ""
    site: str = ""
    date: str = ""
    """ISO 8601"""
    accessed: str = ""
    """ISO 8601: the day on which it was asked."""
    archive: str = ""
    """Address of a copy in the Internet Archive."""
    error: str = ""
    """Why there was no answer, or none that is the page."""

    @property
    def state(self) -> SourceState:
        """Whether a reader would find something."""
        if self.status in (0, 404, 410) or (self.error and self.status < 400):
            return SourceState.DEAD
        return SourceState.FOUND if self.status < 400 else SourceState.UNKNOWN

    @property
    def why(self) -> str:
        """What the server said, for a message."""
        return self.error or f"status {self.status}"


class Lock(Struct, frozen=True):
    """The entries of an issue's lock file, and what its editor has decided, by address."""

    entries: dict[str, Locked] = field(default_factory=dict)
    decided: Mapping[str, DecidedSource] = field(default_factory=dict)

    def entry(self, url: str) -> Locked | None:
        """Return what is known of an address, in the editor's words if there are any."""
        found, words = self.entries.get(url), self.decided.get(url)
        if words is None:
            return found
        return replace(found or Locked(status=200), title=words.title, author=words.author,
                       site=words.site, date=words.date)
