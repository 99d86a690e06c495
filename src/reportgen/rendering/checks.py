"""What a layout must keep; a breach is an error, and the file is not written."""

from __future__ import annotations

from reportgen.diagnostics import Sink, Span
from reportgen.model import Bulletin, Run, Text, map_text
from reportgen.rendering.inspection import PageFacts

NO_FONT = "no font"
"""Stands for the family of a character that no font on this machine has."""

LEAST_FILL = 1 / 3
"""Of a brief's pages but its last, none is emptier than this."""


def check_layout(facts: PageFacts, bulletin: Bulletin, sink: Sink) -> None:
    """Report every breach of `facts` at the brief, or the note, that it concerns."""
    spans = {brief.anchor: brief.span for brief in bulletin.briefs}
    _check_notes(facts, bulletin, sink)
    for overflow in facts.overflows:
        sink.error("overflow", f'page {overflow.page}: "{overflow.text}" stands outside of '
                   f"{overflow.where}", spans.get(overflow.brief, Span("bulletin")),
                   "shorten it, or widen its place in the style sheet")
    for page, target in facts.dead_links:
        sink.error("dead-link", f"page {page}: a link leads to #{target}, which is not there",
                   Span("bulletin"), "a template lost the element with that id")
    for name, pages in facts.single.items():
        if len(pages) > 1:
            what = "the side column" if name in spans else f"the {name}"
            sink.error("too-tall", f"{what} does not fit on page {min(pages)}",
                       spans.get(name, Span("bulletin")),
                       "shorten the bios or figures" if name in spans else "take something out")
    for brief in bulletin.briefs:
        found = facts.briefs.get(brief.anchor)
        if found is None:
            sink.error("lost-brief", f"the brief {brief.name} is on no page", brief.span)
        elif len(found.pages) > 1 and found.least_fill < LEAST_FILL:
            sink.error("empty-page", f"a page of the brief is only {found.least_fill:.0%} full",
                       brief.span, "a note, picture or table is too tall for the page before")


def _check_notes(facts: PageFacts, bulletin: Bulletin, sink: Sink) -> None:
    for brief in bulletin.briefs:
        for note in brief.notes:
            call, page = facts.calls.get(note.identifier), facts.notes.get(note.identifier)
            if call is None or page is None:
                sink.error("lost-note", f"note {note.number} is on no page", note.span)
            elif call != page:
                sink.error("parted-note",
                           f"note {note.number} is called on page {call} and stands on page {page}",
                           note.span, "shorten the note")


def check_fonts(found: dict[str, str], expected: tuple[str, ...], bulletin: Bulletin,
                sink: Sink) -> None:
    """Report characters that were set in a font which is not the theme's, where they stand."""
    for family in sorted(set(found) - set(expected)):
        for character in found[family].strip()[:5] or "?":
            sink.error("font", f'"{character}" (U+{ord(character):04X}) is in none of the theme\'s '
                       f'fonts; "{family}" was used', _place_of(character, bulletin),
                       "put another sign in its place, or add a font that has it, and its family "
                       "to fonts in theme.toml")


def _place_of(character: str, bulletin: Bulletin) -> Span:
    """Return where a character stands first, in the briefs or in what the series says."""
    found: list[Span] = []

    def look(text: Text) -> Text:
        found.extend(i.span for i in text if isinstance(i, Run) and character in i.text)
        return text

    for brief in bulletin.briefs:
        for text in (brief.title, brief.standfirst, *(a.bio for a in brief.authors),
                     *(note.text for note in brief.notes)):
            look(text)
        for block in brief.blocks:
            map_text(block, look)
        if any(character in author.name for author in brief.authors):
            found.append(brief.span)
    series = (bulletin.title, bulletin.subtitle, bulletin.publisher, bulletin.licence,
              *bulletin.imprint, *bulletin.disclaimer)
    if not found and any(character in words for words in series):
        return Span("series.toml")
    return found[0] if found else Span("bulletin")
