"""Who signs a brief, as people write it above and below their text.

Above: `By Anna Rossi`, a name in italics, a name over or before an institute and a mail address.
Below: a paragraph that begins with the name of somebody who signs above, whatever its verb; or with
a name that the text does not have, where brackets, italics, an address or the words of a bio show
what it is. What has no such sign stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.citations.lift import lists_sources
from reportgen.model import (
    Author,
    Block,
    Heading,
    LineBreak,
    Paragraph,
    Quote,
    Run,
    Separator,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.reading.byline import (
    BIO_WORDS,
    DISCLAIMER,
    PREFIX,
    PROSE,
    TITLES,
    People,
    each_with_a_role,
    names_in,
    read_byline,
    stated_names,
    upright,
)
from reportgen.texts import cut, folded, lines_of, texts

_ADDRESS = pattern(r"[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}")
_AFTER_NAME = pattern(r"\s*[,|–—:(\[·•/]\s*|\s+-\s+|\s*$")
_VERB = pattern(
    r"(?:,[^,.]{2,60},|,|\s*[–—:-])?\s*(?:is|was|è|est|ist|war|es|é|jest|є|works|writes|teaches|"
    r"leads|heads|"
    r"directs|covers|holds|studies|lavora|coordina|dirige|insegna|si occupa|collabora|scrive|"
    r"travaille|enseigne|arbeitet|leitet|forscht|lehrt|schreibt|trabaja|enseña|coordena|trabalha|"
    r"pesquisa|leciona|kieruje|pracuje|zajmuje|работает|руководит|возглавляет|преподаёт|"
    r"преподает|пишет|працює|очолює|керує|викладає)\b", re.IGNORECASE)
_COPULA = pattern(
    r"^(?:is (?:(?:currently|now) )?(?:(?:a|an|the)\s+|(?=[A-Z]))|(?:è|est|ist|es|é|jest|є)\s+)")
_LABEL = pattern(
    r"(?:bio(?:s|graph(?:y|ie)|graf[íi]a)?|biographical notes?|about the authors?|the authors?|"
    r"author bios?|zu[rmn]? (?:der )?autor(?:in|en|innen)?|"
    r"über (?:den|die) autor(?:in|en|innen)?|(?:der|die) autor(?:in|en|innen)?|"
    r"yazar(?:lar)?(?: hakkında)?|contributors?|à propos de l[’']auteure?|à propos des auteurs|"
    r"l[’']auteure?|les auteurs|sobre (?:el|la|o|a) autora?|"
    r"sobre l[oa]s autor[ea]s|sobre os autores|"
    r"el autor|la autora|(?:sull[’']|l[’']|gli |le )aut(?:or[ei]|ric[ei])|"
    r"об авторе|об авторах|автор|"
    r"про автор(?:а|ку|ів|ок)|o autorze|o autorce|o autorach)\s*[:.]?\s*", re.IGNORECASE)
_TRANSLATED = pattern(
    r"(?:translat|traduit|traduction|traduzione|tradotto|traducción|traducido|traduzido|tradução|"
    r"übersetz|aus dem .{3,30} von|перевод|переклад|tłumacz|przekład|z .{3,20} przełoż)",
    re.IGNORECASE)
_CREDITS = pattern(r"(?:photos?|foto|fotos|credits?)\s*:", re.IGNORECASE)
_CONTACT = pattern(r"(?:contacts?|kontakte?|contatt[io]|contacto|contato|контакт\w*|e-?mail|"
                      r"courriel|correo|iletişim)\s*:", re.IGNORECASE)
_OPEN, _CLOSE = "([", ")]"
_MAX_TOP_WORDS = 45
_MAX_BIO_WORDS = 110
_MAX_AFFILIATION_WORDS = 14
_MOST_NAMES = 5
"""Words of a name."""

_TOP = 8
"""Blocks at the top among which a line with nothing but a name may stand."""

_BYLINE_WITHIN = 3
"""Paragraphs at the top of which one with nothing but names is the byline, if a bio says so."""

_NEAR_NAME = 6
"""Words behind a name, of which one says what somebody is."""

_MAX_BELOW = 5
"""Blocks at the end that are looked at."""


@dataclass(frozen=True)
class Signed:
    """Who signs, and what is left of the text."""

    authors: tuple[Author, ...]
    blocks: tuple[Block, ...]


# ---------------------------------------------------------------- above the text


def signed_above(blocks: Sequence[Block]) -> Signed | None:
    """Return the authors whom the first block names, with what else it says of them."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph) or not _is_short(first.text, _MAX_TOP_WORDS):
        return None
    # In brackets only: a standfirst in italics may begin with a name, too.
    bracketed = plain(first.text).strip()[:1] in _OPEN
    bio = _bios(first, (), People(), ()) if bracketed else ()
    if bio and bio[0].bio:
        return Signed(bio, tuple(blocks[1:]))
    prefix = PREFIX.match(plain(first.text))
    whole = plain(first.text)
    start = prefix.end() if prefix else 0
    each = each_with_a_role(first, start)
    if each:
        return Signed(each, tuple(blocks[1:]))
    stacked = _stacked(first) or _each_on_a_line(first)
    if stacked:
        return Signed(stacked, tuple(blocks[1:]))
    end = _AFTER_NAME.search(whole, start)
    assert end
    lines = lines_of(first.text)
    if len(lines) > 1 and (end.start() > len(plain(lines[0]))
                           or (names_in(plain(lines[0]).strip(" *_"))
                               and not names_in(plain(lines[1]).strip(" *_")))):
        name_end = rest_start = len(plain(lines[0]))
    else:
        bracket = re.search(r"[(\[]", end[0])  # of "Anna Rossi (@rossi), Institute" it stays
        name_end, rest_start = end.start(), (end.start() + bracket.start() if bracket
                                             else end.end())
    read = stated_names if prefix else names_in
    if len(read(whole[start:].strip(" *_"))) > 1:  # several names, and nothing else
        name_end = rest_start = len(whole)
    names = read(whole[start:name_end].strip(" *_"))
    rest = _bare(cut(first.text, rest_start, _length(first.text)))
    words = plain(rest)
    if not names or PROSE.search(words) or words.count(". ") > 1:
        return None
    says = bool(BIO_WORDS.search(words) or _ADDRESS.search(words))
    alone = not words.strip(" .")
    below = alone and len(blocks) > 1 and _is_affiliation(blocks[1])
    translated = bool(_TRANSLATED.match(words)) and len(words.split()) <= _MAX_AFFILIATION_WORDS
    if not (says or below or translated or (prefix and len(words.split()) <= _MAX_AFFILIATION_WORDS)
            or (alone and (prefix or _is_emphasised(first.text) or _names_stand_out(first.text)))):
        return None
    left = list(blocks[1:])
    if below:
        affiliation = left.pop(0)
        assert isinstance(affiliation, Paragraph)
        rest = affiliation.text
    if translated:  # the translator is not the author: the credit stands below the text
        credit = replace(first, text=rest)
        return Signed(_authors(names, (), first), (*left, credit))
    return Signed(_authors(names, () if not plain(rest).strip(" .") else rest, first), tuple(left))


def _stacked(paragraph: Paragraph) -> tuple[Author, ...] | None:
    """Return the authors of two or more lines with a name each, and maybe that of an institute."""
    lines = lines_of(paragraph.text)
    names: list[str] = []
    for line in lines:
        words = plain(line).strip(" *_,")
        prefix = PREFIX.match(words)
        one = names_in(words[prefix.end() if prefix else 0:])
        if len(one) != 1 or _TRANSLATED.match(words) or BIO_WORDS.search(one[0]):
            break
        names += one
    rest = lines[len(names):]
    words = " ".join(plain(line).strip() for line in rest)
    if len(names) < 2 or (rest and not BIO_WORDS.search(words)) or PROSE.search(words):
        return None
    bio: Text = tuple(inline for line in rest for inline in line)
    return tuple(Author(name, upright(_bare(bio)) if name == names[-1] else (), paragraph.span)
                 for name in names)


def _each_on_a_line(paragraph: Paragraph) -> tuple[Author, ...]:
    """Return the authors of lines that each have a name and a role; none if one has not."""
    lines = [_bare(line) for line in lines_of(paragraph.text)]
    each = [read_byline(replace(paragraph, text=line), People()) for line in lines]
    if len(lines) < 2 or not all(len(found) == 1 and found[0].bio for found in each):
        return ()
    return tuple(author for found in each for author in found)


def bios_above(blocks: Sequence[Block], authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """Return authors that a byline has named with the bios that a paragraph right below has.

    None, if it has not those of all, or if one has a bio already.
    """
    first = blocks[0] if blocks else None
    names = [author.name for author in authors]
    if not names or any(author.bio for author in authors) or not isinstance(first, Paragraph):
        return ()
    found = _bios(first, names, People(), ())
    if [folded(author.name) for author in found] != [folded(name) for name in names]:
        return ()
    near = (" ".join(plain(author.bio).split()[:2 * _NEAR_NAME]) for author in found)
    return found if all(BIO_WORDS.search(words) for words in near) else ()


def bio_above(block: Block, people: People) -> tuple[Author, ...]:
    """Return the authors whose bio a first paragraph in italics is; none if it is a standfirst."""
    if not isinstance(block, Paragraph) or not _is_emphasised(block.text):
        return ()
    found = _bios(block, (), people, ())
    near = " ".join(plain(found[0].bio).split()[:_NEAR_NAME]) if found else ""
    return found if BIO_WORDS.search(near) else ()


def bare_name(block: Block | None, text: str) -> tuple[Author, ...]:
    """Return the authors that a line of nothing but names may be; none if the text has them."""
    if not isinstance(block, Paragraph | Heading) or len(plain(block.text)) > 60:
        return ()
    names = names_in(plain(block.text).strip(" *_"))
    known = folded(text) if names else ""
    if any(folded(name) in known for name in names):
        return ()
    return tuple(Author(name, span=block.span) for name in names)


def _is_affiliation(block: Block) -> bool:
    """Whether a line says where somebody works: short, no sentence, with the words for it."""
    if not isinstance(block, Paragraph) or not _is_short(block.text, _MAX_AFFILIATION_WORDS):
        return False
    words = plain(block.text)
    prefix = PREFIX.match(words)
    line = plain(lines_of(block.text)[0])[prefix.end() if prefix else 0:]
    if names_in(line.strip(" *_")):
        return False  # somebody else's name, and what is below it is theirs
    return not words.endswith(".") and bool(BIO_WORDS.search(words) or _ADDRESS.search(words))


def _is_short(text: Text, most: int) -> bool:
    return all(isinstance(i, Run | LineBreak) for i in text) and len(plain(text).split()) <= most


def _authors(names: tuple[str, ...], bio: Text, paragraph: Paragraph) -> tuple[Author, ...]:
    return tuple(Author(name, upright(bio) if name == names[-1] else (), span=paragraph.span)
                 for name in names)


# ---------------------------------------------------------------- below the text


def with_boxed_bios(blocks: tuple[Block, ...], known: Sequence[str]) -> tuple[Block, ...]:
    """Return blocks in which a bio in a quotation, as text boxes of Word's are, stands at the end.

    It is one by its label, or by a name of `known` with which it begins.
    """
    boxes = [block for block in blocks if isinstance(block, Quote) and _is_boxed_bio(block, known)]
    if not boxes:
        return blocks
    inside = (inner for box in boxes for inner in box.blocks)
    return (*(block for block in blocks if block not in boxes), *inside)


def _is_boxed_bio(box: Quote, known: Sequence[str]) -> bool:
    if not box.blocks or not all(isinstance(inner, Paragraph) for inner in box.blocks):
        return False
    words = " ".join(plain(text) for text in texts(box.blocks)).strip(" *_")
    if len(words.split()) > _MAX_BIO_WORDS:
        return False
    label = _LABEL.match(words)
    rest = words[label.end():] if label else words
    return bool(label and names_in(" ".join(rest.split()[:2]))) or (
        any(rest.startswith(TITLES.sub("", name)) for name in known)
        and bool(BIO_WORDS.search(" ".join(rest.split()[:3 * _NEAR_NAME]))))




def signed_below(blocks: tuple[Block, ...], known: Sequence[str], people: People) -> Signed:
    """Return the authors whose bios stand at the end, and the blocks without them.

    `known` are the names of those who sign above; who stands there on a line without any sign has
    to be shown to be an author by the bio.
    """
    kept = list(blocks)
    found: list[Author] = []
    at = len(kept) - 1
    while at > 0 and at >= len(kept) - _MAX_BELOW:
        block = kept[at]
        words = plain(block.text).strip() if isinstance(block, Paragraph | Heading) else ""
        if isinstance(block, Separator):
            pass  # a rule between text and bio
        elif words and _LABEL.fullmatch(words.strip("*_")):
            del kept[at]
        elif _TRANSLATED.match(words.strip("*_([")):
            pass  # a credit, which stays below the text
        elif at > 1 and (author := _named_above(block, kept[at - 1])):
            found.insert(0, author)
            del kept[at - 1 : at + 1]
            at -= 1
        elif isinstance(block, Paragraph) and (authors := _signed(
                block, [*known, *(a.name for a in found)], people, kept[:at])):
            found[:0] = authors
            del kept[at]
        elif not (lists_sources(block) or _CREDITS.match(words.strip("*_")) or _is_said_last(words)
                  or _is_above_bio(words, kept[:at], known)):
            break
        at -= 1
    while found and isinstance(kept[-1], Separator):
        kept.pop()
    names = {folded(TITLES.sub("", author.name)) for author in found}
    if kept and found and _is_only(kept[-1], names):
        kept.pop()  # the names of those whose bios stood below
    top = [b for b in kept[:_TOP] if not _is_only(b, names)]  # the byline of who has a bio below
    return Signed(tuple(found), (*top, *kept[_TOP:]))


def _named_above(block: Block, above: Block) -> Author | None:
    """Return the author whose name alone stands in the paragraph above the bio that a block is."""
    names = _names_alone(above)
    if len(names) != 1 or not isinstance(block, Paragraph):
        return None
    words = plain(block.text)
    stands_out = isinstance(above, Paragraph) and _is_emphasised(above.text)
    if not (_is_emphasised(block.text) or (stands_out and _is_affiliation(block))):
        return None
    short = _is_short(block.text, _MAX_TOP_WORDS)
    if not short or not BIO_WORDS.search(words) or _name_at_start(words, ()):
        return None
    return Author(names[0], upright(_bare(block.text)), span=above.span)


def _is_only(block: Block, names: set[str]) -> bool:
    """Whether a block has nothing but these names."""
    said = _names_alone(block)
    return bool(said) and all(folded(TITLES.sub("", name)) in names for name in said)


def _names_alone(block: Block) -> tuple[str, ...]:
    """Return the names that a block consists of."""
    return _names_of(block.text) if isinstance(block, Paragraph | Heading) else ()


def _names_of(text: Text) -> tuple[str, ...]:
    lines = [names_in(plain(line).strip(" *_,")) for line in lines_of(text)]
    return tuple(name for names in lines for name in names) if all(lines) else ()


def _names_near(before: Sequence[Block]) -> list[str]:
    """Return the names on lines of nothing but names, at the top and right above."""
    return [name for block in (*before[:_TOP], *before[-1:]) for name in _names_alone(block)]


def _is_above_bio(words: str, before: Sequence[Block], known: Sequence[str]) -> bool:
    """Whether a short last paragraph stands below the bio of somebody who signs above."""
    last = before[-1] if before else None
    return isinstance(last, Paragraph) and len(words.split()) < 45 and any(
        plain(last.text).strip(" *_([").startswith(name) for name in known)


def _signed(paragraph: Paragraph, known: Sequence[str], people: People,
            before: Sequence[Block]) -> tuple[Author, ...]:
    """Return the authors whom a paragraph below the text introduces; none if it is text."""
    begin = plain(paragraph.text).strip(" *_([")
    begin = begin[_article(begin, known):]
    spelt = [pattern for name in known if (pattern := _with_first_names(name))]
    if (_LABEL.match(begin) or any(begin.startswith(name) for name in known)
            or any(pattern.match(begin) for pattern in spelt)):
        return _bios(paragraph, known, people, before)
    if len(lines_of(paragraph.text)) > 1:
        above = signed_above((paragraph,))
        if above is not None:
            return above.authors
    together = len(_parted_at_names(_bare(paragraph.text), _names_near(before))) > 1
    alone = () if together else read_byline(paragraph, people)
    return alone or _bios(paragraph, known, people, before)


def _is_said_last(words: str) -> bool:
    """Whether a paragraph is a note of the house's, that may stand below a bio."""
    if _CONTACT.match(words.strip(" *_([")):
        return True
    return bool(DISCLAIMER.match(words.strip(" *_([")) or re.search(
        r"\b(?:views|opinions|opinioni|opinions|meinungen|ansichten|opiniones|opiniões|vues|"
        r"мнени\w+|"
        r"poglądy|opinie|погляд\w+)\b", words, re.IGNORECASE)) and len(words.split()) < 60


def _bios(paragraph: Paragraph, known: Sequence[str], people: People,
          before: Sequence[Block]) -> tuple[Author, ...]:
    """Return the authors whose bios a paragraph has; none if it is text."""
    if not all(isinstance(i, Run | LineBreak) for i in paragraph.text):
        return ()
    text = _bare(paragraph.text)
    label = _LABEL.match(plain(text))
    if label and label.end() < len(plain(text)):
        text = _bare(cut(text, label.end(), _length(text)))
    article = _article(plain(text), known)
    if article:  # "La dott.ssa Ilaria ... è"
        text = cut(text, article, _length(text))
    parts = _parted_at_names(text, [*known, *_names_near(before)])
    known = [*known, *_bylines_of(parts, before)]
    authors: list[Author] = []
    for part in parts:
        one = _bio(part, paragraph, known, people, before, labelled=bool(label))
        if one is None and label and len(parts) == 1 and len(set(known)) == 1 and _COPULA.match(
                plain(text)):  # "The author is ..."
            copula = _COPULA.match(plain(text))
            assert copula
            one = Author(known[0], upright(cut(text, copula.end(), _length(text))), paragraph.span)
        if one is None:
            return ()
        authors.append(one)
    return tuple(authors)


def _bylines_of(parts: Sequence[Text], before: Sequence[Block]) -> list[str]:
    """Return the names on a line of nothing but names above, if their bios are what parts are."""
    line = next((names for block in before[:_BYLINE_WITHIN] if isinstance(block, Paragraph)
                 and (names := _names_alone(block))), ())
    begins = [" ".join(plain(part).split()[:_MOST_NAMES + _NEAR_NAME]) for part in parts]
    return list(line) if any(BIO_WORDS.search(b) for b in begins) and all(
        any(b.startswith(name) for b in begins) for name in line) else []


_DASHED_NAME = pattern(
    r"(?:^|(?<=\.\s))(?P<name>(?:[^\W\d_a-z][\w.’'-]*\s){1,3}[^\W\d_a-z][\w’'-]+)\s[–—]\s")
"""The name of somebody whose bio follows, in a paragraph with more than one."""


def _parted_at_names(text: Text, known: Sequence[str]) -> list[Text]:
    """Return a text in parts, each of which begins with the name of somebody who signs."""
    words = plain(text)
    begin = r"(?:^|(?<=[.;)\]]\s)|(?<=[.;)\]]\s[\[(]))"
    starts = sorted({m.start() for name in known
                     for m in re.finditer(rf"{begin}{re.escape(name)}\b", words)}
                    | {m.start() for m in _DASHED_NAME.finditer(words)
                       if len(names_in(m["name"])) == 1})
    if len(starts) < 2 or starts[0] != 0:
        return [text]
    parts = zip(starts, [*starts[1:], _length(text)], strict=True)
    return [cut(text, start, start + len(words[start:stop].rstrip(" [(\n")))
            for start, stop in parts]


def _bio(text: Text, paragraph: Paragraph, known: Sequence[str], people: People,
         before: Sequence[Block], *, labelled: bool) -> Author | None:
    words = plain(text)
    if len(words.split()) > _MAX_BIO_WORDS:
        return None
    name = _name_at_start(words, known)
    if not name:
        return None
    rest = cut(text, len(name), _length(text))
    after = plain(rest)
    untitled = {folded(TITLES.sub("", k)) for k in known}
    signs = people.knows(name) or folded(TITLES.sub("", name)) in untitled or labelled
    if not signs:
        bracketed = plain(paragraph.text).strip()[:1] in _OPEN
        says = bool(BIO_WORDS.search(after) or _ADDRESS.search(after))
        stated = re.match(r"\s*[,–—:(|-]", after) and not PROSE.search(after)
        begins = bool(stated or _VERB.match(after))
        framed = bracketed or (_is_emphasised(paragraph.text) and begins)
        if not (framed or (begins and says)) or _is_mentioned(name, before):
            return None
    bio = _bare(rest)
    copula = _COPULA.match(plain(bio))
    if copula:
        bio = cut(bio, copula.end(), _length(bio))
    return Author(name, upright(bio), span=paragraph.span)


def _is_mentioned(name: str, before: Sequence[Block]) -> bool:
    """Whether the text has a name, other than on a line of names."""
    wanted = folded(name)
    surname = name.rsplit(maxsplit=1)[-1]
    return any(wanted in folded(plain(text)) for text in texts(before)
               if surname in plain(text) and not _names_of(text))


def _name_at_start(words: str, known: Sequence[str]) -> str:
    """Return the name with which a text begins; empty if it begins with none."""
    known = [*known, *(TITLES.sub("", name) for name in known)]
    for name in known:
        spelt = _with_first_names(name)
        if spelt and (match := spelt.match(words)):
            return words[:match.end()]
    for name in sorted(known, key=len, reverse=True):
        if words.casefold().startswith(name.casefold()):
            return words[:len(name)]
    ends = [m.end() for _, m in zip(range(_MOST_NAMES), re.finditer(r"\S+", words), strict=False)]
    for end in reversed(ends[1:]):
        bare = words[:end].rstrip(" \u00a0,:;(–—-|&")
        if (not re.search(r"[,–—|]|\s-\s", bare) and len(names_in(bare)) == 1
                and not BIO_WORDS.search(bare)):
            return bare
    return ""


_ARTICLE = pattern(r"(?:the|la|il|lo|l['’]|el|le|der|die|o|a)\s*(?=\S)", re.IGNORECASE)


def _article(words: str, known: Sequence[str]) -> int:
    """Return the length of an article and a title before a known name; 0 if there is none."""
    match = _ARTICLE.match(words)
    if not match:
        return 0
    title = TITLES.match(words[match.end():])
    at = match.end() + (title.end() if title else 0)
    bare = [TITLES.sub("", name) for name in known]
    return at if any(words.startswith(name, at) for name in bare) else 0


def _with_first_names(name: str) -> re.Pattern[str] | None:
    """Return what `V. P. Lagutenkov` is with the first names in full; None if it has them."""
    match = re.fullmatch(r"((?:[^\W\d_]\.[\s\u00a0]?)+)([^\W\d_][\w’'-]+)", name)
    if not match:
        return None
    firsts = r"\s+".join(rf"{re.escape(i)}[\w’'-]+" for i in re.findall(r"[^\W\d_]", match[1]))
    return re.compile(rf"{firsts}\s+{re.escape(match[2])}\b")


# ---------------------------------------------------------------- texts


def _bare(text: Text) -> Text:
    """Return a text without the brackets, spaces and signs around it."""
    words = plain(text)
    start = len(words) - len(words.lstrip(" \t\u00a0,|–—:·•/-"))
    stop = len(words.rstrip())
    inner = words[start:stop]
    for opening, closing in zip(_OPEN, _CLOSE, strict=True):
        end = inner.rstrip(".")
        unopened = end.endswith(closing) and inner.count(closing) > inner.count(opening)
        framed = inner.startswith(opening) and end.endswith(closing)
        if framed:
            start += 1
        if framed or unopened:
            stop = start + len(words[start:stop].rstrip(".")) - 1
        inner = words[start:stop]
    return cut(text, start, stop)


def _length(text: Text) -> int:
    return len(plain(text))


def _names_stand_out(text: Text) -> bool:
    """Whether each of several names is in bold or italics: `**A B** and **C D**`."""
    runs = [i for i in text if isinstance(i, Run) and i.text.strip(" .,;&–—-()[]")]
    marked = [run for run in runs if run.style.emphasis or run.style.strong]
    return len(marked) > 1 and all(len(run.text.split()) == 1 for run in runs if run not in marked)


def _is_emphasised(text: Text) -> bool:
    runs = [i for i in text if isinstance(i, Run) and i.text.strip(" .,–—-()[]")]
    return bool(runs) and all(run.style.emphasis or run.style.strong for run in runs)
