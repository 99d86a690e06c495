"""A web server on loopback that does what it is told, above all the wrong thing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARTICLE = """<html><head><title>Wells run dry | The Watch</title>
<meta property="og:site_name" content="The Watch">
<meta name="citation_title" content="Wells run dry">
<meta name="citation_author" content="Rossi, Anna"><meta name="citation_author" content="Bo Lee">
<meta name="citation_publication_date" content="2019/04/02"></head><body>x</body></html>"""
LINKED = """<html><head><script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
"headline": "Rain at last", "author": [{"name": "Ada"}, {"name": "Bo"}], "datePublished":
"2020-05-06T07:00:00Z", "publisher": {"name": "Daily"}}]}</script></head></html>"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, *arguments: object) -> None:
        pass

    def _answer(self, *, body: bool) -> None:
        server = self.server
        assert isinstance(server, _Server)
        path = self.path.partition("?")[0]
        server.asked.append((self.command, self.path))
        with server.counting:
            server.now += 1
            server.most = max(server.most, server.now)
        time.sleep(0.01)  # so that two at once are seen
        with server.counting:  # before the answer, after which the client goes on
            server.now -= 1
        self._send(path, server, body=body)

    def _send(self, path: str, server: _Server, *, body: bool) -> None:
        if path == "/slow":
            server.stopping.wait(20)
            return
        if path == "/hangup":
            self.close_connection = True
            return
        if path == "/garbage":
            self.wfile.write(b"\x00\xff not http\r\n\r\n")
            self.close_connection = True
            return
        if path in ("/loop", "/moved", "/away"):
            self.send_response(302)
            self.send_header("Location", {"/loop": "/loop", "/moved": "/article",
                                          "/away": "file:///etc/passwd"}[path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if path == "/nohead" and self.command == "HEAD":
            self._page(405, "")
            return
        if path == "/once":
            first = [a for a in server.asked if a[1] == "/once"]
            self._page(503 if len(first) <= 2 else 200, ARTICLE if body else "")
            return
        if path == "/available":
            self._page(200, '{"archived_snapshots": {"closest": {"url": '
                       '"http://web.archive.org/web/2019/https://x.org"}}}' if body else "",
                       "application/json")
            return
        if path == "/huge":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.close_connection = True
            part = ARTICLE.encode() + b" " * 65_536
            while body and not server.stopping.is_set():
                try:
                    self.wfile.write(part)
                except OSError:
                    return
            return
        pages = {"/article": ARTICLE, "/nohead": ARTICLE, "/linked": LINKED,
                 "/odd": "<title>" + "x" * 9_000 + "</title><meta name=author content=>"
                 "<script type='application/ld+json'>{[</script>"}
        if path == "/bots":
            self._page(403, "")
            return
        if path == "/pdf":
            self._page(200, "%PDF", "application/pdf")
            return
        self._page(200 if path in pages else 404, pages.get(path, "gone") if body else "")

    def _page(self, status: int, text: str, kind: str = "text/html; charset=utf-8") -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str]] = []
        self.stopping = threading.Event()
        self.counting = threading.Lock()
        self.now = self.most = 0

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def web() -> Iterator[_Server]:
    """Run a server while this lasts."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        time.sleep(0)
