"""Showing drawings of reportgen's on pages of WeasyPrint 70.0. Tested in tests/test_hooks.py.

The map of the cover is painted by `drawings`, as those of the briefs are, and not by the engine,
which parses it number by number. The engine is given an empty SVG of its size (`stand_in`); where
that is drawn, it writes an empty Form XObject which `assembly` fills. A page without one is as
WeasyPrint makes it.
"""

from __future__ import annotations

import threading
from typing import Any

KEY = "/ReportgenDrawing"
"""Key of a Form XObject that is to be filled (ISO 32000-1, annex E): the drawing's name."""

_ATTRIBUTE = "data-drawing"

_lock = threading.Lock()


def stand_in(name: str, width: float, height: float) -> bytes:
    """Return an SVG that stands for the drawing `name`, of a width and height in mm."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" {_ATTRIBUTE}="{name}" width="{width:g}mm" '
            f'height="{height:g}mm" viewBox="0 0 {width:g} {height:g}"/>').encode()


def install() -> None:
    """Install the hook; further calls do nothing."""
    from weasyprint import images

    with _lock:
        if not hasattr(images.SVGImage.draw, "installed"):
            images.SVGImage.draw = _with_drawings(images.SVGImage.draw)


def _with_drawings(original: Any) -> Any:
    import pydyf

    def draw(image: Any, stream: Any, width: float, height: float, style: Any) -> None:
        name = image._svg.tree.get(_ATTRIBUTE)
        if not name:
            original(image, stream, width, height, style)
            return
        stream._resources["XObject"][name] = pydyf.Stream([], {
            "Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array((0, 0, 1, 1)),
            KEY.removeprefix("/"): f"/{name}"})
        with stream.stacked():  # one unit wide and tall; the engine's pages are upside down
            stream.transform(a=width, d=-height, f=height)
            stream.draw_x_object(name)

    draw.installed = True  # type: ignore[attr-defined]
    return draw
