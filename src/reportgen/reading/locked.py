"""The lock file of an issue, `links.json`: reading and writing it.

JSON, sorted by address, one entry a source, so that it can be read, compared and merged.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import asdict

from reportgen.citations.locked import Lock, Locked
from reportgen.diagnostics import Sink
from reportgen.workspace import SourceText

FILE = "links.json"


def read_lock(source: SourceText | None, sink: Sink) -> Lock:
    """Return the entries of a lock file; what is no lock file is an error in `sink`."""
    if source is None:
        return Lock()
    try:
        data = json.loads(source.text)
        entries = {str(address): _entry(row) for address, row in data.items()}
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        sink.error("lock-file", f"this is no lock file of links: {error}"[:200],
                   source.span(getattr(error, "lineno", 1)),
                   "delete it, and run: reportgen links")
        return Lock()
    return Lock(entries)


def _entry(row: dict[str, Any]) -> Locked:
    known = Locked.__annotations__
    values = {key: value for key, value in row.items() if key in known}
    for key, value in values.items():
        wanted = {"int": int, "str": str}[str(known[key])]
        if type(value) is not wanted:
            raise TypeError(f'"{key}" must be {known[key]}')
    return Locked(**values)


def written_lock(lock: Lock) -> bytes:
    """Return the bytes of a lock file; what is empty is left out."""
    rows = {address: {key: value for key, value in asdict(entry).items() if value}
            for address, entry in sorted(lock.entries.items())}
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
