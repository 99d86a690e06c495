"""Plain text, as Word saves it and people type it: paragraphs, lists, subheads without marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, takewhile

from msgspec.structs import replace

from reportgen.diagnostics import Change, Sink, Span
from reportgen.model import (
    Block,
    Figure,
    Heading,
    LineBreak,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Separator,
    SourceList,
    Table,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.reading.bios import begins_a_bio, is_emphasised
from reportgen.reading.byline import (
    BIO_WORDS,
    PREFIX,
    People,
    names_in,
    read_byline,
    untitled,
)
from reportgen.reading.kickers import is_part
from reportgen.reading.labels import LABELS
from reportgen.reading.listheads import is_sources_head
from reportgen.reading.markdown import Line
from reportgen.texts import begins_large, cut, folded, joined, lines_of, texts, trimmed

_LONGEST_SUBHEAD = 70
"""Letters of a line that may be a subhead of plain text; a paragraph has more."""

_SHORT, _WHOLE = 40, 0.7
"""Letters from which a line may be a paragraph; share of such lines that end with a stop where each
is one: lines of a PDF end anywhere."""

_STOPS = ".!?…:”\"»)]"

_SHORT_QUESTION = 40
"""letters"""

_FEWEST_NUMBERED = 2

_FEWEST_WRAPPED, _LONGEST_WRAPPED = 12, 110
"""Lines of a text that may be wrapped, and letters of one."""
_LABEL_WORDS = 7
"""Words of a line above a list that has no stop or colon and is its heading."""

_LAST_SIGNATURE = 3
"""Lines of text among which an author's own line stands at the top, below title and standfirst."""

_SIGNATURE = pattern(
    r"(?i:by|von|di|par|por|автор:?)\s+[^\W\d_a-zа-я][\w.'’-]*"
    r"(?:\s+(?:[^\W\d_a-zа-я][\w.'’-]*|de|do|da|van|von|al|bin|del|di|and|und|e|et)){1,6}"
    r"(?:\s*\([^()]{3,90}\)|\s*[,–—]\s.{3,110})?")

_BULLET = pattern(r"^\s*(?:o(?=[\t\u00a0]| {2,})|"
                  r"[•‣▪●◦∙·►▶▸➢➤➔→✓✔\uf0b7\uf0a7\uf0d8\uf0fc]|[-=]>)\s+(\S.*)$")
"""An entry of a list out of Word; the last two are of its font Symbol and Wingdings."""


_DASHED = pattern(r"^ ?[-–—][ \t\u00a0]+(\S.*)$")
"""An entry that begins with a dash; one alone may be speech, or the second half of a sentence."""


_ROUND = pattern(r"^ {0,3}(\d{1,2})\)[ \t\u00a0]+(\S.*)$")
"""`1) ...`, which is no list in Markdown."""


def _has_item(lines: list[Line], near: range, number: int) -> bool:
    """Whether an item with a number stands on a line near by."""
    found = (_ROUND.match(lines[at][1]) for at in near if 0 <= at < len(lines))
    return any(match and int(match[1]) == number for match in found)


_INDENT = pattern(r"^(?: {3,}|\t)[ \t\u00a0]*(?=\S)")


def unindented(lines: list[Line], name: str) -> list[Line]:
    """Return lines of plain text without the indents of their paragraphs.

    Markdown would make code of them. A paragraph that begins with an indent, and no blank line
    above it, gets one.
    """
    if not name.endswith(".txt"):
        return lines
    out: list[Line] = []
    for at, (number, text) in enumerate(lines):
        indent = _INDENT.match(text)
        above = lines[at - 1][1] if at else ""
        below = lines[at + 1][1] if at + 1 < len(lines) else ""
        hanging = not below.strip() or _INDENT.match(below)  # as entries of a bibliography have it
        begins = text.startswith("\t") or not (_INDENT.match(above) or hanging)
        if indent and above.strip() and begins and not _ITEM.match(above):
            out.append((number, ""))
        item = out and _ITEM.match(above)
        out.append((number, text if item or not indent else text[indent.end():]))
    return out


_ITEM = pattern(r"^(?!\s*[*_-](?:\s*[*_-]){2,}\s*$)\s*(?:[-*+•–·‣]|\d{1,3}[.)]|[a-zа-я]\)|"
                   r"\[\d+\]|\(\d+\)|[⁰¹²³⁴-⁹]+)[ \t\u00a0]")


_BOLD_BREAK = pattern(r"\*\*[^*]+\*\*,?(?: {2,}|\\)")
_BOLD_LINE = pattern(r"\*\*[^*]+\*\*\s*")
"""Two lines in bold with a break between them, as Word has a title of two lines."""


def spaced(lines: list[Line], name: str) -> list[Line]:
    """Put the blank lines in that an export left out.

    Word's plain text has a line for each paragraph and no blank lines between.
    The first lines, title and standfirst, often stand together too.
    """
    text = [line for _, line in lines if line.strip()]
    filled = {number for number, line in lines if line.strip()}
    blank = len({number for number, line in lines} - filled)  # those that the author has put in
    long = sum(len(line) > 90 for line in text)
    whole = [line.rstrip()[-1] in _STOPS for line in text if len(line.strip()) > _SHORT]
    ended = len(whole) > 1 and sum(whole) >= len(whole) * _WHOLE
    one_a_line = (name.endswith(".txt") and len(text) > 3 and blank < len(text) / 3
                  and (long > len(text) / 3 or ended))
    out: list[Line] = []
    begun = 0
    if not lines:
        return []
    following = [line for _, line in lines[1:]] + [""]
    width = _width(text) if name.endswith(".txt") else 0.0
    for (number, line), after in zip(lines, following, strict=True):
        out.append((number, line))
        if line.strip() and not re.fullmatch(r"\s*[=-]{3,}\s*", after):
            begun += 1
            ends = line.rstrip().endswith((".", ",", ";", ":", "-", "–"))
            above = out[-2][1] if len(out) > 1 else ""
            wrapped = (width and not above.strip() and begun > 2 and begins_large(line)
                       and len(line) < width * _SHORT_LINE and len(after) > width * _FULL_LINE
                       and _ends_as_head(line.rstrip()) and not after[:1].islower())
            subhead = wrapped or (name.endswith(".txt") and not above.strip() and begun > 2
                       and len(line) <= _LONGEST_SUBHEAD < len(after) - 20
                       and begins_large(line) and _ends_as_head(line.rstrip()))
            both_bold = _BOLD_BREAK.fullmatch(line) and _BOLD_LINE.fullmatch(after)
            title_like = (begun == 1 and not both_bold and not line.startswith("|")
                          and not after[:1].islower() and len(line) < 130 and not ends
                          and not (width and _is_wrapped_title(lines, len(out))))
            prefix = PREFIX.match(line)
            role_below = bool(prefix and len(after) <= _LONGEST_SUBHEAD and BIO_WORDS.search(after)
                              and len(names_in(line[prefix.end():].strip())) == 1)
            if role_below:
                out[-1] = number, f"{line.rstrip()}  "  # the role stands on the next line
            goes_on = re.match(r"\s*(?:and|und|et|e|y|i|и|та|&)\s+[^\W\d_]", after)
            signed = (not goes_on and begun <= _LAST_SIGNATURE
                      and _SIGNATURE.fullmatch(line.strip(" *_")))
            if signed and len(out) > 1 and out[-2][1].strip():
                out.insert(-1, (number, ""))
            if (one_a_line or title_like or signed or subhead) and not role_below:
                out.append((number, ""))
    return out


def _is_wrapped_title(lines: list[Line], at: int) -> bool:
    """Whether a page has broken a title: the line at `at` goes on the one before, and is no name.

    Nor is it the author's where a name stands alone further down.
    """
    following = [text.strip() for _, text in lines[at : at + _BYLINE_WITHIN]]
    after = following[0] if following else ""
    whole = lines[at - 1][1].rstrip().endswith(("?", "!", "."))
    if not after or whole or (len(following) > 1 and following[1]) or PREFIX.match(after):
        return False
    alone = any(not before and not behind and (PREFIX.match(text) or names_in(text))
                for before, text, behind in zip(following, following[1:], following[2:],
                                                strict=False))
    return not names_in(after) or alone


_BYLINE_WITHIN = 12
"""Lines below a title among which a byline stands."""

_SHORT_LINE, _FULL_LINE = 0.72, 0.8
"""Shares of the width of wrapped lines: a subhead is shorter, the line below it longer."""


def _width(text: list[str]) -> float:
    """Return the length of the lines of a text that is wrapped; 0 if it is not."""
    long = sorted(len(line) for line in text if len(line) > _SHORT)
    middle = long[len(long) // 2] if len(long) > _FEWEST_WRAPPED else 0
    even = sum(abs(length - middle) < middle / 5 for length in long)
    return float(middle) if middle < _LONGEST_WRAPPED and even > len(long) * 0.7 else 0.0


_PICTOGRAPH = pattern("^\\s*([\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)\\s+(?=\\S)")
_STARS = pattern(r"^(\*{2,3}) (?=\S)([^*]+)$")
_SOURCE_LINE = pattern(r"(?:source|fonte|quelle|fuente|źródło|источник|джерело|kaynak)\s*:\s*\S",
                          re.IGNORECASE)


_TITLE_LABEL = pattern(
    r"(?:title|titel|titolo|titre|título|tytuł|заголовок|название|назва|başlık|العنوان)\s*:\s*(?=\S)",
    re.IGNORECASE)
_LABELLED_WITHIN = 6


def with_plain_marks(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which marks of other habits are those of Markdown.

    `** A subhead` (Org), pictographs as bullets, `Title: ...` at the top, and a line `Source: ...`
    right below a paragraph, which gets a blank line above.
    """
    first = [at for at, (_, text) in enumerate(lines) if text.strip()][:_LABELLED_WITHIN]
    for at in first:
        label = _TITLE_LABEL.match(lines[at][1])
        if label:
            number, text = lines[at]
            sink.change(Change(Span(name, number), "title", label[0].strip(), ""))
            lines = [*lines[:at], (number, f"# {text[label.end():]}"), (number, ""),
                     *lines[at + 1:]]
            break
    pictures = Counter(match[1] for _, text in lines if (match := _PICTOGRAPH.match(text)))
    out: list[Line] = []
    for number, text in lines:
        stars, sign = _STARS.match(text), _PICTOGRAPH.match(text)
        if _SOURCE_LINE.match(text) and out and out[-1][1].strip():
            out.append((number, ""))
        if stars and name.endswith(".txt"):
            out += [(number, f"{'#' * len(stars[1])} {stars[2].strip()}"), (number, "")]
        elif sign and pictures[sign[1]] > 1:
            out.append((number, f"• {text[sign.end():]}"))
        else:
            out.append((number, text))
    return out


def with_bullets(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines in which bullets as Word writes them begin the entries of a list."""
    out: list[Line] = []
    told = goes_on = False
    dashed = [bool(_DASHED.match(text)) for _, text in lines]
    near = _near_others(lines, dashed)
    for at, (number, text) in enumerate(lines):
        run = at in near
        match = _BULLET.match(text) or (_DASHED.match(text) if run else None)
        goes_on = goes_on and bool(text.strip())
        item = _ROUND.match(text)
        if item and (_has_item(lines, range(at - _ITEM_LINES, at), int(item[1]) - 1)
                     or _has_item(lines, range(at + 1, at + _ITEM_LINES), int(item[1]) + 1)):
            first = not _has_item(lines, range(at - _ITEM_LINES, at), int(item[1]) - 1)
            if first and out and out[-1][1].strip():
                out.append((number, ""))
            out.append((number, f"{item[1]}. {item[2]}"))
            continue
        if not match:
            out.append((number, text))
            continue
        before = out[-1][1] if out else ""
        if text.startswith("- ") and (not before.strip() or goes_on):
            out.append((number, text))  # a list of Markdown's already
            goes_on = True
            continue
        if before.strip() and not goes_on:
            out.append((number, ""))  # a list begins with a line of its own
        goes_on = True
        if not told:
            sink.note("bullets", "lines with bullets are taken for a list", Span(name, number))
            told = True
        out.append((number, f"- {match[1]}"))
    return out


_ITEM_LINES = 6


_HEADED = pattern(r"#{1,6}\s.+|(\*\*|__)[^*_]+\1|[^\W\d_][^.!?;]{2,60}")
"""A subhead, or a short line without a stop, that a list may stand below."""


def _parted_items(lines: list[Line], dashed: list[bool]) -> set[int]:
    """Return the lines with a dash, blank lines between them, that a colon or a subhead announces.

    Below a colon there are three or more, or each but the last ends with a semicolon or a comma:
    speech does not.
    """
    found: set[int] = set()
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()]
    position = 1
    while position < len(filled):
        run = position
        while run < len(filled) and dashed[filled[run]]:
            run += 1
        items = filled[position:run]
        above = lines[filled[position - 1]][1].strip()
        headed = _HEADED.fullmatch(above) is not None
        announced = headed or above.endswith(":")
        stopped = all(lines[at][1].rstrip().endswith((";", ",")) for at in items[:-1])
        parted = all(not lines[at - 1][1].strip() for at in items[1:])
        if announced and parted and len(items) > 1 and (headed or stopped or len(items) > 2):
            found |= set(items)
        position = max(run, position + 1)
    return found


def _near_others(lines: list[Line], dashed: list[bool]) -> set[int]:
    """Return the lines with a dash that have another within a few lines, without a blank one."""
    near: set[int] = _parted_items(lines, dashed)
    last = None
    for at, (_, text) in enumerate(lines):
        if not text.strip():
            last = None
        if dashed[at]:
            if last is not None and at - last <= _ITEM_LINES:
                near |= {last, at}
            last = at
    return near


def with_labels(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Take "Executive summary", "Kernaussagen" and the like for the subheads that they are."""
    out: list[Block] = []
    for block, after in pairwise((*blocks, None)):
        words = plain(block.text).strip(" :*_\u00a0") if isinstance(block, Paragraph) else ""
        above_list = (isinstance(after, ListBlock) and 0 < len(words.split()) <= _LABEL_WORDS
                      and begins_large(words) and isinstance(block, Paragraph)
                      and plain(block.text).strip(" *_")[-1:].isalnum()
                      and not (PREFIX.match(words) or names_in(untitled(words)))
                      and all(isinstance(i, Run) for i in block.text))
        if block is None:
            continue
        boxed = _boxed_points(block)
        if boxed:
            sink.note("subhead", f'"{plain(boxed[0].text)}" is taken for a subhead', block.span)
            out += boxed
        elif isinstance(block, Paragraph) and (
                words.casefold() in LABELS or above_list or _names_part(block, after)):
            sink.note("subhead", f'"{words}" is taken for a subhead', block.span)
            out.append(Heading(2, block.text, block.span))
        else:
            out.append(block)
    return tuple(out)


def _names_part(block: Paragraph, after: Block | None) -> bool:
    """Whether a line is the name of a part, above its text: "Introduction", "Fazit"."""
    words = plain(block.text).strip(" *_\u00a0")
    return is_part(words) and words[-1:].isalnum() and isinstance(after, Paragraph | ListBlock)


_TYPED_RULE = pattern(r"\s*(?:[_*=~—–-]\s*){2,}")


def with_rules(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks in which a line of nothing but dashes or underscores is a rule."""
    out: list[Block] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            out.append(block)
            continue
        lines = lines_of(block.text)
        if not _TYPED_RULE.fullmatch(plain(lines[0])):
            out.append(block)
            continue
        out.append(Separator(block.span))
        if len(lines) > 1:  # "--" above the lines of a signature
            below = cut(block.text, len(plain(lines[0])) + 1, len(joined(block.text)))
            out.append(Paragraph(below, block.span))
    return tuple(out)


_MOST_POINT_WORDS = 60


def _boxed_points(block: Block) -> tuple[Heading, ListBlock] | None:
    """Return label and list of a box of key points, in which each is a paragraph; or None."""
    inside = block.blocks if isinstance(block, Quote) else ()
    if len(inside) < 3 or not all(isinstance(inner, Paragraph) for inner in inside):
        return None
    head, *points = (inner for inner in inside if isinstance(inner, Paragraph))
    short = all(len(plain(point.text).split()) <= _MOST_POINT_WORDS for point in points)
    if not short or plain(head.text).strip(" :*_\u00a0").casefold() not in LABELS:
        return None
    items = tuple((point,) for point in points)
    return Heading(2, head.text, block.span), ListBlock(ordered=False, items=items,
                                                        span=block.span)


_SOURCE_WORDS, _SOURCES_WITHIN = 60, 40
"""Words of a source on a line of its own, and blocks at the end among which their label stands."""


_YEAR_OR_ADDRESS = pattern(r"(?:1[89]|20)\d\d|https?://")


def _lists_sources(words: str) -> bool:
    return is_sources_head(words) or folded(words) == "further reading"


def _is_a_source(block: Block) -> bool:
    """Whether a paragraph has what a source has: a year, an address, a title that stands out."""
    if not isinstance(block, Paragraph):
        return False
    words = plain(block.text)
    if _YEAR_OR_ADDRESS.search(words):
        return not begins_a_bio(words)
    return not read_byline(block, People()) and (
        re.search(r"[“„«\"]", words) is not None or any(
            isinstance(i, Run) and (i.style.emphasis or i.style.href) for i in block.text))


def with_source_lists(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks in which a list below "Sources" at the end is one of sources."""
    out = list(blocks)
    for at in range(len(out) - 2, max(len(out) - _SOURCES_WITHIN, 0), -1):
        head, listed = out[at], out[at + 1]
        rest = list(takewhile(_is_a_source, out[at + 1 :]))
        if (rest and isinstance(head, Paragraph | Heading) and _lists_sources(plain(head.text))
                and all(isinstance(b, Paragraph) and len(plain(b.text).split()) <= _SOURCE_WORDS
                        for b in rest)):
            listed = ListBlock(ordered=False, items=tuple((b,) for b in rest))
            out[at + 1 : at + 1 + len(rest)] = [listed]
        if (isinstance(head, Paragraph | Heading) and isinstance(listed, ListBlock)
                and _lists_sources(plain(head.text)) and not any(
                    isinstance(block, ListBlock | Heading) for block in out[at + 2 :])):
            title = Run(plain(head.text).strip(" :*_"), span=head.span)
            out[at : at + 2] = [SourceList((title,), tuple(_entries(listed)), head.span)]
            break
    return tuple(out)


def _entries(listed: ListBlock) -> Iterator[Text]:
    """Yield the entries of a list: its paragraphs, and the lines of one that has several."""
    for text in texts([listed]):
        lines = lines_of(text)
        each = len(lines) > 1 and all(_YEAR_OR_ADDRESS.search(plain(line)) for line in lines)
        yield from map(trimmed, lines if each else [text])


def with_numbered_heads(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Take `1. The context` on a line of its own for a subhead, where there are two such or more.

    Markdown would make a list of each; the number is the author's, and stays.
    """
    heads = [at for at, (block, after) in enumerate(pairwise((*blocks, None)))
             if _numbered_head(block) and not isinstance(after, ListBlock | None)]
    numbers = [block.start for at in heads if isinstance(block := blocks[at], ListBlock)]
    if len(heads) < _FEWEST_NUMBERED or numbers != list(range(numbers[0], numbers[0] + len(heads))):
        return blocks
    out = list(blocks)
    for at in heads:
        block = blocks[at]
        assert isinstance(block, ListBlock)
        paragraph = block.items[0][0]
        assert isinstance(paragraph, Paragraph)
        text = (Run(f"{block.start}. ", span=block.span), *paragraph.text)
        sink.note("subhead", f'"{plain(text)}" is taken for a subhead', block.span)
        out[at] = Heading(2, text, block.span)
    return tuple(out)


def _bold_line(block: Block) -> tuple[Paragraph, Paragraph] | None:
    """Return the bold line with which a paragraph begins, and the rest; or None."""
    if not isinstance(block, Paragraph):
        return None
    first = next((at for at, i in enumerate(block.text) if isinstance(i, LineBreak)), 0)
    head, rest = trimmed(block.text[:first]), trimmed(block.text[first + 1:])
    if not head or not rest or not all(isinstance(i, Run) and (i.style.strong or not i.text.strip())
                                       for i in head):
        return None
    if len(plain(head)) > _LONGEST_SUBHEAD + 20 or len(plain(rest)) < _LONGEST_SUBHEAD:
        return None
    return Paragraph(head, block.span), Paragraph(rest, rest[0].span)


def with_bold_heads(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Take short paragraphs that are bold throughout, with text behind, for subheads.

    So is a bold line above the text of its paragraph, where there are two such or more.
    """
    out: list[Block] = []
    run_in = [block for block in blocks if _bold_line(block)]
    if len(run_in) >= _FEWEST_NUMBERED:
        blocks = tuple(part for block in blocks for part in _bold_line(block) or (block,))
    for block, after in pairwise((*blocks, None)):
        words = plain(block.text) if isinstance(block, Paragraph) else ""
        if (isinstance(block, Paragraph) and 0 < len(words) <= _LONGEST_SUBHEAD + 20
                and isinstance(after, Paragraph | ListBlock) and words[-1] not in ".;,:"
                and all(isinstance(i, Run) and (i.style.strong or not i.text.strip())
                        for i in block.text)):
            sink.note("subhead", f'"{words}" is taken for a subhead', block.span)
            plain_runs = tuple(replace(i, style=replace(i.style, strong=False))
                               for i in block.text if isinstance(i, Run))
            out.append(Heading(2, plain_runs, block.span))
        elif block is not None:
            out.append(block)
    return tuple(out)


def _ends_as_head(words: str) -> bool:
    """Whether a line ends without a stop; a short question may be a subhead, too."""
    return words[-1:].isalnum() or (words.endswith("?") and len(words) <= _SHORT_QUESTION)


def _is_above_sentence(words: str, behind: str, before: list[Block]) -> bool:
    """Whether a few words stand between a paragraph and a short sentence."""
    last = before[-1] if before else None
    return (len(words) <= _SHORT < len(behind) + len(words) and len(behind) > len(words)
            and behind[-1] in ".:!?…" and isinstance(last, Paragraph | ListBlock)
            and not (isinstance(last, Paragraph) and len(plain(last.text)) <= _LONGEST_SUBHEAD))


def _numbered_head(block: Block | None) -> bool:
    if not isinstance(block, ListBlock) or not block.ordered or len(block.items) != 1:
        return False
    item = block.items[0]
    words = plain(item[0].text) if len(item) == 1 and isinstance(item[0], Paragraph) else ""
    return 0 < len(words) <= _LONGEST_SUBHEAD and words[-1] not in ".;,"


_REMARK = pattern(
    r"\W*(?:in|en|em|per|pro|par|por|unit|notes?|note|anmerkung|nota|sources?|quellen?|fonti?|"
    r"fuente|angaben|stand|figures|data|dati|datos|données|dane|fontes?|źródło|источник|джерело|"
    r"kaynak|photo|foto|в|у|w)\b", re.IGNORECASE)
"""With which a line begins that belongs to the table or picture above it: `In millions`."""


def with_subheads(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Take short lines of plain text for subheads: no stop at the end, a paragraph behind."""
    out: list[Block] = []
    for block, after in pairwise((*blocks, None)):
        words = plain(block.text) if isinstance(block, Paragraph) else ""
        behind = plain(after.text) if isinstance(after, Paragraph) else ""
        noted = bool(out) and isinstance(out[-1], Table | Figure) and isinstance(
            block, Paragraph) and (_REMARK.match(words) or is_emphasised(block.text))
        if (isinstance(block, Paragraph) and len(words) <= _LONGEST_SUBHEAD and begins_large(words)
                and not noted and _ends_as_head(words) and (len(behind) > _LONGEST_SUBHEAD
                                              or _is_above_sentence(words, behind, out))
                and all(isinstance(i, Run) for i in block.text)):
            sink.note("subhead", f'"{words}" is taken for a subhead', block.span)
            out.append(Heading(2, block.text, block.span))
        elif block is not None:
            out.append(block)
    return tuple(out)
