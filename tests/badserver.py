"""A mail server that does what it is told, above all the wrong thing."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

EOF = b"\0eof"
FAREWELL = b"\0farewell"
"""The end of TLS (close_notify), while the connection stays open."""
SILENCE = b"\0silence"


@dataclass
class Script:
    """What the server answers to what; a list is used up one by one, its last is kept."""

    greeting: bytes | list[bytes] = b"220 bad.example.org ESMTP\r\n"
    ehlo: bytes = b"250-bad.example.org\r\n250-SIZE 99000000\r\n250-DSN\r\n250 8BITMIME\r\n"
    mail: bytes | list[bytes] = b"250 2.1.0 ok\r\n"
    rcpt: bytes | list[bytes] = b"250 2.1.5 ok\r\n"
    data: bytes = b"354 go on\r\n"
    dot: bytes | list[bytes] = b"250 2.0.0 queued\r\n"
    rset: bytes = b"250 ok\r\n"
    middle: bytes = b""
    """Said, and hung up, after `middle_at` bytes of a message."""
    middle_at: int = 20_000
    stall_left: int = 0
    """Bytes of a message that are left unread for `stall` seconds."""
    stall: float = 0.0
    pause: float = 0.0
    """Seconds between two readings of a message, each of 32 KiB at most."""
    receive_buffer: int = 0
    """Bytes of the socket's receive buffer; 0: as it comes."""


@dataclass
class BadServer:
    """Listens on loopback until the `with` ends."""

    script: Script = field(default_factory=Script)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and text of each message whose end came."""
    commands: list[str] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    """Set while the server does not read."""
    on_stall: Callable[[], None] = lambda: None
    connections: int = 0
    tls: ssl.SSLContext | None = None
    """Speaks TLS from the first byte."""

    def __enter__(self) -> BadServer:
        self._listener = socket.socket()
        if self.script.receive_buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                      self.script.receive_buffer)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(20)
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, _HangUp), connection:
            if self.tls is None:
                _Talk(self, connection).go_on()
            else:
                with self.tls.wrap_socket(connection, server_side=True) as secured:
                    _Talk(self, secured).go_on()

    def answer(self, name: str) -> bytes:
        """Return the next answer of a kind."""
        given: bytes | list[bytes] = getattr(self.script, name)
        if isinstance(given, list):
            return given.pop(0) if len(given) > 1 else given[0]
        return given


class _HangUp(Exception):
    pass


class _Talk:
    """One connection."""

    def __init__(self, server: BadServer, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.buffer = b""
        self.recipient, self.size = "", 0

    def say(self, text: bytes) -> None:
        if text == EOF:
            raise _HangUp
        if text == FAREWELL and isinstance(self.connection, ssl.SSLSocket):
            with contextlib.suppress(OSError):
                self.connection.unwrap()
        if text in (SILENCE, FAREWELL):
            while not self.server._closed:
                time.sleep(0.05)
            raise _HangUp
        if text.endswith(EOF):
            self.connection.sendall(text.removesuffix(EOF))
            raise _HangUp
        self.connection.sendall(text)

    def read(self, most: int = 65536) -> None:
        more = self.connection.recv(most)
        if not more:
            raise _HangUp
        self.buffer += more

    def line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.read()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode("utf-8")

    def go_on(self) -> None:
        self.say(self.server.answer("greeting"))
        while True:
            line = self.line()
            self.server.commands.append(line)
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self.say(b"221 bye\r\n")
                raise _HangUp
            if verb == "MAIL":
                found = re.search(r"SIZE=(\d+)", line)
                self.size = int(found[1]) if found else 0
            if verb == "RCPT":
                self.recipient = line[line.index("<") + 1 : line.index(">")]
            name = {"EHLO": "ehlo", "MAIL": "mail", "RCPT": "rcpt", "DATA": "data",
                    "RSET": "rset"}.get(verb)
            answer = self.server.answer(name) if name else b"502 what?\r\n"
            self.say(answer)
            if verb == "DATA" and answer.startswith(b"354"):
                self.message()

    def message(self) -> None:
        script = self.server.script
        while not (self.buffer.endswith(b"\r\n.\r\n") or b"\r\n.\r\n" in self.buffer[-200:]):
            if script.middle and len(self.buffer) > script.middle_at:
                self.say(script.middle if script.middle == FAREWELL else script.middle + EOF)
            if script.stall and self.size and len(self.buffer) > self.size - script.stall_left:
                self.server.stalled.set()
                self.server.on_stall()
                time.sleep(script.stall)
                self.server.stalled.clear()
                script.stall = 0.0
            time.sleep(script.pause)
            self.read(32768 if script.pause else 65536)
        text, _, self.buffer = self.buffer.partition(b"\r\n.\r\n")
        self.server.taken.append((self.recipient, text + b"\r\n"))
        self.say(self.server.answer("dot"))
