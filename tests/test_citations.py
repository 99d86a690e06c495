"""Citations: found or left alone as a careful editor would, and printed in the author's words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reportgen.citations.grading import Habit
from reportgen.citations.lift import find_citations, lift_from_text
from reportgen.diagnostics import Sink
from reportgen.language.languages import LANGUAGES
from reportgen.model import Confidence, NoteCall, Run, Text, plain
from reportgen.reading.markdown import read_blocks
from reportgen.texts import map_text

from .conftest import CASES


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((CASES / name).read_text("utf-8"))["cases"]
    return found


def items_of(markdown: str) -> list[dict[str, str | None]]:
    """Return what is lifted out of a paragraph, as the cases write it."""
    items: list[dict[str, str | None]] = []

    def collect(text: Text) -> Text:
        for _, citation in find_citations(text):
            if citation.confidence is not Confidence.POSSIBLE:
                items.extend({"title": s.title, "container": s.container, "issued": s.issued,
                              "url": s.url} for s in citation.sources)
        return text

    for block in read_blocks(list(enumerate(markdown.split("\n"), 1)), "case", Sink()):
        map_text(block, collect)
    return items


def lifted(markdown: str, language: str = "en") -> str:
    """Return a paragraph with its notes in ⟦ ⟧ where their marks stand."""
    block = read_blocks(list(enumerate(markdown.split("\n"), 1)), "case", Sink())[0]
    out = []

    def collect(text: Text) -> Text:
        for inline in lift_from_text(text, LANGUAGES[language], Sink()):
            out.append(f"⟦{plain(inline.note.text)}⟧" if isinstance(inline, NoteCall)
                       else inline.text if isinstance(inline, Run) else "")
        return text

    map_text(block, collect)
    return "".join(out)


def test_cases_of_an_editor() -> None:
    """Each of the 64 cases gives exactly the items that an editor would lift out."""
    wrong = [c["name"] for c in cases("citations.json") if items_of(c["markdown"]) != c["items"]]
    assert len(cases("citations.json")) == 64
    assert not wrong


@pytest.mark.parametrize("name", ["citations.json", "citations-more.json"])
def test_what_is_no_citation_is_left_alone(name: str) -> None:
    """No case with an empty list gives an item."""
    found = {c["name"]: items_of(c["markdown"]) for c in cases(name) if not c["items"]}
    assert len(found) > 10
    assert {key: items for key, items in found.items() if items} == {}


def test_finding_on_a_second_set() -> None:
    """On 90 further paragraphs, all but one give the citations with all their fields."""
    wrong = [c["name"] for c in cases("citations-more.json")
             if items_of(c["markdown"]) != c["items"]]
    assert len(cases("citations-more.json")) == 90
    assert wrong == ["p-ru-gost"]


BRACKETS_MISSED = {
    "Dottrina militare della Federazione Russa, 25 dicembre 2014, punto 12": "a document's name",
    "Instituto Nacional de Estatística, Contas Nacionais, 2020": "an office and its accounts",
    "cable diplomático 07QUITALES332, filtrado por La Gaceta Abierta": "a cable without a date",
    **dict.fromkeys((
        "Maddern and Oyelaran 2016", "Nakagome et al., 2018; Delta Research Consortium, 2021",
        "Bellincioni, 2015; Darmanin e Testa, 2018", "Quiroga y Benavente, 2014: 87-90"),
        "an author and a year: they need their list"),
}
"""What is not found in a sentence alone; where its brief cites between brackets, less is missed."""


def bracketed(markdown: str, habit: Habit) -> list[str]:
    """Return what is lifted out of the brackets of a sentence, letters and digits alone."""
    found: list[str] = []

    def collect(text: Text) -> Text:
        found.extend(letters(plain(citation.text)) for _, citation in find_citations(text, habit)
                     if citation.confidence is not Confidence.POSSIBLE)
        return text

    for block in read_blocks([(1, markdown)], "case", Sink()):
        map_text(block, collect)
    return found


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@pytest.mark.slow
@pytest.mark.parametrize("habit", list(Habit))
@pytest.mark.parametrize("name", ["citations-brackets.json", "citations-brackets-more.json"])
def test_sources_between_brackets_and_asides(name: str, habit: Habit) -> None:
    """Of sentences in eight languages, no aside is lifted, and but for a few each source is."""
    sentences = json.loads((CASES / name).read_text("utf-8"))
    missed = set()
    for case in sentences:
        found = bracketed(case["markdown"], habit)
        wanted = {letters(words): words for words in case["citations"]}
        assert not [words for words in found if words not in wanted], case["markdown"]
        missed |= {words for key, words in wanted.items() if key not in found}
    known = BRACKETS_MISSED.keys() & {words for c in sentences for words in c["citations"]}
    assert missed <= known
    assert habit is Habit.BRACKETS or missed == known


@pytest.mark.parametrize(("markdown", "language", "expected"), [
    ("in Russia, (*A long title*, Cabar, 1 May 2019, <https://x.org/1>). Their", "en",
     "in Russia.⟦A long title, Cabar, 1 May 2019, https://x.org/1.⟧ Their"),
    ("the deals (*A long title*, Cabar, 1 May 2019) and more", "en",
     "the deals⟦A long title, Cabar, 1 May 2019.⟧ and more"),
    ("the deals. (*A long title*, Cabar, 1 May 2019.) Then", "en",
     "the deals.⟦A long title, Cabar, 1 May 2019.⟧ Then"),
    ("the deals, (*A long title*, Cabar, 1 May 2019) and more", "en",
     "the deals,⟦A long title, Cabar, 1 May 2019.⟧ and more"),
    ("les accords (*Un titre long*, Cabar, 1 mai 2019). Puis", "fr",
     "les accords⟦Un titre long, Cabar, 1 mai 2019.⟧. Puis"),
    ("a word (*First long title*, Cabar, 2019) (*Second long title*, Cabar, 2019).", "en",
     "a word.⟦First long title, Cabar, 2019.⟧⟦Second long title, Cabar, 2019.⟧"),
    ("one[^a]; two\n\n[^a]: a note", "en", "one;⟦a note⟧ two"),
    ("un[^a]; deux\n\n[^a]: une note", "fr", "un⟦une note⟧; deux"),
    ("visit (*A long title*, Cabar, March 29, 2019 <https://x.org/1>).", "en",
     "visit.⟦A long title, Cabar, March 29, 2019, https://x.org/1.⟧"),
    ("deals ([*A long title*](https://x.org/1), Cabar, 2019).", "en",
     "deals.⟦A long title, Cabar, 2019, https://x.org/1.⟧"),
])
def test_the_mark_stands_where_a_typesetter_puts_it(markdown: str, language: str,
                                                    expected: str) -> None:
    assert lifted(markdown, language) == expected


def test_what_is_not_sure_stays_and_is_reported() -> None:
    sink = Sink()
    block = read_blocks([(7, "see (you can write to us via https://example.org) for it")], "b.md",
                        Sink())[0]
    map_text(block, lambda text: lift_from_text(text, LANGUAGES["en"], sink))
    [diagnostic] = list(sink)
    assert (diagnostic.code, diagnostic.span.line) == ("possible-citation", 7)


def test_words_are_never_lost() -> None:
    """Every word of a case is in the text or in a note afterwards, in the same number."""
    for case in [*cases("citations.json"), *cases("citations-more.json")]:
        blocks = read_blocks(list(enumerate(case["markdown"].split("\n"), 1)), "case", Sink())
        before: list[str] = []
        after: list[str] = []

        def collect(text: Text, before: list[str] = before, after: list[str] = after) -> Text:
            before.extend(words(plain(text)))
            for inline in lift_from_text(text, LANGUAGES["en"], Sink()):
                after.extend(words(plain(inline.note.text) if isinstance(inline, NoteCall)
                                   else inline.text if isinstance(inline, Run) else ""))
            return text

        for block in blocks:
            map_text(block, collect)
        missing = [w for w in before if before.count(w) > after.count(w)]
        assert not missing, case["name"]


def words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text).split()
