"""Notes that are nothing but an address get what the lock file knows: author, title, site, date.

Only those: a note with words of its author's stays as it is. What the editor has not confirmed is
told, and so is a source that was not there.
"""

from __future__ import annotations

from msgspec.structs import replace

from reportgen.citations.locked import Lock, Locked, SourceState
from reportgen.diagnostics import Sink
from reportgen.language.languages import Language
from reportgen.model import PLAIN, Block, Inline, Note, NoteCall, Run, Source, Style, Text, plain
from reportgen.texts import is_address, map_text


def described(blocks: tuple[Block, ...], lock: Lock, language: Language,
              sink: Sink) -> tuple[Block, ...]:
    """Return `blocks`, the bare notes in them with what `lock` knows of their addresses."""
    def text(found: Text) -> Text:
        return tuple(replace(i, note=_described(i.note, lock, language, sink))
                     if isinstance(i, NoteCall) else i for i in found)

    return tuple(map_text(block, text) for block in blocks)


def _described(note: Note, lock: Lock, language: Language, sink: Sink) -> Note:
    for source in note.sources:
        entry = lock.entry(source.url or "")
        if entry is not None and entry.state is SourceState.DEAD:
            sink.warning("dead-source",
                         f"{source.url} was not there on {entry.accessed}: {entry.why}", note.span,
                         f"a copy: {entry.archive}" if entry.archive
                         else "look for another address, or for a copy")
    bare = [i for i in note.text if isinstance(i, Run) and i.text.strip(" .")]
    if len(bare) != 1 or not is_address(bare[0]) or len(note.sources) != 1:
        return note
    entry = lock.entry(note.sources[0].url or "")
    if entry is None or not entry.title:
        return note
    if note.sources[0].url not in lock.decided:
        sink.note("unconfirmed-source", f"note to {note.sources[0].url}: {entry.title[:80]}",
                  note.span, f"if that is right: reportgen cites --confirm {note.sources[0].url}")
    source = Source(title=entry.title, container=entry.site or None, author=entry.author or None,
                    issued=entry.date or None, url=note.sources[0].url, accessed=entry.accessed,
                    archive=entry.archive or None)
    return replace(note, text=_text(entry, bare[0], language), sources=(source,))


def _text(entry: Locked, address: Run, language: Language) -> Text:
    """Return author, title, site, date and address as a note prints them."""
    opening, closing = language.quotes
    inside = language.code == "en"
    comma = "," if inside else ""
    parts: list[list[Inline]] = []
    if entry.author:
        parts.append([Run(entry.author, PLAIN, address.span)])
    parts.append([Run(f"{opening}{entry.title}{comma}{closing}", PLAIN, address.span)])
    if entry.site:
        parts.append([Run(entry.site, Style(emphasis=True), address.span)])
    if entry.date:
        parts.append([Run(language.date(entry.date), PLAIN, address.span)])
    parts.append([address])
    out: list[Inline] = []
    for number, part in enumerate(parts):
        behind = plain(tuple(out))
        mark = "" if not number else " " if inside and behind.endswith(f",{closing}") else ", "
        out += [*([Run(mark, PLAIN, address.span)] if mark else []), *part]
    return (*out, Run(".", PLAIN, address.span))
