"""Citations by key: `sources.json`, held against pandoc's citeproc.

The expected notes are what pandoc 2.17 wrote with the style chicago-notes.csl (commit 1aaf551 of
the CSL project's styles) of tests/cases/keys/sources.json, without emphasis. One differs on
purpose: citeproc gives a newspaper's article without an author the newspaper for one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reportgen.citations.chicago import full_note, sentence, short_note
from reportgen.citations.library import Library
from reportgen.diagnostics import Sink
from reportgen.language.languages import LANGUAGES
from reportgen.reading.keys import Cites, with_keys
from reportgen.reading.library import read_library
from reportgen.workspace import SourceText

from .conftest import CASES, SMALL_BRIEF, Pdf, Series
from .test_bad_input import run

SOURCES = (CASES / "keys" / "sources.json").read_text("utf-8")
EN = LANGUAGES["en"]

FULL = {
    ("article", "p. 105"): "Anna Rossi and Bo Lee, “Water and Power in the Fergana Valley,” "
    "Central Asian Survey 38, no. 2 (2019): 105, https://doi.org/10.1080/0263.2019.1234.",
    ("book", "p. 3"):
    "Karl Hoffmann, The Lost Canal: A History (Example University Press, 2017), 3.",
    ("chapter", ""): "Daniel Okafor, “Who Owns the Shore?” in Lakes of the Sahel, ed. Ute Meyer "
    "(Lake Press, 2015).",
    ("report", ""): "Basin Observatory, Surface Water 2020, Working Paper 31 (Basin Observatory, "
    "2020), https://example.org/basin/31.",
    ("news", ""): "Luz Moreno, “Farmers Wait for Rain,” The Daily Example, May 14, 2019, "
    "https://example.org/rain.",
    ("noauthor", ""): "“Ministers Meet in Tashkent,” TASS, March 2, 2019, "
    "https://example.org/tass.",
    ("web", ""): "Statistics Office, “Key Figures,” Statistics Office, January 9, 2021, "
    "https://example.org/figures.",
    ("three", ""): "A. Ada, B. Bea, and C. Cid, Three Shores (Shore Press, 2012).",
    ("four", ""): "A. Ada, B. Bea, C. Cid, and D. Dee, Four Shores (Shore Press, 2013).",
}
SHORT = {
    ("article", "p. 106"): "Rossi and Lee, “Water and Power in the Fergana Valley,” 106.",
    ("news", ""): "Moreno, “Farmers Wait for Rain.”",
    ("noauthor", ""): "“Ministers Meet in Tashkent.”",
    ("four", ""): "Ada et al., Four Shores.",
    ("report", ""): "Basin Observatory, Surface Water 2020.",
    ("book", ""): "Hoffmann, The Lost Canal: A History.",
}


def library(text: str = SOURCES) -> tuple[Library, Sink]:
    sink = Sink()
    return read_library(SourceText("sources.json", text), sink), sink


def bare(markdown: str) -> str:
    return re.sub(r"[*<>]", "", markdown)


@pytest.mark.parametrize(("key", "place"), FULL)
def test_first_notes_are_those_of_citeproc(key: str, place: str) -> None:
    item = library()[0].items[key]
    assert bare(sentence(full_note(item, place, EN), EN)) == FULL[key, place]


@pytest.mark.parametrize(("key", "place"), SHORT)
def test_later_notes_are_those_of_citeproc(key: str, place: str) -> None:
    item = library()[0].items[key]
    assert bare(sentence(short_note(item, place, EN), EN)) == SHORT[key, place]


def test_other_languages_have_their_words_quotes_and_dates() -> None:
    item = library()[0].items["news"]
    german = LANGUAGES["de"]
    assert bare(sentence(full_note(item, "", german), german)) == (
        "Luz Moreno, „Farmers Wait for Rain“, The Daily Example, 14. Mai 2019, "
        "https://example.org/rain.")
    for language in LANGUAGES.values():
        for entry in library()[0].items.values():
            assert sentence(full_note(entry, "", language), language)


def test_signs_of_markdown_in_a_source_stand_for_themselves() -> None:
    row = {"id": "x", "type": "book", "title": "A *b* [c](d) <e>", "author": [{"literal": "F_g_"}]}
    item = library(json.dumps([row]))[0].items["x"]
    assert full_note(item, "", EN) == r"F\_g\_, *A \*b\* \[c\](d) \<e\>*"


def noted(text: str, known: Library | None = None) -> tuple[str, Sink]:
    sink = Sink()
    lines = with_keys(list(enumerate(text.split("\n"), 1)), Cites(known or library()[0], EN),
                      "a.md", sink)
    return "\n".join(line for _, line in lines), sink


def test_a_bracket_is_a_note_and_a_second_one_is_short() -> None:
    out, sink = noted("Rain [see @news]. More [@news; @book, pp. 3-4].")
    assert out.startswith("Rain[^key-1]. More[^key-2].\n")
    assert "[^key-1]: See Luz Moreno, “Farmers Wait for Rain,” *The Daily Example*" in out
    assert "[^key-2]: Moreno, “Farmers Wait for Rain”; Karl Hoffmann, *The Lost Canal" in out
    assert [c.before for c in sink.changes] == ["[see @news]", "[@news; @book, pp. 3-4]"]


@pytest.mark.parametrize("text", [
    "[write to x@y.org]", "[@news](https://x.org)", "a@b [c]", "[not @ all]", "@news says so",
    "[^1]: a@b.org"])
def test_what_is_no_citation_by_key_stays(text: str) -> None:
    out, _ = noted(text)
    assert out == text


def test_an_unknown_key_is_told_with_the_nearest_one() -> None:
    out, sink = noted("Rain [@newz].")
    [warning] = list(sink)
    assert out == "Rain [@newz]."
    assert (warning.code, warning.hints) == ("unknown-source", ('did you mean "news"?',))


@pytest.mark.parametrize(("text", "code"), [
    ("{", "json"), ("[1, 2]", "source-item"), ('{"a": 1}', "json"), ("[" * 100_000, "json"),
    ('[{"id": "a", "title": "b"}, {"id": "a", "title": "c"}]', "source-twice"),
    ('[{"title": "no id"}]', "source-item"), ("9" * 5_000, "json")])
def test_a_bad_file_is_told(text: str, code: str) -> None:
    _, sink = library(text)
    assert [d.code for d in sink][:1] == [code]


def test_odd_values_are_left_out() -> None:
    row = {"id": 7, "title": "T", "author": [1, {}, {"family": "Ng"}], "issued": {"date-parts": [
        ["2019", "13", "x"]]}, "URL": "javascript:alert(1)", "volume": ["x"], "editor": "E"}
    found, sink = library(json.dumps({"items": [row]}))
    item = found.items["7"]
    assert not list(sink)
    assert (item.issued, item.url, item.volume, item.editors) == ("2019", "", "", ())
    assert full_note(item, "", EN) == "Ng, “T,” 2019"


@pytest.mark.slow
def test_a_series_cites_by_key(series: Series) -> None:
    """Notes at the foot, sources in the list; a changed file of sources is seen."""
    brief = SMALL_BRIEF.replace("only text,", "only text [@news; @report, p. 4],")
    folder = series({"series.toml": "", "sources.json": SOURCES, "2019-04/gulf.md": brief})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 0 and "unknown-markup" not in done.stderr, done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    text = Pdf(folder / file).text()
    assert "Luz Moreno, “Farmers Wait for Rain,” The Daily Example, May 14, 2019" in text
    assert "Surface Water 2020, Working Paper 31 (Basin Observatory, 2020), 4" in text
    assert "[@news" not in text
    (folder / "sources.json").write_text(SOURCES.replace("Moreno", "Morena"), "utf-8")
    run("build", "2019-04", cwd=folder)
    assert "Luz Morena" in Pdf(folder / file).text()


@pytest.mark.slow
def test_without_a_file_of_sources_a_key_is_told(series: Series) -> None:
    folder = series({"series.toml": "", "lib.bib": "@book{a}",
                     "2019-04/gulf.md": SMALL_BRIEF.replace("only text,", "only text [@news],")})
    done = run("check", "2019-04", cwd=folder)
    assert "warning[unknown-markup]" in done.stderr
    assert "warning[not-read] lib.bib is not read" in done.stderr
    assert "rename it to sources.bib" in done.stderr


@pytest.mark.slow
def test_a_bag_has_the_sources(series: Series, tmp_path: Path) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text [@news],")
    folder = series({"series.toml": "", "sources.json": SOURCES, "2019-04/gulf.md": brief})
    done = run("archive", "2019-04", "-o", str(tmp_path / "out"), "--edition", "screen",
               cwd=folder)
    assert done.returncode == 0, done.stderr
    [bag] = [path for path in (tmp_path / "out").iterdir() if path.is_dir()]
    assert list(bag.rglob("series/sources.json"))
    assert run("archive", "--rebuild", str(bag), cwd=folder).returncode == 0
