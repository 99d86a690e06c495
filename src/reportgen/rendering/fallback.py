"""Fallback faces on the pages that the engine lays out.

A face of the machine must never stand in for one of the theme, so characters that the theme's text
face does not have get a family by name, and only the faces that are asked for are given to the
engine.
"""

from __future__ import annotations

import re
import unicodedata

from reportgen.rendering.fetcher import STYLES
from reportgen.typesetting.shaping import FontBook
from reportgen.typesetting.specification import OTHER_SCRIPTS, TypeSpecification

_USUAL = (("\0", "\u052f"), ("\u1d00", "\u218f"), ("\u2c00", "\u2e7f"), ("\ud800", "\uf8ff"))
"""What the text faces of a theme have: Latin, Greek, Cyrillic and punctuation."""

_BETWEEN = " \n.,:;\u00a0'’–-"
"""What stands between words of one face, if that has it: the cut of Chinese has no space."""

_MARKUP = re.compile(r"(<title>.*?</title>|<style>.*?</style>|<[^>]*>)", re.DOTALL)


def with_fallback(html: str, book: FontBook, specification: TypeSpecification) -> str:
    """Return a page with a fallback family wherever the text face does not have a character."""
    unusual = sorted(c for c in set(html) if not any(a <= c <= b for a, b in _USUAL))
    if not unusual:
        return html
    style = specification.style("text")
    face = book.face(style.family, style.weight, italic=style.italic)
    families: dict[str, str] = {}
    for character in unusual:
        other = None if face.covers(character) else book.instead(character, face)
        if other is not None:
            families[character] = other.key.family
    if not families:
        return html
    by_family: dict[str, str] = {}
    for character, family in families.items():
        by_family[family] = by_family.get(family, "") + re.escape(character)
    parts = _MARKUP.split(html)
    turned = {c: family for c, family in families.items()
              if unicodedata.bidirectional(c) in ("R", "AL", "AN")}
    # What is cut at a change of faces stands in the order of its parts, so text from right to left
    # is one part from its first letter to its last, with Latin words in the text face.
    letters = "".join(map(re.escape, turned))
    stretch = re.compile(f"[{letters}](?:.*[{letters}])?", re.DOTALL) if turned else None
    faces = ", ".join(f"'{family}'" for family in (*dict.fromkeys(turned.values()), style.family))
    for at in range(0, len(parts), 2):
        if stretch is not None:
            parts[at] = stretch.sub(
                lambda m: f'<span style="font-family: {faces}">{m[0]}</span>', parts[at])
        for family, characters in by_family.items():
            if family in turned.values():
                continue
            other = book.face(family, style.weight, italic=style.italic)
            joint = f"[{re.escape(_BETWEEN)}]*" if all(map(other.covers, " .,")) else ""
            run = f"[{characters}](?:{joint}[{characters}\ufe0f\u200d])*"
            parts[at] = re.sub(
                run, lambda m, family=family: f"<span style=\"font-family: '{family}'\">{m[0]}"
                "</span>", parts[at])
    used = set(families.values()) - {style.family for style in specification.styles.values()}
    rules = "".join(face.rule(STYLES) for face in specification.faces if face.family in used)
    rules += f"html {{ {OTHER_SCRIPTS}: {', '.join(map(repr, by_family))} }}"
    return "".join(parts).replace("</head>", f"<style>{rules}</style></head>", 1)
