"""Changes of glyphs and spaces, by language; never of words.

Each rule looks at the text of a whole paragraph and yields edits. Spans of text
that must stay as they are (addresses, code) come masked with `MASK`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from reportgen.language.languages import NARROW_SPACE, NO_BREAK_SPACE, Language

MASK = "\ufffc"
"""Stands for a character that no rule may see."""


class Edit(Struct, frozen=True):
    """Replace `text[start:end]` by `new`."""

    start: int
    end: int
    new: str
    rule: str


Rule = Callable[[str, Language], Iterator[Edit]]

_MAGNITUDES = (
    "million|millions|billion|billions|trillion|thousand|bn|per cent|percent|"
    "milioni|miliardi|millones|milliards|Millionen|Milliarden|Mio|Mrd|Prozent|"
    "млн|млрд|тыс|процент|km|km²|kg|mm|MW|GW|barrels|bpd|mb|euro|euros|dollars"
)


def edits(text: str, language: Language) -> list[Edit]:
    """Return the edits that all rules want; where two touch the same place the first wins."""
    found: list[Edit] = []
    taken = bytearray(len(text) + 1)
    for rule in RULES:
        for edit in rule(text, language):
            reach = slice(edit.start, max(edit.end, edit.start + 1))
            if text[edit.start : edit.end] != edit.new and not any(taken[reach]):
                taken[reach] = b"\1" * len(taken[reach])
                found.append(edit)
    return sorted(found, key=lambda e: (e.start, e.end))


def _decimals(text: str, language: Language) -> Iterator[Edit]:
    """`$5,6 billion` -> `$5.6 billion` where the language has a decimal point."""
    if language.decimal != ".":
        return
    pattern = (rf"(?:(?<=[$€£¥])\s?\d+(,)\d{{1,2}}(?!\d))|"
               rf"(?<![\d,.])\d+(,)\d{{1,2}}(?=\s?(?:%|(?:{_MAGNITUDES})\b))")
    for match in re.finditer(pattern, text):
        group = 1 if match[1] else 2
        yield Edit(match.start(group), match.end(group), ".", "decimal-mark")


def _groups(text: str, language: Language) -> Iterator[Edit]:
    """`12 000` -> the language's own separator."""
    if language.group:
        for match in re.finditer(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)", text):
            for space in re.finditer(r"[ \u00a0\u202f]", match[0]):
                at = match.start() + space.start()
                yield Edit(at, at + 1, language.group, "digit-grouping")


def _ranges(text: str, _: Language) -> Iterator[Edit]:
    """`17-18th`, `2014-2019` -> en dash."""
    pattern = r"(?<![\w/.,:$-])\d{1,4}(\s?-\s?|–)\d{1,4}(?:st|nd|rd|th|%)?(?![\w/-])(?![.,]\d)"
    for match in re.finditer(pattern, text):
        yield Edit(match.start(1), match.end(1), "–", "range-dash")


def _dashes(text: str, _: Language) -> Iterator[Edit]:
    """A spaced hyphen or double hyphen is a dash; a no-break space stands before it."""
    for match in re.finditer(r"(?<=\S)[ \u00a0](-|--|–)(?=[ \u00a0]\S)", text):
        yield Edit(match.start(), match.end(), NO_BREAK_SPACE + "–", "spaced-dash")
    for match in re.finditer(r"(?<=\S) —(?= )", text):
        yield Edit(match.start(), match.end(), NO_BREAK_SPACE + "—", "spaced-dash")
    for match in re.finditer(r"(?<=\w)--(?=\w)", text):
        yield Edit(match.start(), match.end(), "–", "double-hyphen")


def _ellipses(text: str, _: Language) -> Iterator[Edit]:
    for match in re.finditer(r"(?<!\.)\.\.\.(?!\.)", text):
        yield Edit(match.start(), match.end(), "…", "ellipsis")


def _quotes(text: str, language: Language) -> Iterator[Edit]:
    """Straight quotes to the language's own; an apostrophe inside a word."""
    level = 0
    for match in re.finditer("[\"“”«»„]|'", text):
        mark, at = match[0], match.start()
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        opens = before.isspace() or (before in "([{—–/«“„‘" + MASK and not after.isspace())
        if mark == "'":
            yield from _single(text, at, before, after, language)
        elif mark == '"':
            level = level + 1 if opens else max(level - 1, 0)
            left, right = language.quotes
            space = language.quote_space
            yield Edit(at, at + 1, left + space if opens else space + right, "quotes")


def _single(text: str, at: int, before: str, after: str, language: Language) -> Iterator[Edit]:
    """A straight single quote: an apostrophe, or the quote of a quoted word."""
    left, right = language.inner_quotes
    opening = (before.isspace() or before in "([“«") and after.isalpha()
    closing = re.search(r"'(?!\w)", text[at + 1 :]) if opening else None
    if opening and closing and "'" not in text[at + 1 : at + 1 + closing.start()]:
        yield Edit(at, at + 1, left, "quotes")
        other = at + 1 + closing.start()
        yield Edit(other, other + 1, right, "quotes")
    else:
        yield Edit(at, at + 1, "’", "apostrophe")


def _french_spaces(text: str, language: Language) -> Iterator[Edit]:
    """A narrow no-break space before ; ! ? and inside « », a no-break space before the colon."""
    if not language.high_punctuation:
        return
    high = re.escape(language.high_punctuation)
    for match in re.finditer(rf"(?<=[\w»)%\x22])[ \u00a0\u202f]?(?=[{high}](?:\s|$|[»)]))", text):
        yield Edit(match.start(), match.end(), NARROW_SPACE, "french-spacing")
    for match in re.finditer(r"(?<=[\w»)%\x22])[ \u00a0\u202f]?(?=:\s)", text):
        yield Edit(match.start(), match.end(), NO_BREAK_SPACE, "french-spacing")
    for match in re.finditer(r"(?<=«)[ \u00a0]?(?=\S)(?!\u202f)|(?<=[^\s])[ \u00a0]?(?=»)", text):
        yield Edit(match.start(), match.end(), NARROW_SPACE, "french-spacing")


def _bound_spaces(text: str, language: Language) -> Iterator[Edit]:
    """A number stays with its unit, a day with its month, initials with the name."""
    months = language.date_months or language.months
    numbered = re.search(r"\d", text) is not None
    for pattern in (*(_near_numbers(months) if numbered else ()), _INITIALS):
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), NO_BREAK_SPACE, "no-break-space")


_INITIALS = re.compile(
    r"(?<=\b[A-ZА-Я]\.) (?=[A-ZА-Я])|(?<=\b(?:No|no|pp|Nr|Dr|Mr|St)\.) (?=[A-Z])")


@lru_cache(maxsize=16)
def _near_numbers(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return where a space next to a number must not break, with the names of months."""
    months = "|".join(names)
    return tuple(map(re.compile, (
        rf"(?<=\b\d) (?=(?:{months})\b)",
        rf"(?<=\b\d\d)[ ](?=(?:{months})\b)",
        rf"(?<=\d\.) (?=(?:{months})\b)",
        rf"(?<=\d) (?=(?:{_MAGNITUDES})\b)",
        r"(?<=\d) (?=[%°€$£])",
        r"(?<=[€$£§№]) (?=\d)",
        r"(?<=\b(?:No|no|pp|Nr|Dr|Mr|St)\.) (?=\d)",
        r"(?<=\bp\.) (?=\d)",
        r"(?:(?<=\bArticle)|(?<=\b[Rr]esolution)) (?=\d)",
    )))


def _spaces(text: str, language: Language) -> Iterator[Edit]:
    """One space between words; none before a comma or full stop."""
    for match in re.finditer(r"[ \t]{2,}", text):
        yield Edit(match.start(), match.end(), " ", "double-space")
    marks = r"[,.](?=\s|$)" if language.high_punctuation else r"[,.;:!?](?=\s|$)"
    for match in re.finditer(rf"(?<=[\w\ufffc]) (?={marks})", text):
        yield Edit(match.start(), match.end(), "", "space-before-mark")


def _ligatures(text: str, _: Language) -> Iterator[Edit]:
    """Ligatures that a PDF has left as characters (U+FB00 to U+FB06) -> their letters."""
    for match in re.finditer("[\ufb00-\ufb06]", text):
        letters = unicodedata.normalize("NFKC", match[0])
        yield Edit(match.start(), match.end(), letters, "ligature")


RULES: tuple[Rule, ...] = (
    _ligatures,
    _decimals,
    _groups,
    _ranges,
    _dashes,
    _ellipses,
    _french_spaces,
    _quotes,
    _spaces,
    _bound_spaces,
)
"""The rules in their order; where two want the same place the earlier one has it."""
