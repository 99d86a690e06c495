"""Whose view of disputed borders a map takes: owners of pieces, and styles of lines and areas.

Worldviews are data (worldviews.toml): the atlas knows only atomic pieces, and who owns them is
said there, so a house's own view is a table and no geometry.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.model import Month

FILE = Path(__file__).with_name("worldviews.toml")


class Worldview(Struct, frozen=True):
    """Who owns which piece, which borders are dashed, which areas are hatched."""

    owners: dict[str, str]
    """Owner of each piece (X-...)."""
    dashed: frozenset[tuple[str, str]] = frozenset()
    """Pairs of units, in alphabetical order, between which the line is dashed."""
    hidden: frozenset[tuple[str, str]] = frozenset()
    """Pairs of units between which no line is drawn."""
    hatched: frozenset[str] = frozenset()
    """Units whose status is in dispute."""
    starred: frozenset[str] = frozenset()
    """Names that take an asterisk, and a note under the map."""
    capital_as_town: frozenset[str] = frozenset()
    """Countries whose capital is marked as a town."""

    lasting: tuple[tuple[tuple[str, str], str, str], ...] = ()
    """Lines that are there for a time: the pair, since when, and until when (not included)."""

    def at(self, month: Month) -> Worldview:
        """Return the worldview as it is in a month: lines are hidden outside of their time."""
        hidden = {pair for pair, since, until in self.lasting if not since <= str(month) < until}
        return replace(self, dashed=self.dashed - hidden, hidden=self.hidden | hidden)

    def owner(self, unit: str) -> str:
        """Return who owns `unit`."""
        return self.owners.get(unit, unit)

    def is_dashed(self, first: str, second: str) -> bool:
        """Whether the line between two units is dashed."""
        return (min(first, second), max(first, second)) in self.dashed

    def is_hidden(self, first: str, second: str) -> bool:
        """Whether the line between two units is not drawn."""
        return (min(first, second), max(first, second)) in self.hidden

    def units_of(self, country: str) -> tuple[str, ...]:
        """Return the units that make up a country."""
        return (country, *(u for u, owner in self.owners.items() if owner == country))


@cache
def worldviews() -> dict[str, Worldview]:
    """Return the worldviews that are shipped, by name."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    base = data.pop("base")
    return {name: Worldview(
        {**base["owners"], **view.get("owners", {})},
        _pairs([*base.get("dashed", ()), *view.get("dashed", ())]),
        _pairs([*base.get("hidden", ()), *view.get("hidden", ())]),
        frozenset([*base.get("hatched", ()), *view.get("hatched", ())]),
        frozenset(view.get("starred", ())), frozenset(view.get("capital-as-town", ())),
        tuple((_pair(row["pair"]), row["since"], row["until"]) for row in base["lasting"]))
        for name, view in data.items()}


def _pairs(rows: list[list[str]]) -> frozenset[tuple[str, str]]:
    return frozenset(map(_pair, rows))


def _pair(row: list[str]) -> tuple[str, str]:
    return min(row), max(row)
