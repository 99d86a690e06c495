"""Passwords: from the environment, from a file that only its owner reads, or from the keyring.

They are never printed, never stored, and never part of a diagnostic.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from msgspec import Struct

from reportgen.diagnostics import Sink, Span

SMTP_VARIABLE = "REPORTGEN_MAIL_PASSWORD"
IMAP_VARIABLE = "REPORTGEN_IMAP_PASSWORD"

_SERVICE = "reportgen"


class Account(Struct, frozen=True):
    """Whose password is needed."""

    user: str
    server: str
    variable: str
    file: Path | None
    span: Span
    """Where it is named."""
    setting: str = "password-file"
    """What names the file."""


def secret(account: Account, sink: Sink) -> str:
    """Return the password or token of an account; if there is none, an error goes to `sink`."""
    found = os.environ.get(account.variable, "")
    if not found and account.file is not None:
        found = _from_file(account.file, account.span, sink)
    if not found and not sink.failed:
        found = _from_keyring(account)
    if not found and not sink.failed:
        sink.error("no-password", f"there is no password for {account.user} at {account.server}",
                   account.span, f"set {account.variable}, or name a file by {account.setting}",
                   "or store it, with the extra reportgen[keyring]: "
                   f"keyring set {_SERVICE}:{account.server} {account.user}")
    return found


def bearer(user: str, token: str) -> bytes:
    """Return what a client says to log in by XOAUTH2 (Google, Microsoft: the SASL mechanism)."""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def is_open(mode: int) -> bool:
    """Whether others than its owner can use a file with that mode (stat(2), `st_mode`)."""
    return bool(mode & (stat.S_IRWXG | stat.S_IRWXO))


def _from_file(path: Path, span: Span, sink: Sink) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        sink.error("password-file", f"{path.name} cannot be read: {reason}", span)
        return ""
    if is_open(mode):
        sink.error("password-file", f"others than you can read {path.name}", span,
                   f"chmod 600 {path}")
        return ""
    return text


def _from_keyring(account: Account) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(f"{_SERVICE}:{account.server}", account.user) or ""
    except (KeyringError, RuntimeError, OSError):
        return ""
