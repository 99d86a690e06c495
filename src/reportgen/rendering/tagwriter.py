"""Writing a structure tree into the PDF that WeasyPrint is about to write.

WeasyPrint calls `weasyprint.pdf.add_tags` once the pages are painted; here it
finds the tree of `tagging` in place of its own. Only the names of marked
content change in a page, and the hyphens of the layout are marked as such, so
no pixel does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from reportgen.rendering.tagging import Tree, structure_of
from reportgen.standards import TagSet
from reportgen.structure import (
    NAMES_2_0,
    NAMESPACE_2_0,
    ONLY_1_7,
    Annotation,
    Mark,
    StructureElement,
)

SOFT_HYPHEN = "<FEFF00AD>"
"""ISO 32000-1, 14.8.2.2.3: what a reader is told of a hyphen that is not the author's."""

_lock = threading.Lock()


def install() -> None:
    """Let documents that have a `tag_set` be tagged from here; further calls do nothing."""
    from weasyprint import pdf

    with _lock:
        if not hasattr(pdf.add_tags, "replaced"):
            pdf.add_tags = _with_own_tags(pdf.add_tags)


def _with_own_tags(original: Any) -> Any:
    def add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: Any) -> None:
        tags = getattr(document, "tag_set", None)
        if tags is None:
            original(pdf, document, pdf_version, page_streams)
        else:
            tree = structure_of(document, [stream._tags for stream in page_streams], tags)
            _Writer(pdf, tree, tags).write(document, page_streams)

    add_tags.replaced = True  # type: ignore[attr-defined]
    return add_tags


class _Writer(Struct, dict=True):
    pdf: Any
    """pydyf.PDF"""
    tree: Tree
    tags: TagSet

    def write(self, document: Any, streams: list[Any]) -> None:
        """Write the tree, and what the catalog says of a tagged PDF."""
        import pydyf

        self.pydyf = pydyf
        self.pages = self.pdf.page_references
        self.objects: dict[StructureElement, Any] = {}
        self.parents: list[dict[int, Any]] = [{} for _ in self.pages]
        self.annotations: list[Any] = []
        self.identified: list[tuple[str, Any]] = []
        spaces = _space_glyphs(document.fonts.values())
        for page, stream in enumerate(streams):
            _mark_artifacts(stream.stream, self.tree.artifacts[page])
            _mark_hyphens(stream.stream, self.tree.hyphens[page])
            _write_spaces(stream.stream, self.tree.spaces[page], spaces)
        self._drop(self.tree.needless)
        root = self._root()
        self._write(self.tree.document, root.reference)
        self._refer(self.tree.document)
        root["K"] = pydyf.Array([self.objects[self.tree.document].reference])
        self._indices(root)
        if self.tags is TagSet.PDF_2_0:
            self._structure_destinations(document)
        catalog = self.pdf.catalog
        catalog["StructTreeRoot"] = root.reference
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})

    def _object(self, values: dict[str, Any]) -> Any:
        made = self.pydyf.Dictionary(values)
        self.pdf.add_object(made)
        return made

    def _root(self) -> Any:
        root = self._object({"Type": "/StructTreeRoot"})
        if self.tags is TagSet.PDF_2_0:
            self.namespace = self._object(
                {"Type": "/Namespace", "NS": self.pydyf.String(NAMESPACE_2_0)})
            root["Namespaces"] = self.pydyf.Array([self.namespace.reference])
        return root

    # -- elements

    def _write(self, element: StructureElement, parent: bytes) -> Any:
        pydyf = self.pydyf
        kind = NAMES_2_0.get(element.kind, element.kind) if self._is_2_0 else element.kind
        made = self._object({"Type": "/StructElem", "S": f"/{kind}", "P": parent,
                             "Pg": self.pages[element.page]})
        self.objects[element] = made
        if self._is_2_0 and element.kind not in ONLY_1_7:
            made["NS"] = self.namespace.reference
        if element.language:
            made["Lang"] = pydyf.String(element.language)
        if element.alternative:
            made["Alt"] = pydyf.String(element.alternative)
        if element.identifier:
            made["ID"] = pydyf.String(element.identifier)
            self.identified.append((element.identifier, made))
        attributes = self._attributes(element)
        if attributes:
            made["A"] = attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)
        made["K"] = pydyf.Array([self._kid(element, made, kid) for kid in element.kids])
        return made

    def _kid(self, element: StructureElement, made: Any,
             kid: StructureElement | Mark | Annotation) -> Any:
        if isinstance(kid, StructureElement):
            return self._write(kid, made.reference).reference
        if isinstance(kid, Annotation):
            return self._annotation(element, made, kid)
        self.parents[kid.page][kid.number] = made.reference
        if kid.page == element.page:
            return kid.number
        return self.pydyf.Dictionary(
            {"Type": "/MCR", "Pg": self.pages[kid.page], "MCID": kid.number})

    def _annotation(self, element: StructureElement, made: Any, kid: Annotation) -> Any:
        """Return the object reference of a link's annotation, which now says where it leads."""
        entry, pydyf = kid.entry, self.pydyf
        entry["StructParent"] = len(self.pages) + len(self.annotations)
        self.annotations.append(made)
        internal = element.address.startswith("#")
        told = internal or not element.words or element.words in element.address
        words = (element.words if internal else element.address) if told else (
            f"{element.words}: {element.address}")
        entry["Contents"] = pydyf.String(words)
        entry["F"] = 4  # printed: ISO 19005-3, 6.3.2
        return pydyf.Dictionary({"Type": "/OBJR", "Pg": self.pages[kid.page],
                                 "Obj": entry.reference})

    def _attributes(self, element: StructureElement) -> list[Any]:
        pydyf = self.pydyf
        out = []
        for owner, values in element.attributes.items():
            named = {key: f"/{value}" if isinstance(value, str) else value
                     for key, value in values.items()}
            if owner == "Layout" and element.box:
                named["BBox"] = pydyf.Array(element.box)
            if named:
                out.append(pydyf.Dictionary({"O": f"/{owner}", **named}))
        return out

    def _refer(self, element: StructureElement) -> None:
        """Write what elements refer to; `Ref` is of PDF 2.0, and a link has a destination."""
        targets = [self.objects[t] for t in element.refers_to if t in self.objects]
        if targets and self._is_2_0 and element.kind != "Link":
            self.objects[element]["Ref"] = self.pydyf.Array([t.reference for t in targets])
        for child in element.children:
            self._refer(child)

    @property
    def _is_2_0(self) -> bool:
        return self.tags is TagSet.PDF_2_0

    # -- indices

    def _indices(self, root: Any) -> None:
        """Write the parent tree and the tree of identifiers (ISO 32000-1, 14.7.2, 14.7.4.4)."""
        pydyf = self.pydyf
        numbers: list[Any] = []
        for page, known in enumerate(self.parents):
            highest = max(known, default=-1)
            row = pydyf.Array([known.get(n, "null") for n in range(highest + 1)])
            numbers += [page, row]
        for number, made in enumerate(self.annotations, len(self.parents)):
            numbers += [number, made.reference]
        root["ParentTree"] = self._object({"Nums": pydyf.Array(numbers)}).reference
        root["ParentTreeNextKey"] = len(numbers) // 2
        if self.identified:
            names: list[Any] = []
            for name, made in sorted(self.identified, key=lambda item: item[0]):
                names += [pydyf.String(name), made.reference]
            root["IDTree"] = self._object({"Names": pydyf.Array(names)}).reference

    def _drop(self, annotations: list[Annotation]) -> None:
        """Take annotations off their pages."""
        for annotation in annotations:
            page = self.pdf.objects[int(self.pages[annotation.page].split()[0])]
            page["Annots"].remove(annotation.entry.reference)

    # -- structure destinations

    def _structure_destinations(self, document: Any) -> None:
        """Let links and bookmarks lead to elements (ISO 14289-2, 8.8; ISO 32000-2, 12.3.2.3)."""
        for element in self.objects:
            target = element.refers_to[0] if element.kind == "Link" and element.refers_to else None
            if target is None or target not in self.objects:
                continue
            for kid in element.kids:
                if isinstance(kid, Annotation):
                    name = kid.entry.pop("Dest")
                    kid.entry["A"] = self._go_to(name, target)
        self._outline(document)

    def _go_to(self, destination: Any, target: StructureElement) -> Any:
        pydyf = self.pydyf
        return pydyf.Dictionary({
            "Type": "/Action", "S": "/GoTo", "D": destination,
            "SD": pydyf.Array([self.objects[target].reference, "/XYZ", "null", "null", "null"])})

    def _outline(self, document: Any) -> None:
        bookmarks = [(page, round(x, 2), round(y, 2))
                     for page, sheet in enumerate(document.pages)
                     for _, _, (x, y), _ in sheet.bookmarks]
        entries = [o for o in self.pdf.objects
                   if isinstance(o, dict) and "Title" in o and "Dest" in o]
        for place, entry in zip(bookmarks, entries, strict=True):
            target = self.tree.starts.get(place)
            if target in self.objects:
                entry["A"] = self._go_to(entry.pop("Dest"), target)
                entry["SE"] = self.objects[target].reference


def _mark_artifacts(stream: list[Any], numbers: set[int]) -> None:
    """Make artifacts of marked content (ISO 32000-1, 14.8.2.2)."""
    if not numbers:
        return
    for place in range(2, len(stream)):
        if stream[place] == b"BDC" and stream[place - 1]["MCID"] in numbers:
            stream[place - 2 : place + 1] = [b"/Artifact", b"BMC", b""]


def _mark_hyphens(stream: list[Any], numbers: set[int]) -> None:
    """Say of the last glyph of marked content that it is a soft hyphen."""
    if not numbers:
        return
    inside, last = False, None
    for place, operation in enumerate(stream):
        if operation == b"BDC":
            inside = stream[place - 1]["MCID"] in numbers
            last = None
        elif inside and isinstance(operation, bytes) and operation.endswith(b"] TJ"):
            last = place
        elif inside and operation == b"EMC":
            inside = False
            if last is not None:
                stream[last] = _with_soft_hyphen(stream[last])


def _space_glyphs(fonts: Iterable[Any]) -> dict[bytes, bytes]:
    """Return the glyph of the space of each font that has shown one, by the font's name."""
    found = {}
    for font in fonts:
        glyphs = {text: glyph for glyph, text in font.to_unicode.items()}
        glyph = glyphs.get(" ", glyphs.get("\u00a0"))
        if glyph is not None and not font.bitmap:
            found[f"/{font.hash}".encode()] = f"{glyph:04x}".encode()
    return found


def _write_spaces(stream: list[Any], numbers: set[int], glyphs: dict[bytes, bytes]) -> None:
    """Write a space, which shows nothing, at the end of marked content."""
    inside, last, font = False, None, b""
    for place, operation in enumerate(stream):
        if operation == b"BDC":
            inside, last = stream[place - 1]["MCID"] in numbers, None
        elif isinstance(operation, bytes) and operation.endswith(b" Tf"):
            font = operation
        elif inside and isinstance(operation, bytes) and operation.endswith(b"] TJ"):
            last = place
        elif inside and operation == b"EMC":
            inside = False
            if last is not None:
                stream[last] += _space(font, glyphs)


def _space(font: bytes, glyphs: dict[bytes, bytes]) -> bytes:
    """Return the operations that show a space, in another font where this one has shown none."""
    name, size = font.split()[:2]
    if name in glyphs:
        return b" [<" + glyphs[name] + b">] TJ"
    for other, glyph in glyphs.items():
        return b" " + other + b" " + size + b" Tf [<" + glyph + b">] TJ " + font
    return b""


def _with_soft_hyphen(shown: bytes) -> bytes:
    """Return the operation that shows text, its last glyph told as a soft hyphen."""
    start = shown.rindex(b"<")
    end = shown.index(b">", start)
    head, glyph, tail = shown[: end - 4], shown[end - 4 : end], shown[end + 1 :]
    return (head + b">] TJ /Span <</ActualText " + SOFT_HYPHEN.encode() + b">> BDC [<" + glyph
            + b">" + tail + b" EMC")
