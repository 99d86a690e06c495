"""What the page knows: words, regions, and two keys that name nobody."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from reportgen.mail.subscribers import Subscribers
from reportgen.series import Series

WORDS = Path(__file__).with_name("words.toml")


def config_of(series: Series, subscribers: Subscribers, offered: frozenset[str]) -> dict[str, Any]:
    """Return what the page has to know, as data for JSON; `offered` are codes of regions.

    `check` tells tokens of ours from invented ones, and makes none; of the secret by which what
    readers asked for is fetched it has only the SHA-256. Whoever reads it learns no address.
    """
    regions = {region.code: {"en": region.name, **region.names}
               for region in series.regions.values() if region.code in offered}
    return {"title": series.settings.title, "language": series.settings.language,
            "words": tomllib.loads(WORDS.read_text("utf-8")),
            "regions": dict(sorted(regions.items())), "check": subscribers.check_key.hex(),
            "fetch": hashlib.sha256(subscribers.fetch_secret.encode()).hexdigest()}
