"""The archive package: whole, readable by a second implementation, built again to the byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from reportgen.archive import pack, rebuild
from reportgen.diagnostics import ExitStatus, ReportgenError

from .conftest import ROOT, SMALL_BRIEF, Series

pytestmark = pytest.mark.slow

FILES: dict[str, str | bytes] = {
    "series.toml": 'title = "Small"\npublisher = "Example"\nissn = "1234-5679"\n',
    "people.toml": '[a]\nname = "Anna Rossi"\n',
    "styles/house.css": ".kicker { letter-spacing: 0.1em }\n",
    "2019-04/a.md": SMALL_BRIEF,
    "2019-03/z.md": SMALL_BRIEF,
}


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series")
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(content), encoding="utf-8")
    return pack(folder / "2019-04", tmp_path_factory.mktemp("out")).folder


def test_a_bag_holds_all_that_it_takes(bag: Path) -> None:
    opened = bagit.Bag(str(bag))
    opened.validate()
    assert opened.info["Source-Organization"] == "Example"
    assert opened.info["Bagging-Date"] == "2019-04-01"
    held = set(opened.payload_entries())
    assert {"data/editions/small-2019-04-archive.pdf", "data/editions/small-2019-04-screen.pdf",
            "data/reports/small-2019-04-archive.json", "data/sources.json", "data/changes.txt",
            "data/series/series.toml", "data/series/2019-04/a.md", "data/series/people.toml",
            "data/series/styles/house.css", "data/software/assets/styles/default/page.css",
            "data/software/assets/styles/fonts/BulletinText-Regular.ttf",
            "data/software/assets/styles/icc/sRGB.icc",
            "data/software/assets/templates/default/bulletin.html",
            "data/software/reportgen/pipeline.py", "data/software/requirements.txt",
            "data/README.txt", "data/recipe.json"} <= held
    assert "data/series/2019-03/z.md" not in held, "another issue is no part of this one"
    report = json.loads((bag / "data/reports/small-2019-04-archive.json").read_text("utf-8"))
    assert report["passed"]
    assert len({v["validator"] for v in report["verdicts"]}) == 2
    locked = (bag / "data/software/requirements.txt").read_text("utf-8")
    assert "weasyprint==70.0\n" in locked and "pikepdf==" in locked and "brotli==" in locked


def test_the_manifest_is_what_sha256sum_reads(bag: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "manifest-sha256.txt",
                    "tagmanifest-sha256.txt"], cwd=bag, check=True)


def test_a_stranger_rebuilds_it_from_the_bag_alone(bag: Path, tmp_path: Path) -> None:
    """As the README in the bag says: with the program, styles and fonts that are in the bag."""
    elsewhere = tmp_path / "received"
    shutil.copytree(bag, elsewhere)
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith(("REPORTGEN", "PYTHON"))}
    readme = (elsewhere / "data/README.txt").read_text("utf-8")
    command = readme[readme.index("PYTHONPATH=") : readme.index("software/versions.json has")]
    command = command.replace("/tmp/reportgen/bin/python", sys.executable)
    where = command.replace("-m \\", "-c \\").replace(
        "reportgen.cli.main archive --rebuild ..", "'import reportgen; print(reportgen.__file__)'")
    found = subprocess.run(["sh", "-c", where], cwd=elsewhere / "data", env=environment,
                           capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == elsewhere / "data/software/reportgen/__init__.py"
    done = subprocess.run(["sh", "-c", command], cwd=elsewhere / "data", env=environment,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [(row[0], row[2]) for row in rows] == [("same", "small-2019-04-archive.pdf"),
                                                  ("same", "small-2019-04-screen.pdf")]
    bagit.Bag(str(elsewhere)).validate()


def test_a_rebuild_that_differs_says_so(bag: Path, tmp_path: Path) -> None:
    other = tmp_path / "bag"
    shutil.copytree(bag, other)
    brief = other / "data/series/2019-04/a.md"
    brief.write_text(brief.read_text("utf-8").replace("only text", "mere text"), "utf-8")
    bagit.Bag(str(other)).save(manifests=True)
    compared = rebuild(other, tmp_path / "out")
    assert not any(row.same for row in compared)
    assert (tmp_path / "out" / "small-2019-04-screen.pdf").is_file()


def damage(bag: Path) -> None:
    path = bag / "data/series/2019-04/a.md"
    path.write_bytes(path.read_bytes() + b" ")


def lose(bag: Path) -> None:
    (bag / "data/series/2019-04/a.md").unlink()


def lead_out(bag: Path) -> None:
    (bag / "data/recipe.json").write_text(
        json.dumps({"path": "../../../etc", "editions": ["screen"], "epoch": ""}), "utf-8")
    bagit.Bag(str(bag)).save(manifests=True)


def forget(bag: Path) -> None:
    (bag / "data/recipe.json").write_text("[1, 2]", "utf-8")
    bagit.Bag(str(bag)).save(manifests=True)


@pytest.mark.parametrize(("harm", "code"), [(damage, "no-bag"), (lose, "no-bag"),
                                            (lead_out, "no-recipe"), (forget, "no-recipe")])
def test_a_bag_that_is_not_whole_is_not_built(bag: Path, tmp_path: Path,
                                              harm: Callable[[Path], None], code: str) -> None:
    other = tmp_path / "bag"
    shutil.copytree(bag, other)
    harm(other)
    with pytest.raises(ReportgenError) as failed:
        rebuild(other)
    assert [d.code for d in failed.value.diagnostics] == [code]
    assert failed.value.status is ExitStatus.INPUT


def test_a_bag_is_never_overwritten(bag: Path, series: Series) -> None:
    folder = series(FILES)
    with pytest.raises(ReportgenError) as failed:
        pack(folder / "2019-04", bag.parent)
    assert [d.code for d in failed.value.diagnostics if d.severity.value == "error"] == ["exists"]
    bagit.Bag(str(bag)).validate()


def test_a_bag_is_the_same_twice(bag: Path, series: Series, tmp_path: Path) -> None:
    folder = series(FILES)
    again = pack(folder / "2019-04", tmp_path / "out").folder
    for name in ("manifest-sha256.txt", "bag-info.txt", "tagmanifest-sha256.txt"):
        assert (again / name).read_bytes() == (bag / name).read_bytes(), name


def test_a_folder_that_is_no_bag() -> None:
    done = subprocess.run([sys.executable, "-m", "reportgen.cli.main", "archive", "--rebuild",
                           "inputs"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitStatus.INPUT
    assert "error[no-bag]" in done.stderr and "Traceback" not in done.stderr
