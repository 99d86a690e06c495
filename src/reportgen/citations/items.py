"""What a bracketed group cites, and how sure that is.

A group is a list of atoms. It is split into items; of each item the address,
date, locator and the like are taken out, and what is left is author, title and
container. Fields serve the list of sources; the printed note keeps the
author's own words, so a field that is split wrongly costs nothing on paper.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from reportgen.citations.grading import Divided, Habit, Signs, grade
from reportgen.citations.patterns import (
    ACCESSED,
    ADDRESS,
    ARCHIVED,
    BARE_ADDRESS,
    DOCUMENT,
    DOI,
    IBID,
    ISSUE,
    JOINT,
    LABEL,
    LIFE,
    LOCATOR,
    NESTED,
    NESTED_BUT_YEARS,
    OFFICIAL,
    OP_CIT,
    PARTICIPLE,
    PREFIX,
    PRIVATE,
    SAID,
    SAMPLE,
    SPLIT,
    SYMBOL,
    TITLE,
    VOLUME,
    YEAR_WORD,
)
from reportgen.citations.spans import Atom, AtomKind
from reportgen.language.dates import find_date
from reportgen.model import Confidence, Run, Source, Style, Text
from reportgen.patterns import pattern


class Finding(Struct, frozen=True):
    """What a group was found to cite."""

    sources: tuple[Source, ...]
    confidence: Confidence


class _Item(Struct, frozen=True):
    """One item: its text with a placeholder for every title and address."""

    flat: str
    titles: tuple[Atom, ...]
    addresses: tuple[Atom, ...]

    def title_at(self, match: re.Match[str]) -> Atom:
        return self.titles[ord(match[0]) - 0xE000]

    def address_at(self, placeholder: str) -> str:
        return clean_address(self.addresses[ord(placeholder) - 0xE100].href or "")


def find_items(atoms: list[Atom], opener: str, habit: Habit = Habit.UNKNOWN) -> Finding | None:
    """Return what the atoms between two brackets cite, or None if they cite nothing."""
    if len(atoms) > 60:
        return None
    findings = [_read_item(item, opener, habit) for item in _split_items(atoms)]
    found = [f for f in findings if f is not None]
    sure = any(f[1] is not Confidence.POSSIBLE for f in found)
    if not found or (len(found) < len(findings) and not sure):
        return None
    weakest = min((f[1] for f in found), key=_RANK.index)
    if weakest is Confidence.POSSIBLE and sure and all(f[0].issued for f in found):
        weakest = Confidence.LIKELY  # beside a source, what has a date is one
    return Finding(tuple(f[0] for f in found), weakest)


_RANK = [Confidence.POSSIBLE, Confidence.LIKELY, Confidence.SURE]


def _split_items(atoms: list[Atom]) -> list[_Item]:
    """Split at semicolons, and at a new title after a complete item."""
    parts: list[list[Atom]] = [[]]
    for number, atom in enumerate(atoms):
        if atom.kind is not AtomKind.TEXT:
            parts[-1].append(atom)
            continue
        following = atoms[number + 1] if number + 1 < len(atoms) else None
        pieces = re.split(r"(?<!\b[^\W\d_]\.)[;؛](?!\d)(?![^(\[]*[)\]])", atom.text)
        for index, piece in enumerate(pieces):
            if index:
                parts.append([])
            ends = None
            if index == len(pieces) - 1 and following is not None:
                ends = _end_of_item(piece, parts[-1], following)
            parts[-1].append(Atom(AtomKind.TEXT, piece if ends is None else piece[:ends]))
            if ends is not None:
                parts.append([])
    return [_flatten(part) for part in parts if any(a.text.strip(" .,") for a in part)]


def _end_of_item(piece: str, before: list[Atom], following: Atom) -> int | None:
    """Return where in `piece` an item ends because a new title follows; None if it goes on."""
    if following.kind not in (AtomKind.EMPHASISED, AtomKind.QUOTED):
        return None
    joint = JOINT.search(piece)
    titled = any(a.kind in (AtomKind.EMPHASISED, AtomKind.QUOTED) for a in before)
    if not joint or not titled:
        return None
    addressed = any(a.kind is AtomKind.ADDRESS for a in before)
    worded = re.search(r"[^\W\d]", joint[0]) is not None
    dated = worded and find_date(piece[: joint.start()]) is not None
    at_start = joint.start() == 0
    return joint.start() if (addressed and at_start) or dated else None


def _flatten(part: list[Atom]) -> _Item:
    flat = ""
    titles: list[Atom] = []
    addresses: list[Atom] = []
    for atom in part:
        if atom.kind in (AtomKind.EMPHASISED, AtomKind.QUOTED) and len(titles) < 255:
            flat += chr(0xE000 + len(titles))
            titles.append(atom)
            if re.search(r"[,.]\s*$", atom.text):
                flat += ","
        elif atom.kind is AtomKind.ADDRESS and len(addresses) < 255:
            flat += f" {chr(0xE100 + len(addresses))} "
            addresses.append(atom)
        else:
            flat += PRIVATE.sub(" ", atom.text.replace("\u00a0", " "))
    return _Item(flat, tuple(titles), tuple(addresses))


_LONGEST_SHORT_FORM = 12
"""Words of what names a work that was cited before."""


def _read_item(item: _Item, opener: str, habit: Habit) -> tuple[Source, Confidence] | None:
    """Return an item's source and how sure it is, or None."""
    if IBID.match(TITLE.sub(lambda m: item.title_at(m).text, item.flat)):
        locator = LOCATOR.search(item.flat)
        return Source("IBID", locator=locator[0] if locator else None), Confidence.SURE
    if OP_CIT.search(item.flat) and len(item.flat.split()) <= _LONGEST_SHORT_FORM:
        return Source(author=OP_CIT.split(item.flat)[0].strip(" ,;") or None), Confidence.SURE
    flat, before = item.flat.strip(" ."), None
    labelled = LABEL.match(flat) is not None
    whole = flat
    while flat != before:
        before, flat = flat, PREFIX.sub("", flat, count=1)
    pointed = flat != whole
    said = SAID.match(flat) is not None
    flat = SAMPLE.sub("", flat)
    official = OFFICIAL.search(flat) is not None or BARE_ADDRESS.search(flat) is not None
    accessed, flat = _take_accessed(flat)
    archive = ARCHIVED.search(flat)
    flat = ARCHIVED.sub("", flat)
    written = flat
    nested = " ".join(NESTED.findall(flat))
    kept = NESTED if item.titles else NESTED_BUT_YEARS
    flat = kept.sub(" ", kept.sub(" ", flat))
    doi = DOI.search(flat)
    flat = DOI.sub("", flat)
    address = ADDRESS.search(flat)
    flat = ADDRESS.sub(" , ", flat)
    locator = LOCATOR.search(flat)
    numbered = ISSUE.search(flat)
    if LIFE.search(flat) and not (address or doi or locator or numbered or item.titles):
        return None
    flat = VOLUME.sub("", LOCATOR.sub("", flat))
    date = find_date(flat)
    date_at = date.start if date else len(flat)
    issued = date.iso if date else None
    if date:
        flat = flat[: date.start] + "," + YEAR_WORD.sub("", flat[date.end :])
    elif nested_date := find_date(nested):
        issued = nested_date.iso
    if numbered:
        issued = issued or next(
            (numbered[k] for k in ("year", "of", "part", "first") if numbered[k]), None)
        flat = ISSUE.sub("", flat)
    url = item.address_at(address[0]) if address else None
    if doi:
        url = url or f"https://doi.org/{doi[1]}"
    parts = _divide(item, flat, date_at)
    words = () if _says_all(parts, item, flat, nested) else _as_written(item, written)
    url = url or parts.href
    source = Source(
        parts.title, parts.container, parts.author, issued, url,
        locator[0] if locator else None, accessed,
        item.address_at(archive[1]) if archive else None, words)
    signs = Signs(opener, habit, numbered is not None, said, official, labelled, pointed)
    confidence = grade(parts, source, signs) or _without_year(parts, source, signs)
    return (source, confidence) if confidence else None


def _says_all(parts: Divided, item: _Item, flat: str, nested: str) -> bool:
    """Whether author, title and container have all words of an item, and each as it was written.

    `nested` has what stands in brackets, which is no part of them: `(Leiden: Example Press, 2020)`.
    Where a date was cut out of the middle of a name or title, or a sentence of a plain reference
    (`Rossi, A. (2019). A title. A journal`) was taken for a title, they have not.
    """
    fields = [field for field in (parts.author, parts.title, parts.container) if field]
    if any(_CUT.search(field) for field in fields) or _PUBLISHED.search(nested):
        return False
    if not parts.marked and parts.title and _SENTENCES.search(parts.title):
        return False
    whole = TITLE.sub(lambda m: f" {item.title_at(m).text} ", flat)
    lost = set(_words(whole)) - set(_words(" ".join(fields)))
    return not lost - _JOINING


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.casefold())


_CUT = pattern(r"^\W*[).:;]|[(\[]\W*$|\s[.,;:]\s|\(\W*\)|\(\s*,|\b[^\W\d_]$")
"""Marks of a cut: a bracket or stop that is left over, an initial without its stop."""
_PUBLISHED = pattern(r"[^\W\d_]:\s+[^\W\d_]")
_SENTENCES = pattern(r"[^\W\d_]{2}[.?!]\s+\w")
_JOINING = frozenset(["in", "on", "auf", "su", "sur", "en", "в", "em", "na", "at", "by", "di", "de",
                      "von"])
"""Words between the parts of a reference."""


def _as_written(item: _Item, flat: str) -> Text:
    """Return the words of an item as their author wrote them, without addresses."""
    bare = re.sub(r"\s+", " ", ADDRESS.sub(" ", DOI.sub(" ", flat)))
    bare = re.sub(r"\(\W*\)|\s+(?=[,.;:)])", "", bare)
    bare = re.sub(r",(?:\s*,)+", ",", bare).strip(" ,;.:–—-")
    runs: list[Run] = []
    for piece in re.split(f"({TITLE.pattern})", bare):
        found = TITLE.fullmatch(piece)
        if found:
            atom = item.title_at(found)
            if atom.kind is AtomKind.QUOTED:
                runs.append(Run(f"“{atom.text.strip()}”"))
            else:
                runs.append(Run(atom.text, Style(emphasis=True)))
        elif piece:
            runs.append(Run(piece))
    return tuple(runs)


_DAY_OF_MONTH = pattern(r"^(?:[0-3]?\d\.?\s+[^\W\d_]{3,12}|[^\W\d_]{3,12}\s+[0-3]?\d)$")


def _is_day(words: str) -> bool:
    found = find_date(words)
    return found is not None and len(found.iso) == len("2000-05-14")


def _without_year(parts: Divided, source: Source, signs: Signs) -> Confidence | None:
    """Return how sure an item is whose date has no year: `(Novi Kurir, 14 May)`.

    Where its author cites between brackets, as sure as with a year; else the editor is asked.
    """
    said = next((part for part in (source.container, source.title) if part
                 and _DAY_OF_MONTH.match(part) and _is_day(f"{part} 2000")), None)
    if said is None or source.issued:
        return None
    dated = replace(source, issued="2000-01-01",
                    container=None if said == source.container else source.container)
    found = grade(replace(parts, container=dated.container), dated, signs)
    known = signs.habit is Habit.BRACKETS
    return found if known or found is None else Confidence.POSSIBLE


def _take_accessed(flat: str) -> tuple[str | None, str]:
    match = ACCESSED.search(flat)
    if not match:
        return None, flat
    date = find_date(flat[match.end() :])
    if not date:
        return None, flat
    return date.iso, flat[: match.start()] + flat[match.end() + date.end :]


def _divide(item: _Item, flat: str, date_at: int) -> Divided:
    """Tell author, title and container apart."""
    titles = [(m, item.title_at(m)) for m in TITLE.finditer(flat)]
    quoted = [t for t in titles if t[1].kind is AtomKind.QUOTED]
    chosen = next(iter(quoted or titles), None)
    late = tuple(_segments(item, flat[date_at:])) if date_at < len(flat) else ()
    if chosen is None:
        return _divide_plain(item, flat, late)
    match, atom = chosen
    before = tuple(_segments(item, flat[: match.start()]))
    after = tuple(_segments(item, flat[match.end() :]))
    further = next((t[1] for t in titles
                    if t[0].start() > match.start() and t[1].kind is AtomKind.EMPHASISED), None)
    container = _tidy(further.text) if further else _container(after)
    author = ", ".join(before) or None
    if container is None and author is not None:
        container, author = author, None
    href = clean_address(atom.href) if atom.href else None
    title: str | None = _tidy(atom.text)
    if _is_outlet(atom, before, after) and date_at < len(flat):
        title, container = None, title
    lead = flat[: match.start()].rstrip()
    runs_on = bool(lead) and lead[-1].isalnum()
    return Divided(title, container, author, href, before, after, flat, marked=True,
                   runs_on=runs_on)


def _container(segments: tuple[str, ...]) -> str | None:
    """Return who brought a document out: no numbers, no remarks, no place before a colon."""
    kept = [s for s in segments if not SYMBOL.match(s) and not PARTICIPLE.match(s)]
    joined = ", ".join(kept)
    place = re.match(r"^[A-Z][\w .,-]{2,25}: (?=[A-Z])", joined)
    return (joined[place.end() :] if place else joined) or None


def _is_outlet(atom: Atom, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether what stands in italics is a newspaper's name: `(*Nezavisimaya Gazeta*, 14 May)`."""
    short = atom.kind is AtomKind.EMPHASISED and len(atom.text.split()) <= 3 and not atom.href
    return short and not before and not after


def _divide_plain(item: _Item, flat: str, late: tuple[str, ...]) -> Divided:
    segments = tuple(_segments(item, flat))
    author, rest = None, segments
    if len(segments) > 2 and _is_person(segments[0]) and not _is_person(segments[1]):
        author, rest = segments[0], segments[1:]
    title = rest[0] if rest else None
    container = _container(late or rest[1:])
    if late and title in late:
        container = _container(rest[1:])
    if title and container is None and len(rest) == 1 and len(title.split()) <= 3:
        title, container = None, title  # `(TASS, 14 May 2019, <...>)`
    return Divided(title, container, author, None, (), rest[1:], flat)


def _segments(item: _Item, text: str) -> list[str]:
    """Split at commas and spaced dashes; a further title in italics is a container."""
    out = []
    for piece in SPLIT.split(text):
        words = TITLE.sub(lambda m: _tidy(item.title_at(m).text), piece).strip(" .,:;–—-")
        words = re.sub(r"^(?:in|on|on behalf of|auf|su|sur|en|в)\s*:?\s+", "", words)
        if any(c.isalnum() for c in words):
            out.append(re.sub(r"\s+", " ", words))
    return out


def _tidy(title: str) -> str:
    return re.sub(r"[ \t\n]+", " ", title).strip(" ,;.“”\"«»").strip() or title.strip()


def _is_person(segment: str) -> bool:
    words = segment.split()
    return 2 <= len(words) <= 3 and all(w[0].isupper() and not w.isupper() for w in words) and (
        not DOCUMENT.search(segment))


def clean_address(href: str) -> str:
    """Return an address without a search engine's or mail program's redirect around it."""
    parts = urlsplit(href) if _splits(href) else None
    if parts and parts.hostname and re.search(r"(^|\.)google\.[a-z.]+$", parts.hostname):
        target = parse_qs(parts.query).get("q") or parse_qs(parts.query).get("url")
        if parts.path == "/url" and target and target[0].startswith("http"):
            return target[0]
    return href


def _splits(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True
