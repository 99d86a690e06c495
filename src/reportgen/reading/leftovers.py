"""What lies in an issue's folder and is read by nobody: told, so that no brief is missed.

Files that begin with a dot, an underscore or a tilde are their owner's own business; a README and
notes are none of its briefs, and are named.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

from reportgen.citations.library import SOURCE_FILES
from reportgen.diagnostics import Sink, Span
from reportgen.series import SERIES_FILE, Series

TEXT_SUFFIXES = (".md", ".markdown", ".txt")
WORD_SUFFIXES = (".docx", ".docm")
OFFICE_SUFFIXES = (".odt", ".rtf", ".doc")
"""Of files that LibreOffice makes to .docx."""
WEB_SUFFIXES = (".html", ".htm")
BRIEF_SUFFIXES = (*TEXT_SUFFIXES, *WORD_SUFFIXES, *OFFICE_SUFFIXES, *WEB_SUFFIXES)

ISSUE_FILES = ("issue.toml", "links.json", "decisions.toml")
SERIES_FILES = (SERIES_FILE, "people.toml", "regions.toml", "mail.toml", *SOURCE_FILES)

_NO_BRIEFS = ("readme", "notes")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif")
_ALIKE = 0.8
"""Likeness of two names from which one is taken for a slip of the other."""

_HINTS = {
    ".pdf": "a PDF is not read: ask its author for the text",
    ".xlsx": "a table stands in the text of a brief, in Markdown",
    ".xls": "a table stands in the text of a brief, in Markdown",
    ".csv": "a table stands in the text of a brief, in Markdown",
    ".zip": "unpack it",
}
_AS_TEXT = "a brief is a Word, OpenDocument, RTF, HTML or text file"


def is_private(path: Path) -> bool:
    """Whether a file is left alone."""
    return path.name.startswith((".", "_", "~")) or path.stem.lower() in _NO_BRIEFS


def meant(name: str, known: tuple[str, ...]) -> str:
    """Return which of the `known` files `name` is a slip of; empty if of none, or if it is one."""
    if name in known:
        return ""
    plain = name.casefold()
    plain = plain.removesuffix(".txt") if plain.endswith(".toml.txt") else plain
    for other in known:
        if plain == other or (plain[:1] == other[:1] and Path(plain).suffix[:2] == ".t"
                              and SequenceMatcher(None, plain, other).ratio() >= _ALIKE):
            return other
    return ""


def tell_leftovers(folder: Path, series: Series, sink: Sink) -> None:
    """Warn of files in an issue's folder that nobody reads, and of settings under another name."""
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.stem.lower() in _NO_BRIEFS and suffix in BRIEF_SUFFIXES:
            sink.note("not-read", f"{path.name} is not read: no brief has that name",
                      Span(series.workspace.shown(path)), "rename it if it is one")
        if is_private(path) or path.name in ISSUE_FILES:
            continue
        if path.is_dir():
            _tell_folder(path, series, sink)
            continue
        slip = meant(path.name, ISSUE_FILES)
        if slip:
            _near(path, slip, series, sink)
        elif suffix not in (*BRIEF_SUFFIXES, *_PICTURES):
            sink.warning("not-read", f"{path.name} is not read",
                         Span(series.workspace.shown(path)), _HINTS.get(suffix, _AS_TEXT))
    root = series.workspace.root if series.source else folder.parent
    for path in sorted(root.iterdir()):
        slip = meant(path.name, SERIES_FILES)
        if slip and path.is_file() and not (root / slip).exists():
            _near(path, slip, series, sink)
        elif slip and path.is_file() and _is_same_name(path.name, slip) and not path.samefile(
                root / slip):
            sink.warning("near-name", f"{path.name} is not read: {slip} is",
                         Span(series.workspace.shown(path)), "take it away, or rename it")
        elif path.suffix.lower() == ".bib" and series.source:
            sink.warning("not-read", f"{path.name} is not read",
                         Span(series.workspace.shown(path)),
                         "rename it to sources.bib")


def _is_same_name(name: str, known: str) -> bool:
    """Whether a name differs from a known one by capitals, or by an ending that Windows hides."""
    return name.casefold().removesuffix(".txt") == known


def _tell_folder(folder: Path, series: Series, sink: Sink) -> None:
    """Warn of briefs in a folder inside that of the issue."""
    found = sorted(path.name for path in folder.iterdir()
                   if path.suffix.lower() in BRIEF_SUFFIXES and not is_private(path))
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        sink.warning("not-read", f"{found[0]}{more} in {folder.name}/ will not be read",
                     Span(series.workspace.shown(folder)),
                     "a brief lies in the folder of its issue itself; a folder whose name begins "
                     "with an underscore is left alone")


def tell_unused_pictures(folder: Path, series: Series, sink: Sink) -> None:
    """Note pictures in an issue's folder that no brief, cover or portrait shows."""
    for path in sorted(folder.iterdir()):
        shown = series.workspace.shown(path)
        if (path.suffix.lower() in _PICTURES and not is_private(path)
                and shown not in series.workspace.taken):
            sink.note("unused-picture", f"{path.name} is shown by no brief", Span(shown),
                      f"a brief shows it with: ![what it shows]({path.name})")


def _near(path: Path, slip: str, series: Series, sink: Sink) -> None:
    sink.warning("near-name", f"{path.name} is not read", Span(series.workspace.shown(path)),
                 f"did you mean {slip}? Rename it")
