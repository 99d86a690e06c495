"""Sources that Word keeps in a document itself (References, Manage Sources), as CSL items.

They stand in a part of custom XML (ECMA-376, part 1, clause 22.6, bibliography); a field `CITATION`
in the text names them by their tags (17.16.5.9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_NAMESPACES = ("{http://schemas.openxmlformats.org/officeDocument/2006/bibliography}",
               "{http://purl.oclc.org/ooxml/officeDocument/bibliography}")
_MOST_SOURCES = 2000

_KINDS = {
    "Book": "book", "BookSection": "chapter", "JournalArticle": "article-journal",
    "ArticleInAPeriodical": "article-magazine", "ConferenceProceedings": "paper-conference",
    "Report": "report", "InternetSite": "webpage", "DocumentFromInternetSite": "webpage",
    "ElectronicSource": "webpage", "Interview": "interview", "Case": "legal_case",
    "Patent": "patent",
}
_CONTAINERS = ("JournalName", "PeriodicalTitle", "BookTitle", "ConferenceName", "InternetSiteTitle",
               "PublicationTitle", "BroadcastTitle", "AlbumTitle")
_PLAIN = {"Title": "title", "ShortTitle": "title-short", "Publisher": "publisher",
          "Institution": "publisher", "Volume": "volume", "Issue": "issue", "Pages": "page",
          "URL": "URL", "DOI": "DOI", "CaseNumber": "number", "ThesisType": "genre"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def sources_in(parts: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return the sources of a document as rows of CSL-JSON, by their tags.

    `parts` are those of the package, by name; what cannot be read has none.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, data in sorted(parts.items()):
        if not (name.startswith("customXml/item") and name.endswith(".xml")):
            continue
        if b"bibliography" not in data:
            continue
        try:
            root = ElementTree.fromstring(data)
        except (ElementTree.ParseError, ValueError, LookupError):
            continue
        for space in _NAMESPACES:
            for source in root.findall(f"{space}Source")[:_MOST_SOURCES]:
                tag = _text(source, space, "Tag")
                if tag:
                    found.setdefault(tag, _row(source, space))
    return found


def _row(source: Element, space: str) -> dict[str, Any]:
    row: dict[str, Any] = {"id": _text(source, space, "Tag"),
                           "type": _KINDS.get(_text(source, space, "SourceType"), "document")}
    for name, key in _PLAIN.items():
        words = _text(source, space, name)
        if words:
            row.setdefault(key, words)
    container = next((words for name in _CONTAINERS if (words := _text(source, space, name))), "")
    if container:
        row["container-title"] = container
    for role, key in (("Author", "author"), ("Editor", "editor")):
        names = _names(source.find(f"{space}Author/{space}{role}"), space)
        if names:
            row[key] = names
    for behind, key in (("", "issued"), ("Accessed", "accessed")):
        parts = (_text(source, space, f"{part}{behind}") for part in ("Year", "Month", "Day"))
        date = _date(*parts)
        if date:
            row[key] = {"date-parts": [date]}
    return row


def _names(role: Element | None, space: str) -> list[dict[str, str]]:
    if role is None:
        return []
    found = []
    corporate = _text(role, space, "Corporate")
    if corporate:
        found.append({"literal": corporate})
    for person in role.findall(f"{space}NameList/{space}Person"):
        family = _text(person, space, "Last")
        given = " ".join(words for name in ("First", "Middle")
                         if (words := _text(person, space, name)))
        if family or given:
            found.append({"family": family or given, "given": given if family else ""})
    return found


def _date(year: str, month: str, day: str) -> list[int]:
    """Return the parts of a date as far as they are numbers; months also by their English names."""
    if not year.isdecimal():
        return []
    parts = [int(year)]
    number = int(month) if month.isdecimal() else next(
        (n for n, name in enumerate(_MONTHS, 1) if month.lower().startswith(name)), 0)
    if number:
        parts.append(number)
        if day.isdecimal():
            parts.append(int(day))
    return parts


def _text(element: Element, space: str, name: str) -> str:
    found = element.find(f"{space}{name}")
    return " ".join((found.text or "").split()) if found is not None else ""
