"""Make the static fonts of the shipped themes from the variable Source families, and take the faces
of other scripts from Noto.

Run by hand, once in a while, on Debian 12 with npm, with the tools' requirements installed:

    .venv/bin/pip install fonttools==4.68.0
    .venv/bin/python tools/build_fonts.py

Downloads pinned packages, cuts the static faces that the themes use, renames them (both Source
families carry the Reserved Font Name "Source", SIL OFL 1.1, section 3), and writes them with the
licences and PROVENANCE.toml into styles/fonts. Noto reserves no name: its files are copied as they
are; of Chinese, Japanese and Korean those characters are taken that standards of these languages
have, with TrueType outlines. The same packages give the same bytes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.tables.otBase import USE_HARFBUZZ_REPACKER
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


NOTO = Package(
    "fonts-noto-core",
    "20201225-1",
    "58f4f0bb6720f919f92096b3508e1412a0f1544424ade6c5b5bf1eb694dd64ba",
    "usr/share/doc/fonts-noto-core/copyright",
)
"""A package of Debian."""

CJK = Package(
    "fonts-noto-cjk",
    "1:20220127+repack1-1",
    "4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502",
    "usr/share/doc/fonts-noto-cjk/copyright",
)
"""A package of Debian."""

EMOJI = Package(
    "@expo-google-fonts/noto-emoji",
    "0.4.7",
    "6a25fd5a4da5bb34bbc2d300531bbf32de86afd866e119314d7e358f61a6104d",
    "package/LICENSE_FONT",
)
"""A package of npm."""


@dataclass(frozen=True)
class Copied:
    """A face that is shipped as its package has it."""

    family: str
    package: Package
    file: str
    weight: int

    @property
    def filename(self) -> str:
        return f"{self.family}-{'Bold' if self.weight == 700 else 'Regular'}.ttf".replace(" ", "")


def copied() -> list[Copied]:
    """The faces of other scripts, and the signs of chats."""
    folder = "usr/share/fonts/truetype/noto"
    families = ("Noto Serif Armenian", "Noto Serif Devanagari", "Noto Serif Ethiopic",
                "Noto Serif Georgian", "Noto Serif Hebrew", "Noto Naskh Arabic",
                "Noto Serif Thai")
    faces = [Copied(family, NOTO, f"{folder}/{family.replace(' ', '')}-{style}.ttf", weight)
             for family in families for style, weight in (("Regular", 400), ("Bold", 700))]
    return [*faces,
            Copied("Noto Emoji", EMOJI, "package/400Regular/NotoEmoji_400Regular.ttf", 400)]


EAST_ASIAN = Copied("Noto Serif CJK SC", CJK,
                    "usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 400)
"""The face of which the frequent characters are taken."""


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


def fetch(package: Package, folder: Path) -> None:
    """Download `package`, check its hash, and unpack it into `folder`."""
    downloads = folder / "downloads"
    downloads.mkdir(exist_ok=True)
    before = set(downloads.iterdir())
    named = f"{package.name}=={package.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", named]
    if package in (NOTO, CJK):
        command = ["apt-get", "download", "--quiet", f"{package.name}={package.version}"]
    elif package is EMOJI:
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, check=True, cwd=downloads)
    (file,) = set(downloads.iterdir()) - before
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{file.name}: expected sha256 {package.sha256}, found {found}")
    if file.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
    elif file.suffix == ".tgz":
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    else:
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)


def cut(face: Face, source: Path, target: Path) -> None:
    """Write the static cut `face` of the variable font `source` to `target`."""
    font = TTFont(source, recalcTimestamp=False)
    font.cfg[USE_HARFBUZZ_REPACKER] = False  # the same bytes whether it is installed or not
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


def east_asian_characters() -> set[int]:
    """Return what GB 2312, level 1 of Big5 and of JIS X 0208, and KS X 1001 have, and kana."""
    han, hangul = range(0x4E00, 0xA000), range(0xAC00, 0xD7A4)

    def has(codec: str, point: int, last: int = 0xFF) -> bool:
        code = chr(point).encode(codec, "ignore")
        return len(code) == 2 and code[0] <= last

    levels = (("gb2312", han, 0xFF), ("big5", han, 0xC6), ("shift_jis", han, 0x97),
              ("euc_kr", hangul, 0xFF))
    found = {p for codec, points, last in levels for p in points if has(codec, p, last)}
    blocks = ((0x3000, 0x3100), (0x3105, 0x3130), (0x3131, 0x318F), (0xFF01, 0xFFEF))
    return found | {point for block in blocks for point in range(*block)} | {0x2E80}


def take_east_asian(source: Path, target: Path) -> None:
    """Write the frequent characters of the face of simplified Chinese, with TrueType outlines."""
    font = next(f for f in TTCollection(source).fonts
                if f["name"].getDebugName(1) == EAST_ASIAN.family)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GPOS", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=east_asian_characters())
    subsetter.subset(font)
    outlines, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, 1.5, reverse_direction=True))  # of 1000 units an em
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    largest = font["maxp"]
    largest.tableVersion, largest.maxZones, largest.maxComponentElements = 0x00010000, 1, 0
    for key in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                "maxStackElements", "maxSizeOfInstructions"):
        setattr(largest, key, 0)
    font["glyf"].compile(font)
    del font["CFF "]
    font["post"].formatType = 3.0
    font.sfntVersion = "\0\1\0\0"
    font.recalcTimestamp = False
    font.save(target)


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
    made: list[Face | Copied] = [*faces(), *copied(), EAST_ASIAN]
    for old in TARGET.glob("*.ttf"):
        old.unlink()
    provenance = [
        "# Made by tools/build_fonts.py: of which packages the fonts of this folder were made.",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in (SERIF, SANS, NOTO, CJK, EMOJI):
            fetch(package, folder)
            short = package.name.removeprefix("fontpkg-").rpartition("/")[2]
            licence = TARGET / f"OFL-{short}.txt"
            licence.write_bytes((folder / package.licence).read_bytes())
            provenance += [
                "", "[[package]]", f'name = "{package.name}"', f'version = "{package.version}"',
                f'sha256 = "{package.sha256}"', 'licence = "OFL-1.1"',
                f'licence_file = "{licence.name}"',
            ]
        for face in made:
            target = TARGET / face.filename
            if face is EAST_ASIAN:
                take_east_asian(folder / face.file, target)
            elif isinstance(face, Copied):
                target.write_bytes((folder / face.file).read_bytes())
            else:
                cut(face, folder / face.file, target)
            italic = isinstance(face, Face) and face.italic
            provenance += [
                "", "[[font]]", f'file = "{target.name}"', f'family = "{face.family}"',
                f"weight = {face.weight}", f"italic = {str(italic).lower()}",
                f'from = "{Path(face.file).name}"',
                f'sha256 = "{hashlib.sha256(target.read_bytes()).hexdigest()}"',
            ]
            print(target.name, target.stat().st_size)
    (TARGET / "PROVENANCE.toml").write_text("\n".join(provenance) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
