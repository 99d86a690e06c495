"""The bulletin as a reader has it: text, links, outline, fonts and pixels of the PDF itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from reportgen.diagnostics import ReportgenError, Severity

from .conftest import SAMPLE, SMALL_BRIEF, Bulletin, Series

pytestmark = pytest.mark.slow

TITLES = {
    "Central Asia": "A handover by appointment",
    "Western Balkans": "A name in force, a tariff in the way",
    "Gulf": "The price of a waiver",
    "Levant": "The Golan, by proclamation",
    "Maghreb": "Three mandates and a march on Tripoli",
    "Sahel": "After Ogossagou",
}
AUTHORS = ("Aliya Serikova", "Marta Castellan", "Hamad Al Riyami", "Nadine Haddad",
           "Karim Benslimane", "Daniel Okafor")


# ---------------------------------------------------------------- the real brief


def test_the_real_brief_is_an_offprint_of_one_page(offprint: Bulletin) -> None:
    pdf = offprint.pdf
    assert pdf.pages() == 1
    text = pdf.text().replace("\u00a0", " ")
    assert "Russia’s bilateral diplomacy in Central Asia" in text
    assert "The visit of Russian President in Kyrgyzstan" in text
    assert "$5.6 billion" in text
    assert "17–18th" in text
    assert "Fabio Indeo" in text
    assert "PhD holder in Geopolitics at University of Trieste" in text
    assert "they which represent 40%" in text  # an author's slip is the author's


def test_both_notes_of_the_real_brief_stand_on_its_page(offprint: Bulletin) -> None:
    text = offprint.pdf.text(1).replace("\u200b", "")
    for note in ("Emomali Rahmon’s Visit to Moscow: Close Ties and Misplaced Hopes, Cabar",
                 "Kyrgyzstan: Putin visit brings lavish deals and vows of a bright future"):
        assert note in text
    assert {address for _, address in offprint.pdf.links()} >= {
        "https://reporting.cabar.asia/en/emomali-rahmon-s-visit-to-moscow-close-ties-and-misplaced-hopes/",
        "https://eurasianet.org/kyrgyzstan-putin-visit-brings-lavish-deals-and-vows-of-a-bright-future"}
    assert "Tajik workers in Russia.1 Their" in text


def test_the_map_of_the_real_brief_shows_the_five_countries(offprint: Bulletin) -> None:
    text = offprint.pdf.text(1)
    for country in ("KAZAKHSTAN", "KYRGYZSTAN", "TAJIKISTAN", "TURKMENISTAN", "UZBEKISTAN"):
        assert country in text.replace(" ", ""), country
    colours = colours_of(offprint.pdf.picture(1), (0, 0.1, 0.3, 0.3))
    assert any(g > r + 15 and b > r + 15 for r, g, b in colours)  # the region's teal


# ---------------------------------------------------------------- the sample issue


def test_contents_agree_with_the_pages(sample: Bulletin) -> None:
    """Each brief begins on the page that the contents name."""
    contents = sample.pdf.text(2)
    for (region, title), author in zip(TITLES.items(), AUTHORS, strict=True):
        match = re.search(rf"{region} {re.escape(title)} {author} (\d+)",
                          contents.replace("\u00a0", " "))
        assert match, title
        page = sample.pdf.text(int(match[1])).replace("\u00a0", " ")
        assert title in page
        assert region in page


def test_outline_agrees_with_the_pages(sample: Bulletin) -> None:
    outline = [(title.replace("\u00a0", " "), page) for title, page in sample.pdf.outline()]
    assert [title for title, _ in outline] == [
        "Contents", *(f"{region}: {title}" for region, title in TITLES.items()),
        "Sources", "Imprint"]
    for title, page in outline[1:7]:
        assert title.split(": ", 1)[1] in sample.pdf.text(page).replace("\u00a0", " ")


def test_every_link_leads_somewhere(sample: Bulletin) -> None:
    with pikepdf.open(sample.pdf.path) as pdf:
        names = {str(name) for name in named_destinations(pdf)}
    inside = [target for _, target in sample.pdf.links() if target.startswith("#")]
    assert len(inside) > 30
    assert {t for t in inside if t[1:] not in names} == set()
    outside = [target for _, target in sample.pdf.links() if not target.startswith("#")]
    assert all(re.match(r"https://[\w.-]+/?", target) for target in outside)
    assert "https://undocs.org/S/RES/2231(2015)" in outside


def named_destinations(pdf: pikepdf.Pdf) -> list[str]:
    tree = pikepdf.NameTree(pdf.Root.Names.Dests)
    return list(tree.keys())


def test_metadata(sample: Bulletin) -> None:
    with pikepdf.open(sample.pdf.path) as pdf:
        info = pdf.docinfo
        assert str(info["/Title"]) == "Strategic Trends, No. 28, April 2019"
        assert "Aliya Serikova" in str(info["/Author"])
        assert str(info["/CreationDate"]).startswith("D:20190401")
        assert str(pdf.Root.Lang) == "en"


def test_only_the_fonts_of_the_theme_are_embedded(sample: Bulletin, offprint: Bulletin) -> None:
    families = ("Bulletin-Text", "Bulletin-Caption", "Bulletin-Display", "Bulletin-Sans")
    for bulletin in (sample, offprint):
        assert all(font.startswith(families) for font in bulletin.pdf.fonts())


def test_notes_restart_with_each_brief(sample: Bulletin) -> None:
    """On every brief's page the notes are 1, 2, 3 ... in the order of their marks."""
    for page in range(3, 9):
        text = sample.pdf.text(page)
        assert re.search(r"\b1 \S.{10,400}\b2 \S.{10,400}\b3 \S", text), page


def test_no_page_is_nearly_empty_and_none_overflows(sample: Bulletin) -> None:
    """A brief takes whole pages; nothing is printed in the margins of the sheet."""
    assert sample.pdf.pages() == 10
    for page in range(1, 11):
        with Image.open(sample.pdf.picture(page)) as picture:
            grey = picture.convert("L")
            width, height = grey.size
            for box in ((0, 0, width, height // 30), (0, 0, width // 20, height),
                        (width - width // 20, 0, width, height),
                        (0, height - height // 40, width, height)):
                assert min(grey.crop(box).tobytes()) > 250, (page, box)


def test_every_word_of_the_briefs_is_printed(sample: Bulletin) -> None:
    """The text of each brief is on its page, word by word, in its order."""
    for page, name in enumerate(("central-asia.md", "western-balkans.md", "gulf.md", "levant.txt",
                                 "maghreb.md", "sahel.md"), 3):
        source = (SAMPLE / name).read_text("utf-8")
        printed = letters(sample.pdf.text(page))
        body = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\]|<[^>]*>", " ", source)
        sentences = [s for s in re.split(r"[.!?;:]\s|\n", body) if len(s.split()) > 6]
        aside = ("Region", "Figures", "Map", "|", "Hamad Al Riyami is an")
        sentences = [s for s in sentences if not s.startswith(aside)]
        assert len(sentences) > 8
        for sentence in sentences:
            for part in re.split(r"\s{2,}|\s[.,;]", sentence):
                assert letters(part) in printed, (name, part)


def letters(text: str) -> str:
    """Fold a text for comparison: letters and figures only, hyphenation undone."""
    return "".join(c for c in text.casefold().replace("ﬁ", "fi").replace("ﬂ", "fl") if c.isalpha())


def written(bulletin: Bulletin, name: str) -> str:
    """Return what a build wrote beside the PDF."""
    return next(p for p in bulletin.built.files if p.name == name).read_text("utf-8")


def test_sources_are_listed_once_and_exported(sample: Bulletin) -> None:
    items = json.loads(written(sample, "sources.json"))
    urls = [i["URL"] for i in items if "URL" in i]
    assert len(urls) == len(set(urls)) >= 15
    listed = sample.pdf.text(9)
    assert "Sources" in listed
    assert listed.count("undocs.org/S/RES/2231(2015)") == 1
    assert {"id", "type", "title", "issued"} <= set(items[0])
    assert items[0]["issued"]["date-parts"] == [[2018, 6, 22]]


def test_changes_of_glyphs_are_logged(offprint: Bulletin) -> None:
    log = written(offprint, "changes.txt")
    assert "central-asia-2019-04.txt:19\tdecimal-mark\t$5,6\t$5.6" in log
    assert "range-dash\t17-18th\t17–18th" in log


def test_the_sample_builds_without_a_warning(sample: Bulletin, offprint: Bulletin) -> None:
    for bulletin in (sample, offprint):
        assert [d for d in bulletin.built.diagnostics if d.severity is not Severity.NOTE] == []


# ---------------------------------------------------------------- themes and overrides


def test_a_second_theme_inherits_the_first(series: Series, make: Callable[[Path], Bulletin]
                                           ) -> None:
    folder = series({"series.toml": 'title = "T"\ntheme = "plain"\n',
                     "2019-04/central-asia.md": SMALL_BRIEF})
    css = (Path(__file__).parent.parent / "styles/plain/plain.css").read_text("utf-8")
    assert len(css.splitlines()) < 40
    pdf = make(folder / "2019-04").pdf
    assert "A title of the brief" in pdf.text(3).replace("\u00a0", " ")
    assert not any(font.startswith("Bulletin-Display-Semi") for font in pdf.fonts())


def test_a_series_overrides_single_files_and_extends_shipped_ones(
        series: Series, make: Callable[[Path], Bulletin]) -> None:
    folder = series({
        "series.toml": 'title = "T"\n',
        "styles/house.css": ".contents-region { color: #ff00ff !important }\n",
        "templates/contents.html": '{% include "shipped:contents.html" %}<p>OUR OWN LINE</p>\n',
        "2019-04/central-asia.md": SMALL_BRIEF})
    pdf = make(folder / "2019-04").pdf
    assert "OUR OWN LINE" in pdf.text()
    assert "Contents" in pdf.text(2)
    assert any(r > 150 and b > 150 and g < 120 for r, g, b in colours_of(pdf.picture(2, 120)))


def test_a_theme_of_ones_own_in_a_few_lines(series: Series,
                                            make: Callable[[Path], Bulletin]) -> None:
    folder = series({
        "series.toml": 'title = "T"\ntheme = "ours"\n',
        "styles/ours/theme.toml": 'extends = "plain"\nstylesheets = ["ours.css"]\n',
        "styles/ours/ours.css": "@import 'shipped:house.css';\n.cover-title { color: #00c000 }\n",
        "2019-04/central-asia.md": SMALL_BRIEF})
    pdf = make(folder / "2019-04").pdf
    assert any(g > 120 and r < 100 and b < 100 for r, g, b in colours_of(pdf.picture(1, 120)))


def test_a_broken_template_is_an_error_with_its_line(series: Series,
                                                     make: Callable[[Path], Bulletin]) -> None:
    folder = series({"series.toml": 'title = "T"\n',
                     "templates/cover.html": "<p>one</p>\n{{ nonsense }}\n",
                     "2019-04/central-asia.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as caught:
        make(folder / "2019-04")
    [error] = [d for d in caught.value.diagnostics if d.severity is Severity.ERROR]
    assert error.code == "template"
    assert "nonsense" in error.message
    assert error.span.line == 2


# ---------------------------------------------------------------- people, pictures, parts


def test_the_bio_that_held_in_the_month_is_printed(sample: Bulletin) -> None:
    assert "Fellow for the Sahel at The Example Foundation" in sample.pdf.text(8)
    assert "Research assistant" not in sample.pdf.text(8)


def test_portraits_are_cropped_and_coarse_ones_reported(series: Series, tmp_path: Path,
                                                        make: Callable[[Path], Bulletin]) -> None:
    fine, coarse = tmp_path / "fine.jpg", tmp_path / "coarse.png"
    Image.new("RGB", (900, 600), "#c02020").save(fine)
    Image.new("RGB", (90, 90), "#2020c0").save(coarse)
    folder = series({
        "series.toml": 'title = "T"\n',
        "people.toml": '[a]\nname = "Anna Rossi"\nportrait = "fine.jpg"\n'
                       '[b]\nname = "Bruno Verdi"\nportrait = "coarse.png"\n',
        "fine.jpg": fine.read_bytes(), "coarse.png": coarse.read_bytes(),
        "2019-04/central-asia.md": SMALL_BRIEF + "\nBruno Verdi – *Analyst at Example.*\n"})
    bulletin = make(folder / "2019-04")
    assert [(d.code, d.span.file) for d in bulletin.built.diagnostics
            if d.severity is Severity.WARNING] == [("low-resolution", "people.toml")]
    with pikepdf.open(bulletin.pdf.path) as pdf:
        sizes = {(int(i.Width), int(i.Height)) for page in pdf.pages
                 for i in page.get_images().values()}
    assert sizes == {(260, 260), (90, 90)}


def test_figures_key_points_and_pull_quote(series: Series,
                                           make: Callable[[Path], Bulletin]) -> None:
    header = ("Key points: The first point\n    The second point\n"
              "Figures: $5.6 bn | signed\n    40% | of GDP\nPull quote: A sentence set large\n\n")
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": header + SMALL_BRIEF})
    text = make(folder / "2019-04").pdf.text(3)
    for words in ("Key points", "The second point", "In figures", "$5.6 bn", "signed",
                  "A sentence set large"):
        assert words in text


def test_languages_have_their_own_furniture(series: Series,
                                            make: Callable[[Path], Bulletin]) -> None:
    folder = series({
        "series.toml": 'title = "T"\nlanguage = "it"\n',
        "2019-04/a.md": "ASIA CENTRALE, aprile 2019\n\nUn titolo\n\nUn sommario.\n\n"
                        'Il testo dice "così" e vale 5,6 miliardi.\n\n'
                        "Anna Rossi – *Ricercatrice.*\n",
        "2019-04/b.md": "Lang: fr\n\nMAGHREB avril 2019\n\nUn titre\n\nUn chapeau.\n\n"
                        'Le texte dit "oui" : vraiment ? Il vaut 12 000 euros.\n\n'
                        "Anne Blanc – *Chercheuse.*\n",
        "2019-04/c.md": "Lang: ru\n\nБАЛКАНЫ апрель 2019\n\nЗаголовок\n\nВведение.\n\n"
                        'Текст говорит "да" о дороге.\n\nАнна Белова – *эксперт.*\n'})
    pdf = make(folder / "2019-04").pdf
    assert "Sommario" in pdf.text(2)
    assert "Aprile 2019" in pdf.text(3)
    assert "“così” e vale 5,6 miliardi" in pdf.text(3).replace("\u00a0", " ")
    assert "«\u202foui\u202f»" in raw(pdf.path, 4)
    assert "12\u202f000 euros" in raw(pdf.path, 4).replace("\u00a0", " ")
    assert "«да»" in pdf.text(5)
    assert "Западные Балканы" in pdf.text(5)
    assert all(font.startswith("Bulletin-") for font in pdf.fonts())


def raw(path: Path, page: int) -> str:
    """Return the text of a page with its special spaces, by pdfium; poppler drops them."""
    document = pypdfium2.PdfDocument(path)
    text: str = document[page - 1].get_textpage().get_text_range()
    document.close()
    return text


def colours_of(png: Path, part: tuple[float, float, float, float] = (0, 0, 1, 1)
               ) -> set[tuple[int, int, int]]:
    """Return the colours of a part of a picture (left, top, right, bottom as shares)."""
    with Image.open(png) as picture:
        width, height = picture.size
        box = (int(part[0] * width), int(part[1] * height), int(part[2] * width),
               int(part[3] * height))
        image = picture.convert("RGB").crop(box)
        found = image.getcolors(1 << 24)
    assert found
    return {colour for _, colour in found if isinstance(colour, tuple)}  # type: ignore[misc]


def test_sources_keep_the_glyphs_of_the_author(series: Series,
                                               make: Callable[[Path], Bulletin]) -> None:
    """Citations are lifted before typography: what sources.json says is as it was typed."""
    cited = ("It was told (“A title”, Example Press, 17-18 April 2019, p. 3-5, "
             "<https://example.org/two>). The second paragraph is")
    folder = series({"a.md": SMALL_BRIEF.replace("The second paragraph is", cited)})
    bulletin = make(folder / "a.md")
    [sources] = [p for p in bulletin.built.files if p.name == "sources.json"]
    rows = json.loads(sources.read_text("utf-8"))
    assert [row.get("locator") for row in rows] == [None, "p. 3-5"]
    assert "p. 3–5" in bulletin.pdf.text().replace("\u00a0", " ")
