"""Writing a file so that every validator counts its streams alike.

A stream that happens to end with a carriage return is followed by the line feed before
`endstream`; page-validation 0.11 takes the two for one end of line and calls the stream too short
(ISO 19005-3, 6.1.7.1). One stream in 256 ends so. It is deflated once more with a predictor that
changes nothing but its checksum, which is what a deflated stream ends with (RFC 1950, 2.2).
"""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_ENDING = b"\r\nendstream"
_PAD = "/0ReportgenPad"
"""A key of our own in the catalog (ISO 32000-1, annex E) with objects that nobody asks for.

qpdf writes the objects of a file in the order in which it comes upon them, by the names of keys, a
hundred to a stream: objects at the front move what all later streams hold.
"""


def saved(pdf: pikepdf.Pdf, version: str) -> bytes:
    """Return the bytes of a file, deflated, its objects in object streams."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            _settle(item)
    for pad in range(40):
        if pad:
            pdf.Root[_PAD] = Array([pdf.make_indirect(Dictionary()) for _ in range(pad)])
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, force_version=version, fix_metadata_version=False,
                 compress_streams=True,
                 object_stream_mode=pikepdf.ObjectStreamMode.generate)
        if _ENDING not in out.getvalue():
            break
    return out.getvalue()


def _settle(stream: Any) -> None:
    """Deflate a stream that is not, and see to how it ends."""
    if stream.get("/Type") == Name.Metadata:
        return
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    if filters is None:
        raw = zlib.compress(raw, 6)
        stream.write(raw, filter=Name.FlateDecode)
    elif filters != Name.FlateDecode or "/DecodeParms" in stream:
        return
    if raw.endswith(b"\r"):
        data = zlib.decompress(raw)
        # One row, told to be "up" from a row of zeros: the bytes stay, a two is put before them.
        stream.write(zlib.compress(b"\x02" + data, 6), filter=Name.FlateDecode,
                     decode_parms=Dictionary(Predictor=12, Columns=len(data)))
