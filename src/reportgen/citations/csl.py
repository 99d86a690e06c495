"""Notes in a style of the Citation Style Language (CSL 1.0.2), from a file `*.csl`, by Typst.

Typst has a processor of CSL (hayagriva); the extra `reportgen[csl]` brings it. A style of notes is
asked for the first and for a later note of a source. A style of in-text citations has no notes: the
first has what stands in the list of references, a later one what would stand in the text.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from msgspec import Struct

from reportgen.citations.library import OTHERS, Item, PersonName
from reportgen.citations.parts import escaped, numbered
from reportgen.diagnostics import ReportgenError, Sink, Span
from reportgen.language.languages import Language

MAX_STYLE_BYTES = 2_000_000
_CITED = 3
"""Citations that a page is asked for: first, another source's, later."""

_TYPES = {
    "article-journal": ("article", "periodical"), "article-magazine": ("article", "periodical"),
    "article-newspaper": ("article", "newspaper"), "chapter": ("chapter", "anthology"),
    "paper-conference": ("article", "proceedings"), "webpage": ("web", "web"),
    "post": ("post", "web"), "post-weblog": ("post", "blog"), "book": ("book", "book"),
    "report": ("report", "report"), "thesis": ("thesis", "thesis"),
    "legislation": ("legislation", "legislation"), "legal_case": ("case", "case"),
    "entry-encyclopedia": ("entry", "reference"), "motion_picture": ("video", "video")}
"""Types of hayagriva for those of CSL, and of what holds a source."""


_HIDDEN = str.maketrans("${}", "\ue0f0\ue0f1\ue0f2")
_SHOWN = str.maketrans("\ue0f0\ue0f1\ue0f2", "${}")
"""Signs that hayagriva takes for mathematics and for letters whose case stays."""


class CslError(Exception):
    """A style that cannot be used; the message says why."""


class CslFile(Struct, frozen=True, dict=True):
    """A style, as its file has it."""

    data: bytes

    @cached_property
    def has_notes(self) -> bool:
        """Whether it is a style of notes (CSL, "class")."""
        return re.search(rb"<style\b[^>]*\bclass\s*=\s*[\"']note[\"']", self.data) is not None

    def _region(self, language: str) -> str:
        """Return the region of a language that the style is made for, as an argument of Typst."""
        match = re.search(rb"\bdefault-locale\s*=\s*[\"']([a-z]{2})-([A-Z]{2})[\"']", self.data)
        same = match is not None and match[1].decode() == language
        return f', region: "{match[2].decode()}"' if match and same else ""

    def check(self) -> None:
        """Write a note of a made-up source. Raises CslError if that cannot be done."""
        item = Item(key="check", kind="book", title="Title", authors=(PersonName("Name", "A."),))
        self._written(item, "", "en")

    def full_note(self, item: Item, locator: str, language: Language) -> str:
        """Return the first note of a source, as Markdown, without a full stop at its end."""
        first, _, entry = self._written_or_stop(item, locator, language.code)
        if self.has_notes:
            return first
        return f"{entry}, {numbered(locator)}" if locator.strip() else entry

    def short_note(self, item: Item, locator: str, language: Language) -> str:
        """Return a later note of a source, as Markdown, without a full stop at its end."""
        return self._written_or_stop(item, locator, language.code)[1]

    def _written_or_stop(self, item: Item, locator: str, language: str) -> tuple[str, str, str]:
        """Return what `_written` does. Raises ReportgenError."""
        try:
            return self._written(item, locator, language)
        except CslError as error:
            sink = Sink()
            sink.error("note-style", f'the style cannot write "{item.key or item.title}": {error}',
                       Span("series.toml"), "take another style, or mend the source")
            raise ReportgenError(sink) from None

    def _written(self, item: Item, locator: str, language: str) -> tuple[str, str, str]:
        """Return first and later citation, and the entry of the list. Raises CslError."""
        try:
            import typst
        except ImportError:
            raise CslError("Typst is not installed: pip install 'reportgen[csl]'") from None
        place = re.sub(r"\\(?=[\\`*_\[\]<>#|~^])", "", numbered(locator)) if locator.strip() else ""
        supplement = f", supplement: [#{json.dumps(place, ensure_ascii=False)}]" if place else ""
        main = (f'#set text(lang: "{language}"{self._region(language)})\n'
                f"#cite(<cited>{supplement}) a #cite(<other>) b #cite(<cited>{supplement})\n"
                '#bibliography("refs.json.yml", style: read("s.csl", encoding: none))')
        other = Item(key="", kind="book", title="Other", authors=(PersonName("Other", "O."),))
        sources = json.dumps({"cited": _entry(item), "other": _entry(other)}, ensure_ascii=False)
        files: Any = {"main.typ": main.encode(), "refs.json.yml": sources.encode(),
                      "s.csl": self.data}
        try:
            page = typst.compile(files, format="html", ignore_system_fonts=True)
        except (typst.TypstError, RuntimeError, ValueError) as error:
            raise CslError((str(error) or "it is damaged").splitlines()[0]) from None
        reader = _Reader()
        reader.feed(page.decode().translate(_SHOWN))
        cited = reader.notes if self.has_notes else reader.citations
        if len(cited) < _CITED or not reader.entries:
            raise CslError("it writes no note")
        entry = next((e for e in reader.entries if escaped(item.title)[:20].casefold()
                      in e.casefold()), reader.entries[0])
        return _bare(cited[0]), _bare(cited[2]), _bare(entry)


def _bare(words: str) -> str:
    """Return a note without its stop, and a citation without its brackets."""
    words = re.sub(r"\s+", " ", words).strip()
    if words.startswith("(") and words.endswith(")"):
        words = words[1:-1]
    return words.removesuffix(".")


def _entry(item: Item) -> dict[str, Any]:
    """Return a source as hayagriva has it."""
    kind, holder = _TYPES.get(item.kind, ("misc", "misc"))
    entry: dict[str, Any] = {"type": kind, "title": item.title.translate(_HIDDEN)}
    held: dict[str, Any] = {}
    if item.authors:
        entry["author"] = [_name(n) for n in item.authors if n is not OTHERS]
    for key, value in (("volume", item.volume), ("issue", item.issue)):
        (held if item.container else entry).update({key: value} if value else {})
    if item.editors:
        (held if item.container else entry)["editor"] = [_name(n) for n in item.editors]
    if item.publisher and item.publisher != item.container:
        (held if kind == "chapter" else entry)["publisher"] = item.publisher.translate(_HIDDEN)
    if item.container:
        entry["parent"] = {"type": holder, "title": item.container.translate(_HIDDEN), **held}
    if re.fullmatch(r"\d{4}(?:-[01]\d(?:-[0-3]\d)?)?", item.issued):
        entry["date"] = item.issued
    if item.page:
        entry["page-range"] = item.page
    if item.number:
        entry["serial-number"] = item.number
    if item.genre:
        entry["genre"] = item.genre.translate(_HIDDEN)
    if re.fullmatch(r"https?://[^\s<>/?#]+[^\s<>]*", item.url):
        day = re.fullmatch(r"\d{4}-[01]\d-[0-3]\d", item.accessed)
        entry["url"] = {"value": item.url, "date": item.accessed} if day else item.url
    return entry


def _name(name: PersonName) -> dict[str, str]:
    parts = {"name": name.family, "given-name": name.given, "suffix": name.suffix}
    return {key: value.translate(_HIDDEN) for key, value in parts.items() if value}


_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**"}


class _Reader(HTMLParser):
    """Takes notes, citations and entries out of the page that Typst writes, as Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []
        self.citations: list[str] = []
        self.entries: list[str] = []
        self._into: list[str] | None = None
        self._part = ""
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        role = found.get("role") or ""
        if tag == "section":
            self._part = role
        elif tag == "li" and self._part:
            self._into = self.entries if self._part == "doc-bibliography" else self.notes
            self._into.append("")
        elif tag == "a" and role == "doc-biblioref" and not self._part:
            self._into = self.citations
            self._into.append("")
        elif role == "doc-backlink":
            self._quiet = 1
        elif tag in _MARKS:
            self._add(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag == "li" or (tag == "a" and self._into is self.citations):
            self._into = None
        elif tag == "sup":
            self._quiet = 0
        elif tag in _MARKS:
            self._add(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        if re.fullmatch(r"https?://\S+", data):
            self._add(f"<{data}>")
        elif not self._quiet:
            self._add(escaped(data))

    def _add(self, words: str) -> None:
        if self._into:
            self._into[-1] += words
