"""Citations by key, `[@key, p. 3; @other]`: each bracket is a note, made of the files of sources.

Pandoc's syntax (Pandoc User's Guide, "Citation syntax"), as far as it means a note. A key that is
not known is told with the nearest one that is, and its bracket printed as it stands.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from msgspec import Struct

from reportgen.citations.chicago import sentence
from reportgen.citations.library import Item, Library
from reportgen.citations.styles import AS_WRITTEN, NoteStyle
from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.languages import Language
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_GROUP = pattern(r"\s?\[(?=[^\[\]\n]{0,60}@)([^\[\]\n]{2,400})\](?![(:\w])")
_CITED = pattern(
    r"\s*(?P<lead>[^@;]{0,60}?)\s*-?@\{?(?P<key>[\w][\w:.#$%&+?<>~/-]*?)\}?(?P<rest>[,:.\s][^@;]*"
    r")?\s*")


class Cites(Struct, frozen=True):
    """What is cited, and how."""

    library: Library
    language: Language
    style: NoteStyle = AS_WRITTEN


def with_keys(lines: list[Line], cites: Cites, name: str, sink: Sink) -> list[Line]:
    """Return lines in which citations by key are calls of notes, with the notes at the end."""
    notes: list[Line] = []
    seen: set[str] = set()
    out: list[Line] = []
    for number, text in lines:
        if "@" not in text or "[" not in text:
            out.append((number, text))
            continue

        def called(match: re.Match[str], number: int = number) -> str:
            span = Span(name, number, match.start() + 1)
            words = _note(match[1], cites, seen, span, sink)
            if words is None:
                return match[0]
            sink.change(Change(span, "citation-key", match[0].strip(), ""))
            key = f"key-{len(notes) // 2 + 1}"
            notes.extend([(number, ""), (number, f"[^{key}]: {words}")])
            return f"[^{key}]"

        out.append((number, _GROUP.sub(called, text)))
    return [*out, *notes]


def _note(group: str, cites: Cites, seen: set[str], span: Span, sink: Sink) -> str | None:
    """Return the note that a bracket asks for; None if it is no citation or has an unknown key."""
    library, language, style = cites.library, cites.language, cites.style
    matches = [_CITED.fullmatch(part) for part in group.split(";")]
    if not all(matches):
        return None
    found: list[tuple[Item, str, str]] = []
    for match in matches:
        assert match
        item = library.items.get(match["key"].rstrip(".:")) or library.items.get(match["key"])
        if item is None:
            near = get_close_matches(match["key"], library.items, n=1, cutoff=0.6)
            sink.warning("unknown-source", f'no source "{match["key"]}" is known', span,
                         f'did you mean "{near[0]}"?' if near else "add it, or write it out")
            return None
        found.append((item, match["lead"] or "", (match["rest"] or "").strip(" ,:.")))
    parts: list[str] = []
    for item, lead, place in found:
        write = style.short if item.key in seen else style.full
        seen.add(item.key)
        begin = lead[:1].lower() if parts else lead[:1].upper()  # a note is a sentence
        parts.append(f"{begin}{lead[1:]} {write(item, place, language)}".strip())
    return sentence("; ".join(parts), language)
