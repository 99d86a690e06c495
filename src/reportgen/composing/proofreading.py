"""What a proofreader would ask about a text; nothing is changed.

Doubled words, brackets without a partner, and British beside American spelling, each where the text
leaves little doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import Language
from reportgen.model import Text
from reportgen.texts import OTHER, near_words, place_of, read_words, unpaired

_TWICE_BY_RIGHT = {
    "en": "had that is very many so more",
    "fr": "nous vous en",
    "de": "die der das den dem sie sich ihr",
    "es": "",
    "pt": "",
    "pl": "się",
}
"""Words that a sentence may have twice in a row. In the other languages, which double words to
stress them, only those count that cannot be stressed."""

_NEVER_TWICE = {
    "it": "il lo la gli le un una di del della dei delle da dal in nel nella e con per che",
    "ru": "и в на с к от до из по для что не о при",
    "uk": "і й в у на з до від по для що не про при",
    "tr": "ve bir bu için ile de da",
}

_BRITISH_ENDINGS = (
    "colour favour labour behaviour neighbour harbour honour rumour endeavour armour vapour "
    "centre theatre metre litre fibre defence offence licence catalogue cheque tyre grey "
    "travelled travelling cancelled cancelling labelled fuelled modelled signalled channelled "
    "analyse paralyse jewellery sceptical ageing aluminium manoeuvre plough")
_AMERICAN_ENDINGS = (
    "color favor labor behavior neighbor harbor honor rumor endeavor armor vapor "
    "center theater meter liter fiber defense offense license catalog check tire gray "
    "traveled traveling canceled canceling labeled fueled modeled signaled channeled "
    "analyze paralyze jewelry skeptical aging aluminum maneuver plow")
_BOTH_USE = frozenset({"license", "check", "tire", "meter", "catalog", "aging", "harbor"})
"""Words of American spelling that British writers use as well, in another sense."""

_PAIRS = dict(zip(_BRITISH_ENDINGS.split(), _AMERICAN_ENDINGS.split(), strict=True))
_BRITISH = re.compile(rf"(?<![\w-])({'|'.join(_PAIRS)})(?:s|ed|ing|al|ful|able|ist|ists)?(?![\w-])")
_AMERICAN = re.compile(
    rf"(?<![\w-])({'|'.join(set(_PAIRS.values()) - _BOTH_USE)})(?:s|ed|ing|al|ful|able|ist|ists)?"
    r"(?![\w-])")
"""In small letters only: names keep their own spelling ("Center for ...")."""

_TWICE = re.compile(r"(?<![\w'’.-])([^\W\d_]+)(?=[ \u00a0]([^\W\d_]+)(?![\w'’-]))")
"""Two words in a row."""

_QUOTED = re.compile("[\"“„«][^\"“”„«»\n]{1,400}[\"”“»]")
_ENUMERATOR = re.compile(r"(?<![\w(])(?:\d{1,2}|[a-z]|[ivx]{1,4})\)")
_PARTNERS = {"(": ")", "[": "]"}


def proofread(texts: Iterable[Text], language: Language, sink: Sink) -> None:
    """Tell what a proofreader would ask about the texts of a brief, all of one language."""
    found = list(texts)
    for text in found:
        _doubled_words(text, language, sink)
        _brackets(text, sink)
    if language.code == "en":
        _spelling(found, sink)


def _doubled_words(text: Text, language: Language, sink: Sink) -> None:
    only = _NEVER_TWICE.get(language.code, "").split()
    never = _TWICE_BY_RIGHT.get(language.code, "").split()
    for match in _TWICE.finditer(read_words(text)):
        word = match[2]  # in small letters: names may be twice ("Pago Pago")
        if word != match[1].lower() or not word.islower():
            continue
        if word in only if only else word not in never:
            sink.warning("doubled-word", f'"{match[1]} {word}": a word stands twice',
                         place_of(text, match.start()),
                         "if it is a slip, mend it in the brief; reportgen changes no words",
                         words=f"{match[1]} {word}")


def _brackets(text: Text, sink: Sink) -> None:
    string = read_words(text)
    numbered = {match.end() for match in _ENUMERATOR.finditer(string)}
    for opening, closing in _PARTNERS.items():
        at = unpaired(string, opening, closing, numbered)
        if at >= 0:
            near = near_words(string, at)
            sink.warning("bracket", f'a "{string[at]}" has no partner: ...{near}...',
                         place_of(text, at), "write the other one, or take it away", words=near)


def _spelling(found: list[Text], sink: Sink) -> None:
    """Tell of one word of each spelling, where a text has both outside of quotations."""
    first: dict[str, tuple[str, Span]] = {}
    for text in found:
        string = _QUOTED.sub(lambda m: OTHER * len(m[0]), read_words(text))
        for name, pattern in (("British", _BRITISH), ("American", _AMERICAN)):
            match = pattern.search(string)
            if match and name not in first:
                first[name] = match[0], place_of(text, match.start())
    if len(first) == 2:
        (british, _), (american, span) = first["British"], first["American"]
        sink.note("mixed-spelling", f'"{british}" is British spelling, "{american}" is American',
                  span, "choose one, except in quotations and names", words=american)
