"""Signs that Markdown would take and the author meant, and tables and lists of plain text."""

from __future__ import annotations

import pytest

from reportgen.diagnostics import Sink
from reportgen.model import Heading, ListBlock, Paragraph, Table, plain
from reportgen.reading.columns import with_columns
from reportgen.reading.lettered import with_lettered_lines, with_lettered_lists
from reportgen.reading.literal import with_literal_signs
from reportgen.reading.markdown import read_blocks

from .test_habits import TEXT, lines, read


def blocks(text: str, name: str = "a.md") -> tuple[object, ...]:
    return read_blocks(with_literal_signs(lines(text)), name, Sink())


def words(text: str) -> list[str]:
    found = blocks(text)
    assert all(isinstance(block, Paragraph) for block in found), found
    return [plain(block.text) for block in found if isinstance(block, Paragraph)]


@pytest.mark.parametrize("text", [
    ["1918. The war ends.", "1920. The port is built.", "1941. It burns."],
    ["31. May is the last day.", "4. Mai 2021: a ship.", "9. Mai 2021: another."],
    ["1986. That was long ago."], ["10. ten", "12. twelve", "15. fifteen"]])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_numbers_that_do_not_count_on_stay(text: list[str], between: str) -> None:
    assert words(between.join(text)) == text


@pytest.mark.parametrize(("text", "start", "items"), [
    ("1. one\n2. two\n3. three", 1, 3), ("1. one\n\n2. two", 1, 2), ("1. one\n1. two", 1, 2),
    ("4. four\n5. five", 4, 2), ("7. seven", 7, 1), ("1. one\n   goes on\n2. two", 1, 2)])
def test_numbers_that_do_are_a_list(text: str, start: int, items: int) -> None:
    [block] = blocks(text)
    assert isinstance(block, ListBlock) and (block.start, len(block.items)) == (start, items)


def test_a_list_behind_a_paragraph_begins_anew() -> None:
    found = blocks("1. one\n2. two\n\nA paragraph.\n\n5. five\n6. six")
    assert [block.start for block in found if isinstance(block, ListBlock)] == [1, 5]


def test_a_number_that_a_line_begins_with_is_no_item() -> None:
    [block] = blocks("* The governors (they last met in\n  2019) put it on the agenda.\n* Another.")
    assert isinstance(block, ListBlock) and len(block.items) == 2


@pytest.mark.parametrize("text", [
    "#QuayToo changed how sailors talk.", "#1 in the table is Aqtau.", "It is 2*3*4 metres.",
    "See https://e.org/d_e*f*g/x for it.", "- 5 degrees were measured.",
    "+ 7 701 555 is the number.", "A &section=2 and &notanentity; and AT&T."])
def test_signs_that_are_words(text: str) -> None:
    assert words(text) == [text]


@pytest.mark.parametrize(("text", "shown"), [
    ("He said ``so'' and ``no''.", "He said “so” and “no”."), ("Write to <a@e.org>.",
                                                              "Write to a@e.org."),
    ("Caf&eacute; &amp; bar", "Café & bar")])
def test_signs_of_other_habits(text: str, shown: str) -> None:
    assert words(text) == [shown]


def test_a_list_with_signs_stays_one() -> None:
    [block] = blocks("- 5 ships\n- 7 tugs")
    assert isinstance(block, ListBlock) and len(block.items) == 2
    [head] = blocks("##Ports")
    assert isinstance(head, Heading)


# ---------------------------------------------------------------- plain text


@pytest.mark.parametrize("gap", ["\t", "     "])
def test_columns_are_a_table(gap: str) -> None:
    rows = [["Port", "Ships", "Tons"], ["Aqtau", "11", "300"], ["Baku", "7", "210"]]
    sink = Sink()
    text = "Before.\n\n" + "\n".join(gap.join(row) for row in rows) + "\n\nAfter."
    found = read_blocks(with_columns(lines(text), "a.txt", sink), "a.txt", Sink())
    [table] = [block for block in found if isinstance(block, Table)]
    assert [[plain(cell) for cell in row] for row in (table.head, *table.rows)] == rows
    assert [(d.code, d.span.line) for d in sink] == [("table-head", 3)]


@pytest.mark.parametrize("text", [
    "Two  spaces\nbetween  words\nof  lines", "1.  one\n2.  two\n3.  three", "a\tb\nc\td",
    "A line\twith a tab\nof a text that\tgoes on for as long as a line of a text may be.\nso\tit"])
def test_what_is_no_table(text: str) -> None:
    sink = Sink()
    assert with_columns(lines(text), "a.txt", sink) == lines(text) and not list(sink)


def test_a_list_with_roman_numbers() -> None:
    found = with_lettered_lists(read_blocks(with_lettered_lines(lines(
        "They ask for\n(i) berths\n(ii) pilots\n(iii) a crane")), "a.txt", Sink()))
    block = found[-1]
    assert isinstance(block, ListBlock) and block.marks == ("(i)", "(ii)", "(iii)")


def test_round_bullets_of_word() -> None:
    found, _ = read(f"GULF April 2019\n\nA quay\n\n{TEXT} {TEXT}\n\no\twagons\no\ta crane"
                    f"\n\n{TEXT}\n\nBy Anna Rossi\n", "a.txt")
    [block] = [block for block in found.blocks if isinstance(block, ListBlock)]
    assert len(block.items) == 2
