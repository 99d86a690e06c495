"""Briefs that were written before anything was tuned to them, read as a careful editor would."""

from __future__ import annotations

from pathlib import Path

import pytest

from .blindset import briefs, score

MISSED = {
    "04-pdf-paste-flattened-superscripts": "notes at the foot of each page of a PDF",
    "14-pagina-salvata-traduzione": "an article whose page marks little of its furniture",
    "06-autor-jahr-literatur": "the name stands with its title above, without it below",
    "03-author-date-numbered": "the editor would leave the numbers of subheads out",
    "07-pdf-paste-fontes": "a title on two lines",
    "10-no-blank-lines-key-points": "paragraphs without blank lines, of which few are long",
    "11-sources-line-blockquote": "a name in the text is also that of its author's institute",
    "13-md-footnotes-two-authors": "the editor would print the label of the key points as no head",
}
"""What is known not to be read as its editor would print it, and why."""


@pytest.mark.parametrize("path", briefs(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_brief_is_read_as_an_editor_would(path: Path) -> None:
    found = score(path)
    assert not found.silent, found.misses
    if path.stem not in MISSED:
        assert not found.misses
