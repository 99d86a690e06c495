"""Printing: data to stdout, talk to stderr.

Data that cannot be printed ends a command; talk that nobody can hear does not.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO

from reportgen.diagnostics import Diagnostic, Severity


class _Talk(io.TextIOBase):
    """A stream of talk: a closed terminal, pipe or full disk behind it stops nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


@contextmanager
def streams() -> Iterator[None]:
    """Give stdout and stderr for as long as a command runs, also where a shell has closed them."""
    with ExitStack() as stack:
        if sys.stdout is None:
            stack.enter_context(redirect_stdout(_nowhere(stack)))
        talk = _nowhere(stack) if sys.stderr is None else sys.stderr
        stack.enter_context(redirect_stderr(_Talk(talk)))
        try:
            yield
        finally:
            _empty(sys.stdout)
            _empty(talk)


def _empty(stream: TextIO) -> None:
    """Drop what a full disk keeps a stream from writing: at exit, Python would fail by it."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _nowhere(stack: ExitStack) -> TextIO:
    return stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))


def print_rows(rows: Iterable[tuple[str, ...]]) -> int:
    """Print each row when it comes, its cells between tabs; return how many there were."""
    count = 0
    for cells in rows:
        print(*cells, sep="\t", flush=True)
        count += 1
    return count


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics to stderr, and how many errors and warnings there were."""
    told = list(diagnostics)
    for diagnostic in told:
        print(diagnostic, file=sys.stderr)
    counts = {s: sum(d.severity is s for d in told) for s in Severity}
    parts = [f"{n} {s.value}{'s' if n > 1 else ''}" for s, n in counts.items()
             if n and s is not Severity.NOTE]
    if parts:
        print(", ".join(parts), file=sys.stderr)


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as JSON, one object each."""
    rows = [{"file": d.span.file, "line": d.span.line, "column": d.span.column,
             "severity": d.severity.value, "code": d.code, "message": d.message,
             "hints": list(d.hints), "words": d.words} for d in diagnostics]
    return json.dumps(rows, ensure_ascii=False, indent=1)
