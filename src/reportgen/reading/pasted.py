"""Text that was pasted out of a PDF or a mail: words broken at line ends, page numbers in between.

A broken word is joined; its hyphen goes or stays by what the rest of the text does, by the patterns
of hyphenation of the language, and by the compounds that are written with one. Each change is
logged, and what is in doubt is told as well.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line
from reportgen.typesetting.hyphenation import patterns

_BROKEN = pattern(r"(?<![\w-])([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_WORDS = pattern(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_REST = pattern(r"\s*([^\W\d_]+)")
_PAGE = pattern(r"\s*(?:[-–—]\s*)?(?:page|seite|pagina|página|p\.|стр\.)?\s*\d{1,3}"
                   r"(?:\s*(?:of|von|di|de|/|из)\s*\d{1,3})?(?:\s*[-–—])?\s*", re.I)

_PAGE_OF = pattern(r"(?:[-–—]\s*)?(?:page|seite|pagina|pag\.|pág\.|página|p\.|s\.|str\.|стр\.|"
                      r"страница|strona|сторінка)\s*\d{1,3}\s*(?:of|von|di|de|sur|/|из|z|з)\s*"
                      r"\d{1,3}(?:\s*[-–—])?", re.I)
_GAP = pattern(r"\s{3,}|\t+|\s[|·]\s")
_WIDE = pattern(r"\s{3,}|\t+")
_DIGITS = pattern(r"\d+")
_FOOT_NOTE = pattern(r"^ {0,3}(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)]?|"
                        r"([⁰¹²³⁴-⁹]{1,3}))[ \t\u00a0]+\S")
_SUPERIORS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_PARTED_HEAD = pattern(r"[^\W\d_].{2,60}?\s[|·•]\s.{2,60}[^.!?,;:]")
"""A line of two parts, as no text has it: `Institute | Monthly`."""

_LONGEST_HEAD = 90
"""Letters of a running head."""

_ENDS = (".", "!", "?", "…", "”", '"', "»", ":")

_LONG = 4
"""Letters of the second part of a compound, at least."""

_WHOLE_LINE = 40
"""Letters of a line that is full, as lines of a PDF are."""

_FULL_LINE = 60
"""Letters of a line without a stop above the end of a page, which goes on below it."""

_AND = frozenset(("and", "or", "nor", "to", "und", "oder", "bis", "e", "ed", "o", "et", "ou", "y",
                  "u", "и", "или"))
"""Behind a hyphen that stands for a part of the next word: `pre- and post-war`."""

_COMPOUNDS = frozenset((
    "long", "short", "high", "low", "well", "self", "non", "ex", "cross", "vice", "two", "three",
    "four", "five", "seven", "eight", "nine", "half", "full", "far", "hard", "soft", "large",
    "small", "decision", "policy"))
"""First parts after which English keeps its hyphen."""


_AFTER_NAMES = frozenset((
    "based", "led", "backed", "born", "style", "era", "controlled", "sponsored", "funded", "held",
    "speaking", "owned", "run", "friendly", "wide", "brokered", "dominated", "made", "language"))
"""What English puts behind a name and a hyphen: `Tripoli-based`."""

_ENDING = pattern(
    r"(?:t|s)?(?:ive|ion|ions|ively|ional|ment|ments|ness|able|ible|ably|ance|ances|ence|ences|ing|"
    r"ings|ally|ical|ically|ism|ist|ists|ship|ships|ity|ities|ated|ating|ature|ure|ures|ward|wards|"
    r"ously|ous|ful|fully|less|dom|hood|ers?|ed|ly|ty|tory|tories|cies|cy|ency|ancy|tial|cial)$")
"""What no word of English is, so that nobody has written a hyphen before it."""


def mended(lines: list[Line], language: str, name: str, sink: Sink) -> list[Line]:
    """Return lines with broken words joined and page numbers left out; their numbers stay."""
    out = _joined_addresses(_without_page_numbers(lines, name, sink), name, sink)
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


_ADDRESS_END = pattern(r"https?://(?:\S{4,}[/=&?_-])?$")
_LONGEST_ADDRESS = 500
"""letters"""

_ADDRESS_REST = pattern(r"\s*([\w./?=&%#-]*[\w/])(?=[.,;:)]?(?:\s|$))")


def _joined_addresses(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which an address that was broken at the end of a full line is whole."""
    out = list(lines)
    for at in range(len(out) - 1):
        (number, text), (below, after) = out[at], out[at + 1]
        tail = text.rstrip()[-_LONGEST_ADDRESS:]
        broken = _ADDRESS_END.search(tail) if "://" in tail else None
        rest = _ADDRESS_REST.match(after)
        if not broken or not rest or len(text.rstrip()) < _WHOLE_LINE or not (
                rest[1][0].islower() or rest[1][0].isdigit()):
            continue
        joined = broken[0] + rest[1]
        span = Span(name, number, len(text.rstrip()) - len(broken[0]) + 1)
        sink.warning("broken-address", f"the address is taken to be {joined}", span,
                     "look whether it is, and write it on one line")
        sink.change(Change(span, "broken-address", f"{broken[0]} {rest[1]}", joined))
        out[at] = number, text.rstrip() + rest[1] + _mark(after[rest.end():])
        out[at + 1] = below, _unmarked(after[rest.end():])
    return out


def _mark(rest: str) -> str:
    """Return the punctuation and the mark of a note that follow the second part of a word."""
    found = re.match(r"(?:[^\s\w(\[„“«]+(?:\d{1,2}(?=\s|$))?|[⁰¹²³⁴-⁹]+|\[\d{1,3}\])+", rest)
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
    if language.startswith("en") and first[0].isupper() and second in _AFTER_NAMES:
        return hyphenated, False
    known = patterns(language)
    usual = known is not None and len(first) in known.points(whole.lower())
    if "-" in first or (language.startswith("en") and first.casefold() in _COMPOUNDS
                        and len(second) >= _LONG):
        return hyphenated, usual and "-" not in first
    if usual or (language.startswith("en") and _ENDING.match(second)):
        return whole, not usual and len(second) < _LONG
    return (whole, True) if len(first) < 4 or len(second) < 4 else (hyphenated, True)


def _is_page_line(text: str) -> bool:
    """Whether a line is `Page 2 of 3`, alone or with a wide gap to the running head beside it."""
    if not text or len(text) > _LONGEST_HEAD:
        return False
    wide = _WIDE.split(text)
    parts = _GAP.split(text)
    return (any(_PAGE_OF.fullmatch(part) for part in wide)
            or (len(parts) <= 2 and any(_PAGE_OF.fullmatch(part) for part in parts)))


_HEADING_WITHIN = 3
"""Lines at the top of a page of which one may be region and month."""


def without_furniture(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without `Page 2 of 3`, and without the running heads that stand beside it."""
    bare = [(number, text.strip("\f \t\u00a0")) for number, text in lines]
    pages = {at for at, (_, text) in enumerate(bare) if _is_page_line(text)}
    heads = Counter(_DIGITS.sub("0", text) for _, text in bare if 0 < len(text) <= _LONGEST_HEAD)
    pages |= _folios(bare, heads) if name.endswith(".txt") else set()
    pages |= _feet(lines)
    breaks = pages | {at for at, (_, text) in enumerate(lines) if "\f" in text}
    if not breaks:
        return lines
    filled = [at for at, (_, text) in enumerate(bare) if text]
    places = {at: n for n, at in enumerate(filled)}
    beside = {filled[n] for at in breaks if at in places
              for n in range(max(places[at] - 2, 0), min(places[at] + 3, len(filled)))}
    running = {_DIGITS.sub("0", bare[at][1]) for at in beside - pages
               if heads[_DIGITS.sub("0", bare[at][1])] > 1}
    if all(_PAGE.fullmatch(bare[at][1]) for at in pages):  # else the head stands beside
        running |= _heads_below(bare, filled, pages)
    near = (at for page in pages for at in (page - 1, page + 1) if 0 <= at < len(bare))
    running |= {_DIGITS.sub("0", bare[at][1]) for at in near
                if len(bare[at][1]) <= _LONGEST_HEAD and _PARTED_HEAD.fullmatch(bare[at][1])}
    gone = pages | {at for at in filled if _DIGITS.sub("0", bare[at][1]) in running}
    dated = next((at for at in filled[:_HEADING_WITHIN] if find_month(bare[at][1])), None)
    if dated is not None:
        gone -= {dated}  # the heading, which stands on further pages again
    notes = _notes_at_feet(bare, gone)
    for at in sorted(gone):
        number, text = bare[at]
        code = "page-number" if at in pages else "running-head"
        sink.note(code, f'"{text[:60]}" is taken for a {code.replace("-", " ")} and left out',
                  Span(name, number))
        sink.change(Change(Span(name, number), code, text, ""))
    below = [line for block in notes for line in block]
    moved = {number for number, _ in below}
    gone |= {at for at, (number, _) in enumerate(lines) if number in moved}
    if not below:
        return _closed(lines, gone)
    sink.note("page-notes", f"{len(notes)} pages have notes at their feet, which are put together",
              Span(name, below[0][0]))
    return [*_closed(lines, gone), (below[0][0], ""), *below]


def _feet(lines: list[Line]) -> set[int]:
    """Return the indices of the last lines of pages, above a form feed, with their number."""
    found, last = set(), None
    for at, (_, text) in enumerate(lines):
        if "\f" in text and last is not None:
            parts = _WIDE.split(lines[last][1].strip())
            if len(parts) > 1 and any(part.isdigit() and len(part) < 4
                                      for part in (parts[0], parts[-1])):
                found.add(last)
        if text.strip():
            last = at
    return found


_SHORTEST_PAGE = 120
"""Letters between two page numbers; less is a list of numbers."""

_FOLIO = pattern(r"[-–—]?\s*(\d{1,3})\s*[-–—]?")


def _folios(bare: list[Line], heads: Counter[str]) -> set[int]:
    """Return the indices of lines with nothing but a number, each one higher: pages.

    They stand alone, or beside a running head, by `heads` a line that the text has more than once.
    """
    alone = [(at, int(match[1])) for at, (_, text) in enumerate(bare)
             if text and (match := _FOLIO.fullmatch(text))
             and not any(bare[i][1] and heads[_DIGITS.sub("0", bare[i][1])] < 2
                         for i in (at - 1, at + 1) if 0 <= i < len(bare))]
    if len(alone) == 1 and re.match("[-–—]", bare[alone[0][0]][1]):
        return {alone[0][0]}  # "- 14 -"
    steps = [after - before for (_, before), (_, after) in pairwise(alone)]
    pages = [sum(len(text) for _, text in bare[a:b]) for (a, _), (b, _) in pairwise(alone)]
    if not steps or any(step != 1 for step in steps) or min(pages) < _SHORTEST_PAGE:
        return set()
    return {at for at, _ in alone}


def _heads_below(bare: list[Line], filled: list[int], pages: set[int]) -> set[str]:
    """Return the short lines below page numbers, if below each there is one that stands alone.

    Running heads may differ from left to right pages, so that none stands twice.
    """
    places = {at: n for n, at in enumerate(filled)}
    below = [filled[places[at] + 1] for at in sorted(pages)
             if at in places and places[at] + 1 < len(filled)]
    short = [at for at in below if len(bare[at][1]) <= _LONGEST_HEAD
             and not bare[at][1].endswith(_ENDS) and at + 1 < len(bare) and not bare[at + 1][1]]
    if not below or short != below:
        return set()
    after = [bare[filled[places[at] + 1]][1] for at in short if places[at] + 1 < len(filled)]
    goes_on = any(text[:1].islower() for text in after)
    return {_DIGITS.sub("0", bare[at][1]) for at in short} if len(short) > 1 or goes_on else set()


def _notes_at_feet(bare: list[Line], gone: set[int]) -> list[list[Line]]:
    """Return the notes that stand at the feet of two pages or more, numbered through the text."""
    found: list[list[Line]] = []
    wanted = 1
    ends = sorted(at for at in gone if at - 1 not in gone)
    filled = max((at for at, (_, text) in enumerate(bare) if text and at not in gone), default=-1)
    for end in [*ends, len(bare)]:
        begin = end
        while begin and begin - 1 not in gone:
            begin -= 1
        page = bare[begin:end]
        starts = [at for at, (_, text) in enumerate(page) if _foot_number(text) == wanted]
        runs = [run for at in reversed(starts)
                if (run := _notes_from(page, at, last=end > filled))]
        if runs:
            wanted += sum(_foot_number(text) is not None for _, text in runs[0])
            found.append(runs[0])
    return found if len(found) > 1 else []


def _foot_number(text: str) -> int | None:
    match = _FOOT_NOTE.match(text)
    return int(next(g for g in match.groups() if g).translate(_SUPERIORS)) if match else None


def _notes_from(page: list[Line], start: int, *, last: bool) -> list[Line]:
    """Return the notes that begin at a line of a page and go on to its foot.

    On the `last` page bios may stand below them. Empty if a note does not follow the one before.
    """
    block: list[Line] = []
    number = _foot_number(page[start][1])
    assert number is not None
    for at in range(start, len(page)):
        text = page[at][1]
        found = _foot_number(text)
        if at == start or found == number + 1:
            number = found or number
        elif text and (found is not None or not page[at - 1][1]):
            return block if last and found is None else []
        if text:
            block.append(page[at])
    return block


_CALL = pattern(r"(?:\[\d{1,3}\]|\(\d{1,3}\)|[⁰¹²³⁴-⁹]+|(?<=[.!?])\d{1,3})$")
"""The call of a note behind the last words of a line."""


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
        before = _CALL.sub("", out[-1][1].rstrip()) if out else "."
        after = lines[at][1].strip() if at < len(lines) else ""
        parted = not before.endswith(_ENDS) and (
            not blank or after[:1].islower() or before.endswith(("-", ","))
            or len(before) >= _FULL_LINE)
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
