"""Marks that an author gave a note instead of its number: a star behind the author's name.

Word writes such a mark as text behind the reference (ECMA-376, part 1, 17.11.14,
`customMarkFollows`) and once more at the beginning of the note. The note has its number on the
page, so both go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARK = r"\s*[*†‡§¶#]{1,3}\s*"
_ON = ("1", "true", "on")


def without_custom_marks(document: Element, notes: Element | None, kind: str) -> None:
    """Take the marks of notes of a kind, `footnote` or `endnote`, out of both parts, in place."""
    marked = {identifier for run in document.iter(f"{_W}r")
              for identifier in _without_mark(run, f"{_W}{kind}Reference")}
    for note in notes.iter(f"{_W}{kind}") if notes is not None and marked else ():
        first = next((t for t in note.iter(f"{_W}t") if (t.text or "").strip()), None)
        if note.get(f"{_W}id") in marked and first is not None:
            first.text = re.sub(rf"^{_MARK}", "", first.text or "")


def _without_mark(run: Element, reference: str) -> Iterator[str]:
    """Take the mark behind a reference out of a run; yield the identifier of the note."""
    behind = False
    for child in list(run):
        if child.tag == reference and child.get(f"{_W}customMarkFollows") in _ON:
            behind = True
            yield child.get(f"{_W}id", "")
        elif behind and child.tag == f"{_W}t" and re.fullmatch(_MARK, child.text or ""):
            run.remove(child)
