"""Verifying a file: what it claims, and what each validator says of that."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.conformance.gate import verify_all, verify_once
from reportgen.conformance.verdicts import NotPdf, Verdict, claims_of, unknown_claims
from reportgen.standards import Standard


class Thoroughness(Enum):
    """Which validators are asked."""

    ALL = "all"
    QUICK = "quick"
    """One for each standard, the quickest."""


class Report(Struct, frozen=True):
    """What was found out about a file."""

    file: str
    claims: tuple[Standard, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    untested: tuple[str, ...] = ()
    """What was not tested, and what is missing for it."""
    others: tuple[str, ...] = ()
    """Claims that nothing here knows."""
    error: str = ""
    """Why the file could not be read."""

    @property
    def passed(self) -> bool:
        """Whether the file claims something, every claim was tested, and no validator objects."""
        tested = {verdict.standard for verdict in self.verdicts}
        return (bool(self.claims) and not self.others and set(self.claims) <= tested
                and all(verdict.passed for verdict in self.verdicts))

    def as_text(self) -> str:
        """Return the report to be read."""
        claimed = ", ".join(s.title for s in self.claims) or "no standard"
        rows = [f"{self.file} claims {claimed}"]
        for verdict in self.verdicts:
            word = "passed" if verdict.passed else "FAILED"
            rows.append(f"  {word}  {verdict.standard.title}  by {verdict.validator}")
            rows += [f"    {f.rule}: {f.message}" + (f" ({f.times} times)" if f.times > 1 else "")
                     for f in verdict.findings]
            rows += [f"    {remark}" for remark in verdict.remarks]
        rows += [f"  not tested  {row}" for row in self.untested]
        return "\n".join(rows) + "\n"

    def as_data(self) -> dict[str, Any]:
        """Return the report for programs."""
        return {
            "file": self.file, "passed": self.passed, "error": self.error,
            "claims": [s.title for s in self.claims],
            "verdicts": [{
                "standard": v.standard.title, "validator": v.validator, "passed": v.passed,
                "findings": [{"rule": f.rule, "message": f.message, "times": f.times}
                             for f in v.findings],
                "remarks": list(v.remarks)} for v in self.verdicts],
            "untested": list(self.untested)}


def verify_file(path: Path, how: Thoroughness = Thoroughness.ALL) -> Report:
    """Return the report on a file; one that cannot be read has an error in it."""
    try:
        pdf = path.read_bytes()
    except OSError as error:
        return Report(str(path), error=error.strerror or str(error))
    return verify_pdf(pdf, str(path), how)


def verify_pdf(pdf: bytes, name: str, how: Thoroughness = Thoroughness.ALL) -> Report:
    """Return the report on a file's bytes."""
    try:
        claims = claims_of(pdf)
    except NotPdf as error:
        return Report(name, error=f"this is no PDF that can be read: {error}")
    verify = verify_all if how is Thoroughness.ALL else verify_once
    verdicts, untested = verify(pdf, claims)
    others = unknown_claims(pdf)
    rows = (*map(str, untested), *(f"{claim}: no profile here" for claim in others))
    return Report(name, claims, tuple(verdicts), rows, others)
