"""Notes in styles of CSL files: held against pandoc's citeproc, and what cannot be used is told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.citations.csl import CslError, CslFile
from reportgen.citations.library import Item, PersonName
from reportgen.language.languages import LANGUAGES
from reportgen.pipeline import build, check

from .conftest import CASES, SMALL_BRIEF, Pdf, Series
from .test_keys import SOURCES, library

EN = LANGUAGES["en"]
STYLES = CASES / "styles"
HOUSE = CslFile((STYLES / "house.csl").read_bytes())
LIST = CslFile((STYLES / "list.csl").read_bytes())


def bare(markdown: str) -> str:
    return re.sub(r"\\(?=.)|[<>*]", "", markdown)


def by_pandoc(folder: Path, style: str, key: str, place: str = "") -> list[str]:
    """Return the notes that pandoc writes: of a source, of another, of the first again."""
    (folder / "sources.json").write_text(SOURCES, encoding="utf-8")
    other = "web" if key == "book" else "book"
    cited = f"[@{key}{', p. ' + place if place else ''}]"
    (folder / "text.md").write_text(f"A{cited}. B[@{other}]. C{cited}.\n", encoding="utf-8")
    done = subprocess.run(["pandoc", "--citeproc", "--bibliography", "sources.json", "--csl",
                           str(STYLES / style), "-t", "plain", "--wrap=none", "text.md"],
                          cwd=folder, check=True, capture_output=True, text=True)
    notes = re.split(r"\n\[\d+\] ", done.stdout.split("\n[1] ", 1)[1])
    return [re.sub(r"[_<>]", "", note).strip().removesuffix(".") for note in notes]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "place"), [
    ("book", "3"), ("chapter", ""), ("report", ""), ("news", ""), ("three", "4"), ("four", "")])
def test_notes_are_those_of_citeproc(tmp_path: Path, key: str, place: str) -> None:
    item = library()[0].items[key]
    first, _, later = by_pandoc(tmp_path, "house.csl", key, place)
    assert bare(HOUSE.full_note(item, place, EN)) == first
    assert bare(HOUSE.short_note(item, place, EN)) == later


def test_a_style_without_notes_writes_its_list() -> None:
    item = library()[0].items["book"]
    assert LIST.full_note(item, "3-4", EN) == (
        "Karl Hoffmann, 2017, *The Lost Canal: A History*, Example University Press, pp. 3–4")
    assert LIST.short_note(item, "", EN) == "Hoffmann 2017"


def test_signs_of_markdown_and_of_typst_stand_for_themselves() -> None:
    item = Item(key="a", kind="book", title="The #1 *quay* [of $x$ {y}] <b> @key \\ `c`",
                authors=(PersonName("O'Neil \"Bo\"", "A_b_"),), issued="not a date",
                url="javascript:alert(1)")
    words = re.sub(r"\\(?=[^\w\s])", "", HOUSE.full_note(item, '§ 4 "a" ] #b', EN))
    assert "The #1 *quay* [of $x$ {y}] <b> @key \\ `c`" in words
    assert '§ 4 "a" ] #b' in words or "§ 4 “a” ] #b" in words


def test_signs_stay_in_the_genre_of_a_report() -> None:
    style = LIST.data.replace(b'<text variable="publisher"/>', b'<text variable="genre"/>')
    item = Item(key="a", kind="report", title="Quays", genre="Plan for $5 {draft}",
                authors=(PersonName("Rossi", "Anna"),), issued="2019")
    assert bare(CslFile(style).full_note(item, "", EN)).endswith("Quays, Plan for $5 {draft}")


@pytest.mark.parametrize("data", [
    b"", b"<style", b"\xff\xfe\x00", b"<html></html>",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><style class="note">&b;</style>'])
def test_what_is_no_style_is_told(data: bytes) -> None:
    with pytest.raises(CslError):
        CslFile(data).check()


@pytest.mark.parametrize(("notes", "code"), [
    ("gone.csl", "no-such-file"), ("../outside.csl", "outside-series"), ("bad.csl", "note-style"),
    ("harvard", "note-style")])
def test_a_style_that_cannot_be_had(series: Series, notes: str, code: str) -> None:
    folder = series({"series.toml": f'\nnotes = "{notes}"', "bad.csl": "<style/>",
                     "2019-04/gulf.md": SMALL_BRIEF})
    (folder.parent / "outside.csl").write_bytes(HOUSE.data)
    [error] = [d for d in check(folder / "2019-04") if d.severity.value == "error"]
    assert (error.code, error.span.file, error.span.line) == (code, "series.toml", 2)


def test_without_typst_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(CslError, match=r"pip install 'reportgen\[csl\]'"):
        HOUSE.check()


@pytest.mark.slow
def test_a_bulletin_in_the_style_of_a_file(series: Series, tmp_path: Path) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text [@book, 3] and [@news] and [@book, 4],")
    folder = series({"series.toml": 'notes = "styles/house.csl"', "sources.json": SOURCES,
                     "styles/house.csl": HOUSE.data.decode(), "2019-04/gulf.md": brief})
    text = " ".join(Pdf(build(folder / "2019-04", tmp_path).files[0]).text().split())
    assert "Karl Hoffmann, The Lost Canal: A History, 2017, p. 3" in text
    assert "Hoffmann, The Lost Canal: A History, p. 4" in text
