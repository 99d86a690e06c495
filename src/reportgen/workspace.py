"""Reading the files of a series, and writing files whole.

The briefs, settings and pictures of a series come through a `Workspace` (its styles and templates
through `assets`): paths
are resolved inside its folder and nowhere else, sizes are capped, text is
decoded, and files appear whole under their name or not at all. The network is
never reached.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field

from reportgen.diagnostics import Sink, Span

MAX_DOCUMENT_BYTES = 100_000_000
MAX_TEXT_BYTES = 2_000_000
"""A brief of 700 words has 5 kB; what is larger than this is not a brief."""

MAX_PICTURE_BYTES = 60_000_000

MAX_LINES = 20_000

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"

_SIGNATURES = (
    (b"%PDF-", "a PDF", "ask the author for the text, or save it as Markdown or plain text"),
    (b"PK\x03\x04", "a Word or ZIP file", "save it in Word as plain text (.txt, UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Word file", "save it in Word as plain text (.txt, UTF-8)"),
    (b"{\\rtf", "an RTF file", "save it as plain text (.txt, UTF-8)"),
    (b"\x89PNG", "a picture", "put the brief's text in the file"),
    (b"\xff\xd8\xff", "a picture", "put the brief's text in the file"),
)


class SourceText(Struct, frozen=True):
    """A text file as its author sent it, decoded; lines keep their numbers."""

    name: str
    """Path as shown to the editor."""
    text: str
    """Line ends are `\\n`."""
    numbers: tuple[int, ...] = ()
    """Of its lines: paragraphs of the document that they come from. Empty: from 1 on."""
    words: Mapping[int, str] = field(default_factory=dict)
    """What the paragraphs of a document begin with, by number."""

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """The lines, each with its number."""
        lines = self.lines
        return list(zip(self.numbers or range(1, len(lines) + 1), lines, strict=True))

    def span(self, line: int = 0, column: int = 0) -> Span:
        """Return a place in this file."""
        return Span(self.name, line, column)


class Workspace:
    """A folder that may be read; nothing outside of it may."""

    def __init__(self, root: Path) -> None:
        """Take `root`, the folder of a series, or of a brief that stands alone."""
        self.root = root.resolve()
        self.taken: dict[str, bytes] = {}
        """What was read, by its name, and by that of the link which led there: what a bulletin was
        made of is what was read once."""
        self.embedded: dict[str, bytes] = {}
        """Pictures out of documents, by the name of a file beside the document."""
        self.recorded: list[dict[str, str]] = []
        """What is read while somebody records: hashes by name; empty for what was not there."""

    def shown(self, path: Path) -> str:
        """Return `path` as the editor knows it: relative to the workspace, with `/`."""
        inside = self.inside(str(path))
        return self._named(inside) if inside is not None else path.name

    def _named(self, inside: Path) -> str:
        """Return a path of `inside` relative to the workspace."""
        return str(inside)[len(str(self.root)):].lstrip(os.sep).replace(os.sep, "/") or "."

    def inside(self, name: str, base: Path | None = None) -> Path | None:
        """Resolve `name` against `base`; None if that leads out of the workspace.

        Symbolic links are followed first, so a link cannot lead out either.
        """
        root = str(self.root)
        try:
            path = os.path.realpath((base or self.root) / name)
        except (OSError, ValueError, RuntimeError):
            return None
        within = path == root or path.startswith(root.rstrip(os.sep) + os.sep)
        return Path(path) if within else None

    def _asked(self, path: Path) -> str:
        """Return `path` as it was asked for, links not followed; as `shown` if that leads out."""
        asked = Path(os.path.normpath(path.absolute()))
        return self._named(asked) if asked.is_relative_to(self.root) else self.shown(path)

    def read_bytes(self, path: Path, sink: Sink, limit: int, span: Span) -> bytes | None:
        """Return the bytes of `path`, or None and a diagnostic at `span`."""
        if self.embedded and (known := self.embedded.get(self._asked(path))) is not None:
            return known  # neither taken nor recorded: it is part of what was
        inside = self.inside(str(path))
        if inside is None:
            sink.error("outside-series", f"{path.name} lies outside the series' folder", span,
                       "copy the file into the series")
            return None
        try:
            if not path.is_file():
                sink.error("no-such-file", f"there is no file {self.shown(path)}", span,
                           "look at its name, capitals too, and at the folder it lies in")
                return None
            size = path.stat().st_size
            if size > limit:
                sink.error("too-large", f"{self.shown(path)} has {size // 1_000_000} MB; "
                           f"the limit is {limit // 1_000_000} MB", span)
                return None
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest() if self.recorded else ""
            for name in {self._named(inside), self._asked(path)}:
                self.taken[name] = data
                for record in self.recorded:
                    record[name] = digest
            return data
        except OSError as error:
            sink.error("unreadable", f"{self.shown(path)} cannot be read: {error.strerror}", span)
            return None

    def embed(self, path: Path, data: bytes) -> None:
        """Let a picture be read as if it lay at `path`."""
        self.embedded[self._asked(path)] = data

    @contextmanager
    def recording(self) -> Iterator[dict[str, str]]:
        """Record what is read while this lasts: SHA-256 by name, empty for what is missing."""
        record: dict[str, str] = {}
        self.recorded.append(record)
        try:
            yield record
        finally:
            self.recorded.remove(record)

    def missed(self, path: Path) -> None:
        """Note that a file was looked for and is not there."""
        for record in self.recorded:
            record[self.shown(path)] = ""

    def is_as_recorded(self, record: Mapping[str, str]) -> bool:
        """Whether every file of a record is as it was; what is there counts as read again."""
        for name, known in record.items():
            path = self.root / name
            if not known:
                if path.exists():
                    return False
                continue
            data = self.read_bytes(path, Sink(), MAX_PICTURE_BYTES, Span(name))
            if data is None or hashlib.sha256(data).hexdigest() != known:
                return False
        return True

    def read_text(self, path: Path, sink: Sink) -> SourceText | None:
        """Return the decoded text of `path`, or None and a diagnostic.

        UTF-8 with or without a byte order mark, UTF-16 with one, else
        Windows-1252 with a warning. A file that is no text is refused.
        """
        name = self.shown(path)
        span = Span(name)
        data = self.read_bytes(path, sink, MAX_TEXT_BYTES, span)
        if data is None:
            return None
        for signature, what, hint in _SIGNATURES:
            if data.startswith(signature):
                sink.error("not-text", f"this is {what}, not a text", span, hint)
                return None
        text = _decoded(data, span, sink)
        if text is None:
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            sink.error("nul-byte", "there is a NUL byte in the text", Span(name, line),
                       "the file is damaged, or saved in a wrong encoding: save it as UTF-8")
            return None
        if text.count("\n") > MAX_LINES:
            sink.error("too-long", f"more than {MAX_LINES} lines", span)
            return None
        return SourceText(name, text)


def _decoded(data: bytes, span: Span, sink: Sink) -> str | None:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            sink.error("encoding", "damaged UTF-16", span, "save the file as UTF-8")
            return None
        line = data[: error.start].count(b"\n") + 1
        text = data.decode("cp1252", "replace")
        if "\ufffd" in text or b"\0" in data:
            sink.error("encoding", "neither UTF-8 nor Windows-1252", Span(span.file, line),
                       "save the file as UTF-8")
            return None
        sink.warning("encoding", "not UTF-8; read as Windows-1252", Span(span.file, line),
                     "save the file as UTF-8, and look at its accents")
        return text


def clock(fallback: datetime) -> datetime:
    """Return the time that goes into a file.

    `SOURCE_DATE_EPOCH` (reproducible-builds.org, specification 1.1) if it is
    set to a number, else `fallback`, the date of the issue. Never the time of day.
    """
    value = os.environ.get(EPOCH_VARIABLE, "").strip()
    if value.isdecimal() and len(value) < 12:
        return datetime.fromtimestamp(int(value), UTC)
    return fallback


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, so that the file appears whole or not at all. Raises OSError."""
    write_all({path: data})


PUBLIC, PRIVATE = 0o644, 0o600
"""Who may read a file: everybody; or its owner, because it has addresses of people."""


def write_all(files: Mapping[Path, bytes], mode: int | None = PUBLIC) -> None:
    """Write files, so that each appears whole, and none if there is no room for all.

    Without a `mode`, who may read a file that is there already stays as it is.

    Raises OSError, with the path that could not be written as its `filename`, if
    a folder cannot be made or the disk is full; then what was there before is
    still there.
    """
    drafts: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "this is a folder", str(path))
            handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
            drafts[path] = Path(draft)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            drafts[path].chmod(path.stat().st_mode & 0o7777 if mode is None else mode)
        for path, written in drafts.items():
            written.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    finally:
        for written in drafts.values():
            written.unlink(missing_ok=True)


def cache_folder() -> Path | None:
    """Return the user's cache folder for reportgen, or None if there shall be none.

    `REPORTGEN_CACHE` names another folder, or is `off`. What lies in there can be
    deleted at any time (XDG Base Directory Specification 0.8, `XDG_CACHE_HOME`).
    """
    named = os.environ.get("REPORTGEN_CACHE", "")
    if named == "off":
        return None
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return Path(base) / "reportgen" if base else Path.home() / ".cache" / "reportgen"
    except RuntimeError:
        return None
