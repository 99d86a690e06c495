"""What a copy editor asks of a brief as a whole: what is written two ways is told, once."""

from __future__ import annotations

import pytest

from reportgen.composing.consistency import check_consistency
from reportgen.diagnostics import Diagnostic, Sink, Span
from reportgen.language.languages import LANGUAGES
from reportgen.model import Paragraph, Run, Text
from reportgen.pipeline import check

from .conftest import SMALL_BRIEF, Series


def told(*paragraphs: str, language: str = "en") -> list[Diagnostic]:
    texts: list[Text] = [(Run(words, span=Span("gulf.md", number)),)
                         for number, words in enumerate(paragraphs, 1)]
    sink = Sink()
    check_consistency((), texts, [Paragraph(text) for text in texts], LANGUAGES[language], sink)
    return list(sink)


@pytest.mark.parametrize(("language", "code", "line", "words", "paragraphs"), [
    ("en", "acronym", 1, "IGAD", ["The envoy of IGAD came.", "IGAD and the UN, NATO and IGAD."]),
    ("en", "acronym-twice", 2, "IGAD", ["The Authority (IGAD) met.", "The Authority (IGAD) left."]),
    ("fr", "acronym", 1, "BCEAO", ["La BCEAO a publié ses chiffres pour l’année."]),
    ("en", "two-spellings", 2, "Erdogan", ["Then Erdoğan and Erdoğan.", "Then Erdogan said."]),
    ("en", "two-spellings", 3, "Mohammad", ["Then Mohammed left.", "So did Mohammed.",
                                            "And Mohammad."]),
    ("en", "two-ways", 2, "6 per cent", ["It rose by 5% and 7%.", "It fell by 6 per cent."]),
    ("it", "two-ways", 1, "6 per cento", ["Il 6 per cento, il 2%, il 3%."]),
    ("en", "two-ways", 2, "April 5", ["On 3 April and 4 April.", "Then on April 5."]),
    ("en", "two-ways", 1, "5th April", ["On 3 April, 4 April, and the 5th April."]),
    ("en", "two-spellings", 2, "Zelensky", ["Then Zelenskyy and Zelenskyy.", "Zelensky said."]),
    ("en", "two-spellings", 1, "Kiev", ["In Kyiv, in Kyiv and in Kiev."]),
    ("en", "two-spellings", 1, "Muhammad", ["Mohammed, Mohammed and Muhammad came."]),
    ("it", "two-spellings", 1, "Zelenskiy", ["Poi Zelensky, Zelensky e Zelenskiy."]),
    ("en", "two-ways", 2, "14000", ["It has 12,000 and 13,500 ships.", "It had 14000."]),
    ("de", "two-ways", 1, "13\u00a0500", ["Es waren 12.000, 14.000 und 13\u00a0500 Schiffe."]),
    ("fr", "two-ways", 1, "05/04/2019", ["Le 3 avril, le 4 avril, et le 05/04/2019."]),
    ("de", "two-ways", 1, "05.04.2019", ["Am 3. April, am 4. April und am 05.04.2019."]),
    ("en", "two-ways", 1, "5 mn", ["It cost 3 million, 4 million and 5 mn."]),
    ("en", "mixed-spelling", 2, "organized", ["It was organised by them.", "And organized again."]),
    ("en", "quotation-mark", 2, "“the port was shut.", ["All is well.", "“the port was shut."]),
    ("de", "quotation-mark", 1, "a: „b c.", ["a: „b c."]),
    ("fr", "quotation-mark", 1, "le port » est", ["le port » est"])])
def test_what_is_told(language: str, code: str, line: int, words: str,
                      paragraphs: list[str]) -> None:
    [found] = told(*paragraphs, language=language)
    assert (found.code, found.span.line, found.words) == (code, line, words)


@pytest.mark.parametrize(("language", "paragraphs"), [
    ("en", ["The World Food Programme (WFP) and WFP; FAO (Food and Agriculture Organization)."]),
    ("en", ["THE WAR IN YEMEN: WHO PAYS", "Chapter VIII and XIV, the UN, BBC and COVID-19."]),
    ("en", ["The so-called Economic Community (or “ECCAS”) met."]),
    ("en", ["In 2019 and 2020, resolution 2334, on 3 April 2019; 12,000 and 1.5 of 3,250.75."]),
    ("en", ["It was 1.2345 or 1,000; a phone 555-12345, page 12345/2019."]),
    ("en", ["They promise, advise and rise; the size and the prize; organised, organising."]),
    ("en", ["Ahmed and Ahmadi met; Malik and Malika, Hassan and Husein, Turkey, Turkic."]),
    ("de", ["Am 3. April und 2019-04-05 waren es 1,5 und 2,25."]),
    ("de", ["Der Hafen und die Häfen, das Land und die Länder: Bauern."]),
    ("pl", ["Polska i Polską, Warszawą i Warszawa."]),
    ("en", ["Hassan met Hussein; Austria, Australia; Slovakia, Slovenia; Iranian, Iranians."]),
    ("en", ["It rose by 5% of all, 3 percentage points more, as she said: “by 6 percent”."]),
    ("de", ["Um 5 % und 6 Prozentpunkte."]), ("ru", ["На 5% и на 6 процентных пунктов."]),
    ("en", ["In April 2019 and on 5 April, in May."]),
    ("en", ["“One paragraph of it.", "“And the other.”"]),
    ("de", ["Er sagte “nichts” dazu."]), ("tr", ["“Bir” ve “iki” dedi."])])
def test_what_is_right(language: str, paragraphs: list[str]) -> None:
    assert told(*paragraphs, language=language) == []


SLIPS = SMALL_BRIEF.replace("only text,", "only text text of the IGAD,")


@pytest.mark.slow
@pytest.mark.parametrize(("series_toml", "issue_toml", "mark", "left"), [
    ("", "", "", {"doubled-word", "acronym"}),
    ('silence = ["acronym"]', "", "", {"doubled-word"}),
    ("", 'silence = "doubled-word"', "", {"acronym"}),
    ("", "", " <!-- silence: doubled-word -->", {"acronym"}),
    ("", "", " <!-- silence doubled-word, acronym -->", set()),
    ("", "", "<!-- silence: doubled-word -->\n", {"acronym"}),
    ("", "", "<!-- silence: quotation-mark -->\n", {"doubled-word", "acronym"})])
def test_a_code_is_silenced(series: Series, series_toml: str, issue_toml: str, mark: str,
                            left: set[str]) -> None:
    line = next(text for text in SLIPS.splitlines() if "text text" in text)
    marked = f"{mark}{line}" if mark.endswith("\n") else f"{line}{mark}"
    folder = series({"series.toml": series_toml, "2019-04/issue.toml": issue_toml,
                     "2019-04/gulf.md": SLIPS.replace(line, marked)})
    found = check(folder / "2019-04")
    assert {d.code for d in found} & {"doubled-word", "acronym"} == left
    assert not any("comment" in d.code for d in found)


@pytest.mark.slow
@pytest.mark.parametrize(("files", "place"), [
    ({"series.toml": 'title = "T"\nsilence = ["doubled-wrod"]'}, "series.toml:2"),
    ({"2019-04/issue.toml": 'silence = ["doubled-wrod"]'}, "issue.toml:1"),
    ({"2019-04/gulf.md": SMALL_BRIEF + "\n<!-- silence: doubled-wrod -->\n"},
     f"gulf.md:{SMALL_BRIEF.count(chr(10)) + 2}")])
def test_a_code_that_there_is_not_is_told(series: Series, files: dict[str, str],
                                          place: str) -> None:
    folder = series({"2019-04/gulf.md": SMALL_BRIEF, **files})
    found = [d for d in check(folder / "2019-04") if d.code == "unknown-code"]
    assert [str(d.span) for d in found] == [place]
    assert 'did you mean "doubled-word"?' in found[0].hints


def test_an_error_is_not_silenced(series: Series) -> None:
    folder = series({"series.toml": 'silence = ["unknown-note"]',
                     "2019-04/gulf.md": SMALL_BRIEF.replace("only text,", "only text[^x],")})
    assert "unknown-note" in [d.code for d in check(folder / "2019-04")]


@pytest.mark.slow
@pytest.mark.parametrize(("length", "told"), [("[10, 500]", 0), ("[100, 500]", 1), ("[1, 20]", 1)])
def test_the_length_that_a_series_wants(series: Series, length: str, told: int) -> None:
    folder = series({"series.toml": f"length = {length}", "2019-04/gulf.md": SMALL_BRIEF})
    assert [d.code for d in check(folder / "2019-04")].count("length") == told


@pytest.mark.parametrize("length", ["[500]", "[500, 100]", "[1, 2, 3]", '"long"'])
def test_a_length_is_two_numbers(series: Series, length: str) -> None:
    folder = series({"series.toml": f"length = {length}", "2019-04/gulf.md": SMALL_BRIEF})
    assert [d.span.line for d in check(folder / "2019-04") if d.severity.value == "error"] == [1]
