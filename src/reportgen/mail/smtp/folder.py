"""A folder as a transport: every message a file, as a mail program opens it (`.eml`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from reportgen.mail.smtp.transport import Capabilities, Envelope, Lost, Reply
from reportgen.workspace import PRIVATE, write_all


class FolderTransport:
    """Writes messages into a folder. See `transport.Transport`."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is made when the first message comes."""
        self._folder = folder
        self._envelope: Envelope | None = None
        self._lines = b""
        self.written: list[Path] = []

    def open(self) -> Capabilities:
        """Say what a folder takes: everything."""
        return Capabilities(str(self._folder), international=True)

    def offer(self, envelope: Envelope) -> Reply:
        """Take a message."""
        self._envelope, self._lines = envelope, b""
        return Reply(354, "go on")

    def stream(self, segments: Iterable[bytes | memoryview]) -> None:
        """Keep the message until its end comes."""
        self._lines += b"".join(segments)

    def drain(self) -> None:
        """There is no queue."""

    def check_quiet(self) -> None:
        """A folder never speaks up."""

    def end(self) -> None:
        """Write the file, whole or not at all."""
        if self._envelope is None:
            raise Lost("there is no message")
        name = "".join(c if c.isalnum() or c in "@.-_+" else "_"
                       for c in self._envelope.recipient)[:100]
        path = self._folder / f"{name}-{self._envelope.id[:8]}.eml"
        data = self._lines[1:] if self._lines.startswith(b"..") else self._lines
        try:
            write_all({path: data.replace(b"\r\n..", b"\r\n.")}, PRIVATE)
        except OSError as error:
            raise Lost(f"{path.name} cannot be written: {error.strerror or os.strerror(5)}"
                       ) from error
        self.written.append(path)

    def answer(self) -> Reply:
        """Say that it is written."""
        self._envelope = None
        return Reply(250, "written")

    def close(self) -> None:
        """Forget a message that has not ended."""
        self._envelope, self._lines = None, b""
