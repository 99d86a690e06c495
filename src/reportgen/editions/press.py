"""What a printer needs of the pages: boxes, marks, overprint, output intent (ISO 15930-7).

The pages come with their bleed around them. They get a margin for crop marks
and a slug, outside of the bleed; nothing of the page reaches beyond the bleed.
Black text overprints, so that no white line shows where plates are out of
register.
"""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

import pikepdf
from msgspec import Struct
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, String

MM = 72 / 25.4
"""pt in a millimetre"""

MARGIN = 10 * MM
"""pt around the bleed, for marks and slug."""

MARK_LENGTH = 5 * MM
MARK_WIDTH = 0.25
"""pt"""

SLUG_SIZE = 6.0
"""pt"""


class Press(Struct, frozen=True):
    """A printing condition."""

    profile: bytes
    """ICC profile, CMYK."""
    condition: str
    """Name in the registry of the ICC, as in FOGRA39."""
    ink_limit: int
    """percent"""
    slug_font: bytes
    """TrueType font in which the slug is drawn."""


def prepare_for_press(pdf: pikepdf.Pdf, press: Press, title: str) -> None:
    """Make a file for print of rendered pages in inks, with their bleed around them."""
    slug = _Slug(press.slug_font)
    registration = _registration(pdf)
    total = len(pdf.pages)
    done: set[tuple[int, int]] = set()
    states = {_OVERPRINT: Dictionary(Type=Name.ExtGState, OP=False, op=True, OPM=1),
              _KNOCKOUT: Dictionary(Type=Name.ExtGState, OP=False, op=False, OPM=0)}
    states = {name: pdf.make_indirect(state) for name, state in states.items()}
    for number, page in enumerate(pdf.pages, 1):
        trim = [float(v) for v in page.trimbox]
        bleed = [float(v) for v in page.mediabox]
        resources = pdf.make_indirect(Dictionary(dict(page.obj.Resources.items())))
        page.obj.Resources = resources
        resources.ExtGState = Dictionary({**resources.get("/ExtGState", {}), **states})
        resources.ColorSpace = Dictionary({"/PressAll": registration})
        _overprint_drawings(resources, states, done)
        words = f"{title}   page {number} of {total}   {press.condition}"
        at = trim[0] + MARK_LENGTH, bleed[1] - MARK_LENGTH
        content = (_clip(bleed) + _overprinting(page) + b"\nQ\n" + _marks(trim, bleed)
                   + slug.drawn(words, *at))
        page.obj.Contents = pdf.make_stream(content)
        _set_boxes(page.obj, trim, bleed)
        page.obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK,
                                    I=True)
        for key in ("/Annots", "/Tabs", "/StructParents"):
            if key in page.obj:
                del page.obj[key]
    for key in ("/Names", "/Dests", "/StructTreeRoot", "/MarkInfo"):
        if key in pdf.Root:
            del pdf.Root[key]
    pdf.Root.OutputIntents = Array([pdf.make_indirect(Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFX, Info=String(press.condition),
        OutputConditionIdentifier=String(press.condition),
        OutputCondition=String(press.condition),
        RegistryName=String("http://www.color.org"),
        DestOutputProfile=pdf.make_stream(press.profile, N=4)))])


# ---------------------------------------------------------------- overprint

_OVERPRINT, _KNOCKOUT = "/PressOverprint", "/PressKnockout"

_BLACK = (0.0, 0.0, 0.0, 1.0)

_FILLS = {"k": 4, "scn": 4, "sc": 4, "g": 1, "rg": 3}
"""Operators that set the fill's colour, and how many numbers a colour has that is told apart."""


def _overprint_drawings(resources: Any, states: dict[str, Any],
                        done: set[tuple[int, int]]) -> None:
    """Let what is black alone overprint in Form XObjects too, and in those that they show."""
    for drawing in resources.get("/XObject", {}).values():
        if drawing.get("/Subtype") != Name.Form or drawing.objgen in done:
            continue
        done.add(drawing.objgen)
        own = drawing.get("/Resources", Dictionary())
        own.ExtGState = Dictionary({**own.get("/ExtGState", {}), **states})
        drawing.Resources = own
        drawing.write(_overprinting(drawing))
        _overprint_drawings(own, states, done)


def _overprinting(page: Any) -> bytes:
    """Return the content of a page or Form XObject, in which what is black alone overprints.

    The text of a page is, and so are its rules (ISO 32000-1, 8.6.7).
    """
    out: list[Any] = []
    black: list[bool] = [False]
    for instruction in pikepdf.parse_content_stream(page):
        out.append(instruction)
        operator = str(instruction.operator)
        if operator == "q":
            black.append(black[-1])
        elif operator == "Q" and len(black) > 1:
            black.pop()
        elif operator in _FILLS:
            numbers = tuple(float(n) for n in instruction.operands if not isinstance(n, Name))
            now = numbers == _BLACK
            if now != black[-1]:
                black[-1] = now
                state = Name(_OVERPRINT if now else _KNOCKOUT)
                out.append(ContentStreamInstruction([state], Operator("gs")))
    return pikepdf.unparse_content_stream(out)


# ---------------------------------------------------------------- boxes and marks


def _set_boxes(page: Any, trim: list[float], bleed: list[float]) -> None:
    """Set the page's boxes (ISO 15930-7, 6.13): media around bleed around trim."""
    media = [bleed[0] - MARGIN, bleed[1] - MARGIN, bleed[2] + MARGIN, bleed[3] + MARGIN]
    for name, box in (("/MediaBox", media), ("/BleedBox", bleed), ("/TrimBox", trim)):
        page[name] = Array([round(value, 4) for value in box])
    for name in ("/CropBox", "/ArtBox"):
        if name in page:
            del page[name]


def _clip(box: list[float]) -> bytes:
    left, bottom, right, top = box
    return f"q\n{left:.4f} {bottom:.4f} {right - left:.4f} {top - bottom:.4f} re W n\n".encode()


def _marks(trim: list[float], bleed: list[float]) -> bytes:
    """Return crop marks at the corners of the trim, outside of the bleed, on all plates."""
    left, bottom, right, top = trim
    rows = []
    for x in (left, right):
        for edge, sign in ((bleed[1], -1), (bleed[3], 1)):
            rows.append((x, edge, x, edge + sign * MARK_LENGTH))
    for y in (bottom, top):
        for edge, sign in ((bleed[0], -1), (bleed[2], 1)):
            rows.append((edge, y, edge + sign * MARK_LENGTH, y))
    lines = "".join(f"{a:.4f} {b:.4f} m {c:.4f} {d:.4f} l S\n" for a, b, c, d in rows)
    return f"q\n/PressAll CS 1 SCN {MARK_WIDTH} w\n{lines}Q\n".encode()


def _registration(pdf: pikepdf.Pdf) -> Any:
    """Return the colour that is on every plate (ISO 32000-1, 8.6.6.4)."""
    function = pdf.make_indirect(Dictionary(
        FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([1, 1, 1, 1]), N=1))
    return pdf.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, function]))


class _Slug:
    """The line under a page that tells what it is, in outlines, so that it needs no font."""

    def __init__(self, font: bytes) -> None:
        self._data = font

    @cached_property
    def _font(self) -> Any:
        from fontTools.ttLib import TTFont

        return TTFont(io.BytesIO(self._data), lazy=True)

    def drawn(self, words: str, x: float, y: float) -> bytes:
        """Return the operators that draw `words` on the black plate, from (x, y) in pt."""
        glyphs, names = self._font.getGlyphSet(), self._font.getBestCmap()
        scale = SLUG_SIZE / self._font["head"].unitsPerEm
        out = ["q 0 0 0 1 k"]
        for character in words:
            glyph = glyphs.get(names.get(ord(character), "space"))
            if glyph is None:
                continue
            pen = _outline_pen(glyphs)
            glyph.draw(pen)
            if pen.rows:
                out.append(f"q {scale:.6f} 0 0 {scale:.6f} {x:.4f} {y:.4f} cm")
                out += [*pen.rows, "f Q"]
            x += glyph.width * scale
        return "\n".join([*out, "Q\n"]).encode()


def _outline_pen(glyphs: Any) -> Any:
    """Return a fontTools pen that writes path operators."""
    from fontTools.pens.basePen import BasePen

    class Pen(BasePen):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(glyphs)
            self.rows: list[str] = []

        def _moveTo(self, point: tuple[float, float]) -> None:
            self.rows.append(f"{point[0]:g} {point[1]:g} m")

        def _lineTo(self, point: tuple[float, float]) -> None:
            self.rows.append(f"{point[0]:g} {point[1]:g} l")

        def _curveToOne(self, one: tuple[float, float], two: tuple[float, float],
                        end: tuple[float, float]) -> None:
            numbers = " ".join(f"{v:.2f}" for point in (one, two, end) for v in point)
            self.rows.append(f"{numbers} c")

        def _closePath(self) -> None:
            self.rows.append("h")

    return Pen()
