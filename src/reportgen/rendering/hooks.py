"""Making WeasyPrint 70.0 faster. Each hook has a test in tests/test_hooks.py.

A hook is installed once and changes no page, so other users of WeasyPrint in the same process see
the same pages.
"""

from __future__ import annotations

import re
import threading
from typing import Any

_lock = threading.Lock()


def install() -> None:
    """Install the hooks; further calls do nothing."""
    from weasyprint import svg

    with _lock:
        if not hasattr(svg.TAGS["path"], "installed"):
            svg.TAGS["path"] = _with_fast_lane(svg.TAGS["path"])


_POLYLINES = re.compile(r"(?:M-?\d+,-?\d+l(?:-?\d+,-?\d+ )*z?)+")
"""What reportgen.maps.drawing writes: whole numbers, one move, then steps."""


def _with_fast_lane(original: Any) -> Any:
    """Draw a path of straight lines between whole numbers without parsing it number by number.

    The same operators come out; a map has thousands of such points.
    """

    def path(svg: Any, node: Any, font_size: Any) -> None:
        data = node.get("d", "")
        if not _POLYLINES.fullmatch(data):
            original(svg, node, font_size)
            return
        operators = []
        for line in data[1:].split("M"):
            start, _, steps = line.partition("l")
            x, y = map(int, start.split(","))
            operators.append(b"%d %d m" % (x, y))
            for step in steps.rstrip("z").split():
                dx, dy = step.split(",")
                x, y = x + int(dx), y + int(dy)
                operators.append(b"%d %d l" % (x, y))
            if line.endswith("z"):
                operators.append(b"h")
        svg.stream.stream.extend(operators)

    path.installed = True  # type: ignore[attr-defined]
    return path
