"""`reportgen ask`: comments on the exact words in the author's own file, which stays as it is."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from reportgen.cli.main import main
from reportgen.pipeline import build, check
from reportgen.reading.documents.questions import Question, with_questions

from .conftest import Series
from .ooxml import document, link, note_call, notes, paragraph, run
from .test_documents import converted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ITALIC = "<w:i/>"
HEAD = (paragraph("GULF April 2019") + paragraph("A title of the brief", style="Title")
        + paragraph("A standfirst of one sentence."))
TEXT = paragraph("The port of the town was was shut (", run("Dam talks in the long run", ITALIC),
                 "), and it was said that it is to be so for a week, which is long.", note_call(2))
TAIL = paragraph("Anna Rossi – ", run("Researcher at Example.", ITALIC))
NOTES = {"footnotes.xml": notes({2: paragraph("Anna Rossi, “Water,” ", run("The Post", ITALIC),
                                              ", https://example.com/w.")})}


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def asked(data: bytes) -> list[tuple[str, str]]:
    """Return the words that each comment is on, and the comment."""
    texts = {c.get(f"{W}id"): "".join(t.text or "" for t in c.iter(f"{W}t"))
             for c in ElementTree.fromstring(part(data, "word/comments.xml"))}
    words: dict[str | None, str] = {}
    opened: set[str | None] = set()
    for element in ElementTree.fromstring(part(data, "word/document.xml")).iter():
        if element.tag == f"{W}commentRangeStart":
            opened.add(element.get(f"{W}id"))
            words[element.get(f"{W}id")] = ""
        elif element.tag == f"{W}commentRangeEnd":
            opened.remove(element.get(f"{W}id"))
        elif element.tag == f"{W}t":
            for number in opened:
                words[number] += element.text or ""
    assert not opened
    return [(words[number], texts[number]) for number in words]


def canonical(data: bytes) -> str:
    """Return document.xml without comments, and with neighbouring runs of one kind joined."""
    root = ElementTree.fromstring(part(data, "word/document.xml"))
    for parent in list(root.iter()):
        for child in list(parent):
            if "comment" in child.tag or any("commentReference" in e.tag for e in child):
                parent.remove(child)
    for parent in root.iter():
        merged: list[Element] = []
        for _, same in groupby(parent, lambda c: _kind(c) if c.tag == f"{W}r" else str(id(c))):
            first, *others = same
            for other in others:
                first.extend(c for c in other if c.tag != f"{W}rPr")
            merged.append(first)
        parent[:] = merged
    for element in root.iter(f"{W}r"):
        out: list[Element] = []
        for child in element:
            child.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
            if out and child.tag == out[-1].tag == f"{W}t":
                out[-1].text = (out[-1].text or "") + (child.text or "")
            else:
                out.append(child)
        element[:] = out
    return ElementTree.tostring(root, encoding="unicode")


def _kind(element: Element) -> str:
    properties = element.find(f"{W}rPr")
    return "" if properties is None else ElementTree.tostring(properties, encoding="unicode")


@pytest.mark.slow
def test_questions_stand_on_their_words(series: Series, tmp_path: Path) -> None:
    data = document(HEAD + TEXT + TAIL, NOTES)
    folder = series({"series.toml": "", "2019-04/issue.toml": ""})
    (folder / "2019-04" / "gulf.docx").write_bytes(data)
    out = tmp_path / "out"
    assert main(["ask", str(folder / "2019-04" / "gulf.docx"), "-o", str(out)]) == 0
    made = (out / "gulf.docx").read_bytes()
    found = asked(made)
    assert [words for words, _ in found] == ["was was", "Dam talks in the long run", ""]
    assert "twice on purpose" in found[0][1] and "Is this a source" in found[1][1]
    assert "When was this published" in found[2][1]  # on the call of the note
    assert canonical(made) == canonical(data)
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        if name not in ("word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"):
            assert part(made, name).count(b"<w:t") == part(data, name).count(b"<w:t"), name


@pytest.mark.slow
def test_the_answer_comes_in_with_the_next_build(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": "", "2019-04/issue.toml": ""})
    file = folder / "2019-04" / "gulf.docx"
    file.write_bytes(document(HEAD + TEXT + TAIL, NOTES))
    assert main(["ask", str(file), "-o", str(tmp_path / "out")]) == 0
    file.write_bytes((tmp_path / "out" / "gulf.docx").read_bytes())
    codes = [d.code for d in check(folder / "2019-04")]
    assert codes.count("open-question") == 3 and "comment" not in codes
    assert build(folder / "2019-04", tmp_path / "built").files


def test_the_same_questions_are_the_same_bytes() -> None:
    data = document(HEAD + TEXT + TAIL, NOTES)
    question = Question(4, "of the", "Which?")
    assert with_questions(data, [question]) == with_questions(data, [question])


@pytest.mark.parametrize(("words", "number", "expected"), [
    ("was was", 4, "was was"), ("port", 4, "port"), ("The port", 4, "The port"),
    ("shut (Dam", 4, "shut (Dam"), ("Dam talks in the long run", 0, "Dam talks in the long run"),
    ("is long.", 4, "is long."), ("long  run),\u00a0and it", 4, "long run), and it"),
    ("Anna Rossi – Researcher", 4, "Anna Rossi – Researcher"), ("of one", 0, "of one"),
    ("nowhere to be found", 5, "Anna Rossi – Researcher at Example."), ("", 1, "GULF April 2019"),
    ("", 99, "GULF April 2019"), ("Water", 4, ""), ("A standfirst of one sentence.", 3,
                                                  "A standfirst of one sentence.")])
def test_where_a_question_hangs(words: str, number: int, expected: str) -> None:
    data = document(HEAD + TEXT + TAIL, NOTES)
    made = with_questions(data, [Question(number, words, "Which?")])
    assert asked(made) == [(expected, "Which?")]
    assert canonical(made) == canonical(data)


def test_questions_may_lie_over_each_other() -> None:
    data = document(HEAD + TEXT + TAIL, NOTES)
    made = with_questions(data, [Question(4, words, words) for words in (
        "port of the town", "of the", "town was was", "The port", "was was shut (Dam talks")])
    assert sorted(asked(made)) == sorted((w, w) for w in (
        "port of the town", "of the", "town was was", "The port", "was was shut (Dam talks"))
    assert canonical(made) == canonical(data)


def test_words_behind_a_link_and_beside_other_signs() -> None:
    body = paragraph("It’s a ", '<w:hyperlink r:id="l1">' + run("long link of words")
                     + "</w:hyperlink>", "<w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r>")
    data = document(HEAD + body, None, link("l1", "https://example.com/"))
    made = with_questions(data, [Question(4, "link of", "A"), Question(4, "It's a", "B"),
                                 Question(4, "one two", "C")])
    assert sorted(asked(made)) == [("It’s a", "B"), ("link of", "A"), ("onetwo", "C")]
    assert canonical(made) == canonical(data)


@pytest.mark.slow
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    data = document(HEAD + TEXT + TAIL, NOTES)
    file = tmp_path / "gulf.docx"
    file.write_bytes(with_questions(data, [Question(4, "was was", "Twice on purpose?")]))
    [text, again] = converted(file, "txt:Text (encoded):UTF8", "odt")
    assert "The port of the town was was shut" in text.read_text("utf-8")
    with zipfile.ZipFile(again) as odt:
        content = odt.read("content.xml").decode()
    assert "Twice on purpose?" in content and "<dc:creator>reportgen</dc:creator>" in content


@pytest.mark.parametrize(("name", "data", "message"), [
    ("gulf.md", b"# GULF April 2019\n", "only a .docx file can have comments"),
    ("gulf.docx", b"PK\x03\x04 no Word", "damaged"), ("gulf.docx", b"", "damaged")])
def test_what_cannot_be_asked_is_told(tmp_path: Path, name: str, data: bytes, message: str,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(data)
    assert main(["ask", str(tmp_path / name), "-o", str(tmp_path / "out")]) == 1
    assert message in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "gulf.docx").write_bytes(document(HEAD + TEXT + TAIL, NOTES))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "gulf.docx").write_bytes(b"mine")
    assert main(["ask", str(tmp_path / "gulf.docx"), "-o", str(tmp_path / "out")]) == 1
    assert (tmp_path / "out" / "gulf.docx").read_bytes() == b"mine"
    assert "is there already" in capsys.readouterr().err


def test_a_brief_without_slips_is_not_asked(tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    body = HEAD + paragraph("The port of the town was shut, and it was said that it is so for a "
                            "week, which is a long time for the men who work in it.") + TAIL
    (tmp_path / "gulf.docx").write_bytes(document(body))
    assert main(["ask", str(tmp_path / "gulf.docx"), "-o", str(tmp_path / "out")]) == 0
    assert "nothing to ask" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_path_from_outside_of_the_series(series: Series, capsys: pytest.CaptureFixture[str],
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    folder = series({"inputs/series.toml": ""})
    (folder / "inputs" / "2019-04").mkdir()
    (folder / "inputs" / "2019-04" / "gulf.docx").write_bytes(document(HEAD + TEXT + TAIL, NOTES))
    monkeypatch.chdir(folder)
    assert main(["ask", "inputs/2019-04/gulf.docx"]) == 0
    assert capsys.readouterr().out.strip().endswith("gulf.docx")
