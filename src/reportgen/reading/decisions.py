"""The decisions about an issue, `decisions.toml`: reading it, and adding to it.

TOML that can be read, written by hand, compared and merged; what stands there is never changed, new
decisions are added at the end.
"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from reportgen.citations.decisions import Become, DecidedSource, Decisions, key_of
from reportgen.diagnostics import Sink, Span
from reportgen.settings import parse_toml, read_settings
from reportgen.workspace import SourceText

FILE = "decisions.toml"
_HEAD = "# What was decided about this issue (docs/citations.md); yours to change.\n"


class _Citation(Struct, frozen=True):
    """A table of [[citations]]."""

    brief: str = ""
    words: str = ""
    become: str = ""


def read_decisions(source: SourceText | None, sink: Sink) -> Decisions:
    """Return the decisions of a file; mistakes in it are errors in `sink`."""
    data = parse_toml(source, sink) if source else None
    if source is None or data is None:
        return Decisions()
    for key in data.keys() - {"sources", "citations"}:
        sink.error("unknown-setting", f'no table "{key}"', _place(source, key),
                   "known are: [sources], [[citations]]")
    sources, citations = data.get("sources", {}), data.get("citations", [])
    if not isinstance(sources, dict) or not isinstance(citations, list) or not all(
            isinstance(row, dict) for row in (*sources.values(), *citations)):
        sink.error("wrong-type", "decisions are tables", source.span(1),
                   'write: [sources."https://..."] or [[citations]]')
        return Decisions()
    return Decisions(
        {url: read_settings(DecidedSource, row, source, sink, f'sources."{url}')
         for url, row in sources.items()},
        dict(found for row in citations
             if (found := _citation(row, source, sink)) is not None))


def _citation(row: dict[str, Any], source: SourceText,
              sink: Sink) -> tuple[tuple[str, str], Become] | None:
    read = read_settings(_Citation, row, source, sink, "citations")
    if read.become not in [become.value for become in Become] or not (read.brief and read.words):
        sink.error("decision", f'a citation has brief, words, and become = "note" or "text": '
                   f'{json.dumps(row, ensure_ascii=False, default=str)[:80]}',
                   _place(source, read.words[:20] or "citations"))
        return None
    return key_of(read.brief, read.words), Become(read.become)


def _place(source: SourceText, words: str) -> Span:
    """Return the line on which some words stand first."""
    found = [number for number, text in source.numbered if words in text]
    return source.span(found[0] if found else 0)


def with_sources(text: str, sources: dict[str, DecidedSource]) -> str:
    """Return the text of the file with sources added."""
    rows = [f"[sources.{_quoted(url)}]\n" + "".join(
        f"{key} = {_quoted(value)}\n" for key, value in asdict(decided).items() if value)
        for url, decided in sources.items()]
    return _added(text, rows)


def with_citations(text: str, citations: list[tuple[str, str, Become]]) -> str:
    """Return the text of the file with citations added: brief, words, what becomes of them."""
    return _added(text, [
        f"[[citations]]\nbrief = {_quoted(brief)}\nwords = {_quoted(words)}\n"
        f"become = {_quoted(become.value)}\n" for brief, words, become in citations])


def _added(text: str, rows: list[str]) -> str:
    """Return a text with rows at its end; one that stands there already is not written twice."""
    before = text if text.strip() else _HEAD
    end = "" if before.endswith("\n") else "\n"
    return before + end + "".join(f"\n{row}" for row in rows if row not in before)


def _quoted(words: str) -> str:
    """Return a basic string of TOML (1.0.0, "String")."""
    return re.sub("\x7f", "\\\\u007F", json.dumps(words, ensure_ascii=False))
