"""Pictures: found inside the series, and handed to `imaging` to be prepared."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import Sink, Span
from reportgen.model import PlacedPicture
from reportgen.workspace import MAX_PICTURE_BYTES, Workspace

_LONGEST_NAME = 200

_OF_A_SITE = re.compile(
    r"(?:https?:)?//[^/]|/(?!\.)(?:[^/.][^/]*/)*[^/]+\.(?:png|jpe?g|gif|webp|svg|avif)$",
    re.IGNORECASE)
"""An address, or a path from the root of a site: nothing is fetched."""


class Place(Struct, frozen=True):
    """A place on the page for a picture, in mm; without a height the picture keeps its shape."""

    width: float
    height: float | None = None
    max_height: float = 200.0


_UNITS = {"mm": 1.0, "cm": 10.0, "px": 25.4 / 96, "": 25.4 / 96}
"""mm; a pixel of CSS is a 96th of an inch."""


def width_in(wanted: str, measure: float) -> float:
    """Return the width, in mm, that an author wants of a picture in a text of `measure` mm."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%|mm|cm|px|)", wanted)
    if found is None or not float(found[1]):
        return measure
    number = float(found[1])
    return min(measure, number * measure / 100 if found[2] == "%" else number * _UNITS[found[2]])


class Separation(Struct, frozen=True):
    """How pictures become inks."""

    profile: bytes
    """ICC profile of the printing condition, CMYK."""
    ink_limit: int
    """percent"""


class Request(Struct, frozen=True):
    """What is asked of a picture."""

    source: str
    """As the author names it."""
    alternative: str
    place: Place
    span: Span
    separation: Separation | None
    """None for screens."""


class PictureDesk(Struct, frozen=True):
    """Takes pictures from a series and prepares them."""

    workspace: Workspace
    sink: Sink
    separation: Separation | None = None
    """None for screens."""

    def place(self, source: str, alternative: str, place: Place, span: Span,
              base: Path | None = None) -> PlacedPicture | None:
        """Return the picture `source` prepared for `place`, or None and an error at `span`.

        `source` is a path inside the series, relative to `base`.
        """
        path = self._find(source, span, base)
        data = self.workspace.read_bytes(path, self.sink, MAX_PICTURE_BYTES, span) if path else None
        if path is None or data is None:
            return None
        from reportgen.composing.imaging import prepared  # Pillow, for those who have pictures

        return prepared(data, Request(source, alternative, place, span, self.separation), self.sink)

    def _find(self, source: str, span: Span, base: Path | None) -> Path | None:
        if _OF_A_SITE.match(source):
            self.sink.warning("picture-left-out", f"{source[:60]} is on a web site, and left out",
                              span, "put the picture beside the brief, and write its name")
            return None
        if "://" in source or source.startswith(("//", "data:", "file:")):
            self.sink.error("picture-outside", f"{source[:60]} is not in the series", span,
                            "put the picture beside the brief, and write its name")
            return None
        if len(source) > _LONGEST_NAME:
            self.sink.error("no-such-file", f"there is no file {source[:60]}...", span)
            return None
        path = self.workspace.inside(source, base) or self.workspace.inside(source)
        if path is None:
            self.sink.error("picture-outside", f"{source[:60]} lies outside the series", span,
                            "put the picture beside the brief, and write its name")
            return None
        if not path.is_file() and base is not None:
            other = self.workspace.inside(source)
            if other and other.is_file():
                self.workspace.missed(path)
                path = other
        return path
