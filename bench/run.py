"""CPU seconds, memory, pages, room and breaches: reportgen beside its peers, on untuned text.

    .venv/bin/python bench/run.py                    # the sample issue; N = 1, 8, 40; a new seed
    .venv/bin/python bench/run.py 8 40 --seed 5 --runs 3

Every figure is of whole processes, the median of several runs that alternate between the peers, so
read the ratios. Plain WeasyPrint lays out and writes the same bulletin as one page of HTML, with
fonts and maps ready made; Typst (PyPI `typst`) compiles the same text, notes and maps. reportgen is
measured cold (nothing kept), after one brief was edited, and with nothing changed. Prince is
measured where `prince` is installed (`pip install prince-pdf`; its licence is for non-commercial
use). What is to be seen in the pages is read alike from the files of all.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.untuned import author, write_issue  # noqa: E402

from bench import peers, reading  # noqa: E402


@dataclass(frozen=True)
class Run:
    """What one process took."""

    cpu: float
    """seconds"""
    peak: float
    """MiB"""


_LAUNCHER = """
import os, resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""
"""Starts a process out of a small one: its peak would else be at least that of the bench."""


def measured(command: list[str], environment: dict[str, str]) -> Run:
    """Run a process, and return what it took. Raises SystemExit if it fails."""
    plain = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, "-S", "-E", "-c", _LAUNCHER, *command], check=True,
                          capture_output=True, text=True, env={**plain, **environment})
    status, cpu, peak = done.stdout.split()
    if status != "0":
        raise SystemExit(f"{command} ended with {status}")
    return Run(float(cpu), int(peak) / 1024)


def edited(issue: Path, number: int) -> None:
    """Change a word of a brief."""
    brief = sorted(issue.glob("*.md"))[-1]
    words = brief.read_text(encoding="utf-8").rsplit(" the ", 1)
    brief.write_text(f" the {'newer ' * (number % 3 + 1)}".join(words), encoding="utf-8")


@dataclass
class Bench:
    """The commands of one issue."""

    folder: Path
    issue: Path
    runs: int

    def ours(self, *options: str) -> list[str]:
        return [sys.executable, "-m", "reportgen", "build", str(self.issue), "-o",
                str(self.folder / "out"), *options]

    def cold(self, number: int) -> Run:
        return measured(self.ours("--no-cache"), {})

    def edit(self, number: int) -> Run:
        edited(self.issue, number)
        return measured(self.ours(), {"REPORTGEN_CACHE": str(self.folder / "cache")})

    def nothing(self, number: int) -> Run:
        return measured(self.ours(), {"REPORTGEN_CACHE": str(self.folder / "cache")})

    def compare(self) -> None:
        """Measure all, and print a row each."""
        material = peers.material(self.issue, self.folder)
        kinds: dict[str, Callable[[int], Run]] = {
            "WeasyPrint": lambda _: measured(peers.weasyprint(material), {}),
            "Typst": lambda _: measured(peers.typst(material), {}),
            "reportgen, cold": self.cold, "one brief edited": self.edit,
            "nothing changed": self.nothing}
        if peers.prince(material):
            kinds["Prince"] = lambda _: measured(peers.prince(material), {})
        taken: dict[str, list[Run]] = {name: [] for name in kinds}
        for kind in kinds.values():
            kind(0)
        for number in range(self.runs):
            for name, kind in kinds.items():
                taken[name].append(kind(number + 1))
        for name, runs in taken.items():
            self._row(name, runs, taken)
        self._pages(material)

    def _row(self, name: str, runs: list[Run], taken: dict[str, list[Run]]) -> None:
        ratios = [statistics.median(a.cpu / b.cpu for a, b in zip(runs, taken[other], strict=True))
                  for other in ("WeasyPrint", "Typst")]
        cpu = statistics.median(run.cpu for run in runs)
        peak = statistics.median(run.peak for run in runs)
        print(f"  {name:<18} {cpu:8.2f} {ratios[0]:12.2f} {ratios[1]:8.2f} {peak:9.0f}", flush=True)

    def _pages(self, material: peers.Material) -> None:
        """Print what is to be seen in the pages of each."""
        ours = next((self.folder / "out").rglob("*-screen.pdf"))
        for name, path in (("reportgen", ours), ("WeasyPrint", material.weasyprint),
                           ("Typst", material.typst), ("Prince", material.prince)):
            if not path.is_file():
                continue
            with pikepdf.open(path) as pdf:
                count = len(pdf.pages)
            away, notes = reading.notes_away(path, material.titles)
            print(f"  {name:<18} {count:4} pages, {away} of {notes} notes away from their calls, "
                  f"{reading.room(path):.0%} of the pages empty")


def print_small(runs: int, seed: int) -> None:
    """Print what `--help` takes, and two pages with sixty notes beside the same with six."""
    call = measured([sys.executable, "-m", "reportgen", "--help"], {})
    print(f"\nreportgen --help     {call.cpu:8.2f} s")
    writer = author(random.Random(seed))
    sentences = [writer.sentence() for _ in range(60)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cpu = {}
        for notes in (6, 60):
            text = [f"{sentence[:-1]} (*A source*, 1 April 2019, <https://example.org/{number}>)."
                    if number % (60 // notes) == 0 else sentence
                    for number, sentence in enumerate(sentences)]
            paragraphs = [" ".join(text[at:at + 5]) for at in range(0, 60, 5)]
            brief = folder / f"notes-{notes}.md"
            brief.write_text("\n\n".join(["# Gulf April 2019", "## A title", "A standfirst.",
                                          *paragraphs, "Anna Rossi – *Analyst.*"]) + "\n", "utf-8")
            command = [sys.executable, "-m", "reportgen", "build", str(brief), "--no-cache", "-o",
                       str(folder / "out")]
            cpu[notes] = statistics.median(measured(command, {}).cpu for _ in range(runs))
    print(f"60 notes / 6 notes   {cpu[60] / cpu[6]:8.2f}")


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("briefs", type=int, nargs="*", default=[1, 8, 40])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}\n{'':20} {'CPU s':>8} {'/WeasyPrint':>12} {'/Typst':>8} "
          f"{'MiB':>9}")
    for briefs in (0, *arguments.briefs):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if briefs:
                issue = write_issue(folder / "series", briefs, arguments.seed)
            else:
                shutil.copytree(ROOT / "inputs", folder / "series")
                issue = folder / "series" / "2019-04"
            print(f"N = {briefs}" if briefs else "sample issue")
            Bench(folder, issue, arguments.runs).compare()
    print_small(arguments.runs, arguments.seed)
    print("\nlines of ten briefs a language, justified, beside Typst")
    reading.print_lines(arguments.seed)


if __name__ == "__main__":
    main()
