"""What no page can hold, and slips that the author should mend."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import Direction, language_of
from reportgen.model import NoteCall, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.reading.frontmatter import FrontMatter
from reportgen.typesetting.bidi import direction_of
from reportgen.typesetting.scripts import east_asian_parts
from reportgen.workspace import SourceText

MAX_WORD_LETTERS = 2000
"""Longer than any address. The time that the engine takes to break a word grows with its square."""


def check_texts(found: Sequence[Text], matter: FrontMatter, source: SourceText,
                sink: Sink) -> None:
    """Report what is wrong with the texts of a brief and the fields of its header."""
    for text in found:
        _check_words(plain(text), text[0].span if text else source.span(), sink)
        for inline in text:
            if isinstance(inline, NoteCall):
                _check_words(plain(inline.note.text), inline.note.span, sink)
            elif isinstance(inline, Run) and not inline.style.code:
                _check_run(inline, sink)
    for key, lines in matter.fields.items():
        _check_words(matter.text(key), source.span(lines[0][0]), sink)


def _check_words(words: str, span: Span, sink: Sink) -> None:
    long = [word for word in words.split() if len(word) > MAX_WORD_LETTERS]
    longest = max((part for word in long for part in east_asian_parts(word)), key=len, default="")
    if len(longest) > MAX_WORD_LETTERS:
        sink.error("long-word", f"{len(longest)} letters without a space: {longest[:30]}...",
                   span, "put spaces in; no line can be broken in there")


_GLUED = pattern(
    r"(?<=[a-zà-ÿа-яіїє]{3})(?<!\b[Ff]ig)(?<!\b[Aa]rt)(?<!\b[Vv]ol)(?<!\b[Aa]bs)(?<!\b[Pp]ar)"
    r"(?<!\b[Ss]ec)(?<!\b[Cc]ap)(?<!\b[Pp]ag)(?<!\b[Nn]um)(?:[.,;!?][”\"»’]?|[”\"»’][.,;!?])"
    r"\d{1,2}(?=\s+[A-ZÀ-ÞА-ЯІЇЄ“\"«]|\s*$)")
"""A number glued to the end of a sentence: `of Germany.1 The quay`."""


def _check_run(run: Run, sink: Sink) -> None:
    lost = re.search(r"(?<=[a-zà-ÿ])\)\d{1,2}(?![\d.)])", run.text) or _GLUED.search(run.text)
    if lost:
        sink.warning("flattened-note", f'"{lost[0]}" may be the number of a lost note', run.span,
                     "ask the author for the note, and write it as [^1]")


def check_direction(found: Sequence[Text], language: str, source: SourceText, sink: Sink) -> None:
    """Warn of a brief from right to left whose language is one from left to right."""
    if language_of(language).direction is Direction.RIGHT_TO_LEFT:
        return
    every = [text for text in found if plain(text).strip()]
    leftward = [text for text in every
                if direction_of(plain(text), Direction.LEFT_TO_RIGHT) is Direction.RIGHT_TO_LEFT]
    if 2 * len(leftward) > len(every):
        sink.warning("script", f'most paragraphs run from right to left, but the language is '
                     f'"{language}": the page is not turned round', leftward[0][0].span
                     or source.span(1), "write Lang: ar if it is Arabic; of the other languages "
                     "from right to left, only the letters are known")
