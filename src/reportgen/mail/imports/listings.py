"""Lists that are no tables: addresses in a line, blocks of fields (Sympa, LDIF). As tables."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from reportgen.mail.addresses import BadAddress, parse_address
from reportgen.mail.imports.rows import Row, Rows
from reportgen.mail.imports.words import is_about_leaving, meaning

_ADDRESS = r"[^\s<>()\[\]\"',;:|]+@[^\s<>()\[\]\"',;:|]+"

_PERSON = re.compile(
    rf"""\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|'(?P<single>[^'\n]*)'|(?P<plain>[^"<>@;\n]*?))\s*
    <\s*(?:mailto:)?(?P<named>{_ADDRESS})\s*>\s*|\s*(?P<bare>\(?{_ADDRESS}\)?)\s*""",
    re.X)
"""Somebody in a line of addresses: with a name and angle brackets, or an address alone."""


def listing(text: str) -> Rows | None:
    """Return the table that a text stands for; None: it is of another kind."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if re.match(r"(version: \d|dn:{1,2} )", text.lstrip(), re.I):
        return _of_blocks(lines, r"([\w;-]+):{1,2} ?", _ldif_value)
    if _is_sympa(lines):
        return _of_blocks(lines, r"(\w+) ", lambda line: line.partition(" ")[2])
    return _addresses(lines)


def _is_sympa(lines: list[str]) -> bool:
    """Whether lines are blocks as `sympa dump_users` writes them: each line a key and its value."""
    block = []
    for line in lines:
        if not line.strip():
            break
        block.append(line)
    keys = {line.partition(" ")[0] for line in block}
    return "email" in keys and bool(keys & {"date", "subscribed", "reception", "visibility"})


def _ldif_value(line: str) -> str:
    """Return the value of a line of LDIF (RFC 2849); after two colons it is in base64."""
    _, _, value = line.partition(":")
    if not value.startswith(":"):
        return value.strip()
    try:
        return base64.b64decode(value[1:].strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value[1:].strip()


def _of_blocks(lines: list[str], key: str, value: object) -> Rows:
    """Return blocks of fields, parted by empty lines, as rows under the heads of all fields."""
    blocks: list[tuple[int, dict[str, str]]] = []
    current: dict[str, str] = {}
    start = 1
    folded = _unfolded(lines)
    for number, line in [*folded, (len(lines) + 1, "")]:
        if not line.strip():
            if current:
                blocks.append((start, current))
            current = {}
            continue
        if line.startswith("#"):
            continue
        found = re.match(key, line)
        if found:
            start = start if current else number
            name = found[1].partition(";")[0]
            current.setdefault(name, str(value(line)) if callable(value) else "")
    kept = [(n, b) for n, b in blocks if "groupofnames" not in b.get("objectclass", "").lower()]
    heads = list(dict.fromkeys(name for _, block in kept for name in block))
    rows = [Row(n, tuple(block.get(name, "") for name in heads)) for n, block in kept
            if any("@" in v for v in block.values())]
    return Rows((Row(1, tuple(heads)), *rows), ",")


def _unfolded(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield lines, with those that begin with a space put to the one before (RFC 2849)."""
    kept: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        if line[:1] == " " and kept is not None and kept[1].strip():
            kept = kept[0], kept[1] + line[1:]
            continue
        if kept is not None:
            yield kept
        kept = number, line
    if kept is not None:
        yield kept


_REMARK = re.compile(r"\(([^()\n]*)\)\s*$|\s*[-–—:]\s+([^@\n]*)$|\s*#\s*([^@\n]*)$")
"""What is said of somebody behind their address."""


def _addresses(lines: list[str]) -> Rows | None:
    """Return people that are written one after the other, as in the line "Bcc" of a mail.

    What stands among them alone in a line is the title of a section. None if it is no such list.
    """
    found: list[Row] = []
    several = False
    for number, line in enumerate(lines, 1):
        text = re.sub(r"^\s*(bcc|cc|to|an|à|a|para|кому)\s*:\s*(?=\S)", "", line, flags=re.I)
        text = _in_angles(re.sub(r"^\s*([-*•·–]|\d{1,3}[.)])\s+", "", text))
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        people = list(_people(text.strip()))
        if not people and _is_title(text):
            found.append(Row(number, (text.strip(" \t=-*:_"),)))
            continue
        if not people:
            return None
        several = several or len(people) > 1 or "<" in text or text.strip().startswith("(")
        found += [Row(number, cells) for cells in people]
    titles = sum(len(row.cells) == 1 for row in found)
    if not (several or titles) or 2 * titles >= len(found) or meaning(found[0].cells[0]):
        return None
    return Rows((Row(0, ("email", "name", "status", "remarks")), *found), ",")


def _in_angles(line: str) -> str:
    """Return "Name, town      address" as "Name, town <address>": people write it in columns."""
    found = re.fullmatch(rf" *([^@<>;\t]*?\S) {{2,}}({_ADDRESS})\s*", line)
    if found and re.search(r"\s{2,}", found[1]):
        return line  # it has columns more, which may say anything
    return f'"{found[1]}" <{found[2]}>' if found and '"' not in found[1] else line


def _is_title(line: str) -> bool:
    """Whether a line may be the title of a section: it is short, and no row of a table."""
    heads = [cell for cell in line.split(",") if meaning(cell.strip(' "'))]
    return len(line) < 80 and not heads and not re.search(r"[@;\t|<>]", line)


def _people(text: str) -> Iterator[tuple[str, ...]]:
    """Yield address, name, status and remark of who stands in a line.

    Nothing if it has other things.
    """
    at, rows = 0, list[tuple[str, ...]]()
    while at < len(text):
        match = _PERSON.match(text, at)
        if match is None or not match[0].strip():
            return
        mailbox = match["named"] or match["bare"]
        name = next((match[key] for key in ("quoted", "single", "plain") if match[key]), "")
        if match["plain"] and name.count(",") == 1:  # "Rossi, Anna"
            name = " ".join(reversed(name.strip(" ,").split(","))).strip()
        off = mailbox.startswith("(")  # Mailman's roster: delivery is disabled
        at = match.end()
        remark = _REMARK.match(text, at)
        said = remark and next(filter(None, remark.groups()), "")
        words = "; ".join(filter(None, (said, name if is_about_leaving(name) else "")))
        rows.append((mailbox.strip("()").rstrip("."), name.strip().strip(",").strip(),
                     "nomail" if off else "enabled", words))
        at = remark.end() if remark else at
        while at < len(text) and text[at] in ",; \t":
            at += 1
    if all(_is_heads(row) for row in rows):
        return
    yield from rows


def _is_heads(row: tuple[str, ...]) -> bool:
    try:
        parse_address(row[0])
    except BadAddress:
        return bool(meaning(row[0]))
    return False
