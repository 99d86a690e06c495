"""HTML inside of Markdown and plain text, as web logs export it: what it means is Markdown, too.

Paragraphs, subheads, lists, links, emphasis, line breaks, superiors and pictures are read; their
attributes are not. What is no such tag, or has no partner, stays, and is printed with a warning
(`raw-html`): nothing is run, and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from msgspec import Struct, field

from reportgen.diagnostics import Change, Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import LANGUAGE_TAG, Line

_TAG = pattern(r"(?<!\\)</?([a-zA-Z][a-zA-Z0-9:]*)(?:\s[^<>]*|/)?>")
_FENCE = pattern(r"^ {0,3}(?:```+|~~~+)")
_ATTRIBUTE = pattern(r"([a-zA-Z]+)\s?=\s?(?:\"([^\"]*)\"|'([^']*)')")
_SUPERIORS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PARTED = "\0"
"""Where a paragraph ends."""

_DEEPEST = 12
"""Elements inside of each other; what is deeper stays as it is."""

_SHORT_TEXT = 40
"""Letters of a superior or inferior."""

_BLOCKS = frozenset([
    "p", "div", "section", "article", "header", "footer", "main", "aside", "figure", "figcaption",
    "center", "ul", "ol", "html", "body", "table", "tbody", "thead", "tr", "td", "th", "dl", "dt",
    "dd", "address", "details", "summary", "nav", "form", "fieldset"])
_PLAIN = frozenset(["span", "font", "u", "small", "big", "time", "abbr", "mark", "o:p", "wbr",
                    "nobr", "label", "ins"])
_HTML = frozenset(("area", "base", "col", "input", "link", "meta", "param", "source", "track"))
_EMBEDDED = pattern(r"<(iframe|video|audio|object|embed)\b", re.IGNORECASE)


def from_html(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which HTML with a plain meaning is Markdown; it is told once."""
    out: list[Line] = []
    first = 0
    fenced = False
    header = _header(lines)
    out += lines[:header]
    for number, text in _without_scripts(
            _without_comments_of_readers(lines[header:], name, sink), name, sink):
        fenced ^= _FENCE.match(text) is not None
        html = not fenced and "<" in text and not text.startswith("    ")
        read = _with_letters(_read(text)) if html else text
        for match in _EMBEDDED.finditer(text) if html else ():
            sink.note("html", f"<{match[1]}> cannot be printed, and is left out",
                      Span(name, number, match.start() + 1))
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


_SCRIPTS = ("script", "style", "noscript", "template")
_SCRIPT = pattern(rf"<({'|'.join(_SCRIPTS)})\b[^<>]*>", re.IGNORECASE)
_READERS = pattern(
    r"<(?:ol|ul|div|section|h\d)\b[^<>]*\b(?:class|id)\s*=\s*[\"']?[^\"'<>]*\b(?:comments?|comments?-?"
    r"(?:list|area|section|title|h)|disqus_thread|kommentare|commentaires)\b", re.IGNORECASE)
"""Where a site begins with what its readers have written."""


_SHORTEST_TEXT = 400
"""letters"""


def _without_scripts(lines: list[Line], name: str, sink: Sink) -> Iterator[Line]:
    """Yield lines without programs and style sheets, which are no words of a text; each told."""
    end = ""
    last = {tag: max((number for number, text in lines if f"</{tag}>" in text.casefold()),
                     default=0) for tag in _SCRIPTS}
    for number, text in lines:
        kept, at = "", 0
        while at < len(text):
            if end:
                stop = text.casefold().find(end, at)
                at = len(text) if stop < 0 else stop + len(end)
                end = end if stop < 0 else ""
                continue
            begin = next((match for match in _SCRIPT.finditer(text, at)
                          if _is_closed(match, text, number, last)), None)
            kept += text[at : begin.start() if begin else len(text)]
            at = begin.end() if begin else len(text)
            end = f"</{begin[1].casefold()}>" if begin else ""
            if begin:
                sink.note("html", f"<{begin[1]}> and what is in it are left out",
                          Span(name, number, begin.start() + 1))
        yield number, kept


def _is_closed(begin: re.Match[str], text: str, number: int, last: dict[str, int]) -> bool:
    """Whether an element has an end; without one it is a word of the text."""
    tag = begin[1].casefold()
    return last[tag] > number or f"</{tag}>" in text[begin.end():].casefold()


def _without_comments_of_readers(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without what stands below a text on its site: the comments of its readers."""
    at = next((at for at, (_, text) in enumerate(lines) if "<" in text and _READERS.search(text)),
              None)
    if at is None or sum(len(text) for _, text in lines[:at]) < _SHORTEST_TEXT:
        return lines
    number = lines[at][0]
    words = "\n".join(text for _, text in lines[at:])
    sink.note("site-words", "the comments of a site's readers are left out", Span(name, number))
    sink.change(Change(Span(name, number), "site-words", words, ""))
    return lines[:at]


def _header(lines: list[Line]) -> int:
    """Return how many lines are a header between fences: its values are no Markdown."""
    start = next((at for at, (_, text) in enumerate(lines) if text.strip()), 0)
    fence = lines[start][1].strip() if lines else ""
    if fence not in ("---", "+++"):
        return 0
    return next((at + 1 for at in range(start + 1, len(lines)) if lines[at][1].strip() == fence), 0)


_LETTER = pattern(r"&([a-zA-Z]{2,12}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")


def _with_letters(text: str) -> str:
    """Return a text with letters for their names (`&eacute;`), so that names are found in it."""
    def letter(match: re.Match[str]) -> str:
        found = unescape(match[0])
        return found if len(found) == 1 and found.isalpha() else match[0]

    return _LETTER.sub(letter, text)


class _Element(Struct):
    """An element that is open, and what stands in it so far."""

    name: str
    tag: str
    pieces: list[str] = field(default_factory=list)


def _read(text: str) -> str:
    """Return a line with Markdown for its HTML, and with marks where paragraphs end."""
    opened = [_Element("", "")]
    at = 0
    for match in _TAG.finditer(text):
        opened[-1].pieces.append(text[at : match.start()])
        at = match.end()
        _take(match[0], match[1].casefold(), opened)
    opened[-1].pieces.append(text[at:])
    while len(opened) > 1:  # it has no end: the tag stays
        last = opened.pop()
        opened[-1].pieces += [last.tag, *last.pieces]
    return "".join(opened[0].pieces)


def _take(tag: str, name: str, opened: list[_Element]) -> None:
    """Take a tag: open an element, close one, or say what the tag means by itself."""
    pieces = opened[-1].pieces
    if name in _ELEMENTS or (name == "span" and _in_language(tag, opened[-1])):
        if not tag.startswith("</") and len(opened) <= _DEEPEST:
            opened.append(_Element(name, tag))
        elif tag.startswith("</") and opened[-1].name == name:
            closed = opened.pop()
            words = "".join(closed.pieces)
            marked = _ELEMENTS[name](words, closed.tag) if name in _ELEMENTS else words
            opened[-1].pieces.append(_with_language(marked, closed.tag))
        else:
            pieces.append(tag)
    elif name in _BLOCKS:
        pieces.append(_PARTED)
    elif name in _SINGLE:
        pieces.append(_PARTED if tag.startswith("</") else _SINGLE[name](tag))
    elif tag.endswith("/>") and name not in _HTML:
        return  # <excerpt/>: an element of a site's program
    elif name not in _PLAIN and not _EMBEDDED.match(tag.replace("</", "<", 1)):
        pieces.append(tag)


def _in_language(tag: str, last: _Element) -> bool:
    """Whether a tag begins words of another language, or ends them."""
    return "lang" in dict(_attributes(tag)) or (tag.startswith("</") and last.name == "span")


def _with_language(words: str, tag: str) -> str:
    """Return words in the language that the attribute `lang` of their element names, if any."""
    language = dict(_attributes(tag)).get("lang", "")
    if not re.fullmatch(LANGUAGE_TAG, language) or not words.strip() or re.search(
            rf"[\[\]{_PARTED}]", words):
        return words
    return f"[{words}]{{lang={language}}}"


def _marked(mark: str) -> Callable[[str, str], str]:
    """Return what sets words between two marks; spaces at their ends stand outside."""
    def marked(words: str, _: str) -> str:
        bare = words.strip()
        if not bare or _PARTED in bare:
            return words
        begin = len(words) - len(words.lstrip())
        return f"{words[:begin]}{mark}{bare}{mark}{words[begin + len(bare):]}"

    return marked


def _headed(level: int) -> Callable[[str, str], str]:
    def headed(words: str, _: str) -> str:
        bare = words.replace(_PARTED, " ").strip(" *")
        return f"{_PARTED}{'#' * level} {bare}{_PARTED}" if bare else _PARTED

    return headed


def _linked(words: str, tag: str) -> str:
    address = dict(_attributes(tag)).get("href", "")
    if not words.strip() or not address or _PARTED in words:
        return words
    return f"[{words}]({_target(address)})"


def _raised(words: str, tag: str) -> str:
    bare = words.strip()
    if bare.isdigit():
        return bare.translate(_SUPERIORS)
    return f"^{bare}^" if bare.isalnum() and len(bare) <= _SHORT_TEXT else words


def _lowered(words: str, tag: str) -> str:
    return f"~{words}~" if words.isalnum() and len(words) <= _SHORT_TEXT else words


def _picture(tag: str) -> str:
    found = dict(_attributes(tag))
    if not found.get("src"):
        return tag
    alternative = re.sub(r"[\[\]]", " ", found.get("alt", ""))
    return f"![{alternative}]({_target(found['src'])})"


def _target(address: str) -> str:
    return address if re.fullmatch(r"[^\s()<>]+", address) else f"<{re.sub('[<>]', '', address)}>"


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(tag):
        yield match[1].casefold(), unescape(match[2] or match[3] or "").strip()


_STRONG, _EMPHASIS, _CODE = _marked("**"), _marked("*"), _marked("`")
_ELEMENTS: dict[str, Callable[[str, str], str]] = {
    "strong": _STRONG, "b": _STRONG, "em": _EMPHASIS, "i": _EMPHASIS, "cite": _EMPHASIS,
    "code": _CODE, "tt": _CODE, "a": _linked, "sup": _raised, "sub": _lowered,
    **{f"h{level}": _headed(level) for level in range(1, 7)}}
"""What becomes of elements with a begin and an end in one line: of their words, by their tag."""

_SINGLE: dict[str, Callable[[str], str]] = {
    "br": lambda _: "  \n", "hr": lambda _: f"{_PARTED}---{_PARTED}",
    "li": lambda _: f"{_PARTED}- ", "blockquote": lambda _: f"{_PARTED}> ", "img": _picture}
"""What a tag means by itself."""
