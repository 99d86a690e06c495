"""The editions, each a row. A new edition is a row here."""

from __future__ import annotations

from msgspec import Struct

from reportgen.standards import ColourSpace, Standard, TagSet


class Edition(Struct, frozen=True):
    """What a PDF is for, and what it claims to be."""

    name: str
    """As on the command line and in the file's name."""
    purpose: str
    standards: tuple[Standard, ...]
    """What it is tested against before it gets its name."""
    tags: TagSet = TagSet.PDF_1_7
    colours: ColourSpace = ColourSpace.RGB
    embeds: bool = False
    """Whether the briefs and data are embedded in it."""


EDITIONS = {
    edition.name: edition
    for edition in (
        Edition("screen", "for reading on screens, and aloud", (Standard.PDF_UA_1,)),
        Edition("archive", "to be kept, with briefs and data in it",
                (Standard.PDF_A_3A, Standard.PDF_UA_1), embeds=True),
        Edition("archive-next", "the same by the newest standards",
                (Standard.PDF_A_4F, Standard.PDF_UA_2, Standard.WTPDF_ACCESS,
                 Standard.WTPDF_REUSE), TagSet.PDF_2_0, embeds=True),
        Edition("archive-plain", "for archives that take no embedded files",
                (Standard.PDF_A_2A, Standard.PDF_UA_1)),
        Edition("print", "for the printer", (Standard.PDF_X_4,), TagSet.NONE, ColourSpace.CMYK),
    )
}
