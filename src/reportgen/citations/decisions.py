"""What the editor has decided about the citations of an issue; it wins over what is found."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field

from reportgen.texts import folded


class Become(Enum):
    """What becomes of words that may be a citation."""

    NOTE = "note"
    TEXT = "text"
    """They stay where they are."""


class DecidedSource(Struct, frozen=True, kw_only=True):
    """What a note that is nothing but an address says of it, in the editor's words."""

    title: str = ""
    author: str = ""
    site: str = ""
    date: str = ""
    """ISO 8601"""


class Decisions(Struct, frozen=True):
    """The decisions about an issue."""

    sources: Mapping[str, DecidedSource] = field(default_factory=dict)
    """By address."""
    citations: Mapping[tuple[str, str], Become] = field(default_factory=dict)
    """By the name of a brief and the words, folded."""

    def of(self, brief: str) -> dict[str, Become]:
        """Return what was decided about the words of a brief, which are folded."""
        return {words: become for (name, words), become in self.citations.items() if name == brief}


def key_of(brief: str, words: str) -> tuple[str, str]:
    """Return what the words of a brief are known by: their letters, whatever their signs."""
    return brief, folded(words)
