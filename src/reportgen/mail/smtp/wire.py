"""The line to a relay: what it says, whole, and what it has not got yet of what was sent."""

from __future__ import annotations

import smtplib
import socket
import struct
import sys

_TIOCOUTQ = 0x5411
"""Linux, ioctl_tty(2): bytes that the peer has not acknowledged."""

_SO_NWRITE = 0x1024
"""macOS, sys/socket.h: the same."""

_MAX_LINE, _MAX_LINES = 4096, 100
"""Of a reply: RFC 5321, 4.5.3.1.5 has 512 letters; what is longer is no reply."""


class Client(smtplib.SMTP):
    """smtplib's client, with an ear of its own.

    Its `getreply` takes a line that the end of the connection cut off for a whole
    one, and listens to an answer that never ends.
    """

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply (RFC 5321, 4.2.1); its code is -1 if it is none.

        Raises smtplib.SMTPServerDisconnected or OSError.
        """
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self.file = self.file or self.sock.makefile("rb")
        lines, codes, line = list[bytes](), set[bytes](), b"   -"
        while line[3:4] == b"-" and len(lines) < _MAX_LINES:
            line = self.file.readline(_MAX_LINE)
            if not line.endswith(b"\n"):
                raise smtplib.SMTPServerDisconnected("the answer was cut off")
            codes.add(line[:3])
            lines.append(line[4:].strip())
        [code, *others] = codes
        sound = code.isdigit() and not others and line[3:4] in (b" ", b"\r", b"\n")
        return int(code) if sound else -1, b"\n".join(lines)


class ClientOverTls(Client, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte (RFC 8314)."""


def send_some(sock: socket.socket, data: memoryview) -> int:
    """Send some of `data`, and return how much; time out only if nothing goes out.

    `sendall` times out for all of it, and a full queue takes more only when a third
    of it is free, which takes a slow line longer. Raises OSError.
    """
    waiting = unsent(sock)
    while True:
        try:
            return sock.send(data)
        except TimeoutError:
            before, waiting = waiting, unsent(sock)
            if waiting >= before:
                raise


def unsent(sock: socket.socket) -> int:
    """Return the bytes that the peer's kernel has not acknowledged; 0 where nobody can say.

    Raises OSError.
    """
    if sys.platform == "linux":
        import fcntl

        return int(struct.unpack("i", fcntl.ioctl(sock.fileno(), _TIOCOUTQ, b"\0" * 4))[0])
    if sys.platform == "darwin":
        return sock.getsockopt(socket.SOL_SOCKET, _SO_NWRITE)
    return 0
