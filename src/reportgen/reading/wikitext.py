"""Text out of a wiki (MediaWiki): heads, notes, links and emphasis become those of Markdown.

https://www.mediawiki.org/wiki/Help:Formatting and Help:Cite. A text is taken for such only if it
has two kinds of its marks. Templates, categories and the place of notes are left out, and logged.
"""

from __future__ import annotations

import re

from reportgen.diagnostics import Change, Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_HEAD = pattern(r"^(={1,6})(?!=)([^\n]{1,300}?)\1[ \t]*$")
_REFERENCE = pattern(r"<ref(?:\s+name\s*=\s*\"?(?P<name>[^\">/]+?)\"?)?\s*"
                     r"(?:/>|>(?P<text>(?:(?!</?ref).)*)</ref>)", re.IGNORECASE)
_TEMPLATE = pattern(r"\{\{[^{}]*\}\}")
_NO_TEXT = pattern(r"\s*(?:<references\s*/?>(?:</references>)?|__[A-Z]+__|"
                   r"\[\[(?:category|kategorie|catégorie|categoria|categoría|kategori|kategoria|"
                   r"категория|категорія|تصنيف|file|image|datei|fichier):[^\[\]]*\]\])\s*",
                   re.IGNORECASE)
_INNER = pattern(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_OUTER = pattern(r"(?<!\[)\[(https?://[^\s\[\]]+)\s+([^\[\]]+)\](?!\])")
_BOLD = pattern(r"'''(?=\S)(.{1,400}?)(?<=\S)'''")
_ITALIC = pattern(r"''(?=\S)(.{1,400}?)(?<=\S)''")
_LIST = pattern(r"^([*#]+)\s*(?=\S)")

_MARKS = (_HEAD, _REFERENCE, pattern(r"'''[^']+'''"), pattern(r"\[\[[^\[\]]+\]\]"), _TEMPLATE)
_KINDS = 2


def from_wikitext(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines of Markdown, if they are of a wiki; what has no text is logged."""
    kinds = sum(any(mark.search(text) for _, text in lines) for mark in _MARKS)
    headed = any(_HEAD.match(text) for _, text in lines)
    cited = any(_REFERENCE.search(text) for _, text in lines)
    if kinds < _KINDS or not (headed or cited):
        return lines
    sink.note("wikitext", "the text is read as one out of a wiki", Span(name, lines[0][0]))
    out: list[Line] = []
    notes: dict[str, tuple[int, str]] = {}
    for number, text in lines:
        bare = _TEMPLATE.sub("", text)
        if bare.strip() != text.strip() or _NO_TEXT.fullmatch(text):
            sink.change(Change(Span(name, number), "wikitext", text.strip(), bare.strip()))
        if _NO_TEXT.fullmatch(bare):
            bare = ""

        def called(match: re.Match[str], number: int = number) -> str:
            key = f"wiki-{match['name'] or len(notes) + 1}".replace(" ", "-")
            if match["text"] is not None:
                notes.setdefault(key, (number, match["text"].strip()))
            return f"[^{key}]"

        out.append((number, _as_markdown(_REFERENCE.sub(called, bare))))
    for key, (number, words) in notes.items():
        out += [(number, ""), (number, f"[^{key}]: {_as_markdown(words)}")]
    return out


def _as_markdown(text: str) -> str:
    """Return a line with the marks of Markdown."""
    head = _HEAD.match(text)
    if head:
        return f"{'#' * len(head[1])} {_inline(head[2].strip())}"
    item = _LIST.match(text)
    if item:
        mark = "- " if item[1][-1] == "*" else "1. "
        return f"{' ' * 4 * (len(item[1]) - 1)}{mark}{_inline(text[item.end():])}"
    return _inline(text)


def _inline(text: str) -> str:
    text = _OUTER.sub(r"[\2](\1)", _INNER.sub(r"\1", text))
    return _ITALIC.sub(r"*\1*", _BOLD.sub(r"**\1**", text))
