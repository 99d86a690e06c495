"""The structure tree: what a screen reader hears, in which order, and what it does not hear."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from reportgen.colours import contrast, tint
from reportgen.diagnostics import Sink
from reportgen.export import press_of
from reportgen.maps.style import MapStyle
from reportgen.model import Block, CodeBlock, Text, plain
from reportgen.model import Bulletin as Composed
from reportgen.pipeline import build
from reportgen.series import shipped_regions
from reportgen.session import open_session
from reportgen.standards import ColourSpace, TagSet
from reportgen.texts import map_text

from .conftest import SAMPLE, SMALL_BRIEF, Bulletin, Series
from .tagtree import Node, artifacts_of, tree_of

pytestmark = pytest.mark.slow

RICH = """\
CENTRAL ASIA April 2019

A title that is called[^t] upon

A standfirst of one sentence.

A paragraph with *emphasis* and **strength**, and [a word that links](https://example.org/word).
It cites a source (*A title of a source*, Example Press, 1 April 2019, <https://example.org/one>).

## A subhead

- one
- two
    1. inner
    2. another

> A quotation of somebody.

![A red square](red.png) *What the square means*

Table 1. What the rows are

| Head | Other |
| --- | ---: |
{rows}

The last paragraph.[^n]

[^t]: A note to the title.
[^n]: A note of the author's.

## References

Rossi, A. (2019). *A title of a paper*. Example Press. <https://example.org/paper>

Bianchi, B. (2018). Another title. Example Press.

Anna Rossi – *Researcher at Example.*
"""


def words(text: str) -> str:
    """Fold a text for comparison: letters and figures only."""
    return "".join(c for c in text.casefold() if c.isalnum())


def spaced(text: str) -> str:
    """Fold a text for comparison: its words, apart as they are."""
    return " ".join("".join(c if c.isalnum() else " " if c.isspace() else "" for c in
                            text.casefold()).split())


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A brief with all that a brief can have, its table over a page break; by edition."""
    folder = tmp_path_factory.mktemp("rich")
    Image.new("RGB", (1600, 400), "#c02020").save(folder / "red.png")
    rows = "\n".join(f"| row {n} | {n} |" for n in range(70))
    (folder / "series.toml").write_text('title = "T"\n', encoding="utf-8")
    brief = folder / "2019-04" / "a.md"
    brief.parent.mkdir()
    brief.write_text(RICH.replace("{rows}", rows).replace("red.png", "../red.png"), "utf-8")
    built = build(brief, folder / "out", editions=["screen", "archive-next"])
    return {"screen": built.files[0], "archive-next": built.files[1]}


def article(path: Path) -> Node:
    [found] = tree_of(path).find("Art")
    return found


# ---------------------------------------------------------------- what is in the tree


def test_what_a_page_break_parts_is_one_element(rich: dict[str, Path]) -> None:
    tree = article(rich["screen"])
    [table] = tree.find("Table")
    assert len(table.find("TR")) == 71
    assert len({page for cell in table.find("TD") for page in cell.pages}) > 1
    assert len(table.find("TH")) == 2, "the head that is printed again is no part of the table"
    assert "HeadOther" in words_kept(" ".join(artifacts_of(rich["screen"])))


def words_kept(text: str) -> str:
    return text.replace(" ", "")


def test_a_table_has_scopes_and_no_other_claims(rich: dict[str, Path]) -> None:
    [table] = article(rich["screen"]).find("Table")
    assert {str(cell.attributes["Scope"]) for cell in table.find("TH")} == {"/Column"}


def test_a_table_has_its_caption(rich: dict[str, Path]) -> None:
    [table] = article(rich["screen"]).find("Table")
    assert [child.kind for child in table.children] == ["Caption", "THead", "TBody"]
    assert table.children[0].text() == "Table 1. What the rows are"


def test_a_list_of_sources_is_a_list_below_its_head(rich: dict[str, Path]) -> None:
    found = article(rich["screen"])
    entries = [node for node in found.find("LI") if not node.find("Lbl")]
    assert [words(node.text())[:7] for node in entries] == ["rossia2", "bianchi"]
    assert [head.text() for head in found.find("H2")] == ["A subhead", "References"]
    assert len(entries[0].find("Link")) == 1 and not entries[0].find("Note")


def test_lists_are_lists(rich: dict[str, Path]) -> None:
    outer, inner, _ = article(rich["screen"]).find("L")
    assert str(outer.attributes["ListNumbering"]) == "/Disc"
    assert str(inner.attributes["ListNumbering"]) == "/Decimal"
    assert [child.kind for child in inner.children[0].children] == ["Lbl", "LBody"]
    assert inner in list(outer.children[1].children[1].walk()), "a list in an item's body"
    assert inner.children[1].text() == "2. another"


def test_a_note_stands_behind_its_call(rich: dict[str, Path]) -> None:
    tree = article(rich["screen"])
    calls, notes = tree.find("Reference"), tree.find("Note")
    assert [call.text() for call in calls] == ["1", "2", "3", "4"]
    assert [note.children[0].kind for note in notes] == ["Lbl"] * 4
    assert notes[2].text().startswith("3 A title of a source")
    assert len({note.identifier for note in notes}) == 4
    for call, note in list(zip(calls, notes, strict=True))[1:]:
        [parent] = [n for n in tree.walk() if call in n.kids]
        assert parent.kids[parent.kids.index(call) + 1] is note
    [title] = tree.find("H1")
    assert title.text() == "A title that is called1 upon"
    assert "note to the title" not in title.text(), "a note is no part of the heading"


def test_links_say_where_they_lead(rich: dict[str, Path]) -> None:
    links = article(rich["screen"]).find("Link")
    assert [(link.text(), str(link.links[0]["/Contents"])) for link in links] == [
        ("a word that links", "a word that links: https://example.org/word"),
        ("example.org/word", "https://example.org/word"),
        ("example.org/one", "https://example.org/one"),
        ("example.org/paper", "https://example.org/paper")]


def test_a_figure_has_its_text_and_its_place(rich: dict[str, Path]) -> None:
    figures = article(rich["screen"]).find("Figure")
    square = next(f for f in figures if f.alternative == "A red square")
    left, bottom, right, top = (float(v) for v in square.attributes["BBox"])
    assert right - left == pytest.approx(125 / 25.4 * 72, abs=8)
    assert (right - left) / (top - bottom) == pytest.approx(4, rel=0.02)
    assert 0 < bottom < top < 842
    assert any("What the square means" in c.text() for c in article(rich["screen"]).find("Caption"))


def test_the_box_of_a_figure_is_where_it_is_drawn(rich: dict[str, Path], tmp_path: Path) -> None:
    """In points from the lower left: the red is inside of it, and nowhere else."""
    square = next(f for f in article(rich["screen"]).find("Figure")
                  if f.alternative == "A red square")
    [page] = square.pages
    subprocess.run(["pdftoppm", "-r", "72", "-png", "-singlefile", "-f", str(page + 1), "-l",
                    str(page + 1), str(rich["screen"]), str(tmp_path / "p")], check=True)
    picture = Image.open(tmp_path / "p.png").convert("RGB")
    red = picture.point(lambda v: v).split()
    mask = Image.eval(red[0], lambda v: 255 if v > 150 else 0)
    dark = Image.eval(red[1], lambda v: 255 if v < 80 else 0)
    both = Image.composite(mask, Image.new("L", mask.size), dark)
    left, bottom, right, top = (float(v) for v in square.attributes["BBox"])
    found = both.getbbox()
    assert found is not None
    assert found == pytest.approx((left, 842 - top, right, 842 - bottom), abs=2)


def test_emphasis_is_named_where_the_standard_has_a_name(rich: dict[str, Path]) -> None:
    tree = article(rich["archive-next"])
    assert [e.text() for e in tree.find("Em") if "emphasis" in e.text()] == ["emphasis"]
    assert [e.text() for e in tree.find("Strong") if "strength" in e.text()] == ["strength"]
    assert not article(rich["screen"]).find("Em")


def test_pdf_2_leads_to_elements(rich: dict[str, Path], editions: dict[str, Path]) -> None:
    """Links and bookmarks have structure destinations; notes and calls name each other."""
    with pikepdf.open(editions["archive-next"]) as pdf:
        entry = pdf.pages[1].obj.Annots[0]
        assert entry.A.SD[0].S == "/Art"
        assert entry.A.S == "/GoTo"
        assert pdf.Root.Outlines.First.A.SD[0].S == "/H1"
        assert pdf.Root.Outlines.First.SE.S == "/H1"
        note = next(o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)
                    and o.get("/S") == "/FENote")
        assert note.Ref[0].S == "/Reference"
        assert note.Ref[0].Ref[0].objgen == note.objgen
        entry = next(o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)
                     and o.get("/S") == "/TOCI")
        assert entry.Ref[0].S == "/Art"


def test_the_contents_are_a_table_of_contents(editions: dict[str, Path]) -> None:
    [contents] = tree_of(editions["screen"]).find("TOC")
    entries = contents.children
    assert [entry.kind for entry in entries] == ["TOCI"] * 8
    assert [len(entry.find("Link")) for entry in entries] == [1] * 8
    assert [len(entry.find("Link")[0].links) for entry in entries] == [1] * 8
    first = " ".join(entries[0].text().split())
    assert first == "Central Asia A handover by appointment Aliya Serikova 3"


def test_furniture_is_not_heard(editions: dict[str, Path]) -> None:
    """Running heads, folios and regions at the foot are artifacts; all else is in the tree."""
    tree = tree_of(editions["screen"])
    heard = [" ".join(n.text() for n in tree.find("Art")[page].children) for page in range(6)]
    for page, artifacts in enumerate(artifacts_of(editions["screen"])):
        if 2 <= page <= 7:
            assert words(artifacts) in (words(f"Strategic Trends April 2019 {region} {page + 1}")
                                        for region in ("Central Asia", "Western Balkans", "Gulf",
                                                       "Levant", "Maghreb", "Sahel"))
            assert "Strategic Trends" not in heard[page - 2]


def test_a_language_inside_a_text_is_told(series: Series,
                                          make: Callable[[Path], Bulletin]) -> None:
    folder = series({
        "series.toml": 'title = "T"\n',
        "templates/contents.html": '{% include "shipped:contents.html" %}'
                                   '<p>He said <span lang="fr">jamais</span>.</p>',
        "2019-04/a.md": SMALL_BRIEF})
    tree = tree_of(make(folder / "2019-04").pdf.path)
    [span] = tree.find("Span")
    assert (span.language, span.text()) == ("fr", "jamais")


@pytest.mark.parametrize("words", [
    "[*raison d'être*]{lang=fr}", '<i lang="fr">raison d\'être</i>',
    '<span lang="fr">raison d\'être</span>'])
def test_the_language_of_foreign_words_is_told(words: str, series: Series,
                                               make: Callable[[Path], Bulletin]) -> None:
    brief = SMALL_BRIEF.rstrip() + f"\n\nThey spoke of the {words} of the whole plan.\n"
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": brief})
    [span] = [node for node in tree_of(make(folder / "2019-04").pdf.path).find("Span")
              if node.language]
    assert (span.language, span.text()) == ("fr", "raison d’être")


# ---------------------------------------------------------------- in which order


def composed(path: Path) -> Composed:
    session = open_session(path, (), Sink(), press_of)
    assert session is not None
    return session.pages(ColourSpace.RGB)[0]


def test_a_brief_is_heard_in_the_order_in_which_it_was_written(
        sample: Bulletin, offprint: Bulletin) -> None:
    """Title, standfirst, authors, text, and at last what is said of the authors."""
    for path, source in ((sample.pdf.path, SAMPLE), (offprint.pdf.path, None)):
        articles = tree_of(path).find("Art")
        brief_file = source or next(offprint.pdf.path.parents[2].glob("*.txt"))
        bulletin = composed(brief_file)
        assert len(articles) == len(bulletin.briefs)
        for brief, node in zip(bulletin.briefs, articles, strict=True):
            body: list[str] = []
            for block in brief.blocks:
                body += every_text(block)
            expected = " ".join([
                plain(brief.title), plain(brief.standfirst), brief.words["by"],
                f" {brief.words['and']} ".join(a.name for a in brief.authors), *body])
            heard = node.text(without=("Note", "Reference", "Sect", "Figure"))
            assert spaced(heard) == spaced(expected), brief.name
            last = node.children[-1].text()
            assert words(last).endswith(words(plain(brief.authors[-1].bio))), brief.name
            notes = [note.text() for note in node.find("Note")]
            assert [words(n) for n in notes] == [
                words(f"{n.number} {shown(plain(n.text))}") for n in brief.notes], brief.name


def shown(note: str) -> str:
    return re.sub(r"https?://(?:www\.)?", "", note)


def every_text(block: Block) -> list[str]:
    found: list[str] = []

    def collect(text: Text) -> Text:
        found.append(plain(text))
        return text

    if isinstance(block, CodeBlock):
        return [block.text]
    map_text(block, collect)
    return found


def test_hyphens_of_the_layout_are_not_heard(sample: Bulletin) -> None:
    """And those of the author are."""
    raw = subprocess.run(["pdftotext", "-raw", str(sample.pdf.path), "-"], check=True,
                         capture_output=True, text=True).stdout
    assert raw.count("\u00ad") > 0
    text = tree_of(sample.pdf.path).text()
    assert "twenty-five years" in text
    assert "customs duties" in text
    assert not re.search(r"\b(ques|ser|constitu) (tion|vices|tional)", text)


# ---------------------------------------------------------------- without touching the page


def test_tags_touch_no_pixel(tmp_path: Path) -> None:
    sink = Sink()
    session = open_session(SAMPLE, (), sink, press_of)
    assert session is not None
    pages = session.pages(ColourSpace.RGB)[1]
    seen = []
    for tags in (TagSet.NONE, TagSet.PDF_1_7, TagSet.PDF_2_0):
        path = tmp_path / f"{tags.name}.pdf"
        pages.join(tags, sink).save(path)
        subprocess.run(["pdftoppm", "-r", "100", str(path), str(tmp_path / tags.name)], check=True)
        seen.append([p.read_bytes() for p in sorted(tmp_path.glob(f"{tags.name}-*.ppm"))])
    assert len(seen[0]) == 10
    assert seen[0] == seen[1] == seen[2]


# ---------------------------------------------------------------- what eyes need


def test_every_text_has_contrast(editions: dict[str, Path]) -> None:
    """At least 4.5 to 1 on white (WCAG 2.2, 1.4.3): every colour in which text is filled."""
    with pikepdf.open(editions["screen"]) as pdf:
        colours = {colour for page in pdf.pages for colour in _text_colours(page)}
    assert len(colours) > 8
    for colour in colours:
        assert contrast(colour, "#ffffff") >= 4.5, colour


def _text_colours(page: pikepdf.Page) -> set[str]:
    """Return the colours in which a page's text is filled, that of drawings excepted."""
    found: set[str] = set()
    colour, figure, depth = "#000000", 0, 0
    stack: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in ("BDC", "BMC"):
            depth += 1
            figure = depth if operands[0] == "/Figure" else figure
        elif operator == "EMC":
            figure = 0 if figure == depth else figure
            depth -= 1
        elif operator == "rg":
            colour = "#" + "".join(f"{round(float(v) * 255):02x}" for v in operands)
        elif operator == "q":
            stack.append(colour)
        elif operator == "Q":
            colour = stack.pop()
        elif operator == "TJ" and not figure:
            found.add(colour)
    return found


def test_names_on_maps_have_contrast() -> None:
    style = MapStyle()
    assert contrast(style.sea_text, style.sea) >= 4.5
    assert contrast(style.land_text, style.land) >= 4.5
    for region in shipped_regions().values():
        assert contrast(region.colour, "#ffffff") >= 4.5
        assert contrast(style.text, tint(region.colour, 0.42)) >= 4.5, region.code
        under_halo = 0.72 * 0.3  # the cover's tint, seen through a halo of 70 % white
        assert contrast(style.text, tint(region.colour, under_halo)) >= 4.5, region.code


def test_the_outline_and_title_are_there(editions: dict[str, Path]) -> None:
    for name in ("screen", "archive", "archive-next"):
        with pikepdf.open(editions[name]) as pdf:
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
            assert pdf.Root.Lang == "en"
            with pdf.open_outline() as outline:
                titles = [item.title.replace("\u00a0", " ") for item in outline.root]
        assert titles == ["Contents", "Central Asia: A handover by appointment",
                          "Western Balkans: A name in force, a tariff in the way",
                          "Gulf: The price of a waiver", "Levant: The Golan, by proclamation",
                          "Maghreb: Three mandates and a march on Tripoli",
                          "Sahel: After Ogossagou", "Sources", "Imprint"]


def test_the_worksheet_asks_what_only_a_person_knows(sample: Bulletin) -> None:
    sheet = next(p for p in sample.built.files if p.name == "accessibility.md").read_text("utf-8")
    sheet = sheet.replace("\u00a0", " ")
    assert sheet.count("Does this say what the map shows?") == 6
    assert "Do these heads say what stands under them? Producer;" in sheet
    assert "Are these its subheads, and all of them? The hundred per cent; Berlin, again" in sheet
