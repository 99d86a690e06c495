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
from typing import Any

import numpy as np
import shapely
from msgspec import Struct
from numpy.typing import NDArray

from reportgen.maps.projection import Points, turned
from reportgen.maps.views import Geometries
from reportgen.model import Frame, Month

_UNIT_DEGREE = 10_000


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
    status: str
    """`capital`, `seat`, `disputed`, `centre` (capitals.toml), or `town`, which a worldview makes
    of one; empty: it is none."""
    population: int
    longitude: float
    latitude: float

    @property
    def capital(self) -> bool:
        """Whether it is marked as a capital."""
        return self.status in ("capital", "seat", "centre", "disputed")


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

    def areas(self, kind: str, scale: int, frames: Sequence[Frame]) -> Areas:
        """Return the polygons of `land` or `lake` that touch one of some frames."""
        rows = self._rows("unit, rings", "polygon", "scale=? AND kind=?", (scale, kind), frames)
        if not rows:
            return Areas([], np.empty(0, object))
        points, rings = _unpacked([blob for _, blob in rows])
        edges = shapely.linearrings(points, indices=_numbered([n for r in rings for n in r]))
        return Areas([unit for unit, _ in rows],
                     shapely.polygons(edges, indices=_numbered([len(r) for r in rings])))

    def lines(self, scale: int, frames: Sequence[Frame]) -> Lines:
        """Return the lines that touch one of some frames."""
        rows = self._rows("kind, first, second, rings", "line", "scale=?", (scale,), frames)
        if not rows:
            return Lines([], np.empty(0, object))
        points, lengths = _unpacked([blob for *_, blob in rows])
        lines = shapely.linestrings(points, indices=_numbered([n for (n,) in lengths]))
        return Lines([row[:3] for row in rows], lines)

    def _rows(self, columns: str, table: str, where: str, given: tuple[object, ...],
              frames: Sequence[Frame]) -> list[tuple[Any, ...]]:
        boxes = " OR ".join("(east>? AND west<? AND north>? AND south<?)" for _ in frames)
        bounds = (n for f in frames for n in (f.west, f.east, f.south, f.north))
        return self._db.execute(f"SELECT {columns} FROM {table} WHERE {where} AND ({boxes}) "
                                "ORDER BY rowid", (*given, *bounds)).fetchall()

    def outline(self, units: Iterable[str]) -> Points:
        """Return points along the shores and borders of all pieces of some units.

        Islands that are far away and hardly any land are left out: of the land that is
        reached from the largest piece, less than a fiftieth.
        """
        pieces: list[tuple[float, Points]] = []
        for unit in units:
            row = self._db.execute("SELECT scale FROM extent WHERE unit=?", (unit,)).fetchone()
            blobs = self._db.execute(
                "SELECT rings FROM polygon WHERE unit=? AND scale=? AND kind='land' "
                "ORDER BY rowid", (unit, row[0])).fetchall() if row else []
            for (blob,) in blobs:
                points, rings = _unpacked([blob])
                ring = points[: rings[0][0]]
                pieces.append((_area(ring), ring))
        return _near(sorted(pieces, key=lambda p: -p[0]))

    def countries(self) -> list[str]:
        """Return the codes of all countries and territories."""
        return [unit for (unit,) in self._db.execute(
            "SELECT unit FROM extent WHERE unit NOT LIKE 'X-%' ORDER BY unit")]

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

    def capitals(self, unit: str, language: str, month: Month) -> list[Place]:
        """Return a country's capital, and the seat of its government if that is elsewhere."""
        rows = self._db.execute(
            f"SELECT {_PLACE}, status FROM capital JOIN place ON place.id = capital.place "
            "WHERE capital.unit=? AND since<=? AND until>? ORDER BY status",
            (unit, str(month), str(month)))
        return [self._named(row[:-1], language, month, row[-1]) for row in rows]

    def find(self, name: str, frames: Sequence[Frame], language: str, month: Month) -> list[Place]:
        """Return the places called `name` inside some frames, the largest first."""
        boxes = " OR ".join("(longitude BETWEEN ? AND ? AND latitude BETWEEN ? AND ?)"
                            for _ in frames)
        bounds = (n for f in frames for n in (f.west, f.east, f.south, f.north))
        rows = self._db.execute(
            f"SELECT {_PLACE}, status FROM alias JOIN place ON place.id = alias.place "
            "LEFT JOIN capital ON capital.place = place.id AND since<=? AND until>? "
            f"WHERE plain=? AND ({boxes}) ORDER BY status IS NULL, population DESC",
            (str(month), str(month), plain_name(name), *bounds))
        return [self._named(row[:-1], language, month, row[-1] or "") for row in rows]

    def _named(self, row: tuple[Any, ...], language: str, month: Month, status: str) -> Place:
        """Return a place under the name that it has, or had, in a language and a month."""
        number, name, unit, population, longitude, latitude = row
        for code in dict.fromkeys((language, "en")):
            found = self._db.execute(
                "SELECT name FROM dated_place WHERE place=? AND language=? AND since<=? AND "
                "until>?", (number, code, str(month), str(month))).fetchone() or self._db.execute(
                "SELECT name FROM place_name WHERE place=? AND language=?",
                (number, code)).fetchone()
            if found:
                name = found[0]
                break
        return Place(name, unit, status, population, longitude, latitude)


_PLACE = "place.id, place.name, place.unit, population, longitude, latitude"


def plain_name(name: str) -> str:
    """Fold a place's name for look-up, as tools/build_atlas.py does."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if c.isalnum() or c in " -")


def _area(ring: Points) -> float:
    """Return the area of a ring in square degrees of the equator."""
    x, y = ring[:, 0] * np.cos(np.radians(ring[:, 1])), ring[:, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


_FAR = 0.8
"""Times the extent of what is reached already: what is farther is far away."""

_HARDLY_ANY = 0.02
"""Share of the land that far islands may have, which are left out."""


def _near(pieces: list[tuple[float, Points]]) -> Points:
    """Return the points of pieces, the largest first, without those far away."""
    if not pieces:
        return np.empty((0, 2))
    spare = sum(area for area, _ in pieces) * _HARDLY_ANY
    whole = np.concatenate([ring for _, ring in pieces])
    middle = float(pieces[0][1][:, 0].mean())
    boxes = [_box(ring, middle) for _, ring in pieces]
    kept, reach = [0], boxes[0]
    waiting = list(range(1, len(pieces)))
    while waiting:
        nearest = min(waiting, key=lambda n: _gap(reach, boxes[n]))
        extent = max(reach[2] - reach[0], reach[3] - reach[1])
        lost = sum(pieces[n][0] for n in waiting)
        if _gap(reach, boxes[nearest]) > _FAR * extent and lost <= spare:
            break
        waiting.remove(nearest)
        kept.append(nearest)
        other = boxes[nearest]
        reach = (min(reach[0], other[0]), min(reach[1], other[1]),
                 max(reach[2], other[2]), max(reach[3], other[3]))
    return whole if not waiting else np.concatenate([pieces[n][1] for n in kept])


def _box(ring: Points, middle: float) -> tuple[float, float, float, float]:
    """Return the box around a ring, in degrees of the equator, longitudes from a middle."""
    shrunk = turned(ring[:, 0] - middle) * np.cos(np.radians(ring[:, 1]))
    return (float(shrunk.min()), float(ring[:, 1].min()),
            float(shrunk.max()), float(ring[:, 1].max()))


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
