"""Finding the region that an author means."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from reportgen.model import Region


def folded(name: str) -> str:
    """Fold a name for comparison: no case, accents, articles or punctuation."""
    text = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    text = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    words = [w for w in text.split() if w not in ("the", "and")]
    return " ".join(words)


class RegionTable:
    """The regions of a series, by every name that they go by."""

    def __init__(self, regions: dict[str, Region]) -> None:
        self.regions = regions
        self._by_name: dict[str, Region] = {}
        for region in regions.values():
            names = (region.code, region.name, *region.names.values(), *region.aliases)
            for name in names:
                self._by_name.setdefault(folded(name), region)

    def find(self, name: str) -> Region | None:
        """Return the region that goes by `name`."""
        return self._by_name.get(folded(name))

    def find_at_start(self, text: str) -> tuple[Region, str] | None:
        """Return the region whose name begins `text`, and the rest of `text`."""
        words = re.split(r"(?<=\S)(?=\s)", text)
        for count in range(len(words) - 1, 0, -1):
            region = self.find("".join(words[:count]))
            if region:
                return region, "".join(words[count:]).strip()
        return None

    def near(self, name: str) -> str | None:
        """Return the region's name that `name` was probably meant to be."""
        found = get_close_matches(folded(name), self._by_name, n=1, cutoff=0.75)
        return self._by_name[found[0]].name if found else None
