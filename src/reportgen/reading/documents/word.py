"""What a converter would lose or print wrongly in a Word document, settled in its XML.

Tracked changes and comments stop the build until somebody has settled them; hidden text, equations
and drawings are told. Text boxes stand behind the paragraph that they hang on, fields keep their
result, content controls and smart tags their text, and each paragraph gets a bookmark with its
number (ECMA-376, part 1, clause 17).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from reportgen.diagnostics import Change, Sink, Span
from reportgen.reading.documents.foreign import foreign_languages, primary
from reportgen.reading.documents.managed import SIGN, Managed, has_bibliography
from reportgen.reading.documents.marks import without_custom_marks
from reportgen.reading.documents.package import Package
from reportgen.reading.documents.wordlanguages import (
    language_of_run,
    letters_by_language,
    with_languages,
)
from reportgen.reading.documents.wordnumbers import WordNumbers, read_numbers
from reportgen.reading.documents.wordsources import sources_in
from reportgen.reading.documents.wordstyles import (
    WordStyles,
    in_capitals,
    is_in_capitals,
    is_lettered,
    is_of_contents,
    is_on,
    is_struck,
    read_styles,
    with_list_of_style,
)
from reportgen.reading.documents.wordstyles import part as part_of
from reportgen.series import TrackedChanges

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BOOKMARK = "reportgen-paragraph-"
ASKED_BY = "reportgen"
"""Author of the comments that `reportgen ask` writes: they stop no build."""
BOX_STYLE = "ReportgenTextBox"
"""Style of the paragraphs of a text box, for the converter."""

_TEXT_PARTS = ("word/footnotes.xml", "word/endnotes.xml")
_UNWRAPPED = frozenset(_W + name for name in (
    "ins", "moveTo", "smartTag", "customXml", "sdtContent", "dir", "bdo"))
_DROPPED = frozenset(_W + name for name in (
    "commentRangeStart", "commentRangeEnd", "commentReference", "proofErr", "permStart",
    "permEnd", "lastRenderedPageBreak", "moveFromRangeStart", "moveFromRangeEnd",
    "moveToRangeStart", "moveToRangeEnd", "rPrChange", "pPrChange", "sectPrChange",
    "tblPrChange", "trPrChange", "tcPrChange", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr",
    "bookmarkStart", "bookmarkEnd"))
_LEFT_OUT = {"object": "an embedded object", "altChunk": "an embedded document"}
_DRAWN = {"chart": "a chart", "relIds": "a SmartArt drawing"}
_STRUCK, _LETTERED, _CONTENTS = "struck", "lettered", "contents"
_FIRST_WORDS = 6
_SIDES = {"right": "-right", "end": "-right", "center": "-center"}


class Settled(Struct):
    """A document that a converter can read."""

    data: bytes
    """The package."""
    words: dict[int, str]
    """First words of each paragraph of the text, by its number from 1."""
    managed: Managed
    """What reference managers cite in it."""


class _Found(Struct):
    """What was met in a document, by the paragraph in which it stands."""

    changes: dict[tuple[int, str, str], str] = field(default_factory=dict)
    """Words by paragraph, kind of change and author."""
    hidden: dict[int, str] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    """Paragraph by the comment's number."""
    others: dict[tuple[int, str], str] = field(default_factory=dict)
    """Words of what cannot be printed, by paragraph and kind."""


def paragraph_of(bookmark: str) -> int:
    """Return the number of the paragraph that a bookmark names; 0 if it names none."""
    number = bookmark.removeprefix(_BOOKMARK).partition("-")[0]
    return int(number) if bookmark.startswith(_BOOKMARK) and number.isdecimal() else 0


def alignment_of(bookmark: str) -> str:
    """Return how the paragraph that a bookmark names is aligned: `right`, `center`, or empty."""
    parts = bookmark.split("-") if paragraph_of(bookmark) else []
    return next((side for side in ("right", "center") if side in parts), "")


def ordinal_of(bookmark: str) -> int:
    """Return the number that an item of a list has by the bookmark of its paragraph; 0: none."""
    last = bookmark.rpartition("-n")[2] if paragraph_of(bookmark) and "-n" in bookmark else ""
    return int(last) if last.isdecimal() else 0


def settled(package: Package, name: str, tracked: TrackedChanges, sink: Sink) -> Settled | None:
    """Return a document in which all is settled; None and errors in `sink` if that cannot be."""
    try:
        roots = {part: ElementTree.fromstring(_transitional(package.parts[part]))
                 for part in ("word/document.xml", *_TEXT_PARTS, "word/styles.xml")
                 if part in package.parts}
    except (ElementTree.ParseError, ValueError, LookupError):
        sink.error("damaged", "the text of the file cannot be read", Span(name),
                   "open it in Word, and save it once more as .docx")
        return None
    for part, kind in zip(_TEXT_PARTS, ("footnote", "endnote"), strict=True):
        without_custom_marks(roots["word/document.xml"], roots.get(part), kind)
    found = _Found()
    numbering = package.parts.get("word/numbering.xml", b"")
    lists = part_of({"numbering": _transitional(numbering)} if numbering else {}, "numbering")
    styles, numbers = read_styles(roots.pop("word/styles.xml", None), lists), read_numbers(lists)
    words: dict[int, str] = {}
    changed = {}
    managed = Managed(sources=sources_in(package.parts))
    body = roots["word/document.xml"]
    foreign = foreign_languages(letters_by_language(body), words_of(body)) - {
        primary(styles.language)}
    listed = has_bibliography([package.parts[part] for part in roots])
    try:
        for part, root in roots.items():
            text = part == "word/document.xml"
            writer = _Writer(found, styles, words if text else None,
                             managed if text and not listed else None,
                             foreign if text else frozenset(),  # titles in notes are any language's
                             numbers)
            writer.settle(root)
            changed[part] = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    except RecursionError:
        sink.error("damaged", "what the file holds is nested too deeply", Span(name),
                   "open it in Word, and save it once more as .docx")
        return None
    _tell_changes(found, name, tracked, sink)
    _tell_comments(package, found, name, tracked, sink)
    _tell_losses(found, name, sink)
    return Settled(package.packed(changed), words, managed)


def page_heads(package: Package) -> list[str]:
    """Return what stands at the head of the pages, a line each, its tabs as middle dots."""
    found: list[str] = []
    for part, data in sorted(package.parts.items()):
        if not re.fullmatch(r"word/header\d*\.xml", part):
            continue
        try:
            root = ElementTree.fromstring(_transitional(data))
        except (ElementTree.ParseError, ValueError, LookupError):
            continue
        for paragraph in root.iter(f"{_W}p"):
            words = "".join("\t" if element.tag == f"{_W}tab" else element.text or ""
                            for element in paragraph.iter()
                            if element.tag in (f"{_W}t", f"{_W}tab"))
            cells = [" ".join(cell.split()) for cell in words.split("\t")]
            found.append(" · ".join(cell for cell in cells if cell))
    return [line for line in dict.fromkeys(found) if line]


def _transitional(data: bytes) -> bytes:
    """Return a part with the names of ISO 29500 transitional; mammoth knows no strict ones."""
    strict = _W_STRICT[1:-1].encode()
    if strict not in data:
        return data
    pairs = (("http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1]),
             ("http://purl.oclc.org/ooxml/officeDocument/relationships",
              "http://schemas.openxmlformats.org/officeDocument/2006/relationships"))
    for old, new in pairs:
        data = data.replace(old.encode(), new.encode())
    return data


def words_of(element: Element) -> str:
    """Return the words below an element, those that were deleted too."""
    kinds = (f"{_W}t", f"{_W}delText", f"{_M}t")
    return "".join(e.text or "" for e in element.iter() if e.tag in kinds).strip()


def first_words(text: str) -> str:
    """Return what a paragraph begins with, short enough for a message."""
    words = SIGN.sub("", text).split()
    more = " ..." if len(words) > _FIRST_WORDS else ""
    return " ".join(words[:_FIRST_WORDS])[:60] + more


class _Writer:
    """Settles one part of a document, in place."""

    def __init__(self, found: _Found, styles: WordStyles,
                 words: dict[int, str] | None, managed: Managed | None,
                 foreign: frozenset[str], numbers: WordNumbers) -> None:
        self.found = found
        self.styles = styles
        self.words = words
        """First words by paragraph; None in notes, whose paragraphs are not counted."""
        self.managed = managed
        """Takes the citations of reference managers; None where they keep their words."""
        self.foreign = foreign
        """Languages that are not the document's."""
        self.numbers = numbers
        self.number = 0
        self._lettered = False
        """Whether the last paragraph was an item with a letter."""
        self._contents = 0
        """The first paragraph of a table of contents."""
        self.boxes: list[Element] = []

    def settle(self, parent: Element) -> None:
        """Settle all that stands below an element."""
        children: list[Element] = []
        for child in list(parent):
            children += self._settled(child)
        parent[:] = children

    def _settled(self, element: Element) -> Iterable[Element]:
        tag = element.tag
        if tag == f"{_W}p":
            return self._paragraph(element)
        if tag == f"{_W}r":
            return self._run(element)
        if tag in (f"{_W}del", f"{_W}moveFrom"):
            self._change("deleted", element)
            return ()
        if tag in (f"{_W}ins", f"{_W}moveTo"):
            self._change("inserted", element)
        if tag == f"{_W}sdt":
            return self._control(element)
        if tag == f"{_W}fldSimple":
            return self._field(element)
        if tag in _UNWRAPPED:
            self.settle(element)
            return list(element)
        if tag.startswith(_M):
            self._equation(element)
            return ()
        if tag == f"{_MC}AlternateContent":
            return self._alternative(element)
        if tag in _DROPPED:
            if tag in (f"{_W}commentRangeStart", f"{_W}commentReference"):
                self.found.comments.setdefault(element.get(f"{_W}id", ""), self.number)
            return ()
        self._look_for_losses(element)
        if tag == f"{_W}txbxContent":
            self._box(element)
            return ()
        self.settle(element)
        return (element,)

    # -- paragraphs and runs

    def _paragraph(self, element: Element) -> Iterator[Element]:
        outer = not self.boxes and self.words is not None
        if self.words is not None:
            self.number += 1
        number = self.number
        if self.words is not None and is_of_contents(element, self.styles):
            self._contents = self._contents or number
            known = self.found.others.get((self._contents, _CONTENTS), "")
            self.found.others[self._contents, _CONTENTS] = f"{known} {words_of(element)}"
            return
        with_list_of_style(element, self.styles)
        lettered = is_lettered(element, self.styles)
        if lettered and not self._lettered:
            self.found.others.setdefault((number, _LETTERED), words_of(element))
        self._lettered = lettered
        mark = element.find(f"{_W}pPr/{_W}rPr")
        for kind, word in (("del", "deleted"), ("ins", "inserted")):
            change = mark.find(f"{_W}{kind}") if mark is not None else None
            if change is not None:
                self.found.changes.setdefault(
                    (number, f"{word} end of the paragraph", change.get(f"{_W}author", "")), "")
        self.settle(element)
        if self.managed is not None:
            self.managed.settle(element)
        with_languages(element, self.foreign)
        if self.words is not None:
            self.words[number] = first_words(words_of(element))
            self._bookmark(element, number)
        yield element
        if outer or self.words is None:
            boxes, self.boxes = self.boxes, []
            yield from boxes

    def _bookmark(self, element: Element, number: int) -> None:
        """Put a bookmark at the paragraph's begin, by which its lines will know their number.

        It says how a paragraph is aligned, too (17.18.44), and which number an item of a list has,
        which the converter does not.
        """
        at = 1 if len(element) and element[0].tag == f"{_W}pPr" else 0
        place = {f"{_W}id": str(100_000 + number)}
        said = element.find(f"{_W}pPr/{_W}jc")
        side = _SIDES.get(said.get(f"{_W}val", ""), "") if said is not None else ""
        ordinal = self.numbers.of(element)
        name = f"{_BOOKMARK}{number}{side}{f'-n{ordinal}' if ordinal else ''}"
        element.insert(at, Element(f"{_W}bookmarkStart", {**place, f"{_W}name": name}))
        element.insert(at + 1, Element(f"{_W}bookmarkEnd", place))

    def _run(self, element: Element) -> Iterable[Element]:
        properties = element.find(f"{_W}rPr")
        if properties is not None:
            vanish, style = properties.find(f"{_W}vanish"), properties.find(f"{_W}rStyle")
            by_style = style is not None and style.get(f"{_W}val") in self.styles.hidden
            if (is_on(vanish) if vanish is not None else by_style) and words_of(element):
                self.found.hidden[self.number] = (
                    self.found.hidden.get(self.number, "") + words_of(element))
                return ()
            if is_struck(properties) and words_of(element):
                known = self.found.others.get((self.number, _STRUCK), "")
                self.found.others[self.number, _STRUCK] = f"{known}{words_of(element)}"
            if is_in_capitals(properties):
                language = language_of_run(element) or self.styles.language
                for text in element.iter(f"{_W}t"):
                    text.text = in_capitals(text.text or "", language)
        self.settle(element)
        return (element,)

    def _change(self, kind: str, element: Element) -> None:
        key = (self.number, kind, element.get(f"{_W}author", ""))
        self.found.changes[key] = f"{self.found.changes.get(key, '')} {words_of(element)}".strip()

    # -- wrappers

    def _control(self, element: Element) -> list[Element]:
        """Return what a content control holds; nothing if it is still its prompt (17.5.2)."""
        if element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
            return []
        content = element.find(f"{_W}sdtContent")
        if content is None:
            return []
        cited = self.managed.control(element) if self.managed is not None else None
        if cited is not None:
            return cited
        self.settle(content)
        return list(content)

    def _field(self, element: Element) -> list[Element]:
        """Return a simple field as a complex one (17.16.18), which keeps its link and result."""
        def run(child: Element) -> Element:
            out = Element(f"{_W}r")
            out.append(child)
            return out

        def mark(kind: str) -> Element:
            return run(Element(f"{_W}fldChar", {f"{_W}fldCharType": kind}))

        code = Element(f"{_W}instrText")
        code.text = element.get(f"{_W}instr", "")
        self.settle(element)
        return [mark("begin"), run(code), mark("separate"), *element, mark("end")]

    def _alternative(self, element: Element) -> list[Element]:
        """Return the choice that has text or a picture, else what older programs are shown."""
        choices = [c for c in element if c.tag == f"{_MC}Choice"]
        fallback = element.find(f"{_MC}Fallback")
        for choice in choices:
            if next(choice.iter(f"{_W}txbxContent"), None) is not None or any(
                    e.tag.endswith("}blip") for e in choice.iter()):
                self.settle(choice)
                return list(choice)
        chosen = fallback if fallback is not None else choices[0] if choices else None
        if chosen is None:
            return []
        for choice in choices:
            self._look_for_losses(choice)
        self.settle(chosen)
        return list(chosen)

    def _box(self, element: Element) -> None:
        """Take the paragraphs of a text box, which will stand behind its paragraph."""
        anchor = self.number
        self.found.others.setdefault((anchor, "text-box"), words_of(element))
        kept, self.boxes = self.boxes, []
        self.settle(element)
        for paragraph in element.iter(f"{_W}p"):
            properties = paragraph.find(f"{_W}pPr")
            if properties is None:
                properties = Element(f"{_W}pPr")
                paragraph.insert(0, properties)
            for style in properties.findall(f"{_W}pStyle"):
                properties.remove(style)
            properties.insert(0, Element(f"{_W}pStyle", {f"{_W}val": BOX_STYLE}))
        self.boxes = [*kept, *element, *self.boxes]

    # -- losses

    def _equation(self, element: Element) -> None:
        words = words_of(element)
        if words:
            known = self.found.others.get((self.number, "equation"), "")
            self.found.others[self.number, "equation"] = f"{known} {words}".strip()

    def _look_for_losses(self, element: Element) -> None:
        for child in (element, *element.iter()) if element.tag.endswith("}Choice") else (element,):
            local = child.tag.rpartition("}")[2]
            kind = _LEFT_OUT.get(local) if child.tag.startswith(_W) else _DRAWN.get(local)
            if kind:
                self.found.others.setdefault((self.number, kind), "")


# ---------------------------------------------------------------- what is told


def _tell_changes(found: _Found, name: str, tracked: TrackedChanges, sink: Sink) -> None:
    for (number, kind, author), text in found.changes.items():
        by = f" by {author}" if author else ""
        what = f"{kind}{by}" + (f": “{text[:80]}”" if text else "")
        if tracked is TrackedChanges.STOP:
            sink.error("tracked-change", f"a change is not settled: {what}", Span(name, number),
                       "accept or reject it in Word (Review), or write "
                       'tracked-changes = "accept" in issue.toml')
        else:
            sink.note("tracked-change", f"a change was accepted: {what}", Span(name, number))


def _tell_comments(package: Package, found: _Found, name: str, tracked: TrackedChanges,
                   sink: Sink) -> None:
    data = package.parts.get("word/comments.xml", b"")
    try:
        root = ElementTree.fromstring(_transitional(data)) if data else None
    except (ElementTree.ParseError, ValueError, LookupError):
        root = None
    for comment in root.iter(f"{_W}comment") if root is not None else ():
        number = found.comments.get(comment.get(f"{_W}id", ""), 0)
        author = comment.get(f"{_W}author", "")
        what = f"a comment by {author or 'somebody'}: “{words_of(comment)[:80]}”"
        if author == ASKED_BY:
            sink.note("open-question", f"a question to the author: “{words_of(comment)[:80]}”",
                      Span(name, number))
        elif tracked is TrackedChanges.STOP:
            sink.error("comment", what, Span(name, number),
                       "settle it in Word (Review, Delete), or write "
                       'tracked-changes = "accept" in issue.toml')
        else:
            sink.note("comment", f"left out: {what}", Span(name, number))


def _tell_losses(found: _Found, name: str, sink: Sink) -> None:
    for number, text in found.hidden.items():
        sink.warning("hidden-text", f"hidden text is left out: “{text[:80]}”", Span(name, number),
                     "if it shall be printed, take the hiding off in Word (Font, Hidden)")
    for (number, kind), text in found.others.items():
        if kind == "text-box":
            sink.warning("text-box", "a text box is set as a quotation behind its paragraph: "
                         f"“{first_words(text)}”", Span(name, number),
                         "move its text into the paragraphs if it belongs there")
        elif kind == _STRUCK:
            sink.warning("left-out", f"text is printed that is struck through: “{text[:80]}”",
                         Span(name, number), "delete it in Word, or take the line off")
        elif kind == _LETTERED:
            sink.warning("left-out", f"the list that begins “{first_words(text)}” has numbers "
                         "instead of its letters", Span(name, number),
                         "where the text speaks of point (b), type the letters by hand")
        elif kind == _CONTENTS:
            sink.note("left-out", "a table of contents is left out", Span(name, number))
            sink.change(Change(Span(name, number), "table-of-contents", text.strip(), ""))
        elif kind == "equation":
            sink.warning("left-out", f"an equation is left out: {text[:60]}", Span(name, number),
                         "write it as text, or put a picture of it in")
        else:
            sink.warning("left-out", f"{kind} is left out", Span(name, number),
                         "put a picture of it in")
