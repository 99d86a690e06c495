"""The gate: which validators there are, what they say, and what is let through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from reportgen.conformance.quick import QuickValidator
from reportgen.conformance.seen import Seen
from reportgen.conformance.verdicts import CannotVerify, Validator, Verdict
from reportgen.diagnostics import Sink, Span
from reportgen.standards import Standard


def validators(ink_limit: int = 300, condition: str = "",
               seen: Seen | None = None) -> Iterator[Validator]:
    """Yield all validators, the quickest first; each is imported when it is wanted."""
    yield QuickValidator(seen)
    from reportgen.conformance.preflight import PressGate

    yield PressGate(ink_limit, condition)
    from reportgen.conformance.verapdf import VeraPdf

    yield VeraPdf()


class Untested(Struct, frozen=True):
    """Standards that no validator tested, and why."""

    standards: tuple[Standard, ...]
    reason: str

    def __str__(self) -> str:
        return f"{', '.join(s.title for s in self.standards)}: {self.reason}"


def verify_all(pdf: bytes, standards: tuple[Standard, ...],
               ) -> tuple[list[Verdict], list[Untested]]:
    """Return what every installed validator says, and what one could not test and why."""
    verdicts: list[Verdict] = []
    untested: list[Untested] = []
    for validator in validators():
        covered = tuple(s for s in standards if s in validator.covers)
        _ask(validator, pdf, covered, verdicts, untested)
    return verdicts, untested


def verify_once(pdf: bytes, standards: tuple[Standard, ...],
                asked: Iterable[Validator] | None = None,
                ) -> tuple[list[Verdict], list[Untested]]:
    """Return what the quickest validator of each standard says, and what none tested and why."""
    verdicts: list[Verdict] = []
    untested: list[Untested] = []
    for validator in validators() if asked is None else asked:
        tested = {verdict.standard for verdict in verdicts}
        open_ones = tuple(s for s in standards if s in validator.covers and s not in tested)
        _ask(validator, pdf, open_ones, verdicts, untested)
        if {verdict.standard for verdict in verdicts} >= set(standards):
            break
    tested = {verdict.standard for verdict in verdicts}
    return verdicts, [u for u in untested if not set(u.standards) <= tested]


def _ask(validator: Validator, pdf: bytes, standards: tuple[Standard, ...],
         verdicts: list[Verdict], untested: list[Untested]) -> None:
    """Ask a validator, if there is something to ask it and it is installed."""
    if not standards:
        return
    if validator.title() is None:
        untested.append(Untested(standards, f"{validator.name}: {validator.missing()}"))
        return
    try:
        verdicts += validator.verify(pdf, standards)
    except CannotVerify as error:
        untested.append(Untested(standards, str(error)))


class Gate(Struct, frozen=True):
    """Lets an edition through that keeps what it claims."""

    ink_limit: int
    condition: str

    def verify(self, pdf: bytes, name: str, standards: tuple[Standard, ...],
               sink: Sink, seen: Seen | None = None) -> tuple[Verdict, ...]:
        """Return the verdicts on an edition; what fails is an error, what is untested a warning.

        What is in `seen` is not read again.
        """
        span = Span(f"edition {name}")
        verdicts, untested = verify_once(pdf, standards,
                                         validators(self.ink_limit, self.condition, seen))
        for verdict in verdicts:
            for finding in verdict.findings[:20]:
                times = f" ({finding.times} times)" if finding.times > 1 else ""
                sink.error("conformance", f"not {verdict.standard.title}: {finding.rule}: "
                           f"{finding.message}{times}", span, f"by {verdict.validator}")
            for remark in verdict.remarks:
                if verdict.passed and "not measured" in remark:
                    sink.warning("not-verified", remark, span)
        for row in untested:
            titles = ", ".join(s.title for s in row.standards)
            sink.warning("not-verified", f"not tested: {titles}", span, row.reason)
        return tuple(verdicts)
