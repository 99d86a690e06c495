"""The side column of a brief: kicker, map, figures, authors; in an offprint, where it is from."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.model import ComposedAuthor, ComposedBrief, Run, Style, Text, plain
from reportgen.structure import StructureElement
from reportgen.typesetting.galley import Breaker, Fit, GalleyMaker
from reportgen.typesetting.material import PlacedImage, Row, Rule, SetPage, lowered
from reportgen.typesetting.specification import MM, TypeSpecification


class SideMatter(Struct, frozen=True):
    """What an offprint says of the bulletin in its side column, paragraph by paragraph."""

    imprint: tuple[str, ...] = ()


class SideColumn(Struct):
    """Sets the side column of one brief."""

    brief: ComposedBrief
    breaker: Breaker
    side_matter: SideMatter
    words: Callable[..., Text]
    """Returns words as text, the same object for the same words."""
    _texts: dict[tuple[str, ...], Text] = field(default_factory=dict)

    @property
    def specification(self) -> TypeSpecification:
        """What is set in."""
        return self.breaker.specification

    def rows(self, side: StructureElement, authors: StructureElement) -> list[Row]:
        """Return kicker, map, figures, authors and imprint as rows."""
        brief, page = self.brief, self.specification.page
        text = self.specification.style("text")
        maker = GalleyMaker(self.breaker, Fit(text.size, text.leading), {}, {})
        maker.keeps_side = True
        x, width = page.left * MM, page.side * MM
        rows = self._titled(maker, self.words(brief.region), "kicker", side, x, width, 1.4 * MM,
                            "region", 2 * MM, 0.0)
        if brief.map:
            rows += self._map(maker, side, x, width)
        if brief.figures:
            section = side.add(StructureElement("Sect"))
            rows += self._titled(maker, self.words(brief.words["figures"]), "side-title",
                                 section, x, width, 0.6, "quiet", 1.8 * MM, 6 * MM)
            for row in brief.figures:
                element = section.add(StructureElement("P"))
                value, label = (self.specification.style(name)
                                for name in ("figure-value", "side"))
                rows += maker.text_rows(self.words(row.value), value, x, width, element,
                                        before=1.6 * MM)
                rows += maker.text_rows(self.words(row.label), label, x, width, element)
        if brief.authors:
            title = brief.words["author" if len(brief.authors) == 1 else "authors"]
            rows += self._titled(maker, self.words(title), "side-title", authors, x, width, 0.6,
                                 "quiet", 1.8 * MM, 6 * MM)
            for number, author in enumerate(brief.authors):
                rows += self._author(maker, author, authors, x, width,
                                     3 * MM if number else 1.4 * MM)
        imprint = [words for words in self.side_matter.imprint if words]
        if imprint:
            section = side.add(StructureElement("Sect"))
            style = self.specification.style("map-caption")
            for number, words in enumerate(imprint):
                element = section.add(StructureElement("P"))
                made = maker.text_rows(self.words(words), style, x, width, element)
                if not number:
                    self._ruled(made, x, width, 0.6, "quiet", 1.8 * MM, 6 * MM)
                rows += made
        return rows

    def _titled(self, maker: GalleyMaker, text: Text, name: str, parent: StructureElement,
                x: float, width: float, rule: float, colour: str, pad: float,
                before: float) -> list[Row]:
        """Return a title under a rule."""
        style = self.specification.style(name)
        rows = maker.text_rows(text, style, x, width, parent.add(StructureElement("P")), keep=True)
        self._ruled(rows, x, width, rule, colour, pad, before)
        return rows

    @staticmethod
    def _ruled(rows: list[Row], x: float, width: float, rule: float, colour: str, pad: float,
               before: float) -> None:
        """Draw a rule above rows."""
        rows[0].height += rule + pad
        rows[0].things = (Rule(x, 0.0, width, rule, colour),
                          *(lowered(thing, rule + pad) for thing in rows[0].things))
        rows[0].before = before

    def _map(self, maker: GalleyMaker, side: StructureElement, x: float,
             width: float) -> list[Row]:
        drawn = self.brief.map
        assert drawn is not None
        group = side.add(StructureElement("Sect"))
        element = group.add(StructureElement("Figure", alternative=drawn.alternative))
        element.attributes["Layout"] = {"Placement": "Block"}
        height = width * drawn.height / drawn.width
        image = PlacedImage(drawn.name, x, 0.0, width, height, element)
        caption = group.add(StructureElement("Caption"))
        style = self.specification.style("map-caption")
        key = ("map-caption",)
        if key not in self._texts:
            told = (Run(f"{drawn.caption} ", Style(strong=True)),) if drawn.caption else ()
            self._texts[key] = (*told, Run(drawn.credit, span=self.brief.span))
        rows = maker.text_rows(self._texts[key], style, x, width, caption, before=1.4 * MM,
                               keep=True)
        return [Row(height, (image,), 3.2 * MM), *rows]

    def _author(self, maker: GalleyMaker, author: ComposedAuthor, parent: StructureElement,
                x: float, width: float, before: float) -> list[Row]:
        rows: list[Row] = []
        if author.portrait:
            size = self.specification.page.portrait * MM
            element = parent.add(StructureElement(
                "Figure", alternative=author.portrait.alternative))
            element.attributes["Layout"] = {"Placement": "Block"}
            image = PlacedImage(author.portrait.name, x, 0.0, size, size, element)
            rows.append(Row(size + 1.6 * MM, (image,)))
        style = self.specification.style("side")
        name = replace(style, weight=600)
        rows += maker.text_rows(self.words(author.name), name, x, width,
                                parent.add(StructureElement("P")), keep=True)
        if plain(author.bio).strip():
            rows += maker.text_rows(author.bio, style, x, width,
                                    parent.add(StructureElement("P")))
        rows[0].before = before
        return rows


def place_side(pages: list[SetPage], rows: list[Row],
               specification: TypeSpecification) -> None:
    """Put the side column onto the first page; what finds no room goes on on the next."""
    top = specification.page.top * MM
    column = specification.page.column * MM
    number, y = 0, top
    for row in rows:
        before = row.before if y > top else 0.0
        if y + before + row.height > top + column and y > top:
            number, y, before = number + 1, top, 0.0
            if number == len(pages):
                pages.append(SetPage(room=column))
        y += before
        pages[number].rows.append((0.0, y, before, row))
        y += row.height
