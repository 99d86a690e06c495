"""Map projections, in kilometres on a sphere of the Earth's mean radius.

Longitudes are counted from the central meridian, from -180 to 180, so that a
shape that lies across 180 degrees is one shape. Formulas from J. P. Snyder, Map
Projections: A Working Manual (USGS Professional Paper 1395, 1987), whose equation
numbers stand beside them, and from Šavrič, Patterson and Jenny, The Equal Earth
map projection (2018). The tests hold them against PROJ.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

RADIUS = 6371.0088
"""Mean radius of the Earth in km (IUGG)."""

Points = NDArray[np.float64]
"""An array of shape (n, 2)."""


class Projection(Protocol):
    """From degrees to kilometres and back."""

    @property
    def longitude(self) -> float:
        """The central meridian, in degrees."""

    @property
    def latitude(self) -> float:
        """The latitude of the middle, in degrees."""

    @property
    def horizon(self) -> float:
        """Degrees of arc around the middle within which shapes may be projected."""

    def plane(self, relative: Points) -> Points:
        """Return x (east) and y (north) in km; longitudes are counted from the meridian."""

    def relative(self, plane: Points) -> Points:
        """Return longitudes, counted from the meridian, and latitudes of x and y."""


def turned(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring longitudes into -180 to 180."""
    return (degrees + 180) % 360 - 180


def forward(projection: Projection, degrees: Points) -> Points:
    """Return x and y in km of longitudes (from Greenwich) and latitudes."""
    return projection.plane(np.column_stack(
        (turned(degrees[:, 0] - projection.longitude), degrees[:, 1])))


def inverse(projection: Projection, plane: Points) -> Points:
    """Return longitudes (from Greenwich) and latitudes of x and y in km."""
    found = projection.relative(plane)
    return np.column_stack((turned(found[:, 0] + projection.longitude), found[:, 1]))


class LambertConformalConic(Struct, frozen=True):
    """Keeps shapes: for regions in the middle latitudes."""

    longitude: float
    south: float
    """Standard parallels."""
    north: float

    @property
    def latitude(self) -> float:
        return (self.south + self.north) / 2

    @property
    def horizon(self) -> float:
        return 180.0

    def _constants(self) -> tuple[float, float, float]:
        first, second = np.radians([self.south, self.north])
        if abs(self.south - self.north) < 1e-9:
            n = np.sin(first)
        else:  # (15-3)
            n = np.log(np.cos(first) / np.cos(second)) / np.log(
                np.tan(np.pi / 4 + second / 2) / np.tan(np.pi / 4 + first / 2))
        f = np.cos(first) * np.tan(np.pi / 4 + first / 2) ** n / n  # (15-2)
        middle = np.radians(self.latitude)
        origin = RADIUS * f / np.tan(np.pi / 4 + middle / 2) ** n  # (15-1a)
        return float(n), float(f), float(origin)

    def plane(self, relative: Points) -> Points:
        n, f, origin = self._constants()
        latitude = np.radians(np.clip(relative[:, 1], *((-85, 89.9) if n > 0 else (-89.9, 85))))
        rho = RADIUS * f / np.tan(np.pi / 4 + latitude / 2) ** n  # (15-1)
        theta = n * np.radians(relative[:, 0])  # (14-4)
        return np.column_stack((rho * np.sin(theta), origin - rho * np.cos(theta)))

    def relative(self, plane: Points) -> Points:
        n, f, origin = self._constants()
        x, y = plane[:, 0], origin - plane[:, 1]
        rho = np.sign(n) * np.hypot(x, y)  # (14-10)
        theta = np.arctan2(np.sign(n) * x, np.sign(n) * y)  # (14-11)
        latitude = 2 * np.arctan((RADIUS * f / rho) ** (1 / n)) - np.pi / 2  # (15-5)
        return np.column_stack((np.degrees(theta / n), np.degrees(latitude)))


class LambertAzimuthalEqualArea(Struct, frozen=True):
    """Keeps areas: for the tropics, the poles, and large parts of the world."""

    longitude: float
    latitude: float

    @property
    def horizon(self) -> float:
        return 120.0

    def plane(self, relative: Points) -> Points:
        lam = np.radians(relative[:, 0])
        latitude, centre = np.radians(relative[:, 1]), np.radians(self.latitude)
        cosine = np.sin(centre) * np.sin(latitude) + np.cos(centre) * np.cos(latitude) * np.cos(lam)
        k = RADIUS * np.sqrt(2 / np.maximum(1 + cosine, 1e-9))  # (24-2)
        x = k * np.cos(latitude) * np.sin(lam)  # (22-4)
        y = k * (np.cos(centre) * np.sin(latitude)
                 - np.sin(centre) * np.cos(latitude) * np.cos(lam))  # (22-5)
        return np.column_stack((x, y))

    def relative(self, plane: Points) -> Points:
        x, y = plane[:, 0], plane[:, 1]
        rho = np.maximum(np.hypot(x, y), 1e-9)
        c = 2 * np.arcsin(np.clip(rho / (2 * RADIUS), -1, 1))  # (24-16)
        centre = np.radians(self.latitude)
        sine = np.cos(c) * np.sin(centre) + y * np.sin(c) * np.cos(centre) / rho  # (20-14)
        lam = np.arctan2(
            x * np.sin(c),
            rho * np.cos(centre) * np.cos(c) - y * np.sin(centre) * np.sin(c))  # (20-15)
        return np.column_stack((np.degrees(lam), np.degrees(np.arcsin(np.clip(sine, -1, 1)))))


_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = np.sqrt(3) / 2


class EqualEarth(Struct, frozen=True):
    """Keeps areas and shows the whole world: for what is wider than a hundred degrees."""

    longitude: float
    latitude: float = 0.0
    """Of the middle of what is shown; the projection is the same for all."""

    @property
    def horizon(self) -> float:
        return 180.0

    def plane(self, relative: Points) -> Points:
        theta = np.arcsin(_M * np.sin(np.radians(relative[:, 1])))
        square = theta**2
        sixth = square**3
        y = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
        slope = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
        x = np.radians(relative[:, 0]) * np.cos(theta) / (_M * slope)
        return RADIUS * np.column_stack((x, y))

    def relative(self, plane: Points) -> Points:
        x, y = plane[:, 0] / RADIUS, plane[:, 1] / RADIUS
        theta = np.clip(y / _A[0], -np.pi / 3, np.pi / 3)
        for _ in range(12):  # Newton's method, on a curve that is nearly straight
            square = theta**2
            sixth = square**3
            value = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square)) - y
            slope = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
            theta = np.clip(theta - value / slope, -np.pi / 3, np.pi / 3)
        square = theta**2
        sixth = square**3
        slope = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
        lam = _M * x * slope / np.cos(theta)
        sine = np.clip(np.sin(theta) / _M, -1, 1)
        return np.column_stack((np.degrees(lam), np.degrees(np.arcsin(sine))))
