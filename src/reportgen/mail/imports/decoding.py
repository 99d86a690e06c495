"""From the bytes of a list to its text, whatever program saved it."""

from __future__ import annotations

import re
import unicodedata

from reportgen.diagnostics import Sink
from reportgen.mail.imports.reading import Context
from reportgen.mail.imports.words import meaning

_EIGHT_BIT = {"cp1252": "Windows-1252", "cp1254": "Windows-1254", "mac_roman": "Mac Roman",
              "cp1250": "Windows-1250", "cp1251": "Windows-1251"}
"""Encodings of a byte a letter by their names; of two that fit as well, the first is taken."""

_NAMES = _EIGHT_BIT | {
    "cp1256": "Windows-1256", "cp1253": "Windows-1253", "cp1255": "Windows-1255",
    "cp1257": "Windows-1257", "koi8_r": "KOI8-R", "cp866": "CP866", "iso8859_2": "ISO 8859-2",
    "gb18030": "GB 18030", "big5": "Big5", "cp932": "Shift JIS", "euc_kr": "EUC-KR"}
"""The same and others, which are known by the heads of a list alone."""

def _latin(small: str, capitals: str) -> re.Pattern[str]:
    """Return a pattern of letters beyond ASCII that stand in words as in Latin script.

    Small ones are beside plain letters and not before a capital; capitals begin a word, or
    are among capitals. The apostrophe is that of Word.
    """
    return re.compile(
        f"(?<=[A-Za-z])[{small}](?![A-Z])|[{small}](?=[a-z])"
        f"|(?<![a-z])[{capitals}](?=[A-Za-z])|(?<=[A-Z])[{capitals}](?![a-z])"
        "|(?<=[A-Za-zà-ÿ])’(?=[A-Za-zÀ-ÿ])")


_LATIN_1 = _latin("à-öø-ÿ", "À-ÖØ-Þ")
_LETTERS = {
    "cp1252": _LATIN_1, "mac_roman": _LATIN_1,
    "cp1254": _latin("à-öø-ÿğış", "À-ÖØ-ÞĞİŞ"),
    "cp1250": _latin("à-öø-ÿăąćčďđęěľłńňőřśşšţťůűźżž", "À-ÖØ-ÞĂĄĆČĎĐĘĚĽŁŃŇŐŘŚŞŠŢŤŮŰŹŻŽ"),
    "cp1251": re.compile("(?<=[Ѐ-ӿ])[Ѐ-ӿ]|[Ѐ-ӿ](?=[Ѐ-ӿ])")}
"""Letters as they stand in words: accents among plain letters, Cyrillic among Cyrillic."""


def decoded(data: bytes, context: Context, sink: Sink) -> str | None:
    """Return the text of a file; None, and an error in `sink`, if it has none.

    Bytes that damage a text in UTF-8 stay in it as lone surrogates (PEP 383): `mended`
    shows them.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0") or re.match(rb"\s*<(!doctype|html|table|\?xml)", data,
                                                          re.I):
        sink.error("not-text", "this is a workbook of old Excel, or a page, and not a list",
                   context.span(0), "save it in Excel or LibreOffice as .xlsx, or as CSV (UTF-8)")
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    text = data.decode("utf-8", "surrogateescape")
    damaged = re.findall("[\udc80-\udcff]+", text)
    sound = re.findall("[\u0080-\ud7ff\ue000-\U0010ffff]+", text)
    by_heads = _by_heads(data) if damaged else None
    if len(damaged) <= 4 * len(sound) and by_heads is None:  # others seldom look like UTF-8
        return text.replace("\ufeff", "")
    line = text[: text.index(damaged[0])].count("\n") + 1
    encoding = by_heads or _eight_bit(data)
    if encoding is None:
        sink.error("encoding", "its letters are in an encoding that is not known",
                   context.span(line), "save it as CSV UTF-8")
        return None
    sink.warning("encoding", f"not UTF-8; read as {_NAMES[encoding]}", context.span(line),
                 "look at the accents of the names")
    return data.decode(encoding, "replace")


def _by_heads(data: bytes) -> str | None:
    """Return the encoding by which most heads beyond ASCII are known; None: two are by none."""
    def known(encoding: str) -> int:
        try:
            heads = re.split(r"[,;\t|]", data.decode(encoding).strip().split("\n")[0])
        except UnicodeDecodeError:
            return 0
        return sum(bool(meaning(cell.strip(' "\r'))) for cell in heads if not cell.isascii())

    best = max(_NAMES, key=known)
    return best if known(best) > 1 else None


def _eight_bit(data: bytes) -> str | None:
    """Return the encoding in which most letters beyond ASCII stand as in words; None: no one fits.

    Detectors in libraries (charset-normalizer 3.5) reckon with pages of text:
    from a dozen names they take Mac Roman for Windows-1252, and that for 1250.
    """
    def fit(encoding: str) -> int:
        text = data.decode(encoding, "replace")
        heads = re.split(r"[,;\t|\n\r]", text[:2000])
        known = sum(bool(meaning(cell.strip(' "'))) for cell in heads if not cell.isascii())
        return 2 * len(_LETTERS[encoding].findall(text)) - sum(
            unicodedata.category(c)[0] in "LMS" for c in text if c > "\x7f") + known

    best = max(_EIGHT_BIT, key=fit)  # the first of those
    return best if fit(best) >= 0 else None


def is_damaged(cell: str) -> bool:
    """Whether a cell has bytes that are no text."""
    return re.search("[\udc80-\udcff]", cell) is not None


def mended(cell: str) -> str:
    """Return a cell with its damaged bytes read as Windows-1252, which they mostly are."""
    return re.sub("[\udc80-\udcff]", lambda m: bytes([ord(m[0]) - 0xDC00]).decode(
        "cp1252", "replace"), cell)
