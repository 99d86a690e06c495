"""Joining painted briefs with the pages of the engine into one file.

The engine has laid out cover, contents and imprint, with one empty sheet for all briefs. Here the
pages of the briefs take its place: content, running heads and folio, links, drawings, pictures;
every face is embedded once; outline, destinations and the structure tree are joined. A file without
pages of the engine, an offprint, is made from nothing.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, String

from reportgen.model import PlacedPicture
from reportgen.rendering.drawings import HALO, Form
from reportgen.rendering.fonts import embed, postscript_name, usage_in
from reportgen.rendering.hooks import KEY
from reportgen.rendering.images import image_of
from reportgen.rendering.painting import DrawnPage, LinkArea, Usage, font_name
from reportgen.rendering.treewriter import TreeWriter, outline_items
from reportgen.standards import TagSet
from reportgen.structure import StructureElement
from reportgen.typesetting.appearance import Flaw
from reportgen.typesetting.shaping import FaceKey, FontBook


class DrawnBrief(Struct, frozen=True):
    """A brief, set and painted; page numbers, running heads and fonts are not in it."""

    anchor: str
    bookmark: str
    pages: tuple[DrawnPage, ...]
    document: StructureElement
    usage: Usage
    anchors: Mapping[str, tuple[int, float]]
    """Page and height over its lower edge (pt) of each identifier that links may lead to."""
    elements: Mapping[str, StructureElement]
    """Structure elements of the same identifiers."""
    forms: Mapping[str, Form]
    flaws: tuple[Flaw, ...] = ()
    """What a draft marks."""


class Document(Struct, frozen=True):
    """What a whole file says of itself, where the engine has made no pages."""

    title: str
    authors: tuple[str, ...]
    subject: str
    keywords: str
    language: str
    date: str
    """ISO 8601"""
    size: tuple[float, float]
    """Width and height of the page, pt."""
    bleed: float
    """pt"""


class Assembler(Struct, dict=True):
    """Joins a file."""

    book: FontBook
    pictures: Mapping[str, PlacedPicture]
    tags: TagSet
    document: Document
    forms: Mapping[str, Form]
    """Drawings on the pages of the engine, by name."""

    def join(self, matter: bytes | None, briefs: Sequence[tuple[DrawnBrief, int]],
             furniture: Mapping[int, bytes], used: Usage,
             marks: Mapping[int, bytes] | None = None) -> pikepdf.Pdf:
        """Return the file, open.

        `briefs` are with the page, from 0, on which they begin; `furniture` has the operators of
        running heads and folio by page, `marks` those of a draft, and `used` the glyphs in them.
        """
        self.pdf = pikepdf.open(io.BytesIO(matter)) if matter else self._empty()
        self._unfold(briefs)
        self.pages = [page.obj for page in self.pdf.pages]
        self._fonts(briefs, used)
        self._drawings()
        self._images: dict[str, Any] = {}
        self.places: dict[str, tuple[int, float, float]] = {}
        for brief, first in briefs:
            for name, (page, y) in brief.anchors.items():
                self.places[name] = first + page, 0.0, y
        self.link_objects: dict[LinkArea, Any] = {}
        for brief, first in briefs:
            for number, drawn in enumerate(brief.pages):
                self._fill(self.pages[first + number], drawn, brief,
                           furniture.get(first + number, b""))
        for number, content in (marks or {}).items():
            self._mark(self.pages[number], content)
        self._destinations()
        self._outline(briefs)
        if self.tags is not TagSet.NONE:
            TreeWriter(self.pdf, self.tags, self.pages, self.link_objects).join(briefs)
        return self.pdf

    def _unfold(self, briefs: Sequence[tuple[DrawnBrief, int]]) -> None:
        """Put an empty page for each page of the briefs in place of the sheet."""
        front = briefs[0][1] if briefs else 0
        sheet = self.pdf.pages[front].obj
        count = sum(len(brief.pages) for brief, _ in briefs)
        boxes = {key: sheet[key] for key in ("/MediaBox", "/TrimBox", "/BleedBox") if key in sheet}
        self.sheet = sheet.objgen
        for number in range(1, count):
            page = self.pdf.make_indirect(Dictionary({"/Type": Name.Page, **boxes}))
            self.pdf.pages.insert(front + number, pikepdf.Page(page))

    def _empty(self) -> pikepdf.Pdf:
        """Return a file of one empty page."""
        pdf, about = pikepdf.new(), self.document
        width, height = about.size
        bleed = about.bleed
        pdf.add_blank_page(page_size=(width, height))
        page = pdf.pages[0].obj
        page.MediaBox = Array([-bleed, -bleed, width + bleed, height + bleed])
        page.TrimBox = Array([0, 0, width, height])
        page.BleedBox = page.MediaBox
        info = pdf.docinfo
        for key, value in (("/Title", about.title), ("/Author", ", ".join(about.authors)),
                           ("/Subject", about.subject), ("/Keywords", about.keywords),
                           ("/Creator", "reportgen")):
            if value:
                info[key] = String(value)
        pdf.Root.Lang = String(about.language)
        return pdf

    # -- fonts and pictures

    def _fonts(self, briefs: Sequence[tuple[DrawnBrief, int]], used: Usage) -> None:
        """Embed each face once, for the pages of the engine too."""
        merged: Usage = {}
        for usage in (*(b.usage for b, _ in briefs), used,
                      *(f.usage for b, _ in briefs for f in b.forms.values()),
                      *(form.usage for form in self.forms.values())):
            for key, glyphs in usage.items():
                merged[key] = glyphs | merged.get(key, {})  # the first to show a glyph names it
        names = {postscript_name(key): key for key in self.book.files}
        engine: list[tuple[Any, str, FaceKey]] = []
        for fonts in self._font_dictionaries():
            for name, font in fonts.items():
                face = names.get(str(font.BaseFont).partition("+")[2])
                if face is not None:
                    engine.append((fonts, name, face))
                    merged[face] = usage_in(font) | merged.get(face, {})
        made = embed(self.pdf, self.book, merged)
        for fonts, name, face in engine:
            fonts[name] = made[font_name(face)]
        self.fonts = self.pdf.make_indirect(Dictionary(
            {f"/{name}": font for name, font in made.items()}))

    def _font_dictionaries(self) -> list[Any]:
        """Return the dictionaries of fonts of the engine's pages, each once."""
        found: dict[tuple[int, int], Any] = {}
        for page in self.pages:
            fonts = page.Resources.get("/Font") if "/Resources" in page else None
            if fonts is not None:
                found.setdefault(fonts.objgen, fonts)
        return list(found.values())

    def _drawings(self) -> None:
        """Fill in the drawings on the engine's pages, each one unit wide and tall there."""
        made: dict[str, Any] = {}
        for item in list(self.pdf.objects) if self.forms else []:
            if isinstance(item, pikepdf.Stream) and KEY in item:
                name = str(item[KEY])[1:]
                form = self.forms[name]
                drawn = made.setdefault(name, self._form(form))
                item.write(f"{1 / form.width:.8f} 0 0 {1 / form.height:.8f} 0 0 cm "
                           f"/{name} Do".encode())
                item.Resources = Dictionary(XObject=Dictionary({f"/{name}": drawn}))
                del item[KEY]

    def _image(self, name: str, brief: DrawnBrief) -> Any:
        found = self._images.get(name)
        if found is None:
            form = brief.forms.get(name)
            made = (self._form(form) if form is not None
                    else image_of(self.pdf, self.pictures[name].data))
            found = self._images[name] = made
        return found

    def _form(self, form: Form) -> Any:
        """Return a drawing as Form XObject (ISO 32000-1, 8.10)."""
        states = {f"/{HALO}{number}": Dictionary(Type=Name.ExtGState, CA=opacity)
                  for number, opacity in enumerate(form.opacities)}
        stream = pikepdf.Stream(self.pdf, form.content)
        stream.write(form.content, filter=Name.FlateDecode)
        for key, value in (("/Type", Name.XObject), ("/Subtype", Name.Form),
                           ("/BBox", Array([0, 0, round(form.width, 4), round(form.height, 4)])),
                           ("/Resources", Dictionary(Font=self.fonts,
                                                     ExtGState=Dictionary(states)))):
            stream[key] = value
        return self.pdf.make_indirect(stream)

    # -- pages

    def _fill(self, page: Any, drawn: DrawnPage, brief: DrawnBrief, furniture: bytes) -> None:
        body = pikepdf.Stream(self.pdf, b"")
        body.write(drawn.content, filter=Name.FlateDecode)
        heads = pikepdf.Stream(self.pdf, b"")
        heads.write(_deflated(b"\n" + furniture), filter=Name.FlateDecode)
        page.Contents = Array([self.pdf.make_indirect(body), self.pdf.make_indirect(heads)])
        images = {f"/{name}": self._image(name, brief) for name in drawn.images}
        page.Resources = Dictionary(Font=self.fonts, XObject=Dictionary(images))
        if self.tags is TagSet.NONE:
            return
        annotations = []
        for area in drawn.links:
            made = self._link(area)
            self.link_objects[area] = made
            annotations.append(made)
        if annotations:
            page.Annots = Array(annotations)

    def _mark(self, page: Any, content: bytes) -> None:
        """Draw the marks of a draft over a page."""
        shown = pikepdf.Page(page)
        shown.contents_add(b"q\n", prepend=True)  # the engine leaves its page upside down
        shown.contents_add(b"\nQ q\n" + content + b"\nQ", prepend=False)
        resources = page.Resources
        known = resources.get("/Font", Dictionary())
        resources.Font = Dictionary({**dict(known.items()), **dict(self.fonts.items())})

    def _link(self, area: LinkArea) -> Any:
        entry = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(list(area.rectangle)),
                           BS=Dictionary(W=0), F=4)
        if area.address.startswith("#"):
            if area.address[1:] in self.places:
                entry.Dest = String(area.address[1:])
        else:
            entry.A = Dictionary(Type=Name.Action, S=Name.URI, URI=String(area.address))
        return self.pdf.make_indirect(entry)

    def _destination(self, place: tuple[int, float, float]) -> Array:
        page, x, y = place
        return Array([self.pages[page], Name.XYZ, round(x, 3), round(y, 3), 0])

    # -- destinations and outline

    def _destinations(self) -> None:
        """Name the places of briefs, beside those that the engine has named (12.3.2.3)."""
        if self.tags is TagSet.NONE:
            return
        known: dict[str, Any] = {}
        names = self.pdf.Root.get("/Names")
        if names is not None and "/Dests" in names:
            rows = list(names.Dests.Names)
            known = {str(rows[n]): rows[n + 1] for n in range(0, len(rows), 2)}
        known |= {name: self._destination(place) for name, place in self.places.items()}
        if not known:
            return
        if names is None:
            names = self.pdf.Root.Names = Dictionary()
        names.Dests = Dictionary(Names=Array(
            [part for name in sorted(known) for part in (String(name), known[name])]))

    def _outline(self, briefs: Sequence[tuple[DrawnBrief, int]]) -> None:
        """Let bookmarks lead to briefs; the engine has written those of a bulletin."""
        if "/Outlines" in self.pdf.Root:
            items = [item for item in outline_items(self.pdf)
                     if _destination_of(item)[0].objgen == self.sheet]
            for item, (brief, first) in zip(items, briefs, strict=False):
                page, y = brief.anchors[brief.anchor]
                for key in ("/A", "/SE"):
                    if key in item:
                        del item[key]
                item.Dest = self._destination((first + page, 0.0, y))
            return
        if self.tags is TagSet.NONE:
            return
        with self.pdf.open_outline() as outline:
            for brief, first in briefs:
                page, y = brief.anchors[brief.anchor]
                item = pikepdf.OutlineItem(brief.bookmark,
                                           destination=self._destination((first + page, 0.0, y)))
                outline.root.append(item)


def _deflated(data: bytes) -> bytes:
    """Return a few hundred bytes, deflated; a small window takes a tenth of the time to set up."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, 9, 1)
    return deflate.compress(data) + deflate.flush()


def _destination_of(item: Any) -> Any:
    """Return where a bookmark leads."""
    return item.Dest if "/Dest" in item else item.A.D
