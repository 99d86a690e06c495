"""HTML inside of Markdown and plain text, as web logs export it: what it means is Markdown, too.

Paragraphs, subheads, lists, links, emphasis, line breaks, superiors and pictures are read; their
attributes are not. What is no such tag, or has no partner, stays, and is printed with a warning
(`raw-html`): nothing is run, and nothing is fetched.
"""

from __future__ import annotations

import re
from html import unescape

from reportgen.diagnostics import Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_TAG = pattern(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_FENCE = pattern(r"^ {0,3}(?:```+|~~~+)")

_PAIRS = (
    (pattern(r"<(strong|b)(?:\s[^<>]*)?>(\s*)([^<>]*?[^<>\s])(\s*)</\1>", re.IGNORECASE),
     r"\2**\3**\4"),
    (pattern(r"<(em|i|cite)(?:\s[^<>]*)?>(\s*)([^<>]*?[^<>\s])(\s*)</\1>", re.IGNORECASE),
     r"\2*\3*\4"),
    (pattern(r"<(code|tt)(?:\s[^<>]*)?>([^<>`]+)</\1>", re.IGNORECASE), r"`\2`"),
    (pattern(r"<(sub)(?:\s[^<>]*)?>([^<>\s]{1,6})</\1>", re.IGNORECASE), r"~\2~"))
"""What has a begin and an end on one line; what stands inside comes first."""

_LINK = pattern(r"<a\s(?:[^<>]*?\s)?href\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')[^<>]*>([^<>]*)</a>",
                re.IGNORECASE)
_ANCHOR = pattern(r"<a(?:\s[^<>]*)?>([^<>]*)</a>", re.IGNORECASE)
_RAISED = pattern(r"<sup(?:\s[^<>]*)?>\s*([^<>]{1,40}?)\s*</sup>", re.IGNORECASE)
_PICTURE = pattern(r"<img\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = r"\b{}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
_BREAK = pattern(r"<br(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HEAD = pattern(r"<h([1-6])(?:\s[^<>]*)?>(.*?)</h\1>", re.IGNORECASE)
_ITEM = pattern(r"<li(?:\s[^<>]*)?>", re.IGNORECASE)
_QUOTATION = pattern(r"<blockquote(?:\s[^<>]*)?>", re.IGNORECASE)
_RULE = pattern(r"<hr(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = pattern(
    r"</?(?:p|div|section|article|header|footer|main|aside|figure|figcaption|center|ul|ol|h[1-6]|"
    r"html|body|tbody|thead|table|tr|td|th|dl|dt|dd|address)(?:\s[^<>]*)?/?>|</(?:li|blockquote)>",
    re.IGNORECASE)
_INLINE = pattern(r"</?(?:span|font|u|small|big|time|abbr|mark|o:p|wbr|nobr|label|ins)"
                  r"(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SUPERIORS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PARTED = "\0"
"""Where a paragraph ends."""


def from_html(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which HTML with a plain meaning is Markdown; it is told once."""
    out: list[Line] = []
    first = 0
    fenced = False
    for number, text in lines:
        fenced ^= _FENCE.match(text) is not None
        found = None if fenced or "<" not in text or text.startswith("    ") else _TAG.search(text)
        read = _read(text) if found else text
        if read == text:
            out.append((number, text))
            continue
        first = first or number
        parts = [part.strip() for part in read.split(_PARTED)]
        rows = [row for part in parts if part for row in ("", *part.split("\n"), "")]
        whole = _PARTED in read
        out += [(number, row) for row in (rows if whole else read.split("\n"))]
        if whole and not rows:
            out.append((number, ""))
    if first:
        sink.note("html", "HTML in the text is read as Markdown", Span(name, first),
                  "look at the pages")
    return out


_EMBEDDED = pattern(r"<(iframe|video|audio|object|embed)\b[^<>]*>(?:[^<>]*</\1>)?",
                    re.IGNORECASE)


def _read(text: str) -> str:
    """Return a line with Markdown for its HTML, and with marks where paragraphs end."""
    text = _EMBEDDED.sub("", text)
    text = _PICTURE.sub(_picture, text)
    before = None
    while before != text:
        before = text
        for pair, markdown in _PAIRS:
            text = pair.sub(markdown, text)
        text = _RAISED.sub(_raised, text)
        text = _ANCHOR.sub(r"\1", _LINK.sub(_linked, text))
        text = _INLINE.sub("", text)
    text = _HEAD.sub(lambda m: f"{_PARTED}{_headed(m)}{_PARTED}", text)
    text = _QUOTATION.sub(f"{_PARTED}> ", _ITEM.sub(f"{_PARTED}- ", text))
    text = _RULE.sub(f"{_PARTED}---{_PARTED}", _BREAK.sub("  \n", text))
    return _BLOCK.sub(_PARTED, text)


def _headed(match: re.Match[str]) -> str:
    words = match[2].strip(" *")
    return f"{'#' * int(match[1])} {words}" if words else ""


def _linked(match: re.Match[str]) -> str:
    address, words = unescape(match[1] or match[2] or "").strip(), match[3]
    if not words.strip() or not address or re.search(r"[\s<>()]", address):
        return words if not words.strip() or not address else f"[{words}](<{address}>)"
    return f"[{words}]({address})"


def _raised(match: re.Match[str]) -> str:
    words = match[1]
    return words.translate(_SUPERIORS) if words.isdigit() else f"^{words}^" if (
        words.isalnum()) else words


def _picture(match: re.Match[str]) -> str:
    found = {key: next((g for g in m.groups() if g is not None), "") for key in ("src", "alt")
             if (m := re.search(_ATTRIBUTE.format(key), match[0], re.IGNORECASE))}
    source = unescape(found.get("src", "")).strip()
    alternative = re.sub(r"[\[\]]", " ", unescape(found.get("alt", "")))
    if not source or "<" in source:
        return match[0]
    plain = re.fullmatch(r"[^\s()]+", source) is not None
    return f"![{alternative}]({source if plain else f'<{source}>'})"
