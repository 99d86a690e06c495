"""Text of several scripts: which face sets which part, and where Chinese and Japanese break."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct
from msgspec.structs import replace

from reportgen.language.languages import Direction
from reportgen.patterns import pattern
from reportgen.typesetting.bidi import direction_of, levels_of, visual_order
from reportgen.typesetting.shaping import REPLACEMENT, Face, FontBook, Glyphs

_FIRST_EAST_ASIAN = "\u2e80"
_EAST_ASIAN = ("\u2e80-\u2fff\u3001-\u30ff\u3105-\u312f\u31f0-\u9fff\uf900-\ufaff"
               "\uff01-\uff60")
_CLOSING = re.escape("、。，．：；！？）」』】〉》〕］｝’”…‥)],.;:!?%々ー・"
                     "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
_OPENING = re.escape("（「『【〈《〔［｛‘“([")
_BETWEEN = pattern(
    rf"(?<=[{_EAST_ASIAN}])(?<![{_OPENING}])(?=[^\s{_CLOSING}])"
    rf"|(?<=[^\s{_OPENING}])(?=[{_EAST_ASIAN}])(?![{_CLOSING}])")


class Segment(Struct, frozen=True):
    """A part of a word in one face."""

    text: str
    face: Face
    missing: str = ""
    """Characters that no face has; `text` has a replacement for each."""


def segments(word: str, face: Face, book: FontBook) -> list[Segment]:
    """Return a word in parts, each in `face` or the fallback face that has its characters.

    Marks, joiners and variation selectors go with the character before them.
    """
    found: list[Segment] = []
    for character in word:
        last = found[-1] if found else None
        if last and _goes_with_last(character):
            found[-1] = replace(last, text=last.text + character)
            continue
        chosen = face if face.covers(character) else book.instead(character, face)
        shown, missing = (character, "") if chosen else (REPLACEMENT, character)
        chosen = chosen or _having(REPLACEMENT, face, book)
        if last and last.face is chosen:
            found[-1] = Segment(last.text + shown, chosen, last.missing + missing)
        else:
            found.append(Segment(shown, chosen, missing))
    return found


def shaped_label(words: str, face: Face, book: FontBook, tracking: float,
                 ) -> list[tuple[Face, Glyphs]]:
    """Return a name, of any script, as shaped parts from left to right.

    `tracking` (em) is for characters that `face` has: joined letters are not spread.
    """
    direction = direction_of(words, Direction.LEFT_TO_RIGHT)
    levels = levels_of(words, direction)
    found: list[tuple[int, Face, Glyphs]] = []
    at = 0
    while at < len(words):
        stop = next((n for n in range(at, len(words)) if levels[n] != levels[at]), len(words))
        turn = Direction.RIGHT_TO_LEFT if levels[at] % 2 else Direction.LEFT_TO_RIGHT
        for part in segments(words[at:stop], face, book):
            spread = tracking if part.face is face else 0.0
            found += [(levels[at], part.face, part.face.shape(piece, (), spread, turn))
                      for piece in re.split("( )", part.text) if piece]
        at = stop
    return [found[number][1:] for number in visual_order([level for level, *_ in found])]


def east_asian_parts(word: str) -> list[str]:
    """Return a word cut where a line may end between characters of Chinese and Japanese.

    They have no spaces; a line may end anywhere, but not before a sign that closes or a small kana,
    nor after a sign that opens (Requirements for Japanese Text Layout, W3C, 3.1.7 and 3.1.8).
    """
    return _BETWEEN.split(word) if max(word, default="") >= _FIRST_EAST_ASIAN else [word]


def _goes_with_last(character: str) -> bool:
    return (unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d"
            or "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff")


def _having(character: str, face: Face, book: FontBook) -> Face:
    return face if face.covers(character) else book.instead(character, face) or face

