"""Breaking a paragraph into lines: the total-fit algorithm.

D. E. Knuth and M. F. Plass, Breaking paragraphs into lines, Software: Practice and Experience 11
(1981), with font expansion and hanging punctuation after Hàn Thế Thành, Micro-typographic
extensions to the TeX typesetting system (2000). All numbers of lines that a paragraph can take
come out of one run, so copyfit may choose among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from reportgen.language.languages import Direction
from reportgen.typesetting.inline import SHRINK, STRETCH, Piece, Stream, hangs_left

EXPANSION = 0.02
"""Share by which the glyphs of a justified line are widened or narrowed at most."""

MOST_HYPHENS = 2
"""Hyphenated lines in a row."""

_LINE = 10.0
_TWO_HYPHENS, _MISMATCH, _THREE_HYPHENS, _LONE_WORD = 4_000.0, 3_000.0, 1e7, 350_000.0
_TOLERANCES = (1.76, 3.0, 9.0)
"""Ratios of stretching that are tried one after the other. With the glyphs at their widest, 1.76
makes a space of 1.9 of the natural one."""

_LOOSE_ENOUGH = _TOLERANCES[0]
"""Ratio beyond which a lone word on the last line is the smaller evil."""

_RAG = 1_250.0
"""Shortfall of a ragged line, in thousandths of an em, that counts as badness 100."""

_RAGGED_PENALTIES = 1.5
"""Factor on penalties in ragged text, which has less need of hyphens."""

_FEWEST_LETTERS = 5
"""Letters that a paragraph's last line has at least."""

_NEVER = 1e15
_FURTHEST = 10
"""Lines more or less than the best way takes that are followed: a paragraph of a thousand lines
could take dozens more, which nobody asks for, and time would grow with the square of its length."""


class Alignment(Enum):
    """How lines are made of equal or unequal length."""

    JUSTIFIED = "justified"
    RAGGED = "ragged"
    BALANCED = "balanced"


class Line(Struct, frozen=True):
    """A set line. Lengths in thousandths of the paragraph's em."""

    pieces: tuple[Piece, ...]
    space: float
    """Factor on the width of its spaces."""
    expansion: float
    """Factor on the width of its glyphs."""
    start: float
    """Where it begins, from the edge of its direction; below zero where punctuation hangs."""
    width: float
    """What it takes of the measure."""
    hyphen: bool
    """Whether it ends with a hyphen that is not the author's."""
    last: bool
    """Whether it ends the paragraph, or the author broke it."""
    notes: tuple[str, ...] = ()
    """Identifiers of the notes called in it."""
    spaced: bool = False
    """Whether a space of the text stands at its end, which is not set."""
    direction: Direction = Direction.LEFT_TO_RIGHT
    """of its paragraph: one from right to left begins at the right edge"""

    @property
    def widths(self) -> list[float]:
        """What each of its pieces takes as it is set, with the space before it."""
        return [self.expansion * (piece.lead + piece.width * (self.space if piece.stretches
                                                              else 1.0)) for piece in self.pieces]


class Broken(Struct, frozen=True):
    """A way to break a paragraph."""

    breaks: tuple[int, ...]
    """Breakpoints, the last of which ends the paragraph."""
    demerits: float


class _Node(Struct):
    at: int
    """Breakpoint; -1 at the begin."""
    line: int
    total: float
    hyphens: int
    ratio: float
    before: _Node | None
    width: float
    space: float


def break_paragraph(stream: Stream, measure: float, alignment: Alignment,
                    indent: float = 0.0) -> dict[int, Broken]:
    """Return the best way to break a paragraph for each number of lines that it can take.

    `measure` and `indent` (of the first line) are in thousandths of the em. There is always at
    least one way; a word that is longer than the measure stands out.
    """
    first: dict[int, Broken] = {}
    for tolerance in _TOLERANCES:
        found = _run(stream, measure, alignment, indent, tolerance, last_resort=False)
        if found and min(way.demerits for way in found.values()) < _LONE_WORD:
            return found
        first = first or found
        if first and tolerance >= _LOOSE_ENOUGH:  # a last word may stand alone after all
            return first
    return first or _run(stream, measure, alignment, indent, 1e6, last_resort=True)


def best(ways: dict[int, Broken]) -> int:
    """Return the number of lines of the way with the fewest demerits."""
    return min(ways, key=lambda lines: (ways[lines].demerits, lines))


def _run(stream: Stream, measure: float, alignment: Alignment, indent: float, tolerance: float,
         *, last_resort: bool) -> dict[int, Broken]:
    justified = alignment is Alignment.JUSTIFIED
    balanced = alignment is Alignment.BALANCED
    ends, starts = stream.ends, stream.starts
    space_ends, space_starts = stream.space_ends, stream.space_starts
    penalties, hyphens, forced = stream.penalties, stream.hyphens, stream.forced
    least_last = _FEWEST_LETTERS * stream.average
    active = [_Node(-1, 0, 0.0, 0, 0.0, None, -indent, 0.0)]
    slack = 1.0 if justified else 1e-9
    weight = 1.0 if justified else _RAGGED_PENALTIES
    final = len(ends) - 1
    for at in range(len(ends)):
        end, space_end, must = ends[at], space_ends[at], forced[at]
        penalty, hyphen = penalties[at] * weight, hyphens[at]
        found: dict[int, _Node] = {}
        keep: list[_Node] = []
        longest: _Node | None = None
        for node in active:
            width = end - node.width
            lack = measure - width
            spaces = space_end - node.space
            if lack < 0:
                room = width * EXPANSION + spaces * SHRINK if justified else slack
                if -lack > room:
                    longest = node
                    continue  # too long, and only longer from here on
                over = -lack - width * EXPANSION
                ratio = -over / (spaces * SHRINK) if over > 0 else 0.0
            elif must:
                ratio = 0.0
            elif justified:
                rest = lack - width * EXPANSION
                ratio = 0.0 if rest <= 0 else rest / (spaces * STRETCH) if spaces else 1e4
            else:
                ratio = 0.0
            if not must:
                keep.append(node)
                if ratio > tolerance or (alignment is Alignment.RAGGED and not last_resort
                                         and lack > measure * 0.25):
                    continue
            if justified:
                bad = 100.0 * abs(ratio) ** 3 + (8.0 * min(abs(lack) / (width * EXPANSION), 1.0)
                                                 if width > 0 and not must else 0.0)
            else:
                bad = (lack / _RAG) ** 2 * 100.0 if not must or balanced else 0.0
            total = node.total + (_LINE + bad + penalty) ** 2
            run = 0
            if hyphen:
                run = node.hyphens + 1
                if run > 1:
                    total += _TWO_HYPHENS if run <= MOST_HYPHENS else _THREE_HYPHENS
            if justified and abs(ratio - node.ratio) > 1.0:
                total += _MISMATCH
            if at == final and node.line:
                if width < least_last:
                    total += 1e6
                elif spaces < 1.0:
                    total += _LONE_WORD
            number = node.line + 1
            known = found.get(number)
            if known is None or total < known.total:
                found[number] = _Node(at, number, total, run, ratio, node, starts[at],
                                      space_starts[at])
        if not found and not keep:
            if not last_resort:
                return {}
            # Nothing fits: the line that stands out least is set all the same.
            node = longest or active[-1]
            found[node.line + 1] = _Node(at, node.line + 1, node.total + _NEVER, 0, 0.0, node,
                                         starts[at], space_starts[at])
        if must:
            keep = []
        active = keep
        if found:
            best = min(found.values(), key=lambda node: node.total)
            active += [node for node in found.values() if node.total < best.total + 1e9
                       and abs(node.line - best.line) <= _FURTHEST]
        if at == final:
            return {number: Broken(_path(node), node.total) for number, node in found.items()}
    return {}


def _path(node: _Node) -> tuple[int, ...]:
    out: list[int] = []
    step: _Node | None = node
    while step is not None and step.at >= 0:
        out.append(step.at)
        step = step.before
    return tuple(reversed(out))


# ---------------------------------------------------------------- lines


def lines_of(stream: Stream, breaks: Sequence[int], measure: float, alignment: Alignment,
             indent: float = 0.0) -> list[Line]:
    """Return the lines of a paragraph that is broken at `breaks`."""
    out: list[Line] = []
    begin, letter = 0, 0
    width_before, space_before = -indent, 0.0
    notes = list(stream.notes)
    for number, at in enumerate(breaks):
        stop, cut = stream.places[at]
        pieces = _cut(stream, begin, letter, stop, cut, hyphen=stream.hyphens[at])
        spaced = False
        while pieces and pieces[-1].stretches:
            pieces.pop()
            spaced = True
        while pieces and pieces[0].stretches and number:
            pieces.pop(0)
        width = stream.ends[at] - width_before
        spaces = stream.space_ends[at] - space_before
        hang = hangs_left(pieces[0]) if pieces and alignment is not Alignment.BALANCED else 0.0
        if number == 0 and indent:
            hang = 0.0
        lack = measure - width + hang
        last = stream.forced[at]
        space, expansion = 1.0, 1.0
        if alignment is Alignment.JUSTIFIED and (not last or lack < 0):
            space, expansion = _filled(width, spaces, lack)
        called = []
        while notes and (notes[0][0] < stop or (notes[0][0] == stop and cut)):
            called.append(notes.pop(0)[1])
        out.append(Line(tuple(pieces), space, expansion, (indent if number == 0 else 0.0) - hang,
                        width, stream.hyphens[at], last, tuple(called), spaced or last,
                        stream.direction))
        begin, letter = stop, cut
        width_before, space_before = stream.starts[at], stream.space_starts[at]
    return out


def _filled(width: float, spaces: float, lack: float) -> tuple[float, float]:
    """Return by what spaces and glyphs of a line are multiplied so that it is full."""
    most = width * EXPANSION
    if abs(lack) <= most or not spaces:
        share = max(-most, min(most, lack)) / width if width else 0.0
        return 1.0, 1.0 + share
    expansion = 1.0 + (EXPANSION if lack > 0 else -EXPANSION)
    rest = lack - (most if lack > 0 else -most)
    return 1.0 + rest / (spaces * expansion), expansion


def _cut(stream: Stream, begin: int, letter: int, stop: int, cut: int,
         *, hyphen: bool) -> list[Piece]:
    """Return the pieces from a place of the stream to another."""
    pieces = stream.pieces[begin:stop]
    if letter and pieces:
        pieces[0] = _part(pieces[0], letter, None)
    elif letter and cut:  # the same word, hyphenated twice
        return [_part(stream.pieces[begin], letter, cut), _hyphen_after(stream.pieces[begin])]
    if cut:
        pieces.append(_part(stream.pieces[stop], 0, cut))
        if hyphen:
            pieces.append(_hyphen_after(stream.pieces[stop]))
    return pieces


def _part(piece: Piece, start: int, stop: int | None) -> Piece:
    text = piece.text[start:stop]
    glyphs = piece.face.shape(text, piece.features, piece.tracking, piece.direction)
    return replace(piece, text=text, glyphs=glyphs, width=glyphs.width * piece.scale)


def _hyphen_after(piece: Piece) -> Piece:
    """Return the hyphen of the layout behind a part of `piece`."""
    glyphs = piece.face.shape("-", (), 0.0)
    return replace(piece, text="-", glyphs=glyphs, width=glyphs.width * piece.scale, lead=0.0,
                   soft=True)
