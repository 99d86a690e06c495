"""The title and the standfirst: a header's, or the first blocks that may be one."""

from __future__ import annotations

import re

from msgspec.structs import replace

from reportgen.diagnostics import Change, Sink, Span
from reportgen.model import Block, Heading, Paragraph, Quote, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.reading.byline import names_in, speaker_of, speakers_in
from reportgen.reading.frontmatter import FrontMatter
from reportgen.reading.labels import LABELS
from reportgen.reading.markdown import read_blocks
from reportgen.reading.parts import Parts, cites, unstyled
from reportgen.texts import cut, folded
from reportgen.workspace import SourceText

MAX_STANDFIRST_WORDS = 60

MAX_STANDFIRST_SENTENCES, MAX_MARKED_SENTENCES = 2, 4
"""In a paragraph like any other, and in one that is all in bold or italics."""

_FEWEST_STANDFIRST_WORDS = 4
"""Of one without a stop: what is shorter is a label."""

_SURELY_SHORT = 30
"""Words of a paragraph of one sentence up to which nobody is told that it is the standfirst."""

MAX_TITLE_WORDS = 25

_STANDFIRST = pattern(
    r"\s*(?:executive summary|riassunto|standfirst|lead|lede|abstract|summary|chap[oô]|chapeau|"
    r"résumé|vorspann|kurzfassung|"
    r"zusammenfassung|abriss|sommario|abstract|occhiello|entradilla|bajada|resumen|resumo|lide|"
    r"zajawka|streszczenie|аннотация|лид|резюме|анотація|лід|özet|spot|موجز|الموجز|الملخص|ملخص|الخلاصة)\s*[:.–—]\s+",
    re.IGNORECASE)
"""A label before a standfirst."""

_FEWEST_WORDS = 8
"""Words of a standfirst that is marked as a heading."""

_SENTENCE_END = pattern(
    r"(?<!\b[A-Z])(?<!\b\d)(?<!\b\d\d)[.!?…؟][\"”»]?(?=\s+[\"“«]?[A-ZÀ-ÞА-Я\u0620-\u064a]|$)")
"""Neither an initial nor an ordinal: `am 17. Januar`."""


def is_standfirst_label(words: str) -> bool:
    """Whether a line has nothing but the label of the standfirst that follows: `Abstract`."""
    return _STANDFIRST.fullmatch(f"{words.rstrip(' :.')}: ") is not None


_TAG = pattern(r"</?[a-zA-Z][^<>]*>")


def _stated(words: str, span: Span, sink: Sink) -> Text:
    """Return the words of a field of a header, without Markdown's marks; HTML in them is told."""
    found = _TAG.search(words)
    if found:
        sink.warning("raw-html", f"HTML is printed as text: {found[0][:40]}", span,
                     "take it out of the header")
    marked = list(read_blocks([(span.line, words)], span.file, Sink())) if _MARKS.search(
        words) else []
    only = marked[0] if len(marked) == 1 else None
    return unstyled(only.text) if isinstance(only, Paragraph) else (Run(words, span=span),)


_MARKS = pattern(r"(?<!\w)[*_]{1,3}\S.*?[*_]{1,3}(?!\w)")


def take_title(parts: Parts, matter: FrontMatter, source: SourceText, sink: Sink) -> Parts:
    """Take the title of the header, else the first heading or short line; none is an error."""
    said = matter.text("title")
    first = parts.blocks[0] if parts.blocks else None
    if said:
        span = source.span(matter.line("title"))
        title = _stated(said, span, sink)
        same = isinstance(first, Heading | Paragraph) and folded(plain(first.text)) == folded(said)
        return replace(parts, title=title, blocks=parts.blocks[1:] if same else parts.blocks)
    can = isinstance(first, Heading) or (isinstance(first, Paragraph) and may_be_title(first))
    if isinstance(first, Paragraph) and not can and _is_stopped_title(first, parts.blocks[1:]):
        text, last = unstyled(first.text), first.text[-1]
        assert isinstance(last, Run)
        bare = replace(last, text=last.text.rstrip().removesuffix("."))
        sink.change(Change(last.span, "title-stop", ".", ""))
        return replace(parts, title=(*text[:-1], bare), blocks=parts.blocks[1:])
    words = plain(first.text).strip() if isinstance(first, Heading | Paragraph) else ""
    if isinstance(first, Heading | Paragraph) and can and words and (
            words.strip(" :").casefold() not in LABELS):
        below = parts.blocks[1] if len(parts.blocks) > 1 else None
        rest = parts.blocks[1:]
        if isinstance(below, Heading) and _is_sentence(plain(below.text)):
            if len(plain(below.text).split()) <= MAX_STANDFIRST_WORDS:
                parts = replace(parts, standfirst=unstyled(below.text))
                rest = parts.blocks[2:]
            else:
                rest = (Paragraph(below.text, below.span), *parts.blocks[2:])
        return replace(parts, title=unstyled(first.text), blocks=rest)
    line = first.span.line if first else 1
    sink.error("no-title", "the brief has no title", source.span(line),
               "put the title on a line of its own under the region and month")
    return parts


def _is_sentence(words: str) -> bool:
    """Whether a heading below the title is the standfirst, as some sites have it."""
    return len(words.split()) >= _FEWEST_WORDS and words.rstrip().endswith((".", "!", "?", "…"))


def may_be_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph is short enough for a title, and ends without a stop."""
    words = plain(paragraph.text)
    stopped = words.rstrip().endswith(".") and not words.rstrip().endswith("...")
    return len(words.split()) <= MAX_TITLE_WORDS and not stopped


def _is_stopped_title(first: Paragraph, rest: tuple[Block, ...]) -> bool:
    """Whether a sentence is a title with a stop: a line with nothing but a name is below it."""
    words = plain(first.text)
    below = rest[0] if len(rest) > 1 else None
    return (len(words.split()) <= MAX_TITLE_WORDS and words.rstrip().endswith(".")
            and words.count(". ") == 0 and isinstance(first.text[-1], Run)
            and isinstance(below, Paragraph) and bool(names_in(plain(below.text))))


_FEWEST_DESCRIBING = 8
"""Words of a description that is a standfirst; what is shorter is another title."""


def _is_set_apart(block: Block) -> bool:
    """Whether a first paragraph is marked as a standfirst: by italics, bold, or as a quotation."""
    return isinstance(block, Quote) or (
        isinstance(block, Paragraph) and unstyled(block.text) != block.text
        and all(i.style.emphasis or i.style.strong or not i.text.strip()
                for i in block.text if isinstance(i, Run)))


def take_standfirst(parts: Parts, matter: FrontMatter, source: SourceText,
                     sink: Sink) -> Parts:
    """Take the standfirst of the header, one that is labelled, or a short first paragraph."""
    said = matter.text("standfirst")
    if parts.title and not parts.blocks:
        sink.error("no-text", "the brief has no text", source.span(),
                   "the author's text is missing")
        return parts
    if said:
        span = source.span(matter.line("standfirst"))
        return replace(parts, standfirst=_stated(said, span, sink))
    described = matter.text("description")
    if folded(described) == folded(plain(parts.title)):
        described = ""  # the title once more
    short = len(described.split()) < _FEWEST_DESCRIBING
    if described and (short or parts.standfirst or _is_set_apart(parts.blocks[0])):
        sink.change(Change(source.span(matter.line("description")), "standfirst", described, ""))
    elif described:
        span = source.span(matter.line("description"))
        return replace(parts, standfirst=_stated(described, span, sink))
    if parts.standfirst:  # it stands above a byline
        label = _STANDFIRST.match(plain(parts.standfirst))
        if label:
            sink.change(Change(parts.standfirst[0].span, "standfirst", label[0].strip(), ""))
            whole = len(plain(parts.standfirst))
            parts = replace(parts, standfirst=cut(parts.standfirst, label.end(), whole))
        return parts
    first = parts.blocks[0] if parts.blocks else None
    if (isinstance(first, Quote) and len(first.blocks) == 1 and isinstance(
            first.blocks[0], Paragraph) and len(plain(first.blocks[0].text).split()) > 7):
        # Markdown's way to set it apart
        first = first.blocks[0]
    label = _STANDFIRST.match(plain(first.text)) if isinstance(first, Paragraph) else None
    if isinstance(first, Paragraph) and label and label.end() < len(plain(first.text)):
        sink.change(Change(first.span, "standfirst", label[0].strip(), ""))
        text = cut(first.text, label.end(), len(plain(first.text)))
        return replace(parts, standfirst=unstyled(text), blocks=parts.blocks[1:])
    speaks = isinstance(first, Paragraph) and speaker_of(first) in speakers_in(parts.blocks)
    if isinstance(first, Paragraph) and len(parts.blocks) > 1 and not speaks and is_standfirst(
            first.text):
        words = plain(first.text)
        several = len(_SENTENCE_END.findall(words)) > 1 or len(words.split()) > _SURELY_SHORT
        if several and unstyled(first.text) == first.text and first in parts.blocks:
            sink.note("standfirst", "the first paragraph is taken for the standfirst", first.span,
                      "write it in italics, or standfirst: in a header, to say so; a longer "
                      "paragraph is text")
        return replace(parts, standfirst=unstyled(first.text), blocks=parts.blocks[1:])
    if parts.blocks:
        sink.warning("no-standfirst", "the brief has no standfirst",
                     first.span if first else source.span(),
                     f"let it begin with a paragraph of at most {MAX_STANDFIRST_WORDS} words and "
                     "two sentences, or write standfirst: in its header")
    return parts


def is_standfirst(text: Text) -> bool:
    """Whether a paragraph is as short as a standfirst, and cites nothing."""
    words = plain(text)
    if words.isupper() and len(words.split()) <= 6 and words[-1].isalnum():
        return False  # a subhead
    stopped = words.rstrip().endswith((".", "!", "?", "…"))
    if words.rstrip().endswith((",", ":")) or (
            len(words.split()) < _FEWEST_STANDFIRST_WORDS and not stopped):
        return False  # "Dear friends,", "Author"
    sentences = len(_SENTENCE_END.findall(words))
    most = MAX_MARKED_SENTENCES if unstyled(text) != text else MAX_STANDFIRST_SENTENCES
    return (len(words.split()) <= MAX_STANDFIRST_WORDS
            and sentences <= most and not cites(text))
