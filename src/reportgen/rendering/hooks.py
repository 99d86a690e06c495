"""Mending WeasyPrint 70.0 where it is wrong or slow. Each hook has a test in tests/test_hooks.py.

A hook is installed once and changes nothing but the case that it mends, so
other users of WeasyPrint in the same process see the same pages or better ones.
"""

from __future__ import annotations

import re
import threading
from typing import Any

_lock = threading.Lock()


def install() -> None:
    """Install the hooks; further calls do nothing."""
    from weasyprint import svg
    from weasyprint.layout import inline

    with _lock:
        if not hasattr(inline.split_first_line, "mended"):
            inline.split_first_line = _with_hanging_space(inline.split_first_line)
            svg.TAGS["path"] = _with_fast_lane(svg.TAGS["path"])


def _with_hanging_space(original: Any) -> Any:
    """Let the space at the end of a text hang over the edge.

    WeasyPrint counts the space that ends a text before an inline element. If
    the text fits and its space does not, it hyphenates the first long word it
    finds, in the middle of a line with room to spare. CSS Text 3, section
    4.1.3, lets such a space hang.
    """

    def split_first_line(text: str, style: Any, context: Any, max_width: Any,
                         *args: Any, **kwargs: Any) -> Any:
        result = original(text, style, context, max_width, *args, **kwargs)
        resume_at = result[2]
        if resume_at is None or not text.endswith(" ") or max_width is None:
            return result
        if len(text) * style["font_size"] > max_width * 4:
            return result  # longer than a line, so its end is not in question
        stripped = original(text.rstrip(" "), style, context, max_width, *args, **kwargs)
        if stripped[2] is not None or stripped[3] > max_width:
            return result
        return original(text, style, context, max_width + style["font_size"], *args, **kwargs)

    split_first_line.mended = True  # type: ignore[attr-defined]
    return split_first_line


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

    return path
