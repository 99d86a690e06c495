"""Content of pages that a validator has let through before, so that it need not be read again.

Most of a validator's time goes into the operators of content streams. What it finds there depends
on the stream and on what its resources hold: fonts, drawings, pictures. So a page whose content and
resources are those of a file that passed is handed over without content; everything else of the
file (structure tree, destinations, metadata, fonts, links) is looked at in full. What was found
wrong is never kept: a file that does not pass is read again, whole.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from msgspec import Struct, field
from pikepdf import Array, Dictionary, Stream


class Seen(Struct):
    """The content of pages that has passed, by a hash of it and of its resources."""

    known: frozenset[str] = frozenset()
    """From an earlier build."""
    passed: set[str] = field(default_factory=set)
    """In this build."""

    def without(self, pdf: bytes, asked: str) -> tuple[bytes, frozenset[str]]:
        """Return `pdf` without the content that is known, and the hashes of all its content.

        `asked` names validator and standard. The same bytes come back if nothing is known.
        """
        with pikepdf.open(io.BytesIO(pdf)) as file:
            hashes = _Hashes(asked.encode())
            found = [hashes.of_page(page.obj) for page in file.pages]
            if not self.known.intersection(found):
                return pdf, frozenset(found)
            empty = file.make_stream(b"")
            for page, known in zip(file.pages, found, strict=True):
                if known in self.known:
                    page.obj.Contents = empty
                    page.obj.Resources = Dictionary()
            out = io.BytesIO()
            file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate,
                      compress_streams=False, fix_metadata_version=False)
            return out.getvalue(), frozenset(found)

    def add(self, hashes: Iterable[str]) -> None:
        """Take it down that content has passed."""
        self.passed.update(hashes)


class _Hashes:
    """Hashes of objects, with all that they refer to; each indirect object is read once."""

    def __init__(self, asked: bytes) -> None:
        self._asked = asked
        self._known: dict[tuple[int, int], bytes] = {}

    def of_page(self, page: Any) -> str:
        """Return the hash of a page's content and resources."""
        parts = (self._of(page.get("/Contents", Array())), self._of(page.get("/Resources",
                                                                             Dictionary())))
        return hashlib.sha256(b"\0".join((self._asked, *parts))).hexdigest()

    def _of(self, item: Any) -> bytes:
        if not isinstance(item, pikepdf.Object):
            return repr(item).encode()
        place = item.objgen
        if place == (0, 0):
            return self._fresh(item)
        if place not in self._known:
            self._known[place] = b"loop"  # whoever leads back to itself
            self._known[place] = self._fresh(item)
        return self._known[place]

    def _fresh(self, item: pikepdf.Object) -> bytes:
        if isinstance(item, Stream):
            rows = [b"stream", item.read_raw_bytes(), *self._rows(item.stream_dict)]
        elif not _refers(written := item.unparse(resolved=True)):
            return bytes(written)
        elif isinstance(item, Dictionary):
            rows = [b"dictionary", *self._rows(item)]
        elif isinstance(item, Array):
            rows = [b"array", *map(self._of, item)]
        else:
            return bytes(item.unparse(resolved=True))
        return hashlib.sha256(b"".join(len(row).to_bytes(4, "big") + row for row in rows)).digest()

    def _rows(self, item: Any) -> list[bytes]:
        written = item.unparse(resolved=True)
        if not _refers(written):
            return [bytes(written)]
        return [part for key in sorted(item.keys()) for part in (key.encode(), self._of(item[key]))]


def _refers(written: bytes) -> bool:
    """Whether an object refers to others, by numbers that differ from file to file."""
    return b" R" in written
