"""Lists with letters or Roman numbers, `a)`, `(b)`, `(ii)`, that follow each other from the first.

Markdown has no such lists; the author's marks stay as they are.
"""

from __future__ import annotations

from msgspec import Struct

from reportgen.model import Block, ListBlock, Paragraph, Run, plain
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line
from reportgen.texts import cut

_ALPHABETS: tuple[tuple[str, ...], ...] = (
    tuple("abcdefghijklmnopqrst"), tuple("абвгдежзиклмнопр"), tuple("абвгґдеєжзиіїйкл"),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"))
_ITEM = pattern(
    r"\s{0,3}(?:[-*•]\s+)?(?P<mark>\(?(?P<letter>[a-tа-яґєії]|[ivx]{1,5})\))\s+(?=\S)")
_APART = 8
"""Lines that an item may take, its blank lines included."""


class _Found(Struct, frozen=True):
    at: int
    letter: str


def with_lettered_lines(lines: list[Line]) -> list[Line]:
    """Return lines in which each item of a list with letters is a paragraph of its own."""
    items = [_Found(at, match["letter"]) for at, (_, text) in enumerate(lines)
             if (match := _ITEM.match(text))]
    starts = {found.at for run in _runs(items) for found in run}
    out: list[Line] = []
    for at, (number, text) in enumerate(lines):
        if at in starts:
            match = _ITEM.match(text)
            assert match
            if out and out[-1][1].strip():
                out.append((number, ""))
            out.append((number, f"{match['mark']} {text[match.end():]}"))
            continue
        out.append((number, text))
    return out


def _runs(items: list[_Found]) -> list[list[_Found]]:
    """Return the sequences of items that begin with the first letter and leave none out."""
    runs: list[list[_Found]] = []
    for found in items:
        last = runs[-1] if runs else []
        if last and found.at - last[-1].at <= _APART and _follows(last, found.letter):
            last.append(found)
        elif any(found.letter == alphabet[0] for alphabet in _ALPHABETS):
            runs.append([found])
    return [run for run in runs if len(run) > 1]


def _follows(run: list[_Found], letter: str) -> bool:
    letters = (*(found.letter for found in run), letter)
    return any(alphabet[: len(letters)] == letters for alphabet in _ALPHABETS)


def with_lettered_lists(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks in which paragraphs that begin with letters in their order are a list."""
    items = [_Found(at, match["letter"]) for at, block in enumerate(blocks)
             if isinstance(block, Paragraph) and (match := _ITEM.match(plain(block.text)))
             and block.text and isinstance(block.text[0], Run)]
    out: list[Block] = []
    at = 0
    runs = {run[0].at: run for run in _runs(items)
            if run[-1].at - run[0].at == len(run) - 1}
    while at < len(blocks):
        run = runs.get(at)
        if run is None:
            out.append(blocks[at])
            at += 1
            continue
        out.append(_listed(blocks[at : at + len(run)]))
        at += len(run)
    return tuple(out)


def _listed(blocks: tuple[Block, ...]) -> ListBlock:
    items: list[tuple[Block, ...]] = []
    marks: list[str] = []
    for block in blocks:
        assert isinstance(block, Paragraph)
        words = plain(block.text)
        match = _ITEM.match(words)
        assert match
        marks.append(match["mark"])
        items.append((Paragraph(cut(block.text, match.end(), len(words) + len(block.text)),
                                block.span),))
    return ListBlock(ordered=True, items=tuple(items), span=blocks[0].span, marks=tuple(marks))
