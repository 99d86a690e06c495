"""The measurements beside peers find the templates as they are: a figure can be had at any time."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import peers, reading

from reportgen.pipeline import build
from reportgen.store import Store

from .conftest import SMALL_BRIEF, Series
from .untuned import write_issue


@pytest.mark.slow
def test_the_bulletin_is_written_for_the_peers(tmp_path: Path) -> None:
    material = peers.material(write_issue(tmp_path / "series", 1, 7), tmp_path)
    html, source = (p.read_text(encoding="utf-8") for p in (material.html, material.source))
    assert material.titles
    assert all(title.split()[0] in html and title.split()[0] in source for title in material.titles)


@pytest.mark.slow
def test_the_room_that_is_left_on_pages_is_read(series: Series, tmp_path: Path) -> None:
    """A brief of a few lines, and one whose text goes down to the foot."""
    long = SMALL_BRIEF.replace("only text, ", "only text, which is said again, " * 300)
    empty, full = (
        reading.room(build(series({f"{name}/gulf.md": text}) / name / "gulf.md", tmp_path / name,
                           store=Store(None)).files[0])
        for name, text in (("short", SMALL_BRIEF), ("long", long)))
    assert empty > 0.5
    assert full < 0.35
