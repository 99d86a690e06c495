"""The structure tree of a tagged PDF: what an element of the page is called when it is heard.

Elements are named after the standard structure types of ISO 32000-1, 14.8.4;
where ISO 32000-2 names them differently, `NAMES_2_0` says how. Which element
of HTML becomes which type is the table `TYPES`, or the ARIA role that a template
gives it (DPUB-ARIA 1.1): `doc-toc`, `doc-footnote`, `presentation`.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

TRANSPARENT = ""
"""Type of an element that is not in the tree; what it holds is its parent's."""

TYPES = {
    "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6",
    "p": "P", "pre": "P", "dt": "P", "dd": "P",
    "ul": "L", "ol": "L", "li": "LI", "li::marker": "Lbl",
    "table": "Table", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot",
    "tr": "TR", "th": "TH", "td": "TD",
    "figure": "Sect", "img": "Figure", "figcaption": "Caption", "caption": "Caption",
    "article": "Art", "section": "Sect", "aside": "Aside", "blockquote": "BlockQuote",
    "em": "Em", "strong": "Strong",
}

ROLES = {
    "doc-toc": "TOC",
    "doc-footnote": "Note",
    "presentation": TRANSPARENT,
    "none": TRANSPARENT,
}

NAMES_1_7 = {"Aside": "Sect", "Em": TRANSPARENT, "Strong": TRANSPARENT}
"""Types of PDF 2.0 as PDF 1.7 knows them."""

NAMES_2_0 = {"Note": "FENote"}
"""Types of PDF 1.7 that have another name in PDF 2.0."""

NAMESPACE_2_0 = "http://iso.org/pdf2/ssn"
"""ISO 32000-2, 14.8.6"""

ONLY_1_7 = {"Art", "BlockQuote", "TOC", "TOCI", "Reference"}
"""Types that the namespace of PDF 2.0 does not have (ISO 32000-2, annex L)."""

GROUPING = {"Document", "Art", "Sect", "Aside", "BlockQuote"}
"""Types that hold blocks, never text itself (ISO 32000-1, 14.8.4.2)."""

INLINE = {"Span", "Em", "Strong", "Link", "Reference", "Note"}

KEPT_EMPTY = {"TD", "TH"}
"""An empty cell is a cell: without it the table would not be regular."""


class Mark(Struct, frozen=True):
    """A sequence of marked content on a page."""

    page: int
    """From 0."""
    number: int
    """MCID"""


class Annotation(Struct, frozen=True, eq=False):
    """A link annotation on a page."""

    page: int
    entry: Any
    """pydyf.Dictionary"""


class StructureElement(Struct, eq=False):
    """An element of the structure tree."""

    kind: str
    """Standard structure type, as PDF 1.7 names it where it does."""
    html: Any = None
    """The element of the page that it stands for."""
    parent: StructureElement | None = None
    kids: list[StructureElement | Mark | Annotation] = field(default_factory=list)
    page: int = 0
    """The page, from 0, on which it begins."""
    language: str = ""
    """BCP 47; empty: that of its parent."""
    alternative: str = ""
    identifier: str = ""
    box: tuple[float, float, float, float] | None = None
    """Bounding box of a figure in pt, from the lower left corner of the page."""
    attributes: dict[str, dict[str, str | int]] = field(default_factory=dict)
    """Attributes by owner (ISO 32000-1, 14.8.5)."""
    refers_to: list[StructureElement] = field(default_factory=list)
    """Elements that this one leads to (`Ref`, ISO 32000-2, table 355)."""
    address: str = ""
    """Where a link leads to."""
    words: str = ""
    """The text of a link."""

    def holder(self, kind: str) -> StructureElement:
        """Return the element below this one that a child of type `kind` belongs to.

        What a list item says is in its body, an entry of the contents is a
        reference, and text does not stand in a group of blocks.
        """
        if self.kind == "LI" and kind not in ("Lbl", "LBody"):
            return self._last("LBody") or self.add(StructureElement("LBody", page=self.page))
        if self.kind == "TOCI" and kind == "Link":
            return self.add(StructureElement("Reference", page=self.page))
        if self.kind in GROUPING and kind in INLINE:
            last = self._last("P")
            if last is not None and last.html is None:
                return last
            return self.add(StructureElement("P", page=self.page))
        return self

    def add(self, child: StructureElement) -> StructureElement:
        """Put `child` at the end of this element, or where `holder` says, and return it."""
        holder = self.holder(child.kind)
        child.parent = holder
        holder.kids.append(child)
        return child

    def put(self, content: Mark | Annotation) -> None:
        """Put content of a page at the end of this element."""
        self.holder("Span").kids.append(content)

    def _last(self, kind: str) -> StructureElement | None:
        last = self.kids[-1] if self.kids else None
        return last if isinstance(last, StructureElement) and last.kind == kind else None

    @property
    def children(self) -> list[StructureElement]:
        """The structure elements among the kids."""
        return [kid for kid in self.kids if isinstance(kid, StructureElement)]

    def prune(self) -> None:
        """Drop elements that hold nothing."""
        for child in self.children:
            child.prune()
            if not child.kids and child.kind not in KEPT_EMPTY:
                self.kids.remove(child)

    def say_language_once(self, around: str) -> None:
        """Drop the language of elements that have that of what is around them."""
        if self.language == around:
            self.language = ""
        for child in self.children:
            child.say_language_once(self.language or around)

    def owned_last(self, by_id: dict[str, StructureElement]) -> None:
        """Move what an element owns to its end (`aria-owns`, WAI-ARIA 1.2, 6.6.4)."""
        for child in self.children:
            child.owned_last(by_id)
        owned = self.html.get("aria-owns", "").split() if self.html is not None else []
        for element in (by_id[name] for name in owned if name in by_id):
            if element.parent is not None and element is not self:
                element.parent.kids.remove(element)
                element.parent = self
                self.kids.append(element)
