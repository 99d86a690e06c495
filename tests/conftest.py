"""What the tests have in common: small series, built bulletins, PDFs as a reader sees them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from reportgen.pipeline import Built, build

from .mailservers import Servers, running

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
REAL_BRIEF = CASES / "central-asia-2019-04.txt"
SAMPLE = ROOT / "inputs" / "2019-04"

SMALL_BRIEF = """\
CENTRAL ASIA April 2019

A title of the brief

A standfirst of one sentence.

The first paragraph cites a source (*A title of a source*, Example Press, 1 April 2019,
<https://example.org/one>). The second sentence does not.

The second paragraph is only text, and it goes on for a while so that there is something to set.

Anna Rossi – *Researcher at Example.*
"""


_LONG = ("servers", "editions", "test_print", "test_attacks", "test_workers", "test_send_command",
         "test_docs", "test_documents", "test_store", "test_protocol", "test_seal", "test_fixing",
         "test_mailings", "test_bad_input", "test_receiver")
"""Groups that take longest, which begin first, so that no worker waits for another at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, on one of several workers, what shares servers, editions or a file.

    Postfix and Dovecot are started once; all editions of the sample issue are built once.
    """
    groups = {}
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        group = next((name for name in ("servers", "editions") if name in fixtures),
                     item.path.stem)
        item.add_marker(pytest.mark.xdist_group(group))
        groups[item] = group
    items.sort(key=lambda item: (_LONG.index(groups[item]) if groups[item] in _LONG
                                 else len(_LONG)))


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's own cache and clock out of the tests."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


Series = Callable[..., Path]


@pytest.fixture
def series(tmp_path: Path) -> Series:
    """Return a function that writes files of a series and returns its folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "series"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


@dataclass(frozen=True)
class Pdf:
    """A PDF as its reader has it."""

    path: Path

    def text(self, page: int | None = None) -> str:
        """Return the text of a page (from 1), or of all pages, by poppler, lines joined.

        What the layout hyphenated is one word again: its hyphens are soft (U+00AD).
        """
        pages = [] if page is None else ["-f", str(page), "-l", str(page)]
        result = subprocess.run(["pdftotext", "-raw", *pages, str(self.path), "-"],
                                check=True, capture_output=True, text=True)
        return " ".join(re.sub("\u00ad\\s*", "", result.stdout).split())

    def pages(self) -> int:
        with pikepdf.open(self.path) as pdf:
            return len(pdf.pages)

    def outline(self) -> list[tuple[str, int]]:
        """Return title and page (from 1) of each bookmark."""
        document = pypdfium2.PdfDocument(self.path)
        rows = []
        for item in document.get_toc():
            destination = item.get_dest()
            assert destination
            rows.append((item.get_title(), destination.get_index() + 1))
        document.close()
        return rows

    def links(self) -> list[tuple[int, str]]:
        """Return (page, address or destination) of every link annotation."""
        found = []
        with pikepdf.open(self.path) as pdf:
            for number, page in enumerate(pdf.pages, 1):
                for annotation in page.get("/Annots", []):
                    if annotation.get("/Subtype") != "/Link":
                        continue
                    action = annotation.get("/A")
                    if action is not None and "/URI" in action:
                        found.append((number, str(action["/URI"])))
                    else:
                        destination = annotation.get("/Dest")
                        if destination is None:
                            assert action is not None
                            destination = action["/D"]
                        found.append((number, "#" + str(destination)))
        return found

    def fonts(self) -> set[str]:
        """Return the families of all embedded fonts."""
        result = subprocess.run(["pdffonts", str(self.path)], check=True, capture_output=True,
                                text=True)
        names = [line.split()[0] for line in result.stdout.splitlines()[2:]]
        return {name.split("+")[-1] for name in names}

    def picture(self, page: int, dpi: int = 60) -> Path:
        """Return a PNG of a page."""
        stem = Path(tempfile.mkdtemp()) / f"page-{page}"
        subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "-f", str(page), "-l",
                        str(page), str(self.path), str(stem)], check=True)
        return stem.with_suffix(".png")


@dataclass(frozen=True)
class Bulletin:
    """A built issue."""

    built: Built
    pdf: Pdf


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Bulletin:
    """The sample issue, built once."""
    built = build(SAMPLE, tmp_path_factory.mktemp("sample"))
    return Bulletin(built, Pdf(built.files[0]))


@pytest.fixture(scope="session")
def offprint(tmp_path_factory: pytest.TempPathFactory) -> Bulletin:
    """The offprint of the real brief, built once, from a folder without a series."""
    folder = tmp_path_factory.mktemp("alone")
    brief = folder / REAL_BRIEF.name
    shutil.copy(REAL_BRIEF, brief)
    built = build(brief, folder / "build")
    return Bulletin(built, Pdf(built.files[0]))


EDITION_NAMES = ("screen", "archive", "archive-plain", "archive-next", "print")


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample issue in all editions, built once, by name."""
    folder = tmp_path_factory.mktemp("editions")
    built = build(SAMPLE, folder, editions=EDITION_NAMES)
    return {name: path for name in EDITION_NAMES for path in built.files
            if path.name.endswith(f"-{name}.pdf")}


@pytest.fixture
def make(tmp_path: Path) -> Callable[[Path], Bulletin]:
    """Return a function that builds a path."""

    def run(path: Path) -> Bulletin:
        built = build(path, tmp_path / "build")
        return Bulletin(built, Pdf(built.files[0]))

    return run


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Postfix and Dovecot, started once."""
    with running() as started:
        yield started
