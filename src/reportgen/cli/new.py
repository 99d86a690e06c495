"""`reportgen new`: a commented start of a series, an issue or a brief."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "new", help="write a commented start of a series, an issue or a brief",
        epilog="example: reportgen new series bulletin")
    kinds = command.add_subparsers(metavar="KIND", required=True)
    series = kinds.add_parser("series", help="a series with a first issue",
                              epilog="example: reportgen new series bulletin")
    series.add_argument("folder", type=Path, metavar="DIR")
    series.set_defaults(run=run, kind="series")
    issue = kinds.add_parser("issue", help="an issue of a month",
                             epilog="example: reportgen new issue 2019-05 --series bulletin")
    issue.add_argument("month", metavar="MONTH", help="as in 2019-05")
    issue.add_argument("--series", type=Path, default=Path(), metavar="DIR")
    issue.set_defaults(run=run, kind="issue")
    brief = kinds.add_parser("brief", help="a brief of a region",
                             epilog='example: reportgen new brief "Gulf" --issue bulletin/2019-05')
    brief.add_argument("region", metavar="REGION")
    brief.add_argument("--issue", type=Path, default=Path(), metavar="DIR")
    brief.set_defaults(run=run, kind="brief")


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Write the start, and print the path of each file that was written."""
    sink = Sink()
    written = {"series": _series, "issue": _issue, "brief": _brief}[arguments.kind](arguments, sink)
    print_diagnostics(sink)
    for path in written:
        print(path)
    return ExitStatus.INPUT if sink.failed else ExitStatus.OK


def _series(arguments: argparse.Namespace, sink: Sink) -> tuple[Path, ...]:
    from reportgen.model import Month
    from reportgen.scaffold import new_series
    from reportgen.series import shipped_regions
    from reportgen.workspace import clock

    today = clock(datetime.now(UTC))
    region = next(iter(shipped_regions().values()))
    return new_series(arguments.folder, Month(today.year, today.month), region, sink)


def _issue(arguments: argparse.Namespace, sink: Sink) -> tuple[Path, ...]:
    from reportgen.scaffold import new_issue
    from reportgen.series import find_series, open_series
    from reportgen.settings import month_of

    month, folder = month_of(arguments.month), find_series(arguments.series)
    if month is None:
        sink.error("no-date", f'"{arguments.month}" is no month', Span("command line"),
                   "write it as 2019-05")
    if folder is None:
        sink.error("no-series", "there is no series.toml here or above", Span("command line"),
                   "name the series: --series DIR, or make one: reportgen new series DIR")
    if month is None or folder is None:
        return ()
    region = next(iter(open_series(folder, sink).regions.values()))
    return new_issue(folder, month, region, sink)


def _brief(arguments: argparse.Namespace, sink: Sink) -> tuple[Path, ...]:
    from reportgen.reading.regions import RegionTable
    from reportgen.scaffold import new_brief
    from reportgen.series import open_series, read_issue

    series = open_series(arguments.issue, sink)
    table = RegionTable(series.regions)
    region = table.find(arguments.region)
    settings, _ = read_issue(arguments.issue, series, sink)
    if region is None:
        near = table.near(arguments.region)
        sink.error("unknown-region", f'no region "{arguments.region}"', Span("command line"),
                   f'did you mean "{near}"?' if near else f"known are: {', '.join(table.regions)}")
    if region is None or settings.date is None:
        return ()
    return new_brief(arguments.issue, settings.date, region, sink)
