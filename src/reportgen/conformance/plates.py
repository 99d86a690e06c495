"""Plates: what each of the four inks prints, as Ghostscript separates it.

Ghostscript is run as a program of its own, with no access to files but the
one that it is given.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from msgspec import Struct
from PIL import Image, ImageCms

from reportgen.conformance.verdicts import CannotVerify

if TYPE_CHECKING:
    import numpy as np  # loaded where plates are made: it takes a tenth of a second

DPI = 100

INKS = ("Cyan", "Magenta", "Yellow", "Black")

TIMEOUT = 600
"""seconds"""


class Plates(Struct, frozen=True):
    """The plates of one page, inside its bleed."""

    inks: np.ndarray
    """Coverage, 0 to 1: an array of rows, columns and the four inks."""

    @property
    def most_ink(self) -> float:
        """The most that the four carry together, in percent."""
        return float(self.inks.sum(axis=2).max() * 100)


def ghostscript() -> str | None:
    """Return Ghostscript's version, or None where it is not installed."""
    program = shutil.which("gs")
    if program is None:
        return None
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False,
                              timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def plates_of(pdf: bytes) -> list[Plates]:
    """Return the plates of every page. Raises CannotVerify if Ghostscript fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.pdf"
        path.write_bytes(pdf)
        command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep",
                   f"-r{DPI * 2}", "-dDownScaleFactor=2", "-dOverprint=/enable",
                   f"-sOutputFile={folder}/page-%d.tif", str(path)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT,
                                  check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotVerify(f"Ghostscript: {error}") from error
        if done.returncode:
            raise CannotVerify(f"Ghostscript: {(done.stderr or done.stdout).strip()[:200]}")
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            boxes = [([float(v) for v in page.mediabox],
                      [float(v) for v in page.obj.get("/BleedBox", page.mediabox)])
                     for page in opened.pages]
        try:
            return [_plates(Path(folder), number, *pair) for number, pair in enumerate(boxes, 1)]
        except (OSError, ValueError) as error:
            raise CannotVerify(f"Ghostscript made no plates: {error}") from error


def _plates(folder: Path, page: int, media: list[float], bleed: list[float]) -> Plates:
    import numpy as np

    inks = []
    spots = [p for p in folder.glob(f"page-{page}(*).tif")
             if p.stem.partition("(")[2].rstrip(")") not in INKS]
    if spots:
        raise CannotVerify(f"page {page} has a spot colour: {spots[0].stem.partition('(')[2][:-1]}")
    for ink in INKS:
        path = folder / f"page-{page}({ink}).tif"
        with Image.open(path) as plate:
            inks.append(1 - np.asarray(plate.convert("L"), dtype=np.float32) / 255)
    scale = DPI / 72
    rows = slice(round((media[3] - bleed[3]) * scale) + 1, round((media[3] - bleed[1]) * scale) - 1)
    columns = slice(round((bleed[0] - media[0]) * scale) + 1,
                    round((bleed[2] - media[0]) * scale) - 1)
    inside = np.stack(inks, axis=2)[rows, columns]
    if not inside.size:
        raise CannotVerify(f"page {page} has no area inside of its bleed")
    return Plates(inside)


def proof(plates: list[Plates], profile: bytes) -> bytes:
    """Return a PNG of all pages as the plates print them, four in a row, in sRGB."""
    import numpy as np

    pages = [Image.fromarray((p.inks * 255).round().astype(np.uint8), "CMYK") for p in plates]
    width, height = (max(page.width for page in pages) // 2 + 12,
                     max(page.height for page in pages) // 2 + 12)
    rows = -(-len(pages) // 4)
    sheet = Image.new("RGB", (width * min(len(pages), 4) + 12, height * rows + 12), "#808080")
    convert = ImageCms.buildTransform(ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                                      ImageCms.createProfile("sRGB"), "CMYK", "RGB")
    for number, page in enumerate(pages):
        small = page.resize((page.width // 2, page.height // 2), Image.Resampling.BOX)
        seen = ImageCms.applyTransform(small, convert)
        assert seen is not None
        sheet.paste(seen, (12 + number % 4 * width, 12 + number // 4 * height))
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()
