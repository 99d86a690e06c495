"""What a web page says of itself: title, author, site, date.

In this order of trust: Highwire Press tags (Google Scholar, Inclusion Guidelines), JSON-LD
(schema.org, Article), Open Graph (ogp.me), Dublin Core (DCMI), the element `title`.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from msgspec import Struct

from reportgen.language.dates import find_date

_LONGEST = 400
"""Letters of a value; what is longer is no title and no name."""

_TITLE = ("citation_title", "json:headline", "json:name", "og:title", "dc.title", "dcterms.title",
          "twitter:title", "title")
_AUTHOR = ("citation_author", "json:author", "article:author", "author", "dc.creator",
           "dcterms.creator")
_SITE = ("citation_journal_title", "og:site_name", "json:publisher", "application-name",
         "dc.publisher")
_DATE = ("citation_publication_date", "citation_date", "json:datePublished",
         "article:published_time", "dc.date", "dcterms.date", "dcterms.issued", "date")


class Metadata(Struct, frozen=True):
    """What a page says of itself; empty where it says nothing."""

    title: str = ""
    author: str = ""
    site: str = ""
    date: str = ""
    """ISO 8601"""


class _Head(HTMLParser):
    """Collects `meta`, `title` and JSON-LD."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[str]] = {}
        self._inside = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (values.get("name") or values.get("property") or "").strip().lower()
            if name and values.get("content"):
                self._add(name, values["content"])
        elif tag == "title" and "title" not in self.found:
            self._inside, self._text = "title", []
        elif tag == "script" and values.get("type", "").lower() == "application/ld+json":
            self._inside, self._text = "json", []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._inside == "title":
            self._add("title", "".join(self._text))
            self._inside = ""
        elif tag == "script" and self._inside == "json":
            self._linked("".join(self._text))
            self._inside = ""

    def _add(self, name: str, value: str) -> None:
        words = " ".join("".join(c for c in value if c.isprintable() or c.isspace()).split())
        if words and len(words) <= _LONGEST:
            self.found.setdefault(name, []).append(words)

    def _linked(self, text: str) -> None:
        """Take the first article of a block of JSON-LD."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return
        rows = data.get("@graph", [data]) if isinstance(data, dict) else data
        for row in rows if isinstance(rows, list) else ():
            kind = str(row.get("@type", "")) if isinstance(row, dict) else ""
            if re.search("Article|Report|Posting|CreativeWork|WebPage", kind):
                for key in ("headline", "name", "datePublished", "author", "publisher"):
                    for name in _names(row.get(key)):
                        self._add(f"json:{key}", name)


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _names(value.get("name"))
    return [name for row in value for name in _names(row)] if isinstance(value, list) else []


def metadata_of(page: str) -> Metadata:
    """Return what a page of HTML says of itself."""
    head = _Head()
    head.feed(page)
    found = head.found
    title = _first(found, _TITLE)
    site = _first(found, _SITE)
    authors = next((found[name] for name in _AUTHOR if name in found), [])
    named = [a for a in dict.fromkeys(authors) if not a.startswith(("http://", "https://", "@"))]
    date = next((d.iso for name in _DATE for value in found.get(name, ())
                 if (d := find_date(re.sub(r"(\d{4})[/](\d{1,2})[/](\d{1,2})", _dashed, value)[:10])
                     ) is not None), "")
    return Metadata(_without_site(title, site), ", ".join(named[:3]), site, date)


def _dashed(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"


def _first(found: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((found[name][0] for name in names if name in found), "")


def _without_site(title: str, site: str) -> str:
    """Return a title without the name of the site that many pages put behind it."""
    if not site:
        return title
    return re.sub(rf"\s*[|–—·:-]\s*{re.escape(site)}\s*$", "", title) or title
