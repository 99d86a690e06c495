"""End notes become footnotes where list and text agree, and stay as they are where not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.diagnostics import Sink
from reportgen.pipeline import build
from reportgen.reading.endnotes import with_end_notes
from reportgen.store import Store

from .conftest import CASES, Pdf, Series


def mended(text: str) -> tuple[str, list[str]]:
    sink = Sink()
    lines = with_end_notes(list(enumerate(text.split("\n"), 1)), "a.md", sink)
    numbers = [number for number, _ in lines]
    assert numbers == sorted(numbers), "lines keep their numbers and order"
    return "\n".join(line for _, line in lines), [f"{d.severity.value} {d.code}" for d in sink]


BYLINE = "\n\nAnna Rossi – *Researcher.*"


@pytest.mark.parametrize(("calls", "entries"), [
    (("month.[1]", "denied it.[2]"), ("[1] One, 2019.", "[2] Two, 2018.")),
    (("month [1].", "denied it [2]."), ("1. One, 2019.", "2. Two, 2018.")),
    (("month.[1]", "denied it.[2]"), ("(1) One, 2019.", "(2) Two, 2018.")),
    (("month.¹", "denied it.²"), ("¹ One, 2019.", "² Two, 2018.")),
    (("month.¹", "denied it.²"), ("1 One, 2019.", "2 Two, 2018.")),
    (("month.1", "denied it.2"), ("1 One, 2019.", "2 Two, 2018.")),
    (("month1.", "denied2, and"), ("1 One, 2019.", "2 Two, 2018.")),
    (("month.<sup>1</sup>", "denied it.<sup>2</sup>"), ("1. One, 2019.", "2. Two, 2018.")),
    (("month.^1^", "denied it.^2^"), ("1. One, 2019.", "2. Two, 2018."))])
@pytest.mark.parametrize("title", ["", "Notes\n\n", "## Endnotes\n\n", "NOTES:\n", "**Notes**\n"])
def test_list_and_calls(calls: tuple[str, str], entries: tuple[str, str], title: str) -> None:
    text = (f"They were idle in the {calls[0]} The ministry {calls[1]} So it went on.\n\n{title}"
            f"{entries[0]}\n\n{entries[1]}{BYLINE}")
    out, told = mended(text)
    assert told == ["note end-notes"]
    assert "[^end-1]: One, 2019." in out and "[^end-2]: Two, 2018." in out
    body = out[: out.index("[^end-1]:")]
    assert body.count("[^end-1]") == body.count("[^end-2]") == 1
    assert "Notes" not in out and "NOTES" not in out and "Endnotes" not in out
    assert out.endswith(BYLINE.strip())


def test_numbers_with_round_brackets_need_a_title() -> None:
    text = "In Germany (1) and in France (2) it was so.\n\n{}1. One.\n2. Two."
    assert mended(text.format("Notes\n\n"))[1] == ["note end-notes"]
    assert mended(text.format("")) == (text.format(""), [])


@pytest.mark.parametrize("text", [
    "Three things matter:\n\n1. One.\n2. Two.\n3. Three.",
    "In 2019 [1] said so.\n\nMore text.\n\n[1] stands here\n\na\n\nb\n\nc\n\nd\n\ne",
    "COVID-19 and G20 and the U2 flights of 1960.\n\n1 May was a holiday.\n2 May was not.",
    "A list [a](b) and [1](c) of links.\n\n1. One.\n2. Two.",
    "No list, but a call [1] and [2].", "", "1. One."])
def test_other_numbers_stay(text: str) -> None:
    assert mended(text) == (text, [])


@pytest.mark.parametrize("calls", ["[1]", "[1] [3]", "[2] [1]", ""])
def test_what_does_not_agree_stays_and_is_told(calls: str) -> None:
    text = f"They were idle {calls}.\n\nNotes\n\n[1] One.\n[2] Two.{BYLINE}"
    assert mended(text) == (text, ["warning end-notes"])


def test_notes_of_several_lines_and_a_byline_right_behind() -> None:
    out, _ = mended("Idle.[1] Denied.[2]\n\nNotes\n[1] One\nof two lines.\n\n[2] Two.\n\nA B – *c*")
    assert out.endswith("[^end-1]: One\n    of two lines.\n\n[^end-2]: Two.\n\n\nA B – *c*")
    out, _ = mended("Idle.[1] Denied.[2]\nNotes\n[1] One.\n[2] Two.\nA B – *c*")
    assert out.endswith("[^end-1]: One.\n\n[^end-2]: Two.\n\nA B – *c*")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["03-endnotes-square.txt", "05-endnotes-bare-digit.txt"])
def test_on_the_page(series: Series, tmp_path: Path, name: str) -> None:
    folder = series({"a.txt": (CASES / "real-briefs" / name).read_text("utf-8")})
    built = build(folder / "a.txt", tmp_path / "out", store=Store(None))
    page = Pdf(built.files[0]).text()
    assert "1 Ministry of Ports, " in page and "2 “Dockers speak out" in page
    assert "[1]" not in page and "Notes" not in page
    assert "By Lina Farouk" in page
    sources = (built.files[0].parent / "sources.json").read_text("utf-8")
    assert "https://www.example.org/berths" in sources and "Dockers speak out" in sources


LISTED = "## References\n\n[1] One, 2019.\n[2] Two, 2018.\n[3] Three, 2017.\n[4] Four, 2016."


@pytest.mark.parametrize(("calls", "read"), [
    (("a [1, 2].", "b [3-4]."), (" a", 2)), (("a [1,2] and", "b [3; 4]."), (" a", 2)),
    (("a [1]–[3].", "b [4]."), (" a", 3)), (("a [1–3].", "b [4]."), (" a", 3))])
def test_references_in_groups_and_ranges(calls: tuple[str, str], read: tuple[str, int]) -> None:
    out, told = mended(f"They said {calls[0]} Then {calls[1]}\n\n{LISTED}{BYLINE}")
    assert told == ["note end-notes"]
    start = out.index(read[0]) + len(read[0])
    assert re.match(rf"(?:\[\^[\w-]+\]){{{read[1]}}}(?!\[)", out[start:])
    assert len(re.findall(r"^\[\^[\w-]+\]:", out, re.MULTILINE)) == 4


@pytest.mark.parametrize("text", ["in [2018, 2019]", "in [1-9]", "in [0, 1]"])
def test_what_is_no_group_of_references(text: str) -> None:
    out, _ = mended(f"They said {text} it [1]. So [2] is [3] and [4].\n\n{LISTED}{BYLINE}")
    assert text in out


def test_notes_of_word_with_links_both_ways() -> None:
    text = ("The chief[\\[1\\]](#_ftn1) said[2](#_ftn2 \"\") so.\n\n"
            "[\\[1\\]](#_ftnref1) One, 2019.\n\n[2](#_ftnref2) Two, 2018."
            f"{BYLINE}\n\nA remark.\n\nAnother.\n\nA third.\n\nA fourth.")
    out, told = mended_as_is(text)
    assert told == ["note end-notes"]
    assert out.startswith("The chief[^ftn-1] said[^ftn-2] so.")
    assert "[^ftn-1]: One, 2019." in out and "[^ftn-2]: Two, 2018." in out and "_ftn" not in out


def mended_as_is(text: str) -> tuple[str, list[str]]:
    sink = Sink()
    lines = with_end_notes(list(enumerate(text.split("\n"), 1)), "a.md", sink)
    return "\n".join(line for _, line in lines), [f"{d.severity.value} {d.code}" for d in sink]


def test_numbers_behind_a_space_before_a_stop() -> None:
    words = "Eight are left to be signed 1. In the bodies that decide 2, and for eight states 3."
    notes = "1. The count is ours.\n2. So is this one.\n3. And the third."
    out, told = mended(f"{words}\n\n{notes}{BYLINE}")
    assert told == ["note end-notes"]
    assert "signed[^end-1]. In" in out and "decide[^end-2], and" in out and "states[^end-3]." in out
    assert mended(f"Under Article 1. Then it went.\n\n1. One.\n2. Two.\n3. Three.{BYLINE}")[1] == []
