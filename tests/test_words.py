"""No word lost: every word of a line of running text is printed, or logged as left out.

Of all briefs in tests/blind and tests/cases that are text; what is printed are the fields, the text
and the notes. Lines of fewer letters (heads, labels, names) are held by the other tests.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reportgen.diagnostics import Change, Sink
from reportgen.export import press_of
from reportgen.model import CodeBlock, ComposedBrief, ListBlock, Run, Text, plain
from reportgen.session import open_session
from reportgen.standards import ColourSpace
from reportgen.store import Store
from reportgen.texts import texts, walk

from .conftest import CASES

TEXT = (".md", ".txt")
RUNNING_TEXT = 60
"""Letters of a line that is taken for running text."""

BRIEFS = sorted(path for folder in (CASES / "briefs", CASES / "real-briefs")
                for path in folder.rglob("*") if path.suffix in TEXT and path.name != "README.md")
"""Those of tests/blind are looked at in test_blind.py, where they are composed."""

_NO_WORDS = re.compile(
    r"\[\^[^\]\s]*\]:?|\]\([^()\n]*\)|\]\[[^\[\]\n]*\]"
    r"|^\[[^\[\]\n]+\]:\s+<?https?:\S+|https?://\S+|www\.\S+|mailto:\S+|<!--.*?-->|\{[^{}]*\}"
    r"|</?[a-z]+[^>]*>|\[[ivxl]{1,6}\]")
"""Calls of notes, where links lead and the names of what they lead to, addresses (which may be
cut), comments, attributes, tags."""


_FIELD = re.compile(r"[^\W\d_][\w -]{1,20}:\s")
"""A field of a header: its key is not printed."""


def words_of(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[^\W\d_]+", re.sub("[\u00ad\u200b\u2060\ufeff]", "", text))


def shown(text: Text) -> str:
    addresses = " ".join(i.style.href or "" for i in text if isinstance(i, Run))
    return f"{plain(text)} {addresses}"


def printed(brief: ComposedBrief) -> str:
    parts = [plain(brief.title), plain(brief.standfirst), brief.region, brief.month,
             brief.pull_quote, *brief.key_points]
    parts += [f"{author.name} {plain(author.bio)}" for author in brief.authors]
    parts += [shown(text) for text in texts(brief.blocks)]
    parts += [shown(note.text) for note in brief.notes]
    parts += [mark for block in walk(brief.blocks) if isinstance(block, ListBlock)
              for mark in block.marks]
    parts += [block.text for block in walk(brief.blocks) if isinstance(block, CodeBlock)]
    parts += [f"{figure.value} {figure.label}" for figure in brief.figures]
    return "\n".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize("path", BRIEFS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_word_is_printed_or_logged(path: Path, tmp_path: Path) -> None:
    file = tmp_path / path.name
    file.write_bytes(path.read_bytes())
    session = open_session(file, (), Sink(), press_of, store=Store(None))
    assert session
    result = session.composed(session.frame.files[0], ColourSpace.RGB)
    brief, sink = result.value, result.sink
    if brief is None or sink.failed:
        assert sink.failed
        return  # refused in words: nothing is printed
    assert not lost_words(path, brief, sink.changes)


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file of text; the paragraphs of a Word file or of a web page."""
    data = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            parts = [package.read(name) for name in package.namelist() if re.fullmatch(
                r"word/(?:document|footnotes|endnotes)\.xml", name)]
        return [line for part in parts for line in _paragraphs_of_word(part)]
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return []  # in another encoding, which test_reading.py looks at
    if path.suffix in (".html", ".htm"):
        page = _Paragraphs()
        page.feed(source)
        return page.found
    source = re.sub(r"\A(---|\+\+\+)\n.*?\n\1\n", "", source, flags=re.DOTALL)
    return re.sub(r"-\n\s*(?=[^\W\d_])", "-\n", source).split("\n")


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _paragraphs_of_word(part: bytes) -> list[str]:
    """Return the words of each paragraph, without those that are hidden."""
    found: list[str] = []

    def read(element: ElementTree.Element) -> None:
        for child in element:
            if child.tag == f"{_WORD}r" and child.find(f"{_WORD}rPr/{_WORD}vanish") is not None:
                continue
            if child.tag == f"{_WORD}p":  # one of a text box ends that around it
                found.append("")
            elif child.tag == f"{_WORD}t":
                found[-1] += child.text or ""
            elif child.tag in (f"{_WORD}br", f"{_WORD}tab", f"{_WORD}noBreakHyphen"):
                found[-1] += " "
            if not child.tag.endswith("}Fallback"):
                read(child)

    read(ElementTree.fromstring(part))
    return found


class _Paragraphs(HTMLParser):
    """The words of the paragraphs, items and cells of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "li", "td", "th", "blockquote", "h1", "h2", "h3"):
            self.found.append("")
            self.open = True
        elif tag in ("br", "sup", "sub", "button"):
            self.handle_data(" ")
        elif tag in ("div", "section", "article", "main", "header", "nav", "footer", "aside",
                     "script", "style", "form"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.found[-1] += data.replace("\n", " ")


def lost_words(path: Path, brief: ComposedBrief,
               changes: Iterable[Change]) -> list[tuple[str, list[str]]]:
    """Return the lines of a file with words that are neither printed nor logged, and these."""
    changes = list(changes)
    known = set(words_of(printed(brief)))
    known |= {word for change in changes for word in words_of(change.before)}
    known |= {change.after.casefold() for change in changes}
    lines = lines_of(path)
    missing = []
    for at, line in enumerate(lines):
        if len(line.strip()) < RUNNING_TEXT or _FIELD.match(line):
            continue
        bare = _NO_WORDS.sub(" ", line)
        found = words_of(bare)
        if bare.rstrip().endswith("-"):
            found = found[:-1]  # the first half of a word
        if at and lines[at - 1].rstrip().endswith("-"):
            found = found[1:]
        lost = [word for word in found if word not in known]
        if lost:
            missing.append((line, lost))
    return missing
