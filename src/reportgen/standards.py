"""The standards that an edition can claim, each a row, and what follows from them.

Editions write the claims, verifiers read and test them; both know a standard
by its row in this table.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class TagSet(Enum):
    """Which structure types a tagged PDF may use."""

    NONE = "none"
    """Not tagged."""
    PDF_1_7 = "1.7"
    """ISO 32000-1, 14.8.4."""
    PDF_2_0 = "2.0"
    """ISO 32000-2, 14.8.4, with its namespace."""

    @property
    def pdf_version(self) -> str:
        """The version of PDF; what is not tagged is for print (ISO 15930-7 is based on 1.6)."""
        return "1.6" if self is TagSet.NONE else self.value


class ColourSpace(Enum):
    """In which colours a page is set."""

    RGB = "rgb"
    CMYK = "cmyk"


class Family(Enum):
    """What a standard is for; the prefix of its identification in XMP."""

    ARCHIVE = "pdfaid"
    ACCESS = "pdfuaid"
    PRINT = "pdfxid"
    REUSE = "pdfd"
    """Well-Tagged PDF, claimed by a declaration (PDF Declarations 1.0)."""


class Row(Struct, frozen=True):
    """A standard: how it is named, and how it is claimed in XMP."""

    title: str
    family: Family
    properties: tuple[tuple[str, str], ...]
    """Properties of the family's namespace, in their order; for REUSE, `conformsTo`."""
    profile: str
    """Name of the validators' profile, as in `ua1`."""


class Standard(Enum):
    """A standard that a file can be tested against."""

    PDF_UA_1 = Row("PDF/UA-1", Family.ACCESS, (("part", "1"),), "ua1")
    PDF_UA_2 = Row("PDF/UA-2", Family.ACCESS, (("part", "2"), ("rev", "2024")), "ua2")
    PDF_A_2A = Row("PDF/A-2a", Family.ARCHIVE, (("part", "2"), ("conformance", "A")), "2a")
    PDF_A_3A = Row("PDF/A-3a", Family.ARCHIVE, (("part", "3"), ("conformance", "A")), "3a")
    PDF_A_4F = Row("PDF/A-4f", Family.ARCHIVE,
                   (("part", "4"), ("rev", "2020"), ("conformance", "F")), "4f")
    PDF_X_4 = Row("PDF/X-4", Family.PRINT, (("GTS_PDFXVersion", "PDF/X-4"),), "x4")
    WTPDF_ACCESS = Row("WTPDF 1.0 for accessibility", Family.REUSE,
                       (("conformsTo", "http://pdfa.org/declarations/wtpdf#accessibility1.0"),),
                       "wt1a")
    WTPDF_REUSE = Row("WTPDF 1.0 for reuse", Family.REUSE,
                      (("conformsTo", "http://pdfa.org/declarations/wtpdf#reuse1.0"),), "wt1r")

    @property
    def title(self) -> str:
        """How people write it."""
        return self.value.title

    @property
    def profile(self) -> str:
        """How validators call it."""
        return self.value.profile


NAMESPACES = {
    Family.ARCHIVE: "http://www.aiim.org/pdfa/ns/id/",
    Family.ACCESS: "http://www.aiim.org/pdfua/ns/id/",
    Family.PRINT: "http://www.npes.org/pdfx/ns/id/",
    Family.REUSE: "http://pdfa.org/declarations/",
}
"""ISO 19005-3, 6.6.4; ISO 14289-1, 5; ISO 15930-7, 6.17; PDF Declarations 1.0."""
