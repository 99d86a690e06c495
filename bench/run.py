"""CPU seconds, peak memory and pages of `reportgen build`, beside plain WeasyPrint.

    .venv/bin/python bench/run.py            # N = 1, 8, 40
    .venv/bin/python bench/run.py 8 --runs 5

Both set the same HTML. Every figure is of a whole process, the median of several
runs that alternate between the two, so read the ratios. Plain WeasyPrint gets the HTML, the style
sheets, fonts and maps ready made; reportgen reads the briefs, lifts their
citations, draws the maps and checks the pages on top of that.
"""

from __future__ import annotations

import argparse
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reportgen.diagnostics import Sink
from reportgen.pipeline import _theme, compose
from reportgen.reading.issue import read
from reportgen.rendering.fetcher import STYLES, Fetcher
from reportgen.rendering.render import Renderer, made_for

REGIONS = ("Central Asia", "Western Balkans", "Maghreb", "Sahel", "Gulf", "Levant", "Black Sea",
           "South Caucasus")

SENTENCES = (
    "The ministers met for two days and agreed on a communiqué that each of them could read in "
    "its own way.",
    "Trade between the neighbours has grown by a third since the border was opened, and most of "
    "it still pays no duty.",
    "The opposition asked for the report to be published; the government answered that it had "
    "not been written.",
    "What was announced as a withdrawal turned out to be a rotation, with newer vehicles and "
    "younger soldiers.",
    "Observers counted the votes until late in the night, and then they counted them again with "
    "the same result.",
    "The pipeline will be finished next year, as it was to be finished last year and the year "
    "before that.",
    "A loan was signed in the capital, and its conditions were explained in the provinces by "
    "people who had not read it.",
)

PLAIN = """
import pickle, sys, weasyprint
from weasyprint.urls import URLFetcherResponse
html, files = pickle.load(open(sys.argv[1], "rb"))
def fetch(url):
    data, kind = files[url]
    return URLFetcherResponse(url, data, {"Content-Type": kind})
document = weasyprint.HTML(string=html, base_url="https://reportgen.invalid/", url_fetcher=fetch)
document.write_pdf(sys.argv[2])
"""


@dataclass(frozen=True)
class Run:
    """What one process took."""

    cpu: float
    peak: float
    """MiB"""


def make_issue(folder: Path, briefs: int) -> Path:
    """Write an issue of `briefs` briefs of about 600 words with three citations each."""
    issue = folder / "2019-04"
    issue.mkdir(parents=True)
    (folder / "series.toml").write_text('title = "Bench"\npublisher = "Bench"\n', encoding="utf-8")
    for number in range(briefs):
        region = REGIONS[number % len(REGIONS)]
        paragraphs = []
        for paragraph in range(6):
            first = (number * 3 + paragraph * 2) % len(SENTENCES)
            chosen = [SENTENCES[(first + n) % len(SENTENCES)] for n in range(4)]
            if paragraph % 2:
                chosen[1] = chosen[1][:-1] + (
                    f" (*A report on the matter, part {paragraph}*, Example Press, "
                    f"{paragraph + 1} April 2019, <https://example.org/{number}/{paragraph}>).")
            paragraphs.append(" ".join(chosen))
        text = "\n\n".join([
            f"# {region} April 2019", f"## What happened in month {number + 1}",
            "A standfirst says in two sentences why anybody should read on. It cites nothing.",
            *paragraphs, f"Anna Number{chr(97 + number % 26)} – *Analyst at Example.*"])
        (issue / f"brief-{number:03}.md").write_text(text, encoding="utf-8")
    return issue


def page_and_files(issue: Path) -> tuple[str, dict[str, tuple[bytes, str]]]:
    """Return the HTML of an issue, and every file that the engine asks for."""
    sink = Sink()
    read_issue = read(issue, (), sink)
    assert read_issue
    theme, assets = _theme(read_issue.series, sink)
    bulletin = compose(read_issue, theme, assets, sink)
    rendered = Renderer(theme, assets, sink).lay_out(bulletin)
    assert rendered and not sink.failed, list(sink)
    fetcher = Fetcher(assets, made_for(bulletin), sink)
    names = [*made_for(bulletin), *(STYLES + s for s in theme.stylesheets)]
    fonts = [STYLES + "fonts/" + p.name for p in Path("styles/fonts").glob("*.ttf")]
    urls = [f"https://reportgen.invalid/{n}" for n in (*names, *fonts)]
    return rendered.html, {url: fetcher.read(url) for url in urls}


def measured(command: list[str]) -> Run:
    """Run a process, and return what it took."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(briefs: int, runs: int) -> None:
    """Measure both, and print a row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issue = make_issue(folder / "series", briefs)
        html, files = page_and_files(issue)
        page = folder / "page.pickle"
        page.write_bytes(pickle.dumps((html, files)))
        script = folder / "plain.py"
        script.write_text(PLAIN, encoding="utf-8")
        ours = [sys.executable, "-m", "reportgen.cli.main", "build", str(issue), "-o",
                str(folder / "out")]
        plain = [sys.executable, str(script), str(page), str(folder / "plain.pdf")]
        measured(ours), measured(plain)
        pairs = [(measured(ours), measured(plain)) for _ in range(runs)]
        import pikepdf

        with pikepdf.open(next((folder / "out").rglob("*.pdf"))) as pdf:
            pages = len(pdf.pages)
    cpu = [statistics.median(pair[i].cpu for pair in pairs) for i in (0, 1)]
    peak = [statistics.median(pair[i].peak for pair in pairs) for i in (0, 1)]
    ratio = statistics.median(a.cpu / b.cpu for a, b in pairs)
    print(f"{briefs:>4} {pages:>6} {cpu[0]:>10.2f} {cpu[1]:>11.2f} {ratio:>6.2f} "
          f"{peak[0]:>9.0f} {peak[1]:>10.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("briefs", type=int, nargs="*", default=[1, 8, 40])
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print("   N  pages  reportgen  WeasyPrint  ratio  MiB ours  MiB plain   (CPU s)")
    for briefs in arguments.briefs:
        compare(briefs, arguments.runs)


if __name__ == "__main__":
    main()
