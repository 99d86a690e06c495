"""Which versions of what made a file: recorded in it, and in what is kept with it."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

VERSION = "0.1.0"
"""Of reportgen; pyproject.toml takes it from here."""


def own() -> str:
    """Return reportgen's version."""
    return VERSION


def engine() -> str:
    """Return the name and version of the engine that sets the pages."""
    return f"WeasyPrint {version('weasyprint')}"


def packages() -> dict[str, str]:
    """Return every package that reportgen runs on, with its version."""
    found: dict[str, str] = {}
    locked = Path(__file__).parent.parent / "requirements.txt"
    if locked.is_file() and locked.parent.name == "software":  # run out of a bag
        names = [row.partition("==")[0] for row in locked.read_text("utf-8").splitlines()]
        return {name: _version_of(name) for name in names}
    seen: set[tuple[str, str]] = set()
    rows = [("reportgen", "")]
    while rows:
        name, extra = rows.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = version(name)
            rows += _required(name, extra)
        except PackageNotFoundError:
            continue  # for another platform
    found.pop("reportgen", None)
    return dict(sorted(found.items()))


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _required(name: str, extra: str) -> list[tuple[str, str]]:
    """Return what a package with one of its extras requires: names, each with an extra or none."""
    out = []
    for row in requires(name) or []:
        asked = re.search(r"extra == [\"']([\w-]+)", row)
        match = re.match(r"([A-Za-z0-9][\w.-]*)(?:\[([\w,-]+)\])?", row)
        if match and (asked is None or asked[1] == extra):
            called = match[1].lower().replace("_", "-")
            out += [(called, more) for more in ("", *filter(None, (match[2] or "").split(",")))]
    return out


def requirements() -> str:
    """Return the packages as pinned requirements."""
    return "".join(f"{name}=={number}\n" for name, number in packages().items())


def all_of() -> dict[str, str]:
    """Return the versions of Python, of the packages, and of the libraries outside of Python."""
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return {"python": ".".join(map(str, sys.version_info[:3])), "reportgen": own(),
            "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}", **packages()}
