"""What the kinds of `subscribers` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reportgen.diagnostics import Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.addresses import Address
    from reportgen.series import Series


def region_finder(series: Series) -> Callable[[str], str | None]:
    """Return what finds a region's code by any of its names."""
    from reportgen.reading.regions import RegionTable

    table = RegionTable(series.regions)

    def find(name: str) -> str | None:
        region = table.find(name)
        return region.code if region else None

    return find


def address_of(text: str, sink: Sink) -> Address | None:
    from reportgen.mail.addresses import BadAddress, parse_address

    try:
        return parse_address(text)
    except BadAddress as error:
        sink.error("bad-address", f"{text}: {error}", Span("command line"))
        return None
