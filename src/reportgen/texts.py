"""Texts and blocks, taken apart and walked over: what every pass over a brief has in common.

A text is seen as one string in which each inline that is no run stands for one character (`OTHER`),
so offsets of the string are places of the text. Walks go into lists and quotations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator

from msgspec.structs import replace

from reportgen.diagnostics import Span
from reportgen.model import (
    NOWHERE,
    Block,
    Figure,
    Heading,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Run,
    SourceList,
    Table,
    Text,
)

OTHER = "\ufffc"
"""Stands for an inline that is no text: a note's call, a picture, a line break."""


# ---------------------------------------------------------------- texts


class _Folding(dict[int, int | None]):
    """What becomes of a character in a comparison, found out when it is first met."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        kept = code if character.isalnum() else ord(" ")
        self[code] = None if unicodedata.combining(character) else kept
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Return words for comparison: small letters without accents and signs."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(parts.translate(_FOLDING).split())


def joined(text: Text, masked: Callable[[Run], bool] | None = None) -> str:
    """Return `text` as one string; what is no run is one `OTHER`.

    Every character of a run for which `masked` is true is `OTHER` as well.
    """
    return "".join(
        OTHER if not isinstance(i, Run)
        else OTHER * len(i.text) if masked is not None and masked(i) else i.text for i in text)


def read_words(text: Text) -> str:
    """Return `text` as one string for a reader of its words: code and addresses are `OTHER`."""
    return joined(text, lambda run: run.style.code or is_address(run))


def place_of(text: Text, offset: int) -> Span:
    """Return the place in its file of a character of the string of `text`."""
    inside = cut(text, offset, offset + 1)
    return inside[0].span if inside else NOWHERE


def unpaired(string: str, opening: str, closing: str, numbered: Collection[int] = ()) -> int:
    """Return where the first of two paired signs has no partner; -1 if all have.

    A closing sign that ends at one of `numbered` is that of an enumeration: `a)`.
    """
    opened: list[int] = []
    for match in re.finditer(f"[{re.escape(opening + closing)}]", string):
        if match[0] == opening:
            opened.append(match.start())
        elif opened:
            opened.pop()
        elif match.end() not in numbered:
            return match.start()
    return opened[0] if opened else -1


def near_words(string: str, at: int) -> str:
    """Return the words around a place of a string, for a message."""
    return string[max(at - 12, 0) : at + 24].replace(OTHER, "").strip()


def cut(text: Text, start: int, end: int) -> Text:
    """Return the inlines of `text` between two offsets of its string."""
    out: list[Inline] = []
    at = 0
    for inline in text:
        if isinstance(inline, Run):
            length = len(inline.text)
            piece = inline.text[max(start - at, 0) : max(end - at, 0)]
            if piece:
                out.append(replace(inline, text=piece))
        else:
            length = 1
            if start <= at < end:
                out.append(inline)
        at += length
    return tuple(out)


def trimmed(text: Text) -> Text:
    """Return `text` without spaces at its ends and without empty runs."""
    inlines = [i for i in text if not isinstance(i, Run) or i.text]
    while inlines and isinstance(inlines[0], Run) and not inlines[0].text.lstrip():
        inlines.pop(0)
    while inlines and (isinstance(inlines[-1], LineBreak) or (
            isinstance(inlines[-1], Run) and not inlines[-1].text.rstrip())):
        inlines.pop()
    if inlines and isinstance(inlines[0], Run):
        inlines[0] = replace(inlines[0], text=inlines[0].text.lstrip())
    if inlines and isinstance(inlines[-1], Run):
        inlines[-1] = replace(inlines[-1], text=inlines[-1].text.rstrip())
    return tuple(inlines)


def is_between_calls(inline: Inline) -> bool:
    """Whether text between the calls of two notes does nothing but part them."""
    return isinstance(inline, Run) and not inline.text.strip(" \t\n\u00a0\u202f,;")


def lines_of(text: Text) -> list[Text]:
    """Return the lines of a paragraph as its author broke them."""
    lines: list[list[Inline]] = [[]]
    number = None
    for inline in text:
        if isinstance(inline, LineBreak):
            lines.append([])
            number = None
            continue
        if number is not None and inline.span.line > number and lines[-1]:
            lines.append([])
        number = inline.span.line
        lines[-1].append(inline)
    return [tuple(line) for line in lines if line]


def restyle(text: Text, spans: Iterable[tuple[int, int]], **flags: bool) -> Text:
    """Return `text` with `flags` set on the style of some spans of its string."""
    bounds = sorted(spans)
    if not bounds:
        return text
    out: list[Inline] = []
    at = 0
    for inline in text:
        if not isinstance(inline, Run):
            out.append(inline)
            at += 1
            continue
        end, position = at + len(inline.text), at
        for start, stop in bounds:
            first, last = max(start, position), min(stop, end)
            if first >= last:
                continue
            if first > position:
                out.append(replace(inline, text=inline.text[position - at : first - at]))
            style = replace(inline.style, **flags)
            out.append(replace(inline, text=inline.text[first - at : last - at], style=style))
            position = last
        if position < end:
            out.append(replace(inline, text=inline.text[position - at :]))
        at = end
    return tuple(out)


def is_address(run: Run) -> bool:
    """Whether a run shows the address that it links to."""
    if not run.style.href:
        return False
    bare = "/" in run.text and run.style.href.partition("://")[2] == run.text
    return bare or re.match(r"https?://|www\.|doi\.org/", run.text) is not None


# ---------------------------------------------------------------- blocks


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block in its order; what is in a list or quotation comes right behind it."""
    for block in blocks:
        yield block
        match block:
            case ListBlock():
                for item in block.items:
                    yield from walk(item)
            case Quote():
                yield from walk(block.blocks)


def texts(blocks: Iterable[Block]) -> Iterator[Text]:
    """Yield the text of every block in its order: paragraphs, subheads, captions, cells."""
    for block in walk(blocks):
        match block:
            case Paragraph() | Heading():
                yield block.text
            case Figure():
                yield block.caption
            case Table():
                if block.caption:
                    yield block.caption
                for row in (block.head, *block.rows):
                    yield from row
            case SourceList():
                yield block.title
                yield from block.entries


def pictures(blocks: Iterable[Block]) -> Iterator[Picture]:
    """Yield every picture: those that stand by themselves, and those in a text."""
    for block in walk(blocks):
        if isinstance(block, Figure):
            yield block.picture
        for text in texts([block]) if not isinstance(block, ListBlock | Quote) else ():
            yield from (inline for inline in text if isinstance(inline, Picture))


def transform(block: Block, change: Callable[[Block], Block]) -> Block:
    """Return `block` with `change` done to it, or to what it holds if it is a list or quotation."""
    match block:
        case ListBlock():
            items = tuple(tuple(transform(b, change) for b in item) for item in block.items)
            return replace(block, items=items)
        case Quote():
            return replace(block, blocks=tuple(transform(b, change) for b in block.blocks))
    return change(block)


def map_text(block: Block, change: Callable[[Text], Text]) -> Block:
    """Return `block` with `change` done to all of its text."""

    def changed(inner: Block) -> Block:
        match inner:
            case Paragraph() | Heading():
                return replace(inner, text=change(inner.text))
            case Figure():
                return replace(inner, caption=change(inner.caption))
            case Table():
                return replace(
                    inner, caption=change(inner.caption) if inner.caption else (),
                    head=tuple(change(cell) for cell in inner.head),
                    rows=tuple(tuple(change(cell) for cell in row) for row in inner.rows))
            case SourceList():
                return replace(inner, title=change(inner.title),
                               entries=tuple(change(entry) for entry in inner.entries))
        return inner

    return transform(block, changed)


def begins_large(words: str) -> bool:
    """Whether a text begins with a capital, or with a letter of a script that has none."""
    first = words[:1]
    return first.isupper() or (first.isalpha() and first.lower() == first.upper())
