"""page-validation: PDF/A-1 to -3 and PDF/UA-1 without Java, in a tenth of a second."""

from __future__ import annotations

import sys
from collections import Counter
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

from msgspec import Struct

from reportgen.conformance.seen import Seen
from reportgen.conformance.verdicts import CannotVerify, Finding, Verdict
from reportgen.standards import Standard
from reportgen.versions import version_of


class QuickValidator(Struct, frozen=True):
    """page-validation (PyPI, MIT)."""

    seen: Seen | None = None
    """What it let through in earlier builds; None: it reads all of a file."""
    name: ClassVar[str] = "page-validation"
    covers: ClassVar[frozenset[Standard]] = frozenset(
        {Standard.PDF_UA_1, Standard.PDF_A_2A, Standard.PDF_A_3A})

    def title(self) -> str | None:
        number = version_of("page-validation")
        return f"page-validation {number}" if number else None

    def missing(self) -> str:
        return "pip install page-validation"

    def verify(self, pdf: bytes, standards: tuple[Standard, ...]) -> list[Verdict]:
        """Return a verdict for each standard."""
        return [Verdict(standard, self.title() or self.name, self._findings(pdf, standard))
                for standard in standards]

    def _findings(self, pdf: bytes, standard: Standard) -> tuple[Finding, ...]:
        if self.seen is None:
            return self._asked(pdf, standard)
        rest, hashes = self.seen.without(pdf, f"{self.title()} {standard.name}")
        findings = self._asked(rest, standard)
        if findings and rest is not pdf:
            findings = self._asked(pdf, standard)
        if not findings:
            self.seen.add(hashes)
        return findings

    def _asked(self, pdf: bytes, standard: Standard) -> tuple[Finding, ...]:
        """Return what the validator finds in a file."""
        page = _page()
        try:
            report = page.validate_pdf_bytes(pdf, profile=standard.profile)
        except page.PageError as error:
            raise CannotVerify(f"{self.title()}: {error}") from error
        counted = Counter((f.rule_id, f.message) for f in report.failures)
        return tuple(Finding(rule, message, times) for (rule, message), times in counted.items())


@lru_cache(maxsize=1)
def _page() -> Any:
    """Import page-validation, which asks importlib.metadata for nothing but its own version.

    To load that takes longer than all else that the validator does with a short file.
    """
    name = "importlib.metadata"
    if name not in sys.modules:
        stand_in = ModuleType(name)
        stand_in.version = version_of  # type: ignore[attr-defined]
        sys.modules[name] = stand_in
        try:
            return import_module("page")
        finally:
            del sys.modules[name]
    return import_module("page")
