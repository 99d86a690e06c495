"""Drawings as Form XObjects: the SVG that reportgen's maps are made of, as operators.

What is understood is what `reportgen.maps.drawing` writes: rectangles, paths of straight lines
between whole numbers, circles, text, a hatched fill. Anything else raises ValueError, so a drawing
is never shown with a part missing.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

from msgspec import Struct

from reportgen.colours import operands
from reportgen.rendering.painting import Usage, font_name, raised
from reportgen.typesetting.scripts import shaped_label
from reportgen.typesetting.shaping import SPELLED, FaceKey, FontBook, Glyphs

_POLYLINES = re.compile(r"(?:M-?\d+,-?\d+L-?\d+,-?\d+(?: -?\d+,-?\d+)*z?)+")
_KAPPA = 0.5522847
"""Length of the handles of a quarter of a circle, of its radius."""

HALO = "Halo"
"""Name of the graphics state of what is seen through."""


class Form(Struct, frozen=True):
    """A drawing, ready to be shown."""

    content: bytes
    """Content stream, deflated."""
    width: float
    """pt"""
    height: float
    """pt"""
    usage: Usage
    opacities: tuple[float, ...]
    """Opacities of strokes; their graphics states are called Halo0, Halo1 ..."""


def form_of(svg: str, width: float, book: FontBook) -> Form:
    """Return a drawing, `width` pt wide. Raises ValueError if it holds what is not understood."""
    root = ElementTree.fromstring(svg)
    _, _, across, down = (float(n) for n in root.attrib["viewBox"].split())
    scale = width / across
    height = down * scale
    painter = _Painter(book, across, down)
    painter.out.append(f"{scale:.6f} 0 0 {-scale:.6f} 0 {height:.4f} cm")
    for node in root:
        painter.draw(node)
    content = "\n".join(painter.out).encode()
    return Form(zlib.compress(content, 6), width, height, painter.usage,
                tuple(painter.opacities))


class _Painter:
    def __init__(self, book: FontBook, across: float, down: float) -> None:
        self.book = book
        self.size = across, down
        self.out: list[str] = []
        self.usage: Usage = defaultdict(dict)
        self.opacities: list[float] = []
        self.hatch = ""
        """Colour of the lines of a hatched fill."""
        self._state: dict[str, str] = {}

    def draw(self, node: ElementTree.Element) -> None:
        tag = node.tag.rpartition("}")[2]
        drawer = {"rect": self._rectangle, "path": self._path, "circle": self._circle,
                  "text": self._text, "defs": self._definitions}.get(tag)
        if drawer is None:
            raise ValueError(f"<{tag}> is not drawn")
        drawer(node)

    def _definitions(self, node: ElementTree.Element) -> None:
        [lines] = node[0]
        self.hatch = lines.attrib["fill"]

    def _set(self, key: str, operator: str) -> None:
        if self._state.get(key) != operator:
            self._state[key] = operator
            self.out.append(operator)

    def _paint(self, node: ElementTree.Element, shape: list[str]) -> None:
        """Fill and stroke a shape."""
        get = node.attrib.get
        fill, stroke = get("fill", "#000000"), get("stroke", "none")
        if fill == "url(#hatch)":
            self._hatched(shape)
            fill = "none"
            if stroke == "none":
                return
        if fill != "none":
            self._set("fill", operands(fill, stroke=False))
        if stroke != "none":
            self._set("stroke", operands(stroke, stroke=True))
            self._set("width", f"{float(get('stroke-width', '1')):g} w")
            self._set("join", "1 j" if get("stroke-linejoin") == "round" else "0 j")
            dash = get("stroke-dasharray", "").replace(",", " ")
            self._set("dash", f"[{dash}] 0 d")
        operator = {(True, True): "B", (True, False): "f", (False, True): "S",
                    (False, False): "n"}[fill != "none", stroke != "none"]
        self.out += [*shape, operator]

    def _hatched(self, shape: list[str]) -> None:
        """Fill a shape with slanted lines."""
        across, down = self.size
        self.out += ["q", *shape, "W n", operands(self.hatch, stroke=True), "14 w [] 0 d"]
        step = 60 * 2**0.5
        at = -down
        while at < across + down:
            self.out.append(f"{at:.1f} 0 m {at + down:.1f} {down:g} l S")
            at += step
        self.out.append("Q")

    def _rectangle(self, node: ElementTree.Element) -> None:
        x, y, width, height = (float(node.attrib.get(k, "0")) for k in
                               ("x", "y", "width", "height"))
        self._paint(node, [f"{x:g} {y:g} {width:g} {height:g} re"])

    def _path(self, node: ElementTree.Element) -> None:
        data = node.attrib["d"]
        if not _POLYLINES.fullmatch(data):
            raise ValueError("a path of curves is not drawn")
        shape: list[str] = []
        for line in data[1:].split("M"):
            start, _, steps = line.partition("L")
            shape += [f"{start} m", steps.rstrip("z").replace(" ", " l\n") + " l"]
            if line.endswith("z"):
                shape.append("h")
        shape = ["\n".join(shape).replace(",", " ")]
        self._paint(node, shape)

    def _circle(self, node: ElementTree.Element) -> None:
        x, y, r = (float(node.attrib[k]) for k in ("cx", "cy", "r"))
        k = r * _KAPPA
        self._paint(node, [
            f"{x + r:g} {y:g} m",
            f"{x + r:g} {y + k:.2f} {x + k:.2f} {y + r:g} {x:g} {y + r:g} c",
            f"{x - k:.2f} {y + r:g} {x - r:g} {y + k:.2f} {x - r:g} {y:g} c",
            f"{x - r:g} {y - k:.2f} {x - k:.2f} {y - r:g} {x:g} {y - r:g} c",
            f"{x + k:.2f} {y - r:g} {x + r:g} {y - k:.2f} {x + r:g} {y:g} c h"])

    def _text(self, node: ElementTree.Element) -> None:
        get = node.attrib.get
        size = float(get("font-size", "10"))
        face = self.book.face(get("font-family", ""), int(get("font-weight", "400")),
                              italic=get("font-style") == "italic")
        tracking = float(get("letter-spacing", "0")) / size
        shown: list[str] = []
        last: FaceKey | None = None
        for used, glyphs in shaped_label(node.text or "", face, self.book, tracking):
            if used.key != last:
                shown.append(f"{'] TJ ' if last else ''}/{font_name(used.key)} {size:g} Tf [")
                last = used.key
            shown.append(_bare(glyphs, size))
            for glyph, text in glyphs.unicode:
                self.usage[used.key].setdefault(glyph, text)
        x, y = float(get("x", "0")), float(get("y", "0"))
        stroke = get("stroke", "none")
        self.out.append("q")
        if stroke != "none":
            opacity = float(get("stroke-opacity", "1"))
            if opacity not in self.opacities:
                self.opacities.append(opacity)
            self.out += [f"/{HALO}{self.opacities.index(opacity)} gs", "1 Tr 1 j [] 0 d",
                         operands(stroke, stroke=True),
                         f"{float(get('stroke-width', '1')):g} w"]
        else:
            self.out += ["0 Tr", operands(get("fill", "#000000"), stroke=False)]
        self.out += ["BT", f"1 0 0 -1 {x:g} {y:g} Tm", f"{''.join(shown)}] TJ ET Q"]


def measured_with(book: FontBook, typeface: str,
                  known: Callable[[str, bool], float]) -> Callable[[str, bool], float]:
    """Return what measures a name in em, in semibold or not, whatever script it is in.

    `known` measures those that `typeface` has the characters of.
    """
    @cache
    def measure(words: str, bold: bool) -> float:
        face = book.face(typeface, 600 if bold else 400, italic=False)
        if all(map(face.covers, words)):
            return known(words, bold)
        return sum(glyphs.width for _, glyphs in shaped_label(words, face, book, 0.0)) / 1000

    return measure


def _bare(glyphs: Glyphs, size: float) -> str:
    """Return the operand of a part of a name; a drawing is not read aloud, so nothing spells it."""
    if not glyphs.complex:
        return glyphs.shown
    return raised(SPELLED.sub("", glyphs.shown), size / 1000)
