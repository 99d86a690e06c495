"""What nobody reads in an issue's folder is told, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.diagnostics import Diagnostic, Sink
from reportgen.pipeline import build
from reportgen.reading.issue import find
from reportgen.reading.leftovers import ISSUE_FILES, SERIES_FILES, meant
from reportgen.store import Store

from .conftest import SMALL_BRIEF, Series


def told(folder: Path) -> tuple[list[Diagnostic], list[str]]:
    """Return what is told of an issue, and the names of its briefs."""
    sink = Sink()
    frame = find(folder, (), sink)
    assert frame is not None
    return list(sink), [file.name for file in frame.files]


@pytest.mark.parametrize("name", [
    "sahel.pub", "sahel.wpd", "sahel.tex", "brief.pdf",
    "mail.eml", "figures.xlsx", "data.csv", "all.zip", "sahel", "Sahel April 2019.pages"])
def test_a_file_that_is_not_read_is_told(series: Series, name: str) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF, f"2019-04/{name}": "x"})
    [warning], files = told(folder / "2019-04")
    assert (warning.code, warning.span.file) == ("not-read", f"2019-04/{name}")
    assert warning.hints
    assert files == ["gulf.md"]


@pytest.mark.parametrize("name", [
    ".DS_Store", "_old.docx", "~$gulf.docx", "README.html", "notes.docx", "harbour.JPG", "map.png"])
def test_what_is_private_or_a_picture_is_left_alone(series: Series, name: str) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF, f"2019-04/{name}": "x"})
    assert told(folder / "2019-04") == ([], ["gulf.md"])


@pytest.mark.parametrize(("name", "known"), [
    ("2019-04/Issue.toml", "issue.toml"), ("2019-04/issue.tml", "issue.toml"),
    ("2019-04/issue.toml.txt", "issue.toml"), ("Series.toml", "series.toml"),
    ("series.toml.txt", "series.toml"), ("serie.toml", "series.toml"),
    ("poeple.toml", "people.toml"), ("region.toml", "regions.toml")])
def test_a_slip_in_the_name_of_settings_is_told(series: Series, name: str, known: str) -> None:
    folder = series({"2019-04/gulf.md": SMALL_BRIEF, name: ""})
    [warning], files = told(folder / "2019-04")
    assert (warning.code, Path(warning.span.file).name) == ("near-name", Path(name).name)
    assert known in warning.hints[0]
    assert files == ["gulf.md"]


def test_settings_that_are_there_have_no_slips(series: Series) -> None:
    folder = series({"series.toml": "", "people.toml": "", "people-old.toml": "",
                     "2019-04/gulf.md": SMALL_BRIEF, "2019-04/issue.toml": ""})
    assert told(folder / "2019-04")[0] == []
    assert not any(meant(name, SERIES_FILES) for name in (*SERIES_FILES, "sahel.md", "notes.txt"))
    assert not meant("tissue.txt", ISSUE_FILES)


OTHER_BRIEF = SMALL_BRIEF.replace("CENTRAL ASIA", "GULF").replace(
    "The first paragraph cites", "Quite another paragraph cites")


@pytest.mark.slow
@pytest.mark.parametrize(("copy", "told"), [
    (SMALL_BRIEF, True),
    (SMALL_BRIEF.replace("The second paragraph", "A new second paragraph"), True),
    (SMALL_BRIEF.replace("A title of the brief", "A new title"), True),
    (SMALL_BRIEF.replace("The first paragraph", "A new first paragraph"), True),
    (OTHER_BRIEF, False),
    (OTHER_BRIEF.replace("GULF", "CENTRAL ASIA").replace("A title", "Another title"), False)])
def test_copies_are_told(series: Series, tmp_path: Path, copy: str, told: bool) -> None:
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF, "2019-04/a (copy).md": copy})
    built = build(folder / "2019-04", tmp_path / "out", store=Store(None))
    found = [d for d in built.diagnostics if d.code == "same-text"]
    assert [Path(d.span.file).name for d in found] == (["a.md"] if told else [])
