"""Addresses as people write them, as mail is sent to them, and when two are the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

_LONGEST = 1000
"""Letters of an address with its name."""


class BadAddress(ValueError):
    """This is no address that mail can be sent to; the text says why."""

    def __init__(self, why: str, text: str) -> None:
        """Take why, and what was given for an address."""
        super().__init__(why)
        self.text = text


class Address(Struct, frozen=True):
    """An address that keeps RFC 5321 and, if it is international, RFC 6531."""

    mailbox: str
    """As the envelope has it; its domain is in ASCII (IDNA 2008; RFC 6531, 3.2, lets it be)."""
    name: str = ""
    """Display name, as in `Anna Rossi <anna@example.org>`."""

    @property
    def international(self) -> bool:
        """Whether the server must offer SMTPUTF8 (RFC 6531) to take it."""
        return not self.mailbox.isascii()

    @property
    def domain(self) -> str:
        return self.mailbox.rpartition("@")[2]

    @property
    def key(self) -> str:
        """What two ways of writing the same address have in common.

        Capitals make no difference: RFC 5321, 2.4, lets a host tell them apart,
        and warns that nobody should rely on it; a person would get two mails.
        """
        return unicodedata.normalize("NFC", self.mailbox).lower()


def parse_address(text: str) -> Address:
    """Return what `text` (`anna@example.org`, `Anna <anna@example.org>`) says.

    A name may have accents and commas without quotes, as people write it, where
    RFC 5322 wants them quoted; the address is taken strictly. Nobody is asked
    whether the domain exists: the network is not reached. Raises BadAddress.
    """
    if len(text) > _LONGEST:
        raise BadAddress("it is too long", text)
    text = unicodedata.normalize("NFC", text.strip().strip(";,").strip())
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in text):
        raise BadAddress("there is a control character in it", text)
    named = re.fullmatch(r"(.*?)\s*<\s*([^<>]*?)\s*>", text)
    name, mailbox = named.groups() if named else ("", text.removeprefix("mailto:"))
    try:
        found = validate_email(mailbox, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise BadAddress(str(error), mailbox) from error
    return Address(f"{found.local_part}@{found.ascii_domain}", clean(_unquoted(name)))


def _unquoted(name: str) -> str:
    """Return a name without its quotes, and without what they make of quotes in it."""
    if len(name) > 1 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])  # RFC 5322, 3.2.4
    return name.strip("\"' ")


def clean(text: str) -> str:
    """Return a name as one line of at most 200 letters, without what cannot stand in a header."""
    joiners = "\u200c\u200d"  # inside of words and emoji
    kept = "".join(c if c in joiners or unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(kept.split())[:200]


def digest_of(*parts: str | bytes) -> str:
    """Return the SHA-256 of `parts`, each with its length, in hexadecimal digits."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()
