"""`reportgen cites`: every note of the pages, however it was written, and what may be one."""

from __future__ import annotations

import json

import pytest

from .conftest import SMALL_BRIEF, Series
from .test_bad_input import run

BRIEF = SMALL_BRIEF.replace("only text,", """only text [with a link](https://example.org/link),
a bare address (A report that may be meant at length, Example Office) and a note,[^1]""").replace(
    "Anna Rossi –", "[^1]: Office, *Its own report*, 2 May 2019.\n\nAnna Rossi –")


@pytest.mark.slow
def test_cites_lists_every_note_and_what_may_be_one(series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": BRIEF})
    done = run("cites", "2019-04", "--format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [(r["note"], r["confidence"], r["url"] or r["title"]) for r in rows] == [
        ("1", "sure", "https://example.org/one"), ("2", "note", "https://example.org/link"),
        ("3", "note", "Its own report")]
    assert all(r["brief"] == "gulf" and r["place"].startswith("2019-04/gulf.md:") for r in rows)
    table = run("cites", "2019-04", cwd=folder).stdout
    assert "note 2  [note]  https://example.org/link." in table


@pytest.mark.slow
def test_cites_shows_what_stays(series: Series) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text (Ocotepeque Mutual Credit, no. 14),")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    table = run("cites", "2019-04", cwd=folder).stdout
    assert "stays  [possible]  Ocotepeque Mutual Credit, no. 14" in table


@pytest.mark.slow
def test_notes_and_pages_agree(series: Series) -> None:
    """As many notes as the list of what was built has, in all habits together."""
    end_notes = BRIEF.replace("and a note,[^1]", "and end notes [1].").replace(
        "[^1]: Office, *Its own report*, 2 May 2019.", "Notes\n\n[1] Office, *Report*, 2019.")
    folder = series({"series.toml": "", "2019-04/gulf.md": end_notes})
    rows = json.loads(run("cites", "2019-04", "--format", "json", cwd=folder).stdout)
    assert [r["note"] for r in rows] == ["1", "2", "3"]
