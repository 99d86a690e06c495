"""The hooks into WeasyPrint: each mends what it says, and fails here when upstream changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from .conftest import ROOT

pytestmark = pytest.mark.slow

RUN = """
import sys, weasyprint
if sys.argv[1] == "hooked":
    from reportgen.rendering.hooks import install
    install()
weasyprint.HTML(string=open(sys.argv[2]).read()).write_pdf(sys.argv[3])
"""


def rendered(tmp_path: Path, html: str, how: str) -> Path:
    """Render `html` in a fresh process, with or without the hooks; return the PDF."""
    page, pdf = tmp_path / "page.html", tmp_path / f"{how}.pdf"
    page.write_text(html, encoding="utf-8")
    subprocess.run([sys.executable, "-W", "ignore", "-c", RUN, how, str(page), str(pdf)],
                   check=True)
    return pdf


def test_the_fast_lane_draws_the_same(tmp_path: Path) -> None:
    drawing = ROOT / "tests" / "cases" / "map.svg"
    html = (f"<style>@page {{ size: 60mm; margin: 5mm }}</style>"
            f"<img src='{drawing.as_uri()}' style='width:50mm'>")
    pictures = []
    for how in ("plain", "hooked"):
        pdf = rendered(tmp_path, html, how)
        subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", str(pdf),
                        str(pdf.with_suffix(""))], check=True)
        pictures.append(Image.open(pdf.with_suffix(".png")).convert("RGB"))
    assert ImageChops.difference(*pictures).getbbox() is None
    with pikepdf.open(tmp_path / "plain.pdf") as plain, pikepdf.open(
            tmp_path / "hooked.pdf") as hooked:
        assert len(list(plain.pages)) == len(list(hooked.pages))


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
