"""Whose view of disputed borders a map takes: owners of pieces, and styles of lines.

A worldview is a row of `WORLDVIEWS`. The atlas knows only atomic pieces; who
owns them is said here, so a house's own view is a row and no geometry.
"""

from __future__ import annotations

from msgspec import Struct


class Worldview(Struct, frozen=True):
    """Who owns which piece, and which borders are dashed."""

    owners: dict[str, str]
    """Owner of each piece (X-...)."""
    dashed: frozenset[tuple[str, str]] = frozenset()
    """Pairs of countries whose border is dashed, in alphabetical order."""
    hatched: frozenset[str] = frozenset()
    """Territories whose status is in dispute."""
    starred: frozenset[str] = frozenset()
    """Names that take an asterisk, and a note under the map."""

    def owner(self, unit: str) -> str:
        """Return who owns `unit`."""
        return self.owners.get(unit, unit)

    def is_dashed(self, first: str, second: str) -> bool:
        """Whether the border of two countries is dashed."""
        return (min(first, second), max(first, second)) in self.dashed


_PIECES = {"X-NCYPRUS": "CY", "X-SOMALILAND": "SO", "X-SIACHEN": "IN"}
_DASHED = frozenset({("RS", "XK"), ("EH", "MA"), ("IL", "PS")})

WORLDVIEWS: dict[str, Worldview] = {
    # General Assembly resolution 68/262 on Ukraine, Security Council resolution 497 on the Golan,
    # the list of Non-Self-Governing Territories on Western Sahara, resolution 1244 on Kosovo.
    "un": Worldview({**_PIECES, "X-CRIMEA": "UA", "X-GOLAN": "SY"}, _DASHED,
                    frozenset({"EH"}), frozenset({"XK"})),
    # Who holds the ground, as Natural Earth has it.
    "defacto": Worldview({**_PIECES, "X-CRIMEA": "RU", "X-GOLAN": "IL"}, _DASHED,
                         frozenset({"EH"})),
}
