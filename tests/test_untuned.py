"""Text that nobody tuned: whatever comes, notes stand with their calls and no word is lost."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from reportgen.pipeline import Built, build
from reportgen.store import Store

from .tagtree import Node, tree_of
from .untuned import write_issue

pytestmark = pytest.mark.slow

WORD = re.compile(r"[^\W\d_]{3,}")
FURNITURE = {"the", "author", "analyst", "example", "april", "boundaries", "natural", "earth",
             "they", "imply", "endorsement", "dashed", "disputed", "number", "grey", "ramp",
             "without", "prejudice", "positions", "status", "line", "with", "unscr", "and", "icj",
             "opinion", "kosovo", "declaration", "independence", "map", "emphasised", "around",
             "them", "marked", "hatched", "dispute", "anna"}


@pytest.fixture(scope="module", params=[(11, False), (12, True), (13, True)],
                ids=["paragraphs", "mixed", "mixed again"])
def issue(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """An issue of twelve briefs and what was built of it."""
    seed, mixed = request.param
    folder = tmp_path_factory.mktemp("untuned")
    source = write_issue(folder, 12, seed, mixed=mixed)
    return source, build(source, folder / "build", store=Store(None))


def articles(built: Built) -> list[Node]:
    return tree_of(built.files[0]).find("Art")


def test_every_note_begins_on_the_page_of_its_call(issue: tuple[Path, Built]) -> None:
    """In paragraphs, lists, quotations, cells, captions and subheads."""
    count = 0
    for article in articles(issue[1]):
        calls = article.find("Reference")
        notes = article.find("Note")
        assert len(calls) == len(notes)
        for call, note in zip(calls, notes, strict=True):
            pages = {page for node in note.walk() for page in node.pages}
            assert min(pages) == min(call.pages), note.text()[:60]
            count += 1
    assert count > 20


def test_no_word_is_lost_or_doubled(issue: tuple[Path, Built]) -> None:
    source, built = issue
    for file, article in zip(sorted(source.glob("*.md")), articles(built), strict=True):
        text = re.sub(r"https?://\S+", " ", file.read_text(encoding="utf-8"))
        text = re.sub(r"!\[[^\]]*\]\([^)]*\)|^\[\^\d+\]:|\[\^\d+\]|[#>|*_-]", " ", text,
                      flags=re.MULTILINE)
        written = Counter(w.lower() for w in WORD.findall(text))
        printed = Counter(w.lower() for w in WORD.findall(
            re.sub(r"example\.org/\S+", " ", article.text())))
        wrong = {word: (count, printed[word]) for word, count in written.items()
                 if printed[word] != count and word not in FURNITURE
                 and not word.startswith("number")}
        assert not wrong, (file.name, wrong)


def test_pages_are_full_and_last_pages_are_none_of_a_few_lines(issue: tuple[Path, Built]) -> None:
    told = {d.code for d in issue[1].diagnostics}
    assert "empty-page" not in told
    overruns = [d for d in issue[1].diagnostics if d.code == "overrun"]
    assert len(overruns) <= 2  # a picture or table that no page before it holds


def test_lines_are_neither_loose_nor_short(issue: tuple[Path, Built]) -> None:
    bad = [d for d in issue[1].diagnostics if d.code in ("loose-line", "short-line",
                                                         "overfull-line", "hyphens")]
    assert len(bad) <= 1, bad
