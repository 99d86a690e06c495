"""Measuring names in the map's typeface, with Pillow's FreeType."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from reportgen.maps.style import Measure

_SIZE = 1000


def measure_with(regular: Path, semibold: Path) -> Measure:
    """Return a function that measures a text in em, set in one of two font files."""
    fonts = {bold: ImageFont.truetype(str(path), _SIZE, layout_engine=ImageFont.Layout.BASIC)
             for bold, path in ((False, regular), (True, semibold))}

    @lru_cache(maxsize=4096)
    def measure(text: str, bold: bool) -> float:
        return float(fonts[bold].getlength(text)) / _SIZE

    return measure
