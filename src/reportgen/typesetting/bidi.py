"""The bidirectional algorithm: in which direction each character of a paragraph is read.

Unicode Standard Annex 9, without explicit embeddings, overrides and isolates (X1 to X8), whose
characters are passed over: analysts' briefs have none, and a pasted one must not turn a paragraph.
Held against GNU FriBidi in tests/test_bidi.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from reportgen.language.languages import Direction

_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u200f\U00010800-\U00010fff"
                         "\U0001e800-\U0001efff]")
"""Blocks that have characters read from right to left."""

_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "〈": "〉", "《": "》", "「": "」", "『": "』",
          "【": "】", "⁅": "⁆", "❨": "❩", "⟦": "⟧", "⟪": "⟫"}
"""Brackets in pairs (BidiBrackets.txt), of those that texts have."""

_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_MOST_OPEN = 63
"""Brackets that may be open at a time (BD16)."""

_MOST_PAIRS = 500
"""In a paragraph; the time that they take grows with their number and its length."""

_NEUTRAL = frozenset(("B", "S", "WS", "ON"))
_PASSED_OVER = frozenset(("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_STRONG = {"L": "L", "R": "R", "AL": "R"}


def has_right_to_left(text: str) -> bool:
    """Whether any character of `text` may be one that is read from right to left."""
    return _FROM_RIGHT.search(text) is not None


def direction_of(text: str, usual: Direction) -> Direction:
    """Return the direction of a paragraph in a brief whose `usual` direction is given.

    One from right to left needs no more than a fourth of its letters, since names and quotations in
    Latin letters are common there; one from left to right is turned by most of the letters. Numbers
    without a letter stand from left to right, with their signs.
    """
    found = [_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG]
    leftward = found.count("R")
    if usual is Direction.RIGHT_TO_LEFT:
        turned = 4 * leftward < len(found) or (not found and any(map(str.isdigit, text)))
        return Direction.LEFT_TO_RIGHT if turned else usual
    return Direction.RIGHT_TO_LEFT if 2 * leftward > len(found) else usual


def levels_of(text: str, direction: Direction) -> list[int]:
    """Return the embedding level of each character: odd ones are read from right to left."""
    base = 1 if direction is Direction.RIGHT_TO_LEFT else 0
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    counted = [at for at, kind in enumerate(kinds) if kind not in _PASSED_OVER]
    own = [kinds[at] for at in counted]
    edge = "R" if base else "L"
    _resolve_weak(own, edge)
    _resolve_brackets([text[at] for at in counted], [kinds[at] for at in counted], own, edge)
    _resolve_neutral(own, edge)
    levels = [base] * len(text)
    for at, kind in zip(counted, own, strict=True):
        levels[at] = base + _raised(kind, base)
    for at, kind in enumerate(kinds):
        if kind in _PASSED_OVER and at:
            levels[at] = levels[at - 1]
    return levels


def _raised(kind: str, base: int) -> int:
    """Return by how much a character is above the level of its paragraph (I1 and I2)."""
    if base:
        return 0 if kind == "R" else 1
    return {"L": 0, "R": 1}.get(kind, 2)


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return the parts of a line from its left edge to its right one (L2), by their levels."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level % 2]
    for level in range(max(levels, default=0), min(odd, default=1) - 1, -1):
        at = 0
        while at < len(order):
            stop = at
            while stop < len(order) and levels[order[stop]] >= level:
                stop += 1
            order[at:stop] = reversed(order[at:stop])
            at = max(stop, at + 1)
    return order


# ---------------------------------------------------------------- weak types


def _resolve_weak(kinds: list[str], edge: str) -> None:
    """Resolve numbers, their signs, and marks (W1 to W7)."""
    strong = edge
    for at in range(len(kinds)):
        if kinds[at] == "NSM":
            kinds[at] = kinds[at - 1] if at else edge
        if kinds[at] in _STRONG:
            strong = kinds[at]
        elif kinds[at] == "EN" and strong == "AL":
            kinds[at] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):
        sides = kinds[at - 1], kinds[at + 1]
        if sides == ("EN", "EN") and kinds[at] in ("ES", "CS"):
            kinds[at] = "EN"
        elif sides == ("AN", "AN") and kinds[at] == "CS":
            kinds[at] = "AN"
    for start, stop in _stretches(kinds, {"ET"}):
        if "EN" in (*kinds[max(start - 1, 0):start], *kinds[stop:stop + 1]):
            kinds[start:stop] = ["EN"] * (stop - start)
    strong = edge
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind in ("ES", "ET", "CS"):
            kinds[at] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


# ---------------------------------------------------------------- neutral types


def _resolve_brackets(text: list[str], given: list[str], kinds: list[str], edge: str) -> None:
    """Give brackets in pairs the direction of what they hold, or of what stands before (N0)."""
    pairs = _pairs(text, kinds)
    for opening, closing in pairs if len(pairs) <= _MOST_PAIRS else ():
        inside = {_direction(kind) for kind in kinds[opening + 1:closing]} - {""}
        if edge in inside:
            found = edge
        elif inside:
            before = next((side for kind in reversed(kinds[:opening])
                           if (side := _direction(kind))), edge)
            found = before if before in inside else edge
        else:
            continue
        for at in (opening, closing):
            kinds[at] = found
            after = at + 1
            while after < len(kinds) and given[after] == "NSM":
                kinds[after] = found
                after += 1


def _pairs(text: list[str], kinds: list[str]) -> list[tuple[int, int]]:
    """Return the brackets that belong together, by their places (BD16)."""
    stack: list[tuple[str, int]] = []
    pairs = []
    for at, character in enumerate(text):
        if kinds[at] != "ON":
            continue
        if character in _PAIRS:
            if len(stack) == _MOST_OPEN:
                break
            stack.append((character, at))
        elif character in _CLOSING:
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == _CLOSING[character]:
                    pairs.append((stack[depth][1], at))
                    del stack[depth:]
                    break
    return sorted(pairs)


def _resolve_neutral(kinds: list[str], edge: str) -> None:
    """Give what has no direction that of both sides, else that of the paragraph (N1 and N2)."""
    for start, stop in _stretches(kinds, _NEUTRAL):
        before = _direction(kinds[start - 1]) if start else edge
        after = _direction(kinds[stop]) if stop < len(kinds) else edge
        kinds[start:stop] = [before if before == after else edge] * (stop - start)


def _direction(kind: str) -> str:
    """Return the direction of a resolved type, of which numbers count as from right to left."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _stretches(kinds: list[str], wanted: set[str] | frozenset[str]) -> list[tuple[int, int]]:
    """Return where characters of some types stand in a row."""
    found = []
    at = 0
    while at < len(kinds):
        stop = at
        while stop < len(kinds) and kinds[stop] in wanted:
            stop += 1
        if stop > at:
            found.append((at, stop))
        at = stop + 1
    return found
