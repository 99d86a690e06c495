"""What a copy editor would ask about a brief as a whole: is one thing written one way?

Acronyms, names, percentages, dates, quotation marks and the levels of subheads. Nothing is changed,
and all are notes but a quotation mark without its partner: a house's style may want them so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import Language
from reportgen.model import Block, Text, plain
from reportgen.texts import OTHER, near_words, place_of, read_words, unpaired

_KNOWN_ACRONYMS = (
    "NATO OTAN НАТО ONU ООН USA США EEUU BRICS OPEC OPEP ASEAN UNESCO UNICEF OECD OCSE OCDE "
    "ОЭСР OSCE OBSE ОБСЕ WTO OMC WHO OMS ВОЗ IMF FMI МВФ GDP PIB PIL BIP PKB ВВП GSYH VAT IVA "
    "TVA HIV AIDS SIDA COVID SARS CEO GPS SMS PDF DNA CIA FBI KGB КГБ СССР URSS UDSSR СНГ BBC "
    "CNN TASS ТАСС AFP DPA ANSA EFE RAI CFA ECOWAS CEDEAO USB ARD ZDF NGO NGOS ONG ONGS NRO "
    "СМИ КНР FIFA UEFA NASA IBM USD EUR GBP CHF RUB CNY JPY ISBN ISSN DOI URL LNG GNL UAE EAU "
    "UKIP SPD CDU CSU FDP AKP HDP CHP")
"""What readers of a bulletin on politics know, in several languages."""

_CAPITALS = "A-ZÀ-ÖØ-ÞĞŞİĄĆĘŁŃŚŹŻА-ЯЁЄІЇҐ"
_ACRONYM = re.compile(rf"(?<![\w/.@#-])([{_CAPITALS}]{{3,7}})(?![\w/])")
_ROMAN = re.compile(r"[IVXLCDM]+$")
_NAME = re.compile(rf"(?<![\w'’.-])([{_CAPITALS}][^\W\d_]{{3,20}})(?![\w-])")
_INFLECTED = frozenset({"pl", "ru", "uk", "tr", "de"})
"""Languages in which a noun with a capital has other letters in other cases or in the plural."""

_PERCENT = {
    "en": (r"per cent\b", r"percent\b"), "it": (r"per cento\b",), "fr": (r"pour cent\b",),
    "de": (r"Prozent\b",), "es": (r"por ciento\b",), "pt": (r"por cento\b",),
    "pl": (r"proc(?:\.|ent\w*)",), "ru": (r"процент(?!н)\w*",), "uk": (r"відсот(?!ков)\w*",),
}
"""Words for the sign %, not those for percentage points."""

_QUOTED = re.compile("[\"“„«‹][^\"“”„«»\n]{1,400}[\"”“»]")


def check_consistency(title: Text, texts: Sequence[Text], blocks: Sequence[Block],
                      language: Language, sink: Sink) -> None:
    """Tell what is written two ways in a brief: its texts in their order, and their blocks."""
    body = [text for text in texts if any(c.islower() for c in plain(text))]
    _acronyms(body, sink)
    if language.code not in _INFLECTED:
        _names([title, *body], sink)
    _percentages(body, language, sink)
    _thousands(body, sink)
    _dates(body, language, sink)
    if language.code == "en":
        _two_ways([(form, rf"\b\d[\d.,]*[ \u00a0]?{form}\b") for form in _LARGE], body,
                  "large numbers", sink)
        _endings(body, sink)
    _quotation_marks(body, language, sink)


# ---------------------------------------------------------------- acronyms


def _acronyms(body: Iterable[Text], sink: Sink) -> None:
    """Tell of acronyms that are written out twice, and of those that never are."""
    known = frozenset(_KNOWN_ACRONYMS.split())
    first: dict[str, Span] = {}
    written_out: set[str] = set()
    for text in body:
        string = read_words(text)
        for match in _ACRONYM.finditer(string):
            name = match[1]
            if name not in first:
                first[name] = place_of(text, match.start())
            if not _is_written_out(string, match):
                continue
            if name in written_out and string[match.start() - 1 : match.start()] == "(":
                sink.note("acronym-twice", f"{name} is written out a second time",
                          place_of(text, match.start()), "write it out where it stands first",
                          words=name)
            written_out.add(name)
    unknown = [name for name in first if name not in written_out and name not in known
               and not _ROMAN.match(name)]
    if unknown:
        sink.note("acronym", f"never written out: {', '.join(unknown)}", first[unknown[0]],
                  "write out what a reader may not know: World Food Programme (WFP)",
                  words=unknown[0])


def _is_written_out(string: str, match: re.Match[str]) -> bool:
    """Whether an acronym stands in brackets behind its words, or has them in brackets behind it."""
    before = string[max(match.start() - 40, 0) : match.start()]
    behind = string[match.end() : match.end() + 60]
    inside = re.search(r"\w[ \u00a0]\((?:[^()]{0,30}[ \u00a0,;])?[“\"«]?$", before)
    follows = re.match(r"[ \u00a0][(–—-][ \u00a0]?(?:[^\W\d_]+[ \u00a0’'-])+", behind)
    return bool(inside or follows)


# ---------------------------------------------------------------- names


def _names(body: Iterable[Text], sink: Sink) -> None:
    """Tell of a name with accents and without, or with another vowel inside."""
    found: dict[str, tuple[Span, int]] = {}
    for text in body:
        string = _QUOTED.sub(lambda m: OTHER * len(m[0]), read_words(text))
        for match in _NAME.finditer(string):
            if match[1].isupper():
                continue
            known = found.get(match[1])  # the place of the first: each asks for a walk
            place, count = known or (place_of(text, match.start()), 0)
            found[match[1]] = place, count + 1
    groups: dict[str, list[str]] = defaultdict(list)
    for name in found:
        groups[_without_accents(name)].append(name)
    for same in groups.values():
        if len(same) > 1:
            _tell_names(same[0], same[1], found, sink)
    sounds: dict[str, list[str]] = defaultdict(list)
    for name in groups:
        sounds[_by_sound(name)].append(name)
    for alike in sounds.values():
        for one, other in pairwise(alike):
            if one != other:
                _tell_names(groups[one][0], groups[other][0], found, sink)
    vowels: dict[str, list[str]] = defaultdict(list)
    for name in groups:
        for key in _with_any_vowel(name):
            vowels[key].append(name)
    for alike in vowels.values():
        for one, other in pairwise(alike):
            _tell_names(groups[one][0], groups[other][0], found, sink)


def _tell_names(one: str, other: str, found: dict[str, tuple[Span, int]], sink: Sink) -> None:
    rare, usual = sorted((one, other), key=lambda name: (found[name][1], found[name][0].line == 0))
    sink.note("two-spellings", f'"{usual}" and "{rare}": is it the same name?', found[rare][0],
              "if it is, spell it one way", words=rare)


def _without_accents(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("ı", "i")


_SOUNDS = (
    (re.compile(r"(?:iy|yy|ij|ii|yi|ey|i)$"), "y"), (re.compile(r"ou|oo"), "u"),
    (re.compile(r"dzh|dj|zh"), "j"), (re.compile(r"ph"), "f"), (re.compile(r"q|ck"), "k"),
    (re.compile(r"kh"), "h"), (re.compile(r"tch|tsch|tj"), "ch"), (re.compile(r"ee"), "i"),
    (re.compile(r"(.)\1"), r"\1"), (re.compile(r"ed$|ad$"), "*d"), (re.compile(r"^m[uo]"), "m*"))
"""Letters that transcriptions from other alphabets choose between."""

_OTHER_NAMES = {
    "kiev": "kyiv", "kharkov": "kharkiv", "lvov": "lviv", "odessa": "odesa", "dnieper": "dnipro",
    "hizbollah": "hezbollah", "hizballah": "hezbollah", "hezbullah": "hezbollah",
    "burma": "myanmar", "rangoon": "yangon", "swaziland": "eswatini", "byelorussia": "belarus",
    "bishkek": "bishkek", "frunze": "bishkek", "kazakstan": "kazakhstan", "qadhafi": "gaddafi",
    "qaddafi": "gaddafi", "gadhafi": "gaddafi", "khadafy": "gaddafi", "tadzhikistan": "tajikistan"}
"""Names of a place or a person that differ in more than letters."""


def _by_sound(name: str) -> str:
    """Return what names have in common that are transcriptions of one; short ones as they are."""
    bare = name.casefold()
    if bare in _OTHER_NAMES or bare in _OTHER_NAMES.values():
        return _OTHER_NAMES.get(bare, bare)
    if len(bare) < 6:
        return bare
    for letters, sound in _SOUNDS:
        bare = letters.sub(sound, bare)
    return bare


def _with_any_vowel(name: str) -> Iterable[str]:
    """Yield a longer name with each of its inner vowels in turn as `*`, the last ones kept."""
    if len(name) >= 7 and name.isascii():
        for at in range(2, len(name) - 1):
            if name[at] in "aeiou":
                yield f"{name[:at]}*{name[at + 1:]}"


# ---------------------------------------------------------------- numbers and dates


def _percentages(body: Iterable[Text], language: Language, sink: Sink) -> None:
    forms = ("%", *_PERCENT.get(language.code, ()))
    _two_ways([(form, rf"\d[ \u00a0\u202f]?{form}") for form in forms], body, "percentages", sink)


_LARGE = ("million", "mn", "mln", "M")
"""What stands behind a number; a small m may be metres."""


def _thousands(body: Iterable[Text], sink: Sink) -> None:
    """Tell where a text has 12,000, 12.000, 12 000 or 12000 beside each other."""
    ends = r"(?![\d.,]*\d)"
    _two_ways([("comma", rf"(?<![\d.,])\d{{1,3}}(?:,\d{{3}})+{ends}"),
               ("point", rf"(?<![\d.,])\d{{1,3}}(?:\.\d{{3}})+{ends}"),
               ("space", rf"(?<![\d.,])\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+{ends}"),
               ("none", rf"(?<![\d.,/#-])\d{{5,7}}(?![\d/-]){ends}")], body, "numbers", sink)


def _dates(body: Iterable[Text], language: Language, sink: Sink) -> None:
    """Tell where a text has dates in words and in figures, or 5 April, April 5 and 5th April."""
    months = "|".join(language.months)
    figures = ("figures", r"\b\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d\b")
    before = rf"\b\d{{1,2}}\.?[ \u00a0](?:de )?(?:{months})\b"
    if language.code != "en":
        _two_ways([("words", before), figures], body, "dates", sink)
        return
    _two_ways([("day before month", before),
               ("ordinal day", rf"\b\d{{1,2}}(?:st|nd|rd|th)[ \u00a0](?:of )?(?:{months})\b"),
               ("month before day", rf"\b(?:{months})[ \u00a0]\d{{1,2}}(?!\d)"), figures],
              body, "dates", sink)


_ENDING = re.compile(r"(?<![\w-])([a-z]{3,14})(is|iz)(e[sd]?|ing|ations?|ational|ers?)(?![\w-])")


def _endings(body: Iterable[Text], sink: Sink) -> None:
    """Tell where one stem has -ise in one place and -ize in another."""
    found: dict[str, dict[str, tuple[str, Text, int]]] = defaultdict(dict)
    for text in body:
        string = _QUOTED.sub(lambda m: OTHER * len(m[0]), read_words(text))
        for match in _ENDING.finditer(string):
            found[match[1]].setdefault(match[2], (match[0], text, match.start()))
    for forms in found.values():
        if len(forms) == 2:
            words, text, at = forms["iz"]
            sink.note("mixed-spelling", f'"{forms["is"][0]}" and "{words}" are two spellings',
                      place_of(text, at), "choose one, except in quotations and names", words=words)
            return


def _two_ways(forms: Iterable[tuple[str, str]], body: Iterable[Text], what: str,
              sink: Sink) -> None:
    """Tell where a form stands first that is rarer in the text than another one."""
    found: dict[str, list[tuple[str, Text, int]]] = {}
    strings = [(text, _QUOTED.sub(lambda m: OTHER * len(m[0]), read_words(text))) for text in body]
    for name, pattern in forms:
        found[name] = [(m[0], text, m.start()) for text, string in strings
                       for m in re.finditer(pattern, string)]
    used = sorted((rows for rows in found.values() if rows), key=len)
    if len(used) > 1:
        words, text, at = used[0][0]
        sink.note("two-ways", f'{what} are written two ways: "{words}", "{used[-1][0][0]}"',
                  place_of(text, at), "choose one", words=words)


# ---------------------------------------------------------------- quotation marks, levels


def _quotation_marks(body: Sequence[Text], language: Language, sink: Sink) -> None:
    """Tell of a quotation mark without its partner; a quotation of several paragraphs has none.

    Each of its paragraphs begins with a mark, and the last one alone ends with one.
    """
    left, right = (mark.strip() for mark in language.quotes)
    if left == right:
        return
    others = "".join({*"“”„«»"} - {left, right})
    strings = [read_words(text) for text in body]
    for number, (text, string) in enumerate(zip(body, strings, strict=True)):
        if re.search(f"[{others}]", string):
            continue  # its author has used the marks of another language
        at = unpaired(string, left, right)
        goes_on = number + 1 < len(body) and strings[number + 1].lstrip().startswith(left)
        if at >= 0 and not (string[at] == left and goes_on):
            near = near_words(string, at)
            sink.warning("quotation-mark", f"a {string[at]} has no partner: ...{near}...",
                         place_of(text, at), "write the other one, or take it away", words=near)
