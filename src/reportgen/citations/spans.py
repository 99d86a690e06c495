"""Bracketed groups in a paragraph, and the atoms inside of them.

A paragraph is looked at as one string. Addresses, and italic or quoted titles
whose own brackets balance, are opaque: a bracket or comma in there is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from reportgen.language.dates import find_date
from reportgen.model import Run, Text
from reportgen.patterns import pattern
from reportgen.texts import cut, is_address, joined

_CLOSING = {"(": ")", "[": "]"}
_QUOTED = pattern(
    r"“[^“”]{2,300}”|\"[^\"]{2,300}\"|«[^«»]{2,300}»|»[^«»]{2,300}«|„[^„“”\"]{2,300}[“”\"]|"
    r"‘(?:[^‘’]|’(?=\w)){6,300}’(?!\w)|(?<![\w'’])'(?:[^'\n]|'(?=\w)){6,300}'(?!\w)"
)


class AtomKind(Enum):
    """What a piece of a citation is."""

    EMPHASISED = "emphasised"
    QUOTED = "quoted"
    ADDRESS = "address"
    TEXT = "text"


class Atom(Struct, frozen=True):
    """A piece of a citation that is not cut up."""

    kind: AtomKind
    text: str
    href: str | None = None


class Group(Struct, frozen=True):
    """What stands between a bracket at `start` and its partner before `end`."""

    start: int
    end: int
    opener: str
    closed: bool = True

    @property
    def inner(self) -> tuple[int, int]:
        """Start and end of what is between the brackets."""
        return self.start + 1, self.end - 1 if self.closed else self.end


def find_groups(text: Text) -> list[list[Group]]:
    """Return the bracketed groups of `text`: outermost first, those inside it after it."""
    string = joined(text)
    opaque = _opaque(text, string)
    stack: list[tuple[int, str]] = []
    groups: list[Group] = []
    for at, char in enumerate(string):
        if opaque[at]:
            continue
        if char in "([":
            stack.append((at, char))
        elif char in ")]":
            partner = next((i for i in range(len(stack) - 1, max(len(stack) - 8, -1), -1)
                            if _CLOSING[stack[i][1]] == char), None)
            if partner is not None:
                start, opener = stack[partner]
                del stack[partner:]
                groups.append(Group(start, at + 1, opener))
    groups += _unclosed(text, string, stack[-3:])
    groups.sort(key=lambda g: (g.start, -g.end))
    return _nested(groups)


def _nested(groups: list[Group]) -> list[list[Group]]:
    trees: list[list[Group]] = []
    for group in groups:
        if trees and group.start < trees[-1][0].end:
            trees[-1].append(group)
        else:
            trees.append([group])
    return trees


def _unclosed(text: Text, string: str, stack: list[tuple[int, str]]) -> Iterator[Group]:
    """An unclosed bracket ends after the last address that follows it in its sentence."""
    ends, at = [], 0
    for inline in text:
        length = len(inline.text) if isinstance(inline, Run) else 1
        if isinstance(inline, Run) and is_address(inline):
            ends.append(at + length)
        at += length
    for start, opener in stack:
        after = [end for end in ends if end > start]
        first = after[0] if after else None
        if first is not None and "." not in re.sub(r"\.(?=\S)", "", string[start:first]):
            yield Group(start, first, opener, closed=False)


def _opaque(text: Text, string: str) -> bytearray:
    """Mark what no bracket may be looked for in."""
    opaque = bytearray(len(string))
    at = 0
    for inline in text:
        length = len(inline.text) if isinstance(inline, Run) else 1
        if isinstance(inline, Run):
            style = inline.style
            closed = style.code or (style.href and is_address(inline))
            if closed or ((style.emphasis or style.href) and _balanced(inline.text)):
                opaque[at : at + length] = b"\1" * length
        at += length
    for match in _QUOTED.finditer(string):
        if _balanced(match[0]):
            opaque[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return opaque


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if depth < 0:
            return False
    return depth == 0


def atoms(text: Text) -> list[Atom]:
    """Return the atoms of a group's text."""
    found: list[Atom] = []
    string, at = joined(text), 0
    for match in _QUOTED.finditer(string):
        if any(is_address(i) for i in cut(text, match.start(), match.end()) if isinstance(i, Run)):
            continue
        found += _styled_atoms(cut(text, at, match.start()))
        inner = cut(text, match.start() + 1, match.end() - 1)
        href = next((i.style.href for i in inner if isinstance(i, Run) and i.style.href), None)
        found.append(Atom(AtomKind.QUOTED, match[0][1:-1], href))
        at = match.end()
    return found + _styled_atoms(cut(text, at, len(string)))


def _styled_atoms(text: Text) -> list[Atom]:
    """Return atoms by the style of the runs: emphasised or linked ones are titles."""
    found: list[Atom] = []
    for inline in text:
        if not isinstance(inline, Run) or not inline.text:
            continue
        style = inline.style
        if is_address(inline):
            found.append(Atom(AtomKind.ADDRESS, inline.text, style.href))
        elif (style.emphasis or style.strong) and _wordy(inline.text):
            _extend(found, Atom(AtomKind.EMPHASISED, inline.text, style.href))
        elif style.href and _wordy(inline.text):
            if find_date(inline.text):  # a link on "RFE/RL, 14 March 2019" is no title
                found.append(Atom(AtomKind.TEXT, inline.text))
                found.append(Atom(AtomKind.ADDRESS, "", style.href))
            else:
                found.append(Atom(AtomKind.EMPHASISED, inline.text, style.href))
        else:
            found.append(Atom(AtomKind.TEXT, inline.text))
    return found


def _wordy(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _extend(found: list[Atom], atom: Atom) -> None:
    """Append an emphasised atom, or lengthen the one that it goes on from."""
    if found and found[-1].kind is AtomKind.EMPHASISED and found[-1].href == atom.href:
        found[-1] = replace(found[-1], text=found[-1].text + atom.text)
    else:
        found.append(atom)
