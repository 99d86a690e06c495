"""Make the static fonts of the shipped themes from the variable Source families.

Run by hand, once in a while, with the tools' requirements installed:

    .venv/bin/pip install fonttools==4.68.0
    .venv/bin/python tools/build_fonts.py

Downloads two pinned packages from the package index, cuts the static faces
that the themes use, renames them (both families carry the Reserved Font Name
"Source", SIL OFL 1.1, section 3), and writes them with the licence and
PROVENANCE.toml into styles/fonts. The same packages give the same bytes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TARGET = Path(__file__).resolve().parent.parent / "styles" / "fonts"


@dataclass(frozen=True)
class Package:
    """A wheel to take fonts from."""

    name: str
    version: str
    sha256: str
    licence: str


SERIF = Package(
    "fontpkg-source-serif-4",
    "4.4",
    "6c33ac5d27b0396b0ed228e400d9c7ee4445c359ce21b3d8d9b9723e8c5c49a7",
    "fontpkg_source_serif_4/LICENSE",
)
SANS = Package(
    "fontpkg-source-sans-3",
    "3.52",
    "2e931608ceeaad770916b53a35cf87090e28133875bf770e41b266146126abd8",
    "fontpkg_source_sans_3/LICENSE",
)


@dataclass(frozen=True)
class Face:
    """One static face: where it comes from and what it is called."""

    family: str
    package: Package
    file: str
    weight: int
    optical_size: int | None
    italic: bool = False

    @property
    def style(self) -> str:
        name = {300: "Light", 400: "Regular", 600: "Semibold", 700: "Bold"}[self.weight]
        if not self.italic:
            return name
        return "Italic" if name == "Regular" else f"{name} Italic"

    @property
    def filename(self) -> str:
        return f"{self.family}-{self.style}.ttf".replace(" ", "")


def faces() -> list[Face]:
    """The faces that the themes use, smallest optical size first."""
    roman = "fontpkg_source_serif_4/files/SourceSerif4[opsz,wght].ttf"
    italic = "fontpkg_source_serif_4/files/SourceSerif4-Italic[opsz,wght].ttf"
    sans = "fontpkg_source_sans_3/files/SourceSans3[wght].ttf"
    sans_italic = "fontpkg_source_sans_3/files/SourceSans3-Italic[wght].ttf"
    return [
        *(Face("Bulletin Caption", SERIF, roman, w, 8) for w in (400, 600)),
        Face("Bulletin Caption", SERIF, italic, 400, 8, italic=True),
        *(Face("Bulletin Text", SERIF, roman, w, 11) for w in (400, 600)),
        *(Face("Bulletin Text", SERIF, italic, w, 11, italic=True) for w in (400, 600)),
        *(Face("Bulletin Display", SERIF, roman, w, 48) for w in (300, 400, 600)),
        Face("Bulletin Display", SERIF, italic, 400, 48, italic=True),
        *(Face("Bulletin Sans", SANS, sans, w, None) for w in (400, 600, 700)),
        Face("Bulletin Sans", SANS, sans_italic, 400, None, italic=True),
    ]


def fetch(package: Package, folder: Path) -> Path:
    """Download `package` into `folder`, check its hash, return the wheel."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
         "--dest", str(folder), f"{package.name}=={package.version}"],
        check=True,
    )
    wheel = next(folder.glob(package.name.replace("-", "_") + "-*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{wheel.name}: expected sha256 {package.sha256}, found {found}")
    return wheel


def cut(face: Face, source: Path, target: Path) -> None:
    """Write the static cut `face` of the variable font `source` to `target`."""
    font = TTFont(source, recalcTimestamp=False)
    location: dict[str, float] = {"wght": face.weight}
    if face.optical_size is not None:
        location["opsz"] = face.optical_size
    instantiateVariableFont(font, location, inplace=True)
    rename(font, face)
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (
        1 if face.italic else 0b1000000
    )
    font["head"].macStyle = 2 if face.italic else 0
    for table in ("STAT", "DSIG"):
        if table in font:
            del font[table]
    font.save(target, reorderTables=True)


def rename(font: TTFont, face: Face) -> None:
    """Give `font` the names of `face`, and drop every other mention of the old ones."""
    names = font["name"]
    keep = {0: names.getDebugName(0), 7: None, 13: names.getDebugName(13),
            14: names.getDebugName(14)}
    names.names = []
    full = f"{face.family} {face.style}"
    values = {
        **keep,
        1: full if face.style not in ("Regular", "Italic") else face.family,
        2: "Italic" if face.italic else "Regular",
        3: f"{full};{face.package.name} {face.package.version}",
        4: full,
        5: f"Version {face.package.version}",
        6: face.filename.removesuffix(".ttf"),
        16: face.family,
        17: face.style,
    }
    for identifier, value in sorted(values.items()):
        if value:
            names.setName(value, identifier, 3, 1, 0x409)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.ttf"):
        old.unlink()
    provenance = [
        "# Made by tools/build_fonts.py: which packages the fonts of this folder were cut from.",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheels = {package: fetch(package, folder) for package in (SERIF, SANS)}
        for package, wheel in wheels.items():
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
            licence = TARGET / f"OFL-{package.name.removeprefix('fontpkg-')}.txt"
            licence.write_bytes((folder / package.licence).read_bytes())
            provenance += [
                "", "[[package]]", f'name = "{package.name}"', f'version = "{package.version}"',
                f'sha256 = "{package.sha256}"', 'licence = "OFL-1.1"',
                f'licence_file = "{licence.name}"',
            ]
        for face in faces():
            target = TARGET / face.filename
            cut(face, folder / face.file, target)
            provenance += [
                "", "[[font]]", f'file = "{target.name}"', f'family = "{face.family}"',
                f"weight = {face.weight}", f"italic = {str(face.italic).lower()}",
                f'from = "{Path(face.file).name}"',
                f'sha256 = "{hashlib.sha256(target.read_bytes()).hexdigest()}"',
            ]
            print(target.name, target.stat().st_size)
    (TARGET / "PROVENANCE.toml").write_text("\n".join(provenance) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
