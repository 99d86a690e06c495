"""Words in another language than their document's, as Word and HTML mark them.

The mark is often wrong: Word writes down the keyboard that was in use. So it counts where the words
look foreign too, because they are emphasised or hold the other language's common words.
"""

from __future__ import annotations

import re
from collections import Counter

from reportgen.language.recognition import recognised
from reportgen.reading.markdown import LANGUAGE_TAG

IN_LANGUAGE = "#reportgen-in-"
"""What the address of a link begins with that stands for a language, on the way from Word."""

_MOST = 0.25
"""Part of a document's letters beyond which a language is not a foreign one."""


def primary(language: str) -> str:
    """Return the first part of a language's tag (BCP 47): a country makes no other language."""
    return language.partition("-")[0].lower()


def foreign_languages(letters: Counter[str], text: str) -> frozenset[str]:
    """Return the languages of a document's quotations, by the number of letters in each.

    Letters of no known language stand under the empty name; `text` is the document's.
    """
    most = letters.most_common(1)[0][0] if letters else ""
    own = ("", most, recognised(text) if len(letters) > 1 else "")
    return frozenset(language for language, count in letters.items()
                     if language not in own and count <= letters.total() * _MOST)


def is_in(words: str, language: str, *, is_emphasised: bool) -> bool:
    """Whether words that are marked as those of another language look like it; a name does not."""
    parts = re.findall(r"[^\W\d_][\w’'-]*", words)
    is_name = len(parts) > 1 and all(part[0].isupper() for part in parts)
    return bool(parts) and not is_name and re.fullmatch(LANGUAGE_TAG, language) is not None and (
        is_emphasised or recognised(words) == primary(language))
