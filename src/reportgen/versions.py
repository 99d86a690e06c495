"""Which versions of what made a file: recorded in it, and in what is kept with it."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

VERSION = "0.1.0"
"""Of reportgen; pyproject.toml takes it from here."""


def own() -> str:
    """Return reportgen's version."""
    return VERSION


@lru_cache(maxsize=1)
def installed() -> dict[str, str]:
    """Return the version of each installed package, by its name in small letters with hyphens.

    They are read off the names of the folders beside the packages (PyPA, "Recording installed
    projects"); importlib.metadata takes longer to import than all else here.
    """
    found: dict[str, str] = {}
    for place in dict.fromkeys(p for p in sys.path if p.endswith("-packages")):
        with suppress(OSError), os.scandir(place) as entries:
            for name in sorted(entry.name for entry in entries):
                match = re.fullmatch(r"(.+)-([^-]+)\.dist-info", name)
                if match:
                    found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return found


def version_of(name: str) -> str | None:
    """Return the version of a package, wherever it lies; None if it is not installed."""
    known = installed().get(name)
    if known is None:
        from importlib.metadata import PackageNotFoundError, version

        with suppress(PackageNotFoundError):
            known = version(name)
    return known


def engine() -> str:
    """Return the name and version of the engine that sets the pages."""
    return f"WeasyPrint {version_of('weasyprint')}"


def packages() -> dict[str, str]:
    """Return every package that reportgen runs on, with its version."""
    found: dict[str, str] = {}
    locked = Path(__file__).parent.parent / "requirements.txt"
    if locked.is_file() and locked.parent.name == "software":  # run out of a bag
        names = [row.partition("==")[0] for row in locked.read_text("utf-8").splitlines()]
        return {name: version_of(name) or "missing" for name in names}
    seen: set[tuple[str, str]] = set()
    rows = [("reportgen", "")]
    while rows:
        name, extra = rows.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        number = version_of(name)
        if number is not None:  # else it is for another platform
            found[name] = number
            rows += _required(name, extra)
    found.pop("reportgen", None)
    return dict(sorted(found.items()))


def _required(name: str, extra: str) -> list[tuple[str, str]]:
    """Return what a package with one of its extras requires: names, each with an extra or none."""
    from importlib.metadata import requires

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
