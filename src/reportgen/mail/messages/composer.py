"""A message to one person: headers, text, HTML, cover, PDF; as bytes that are made but once.

The standard library serialises the parts once, with a few letters in place of
each; text, picture and PDF, the same for everybody, are put in their place when
a message is sent. So a message costs the time and memory of its headers only
(docs/mail.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from enum import Enum
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from reportgen.mail.addresses import digest_of, parse_address
from reportgen.mail.ledger.campaign import Manifest, Recipient
from reportgen.mail.messages.dkim import Signer
from reportgen.model import UNSUBSCRIBE, Letter

_COVER_ID = "cover"
"""Content-ID (RFC 2392) by which the HTML shows the picture."""

_RULES = {utf8: policy.SMTP.clone(utf8=utf8) for utf8 in (False, True)}
"""How headers are written: in ASCII, and for who has an international address (RFC 6532)."""

_ATOM = " !#$%&'*+-/=?^_`{|}~"
"""What a name may have beside letters and digits without quotes (RFC 5322, 3.2.3)."""

_WORD = 75
"""Letters of an encoded word, with its 12 of what is not base64; a line has one more."""

_LINE = 57
"""Bytes of a line of base64 (RFC 2045, 6.8: 76 letters)."""


class Attached(Struct, frozen=True):
    """A PDF that goes with a letter."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Message(Struct, frozen=True):
    """A message as it goes over the wire, without the final dot."""

    segments: tuple[bytes, ...]
    """Lines end in CRLF, leading dots are doubled (RFC 5321, 4.5.2)."""
    size: int
    """Bytes, dots not counted twice."""
    digest: str
    """SHA-256 over what is this person's own, with the plan's date, and over the SHA-256 of what is
    shared."""

    def as_bytes(self) -> bytes:
        """Return the whole message, as a file."""
        return b"\r\n".join(line[1:] if line.startswith(b"..") else line
                            for line in b"".join(self.segments).split(b"\r\n"))


class Composer:
    """Composes the messages of one letter.

    The parts are serialised once, each a placeholder that is then filled; what
    is a person's own are the headers, and the link to unsubscribe in text and HTML.
    """

    def __init__(self, letter: Letter, pdf: Attached | None, manifest: Manifest,
                 signer: Signer | None = None) -> None:
        """Take the letter, the PDF (None: it is linked), and what is common to the mailing."""
        self._letter, self._manifest, self._signer = letter, manifest, signer
        parts = _Parts(letter, pdf)
        self._header, self._body = parts.header, parts.pieces
        self._common: dict[bool, bytes] = {}
        self._shared = {n: hashlib.sha256(piece.data).hexdigest()
                        for n, piece in enumerate(parts.pieces) if piece.kind is _Kind.SHARED}

    def message(self, person: Recipient, tail: bytes = b"", dated: str = "") -> Message:
        """Return the message to `person`; `tail` follows the bytes of the PDF in their copy.

        `dated` is what its Date header says, ISO 8601; empty: when it was planned.
        """
        ways_out = self._ways_out(person)
        head = self._head(person, ways_out) + self._header
        links = {_Kind.LINK: _quoted(ways_out[0]), _Kind.HTML_LINK: _quoted(escape(ways_out[0]))}
        pieces: list[bytes] = [head]
        digested: list[str | bytes] = []
        for n, piece in enumerate(self._body):
            if piece.kind is _Kind.SHARED:
                digested += [pieces[-1], self._shared[n]]
                pieces += [piece.data, b""]
            else:
                rest = piece.kind is _Kind.REST
                pieces[-1] += (encoded(piece.data + tail) if rest
                               else links.get(piece.kind, piece.data))
        digest = digest_of(*digested, pieces[-1])
        if dated:
            pieces[0] = pieces[0].replace(_date_field(self._manifest.date), _date_field(dated), 1)
        if self._signer is not None:
            pieces[0] = self._signer.sign(pieces, dated or self._manifest.date) + pieces[0]
        segments = tuple(piece if n % 2 else _dotted(piece) for n, piece in enumerate(pieces))
        return Message(segments, sum(map(len, pieces)), digest)

    def _head(self, person: Recipient, ways_out: list[str]) -> bytes:
        """Return the headers that stand before those of MIME."""
        international = self._manifest.international(person.rcpt)
        to = _addressed("To", person.display, person.rcpt, international=international)
        # Written by hand: the standard library would encode an address that is longer than a line.
        ways = ",\r\n ".join(f"<{link}>" for link in ways_out)
        if international not in self._common:
            self._common[international] = self._in_common(international=international)
        own = f"{to}\r\nMessage-ID: {person.message_id}\r\nList-Unsubscribe: {ways}\r\n"
        return self._common[international] + own.encode()

    def _in_common(self, *, international: bool) -> bytes:
        """Return the headers that are the same for everybody."""
        given, mail = self._manifest, EmailMessage(_RULES[international])
        fields = [("From", given.sender), ("Reply-To", given.reply_to)]
        addresses = "".join(_address_field(name, text, international=international) + "\r\n"
                            for name, text in fields if text)
        if given.unsubscribe_url:  # RFC 8058: only a POST unsubscribes
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834
        mail["Content-Language"] = self._letter.language
        subject = _text_field("Subject", self._letter.subject, international=international)
        return (f"{addresses}{subject}\r\n".encode() + _date_field(given.date)
                + mail.as_bytes().removesuffix(b"\r\n")
                + f"List-Id: {given.list_id}\r\n".encode())

    def _ways_out(self, person: Recipient) -> list[str]:
        """Return the addresses that unsubscribe: the page first, as people like it better."""
        given, ways = self._manifest, []
        if given.unsubscribe_url:
            ways.append(given.unsubscribe_url.replace("{token}", person.token))
        if given.unsubscribe_mailto:
            subject = quote(f"unsubscribe {person.token}")
            ways.append(f"mailto:{quote(given.unsubscribe_mailto, safe='@+')}?subject={subject}")
        return ways


class _Kind(Enum):
    """What a piece of a body is."""

    OWN = "own"
    """Written out in each message, and hashed with it."""
    LINK = "link"
    HTML_LINK = "html link"
    SHARED = "shared"
    """The base64 of a picture or PDF, hashed once."""
    REST = "rest"
    """The last bytes of a PDF, which a personal copy goes on from."""


class _Piece(Struct, frozen=True):
    kind: _Kind
    data: bytes = b""


class _Parts:
    """The parts of a letter, serialised by the standard library, cut where a person's own come."""

    def __init__(self, letter: Letter, pdf: Attached | None) -> None:
        mail = EmailMessage(policy.SMTP)
        mail.set_content("reportgen text", cte="quoted-printable")
        mail.add_alternative("reportgen html", subtype="html", cte="quoted-printable")
        filled = {b"reportgen text\r\n": _linked(letter.text, _Kind.LINK),
                  b"reportgen html\r\n": _linked(letter.html, _Kind.HTML_LINK)}
        if letter.cover:
            html = mail.get_payload()[1]  # type: ignore[index]
            html.add_related(b"reportgen cover", "image", "png",  # type: ignore[union-attr]
                             cid=f"<{_COVER_ID}>", disposition="inline", filename="cover.png")
            filled[encoded(b"reportgen cover")] = [_Piece(_Kind.SHARED, encoded(letter.cover))]
        if pdf:
            mail.add_attachment(b"reportgen pdf", "application", "pdf", filename=pdf.name)
            whole = len(pdf.data) // _LINE * _LINE  # lines of base64 that no tail changes
            filled[encoded(b"reportgen pdf")] = [
                _Piece(_Kind.SHARED, encoded(pdf.data[:whole])),
                _Piece(_Kind.REST, pdf.data[whole:])]
        # RFC 2046, 5.1.1; `=_` never occurs in quoted-printable or base64 (RFC 2045, 6.7)
        digest = digest_of(letter.html, letter.text, pdf.data if pdf else b"")[:24]
        for number, part in enumerate(p for p in mail.walk() if p.is_multipart()):
            part.set_boundary(f"=_{digest}.{number}")
        head, _, rest = mail.as_bytes().partition(b"\r\n\r\n")
        self.header = head + b"\r\n\r\n"
        self.pieces: list[_Piece] = []
        for mark, pieces in filled.items():
            before, found, rest = rest.partition(mark)
            assert found, "each placeholder stands in the message once, in this order"
            self.pieces += [_Piece(_Kind.OWN, before), *pieces]
        self.pieces.append(_Piece(_Kind.OWN, rest))


def _linked(text: str, kind: _Kind) -> list[_Piece]:
    """Return text in quoted-printable, cut where the link to unsubscribe comes.

    The link stands between soft line breaks, so its length moves nothing.
    """
    pieces: list[_Piece] = []
    for n, part in enumerate(f"{text.rstrip()}\n".split(UNSUBSCRIBE)):
        if n:
            pieces += [_Piece(_Kind.OWN, b"=\r\n"), _Piece(kind), _Piece(_Kind.OWN, b"=\r\n")]
        pieces.append(_Piece(_Kind.OWN, _quoted(part)))
    return pieces


def _quoted(text: str) -> bytes:
    """Return text in quoted-printable (RFC 2045, 6.7), lines ending in CRLF."""
    return binascii.b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")


def _date_field(date: str) -> bytes:
    """Return the Date header (RFC 5322, 3.6.1) of a moment in ISO 8601."""
    return f"Date: {format_datetime(datetime.fromisoformat(date))}\r\n".encode()


def _address_field(field: str, text: str, *, international: bool) -> str:
    address = parse_address(text)
    return _addressed(field, address.name, address.mailbox, international=international)


def _addressed(field: str, name: str, mailbox: str, *, international: bool) -> str:
    """Return a header field with one address (RFC 5322, 3.4), as it is written.

    By hand: the standard library drops the quotes of a name that is longer than a
    line, and a comma in it then makes two addresses of one.
    """
    kept = " ".join(name.replace("=?", "= ?").split())  # what looks encoded is not decoded
    if not kept:
        return f"{field}: {mailbox}"
    if kept.isascii() or international:
        plain = all(c.isalnum() or c in _ATOM for c in kept)
        phrase = kept if plain else '"' + re.sub(r'(["\\])', r"\\\1", kept) + '"'
    else:
        phrase = _encoded_words(kept, _WORD - len(field) - 2)
    line = f"{field}: {phrase} <{mailbox}>"
    return line if len(line) <= 76 else f"{field}: {phrase}\r\n <{mailbox}>"


def _text_field(field: str, text: str, *, international: bool) -> str:
    """Return a header field of text, folded (RFC 5322, 2.2.3).

    By hand: the standard library drops spaces between encoded words.
    """
    words = f"{field}: {text.replace('=?', '= ?')}".split()
    short = all(len(word.encode()) <= _WORD for word in words)
    if not short or not (text.isascii() or international):
        return f"{field}: {_encoded_words(' '.join(words[1:]), _WORD - len(field) - 2)}"
    lines = [words[0]]
    for word in words[1:]:
        if len(f"{lines[-1]} {word}") <= _WORD:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\r\n ".join(lines)


def _encoded_words(text: str, room: int) -> str:
    """Return text as encoded words (RFC 2047, 2), the first not longer than `room` letters.

    They end after a space if they can: not all programs leave out what stands between two.
    """
    words: list[str] = []
    while text:
        size = (room if not words else _WORD) // 4 * 3 - 9
        length = next((n for n in range(len(text), 1, -1) if len(text[:n].encode()) <= size), 1)
        if length < len(text) and " " in text[:length]:
            length = text.rindex(" ", 0, length) + 1
        words.append(f"=?utf-8?b?{base64.b64encode(text[:length].encode()).decode()}?=")
        text = text[length:]
    return "\r\n ".join(words)


def _dotted(data: bytes) -> bytes:
    """Return lines with their leading dots doubled (RFC 5321, 4.5.2)."""
    data = data.replace(b"\r\n.", b"\r\n..")
    return b"." + data if data.startswith(b".") else data


def encoded(data: bytes) -> bytes:
    """Return `data` in base64, in lines of 76 letters that end in CRLF.

    The same as the standard library writes, in three passes over it.
    """
    whole = base64.b64encode(data)
    step = _LINE // 3 * 4
    return b"".join(whole[n : n + step] + b"\r\n" for n in range(0, len(whole), step))


# ---------------------------------------------------------------- letters as artifacts


def frozen(letter: Letter, pdf: str, pdf_name: str, attached: str) -> bytes:
    """Return a letter as bytes to be kept: with its PDF's name and hash, and whether it goes along.

    `attached` is the PDF's artifact; empty: it is linked.
    """
    data: dict[str, Any] = {
        "subject": letter.subject, "html": letter.html, "text": letter.text,
        "language": letter.language, "cover": base64.b64encode(letter.cover).decode(),
        "pdf": pdf, "pdf_name": pdf_name, "attached": attached}
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()


class Thawed(Struct, frozen=True):
    """A frozen letter."""

    letter: Letter
    pdf_name: str
    attached: str
    """SHA-256 of the PDF's artifact; empty: it is linked."""


@lru_cache(maxsize=8)
def thawed(data: bytes) -> Thawed:
    """Return the letter of `frozen`'s bytes."""
    kept = json.loads(data)
    letter = Letter(subject=kept["subject"], html=kept["html"], text=kept["text"],
                    language=kept["language"], cover=base64.b64decode(kept["cover"]))
    return Thawed(letter, kept["pdf_name"], kept["attached"])
