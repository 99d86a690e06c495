"""A value together with what was told of it and what was read for it."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import ExitStatus, ReportgenError, Severity, Sink

Value = TypeVar("Value")


class Result(Struct, Generic[Value]):
    """What a step has made; it can be kept, and told again, as often as it is used."""

    value: Value | None = None
    sink: Sink = field(default_factory=Sink)
    """Diagnostics, and changes of glyphs."""
    inputs: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file that was read, by name; empty for one that was missing."""

    def tell(self, sink: Sink) -> None:
        """Hand on diagnostics and changes to `sink`, each once."""
        for diagnostic in self.sink:
            sink.add(diagnostic)
        for change in self.sink.changes:
            sink.change(change)

    def value_or_raise(self) -> Value:
        """Return the value. Raises ReportgenError if there is none."""
        if self.value is None:
            raise ReportgenError(self.sink)
        return self.value


def stop_if_failed(sink: Sink, status: ExitStatus = ExitStatus.INPUT, *, strict: bool) -> None:
    """Raise ReportgenError if there are errors; with `strict`, warnings are errors."""
    if strict and any(d.severity is Severity.WARNING for d in sink):
        strictly = Sink()
        for told in sink:
            warning = told.severity is Severity.WARNING
            strictly.add(replace(told, severity=Severity.ERROR) if warning else told)
        raise ReportgenError(strictly, status)
    if sink.failed:
        raise ReportgenError(sink, status)

