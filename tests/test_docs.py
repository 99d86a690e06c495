"""README and docs are true: every command in them runs, every setting and variable is in them."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli.main import COMMANDS
from reportgen.model import Bulletin
from reportgen.rendering.letter import MailBrief, MailPage

from .conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(page: Path) -> list[str]:
    """Return the lines of all shell blocks of a page."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_runs(page: Path, tmp_path: Path) -> None:
    """The commands of a page run one after the other in a folder that holds the sample series."""
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for command in commands(page):
        program, *arguments = shlex.split(command)
        if program == "make":
            assert arguments[0] in targets, command
            continue
        assert program == "reportgen", command
        done = subprocess.run([sys.executable, "-m", "reportgen.cli.main", *arguments],
                              cwd=tmp_path, capture_output=True, text=True, check=False,
                              env={**os.environ, "SOURCE_DATE_EPOCH": "1554076800"})
        assert done.returncode == 0, (command, done.stderr)


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        text = re.sub(r"`[^`\n]*`", "", page.read_text("utf-8"))
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), (page.name, target)


def _tool(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_setting_is_documented() -> None:
    written = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert written == _tool("write_settings").render(), (
        "run tools/write_settings.py")


def test_every_variable_of_a_template_is_documented() -> None:
    text = (ROOT / "docs" / "themes.md").read_text("utf-8")
    table = text[text.index("| variable |") : text.index("Filters:")]
    documented = set(re.findall(r"`([a-z_]+)`", table))
    assert set(Bulletin.__struct_fields__) <= documented


def test_every_variable_of_the_mail_is_documented() -> None:
    text = (ROOT / "docs" / "themes.md").read_text("utf-8")
    table = text[text.index("| in the mail |") : text.index("The picture of the cover")]
    assert set(MailPage.__struct_fields__) <= set(re.findall(r"`([a-z_]+)`", table))
    assert set(MailBrief.__struct_fields__) <= set(re.findall(r"`([a-z_]+)`", table))


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name in COMMANDS:
        assert f"`{name} " in text or f"`{name}`" in text, name


def test_every_command_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    from reportgen.cli.main import main

    for arguments in (["build"], ["check"], ["cites"], ["map"], ["explain"], ["new", "series"],
                      ["new", "issue"], ["new", "brief"], ["send"], ["returns"], ["receiver"],
                      *(["subscribers", kind] for kind in (
                          "import", "add", "list", "remove", "resume", "change", "leave", "show",
                          "report", "export"))):
        with pytest.raises(SystemExit) as stopped:
            main([*arguments, "--help"])
        assert stopped.value.code == 0
        assert "example: reportgen" in capsys.readouterr().out


@pytest.mark.slow
def test_the_wheel_holds_styles_and_templates(tmp_path: Path) -> None:
    """What is installed from a wheel finds its styles, templates, atlas and scaffold."""
    import zipfile

    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d",
                    str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    [wheel] = list(tmp_path.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in ("reportgen/_assets/styles/default/theme.toml",
                 "reportgen/_assets/styles/fonts/BulletinText-Regular.ttf",
                 "reportgen/_assets/styles/fonts/OFL-source-serif-4.txt",
                 "reportgen/_assets/templates/default/bulletin.html",
                 "reportgen/maps/atlas.sqlite", "reportgen/maps/PROVENANCE.toml",
                 "reportgen/scaffold/series.toml", "reportgen/regions.toml",
                 "reportgen/mail/receiver/receiver.php", "reportgen/mail/replies/rules.toml",
                 "reportgen/mail/returns/phrases.toml", "reportgen/mail/imports/heads.toml"):
        assert name in names, name


def test_third_party_data_has_its_licence_and_provenance() -> None:
    import hashlib
    import tomllib

    fonts = tomllib.loads((ROOT / "styles/fonts/PROVENANCE.toml").read_text("utf-8"))
    for font in fonts["font"]:
        data = (ROOT / "styles/fonts" / font["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == font["sha256"], font["file"]
    assert {f["file"] for f in fonts["font"]} == {
        p.name for p in (ROOT / "styles/fonts").glob("*.ttf")}
    for package in fonts["package"]:
        assert "SIL OPEN FONT LICENSE" in (
            ROOT / "styles/fonts" / package["licence_file"]).read_text("utf-8").upper()
    atlas = tomllib.loads((ROOT / "src/reportgen/maps/PROVENANCE.toml").read_text("utf-8"))
    data = (ROOT / "src/reportgen/maps/atlas.sqlite").read_bytes()
    assert hashlib.sha256(data).hexdigest() == atlas["sha256"]
    assert all(p["licence"] and p["sha256"] for p in atlas["package"])


def test_every_warning_and_note_is_explained() -> None:
    text = (ROOT / "docs" / "checking.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    explained = {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)}
    written = (ROOT / "src/reportgen/codes.txt").read_text("ascii").split()
    assert set(written) == _tool("write_codes").codes(), "run tools/write_codes.py"
    assert explained - {"unchecked-source"} == set(written)
