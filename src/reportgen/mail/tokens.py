"""Tokens in links to unsubscribe: 18 letters that stand for a person, and eight that check them."""

from __future__ import annotations

import base64
import hashlib
import hmac


def is_checked(key: bytes, token: str) -> bool:
    """Whether the last eight letters of a token are those that only the list's key makes."""
    return hmac.compare_digest(check_of(key, token[:18]), token[18:])


def check_of(key: bytes, body: str) -> str:
    """Return the check letters of the first 18 letters of a token: 40 bits of a keyed hash."""
    digest = hmac.digest(key, body.encode(), hashlib.sha256)
    return base64.b32encode(digest[:5]).decode("ascii").lower()
