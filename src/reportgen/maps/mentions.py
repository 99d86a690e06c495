"""Names in running text that may be those of towns."""

from __future__ import annotations

import re

_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-Я][\w’'-]{2,}(?: [A-ZÀ-Þ][\w’'-]{2,})?")


def names_in(text: str) -> dict[str, int]:
    """Return each capitalised word, or pair of words, and how often it stands in `text`."""
    counts: dict[str, int] = {}
    for match in _NAME.finditer(text):
        for name in {match[0], match[0].split()[0]}:
            key = re.sub(r"['’]s$", "", name)
            counts[key] = counts.get(key, 0) + 1
    return counts
