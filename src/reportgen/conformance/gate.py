"""The gate: which validators there are, what they say, and what is let through."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.conformance.preflight import PressGate
from reportgen.conformance.quick import QuickValidator
from reportgen.conformance.verapdf import VeraPdf
from reportgen.conformance.verdicts import CannotVerify, Validator, Verdict
from reportgen.diagnostics import Sink, Span
from reportgen.standards import Standard


def validators(ink_limit: int = 300, condition: str = "") -> tuple[Validator, ...]:
    """Return all validators, the quickest first."""
    return QuickValidator(), PressGate(ink_limit, condition), VeraPdf()


def verify_all(pdf: bytes, standards: tuple[Standard, ...],
               ) -> tuple[list[Verdict], list[str]]:
    """Return what every installed validator says, and what could not be tested and why."""
    verdicts: list[Verdict] = []
    untested: list[str] = []
    for validator in validators():
        covered = tuple(s for s in standards if s in validator.covers)
        if not covered:
            continue
        names = ", ".join(s.title for s in covered)
        if validator.title() is None:
            untested.append(f"{names} by {type(validator).__name__}: {validator.missing()}")
            continue
        try:
            verdicts += validator.verify(pdf, covered)
        except CannotVerify as error:
            untested.append(f"{names}: {error}")
    return verdicts, untested


@dataclass(frozen=True)
class Gate:
    """Lets an edition through that keeps what it claims, by the quickest validator of each."""

    ink_limit: int
    condition: str

    def verify(self, pdf: bytes, name: str, standards: tuple[Standard, ...],
               sink: Sink) -> tuple[Verdict, ...]:
        """Return the verdicts on an edition; what fails is an error, what is untested a warning."""
        verdicts: list[Verdict] = []
        for validator in validators(self.ink_limit, self.condition):
            open_ones = tuple(s for s in standards if s in validator.covers
                              and s not in {v.standard for v in verdicts})
            if not open_ones or validator.title() is None:
                continue
            try:
                verdicts += validator.verify(pdf, open_ones)
            except CannotVerify as error:
                sink.warning("cannot-verify", str(error), Span(name))
        for verdict in verdicts:
            self._tell(verdict, name, sink)
        self._untested(standards, verdicts, name, sink)
        return tuple(verdicts)

    def _tell(self, verdict: Verdict, name: str, sink: Sink) -> None:
        for finding in verdict.findings[:20]:
            times = f" ({finding.times} times)" if finding.times > 1 else ""
            sink.error("conformance", f"not {verdict.standard.title}: {finding.rule}: "
                       f"{finding.message}{times}", Span(f"edition {name}"),
                       f"by {verdict.validator}")

    def _untested(self, standards: tuple[Standard, ...], verdicts: list[Verdict], name: str,
                  sink: Sink) -> None:
        tested = {verdict.standard for verdict in verdicts}
        rest = tuple(s for s in standards if s not in tested)
        if rest:
            able = [v for v in validators() if set(rest) & v.covers and v.title() is None]
            sink.warning("not-verified", f"nothing here tests {', '.join(s.title for s in rest)}",
                         Span(f"edition {name}"), *(v.missing() for v in able))
