"""Writing the structure elements of painted briefs into a file, behind those of the engine.

ISO 32000-1, 14.7 and 14.8; ISO 32000-2 where the tag set is that of PDF 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pikepdf
from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, String

from reportgen.rendering.painting import LinkArea
from reportgen.standards import TagSet
from reportgen.structure import (
    NAMES_1_7,
    NAMES_2_0,
    NAMESPACE_2_0,
    ONLY_1_7,
    TRANSPARENT,
    Annotation,
    Mark,
    StructureElement,
)

if TYPE_CHECKING:
    from reportgen.rendering.assembly import DrawnBrief


class TreeWriter(Struct, dict=True):
    """Joins the trees of briefs to that of a file."""

    pdf: pikepdf.Pdf
    tags: TagSet
    pages: Sequence[Any]
    links: Mapping[LinkArea, Any]
    objects: dict[StructureElement, Any] = field(default_factory=dict)
    parents: dict[int, Any] = field(default_factory=dict)
    """The parent tree: of pages, and of annotations."""
    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    """Elements of the marked content of each page of a brief."""
    names: list[tuple[str, Any]] = field(default_factory=list)

    def join(self, briefs: Sequence[tuple[DrawnBrief, int]]) -> None:
        """Write the trees of `briefs`, which are with the page on which they begin."""
        self.root, self.document = self._found()
        kids = list(self.document.K) if "/K" in self.document else []
        made = []
        for brief, first in briefs:
            self.first = first
            self._mark_pages(brief)
            made += self._kid(brief.document, self.document, -1)
        place = self._place(kids, briefs[0][1] if briefs else 0)
        self.document.K = Array([*kids[:place], *made, *kids[place:]])
        targets = {name: self.objects[element] for brief, _ in briefs
                   for name, element in brief.elements.items() if element in self.objects}
        self._refer()
        if self.tags is TagSet.PDF_2_0:
            self._structure_destinations(targets)
        self._indices()
        catalog = self.pdf.Root
        catalog.StructTreeRoot = self.root
        catalog.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        catalog.MarkInfo = Dictionary(Marked=True)

    def _found(self) -> tuple[Any, Any]:
        """Return the root of the file's tree and its document element, made if there are none."""
        self.namespace: Any = None
        root = self.pdf.Root.get("/StructTreeRoot")
        if root is not None:
            if "/Namespaces" in root:
                self.namespace = root.Namespaces[0]
            numbers = list(root.ParentTree.Nums)
            self.parents = {int(numbers[n]): numbers[n + 1] for n in range(0, len(numbers), 2)}
            if "/IDTree" in root:
                names = list(root.IDTree.Names)
                self.names = [(str(names[n]), names[n + 1]) for n in range(0, len(names), 2)]
            self.next = int(root.ParentTreeNextKey)
            return root, root.K[0]
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        if self.tags is TagSet.PDF_2_0:
            self.namespace = self.pdf.make_indirect(
                Dictionary(Type=Name.Namespace, NS=String(NAMESPACE_2_0)))
            root.Namespaces = Array([self.namespace])
        document = Dictionary(Type=Name.StructElem, S=Name.Document, P=root)
        if self.namespace is not None:
            document.NS = self.namespace
        document = self.pdf.make_indirect(document)
        root.K = Array([document])
        self.next = 0
        return root, document

    def _place(self, kids: list[Any], first: int) -> int:
        """Return before which kid of the document the briefs come: the first on a later page."""
        numbers = {page.objgen: number for number, page in enumerate(self.pages)}
        for place, kid in enumerate(kids):
            if numbers.get(kid.Pg.objgen, 0) > first:
                return place
        return len(kids)

    def _mark_pages(self, brief: DrawnBrief) -> None:
        """Give each page of a brief a row of the parent tree (ISO 32000-1, 14.7.4.4)."""
        for number in range(self.first, self.first + len(brief.pages)):
            page = self.pages[number]
            if "/StructParents" not in page:
                page.StructParents = self.next
                self.next += 1
            page.Tabs = Name.S
            self.rows[number] = self.parents[int(page.StructParents)] = {}

    # -- elements

    def _kid(self, element: StructureElement, parent: Any, at: int) -> list[Any]:
        """Return what an element becomes: itself, its kids where its type is none, or nothing.

        `at` is the page that `parent` names; content on other pages has to name its own.
        """
        kind = element.kind
        if self.tags is TagSet.PDF_1_7:
            kind = NAMES_1_7.get(kind, kind)
        if kind == TRANSPARENT:
            return [made for kid in element.kids
                    for made in self._kids_of(kid, element, parent, at)]
        name = NAMES_2_0.get(kind, kind) if self.tags is TagSet.PDF_2_0 else kind
        page = self.first + element.page
        made = self.pdf.make_indirect(Dictionary(
            Type=_STRUCTURE_ELEMENT, S=_name(name), P=parent, Pg=self.pages[page]))
        self.objects[element] = made
        if self.namespace is not None and kind not in ONLY_1_7:
            made.NS = self.namespace
        if element.language:
            made.Lang = String(element.language)
        if element.alternative:
            made.Alt = String(element.alternative)
        if element.identifier:
            made.ID = String(element.identifier)
            self.names.append((element.identifier, made))
        attributes = _attributes(element)
        if attributes:
            made.A = attributes[0] if len(attributes) == 1 else Array(attributes)
        kids: list[Any] = []
        for kid in element.kids:
            if isinstance(kid, Mark) and self.first + kid.page == page:  # most are; a call less
                self.rows[page][kid.number] = made
                kids.append(kid.number)
            else:
                kids += self._kids_of(kid, element, made, page)
        if kids:
            made.K = Array(kids)
        return [made]

    def _kids_of(self, kid: StructureElement | Mark | Annotation, element: StructureElement,
                 made: Any, at: int) -> list[Any]:
        if isinstance(kid, StructureElement):
            return self._kid(kid, made, at)
        page = self.first + kid.page
        if isinstance(kid, Annotation):
            entry = self.links[kid.entry]
            entry.StructParent = self.next
            self.parents[self.next] = made
            self.next += 1
            entry.Contents = String(link_words(element))
            return [Dictionary(Type=Name.OBJR, Pg=self.pages[page], Obj=entry)]
        self.rows[page][kid.number] = made
        if page == at:
            return [kid.number]
        return [Dictionary(Type=Name.MCR, Pg=self.pages[page], MCID=kid.number)]

    def _refer(self) -> None:
        """Write what elements refer to; `Ref` is of PDF 2.0 (ISO 32000-2, table 355)."""
        if self.tags is not TagSet.PDF_2_0:
            return
        for element, made in self.objects.items():
            targets = [self.objects[t] for t in element.refers_to if t in self.objects]
            if targets and element.kind != "Link":
                made.Ref = Array(targets)

    # -- indices

    def _indices(self) -> None:
        """Write the parent tree and the tree of identifiers (14.7.2, 14.7.4.4)."""
        numbers: list[Any] = []
        for key in sorted(self.parents):
            value = self.parents[key]
            if isinstance(value, dict):
                value = self.pdf.make_indirect(Array(
                    [value.get(n) for n in range(max(value, default=-1) + 1)]))
            numbers += [key, value]
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        self.root.ParentTreeNextKey = self.next
        if self.names:
            rows: list[Any] = []
            for name, made in sorted(self.names, key=lambda row: row[0]):
                rows += [String(name), made]
            self.root.IDTree = self.pdf.make_indirect(Dictionary(Names=Array(rows)))

    # -- structure destinations (ISO 14289-2, 8.8; ISO 32000-2, 12.3.2.3)

    def _structure_destinations(self, targets: Mapping[str, Any]) -> None:
        for page in self.pages:
            for entry in page.get("/Annots", []):
                name = str(entry.Dest) if isinstance(entry.get("/Dest"), String) else ""
                if name in targets:
                    self._lead(entry, targets[name])
                    self._refer_contents(entry, targets[name])
        for element in self.objects:
            if element.kind == "Link" and element.address[1:] in targets:
                for kid in element.kids:
                    if isinstance(kid, Annotation) and "/Dest" in self.links[kid.entry]:
                        self._lead(self.links[kid.entry], targets[element.address[1:]])
        for item in outline_items(self.pdf):
            if "/Dest" not in item:
                continue
            target = next((made for element, made in self.objects.items()
                           if element.kind == "H1"
                           and made.Pg.objgen == item.Dest[0].objgen), None)
            if target is not None:
                self._lead(item, target)
                item.SE = target

    def _refer_contents(self, entry: Any, target: Any) -> None:
        """Let an entry of the contents refer to what it leads to."""
        element = self.parents.get(int(entry.get("/StructParent", -1)))
        for _ in range(3):
            if element is not None and str(element.get("/S", "")) == "/TOCI":
                element.Ref = Array([target])
                return
            element = element.get("/P") if element is not None else None

    @staticmethod
    def _lead(entry: Any, target: Any) -> None:
        destination = entry.Dest
        del entry.Dest
        entry.A = Dictionary(Type=Name.Action, S=Name.GoTo, D=destination,
                             SD=Array([target, Name.XYZ, None, None, None]))


_STRUCTURE_ELEMENT = Name.StructElem


@lru_cache(maxsize=64)
def _name(name: str) -> Name:
    return Name(f"/{name}")


def link_words(element: StructureElement) -> str:
    """Return what a link's annotation says: its words, and where it leads if they do not."""
    internal = element.address.startswith("#")
    if internal or not element.words or element.words in element.address:
        return element.words if internal else element.address
    return f"{element.words}: {element.address}"


def _attributes(element: StructureElement) -> list[Any]:
    out = []
    for owner, values in element.attributes.items():
        named: dict[str, Any] = {f"/{key}": Name(f"/{value}") if isinstance(value, str) else value
                                 for key, value in values.items()}
        if owner == "Layout" and element.box:
            named["/BBox"] = Array(list(element.box))
        if named:
            out.append(Dictionary({"/O": Name(f"/{owner}"), **named}))
    return out


def outline_items(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the bookmarks of a file, of the first level."""
    outlines = pdf.Root.get("/Outlines")
    item = outlines.get("/First") if outlines is not None else None
    while item is not None:
        yield item
        item = item.get("/Next")
