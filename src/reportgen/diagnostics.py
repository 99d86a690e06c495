"""What went wrong, where, and what to do about it.

Every room reports to a `Sink`; nobody prints and nobody stops at the first
mistake. A diagnostic is written for the editor: file, line, column, code, what
is wrong, what to do. Only the command line turns diagnostics into text on
stderr and into an exit status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum, IntEnum

from msgspec import Struct
from msgspec.structs import replace


class Severity(Enum):
    """How much a diagnostic matters."""

    ERROR = "error"
    """Nothing is written until this is mended."""
    WARNING = "warning"
    """The bulletin is written; somebody should look."""
    NOTE = "note"
    """For the record: what was taken for what."""


class ExitStatus(IntEnum):
    """What the command line returns (docs/commands.md)."""

    OK = 0
    INPUT = 1
    USAGE = 2
    OUTPUT = 3
    MAIL = 4
    """Some messages were rejected, are in doubt, or wait."""
    BUSY = 75
    """Somebody else is sending (sysexits.h, EX_TEMPFAIL)."""


class Span(Struct, frozen=True, order=True):
    """A place in a file that the editor can open."""

    file: str
    """Path as shown to the editor, relative to the folder that is built."""
    line: int = 0
    """Line, from 1; 0 if the whole file is meant."""
    column: int = 0
    """Column in characters, from 1; 0 if the whole line is meant."""

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class Diagnostic(Struct, frozen=True):
    """One thing that the editor should know."""

    severity: Severity
    code: str
    """Short, stable, in kebab-case: what a warning is silenced by."""
    message: str
    span: Span
    hints: tuple[str, ...] = ()
    words: str = ""
    """Words of the text that it is about, as they stand there; empty if it is about none."""

    def __str__(self) -> str:
        head = f"{self.span} {self.severity.value}[{self.code}] {self.message}"
        return "\n".join([head, *(f"  hint: {hint}" for hint in self.hints)])


class Change(Struct, frozen=True):
    """A change of glyphs or spaces that typography made in an author's text."""

    span: Span
    rule: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.span}\t{self.rule}\t{self.before}\t{self.after}"


class Sink:
    """Collects the diagnostics and changes of one run."""

    def __init__(self) -> None:
        self._diagnostics: dict[Diagnostic, None] = {}
        self._changes: list[Change] = []
        self._silenced: set[tuple[str, str, int]] = set()

    def silence(self, code: str, span: Span | None = None) -> None:
        """Leave out warnings and notes of a code: all, or those of a line of a file."""
        self._silenced.add((code, span.file, span.line) if span else (code, "", 0))
        self._diagnostics = {d: None for d in self._diagnostics if not self._is_silenced(d)}

    def _is_silenced(self, found: Diagnostic) -> bool:
        places = ((found.code, "", 0), (found.code, found.span.file, found.span.line))
        return found.severity is not Severity.ERROR and any(p in self._silenced for p in places)

    def error(self, code: str, message: str, span: Span, *hints: str) -> None:
        """Report a mistake that keeps the bulletin from being written."""
        self.add(Diagnostic(Severity.ERROR, code, message, span, hints))

    def warning(self, code: str, message: str, span: Span, *hints: str, words: str = "") -> None:
        """Report something that somebody should look at."""
        self.add(Diagnostic(Severity.WARNING, code, message, span, hints, words))

    def note(self, code: str, message: str, span: Span, *hints: str, words: str = "") -> None:
        """Report, for the record, what was taken for what."""
        self.add(Diagnostic(Severity.NOTE, code, message, span, hints, words))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add `diagnostic`, once, unless its code is silenced."""
        if not self._is_silenced(diagnostic):
            self._diagnostics.setdefault(diagnostic)

    def add_hints(self, hint_of: Callable[[Diagnostic], str]) -> None:
        """Add to each diagnostic the hint that `hint_of` returns, unless it is empty or there."""
        told, self._diagnostics = self._diagnostics, {}
        for diagnostic in told:
            hint = hint_of(diagnostic)
            new = hint and hint not in diagnostic.hints
            self.add(replace(diagnostic, hints=(*diagnostic.hints, hint)) if new else diagnostic)

    def change(self, change: Change) -> None:
        """Log a change of glyphs."""
        self._changes.append(change)

    @property
    def failed(self) -> bool:
        """Whether an error was reported."""
        return any(d.severity is Severity.ERROR for d in self._diagnostics)

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes of glyphs, by file and line."""
        return tuple(sorted(self._changes, key=lambda c: (c.span.file, c.span.line)))

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield the diagnostics by file and line; those of a line in the order they came."""
        return iter(sorted(self._diagnostics, key=lambda d: (d.span.file, d.span.line)))


class ReportgenError(Exception):
    """The run cannot go on; what is wrong is in `diagnostics`."""

    def __init__(self, diagnostics: Sink, status: ExitStatus = ExitStatus.INPUT) -> None:
        super().__init__("; ".join(str(d) for d in diagnostics))
        self.diagnostics = diagnostics
        self.status = status
