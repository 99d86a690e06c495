"""Reading a TOML file into a Struct, with a located, hinted error for each mistake.

The Struct is the schema: its fields are the keys, their types are checked,
their docstrings are what docs/settings.md says of them.
"""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar, get_type_hints

from reportgen.diagnostics import Sink, Span
from reportgen.model import Month
from reportgen.workspace import SourceText

Settings = TypeVar("Settings")


def parse_toml(source: SourceText, sink: Sink) -> dict[str, Any] | None:
    """Return the tables of a TOML file, or None and a located error."""
    try:
        return tomllib.loads(source.text)
    except (ValueError, RecursionError) as error:
        message = str(error)
        place = re.search(r"\(at line (\d+), column (\d+)\)", message)
        span = source.span(int(place[1]), int(place[2])) if place else source.span(
            source.text.count("\n") + 1 if "end of document" in message else 0)
        text = re.sub(r"\s*\(at .*\)$", "", message)
        sink.error("toml-syntax", f"{text[:1].lower()}{text[1:]}", span,
                   _hint_of(text, source, span.line))
        return None


def _hint_of(message: str, source: SourceText, number: int) -> str:
    """Return what to do about a mistake of syntax, by what stands on its line."""
    line = source.lines[number - 1] if 0 < number <= len(source.lines) else ""
    header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
    key = re.match(r"\s*([\w-]+)\s*=\s*(.*)", line)
    if header and ("twice" in message or "overwrite" in message or "mutate" in message):
        first = line_of(source, "", header[1])
        return f"[{header[1]}] stands in line {first} already: put both into one, or rename one"
    if key and "overwrite" in message:
        return f'"{key[1]}" is set twice: take one of the two lines out'
    if key and re.match(r"\d{4}-\d\d(?:-\d\d)?\s*(?:#.*)?$", key[2]):
        return f'write a month in quotes, {key[1]} = "2019-05", or a day that there is, 2019-05-01'
    if key and re.match("[“”„«‘’]", key[2]):
        return f'put straight quotes around it: {key[1]} = "..."'
    if header and "]" not in line[line.index("[") :]:
        return "close the bracket: [name]"
    return 'a text stands in straight quotes: title = "..."'


def line_of(source: SourceText, key: str, table: str = "") -> int:
    """Return the line on which `key` of `[table]` stands, 0 if it is not found.

    An empty key asks for the head of the table.
    """
    lines = _lines(source.text)
    inner = (line for (name, other), line in lines.items()
             if other == key and table and name.startswith(f"{table}."))
    return lines.get((table, key)) or next(inner, 0)


@lru_cache(maxsize=32)
def _lines(text: str) -> dict[tuple[str, str], int]:
    """Return the line of each table and key, by the name of the table and the key."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(SourceText("", text).lines, 1):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?", line)
        row = re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=]+))\s*=""", line)
        if header:
            table = header[1].strip("\"'")
            found.setdefault((table, ""), number)
        elif row:
            found.setdefault((table, row[1] or row[2] or row[3] or ""), number)
        for inline in re.finditer(r"""[{,]\s*"?([\w-]+)"?\s*=""", line):
            found.setdefault((table, inline[1]), number)
    return found


def read_settings(
    kind: type[Settings], data: dict[str, Any], source: SourceText, sink: Sink, table: str = ""
) -> Settings:
    """Return `data` as a `kind`; keys and types that do not fit are errors at their line."""
    hints, known = _schema(kind)  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in data.items():
        span = source.span(line_of(source, key, table))
        name = known.get(key.replace("_", "-"))
        if name is None:
            near = get_close_matches(key, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(known)}"
            sink.error("unknown-setting", f'no setting "{key}"', span, hint)
            continue
        checked = _checked(value, hints[name], key, span, sink)
        if checked is not None:
            values[name] = checked
    return kind(**values)


@lru_cache(maxsize=32)
def _schema(kind: type[Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the types of the settings of a Struct, and its fields by the names of settings."""
    return get_type_hints(kind), {name.replace("_", "-"): name for name in kind.__struct_fields__}


def _checked(value: Any, kind: Any, key: str, span: Span, sink: Sink) -> Any:
    """Return `value` as a `kind`, or None and an error."""
    wanted = str(kind)
    if kind is str:
        if isinstance(value, str | int) and not isinstance(value, bool):
            if isinstance(value, int) and abs(value) > 10**18:
                return _refuse(key, "a text in quotes", value, span, sink)
            if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in str(value)):
                sink.error("control-character", f'there is a control character in "{key}"', span,
                           "delete it, and type what belongs there")
            return str(value).strip()
        return _refuse(key, "a text in quotes", value, span, sink)
    if kind is int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6:
            return value
        return _refuse(key, "a whole number from 0 to 999999", value, span, sink)
    if kind is float:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e5:
            return float(value)
        return _refuse(key, "a number", value, span, sink)
    if kind is bool:
        return value if isinstance(value, bool) else _refuse(key, "true or false", value, span,
                                                             sink)
    if wanted.startswith("dict[str, typing.Any]"):
        return value if isinstance(value, dict) else _refuse(key, "a table", value, span, sink)
    if wanted.startswith("tuple[str"):
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        return _refuse(key, 'a list of texts: ["...", "..."]', value, span, sink)
    if wanted.startswith("tuple[float"):
        if isinstance(value, list) and all(isinstance(v, int | float) and not isinstance(v, bool)
                                           for v in value):
            return tuple(float(v) for v in value)
        return _refuse(key, "a list of numbers", value, span, sink)
    if "Month" in wanted:
        month = month_of(value)
        if month is None:
            _refuse(key, "a month, as in 2019-04", value, span, sink)
        return month
    if wanted.startswith("dict[str, str]"):
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
        return _refuse(key, 'a table of texts: {it = "...", fr = "..."}', value, span, sink)
    if wanted.startswith("tuple[dict"):
        if isinstance(value, list) and all(isinstance(v, dict) for v in value):
            return tuple(value)
        return _refuse(key, "a list of tables", value, span, sink)
    raise TypeError(f"no check for settings of type {wanted}")


def month_of(value: Any) -> Month | None:
    """Return `2019-04`, a TOML date or the like as a month."""
    if isinstance(value, datetime.date):
        return Month(value.year, value.month)
    if not isinstance(value, str):
        return None
    match = re.fullmatch(r"(1[5-9]\d\d|20\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?", value.strip(), re.ASCII)
    return Month(int(match[1]), int(match[2])) if match else None


def _refuse(key: str, wanted: str, value: Any, span: Span, sink: Sink) -> None:
    kinds = {bool: "true or false", int: f"{value}", float: f"{value}", str: "a text",
             list: "a list", dict: "a table"}
    found = kinds.get(type(value), "something else")
    sink.error("wrong-type", f'"{key}" must be {wanted}, and is {found}', span)
