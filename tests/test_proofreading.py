"""What a proofreader asks: slips are told, and what only looks like one is not."""

from __future__ import annotations

import pytest

from reportgen.composing.proofreading import proofread
from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import LANGUAGES
from reportgen.model import PLAIN, Run, Style, Text


def codes(words: str, language: str = "en", style: Style = PLAIN) -> list[str]:
    sink = Sink()
    text: Text = (Run(words, style, Span("gulf.md", 7)),)
    proofread([text], LANGUAGES[language], sink)
    assert all(d.span.line == 7 for d in sink)
    return [d.code for d in sink]


@pytest.mark.parametrize(("language", "words"), [
    ("en", "They closed the the port."), ("fr", "Le port de de Tunis est fermé."),
    ("de", "Sie kamen und und gingen."), ("it", "Il porto di di Bari."),
    ("es", "El puerto de de Cádiz."), ("pt", "O porto de de Lisboa."),
    ("pl", "Statki w w porcie."), ("ru", "Корабли в в порту."), ("uk", "Кораблі в в порту."),
    ("tr", "Liman ve ve gemiler."), ("en", "The port port was shut."),
    ("en", "The the port was shut.")])
def test_a_word_that_stands_twice(language: str, words: str) -> None:
    assert codes(words, language) == ["doubled-word"]


@pytest.mark.parametrize(("language", "words"), [
    ("en", "He said that that was all they had had."), ("en", "They met in Pago Pago, pago."),
    ("en", "They met in it. it was late, late at night"), ("en", "a well-to-to do"),
    ("de", "Die Leute, die die Stadt verließen"),
    ("fr", "Nous nous sommes vus, vous vous trompez"),
    ("tr", "yavaş yavaş, ayrı ayrı, tek tek"), ("it", "piano piano arriva"),
    ("ru", "едва едва"), ("pl", "on się się bał")])
def test_words_that_may_stand_twice(language: str, words: str) -> None:
    assert codes(words, language) == []


@pytest.mark.parametrize("words", [
    "The port (and the road were shut.", "The port and the road) were shut.",
    "The text [of the law was read.", "One (two (three) four."])
def test_a_bracket_without_a_partner(words: str) -> None:
    assert codes(words) == ["bracket"]


@pytest.mark.parametrize("words", [
    "The port (and the road) was shut.", "First a) the port, b) the road, 3) the rest.",
    "Few (in 2016 there were 12) came.", "The KD (KD-20) met (on the 21) there.",
    "(a) one, (ii) two", "The text [of the law (as read)]."])
def test_brackets_with_their_partners(words: str) -> None:
    assert codes(words) == []


def test_code_is_not_read() -> None:
    assert codes("print((1 of of", style=Style(code=True)) == []


@pytest.mark.parametrize(("words", "told"), [
    ("The colour of the theater.", True), ("Their labour, and their labors.", True),
    ("The colour of the Center for Defense Studies.", False),
    ("The colour was \u201cgray as the theater\u201d.", False),
    ("He paid by check, with a driving license, in the harbour.", False),
    ("The color of the theater.", False), ("The colour of the theatre, recolored", False)])
def test_british_beside_american_spelling(words: str, told: bool) -> None:
    assert codes(words) == (["mixed-spelling"] if told else [])
