"""Lists, code and tables as CommonMark and GitHub have them, with the line of every word."""

from __future__ import annotations

import pytest

from reportgen.diagnostics import Sink
from reportgen.model import CodeBlock, ListBlock, Paragraph, Run, Separator, Table, plain
from reportgen.reading.commonmark import as_python_markdown
from reportgen.reading.frontmatter import read_front_matter
from reportgen.reading.markdown import read_blocks
from reportgen.reading.markup import with_pandoc_signs, without_attributes
from reportgen.reading.pasted import without_furniture
from reportgen.reading.rawhtml import from_html
from reportgen.reading.sitewords import without_site_words
from reportgen.reading.starred import with_starred_notes
from reportgen.reading.unspaced import with_paragraphs
from reportgen.reading.wikitext import from_wikitext
from reportgen.texts import texts, walk


def blocks(text: str) -> tuple[list[object], Sink]:
    sink = Sink()
    lines = as_python_markdown(list(enumerate(text.split("\n"), 1)), "a.md", sink)
    return list(read_blocks(lines, "a.md", sink)), sink


def outline(listed: object) -> object:
    """Return the words of a list, items as lists of their blocks."""
    if isinstance(listed, ListBlock):
        return [[outline(block) for block in item] for item in listed.items]
    return (" ".join(plain(listed.text).split()) if isinstance(listed, Paragraph)
            else type(listed).__name__)


@pytest.mark.parametrize(("text", "found"), [
    ("1. One\n   - a\n   - b\n2. Two", [["One", [["a"], ["b"]]], ["Two"]]),
    ("* A\n  * B\n    * C\n* D", [["A", [["B", [["C"]]]]], ["D"]]),
    ("- A\n    - B\n- C", [["A", [["B"]]], ["C"]]),
    ("1. One\n2. Two\n\n   second\n3. Three", [["One"], ["Two", "second"], ["Three"]]),
    ("- A\n\n  more of A\n\n- B", [["A", "more of A"], ["B"]]),
    ("- A\n  goes on\n- B", [["A goes on"], ["B"]]),
    ("10. Ten\n    - a\n11. Eleven", [["Ten", [["a"]]], ["Eleven"]])])
def test_lists(text: str, found: object) -> None:
    made, _ = blocks(text)
    assert [outline(block) for block in made] == [found]


def test_what_follows_a_list_is_none_of_it() -> None:
    made, _ = blocks("- A\n- B\n\nText of a paragraph.\n\n  Indented by two.\n\n* * *\n\nEnd.")
    assert [type(block).__name__ for block in made] == [
        "ListBlock", "Paragraph", "Paragraph", "Separator", "Paragraph"]
    assert isinstance(made[3], Separator)


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_code_between_fences(fence: str) -> None:
    made, _ = blocks(f"- item\n\n{fence}python\nx = 1\n\n  y = [2]\n{fence}\n\nText.")
    assert [type(block).__name__ for block in made] == ["ListBlock", "CodeBlock", "Paragraph"]
    assert isinstance(made[1], CodeBlock)
    assert made[1].text == "x = 1\n\n  y = [2]"


def test_a_fence_that_is_never_closed_takes_nothing() -> None:
    made, _ = blocks("```\nText that goes on.")
    assert "Text that goes on." in " ".join(plain(t) for t in texts(made))  # type: ignore[arg-type]


def test_a_table_without_a_rule_has_its_first_row_for_a_head() -> None:
    made, sink = blocks("Text.\n\n| a | b |\n| c | d |\n| e | f |\n\nText.")
    table = made[1]
    assert isinstance(table, Table)
    assert [plain(cell) for cell in table.head] == ["a", "b"]
    assert len(table.rows) == 2
    assert [(d.code, d.span.line) for d in sink] == [("table-head", 3)]


@pytest.mark.parametrize("text", ["| a |\n| b |", "a | b\nc | d", "| a | b |\n\n| c | d |",
                                  "| a | b |\n| c | d | e |"])
def test_lines_with_bars_that_are_no_table_stay(text: str) -> None:
    made, _ = blocks(text)
    assert not any(isinstance(block, Table) for block in made)


def test_every_word_has_its_line() -> None:
    """In nested lists, in each cell of a table, in quotations."""
    text = ("- one2\n    - two3\n        - three4\n- four5\n\n| five7 | six7 |\n|---|:-:|\n"
            "| seven9 | eight9 |\n| nine10 | `a|b` |\n| | ten11 |\n\n> eleven13\n> twelve14\n>\n"
            "> | a16 | b16 |\n> |---|---|\n> | c18 | d18 |")
    made, _ = blocks("\n" + text)
    words = {inline.text.strip(): inline.span.line
             for block in walk(made) for text in texts([block])  # type: ignore[arg-type]
             for inline in text if isinstance(inline, Run)}
    for word, line in words.items():
        for part in word.split():
            if part[-1].isdigit():
                assert int("".join(c for c in part if c.isdigit())) == line, (part, line)
    assert len(words) >= 16
    assert any(isinstance(block, Table) for block in walk(made[-1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [
    "```a\n" * 60_000, "| a | b |\n" * 20_000, " " * 500_000 + "| a | b |\n| c | d |",
    " " * 400_000 + "^ and ^[" * 2_000, "^[" * 100_000, "- a\n" * 40_000,
    "= " + " " * 300_000 + "x", "<ref>" * 100_000 + "\n== A ==", "'''a " * 100_000 + "\n== A =="])
@pytest.mark.slow
def test_hostile_lines_take_no_longer_than_others(text: str) -> None:
    """Each would take hours in the square of its length."""
    lines = from_wikitext(list(enumerate(text.split("\n"), 1)), "a.md", Sink())
    assert as_python_markdown(with_pandoc_signs(lines, "a.md", Sink()), "a.md", Sink())


@pytest.mark.parametrize("line", [
    "<b>" + " " * 40_000 + "x" + " " * 40_000, "<b>" * 40_000 + "x" + "</b>" * 40_000,
    "<a x " + "y " * 40_000, "<a href='" * 20_000, "<sup>" + " " * 60_000, "<img " * 40_000,
    "![a](" + "b" * 60_000, "![" * 60_000, "Summary" + " " * 60_000 + "(", "a* " * 40_000,
    "Posted by " + "A b " * 40_000, "[[^a]" * 40_000])
@pytest.mark.slow
def test_hostile_lines_of_sites_and_forms(line: str) -> None:
    """Each would take minutes in the square of its length."""
    lines = [(1, "# Title"), (2, ""), (3, line), (4, "")]
    for read in (from_html, without_attributes, without_site_words, with_starred_notes,
                 with_pandoc_signs):
        assert read(lines, "a.md", Sink())
    read_front_matter(lines, "a.md", Sink())


@pytest.mark.parametrize("line", ["1 abc def.", "Page 1 of 2", "**Region**: Sahel", "a word.* and"])
@pytest.mark.slow
def test_hostile_pages(line: str) -> None:
    lines = [(number, line) for number in range(1, 30_000)]
    for read in (with_paragraphs, without_furniture, with_starred_notes):
        read(lines, "a.txt", Sink())
    read_front_matter(lines, "a.txt", Sink())
