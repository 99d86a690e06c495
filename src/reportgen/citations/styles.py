"""The styles of notes, by the name that a series gives: `notes = "mhra"` in series.toml.

One row a style; a style is a module with the first and the later note of a source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from reportgen.citations import apa, chicago, mhra
from reportgen.citations.library import Item
from reportgen.language.languages import Language

Writer = Callable[[Item, str, Language], str]
"""Takes a source, a place in it, and the language of the note; returns Markdown without a stop."""


@dataclass(frozen=True)
class Style:
    """How a source is written in a note."""

    full: Writer
    short: Writer


class NoteStyle(Enum):
    """What a series may ask for."""

    AS_WRITTEN = "as-written"
    """Words of authors stay; what is cited by key is written after Chicago."""
    CHICAGO = "chicago-notes"
    MHRA = "mhra"
    APA = "apa"


_CHICAGO = Style(chicago.full_note, chicago.short_note)
STYLES = {
    NoteStyle.AS_WRITTEN: _CHICAGO,
    NoteStyle.CHICAGO: _CHICAGO,
    NoteStyle.MHRA: Style(mhra.full_note, mhra.short_note),
    NoteStyle.APA: Style(apa.full_note, apa.short_note),
}
