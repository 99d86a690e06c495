"""Map projections, in kilometres on a sphere of the Earth's mean radius.

Formulas from J. P. Snyder, Map Projections: A Working Manual (USGS
Professional Paper 1395, 1987); the equation numbers stand beside them. The
tests hold them against PROJ.
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

    def forward(self, degrees: Points) -> Points:
        """Return x (east) and y (north) in km of longitudes and latitudes."""

    def inverse(self, kilometres: Points) -> Points:
        """Return longitudes and latitudes in degrees of x and y."""


class LambertConformalConic(Struct, frozen=True):
    """Keeps shapes: for regions in the middle latitudes."""

    longitude: float
    """Central meridian."""
    south: float
    """Standard parallels."""
    north: float

    def _constants(self) -> tuple[float, float, float]:
        first, second = np.radians([self.south, self.north])
        if abs(self.south - self.north) < 1e-9:
            n = np.sin(first)
        else:  # (15-3)
            n = np.log(np.cos(first) / np.cos(second)) / np.log(
                np.tan(np.pi / 4 + second / 2) / np.tan(np.pi / 4 + first / 2))
        f = np.cos(first) * np.tan(np.pi / 4 + first / 2) ** n / n  # (15-2)
        middle = np.radians((self.south + self.north) / 2)
        origin = RADIUS * f / np.tan(np.pi / 4 + middle / 2) ** n  # (15-1a)
        return float(n), float(f), float(origin)

    def forward(self, degrees: Points) -> Points:
        n, f, origin = self._constants()
        latitude = np.radians(np.clip(degrees[:, 1], -85, 89.9))
        rho = RADIUS * f / np.tan(np.pi / 4 + latitude / 2) ** n  # (15-1)
        theta = n * np.radians(_turned(degrees[:, 0] - self.longitude))  # (14-4)
        return np.column_stack((rho * np.sin(theta), origin - rho * np.cos(theta)))

    def inverse(self, kilometres: Points) -> Points:
        n, f, origin = self._constants()
        x, y = kilometres[:, 0], origin - kilometres[:, 1]
        rho = np.sign(n) * np.hypot(x, y)  # (14-10)
        theta = np.arctan2(np.sign(n) * x, np.sign(n) * y)  # (14-11)
        latitude = 2 * np.arctan((RADIUS * f / rho) ** (1 / n)) - np.pi / 2  # (15-5)
        return np.column_stack(
            (_turned(np.degrees(theta / n) + self.longitude), np.degrees(latitude)))


class LambertAzimuthalEqualArea(Struct, frozen=True):
    """Keeps areas: for the tropics, the poles, and large parts of the world."""

    longitude: float
    latitude: float

    def forward(self, degrees: Points) -> Points:
        turned = np.radians(degrees[:, 0] - self.longitude)
        latitude, centre = np.radians(degrees[:, 1]), np.radians(self.latitude)
        cosine = (np.sin(centre) * np.sin(latitude)
                  + np.cos(centre) * np.cos(latitude) * np.cos(turned))
        k = RADIUS * np.sqrt(2 / np.maximum(1 + cosine, 1e-9))  # (24-2)
        x = k * np.cos(latitude) * np.sin(turned)  # (22-4)
        y = k * (np.cos(centre) * np.sin(latitude)
                 - np.sin(centre) * np.cos(latitude) * np.cos(turned))  # (22-5)
        return np.column_stack((x, y))

    def inverse(self, kilometres: Points) -> Points:
        x, y = kilometres[:, 0], kilometres[:, 1]
        rho = np.maximum(np.hypot(x, y), 1e-9)
        c = 2 * np.arcsin(np.clip(rho / (2 * RADIUS), -1, 1))  # (24-16)
        centre = np.radians(self.latitude)
        sine = np.cos(c) * np.sin(centre) + y * np.sin(c) * np.cos(centre) / rho  # (20-14)
        turned = np.arctan2(
            x * np.sin(c),
            rho * np.cos(centre) * np.cos(c) - y * np.sin(centre) * np.sin(c))  # (20-15)
        return np.column_stack((
            _turned(np.degrees(turned) + self.longitude),
            np.degrees(np.arcsin(np.clip(sine, -1, 1)))))


def _turned(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring longitudes into -180 to 180."""
    return (degrees + 180) % 360 - 180


def projection_for(west: float, south: float, east: float, north: float) -> Projection:
    """Return the projection that suits an extent in degrees.

    Conformal where shapes matter and distortion is small: middle latitudes and
    less than 70 degrees across. Else equal-area, centred on the extent.
    """
    longitude, latitude = (west + east) / 2, (south + north) / 2
    middle = 18 <= abs(latitude) <= 66 and north < 80 and north - south < 40
    if middle and east - west < 70:
        sixth = (north - south) / 6
        return LambertConformalConic(longitude, south + sixth, north - sixth)
    if north > 75 and east - west > 180:
        return LambertAzimuthalEqualArea(longitude, 90)
    return LambertAzimuthalEqualArea(longitude, latitude)
