"""Where mail comes back to: a Maildir, or a folder on an IMAP server. Read, never changed."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from pathlib import Path

from msgspec import Struct

from reportgen.mail.credentials import bearer

MAX_BYTES = 10_000_000
"""A larger mail is no bounce."""

SINCE = timedelta(days=90)
"""Older mail in an IMAP mailbox is not read."""


class ImapLogin(Enum):
    """How to log in to a mailbox."""

    PASSWORD = ""
    """LOGIN (RFC 9051, 6.2.3)."""
    XOAUTH2 = "xoauth2"
    """An access token in place of a password (Google, Microsoft)."""


@dataclass(frozen=True)
class ImapBox:
    """A folder on a server."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    """Password or token; never printed, never stored."""
    folder: str = "INBOX"
    login: ImapLogin = ImapLogin.PASSWORD
    authorities: str = ""
    """File of root certificates to trust; empty: those of the system."""
    timeout: float = 60.0
    """Seconds."""


class Stored(Struct, frozen=True):
    """A mail in a mailbox, which is read when it is asked for."""

    load: Callable[[], bytes]
    """Returns its bytes. Raises OSError."""
    key: str = ""
    """What it is known by in its mailbox, for good; empty: by its bytes alone."""


def in_maildir(folder: Path) -> Iterator[Stored]:
    """Yield the mails of a Maildir, new and seen. Raises OSError."""
    if not (folder / "new").is_dir() and not (folder / "cur").is_dir():
        raise OSError(None, "this is no Maildir: it has no folder new or cur", str(folder))
    for name in ("new", "cur"):
        if (folder / name).is_dir():
            for path in sorted((folder / name).iterdir()):
                if path.is_file() and path.stat().st_size <= MAX_BYTES:
                    yield Stored(path.read_bytes)


def in_imap(box: ImapBox) -> Iterator[Stored]:
    """Yield the mails of the last 90 days, unchanged and unmarked. Raises OSError.

    Each is known by the folder's UIDVALIDITY and its UID (RFC 9051, 2.3.1.1), so that
    what was read before need not be fetched again.
    """
    try:
        context = ssl.create_default_context(cafile=box.authorities or None)
        with imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context,
                               timeout=box.timeout) as server:
            _log_in(server, box)
            answer, _ = server.select(quoted(box.folder), readonly=True)
            if answer != "OK":
                raise OSError(None, f"there is no folder {box.folder}", box.host)
            day = (datetime.now(UTC) - SINCE).strftime("%d-%b-%Y")
            _, found = server.uid("SEARCH", f"SINCE {day} SMALLER {MAX_BYTES}")
            validity = server.response("UIDVALIDITY")[1][0] or b""
            place = f"{box.host} {box.user} {box.folder} {validity.decode('ascii', 'replace')}"
            for number in (found[0] or b"").split():
                uid = number.decode("ascii", "replace")
                yield Stored(partial(_fetched, server, uid), f"{place} {uid}" if validity else "")
    except (imaplib.IMAP4.error, ValueError) as error:
        raise OSError(None, f"the mailbox refuses: {error}", box.host) from error
    except OSError as error:
        raise OSError(None, error.strerror or str(error), f"{box.host}:{box.port}") from error


def _fetched(server: imaplib.IMAP4, uid: str) -> bytes:
    """Return a mail by its UID; one that is gone meanwhile is empty."""
    try:
        _, data = server.uid("FETCH", uid, "(BODY.PEEK[])")
    except imaplib.IMAP4.error as error:
        raise OSError(None, f"the mailbox refuses: {error}", server.host) from error
    return next((row[1] for row in data if isinstance(row, tuple) and isinstance(row[1], bytes)),
                b"")


def _log_in(server: imaplib.IMAP4, box: ImapBox) -> None:
    if box.login is ImapLogin.XOAUTH2:
        first = bearer(box.user, box.secret)
        # A refusal comes as a challenge with the reason; an empty answer ends it.
        server.authenticate("XOAUTH2", lambda challenge: b"" if challenge else first)
    elif (box.user + box.secret).isascii():
        server.login(box.user, box.secret)
    else:  # LOGIN takes ASCII alone; PLAIN is in UTF-8 (RFC 4616, 2)
        plain = f"\0{box.user}\0{box.secret}".encode()
        server.authenticate("PLAIN", lambda challenge: plain)


def quoted(folder: str) -> str:
    """Return a folder's name as IMAP4rev1 writes it: in modified UTF-7 (RFC 3501, 5.1.3)."""
    text = re.sub("[^ -~]+", _shifted, folder.replace("&", "&-"))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    data = base64.b64encode(match[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
    return f"&{data.decode()}-"
