"""What a layout must keep; a breach is an error, and the file is not written."""

from __future__ import annotations

from reportgen.diagnostics import Severity, Sink, Span
from reportgen.model import Bulletin, ComposedBrief, Run
from reportgen.rendering.inspection import PageFacts
from reportgen.texts import texts
from reportgen.typesetting.appearance import Flaw, flaws, placed
from reportgen.typesetting.brief import SetBrief

NO_GLYPH = ("put another sign in its place, or add a font that has it, and its family to fonts in "
             "theme.toml")

MOST_COLUMNS = 16
"""Columns of a table that can be read at all on the width of a text."""

NO_FONT = "no font"
"""Stands for the family of a character that no font on this machine has."""

def marks_of(facts: PageFacts) -> list[tuple[int, str]]:
    """Return page and words of each breach on the pages around the briefs, for a draft."""
    found = [(o.page, f'"{o.text}" stands outside of {o.where}') for o in facts.overflows]
    found += [(page, f"a link leads to #{target}, which is not there")
              for page, target in facts.dead_links]
    found += [(min(pages), f"the {name} takes {len(pages)} pages")
              for name, pages in facts.single.items() if len(pages) > 1]
    return found


def check_matter(facts: PageFacts, inside: int, bulletin: Bulletin, sink: Sink) -> None:
    """Report every breach on the pages around the briefs, which the engine has laid out.

    `inside` is the number of pages of the briefs, for which the engine has seen one sheet.
    """
    for overflow in facts.overflows:
        page = facts.number(overflow.page, inside)
        sink.error("overflow", f'page {page}: "{overflow.text}" stands outside of '
                   f"{overflow.where}", Span("bulletin"),
                   "shorten it, or widen its place in the style sheet")
    for seen, target in facts.dead_links:
        page = facts.number(seen, inside)
        sink.error("dead-link", f"page {page}: a link leads to #{target}, which is not there",
                   Span("bulletin"), "a template lost the element with that id")
    for name, pages in facts.single.items():
        if len(pages) > 1:
            sink.error("too-tall", f"the {name} does not fit on page {min(pages)}",
                       Span("bulletin"), "take something out")
    for brief in bulletin.briefs:
        if brief.anchor not in facts.anchors:
            sink.error("lost-brief", f"the brief {brief.name} is on no page", brief.span,
                       "a template lost the sheets of the briefs")


def check_brief(done: SetBrief, brief: ComposedBrief, sink: Sink) -> tuple[Flaw, ...]:
    """Report what is to be seen in a set brief, where it stands; return what a draft marks.

    `sink` has what was told of its setting; that is marked as well, unless it is a note.
    """
    found = tuple(flaws(done.pages))
    _check_set(done, brief, sink)
    marked = tuple(placed(told, done.pages) for told in sink if told.severity is not Severity.NOTE)
    for flaw in found:
        sink.warning(flaw.code, flaw.message, flaw.span if flaw.span.file else brief.span,
                     "say it in other words, or in another order")
    return (*found, *marked)


def _check_set(done: SetBrief, brief: ComposedBrief, sink: Sink) -> None:
    """Report what setting could not do as it should."""
    numbers = {note.identifier: note for note in brief.notes}
    for name in done.split_notes:
        note = numbers[name]
        sink.warning("long-note", f"note {note.number} goes on at the foot of the next page",
                     note.span, "shorten the note")
    for name in done.late_notes:
        note = numbers[name]
        sink.warning("long-note", f"note {note.number} begins on the page behind its call: the "
                     "note before it fills the page", note.span, "shorten the note before it")
    for columns, span in done.cramped:
        if columns > MOST_COLUMNS:
            sink.error("wide-table", f"a table of {columns} columns has no room on the page",
                       span, f"at most {MOST_COLUMNS} columns; make two tables of it")
        else:
            sink.warning("wide-table", "the table is wider than the text: its words are broken",
                         span, "use shorter words, or fewer columns")
    check_characters(done.missing, brief.span, sink)


def check_characters(missing: list[tuple[str, str, Span]], otherwise: Span, sink: Sink) -> None:
    """Report characters that could not be set, by family and character, once a place.

    `otherwise` stands for a place that is not known.
    """
    found: dict[tuple[str, Span], str] = {}
    for family, character, span in dict.fromkeys(missing):
        place = family, span if span.file else otherwise
        found[place] = found.get(place, "") + character
    for (family, span), characters in found.items():
        for character in characters[:5]:
            sink.error("font", f'"{character}" (U+{ord(character):04X}) is not in "{family}"',
                       span, NO_GLYPH)


def check_fonts(found: dict[str, str], expected: tuple[str, ...], bulletin: Bulletin,
                sink: Sink) -> None:
    """Report characters that were set in a font which is not the theme's, where they stand."""
    for family in sorted(set(found) - set(expected)):
        for character in found[family].strip()[:5] or "?":
            sink.error("font", f'"{character}" (U+{ord(character):04X}) is in none of the theme\'s '
                       f'fonts; "{family}" was used', _place_of(character, bulletin),
                       NO_GLYPH)


def _place_of(character: str, bulletin: Bulletin) -> Span:
    """Return where a character stands first, in the briefs or in what the series says."""
    found: list[Span] = []
    for brief in bulletin.briefs:
        for text in (brief.title, brief.standfirst, *(a.bio for a in brief.authors),
                     *(note.text for note in brief.notes), *texts(brief.blocks)):
            found += [i.span for i in text if isinstance(i, Run) and character in i.text]
        if any(character in author.name for author in brief.authors):
            found.append(brief.span)
    series = (bulletin.title, bulletin.subtitle, bulletin.publisher, bulletin.licence,
              *bulletin.imprint, *bulletin.disclaimer)
    if not found and any(character in words for words in series):
        return Span("series.toml")
    return found[0] if found else Span("bulletin")
