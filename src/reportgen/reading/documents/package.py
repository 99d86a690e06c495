"""Opening the package of a Word file, which a stranger may have made (ECMA-376, part 2).

What is unpacked has a limit, XML may not declare entities, and what is locked or damaged is told.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from msgspec import Struct

from reportgen.diagnostics import Sink, Span

MAX_PARTS = 4_000
MAX_UNPACKED = 200_000_000
"""Bytes of all parts together; a brief with a dozen photographs has a tenth of it."""

_MAX_XML = 40_000_000
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""[MS-CFB] 2.2: the container of old Word files, and of those with a password."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream of a file with a password ([MS-OFFCRYPTO] 2.3.4.4)."""

_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
_SAVE_AGAIN = "open it in Word, and save it once more as .docx"


class Package(Struct, frozen=True):
    """The parts of a Word file by their names."""

    parts: Mapping[str, bytes]

    def packed(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the package with some parts in place of its own."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, data in {**self.parts, **changed}.items():
                file.writestr(name, data)
        return out.getvalue()


def open_package(data: bytes, span: Span, sink: Sink) -> Package | None:
    """Return the package that `data` is; None and an error at `span` if it cannot be read."""
    if data.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in data:
            sink.error("encrypted", "the file is locked with a password", span,
                       "take the password off in Word: File, Info, Protect Document")
        else:
            sink.error("not-word", "this is a file of an old Word under a new name", span,
                       "give it the ending .doc, or save it as .docx")
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = _unpacked(file, span, sink)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
            NotImplementedError, RuntimeError):
        sink.error("damaged", "the file is damaged or was cut off", span,
                   f"ask its author for it once more, or {_SAVE_AGAIN}")
        return None
    if parts is None or not _is_word(parts, span, sink) or not _is_plain(parts, span, sink):
        return None
    return Package(parts)


def _unpacked(file: zipfile.ZipFile, span: Span, sink: Sink) -> dict[str, bytes] | None:
    entries = file.infolist()
    if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_UNPACKED:
        sink.error("too-large", f"unpacked it has more than {MAX_UNPACKED // 1_000_000} MB or "
                   f"{MAX_PARTS} parts", span, _SAVE_AGAIN)
        return None
    if any(entry.flag_bits & 1 for entry in entries):
        sink.error("encrypted", "the file is locked with a password", span,
                   "take the password off")
        return None
    parts = {}
    for entry in entries:
        if entry.is_dir():
            continue
        with file.open(entry) as stream:  # the size that an entry claims may be a lie
            parts[entry.filename] = stream.read(entry.file_size + 1)
        if len(parts[entry.filename]) > entry.file_size:
            raise zipfile.BadZipFile
    return parts


def _is_word(parts: Mapping[str, bytes], span: Span, sink: Sink) -> bool:
    if any(name.endswith("vbaProject.bin") for name in parts):
        sink.error("macros", "the file has macros in it", span,
                   "open it in Word, and save it as .docx, which has none")
        return False
    if "[Content_Types].xml" in parts and "word/document.xml" in parts:
        return True
    kinds = {"xl/workbook.xml": "a workbook of Excel", "ppt/presentation.xml": "slides",
             "content.xml": "an OpenDocument file under another name"}
    kind = next((kind for name, kind in kinds.items() if name in parts), "no Word document")
    sink.error("not-word", f"this is {kind}", span, "save it as .docx in Word")
    return False


def _is_plain(parts: Mapping[str, bytes], span: Span, sink: Sink) -> bool:
    """Whether no XML part declares entities, or is too large to be parsed."""
    for name, data in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
        text = data.decode(encoding, "replace")
        if len(data) > _MAX_XML:
            sink.error("too-large", f"{name} in the file has {len(data) // 1_000_000} MB", span,
                       _SAVE_AGAIN)
            return False
        if any(word in text for word in _DECLARATIONS) or b"\0<\0!" in data[:400]:
            sink.error("damaged", f"{name} in the file declares entities, as Word never does",
                       span, _SAVE_AGAIN)
            return False
    return True
