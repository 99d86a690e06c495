"""Styles of notes, held against pandoc's citeproc.

The expected notes are what pandoc 2.17 wrote with the styles mhra-notes.csl and apa.csl (commit
0819c0e of the CSL project's styles) of tests/cases/keys/sources.json, without emphasis; of APA,
which has no notes, the entries of its list. Where MHRA gives a page inside of a range, citeproc has
"p." for "pp.".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.citations.styles import STYLES
from reportgen.language.languages import LANGUAGES
from reportgen.pipeline import build, check

from .conftest import SMALL_BRIEF, Pdf, Series
from .test_keys import SOURCES, library

EN = LANGUAGES["en"]
MHRA = {
    ("article", "105"): "Anna Rossi and Bo Lee, ‘Water and Power in the Fergana Valley’, Central "
    "Asian Survey, 38.2 (2019), pp. 101–19 (p. 105), doi:10.1080/0263.2019.1234",
    ("book", "3"): "Karl Hoffmann, The Lost Canal: A History (Example University Press, 2017), "
    "p. 3",
    ("chapter", ""): "Daniel Okafor, ‘Who Owns the Shore?’, in Lakes of the Sahel, ed. by Ute "
    "Meyer (Lake Press, 2015), pp. 44–61",
    ("report", ""): "Basin Observatory, Surface Water 2020, Working Paper 31 (Basin Observatory, "
    "2020) <https://example.org/basin/31>",
    ("news", ""): "Luz Moreno, ‘Farmers Wait for Rain’, The Daily Example, 14 May 2019 "
    "<https://example.org/rain>",
    ("noauthor", ""): "‘Ministers Meet in Tashkent’, TASS, 2 March 2019 <https://example.org/tass>",
    ("three", ""): "A. Ada, B. Bea, and C. Cid, Three Shores (Shore Press, 2012)",
    ("four", ""): "A. Ada and others, Four Shores (Shore Press, 2013)"}
MHRA_SHORT = {
    ("article", "106"): "Rossi and Lee, ‘Water and Power in the Fergana Valley’, p. 106",
    ("book", "4-7"): "Hoffmann, The Lost Canal: A History, pp. 4–7",
    ("news", ""): "Moreno, ‘Farmers Wait for Rain’"}
APA = {
    ("three", ""): "Ada, A., Bea, B., & Cid, C. (2012). Three Shores. Shore Press",
    ("report", ""): "Basin Observatory. (2020). Surface Water 2020 (Working Paper 31). Basin "
    "Observatory. https://example.org/basin/31",
    ("book", ""): "Hoffmann, K. (2017). The Lost Canal: A History. Example University Press",
    ("noauthor", ""): "Ministers Meet in Tashkent. (2019, March 2). TASS. https://example.org/tass",
    ("news", ""): "Moreno, L. (2019, May 14). Farmers Wait for Rain. The Daily Example. "
    "https://example.org/rain",
    ("chapter", ""): "Okafor, D. (2015). Who Owns the Shore? In U. Meyer (Ed.), Lakes of the Sahel "
    "(pp. 44–61). Lake Press",
    ("article", ""): "Rossi, A., & Lee, B. (2019). Water and Power in the Fergana Valley. Central "
    "Asian Survey, 38(2), 101–119. https://doi.org/10.1080/0263.2019.1234",
    ("web", ""): "Statistics Office. (2021, January 9). Key Figures. Statistics Office. "
    "https://example.org/figures"}
APA_SHORT = {("article", "106"): "Rossi & Lee (2019), p. 106", ("four", ""): "Ada et al. (2013)",
             ("noauthor", ""): "“Ministers Meet in Tashkent” (2019)"}
SETS = (("mhra", False, MHRA), ("mhra", True, MHRA_SHORT),
        ("apa", False, APA), ("apa", True, APA_SHORT))
CASES = [(style, short, key, place, note) for style, short, notes in SETS
         for (key, place), note in notes.items()]


def bare(markdown: str) -> str:
    links = re.sub(r"\[([^\]]*)\]\([^()]*\)", r"\1", markdown)
    return re.sub(r"\\<<|<\\<", "\x01", links).replace("<", "").replace(">\\>", "\x02").replace(
        ">", "").replace("\x01", "<").replace("\x02", ">").replace("*", "")


@pytest.mark.parametrize(("style", "short", "key", "place", "note"), CASES)
def test_notes_are_those_of_citeproc(style: str, short: bool, key: str, place: str,
                                     note: str) -> None:
    writer = STYLES[style].short if short else STYLES[style].full
    assert bare(writer(library()[0].items[key], place, EN)) == note


ROSSI = ("Anna Rossi, “Water and Power”, *The Steppe Post*, 2 April 2019, "
         "https://example.com/water")
BOOK = "Karl Hoffmann, *The Lost Canal: A History*, Example Press, 2017"


@pytest.mark.slow
@pytest.mark.parametrize(("style", "words", "printed"), [
    ("as-written", ROSSI, "Anna Rossi, “Water and Power”, The Steppe Post, 2 April 2019, "
     "example.com/water."),
    ("chicago-notes", ROSSI, "Anna Rossi, “Water and Power,” The Steppe Post, April 2, 2019, "
     "example.com/water."),
    ("mhra", ROSSI, "Anna Rossi, ‘Water and Power’, The Steppe Post, 2 April 2019 "
     "<example.com/water>."),
    ("chicago-notes", BOOK, "Karl Hoffmann, The Lost Canal: A History (Example Press, 2017)."),
    ("apa", ROSSI, "Anna Rossi, “Water and Power”, The Steppe Post, 2 April 2019, "
     "example.com/water."),  # "Rossi, A." would lose a word
    ("chicago-notes", f"For the farmers' view, see {BOOK}", "For the farmers’ view, see Karl "
     "Hoffmann, The Lost Canal: A History (Example Press, 2017)."),
    ("mhra", f"{ROSSI} (in Russian)", "Anna Rossi, “Water and Power”, The Steppe Post, 2 April "
     "2019, example.com/water (in Russian).")])
def test_a_note_of_its_authors_words_loses_none(series: Series, tmp_path: Path, style: str,
                                                words: str, printed: str) -> None:
    folder = series({"series.toml": f'notes = "{style}"', "2019-04/gulf.md": SMALL_BRIEF.replace(
        "only text,", "only text,[^1]") + f"\n[^1]: {words}.\n"})
    text = " ".join(Pdf(build(folder / "2019-04", tmp_path).files[0]).text().split())
    assert f" 2 {printed}" in text


@pytest.mark.slow
def test_keys_are_written_in_the_style_of_the_series(series: Series, tmp_path: Path) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text [@news] and [@book, 3] and [@book, 4],")
    folder = series({"series.toml": 'notes = "apa"', "sources.json": SOURCES,
                     "2019-04/gulf.md": brief})
    text = " ".join(Pdf(build(folder / "2019-04", tmp_path).files[0]).text().split())
    assert "Moreno, L. (2019, May 14). Farmers Wait for Rain. The Daily Example." in text
    assert "Hoffmann (2017), p. 4." in text


def test_a_style_that_there_is_not(series: Series) -> None:
    folder = series({"series.toml": '\nnotes = "harvard"', "2019-04/gulf.md": SMALL_BRIEF})
    assert ("note-style", 2) in [(d.code, d.span.line) for d in check(folder / "2019-04")]
