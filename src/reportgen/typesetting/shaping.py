"""Shaping: words become glyphs and widths, with HarfBuzz, once for each word and face.

Words are shaped one by one, so a space is never kerned and a word has one width wherever it stands.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections import Counter
from functools import cached_property

import uharfbuzz as hb
from msgspec import Struct, field

from reportgen.language.languages import Direction

COMPLEX_SCRIPTS = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\u1900-\u1cff"
    "\ua800-\ua95f\ua980-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00011fff"
    "\u200c\u200d\ufe00-\ufe0f\U0001e800-\U0001efff\U0001f000-\U0001ffff]")
"""Characters of scripts that are written from right to left (Unicode Standard Annex 9), or whose
signs change places or stand over each other (Indic, Thai, Lao, Tibetan, Myanmar, Khmer, Mongolian;
pictographs, joined and varied): several glyphs in a row may not spell what they show, so a PDF says
it beside them."""

REPLACEMENT = "\u25a1"
"""What a draft shows for a character that no face has (WHITE SQUARE)."""

RISE = re.compile("\x01(-?[0-9]+)\x02")
"""In `Glyphs.shown`: what follows stands higher, in thousandths of an em."""

SPELLED = re.compile("\x03([0-9A-F]*)\x04|\x05")
"""In `Glyphs.shown`: glyphs that together show these characters (UTF-16, hexadecimal), and their
end."""

_MIRRORED = "()[]{}<>«»‹›⟨⟩≤≥"
"""Characters whose glyphs change places where text runs from right to left."""

_SPELLED, _SPELLED_END = "\x03", "\x05"


class FaceKey(Struct, frozen=True):
    """A face, as a run of text asks for it."""

    family: str
    weight: int
    italic: bool


class Glyphs(Struct, frozen=True):
    """A shaped word. Lengths in thousandths of an em."""

    shown: str
    """Operand of the PDF operator TJ, without its brackets: `<00240037>-12<0045>`, with `RISE`
    and `SPELLED`. Glyphs are in a row from left to right."""
    width: float
    """Sum of the advances, with tracking."""
    count: int
    """Number of glyphs."""
    unicode: tuple[tuple[int, str], ...]
    """Glyph and the characters that it stands for; a ligature stands for several."""
    missing: str = ""
    """Characters that the face does not have."""
    complex: bool = False
    """Whether the word is of a script of which glyphs in a row say little."""
    rightward: bool = True
    """Whether it is read from left to right."""


class Metrics(Struct, frozen=True):
    """Measures of a face, in thousandths of an em."""

    box: tuple[int, int, int, int]
    cap_height: int


class Face:
    """A font file, open for shaping."""

    def __init__(self, key: FaceKey, data: bytes) -> None:
        """Take a TrueType file. Raises ValueError if it is none."""
        self.key = key
        self.data = data
        self._face = hb.Face(data)
        self.upem = self._face.upem
        if not self._face.glyph_count:
            raise ValueError("no font")
        self._font = hb.Font(self._face)
        self._advances: dict[int, float] = {}
        self._words: dict[tuple[str, tuple[str, ...], float, Direction | None], Glyphs] = {}

    @cached_property
    def ascent(self) -> float:
        """Height over the baseline, in em."""
        return float(self._font.get_font_extents("ltr").ascender / self.upem)

    @cached_property
    def descent(self) -> float:
        """Depth under the baseline, in em, positive."""
        return float(-self._font.get_font_extents("ltr").descender / self.upem)

    @cached_property
    def space(self) -> float:
        """Width of the space, in thousandths of an em."""
        return self.shape(" ", (), 0.0).width

    def metrics(self) -> Metrics:
        """Return what a font descriptor says of the face (OpenType, tables head and OS/2)."""
        head, os2 = self._table("head"), self._table("OS/2")
        scale = 1000 / self.upem
        box = struct.unpack(">4h", head[36:44])
        cap = struct.unpack(">h", os2[88:90])[0] if len(os2) >= 90 else 0.7 * self.upem
        left, bottom, right, top = (round(value * scale) for value in box)
        return Metrics((left, bottom, right, top), round(cap * scale))

    def _table(self, tag: str) -> bytes:
        count = struct.unpack(">H", self.data[4:6])[0]
        for number in range(count):
            name, _, start, size = struct.unpack(">4sLLL", self.data[12 + number * 16:][:16])
            if name.decode("latin-1").strip() == tag:
                return self.data[start:start + size]
        return b""

    def covers(self, character: str) -> bool:
        """Whether the face has a glyph for `character`."""
        return self._font.get_nominal_glyph(ord(character)) is not None

    def advance(self, glyph: int) -> float:
        """Return the glyph's advance, as the PDF's widths have it: whole thousandths of an em."""
        found = self._advances.get(glyph)
        if found is None:
            found = float(round(self._font.get_glyph_h_advance(glyph) * 1000 / self.upem))
            self._advances[glyph] = found
        return found

    def shape(self, text: str, features: tuple[str, ...], tracking: float,
              direction: Direction | None = None) -> Glyphs:
        """Return `text`, one word, shaped with OpenType features and tracking (em).

        Its direction is that of its first letter, unless it is told.
        """
        key = (text, features, tracking, direction)
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = self._shaped(text, features, tracking, direction)
        return found

    def _shaped(self, text: str, features: tuple[str, ...], tracking: float,
                direction: Direction | None) -> Glyphs:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if direction is not None:
            buffer.direction = direction.value
        rightward = buffer.direction != "rtl"
        if rightward:
            buffer.direction = "ltr"
        wanted: dict[str, bool] = dict.fromkeys(features, True)
        if tracking:
            wanted |= {"liga": False, "clig": False}
        hb.shape(self._font, buffer, wanted)
        drawn = self._placed(text, buffer, tracking)
        width = sum(glyph.advance for glyph in drawn)
        clusters = Counter(glyph.cluster for glyph in drawn)
        # a letter with an accent that the face has apart is drawn as two glyphs, in any script
        is_complex = (len(clusters) < len(drawn) or COMPLEX_SCRIPTS.search(text) is not None
                      or (not rightward and any(map(unicodedata.mirrored, text))))
        out = _Operand()
        unicode: list[tuple[int, str]] = []
        missing, seen = "", -1
        for number, glyph in enumerate(drawn):
            first = glyph.cluster != seen
            seen = glyph.cluster
            mirrored = not rightward and unicodedata.mirrored(glyph.words[:1] or " ") == 1
            several = clusters[seen] > 1 or mirrored
            if several and first:
                out.mark(f"{_SPELLED}{glyph.words.encode('utf-16-be').hex().upper()}\x04")
            out.show(glyph, self.advance(glyph.number))
            if several and (number + 1 == len(drawn) or drawn[number + 1].cluster != seen):
                out.mark(_SPELLED_END)
            if glyph.number == 0 and first:
                missing += glyph.words
            own = self._mirror(glyph) if mirrored else (
                self._own_character(glyph) if several else "")
            unicode.append((glyph.number, own or (glyph.words if first or is_complex else "")))
        return Glyphs(out.end(width), width, len(drawn), tuple(unicode), missing, is_complex,
                      rightward)

    def _own_character(self, glyph: _Placed) -> str:
        """Return the character of its cluster that a glyph stands for; empty if it is another's."""
        return next((c for c in glyph.words
                     if self._font.get_nominal_glyph(ord(c)) == glyph.number), "")

    def _mirror(self, glyph: _Placed) -> str:
        """Return the character that a mirrored glyph shows where text runs the other way."""
        return next((c for c in _MIRRORED
                     if self._font.get_nominal_glyph(ord(c)) == glyph.number), "")

    def _placed(self, text: str, buffer: hb.Buffer, tracking: float) -> list[_Placed]:
        """Return the glyphs of a shaped word from left to right."""
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        scale, spread = 1000 / self.upem, tracking * 1000
        clusters = sorted({info.cluster for info in infos})
        ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
        found = []
        pen = 0.0
        for info, position in zip(infos, positions, strict=True):
            advance = position.x_advance * scale + spread
            found.append(_Placed(info.codepoint, info.cluster,
                                 text[info.cluster:ends[info.cluster]],
                                 pen + position.x_offset * scale, round(position.y_offset * scale),
                                 advance))
            pen += advance
        return found


class _Placed(Struct, frozen=True):
    """A glyph in its place. Lengths in thousandths of an em."""

    number: int
    cluster: int
    words: str
    """The characters of its cluster."""
    left: float
    rise: int
    advance: float


class _Operand(Struct):
    """The operand of TJ, as glyphs are added to it from left to right."""

    parts: list[str] = field(default_factory=list)
    at: float = 0.0
    """Where the pen is, by the widths that the PDF has."""
    rise: int = 0
    open: bool = False

    def show(self, glyph: _Placed, advance: float) -> None:
        """Add a glyph; `advance` is what the PDF has for its width."""
        shift = round(glyph.left - self.at)
        if shift:
            self.mark(f"{-shift}")
            self.at += shift
        if glyph.rise != self.rise:
            self.mark(f"\x01{glyph.rise}\x02")
            self.rise = glyph.rise
        self.parts.append(f"{glyph.number:04x}" if self.open else f"<{glyph.number:04x}")
        self.open = True
        self.at += advance

    def mark(self, what: str) -> None:
        """Add what is no glyph."""
        self.parts.append(f">{what}" if self.open else what)
        self.open = False

    def end(self, width: float) -> str:
        """Return the operand, which ends `width` after its beginning."""
        if self.open:
            self.mark("")
        if self.rise:
            self.mark("\x010\x02")
        rest = round(width - self.at)
        if rest:
            self.mark(f"{-rest} ")  # another number may follow
        return "".join(self.parts)


class FontBook(Struct, frozen=True):
    """The faces of a theme, opened when they are first asked for."""

    files: dict[FaceKey, bytes]
    """TrueType data of each face."""
    fallback: tuple[str, ...] = ()
    """Families in which a character is looked for that a face does not have, in this order."""
    _open: dict[FaceKey, Face] = field(default_factory=dict)

    def face(self, family: str, weight: int, *, italic: bool) -> Face:
        """Return the face that comes nearest: of the family, the slant, then the weight."""
        key = FaceKey(family, weight, italic)
        found = self._open.get(key)
        if found is None:
            nearest = self.nearest(key)
            found = self._open.get(nearest)
            if found is None or found.key != nearest:
                found = Face(nearest, self.files[nearest])
            self._open[nearest] = self._open[key] = found
        return found

    def instead(self, character: str, face: Face) -> Face | None:
        """Return the first fallback face that has a character which `face` does not have."""
        for family in self.fallback:
            other = self.face(family, face.key.weight, italic=face.key.italic)
            if other.key.family == family and other.covers(character):
                return other
        return None

    def nearest(self, wanted: FaceKey) -> FaceKey:
        """Return the face of `files` that comes nearest to `wanted`."""
        return min(self.files, key=lambda face: (
            face.family != wanted.family, face.italic != wanted.italic,
            abs(face.weight - wanted.weight), face.family, face.weight, face.italic))
