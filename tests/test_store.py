"""What is kept between builds: the same bytes with and without it, whatever happens to it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.diagnostics import Sink
from reportgen.pipeline import Built, build
from reportgen.store import Store, digest

from .conftest import ROOT, SMALL_BRIEF, Series
from .untuned import write_issue

# ---------------------------------------------------------------- the store alone


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    store, sink = Store(tmp_path), Sink()
    store.put("brief", "k", {"a": 1})
    assert store.get("brief", "k", sink) == {"a": 1}
    assert store.get("brief", "other", sink) is None
    assert store.get("facts", "k", sink) is None
    assert not list(sink)


@pytest.mark.parametrize("harm", [
    lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"x" + data[41:],
    lambda data: os.urandom(200), lambda data: data + b"more"])
def test_a_damaged_entry_is_thrown_away_and_told(tmp_path: Path, harm) -> None:  # type: ignore[no-untyped-def]
    store, sink = Store(tmp_path), Sink()
    store.put("brief", "k", [1, 2, 3])
    path = tmp_path / "brief-k"
    path.write_bytes(harm(path.read_bytes()))
    assert store.get("brief", "k", sink) is None
    assert [d.code for d in sink] == ["cache"]
    assert not path.exists()


def test_a_foreign_entry_is_not_opened(tmp_path: Path) -> None:
    """An entry of another folder has another key: it is never unpickled."""
    for name in ("ours", "theirs"):
        Store(tmp_path / name).put("brief", "k", name)
    theirs = (tmp_path / "theirs" / "brief-k").read_bytes()
    (tmp_path / "ours" / "brief-k").write_bytes(theirs)
    sink = Sink()
    assert Store(tmp_path / "ours").get("brief", "k", sink) is None
    assert [d.code for d in sink] == ["cache"]


def test_an_entry_under_another_name_is_not_taken(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("brief", "one", 1)
    (tmp_path / "brief-one").rename(tmp_path / "brief-two")
    assert store.get("brief", "two", Sink()) is None


def test_the_oldest_make_room(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(10):
        store.put("brief", str(number), b"x" * 1000)
        os.utime(tmp_path / f"brief-{number}", ns=(number, number))
    store.trim(5_000)
    left = {path.name for path in tmp_path.glob("brief-*")}
    assert left and left <= {f"brief-{number}" for number in range(5, 10)}
    assert (tmp_path / "key").exists()


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "builds")
    store.put("brief", "k", 1)
    assert store.get("brief", "k", Sink()) is None


def test_a_hash_tells_its_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")


# ---------------------------------------------------------------- builds


def hashes(built: Built) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in built.files]


@pytest.mark.slow
def test_the_same_bytes_with_and_without(tmp_path: Path) -> None:
    issue = write_issue(tmp_path / "series", 3, 3, mixed=True)
    store = Store(tmp_path / "store")
    without = build(issue, tmp_path / "a", editions=["screen", "archive", "print"],
                    store=Store(None))
    for _ in range(2):
        kept = build(issue, tmp_path / "b", editions=["screen", "archive", "print"],
                     store=store)
        assert hashes(kept) == hashes(without)
        assert kept.diagnostics == without.diagnostics


@pytest.mark.slow
def test_an_edited_brief_is_made_anew_and_only_that(tmp_path: Path) -> None:
    issue = write_issue(tmp_path / "series", 4, 5)
    store = Store(tmp_path / "store")
    build(issue, tmp_path / "a", store=store)
    before = {path.name for path in (tmp_path / "store").glob("brief-*")}
    brief = issue / "brief-002.md"
    words = brief.read_text(encoding="utf-8")
    brief.write_text(words.replace(" the ", " the quite other ", 9), encoding="utf-8")
    edited = build(issue, tmp_path / "b", store=store)
    assert len({p.name for p in (tmp_path / "store").glob("brief-*")} - before) == 1
    assert hashes(edited) == hashes(build(issue, tmp_path / "c", store=Store(None)))


@pytest.mark.slow
@pytest.mark.parametrize("change", [
    ("series.toml", 'title = "Other"\n'), ("people.toml", '[a]\nname = "Anna Rossi"\n'
                                           'bio = "Somebody."\nportrait = "p.png"\n'),
    ("styles/house.css", ".cover-title { font-size: 20pt }\n"),
    ("styles/own/theme.toml", 'extends = "default"\n[type.text]\nsize = 9.1\n'),
    ("templates/cover.html", '<section class="cover"><p>Own</p></section>\n'),
    ("2019-04/issue.toml", 'number = "7"\n'),
    ("regions.toml", '[central-asia]\ncolour = "#112233"\n'),
    ("p.png", None), ("2019-04/b.md", SMALL_BRIEF.replace("Anna", "Berta"))])
def test_whatever_changes_is_seen(series: Series, tmp_path: Path,
                                  change: tuple[str, str | None]) -> None:
    """A build after a change is that of an empty cache: nothing old comes out."""
    picture = (ROOT / "docs" / "page.png").read_bytes()
    folder = series({
        "series.toml": 'title = "T"\ntheme = "own"\n', "p.png": picture,
        "styles/own/theme.toml": 'extends = "default"\n',
        "people.toml": '[a]\nname = "Anna Rossi"\nbio = "Anybody."\nportrait = "p.png"\n',
        "2019-04/a.md": SMALL_BRIEF.replace("– *Researcher at Example.*", "")})
    store = Store(tmp_path / "store")
    before = build(folder / "2019-04", tmp_path / "a", store=store)
    name, words = change
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if words is None:
        from PIL import Image

        Image.open(path).rotate(180).save(path)
    else:
        path.write_text(words, encoding="utf-8")
    after = build(folder / "2019-04", tmp_path / "b", store=store)
    assert hashes(after)[0] != hashes(before)[0]
    assert hashes(after) == hashes(build(folder / "2019-04", tmp_path / "c", store=Store(None)))


def reportgen(*arguments: str, cwd: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "reportgen", *arguments], cwd=cwd, check=True,
                          capture_output=True, text=True,
                          env={**os.environ, "REPORTGEN_CACHE": str(cache)})


@pytest.mark.slow
def test_what_has_not_changed_is_written_again(series: Series, tmp_path: Path) -> None:
    """The second build imports nothing that makes pages, and says and writes the same."""
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF})
    first = reportgen("build", "2019-04", "-o", "one", cwd=folder, cache=tmp_path / "cache")
    second = reportgen("build", "2019-04", "-o", "two", cwd=folder, cache=tmp_path / "cache")
    assert first.stderr == second.stderr
    assert first.stdout.replace("one/", "two/") == second.stdout
    for path in (folder / "one" / "2019-04").iterdir():
        assert path.read_bytes() == (folder / "two" / "2019-04" / path.name).read_bytes()
    script = ("import sys; from reportgen.cli.main import main; "
              "main(['build', '2019-04', '-o', 'three']); "
              "print([m for m in ('weasyprint', 'pikepdf', 'uharfbuzz', 'numpy') "
              "if m in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, check=True,
                          capture_output=True, text=True,
                          env={**os.environ, "REPORTGEN_CACHE": str(tmp_path / "cache")})
    assert done.stderr.splitlines()[-1] == "[]"
    (folder / "people.toml").write_text('[a]\nname = "Anna Rossi"\n')
    (folder / "2019-04" / "b.md").write_text(SMALL_BRIEF.replace("Anna", "Berta"))
    third = reportgen("build", "2019-04", "-o", "four", cwd=folder, cache=tmp_path / "cache")
    assert third.stdout
    one, four = (next((folder / name / "2019-04").glob("*.pdf")) for name in ("one", "four"))
    assert one.read_bytes() != four.read_bytes()


@pytest.mark.slow
def test_two_builds_at_once(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF,
                     "2019-04/b.md": SMALL_BRIEF.replace("Anna", "Berta")})
    environment = {**os.environ, "REPORTGEN_CACHE": str(tmp_path / "cache")}
    running = [subprocess.Popen([sys.executable, "-m", "reportgen", "build", "2019-04", "-o",
                                 f"out-{number}"], cwd=folder, env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for number in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    pdfs = {next((folder / f"out-{n}" / "2019-04").glob("*.pdf")).read_bytes() for n in range(4)}
    assert len(pdfs) == 1
