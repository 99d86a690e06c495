"""Every edition keeps what it claims, and what breaks it is caught."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Name

from reportgen.conformance.verapdf import VeraPdf
from reportgen.conformance.verify import Thoroughness, verify_file, verify_pdf
from reportgen.diagnostics import ExitStatus, ReportgenError
from reportgen.editions.table import EDITIONS
from reportgen.pipeline import build
from reportgen.standards import Family, Standard

from .conftest import EDITION_NAMES, ROOT, SAMPLE, SMALL_BRIEF, Series

pytestmark = pytest.mark.slow


def test_the_table_is_what_is_tested() -> None:
    assert tuple(EDITIONS) == ("screen", "archive", "archive-next", "archive-plain", "print")
    assert set(EDITION_NAMES) == set(EDITIONS)


# ---------------------------------------------------------------- the validators


@pytest.mark.parametrize("name", EDITION_NAMES)
def test_an_edition_passes_every_validator(editions: dict[str, Path], name: str) -> None:
    assert VeraPdf().title(), f"veraPDF cannot run here: {VeraPdf().missing()}"
    report = verify_file(editions[name])
    assert set(report.claims) == set(EDITIONS[name].standards)
    assert report.passed, report.as_text()
    assert not report.untested
    asked = {(v.validator.split()[0], v.standard) for v in report.verdicts}
    for standard in EDITIONS[name].standards:
        if standard.value.family is Family.PRINT:
            assert ("reportgen's", standard) in asked
        else:
            assert ("veraPDF", standard) in asked
        if standard in (Standard.PDF_UA_1, Standard.PDF_A_2A, Standard.PDF_A_3A):
            assert ("page-validation", standard) in asked


def no_alternative(pdf: pikepdf.Pdf) -> None:
    figure = next(e for e in _elements(pdf) if e.S == "/Figure")
    del figure["/Alt"]


def heading_skipped(pdf: pikepdf.Pdf) -> None:
    heading = next(e for e in _elements(pdf) if e.S == "/H2")
    heading.S = Name.H4


def interpolated(pdf: pikepdf.Pdf) -> None:
    picture = pdf.make_stream(b"\0" * 12, Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2,
                              ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Interpolate=True)
    page = pdf.pages[0]
    page.obj.Resources.XObject = pikepdf.Dictionary({"/Mutant": picture})
    page.contents_add(b"/Artifact BMC q 1 0 0 1 0 0 cm /Mutant Do Q EMC")


def no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def no_title(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes().decode()
    start, end = packet.index("<dc:title>"), packet.index("</dc:title>") + len("</dc:title>")
    pdf.Root.Metadata.write((packet[:start] + packet[end:]).encode())


def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def untagged(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"BT ET 0 0 1 1 re f")


def unembedded(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[2].obj.Resources.Font.values()))
    del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def link_without_words(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1].obj.Annots[0]["/Contents"]


def note_without_identifier(pdf: pikepdf.Pdf) -> None:
    del next(e for e in _elements(pdf) if e.S == "/Note")["/ID"]


def page_destination(pdf: pikepdf.Pdf) -> None:
    action = pdf.pages[1].obj.Annots[0].A
    del action["/SD"]


def reference_unanswered(pdf: pikepdf.Pdf) -> None:
    del next(e for e in _elements(pdf) if e.S == "/FENote")["/Ref"]


def unrelated_file(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF[0]["/AFRelationship"]


def rgb_on_the_sheet(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"1 0 0 rg 50 50 10 10 re f")


def too_much_ink(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"1 1 1 .5 k 50 50 40 40 re f")


def rich_black(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b".5 .5 .5 1 k BT ET")
    font = next(iter(pdf.pages[0].obj.Resources.Font.keys()))
    pdf.pages[0].contents_add(f".5 .5 .5 .9 k BT {font} 9 Tf 50 50 Td <0001> Tj ET".encode())


def no_trim(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/TrimBox"]


def bleed_outside(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.BleedBox = Array([-100, -100, 700, 900])


def link_on_the_sheet(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(pikepdf.Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 10, 20, 20])))])


def coarse_picture(pdf: pikepdf.Pdf) -> None:
    picture = pdf.make_stream(b"\0" * 4, Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2,
                              ColorSpace=Name.DeviceGray, BitsPerComponent=8)
    pdf.pages[0].obj.Resources["/XObject"] = pikepdf.Dictionary({"/Mutant": picture})
    pdf.pages[0].contents_add(b"q 100 0 0 100 50 50 cm /Mutant Do Q")


MUTANTS: list[tuple[str, Callable[[pikepdf.Pdf], None]]] = [
    ("screen", no_alternative), ("screen", heading_skipped), ("screen", no_title),
    ("screen", no_language), ("screen", untagged), ("screen", link_without_words),
    ("screen", note_without_identifier), ("screen", unembedded),
    ("archive", interpolated), ("archive", no_intent), ("archive", unrelated_file),
    ("archive", no_alternative), ("archive-plain", interpolated), ("archive-plain", no_intent),
    ("archive-next", no_alternative), ("archive-next", page_destination),
    ("archive-next", reference_unanswered), ("archive-next", interpolated),
    ("print", rgb_on_the_sheet), ("print", no_intent), ("print", interpolated),
    ("print", too_much_ink), ("print", rich_black), ("print", no_trim), ("print", bleed_outside),
    ("print", link_on_the_sheet), ("print", unembedded), ("print", coarse_picture),
]


@pytest.mark.parametrize(("name", "mutate"), MUTANTS, ids=lambda v: getattr(v, "__name__", v))
def test_a_mutant_is_caught_at_the_gate(editions: dict[str, Path], name: str,
                                        mutate: Callable[[pikepdf.Pdf], None]) -> None:
    with pikepdf.open(editions[name]) as pdf:
        mutate(pdf)
        out = io.BytesIO()
        pdf.save(out)
    report = verify_pdf(out.getvalue(), "mutant", Thoroughness.QUICK)
    assert report.verdicts and not report.passed, report.as_text()
    assert any(verdict.findings for verdict in report.verdicts)


def _elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)
            and o.get("/Type") == "/StructElem"]


def test_a_file_that_fails_is_not_written(series: Series, tmp_path: Path) -> None:
    """Red headings of the editor's own, which no print style sheet puts into ink."""
    folder = series({"series.toml": 'title = "X"', "2019-04/a.md": SMALL_BRIEF,
                     "styles/house.css": ".matter h1 { color: #c00000 }"})
    with pytest.raises(ReportgenError) as failed:
        build(folder / "2019-04", tmp_path / "out", editions=["screen", "print"])
    assert failed.value.status is ExitStatus.OUTPUT
    told = [d for d in failed.value.diagnostics if d.code == "conformance"]
    assert "rgb: page 2: a colour of DeviceRGB" in told[0].message
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- what the files say and hold


def test_one_packet_holds_both_claims(editions: dict[str, Path]) -> None:
    with pikepdf.open(editions["archive"]) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode()
    assert packet.count("<rdf:RDF") == 1
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A<" in packet
    assert "<pdfuaid:part>1<" in packet


def test_the_briefs_and_data_are_in_the_archive(editions: dict[str, Path]) -> None:
    for name in ("archive", "archive-next"):
        with pikepdf.open(editions[name]) as pdf:
            held = {n: pdf.attachments[n].get_file().read_bytes() for n in pdf.attachments}
            relations = {str(f.UF): str(f.AFRelationship) for f in pdf.Root.AF}
        for brief in ("central-asia.md", "levant.txt"):
            assert held[brief] == (SAMPLE / brief).read_bytes()
            assert relations[brief] == "/Source"
        assert relations["sources.json"] == "/Data"
        assert held["gulf-table-1.csv"].startswith(b"Producer,")
        assert b"160" in held["sahel-figures.csv"]
    for name in ("screen", "archive-plain", "print"):
        with pikepdf.open(editions[name]) as pdf:
            assert not pdf.attachments


def test_names_of_every_kind_reach_the_metadata(series: Series, tmp_path: Path) -> None:
    folder = series({
        "series.toml": 'title = "Tea & <Trade> \ua000\ua001"\n',
        "2019-04/a.md": SMALL_BRIEF.replace("A title of the brief", "Tea & Trade, 3 < 4")
        .replace("Anna Rossi", "Anna O’Rossi-Müller")})
    with pytest.raises(ReportgenError) as failed:  # no shipped font has Yi, and it says so
        build(folder / "2019-04", tmp_path / "out", editions=["archive"])
    errors = [d for d in failed.value.diagnostics if d.severity.value == "error"]
    assert {(d.code, d.span.file) for d in errors} == {("font", "series.toml")}
    (folder / "series.toml").write_text('title = "Tea & <Trade>"\n', encoding="utf-8")
    built = build(folder / "2019-04", tmp_path / "out", editions=["archive"])
    with pikepdf.open(built.files[0]) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Tea & <Trade>, April 2019"
        assert metadata["dc:creator"] == ["Anna O’Rossi-Müller"]
        assert metadata["dc:description"] == "Central Asia: Tea & Trade, 3 < 4"
        assert pdf.docinfo.Title == "Tea & <Trade>, April 2019"
    assert verify_file(built.files[0], Thoroughness.QUICK).passed


def test_a_packet_of_any_letters_is_xml() -> None:
    """Control characters, right-to-left letters and half pairs of surrogates included."""
    from xml.etree import ElementTree

    from reportgen.editions.xmp import Particulars, xmp_packet

    words = "a\x00\x07&<>\"' \u05d0\u05d1 \u202e \ud83d \U0001f600 ]]> \ufffe"
    packet = xmp_packet(Particulars(words, (words,), words, words, "en", "2019-04-01T00:00:00Z",
                                    words), tuple(Standard))
    root = ElementTree.fromstring(packet)
    [creator] = root.iterfind(".//{http://purl.org/dc/elements/1.1/}creator//*[last()]/*")
    assert creator.text == "a&<>\"' \u05d0\u05d1 \u202e  \U0001f600 ]]> "


# ---------------------------------------------------------------- the same bytes


def test_the_same_bytes_on_another_day_in_another_folder(editions: dict[str, Path],
                                                         tmp_path: Path) -> None:
    """All editions: another folder, hash seed, time zone, locale and day."""
    faketime = shutil.which("faketime")
    assert faketime, "this test needs faketime (Debian: apt-get install faketime)"
    folder = tmp_path / "elsewhere" / "series"
    shutil.copytree(SAMPLE.parent, folder)
    command = [faketime, "2031-02-03 04:05:06", sys.executable, "-m", "reportgen.cli.main", "build",
               str(folder / "2019-04"), "-o", str(tmp_path / "out")]
    for name in EDITION_NAMES:
        command += ["--edition", name]
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Kathmandu", "LC_ALL": "C",
                   "REPORTGEN_CACHE": "off"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for path in editions.values():
        again = tmp_path / "out" / "2019-04" / path.name
        assert again.read_bytes() == path.read_bytes(), path.name
    for name in ("sources.json", "accessibility.md", "changes.txt",
                 "strategic-trends-2019-04-print-proof.png",
                 "strategic-trends-2019-04-print-preflight.txt"):
        kept = next(iter(editions.values())).parent / name
        assert (tmp_path / "out" / "2019-04" / name).read_bytes() == kept.read_bytes()


def test_an_edition_alone_is_the_same_as_among_others(editions: dict[str, Path],
                                                      tmp_path: Path) -> None:
    for name in ("archive-next", "print"):
        [alone] = [p for p in build(SAMPLE, tmp_path / name, editions=[name]).files
                   if p.suffix == ".pdf"]
        assert alone.read_bytes() == editions[name].read_bytes()


# ---------------------------------------------------------------- the command line


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "reportgen.cli.main", *arguments],
                          capture_output=True, text=True, check=False, cwd=ROOT)


def test_verify_says_who_tested_what(editions: dict[str, Path], tmp_path: Path) -> None:
    import json

    done = run("verify", "--quick", "--format", "json", str(editions["archive"]))
    assert done.returncode == 0, done.stderr
    [report] = json.loads(done.stdout)
    assert report["passed"] and report["claims"] == ["PDF/UA-1", "PDF/A-3a"]
    assert all(v["validator"] == "page-validation 0.11.0" for v in report["verdicts"])

    broken = tmp_path / "broken.pdf"
    with pikepdf.open(editions["archive"]) as pdf:
        no_intent(pdf)
        pdf.save(broken)
    done = run("verify", "--quick", str(broken), str(editions["screen"]))
    assert done.returncode == ExitStatus.OUTPUT
    assert "FAILED  PDF/A-3a  by page-validation 0.11.0" in done.stdout
    assert "passed  PDF/UA-1" in done.stdout


@pytest.mark.parametrize("content", [None, b"", b"no pdf at all", b"%PDF-1.7\n1 0 obj\n<<"])
def test_verify_of_what_is_no_pdf(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file.pdf"
    if content is not None:
        path.write_bytes(content)
    done = run("verify", str(path))
    assert done.returncode == ExitStatus.INPUT
    assert "error[unreadable]" in done.stderr and "Traceback" not in done.stderr


def test_verify_of_a_file_that_claims_nothing(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "plain.pdf")
    done = run("verify", str(tmp_path / "plain.pdf"))
    assert done.returncode == ExitStatus.OUTPUT
    assert "claims no standard" in done.stdout


def test_an_edition_that_is_none_is_told() -> None:
    done = run("build", "inputs/2019-04", "--edition", "archiv")
    assert done.returncode == ExitStatus.INPUT
    assert 'error[unknown-edition] no edition "archiv"' in done.stderr
    assert 'did you mean "archive' in done.stderr


def test_the_series_names_its_editions(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "X"\neditions = ["archive-plain", "print"]\n',
                     "2019-04/a.md": SMALL_BRIEF})
    built = build(folder / "2019-04", tmp_path / "out")
    assert [p.name for p in built.files[:2]] == ["x-2019-04-archive-plain.pdf",
                                                 "x-2019-04-print.pdf"]
