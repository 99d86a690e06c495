"""What a map shows: the projection, the rectangle on the plane, and the atlas' scale for it."""

from __future__ import annotations

import numpy as np
import shapely
from msgspec import Struct

from reportgen.maps.atlas import Geometries
from reportgen.maps.projection import Points, Projection, projection_for
from reportgen.model import Frame

UNITS_PER_MM = 100
"""Drawings count in hundredths of a millimetre, so that coordinates are whole numbers."""

_VISIBLE = 0.28
"""mm; the displacement that a simplification may make (it makes a third of that, as a rule)."""

_HALF_TURN, _POLE, _HORIZON = 180.0, 90.0, 110.0
"""Degrees; of longitude on either side of the middle that a map shows at most."""

_LONGEST_EDGE = 3.0
"""Degrees; a longer edge where a polygon is cut would be seen to be straight."""


class View(Struct, frozen=True):
    """A part of the world on a rectangle of paper."""

    projection: Projection
    west: float
    """km on the plane, of the left edge."""
    north: float
    """km on the plane, of the upper edge."""
    scale: float
    """Units of the drawing (0.01 mm) a kilometre."""
    width: int
    height: int
    frame: Frame
    """Degrees that hold all that is seen."""

    def place(self, degrees: Points) -> Points:
        """Return where on the drawing some points lie, y downwards."""
        plane = self.projection.forward(degrees)
        return np.column_stack(((plane[:, 0] - self.west) * self.scale,
                                (self.north - plane[:, 1]) * self.scale))

    def clipped(self, geometries: Geometries) -> Geometries:
        """Return geometries given in degrees as they are seen: placed, and cut at the edges."""
        if not len(geometries):
            return geometries
        frame = self.frame
        near = _cut(geometries, frame.west, frame.south, frame.east, frame.north,
                    longest=_LONGEST_EDGE)
        if frame.west == -_HALF_TURN and frame.east == _HALF_TURN and frame.north < _POLE:
            near = self._without_far_side(near)
        placed = shapely.transform(near, self.place)
        return _cut(placed, 0, 0, self.width, self.height)

    def _without_far_side(self, geometries: Geometries) -> Geometries:
        """Return geometries without what lies beyond the horizon of the map's middle.

        An area around the point opposite of it would be turned inside out, and cover all.
        """
        middle = self.middle_longitude()
        near = [shapely.box(max(middle + turn - _HORIZON, -_HALF_TURN), -90,
                            min(middle + turn + _HORIZON, _HALF_TURN), 90)
                for turn in (-360, 0, 360)
                if abs(middle + turn) < _HALF_TURN + _HORIZON]
        cut = shapely.intersection(geometries, shapely.union_all(near))
        near_side: Geometries = shapely.segmentize(cut, _LONGEST_EDGE)
        return near_side

    def middle_longitude(self) -> float:
        """Return the longitude in the middle of the map, in degrees."""
        middle = np.array([[self.west + self.width / self.scale / 2,
                            self.north - self.height / self.scale / 2]])
        return float(self.projection.inverse(middle)[0, 0])

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point is seen."""
        x, y = self.place(np.array([[longitude, latitude]], dtype=np.float64))[0]
        return bool(0 < x < self.width and 0 < y < self.height)

    def atlas_scale(self, tolerances: tuple[float, ...]) -> int:
        """Return the coarsest scale whose simplification cannot be seen."""
        mm_a_degree = self.scale * 111.2 / UNITS_PER_MM
        fine = [n for n, tolerance in enumerate(tolerances) if tolerance * mm_a_degree < _VISIBLE]
        return max(fine, default=0)


def _cut(geometries: Geometries, left: float, low: float, right: float, high: float,
         longest: float = 0.0) -> Geometries:
    """Return geometries cut to a rectangle; of those cut, edges are at most `longest` long."""
    bounds = shapely.bounds(geometries)
    inside = ((bounds[:, 0] >= left) & (bounds[:, 1] >= low)
              & (bounds[:, 2] <= right) & (bounds[:, 3] <= high))
    out = geometries.copy()
    beyond = ~inside
    if beyond.any():
        cut = shapely.clip_by_rect(geometries[beyond], left, low, right, high)
        out[beyond] = shapely.segmentize(cut, longest) if longest else cut
    return out


def view_of(points: Points, width: float, least: float, greatest: float,
            padding: float = 0.04) -> View:
    """Return the view that holds all `points` (in degrees), `width` mm wide.

    Its height follows from the points, between `least` and `greatest` mm;
    `padding` is the room around them, as a share of their extent.
    """
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    projection = projection_for(float(west), float(south), float(east), float(north))
    plane = projection.forward(points)
    (left, bottom), (right, top) = plane.min(axis=0), plane.max(axis=0)
    across, up = (right - left) * (1 + 2 * padding), (top - bottom) * (1 + 2 * padding)
    height = round(float(min(max(width * up / across, least), greatest)), 1)
    scale = min(width * UNITS_PER_MM / across, height * UNITS_PER_MM / up)
    half_width, half_height = width * UNITS_PER_MM / scale / 2, height * UNITS_PER_MM / scale / 2
    edge_west, edge_north = (left + right) / 2 - half_width, (bottom + top) / 2 + half_height
    seen = _seen(projection, edge_west, edge_north, 2 * half_width, 2 * half_height)
    return View(projection, edge_west, edge_north, scale, round(width * UNITS_PER_MM),
                round(height * UNITS_PER_MM), seen)


def grid_of(frame: Frame) -> Points:
    """Return points all over a frame."""
    grid = np.meshgrid(np.linspace(frame.west, frame.east, 24),
                       np.linspace(frame.south, frame.north, 24))
    return np.column_stack([g.ravel() for g in grid])


def _seen(projection: Projection, west: float, north: float, width: float,
          height: float) -> Frame:
    """Return the degrees that a rectangle on the plane holds."""
    xs, ys = np.linspace(west, west + width, 40), np.linspace(north - height, north, 40)
    grid = np.meshgrid(xs, ys)
    degrees = projection.inverse(np.column_stack([g.ravel() for g in grid]))
    pole = projection.forward(np.array([[0.0, 89.9]]))[0]
    if west < pole[0] < west + width and north - height < pole[1] < north:
        return Frame(-180, max(float(degrees[:, 1].min()) - 1, -90), 180, 90)
    (left, bottom), (right, top) = degrees.min(axis=0), degrees.max(axis=0)
    room = max(right - left, top - bottom) * 0.04
    return Frame(max(float(left - room), -180), max(float(bottom - room), -85),
                 min(float(right + room), 180), min(float(top + room), 90))
