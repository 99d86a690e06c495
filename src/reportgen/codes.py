"""The codes of warnings and notes, from codes.txt (`tools/write_codes.py`), and silencing them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from reportgen.diagnostics import Sink, Span

FILE = Path(__file__).with_name("codes.txt")


def silence(codes: Iterable[str], sink: Sink, span: Span, *, on_line: Span | None = None) -> None:
    """Silence warnings and notes of `codes`, everywhere or on one line.

    `span` is where the wish stands: a code that no warning and no note has is told there.
    """
    wished = tuple(codes)
    for code in wished:
        sink.silence(code, on_line)
    known = FILE.read_text("ascii").split() if wished else []
    for code in wished:
        if code not in known:
            near = get_close_matches(code, known, n=1)
            sink.warning("unknown-code", f'no warning or note has the code "{code}"', span,
                         f'did you mean "{near[0]}"?' if near else
                         "docs/checking.md lists them; errors cannot be silenced")
