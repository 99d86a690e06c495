"""What the page knows: words, regions, and two keys that name nobody."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from reportgen.mail.subscribers import Subscribers
from reportgen.series import Series

WORDS = Path(__file__).with_name("words.toml")


class SignUp(Struct, frozen=True):
    """How people subscribe on the page."""

    url: str
    """Of the page, to which the mail that confirms an address leads."""
    sender: str
    """The From header of that mail."""
    smtp: str = "localhost:25"
    """Host and port by which the WSGI application sends it; PHP uses its own mail()."""


def config_of(series: Series, subscribers: Subscribers, offered: frozenset[str],
              sign_up: SignUp | None = None) -> dict[str, Any]:
    """Return what the page has to know, as data for JSON; `offered` are codes of regions.

    `check` tells tokens of ours from invented ones, and makes none; of the secret by which what
    readers asked for is fetched it has only the SHA-256. Whoever reads it learns no address.
    """
    regions = {region.code: {"en": region.name, **region.names}
               for region in series.regions.values() if region.code in offered}
    return {"title": series.settings.title, "language": series.settings.language,
            "words": tomllib.loads(WORDS.read_text("utf-8")),
            "join": asdict(sign_up) if sign_up else None,
            "regions": dict(sorted(regions.items())), "check": subscribers.check_key.hex(),
            "fetch": hashlib.sha256(subscribers.fetch_secret.encode()).hexdigest()}
