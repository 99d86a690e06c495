"""Notes of a source after The Chicago Manual of Style (18th ed., 14.23-14.36), as Markdown.

The first note of a source is full; later ones have the short form. Held against pandoc's citeproc
with the style `chicago-notes` in tests/test_keys.py. Other languages have their words and dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.citations.library import OTHERS, Item, PersonName
from reportgen.citations.parts import DATED, ENGLISH_MONTHS, QUOTED, escaped, listed, words_of
from reportgen.language.languages import Language
from reportgen.patterns import pattern

_ALL_AUTHORS, _ALL_SHORT = 6, 2
"""Authors that a full and a short note name; of more, the first three and the first."""

_PAGE = pattern(r"^(?:pp?|s|с|p\.p)\.?\s*(?=\d)", re.IGNORECASE)


def full_note(item: Item, locator: str, language: Language) -> str:
    """Return the first note of a source, without a full stop at its end."""
    place = _locator(locator)
    who = _names(item.authors, _ALL_AUTHORS, 3, language)
    if item.kind == "article-journal":
        return joined(language, who, _title(item, language), _journal(item, place, language),
                       _address(item))
    if item.kind in ("chapter", "paper-conference", "entry", "entry-encyclopedia",
                     "entry-dictionary"):
        return joined(language, who, _title(item, language), _in_book(item, place, language),
                       _address(item))
    if item.kind in DATED:
        said = _date(item.issued, language)
        container = f"*{escaped(item.container)}*" if item.kind.startswith("article") else (
            escaped(item.container or item.publisher))
        return joined(language, who, _title(item, language), container, said, place,
                       _address(item))
    number = " ".join(p for p in (escaped(item.genre), escaped(item.number)) if p)
    brought = ", ".join(p for p in (escaped(item.publisher), item.issued[:4]) if p)
    title = ", ".join(p for p in (_title(item, language), number) if p)
    behind = f"{title} ({brought})" if brought else title
    return joined(language, who, behind, place, _address(item))


def short_note(item: Item, locator: str, language: Language) -> str:
    """Return a later note of a source: family names, short title, place."""
    who = _short_names(item.authors, language)
    title = item.short_title or item.title or item.container
    words = (_quoted(title, language) if item.kind in QUOTED else f"*{escaped(title)}*")
    return joined(language, who, words, _locator(locator))


# ---------------------------------------------------------------- parts


def sentence(words: str, language: Language) -> str:
    """Return a note with its full stop, which stands inside of quotation marks in English."""
    if re.search(r"[.?!][”\"»“]?\*?$", words):
        return words
    if language.code == "en" and words.endswith("”"):
        return f"{words[:-1]}.”"
    return f"{words}."


def joined(language: Language, *parts: str) -> str:
    """Return the parts of a note with commas, of which none stands behind `?` or `!`.

    In English a comma stands inside of quotation marks (6.9).
    """
    out = ""
    for part in parts:
        if not part:
            continue
        if not out:
            out = part
        elif re.search(r"[?!][”\"»“]?\*?$", out):
            out = f"{out} {part}"
        elif language.code == "en" and out.endswith("”"):
            out = f"{out[:-1]},” {part}"
        else:
            out = f"{out}, {part}"
    return out


def _title(item: Item, language: Language) -> str:
    if not item.title:
        return ""
    return _quoted(item.title, language) if item.kind in QUOTED else f"*{escaped(item.title)}*"


def _quoted(title: str, language: Language) -> str:
    return f"{language.quotes[0]}{escaped(title)}{language.quotes[1]}"


def _journal(item: Item, place: str, language: Language) -> str:
    number = words_of(language)[3]
    issue = f"{number} {escaped(item.issue)}" if item.issue else ""
    volume = ", ".join(p for p in (escaped(item.volume), issue) if p)
    year = f"({item.issued[:4]})" if item.issued else ""
    head = " ".join(p for p in (f"*{escaped(item.container)}*", volume, year) if p)
    return f"{head}: {place}" if place else head


def _in_book(item: Item, place: str, language: Language) -> str:
    inside, editor, editors, *_ = words_of(language)
    who = _names(item.editors, _ALL_AUTHORS, 3, language)
    by = f", {editor if len(item.editors) == 1 else editors} {who}" if who else ""
    brought = ", ".join(p for p in (escaped(item.publisher), item.issued[:4]) if p)
    book = f"{inside} *{escaped(item.container)}*{by}" + (f" ({brought})" if brought else "")
    return f"{book}, {place}" if place else book


def _address(item: Item) -> str:
    return f"<{item.url}>" if item.url and not re.search(r"[<>\s]", item.url) else ""


def _locator(words: str) -> str:
    """Return a place in a source; Chicago has no `p.` before a page."""
    return escaped(_PAGE.sub("", words.strip()))


def _date(iso: str, language: Language) -> str:
    if language.code == "en" and len(iso) == len("2019-04-19"):  # month, day, year (6.38)
        year, month, day = iso.split("-")
        return f"{ENGLISH_MONTHS[int(month) - 1]} {int(day)}, {year}"
    return language.date(iso) if iso else ""


def _names(names: Sequence[PersonName], most: int, first: int, language: Language) -> str:
    """Return names in their order; of more than `most`, the `first` ones and others."""
    shown = [f"{n.given} {n.family} {n.suffix}".strip() for n in names if n is not OTHERS]
    if len(shown) > most or OTHERS in names:
        some = shown[:first] if len(shown) > most else shown
        return f"{', '.join(map(escaped, some))}, {words_of(language)[4]}"
    return listed([escaped(name) for name in shown], language)


def _short_names(names: Sequence[PersonName], language: Language) -> str:
    shown = [escaped(n.family) for n in names if n is not OTHERS]
    if len(shown) > _ALL_SHORT or OTHERS in names:
        return f"{shown[0]} {words_of(language)[4]}"
    return listed(shown, language)
