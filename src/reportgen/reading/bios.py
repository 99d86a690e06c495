"""What a paragraph says of those who sign: names, roles, institutes, as bios are written.

It begins with the name of somebody who signs above, whatever its verb; or with a name that the text
does not have, where brackets, italics, an address or the words of a bio show what it is; or a label
says so. What has no such sign is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.model import Author, Block, Heading, LineBreak, Paragraph, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.reading.byline import BIO_WORDS, PROSE, TITLES, People, names_in, untitled, upright
from reportgen.texts import cut, folded, lines_of, texts

MAIL_ADDRESS = pattern(r"[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}")
_VERB = pattern(
    r"(?:,[^,.]{2,60},|[,،]|\s*[–—:-])?\s*(?:is|was|è|est|ist|war|es|é|jest|є|works|writes|teaches|"
    r"leads|heads|"
    r"directs|covers|holds|studies|lavora|coordina|dirige|insegna|si occupa|collabora|scrive|"
    r"travaille|enseigne|arbeitet|leitet|forscht|lehrt|schreibt|trabaja|enseña|coordena|trabalha|"
    r"pesquisa|leciona|kieruje|pracuje|zajmuje|работает|руководит|возглавляет|преподаёт|"
    r"преподает|пишет|працює|очолює|керує|викладає|هو|هي|يعمل|تعمل|يدر[ّ]?س|تدر[ّ]?س|باحثة?|كاتبة?|"
    r"صحف\w+|أستاذة?|مديرة?|رئيسة?|خبيرة?|محللة?|زميلة?|محررة?|مراسلة?|سفيرة?|مستشارة?|محاضرة?|"
    r"منسقة?)\b", re.IGNORECASE)
_COPULA = pattern(
    r"^(?:is (?:(?:currently|now) )?(?:(?:a|an|the)\s+|(?=[A-Z])|"
    r"(?=(?:co-?)?(?:head|director|deputy|editor|chair|president|professor|fellow|member|author|"
    r"founder|chief|vice|senior|research|lecturer|associate|managing)\b))|are |"
    r"(?:è|est|ist|es|é|jest|є|sono|sont|sind|son|são|są)\s+)")
BIO_LABEL = pattern(
    r"(?:bio(?:s|graph(?:y|ie)|graf[íi]a)?|biographical notes?|about the authors?|the authors?|"
    r"author bios?|zu[rmn]? (?:der )?autor(?:in|en|innen)?|"
    r"zu den autor(?:en|innen)|"
    r"zu[rm] verfasser(?:in)?|über (?:den|die) verfasser(?:in)?|"
    r"über (?:den|die) autor(?:in|en|innen)?|(?:der|die) (?:autor(?:in|en|innen)?|"
    r"verfasser(?:in|innen)?)|"
    r"yazar(?:lar)?(?: hakkında)?|contributors?|à propos de l[’']auteure?|à propos des auteurs|"
    r"l[’']auteure?|les auteurs|sobre (?:el|la|o|a) autora?|"
    r"sobre l[oa]s autor[ea]s|sobre os autores|"
    r"el autor|la autora|(?:sull[’']|l[’']|gli |le )aut(?:or[ei]|ric[ei])|"
    r"los autores|las autoras|os autores|as autoras|o autor|a autora|"
    r"об авторе|об авторах|авторы?|автори|авторка|autor(?:ka|zy|ki)?|autrice|autori|"
    r"(?:نبذة )?عن ال(?:كاتبت?(?:ة|ين)?|كتّ?اب|مؤلفت?(?:ة|ين)?|باحثت?(?:ة|ين)?)|"
    r"ال(?:كاتبة?|كاتبان|مؤلفة?|مؤلفان)|"
    r"про автор(?:а|ку|ів|ок)|o autorze|o autorce|o autorach)(?!\w)\s*[:.]?\s*", re.IGNORECASE)
OPENING, CLOSING = "([", ")]"
MAX_BIO_WORDS = 110
_MOST_NAMES = 5
"""Words of a name."""

TOP = 8
"""Blocks at the top among which a line with nothing but a name may stand."""

_BYLINE_WITHIN = 3
"""Paragraphs at the top of which one with nothing but names is the byline, if a bio says so."""

NEAR_NAME = 6
"""Words behind a name, of which one says what somebody is."""


def bios_in(paragraph: Paragraph, known: Sequence[str], people: People,
          before: Sequence[Block]) -> tuple[Author, ...]:
    """Return the authors whose bios a paragraph has; none if it is text."""
    if not all(isinstance(i, Run | LineBreak) for i in paragraph.text):
        return ()
    text = bare(paragraph.text)
    label = BIO_LABEL.match(plain(text))
    if label and label.end() < len(plain(text)):
        text = bare(cut(text, label.end(), length(text)))
    lead = article(plain(text), known)
    if lead:  # "La dott.ssa Ilaria ... è"
        text = cut(text, lead, length(text))
    parts = parted_at_names(text, [*known, *names_near(before)])
    known = [*known, *_bylines_of(parts, before)]
    authors: list[Author] = []
    for part in parts:
        one = _bio(part, paragraph, known, people, before, labelled=bool(label))
        if one is None and label and len(parts) == 1:
            one = _unnamed(text, paragraph, known)
        if one is None:
            return ()
        authors.append(one)
    return tuple(authors)


def _unnamed(text: Text, paragraph: Paragraph, known: Sequence[str]) -> Author | None:
    """Return the author above whom a bio with a label is about: "The author is ...".

    Of several authors the last one has it, as a role that they share.
    """
    words = plain(text)
    copula = _COPULA.match(words)
    said = BIO_WORDS.search(" ".join(words.split()[: 2 * NEAR_NAME]))
    if not known or not (said or (copula and len(set(known)) == 1)):
        return None
    start = copula.end() if copula else 0
    return Author(known[-1], upright(cut(text, start, length(text))), paragraph.span)


def _bylines_of(parts: Sequence[Text], before: Sequence[Block]) -> list[str]:
    """Return the names on a line of nothing but names above, if their bios are what parts are."""
    line = next((names for block in (*before[:_BYLINE_WITHIN], *before[-1:])
                 if isinstance(block, Paragraph) and (names := names_alone(block))), ())
    begins = [" ".join(plain(part).split()[:_MOST_NAMES + NEAR_NAME]) for part in parts]
    return list(line) if any(BIO_WORDS.search(b) for b in begins) and all(
        any(b.startswith(name) for b in begins) for name in line) else []


_DASHED_NAME = pattern(
    r"(?:^|(?<=\.\s))(?P<name>(?:[^\W\d_a-z][\w.’'-]*\s){1,3}[^\W\d_a-z][\w’'-]+)\s[–—]\s")
"""The name of somebody whose bio follows, in a paragraph with more than one."""


_SENTENCE_OF = pattern(
    r"(?:^|(?<=[^.][^.][.;)\]]\s))(?P<name>(?:[^\W\d_a-z][\w’'-]+\s){1,3}[^\W\d_a-z][\w’'-]+)"
    r"(?=\s(?:is|è|est|ist|es|é|jest|є|works|leads|lavora|travaille|arbeitet|trabaja|trabalha|"
    r"pracuje)\s)")
"""The name of somebody with which a sentence of a paragraph of bios begins."""


def _is_somebody(match: re.Match[str], words: str) -> bool:
    """Whether a sentence says of a name what somebody is, and of no institute."""
    after = " ".join(words[match.end():].split(None, NEAR_NAME)[:NEAR_NAME])
    before = words[: match.start("name")].rsplit(None, 1)[-1:]
    if before and TITLES.match(f"{before[0]} "):
        return False  # the stop is that of "Dr."
    return (len(names_in(match["name"])) == 1 and not BIO_WORDS.search(match["name"])
            and BIO_WORDS.search(after) is not None)


def begins_a_bio(words: str) -> bool:
    """Whether a text begins with a sentence that says of a name what somebody is."""
    match = _SENTENCE_OF.match(words)
    return match is not None and _is_somebody(match, words)


def parted_at_names(text: Text, known: Sequence[str]) -> list[Text]:
    """Return a text in parts, each of which begins with the name of somebody who signs."""
    words = plain(text)
    begin = r"(?:^|(?<=[.;)\]]\s)|(?<=[.;)\]]\s[\[(]))"
    starts = sorted({m.start() for name in known
                     for m in re.finditer(rf"{begin}{_spelt(name)}\b", words)}
                    | {m.start() for m in _DASHED_NAME.finditer(words)
                       if len(names_in(m["name"])) == 1}
                    | {m.start("name") for m in _SENTENCE_OF.finditer(words)
                       if _is_somebody(m, words)})
    if len(starts) < 2 or starts[0] != 0:
        return [text]
    parts = zip(starts, [*starts[1:], length(text)], strict=True)
    return [cut(text, start, start + len(words[start:stop].rstrip(" [(\n")))
            for start, stop in parts]


def _bio(text: Text, paragraph: Paragraph, known: Sequence[str], people: People,
         before: Sequence[Block], *, labelled: bool) -> Author | None:
    words = plain(text)
    if len(words.split()) > MAX_BIO_WORDS:
        return None
    name = name_at_start(words, known)
    if not name:
        return None
    rest = cut(text, len(name), length(text))
    after = plain(rest)
    bare_known = {folded(untitled(k)) for k in known}
    own = people.knows(name) or folded(untitled(name)) in bare_known
    if labelled and known and not own and not re.match(r"\s*[,،–—:(|-]", after) and not _VERB.match(
            after):
        return None  # "The authors [are at] Kıyı Politika ...", an institute
    signs = own or labelled
    if not signs:
        bracketed = plain(paragraph.text).strip()[:1] in OPENING
        says = bool(BIO_WORDS.search(after) or MAIL_ADDRESS.search(after))
        stated = re.match(r"\s*[,،–—:(|-]", after) and not PROSE.search(after)
        begins = bool(stated or _VERB.match(after))
        framed = bracketed or (is_emphasised(paragraph.text) and begins)
        if not (framed or (begins and says)) or _is_mentioned(name, before):
            return None
    bio = bare(rest)
    copula = _COPULA.match(plain(bio))
    if copula:
        bio = cut(bio, copula.end(), length(bio))
    return Author(name, upright(bio), span=paragraph.span)


def _is_mentioned(name: str, before: Sequence[Block]) -> bool:
    """Whether the text has a name, other than on a line of names."""
    wanted = folded(name)
    surname = name.rsplit(maxsplit=1)[-1]
    return any(wanted in folded(plain(text)) for text in texts(before)
               if surname in plain(text) and not names_of(text))


def name_at_start(words: str, known: Sequence[str]) -> str:
    """Return the name with which a text begins; empty if it begins with none."""
    known = [*known, *(untitled(name) for name in known)]
    for name in known:
        spelt = with_first_names(name)
        if spelt and (match := spelt.match(words)):
            return words[:match.end()]
    for name in sorted(known, key=len, reverse=True):
        if words.casefold().startswith(name.casefold()):
            return words[:len(name)]
    ends = [m.end() for _, m in zip(range(_MOST_NAMES), re.finditer(r"\S+", words), strict=False)]
    for end in reversed(ends[1:]):
        bare = words[:end].rstrip(" \u00a0,:;(–—-|&")
        if (not re.search(r"[,،–—|]|\s-\s", bare) and len(names_in(bare)) == 1
                and not BIO_WORDS.search(bare)):
            return bare
    return ""


_ARTICLE = pattern(r"(?:the|la|il|lo|l['’]|el|le|der|die|o|a)\s*(?=\S)", re.IGNORECASE)


def article(words: str, known: Sequence[str]) -> int:
    """Return the length of an article, a title or both before a known name; 0 if none is there."""
    match = _ARTICLE.match(words)
    bare = [untitled(name) for name in known]
    for begin in (match.end() if match else 0, 0):
        title = TITLES.match(words[begin:])
        at = begin + (title.end() if title else 0)
        if any(words.startswith(name, at) for name in bare):
            return at
    return 0


def _spelt(name: str) -> str:
    spelt = with_first_names(name)
    return spelt.pattern if spelt else re.escape(name)


def is_same_person(one: str, other: str) -> bool:
    """Whether two spellings of a name, maybe one with initials, are of one person."""
    names = [untitled(name) for name in (one, other)]
    if folded(names[0]) == folded(names[1]):
        return True
    return any(spelt.fullmatch(b) is not None for a, b in (names, names[::-1])
               if (spelt := with_first_names(a)))


def with_first_names(name: str) -> re.Pattern[str] | None:
    """Return what `V. P. Lagutenkov` is with the first names in full; None if it has them."""
    match = re.fullmatch(r"((?:[^\W\d_]\.[\s\u00a0]?)+)([^\W\d_][\w’'-]+)", name)
    if not match:
        return None
    first, *others = re.findall(r"[^\W\d_]", match[1])
    rest = "".join(rf"(?:\s+{re.escape(i)}[\w’'.-]*)?" for i in others)
    names = rf"{re.escape(first)}[\w’'-]+{rest}"
    surname = re.escape(match[2])
    return re.compile(rf"(?:{names}\s+{surname}|{surname}\s+{names})\b")


def names_alone(block: Block) -> tuple[str, ...]:
    """Return the names that a block consists of."""
    return names_of(block.text) if isinstance(block, Paragraph | Heading) else ()


def names_of(text: Text) -> tuple[str, ...]:
    """Return the names of which every line of a text consists."""
    found: list[str] = []
    for line in lines_of(text):
        names = names_in(plain(line).strip(" *_,،"))
        if not names:
            return ()
        found += names
    return tuple(found)


def names_near(before: Sequence[Block]) -> list[str]:
    """Return the names on lines of nothing but names, at the top and right above."""
    return [name for block in (*before[:TOP], *before[-1:])
            for name in names_alone(block) or before_town(block)]


_TOWN = pattern(r"[^\W\d_][^\W\d_'’-]*(?: [^\W\d_][^\W\d_'’-]*)?")


def before_town(block: Block) -> tuple[str, ...]:
    """Return the name of a line that is a name and a town in brackets, or in italics or bold."""
    if not isinstance(block, Paragraph):
        return ()
    bracketed = re.fullmatch(r"([^()]+) \(([^()]+)\)", plain(block.text).strip())
    if bracketed is None and not is_emphasised(block.text):
        return ()
    name, town = bracketed.groups() if bracketed else (
        plain(block.text).strip().rpartition(", ")[::2])
    return names_in(name) if _TOWN.fullmatch(town) and len(names_in(name)) == 1 else ()


def bare(text: Text) -> Text:
    """Return a text without the brackets, spaces and signs around it."""
    words = plain(text)
    start = len(words) - len(words.lstrip(" \t\n\u00a0,|–—:·•/-"))
    stop = len(words.rstrip())
    inner = words[start:stop]
    for opening, closing in zip(OPENING, CLOSING, strict=True):
        end = inner.rstrip(".")
        unopened = end.endswith(closing) and inner.count(closing) > inner.count(opening)
        framed = inner.startswith(opening) and end.endswith(closing)
        if framed:
            start += 1
        if framed or unopened:
            stop = start + len(words[start:stop].rstrip(".")) - 1
        inner = words[start:stop]
    return cut(text, start, stop)


def length(text: Text) -> int:
    return len(plain(text))


def is_emphasised(text: Text) -> bool:
    runs = [i for i in text if isinstance(i, Run) and i.text.strip(" .,–—-()[]")]
    return bool(runs) and all(run.style.emphasis or run.style.strong for run in runs)
