"""Who signs a brief above its text: `By Anna Rossi`, a name in italics or over an institute."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from reportgen.citations.patterns import CREDIT
from reportgen.model import Author, Block, Heading, LineBreak, Paragraph, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.reading.bios import (
    MAIL_ADDRESS,
    NEAR_NAME,
    OPENING,
    bare,
    begins_a_bio,
    bios_in,
    is_emphasised,
    length,
)
from reportgen.reading.byline import (
    BIO_WORDS,
    PREFIX,
    PROSE,
    TITLES,
    People,
    each_with_a_role,
    names_in,
    pair_with_dash,
    read_byline,
    stated_names,
    upright,
)
from reportgen.texts import cut, folded, lines_of

_AND = pattern(r"^(?:und|and|et|e|y|i|и|та|ve)\s+")
"""With which the line of a second author may begin."""

_AFTER_NAME = pattern(r"\s*[,،|–—:(\[·•/]\s*|\s+-\s+|\s*$")
TRANSLATED = pattern(
    r"(?:translat|traduit|traduction|traduzione|tradotto|traducción|traducido|traduzido|tradução|"
    r"übersetz|aus dem .{3,30} von|перевод|переклад|tłumacz|przekład|z .{3,20} przełoż|ترجم[ةه])",
    re.IGNORECASE)
MAX_TOP_WORDS = 45
_MAX_AFFILIATION_WORDS = 22
_MOST_AFFILIATIONS = 3
"""Lines below a name that say what somebody is."""

class Signed(Struct, frozen=True):
    """Who signs, and what is left of the text."""

    authors: tuple[Author, ...]
    blocks: tuple[Block, ...]


def signed_above(blocks: Sequence[Block]) -> Signed | None:
    """Return the authors whom the first block names, with what else it says of them."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph) or not is_short(first.text, MAX_TOP_WORDS):
        return None
    # In brackets only: a standfirst in italics may begin with a name, too.
    bracketed = plain(first.text).strip()[:1] in OPENING
    bio = bios_in(first, (), People(), ()) if bracketed else ()
    if bio and bio[0].bio:
        return Signed(bio, tuple(blocks[1:]))
    own = _bio_below_name(first)
    if own:
        return Signed(own, tuple(blocks[1:]))
    prefix = PREFIX.match(plain(first.text))
    whole = plain(first.text)
    start = prefix.end() if prefix else 0
    each = each_with_a_role(first, start) or tuple(
        Author(name, span=first.span) for name in pair_with_dash(first, whole[start:]))
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
    stacked_roles = len(lines) > 2 and rest_start == len(plain(lines[0]))
    rest = (joined_lines(_unwrapped(lines[1:])) if stacked_roles
            else bare(cut(first.text, rest_start, length(first.text))))
    words = plain(rest)
    if not names or PROSE.search(words) or words.count(". ") > 1:
        return None
    says = bool(BIO_WORDS.search(words) or MAIL_ADDRESS.search(words))
    # Any two words of Arabic may be a name: in bold, they are as likely a title.
    marked = any(c.isupper() for c in whole) and (
        is_emphasised(first.text) or _names_stand_out(first.text))
    signs = bool(prefix) or marked or all(map(TITLES.match, names))
    alone = not words.strip(" .")
    below = alone and len(blocks) > 1 and is_affiliation(blocks[1])
    translated = bool(TRANSLATED.match(words)) and len(words.split()) <= _MAX_AFFILIATION_WORDS
    if not (says or below or translated or (prefix and len(words.split()) <= _MAX_AFFILIATION_WORDS)
            or (alone and signs)):
        return None
    left = list(blocks[1:])
    if below:
        rest = joined_lines(_affiliations(left))
        left = left[len(_affiliations(left)):]
    if translated:  # the translator is not the author: the credit stands below the text
        credit = replace(first, text=rest)
        return Signed(_authors(names, (), first), (*left, credit))
    return Signed(_authors(names, () if not plain(rest).strip(" .") else rest, first), tuple(left))


def _bio_below_name(paragraph: Paragraph) -> tuple[Author, ...]:
    """Return the author of a line with a name, and a bio on the next that begins with it again."""
    lines = lines_of(paragraph.text)
    names = names_in(plain(lines[0]).strip(" *_")) if len(lines) > 1 else ()
    if len(names) != 1 or not plain(lines[1]).strip(" *_").startswith(names[0]):
        return ()
    rest: Text = tuple(inline for line in lines[1:] for inline in line)
    return bios_in(replace(paragraph, text=rest), names, People(), ())


def _affiliations(blocks: Sequence[Block]) -> list[Text]:
    """Return the lines from the first block on that say what somebody is, and where."""
    found: list[Text] = []
    for block in blocks[:_MOST_AFFILIATIONS]:
        if not is_affiliation(block):
            break
        assert isinstance(block, Paragraph)
        found.append(block.text)
    return found


def joined_lines(lines: Sequence[Text]) -> Text:
    """Return lines as one text, with commas between them."""
    out: Text = ()
    for line in lines:
        text = upright(bare(line))
        if out and plain(out).rstrip()[-1:] not in ",;.":
            out = (*out, Run(",", span=text[0].span))
        out = (*out, *((Run(" ", span=text[0].span),) if out else ()), *text)
    return out


_WRAPPED = 45
"""Letters of a line that may have been broken where it is full."""


def _unwrapped(lines: Sequence[Text]) -> list[Text]:
    """Return lines, each with what goes on on the next: a role, an institute."""
    out: list[Text] = []
    for line in lines:
        last = plain(out[-1]).rstrip() if out else ""
        small = last.rpartition(" ")[2].islower() or plain(line).lstrip()[:1].islower()
        if out and (len(last) >= _WRAPPED or small):
            parted = plain(out[-1]).endswith(" ") or plain(line).startswith(" ")
            between = () if parted else (Run(" ", span=line[0].span),)
            out[-1] = (*out[-1], *between, *line)
        else:
            out.append(line)
    return out


def _stacked(paragraph: Paragraph) -> tuple[Author, ...] | None:
    """Return the authors of two or more lines with a name each, and maybe that of an institute."""
    lines = lines_of(paragraph.text)
    names: list[str] = []
    for line in lines:
        words = plain(line).strip(" *_,")
        words = _AND.sub("", words) if names else words
        prefix = PREFIX.match(words)
        one = names_in(words[prefix.end() if prefix else 0:])
        if len(one) != 1 or TRANSLATED.match(words) or BIO_WORDS.search(one[0]):
            break
        names += one
    rest = lines[len(names):]
    words = " ".join(plain(line).strip() for line in rest)
    if len(names) < 2 or (rest and not BIO_WORDS.search(words)) or PROSE.search(words):
        return None
    bio: Text = tuple(inline for line in rest for inline in line)
    return tuple(Author(name, upright(bare(bio)) if name == names[-1] else (), paragraph.span)
                 for name in names)


def _each_on_a_line(paragraph: Paragraph) -> tuple[Author, ...]:
    """Return the authors of lines with a name and a role each, in one line or in two; or none.

    A line without a name goes with the name above it.
    """
    found: list[tuple[str, list[Text]]] = []
    for line in lines_of(paragraph.text):
        words = plain(line)
        end = _AFTER_NAME.search(words)
        name = words[: end.start() if end else len(words)].strip(" *_")
        stated = read_byline(replace(paragraph, text=bare(line)), People())
        if len(stated) == 1 and stated[0].bio:
            found.append((stated[0].name, [stated[0].bio]))
        elif len(names_in(name)) == 1 and not BIO_WORDS.search(name):
            role = cut(line, end.end(), len(words)) if end else ()
            found.append((name, [role] if plain(role).strip() else []))
        elif found:
            found[-1][1].append(line)
        else:
            return ()
    whole = plain(paragraph.text)
    roles = [plain(role) for _, lines in found for role in lines]
    if len(found) < 2 or PROSE.search(whole) or not any(
            BIO_WORDS.search(role) or MAIL_ADDRESS.search(role) for role in roles):
        return ()
    return tuple(Author(name, joined_lines(lines), paragraph.span) for name, lines in found)


def bios_above(blocks: Sequence[Block], authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """Return authors that a byline has named with the bios that a paragraph right below has.

    None, if it has not those of all, or if one has a bio already.
    """
    first = blocks[0] if blocks else None
    names = [author.name for author in authors]
    if not names or any(author.bio for author in authors) or not isinstance(first, Paragraph):
        return ()
    found = bios_in(first, names, People(), ())
    if [folded(author.name) for author in found] != [folded(name) for name in names]:
        return ()
    near = (" ".join(plain(author.bio).split()[:2 * NEAR_NAME]) for author in found)
    return found if all(BIO_WORDS.search(words) for words in near) else ()


def bio_above(block: Block, people: People) -> tuple[Author, ...]:
    """Return the authors whose bio a first paragraph in italics is; none if it is a standfirst."""
    if not isinstance(block, Paragraph) or not is_emphasised(block.text):
        return ()
    found = bios_in(block, (), people, ())
    near = " ".join(plain(found[0].bio).split()[:NEAR_NAME]) if found else ""
    return found if BIO_WORDS.search(near) else ()


def stated_above(block: Block, rest: Sequence[Block]) -> tuple[Author, ...]:
    """Return the author whom a first sentence introduces in place of a byline.

    It says what somebody is, and where; and the text below does not speak of them.
    """
    words = plain(block.text).strip() if isinstance(block, Paragraph) else ""
    if not begins_a_bio(words) or len(words.split()) > MAX_TOP_WORDS or len(
            BIO_WORDS.findall(words)) < 2:
        return ()
    assert isinstance(block, Paragraph)
    found = bios_in(block, (), People(), rest)
    return found if len(found) == 1 else ()


_ARE = pattern(r"\s+(?:are|sind|sont|sono|son|são|są|являются|є|هما|هم)\s")


def stated_together(block: Block) -> tuple[Author, ...]:
    """Return the authors whom a last sentence names together: `A and B are analysts at ...`.

    The sentence is the bio of the last of them.
    """
    words = plain(block.text).strip(" *_") if isinstance(block, Paragraph) else ""
    verb = _ARE.search(words) if len(words.split()) <= MAX_TOP_WORDS else None
    names = names_in(words[: verb.start()]) if verb else ()
    if verb is None or len(names) < 2 or not BIO_WORDS.search(words[verb.end():]):
        return ()
    assert isinstance(block, Paragraph)
    return _authors(names, upright(block.text), block)


def bare_name(block: Block | None, text: str) -> tuple[Author, ...]:
    """Return the authors that a line of nothing but names may be; none if the text has them."""
    if not isinstance(block, Paragraph | Heading) or len(plain(block.text)) > 60:
        return ()
    words = plain(block.text).strip(" *_")
    names = names_in(words) if any(c.isupper() for c in words) else ()
    known = folded(text) if names else ""
    if any(folded(name) in known for name in names):
        return ()
    return tuple(Author(name, span=block.span) for name in names)


def is_affiliation(block: Block) -> bool:
    """Whether a line says where somebody works: short, no sentence, with the words for it."""
    if not isinstance(block, Paragraph) or not is_short(block.text, _MAX_AFFILIATION_WORDS):
        return False
    words = plain(block.text)
    first = plain(lines_of(block.text)[0]).strip(" *_")
    named = names_in(first) and (TITLES.match(first) or not BIO_WORDS.match(first))
    if (PREFIX.match(words) or CREDIT.match(words) or named
            or any(a.bio for a in read_byline(block, People()))):
        return False  # somebody else's name, and what is below it is theirs
    return not words.endswith(".") and bool(BIO_WORDS.search(words) or MAIL_ADDRESS.search(words))


def is_short(text: Text, most: int) -> bool:
    return all(isinstance(i, Run | LineBreak) for i in text) and len(plain(text).split()) <= most


_ROLE_LABEL = pattern(
    r"(?:cargo|puesto|institución|institution|institución|afiliación|filiação|position|role|"
    r"affiliation|organi[sz]ation|title|funktion|rolle|fonction|qualité|ruolo|qualifica|ente|"
    r"stanowisko|afiliacja|instytucja|должность|место работы|организация|посада|місце роботи|"
    r"unvan|görev|kurum|الصفة|المنصب|الوظيفة|المؤسسة)\s*:\s*", re.IGNORECASE)
"""What somebody writes before what they are, as in a form."""


def _authors(names: tuple[str, ...], bio: Text, paragraph: Paragraph) -> tuple[Author, ...]:
    label = _ROLE_LABEL.match(plain(bio))
    bio = cut(bio, label.end(), length(bio)) if label else bio
    return tuple(Author(name, upright(bio) if name == names[-1] else (), span=paragraph.span)
                 for name in names)


def _names_stand_out(text: Text) -> bool:
    """Whether each of several names is in bold or italics: `**A B** and **C D**`."""
    runs = [i for i in text if isinstance(i, Run) and i.text.strip(" .,;&–—-()[]")]
    marked = [run for run in runs if run.style.emphasis or run.style.strong]
    return len(marked) > 1 and all(len(run.text.split()) == 1 for run in runs if run not in marked)
