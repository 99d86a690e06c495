"""`reportgen explain`: which style or template wins, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.diagnostics import ExitStatus, Sink


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "explain", help="say which style or template wins, and where it was looked for",
        epilog="example: reportgen explain cover.css --series inputs")
    command.add_argument("file", metavar="FILE", help="a style sheet or template, as cover.css")
    command.add_argument("--series", type=Path, default=Path(), metavar="DIR",
                         help="a folder of the series (default: the current one)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Print every place where the file is looked for, the winner marked."""
    from reportgen.assets import Assets, Kind, read_theme
    from reportgen.cli.output import print_diagnostics
    from reportgen.series import open_series

    sink = Sink()
    series = open_series(arguments.series, sink)
    folder = series.workspace.root if series.source else None
    theme = read_theme(series.settings.theme, folder, series.place_of("theme"), sink)
    assets = Assets(folder, theme.chain)
    kind = Kind.TEMPLATE if arguments.file.endswith(".html") else Kind.STYLE
    places = assets.places(arguments.file, kind)
    print_diagnostics(sink)
    winner = next((p for p in places if p.exists), None)
    for place in places:
        mark = "wins " if place is winner else "also " if place.exists else "-    "
        print(f"{mark} {place.path}  ({place.why})")
    if winner is None:
        print(f"no file {arguments.file} in any of these places", file=sys.stderr)
        return ExitStatus.INPUT
    return ExitStatus.OK
