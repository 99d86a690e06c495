"""Asking for pages: few connections a host, time-outs, retries, HEAD before GET, a limit of size.

Only http and https, and no address of this machine or of a private network unless that is wanted: a
brief must not make an editor's computer ask its neighbours (RFC 1918, RFC 4193, RFC 3927).
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct, field

from reportgen.versions import VERSION

_AGENT = f"reportgen/{VERSION} (checks the links of a bulletin)"
_MOST_REDIRECTS, _MOST_BYTES, _MOST_TRIES = 5, 600_000, 2
_AT_ONCE, _A_HOST = 8, 1
"""Connections at once, and to one host."""

_FAILED = 400


class Private(Enum):
    """Whether addresses of this machine and of private networks are asked."""

    REFUSED = "refused"
    ASKED = "asked"


class Answer(Struct, frozen=True):
    """What came of asking for an address."""

    status: int = 0
    """Of HTTP; 0: there was no answer."""
    final: str = ""
    """Where redirects led."""
    page: str = ""
    """The page, if it is HTML or JSON, as far as the limit."""
    error: str = ""
    """Why there was no answer."""

    @property
    def found(self) -> bool:
        """Whether the server gave a page."""
        return 0 < self.status < _FAILED


class _Refused(Exception):
    """An address that is not asked."""


class Fetcher(Struct):
    """Asks for addresses; a host is asked for one thing at a time."""

    private: Private = Private.REFUSED
    timeout: float = 15.0
    """Seconds for connecting, and for each reading."""
    total: float = 40.0
    """Seconds for one address, redirects and retries included."""
    pause: float = 0.5
    """Seconds before a second try."""
    _hosts: dict[str, threading.Semaphore] = field(default_factory=dict)

    def all(self, addresses: Iterable[str],
            told: Callable[[str], None] = lambda _: None) -> dict[str, Answer]:
        """Return the answer to each address; `told` hears of each that is done."""
        wanted = list(dict.fromkeys(addresses))

        def ask(address: str) -> Answer:
            answer = self.one(address)
            told(address)
            return answer

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return dict(zip(wanted, pool.map(ask, wanted), strict=True))

    def one(self, address: str) -> Answer:
        """Return the answer to an address, after redirects and a second try."""
        end = time.monotonic() + self.total
        answer = Answer(error="it was not asked")
        for number in range(_MOST_TRIES):
            if number:
                time.sleep(self.pause)
            answer = self._redirected(address, end)
            if answer.status and answer.status not in (429, 500, 502, 503, 504):
                return answer
            if time.monotonic() > end or answer.error.startswith(("not asked", "redirects")):
                break
        return answer

    def _redirected(self, address: str, end: float) -> Answer:
        seen: list[str] = []
        while True:
            if address in seen or len(seen) > _MOST_REDIRECTS:
                return Answer(error="redirects without an end", final=seen[-1])
            seen.append(address)
            try:
                status, location, page = self._ask(address, end)
            except _Refused as error:
                return Answer(error=f"not asked: {error}", final=address)
            except (OSError, http.client.HTTPException, ValueError) as error:
                why = "it took too long" if isinstance(error, TimeoutError) else (
                    str(error) or type(error).__name__)
                return Answer(error=why[:120], final=address)
            if status in (301, 302, 303, 307, 308) and location:
                address = urljoin(address, location)
                continue
            return Answer(status, address, page)

    def _ask(self, address: str, end: float) -> tuple[int, str, str]:
        """Return status, where it leads, and the page: HEAD, then GET if it is HTML or JSON."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Refused("it is no address of the web")
        # setdefault is atomic, so that two threads get the same semaphore
        with self._hosts.setdefault(parts.hostname, threading.Semaphore(_A_HOST)):
            status, headers, _ = self._request("HEAD", address, end)
            if status in (301, 302, 303, 307, 308):
                return status, headers.get("location", ""), ""
            kind = headers.get("content-type", "")
            if status < _FAILED and kind and not re.search("html|json", kind):
                return status, "", ""
            status, headers, body = self._request("GET", address, end)
            return status, headers.get("location", ""), _decoded(body, headers)

    def _request(self, method: str, address: str,
                 end: float) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        left = min(self.timeout, end - time.monotonic())
        if left <= 0:
            raise TimeoutError
        sock = socket.create_connection((self._allowed(host, port), port), left)
        try:
            if parts.scheme == "https":
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            connection = http.client.HTTPConnection(host, port, timeout=left)
            connection.sock = sock
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
            query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
            connection.request(method, path + query, headers={
                "User-Agent": _AGENT, "Accept": "text/html,*/*;q=0.5",
                "Accept-Encoding": "identity", "Connection": "close"})
            response = connection.getresponse()
            body = self._read(response, end) if method == "GET" else b""
            return response.status, {k.lower(): v for k, v in response.getheaders()}, body
        finally:
            sock.close()

    def _read(self, response: http.client.HTTPResponse, end: float) -> bytes:
        """Return a body as far as the limit of size and time."""
        body = b""
        while len(body) < _MOST_BYTES:
            if time.monotonic() > end:
                break
            part = response.read1(65_536)
            if not part:
                break
            body += part
        return body[:_MOST_BYTES]

    def _allowed(self, host: str, port: int) -> str:
        """Return the number of a host that may be asked, so that it is asked and no other."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            number = ipaddress.ip_address(str(place[0]).partition("%")[0])
            if self.private is Private.ASKED or number.is_global:
                return str(place[0])
        raise _Refused("it is on this machine or in a private network")


def _decoded(body: bytes, headers: dict[str, str]) -> str:
    said = re.search(r"charset=[\"']?([\w-]+)", headers.get("content-type", "")) or re.search(
        r"charset=[\"']?([\w-]+)", body[:2048].decode("ascii", errors="replace"))
    for encoding in (said[1] if said else "utf-8", "utf-8"):
        try:
            return body.decode(encoding, errors="replace")
        except LookupError:
            continue
    return ""
