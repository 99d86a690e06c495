"""Land as atomic units: countries and territories by their ISO codes, and the pieces whose owner is
a matter of worldview (X-...). A worldview is a table of owners, never a geometry."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.ops import split, unary_union

from atlas.formats import Layers, parts, topology_arcs, topology_polygons

NAME_TO_UNIT = {
    "Kosovo": "XK", "Somaliland": "X-SOMALILAND", "N. Cyprus": "X-NCYPRUS",
    "Cyprus U.N. Buffer Zone": "CY", "Dhekelia": "CY", "Akrotiri": "CY",
    "Siachen Glacier": "X-SIACHEN", "Baikonur": "KZ", "USNB Guantanamo Bay": "CU",
    "Indian Ocean Ter.": "AU", "Coral Sea Is.": "AU", "Ashmore and Cartier Is.": "AU",
    "Clipperton I.": "FR",
}
"""Features without an ISO number of their own; the other such features are reefs, left out."""

OVERSEAS = {
    "FR": (("GF", (-55, 2, -51, 6)), ("GP", (-62, 15.7, -60.9, 16.7)),
           ("MQ", (-61.4, 14.3, -60.7, 15)), ("RE", (55, -21.6, 56, -20.7)),
           ("YT", (44.9, -13.2, 45.5, -12.4))),
    "NL": (("BQ", (-69, 11.9, -62.8, 17.8)),),
    "NO": (("SJ", (-10, 70.5, 34, 81.5)), ("BV", (3, -55, 4, -54))),
    "AU": (("CX", (105, -11, 106, -10)), ("CC", (96, -13, 98, -11))),
    "NZ": (("TK", (-173, -10, -171, -8)),),
    "RU": (("X-KURILS", (145.2, 43.2, 149.0, 45.6)),),
}
"""Islands that have a code of their own, or an owner by worldview, and the boxes they lie in."""


@dataclass(frozen=True)
class Piece:
    """A part of a country that is cut off along lines of qgis-common's disputed_borders."""

    unit: str
    owner: str
    lines: tuple[int, ...]
    inside: tuple[float, float]
    reach: float = 0.25
    """Degrees that the cut goes on beyond the ends of the lines."""


PIECES = (
    Piece("X-GOLAN", "IL", (22,), (35.78, 32.98), 0.12),
    Piece("X-TRANSNISTRIA", "MD", (7,), (29.66, 46.87)),
    Piece("X-ABKHAZIA", "GE", (8,), (41.0, 43.0)),
    Piece("X-SOSSETIA", "GE", (9,), (44.0, 42.35)),
    Piece("X-KARABAKH", "AZ", (29, 40, 42), (46.6, 39.8)),
    Piece("X-DONBAS", "UA", (45,), (38.5, 48.0)),
    Piece("X-ABYEI", "SD", (25,), (28.4, 9.8)),
    Piece("X-ILEMI", "KE", (17, 18, 19), (35.3, 4.9)),
    Piece("X-AKSAICHIN", "CN", (21,), (79.5, 35.2), 0.3),
    Piece("X-SHAKSGAM", "CN", (15,), (76.6, 36.1), 0.3),
    Piece("X-PKASHMIR", "PK", (16, 26, 28), (74.6, 35.6), 0.3),
    Piece("X-INKASHMIR", "IN", (23, 24), (76.0, 34.0), 0.3),
    Piece("X-ARUNACHAL", "IN", (20,), (94.5, 28.2), 0.3),
    Piece("X-ESSEQUIBO", "GY", (31,), (-59.6, 6.0), 0.3),
)

HALAIB = ((34.08, 21.9), (34.08, 22.02), (34.35, 22.22), (34.93, 22.86), (35.22, 22.79),
          (35.62, 23.14), (36.2, 23.3), (37.5, 21.9))
"""The administrative boundary of 1902 and the 22nd parallel, to some kilometres."""


def countries(topology: dict[str, Any], numeric: dict[str, str]) -> dict[str, Any]:
    """Return the geometry of each unit of Natural Earth, with islands that have a code apart."""
    arcs = topology_arcs(topology)
    found: dict[str, list[Polygon]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        unit = NAME_TO_UNIT.get(name) or numeric.get(geometry.get("id", ""))
        if unit is not None and "arcs" in geometry:
            found[unit] += topology_polygons(geometry, arcs)
    _take_crimea_out(found)
    for owner, islands in OVERSEAS.items():
        for unit, bounds in islands:
            here = [p for p in found[owner] if box(*bounds).contains(p)]
            assert here, f"no islands of {unit}"
            found[owner] = [p for p in found[owner] if p not in here]
            found[unit] += here
    units = {unit: unary_union(polygons) for unit, polygons in found.items()}
    vatican = Point(12.4534, 41.9029).buffer(0.004, 8)  # a point at the topology's quantisation
    units["VA"], units["IT"] = vatican, units["IT"].difference(vatican)
    assert all(parts(shape) for shape in units.values())
    return units


def _take_crimea_out(found: dict[str, list[Polygon]]) -> None:
    """Make Crimea a unit of its own; Natural Earth 4.1 draws it as a polygon of Russia."""
    crimea = [p for p in found["RU"] if p.contains(Point(34.3, 45.2))]
    assert len(crimea) == 1, "Crimea is no longer a polygon of its own"
    found["RU"].remove(crimea[0])
    found["X-CRIMEA"] = crimea


def mend(units: dict[str, Any], claims: dict[int, LineString]) -> None:
    """Cut the pieces off whose owner is a matter of worldview."""
    south = box(-18, 20, -8.6, 27.6667)  # Natural Earth splits Western Sahara at the berm
    units["EH"] = unary_union([units["EH"], shapely.intersection(units["MA"], south)])
    units["MA"] = shapely.difference(units["MA"], south)
    for piece in PIECES:
        _take_out(units, piece, claims)
    triangle = Polygon(HALAIB)
    units["X-HALAIB"] = shapely.intersection(units["EG"], triangle)
    units["EG"] = shapely.difference(units["EG"], triangle)


def _take_out(units: dict[str, Any], piece: Piece, claims: dict[int, LineString]) -> None:
    cutter = _cutter([claims[n] for n in piece.lines], piece.reach)
    inside = Point(piece.inside)
    whole = next(p for p in parts(units[piece.owner]) if p.contains(inside))
    pieces = [whole]
    for line in cutter:
        pieces = [part for p in pieces for part in split(p, line).geoms]
    assert len(pieces) > 1, f"the lines of {piece.unit} do not cut"
    mine = next(p for p in pieces if p.contains(inside))
    assert mine.area < whole.area * 0.8, (piece.unit, mine.area, whole.area)
    units[piece.unit] = mine
    units[piece.owner] = unary_union([units[piece.owner].difference(mine)])


def _cutter(lines: Iterable[Any], reach: float) -> list[LineString]:
    """Return lines joined where they meet, their ends drawn out."""
    found = [p for line in lines for p in shapely.get_parts(line) if p.length > 0.02]
    joined = shapely.get_parts(shapely.line_merge(unary_union(_snapped(found))))
    return [_drawn_out(np.array(line.coords), reach) for line in joined]


def _snapped(lines: list[Any]) -> list[LineString]:
    """Return lines whose ends meet where they are nearer than 0.12 degrees."""
    coords = [np.array(line.coords) for line in lines]
    for a, b in itertools.combinations(coords, 2):
        for i, j in itertools.product((0, -1), (0, -1)):
            if np.hypot(*(a[i] - b[j])) < 0.12:
                b[j] = a[i]
    return [LineString(c) for c in coords]


def _drawn_out(points: np.ndarray, reach: float) -> LineString:
    def beyond(end: np.ndarray, before: np.ndarray) -> np.ndarray:
        step = end - before
        longest: np.ndarray = end + step / max(float(np.hypot(*step)), 1e-9) * reach
        return longest

    near = min(4, len(points) - 1)
    return LineString([beyond(points[0], points[near]), *points,
                       beyond(points[-1], points[-1 - near])])


def simplified(units: dict[str, Any], tolerance: float) -> dict[str, Any]:
    """Simplify all units together, so that both sides of a border stay the same."""
    names = sorted(units)
    clean = [MultiPolygon(parts(units[name])) for name in names]
    simple = shapely.coverage_simplify(np.array(clean, dtype=object), tolerance)
    simple = shapely.transform(shapely.segmentize(simple, 2.0), lambda xy: np.round(xy, 4))
    kept = {}
    for name, geometry in zip(names, simple, strict=True):
        valid = parts(shapely.make_valid(geometry))
        least = tolerance**2 * 8
        # An enclave that is too small to be seen belongs to the country around it.
        large = [Polygon(p.exterior, [r for r in p.interiors if Polygon(r).area > least])
                 for p in valid if p.area > least]
        kept[name] = MultiPolygon(large or sorted(valid, key=lambda p: -p.area)[:1])
    return kept


def shared_lines(units: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Return the merged lines between each pair of units; ("XX", "") is a coast."""
    users: dict[tuple[tuple[float, ...], tuple[float, ...]], set[str]] = defaultdict(set)
    for unit, geometry in units.items():
        for polygon in parts(geometry):
            for edge in (polygon.exterior, *polygon.interiors):
                points = [tuple(p) for p in np.round(np.array(edge.coords), 4).tolist()]
                for a, b in itertools.pairwise(points):
                    users[min(a, b), max(a, b)].add(unit)
    segments: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for (a, b), owners in users.items():
        if (a[0] == b[0] and abs(a[0]) == 180) or a[1] == b[1] == -90:
            continue  # the cut at the antimeridian, and the pole, are no coast
        first, *rest = sorted(owners)
        segments[first, rest[0] if rest else ""].append((a, b))
    return {pair: shapely.line_merge(shapely.multilinestrings(
        [shapely.linestrings(s) for s in found])) for pair, found in segments.items()}


def doubtful_lines(layers: Layers, codes: dict[str, str]) -> dict[frozenset[str], Any]:
    """Return Natural Earth's lines that are disputed, indefinite or lines of control, by pair."""
    kinds = ("Disputed", "Indefinite", "Line of control", "Indeterminant")
    found: dict[frozenset[str], list[LineString]] = defaultdict(list)
    for row, shape in layers.read("ne_10m_admin_0_boundary_lines_land", "ascii"):
        if row["featurecla"].startswith(kinds):
            pair = frozenset(filter(None, (codes.get(row["adm0_left"]),
                                           codes.get(row["adm0_right"]))))
            if len(pair) == 2:
                found[pair] += [LineString(part) for part in shape if len(part) > 1]
    return {pair: unary_union(lines) for pair, lines in found.items()}
