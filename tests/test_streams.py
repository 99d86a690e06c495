"""Every stream of a file ends so that all validators count it alike."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from reportgen.editions.streams import saved

pytestmark = pytest.mark.slow

ENDING = b"\r\nendstream"


def file_of(objects: int, number: int) -> pikepdf.Pdf:
    """Return a file with so many objects, the last of which holds a number."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    rows = [pdf.make_indirect(Dictionary(Number=n)) for n in range(objects)]
    rows.append(pdf.make_indirect(Dictionary(Title=String(f"the last of all: {number}"))))
    pdf.Root.Rows = Array(rows)
    return pdf


def as_qpdf_writes(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True,
             object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize("objects", [20, 450, 900])
def test_streams_of_objects(objects: int) -> None:
    """One in 256 of them ends with a carriage return; look for files that have one."""
    found = 0
    for number in range(3000):
        if ENDING in as_qpdf_writes(file_of(objects, number)):
            found += 1
            assert ENDING not in saved(file_of(objects, number), "1.7")
            if found == 3:
                return
    raise AssertionError("no file has such a stream")


def test_streams_of_data() -> None:
    for number in range(2000):
        data = f"data {number}".encode()
        if zlib.compress(data, 6).endswith(b"\r"):
            break
    pdf = file_of(3, 0)
    pdf.Root.Data = pdf.make_stream(zlib.compress(data, 6), Filter=Name.FlateDecode)
    written = saved(pdf, "1.7")
    assert ENDING not in written
    with pikepdf.open(io.BytesIO(written)) as again:
        assert again.Root.Data.read_bytes() == data
