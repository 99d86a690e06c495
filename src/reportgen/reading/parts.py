"""A brief while it is taken apart: the blocks that are left, and what was found above and below."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from reportgen.model import Author, Block, NoteCall, Run, Text


class Parts(Struct, frozen=True):
    """A brief, taken apart so far."""

    blocks: tuple[Block, ...]
    title: Text = ()
    standfirst: Text = ()
    authors: tuple[Author, ...] = ()


def unstyled(text: Text) -> Text:
    """Return `text` upright and light if all of it is in bold or italics, as titles are typed."""
    runs = [i for i in text if isinstance(i, Run)]
    if all(run.style.strong for run in runs) or all(run.style.emphasis for run in runs):
        return tuple(
            replace(i, style=replace(i.style, strong=False, emphasis=False))
            if isinstance(i, Run) else i for i in text
        )
    return text


def cites(text: Text) -> bool:
    """Whether a note is called or a link stands in `text`: a standfirst has neither."""
    return any(isinstance(i, NoteCall) or (isinstance(i, Run) and i.style.href) for i in text)
