"""Change the rooms of text, pages and maps in one place each, and see whether a test notices.

    .venv/bin/python tools/mutants.py                    # 150 mutants, half an hour
    .venv/bin/python tools/mutants.py 20 --seed 3 --room typesetting

A mutant is a copy of the package with one comparison, sign, number, boolean or branch changed. The
tests of its room run on it; one that passes them all has survived, and is printed with its place.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "reportgen"
_TESTS = {
    "typesetting": "typesetting pages geometry hyphenation bidi scripts right_to_left property "
                   "layout untuned",
    "composing": "language words consistency proofreading identity fixing citations links bulletin",
    "citations": "citations links identity authordate keys styles csl cites decisions",
    "language": "language words heads",
    "maps": "maps right_to_left",
    "reading": "reading heads habits signature pasted leftovers markup endnotes authordate bibtex "
               "documents managed blind",
    "rendering": "hooks streams seen pages tags layout bulletin print",
}
ROOMS = {room: [f"tests/test_{name}.py" for name in names.split()]
         for room, names in _TESTS.items()}
"""The tests of a room, the quick ones first: the first that fails ends the run of a mutant."""

_COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
                ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
                ast.Is: ast.IsNot, ast.IsNot: ast.Is}
_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


@dataclass(frozen=True)
class Mutant:
    """A place, and what is put there."""

    file: Path
    line: int
    what: str
    source: str


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what can be changed, with the name of the change."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
                yield node, "comparison"
            case ast.BinOp(op=op) if type(op) in _OPERATORS:
                yield node, "operator"
            case ast.BoolOp():
                yield node, "and, or"
            case ast.UnaryOp(op=ast.Not()):
                yield node, "not"
            case ast.Constant(value=bool()):
                yield node, "boolean"
            case ast.Constant(value=int() | float() as value) if value not in (0, 1):
                yield node, "number"
            case ast.If():
                yield node, "branch"


def change(node: ast.AST) -> None:
    """Change a node in its place."""
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [_COMPARISONS[type(op)]()]
        case ast.BinOp(op=op):
            node.op = _OPERATORS[type(op)]()
        case ast.BoolOp(op=op):
            node.op = ast.Or() if isinstance(op, ast.And) else ast.And()
        case ast.UnaryOp():
            node.op = ast.UAdd()
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=value):
            node.value = value * 3  # type: ignore[operator]
        case ast.If():
            node.test = ast.Constant(value=False)


def mutants(rooms: list[str], count: int, seed: int) -> Iterator[tuple[str, Mutant]]:
    """Yield mutants drawn at random, each with its room."""
    chance = random.Random(seed)
    known = []
    for room in rooms:
        for file in sorted((PACKAGE / room).glob("*.py")):
            found = list(places(ast.parse(file.read_text(encoding="utf-8"))))
            known += [(room, file, number) for number in range(len(found))]
    for room, file, number in chance.sample(known, min(count, len(known))):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        node, what = list(places(tree))[number]
        change(node)
        source = ast.unparse(ast.fix_missing_locations(tree))
        yield room, Mutant(file, getattr(node, "lineno", 0), what, source)


def survives(mutant: Mutant, room: str, copy: Path) -> bool:
    """Whether the tests of a room pass on a mutant, in a copy of the project."""
    target = copy / mutant.file.relative_to(ROOT)
    before = target.read_text(encoding="utf-8")
    target.write_text(mutant.source, encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *ROOMS[room]],
            cwd=copy, capture_output=True, timeout=600, check=False,
            env={**os.environ, "PYTHONPATH": str(copy / "src"), "REPORTGEN_CACHE": "off"})
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        target.write_text(before, encoding="utf-8")


def main() -> None:
    """Print the survivors, and how many there are."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=150)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--room", action="append", choices=list(ROOMS))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    survivors = tried = 0
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "build"))
        for room, mutant in mutants(arguments.room or list(ROOMS), arguments.count,
                                    arguments.seed):
            tried += 1
            if survives(mutant, room, copy):
                survivors += 1
                place = mutant.file.relative_to(ROOT)
                print(f"survived: {place}:{mutant.line} {mutant.what}", flush=True)
    print(f"{survivors} of {tried} mutants survived")


if __name__ == "__main__":
    main()
