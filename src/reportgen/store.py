"""What is kept between builds, under a hash of all that it depends on.

An entry is whole or it is not there; two builds at once do not disturb each other. An entry that is
damaged, or that this user's reportgen has not written, is thrown away and told: each carries a
keyed hash (RFC 2104), whose key lies in the folder, for its owner alone. Deleting the folder costs
nothing but time.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import pickle
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.diagnostics import Sink, Span
from reportgen.versions import installed
from reportgen.workspace import PRIVATE, cache_folder, write_all

LIMIT = 256 * 1024 * 1024
"""Bytes that the entries take together at most; the oldest make room."""

_SIGNATURE = 32
_KEY = "key"


def digest(*parts: object) -> str:
    """Return a hash of `parts`, by their bytes or their `repr`."""
    found = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "big"))
        found.update(data)
    return found.hexdigest()


def environment() -> str:
    """Return a hash of the program that runs: its files, its packages, its Python.

    Files go by name, size and time of change, so an edited program never finds old entries.
    """
    package = Path(__file__).parent
    rows: list[object] = [sys.version]
    for folder in (package, package / "_assets", package.parent.parent / "styles",
                   package.parent.parent / "templates"):
        rows += _stamps(folder)
    rows += sorted(installed().items())
    return digest(rows, os.environ.get("REPORTGEN_ASSETS", ""),
                  os.environ.get("SOURCE_DATE_EPOCH", ""))


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    found = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(base, name)  # noqa: PTH118  a tenth of the time of Path
            with suppress(OSError):
                status = os.stat(path)  # noqa: PTH116
                found.append((path, status.st_size, status.st_mtime_ns))
    return found


class Store(Struct, frozen=True, dict=True):
    """Entries in a folder; without one nothing is kept."""

    folder: Path | None

    @classmethod
    def of_user(cls) -> Store:
        """Return the store in the user's cache folder."""
        base = cache_folder()
        return cls(base / "builds" if base else None)

    @cached_property
    def _key(self) -> bytes:
        """The key of this folder, made when it is first wanted. Raises OSError."""
        assert self.folder is not None
        path = self.folder / _KEY
        with suppress(OSError):
            data = path.read_bytes()
            if len(data) == _SIGNATURE:
                return data
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_all({path: os.urandom(_SIGNATURE)}, PRIVATE)
        return path.read_bytes()

    def get(self, kind: str, key: str, sink: Sink) -> Any:
        """Return what is kept under `key`, or None."""
        if self.folder is None:
            return None
        path = self.folder / f"{kind}-{key}"
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            signature, body = data[:_SIGNATURE], data[_SIGNATURE:]
            if not hmac.compare_digest(signature, self._signed(kind, key, body)):
                raise ValueError("not written by this user's reportgen, or damaged")
            found = pickle.loads(body)
            with suppress(OSError):
                os.utime(path)
            return found
        except Exception as error:  # whatever a damaged entry does, it is made anew
            with suppress(OSError):
                path.unlink()
            sink.note("cache", f"an entry of the cache was thrown away: {error}", Span(path.name))
            return None

    def put(self, kind: str, key: str, value: object) -> None:
        """Keep `value` under `key`; a folder that cannot be written keeps nothing."""
        if self.folder is None:
            return
        body = pickle.dumps(value, protocol=5)
        with suppress(OSError):
            signed = self._signed(kind, key, body) + body
            write_all({self.folder / f"{kind}-{key}": signed}, PRIVATE)

    def _signed(self, kind: str, key: str, body: bytes) -> bytes:
        return hmac.new(self._key, f"{kind}-{key}".encode() + body, hashlib.sha256).digest()

    def trim(self, limit: int = LIMIT) -> None:
        """Delete the entries that were not used for longest until all take `limit` bytes."""
        if self.folder is None:
            return
        # Another build may delete an entry meanwhile; the folder is closed all the same.
        with suppress(OSError), os.scandir(self.folder) as found:
            entries = [(entry.stat().st_mtime_ns, entry.stat().st_size, entry.path)
                       for entry in found if entry.name != _KEY]
            size = sum(entry[1] for entry in entries)
            for _, taken, path in sorted(entries):
                if size <= limit:
                    return
                Path(path).unlink(missing_ok=True)
                size -= taken
