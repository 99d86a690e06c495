"""Drawing a map: the atlas' part that is seen, as SVG of our own.

Only what WeasyPrint draws is used: paths, a pattern, circles and text whose
halo is the text drawn twice (docs/architecture.md). Coordinates are whole
hundredths of a millimetre.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from msgspec import Struct, field

from reportgen.colours import tint
from reportgen.maps.atlas import Atlas, Place
from reportgen.maps.labels import Box, Candidate, Importance, Label, Placement, place_labels
from reportgen.maps.naming import (
    area_candidates,
    name_width,
    point_candidates,
    sea_candidates,
)
from reportgen.maps.seas import SEAS
from reportgen.maps.style import TEXT_STYLES, UNITS_PER_PT, MapStyle, Measure
from reportgen.maps.views import UNITS_PER_MM, View
from reportgen.maps.worldview import Worldview
from reportgen.model import Month

_SMALLEST = 250.0
"""Land smaller than this (0.025 mm²) is not drawn; on a large map, five times that."""

_SHORTEST = 60.0
"""Nor a coast or border shorter than 0.6 mm."""

_POLYGON, _LINE = 3, 1
"""shapely's numbers of the types."""


class Emphasis(Struct, frozen=True):
    """Countries that stand out, in one colour."""

    units: tuple[str, ...]
    colour: str
    label: str | None = None
    """One name for all of them; None: each country has its own name."""


class MapSpec(Struct, frozen=True):
    """What is to be drawn."""

    view: View
    emphases: tuple[Emphasis, ...]
    language: str
    month: Month
    worldview: Worldview
    towns: tuple[Place, ...] = ()
    """Towns to be marked; capitals among them get a larger dot."""
    strong: float = 0.42
    """How much of its colour an emphasised country takes."""
    text_scale: float = 1.0
    crowded: bool = False
    """So many countries stand out that a name which does not fit into its own is left out."""


class Drawing(Struct):
    """A drawn map, and what it shows."""

    svg: str = ""
    neighbours: list[str] = field(default_factory=list)
    """Names of the other countries that are written on it."""
    towns: list[str] = field(default_factory=list)
    dashed: bool = False
    hatched: bool = False
    starred: bool = False


class _Canvas(Struct):
    """The drawing in the making."""

    spec: MapSpec
    atlas: Atlas
    style: MapStyle
    measure: Measure
    result: Drawing = field(default_factory=Drawing)
    parts: list[str] = field(default_factory=list)
    shapes: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """Seen pieces of each country, placed, by owner."""

    @property
    def smallest(self) -> float:
        """Area under which land is not drawn, in square units."""
        return _SMALLEST * (5 if self.spec.view.width > 10_000 else 1)

    def path(self, geometries: list[Any]) -> str:
        """Return the path data of polygons and lines; what is too small to be seen is left out."""
        parts = shapely.get_parts(geometries)
        kinds = shapely.get_type_id(parts)
        polygons = parts[kinds == _POLYGON]
        rings = shapely.get_rings(polygons[shapely.area(polygons) >= self.smallest])
        lines = parts[kinds == _LINE]
        lines = lines[shapely.length(lines) >= _SHORTEST]
        return self._paths(rings, "z") + self._paths(lines, "")

    def _paths(self, edges: Any, end: str) -> str:
        """Return rings or lines as path data: whole numbers, one move, then lines."""
        points, owner = shapely.get_coordinates(edges, return_index=True)
        whole = np.rint(points).astype(int)
        begins = np.diff(owner, prepend=-1) != 0
        kept = begins | np.any(np.diff(whole, axis=0, prepend=whole[:1]) != 0, axis=1)
        texts = [f"{x},{y}" for x, y in whole[kept].tolist()]
        starts = np.flatnonzero(begins[kept]).tolist()
        return "".join(f"M{texts[start]}L{' '.join(texts[start + 1 : stop])}{end}"
                       for start, stop in pairwise([*starts, len(texts)]) if stop > start + 1)

    def add(self, geometries: list[Any], **attributes: str | float) -> None:
        """Draw geometries as one path."""
        data = self.path(geometries) if geometries else ""
        if data:
            given = "".join(
                f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
            self.parts.append(f'<path d="{data}"{given}/>')


def draw(spec: MapSpec, atlas: Atlas, style: MapStyle, measure: Measure) -> Drawing:
    """Return the drawing of `spec`."""
    canvas = _Canvas(spec, atlas, style, measure)
    scale = spec.view.atlas_scale(atlas.tolerances)
    _draw_land(canvas, scale)
    _draw_lakes(canvas, scale)
    _draw_lines(canvas, scale)
    _draw_labels(canvas)
    canvas.result.svg = _document(canvas)
    return canvas.result


def _document(canvas: _Canvas) -> str:
    view, style = canvas.spec.view, canvas.style
    width, height = view.width / UNITS_PER_MM, view.height / UNITS_PER_MM
    hatch = (
        '<defs><pattern id="hatch" width="60" height="60" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)">'
        f'<rect width="14" height="60" fill="{style.hatch}"/></pattern></defs>'
    ) if canvas.result.hatched else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {view.width} {view.height}" '
        f'width="{width:g}mm" height="{height:g}mm">{hatch}'
        f'<rect width="{view.width}" height="{view.height}" fill="{style.sea}"/>'
        f"{''.join(canvas.parts)}</svg>"
    )


# ---------------------------------------------------------------- land and lines


def _draw_land(canvas: _Canvas, scale: int) -> None:
    spec, style = canvas.spec, canvas.style
    around: list[Any] = []
    hatched: list[Any] = []
    emphasised: dict[str, list[Any]] = defaultdict(list)
    colours = {unit: e.colour for e in spec.emphases for unit in e.units}
    areas = canvas.atlas.areas("land", scale, spec.view.frames)
    seen = spec.view.clipped(areas.polygons)
    large = shapely.area(seen) >= canvas.smallest
    for unit, shape, kept in zip(areas.units, seen, large, strict=True):
        if not kept:
            continue
        owner = spec.worldview.owner(unit)
        canvas.shapes[owner].append(shape)
        if unit in spec.worldview.hatched:
            hatched.append(shape)
        if owner in colours:
            emphasised[colours[owner]].append(shape)
        else:
            around.append(shape)
    canvas.result.hatched = any(s.area > 4000 for s in hatched)
    canvas.add(around, fill=style.land)
    for colour, shapes in emphasised.items():
        canvas.add(shapes, fill=tint(colour, spec.strong))
    if canvas.result.hatched:
        canvas.add(hatched, fill="url(#hatch)")


def _draw_lakes(canvas: _Canvas, scale: int) -> None:
    spec, style = canvas.spec, canvas.style
    shapes = spec.view.clipped(canvas.atlas.areas("lake", scale, spec.view.frames).polygons)
    large = list(shapes[shapely.area(shapes) > _SMALLEST * 24])
    canvas.add(large, fill=style.sea, stroke=style.coast, stroke_width=7)


def _draw_lines(canvas: _Canvas, scale: int) -> None:
    """Coasts, then borders around, then borders and outline of what is emphasised."""
    spec, style = canvas.spec, canvas.style
    colours = {unit: e.colour for e in spec.emphases for unit in e.units}
    group = {unit: number for number, e in enumerate(spec.emphases) for unit in e.units}
    layers: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
    lines = canvas.atlas.lines(scale, spec.view.frames)
    seen = spec.view.clipped(lines.lines)
    lengths = shapely.length(seen)
    for (kind, left, right), shape, length in zip(lines.rows, seen, lengths, strict=True):
        first, second = spec.worldview.owner(left), spec.worldview.owner(right)
        dash = _dash(kind, left, right, spec.worldview)
        if length < _SHORTEST or spec.worldview.is_hidden(left, right) or (
                first == second and not dash):
            continue
        colour = colours.get(first) or colours.get(second)
        inner = first in group and group[first] == group.get(second)
        if kind == "coast":
            stroke, width = (tint(colour, 0.75), 10) if colour else (style.coast, 8)
        elif colour:
            stroke, width = tint(colour, 0.85), 10 if inner else 22
        else:
            stroke, width = style.border, 9
        if dash:
            width = min(width, 12)
            canvas.result.dashed = canvas.result.dashed or length > 60
        layers[stroke, dash, width].append(shape)
    for (stroke, dash, width), shapes in sorted(layers.items(), key=lambda item: item[0][2]):
        dashed = {"stroke_dasharray": dash} if dash else {}
        canvas.add(shapes, fill="none", stroke=stroke, stroke_width=width,
                   stroke_linejoin="round", **dashed)


def _dash(kind: str, first: str, second: str, worldview: Worldview) -> str:
    disputed = kind == "disputed" or worldview.is_dashed(first, second)
    return "34 22" if disputed and kind != "coast" else ""


# ---------------------------------------------------------------- names


def _draw_labels(canvas: _Canvas) -> None:
    spec = canvas.spec
    labels: list[Label] = []
    obstacles: list[Box] = []
    for town in spec.towns:
        x, y = spec.view.place(np.array([[town.longitude, town.latitude]]))[0]
        radius = _dot_radius(canvas, town)
        obstacles.append(Box(x - radius, y - radius, x + radius, y + radius))
        labels.append(_town_label(canvas, town, (float(x), float(y)), radius))
    labels += _country_labels(canvas)
    labels += _sea_labels(canvas)
    placement = place_labels(labels, obstacles)
    _draw_dots(canvas, placement)
    _write(canvas, placement)


def _dot_radius(canvas: _Canvas, town: Place) -> float:
    return (32 if town.capital else 24) * canvas.spec.text_scale


def _town_label(canvas: _Canvas, town: Place, at: tuple[float, float], radius: float) -> Label:
    name = "capital" if town.capital else "town"
    candidates = point_candidates(town.name, at, radius, _size(canvas, name), TEXT_STYLES[name],
                                  canvas.measure, canvas.spec.view)
    importance = Importance.CAPITAL if town.capital else Importance.TOWN
    return Label(town.name, importance, candidates, name)


def _size(canvas: _Canvas, name: str) -> float:
    return TEXT_STYLES[name].size * UNITS_PER_PT * canvas.spec.text_scale


def _country_labels(canvas: _Canvas) -> list[Label]:
    """Names of the emphasised countries (or of their groups), then of those around."""
    spec, atlas = canvas.spec, canvas.atlas
    labels = []
    group = {unit: number for number, e in enumerate(spec.emphases) for unit in e.units}
    for number, emphasis in enumerate(spec.emphases):
        if emphasis.label is not None:
            shapes = [s for unit in emphasis.units for s in canvas.shapes.get(unit, [])]
            others = [s for unit, pieces in canvas.shapes.items() for s in pieces
                      if unit in group and group[unit] != number and s.area > 4000]
            labels.append(_area_label(canvas, emphasis.label, shapes, "region", others))
    for unit, shapes in sorted(canvas.shapes.items()):
        name = atlas.name(unit, spec.language, spec.month)
        if unit not in group:
            if not unit.startswith("X-") and max(s.area for s in shapes) > 9000:
                labels.append(_area_label(canvas, name, shapes, "neighbour", None))
        elif spec.emphases[group[unit]].label is None:
            if unit in spec.worldview.starred:
                name += "*"
                canvas.result.starred = True
            others = [s for other, pieces in canvas.shapes.items() for s in pieces
                      if other != unit and other in group and s.area > 4000]
            labels.append(_area_label(canvas, name, shapes, "country",
                                      None if spec.crowded else others))
    return labels


def _area_label(canvas: _Canvas, name: str, shapes: list[Any], style: str,
                others: list[Any] | None) -> Label:
    if TEXT_STYLES[style].capitals and canvas.spec.language == "tr":
        name = name.replace("i", "İ")  # whose capital has a dot (Unicode, SpecialCasing.txt)
    importance = Importance.NEIGHBOUR if style == "neighbour" else Importance.COUNTRY
    candidates = area_candidates(name, shapes, _size(canvas, style), TEXT_STYLES[style],
                                 canvas.measure, canvas.spec.view, others)
    return Label(name, importance, candidates, style)


def _sea_labels(canvas: _Canvas) -> list[Label]:
    spec = canvas.spec
    land = shapely.STRtree([s for shapes in canvas.shapes.values() for s in shapes
                            if s.area > 2000])
    labels = []
    placed = spec.view.place(np.array([p for sea in SEAS for p in sea.points], dtype=np.float64))
    at = 0
    for sea in SEAS:
        here = slice(at, at := at + len(sea.points))
        points = [(x, y) for x, y in placed[here].tolist()
                  if 0 < x < spec.view.width and 0 < y < spec.view.height]
        if not points:
            continue
        name = sea.name(spec.language)
        candidates = sea_candidates(name, points, _size(canvas, "sea"), TEXT_STYLES["sea"],
                                    canvas.measure, spec.view, land)
        if candidates:
            labels.append(Label(name, Importance.SEA, candidates, "sea"))
    return labels


def _draw_dots(canvas: _Canvas, placement: Placement) -> None:
    written = {label.text for label, _ in placement.placed}
    style = canvas.style
    for town in canvas.spec.towns:
        if town.name not in written:
            continue
        x, y = canvas.spec.view.place(np.array([[town.longitude, town.latitude]]))[0]
        radius = _dot_radius(canvas, town)
        at = f'cx="{x:.0f}" cy="{y:.0f}"'
        if town.capital:
            canvas.parts.append(f'<circle {at} r="{radius:.0f}" fill="{style.halo}" '
                                f'stroke="{style.text}" stroke-width="10"/>'
                                f'<circle {at} r="{radius * 0.45:.0f}" fill="{style.text}"/>')
        else:
            canvas.parts.append(f'<circle {at} r="{radius:.0f}" fill="{style.text}" '
                                f'stroke="{style.halo}" stroke-width="8"/>')


def _write(canvas: _Canvas, placement: Placement) -> None:
    """Write the names, each with its halo, the least important first."""
    for label, place in reversed(placement.placed):
        canvas.parts.append(_text(canvas, label, place))
    for label, _ in placement.placed:
        if label.style == "neighbour":
            canvas.result.neighbours.append(label.text)
        elif label.style in ("capital", "town"):
            canvas.result.towns.append(label.text)


def _text(canvas: _Canvas, label: Label, place: Candidate) -> str:
    style, text = canvas.style, TEXT_STYLES[label.style]
    size = place.size
    colour = {"sea": style.sea_text, "neighbour": style.land_text}.get(label.style, style.text)
    halo = style.sea if label.style == "sea" else style.halo
    common = (
        f'font-family="{style.typeface}" font-size="{size:.0f}"'
        + (' font-weight="600"' if text.bold else "")
        + (' font-style="italic"' if text.italic else "")
        + (f' letter-spacing="{size * text.spacing:.1f}"' if text.spacing else "")
    )
    out = []
    for number, line in enumerate(place.lines):
        words = escape(line.upper() if text.capitals else line, quote=False)
        width = name_width(line, size, text, canvas.measure)
        x = place.x - width * {"start": 0, "middle": 0.5, "end": 1}[place.anchor]
        at = f'x="{x:.0f}" y="{place.y + number * size * 1.08:.0f}"'
        out.append(f'<text {at} {common} fill="none" stroke="{halo}" stroke-width="34" '
                   f'stroke-opacity="0.7" stroke-linejoin="round">{words}</text>'
                   f'<text {at} {common} fill="{colour}">{words}</text>')
    return "".join(out)
