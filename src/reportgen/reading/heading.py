"""The first line of a brief: its region and month, in the ways that authors write them."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month, is_month, misspelt_month
from reportgen.model import NOWHERE, Month, Region
from reportgen.patterns import pattern
from reportgen.reading.regions import RegionTable, folded, unknown_region
from reportgen.texts import begins_large

PAGE_HEAD = "\ue013"
"""Before a first line that stood at the head of a document's pages."""

_SEPARATORS = " \t\u00a0–—|,:;-·•/#*_.()[]"
_MAX_HEADING = 90
_DATE_LIKE = pattern(r"(?:\S{1,12}[ ,]+)?(?:19|20|21)\d\d|(?:19|20)\d\d\W\d{1,2}"
                        r"|(?P<month>[^\W\d_]+)\.?[ ,]+\d{1,4}")
"""What stands behind a region's name and is meant to be a month: `2019`, `Mya 2019`, `May 19`."""


_YEAR_WORD = pattern(r"^(?:г|год|года|р|року|рік|r|roku|del año|a\.?|م)\.?$", re.IGNORECASE)
"""What follows a year: `июнь 2021 г.`, `липень 2023 року`, `lipiec 2023 r.`"""

_PARTED = pattern(r"[|/:,(.·–—-]\s*(?:\d{1,2}\.?\s+)?$")
"""The sign between a region and its month."""

_REPORT_WORDS = (
    r"(?:reports?|brief(?:s|ing|ings)?|bulletins?|newsletters?|monthly|weekly|quarterly|update|"
    r"digest|"
    r"outlook|review|overview|commentary|monitor|watch|dispatch(?:es)?|insights?|im blick|in focus|"
    r"en bref|in breve|rapport[oi]?|bollettin[oi]|not[ae]s?|informes?|bolet[ií]n|"
    r"bolet(?:im|ins)|relatórios?|notiziario|quadern[oi]|analis[ie]|análisis|análise|"
    r"(?:länder|monats|regional|quartals|kurz|lage)?(?:bericht|analyse|überblick|brief|info)e?|"
    r"rapports?|отч[её]т|обзор|бюллетень|справка|raport|biuletyn|przegląd|analiza|звіт|огляд|"
    r"бюлетень|bülten[i]?|rapor[u]?|notu)")
_REPORT = pattern(
    rf"\b(?:{_REPORT_WORDS}|stand|datum|date|data|fecha|дата|month|mes|mês|mois|monat|mese|выпуск|"
    r"випуск|issue|numero|número|numéro|ausgabe|numer)\b", re.IGNORECASE)
"""Words for what a brief is, or when it was written, and for no region."""

_ABOUT_REPORT = (r"(?:(?:regional|country|policy|monthly|political|security|regionale|mensile|"
                 r"mensuel|"
                 r"mensual|mensal|miesięczny|our|the)\s+)*")
_FRAMED = pattern(rf"^{_ABOUT_REPORT}{_REPORT_WORDS}\b[\s:–—-]*{_ABOUT_REPORT}|"
                     rf"[\s–—-]*\b{_ABOUT_REPORT}{_REPORT_WORDS}$", re.IGNORECASE)
"""Such words before and behind the name of a region: `Monatsbericht Zentralasien`."""

_DATE_LABEL = pattern(
    r"^(?:stand|datum|date|data|fecha|дата|month|mes|mês|mois|monat|mese)\s*:\s*", re.IGNORECASE)

_LONGEST_REGION, _LONGEST_LINK = 5, 3
"""Words of a region's name, and letters of the small words in one."""

_SLIP = 0.88
"""Likeness of a slip: `CENTRL ASIA`; a name in another language is less like."""

DATED_WITHIN = 6
"""Lines of text at the top among which a line with nothing but a date may stand."""

STILL_DATED_WITHIN = 2
"""The same where the heading has the month: what stands further down may be a subhead."""


_PREPOSITION = pattern(r"\s+(?:im|in|en|em|nel|w|we|в|у)$", re.IGNORECASE)
"""What may stand before the month: `Zentralasien im April 2019`."""


class HeadingLine(Struct, frozen=True):
    """What the first line of a brief says."""

    region: Region | None = None
    month: Month | None = None
    rest: str = ""
    """What follows the region and is neither: the author's name, or the title."""
    span: Span = NOWHERE
    place: str = ""
    """What stands before the month of the date line: a town, or the region if nothing else is."""


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
    before = _without_days(_PREPOSITION.sub("", text[: found.start].strip(_SEPARATORS)))
    after = _YEAR_WORD.sub("", text[found.end :].strip(_SEPARATORS)).strip(_SEPARATORS)
    parted = bool(_PARTED.search(text[: found.start])) and not after
    name = _bracketed(text, f"{before} {after}".strip())
    label, colon, named = name.rpartition(":")
    if colon and _REPORT.search(label):  # "Bulletin, contribution for: ANDES"
        name = before = named.strip(_SEPARATORS)
    behind = after if table.find(before) and table.find(name) is None else ""
    name = before = _unframed(name, before, table)
    if not before.strip(_SEPARATORS) and after and _REPORT.search(after):
        return None
    region = table.find(name) or table.find(before) or table.find(after)
    if region:
        said = next(words for words in (name, before, after) if table.find(words))
        tell_alias(said, region, span, sink)
        return HeadingLine(region, month, "" if is_report(behind) else behind, span)
    if re.search(r"\d[:.]\d", name):
        return None  # "April 20, 2018 | 11:15 PM"
    near = table.near(name)
    slip = near if near and is_slip(name, near) else None
    unframed = bool(_REPORT.search(text)) and 0 < len(name.split()) <= _LONGEST_REGION and all(
        begins_large(w) for w in name.split() if len(w) > _LONGEST_LINK)
    if not (unframed or _looks_like_region(name, line) or (parted and _may_be_region(name))
            or (near and len(name.split()) <= 3)) or _REPORT.search(name):
        return None
    if slip:
        sink.error("unknown-region", f'no region "{name}"', span, f'did you mean "{slip}"?')
        return HeadingLine(None, month)
    region = unknown_region(name)
    tell_unknown(region, span, sink, near)
    return HeadingLine(region, month)


_DAY_BEHIND = pattern(r"(?<=[^\W\d_])[\s,]+\d{1,2}(?:st|nd|rd|th|er|º|ª)?\.?(?:\s?(?:de|of))?$")


def _without_days(name: str) -> str:
    """Return a name without what belongs to the month behind it: a day, the first of two months."""
    bare = _DAY_BEHIND.sub("", name).strip(_SEPARATORS)
    words = bare.split()
    return " ".join(words[:-1]) if len(words) > 1 and is_month(words[-1]) else bare


_MOST_NAME_WORDS = 6


def titled_heading(line: str, table: RegionTable, span: Span, sink: Sink) -> HeadingLine | None:
    """Return what a line of a name, a month and a year says, though nothing shows it is a heading.

    `Mali May 2021`. It is one only if nothing else says the region: read_heading is stricter.
    """
    text = re.sub(r"[\s\u00a0]+", " ", line.strip()).strip(" *_#")
    found = find_month(text)
    if found is None or _YEAR_WORD.sub("", text[found.end :].strip(_SEPARATORS)):
        return None
    name = _without_days(_PREPOSITION.sub("", text[: found.start].strip(_SEPARATORS)))
    words = name.split()
    if not 1 <= len(words) <= _MOST_NAME_WORDS or re.search(r"[\d_.]", name) or (
            _REPORT.search(name)) or not (
            begins_large(words[0]) and begins_large(words[-1])) or not all(map(_is_of_name, words)):
        return None
    region = unknown_region(name)
    tell_unknown(region, span, sink, table.near(name))
    return HeadingLine(region, Month(int(found.iso[:4]), int(found.iso[5:7])), span=span)


def _is_of_name(word: str) -> bool:
    return begins_large(word) or len(word) <= _LONGEST_LINK


def _unframed(name: str, before: str, table: RegionTable) -> str:
    """Return the region out of a name with words for what the brief is, or what series it is of.

    `REGIÓN ANDINA - BOLETÍN`, `Monatsbericht Zentralasien`, `Quaderni · Balcani occidentali`.
    """
    if table.find(name) or table.find(before):
        return name if table.find(name) else before
    parts = [p for p in re.split(r"\s*[–—|,·•/]\s*|\s+-\s+", name) if p]
    known = [p for p in parts if table.find(p)]
    if known:
        return known[0]
    if _REPORT.search(name):
        name = next((p for p in parts if not _REPORT.search(p)), name)
        bare = _FRAMED.sub("", name).strip(_SEPARATORS)
        return bare if begins_large(bare) else name
    return parts[-1] if len(parts) == 2 and re.search("[|·•]", name) else name


_LAST_FIELD = pattern(
    r"(?:region|area|region[ei]|région|región|região|regionie|регион|регіон|рубрика|bölge|zone|"
    r"zona|"
    r"rubrique|rubrik|rubrica|dział)\s*[:–—]\s*(?P<region>[^.|;·]{3,60})", re.IGNORECASE)
"""A field in the last lines of a brief that says its region."""

_LAST_DATE = pattern(
    r"^\W*(?:(?:stand|datum|date[ds]?|data|fecha|дата|выпуск|випуск|issue|ausgabe|text[eos]* \w+|"
    r"testo \w+|closed|completed|written|finished|redaktionsschluss|abgeschlossen|terminé|rédigé|"
    r"achevé|cerrado|concluido|concluído|chiuso|aggiornato|updated|actualizado|oddano|ukończono|"
    r"завершено|закончен|подписано|tamamlandı)\b|" + _REPORT_WORDS + r"\b)", re.IGNORECASE)
"""With which a last line begins that says when a brief was written, or of what month it is."""

_LAST_LINES, _LAST_DATE_WORDS = 10, 7
"""Lines of text at the end that are looked at, and words of one with a date."""


def take_closing(lines: list[tuple[int, str]], heading: HeadingLine, table: RegionTable, name: str,
                 sink: Sink) -> tuple[HeadingLine, list[tuple[int, str]]]:
    """Return a heading with the region and month that the last lines say, if it has none.

    `Region: Central Europe`, `Rubric: Middle East. Issue: May 2019`, `Text closed on 9 May 2020`.
    """
    out = list(lines)
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()][-_LAST_LINES:]
    for at in reversed(filled):
        number, text = out[at]
        if len(text) > _MAX_HEADING or (heading.region and heading.month):
            continue
        words = text.strip(" *_#|>")
        field = _LAST_FIELD.search(words) if heading.region is None else None
        found = find_month(words) if heading.month is None else None
        dated = found and (field or (_LAST_DATE.match(words[: found.start])
                                     and len(words.split()) <= _LAST_DATE_WORDS
                                     and text.lstrip()[:1].isalpha()))
        if not field and not dated:
            continue
        if field:
            region = table.find(field["region"].strip(_SEPARATORS))
            if region is None:
                region = unknown_region(field["region"].strip(_SEPARATORS))
                tell_unknown(region, Span(name, number), sink)
            heading = replace(heading, region=region)
        if found and dated:
            heading = replace(heading, month=Month(int(found.iso[:4]), int(found.iso[5:7])))
        sink.note("closing", f'"{words}" is taken for region and date, and not printed',
                  Span(name, number))
        sink.change(Change(Span(name, number), "closing", words, ""))
        out[at] = number, ""
    return heading, out


_TOWN_WORDS, _NAMED_WITHIN = 3, 3
"""Words of a town; lines at the top of which one may be named after its month."""

_MONTH_WORD = pattern(
    r"\b(?:month|monat\w*|mois|mese|mes|mês|miesiąc\w*|месяц\w*|місяц\w*|ay[ıi]?|شهر)\b",
    re.IGNORECASE)
"""`Notes for the month of October 2021`."""


def take_dateline(lines: list[tuple[int, str]], name: str, within: int,
                  sink: Sink) -> tuple[Month | None, str, list[tuple[int, str]]]:
    """Return month and place of a line that is only a date, `Tiflis, 12 May 2021`, and the others.

    It stands among the first lines of text, as many as `within` says.
    """
    seen = 0
    for at, (number, text) in enumerate(lines):
        words = _DATE_LABEL.sub("", text.strip(" *_#\t\u00a0"))
        if not words:
            continue
        seen += 1
        if seen > within:
            break
        found = find_month(words) if len(words) <= _MAX_HEADING // 2 else None
        if found is None:
            continue
        before = re.sub(r"\b\d{1,2}(?:st|nd|rd|th|er|º|ª)?\.?\s*(?:de\s+|of\s+)?$", "",
                        words[: found.start])
        after = _YEAR_WORD.sub("", words[found.end :].strip(_SEPARATORS))
        place = before.strip(_SEPARATORS)
        of_month = seen <= _NAMED_WITHIN and (is_report(place) or _MONTH_WORD.search(place))
        town = (before.rstrip().endswith((",", "–", "—", "|", "·"))
                and len(place.split()) <= _TOWN_WORDS and begins_large(place))
        if after or (place and not of_month and not town):
            continue
        sink.note("dateline", f'"{words}" is taken for the date of the brief, and not printed',
                  Span(name, number))
        sink.change(Change(Span(name, number), "dateline", text.strip(), ""))
        month = Month(int(found.iso[:4]), int(found.iso[5:7]))
        return month, "" if of_month else place, [*lines[:at], (number, ""), *lines[at + 1 :]]
    return None, "", lines


def undated_region(line: str, table: RegionTable, span: Span, sink: Sink, *,
                   right_above: bool) -> Region | None:
    """Return the region of a first line above a line with the date.

    It is known, or in capitals, or stands `right_above` a line that is only a month.
    """
    name = re.sub(r"\s+", " ", line).strip(_SEPARATORS)
    label, colon, named = name.rpartition(":")
    if colon and _REPORT.search(label):  # "Country report: Belarus"
        name = named.strip(_SEPARATORS)
    known = table.find(name) or table.find(_unframed(name, name, table))
    if known:
        return known
    most = 7 if right_above else 4
    if (not name or len(name.split()) > most or any(c.isdigit() for c in name)
            or _REPORT.search(name)):
        return None
    if not name.isupper() and not (right_above and begins_large(name)):
        return None
    region = unknown_region(name)
    tell_unknown(region, span, sink)
    return region


def tell_alias(said: str, region: Region, span: Span, sink: Sink) -> None:
    """Note that a region is printed by a name with which its heading has no word in common."""
    words = set(folded(said).split())
    names = (region.code, region.name, *region.names.values())
    if not any(words & set(folded(name).split()) for name in names):
        sink.note("region-name", f'"{said}" is set as the region {region.name}', span,
                  "if it is another, add it to regions.toml with countries and colour")


def tell_unknown(region: Region, span: Span, sink: Sink, near: str | None = None) -> None:
    """Warn of a region that is not in the tables; the brief is built all the same.

    `near` is the name of a region that may have been meant.
    """
    sink.warning("unknown-region", f'no region "{region.name}" is known: the map shows the '
                 "countries that the brief names, or there is none", span,
                 *((f'did you mean "{near}"?',) if near else ()),
                 f"add it to regions.toml: [{region.code}] with name, countries and colour")


def _without_month(text: str, table: RegionTable, span: Span, sink: Sink) -> HeadingLine | None:
    region = table.find(text.strip(_SEPARATORS)) or table.find(text)
    if region:
        return HeadingLine(region)
    slip = misspelt_month(text)
    start = table.find_at_start(text)
    dated = start and _DATE_LIKE.fullmatch(start[1].strip(_SEPARATORS))
    if start and not slip and dated and is_month(dated["month"] or "may"):
        sink.error("no-month", f'"{start[1].strip(_SEPARATORS)}" is no month', span,
                   "write it as April 2019 or 2019-04")
        return HeadingLine(start[0])
    if slip and start:
        sink.error("misspelt-month", f'no month "{slip[0]}"', span,
                   f'did you mean "{slip[1].capitalize()}"?')
        return HeadingLine(start[0])
    if start and _is_name(start[1].strip(_SEPARATORS)):
        return HeadingLine(start[0], None, start[1].strip(_SEPARATORS), span)
    return None


def _bracketed(text: str, name: str) -> str:
    """`Gulf (April 2019)` leaves an empty bracket behind; a region's own brackets stay."""
    return re.sub(r"\(\s*\)", "", name).strip() if "(" in text else name


def is_only_month(text: str) -> bool:
    """Whether a line is a month, with a day or the word for a report at most, and no place."""
    found = find_month(text)
    before = text[: found.start].strip(_SEPARATORS) if found else ""
    return found is not None and (not before or before.isdigit() or is_report(before))


def is_report(text: str) -> bool:
    """Whether a line says what a text is: a report, a brief, a bulletin."""
    return bool(_REPORT.search(text))


def is_slip(name: str, near: str) -> bool:
    """Whether a name differs from a known one by no more than a slip of the pen."""
    return SequenceMatcher(None, folded(name), folded(near)).ratio() >= _SLIP


def _looks_like_region(name: str, line: str) -> bool:
    """A few words in capitals, or a short heading line that holds nothing but a name."""
    words = name.split()
    if not words or len(words) > 5:
        return False
    capitals = name.upper() == name
    titled = all(w[0].isupper() or w.lower() in ("and", "&", "of", "the") for w in words)
    return capitals or (titled and len(words) <= 3 and line.lstrip().startswith("#"))


def _may_be_region(name: str) -> bool:
    """Whether a few words before a separator and a month can be a region's name."""
    words = name.split()
    return (1 <= len(words) <= 5 and begins_large(words[0]) and not any(c.isdigit() for c in name)
            and name[-1] not in ".!?…")


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(w[0].isupper() for w in words)
