"""Markdown (and plain text) to the model's blocks, with the line of every run.

Python-Markdown keeps no source lines, so each line goes in with a mark at its
end: one character of the private use plane 15 that encodes its number. The
marks come out again here and give every run its line. Raw HTML is switched
off: what looks like a tag is text.
"""

from __future__ import annotations

import html
import html.entities
import re
import string
from collections.abc import Iterable, Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from msgspec.structs import replace

from reportgen.diagnostics import Sink, Span
from reportgen.model import (
    PLAIN,
    Block,
    CodeBlock,
    Figure,
    Heading,
    Inline,
    LineBreak,
    ListBlock,
    Note,
    NoteCall,
    Paragraph,
    Picture,
    Quote,
    Run,
    Separator,
    Style,
    Table,
    Text,
)
from reportgen.patterns import pattern
from reportgen.texts import map_text, trimmed

_MARK_BASE = 0xF0000
_MARKS = pattern("[\U000f0000-\U000ffffd]")
_REFERENCE = pattern(r"^ {0,3}\[[^\]^]+\]:\s*\S")
_TABLE_RULE = pattern(r"[\s>|:*+-]{3,}")
_CELL_END = pattern(r"(?<=[^\s|\\])(?=\s*(?:\||$))")
_NOTE_DEFINITION = pattern(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$")
_NOTE_CALL = pattern(r"\[\^([^\]\s]+)\]")
_ADDRESS = pattern(
    r"(?:https?://|www\.|(?<![\w@./:-])(?=(?:[a-z0-9][a-z0-9-]+\.)+(?:org|com|net|int|gov|edu|info|"
    r"[a-z]{2})/[\w.~%-]+[/\w]))(?:(?!\[\^)[^\s<>\"“”«»\ufffc،؛؟。，、；：！？）」』】])+")
_SEPARATOR = pattern("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""Ends of lines and pages in other programs."""

_INVISIBLE = pattern(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff]")
"""Control characters, and what turns the direction of text: nobody can see them in a brief."""
_TAG = pattern(r"</?(?:[a-zA-Z][a-zA-Z0-9-]*)(?:\s[^<>]*)?/?>|<!--")
LANGUAGE_TAG = "[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,3}"
"""A tag of a language (BCP 47, RFC 5646) without extensions, as a regular expression."""
_LANGUAGE = pattern(f"lang:({LANGUAGE_TAG})")
_MAX_OPEN_BRACKETS = 300
_MAX_DEPTH = 24
"""Elements within each other: about ten lists or quotations."""

Line = tuple[int, str]
"""Number and text of a line of the file."""


def read_blocks(lines: list[Line], name: str, sink: Sink) -> tuple[Block, ...]:
    """Return the blocks of `lines`; mistakes go to `sink` with their place in file `name`."""
    reader = _Reader(name, sink)
    body, definitions, twice = _split_notes(lines)
    for number, key in twice:
        sink.error("note-twice", f"the note [^{key}] is written twice", Span(name, number),
                   "give one of them another name")
    reader.report_tags(body)
    blocks = tuple(reader.blocks(body))
    return tuple(reader.with_notes(blocks, definitions))


def _split_notes(lines: list[Line]) -> tuple[list[Line], dict[str, list[Line]], list[Line]]:
    """Take the definitions of notes (`[^1]: ...` and what is indented below) out.

    Returns the lines without them, the definitions, and those that repeat a name.
    """
    body: list[Line] = []
    twice: list[Line] = []
    notes: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for number, text in lines:
        match = _NOTE_DEFINITION.match(text)
        if match:
            current = [(number, match[2])]
            if notes.setdefault(match[1], current) is not current:
                twice.append((number, match[1]))
            body.append((number, ""))
        elif current is not None and (text.startswith(("    ", "\t")) or not text.strip()):
            current.append((number, text.strip()))
            body.append((number, ""))
        elif current is not None and body and body[-1][1] == "" and current[-1][1]:
            current.append((number, text.strip()))  # a lazy continuation line
            body.append((number, ""))
        else:
            current = None
            body.append((number, text))
    return body, notes, twice


def _marked(lines: list[Line]) -> str:
    """Join lines, each with its number encoded at its end where that changes nothing."""
    out = []
    tables = any("|" in line and _TABLE_RULE.fullmatch(line) for _, line in lines)
    for number, line in lines:
        text = _MARKS.sub("", line)
        stripped = text.rstrip()
        mark = chr(_MARK_BASE + number)
        if _REFERENCE.match(text) or not any(c.isalnum() for c in stripped):
            out.append(text)
            continue
        if tables and "|" in text:
            row = stripped.lstrip("> ")  # in a quotation
            quoted = stripped[: len(stripped) - len(row)]
            out.append(quoted + _CELL_END.sub(mark, row))
            continue
        if stripped.startswith("#"):
            stripped = stripped.rstrip("#").rstrip()
        hard_break = "  " if text.endswith("  ") else ""
        if stripped.endswith("\\") and not stripped.endswith("\\\\"):  # CommonMark 0.31, 6.7
            stripped, hard_break = stripped[:-1], "  "
        out.append(stripped + mark + hard_break)
    return "\n".join(out)


def _markdown(text: str) -> Element:
    """Run Python-Markdown up to its tree, without raw HTML and serialisation."""
    linked = ("](" in text or "][" in text or "]:" in text) and (
        text.count("[") <= _MAX_OPEN_BRACKETS)
    processor = _processor(_LINK_PATTERNS if not linked else ())
    processor.reset()
    del processor.parser.state[:]  # what a text that was too deep has left
    lines = text.split("\n")
    for preprocessor in processor.preprocessors:
        lines = preprocessor.run(lines)
    root: Element = processor.parser.parseDocument(lines).getroot()
    for treeprocessor in processor.treeprocessors:
        root = treeprocessor.run(root) or root
    return root


_LINK_PATTERNS = ("link", "image_link", "reference", "image_reference", "short_reference",
                  "short_image_ref")


@lru_cache(maxsize=2)
def _processor(without: tuple[str, ...]) -> markdown.Markdown:
    """Return a processor without some inline patterns; it takes longer to make than to run."""
    processor = markdown.Markdown(extensions=[TableExtension(), SaneListExtension()])
    processor.ESCAPED_CHARS = list(string.punctuation)
    processor.preprocessors.deregister("html_block")
    for name in ("html", "entity", "automail", *without):
        processor.inlinePatterns.deregister(name)
    processor.treeprocessors.deregister("prettify")
    return processor


class _Reader:
    """Turns the tree into blocks, keeping the line that it has reached."""

    def __init__(self, name: str, sink: Sink) -> None:
        self.name = name
        self.sink = sink
        self.line = 0

    # -- blocks

    def blocks(self, lines: list[Line]) -> Iterator[Block]:
        if not any(text.strip() for _, text in lines):
            return
        self.line = lines[0][0]
        try:
            root = _markdown(_marked(lines))
            if _depth(root) > _MAX_DEPTH:
                raise RecursionError
            yield from self._children(root)
        except RecursionError:
            self.sink.error("too-deep", "lists, quotes or brackets nest too deeply to be read",
                            Span(self.name, self.line), "take some of the marks out")

    def _children(self, parent: Element) -> Iterator[Block]:
        for element in parent:
            yield from self._block(element)

    def _block(self, element: Element) -> Iterator[Block]:
        tag = element.tag
        if tag == "p":
            yield from self._paragraph(element)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            text = self._text(element)
            yield Heading(int(tag[1]), text, _span_of(text, self._here()))
        elif tag in ("ul", "ol"):
            here = self._here()
            items = tuple(tuple(self._item(item)) for item in element)
            yield ListBlock(tag == "ol", items, here, int(element.get("start", "1")[:6]))
        elif tag == "blockquote":
            here = self._here()
            yield Quote(tuple(self._children(element)), here)
        elif tag == "table":
            yield self._table(element)
        elif tag == "hr":
            yield Separator(self._here())
        elif tag == "pre":
            code = "".join(element.itertext())
            yield CodeBlock(_MARKS.sub("", html.unescape(code)).rstrip("\n"), self._here())
        else:
            yield from self._paragraph(element)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        text = self._text(element)
        if not text:
            return
        words = [i for i in text if not isinstance(i, Run) or i.text.strip()]
        span = _span_of(text, self._here())
        if isinstance(words[0], Picture) and all(isinstance(i, Picture | Run) for i in words):
            caption = tuple(i for i in trimmed(tuple(words[1:])) if isinstance(i, Run))
            titled = (Run(words[0].title, PLAIN, span),) if words[0].title else ()
            between = (Run(" ", PLAIN, span),) if caption and titled else ()
            yield Figure(replace(words[0], title=""), (*caption, *between, *titled), span)
        else:
            yield Paragraph(text, span)

    def _item(self, item: Element) -> Iterator[Block]:
        text = self._text(item, skip_blocks=True)
        if text:
            yield Paragraph(text, _span_of(text, self._here()))
        for child in item:
            if child.tag in _BLOCK_TAGS:
                yield from self._block(child)

    def _table(self, element: Element) -> Table:
        here = self._here()
        rows = [[self._text(cell) for cell in row] for row in element.iter("tr")]
        head = rows[0] if rows else []
        alignments = [_alignment(cell) for cell in next(element.iter("tr"), ())]
        width = len(head)
        body = tuple(tuple((row + [()] * width)[:width]) for row in rows[1:])
        return Table(tuple(head), body, tuple(alignments), here)

    # -- text

    def _text(self, element: Element, skip_blocks: bool = False) -> Text:
        pieces = list(self._pieces(element, PLAIN, skip_blocks=skip_blocks))
        lines: list[int] = []
        following = 0
        for kind, value, _ in reversed(pieces):
            if kind == "mark":
                following = int(value)
            lines.append(following)
        lines.reverse()
        known = next((line for line in lines if line), self.line)
        inlines: list[Inline] = []
        for (kind, value, style), line in zip(pieces, lines, strict=True):
            known = line or known
            span = Span(self.name, known)
            if kind == "text":
                inlines += _linked(value, style, span)
            elif kind == "break":
                inlines.append(LineBreak(span))
            elif kind == "picture":
                source, alternative, title = value.split("\n")
                file, _, width = source.partition("#width=")
                inlines.append(Picture(file, alternative, span, title, width))
        self.line = known
        return trimmed(tuple(inlines))

    def _pieces(
        self, element: Element, style: Style, *, skip_blocks: bool = False
    ) -> Iterator[tuple[str, str, Style]]:
        yield from _split_marks(element.text, style)
        for child in element:
            if skip_blocks and child.tag in _BLOCK_TAGS:
                continue
            if child.tag == "br":
                yield "break", "", style
            elif child.tag == "img":
                said = (_clean(_MARKS.sub("", child.get(key, ""))) for key in ("alt", "title"))
                yield "picture", "\n".join((_clean(child.get("src", "")), *said)), style
            else:
                yield from self._pieces(child, _styled(child, style), skip_blocks=skip_blocks)
            yield from _split_marks(child.tail, style)

    def _here(self) -> Span:
        return Span(self.name, self.line)

    # -- notes

    def with_notes(
        self, blocks: Iterable[Block], definitions: dict[str, list[Line]]
    ) -> Iterator[Block]:
        """Yield `blocks` with every `[^1]` turned into the call of its note."""
        notes = {key: self._note(key, lines) for key, lines in definitions.items()}
        used: set[str] = set()
        for block in blocks:
            yield map_text(block, lambda text: self._called(text, notes, used))
        for key, note in notes.items():
            if key not in used:
                self.sink.warning("unused-note", f"the note [^{key}] is never called", note.span,
                                  f"put [^{key}] where it belongs, or take the note out")

    def _note(self, key: str, lines: list[Line]) -> Note:
        blocks = list(self.blocks(lines))
        text: list[Inline] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                text += [Run(" ", PLAIN, block.span)] * bool(text) + list(block.text)
            else:
                self.sink.error("note-not-text", f"the note [^{key}] holds more than paragraphs",
                                block.span, "put lists, tables and quotes into the text")
        span = Span(self.name, lines[0][0])
        if not text:
            self.sink.error("empty-note", f"the note [^{key}] is empty", span)
        return Note(tuple(text), (), span, identifier=key)

    def _called(self, text: Text, notes: dict[str, Note], used: set[str]) -> Text:
        out: list[Inline] = []
        for inline in text:
            if not isinstance(inline, Run) or inline.style.code:
                out.append(inline)
                continue
            at = 0
            for match in _NOTE_CALL.finditer(inline.text):
                note = notes.get(match[1])
                if note is None:
                    self.sink.error("unknown-note", f"there is no note [^{match[1]}]", inline.span,
                                    f"write it on a line of its own: [^{match[1]}]: ...")
                    continue
                used.add(match[1])
                before = inline.text[at : match.start()].rstrip(" \u00a0")
                if before:
                    out.append(replace(inline, text=before))
                out.append(NoteCall(note, inline.span))
                at = match.end()
            if inline.text[at:]:
                out.append(replace(inline, text=inline.text[at:]))
        return tuple(out)

    def report_tags(self, lines: list[Line]) -> None:
        """Warn of what looks like HTML; it is printed as it stands."""
        for number, text in lines:
            match = _TAG.search(text)
            if match:
                self.sink.warning(
                    "raw-html", f"HTML is printed as text: {match[0][:40]}",
                    Span(self.name, number, match.start() + 1),
                    "take it out, or write it in Markdown",
                )


_BLOCK_TAGS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "hr", "pre")
)


def _depth(root: Element) -> int:
    """Return how deeply elements stand within each other."""
    depth, level = 0, list(root)
    while level:
        depth += 1
        level = [child for element in level for child in element]
    return depth


def _styled(element: Element, style: Style) -> Style:
    match element.tag:
        case "em" | "i":
            return replace(style, emphasis=True)
        case "strong" | "b":
            return replace(style, strong=True)
        case "code":
            return replace(style, code=True)
        case "a":
            href = _MARKS.sub("", element.get("href", "")).strip()
            language = _LANGUAGE.fullmatch(href)
            if language:
                return replace(style, lang=language[1])
            return replace(style, href=href or None)
    return style


def _split_marks(text: str | None, style: Style) -> Iterator[tuple[str, str, Style]]:
    """Yield the text between marks, and each mark's line number."""
    if not text:
        return
    at = 0
    for match in _MARKS.finditer(text):
        if text[at : match.start()]:
            yield "text", _clean(text[at : match.start()]), style
        yield "mark", str(ord(match[0]) - _MARK_BASE), style
        at = match.end()
    if text[at:]:
        yield "text", _clean(text[at:]), style


def _clean(text: str) -> str:
    """Undo entities and line ends; drop what cannot be seen."""
    text = _ENTITY.sub(_letter, text).replace("\n", " ").replace("\t", " ")
    return _INVISIBLE.sub("", _SEPARATOR.sub(" ", text))


_ENTITY = pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def _letter(entity: re.Match[str]) -> str:
    """Return the character of an entity (CommonMark 0.31.2, 2.5: only with its semicolon)."""
    known = entity[0].startswith("&#") or entity[0][1:] in html.entities.html5
    return html.unescape(entity[0]) if known else entity[0]


def _linked(text: str, style: Style, span: Span) -> Iterator[Run]:
    """Yield runs of `text`, bare addresses in it linked."""
    if style.href or style.code:
        yield Run(text, style, span)
        return
    at = 0
    for match in _ADDRESS.finditer(text):
        address = trimmed_address(match[0])
        if text[at : match.start()]:
            yield Run(text[at : match.start()], style, span)
        href = address if "://" in address else f"https://{address}"
        yield Run(address, replace(style, href=href), span)
        at = match.start() + len(address)
    if text[at:]:
        yield Run(text[at:], style, span)


def trimmed_address(address: str) -> str:
    """Cut off what follows an address: punctuation, and brackets that it did not open."""
    while address:
        last = address[-1]
        unopened = {")": "(", "]": "["}.get(last)
        if last in ".,;:!?'*_’" or (unopened and address.count(last) > address.count(unopened)):
            address = address[:-1]
        else:
            break
    return address



def _span_of(text: Text, otherwise: Span) -> Span:
    return text[0].span if text else otherwise


def _alignment(cell: Element) -> str:
    match = re.search(r"text-align: (left|right|center)", cell.get("style", ""))
    return match[1] if match else ""
