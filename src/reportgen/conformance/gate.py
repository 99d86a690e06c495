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


def verify_all(pdf: bytes, standards: tuple[Standard, ...]) -> tuple[list[Verdict], list[str]]:
    """Return what every installed validator says, and what is not tested and why."""
    return _asked(pdf, standards, validators(), once=False)


def verify_once(pdf: bytes, standards: tuple[Standard, ...],
                asked: tuple[Validator, ...] = ()) -> tuple[list[Verdict], list[str]]:
    """Return what the quickest validator of each standard says, and what is not tested and why."""
    return _asked(pdf, standards, asked or validators(), once=True)


def _asked(pdf: bytes, standards: tuple[Standard, ...], asked: tuple[Validator, ...],
           *, once: bool) -> tuple[list[Verdict], list[str]]:
    verdicts: list[Verdict] = []
    untested: list[str] = []
    for validator in asked:
        tested = {verdict.standard for verdict in verdicts} if once else set()
        wanted = tuple(s for s in standards if s in validator.covers and s not in tested)
        if not wanted:
            continue
        names = ", ".join(s.title for s in wanted)
        if validator.title() is None:
            untested.append(f"{names} by {validator.name}: {validator.missing()}")
            continue
        try:
            verdicts += validator.verify(pdf, wanted)
        except CannotVerify as error:
            untested.append(f"{names} by {validator.name}: {error}")
    return verdicts, untested


@dataclass(frozen=True)
class Gate:
    """Lets an edition through that keeps what it claims."""

    ink_limit: int
    condition: str

    def verify(self, pdf: bytes, name: str, standards: tuple[Standard, ...],
               sink: Sink) -> tuple[Verdict, ...]:
        """Return the verdicts on an edition; what fails is an error, what is untested a warning."""
        span = Span(f"edition {name}")
        verdicts, untested = verify_once(pdf, standards,
                                         validators(self.ink_limit, self.condition))
        for verdict in verdicts:
            for finding in verdict.findings[:20]:
                times = f" ({finding.times} times)" if finding.times > 1 else ""
                sink.error("conformance", f"not {verdict.standard.title}: {finding.rule}: "
                           f"{finding.message}{times}", span, f"by {verdict.validator}")
        for row in untested:
            sink.warning("not-verified", f"not tested: {row.split(': ', 1)[0]}", span,
                         row.split(": ", 1)[-1])
        return tuple(verdicts)
