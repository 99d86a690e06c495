"""A mail that came back, taken apart: its headers, texts, and what it returns of ours.

Mail of strangers is read here, so nothing is believed that a parser stumbles over, and nothing is
read for longer than its length deserves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import default
from functools import cached_property
from html.parser import HTMLParser
from itertools import takewhile
from pathlib import Path

from reportgen.mail.phrases import patterns, unaccented

_HEADER = 2000
"""Letters of a header that are read: twice a line (RFC 5322, 2.1.1); a parser's time grows with
their square."""

_TEXT = 60_000
"""Letters of a mail's text that are read."""

_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
             "message/global-headers")

PHRASES = Path(__file__).with_name("phrases.toml")


_ANSWERS = re.compile(
    r"\s*((re|aw|sv|antw|odp|rif|r|tr|fwd?|wg|rv|res|ynt|vs|va|ri|vb|atb|ats|odg|отв|ha|на|πρ|απ"
    r"|رد|回复|答复)(\[\d+\])?\s*[:：]\s*)+", re.I)


def is_our_subject(subject: str) -> bool:
    """Whether a subject is that of the mail which is answered, and not the writer's."""
    return _ANSWERS.match(subject) is not None


class Incoming:
    """A mail, as it lies in the mailbox."""

    def __init__(self, mail: Message) -> None:
        """Take the parsed mail."""
        self.mail = mail

    def raw(self, name: str) -> list[str]:
        """Return the headers of that name as they were sent, unfolded; of 8-bit ones what is UTF-8.
        """
        found = (re.sub(r"[\r\n]+", "", str(value))[:_HEADER]
                 for field, value in self.mail.raw_items() if field.lower() == name)
        return [text.encode("ascii", "surrogateescape").decode("utf-8", "replace")
                for text in found]

    def header(self, name: str) -> str:
        """Return the text of a header, of several the first."""
        for raw in self.raw(name.lower()):
            try:
                return legible(str(make_header(decode_header(raw))))
            except (HeaderParseError, UnicodeError, LookupError, ValueError):
                return legible(raw)
        return ""

    @cached_property
    def subject(self) -> str:
        return " ".join(self.header("subject").split())

    @cached_property
    def sender(self) -> str:
        """The address that a mail is from; empty: it names none, or several.

        Encoded words are read after the address is (RFC 2047, 5): what they say is a
        name, whatever it looks like.
        """
        fields = self.raw("from")
        if len(fields) != 1:
            return ""
        field = default.header_factory("From", fields[0])
        found = [a.addr_spec for a in field.addresses if a.domain]
        # "<a@b.example> <c@d.example>": the parser takes the first, others may take the last.
        clear = len(found) == 1 and not any("invalid address" in str(d) for d in field.defects)
        return legible(found[0]) if clear else ""

    @cached_property
    def recipients(self) -> str:
        """What the headers say of whom the mail was delivered to."""
        names = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to",
                 "x-delivered-to", "x-rcpt-to", "x-forwarded-to", "apparently-to")
        return " ".join(text for name in names for text in self.raw(name)).lower()

    @cached_property
    def is_automatic(self) -> bool:
        """Whether a program wrote it (RFC 3834, 5, and what programs wrote before and since)."""
        said = str(self.mail.get("Auto-Submitted", "no")).strip().lower().partition(";")[0]
        if said.strip() not in ("no", ""):
            return True
        if any(text.strip() == "<>" for text in self.raw("return-path")):  # RFC 3834, 3.3
            return True
        if re.match(r"(no-?reply|do-?not-?reply|noreply-)", self.sender, re.I):
            return True
        if not is_our_subject(self.subject) and patterns(PHRASES)["automatic"].search(
                unaccented(self.subject)):
            return True
        if any(self.raw(name) for name in ("x-autoreply", "x-autorespond", "x-autoreply-from",
                                           "x-auto-reply", "feedback-id", "x-failed-recipients")):
            return True
        bulk = str(self.mail.get("Precedence", "")).strip().lower()
        return bulk in ("auto_reply", "bulk", "junk", "list")

    @cached_property
    def types(self) -> frozenset[str]:
        """MIME types of all parts."""
        return frozenset(part.get_content_type() for part in self.mail.walk())

    @cached_property
    def text(self) -> str:
        """What its writer says, as plain text or HTML, before anything that it returns."""
        plain, html = [], []
        for part in own_parts(self.mail):
            kind = part.get_content_type()
            if kind == "text/plain":
                plain.append(_decoded(part))
            elif kind == "text/html":
                html.append(_decoded(part))
        text = "\n".join(plain) if "".join(plain).strip() else text_of_html("\n".join(html))
        copy = _found("copy", text[:_TEXT])
        return text[:copy.start()] if copy else text[:_TEXT]

    @cached_property
    def said(self) -> str:
        """The text before the mail that it answers, and before a signature, in one line.

        If there is none, what stands below the lines that are marked as quoted.
        """
        given = self.text.split("\n")
        lines = list(takewhile(lambda line: not _found("quote", line), given))
        last = max((n for n, line in enumerate(given) if line.lstrip().startswith(">")), default=-1)
        if not "".join(lines).strip() and last >= 0:
            lines = list(takewhile(lambda line: not _found("quote", line), given[last + 1:]))
        return " ".join(" ".join(lines).split())

    @cached_property
    def is_unproved(self) -> bool:
        """Whether the server that took it in says that its sender is not who it says to be.

        RFC 8601; a forger may write "pass" there, and nobody writes "fail" about themselves.
        """
        said = " ".join(self.raw("authentication-results")).lower()
        return "dmarc=fail" in said or ("spf=fail" in said and "dkim=pass" not in said)

    @cached_property
    def everything(self) -> str:
        """All of its text and headers, with what it returns of ours."""
        pieces = []
        for part in self.mail.walk():
            pieces += [f"{name}: {value}" for name, value in part.raw_items()]
            if not part.is_multipart() and part.get_content_maintype() in ("text", "message"):
                pieces.append(_decoded(part))
        return "\n".join(pieces)[:20 * _TEXT]

    @cached_property
    def returned(self) -> str:
        """What it returns of a mail of ours: headers and text; empty: nothing."""
        pieces = []
        for part in self.mail.walk():
            if part.get_content_type() in _RETURNED:
                payload = part.get_payload()
                inner = payload[0] if isinstance(payload, list) and payload else None
                pieces.append(Incoming(inner).everything if isinstance(inner, Message)
                              else _decoded(part))
        whole = "\n".join(_decoded(p) for p in own_parts(self.mail)
                          if p.get_content_maintype() == "text")[:_TEXT]
        copy = _found("copy", whole)
        return "\n".join([*pieces, whole[copy.start():] if copy else ""])


def _found(key: str, text: str) -> re.Match[str] | None:
    """Return where a phrase stands in a text: its accents are one character each, as without."""
    plain = "".join(unaccented(c) or c for c in text) if not text.isascii() else text
    return patterns(PHRASES)[key].search(plain if len(plain) == len(text) else text)


def own_parts(mail: Message) -> Iterator[Message]:
    """Yield the parts that are not inside of a mail that is returned or forwarded."""
    if mail.get_content_type() in _RETURNED:
        return
    if mail.is_multipart() and mail.get_content_maintype() == "multipart":
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from own_parts(part)
    else:
        yield mail


def _decoded(part: Message) -> str:
    """Return a part's text."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return part.as_string()
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def legible(text: str) -> str:
    """Return text without what a terminal would obey or cannot print."""
    return "".join(c if c.isprintable() else "?" for c in text)


class _Text(HTMLParser):
    _BREAKS = frozenset({"p", "br", "div", "tr", "li", "blockquote", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script", "title")
        if tag == "blockquote" or "gmail_quote" in str(dict(attrs).get("class", "")):
            self.pieces.append("\n> ")
        elif tag in self._BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "title") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def text_of_html(html: str) -> str:
    """Return the text of HTML, a line for each block."""
    parser = _Text()
    parser.feed(html[:4 * _TEXT])
    return "".join(parser.pieces)
