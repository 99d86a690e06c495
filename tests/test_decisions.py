"""`decisions.toml`: what the editor has decided about citations wins, and stays as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from reportgen.citations.decisions import Become, DecidedSource
from reportgen.cli.main import main
from reportgen.diagnostics import Sink
from reportgen.pipeline import build, check, citations_of
from reportgen.reading.decisions import read_decisions, with_citations, with_sources
from reportgen.workspace import SourceText

from .conftest import SMALL_BRIEF, Pdf, Series

DOUBTFUL = SMALL_BRIEF.replace("only text,", "only text (*Dam talks in the long run*),")


def read(text: str) -> tuple[object, list[tuple[str, int]]]:
    sink = Sink()
    found = read_decisions(SourceText("decisions.toml", text), sink)
    return found, [(d.code, d.span.line) for d in sink]


def issue(series: Series, brief: str = DOUBTFUL) -> Path:
    return series({"series.toml": "", "2019-04/gulf.md": brief}) / "2019-04"


def place_of(folder: Path, words: str) -> str:
    return next(row["place"] for row in citations_of(folder, Sink()) if words in row["prints"])


@pytest.mark.slow
def test_what_may_be_a_citation_is_decided(series: Series, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    folder = issue(series)
    assert "(Dam talks in the long run)," in Pdf(build(folder, tmp_path / "a").files[0]).text()
    assert main(["cites", str(folder), "--as-note", place_of(folder, "Dam talks")]) == 0
    assert capsys.readouterr().out.strip().endswith("2019-04/decisions.toml")
    made = build(folder, tmp_path / "b")
    text = " ".join(Pdf(made.files[0]).text().split())
    assert "only text,2 and" in text and "2 Dam talks in the long run." in text
    assert "possible-citation" not in [d.code for d in made.diagnostics]


@pytest.mark.slow
def test_what_was_taken_for_a_citation_stays_text(series: Series, tmp_path: Path) -> None:
    folder = issue(series, SMALL_BRIEF.replace(",\n<https://example.org/one>", ""))
    assert main(["cites", str(folder), "--as-text", place_of(folder, "A title of a source")]) == 0
    text = " ".join(Pdf(build(folder, tmp_path).files[0]).text().split())
    assert "cites a source (A title of a source, Example Press, 1 April 2019" in text
    rows = citations_of(folder, Sink())
    assert not [row for row in rows if row["note"]]


def test_the_words_are_known_whatever_their_signs() -> None:
    text = with_citations("", [("gulf", "“Dam—talks” in the *long* run", Become.NOTE)])
    found = read_decisions(SourceText("decisions.toml", text), Sink())
    assert found.of("gulf") == {"dam talks in the long run": Become.NOTE}
    assert found.of("levant") == {}


def test_what_stands_in_the_file_stays() -> None:
    mine = '# mine\n[sources."https://a.org"]\ntitle = "A"  # right'
    other = {"https://b.org/?\"x": DecidedSource(title="B \\ \x7f", date="2019")}
    added = with_sources(mine, other)
    assert added.startswith(mine + "\n")
    assert tomllib.loads(added)["sources"] == {
        "https://a.org": {"title": "A"},
        'https://b.org/?"x': {"title": "B \\ \x7f", "date": "2019"}}


def test_the_same_decision_is_written_once() -> None:
    rows = [("gulf", "Dam talks", Become.NOTE)]
    once = with_citations("", rows)
    assert with_citations(once, rows).strip() == once.strip()


@pytest.mark.parametrize(("text", "told"), [
    ("[sources", [("toml-syntax", 1)]), ("\n[source.a]\nb=1", [("unknown-setting", 2)]),
    ("sources = 3", [("wrong-type", 1)]), ("citations = [1]", [("wrong-type", 1)]),
    ('[sources."https://a.org"]\ntitel = "A"', [("unknown-setting", 2)]),
    ('[sources."https://a.org"]\ntitle = 3.5', [("wrong-type", 2)]),
    ('[[citations]]\nbrief = "a"\nwords = "some words"\nbecome = "nothing"', [("decision", 3)]),
    ('[[citations]]\nbrief = "a"', [("decision", 1)])])
def test_mistakes_have_their_line(text: str, told: list[tuple[str, int]]) -> None:
    assert read(text)[1] == told


def test_a_place_without_brackets_is_told(series: Series,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    folder = issue(series)
    assert main(["cites", str(folder), "--as-note", "2019-04/gulf.md:1:1"]) == 1
    assert "error[no-citation]" in capsys.readouterr().err
    assert not (folder / "decisions.toml").exists()


def test_what_is_confirmed_is_written_once(series: Series) -> None:
    folder = issue(series)
    (folder / "links.json").write_text(
        '{"https://a.org": {"status": 200, "title": "A"}, "https://b.org": {"status": 404}}')
    assert main(["cites", str(folder), "--confirm", "all"]) == 0
    first = (folder / "decisions.toml").read_text("utf-8")
    assert main(["cites", str(folder), "--confirm", "https://a.org"]) == 0
    assert (folder / "decisions.toml").read_text("utf-8") == first
    assert tomllib.loads(first)["sources"] == {"https://a.org": {"title": "A"}}


@pytest.mark.slow
def test_a_decision_about_words_that_are_gone_is_told(series: Series) -> None:
    folder = issue(series)
    (folder / "decisions.toml").write_text(
        with_citations("", [("gulf", "Dam talks in the long run", Become.TEXT),
                            ("gulf", "Other words", Become.NOTE), ("levant", "x", Become.NOTE)]))
    told = [d.message for d in check(folder) if d.code == "unused-decision"]
    assert len(told) == 1 and "other words" in told[0]
