"""The structure tree of a PDF as a screen reader walks it: types, attributes and text in order.

Written against the PDF alone: content is found by its marks in the pages'
streams, and text through the fonts' ToUnicode maps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

INLINE = ("Span", "Em", "Strong", "Link", "Reference")
"""Elements inside a line; the text of all others stands apart."""


@dataclass
class Node:
    """An element of the structure tree."""

    kind: str
    kids: list[Node | str] = field(default_factory=list)
    alternative: str = ""
    language: str = ""
    identifier: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    links: list[Any] = field(default_factory=list)
    """Annotations of a link."""
    pages: set[int] = field(default_factory=set)

    @property
    def children(self) -> list[Node]:
        return [kid for kid in self.kids if isinstance(kid, Node)]

    def walk(self) -> Iterator[Node]:
        """Yield this element and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, kind: str) -> list[Node]:
        return [node for node in self.walk() if node.kind == kind]

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """Return the text in reading order, with no spaces but those in the file.

        Soft hyphens join what the layout parted.
        """
        joined = "".join(self._pieces(without))
        return re.sub(r"\s+", " ", re.sub("\u00ad\\s*", "", joined)).strip()

    def _pieces(self, without: tuple[str, ...]) -> Iterator[str]:
        for kid in self.kids:
            if isinstance(kid, str):
                yield kid
            elif kid.kind in without:
                yield " " if "".join(kid._pieces(())).endswith(" ") else ""
            else:
                apart = "" if kid.kind in INLINE else " "
                yield apart
                yield from kid._pieces(without)
                yield apart

    def outline(self, depth: int = 0) -> str:
        """Return the tree as text, to be looked at."""
        extra = "".join(f" {k}={v}" for k, v in self.attributes.items())
        extra += f" alt={self.alternative[:60]!r}" if self.alternative else ""
        extra += f" lang={self.language}" if self.language else ""
        extra += f" id={self.identifier}" if self.identifier else ""
        extra += "".join(f" link={str(a.get('/Contents'))[:60]!r}" for a in self.links)
        rows = [f"{'  ' * depth}{self.kind}{extra}"]
        for kid in self.kids:
            if isinstance(kid, Node):
                rows.append(kid.outline(depth + 1))
            else:
                rows.append(f"{'  ' * (depth + 1)}{kid!r}")
        return "\n".join(rows)


def tree_of(path: Path) -> Node:
    """Return the structure tree of a PDF."""
    with pikepdf.open(path) as pdf:
        pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        marked = [_marked_text(page) for page in pdf.pages]
        root = pdf.Root.StructTreeRoot.K
        top = root[0] if isinstance(root, pikepdf.Array) else root
        return _node(top, pages, marked, None)


def artifacts_of(path: Path) -> list[str]:
    """Return the text of each page that is not in the tree."""
    with pikepdf.open(path) as pdf:
        return [" ".join(_marked_text(page).get(-1, [])) for page in pdf.pages]


def _node(element: Any, pages: dict[Any, int], marked: list[dict[int, list[str]]],
          page: Any) -> Node:
    page = element.get("/Pg", page)
    node = Node(str(element.S)[1:], alternative=str(element.get("/Alt", "")),
                language=str(element.get("/Lang", "")), identifier=str(element.get("/ID", "")))
    given = element.get("/A") or []
    for row in given if isinstance(given, pikepdf.Array | list) else [given]:
        node.attributes |= {key[1:]: value for key, value in row.items() if key != "/O"}
    kids = element.get("/K") or []
    for kid in kids if isinstance(kids, pikepdf.Array | list) else [kids]:
        if isinstance(kid, int):
            node.pages.add(pages[page.objgen])
            node.kids += marked[pages[page.objgen]].get(kid, [])
        elif kid.get("/Type") == "/MCR":
            node.pages.add(pages[kid.Pg.objgen])
            node.kids += marked[pages[kid.Pg.objgen]].get(int(kid.MCID), [])
        elif kid.get("/Type") == "/OBJR":
            node.links.append(dict(kid.Obj.items()))
        else:
            node.kids.append(_node(kid, pages, marked, page))
    return node


def _marked_text(page: Any) -> dict[int, list[str]]:
    """Return the text of a page's marked content by its MCID; -1 is what is not in the tree."""
    found: dict[int, list[str]] = {}
    stack: list[tuple[int, str | None]] = []
    fonts = {name: _to_unicode(font) for name, font in page.Resources.Font.items()}
    font: dict[bytes, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                number = operands[1].get("/MCID", stack[-1][0] if stack else -1)
                actual = operands[1].get("/ActualText")
                stack.append((int(number), None if actual is None else str(actual)))
                if "/MCID" in operands[1]:
                    found[int(number)] = [""]
            case "BMC":
                stack.append((-1, None))
            case "EMC":
                number, actual = stack.pop()
                if actual is not None:
                    _say(found, number, actual)
            case "Tf":
                font = fonts[str(operands[0])]
            case "TJ" | "Tj":
                parts = operands[0] if str(instruction.operator) == "TJ" else [operands[0]]
                strings = [bytes(p) for p in parts if isinstance(p, pikepdf.String)]
                text = "".join(font.get(s[n : n + 2], "\ufffd")
                               for s in strings for n in range(0, len(s), 2))
                if not stack or stack[-1][1] is None:
                    _say(found, stack[-1][0] if stack else -1, text)
    return found


def _say(found: dict[int, list[str]], number: int, text: str) -> None:
    if number == -1:
        found.setdefault(-1, []).append(text)
    else:
        found[number][-1] += text


def _to_unicode(font: Any) -> dict[bytes, str]:
    data = font.ToUnicode.read_bytes().decode("latin-1")
    return {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be")
            for code, text in re.findall(r"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", data)}


if __name__ == "__main__":
    import sys

    print(tree_of(Path(sys.argv[1])).outline())
