"""Which versions of what made a file: recorded in it, and in what is kept with it."""

from __future__ import annotations

from importlib.metadata import version


def own() -> str:
    """Return reportgen's version."""
    return version("reportgen")


def engine() -> str:
    """Return the name and version of the engine that sets the pages."""
    return f"WeasyPrint {version('weasyprint')}"
