"""Sources that briefs cite by key, as far as a note needs them (CSL 1.0.2, csl-data.json)."""

from __future__ import annotations

from msgspec import Struct, field

CSL_FILE, BIBTEX_FILE = SOURCE_FILES = ("sources.json", "sources.bib")
"""Files beside `series.toml`."""


class PersonName(Struct, frozen=True):
    """An author or editor (CSL name variable)."""

    family: str
    """Family name, or the name of an institution as it is."""
    given: str = ""
    """With a particle that is dropped in a short form: "Ludwig van"."""
    suffix: str = ""
    """Jr., III."""


OTHERS = PersonName("others")
"""Stands last where not all names are given (`and others` of BibTeX)."""


class Item(Struct, frozen=True, kw_only=True):
    """A CSL item, as far as a note needs it."""

    key: str
    kind: str
    """CSL type: book, article-journal, report ..."""
    title: str
    short_title: str = ""
    authors: tuple[PersonName, ...] = ()
    editors: tuple[PersonName, ...] = ()
    container: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    number: str = ""
    genre: str = ""
    page: str = ""
    issued: str = ""
    """ISO 8601, as precise as it is known."""
    accessed: str = ""
    url: str = ""


class Library(Struct, frozen=True):
    """The items of a series by their keys."""

    items: dict[str, Item] = field(default_factory=dict)
