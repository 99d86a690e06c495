"""Taking citations out of the text and putting notes in their place.

The author's words stay as they are: a note is what stood between the brackets.
Only the brackets go, with a comma that they leave without use, and the mark
goes where a typesetter puts it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from reportgen.citations.decisions import Become
from reportgen.citations.grading import Habit, abbreviates
from reportgen.citations.items import Finding, clean_address, find_items
from reportgen.citations.spans import Group, atoms, find_groups
from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.languages import Language, MarkPlace
from reportgen.model import (
    PLAIN,
    Block,
    Citation,
    Confidence,
    Inline,
    Note,
    NoteCall,
    Paragraph,
    Run,
    Source,
    SourceList,
    Text,
    plain,
)
from reportgen.patterns import pattern
from reportgen.texts import (
    cut,
    folded,
    is_address,
    is_between_calls,
    joined,
    map_text,
    texts,
)

_SOURCES = pattern(
    r"(?:sources?|quellen?|font[ie]|fuentes?|fontes?|źródł[ao]|источники?|джерел[ао]|"
    r"kaynak(?:lar)?|"
    r"data sources?|further reading)\s*:", re.IGNORECASE)
_ONE_SOURCE = pattern(r"(?:source|quelle|fonte|fuente|źródło|источник|джерело|kaynak)\s*:",
                         re.IGNORECASE)
_MAX_GROUPS = 400
_HABIT = 2
"""Sources between brackets by which a brief shows how it cites."""


class _Lifted(Struct, frozen=True):
    group: Group
    citation: Citation


def lift_citations(
    blocks: tuple[Block, ...], language: Language, decided: Mapping[str, Become], sink: Sink
) -> tuple[Block, ...]:
    """Return `blocks` with every citation turned into the call of a note.

    What may be a citation but is not sure enough stays in the text, with a
    warning in `sink`, unless the editor has `decided` what becomes of its words.
    """
    habit = habit_of(blocks)
    return tuple(
        block if lists_sources(block) else
        map_text(block, lambda text: lift_from_text(text, language, sink, decided, habit))
        for block in blocks
    )


def habit_of(blocks: tuple[Block, ...]) -> Habit:
    """Return how a brief cites: two sources between brackets that are sure make a habit."""
    sure = sum(citation.confidence is not Confidence.POSSIBLE
               for text in texts(blocks) for _, citation in find_citations(text))
    return Habit.BRACKETS if sure >= _HABIT else Habit.UNKNOWN


def with_source_lines(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Return blocks in which a line `Source: ...` below a paragraph is a note at its end.

    Only where text goes on below it: one at the end of a brief names the sources of the whole.
    """
    out: list[Block] = []
    several = sum(lists_sources(block) for block in blocks) > 1
    for at, block in enumerate(blocks):
        before = out[-1] if out else None
        if (not isinstance(block, Paragraph) or not lists_sources(block)
                or not isinstance(before, Paragraph)
                or not (several or _ONE_SOURCE.match(plain(block.text).strip("*_ ")))
                or not (any(isinstance(b, Paragraph) and not lists_sources(b)
                            for b in blocks[at + 1:]) or _ends_with_line_note(blocks[:at]))):
            out.append(block)
            continue
        string = joined(block.text)
        label = string.index(":") + 1
        words = cut(block.text, label + len(string[label:]) - len(string[label:].lstrip()),
                    len(string))
        finding = find_items(atoms(words), "[")
        note = Note(_note_text(Citation(finding.sources if finding else (), Confidence.SURE, words,
                                        block.span)),
                    finding.sources if finding else (), block.span)
        _log(block.span, "source-line", string[:label], "", sink)
        out[-1] = replace(before, text=(*before.text, NoteCall(note, block.span)))
    return tuple(out)


def _ends_with_line_note(before: tuple[Block, ...]) -> bool:
    """Whether paragraphs have their sources below them: there is a line of them further up."""
    return any(lists_sources(block) for block in before)


def lists_sources(block: Block) -> bool:
    """Whether a block names the sources of the whole brief: a list, a line `Sources: ...`."""
    return isinstance(block, SourceList) or (
        isinstance(block, Paragraph) and bool(_SOURCES.match(plain(block.text).strip("*_ "))))


def lift_from_text(text: Text, language: Language, sink: Sink,
                   decided: Mapping[str, Become] | None = None,
                   habit: Habit = Habit.UNKNOWN) -> Text:
    """Return one paragraph's text with its citations turned into calls of notes."""
    text = settle_marks(_with_brackets_outside(text), language)
    found = find_citations(text, habit)
    for group, citation in reversed(found):
        become = decided.get(folded(plain(citation.text))) if decided else None
        if become is Become.TEXT:
            continue
        if citation.confidence is Confidence.POSSIBLE and become is None:
            sink.warning(
                "possible-citation", f"this may be a citation: {_excerpt(citation.text)}",
                citation.span, "put its title in *italics*, or give its date, to make it a note; "
                "or decide: reportgen cites --as-note, --as-text",
                words=plain(citation.text))
            continue
        if not group.closed:
            sink.warning("unclosed-bracket", "a bracket around a citation is never closed",
                         citation.span, "it was closed after the address; close it in the brief")
        text = _replaced(text, _Lifted(group, citation), language, sink)
    return with_sources(text)


def _with_brackets_outside(text: Text) -> Text:
    """Return a text in which brackets around all words of a link stand outside of it."""
    out: list[Inline] = []
    for inline in text:
        if (isinstance(inline, Run) and inline.style.href and len(inline.text) > 2
                and inline.text[0] == "(" and inline.text[-1] == ")"
                and inline.text.count("(") == 1):
            bare = replace(inline.style, href=None)
            out += [replace(inline, text="(", style=bare),
                    replace(inline, text=inline.text[1:-1]),
                    replace(inline, text=")", style=bare)]
        else:
            out.append(inline)
    return tuple(out)


def find_citations(text: Text, habit: Habit = Habit.UNKNOWN) -> list[tuple[Group, Citation]]:
    """Return the citations of a paragraph, in their order, also those that are not sure."""
    string = joined(text)
    if "(" not in string and "[" not in string:
        return []
    found: list[tuple[Group, Citation]] = []
    for tree in find_groups(text)[:_MAX_GROUPS]:
        end = -1
        for group in tree[:50]:
            if group.start < end:
                continue
            inner = cut(text, *group.inner)
            if any(isinstance(inline, NoteCall) for inline in inner):
                continue  # a note cannot stand in a note
            if abbreviates(plain(inner), string[: group.start]):
                continue  # "the Central Bank (CB)", with a link on the letters
            finding = find_items(atoms(inner), group.opener, habit)
            if finding is None or _holds_better(finding, group, tree, text):
                continue
            span = inner[0].span if inner else Span("")
            found.append((group, Citation(finding.sources, finding.confidence, inner, span)))
            end = group.end
    return found


def _holds_better(finding: Finding, group: Group, tree: list[Group], text: Text) -> bool:
    """Whether an aside was taken for a citation because of the citation that it holds."""
    if finding.confidence is Confidence.SURE and len(tree) == 1:
        return False
    for other in tree:
        if group.start < other.start and other.end <= group.end:
            inner = find_items(atoms(cut(text, *other.inner)), other.opener)
            if inner and inner.confidence is Confidence.SURE:
                return True
    return False


def settle_marks(text: Text, language: Language) -> Text:
    """Return `text` with the marks of the author's own notes where the language has them.

    `command[^1]; the` -> the mark follows the semicolon in English, and precedes
    it in French (Chicago Manual of Style, 18th ed., 13.28; Lexique des règles
    typographiques de l'Imprimerie nationale, "Appel de note").
    """
    out: list[Inline] = []
    rest = list(text)
    while rest:
        calls = _calls_in_a_row(rest)
        if not calls:
            out.append(rest.pop(0))
            continue
        after = rest[0] if rest else None
        if language.mark_place is MarkPlace.AFTER and isinstance(after, Run):
            marks = re.match(r"[.,;:!?…]+[”\"»’]?(?!\w)", after.text)
            if marks:
                out.append(replace(after, text=marks[0]))
                rest[0] = replace(after, text=after.text[marks.end():])
            out += calls
        elif language.mark_place is MarkPlace.BEFORE and out and isinstance(out[-1], Run):
            before = out[-1]
            marks = re.search(r"[.,;:]$", before.text)
            if marks and not before.text.endswith(".."):
                out[-1] = replace(before, text=before.text[: marks.start()])
                calls.append(replace(before, text=marks[0]))
            out += calls
        else:
            out += calls
    return tuple(i for i in out if not isinstance(i, Run) or i.text)


def _calls_in_a_row(rest: list[Inline]) -> list[Inline]:
    """Take the calls of notes that a text begins with, and the commas between them."""
    calls: list[Inline] = []
    while rest and isinstance(rest[0], NoteCall):
        calls.append(rest.pop(0))
        if len(rest) > 1 and isinstance(rest[1], NoteCall) and is_between_calls(rest[0]):
            rest.pop(0)  # a raised comma parts them on the page
    return calls


def with_sources(text: Text) -> Text:
    """Return `text`; the notes that the author wrote as notes get the sources they cite."""
    out: list[Inline] = []
    for inline in text:
        if isinstance(inline, NoteCall) and not inline.note.sources:
            finding = find_items(atoms(inline.note.text), "[")
            if finding and finding.confidence is not Confidence.POSSIBLE:
                note = replace(inline.note, sources=finding.sources)
                out.append(replace(inline, note=note))
                continue
        out.append(inline)
    return tuple(out)


def listed_sources(block: Block) -> tuple[Source, ...]:
    """Return the sources that a list, or a line such as `Sources: A; B`, names."""
    if isinstance(block, SourceList):
        found = (find_items(atoms(entry), "[") for entry in block.entries)
        return tuple(source for each in found if each for source in each.sources)
    if not lists_sources(block):
        return ()
    assert isinstance(block, Paragraph)
    text = block.text
    string = joined(text)
    label = string.find(":") + 1
    finding = find_items(atoms(cut(text, label, len(string))), "[")
    return finding.sources if finding else ()


def addresses_in(block: Block) -> tuple[Source, ...]:
    """Return the pages whose addresses stand in running text, as words of their sentences."""
    if lists_sources(block):
        return ()
    return tuple(Source(url=clean_address(run.style.href)) for text in texts((block,))
                 for run in text if isinstance(run, Run) and is_address(run)
                 and run.style.href and run.style.href.startswith(("http://", "https://"))
                 and "/" in run.style.href.rstrip("/").partition("://")[2])


def _replaced(text: Text, lifted: _Lifted, language: Language, sink: Sink) -> Text:
    """Return `text` with one group replaced by its call."""
    group, citation = lifted.group, lifted.citation
    string = joined(text)
    before, after = string[: group.start].rstrip(" \u00a0"), string[group.end :]
    if not before:
        return text
    marks = re.match(r"[.,;:!?…]*[”\"»’]?(?![\w(\[])", after)
    following = marks[0] if marks else ""
    start, place = len(before), group.end
    stopped = before[-1] in ".!?…" or before.endswith((".”", '."', ".»"))
    if before[-1] == "," and following:
        start -= 1
        _log(citation.span, "comma-before-note", string[start : group.start + 1], "", sink)
    if not stopped and language.mark_place is MarkPlace.AFTER:
        place += len(following)
    elif stopped and following.startswith("."):
        group = replace(group, end=group.end + 1)
        place = group.end
    note = Note(_note_text(citation), citation.sources, citation.span)
    call = NoteCall(note, citation.span)
    return (*cut(text, 0, start), *cut(text, group.end, place), call,
            *cut(text, place, len(string)))


def _note_text(citation: Citation) -> Text:
    """Return the note: the author's words, ending in a full stop, with the address to be read."""
    inlines = list(citation.text)
    while inlines and isinstance(inlines[-1], Run) and not inlines[-1].text.strip(" .,;"):
        inlines.pop()
    if inlines and isinstance(inlines[-1], Run) and not is_address(inlines[-1]):
        inlines[-1] = replace(inlines[-1], text=inlines[-1].text.rstrip(" ,;"))
    if inlines and isinstance(inlines[0], Run):
        inlines[0] = replace(inlines[0], text=inlines[0].text.lstrip(" ,"))
    inlines = _with_commas(inlines) + _hidden_addresses(inlines, citation.sources)
    last = inlines[-1] if inlines else None
    if isinstance(last, Run) and (is_address(last) or last.text[-1:] not in ".!?…"):
        inlines.append(Run(".", PLAIN, last.span))
    return tuple(inlines)


def _with_commas(inlines: list[Inline]) -> list[Inline]:
    """Put the comma in that an author left out before an address."""
    out: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Run) and is_address(inline) and out:
            previous = out[-1]
            if isinstance(previous, Run) and previous.text.rstrip()[-1:].isalnum():
                lead = previous.text.rstrip()
                last_word = lead.split()[-1].lower() if lead.split() else ""
                if last_word not in ("see", "at", "via", "vedi", "voir", "siehe", "in", "by"):
                    out[-1] = replace(previous, text=lead)
                    out.append(Run(", ", PLAIN, inline.span))
        out.append(inline)
    return out


def _hidden_addresses(inlines: list[Inline], sources: tuple[Source, ...]) -> list[Inline]:
    """Return the addresses that only stand behind a title: on paper they would be lost."""
    shown = {i.style.href for i in inlines if isinstance(i, Run) and is_address(i)}
    out: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Run) and inline.style.href and inline.style.href not in shown:
            address = clean_address(inline.style.href)
            shown |= {inline.style.href, address}
            if not address.startswith(("http://", "https://")):
                continue
            style = replace(PLAIN, href=address)
            out += [Run(", ", PLAIN, inline.span), Run(address, style, inline.span)]
    return out


def _excerpt(text: Text) -> str:
    words = plain(text)
    return words if len(words) < 70 else words[:67].rstrip() + "..."


def _log(span: Span, rule: str, before: str, after: str, sink: Sink) -> None:
    sink.change(Change(span, rule, before, after))
