"""The measurements beside peers find the templates as they are: a figure can be had at any time."""

from __future__ import annotations

from pathlib import Path

from bench import peers

from .untuned import write_issue


def test_the_bulletin_is_written_for_the_peers(tmp_path: Path) -> None:
    material = peers.material(write_issue(tmp_path / "series", 1, 7), tmp_path)
    html, source = (p.read_text(encoding="utf-8") for p in (material.html, material.source))
    assert material.titles
    assert all(title.split()[0] in html and title.split()[0] in source for title in material.titles)
