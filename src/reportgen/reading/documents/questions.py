"""Questions to an author, as comments on the exact words in the author's own Word file.

Nothing else of the file is changed: a run in which a comment begins or ends is cut in two, with the
same properties (ECMA-376, part 1, 17.13.4). A comment cannot stand in a note, so a question about a
note hangs on its call.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from msgspec import Struct

from reportgen.reading.documents.word import ASKED_BY

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ALIKE = str.maketrans("“”„«»‟‘’‚‛`´\u00a0\u202f\u2009–—‒‐‑−\t\n",
                       '""""""' + "''''''" + "   " + "------" + "  ")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_EPOCH = (1980, 1, 1, 0, 0, 0)

Element = Any
"""An element of lxml, which has no types."""


class Question(Struct, frozen=True):
    """A question about words of a document."""

    paragraph: int
    """Number of the paragraph, from 1; 0 if it is not known."""
    words: str
    """The words that it is about; empty for the whole paragraph."""
    text: str


class _Place(Struct, frozen=True):
    """Runs, from the first to the last."""

    first: Element
    last: Element


def with_questions(data: bytes, questions: Sequence[Question]) -> bytes:
    """Return a .docx with a comment for each question. Raises ValueError if it cannot be opened."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.text.run import Run

    try:
        document = Document(io.BytesIO(data))
        body = document.element.body
    except (OpcError, KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error
    for question in questions:
        place = _place_of(document, body, question)
        if place is None:
            continue
        runs = [Run(place.first, document), Run(place.last, document)]
        comment = document.add_comment(runs, question.text, author=ASKED_BY, initials="?")
        comment._comment_elm.attrib.pop(f"{_W}date", None)  # the same input gives the same bytes
    out = io.BytesIO()
    document.save(out)
    return _dateless(out.getvalue())


def _dateless(data: bytes) -> bytes:
    """Return a ZIP file without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---------------------------------------------------------------- where words stand


def _place_of(document: Document, body: Element, question: Question) -> _Place | None:
    """Return where a question belongs: its words, the call of their note, or its paragraph."""
    paragraphs = list(_paragraphs(body))
    own = paragraphs[question.paragraph - 1 : question.paragraph] if question.paragraph else []
    if question.words:
        for paragraph in (*own, *paragraphs):
            found = _words_in(paragraph, question.words)
            if found:
                return found
        call = _call_of_note(document, body, question.words)
        if call is not None:
            return _Place(call, call)
    for paragraph in (*own, *paragraphs):
        runs = [run for run in _runs(paragraph) if any(True for _ in run.iter(f"{_W}t"))]
        if runs:
            return _Place(runs[0], runs[-1])
    return None


def _paragraphs(body: Element) -> Iterator[Element]:
    """Yield the paragraphs in the order in which the reader of Word files counts them."""
    for element in body.iter(f"{_W}p"):
        branch = next((a for a in element.iterancestors() if a.tag in (
            f"{_MC}Fallback", f"{_MC}Choice")), None)
        if branch is None or branch is _read_branch(branch.getparent()):
            yield element


def _read_branch(alternate: Element) -> Element | None:
    choices = [c for c in alternate if c.tag == f"{_MC}Choice"]
    for choice in choices:
        if next(choice.iter(f"{_W}txbxContent"), None) is not None or any(
                isinstance(e.tag, str) and e.tag.endswith("}blip") for e in choice.iter()):
            return choice
    fallback = alternate.find(f"{_MC}Fallback")
    return fallback if fallback is not None else next(iter(choices), None)


def _runs(paragraph: Element) -> Iterator[Element]:
    """Yield the runs of a paragraph, not those of a text box in it, nor what was deleted."""
    for run in paragraph.iter(f"{_W}r"):
        between = []
        for ancestor in run.iterancestors():
            if ancestor is paragraph:
                break
            between.append(ancestor.tag)
        if not {f"{_W}p", f"{_W}del", f"{_W}moveFrom"} & set(between):
            yield run


def _words_in(paragraph: Element, words: str) -> _Place | None:
    """Return the runs of some words, cut where they begin and end; None if they stand elsewhere."""
    pieces = [(run, piece) for run in _runs(paragraph) for piece in run
              if piece.tag in (f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen")]
    letters = [(number, at, letter) for number, (_, piece) in enumerate(pieces)
               for at, letter in enumerate(_text(piece))]
    kept = _plain(letters)
    wanted = "".join(letter for _, _, letter in _plain([(0, 0, c) for c in words])).strip()
    begin = "".join(letter for _, _, letter in kept).find(wanted) if wanted else -1
    if begin < 0:
        return None
    last_number, last_at, _ = kept[begin + len(wanted) - 1]
    first_number, first_at, _ = kept[begin]
    _cut(*pieces[last_number], last_at + 1)
    first = _cut(*pieces[first_number], first_at)
    same = first_number == last_number
    return _Place(first, first if same else pieces[last_number][1].getparent())


def _text(piece: Element) -> str:
    if piece.tag == f"{_W}t":
        return piece.text or ""
    return "-" if piece.tag == f"{_W}noBreakHyphen" else " "


def _plain(letters: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return letters for comparison: signs that look alike are the same, spaces are one."""
    out: list[tuple[int, int, str]] = []
    for number, at, letter in letters:
        sign = letter.translate(_ALIKE)
        if letter in _INVISIBLE or (sign == " " and out and out[-1][2] == " "):
            continue
        out.append((number, at, sign))
    return out


def _cut(run: Element, piece: Element, at: int) -> Element:
    """Cut a run before a letter of a text in it; return the run that begins there."""
    text = piece.text or ""
    inner = [child for child in run if child.tag != f"{_W}rPr"]
    if piece.tag != f"{_W}t" or (at == 0 and piece is inner[0]):
        return run
    if at >= len(text) and piece is inner[-1]:
        return run
    rest = run.makeelement(run.tag, dict(run.attrib), run.nsmap)
    properties = run.find(f"{_W}rPr")
    if properties is not None:
        rest.append(deepcopy(properties))
    moved = inner[inner.index(piece) + 1 :]
    if at < len(text):
        tail = piece.makeelement(piece.tag, dict(piece.attrib))
        tail.text, piece.text = text[at:], text[:at]
        for half in (piece, tail):
            half.set(_XML_SPACE, "preserve")
        rest.append(tail)
    if at == 0:
        run.remove(piece)
    for child in moved:
        rest.append(child)
    run.addnext(rest)
    return rest


def _call_of_note(document: Document, body: Element, words: str) -> Element | None:
    """Return the run with the call of the note in which some words stand."""
    wanted = "".join(c for _, _, c in _plain([(0, 0, c) for c in words])).strip()
    for part in document.part.package.iter_parts():
        kind = next((k for k in ("footnote", "endnote")
                     if str(part.partname).endswith(f"/{k}s.xml")), None)
        if kind is None:
            continue
        for note in ElementTree.fromstring(part.blob).iter(f"{_W}{kind}"):
            text = "".join(_text(e) for e in note.iter()
                           if e.tag in (f"{_W}t", f"{_W}tab", f"{_W}br"))
            if wanted not in "".join(c for _, _, c in _plain([(0, 0, c) for c in text])):
                continue
            number = note.get(f"{_W}id")
            for call in body.iter(f"{_W}{kind}Reference"):
                if call.get(f"{_W}id") == number:
                    return call.getparent()
    return None
