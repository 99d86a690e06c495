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


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds one of some regular expressions in text without accents."""
    return re.compile("|".join(f"(?:{unaccented(phrase)})" for phrase in phrases),
                      re.IGNORECASE | re.MULTILINE)


@cache
def patterns(path: Path) -> dict[str, re.Pattern[str]]:
    """Return the patterns of a file that has a list of phrases under each of its keys."""
    data = tomllib.loads(path.read_text("utf-8"))
    return {key: pattern(phrases) for key, phrases in data.items()}


def unaccented(text: str) -> str:
    """Return text without accents; umlauts lose their dots, й is и."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
