"""Finding what to build, and reading all of it: an issue's folder or one brief, to the model."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from reportgen.diagnostics import Sink, Span
from reportgen.model import Brief, Month, Shape
from reportgen.reading.brief import Context, read_brief
from reportgen.reading.byline import People
from reportgen.reading.regions import RegionTable
from reportgen.series import SERIES_FILE, IssueSettings, Series, open_series, read_issue
from reportgen.settings import line_of
from reportgen.workspace import SourceText

BRIEF_SUFFIXES = (".md", ".markdown", ".txt")
_NO_BRIEFS = ("readme", "notes")


@dataclass(frozen=True)
class Target:
    """What is built: an issue's folder, or one brief."""

    path: Path
    shape: Shape
    name: str
    """Name of the issue, or of the brief: first part of the file names."""


@dataclass(frozen=True)
class Issue:
    """The briefs of one issue, read."""

    target: Target
    series: Series
    settings: IssueSettings
    source: SourceText | None
    month: Month
    briefs: tuple[Brief, ...]


def read(path: Path, only: tuple[str, ...], sink: Sink) -> Issue | None:
    """Read the series and the briefs of `path`; None if there is nothing to build."""
    target = find_target(path, sink)
    if target is None:
        return None
    series = open_series(target.path, sink)
    if target.shape is Shape.BULLETIN:
        settings, source = read_issue(target.path, series, sink)
        files = _brief_files(target.path, series, settings, source, only, sink)
    else:
        settings, source, files = _settings_of_offprint(target.path, series)
    context = Context(RegionTable(series.regions), People(frozenset(series.people)),
                      settings.date, settings.language or series.settings.language)
    briefs = []
    for file in files:
        text = series.workspace.read_text(file, sink)
        brief = read_brief(text, file.stem, context, sink) if text else None
        if brief:
            briefs.append(brief)
        elif not sink.failed:
            sink.error("no-brief", "this is no brief", Span(series.workspace.shown(file)),
                       "it needs a region, a month, a title and text")
    if not briefs:
        return None
    month = settings.date or briefs[0].month
    return Issue(target, series, settings, source, month, tuple(briefs))


def find_target(path: Path, sink: Sink) -> Target | None:
    """Return what `path` asks to build."""
    span = Span(str(path))
    if path.is_dir():
        if (path / SERIES_FILE).is_file():
            issues = sorted(p.name for p in path.iterdir() if _holds_briefs(p))
            hint = f"name one of its issues: {path / issues[-1]}" if issues else "it has none yet"
            sink.error("series-not-issue", "this is a series, not an issue", span, hint)
            return None
        return Target(path, Shape.BULLETIN, path.resolve().name)
    if not path.exists():
        sink.error("no-such-file", "there is no such file or folder", span)
        return None
    if path.suffix.lower() not in BRIEF_SUFFIXES:
        sink.error("no-brief", f"a brief ends in {', '.join(BRIEF_SUFFIXES)}", span)
        return None
    return Target(path, Shape.OFFPRINT, path.stem)


def _holds_briefs(folder: Path) -> bool:
    return folder.is_dir() and any(p.suffix.lower() in BRIEF_SUFFIXES for p in folder.iterdir())


def _settings_of_offprint(
    path: Path, series: Series
) -> tuple[IssueSettings, SourceText | None, list[Path]]:
    """Return the settings of the issue that a single brief lies in, as far as it lies in one."""
    quiet = Sink()
    settings, source = read_issue(path.parent, series, quiet)
    return settings, source, [path]


def _brief_files(folder: Path, series: Series, settings: IssueSettings, source: SourceText | None,
                 only: tuple[str, ...], sink: Sink) -> list[Path]:
    """Return the files of an issue's briefs in their order."""
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        named = path.name.startswith((".", "_", "~")) or path.stem.lower() in _NO_BRIEFS
        if named or path.suffix.lower() not in BRIEF_SUFFIXES:
            continue
        if path.stem in files:
            sink.error("same-name", f"{path.name} and {files[path.stem].name} have the same name",
                       Span(series.workspace.shown(path)), "rename one, or move it away")
        files[path.stem] = path
    span = source.span() if source else Span(series.workspace.shown(folder))
    if not files:
        sink.error("no-briefs", "there is no brief in this folder",
                   Span(series.workspace.shown(folder)),
                   f"a brief is a file that ends in {', '.join(BRIEF_SUFFIXES)}")
    span = source.span(line_of(source, "order")) if source else span
    asked = [(name, span) for name in settings.order]
    asked += [(name, Span("command line")) for name in only]
    for name, place in asked:
        if name not in files and Path(name).stem not in files:
            near = get_close_matches(name.lower(), files, n=1, cutoff=0.5)
            hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(files)}"
            sink.error("no-such-brief", f'there is no brief "{name}"', place, hint)
    order = [Path(n).stem if n not in files else n for n in settings.order]
    names = [*(n for n in order if n in files), *(n for n in files if n not in order)]
    wanted = {Path(n).stem if n not in files else n for n in only}
    return [files[n] for n in dict.fromkeys(names) if not wanted or n in wanted]
