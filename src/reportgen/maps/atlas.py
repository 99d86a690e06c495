"""The atlas: data of Natural Earth and GeoNames, in a SQLite file made by tools/build_atlas.py."""

from __future__ import annotations

import json
import re
import sqlite3
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import shapely
from msgspec import Struct
from numpy.typing import NDArray

from reportgen.maps.projection import Points
from reportgen.model import Frame, Month

_UNIT_DEGREE = 10_000


Geometries = NDArray[np.object_]
"""An array of shapely geometries."""


class Areas(Struct, frozen=True):
    """Polygons of land or water, in degrees."""

    units: list[str]
    """ISO 3166 code of each, or X-... for a piece whose owner is a matter of worldview."""
    polygons: Geometries


class Lines(Struct, frozen=True):
    """Coasts, borders and disputed lines, in degrees."""

    rows: list[tuple[str, str, str]]
    """Kind (`coast`, `border` or `disputed`) and the units on both sides of each line; `*` if
    it runs inside of one, empty for the sea."""
    lines: Geometries


class Place(Struct, frozen=True):
    """A town."""

    name: str
    unit: str
    capital: bool
    population: int
    longitude: float
    latitude: float


class Atlas:
    """Reads the atlas; never writes it. Close it, or use it in a `with` statement."""

    def __init__(self, path: Path | None = None) -> None:
        file = path or Path(str(resources.files("reportgen.maps") / "atlas.sqlite"))
        self._db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        meta = dict(self._db.execute("SELECT key, value FROM meta"))
        self.tolerances: tuple[float, ...] = tuple(json.loads(meta["tolerances"]))
        """Degrees to which each scale is simplified, finest first."""

    def __enter__(self) -> Atlas:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def areas(self, kind: str, scale: int, frame: Frame) -> Areas:
        """Return the polygons of `land` or `lake` that touch `frame`."""
        rows = self._db.execute(
            "SELECT unit, rings FROM polygon WHERE scale=? AND kind=? AND east>? AND west<? "
            "AND north>? AND south<? ORDER BY rowid",
            (scale, kind, frame.west, frame.east, frame.south, frame.north)).fetchall()
        if not rows:
            return Areas([], np.empty(0, object))
        points, rings = _unpacked([blob for _, blob in rows])
        edges = shapely.linearrings(points, indices=_numbered([n for r in rings for n in r]))
        return Areas([unit for unit, _ in rows],
                     shapely.polygons(edges, indices=_numbered([len(r) for r in rings])))

    def lines(self, scale: int, frame: Frame) -> Lines:
        """Return the lines that touch `frame`."""
        rows = self._db.execute(
            "SELECT kind, first, second, rings FROM line WHERE scale=? AND east>? AND west<? "
            "AND north>? AND south<? ORDER BY rowid",
            (scale, frame.west, frame.east, frame.south, frame.north)).fetchall()
        if not rows:
            return Lines([], np.empty(0, object))
        points, lengths = _unpacked([blob for *_, blob in rows])
        lines = shapely.linestrings(points, indices=_numbered([n for (n,) in lengths]))
        return Lines([row[:3] for row in rows], lines)

    def outline(self, units: Iterable[str]) -> Points:
        """Return points along the shores and borders of some countries.

        Of each country, only the pieces that lie not far from its largest one.
        """
        outer: list[Points] = [np.empty((0, 2))]
        for unit in units:
            rows = self._db.execute(
                "SELECT west, south, east, north, rings FROM polygon WHERE scale=2 AND "
                "kind='land' AND unit=? ORDER BY (east-west)*(north-south) DESC",
                (unit,)).fetchall()
            near = [row[4] for row in rows if _gap(rows[0][:4], row[:4]) < 6]
            for points, rings in map(_unpacked, ([blob] for blob in near)):
                outer.append(points[: rings[0][0]])
        return np.concatenate(outer)

    def knows(self, unit: str) -> bool:
        """Whether there is a country with this code."""
        row = self._db.execute("SELECT 1 FROM polygon WHERE unit=? LIMIT 1", (unit,)).fetchone()
        return row is not None

    def name(self, unit: str, language: str, month: Month) -> str:
        """Return a country's name in `language` as it was in `month`; in English failing that."""
        for code in dict.fromkeys((language, "en")):
            row = self._db.execute(
                "SELECT name FROM name WHERE unit=? AND language=? AND since<=? AND until>?",
                (unit, code, str(month), str(month))).fetchone()
            if row:
                return str(row[0])
        return unit

    def is_country(self, name: str, language: str) -> bool:
        """Whether a country goes, or went, by a name in `language` or in English."""
        return self._db.execute(
            "SELECT 1 FROM name WHERE name=? AND language IN (?, 'en') AND unit NOT LIKE 'X-%'",
            (name, language)).fetchone() is not None

    def named_in(self, text: str, language: str) -> dict[str, int]:
        """Return the countries that a text names, and how often, by their names in two languages.

        They are those of `language` and English; a name inside of another (Niger in Nigeria,
        Guinea in Equatorial Guinea) does not count.
        """
        rows = self._db.execute("SELECT DISTINCT unit, name FROM name WHERE language IN (?, 'en')",
                                (language,)).fetchall()
        names: dict[str, str] = {}
        for unit, name in rows:
            if not unit.startswith("X-") and name in text:
                names[name] = unit
        if not names:
            return {}
        longest = sorted(map(re.escape, names), key=len, reverse=True)
        found: dict[str, int] = {}
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", text):
            unit = names[match[0]]
            found[unit] = found.get(unit, 0) + 1
        return found

    def capital(self, unit: str, month: Month) -> Place | None:
        """Return a country's capital, under the name that it had in `month`."""
        row = self._db.execute(
            "SELECT name, unit, capital, population, longitude, latitude FROM place "
            "WHERE capital=1 AND unit=? ORDER BY population DESC", (unit,)).fetchone()
        return self._dated(Place(*row), month) if row else None

    def find(self, name: str, frame: Frame, month: Month) -> list[Place]:
        """Return the places called `name` inside `frame`, the largest first."""
        rows = self._db.execute(
            "SELECT name, unit, capital, population, longitude, latitude FROM place WHERE plain=? "
            "AND longitude BETWEEN ? AND ? AND latitude BETWEEN ? AND ? "
            "ORDER BY capital DESC, population DESC",
            (plain_name(name), frame.west, frame.east, frame.south, frame.north))
        return [self._dated(Place(*row), month) for row in rows]

    def _dated(self, place: Place, month: Month) -> Place:
        row = self._db.execute(
            "SELECT name FROM dated_place WHERE unit=? AND place=? AND since<=? AND until>?",
            (place.unit, place.name, str(month), str(month))).fetchone()
        if not row:
            return place
        return Place(row[0], place.unit, bool(place.capital), place.population, place.longitude,
                     place.latitude)


def plain_name(name: str) -> str:
    """Fold a place's name for look-up, as tools/build_atlas.py does."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if c.isalnum() or c in " -")


def _gap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Degrees between two boxes."""
    return max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3], 0)


def _numbered(lengths: Sequence[int]) -> NDArray[np.intp]:
    """Return for every member of groups of these lengths the number of its group."""
    return np.repeat(np.arange(len(lengths)), lengths)


def _unpacked(blobs: Sequence[bytes]) -> tuple[Points, list[tuple[int, ...]]]:
    """Undo tools/build_atlas.py's `packed`: the points of all, and the lengths of each one's rings.

    All are added up at once: a map asks for hundreds of short lines.
    """
    steps, lengths = [], []
    for data in map(zlib.decompress, blobs):
        (count,) = struct.unpack_from("<i", data)
        lengths.append(struct.unpack_from(f"<{count}i", data, 4))
        steps.append(data[4 + 4 * count:])
    whole = np.frombuffer(b"".join(steps), "<i4").reshape(-1, 2).astype(np.int64)
    sizes = np.array([sum(rings) for rings in lengths])
    begins = np.cumsum(sizes) - sizes
    summed = np.cumsum(whole, axis=0)
    before = summed[begins] - whole[begins]
    return (summed - np.repeat(before, sizes, axis=0)) / _UNIT_DEGREE, lengths
