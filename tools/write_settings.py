"""Write docs/settings.md from the Structs that are the settings' schemas.

    .venv/bin/python tools/write_settings.py

A test holds the file against the code, so a setting without a word of documentation fails.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

from reportgen.assets import ThemeSettings
from reportgen.mail.settings import MailSettings
from reportgen.maps.style import MapStyle
from reportgen.series import (
    BioSettings,
    IssueSettings,
    PersonSettings,
    RegionSettings,
    SeriesSettings,
)
from reportgen.typesetting.specification import Bounds, FaceFile, PageFormat, TypeStyle

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"

PAGES: tuple[tuple[str, str, type], ...] = (
    ("series.toml", "The series; its folder is what may be read.", SeriesSettings),
    ("issue.toml", "One issue, in its folder.", IssueSettings),
    ("people.toml", "Who writes: a table for each person, `[name]`.", PersonSettings),
    ("bios in people.toml", "A dated bio.", BioSettings),
    ("regions.toml", "Regions: a table for each, `[code]`; only what differs from the shipped.",
     RegionSettings),
    ("mail.toml", "How the series is mailed ([mail.md](mail.md)).", MailSettings),
    ("styles/THEME/theme.toml", "A theme.", ThemeSettings),
    ("[page] in theme.toml", "The page.", PageFormat),
    ("[type.NAME] in theme.toml", "A type style.", TypeStyle),
    ("[fit] in theme.toml", "The bounds of copyfitting.", Bounds),
    ("[[face]] in theme.toml", "A font file; a row for each.", FaceFile),
    ("[map] in theme.toml", "Colours of maps.", MapStyle),
)

TYPES = {"str": "text", "tuple[str, ...]": "list of texts", "Month | None": "month",
         "tuple[dict[str, str], ...]": "list of tables", "dict[str, str]": "table of texts",
         "tuple[float, ...]": "list of numbers", "int": "number",
         "float": "number", "bool": "true or false", "dict[str, Any]": "table",
         "tuple[dict[str, Any], ...]": "list of tables"}


def fields_of(kind: type) -> list[tuple[str, str, str, str]]:
    """Return (key, type, default, documentation) of each field; raise if one has none."""
    tree = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(tree, ast.ClassDef)
    rows = []
    for statement, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if not isinstance(statement, ast.AnnAssign):
            continue
        name = ast.unparse(statement.target)
        documented = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if not documented:
            raise ValueError(f"{kind.__name__}.{name} is not documented")
        assert isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        default = ast.unparse(statement.value) if statement.value else ""
        shown = default.strip("'") if default[:1] in "'(-0123456789TF" and default != "()" else ""
        rows.append((name.replace("_", "-"), TYPES[ast.unparse(statement.annotation)], shown,
                     str(after.value.value)))
    return rows


def render() -> str:
    """Return the text of docs/settings.md."""
    lines = ["# Settings", "",
             "Everything is optional. Made from the code by `tools/write_settings.py`."]
    for title, words, kind in PAGES:
        lines += ["", f"## {title}", "", words, "",
                  "| key | is | default | |", "| --- | --- | --- | --- |"]
        lines += [f"| `{key}` | {type_} | {f'`{default}`' if default else ''} | {text} |"
                  for key, type_, default, text in fields_of(kind)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
