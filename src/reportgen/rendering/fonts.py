"""Embedding faces: one subset of each, with the widths and characters of the glyphs that are shown.

ISO 32000-1, 9.7 (composite fonts, Identity-H) and 9.10.3 (ToUnicode).
"""

from __future__ import annotations

from typing import Any

import pikepdf
import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, String

from reportgen.rendering.painting import Usage, font_name
from reportgen.typesetting.shaping import Face, FaceKey, FontBook

_WEIGHTS = {300: "Light", 400: "", 500: "Medium", 600: "Semi-Bold", 700: "Bold"}
_DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "STAT", "name")


def postscript_name(key: FaceKey) -> str:
    """Return the name of a face in a PDF, as the engine forms it too."""
    parts = (key.family.replace(" ", "-"), _WEIGHTS.get(key.weight, str(key.weight)),
             "Italic" if key.italic else "")
    return "-".join(part for part in parts if part)


def embed(pdf: pikepdf.Pdf, book: FontBook, usage: Usage) -> dict[str, Any]:
    """Put the faces of `usage` into `pdf`; return their font dictionaries by `font_name`."""
    return {font_name(key): _font(pdf, book.face(key.family, key.weight, italic=key.italic),
                                  usage[key])
            for key in sorted(usage, key=font_name) if usage[key]}


def subset(face: Face, glyphs: set[int]) -> bytes:
    """Return a TrueType file with these glyphs alone, under their own numbers."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
    for tag in _DROPPED:
        wanted.drop_table_tag_set.add(int.from_bytes(tag.encode(), "big"))
    return bytes(hb.subset(hb.Face(face.data), wanted).blob.data)


def _font(pdf: pikepdf.Pdf, face: Face, used: dict[int, str]) -> Any:
    name = Name(f"/{_tag(used)}+{postscript_name(face.key)}")
    data = subset(face, set(used))
    metrics = face.metrics()
    descriptor = pdf.make_indirect(Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4 | (64 if face.key.italic else 0),
        FontBBox=Array(list(metrics.box)), ItalicAngle=-12 if face.key.italic else 0,
        Ascent=round(face.ascent * 1000), Descent=-round(face.descent * 1000),
        CapHeight=metrics.cap_height, StemV=80 + max(0, face.key.weight - 400) // 5,
        FontFile2=pdf.make_stream(data, Length1=len(data))))
    descendant = pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"),
                                 Supplement=0),
        CIDToGIDMap=Name.Identity, W=_widths(face, used), FontDescriptor=descriptor))
    return pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([descendant]), ToUnicode=pdf.make_stream(_cmap(used))))


def _tag(used: dict[int, str]) -> str:
    """Return the six capitals of a subset, which its glyphs decide (ISO 32000-1, 9.6.4)."""
    import hashlib

    digest = hashlib.sha256(repr(sorted(used)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _widths(face: Face, used: dict[int, str]) -> Array:
    """Return the array W: runs of glyphs in a row."""
    out: list[Any] = []
    last = -2
    for glyph in sorted(used):
        if glyph == last + 1:
            out[-1].append(int(face.advance(glyph)))
        else:
            out += [glyph, [int(face.advance(glyph))]]
        last = glyph
    return Array([Array(part) if isinstance(part, list) else part for part in out])


def _cmap(used: dict[int, str]) -> bytes:
    rows = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>"
            for glyph, text in sorted(used.items()) if text]
    blocks = "".join(f"{len(rows[n:n + 100])} beginbfchar\n" + "\n".join(rows[n:n + 100])
                     + "\nendbfchar\n" for n in range(0, len(rows), 100))
    return ("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            f"{blocks}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend").encode()


def usage_in(font: Any) -> dict[int, str]:
    """Return the glyphs of a font that the engine has embedded, with their characters."""
    found: dict[int, str] = {}
    inside = False
    for line in font.ToUnicode.read_bytes().decode("latin-1").split("\n"):
        if "beginbfchar" in line:
            inside = True
        elif "endbfchar" in line:
            inside = False
        elif inside and line.startswith("<"):
            code, _, text = line.partition("> <")
            found[int(code[1:], 16)] = bytes.fromhex(text.rstrip("> \r")).decode("utf-16-be")
    return found
