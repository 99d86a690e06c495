"""What finishing costs: CPU of a finished build, beside one that only sets the pages.

    .venv/bin/python bench/finish.py            # N = 8
    .venv/bin/python bench/finish.py 8 --runs 5

Every figure is of a whole process, the median of runs that alternate, so read
the ratios. `pages` reads, composes, lays out and writes an untagged PDF;
`finished` makes the archive edition of it, tagged, with briefs embedded and
metadata; `gated` also tests it. The last line is `verify --quick` of that
file's two standards, in seconds of the clock.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from run import make_issue, measured

STEPS = """
import sys
from pathlib import Path
from reportgen import pipeline
from reportgen.diagnostics import Sink
from reportgen.editions.finish import finish
from reportgen.editions.table import EDITIONS
from reportgen.export import material_of
from reportgen.reading.issue import read
from reportgen.standards import ColourSpace, TagSet

how, path, out = sys.argv[1:]
sink = Sink()
issue = read(Path(path), (), sink)
(edition,), press = pipeline._wanted(["archive"], issue.series, sink)
bulletin, pages = pipeline._laid_out(issue, ColourSpace.RGB, press, sink, strict=False)
if how == "pages":
    pdf = pages.write(TagSet.NONE, sink)
else:
    pdf = finish(pages.write(edition.tags, sink), edition, material_of(issue, bulletin, press))
if how == "gated":
    pipeline.Gate(press.ink_limit, press.condition).verify(pdf, "archive", edition.standards, sink)
assert not sink.failed, list(sink)
Path(out).write_bytes(pdf)
"""

KINDS = ("pages", "finished", "gated")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("briefs", type=int, nargs="?", default=8)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issue = make_issue(folder / "series", arguments.briefs)
        script = folder / "steps.py"
        script.write_text(STEPS, encoding="utf-8")
        commands = {kind: [sys.executable, str(script), kind, str(issue), str(folder / "out.pdf")]
                    for kind in KINDS}
        for command in commands.values():
            measured(command)
        rounds = [{kind: measured(command).cpu for kind, command in commands.items()}
                  for _ in range(arguments.runs)]
        for kind in KINDS:
            cpu = statistics.median(r[kind] for r in rounds)
            more = statistics.median(r[kind] / r["pages"] for r in rounds) - 1
            print(f"{kind:<9} {cpu:6.2f} CPU s  {more:+7.1%} of pages", flush=True)
        verify = [sys.executable, "-m", "reportgen.cli.main", "verify", "--quick",
                  str(folder / "out.pdf")]
        times = []
        for _ in range(arguments.runs):
            start = time.perf_counter()
            subprocess.run(verify, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
        print(f"verify    {statistics.median(times):6.2f} s for two profiles")


if __name__ == "__main__":
    main()
