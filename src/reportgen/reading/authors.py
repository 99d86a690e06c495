"""Who wrote a brief: bylines and bios above the text and below it, and those of its header.

Each step takes the blocks that it reads out of `Parts`. `byline`, `bios`, `signature` (above) and
`signoff` (below) read single blocks; here is decided which of them sign.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from reportgen.diagnostics import Change, Sink, Span
from reportgen.model import Author, Block, Heading, NoteCall, Paragraph, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.reading.bios import is_same_person, names_alone
from reportgen.reading.byline import (
    BIO_WORDS,
    PREFIX,
    is_bare,
    names_in,
    pair_with_dash,
    read_byline,
    speakers_in,
    untitled,
)
from reportgen.reading.frontmatter import FrontMatter
from reportgen.reading.heading import HeadingLine
from reportgen.reading.opening import Context
from reportgen.reading.parts import Parts, cites, unstyled
from reportgen.reading.signature import (
    Signed,
    bare_name,
    bio_above,
    bios_above,
    signed_above,
    stated_above,
    stated_together,
)
from reportgen.reading.signoff import signed_below, with_boxed_bios
from reportgen.reading.titles import MAX_STANDFIRST_WORDS, is_standfirst, may_be_title
from reportgen.texts import folded, lines_of, texts
from reportgen.workspace import SourceText

_SIGNED_WITHIN = 3
"""Blocks at the top among which a byline shows that the rest of a heading is the title."""

_NAMED_WITHIN = 5
"""Blocks at the top among which a line of names stands."""


def without_author_notes(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks in which a note called from a line of names is the last paragraph: a bio."""
    for at, block in enumerate(blocks[:_NAMED_WITHIN]):
        if not isinstance(block, Paragraph):
            continue
        called = [i for i in block.text if isinstance(i, NoteCall)]
        bare = tuple(i for i in block.text if not isinstance(i, NoteCall))
        words = plain(bare).strip(" *_")
        prefix = PREFIX.match(words)
        names = names_in(words[prefix.end() if prefix else 0:]) if called else ()
        if names and all(BIO_WORDS.search(plain(call.note.text)) for call in called):
            bios = [Paragraph(_bio_of(names, call.note.text), call.span) for call in called]
            return (*blocks[:at], replace(block, text=bare), *blocks[at + 1:], *bios)
    return blocks


def _bio_of(names: tuple[str, ...], note: Text) -> Text:
    """Return the bio in a note to the name of one author, who need not be named in it."""
    one = len(names) == 1 and not plain(note).startswith(names[0])
    return (Run(f"{names[0]} – ", span=note[0].span), *note) if one and note else note


def unless_said_otherwise(before: Parts, after: Parts, matter: FrontMatter) -> Parts:
    """Return parts with the authors of a first paragraph, unless the header names others.

    A line that begins with `By` counts beside a header; a sentence about somebody does not.
    """
    said = matter.authors()
    first = before.blocks[0] if before.blocks else None
    others = [author for author in after.authors
              if not any(is_same_person(author.name, name) for name in said)]
    stated = isinstance(first, Paragraph) and PREFIX.match(plain(first.text))
    return before if said and others and not stated and not before.authors else after


def with_title_below_bio(parts: Parts) -> Parts:
    """Return parts in which a title stands first that has the bio above it and the byline below."""
    if parts.authors or len(parts.blocks) < 4:
        return parts
    title = parts.blocks[1]
    signed = signed_above(parts.blocks[2:]) if isinstance(title, Heading) or (
        isinstance(title, Paragraph) and may_be_title(title)) else None
    authors, rest = (signed.authors, signed.blocks) if signed else (
        tuple(Author(name) for name in names_alone(parts.blocks[2])), parts.blocks[3:])
    bios = bios_above(parts.blocks, authors)
    return replace(parts, authors=bios, blocks=(title, *rest)) if bios else parts


def with_speakers(context: Context, blocks: tuple[Block, ...]) -> Context:
    """Return a context that knows who speaks in an interview."""
    return replace(context, people=replace(context.people, speakers=speakers_in(blocks)))


def take_top_authors(parts: Parts, heading: HeadingLine | None, context: Context) -> Parts:
    """Take the byline that stands above the text: a line with nothing but names."""
    if heading and heading.rest:
        signed = any(isinstance(block, Paragraph) and PREFIX.match(plain(block.text))
                     and signed_above((block,)) for block in parts.blocks[:_SIGNED_WITHIN])
        named = () if signed else tuple(Author(name) for name in names_in(heading.rest))
        if not named:  # "South Caucasus (October 2022): Transit as foreign policy"
            line = Heading(1, (Run(heading.rest, span=heading.span),), heading.span)
            return replace(parts, blocks=(line, *parts.blocks))
        return replace(parts, authors=named)
    first = parts.blocks[0] if parts.blocks else None
    if isinstance(first, Heading) and parts.title and _is_byline_head(first):
        first = Paragraph(first.text, first.span)
        parts = replace(parts, blocks=(first, *parts.blocks[1:]))
    if isinstance(first, Paragraph) and _is_sentence_of_text(first, parts.blocks[1:], context):
        return parts
    second = parts.blocks[1] if len(parts.blocks) > 1 else None
    if (not parts.title and isinstance(first, Paragraph) and isinstance(second, Paragraph)
            and PREFIX.match(plain(second.text)) and not PREFIX.match(plain(first.text))
            and read_byline(second, context.people)):
        return parts  # the line above a byline is the title, whoever it names
    below = signed_above(parts.blocks[1:]) if isinstance(first, Paragraph) and parts.title else None
    bios = bios_above(parts.blocks, below.authors) if below else ()
    if below and bios:  # they stand above the byline
        return replace(parts, authors=bios, blocks=below.blocks)
    stacked = len(lines_of(first.text)) > 1 if isinstance(first, Paragraph) else False
    above = signed_above(parts.blocks) if stacked and not parts.authors else None
    if above is not None and not parts.title and _others_sign(above.authors, parts.blocks[1:2]):
        return parts  # a title of two lines
    if above is not None:
        return _with_stacked(parts, above)
    if isinstance(first, Paragraph) and len(plain(first.text).split()) <= 40:
        authors = read_byline(first, context.people)
        if len(authors) > 1 and pair_with_dash(first, plain(first.text)) and signed_below(
                parts.blocks[1:], (), context.people).authors:
            return parts  # two places, or two parties: others sign below
        bare = not parts.title and is_bare(first, authors, context.people)
        if authors and bare and _is_title(authors, parts.blocks[1:], context):
            above = signed_above(parts.blocks)  # a name above an institute is none
            if above is None or not any(author.bio for author in above.authors):
                return parts
            return replace(parts, authors=above.authors, blocks=above.blocks)
        more = signed_above(parts.blocks) if authors and not any(a.bio for a in authors) else None
        if more is not None and any(a.bio for a in more.authors) and not parts.authors:
            return _with_stacked(parts, more)
        if authors:
            others, rest = _more_authors(authors, parts.blocks[1:], context)
            return replace(parts, authors=parts.authors + authors + others, blocks=rest)
    above = signed_above(parts.blocks) if not parts.authors else None
    return _with_stacked(parts, above) if above is not None else parts


def _with_stacked(parts: Parts, above: Signed) -> Parts:
    """Return parts with those who sign above, and those who sign below them in the same form.

    Each stands on lines of its own: a name, and what somebody is.
    """
    authors, blocks = above.authors, above.blocks
    while len(blocks) > 1 and all(author.bio for author in authors):
        below = blocks[0]
        if not isinstance(below, Paragraph) or len(lines_of(below.text)) < 2:
            break
        more = signed_above((below,))
        if more is None or not all(author.bio for author in more.authors):
            break
        authors, blocks = authors + more.authors, blocks[1:]
    return replace(parts, authors=authors, blocks=blocks)


def _more_authors(authors: tuple[Author, ...], blocks: tuple[Block, ...],
                  context: Context) -> tuple[tuple[Author, ...], tuple[Block, ...]]:
    """Return the authors of paragraphs below a byline with a bio, each set as that one is.

    A paragraph that ends with a stop is text, or a standfirst that names somebody.
    """
    more: tuple[Author, ...] = ()
    while all(author.bio for author in authors) and len(blocks) > 1:
        below = blocks[0]
        if not isinstance(below, Paragraph) or plain(below.text).rstrip().endswith("."):
            break
        authors = read_byline(below, context.people)
        if not authors or not all(author.bio for author in authors):
            break
        more, blocks = more + authors, blocks[1:]
    return more, blocks


def _is_sentence_of_text(first: Paragraph, rest: tuple[Block, ...], context: Context) -> bool:
    """Whether a first paragraph in plain type that has a stop is text: others sign below."""
    words = plain(first.text).strip()
    marked = any(i.style.emphasis or i.style.strong for i in first.text if isinstance(i, Run))
    if not words.endswith(".") or marked or PREFIX.match(words):
        return False
    below = signed_below(rest, (), context.people).authors
    return bool(below) and not any(words.startswith(untitled(author.name))
                                   or words.startswith(author.name) for author in below)


def _others_sign(names: tuple[Author, ...], below: tuple[Block, ...]) -> bool:
    """Whether lines of nothing but names are a title: those below have names with what they are."""
    signed = signed_above(below)
    return (signed is not None and any(author.bio for author in signed.authors)
            and not any(author.bio for author in names))


def _is_byline_head(head: Heading) -> bool:
    """Whether a subhead right below the title is a byline: "### By Anna Rossi"."""
    words = plain(head.text).strip()
    prefix = PREFIX.match(words)
    return prefix is not None and bool(names_in(words[prefix.end():]))


def take_top_bios(parts: Parts) -> Parts:
    """Take the paragraph with the bios of those who sign right above it."""
    found = bios_above(parts.blocks, parts.authors)
    return replace(parts, authors=found, blocks=parts.blocks[1:]) if found else parts


def _is_title(names: tuple[Author, ...], rest: tuple[Block, ...], context: Context) -> bool:
    """Whether a first line of names is the title: nothing else can be, or others sign.

    So it is where another line of names follows: the title stands first.
    """
    if not rest or isinstance(rest[0], Heading):
        return False
    if not (isinstance(rest[0], Paragraph) and may_be_title(rest[0])):
        return True
    if signed_above(rest[:1]) is not None:
        return True
    second = names_in(plain(rest[0].text).strip(" *_"))
    shouted = names[0].name.isupper() and not plain(rest[0].text).isupper()
    if second and (shouted or _has_initials(second[0]) or plain(rest[0].text)[-1:] == "*"):
        return True
    last = rest[-1]
    signed = read_byline(last, context.people) if isinstance(last, Paragraph) else ()
    return bool(signed) and not {a.name for a in names} & {a.name for a in signed}


def _has_initials(name: str) -> bool:
    return re.match(r"(?:[^\W\d_]\.[\s\u00a0]?){1,3}[^\W\d_]{2,}", name) is not None


def take_authors(parts: Parts, matter: FrontMatter, source: SourceText, context: Context,
                  sink: Sink) -> Parts:
    """Take the bylines that stand under the text, from the last one up."""
    parts = _take_under_standfirst(parts, matter)
    span = source.span(matter.line("authors"))
    stated = [(name, _name_of(name, span, sink)) for name in matter.authors()]
    said = [_named(name, span) for _, name in stated if name]
    names = list(dict.fromkeys(author.name for author in (*parts.authors, *said)))
    below = signed_below(with_boxed_bios(parts.blocks, names), names, context.people)
    blocks, found = list(below.blocks), below.authors
    _tell_authors(parts, found, names, context, sink)
    merged: dict[str, Author] = {}
    for author in (*said, *parts.authors, *found):
        key = next((k for k, a in merged.items() if is_same_person(a.name, author.name)),
                   untitled(author.name).casefold())
        merged[key] = _merged(merged[key], author) if key in merged else author
    bio, last = matter.text("bio"), next(reversed(merged.values()), None)
    place = source.span(matter.line("bio"))
    if bio and last and not last.bio:
        merged[next(reversed(merged))] = replace(last, bio=(Run(bio, span=place),))
    elif bio:
        sink.change(Change(place, "bio", bio, ""))  # that of the text is printed
    for at in (0, 1):
        alone = _bare_author(parts, blocks, at) if not merged else ()
        if alone and len(alone) == 1:  # "The author is ..." below
            named = signed_below(tuple(blocks), [alone[0].name], context.people)
            same = [a for a in named.authors if a.name == alone[0].name and a.bio]
            if same:
                alone, left = (same[-1],), [b for b in named.blocks if b is not blocks[at]]
                blocks[:] = [*left[:at], blocks[at], *left[at:]]
        if alone:
            who = " and ".join(a.name for a in alone)
            sink.warning("byline", f'"{who}" is taken for the author', alone[0].span,
                         "write By before the name, or Authors: in a header")
            merged = {a.name.casefold(): a for a in alone}
            blocks.pop(at)
    if not merged and blocks:
        above = bio_above(blocks[0], context.people)
        merged = {a.name.casefold(): a for a in above}
        blocks = blocks[1:] if above else blocks
    if not merged and blocks:
        above = stated_above(blocks[0], tuple(blocks[1:]))
        merged = {a.name.casefold(): a for a in above}
        blocks = blocks[1:] if above else blocks
    together = stated_together(blocks[-1]) if not merged and len(blocks) > 1 else ()
    if together:
        merged = {a.name.casefold(): a for a in together}
        blocks.pop()
    if not merged:
        end = blocks[-1].span.line if blocks else 1
        sink.warning("no-byline", "nobody signs the brief", source.span(end),
                     "end it with a line like: Fabio Indeo – *researcher at ...*")
    return replace(parts, authors=tuple(merged.values()), blocks=tuple(blocks))


def _tell_authors(parts: Parts, found: tuple[Author, ...], names: list[str], context: Context,
                  sink: Sink) -> None:
    """Tell who is taken for an author by a paragraph below the text that looks like any other."""
    for author in found:
        block = next((b for b in parts.blocks if b.span == author.span), None)
        runs = [i for i in block.text if isinstance(i, Run)] if isinstance(block, Paragraph) else []
        named = context.people.knows(author.name) or any(
            is_same_person(author.name, name) for name in names)
        if runs and not named and not any(r.style.emphasis or r.style.strong for r in runs):
            sink.note("author", f'"{author.name}" is taken for an author by what stands below the '
                      "text", author.span, "if it is text, write Authors: in a header")


_IDENTIFIER = pattern(r"(?:[\w.-]*/)*(?P<stem>[a-z0-9_-]+)(?:\.\w{1,4})?")


def _name_of(words: str, span: Span, sink: Sink) -> str:
    """Return the name in a header's field; empty, and a warning, if it is an account's."""
    match = _IDENTIFIER.fullmatch(words)
    if match is None or not words.isascii():
        return words
    parts = re.split("[-_]", match["stem"])
    if len(parts) in (2, 3) and all(part.isalpha() and len(part) > 1 for part in parts):
        name = " ".join(part.capitalize() for part in parts)
        sink.warning("byline", f'"{words}" is taken for the author {name}', span,
                     "write the name as it is to be printed")
        return name
    sink.warning("byline", f'"{words}" is the name of an account, and is left out', span,
                 "write the author's name")
    return ""


def _named(words: str, span: Span) -> Author:
    """Return the author of a header's field, who may stand there with an institute."""
    above = signed_above((Paragraph((Run(f"By {words}", span=span),), span),))
    return above.authors[0] if above and len(above.authors) == 1 else Author(words, span=span)


def _merged(above: Author, below: Author) -> Author:
    """Return one author out of two places; no word of either bio is lost."""
    first, second = folded(plain(above.bio)).split(), folded(plain(below.bio)).split()
    if not second or set(second) <= set(first):
        return above
    if set(first) <= set(second):
        return replace(above, bio=below.bio)
    stop = Run(" " if plain(above.bio).rstrip().endswith(".") else ". ", span=below.span)
    sentence = plain(below.bio).lstrip()[:1].islower()  # "Anna Rossi [writes ...]"
    bare = untitled(above.name)
    name = (Run(f"{bare} ", span=below.span),) if sentence else ()
    return replace(above, bio=(*above.bio, stop, *name, *below.bio))


def _take_under_standfirst(parts: Parts, matter: FrontMatter) -> Parts:
    """Take a byline that stands between the standfirst and the text."""
    first = parts.blocks[0] if parts.blocks else None
    described = matter.text("standfirst") or matter.text("description")
    if parts.authors or described or not isinstance(first, Paragraph):
        return parts
    above = signed_above(parts.blocks[1:])
    if above is None:
        return parts
    byline = parts.blocks[1]
    stated = isinstance(byline, Paragraph) and PREFIX.match(plain(byline.text))
    if stated and not cites(first.text) and len(plain(first.text).split()) <= MAX_STANDFIRST_WORDS:
        signed = _with_stacked(replace(parts, blocks=parts.blocks[1:]), above)
        return replace(signed, standfirst=unstyled(first.text))
    if not is_standfirst(first.text):
        return parts
    signed = _with_stacked(replace(parts, blocks=parts.blocks[1:]), above)
    return replace(signed, blocks=(first, *signed.blocks))


def _bare_author(parts: Parts, blocks: list[Block], at: int) -> tuple[Author, ...]:
    """Return the author whom a line of nothing but a name above the text may be."""
    if len(blocks) < at + 2 or not parts.title:
        return ()
    signed = signed_above((blocks[at],)) if _is_prefixed(blocks[at]) else None
    if signed is not None:
        return signed.authors
    return bare_name(blocks[at], " ".join(plain(t) for t in texts(blocks[at + 1:])))


def _is_prefixed(block: Block) -> bool:
    return isinstance(block, Paragraph) and PREFIX.match(plain(block.text)) is not None


def log_bylines(whole: tuple[Block, ...], parts: Parts, sink: Sink) -> None:
    """Log the words of bylines and bios that are printed nowhere: `By`, `About the author`."""
    kept = {id(block) for block in parts.blocks}
    before = {id(block) for block in whole}
    new = [block for block in parts.blocks if id(block) not in before]
    said = (parts.title, parts.standfirst, *(a.bio for a in parts.authors), *texts(new))
    printed = {word for text in said for word in _words(plain(text))}
    printed.update(word for author in parts.authors for word in _words(author.name))
    for block in whole:
        lost = [w for text in texts([block]) for w in _words(plain(text)) if w not in printed]
        if lost and id(block) not in kept:
            sink.change(Change(block.span, "byline", " ".join(lost), ""))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
