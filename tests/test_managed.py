"""Citations of Zotero and Mendeley in Word files, as notes with all that their fields know."""

from __future__ import annotations

import base64
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from reportgen.diagnostics import Sink
from reportgen.reading.documents.source import Beside, read_document
from reportgen.series import TrackedChanges

from .ooxml import document, note_call, notes, paragraph, run

BOOK = {"id": 7, "type": "book", "title": "Rivers and Borders", "publisher": "Harbour Press",
        "author": [{"family": "Novak", "given": "Petra"}], "issued": {"date-parts": [["2018"]]}}
ARTICLE = {"id": 9, "type": "article-newspaper", "title": "Dam Talks Resume",
           "container-title": "The Steppe Post", "URL": "https://example.com/dam",
           "author": [{"family": "Amanov", "given": "Kerim"}],
           "issued": {"date-parts": [[2019, 4, 2]]}}


def code(*items: dict[str, Any], **more: str) -> str:
    """Return the code of a field, as Zotero writes it."""
    return "ADDIN ZOTERO_ITEM CSL_CITATION " + json.dumps({
        "citationID": "a1", "properties": {"plainCitation": "(x)"},
        "citationItems": [{"id": item["id"], "itemData": item, **more} for item in items],
        "schema": "https://github.com/citation-style-language/schema/raw/master/csl-citation.json"})


def field(instruction: str, *results: str) -> str:
    """Return the runs of a field, its code in two runs as Word cuts it."""
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    half = len(instruction) // 2
    told = "".join(f'<w:r><w:instrText xml:space="preserve">{escape(part)}</w:instrText></w:r>'
                   for part in (instruction[:half], instruction[half:]))
    return (mark("begin") + told + mark("separate") + "".join(map(run, results)) + mark("end"))


def read(body: str, parts: dict[str, str | bytes] | None = None) -> str:
    """Return the Markdown of a document in English."""
    tail = paragraph("The talks of the two states have been held with the help of the bank, and it "
                     "was said that they are to go on in May, which is the month of the flood.")
    sink = Sink()
    found = read_document(document(body + tail, parts), "gulf.docx", TrackedChanges.STOP, sink,
                          Beside(Path()))
    assert not [d for d in sink if d.severity.name != "NOTE"]
    assert found
    return found.text()


def test_a_citation_in_brackets_becomes_a_note() -> None:
    made = read(paragraph("The river fell.", field(code(BOOK, locator="12"),
                                                    "(Novak, 2018, p. 12)"), " It rose."))
    assert "The river fell.[^key-1] It rose." in made
    assert "[^key-1]: Petra Novak, *Rivers and Borders* (Harbour Press, 2018), 12." in made
    assert "(Novak" not in made


def test_numbers_and_two_sources_of_one_field() -> None:
    made = read(paragraph("It fell", run("1,2", '<w:vertAlign w:val="superscript"/>'), ".")
                + paragraph("Again", field(code(BOOK, ARTICLE), "[1,2]"), "."))
    assert "Again[^key-1]." in made
    assert ("Petra Novak, *Rivers and Borders* (Harbour Press, 2018); Kerim Amanov, “Dam Talks "
            "Resume,” *The Steppe Post*, April 2, 2019, <https://example.com/dam>.") in made


def test_a_source_cited_again_has_the_short_form() -> None:
    made = read(paragraph("One", field(code(BOOK), "(Novak 2018)"), ".")
                + paragraph("Two", field(code(BOOK, locator="3"), "(Novak 2018, 3)"), "."))
    assert "[^key-2]: Novak, *Rivers and Borders*, 3." in made


def test_an_author_who_is_part_of_the_sentence_stays() -> None:
    made = read(paragraph("As ", field(code(BOOK), "Novak (2018)"), " says, it fell."))
    assert "As Novak (2018)[^key-1] says, it fell." in made


def test_what_stands_in_a_note_keeps_its_words() -> None:
    made = read(paragraph("It fell.", note_call(2)), {"footnotes.xml": notes(
        {2: paragraph("See ", field(code(BOOK), "Novak, Rivers and Borders."))})})
    assert "See Novak, Rivers and Borders." in made


def test_with_a_bibliography_the_words_of_the_manager_stay() -> None:
    bibliography = field("ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY", "Novak, P. (2018). Rivers.")
    made = read(paragraph("It fell ", field(code(BOOK), "(Novak, 2018)"), ".")
                + paragraph(bibliography))
    assert "It fell (Novak, 2018)." in made and "Novak, P. (2018). Rivers." in made


@pytest.mark.parametrize("instruction", [
    "ADDIN ZOTERO_ITEM CSL_CITATION {", "ADDIN CSL_CITATION []", "ADDIN CSL_CITATION " + "[" * 9999,
    "ADDIN CSL_CITATION {\"citationItems\": [3]}", "ADDIN EN.CITE <EndNote/>",
    code({"id": 1, "type": "book"})])
def test_a_field_that_cannot_be_read_keeps_its_words(instruction: str) -> None:
    assert "fell (Novak 2018) in" in read(
        paragraph("It fell ", field(instruction, "(Novak 2018)"), " in May."))


def test_mendeley_cite_has_it_in_a_content_control() -> None:
    data = {"citationID": "M", "citationItems": [{"id": "u", "itemData": {**BOOK, "id": "u"}}]}
    tag = "MENDELEY_CITATION_v3_" + base64.b64encode(json.dumps(data).encode()).decode()
    control = (f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>'
               f'{run("(Novak, 2018)")}</w:sdtContent></w:sdt>')
    made = read(paragraph("It fell", control, "."))
    assert "It fell[^key-1]." in made and "*Rivers and Borders*" in made


SOURCES = """<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography">
<b:Source><b:Tag>Nov18</b:Tag><b:SourceType>Book</b:SourceType><b:Title>Rivers and Borders</b:Title>
<b:Author><b:Author><b:NameList><b:Person><b:Last>Novak</b:Last><b:First>Petra</b:First></b:Person>
</b:NameList></b:Author></b:Author><b:Year>2018</b:Year><b:Publisher>Harbour Press</b:Publisher>
</b:Source>
<b:Source><b:Tag>Ama19</b:Tag><b:SourceType>ArticleInAPeriodical</b:SourceType>
<b:Title>Dam Talks Resume</b:Title><b:PeriodicalTitle>The Steppe Post</b:PeriodicalTitle>
<b:Author><b:Author><b:Corporate>Steppe News Desk</b:Corporate></b:Author></b:Author>
<b:Year>2019</b:Year><b:Month>April</b:Month><b:Day>2</b:Day><b:URL>https://example.com/dam</b:URL>
</b:Source></b:Sources>"""


def own_control(instruction: str, result: str) -> str:
    """Return a citation as Word puts it: a field inside of a content control."""
    return (f"<w:sdt><w:sdtPr><w:id w:val='1'/><w:citation/></w:sdtPr><w:sdtContent>"
            f"{field(instruction, result)}</w:sdtContent></w:sdt>")


def test_citations_of_word_itself_become_notes() -> None:
    parts: dict[str, str | bytes] = {"/customXml/item1.xml": SOURCES}
    made = read(paragraph("The river fell", own_control(r" CITATION Nov18 \p 12 \l 1033 ",
                                                       "(Novak, 2018, p. 12)"), ".")
                + paragraph("Again", own_control(r" CITATION Nov18 \l 2057  \m Ama19", "[1, 2]"),
                            "."), parts)
    assert "The river fell[^key-1]." in made
    assert "[^key-1]: Petra Novak, *Rivers and Borders* (Harbour Press, 2018), 12." in made
    assert "Novak, *Rivers and Borders*; Steppe News Desk, “Dam Talks Resume,”" in made
    assert "April 2, 2019, <https://example.com/dam>" in made
    assert "(Novak" not in made and "[1, 2]" not in made


def test_a_bare_year_of_word_s_field_stays_in_the_sentence() -> None:
    made = read(paragraph("Novak’s book of ", own_control(r" CITATION Nov18 \n \t ", "2018"),
                          " is good."), {"/customXml/item1.xml": SOURCES})
    assert "book of 2018[^key-1] is good." in made


@pytest.mark.parametrize("sources", ["", "<b:Sources xmlns:b='x'/>", "<broken",
                                     SOURCES.replace("Nov18", "Other")])
def test_a_citation_of_word_without_its_source_keeps_its_words(sources: str) -> None:
    made = read(paragraph("It fell ", own_control(" CITATION Nov18 ", "(Novak, 2018)"), "."),
                {"/customXml/item1.xml": sources} if sources else None)
    assert "It fell (Novak, 2018)." in made


def test_the_words_of_word_s_own_bibliography_are_kept() -> None:
    made = read(paragraph("It fell ", own_control(" CITATION Nov18 ", "(Novak, 2018)"), ".")
                + paragraph(field(" BIBLIOGRAPHY ", "Novak, P. (2018). Rivers. Harbour Press.")),
                {"/customXml/item1.xml": SOURCES})
    assert "Rivers. Harbour Press." in made and "[^key-1]" not in made
