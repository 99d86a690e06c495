"""Texts as strings with places, and walks over blocks: what every pass over a brief relies on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.diagnostics import Span
from reportgen.model import (
    CodeBlock,
    Figure,
    Heading,
    LineBreak,
    ListBlock,
    Note,
    NoteCall,
    Paragraph,
    Picture,
    Quote,
    Run,
    Style,
    Table,
    Text,
    plain,
)
from reportgen.texts import (
    OTHER,
    cut,
    folded,
    joined,
    lines_of,
    map_text,
    pictures,
    place_of,
    read_words,
    restyle,
    texts,
    transform,
    unpaired,
    walk,
)

RUNS = st.builds(Run, st.text("abc ", min_size=1, max_size=6),
                 st.builds(Style, emphasis=st.booleans()), st.builds(Span, st.just("a.md"),
                                                                     st.integers(1, 9)))
INLINES = st.one_of(RUNS, st.builds(NoteCall, st.just(Note(()))), st.builds(LineBreak))
TEXTS = st.lists(INLINES, max_size=6).map(tuple)


@pytest.mark.slow
@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_a_cut_is_a_slice_of_the_string(text: Text, start: int, end: int) -> None:
    assert joined(cut(text, start, end)) == joined(text)[start:end]


@pytest.mark.slow
@given(TEXTS, st.integers(0, 30))
def test_two_cuts_are_the_text_again(text: Text, at: int) -> None:
    parts = cut(text, 0, at) + cut(text, at, 99)
    assert joined(parts) == joined(text)
    assert [place_of(parts, n) for n in range(20)] == [place_of(text, n) for n in range(20)]


@pytest.mark.slow
@given(TEXTS, st.lists(st.tuples(st.integers(0, 15), st.integers(16, 30)), max_size=1))
def test_restyling_changes_style_alone(text: Text, spans: Sequence[tuple[int, int]]) -> None:
    made = restyle(text, spans, strong=True)
    assert joined(made) == joined(text)
    inside = {n for start, end in spans for n in range(start, end)}
    for at in range(len(joined(text))):
        [inline] = cut(made, at, at + 1)
        if isinstance(inline, Run):
            assert inline.style.strong == (at in inside)


def test_what_is_no_word_is_masked() -> None:
    text = (Run("See "), Run("x = 1", Style(code=True)), Run(" at "),
            Run("https://a.org", Style(href="https://a.org")), NoteCall(Note(())))
    assert joined(text) == f"See x = 1 at https://a.org{OTHER}"
    assert read_words(text) == f"See {OTHER * 5} at {OTHER * 13}{OTHER}"


def test_lines_are_those_of_the_author() -> None:
    text = (Run("one", span=Span("a", 1)), Run("two", span=Span("a", 2)), LineBreak(Span("a", 2)),
            Run("three", span=Span("a", 2)), Run("four", span=Span("a", 2)))
    assert [plain(line) for line in lines_of(text)] == ["one", "two", "threefour"]


@pytest.mark.parametrize(("string", "numbered", "place"), [
    ("a (b) c", (), -1), ("a (b c", (), 2), ("a) b", (), 1), ("a) b (c)", (2,), -1),
    ("((a)", (), 0), ("(a))", (), 3)])
def test_brackets_without_a_partner(string: str, numbered: Sequence[int], place: int) -> None:
    assert unpaired(string, "(", ")", numbered) == place


@pytest.mark.parametrize(("one", "other"), [
    ("Köln,  Straße", "koln strasse"), ("ŁÓDŹ", "łodz"), ("İzmir’s", "izmir s")])
def test_folding(one: str, other: str) -> None:
    assert folded(one) == other


INNER = Paragraph((Run("inner"),))
PICTURE = Picture("a.png", "alternative")
BLOCKS = (Heading(2, (Run("head"),)), ListBlock(ordered=False, items=((INNER, Quote((INNER,))),)),
          Figure(PICTURE, (Run("caption"),)), CodeBlock("code"),
          Table((((Run("x")),),), (((Run("y"), PICTURE),),)))


def test_walks_go_into_lists_and_quotations() -> None:
    kinds = [type(block).__name__ for block in walk(BLOCKS)]
    assert kinds == ["Heading", "ListBlock", "Paragraph", "Quote", "Paragraph", "Figure",
                     "CodeBlock", "Table"]
    assert [plain(text) for text in texts(BLOCKS)] == ["head", "inner", "inner", "caption", "x",
                                                       "y"]
    assert list(pictures(BLOCKS)) == [PICTURE, PICTURE]


def test_all_text_is_changed_and_nothing_else() -> None:
    def loud(text: Text) -> Text:
        return tuple(Run(i.text.upper()) if isinstance(i, Run) else i for i in text)

    made = tuple(map_text(block, loud) for block in BLOCKS)
    assert [plain(text) for text in texts(made)] == ["HEAD", "INNER", "INNER", "CAPTION", "X", "Y"]
    assert list(pictures(made)) == [PICTURE, PICTURE]
    assert made[3] == BLOCKS[3]
    assert [transform(block, lambda inner: inner) for block in BLOCKS] == list(BLOCKS)
