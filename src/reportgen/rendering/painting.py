"""Painting set pages: operators of a content stream, the structure tree's marks, links.

What is painted is written as PDF at once (ISO 32000-1, 8 and 9): glyphs, positions and fonts are
known, so no engine is asked. A paragraph is one sequence of marked content a page, unless a link,
a note call or emphasis stands in it.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct, field

from reportgen.colours import operands
from reportgen.structure import Annotation, Mark, StructureElement
from reportgen.typesetting.bidi import visual_order
from reportgen.typesetting.breaking import Line
from reportgen.typesetting.inline import Piece, Role
from reportgen.typesetting.material import PlacedImage, Row, Rule, SetPage, TextLine, Thing
from reportgen.typesetting.shaping import RISE, SPELLED, Face, FaceKey, Glyphs
from reportgen.typesetting.specification import TypeSpecification

SOFT_HYPHEN = "/Span <</ActualText <FEFF00AD>>> BDC"
"""ISO 32000-1, 14.8.2.2.3: what a reader is told of a hyphen that is not the author's."""

REVERSED = "/ReversedChars BMC"
"""ISO 32000-1, 14.8.2.3.3: glyphs in a row are in the opposite order of their characters."""

_NO_NOTES = {"H1", "H2", "H3", "H4", "H5", "H6", "Link", "Span", "Em", "Strong"}

Usage = dict[FaceKey, dict[int, str]]
"""Glyphs that are shown in each face, with the characters that they stand for."""


@lru_cache(maxsize=256)
def font_name(key: FaceKey) -> str:
    """Return under which name pages ask for a face."""
    family = "".join(c for c in key.family if c.isascii() and c.isalnum())
    return f"{family}{key.weight}{'i' if key.italic else ''}"


class LinkArea(Struct, frozen=True, eq=False):
    """A link annotation: its rectangle in pt, from the lower left corner, and where it leads."""

    rectangle: tuple[float, float, float, float]
    address: str


class DrawnPage(Struct, frozen=True):
    """A painted page."""

    content: bytes
    """Content stream, deflated."""
    links: tuple[LinkArea, ...]
    images: tuple[str, ...]
    """Names of the pictures and drawings that it asks for."""


class Canvas(Struct):
    """Operators of one content stream."""

    height: float
    """of the page, pt"""
    usage: Usage
    out: list[str] = field(default_factory=list)
    _font: str = ""
    _colour: str = ""
    _scale: float = 1.0
    _counted: dict[int, Glyphs] = field(default_factory=dict)

    def rectangle(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle; one that is thin is a line, which viewers draw as thin as it is."""
        middle = self.height - y - height / 2
        if height < 1:
            self.out.append(f"{operands(colour, stroke=True)} {height:.3f} w {x:.3f} {middle:.3f} "
                            f"m {x + width:.3f} {middle:.3f} l S")
            return
        self.fill(colour)
        self.out.append(f"{x:.3f} {self.height - y - height:.3f} {width:.3f} {height:.3f} re f")

    def fill(self, colour: str) -> None:
        """Set the colour of what is filled."""
        if colour != self._colour:
            self.out.append(operands(colour, stroke=False))
            self._colour = colour

    def image(self, name: str, x: float, y: float, width: float, height: float,
              *, drawing: bool) -> None:
        """Show a picture, which is one unit wide and tall, or a drawing, which has its size."""
        scale = "1 0 0 1" if drawing else f"{width:.3f} 0 0 {height:.3f}"
        self.out.append(f"q {scale} {x:.3f} {self.height - y - height:.3f} cm /{name} Do Q")

    def line(self, line: Line, size: float, x: float, baseline: float,
             colours: dict[str, str]) -> None:
        """Show a line that belongs to nothing that is read aloud."""
        starts, ends = _places(line)
        if line.pieces:
            self.show(line.pieces, size, x + starts[0] * size / 1000, baseline, colours,
                      leads=_leads(line, starts, ends, 0, len(line.pieces)), tagged=False)

    def show(self, pieces: Sequence[Piece], size: float, x: float, baseline: float,
             colours: dict[str, str], space: float = 1.0, expansion: float = 1.0,
             *, leads: Sequence[float] | None = None, end_space: bool = False,
             tagged: bool = True) -> None:
        """Show pieces in the order of reading.

        `space` and `expansion` are factors on spaces and on all glyphs; `leads` says how far the
        pen goes before each piece, if not by its own lead.
        """
        out = self.out
        out.append("BT")
        if expansion != self._scale:
            out.append(f"{expansion * 100:.3f} Tz")
            self._scale = expansion
        out.append(f"1 0 0 1 {x:.3f} {self.height - baseline:.3f} Tm")
        run: list[str] = []
        for number, piece in enumerate(pieces):
            wanted = piece.width * (space if piece.stretches else 1.0)
            lead = piece.lead if leads is None else leads[number]
            font = f"/{font_name(piece.face.key)} {size * piece.scale:.3f} Tf"
            colour = colours[piece.colour]
            if font != self._font or colour != self._colour or piece.soft:
                if run:
                    out.append(f"[{''.join(run)}] TJ")
                    run = []
                if font != self._font:
                    out.append(font)
                    self._font = font
                self.fill(colour)
            if lead:
                run.append(f"{-lead / piece.scale:.2f} ")
            if id(piece.glyphs) not in self._counted:  # the same word is one object
                self._counted[id(piece.glyphs)] = piece.glyphs
                used = self.usage[piece.face.key]
                for glyph, text in piece.glyphs.unicode:
                    used.setdefault(glyph, text)
            if piece.soft and tagged:
                out += [SOFT_HYPHEN, f"[{piece.glyphs.shown}] TJ", "EMC"]
                continue
            shown = piece.glyphs.shown
            if piece.glyphs.complex:
                em = size * piece.scale / 1000
                shown = raised(shown, em)
                shown = SPELLED.sub(_spelled if tagged else "", shown)
                if tagged and not piece.glyphs.rightward:
                    shown = f"] TJ {REVERSED} [{shown}] TJ EMC ["
            run.append(shown)
            extra = wanted / piece.scale - piece.glyphs.width
            if abs(extra) > 0.004:
                run.append(f"{-extra:.2f} ")
        # A fallback face of Chinese characters has no space: that of another word is taken.
        spaced = next((piece for piece in reversed(pieces) if piece.face.covers(" ")), None)
        if end_space and spaced is not None:
            font = f"/{font_name(spaced.face.key)} {size * spaced.scale:.3f} Tf"
            if font != self._font:
                out += [f"[{''.join(run)}] TJ", font]
                run, self._font = [], font
            run.append(self._space(spaced.face))
        if run:
            out.append(f"[{''.join(run)}] TJ")
        out.append("ET")

    def _space(self, face: Face) -> str:
        """Return a space, which shows nothing: words are told apart by it (14.8.2.5)."""
        glyphs = face.shape(" ", (), 0.0)
        self.usage[face.key].setdefault(glyphs.unicode[0][0], " ")
        return glyphs.shown


def _places(line: Line) -> tuple[list[float], list[float]]:
    """Return where each piece of a line begins and ends, from the line's left edge.

    In thousandths of its em, with the space before each piece, which stands to the right of one
    that is read from the right.
    """
    widths = line.widths
    levels = [piece.level for piece in line.pieces]
    starts, ends = [0.0] * len(widths), [0.0] * len(widths)
    at = 0.0
    for number in visual_order(levels) if any(levels) else range(len(widths)):
        starts[number] = at
        ends[number] = at = at + widths[number]
    return starts, ends


def _link_around(element: StructureElement) -> StructureElement | None:
    link: StructureElement | None = element
    while link is not None and link.kind != "Link":
        link = link.parent
    return link


def _add_words(element: StructureElement, group: Sequence[Piece]) -> None:
    """Let a link know the words that it stands on."""
    link = _link_around(element)
    if link is not None:
        words = "".join(piece.text for piece in group if not piece.soft)
        link.words = " ".join(f"{link.words} {words}".split())


_TOUCHING = 0.5
"""pt between rectangles of a link that are one"""


def _stretches(starts: list[float], ends: list[float]) -> list[tuple[float, float]]:
    """Return what pieces take from left to right, those that touch as one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(zip(starts, ends, strict=True)):
        if found and start - found[-1][1] < 1.0:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _leads(line: Line, starts: list[float], ends: list[float], begin: int,
           stop: int) -> list[float] | None:
    """Return how far the pen goes before each of some pieces of a line; None if as they say.

    Before expansion, which moves of the pen are subject to.
    """
    if not any(piece.level for piece in line.pieces):
        return None
    leads, pen = [], starts[begin]
    for number in range(begin, stop):
        piece = line.pieces[number]
        own = piece.lead if not piece.level % 2 else 0.0
        leads.append((starts[number] - pen) / line.expansion + own)
        pen = ends[number] - (piece.lead * line.expansion if piece.level % 2 else 0.0)
    return leads


def raised(shown: str, em: float) -> str:
    """Return an operand with the operators by which glyphs stand higher, in units of `em` pt."""
    return RISE.sub(lambda match: f"] TJ {float(match[1]) * em:.3f} Ts [", shown)


def _spelled(match: re.Match[str]) -> str:
    """Return the operators that say in characters what glyphs show (ISO 32000-1, 14.9.4)."""
    if match[1] is None:
        return "] TJ EMC ["
    return f"] TJ /Span <</ActualText <FEFF{match[1]}>>> BDC ["


class _Run(Struct):
    """Where a paragraph has come to: the element of what was painted last."""

    role: Role
    element: StructureElement
    link: StructureElement | None = None
    """The link around it."""


class Painter:
    """Paints the pages of a brief."""

    def __init__(self, specification: TypeSpecification, region: str, drawings: frozenset[str],
                 notes: dict[str, StructureElement], language: str, *, tagged: bool) -> None:
        self.colours = dict(specification.palette) | {"region": region}
        self.height = specification.page.height * 72 / 25.4
        self.drawings = drawings
        self.notes = notes
        self.language = language
        self.tagged = tagged
        self.usage: Usage = defaultdict(dict)
        self.anchors: dict[str, tuple[int, float]] = {}
        """Page and height over its lower edge where each note begins."""
        self._runs: dict[int, _Run] = {}
        self._linked: tuple[int, int, float, float] | None = None
        """The link and line of the last rectangle, and where it begins and ends."""

    def paint(self, pages: list[SetPage], document: StructureElement) -> list[DrawnPage]:
        """Return the pages, painted; their marks are put into the elements below `document`."""
        painted = [self._page(number, page) for number, page in enumerate(pages)]
        document.prune()
        document.say_language_once("")
        return painted

    def _page(self, number: int, page: SetPage) -> DrawnPage:
        self.number = number
        self.canvas = Canvas(self.height, self.usage)
        self.links: list[LinkArea] = []
        self.images: list[str] = []
        self.marks = 0
        self.open: StructureElement | None = None
        self.artifact = False
        for x, y, before, row in page.rows:
            self._bars(row, x, y, before)
            for thing in row.things:
                self._thing(thing, x, y)
        for x, y, row in page.again:
            for thing in row.things:
                self._thing(thing, x, y, again=True)
        for rule in page.rules:
            self._thing(rule, 0.0, 0.0)
        for x, y, row, name in page.notes:
            self.anchors.setdefault(name, (number, self.height - y))
            for thing in row.things:
                self._thing(thing, x, y)
        self._close()
        content = "\n".join(self.canvas.out).encode()
        return DrawnPage(zlib.compress(content, 6), tuple(self.links),
                         tuple(dict.fromkeys(self.images)))

    # -- marked content

    def _close(self) -> None:
        if self.tagged and (self.open is not None or self.artifact):
            self.canvas.out.append("EMC")
        self.open, self.artifact = None, False

    def _begin(self, element: StructureElement) -> None:
        """Begin what belongs to an element, or go on with it."""
        if not self.tagged or self.open is element:
            return
        self._close()
        if not element.kids:
            element.page = self.number
        element.put(Mark(self.number, self.marks))
        self.canvas.out.append(f"/{element.kind or 'Span'} <</MCID {self.marks}>> BDC")
        self.marks += 1
        self.open = element

    def _begin_artifact(self) -> None:
        if self.tagged and not self.artifact:
            self._close()
            self.canvas.out.append("/Artifact BMC")
            self.artifact = True

    # -- things

    def _bars(self, row: Row, x: float, y: float, before: float) -> None:
        for bar in row.bars:
            self._begin_artifact()
            gap = 0.0 if bar.height < 0 else before
            self.canvas.rectangle(x + bar.x, y - gap, bar.width, row.height + gap,
                                  self.colours[bar.colour])

    def _thing(self, thing: Thing, x: float, y: float, *, again: bool = False) -> None:
        match thing:
            case Rule():
                self._begin_artifact()
                self.canvas.rectangle(x + thing.x, y + thing.y, thing.width, thing.height,
                                      self.colours[thing.colour])
            case PlacedImage():
                self._image(thing, x, y)
            case TextLine():
                self._line(thing, x, y, again=again)

    def _image(self, image: PlacedImage, x: float, y: float) -> None:
        element = image.element
        if element.alternative.strip():
            self._begin(element)
            bottom = self.height - y - image.y - image.height
            element.box = (round(x + image.x, 3), round(bottom, 3),
                           round(x + image.x + image.width, 3), round(bottom + image.height, 3))
        else:
            self._begin_artifact()
        self.images.append(image.name)
        self.canvas.image(image.name, x + image.x, y + image.y, image.width, image.height,
                          drawing=image.name in self.drawings)

    def _line(self, thing: TextLine, x: float, y: float, *, again: bool) -> None:
        line, left, em = thing.line, x + thing.x, thing.size / 1000
        pieces = line.pieces
        starts, ends = _places(line)
        begin = 0
        while begin < len(pieces):
            role = pieces[begin].role
            stop = begin + 1
            while stop < len(pieces) and pieces[stop].role == role:
                stop += 1
            group = pieces[begin:stop]
            final = stop == len(pieces)
            element = thing.element
            if again:
                self._begin_artifact()
            elif self.tagged:
                element = self._element(thing.element, role, begin == 0)
                self._begin(element)
            self.canvas.show(group, thing.size, left + starts[begin] * em, y + thing.baseline,
                             self.colours, line.space, line.expansion, tagged=self.tagged,
                             leads=_leads(line, starts, ends, begin, stop),
                             end_space=final and line.spaced)
            if role.href and self.tagged and not again:
                _add_words(element, group)
                for start, end in _stretches(starts[begin:stop], ends[begin:stop]):
                    self._link(element, group, thing, left + start * em, left + end * em, y)
            if role.note and self.tagged and not again:
                self._note_called(element, role.note)
            begin = stop

    # -- structure

    def _element(self, base: StructureElement, role: Role, first: bool) -> StructureElement:
        """Return the element for text of a role inside of `base`: the last one if it goes on."""
        if role == Role():
            self._runs[id(base)] = _Run(role, base)
            return base
        last = self._runs.get(id(base))
        if last is not None and last.role == role and not role.note:
            return last.element
        element = base
        link = None
        if role.href:
            same = last is not None and last.role.href == role.href
            link = last.link if last is not None and same else None
            if link is None:
                link = base.add(StructureElement("Link", address=role.href, page=self.number))
            element = link
        if role.lang and role.lang != self.language:
            element = element.add(StructureElement("Span", language=role.lang, page=self.number))
        for wanted, kind in ((role.strong, "Strong"), (role.emphasis, "Em")):
            if wanted:
                element = element.add(StructureElement(kind, page=self.number))
        if role.note:
            element = element.add(StructureElement("Reference", page=self.number))
        self._runs[id(base)] = _Run(role, element, link)
        return element

    def _note_called(self, reference: StructureElement, identifier: str) -> None:
        """Put the note right behind its call; it is no part of a heading or link."""
        note = self.notes[identifier]
        if note.parent is not None:
            return
        before, place = reference, reference.parent
        while place is not None and place.parent is not None and place.kind in _NO_NOTES:
            before, place = place, place.parent
        assert place is not None
        note.parent = place
        place.kids.insert(place.kids.index(before) + 1, note)
        reference.refers_to, note.refers_to = [note], [reference]

    def _link(self, element: StructureElement, group: Sequence[Piece], thing: TextLine,
              start: float, end: float, y: float) -> None:
        """Note the rectangle of a link; what stands in one line is one rectangle."""
        link = _link_around(element)
        if link is None:
            return
        face, size = group[0].face, thing.size * group[0].scale
        bottom = self.height - y - thing.baseline - face.descent * size * 0.9
        top = bottom + (face.ascent + face.descent) * size * 0.9
        touches = self._linked is not None and self._linked[:2] == (id(link), id(thing)) and (
            abs(start - self._linked[3]) < _TOUCHING or abs(end - self._linked[2]) < _TOUCHING)
        if self._linked is not None and touches:
            start = min(start, self._linked[2])  # one rectangle for all that a line has of it
            end = max(end, self._linked[3])
            area = self.links.pop()
            link.kids = [kid for kid in link.kids
                         if not (isinstance(kid, Annotation) and kid.entry is area)]
        area = LinkArea((round(start, 3), round(bottom, 3), round(end, 3), round(top, 3)),
                        link.address)
        self._linked = id(link), id(thing), start, end
        self.links.append(area)
        link.put(Annotation(self.number, area))
