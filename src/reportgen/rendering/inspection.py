"""Reading facts off laid-out pages: where notes, texts and links came to stand.

WeasyPrint's box trees are private; this room and `tagging` alone walk them. Lengths are in
CSS px (1/96 inch), from the upper left corner of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from reportgen.rendering.engine import Layout

_LEEWAY = 1.5
"""CSS px that a glyph may hang over its box without being seen to."""


class Overflow(Struct, frozen=True):
    """Text that came to stand outside of its box or of the page."""

    page: int
    text: str
    where: str


class Slot(Struct, frozen=True):
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


class PageFacts(Struct):
    """What is known of a layout."""

    pages: int
    anchors: dict[str, int] = field(default_factory=dict)
    """Page of each identifier."""
    front: int = 0
    """Pages before the sheet that stands for the briefs."""
    single: dict[str, set[int]] = field(default_factory=dict)
    """Pages of each element that must stand on one, as a cover."""
    overflows: list[Overflow] = field(default_factory=list)
    dead_links: list[tuple[int, str]] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    """Places that are kept free, by the name in `data-slot`."""

    def number(self, page: int, inside: int) -> int:
        """Return the number of a page in the whole file; `inside` pages are of the briefs."""
        return page + (inside - 1 if page > self.front else 0)


def inspect(layout: Layout, briefs: frozenset[str]) -> PageFacts:
    """Return the facts of a layout; pages are counted from 1. `briefs` are anchors."""
    pages = layout.document.pages
    facts = PageFacts(len(pages))
    for number, page in enumerate(pages, 1):
        for name in page.anchors:
            facts.anchors.setdefault(name, number)
    facts.front = min((facts.anchors[name] for name in briefs if name in facts.anchors),
                      default=len(pages)) - 1
    for number, page in enumerate(pages, 1):
        for kind, target, *_ in page.links:
            if kind == "internal" and target not in facts.anchors:
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

    def run(self) -> None:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self.boxes, self.placeholder = boxes, AbsolutePlaceholder
        for child in self.page.children:
            self._visit(child, child)

    def _visit(self, box: Any, block: Any) -> None:
        """Walk a box; `block` is the box that holds its lines."""
        boxes = self.boxes
        if isinstance(box, self.placeholder):
            box = box._box
        element = getattr(box, "element", None)
        if element is not None and element.get("data-single") and getattr(box, "height", 0):
            self.facts.single.setdefault(element.get("data-single"), set()).add(self.number)
        if element is not None and element.get("data-slot"):
            self.facts.slots[element.get("data-slot")] = self._slot(box)
        if isinstance(box, boxes.BlockContainerBox):
            block = box
        if isinstance(box, boxes.TextBox) and box.text.strip():
            self._text(box, block)
        for child in getattr(box, "children", ()):
            self._visit(child, block)

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

    def _text(self, box: Any, block: Any) -> None:
        left, right = box.position_x, box.position_x + box.width
        top, bottom = box.position_y, box.position_y + box.height
        inner, outer = block.padding_box_x(), block.content_box_x() + block.width
        where = ""
        if (right > self.width + _LEEWAY or left < -_LEEWAY
                or bottom > self.height + _LEEWAY or top < -_LEEWAY):
            where = "the page"
        elif right > outer + _LEEWAY or left < inner - _LEEWAY:
            where = "its box"
        if where:
            self.facts.overflows.append(Overflow(self.number, box.text[:50], where))


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
