"""Reading briefs as their authors send them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import LANGUAGES
from reportgen.language.recognition import recognised
from reportgen.model import (
    Brief,
    Heading,
    ListBlock,
    Month,
    NoteCall,
    Paragraph,
    Quote,
    Run,
    Text,
    plain,
)
from reportgen.reading.brief import read_brief
from reportgen.reading.byline import People
from reportgen.reading.heading import read_heading
from reportgen.reading.issue import read as read_issue_of
from reportgen.reading.opening import Context
from reportgen.reading.regions import RegionTable
from reportgen.reading.regions import folded as folded_name
from reportgen.series import shipped_regions
from reportgen.workspace import SourceText, Workspace

from .conftest import CASES, REAL_BRIEF, SMALL_BRIEF, Series

BRIEFS: dict[str, dict[str, Any]] = json.loads(
    (CASES / "briefs" / "expected.json").read_text("utf-8"))
FOLDER_MONTH = Month(2000, 1)


def read(text: str, name: str = "brief.md", *, people: tuple[str, ...] = (),
         month: Month | None = None) -> tuple[Brief | None, Sink]:
    """Read a brief that is given as text."""
    sink = Sink()
    known = People(frozenset(n.casefold() for n in people))
    context = Context(RegionTable(shipped_regions()), known, month, "en")
    return read_brief(SourceText(name, text), Path(name).stem, context, sink), sink


_STANDFIRST = ("The army has named its own heir, and the neighbours have taken note of it. What "
               "follows is the third handover in a year that nobody voted for.")


@pytest.mark.parametrize(("top", "end", "people", "title", "authors"), [
    # A title in capitals is no name, if others sign or nothing else can be the title.
    ("After Ogossagou\n\n" + _STANDFIRST, "Daniel Okafor – *analyst.*", (), "After Ogossagou",
     ["Daniel Okafor"]),
    ("Northern Thaw\n\nEgypt and Turkey talk again", "Daniel Okafor – *analyst.*", (),
     "Northern Thaw", ["Daniel Okafor"]),
    ("After Ogossagou\n\n" + _STANDFIRST, "The end.", (), "After Ogossagou", []),
    # Who is known, says By, signs again or stands above a heading is an author.
    ("Aliya Serikova\n\nA handover", "Daniel Okafor – *analyst.*", ("Aliya Serikova",),
     "A handover", ["Aliya Serikova", "Daniel Okafor"]),
    ("By Aliya Serikova\n\nA handover", "Daniel Okafor – *analyst.*", (), "A handover",
     ["Aliya Serikova", "Daniel Okafor"]),
    ("Daniel Okafor\n\nA handover", "Daniel Okafor – *analyst.*", (), "A handover",
     ["Daniel Okafor"]),
    ("Aliya Serikova\n\n## A handover", "Daniel Okafor – *analyst.*", (), "A handover",
     ["Aliya Serikova", "Daniel Okafor"]),
    ("Daniel Okafor\n\nA handover", "The end.", (), "A handover", ["Daniel Okafor"])])
def test_a_first_line_of_capitals_is_a_title_or_a_name(
        top: str, end: str, people: tuple[str, ...], title: str, authors: list[str]) -> None:
    text = f"SAHEL May 2019\n\n{top}\n\nThe text goes on here, and says more.\n\n{end}\n"
    brief, sink = read(text, people=people)
    assert brief, list(sink)
    assert plain(brief.title) == title
    assert [author.name for author in brief.authors] == authors


def text_of(brief: Brief, number: int) -> Text:
    """Return the text of one block."""
    block = brief.blocks[number]
    assert isinstance(block, Paragraph)
    return block.text


def spaced(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


@pytest.mark.parametrize("name", BRIEFS)
def test_briefs_in_all_their_variations(name: str) -> None:
    """Region, month, title, standfirst, authors and blocks are what a reader sees in the file."""
    expected, sink = BRIEFS[name], Sink()
    source = Workspace(CASES / "briefs").read_text(CASES / "briefs" / name, sink)
    assert source
    context = Context(RegionTable(shipped_regions()), People(), FOLDER_MONTH, "en")
    brief = read_brief(source, Path(name).stem, context, sink)
    assert brief, list(sink)
    assert brief.region.name == expected["region"]
    assert str(brief.month) == (expected["month"] or str(FOLDER_MONTH))
    assert spaced(plain(brief.title)) == spaced(expected["title"])
    assert spaced(plain(brief.standfirst)) == spaced(expected["standfirst"])
    assert [(a.name, spaced(plain(a.bio))) for a in brief.authors] == [
        (a["name"], spaced(a["bio"])) for a in expected["authors"]]
    assert len(brief.blocks) == expected["paragraphs"]


@pytest.mark.parametrize(("line", "region", "month"), [
    ("CENTRAL ASIA April 2019", "central-asia", "2019-04"),
    ("# Central Asia – April 2019", "central-asia", "2019-04"),
    ("April 2019 | Central Asia", "central-asia", "2019-04"),
    ("ASIA CENTRALE, aprile 2019", "central-asia", "2019-04"),
    ("SAHEL & SUB-SAHARAN AFRICA - January 2020", "sahel", "2020-01"),
    ("Gulf (April 2019)", "gulf", "2019-04"),
    ("MAGHREB 2019/04", "maghreb", "2019-04"),
    ("Balkans 04/2019", "western-balkans", "2019-04"),
    ("CENTRAL ASIA\u00a0 Sept. 2019", "central-asia", "2019-09"),
    ("MAGHREB OCTOBER 2018", "maghreb", "2018-10"),
])
def test_headings(line: str, region: str, month: str) -> None:
    brief, sink = read(f"{line}\n\nA title\n\nA standfirst.\n\nText of the brief.\n")
    assert brief, list(sink)
    assert (brief.region.code, str(brief.month)) == (region, month)
    assert plain(brief.title) == "A title"


def test_a_title_that_mentions_a_month_is_a_title() -> None:
    brief, _ = read("What April 2019 changed in Astana\n\nA standfirst.\n\nText.\n",
                    "central-asia.md", month=Month(2019, 4))
    assert brief
    assert plain(brief.title) == "What April 2019 changed in Astana"
    assert brief.region.code == "central-asia"


def test_an_author_after_the_region() -> None:
    brief, _ = read("Euro/Atlantica (USA-NATO-Partners) Gianluca Pastori\n\nA title\n\n"
                    "A standfirst.\n\nText.\n", month=Month(2019, 4))
    assert brief
    assert brief.region.code == "euro-atlantic"
    assert [a.name for a in brief.authors] == ["Gianluca Pastori"]


@pytest.mark.parametrize("last", [
    "Vladimir Putin – who met Rahmon in Moscow – declared that the talks had been useful.",
    "Sooronbay Jeenbekov, the president, will travel to Moscow, and he has said why.",
    "Emomali Rahmon has not decided. His neighbours have.",
])
def test_a_last_paragraph_that_begins_with_a_name_stays_text(last: str) -> None:
    brief, sink = read(f"Gulf April 2019\n\nA title\n\nA standfirst.\n\nText.\n\n{last}\n")
    assert brief
    assert not brief.authors
    assert plain(text_of(brief, -1)) == last
    assert "no-byline" in {d.code for d in sink}


def test_every_run_knows_its_line() -> None:
    brief, _ = read(REAL_BRIEF.read_text("utf-8"), "real.txt")
    assert brief
    lines = REAL_BRIEF.read_text("utf-8").split("\n")
    for number, block in enumerate(brief.blocks):
        assert lines[block.span.line - 1].startswith(plain(text_of(brief, number))[:30])


def test_lines_of_a_wrapped_paragraph() -> None:
    brief, _ = read("Gulf April 2019\n\nA title\n\nA standfirst.\n\nfirst line\nsecond *line*\n"
                    "third line\n\nAnna Rossi – *bio*\n")
    assert brief
    runs = [i for i in text_of(brief, 0) if isinstance(i, Run)]
    assert [(r.text.strip(), r.span.line) for r in runs if r.text.strip()] == [
        ("first line", 7), ("second", 8), ("line", 8), ("third line", 9)]


def test_escaped_punctuation_loses_its_backslash() -> None:
    brief, _ = read("Gulf April 2019\n\nTitle\n\nStand.\n\nworth \\$5 \\(so\\) \\~\n\nA B – *c*\n")
    assert brief
    assert plain(text_of(brief, 0)) == "worth $5 (so) ~"


def test_all_mistakes_at_once_with_their_lines() -> None:
    _, sink = read("---\nregion: Narnia\nlang: xx\ncolour: red\nfigures: no bar\n---\n\nTitle\n\n"
                   "Text with a lost note[^9].\n")
    assert {(d.code, d.span.line) for d in sink if d.severity.value == "error"} == {
        ("unknown-language", 3), ("figure-row", 5),
        ("unknown-note", 10), ("no-date", 1)}
    assert ("unknown-region", 2) in {(d.code, d.span.line) for d in sink}


@pytest.mark.parametrize(("heading", "name", "code"), [
    ("UPPER DANUBE April 2019", "Upper Danube", "upper-danube"),
    ("LIBYA April 2019", "Libya", "libya"),
    ("US ELECTIONS April 2019", "US Elections", "us-elections"),
    ("## Ferghana Valley, April 2019", "Ferghana Valley", "ferghana-valley"),
    ("CÔTE D'IVOIRE April 2019", "Côte D'Ivoire", "cote-divoire"),
    ("---\nregion: Upper Danube\ndate: 2019-04\n---", "Upper Danube", "upper-danube")])
def test_a_region_that_is_not_known_is_told_and_built(heading: str, name: str, code: str) -> None:
    brief, sink = read(f"{heading}\n\nA title\n\nA standfirst.\n\nText.\n\nAnna Rossi – *bio*\n")
    assert brief is not None
    assert (brief.region.name, brief.region.code, brief.region.countries) == (name, code, ())
    [warning] = [d for d in sink if d.code == "unknown-region"]
    assert warning.severity.value == "warning" and f"[{code}]" in warning.hints[0]


@pytest.mark.slow
def test_regions_are_known_in_every_language_of_the_program() -> None:
    """Each name, in small letters and capitals, above a month; no name means two regions."""
    regions = shipped_regions()
    assert len(regions) >= 35
    said: dict[str, str] = {}
    for region in regions.values():
        assert set(region.names) == set(LANGUAGES) - {"en"}, region.code
        for name in (region.name, *region.names.values(), *region.aliases):
            assert said.setdefault(folded_name(name), region.code) == region.code, name
        for language, row in LANGUAGES.items():
            for name in (region.name_in(language), region.name_in(language).upper()):
                heading = f"{name} – {row.months[4]} 2019"
                found = read_heading(heading, RegionTable(regions), Span(""), Sink())
                assert found and found.region and found.region.code == region.code, heading
                assert str(found.month) == "2019-05", heading


def test_a_misspelt_month_and_an_unknown_region_have_hints() -> None:
    _, sink = read("CENTRAL ASIA Apirl 2019\n\nTitle\n\nStand.\n\nText.\n")
    first = next(d for d in sink if d.severity.value == "error")
    assert (first.code, first.hints) == ("misspelt-month", ('did you mean "April"?',))
    _, sink = read("CENTRAL ASA April 2019\n\nTitle\n\nStand.\n\nText.\n")
    [error] = [d for d in sink if d.severity.value == "error"]
    assert (error.code, error.hints) == ("unknown-region", ('did you mean "Central Asia"?',))


def test_series_mistakes_are_located_and_hinted(series: Series) -> None:
    from reportgen.series import open_series

    folder = series({
        "series.toml": 'title = "T"\npublishr = "P"\nissn = "1234-5670"\nlanguage = "xx"\n',
        "people.toml": '[a]\nnam = "A"\n',
        "regions.toml": '[sahl]\ncolour = "red"\n[gulf]\nframe = [1, 2]\n',
    })
    sink = Sink()
    open_series(folder, sink)
    assert {(str(d.span), d.code) for d in sink} == {
        ("series.toml:2", "unknown-setting"), ("series.toml:3", "issn"),
        ("series.toml:4", "unknown-language"), ("people.toml:2", "unknown-setting"),
        ("people.toml:1", "no-name"), ("regions.toml:2", "colour"),
        ("regions.toml:1", "no-name"), ("regions.toml:4", "frame")}
    assert all(d.hints for d in sink if d.code in ("unknown-setting", "no-name", "issn"))


@pytest.mark.parametrize("text", ['title = "never closed\n', "title = \n", "[a\n", "x = {\n"])
def test_broken_toml_is_an_error_with_its_place(series: Series, text: str) -> None:
    from reportgen.series import open_series

    sink = Sink()
    open_series(series({"series.toml": text}), sink)
    [error] = list(sink)
    assert error.code == "toml-syntax"
    assert error.span.line >= 1


@pytest.mark.parametrize(("text", "code", "line"), [
    ("---\nRegion: Gulf\n\nText.\n", "open-header", 1),
    ("Regoin: Gulf\nDate: May 2019\nTitle: X\n\nStand.\n\nText.\n", "unknown-key", 1),
    ("Region: Gulf\nRegion: Sahel\nTitle: X\n\nStand.\n\nText.\n", "key-twice", 2),
    ("Gulf Mya 2019\n\n## A title\n\nStand.\n\nText.\n", "no-month", 1),
    ("Gulf 2019-13\n\n## A title\n\nStand.\n\nText.\n", "no-month", 1),
    ("# Gulf May 19\n\n## A title\n\nStand.\n\nText.\n", "no-month", 1),
    ("# Gulf 2019\n\n## A title\n\nStand.\n\nText.\n", "no-month", 1),
    ("# Gulf May 2109\n\n## A title\n\nStand.\n\nText.\n", "no-month", 1),
    ("Central Azia May 2019\n\n## A title\n\nStand.\n\nText.\n", "unknown-region", 1),
    ("Gulf May 2019\n\nT\n\nS.\n\nText[^1].\n\n[^1]: one\n[^1]: two\n", "note-twice", 10),
    ("Anna Rossi\n\nCENTRAL AZIA May 2019\n\nT\n\nS.\n\nText.\n", "unknown-region", 3),
    ("Gulf May 2019\n\n#\n\nS.\n\nText.\n", "no-title", 2),
    ("Region: Gulf\nDate: 2019-05\nTitle: X\nStandfirst: S\n", "no-text", 0),
])
def test_half_saved_and_misspelt(text: str, code: str, line: int) -> None:
    """Each slip is told where it is, and not taken for something else."""
    _, sink = read(text)
    assert (code, line) in {(d.code, d.span.line) for d in sink if d.severity.value == "error"}, (
        list(sink))


def test_a_subhead_in_a_quotation_is_no_heading() -> None:
    brief, _ = read("Gulf May 2019\n\nT\n\nS.\n\n> # Big\n\nText.\n\nA B – *c*\n")
    assert brief
    quote = brief.blocks[0]
    assert isinstance(quote, Quote)
    assert isinstance(quote.blocks[0], Paragraph)


@pytest.mark.parametrize(("folder", "month"), [
    ("2019-04", "2019-04"), ("April 2019", "2019-04"), ("2019_04", "2019-04"),
    ("Bulletin aprile 2019", "2019-04"), ("No 28 (2019-04)", "2019-04"), ("Апрель 2019", "2019-04"),
    ("04-2019", "2019-04"), ("28", None), ("spring", None)])
def test_the_folder_says_the_month(series: Series, folder: str, month: str | None) -> None:
    text = SMALL_BRIEF.replace("CENTRAL ASIA April 2019", "CENTRAL ASIA")
    root = series({"series.toml": "", f"{folder}/a.md": text})
    for target in (root / folder, root / folder / "a.md"):
        sink = Sink()
        issue = read_issue_of(target, (), sink)
        codes = {d.code for d in sink if d.severity.value == "error"}
        if month is None:
            assert codes == {"no-date"}
        else:
            assert not codes and issue is not None
            assert str(issue.briefs[0].month) == month


def test_a_signature_that_touches_the_standfirst() -> None:
    brief, sink = read((CASES / "real-briefs" / "17-by-line-touching.md").read_text("utf-8"))
    assert brief is not None and not [d for d in sink if d.severity.value == "error"]
    assert [author.name for author in brief.authors] == ["Lina Farouk"]
    assert plain(brief.standfirst).startswith("A harbour stood idle")
    assert plain(text_of(brief, 0)).startswith("The port authority")


def test_short_lines_of_plain_text_are_subheads() -> None:
    text = (CASES / "real-briefs" / "10-plain-subheads.txt").read_text("utf-8")
    brief, sink = read(text, "brief.txt")
    assert brief is not None
    heads = [plain(b.text) for b in brief.blocks if isinstance(b, Heading)]
    assert heads == ["What comes next", "Conclusion"]
    assert [d.span.line for d in sink if d.code == "subhead"] == [9, 13]
    assert plain(brief.title) == "The ferry that did not sail"
    assert [author.name for author in brief.authors] == ["Lina Farouk"]
    marked, _ = read(text, "brief.md")
    assert marked is not None
    heads = [plain(b.text) for b in marked.blocks if isinstance(b, Heading)]
    assert heads == ["Conclusion"]  # the name of a part


def test_bullets_of_word_are_a_list() -> None:
    brief, _ = read((CASES / "real-briefs" / "11-plain-bullets.txt").read_text("utf-8"), "b.txt")
    assert brief is not None
    [entries] = [b for b in brief.blocks if isinstance(b, ListBlock)]
    items = [[plain(b.text) for b in item if isinstance(b, Paragraph)] for item in entries.items]
    assert items == [["The road is longer."], ["The port is cheaper."]]


def test_the_language_is_that_of_the_text() -> None:
    text = (CASES / "real-briefs" / "28-german-no-lang.md").read_text("utf-8")
    brief, sink = read(text)
    assert brief is not None and brief.language == "de"
    assert "language" in [d.code for d in sink if d.severity.value == "note"]
    header = "Region: Gulf\nDate: 2024-05\nLang: en"
    english, sink = read(text.replace("# BLACK SEA May 2024", header))
    assert english is not None and english.language == "en"
    assert "language" not in {d.code for d in sink}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_languages_are_told_apart(language: str) -> None:
    """Each paragraph of the untuned text, and a name or a quotation decides nothing."""
    [file] = [path for folder in ("paragraphs", "languages")
              if (path := CASES / folder / f"{language}.txt").exists()]
    text = file.read_text("utf-8")
    assert recognised(text) == language
    assert recognised(f"{text} The House of Lords and the Bank of England said so.") == language
    assert recognised("Angela Merkel, Emmanuel Macron") is None


@pytest.mark.parametrize(("name", "bio", "last"), [
    ("06-bio-is-senior.md", "Senior Research Fellow at the Harbour Institute.",
     "Shippers now wait"),
    ("08-bio-then-disclaimer.md", "Researcher on trade and ports at the Harbour Institute.",
     "The views expressed are those")])
def test_bios_as_people_write_them(name: str, bio: str, last: str) -> None:
    brief, _ = read((CASES / "real-briefs" / name).read_text("utf-8"))
    assert brief is not None
    assert [(a.name, plain(a.bio)) for a in brief.authors] == [("Lina Farouk", bio)]
    assert plain(text_of(brief, -1)).startswith(last)


@pytest.mark.parametrize("line", [
    "Lina Farouk is right about the port.", "Lina Farouk is in Paris this week and will speak."])
def test_a_sentence_about_somebody_is_no_byline(line: str) -> None:
    brief, sink = read(f"Gulf April 2019\n\nTitle\n\nStand.\n\nText.\n\n{line}\n")
    assert brief is not None and not brief.authors
    assert "no-byline" in {d.code for d in sink}


def addresses_in(brief: Brief) -> list[str]:
    return [i.style.href for block in brief.blocks for i in getattr(block, "text", ())
            if isinstance(i, Run) and i.style.href]


@pytest.mark.parametrize(("text", "address"), [
    ("see (https://example.org/a-2019)، and", "https://example.org/a-2019"),
    ("https://example.org/b؛ then", "https://example.org/b"),
    ("(https://example.org/wiki/A_(b)).", "https://example.org/wiki/A_(b)"),
    ("（https://example.org/c）。", "https://example.org/c"),
    ("https://example.org/القاهرة، 2019", "https://example.org/القاهرة")])
def test_an_address_ends_before_punctuation_of_any_script(text: str, address: str) -> None:
    brief, _ = read(f"GULF April 2019\n\nA quay\n\nThe text says {text} more than that.\n")
    assert brief is not None
    assert addresses_in(brief) == [address]


@pytest.mark.parametrize(("text", "address"), [
    ("https://example.org/b[^1]", "https://example.org/b"),
    ("www.example.org.[^1]", "https://www.example.org")])
def test_an_address_ends_before_the_call_of_a_note(text: str, address: str) -> None:
    brief, _ = read(f"GULF April 2019\n\nA quay\n\nSaid at {text} more.\n\n[^1]: A paper, 2019.\n")
    assert brief is not None
    assert addresses_in(brief) == [address]
    assert any(isinstance(i, NoteCall) for i in getattr(brief.blocks[0], "text", ()))
