"""A brief's file to a `Brief`: heading, title, standfirst, byline and body, each found once.

The order of the steps is the order of `read_brief`. What the header (front
matter) says wins over what the text seems to say.
"""

from __future__ import annotations

from itertools import pairwise

from msgspec.structs import replace

from reportgen.diagnostics import Sink
from reportgen.language.languages import language_of
from reportgen.model import Block, Brief, Heading, ListBlock, Paragraph, Quote, Run, plain
from reportgen.reading.authordate import with_author_date
from reportgen.reading.authors import (
    log_bylines,
    take_authors,
    take_top_authors,
    take_top_bios,
    unless_said_otherwise,
    with_speakers,
    with_title_below_bio,
    without_author_notes,
)
from reportgen.reading.captions import with_captions
from reportgen.reading.columns import with_columns
from reportgen.reading.commonmark import as_python_markdown
from reportgen.reading.credits import with_lines_in_place
from reportgen.reading.endnotes import with_end_notes
from reportgen.reading.frontmatter import figures_of, map_of, read_front_matter
from reportgen.reading.keys import Cites, with_keys
from reportgen.reading.kickers import take_key_points, with_kickers, without_kickers
from reportgen.reading.lettered import with_lettered_lines, with_lettered_lists
from reportgen.reading.literal import with_literal_signs
from reportgen.reading.mail import without_mail
from reportgen.reading.markdown import read_blocks
from reportgen.reading.markup import (
    report_foreign,
    with_languages,
    with_pandoc_signs,
    without_attributes,
    without_comments,
    without_link_titles,
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
from reportgen.reading.parts import Parts
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
from reportgen.reading.pullquotes import with_pull_quotes
from reportgen.reading.rawhtml import from_html
from reportgen.reading.sitewords import without_site_words
from reportgen.reading.starred import with_starred_author, with_starred_notes
from reportgen.reading.textchecks import check_direction, check_texts
from reportgen.reading.titles import take_standfirst, take_title
from reportgen.reading.unspaced import with_paragraphs
from reportgen.reading.wikitext import from_wikitext
from reportgen.texts import texts
from reportgen.workspace import SourceText

_MARKDOWN = (".md", ".markdown")


def read_brief(source: SourceText, name: str, context: Context, sink: Sink) -> Brief | None:
    """Return the brief called `name` that `source` holds, or None and errors in `sink`."""
    head, lines = take_page_head(source.numbered)
    if not source.text.strip():
        sink.error("empty-file", "the file is empty", source.span(),
                   "the author's text is missing; save it once more")
        return None
    lines = from_wikitext(lines, source.name, sink)
    lines = from_html(without_comments(lines, source.name, sink), source.name, sink)
    lines = without_link_titles(lines, source.name, sink)
    lines = with_languages(without_attributes(lines, source.name, sink))
    if source.name.lower().endswith(".txt"):
        lines = with_columns(lines, source.name, sink)
    lines = unindented(without_tags(lines, source.name, sink), source.name)
    lines = without_site_words(without_mail(lines, source.name, sink), source.name, sink)
    matter, lines = read_front_matter(lines, source.name, sink)
    if source.name.lower().endswith(".txt"):
        lines = with_paragraphs(lines, source.name, sink)
    lines = without_furniture(lines, source.name, sink)
    lines = with_starred_author(lines, source.name, sink)
    lines = with_starred_notes(lines, source.name, sink)
    lines = without_kickers(lines, source.name, sink)
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
    lines = with_pandoc_signs(lines, source.name, sink)
    report_foreign(lines, source.name, sink)
    lines = with_literal_signs(lines)
    if source.name.lower().endswith(_MARKDOWN):
        lines = as_python_markdown(lines, source.name, sink)
    blocks = with_rules(read_blocks(spaced(lines, source.name), source.name, sink))
    blocks = with_lettered_lists(with_pull_quotes(with_captions(blocks, sink), sink))
    blocks = with_author_date(with_numbered_heads(blocks, sink), language_of(language), sink)
    context = with_speakers(context, blocks)
    parts = Parts(whole := with_source_lists(with_labels(with_kickers(blocks, sink), sink)))
    parts = replace(parts, blocks=without_author_notes(parts.blocks))
    parts = with_title_below_bio(parts)
    parts = unless_said_otherwise(parts, take_top_authors(parts, heading, context), matter)
    parts = take_top_bios(parts)
    parts = take_title(parts, matter, source, sink)
    parts = unless_said_otherwise(parts, take_top_authors(parts, None, context), matter)
    parts = take_top_bios(parts)
    parts = take_authors(parts, matter, source, context, sink)
    log_bylines(whole, parts, sink)
    parts = with_lines_in_place(parts, sink)
    parts = take_standfirst(parts, matter, source, sink)
    parts = replace(parts, blocks=with_bold_heads(parts.blocks, sink))
    if not source.name.lower().endswith(_MARKDOWN):
        parts = replace(parts, blocks=with_subheads(parts.blocks, sink))
    points = tuple(matter.entries("key-points"))
    if not points:
        points, rest = take_key_points(parts.blocks, sink)
        parts = replace(parts, blocks=rest)
    body = tuple(texts(parts.blocks))
    bios = (author.bio for author in parts.authors)
    check_texts((parts.title, parts.standfirst, *bios, *body), matter, source, sink)
    check_direction(body, language, source, sink)
    if region is None or month is None or not parts.title or not parts.blocks:
        return None
    return Brief(
        name=name, region=region, month=month, language=language, title=parts.title,
        standfirst=parts.standfirst, authors=parts.authors, blocks=_levelled(parts.blocks, sink),
        span=source.span(1), figures=figures,
        pull_quote=matter.text("pull-quote").strip('"“”'),
        key_points=points, map=wishes)


def _levelled(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Number the levels of subheads from 2 on, without gaps, each told: the title is level 1."""
    heads = [block for block in blocks if isinstance(block, Heading)]
    for above, head in pairwise(heads):
        if head.level > above.level + 1:
            sink.note("heading-level", f'the subhead "{plain(head.text)[:40]}" skips a level',
                      head.span, "a subhead is one level below the one that it belongs to")
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
