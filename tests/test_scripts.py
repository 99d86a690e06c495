"""Words of other scripts inside of a brief: faces, order, what a reader can copy."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

from reportgen.typesetting.scripts import east_asian_parts, segments
from reportgen.typesetting.shaping import Face, FaceKey, FontBook

from .conftest import ROOT, SMALL_BRIEF, Pdf, Series
from .test_bad_input import run

TEXT = FaceKey("Bulletin Text", 400, italic=False)
FAMILIES = {"Sans": "BulletinSans", "Georgian": "NotoSerifGeorgian", "Hebrew": "NotoSerifHebrew",
            "Arabic": "NotoNaskhArabic", "Thai": "NotoSerifThai", "Emoji": "NotoEmoji"}
BOOK = FontBook(
    {TEXT: (ROOT / "styles/fonts/BulletinText-Regular.ttf").read_bytes()} | {
        FaceKey(name, 400, italic=False): (ROOT / f"styles/fonts/{file}-Regular.ttf").read_bytes()
        for name, file in FAMILIES.items()}, tuple(FAMILIES))
FACE = BOOK.face("Bulletin Text", 400, italic=False)


def parts(word: str) -> list[tuple[str, str]]:
    return [(s.text, s.face.key.family) for s in segments(word, FACE, BOOK)]


@pytest.mark.parametrize(("word", "wanted"), [
    ("ქართული,", [("ქართული", "Georgian"), (",", "Bulletin Text")]),
    ("(שלום)", [("(", "Bulletin Text"), ("שלום", "Hebrew"), (")", "Bulletin Text")]),
    ("EU-ს", [("EU-", "Bulletin Text"), ("ს", "Georgian")]),
    ("กรุงเทพ", [("กรุงเทพ", "Thai")]),
    ("🏳\ufe0f!", [("🏳\ufe0f", "Emoji"), ("!", "Bulletin Text")]),
])
def test_a_word_is_parted_by_faces(word: str, wanted: list[tuple[str, str]]) -> None:
    assert parts(word) == wanted


def test_a_sign_that_no_face_has_leaves_a_square() -> None:
    [segment] = segments("\u4e2d", FACE, BOOK)
    assert segment.missing == "\u4e2d"
    assert segment.text == "\u25a1"
    assert segment.face.covers("\u25a1")


def test_hebrew_glyphs_run_from_right_to_left() -> None:
    face = BOOK.face("Hebrew", 400, italic=False)
    shaped = face.shape("שלום", (), 0.0)
    assert not shaped.rightward
    assert [c for _, c in shaped.unicode] == ["ם", "ו", "ל", "ש"]


def test_arabic_letters_are_joined() -> None:
    face = BOOK.face("Arabic", 400, italic=False)
    alone = face.shape("ب", (), 0.0).unicode[0][0]
    joined = [glyph for glyph, _ in face.shape("ببب", (), 0.0).unicode]
    assert alone not in joined


def test_a_face_of_the_machine_sets_arabic_in_its_order() -> None:
    found = subprocess.run(["fc-match", "--format=%{file}", "DejaVu Sans"], check=True,
                           capture_output=True, text=True).stdout
    assert "DejaVuSans" in found, "this test needs DejaVu Sans (Debian: fonts-dejavu-core)"
    face = Face(FaceKey("DejaVu", 400, italic=False), Path(found).read_bytes())
    shaped = face.shape("وطن", (), 0.0)
    assert (shaped.missing, shaped.rightward) == ("", False)


BRIEF = SMALL_BRIEF.replace("second paragraph", """second paragraph says გამარჯობა in Georgian,
Բարեւ in Armenian, ሰላም in Amharic, שלום עולם in Hebrew, الشرق الأوسط in Arabic, लोकसभा चुनाव
in Hindi, กรุงเทพมหานคร in Thai and 🙂 in a chat, and""")


@pytest.mark.slow
def test_a_brief_has_words_of_other_scripts(series: Series) -> None:
    """As a reader copies them from the page, in the tagged editions and in print."""
    folder = series({"series.toml": "", "2019-04/gulf.md": BRIEF})
    done = run("build", "2019-04", "--edition", "archive", "--edition", "print", cwd=folder)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        if line.endswith(".pdf"):
            copied = subprocess.run(["pdftotext", str(folder / line), "-"], check=True,
                                    capture_output=True, text=True).stdout
            text = re.sub("[\u202a-\u202e\\s]+", " ", copied)
            for words in ("გამარჯობა", "Բարեւ", "ሰላም", "שלום עולם", "الشرق الأوسط",
                          "लोकसभा चुनाव", "🙂"):
                assert words in text, (words, line)
            assert "กรุงเทพมหานคร" in text.replace("กรุ ง", "กรุง")


@pytest.mark.slow
def test_veraPDF_passes_a_page_of_many_scripts(series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": BRIEF})
    done = run("build", "2019-04", "--edition", "archive", cwd=folder)
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    verified = run("verify", file, cwd=folder)
    assert verified.returncode == 0, verified.stdout
    assert "passed  PDF/UA-1  by veraPDF" in verified.stdout


@pytest.mark.slow
def test_a_title_of_another_script_is_set_by_the_theme_s_faces(series: Series) -> None:
    """On the pages of the engine, where a face of the machine might stand in."""
    brief = SMALL_BRIEF.replace("A title of", "ქართული ოცნება – שלום: a title of")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 0, done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    families = Pdf(folder / file).fonts()
    assert all(f.startswith(("Bulletin", "Noto")) for f in families), families
    assert "ქართული ოცნება" in Pdf(folder / file).text()


@pytest.mark.slow
def test_a_draft_shows_a_square_for_a_sign_that_no_font_has(series: Series) -> None:
    brief = SMALL_BRIEF.replace("second paragraph", "second \ua000 paragraph")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    done = run("build", "2019-04", "--draft", cwd=folder)
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    assert "U+A000" in done.stderr
    assert "second \u25a1 paragraph" in " ".join(Pdf(folder / file).text().split())


@pytest.mark.parametrize(("word", "parts_of"), [
    ("plain-word’s", ["plain-word’s"]), ("中国", ["中", "国"]),
    ("中国，人。", ["中", "国，", "人。"]),
    ("（中国）", ["（中", "国）"]), ("「ペンです」と", ["「ペ", "ン", "で", "す」", "と"]),
    ("スーパー", ["スー", "パー"]), ("GDP增长6.5%", ["GDP", "增", "长", "6.5%"]),
    ("(中国)", ["(中", "国)"]), ("문재인", ["문재인"])])
def test_a_line_ends_between_characters_of_chinese(word: str, parts_of: list[str]) -> None:
    assert east_asian_parts(word) == parts_of


@pytest.mark.slow
def test_chinese_japanese_and_korean_are_set(series: Series) -> None:
    """A name in brackets, a sentence that is broken without spaces, one with them, at lines' ends.
    """
    han = ("中华人民共和国成立以来，我国的经济社会发展取得了举世瞩目的成就，"
           "人民生活水平显著提高；综合国力不断增强。") * 3
    korean = "한국 정부는 발표했다 " * 12
    brief = SMALL_BRIEF.replace("only text,", f"(习近平) and 安倍晋三 and 문재인 {han}")
    brief += f"\n\n{korean}\n\nBy 北京 大学"
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    done = run("build", "2019-04", "--edition", "archive", cwd=folder)
    assert done.returncode == 0 and "loose-line" not in done.stderr, done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    text = "".join(Pdf(folder / file).text().split())
    assert "(习近平)and安倍晋三and문재인" + han in text
    assert "".join(korean.split()) in text
    assert any(f.startswith("Noto-Serif-CJK") for f in Pdf(folder / file).fonts())


@pytest.mark.slow
def test_letters_with_accents_of_their_own_have_characters(series: Series) -> None:
    """A letter and an accent that no face has as one glyph: both are in the ToUnicode CMap."""
    words = "Karadeni\u0307z inima vinde"  # the plain i of other words stays plain
    brief = SMALL_BRIEF.replace("second paragraph", f"second {words} paragraph")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 0, done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    found = unicodedata.normalize("NFC", Pdf(folder / file).text())
    assert set(unicodedata.normalize("NFC", words).split()) <= set(found.split()), found[:2_000]


def test_every_glyph_of_a_letter_and_its_accent_has_a_character() -> None:
    """So the ToUnicode CMap has all (ISO 14289-1, 7.21.7); a quick validator may not see it."""
    glyphs = FACE.shape("Karadeni\u0307z", (), 0.0)
    assert len(glyphs.unicode) == len("Karadeni\u0307z")
    assert all(character for _, character in glyphs.unicode)
    assert glyphs.complex
