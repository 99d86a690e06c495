"""Printing: data to stdout, talk to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from reportgen.diagnostics import Diagnostic, Severity


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
             "hints": list(d.hints)} for d in diagnostics]
    return json.dumps(rows, ensure_ascii=False, indent=1)
