"""How sure it is that a group between brackets is a citation; docs/citations.md has the table.

What stands in italics or quotes, or has an address, says it itself. Of what has neither, date and
number, the words of its parts and the habit of the brief decide.
"""

from __future__ import annotations

import re
from enum import Enum

from msgspec import Struct

from reportgen.citations.patterns import (
    AGENCY,
    ARTICLE,
    ATTRIBUTED,
    DOCUMENT,
    EVENT,
    NEWS,
    NOUN,
    OFFICE,
    PARTICIPLE,
    PLACE,
    PROSE,
    PUBLISHER,
    SAID,
)
from reportgen.model import Confidence, Source
from reportgen.patterns import pattern
from reportgen.texts import begins_large

_DAY = len("2021-06-09")
"""Letters of a date that has a day."""


class Habit(Enum):
    """How the author of a brief cites."""

    UNKNOWN = "unknown"
    BRACKETS = "brackets"
    """Sources stand between brackets in the text: what looks like one more is one."""


class Divided(Struct, frozen=True):
    """What is left of an item when dates and addresses are out."""

    title: str | None
    container: str | None
    author: str | None
    href: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    flat: str
    marked: bool = False
    """The title stood in italics or quotes."""
    runs_on: bool = False
    """No comma or colon stands between the words before the title and it."""


class Signs(Struct, frozen=True):
    """What of an item is neither in its parts nor in its source."""

    opener: str
    """`(` or `[`."""
    habit: Habit
    numbered: bool
    """It has the number of an issue, or of a law."""
    said: bool
    """It begins with the words for what is no publication."""
    official: bool
    """It has the symbol of an official document."""
    labelled: bool
    """The author says that it is a source."""
    pointed: bool
    """It begins with a word such as "see"."""


def grade(parts: Divided, source: Source, signs: Signs) -> Confidence | None:
    """Grade an item by what it has; see docs/citations.md for the table."""
    if parts.href and (_is_clause(parts, source) or (
            not source.issued and is_home(parts.href))):
        return None
    if parts.marked:
        return _grade_marked(parts, source, signs)
    if source.url:
        return _grade_address(parts, source, signs)
    return _grade_plain(parts, source, signs)


_ARTICLE_ALONE = pattern(
    r"the|an?|der|die|das|eine?|les?|la|une?|el|los|las|un[ao]?|il|lo|gli|os?|as?|uma?",
    re.IGNORECASE)

_GOES_ON = 4
"""Words in small letters behind a link with which a sentence goes on."""

_HOME = pattern(r"https?://[^/?#]+/?(?:[a-z]{2}/?)?")


def is_home(address: str) -> bool:
    """Whether an address is that of a whole site, in a language at most: no document is there."""
    return _HOME.fullmatch(address) is not None


_OPENS_CLAUSE = pattern(
    r"(?:due|as|because|since|thanks|although|though|while|which|who|where|when|unlike|including|"
    r"[a-z]{3,}ing|come|che|perché|dove|como|que|porque|donde|comme|qui|parce|où|wie|weil|wo|"
    r"denen|как|что|который|як|що|який|jak|który|które)\b")
"""Words with which a clause begins, and the name of no document."""

_CLAUSE = 4
"""Words of a link, in small letters, that may have a verb."""


def _is_clause(parts: Divided, source: Source) -> bool:
    """Whether a link is part of a clause: `(in 2018 the port [lost half](...) of its ships)`.

    Its words belong to the sentence, so they stay; the link gets a note as any other.
    """
    title = parts.title or parts.container or ""
    lead, after = " ".join(parts.before), " ".join(parts.after)
    if not title:
        return False
    small = title[0].isalpha() and not begins_large(title)
    if parts.runs_on and lead and not (source.issued or begins_large(lead)) and not (
            SAID.match(lead) or NOUN.match(lead)):
        return True  # "(due to [caps and floors](...))"
    if not small:
        return False
    if (PROSE.search(title) or _OPENS_CLAUSE.match(title)) and len(title.split()) >= _CLAUSE:
        return True
    goes_on = bool(after) and not begins_large(after) and not any(c.isdigit() for c in after)
    document = NOUN.match(title) or SAID.match(title) or DOCUMENT.search(title)
    if not lead:
        return goes_on and len(after.split()) >= _GOES_ON
    named = not _ARTICLE_ALONE.fullmatch(lead) and (
        begins_large(lead) or SAID.match(lead) or NOUN.match(lead))
    return goes_on and (not named or (parts.runs_on and not document))


def _grade_marked(parts: Divided, source: Source, signs: Signs) -> Confidence | None:
    title = parts.title or parts.container or ""
    words = len(title.split())
    named = bool(title) and (begins_large(title) or title[0].isdigit() or not title[0].isalpha())
    lead = " ".join(parts.before)
    if signs.said and source.issued and not PROSE.search(parts.flat):
        return Confidence.LIKELY
    if lead and not begins_large(lead) and not source.url:
        said = NOUN.match(lead) and source.issued and not PROSE.search(lead)
        return Confidence.LIKELY if said else None
    if source.url:
        return Confidence.SURE if not PROSE.search(lead) else Confidence.POSSIBLE
    if not named:
        return None
    after = " ".join(parts.after)
    if PROSE.search(after) or _is_acronym_of(after, title):
        return None
    if source.issued:
        exact = (source.container and source.title) or source.locator or signs.numbered or len(
            source.issued) > len("2021")
        if not exact and len(parts.flat.strip(" ,.")) <= 1:
            return Confidence.POSSIBLE  # "(*The Long March*, 2019)", a film or its source
        return Confidence.SURE if source.container and words > 1 else Confidence.LIKELY
    capital = parts.after and all(map(begins_large, parts.after))
    if capital and (words >= 3 or (parts.before and len(parts.after) > 1)):
        return Confidence.LIKELY
    said_by = bool(lead) and begins_large(lead) and not PROSE.search(lead)
    if said_by and len(parts.after) == 1 and re.fullmatch(r"\d{1,4}(?:\s?[-–]\s?\d{1,4})?",
                                                         parts.after[0]):
        return Confidence.LIKELY  # "(Nowak, *Wheat by Rail*, 14)"
    if (words >= 3 and source.locator) or (said_by and (
            source.locator or signs.numbered or _ENDS_WITH_YEAR.search(title))):
        return Confidence.LIKELY  # "(Office of Lights, *List 2017*, no. 2204)"
    return Confidence.POSSIBLE if words >= 4 and not parts.after else None


_ENDS_WITH_YEAR = pattern(r"\b(?:19|20)\d\d$")


def _is_acronym_of(text: str, title: str) -> bool:
    """Whether `text` is made of the initials of a name: `(*Shanghai ... Organisation*, SCO)`."""
    initials = "".join(word[0] for word in title.split()).upper()
    return text.isupper() and 2 <= len(text) <= 7 and (
        text == initials or text == "".join(c for c in initials if c in text))


def abbreviates(text: str, before: str) -> bool:
    """Whether letters between brackets are initials, in their order, of the words before them."""
    if not (text.isupper() and text.isalpha() and 2 <= len(text) <= 7):
        return False
    initials = iter("".join(word[0] for word in before.split()[-2 * len(text):]).upper())
    return all(letter in initials for letter in text)


def _grade_address(parts: Divided, source: Source, signs: Signs) -> Confidence:
    text = parts.flat.strip(" ,.:")
    if not text:
        return Confidence.SURE
    if signs.pointed and not PROSE.search(text):
        return Confidence.LIKELY  # "(see the chronology at ...)"
    if not (begins_large(text) or text[0].isdigit() or text[0] in "“\"«"):
        said = (NOUN.match(text) or SAID.match(text)) and not PROSE.search(text)
        return Confidence.LIKELY if said else Confidence.POSSIBLE
    if source.issued:
        return Confidence.SURE
    return Confidence.POSSIBLE if PROSE.search(text) else Confidence.LIKELY


def _grade_plain(parts: Divided, source: Source, signs: Signs) -> Confidence | None:
    """No italics, no quotes, no address: date and number, the words and the form decide."""
    segments = [s for s in (parts.author, parts.title or parts.container, *parts.after) if s]
    issued = source.issued or source.accessed or ""
    if not (segments or signs.said) or PROSE.search(parts.flat):
        return None
    if signs.official or (signs.labelled and segments):
        return Confidence.LIKELY
    if not (issued or source.locator or signs.numbered):
        return None
    if signs.said and (len(issued) >= len("2021-06")
                       or (signs.numbered and (issued or source.locator))):
        return Confidence.LIKELY  # an interview, a law, a resolution
    if segments and len(issued) == _DAY and ATTRIBUTED.match(segments[0]):
        return Confidence.POSSIBLE
    if (signs.opener == "[" and segments and begins_large(segments[0])
            and (source.locator or " " in segments[0]) and len(issued) > len("2021")):
        return Confidence.LIKELY
    if segments and issued and source.locator and (
            _INSIDE_A_WORK.match(segments[0]) or _SHORT_FORM.fullmatch(", ".join(segments))):
        return Confidence.LIKELY
    if not segments or not all(_begins_a_part(s) for s in segments[1:]) or not (
            begins_large(segments[0]) or (len(segments) > 1 and " " in segments[0]
                                         and DOCUMENT.match(segments[1]))):
        return None
    several = len(segments) > 1 or bool(source.container and source.title)
    if (_is_published(segments, source, signs) or _is_of_an_outlet(segments, source, signs)
            or (signs.opener == "[" and _is_square(segments, source, signs))
            or (signs.habit is Habit.BRACKETS
                and (several or (len(issued) == _DAY and _is_outlets_name(segments[0]))))):
        return Confidence.LIKELY
    return Confidence.POSSIBLE if _may_be_source(segments, source, signs) else None


_SHORT_FORM = re.compile(r"(?:[A-ZÀ-Þ][\w’'-]+,? ?(?:(?:and|und|et|y|e|i|&) )?){1,4}(?:et al\.?)?")
"""`(Nowak 2019, p. 8)`: nothing but a source has a name, a year and a page."""

_INSIDE_A_WORK = re.compile(r"(?:the |a |an )?(?:[^\W\d_]+[ -]){1,4}(?:in|of) [A-Z][^\W\d_]+ [A-Z]")
"""`the case notes in Lamu Law Quarterly`: with year and page, a source."""


def _is_outlets_name(name: str) -> bool:
    """Whether a name has the form of a newspaper's or an agency's: `La Voz del Canal`, `TASS`.

    A place of two words, and an event, have that of the place and the day of something else.
    """
    words = name.split()
    if name.isupper() or (len(words) > 2 and ARTICLE.match(name)):
        return True
    return len(words) == 2 and all(word[0].isupper() for word in words) and not (
        PLACE.fullmatch(name) or EVENT.search(name))


def _is_published(segments: list[str], source: Source, signs: Signs) -> bool:
    """Whether the parts are those of a report, a book or an issue of a periodical."""
    issued, name = source.issued or source.accessed or "", segments[0]
    documents = [s for s in segments if DOCUMENT.search(s) or (s is not name and NOUN.match(s))]
    publishers = [s for s in segments if PUBLISHER.search(s)]
    longest = max(len(s.split()) for s in segments)
    if source.locator and len(segments) > 1 and (documents or issued):
        return True  # (Annual Report 2019, Ouagadougou, p. 112)
    if signs.numbered and source.locator:
        return True  # "Quaderni della Costa, n. 18, p. 40"
    if signs.numbered and (len(segments) > 1 or len(issued) > len("2021")) and issued:
        return True  # "Golfmonitor, Quartalsbericht II/2020", "Energiebriefe, Nr. 1, Januar 2022"
    if not issued:
        return False
    if documents and (longest >= 3 or len(segments) > 1):
        return True
    words = name.split()
    headline = len(words) >= 5 and sum(w[0].isupper() for w in words) * 2 >= len(words)
    titled = max((len(s.split()) for s in segments if s not in publishers), default=0)
    return bool(headline and len(segments) > 1) or bool(
        publishers and len(segments) >= 3 and titled >= 3)


def _is_of_an_outlet(segments: list[str], source: Source, signs: Signs) -> bool:
    """Whether a newspaper, an agency or an office of statistics is named, with a date."""
    issued, name = source.issued or source.accessed or "", segments[0]
    day = len(issued) == _DAY
    if AGENCY.match(name):
        return day or (bool(issued) and (len(segments) > 1 or bool(OFFICE.search(name))))
    return bool(NEWS.search(name)) and (
        day or bool(source.locator and issued)
        or (signs.numbered and bool(issued or name.count(" ") > 1)))


def _is_square(segments: list[str], source: Source, signs: Signs) -> bool:
    """Whether square brackets have a name and a date: they stand around little else."""
    issued = source.issued or ""
    if source.locator and any(DOCUMENT.search(segment) for segment in segments):
        return True
    return bool(issued) and (len(segments) > 1 or bool(source.locator) or signs.numbered
                             or len(issued) > len("2021") or segments[0].count(" ") > 1)


def _may_be_source(segments: list[str], source: Source, signs: Signs) -> bool:
    """Whether an item has some of a source, so that an editor has to look at it."""
    issued, words = source.issued or "", segments[0].split()
    if signs.numbered and len(words) > 2:
        return True
    if len(issued) == _DAY and len(segments) == 1 and words[-1][0].isupper():
        return len(words) > (0 if signs.habit is Habit.BRACKETS else 2)  # a newspaper, or an event
    longest = max(len(s.split()) for s in segments)
    return bool(issued) and len(segments) >= 3 and longest >= 4


def _begins_a_part(segment: str) -> bool:
    """Whether a part of a source begins so: with a capital, a digit, or a word as `resolution`."""
    return begins_large(segment) or not segment[0].isalpha() or bool(
        re.match(r"[^\W\d_]{1,9}\.?\s*\d", segment) or PARTICIPLE.match(segment) or
        NOUN.search(segment) or DOCUMENT.search(segment) or SAID.match(segment))
