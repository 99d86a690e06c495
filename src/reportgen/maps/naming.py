"""Candidates for names: beside a point, inside an area, on a sea."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from reportgen.maps.labels import Box, Candidate
from reportgen.maps.style import SMALLEST, UNITS_PER_PT, Measure, TextStyle
from reportgen.maps.views import View

SMALL = 0.86
"""Factor of the smaller size in which a name may be set."""

_ENOUGH = 10
"""Places inside of an area that a name is offered."""

_GAP = 16.0
"""Units between a dot and its name."""


def name_width(text: str, size: float, style: TextStyle, measure: Measure) -> float:
    """Return how wide a name is, in the drawing's units."""
    shown = text.upper() if style.capitals else text
    return (measure(shown, style.bold) + style.spacing * len(shown)) * size


def point_candidates(
    name: str, at: tuple[float, float], radius: float, size: float, style: TextStyle,
    measure: Measure, view: View,
) -> tuple[Candidate, ...]:
    """Return the places around a dot, in the order that readers expect (Imhof 1975)."""
    width = name_width(name, size, style, measure)
    x, y = at
    rise, gap = size * 0.35, radius + _GAP
    spots = (
        (gap, rise, "start"), (-gap, rise, "end"),
        (gap * 0.7, -gap * 0.75, "start"), (gap * 0.7, gap * 0.75 + size * 0.6, "start"),
        (-gap * 0.7, -gap * 0.75, "end"), (-gap * 0.7, gap * 0.75 + size * 0.6, "end"),
        (0, -gap, "middle"), (0, gap + size * 0.68, "middle"),
    )
    found = []
    for rank, (dx, dy, anchor) in enumerate(spots):
        box = _box(x + dx, y + dy, anchor, width, size, 1)
        if box.inside(view.width, view.height):
            found.append(Candidate(x + dx, y + dy, anchor, box, rank * 0.05, (name,),
                                   size))
    return tuple(found)


def _box(x: float, baseline: float, anchor: str, width: float, size: float, lines: int) -> Box:
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left - 4, baseline - size * 0.76, left + width + 4,
               baseline + size * 0.22 + (lines - 1) * size * 1.08)


def area_candidates(
    name: str, shapes: list[Any], size: float, style: TextStyle, measure: Measure, view: View,
    others: list[Any] | None = None,
) -> tuple[Candidate, ...]:
    """Return the places inside an area where `name` fits.

    With `others`, the areas that it must not be taken for, a name that does not
    fit may also straddle its area's edge or stand beside it.
    """
    pieces = [p for s in shapes for p in shapely.get_parts(s) if p.geom_type == "Polygon"]
    if not pieces:
        return ()
    largest = max(pieces, key=lambda p: p.area)
    broken = _broken(name)
    if others is None and not _has_room(largest, broken, size * _smaller(size), style, measure):
        return ()
    main = largest.simplify(size * 0.1)
    found: list[Candidate] = []
    for lines in broken:
        for factor in (1.0, _smaller(size)):
            if len(found) >= _ENOUGH:
                break  # what follows is worse than all of these, by its penalty
            width = max(name_width(line, size * factor, style, measure) for line in lines)
            penalty = (0.5 if factor < 1 else 0.0) + (1.0 if len(lines) > 1 else 0.0)
            found += _inside(main, lines, width, size * factor, penalty, view)
    found.sort(key=lambda c: c.cost)
    found = found[:_ENOUGH]
    least = _smaller(size)
    if others is not None and len(found) < 6:
        for lines in _broken(name):
            width = max(name_width(line, size * least, style, measure) for line in lines)
            found += _straddling(main, others, lines, width, size * least, view)
    return tuple(found)


def _smaller(size: float) -> float:
    """Return the factor of the smaller size in which a name may be set: no name is under 5 pt."""
    return min(max(SMALL, SMALLEST * UNITS_PER_PT / size), 1.0)


def _has_room(area: Any, broken: list[tuple[str, ...]], size: float, style: TextStyle,
              measure: Measure) -> bool:
    """Whether a name at its smallest could find room in the rectangle around an area."""
    left, top, right, bottom = area.bounds
    return any(bottom - top > size * 0.98 * len(lines)
               and right - left > max(name_width(line, size, style, measure) for line in lines)
               for lines in broken)


def _broken(name: str) -> list[tuple[str, ...]]:
    """Return `name` on one line, and on two if it has words to break between."""
    words = name.split()
    if len(words) < 2 or len(name) < 9:
        return [(name,)]
    halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return [(name,), min(halves, key=lambda h: abs(len(h[0]) - len(h[1])))]


def _inside(main: Any, lines: tuple[str, ...], width: float, size: float, penalty: float,
            view: View) -> Iterator[Candidate]:
    """Look along horizontal lines for intervals that hold the whole name."""
    left, top, right, bottom = main.bounds
    height = size * (0.98 + 1.08 * (len(lines) - 1))
    if bottom - top <= height or right - left <= width:
        return
    centre = main.centroid
    span = max(right - left, bottom - top, 1.0)
    middles = np.linspace(top + height / 2, bottom - height / 2, 11)
    offsets = np.array([-height * 0.4, 0.0, height * 0.4])
    found = _intervals(main, (middles[:, None] + offsets).ravel())
    for number, y in enumerate(middles.tolist()):
        for start, end in _common(found[number * 3 : number * 3 + 3]):
            if end - start < width + size * 0.5:
                continue
            middle = (start + end) / 2
            nearest = min(max(centre.x, start + width / 2), end - width / 2)
            for x in dict.fromkeys((middle, nearest, (middle + nearest) / 2)):
                baseline = y - height / 2 + size * 0.76
                box = _box(x, baseline, "middle", width, size, len(lines))
                if not box.inside(view.width, view.height):
                    continue
                away = math.hypot(x - centre.x, (y - centre.y) * 1.3) / span
                yield Candidate(x, baseline, "middle", box, min(away, 0.35) + penalty, lines, size)


def _intervals(main: Any, ys: NDArray[np.float64]) -> list[list[tuple[float, float]]]:
    """Return where the horizontal lines at `ys` are inside of a polygon (even-odd rule)."""
    points, ring = shapely.get_coordinates(shapely.get_rings(main), return_index=True)
    joined = ring[1:] == ring[:-1]
    start, end = points[:-1][joined], points[1:][joined]
    hit = (start[:, 1, None] > ys) != (end[:, 1, None] > ys)
    edge, line = np.nonzero(hit)
    a, b, y = start[edge], end[edge], ys[line]
    x = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    order = np.lexsort((x, line))
    crossings: list[list[float]] = [[] for _ in ys]
    for number, at in zip(line[order].tolist(), x[order].tolist(), strict=True):
        crossings[number].append(at)
    return [list(zip(c[::2], c[1::2], strict=False)) for c in crossings]


def _common(edges: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Return what several lists of intervals have in common."""
    common = edges[0]
    for other in edges[1:]:
        common = [(max(a, c), min(b, d)) for a, b in common for c, d in other
                  if min(b, d) > max(a, c)]
    return common


def _straddling(main: Any, others: list[Any], lines: tuple[str, ...], width: float, size: float,
                view: View) -> list[Candidate]:
    """Return places over and beside an area that is too small for its name, the clearest first.

    A name belongs to what it covers most of; what it covers of `others` makes
    it ambiguous. It never lies wholly on another.
    """
    left, top, right, bottom = main.bounds
    height = size * (0.98 + 1.08 * (len(lines) - 1))
    centre = main.representative_point()
    xs = np.linspace(left - width * 0.55, right + width * 0.55, 9)
    ys = np.linspace(top - height * 0.8, bottom + height * 0.8, 7)
    near = [o for o in others if o.distance(main) < width]
    found = []
    for x in xs.tolist():
        for y in ys.tolist():
            baseline = y - height / 2 + size * 0.76
            box = _box(x, baseline, "middle", width, size, len(lines))
            if not box.inside(view.width, view.height):
                continue
            own = _covered([main], box)
            if own == 0 and main.distance(shapely.Point(x, y)) > width * 0.5 + size:
                continue
            foreign = _covered(near, box) if near else 0.0
            if foreign > max(own, 0.12):
                continue
            away = math.hypot(x - centre.x, y - centre.y) / max(width, right - left)
            cost = 2.5 + min(foreign * 1.6 + (1 - own) * 0.5 + away * 0.3, 2.4)
            found.append(Candidate(x, baseline, "middle", box, cost, lines, size))
    return sorted(found, key=lambda c: c.cost)[:12]


def _covered(shapes: list[Any], box: Box) -> float:
    """Return the share of a box that lies on some areas."""
    cut = shapely.clip_by_rect(shapes, box.left, box.top, box.right, box.bottom)
    return float(shapely.area(cut).sum()) / box.area


def sea_candidates(
    name: str, points: list[tuple[float, float]], size: float, style: TextStyle,
    measure: Measure, view: View, land: Any,
) -> tuple[Candidate, ...]:
    """Return the places on open water where a sea's name fits; `land` is a tree of polygons."""
    found = []
    for rank, (x, y) in enumerate(points):
        for lines in reversed(_broken(name)):
            width = max(name_width(line, size, style, measure) for line in lines)
            box = _box(x, y, "middle", width, size, len(lines))
            sheet = shapely.box(box.left, box.top, box.right, box.bottom)
            if box.inside(view.width, view.height) and not len(
                    land.query(sheet, predicate="intersects")):
                found.append(Candidate(x, y, "middle", box, rank * 0.2, lines, size))
    return tuple(found)
