"""Lines at the top that name the kind of a text or a part of it, and are none of its words.

A kicker is the label above a title: `Policy Brief No. 12`, `Issue Brief, September 2022`. It is
left out, told, and never taken for title, standfirst or author. A label such as `Abstract` is read
with the paragraph below it; one such as `Introduction` is a subhead.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month
from reportgen.model import Block, Heading, ListBlock, Paragraph, Run, plain
from reportgen.patterns import pattern
from reportgen.reading.byline import PREFIX, names_in
from reportgen.reading.labels import LABELS, NO_POINTS
from reportgen.reading.markdown import Line
from reportgen.reading.titles import MAX_STANDFIRST_WORDS, is_standfirst_label, may_be_title
from reportgen.texts import folded, lines_of

_WITHIN = 6
"""Blocks at the top among which a kicker stands; the first long paragraph ends them."""

_LINES = 3
"""Lines at the top among which a kicker stands above the heading."""

_LONGEST = 25
"""Words of a block that may stand above the text."""

_MOST_WORDS = 7

_KINDS = (
    "brief briefing backgrounder explainer commentary comment opinion op-ed oped analysis essay "
    "viewpoint perspective perspectives insight insights memo factsheet dispatch paper note report "
    "article feature interview blog column update editorial "
    "kommentar analyse kurzanalyse hintergrund hintergrundpapier standpunkt gastbeitrag meinung "
    "länderbericht lagebericht bericht leitartikel arbeitspapier essay "
    "commentaire éclairage décryptage tribune billet étude entretien chronique rapport "
    "comentario análisis opinión informe tribuna artículo nota ensayo entrevista "
    "commento analisi opinione approfondimento editoriale intervista saggio "
    "comentário análise opinião artigo ensaio relatório "
    "nahaufnahme reportage schlaglicht momentaufnahme zwischenruf "
    "komentarz analiza opinia notatka raport artykuł wywiad "
    "комментарий анализ аналитика мнение записка справка статья колонка интервью доклад "
    "коментар аналіз думка аналітика довідка стаття інтервʼю доповідь "
    "yorum analiz görüş rapor makale notu "
    "تعليق تحليل رأي ورقة مقال تقرير")
"""What a text can be, in eleven languages."""

_WITH = (
    "policy issue research country regional working discussion expert guest flash quick special "
    "short long in-depth situation conflict security economic political strategic position our "
    "the a of on in for post piece series monthly weekly blog focus "
    "de d' des du la le l' les sur pour recherche politique politiques synthèse actualité point "
    "vue travail document invité mensuelle "
    "del el los trabajo política políticas informativa invitado mensual "
    "di sul lavoro politica documento mensile trabalho política mensal "
    "der die das zur zum politik gast aktuelle monatlicher "
    "coyuntura conjoncture conjuntura congiuntura situación situation situazione situação prensa "
    "presse stampa imprensa contexto contexte contesto campo terrain lectura lecture "
    "analityczna analityczny ekspercki ekspercka eksperta "
    "аналитическая аналитический экспертное эксперта "
    "аналітична експерта экспертный политический политика "
    "politika bilgi kısa سياسات موقف تقدير بحثية موجز خاص "
    "no nr n n° nº № num numero number vol volume issue ausgabe núm número numéro sayı zeszyt вып")
"""Words that go with them."""

_PARTS = (
    "overview|introduction|intro|background|context|einleitung|einführung|überblick|hintergrund|"
    "kontext|aperçu|contexte|introducción|contexto|antecedentes|panorama|introduzione|contesto|"
    "quadro|introdução|enquadramento|wstęp|wprowadzenie|kontekst|tło|введение|обзор|контекст|"
    "предыстория|вступ|огляд|giriş|arka plan|مقدمة|خلفية|تمهيد|conclusion|conclusions|"
    "concluding remarks|fazit|schlussfolgerung|schlussfolgerungen|ausblick|outlook|conclusión|"
    "conclusiones|conclusione|conclusioni|conclusão|conclusões|wnioski|podsumowanie|заключение|"
    "выводы|висновки|sonuç|خاتمة|الخاتمة|recommendations|policy recommendations|policy options")

_ET_AL = pattern(r"(?:[^\W\d_][\w.'’-]*,?\s+){1,4}et al\.?")
"""`Rossi, et al.`: authors in short, as the head of a page has them."""


class _Label(Enum):
    """What a line of a few words may be, that is no text."""

    KICKER = auto()
    SUMMARY = auto()
    PART = auto()


def with_kickers(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Return blocks without kickers, with labels read for what they are."""
    out = list(blocks)
    at = 0
    while at < min(len(out) - 1, _WITHIN):
        block = out[at]
        if not isinstance(block, Heading | Paragraph) or len(plain(block.text).split()) > _LONGEST:
            break
        label = _label_of(block)
        if label is None and at == 0 and _is_above_title(block, out[1]):
            label = _Label.KICKER
        if label is None or (at == 0 and not _may_be_title(out[1])) or (
                at and isinstance(block, Heading)):
            at += 1
        elif at == 0 or label is _Label.KICKER:
            _tell(block, sink)
            del out[at]
        else:
            read = _read_with(block, out[at + 1], label, sink)
            out[at : at + 2] = read
            at += 1
    return tuple(out)


def _read_with(block: Heading | Paragraph, below: Block, label: _Label,
               sink: Sink) -> list[Block]:
    """Return a labelled standfirst, or a subhead and what is below it."""
    words = _words_of(block)
    if label is _Label.SUMMARY and isinstance(below, Paragraph) and len(
            plain(below.text).split()) <= MAX_STANDFIRST_WORDS:
        return [Paragraph((Run(f"{words.rstrip(': ')}: ", span=block.span), *below.text),
                          block.span)]
    sink.note("subhead", f'"{words}" is taken for a subhead', block.span)
    return [Heading(2, block.text, block.span), below]


def without_kickers(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without kickers above the heading; one with a month says of what month it is."""
    out = list(lines)
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()]
    for at, below in pairwise(filled[:_LINES]):
        number, text = out[at]
        words = text.strip(" *_#|")
        next_to = below == at + 1 and not text.rstrip(" ").endswith("\\")
        if not words or next_to or find_month(words) or not is_kicker(words):
            continue
        if not any(find_month(lines[n][1]) for n in filled if at < n <= below + _LINES):
            continue  # no heading follows: it may be the title
        _tell_line(words, Span(name, number), sink)
        out[at] = number, ""
    return out


def take_key_points(blocks: tuple[Block, ...],
                    sink: Sink) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """Return the points of a list below a label such as `Key points` at the top, and the rest.

    Points with notes or links stay the list that they are.
    """
    head, listed = (*blocks[:2], None, None)[:2]
    if not isinstance(head, Heading) or not isinstance(listed, ListBlock) or listed.ordered:
        return (), blocks
    if plain(head.text).strip(" :*_\u00a0").casefold() not in LABELS - NO_POINTS:
        return (), blocks
    points = [item[0] for item in listed.items if len(item) == 1]
    texts = [p.text for p in points if isinstance(p, Paragraph)
             and all(isinstance(i, Run) and not i.style.href for i in p.text)]
    short = all(len(plain(text).split()) <= _MOST_POINT_WORDS for text in texts)
    if not short or len(texts) != len(listed.items) or not 1 < len(texts) <= _MOST_POINTS:
        return (), blocks
    sink.note("key-points", f'the list below "{plain(head.text)}" is set as key points', head.span)
    sink.change(Change(head.span, "key-points", plain(head.text), ""))
    return tuple(" ".join(plain(text).split()) for text in texts), blocks[2:]


_MOST_POINTS, _MOST_POINT_WORDS = 7, 40



def _label_of(block: Heading | Paragraph) -> _Label | None:
    """Return which label a block is; None if it is a line of the text."""
    words = _words_of(block)
    if not words:
        return None
    if is_kicker(words) or _ET_AL.fullmatch(words):
        return _Label.KICKER
    if is_standfirst_label(words):
        return _Label.SUMMARY
    return _Label.PART if is_part(words) else None


_MOST_ABOVE = 3


def _is_above_title(block: Heading | Paragraph, below: Block) -> bool:
    """Whether a line of few words in capitals stands right above a heading: that is the title."""
    words = _words_of(block)
    return (isinstance(block, Paragraph) and isinstance(below, Heading) and words.isupper()
            and len(words.split()) <= _MOST_ABOVE and not names_in(words.title())
            and not PREFIX.match(words))


def _words_of(block: Heading | Paragraph) -> str:
    """Return the words of a line that may be a label; empty if it is none."""
    bare = all(isinstance(i, Run) and not i.style.href for i in block.text)
    words = plain(block.text).strip(" *_|\u00a0")
    alone = len(lines_of(block.text)) == 1 and 0 < len(words.split()) <= _MOST_WORDS
    return words if bare and alone else ""


def _tell(block: Heading | Paragraph, sink: Sink) -> None:
    _tell_line(_words_of(block), block.span, sink)


def _tell_line(words: str, span: Span, sink: Sink) -> None:
    sink.note("kicker", f'"{words}" is taken for the kind of the text, and not printed', span,
              "if it is a word of the brief, write the title in its header: Title: ...")
    sink.change(Change(span, "kicker", words, ""))


_MONTH_LABEL = pattern(
    r"(?:berichts?(?:monat|zeitraum)|report(?:ing)? (?:month|period)|(?:mois|période) du rapport|"
    r"per[ií]odo(?: de informe)?|periodo di riferimento|mes del informe|mese|mes|mois|monat|month|"
    r"okres|отч[её]тный (?:период|месяц)|звітний (?:період|місяць)|dönem|rapor dönemi)\W*",
    re.IGNORECASE)


def is_kicker(words: str) -> bool:
    """Whether a line has nothing but what a text is, its number and its month."""
    dated = find_month(words)
    if dated and not words[dated.end :].strip() and _MONTH_LABEL.fullmatch(words[: dated.start]):
        return True
    bare = f"{words[: dated.start]} {words[dated.end :]}" if dated else words
    said = [w for w in re.findall(r"[\w-]+'?", bare.casefold().replace("’", "'"))
            if not w[0].isdigit()]
    kinds, others = _folded(_KINDS.replace(" ", "|")), _folded(_WITH.replace(" ", "|"))
    return (not words.endswith((".", "?", "!")) and any(folded(w) in kinds for w in said)
            and all(folded(w) in kinds or folded(w) in others for w in said))


def is_part(words: str) -> bool:
    """Whether a line is the name of a part that many texts have."""
    return folded(words) in _folded(_PARTS)


@lru_cache(maxsize=8)
def _folded(words: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words.split("|"))


def _may_be_title(block: Block) -> bool:
    """Whether a block below a kicker is the title, and not a byline or text."""
    if isinstance(block, Heading):
        return True
    if not isinstance(block, Paragraph) or not may_be_title(block):
        return False
    words = plain(block.text).strip(" *_")
    return not (PREFIX.match(words) or names_in(words))
