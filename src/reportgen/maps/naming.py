"""Candidates for names: beside a point, inside an area, on a sea."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from reportgen.maps.labels import Box, Candidate
from reportgen.maps.projection import Points
from reportgen.maps.style import Measure, TextStyle
from reportgen.maps.views import View

SMALL = 0.86
"""Factor of the smaller size in which a name may be set."""

_GAP = 16.0
"""Units between a dot and its name."""


def _width(text: str, size: float, style: TextStyle, measure: Measure) -> float:
    shown = text.upper() if style.capitals else text
    return (measure(shown, style.bold) + style.spacing * len(shown)) * size


def point_candidates(
    name: str, at: tuple[float, float], radius: float, size: float, style: TextStyle,
    measure: Measure, view: View,
) -> tuple[Candidate, ...]:
    """Return the places around a dot, in the order that readers expect (Imhof 1975)."""
    width = _width(name, size, style, measure)
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
    main = max(pieces, key=lambda p: p.area)
    found: list[Candidate] = []
    for lines in _broken(name):
        for factor in (1.0, SMALL):
            width = max(_width(line, size * factor, style, measure) for line in lines)
            penalty = (0.5 if factor < 1 else 0.0) + (1.0 if len(lines) > 1 else 0.0)
            found += _inside(main, lines, width, size * factor, penalty, view)
    found.sort(key=lambda c: c.cost)
    found = found[:16]
    if others is not None and len(found) < 6:
        for lines in _broken(name):
            width = max(_width(line, size * SMALL, style, measure) for line in lines)
            found += _straddling(main, others, lines, width, size * SMALL, view)
    return tuple(found)


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
    rings = [np.asarray(shapely.get_coordinates(r)) for r in (main.exterior, *main.interiors)]
    centre = main.centroid
    span = max(right - left, bottom - top, 1.0)
    for y in np.linspace(top + height / 2, bottom - height / 2, 15) if bottom - top > height else ():
        edges = [_intervals(rings, y + d) for d in (-height * 0.4, 0.0, height * 0.4)]
        for start, end in _common(edges):
            slack = end - start - width - size * 0.5
            if slack < 0:
                continue
            middle = (start + end) / 2
            nearest = min(max(centre.x, start + width / 2), end - width / 2)
            for x in {middle, nearest, (middle + nearest) / 2}:
                baseline = y - height / 2 + size * 0.76
                box = _box(x, baseline, "middle", width, size, len(lines))
                if not box.inside(view.width, view.height):
                    continue
                away = np.hypot(x - centre.x, (y - centre.y) * 1.3) / span
                cost = min(float(away), 0.35) + penalty
                yield Candidate(float(x), float(baseline), "middle", box, cost, lines, size)


def _intervals(rings: list[Points], y: float) -> list[tuple[float, float]]:
    """Return where the horizontal line at `y` is inside of some rings (even-odd rule)."""
    crossings: list[float] = []
    for ring in rings:
        y0, y1 = ring[:-1, 1], ring[1:, 1]
        hit = (y0 > y) != (y1 > y)
        x0, x1 = ring[:-1, 0][hit], ring[1:, 0][hit]
        crossings += (x0 + (y - y0[hit]) / (y1[hit] - y0[hit]) * (x1 - x0)).tolist()
    crossings.sort()
    return list(zip(crossings[::2], crossings[1::2], strict=False))


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
    xs = np.linspace(left - width * 0.55, right + width * 0.55, 11)
    ys = np.linspace(top - height * 0.8, bottom + height * 0.8, 11)
    found = []
    for x in xs:
        for y in ys:
            baseline = y - height / 2 + size * 0.76
            box = _box(float(x), float(baseline), "middle", width, size, len(lines))
            if not box.inside(view.width, view.height):
                continue
            own = _covered([main], box)
            if own == 0 and main.distance(shapely.Point(x, y)) > width * 0.5 + size:
                continue
            foreign = _covered(others, box)
            if foreign > max(own, 0.12):
                continue
            away = float(np.hypot(x - centre.x, y - centre.y)) / max(width, right - left)
            cost = 2.5 + min(foreign * 1.6 + (1 - own) * 0.5 + away * 0.3, 2.4)
            found.append(Candidate(float(x), float(baseline), "middle", box, cost, lines, size))
    return sorted(found, key=lambda c: c.cost)[:16]


def _covered(shapes: list[Any], box: Box) -> float:
    """Return the share of a box that lies on some areas."""
    cut = shapely.clip_by_rect(shapes, box.left, box.top, box.right, box.bottom)
    return float(shapely.area(cut).sum()) / box.area


def sea_candidates(
    name: str, points: list[tuple[float, float]], size: float, style: TextStyle,
    measure: Measure, view: View, land: Any,
) -> tuple[Candidate, ...]:
    """Return the places on open water where the name of a sea fits; `land` is a tree of polygons."""
    found = []
    for rank, (x, y) in enumerate(points):
        for lines in reversed(_broken(name)):
            width = max(_width(line, size, style, measure) for line in lines)
            box = _box(x, y, "middle", width, size, len(lines))
            sheet = shapely.box(box.left, box.top, box.right, box.bottom)
            if box.inside(view.width, view.height) and not len(
                    land.query(sheet, predicate="intersects")):
                found.append(Candidate(x, y, "middle", box, rank * 0.2, lines, size))
    return tuple(found)
