"""Text that nobody tuned: whatever comes, notes stand with their calls and no word is lost."""

from __future__ import annotations

import pytest

from reportgen.pipeline import build
from reportgen.store import Store

from .promises import LINES, Counted, counted
from .untuned import write_issue

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[(11, False), (12, True), (13, True)],
                ids=["paragraphs", "mixed", "mixed again"])
def issue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """What is to be counted in an issue of twelve briefs."""
    seed, mixed = request.param
    folder = tmp_path_factory.mktemp("untuned")
    source = write_issue(folder, 12, seed, mixed=mixed)
    return counted(source, build(source, folder / "build", store=Store(None)))


def test_every_note_begins_on_the_page_of_its_call(issue: Counted) -> None:
    """In paragraphs, lists, quotations, cells, captions and subheads."""
    assert issue.calls > 20
    assert not issue.notes_away


def test_no_word_is_lost_or_doubled(issue: Counted) -> None:
    assert issue.words > 5000
    assert not issue.words_wrong


def test_pages_are_full_and_last_pages_are_none_of_a_few_lines(issue: Counted) -> None:
    assert not issue.told["empty-page"]
    assert issue.told["overrun"] <= 2  # a picture or table that no page before it holds


def test_lines_are_neither_loose_nor_short(issue: Counted) -> None:
    assert sum(issue.told[code] for code in LINES) <= 1, issue.told
