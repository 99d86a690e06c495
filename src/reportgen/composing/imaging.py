"""Preparing pictures with Pillow: checked, cropped, sized, in the colours of the page."""

from __future__ import annotations

import hashlib
import io
import re
import warnings

from PIL import Image, ImageCms, ImageOps

from reportgen.composing.pictures import Place, Request, Separation
from reportgen.diagnostics import Sink, Span
from reportgen.model import PlacedPicture

MIN_DPI = 200
"""Below this a picture looks coarse on paper."""

TARGET_DPI = 300
"""A picture is not kept finer than this."""

MAX_PIXELS = 120_000_000
_MM_AN_INCH = 25.4
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF")


def prepared(data: bytes, request: Request, sink: Sink) -> PlacedPicture | None:
    """Return a picture as it is printed, or None and an error in `sink`."""
    source, span = request.source, request.span
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = _opened(data, source, span, sink)
            return _prepared(image, request, sink) if image is not None else None
    except Image.DecompressionBombError:
        sink.error("large-picture", f"{source} has too many pixels", span,
                   f"at most {MAX_PIXELS // 1_000_000} megapixels; make it smaller")
        return None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError) as error:
        reason = re.sub(r" ?<[^>]*>", "", str(error).split("\n")[0]) or type(error).__name__
        sink.error("bad-picture", f"{source} cannot be read as a picture: {reason}", span,
                   "save it once more, as JPEG or PNG")
        return None


def _opened(data: bytes, source: str, span: Span, sink: Sink) -> Image.Image | None:
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    if image.width * image.height > MAX_PIXELS:
        sink.error("large-picture",
                        f"{source} has {image.width} by {image.height} pixels", span,
                        f"at most {MAX_PIXELS // 1_000_000} megapixels; make it smaller")
        return None
    image.load()
    return ImageOps.exif_transpose(_in_srgb(image))


def _prepared(image: Image.Image, request: Request, sink: Sink) -> PlacedPicture:
    place = request.place
    width, height = _size(image, place)
    if place.height is not None:
        image = ImageOps.fit(image, _fitting(image, width / height), centering=(0.5, 0.35))
    dpi = image.width / (width / _MM_AN_INCH)
    if dpi < MIN_DPI:
        sink.warning(
            "low-resolution", f"{request.source} has {dpi:.0f} dpi at {width:.0f} mm", request.span,
            f"{MIN_DPI} dpi at least: {width / _MM_AN_INCH * MIN_DPI:.0f} pixels across")
    wanted = (round(width / _MM_AN_INCH * TARGET_DPI), round(height / _MM_AN_INCH * TARGET_DPI))
    if dpi > TARGET_DPI:
        image = image.resize(wanted, Image.Resampling.LANCZOS)
    if request.separation is not None:
        image = _separated(image, request.separation)
    out = io.BytesIO()
    if image.mode == "CMYK":
        image.save(out, "JPEG", quality=92, subsampling=0, dpi=(TARGET_DPI, TARGET_DPI))
    elif image.mode in ("RGB", "L"):
        image.save(out, "JPEG", quality=88, optimize=True, dpi=(TARGET_DPI, TARGET_DPI))
    else:
        image.save(out, "PNG", optimize=True)
    digest = hashlib.sha256(out.getvalue()).hexdigest()[:16]
    return PlacedPicture(name=f"picture-{digest}", data=out.getvalue(),
                         alternative=request.alternative, width=width, height=height)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB: by its profile if it has one, else as it stands."""
    profile = image.info.get("icc_profile")
    alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if alpha else "L" if image.mode in ("1", "L", "I;16", "I", "F") else "RGB"
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            converted = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile says nothing; the numbers are taken as they stand
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    return image.convert(mode)


def _separated(image: Image.Image, separation: Separation) -> Image.Image:
    """Return a picture in inks: grey on black alone, no more ink than the paper takes.

    What is transparent shows the paper. The sum of the inks is brought down in
    cyan, magenta and yellow, to two percent under the limit: JPEG rounds.
    """
    import numpy as np  # only print needs it, and it takes a tenth of a second to load

    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image).convert("RGB")
    if image.mode == "L" or _is_grey(image):
        return image.convert("L")
    target = ImageCms.ImageCmsProfile(io.BytesIO(separation.profile))
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), target, "RGB", "CMYK", ImageCms.Intent.PERCEPTUAL)
    inks = np.asarray(ImageCms.applyTransform(image.convert("RGB"), transform), dtype=np.float32)
    colours, black = inks[..., :3].sum(axis=2), inks[..., 3]
    room = (separation.ink_limit - 2) / 100 * 255 - black
    share = np.minimum(1, room / np.maximum(colours, 1))[..., None]
    limited = np.concatenate([inks[..., :3] * share, inks[..., 3:]], axis=2)
    return Image.fromarray(np.floor(limited).astype(np.uint8), "CMYK")


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.convert("RGB").split()
    return red.tobytes() == green.tobytes() == blue.tobytes()


def _fitting(image: Image.Image, ratio: float) -> tuple[int, int]:
    """Return the largest size of a given shape that fits into a picture."""
    if image.width / image.height > ratio:
        return max(round(image.height * ratio), 1), image.height
    return image.width, max(round(image.width / ratio), 1)


def _size(image: Image.Image, place: Place) -> tuple[float, float]:
    """Return the size in mm at which a picture is printed."""
    if place.height is not None:
        return place.width, place.height
    width, height = place.width, place.width * image.height / image.width
    if height > place.max_height:
        width, height = width * place.max_height / height, place.max_height
    return width, height
