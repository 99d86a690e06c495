"""Preflight of a file for print: what ISO 15930-7 asks, and what a printer does.

There is no free validator of PDF/X-4, so this is our own. It reads every
operator of every page, and measures the ink on Ghostscript's plates where
Ghostscript is installed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pikepdf
from pikepdf import Dictionary, Name

from reportgen.conformance.operators import Drawn, Shown, Used, operations
from reportgen.conformance.plates import ghostscript, plates_of
from reportgen.conformance.verdicts import CannotVerify, Finding, Verdict
from reportgen.standards import Standard

LEAST_DPI = 150
"""Below this a picture is coarse on any paper."""

LEEWAY = 0.01
"""pt"""

INK_LEEWAY = 1.0
"""percent: a plate has 256 steps, four of them round"""


@dataclass(frozen=True)
class PressGate:
    """reportgen's own gate for print."""

    ink_limit: int = 300
    """percent"""
    condition: str = ""
    """Name that the output intent must have; empty: any."""
    name: ClassVar[str] = "the print gate"
    covers: ClassVar[frozenset[Standard]] = frozenset({Standard.PDF_X_4})

    def title(self) -> str | None:
        gs = ghostscript()
        return f"reportgen's print gate, {f'Ghostscript {gs}' if gs else 'without Ghostscript'}"

    def missing(self) -> str:
        return ""

    def verify(self, pdf: bytes, standards: tuple[Standard, ...]) -> list[Verdict]:
        """Return the verdict on PDF/X-4."""
        findings: list[Finding] = []
        try:
            with pikepdf.open(io.BytesIO(pdf)) as opened:
                findings += self._file(opened)
                for number, page in enumerate(opened.pages, 1):
                    found = dict.fromkeys((*_page(page), *_content(page)))
                    findings += [Finding(rule, f"page {number}: {message}")
                                 for rule, message in found]
        except (pikepdf.PdfError, AttributeError, TypeError, ValueError) as error:
            raise CannotVerify(f"print gate: {str(error)[:200]}") from error
        ink, remarks = self._ink(pdf)
        return [Verdict(Standard.PDF_X_4, self.title() or "", (*findings, *ink), remarks)]

    def _file(self, pdf: pikepdf.Pdf) -> Iterator[Finding]:
        intents = [i for i in pdf.Root.get("/OutputIntents", []) if i.get("/S") == "/GTS_PDFX"]
        if len(intents) != 1:
            yield Finding("output-intent", f"{len(intents)} output intents for PDF/X, not one")
        for intent in intents:
            profile = intent.get("/DestOutputProfile")
            if profile is None or profile.get("/N") != 4:
                yield Finding("output-intent", "no CMYK profile in the output intent")
            elif profile.read_bytes()[12:20] != b"prtrCMYK":
                yield Finding("output-intent", "the profile is no CMYK output profile")
            named = str(intent.get("/OutputConditionIdentifier", ""))
            if not named or (self.condition and named != self.condition):
                yield Finding("output-intent", f'the printing condition is "{named}", '
                              f"not {self.condition or 'named'}")
        if pdf.docinfo.get("/Trapped") not in ("/True", "/False"):
            yield Finding("trapped", "the file does not say whether it is trapped")
        packet = pdf.Root.Metadata.read_bytes() if "/Metadata" in pdf.Root else b""
        if b"PDF/X-4" not in packet:
            yield Finding("identification", "the XMP does not say PDF/X-4")
        if "/AcroForm" in pdf.Root or "/OpenAction" in pdf.Root or "/AA" in pdf.Root:
            yield Finding("actions", "the file has forms or actions")

    def _ink(self, pdf: bytes) -> tuple[list[Finding], tuple[str, ...]]:
        if ghostscript() is None:
            return [], ("ink was not measured: install Ghostscript",)
        most = [plates.most_ink for plates in plates_of(pdf)]
        findings = [Finding("ink", f"page {n}: {ink:.0f} % of ink, at most {self.ink_limit} %")
                    for n, ink in enumerate(most, 1) if ink > self.ink_limit + INK_LEEWAY]
        return findings, (f"most ink on a page, in percent: {', '.join(f'{m:.0f}' for m in most)}",)


# ---------------------------------------------------------------- pages

_Found = Iterator[tuple[str, str]]
"""Rules and messages."""


def _page(page: pikepdf.Page) -> _Found:
    boxes = {}
    for name in ("/MediaBox", "/BleedBox", "/TrimBox"):
        if name not in page.obj:
            yield "boxes", f"no {name[1:]}"
            return
        boxes[name] = [float(v) for v in page.obj[name]]
    for inner, outer in (("/TrimBox", "/BleedBox"), ("/BleedBox", "/MediaBox")):
        a, b = boxes[inner], boxes[outer]
        if min(a[0] - b[0], a[1] - b[1], b[2] - a[2], b[3] - a[3]) < -LEEWAY:
            yield "boxes", f"{inner[1:]} reaches beyond {outer[1:]}"
    if len(page.obj.get("/Annots", [])):
        yield "annotations", "links or other annotations on the sheet"
    group = page.obj.get("/Group")
    if group is not None and group.get("/CS", Name.DeviceCMYK) != Name.DeviceCMYK:
        yield "blend-space", "transparency is not blended in CMYK"
    yield from _fonts(page.obj.get("/Resources", Dictionary()), set())


def _fonts(resources: Any, seen: set[Any]) -> _Found:
    for font in resources.get("/Font", Dictionary()).values():
        for described in [*font.get("/DescendantFonts", []), font]:
            descriptor = described.get("/FontDescriptor")
            if descriptor is not None and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                    descriptor.keys()):
                yield "fonts", f"{str(font.get('/BaseFont', '?'))[1:]} is not embedded"
            if descriptor is None and "/DescendantFonts" not in font and font.get(
                    "/Subtype") != "/Type3":
                yield "fonts", f"{str(font.get('/BaseFont', '?'))[1:]} is not embedded"
    for form in resources.get("/XObject", Dictionary()).values():
        if form.objgen not in seen and "/Resources" in form:
            seen.add(form.objgen)
            yield from _fonts(form.Resources, seen)


def _content(page: pikepdf.Page) -> _Found:
    for used in operations(page):
        match used:
            case Used(space) if _is_rgb(space):
                yield "rgb", f"a colour of {space}"
            case Shown(inks, overprints):
                if len(inks) == 4 and min(inks[:3]) > 0:
                    yield "rich-text", "text in cyan, magenta and yellow together"
                if inks == (0, 0, 0, 1) and not overprints:
                    yield "overprint", "black text does not overprint"
            case Drawn():
                yield from _picture(used)


def _is_rgb(space: str) -> bool:
    return space not in ("DeviceCMYK", "DeviceGray", "ICCBased 4", "ICCBased 1", "Pattern",
                         "Separation", "DeviceN", "Indexed")


def _picture(drawn: Drawn) -> _Found:
    if drawn.interpolated:
        yield "interpolate", "a picture asks to be interpolated"
    if not drawn.is_mask and _is_rgb(drawn.space):
        yield "rgb", f"a picture in {drawn.space}"
    if drawn.dpi < LEAST_DPI:
        yield "resolution", f"a picture of {drawn.dpi:.0f} dpi, at least {LEAST_DPI}"

