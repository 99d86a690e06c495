"""Finding the region that an author means."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from difflib import get_close_matches

from reportgen.model import Region, slug
from reportgen.patterns import pattern


def folded(name: str) -> str:
    """Fold a name for comparison: no case, accents, articles or punctuation."""
    text = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ").replace("ı", "i"))
    text = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    words = [w for w in text.split() if w not in ("the", "and")]
    return " ".join(words)


_SMALL = ("of", "the", "and", "de", "du", "des", "la", "le", "les", "el", "del", "di", "e", "und",
          "y", "et", "dei", "della")
_ACRONYMS = ("EU", "UN", "US", "USA", "UK", "UAE", "NATO", "BRICS", "ASEAN", "OSCE", "MENA", "DRC",
             "CIS", "GCC", "UE", "ONU", "OTAN", "EEUU")


def unknown_region(name: str) -> Region:
    """Return a region that no table has, as a brief's heading names it."""
    words = name.split()
    if name.upper() == name:
        words = [word if word in _ACRONYMS else
                 word.lower() if number and word.lower() in _SMALL
                 else _capitalised(word, turkish="İ" in name)
                 for number, word in enumerate(words)]
    shown = " ".join(words)
    latin = any(c.isascii() and c.isalnum() for c in unicodedata.normalize("NFKD", shown))
    code = slug(shown) if latin else f"region-{hashlib.sha256(shown.encode()).hexdigest()[:6]}"
    return Region(code=code, name=shown)


def _capitalised(word: str, *, turkish: bool) -> str:
    """Return a word of capitals with a capital at its begin; Turkish has a dotted and a plain i."""
    def begun(part: re.Match[str]) -> str:
        rest = part[0][1:]
        if turkish:
            rest = rest.replace("İ", "i").replace("I", "ı")
        return part[0][0] + rest.lower()

    return re.sub(r"[^\W\d_]+", begun, word)


_REGION_WORD = pattern(
    r"^(?:the )?(?:region|regione|regiao|регион|регіон) (?:(?:del|della|dello|de|du|do|da) )?|"
    r" (?:region|bolgesi|регион|регіон)$")
"""Of "the Mekong region"; folded."""


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
        bare = folded(name)
        return self._by_name.get(bare) or self._by_name.get(_REGION_WORD.sub("", bare).strip())

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
        plain = folded(name)
        same = [known for known in self._by_name if known[:1] == plain[:1]]
        found = get_close_matches(plain, same, n=1, cutoff=0.75)
        return self._by_name[found[0]].name if found else None
