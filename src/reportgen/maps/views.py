"""What a map shows: the projection, the rectangle on the plane, and the atlas' scale for it.

A view is found from points that it has to hold: shores, capitals, marks. Its middle
lies opposite of the widest gap between their longitudes, so that nothing depends on
where 180 degrees are. What lies beyond the projection's horizon is cut off before
it is projected: a shape around the point opposite of the middle would be turned
inside out.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from msgspec import Struct
from numpy.typing import NDArray

from reportgen.maps.projection import (
    EqualEarth,
    LambertAzimuthalEqualArea,
    LambertConformalConic,
    Points,
    Projection,
    forward,
    inverse,
    turned,
)
from reportgen.model import Frame

Geometries = NDArray[np.object_]
"""An array of shapely geometries."""

UNITS_PER_MM = 100
"""Drawings count in hundredths of a millimetre, so that coordinates are whole numbers."""

VISIBLE = 0.28
"""mm; the displacement that a simplification may make (it makes a third of that, as a rule)."""

_LONGEST_EDGE = 3.0
"""Degrees; a longer edge where a polygon is cut would be seen to be straight."""

_KM_A_DEGREE = 111.195


class View(Struct, frozen=True, dict=True):
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
    bounds: Frame
    """Degrees that hold all that is seen, longitudes counted from the projection's meridian."""

    def place(self, degrees: Points) -> Points:
        """Return where on the drawing some points lie, y downwards."""
        return self._on_paper(forward(self.projection, degrees))

    def _on_paper(self, plane: Points) -> Points:
        return np.column_stack(((plane[:, 0] - self.west) * self.scale,
                                (self.north - plane[:, 1]) * self.scale))

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of a point of the drawing."""
        plane = np.array([[self.west + x / self.scale, self.north - y / self.scale]])
        longitude, latitude = inverse(self.projection, plane)[0].tolist()
        return longitude, latitude

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Degrees that hold all that is seen, from Greenwich; two, if it lies across 180 degrees.
        """
        b = self.bounds
        if b.east - b.west >= 359.9:
            return (Frame(-180.0, b.south, 180.0, b.north),)
        west = float(turned(np.array([b.west + self.projection.longitude]))[0])
        east = west + b.east - b.west
        if east <= 180:
            return (Frame(west, b.south, east, b.north),)
        return (Frame(west, b.south, 180.0, b.north), Frame(-180.0, b.south, east - 360, b.north))

    def clipped(self, geometries: Geometries) -> Geometries:
        """Return geometries given in degrees as they are seen: placed, and cut at the edges."""
        if not len(geometries):
            return geometries
        b = self.bounds
        near = _cut(self._relative(geometries), b.west, b.south, b.east, b.north, _LONGEST_EDGE)
        placed = shapely.transform(self._on_this_side(near),
                                   lambda points: self._on_paper(self.projection.plane(points)))
        return _cut(placed, 0, 0, self.width, self.height)

    def _relative(self, geometries: Geometries) -> Geometries:
        """Return geometries with longitudes counted from the middle; what lies across is cut."""
        middle = self.projection.longitude
        bounds = shapely.bounds(geometries)
        west, east = bounds[:, 0] - middle, bounds[:, 2] - middle
        turns = np.where(east <= -180, 360.0, np.where(west >= 180, -360.0, 0.0)) - middle
        out = _shifted(geometries, turns)
        across = ((west < -180) & (east > -180)) | ((west < 180) & (east > 180))
        if across.any():
            whole = out[across]
            turn = np.where(west[across] < -180, 360.0, -360.0)
            inner = shapely.clip_by_rect(whole, -180, -90, 180, 90)
            outer = shapely.clip_by_rect(_shifted(whole, turn), -180, -90, 180, 90)
            out[across] = shapely.union(inner, outer)
        return out

    def _on_this_side(self, geometries: Geometries) -> Geometries:
        """Return geometries without what lies beyond the projection's horizon."""
        beyond = self._beyond
        if beyond is None:
            return geometries
        hidden = shapely.intersects(beyond, geometries)
        if not hidden.any():
            return geometries
        out = geometries.copy()
        cut = shapely.difference(shapely.make_valid(geometries[hidden]), beyond)
        out[hidden] = shapely.segmentize(cut, _LONGEST_EDGE)
        return out

    @cached_property
    def _beyond(self) -> Any:
        """The far side of the Earth, in degrees from the meridian; None: nothing of it is near."""
        horizon, b = self.projection.horizon, self.bounds
        if horizon >= 180:
            return None
        corners = np.array([(x, y) for x in np.linspace(b.west, b.east, 13)
                            for y in np.linspace(b.south, b.north, 9)])
        if arcs(corners, 0.0, self.projection.latitude).max() < horizon - 2:
            return None
        return _cap(-self.projection.latitude, 180 - horizon)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point is seen."""
        point = np.array([[longitude, latitude]], dtype=np.float64)
        near = arcs(point, self.projection.longitude, self.projection.latitude)
        if near[0] > self.projection.horizon:
            return False
        x, y = self.place(point)[0]
        return bool(0 < x < self.width and 0 < y < self.height)

    def atlas_scale(self, tolerances: tuple[float, ...]) -> int:
        """Return the coarsest scale whose simplification cannot be seen."""
        mm_a_degree = self.scale * _KM_A_DEGREE / UNITS_PER_MM
        fine = [n for n, tolerance in enumerate(tolerances) if tolerance * mm_a_degree < VISIBLE]
        return max(fine, default=0)


def arcs(points: Points, longitude: float, latitude: float) -> NDArray[np.float64]:
    """Return how many degrees of arc points lie from another one."""
    lam, phi = np.radians(points[:, 0] - longitude), np.radians(points[:, 1])
    centre = np.radians(latitude)
    cosine = np.sin(centre) * np.sin(phi) + np.cos(centre) * np.cos(phi) * np.cos(lam)
    found: NDArray[np.float64] = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return found


def _shifted(geometries: Geometries, east: NDArray[np.float64]) -> Geometries:
    """Return geometries moved to the east, each by its own degrees."""
    points, owner = shapely.get_coordinates(geometries, return_index=True)
    points[:, 0] += east[owner]
    moved: Geometries = shapely.set_coordinates(geometries.copy(), points)
    return moved


def _cap(latitude: float, radius: float) -> Any:
    """Return a cap of the sphere around a point at 180 degrees, of a radius below 90."""
    turn = np.radians(np.linspace(0, 180, 121))
    a = np.full_like(turn, np.sin(np.radians(latitude)))
    b = np.cos(np.radians(latitude)) * np.cos(turn)
    reach = np.cos(np.radians(radius)) / np.hypot(a, b)
    inside = reach < 1
    middle = np.degrees(np.arctan2(a, b))[inside]
    half = np.degrees(np.arccos(reach[inside]))
    high, low = np.clip(middle + half, -90, 90), np.clip(middle - half, -90, 90)
    # Of a cap around a pole, the meridian beyond it belongs to the other side.
    high, low = np.where(middle > 90, 90, high), np.where(middle < -90, -90, low)
    along = np.degrees(turn)[inside]
    right = shapely.polygons(np.concatenate((
        np.column_stack((180 - along, high)), np.column_stack((180 - along, low))[::-1])))
    left = shapely.transform(right, lambda points: points * [-1, 1])
    return shapely.union_all(shapely.make_valid(np.array([right, left])))


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


# ------------------------------------------------------------------ finding a view


def middle_and_span(longitudes: NDArray[np.float64]) -> tuple[float, float]:
    """Return the longitude opposite of the widest gap, and how many degrees are not in that gap."""
    ordered = np.unique(turned(longitudes))
    gaps = np.diff(ordered, append=ordered[0] + 360)
    widest = int(gaps.argmax())
    span = 360 - float(gaps[widest])
    west = float(ordered[(widest + 1) % len(ordered)])
    return float(turned(np.array([west + span / 2]))[0]), span


def _middle_of_cap(points: Points) -> tuple[float, float, float]:
    """Return longitude and latitude of the middle of the smallest cap around points, and its
    radius in degrees (Badoiu and Clarkson 2003: a step towards the farthest, ever shorter)."""
    lam, phi = np.radians(points[:, 0]), np.radians(points[:, 1])
    vectors = np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))
    centre = vectors.mean(axis=0)
    for step in range(1, 60):
        length = np.linalg.norm(centre)
        unit = centre / length if length > 1e-9 else vectors[0]
        farthest = vectors[(vectors @ unit).argmin()]
        centre = unit + (farthest - unit) / (step + 1)
    unit = centre / np.linalg.norm(centre)
    longitude, latitude = np.degrees([np.arctan2(unit[1], unit[0]), np.arcsin(unit[2])]).tolist()
    return longitude, latitude, float(arcs(points, longitude, latitude).max())


def projection_for(points: Points) -> Projection:
    """Return the projection that suits what holds some points.

    Around a pole, azimuthal. In the middle latitudes conic, which keeps shapes. Where no
    point is farther than 75 degrees from the middle, azimuthal: equal areas. Else Equal Earth.
    """
    longitude, span = middle_and_span(points[:, 0])
    south, north = float(points[:, 1].min()), float(points[:, 1].max())
    middle = (south + north) / 2
    if span > 150 and (south > 48 or north < -48):
        return LambertAzimuthalEqualArea(longitude if span < 330 else 0.0, 90.0 if south > 0
                                         else -90.0)
    fan = span * np.sin(np.radians(abs(middle)))
    if 20 <= abs(middle) <= 68 and south * north > 0 and south > -84 and north < 84 and (
            north - south < 50 and fan < 155 and span < 200):
        sixth = (north - south) / 6
        return LambertConformalConic(longitude, south + sixth, north - sixth)
    around, latitude, radius = _middle_of_cap(points)
    if radius < 75 and span < 130:
        return LambertAzimuthalEqualArea(around, latitude)
    return EqualEarth(longitude, middle)


def view_of(points: Points, width: float, least: float, greatest: float,
            padding: float = 0.04) -> View:
    """Return the view that holds all `points` (in degrees), `width` mm wide.

    Its height follows from the points, between `least` and `greatest` mm;
    `padding` is the room around them, as a share of their extent.
    """
    projection = projection_for(points)
    plane = forward(projection, points)
    (left, bottom), (right, top) = plane.min(axis=0), plane.max(axis=0)
    across = max(right - left, 20.0) * (1 + 2 * padding)
    up = max(top - bottom, 20.0) * (1 + 2 * padding)
    height = round(float(min(max(width * up / across, least), greatest)), 1)
    scale = min(width * UNITS_PER_MM / across, height * UNITS_PER_MM / up)
    half_width, half_height = width * UNITS_PER_MM / scale / 2, height * UNITS_PER_MM / scale / 2
    west, edge_north = (left + right) / 2 - half_width, (bottom + top) / 2 + half_height
    seen = _seen(projection, west, edge_north, 2 * half_width, 2 * half_height)
    return View(projection, float(west), float(edge_north), float(scale),
                round(width * UNITS_PER_MM), round(height * UNITS_PER_MM), seen)


def grid_of(frame: Frame) -> Points:
    """Return points all over a frame; it may lie across 180 degrees (west > east)."""
    east = frame.east + (360 if frame.east < frame.west else 0)
    grid = np.meshgrid(np.linspace(frame.west, east, 48),
                       np.linspace(frame.south, frame.north, 24))
    points = np.column_stack([g.ravel() for g in grid])
    points[:, 0] = turned(points[:, 0])
    return points


def _seen(projection: Projection, west: float, north: float, width: float,
          height: float) -> Frame:
    """Return the degrees that a rectangle on the plane holds, counted from the meridian."""
    xs, ys = np.linspace(west, west + width, 40), np.linspace(north - height, north, 40)
    grid = np.meshgrid(xs, ys)
    degrees = projection.relative(np.column_stack([g.ravel() for g in grid]))
    (left, bottom), (right, top) = degrees.min(axis=0), degrees.max(axis=0)
    room = min(max(right - left, top - bottom) * 0.04, 8)
    left, right = max(float(left - room), -180.0), min(float(right + room), 180.0)
    bottom, top = max(float(bottom - room), -90.0), min(float(top + room), 90.0)
    for pole in (-90.0, 90.0):
        x, y = projection.plane(np.array([[0.0, pole * 0.999]]))[0]
        if west < x < west + width and north - height < y < north:
            left, right = -180.0, 180.0
            bottom, top = min(bottom, pole), max(top, pole)
    return Frame(left, bottom, right, top)
