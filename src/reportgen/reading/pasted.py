"""Text that was pasted out of a PDF or a mail: words broken at line ends, page numbers in between.

A broken word is joined; its hyphen goes or stays by what the rest of the text does, by the patterns
of hyphenation of the language, and by the compounds that are written with one. Each change is
logged, and what is in doubt is told as well.
"""

from __future__ import annotations

import re
from collections import Counter

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month
from reportgen.reading.markdown import Line
from reportgen.typesetting.hyphenation import patterns

_BROKEN = re.compile(r"(?<![\w-])([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_REST = re.compile(r"\s*([^\W\d_]+)")
_PAGE = re.compile(r"\s*(?:[-–—]\s*)?(?:page|seite|pagina|página|p\.|стр\.)?\s*\d{1,3}"
                   r"(?:\s*(?:of|von|di|de|/|из)\s*\d{1,3})?(?:\s*[-–—])?\s*", re.I)

_PAGE_OF = re.compile(r"(?:[-–—]\s*)?(?:page|seite|pagina|pag\.|pág\.|página|p\.|s\.|str\.|стр\.|"
                      r"страница|strona|сторінка)\s*\d{1,3}\s*(?:of|von|di|de|sur|/|из|z|з)\s*"
                      r"\d{1,3}(?:\s*[-–—])?", re.I)
_GAP = re.compile(r"\s{3,}|\t+|\s[|·]\s")
_DIGITS = re.compile(r"\d+")
_LONGEST_HEAD = 90
"""Letters of a running head."""

_ENDS = (".", "!", "?", "…", "”", '"', "»", ":")

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


def _is_page_line(text: str) -> bool:
    """Whether a line is `Page 2 of 3`, alone or with a wide gap to the running head beside it."""
    if not text or len(text) > _LONGEST_HEAD:
        return False
    parts = _GAP.split(text)
    return any(_PAGE_OF.fullmatch(part) for part in parts) and len(parts) <= 2


def without_furniture(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without `Page 2 of 3`, and without the running heads that stand beside it."""
    bare = [(number, text.strip("\f \t\u00a0")) for number, text in lines]
    pages = {at for at, (_, text) in enumerate(bare) if _is_page_line(text)}
    breaks = pages | {at for at, (_, text) in enumerate(lines) if "\f" in text}
    if not breaks:
        return lines
    heads = Counter(_DIGITS.sub("0", text) for _, text in bare if 0 < len(text) <= _LONGEST_HEAD)
    filled = [at for at, (_, text) in enumerate(bare) if text]
    places = {at: n for n, at in enumerate(filled)}
    beside = {filled[n] for at in breaks if at in places
              for n in range(max(places[at] - 2, 0), min(places[at] + 3, len(filled)))}
    running = {_DIGITS.sub("0", bare[at][1]) for at in beside - pages
               if heads[_DIGITS.sub("0", bare[at][1])] > 1}
    gone = pages | {at for at in filled if _DIGITS.sub("0", bare[at][1]) in running}
    if filled and find_month(bare[filled[0]][1]):
        gone -= {filled[0]}  # the heading, which stands on further pages again
    for at in sorted(gone):
        number, text = bare[at]
        code = "page-number" if at in pages else "running-head"
        sink.note(code, f'"{text[:60]}" is taken for a {code.replace("-", " ")} and left out',
                  Span(name, number))
        sink.change(Change(Span(name, number), code, text, ""))
    return _closed(lines, gone)


def _closed(lines: list[Line], gone: set[int]) -> list[Line]:
    """Return lines without some; a paragraph that they parted is one again."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        if at not in gone:
            out.append((lines[at][0], lines[at][1].strip("\f")))
            at += 1
            continue
        blank = bool(out) and not out[-1][1].strip()
        number = lines[at][0]
        while at < len(lines) and (at in gone or not lines[at][1].strip()):
            blank = blank or at not in gone
            at += 1
        while out and not out[-1][1].strip():
            out.pop()
        before = out[-1][1].rstrip() if out else "."
        after = lines[at][1].strip() if at < len(lines) else ""
        parted = not before.endswith(_ENDS) and (
            not blank or after[:1].islower() or before.endswith(("-", ",")))
        if out and not parted:
            out.append((number, ""))
    return out


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
