"""Notes of a source after the MHRA Style Guide (4th ed., 7), as Markdown.

Held against pandoc's citeproc with the style `mhra-notes` in tests/test_styles.py.
"""

from __future__ import annotations

import re

from reportgen.citations.library import OTHERS, Item, PersonName
from reportgen.citations.parts import (
    DATED,
    QUOTED,
    escaped,
    listed,
    numbered,
    pages,
    words_of,
)
from reportgen.language.languages import Language

_ALL_AUTHORS = 3
"""Authors that a note names; of more, the first."""


def full_note(item: Item, locator: str, language: Language) -> str:
    """Return the first note of a source, without a full stop at its end."""
    place = numbered(locator)
    said = _commas(_names(item.authors, language), _title(item, language))
    if item.kind == "article-journal":
        return _commas(said, _journal(item)) + _within(item, place) + _address(item)
    if item.kind in ("chapter", "paper-conference", "entry"):
        book = _commas(said, _book(item, language)) + _brought(item)
        return book + _within(item, place) + _address(item)
    if item.kind in DATED:
        printed = item.kind.startswith("article")
        container = f"*{escaped(item.container)}*" if printed else escaped(item.container)
        date = language.date(item.issued) if item.issued else ""
        return _commas(said, container, date, place) + _address(item)
    number = " ".join(p for p in (escaped(item.genre), escaped(item.number)) if p)
    return _commas(_commas(said, number) + _brought(item), place) + _address(item)


def _journal(item: Item) -> str:
    """Return the name of a journal, volume and issue, and the year."""
    volume = ".".join(p for p in (escaped(item.volume), escaped(item.issue)) if p)
    year = f"({item.issued[:4]})" if item.issued else ""
    return _commas(f"*{escaped(item.container)}*", " ".join(p for p in (volume, year) if p))


def _book(item: Item, language: Language) -> str:
    """Return the book in which a chapter stands, and its editors."""
    _, editor, editors, *_ = words_of(language)
    by = _names(item.editors, language)
    word = "ed. by" if language.code == "en" else editor if len(item.editors) == 1 else editors
    return _commas(f"in *{escaped(item.container)}*", f"{word} {by}" if by else "")


def _within(item: Item, place: str) -> str:
    """Return the pages of an article or chapter, and the place that is meant in them."""
    if not item.page:
        return f", {place}" if place else ""
    sign = "pp." if re.search("[-–]", item.page) else "p."
    return f", {sign} {_shortened(item.page)}" + (f" ({place})" if place else "")


def short_note(item: Item, locator: str, language: Language) -> str:
    """Return a later note of a source: family names, title, place."""
    names = [PersonName(n.family) for n in item.authors if n is not OTHERS]
    return _commas(_names(tuple(names), language), _title(item, language), numbered(locator))


def _commas(*parts: str) -> str:
    """Return the parts of a note with commas."""
    return ", ".join(part for part in parts if part)


def _title(item: Item, language: Language) -> str:
    """Return a title in italics, or in the quotation marks of the style: single ones in English."""
    if not item.title:
        return ""
    left, right = language.inner_quotes if language.code == "en" else language.quotes
    return f"{left}{escaped(item.title)}{right}" if item.kind in QUOTED else (
        f"*{escaped(item.title)}*")


def _names(names: tuple[PersonName, ...], language: Language) -> str:
    shown = [escaped(f"{n.given} {n.family} {n.suffix}".strip()) for n in names if n is not OTHERS]
    if len(shown) > _ALL_AUTHORS or OTHERS in names:
        others = "and others" if language.code == "en" else words_of(language)[4]
        return f"{shown[0]} {others}"
    return listed(shown, language)


def _brought(item: Item) -> str:
    brought = _commas(escaped(item.publisher), item.issued[:4])
    return f" ({brought})" if brought else ""


def _shortened(range_: str) -> str:
    """Return a range of pages with the second figure shortened to two digits (101–19)."""
    match = re.fullmatch(r"(\d*?)(\d{1,2})\s*[-–]+\s*(\d*?)(\d{1,2})", range_)
    if match and match[1] and match[1] == match[3]:
        return f"{match[1]}{match[2]}–{match[4]}"
    return pages(range_)


def _address(item: Item) -> str:
    if not item.url or re.search(r"[<>\s()]", item.url):
        return ""
    doi = re.match(r"https?://(?:dx\.)?doi\.org/(.+)", item.url)
    return f", doi:[{escaped(doi[1])}]({item.url})" if doi else f" \\<<{item.url}>\\>"
