"""Running heads and folio of the pages of briefs: known only when a page has its number."""

from __future__ import annotations

from collections import defaultdict

from reportgen.language.languages import Direction, language_of
from reportgen.model import ComposedBrief, Run, Text
from reportgen.rendering.painting import Canvas, Usage
from reportgen.typesetting.breaking import Line
from reportgen.typesetting.galley import Breaker
from reportgen.typesetting.shaping import FontBook
from reportgen.typesetting.specification import MM, TypeSpecification

_ABOVE, _BELOW = 3.5 * MM, 3.0 * MM
"""From the running heads down to the text, and from the text down to the folio."""


class Furniture:
    """Paints the furniture of pages."""

    def __init__(self, specification: TypeSpecification, book: FontBook, series: str,
                 language: str, *, tagged: bool) -> None:
        self.specification = specification
        self.breaker = Breaker(book, specification, "en")
        self.series = series
        self.language = language
        self.tagged = tagged
        self.usage: Usage = defaultdict(dict)
        self._texts: dict[str, Text] = {}

    def page(self, brief: ComposedBrief | None, number: int) -> bytes:
        """Return the operators for a page of `brief`, or of the sources, that has a number."""
        page = self.specification.page
        canvas = Canvas(page.height * MM, self.usage)
        left, right = page.left * MM, (page.width - page.right) * MM
        top = page.top * MM - _ABOVE
        bottom = (page.height - page.bottom) * MM + _BELOW
        colours = dict(self.specification.palette)
        if self.tagged:
            canvas.out.append("/Artifact <</Type /Pagination>> BDC")
        rows = [("head", self.series, True, True),
                ("head-month", brief.month, False, True)] if brief else []
        rows += [("foot", brief.region if brief else self.series, True, False),
                 ("folio", str(number), False, False)]
        language = language_of(brief.language if brief else self.language)
        turned = language.direction is Direction.RIGHT_TO_LEFT
        for name, words, from_left, above in rows:
            style = self.specification.style(name)
            line = self._line(words, name)
            width = line.width * style.size / 1000
            y = top - style.leading if above else bottom
            canvas.line(line, style.size, left if from_left is not turned else right - width,
                        y + self.breaker.baseline(style), colours)
        if self.tagged:
            canvas.out.append("EMC")
        return "\n".join(canvas.out).encode()

    def _line(self, words: str, name: str) -> Line:
        text = self._texts.setdefault(words, (Run(words),))
        return self.breaker.lines(text, self.specification.style(name), 10_000.0)[0]
