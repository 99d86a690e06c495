"""Markup of neighbouring programs: comments are left out, the rest is told and printed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from reportgen.composing.pictures import width_in
from reportgen.diagnostics import Sink
from reportgen.model import Paragraph, Table, plain
from reportgen.pipeline import build
from reportgen.reading.captions import with_captions
from reportgen.reading.endnotes import with_end_notes
from reportgen.reading.markdown import read_blocks
from reportgen.reading.markup import (
    report_foreign,
    with_pandoc_signs,
    without_attributes,
    without_comments,
    without_link_titles,
    without_tags,
)
from reportgen.reading.pasted import mended
from reportgen.reading.plaintext import with_bullets
from reportgen.store import Store

from .conftest import SMALL_BRIEF, Pdf, Series

PARAGRAPH = "The second paragraph is only text"


def kept(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    sink = Sink()
    lines = without_comments(list(enumerate(text.split("\n"), 1)), "a.md", sink)
    assert [number for number, _ in lines] == list(range(1, text.count("\n") + 2))
    return "\n".join(line for _, line in lines), [
        (d.code, d.span.line, d.span.column) for d in sink]


@pytest.mark.parametrize(("text", "left", "told"), [
    ("a <!-- x --> b", "a  b", [("comment", 1, 3)]),
    ("a <!-- x\ny\nz --> b\nc", "a \n\n b\nc", [("comment", 1, 3)]),
    ("<!-- one --><!-- two -->c", "c", [("comment", 1, 1), ("comment", 1, 13)]),
    ("<!--\n\nx\n-->\n# Title", "\n\n\n\n# Title", [("comment", 1, 1)]),
    ("a <!-- never closed\nb", "a <!-- never closed\nb", []),
    ("a --> b <!-- c", "a --> b <!-- c", []),
    ("```\n<!-- code -->\n```\n<!-- out -->", "```\n<!-- code -->\n```\n", [("comment", 4, 1)])])
def test_comments(text: str, left: str, told: list[tuple[str, int, int]]) -> None:
    assert kept(text) == (left, told)


def test_what_was_too_deep_leaves_nothing_to_the_next_text() -> None:
    first, second = Sink(), Sink()
    assert not list(read_blocks([(1, "> " * 200 + "deep")], "a.md", first))
    [block] = read_blocks([(1, "A paragraph.")], "b.md", second)
    assert isinstance(block, Paragraph) and plain(block.text) == "A paragraph."
    assert [d.code for d in first] == ["too-deep"] and not list(second)


def test_every_kind_on_a_line_is_told() -> None:
    sink = Sink()
    report_foreign([(7, "a ++new++ [[Quay]] of ~~old~~ stones")], "a.md", sink)
    assert [d.span.column for d in sink] == [11, 23, 3] or sorted(
        d.span.column for d in sink) == [3, 11, 23]


@pytest.mark.parametrize("line", [
    "It cost $5 and then $6.", "at 10:30:15 sharp", "The EU: a view", "x^y and a ~ b",
    "C++ and D++", "A title\n==========", "5 %% of", "a [link][1] and [x]", "~5 or ~6 berths"])
def test_signs_of_prose_are_no_markup(line: str) -> None:
    sink = Sink()
    report_foreign([(7, line)], "a.md", sink)
    assert not list(sink)


def test_superiors_inferiors_and_notes_of_pandoc() -> None:
    sink = Sink()
    lines = with_pandoc_signs([(3, "5 m^2^ of H~2~O^[A *note*, [a](https://b.org).] and 10^-3^.")],
                              "a.md", sink)
    assert [text for _, text in lines] == [
        "5 m² of H₂O[^inline-1] and 10⁻³.", "", "[^inline-1]: A *note*, [a](https://b.org)."]
    assert {change.after for change in sink.changes} == {"²", "₂", "⁻³"}


@pytest.mark.parametrize("line", ["[TOC]", "[[_TOC_]]", "{:toc}"])
def test_the_place_of_a_table_of_contents_is_left_out(line: str) -> None:
    sink = Sink()
    assert without_tags([(1, line)], "a.md", sink) == [(1, "")]
    assert [d.code for d in sink] == ["site-tag"]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_ends_of_lines_of_other_programs_part_words(sign: str) -> None:
    [block] = read_blocks([(1, f"three{sign}four")], "a.md", Sink())
    assert isinstance(block, Paragraph) and plain(block.text) == "three four"


def test_attributes_behind_a_picture_but_its_width_are_left_out() -> None:
    sink = Sink()
    lines = without_attributes([(3, "![a](b.jpg){.left width=50%} and {this}")], "a.md", sink)
    assert lines == [(3, "![a](b.jpg#width=50%) and {this}")]
    assert [(d.code, d.span.line, d.span.column) for d in sink] == [("picture-attributes", 3, 12)]
    lines = without_attributes([(3, "![a](<b c.jpg> \"T\"){width=60mm}")], "a.md", Sink())
    assert lines == [(3, "![a](<b c.jpg#width=60mm> \"T\")")]


@pytest.mark.parametrize(("wanted", "width"), [
    ("50%", 60.0), ("60mm", 60.0), ("6cm", 60.0), ("192px", 50.8), ("96", 25.4), ("500%", 120.0),
    ("0%", 120.0), ("", 120.0), ("9em", 120.0)])
def test_a_picture_is_as_wide_as_its_author_wants(wanted: str, width: float) -> None:
    assert width_in(wanted, 120.0) == pytest.approx(width)


@pytest.mark.parametrize(("above", "below", "captions"), [
    ("Table 1. Ships by month", "Words.", ["Table 1. Ships by month"]),
    ("Words.", "**Tabelle 2:** Schiffe", ["Tabelle 2: Schiffe"]),
    ("Table 1. Ships by month", "Table 2. Boats", ["Table 1. Ships by month"]),
    ("Table talk was dull.", "The table shows it.", [""])])
def test_a_labelled_line_beside_a_table_is_its_caption(above: str, below: str,
                                                       captions: list[str]) -> None:
    text = f"{above}\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n{below}"
    lines = list(enumerate(text.split("\n"), 1))
    blocks = with_captions(read_blocks(lines, "a.md", Sink()), Sink())
    assert [plain(block.caption) for block in blocks if isinstance(block, Table)] == captions
    assert sum(isinstance(block, Paragraph) for block in blocks) == 2 - bool(captions[0])


@pytest.mark.parametrize("line", [
    "Energy is $E=mc^2$ here.", "$$x$$", "::: {.callout-note}", ":::", "!!! note", "- [ ] a task",
    "- [x] done", "it was ~~never~~ said", "it is ==marked== here", "# Title {#sec-one}",
    "[words]{.smallcaps}", "as [@rossi2019, p. 4] says", "see @fig-one.", "{{< include a.md >}}",
    "{{% note %}}", "```mermaid", "``` {mermaid}", "a $x$ of it", "see \\cite{rossi2019}.",
    "CO~x~ and", "10^n-1^ of", "the [[Quay]] here", "a :smile: too", "> [!NOTE]", ": a definition",
    "*[HTML]: Hyper Text", "it is ++new++ here", "it %%was%% here"])
def test_other_markup_is_told(line: str) -> None:
    sink = Sink()
    report_foreign([(7, line)], "a.md", sink)
    [warning] = sink
    assert (warning.code, warning.span.line) == ("unknown-markup", 7)


@pytest.mark.parametrize("line", [
    "It cost $5 billion, and $6 a head.", "From $5 to 10$ or US$7 and A$8.", "a == b and c ~ d",
    "write to anna@example.org or @anna_rossi", "- [a link](https://example.org)", "::",
    "He said: !!! and left.", "`$x^2$` and `~~a~~` are code", "{braces} and [brackets]",
    "- [1] a number", "set {a, b}", "~/folder and ~10 percent, ~20 percent", "see [^1] and [1]"])
def test_plain_text_is_not(line: str) -> None:
    sink = Sink()
    report_foreign([(7, line)], "a.md", sink)
    assert not list(sink)


def test_what_is_private_is_not_printed(series: Series, tmp_path: Path) -> None:
    text = SMALL_BRIEF.replace(PARAGRAPH, f"<!-- ask Anna\nabout this --> {PARAGRAPH} ~~no~~")
    folder = series({"a.md": f"<!-- draft 3 -->\n{text}"})
    built = build(folder / "a.md", tmp_path / "out", store=Store(None))
    page = Pdf(built.files[0]).text()
    assert "ask Anna" not in page and "draft 3" not in page
    assert f"{PARAGRAPH} ~~no~~" in page
    codes = [(d.code, d.span.line) for d in built.diagnostics]
    assert ("comment", 1) in codes and ("comment", 11) in codes and ("unknown-markup", 12) in codes


def test_the_title_of_a_picture_is_its_caption(series: Series, tmp_path: Path) -> None:
    from PIL import Image

    pictures = ('![A harbour](h.jpg "Port in spring. Photo: N. Haddad")\n\n'
                '![A harbour](h.jpg "Photo: O. Second")\nThe port in autumn.\n\n'
                'Words before ![A harbour](h.jpg "Photo: T. Third") and behind it.\n\n')
    folder = series({"a.md": SMALL_BRIEF.replace(PARAGRAPH, pictures + PARAGRAPH)})
    Image.new("RGB", (1600, 300), "grey").save(folder / "h.jpg")
    built = build(folder / "a.md", tmp_path / "out", store=Store(None))
    page = Pdf(built.files[0]).text()
    assert "Port in spring. Photo: N. Haddad" in page
    assert "The port in autumn. Photo: O. Second" in page
    assert "Photo: T. Third" in page


@pytest.mark.slow
@pytest.mark.parametrize("line", [
    "<!---->" * 200_000, "<!--" * 300_000 + "-->", "![" * 500_000 + "){", "{.a" * 400_000,
    "{." + "a" * 1_000_000, "{{<" * 400_000, "$a" + "_" * 1_000_000, "~~a" * 400_000,
    "==a " * 300_000, "[@" * 500_000, "`" * 1_000_001, "a-" * 600_000, "1 x\n" * 40_000,
    "1. x\n" * 200 + "2. y\n" * 40_000, "go-\nvern\n" * 40_000])
def test_no_line_takes_long(line: str) -> None:
    """All that is done to lines before they are read takes time in proportion to them."""
    lines, sink = list(enumerate(line.split("\n"), 1)), Sink()
    begun = time.process_time()
    lines = without_attributes(without_comments(lines, "a.md", sink), "a.md", sink)
    lines = with_bullets(mended(lines, "en", "a.md", sink), "a.md", sink)
    report_foreign(with_end_notes(lines, "a.md", sink), "a.md", sink)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("markup", [
    "\\newpage", "in {{ page.title }} it", "a {% include x %} b", "[missing][zz]",
    "see @holm2018 and", ".. note:: this", "a ||secret|| b"])
def test_more_markup_is_told(markup: str) -> None:
    sink = Sink()
    report_foreign([(7, markup)], "a.md", sink)
    assert [d.code for d in sink] == ["unknown-markup"]


def test_a_link_by_a_key_that_is_defined_is_none() -> None:
    sink = Sink()
    lines = [(7, "See [it][Port A]."), (8, ""), (9, "[port a]: https://e.org/a")]
    report_foreign(lines, "a.md", sink)
    assert not list(sink)


def test_powers_as_people_type_them() -> None:
    sink = Sink()
    words = "10^6 t, 10^-3, 5 km^2, x^2, x^y and a^b^c"
    [(_, text)] = with_pandoc_signs([(3, words)], "a.md", sink)
    assert text == "10⁶ t, 10⁻³, 5 km^2, x², x^y and a^b^c"


def test_what_paper_cannot_show_of_a_link_is_logged() -> None:
    sink = Sink()
    rows = without_link_titles(
        [(1, 'The [quay](https://e.org/q "A title") and [this](https://e.org/r "this").'),
         (2, "[![A crane](crane.png)](https://e.org/crane)")], "a.md", sink)
    assert [text for _, text in rows] == [
        "The [quay](https://e.org/q) and [this](https://e.org/r).", "![A crane](crane.png)"]
    assert [(c.rule, c.before) for c in sink.changes] == [
        ("link-title", "A title"), ("picture-link", "https://e.org/crane")]
    assert [d.code for d in sink] == ["picture-attributes"]
