"""The typography of a text: glyphs by language, small caps, what may not break.

Every change of a glyph or space is logged as a `Change`; words are never touched.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec.structs import replace

from reportgen.diagnostics import Change, Sink
from reportgen.language.glyphs import Edit, edits
from reportgen.language.languages import NO_BREAK_SPACE, Language
from reportgen.model import Inline, NoteCall, Run, Text
from reportgen.texts import is_address, joined, restyle

_ACRONYM = re.compile(r"(?<![\w/.-])[A-ZÀ-ÖØ-ÞА-Я]{3,}(?=s?\b)(?![/\d])")
_RANGE = re.compile(r"\d+–\d+\w*%?")
_LONG_NAME = re.compile(r"(?<![\w-])[A-ZÀ-ÖØ-ÞА-Я][\w’'-]{6,30}(?![\w’'-])")
_SENTENCE_START = re.compile(
    r"(?:^|(?:\w{4}|[\d)\]»”’\"'%])[.!?…][)\]»”’\"'\d\ufffc]{0,4}\s+)[¿¡«„“‘\"'(]*$")
"""What stands before a sentence's first word: a stop behind a word that is no abbreviation, and the
calls of notes. An initial or "Mr." is not enough."""

_SHORT_WORD = re.compile(
    r"(?<!\S)(?:a|an|the|in|of|on|to|at|by|for|and|or|as|il|lo|la|le|gli|i|di|da|con|su|per|tra|"
    r"e|un|une|de|du|des|en|et|au|à|der|die|das|im|am|und|el|los|las|y|в|на|и|с|о|из|по) ",
    re.IGNORECASE,
)
_SCHEMES = ("http", "https", "mailto")


def mend(text: Text, language: Language, sink: Sink) -> Text:
    """Return `text` with the glyphs of its language; calls of notes keep their notes."""
    text = _edited(text, edits(_masked(text), language), sink)
    return tuple(_safe_link(inline, sink) for inline in text)


def mend_body(text: Text, language: Language, sink: Sink) -> Text:
    """Return running text: mended, acronyms in small caps, names and ranges unbroken."""
    text = mend(text, language, sink)
    string = _masked(text)
    text = restyle(text, [m.span() for m in _ACRONYM.finditer(string)], acronym=True)
    unbroken = [m.span() for m in _RANGE.finditer(string)]
    unbroken += _unhyphenated(string, language)
    return restyle(text, unbroken, unbroken=True)


def mend_title(text: Text, language: Language, sink: Sink) -> Text:
    """Return a title or subhead: mended, its short words bound to the word that follows."""
    text = mend(text, language, sink)
    bound = [Edit(m.end() - 1, m.end(), NO_BREAK_SPACE, "bound-short-word")
             for m in _SHORT_WORD.finditer(_masked(text))]
    return _edited(text, bound, Sink())


def _unhyphenated(string: str, language: Language) -> list[tuple[int, int]]:
    """Return names, and the last word: neither is hyphenated (only long words ever are).

    A sentence's first word is taken for a name if it has its capital inside of a sentence too.
    """
    spans = []
    if not language.nouns_capitalised:
        words = list(_LONG_NAME.finditer(string))
        first = {m.start() for m in words
                 if _SENTENCE_START.search(string[max(m.start() - 16, 0):m.start()])}
        names = {m[0] for m in words if m.start() not in first}
        spans = [m.span() for m in words if m.start() not in first or m[0] in names]
    last = re.search(r"(?<![\w’'-])[\w’'-]{7,30}\W*$", string)
    if last and not any(start <= last.start() < end for start, end in spans):
        word = re.match(r"[\w’'-]+", string[last.start() :])
        assert word
        spans.append((last.start(), last.start() + word.end()))
    return spans


def _masked(text: Text) -> str:
    """Return `text` as a string in which addresses, code and what is no text are masked."""
    return joined(text, lambda run: run.style.code or is_address(run))


def _edited(text: Text, changes: list[Edit], sink: Sink) -> Text:
    """Return `text` with `changes` made; a change goes to the run in which it begins."""
    if not changes:
        return text
    out: list[Inline] = []
    at, pending = 0, list(changes)
    carried = 0  # characters that a change still takes out of the runs that follow
    for inline in text:
        if not isinstance(inline, Run):
            out.append(inline)
            at += 1
            continue
        end = at + len(inline.text)
        pieces, position = [], at + carried
        carried = max(position - end, 0)
        while pending and pending[0].start < end:
            edit = pending.pop(0)
            pieces += [inline.text[position - at : edit.start - at], edit.new]
            position = edit.end
            carried = max(edit.end - end, 0)
            before, after = _context(inline.text, edit, at)
            sink.change(Change(inline.span, edit.rule, before, after))
        pieces.append(inline.text[max(position - at, 0) :] if position < end else "")
        words = "".join(pieces)
        if words:
            out.append(replace(inline, text=words))
        at = end
    return tuple(out)


def _context(words: str, edit: Edit, at: int) -> tuple[str, str]:
    """Return what a change did, with the word around it."""
    start = max(words.rfind(" ", 0, edit.start - at) + 1, edit.start - at - 24, 0)
    end = words.find(" ", edit.end - at)
    end = min(len(words) if end < 0 else end, edit.end - at + 24)
    before = words[edit.start - at : edit.end - at]
    lead, tail = words[start : edit.start - at], words[edit.end - at : end]
    return f"{lead}{before}{tail}", f"{lead}{edit.new}{tail}"


def _safe_link(inline: Inline, sink: Sink) -> Inline:
    """Drop a link that leads nowhere a reader may go: the words stay."""
    if not isinstance(inline, Run) or not inline.style.href or inline.style.href.startswith("#"):
        return inline
    href = inline.style.href
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme in _SCHEMES:
        return inline
    sink.warning("bad-link", f"a link to {href[:60]} is left out", inline.span,
                 "links begin with https://, http:// or mailto:")
    return replace(inline, style=replace(inline.style, href=None))


def notes_of(text: Text) -> list[NoteCall]:
    """Return the calls of notes in `text`, in their order."""
    return [inline for inline in text if isinstance(inline, NoteCall)]
