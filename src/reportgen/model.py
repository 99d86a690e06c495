"""The types at the centre: what a brief is, and what a bulletin is.

Frozen Structs (msgspec), and nothing else. The text of a block is a flat tuple of
inlines (runs with their style, calls of notes, pictures, line breaks), because
the passes over it, lifting citations and mending typography, look at a
paragraph as one string and do not care how its emphasis nests.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.colours import separated
from reportgen.diagnostics import Span
from reportgen.standards import ColourSpace

NOWHERE = Span("")
"""The place of what is in no file."""

# ---------------------------------------------------------------- text


class Style(Struct, frozen=True):
    """How a run of text looks, and where it leads."""

    emphasis: bool = False
    strong: bool = False
    code: bool = False
    superior: bool = False
    """Raised, as an ordinal's letters or a unit's power."""
    acronym: bool = False
    """Three capitals or more: set in small caps."""
    unbroken: bool = False
    """No line break and no hyphen inside."""
    href: str | None = None
    """Address that the run links to; `#anchor` inside the bulletin."""
    lang: str | None = None
    """Language, if it differs from the brief's (BCP 47)."""


PLAIN = Style()


class Run(Struct, frozen=True):
    """Text of one style."""

    text: str
    style: Style = PLAIN
    span: Span = NOWHERE


class NoteCall(Struct, frozen=True):
    """The place in the text where a note is called."""

    note: Note
    span: Span = NOWHERE


class Picture(Struct, frozen=True):
    """A picture inside the text, by the name its author gave it."""

    source: str
    alternative: str
    span: Span = NOWHERE
    title: str = ""
    """What its author wrote behind the name, in quotes: a caption, who took the picture."""
    width: str = ""
    """How wide its author wants it: `50%` of the text, `60mm`, `6cm`, `300px`; else as the text."""


class LineBreak(Struct, frozen=True):
    """A line break that the author asked for."""

    span: Span = NOWHERE


Inline = Run | NoteCall | Picture | LineBreak
Text = tuple[Inline, ...]


def plain(text: Text) -> str:
    """Return the words of `text` without notes, pictures and style."""
    return "".join(
        inline.text if isinstance(inline, Run) else "\n" if isinstance(inline, LineBreak) else ""
        for inline in text
    )


def slug(name: str) -> str:
    """Return a name as file names and identifiers have it: small ASCII letters, digits, hyphens."""
    folded = unicodedata.normalize("NFKD", name.lower())
    words = "".join(c if c.isascii() and c.isalnum() else "-" if c in " -_" else ""
                    for c in folded)
    return "-".join(part for part in words.split("-") if part)[:80].strip("-") or "bulletin"


# ---------------------------------------------------------------- blocks


class Paragraph(Struct, frozen=True):
    """A paragraph of text."""

    text: Text
    span: Span = NOWHERE


class Heading(Struct, frozen=True):
    """A subhead inside a brief."""

    level: int
    text: Text
    span: Span = NOWHERE


class ListBlock(Struct, frozen=True):
    """A list; each item is a tuple of blocks."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    span: Span = NOWHERE
    start: int = 1
    marks: tuple[str, ...] = ()
    """What stands before each item, as the author wrote it (`a)`); else numbers or bullets."""


class Quote(Struct, frozen=True):
    """A block quotation."""

    blocks: tuple[Block, ...]
    span: Span = NOWHERE


class Table(Struct, frozen=True):
    """A table: a row of heads, then rows of cells."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    alignments: tuple[str, ...] = ()
    """`left`, `right` or `center` for each column; empty for the default."""
    span: Span = NOWHERE
    caption: Text = ()


class Figure(Struct, frozen=True):
    """A picture that stands by itself, with its caption."""

    picture: Picture
    caption: Text
    span: Span = NOWHERE


class CodeBlock(Struct, frozen=True):
    """Text to be set exactly as it was typed."""

    text: str
    span: Span = NOWHERE


class Separator(Struct, frozen=True):
    """A break between two parts of the text."""

    span: Span = NOWHERE


class SourceList(Struct, frozen=True):
    """A list of sources at the end of a brief that nothing in its text calls."""

    title: Text
    entries: tuple[Text, ...]
    span: Span = NOWHERE


Block = (Paragraph | Heading | ListBlock | Quote | Table | Figure | CodeBlock | Separator
         | SourceList)


# ---------------------------------------------------------------- sources


class Confidence(Enum):
    """How sure the finder is that something is a citation."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"
    """Stays in the text, and is reported."""


class Source(Struct, frozen=True):
    """A document that is cited, shaped like a CSL-JSON item (CSL 1.0.2, data schema)."""

    title: str | None = None
    container: str | None = None
    """CSL `container-title` or `publisher`: who brought it out."""
    author: str | None = None
    issued: str | None = None
    """ISO 8601 date, as precise as the author gave it: 2019, 2019-04 or 2019-04-19."""
    url: str | None = None
    locator: str | None = None
    accessed: str | None = None
    archive: str | None = None
    words: Text = ()
    """What its author wrote, without the address, where the fields do not say all of it."""


class Citation(Struct, frozen=True):
    """What stood between one pair of brackets: sources, and the author's own words."""

    sources: tuple[Source, ...]
    confidence: Confidence
    text: Text
    span: Span = NOWHERE


class Note(Struct, frozen=True):
    """A footnote. `number` is 0 until the brief is composed."""

    text: Text
    sources: tuple[Source, ...] = ()
    span: Span = NOWHERE
    number: int = 0
    identifier: str = ""


# ---------------------------------------------------------------- briefs


class Month(Struct, frozen=True, order=True):
    """A month of a year."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class Author(Struct, frozen=True):
    """Who signs a brief."""

    name: str
    bio: Text = ()
    span: Span = NOWHERE


class Frame(Struct, frozen=True):
    """The part of the world that a map shows, in degrees."""

    west: float
    south: float
    east: float
    north: float


class Region(Struct, frozen=True, kw_only=True):
    """A region that briefs are written about."""

    code: str
    name: str
    names: dict[str, str] = field(default_factory=dict)
    """Name by language."""
    aliases: tuple[str, ...] = ()
    """Other ways in which authors write it."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes (XK for Kosovo) of the countries that its map emphasises."""
    frame: Frame | None = None
    colour: str = "#23406e"
    """On screens."""
    ink: str = ""
    """In print; empty: separated from `colour`."""
    span: Span = NOWHERE
    """Where a series says which countries it has."""

    def name_in(self, language: str) -> str:
        """Return the region's name in `language`, or its English name."""
        return self.names.get(language, self.name)

    def in_space(self, space: ColourSpace) -> Region:
        """Return the region with its colour as pages of a colour space have it."""
        if space is ColourSpace.CMYK:
            return replace(self, colour=self.ink or separated(self.colour))
        return self


class FigureOfMonth(Struct, frozen=True):
    """A row of the box "In figures"."""

    value: str
    label: str


class MapRequest(Struct, frozen=True):
    """What a brief asks of its map; nothing, as a rule."""

    enabled: bool = True
    highlight: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    caption: str = ""
    span: Span = NOWHERE


class Brief(Struct, frozen=True, kw_only=True):
    """A brief as its author meant it."""

    name: str
    """File name without its ending: what the brief is called on the command line."""
    region: Region
    month: Month
    language: str
    title: Text
    standfirst: Text
    authors: tuple[Author, ...]
    blocks: tuple[Block, ...]
    span: Span
    figures: tuple[FigureOfMonth, ...] = ()
    pull_quote: str = ""
    key_points: tuple[str, ...] = ()
    map: MapRequest = MapRequest()

    @property
    def anchor(self) -> str:
        """Identifier of the brief inside the bulletin: letters that need no quoting anywhere."""
        return "brief-" + re.sub(r"[^A-Za-z0-9-]", lambda m: f"_{ord(m[0]):x}", self.name)


# ---------------------------------------------------------------- what is rendered


class Map(Struct, frozen=True, kw_only=True):
    """A drawn map."""

    name: str
    """Under this name the page asks for the drawing."""
    svg: str
    alternative: str
    caption: str
    credit: str
    width: float
    """mm"""
    height: float
    """mm"""


class PlacedPicture(Struct, frozen=True, kw_only=True):
    """A picture that was checked, cropped and sized for its place."""

    name: str
    """Under this name the page asks for the data."""
    data: bytes
    """JPEG or PNG."""
    alternative: str
    width: float
    """mm, as printed"""
    height: float
    """mm, as printed"""


class ComposedAuthor(Struct, frozen=True):
    """An author as the page shows them."""

    name: str
    bio: Text
    portrait: PlacedPicture | None = None


class ComposedBrief(Struct, frozen=True, kw_only=True):
    """A brief with its notes numbered, its typography mended and its map drawn."""

    name: str
    anchor: str
    """Identifier of the brief's first element; links to the brief lead there."""
    region: str
    colour: str
    date: Month
    month: str
    """As running heads print it."""
    language: str
    title: Text
    standfirst: Text
    authors: tuple[ComposedAuthor, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    named: tuple[Source, ...]
    """Sources that no note cites: a line at the end names them."""
    figures: tuple[FigureOfMonth, ...]
    pull_quote: str
    key_points: tuple[str, ...]
    map: Map | None
    words: dict[str, str]
    """The furniture's words in the brief's language: "by", "author", "figures"."""
    span: Span = NOWHERE


class SourceEntry(Struct, frozen=True):
    """A row of the list of sources at the back."""

    text: Text
    sort_key: str
    calls: tuple[SourceCall, ...]


class SourceCall(Struct, frozen=True):
    """Where a source is cited."""

    anchor: str
    """Identifier of the note."""
    label: str
    """Name of the brief's region and number of the note."""


class Shape(Enum):
    """What is being made."""

    BULLETIN = "bulletin"
    """Cover, contents, briefs and back page."""
    OFFPRINT = "offprint"
    """One brief and its imprint, without cover and contents."""


class Bulletin(Struct, frozen=True, kw_only=True):
    """What a template receives: all numbered, resolved and ordered."""

    shape: Shape
    title: str
    subtitle: str
    publisher: str
    number: str
    month: str
    date: str
    """ISO 8601: the clock of the PDF."""
    language: str
    issn: str
    doi: str
    url: str
    licence: str
    imprint: tuple[str, ...]
    disclaimer: tuple[str, ...]
    editors_note: tuple[Block, ...]
    credits: tuple[str, ...]
    briefs: tuple[ComposedBrief, ...]
    sources: tuple[SourceEntry, ...]
    cover_map: Map | None
    cover_picture: PlacedPicture | None
    pictures: tuple[PlacedPicture, ...]
    """Pictures inside the briefs; a block's `Picture.source` is the name of one."""
    words: dict[str, str]
    """The furniture's words in the bulletin's language."""
    blank_pages: int = 0
    """Blank pages before the last one, so that the sheets can be folded."""

    @property
    def authors(self) -> tuple[str, ...]:
        """All authors, each once, in the order of the briefs."""
        return tuple(dict.fromkeys(a.name for brief in self.briefs for a in brief.authors))


# ---------------------------------------------------------------- what is mailed

UNSUBSCRIBE = "https://unsubscribe.reportgen.invalid/"
"""Stands in a letter for the address by which its reader unsubscribes (RFC 2606, `.invalid`)."""


class Letter(Struct, frozen=True, kw_only=True):
    """What a mail says of a bulletin: the same for everybody who gets the same bulletin."""

    subject: str
    html: str
    """With its CSS in place, and nothing that has to be fetched; `cid:cover` is the picture."""
    text: str
    language: str
    cover: bytes = field(default=b"")
    """PNG, shown 280 CSS px wide."""
