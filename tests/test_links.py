"""Links on words become notes; on screens they stay live."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.citations.lift import lift_from_text
from reportgen.citations.links import note_links, with_notes
from reportgen.diagnostics import Sink
from reportgen.language.languages import language_of
from reportgen.model import NoteCall, Paragraph, Run, plain
from reportgen.pipeline import build
from reportgen.reading.markdown import read_blocks
from reportgen.store import Store

from .conftest import SMALL_BRIEF, Pdf, Series

PEOPLE = frozenset({"anna rossi"})


def noted(markdown: str, language: str = "en") -> tuple[str, list[str]]:
    """Return a paragraph with `^` for each call, and its notes."""
    blocks = read_blocks([(1, markdown)], "a.md", Sink())
    text = blocks[0].text if isinstance(blocks[0], Paragraph) else ()
    out = with_notes(text, language_of(language), PEOPLE, Sink())
    shown = "".join("^" if isinstance(i, NoteCall) else i.text for i in out if isinstance(
        i, Run | NoteCall))
    return shown, [plain(i.note.text) for i in out if isinstance(i, NoteCall)]


@pytest.mark.parametrize(("markdown", "shown", "notes"), [
    ("The ministry [said](https://www.example.org/said) so.", "The ministry said^ so.",
     ["https://www.example.org/said."]),
    ("It was [announced](http://e.org/a), and [denied](http://e.org/b).",
     "It was announced,^ and denied.^", ["http://e.org/a.", "http://e.org/b."]),
    ("A [*new* **law**](https://e.org/law) passed.", "A new law^ passed.", ["https://e.org/law."]),
    ("See [this](https://e.org/x?utm_source=mail#top).", "See this.^", ["https://e.org/x#top."]),
    ("Written by [Anna Rossi](https://e.org/anna).", "Written by Anna Rossi.", []),
    ("Write [to us](mailto:a@e.org).", "Write to us.", []),
    ("See [e.org/x](https://e.org/x) and https://e.org/y.", "See e.org/x and https://e.org/y.", []),
    ("See <https://e.org/z>.", "See https://e.org/z.", []),
    ("As [Celulosa Argentina](https://e.org/2025/celulosa-argentina-files-for-bankruptcy) did.",
     "As Celulosa Argentina^ did.",
     ["https://e.org/2025/celulosa-argentina-files-for-bankruptcy."]),
    ("In the [Paradise Papers](https://e.org/news/series/paradise-papers).",
     "In the Paradise Papers.^", ["https://e.org/news/series/paradise-papers."]),
    ("As [Omar Said](https://e.org/team/omar-said) and [Li Wei](https://e.org/dr-li-wei) say.",
     "As Omar Said and Li Wei say.", []),
    ("The [party](https://www.facebook.com/the.party) [said](https://x.com/party/status/12) so.",
     "The party said^ so.", ["https://x.com/party/status/12."]),
    ("The [Port Authority](https://port.example/) is new.", "The Port Authority^ is new.",
     ["https://port.example/."]),
    ("No link at all.", "No link at all.", [])])
def test_links_on_words(markdown: str, shown: str, notes: list[str]) -> None:
    assert noted(markdown) == (shown, notes)


def test_a_note_right_behind_a_link_has_its_address() -> None:
    text = "See [the *charter*](https://e.org/x)[^1], and go.\n\n[^1]: The charter of 1945.\n"
    [block] = read_blocks(list(enumerate(text.split("\n"), 1)), "a.md", Sink())
    assert isinstance(block, Paragraph)
    out = with_notes(block.text, language_of("en"), PEOPLE, Sink())
    [call] = [inline for inline in out if isinstance(inline, NoteCall)]
    assert plain(call.note.text) == "The charter of 1945, https://e.org/x."


def test_the_mark_stands_where_the_language_has_it() -> None:
    assert noted("Il a [dit](https://e.org/a).", "fr")[0] == "Il a dit^."
    assert noted("Er hat es [gesagt](https://e.org/a).", "de")[0] == "Er hat es gesagt.^"


TEXT = """CENTRAL ASIA April 2019

A title of the brief

A standfirst with [a link](https://example.org/standfirst).

## A [subhead](https://example.org/head) of two

The ministry [said](https://example.org/said)[^1] so, and **[said again](https://example.org/two)**.

- An item with [a source](https://example.org/item).

The first cites (*A title of a source*, Example Press, 1 April 2019, <https://example.org/one>).

[^1]: The statement, <https://example.org/said>.

Anna Rossi – *[Researcher](https://example.org/bio) at Example.*
"""


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "expected"), [
    ("", ["standfirst", "head", "said", "two", "item", "one"]),
    ('links = "text"\n', ["said", "one"])])
def test_every_link_is_live_and_its_address_is_on_the_page(
        series: Series, tmp_path: Path, settings: str, expected: list[str]) -> None:
    folder = series({"series.toml": settings, "2019-04/a.md": TEXT})
    built = build(folder / "2019-04" / "a.md", tmp_path / "out", store=Store(None))
    pdf = Pdf(built.files[0])
    page = pdf.text()
    for name in ("standfirst", "said", "two", "item", "one", "head", "bio"):
        assert (f"example.org/{name}" in page) == (name in expected), name
        assert any(address == f"https://example.org/{name}" for _, address in pdf.links()), name
    assert page.count("example.org/said") == 1, "the author has a note of it"
    sources = (built.files[0].parent / "sources.json").read_text("utf-8")
    assert ("example.org/two" in sources) == ("two" in expected)


def test_an_unknown_way_is_an_error(series: Series) -> None:
    from reportgen.diagnostics import ReportgenError

    folder = series({"series.toml": 'links = "both"\n', "2019-04/a.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "2019-04", store=Store(None))
    assert [d.code for d in caught.value.diagnostics if d.code == "links"] == ["links"]


@pytest.mark.slow
def test_sources_that_a_line_names_are_in_the_list(series: Series) -> None:
    text = SMALL_BRIEF.replace("Anna Rossi –", "Sources: *Berths in May*, Ministry of Ports, 3 May "
                               "2019, <https://example.org/berths>; *Dockers speak out*, Harbour "
                               "Daily, 4 May 2019.\n\nAnna Rossi –")
    folder = series({"series.toml": "", "2019-04/a.md": text})
    files = build(folder / "2019-04", folder / "out").files
    items = json.loads(next(f for f in files if f.name == "sources.json").read_text())
    assert [item["title"] for item in items[1:]] == ["Berths in May", "Dockers speak out"]
    words = Pdf(files[0]).text()
    listed = words[words.rindex("Sources"):]
    assert "Berths in May, Ministry of Ports" in listed and "Dockers speak out" in listed


def test_the_note_behind_a_stop_is_right_behind_a_link() -> None:
    blocks = read_blocks([(1, "They [said](https://e.org/a) so, in [a paper](https://e.org/b).[^1]"),
                          (2, ""), (3, "[^1]: *Berths*, Molo, 2019.")], "a.md", Sink())
    text = with_notes(blocks[0].text if isinstance(blocks[0], Paragraph) else (),
                      language_of("en"), PEOPLE, Sink())
    assert [plain(i.note.text) for i in text if isinstance(i, NoteCall)] == [
        "https://e.org/a.", "Berths, Molo, 2019, https://e.org/b."]


@pytest.mark.parametrize("address", ["https://[half/a", "http://[::1/a", "https://e.org:99999999/a"])
def test_an_address_that_is_none_is_printed(address: str) -> None:
    assert address in noted(f"The list: {address} was long.")[0] or noted(f"The list: {address}")


def lifted_and_noted(markdown: str) -> str:
    """Return a paragraph whose citations are lifted, and then its links, with `^` for each call."""
    [block] = read_blocks([(1, markdown)], "a.md", Sink())
    assert isinstance(block, Paragraph)
    lifted = lift_from_text(block.text, language_of("en"), Sink())
    out = with_notes(lifted, language_of("en"), PEOPLE, Sink())
    return "".join("^" if isinstance(i, NoteCall) else i.text for i in out
                   if isinstance(i, Run | NoteCall))


@pytest.mark.parametrize(("text", "words"), [
    ("It stood empty (in 2018 the port [lost half](https://e.org/a) of its ships) for weeks.",
     "It stood empty (in 2018 the port lost half^ of its ships) for weeks."),
    ("The quay ([which the ministry closed in March](https://e.org/a)) is open.",
     "The quay (which the ministry closed in March^) is open."),
    ("It went on. (The [ministry](https://e.org/a) denied it.) Then it stopped.",
     "It went on. (The ministry^ denied it.) Then it stopped."),
    ("It shrank ([due to caps, floors and tapers](https://e.org/a)) again.",
     "It shrank (due to caps, floors and tapers^) again."),
    ("He ruled (Ann [wrote the book](https://e.org/a) on it) again.",
     "He ruled (Ann wrote the book^ on it) again."),
    ("It went (see [this entry](https://e.org/a) for a more specific report) on.",
     "It went (see this entry^ for a more specific report) on."),
    ("The Institute for Fiscal Studies ([IFS](https://e.org/a/b)) said so.",
     "The Institute for Fiscal Studies (IFS^) said so."),
    ("Ana Cruz ([Idec](https://idec.example)) spoke.", "Ana Cruz (Idec) spoke.")])
def test_a_clause_in_brackets_keeps_its_words(text: str, words: str) -> None:
    assert lifted_and_noted(text) == words


@pytest.mark.parametrize("text", [
    "The ministry (see [its report](https://e.org/a)) denied it.",
    "It was said ([Reuters](https://e.org/a)) again.",
    "It was said ([a report of the ministry](https://e.org/a), 5 May 2019) again."])
def test_a_source_in_brackets_leaves_its_sentence(text: str) -> None:
    assert "(" not in lifted_and_noted(text)


@pytest.mark.parametrize(("text", "address"), [
    ("See example.org/water/wells for more.", "https://example.org/water/wells"),
    ("At archive.example.co.uk/a-b_c.pdf, it says.", "https://archive.example.co.uk/a-b_c.pdf"),
    ("The and/or of it, at 5 p.m./6 a.m. and 10.30/11.45.", None),
    ("He wrote to a@example.org/b and read v2.0/v3.0.", None)])
def test_an_address_without_its_scheme(text: str, address: str | None) -> None:
    [block] = read_blocks([(1, text)], "a.md", Sink())
    assert isinstance(block, Paragraph)
    links = [i.style.href for i in block.text if isinstance(i, Run) and i.style.href]
    assert links == ([address] if address else [])


def test_a_credit_has_no_source() -> None:
    text = "Fot. [A. Kos](https://e.org/users/kos), z [pixabay](https://e.org/pl/a)"
    blocks = tuple(read_blocks([(1, text)], "a.md", Sink()))
    assert note_links(blocks, language_of("pl"), PEOPLE, Sink()) == blocks


def test_a_link_that_is_a_number_is_the_call_of_its_note() -> None:
    assert noted("They said so [[1]](https://e.org/a), and went [2](https://e.org/b).") == (
        "They said so,^ and went.^", ["https://e.org/a.", "https://e.org/b."])


@pytest.mark.slow
def test_an_address_that_is_a_word_of_its_sentence_is_in_the_list(series: Series) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text, see the tables at https://e.org/q1/a,")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    built = build(folder / "2019-04", folder / "out", store=Store(None))
    text = Pdf(built.files[0]).text()
    assert "e.org/q1/a" in text[text.rindex("Sources"):]
