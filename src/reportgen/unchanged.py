"""Building again what has not changed: the files of the last build, if all it read is the same.

Nothing that makes pages is imported here, so a build that has nothing to do takes no time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from reportgen.citations.library import SOURCE_FILES
from reportgen.diagnostics import Diagnostic, Sink
from reportgen.store import Store, digest, environment

_KIND = "build"
_SERIES_FILES = ("series.toml", "people.toml", "regions.toml", *SOURCE_FILES)
_OWN_FOLDERS = ("styles", "templates")
_PROGRAMS = ("java", "gs")
"""Programs that test an edition where they are installed."""


class KeptBuild(Struct, frozen=True):
    """What a build has written, and what it was made of."""

    root: str
    inputs: Mapping[str, str]
    """SHA-256 by path, of every file that was read."""
    missing: tuple[str, ...]
    """Paths of files that would have been read."""
    listings: Mapping[str, tuple[str, ...]]
    """Names in each folder that was listed."""
    folder: str
    products: tuple[tuple[str, bytes], ...]
    pages: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()

    def holds(self) -> bool:
        """Whether everything is as it was."""
        return (not any(Path(path).exists() for path in self.missing)
                and all(_names(Path(path)) == names for path, names in self.listings.items())
                and all(_hash(Path(path)) == known for path, known in self.inputs.items()))


def key_of(path: Path, only: Sequence[str], editions: Sequence[str], *, strict: bool) -> str:
    """Return the key of a build: the program, what it was asked, and the programs beside it."""
    programs = [shutil.which(name) for name in _PROGRAMS]
    return digest(environment(), str(path.absolute()), tuple(only), tuple(editions), strict,
                  programs)


def kept(key: str, store: Store, sink: Sink) -> KeptBuild | None:
    """Return the build under `key` if nothing has changed since."""
    found = store.get(_KIND, key, sink)
    return found if isinstance(found, KeptBuild) and found.holds() else None


def keep(key: str, store: Store, build: KeptBuild) -> None:
    """Keep a build."""
    store.put(_KIND, key, build)


def surroundings(root: Path, target: Path, taken: Iterable[str], *, is_series: bool,
                 ) -> tuple[dict[str, str], tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the inputs, missing files and listings of a build.

    `root` is the folder of the series, or of a brief that stands alone; `target` is what was built.
    """
    inputs = {str(root / name): _hash(root / name) for name in taken}
    wanted = [root / name for name in _SERIES_FILES]
    folder = target if target.is_dir() else target.parent
    wanted += [folder / "issue.toml", folder / "links.json"]
    place = target
    while place != place.parent and (not is_series or place != root):
        wanted.append(place / "series.toml")
        place = place.parent
    missing = tuple(sorted({str(path) for path in wanted if not path.exists()}))
    listings = {str(folder): _names(folder)}
    if is_series:
        for name in _OWN_FOLDERS:
            for path in sorted((root / name).rglob("*")) if (root / name).is_dir() else ():
                if path.is_file():
                    inputs[str(path)] = _hash(path)
            listings[str(root / name)] = _names(root / name)
    return inputs, missing, listings


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in folder.iterdir()))
    except OSError:
        return ()


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
