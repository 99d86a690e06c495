"""The numbers of list items in a Word document (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from msgspec import Struct, field

from reportgen.reading.documents.wordstyles import value_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class WordNumbers(Struct):
    """Counts the items of lists, which go on behind a paragraph that stands between them.

    Lists of one definition (`abstractNum`) go on from each other, but for those that say where they
    start (`startOverride`).
    """

    definitions: dict[str, str] = field(default_factory=dict)
    """Definition of each list."""
    starts: dict[tuple[str, str], int] = field(default_factory=dict)
    """First number by definition and level."""
    overrides: dict[tuple[str, str], int] = field(default_factory=dict)
    """First number by list and level."""
    _counts: dict[str, dict[str, int]] = field(default_factory=dict)
    _begun: set[tuple[str, str]] = field(default_factory=set)

    def of(self, paragraph: Element) -> int:
        """Return the number of a paragraph, which is counted; 0 if it is no item of a list."""
        numbers = paragraph.find(f"{_W}pPr/{_W}numPr")
        name = value_of(numbers, "numId") if numbers is not None else ""
        definition = self.definitions.get(name)
        if numbers is None or definition is None:
            return 0
        level = value_of(numbers, "ilvl") or "0"
        counts = self._counts.setdefault(definition, {})
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        first = self.overrides.get((name, level))
        if level not in counts or (first is not None and (name, level) not in self._begun):
            counts[level] = self.starts.get((definition, level), 1) if first is None else first
        else:
            counts[level] += 1
        self._begun.add((name, level))
        return counts[level]


def read_numbers(numbering: Element | None) -> WordNumbers:
    """Return what the part with the numberings says; None stands for one that is not there."""
    out = WordNumbers()
    for abstract in numbering.iter(f"{_W}abstractNum") if numbering is not None else ():
        name = abstract.get(f"{_W}abstractNumId", "")
        for level in abstract.iter(f"{_W}lvl"):
            out.starts[name, level.get(f"{_W}ilvl", "0")] = _number(value_of(level, "start"), 1)
    for number in numbering.iter(f"{_W}num") if numbering is not None else ():
        name = number.get(f"{_W}numId", "")
        out.definitions[name] = value_of(number, "abstractNumId")
        for override in number.iter(f"{_W}lvlOverride"):
            start = value_of(override, "startOverride")
            if start:
                out.overrides[name, override.get(f"{_W}ilvl", "0")] = _number(start, 1)
    return out


def _number(words: str, otherwise: int) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 7 else otherwise
