"""Text of several scripts: which face sets which part, and where each part stands.

Unicode Standard Annex 9 (bidirectional algorithm) for words from right to left inside of a line
from left to right; a paragraph's own direction is always from left to right. Chinese and Japanese
break between characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.patterns import pattern
from reportgen.typesetting.shaping import REPLACEMENT, Face, FontBook

_FIRST_EAST_ASIAN = "\u2e80"
_EAST_ASIAN = ("\u2e80-\u2fff\u3001-\u30ff\u3105-\u312f\u31f0-\u9fff\uf900-\ufaff"
               "\uff01-\uff60")
_CLOSING = re.escape("、。，．：；！？）」』】〉》〕］｝’”…‥)],.;:!?%々ー・"
                     "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
_OPENING = re.escape("（「『【〈《〔［｛‘“([")
_BETWEEN = pattern(
    rf"(?<=[{_EAST_ASIAN}])(?<![{_OPENING}])(?=[^\s{_CLOSING}])"
    rf"|(?<=[^\s{_OPENING}])(?=[{_EAST_ASIAN}])(?![{_CLOSING}])")

_RIGHT_TO_LEFT = ("R", "AL")
_LEFT_TO_RIGHT = "L"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a word in one face and one direction."""

    text: str
    face: Face
    missing: str = ""
    """Characters that no face has; `text` has a replacement for each."""


def segments(word: str, face: Face, book: FontBook) -> list[Segment]:
    """Return a word in parts, each in `face` or the fallback face that has its characters.

    Marks, joiners and variation selectors go with the character before them.
    """
    found: list[tuple[Face, bool, str, str]] = []
    for character in word:
        last = found[-1] if found else None
        if last and _goes_with_last(character):
            found[-1] = last[0], last[1], last[2] + character, last[3]
            continue
        chosen = face if face.covers(character) else book.instead(character, face)
        shown, missing = (character, "") if chosen else (REPLACEMENT, character)
        place = (chosen or _having(REPLACEMENT, face, book),
                 unicodedata.bidirectional(character) in _RIGHT_TO_LEFT)
        if last and last[:2] == place:
            found[-1] = *place, last[2] + shown, last[3] + missing
        else:
            found.append((*place, shown, missing))
    return [Segment(text, chosen, missing) for chosen, _, text, missing in found]


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


def visual_starts(texts: Sequence[str], rightward: Sequence[bool],
                  widths: Sequence[float]) -> list[float]:
    """Return where each part of a line begins, from the line's left edge.

    Parts are in the order in which they are read. Those from right to left stand in the opposite
    order, with the spaces, digits and signs between them (rules N1 and L2), but not brackets, which
    go with the paragraph; `rightward` says of each part whether it is not one of those.
    """
    starts: list[float] = []
    at, number = 0.0, 0
    while number < len(texts):
        stop = number + 1
        if not rightward[number]:
            for further in range(number + 1, len(texts)):
                if not rightward[further]:
                    stop = further + 1
                elif any(unicodedata.bidirectional(c) == _LEFT_TO_RIGHT or unicodedata.mirrored(c)
                         for c in texts[further]):
                    break
        end = at + sum(widths[number:stop])
        place = end
        for inner in range(number, stop):
            place -= widths[inner]
            starts.append(place if stop > number + 1 else at)
        at, number = end, stop
    return starts
