"""Lines between a byline and the text: how an author is reached, who translated, whose photograph.

A contact goes to the bio of the author above it; a credit stands below the text, but for that of a
picture that is not there.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from reportgen.citations.patterns import CREDIT
from reportgen.diagnostics import Change, Sink
from reportgen.model import Block, Paragraph, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.reading.bios import MAIL_ADDRESS
from reportgen.reading.parts import Parts
from reportgen.reading.signature import TRANSLATED, joined_lines
from reportgen.reading.titles import is_standfirst
from reportgen.texts import lines_of, pictures

_WITHIN = 3
"""Blocks at the top among which such a line stands."""

_MOST_WORDS, _TEXT = 14, 20
"""Words of such a line at most, and of a paragraph of text at least."""

_CONTACT = pattern(
    r"(?:(?:twitter|x|mastodon|bluesky|linkedin|e-?mail|mail|contact|kontakt|courriel|correo|"
    r"контакт|тел|tel|orcid)\W*:?\s*)?(?:@[\w.]{2,30}(?:@[\w.-]+)?|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"(?:https?://|www\.)\S+|\d{4}-\d{4}-\d{4}-\d{3}[\dX]|\+?\d[\d\s()/-]{6,20})\W*",
    re.IGNORECASE)
"""A handle, a mail address, a page, an ORCID iD, a telephone number, with the word before it."""


def with_lines_in_place(parts: Parts, sink: Sink) -> Parts:
    """Return parts with contacts in a bio, and with credits below the text; each is told."""
    at, credits = 0, []
    blocks = list(parts.blocks)
    while at < min(_WITHIN, len(blocks) - 1):
        block = blocks[at]
        if parts.authors and _is_contact(block):
            assert isinstance(block, Paragraph)
            parts = replace(parts, authors=(*parts.authors[:-1], replace(
                parts.authors[-1], bio=_extended(parts.authors[-1].bio, block.text))))
            del blocks[at]
        elif _is_credit(block) and any(len(_words(b).split()) > _TEXT for b in blocks[at + 1 :]):
            del blocks[at]
            if TRANSLATED.match(_words(block)) or any(pictures(blocks)):
                sink.note("credit", f'"{_words(block)[:60]}" stands below the text', block.span)
                credits.append(block)
            else:
                sink.note("credit", f'"{_words(block)[:60]}" is left out: there is no picture',
                          block.span, "put the picture into the brief, and the credit below it")
                sink.change(Change(block.span, "credit", _words(block), ""))
        elif at or not isinstance(block, Paragraph) or not is_standfirst(block.text):
            break  # the text begins
        else:
            at += 1
    return replace(parts, blocks=(*blocks, *credits))


def _words(block: Block) -> str:
    return plain(block.text).strip(" *_([])") if isinstance(block, Paragraph) else ""


def _is_contact(block: Block) -> bool:
    """Whether a paragraph has nothing but ways to reach somebody, one on each line or in a row."""
    words = _words(block)
    if not words or len(words.split()) > _MOST_WORDS or not all(
            isinstance(i, Run) for i in getattr(block, "text", ())):
        return False
    parts = [part for part in re.split(r"\s*[|;,\n]\s*|(?<!:)\s+(?=@|[\w.+-]+@)", words) if part]
    reached = any(part.startswith("@") or MAIL_ADDRESS.search(part) for part in parts)
    return reached and all(_CONTACT.fullmatch(part) for part in parts)


def _is_credit(block: Block) -> bool:
    words = _words(block)
    return 0 < len(words.split()) <= _MOST_WORDS and not words.endswith("?") and bool(
        CREDIT.fullmatch(words) or TRANSLATED.match(words))


def _extended(bio: Text, contact: Text) -> Text:
    """Return a bio with the lines of a contact behind it."""
    lines = [line for line in lines_of(contact) if plain(line).strip()]
    return joined_lines([bio, *lines]) if plain(bio).strip() else joined_lines(lines)
