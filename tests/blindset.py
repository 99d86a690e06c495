"""Scoring what was read of a brief against what a careful editor would print (tests/blind).

    .venv/bin/python -m tests.blindset [NAME ...]     # print what differs, and the figures
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.composing.identity import source_key
from reportgen.diagnostics import Change, Diagnostic, ReportgenError, Severity, Sink
from reportgen.export import press_of
from reportgen.model import (
    ComposedBrief,
    Heading,
    LineBreak,
    ListBlock,
    Note,
    NoteCall,
    Run,
    Text,
    plain,
)
from reportgen.reading.byline import untitled
from reportgen.reading.labels import LABELS
from reportgen.reading.regions import RegionTable
from reportgen.series import shipped_regions
from reportgen.session import open_session
from reportgen.standards import ColourSpace
from reportgen.store import Store
from reportgen.texts import texts, walk

BLIND = Path(__file__).parent / "blind"
_EXPECTED = (".md", ".txt", ".html", ".docx", ".odt")


_TELLING = {
    "refused": {"no-title", "no-region", "no-date", "no-text", "no-month", "unknown-region",
                "tracked-change"},
    "language": {"language"},
    "region": {"unknown-region", "file-name"},
    "date": {"dateline", "other-month", "no-date"},
    "title": {"no-title", "above-heading", "kicker"},
    "standfirst": {"no-standfirst", "standfirst"},
    "authors": {"no-byline", "byline", "no-bio", "author"},
    "bio": {"no-bio", "no-byline"},
    "note": {"possible-citation", "end-notes", "author-date", "bare-address", "links",
             "flattened-note", "unused-note"},
    "subheads": {"subhead", "heading-level"},
    "list items": {"bullets", "subhead"},
    "lost": {"above-heading", "mail", "page-furniture", "site-words", "left-out", "page-number",
             "running-head", "bare-address", "possible-citation", "kicker", "credit"},
    "printed": {"possible-citation", "end-notes", "author-date", "subhead", "raw-html",
                "unknown-markup", "page-furniture", "site-words", "credit"},
}
"""The codes of messages by which an editor looks at what is wrong."""


def _telling(miss: str) -> set[str]:
    return next(codes for kind, codes in _TELLING.items() if miss.startswith(kind))


@dataclass
class Score:
    """What was found of one brief."""

    name: str
    misses: list[str] = field(default_factory=list)
    told: list[Diagnostic] = field(default_factory=list)
    expected: int = 0
    """Citations."""
    found: int = 0
    right: int = 0
    brief: ComposedBrief | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def silent(self) -> list[str]:
        """What is wrong without a message that is about it."""
        codes = {d.code for d in self.told}
        return [miss for miss in self.misses if not codes & _telling(miss)]


def briefs() -> list[Path]:
    """Return the files of the set."""
    return sorted(p for p in BLIND.rglob("*") if p.suffix in _EXPECTED and p.name != "README.md")


def score(path: Path) -> Score:
    """Build a brief, and compare."""
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    out = Score(f"{path.parent.name}/{path.stem}", expected=len(wanted["notes"]))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / path.name
        file.write_bytes(path.read_bytes())
        brief = _composed(file, out)
    if brief is None:
        out.misses.append("refused: " + "; ".join(
            f"{d.span.line} {d.code} {d.message}" for d in out.told
            if d.severity is Severity.ERROR))
        return out
    _fields(brief, wanted, out)
    _notes(brief, wanted, out)
    _text(brief, wanted, out)
    return out


def _composed(file: Path, out: Score) -> ComposedBrief | None:
    sink = Sink()
    try:
        session = open_session(file, (), sink, press_of, store=Store(None))
        result = session.composed(session.frame.files[0], ColourSpace.RGB) if session else None
    except ReportgenError as error:
        out.told = list(error.diagnostics)
        return None
    out.told = [*sink, *(result.sink if result else ())]
    out.changes = list(result.sink.changes) if result else []
    out.brief = result.value if result else None
    return out.brief


def folded(text: str) -> str:
    """Return words as they are compared: signs that only look different are the same."""
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", ""))
    text = re.sub("[\u200b\u2060\ufeff]", "", text)
    text = re.sub("[‘’‚‛`´]", "'", text)
    text = re.sub("[“”„‟«»‹›]|''", '"', text)
    text = re.sub('[‐‑‒–—―]|--', "-", text)
    text = text.replace("…", "...")
    text = re.sub(r"\s+", " ", text)
    return re.sub(r' ?(["(),.;:!?]) ?', r"\1", text).strip().casefold()


def _caseless(name: str) -> str:
    """Return a name without the case of its letters: in Turkish, ı and i become I and İ."""
    return folded(name.replace("İ", "i").replace("ı", "i"))


def _fields(brief: ComposedBrief, wanted: dict[str, Any], out: Score) -> None:
    def differs(name: str, found: str) -> None:
        if folded(found) != folded(str(wanted[name])):
            out.misses.append(f"{name}: {found!r}, not {wanted[name]!r}")

    wanted["language"] = wanted["language"].partition("-")[0]
    differs("language", brief.language)
    differs("date", str(brief.date))
    region = RegionTable(shipped_regions()).find(wanted["region"])
    names = [wanted["region"], *((region.name, *region.names.values()) if region else ())]
    if _caseless(brief.region) not in map(_caseless, names):
        out.misses.append(f"region: {brief.region!r}, not {wanted['region']!r}")
    differs("title", plain(brief.title))
    differs("standfirst", plain(brief.standfirst))
    names = [author.name for author in brief.authors]
    # With titles and without, both are right.
    names = [re.sub(r"\s*\([^()]*\)$", "", untitled(name)) for name in names]
    if [folded(n) for n in names] != [folded(n) for n in wanted["authors"]]:
        out.misses.append(f"authors: {names}, not {wanted['authors']}")
    bios = folded(" ".join(f"{author.name} {plain(author.bio)}" for author in brief.authors))
    out.misses += [f"bio lacks {w!r}" for w in wanted["bio_contains"]
                   if _COPULA.sub("", folded(w)) not in bios]


_COPULA = re.compile(r"^(?:is|are|è|est|ist|es|é|jest) (?:an? )?")
"""What goes between a name and a bio; the change is logged, and both are right."""


def _calls(text: Text, notes: dict[str, int]) -> list[tuple[str, int]]:
    """Return for each call of a note the words before it, and the note's number."""
    words, found = "", []
    for inline in text:
        called = re.search(r"-note-(\d+)$", inline.style.href or "") if isinstance(
            inline, Run) and inline.style.superior else None
        if called:  # a note that is called again
            found.append((words, int(called[1]) - 1))
        elif isinstance(inline, Run):
            words += inline.text
        elif isinstance(inline, LineBreak):
            words += " "
        elif isinstance(inline, NoteCall):
            found.append((words, notes[inline.note.identifier]))
    return found


def _with_first(note: Note, notes: tuple[Note, ...]) -> str:
    """Return the words of a note; one in short leads to the note that has its source in full."""
    keys = {source_key(source) for source in note.sources}
    first = next(n for n in notes if n is note or keys & {source_key(s) for s in n.sources})
    return f"{plain(note.text)} {plain(first.text)}"


def _notes(brief: ComposedBrief, wanted: dict[str, Any], out: Score) -> None:
    numbers = {note.identifier: n for n, note in enumerate(brief.notes)}
    found = [call for text in (brief.title, brief.standfirst, *texts(brief.blocks))
             for call in _calls(text, numbers)]
    out.found = len(found)
    left = list(found)
    printed = [_with_first(note, brief.notes) for note in brief.notes]
    for note in wanted["notes"]:
        after = folded(note["call_after"].rstrip(".,;:!?…"))  # the language has its own order
        match = next(((before, n) for before, n in left
                      if after in folded(before)[-len(after) - 12:]
                      and all(folded(w) in folded(printed[n])
                              for w in note["contains"])), None)
        if match is None:
            at = [plain(brief.notes[n].text)[:70] for before, n in left
                  if after in folded(before)[-len(after) - 12:]]
            out.misses.append(f"note after {note['call_after']!r}: {note['contains']}, found {at}")
        else:
            left.remove(match)
            out.right += 1
    out.misses += [f"note not asked for: {before[-30:]!r}: {plain(brief.notes[n].text)[:60]!r}"
                   for before, n in left]


def _without_labels(heads: list[str]) -> list[str]:
    """Return subheads without the labels of key points: as heads and as words, both are right."""
    bare = [_unnumbered(h) for h in heads]
    return [h for h in bare if h.strip(" :").replace("'", "’") not in LABELS | {"l’essentiel"}]


def _unnumbered(head: str) -> str:
    """Return a subhead folded, without a number: with it and without, both are right."""
    return re.sub(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[ivx]+\.)\s*", "", folded(head))


def _text(brief: ComposedBrief, wanted: dict[str, Any], out: Score) -> None:
    heads = [plain(b.text) for b in walk(brief.blocks) if isinstance(b, Heading)]
    if _without_labels(heads) != _without_labels(wanted["subheads"]):
        out.misses.append(f"subheads: {heads}, not {wanted['subheads']}")
    items = sum(len(b.items) for b in walk(brief.blocks) if isinstance(b, ListBlock))
    if wanted["list_items"] not in (items, items + len(brief.key_points)):
        out.misses.append(f"list items: {items}, not {wanted['list_items']}")
    everything = [plain(t) for t in (brief.title, brief.standfirst, *texts(brief.blocks),
                                     *(note.text for note in brief.notes),
                                     *(author.bio for author in brief.authors))]
    everything += brief.key_points
    words = folded(" ".join(everything))
    body = folded(" ".join(everything))
    out.misses += [f"lost: {w!r}" for w in wanted["printed"] if folded(w) not in words]
    out.misses += [f"printed: {w!r}" for w in wanted["not_printed"]
                   if (w in "".join(everything) if not any(map(str.isalnum, w)) or (
                       len(w) == 1 and not w.isascii()) else folded(w) in body)]


def main() -> None:
    """Print what differs, and the figures."""
    chosen = [p for p in briefs() if not sys.argv[1:] or any(a in str(p) for a in sys.argv[1:])]
    scores = [score(path) for path in chosen]
    for found in scores:
        if found.misses:
            print(found.name)
            for miss in found.misses:
                print(f"    {'IN SILENCE ' if miss in found.silent else ''}{miss[:230]}")
            if sys.argv[1:]:
                for told in found.told:
                    print(f"      told {told.span.line} {told.code}: {told.message[:100]}")
    right = sum(not s.misses for s in scores)
    silent = sum(bool(s.silent) for s in scores)
    expected, seen, good = (sum(getattr(s, key) for s in scores)
                            for key in ("expected", "found", "right"))
    print(f"{right} of {len(scores)} right, {silent} wrong in silence, "
          f"{sum('refused' in m for s in scores for m in s.misses)} refused; citations: "
          f"{good} of {expected} ({good / max(expected, 1):.2f}), {seen} found "
          f"({good / max(seen, 1):.2f})")
    for key in ("language", "region", "date", "title", "standfirst", "authors", "bio", "subheads",
                "list items", "lost", "printed"):
        print(f"  {key:<12} {sum(any(m.startswith(key) for m in s.misses) for s in scores)} miss")


if __name__ == "__main__":
    main()
