"""`reportgen map`: the map of a region, as SVG."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reportgen.cli.output import print_diagnostics
from reportgen.diagnostics import ExitStatus, Sink, Span


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "map", help="draw the map of a region",
        epilog="example: reportgen map central-asia --date 2019-04 -o central-asia.svg")
    command.add_argument("region", metavar="REGION", help="a region's name or code")
    command.add_argument("-o", "--output", type=Path, metavar="FILE.svg")
    command.add_argument("--date", default="2019-04", help="month whose names hold: 2019-04")
    command.add_argument("--highlight", default="", metavar="KG,TJ", help="countries to emphasise")
    command.add_argument("--place", action="append", default=[], metavar="NAME",
                         help="a town to mark; may be repeated")
    command.add_argument("--worldview", choices=("un", "defacto"), default="un")
    command.add_argument("--width", type=float, default=41.0, metavar="MM")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Draw, and write or print the drawing."""
    from reportgen.assets import Kind, shipped
    from reportgen.language.languages import language_of
    from reportgen.maps.atlas import Atlas
    from reportgen.maps.regional import MapMaker
    from reportgen.maps.style import MapStyle
    from reportgen.maps.typeface import measure_with
    from reportgen.model import Brief, MapRequest
    from reportgen.reading.regions import RegionTable
    from reportgen.series import open_series
    from reportgen.settings import month_of
    from reportgen.workspace import write_whole

    sink, span = Sink(), Span("command line")
    table = RegionTable(open_series(Path(), sink).regions)
    region, month = table.find(arguments.region), month_of(arguments.date)
    if region is None:
        near = table.near(arguments.region)
        sink.error("unknown-region", f'no region "{arguments.region}"', span,
                   f'did you mean "{near}"?' if near else "known are: "
                   + ", ".join(table.regions))
    if region and not region.countries:
        sink.error("no-countries", f"{region.name} has no countries to draw", span,
                   "say in regions.toml: countries = [...]")
    if month is None:
        sink.error("no-date", f'"{arguments.date}" is no month', span, "write it as 2019-04")
    if not 20 <= arguments.width <= 400:
        sink.error("width", "a map is 20 to 400 mm wide", span, "as in --width 125")
    if arguments.output and (arguments.output.is_dir() or arguments.output.suffix != ".svg"):
        sink.error("output", f"{arguments.output} is no name of an SVG file", span,
                   "as in -o map.svg")
    drawn = None
    if region and month and not sink.failed:
        codes = tuple(c.strip().upper() for c in arguments.highlight.split(",") if c.strip())
        request = MapRequest(highlight=codes, places=tuple(arguments.place), span=span)
        brief = Brief(name=region.code, region=region, month=month, language="en", title=(),
                      standfirst=(), authors=(), blocks=(), span=span, map=request)
        fonts = shipped(Kind.STYLE) / "fonts"
        measure = measure_with(fonts / "BulletinSans-Regular.ttf",
                               fonts / "BulletinSans-Semibold.ttf")
        with Atlas() as atlas:
            maker = MapMaker(atlas, MapStyle(), measure, arguments.worldview)
            drawn = maker.for_brief(brief, "", language_of("en").words, arguments.width, sink)
    print_diagnostics(sink)
    if drawn is None or sink.failed:
        return ExitStatus.INPUT
    print(f"{drawn.alternative} {drawn.credit}", file=sys.stderr)
    if arguments.output:
        write_whole(arguments.output, drawn.svg.encode())
        print(arguments.output)
    else:
        print(drawn.svg)
    return ExitStatus.OK

