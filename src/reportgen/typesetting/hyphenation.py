"""Where words may be hyphenated: the patterns of a language, as F. M. Liang found them.

The patterns are those of LibreOffice, in the files of pyphen, but for Turkish. They are read here
because a build asks for a few hundred words: a pattern is taken apart when a word holds its
letters, which makes the start of a build several times quicker than parsing all of them.
tests/test_hyphenation.py holds the points against those of pyphen itself.

Source: F. M. Liang, Word Hy-phen-a-tion by Com-put-er, Stanford, 1983.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct, field

HYPHEN_PENALTY = 475.0
RARE_HYPHEN_PENALTY = 1_100.0
"""Of a hyphen that leaves two letters at the line's end, or parts a word of five or six letters."""
NAME_PENALTY = 1_500.0
"""Of a hyphen in a sentence's first word, which may be a name: only against a line too loose."""

_SETTINGS = ("%", "#", "LEFTHYPHENMIN", "RIGHTHYPHENMIN", "COMPOUNDLEFTHYPHENMIN",
             "COMPOUNDRIGHTHYPHENMIN")
_DIGITS = "0123456789"

_SYLLABIC = {"tr": ("bcçdfgğhjklmnprsştvyzqwx", "aeıioöuüâîû")}
"""Consonants and vowels of languages in which a consonant before a vowel begins a syllable, always:
Türk Dil Kurumu, Yazım Kılavuzu, "Satır sonunda kelimelerin bölünmesi". pyphen has no patterns."""


class Patterns(Struct):
    """The patterns of a language, by their letters."""

    rows: dict[str, str]
    longest: int
    """Letters of the longest."""
    _levels: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def points(self, word: str) -> list[int]:
        """Return the numbers of letters after which `word`, in small letters, may be hyphenated."""
        dotted = f".{word}."
        size = len(dotted)
        highest = [0] * (size + 1)
        for begin in range(size - 1):
            for end in range(begin + 1, min(begin + self.longest, size) + 1):
                letters = dotted[begin:end]
                if letters in self.rows:
                    for place, level in enumerate(self._of(letters), begin):
                        if level > highest[place]:
                            highest[place] = level
        # Odd levels allow a hyphen. Where that would change the spelling (Schiffahrt, Schiff-fahrt)
        # one was added to twice the level, and there is none: words are the author's.
        return [place - 1 for place, level in enumerate(highest) if level % 4 == 2]

    def _of(self, letters: str) -> tuple[int, ...]:
        """Return twice the level before each letter of a pattern, and after the last."""
        found = self._levels.get(letters)
        if found is None:
            pattern, _, spelling = self.rows[letters].partition("/")
            levels = [0]
            for character in pattern:
                if character in _DIGITS:
                    levels[-1] = int(character) * 2
                else:
                    levels.append(0)
            if spelling:
                levels = [level + 1 if level % 4 == 2 else level for level in levels]
            found = self._levels[letters] = tuple(levels)
        return found


@lru_cache(maxsize=16)
def patterns(language: str) -> Patterns | None:
    """Return the patterns of a language (BCP 47), or None if there are none."""
    syllabic = _SYLLABIC.get(language.partition("-")[0])
    if syllabic is not None:
        pairs = [first + vowel for first in syllabic[0] for vowel in syllabic[1]]
        return Patterns({pair: f"1{pair}" for pair in pairs}, 2)
    import pyphen

    name = pyphen.language_fallback(language.replace("-", "_"))
    if name is None:
        return None
    head, _, body = pyphen.LANGUAGES[name].read_bytes().partition(b"\n")
    encoding = head.decode("ascii").strip().lower()
    encoding = "cp1251" if encoding == "microsoft-cp1251" else encoding
    # All these encodings have ASCII in them, and bytes are quick to go through.
    lines = body.translate(None, b" \t\r").decode(encoding).split("\n")
    bare = body.translate(None, b" \t\r0123456789").decode(encoding).split("\n")
    # A line without a level says nothing, and may stand beside one that does.
    rows = {letters: line for letters, line in zip(bare, lines, strict=True)
            if letters != line and not line.startswith(_SETTINGS)}
    if any("/" in letters for letters in rows):
        rows = {letters.partition("/")[0]: line for letters, line in rows.items()}
    return Patterns(rows, max(map(len, rows), default=0))


@lru_cache(maxsize=50_000)
def hyphenation(word: str, language: str) -> tuple[tuple[int, float], ...]:
    """Return where `word`, small letters only, may be hyphenated, each with its penalty.

    As a rule a word has seven letters, and three stay on each side. Two may, at a higher price:
    before the hyphen in every language, behind it in all but English (TeX's \\lefthyphenmin and
    \\righthyphenmin).
    """
    if len(word) < 5:
        return ()
    known = patterns(language)
    if known is None:
        return ()
    behind = 3 if language.partition("-")[0] == "en" else 2
    return tuple((point, _penalty(word, point)) for point in known.points(word)
                 if 2 <= point <= len(word) - behind)


def _penalty(word: str, point: int) -> float:
    usual = len(word) >= 7 and 3 <= point <= len(word) - 3
    return HYPHEN_PENALTY if usual else RARE_HYPHEN_PENALTY
