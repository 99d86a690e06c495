"""Numbers for notes, restarting with each brief, and the list of what they cite."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.composing.identity import CitedBefore, source_key
from reportgen.composing.typography import mend
from reportgen.diagnostics import Sink
from reportgen.language.languages import Language
from reportgen.model import (
    Block,
    ComposedBrief,
    Inline,
    Note,
    NoteCall,
    Run,
    Source,
    SourceCall,
    SourceEntry,
    Style,
    Text,
    plain,
)
from reportgen.texts import map_text


class Numbering(Struct):
    """Numbers the notes of one brief in the order of their calls."""

    prefix: str
    """Identifier of the brief; a note's is this and its number."""
    before: CitedBefore
    """Knows what a note means that names its source in short."""
    notes: list[Note] = field(default_factory=list)
    _known: dict[Note, Note] = field(default_factory=dict)

    def text(self, text: Text) -> Text:
        """Return `text` with its notes numbered; a raised comma parts two calls in a row."""
        out: list[Inline] = []
        after_call = False
        for inline in text:
            if not isinstance(inline, NoteCall):
                out.append(inline)
                after_call = False
                continue
            if after_call:
                out.append(Run(",", Style(superior=True), inline.span))
            out.append(self._numbered(inline))
            after_call = True
        return tuple(out)

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return `blocks` with their notes numbered."""
        return tuple(map_text(block, self.text) for block in blocks)

    def _numbered(self, call: NoteCall) -> Inline:
        """Return the call of a numbered note; called again, a note is a link to the first call."""
        known = self._known.get(call.note) if call.note.identifier else None
        if known:
            style = Style(superior=True, href=f"#{known.identifier}")
            return Run(str(known.number), style, call.span)
        number = len(self.notes) + 1
        note = self.before.resolved(
            replace(call.note, number=number, identifier=f"{self.prefix}-note-{number}"))
        self.notes.append(note)
        self._known[call.note] = note
        return NoteCall(note, call.span)


def _sources_of(brief: ComposedBrief) -> Iterator[tuple[Source, int]]:
    """Yield the sources of a brief, each with its note's number; zero where a line names it."""
    for note in brief.notes:
        yield from ((source, note.number) for source in note.sources if source.title != "IBID")
    yield from ((source, 0) for source in brief.named)


def list_of_sources(briefs: tuple[ComposedBrief, ...],
                    language: Language) -> tuple[SourceEntry, ...]:
    """Return the sources of an issue, each once and in order, with where they are cited."""
    found: dict[str, tuple[Source, list[SourceCall]]] = {}
    for brief in briefs:
        for source, number in _sources_of(brief):
            if not (source.title or source.container or source.url):
                continue
            call = (SourceCall(f"{brief.anchor}-note-{number}", f"{brief.region}, {number}")
                    if number else SourceCall(brief.anchor, brief.region))
            entry = found.setdefault(source_key(source), (source, []))
            if call not in entry[1]:
                entry[1].append(call)
    entries = [SourceEntry(entry_text(source, language), _sort_key(source), tuple(calls))
               for source, calls in found.values()]
    return tuple(sorted(entries, key=lambda e: e.sort_key))


def entry_text(source: Source, language: Language) -> Text:
    """Return a source as the list prints it: author, title, container, date, address."""
    parts: list[Text] = []
    if source.words:
        address = ((Run(source.url, Style(href=source.url)),) if source.url else ())
        words = mend(source.words, language, Sink())
        return (*words, *((Run(", "), *address) if address else ()), Run("."))
    if source.author:
        parts.append((Run(source.author),))
    if source.title:
        parts.append((Run(source.title, Style(emphasis=True)),))
    if source.container:
        parts.append((Run(source.container),))
    if source.issued:
        parts.append((Run(language.date(source.issued)),))
    if source.url:
        parts.append((Run(source.url, Style(href=source.url)),))
    out: list[Inline] = []
    for part in parts:
        if out:
            out.append(Run(", "))
        out += part
    return (*out, Run("."))


def _sort_key(source: Source) -> str:
    name = (plain(source.words) or source.author or source.title or source.container or source.url
            or "")
    folded = unicodedata.normalize("NFKD", name.casefold())
    folded = re.sub(r"\d+", lambda m: m[0].zfill(8), folded)
    return re.sub(r"^(?:the|a|an|il|la|le|les|der|die|das|el|los) ", "",
                  "".join(c for c in folded if c.isalnum() or c == " ")).strip()


def csl_items(briefs: tuple[ComposedBrief, ...]) -> list[dict[str, object]]:
    """Return the sources of an issue as CSL-JSON (CSL 1.0.2, csl-data.json)."""
    items: dict[str, dict[str, object]] = {}
    for brief in briefs:
        for source, number in _sources_of(brief):
            key = source_key(source)
            if key not in items:
                items[key] = _csl(source, f"{brief.name}-{number}-{len(items) + 1}")
    return list(items.values())


def _csl(source: Source, identifier: str) -> dict[str, object]:
    item: dict[str, object] = {"id": identifier, "type": "webpage" if source.url else "document"}
    if source.words:
        source = replace(source, title=plain(source.words), author=None, container=None)
    for key, value in (("title", source.title), ("container-title", source.container),
                       ("URL", source.url), ("locator", source.locator),
                       ("archive_location", source.archive)):
        if value:
            item[key] = value
    if source.author:
        item["author"] = [{"literal": source.author}]
    for key, date in (("issued", source.issued), ("accessed", source.accessed)):
        if date:
            item[key] = {"date-parts": [[int(part) for part in date.split("-")]]}
    return item
