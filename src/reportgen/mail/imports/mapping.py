"""What the columns of lists were taken for: told, kept in a file, and followed the next time.

The file stands beside mail.toml, for the editor to read and to correct: what a list is taken for
is not guessed anew each month.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.diagnostics import ReportgenError, Sink
from reportgen.mail.imports.columns import KINDS
from reportgen.mail.imports.words import head, squeezed
from reportgen.settings import line_of, parse_toml
from reportgen.workspace import PRIVATE, SourceText, Workspace, write_all

FILE = "lists.toml"

_TITLE = """\
# What the columns of lists of subscribers are. `reportgen subscribers import` writes here what it
# took each column for; what you correct here, it follows when it reads a list with the same heads.
#
# A column is one of: {kinds}.
"""


class Kept(Struct, frozen=True):
    """What the columns of a list were taken for."""

    file: str
    columns: dict[str, str]
    """Kinds by heads, as they stand in the list, in their order."""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells lists with the same heads."""
        return key_of(self.columns)


def key_of(heads: Mapping[str, str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return what tells lists with the same heads."""
    return tuple(squeezed(head(name)) for name in heads if name)


def read_mappings(folder: Path, sink: Sink) -> tuple[Kept, ...]:
    """Return what is kept beside mail.toml. Raises ReportgenError if the file has mistakes."""
    path = folder / FILE
    if not path.is_file():
        return ()
    source = Workspace(folder).read_text(path, sink)
    data = parse_toml(source, sink) if source else None
    if source is None or data is None or sink.failed:
        raise ReportgenError(sink)
    found = [_kept(row, source, sink) for row in data.get("list", [])]
    if sink.failed:
        raise ReportgenError(sink)
    return tuple(kept for kept in found if kept is not None)


def _kept(row: Any, source: SourceText, sink: Sink) -> Kept | None:
    columns = row.get("columns") if isinstance(row, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(k, str) for k in columns.values()):
        sink.error("list", "a list has a table of columns", source.span(line_of(source, "list")),
                   'as in: columns = {"Email" = "email", "Aktiv?" = "subscribed"}')
        return None
    for name, kind in columns.items():
        if kind not in KINDS:
            sink.error("list", f'"{name}" = "{kind}": there is no such kind of column',
                       source.span(line_of(source, json.dumps(name, ensure_ascii=False))),
                       f"known are: {', '.join(KINDS)}")
    return Kept(str(row.get("file", "")), {str(k): str(v) for k, v in columns.items()})


def keep(folder: Path, kept: tuple[Kept, ...], new: Kept) -> bool:
    """Write what a list's columns were taken for; return whether that is new. Raises OSError."""
    others = tuple(one for one in kept if one.key != new.key)
    if new in kept or not new.columns:
        return False
    rows = [_TITLE.format(kinds=", ".join(KINDS))]
    for one in (*others, new):
        rows += ["\n[[list]]\n", f"file = {_quoted(one.file)}\n", "\n[list.columns]\n"]
        rows += [f"{_quoted(name)} = {_quoted(kind)}\n" for name, kind in one.columns.items()]
    write_all({folder / FILE: "".join(rows).encode()}, PRIVATE)
    return True


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
