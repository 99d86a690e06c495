"""Pictures as image XObjects (ISO 32000-1, 8.9.5): JPEG as it is, PNG with its transparency."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
from pikepdf import Name

_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}


def image_of(pdf: pikepdf.Pdf, data: bytes) -> Any:
    """Return the picture in `data`, JPEG or PNG, as an image of `pdf`."""
    from PIL import Image  # a bulletin without pictures does without

    opened = Image.open(io.BytesIO(data))
    image: Image.Image = opened
    if opened.format == "JPEG":
        made = _stream(pdf, data, "/DCTDecode", image.size, _SPACES[image.mode])
        if image.mode == "CMYK":  # Pillow writes inks as Adobe does, inverted
            made.Decode = pikepdf.Array([1, 0, 1, 0, 1, 0, 1, 0])
        return made
    mask = None
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        mask = _stream(pdf, zlib.compress(image.getchannel("A").tobytes(), 6), "/FlateDecode",
                       image.size, "/DeviceGray")
        image = image.convert("RGB")
    if image.mode not in _SPACES:
        image = image.convert("RGB")
    made = _stream(pdf, zlib.compress(image.tobytes(), 6), "/FlateDecode", image.size,
                   _SPACES[image.mode])
    if mask is not None:
        made.SMask = mask
    return made


def _stream(pdf: pikepdf.Pdf, data: bytes, encoding: str, size: tuple[int, int],
            space: str) -> Any:
    stream = pikepdf.Stream(pdf, b"")
    stream.write(data, filter=Name(encoding))
    for key, value in (("/Type", Name.XObject), ("/Subtype", Name.Image), ("/Width", size[0]),
                       ("/Height", size[1]), ("/ColorSpace", Name(space)),
                       ("/BitsPerComponent", 8)):
        stream[key] = value
    return pdf.make_indirect(stream)
