"""Citations by author and date, `(Rossi, 2021)`, with their list: each becomes a note.

The list stands at the end, under a heading such as References. A call is one only if the list has
an entry with its year and its first name, and no other that fits as well; what has none is told.
Entries that nothing calls stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.lift import settle_marks
from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.languages import Language
from reportgen.model import (
    Block,
    Heading,
    Inline,
    ListBlock,
    Note,
    NoteCall,
    Paragraph,
    Run,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.reading.listheads import is_sources_head
from reportgen.texts import (
    OTHER,
    begins_large,
    cut,
    folded,
    joined,
    lines_of,
    map_text,
    trimmed,
)

_YEAR = r"(?:1[89]|20)\d\d"
_ANY_YEAR = pattern(rf"(?<!\d){_YEAR}(?!\d)")
_LETTERED = pattern(rf"(?<!\d){_YEAR}[a-z](?![\w])")
"""`2022a`: the first of an author's works of a year."""
_BRACKET = pattern(rf"\s?\(([^()\n{OTHER}]{{0,160}}(?<!\d){_YEAR}[^()\n{OTHER}]{{0,40}})\)")
_PART = pattern(
    rf"(?P<lead>(?:see(?: also)?|cf\.|e\.g\.,?|siehe|s\.|vgl\.|vedi|cfr\.|voir|véase|ver|cf|см\.|"
    rf"див\.|zob\.|por\.)\s+)?(?P<names>[^\d]*?)[\s,]*(?P<year>{_YEAR})(?P<letter>[a-z])?"
    r"(?:\s*[:,،]\s*(?P<place>[^;]{1,40}))?", re.IGNORECASE)
_NAME = pattern(r"[^\W\d_][^\W\d_’'-]*(?:[-’'][^\W\d_]+)*")
_NO_NAMES = frozenset(("and", "und", "et", "al", "u", "a", "y", "e", "i", "и", "та", "in", "the",
                       "др", "ін", "others", "otros", "altri", "others", "hg", "eds", "ed"))
_WORDS_BEFORE = 6
"""Words before a bare year among which its author's name stands."""


class _Entry(Struct, frozen=True):
    """An entry of the list."""

    text: Text
    names: tuple[str, ...]
    """Words before its year, folded."""
    years: frozenset[str]
    """With the letter of a year, too: `2022`, `2022a`."""


class _Calls(Struct):
    """What was found of an entry, while notes are made."""

    entries: list[_Entry]
    language: Language
    used: dict[int, int] = field(default_factory=dict)
    """Number of calls by the number of the entry."""
    unknown: list[tuple[str, Span]] = field(default_factory=list)
    replaced: list[tuple[str, Span]] = field(default_factory=list)
    """Brackets in the place of which a note is called."""


def with_author_date(blocks: tuple[Block, ...], language: Language,
                     sink: Sink) -> tuple[Block, ...]:
    """Return blocks in which citations by author and date are notes, without what they cite."""
    head = next((at for at in range(len(blocks) - 1, 0, -1) if _is_head(blocks[at])), None)
    if head is None:
        return blocks
    entries, rests, stop = _entries(blocks, head + 1)
    if not entries:
        return blocks
    calls = _Calls(entries, language)
    before = tuple(map_text(block, lambda text: _called(text, calls)) for block in blocks[:head])
    if not calls.used:
        return blocks
    for words, span in calls.unknown:
        sink.warning("author-date", f"“({words})” has no entry in the list", span,
                     "look at its name and year, or ask the author for the source")
    for words, span in calls.replaced:
        sink.change(Change(span, "author-date", words, ""))
    count = sum(calls.used.values())
    sink.note("author-date", f"{count} citations by author and date are made notes, from "
              f"{len(calls.used)} of {len(entries)} entries", blocks[head].span)
    left = [rests[number] for number in range(len(entries)) if number not in calls.used]
    title = blocks[head]
    if not left and isinstance(title, Heading | Paragraph):
        sink.change(Change(title.span, "author-date", plain(title.text), ""))
    return (*before, *((title, *left) if left else ()), *blocks[stop:])


# ---------------------------------------------------------------- the list


def _is_head(block: Block) -> bool:
    return isinstance(block, Heading | Paragraph) and (
        is_sources_head(plain(block.text)))


def _entries(blocks: tuple[Block, ...], start: int) -> tuple[list[_Entry], list[Block], int]:
    """Return the entries from `start` on, each as a block of its own, and where they end."""
    entries: list[_Entry] = []
    rests: list[Block] = []
    at = start
    while at < len(blocks):
        texts = list(_texts_of(blocks[at]))
        found = [_entry(text) for text in texts]
        if not found or not all(found):
            break
        for entry, text in zip(found, texts, strict=True):
            assert entry
            entries.append(entry)
            rests.append(Paragraph(text, text[0].span))
        at += 1
    return entries, rests, at


def _texts_of(block: Block) -> Iterator[Text]:
    if isinstance(block, Paragraph):
        lines = lines_of(block.text)
        each = len(lines) > 1 and all(_entry(line) for line in lines)
        yield from lines if each else [block.text]
    elif isinstance(block, ListBlock):
        for item in block.items:
            if len(item) == 1 and isinstance(item[0], Paragraph):
                yield item[0].text


def _entry(text: Text) -> _Entry | None:
    if not all(isinstance(inline, Run) for inline in text):
        return None  # a note in a note, or a picture
    words = plain(text).strip()
    years = frozenset((*_ANY_YEAR.findall(words), *_LETTERED.findall(words)))
    first = _NAME.search(words)
    if not years or len(words) > 600 or first is None or not begins_large(words[first.start()]):
        return None
    if first.start() > 3 or not re.search(r"[.,:(]", words):
        return None
    head = words[:160]
    year = _ANY_YEAR.search(head)
    # A name is followed by its initials, a comma or the year; the title comes later.
    bounded = head[: year.start()] if year else re.split(r"\.\s+[^\W\d_]{3}", head)[0]
    return _Entry(trimmed(text), tuple(folded(bounded).split()), years)


# ---------------------------------------------------------------- calls


def _called(text: Text, calls: _Calls) -> Text:
    """Return a text with notes in place of the citations in it."""
    string = joined(text)
    out: list[Inline] = []
    at = 0
    for match in _BRACKET.finditer(string):
        span = next(i.span for i in cut(text, match.start(), match.end()))
        cited = _cited(match[1], string[: match.start()], calls, span)
        if cited is None:
            continue
        calls.replaced.append((match[0].strip(), span))
        out += [*cut(text, at, match.start()), NoteCall(_note(cited, calls), span)]
        at = match.end()
    if not out:
        return text
    return settle_marks((*out, *cut(text, at, len(string))), calls.language)


def _cited(words: str, before: str, calls: _Calls,
           span: Span) -> list[tuple[int, str, str]] | None:
    """Return the entries that a bracket names, each with what leads it in, and its place."""
    found: list[tuple[int, str, str]] = []
    pending = ""
    for part in words.split(";"):
        pending = f"{pending};{part}" if pending else part
        if not _ANY_YEAR.search(pending):
            continue  # names that a semicolon parts
        match = _PART.fullmatch(pending.strip())
        if match is None:
            return None
        names = _names(match["names"]) or ([] if found else _names_before(before))
        lettered = match["year"] + (match["letter"] or "").lower()
        entry = _match(names, lettered, calls.entries)
        if entry is None and match["letter"]:  # a list may go without the letter
            entry = _match(names, match["year"], calls.entries)
        if entry is None:
            if _names(match["names"]) and match["names"][:1].isupper():
                calls.unknown.append((words, span))
            return None
        place = match["place"] or ""
        further = _further(match, names, calls.entries)
        if further is None:
            return None
        found.append((entry, match["lead"] or "", "" if further else place))
        found += [(number, "", "") for number in further]
        pending = ""
    return found if found and not pending else None


def _further(match: re.Match[str], names: list[str],
             entries: list[_Entry]) -> tuple[int, ...] | None:
    """Return the entries of further years behind the first: `2019, 2021`, `2019a, b`.

    None if one of them has no entry; nothing if what stands behind the year is a page.
    """
    parts = re.split(r"\s*(?:,|&|\band\b|\bund\b|\be\b|\bet\b|\by\b)\s*", match["place"] or "")
    if not all(re.fullmatch(rf"{_YEAR}[a-z]?", part) or (match["letter"] and re.fullmatch(
            "[a-z]", part)) for part in parts):
        return ()
    years = (part if len(part) > 1 else match["year"] + part for part in parts)
    found = [_match(names, year, entries) for year in years]
    return tuple(n for n in found if n is not None) if None not in found else None


def _names(words: str) -> list[str]:
    return [folded(m[0]) for m in _NAME.finditer(words)
            if begins_large(m[0]) and folded(m[0]) not in _NO_NAMES]


def _names_before(before: str) -> list[str]:
    """Return the names right before a bare year, the nearest first."""
    words = before.split()[-_WORDS_BEFORE:]
    return [name for word in reversed(words) for name in _names(word)]


def _match(names: list[str], year: str, entries: list[_Entry]) -> int | None:
    """Return the entry that fits best; None if none does, or several do alike."""
    ranked = []
    for number, entry in enumerate(entries):
        if year not in entry.years or not names:
            continue
        parts = [part for name in names for part in name.split()]
        hits = sum(part in entry.names for part in parts)
        if hits and any(part in entry.names for part in names[0].split() + names[-1].split()):
            ranked.append((hits, entry.names[:1] == tuple(parts[:1]), -number))
    ranked.sort(reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    return -ranked[0][2]


def _note(cited: list[tuple[int, str, str]], calls: _Calls) -> Note:
    text: list[Inline] = []
    for number, lead, place in cited:
        entry = calls.entries[number].text
        at = entry[0].span
        if text:
            text[-1] = _unstopped(text[-1])
            text.append(Run("; ", span=at))
        if lead:
            text.append(Run(lead, span=at))
        text += entry
        if place:
            text[-1] = _unstopped(text[-1])
            text.append(Run(f", {place.strip()}.", span=at))
        calls.used[number] = calls.used.get(number, 0) + 1
    first = cited[0][0]
    return Note(tuple(text), span=text[0].span,
                identifier=f"entry-{first + 1}-{sum(calls.used.values())}")


def _unstopped(inline: Inline) -> Inline:
    if isinstance(inline, Run) and inline.text.rstrip().endswith("."):
        return replace(inline, text=inline.text.rstrip()[:-1])
    return inline
