"""Who signs a brief below its text: bios, a signature, a box about the author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from reportgen.citations.lift import lists_sources
from reportgen.citations.patterns import CREDIT
from reportgen.model import (
    Author,
    Block,
    Heading,
    Inline,
    Paragraph,
    Quote,
    Run,
    Separator,
    Style,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.reading.bios import (
    BIO_LABEL,
    MAX_BIO_WORDS,
    NEAR_NAME,
    TOP,
    article,
    bare,
    before_town,
    bios_in,
    is_emphasised,
    is_same_person,
    name_at_start,
    names_alone,
    names_near,
    parted_at_names,
    with_first_names,
)
from reportgen.reading.byline import (
    BIO_WORDS,
    DISCLAIMER,
    PREFIX,
    PROSE,
    People,
    names_in,
    read_byline,
    untitled,
    upright,
)
from reportgen.reading.signature import (
    MAX_TOP_WORDS,
    TRANSLATED,
    Signed,
    is_affiliation,
    is_short,
    joined_lines,
    signed_above,
)
from reportgen.texts import cut, folded, lines_of, texts

_CONTACT = pattern(r"(?:contacts?|kontakte?|contatt[io]|contacto|contato|контакт\w*|e-?mail|"
                      r"courriel|correo|iletişim)\s*:", re.IGNORECASE)
_MOST_LOOKED_AT = 16
"""Paragraphs at the end that are looked at, those that were taken included."""

_MOST_ROLES = 3
"""Lines of a signature below the name."""

_MAX_BELOW = 5
"""Blocks at the end that are looked at."""


def with_boxed_bios(blocks: tuple[Block, ...], known: Sequence[str]) -> tuple[Block, ...]:
    """Return blocks in which a bio in a quotation, as text boxes of Word's are, stands at the end.

    It is one by its label, or by a name of `known` with which it begins.
    """
    boxes = [block for block in blocks if isinstance(block, Quote) and _is_boxed_bio(block, known)]
    if not boxes:
        return blocks
    inside = [block for box in boxes for block in _with_label(box)]
    return (*(block for block in blocks if block not in boxes), *inside)


def _with_label(box: Quote) -> list[Block]:
    """Return the paragraphs of a box, the label on the same line as the words that it is over."""
    first, *rest = box.blocks
    below = rest[0] if rest else None
    if (isinstance(first, Paragraph) and isinstance(below, Paragraph)
            and BIO_LABEL.fullmatch(plain(first.text).strip(" *_"))):
        sign = Run(": ", span=first.span)
        return [Paragraph((*first.text, sign, *below.text), first.span), *rest[1:]]
    return list(box.blocks)


def _is_boxed_bio(box: Quote, known: Sequence[str]) -> bool:
    if not box.blocks or not all(isinstance(inner, Paragraph) for inner in box.blocks):
        return False
    words = " ".join(plain(text) for text in texts(box.blocks)).strip(" *_")
    if len(words.split()) > MAX_BIO_WORDS:
        return False
    label = BIO_LABEL.match(words)
    rest = words[label.end():] if label else words
    near = " ".join(rest.split()[: 3 * NEAR_NAME])
    if label and (names_in(" ".join(rest.split()[:2]))
                  or (BIO_WORDS.search(near) and any(name in rest for name in known))):
        return True
    return (
        any(rest.startswith(untitled(name)) for name in known)
        and bool(BIO_WORDS.search(near)))


_SIGNED = pattern(r"\s*(?P<label>[^\W\d_]+)\s*:\s*(?P<name>[^,(\n]{4,60}?)\s*(?:[,(].*)?$")
_SIGNED_WITHIN = 12
"""Blocks at the end among which a line such as `Autor: Anna Rossi` may stand."""


def _with_signature_last(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks in which `Autor: Anna Rossi`, above remarks of the publisher, stands last.

    A bio right below it goes with it.
    """
    for at in range(len(blocks) - 2, max(1, len(blocks) - _SIGNED_WITHIN) - 1, -1):
        block = blocks[at]
        words = plain(block.text).strip(" *_") if isinstance(block, Paragraph) else ""
        match = _SIGNED.match(words)
        if not match or not PREFIX.match(words) or len(names_in(match["name"])) != 1:
            continue
        below = blocks[at + 1]
        is_bio = (isinstance(below, Paragraph) and len(plain(below.text).split()) <= MAX_BIO_WORDS
                  and BIO_WORDS.search(plain(below.text)) and not DISCLAIMER.match(
                      plain(below.text)) and not lists_sources(below))
        rest = blocks[at + 2 :] if is_bio else blocks[at + 1 :]
        assert isinstance(block, Paragraph)
        if not is_bio or not isinstance(below, Paragraph):
            return (*blocks[:at], *rest, block)
        head = Run(match["name"], Style(strong=True), block.span)
        bio = Paragraph((head, Run(" – ", span=block.span), *below.text), block.span)
        return (*blocks[:at], *rest, bio)
    return blocks


def _with_labelled(blocks: tuple[Block, ...]) -> list[Block]:
    """Return blocks in which `About the author: Anna Rossi` is one with the bio below it."""
    out: list[Block] = []
    for block in blocks:
        above = out[-1] if out else None
        name = _labelled_name(above) if isinstance(block, Paragraph) else ""
        if above is None or not name or not isinstance(block, Paragraph):
            out.append(block)
            continue
        head = Run(name, Style(strong=True), getattr(above, "span", block.span))
        out[-1] = Paragraph((head, Run(" – ", span=block.span), *block.text), head.span)
    return out


def _labelled_name(block: Block | None) -> str:
    words = plain(block.text).strip(" *_") if isinstance(block, Heading | Paragraph) else ""
    label = BIO_LABEL.match(words)
    name = words[label.end():] if label else ""
    return name if len(names_in(name)) == 1 else ""


def _with_roles_joined(blocks: list[Block]) -> list[Block]:
    """Return blocks in which lines in italics with roles, below a name at the end, are one bio."""
    stop = len(blocks)
    while stop and isinstance(blocks[stop - 1], Separator):
        stop -= 1
    start = stop
    while start and _is_role(blocks[start - 1]):
        start -= 1
    if stop - start < _FEWEST_ROLES or not start or len(_names_above(blocks[start - 1])) != 1:
        return blocks
    text: list[Inline] = []
    for block in blocks[start:stop]:
        assert isinstance(block, Paragraph)
        text += [*((Run(", ", Style(emphasis=True), block.span),) if text else ()), *block.text]
    return [*blocks[:start], Paragraph(tuple(text), blocks[start].span), *blocks[stop:]]


_FEWEST_ROLES = 2


def _is_role(block: Block) -> bool:
    return (isinstance(block, Paragraph) and is_emphasised(block.text)
            and is_short(block.text, MAX_TOP_WORDS)
            and BIO_WORDS.search(plain(block.text)) is not None)


def signed_below(blocks: tuple[Block, ...], known: Sequence[str], people: People) -> Signed:
    """Return the authors whose bios stand at the end, and the blocks without them.

    `known` are the names of those who sign above; who stands there on a line without any sign has
    to be shown to be an author by the bio.
    """
    known = [*known, *(name for block in blocks[:TOP] for name in before_town(block))]
    labelled = _with_labelled(_with_signature_last(blocks))
    kept, found = _without_signature(_with_roles_joined(labelled))
    at = len(kept) - 1
    form: _Form | None = None
    vouched = [*known, *names_near(blocks[:TOP])]
    for _ in range(_MOST_LOOKED_AT):
        if at <= 0 or at < len(kept) - _MAX_BELOW:
            break
        block = kept[at]
        words = plain(block.text).strip() if isinstance(block, Paragraph | Heading) else ""
        if isinstance(block, Separator):
            pass  # a rule between text and bio
        elif words and BIO_LABEL.fullmatch(words.strip("*_")):
            del kept[at]
        elif TRANSLATED.match(words.strip("*_([")):
            pass  # a credit, which stays below the text
        elif at > 1 and (author := _named_above(
                block, kept[at - 1], alone=not (known or found) and at == len(kept) - 1)):
            found.insert(0, author)
            del kept[at - 1 : at + 1]
            at -= 1
        elif isinstance(block, Paragraph) and (authors := _signed(
                block, [*known, *(a.name for a in found)], people, kept[:at])) and (
                not (known or found) or _are_vouched(
                    authors, [*vouched, *(a.name for a in found)], people)
                or BIO_LABEL.match(words.strip("*_([")) or _is_framed(block)
                or (form is not None and form == _form(block, authors[0].name))):
            found[:0] = authors
            form = form or _form(block, authors[0].name)
            del kept[at]
        elif not (lists_sources(block) or CREDIT.match(words.strip("*_")) or _is_said_last(words)
                  or _is_above_bio(words, kept[:at], known)):
            break
        at -= 1
    while found and isinstance(kept[-1], Separator):
        kept.pop()
    names = {folded(untitled(author.name)) for author in found}
    if kept and found and _is_only(kept[-1], names):
        kept.pop()  # the names of those whose bios stood below
    top = [b for b in kept[:TOP] if not _is_only(b, names)]  # the byline of who has a bio below
    return Signed(tuple(found), (*top, *kept[TOP:]))


class _Form(Struct, frozen=True):
    """How a paragraph with a bio is set: what stands behind the name, and in which type."""

    behind: str
    bold: bool
    italic: bool


def _form(paragraph: Paragraph, name: str) -> _Form | None:
    """Return the form of a bio; None if it is that of a sentence of the text."""
    runs = [i for i in paragraph.text if isinstance(i, Run) and i.text.strip()]
    words = plain(paragraph.text).strip(" *_([")
    behind = re.match(r"\s*([–—|:(]|-|,|is\b|è\b|est\b|ist\b|es\b|é\b|jest\b)?",
                      words[len(name):] if words.startswith(name) else "")
    sign = (behind[1] or "") if behind else ""
    italic = any(run.style.emphasis for run in runs)
    bold = bool(runs) and runs[0].style.strong
    told = re.search(PROSE.pattern, words[len(name):], re.IGNORECASE) is not None
    return None if told and not (italic or bold) else _Form(sign, bold, italic)


def _is_framed(paragraph: Paragraph) -> bool:
    """Whether a paragraph is set as bios are, and no text is: `Anna Rossi – *analyst.*`."""
    match = re.match(r"[^,،.;:!?–—]{4,60}\s+(?:–|—|--?|\|)\s+", plain(paragraph.text))
    if match is None:
        return False
    rest = cut(paragraph.text, match.end(), len(plain(paragraph.text)))
    return all(run.style.emphasis for run in rest
               if isinstance(run, Run) and run.text.strip(" .,"))


def _are_vouched(authors: Sequence[Author], names: Sequence[str], people: People) -> bool:
    """Whether authors are named above, or known to the series."""
    return all(people.knows(author.name) or any(is_same_person(author.name, name)
                                                for name in names) for author in authors)


def _without_signature(blocks: list[Block]) -> tuple[list[Block], list[Author]]:
    """Return blocks without a signature as that of a letter, and who signs: a name over roles."""
    roles: list[Text] = []
    at = len(blocks) - 1
    while at > 1 and len(roles) < _MOST_ROLES and is_affiliation(blocks[at]):
        block = blocks[at]
        assert isinstance(block, Paragraph)
        roles.insert(0, block.text)
        at -= 1
    names = _names_above(blocks[at]) if roles and isinstance(blocks[at], Paragraph) else ()
    last = roles[0] if roles else ()
    if at < 1 or len(names) != 1 or names_in(plain(last).strip(" *_")) or not BIO_WORDS.search(
            " ".join(plain(role) for role in roles)):
        return blocks, []
    return blocks[:at], [Author(names[0], joined_lines(roles), blocks[at].span)]


def _names_above(block: Block) -> tuple[str, ...]:
    """Return the names that a block consists of; none if it is the label of a bio."""
    names = names_alone(block)
    return () if any(BIO_LABEL.fullmatch(name) or TRANSLATED.match(name)
                     for name in names) else names


_BEGINNING, _MOST_BIO_SENTENCE = 4, 30
"""Words of a bio of which one says what somebody is, and words of one below a plain name."""


def _named_above(block: Block, above: Block, *, alone: bool) -> Author | None:
    """Return the author whose name alone stands in the paragraph above the bio that a block is.

    Where nobody signs otherwise, so that somebody must be `alone`, the name may be in plain type.
    """
    names = _names_above(above)
    if len(names) != 1 or not isinstance(block, Paragraph) or (
            isinstance(above, Heading) and not alone):
        return None
    words = plain(block.text)
    stands_out = isinstance(above, Paragraph) and is_emphasised(above.text)
    begins = " ".join(words.split()[:_BEGINNING])
    if alone and len(words.split()) <= _MOST_BIO_SENTENCE and BIO_WORDS.search(begins):
        return Author(names[0], upright(bare(block.text)), span=above.span)
    if not (is_emphasised(block.text) or (stands_out and is_affiliation(block))):
        return None
    short = is_short(block.text, MAX_TOP_WORDS)
    if not short or not BIO_WORDS.search(words) or name_at_start(words, ()):
        return None
    return Author(names[0], upright(bare(block.text)), span=above.span)


_TOWN = pattern(r"[^\W\d_][^\W\d_'’-]*(?:[ -][^\W\d_'’-]+){0,2}")
"""One to three words behind an author's name: `Jonas Rehbein, Beirut`."""


def _is_only(block: Block, names: set[str]) -> bool:
    """Whether a block has nothing but these names, or one of them and where it was written."""
    said = names_alone(block)
    if isinstance(block, Paragraph) and not said:
        name, _, place = plain(block.text).strip(" *_)").replace(" (", ",", 1).partition(",")
        return folded(untitled(name)) in names and _TOWN.fullmatch(place.strip()) is not None
    return bool(said) and all(folded(untitled(name)) in names for name in said)


def _is_above_bio(words: str, before: Sequence[Block], known: Sequence[str]) -> bool:
    """Whether a short last paragraph stands below the bio of somebody who signs above."""
    last = before[-1] if before else None
    return isinstance(last, Paragraph) and len(words.split()) < 45 and any(
        plain(last.text).strip(" *_([").startswith(name) for name in known)


def _signed(paragraph: Paragraph, known: Sequence[str], people: People,
            before: Sequence[Block]) -> tuple[Author, ...]:
    """Return the authors whom a paragraph below the text introduces; none if it is text."""
    begin = plain(paragraph.text).strip(" *_([")
    begin = begin[article(begin, known):]
    spelt = [pattern for name in known if (pattern := with_first_names(name))]
    if (BIO_LABEL.match(begin) or any(begin.startswith(name) for name in known)
            or any(pattern.match(begin) for pattern in spelt)):
        return bios_in(paragraph, known, people, before)
    if len(lines_of(paragraph.text)) > 1:
        above = signed_above((paragraph,))
        if above is not None:
            return above.authors
    together = len(parted_at_names(bare(paragraph.text), names_near(before))) > 1
    alone = () if together else read_byline(paragraph, people)
    return alone or bios_in(paragraph, known, people, before)


def _is_said_last(words: str) -> bool:
    """Whether a paragraph is a note of the house's, that may stand below a bio."""
    if _CONTACT.match(words.strip(" *_([")):
        return True
    return bool(DISCLAIMER.match(words.strip(" *_([")) or re.search(
        r"\b(?:views|opinions|opinioni|opinions|meinungen|ansichten|opiniones|opiniões|vues|"
        r"мнени\w+|"
        r"poglądy|opinie|погляд\w+)\b", words, re.IGNORECASE)) and len(words.split()) < 60
