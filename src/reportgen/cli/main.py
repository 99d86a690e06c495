"""`reportgen`: the commands, and what every command has in common."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from importlib import import_module
from typing import Any

from reportgen.cli.output import print_diagnostics, streams
from reportgen.diagnostics import ExitStatus, ReportgenError
from reportgen.versions import VERSION

COMMANDS = {"build": "build", "check": "check", "cites": "cites", "links": "links",
            "import": "import_", "ask": "ask", "map": "map_", "new": "new",
            "explain": "explain", "verify": "verify", "archive": "archive",
            "subscribers": "subscribers", "send": "send", "returns": "returns",
            "receiver": "receiver"}
"""Module in `reportgen.cli` of each command: it has `add(subparsers)`, which sets `run`."""


class _Parser(argparse.ArgumentParser):
    """Takes options by their whole names: `--res` shall never become `--resend`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False})


def parser(only: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands, or of one, so that the others need not be imported."""
    top = _Parser(
        prog="reportgen", description="Turns analysts' briefs into a bulletin.",
        epilog="example: reportgen build inputs/2019-04")
    top.add_argument("--version", action="version", version=f"reportgen {VERSION}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        if only in ("", name):
            import_module(f"reportgen.cli.{module}").add(subparsers)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    # A command makes many objects and drops few: looking for cycles after each 700 of them took a
    # tenth of a build.
    gc.set_threshold(400_000, 20, 20)
    # NumPy's OpenBLAS starts a thread for each core when it is imported, which takes longer than
    # NumPy itself. Geometry has no linear algebra, and a process that forks shall have no threads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with streams():
        return _run(arguments)


def _run(arguments: list[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    parsed = parser(given[0] if given and given[0] in COMMANDS else "").parse_args(given)
    try:
        status = int(parsed.run(parsed))
        sys.stdout.flush()
        return status
    except ReportgenError as error:
        print_diagnostics(error.diagnostics)
        return int(error.status)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    except BrokenPipeError:  # of stdout: who reads it has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitStatus.OK)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"error[system] {place}{error.strerror or error}", file=sys.stderr)
        return int(ExitStatus.OUTPUT)


if __name__ == "__main__":
    sys.exit(main())
