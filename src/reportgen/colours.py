"""Colours as they are written: `#0f6b6d` on screens, `device-cmyk(85% 0% 0% 55%)` in print.

Every colour of a page is one of the two, authored or derived here; nothing is
converted later (CSS Color 5, section 7, has the notation of print colours).
"""

from __future__ import annotations

import re

from reportgen.standards import ColourSpace

Ink = tuple[float, float, float, float]
"""Shares of cyan, magenta, yellow and black, in percent."""

_INK = re.compile(r"device-cmyk\(\s*([\d.]+)%?\s+([\d.]+)%?\s+([\d.]+)%?\s+([\d.]+)%?\s*\)")


def is_colour(text: str) -> bool:
    """Whether a text is a colour as it is written here."""
    return bool(re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", text) or _INK.fullmatch(text))


def printed(ink: Ink) -> str:
    """Return inks as a colour."""
    return f"device-cmyk({' '.join(f'{share:g}%' for share in ink)})"


def operands(colour: str, *, stroke: bool) -> str:
    """Return the operator of a content stream that sets a colour (ISO 32000-1, 8.6.8)."""
    ink = _INK.fullmatch(colour)
    if ink:
        shares = " ".join(f"{float(part) / 100:g}" for part in ink.groups())
        return f"{shares} {'K' if stroke else 'k'}"
    channels = " ".join(f"{channel / 255:.4g}" for channel in _channels(colour))
    return f"{channels} {'RG' if stroke else 'rg'}"


def separated(colour: str) -> str:
    """Return the print colour of a screen colour, grey taken out of the three inks into black.

    So at most three inks meet, and their sum is at most 300 percent; a print
    colour stays as it is.
    """
    if not colour.startswith("#"):
        return colour
    red, green, blue = _channels(colour)
    light = max(red, green, blue)
    if light == 0:
        return printed((0, 0, 0, 100))
    inks = (round((1 - channel / light) * 100) for channel in (red, green, blue))
    cyan, magenta, yellow = inks
    return printed((cyan, magenta, yellow, round((1 - light / 255) * 100)))


def in_space(colour: str, space: ColourSpace) -> str:
    """Return a colour as it is written in a colour space."""
    return separated(colour) if space is ColourSpace.CMYK else colour


def tint(colour: str, share: float) -> str:
    """Return a tint of `colour` on white: 1 is the colour itself."""
    ink = _INK.fullmatch(colour)
    if ink:
        cyan, magenta, yellow, black = (round(float(part) * share, 1) for part in ink.groups())
        return printed((cyan, magenta, yellow, black))
    channels = (round(value * share + 255 * (1 - share)) for value in _channels(colour))
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two screen colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
