"""Text that was pasted out of a PDF or a mail: words broken at line ends, page numbers in between.

A broken word is joined; its hyphen goes or stays by what the rest of the text does, by the patterns
of hyphenation of the language, and by the compounds that are written with one. Each change is
logged, and what is in doubt is told as well.
"""

from __future__ import annotations

import re

from reportgen.diagnostics import Change, Sink, Span
from reportgen.reading.markdown import Line
from reportgen.typesetting.hyphenation import patterns

_BROKEN = re.compile(r"(?<![\w-])([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_REST = re.compile(r"\s*([^\W\d_]+)")
_PAGE = re.compile(r"\s*(?:[-–—]\s*)?(?:page|seite|pagina|página|p\.|стр\.)?\s*\d{1,3}"
                   r"(?:\s*(?:of|von|di|de|/|из)\s*\d{1,3})?(?:\s*[-–—])?\s*", re.I)

_LONG = 4
"""Letters of the second part of a compound, at least."""

_WHOLE_LINE = 40
"""Letters of a line that is full, as lines of a PDF are."""

_AND = frozenset(("and", "or", "nor", "to", "und", "oder", "bis", "e", "ed", "o", "et", "ou", "y",
                  "u", "и", "или"))
"""Behind a hyphen that stands for a part of the next word: `pre- and post-war`."""

_COMPOUNDS = frozenset((
    "long", "short", "high", "low", "well", "self", "non", "ex", "cross", "vice", "two", "three",
    "four", "five", "seven", "eight", "nine", "half", "full", "far", "hard", "soft", "large",
    "small", "decision", "policy"))
"""First parts after which English keeps its hyphen."""


def mended(lines: list[Line], language: str, name: str, sink: Sink) -> list[Line]:
    """Return lines with broken words joined and page numbers left out; their numbers stay."""
    out = _without_page_numbers(lines, name, sink)
    words = {word for _, text in out for word in _WORDS.findall(text.casefold())}
    for at in range(len(out) - 1):
        (number, text), (below, after) = out[at], out[at + 1]
        if not text.rstrip().endswith("-"):
            continue
        broken, rest = _BROKEN.search(text.rstrip()), _REST.match(after)
        if not broken or not rest or not rest[1][0].islower() or rest[1] in _AND:
            continue
        joined, doubt = _joined(broken[1], rest[1], words, language)
        span = Span(name, number, broken.start() + 1)
        sink.change(Change(span, "broken-word", f"{broken[1]}- {rest[1]}", joined))
        if doubt:
            sink.warning("broken-word", f'"{broken[1]}-" and "{rest[1]}" are joined to "{joined}"',
                         span, "look whether it is one word, and write it on one line")
        out[at] = number, f"{text[: broken.start()]}{joined}{_mark(after[rest.end():])}"
        out[at + 1] = below, _unmarked(after[rest.end():])
    return out


def _mark(rest: str) -> str:
    """Return the punctuation that follows the second part of a word."""
    found = re.match(r"[^\s\w(\[„“«]+", rest)
    return found[0] if found else ""


def _unmarked(rest: str) -> str:
    return rest[len(_mark(rest)):].lstrip()


def _joined(first: str, second: str, words: set[str], language: str) -> tuple[str, bool]:
    """Return the two parts of a word as one, and whether that is in doubt.

    `words` are those of the whole text, in small letters.
    """
    whole, hyphenated = first + second, f"{first}-{second}"
    if hyphenated.casefold() in words:
        return hyphenated, False
    if whole.casefold() in words:
        return whole, False
    known = patterns(language)
    usual = known is not None and len(first) in known.points(whole.lower())
    if "-" in first or (language.startswith("en") and first.casefold() in _COMPOUNDS
                        and len(second) >= _LONG):
        return hyphenated, usual and "-" not in first
    if usual:
        return whole, False
    return (whole, True) if len(first) < 4 or len(second) < 4 else (hyphenated, True)


def _without_page_numbers(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without page numbers that stand between full lines."""
    out = list(lines)
    for at in range(2, len(lines) - 1):
        (_, above), (_, before), (number, text), (_, after) = lines[at - 2 : at + 2]
        full = before.strip() and max(len(above.strip()), len(before.strip())) >= _WHOLE_LINE
        if (full and text.strip() and _PAGE.fullmatch(text) and after.strip()
                and not re.match(r"\s*\d", after)):
            ends = before.rstrip().endswith((".", "!", "?", "…", "”", '"'))
            sink.note("page-number", f'"{text.strip()}" is taken for a page number and left out',
                      Span(name, number))
            sink.change(Change(Span(name, number), "page-number", text.strip(), ""))
            out[at] = number, "" if ends else "\0"
    return [line for line in out if line[1] != "\0"]
