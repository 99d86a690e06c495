"""Rendering a bulletin: briefs set and painted by us, the pages around them by the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from math import ceil
from typing import TYPE_CHECKING

import pikepdf
from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.assets import Assets, Kind, Theme, specification_of
from reportgen.composing.matter import mended
from reportgen.diagnostics import Sink, Span
from reportgen.model import (
    NOWHERE,
    Bulletin,
    ComposedBrief,
    Map,
    PlacedPicture,
    Shape,
    SourceEntry,
    plain,
)
from reportgen.rendering.assembly import Assembler, Document, DrawnBrief
from reportgen.rendering.checks import (
    NO_FONT,
    check_brief,
    check_characters,
    check_fonts,
    check_matter,
    marks_of,
)
from reportgen.rendering.drafting import Drafting
from reportgen.rendering.drawings import Form, form_of
from reportgen.rendering.fetcher import STYLES, Fetcher
from reportgen.rendering.furniture import Furniture
from reportgen.rendering.hooks import stand_in
from reportgen.rendering.inspection import PageFacts, Slot, embedded_fonts, inspect
from reportgen.rendering.painting import Painter
from reportgen.standards import ColourSpace, TagSet
from reportgen.store import Store, digest
from reportgen.typesetting.brief import BriefSetter
from reportgen.typesetting.copyfit import fitted
from reportgen.typesetting.galley import Breaker
from reportgen.typesetting.shaping import FontBook
from reportgen.typesetting.sidecolumn import SideMatter
from reportgen.typesetting.sources import ANCHOR, set_sources
from reportgen.typesetting.specification import MM, TypeSpecification

if TYPE_CHECKING:
    from reportgen.rendering.engine import Layout

SPECIFICATION_SHEET = f"{STYLES}theme.css"
"""Name of the style sheet that is made of theme.toml."""

_ENTRIES = 15
"""Entries of the contents on a page, about: their pages are counted before they are made."""

_BLEED = 3 * MM
"""pt around the pages of the print edition (styles/default/print.css says the same)."""


class Pages(Struct, frozen=True):
    """Set pages, ready to be written as often as there are editions of them."""

    count: int
    slots: Mapping[str, Slot]
    """Places that are kept free."""
    briefs: tuple[DrawnBrief, ...]
    _renderer: Renderer
    _bulletin: Bulletin
    _matter: Matter | None
    _first: Mapping[str, int]
    """Page, from 0, on which each brief begins, by its anchor."""

    def join(self, tags: TagSet, sink: Sink, *, draft: bool = False) -> pikepdf.Pdf:
        """Return an open PDF of the pages; characters in other fonts are errors in `sink`.

        In a draft every breach is marked on its page.
        """
        matter = None
        if self._matter is not None:
            matter, used = self._matter.written(tags, sink)
            theme = self._renderer.theme
            check_fonts(used, (*theme.fonts, *theme.fallback), self._bulletin, sink)
        return self._renderer.joined(self, matter, tags, draft=draft)


class Matter(Struct):
    """The pages around the briefs: laid out by the engine, or kept from an earlier build."""

    facts: PageFacts
    _layout: Callable[[], Layout | None]
    _store: Store
    _key: str

    def written(self, tags: TagSet, sink: Sink) -> tuple[bytes, dict[str, str]]:
        """Return their PDF, and the characters that it shows in each family of fonts."""
        key = digest(self._key, tags)
        found: tuple[bytes, dict[str, str]] | None = self._store.get("matter", key, sink)
        if found is None:
            layout = self._layout()
            assert layout is not None, "it was laid out for the facts, or is that which was"
            told = Sink()
            from reportgen.rendering.engine import write

            pdf, missing = write(layout, tags, told)
            used = embedded_fonts(layout) | ({NO_FONT: missing} if missing else {})
            found = pdf, used
            if list(told):
                for diagnostic in told:
                    sink.add(diagnostic)
            else:
                self._store.put("matter", key, found)
        return found


class Renderer(Struct, frozen=True, dict=True):
    """Renders bulletins with one theme, in one colour space."""

    theme: Theme
    assets: Assets
    book: FontBook
    """The faces of the theme."""
    sink: Sink
    space: ColourSpace = ColourSpace.RGB
    store: Store = field(default_factory=lambda: Store(None))
    environment: str = ""
    """Hash of all that pages depend on beside what is handed over."""

    @cached_property
    def specification(self) -> TypeSpecification:
        """What is set in."""
        return specification_of(self.theme, self.space)

    @cached_property
    def _stylesheets(self) -> tuple[str, ...]:
        printed = self.theme.print_stylesheets if self.space is ColourSpace.CMYK else ()
        return (SPECIFICATION_SHEET.removeprefix(STYLES), *self.theme.stylesheets, *printed)

    # -- briefs

    def draw(self, brief: ComposedBrief, pictures: tuple[PlacedPicture, ...],
             side: SideMatter) -> DrawnBrief:
        """Set and paint a brief; what is to be seen in it goes to the sink."""
        breaker = Breaker(self.book, self.specification, brief.language)
        named = {picture.name: picture for picture in pictures}
        told = Sink()
        done = fitted(BriefSetter(brief, breaker, named, side), told)
        found = check_brief(done, brief, told)
        for diagnostic in told:
            self.sink.add(diagnostic)
        forms = {brief.map.name: self._form(brief.map)} if brief.map else {}
        painter = Painter(self.specification, brief.colour, frozenset(forms), done.notes,
                          brief.language, tagged=self.space is ColourSpace.RGB)
        painted = tuple(painter.paint(done.pages, done.document))
        top = (self.specification.page.height - self.specification.page.top) * MM
        anchors = {brief.anchor: (0, top), **painter.anchors}
        elements = {brief.anchor: done.document, **done.notes}
        return DrawnBrief(brief.anchor, f"{brief.region}: {plain(brief.title)}", painted,
                          done.document, dict(painter.usage), anchors, elements, forms, found)

    def _form(self, drawn: Map) -> Form:
        """Return a map as a drawing of its width, made or kept."""
        key = digest(self.environment, drawn.svg, drawn.width)
        form: Form | None = self.store.get("form", key, self.sink)
        if form is None:
            form = form_of(drawn.svg, drawn.width * MM, self.book)
            self.store.put("form", key, form)
        return form

    def _sources(self, bulletin: Bulletin) -> DrawnBrief:
        """Set and paint the list of sources."""
        title = bulletin.words["sources"]
        key = digest(self.environment, bulletin.sources, title, bulletin.language, self.space)
        kept: DrawnBrief | None = self.store.get("sources", key, self.sink)
        if kept is not None:
            return kept
        breaker = Breaker(self.book, self.specification, bulletin.language)
        done = set_sources(mended(bulletin.sources, bulletin.language), title, breaker)
        check_characters(done.missing, Span("bulletin"), self.sink)
        painter = Painter(self.specification, self.specification.palette["ink"], frozenset(), {},
                          bulletin.language, tagged=self.space is ColourSpace.RGB)
        painted = tuple(painter.paint(done.pages, done.document))
        top = (self.specification.page.height - self.specification.page.top) * MM
        drawn = DrawnBrief(ANCHOR, title, painted, done.document, dict(painter.usage),
                           {ANCHOR: (0, top)}, {ANCHOR: done.document}, {})
        if not done.missing:
            self.store.put("sources", key, drawn)
        return drawn

    # -- laying out

    def lay_out(self, bulletin: Bulletin, briefs: tuple[DrawnBrief, ...],
                multiple: int = 1) -> Pages | None:
        """Return the pages of `bulletin`; None if a template is wrong.

        Their number is a multiple of `multiple`: blank pages stand before the
        last one, which is the back cover. Breaches of the layout are errors in
        the sink: then the pages must not be published.
        """
        if bulletin.shape is Shape.OFFPRINT:
            return self._offprint(bulletin, briefs, multiple)
        if bulletin.sources:
            briefs = (*briefs, self._sources(bulletin))
        front = 1 + ceil((len(briefs) + 2) / _ENTRIES)
        matter = self._around(bulletin, briefs, front)
        if matter is not None and matter.facts.front != front:  # a guess: the theme knows better
            matter = self._around(bulletin, briefs, matter.facts.front)
        if matter is None:
            return None
        inside = sum(len(brief.pages) for brief in briefs)
        count = matter.facts.pages - 1 + inside
        if count % multiple:
            bulletin = replace(bulletin, blank_pages=-count % multiple)
            matter = self._around(bulletin, briefs, matter.facts.front)
            assert matter is not None
            count = matter.facts.pages - 1 + inside
        check_matter(matter.facts, inside, bulletin, self.sink)
        return Pages(count, matter.facts.slots, briefs, self, bulletin, matter,
                     _first_pages(briefs, matter.facts.front))

    def _offprint(self, bulletin: Bulletin, briefs: tuple[DrawnBrief, ...],
                  multiple: int) -> Pages:
        count = sum(len(brief.pages) for brief in briefs)
        if count % multiple:
            self.sink.warning("binding", f"{count} pages do not fold into sheets of "
                              f"{multiple}", Span("print-binding"),
                              "an offprint has no back cover before which blank pages could stand")
        return Pages(count, {}, briefs, self, bulletin, None, _first_pages(briefs, 0))

    def _around(self, bulletin: Bulletin, briefs: tuple[DrawnBrief, ...],
                front: int) -> Matter | None:
        """Lay out the pages around the briefs, `front` of which stand before them."""
        first = _first_pages(briefs, front)
        folios = {anchor: page + 1 for anchor, page in first.items()}
        # The page behind the sheet has the number that follows the briefs.
        behind = front + sum(len(brief.pages) for brief in briefs) + 1
        folios["imprint"] = behind + bulletin.blank_pages
        shown = _shown(bulletin)
        css = f"{self.specification.css()}@page :nth({front + 2}) {{ counter-set: page {behind} }}"
        key = digest(self.environment, shown, sorted(folios.items()), self._stylesheets, css,
                     self.assets.stamps(Kind.STYLE), self.assets.stamps(Kind.TEMPLATE))

        @cache
        def layout() -> Layout | None:
            from reportgen.rendering.engine import lay_out
            from reportgen.rendering.fallback import with_fallback
            from reportgen.rendering.html import bulletin_html, environment_for

            environment = environment_for(self.assets, self.store)
            html = bulletin_html(shown, self._stylesheets, folios, environment, self.sink)
            if html is None:
                return None
            html = with_fallback(html, self.book, self.specification)
            made = {**made_for(bulletin), SPECIFICATION_SHEET: (css.encode(), "text/css")}
            return lay_out(html, Fetcher(self.assets, made, self.sink), self.sink)

        facts = self.store.get("facts", key, self.sink)
        if facts is None:
            told = len(list(self.sink))
            laid_out = layout()
            if laid_out is None:
                return None
            facts = inspect(laid_out, frozenset(first))
            if len(list(self.sink)) == told:
                self.store.put("facts", key, facts)
        return Matter(facts, layout, self.store, key)

    # -- writing

    def joined(self, pages: Pages, matter: bytes | None, tags: TagSet, *,
               draft: bool = False) -> pikepdf.Pdf:
        """Return the file of `pages`, open; `matter` has those that the engine has laid out."""
        bulletin = pages._bulletin
        drawn = [(brief, pages._first[brief.anchor]) for brief in pages.briefs]
        furniture = Furniture(self.specification, self.book, bulletin.title, bulletin.language,
                              tagged=tags is not TagSet.NONE)
        composed = {brief.anchor: brief for brief in bulletin.briefs}
        heads = {first + number: furniture.page(composed.get(done.anchor), first + number + 1)
                 for done, first in drawn for number in range(len(done.pages))}
        pictures = {p.name: p for p in (*bulletin.pictures, *(
            a.portrait for b in bulletin.briefs for a in b.authors if a.portrait))}
        cover = bulletin.cover_map
        forms = {cover.name: self._form(cover)} if cover else {}
        assembler = Assembler(self.book, pictures, tags, self._document(bulletin), forms)
        marks = self._marks(pages, furniture) if draft else None
        return assembler.join(matter, drawn, heads, furniture.usage, marks)

    def _marks(self, pages: Pages, furniture: Furniture) -> dict[int, bytes]:
        """Return the operators of the marks of a draft, by page from 0."""
        found: dict[int, list[tuple[float, float, str]]] = {}
        for brief in pages.briefs:
            for flaw in brief.flaws:
                place = found.setdefault(pages._first[brief.anchor] + flaw.page, [])
                place.append((flaw.x, flaw.y, flaw.message))
        if pages._matter is not None:
            facts = pages._matter.facts
            inside = sum(len(brief.pages) for brief in pages.briefs)
            for page, words in marks_of(facts):
                found.setdefault(facts.number(page, inside) - 1, []).append((0.0, 0.0, words))
        drafting = Drafting(self.specification, furniture.breaker, self.space, furniture.usage)
        return {number: drafting.page(f"DRAFT, page {number + 1}: not tested, not to be published",
                                      found.get(number, []))
                for number in range(pages.count)}

    def _document(self, bulletin: Bulletin) -> Document:
        page = self.specification.page
        return Document(
            plain(bulletin.briefs[0].title) if bulletin.briefs else bulletin.title,
            bulletin.authors,
            ". ".join(f"{b.region}: {plain(b.title)}" for b in bulletin.briefs),
            ", ".join(dict.fromkeys(b.region for b in bulletin.briefs)), bulletin.language,
            bulletin.date, (page.width * MM, page.height * MM),
            _BLEED if self.space is ColourSpace.CMYK else 0.0)


def _shown(bulletin: Bulletin) -> Bulletin:
    """Return what templates are given: all but what stands on other pages, and drawings by name.

    So an edited brief leaves the pages around it as they are.
    """
    def bare(picture: PlacedPicture) -> PlacedPicture:
        return replace(picture, data=b"")  # its name is a hash of it

    def without_text(brief: ComposedBrief) -> ComposedBrief:
        authors = tuple(replace(a, portrait=bare(a.portrait)) if a.portrait else a
                        for a in brief.authors)
        return replace(brief, blocks=(), notes=(), authors=authors, span=NOWHERE)

    picture, drawn = bulletin.cover_picture, bulletin.cover_map
    return replace(
        bulletin, briefs=tuple(map(without_text, bulletin.briefs)),
        sources=tuple(SourceEntry((), "", ()) for _ in bulletin.sources),
        pictures=tuple(map(bare, bulletin.pictures)),
        cover_picture=bare(picture) if picture else None,
        cover_map=replace(drawn, svg="") if drawn else None)


def _first_pages(briefs: tuple[DrawnBrief, ...], front: int) -> dict[str, int]:
    """Return the page, from 0, on which each brief begins, by its anchor."""
    first, at = {}, front
    for brief in briefs:
        first[brief.anchor] = at
        at += len(brief.pages)
    return first


def made_for(bulletin: Bulletin) -> Mapping[str, tuple[bytes, str]]:
    """Return what was made for the pages around the briefs, by the names in their templates."""
    cover = bulletin.cover_map
    made = {}
    if cover:
        made[cover.name] = stand_in(cover.name, cover.width, cover.height), "image/svg+xml"
    if bulletin.cover_picture:
        data = bulletin.cover_picture.data
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        made[bulletin.cover_picture.name] = data, kind
    return made
