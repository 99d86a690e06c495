"""Setting the list of sources: a title, and entries with a hanging indent, over pages."""

from __future__ import annotations

from msgspec import Struct, field

from reportgen.diagnostics import Span
from reportgen.language.languages import Direction, language_of
from reportgen.model import Run, SourceEntry, Style, Text
from reportgen.structure import StructureElement
from reportgen.typesetting.galley import Breaker, Fit, GalleyMaker
from reportgen.typesetting.material import NEVER, Row, SetPage
from reportgen.typesetting.mirroring import mirrored
from reportgen.typesetting.pages import NoteArea, PageMaker
from reportgen.typesetting.specification import MM

ANCHOR = "sources"


class SetSources(Struct):
    """The list of sources on its pages."""

    pages: list[SetPage]
    document: StructureElement
    missing: list[tuple[str, str, Span]] = field(default_factory=list)


def set_sources(entries: tuple[SourceEntry, ...], title: str, breaker: Breaker) -> SetSources:
    """Return the list of sources, set on as many pages as it takes."""
    specification = breaker.specification
    page = specification.page
    text = specification.style("text")
    maker = GalleyMaker(breaker, Fit(text.size, text.leading), {}, {})
    document = StructureElement("Sect", identifier="")
    style = specification.style("title")
    head = document.add(StructureElement("H1"))
    rows = maker.text_rows((Run(title),), style, page.left * MM,
                           (page.measure + page.text_left) * MM, head, keep=True)
    rows[-1].height += 8 * MM
    style = specification.style("sources")
    x, measure = (page.left + page.text_left) * MM, page.measure * MM
    list_ = document.add(StructureElement("L"))
    list_.attributes["List"] = {"ListNumbering": "None"}
    for entry in entries:
        body = list_.add(StructureElement("LI")).add(StructureElement("LBody"))
        made = maker.source_rows(_with_calls(entry), style, x, measure, body)
        made[0].before = style.after * MM
        made[0].penalty = 0.0
        rows += made
    rows[0].before = 0.0
    if len(rows) > 1:
        rows[1].penalty = NEVER
    plans = PageMaker(rows, {}, page.column * MM, NoteArea(0, 0, 0, 0), style.leading).run()
    pages = [_placed(rows[plan.first:plan.stop], page.top * MM) for plan in plans]
    if language_of(breaker.language).direction is Direction.RIGHT_TO_LEFT:
        document.attributes["Layout"] = {"WritingMode": "RlTb"}
        pages = [mirrored(made, page.width * MM) for made in pages]
    return SetSources(pages, document, breaker.missing)


def _placed(rows: list[Row], top: float) -> SetPage:
    out, y = SetPage(), top
    for number, row in enumerate(rows):
        before = row.before if number else 0.0
        y += before
        out.rows.append((0.0, y, before, row))
        y += row.height
    return out


def _with_calls(entry: SourceEntry) -> Text:
    """Return an entry with where it is cited."""
    calls: list[Run] = []
    for call in entry.calls:
        calls.append(Run("; " if calls else " "))
        calls.append(Run(call.label.replace(" ", "\u00a0"), Style(href=f"#{call.anchor}")))
    return (*entry.text, *calls)
