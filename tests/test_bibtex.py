"""`sources.bib`, held against what pandoc makes of the same file."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen.citations.library import OTHERS, Item, Library
from reportgen.diagnostics import Sink
from reportgen.reading.bibtex import plain_of, read_bibtex
from reportgen.reading.library import read_library
from reportgen.workspace import SourceText

from .conftest import CASES, SMALL_BRIEF, Pdf, Series
from .test_bad_input import run

FILE = CASES / "keys" / "sources.bib"


def read(text: str) -> tuple[Library, Sink]:
    sink = Sink()
    return read_bibtex(SourceText("sources.bib", text), sink), sink


def comparable(item: Item) -> Item:
    """Return an item without what pandoc does differently on purpose.

    It puts titles into small letters, writes markup in HTML, and shortens titles by itself.
    """
    title = re.sub("</?i>|</?sup>|\\^", "", item.title.casefold())
    return replace(item, title=title, short_title="", page=item.page.replace("–", "-"),
                   genre=item.genre.replace("PhD diss.", "PhD thesis"),
                   container=re.sub("</?i>", "", item.container).casefold())


def test_sources_are_those_that_pandoc_reads() -> None:
    made = subprocess.run(["pandoc", "-f", "biblatex", "-t", "csljson", str(FILE)],
                          capture_output=True, check=True, text=True).stdout
    theirs = read_library(SourceText("sources.json", made), Sink()).items
    ours, sink = read(FILE.read_text("utf-8"))
    assert not list(sink)
    assert list(ours.items) == [row["id"] for row in json.loads(made)]
    for key, item in ours.items.items():
        expected = comparable(theirs[key])
        ours_too = comparable(item)
        if key in ("novak2018", "am19"):  # biblatex drops a particle: "Berg", where btxdoc has
            expected = replace(expected, authors=ours_too.authors)  # "van der Berg"
        assert ours_too == expected, key


@pytest.mark.parametrize(("latex", "text"), [
    (r"{\'e}\'{e}\'e", "ééé"), (r"\c{c}\c c\v{s}\v s", "ççšš"), (r"\H{o}\u{g}\k{a}", "őğą"),
    (r"{\i}\'{\i}\'\i", "ıíí"), (r"{\ss}\o\ \AA", "ßø Å"),
    (r"A~B \& 5\% \$3 \_x", "A\u00a0B & 5% $3 _x"),
    (r"``A'' -- \emph{B} \textbf{C}---d", "“A” – B C—d"),
    (r"{{NATO}} and {B}races", "NATO and Braces"),
    (r"\url{https://example.com/a_b}", "https://example.com/a_b"), (r"\unknown{X} y", "X y"),
    (r"\"{\i}\.I\.{Z}\r{u}\d{s}", "ïİŻůṣ"), ("line\n   end", "line end"), (r"\{a\}", "{a}")])
def test_latex_is_text(latex: str, text: str) -> None:
    assert plain_of(latex) == text


def test_names_and_others() -> None:
    library, _ = read("@book{a, title={T}, author={Ana de la Cruz and {The {UN}} and others}}")
    first, second, third = library.items["a"].authors
    assert (first.given, first.family) == ("Ana", "de la Cruz")
    assert second.family == "The UN" and third is OTHERS


@pytest.mark.parametrize(("text", "code", "line"), [
    ("\n@book{a, title={T}", "bibtex", 2), ("@book{a, title={T", "bibtex", 1),
    ("@book{, title={T}}", "bibtex", 1), ("@book{a title={T}}", "bibtex", 1),
    ("@book{a, title=}", "bibtex", 1), ("\n\n@book{a, year=2001}", "source-item", 3),
    ("@book{a, title={T}}\n@book{a, title={U}}", "source-twice", 2),
    ('@book{a,\n\n title="T}', "bibtex", 3)])
def test_what_is_wrong_has_its_line(text: str, code: str, line: int) -> None:
    _, sink = read(text)
    assert [(d.code, d.span.line) for d in sink] == [(code, line)]


def test_an_entry_may_stand_in_round_brackets() -> None:
    library, sink = read("@book(a, title={A (B)}, year=2001)")
    assert library.items["a"].title == "A (B)" and not list(sink)


def test_what_follows_a_damaged_entry_is_read() -> None:
    library, sink = read("@book{a, title=}\n@book{b, title={B}}")
    assert list(library.items) == ["b"] and len(list(sink)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("text", ["@" * 50_000, "@a{" * 20_000, "@book{a, title=" + "{" * 50_000,
                                  "@book{a, b=" + "a#" * 50_000, "@book{a," + " ," * 90_000,
                                  "@book{a, t={" * 150_000, "@a{b,\n" * 250_000])
def test_hostile_files_are_read_in_time(text: str) -> None:
    library, _ = read(text)
    assert not library.items


@pytest.mark.slow
def test_a_brief_cites_from_bibtex(series: Series) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text [@novak2018, 41],")
    folder = series({"series.toml": "", "sources.bib": FILE.read_text("utf-8"),
                     "2019-04/gulf.md": brief})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 0, done.stderr
    page = Pdf(folder / Path(done.stdout.split()[0])).text()
    assert "Petra Novák, World Bank, and Jan van der Berg, Rivers and Borders" in " ".join(
        page.split())


@pytest.mark.slow
def test_a_key_in_two_files_is_an_error(series: Series) -> None:
    folder = series({"series.toml": "", "sources.bib": "@book{a, title={A}}",
                     "sources.json": '[{"id": "a", "title": "A"}]', "2019-04/gulf.md": SMALL_BRIEF})
    done = run("check", "2019-04", cwd=folder)
    assert done.returncode == 1 and "error[source-twice] two files of sources" in done.stderr
