"""Stars: authors whose names have them, notes that are called by them, and what stands behind."""

from __future__ import annotations

import re

from reportgen.diagnostics import Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.byline import PREFIX, names_in
from reportgen.reading.markdown import Line

_STARRED = pattern(
    r"^(?P<lead>(?:by|von|par|di|por|de)\s+)?(?P<name>[^*\\]{5,80}?)\s?\\?\*$", re.IGNORECASE)
_STAR_NOTE = pattern(r"^\\?\*\s+\S")
_STARRED_WITHIN = 6
"""Lines of text at the top among which the authors stand."""


def with_starred_author(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which what stands behind a star at the foot of a page is the author's bio.

    `Selin Karaoğuz*` below the title, and `* Dr., University of ...` in one place further down.
    """
    several = _with_starred_authors(lines, name, sink)
    if several is not None:
        return several
    first = [at for at, (_, text) in enumerate(lines) if text.strip()][:_STARRED_WITHIN]
    star = next((at for at in first if (m := _STARRED.match(lines[at][1].strip()))
                 and names_in(m["name"])), None)
    notes = [at for at, (_, text) in enumerate(lines) if _STAR_NOTE.match(text)
             and (not at or not lines[at - 1][1].strip())]
    if star is None or len(notes) != 1:
        return lines
    begin = notes[0]
    end = next((at for at in range(begin, len(lines)) if not lines[at][1].strip()), len(lines))
    match = _STARRED.match(lines[star][1].strip())
    assert match
    words = " ".join(text.strip() for _, text in lines[begin:end]).lstrip("\\* ")
    number = lines[begin][0]
    sink.note("starred", f'"* {words[:60]}" is taken for what is said of {match["name"]}',
              Span(name, number))
    out = list(lines)
    out[star] = lines[star][0], f"By {match['name']}"
    blank = all(not lines[at][1].strip() for at in (begin - 1, end) if 0 <= at < len(lines))
    before = next((lines[at][1].rstrip() for at in range(begin - 1, -1, -1)
                   if lines[at][1].strip()), ".")
    goes_on = blank and not before.endswith((".", "!", "?", ":", "”", '"'))
    out[begin - (1 if goes_on else 0) : end + (1 if goes_on else 0)] = []
    return [*out, (number, ""), (number, f"**{match['name']}** – {words}")]


_STARRED_NAME = pattern(
    r"(?P<name>[^*\\,;&]{5,60}?)\s?(?P<stars>(?:\\?\*){1,3})"
    r"(?:\s*(?:,|;|&|$)|\s+(?=(?:and|und|et|y|e|i|и|та|ve)\s))")
_STARS_BELOW = pattern(r"^(?P<stars>(?:\\?\*){1,3})\s+(?P<words>\S.*)$")
_LONGEST_NAMES = 200
"""letters of a line with two authors"""
_JOINING = pattern(r"^(?:and|und|et|y|e|i|и|та|ve)\s+")


def _with_starred_authors(lines: list[Line], name: str, sink: Sink) -> list[Line] | None:
    """Return lines in which one star and two stand for what is said of two authors; or None.

    `By Anna Rossi* and Emil Novak**` at the top, `* Fellow at ...`, `** Director of ...` below.
    """
    for at in [n for n, (_, text) in enumerate(lines) if text.strip()][:_STARRED_WITHIN]:
        text = lines[at][1].strip()
        if text.count("*") < 3 or len(text) > _LONGEST_NAMES:
            continue
        prefix = PREFIX.match(text)
        said = text[prefix.end() if prefix else 0:]
        found = {m["stars"].count("*"): _JOINING.sub("", m["name"].strip())
                 for m in _STARRED_NAME.finditer(said)}
        if (len(found) > 1 and not _STARRED_NAME.sub("", said).strip()
                and all(len(names_in(who)) == 1 for who in found.values())):
            break
    else:
        return None
    below = _notes_below(lines, at + 1, sorted(found))
    if below is None:
        return None
    out = list(lines)
    out[at] = lines[at][0], f"By {' and '.join(found.values())}"
    for stars, rows in below.items():
        words = " ".join(lines[row][1].strip() for row in rows).lstrip("\\* ")
        number = lines[rows.start][0]
        sink.note("starred", f'"* {words[:60]}" is taken for what is said of {found[stars]}',
                  Span(name, number))
        for row in rows:
            out[row] = lines[row][0], ""
        out += [(number, ""), (number, f"**{found[stars]}** – {words}")]
    return out


def _notes_below(lines: list[Line], start: int, wanted: list[int]) -> dict[int, range] | None:
    """Return the lines of paragraphs with these numbers of stars that stand one below the other.

    None if there are none, or in more than one place: then they are lists.
    """
    rows: list[tuple[int, range]] = []
    at = start
    while at < len(lines):
        match = _STARS_BELOW.match(lines[at][1])
        stop = at + 1
        if match:
            while stop < len(lines) and lines[stop][1].strip() and not _STARS_BELOW.match(
                    lines[stop][1]):
                stop += 1
        if lines[at][1].strip():
            rows.append((match["stars"].count("*") if match else 0, range(at, stop)))
        at = stop
    runs = [rows[n:n + len(wanted)] for n in range(len(rows))
            if [stars for stars, _ in rows[n:n + len(wanted)]] == wanted]
    return dict(runs[0]) if len(runs) == 1 else None


_SIGNS = (r"\\\*", r"\\\*\\\*", r"\*", r"\*\*", "†", "‡")
"""Calls of notes by signs, a star as Word files and typists have it."""


def with_starred_notes(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which a star that calls a note, and the note behind a star, are Markdown's.

    `hesitate.*` in the text, and one paragraph `* Interview with ...` further down.
    """
    out = list(lines)
    for number, sign in enumerate(_SIGNS, 1):
        note = re.compile(rf"^{sign}(?![*\\])\s*(?=[^\W\d_]|[“„«\"])")
        below = [at for at, (_, text) in enumerate(out) if note.match(text)]
        if len(below) != 1 or not _stands_alone(out, below[0]):
            continue
        call = re.compile(rf"(?<=[^\s*\\_]){sign}(?=[\s.,;:)”»]|\*?$)")
        calls = [(at, match) for at, (_, text) in enumerate(out[: below[0]])
                 for match in call.finditer(text) if text.replace("\\*", "").count("*") % 2 == (
                     sign.startswith(r"\*"))]
        if len(calls) != 1:
            continue
        (at, match), key = calls[0], f"[^star-{number}]"
        line, text = out[at]
        out[at] = line, f"{text[: match.start()]}{key}{text[match.end():]}"
        line, text = out[below[0]]
        out[below[0]] = line, note.sub(f"{key}: ", text)
        sink.note("end-notes", f'"{text[:60]}" is taken for the note that a star calls',
                  Span(name, line))
    return out


def _stands_alone(lines: list[Line], at: int) -> bool:
    """Whether a paragraph begins in a line, or a rule stands above it."""
    return not at or not lines[at - 1][1].strip(" \\_-*")
