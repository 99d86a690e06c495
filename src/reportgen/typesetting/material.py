"""What the vertical list of a brief is made of: rows, and what is placed in them.

Lengths are in pt; a row's things are placed from its upper left corner.
"""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Span
from reportgen.model import NOWHERE
from reportgen.structure import StructureElement
from reportgen.typesetting.breaking import Line

NEVER = 1e6
"""Penalty of a page break that is made only where there is no other way."""


class TextLine(Struct, frozen=True):
    """A line of text on its baseline."""

    line: Line
    size: float
    x: float
    baseline: float
    element: StructureElement
    span: Span = NOWHERE
    """Where the paragraph stands in its file."""
    measure: float = 0.0
    """What the line could be as long as, pt; 0 where nobody minds."""
    justified: bool = False


class Rule(Struct, frozen=True):
    """A rectangle in one colour."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    """Name in the palette."""


class PlacedImage(Struct, frozen=True):
    """A picture or drawing."""

    name: str
    x: float
    y: float
    width: float
    height: float
    element: StructureElement


Thing = TextLine | Rule | PlacedImage


class Row(Struct):
    """What is never parted by a page break."""

    height: float
    things: tuple[Thing, ...] = ()
    before: float = 0.0
    """Space above; there is none at the top of a page."""
    penalty: float = 0.0
    """Cost of a page break before the row."""
    notes: tuple[str, ...] = ()
    """Identifiers of the notes called in it."""
    repeat: tuple[Row, ...] = ()
    """Rows that stand above it again if a page begins with it: the head of its table."""
    bars: tuple[Rule, ...] = ()
    """Rules beside it, as tall as the row and the space above; x and width count."""
    text: bool = False
    """Whether it is a line of running text, which copyfit counts."""


class NoteMaterial(Struct, frozen=True):
    """A note, set: its lines in rows."""

    identifier: str
    number: int
    rows: tuple[Row, ...]
    element: StructureElement


class SetPage(Struct):
    """A page of a brief: rows with their place, from the upper left corner of the page."""

    rows: list[tuple[float, float, float, Row]] = field(default_factory=list)
    """x, y, the space above that stands there, and the row."""
    again: list[tuple[float, float, Row]] = field(default_factory=list)
    """Table heads that are repeated: artifacts."""
    notes: list[tuple[float, float, Row, str]] = field(default_factory=list)
    """Rows of notes, and the identifier of the note."""
    rules: list[Rule] = field(default_factory=list)
    used: float = 0.0
    """Height that text and notes take, pt."""
    room: float = 0.0
    """Height that is left, pt."""
    calls: tuple[str, ...] = ()
    """Identifiers of the notes called on it, in order."""


def lowered(thing: Thing, by: float) -> Thing:
    """Return a thing further down in its row."""
    if isinstance(thing, TextLine):
        return replace(thing, baseline=thing.baseline + by)
    return replace(thing, y=thing.y + by)
