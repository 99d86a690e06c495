"""Promises of a finished bulletin, counted from its PDF: notes by their calls, no word lost."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.pipeline import Built

from .tagtree import Node, tree_of

WORD = re.compile(r"[^\W\d_]{3,}")
FURNITURE = {"the", "author", "analyst", "example", "april", "boundaries", "natural", "earth",
             "they", "imply", "endorsement", "dashed", "disputed", "number", "grey", "ramp",
             "without", "prejudice", "positions", "status", "line", "with", "unscr", "and", "icj",
             "opinion", "kosovo", "declaration", "independence", "map", "emphasised", "around",
             "them", "marked", "hatched", "dispute", "anna"}
"""Words of maps and side columns: a brief that has them as well shows more than were written."""

LINES = ("loose-line", "short-line", "overfull-line", "hyphens")
"""Codes of lines that a reader would see."""


@dataclass
class Counted:
    """What was counted in one bulletin, or in several."""

    briefs: int = 0
    pages: int = 0
    calls: int = 0
    notes_away: list[str] = field(default_factory=list)
    """Notes that begin on another page than that of their call."""
    words: int = 0
    words_wrong: list[str] = field(default_factory=list)
    """Words that are not as often on the pages as in the files."""
    told: Counter[str] = field(default_factory=Counter)
    """How often each code was told."""

    def add(self, other: Counted) -> None:
        """Take in what was counted in another bulletin."""
        self.briefs += other.briefs
        self.pages += other.pages
        self.calls += other.calls
        self.notes_away += other.notes_away
        self.words += other.words
        self.words_wrong += other.words_wrong
        self.told += other.told


def counted(source: Path, built: Built) -> Counted:
    """Return what is to be counted in the bulletin of the issue in `source`."""
    out = Counted(pages=built.pages, told=Counter(d.code for d in built.diagnostics))
    articles = tree_of(built.files[0]).find("Art")
    for file, article in zip(sorted(source.glob("*.md")), articles, strict=True):
        out.briefs += 1
        _count_notes(file, article, out)
        _count_words(file, article, out)
    return out


def _count_notes(file: Path, article: Node, out: Counted) -> None:
    calls, notes = article.find("Reference"), article.find("Note")
    if len(calls) != len(notes):
        out.notes_away.append(f"{file.name}: {len(calls)} calls, {len(notes)} notes")
        return
    for call, note in zip(calls, notes, strict=True):
        out.calls += 1
        pages = {page for node in note.walk() for page in node.pages}
        if min(pages) != min(call.pages):
            out.notes_away.append(f"{file.name}: {note.text()[:60]}")


def _count_words(file: Path, article: Node, out: Counted) -> None:
    text = re.sub(r"^(# .*) \w+ \d{4}$", r"\1", file.read_text(encoding="utf-8"), count=1,
                  flags=re.MULTILINE)  # the month stands in the running head
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|^\[\^\d+\]:|\[\^\d+\]|[#>|*_-]", " ", text,
                  flags=re.MULTILINE)
    written = Counter(w.lower() for w in WORD.findall(text))
    shown = re.sub(r"example\.org/\S+", " ", article.text())
    printed = Counter(w.lower() for w in WORD.findall(shown))
    for word, count in written.items():
        if word in FURNITURE or word.startswith("number"):
            if printed[word] < count:
                out.words_wrong.append(f"{file.name}: {word} {count} times, {printed[word]} shown")
        elif printed[word] != count:
            out.words_wrong.append(f"{file.name}: {word} {count} times, {printed[word]} shown")
        out.words += count
