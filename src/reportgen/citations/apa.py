"""Notes of a source after the Publication Manual of the APA (7th ed., 9 and 10), as Markdown.

The style has a list of references, and authors and years in the text; a first note has what stands
in the list, a later one author and year. Held against pandoc's citeproc with the style `apa` in
tests/test_styles.py.
"""

from __future__ import annotations

import re

from reportgen.citations.library import OTHERS, Item, PersonName
from reportgen.citations.parts import DATED, ENGLISH_MONTHS, escaped, numbered, pages, words_of
from reportgen.language.languages import Language

_MOST_SHORT = 2
"""Authors that a later note names; of more, the first."""


def full_note(item: Item, locator: str, language: Language) -> str:
    """Return the first note of a source, without a full stop at its end."""
    who = _names(item.authors, language)
    date = f"({_date(item, language)})" if item.issued else "(n.d.)"
    journal = item.kind.startswith("article")
    title = escaped(item.title) if journal or item.kind in ("chapter", "paper-conference") else (
        f"*{escaped(item.title)}*")
    number = " ".join(p for p in (escaped(item.genre), escaped(item.number)) if p)
    title += f" ({number})" if number else ""
    # Without an author the title stands in its place.
    parts = [_stopped(who), f"{date}.", _stopped(title)] if who else [_stopped(title), f"{date}."]
    parts.append(_stopped(_place_of(item, language)))
    said = " ".join(part for part in parts if part)
    place = f" ({numbered(locator)})" if locator.strip() else ""
    address = f" <{item.url}>" if item.url and not re.search(r"[<>\s]", item.url) else ""
    return f"{said.rstrip('.')}{place}.{address}" if address else f"{said.rstrip('.')}{place}"


def short_note(item: Item, locator: str, language: Language) -> str:
    """Return a later note of a source: family names, year, place."""
    families = [escaped(n.family) for n in item.authors if n is not OTHERS]
    if len(families) > _MOST_SHORT or OTHERS in item.authors:
        who = f"{families[0]} {words_of(language)[4]}"
    else:
        who = f" {_and(language)} ".join(families) or f"“{escaped(item.title)}”"
    place = f", {numbered(locator)}" if locator.strip() else ""
    return f"{who} ({item.issued[:4] or 'n.d.'}){place}"


def _place_of(item: Item, language: Language) -> str:
    """Return where a source stands: journal, book, publisher."""
    if item.kind == "article-journal":
        volume = f"*{escaped(item.volume)}*" if item.volume else ""
        issue = f"({escaped(item.issue)})" if item.issue else ""
        return ", ".join(p for p in (f"*{escaped(item.container)}*", volume + issue,
                                     pages(item.page)) if p)
    if item.kind in ("chapter", "paper-conference"):
        inside, editor, editors, *_ = words_of(language)
        signs = ("Ed.", "Eds.") if language.code == "en" else (editor, editors)
        by = f" {_and(language)} ".join(
            f"{_initials(n)} {escaped(n.family)}".strip() for n in item.editors)
        led = f"{inside.capitalize()} {by} ({signs[len(item.editors) > 1]}), " if by else (
            f"{inside.capitalize()} ")
        within = f" (pp. {pages(item.page)})" if item.page else ""
        return f"{led}*{escaped(item.container)}*{within}. {escaped(item.publisher)}"
    if item.kind.startswith("article"):
        return f"*{escaped(item.container)}*"
    if item.kind in DATED:
        return escaped(item.container or item.publisher)
    return escaped(item.publisher)


def _names(names: tuple[PersonName, ...], language: Language) -> str:
    shown = [", ".join(p for p in (escaped(n.family), _initials(n), n.suffix) if p)
             for n in names if n is not OTHERS]
    if OTHERS in names:
        return f"{', '.join(shown)}, {words_of(language)[4]}"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])}, {_and(language)} {shown[-1]}"


def _initials(name: PersonName) -> str:
    parts = re.findall(r"[^\W\d_][^\s.-]*", name.given)
    return " ".join(f"{part[0]}." for part in parts)


def _and(language: Language) -> str:
    return "&" if language.code == "en" else language.words["and"]


def _date(item: Item, language: Language) -> str:
    """Return the year; of what appears by the day, year, month and day."""
    parts = item.issued.split("-")
    if item.kind not in DATED or len(parts) == 1:
        return parts[0]
    if language.code != "en":
        return language.date(item.issued)
    return " ".join([f"{parts[0]},", ENGLISH_MONTHS[int(parts[1]) - 1],
                     *(str(int(day)) for day in parts[2:])])


def _stopped(words: str) -> str:
    return words if not words or words.endswith((".", "?", "!")) else f"{words}."
