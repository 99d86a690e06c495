"""Hyphenation: the points are those that pyphen finds, in each language of the program."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyphen
import pytest

from reportgen.language.languages import LANGUAGES
from reportgen.typesetting.hyphenation import Patterns, hyphenation, patterns
from tests.untuned import SENTENCES

OF_THE_PATTERNS = ("Schiffahrt", "Zucker", "considering", "association", "établissement",
                   "правительство", "международный", "desarrollo", "sull'accordo", "x", "")


def of_pyphen(language: str, known: Patterns) -> Callable[[str], list[int]]:
    """Return what gives the points of pyphen at which the spelling stays as it is.

    A dozen German patterns hold numbers of two digits ("aktionärs11ausschüsse"), which pyphen
    shifts by a letter; they are left out on both sides.
    """
    dictionary = pyphen.Pyphen(lang=language, cache=False).hd
    for letters in [k for k, row in known.rows.items() if re.search(r"\d\d", row)]:
        dictionary.patterns.pop(letters, None)
        del known.rows[letters]
    return lambda word: [int(point) for point in dictionary.positions(word) if not point.data]


@pytest.mark.slow
@pytest.mark.parametrize("language", [*sorted(set(LANGUAGES) - {"tr", "ar"}), "pl_PL", "nb_NO"])
def test_points_are_those_of_pyphen(language: str) -> None:
    known = patterns.__wrapped__(language)  # a copy of its own
    assert known is not None
    text = " ".join(p.read_text(encoding="utf-8") for p in sorted(SENTENCES.glob("*.txt")))
    inside = [row.translate({ord(d): None for d in "0123456789./="}) for row in known.rows]
    words = {word.lower() for word in (*OF_THE_PATTERNS, *inside[::7])}
    words |= set(re.findall(r"[^\W\d_]+", text.lower()))
    words |= {a + b for a, b in zip(inside[::23], inside[11::23], strict=False)}
    assert len(words) > 300
    expected = of_pyphen(language, known)
    for word in sorted(words):
        assert known.points(word) == expected(word), word


@pytest.mark.parametrize(("word", "parts"), [
    ("uluslararası", "u-lus-la-ra-ra-sı"), ("güvenlik", "gü-ven-lik"), ("türkiye", "tür-ki-ye"),
    ("anlaşmazlık", "an-laş-maz-lık"), ("kontrol", "kont-rol"), ("saat", "saat")])
def test_turkish_parts_before_a_consonant_with_a_vowel(word: str, parts: str) -> None:
    """Yazım Kılavuzu, Türk Dil Kurumu: uluslararası is its own example of consonants in a row."""
    known = patterns("tr")
    assert known is not None
    points = [point for point in known.points(word) if point]
    cut = [word[a:b] for a, b in zip([0, *points], [*points, None], strict=True)]
    assert "-".join(cut) == parts


def test_a_language_without_patterns_is_not_hyphenated() -> None:
    assert hyphenation("considering", "xx") == ()
    assert hyphenation("considering", "en")
