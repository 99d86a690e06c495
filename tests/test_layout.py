"""The layout's own checks: a page that breaks a promise is refused; copyfit saves pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.diagnostics import ExitStatus, ReportgenError, Severity
from reportgen.pipeline import build, check, draft

from .conftest import SMALL_BRIEF, Bulletin, Pdf, Series
from .tagtree import tree_of

pytestmark = pytest.mark.slow

WORDS = ("The ministers met for two days and agreed on a text that each of them could read in its "
         "own way, and the observers wrote down what they had not been told. ")


def brief_of(sentences: int, notes: int = 3) -> str:
    """Return a brief of so many sentences, with notes spread over it."""
    paragraphs: list[str] = []
    written = 0
    while written < sentences:
        count = min(4, sentences - written)
        words = (WORDS * count).strip()
        if len(paragraphs) < notes:
            words = words[:-1] + (f" (*A long title number {len(paragraphs)}*, Example Press, "
                                  "1 April 2019, <https://example.org/a>).")
        paragraphs.append(words)
        written += count
    return "\n\n".join(["GULF April 2019", "A title of this brief", "A standfirst of one line.",
                        *paragraphs, "Anna Rossi – *Researcher at Example.*"])


def errors_of(folder: Path, tmp_path: Path) -> tuple[set[str], ExitStatus]:
    with pytest.raises(ReportgenError) as caught:
        build(folder, tmp_path / "build")
    assert not (tmp_path / "build").exists()
    return ({d.code for d in caught.value.diagnostics if d.severity is Severity.ERROR},
            caught.value.status)


@pytest.mark.parametrize(("css", "code"), [
    (".colophon p { width: 20mm; white-space: nowrap }", "overflow"),
    (".colophon { position: relative; left: 120mm }", "overflow"),
    (".cover { height: auto } .cover header { height: 260mm }", "too-tall"),
    (".sheet { display: none }", "lost-brief"),
    ("h1 { font-family: 'DejaVu Sans' !important }", "font"),
])
def test_a_broken_promise_is_refused(css: str, code: str, series: Series, tmp_path: Path) -> None:
    """Each style sheet breaks one promise: exit status 3, a located error, and no file."""
    folder = series({"series.toml": "", "styles/house.css": css,
                     "2019-04/gulf.md": brief_of(16)})
    codes, status = errors_of(folder / "2019-04", tmp_path)
    assert code in codes, codes
    assert status == ExitStatus.OUTPUT


def test_a_lost_anchor_is_a_dead_link(series: Series, tmp_path: Path) -> None:
    folder = series({
        "series.toml": "", "2019-04/gulf.md": SMALL_BRIEF,
        "templates/back.html": '<section class="matter"><h1>Back</h1></section>'})
    codes, status = errors_of(folder / "2019-04", tmp_path)
    assert codes == {"dead-link"}
    assert status == ExitStatus.OUTPUT


def test_a_note_longer_than_a_page_goes_on_on_the_next(series: Series,
                                                       make: Callable[[Path], Bulletin]) -> None:
    brief = SMALL_BRIEF.replace("is only text", "is only text[^1]")
    brief += "\n[^1]: " + WORDS * 60 + "\n"
    bulletin = make(series({"gulf.md": brief}) / "gulf.md")
    assert "long-note" in {d.code for d in bulletin.built.diagnostics}
    assert bulletin.built.pages > 1
    words = " ".join(tree_of(bulletin.pdf.path).text().split())
    assert words.count("the observers wrote down what they had not been told") == 60


def test_a_note_behind_one_that_fills_the_page_is_told(
        series: Series, make: Callable[[Path], Bulletin]) -> None:
    """Two notes in one line: the second cannot begin before the first has ended."""
    brief = SMALL_BRIEF.replace("is only text", "is[^1] only[^2] text")
    brief += "\n[^1]: " + WORDS * 60 + "\n\n[^2]: A second note.\n"
    bulletin = make(series({"gulf.md": brief}) / "gulf.md")
    told = [d.message for d in bulletin.built.diagnostics if d.code == "long-note"]
    assert [message.split(":")[0] for message in told] == [
        "note 2 goes on at the foot of the next page",
        "note 3 begins on the page behind its call"]
    assert "A second note." not in bulletin.pdf.text(1)


def test_notes_stand_on_the_page_of_their_call(series: Series,
                                               make: Callable[[Path], Bulletin]) -> None:
    """Over a brief of three pages with a note in each paragraph, every note is on its page."""
    bulletin = make(series({"gulf.md": brief_of(100, notes=25)}) / "gulf.md")
    assert bulletin.built.pages >= 3
    number = 0
    for page in range(1, bulletin.built.pages + 1):
        text = bulletin.pdf.text(page)
        while f"A long title number {number}," in text:
            assert f"told.{number + 1} " in text or f"told.{number + 1}" in text
            number += 1
    assert number == 25


def test_check_says_what_build_would_say(series: Series) -> None:
    folder = series({"series.toml": "", "styles/house.css": ".sheet { display: none }",
                     "2019-04/gulf.md": SMALL_BRIEF})
    assert "lost-brief" in {d.code for d in check(folder / "2019-04")}
    assert not (folder / "build").exists()


@pytest.mark.parametrize(("css", "editions"), [
    (".matter h1 { color: #c00000 }", ["print"]), (".sheet { display: none }", ["screen"])])
def test_check_says_of_every_edition_what_build_says(css: str, editions: list[str],
                                                     series: Series, tmp_path: Path) -> None:
    """A colour that no plate takes is told by `check` as well, not on the day of printing."""
    folder = series({"series.toml": f"editions = {editions}", "styles/house.css": css,
                     "2019-04/gulf.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "2019-04", tmp_path / "build")
    said = check(folder / "2019-04")
    assert {str(d) for d in said} == {str(d) for d in caught.value.diagnostics}
    assert any(d.severity is Severity.ERROR for d in said)


def test_a_draft_is_written_whatever_the_checks_say(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "T"\n',
                     "styles/house.css": ".colophon p { width: 20mm; white-space: nowrap }",
                     "2019-04/gulf.md": brief_of(16)})
    built = draft(folder / "2019-04", tmp_path / "build")
    [path] = built.files
    assert path.name == "t-2019-04-screen-draft.pdf"
    assert "overflow" in {d.code for d in built.diagnostics}
    last = Pdf(path).text(built.pages)
    assert f"DRAFT, page {built.pages}: not tested, not to be published" in last
    assert "stands outside of its box" in last
    assert "DRAFT" in Pdf(path).text(1)


def test_a_draft_marks_what_setting_could_not_do_where_it_stands(series: Series,
                                                                 tmp_path: Path) -> None:
    """A table without room is an error; a note that goes on over the page is a warning."""
    table = "\n".join(["|" + " one |" * 18, "|" + "---|" * 18, "|" + " Qx Uninterruptedly |" * 18])
    text = brief_of(9).replace("A standfirst of one line.\n", "A standfirst of one line.\n\n"
                               + WORDS.strip()[:-1] + f" (*A long source*, {WORDS * 40} "
                               "<https://example.org/long>).\n")
    folder = series({"series.toml": 'title = "T"\n',
                     "2019-04/gulf.md": text.replace("\n\nAnna", f"\n\n{table}\n\nAnna")})
    built = draft(folder / "2019-04", tmp_path / "build")
    told = {d.code: d for d in built.diagnostics}
    assert told["wide-table"].severity is Severity.ERROR
    pages = [Pdf(built.files[0]).text(number) for number in range(1, built.pages + 1)]
    [with_table] = [page for page in pages if "has no room on the page" in page]
    assert "Qx" in with_table
    [with_note] = [page for page in pages if told["long-note"].message in page]
    assert "A long source" in with_note


def test_no_brief_that_was_set_smaller_has_room_left(series: Series,
                                                     make: Callable[[Path], Bulletin]) -> None:
    """Over lengths around a page: none is set smaller than it must be, none ends in a few lines."""
    smaller = looser = 0
    for sentences in range(19, 40):
        bulletin = make(series({"gulf.md": brief_of(sentences)}) / "gulf.md")
        told = [d for d in bulletin.built.diagnostics if d.code == "copyfit"]
        assert "overrun" not in {d.code for d in bulletin.built.diagnostics}
        smaller += any("smaller" in d.message for d in told)
        looser += any("looser" in d.message for d in told)
        lines = text_lines(bulletin.pdf.path, bulletin.built.pages)
        if any("smaller" in d.message for d in told):
            foot = min(y for y, words in lines if words.startswith("1 A long title"))
            last = max(y for y, words in lines if "told" in words and y < foot)
            # From the last line of text to the first note are 22 pt and what is left of a line.
            assert foot - last < 22 + 2 * 12.7 + 4, sentences
        elif bulletin.built.pages > 1:
            assert len(lines) >= 18
    assert smaller >= 2 and looser >= 2


def text_lines(path: Path, page: int) -> list[tuple[float, str]]:
    """Return the lines of the text column of a page: y of the baseline, and words."""
    rows: dict[float, list[str]] = {}
    text = subprocess.run(["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"],
                          check=True, capture_output=True, text=True).stdout
    box = r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>'
    for left, bottom, words in re.findall(box, text):
        if float(left) > 190 and 68 < float(bottom) < 795:
            rows.setdefault(round(float(bottom)), []).append(words)
    return [(y, " ".join(words)) for y, words in sorted(rows.items())]
