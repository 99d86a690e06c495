"""Where things stand on the page: read off the finished PDF, in pt from its upper left corner."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from reportgen.diagnostics import ReportgenError
from reportgen.pipeline import build
from reportgen.store import Store

from .conftest import SMALL_BRIEF, Bulletin, Series
from .tagtree import tree_of

pytestmark = pytest.mark.slow

MM = 72 / 25.4
SIDE, TEXT, RIGHT = 16 * MM, 68 * MM, 193 * MM
BOX = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<')


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str


def words(path: Path, page: int) -> list[Word]:
    text = subprocess.run(["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"],
                          check=True, capture_output=True, text=True).stdout
    return [Word(float(a), float(b), float(c), float(d), word)
            for a, b, c, d, word in BOX.findall(text)]


def lines(found: list[Word]) -> list[list[Word]]:
    rows: dict[int, list[Word]] = defaultdict(list)
    for word in found:
        rows[round(word.bottom)].append(word)
    return [sorted(row, key=lambda w: w.left) for _, row in sorted(rows.items())]


def one(found: list[Word], text: str) -> Word:
    return next(word for word in found if word.text == text)


def test_the_page_of_a_brief(sample: Bulletin) -> None:
    """The grid of docs/themes.md: furniture, side column, head, text, notes."""
    found = words(sample.pdf.path, 3)
    assert one(found, "Strategic").left == pytest.approx(SIDE, abs=0.1)
    assert one(found, "2019").right == pytest.approx(RIGHT, abs=0.1)
    folio = max((w for w in found if w.text == "3"), key=lambda w: w.bottom)
    assert folio.right == pytest.approx(RIGHT, abs=0.1)
    assert one(found, "Central").left == pytest.approx(SIDE, abs=0.1)
    title = one(found, "A")
    assert title.left == pytest.approx(TEXT, abs=0.1)
    assert title.top == pytest.approx(61, abs=1)
    assert one(found, "By").left == pytest.approx(TEXT, abs=0.1)
    body = [row for row in lines([w for w in found if w.left > TEXT - 3])
            if 12 < row[0].bottom - row[0].top < 14.2 and row[0].top > 190 and len(row) > 3]
    assert len(body) > 30
    steps = [round(b[0].bottom - a[0].bottom, 1) for a, b in pairwise(body)]
    # A last line of few words is not among them, so a step may be two lines.
    assert set(steps) <= {12.6, 12.7, 12.8, 25.3, 25.4, 25.5}
    lefts = {round(row[0].left - TEXT, 0) for row in body}
    assert lefts <= {0.0, 12.0, -1.0, -2.0}, "flush, or indented by 4.2 mm"
    inner = [row[-1].right for row, after in pairwise(body)
             if abs(after[0].left - TEXT) < 3 and after[0].bottom - row[0].bottom < 13]
    assert all(right == pytest.approx(RIGHT, abs=3.5) for right in inner)
    numbers = [w for w in found if w.text in "1234" and abs(w.left - TEXT) < 0.2]
    assert len(numbers) == 4
    beside = [min((w for w in found if abs(w.bottom - n.bottom) < 3 and w.left > n.right),
                  key=lambda w: w.left) for n in numbers]
    assert all(w.left - TEXT == pytest.approx(5 * MM, abs=3.2) for w in beside)
    last = max(w.bottom for w in found if w.left > TEXT - 3 and w.bottom < 278.5 * MM)
    assert last == pytest.approx(278 * MM, abs=4), "notes end where the type area does"


def test_rules_and_bars(sample: Bulletin) -> None:
    """The bar over the side column is 41 mm by 1.4 mm, at the top of the type area."""
    import pikepdf

    with pikepdf.open(sample.pdf.path) as pdf:
        content = pdf.pages[2].obj.Contents[0].read_bytes().decode()
    bar = re.search(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", content)
    assert bar
    x, y, width, height = map(float, bar.groups())
    assert x == pytest.approx(SIDE, abs=0.01)
    assert width == pytest.approx(41 * MM, abs=0.01)
    assert height == pytest.approx(1.4 * MM, abs=0.01)
    assert 297 * MM - y - height == pytest.approx(24 * MM, abs=0.01)


def test_lists_quotations_and_tables(series: Series, tmp_path: Path) -> None:
    text = ("- Ziegel\n- Zimmer\n\n> Zitat of somebody.\n\n"
            "| Zahl | Zeile |\n|---|---:|\n| Zoll | 7654 |\n\n")
    folder = series({"a.md": SMALL_BRIEF.replace("The second paragraph", text
                                                 + "The second paragraph")})
    built = build(folder / "a.md", tmp_path, store=Store(None))
    found = words(built.files[0], 1)
    assert one(found, "Ziegel").left - TEXT == pytest.approx(4.2 * MM, abs=0.1)
    bullet = next(w for w in found if w.text == "•")
    assert one(found, "Ziegel").left - bullet.right == pytest.approx(1.3 * MM, abs=0.3)
    assert one(found, "Zitat").left - TEXT == pytest.approx(7.6 * MM, abs=0.1)
    assert one(found, "Zahl").left == pytest.approx(TEXT, abs=0.1)
    assert one(found, "7654").right == pytest.approx(RIGHT - 1.5 * MM, abs=0.2)
    assert one(found, "Zoll").top > one(found, "Zahl").bottom


@pytest.mark.parametrize(("align", "code"), [("justified", "loose-line"), ("ragged", "short-line")])
def test_lines_that_cannot_be_good_are_told(align: str, code: str, series: Series,
                                            tmp_path: Path) -> None:
    """On a measure of 25 mm, with the line of the file and the words; --strict refuses it."""
    folder = series({
        "series.toml": 'theme = "narrow"\n',
        "styles/narrow/theme.toml": 'extends = "default"\n[page]\nright = 117\n'
                                    f'[type.text]\nalign = "{align}"\nhyphens = false\n',
        "a.md": SMALL_BRIEF.replace("is only text", "misunderstandings notwithstanding, "
                                    "internationalisation is uncharacteristically a text")})
    built = build(folder / "a.md", tmp_path / "out", store=Store(None))
    told = [d for d in built.diagnostics if d.code == code]
    assert told and all(d.span.file == "a.md" and d.span.line >= 7 for d in told)
    written = (folder / "a.md").read_text("utf-8")
    assert all(d.message.split('"')[1].rstrip("-").split()[0] in written for d in told)
    with pytest.raises(ReportgenError):
        build(folder / "a.md", tmp_path / "strict", strict=True, store=Store(None))
    assert not (tmp_path / "strict").exists()


def test_a_side_column_that_is_too_long_goes_on(series: Series, tmp_path: Path) -> None:
    """Bios that find no room beside the text stand on the next page; no word is lost."""
    bio = ("Researcher of many things at Example. " * 14).strip()
    folder = series({"a.md": SMALL_BRIEF + "\n" + "\n\n".join(
        f"Bruno {name} – *{bio}*" for name in ("Verdi", "Bianchi", "Neri", "Gialli"))})
    built = build(folder / "a.md", tmp_path, store=Store(None))
    assert built.pages == 2
    assert tree_of(built.files[0]).text().count("many things") == 4 * 14
    assert all(w.bottom < 278.6 * MM or w.top > 280 * MM for w in words(built.files[0], 1))
