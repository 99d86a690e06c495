"""The bidirectional algorithm, beside GNU FriBidi, which WeasyPrint's Pango has loaded anyway."""

from __future__ import annotations

import ctypes
import ctypes.util
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.language.languages import Direction
from reportgen.typesetting.bidi import direction_of, levels_of, visual_order

LTR, RTL = Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT
_BASE = {LTR: 0x110, RTL: 0x111}
"""FRIBIDI_PAR_LTR and FRIBIDI_PAR_RTL of fribidi-types.h."""


def fribidi_levels(text: str, direction: Direction) -> list[int]:
    name = ctypes.util.find_library("fribidi")
    assert name, "this test needs libfribidi, which Pango depends on (Debian: libfribidi0)"
    library = ctypes.CDLL(name)
    count = len(text)
    words = (ctypes.c_uint32 * count)(*map(ord, text))
    kinds, brackets = (ctypes.c_uint32 * count)(), (ctypes.c_uint32 * count)()
    levels = (ctypes.c_int8 * count)()
    base = ctypes.c_uint32(_BASE[direction])
    library.fribidi_get_bidi_types(words, count, kinds)
    library.fribidi_get_bracket_types(words, count, kinds, brackets)
    assert library.fribidi_get_par_embedding_levels_ex(kinds, brackets, count, ctypes.byref(base),
                                                       levels)
    return list(levels)


CHARACTERS = "abcאבגابت 12 ٣٤ ()[]{}.,:;!?%$€+-/\"'«»،؛؟\u0301\u064b\u200d"

_ALWAYS = settings(derandomize=True, deadline=None, database=None, max_examples=500)
"""The same examples in every run."""


@_ALWAYS
@given(st.text(CHARACTERS, min_size=1, max_size=30), st.sampled_from([LTR, RTL]))
@pytest.mark.slow
def test_levels_are_those_of_fribidi(text: str, direction: Direction) -> None:
    text = text.rstrip() or "a"  # spaces at the end of a line are not set
    seen = len(text.rstrip(" \u200d")) or len(text)
    levels = levels_of(text, direction)
    assert levels[:seen] == fribidi_levels(text, direction)[:seen]
    if text[seen:].startswith("\u200d"):  # L1 lets it go; here it keeps the letter's joined form
        assert levels[seen] == levels[seen - 1]


def test_a_bracket_behind_a_mark_on_punctuation() -> None:
    """N0 and W1, as in the Rust crate unicode-bidi; FriBidi 1.0.8 has another level."""
    assert levels_of("א(1;\u0301)", LTR) == [1, 1, 2, 1, 1, 1]


@_ALWAYS
@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"],
                             exclude_characters="\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
                                                "\u2066\u2067\u2068\u2069"), max_size=12),
       st.sampled_from([LTR, RTL]))
@pytest.mark.slow
def test_text_of_any_characters_has_levels(text: str, direction: Direction) -> None:
    levels = levels_of(text, direction)
    base = int(direction is RTL)
    assert len(levels) == len(text)
    assert all(base <= level <= base + 2 for level in levels)
    for character, level in zip(text, levels, strict=True):
        if unicodedata.bidirectional(character) in ("R", "AL"):
            assert level % 2 == 1


def shown(text: str, direction: Direction) -> str:
    return "".join(text[at] for at in visual_order(levels_of(text, direction)))


@pytest.mark.parametrize(("text", "direction", "wanted"), [
    ("a אב c", LTR, "a בא c"),
    ("אב (NATO) גד.", RTL, ".דג (NATO) בא"),
    ("NATO.", RTL, ".NATO"),
    ("אב 12.5 גד", RTL, "דג 12.5 בא"),
    ("a 12 c", RTL, "a 12 c"),
    ("אב", LTR, "בא"),
])
def test_a_line_in_the_order_of_sight(text: str, direction: Direction, wanted: str) -> None:
    assert shown(text, direction).translate(str.maketrans("()", ")(")) == wanted  # mirrored


@pytest.mark.parametrize(("text", "usual", "wanted"), [
    ("The minister met the press", LTR, LTR),
    ("قال الوزير إن NATO", LTR, RTL),
    ("The word الشرق means east", LTR, LTR),
    ("NATO, UNIFIL والأمم", RTL, RTL),
    ("Reuters, 12 March 2019", RTL, LTR),
    ("12.", RTL, LTR),
    ("Layla Haddad, Energy in the Gulf: a study of الخليج and others", RTL, LTR),
    ("—", RTL, RTL),
    ("12.", LTR, LTR),
])
def test_the_direction_of_a_paragraph(text: str, usual: Direction, wanted: Direction) -> None:
    assert direction_of(text, usual) is wanted
