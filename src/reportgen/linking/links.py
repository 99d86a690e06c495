"""The recipe of `reportgen links`: addresses of an issue to entries of its lock file."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from msgspec.structs import replace

from reportgen.citations.locked import Lock, Locked
from reportgen.linking.fetching import Answer, Fetcher
from reportgen.linking.metadata import metadata_of
from reportgen.patterns import pattern

ARCHIVE = "https://archive.org/wayback/available?url="
"""Wayback Availability JSON API of the Internet Archive."""


def today() -> str:
    """Return the day of `SOURCE_DATE_EPOCH`, or today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = (datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch.isdecimal()
           else datetime.datetime.now(datetime.UTC))
    return now.date().isoformat()


def asked(addresses: Iterable[str], lock: Lock, fetcher: Fetcher, archive: str = ARCHIVE,
          told: Callable[[str], None] = lambda _: None) -> Lock:
    """Return the lock with what is to be found out of `addresses` now.

    `archive` is where copies are asked for; empty: nowhere.
    """
    wanted = list(dict.fromkeys(addresses))
    answers = fetcher.all(wanted, told)
    copies = fetcher.all([archive + quote(a, safe="") for a in wanted], told) if archive else {}
    entries = dict(lock.entries)
    for address in wanted:
        copy = _copy(copies.get(archive + quote(address, safe="")))
        entries[address] = _entry(address, answers[address], copy, lock.entries.get(address))
    return Lock(entries)


def _entry(address: str, answer: Answer, copy: str, before: Locked | None) -> Locked:
    final = answer.final if answer.final != address else ""
    entry = Locked(status=answer.status, final=final, error=answer.error, accessed=today(),
                   archive=copy or (before.archive if before else ""))
    if before and not answer.found:  # what was found once is not lost
        return replace(entry, title=before.title, author=before.author, site=before.site,
                       date=before.date)
    found = metadata_of(answer.page) if answer.page and answer.found else None
    if found is None:
        return entry
    if _NOT_FOUND.search(found.title):
        return replace(entry, error=f"its title is “{found.title[:60]}”")
    return replace(entry, title=found.title, author=found.author, site=found.site,
                   date=found.date)


_NOT_FOUND = pattern(
    r"^\W*(?:error )?404\b|\b404\W*$|"
    r"(?:page|file|document|site|article) (?:was |could )?not (?:be )?found|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|pagina non trovata|"
    r"página no encontrada|página não encontrada|strona nie (?:została )?znaleziona|"
    r"nie znaleziono strony|страница не найдена|сторінк[ау] не знайдено|sayfa bulunamadı|"
    r"الصفحة غير موجودة", re.IGNORECASE)
"""Titles of pages that are not there, though the server says that all is well."""


def _copy(answer: Answer | None) -> str:
    """Return the address of the nearest copy that the archive has."""
    try:
        data = json.loads(answer.page) if answer and answer.page else {}
        url = data["archived_snapshots"]["closest"]["url"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    secure = str(url).replace("http://web.archive.org/", "https://web.archive.org/", 1)
    return secure if secure.startswith("https://") else ""
