"""Reading finished PDFs: spaces between words, ragged edges, hyphens, notes away from their calls.

Words and their boxes come from Poppler (`pdftotext -bbox-layout`), so any program's pages are read
alike.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from reportgen.typesetting.shaping import Face, FaceKey

ROOT = Path(__file__).resolve().parent.parent
MEASURES = (110.0, 115.0, 120.0, 125.0, 130.0)
"""mm"""


@dataclass
class Lines:
    """What was read of lines of running text."""

    spaces: list[float] = field(default_factory=list)
    """Spaces between words of justified lines, as a multiple of the natural one."""
    rag: list[float] = field(default_factory=list)
    """What lines that are not the last lack of the measure, pt."""
    hyphenated: int = 0
    lines: int = 0

    def add(self, other: Lines) -> None:
        """Take in what was read of other lines."""
        self.spaces += other.spaces
        self.rag += other.rag
        self.hyphenated += other.hyphenated
        self.lines += other.lines

    def row(self) -> str:
        """Return the figures: mean, worst, over 1.5, hyphenated, deviation of the rag."""
        over = sum(s > 1.5 for s in self.spaces) / max(len(self.spaces), 1)
        if not self.spaces:
            return "no lines were read"
        return (f"{statistics.mean(self.spaces):6.2f} {max(self.spaces):6.2f} {over:7.1%} "
                f"{self.hyphenated / max(self.lines, 1):7.1%} "
                f"{statistics.pstdev(self.rag) if self.rag else 0:7.2f} {self.lines:7}")


@dataclass(frozen=True)
class _Word:
    text: str
    left: float
    right: float
    top: float
    bottom: float


def words_of(path: Path) -> list[list[_Word]]:
    """Return the words of each page with their boxes, in pt from the upper left corner."""
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True,
                          capture_output=True, text=True).stdout
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))
    pages = []
    for page in root.iter("{http://www.w3.org/1999/xhtml}page"):
        pages.append([_Word(w.text or "", *(float(w.attrib[k]) for k in
                                            ("xMin", "xMax", "yMin", "yMax"))) for w in page])
    return pages


def read_lines(path: Path, left: float, measure: float, size: float, natural: float) -> Lines:
    """Return what is to be seen of the text at `left`, `measure` wide (pt), of one size.

    `natural` is the width of its space. Paragraphs end where a line is short, or the next one is
    indented or far below.
    """
    out = Lines()
    for words in words_of(path):
        rows: dict[float, list[_Word]] = defaultdict(list)
        for word in words:
            if word.left > left - 4 and word.right < left + measure + 8:
                rows[round(word.bottom, 0)].append(word)
        lines = [sorted(row, key=lambda w: w.left) for _, row in sorted(rows.items())]
        lines = [row for row in lines if abs((row[0].bottom - row[0].top) - size * 1.4) < size]
        for row, after in pairwise(lines):
            begins = abs(row[0].left - left) < 4
            follows = (abs(after[0].left - left) < 4
                       and after[0].bottom - row[0].bottom < size * 1.5)
            if not begins or not follows or len(row) < 3:
                continue
            out.lines += 1
            out.rag.append(left + measure - row[-1].right)
            out.hyphenated += row[-1].text[-1] in "-\u00ad\u2010"
            out.spaces += [(b.left - a.right) / natural
                           for a, b in pairwise(row) if b.left > a.right]
    return out


# ---------------------------------------------------------------- lines of six languages


def print_lines(seed: int) -> None:
    """Set ten briefs in each language at several measures, and print what is to be seen."""
    from tests.untuned import LANGUAGES

    print(f"{'':24} {'mean':>6} {'worst':>6} {'> 1.5':>7} {'hyphen':>7} {'rag pt':>7} "
          f"{'lines':>7}")
    programs = {"reportgen, justified": "justified", "reportgen, ragged": "ragged",
                "Typst, justified": "typst"}
    everything = {name: Lines() for name in programs}
    for language in LANGUAGES:
        for name, align in programs.items():
            total = Lines()
            for number, measure in enumerate(MEASURES):
                total.add(_set(language, seed + number, measure, align))
            everything[name].add(total)
            print(f"{language:<3} {name:<20} {total.row()}", flush=True)
    for name, total in everything.items():
        print(f"all {name:<20} {total.row()}")


def _set(language: str, seed: int, measure: float, align: str) -> Lines:
    """Set two briefs at a measure (mm), and read their lines."""
    import random

    from tests.untuned import author

    chance = random.Random(seed)
    writer = author(chance, language)
    paragraphs = [" ".join(writer.sentences(3, 7)) for _ in range(12)]
    text_face = (ROOT / "styles/fonts/BulletinText-Regular.ttf").read_bytes()
    natural = Face(FaceKey("", 400, italic=False), text_face).space / 1000 * 9.3
    mm = 72 / 25.4
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if align == "typst":
            path = _typst(folder, paragraphs, language, measure)
            return read_lines(path, 68 * mm, measure * mm, 9.3, natural)
        path = _ours(folder, paragraphs, language, measure, align)
        return read_lines(path, 68 * mm, measure * mm, 9.3, natural)


def _ours(folder: Path, paragraphs: list[str], language: str, measure: float, align: str) -> Path:
    theme = folder / "styles" / "bench"
    theme.mkdir(parents=True)
    (folder / "series.toml").write_text(f'theme = "bench"\nlanguage = "{language}"\n')
    (theme / "theme.toml").write_text(
        f'extends = "default"\n[page]\nright = {210 - 68 - measure}\n'
        f'[type.text]\nalign = "{align}"\n[fit]\nleast-size = 9.3\nleast-leading = 12.7\n'
        "most-size = 9.3\nmost-leading = 12.7\n")
    brief = folder / "brief.md"
    header = f"---\nlanguage: {language}\nregion: Gulf\ndate: 2019-04\n---\n"
    text = "\n\n".join(["# Title", "Standfirst.", *paragraphs, "Anna Rossi – *A.*"])
    brief.write_text(f"{header}{text}\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "reportgen", "build", str(brief), "-o", str(folder / "o"),
                    "--no-cache"], check=True, capture_output=True)
    return next((folder / "o").rglob("*-screen.pdf"))


def _typst(folder: Path, paragraphs: list[str], language: str, measure: float) -> Path:
    import typst

    source = folder / "doc.typ"
    source.write_text(
        f'#set page(paper: "a4", margin: (top: 24mm, right: {210 - 68 - measure}mm, bottom: 19mm, '
        f'left: 68mm))\n#set text(font: "Bulletin Text", size: 9.3pt, hyphenate: true, '
        f'lang: "{language}")\n#set par(justify: true, leading: 4pt, spacing: 12pt)\n'
        + "\n\n".join(paragraphs), encoding="utf-8")
    path = folder / "typst.pdf"
    typst.compile(str(source), output=str(path), font_paths=[str(ROOT / "styles/fonts")],
                  ignore_system_fonts=True)
    return path


# ---------------------------------------------------------------- notes


def notes_away(path: Path, titles: tuple[str, ...]) -> tuple[int, int]:
    """Return how many notes stand on another page than their call, or on none, and how many are.

    `titles` are the beginnings of the notes in their order; a call is a superior number in the
    text. Numbers begin anew with each brief, so notes and calls are told apart by page and number.
    """
    away = 0
    pages = words_of(path)
    for title in titles:
        begin = title.split()[:3]
        found = _marker(pages, begin, 24) or _marker(pages, begin, 40)  # as far as Prince has it
        if found is None:
            away += 1
            continue
        words, number, top = found
        call = re.compile(rf"(?:.*\D)?{number}$")
        away += not any(call.match(word.text) and word.bottom < top for word in words)
    return away, len(titles)


def _marker(pages: list[list[_Word]], begin: list[str],
            reach: float) -> tuple[list[_Word], str, float] | None:
    """Return the words of a note's page, its number, and its upper edge.

    The number stands `reach` before the note's words at most, pt.
    """
    for words in pages:
        for at, word in enumerate(words):
            joined = re.fullmatch(rf"(\d+){re.escape(begin[0])}", word.text)
            if not (joined or word.text == begin[0]) or [
                    w.text for w in words[at + 1:at + len(begin)]] != begin[1:]:
                continue
            before = [w for w in words if 0 <= word.left - w.right < reach
                      and abs(w.bottom - word.bottom) < 6]
            alone = len(before) == 1 and before[0].text.isdecimal()
            number = joined[1] if joined else before[0].text if alone else ""
            if number:
                return words, number, word.top - 2
    return None


# ---------------------------------------------------------------- room

_COLUMN = 68 * 72 / 25.4, 24 * 72 / 25.4, 278 * 72 / 25.4
"""Left, upper and lower edge of the text column, pt."""


def room(path: Path) -> float:
    """Return which share of the text columns is empty: their largest gaps, as a mean.

    That is at the foot, or above the notes there. Pages without three lines of text do not count.
    """
    left, top, bottom = _COLUMN
    shares = []
    for words in words_of(path):
        rows = sorted({round(word.bottom) for word in words
                       if word.left > left - 4 and top < word.bottom < bottom})
        if len(rows) >= 3:
            gap = max(b - a for a, b in pairwise((*rows, bottom + 12)))
            shares.append(max(gap - 24, 0) / (bottom - top))  # a blank line is none
    return statistics.mean(shares) if shares else 0.0
