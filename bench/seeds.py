"""Promises counted over many issues of text that nobody tuned: notes, words, pages, lines.

    .venv/bin/python bench/seeds.py --seeds 25 --briefs 40          # paragraphs and notes
    .venv/bin/python bench/seeds.py --seeds 25 --briefs 40 --mixed  # lists, tables, pictures too
    .venv/bin/python bench/seeds.py ISSUE...                        # folders of Markdown

Each issue is built anew, and what is counted is read from its finished PDF.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.promises import LINES, Counted, counted  # noqa: E402
from tests.untuned import write_issue  # noqa: E402

from reportgen.diagnostics import ReportgenError  # noqa: E402
from reportgen.pipeline import build  # noqa: E402
from reportgen.store import Store  # noqa: E402


def issues(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the issues, each with its name."""
    for path in arguments.issue:
        yield str(path), path
    if not arguments.issue:
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            yield f"seed {seed}", write_issue(folder / str(seed), arguments.briefs, seed,
                                              mixed=arguments.mixed)


def row(name: str, found: Counted) -> str:
    """Return the counts as a row."""
    told = found.told
    return (f"{name:<16} {found.briefs:6} {found.pages:6} {len(found.notes_away):5} of "
            f"{found.calls:<6} {len(found.words_wrong):4} of {found.words:<8} "
            f"{sum(told[code] for code in LINES):6} {told['lone-word']:6} {told['empty-page']:6} "
            f"{told['overrun']:8}")


def main() -> None:
    """Print a row for each issue, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("issue", nargs="*", type=Path)
    parser.add_argument("--first", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--seeds", type=int, default=25)
    parser.add_argument("--briefs", type=int, default=40)
    parser.add_argument("--mixed", action="store_true")
    arguments = parser.parse_args()
    print(f"{'':16} {'briefs':>6} {'pages':>6} {'notes away':>15} {'words wrong':>16} "
          f"{'lines':>6} {'lone':>6} {'empty':>6} {'overrun':>8}")
    total, refused = Counted(), []
    with tempfile.TemporaryDirectory() as base:
        for number, (name, issue) in enumerate(issues(arguments, Path(base))):
            try:
                built = build(issue, Path(base) / f"build-{number}", store=Store(None))
            except ReportgenError as error:
                refused.append(f"{name} is refused: {error}")
                continue
            found = counted(issue, built)
            total.add(found)
            print(row(name, found), flush=True)
            for line in (*found.notes_away, *found.words_wrong)[:5]:
                print(f"    {line}")
    print(row("all", total))
    print("\n".join(refused) or "no issue is refused")


if __name__ == "__main__":
    main()
