"""The typesetter alone, without a PDF: widths, lines, pages, copyfit."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Severity, Span
from reportgen.model import Run, Style
from reportgen.structure import StructureElement
from reportgen.typesetting.appearance import flaws, placed
from reportgen.typesetting.breaking import (
    EXPANSION,
    Alignment,
    Line,
    best,
    break_paragraph,
    lines_of,
)
from reportgen.typesetting.hyphenation import hyphenation
from reportgen.typesetting.inline import SHRINK, Typesetter
from reportgen.typesetting.material import NoteMaterial, Row, SetPage, TextLine
from reportgen.typesetting.pages import LEAST_FILL, NoteArea, PageMaker, PagePlan
from reportgen.typesetting.shaping import Face, FaceKey, FontBook
from reportgen.typesetting.specification import TypeStyle

from .conftest import ROOT
from .untuned import LANGUAGES, author

KEY = FaceKey("Bulletin Text", 400, italic=False)
DATA = (ROOT / "styles/fonts/BulletinText-Regular.ttf").read_bytes()
BOOK = FontBook({KEY: DATA})
STYLE = TypeStyle(features=("onum", "pnum"), align="justified", hyphens=True)
MEASURE = 125 * 72 / 25.4 / 9.3 * 1000


def lines(text: str, language: str = "en", style: TypeStyle = STYLE,
          measure: float = MEASURE) -> list[Line]:
    stream = Typesetter(BOOK, style, language, STYLE).stream((Run(text),))
    alignment = Alignment(style.align)
    ways = break_paragraph(stream, measure, alignment)
    return lines_of(stream, ways[best(ways)].breaks, measure, alignment)


def words(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces)


# ---------------------------------------------------------------- shaping


def test_widths_are_those_of_the_font() -> None:
    """Held against fontTools: advances of glyphs, without kerning."""
    import io

    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(DATA))
    names, metrics = font.getBestCmap(), font["hmtx"]
    face = Face(KEY, DATA)
    for character in "abcXYZ.,;“ёЖ":
        expected = metrics[names[ord(character)]][0] * 1000 / font["head"].unitsPerEm
        assert face.shape(character, (), 0.0).width == pytest.approx(expected)


def test_a_ligature_stands_for_its_letters() -> None:
    shaped = Face(KEY, DATA).shape("office", (), 0.0)
    assert "".join(text for _, text in shaped.unicode) == "office"
    assert Face(KEY, DATA).shape("office", (), 0.1).count == 6, "letter-spaced text has none"


def test_what_a_face_lacks_is_told() -> None:
    assert Face(KEY, DATA).shape("a語", (), 0.0).missing == "語"


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_lost_between_lines(language: str) -> None:
    writer = author(random.Random(5), language)
    for _ in range(10):
        text = " ".join(writer.sentences(3, 7))
        set_ = lines(text, language)
        joined = ""
        for line in set_:
            joined += words(line)[:-1] if line.hyphen else words(line) + " "
        assert joined.split() == text.split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 84, 110, 125])
def test_justified_lines_are_as_long_as_the_measure(language: str, width: float) -> None:
    measure = width * 72 / 25.4 / 9.3 * 1000
    text = " ".join(author(random.Random(width), language).sentences(8, 12))
    for line in lines(text, language, measure=measure)[:-1]:
        length = sum(p.lead + p.width * (line.space if p.stretches else 1) for p in line.pieces)
        hang = -line.start
        assert length * line.expansion - hang <= measure * 1.03
        assert length * line.expansion >= measure * 0.97 - 700
        assert abs(line.expansion - 1) <= EXPANSION + 1e-9
        assert line.space >= 1 - SHRINK - 0.02


def test_at_most_two_hyphens_stand_in_a_row() -> None:
    for seed in range(30):
        text = " ".join(author(random.Random(seed), "de").sentences(6, 9))
        run = most = 0
        for line in lines(text, "de"):
            run = run + 1 if line.hyphen else 0
            most = max(most, run)
        assert most <= 2


def test_names_and_last_words_are_not_hyphenated() -> None:
    stream = Typesetter(BOOK, STYLE, "en", STYLE).stream(
        (Run("government "), Run("Turkmenistan", Style(unbroken=True))))
    assert [stream.pieces[piece].text for (piece, letter), hyphen in
            zip(stream.places, stream.hyphens, strict=True) if hyphen and letter] == (
        ["government"] * sum(stream.hyphens))
    assert sum(stream.hyphens) > 0


def test_hyphens_leave_enough_of_a_word() -> None:
    for point, _ in hyphenation("considering", "en"):
        assert 2 <= point <= len("considering") - 3
    assert hyphenation("have", "en") == ()


def test_ragged_text_is_not_short_inside() -> None:
    style = replace(STYLE, align="ragged")
    for seed in range(20):
        text = " ".join(author(random.Random(seed), "en").sentences(5, 9))
        for line in lines(text, style=style)[:-1]:
            assert line.width >= 0.75 * MEASURE
            assert (line.space, line.expansion) == (1.0, 1.0)


def test_a_title_has_lines_of_about_the_same_length() -> None:
    style = TypeStyle(size=27, leading=29, align="balanced")
    measure = 125 * 72 / 25.4 / 27 * 1000
    for title in ("The returned value if any is used", "Three mandates and a march on Tripoli"):
        widths = [line.width for line in lines(title, style=style, measure=measure)]
        assert len(widths) == 2
        assert min(widths) > 0.6 * max(widths)


def test_a_word_longer_than_any_line_is_broken() -> None:
    assert len(lines("x" * 400)) > 3


def test_the_last_line_is_no_single_short_word() -> None:
    for seed in range(40):
        text = " ".join(author(random.Random(seed), "en").sentences(2, 6))
        last = lines(text)[-1]
        assert len(words(last)) >= 5


def test_paragraphs_may_run_a_line_longer_or_shorter() -> None:
    """All numbers of lines that a paragraph can take come out of one run."""
    writer = author(random.Random(3), "en")
    found = 0
    for _ in range(20):
        stream = Typesetter(BOOK, STYLE, "en", STYLE).stream((Run(" ".join(
            writer.sentences(6, 9))),))
        ways = break_paragraph(stream, MEASURE, Alignment.JUSTIFIED)
        found += len(ways) > 1
        for number, way in ways.items():
            assert len(way.breaks) == number
    assert found > 2


@pytest.mark.slow
def test_a_very_long_paragraph_is_followed_in_few_numbers_of_lines() -> None:
    """It could take forty: time would grow with the square of its length."""
    stream = Typesetter(BOOK, STYLE, "en", STYLE).stream((Run("a bird in the hand " * 1500),))
    ways = break_paragraph(stream, 20_000, Alignment.JUSTIFIED)
    assert 1 < len(ways) <= 22
    assert min(ways) <= best(ways) <= max(ways)


# ---------------------------------------------------------------- pages

COLUMN, LEADING = 700.0, 12.7
AREA = NoteArea(14.0, 0.4, 6.0, 1.7)


def note(name: str, count: int) -> NoteMaterial:
    return NoteMaterial(name, 1, tuple(Row(9.6) for _ in range(count)), StructureElement("Note"))


def galley(seed: int) -> tuple[list[Row], dict[str, NoteMaterial]]:
    """Return rows and notes drawn at random."""
    chance = random.Random(seed)
    notes: dict[str, NoteMaterial] = {}
    rows: list[Row] = []
    for number in range(chance.randint(20, 260)):
        row = Row(LEADING, penalty=chance.choice((0, 0, 0, 3_000, 1e6)))
        if chance.random() < 0.12:
            row.height = chance.uniform(20, 380)
        if chance.random() < 0.2:
            row.before = chance.uniform(0, 20)
        if chance.random() < 0.15:
            names = tuple(f"{number}-{n}" for n in range(chance.randint(1, 3)))
            for name in names:
                notes[name] = note(name, 150 if chance.random() < 0.02 else chance.randint(1, 9))
            row.notes = names
        rows.append(row)
    return rows, notes


def planned(seed: int, *, fill_last: bool = False) -> tuple[list[PagePlan], PageMaker]:
    rows, notes = galley(seed)
    maker = PageMaker(rows, notes, COLUMN, AREA, LEADING, fill_last)
    return maker.run(), maker


@pytest.mark.parametrize("fill_last", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_pages_hold_everything_once_and_nothing_stands_out(seed: int, fill_last: bool) -> None:
    plans, maker = planned(seed, fill_last=fill_last)
    rows = [n for plan in plans for n in range(plan.first, plan.stop)]
    assert rows == list(range(len(maker.rows)))
    note_lines = [n for plan in plans for n in range(plan.note_first, plan.note_stop)]
    assert note_lines == list(range(len(maker.lines)))
    assert all(plan.used <= COLUMN + 0.1 for plan in plans)


@pytest.mark.parametrize("seed", range(40))
def test_notes_begin_on_the_page_of_their_call(seed: int) -> None:
    """Whatever comes: a note may go on on the next page, but it begins where it is called."""
    plans, maker = planned(seed)
    for plan in plans:
        here = {maker.lines[n][0] for n in range(plan.note_first, plan.note_stop)}
        called = [name for n in range(plan.first, plan.stop) for name in maker.rows[n].notes]
        room = sum(maker.notes[name].rows[0].height for name in called)
        if called and room < COLUMN / 4:
            tall = [name for name in called if len(maker.notes[name].rows) > 60]
            if not tall:
                assert set(called) <= here
            else:
                assert called[0] in here


def test_only_long_notes_go_on_on_another_page() -> None:
    for seed in range(40):
        plans, maker = planned(seed)
        pages: dict[str, set[int]] = {}
        for number, plan in enumerate(plans):
            for n in range(plan.note_first, plan.note_stop):
                pages.setdefault(maker.lines[n][0], set()).add(number)
        for name, where in pages.items():
            if len(where) > 1:
                assert len(maker.notes[name].rows) >= 2


def test_the_last_page_is_filled_if_it_is_asked_for() -> None:
    rows = [Row(LEADING) for _ in range(60)]
    plain = PageMaker(rows, {}, COLUMN, AREA, LEADING).run()
    filled = PageMaker(rows, {}, COLUMN, AREA, LEADING, fill_last=True).run()
    assert plain[-1].text < COLUMN * LEAST_FILL <= filled[-1].text
    assert len(plain) == len(filled) == 2


def test_a_head_is_not_left_at_the_foot_of_a_page() -> None:
    for count in range(40, 60):
        rows = [Row(LEADING) for _ in range(count)]
        head = len(rows)
        rows += [Row(LEADING), Row(LEADING, penalty=250_000)]
        rows += [Row(LEADING) for _ in range(30)]
        plans = PageMaker(rows, {}, COLUMN, AREA, LEADING).run()
        assert all(plan.stop != head + 1 for plan in plans)


def test_a_table_repeats_its_head() -> None:
    head = Row(20.0)
    rows = [head] + [Row(LEADING, repeat=(head,)) for _ in range(120)]
    plans = PageMaker(rows, {}, COLUMN, AREA, LEADING).run()
    for plan in plans[1:]:
        assert plan.text == pytest.approx(20.0 + LEADING * (plan.stop - plan.first))


# ---------------------------------------------------------------- what a reader sees


def set_page(used: float, rows: list[tuple[int, float]]) -> SetPage:
    """Return a page of 700 pt of which so much is used: lines of the file, each with its y."""
    made = [(0.0, y, 0.0, Row(12.0, (TextLine(lines("Some words")[0], 9.0, 50.0, 8.0,
                                              StructureElement("P"), Span("a.md", line)),)))
            for line, y in rows]
    return SetPage(rows=made, used=used, room=700.0 - used)


def test_a_page_that_is_emptier_than_a_third_is_told_but_not_the_last() -> None:
    pages = [set_page(650.0, [(3, 60.0)]), set_page(200.0, [(9, 60.0)]), set_page(90.0, [])]
    [flaw] = [flaw for flaw in flaws(pages) if flaw.code == "empty-page"]
    assert (flaw.page, flaw.span.line) == (1, 9)
    assert "page 2 of the brief is full to 29% only" in flaw.message


@pytest.mark.parametrize(("line", "place"), [
    (3, (0, 68.0)), (5, (0, 98.0)), (7, (1, 68.0)), (8, (1, 68.0)), (12, (0, 0.0))])
def test_what_is_told_of_a_line_is_placed_where_that_is_set(line: int,
                                                            place: tuple[int, float]) -> None:
    """Line 7 has nothing of its own: what follows it is on the second page."""
    pages = [set_page(600.0, [(3, 60.0), (6, 90.0)]), set_page(600.0, [(8, 60.0)])]
    found = placed(Diagnostic(Severity.WARNING, "long-note", "long", Span("a.md", line)), pages)
    assert (found.page, found.y) == place
