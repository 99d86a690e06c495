"""Regular expressions that are compiled when they are first used.

The rooms of reading have some hundred, in nine languages, and most of them are for text that a
build never meets. To compile them all takes as long as setting a page.
"""

from __future__ import annotations

import re
from typing import Any, cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression with the methods of a compiled one; see `re.compile`.

    An error in `source` (`re.error`) is raised at the first use, not here.
    """
    return cast("re.Pattern[str]", _Pattern(source, flags))


class _Pattern:
    """Stands for a compiled expression; what was asked for once is found at once."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found
