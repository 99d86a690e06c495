"""Links on words: on paper their addresses would be lost, so each becomes a note.

The link itself stays where its author put it, live on screens. What is no source gets no note: a
link to a person's page, a mail address, an address that is printed as it stands, and one that is in
a note right behind it.
"""

from __future__ import annotations

import re
from itertools import groupby
from urllib.parse import urlsplit

from msgspec.structs import replace

from reportgen.citations.grading import is_home
from reportgen.citations.items import clean_address
from reportgen.citations.lift import lists_sources, settle_marks
from reportgen.citations.patterns import CREDIT
from reportgen.diagnostics import Change, Sink
from reportgen.language.languages import Language
from reportgen.model import (
    PLAIN,
    Block,
    Inline,
    Note,
    NoteCall,
    Paragraph,
    Run,
    Source,
    Style,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.texts import cut, folded, is_address, joined, map_text

_LEAD_INS = frozenset((
    "see", "at", "visit", "on", "from", "via", "and", "or", "is", "to", "in", "of", "with", "under",
    "siehe", "s.", "unter", "auf", "und", "bei", "von", "voir", "sur", "à", "et", "chez", "vedi",
    "su", "a", "e", "da", "ver", "véase", "en", "y", "de", "em", "см.", "на", "и", "в", "по", "з",
    "див.", "і", "та", "у", "zob.", "na", "w", "i", "pod"))
"""Words whose object an address is: it stays where it is then."""

_PARTICLES = ("de", "di", "da", "van", "von", "der", "den", "al", "el", "bin", "del", "dos")
"""Small words of names."""

_PEOPLE = pattern(
    r"/(?:people|persons?|team|staff|experts?|fellows?|authors?|profiles?|equipe|équipe|auteurs?|"
    r"autor(?:es|i|en|in)?|personas?|pessoas?|persone|personen|mitarbeiter|osoby|ludzie|kisiler|"
    r"contributors?|scholars?|lyudi|avtory)/", re.IGNORECASE)
"""Parts of an address below which a site has a page for each person."""

_TRACKING = ("utm_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=")


_DEEPEST_PROFILE = 4
"""Slashes in the address of a person's page that does not say that it is one."""

_BESIDE_NAME = 8
"""Letters that the name of a person's page has beside theirs: `dr-`, `.html`, `-2`."""


def note_links(blocks: tuple[Block, ...], language: Language, people: frozenset[str],
               sink: Sink) -> tuple[Block, ...]:
    """Return `blocks` with a note behind every link on words.

    `people` are the names, in small letters, of those who are no sources. Signs that go are logged
    in `sink`.
    """
    return tuple(block if lists_sources(block) or _is_credit(block) else
                 map_text(block, lambda text: with_notes(text, language, people, sink))
                 for block in blocks)


def _is_credit(block: Block) -> bool:
    """Whether a paragraph says whose a picture is: its links lead to no source."""
    return isinstance(block, Paragraph) and bool(CREDIT.fullmatch(plain(block.text).strip(" *_")))


def with_notes(text: Text, language: Language, people: frozenset[str], sink: Sink) -> Text:
    """Return one paragraph's text with a note behind every link on words."""
    groups = [(href, tuple(inlines)) for href, inlines in groupby(
        text, key=lambda i: i.style.href if isinstance(i, Run) else None)]
    out: list[Inline] = []
    for at, (href, linked) in enumerate(groups):
        bare = _is_bare_source(href, linked)
        pointer = _POINTER.search(_tail(out)) if bare else None
        if pointer:  # "ten years, see https://...": the word goes with the address
            _take_pointed(groups[at], out, pointer, sink)
            continue
        if bare and not _leads_in(_tail(out)):
            _take_address(groups[at], out, sink)
            continue
        address = _address_of(href, linked, people)
        if address and _NUMBER.fullmatch(plain(linked)) and out:  # the call of a note by itself
            sink.change(Change(linked[0].span, "end-notes", plain(linked).strip(), ""))
            out[-1] = replace(out[-1], text=out[-1].text.rstrip()) if isinstance(
                out[-1], Run) else out[-1]
        else:
            out += [_addressed(i) if isinstance(i, NoteCall) else i for i in linked]
        if not address or _noted(address, groups[at + 1 : at + 3]) or (
                is_home(address) and _is_in_brackets(groups, at)):
            continue
        span = next(i.span for i in reversed(linked) if isinstance(i, Run))
        shown = Run(address, Style(href=address), span)
        behind = groups[at + 1][1] if at + 1 < len(groups) else ()
        own = _own_note(behind)
        if own is not None:  # two marks in a row would be one too many
            call = behind[own]
            assert isinstance(call, NoteCall)
            groups[at + 1] = groups[at + 1][0], (
                *behind[:own], _with_address(call, shown), *behind[own + 1:])
        else:
            note = Note((shown, Run(".", PLAIN, span)), (Source(url=address),), span)
            out.append(NoteCall(note, span))
    return settle_marks(tuple(out), language)


_NUMBER = pattern(r"\s*\[?\d{1,3}\]?\s*")


def _is_in_brackets(groups: list[tuple[str | None, Text]], at: int) -> bool:
    """Whether nothing but a link stands between brackets: `Ana Cruz ([Idec](https://idec.org))`."""
    before = plain(groups[at - 1][1]) if at else ""
    after = plain(groups[at + 1][1]) if at + 1 < len(groups) else ""
    return before.endswith("(") and after.startswith(")")


def _own_note(behind: Text) -> int | None:
    """Return where the author's own note stands right behind a link, but for a stop or a comma."""
    if behind and isinstance(behind[0], NoteCall):
        return 0
    stopped = len(behind) > 1 and isinstance(behind[0], Run) and isinstance(behind[1], NoteCall)
    return 1 if stopped and re.fullmatch(r"[.,;:!?…”\"’»)]+", plain(behind[:1])) else None


_POINTER = pattern(
    r"(?P<sign>\s*[,;–—-])\s+(?P<word>(?:see|siehe|voir|vedi|ver|véase|veja|см\.|див\.|zob\.|cf\.|"
    r"cfr\.|"
    r"vgl\.|bkz\.)(?: (?:also|auch|aussi|anche|también|также))?:?)\s+$", re.IGNORECASE)
"""What points at an address, behind a comma."""


_LONGEST_POINTER = 60
"""letters"""


def _tail(out: list[Inline]) -> str:
    """Return the last words of a text."""
    words = ""
    for inline in reversed(out):
        words = plain((inline,)) + words
        if len(words) >= _LONGEST_POINTER:
            break
    return words[-_LONGEST_POINTER:]


def _take_pointed(group: tuple[str | None, Text], out: list[Inline], pointer: re.Match[str],
                  sink: Sink) -> None:
    """Put a note in place of an address and of the words that point at it, which go with it."""
    whole = tuple(out)
    length = len(joined(whole))
    out[:] = cut(whole, 0, length - len(pointer[0]))
    _, linked = group
    first = next(i for i in linked if isinstance(i, Run))
    sink.change(Change(first.span, "pointer", pointer[0], ""))
    words = Run(f"{pointer['word']} ", PLAIN, first.span)
    shown = tuple(i for i in linked if isinstance(i, Run))
    href = clean_address(first.style.href or "")
    out.append(NoteCall(Note((words, *shown, Run(".", PLAIN, first.span)), (Source(url=href),),
                             first.span), first.span))


def _is_bare_source(href: str | None, linked: Text) -> bool:
    """Whether a link is an address in running text that leads to more than a front page."""
    if not href or not href.startswith(("http://", "https://")):
        return False
    shown = any(isinstance(inline, Run) and is_address(inline) for inline in linked)
    try:
        return shown and len(urlsplit(clean_address(href)).path.strip("/")) > 0
    except ValueError:  # "https://[half": it is printed as it stands
        return False


def _leads_in(before: str) -> bool:
    """Whether a sentence would have a hole without the address behind these words."""
    words = before.split()
    return not words or re.sub(r"[^\w.]", "", words[-1]).casefold() in _LEAD_INS


def _take_address(group: tuple[str | None, Text], out: list[Inline], sink: Sink) -> None:
    """Put a note in place of an address in the text; the colon that led to it goes too, logged."""
    href, linked = group
    assert href
    address = _untracked(clean_address(href))
    span = linked[0].span
    before = out[-1]
    if isinstance(before, Run):
        words = before.text.rstrip(" \u00a0")
        if words.endswith(":"):
            sink.change(Change(span, "colon-before-note", ":", ""))
        out[-1] = replace(before, text=words.removesuffix(":"))
    note = Note((Run(address, Style(href=address), span), Run(".", PLAIN, span)),
                (Source(url=address),), span)
    out.append(NoteCall(note, span))


def _addressed(call: NoteCall) -> NoteCall:
    """Return the call of an author's note in which links on words show where they lead."""
    text = call.note.text
    shown = {clean_address(i.style.href) for i in text
             if isinstance(i, Run) and i.style.href and is_address(i)}
    out: list[Inline] = []
    for href, linked in groupby(text, key=lambda i: i.style.href if isinstance(i, Run) else None):
        inlines = tuple(linked)
        out += inlines
        address = _address_of(href, inlines, frozenset())
        if address and address not in shown:
            span = inlines[-1].span
            out += [Run(", ", PLAIN, span), Run(address, Style(href=address), span)]
    return call if len(out) == len(text) else replace(
        call, note=replace(call.note, text=tuple(out)))


def _with_address(call: NoteCall, address: Run) -> NoteCall:
    """Return the call of an author's note with an address behind its words."""
    words = list(call.note.text)
    last = words[-1] if words else None
    if isinstance(last, Run) and last.text.rstrip().endswith("."):
        words[-1] = replace(last, text=last.text.rstrip()[:-1])
    words += [Run(", ", PLAIN, address.span), address, Run(".", PLAIN, address.span)]
    return replace(call, note=replace(call.note, text=tuple(words)))


def _address_of(href: str | None, linked: Text, people: frozenset[str]) -> str:
    """Return the address of a source that stands behind words; empty if it is none."""
    if not href or not href.startswith(("http://", "https://")):
        return ""
    words = plain(linked).strip()
    shown = any(isinstance(inline, Run) and is_address(inline) for inline in linked)
    bare = words.casefold().rstrip("/") in href.casefold() and "." in words and " " not in words
    if (not words or shown or bare or words.casefold() in people or _is_profile(words, href)
            or _is_account(href)):
        return ""
    return _untracked(clean_address(href))


_ACCOUNT = pattern(r"https?://(?:www\.|m\.|mobile\.)?(?:facebook|twitter|x|instagram|threads|tiktok|t|"
                   r"linkedin)\.(?:com|me|net)/(?:in/|@)?[\w.%-]+/?(?:\?[^/]*)?", re.IGNORECASE)


def _is_account(href: str) -> bool:
    """Whether an address is somebody's page at a network, which is no source; a post is one."""
    return _ACCOUNT.fullmatch(href) is not None


def _is_profile(words: str, href: str) -> bool:
    """Whether a name leads to the page of that person, which is no source."""
    names = words.split()
    if not 2 <= len(names) <= 5 or not names[0][0].isupper() or not all(
            n[0].isupper() or n in _PARTICLES for n in names):
        return False
    if _PEOPLE.search(href):
        return True
    if href.split("?", maxsplit=1)[0].rstrip("/").count("/") > _DEEPEST_PROFILE:
        return False
    page = folded(href.rstrip("/").rpartition("/")[2]).replace(" ", "")
    surname = folded(names[-1]).replace(" ", "")
    longest = len(folded("".join(names)).replace(" ", "")) + _BESIDE_NAME
    return len(surname) > 2 and surname in page and len(page) <= longest


def _untracked(address: str) -> str:
    """Return an address without the parameters by which newsletters and networks follow readers."""
    head, mark, rest = address.partition("?")
    query, fragment, anchor = rest.partition("#")
    kept = [part for part in query.split("&") if part and not part.startswith(_TRACKING)]
    return f"{head}{mark if kept else ''}{'&'.join(kept)}{fragment}{anchor}"


def _noted(address: str, following: list[tuple[str | None, Text]]) -> bool:
    """Whether the author's own note, right behind a link, has its address."""
    for _, inlines in following:
        for inline in inlines:
            if isinstance(inline, NoteCall):
                return any(isinstance(run, Run) and run.style.href
                           and clean_address(run.style.href) == address
                           for run in inline.note.text)
            if isinstance(inline, Run) and any(c.isalnum() for c in inline.text):
                return False
    return False
