"""Citations of reference managers in a Word document: fields of Zotero, Mendeley and Word itself.

Such a field has the whole CSL item in its code (`ADDIN ZOTERO_ITEM CSL_CITATION {...}`, `ADDIN
CSL_CITATION {...}`), Mendeley Cite in the tag of a content control; Word's own names the tags of
sources that the document keeps elsewhere (`CITATION Ros21 \\p 12`). In the running text the field
becomes a citation by key, and so a note with all that is known of the source; what is in a note, or
has a bibliography of the manager below the text, keeps the words that the manager has written.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from reportgen.citations.library import Item
from reportgen.patterns import pattern
from reportgen.reading.library import item_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CODE = pattern(r"\s*ADDIN\s+(?:ZOTERO_ITEM\s+)?CSL_CITATION\s+(\{.*)", re.DOTALL)
_TAG = pattern(r"MENDELEY_CITATION_v3_([\w+/=-]+)")
_WORD_S = pattern(r"\s*CITATION\s+(\S.*)", re.DOTALL)
_SWITCH = pattern(r"\\(?P<switch>\w)(?:\s+(?P<value>\"[^\"]*\"|[^\s\\]+))?")
"""Of ECMA-376, part 1, 17.16.5.9: a page, a volume, what stands before and behind, another tag."""
_BIBLIOGRAPHY = ("ZOTERO_BIBL", "CSL_BIBLIOGRAPHY", "MENDELEY_BIBLIOGRAPHY")
_INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)")
_RESULT = pattern(r"\s*(?:\(.*\)|\[.*\]|[\d,;\s\u2010-\u2013¹²³⁰⁴-⁹-]+)\s*", re.DOTALL)
"""What a field prints that is nothing but a citation: brackets, or numbers."""

_YEAR_ALONE = pattern(r"\s*(?:1[5-9]|20)\d\d\s*")
"""A year without brackets: the author stands in the sentence."""

_OPEN, _CLOSE = "\ue010", "\ue011"
SIGN = pattern(f"{_OPEN}(\\d+){_CLOSE}")
"""What stands in the text for a citation, by its number."""
_LABELS = {"page": "", "chapter": "chap. ", "section": "sec. ", "paragraph": "para. ",
           "volume": "vol. ", "figure": "fig. "}
"""CSL locator terms; a page needs none in a note."""


class Managed(Struct):
    """What the fields of a document cite."""

    groups: list[str] = field(default_factory=list)
    """Citations by key, as `[@zotero-1, 12]`, by the numbers that stand for them in the text."""
    items: dict[str, Item] = field(default_factory=dict)
    sources: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Those that the document keeps itself, as CSL-JSON, by their tags."""
    _keys: dict[str, str] = field(default_factory=dict)

    def settle(self, paragraph: Element) -> None:
        """Put a sign for a citation in place of each field that cites, in a paragraph's runs."""
        children, out = list(paragraph), []
        at = 0
        while at < len(children):
            end = _end_of_field(children, at)
            if end is None:
                out.append(children[at])
                at += 1
                continue
            out += self._replaced(children[at:end])
            at = end
        paragraph[:] = out

    def control(self, element: Element) -> list[Element] | None:
        """Return what a content control of Mendeley Cite becomes; None if it is another's."""
        tag = element.find(f"{_W}sdtPr/{_W}tag")
        match = _TAG.search(tag.get(f"{_W}val", "")) if tag is not None else None
        content = element.find(f"{_W}sdtContent")
        if match is None or content is None or any(True for _ in content.iter(f"{_W}p")):
            return None
        try:
            code = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._cited(self._group(code), list(content))

    def restored(self, text: str) -> str:
        """Return a text with the citations by key in place of their signs."""
        return SIGN.sub(lambda m: self.groups[int(m[1])], text) if self.groups else text

    def _replaced(self, runs: list[Element]) -> list[Element]:
        code = "".join(e.text or "" for run in runs for e in run.iter(f"{_W}instrText"))
        managed, own = _CODE.match(code), _WORD_S.match(code)
        separate = next((n for n, run in enumerate(runs) if _mark(run, "separate")), None)
        if separate is None or not (managed or own):
            return runs
        group = self._group(managed[1]) if managed else self._tagged(own[1]) if own else None
        return self._cited(group, runs[separate + 1:-1]) or runs

    def _cited(self, group: str | None, result: list[Element]) -> list[Element] | None:
        """Return the runs for a citation; None if its code could not be read."""
        if group is None:
            return None
        sign = Element(f"{_W}r")
        text = Element(f"{_W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        text.text = f"{_OPEN}{len(self.groups)}{_CLOSE}"
        sign.append(text)
        self.groups.append(group)
        words = "".join(e.text or "" for run in result for e in run.iter(f"{_W}t"))
        # "Rossi (2021)" is a part of the sentence: it stays, and the note stands behind it.
        alone = _RESULT.fullmatch(words) and not _YEAR_ALONE.fullmatch(words)
        return [sign] if alone else [*result, sign]

    def _group(self, code: str) -> str | None:
        try:  # the manager may have left something behind the JSON
            data, _ = json.JSONDecoder().raw_decode(code)
        except (ValueError, RecursionError):
            return None
        rows = data.get("citationItems") if isinstance(data, dict) else None
        parts = [self._part(row) for row in rows] if isinstance(rows, list) else []
        known = [part for part in parts if part]
        return f"[{'; '.join(known)}]" if known and len(known) == len(parts) else None

    def _tagged(self, code: str) -> str | None:
        """Return the group of one of Word's own fields: tags, each with its switches."""
        tag, _, switches = code.strip().partition(" ")
        rows: list[dict[str, Any]] = [{"tag": tag}]
        for match in _SWITCH.finditer(switches):
            value = (match["value"] or "").strip('"')
            if match["switch"] == "m":
                rows.append({"tag": value})
            name = {"p": "locator", "f": "prefix", "s": "suffix"}.get(match["switch"])
            if name and value:
                rows[-1][name] = value
        parts = [self._part(row | {"itemData": self.sources.get(row["tag"])}) for row in rows]
        known = [part for part in parts if part]
        return f"[{'; '.join(known)}]" if known and len(known) == len(parts) else None

    def _part(self, row: Any) -> str | None:
        data = row.get("itemData") if isinstance(row, dict) else None
        if not isinstance(data, dict):
            return None
        identity = json.dumps([data.get(k) for k in ("id", "title", "URL", "DOI")], sort_keys=True)
        key = self._keys.setdefault(identity, f"managed-{len(self._keys) + 1}")
        item = item_of({**data, "id": key})
        if item is None:
            return None
        self.items[key] = item
        place = _words(row, "locator")
        label = _LABELS.get(_words(row, "label") or "page", f"{_words(row, 'label')} ")
        behind = ", ".join(p for p in (f"{label}{place}" if place else "", _words(row, "suffix"))
                           if p)
        return f"{_words(row, 'prefix')} @{key}{', ' if behind else ''}{behind}".strip()


def has_bibliography(parts: Collection[bytes]) -> bool:
    """Whether a reference manager has written a bibliography below the text."""
    return any(name.encode() in part for part in parts for name in _BIBLIOGRAPHY) or any(
        b" BIBLIOGRAPHY" in b" " + b"".join(_INSTRUCTION.findall(part)) for part in parts)


def _words(row: dict[str, Any], key: str) -> str:
    """Return a text of a citation, without the signs that a citation by key is made of."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(re.sub(r"[\[\]@;]|<[^<>]*>", " ", str(value)).split()).strip(" ,")


def _mark(run: Element, kind: str) -> bool:
    return any(mark.get(f"{_W}fldCharType") == kind for mark in run.findall(f"{_W}fldChar"))


def _end_of_field(children: list[Element], at: int) -> int | None:
    """Return where the field ends that begins with the run at `at`; None if none does."""
    if not _mark(children[at], "begin"):
        return None
    depth = 0
    for number in range(at, len(children)):
        depth += _mark(children[number], "begin") - _mark(children[number], "end")
        if depth == 0:
            return number + 1
    return None
