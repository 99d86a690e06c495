"""The styles of notes, by the name that a series gives: `notes = "mhra"` in series.toml.

One row a style; a style is a module with the first and the later note of a source. A path that ends
in `.csl` is a style of the Citation Style Language.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from reportgen.citations import apa, chicago, mhra
from reportgen.citations.csl import CslFile
from reportgen.citations.library import Item
from reportgen.language.languages import Language


class Own(Enum):
    """What becomes of notes in an author's own words."""

    STAY = "stay"
    SET_ANEW = "set anew"
    """Where no word is lost by it."""


Writer = Callable[[Item, str, Language], str]
"""Takes a source, a place in it, and the language of the note; returns Markdown without a stop."""


class NoteStyle(Struct, frozen=True):
    """How a source is written in a note."""

    full: Writer
    short: Writer
    authors_own: Own = Own.SET_ANEW


AS_WRITTEN = NoteStyle(chicago.full_note, chicago.short_note, Own.STAY)
"""Words of authors stay; what is cited by key is written after Chicago."""

STYLES = {
    "as-written": AS_WRITTEN,
    "chicago-notes": NoteStyle(chicago.full_note, chicago.short_note),
    "mhra": NoteStyle(mhra.full_note, mhra.short_note),
    "apa": NoteStyle(apa.full_note, apa.short_note),
}
"""What a series may ask for, beside files of CSL."""


def style_of_file(data: bytes) -> NoteStyle:
    """Return the style of a CSL file. Raises CslError if it cannot be used."""
    file = CslFile(data)
    file.check()
    return NoteStyle(file.full_note, file.short_note)
