"""How maps look: colours, strokes and type sizes, from the theme."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

UNITS_PER_PT = 35.2778
"""Hundredths of a millimetre in a point."""

Measure = Callable[[str, bool], float]
"""Width of a text in em, in the map's typeface; the flag asks for the semibold."""


class MapStyle(Struct, frozen=True):
    """Colours of a map: any colour that SVG takes. `[map]` of a theme's theme.toml sets them."""

    sea: str = "#e3ecef"
    """Water."""
    land: str = "#f4f2ec"
    """Countries around."""
    coast: str = "#9db4bd"
    """Shore lines."""
    border: str = "#b5b0a4"
    """Borders of the countries around."""
    hatch: str = "#b9b3a6"
    """Lines over a territory whose status is in dispute."""
    sea_text: str = "#456676"
    """Names of seas."""
    land_text: str = "#716c62"
    """Names of the countries around."""
    text: str = "#1a1a1a"
    """Names of towns and of emphasised countries."""
    halo: str = "#ffffff"
    """Edge around names."""
    typeface: str = "Bulletin Sans"
    """Family of all names."""


class TextStyle(Struct, frozen=True):
    """How one kind of name is set."""

    size: float
    """pt on a small map"""
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    spacing: float = 0.0
    """em between letters"""


SMALLEST = 5.0
"""pt; no name is set smaller."""

TEXT_STYLES = {
    "country": TextStyle(5.7, bold=True, capitals=True, spacing=0.03),
    "region": TextStyle(8.2, bold=True),
    "neighbour": TextStyle(5.0, capitals=True, spacing=0.05),
    "capital": TextStyle(5.4),
    "town": TextStyle(5.2),
    "sea": TextStyle(5.0, italic=True, spacing=0.02),
}
