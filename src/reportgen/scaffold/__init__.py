"""Commented starts for a new series, issue or brief; each builds at once."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import language_of
from reportgen.model import Brief, Month, Region, plain
from reportgen.workspace import write_whole

SERIES_FILES = ("series.toml", "people.toml", "regions.toml", "mail.toml")


@cache
def _shipped(name: str) -> str:
    return (resources.files("reportgen.scaffold") / name).read_text(encoding="utf-8")


def starter(name: str, **values: str) -> str:
    """Return a shipped start with its @NAMES@ replaced."""
    text = _shipped(name)
    for key, value in values.items():
        text = text.replace(f"@{key.upper()}@", value)
    return text


def is_start(brief: Brief) -> bool:
    """Whether a brief still has the title or the author that a new one begins with."""
    lines = starter("brief.md").splitlines()
    names = {f"{author.name} – " for author in brief.authors}
    return f"## {plain(brief.title)}" in lines or any(
        line.startswith(name) for name in names for line in lines)


def new_series(folder: Path, month: Month, region: Region, sink: Sink) -> tuple[Path, ...]:
    """Write a new series with a first issue into `folder`; return the files written."""
    files = {folder / name: starter(name) for name in SERIES_FILES}
    files |= _issue_files(folder / str(month), month, region)
    return _write(files, sink)


def new_issue(folder: Path, month: Month, region: Region, sink: Sink) -> tuple[Path, ...]:
    """Write a new issue of `month` with a first brief into the series at `folder`."""
    return _write(_issue_files(folder / str(month), month, region), sink)


def new_brief(issue: Path, month: Month, region: Region, sink: Sink) -> tuple[Path, ...]:
    """Write a new brief of `region` into the folder of an issue."""
    return _write(_brief_files(issue, month, region), sink)


def _issue_files(folder: Path, month: Month, region: Region) -> dict[Path, str]:
    files = {folder / "issue.toml": starter("issue.toml", date=f"{month}-01")}
    return files if _has_briefs(folder) else files | _brief_files(folder, month, region)


def _has_briefs(folder: Path) -> bool:
    """Whether a folder has more in it than settings: then it needs no brief to begin with."""
    return folder.is_dir() and any(path.suffix.lower() not in ("", ".toml", ".json")
                                   for path in folder.iterdir())


def _brief_files(folder: Path, month: Month, region: Region) -> dict[Path, str]:
    shown = language_of("en").month_name(month.month, month.year)
    text = starter("brief.md", region=region.name, month=shown)
    return {folder / f"{region.code}.md": text}


def _write(files: dict[Path, str], sink: Sink) -> tuple[Path, ...]:
    """Write all files, or none if one of them is there already."""
    for path in files:
        if path.exists():
            sink.error("exists", f"{path} is there already; nothing was written", Span(str(path)),
                       "choose another name, or move the file away")
    if sink.failed:
        return ()
    for path, text in files.items():
        write_whole(path, text.encode())
    return tuple(files)
