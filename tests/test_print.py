"""The sheet as a printer has it: boxes, marks, plates, pictures, pages to be folded."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms

from reportgen.conformance.operators import Drawn, Shown, Used, operations
from reportgen.conformance.plates import DPI, Plates, ghostscript, plates_of
from reportgen.conformance.verify import verify_file
from reportgen.diagnostics import ExitStatus, ReportgenError, Severity
from reportgen.pipeline import build

from .conftest import ROOT, SMALL_BRIEF, Pdf, Series

pytestmark = pytest.mark.slow

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)


@pytest.fixture(scope="module")
def plates(editions: dict[str, Path]) -> list[Plates]:
    assert ghostscript(), "this test needs Ghostscript (Debian: apt-get install ghostscript)"
    return plates_of(editions["print"].read_bytes())


# ---------------------------------------------------------------- boxes and marks


def test_trim_and_bleed_are_exact(editions: dict[str, Path]) -> None:
    with pikepdf.open(editions["print"]) as pdf:
        for page in pdf.pages:
            trim = [float(v) for v in page.obj.TrimBox]
            bleed = [float(v) for v in page.obj.BleedBox]
            media = [float(v) for v in page.obj.MediaBox]
            assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx(A4, abs=0.001)
            for side, sign in enumerate((-1, -1, 1, 1)):
                assert sign * (bleed[side] - trim[side]) == pytest.approx(3 * MM, abs=0.001)
                assert sign * (media[side] - bleed[side]) == pytest.approx(10 * MM, abs=0.001)


def test_marks_stand_outside_of_the_bleed_on_every_plate(editions: dict[str, Path],
                                                         tmp_path: Path) -> None:
    """A mark at each end of each edge, in line with the trim, and nothing of it in the bleed."""
    import subprocess

    subprocess.run(["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", "-r144",
                    "-dFirstPage=3", "-dLastPage=3", f"-sOutputFile={tmp_path}/p-%d.tif",
                    str(editions["print"])], check=True, capture_output=True)
    scale, margin, bleed = 2.0, 10 * MM, 3 * MM
    for ink in ("Cyan", "Magenta", "Yellow", "Black"):
        found = sorted(tmp_path.glob(f"p-*({ink}).tif"))
        assert len(found) == 1
        plate = 255 - np.asarray(Image.open(found[0]).convert("L")).astype(int)
        height, width = plate.shape
        outer = margin * scale
        for x in (margin + bleed, width / scale - margin - bleed):
            column = round(x * scale)
            for rows in (slice(0, int(outer)), slice(int(height - outer), height)):
                assert plate[rows, column - 2 : column + 3].max() > 60, (ink, x)
        ring = plate.copy()
        inside = slice(round(outer) + 1, round(height - outer) - 1), slice(
            round(outer) + 1, round(width - outer) - 1)
        page = ring[inside]
        strip = int(bleed * scale) - 2
        assert page[:strip].max() == page[-strip:].max() == 0, "the bleed of this page is white"
        assert page[:, :strip].max() == page[:, -strip:].max() == 0


def test_the_intent_names_the_registry(editions: dict[str, Path]) -> None:
    with pikepdf.open(editions["print"]) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX"
        assert intent.OutputConditionIdentifier == "FOGRA39"
        assert intent.RegistryName == "http://www.color.org"
        profile = ROOT / "styles/icc/FOGRA39L_coated.icc"
        assert intent.DestOutputProfile.read_bytes() == profile.read_bytes()
        assert pdf.docinfo.Trapped == "/False"
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfxid:GTS_PDFXVersion>PDF/X-4<" in packet
        assert "xmpMM:DocumentID>uuid:" in packet
        assert not any("/Annots" in page.obj for page in pdf.pages)
        assert pdf.pdf_version == "1.6"


# ---------------------------------------------------------------- plates


def test_text_is_on_black_alone(plates: list[Plates]) -> None:
    """In the column of the text, where there is black there is no other ink."""
    for number in range(2, 8):
        inks = plates[number].inks
        mm = DPI / 25.4
        column = inks[int(30 * mm) : int(235 * mm), int((3 + 16 + 52) * mm) : int(196 * mm)]
        black, others = column[..., 3], column[..., :3].sum(axis=2)
        assert (black > 0.5).mean() > 0.01, "there is text"
        assert not ((black > 0.95) & (others > 0.05)).any(), number + 1
        coloured = (others > 0.05).mean()  # the marks of notes, in the region's colour
        assert coloured < 0.004, (number + 1, coloured)


def test_ink_is_within_its_limit(plates: list[Plates]) -> None:
    assert len(plates) == 10
    assert all(100 <= page.most_ink <= 300 for page in plates)


def test_nothing_is_in_rgb(editions: dict[str, Path]) -> None:
    with pikepdf.open(editions["print"]) as pdf:
        found = [operation for page in pdf.pages for operation in operations(page)]
    spaces = {operation.space for operation in found if isinstance(operation, Used)}
    assert spaces == {"DeviceCMYK", "Separation(DeviceCMYK)"}
    text = [operation for operation in found if isinstance(operation, Shown)]
    assert len(text) > 800
    assert all(t.overprints for t in text if t.inks == (0, 0, 0, 1))
    assert not any(t.overprints for t in text if t.inks != (0, 0, 0, 1))


def test_a_proof_and_a_report_are_written(editions: dict[str, Path]) -> None:
    folder = editions["print"].parent
    with Image.open(next(folder.glob("*-proof.png"))) as sheet:
        assert sheet.mode == "RGB" and sheet.width > 1200
        paper = sheet.getpixel((400, 40))
        assert isinstance(paper, tuple) and min(paper) > 240
    report = next(folder.glob("*-preflight.txt")).read_text("utf-8")
    assert report.startswith("edition print, for the printer\npassed  PDF/X-4  by ")
    assert "most ink on a page, in percent: " in report


# ---------------------------------------------------------------- pictures


def cover(mode: str) -> bytes:
    """Return a picture of strong colours in a mode, as people send them."""
    out = io.BytesIO()
    ramp = Image.linear_gradient("L").resize((2200, 1400))
    colour = Image.merge("RGB", (ramp, ramp.rotate(180), Image.new("L", ramp.size, 10)))
    match mode:
        case "CMYK":
            colour.convert("CMYK").save(out, "JPEG")
        case "alpha":
            colour.putalpha(ramp)
            colour.save(out, "PNG")
        case "16 bit":
            Image.fromarray(np.asarray(ramp).astype(np.uint16) * 257).save(out, "PNG")
        case "broken profile":
            colour.save(out, "JPEG", icc_profile=b"this is no profile" * 20)
        case "palette":
            colour.convert("P").save(out, "PNG", transparency=0)
        case "dark":
            Image.new("RGB", (2200, 1400), (20, 4, 24)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("mode", ["CMYK", "alpha", "16 bit", "broken profile", "palette", "dark"])
def test_pictures_of_every_kind_become_inks(series: Series, tmp_path: Path, mode: str) -> None:
    folder = series({
        "series.toml": 'title = "T"\n', "cover.img": cover(mode),
        "2019-04/issue.toml": 'cover = "../cover.img"\ncover-alternative = "Colours"\n',
        "2019-04/a.md": SMALL_BRIEF})
    built = build(folder / "2019-04", tmp_path / "out", editions=["archive", "print"])
    assert [d for d in built.diagnostics if d.severity is not Severity.NOTE] == []
    archive, sheet = built.files[:2]
    assert verify_file(sheet).passed
    assert verify_file(archive).passed
    with pikepdf.open(sheet) as pdf:
        drawn = [o for o in operations(pdf.pages[0]) if isinstance(o, Drawn)]
    assert {d.space for d in drawn} <= {"DeviceCMYK", "DeviceGray"} and drawn
    assert all(d.dpi > 250 and not d.interpolated for d in drawn)
    assert plates_of(sheet.read_bytes())[0].most_ink <= 300


def test_a_picture_keeps_its_colours_in_print(series: Series, tmp_path: Path) -> None:
    """A colour that offset can print looks the same on the proof as on the screen."""
    out = io.BytesIO()
    Image.new("RGB", (2200, 1400), (170, 90, 70)).save(out, "PNG")
    folder = series({
        "series.toml": 'title = "T"\n', "cover.png": out.getvalue(),
        "2019-04/issue.toml": 'cover = "../cover.png"\ncover-alternative = "A colour"\n',
        "2019-04/a.md": SMALL_BRIEF})
    built = build(folder / "2019-04", tmp_path / "out", editions=["print"])
    plates = plates_of(built.files[0].read_bytes())[0].inks
    spot = plates[int(plates.shape[0] * 0.4), plates.shape[1] // 2]
    swatch = Image.new("CMYK", (1, 1), tuple(round(float(v) * 255) for v in spot))
    seen = ImageCms.profileToProfile(
        swatch, str(ROOT / "styles/icc/FOGRA39L_coated.icc"), ImageCms.createProfile("sRGB"),
        outputMode="RGB")
    assert seen is not None
    found = seen.getpixel((0, 0))
    assert isinstance(found, tuple)
    assert all(abs(a - b) < 16 for a, b in zip(found, (170, 90, 70), strict=True)), found


# ---------------------------------------------------------------- binding and profile


@pytest.mark.parametrize(("binding", "pages"), [("saddle-stitch", 8), ("perfect", 6), ("", 5)])
def test_pages_come_in_sheets(series: Series, tmp_path: Path, binding: str, pages: int) -> None:
    """Blank pages stand before the imprint, which is the back cover, and keeps its folio."""
    folder = series({"series.toml": f'title = "T"\nprint-binding = "{binding}"\n',
                     "2019-04/a.md": SMALL_BRIEF})
    pdf = Pdf(build(folder / "2019-04", tmp_path / "out", editions=["print"]).files[0])
    assert pdf.pages() == pages
    assert "Imprint" in pdf.text(pages) and pdf.text(pages).split().count(str(pages)) >= 1
    assert f"Imprint {pages}" in pdf.text(2)
    for blank in range(5, pages):
        assert pdf.text(blank) == ""


def test_the_printers_own_profile(series: Series, tmp_path: Path) -> None:
    own = bytearray((ROOT / "styles/icc/FOGRA39L_coated.icc").read_bytes())
    own[-1] ^= 1
    settings = 'title = "T"\nprint-profile = "shop.icc"\nprint-condition = "FOGRA51"\n'
    folder = series({"series.toml": settings, "shop.icc": bytes(own), "2019-04/a.md": SMALL_BRIEF})
    built = build(folder / "2019-04", tmp_path / "out", editions=["print"])
    with pikepdf.open(built.files[0]) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert intent.OutputConditionIdentifier == "FOGRA51"
        assert intent.DestOutputProfile.read_bytes() == bytes(own)


@pytest.mark.parametrize(("settings", "code"), [
    ('print-profile = "shop.icc"', "no-condition"),
    ('print-profile = "missing.icc"\nprint-condition = "X"', "no-such-file"),
    ('print-profile = "../../shop.icc"\nprint-condition = "X"', "outside-series"),
    ('print-profile = "series.toml"\nprint-condition = "X"', "profile"),
    ('print-binding = "glue"', "binding"),
])
def test_bad_settings_of_print_are_told(series: Series, tmp_path: Path, settings: str,
                                        code: str) -> None:
    profile = (ROOT / "styles/icc/FOGRA39L_coated.icc").read_bytes()
    folder = series({"series.toml": f'title = "T"\n{settings}\n', "shop.icc": profile,
                     "2019-04/a.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as failed:
        build(folder / "2019-04", tmp_path / "out", editions=["print"])
    assert failed.value.status is ExitStatus.INPUT
    told = [d for d in failed.value.diagnostics if d.code == code]
    assert told and told[0].span.file == "series.toml" and told[0].span.line == 2
    assert not (tmp_path / "out").exists()


def test_a_limit_of_ink_is_kept(series: Series, tmp_path: Path,
                                ) -> None:
    folder = series({
        "series.toml": 'title = "T"\nprint-ink-limit = 240\n', "cover.jpg": cover("dark"),
        "2019-04/issue.toml": 'cover = "../cover.jpg"\ncover-alternative = "Dark"\n',
        "2019-04/a.md": SMALL_BRIEF})
    built = build(folder / "2019-04", tmp_path / "out", editions=["print"])
    assert 200 < plates_of(built.files[0].read_bytes())[0].most_ink <= 240


