"""Finishing: from the pages as rendered to the bytes of an edition.

Each family of standards has a function for what it asks of the bytes; the rest
is the XMP packet that claims them. The same pages give the same bytes: no
clock, no random identifier.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

import pikepdf
from msgspec import Struct
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name, String

from reportgen.editions.press import Press, prepare_for_press
from reportgen.editions.streams import saved
from reportgen.editions.table import Edition
from reportgen.editions.xmp import NO_IDENTIFIER, Particulars, xmp_packet
from reportgen.standards import Family, Standard


class Attachment(Struct, frozen=True):
    """A file that is embedded in an edition."""

    name: str
    data: bytes
    media_type: str
    relationship: str
    """Source, Data or Supplement (ISO 19005-3, 6.8)."""
    description: str


class Material(Struct, frozen=True):
    """What an edition is made of beside its pages."""

    particulars: Particulars
    attachments: tuple[Attachment, ...]
    screen_profile: bytes
    """ICC profile of sRGB."""
    press: Press


def finish(pdf: pikepdf.Pdf, edition: Edition, material: Material) -> bytes:
    """Return the PDF of an edition, made of an open file of its pages, which is changed by that."""
    families = {standard.value.family for standard in edition.standards}
    for family, step in _STEPS.items():
        if family in families:
            step(pdf, edition, material)
    if edition.embeds:
        _embed(pdf, material)
    title = str(pdf.docinfo.get("/Title", material.particulars.title))  # the template's word
    packet = xmp_packet(replace(material.particulars, title=title), edition.standards)
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    _information(pdf, edition, material.particulars)
    return _identified(saved(pdf, edition.tags.pdf_version))


def _identified(pdf: bytes) -> bytes:
    """Return a file whose identifier in the XMP packet is a UUID that its content decides.

    RFC 9562, version 8. The packet is never deflated (streams), and the length stays.
    """
    nil = NO_IDENTIFIER.encode()
    if nil not in pdf:
        return pdf
    digest = bytearray(hashlib.sha256(pdf).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return pdf.replace(nil, str(uuid.UUID(bytes=bytes(digest))).encode())


def _information(pdf: pikepdf.Pdf, edition: Edition, particulars: Particulars) -> None:
    """Write the information dictionary; PDF/A-4 has none (ISO 19005-4, 6.1.3)."""
    if Standard.PDF_A_4F in edition.standards:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        return
    info = pdf.docinfo
    info.Producer = String(particulars.producer)
    date = _pdf_date(particulars.date)
    info.CreationDate = info.ModDate = String(date)
    if Family.PRINT in {standard.value.family for standard in edition.standards}:
        info.Trapped = Name("/False")


def _pdf_date(iso: str) -> str:
    """Return 2019-04-01T00:00:00Z as D:20190401000000Z (ISO 32000-1, 7.9.4)."""
    return "D:" + iso.replace("-", "").replace("T", "").replace(":", "")


# ---------------------------------------------------------------- what each family asks for


def _for_archive(pdf: pikepdf.Pdf, edition: Edition, material: Material) -> None:
    """Say in which colours the page is meant (ISO 19005-3, 6.2.3)."""
    profile = pdf.make_stream(material.screen_profile, N=3)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, Info=String("sRGB IEC61966-2.1"),
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"), DestOutputProfile=profile))])


def _for_print(pdf: pikepdf.Pdf, edition: Edition, material: Material) -> None:
    prepare_for_press(pdf, material.press, material.particulars.title)


_STEPS: dict[Family, Callable[[pikepdf.Pdf, Edition, Material], None]] = {
    Family.ARCHIVE: _for_archive,
    Family.PRINT: _for_print,
}


def _embed(pdf: pikepdf.Pdf, material: Material) -> None:
    """Embed files, each with its relationship to the page (ISO 19005-3, 6.8)."""
    date = _pdf_date(material.particulars.date)
    associated = Array()
    for attachment in sorted(material.attachments, key=lambda a: a.name):
        spec = pikepdf.AttachedFileSpec(
            pdf, attachment.data, description=attachment.description, filename=attachment.name,
            mime_type=attachment.media_type, creation_date=date, mod_date=date,
            relationship=Name(f"/{attachment.relationship}"))
        pdf.attachments[attachment.name] = spec
        associated.append(pdf.attachments[attachment.name].obj)
    pdf.Root.AF = associated
