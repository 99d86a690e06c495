"""A brief's file, whatever its format, as the text that the reader of briefs takes."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from msgspec import Struct, field

from reportgen.citations.library import Library
from reportgen.citations.styles import AS_WRITTEN, NoteStyle
from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month
from reportgen.language.languages import language_of
from reportgen.language.recognition import recognised
from reportgen.reading.documents.hypertext import Hypertext
from reportgen.reading.documents.package import open_package
from reportgen.reading.documents.tree import Node, parse
from reportgen.reading.documents.word import (
    BOX_STYLE,
    Settled,
    alignment_of,
    ordinal_of,
    page_heads,
    paragraph_of,
    settled,
)
from reportgen.reading.heading import PAGE_HEAD
from reportgen.reading.keys import Cites, with_keys
from reportgen.reading.leftovers import OFFICE_SUFFIXES, WEB_SUFFIXES, WORD_SUFFIXES
from reportgen.reading.markdown import Line
from reportgen.series import TrackedChanges
from reportgen.workspace import MAX_DOCUMENT_BYTES, SourceText, Workspace

_PICTURES = {"image/png": ".png", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/gif": ".gif",
             "image/webp": ".webp", "image/tiff": ".tif"}
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_STYLE_MAP = f"""
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p.{BOX_STYLE} => blockquote > p:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Figure'] => p.caption:fresh
p[style-name='Illustration'] => p.caption:fresh
p[style-name='List Bullet'] => ul > li:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Number'] => ol > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
comment-reference =>
"""


class Document(Struct, frozen=True):
    """A brief as Markdown, out of a file of another format."""

    lines: tuple[Line, ...]
    """With the number of the paragraph, or of the line of an HTML file."""
    pictures: dict[str, bytes]
    words: dict[int, str]
    """First words of the paragraphs, by number; empty where numbers are those of lines."""

    def text(self) -> str:
        """Return the lines as a file of Markdown; the head of the pages is a comment."""
        return "\n".join(f"<!-- {line[1:]} -->" if line.startswith(PAGE_HEAD) else line
                         for _, line in self.lines) + "\n"


class Beside(Struct, frozen=True):
    """Where the pictures of a document are, and how its sources are written."""

    folder: Path
    """That of a web page, which has them in files."""
    pictures: str = ""
    """What their names in the text begin with, if they come out of the document."""
    notes: NoteStyle = AS_WRITTEN
    """Style of what reference managers cite."""


def read_source(workspace: Workspace, path: Path, tracked: TrackedChanges, sink: Sink,
                notes: NoteStyle = AS_WRITTEN) -> SourceText | None:
    """Return the text of a document; None and errors in `sink` if it cannot be read.

    Its pictures can be read from `workspace` then, as files beside it.
    """
    name = workspace.shown(path)
    data = workspace.read_bytes(path, sink, MAX_DOCUMENT_BYTES, Span(name))
    # No file can lie below another, so the picture of a document never hides one of the folder.
    document = (read_document(data, name, tracked, sink,
                              Beside(path.parent, f"{path.name}/", notes))
                if data is not None else None)
    if document is None:
        return None
    for picture, content in document.pictures.items():
        workspace.embed(path / picture, content)
    return SourceText(name, "\n".join(line for _, line in document.lines),
                      tuple(number for number, _ in document.lines), document.words)


def read_document(data: bytes, name: str, tracked: TrackedChanges, sink: Sink,
                  beside: Beside) -> Document | None:
    """Return what a document of any of these formats says; `name` has its suffix."""
    suffix = Path(name).suffix.lower()
    if suffix in WEB_SUFFIXES:
        return _web_page(data, name, beside.folder, sink)
    if suffix in OFFICE_SUFFIXES and (suffix == ".odt" or not data.startswith(b"PK\x03\x04")):
        from reportgen.reading.documents.office import as_word

        converted = as_word(data, suffix, name, sink)
        if converted is None:
            return None
        data = converted
    return _word(data, name, tracked, sink, beside)


def imported(path: Path, folder: Path, tracked: TrackedChanges, sink: Sink) -> dict[Path, bytes]:
    """Return the files that a document becomes in `folder`: its Markdown, and its pictures."""
    name = str(path)
    if path.suffix.lower() not in (*WORD_SUFFIXES, *OFFICE_SUFFIXES, *WEB_SUFFIXES):
        sink.error("no-document", f"{path.name} is no document that can be read", Span(name),
                   "Word, OpenDocument, RTF and HTML files are; text needs no import, and of a PDF "
                   "the author has the text")
        return {}
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_DOCUMENT_BYTES else None
    except OSError as error:
        sink.error("unreadable", f"it cannot be read: {error.strerror}", Span(name))
        return {}
    if data is None:
        sink.error("too-large", f"the limit is {MAX_DOCUMENT_BYTES // 1_000_000} MB", Span(name))
        return {}
    told = Sink()
    document = read_document(data, name, tracked, told, Beside(path.parent))
    if document is not None:
        told.add_hints(lambda d: paragraph_hint(d.span.line, document.words))
    for diagnostic in told:
        sink.add(diagnostic)
    if document is None:
        return {}
    return {folder / f"{path.stem}.md": document.text().encode(),
            **{folder / picture: content for picture, content in document.pictures.items()}}


def paragraph_hint(number: int, words: Mapping[int, str]) -> str:
    """Return by what words a paragraph can be found; empty if its words are not known."""
    return f"paragraph {number} begins “{words[number]}”" if words.get(number) else ""


# ---------------------------------------------------------------- Word


def _word(data: bytes, name: str, tracked: TrackedChanges, sink: Sink,
          beside: Beside) -> Document | None:
    package = open_package(data, Span(name), sink)
    document = settled(package, name, tracked, sink) if package else None
    if document is None or sink.failed:
        words = document.words if document else {}
        sink.add_hints(lambda d: paragraph_hint(d.span.line, words) if d.span.file == name else "")
        return None
    pictures = _Pictures(Path(name).stem, name, sink)
    html = _html(document, name, pictures, sink)
    if html is None:
        return None
    hypertext = Hypertext(parse(html), _paragraph,
                          lambda source: f"{beside.pictures}{source}"
                          if source in pictures.found else "", _side, _ordinal)
    lines = hypertext.lines()
    _log_note_heads(hypertext, name, sink)
    if document.managed.groups:
        text = "\n".join(line for _, line in lines)
        lines = [(number, document.managed.restored(line)) for number, line in lines]
        cites = Cites(Library(document.managed.items), language_of(recognised(text) or "en"),
                      beside.notes)
        lines = with_keys(lines, cites, name, sink)
    if len(lines) > _MOST_LINES:
        sink.error("too-long", f"the text has {len(lines)} lines; the limit is {_MOST_LINES}",
                   Span(name), "is this one brief?")
        return None
    assert package is not None
    lines = _with_page_head(lines, page_heads(package))
    return Document(tuple(lines), pictures.found, document.words)


_MOST_LINES = 20_000


def _log_note_heads(hypertext: Hypertext, name: str, sink: Sink) -> None:
    """Log the headings of lists of notes: the notes stand at the feet of their pages."""
    for number, words in hypertext.note_heads:
        sink.change(Change(Span(name, number), "end-notes", words.strip(" #*"), ""))


_DATED_WITHIN = 8
"""Lines of text at the top in one of which a brief says its month, as a rule."""

_LONGEST_HEAD = 14
"""words"""


def _with_page_head(lines: list[Line], heads: list[str]) -> list[Line]:
    """Return lines below the head of the pages, if only that says of what month they are.

    It is marked as such: it counts only if it names a region that is known, and is not printed.
    """
    first = [text for _, text in lines if text.strip() and not text.startswith("|")]
    first = first[:_DATED_WITHIN]
    if any(find_month(text) for text in first if len(text.split()) <= _LONGEST_HEAD):
        return lines
    head = next((h for h in heads if find_month(h) and len(h.split()) <= _LONGEST_HEAD), None)
    return [(1, f"{PAGE_HEAD}{head}"), (1, ""), *lines] if head else lines


class _Pictures(Struct):
    """The pictures of a document, by the names that they get."""

    stem: str
    name: str
    sink: Sink
    found: dict[str, bytes] = field(default_factory=dict)

    def take(self, image: Any) -> dict[str, str]:
        """Take a picture of mammoth's; return the attributes of its element."""
        from mammoth.docx.files import InvalidFileReferenceError

        suffix = _PICTURES.get(image.content_type)
        try:
            with image.open() as file:
                data = file.read() if suffix else b""
        except (OSError, KeyError, InvalidFileReferenceError):  # it leads outside the file
            suffix, data = None, b""
        if suffix is None:
            self.sink.warning("left-out", "a picture is left out: it is a link, or of the kind "
                              f"{image.content_type}", Span(self.name),
                              "put it in as PNG or JPEG")
            return {"src": ""}
        name = f"{self.stem}-{len(self.found) + 1}{suffix}"
        self.found[name] = data
        return {"src": name}


def _html(document: Settled, name: str, pictures: _Pictures, sink: Sink) -> str | None:
    import mammoth

    try:
        made = mammoth.convert_to_html(
            io.BytesIO(document.data), style_map=_STYLE_MAP, include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(pictures.take))
    except Exception as error:  # it raises whatever a file that Word never wrote makes it
        sink.error("damaged", f"the file cannot be read ({type(error).__name__})", Span(name),
                   "open it in Word, and save it once more as .docx")
        return None
    return str(made.value)


def _paragraph(node: Node) -> int:
    """Return the number of a paragraph, by the bookmark at its begin."""
    own = paragraph_of(node.attributes.get("id", ""))
    if own or node.tag not in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr"):
        return own
    return next((n for child in node.walk() if (n := paragraph_of(child.attributes.get("id", "")))),
                0)


def _ordinal(item: Node) -> int:
    """Return the number of an item of a list, by the bookmark at the begin of its first paragraph.
    """
    marks = (child.attributes.get("id", "") for child in item.walk())
    return next((ordinal_of(mark) for mark in marks if paragraph_of(mark)), 0)


def _side(cell: Node) -> str:
    """Return how all paragraphs of a cell are aligned, by their bookmarks."""
    marks = [child.attributes.get("id", "") for child in cell.walk()]
    sides = {alignment_of(mark) for mark in marks if paragraph_of(mark)}
    return sides.pop() if len(sides) == 1 else ""


# ---------------------------------------------------------------- web pages


def _web_page(data: bytes, name: str, folder: Path, sink: Sink) -> Document | None:
    if b"\0" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        sink.error("not-text", "this is no HTML", Span(name), "save the page once more")
        return None
    missing: list[str] = []

    def beside(source: str) -> str:
        """Return the path of a picture beside the page; empty for one that is not there."""
        file = unquote(source)
        elsewhere = re.match(r"[a-z][a-z0-9+.-]*:|/", file, re.IGNORECASE)
        if elsewhere or "\0" in file or not (folder / file).is_file():
            missing.append(source)
            return ""
        return file

    hypertext = Hypertext(parse(_decoded(data)), picture_of=beside)
    lines = hypertext.lines()
    _log_note_heads(hypertext, name, sink)
    if missing:
        sink.warning("left-out", f"{len(missing)} pictures are left out that do not lie beside the "
                     f"page, such as {missing[0][:60]}", Span(name),
                     "save the page with all its files, or put the pictures into its folder")
    if hypertext.left_out:
        for words in hypertext.left_out:
            sink.change(Change(Span(name), "page-furniture", words, ""))
        sink.note("page-furniture", f"left out of the page: {len(hypertext.left_out)} parts such "
                  f"as “{hypertext.left_out[0][:60]}”", Span(name))
    return Document(tuple(_with_page_head(lines, hypertext.left_out)), {}, {})


def _decoded(data: bytes) -> str:
    """Return the text of a page, by its byte order mark or by what it says of itself."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    said = _CHARSET.search(data[:4000])
    for encoding in ("utf-8-sig", said[1].decode("ascii") if said else "cp1252", "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")
