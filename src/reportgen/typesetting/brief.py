"""Setting a brief: head, text and notes in the text column, the rest in the side column.

The order of the structure tree is the order in which a brief is heard: title, standfirst, authors,
region and map, figures, key points, text with each note behind its call, what is said of the
authors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Span
from reportgen.language.languages import Direction, language_of
from reportgen.model import (
    ComposedBrief,
    Figure,
    Heading,
    Note,
    Paragraph,
    PlacedPicture,
    Run,
    Style,
    Text,
    plain,
)
from reportgen.structure import TRANSPARENT, StructureElement
from reportgen.typesetting.breaking import best
from reportgen.typesetting.galley import Breaker, Fit, GalleyMaker
from reportgen.typesetting.material import (
    NEVER,
    NoteMaterial,
    Row,
    Rule,
    SetPage,
    TextLine,
    lowered,
)
from reportgen.typesetting.mirroring import mirrored
from reportgen.typesetting.pages import NoteArea, PageMaker, PagePlan
from reportgen.typesetting.sidecolumn import SideColumn, SideMatter, place_side
from reportgen.typesetting.specification import MM

_MARKER = 5 * MM
"""Width of a note's number."""

_AREA = NoteArea(5 * MM, 0.4, 2.2 * MM, 0.6 * MM)
"""The room of the notes at the foot of a page."""


class SetBrief(Struct):
    """A brief on its pages."""

    pages: list[SetPage]
    fit: Fit
    document: StructureElement
    """The brief's element of the structure tree, `Art`."""
    title: StructureElement
    notes: dict[str, StructureElement]
    """Elements of the notes, by identifier."""
    split_notes: tuple[str, ...] = ()
    """Notes that go on at the foot of another page."""
    late_notes: tuple[str, ...] = ()
    """Notes that begin behind the page of their call: one before them takes all of it."""
    missing: list[tuple[str, str, Span]] = field(default_factory=list)
    """Family and character of what no face has, and where it stands."""
    cramped: list[tuple[int, Span]] = field(default_factory=list)
    """Columns and place of each table whose words had to be broken."""


class BriefSetter:
    """Sets one brief, as often as copyfit asks; paragraphs are shaped and broken once."""

    def __init__(self, brief: ComposedBrief, breaker: Breaker,
                 pictures: Mapping[str, PlacedPicture], side: SideMatter) -> None:
        self.brief = brief
        self.breaker = breaker
        self.specification = breaker.specification
        self.pictures = pictures
        self.side_matter = side
        page = self.specification.page
        self.x = (page.left + page.text_left) * MM
        self.measure = page.measure * MM
        self.column = page.column * MM
        self._cramped: list[tuple[int, Span]] = []
        self._texts: dict[tuple[str, ...], Text] = {}

    # -- texts that are no text of the model

    def _words(self, *key: str, strong: bool = False) -> Text:
        """Return words as text; the same object for the same words, so that it is broken once."""
        known = self._texts.get(key)
        if known is None:
            known = (Run(" ".join(key), Style(strong=strong), self.brief.span),)
            self._texts[key] = known
        return known

    # -- the whole

    def design(self) -> Fit:
        """Return the fit that the theme is designed for."""
        style = self.specification.style("text")
        return Fit(style.size, style.leading)

    def plans(self, fit: Fit, *, fill_last: bool = False) -> tuple[list[PagePlan], PageMaker]:
        """Return where the pages of the brief end at a fit."""
        rows, notes = self._column(fit, StructureElement("Art"), notes=self._scratch)
        maker = PageMaker(rows, notes, self.column, _AREA, fit.leading, fill_last)
        return maker.run(), maker

    def set(self, fit: Fit, *, fill_last: bool = False) -> SetBrief:
        """Return the brief, set at a fit."""
        brief = self.brief
        document = StructureElement("Art", language=brief.language)
        head = document.add(StructureElement(TRANSPARENT))
        side = document.add(StructureElement("Aside"))
        body = document.add(StructureElement(TRANSPARENT))
        authors = document.add(StructureElement("Sect"))
        rows, notes = self._column(fit, head, body)
        maker = PageMaker(rows, notes, self.column, _AREA, fit.leading, fill_last)
        pages = [self._page(maker, plan) for plan in maker.run()]
        column = SideColumn(brief, self.breaker, self.side_matter, self._words)
        place_side(pages, column.rows(side, authors), self.specification)
        if language_of(brief.language).direction is Direction.RIGHT_TO_LEFT:
            document.attributes["Layout"] = {"WritingMode": "RlTb"}
            pages = [mirrored(page, self.specification.page.width * MM) for page in pages]
        split = tuple(name for name in notes
                      if sum(any(n == name for *_, n in page.notes) for page in pages) > 1)
        late = tuple(name for page in pages for name in page.calls
                     if all(n != name for *_, n in page.notes))
        return SetBrief(
            pages, fit, document, head.children[0],
            {name: note.element for name, note in notes.items()}, split, late,
            self.breaker.missing, self._cramped)

    def _page(self, maker: PageMaker, plan: PagePlan) -> SetPage:
        """Return a page with everything in its place."""
        page = self.specification.page
        top = y = page.top * MM
        out = SetPage(used=plan.used, room=plan.gap)
        calls: list[str] = []
        for number in range(plan.first, plan.stop):
            row = maker.rows[number]
            first = number == plan.first
            if first and row.repeat:
                for again in row.repeat:
                    out.again.append((0.0, y, again))
                    y += again.height
            before = 0.0 if first else row.before
            y += before
            out.rows.append((0.0, y, before, row))
            y += row.height
            calls += row.notes
        out.calls = tuple(calls)
        if plan.note_stop > plan.note_first:
            foot = maker.foot(plan.note_first, plan.note_stop)
            y = top + self.column - foot + maker.area.above
            out.rules.append(Rule(self.x, y, self.measure, maker.area.rule, "quiet"))
            y += maker.area.rule + maker.area.below
            for name, row, below in maker.lines[plan.note_first:plan.note_stop]:
                out.notes.append((0.0, y, row, name))
                y += row.height + below
        return out

    def shortest(self, fit: Fit) -> list[int]:
        """Return the paragraphs that can be set a line shorter, the one that suffers least first.

        They go by their number in the text.
        """
        maker = GalleyMaker(self.breaker, fit, self.pictures, {})
        style, found = maker.style("text"), []
        number = 0
        last: object = None
        for block in self.brief.blocks:
            if isinstance(block, Paragraph):
                indent = style.indent * MM if isinstance(last, Paragraph) else 0.0
                ways = self.breaker.ways(block.text, style, self.measure, indent)
                lines = best(ways)
                if lines - 1 in ways:
                    found.append((ways[lines - 1].demerits - ways[lines].demerits, number))
                number += 1
            elif not isinstance(block, Heading | Figure):
                break  # lists and quotes count their paragraphs too
            last = block
        return [number for _, number in sorted(found)]

    # -- the text column

    def _column(self, fit: Fit, head: StructureElement,
                body: StructureElement | None = None,
                notes: dict[str, NoteMaterial] | None = None,
                ) -> tuple[list[Row], dict[str, NoteMaterial]]:
        body = body or head
        brief = self.brief
        notes = self._notes() if notes is None else notes
        maker = GalleyMaker(self.breaker, fit, self.pictures,
                            {name: note.element for name, note in notes.items()})
        self._cramped = maker.cramped
        rows = self._head(maker, head)
        text: list[Row] = []
        if brief.pull_quote:
            split = (len(brief.blocks) + 1) // 2
            text = maker.blocks(brief.blocks[:split], self.x, self.measure, body)
            text += self._pull_quote(maker, body)
            text += maker.blocks(brief.blocks[split:], self.x, self.measure, body)
        else:
            text = maker.blocks(brief.blocks, self.x, self.measure, body)
        points = self._key_points(maker, body)
        if points:
            rows += points
        if text and rows:
            style = self.specification.style("text")
            text[0].before = style.before * MM * fit.gaps
            text[0].penalty = NEVER
            if len(text) > 1:
                text[1].penalty = max(text[1].penalty, 3_000.0)
        return rows + text, notes

    def _notes(self) -> dict[str, NoteMaterial]:
        """Return the notes of the brief, set."""
        return {note.identifier: self._note(note) for note in self.brief.notes}

    @cached_property
    def _scratch(self) -> dict[str, NoteMaterial]:
        """The notes, for trials: they do not depend on the fit."""
        return self._notes()

    def _head(self, maker: GalleyMaker, parent: StructureElement) -> list[Row]:
        """Return title, standfirst and byline."""
        brief, gaps = self.brief, maker.fit.gaps
        title = parent.add(StructureElement("H1"))
        style = self.specification.style("title")
        rows = maker.text_rows(brief.title, style, self.x, self.measure, title, keep=True)
        rows[0].height += style.before * MM
        rows[0].things = tuple(lowered(thing, style.before * MM) for thing in rows[0].things)
        for name, text in (("standfirst", brief.standfirst), ("byline", self._byline())):
            if not plain(text).strip():
                continue
            style = self.specification.style(name)
            element = parent.add(StructureElement("P"))
            rows += maker.text_rows(text, style, self.x, self.measure, element,
                                    before=style.before * MM * gaps, keep=True)
        for row in rows[1:]:
            row.penalty = NEVER
        return rows

    def _byline(self) -> Text:
        brief = self.brief
        if not brief.authors:
            return ()
        key = ("byline",)
        if key not in self._texts:
            runs = [Run(f"{brief.words['by']} ", span=brief.span)]
            for number, author in enumerate(brief.authors, 1):
                left = len(brief.authors) - number
                runs.append(Run(author.name, Style(strong=True, unbroken=False), brief.span))
                if left:
                    runs.append(Run(f" {brief.words['and']} " if left == 1 else ", "))
            self._texts[key] = tuple(runs)
        return self._texts[key]

    def _key_points(self, maker: GalleyMaker, parent: StructureElement) -> list[Row]:
        brief = self.brief
        if not brief.key_points:
            return []
        section = parent.add(StructureElement("Sect"))
        style = self.specification.style("side-title")
        title = section.add(StructureElement("P"))
        rows = maker.text_rows(self._words(brief.words["key_points"]), style, self.x,
                               self.measure, title, keep=True)
        rows[0].height += 2 * MM
        rows[0].things = (Rule(self.x, 0.0, self.measure, 0.4, "quiet"),
                          *(lowered(thing, 2 * MM) for thing in rows[0].things))
        rows[0].before = 6 * MM * maker.fit.gaps
        style = self.specification.style("key-point")
        shift = style.indent * MM
        list_ = section.add(StructureElement("L"))
        list_.attributes["List"] = {"ListNumbering": "Disc"}
        mark = replace(style, colour="region")
        for point in brief.key_points:
            entry = list_.add(StructureElement("LI"))
            label = entry.add(StructureElement("Lbl"))
            body = entry.add(StructureElement("LBody"))
            made = maker.text_rows(self._words(point), style, self.x + shift,
                                   self.measure - shift, body)
            sign = maker.text_rows(self._words("•"), mark, self.x + 0.6 * MM, shift, label)
            made[0].things = (*made[0].things, *sign[0].things)
            rows += made
        for row in rows:
            row.penalty = NEVER
        rows[-1].height -= min(2 * MM, 2 * MM * maker.fit.gaps)
        return rows

    def _pull_quote(self, maker: GalleyMaker, parent: StructureElement) -> list[Row]:
        style = self.specification.style("pull-quote")
        element = parent.add(StructureElement("P"))
        rows = maker.text_rows(self._words(self.brief.pull_quote), style, self.x, self.measure,
                               element, before=style.before * MM, keep=True)
        rows[-1].height += style.after * MM
        return rows

    def _note(self, note: Note) -> NoteMaterial:
        style, mark = self.specification.style("note"), self.specification.style("note-mark")
        element = StructureElement("Note", identifier=note.identifier)
        label = element.add(StructureElement("Lbl"))
        breaker = self.breaker
        lines = (breaker.lines(note.text, style, self.measure - _MARKER)
                 if plain(note.text).strip() else [])
        baseline = breaker.baseline(style)
        rows: list[Row] = []
        for line in lines:
            left = breaker.left(line, self.x + _MARKER, self.measure - _MARKER, style.size)
            thing = TextLine(line, style.size, left, baseline, element, note.span)
            rows.append(Row(style.leading, (thing,)))
        rows = rows or [Row(style.leading)]
        sign = breaker.lines(self._words(str(note.number)), mark, 1000.0)[0]
        rows[0].things = (TextLine(sign, mark.size, self.x, baseline, label), *rows[0].things)
        return NoteMaterial(note.identifier, note.number, tuple(rows), element)
