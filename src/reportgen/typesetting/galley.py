"""The vertical list of a brief: its blocks as rows, with the penalties of ending a page between.

A row is what no page break parts: a line of a paragraph, a line of a table's row, a picture.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Span
from reportgen.language.languages import language_of
from reportgen.model import (
    Block,
    CodeBlock,
    Figure,
    Heading,
    ListBlock,
    NoteCall,
    Paragraph,
    Picture,
    PlacedPicture,
    Quote,
    Run,
    Separator,
    SourceList,
    Style,
    Table,
    Text,
)
from reportgen.structure import StructureElement
from reportgen.texts import place_of
from reportgen.typesetting.breaking import (
    Alignment,
    Broken,
    Line,
    best,
    break_paragraph,
    lines_of,
)
from reportgen.typesetting.inline import Stream, Typesetter
from reportgen.typesetting.material import NEVER, PlacedImage, Row, Rule, TextLine
from reportgen.typesetting.shaping import FontBook
from reportgen.typesetting.specification import MM, TypeSpecification, TypeStyle

_WIDOW, _ORPHAN, _AFTER_HEAD, _IN_ROW, _SPLIT_ITEM = 3_000.0, 3_000.0, NEVER / 4, 20_000.0, 30.0
_TALLEST = 0.55
"""Height of a picture and its caption, as a share of the column, so that no page is left empty."""


class Fit(Struct, frozen=True):
    """What copyfit has chosen for a brief."""

    size: float
    """of the text, pt"""
    leading: float
    """of the text, pt"""
    gaps: float = 1.0
    """Factor on the space between the parts of the head of the brief."""
    pictures: float = 1.0
    """Factor on the tallest picture."""
    longer: Mapping[int, int] = field(default_factory=dict)
    """Lines more (or less, below zero) that a paragraph takes, by its number in the text."""


_Shape = tuple[object, ...]


def _shape(text: Text, style: TypeStyle) -> _Shape:
    """Return a key of all that the glyphs of `text` and its breaks depend on, but its size."""
    return (id(text), style.family, style.weight, style.italic, style.colour, style.tracking,
            style.features, style.align, style.hyphens)


class Breaker(Struct):
    """Breaks texts of a brief, each once for a style and measure."""

    book: FontBook
    specification: TypeSpecification
    language: str
    _streams: dict[_Shape, tuple[Text, Stream]] = field(default_factory=dict)
    _ways: dict[tuple[_Shape, float, float], dict[int, Broken]] = field(default_factory=dict)
    _lines: dict[tuple[_Shape, float, float, int], list[Line]] = field(default_factory=dict)

    def stream(self, text: Text, style: TypeStyle) -> Stream:
        """Return the unbroken line of `text`; shaping does not depend on its size."""
        key = _shape(text, style)
        known = self._streams.get(key)
        if known is None:
            mark = self.specification.style("text")
            known = text, Typesetter(self.book, style, self.language, mark).stream(text)
            self._streams[key] = known
        return known[1]

    def ways(self, text: Text, style: TypeStyle, measure: float,
             indent: float = 0.0) -> dict[int, Broken]:
        """Return how `text` can be broken; `measure` and `indent` in pt."""
        em = style.size / 1000
        key = _shape(text, style), round(measure / em, 3), round(indent / em, 3)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = break_paragraph(
                self.stream(text, style), measure / em, Alignment(style.align), indent / em)
        return found

    def lines(self, text: Text, style: TypeStyle, measure: float, indent: float = 0.0,
              longer: int = 0) -> list[Line]:
        """Return `text` broken into lines, `longer` lines more than is best if that can be."""
        em = style.size / 1000
        key = _shape(text, style), round(measure / em, 3), round(indent / em, 3), longer
        found = self._lines.get(key)
        if found is None:
            ways = self.ways(text, style, measure, indent)
            number = best(ways)
            chosen = ways.get(number + longer, ways[number])
            found = self._lines[key] = lines_of(
                self.stream(text, style), chosen.breaks, measure / em, Alignment(style.align),
                indent / em)
        return found

    @property
    def missing(self) -> list[tuple[str, str, Span]]:
        """Family and character of what no face has, and where it stands, in all that was shaped."""
        return [found for _, stream in self._streams.values() for found in stream.missing]

    def left(self, line: Line, x: float, measure: float, size: float, *,
             alone: bool = False) -> float:
        """Return where a line begins from the left, inside of a measure that begins at `x`, in pt.

        The page is one of its language's direction, or will be turned round to be: lines against it
        stand at the other edge, but not one that is `alone`, such as a name or a number.
        """
        em = size / 1000
        if alone or line.direction is language_of(self.language).direction:
            return x + line.start * em
        return x + measure - (line.start + sum(line.widths)) * em

    def baseline(self, style: TypeStyle) -> float:
        """Return how far the baseline is below the top of a line, in pt (CSS 2.2, 10.8.1)."""
        face = self.book.face(style.family, style.weight, italic=style.italic)
        content = (face.ascent + face.descent) * style.size
        return (style.leading - content) / 2 + face.ascent * style.size


class _Place(Struct, frozen=True):
    """Where blocks stand: inside of a list or quote the measure is less."""

    x: float
    measure: float
    parent: StructureElement
    style: TypeStyle
    depth: int = 0
    bars: tuple[Rule, ...] = ()


class GalleyMaker:
    """Makes rows of the blocks of a brief."""

    def __init__(self, breaker: Breaker, fit: Fit, pictures: Mapping[str, PlacedPicture],
                 notes: Mapping[str, StructureElement]) -> None:
        self.breaker = breaker
        self.specification = breaker.specification
        self.fit = fit
        self.pictures = pictures
        self.notes = notes
        self.paragraphs = 0
        self.keeps_side = False
        """Whether what takes one line stands at its page's side, whatever its direction."""
        self.cramped: list[tuple[int, Span]] = []
        """Columns and place of each table whose words had to be broken."""
        self.column = self.specification.page.column * MM

    def style(self, name: str) -> TypeStyle:
        """Return a type style, that of the text as copyfit has it."""
        style = self.specification.style(name)
        if name == "text":
            return replace(style, size=self.fit.size, leading=self.fit.leading)
        return style

    # -- text

    def text_rows(self, text: Text, style: TypeStyle, x: float, measure: float,
                  element: StructureElement, *, indent: float = 0.0, longer: int = 0,
                  before: float = 0.0, keep: bool = False) -> list[Row]:
        """Return a paragraph as rows; with `keep`, no page ends inside of it."""
        lines = self.breaker.lines(text, style, measure, indent, longer)
        baseline = self.breaker.baseline(style)
        span = place_of(text, 0)
        rows = []
        for number, line in enumerate(lines):
            penalty = 0.0
            if number:
                if keep:
                    penalty = NEVER
                elif number == 1:
                    penalty = _ORPHAN
                if number == len(lines) - 1:
                    penalty = max(penalty, _WIDOW)
                if lines[number - 1].hyphen:
                    penalty += 20.0
            left = self.breaker.left(line, x, measure, style.size,
                                     alone=self.keeps_side and len(lines) == 1)
            thing = TextLine(line, style.size, left, baseline, element, span, measure,
                             style.align == "justified")
            rows.append(Row(style.leading, (thing,), before if number == 0 else 0.0, penalty,
                            line.notes))
        return rows

    # -- blocks

    def blocks(self, blocks: tuple[Block, ...], x: float, measure: float,
               parent: StructureElement) -> list[Row]:
        """Return blocks of running text as rows."""
        rows = self._blocks(blocks, _Place(x, measure, parent, self.style("text")))
        for row in rows:
            row.text = True
        return rows

    def _blocks(self, blocks: tuple[Block, ...], place: _Place) -> list[Row]:
        rows: list[Row] = []
        after, before_kind = 0.0, None
        for block in blocks:
            made, below = self._block(block, place, before_kind)
            if not made:
                continue
            if rows:
                made[0].before = max(made[0].before, after)
                if isinstance(before_kind, Heading):
                    made[0].penalty = _AFTER_HEAD
                    if len(made) > 1 and isinstance(block, Paragraph):
                        made[1].penalty = max(made[1].penalty, _ORPHAN * 2)
            rows += made
            after, before_kind = below, block
        return rows

    def _block(self, block: Block, place: _Place, last: Block | None) -> tuple[list[Row], float]:
        """Return the rows of a block, and the space below it."""
        match block:
            case Paragraph():
                return self._paragraph(block, place, last), 0.0
            case Heading():
                return self._heading(block, place)
            case ListBlock():
                return self._list(block, place)
            case Quote():
                return self._quote(block, place)
            case Table():
                from reportgen.typesetting.tables import table_rows

                style = self.specification.style("table")
                return table_rows(self, block, place.x, place.measure, place.parent), (
                    style.after * MM)
            case Figure():
                style = self.specification.style("caption")
                return self.figure(block.picture, block.caption, place.x, place.measure,
                                   place.parent), style.after * MM
            case SourceList():
                return self._sources(block, place)
            case CodeBlock():
                return self._code(block, place), 2 * MM
            case Separator():
                rule = Rule(place.x, 0.0, 20 * MM, 0.4, "rule")
                return [Row(0.4, (rule,), 4 * MM, NEVER / 2, bars=place.bars)], 4 * MM
        raise TypeError(block)

    def _paragraph(self, block: Paragraph, place: _Place, last: Block | None) -> list[Row]:
        rows: list[Row] = []
        number = self.paragraphs
        self.paragraphs += 1
        text: list[Run | NoteCall] = []
        parts: list[Text | Picture] = []
        for inline in block.text:
            if isinstance(inline, Picture):
                parts += [tuple(text), inline]
                text = []
            else:
                text.append(inline)  # type: ignore[arg-type]
        whole = not parts
        parts.append(block.text if whole else tuple(text))
        for part in parts:
            if isinstance(part, Picture):
                caption = (Run(part.title, span=part.span),) if part.title else ()
                rows += self.figure(part, caption, place.x, place.measure, place.parent)
            elif part:
                element = place.parent.add(StructureElement("P"))
                follows = isinstance(last, Paragraph) and not rows
                indent = self.specification.style("text").indent * MM if follows else 0.0
                rows += self.text_rows(part, place.style, place.x, place.measure, element,
                                       indent=indent, longer=self.fit.longer.get(number, 0))
        for row in rows:
            row.bars = place.bars
        return rows

    def _heading(self, block: Heading, place: _Place) -> tuple[list[Row], float]:
        style = self.specification.style("subhead" if block.level <= 2 else "subhead-2")
        level = min(max(block.level, 2), 6)
        element = place.parent.add(StructureElement(f"H{level}"))
        rows = self.text_rows(block.text, style, place.x, place.measure, element,
                              before=style.before * MM, keep=True)
        for row in rows:
            row.bars = place.bars
        return rows, style.after * MM

    def _list(self, block: ListBlock, place: _Place) -> tuple[list[Row], float]:
        style = self.specification.style("list")
        space = style.before * MM if not place.depth else 0.0
        shift = style.indent * MM
        list_ = place.parent.add(StructureElement("L"))
        list_.attributes["List"] = {"ListNumbering": _numbering(block)}
        rows: list[Row] = []
        for number, item in enumerate(block.items, block.start):
            entry = list_.add(StructureElement("LI"))
            label = entry.add(StructureElement("Lbl"))
            body = entry.add(StructureElement("LBody"))
            sign = (block.marks[number - block.start] if block.marks else f"{number}."
                    if block.ordered else "–" if place.depth else "•")
            inner = replace(place, x=place.x + shift, measure=place.measure - shift, parent=body,
                            depth=place.depth + 1)
            before, self.keeps_side = self.keeps_side, True
            made = self._blocks(item, inner) or [Row(place.style.leading, bars=place.bars)]
            self.keeps_side = before
            made[0].things = (self._marker(sign, inner, label), *made[0].things)
            if number > block.start:
                made[0].penalty = max(made[0].penalty, _SPLIT_ITEM)
                if number in (block.start + 1, block.start + len(block.items) - 1):
                    made[0].penalty = max(made[0].penalty, _ORPHAN / 3)  # no lone item
            rows += made
        if rows:
            rows[0].before = max(rows[0].before, space)
            rows[0].penalty = max(rows[0].penalty, _ORPHAN / 3)
        return rows, style.after * MM if not place.depth else 0.0

    def _sources(self, block: SourceList, place: _Place) -> tuple[list[Row], float]:
        """Return a list of sources: its title as a subhead, entries with a hanging indent."""
        rows, below = self._heading(Heading(2, block.title, block.span), place)
        style = self.specification.style("sources")
        list_ = place.parent.add(StructureElement("L"))
        list_.attributes["List"] = {"ListNumbering": "None"}
        for number, entry in enumerate(block.entries):
            body = list_.add(StructureElement("LI")).add(StructureElement("LBody"))
            made = self.source_rows(entry, style, place.x, place.measure, body)
            made[0].before = style.after * MM / 2 if number else below
            made[0].penalty = 0.0 if number else NEVER
            rows += made
        return rows, 0.0

    def source_rows(self, text: Text, style: TypeStyle, x: float, measure: float,
                    parent: StructureElement) -> list[Row]:
        """Return an entry of a list of sources, with the style's indent as a hanging one."""
        hang = style.indent * MM
        return self.text_rows(text, replace(style, indent=0.0), x + hang, measure - hang, parent,
                              indent=-hang, keep=True)

    def _marker(self, sign: str, place: _Place, label: StructureElement) -> TextLine:
        style = replace(place.style, colour="region", hyphens=False, italic=False,
                        align="ragged")
        line = self.breaker.lines((Run(sign, Style()),), style, 1000.0)[0]
        width = line.width * style.size / 1000
        return TextLine(line, style.size, place.x - width - 1.3 * MM,
                        self.breaker.baseline(place.style), label)

    def _quote(self, block: Quote, place: _Place) -> tuple[list[Row], float]:
        style = self.specification.style("quote")
        left = style.indent * MM
        pad = 3.4 * MM
        element = place.parent.add(StructureElement("BlockQuote"))
        bar = Rule(place.x + left, 0.0, 0.5 * MM, 0.0, "region")
        inner = replace(place, x=place.x + left + pad, measure=place.measure - left - pad,
                        parent=element, style=replace(place.style, italic=style.italic),
                        bars=(*place.bars, bar))
        rows = self._blocks(block.blocks, inner)
        if rows:
            rows[0].before = max(rows[0].before, style.before * MM)
            others = [other for other in rows[0].bars if other is not bar]
            rows[0].bars = (*others, replace(bar, height=-1.0))
        return rows, style.after * MM

    def figure(self, picture: Picture, caption: Text, x: float, measure: float,
               parent: StructureElement) -> list[Row]:
        """Return a picture and its caption as rows that stay together."""
        style = self.specification.style("caption")
        placed = self.pictures[picture.source]
        group = parent.add(StructureElement("Sect"))
        element = group.add(StructureElement("Figure", alternative=picture.alternative))
        element.attributes["Layout"] = {"Placement": "Block"}
        rows: list[Row] = []
        if caption:
            told = group.add(StructureElement("Caption"))
            rows = self.text_rows(caption, style, x, measure, told, before=style.before * MM,
                                  keep=True)
            rows[0].penalty = NEVER
        below = sum(row.height + row.before for row in rows)
        tallest = max(self.column * _TALLEST * self.fit.pictures - below, 20 * MM)
        width, height = placed.width * MM, placed.height * MM
        scale = min(1.0, measure / width, tallest / height)
        image = PlacedImage(placed.name, x, 0.0, width * scale, height * scale, element)
        return [Row(height * scale, (image,), 3.2 * MM, 50.0), *rows]

    def _code(self, block: CodeBlock, place: _Place) -> list[Row]:
        style = replace(place.style, family="Bulletin Sans", size=place.style.size * 0.9,
                        align="ragged", hyphens=False, features=())
        element = place.parent.add(StructureElement("P"))
        rows: list[Row] = []
        for line in block.text.rstrip("\n").split("\n"):
            bare = line.lstrip(" \t")
            lead = len(line.expandtabs(4)) - len(bare.expandtabs(4))
            text: Text = (Run(bare, Style(), block.span),)
            if not bare:
                rows.append(Row(style.leading))
                continue
            shift = min(lead * style.size * 0.25, place.measure / 2)
            rows += self.text_rows(text, style, place.x + shift, place.measure - shift, element)
        for row in rows:
            row.bars = place.bars
        if rows:
            rows[0].before = 2 * MM
        return rows


def _numbering(block: ListBlock) -> str:
    """Return the numbering of a list as PDF names it (ISO 32000-1, table 347)."""
    if block.marks:
        return "LowerAlpha" if block.marks[0].strip("()") == "a" else "Decimal"
    return "Decimal" if block.ordered else "Disc"
