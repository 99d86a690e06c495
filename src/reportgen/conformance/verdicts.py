"""What validators say of a file, and which standards a file claims."""

from __future__ import annotations

import io
import re
from typing import Protocol
from xml.etree import ElementTree

import pikepdf
from msgspec import Struct, field

from reportgen.standards import NAMESPACES, Family, Standard


class Finding(Struct, frozen=True):
    """A rule that a file breaks."""

    rule: str
    """The validator's name of the rule."""
    message: str
    times: int = 1


class Verdict(Struct, frozen=True):
    """What one validator says of one standard."""

    standard: Standard
    validator: str
    """With its version."""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = field(default=())
    """What was not looked at, and why."""

    @property
    def passed(self) -> bool:
        return not self.findings


class Validator(Protocol):
    """Tests files against the standards that it covers."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def covers(self) -> frozenset[Standard]:
        """What it can test."""

    def title(self) -> str | None:
        """Return name and version, or None where it is not installed."""

    def missing(self) -> str:
        """Return what an editor does to have it."""

    def verify(self, pdf: bytes, standards: tuple[Standard, ...]) -> list[Verdict]:
        """Return a verdict for each of `standards`, all of which it covers.

        Raises CannotVerify if it could not do its work.
        """


class CannotVerify(Exception):
    """A validator could not do its work; the message says why."""


class NotPdf(Exception):
    """The file cannot be read as a PDF."""


def claims_of(pdf: bytes) -> tuple[Standard, ...]:
    """Return the standards that a file claims in its XMP. Raises NotPdf."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return claims_in(opened)
    except pikepdf.PasswordError as error:
        raise NotPdf("it is encrypted, and asks for a password") from error
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError) as error:
        reason = re.sub(r"stream <[^>]*>:? ?|\(?offset \d+\)?:? ?", "", str(error).split("\n")[0])
        raise NotPdf(reason) from error


def claims_in(pdf: pikepdf.Pdf) -> tuple[Standard, ...]:
    """Return the standards that an open file claims in its XMP."""
    said = _properties(_packet(pdf))
    return tuple(s for s in Standard if {
        (f"{{{NAMESPACES[s.value.family]}}}{name}", value) for name, value in s.value.properties
    } <= said)


def unknown_claims(pdf: bytes) -> tuple[str, ...]:
    """Return what else a readable file claims, of the same families: an older part, another level.

    A part that one of the known standards of the file has is not another claim.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        said = _properties(_packet(opened))
        known = {(f"{{{NAMESPACES[s.value.family]}}}{name}", value)
                 for s in claims_in(opened) for name, value in s.value.properties}
    names = {f"{{{NAMESPACES[family]}}}": family.value for family in Family}
    return tuple(sorted(
        f"{prefix}:{name.removeprefix(space)} {value}" for name, value in said - known
        for space, prefix in names.items()
        if name.startswith(space) and name.removeprefix(space) in _CLAIMS and value))


_CLAIMS = ("part", "conformance", "conformsTo", "GTS_PDFXVersion")


def _packet(pdf: pikepdf.Pdf) -> bytes:
    metadata = pdf.Root.get("/Metadata")
    return metadata.read_bytes() if isinstance(metadata, pikepdf.Stream) else b""


def _properties(packet: bytes) -> set[tuple[str, str]]:
    """Return the simple properties of an XMP packet: qualified names with their values.

    XMP writes them as elements or as attributes (ISO 16684-1, 7.4 and 7.9.2.2).
    """
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return set()  # XMP has neither, and entities can be made to explode
    try:
        root = ElementTree.fromstring(packet)
    except (ElementTree.ParseError, ValueError):
        return set()
    found = set()
    for element in root.iter():
        found.add((element.tag, (element.text or "").strip()))
        found.update((name, value.strip()) for name, value in element.items())
    return found
