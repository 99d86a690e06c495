"""The first line of a brief: its region and month, in the ways that authors write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from reportgen.diagnostics import Sink, Span
from reportgen.language.dates import find_month, misspelt_month
from reportgen.language.months import MONTH_NAMES
from reportgen.model import Month, Region
from reportgen.reading.regions import RegionTable, unknown_region

_SEPARATORS = " \t\u00a0–—|,:;-·•/#*_.()[]"
_MAX_HEADING = 90
_DATE_LIKE = re.compile(r"(?:\S{1,12}[ ,]+)?(?:19|20|21)\d\d|(?:19|20)\d\d\W\d{1,2}"
                        r"|(?P<month>[^\W\d_]+)\.?[ ,]+\d{1,4}")
"""What stands behind a region's name and is meant to be a month: `2019`, `Mya 2019`, `May 19`."""


@dataclass(frozen=True)
class HeadingLine:
    """What the first line of a brief says."""

    region: Region | None = None
    month: Month | None = None
    rest: str = ""
    """What follows the region and is neither: as a rule the author's name."""


def read_heading(line: str, table: RegionTable, span: Span, sink: Sink) -> HeadingLine | None:
    """Return what a first line says, or None if it is no heading but a title or text.

    A line that has the form of a heading but a region or month that is not
    known is an error with a hint, and is taken for a heading.
    """
    line = "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cf"))
    text = re.sub(r"[\s\u00a0]+", " ", line.strip().lstrip("#")).strip(" *_")
    if not text or len(text) > _MAX_HEADING:
        return None
    found = find_month(text)
    if found is None:
        return _without_month(text, table, span, sink)
    month = Month(int(found.iso[:4]), int(found.iso[5:7]))
    before = text[: found.start].strip(_SEPARATORS)
    after = text[found.end :].strip(_SEPARATORS)
    name = _bracketed(text, f"{before} {after}".strip())
    region = table.find(name) or table.find(before) or table.find(after)
    if region:
        rest = after if table.find(before) and table.find(name) is None else ""
        return HeadingLine(region, month, rest)
    near = table.near(name)
    if not _looks_like_region(name, line) and not (near and len(name.split()) <= 3):
        return None
    if near:
        sink.error("unknown-region", f'no region "{name}"', span, f'did you mean "{near}"?')
        return HeadingLine(None, month)
    region = unknown_region(name)
    tell_unknown(region, span, sink)
    return HeadingLine(region, month)


def tell_unknown(region: Region, span: Span, sink: Sink) -> None:
    """Warn of a region that is not in the tables; the brief is built all the same."""
    sink.warning("unknown-region", f'no region "{region.name}" is known: the map shows the '
                 "countries that the brief names, or there is none", span,
                 f"add it to regions.toml: [{region.code}] with name, countries and colour")


def _without_month(text: str, table: RegionTable, span: Span, sink: Sink) -> HeadingLine | None:
    region = table.find(text.strip(_SEPARATORS)) or table.find(text)
    if region:
        return HeadingLine(region)
    slip = misspelt_month(text)
    start = table.find_at_start(text)
    dated = start and _DATE_LIKE.fullmatch(start[1].strip(_SEPARATORS))
    if start and not slip and dated and (dated["month"] or "may").casefold() in MONTH_NAMES:
        sink.error("no-month", f'"{start[1].strip(_SEPARATORS)}" is no month', span,
                   "write it as April 2019 or 2019-04")
        return HeadingLine(start[0])
    if slip and start:
        sink.error("misspelt-month", f'no month "{slip[0]}"', span,
                   f'did you mean "{slip[1].capitalize()}"?')
        return HeadingLine(start[0])
    if start and _is_name(start[1].strip(_SEPARATORS)):
        return HeadingLine(start[0], None, start[1].strip(_SEPARATORS))
    return None


def _bracketed(text: str, name: str) -> str:
    """`Gulf (April 2019)` leaves an empty bracket behind; a region's own brackets stay."""
    return re.sub(r"\(\s*\)", "", name).strip() if "(" in text else name


def _looks_like_region(name: str, line: str) -> bool:
    """A few words in capitals, or a short heading line that holds nothing but a name."""
    words = name.split()
    if not words or len(words) > 5:
        return False
    capitals = name.upper() == name
    titled = all(w[0].isupper() or w.lower() in ("and", "&", "of", "the") for w in words)
    return capitals or (titled and len(words) <= 3 and line.lstrip().startswith("#"))


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(w[0].isupper() for w in words)
