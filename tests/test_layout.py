"""The layout's own checks: a page that breaks a promise is refused; copyfit saves pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.diagnostics import ExitStatus, ReportgenError, Severity
from reportgen.pipeline import build, check

from .conftest import SMALL_BRIEF, Bulletin, Series

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
    (".text p { width: 20mm; white-space: nowrap }", "overflow"),
    (".text { position: relative; left: 120mm }", "overflow"),
    (".side { height: 400mm } .authors { margin-top: 300mm }", "overflow"),
    (".note { float: none }", "lost-note"),
    ("h1 { font-family: 'DejaVu Sans' !important }", "font"),
    (".text p:nth-child(2) { break-before: page } .text p:first-child { height: 20mm }",
     "empty-page"),
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


def test_a_note_longer_than_a_page_is_refused_before_layout(series: Series,
                                                            tmp_path: Path) -> None:
    brief = SMALL_BRIEF.replace("is only text", "is only text[^1]")
    brief += "\n[^1]: " + WORDS * 60 + "\n"
    folder = series({"gulf.md": brief})
    codes, status = errors_of(folder / "gulf.md", tmp_path)
    assert codes == {"long-note"}
    assert status == ExitStatus.INPUT


def test_copyfit_saves_a_page(series: Series, make: Callable[[Path], Bulletin]) -> None:
    """Some length overruns its page by a few lines, and is set smaller until it fits."""
    seen: dict[str, set[int]] = {}
    for sentences in range(20, 31):
        bulletin = make(series({"gulf.md": brief_of(sentences)}) / "gulf.md")
        codes = {d.code for d in bulletin.built.diagnostics} & {"copyfit", "overrun"}
        seen.setdefault(next(iter(codes), "fits"), set()).add(bulletin.built.pages)
    assert seen["fits"] >= {1}
    assert seen["copyfit"] == {1}


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
    folder = series({"series.toml": "", "styles/house.css": ".note { float: none }",
                     "2019-04/gulf.md": SMALL_BRIEF})
    assert "lost-note" in {d.code for d in check(folder / "2019-04")}
    assert not (folder / "build").exists()
