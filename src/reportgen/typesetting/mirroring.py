"""Turning set pages round, for languages that are read from right to left.

Side column, marks, indents, bars and columns of tables change sides. A line keeps its own direction
and its width; pictures and maps are what they were.
"""

from __future__ import annotations

from msgspec.structs import replace

from reportgen.typesetting.material import PlacedImage, Row, Rule, SetPage, TextLine, Thing


def mirrored(page: SetPage, width: float) -> SetPage:
    """Return a page of which left and right have changed places; `width` of the page in pt."""
    return replace(
        page,
        rows=[(-x, y, before, _row(row, width)) for x, y, before, row in page.rows],
        again=[(-x, y, _row(row, width)) for x, y, row in page.again],
        notes=[(-x, y, _row(row, width), name) for x, y, row, name in page.notes],
        rules=[_rule(rule, width) for rule in page.rules])


def _row(row: Row, width: float) -> Row:
    return replace(row, things=tuple(_thing(thing, width) for thing in row.things),
                   bars=tuple(_rule(bar, width) for bar in row.bars))


def _rule(rule: Rule, width: float) -> Rule:
    return replace(rule, x=width - rule.x - rule.width)


def _thing(thing: Thing, width: float) -> Thing:
    match thing:
        case TextLine():
            taken = sum(thing.line.widths) * thing.size / 1000
            return replace(thing, x=width - thing.x - taken)
        case PlacedImage():
            return replace(thing, x=width - thing.x - thing.width)
        case Rule():
            return _rule(thing, width)
