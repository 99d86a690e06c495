"""Glyphs and spaces mended in the files of briefs themselves (`reportgen check --fix`).

What typography does on the page is done in Markdown and plain text: quotation marks, apostrophes,
dashes, no-break spaces. Only where letters and digits stay the same, outside of addresses and code,
and with the file's encoding and line ends.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from reportgen.citations.locked import Lock
from reportgen.composing.passes import PASSES, PassContext, mended_note, noted
from reportgen.composing.typography import mend_body, mend_title
from reportgen.diagnostics import Change, Sink
from reportgen.language.languages import language_of
from reportgen.model import Brief
from reportgen.series import Links, Series

_LINE_END = re.compile(r"(\r\n|\r|\n|\u2028)")
_KEPT = re.compile(r"\]\([^()\n]*\)|<[a-z]+:[^<>\s]*>|(?:https?://|www\.)\S+|`[^`\n]*`|^\s*\[[^\]]+\]:.*")
"""Addresses, the titles of pictures, and code: nothing is changed in there."""


def changes_of(brief: Brief, series: Series) -> tuple[Change, ...]:
    """Return what typography changes in the texts of a brief, lines of notes included."""
    sink = Sink()
    language = language_of(brief.language)
    context = PassContext(language, sink, Links.TEXT, frozenset(series.people), Lock())
    mend_title(brief.title, language, sink)
    for text in (brief.standfirst, *(author.bio for author in brief.authors)):
        for inline in mend_body(noted(text, context), language, sink):
            mended_note(inline, language, sink)
    blocks = brief.blocks
    for step in PASSES:
        blocks = step(blocks, context)
    return tuple(change for change in sink.changes if _is_of_glyphs(change))


def mended(text: str, changes: Iterable[Change]) -> str:
    """Return the text of a file with the changes made of which the place is plain."""
    by_line: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_line[change.span.line].append(change)
    parts = _LINE_END.split(text)
    for number, found in by_line.items():
        at = (number - 1) * 2  # every other part is the end of a line
        if 0 <= at < len(parts):
            parts[at] = _mended_line(parts[at], found)
    return "".join(parts)


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file, and its encoding; raises UnicodeDecodeError."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"),
                           (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data.decode(encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252"), "cp1252"


def _is_of_glyphs(change: Change) -> bool:
    return bool(change.after) and _alphanumeric(change.before) == _alphanumeric(change.after)


def _alphanumeric(words: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", words) if c.isalnum())


def _mended_line(line: str, changes: list[Change]) -> str:
    """Return a line with changes made, each where its words stand and nothing else has changed."""
    masked = _KEPT.sub(lambda m: "\0" * len(m[0]), line)
    edits: list[tuple[int, int, str]] = []
    for change in changes:
        start, end = _differing(change.before, change.after)
        new = change.after[start : len(change.after) - (len(change.before) - end)]
        at = masked.find(change.before)
        while at >= 0 and any((at + start < e and s < at + end) or s == at + start
                              for s, e, _ in edits):
            at = masked.find(change.before, at + 1)
        if at >= 0:
            edits.append((at + start, at + end, new))
    for begin, stop, new in sorted(edits, reverse=True):
        line = line[:begin] + new + line[stop:]
    return line


def _differing(before: str, after: str) -> tuple[int, int]:
    """Return where two texts begin and cease to differ, as offsets in the first."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    same = 0
    while (same < min(len(before), len(after)) - start
           and before[-1 - same] == after[-1 - same]):
        same += 1
    return start, len(before) - same
