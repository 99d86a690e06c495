"""A name on the cover of a finished PDF, as an incremental update: the file itself stays.

What is added (ISO 32000-1, 7.5.6) is a few kilobytes at the end: a line of
text on the first page, its font, its element in the structure tree. So a
thousand personal copies share all bytes but their last, and each is still a
tagged PDF.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zlib
from functools import lru_cache
from typing import Any

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, String

_FONT_NAME = "/ReportgenDedication"

_BLOCK = 256
"""Letters come in blocks of so many code points: who shares a script shares a font, made once."""

_SMALLEST = 0.7
"""A longer line is set smaller, down to this share of its size; then it is left out."""


class Place(Struct, frozen=True):
    """Where a line of text ends, on the first page."""

    right: float
    """pt from the left edge"""
    baseline: float
    """pt from the upper edge"""
    width: float
    """pt that it may take"""
    size: float
    """pt"""
    colour: tuple[float, float, float]
    """sRGB, each from 0 to 1"""


class Dedicator:
    """Writes lines of text on the first page of one PDF."""

    def __init__(self, pdf: bytes, place: Place, font: bytes) -> None:
        """Take a finished, tagged PDF, where to write, and a TrueType font."""
        self._pdf, self._place, self._font = pdf, place, _Font(font)
        self._start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])

    def tail(self, text: str) -> bytes:
        """Return what has to follow the PDF's bytes so that `text` stands on its cover.

        Nothing, if the font cannot set the text: letters that it has not, or
        that join or run from right to left; or if it is too long.
        """
        if not self._font.sets(text):
            return b""
        width = self._font.width(text)
        size = min(self._place.size, self._place.width / width) if width else 0.0
        if size < self._place.size * _SMALLEST:
            return b""
        with pikepdf.open(io.BytesIO(self._pdf)) as pdf:
            update = _Update(pdf, len(self._pdf), self._start)
            self._write(pdf, update, text, size, width)
            return update.as_bytes(text)

    def _write(self, pdf: pikepdf.Pdf, update: _Update, text: str, size: float,
               width: float) -> None:
        page = pdf.pages[0].obj
        identifier = self._tag(pdf, update, page)
        red, green, blue = (f"{c:.4f}" for c in self._place.colour)
        glyphs = "".join(f"{number:04X}" for number in self._font.numbers(text))
        left = self._place.right - size * width
        up = float(page.MediaBox[3]) - self._place.baseline
        drawn = (f"Q /P <</MCID {identifier}>> BDC BT {red} {green} {blue} rg {_FONT_NAME} "
                 f"{size:.3f} Tf {left:.3f} {up:.3f} Td <{glyphs}> Tj ET EMC")
        before = update.stream(b"q")
        after = update.stream(drawn.encode())
        contents = page.Contents if isinstance(page.Contents, Array) else [page.Contents]
        page.Contents = Array([before, *contents, after])
        resources = Dictionary(dict(page.Resources.items()))
        fonts = Dictionary(dict(page.Resources.Font.items()))
        fonts[_FONT_NAME] = self._font.embed(update, text)
        resources.Font = fonts
        page.Resources = resources
        update.change(page)

    @staticmethod
    def _tag(pdf: pikepdf.Pdf, update: _Update, page: Any) -> int:
        """Put a paragraph into the tree after the cover's first ones; return its identifier."""
        root = pdf.Root.StructTreeRoot
        document = root.K[0] if isinstance(root.K, Array) else root.K
        cover = document.K[0]
        numbers = root.ParentTree.Nums
        at = next(n for n in range(0, len(numbers), 2) if int(numbers[n]) == page.StructParents)
        marked = numbers[at + 1]
        identifier = len(marked)
        element = update.add(Dictionary(Type=Name.StructElem, S=Name.P, P=cover, Pg=page,
                                        K=identifier))
        marked.append(element)
        children = list(cover.K)
        first = next((n for n, kid in enumerate(children) if kid.get("/S") != Name.P), 0)
        cover.K = Array([*children[:first], element, *children[first:]])
        for changed in (cover, marked if marked.is_indirect else root.ParentTree):
            update.change(changed)
        return identifier


class _Update:
    """New and changed objects, as they stand after the end of a file (ISO 32000-1, 7.5.6)."""

    def __init__(self, pdf: pikepdf.Pdf, length: int, previous: int) -> None:
        self._pdf, self._length, self._previous = pdf, length, previous
        self._objects: dict[int, Any] = {}

    def add(self, value: Any) -> Any:
        """Return `value` as a new object."""
        made = self._pdf.make_indirect(value)
        self.change(made)
        return made

    def stream(self, data: bytes) -> Any:
        """Return a new stream."""
        return self.add(pikepdf.Stream(self._pdf, zlib.compress(data, 9),
                                       Dictionary(Filter=Name.FlateDecode)))

    def packed(self, data: bytes, length: int) -> Any:
        """Return a new stream of a font that is deflated already, and was `length` bytes long."""
        return self.add(pikepdf.Stream(self._pdf, data, Dictionary(
            Filter=Name.FlateDecode, Length1=length)))

    def change(self, changed: Any) -> None:
        """Write an object again."""
        self._objects[changed.objgen[0]] = changed

    def as_bytes(self, seed: str) -> bytes:
        """Return the update: objects, and a cross-reference stream that leads to the old one."""
        out = bytearray(b"\n")
        offsets: dict[int, int] = {}
        for number, value in sorted(self._objects.items()):
            offsets[number] = self._length + len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, _unparsed(value))
        number = max(*offsets, int(self._pdf.trailer.Size)) + 1
        offsets[number] = start = self._length + len(out)
        rows = sorted(offsets.items())
        index = Array([n for key, _ in rows for n in (key, 1)])
        data = zlib.compress(b"".join(b"\1" + at.to_bytes(4, "big") + b"\0" for _, at in rows), 9)
        old = self._pdf.trailer
        identity = hashlib.sha256(bytes(old.ID[0]) + seed.encode()).digest()[:16]
        entries = Dictionary(
            Type=Name.XRef, Size=number + 1, W=Array([1, 4, 1]), Index=index,
            Prev=self._previous, Root=old.Root, ID=Array([old.ID[0], String(identity)]),
            Filter=Name.FlateDecode, Length=len(data))
        if "/Info" in old:
            entries.Info = old.Info
        out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
            number, entries.unparse(), data, start)
        return bytes(out)


def _unparsed(value: Any) -> bytes:
    """Return an object as it stands in a file, what it refers to by number."""
    if isinstance(value, pikepdf.Stream):
        data = value.read_raw_bytes()
        entries = Dictionary({**dict(value.items()), "/Length": len(data)})
        return entries.unparse() + b"\nstream\n" + data + b"\nendstream"
    unparsed: bytes = value.unparse(resolved=True)
    return unparsed


class _Font:
    """A TrueType font of which each copy gets the letters that it needs."""

    def __init__(self, data: bytes) -> None:
        from fontTools.ttLib import TTFont

        self._data = data
        font = TTFont(io.BytesIO(data), lazy=True)
        self._letters: dict[int, str] = font.getBestCmap()
        self._order = {name: n for n, name in enumerate(font.getGlyphOrder())}
        self._units = font["head"].unitsPerEm
        self._advances = {name: font["hmtx"][name][0] for name in self._letters.values()}
        self._face = font["OS/2"], font["hhea"], font["head"]
        self._name = str(font["name"].getDebugName(6))

    def sets(self, text: str) -> bool:
        """Whether each letter is a glyph of its own, one after the other."""
        return bool(text.strip()) and all(
            ord(c) in self._letters and not unicodedata.combining(c)
            and unicodedata.bidirectional(c) not in ("R", "AL", "AN") for c in text)

    def width(self, text: str) -> float:
        """Return how wide `text` is, in its type size."""
        advances = sum(self._advances[self._letters[ord(c)]] for c in text)
        return float(advances / self._units)

    def numbers(self, text: str) -> list[int]:
        """Return the glyphs of `text`."""
        return [self._order[self._letters[ord(c)]] for c in text]

    def embed(self, update: _Update, text: str) -> Any:
        """Return a composite font with the letters of `text` (ISO 32000-1, 9.7)."""
        letters = "".join(sorted(set(text)))
        blocks = tuple(sorted({0, *(ord(c) // _BLOCK for c in text)}))
        subset = _subset(self._data, tuple(c for c in self._letters if c // _BLOCK in blocks))
        tag = "".join(chr(65 + b % 26) for b in hashlib.sha256(repr(blocks).encode()).digest()[:6])
        name = Name(f"/{tag}+{self._name}")
        metrics, lines, head = self._face
        scale = 1000 / self._units
        box = [round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]
        descriptor = update.add(Dictionary(
            Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array(box), ItalicAngle=0,
            Ascent=round(lines.ascent * scale), Descent=round(lines.descent * scale),
            CapHeight=round(metrics.sCapHeight * scale), StemV=80,
            FontFile2=update.packed(*subset)))
        widths = Array([item for c in letters for item in (
            self.numbers(c)[0], Array([round(self.width(c) * 1000)]))])
        descendant = update.add(Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, FontDescriptor=descriptor,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"),
                                     Supplement=0),
            CIDToGIDMap=Name.Identity, W=widths))
        return update.add(Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]),
            ToUnicode=update.stream(self._to_unicode(letters))))

    def _to_unicode(self, letters: str) -> bytes:
        """Return the map from glyphs to what they say (ISO 32000-1, 9.10.3)."""
        rows = [f"<{self.numbers(c)[0]:04X}> <{c.encode('utf-16-be').hex().upper()}>"
                for c in letters]
        blocks = [rows[n : n + 100] for n in range(0, len(rows), 100)]
        return "\n".join([
            "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
            "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange",
            *(line for block in blocks for line in (
                f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]).encode()


@lru_cache(maxsize=16)
def _subset(font: bytes, letters: tuple[int, ...]) -> tuple[bytes, int]:
    """Return a font with the glyphs of `letters` alone, under their old numbers.

    Deflated, and how long it was before.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(retain_gids=True, notdef_outline=True, glyph_names=False, hinting=False,
                      layout_features=[], name_IDs=[], recalc_timestamp=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "STAT", "name", "post"]
    loaded = TTFont(io.BytesIO(font), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(loaded)
    out = io.BytesIO()
    loaded.save(out)
    return zlib.compress(out.getvalue(), 9), len(out.getvalue())
