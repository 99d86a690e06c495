"""Phrases of many languages, which programs and people use, as patterns in TOML files.

A phrase more is a row in such a file, and no Python.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path


def pattern(phrases: Iterable[str], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Return what finds one of some regular expressions in text without accents.

    Those that begin at a word are tried at words only, which makes hundreds of them fast.
    """
    plain = [unaccented(phrase) for phrase in phrases]
    at_words = [phrase.removeprefix(r"\b") for phrase in plain if phrase.startswith(r"\b")]
    others = [phrase for phrase in plain if not phrase.startswith(r"\b")]
    first = [rf"\b(?:{_either(at_words)})"] if at_words else []
    return re.compile("|".join([*first, *filter(None, [_either(others)])]), flags | re.MULTILINE)


def _either(phrases: Iterable[str]) -> str:
    return "|".join(f"(?:{phrase})" for phrase in phrases)


@cache
def patterns(path: Path) -> dict[str, re.Pattern[str]]:
    """Return the patterns of a file that has a list of phrases under each of its keys."""
    data = tomllib.loads(path.read_text("utf-8"))
    return {key: pattern(phrases) for key, phrases in data.items()}


_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i",
                        "ß": "ss", "æ": "ae", "Æ": "AE", "’": "'", "ə": "e", "Ə": "E"})
"""Letters that are not composed of a letter and an accent, and are written without one as well."""


def unaccented(text: str) -> str:
    """Return text without accents and strokes; umlauts lose their dots, й is и."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in plain if not unicodedata.combining(c))
