"""DKIM signatures (RFC 6376) over a message in pieces: who sent it, and that nobody changed it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.mail.credentials import is_open

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED = ("from", "to", "reply-to", "subject", "date", "message-id", "list-id",
          "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "content-language",
          "mime-version", "content-type")
"""Headers that are signed if they are there (RFC 6376, 5.4.1; RFC 8058, 4 asks for the two of
unsubscribing). From is signed once more than it is there, so that nobody adds a second one."""


class CannotSign(ValueError):
    """The key cannot be used; the text says why."""


class Signer:
    """Signs for a domain: relaxed headers, simple body (RFC 6376, 3.4.2 and 3.4.3)."""

    def __init__(self, domain: str, selector: str, key: bytes) -> None:
        """Take domain, selector and private key (PEM; RSA or Ed25519). Raises CannotSign."""
        self._domain, self._selector = domain, selector
        self._key, self._algorithm = _loaded(key)

    @classmethod
    def of_file(cls, domain: str, selector: str, path: Path) -> Signer:
        """Return a signer with the key in a file. Raises CannotSign."""
        try:
            if is_open(path.stat().st_mode):
                raise CannotSign(f"others than you can read {path.name}: chmod 600 {path}")
            return cls(domain, selector, path.read_bytes())
        except OSError as error:
            raise CannotSign(f"{path.name} cannot be read: {error.strerror or error}") from error

    def sign(self, pieces: Sequence[bytes], date: str) -> bytes:
        """Return the DKIM-Signature header of a message, with its CRLF.

        `pieces` together are the message; its header ends inside the first.
        `date`, ISO 8601, is the time of the signature.
        """
        head, _, start = pieces[0].partition(b"\r\n\r\n")
        fields = _fields(head)
        names = [name for name in SIGNED if name in fields]
        value = ("v=1; a=" + self._algorithm + "; c=relaxed/simple; d=" + self._domain
                 + "; s=" + self._selector + f"; t={int(datetime.fromisoformat(date).timestamp())}"
                 + ";\r\n h=" + ":".join([*names, "from"])
                 + ";\r\n bh=" + _body_hash([start, *pieces[1:]]) + ";\r\n b=")
        canonical = b"".join(_relaxed(name, fields[name]) + b"\r\n" for name in names)
        canonical += _relaxed("dkim-signature", value.encode())
        signature = base64.b64encode(self._signature(canonical)).decode()
        folded = "\r\n ".join(signature[n : n + 72] for n in range(0, len(signature), 72))
        return f"DKIM-Signature: {value}{folded}\r\n".encode()

    def _signature(self, data: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), hashes.SHA256())
        return self._key.sign(hashlib.sha256(data).digest())  # RFC 8463, 3


_NO_KEY = "DKIM takes an RSA key of 1024 bits or more, or an Ed25519 key"


def _loaded(key: bytes) -> tuple[RSAPrivateKey | Ed25519PrivateKey, str]:
    """Return the private key and the name of its algorithm."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise CannotSign("signing needs a package: pip install reportgen[dkim]") from error
    try:
        loaded = load_pem_private_key(key, None)
    except (ValueError, TypeError) as error:
        raise CannotSign("this is no private key without a password in PEM") from error
    except UnsupportedAlgorithm as error:
        raise CannotSign(_NO_KEY) from error
    if isinstance(loaded, RSAPrivateKey) and loaded.key_size >= 1024:  # RFC 8301, 3.2
        return loaded, "rsa-sha256"
    if isinstance(loaded, Ed25519PrivateKey):
        return loaded, "ed25519-sha256"
    raise CannotSign(_NO_KEY)


def _fields(head: bytes) -> dict[str, bytes]:
    """Return the headers by lower-case name; each of ours is there once."""
    rows = re.split(rb"\r\n(?![ \t])", head)
    found = {}
    for row in rows:
        name, _, value = row.partition(b":")
        found[name.decode("ascii").strip().lower()] = value
    return found


def _relaxed(name: str, value: bytes) -> bytes:
    """Return a header as it is signed (RFC 6376, 3.4.2)."""
    unfolded = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()
    return name.encode() + b":" + unfolded


def _body_hash(pieces: Sequence[bytes]) -> str:
    """Return the hash of a body that ends in one CRLF (RFC 6376, 3.4.3)."""
    total = hashlib.sha256()
    for piece in pieces[:-1]:
        total.update(piece)
    last = pieces[-1].rstrip(b"\r\n") + b"\r\n"
    total.update(last)
    return base64.b64encode(total.digest()).decode()
