"""Briefs that come as Word, OpenDocument, RTF or HTML files."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from reportgen.cli.main import main
from reportgen.diagnostics import ReportgenError, Severity, Sink
from reportgen.export import press_of
from reportgen.model import Note, NoteCall, Run, Text, plain
from reportgen.pipeline import build
from reportgen.reading.documents.source import Beside, Document, read_document
from reportgen.series import TrackedChanges
from reportgen.session import open_session
from reportgen.standards import ColourSpace
from reportgen.store import Store
from reportgen.texts import texts

from .conftest import REAL_BRIEF, Pdf, Series
from .ooxml import (
    comments,
    document,
    image,
    link,
    note_call,
    notes,
    packed,
    paragraph,
    picture,
    run,
)

ITALIC, BOLD, RAISED = "<w:i/>", "<w:b/>", '<w:vertAlign w:val="superscript"/>'


def read(data: bytes, name: str = "gulf.docx",
         tracked: TrackedChanges = TrackedChanges.STOP) -> tuple[Document | None, Sink]:
    sink = Sink()
    return read_document(data, name, tracked, sink, Beside(Path())), sink


def text(data: bytes, name: str = "gulf.docx") -> str:
    """Return the Markdown of a document of which nothing is told."""
    found, sink = read(data, name)
    assert not list(sink), [str(d) for d in sink]
    assert found is not None
    return found.text().strip()


def codes(sink: Sink) -> list[str]:
    return [d.code for d in sink]


# ---------------------------------------------------------------- what Word writes

BODIES = {
    "plain": (paragraph("One."), "One."),
    "title": (paragraph("A title", style="Title"), "# A title"),
    "headings": (paragraph("First", style="Heading1") + paragraph("Second", style="Heading2"),
                 "# First\n\n## Second"),
    "italics do not bleed": (
        paragraph(run("Title, ", ITALIC), "Publisher, 2019."), "*Title*, Publisher, 2019."),
    "italics of several runs": (
        paragraph(run("A ti", ITALIC), run("tle", ITALIC), ", 2019."), "*A title*, 2019."),
    "bold and italics": (paragraph(run("both", ITALIC + BOLD), " one"), "***both*** one"),
    "signs of Markdown": (
        paragraph("2 * 3 and `x`, _so_, snake_case, &lt;tag&gt;, a \\ and [1](x)."),
        "2 \\* 3 and \\`x\\`, \\_so\\_, snake_case, \\<tag>, a \\\\ and \\[1](x)."),
    "signs at the begin": (paragraph("# no heading") + paragraph("&gt; no quotation"),
                           "\\# no heading\n\n\\> no quotation"),
    "superiors": (paragraph("5 m", run("2", RAISED), " of the 3", run("rd", RAISED)),
                  "5 m² of the 3rd"),
    "a quotation": (paragraph("Set apart.", style="Quote"), "> Set apart."),
    "a line break": (paragraph("one<w:br/>".replace("<w:br/>", ""), "<w:r><w:br/></w:r>", "two"),
                     "one  \ntwo"),
    "a tab": (paragraph("•", "<w:r><w:tab/></w:r>", "an entry"), "• an entry"),
    "a hyphen that may not break": (paragraph("E", "<w:r><w:noBreakHyphen/></w:r>", "3"),
                                    "E\u20113"),
    "a smart tag": (paragraph('<w:smartTag w:element="place">' + run("Muscat") + "</w:smartTag>",
                              " is a city"), "Muscat is a city"),
    "a content control": (
        paragraph(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Muscat')}</w:sdtContent></w:sdt>", "."),
        "Muscat."),
    "a control around paragraphs": (
        f"<w:sdt><w:sdtContent>{paragraph('One.')}</w:sdtContent></w:sdt>", "One."),
    "a prompt that nobody filled": (
        paragraph("Text<w:x/>".replace("<w:x/>", ""),
                  f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here')}"
                  "</w:sdtContent></w:sdt>"), "Text"),
    "a simple field": (paragraph("Page ", f'<w:fldSimple w:instr="PAGE">{run("7")}</w:fldSimple>'),
                       "Page 7"),
    "a field that is a link": (
        paragraph(f'<w:fldSimple w:instr=" HYPERLINK &quot;https://example.org/a&quot; ">'
                  f"{run('said')}</w:fldSimple>", "."), "[said](https://example.org/a)."),
    "a complex field": (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
                  "<w:r><w:instrText>ADDIN ZOTERO_ITEM CSL_CITATION {}</w:instrText></w:r>",
                  '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "(Rossi, 2019)",
                  '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "."), "(Rossi, 2019)."),
    "a table": (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(c)}</w:tc>' for c in row)}</w:tr>"
                            for row in (("Port", "Ships | all"), ("Oman", "5"))) + "</w:tbl>",
        "| Port | Ships \\| all |\n| --- | --- |\n| Oman | 5 |"),
    "a frame of one cell": (f"<w:tbl><w:tr><w:tc>{paragraph('In a box.')}</w:tc></w:tr></w:tbl>",
                            "In a box."),
    "an empty paragraph": (paragraph("One.") + paragraph() + paragraph("Two."), "One.\n\nTwo."),
    "a bookmark of the author's": (
        paragraph('<w:bookmarkStart w:id="1" w:name="here"/>', "One.",
                  '<w:bookmarkEnd w:id="1"/>'), "One."),
    "a right-to-left override": (paragraph(f'<w:dir w:val="ltr">{run("One.")}</w:dir>'), "One."),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_word_writes_is_read(name: str) -> None:
    body, expected = BODIES[name]
    assert text(document(body)) == expected


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_notes(kind: str) -> None:
    body = paragraph("It fell.", note_call(2, kind), " It rose.", note_call(3, kind))
    part = notes({2: paragraph(run("A title", ITALIC), ", Press, 2019.", style="FootnoteText"),
                  3: paragraph("One.") + paragraph("Two.")}, kind)
    assert text(document(body, {f"{kind}s.xml": part})) == (
        "It fell.[^note-1] It rose.[^note-2]\n\n[^note-1]: *A title*, Press, 2019.\n\n"
        "[^note-2]: One.\n\n    Two.")


def test_a_link_on_words_stays_one() -> None:
    body = paragraph("They ", f'<w:hyperlink r:id="l1">{run("said")}</w:hyperlink>', " so.")
    assert text(document(body, relations=link("l1", "https://example.org/a"))) == (
        "They [said](https://example.org/a) so.")


def test_a_link_that_runs_a_script_is_text() -> None:
    body = paragraph(f'<w:hyperlink r:id="l1">{run("said")}</w:hyperlink>')
    assert text(document(body, relations=link("l1", "javascript:alert(1)"))) == "said"


def test_pictures_come_along() -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    data = document(paragraph(picture("i1", "A red square")), {"media/a.png": file.getvalue()},
                    image("i1", "media/a.png"))
    found, sink = read(data)
    assert found is not None and not list(sink)
    assert found.text().strip() == "![A red square](<gulf-1.png>)"
    assert found.pictures == {"gulf-1.png": file.getvalue()}


STYLES = ('<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
          '<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>'
          '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
          "</w:styles>")


LISTS = ('<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
         '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="List Bullet"/><w:pPr>'
         '<w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
         '<w:style w:type="paragraph" w:styleId="House"><w:name w:val="House Bullet"/>'
         '<w:basedOn w:val="Base"/></w:style>'
         '<w:style w:type="paragraph" w:styleId="Head"><w:name w:val="heading 2"/><w:pPr><w:numPr>'
         '<w:numId w:val="7"/></w:numPr></w:pPr></w:style></w:styles>')
NUMBERING = ('<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
             '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
             '</w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
             "</w:numbering>")


def test_a_style_that_is_based_on_a_list_makes_items() -> None:
    body = (paragraph("What to watch", style="Head") + paragraph("the vote;", style="House")
            + paragraph("the fleet.", style="House") + paragraph("After."))
    found, _ = read(document(body, {"styles.xml": LISTS, "numbering.xml": NUMBERING}))
    assert found is not None
    assert found.text().strip() == "## What to watch\n\n- the vote;\n- the fleet.\n\nAfter."


@pytest.mark.parametrize("above", [False, True])
def test_a_caption_of_word_belongs_to_its_picture(above: bool) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    rows = [paragraph(picture("i1", "A red square")),
            paragraph("The port. Photo: ", run("J. Doe", ITALIC), style="Caption")]
    body = "".join(reversed(rows) if above else rows) + paragraph("Text below.")
    found, sink = read(document(body, {"media/a.png": file.getvalue(), "styles.xml": STYLES},
                                image("i1", "media/a.png")))
    assert found is not None and not list(sink)
    assert found.text().strip() == ("![A red square](<gulf-1.png>)\nThe port. Photo: *J. Doe*\n\n"
                                    "Text below.")


def test_a_caption_without_a_picture_is_a_paragraph() -> None:
    body = paragraph("Table 1. Ships by month", style="Caption") + paragraph("Text below.")
    found, _ = read(document(body, {"styles.xml": STYLES}))
    assert found is not None
    assert found.text().strip() == "Table 1. Ships by month\n\nText below."


def test_a_table_of_contents_is_left_out_and_told() -> None:
    body = (paragraph("Before.") + paragraph("The road 2", style="TOC1")
            + paragraph("The port 3", style="TOC1") + paragraph("After."))
    found, sink = read(document(body, {"styles.xml": STYLES}))
    assert found is not None
    assert found.text().strip() == "Before.\n\nAfter."
    assert [(d.code, d.span.line) for d in sink] == [("left-out", 2)]


def test_text_that_is_struck_through_is_printed_and_told() -> None:
    body = paragraph("It was ", run("never", "<w:strike/>"), run(" said", '<w:strike w:val="0"/>'))
    found, sink = read(document(body))
    assert found is not None and found.text().strip() == "It was never said"
    assert [d.message for d in sink] == ["text is printed that is struck through: “never”"]


def test_the_letters_of_a_list_that_become_numbers_are_told() -> None:
    numbering = ('<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/'
                 'main"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                 '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>'
                 '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>')
    item = ('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            "{}</w:p>")
    body = (paragraph("They ask for:") + item.format(run("berths at night"))
            + item.format(run("pilots")) + paragraph("Point (b) is new."))
    found, sink = read(document(body, {"numbering.xml": numbering}))
    assert found is not None
    assert "1. berths at night\n2. pilots" in found.text()
    assert [(d.code, d.span.line) for d in sink] == [("left-out", 2)]


TEXT = "The ministers met in the capital, and said that they would hold the elections "


def in_language(words: str, language: str, properties: str = ITALIC) -> str:
    return run(words, f'{properties}<w:lang w:val="{language}"/>')


@pytest.mark.parametrize(("runs", "read"), [
    (in_language("dans la mesure", "fr-FR"), "[*dans la mesure*]{lang=fr-FR}"),
    (in_language("dans la mesure ", "fr-FR") + in_language("voulue", "fr-FR", ""),
     "[*dans la mesure* voulue]{lang=fr-FR}"),
    (in_language("within reason", "fr-FR", ""), "within reason"),  # the keyboard's language
    (in_language("Marie Dupont", "fr-FR"), "*Marie Dupont*"),
    (in_language("in due time", "en-US"), "*in due time*"),
    (f'<w:hyperlink r:id="l1">{in_language("dans la mesure", "fr-FR")}</w:hyperlink>',
     "[*dans la mesure*](https://example.org/a)")])
def test_the_languages_of_runs(runs: str, read: str) -> None:
    body = paragraph(in_language(TEXT, "en-GB", ""), runs, in_language(" of May.", "en-GB", ""))
    relation = link("l1", "https://example.org/a")
    assert text(document(body, relations=relation)) == f"{TEXT}{read} of May."


def test_the_language_of_a_template_is_no_foreign_one() -> None:
    """Its words are often in another language, and nobody has said so."""
    styles = ('<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
              '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault>'
              "</w:docDefaults></w:styles>")
    body = paragraph(in_language(TEXT, "en-GB", ""), in_language("Quarterly Bulletin in", "fr-FR"),
                     in_language(" of May.", "en-GB", ""))
    assert "{lang=" not in text(document(body, {"styles.xml": styles}))


def test_the_languages_of_elements() -> None:
    page = (f'<html><body lang="de"><p><span lang="en-GB">{TEXT}</span><i lang="fr">dans la mesure'
            f'</i><span lang="en-GB"> of May.</span></p></body></html>')
    assert text(page.encode(), "gulf.html") == f"{TEXT}[*dans la mesure*]{{lang=fr}} of May."


FROM_FOUR = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="4"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>')


def test_items_have_the_numbers_of_word() -> None:
    """A list that starts at four goes on behind a paragraph; another one begins anew."""
    item = ('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr></w:pPr>'
            "{}</w:p>")
    body = (item.format(1, run("one")) + item.format(1, run("two")) + paragraph("Between.")
            + item.format(1, run("three")) + paragraph("Again.") + item.format(2, run("new"))
            + item.format(2, run("next")))
    assert text(document(body, {"numbering.xml": FROM_FOUR})) == (
        "4. one\n5. two\n\nBetween.\n\n6. three\n\nAgain.\n\n1. new\n2. next")


# ---------------------------------------------------------------- what has to be settled


def test_columns_of_a_table_are_aligned_as_in_word() -> None:
    def cell(words: str, side: str) -> str:
        return f'<w:tc><w:p><w:pPr><w:jc w:val="{side}"/></w:pPr>{run(words)}</w:p></w:tc>'

    rows = [("Country", "Output", "Note"), ("Oman", "9.8", "up"), ("Qatar", "12.1", "down")]
    table = "".join(f"<w:tr>{cell(a, 'left')}{cell(b, 'right')}{cell(c, 'center')}</w:tr>"
                    for a, b, c in rows)
    found, _ = read(document(paragraph("Before.") + f"<w:tbl>{table}</w:tbl>"))
    assert found is not None
    assert "| Country | Output | Note |\n| --- | ---: | :---: |\n| Oman | 9.8 " in found.text()


def test_columns_of_a_table_are_aligned_as_on_a_page() -> None:
    page = ("<p>Before.</p><table><tr><th>A</th><th>B</th></tr><tr><td>Oman</td>"
            "<td style='text-align: right'>9.8</td></tr></table>")
    found, _ = read(page.encode(), "gulf.html")
    assert found is not None and "| --- | ---: |" in found.text()


def test_tracked_changes_stop_the_build() -> None:
    data = document(
        paragraph("First.") + paragraph(
            "He ", f'<w:ins w:id="1" w:author="Ana">{run("never ")}</w:ins>', "said ",
            '<w:del w:id="2" w:author="Ben"><w:r><w:delText>this</w:delText></w:r></w:del>'))
    found, sink = read(data)
    assert found is None
    assert [(d.code, d.span.line) for d in sink] == [("tracked-change", 2)] * 2
    told = " ".join(d.message for d in sink)
    assert "Ana" in told and "“never”" in told and "Ben" in told and "“this”" in told
    found, sink = read(data, tracked=TrackedChanges.ACCEPT)
    assert found is not None and found.text().strip() == "First.\n\nHe never said"
    assert {d.severity for d in sink} == {Severity.NOTE}


def test_moved_text_is_printed_once() -> None:
    data = document(paragraph(
        f'<w:moveFrom w:id="1" w:author="A">{run("moved ")}</w:moveFrom>', "here ",
        f'<w:moveTo w:id="2" w:author="A">{run("moved")}</w:moveTo>'))
    found, _ = read(data, tracked=TrackedChanges.ACCEPT)
    assert found is not None and found.text().strip() == "here moved"


def test_comments_stop_the_build() -> None:
    data = document(
        paragraph("One.") + paragraph('<w:commentRangeStart w:id="4"/>', "Two.",
                                      '<w:r><w:commentReference w:id="4"/></w:r>'),
        {"comments.xml": comments({4: ("Ana", "Is this right?")})})
    found, sink = read(data)
    assert found is None
    told = next(iter(sink))
    assert (told.code, told.span.line) == ("comment", 2)
    assert "Ana" in told.message and "Is this right?" in told.message


@pytest.mark.parametrize("properties", ["<w:vanish/>", '<w:rStyle w:val="Secret"/>'])
def test_hidden_text_is_dropped_and_told(properties: str) -> None:
    found, sink = read(document(paragraph("Seen. ", run("Not for print.", properties))))
    assert found is not None and found.text().strip() == "Seen."
    assert codes(sink) == ["hidden-text"]
    assert "Not for print." in next(iter(sink)).message


def test_region_and_month_at_the_head_of_the_pages() -> None:
    head = ('<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f'{paragraph("Regional Brief", "<w:r><w:tab/></w:r>", "Gulf, April 2019")}</w:hdr>')
    body = paragraph("A dry port") + paragraph("The ships wait.")
    found, sink = read(document(body, {"header1.xml": head}))
    assert found is not None and not sink.failed
    assert found.text().startswith("<!-- Regional Brief · Gulf, April 2019 -->\n\nA dry port")
    assert not list(sink)
    dated, told = read(document(paragraph("Sahel, May 2019") + body, {"header1.xml": head}))
    assert dated is not None and "Gulf" not in dated.text() and not list(told)


def test_the_head_of_the_pages_counts_beside_a_table_with_months() -> None:
    header = ('<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
              f"{paragraph('Gulf, May 2024')}</w:hdr>")
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(words)}</w:tc>" for words in (
        "Port", "March 2024", "April 2024")) + "</w:tr>"
    body = paragraph("A title", style="Title") + paragraph("Text.") + f"<w:tbl>{row}{row}</w:tbl>"
    found, _ = read(document(body, {"header1.xml": header}))
    assert found is not None and found.lines[0][1].endswith("Gulf, May 2024")


def test_a_text_box_stands_behind_its_paragraph_once() -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    body = paragraph(
        "Before. ",
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:wsp><wps:txbx>"
        f"{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>", "After.")
    found, sink = read(document(body + paragraph("Next.")))
    assert found is not None
    assert found.text().strip() == "Before. After.\n\n> In the box.\n\nNext."
    assert codes(sink) == ["text-box"]


LOSSES = {
    "an equation": f"<m:oMath><m:r><m:t>{'E = mc'}</m:t></m:r></m:oMath>",
    "a chart": '<w:r><w:drawing><a:graphic><a:graphicData><c:chart r:id="x"/></a:graphicData>'
               "</a:graphic></w:drawing></w:r>",
    "an embedded object": "<w:r><w:object/></w:r>",
}


@pytest.mark.parametrize("what", LOSSES)
def test_what_cannot_be_printed_is_told(what: str) -> None:
    found, sink = read(document(paragraph("One.") + paragraph("Two. ", LOSSES[what])))
    assert found is not None
    assert [(d.code, d.span.line) for d in sink] == [("left-out", 2)]
    assert what in next(iter(sink)).message


# ---------------------------------------------------------------- what a stranger sends


def _with(name: str, data: bytes) -> bytes:
    """Return a good document with one part in place of its own."""
    with zipfile.ZipFile(io.BytesIO(document(paragraph("One.")))) as file:
        return packed({**{n: file.read(n) for n in file.namelist()}, name: data})


GOOD = document(paragraph("One."))
ENTITIES = (b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            b"<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>")
DEEP = (b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body>" + b"<w:sdt><w:sdtContent>" * 5000 + b"</w:sdtContent></w:sdt>" * 5000
        + b"</w:body></w:document>")
HOSTILE: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "nothing": (b"", "damaged"),
    "half of the file": (GOOD[:len(GOOD) // 2], "damaged"),
    "no ZIP": (b"hello" * 100, "damaged"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not-word"),
    "a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                   "encrypted"),
    "a bomb": (lambda: packed({f"{n}.xml": b"\0" * 60_000_000 for n in range(4)}), "too-large"),
    "many parts": (lambda: packed({f"{n}": b"" for n in range(4_001)}), "too-large"),
    "entities": (_with("word/document.xml", ENTITIES), "damaged"),
    "entities in UTF-16": (_with("word/document.xml", ENTITIES.decode().encode("utf-16")),
                           "damaged"),
    "XML that is none": (_with("word/document.xml", b"<w:document"), "damaged"),
    "a workbook": (packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "not-word"),
    "macros": (_with("word/vbaProject.bin", b"x"), "macros"),
    "a tower": (_with("word/document.xml", DEEP), "damaged"),
    "relations that are none": (_with("word/_rels/document.xml.rels", b"<x"), "damaged"),
    "a wrong sum": (GOOD.replace(b"word/document.xml", b"word/documenT.xml", 1), "damaged"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_an_error(name: str) -> None:
    data, code = HOSTILE[name]
    found, sink = read(data() if callable(data) else data)
    assert found is None
    assert codes(sink) == [code]
    assert all(d.hints for d in sink)


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/a.png", "file:///etc/passwd",
                                    "../../../../etc/passwd"])
def test_pictures_from_elsewhere_are_left_out(target: str) -> None:
    data = document(paragraph("One. ", picture("i1", "x")),
                    relations=image("i1", target, "External"))
    found, sink = read(data)
    assert found is not None and found.text().strip() == "One."
    assert codes(sink) == ["left-out"]
    assert not found.pictures


# ---------------------------------------------------------------- web pages

PAGE = """<!DOCTYPE html><html><head><title>t</title><style>.c1{font-style:italic}</style></head>
<body><nav><a href="/">Home</a></nav><header class="site-header">The Institute</header>
<article><h1>A title</h1><p>It <span class="c1">fell</span>.<a href="#fn1"
id="ref1"><sup>1</sup></a>
&amp; rose<!-- a comment -->.</p>
<div class="share-buttons">Share on X</div>
<ul><li>one<li>two</ul>
<ol class="notes"><li id="fn1">A note. <a href="#ref1">↩</a></li></ol></article>
<footer>Imprint</footer><script>alert("x")</script></body></html>"""


def test_a_page_is_read_without_its_furniture() -> None:
    found, sink = read(PAGE.encode(), "gulf.html")
    assert found is not None
    assert found.text().strip() == (
        "# A title\n\nIt *fell*.[^note-1] & rose.\n\n- one\n- two\n\n[^note-1]: A note.")
    assert codes(sink) == ["page-furniture"]


def test_footnotes_as_word_and_google_write_them() -> None:
    word = ('<p class=MsoNormal>It fell.<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a></p>'
            '<div><hr><div id=ftn1><p><a href="#_ftnref1" name="_ftn1">[1]</a> A note.</p></div>'
            "</div>")
    google = ('<p>It fell.<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p><hr><div><p>'
              '<a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;A note.</span></p></div>')
    for page in (word, google):
        assert text(f"<html><body>{page}</body></html>".encode(), "gulf.html") == (
            "It fell.[^note-1]\n\n[^note-1]: A note.")


def test_encodings_of_pages() -> None:
    for data in ("<p>Zürich</p>".encode("cp1252"), "<p>Zürich</p>".encode(),
                 "<p>Zürich</p>".encode("utf-16"),
                 '<meta charset="iso-8859-1"><p>Zürich</p>'.encode("latin-1")):
        assert text(data, "a.htm") == "Zürich"


@pytest.mark.slow
@pytest.mark.parametrize("page", [
    "<b>" * 100_000, "<p" * 100_000, "&" * 300_000, "<ul><li>" * 50_000, "*" * 300_000,
    "<em>" + ", " * 200_000 + "</em>", "[" * 200_000, "<table><tr><td>" * 30_000,
    "<style>" + "a," * 200_000 + "</style>", "<!--" * 100_000, "<![" * 50_000, "</" * 100_000])
def test_hostile_pages_are_read_in_time(page: str) -> None:
    """In proportion to their size: each took less than two seconds when this was written."""
    read(page.encode(), "a.html")


# ---------------------------------------------------------------- whole briefs

BRIEF = """\
GULF May 2024

# The ferry that did not sail

*A harbour stood idle for a week, and nobody in the capital has said why.*

The port authority published its figures on Monday, and they were worse than the traders had feared.
Three berths of five were empty.[^a] The ministry denied it, in a **long** statement.[^b]

## The road by land

Shippers now wait for the ministry, which has promised an answer before the summer. They need this:

- berths that are *open* at night
- pilots

| Port | Ships |
|------|-------|
| Oman | 5     |

> A quotation, set apart.

Until it comes they will use the longer road by land, as they did ten years ago.

**Lina Farouk** – *Researcher on trade and ports at the Harbour Institute.*

[^a]: *Statement on berths*, Ministry of Ports, 3 May 2024, <https://www.example.org/berths>

[^b]: “Dockers speak out”, *Harbour Daily*, 4 May 2024.
"""


def converted(source: Path, *formats: str) -> list[Path]:
    """Return what LibreOffice makes of a document."""
    for name in formats:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{source.parent}/profile", "--headless",
             "--convert-to", name, "--outdir", str(source.parent), str(source)],
            check=True, capture_output=True)
    return [source.with_suffix(f".{name.partition(':')[0]}") for name in formats]


def pages_of(path: Path) -> str:
    files = build(path, path.parent / f"{path.suffix[1:]}-out").files
    return Pdf(files[0]).text()


@pytest.mark.slow
def test_a_brief_is_the_same_page_in_every_format(tmp_path: Path) -> None:
    """Written by pandoc as .docx, .odt and .html; by LibreOffice as .rtf, .doc and .docx anew."""
    source = tmp_path / "gulf.md"
    source.write_text(BRIEF)
    expected = pages_of(source)
    assert "Dockers speak out" in expected
    for suffix in ("docx", "odt", "html"):
        subprocess.run(["pandoc", "-s", "--metadata", "title= ", str(source), "-o",
                        str(tmp_path / f"gulf.{suffix}")], check=True)
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(tmp_path / "gulf.odt", again / "gulf.odt")
    made = converted(again / "gulf.odt", "rtf", "doc", "docx")
    for path in [*(tmp_path / f"gulf.{s}" for s in ("docx", "odt", "html")), *made]:
        assert pages_of(path) == expected, path.name


def as_markdown(text: Text, called: list[Note], *, links: bool = False) -> str:
    """Return a text in Markdown, notes as calls, or as links on the word before each."""
    out = ""
    for inline in text:
        if isinstance(inline, NoteCall):
            address = next((s.url for s in inline.note.sources if s.url), "")
            if links and address:
                words, _, last = out.rstrip(".,;: ").rpartition(" ")
                out = f"{words} [{last}]({address}){out[len(out.rstrip('.,;: ')):]}"
            elif not links:
                called.append(inline.note)
                out += f"[^{len(called)}]"
        elif isinstance(inline, Run):
            words = re.sub(r"([*_\\[\]<>$])", r"\\\1", inline.text)
            address = inline.style.href or ""
            words = f"<{address}>" if address and "." in inline.text else words
            inner = words.strip()
            mark = "*" if inline.style.emphasis else "**" if inline.style.strong else ""
            out += words.replace(inner, f"{mark}{inner}{mark}") if inner else words
    return out


def real_brief(*, links: bool = False) -> str:
    """Return the real brief as its author would write it with notes, or with links on words."""
    sink = Sink()
    session = open_session(REAL_BRIEF, (), sink, press_of, store=Store(None))
    assert session is not None
    composed = session.composed(REAL_BRIEF, ColourSpace.RGB).value_or_raise()
    called: list[Note] = []
    author = composed.authors[0]
    parts = [f"CENTRAL ASIA {composed.month}", f"# {plain(composed.title)}",
             f"*{plain(composed.standfirst)}*",
             *(as_markdown(text, called, links=links) for text in texts(composed.blocks)),
             f"**{author.name}** – {plain(author.bio)}"]
    parts += [f"[^{number}]: {as_markdown(note.text, [])}"
              for number, note in enumerate(called, 1)]
    return "\n\n".join(parts) + "\n"


@pytest.mark.slow
def test_the_real_brief_is_the_same_page_in_every_format(tmp_path: Path) -> None:
    """Notes of Word by LibreOffice and by pandoc, OpenDocument, a web page; and links on words."""
    expected = pages_of(REAL_BRIEF)
    source = tmp_path / "central-asia.md"
    source.write_text(real_brief())
    for suffix in ("docx", "odt", "html"):
        subprocess.run(["pandoc", "-s", "--metadata", "title= ", str(source), "-o",
                        str(source.with_suffix(f".{suffix}"))], check=True)
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(source.with_suffix(".odt"), again)
    made = converted(again / "central-asia.odt", "docx:MS Word 2007 XML")
    for path in (source, *(source.with_suffix(f".{s}") for s in ("docx", "odt", "html")), *made):
        assert pages_of(path) == expected, path
    linked = tmp_path / "links.md"
    linked.write_text(real_brief(links=True))
    first = expected.index("Russia’s bilateral")
    last = expected.index("1 Emomali Rahmon’s")
    words = pages_of(linked)
    assert expected[first:last].split() == words[words.index("Russia’s bilateral"):].split()[
        :len(expected[first:last].split())]


@pytest.mark.slow
def test_a_word_file_stands_among_the_briefs_of_an_issue(series: Series) -> None:
    body = (paragraph("GULF May 2024") + paragraph("A title", style="Title")
            + paragraph("A standfirst of one sentence.")
            + paragraph("The first paragraph has a note.", note_call(1), " It goes on.")
            + paragraph(run("Lina Farouk", BOLD), " – ", run("Researcher.", ITALIC)))
    part = notes({1: paragraph(run("A source", ITALIC), ", Press, 2 May 2024.")})
    folder = series({"series.toml": "",
                     "2024-05/gulf.docx": document(body, {"footnotes.xml": part}),
                     "2024-05/sahel.md": REAL_BRIEF.read_text().replace("CENTRAL ASIA", "SAHEL")
                     .replace("April 2019", "May 2024")})
    built = build(folder / "2024-05", folder / "out")
    words = Pdf(built.files[0]).text()
    assert "A source, Press, 2 May 2024" in words and "Lina Farouk" in words


@pytest.mark.slow
def test_a_picture_of_a_document_hides_no_file(series: Series) -> None:
    """`gulf.docx` has a red picture, and `gulf-1.png` beside it is blue: each brief has its own."""
    files = {}
    for colour in ("red", "blue"):
        file = io.BytesIO()
        Image.new("RGB", (1600, 900), colour).save(file, "PNG")
        files[colour] = file.getvalue()
    body = (paragraph("GULF May 2024") + paragraph("A title", style="Title")
            + paragraph("A standfirst.") + paragraph("Some text of the brief.")
            + paragraph(picture("i1", "red")) + paragraph("By Lina Farouk"))
    word = document(body, {"media/a.png": files["red"]}, image("i1", "media/a.png"))
    sahel = ("SAHEL May 2024\n\nA title\n\nA standfirst.\n\nSome text of the brief.\n\n"
             "![blue](gulf-1.png)\n\nBy Omar Haddad\n")
    folder = series({"series.toml": "", "2024-05/gulf.docx": word,
                     "2024-05/gulf-1.png": files["blue"], "2024-05/sahel.md": sahel})
    pdf = Pdf(build(folder / "2024-05", folder / "out").files[0])
    seen = set()
    for page in range(1, pdf.pages() + 1):
        with Image.open(pdf.picture(page)) as shown:
            pixels = shown.convert("RGB").tobytes()
            colours = set(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))
        seen |= {name for name, at in (("red", 0), ("blue", 2)) if any(
            c[at] > 230 and sum(c) - c[at] < 60 for c in colours)}
    assert seen == {"red", "blue"}


@pytest.mark.slow
def test_a_diagnostic_names_the_paragraph(series: Series) -> None:
    body = (paragraph("GULF May 2024") + paragraph("A title", style="Title")
            + paragraph("A standfirst.") + paragraph("It says that the the port is shut.")
            + paragraph(run("Lina Farouk", BOLD), " – ", run("Researcher.", ITALIC)))
    folder = series({"series.toml": "", "2024-05/gulf.docx": document(body)})
    built = build(folder / "2024-05", folder / "out")
    told = next(d for d in built.diagnostics if d.code == "doubled-word")
    assert told.span.line == 4
    assert any("“It says that the the port" in hint for hint in told.hints)


@pytest.mark.slow
def test_changes_that_are_not_settled_refuse_the_issue(series: Series) -> None:
    body = (paragraph("GULF May 2024") + paragraph("A title", style="Title")
            + paragraph("A standfirst.")
            + paragraph("Text ", f'<w:ins w:id="1" w:author="Ana">{run("new")}</w:ins>', "."))
    folder = series({"series.toml": "", "2024-05/gulf.docx": document(body)})
    with pytest.raises(ReportgenError, match="tracked-change"):
        build(folder / "2024-05", folder / "out")
    (folder / "2024-05/issue.toml").write_text('tracked-changes = "accept"\n')
    assert build(folder / "2024-05", folder / "out").files
    (folder / "2024-05/issue.toml").write_text('tracked-changes = "perhaps"\n')
    with pytest.raises(ReportgenError, match="is no choice"):
        build(folder / "2024-05", folder / "out")


def test_import_writes_what_the_build_reads(tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    source = tmp_path / "gulf.docx"
    source.write_bytes(document(paragraph("One. ") + paragraph(picture("i1", "red")),
                                {"media/a.png": file.getvalue()}, image("i1", "media/a.png")))
    assert main(["import", str(source)]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "gulf.md"),
                                               str(tmp_path / "gulf-1.png")]
    assert (tmp_path / "gulf.md").read_text() == "One.\n\n![red](<gulf-1.png>)\n"
    assert (tmp_path / "gulf-1.png").read_bytes() == file.getvalue()
    assert main(["import", str(source)]) == 1, "it overwrites nothing"
    assert "exists" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["gulf.pdf", "gulf.md", "nowhere.docx"])
def test_import_says_what_it_cannot_read(tmp_path: Path, name: str,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    if name != "nowhere.docx":
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    assert main(["import", str(tmp_path / name)]) == 1
    assert "error[" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("data", [
    b"", b"no document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"a" * 600,
    b"PK\x03\x04" + b"a" * 600])
@pytest.mark.parametrize("name", ["gulf.doc", "gulf.odt", "gulf.rtf"])
def test_what_libreoffice_cannot_read_is_no_text(name: str, data: bytes) -> None:
    """It would read anything as plain text, and print it."""
    found, sink = read(data, name)
    assert found is None
    assert codes(sink) in (["damaged"], ["not-word"])


def test_without_libreoffice_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found, sink = read(b"{\\rtf1 x}", "gulf.rtf")
    assert found is None and codes(sink) == ["no-libreoffice"]


def test_region_and_month_of_a_page_outside_of_its_article() -> None:
    page = ("<html><body><h1>Gulf – April 2019</h1><article><h2>A quay</h2><p>By Lina Farouk</p>"
            f"<p>{'The text of it goes on. ' * 30}</p></article></body></html>")
    found, _ = read(page.encode(), "a.html")
    assert found is not None and found.lines[0][1].endswith("Gulf – April 2019")


def test_a_page_without_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "gulf.html").write_text("<p>GULF May 2024</p><h1>A title</h1>")
    with pytest.raises(ReportgenError, match="no-text"):
        build(tmp_path / "gulf.html", tmp_path / "out")


def test_the_comments_of_google_docs_are_left_out() -> None:
    page = ("<html><body><h1>GULF April 2019</h1><p>The ships are gone.<sup><a href=\"#cmnt1\" "
            "id=\"cmnt_ref1\">[a]</a></sup> They came back.</p><p>Anna Rossi</p>"
            "<div><p><a href=\"#cmnt_ref1\" id=\"cmnt1\">[a]</a><span>Is this right?</span></p>"
            "</div></body></html>")
    found, sink = read(page.encode(), "gulf.html")
    assert found is not None
    assert found.text().strip() == (
        "# GULF April 2019\n\nThe ships are gone. They came back.\n\nAnna Rossi")
    assert "Is this right?" in " ".join(d.message for d in sink)


def test_capitals_of_word_are_capitals() -> None:
    body = paragraph("The ", run("osce", "<w:caps/>"), run(" quay", '<w:caps w:val="0"/>'))
    assert text(document(body)) == "The OSCE quay"


@pytest.mark.slow
def test_a_document_that_is_too_long_is_refused() -> None:
    found, sink = read(document(paragraph("Words.") * 10_100))
    assert found is None and [d.code for d in sink] == ["too-long"]


OF_A_SITE = """<html lang="en"><head><title>The quay of Aktau - The Steppe Post</title></head><body>
<div class="top"><ul><li><a href="/a">Home</a></li><li><a href="/b">World</a></li></ul></div>
<div class="bar"><h1>The quay of Aktau</h1></div>
<div role="main"><div class="panel-sidebar-right-mix"><div class="path"><a href="/">Home</a></div>
<div class="content"><h3>By Anna Rossi | 12/04/2019</h3><p>{0}</p><p>{0}</p><p>{0}</p></div>
<div class="more"><a href="/c">Ten photographs of a port</a> <a href="/d">Our shop</a></div>
<div class="who"><p>Anna Rossi is a fellow at the Institute.</p></div></div></div>
<div class="foot"><a href="/e">Imprint</a></div></body></html>"""


def test_the_text_of_a_page_is_where_its_paragraphs_are() -> None:
    """Its headline may stand outside; an element with most words is no sidebar by its name."""
    found, _ = read(OF_A_SITE.format(TEXT * 3).encode(), "gulf.html")
    assert found is not None
    lines = [line for line in found.text().split("\n") if line]
    assert lines[0] == "# The quay of Aktau" and lines[1].startswith("By Anna Rossi")
    assert lines[-1] == "Anna Rossi is a fellow at the Institute."
    assert not any(word in found.text() for word in ("photographs", "Home", "World", "Imprint"))


def test_capitals_of_turkish_keep_their_dots() -> None:
    body = paragraph(run("istanbul limanı", '<w:caps/><w:lang w:val="tr-TR"/>'))
    assert text(document(body)) == "İSTANBUL LİMANI"


def test_what_is_no_menu_stays_around_the_text_of_a_page() -> None:
    """Region, month and byline above the headline, a list of works without notes below."""
    page = ("<html><head><title>The quay of Aktau - Post</title></head><body><div class=\"a\">"
            "Central Asia<p>April 2019</p><p>By <a href=\"/r\">Anna Rossi</a></p>"
            "<h1>The quay of Aktau</h1><div class=\"b\">" + f"<p>{TEXT * 3}</p>" * 3 + "</div>"
            "<div class=\"c\"><h2>References</h2><ul><li>Rossi, <i>Ports</i>, 2018.</li>"
            "<li>Novak, <i>Quays</i>, 2017.</li></ul></div></div></body></html>")
    found, _ = read(page.encode(), "gulf.html")
    assert found is not None
    for words in ("Central Asia", "April 2019", "Anna Rossi", "Rossi, *Ports*", "Novak, *Quays*"):
        assert words in found.text()
