"""What the styles of notes have in common: kinds of sources, words of languages, pages."""

from __future__ import annotations

import re

from reportgen.language.languages import Language

QUOTED = ("article", "article-journal", "article-magazine", "article-newspaper", "chapter",
           "entry", "entry-dictionary", "entry-encyclopedia", "interview", "paper-conference",
           "post", "post-weblog", "speech", "webpage", "broadcast", "personal_communication",
           "document", "manuscript", "thesis")
"""Types of which the title stands in quotation marks; others have it in italics."""

DATED = ("article-magazine", "article-newspaper", "post", "post-weblog", "webpage", "speech",
          "interview", "broadcast", "document", "manuscript")
"""Types with their whole date behind the container."""

_WORDS = {
    "en": ("in", "ed.", "eds.", "no.", "et al."),
    "it": ("in", "a cura di", "a cura di", "n.", "e altri"),
    "fr": ("dans", "dir.", "dir.", "n°", "et al."), "de": ("in", "Hrsg.", "Hrsg.", "Nr.", "u. a."),
    "es": ("en", "ed.", "eds.", "n.º", "y otros"), "pt": ("em", "org.", "orgs.", "n.º", "et al."),
    "pl": ("w:", "red.", "red.", "nr", "i in."), "ru": ("в:", "ред.", "ред.", "№", "и др."),
    "uk": ("у:", "ред.", "ред.", "№", "та ін."), "tr": ("içinde", "ed.", "ed.", "sayı", "vd."),
}
"""In, editor, editors, number, and others."""

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December")


def listed(names: list[str], language: Language) -> str:
    if len(names) < 2:
        return "".join(names)
    comma = "," if language.code == "en" and len(names) > 2 else ""
    return f"{', '.join(names[:-1])}{comma} {language.words['and']} {names[-1]}"


def words_of(language: Language) -> tuple[str, ...]:
    return _WORDS.get(language.code, _WORDS["en"])


def escaped(words: str) -> str:
    """Return words of a source as Markdown: its signs stand for themselves."""
    return re.sub(r"([\\`*_\[\]<>#|~^])", r"\\\1", words)


def numbered(locator: str) -> str:
    """Return a place in a source; pages have their sign: `p. 3`, `pp. 3–7`."""
    bare = locator.strip()
    if re.fullmatch(r"\d+", bare):
        return f"p. {bare}"
    return f"pp. {pages(bare)}" if re.fullmatch(r"\d+\s*[-–]+\s*\d+", bare) else escaped(bare)


def pages(words: str) -> str:
    """Return a range of pages with a dash."""
    return escaped(re.sub(r"\s*-+\s*", "–", words))
