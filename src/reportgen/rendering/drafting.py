"""Marks of a draft: every breach, where it stands, over the page."""

from __future__ import annotations

from reportgen.model import NOWHERE, Run
from reportgen.rendering.painting import Canvas, Usage
from reportgen.standards import ColourSpace
from reportgen.typesetting.galley import Breaker
from reportgen.typesetting.specification import MM, TypeSpecification, TypeStyle

_STYLE = TypeStyle(family="Bulletin Sans", weight=600, size=6.0, leading=7.5, colour="draft")
_COLOURS = {ColourSpace.RGB: "#d00000", ColourSpace.CMYK: "device-cmyk(0% 100% 100% 0%)"}


class Drafting:
    """Draws marks, and `DRAFT` on every page."""

    def __init__(self, specification: TypeSpecification, breaker: Breaker, space: ColourSpace,
                 usage: Usage) -> None:
        self.specification, self.breaker, self.usage = specification, breaker, usage
        self.colours = {"draft": _COLOURS[space]}
        self.height = specification.page.height * MM

    def page(self, title: str, marks: list[tuple[float, float, str]]) -> bytes:
        """Return the operators for a page: `title` at its top, and marks at (x, y) in pt."""
        canvas = Canvas(self.height, self.usage)
        left = self.specification.page.left * MM
        self._words(canvas, title, left, 12.0)
        for number, (x, y, words) in enumerate(marks):
            canvas.rectangle(x - 7.0, y - 8.0, 2.0, 10.0, self.colours["draft"])
            shown = f"{round(y)}: {words}" if y else words
            self._words(canvas, shown[:150], left, 22.0 + number * _STYLE.leading)
        return "\n".join(["/Artifact BMC", *canvas.out, "EMC"]).encode()

    def _words(self, canvas: Canvas, words: str, x: float, y: float) -> None:
        line = self.breaker.lines((Run(words, span=NOWHERE),), _STYLE, 10_000.0)[0]
        canvas.line(line, _STYLE.size, x, y, self.colours)

