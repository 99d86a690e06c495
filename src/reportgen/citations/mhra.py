"""Notes of a source after the MHRA Style Guide (4th ed., 7), as Markdown.

Held against pandoc's citeproc with the style `mhra-notes` in tests/test_styles.py.
"""

from __future__ import annotations

import re

from reportgen.citations.chicago import (
    DATED,
    QUOTED,
    escaped,
    listed,
    words_of,
)
from reportgen.citations.library import OTHERS, Item, PersonName
from reportgen.language.languages import Language

_ALL_AUTHORS = 3
"""Authors that a note names; of more, the first."""


def full_note(item: Item, locator: str, language: Language) -> str:
    """Return the first note of a source, without a full stop at its end."""
    place = _place(locator)
    who = _names(item.authors, language)
    said = joined_plainly(who, title(item, language))
    if item.kind == "article-journal":
        volume = ".".join(p for p in (escaped(item.volume), escaped(item.issue)) if p)
        year = f"({item.issued[:4]})" if item.issued else ""
        journal = " ".join(p for p in (f"*{escaped(item.container)}*,", volume, year) if p)
        sign = "pp." if re.search("[-–]", item.page) else "p."
        pages = f", {sign} {_pages(item.page)}" if item.page else ""
        inside = f" ({place})" if place and pages else f", {place}" if place else ""
        return f"{said}, {journal.rstrip(',')}{pages}{inside}{_address(item)}"
    if item.kind in ("chapter", "paper-conference", "entry"):
        _, editor, editors, *_ = words_of(language)
        by = _names(item.editors, language)
        word = "ed. by" if language.code == "en" else editor if len(item.editors) == 1 else editors
        book = f"in *{escaped(item.container)}*" + (f", {word} {by}" if by else "")
        pages = f", pp. {_pages(item.page)}" if item.page else ""
        inside = f" ({place})" if place and pages else f", {place}" if place else ""
        return f"{said}, {book}{_brought(item)}{pages}{inside}{_address(item)}"
    if item.kind in DATED:
        printed = item.kind.startswith("article")
        container = f"*{escaped(item.container)}*" if printed else escaped(item.container)
        date = language.date(item.issued) if item.issued else ""
        return joined_plainly(said, container, date, place) + _address(item)
    number = " ".join(p for p in (escaped(item.genre), escaped(item.number)) if p)
    whole = joined_plainly(said, number) + _brought(item)
    return joined_plainly(whole, place) + _address(item)


def short_note(item: Item, locator: str, language: Language) -> str:
    """Return a later note of a source: family names, title, place."""
    names = [PersonName(n.family) for n in item.authors if n is not OTHERS]
    return joined_plainly(_names(tuple(names), language), title(item, language), _place(locator))


def joined_plainly(*parts: str) -> str:
    """Return the parts of a note with commas."""
    return ", ".join(part for part in parts if part)


def title(item: Item, language: Language) -> str:
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
    brought = joined_plainly(escaped(item.publisher), item.issued[:4])
    return f" ({brought})" if brought else ""


def _place(locator: str) -> str:
    """Return a place in a source; pages have their sign."""
    bare = locator.strip()
    if re.fullmatch(r"\d+", bare):
        return f"p. {bare}"
    return f"pp. {_pages(bare)}" if re.fullmatch(r"\d+\s*[-–]\s*\d+", bare) else escaped(bare)


def _pages(pages: str) -> str:
    """Return a range of pages with the second figure shortened to two digits (101–19)."""
    match = re.fullmatch(r"(\d*?)(\d{1,2})\s*[-–]+\s*(\d*?)(\d{1,2})", pages)
    if match and match[1] and match[1] == match[3]:
        return f"{match[1]}{match[2]}–{match[4]}"
    return escaped(re.sub(r"\s*-+\s*", "–", pages))


def _address(item: Item) -> str:
    if not item.url or re.search(r"[<>\s()]", item.url):
        return ""
    doi = re.match(r"https?://(?:dx\.)?doi\.org/(.+)", item.url)
    return f", doi:[{escaped(doi[1])}]({item.url})" if doi else f" \\<<{item.url}>\\>"
