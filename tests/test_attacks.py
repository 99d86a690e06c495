"""What hostile testers found once: each stays closed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import bagit
import pikepdf
import pytest
from pikepdf import Array, Name
from PIL import Image

from reportgen.archive import pack, rebuild
from reportgen.conformance.preflight import PressGate
from reportgen.conformance.verify import Thoroughness, verify_file, verify_pdf
from reportgen.diagnostics import ExitStatus, ReportgenError, Severity, Sink
from reportgen.export import material_of, press_of
from reportgen.pipeline import build, check
from reportgen.session import open_session
from reportgen.standards import ColourSpace, Standard

from .conftest import ROOT, SMALL_BRIEF, Series
from .tagtree import tree_of

pytestmark = pytest.mark.slow


def with_text(text: str) -> str:
    return SMALL_BRIEF.replace("The second paragraph", f"{text}\n\nThe second paragraph")


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "reportgen.cli.main", *arguments], cwd=cwd,
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONSAFEPATH": "1", **environment})


def codes(failed: pytest.ExceptionInfo[ReportgenError]) -> set[str]:
    return {d.code for d in failed.value.diagnostics if d.severity is Severity.ERROR}


# ---------------------------------------------------------------- briefs


def test_a_link_with_emphasis_is_one_link(series: Series, tmp_path: Path) -> None:
    text = "See [the *Charter* **now**](https://example.org/charter) and go on."
    folder = series({"2019-04/a.md": with_text(text)})
    built = build(folder / "2019-04/a.md", tmp_path, editions=["screen", "archive-next"])
    for path in built.files[:2]:
        first = tree_of(path).find("Link")
        assert [link.text() for link in first if "Charter" in link.text()] == ["the Charter now"]


def test_lists_of_three_levels_and_from_seven(series: Series, tmp_path: Path) -> None:
    folder = series({"2019-04/a.md": with_text("- a\n    - b\n        - c\n\nThen:\n\n"
                                               "7. seven\n8. eight\n")})
    built = build(folder / "2019-04/a.md", tmp_path)
    numbers = [label.text() for label in tree_of(built.files[0]).find("Lbl")]
    assert "7." in numbers and "8." in numbers and "1." not in numbers
    assert "7. seven" in [item.text() for item in tree_of(built.files[0]).find("LI")]


def test_a_picture_stands_in_a_list_in_a_list(series: Series, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (1600, 400), "#c02020").save(out, "PNG")
    folder = series({"2019-04/x.png": out.getvalue(), "2019-04/a.md": with_text(
        "- one\n    - nested\n\n        ![A square](x.png)\n")})
    built = build(folder / "2019-04/a.md", tmp_path)
    assert "A square" in {f.alternative for f in tree_of(built.files[0]).find("Figure")}


# ---------------------------------------------------------------- what is run, and what is read


def test_nothing_of_the_current_folder_is_run(editions: dict[str, Path], tmp_path: Path) -> None:
    for name in ("json.py", "jpype.py", "argparse.py"):
        (tmp_path / name).write_text("open('RAN', 'w').write('x'); raise SystemExit(9)")
    done = run("verify", str(editions["archive-next"]), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "RAN").exists()


@pytest.fixture
def bag(series: Series, tmp_path: Path) -> Path:
    folder = series({"series.toml": 'title = "B"\n', "2019-04/a.md": SMALL_BRIEF})
    return pack(folder / "2019-04", tmp_path / "out", ["screen"]).folder


def test_a_bag_runs_nothing_of_its_own_folder(bag: Path) -> None:
    (bag / "argparse.py").write_text("open('RAN', 'w').write('x'); raise SystemExit(9)")
    done = run("archive", "--rebuild", ".", cwd=bag)
    assert done.returncode == 0, done.stderr
    assert not (bag / "RAN").exists()


def test_a_link_in_a_bag_leads_nowhere(bag: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    out = io.BytesIO()
    Image.new("RGB", (1600, 400), "#c02020").save(out, "PNG")
    (outside / "secret.png").write_bytes(out.getvalue())
    (bag / "data/series/2019-04/zz").symlink_to(outside)
    brief = bag / "data/series/2019-04/a.md"
    brief.write_text(with_text("![x](zz/secret.png)"), "utf-8")
    bagit.Bag(str(bag)).save(manifests=True)
    with pytest.raises(ReportgenError) as failed:
        rebuild(bag)
    assert codes(failed) == {"cannot-rebuild"}


@pytest.mark.parametrize("recipe", [
    {"path": "2019-04", "editions": ["screen"], "epoch": "a\0b"},
    {"path": "2019-04", "editions": ["--help"], "epoch": ""},
    {"path": "nowhere", "editions": ["screen"], "epoch": ""},
    {"path": "2019-04", "editions": 5, "epoch": ""},
])
def test_a_recipe_of_somebody_else_is_refused(bag: Path, recipe: dict[str, object]) -> None:
    (bag / "data/recipe.json").write_text(json.dumps(recipe), "utf-8")
    bagit.Bag(str(bag)).save(manifests=True)
    with pytest.raises(ReportgenError) as failed:
        rebuild(bag)
    assert codes(failed) == {"no-recipe"}


def test_a_brief_behind_a_link_is_in_the_bag(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "B"\n', "shared/s.md": SMALL_BRIEF,
                     "2019-04/a.md": SMALL_BRIEF.replace("CENTRAL ASIA", "SAHEL")})
    (folder / "2019-04/s.md").symlink_to("../shared/s.md")
    packed = pack(folder / "2019-04", tmp_path / "out", ["screen"]).folder
    assert [row.same for row in rebuild(packed)] == [True]


def test_a_name_that_no_bag_can_hold_is_told(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "B"\n', "2019-04/rise-50%.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as failed:
        pack(folder / "2019-04", tmp_path / "out", ["screen"])
    assert codes(failed) == {"bag-name"}
    assert not (tmp_path / "out").exists()


def test_a_folder_in_the_way_loses_nothing(series: Series, tmp_path: Path) -> None:
    folder = series({"2019-04/a.md": SMALL_BRIEF})
    first = build(folder / "2019-04/a.md", tmp_path).files[0]
    before = first.read_bytes()
    (first.parent / "sources.json").unlink()
    (first.parent / "sources.json").mkdir()
    (folder / "2019-04/a.md").write_text(SMALL_BRIEF.replace("only text", "mere text"), "utf-8")
    with pytest.raises(ReportgenError) as failed:
        build(folder / "2019-04/a.md", tmp_path)
    assert failed.value.status is ExitStatus.OUTPUT and codes(failed) == {"cannot-write"}
    assert first.read_bytes() == before


# ---------------------------------------------------------------- files that are not what they were


def huge_png() -> bytes:
    """Return a PNG that says it has 300 megapixels."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 20_000, 15_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(
        b"IDAT", zlib.compress(b"\0" * 60_001)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("data", "code"), [
    (huge_png(), "large-picture"), (b"", "bad-picture"), (b"\x89PNG\r\n\x1a\n", "bad-picture"),
    (b"<svg/>", "bad-picture"), (None, "no-such-file")])
@pytest.mark.parametrize("edition", ["screen", "print"])
def test_a_cover_that_is_none_is_told(series: Series, tmp_path: Path, data: bytes | None,
                                      code: str, edition: str) -> None:
    files: dict[str, str | bytes] = {
        "series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF,
        "2019-04/issue.toml": 'cover = "../cover.png"\ncover-alternative = "x"\n'}
    folder = series(files if data is None else {**files, "cover.png": data})
    with pytest.raises(ReportgenError) as failed:
        build(folder / "2019-04", tmp_path / "out", editions=[edition])
    [told] = [d for d in failed.value.diagnostics if d.severity is Severity.ERROR]
    assert (told.code, told.span.file, told.span.line) == (code, "2019-04/issue.toml", 1)
    assert "0x7" not in told.message, "no address of the memory"
    assert not (tmp_path / "out").exists()


def test_a_brief_that_vanishes_is_embedded_as_it_was_read(series: Series) -> None:
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF})
    session = open_session(folder / "2019-04", (), Sink(), press_of)
    assert session is not None
    bulletin, _ = session.pages(ColourSpace.RGB)
    (folder / "2019-04/a.md").unlink()
    held = {a.name: a.data for a in
            material_of(session.issue(), bulletin, session.press).attachments}
    assert held["a.md"] == SMALL_BRIEF.encode()


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(("settings", "code"), [
    ("print-ink-limit = 50", "ink-limit"), ('subtitle = "a\\u0007b"', "control-character"),
    ('editions = ["scren"]', "unknown-edition"),
    ('print-profile = "half.icc"\nprint-condition = "X"', "profile")])
def test_check_says_what_build_would(series: Series, settings: str, code: str) -> None:
    half = (ROOT / "styles/icc/FOGRA39L_coated.icc").read_bytes()[:60_000]
    folder = series({"series.toml": f'title = "T"\n{settings}\n', "half.icc": half,
                     "2019-04/a.md": SMALL_BRIEF})
    told = {d.code: d.span for d in check(folder / "2019-04") if d.severity is Severity.ERROR}
    assert code in told and str(told[code]).startswith("series.toml:2")
    with pytest.raises(ReportgenError) as failed:
        build(folder / "2019-04")
    assert failed.value.status is ExitStatus.INPUT and code in codes(failed)


def test_an_offprint_that_does_not_fold_says_so(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "T"\nprint-binding = "saddle-stitch"\n',
                     "2019-04/a.md": SMALL_BRIEF})
    built = build(folder / "2019-04/a.md", tmp_path, editions=["print"])
    assert "binding" in {d.code for d in built.diagnostics}


def test_a_ghostscript_that_fails_is_told(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF,
                     "bad/styles/house.css": "h1 { color: #ff0000 }"})
    fake = tmp_path / "bin" / "gs"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo 9.9; exit 0; }\nexit 1\n')
    fake.chmod(0o755)
    path = f"{fake.parent}:{os.environ['PATH']}"
    done = run("build", "2019-04/a.md", "--edition", "print", cwd=folder, PATH=path)
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert "warning[not-verified] ink was not measured" in done.stderr
    strict = run("build", "2019-04/a.md", "--edition", "print", "--strict", cwd=folder, PATH=path)
    assert strict.returncode == ExitStatus.OUTPUT


# ---------------------------------------------------------------- the print gate


@pytest.mark.parametrize("css", [
    ".colophon p { background: linear-gradient(red, transparent) }",
    ".colophon p { background: linear-gradient(#ff0000, #00ff00) }",
    "h1 { color: #ff0000 }", ".cover header { border-top: 1mm solid rgb(20, 20, 20) }"])
def test_no_colour_of_screens_passes(series: Series, tmp_path: Path, css: str) -> None:
    folder = series({"series.toml": 'title = "T"\n', "styles/house.css": css,
                     "2019-04/a.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as failed:
        build(folder / "2019-04", tmp_path / "out", editions=["print"])
    assert codes(failed) == {"conformance"}
    assert not (tmp_path / "out").exists()


def test_a_theme_with_opacity_prints(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF,
                     "styles/house.css": ".text p { opacity: 0.9 }"})
    assert verify_file(build(folder / "2019-04/a.md", tmp_path, editions=["print"]).files[0]).passed


def shaded(pdf: pikepdf.Pdf, page: pikepdf.Object) -> None:
    page.Resources.ColorSpace["/Odd"] = Array([
        Name.Separation, Name("/Spot"), Name.DeviceRGB,
        pikepdf.Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1, 1, 1]),
                           C1=Array([1, 0, 0]))])
    append(pdf, b"/Odd cs 1 scn 50 50 9 9 re f")


def append(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.pages[0].contents_add(content)


MUTANTS: dict[str, Callable[[pikepdf.Pdf, pikepdf.Object], None]] = {
    "a missing form": lambda pdf, page: append(pdf, b"/Nope Do"),
    "a missing state": lambda pdf, page: append(pdf, b"/Nope gs"),
    "no operand": lambda pdf, page: append(pdf, b"gs"),
    "a short box": lambda pdf, page: setattr(page, "TrimBox", Array([0, 0, 10])),
    "a spot over RGB": shaded,
    "an inline picture": lambda pdf, page: append(
        pdf, b"q 9 0 0 9 50 50 cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID \x00\x00\x00 EI Q"),
    "an action": lambda pdf, page: setattr(pdf.Root, "OpenAction", Array([page, Name.Fit])),
    "a crop box": lambda pdf, page: setattr(page, "CropBox", Array([0, 0, 300, 300])),
    "a larger unit": lambda pdf, page: setattr(page, "UserUnit", 2),
    "a default space": lambda pdf, page: page.Resources.ColorSpace.update(
        {"/DefaultCMYK": Name.DeviceGray}),
    "half a profile": lambda pdf, page: pdf.Root.OutputIntents[0].DestOutputProfile.write(
        pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()[:5000]),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_gate_refuses(editions: dict[str, Path], name: str) -> None:
    with pikepdf.open(editions["print"]) as pdf:
        MUTANTS[name](pdf, pdf.pages[0].obj)
        out = io.BytesIO()
        pdf.save(out)
    [verdict] = PressGate().verify(out.getvalue(), (Standard.PDF_X_4,))
    assert verdict.findings


def test_an_encrypted_or_empty_sheet_is_refused(editions: dict[str, Path]) -> None:
    with pikepdf.open(editions["print"]) as pdf:
        locked, empty = io.BytesIO(), io.BytesIO()
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user=""))
        del pdf.pages[:]
        pdf.save(empty)
    for data in (locked, empty):
        [verdict] = PressGate().verify(data.getvalue(), (Standard.PDF_X_4,))
        assert verdict.findings


# ---------------------------------------------------------------- claims


def claiming(path: Path, old: str, new: str) -> bytes:
    with pikepdf.open(path) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert old in packet
        pdf.Root.Metadata.write(packet.replace(old, new).encode())
        out = io.BytesIO()
        pdf.save(out, fix_metadata_version=False)
    return out.getvalue()


def test_a_claim_that_nobody_tests_is_no_pass(editions: dict[str, Path]) -> None:
    other = claiming(editions["archive"], "<pdfaid:part>3<", "<pdfaid:part>1<")
    report = verify_pdf(other, "x", Thoroughness.QUICK)
    assert not report.passed
    assert "pdfaid:part 1: no profile here" in report.untested


def test_a_claim_in_a_comment_is_none(editions: dict[str, Path]) -> None:
    claim = "<pdfuaid:part>1</pdfuaid:part>"
    hidden = claiming(editions["screen"], claim, f"<!-- {claim} -->")
    assert verify_pdf(hidden, "x", Thoroughness.QUICK).claims == ()


def test_a_claim_by_another_prefix_is_one(editions: dict[str, Path]) -> None:
    other = claiming(editions["screen"], "pdfuaid", "ua")
    assert verify_pdf(other, "x", Thoroughness.QUICK).claims == (Standard.PDF_UA_1,)


def test_what_is_inside_of_lists_and_quotations_is_kept_and_asked_for(series: Series,
                                                                      tmp_path: Path) -> None:
    """Tables and pictures of lists and quotations: among the data, and on the worksheet."""
    from PIL import Image

    text = ("- An item.\n\n    ![A red square](red.png)\n\n> Said.\n>\n> | Head | Other |\n"
            "> |---|---|\n> | cell | 1 |\n")
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": with_text(text)})
    Image.new("RGB", (1600, 900), "red").save(folder / "2019-04" / "red.png")
    built = build(folder / "2019-04", tmp_path, editions=["archive"])
    worksheet = next(p for p in built.files if p.name == "accessibility.md").read_text("utf-8")
    assert "A red square" in worksheet
    assert "Do these heads say what stands under them? Head; Other" in worksheet
    with pikepdf.open(built.files[0]) as pdf:
        assert "a-table-1.csv" in pdf.attachments
