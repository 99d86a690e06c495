"""What nobody reads in an issue's folder is told, with what to do."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from reportgen.diagnostics import Diagnostic, ReportgenError, Sink
from reportgen.export import press_of
from reportgen.pipeline import build, check
from reportgen.reading.issue import find
from reportgen.reading.leftovers import ISSUE_FILES, SERIES_FILES, meant
from reportgen.session import open_session
from reportgen.standards import ColourSpace
from reportgen.store import Store

from .conftest import CASES, SMALL_BRIEF, Series


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
    ".DS_Store", "_old.docx", "~$gulf.docx", "harbour.JPG", "map.png"])
def test_what_is_private_or_a_picture_is_left_alone(series: Series, name: str) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF, f"2019-04/{name}": "x"})
    assert told(folder / "2019-04") == ([], ["gulf.md"])


@pytest.mark.parametrize("name", ["README.html", "notes.docx", "Notes.md"])
def test_a_file_whose_name_no_brief_has_is_named(series: Series, name: str) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF, f"2019-04/{name}": "x"})
    [note], briefs = told(folder / "2019-04")
    assert (note.code, note.severity.value, briefs) == ("not-read", "note", ["gulf.md"])


@pytest.mark.parametrize("name", ["Series.toml", "series.toml.txt"])
def test_settings_beside_those_that_are_read_are_told(series: Series, name: str) -> None:
    folder = series({"series.toml": "", name: "", "2019-04/gulf.md": SMALL_BRIEF})
    assert [d.code for d in told(folder / "2019-04")[0]] == ["near-name"]


@pytest.mark.parametrize(("name", "known"), [
    ("2019-04/Issue.toml", "issue.toml"), ("2019-04/issue.tml", "issue.toml"),
    ("2019-04/issue.toml.txt", "issue.toml"), ("Series.toml", "series.toml"),
    ("series.toml.txt", "series.toml"), ("serie.toml", "series.toml"),
    ("poeple.toml", "people.toml"), ("region.toml", "regions.toml")])
def test_a_slip_in_the_name_of_settings_is_told(series: Series, name: str, known: str) -> None:
    folder = series({"2019-04/gulf.md": SMALL_BRIEF, name: ""})
    told_of, files = told(folder / "2019-04")
    [warning] = [d for d in told_of if d.code != "no-series"]
    assert (warning.code, Path(warning.span.file).name) == ("near-name", Path(name).name)
    assert known in warning.hints[0]
    assert files == ["gulf.md"]


def test_a_brief_in_a_folder_of_the_issue_is_told(series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF,
                     "2019-04/late/sahel.docx": "x", "2019-04/late/levant.txt": "x",
                     "2019-04/_old/sahel.md": "x", "2019-04/pictures/a.png": "x"})
    [warning], files = told(folder / "2019-04")
    assert (warning.code, warning.span.file) == ("not-read", "2019-04/late")
    assert "levant.txt and 1 more" in warning.message
    assert files == ["gulf.md"]


def test_a_series_that_is_not_there_is_told(series: Series) -> None:
    [note], _ = told(series({"2019-04/gulf.md": SMALL_BRIEF}) / "2019-04")
    assert note.code == "no-series"


def test_two_people_of_one_name_are_told(series: Series) -> None:
    entries = '[rossi]\nname = "Anna Rossi"\nbio = "One."\n[anna]\nname = "anna rossi"\n'
    [warning], _ = told(series({"series.toml": "", "people.toml": entries,
                                "2019-04/gulf.md": SMALL_BRIEF}) / "2019-04")
    assert (warning.code, warning.span.line) == ("same-person", 4)
    assert "line 1" in warning.message


@pytest.mark.slow
def test_pictures_without_a_brief_and_two_briefs_of_a_region_are_noted(series: Series) -> None:
    other = SMALL_BRIEF.replace("A title of the brief", "Another title").replace(
        "The first paragraph", "Something else")
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF, "2019-04/b.md": other,
                     "2019-04/quay.png": "x"})
    found = {d.code: d for d in build(folder / "2019-04", folder / "out",
                                      store=Store(None)).diagnostics}
    assert found["unused-picture"].span.file == "2019-04/quay.png"
    assert "a.md" in found["same-region"].message
    assert "same-text" not in found


@pytest.mark.slow
def test_reports_of_another_series_in_the_same_folder_are_told(series: Series) -> None:
    folder = series({"one/series.toml": 'title = "One"', "one/2019-04/a.md": SMALL_BRIEF,
                     "two/series.toml": 'title = "Two"', "two/2019-04/a.md": SMALL_BRIEF})
    told_of = []
    for name in ("one", "two", "two"):
        built = build(folder / name / "2019-04", folder / "out", store=Store(None))
        told_of.append([d.message for d in built.diagnostics if d.code == "shared-folder"])
    assert told_of[0] == []
    assert "one-2019-04-screen.pdf" in told_of[1][0]


@pytest.mark.parametrize(("text", "line", "hint"), [
    ('[bee]\nname = "A"\n[ada]\nname = "B"\n[bee]\n', 5, "[bee] stands in line 1"),
    ('[bee]\nname = "A"\nname = "B"\n', 3, '"name" is set twice'),
    ("[bee]\nname = “Anna”\n", 2, 'straight quotes around it: name = "..."'),
    ("[bee]\nborn = 2019-05\n", 2, 'born = "2019-05"')])
def test_a_slip_in_toml_is_told_by_its_kind(series: Series, text: str, line: int,
                                            hint: str) -> None:
    [error], _ = told(series({"series.toml": "", "people.toml": text,
                              "2019-04/gulf.md": SMALL_BRIEF}) / "2019-04")
    assert (error.code, error.span.line) == ("toml-syntax", line)
    assert hint in error.hints[0]


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


@pytest.mark.parametrize(("name", "region"), [
    ("mali.md", "Mali"), ("us-elections.md", "US Elections"),
    ("costa-rica-2019-04.md", "Costa Rica"), ("draft.md", None),
    ("x.md", None), ("final_text_v2.md", None)])
def test_a_brief_that_names_no_region_has_that_of_its_file(series: Series, name: str,
                                                           region: str | None) -> None:
    text = SMALL_BRIEF.split("\n", 2)[2]
    folder = series({"series.toml": "", f"2019-04/{name}": text})
    sink = Sink()
    frame = find(folder / "2019-04", (), sink)
    assert frame is not None
    found = frame.brief(frame.files[0], sink)
    codes = {d.code for d in sink}
    assert (found.region.name if found else None) == region
    assert ("unknown-region" if region else "no-region") in codes


def test_a_country_is_set_in_the_colour_of_its_region(series: Series) -> None:
    text = (CASES / "real-briefs" / "14-country-region.md").read_text(encoding="utf-8")
    folder = series({"series.toml": "", "2024-05/a.md": text})
    session = open_session(folder / "2024-05", (), Sink(), press_of, store=Store(None))
    assert session is not None
    bulletin, _ = session.pages(ColourSpace.RGB)
    [made] = bulletin.briefs
    gulf = session.frame.series.regions["gulf"]
    assert (made.region, made.colour) == ("Oman", gulf.colour)
    assert made.map is not None and "Oman" in made.map.alternative
    told = {d.code: d for d in session.sink}
    assert "Gulf" in told["country"].message and told["country"].span.line == 1


@pytest.mark.parametrize(("people", "line"), [
    ('[bee]\nname = "A"\nbios = [\n  {text = "x"},\n  {txt = "y"},\n]\n', 5),
    ('[bee]\nname = "A"\n\n[[bee.bios]]\ntext = "x"\n\n[[bee.bios]]\ntxt = "y"\n', 8)])
def test_a_slip_in_a_bio_has_its_line(series: Series, people: str, line: int) -> None:
    found, _ = told(series({"series.toml": "", "people.toml": people,
                            "2019-04/gulf.md": SMALL_BRIEF}) / "2019-04")
    assert [(d.code, d.span.line) for d in found] == [("unknown-setting", line)]


@pytest.mark.slow
@pytest.mark.parametrize(("issue", "line"), [
    ('editors-note = "It is the the port."\n', 1),
    ('editors_note = """It is the the port."""\n', 1),
    ('\neditors-note = """\nOne.\n\nThe ![port](p.png) of it."""\n', 5)])
def test_what_is_told_of_the_editor_s_note_has_its_line(series: Series, issue: str,
                                                        line: int) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF,
                     "2019-04/issue.toml": f"{issue}"})
    sink = Sink()
    session = open_session(folder / "2019-04", (), sink, press_of, store=Store(None))
    assert session is not None
    with suppress(ReportgenError):
        session.pages(ColourSpace.RGB)
    assert line in {d.span.line for d in sink if d.span.file == "2019-04/issue.toml"}


@pytest.mark.slow
@pytest.mark.parametrize(("line", "codes"), [
    ("*Addis Ababa, Ethiopia*", ["byline"]), ("*Anna Rossi, Analyst*", []),
    ("*Anna Rossi, Bank of Italy*", [])])
def test_an_author_of_whom_a_country_is_said_is_told(series: Series, line: str,
                                                     codes: list[str]) -> None:
    brief = SMALL_BRIEF.replace("A standfirst of one", f"{line}\n\nA standfirst of one").replace(
        "Anna Rossi – *Researcher at Example.*\n", "")
    found = check(series({"2019-04/gulf.md": brief}) / "2019-04")
    assert [d.code for d in found if d.code == "byline"] == codes


def test_a_code_of_no_country_is_told_where_it_stands(series: Series) -> None:
    table = '[central-asia]\ncolour = "#0f6b6d"\ncountries = ["KZ", "UK"]'
    folder = series({"series.toml": "", "2019-04/central-asia.md": SMALL_BRIEF,
                     "regions.toml": table})
    [error] = [d for d in check(folder / "2019-04") if d.code == "unknown-country"]
    assert (error.span.file, error.span.line) == ("regions.toml", 3)
