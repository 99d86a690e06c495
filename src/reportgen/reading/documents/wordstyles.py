"""What the styles and numberings of a Word document say of its paragraphs and runs.

ECMA-376, part 1, clauses 17.7 (styles) and 17.9 (numbering).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct, field

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = frozenset(("lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "russianLower",
                      "russianUpper"))


class WordStyles(Struct, frozen=True):
    """Styles and lists that need a look."""

    hidden: frozenset[str] = frozenset()
    """Identifiers of styles that hide text."""
    contents: frozenset[str] = frozenset()
    """Identifiers of styles of a table of contents."""
    lettered: frozenset[tuple[str, str]] = frozenset()
    """Number and level of lists that count with letters or Roman numbers."""
    listed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Number and level of the list that a style makes, or the one that it is based on."""
    language: str = ""
    """The language of text of which nothing else is said (17.7.5.1), as a tag of BCP 47."""


def read_styles(styles: Element | None, numbering: Element | None) -> WordStyles:
    """Return what the two parts say; None stands for one that is not there."""
    known = list(styles.iter(f"{_W}style")) if styles is not None else []
    language = styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang") if (
        styles is not None) else None
    return WordStyles(
        frozenset(style.get(f"{_W}styleId", "") for style in known
                  if any(is_on(run) for run in style.findall(f"{_W}rPr/{_W}vanish"))),
        frozenset(style.get(f"{_W}styleId", "") for style in known if _is_of_contents(style)),
        frozenset(_lettered(numbering)) if numbering is not None else frozenset(),
        dict(_listed({style.get(f"{_W}styleId", ""): style for style in known})),
        language.get(f"{_W}val", "") if language is not None else "")


def is_on(element: Element) -> bool:
    """Whether a property that can be switched off is on (17.17.4)."""
    return element.get(f"{_W}val", "true") not in ("0", "false", "off")


def _is_of_contents(style: Element) -> bool:
    name = style.find(f"{_W}name")
    said = name.get(f"{_W}val", "") if name is not None else ""
    return bool(re.fullmatch(r"(?:toc|contents) (?:\d|heading)", said, re.IGNORECASE))


def _listed(styles: dict[str, Element]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the styles that make items of a list (17.9.18); a heading with a number is none."""
    for name in styles:
        chain: list[Element] = []
        at = name
        while at in styles and styles[at] not in chain:
            chain.append(styles[at])
            at = value_of(styles[at], "basedOn")
        if any(_is_heading(style) for style in chain):
            continue
        numbers = next((found for style in chain
                        if (found := style.find(f"{_W}pPr/{_W}numPr")) is not None), None)
        if numbers is not None and (number := value_of(numbers, "numId")) not in ("", "0"):
            yield name, (number, value_of(numbers, "ilvl") or "0")


def _is_heading(style: Element) -> bool:
    outlined = style.find(f"{_W}pPr/{_W}outlineLvl") is not None
    return outlined or value_of(style, "name").casefold().startswith(("heading", "title"))


def with_list_of_style(paragraph: Element, styles: WordStyles) -> None:
    """Say of a paragraph that it is an item of a list, where only its style does (17.3.1.19)."""
    properties = paragraph.find(f"{_W}pPr")
    found = styles.listed.get(value_of(properties, "pStyle")) if properties is not None else None
    if properties is None or found is None or properties.find(f"{_W}numPr") is not None:
        return
    numbers = SubElement(properties, f"{_W}numPr")
    for name, value in (("ilvl", found[1]), ("numId", found[0])):
        SubElement(numbers, f"{_W}{name}", {f"{_W}val": value})


def _lettered(numbering: Element) -> Iterator[tuple[str, str]]:
    """Yield number and level of the lists that do not count with digits."""
    formats: dict[str, dict[str, str]] = {}
    for abstract in numbering.iter(f"{_W}abstractNum"):
        formats[abstract.get(f"{_W}abstractNumId", "")] = {
            level.get(f"{_W}ilvl", ""): value_of(level, "numFmt")
            for level in abstract.iter(f"{_W}lvl")}
    for number in numbering.iter(f"{_W}num"):
        for level, kind in formats.get(value_of(number, "abstractNumId"), {}).items():
            if kind in _LETTERS:
                yield number.get(f"{_W}numId", ""), level


def value_of(element: Element, name: str) -> str:
    """Return the value of a property below an element; empty if it is not there."""
    found = element.find(f"{_W}{name}")
    return found.get(f"{_W}val", "") if found is not None else ""


def is_of_contents(paragraph: Element, styles: WordStyles) -> bool:
    """Whether a paragraph stands in a table of contents."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and style.get(f"{_W}val", "") in styles.contents


def is_lettered(paragraph: Element, styles: WordStyles) -> bool:
    """Whether a paragraph is an item that has a letter or a Roman number in Word."""
    numbers = paragraph.find(f"{_W}pPr/{_W}numPr")
    if numbers is None:
        return False
    return (value_of(numbers, "numId"), value_of(numbers, "ilvl") or "0") in styles.lettered


def is_in_capitals(properties: Element) -> bool:
    """Whether a run is shown in capitals, whatever its letters (17.3.2.5)."""
    caps = properties.find(f"{_W}caps")
    return caps is not None and is_on(caps)


def in_capitals(words: str, language: str) -> str:
    """Return words in capitals; the i of Turkish and Azerbaijani keeps its dot."""
    if language.partition("-")[0].lower() in ("tr", "az"):
        words = words.replace("i", "İ")
    return words.upper()


def is_struck(properties: Element | None) -> bool:
    """Whether a run is struck through."""
    marks = [properties.find(f"{_W}{name}") for name in ("strike", "dstrike")
             ] if properties is not None else []
    return any(mark is not None and is_on(mark) for mark in marks)


def part(parts: Mapping[str, bytes], name: str) -> Element | None:
    """Return a part as XML; None if it is not there or damaged."""
    try:
        return ElementTree.fromstring(parts[name]) if name in parts else None
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
