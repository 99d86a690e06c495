"""HTML to lines of Markdown: the text of an article, its notes as notes, all else left out.

It reads what mammoth makes of a Word file, pages that were saved from a browser, and what Word and
Google Docs export. Notes are told by their links: a call leads to its note, and the note back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, field

from reportgen.language.dates import find_month
from reportgen.patterns import pattern
from reportgen.reading.byline import PREFIX, names_in
from reportgen.reading.documents.foreign import foreign_languages, is_in, primary
from reportgen.reading.documents.furniture import (
    BLOCKS,
    above_headline,
    article_of,
    beside_text,
    headline_of,
    is_furniture,
)
from reportgen.reading.documents.tree import Node, Page
from reportgen.reading.listheads import is_sources_head
from reportgen.reading.markdown import Line

_BYLINE = pattern(r"(?:^|[\s_-])(?:byline|by-author|post-author|entry-author|author-name|meta|"
                     r"autora?|auteur|autore|author|autor(?:in)?|signature|firma|podpis|yazar|"
                     r"verfasser|assinatura)(?:$|[\s_-])", re.IGNORECASE)
_STANDFIRST = pattern(
    r"(?:^|[\s_-])(?:standfirst|lead|lede|deck|dek|chap[oô]|chapeau|entradilla|bajada|sommario|"
    r"occhiello|vorspann|teaser|anriss|excerpt|subtitle|subheading|subtítulo|zajawka|lid|spot|"
    r"intro)(?:$|[\s_-])", re.IGNORECASE)
"""Classes of the paragraph below a title, which some sites have as a heading."""
_LONGEST_BYLINE, _LONGEST_ROLE = 30, 10
"""words"""

_MOST_FURNITURE = 0.5
"""Of an article's words: an element with more is none of its furniture."""

_ASIDE = pattern(
    r"\d+\s*min|lesezeit|reading time|tempo di lettura|temps de lecture|tiempo de lectura|"
    r"\d+ comment|kommentar|commentaire|comentario|коммент|время чтения", re.IGNORECASE)
"""What a site says beside the author's name: how long it takes to read, how many have answered."""
_CALL_BEFORE = pattern(r"(\[\^note-\d+\])(?=[(:])")
_YEAR = pattern(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_LEFTOVER_HEADS = pattern(
    r"#* ?\W*(?:end ?notes?|foot ?notes?|notes?|references|anmerkungen|fußnoten|endnoten|notas?|"
    r"note|notes de bas de page|przypisy|примечания|сноски|примітки)\W*", re.IGNORECASE)
_EMPHASIS = frozenset(("em", "i", "cite", "dfn"))
_DEEPEST_EMPHASIS = 6
"""Elements around a word in which its emphasis is looked for."""

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_SUPERIORS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_INFERIORS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_NUMBER = pattern(r"\s*[\[(]?\s*(?:\d{1,3}|[ivxlc]{1,6}|[*†‡§])\s*[\])]?\s*")
_BACK = pattern(r"^\s*(?:[\[(]?(?:\d{1,3}|[ivxlc]{1,6}|[*†‡§])[\])]?[.:]?|\^"
                   r"|[↑↩⤴][\ufe0e\ufe0f]?)\s*$")
_SPACES = pattern(r"[ \t\r\n\f]+")
_OUTSIDE = " \t\n\u00a0,;:"
"""What stands outside of an emphasis, at its end: spaces, and signs that belong to the sentence."""

_SPECIAL = pattern(r"[\\`*]|\^(?=\[|[\dn+−-]{1,3}\^)|~(?=[\d+−-]{1,3}~)|(?<!\w)_|_(?!\w)"
                   r"|<(?=[\w/!?])|&(?=#?\w{1,12};)|\[(?=\^|[^\]\n]{0,300}\](?:\(|:))")
_LINE_START = pattern(r"^(#{1,6}(?=\s)|>|\+(?=\s)|[-=]{3,}\s*$|\|)")

NumberOf = Callable[[Node], int]
"""Returns the line or paragraph of an element; 0 if it has none of its own."""


class _Note(Struct):
    key: str
    node: Node
    back: Node
    """The link that leads back to the call."""


_SIDES = ("right", "center")
_RULES = {"right": "---:", "center": ":---:"}
"""Columns of a table in Markdown, by the side that all cells of its body have."""


class Hypertext(Struct, dict=True):
    """A page on its way to Markdown."""

    page: Page
    number_of: NumberOf = field(default=lambda node: node.line)
    picture_of: Callable[[str], str] = field(default=lambda source: source)
    side_of: Callable[[Node], str] = field(default=lambda cell: (
        cell.attributes.get("align", "").strip().lower()
        or next((side for side in _SIDES if f"text-align:{side}" in cell.style()), "")))
    """Returns how a cell of a table is aligned."""
    ordinal_of: NumberOf = field(default=lambda item: 0)
    """Returns the number of an item of a list, where it is known; else 0."""
    left_out: list[str] = field(default_factory=list)
    """What was left out as furniture of the page."""
    note_heads: list[Line] = field(default_factory=list)
    """Headings and rules above the notes, which stand at the feet of pages now."""

    def lines(self) -> list[Line]:
        """Return the lines of Markdown, each with its number."""
        root = article_of(self.page)
        self._leave_out_comments(root)
        self._leave_out_menus(root)
        self._most_furniture = len(root.text) * _MOST_FURNITURE
        self._leave_out_around(root)
        _join_captions(root)
        self._foreign = foreign_languages(root.letters(), root.text)
        self._empty: set[int] = set()
        self._notes = self._notes_of(root)
        self._bodies = {id(note.node): note for note in self._notes.values()}
        self._number = 1
        out = _trimmed(self._blocks(root))
        while self._notes and out and (  # a rule or a heading above the notes
                out[-1][1] == "* * *" or _LEFTOVER_HEADS.fullmatch(out[-1][1])):
            self.note_heads.append(out[-1])
            out = _trimmed(out[:-1])
        if self._notes:
            heads = [row for at, row in enumerate(out)
                     if row[1].startswith(("#", "**")) and _LEFTOVER_HEADS.fullmatch(row[1])
                     and not _is_bibliography(out[at:])]
            out = [row for row in out if row not in heads]
            self.note_heads += heads
        for note in self._notes.values():
            out += self._definition(note)
        rows = [(number, row) for number, text in out for row in text.split("\n")]
        return _without_doubled_blanks(rows)

    def _is_furniture(self, node: Node) -> bool:
        """Whether an element is no part of the text; one with most of the words is, by its name."""
        return is_furniture(node) and len(node.text) <= self._most_furniture

    def _leave_out_menus(self, root: Node) -> None:
        """Take out menus above, before and behind the text; put a headline in that is outside."""
        head = headline_of(self.page)
        outside = head is not None and all(node is not head for node in root.walk())
        above = above_headline(head, root) if head is not None and not outside else []
        for node in (*above, *beside_text(root)):
            self._take_out(node)
        if head is not None and outside:
            root.children.insert(0, Node("h1", {}, head.line, root, head.children))

    def _leave_out_comments(self, root: Node) -> None:
        """Take out the comments of Google Docs, and what calls them in the text."""
        for node in list(root.walk()):
            href = node.attributes.get("href", "") if node.tag == "a" else ""
            if href.startswith("#cmnt_ref"):
                self._take_out(_block_of(node))
            elif href.startswith("#cmnt"):
                self._take_out(node)

    def _take_out(self, node: Node) -> None:
        if node.parent is not None and any(child is node for child in node.parent.children):
            node.parent.children[:] = [c for c in node.parent.children if c is not node]
            if node.tag != "a":
                self._leave_out(node)

    # -- notes

    def _notes_of(self, root: Node) -> dict[int, _Note]:
        """Return the notes by the links that call them, in their order."""
        named: dict[str, Node] = {}
        for node in self.page.root.walk():
            for key in ("id", "name"):
                if node.attributes.get(key):
                    named.setdefault(node.attributes[key], node)
        found: dict[int, _Note] = {}
        taken: set[int] = set()
        links = [n for n in root.walk() if n.tag == "a"
                 and n.attributes.get("href", "").startswith("#")]
        for link in links:
            target = named.get(link.attributes["href"][1:])
            if target is None or not _NUMBER.fullmatch(link.text) or id(link) in taken:
                continue
            body = _block_of(target)
            back = self._way_back(body, link)
            if back is None or id(body) == id(_block_of(link)):
                continue
            taken.add(id(back))
            if not body.text.replace(back.text, "", 1).strip():
                self._empty.add(id(link))  # a note without a word has no call
                continue
            known = next((n for n in found.values() if n.node is body), None)
            found[id(link)] = known or _Note(f"note-{len(found) + 1}", body, back)
        return found

    def _way_back(self, body: Node, call: Node) -> Node | None:
        """Return the link in a note's block that leads to its call."""
        places = {n.attributes.get(key) for key in ("id", "name")
                  for n in (call, *_ancestors(call, 3), *call.walk())} - {None, ""}
        for node in body.walk():
            href = node.attributes.get("href", "")
            if node.tag == "a" and href.startswith("#") and href[1:] in places:
                return node
        return None

    def _definition(self, note: _Note) -> list[Line]:
        inner = [line for line in self._blocks(note.node, whole=True) if line[1].strip()]
        if not inner:
            return []
        first, *rest = inner
        out = [(first[0], ""), (first[0], f"[^{note.key}]: {first[1].strip()}")]
        for number, text in rest:
            out += [(number, ""), (number, f"    {text.strip()}")]
        return out

    # -- blocks

    def _blocks(self, node: Node, *, whole: bool = False) -> list[Line]:
        """Return the lines of what stands in an element; `whole`: though it is a note's."""
        out: list[Line] = []
        inline: list[Node | str] = []

        def flush() -> None:
            out.extend(self._paragraph(inline))
            inline.clear()

        for child in node.children:
            if isinstance(child, Node) and not _holds_blocks(child) and _BYLINE.search(
                    child.attributes.get("class", "")) and len(
                        child.text.split()) <= _LONGEST_BYLINE:
                flush()  # a line of its own
                out += self._byline(child)
                continue
            if isinstance(child, str) or (child.tag not in BLOCKS and not _holds_blocks(child)):
                if isinstance(child, str) or not self._is_furniture(child):
                    inline.append(child)
                continue
            flush()
            if self._is_furniture(child):
                self._leave_out(child)
                continue
            if id(child) in self._bodies and not whole:
                continue
            self._number = self.number_of(child) or self._number
            out += self._block(child)
        flush()
        return out

    def _byline(self, node: Node) -> list[Line]:
        """Return the line of an author, with what says that it is one."""
        self._number = self.number_of(node) or self._number
        words = re.sub(r"[ \t\r\f]+", " ", self._inline(node.children)).strip(" |·•\n")
        parts = [_unmarked(p.strip()) for p in re.split(r"\s*[·|•\n]\s*", words)]
        kept = [p for p in parts if p and not _ASIDE.search(p) and find_month(p) is None]
        self.left_out += [p for p in parts if p and p not in kept]
        if not kept:
            return []
        bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", kept[0])
        named = names_in(bare) or (len(bare.split()) <= _LONGEST_ROLE and names_in(
            re.split(r"\s*[,–—]\s*", bare)[0].strip("*_")))
        if named and not PREFIX.match(kept[0]):
            kept[0] = f"By {kept[0]}"
        return self._around([(self._number, " | ".join(kept))])

    def _leave_out_around(self, root: Node) -> None:
        """Take down what stands outside of the article."""
        inner = root
        while inner.parent is not None:
            for child in inner.parent.children:
                if isinstance(child, Node) and child is not inner:
                    self._leave_out(child)
            inner = inner.parent

    def _leave_out(self, node: Node) -> None:
        words = _SPACES.sub(" ", _words_in(node)).strip()
        if words and node.tag not in ("script", "style", "head"):
            self.left_out.append(words)

    def _block(self, node: Node) -> list[Line]:
        if node.tag in _HEADINGS:
            return self._heading(node)
        if node.tag in ("ul", "ol"):
            return self._list(node)
        if node.tag == "blockquote":
            return self._around([(n, f"> {t}".rstrip()) for n, t in _trimmed(self._blocks(node))])
        if node.tag == "table":
            return self._table(node)
        if node.tag == "hr":
            return self._around([(self._number, "* * *")])
        if node.tag == "pre":
            return self._around([(self._number, f"    {row}") for row in node.text.split("\n")])
        if node.tag == "figure":
            return self._figure(node)
        return self._blocks(node)

    def _around(self, lines: list[Line]) -> list[Line]:
        return [(lines[0][0], ""), *lines, (lines[-1][0], "")] if lines else []

    def _heading(self, node: Node) -> list[Line]:
        text = _SPACES.sub(" ", self._inline(node.children)).strip().replace("\n", " ")
        prefix = PREFIX.match(text)
        if prefix and "|" in text and names_in(text[prefix.end():].partition("|")[0].strip()):
            return self._byline(node)
        if _STANDFIRST.search(node.attributes.get("class", "")):
            return self._around([(self._number, text)] if text else [])
        return self._around([(self._number, f"{'#' * _HEADINGS[node.tag]} {text}")] if text else [])

    def _paragraph(self, inline: list[Node | str]) -> list[Line]:
        anchor = next((self.number_of(n) for child in inline if isinstance(child, Node)
                       for n in child.walk() if self.number_of(n)), 0)
        self._number = anchor or self._number
        text = self._inline(inline)
        rows = [row.strip(" \t\n") for row in text.split("\n")]
        paragraphs: list[list[str]] = [[]]
        for row in rows:
            if row:
                paragraphs[-1].append(_LINE_START.sub(r"\\\1", row))
            elif paragraphs[-1]:
                paragraphs.append([])
        out: list[Line] = []
        for paragraph in paragraphs:
            lines = [f"{row}  " for row in paragraph[:-1]] + paragraph[-1:]
            out += self._around([(self._number, line) for line in lines])
        return out

    def _list(self, node: Node) -> list[Line]:
        out: list[Line] = []
        start = node.attributes.get("start", "")
        number = int(start[:6]) if start.isdecimal() else 1
        for child in node.children:
            if isinstance(child, str) or id(child) in self._bodies or self._is_furniture(
                    child):
                continue
            self._number = self.number_of(child) or self._number
            inner = _trimmed(self._blocks(child))
            if not inner:
                continue
            number = self.ordinal_of(child) or number
            mark = f"{number}." if node.tag == "ol" else "-"
            number += 1
            out += [(inner[0][0], f"{mark} {inner[0][1]}")]
            out += [(n, f"    {text}" if text else "") for n, text in inner[1:]]
        return self._around(out)

    def _table(self, node: Node) -> list[Line]:
        rows: list[tuple[int, list[str]]] = []
        sides: dict[int, set[str]] = {}
        for row in _rows(node):
            cells = [c for c in row.children if isinstance(c, Node) and c.tag in ("td", "th")]
            self._number = self.number_of(row) or self._number
            texts: list[str] = []
            for cell in cells:
                if rows:  # the first row is the head
                    sides.setdefault(len(texts), set()).add(self.side_of(cell))
                texts.append(" ".join(t for _, t in self._blocks(cell) if t).replace("|", "\\|"))
                span = cell.attributes.get("colspan", "")
                texts += [""] * (min(int(span[:3]), 20) - 1 if span.isdecimal() else 0)
            if any(texts):
                rows.append((self._number, texts))
        if not rows:
            return []
        width = max(len(texts) for _, texts in rows)
        if width == 1:  # a frame around text
            return [line for n, texts in rows for line in self._around([(n, texts[0])])]
        out = [(n, "| " + " | ".join(texts + [""] * (width - len(texts))) + " |")
               for n, texts in rows]
        same = {at: found.pop() for at, found in sides.items() if len(found) == 1}
        rules = [_RULES.get(same.get(at, ""), "---") for at in range(width)]
        out.insert(1, (out[0][0], f"| {' | '.join(rules)} |"))
        return [*self._table_caption(node), *self._around(out)]

    def _table_caption(self, node: Node) -> list[Line]:
        """Return the caption of a table as a paragraph above it."""
        caption = next((n for n in node.walk() if n.tag == "caption"), None)
        return self._blocks(caption) if caption is not None else []

    def _figure(self, node: Node) -> list[Line]:
        caption = next((n for n in node.walk() if n.tag == "figcaption"), None)
        pictures = [n for n in node.walk() if n.tag == "img"]
        shown = self._picture(pictures[0]) if pictures else ""
        if not shown:
            return self._blocks(node)
        words = self._inline(caption.children) if caption is not None else ""
        words = _SPACES.sub(" ", words.replace("\n", " ")).strip()
        return self._around([(self._number, shown), *([(self._number, words)] if words else [])])

    def _picture(self, node: Node) -> str:
        source = self.picture_of(node.attributes.get("src", ""))
        if not source:
            return ""
        alternative = re.sub(r"[\[\]\s]+", " ", node.attributes.get("alt", "")).strip()
        return f"![{alternative}](<{source}>)"

    # -- text

    def _inline(self, children: list[Node | str]) -> str:
        words = "".join(self._words(child) for child in children)
        return _CALL_BEFORE.sub(r"\1\\", words)  # "[^1](" would be a link

    def _words(self, child: Node | str) -> str:
        if isinstance(child, str):
            return _SPECIAL.sub(lambda m: "&amp;" if m[0] == "&" else f"\\{m[0]}",
                                _SPACES.sub(" ", child))
        if self._is_furniture(child):
            return ""
        if child.tag == "br":
            return "\n"
        if child.tag == "img":
            return self._picture(child)
        if child.tag == "a":
            return self._link(child)
        inner = self._inline(child.children)
        if child.tag in ("code", "tt", "kbd") and child.text.strip() and "`" not in child.text:
            return f"`{child.text.strip()}`"
        if child.tag == "sup" or self._says(child, "vertical-align:super"):
            return _raised(inner, _SUPERIORS)
        if child.tag == "sub" or self._says(child, "vertical-align:sub"):
            return _raised(inner, _INFERIORS)
        if child.tag in _EMPHASIS or self._says(child, "font-style:italic"):
            inner = _emphasised(inner, "*")
        if child.tag in ("strong", "b") or self._says(child, "font-weight:700") or self._says(
                child, "font-weight:bold"):
            inner = _emphasised(inner, "**")
        return self._in_language(inner, child)

    def _in_language(self, words: str, node: Node) -> str:
        """Return the words of an element, marked if they are foreign and stand in a text."""
        language = node.language
        if not language or primary(language) not in self._foreign:
            return words
        around = {n.tag for n in _ancestors(node, _DEEPEST_EMPHASIS)}
        slanted = sum(len(n.text.strip()) for n in node.walk() if n.tag in _EMPHASIS)
        emphasised = bool(around & _EMPHASIS) or slanted > len(node.text.strip()) / 2
        if around & {"a", *_HEADINGS} or node.text.strip() == _block_of(node).text.strip() or (
                not is_in(node.text, language, is_emphasised=emphasised)):
            return words
        lead, core, tail = _parted(words)
        if not core or re.search(r"(?<!\\)[\[\]\n]", core):
            return words
        return f"{lead}[{core}]{{lang={language}}}{tail}"

    def _says(self, node: Node, declaration: str) -> bool:
        if declaration in node.style():
            return True
        names = node.attributes.get("class", "").split() if node.tag == "span" else ()
        return any(declaration in self.page.styles.get(name, "") for name in names)

    def _link(self, node: Node) -> str:
        note = self._notes.get(id(node))
        if note is not None:
            return f"[^{note.key}]"
        if id(node) in self._empty:
            return ""
        if node.language:
            return self._in_language(self._inline(node.children), node)
        if any(known.back is node for known in self._notes.values()):
            return "" if _BACK.match(node.text) else self._inline(node.children)
        href = _real_address(node.attributes.get("href", "").strip())
        inner = self._inline(node.children)
        if not href.startswith(("http://", "https://", "mailto:")) or not inner.strip():
            return inner
        if "![" in inner:
            return inner
        lead, core, tail = _parted(inner)
        if re.sub(r"^https?://|/$", "", node.text.strip()) == re.sub(r"^https?://|/$", "", href):
            return f"{lead}<{href}>{tail}" if "://" in href else inner
        target = f"<{href}>" if re.search(r"[()\s]", href) else href
        words = re.sub(r"\\?([\[\]])", r"\\\1", core.replace("\n", " "))
        return f"{lead}[{words}]({target}){tail}"


def _real_address(href: str) -> str:
    """Return where a link of Google Docs leads."""
    parts = urlsplit(href) if href.startswith("https://www.google.com/url?") else None
    return parse_qs(parts.query).get("q", [href])[0] if parts else href


def _raised(text: str, signs: dict[int, int]) -> str:
    """Return text as superior or inferior figures, where there are such."""
    plain = text.strip()
    if not plain or "[^" in plain or any(ord(c) not in signs for c in plain):
        return text
    return plain.translate(signs)


def _emphasised(text: str, mark: str) -> str:
    """Return text between marks; what stands at its ends and is no word stays outside."""
    if "\n" in text.strip("\n"):
        return "\n".join(_emphasised(row, mark) for row in text.split("\n"))
    lead, core, tail = _parted(text)
    if not core or (core.startswith("[^") and core.endswith("]")):
        return text
    return f"{lead}{mark}{core}{mark}{tail}"


def _parted(text: str) -> tuple[str, str, str]:
    """Return the spaces before a text, the text, and what stands outside of it behind."""
    begun = text.lstrip()
    core = begun.rstrip(_OUTSIDE)
    return text[:len(text) - len(begun)], core, begun[len(core):]


def _rows(table: Node) -> Iterator[Node]:
    """Yield the rows of a table, not those of tables in its cells."""
    for child in table.children:
        if isinstance(child, Node) and child.tag == "tr":
            yield child
        elif isinstance(child, Node) and child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _holds_blocks(node: Node) -> bool:
    return any(n.tag in BLOCKS for n in node.walk() if n is not node)


def _ancestors(node: Node, count: int) -> Iterator[Node]:
    for _ in range(count):
        if node.parent is None or node.parent.tag in ("body", "html"):
            return
        node = node.parent
        yield node


def _unmarked(words: str) -> str:
    """Return words without the marks of emphasis around all of them."""
    match = re.fullmatch(r"(\*{1,3}|_)([^*_]+)\1", words)
    return match[2].strip() if match else words


def _block_of(node: Node) -> Node:
    """Return the element that a note is: the list item or paragraph that its anchor stands in."""
    if node.tag == "li" or (node.tag == "div" and node.attributes.get("id")):
        return node
    found = node
    for parent in (node, *_ancestors(node, 4)):
        if parent.tag in ("li", "p", "dd", "div"):
            found = parent
            break
    outer = found.parent
    if found.tag == "p" and outer is not None and (outer.tag == "li" or (
            outer.tag == "div" and len([c for c in outer.children if isinstance(c, Node)]) == 1)):
        return outer
    return found


def _trimmed(lines: list[Line]) -> list[Line]:
    start, stop = 0, len(lines)
    while start < stop and not lines[start][1].strip():
        start += 1
    while stop > start and not lines[stop - 1][1].strip():
        stop -= 1
    return lines[start:stop]


def _is_bibliography(rows: list[Line]) -> bool:
    """Whether a heading is over a list of works: with the name for one, and a year below it."""
    below = next((text for _, text in rows[1:] if text.strip()), "")
    return is_sources_head(rows[0][1].strip("# ")) and _YEAR.search(below) is not None


def _without_doubled_blanks(lines: list[Line]) -> list[Line]:
    lines = _trimmed(lines)
    return lines[:1] + [after for before, after in pairwise(lines)
                        if before[1].strip() or after[1].strip()]


def _join_captions(root: Node) -> None:
    """Put a paragraph in the style of a caption and the picture above or below it together."""
    for parent in list(root.walk()):
        kids = [child for child in parent.children if isinstance(child, Node)]
        for caption in kids:
            if caption.attributes.get("class") != "caption" or not caption.text.strip():
                continue
            at = kids.index(caption)
            beside = [kid for kid in kids[max(at - 1, 0) : at + 2] if _is_picture(kid)]
            if not beside:
                continue
            words = Node("figcaption", {}, caption.line, None, caption.children)
            picture = beside[0]
            picture.tag, picture.children = "figure", [*picture.children, words]
            parent.children.remove(caption)


def _words_in(node: Node) -> str:
    """Return the text below an element, its blocks parted by spaces."""
    return "".join(child if isinstance(child, str) else f" {_words_in(child)} "
                   if child.tag in (*BLOCKS, "button") else _words_in(child)
                   for child in node.children)


def _is_picture(node: Node) -> bool:
    """Whether a paragraph has a picture, and no words."""
    return node.tag == "p" and not node.text.strip() and any(
        child.tag == "img" for child in node.walk())
