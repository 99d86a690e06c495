"""Write src/reportgen/codes.txt: the codes of all warnings and notes, found in the program's calls.

    .venv/bin/python tools/write_codes.py

A code in `silence` that is not in this file silences nothing, and is told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "reportgen"
FILE = SOURCE / "codes.txt"
MAIL = ("mail", "cli")
"""Rooms whose messages no series silences."""

_CALLS = {"warning": 0, "note": 0, "flaw": 0, "Flaw": 0, "_tell": 2}
"""What tells something, and which of its arguments is the code."""


def codes() -> set[str]:
    """Return the codes of the warnings and notes that a build can tell."""
    files = [file for file in SOURCE.rglob("*.py") if file.relative_to(SOURCE).parts[0] not in MAIL]
    return {code for file in files for code in _told_in(ast.parse(file.read_text("utf-8")))}


def _told_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = _CALLS.get(getattr(node.func, "attr", getattr(node.func, "id", "")))
            code = node.args[place] if place is not None and place < len(node.args) else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


if __name__ == "__main__":
    FILE.write_text("".join(f"{code}\n" for code in sorted(codes())), encoding="utf-8")
