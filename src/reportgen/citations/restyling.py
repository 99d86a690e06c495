"""Notes of an author's own words in the style of the series, where no word would be lost.

Author, title, container and date of a note are known as far as it could be read (`items`): if the
style's note has the same words and no others, it takes the place of the author's.
"""

from __future__ import annotations

import re

from reportgen.citations.library import Item, PersonName
from reportgen.citations.styles import NoteStyle
from reportgen.language.languages import Language
from reportgen.model import Note, Run, Source, plain
from reportgen.texts import folded

_OF_STYLES = frozenset(["p", "pp", "in", "ed", "by", "and", "n", "d", "doi"])
"""Words that a style brings along."""

_FULL_DATE = len("2019-04-19")


def restyled(note: Note, style: NoteStyle, language: Language) -> str | None:
    """Return a note in a style, as Markdown without a stop; None if a word would be lost or new."""
    if len(note.sources) != 1 or not note.sources[0].title:
        return None
    source = note.sources[0]
    item = _item(source, note)
    if source.issued and item.issued != source.issued:
        return None
    written = style.full(item, source.locator or "", language)
    before, after = _words(plain(note.text)), _words(re.sub(r"[\\*<>]", " ", written))
    return written if before <= after and after - before <= _OF_STYLES else None


def _words(text: str) -> frozenset[str]:
    """Return the words of a note; an address, whatever its form, is one word."""
    bare = re.sub(r"\]\([^()]*\)", " ", text)
    addresses = re.findall(r"(?:https?://)?(?:www\.)?([\w.-]+\.[a-z]{2,}/\S*)", bare)
    rest = re.sub(r"(?:https?://)?(?:www\.)?[\w.-]+\.[a-z]{2,}/\S*", " ", bare)
    rest = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", rest)
    return frozenset(folded(rest).split()) | {a.rstrip(".,;>") for a in addresses}


def _item(source: Source, note: Note) -> Item:
    title = source.title or ""
    emphasised = (i.text.strip(" ,") for i in note.text if isinstance(i, Run) and i.style.emphasis)
    in_italics = any(words and title.startswith(words) for words in emphasised)
    dated = len(source.issued or "") == _FULL_DATE
    kind = ("report" if in_italics and not dated else "document" if in_italics
            else "article-newspaper")
    return Item(key="", kind=kind, title=title, authors=_names(source.author or ""),
                container=source.container or "", publisher=source.container or "",
                issued=source.issued or "", url=source.url or "")


def _names(author: str) -> tuple[PersonName, ...]:
    """Return the authors of a note: two or three words are a person's name."""
    found = []
    for name in re.split(r"\s+(?:and|und|et|y|e|i|и|та|ve|&)\s+", author):
        words = name.split()
        person = 2 <= len(words) <= 3 and all(word[:1].isupper() for word in words)
        found.append(PersonName(words[-1], " ".join(words[:-1])) if person else PersonName(name))
    return tuple(name for name in found if name.family)
