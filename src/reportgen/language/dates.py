"""Dates as authors write them, found by a closed grammar.

Deterministic, with no clock and no guessing: what the grammar does not know is
no date. Results are ISO 8601, as precise as the author was.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from msgspec import Struct

from reportgen.language.months import MONTH_NAMES


class FoundDate(Struct, frozen=True):
    """A date inside a text."""

    start: int
    end: int
    iso: str
    """`2019`, `2019-04` or `2019-04-19`."""


_LOCATIVES = (
    "styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie "
    "grudniu",
    "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні")
"""Behind "in", which CLDR does not have: Polish, Russian, Ukrainian."""

_OTHERS = {
    "jänner": 1, "feber": 2, "setiembre": 9,
    "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8,
    "أيلول": 9, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12,
    "جانفي": 1, "فيفري": 2, "أفريل": 4, "ماي": 5, "جوان": 6, "جويلية": 7, "يوليوز": 7, "أوت": 8,
    "غشت": 8, "شتنبر": 9, "نونبر": 11, "دجنبر": 12,
    "ابريل": 4, "اغسطس": 8, "اكتوبر": 10,
}
"""Of Austria, of Peru and Uruguay, of the Levant and Iraq, of the Maghreb; and without hamza."""

_MONTHS = (
    MONTH_NAMES | {name.replace("ı", "i"): month for name, month in MONTH_NAMES.items()}
    | {name: month for names in _LOCATIVES for month, name in enumerate(names.split(), 1)}
    | _OTHERS)
"""Also as capitals that do not know the dotless i are folded: KASIM."""


def _small(word: str) -> str:
    """Return a word in small letters; İ becomes i without a combining dot (EKİM)."""
    return word.casefold().replace("i\u0307", "i")

_MONTH = (r"(?P<month>(?:كانون|تشرين) ال(?:أول|ثاني)|آب|[^\W\d_]{3,12})\b\.?"
          r"(?:\s?[/(]\s?[\u0620-\u064a]{2,6}(?: ال(?:أول|ثاني))?\)?(?=\s+(?:19|20)\d\d))?")
"""Any word (and the Arabic months of two words or two letters, or by both their names); whether it
is a month is looked up, which is faster than a pattern of 380 names."""
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|°|\.)?"
_RANGE = r"(?:\s*[-–]\s*[0-3]?\d(?:st|nd|rd|th|er|º|°|\.)?)?"
_ENGLISH = frozenset(
    name for name in MONTH_NAMES if name in {
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december"})
_GAP = r"[\s\u00a0]+"
_OF = rf"(?:{_GAP}|{_GAP}(?:of|de|del|di|d['’]){_GAP}?|\s?/\s?)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w/.-]){_DAY}{_RANGE}{_OF}{_MONTH},?{_OF}{_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH}{_GAP}{_DAY}{_RANGE},?{_GAP}{_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH},?{_OF}{_YEAR}(?!\d)",
        r"(?<![\w/.-])(?P<year>20\d\d|19\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?![\w-])",
        r"(?<![\w/.-])(?P<day>[0-3]?\d)[./](?P<month>[01]?\d)[./](?P<year>20\d\d|19\d\d)(?![\w/])",
        rf"(?<![\w/.:-]){_YEAR}(?![\w/-]|\.\d)",
    )
)
_MONTH_YEAR = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\w){_MONTH},?{_OF}{_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH}{_GAP}{_DAY}{_RANGE},?{_GAP}{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}{_GAP}{_MONTH}",
        r"(?<!\d)(?P<year>20\d\d|19\d\d)[/.-](?P<month>0?[1-9]|1[0-2])(?![\d/.-])",
        r"(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])[/.-](?P<year>20\d\d|19\d\d)(?!\d)",
    )
)


EASTERN_DIGITS = {first + value: str(value) for first in (0x660, 0x6f0) for value in range(10)}
"""Digits of Arabic and of Persian, as those that the patterns have."""


def find_date(text: str) -> FoundDate | None:
    """Return the first and most precise date in `text`, or None."""
    return _first(_PATTERNS, text)


def find_month(text: str) -> FoundDate | None:
    """Return the month of a year in `text` (`April 2019`, `2019/04`, `04/2019`), or None."""
    return _first(_MONTH_YEAR, text)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> FoundDate | None:
    """Return the first match that is a date; what is none may begin before one that is."""
    text = text.translate(EASTERN_DIGITS)
    for pattern in patterns:
        match = pattern.search(text)
        while match:
            iso = _iso(match)
            if iso:
                return FoundDate(match.start(), match.end(), iso)
            match = pattern.search(text, match.start() + 1)
    return None


def is_month(word: str) -> bool:
    """Whether a word is the name of a month in any of the languages."""
    return _small(word) in _MONTHS


def misspelt_month(text: str) -> tuple[str, str] | None:
    """Return (word, month meant) if a word before a year is nearly a month."""
    for match in re.finditer(rf"([^\W\d]{{3,12}})\.?,?[\s\u00a0]+{_YEAR}(?!\d)", text):
        word = _small(match[1])
        if word in _MONTHS:
            continue
        near = [n for n in get_close_matches(word, _MONTHS, n=5, cutoff=0.75)
                if len(n) > 3 or n in _ENGLISH]
        english = [n for n in near if n in _ENGLISH]
        if near:
            return match[1], (english or near)[0]
    return None


def _iso(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    parts = [groups["year"]]
    month = groups.get("month")
    if month:
        number = int(month) if month.isdigit() else _MONTHS.get(_small(month), 0)
        if not 1 <= number <= 12:
            return None
        parts.append(f"{number:02d}")
        day = groups.get("day")
        if day:
            if not 1 <= int(day) <= 31:
                return None
            parts.append(f"{int(day):02d}")
    return "-".join(parts)
