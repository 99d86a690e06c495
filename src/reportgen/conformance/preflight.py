"""Preflight of a file for print: what ISO 15930-7 asks, and what a printer does.

There is no free validator of PDF/X-4, so this is our own. It reads every
operator of every page, and measures the ink on Ghostscript's plates where
Ghostscript is installed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, ClassVar

import pikepdf
from msgspec import Struct
from pikepdf import Dictionary, Name
from PIL import ImageCms

from reportgen.conformance.operators import Drawn, Shown, Unknown, Used, operations
from reportgen.conformance.plates import ghostscript, plates_of
from reportgen.conformance.verdicts import CannotVerify, Finding, Verdict, claims_in
from reportgen.standards import Standard

LEAST_DPI = 150
"""Below this a picture is coarse on any paper."""

LARGEST = 5000
"""pt; a sheet for a large press has 3,000"""

LEEWAY = 0.01
"""pt"""

INK_LEEWAY = 1.0
"""percent: a plate has 256 steps, four of them round"""


class PressGate(Struct, frozen=True):
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
                    found = dict.fromkeys((*_page(page), *_fonts(page), *_content(page)))
                    findings += [Finding(rule, f"page {number}: {message}")
                                 for rule, message in found]
        except (pikepdf.PdfError, pikepdf.PasswordError, LookupError, AttributeError, TypeError,
                ValueError, RecursionError) as error:
            findings.append(Finding("syntax", f"the file is damaged: {str(error)[:200]}"))
        ink, remarks = self._ink(pdf) if not findings else ([], ("ink was not measured",))
        return [Verdict(Standard.PDF_X_4, self.title() or "", (*findings, *ink), remarks)]

    def _file(self, pdf: pikepdf.Pdf) -> Iterator[Finding]:
        yield from self._intent(pdf)
        if not len(pdf.pages):
            yield Finding("pages", "the file has no page")
        if pdf.is_encrypted:
            yield Finding("encryption", "the file is encrypted")
        if pdf.docinfo.get("/Trapped") not in ("/True", "/False"):
            yield Finding("trapped", "the file does not say whether it is trapped")
        if Standard.PDF_X_4 not in claims_in(pdf):
            yield Finding("identification", "the XMP does not say PDF/X-4")
        names = pdf.Root.get("/Names", Dictionary())
        if {"/AcroForm", "/OpenAction", "/AA"} & set(pdf.Root.keys()) or "/JavaScript" in names:
            yield Finding("actions", "the file has forms, actions or scripts")

    def _intent(self, pdf: pikepdf.Pdf) -> Iterator[Finding]:
        intents = [i for i in pdf.Root.get("/OutputIntents", []) if i.get("/S") == "/GTS_PDFX"]
        if len(intents) != 1:
            yield Finding("output-intent", f"{len(intents)} output intents for PDF/X, not one")
        for intent in intents:
            profile = intent.get("/DestOutputProfile")
            if profile is None or profile.get("/N") != 4:
                yield Finding("output-intent", "no CMYK profile in the output intent")
            elif not is_press_profile(profile.read_bytes()):
                yield Finding("output-intent", "the profile is damaged, or not one of a CMYK press")
            condition = str(intent.get("/OutputConditionIdentifier", ""))
            if not condition or (self.condition and condition != self.condition):
                yield Finding("output-intent", f'the printing condition is "{condition}", '
                              f"not {self.condition or 'named'}")

    def _ink(self, pdf: bytes) -> tuple[list[Finding], tuple[str, ...]]:
        if ghostscript() is None:
            return [], ("ink was not measured: install Ghostscript",)
        try:
            most = [plates.most_ink for plates in plates_of(pdf)]
        except CannotVerify as error:
            return [], (f"ink was not measured: {error}",)
        findings = [Finding("ink", f"page {n}: {ink:.0f} % of ink, at most {self.ink_limit} % "
                            "(print-ink-limit)")
                    for n, ink in enumerate(most, 1) if ink > self.ink_limit + INK_LEEWAY]
        return findings, (f"most ink on a page, in percent: {', '.join(f'{m:.0f}' for m in most)}",)


# ---------------------------------------------------------------- pages

_Found = Iterator[tuple[str, str]]
"""Rules and messages."""


def _page(page: pikepdf.Page) -> _Found:
    boxes = {}
    for name in ("/MediaBox", "/BleedBox", "/TrimBox"):
        box = [float(v) for v in page.obj.get(name, [])]
        if len(box) != 4 or box[0] >= box[2] or box[1] >= box[3]:
            yield "boxes", f"no {name[1:]}, or one that is no rectangle"
            return
        boxes[name] = box
    for name in ("/ArtBox", "/CropBox", "/UserUnit", "/AA"):
        if name in page.obj and page.obj[name] != page.obj["/MediaBox"]:
            yield "boxes", f"{name[1:]}, which the sheet does not need"
    if max(boxes["/MediaBox"][2:]) > LARGEST:
        yield "boxes", f"a sheet of more than {LARGEST} pt"
    for inner, outer in (("/TrimBox", "/BleedBox"), ("/BleedBox", "/MediaBox")):
        a, b = boxes[inner], boxes[outer]
        if min(a[0] - b[0], a[1] - b[1], b[2] - a[2], b[3] - a[3]) < -LEEWAY:
            yield "boxes", f"{inner[1:]} reaches beyond {outer[1:]}"
    if len(page.obj.get("/Annots", [])):
        yield "annotations", "links or other annotations on the sheet"
    group = page.obj.get("/Group")
    if group is not None and group.get("/CS", Name.DeviceCMYK) != Name.DeviceCMYK:
        yield "blend-space", "transparency is not blended in CMYK"


def _fonts(page: pikepdf.Page) -> _Found:
    yield from _fonts_of(page.obj.get("/Resources", Dictionary()), set())


def _fonts_of(resources: Any, seen: set[Any]) -> _Found:
    for font in resources.get("/Font", Dictionary()).values():
        for described in [*font.get("/DescendantFonts", []), font]:
            descriptor = described.get("/FontDescriptor")
            if descriptor is not None and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                    descriptor.keys()):
                yield "fonts", f"{str(font.get('/BaseFont', '?'))[1:]} is not embedded"
            if descriptor is None and "/DescendantFonts" not in font and font.get(
                    "/Subtype") != "/Type3":
                yield "fonts", f"{str(font.get('/BaseFont', '?'))[1:]} is not embedded"
    for kind in ("/XObject", "/Pattern"):
        for form in resources.get(kind, Dictionary()).values():
            if form.objgen not in seen and "/Resources" in form:
                seen.add(form.objgen)
                yield from _fonts_of(form.Resources, seen)


def _content(page: pikepdf.Page) -> _Found:
    for used in operations(page):
        match used:
            case Unknown(what):
                yield "not-allowed", f"the page has {what}"
            case Used(space) if not _prints(space):
                yield "rgb", (f"a colour of {space}: write it as device-cmyk(...) in a style "
                              "sheet for print")
            case Shown(inks, overprints, blended):
                if len(inks) == 4 and min(inks[:3]) > 0:
                    yield "rich-text", "text in cyan, magenta and yellow together"
                if inks == (0, 0, 0, 1) and not overprints and not blended:
                    yield "overprint", "black text does not overprint"
            case Drawn():
                yield from _picture(used)


def _prints(space: str) -> bool:
    """Whether a colour space, with all below it, is one of inks."""
    return space in ("DeviceCMYK", "DeviceGray", "ICCBased 4", "ICCBased 1", "Pattern") or (
        space.endswith("(DeviceCMYK)") or space.endswith("(DeviceCMYK))"))


def _picture(drawn: Drawn) -> _Found:
    if drawn.interpolated:
        yield "interpolate", "a picture asks to be interpolated"
    if not drawn.is_mask and not _prints(drawn.space):
        yield "rgb", f"a picture in {drawn.space}"
    if drawn.dpi < LEAST_DPI:
        yield "resolution", f"a picture of {drawn.dpi:.0f} dpi, at least {LEAST_DPI}"


def is_press_profile(data: bytes) -> bool:
    """Whether bytes are an ICC profile of a CMYK press that can be used (ICC.1:2022, 7.2)."""
    if len(data) < 132 or data[12:20] != b"prtrCMYK" or int.from_bytes(data[:4]) != len(data):
        return False
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        ImageCms.buildTransform(ImageCms.createProfile("sRGB"), profile, "RGB", "CMYK")
    except (OSError, ImageCms.PyCMSError):
        return False
    return True
