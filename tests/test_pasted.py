"""Text pasted out of a PDF: broken words are joined, page numbers left out, all of it logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.diagnostics import Sink
from reportgen.pipeline import build
from reportgen.reading.pasted import mended
from reportgen.reading.plaintext import with_bullets
from reportgen.store import Store

from .conftest import CASES, Pdf, Series


def read(text: str, language: str = "en") -> tuple[str, list[str], list[tuple[str, str]]]:
    sink = Sink()
    lines = mended(list(enumerate(text.split("\n"), 1)), language, "a.txt", sink)
    assert [n for n, _ in lines] == sorted({n for n, _ in lines})
    return "\n".join(t for _, t in lines), [d.code for d in sink], [
        (change.before, change.after) for change in sink.changes]


@pytest.mark.parametrize(("text", "language", "out"), [
    ("The govern-\nment said so.", "en", "The government\nsaid so."),
    ("the gov-\nernment, which", "en", "the government,\nwhich"),
    ("a state-\nment of the part-\nners", "en", "a statement\nof the partners\n"),
    ("the inter-\nnational law-\nyers", "en", "the international\nlawyers\n"),
    ("The long-\nterm plan", "en", "The long-term\nplan"),
    ("the decision-\nmaking body", "en", "the decision-making\nbody"),
    ("die Regie-\nrung sagte", "de", "die Regierung\nsagte"),
    ("il gover-\nno disse", "it", "il governo\ndisse"),
    ("прави-\nтельство", "ru", "правительство\n"),
    ("It is pre-war. The pre-\nwar years", "en", "It is pre-war. The pre-war\nyears"),
    ("All cooperation ends. The co-\noperation", "en", "All cooperation ends. The cooperation\n"),
    ("an on-the-\nground view", "en", "an on-the-ground\nview")])
def test_a_broken_word_is_one_word(text: str, language: str, out: str) -> None:
    assert read(text, language)[0] == out


@pytest.mark.parametrize("text", [
    "pre- and post-war", "pre-\nand post-war", "Nord-\nund Südseite", "A dash -\nand more",
    "the Baden-\nWürttemberg case", "from 1990-\n1999 on", "it ends here-", "-\nword", ""])
def test_other_hyphens_stay(text: str) -> None:
    assert read(text) == (text, [], [])


def test_what_is_in_doubt_is_told() -> None:
    out, codes, changes = read("of five were emp-\nty on most days")
    assert out == "of five were empty\non most days"
    assert codes == ["broken-word"] and changes == [("emp- ty", "empty")]


FULL = "The port authority published its figures on Monday, and they were"


@pytest.mark.parametrize("number", ["12", "- 12 -", "Page 2 of 3", "Seite 4", "2/3", "– 7 –"])
def test_page_numbers(number: str) -> None:
    out, codes, changes = read(f"{FULL}\nworse than feared, and\n{number}\nthey were late.")
    assert out == f"{FULL}\nworse than feared, and\nthey were late."
    assert codes == ["page-number"] and changes == [(number, "")]
    out, _, _ = read(f"{FULL}\nworse than feared.\n{number}\nShippers wait.")
    assert out == f"{FULL}\nworse than feared.\n\nShippers wait."


@pytest.mark.parametrize("text", [
    f"{FULL}\n\n12\n\nMore text.", "12\n13\n14", f"{FULL} more.\n12\n13 more",
    "In figures\n12\nships", f"{FULL}\nworse.\n2019\nwas better."])
def test_other_numbers_stay(text: str) -> None:
    assert read(text) == (text, [], [])


def test_a_pasted_brief_on_the_page(series: Series, tmp_path: Path) -> None:
    name = "18-pdf-hyphens.txt"
    folder = series({"a.txt": (CASES / "real-briefs" / name).read_text("utf-8")})
    built = build(folder / "a.txt", tmp_path / "out", store=Store(None))
    page = Pdf(built.files[0]).text()
    assert "were empty on most days of the month, and the long-term contracts" in page
    assert "were not renewed. Shippers now wait" in page
    log = next(f for f in built.files if f.name == "changes.txt").read_text("utf-8")
    assert "broken-word\temp- ty\tempty" in log and "page-number\t12\t" in log


@pytest.mark.parametrize(("text", "out"), [
    ("\u2022\tOne.\n\u2022\tTwo.", "- One.\n- Two."), ("\uf0b7 One", "- One"),
    ("Before:\n\u2022 One\n\u25aa Two\n\nAfter", "Before:\n\n- One\n- Two\n\nAfter"),
    ("a \u2022 b", "a \u2022 b"), ("\u2022", "\u2022"), ("- One", "- One")])
def test_bullets_begin_a_list(text: str, out: str) -> None:
    sink = Sink()
    lines = with_bullets(list(enumerate(text.split("\n"), 1)), "a.txt", sink)
    assert "\n".join(line for _, line in lines) == out
    assert [d.code for d in sink] == (["bullets"] if out != text else [])


def test_lists_of_markdown_stay_as_they_are() -> None:
    text = "Text:\n\n- one\n  goes on\n- two\n    - nested\n- three\n"
    sink = Sink()
    lines = with_bullets(list(enumerate(text.split("\n"), 1)), "a.md", sink)
    assert "\n".join(t for _, t in lines) == text
    assert not list(sink)


def test_dashes_make_a_list_if_there_are_two() -> None:
    sink = Sink()
    lines = with_bullets([(1, "These:"), (2, "— one"), (3, "— two"), (4, ""), (5, "— he said")],
                         "a.txt", sink)
    assert [t for _, t in lines] == ["These:", "", "- one", "- two", "", "— he said"]
    assert [d.code for d in sink] == ["bullets"]
