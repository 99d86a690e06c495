"""What the engine may load: the theme's files and what was made for the page; nothing else.

Everything has an address under a host that cannot exist (RFC 2606, `.invalid`),
so the same bulletin has the same addresses in every folder. The network, the
file system and data: addresses are refused with a diagnostic.
"""

from __future__ import annotations

import mimetypes
import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from reportgen.assets import SHIPPED, Assets, Kind
from reportgen.diagnostics import Sink, Span

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

HOST = "reportgen.invalid"
ROOT = f"https://{HOST}/"
STYLES = "styles/"


class Refused(ValueError):
    """An address outside of the bulletin."""


class Fetcher:
    """Serves the style sheets, fonts, drawings and pictures of one bulletin."""

    def __init__(self, assets: Assets, made: Mapping[str, tuple[bytes, str]], sink: Sink) -> None:
        """Take the search path of files, and what was made: name -> (data, media type)."""
        self._assets = assets
        self._made = made
        self._sink = sink
        self.style = ""
        """The style sheet that was asked for last."""
        self._fail_on_errors = False
        """WeasyPrint asks its own fetchers for this: a refused file does not stop the layout."""

    def __call__(self, url: str) -> URLFetcherResponse:
        """Return what is at `url`; raise Refused if it is not the bulletin's."""
        from weasyprint.urls import URLFetcherResponse

        data, media_type = self.read(url)
        return URLFetcherResponse(url, data, {"Content-Type": media_type})

    def read(self, url: str) -> tuple[bytes, str]:
        """Return the bytes and media type of `url`."""
        if url.startswith(SHIPPED):
            return self._style(url)
        parts = urlsplit(url)
        if parts.hostname != HOST:
            self._refuse(url)
        name = posixpath.normpath(unquote(parts.path)).lstrip("/")
        if name in self._made:
            return self._made[name]
        if name.startswith(STYLES):
            return self._style(name.removeprefix(STYLES))
        self._refuse(url)
        raise AssertionError

    def _style(self, name: str) -> tuple[bytes, str]:
        path = self._assets.find(name, Kind.STYLE)
        if path is None:
            self._sink.error("no-style", f"there is no file {name} in styles/", Span("styles"),
                             "reportgen explain FILE shows where it is looked for")
            raise Refused(name)
        if name.endswith(".css"):
            self.style = name
        return path.read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream"

    def _refuse(self, url: str) -> None:
        place = Span(f"styles/{self.style}" if self.style else "styles")
        self._sink.error("refused", f"{url[:80].removeprefix(ROOT)} is outside of the bulletin",
                         place, "put the file into the series' styles/; a style sheet names it "
                         "from where it lies itself: url(logo.svg)")
        raise Refused(url)
