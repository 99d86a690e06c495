"""`reportgen verify`: does a PDF keep what it claims, by every validator that is here?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.diagnostics import ExitStatus

if TYPE_CHECKING:
    from reportgen.conformance.verify import Report


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "verify", help="test PDFs against the standards that they claim",
        epilog="example: reportgen verify build/2019-04/strategic-trends-2019-04-archive.pdf")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE.pdf")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--quick", action="store_true",
                         help="one validator for each standard, the quickest")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Verify each file; status 3 if one breaks a standard, 1 if one cannot be read."""
    from reportgen.conformance.verify import Thoroughness, verify_file

    how = Thoroughness.QUICK if arguments.quick else Thoroughness.ALL
    reports = [verify_file(path, how) for path in arguments.files]
    if arguments.format == "json":
        print(json.dumps([report.as_data() for report in reports], ensure_ascii=False, indent=1))
    for report in reports:
        _print(report, sys.stdout if arguments.format == "text" else None)
    if any(report.error for report in reports):
        return ExitStatus.INPUT
    return ExitStatus.OK if all(report.passed for report in reports) else ExitStatus.OUTPUT


def _print(report: Report, out: object) -> None:
    if report.error:
        print(f"{report.file} error[unreadable] {report.error}", file=sys.stderr)
    elif out is not None:
        print(report.as_text(), end="")
