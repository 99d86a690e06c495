"""HTML as a tree of elements, each with the line on which it begins.

Nothing is fetched and nothing is run; what is not closed is closed where its parent ends
(HTML, 13.2.6, as far as saved pages need it).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from msgspec import Struct, field

from reportgen.patterns import pattern
from reportgen.reading.documents.foreign import IN_LANGUAGE, primary

_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "source", "track", "wbr"))
_CLOSED_BY: dict[str, frozenset[str]] = {
    "li": frozenset(("li",)), "dt": frozenset(("dt", "dd")), "dd": frozenset(("dt", "dd")),
    "tr": frozenset(("tr", "td", "th")), "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")), "option": frozenset(("option",))}
_CLOSES_PARAGRAPH = frozenset((
    "p", "div", "ul", "ol", "dl", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "section", "article", "aside", "header", "footer", "figure", "main", "nav", "form"))
_SCOPES = frozenset(("ul", "ol", "table", "dl", "blockquote", "div", "section", "article"))
_DEEPEST = 100
_STRAY = pattern(r"<(?=[^<>]*(?:<|$))")
"""A sign that begins no tag. Python's parser takes time in the square of their number."""


class Node(Struct, eq=False):
    """An element."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Yield this element and those below it, in their order."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending += [c for c in reversed(node.children) if isinstance(c, Node)]

    @property
    def text(self) -> str:
        """The text below it."""
        out: list[str] = []
        pending: list[Node | str] = [self]
        while pending:
            item = pending.pop()
            if isinstance(item, str):
                out.append(item)
            else:
                pending += reversed(item.children)
        return "".join(out)

    @property
    def language(self) -> str:
        """The language that is said of it (BCP 47), by itself or by a link of Word's; else ''."""
        href = self.attributes.get("href", "") if self.tag == "a" else ""
        return href.removeprefix(IN_LANGUAGE) if href.startswith(IN_LANGUAGE) else (
            self.attributes.get("lang", ""))

    def letters(self) -> Counter[str]:
        """Return the number of letters below it, by the first part of their language's tag."""
        out: Counter[str] = Counter()
        pending: list[tuple[Node, str]] = [(self, "")]
        while pending:
            node, outer = pending.pop()
            language = primary(node.language) or outer
            for child in node.children:
                if isinstance(child, Node):
                    pending.append((child, language))
                else:
                    out[language] += len(child)
        return out

    def style(self) -> str:
        """The declarations of its style attribute, without spaces, in small letters."""
        return self.attributes.get("style", "").replace(" ", "").lower()


class Page(Struct, frozen=True):
    """A parsed page."""

    root: Node
    styles: dict[str, str]
    """Declarations by the name of a class, of the style sheets in the page."""


def parse(text: str) -> Page:
    """Return the tree of an HTML text."""
    parser = _Parser()
    parser.feed(_STRAY.sub("&lt;", _without_comments(text)))
    parser.close()
    return Page(parser.root, parser.styles())


def _without_comments(text: str) -> str:
    """Return a text without comments; their line ends stay, for the sake of line numbers."""
    out: list[str] = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin + 4)
        stop = len(text) if end < 0 else end + 3
        out += [text[at:begin], "\n" * text.count("\n", begin, stop)]
        at = stop
    return "".join([*out, text[at:]])


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("html")
        self.open = [self.root]
        self.sheets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("html", "body") and len(self.open) == 1 and tag == "html":
            return
        self._close_before(tag)
        attributes = {name: value or "" for name, value in attrs}
        node = Node(tag, attributes, self.getpos()[0], self.open[-1])
        self.open[-1].children.append(node)
        if tag not in _VOID and len(self.open) < _DEEPEST:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        if self.open[-1].tag == "style":
            self.sheets.append(data)
        elif self.open[-1].tag != "script":
            self.open[-1].children.append(data)

    def unknown_decl(self, data: str) -> None:
        """Pass over `<![if ...]>`, which Word writes."""

    def _close_before(self, tag: str) -> None:
        closed = _CLOSED_BY.get(tag, frozenset())
        if tag in _CLOSES_PARAGRAPH:
            closed = closed | {"p"}
        while closed:
            at = next((n for n in range(len(self.open) - 1, 0, -1)
                       if self.open[n].tag in closed or self.open[n].tag in _SCOPES), 0)
            if not at or self.open[at].tag not in closed:
                return
            del self.open[at:]

    def styles(self) -> dict[str, str]:
        """Return what the style sheets say of classes."""
        found: dict[str, str] = {}
        for rule in "".join(self.sheets).split("}"):
            selectors, _, declarations = rule.rpartition("{")
            for selector in selectors.split(","):
                name = re.fullmatch(r"[\w-]*\.([\w-]+)", selector.strip())
                if name:
                    said = declarations.replace(" ", "").lower()
                    found[name[1]] = f"{found.get(name[1], '')}{said};"
        return found
