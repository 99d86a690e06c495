"""Reading facts off laid-out pages: where notes, texts and links came to stand.

WeasyPrint's box trees are private; this room alone walks them. Lengths are in
CSS px (1/96 inch), from the upper left corner of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from reportgen.rendering.engine import Layout

_LEEWAY = 1.5
"""CSS px that a glyph may hang over its box without being seen to."""


@dataclass(frozen=True)
class Overflow:
    """Text that came to stand outside of its box or of the page's type area."""

    page: int
    text: str
    where: str
    brief: str


@dataclass(frozen=True)
class Slot:
    """A place that a template keeps free for what is printed on a finished PDF."""

    page: int
    right: float
    """CSS px from the left edge of the page: text ends there."""
    baseline: float
    """CSS px from the upper edge."""
    width: float
    """CSS px"""
    size: float
    """Of the type, CSS px."""
    colour: tuple[float, float, float]
    """sRGB, each from 0 to 1."""


@dataclass
class BriefFacts:
    """How a brief came to stand."""

    anchor: str
    pages: list[int] = field(default_factory=list)
    last_fill: float = 0.0
    """Share of the column's height that text takes on the brief's last page."""
    least_fill: float = 1.0
    """The same of its emptiest page but the last."""
    last_lines: int = 0


@dataclass
class PageFacts:
    """What is known of a layout."""

    pages: int
    briefs: dict[str, BriefFacts] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    """Page of each note's call, by the note's identifier."""
    notes: dict[str, int] = field(default_factory=dict)
    """Page of each note."""
    single: dict[str, set[int]] = field(default_factory=dict)
    """Pages of each element that must stand on one: a cover, the side column of a brief."""
    overflows: list[Overflow] = field(default_factory=list)
    dead_links: list[tuple[int, str]] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    """Places that are kept free, by the name in `data-slot`."""


def inspect(layout: Layout) -> PageFacts:
    """Return the facts of a layout; pages are counted from 1."""
    pages = layout.document.pages
    facts = PageFacts(len(pages))
    anchors = {name for page in pages for name in page.anchors}
    for number, page in enumerate(pages, 1):
        for kind, target, *_ in page.links:
            if kind == "internal" and target not in anchors:
                facts.dead_links.append((number, target))
        _Walk(facts, number, page._page_box).run()
    return facts


class _Walk:
    """Walks the boxes of one page."""

    def __init__(self, facts: PageFacts, number: int, page_box: Any) -> None:
        self.facts = facts
        self.number = number
        self.page = page_box
        self.width, self.height = page_box.margin_width(), page_box.margin_height()
        self.bottom = page_box.content_box_y() + page_box.height
        self.fills: dict[str, tuple[float, float, int]] = {}
        """Of each brief: top of its column, bottom of its last line, number of its lines."""

    def run(self) -> None:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self.boxes, self.placeholder = boxes, AbsolutePlaceholder
        for child in self.page.children:
            if isinstance(child, boxes.FootnoteAreaBox):
                self._footnotes(child)
            self._visit(child, _Place("", child))
        for anchor, (top, bottom, lines) in self.fills.items():
            self._fill(anchor, top, bottom, lines)

    def _fill(self, anchor: str, top: float, bottom: float, lines: int) -> None:
        brief = self.facts.briefs.setdefault(anchor, BriefFacts(anchor))
        height = max(self.bottom - self.page.content_box_y(), 1)
        if brief.pages:
            brief.least_fill = min(brief.least_fill, brief.last_fill)
        brief.pages.append(self.number)
        brief.last_fill = (bottom - self.page.content_box_y()) / height
        brief.last_lines = lines

    def _footnotes(self, area: Any) -> None:
        for box in _descendants(area):
            element = getattr(box, "element", None)
            if element is not None and "note" in (element.get("class") or "").split():
                self.facts.notes.setdefault(element.get("id"), self.number)

    def _visit(self, box: Any, place: _Place) -> None:
        boxes = self.boxes
        if isinstance(box, self.placeholder):
            box = box._box
        element = getattr(box, "element", None)
        if element is not None and element.get("data-brief"):
            place = replace(place, brief=element.get("id"))
        if element is not None and element.get("data-single") and getattr(box, "height", 0):
            self.facts.single.setdefault(element.get("data-single"), set()).add(self.number)
        if element is not None and element.get("data-slot"):
            self.facts.slots[element.get("data-slot")] = self._slot(box)
        if element is not None and element.get("data-side"):
            place = replace(place, side=True)
        footnote = getattr(box, "footnote", None)
        if footnote is not None and footnote.element is not None:
            self.facts.calls.setdefault(footnote.element.get("id"), self.number)
        if isinstance(box, boxes.BlockContainerBox):
            place = replace(place, block=box)
        if isinstance(box, boxes.LineBox) and place.brief and not place.side:
            self._line(box, place.brief)
        if isinstance(box, boxes.TextBox) and box.text.strip():
            self._text(box, place)
        for child in getattr(box, "children", ()):
            self._visit(child, place)

    def _slot(self, box: Any) -> Slot:
        """Return where the one line of an empty box would come to stand."""
        left, top = box.content_box_x(), box.content_box_y()
        size = box.style["font_size"]
        given = box.style["color"]
        inked = given.space == "device-cmyk"  # for the press, which prints no personal copies
        red, green, blue = (0, 0, 0) if inked else given.to("srgb").coordinates
        # Half of the leading, and what stands over the baseline: three quarters of the type.
        line = max(box.height, size)
        return Slot(self.number, left + box.width, top + line / 2 + size * 0.34, box.width, size,
                    (red, green, blue))

    def _line(self, line: Any, brief: str) -> None:
        top, bottom, lines = self.fills.get(brief, (line.position_y, 0.0, 0))
        self.fills[brief] = (min(top, line.position_y),
                             max(bottom, line.position_y + line.height), lines + 1)

    def _text(self, box: Any, place: _Place) -> None:
        left, right = box.position_x, box.position_x + box.width
        top, bottom = box.position_y, box.position_y + box.height
        block = place.block
        inner, outer = block.padding_box_x(), block.content_box_x() + block.width
        where = ""
        if (right > self.width + _LEEWAY or left < -_LEEWAY
                or bottom > self.height + _LEEWAY or top < -_LEEWAY):
            where = "the page"
        elif right > outer + _LEEWAY or left < inner - _LEEWAY:
            where = "its box"
        elif place.brief and bottom > self.bottom + _LEEWAY:
            where = "the type area"
        if where:
            self.facts.overflows.append(Overflow(self.number, box.text[:50], where, place.brief))


@dataclass(frozen=True)
class _Place:
    """Where in the page a walk has come to."""

    brief: str
    block: Any
    """The box that holds the lines."""
    side: bool = False
    """Inside the side column, which does not fill the page."""


def _descendants(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from _descendants(child)


def embedded_fonts(layout: Layout) -> dict[str, str]:
    """Return the families that the PDF embeds, each with the characters that it shows.

    Only known once the PDF was written.
    """
    found: dict[str, str] = {}
    for font in layout.document.fonts.values():
        family = font.family.decode() if isinstance(font.family, bytes) else str(font.family)
        shown = "".join(sorted(set("".join(map(str, font.to_unicode.values())))))
        found[family] = found.get(family, "") + shown
    return found
