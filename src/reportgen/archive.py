"""The archive package of an issue: all that it takes to read it, check it and build it again.

A bag (BagIt 1.0, RFC 8493) with the PDFs, what they were made of, the program
that made them, and what the validators said. `rebuild` makes the PDFs again
from the bag alone and compares them byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from msgspec import Struct

from reportgen import versions
from reportgen.assets import ASSETS_VARIABLE, Kind, shipped
from reportgen.conformance.verify import verify_pdf
from reportgen.diagnostics import Diagnostic, ExitStatus, ReportgenError, Sink, Span
from reportgen.editions.seal import CannotSeal, Sealer, seal
from reportgen.editions.table import EDITIONS as KNOWN_EDITIONS
from reportgen.export import file_stem, products_of
from reportgen.pipeline import Made, make
from reportgen.reading.issue import read
from reportgen.standards import Family
from reportgen.workspace import EPOCH_VARIABLE, write_all

RECIPE = "recipe.json"
EDITIONS = ("archive", "screen")
"""What is kept where nothing else is asked for."""

SEALED = "-sealed"
"""Ends the name of a sealed file, which has the time in it and is not built again."""

_FORBIDDEN = (".git", "__pycache__", "_assets")


class Packed(Struct, frozen=True):
    """A bag that was written."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]


class _Recipe(Struct, frozen=True):
    """What has to be said to build the PDFs again."""

    path: str
    """Of the issue, below the series."""
    editions: tuple[str, ...]
    epoch: str


class Compared(Struct, frozen=True):
    """A file of a bag, and the same built again."""

    name: str
    kept: str
    """SHA-256"""
    rebuilt: str
    """SHA-256; empty: it was not made."""

    @property
    def same(self) -> bool:
        return self.kept == self.rebuilt


# ---------------------------------------------------------------- packing


def pack(path: Path, output: Path, editions: Sequence[str] = (), sealer: Sealer | None = None,
         *, strict: bool = False) -> Packed:
    """Build the issue at `path` and write its bag into `output`.

    With a `sealer`, a sealed copy of each edition for archives lies beside it.
    Raises ReportgenError as `build` does; with status 3 also if the bag is
    there already, cannot be written, is not whole when it is read again, or if
    an edition cannot be sealed.
    """
    sink = Sink()
    early = Sink()
    issue = read(path, (), early)
    bag = output / f"{file_stem(issue)}-bag" if issue else output
    if issue and (bag.exists() or output.is_file()):
        what = "this bag is there already" if bag.exists() else "this is a file, not a folder"
        sink.error("exists", what, Span(str(bag if bag.exists() else output)),
                   "move it away, or name another folder with -o")
        raise ReportgenError(sink, ExitStatus.OUTPUT)
    made = make(path, (), tuple(editions) or EDITIONS, sink, strict=strict)
    payload = _payload(made, _sealed(made, sealer, sink), sink)
    _check_names(payload, sink)
    try:
        _write_bag(bag, payload, _information(made, payload))
    except OSError as error:
        sink.error("cannot-write", f"{error.filename or bag}: {error.strerror or error}",
                   Span(str(bag)), "is the disk full, or the folder write-protected?")
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error
    return Packed(bag, tuple(sink))


def _sealed(made: Made, sealer: Sealer | None, sink: Sink) -> dict[str, bytes]:
    """Return sealed copies of the editions for archives. Raises ReportgenError, status 3."""
    if sealer is None:
        return {}
    sealed = {}
    for finished in made.editions:
        if any(s.value.family is Family.ARCHIVE for s in finished.edition.standards):
            name = f"{file_stem(made.issue)}-{finished.edition.name}{SEALED}.pdf"
            try:
                sealed[name] = seal(finished.pdf, sealer)
            except CannotSeal as error:
                sink.error("cannot-seal", str(error), Span(name))
                raise ReportgenError(sink, ExitStatus.OUTPUT) from error
    return sealed


def _payload(made: Made, sealed: dict[str, bytes], sink: Sink) -> dict[str, bytes]:
    """Return what lies under data/, by its path there."""
    files = {p.name: p.data for p in products_of(made.issue, made.bulletin, made.editions, sink)}
    files |= sealed
    files = {(f"editions/{name}" if name.endswith((".pdf", ".png")) or "preflight" in name
              else name): data for name, data in files.items()}
    for name, data in list(files.items()):
        if name.endswith(".pdf"):
            report = verify_pdf(data, Path(name).name)
            text = json.dumps(report.as_data(), ensure_ascii=False, indent=1) + "\n"
            files[f"reports/{Path(name).stem}.json"] = text.encode()
    workspace = made.issue.series.workspace
    files |= {f"series/{name}": data for name, data in workspace.taken.items()}
    if made.issue.series.source is not None:
        for kind in Kind:
            files |= _tree(workspace.root / kind.value, f"series/{kind.value}")
    for kind in Kind:
        files |= _tree(shipped(kind), f"software/assets/{kind.value}")
    files |= _tree(Path(str(resources.files("reportgen"))), "software/reportgen")
    files["software/requirements.txt"] = versions.requirements().encode()
    files["software/versions.json"] = (json.dumps(versions.all_of(), indent=1) + "\n").encode()
    files[RECIPE] = _recipe(made).encode()
    files["README.txt"] = _readme(made).encode()
    return files


def _check_names(payload: dict[str, bytes], sink: Sink) -> None:
    """Refuse names that readers of bags do not decode alike. Raises ReportgenError."""
    for name in payload:
        if re.search(r"[%\r\n]", name) or not name.isprintable():
            sink.error("bag-name", "this name cannot stand in a bag", Span(name),
                       "name the file in letters, figures and hyphens")
    if sink.failed:
        raise ReportgenError(sink)


def _tree(folder: Path, name: str) -> dict[str, bytes]:
    """Return the files of a folder, by their path under `name`."""
    if not folder.is_dir():
        return {}
    root = folder.resolve()
    found = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and path.resolve().is_relative_to(root) and not any(
                part in _FORBIDDEN for part in parts):
            found["/".join((name, *parts))] = path.read_bytes()
    return found


def _recipe(made: Made) -> str:
    """Return what has to be said to build the PDFs again."""
    target = made.issue.target
    place = made.issue.series.workspace.shown(target.path)
    return json.dumps({"path": "" if place == "." else place,
                       "editions": [f.edition.name for f in made.editions],
                       "epoch": os.environ.get(EPOCH_VARIABLE, "")}, indent=1) + "\n"


def _information(made: Made, payload: dict[str, bytes]) -> dict[str, str]:
    """Return the fields of bag-info.txt (RFC 8493, 2.2.2)."""
    settings = made.issue.series.settings
    size = sum(len(data) for data in payload.values())
    fields = {
        "Source-Organization": settings.publisher,
        "External-Description": f"{settings.title}, {made.bulletin.month}".strip(", "),
        "External-Identifier": made.bulletin.doi or settings.issn,
        "Bagging-Date": made.bulletin.date,
        "Bag-Software-Agent": f"reportgen {versions.own()}",
        "Payload-Oxum": f"{size}.{len(payload)}",
    }
    return {name: " ".join(value.split()) for name, value in fields.items() if value}


def _write_bag(bag: Path, payload: dict[str, bytes], information: dict[str, str]) -> None:
    """Write a bag, validate it, and only then give it its name. Raises OSError."""
    import bagit

    bag.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=bag.parent, prefix=f".{bag.name}."))
    try:
        for name, data in payload.items():
            path = draft / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{n}: {v}\n" for n, v in sorted(information.items())),
            "manifest-sha256.txt": _manifest((f"data/{n}", d) for n, d in payload.items()),
        }
        tags["tagmanifest-sha256.txt"] = _manifest((n, t.encode()) for n, t in tags.items())
        for name, text in tags.items():
            (draft / name).write_bytes(text.encode())
        draft.chmod(0o755)
        bagit.Bag(str(draft)).validate()
        draft.rename(bag)
    except bagit.BagError as error:
        raise OSError(None, f"the bag is not what was written: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _manifest(files: Iterable[tuple[str, bytes]]) -> str:
    """Return a manifest (RFC 8493, 2.1.3)."""
    return "".join(f"{_digest(data)}  {name}\n" for name, data in sorted(files))


def _readme(made: Made) -> str:
    names = ", ".join(f.edition.name for f in made.editions)
    settings = made.issue.series.settings
    return f"""\
{settings.title}, {made.bulletin.month}

This is a bag (BagIt 1.0, RFC 8493): a folder whose manifests let anybody check that nothing in it
has changed, for instance with `sha256sum -c manifest-sha256.txt` in the folder above this one.

editions/      the bulletin as PDF: {names}
reports/       what validators said of each PDF when it was packed, as JSON
series/        what the bulletin was made of: briefs as their authors sent them, settings, pictures
sources.json   the documents that the briefs cite (CSL-JSON)
changes.txt    every change of glyphs and spaces that the typography made in the authors' texts
software/      the program that made it, its styles, templates, fonts and colour profiles
recipe.json    what was asked of the program

To build the PDFs again and compare them byte for byte, with Python {sys.version_info.major}.\
{sys.version_info.minor} and Pango, in data/:

    python3 -m venv /tmp/reportgen
    /tmp/reportgen/bin/pip install -r software/requirements.txt
    PYTHONPATH="$PWD/software" /tmp/reportgen/bin/python -P -B -m \\
        reportgen.cli.main archive --rebuild ..

software/versions.json has the versions of the libraries outside of Python. Where they differ, the
pages should look the same, and the bytes may not be.
"""


# ---------------------------------------------------------------- rebuilding


def rebuild(bag: Path, output: Path | None = None) -> tuple[Compared, ...]:
    """Build the PDFs of a bag again, from the bag alone, and compare them.

    The rebuilt files are written into `output`, if that is given. Raises
    ReportgenError: status 1 if the bag is none or is damaged, status 3 if it
    cannot be built.
    """
    sink = Sink()
    data, payload = _checked_bag(bag, sink)
    recipe = _read_recipe(data, sink)
    if recipe is None:
        raise ReportgenError(sink)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("series", "software/assets"):  # a copy: nothing is written into a bag
            _copy_payload(data, name, work, payload)
        done = _built_again(work, recipe)
        if done.returncode:
            told = [row for row in done.stderr.split("\n") if " error[" in row] or ["nothing"]
            sink.error("cannot-rebuild", f"the build says: {told[0]}", Span(str(bag)))
            raise ReportgenError(sink, ExitStatus.OUTPUT)
        made = {path.name: path.read_bytes() for path in (work / "out").rglob("*.pdf")}
        if output is not None:
            write_all({output / name: pdf for name, pdf in made.items()})
        return tuple(Compared(kept.name, _digest(kept.read_bytes()), _digest(made.get(kept.name)))
                     for kept in sorted((data / "editions").glob("*.pdf"))
                     if not kept.stem.endswith(SEALED))


def _built_again(work: Path, recipe: _Recipe) -> subprocess.CompletedProcess[str]:
    """Run the build of a recipe on what was copied to `work`; it writes to `work`/out.

    It runs this very program: never a module that lies in the current folder.
    """
    package = str(Path(str(resources.files("reportgen"))).parent)
    environment = {**os.environ, ASSETS_VARIABLE: str(work / "software/assets"),
                   "PYTHONPATH": package, "PYTHONSAFEPATH": "1",
                   "PYTHONDONTWRITEBYTECODE": "1"}  # which may be in the bag itself
    environment.pop(EPOCH_VARIABLE, None)
    if recipe.epoch:
        environment[EPOCH_VARIABLE] = recipe.epoch
    command = [sys.executable, "-P", "-m", "reportgen.cli.main", "build",
               str(work / "series" / recipe.path), "-o", str(work / "out"),
               *(f"--edition={name}" for name in recipe.editions)]
    return subprocess.run(command, env=environment, cwd=work, capture_output=True, text=True,
                          check=False)


def _copy_payload(data: Path, name: str, work: Path, payload: Iterable[str]) -> None:
    """Copy the files under `name` that the manifest lists, and nothing that a link leads to."""
    root = data.resolve()
    for entry in payload:
        path = Path(entry)
        if path.parts[:1] != ("data",) or not entry.startswith(f"data/{name}/"):
            continue
        source = root.parent / path
        if source.resolve() == source and source.is_file():
            target = work / path.relative_to("data")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())


def changed_versions(bag: Path) -> list[str]:
    """Return what is here in another version than when the bag was packed."""
    try:
        then = json.loads((bag / "data/software/versions.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(then, dict):
        return []
    now = versions.all_of()
    return [f"{name} {then[name]} then, {now.get(name, 'missing')} now"
            for name in sorted(then) if then[name] != now.get(name)]


def _digest(data: bytes | None) -> str:
    return hashlib.sha256(data).hexdigest() if data is not None else ""


def _checked_bag(bag: Path, sink: Sink) -> tuple[Path, tuple[str, ...]]:
    """Return the payload's folder of a bag that is whole, and its files. Raises ReportgenError."""
    import bagit

    try:
        opened = bagit.Bag(str(bag))
        opened.validate()
        files = tuple(opened.payload_entries())
    except (bagit.BagError, OSError, ValueError) as error:
        sink.error("no-bag", f"this is no bag, or it is damaged: {str(error)[:300]}",
                   Span(str(bag)), "its manifests say what it should be")
        raise ReportgenError(sink) from error
    return bag / "data", files


def _read_recipe(data: Path, sink: Sink) -> _Recipe | None:
    """Return the recipe of a bag; one that leads out of the bag is refused."""
    span = Span(str(data / RECIPE))
    try:
        given = json.loads((data / RECIPE).read_text(encoding="utf-8"))
        recipe = _Recipe(given["path"], tuple(given["editions"]), given["epoch"])
        series = (data / "series").resolve()
        sound = (all(name in KNOWN_EDITIONS for name in recipe.editions)
                 and re.fullmatch(r"\d{0,12}", recipe.epoch, re.ASCII) is not None
                 and (series / recipe.path).resolve().is_relative_to(series)
                 and (series / recipe.path).exists())
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        sink.error("no-recipe", f"the bag has no recipe of reportgen: {error}", span)
        return None
    if not sound:
        sink.error("no-recipe", "the recipe of this bag is not one of reportgen's", span)
        return None
    return recipe
