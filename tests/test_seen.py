"""Pages that passed before are not read again, and nothing wrong gets through by that."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Name

from reportgen.conformance.quick import QuickValidator
from reportgen.conformance.seen import Seen
from reportgen.pipeline import build
from reportgen.standards import Standard
from reportgen.store import Store

from .untuned import write_issue

pytestmark = pytest.mark.slow

STANDARDS = (Standard.PDF_UA_1,)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("seen")
    issue = write_issue(folder / "series", 2, 11)
    return build(issue, folder / "out", store=Store(None)).files[0].read_bytes()


def spoiled(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        change(file)
        out = io.BytesIO()
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def passed(pdf: bytes) -> frozenset[str]:
    seen = Seen()
    [verdict] = QuickValidator(seen).verify(pdf, STANDARDS)
    assert verdict.passed
    return frozenset(seen.passed)


def test_a_file_that_passed_is_read_without_its_content(built: bytes) -> None:
    known = passed(built)
    with pikepdf.open(io.BytesIO(built)) as file:
        assert len(known) == len(file.pages)
    seen = Seen(known)
    rest, hashes = seen.without(built, f"{QuickValidator().title()} {Standard.PDF_UA_1.name}")
    assert hashes == known
    with pikepdf.open(io.BytesIO(rest)) as file:
        assert all(page.obj.Contents.read_bytes() == b"" for page in file.pages)
    [verdict] = QuickValidator(seen).verify(built, STANDARDS)
    assert verdict.passed and seen.passed == known


def test_what_another_validator_saw_counts_for_nothing(built: bytes) -> None:
    seen = Seen(passed(built))
    assert seen.without(built, "another 1.0")[0] is built


def _untagged(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].contents_add(b"\nBT 1 0 0 1 50 50 Tm 1 0 0 RG ET 10 10 20 20 re f\n")


def _other_widths(pdf: pikepdf.Pdf) -> None:
    for font in _fonts(pdf):
        font.DescendantFonts[0].W = Array([0, Array([1, 2, 3, 4])])


def _no_characters(pdf: pikepdf.Pdf) -> None:
    for font in _fonts(pdf):
        del font.ToUnicode


def _no_alternative(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == Name.Figure:
            del item["/Alt"]


def _no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def _fonts(pdf: pikepdf.Pdf) -> list[Any]:
    return list(pdf.pages[2].obj.Resources.Font.values())


@pytest.mark.parametrize("change", [_untagged, _other_widths, _no_characters, _no_alternative,
                                    _no_language])
def test_what_is_spoiled_is_found_all_the_same(
        built: bytes, change: Callable[[pikepdf.Pdf], None]) -> None:
    bad = spoiled(built, change)
    seen = Seen(passed(built))
    [whole] = QuickValidator().verify(bad, STANDARDS)
    [quick] = QuickValidator(seen).verify(bad, STANDARDS)
    assert whole.findings
    assert quick.findings == whole.findings
    assert not seen.passed, "what does not pass is not kept"


def test_an_edited_brief_is_read_and_the_others_are_not(tmp_path: Path) -> None:
    issue = write_issue(tmp_path / "series", 3, 12)
    store = Store(tmp_path / "store")
    build(issue, tmp_path / "a", store=store)
    [entry] = (tmp_path / "store").glob("seen-*")
    before = entry.read_bytes()
    brief = issue / "brief-001.md"
    brief.write_text(brief.read_text(encoding="utf-8").replace(" the ", " the new ", 1), "utf-8")
    edited = build(issue, tmp_path / "b", store=store)
    assert entry.read_bytes() != before
    whole = build(issue, tmp_path / "c", store=Store(None))
    assert edited.files[0].read_bytes() == whole.files[0].read_bytes()
