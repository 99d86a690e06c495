"""Shaping: words become glyphs and widths, with HarfBuzz, once for each word and face.

Words are shaped one by one, so a space is never kerned and a word has one width wherever it stands.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from functools import cached_property

import uharfbuzz as hb

OTHER_SCRIPTS = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\u1900-\u1cff"
    "\ua800-\ua95f\ua980-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00011fff"
    "\U0001e800-\U0001efff]")
"""Characters of scripts that are not set, whatever a face has: those that are written from right to
left (Unicode Standard Annex 9), and those whose signs stand over and under each other or that write
words without spaces (Indic, Thai, Lao, Tibetan, Myanmar, Khmer, Mongolian)."""


@dataclass(frozen=True)
class FaceKey:
    """A face, as a run of text asks for it."""

    family: str
    weight: int
    italic: bool


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A shaped word. Lengths in thousandths of an em."""

    shown: str
    """Operand of the PDF operator TJ, without its brackets: `<00240037>-12<0045>`."""
    width: float
    """Sum of the advances, with tracking."""
    count: int
    """Number of glyphs."""
    unicode: tuple[tuple[int, str], ...]
    """Glyph and the characters that it stands for; a ligature stands for several."""
    missing: str = ""
    """Characters that the face does not have, or that are of a script which is not set."""


@dataclass(frozen=True)
class Metrics:
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
        self._words: dict[tuple[str, tuple[str, ...], float], Glyphs] = {}

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

    def shape(self, text: str, features: tuple[str, ...], tracking: float) -> Glyphs:
        """Return `text`, one word, shaped with OpenType features and tracking (em)."""
        key = (text, features, tracking)
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = self._shaped(text, features, tracking)
        return found

    def _shaped(self, text: str, features: tuple[str, ...], tracking: float) -> Glyphs:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        wanted: dict[str, bool] = dict.fromkeys(features, True)
        if tracking:
            wanted |= {"liga": False, "clig": False}
        hb.shape(self._font, buffer, wanted)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        scale, spread = 1000 / self.upem, tracking * 1000
        clusters = sorted({info.cluster for info in infos})
        ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
        out: list[str] = []
        unicode: list[tuple[int, str]] = []
        missing, seen = "", -1
        width, drift, open_ = 0.0, 0.0, False
        for info, position in zip(infos, positions, strict=True):
            glyph, cluster = info.codepoint, info.cluster
            offset = position.x_offset * scale
            shift = round(drift + offset)
            if shift:
                out.append(f">{-shift}" if open_ else f"{-shift}")
                open_ = False
            drift += -shift
            out.append(f"{glyph:04x}" if open_ else f"<{glyph:04x}")
            open_ = True
            advance = position.x_advance * scale + spread
            width += advance
            drift += advance - self.advance(glyph)
            words = text[cluster:ends[cluster]] if cluster != seen else ""
            seen = cluster
            if glyph == 0 or OTHER_SCRIPTS.search(words):
                missing += words
            unicode.append((glyph, words))
        if open_:
            out.append(">")
        rest = round(drift)
        if rest:
            out.append(f"{-rest}")
        return Glyphs("".join(out), width, len(infos), tuple(unicode), missing)


@dataclass(frozen=True)
class FontBook:
    """The faces of a theme, opened when they are first asked for."""

    files: dict[FaceKey, bytes] = field(hash=False)
    """TrueType data of each face."""
    _open: dict[FaceKey, Face] = field(default_factory=dict, hash=False)

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

    def nearest(self, wanted: FaceKey) -> FaceKey:
        """Return the face of `files` that comes nearest to `wanted`."""
        return min(self.files, key=lambda face: (
            face.family != wanted.family, face.italic != wanted.italic,
            abs(face.weight - wanted.weight), face.family, face.weight, face.italic))
