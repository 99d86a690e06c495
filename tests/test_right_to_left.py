"""Bulletins, briefs and paragraphs that are read from right to left: places, order, words, tags."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pikepdf
import pytest

from reportgen.language.languages import Direction
from reportgen.typesetting.material import PlacedImage, Row, Rule, SetPage
from reportgen.typesetting.mirroring import mirrored

from .conftest import SMALL_BRIEF, Pdf, Series
from .ooxml import document, paragraph
from .test_bad_input import run
from .test_geometry import Word
from .test_geometry import words as words_of
from .test_habits import read
from .test_scripts import FACE

GULF = """الخليج، أبريل 2019

# الخليج بين التصعيد والتهدئة

*تراجعت حدة التوتر في الخليج خلال شهر أبريل، لكن أسبابه باقية.*

بقلم ليلى حداد، باحثة أولى في مركز الدراسات الاستراتيجية (بيروت)

أعلن وزير الخارجية العُماني في 10 أبريل 2019 أن بلاده مستعدة لاستضافة جولة جديدة من المحادثات بين
الأطراف المعنية، وذلك بعد أسابيع من الاتصالات غير المعلنة.[^1] وقال مسؤولون في الأمم المتحدة (UN) إن
الشحنات عبر مضيق هرمز تأخرت خلال الشهر، بينما ارتفعت أسعار النفط إلى 71 دولارًا للبرميل.

ورأى بعض الدول أن «الضغط الأقصى» هو السبيل الوحيد، في حين دعا آخرون إلى الحوار مع طهران قبل فوات
الأوان (وكالة رويترز، 30 نيسان 2019). وترى [منظمة العمل الدولية](https://www.ilo.org/beirut) غيره.

## أسواق الطاقة

- تأخر تسليم الشحنات إلى آسيا، ولا سيما إلى الهند؛
- ارتفاع أقساط التأمين على الناقلات.

> لا أحد يريد الحرب.

| البلد | الإنتاج | المخزون |
| --- | ---: | :--- |
| السعودية | 9.8 | 1.4 |

وفي نهاية الشهر أعلنت الحكومة العراقية أنها ستواصل استيراد الغاز.

[^1]: Reuters, *Gulf states split over talks as shipping insurers raise their premiums for the
    third time within a year*, 22 April 2019, https://www.reuters.com/gulf-talks.
"""
SERIES = 'title = "اتجاهات استراتيجية"\npublisher = "مؤسسة المثال"\nlanguage = "ar"\n'
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
POINTS = 72 / 25.4


def placed(file: Path, page: int) -> list[Word]:
    return [replace(word, text=in_order(MARKS.sub("", unescape(word.text))))
            for word in words_of(file, page)]


def in_order(word: str) -> str:
    """Return a word in the order of reading: with boxes, it is told in that of sight."""
    return word[::-1] if re.search("[\u0600-\u06ff]", word) else word


def the(words: list[Word], text: str) -> Word:
    found = [word for word in words if word.text.strip("،.:؛«»()") == text]
    assert found, (text, [word.text for word in words])
    return found[0]


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The editions of an Arabic issue, by name."""
    folder = tmp_path_factory.mktemp("arabic")
    (folder / "2019-04").mkdir()
    (folder / "series.toml").write_text(SERIES, encoding="utf-8")
    (folder / "2019-04" / "gulf.md").write_text(GULF, encoding="utf-8")
    done = run("build", "2019-04", "--edition", "archive", "--edition", "print", "--edition",
               "screen", cwd=folder)
    assert done.returncode == 0, done.stderr
    files = [folder / line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    return {next(n for n in ("archive", "print", "screen") if n in file.name): file
            for file in files}


@pytest.mark.slow
def test_the_page_is_turned_round(arabic: dict[str, Path]) -> None:
    """Side column, text, list marks, notes and folio stand where an Arabic reader looks."""
    words = placed(arabic["screen"], 3)
    width = 210 * POINTS
    title, kicker = the(words, "والتهدئة"), the(words, "الخليج")
    first, second = the(words, "أعلن"), the(words, "ورأى")
    item, bullet = the(words, "تأخر"), the(words, "•")
    assert kicker.left > first.right > width / 2
    assert title.left < the(words, "التصعيد").left  # read from the right
    assert first.left > the(words, "وزير").left > the(words, "الخارجية").left
    assert second.right < first.right - 5  # its first line is indented, from the right
    assert item.right < bullet.left < first.right
    assert the(words, "البلد").left > the(words, "الإنتاج").left
    assert the(words, "9.8").right == pytest.approx(the(words, "الإنتاج").right, abs=0.5)
    assert the(words, "1.4").left == pytest.approx(the(words, "المخزون").left, abs=0.5)
    head, folio = the(words, "اتجاهات"), the(words, "3")
    assert head.left > width / 2 > folio.right


@pytest.mark.slow
def test_a_note_in_latin_letters_begins_at_the_left(arabic: dict[str, Path]) -> None:
    words = placed(arabic["screen"], 3)
    first, later = the(words, "Reuters,"), the(words, "within")
    number = next(word for word in words
                  if word.text == "1" and abs(word.top - first.top) < 6)
    assert number.left > first.right
    assert first.left < the(words, "split").left < the(words, "talks").left
    assert later.top > first.top
    left = min(word.left for word in words if word.top > first.top - 2 and word.top < later.top + 5)
    assert abs(left - first.left) < 1


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["screen", "archive", "print"])
def test_every_word_is_on_the_pages(arabic: dict[str, Path], edition: str) -> None:
    """As pdftotext copies them; where words meet numbers it is not sure of the spaces."""
    copied = MARKS.sub("", subprocess.run(["pdftotext", str(arabic[edition]), "-"], check=True,
                                          capture_output=True, text=True).stdout)
    joined = re.sub(r"\W", "", copied)
    body = GULF.partition("*تراجعت")[2].replace("https://www.", "")
    plain = [word for word in body.split() if not re.search("[\u064b-\u0652]", word)]
    wanted = {part for word in plain for part in re.findall(r"\w+", word)}
    assert len(wanted) > 110
    assert not {word for word in wanted if word not in joined}
    assert "أعلن وزير الخارجية" in " ".join(copied.split())


@pytest.mark.slow
def test_the_structure_tree_says_the_direction(arabic: dict[str, Path]) -> None:
    with pikepdf.open(arabic["archive"]) as pdf:
        found = []
        pending = [pdf.Root.StructTreeRoot]
        while pending:
            element = pending.pop()
            kids = element.get("/K", pikepdf.Array())
            rows = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
            pending += [kid for kid in rows if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
            attributes = element.get("/A")
            if attributes is not None and "/WritingMode" in attributes:
                found.append((str(element.S), str(attributes.WritingMode)))
        assert str(pdf.Root.Lang) == "ar"
    assert ("/Art", "/RlTb") in found


@pytest.mark.slow
def test_veraPDF_passes_it(arabic: dict[str, Path]) -> None:
    verified = run("verify", str(arabic["archive"]), cwd=arabic["archive"].parent)
    assert verified.returncode == 0, verified.stdout
    assert "passed  PDF/UA-1  by veraPDF" in verified.stdout


@pytest.mark.slow
def test_a_paragraph_from_right_to_left_in_an_english_brief(series: Series) -> None:
    brief = SMALL_BRIEF.replace("Anna Rossi", "أعلن وزير الخارجية العماني أن بلاده مستعدة "
                                "للمحادثات.\n\nAnna Rossi")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    done = run("build", "2019-04", cwd=folder)
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    page = next(n for n in range(1, Pdf(folder / file).pages() + 1)
                if "أعلن" in Pdf(folder / file).text(n))
    words = placed(folder / file, page)
    verb, name = the(words, "أعلن"), the(words, "مستعدة")
    assert verb.right > 185 * POINTS and verb.left > name.left


def test_a_brief_in_hebrew_is_told() -> None:
    hebrew = "שר החוץ הודיע כי ארצו מוכנה לארח סבב נוסף של שיחות בין הצדדים הנוגעים בדבר."
    _, sink = read(f"GULF April 2019\n\n# The quay\n\n{hebrew}\n\n{hebrew}\n\n{hebrew}\n")
    assert "script" in {d.code for d in sink if d.severity.value == "warning"}
    _, sink = read(f"GULF April 2019\n\n# The quay\n\nThe text.\n\nIt goes on.\n\n{hebrew}\n")
    assert "script" not in {d.code for d in sink}


def test_a_page_is_turned_round_twice() -> None:
    row = Row(10.0, (Rule(20.0, 0.0, 30.0, 1.0, "ink"),), bars=(Rule(5.0, 0.0, 2.0, 0.0, "ink"),))
    page = SetPage(rows=[(0.0, 50.0, 0.0, row)], rules=[Rule(10.0, 5.0, 100.0, 1.0, "ink")])
    turned = mirrored(page, 600.0)
    [(_, y, _, moved)] = turned.rows
    assert y == 50.0
    assert [thing.x for thing in moved.things if isinstance(thing, Rule | PlacedImage)] == [550.0]
    assert moved.bars[0].x == 593.0
    assert turned.rules[0].x == 490.0
    assert mirrored(turned, 600.0) == page


MIXED = SMALL_BRIEF.replace("only text, and", """«حزب (الأمل) القديم» is new (in 2019), and so are
[others](https://example.org/others) [(three)](https://example.org/three); see
https://ar.wikipedia.org/wiki/القدس and `x = "سلام"`, and""")


@pytest.mark.slow
def test_words_in_both_directions_are_copied_as_they_were_written(series: Series) -> None:
    """Brackets of Latin text stay, and Arabic letters in addresses and code are joined."""
    other = MIXED.replace("CENTRAL ASIA", "SAHEL").replace("«حزب (الأمل) القديم»", "The old party")
    folder = series({"series.toml": "", "2019-04/asia.md": MIXED, "2019-04/sahel.md": other})
    done = run("build", "2019-04", "--edition", "archive", cwd=folder)
    assert done.returncode == 0, done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    text = subprocess.run(["pdftotext", str(folder / file), "-"], check=True, capture_output=True,
                          text=True).stdout
    copied = " ".join(MARKS.sub("", text).split())
    assert copied.count("is new (in 2019), and") == 2
    assert ")in" not in copied and ")public" not in copied
    assert "القدس" in copied and "سلام" in copied and "سدقلا" not in copied
    verified = run("verify", file, cwd=folder)
    assert verified.returncode == 0, verified.stdout


@pytest.mark.slow
def test_links_in_a_line_of_two_directions_have_rectangles_of_their_own(series: Series) -> None:
    brief = SMALL_BRIEF.replace("is only text,", "has [report الجزيرة](https://one.example.org/a) "
                                "[العربية](https://two.example.org/b) now,")
    folder = series({"series.toml": 'links = "text"\n', "2019-04/gulf.md": brief})
    done = run("build", "2019-04", cwd=folder)
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    boxes: dict[str, list[tuple[float, float]]] = {}
    with pikepdf.open(folder / file) as pdf:
        for page in pdf.pages:
            for link in page.get("/Annots", pikepdf.Array()):
                address = str(link.get("/A", pikepdf.Dictionary()).get("/URI", ""))
                left, _, right, _ = map(float, link.Rect)
                boxes.setdefault(address, []).append((left, right))
    [(left, right)] = boxes["https://two.example.org/b"]
    assert len(boxes["https://one.example.org/a"]) == 2
    assert all(end <= left + 0.5 or begin >= right - 0.5
               for begin, end in boxes["https://one.example.org/a"])


def test_a_mirrored_glyph_keeps_its_own_character() -> None:
    for bracket in "()[]«»":
        forwards = FACE.shape(bracket, (), 0.0, Direction.LEFT_TO_RIGHT)
        [(glyph, shown)] = FACE.shape(bracket, (), 0.0, Direction.RIGHT_TO_LEFT).unicode
        assert forwards.unicode[0] != (glyph, shown)  # it is another glyph
        assert FACE.shape(shown, (), 0.0, Direction.LEFT_TO_RIGHT).unicode == ((glyph, shown),)


@pytest.mark.slow
def test_the_head_of_the_pages_counts_only_with_a_region_that_is_known(series: Series) -> None:
    head = ('<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f'{paragraph("Template version March 2018")}</w:hdr>')
    body = paragraph("Ports of oil") + paragraph("By Anna Rossi") + paragraph(
        "The ports stand empty, and nobody in the capital has said why they do.") * 3
    folder = series({"series.toml": "", "2019-04/gulf.docx": document(
        body, {"header1.xml": head})})
    done = run("check", "2019-04", cwd=folder)
    assert "page-head" not in done.stderr and "unknown-region" not in done.stderr, done.stderr


@pytest.mark.slow
def test_titles_stand_in_their_own_direction_in_the_contents(series: Series) -> None:
    gulf = ("---\nregion: Gulf\ndate: April 2019\ntitle: \"الخليج (GCC) بين OPEC والتهدئة\"\n"
            "authors: ليلى حداد\nlang: ar\n---\n"
            "أعلن وزير الخارجية أن بلاده مستعدة لاستضافة جولة.\n\nوبقيت الوساطة محدودة الأثر.\n")
    other = SMALL_BRIEF.replace("A title of the brief", "The party of النهضة and others")
    folder = series({"series.toml": "", "2019-04/gulf.md": gulf, "2019-04/asia.md": other})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 0, done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    words = placed(folder / file, 2)
    assert the(words, "الخليج").left > the(words, "GCC").left > the(words, "OPEC").left
    assert the(words, "OPEC").left > the(words, "والتهدئة").left
    assert the(words, "party").left < the(words, "النهضة").left < the(words, "others").left
