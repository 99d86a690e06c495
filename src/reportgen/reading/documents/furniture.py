"""What of a saved web page is its text, and what is furniture: menus, sharing, related articles.

Pages mark it by elements (HTML, 4.3), by ARIA roles, and by the names of their classes.
"""

from __future__ import annotations

import re

from reportgen.patterns import pattern
from reportgen.reading.documents.tree import Node, Page

_LEAST_SHARE = 0.15
"""Of a page's words that an article has at least; what has less is a teaser."""

_SILENT = frozenset(("script", "style", "head", "nav", "form", "button", "select", "noscript",
                     "template", "iframe", "svg", "object", "video", "audio", "canvas", "dialog",
                     "input", "link", "meta", "aside"))
_FURNITURE = pattern(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|crumb-container|sidebar|"
    r"share|sharing|social|related|"
    r"newsletter|subscribe|"
    r"partage|partager|imprimer|condividi|condivisione|compartir|partilhar|teilen|udostępnij|"
    r"поделиться|"
    r"cookies?|comments?|comments-link|respond|advert|ads|banner|skip-link|screen-reader-text|"
    r"toolbar|"
    r"pagination|site-header|site-footer|masthead|sharedaddy|widget|entry-footer|post-navigation|"
    r"next-prev|prev-next|nav-links|recent-posts|"
    r"print-only|tags|tag-list|foot|pied(?:-de-page)?|fusszeile|pie(?:-de-pagina)?|legal)(?:$|"
    r"[\s_-])", re.IGNORECASE)
_META = pattern(
    r"(?:^|[\s_-])(?:posted-on|entry-date|post-date|pub-?date|published|date-?line|reading-time|"
    r"read-time|edit-link|entry-category|cat-links|tags-links)(?:$|[\s_-])", re.IGNORECASE)
"""Classes of what a web site says of a text: when it was published, how long it takes to read."""

_BIO = pattern(r"(?:^|[\s_-])(?:author|autor(?:in)?|auteur|autore|bio|about-the-author|yazar)"
                  r"(?:$|[\s_-])", re.IGNORECASE)
"""Classes of a box that says who the author is."""

_ROLES = frozenset(("navigation", "search", "complementary", "banner", "contentinfo", "dialog"))
BLOCKS = frozenset((
    "p", "div", "section", "article", "main", "body", "html", "header", "footer", "address",
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
    "table", "thead", "tbody", "tfoot", "tr", "figure", "figcaption", "hr", "center", "details",
    "summary"))


def article_of(page: Page) -> Node:
    """Return the element that holds the text: an article, `main`, or the body."""
    root = page.root
    for tag in ("article", "main", "body"):
        found = [node for node in root.walk()
                 if tag in (node.tag, node.attributes.get("role"))]
        best = max(found, key=lambda n: len(n.text), default=None)
        if best is not None and len(best.text) > len(root.text) * _LEAST_SHARE:
            return best
    return root


def is_furniture(node: Node) -> bool:
    """Whether an element is no part of the text."""
    names = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')}"
    if node.tag == "aside" and _BIO.search(names):
        return False
    if node.tag in _SILENT or node.attributes.get("role", "") in _ROLES:
        return True
    if "display:none" in node.style() or "mso-element:comment" in node.style():
        return True
    if node.attributes.get("aria-hidden") == "true" or "hidden" in node.attributes:
        return True
    if node.tag in ("header", "footer"):
        return node.parent is None or node.parent.tag in ("body", "html")
    if _META.search(names) or (node.tag == "span" and names.strip() == "meta"):
        return True
    return node.tag in BLOCKS and node.tag not in ("body", "article", "main") and bool(
        _FURNITURE.search(names))


_PROSE = frozenset(("p", "li", "blockquote", "td", "dd"))
_SHORTEST_TITLE = 12
"""letters"""

_LEAST_PROSE = 80
"""Letters of a paragraph; what is shorter may be a menu's."""

_MOST_OF_PROSE = 0.7
"""Of the paragraphs of an article: the innermost element with so many is its text."""

_LEAST_IN_PARAGRAPHS = 0.5
"""Of an article's letters: mail programs have a `div` for each line."""

_MENU_BEFORE, _MENU_BEHIND = 1 / 2, 1 / 3
"""Share of its letters in links from which an element before the text, or behind it, is a menu."""


def prose_of(node: Node) -> int:
    """Return the number of letters in paragraphs below an element that are no lists of links."""
    return sum(len(n.text) for n in node.walk() if n.tag in _PROSE and len(n.text) >= _LEAST_PROSE
               and linked_share(n) < 1 / 2 and not any(
                   inner.tag in _PROSE for inner in n.walk() if inner is not n))


def linked_share(node: Node) -> float:
    """Return which part of an element's letters stands in links."""
    letters = len(node.text.strip())
    return sum(len(n.text) for n in node.walk() if n.tag == "a") / letters if letters else 0.0


def beside_text(root: Node) -> list[Node]:
    """Return the menus and lists of links before and behind the text of an article.

    The text is the innermost element with most of the paragraphs. What is a note that it calls is
    no menu, though it may be links.
    """
    core = _text_of(root)
    called = {n.attributes.get("href", "")[1:] for n in core.walk() if n.tag == "a"
              and n.attributes.get("href", "").startswith("#")}
    found: list[Node] = []
    node = core
    while node is not root and node.parent is not None:
        behind = False
        for child in node.parent.children:
            if child is node:
                behind = True
            elif isinstance(child, Node) and _is_menu(child, behind=behind) and not (
                    called & {n.attributes.get(key, "") for n in child.walk()
                              for key in ("id", "name")}):
                found.append(child)
        node = node.parent
    return found


def _text_of(root: Node) -> Node:
    """Return the innermost element with most of the paragraphs of an article."""
    whole = prose_of(root)
    core = root
    while whole >= len(root.text) * _LEAST_IN_PARAGRAPHS:
        inner = max((child for child in core.children if isinstance(child, Node)), key=prose_of,
                    default=None)
        if inner is None or prose_of(inner) < whole * _MOST_OF_PROSE or inner.tag in _PROSE:
            break
        core = inner
    return core


def _is_menu(node: Node, *, behind: bool) -> bool:
    """Whether an element has nothing but links, or little more, and no author's.

    A link alone may be a name or a headline, if it is more than one word.
    """
    links = sum(n.tag == "a" for n in node.walk())
    classes = " ".join(n.attributes.get("class", "") for n in node.walk())
    headed = not behind and any(n.tag in ("h1", "h2", "h3", "h4") for n in node.walk())
    several = links > 1 or (links == 1 and len(node.text.split()) == 1)
    return several and not headed and not _BIO.search(classes) and linked_share(node) >= (
        _MENU_BEHIND if behind else _MENU_BEFORE)


def headline_of(page: Page) -> Node | None:
    """Return the headline that is the title of its page, wherever it stands; None without one."""
    title = next((_words(n) for n in page.root.walk() if n.tag == "title"), "")
    heads = [n for n in page.root.walk() if n.tag in ("h1", "h2")
             and len(_words(n)) > _SHORTEST_TITLE and _words(n) in title]
    return next((n for n in heads if n.tag == "h1"), heads[0] if heads else None)


def above_headline(head: Node, root: Node) -> list[Node]:
    """Return the menus above the headline of an article; region and date stay, or a byline."""
    found: list[Node] = []
    node = head
    while node is not root and node.parent is not None:
        for child in node.parent.children:
            if child is node:
                break
            if isinstance(child, Node) and _is_menu(child, behind=False):
                found.append(child)
        node = node.parent
    return found


def _words(node: Node) -> str:
    """Return the words of an element in small letters, with one space between them."""
    return " ".join(node.text.split()).casefold()
