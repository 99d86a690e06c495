"""WeasyPrint, driven: HTML to pages, pages to PDF, always the same bytes.

WeasyPrint is pinned; what is used of its inside has a test that fails when
upstream changes (tests/test_hooks.py).
"""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from reportgen.diagnostics import Sink, Span
from reportgen.rendering.fetcher import ROOT, Fetcher
from reportgen.rendering.startup import start_engine
from reportgen.standards import TagSet

_INTENTS = {TagSet.NONE: "device-cmyk", TagSet.PDF_1_7: None, TagSet.PDF_2_0: None}
"""In what colours transparency is blended."""


class Layout(Struct, frozen=True):
    """Laid-out pages."""

    document: Any
    """weasyprint.Document"""


def lay_out(html: str, fetcher: Fetcher, sink: Sink) -> Layout:
    """Lay `html` out; what the engine warns of goes to `sink`."""
    from reportgen.rendering import hooks, tagwriter  # not where the pages are kept

    start_engine()
    hooks.install()
    tagwriter.install()
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    with _reported(sink, fetcher), _collector_off():
        page = HTML(string=html, base_url=ROOT, url_fetcher=fetcher)
        return Layout(page.render(font_config=FontConfiguration()))


def write(layout: Layout, tags: TagSet, sink: Sink) -> tuple[bytes, str]:
    """Return the PDF of laid-out pages, and the characters that no font could show.

    A layout may be written several times, with other tags.
    """
    layout.document.tag_set = tags
    layout.document.output_intent = _INTENTS[tags]
    with _reported(sink) as handler, _collector_off():
        data: bytes = layout.document.write_pdf(pdf_tags=tags is not TagSet.NONE,
                                                pdf_version=tags.pdf_version)
    return data, "".join(dict.fromkeys(handler.missing))


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the cycle collector off: a layout makes many objects and drops hardly any."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Handler(logging.Handler):
    """Turns the engine's log into diagnostics."""

    def __init__(self, sink: Sink, fetcher: Fetcher | None) -> None:
        super().__init__(logging.WARNING)
        self._sink = sink
        self._fetcher = fetcher
        self.missing = ""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "Failed to load" in message and "outside of the bulletin" in message:
            return  # the fetcher has told it
        missing = re.search(r'unsupported by fonts: "(.+)" \(', message)
        if missing:
            self.missing += missing[1]
            return
        message = message.replace(ROOT, "")
        place = re.search(r" at (\d+):(\d+)", message)
        if place and self._fetcher and self._fetcher.style:  # it is parsed when it is fetched
            span = Span(f"styles/{self._fetcher.style}", int(place[1]), int(place[2]))
            self._sink.warning("engine", message.replace(place[0], "", 1), span)
        else:
            self._sink.warning("engine", message, Span("styles"))


@contextmanager
def _reported(sink: Sink, fetcher: Fetcher | None = None) -> Iterator[_Handler]:
    """Send WeasyPrint's log, and fontTools', to `sink` while this lasts, and nowhere else."""
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    handler = _Handler(sink, fetcher)
    before = [(logger.handlers[:], logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
    try:
        yield handler
    finally:
        for logger, (handlers, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
