"""A brief's file to a `Brief`: heading, title, standfirst, byline and body, each found once.

The order of the steps is the order of `read_brief`. What the header (front
matter) says wins over what the text seems to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.languages import language_of
from reportgen.model import (
    Author,
    Block,
    Brief,
    Heading,
    ListBlock,
    NoteCall,
    Paragraph,
    Quote,
    Run,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.reading.authordate import with_author_date
from reportgen.reading.bios import is_same_person, names_alone
from reportgen.reading.byline import (
    BIO_WORDS,
    PREFIX,
    TITLES,
    is_bare,
    names_in,
    pair_with_dash,
    read_byline,
)
from reportgen.reading.endnotes import with_end_notes
from reportgen.reading.frontmatter import FrontMatter, figures_of, map_of, read_front_matter
from reportgen.reading.heading import (
    HeadingLine,
)
from reportgen.reading.keys import Cites, with_keys
from reportgen.reading.lettered import with_lettered_lines, with_lettered_lists
from reportgen.reading.mail import without_mail
from reportgen.reading.markdown import read_blocks
from reportgen.reading.markup import (
    report_foreign,
    without_attributes,
    without_comments,
    without_tags,
)
from reportgen.reading.opening import (
    Context,
    language_in,
    month_in,
    region_in,
    take_opening,
    take_page_head,
)
from reportgen.reading.pasted import mended, without_furniture
from reportgen.reading.plaintext import (
    spaced,
    unindented,
    with_bold_heads,
    with_bullets,
    with_labels,
    with_numbered_heads,
    with_plain_marks,
    with_rules,
    with_source_lists,
    with_subheads,
)
from reportgen.reading.signature import bare_name, bio_above, bios_above, signed_above, stated_above
from reportgen.reading.signoff import signed_below, with_boxed_bios
from reportgen.reading.sitewords import without_site_words
from reportgen.reading.starred import with_starred_author
from reportgen.reading.textchecks import check_direction, check_texts
from reportgen.texts import cut, folded, lines_of, texts
from reportgen.workspace import SourceText

MAX_STANDFIRST_WORDS = 60
MAX_STANDFIRST_SENTENCES, MAX_MARKED_SENTENCES = 2, 4
"""In a paragraph like any other, and in one that is all in bold or italics."""

MAX_TITLE_WORDS = 25
_STANDFIRST = pattern(
    r"\s*(?:standfirst|lead|lede|abstract|summary|chap[oô]|chapeau|résumé|vorspann|kurzfassung|"
    r"zusammenfassung|abriss|sommario|abstract|occhiello|entradilla|bajada|resumen|resumo|lide|"
    r"zajawka|streszczenie|аннотация|лид|резюме|анотація|лід|özet|spot|موجز|الموجز|الملخص|ملخص|الخلاصة)\s*[:.–—]\s+",
    re.IGNORECASE)
"""A label before a standfirst."""

_FEWEST_WORDS = 8
"""Words of a standfirst that is marked as a heading."""

_SIGNED_WITHIN = 3
"""Blocks at the top among which a byline shows that the rest of a heading is the title."""

_NAMED_WITHIN = 5
"""Blocks at the top among which a line of names stands."""



@dataclass(frozen=True)
class _Parts:
    """A brief, taken apart so far."""

    blocks: tuple[Block, ...]
    title: Text = ()
    standfirst: Text = ()
    authors: tuple[Author, ...] = ()


def read_brief(source: SourceText, name: str, context: Context, sink: Sink) -> Brief | None:
    """Return the brief called `name` that `source` holds, or None and errors in `sink`."""
    head, lines = take_page_head(source.numbered)
    if not source.text.strip():
        sink.error("empty-file", "the file is empty", source.span(),
                   "the author's text is missing; save it once more")
        return None
    lines = without_attributes(without_comments(lines, source.name, sink), source.name, sink)
    lines = unindented(without_tags(lines, source.name, sink), source.name)
    lines = without_site_words(without_mail(lines, source.name, sink), source.name, sink)
    matter, lines = read_front_matter(lines, source.name, sink)
    lines = without_furniture(lines, source.name, sink)
    lines = with_starred_author(lines, source.name, sink)
    heading, lines = take_opening(lines, head, matter, source, context, sink)
    region = region_in(matter, heading, name, source, context, sink)
    month = month_in(matter, heading, source, context, sink)
    language = language_in(matter, source, context, sink)
    figures = figures_of(matter, source.name, sink)
    wishes = map_of(matter, source.name, sink)
    lines = with_plain_marks(lines, source.name, sink)
    lines = with_bullets(mended(lines, language, source.name, sink), source.name, sink)
    lines = with_lettered_lines(with_end_notes(lines, source.name, sink))
    if context.library.items:
        lines = with_keys(lines, Cites(context.library, language_of(language), context.notes),
                          source.name, sink)
    report_foreign(lines, source.name, sink)
    blocks = with_rules(read_blocks(spaced(lines, source.name), source.name, sink))
    blocks = with_lettered_lists(blocks)
    blocks = with_author_date(with_numbered_heads(blocks, sink), language_of(language), sink)
    parts = _Parts(whole := with_source_lists(with_labels(blocks, sink)))
    parts = replace(parts, blocks=_without_author_notes(parts.blocks))
    parts = _with_title_below_bio(parts)
    parts = _unless_said_otherwise(parts, _take_top_authors(parts, heading, context), matter)
    parts = _take_top_bios(parts)
    parts = _take_title(parts, matter, source, sink)
    parts = _unless_said_otherwise(parts, _take_top_authors(parts, None, context), matter)
    parts = _take_top_bios(parts)
    parts = _take_authors(parts, matter, source, context, sink)
    _log_bylines(whole, parts, sink)
    parts = _take_standfirst(parts, matter, source, sink)
    parts = replace(parts, blocks=with_bold_heads(parts.blocks, sink))
    if not source.name.lower().endswith((".md", ".markdown")):
        parts = replace(parts, blocks=with_subheads(parts.blocks, sink))
    body = tuple(texts(parts.blocks))
    bios = (author.bio for author in parts.authors)
    check_texts((parts.title, parts.standfirst, *bios, *body), matter, source, sink)
    check_direction(body, language, source, sink)
    if region is None or month is None or not parts.title or not parts.blocks:
        return None
    return Brief(
        name=name, region=region, month=month, language=language, title=parts.title,
        standfirst=parts.standfirst, authors=parts.authors, blocks=_levelled(parts.blocks),
        span=source.span(1), figures=figures,
        pull_quote=matter.text("pull-quote").strip('"“”'),
        key_points=tuple(matter.entries("key-points")), map=wishes)


# ---------------------------------------------------------------- title, authors, standfirst


def _with_title_below_bio(parts: _Parts) -> _Parts:
    """Return parts in which a title stands first that has the bio above it and the byline below."""
    if parts.authors or len(parts.blocks) < 4:
        return parts
    title = parts.blocks[1]
    signed = signed_above(parts.blocks[2:]) if isinstance(title, Heading) or (
        isinstance(title, Paragraph) and _may_be_title(title)) else None
    authors, rest = (signed.authors, signed.blocks) if signed else (
        tuple(Author(name) for name in names_alone(parts.blocks[2])), parts.blocks[3:])
    bios = bios_above(parts.blocks, authors)
    return replace(parts, authors=bios, blocks=(title, *rest)) if bios else parts


def _take_title(parts: _Parts, matter: FrontMatter, source: SourceText, sink: Sink) -> _Parts:
    said = matter.text("title")
    first = parts.blocks[0] if parts.blocks else None
    if said:
        span = source.span(matter.line("title"))
        title: Text = (Run(said, span=span),)
        same = isinstance(first, Heading | Paragraph) and folded(plain(first.text)) == folded(said)
        return replace(parts, title=title, blocks=parts.blocks[1:] if same else parts.blocks)
    can = isinstance(first, Heading) or (isinstance(first, Paragraph) and _may_be_title(first))
    if isinstance(first, Paragraph) and not can and _is_stopped_title(first, parts.blocks[1:]):
        text, last = _unstyled(first.text), first.text[-1]
        assert isinstance(last, Run)
        bare = replace(last, text=last.text.rstrip().removesuffix("."))
        sink.change(Change(last.span, "title-stop", ".", ""))
        return replace(parts, title=(*text[:-1], bare), blocks=parts.blocks[1:])
    if isinstance(first, Heading | Paragraph) and can and plain(first.text).strip():
        below = parts.blocks[1] if len(parts.blocks) > 1 else None
        rest = parts.blocks[1:]
        if isinstance(below, Heading) and _is_sentence(plain(below.text)):
            if len(plain(below.text).split()) <= MAX_STANDFIRST_WORDS:
                parts = replace(parts, standfirst=_unstyled(below.text))
                rest = parts.blocks[2:]
            else:
                rest = (Paragraph(below.text, below.span), *parts.blocks[2:])
        return replace(parts, title=_unstyled(first.text), blocks=rest)
    line = first.span.line if first else 1
    sink.error("no-title", "the brief has no title", source.span(line),
               "put the title on a line of its own under the region and month")
    return parts


def _is_sentence(words: str) -> bool:
    """Whether a heading below the title is the standfirst, as some sites have it."""
    return len(words.split()) >= _FEWEST_WORDS and words.rstrip().endswith((".", "!", "?", "…"))


def _may_be_title(paragraph: Paragraph) -> bool:
    words = plain(paragraph.text)
    return len(words.split()) <= MAX_TITLE_WORDS and not words.rstrip().endswith(".")


def _is_stopped_title(first: Paragraph, rest: tuple[Block, ...]) -> bool:
    """Whether a sentence is a title with a stop: a line with nothing but a name is below it."""
    words = plain(first.text)
    below = rest[0] if len(rest) > 1 else None
    return (len(words.split()) <= MAX_TITLE_WORDS and words.rstrip().endswith(".")
            and words.count(". ") == 0 and isinstance(first.text[-1], Run)
            and isinstance(below, Paragraph) and bool(names_in(plain(below.text))))


def _unstyled(text: Text) -> Text:
    """A title typed in bold is a title, not a bold title."""
    runs = [i for i in text if isinstance(i, Run)]
    if all(run.style.strong for run in runs) or all(run.style.emphasis for run in runs):
        return tuple(
            replace(i, style=replace(i.style, strong=False, emphasis=False))
            if isinstance(i, Run) else i for i in text
        )
    return text


def _without_author_notes(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
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


def _unless_said_otherwise(before: _Parts, after: _Parts, matter: FrontMatter) -> _Parts:
    """Return parts with the authors of a first paragraph, unless the header names others.

    A line that begins with `By` counts beside a header; a sentence about somebody does not.
    """
    said = matter.authors()
    first = before.blocks[0] if before.blocks else None
    others = [author for author in after.authors
              if not any(is_same_person(author.name, name) for name in said)]
    stated = isinstance(first, Paragraph) and PREFIX.match(plain(first.text))
    return before if said and others and not stated and not before.authors else after


def _take_top_authors(parts: _Parts, heading: HeadingLine | None, context: Context) -> _Parts:
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
        return replace(parts, authors=above.authors, blocks=above.blocks)
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
            return replace(parts, authors=more.authors, blocks=more.blocks)
        if authors:
            others, rest = _more_authors(authors, parts.blocks[1:], context)
            return replace(parts, authors=parts.authors + authors + others, blocks=rest)
    above = signed_above(parts.blocks) if not parts.authors else None
    if above is not None:
        return replace(parts, authors=above.authors, blocks=above.blocks)
    return parts


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
    return bool(below) and not any(words.startswith(TITLES.sub("", author.name))
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


def _take_top_bios(parts: _Parts) -> _Parts:
    """Take the paragraph with the bios of those who sign right above it."""
    found = bios_above(parts.blocks, parts.authors)
    return replace(parts, authors=found, blocks=parts.blocks[1:]) if found else parts


def _is_title(names: tuple[Author, ...], rest: tuple[Block, ...], context: Context) -> bool:
    """Whether a first line of names is the title: nothing else can be, or others sign.

    So it is where another line of names follows: the title stands first.
    """
    if not rest or isinstance(rest[0], Heading):
        return False
    if not (isinstance(rest[0], Paragraph) and _may_be_title(rest[0])):
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


def _take_authors(parts: _Parts, matter: FrontMatter, source: SourceText, context: Context,
                  sink: Sink) -> _Parts:
    """Take the bylines that stand under the text, from the last one up."""
    parts = _take_under_standfirst(parts, matter)
    names = [author.name for author in parts.authors]
    below = signed_below(with_boxed_bios(parts.blocks, names), names, context.people)
    blocks, found = list(below.blocks), below.authors
    _tell_authors(parts, found, names, context, sink)
    said = matter.authors()
    span = source.span(matter.line("authors"))
    merged: dict[str, Author] = {}
    for author in (*(_named(name, span) for name in said), *parts.authors, *found):
        key = next((k for k, a in merged.items() if is_same_person(a.name, author.name)),
                   TITLES.sub("", author.name).casefold())
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
    if not merged:
        end = blocks[-1].span.line if blocks else 1
        sink.warning("no-byline", "nobody signs the brief", source.span(end),
                     "end it with a line like: Fabio Indeo – *researcher at ...*")
    return replace(parts, authors=tuple(merged.values()), blocks=tuple(blocks))


def _tell_authors(parts: _Parts, found: tuple[Author, ...], names: list[str], context: Context,
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


def _log_bylines(whole: tuple[Block, ...], parts: _Parts, sink: Sink) -> None:
    """Log the words of bylines and bios that are printed nowhere: `By`, `About the author`."""
    kept = {id(block) for block in parts.blocks}
    before = {id(block) for block in whole}
    new = [block for block in parts.blocks if id(block) not in before]
    said = (parts.title, parts.standfirst, *(a.bio for a in parts.authors), *texts(new))
    printed = {word for text in said for word in _words(plain(text))}
    printed.update(word for author in parts.authors for word in _words(author.name))
    for block in whole:
        lost = [w for w in _words(plain(_text_of(block))) if w not in printed]
        if lost and id(block) not in kept:
            sink.change(Change(block.span, "byline", " ".join(lost), ""))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _text_of(block: Block) -> Text:
    return block.text if isinstance(block, Heading | Paragraph) else ()


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
    bare = TITLES.sub("", above.name)
    name = (Run(f"{bare} ", span=below.span),) if sentence else ()
    return replace(above, bio=(*above.bio, stop, *name, *below.bio))


def _take_under_standfirst(parts: _Parts, matter: FrontMatter) -> _Parts:
    """Take a byline that stands between the standfirst and the text."""
    first = parts.blocks[0] if parts.blocks else None
    if parts.authors or matter.text("standfirst") or not isinstance(first, Paragraph):
        return parts
    above = signed_above(parts.blocks[1:])
    if above is None:
        return parts
    byline = parts.blocks[1]
    stated = isinstance(byline, Paragraph) and PREFIX.match(plain(byline.text))
    if stated and not _cites(first.text) and len(plain(first.text).split()) <= MAX_STANDFIRST_WORDS:
        return replace(parts, authors=above.authors, blocks=above.blocks,
                       standfirst=_unstyled(first.text))
    if not _is_standfirst(first.text):
        return parts
    return replace(parts, authors=above.authors, blocks=(first, *above.blocks))


def _bare_author(parts: _Parts, blocks: list[Block], at: int) -> tuple[Author, ...]:
    """Return the author whom a line of nothing but a name above the text may be."""
    if len(blocks) < at + 2 or not parts.title:
        return ()
    return bare_name(blocks[at], " ".join(plain(t) for t in texts(blocks[at + 1:])))


def _take_standfirst(parts: _Parts, matter: FrontMatter, source: SourceText,
                     sink: Sink) -> _Parts:
    said = matter.text("standfirst")
    if parts.title and not parts.blocks:
        sink.error("no-text", "the brief has no text", source.span(),
                   "the author's text is missing")
        return parts
    if said:
        span = source.span(matter.line("standfirst"))
        return replace(parts, standfirst=(Run(said, span=span),))
    if parts.standfirst:  # it stands above a byline
        label = _STANDFIRST.match(plain(parts.standfirst))
        if label:
            sink.change(Change(parts.standfirst[0].span, "standfirst", label[0].strip(), ""))
            whole = len(plain(parts.standfirst))
            parts = replace(parts, standfirst=cut(parts.standfirst, label.end(), whole))
        return parts
    first = parts.blocks[0] if parts.blocks else None
    if (isinstance(first, Quote) and len(first.blocks) == 1 and isinstance(
            first.blocks[0], Paragraph) and len(plain(first.blocks[0].text).split()) > 7):
        # Markdown's way to set it apart
        first = first.blocks[0]
    label = _STANDFIRST.match(plain(first.text)) if isinstance(first, Paragraph) else None
    if isinstance(first, Paragraph) and label and label.end() < len(plain(first.text)):
        sink.change(Change(first.span, "standfirst", label[0].strip(), ""))
        text = cut(first.text, label.end(), len(plain(first.text)))
        return replace(parts, standfirst=_unstyled(text), blocks=parts.blocks[1:])
    if isinstance(first, Paragraph) and len(parts.blocks) > 1 and _is_standfirst(first.text):
        several = len(_SENTENCE_END.findall(plain(first.text))) > 1
        if several and _unstyled(first.text) == first.text and first in parts.blocks:
            sink.note("standfirst", "the first paragraph is taken for the standfirst", first.span,
                      "write it in italics, or standfirst: in a header, to say so; a longer "
                      "paragraph is text")
        return replace(parts, standfirst=_unstyled(first.text), blocks=parts.blocks[1:])
    if parts.blocks:
        sink.warning("no-standfirst", "the brief has no standfirst",
                     first.span if first else source.span(),
                     f"let it begin with a paragraph of at most {MAX_STANDFIRST_WORDS} words and "
                     "two sentences, or write standfirst: in its header")
    return parts


_SENTENCE_END = pattern(
    r"(?<!\b[A-Z])(?<!\b\d)(?<!\b\d\d)[.!?…؟][\"”»]?(?=\s+[\"“«]?[A-ZÀ-ÞА-Я\u0620-\u064a]|$)")
"""Neither an initial nor an ordinal: `am 17. Januar`."""


def _is_standfirst(text: Text) -> bool:
    words = plain(text)
    if words.isupper() and len(words.split()) <= 6 and words[-1].isalnum():
        return False  # a subhead
    sentences = len(_SENTENCE_END.findall(words))
    most = MAX_MARKED_SENTENCES if _unstyled(text) != text else MAX_STANDFIRST_SENTENCES
    return (len(words.split()) <= MAX_STANDFIRST_WORDS
            and sentences <= most and not _cites(text))


def _cites(text: Text) -> bool:
    return any(isinstance(i, NoteCall) or (isinstance(i, Run) and i.style.href) for i in text)


# ---------------------------------------------------------------- body


def _levelled(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Number the levels of subheads from 2 on, without gaps: the title is level 1."""
    levels = sorted({b.level for b in blocks if isinstance(b, Heading)})
    rank = {level: min(number, 3) for number, level in enumerate(levels, 2)}
    out: list[Block] = []
    last = 1
    for block in blocks:
        if isinstance(block, Heading):
            last = min(rank[block.level], last + 1)
            out.append(replace(block, level=last))
        else:
            out.append(_without_heads(block))
    return tuple(out)


def _without_heads(block: Block) -> Block:
    """Return a list or quotation in which a subhead is a paragraph in bold."""
    if isinstance(block, Quote):
        return replace(block, blocks=tuple(_without_heads(b) for b in block.blocks))
    if isinstance(block, ListBlock):
        items = tuple(tuple(_without_heads(b) for b in item) for item in block.items)
        return replace(block, items=items)
    if isinstance(block, Heading):
        bold = tuple(replace(i, style=replace(i.style, strong=True)) if isinstance(i, Run) else i
                     for i in block.text)
        return Paragraph(bold, block.span)
    return block
