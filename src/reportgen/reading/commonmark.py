"""Markdown as CommonMark and GitHub have it, written for Python-Markdown, line by line.

Python-Markdown wants four spaces for each level of a list, knows no fences, and no table without a
rule below its head. People write as the sites do that they know (CommonMark 0.31.2, 4.5 and 5.2;
GitHub Flavored Markdown, 4.10). Lines keep their numbers.
"""

from __future__ import annotations

from msgspec import Struct

from reportgen.diagnostics import Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_ITEM = pattern(r"^(?P<indent> {0,11})(?P<mark>[-*+]|\d{1,9}[.)])(?P<gap> {1,4})(?=\S)")
_FENCE = pattern(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})[^`]*$")
_RULE = pattern(r"^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")
_BREAK = pattern(r"^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")

_TAB = 4
_END_OF_LIST = "\u200b"
"""A paragraph of nothing, which ends a list: what is indented behind it is code, and no item."""


class _Level(Struct, frozen=True):
    """A list that is open."""

    indent: int
    """of its marks"""
    content: int
    """of what belongs to its items"""


def as_python_markdown(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines that Python-Markdown reads as CommonMark and GitHub read `lines`."""
    return _with_indents(_with_table_rules(_with_indented_code(lines), name, sink))


def _with_indented_code(lines: list[Line]) -> list[Line]:
    """Return lines in which code between fences is indented instead, and stands by itself."""
    out: list[Line] = []
    closing = _closing(lines)
    fence, indent, begun = "", 0, 0
    for at, (number, text) in enumerate(lines):
        match = _FENCE.match(text)
        if fence:
            if match and match["fence"].startswith(fence) and not text.strip(" `~"):
                fence = ""
                out.append((number, ""))
            else:
                bare = text[min(indent, len(text) - len(text.lstrip())):]
                out.append((number, f"{' ' * _TAB}{bare}" if bare.strip() else ""))
        elif match and len(match["fence"]) <= closing[at + 1][match["fence"][0]]:
            fence, indent, begun = match["fence"], len(match["indent"]), number
            out += [(begun, ""), (begun, _END_OF_LIST), (begun, "")]
        else:
            out.append((number, text))
    return out


def _closing(lines: list[Line]) -> list[dict[str, int]]:
    """Return how long a fence from each line on may be that is closed, by its sign."""
    found = [{"`": 0, "~": 0}]
    for _, text in reversed(lines):
        bare = text.strip()
        longest = found[-1]
        if len(bare) >= 3 and bare[0] in longest and not bare.strip(bare[0]):
            longest = {**longest, bare[0]: max(longest[bare[0]], len(bare))}
        found.append(longest)
    return found[::-1]


def _with_table_rules(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines with a rule below the first row of a table that has none; each is told."""
    out: list[Line] = []
    for at, (number, text) in enumerate(lines):
        out.append((number, text))
        above = lines[at - 1][1] if at else ""
        below = lines[at + 1][1] if at + 1 < len(lines) else ""
        columns = _columns(text)
        if (columns > 1 and columns == _columns(below) and not _columns(above)
                and not _RULE.match(below.strip()) and not _RULE.match(text.strip())
                and not above.strip()):
            sink.note("table-head", "the first row is taken for the head of the table",
                      Span(name, number), "a table begins with its head and a row of dashes")
            out.append((number, "|" + "---|" * columns))
    return out


def _columns(text: str) -> int:
    """Return the number of cells of a row that begins and ends with a bar; else 0."""
    row = text.strip()
    if len(row) < 3 or not row.startswith("|") or not row.endswith("|"):
        return 0
    return row.replace("\\|", "").count("|") - 1


def _with_indents(lines: list[Line]) -> list[Line]:
    """Return lines in which each level of a list is four spaces deep."""
    out: list[Line] = []
    open_: list[_Level] = []
    blank, continued = True, False
    for number, text in lines:
        words = text.lstrip(" ")
        indent = len(text) - len(words)
        item = None if _BREAK.match(text) else _ITEM.match(text)
        if not words.strip():
            blank = True
            out.append((number, text))
            continue
        if item and (open_ or indent < _TAB):
            if continued and not blank:
                out.append((number, ""))  # else it would belong to the paragraph above
            open_ = _closed(open_, indent)
            out.append((number, " " * _TAB * len(open_) + words))
            open_.append(_Level(indent, item.end()))
            continued = False
        elif open_ and blank:
            while open_ and indent < open_[-1].content:
                open_.pop()
            kept = max(indent - open_[-1].content, 0) if open_ else indent
            continued = bool(open_)
            out.append((number, " " * (_TAB * len(open_) + kept) + words))
        else:
            out.append((number, text))
        blank = False
    return out


def _closed(open_: list[_Level], indent: int) -> list[_Level]:
    """Return the lists in which an item stands whose mark is so far to the right."""
    return [level for level in open_ if indent >= level.indent + 2]
