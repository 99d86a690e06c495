"""Reading `sources.json`, which stands beside `series.toml`: CSL-JSON (CSL 1.0.2, csl-data.json).

What Zotero, Mendeley, JabRef and pandoc export. Only what a note needs is read of an item.
"""

from __future__ import annotations

import json
import re
from typing import Any

from reportgen.citations.library import Item, Library, PersonName
from reportgen.diagnostics import Sink, Span
from reportgen.workspace import SourceText


def read_library(source: SourceText | None, sink: Sink) -> Library:
    """Return the items of a file of CSL-JSON; mistakes in it are errors in `sink`."""
    if source is None:
        return Library()
    try:
        data = json.loads(source.text)
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        sink.error("json", f"this is no JSON: {getattr(error, 'msg', 'a number is too long')}",
                   source.span(line, column), "export it once more, as CSL-JSON")
        return Library()
    except RecursionError:
        sink.error("json", "this JSON is nested too deeply", source.span())
        return Library()
    rows = data.get("items") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        sink.error("json", "CSL-JSON is a list of items", source.span(1),
                   "export it from the reference manager as CSL-JSON")
        return Library()
    items: dict[str, Item] = {}
    for number, row in enumerate(rows, 1):
        item = item_of(row) if isinstance(row, dict) else None
        if item is None:
            sink.error("source-item", f"item {number} has no id or no title", source.span(),
                       'an item is {"id": "key", "type": "book", "title": "...", ...}')
        elif item.key in items:
            sink.error("source-twice", f'two items have the id "{item.key}"', _place(item, source),
                       "give one of them another id")
        else:
            items[item.key] = item
    return Library(items)


def _place(item: Item, source: SourceText) -> Span:
    """Return where the id of an item stands last."""
    marked = [number for number, text in source.numbered if f'"{item.key}"' in text]
    return source.span(marked[-1] if marked else 0)


def item_of(row: dict[str, Any]) -> Item | None:
    """Return an item of CSL-JSON; None without an id, or without a title and a container."""
    key, title = _text(row, "id") or _text(row, "citation-key"), _text(row, "title")
    if not key or not (title or _text(row, "container-title")):
        return None
    doi = _text(row, "DOI")
    url = _text(row, "URL") or (f"https://doi.org/{doi}" if doi else "")
    return Item(
        key=key, kind=_text(row, "type") or "document", title=title,
        short_title=_text(row, "title-short") or _text(row, "shortTitle"),
        authors=_names(row.get("author")), editors=_names(row.get("editor")),
        container=_text(row, "container-title"), publisher=_text(row, "publisher"),
        volume=_text(row, "volume"), issue=_text(row, "issue"), number=_text(row, "number"),
        genre=_text(row, "genre"), page=_text(row, "page"), issued=_date(row.get("issued")),
        accessed=_date(row.get("accessed")),
        url=url if url.startswith(("http://", "https://")) else "")


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return " ".join("".join(c for c in str(value) if c.isprintable() or c.isspace()).split())
    return ""


def _names(value: Any) -> tuple[PersonName, ...]:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    found = []
    for row in rows:
        particle = _text(row, "non-dropping-particle")
        family = f"{particle} {_text(row, 'family')}".strip()
        name = PersonName(_text(row, "literal")) if _text(row, "literal") else PersonName(
            family, f"{_text(row, 'given')} {_text(row, 'dropping-particle')}".strip(),
            _text(row, "suffix"))
        if name.family:
            found.append(name)
    return tuple(found)


def _date(value: Any) -> str:
    """Return the first date of a CSL date variable; empty if it has none that is one."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [int(part) for part in first[:3]
               if isinstance(part, str | int) and re.fullmatch(r"\d{1,4}", str(part), re.ASCII)]
    if not numbers or not 1 <= numbers[0] <= 9999:
        return ""
    if len(numbers) > 1 and not 1 <= numbers[1] <= 12:
        numbers = numbers[:1]
    if len(numbers) > 2 and not 1 <= numbers[2] <= 31:
        numbers = numbers[:2]
    return "-".join([f"{numbers[0]:04}", *(f"{part:02}" for part in numbers[1:])])
