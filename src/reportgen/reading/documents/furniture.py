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
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|crumb-container|sidebar|share|sharing|social|related|"
    r"newsletter|subscribe|"
    r"partage|partager|imprimer|condividi|condivisione|compartir|partilhar|teilen|udostępnij|"
    r"поделиться|"
    r"cookies?|comments?|comments-link|respond|advert|ads|banner|skip-link|screen-reader-text|"
    r"toolbar|"
    r"pagination|site-header|site-footer|masthead|sharedaddy|widget|entry-footer|post-navigation|next-prev|prev-next|"
    r"nav-links|recent-posts|"
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
