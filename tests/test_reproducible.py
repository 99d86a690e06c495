"""The same input gives the same bytes: on every run, in every folder, with every hash seed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from reportgen.pipeline import build

from .conftest import ROOT, SMALL_BRIEF, Bulletin, Series

pytestmark = pytest.mark.slow


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in folder.rglob("*") if p.is_file()}


def test_another_folder_another_seed_another_cache(sample: Bulletin, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder with spaces" / "inputs"
    shutil.copytree(ROOT / "inputs", elsewhere)
    env = {**os.environ, "PYTHONHASHSEED": "4711", "REPORTGEN_CACHE": "off", "TZ": "Asia/Tokyo",
           "LC_ALL": "C"}
    subprocess.run([sys.executable, "-m", "reportgen.cli.main", "build",
                    str(elsewhere / "2019-04"), "-o", str(tmp_path / "out")], check=True, env=env,
                   cwd=tmp_path, capture_output=True)
    assert digests(tmp_path / "out") == digests(sample.built.files[0].parent)


def test_source_date_epoch_is_the_clock(series: Series, tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1556668800")  # 1 May 2019
    first = build(folder / "2019-04", tmp_path / "one").files[0].read_bytes()
    with pikepdf.open(tmp_path / "one/2019-04/bulletin-2019-04-screen.pdf") as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20190501")
    assert first == build(folder / "2019-04", tmp_path / "two").files[0].read_bytes()


def test_two_builds_in_threads(series: Series, tmp_path: Path) -> None:
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF})
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(lambda n: build(folder / "2019-04", tmp_path / str(n)), range(2)))
    first, second = (b.files[0].read_bytes() for b in built)
    assert first == second


def test_importing_the_package_touches_nothing() -> None:
    script = ("import sys; before = set(sys.modules); import reportgen; "
              "print(sorted(m for m in set(sys.modules) - before if 'reportgen' in m))")
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True,
                          text=True)
    assert done.stdout.strip() == "['reportgen']"
