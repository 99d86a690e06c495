"""A paragraph as one unbroken line: words, spaces and the places where a line may end.

Widths are in thousandths of the paragraph's em, so a paragraph is measured once and can be broken
at any size and measure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Span
from reportgen.language.addresses import shown_address
from reportgen.language.languages import Direction, language_of
from reportgen.model import Inline, LineBreak, NoteCall, Picture, Run, Style, Text
from reportgen.texts import is_address
from reportgen.typesetting.bidi import direction_of, has_right_to_left, levels_of
from reportgen.typesetting.hyphenation import HYPHEN_PENALTY, NAME_PENALTY, hyphenation
from reportgen.typesetting.scripts import east_asian_parts, segments
from reportgen.typesetting.shaping import COMPLEX_SCRIPTS, Face, FaceKey, FontBook, Glyphs
from reportgen.typesetting.specification import TypeStyle

NO_BREAK_SPACE, NARROW_SPACE, JOINER, ZERO_WIDTH = "\u00a0", "\u202f", "\u2060", "\u200b"
SOFT_HYPHEN = "\u00ad"
_INVISIBLE = re.compile("[\u2060\u200b\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = re.compile("[\u200c\u200d]")
"""They decide how letters join where letters do, and say nothing elsewhere."""
_PARTS = re.compile(f"([ \\t\\r\\n\\f]+|[{NO_BREAK_SPACE}{NARROW_SPACE}\u2009\u2007]|{ZERO_WIDTH})")
_NARROW = {NARROW_SPACE: 0.2, "\u2009": 0.2}
"""Spaces that neither stretch nor break, and their width in em where a face has none."""

STRETCH, SHRINK = 0.5, 0.33
"""How far a space stretches at a ratio of one, and shrinks at most, as a share of it."""

_INSIDE = re.compile(
    r"(?<=[^\W\d_]{2}-)(?=[^\W\d_]{2})|(?<=\w—)(?=\w)|(?<=[^\W\d_]{3}/)(?=[^\W\d_]{3})"
    r"|(?<=[^\W\d_]{3}\.)(?=[^\W\d_]{3})|(?<=\w[_/\\])(?=\w{3})")
"""Where a line may end inside of a word: after its own hyphen, a dash, a slash, a full stop."""

LONGEST_WORD = 45
"""Letters; German's longest words are shorter. What is longer may break every few letters."""

_ALIKE = {"\u2011": "-", "\u2010": "-", "\u02bc": "’"}
"""Characters that look the same, for faces that lack them."""


class Role(Struct, frozen=True):
    """What a stretch of text is, beside its looks: what the structure tree says of it."""

    href: str = ""
    lang: str = ""
    emphasis: bool = False
    strong: bool = False
    note: str = ""
    """Identifier of the note that is called here."""


PLAIN = Role()

_DIRECTIONS = (Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT)
"""of even and odd levels"""


class Piece(Struct, frozen=True):
    """Shaped text of one face."""

    face: Face
    scale: float
    """Size, as a share of the paragraph's."""
    glyphs: Glyphs
    text: str
    colour: str
    """Name in the palette."""
    role: Role
    width: float
    lead: float = 0.0
    """Space before it."""
    features: tuple[str, ...] = ()
    tracking: float = 0.0
    stretches: bool = False
    """Whether it is a space that takes its share of what a line lacks."""
    soft: bool = False
    """Whether it is a hyphen of the layout's."""
    level: int = 0
    """Embedding level: odd if it stands to the left of what was read before it (`bidi`)."""

    @property
    def direction(self) -> Direction:
        """In which direction it is read."""
        return _DIRECTIONS[self.level % 2]


class Stream(Struct):
    """An unbroken paragraph: pieces in a row, and breakpoints by rising position.

    For a breakpoint `k`, `ends[k]` is the width up to it if a line ends there, and `starts[k]`
    the width that the next line no longer has; `stretch_ends` and `stretch_starts` the same for
    the sum of spaces.
    """

    pieces: list[Piece] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    space_ends: list[float] = field(default_factory=list)
    space_starts: list[float] = field(default_factory=list)
    penalties: list[float] = field(default_factory=list)
    hyphens: list[bool] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    """Piece before which the next line begins, and letter inside of it (0: none of it before)."""
    forced: list[bool] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    """Piece and identifier of each note called."""
    missing: list[tuple[str, str, Span]] = field(default_factory=list)
    """Family and character of what a face does not have, and where it stands."""
    average: float = 450.0
    """Width of a letter, about."""
    direction: Direction = Direction.LEFT_TO_RIGHT
    """of the paragraph"""


PROTRUDING_RIGHT = {".": 0.7, ",": 0.7, "-": 0.6, "’": 0.6, "”": 0.6, "»": 0.4, "“": 0.5,
                    ":": 0.4, ";": 0.4, "–": 0.3, "—": 0.2, "!": 0.2, "?": 0.1, ")": 0.1}
PROTRUDING_LEFT = {"“": 0.6, "‘": 0.6, "„": 0.5, "«": 0.4, "(": 0.1, "—": 0.2, "–": 0.3}
"""Share of a glyph that hangs over the edge, after the settings of pdfTeX (Hàn Thế Thành, 2000)."""


class Typesetter(Struct, frozen=True):
    """Makes streams of text in one type style and language."""

    book: FontBook
    style: TypeStyle
    language: str
    mark: TypeStyle
    """Type style of note calls."""

    def stream(self, text: Text) -> Stream:
        """Return `text` as an unbroken line."""
        return _Builder(self).run(text)

    def plain(self, words: str, span: Span) -> Stream:
        """Return words without style as an unbroken line."""
        return self.stream((Run(words, span=span),))


def _as_shown(inline: Inline) -> Inline:
    """Return an address with letters from right to left as it is printed, since it will be cut."""
    if isinstance(inline, Run) and not inline.style.code and is_address(inline) and (
            has_right_to_left(inline.text)):
        return replace(inline, text="".join(shown_address(inline.text)))
    return inline


def _as_read(inline: Inline) -> str:
    """Return a part of a paragraph as the bidirectional algorithm sees it."""
    if not isinstance(inline, Run):
        return "\ufffc"
    is_own = bool(inline.style.href) and inline.text in (inline.style.href or "")
    # From left to right as a whole, but for the letters in it.
    if inline.style.code or is_own or is_address(inline):
        return "".join(c if unicodedata.bidirectional(c) in ("R", "AL", "NSM") else "a"
                       for c in inline.text)
    return inline.text


class _Builder:
    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter
        self.out = Stream()
        self.width = 0.0
        self.space = 0.0
        self._spaces: dict[tuple[FaceKey, float, str, Role, int], Piece] = {}
        self.glued = True  # no break before what comes: the paragraph's begin
        self.level = 0
        self.direction = Direction.LEFT_TO_RIGHT

    def run(self, text: Text) -> Stream:
        for level, inline in self._levelled(text):
            self.level, self.direction = level, _DIRECTIONS[level % 2]
            match inline:
                case Run():
                    self._run(inline)
                case NoteCall():
                    self._call(inline)
                case LineBreak():
                    self._break(0.0, forced=True)
                case Picture():
                    raise TypeError("a picture in the line: the galley takes it out before")
        while self.out.pieces and self.out.pieces[-1].stretches:
            self._drop_space()
        self._break(0.0, forced=True)
        return self.out

    def _levelled(self, text: Text) -> Iterator[tuple[int, Inline]]:
        """Yield a paragraph with the level of each part; runs of several levels in parts."""
        usual = language_of(self.setter.language).direction
        text = tuple(map(_as_shown, text))
        read = [_as_read(inline) for inline in text]
        whole = "".join(read)
        if usual is Direction.LEFT_TO_RIGHT and not has_right_to_left(whole):
            yield from ((0, inline) for inline in text)
            return
        self.out.direction = direction_of(whole, usual)
        levels = levels_of(whole, self.out.direction)
        at = 0
        for inline, characters in zip(text, read, strict=True):
            stop = at + len(characters)
            if not isinstance(inline, Run):
                yield levels[at], inline
            while isinstance(inline, Run) and at < stop:
                end = next((n for n in range(at, stop) if levels[n] != levels[at]), stop)
                first = at - stop + len(characters)
                yield levels[at], replace(inline, text=inline.text[first:first + end - at])
                at = end
            at = stop

    # -- looks

    def _looks(self, style: Style) -> tuple[Face, float, tuple[str, ...], float, str]:
        """Return face, scale, features, tracking and colour of a run."""
        base = self.setter.style
        family, weight, scale = base.family, base.weight, 1.0
        features, tracking, colour = base.features, base.tracking, base.colour
        italic = base.italic != style.emphasis
        if style.strong:
            weight = max(weight, 600)
        if style.code:
            family, scale, italic = "Bulletin Sans", 0.9, False
        if style.acronym:
            features, tracking = ("c2sc", "smcp", *features), tracking + 0.035
        if style.superior:
            features, colour = (*(f for f in features if f != "onum"), "sups"), "region"
        small = base.leading < 10.0  # an address in a note steps back
        if style.href and small and not style.href.startswith("#"):
            colour = "quiet"
        face = self.setter.book.face(family, weight, italic=italic)
        return face, scale, features, tracking, colour

    # -- runs

    def _run(self, run: Run) -> None:
        face, scale, features, tracking, colour = self._looks(run.style)
        style = run.style
        role = Role(style.href or "", style.lang or "", style.emphasis, style.strong)
        looks = (face, scale, features, tracking, colour, role)
        if is_address(run) and not style.code:
            for number, part in enumerate(shown_address(run.text)):
                if number:
                    self._break(30.0)
                self._word(part, looks, run.span)
            return
        for part in _PARTS.split(run.text):
            if not part:
                continue
            if part[0] in " \t\r\n\f":
                if not style.unbroken:
                    self._space(looks)
                else:
                    self._no_break_space(NO_BREAK_SPACE, looks)
            elif part == ZERO_WIDTH:
                self._break(0.0)
            elif part in (NO_BREAK_SPACE, "\u2007") or part in _NARROW:
                self._no_break_space(part, looks)
            else:
                self._parts(part, looks, style, run.span)

    def _parts(self, part: str, looks: tuple[Face, float, tuple[str, ...], float, str, Role],
               style: Style, span: Span) -> None:
        """Take a word apart where it may break without a hyphen of the layout's."""
        pieces = east_asian_parts(part) if not style.code else [part]
        if len(pieces) > 1:
            for number, piece in enumerate(pieces):
                if number:
                    self._break(0.0)
                self._word(piece, looks, span)
            return
        begin = 0
        penalty = 150.0 if style.unbroken else 50.0
        breaks = not style.code and not part.isalpha()
        for match in _INSIDE.finditer(part) if breaks else ():
            self._word(part[begin:match.start()], looks, span,
                       hyphenate=not style.unbroken)
            self._break(penalty if part[match.start() - 1] in "-—" else penalty + 250.0)
            begin = match.start()
        rest = part[begin:]
        if len(rest) > LONGEST_WORD:
            for n in range(0, len(rest), LONGEST_WORD // 2):
                if n:
                    self._break(20.0)
                self._word(rest[n:n + LONGEST_WORD // 2], looks, span)
            return
        self._word(rest, looks, span, hyphenate=not style.unbroken and not style.code)

    def _word(self, word: str, looks: tuple[Face, float, tuple[str, ...], float, str, Role],
              span: Span, *, hyphenate: bool = False) -> None:
        face, scale, features, tracking, colour, role = looks
        soft = SOFT_HYPHEN in word
        points: tuple[tuple[int, float], ...] = ()
        if soft:
            points = _soft_points(word)
            word = word.replace(SOFT_HYPHEN, "")
        word = _INVISIBLE.sub("", word)
        if _JOINERS.search(word) and not COMPLEX_SCRIPTS.search(_JOINERS.sub("", word)):
            word = _JOINERS.sub("", word)
        if not word:
            return
        if "\u2011" in word or "\u2010" in word or "\u02bc" in word:
            word = "".join(_ALIKE[c] if c in _ALIKE and not face.covers(c) else c for c in word)
        glyphs = face.shape(word, features, tracking, self.direction)
        if glyphs.missing or glyphs.complex:
            self._mixed(word, looks, span)
            return
        if not soft and hyphenate and self.setter.style.hyphens:
            points = _points(word, role.lang or self.setter.language)
        piece = Piece(face, scale, glyphs, word, colour, role, glyphs.width * scale,
                      features=features, tracking=tracking, level=self.level)
        for point, penalty in points:
            self._hyphen(piece, point, penalty)
        self._add(piece)
        self.glued = False

    def _mixed(self, word: str, looks: tuple[Face, float, tuple[str, ...], float, str, Role],
               span: Span) -> None:
        """Add a word that one face does not have, or in which letters change with their neighbours.
        """
        face, scale, features, tracking, colour, role = looks
        for part in segments(word, face, self.setter.book):
            if part.missing:
                self.out.missing += [(face.key.family, c, span) for c in part.missing]
            spread = 0.0 if part.face is not face else tracking
            glyphs = part.face.shape(part.text, features, spread, self.direction)
            self._add(Piece(part.face, scale, glyphs, part.text, colour, role,
                            glyphs.width * scale, features=features, tracking=spread,
                            level=self.level))
        self.glued = False

    def _add(self, piece: Piece) -> None:
        self.out.pieces.append(piece)
        self.width += piece.lead + piece.width

    def _call(self, call: NoteCall) -> None:
        mark = self.setter.mark
        base = self.setter.style
        face = self.setter.book.face(mark.family, mark.weight, italic=mark.italic)
        glyphs = face.shape(str(call.note.number), ("sups",), 0.0)
        scale = 0.8
        role = Role(note=call.note.identifier)
        self.out.notes.append((len(self.out.pieces), call.note.identifier))
        self._add(Piece(face, scale, glyphs, str(call.note.number),
                        "region" if base.colour != "region" else base.colour, role,
                        glyphs.width * scale, lead=25.0, features=("sups",), level=self.level))

    # -- spaces and breaks

    def _space_piece(self, looks: tuple[Face, float, tuple[str, ...], float, str, Role]) -> Piece:
        face, scale, _, _, colour, role = looks
        key = face.key, scale, colour, role, self.level
        known = self._spaces.get(key)
        if known is None:
            glyphs = face.shape(" ", (), 0.0)
            plain = Role(role.href, role.lang, role.emphasis, role.strong)
            known = Piece(face, scale, glyphs, " ", colour, plain, glyphs.width * scale,
                          stretches=True, level=self.level)
            self._spaces[key] = known
        return known

    def _space(self, looks: tuple[Face, float, tuple[str, ...], float, str, Role]) -> None:
        out = self.out
        if not out.pieces or out.pieces[-1].stretches or (out.forced and out.forced[-1] and
                                                          out.places[-1][0] == len(out.pieces)):
            return  # white space collapses, and a line does not begin with it
        piece = self._space_piece(looks)
        end, space = self.width - self._hangs_right(), self.space
        self._add(piece)
        self.space += piece.width
        self._record(end, space, (len(out.pieces), 0), 0.0)

    def _no_break_space(self, character: str,
                        looks: tuple[Face, float, tuple[str, ...], float, str, Role]) -> None:
        if not self.out.pieces:
            return
        piece = self._space_piece(looks)
        if character in _NARROW:
            if piece.face.covers(character):
                glyphs = piece.face.shape(character, (), 0.0)
                width = glyphs.width * piece.scale
            else:
                glyphs, width = piece.glyphs, _NARROW[character] * 1000 * piece.scale
            self._add(replace(piece, glyphs=glyphs, text=character, width=width,
                              stretches=False))
            return
        self._add(piece)
        self.space += piece.width

    def _drop_space(self) -> None:
        piece = self.out.pieces.pop()
        self.width -= piece.width
        self.space -= piece.width
        out = self.out
        while out.places and out.places[-1] == (len(out.pieces) + 1, 0):
            for column in (out.ends, out.starts, out.space_ends, out.space_starts, out.penalties,
                           out.hyphens, out.places, out.forced):
                column.pop()

    def _break(self, penalty: float, *, forced: bool = False) -> None:
        if self.glued and not forced:
            return
        if forced and self.out.pieces and self.out.pieces[-1].stretches:
            self._drop_space()
        self._record(self.width - self._hangs_right(), self.space, (len(self.out.pieces), 0),
                     penalty, forced=forced)

    def _hyphen(self, piece: Piece, point: int, penalty: float) -> None:
        """Note that `piece`, about to be added, may be hyphenated before letter `point`."""
        before = piece.face.shape(piece.text[:point], piece.features, piece.tracking)
        after = piece.face.shape(piece.text[point:], piece.features, piece.tracking)
        hyphen = piece.face.shape("-", (), 0.0).width * (1 - PROTRUDING_RIGHT["-"])
        self._record(self.width + (before.width + hyphen) * piece.scale, self.space,
                     (len(self.out.pieces), point), penalty, hyphen=True,
                     start=self.width + piece.width - after.width * piece.scale)

    def _record(self, end: float, space: float, place: tuple[int, int], penalty: float, *,
                forced: bool = False, hyphen: bool = False, start: float | None = None) -> None:
        out = self.out
        out.ends.append(end)
        out.space_ends.append(space)
        out.starts.append(self.width if start is None else start)
        out.space_starts.append(self.space)
        out.penalties.append(penalty)
        out.hyphens.append(hyphen)
        out.places.append(place)
        out.forced.append(forced)

    def _hangs_right(self) -> float:
        piece = self.out.pieces[-1] if self.out.pieces else None
        if piece is None or not piece.text:
            return 0.0
        share = PROTRUDING_RIGHT.get(piece.text[-1], 0.0)
        if not share or piece.role.note:
            return 0.0
        return piece.face.shape(piece.text[-1], (), 0.0).width * piece.scale * share


def hangs_left(piece: Piece) -> float:
    """Return how far a line that begins with `piece` may hang over the left edge."""
    share = PROTRUDING_LEFT.get(piece.text[:1], 0.0)
    return piece.face.shape(piece.text[:1], (), 0.0).width * piece.scale * share if share else 0.0


_LETTERS = re.compile(r"[^\W\d_]{5,}")


@lru_cache(maxsize=50_000)
def _points(word: str, language: str) -> tuple[tuple[int, float], ...]:
    if len(word) < 5 or word.isupper():
        return ()
    maybe_name = word[0].isupper() and not language_of(language).nouns_capitalised
    least = NAME_PENALTY if maybe_name else 0.0
    return tuple((match.start() + point, max(penalty, least)) for match in _LETTERS.finditer(word)
                 for point, penalty in hyphenation(_lowered(match[0], language), language))


def _lowered(word: str, language: str) -> str:
    """Return a word in small letters, as many as it has (Turkish: dotted and dotless i)."""
    if language.startswith("tr"):
        word = word.replace("İ", "i").replace("I", "ı")
    low = word.lower()
    return low if len(low) == len(word) else word


def _soft_points(word: str) -> tuple[tuple[int, float], ...]:
    def places() -> Iterator[int]:
        at = 0
        for character in word:
            if character == SOFT_HYPHEN:
                yield at
            else:
                at += 1

    whole = len(word.replace(SOFT_HYPHEN, ""))
    return tuple((point, HYPHEN_PENALTY) for point in places() if 0 < point < whole)
