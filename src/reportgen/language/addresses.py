"""How an address of the web is shown in print: without its scheme, breaking in its path."""

from __future__ import annotations

import re

SHORT_ADDRESS = 36
"""Letters; an address that is no longer is not broken at all."""


def shown_address(words: str) -> tuple[str, ...]:
    """Return an address as it is read, in pieces between which a line may end.

    It breaks after `/`, `-` and `_`, before `.`, `?` and `&` (Chicago Manual of Style, 18th ed.,
    14.18), but a host is never broken.
    """
    shown = re.sub(r"^(?:https?://)?(?:www\.)?", "", words).rstrip("/")
    if len(shown) <= SHORT_ADDRESS:
        return (shown,)
    host, slash, path = shown.partition("/")
    pieces = [piece for piece in re.split(r"(?<=[/_-])|(?=[.?&=])", slash + path) if piece]
    short = []
    for piece in pieces:  # a piece that no line holds is cut up
        short += [piece[n:n + 30] for n in range(0, len(piece), 30)]
    return (host, *short)
