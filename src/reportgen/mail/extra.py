"""What mailing needs beside what building needs: the extra `reportgen[mail]`."""

from __future__ import annotations

from importlib.util import find_spec

from reportgen.diagnostics import ReportgenError, Sink, Span

_MODULES = ("css_inline", "email_validator", "flufl.bounce", "openpyxl", "pypdfium2", "vobject")
"""Modules of the packages in pyproject.toml, `mail`."""


def require_extra() -> None:
    """Raise ReportgenError if a package that mailing needs is not installed."""
    missing = [name for name in _MODULES if not _is_there(name)]
    if missing:
        sink = Sink()
        sink.error("no-extra", f"mailing needs packages that are not installed: "
                   f"{', '.join(missing)}", Span("reportgen"),
                   "install the extra: pip install 'reportgen[mail]'")
        raise ReportgenError(sink)


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:  # of the package that it is in
        return False
