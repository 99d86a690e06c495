"""The hooks into WeasyPrint: each mends what it says, and fails here when upstream changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from reportgen.rendering.hooks import KEY, stand_in

from .conftest import ROOT

pytestmark = pytest.mark.slow

RUN = """
import sys
from reportgen.rendering.startup import start_engine
start_engine()
import weasyprint
from reportgen.rendering.hooks import install
install()
weasyprint.HTML(string=sys.argv[1]).write_pdf(sys.argv[2])
"""


def placed(html: str, tmp_path: Path) -> pikepdf.Pdf:
    """Return the PDF of `html`, in which NAME is the address of a stand-in."""
    path = tmp_path / "stand-in.svg"
    path.write_bytes(stand_in("map", 50, 40))
    pdf = tmp_path / "page.pdf"
    subprocess.run([sys.executable, "-W", "ignore", "-c", RUN,
                    html.replace("NAME", path.as_uri()), str(pdf)], check=True)
    return pikepdf.open(pdf)


def stand_ins(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and KEY in item]


@pytest.mark.parametrize("html", [
    "<style>@page { size: 60mm; margin: 5mm }</style><img src='NAME' style='width:50mm'>",
    "<style>@page { size: 60mm; margin: 5mm } p { height: 40mm; background: url(NAME) 0 0 / 50mm "
    "40mm no-repeat }</style><p>a"])
def test_a_drawing_stands_where_its_stand_in_was(html: str, tmp_path: Path) -> None:
    with placed(html, tmp_path) as pdf:
        [form] = stand_ins(pdf)
        assert form[KEY] == "/map"
        form.write(b"1 0 0 rg 0 0 1 1 re f 0 0 1 rg 0 0.5 0.5 0.5 re f")  # blue at the upper left
        pdf.save(tmp_path / "filled.pdf")
    subprocess.run(["pdftoppm", "-r", "25.4", "-png", "-singlefile", str(tmp_path / "filled.pdf"),
                    str(tmp_path / "filled")], check=True)
    page = Image.open(tmp_path / "filled.png").convert("RGB")
    found = {at: page.getpixel(at) for at in ((15, 15), (45, 15), (15, 40), (45, 40), (2, 2))}
    assert found == {(15, 15): (0, 0, 255), (45, 15): (255, 0, 0), (15, 40): (255, 0, 0),
                     (45, 40): (255, 0, 0), (2, 2): (255, 255, 255)}


def test_other_drawings_are_the_engines(tmp_path: Path) -> None:
    drawing = ROOT / "tests" / "cases" / "map.svg"
    with placed(f"<img src='{drawing.as_uri()}' style='width:50mm'>", tmp_path) as pdf:
        assert not stand_ins(pdf)
        assert b" l\n" in pdf.pages[0].Contents.read_bytes()


def test_the_engine_starts_from_a_cache_and_without_one(tmp_path: Path) -> None:
    """Cold, warm, with a damaged cache and with none, the same page comes out."""
    script = ("import os, sys; from reportgen.rendering.startup import start_engine; "
              "start_engine(); assert 'fontTools.subset' not in sys.modules; import weasyprint; "
              "sys.stdout.buffer.write(weasyprint.HTML(string='<p>a').write_pdf())")

    def run(cache: str) -> bytes:
        import os

        done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True,
                              capture_output=True, env={**os.environ, "REPORTGEN_CACHE": cache})
        assert done.stderr == b""
        return done.stdout

    cold = run(str(tmp_path / "cache"))
    [kept] = list((tmp_path / "cache").iterdir())
    assert run(str(tmp_path / "cache")) == cold
    kept.write_text("damaged(", encoding="utf-8")
    assert run(str(tmp_path / "cache")) == cold
    assert run("off") == cold


def test_fonttools_is_there_for_who_needs_it() -> None:
    script = ("from reportgen.rendering.startup import start_engine; start_engine(); "
              "from fontTools import subset; subset.Options(); "
              "from fontTools.varLib.instancer import instantiateVariableFont; "
              "print(instantiateVariableFont.__module__)")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True,
                          capture_output=True, text=True)
    assert done.stdout.strip() == "fontTools.varLib.instancer"
