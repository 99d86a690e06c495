"""page-validation: PDF/A-1 to -3 and PDF/UA-1 without Java, in a tenth of a second."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import PackageNotFoundError, version

from reportgen.conformance.verdicts import CannotVerify, Finding, Verdict
from reportgen.standards import Standard


class QuickValidator:
    """page-validation (PyPI, MIT)."""

    name = "page-validation"
    covers = frozenset({Standard.PDF_UA_1, Standard.PDF_A_2A, Standard.PDF_A_3A})

    def title(self) -> str | None:
        try:
            return f"page-validation {version('page-validation')}"
        except PackageNotFoundError:
            return None

    def missing(self) -> str:
        return "pip install page-validation"

    def verify(self, pdf: bytes, standards: tuple[Standard, ...]) -> list[Verdict]:
        """Return a verdict for each standard."""
        import page

        name = self.title() or "page-validation"
        verdicts = []
        for standard in standards:
            try:
                report = page.validate_pdf_bytes(pdf, profile=standard.profile)
            except page.PageError as error:
                raise CannotVerify(f"{name}: {error}") from error
            counted = Counter((f.rule_id, f.message) for f in report.failures)
            verdicts.append(Verdict(standard, name, tuple(
                Finding(rule, message, times) for (rule, message), times in counted.items())))
        return verdicts
