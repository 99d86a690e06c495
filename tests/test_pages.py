"""A dozen real pages, quick enough for every day: each kind of block, with a note in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.pipeline import build
from reportgen.store import Store

from .conftest import SMALL_BRIEF, Pdf
from .tagtree import tree_of

NOTE = "\n[^1]: The note that is called.\n"

BLOCKS = {
    "paragraph": ("Words of a paragraph[^1] go on.", "P"),
    "subhead": ("## A subhead[^1]\n\nWords below it.", "H2"),
    "list": ("- First[^1]\n- Second\n- Third", "LI"),
    "numbered list": ("3. Third[^1]\n4. Fourth", "LI"),
    "nested list": ("- Outer\n\n    - Inner[^1]\n    - Other", "LI"),
    "quotation": ("> Said by somebody[^1].\n>\n> And more.", "BlockQuote"),
    "table": ("| Head | Other |\n|---|---:|\n| cell[^1] | 12 |\n| more | 3 |", "TD"),
    "link": ("See [the *charter*](https://example.org/x)[^1] and go on.", "Link"),
    "emphasis": ("A **strong** word, an *emphasised* one[^1] and `code`.", "P"),
    "code": ("A word[^1].\n\n    def f(x):\n        return x", "P"),
    "long word": ("A" + "bcdefghij" * 9 + " and a note[^1].", "P"),
    "superior": ("On the 1st of May, 5 m² of it[^1], H₂O.", "P"),
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_page_of_every_block(kind: str, tmp_path: Path) -> None:
    text, element = BLOCKS[kind]
    brief = tmp_path / "brief.md"
    brief.write_text(SMALL_BRIEF.replace("The second paragraph", f"{text}\n\nThe second paragraph")
                     + NOTE, encoding="utf-8")
    built = build(brief, tmp_path / "out", store=Store(None))
    assert built.pages == 1
    tree = tree_of(built.files[0])
    notes = tree.find("Note")
    assert [note.text().split(" ", 1)[0] for note in notes] == ["1", "2"]
    assert "The note that is called" in notes[1].text()
    assert tree.find(element)
    assert tree.text().index("cites a source") < tree.text().index("The note that is called")


def test_calls_of_notes_in_a_row_are_parted(tmp_path: Path) -> None:
    brief = tmp_path / "brief.md"
    words = "It was said[^1][^2], and denied [^3], [^4]."
    notes = "\n".join(f"[^{n}]: Note number {n}.\n" for n in range(1, 5))
    brief.write_text(f"{SMALL_BRIEF.replace('The second paragraph', words)}\n\n{notes}", "utf-8")
    build(brief, tmp_path / "out", store=Store(None))
    text = Pdf(next((tmp_path / "out").rglob("*.pdf"))).text()
    assert "It was said,2,3 and denied.4,5" in text
