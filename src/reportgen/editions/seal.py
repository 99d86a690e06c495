"""Sealing a PDF, so that anybody can see for decades who brought it out and that it is unchanged.

PAdES baseline B-LTA (ETSI EN 319 142-1): signature, timestamp, what proves the
certificates valid, and a timestamp over all of it. The signature fields are
made beforehand and put into the structure tree, so a sealed file keeps its
claims to PDF/A and PDF/UA. pyHanko does the cryptography; it comes with
`pip install reportgen[sign]`.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, String

SEAL = "Seal"
TIMESTAMP = "Timestamp of the seal"
_LABELS = {SEAL: "Electronic seal of the publisher", TIMESTAMP: TIMESTAMP}

_PRINTED_AND_LOCKED = 4 | 128

_lock = threading.Lock()


class CannotSeal(Exception):
    """The seal could not be made; the message says why."""


class Sealer(Struct, frozen=True):
    """With what a file is sealed."""

    key: bytes
    """PKCS #12: private key, certificate and its chain."""
    password: str
    timestamper: Any
    """pyhanko.sign.timestamps.TimeStamper"""
    roots: tuple[bytes, ...] = ()
    """Certificates that are trusted, in DER; none: those of the system."""
    lists: tuple[bytes, ...] = ()
    """Certificate revocation lists, in DER; none: they are fetched."""


def timestamper_at(address: str) -> Any:
    """Return a client of the time-stamping authority (RFC 3161) at `address`."""
    try:
        from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper
    except ImportError as error:
        raise CannotSeal("pip install reportgen[sign]") from error
    client: Any = HTTPTimeStamper
    return client(address, timeout=30)


def seal(pdf: bytes, sealer: Sealer) -> bytes:
    """Return `pdf` sealed. Raises CannotSeal."""
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import SigSeedSubFilter
    except ImportError as error:
        raise CannotSeal("pip install reportgen[sign]") from error
    try:
        metadata = signers.PdfSignatureMetadata(
            field_name=SEAL, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=True, use_pades_lta=True, timestamp_field_name=TIMESTAMP,
            validation_context=_context(sealer))
        signer = signers.PdfSigner(metadata, _signer(sealer), timestamper=sealer.timestamper)
        with _claims_kept(IncrementalPdfFileWriter):
            out = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(_with_fields(pdf))),
                                  existing_fields_only=True)
    except CannotSeal:
        raise
    except Exception as error:  # of cryptography, certificates or the network: all end the sealing
        reason = f": {error.__cause__}" if error.__cause__ else ""
        raise CannotSeal(f"{error or type(error).__name__}{reason}"[:400]) from error
    return bytes(out.getvalue())


@contextmanager
def _claims_kept(writer: Any) -> Iterator[None]:
    """Keep pyHanko from writing the XMP anew: it would drop the claims that it does not know."""
    with _lock:
        rewrite = writer._update_meta
        writer._update_meta = lambda self: None
        try:
            yield
        finally:
            writer._update_meta = rewrite


def _signer(sealer: Sealer) -> Any:
    from pyhanko.sign import signers

    try:
        return signers.SimpleSigner.load_pkcs12_data(
            sealer.key, other_certs=[], passphrase=sealer.password.encode())
    except ValueError as error:
        raise CannotSeal(f"{error}: is it one, and is the password right?") from error


def _context(sealer: Sealer) -> Any:
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext

    roots = [x509.Certificate.load(data) for data in sealer.roots]
    return ValidationContext(trust_roots=roots or None, crls=list(sealer.lists),
                             allow_fetching=not sealer.lists,
                             revocation_mode="require" if sealer.lists else "hard-fail")


def _with_fields(pdf: bytes) -> bytes:
    """Return a PDF with two empty signature fields that are not seen.

    In PDF 1.7 each is an element of the tree (ISO 14289-1, 7.18.4), in PDF 2.0 an
    artifact, because it has no size (ISO 14289-2, 8.9.2.4.13).
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fields = Array([_field(opened, name, label) for name, label in _LABELS.items()])
        opened.Root.AcroForm = Dictionary(Fields=fields, SigFlags=3)
        out = io.BytesIO()
        opened.save(out, deterministic_id=True, force_version=opened.pdf_version,
                    fix_metadata_version=False,
                    object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _field(pdf: pikepdf.Pdf, name: str, label: str) -> Any:
    page = pdf.pages[-1].obj
    widget = pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(name), TU=String(label),
        Contents=String(label),
        Rect=Array([0, 0, 0, 0]), F=_PRINTED_AND_LOCKED, P=page))
    page.Annots = Array([*page.get("/Annots", []), widget])
    root = pdf.Root.get("/StructTreeRoot")
    if root is not None and "/Namespaces" not in root:
        _tag(pdf, root, widget, page)
    return widget


def _tag(pdf: pikepdf.Pdf, root: Any, widget: Any, page: Any) -> None:
    """Put a widget into the structure tree, at its end."""
    document = root.K[0]
    element = pdf.make_indirect(Dictionary(
        Type=Name.StructElem, S=Name.Form, P=document, Pg=page,
        K=Array([Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)])))
    document.K.append(element)
    key = int(root.ParentTreeNextKey)
    widget.StructParent = key
    root.ParentTree.Nums.extend([key, element])
    root.ParentTreeNextKey = key + 1
