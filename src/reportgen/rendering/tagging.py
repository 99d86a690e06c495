"""From laid-out pages to a structure tree, in the order in which it is to be heard.

An element of the page is one element of the tree, also where a page break
split it; a note stands right behind its call; running heads, folios, repeated
table heads and hidden elements are artifacts. The tree is drawn from the same
boxes as the page, so nothing on the page changes by it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from msgspec import Struct, field

from reportgen.standards import TagSet
from reportgen.structure import (
    NAMES_1_7,
    ROLES,
    TRANSPARENT,
    TYPES,
    Annotation,
    Mark,
    StructureElement,
)

PT_A_PX = 0.75

HYPHEN = "\u2010"
"""What the style sheets hyphenate with, so that it differs from a hyphen of the author's."""

_UNSPACED = (HYPHEN, "\u200b", "-", "\u2014", "/", " ", "\u00a0")
"""What a line can end with that no space follows: a word goes on, or the space is there."""

_NO_NOTES = {"H1", "H2", "H3", "H4", "H5", "H6", "Link", "Span", "Em", "Strong"}

_SCOPES = {"col": "Column", "row": "Row"}


class Tree(Struct):
    """The structure tree of a document, and what belongs to it."""

    document: StructureElement
    artifacts: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Marked content that is not part of the document, by page."""
    hyphens: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Marked content that ends with a hyphen of the layout's, by page."""
    spaces: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Marked content behind which the layout took a space away, by page."""
    by_id: dict[str, StructureElement] = field(default_factory=dict)
    """The element that holds each identifier of the page."""
    starts: dict[tuple[int, float, float], StructureElement] = field(default_factory=dict)
    """Elements by page and by the point, in CSS px, where they begin."""
    needless: list[Annotation] = field(default_factory=list)
    """Annotations that lie inside another one of the same link."""


def structure_of(document: Any, marks: list[dict[Any, dict[str, Any]]], tags: TagSet) -> Tree:
    """Return the structure tree of a laid-out document.

    `marks` has a dict for each page: the marked content of each box.
    """
    return _Tagger(Tree(StructureElement("Document")), marks, tags).run(document)


class _Tagger(Struct, dict=True):
    tree: Tree
    marks: list[dict[Any, dict[str, Any]]]
    tags: TagSet
    elements: dict[Any, StructureElement] = field(default_factory=dict)
    """The structure element of each HTML element that has one."""
    above: dict[Any, Any] = field(default_factory=dict)
    """The parent of each HTML element."""
    language: str = ""
    page: int = 0
    height: float = 0.0
    """of the page, in px"""
    last: tuple[int, str] | None = None
    """The last text of the line so far: its marked content and its words."""

    def run(self, document: Any) -> Tree:
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self.boxes, self.placeholder = boxes, AbsolutePlaceholder
        self.language = document.metadata.lang or ""
        for number, page in enumerate(document.pages):
            self.page, self.height = number, page.height
            box = page._page_box
            self._learn_parents(box)
            notes = [c for c in box.children if isinstance(c, boxes.FootnoteAreaBox)]
            for child in (*(c for c in box.children if c not in notes), *notes):
                self._visit(child, self.tree.document, hidden=False)
        return self._finished()

    def _learn_parents(self, page_box: Any) -> None:
        """Note each element's parent, once: the layout parts blocks from inlines that hold them."""
        if not self.above:
            root = next((c.element for c in page_box.children if c.element_tag == "html"), None)
            self.above = {child: parent for parent in (root.iter() if root is not None else ())
                          for child in parent}

    def _finished(self) -> Tree:
        tree = self.tree
        tree.document.owned_last(tree.by_id)
        tree.document.prune()
        self._finish(tree.document)
        return tree

    # -- boxes

    def _visit(self, box: Any, parent: StructureElement, *, hidden: bool) -> None:
        if isinstance(box, self.placeholder):
            box = box._box
        mark = self.marks[self.page].get(box)
        if isinstance(box, self.boxes.TextBox):
            if mark:
                self._text(box, mark["mcid"], parent, hidden=hidden)
            return
        hidden = hidden or self._is_hidden(box)
        holder = parent if hidden else self._element(box, parent)
        if not hidden and box.link_annotation is not None:
            self._annotate(holder, box.link_annotation)
        if mark:
            if hidden:
                self.tree.artifacts[self.page].add(mark["mcid"])
            else:
                holder.put(Mark(self.page, mark["mcid"]))
        for child in getattr(box, "children", ()):
            self._visit(child, holder, hidden=hidden)
        if isinstance(box, self.boxes.LineBox):
            self._end_line()

    def _annotate(self, holder: StructureElement, entry: Any) -> None:
        """Give an annotation to its link; those of what stands inside of the link are needless."""
        annotation = Annotation(self.page, entry)
        link = _enclosing(holder, "Link")
        if link is holder:
            holder.put(annotation)
        else:
            self.tree.needless.append(annotation)

    def _end_line(self) -> None:
        """Note that a line ends with a space, where its words are not parted for the line's sake.

        ISO 32000-1, 14.8.2.5: words are told apart by spaces, not by where they stand.
        """
        if self.last is not None and not self.last[1].endswith(_UNSPACED):
            self.tree.spaces[self.page].add(self.last[0])
        self.last = None

    def _text(self, box: Any, number: int, parent: StructureElement, *, hidden: bool) -> None:
        if hidden:
            self.tree.artifacts[self.page].add(number)
            return
        if not box.text.strip():  # it shows nothing: the space belongs to the text before
            self.tree.artifacts[self.page].add(number)
            if self.last is not None:
                self.tree.spaces[self.page].add(self.last[0])
            return
        if box.text.endswith(HYPHEN):
            self.tree.hyphens[self.page].add(number)
        self.last = number, box.text
        parent.put(Mark(self.page, number))
        link = _enclosing(parent, "Link")
        if link is not None:
            link.words = " ".join(f"{link.words} {box.text.removesuffix(HYPHEN)}".split())

    def _is_hidden(self, box: Any) -> bool:
        """Whether a box is an artifact: furniture, hidden, decoration, or a table's head again."""
        if isinstance(box, self.boxes.MarginBox):
            return True
        element = box.element
        if element is None or not hasattr(element, "get"):
            return False
        if element.get("aria-hidden") == "true":
            return True
        if box.element_tag == "img" and not (element.get("alt") or "").strip():
            return True
        again = self.elements.get(element)
        return box.element_tag == "thead" and again is not None and again.page != self.page

    # -- elements

    def _element(self, box: Any, parent: StructureElement) -> StructureElement:
        """Return the structure element that `box` stands for: its own, or its parent's."""
        html, tag = box.element, box.element_tag
        if html is None or tag is None or not hasattr(html, "get"):
            return parent
        if tag.endswith("::footnote-call"):
            return self._call(html, parent)
        if tag.endswith(("::footnote-marker", "::marker")):
            if parent.kind == "Lbl":  # the box of a marker inside the block of it
                return parent
            return parent.add(StructureElement("Lbl", page=self.page))
        if "::" in tag:
            return parent
        known = self.elements.get(html)
        if known is None:
            parent = self._nearest(html) or parent
            kind = self._kind(html, tag, parent)
            if kind == TRANSPARENT:
                self._remember(html, parent, box)
                return parent
            known = parent.add(self._made(kind, html))
            if kind == "L":
                known.attributes["List"] = {"ListNumbering": _numbering(box)}
            self.elements[html] = known
            self._remember(html, known, box)
        if known.kind == "Figure":
            known.box = self._box(box)
        return known

    def _nearest(self, html: Any) -> StructureElement | None:
        """Return the structure element of the nearest ancestor that has one."""
        above = self.above.get(html)
        while above is not None and above not in self.elements:
            above = self.above.get(above)
        return self.elements[above] if above is not None else None

    def _remember(self, html: Any, element: StructureElement, box: Any) -> None:
        if html.get("id"):
            self.tree.by_id.setdefault(html.get("id"), element)
        if box.bookmark_label:
            x, y, *_ = box.hit_area()
            self.tree.starts.setdefault((self.page, round(x, 2), round(y, 2)), element)

    def _kind(self, html: Any, tag: str, parent: StructureElement) -> str:
        role = ROLES.get(html.get("role", ""))
        kind = role if role is not None else TYPES.get(tag, TRANSPARENT)
        if tag == "a" and html.get("href"):
            kind = "Link"
        if kind == "LI" and parent.kind == "TOC":
            kind = "TOCI"
        if self.tags is TagSet.PDF_1_7:
            kind = NAMES_1_7.get(kind, kind)
        if kind == TRANSPARENT and html.get("lang") and not tag.startswith(("html", "body")):
            return "Span" if html.get("lang") != self._language(parent) else kind
        return kind

    def _made(self, kind: str, html: Any) -> StructureElement:
        element = StructureElement(kind, html, page=self.page, language=html.get("lang", ""),
                                   identifier=html.get("id", "") if kind == "Note" else "")
        if kind == "Figure":
            element.alternative = html.get("alt", "")
            element.attributes["Layout"] = {"Placement": "Block"}
        elif kind == "Link":
            element.address = html.get("href", "")
        elif kind in ("TH", "TD"):
            element.attributes["Table"] = _cell(kind, html)
        return element

    def _call(self, html: Any, parent: StructureElement) -> StructureElement:
        """Return the reference of a note's call, with the note itself right behind it.

        A note is no part of the heading or link in which it is called.
        """
        call = parent.add(StructureElement("Reference", page=self.page))
        note = self.elements.get(html)
        if note is None:
            place: StructureElement = parent
            while place.parent is not None and place.kind in _NO_NOTES:
                place = place.parent
            note = place.add(self._made("Note", html))
            self.elements[html] = note
            self.tree.by_id.setdefault(html.get("id"), note)
        call.refers_to, note.refers_to = [note], [call]
        return call

    def _box(self, box: Any) -> tuple[float, float, float, float]:
        x, y = box.content_box_x(), box.content_box_y()
        corners = (x, self.height - y - box.height, x + box.width, self.height - y)
        left, bottom, right, top = (round(value * PT_A_PX, 3) for value in corners)
        return left, bottom, right, top

    def _language(self, element: StructureElement | None) -> str:
        while element is not None:
            if element.language:
                return element.language
            element = element.parent
        return self.language

    # -- at the end, when all is known

    def _finish(self, element: StructureElement) -> None:
        if element.language and element.language == self._language(element.parent):
            element.language = ""
        if element.kind == "Link":
            self._finish_link(element)
        for child in element.children:
            self._finish(child)
        if element.kind == "TOCI":
            links = [c for r in element.children for c in r.children if c.kind == "Link"]
            element.refers_to = [t for link in links for t in link.refers_to]

    def _finish_link(self, link: StructureElement) -> None:
        annotations = [k for k in link.kids if isinstance(k, Annotation)]
        for inner in annotations:
            if any(outer is not inner and outer.page == inner.page and _within(inner, outer)
                   and (not _within(outer, inner) or annotations.index(outer)
                        < annotations.index(inner)) for outer in annotations):
                self.tree.needless.append(inner)
                link.kids.remove(inner)
        if link.address.startswith("#"):
            target = self.tree.by_id.get(link.address[1:])
            link.refers_to = [target] if target is not None else []


def _enclosing(element: StructureElement | None, kind: str) -> StructureElement | None:
    while element is not None and element.kind != kind:
        element = element.parent
    return element


def _within(inner: Annotation, outer: Annotation) -> bool:
    """Whether one annotation's rectangle lies inside another's, to a hair's breadth."""
    small, large = inner.entry["Rect"], outer.entry["Rect"]
    return all(min(large[axis], large[axis + 2]) - 0.5 <= edge
               <= max(large[axis], large[axis + 2]) + 0.5
               for axis in (0, 1) for edge in (small[axis], small[axis + 2]))


def _numbering(box: Any) -> str:
    """Return the list numbering of a list (ISO 32000-1, table 347)."""
    if box.style["list_style_type"] == "none":
        return "None"
    return "Decimal" if box.element_tag == "ol" else "Disc"


def _cell(kind: str, html: Any) -> dict[str, str | int]:
    """Return the attributes of a table's cell (ISO 32000-1, table 349)."""
    found: dict[str, str | int] = {}
    if kind == "TH":
        found["Scope"] = _SCOPES.get(html.get("scope", ""), "Column")
    for name, key in (("colspan", "ColSpan"), ("rowspan", "RowSpan")):
        if html.get(name, "1").isdecimal() and int(html.get(name, "1")) > 1:
            found[key] = int(html.get(name))
    return found
