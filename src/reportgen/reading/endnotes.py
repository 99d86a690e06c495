"""End notes as people type and paste them: numbers in the text, a numbered list at the end.

They become the notes of Markdown (`[^1]`), so they stand at the foot of the page of their call.
That is done only where list and text agree: the list is numbered from one, it is the last thing but
for the byline and a disclaimer, and the text calls each number in order. Where they do not agree,
both stay as they are, and it is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from msgspec import Struct

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import EASTERN_DIGITS
from reportgen.patterns import pattern
from reportgen.reading.listheads import is_list_head, is_notes_head
from reportgen.reading.markdown import Line

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUPERIORS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ENTRY = pattern(r"^ {0,3}(?:\[(?P<square>\d{1,3})\]:?|\((?P<round>\d{1,3})\)"
                    r"|(?P<dotted>\d{1,3})[.)]|\^?(?P<bare>\d{1,3})\^?|(?P<raised>[⁰¹²³⁴-⁹]{1,3}))"
                    r"[ \t\u00a0]+(?P<text>\S.*)$")
_MOST_STARTS = 20
"""Lines with a one that are looked at, from the end: each asks for a walk through the rest."""

_MOST_LOOKED_AT = 100_000
"""Notes times lines up to which second calls are looked for: a long brief has a hundredth."""

_MOST_BEHIND, _MOST_LINES_BEHIND = 4, 16
"""Paragraphs that may follow the list: byline, bios, a disclaimer; and their lines."""

_LONGEST_NOTE = 8
"""lines"""

_WAY_BACK = pattern(r"\s*\[*\\?\[[↩↑^⤴][^\[\]]*\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)(?:\\?\])*")
"""The link of a note on a web page to its call."""

Call = Callable[[int], str]
"""Returns the pattern of the call of a number."""

_NO_UNIT = r"(?<!\bkm)(?<!\bcm)(?<!\bm)(?<!\bмкм)(?<!\bкм)(?<!\bм)"
"""Behind these a two or three that is raised makes square or cubic metres."""

_BRACKETED: tuple[Call, ...] = (
    lambda n: rf"\s?\[{n}\](?![(:\w])",
    lambda n: rf"\s?<sup>\[?{n}\]?</sup>",
    lambda n: rf"\^\[?{n}\]?\^",
    lambda n: rf"\s?\[(?:\\?\[)?{n}(?:\\?\])?\]\([^()\s]*#[^()\s]*(?:\s+\"[^\"\n]*\")?\)",
    lambda n: (rf"(?<=[^\s(]){_NO_UNIT if n in (2, 3) else ''}[^\S\n]?"
               rf"{str(n).translate(_RAISED)}(?![⁰¹²³⁴-⁹])"),
)
"""Calls that can hardly be anything else."""

_PLAIN: tuple[Call, ...] = (
    lambda n: (rf"(?<=[\w.,;:!?”\"’»)%])(?:[^\S\n]|(?<!\d))\({n}\)(?!\w)"
               rf"|^\({n}\)(?=[.,;:])"),
    lambda n: (rf"(?:(?<=[^\W\d_][.,;:!?”\"’»)])|(?<=[^\W\d_][”\"’»)][.,;:!?])"
               rf"|(?<=\b(?:19|20)\d\d[.,;:!?”\"’»)]))"
               rf"{n}(?=[\s”\"’»)]|$)"),
    lambda n: rf"(?:(?<=[^\W\d_]{{3}})|(?<=\b(?:19|20)\d\d)){n}(?=[\s.,;:!?”\"’»)]|$)",
    lambda n: (rf"(?:(?<=[^\W\d_]{{3}})|(?<=[^\W\d_]{{2}}[.,;:!?”\"’»)])|(?<=\b(?:19|20)\d\d)"
               rf"|(?<=\b(?:19|20)\d\d[.,;:!?”\"’»)]))"
               rf"{n}(?=[\s.,;:!?”\"’»)]|$)"),
)
"""Calls that are taken for such only where the list is known to be one of notes."""


class _List(Struct, frozen=True):
    """A numbered list at the end of a brief."""

    head: int
    """Index of the line with its title, or of its first entry."""
    entries: tuple[int, ...]
    """Indices of the lines on which notes begin."""
    end: int
    """Index behind it."""
    titled: bool
    kind: str
    """Group of `_ENTRY` that its numbers are in."""


def with_end_notes(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which end notes are notes of Markdown; what does not agree is told."""
    lines = _with_linked_notes(lines, name, sink)
    typed, lines = lines, _with_digits(lines)
    found = _list_in(lines)
    if found is None:
        return typed
    if found.titled or found.kind == "square":
        count = len(found.entries)
        lines = [*((at, _one_by_one(text, count)) for at, text in lines[: found.head]),
                 *lines[found.head:]]
    referred = _referred(lines, found) if found.titled else None
    if referred is not None:
        sink.note("end-notes", f"{len(found.entries)} numbered sources are notes at their calls",
                  Span(name, lines[found.entries[0]][0]))
        _tell_words(lines, [(row, match.start(), match.end(), 0)
                            for row, (_, text) in enumerate(lines[: found.head])
                            for match in _REFERENCE.finditer(text)], name, sink)
        return referred
    body = lines[: found.head]
    count = len(found.entries)
    calls = _calls(body, count, certain=found.titled or found.kind in ("bare", "raised"))
    if calls is None and found.kind == "round" and not found.titled:
        calls = _spread(_calls(body, count, certain=True), body)
    if calls is None and count > 1 and found.kind == "dotted" and not found.titled:
        calls = _glued(body, count) or _spaced(body, count)
    place = Span(name, lines[found.entries[0]][0])
    if calls is None:
        if found.titled:
            sink.warning("end-notes", f"the list of {count} notes does not agree with their calls "
                         f"in the text: both stay as they are{_differing(body, found, lines)}",
                         place, "call each note once, in its order: [1], [2] ...")
        return typed
    sink.note("end-notes", f"{count} end notes stand at the foot of their pages", place)
    _tell_words(lines, calls, name, sink)
    _log_romans(typed, lines, name, sink)
    return [*_called(body, calls), *_defined(lines, found), *lines[found.end :]]


_FROM_WORD = pattern(
    r"[^\S\n]?\[(?:\\?\[)?(?P<number>\d{1,3}|[ivxlc]{1,6})(?:\\?\])?\]\("
    r"[^()\s]*#_?(?P<kind>ftn|edn)(?P<back>ref)?(?P<key>\d{1,3})(?:\s+\"[^\"\n]*\")?\)")
"""The links between a note of Word's and its call: `[[1]](#_ftn1)`, `[[1]](#_ftnref1)`."""


def _with_linked_notes(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which notes that a program has made of Word's are those of Markdown."""
    starts = {at: match for at, (_, text) in enumerate(lines) if "ref" in text
              and (match := _FROM_WORD.match(text.lstrip())) and match["back"]}
    keys = {(match["kind"], match["key"]) for match in starts.values()}
    called = {(m["kind"], m["key"]) for _, text in lines if "](" in text
              for m in _FROM_WORD.finditer(text) if not m["back"]}
    if not keys or keys != called:
        return lines
    out: list[Line] = []
    notes: list[Line] = []
    inside = False
    for at, (number, text) in enumerate(lines):
        start = starts.get(at)
        inside = start is not None or (inside and bool(text.strip()))
        if start is not None:
            words = text.lstrip()[start.end():].strip()
            notes += [(number, ""), (number, f"[^{start['kind']}-{start['key']}]: {words}")]
        elif inside:
            notes.append((number, f"    {text.strip()}"))
        else:
            out.append((number, _FROM_WORD.sub(
                lambda m: f"[^{m['kind']}-{m['key']}]", text)))
    place = next(iter(starts))
    above = next((n for n in range(place - 1, -1, -1) if lines[n][1].strip()), 0)
    if _is_head(lines[above][1]):
        sink.change(Change(Span(name, lines[above][0]), "end-notes", lines[above][1].strip(), ""))
        out = [row for row in out if row != lines[above]]
    sink.note("end-notes", f"{len(keys)} end notes stand at the foot of their pages",
              Span(name, lines[place][0]))
    return [*out, *notes]


_SEVERAL = pattern(r"\[\d{1,3}(?:\s?[,;–—-]\s?\d{1,3})+\](?![(:\w])"
                   r"|\[\d{1,3}\](?:\s?[–—-]\s?\[\d{1,3}\])+(?![(:\w])")
"""`[2, 3]`, `[2-4]`, `[1]–[3]`."""


def _one_by_one(text: str, count: int) -> str:
    """Return a line in which references in groups and ranges stand each in its own brackets."""
    def parted(match: re.Match[str]) -> str:
        parts = re.split(r"\s*[,;]\s*", match[0].replace("[", "").replace("]", ""))
        ends = [[int(n) for n in re.split(r"\s?[–—-]\s?", part)] for part in parts]
        numbers = [n for pair in ends for n in range(pair[0], pair[-1] + 1)]
        rising = numbers == sorted(set(numbers)) and len(numbers) > 1
        return "".join(f"[{n}]" for n in numbers) if rising and numbers[-1] <= count and (
            numbers[0] > 0 and all(len(pair) < 3 for pair in ends)) else match[0]

    return _SEVERAL.sub(parted, text) if "[" in text else text


_LEADS_IN = pattern(
    r"\b(?:in|see|of|by|from|to|and|with|under|cf\.?|siehe|vgl\.|in|nach|von|laut|voir|selon|dans|"
    r"vedi|cfr\.?|secondo|véase|según|ver|em|segundo|zob\.|por\.|w|см\.|в|див\.|у)\s?$",
    re.IGNORECASE)


def _tell_words(lines: list[Line], calls: list[tuple[int, int, int, int]], name: str,
                sink: Sink) -> None:
    """Warn of calls that are words of their sentence: `as shown in [1]`."""
    for row, start, end, _ in calls:
        line, text = lines[row]
        if text[start:end].lstrip().startswith("[") and _LEADS_IN.search(text[:start]):
            words = " ".join(text[:start].split()[-4:])
            sink.warning("end-notes", f'"{words} {text[start:end].strip()}": the sentence has a '
                         "hole where the number of the note was", Span(name, line, start + 1),
                         "name the author or the work there")


_BRACKETED_NUMBER = pattern(r"\[(\d{1,3})\](?![(:\w])")


def _differing(body: list[Line], found: _List, lines: list[Line]) -> str:
    """Return which calls in brackets have no note, and which notes no call, with their lines."""
    called: dict[int, int] = {}
    for number, text in body:
        for match in _BRACKETED_NUMBER.finditer(text):
            called.setdefault(int(match[1]), number)
    if not called:
        return ""
    noted = {at: lines[entry][0] for at, entry in enumerate(found.entries, 1)}
    said = [f"[{n}] in line {called[n]} has no note" for n in sorted(called.keys() - noted.keys())]
    said += [f"note {n} in line {noted[n]} has no call"
             for n in sorted(noted.keys() - called.keys())]
    return f" ({', '.join(said[:6])})" if said else ""


_EASTERN = pattern(r"(?<=[(\[])[٠-٩۰-۹]{1,3}(?=[)\]])|^\s{0,3}[٠-٩۰-۹]{1,3}(?=[.)])")
_EASTERN_ENTRY = pattern(r"^ {0,3}[(\[]?[٠-٩۰-۹]{1,3}[.)\]][ \t\u00a0]+\S")
_ROMAN = pattern(r"\[([ivxl]{1,7})\]")
_ROMAN_ENTRY = pattern(r"^ {0,3}\[([ivxl]{1,7})\][ \t\u00a0]+\S")


def _with_digits(lines: list[Line]) -> list[Line]:
    """Return lines in which `[iv]`, as Word numbers its end notes, is `[4]`, and `(٤)` is `(4)`.

    Roman numbers only where a list begins its lines with all of them, from the first on.
    """
    eastern = sum(_EASTERN_ENTRY.match(text) is not None for _, text in lines)
    if eastern:
        return [(at, _EASTERN.sub(lambda m: m[0].translate(EASTERN_DIGITS)
                                  if int(m[0]) <= eastern else m[0], text)) for at, text in lines]
    entries = [match[1] for _, text in lines if (match := _ROMAN_ENTRY.match(text))]
    numbers = {_roman(number): number for number in range(1, len(entries) + 1)}
    digits = any(re.search(r"\[\d{1,3}\]", text) for _, text in lines)
    if len(entries) < 2 or entries != list(numbers) or digits:
        return lines
    return [(at, _ROMAN.sub(lambda m: f"[{numbers[m[1]]}]" if m[1] in numbers else m[0], text))
            for at, text in lines]


def _log_romans(typed: list[Line], lines: list[Line], name: str, sink: Sink) -> None:
    """Log the Roman numbers that notes have had."""
    for (number, before), (_, after) in zip(typed, lines, strict=True):
        found = (*_ROMAN.finditer(before), *_EASTERN.finditer(before))
        for match in found if before != after else ():
            sink.change(Change(Span(name, number), "end-notes", match[0], ""))


def _roman(number: int) -> str:
    signs = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    out = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        out += sign * count
    return out


_REFERENCE = pattern(r"\s?\[(\d{1,3})(?:\s*[,;:]\s*([^\[\]]{1,40}))?\](?![(:\w])")
"""`[3]` and `[3, p. 41]`, which may stand in any order (GOST R 7.0.5; IEEE, Vancouver)."""


def _referred(lines: list[Line], found: _List) -> list[Line] | None:
    """Return lines in which each reference by number is a note with its source and its page.

    None if the numbers are those of notes, in their order, or if a source is never called.
    """
    body, count = lines[: found.head], len(found.entries)
    calls = [(int(m[1]), m[2]) for _, text in body for m in _REFERENCE.finditer(text)]
    numbers = [number for number, _ in calls]
    in_order = numbers == sorted(set(numbers))
    paged = any(page for _, page in calls)
    notes_of = is_notes_head(_bare(lines[found.head][1]))
    if set(numbers) != set(range(1, count + 1)) or not (paged or not (in_order or notes_of)):
        return None
    texts = [" ".join(lines[at][1].strip() for at in range(start, stop))
             for start, stop in zip(found.entries, [*found.entries[1:], found.end], strict=True)]
    notes: dict[tuple[int, str], str] = {}

    def called(match: re.Match[str]) -> str:
        key = int(match[1]), (match[2] or "").strip()
        return f"[^{notes.setdefault(key, f'ref-{len(notes) + 1}')}]"

    out = [(number, _REFERENCE.sub(called, text)) for number, text in body]
    for (number, page), key in notes.items():
        entry = _ENTRY.match(texts[number - 1])
        words = (entry["text"] if entry else texts[number - 1]).strip()
        at = lines[found.entries[number - 1]][0]
        stop = f"{words.rstrip('.')}, {page}." if page else words
        out += [(at, f"[^{key}]: {stop}"), (at, "")]
    return [*out, *lines[found.end :]]


def _spread(calls: list[tuple[int, int, int, int]] | None,
            body: list[Line]) -> list[tuple[int, int, int, int]] | None:
    """Return calls that stand in several paragraphs: (1), (2), (3) in one are its points."""
    if not calls:
        return None
    paragraphs = {sum(not text.strip() for _, text in body[:row]) for row, *_ in calls}
    return calls if len(paragraphs) > 1 and len(paragraphs) * 2 >= len(calls) else None


def _list_in(lines: list[Line]) -> _List | None:
    """Return the last list that is numbered from one and has nothing but a byline behind it."""
    starts = [i for i, (_, text) in enumerate(lines)
              if (m := _ENTRY.match(text)) and _number(m) == 1]
    for start in reversed(starts[-_MOST_STARTS:]):
        first = _ENTRY.match(lines[start][1])
        assert first
        kind = next(k for k, v in first.groupdict().items() if v and k != "text")
        entries, at, end, blank = [start], start + 1, start + 1, False
        while at < len(lines):
            text = lines[at][1]
            match = _ENTRY.match(text)
            if match and match[kind] and _number(match) == len(entries) + 1:
                entries.append(at)
            elif text.strip() and (blank or not (_wraps(lines, entries)
                                                 or _goes_on(lines, at, kind, len(entries)))):
                break
            blank = not text.strip()
            at += 1
            end = at if text.strip() else end
        behind = [text for _, text in lines[end:] if text.strip()]
        paragraphs = sum(1 for at in range(end, len(lines)) if lines[at][1].strip()
                         and (at == end or not lines[at - 1][1].strip()))
        if (paragraphs > _MOST_BEHIND or len(behind) > _MOST_LINES_BEHIND
                or any(_ENTRY.match(text) for text in behind)):
            continue
        before = next((i for i in range(start - 1, -1, -1) if lines[i][1].strip()), -1)
        titled = before >= 0 and _is_head(lines[before][1])
        return _List(before if titled else start, tuple(entries), end, titled, kind)
    return None


def _goes_on(lines: list[Line], at: int, kind: str, count: int) -> bool:
    """Whether a line goes on with the note above it: that has no stop, or the next one follows."""
    if not lines[at - 1][1].rstrip().endswith((".", "!", "?", ")", "”", "»", '"')):
        return True
    for _, text in lines[at : at + _LONGEST_NOTE]:
        match = _ENTRY.match(text)
        if not text.strip() or match:
            return bool(match and match[kind] and _number(match) == count + 1)
    return False


def _wraps(lines: list[Line], entries: list[int]) -> bool:
    """Whether an earlier note of a list took several lines, or there is none."""
    return len(entries) == 1 or any(
        after > before + 1 and lines[before + 1][1].strip() for before, after in pairwise(entries))


def _number(match: re.Match[str]) -> int:
    found = next(v for k, v in match.groupdict().items() if v and k != "text")
    return int(found.translate(_SUPERIORS))


def _bare(text: str) -> str:
    return re.sub(r"[^\w\s]", " ", text)


def _is_head(text: str) -> bool:
    return is_list_head(_bare(text))


def _calls(body: list[Line], count: int, *,
           certain: bool) -> list[tuple[int, int, int, int]] | None:
    """Return row, start, end and number of each call; None if a number has none.

    The first calls rise; a note may be called again behind, where its mark can be nothing else.
    """
    for call in (*_BRACKETED, *(_PLAIN if certain else ())):
        found: list[tuple[int, int, int, int]] = []
        row, column = 0, 0
        for number in range(1, count + 1):
            pattern = re.compile(call(number))
            while row < len(body):
                match = pattern.search(body[row][1], column)
                if match:
                    found.append((row, match.start(), match.end(), number))
                    column = match.end()
                    break
                row, column = row + 1, 0
            else:
                break
        if len(found) == count:
            return found if call not in _BRACKETED else sorted({*found, *_again(body, found, call)})
    return None


def _glued(body: list[Line], count: int) -> list[tuple[int, int, int, int]] | None:
    """Return the calls of an untitled list that are numbers at the ends of words: `terminable1`.

    Each stands at another word: `phase1`, `phase2` are names.
    """
    calls = _calls(body, count, certain=True)
    if calls is None or len(calls) != count or any(
            body[row][1][start:end] != str(number) for row, start, end, number in calls):
        return None
    before = [re.search(r"[^\W\d_]{3,}$", body[row][1][:start]) for row, start, _, _ in calls]
    words = {match[0].casefold() for match in before if match}
    return calls if len(words) == count else None


_FEWEST_SPACED = 3
"""Notes of a list whose calls are numbers behind a space, which by themselves say nothing."""


def _spaced(body: list[Line], count: int) -> list[tuple[int, int, int, int]] | None:
    """Return the calls of an untitled list that are numbers before stops: `to be signed 1.`"""
    found: list[tuple[int, int, int, int]] = []
    for row, (_, text) in enumerate(body):
        for match in re.finditer(r"(?<=[^\W\d_]|[)»”\"%])[^\S\n](\d{1,3})(?=[.,;:])", text):
            if int(match[1]) == len(found) + 1 <= count:
                found.append((row, match.start(), match.end(), len(found) + 1))
    return found if len(found) == count >= _FEWEST_SPACED else None


def _again(body: list[Line], found: list[tuple[int, int, int, int]],
           call: Call) -> list[tuple[int, int, int, int]]:
    """Return the calls of notes that were called before."""
    first = {number: (row, start) for row, start, _, number in found}
    if len(first) * len(body) > _MOST_LOOKED_AT:
        return []
    out = []
    for row, (_, text) in enumerate(body):
        if not any(mark in text for mark in "[^<⁰¹²³⁴⁵⁶⁷⁸⁹"):
            continue
        for number, place in first.items():
            for match in re.finditer(call(number), text):
                if (row, match.start()) > place:
                    out.append((row, match.start(), match.end(), number))
    return out


def _called(body: list[Line], calls: list[tuple[int, int, int, int]]) -> list[Line]:
    """Return lines in which calls are those of Markdown."""
    out = list(body)
    for row, start, end, number in reversed(calls):
        line, text = out[row]
        mark = f"[^end-{number}]"
        stops = re.match(r"[.,;:]*", text[end:])
        if start == 0 and row and out[row - 1][1].strip() and stops:  # "... words / (3). The"
            above, before = out[row - 1]
            out[row - 1] = above, f"{before.rstrip()}{mark}{stops[0]}"
            out[row] = line, text[end + stops.end():].lstrip()
            continue
        out[row] = line, f"{text[:start]}{mark}{text[end:]}"
    return out


def _defined(lines: list[Line], found: _List) -> list[Line]:
    """Return the list as notes of Markdown, a blank line behind each."""
    out: list[Line] = []
    stops = [*found.entries[1:], found.end]
    for number, (start, stop) in enumerate(zip(found.entries, stops, strict=True), 1):
        match = _ENTRY.match(lines[start][1])
        assert match
        text = _WAY_BACK.sub("", match["text"]).lstrip("↩^ ").rstrip("↩ ")
        out.append((lines[start][0], f"[^end-{number}]: {text}"))
        out += [(line, f"    {more.strip()}") for line, more in lines[start + 1 : stop]
                if more.strip()]
        out.append((lines[stop - 1][0], ""))
    return out
