"""Finding what to build, and reading all of it: an issue's folder or one brief, to the model."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from msgspec import Struct, field

from reportgen.citations.decisions import Decisions
from reportgen.citations.library import BIBTEX_FILE, CSL_FILE, Item, Library
from reportgen.citations.locked import Lock
from reportgen.codes import silence
from reportgen.diagnostics import Diagnostic, Sink, Span
from reportgen.model import NOWHERE, Brief, Month, Shape
from reportgen.reading.bibtex import read_bibtex
from reportgen.reading.brief import read_brief
from reportgen.reading.byline import People
from reportgen.reading.decisions import FILE as DECISIONS_FILE
from reportgen.reading.decisions import read_decisions
from reportgen.reading.leftovers import (
    BRIEF_SUFFIXES,
    ISSUE_FILES,
    TEXT_SUFFIXES,
    is_private,
    meant,
    tell_leftovers,
)
from reportgen.reading.library import read_library
from reportgen.reading.locked import FILE as LOCK_FILE
from reportgen.reading.locked import read_lock
from reportgen.reading.opening import Context
from reportgen.reading.regions import RegionTable
from reportgen.series import (
    SERIES_FILE,
    IssueSettings,
    Series,
    TrackedChanges,
    open_series,
    read_issue,
)
from reportgen.settings import line_of
from reportgen.workspace import SourceText


class Target(Struct, frozen=True):
    """What is built: an issue's folder, or one brief."""

    path: Path
    shape: Shape
    name: str
    """Name of the issue, or of the brief: first part of the file names."""


class Issue(Struct, frozen=True):
    """The briefs of one issue, read."""

    target: Target
    series: Series
    settings: IssueSettings
    source: SourceText | None
    month: Month
    briefs: tuple[Brief, ...]


class Frame(Struct, frozen=True, dict=True):
    """An issue whose briefs are found, not yet read."""

    target: Target
    series: Series
    settings: IssueSettings
    source: SourceText | None
    files: tuple[Path, ...]
    """The files of its briefs, in their order."""
    library: Library = field(default_factory=Library)
    """The sources that briefs cite by key."""
    lock: Lock = field(default_factory=Lock)
    """What `reportgen links` has found out of sources."""
    decisions: Decisions = field(default_factory=Decisions)
    """What the editor has decided about citations."""

    @cached_property
    def _context(self) -> Context:
        return Context(RegionTable(self.series.regions), People(frozenset(self.series.people)),
                       self.settings.date,
                       self.settings.language or self.series.settings.language, self.library,
                       self.series.note_style)

    @cached_property
    def _paragraphs(self) -> dict[str, Mapping[int, str]]:
        """First words of the paragraphs of each document that was read, by number."""
        return {}

    def brief(self, file: Path, sink: Sink) -> Brief | None:
        """Read one of the briefs; None and an error if it is none."""
        text = self._text(file, sink)
        brief = read_brief(text, file.stem, self._context, sink) if text else None
        if brief is None and not sink.failed:
            sink.error("no-brief", "this is no brief", Span(self.series.workspace.shown(file)),
                       "it needs a region, a month, a title and text")
        self.name_paragraphs(sink)
        return brief

    def _text(self, file: Path, sink: Sink) -> SourceText | None:
        """Return the text of a brief's file, whatever its format."""
        workspace = self.series.workspace
        if file.suffix.lower() in TEXT_SUFFIXES:
            return workspace.read_text(file, sink)
        from reportgen.reading.documents.source import read_source

        text = read_source(workspace, file, TrackedChanges(self.settings.tracked_changes), sink,
                           self.series.note_style)
        if text is not None:
            self._paragraphs[text.name] = text.words
        return text

    def name_paragraphs(self, sink: Sink) -> None:
        """Add to what was told of documents the words by which a paragraph can be found."""
        def hint(diagnostic: Diagnostic) -> str:
            words = self._paragraphs.get(diagnostic.span.file, {})
            return paragraph_hint(diagnostic.span.line, words)

        if self._paragraphs:
            from reportgen.reading.documents.source import paragraph_hint

            sink.add_hints(hint)

    def issue(self, briefs: Sequence[Brief], month: Month) -> Issue:
        """Return the issue with its briefs."""
        return Issue(self.target, self.series, self.settings, self.source,
                     self.settings.date or month, tuple(briefs))


def find(path: Path, only: tuple[str, ...], sink: Sink) -> Frame | None:
    """Find the series and the briefs of `path`; None and an error if there is nothing to build."""
    target = find_target(path, sink)
    if target is None:
        return None
    series = open_series(target.path, sink)
    if target.shape is Shape.BULLETIN:
        settings, source = read_issue(target.path, series, sink)
        files = _brief_files(target.path, series, settings, source, only, sink)
        tell_leftovers(target.path, series, sink)
        if series.source is None and not any(d.code == "near-name" for d in sink):
            sink.note("no-series", f"no {SERIES_FILE} is found here or above: the bulletin is "
                      'called "Bulletin", and has no publisher', Span(str(path)),
                      "reportgen new series DIR writes one")
    else:
        settings, source, files = _settings_of_offprint(target.path, series)
    folder = target.path if target.shape is Shape.BULLETIN else target.path.parent
    silence(series.settings.silence, sink, series.place_of("silence"))
    silence(settings.silence, sink, source.span(line_of(source, "silence")) if source else NOWHERE)
    decisions = read_decisions(_beside(folder, DECISIONS_FILE, series, sink), sink)
    lock = read_lock(_beside(folder, LOCK_FILE, series, sink), sink)
    return Frame(target, series, settings, source, tuple(files), _library(series, sink),
                 Lock(lock.entries, decisions.sources), decisions)


def _beside(folder: Path, name: str, series: Series, sink: Sink) -> SourceText | None:
    path = folder / name
    return series.workspace.read_text(path, sink) if path.is_file() else None


_LIBRARIES = {CSL_FILE: read_library, BIBTEX_FILE: read_bibtex}


def _library(series: Series, sink: Sink) -> Library:
    """Return what stands in the files of sources beside `series.toml`."""
    items: dict[str, Item] = {}
    for name, read_items in _LIBRARIES.items():
        path = series.workspace.root / name
        here = series.source is not None and path.is_file()
        source = series.workspace.read_text(path, sink) if here else None
        found = read_items(source, sink).items if source else {}
        for key in sorted(found.keys() & items.keys()):
            sink.error("source-twice", f'two files of sources have "{key}"',
                       Span(series.workspace.shown(path)), "take it out of one of them")
        items |= found
    return Library(items)


def read(path: Path, only: tuple[str, ...], sink: Sink) -> Issue | None:
    """Read the series and the briefs of `path`; None if there is nothing to build."""
    frame = find(path, only, sink)
    if frame is None:
        return None
    briefs = [brief for file in frame.files if (brief := frame.brief(file, sink))]
    return frame.issue(briefs, briefs[0].month) if briefs else None


def find_target(path: Path, sink: Sink) -> Target | None:
    """Return what `path`, from where the user stands, asks to build."""
    span = Span(str(path))
    path = Path(os.path.normpath(path.absolute()))
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
        if (is_private(path) or path.suffix.lower() not in BRIEF_SUFFIXES
                or meant(path.name, ISSUE_FILES)):
            continue
        if path.stem in files:
            sink.error("same-name", f"{path.name} and {files[path.stem].name} have the same name",
                       Span(series.workspace.shown(path)),
                       "move one away, or put an underscore before its name")
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
