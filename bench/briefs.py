"""Reading briefs: a Word file beside pandoc, `cites` and `check` over two hundred briefs.

    .venv/bin/python bench/briefs.py

The briefs are those of tests/blind that build; CPU time is that of the process and its children.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.blindset import BLIND, briefs, score  # noqa: E402

from reportgen.diagnostics import Sink  # noqa: E402
from reportgen.reading.documents.source import Beside, read_document  # noqa: E402
from reportgen.series import TrackedChanges  # noqa: E402

MANY = 200


def word_files() -> None:
    """Print what a Word file takes, warm, and what pandoc takes with its start."""
    ours, theirs = [], []
    for path in sorted(BLIND.rglob("*.docx")):
        data = path.read_bytes()
        for warm in (False, True):
            begin = time.process_time()
            read_document(data, path.name, TrackedChanges.STOP, Sink(), Beside(path.parent))
            if warm:
                ours.append(time.process_time() - begin)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["pandoc", str(path), "-t", "markdown", "-o", os.devnull], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        theirs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"Word files, mean of {len(ours)}: {1000 * sum(ours) / len(ours):.0f} ms warm; "
          f"pandoc {1000 * sum(theirs) / len(theirs):.0f} ms with its start")


def issue_of_many(folder: Path) -> Path:
    """Write an issue of briefs that build; return its folder."""
    issue = folder / "2019-04"
    issue.mkdir()
    (folder / "series.toml").write_text("", "utf-8")
    (issue / "issue.toml").write_text("", "utf-8")
    count = 0
    for path in briefs():
        if count < MANY and path.suffix != ".docx" and not any(
                "refused" in miss for miss in score(path).misses):
            shutil.copy(path, issue / f"{path.parent.name}-{path.name}")
            count += 1
    return issue


def command(*arguments: str, cache: Path) -> str:
    """Run a command; return its CPU time and the time on the clock."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-m", "reportgen", *arguments], check=False,
                   capture_output=True, env={**os.environ, "REPORTGEN_CACHE": str(cache)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{spent:.1f} s of CPU, {time.monotonic() - clock:.1f} s"


def main() -> None:
    """Print the figures."""
    word_files()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issue = issue_of_many(folder)
        cache = folder / "cache"
        count = len(list(issue.iterdir())) - 1
        print(f"cites over {count} briefs: {command('cites', str(issue), cache=cache)}")
        print(f"check over {count} briefs: {command('check', str(issue), cache=cache)}")
        print(f"check again, nothing changed: {command('check', str(issue), cache=cache)}")
        brief = next(path for path in issue.iterdir() if path.suffix == ".md")
        brief.write_text(brief.read_text("utf-8").replace(" the ", "  the ", 1), "utf-8")
        print(f"check again, one brief edited: {command('check', str(issue), cache=cache)}")


if __name__ == "__main__":
    main()
