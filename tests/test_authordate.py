"""Citations by author and date, with their list."""

from __future__ import annotations

import pytest

from reportgen.diagnostics import Sink
from reportgen.language.languages import language_of
from reportgen.model import Block, Heading, NoteCall, Paragraph, Run, Text, plain
from reportgen.reading.authordate import with_author_date
from reportgen.reading.markdown import read_blocks

LIST = ("## References\n\nRossi, A. (2019) *The empty quay*. Rome: Molo.\n\n"
        "Rossi, A. and Bianchi, C. (2021). Long pipelines. *Papers*, 7. https://example.org/7\n\n"
        "Harbour Watch (2023). *Arrivals*. https://example.net/35\n\n"
        "MUTEMBA, Alda. Preços. *Caderno*, n. 14, abr. 2022.\n")


def read(text: str, tail: str = LIST, language: str = "en") -> tuple[list[Block], Sink]:
    sink = Sink()
    blocks = read_blocks(list(enumerate(f"{text}\n\n{tail}".split("\n"), 1)), "a.md", sink)
    return list(with_author_date(blocks, language_of(language), sink)), sink


def shown(text: Text) -> str:
    return "".join("^" if isinstance(i, NoteCall) else i.text if isinstance(i, Run) else ""
                   for i in text)


def notes(text: Text) -> list[str]:
    return [plain(i.note.text) for i in text if isinstance(i, NoteCall)]


ROSSI = "Rossi, A. (2019) The empty quay. Rome: Molo."
BOTH = "Rossi, A. and Bianchi, C. (2021). Long pipelines. Papers, 7. https://example.org/7"


@pytest.mark.parametrize(("text", "out", "expected"), [
    ("It fell (Rossi, 2019).", "It fell.^", [ROSSI]),
    ("It fell (Rossi 2019: 41) again.", "It fell^ again.", [f"{ROSSI[:-1]}, 41."]),
    ("It fell (see Rossi, 2019, p. 4).", "It fell.^", [f"see {ROSSI[:-1]}, p. 4."]),
    ("Rossi (2019) says so.", "Rossi^ says so.", [ROSSI]),
    ("As Rossi and Bianchi (2021) say.", "As Rossi and Bianchi^ say.", [BOTH]),
    ("It fell (Rossi & Bianchi, 2021).", "It fell.^", [BOTH]),
    ("It fell (Rossi et al., 2021).", "It fell.^", [BOTH]),
    ("It fell (Harbour Watch, 2023).", "It fell.^",
     ["Harbour Watch (2023). Arrivals. https://example.net/35"]),
    ("It fell (MUTEMBA, 2022).", "It fell.^",
     ["MUTEMBA, Alda. Preços. Caderno, n. 14, abr. 2022."]),
    ("It fell (Rossi, 2019; Harbour Watch, 2023).", "It fell.^",
     [f"{ROSSI[:-1]}; Harbour Watch (2023). Arrivals. https://example.net/35"]),
])
def test_a_citation_becomes_a_note(text: str, out: str, expected: list[str]) -> None:
    blocks, _ = read(text)
    first = blocks[0]
    assert isinstance(first, Paragraph)
    assert (shown(first.text), notes(first.text)) == (out, expected)


@pytest.mark.parametrize("text", [
    "The treaty (signed in 2019) holds.", "The elections (May 2021) were free.",
    "It fell (Verdi, 2019).", "It fell (Rossi, 2018).", "Since then (2019) nothing happened.",
    "The plan (2019-2023) failed."])
def test_other_brackets_stay(text: str) -> None:
    blocks, _ = read(f"It fell (Harbour Watch, 2023).\n\n{text}")
    second = blocks[1]
    assert isinstance(second, Paragraph) and shown(second.text) == text


def test_a_call_without_an_entry_is_told() -> None:
    _, sink = read("It fell (Rossi, 2019), and rose (Verdi, 2020).")
    assert any(d.code == "author-date" and "Verdi, 2020" in d.message for d in sink)


def test_entries_that_nothing_calls_stay() -> None:
    blocks, _ = read("It fell (Rossi, 2019).")
    assert [type(b) for b in blocks] == [Paragraph, Heading, Paragraph, Paragraph, Paragraph]
    assert ROSSI not in [plain(b.text) for b in blocks if isinstance(b, Paragraph)]


def test_two_entries_that_fit_alike_are_not_guessed_over() -> None:
    tail = "## References\n\nRossi, A. (2019). One.\n\nRossi, B. (2019). Two.\n"
    blocks, _ = read("It fell (Rossi, 2019).", tail)
    assert isinstance(blocks[0], Paragraph) and shown(blocks[0].text) == "It fell (Rossi, 2019)."


def test_without_a_list_nothing_happens() -> None:
    blocks, sink = read("It fell (Rossi, 2019).", "")
    assert isinstance(blocks[0], Paragraph) and shown(blocks[0].text) == "It fell (Rossi, 2019)."
    assert not list(sink)


def test_an_entry_with_a_note_in_it_is_none() -> None:
    """Notes do not stand in notes: its call would lead nowhere."""
    blocks, _ = read("It fell (Rossi, 2019).",
                     "## References\n\nRossi, A. (2019).[^9] One.\n\n[^9]: A remark.\n")
    assert isinstance(blocks[0], Paragraph) and shown(blocks[0].text) == "It fell (Rossi, 2019)."


LETTERED = ("## References\n\nRossi, A. (2022a). *The empty quay*. Rome: Molo.\n\n"
            "Rossi, A. (2022b). *The full quay*. Rome: Molo.\n\n"
            "Rossi, A. (2019). *Before the quay*. Rome: Molo.\n")


@pytest.mark.parametrize(("text", "expected"), [
    ("It fell (Rossi 2022b).", ["Rossi, A. (2022b). The full quay. Rome: Molo."]),
    ("It fell (Rossi, 2022a, p. 3).", ["Rossi, A. (2022a). The empty quay. Rome: Molo, p. 3."]),
    ("It fell (Rossi 2022a, b).", ["Rossi, A. (2022a). The empty quay. Rome: Molo; "
                                   "Rossi, A. (2022b). The full quay. Rome: Molo."]),
    ("It fell (Rossi 2019, 2022a).", ["Rossi, A. (2019). Before the quay. Rome: Molo; "
                                      "Rossi, A. (2022a). The empty quay. Rome: Molo."]),
    ("It fell (Rossi 2022).", []),
    ("It fell (Rossi 2019, 1999).", []),
])
def test_works_of_a_year_are_told_apart_by_letters(text: str, expected: list[str]) -> None:
    blocks, _ = read(text, LETTERED)
    assert isinstance(blocks[0], Paragraph)
    assert notes(blocks[0].text) == expected
