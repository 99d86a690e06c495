"""Whatever comes in: a diagnostic with its place or harmless text, never a traceback or a hang."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.diagnostics import ReportgenError, Severity
from reportgen.pipeline import build

from .conftest import CASES, SMALL_BRIEF, Bulletin, Pdf, Series

pytestmark = pytest.mark.slow

LIMIT = 10.0
"""Seconds."""

BAD = sorted((CASES / "bad").iterdir())
OUTCOMES = {
    "control-chars.md": "font", "docx-inside.md": "not-text",
    "empty.md": "empty-file",
    "invalid-utf8.md": "encoding", "jinja.md": "", "long-footnote.md": "",
    "long-word.md": "long-word",
    "misspelt-month.md": "misspelt-month",
    "nested-lists.md": "too-deep",
    "notes-twice-and-loops.md": "unknown-note", "nuls.md": "nul-byte",
    "only-heading.md": "no-title", "only-title.md": "no-region", "open-inline.md": "long-word",
    "open-quotes.md": "too-deep", "pdf-inside.md": "not-text", "pictures.md": "picture-outside",
    "png-inside.txt": "not-text", "raw-html.md": "", "rtl.md": "",
    "table-60.md": "wide-table", "unclosed-citations.md": "unknown-note",
    "unknown-region.md": "",
}
"""The error that each file must give; none: it is printed."""


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.name)
def test_bad_files(path: Path, tmp_path: Path) -> None:
    """Each hostile file gives its diagnostic at its place, or prints; in ten seconds."""
    begun = time.process_time()  # not of the clock: other tests run beside
    output = tmp_path / "build"
    try:
        build(path, output)
        codes: set[str] = set()
    except ReportgenError as error:
        errors = [d for d in error.diagnostics if d.severity is Severity.ERROR]
        codes = {d.code for d in errors}
        assert all(d.message and d.span.file for d in errors)
        assert not output.exists(), "something was written in spite of errors"
    assert time.process_time() - begun < LIMIT
    expected = OUTCOMES[path.name]
    assert (expected in codes) if expected else not codes, codes


def test_every_bad_file_has_an_outcome() -> None:
    assert {p.name for p in BAD} == set(OUTCOMES)


@pytest.mark.parametrize("marks", ["(" * 5000, "[" * 5000, "*" * 5000, "_" * 5000, "`" * 5000,
                                   "<" * 5000, "![" * 2500, "[^" * 2500, "(*a" * 1500, "> " * 3000,
                                   "\\" * 5000, "&" * 5000, "- " * 2000, "\"" * 5000])
def test_thousands_of_marks(marks: str, series: Series, tmp_path: Path) -> None:
    folder = series({"a.md": SMALL_BRIEF.replace("The second paragraph", marks)})
    begun = time.process_time()  # not of the clock: other tests run beside
    try:
        build(folder / "a.md", tmp_path / "build")
    except ReportgenError as error:
        assert all(d.span.line for d in error.diagnostics if d.severity is Severity.ERROR)
    assert time.process_time() - begun < LIMIT


@pytest.mark.parametrize("picture", [
    "file:///etc/passwd", "../../../../etc/passwd", "../../../../etc/logo.png", "/etc/passwd",
    "data:image/png;base64,AAAA", "a\0b.png", "missing.png"])
def test_pictures_from_outside_are_refused(picture: str, series: Series, tmp_path: Path) -> None:
    brief = SMALL_BRIEF.replace("The second paragraph", f"![a picture]({picture}) The second")
    folder = series({"series.toml": "", "a.md": brief.replace("\0", "%00")})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "a.md", tmp_path / "build")
    errors = [d for d in caught.value.diagnostics if d.severity is Severity.ERROR]
    assert {d.code for d in errors} <= {"picture-outside", "no-such-file"}
    assert errors[0].span.line == 10


@pytest.mark.parametrize("picture", [
    "http://example.org/a.png", "https://example.org/a?b=c", "//example.org/a.png",
    "/images/blog/a.png"])
def test_a_picture_of_a_web_site_is_left_out(picture: str, series: Series) -> None:
    """Nothing is fetched; the text stands, with the caption."""
    brief = SMALL_BRIEF.replace(
        "The second paragraph", f'![a ship]({picture} "A ship at anchor.")\n\nThe second paragraph')
    folder = series({"series.toml": "", "2019-04/a.md": brief})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "warning[picture-left-out]" in done.stderr and "2019-04/a.md:10" in done.stderr
    [file] = [line for line in done.stdout.splitlines() if line.endswith(".pdf")]
    text = Pdf(folder / file).text()
    assert "A ship at anchor." in text and "The second paragraph is only text" in text


def test_a_link_out_of_the_series_is_refused(series: Series, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    brief = SMALL_BRIEF.replace("The second", "![x](in.png) T")
    folder = series({"series.toml": "", "a.md": brief})
    (folder / "in.png").symlink_to(secret)
    (folder / "b.md").symlink_to(CASES / "central-asia-2019-04.txt")
    for name in ("a.md", "b.md"):
        with pytest.raises(ReportgenError) as caught:
            build(folder / name, tmp_path / "build")
        assert {d.code for d in caught.value.diagnostics if d.severity is Severity.ERROR} <= {
            "picture-outside", "outside-series"}


def test_nothing_reaches_the_network(series: Series, tmp_path: Path,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """Style sheets of the house that name the network are refused, and no socket is opened."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was reached")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    folder = series({
        "series.toml": "",
        "styles/house.css": '@import "https://example.org/a.css";\n'
                            ".cover { background: url(file:///etc/passwd) }\n",
        "2019-04/a.md": SMALL_BRIEF})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "2019-04", tmp_path / "build")
    refused = [d for d in caught.value.diagnostics if d.code == "refused"]
    assert len(refused) == 2


def test_templates_and_scripts_in_a_brief_are_text(series: Series,
                                                   make: Callable[[Path], Bulletin]) -> None:
    brief = SMALL_BRIEF.replace("The second paragraph", "{{ 7*7 }} {% include 'x' %} "
                                "<script>alert(1)</script> [a](javascript:alert(1)) The second")
    bulletin = make(series({"a.md": brief}) / "a.md")
    text = bulletin.pdf.text()
    assert "{{ 7*7 }}" in text
    assert "alert" not in text
    assert not any("javascript" in target for _, target in bulletin.pdf.links())
    assert {"html", "bad-link", "unknown-markup"} <= {d.code for d in bulletin.built.diagnostics}


def test_a_word_of_a_thousand_letters_stays_in_its_column(
        series: Series, make: Callable[[Path], Bulletin]) -> None:
    brief = SMALL_BRIEF.replace("The second paragraph", "Donaudampfschiff" * 80)
    bulletin = make(series({"a.md": brief}) / "a.md")
    letters = bulletin.pdf.text().replace(" ", "").replace("-", "")
    assert "Donaudampfschiff" * 80 in letters


def test_all_mistakes_of_an_issue_are_told_at_once(series: Series, tmp_path: Path) -> None:
    folder = series({
        "series.toml": 'titel = "T"\n',
        "2019-04/issue.toml": "order = [\"nowhere\"]\n",
        "2019-04/a.md": "CENTRAL ASIA Apirl 2019\n\nTitle\n\nStand.\n\nText[^1].\n",
        "2019-04/b.md": "", "2019-04/c.md": b"%PDF-1.7"})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "2019-04", tmp_path / "build")
    told = {(d.span.file, d.code) for d in caught.value.diagnostics
            if d.severity is Severity.ERROR}
    assert told == {("series.toml", "unknown-setting"), ("2019-04/issue.toml", "no-such-brief"),
                    ("2019-04/a.md", "misspelt-month"), ("2019-04/a.md", "unknown-note"),
                    ("2019-04/b.md", "empty-file"), ("2019-04/c.md", "not-text")}
    assert not (tmp_path / "build").exists()


def run(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a program."""
    return subprocess.run([sys.executable, "-m", "reportgen.cli.main", *arguments], cwd=cwd,
                          env={**os.environ, **env}, capture_output=True, text=True, timeout=120,
                          check=False)


@pytest.mark.parametrize(("arguments", "status"), [
    (["build", "nowhere"], 1), (["build", "."], 1), (["build", "series.toml"], 1), (["build"], 2),
    (["bild", "x"], 2), (["build", "2019-04", "--brief", "zz"], 1), (["check", "2019-04"], 0),
    (["explain", "nothing.css"], 1), (["explain", "cover.css"], 0), (["map", "Narnia"], 1),
    (["map", "gulf", "--date", "never"], 1), (["new", "issue", "May"], 1),
    (["new", "brief", "Narnia", "--issue", "2019-04"], 1), (["cites", "2019-04"], 0)])
def test_mistakes_at_the_command_line(arguments: list[str], status: int, series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF})
    done = run(*arguments, cwd=folder)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert status == 0 or done.stderr.strip()


def test_a_path_is_taken_from_where_the_user_stands(series: Series) -> None:
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF,
                     "2019-04/drafts/x.txt": ""})
    for where, path in (("2019-04", "."), ("2019-04/drafts", ".."), ("styles", "../2019-04"),
                        ("2019-04/drafts", "../a.md")):
        (folder / where).mkdir(exist_ok=True)
        done = run("build", path, "-o", str(folder / "out"), cwd=folder / where)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[0].endswith("-screen.pdf")


def test_a_terminal_shows_how_far_a_build_is(series: Series) -> None:
    """A bar with what is being done, which is gone in the end; nothing of it in a pipe."""
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF,
                     "2019-04/b.md": SMALL_BRIEF.replace("Anna", "Berta")})
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "reportgen", "build", "2019-04", "--no-cache"], cwd=folder,
        stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    screen = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        screen += read
    os.close(ours)
    printed, _ = process.communicate()
    assert printed.decode().splitlines()[0].endswith("-screen.pdf")
    assert process.returncode == 0
    seen = screen.decode()
    for step in ("reading a.md", "setting b, 2 of 2", "matter", "joining screen", "verifying"):
        assert step in seen, seen
    assert not seen.split("\r")[-1].strip()
    piped = run("build", "2019-04", "--no-cache", cwd=folder)
    assert "setting" not in piped.stderr


def test_timings_and_no_cache(series: Series) -> None:
    folder = series({"series.toml": 'title = "T"\n', "2019-04/a.md": SMALL_BRIEF})
    done = run("build", "2019-04", "--timings", "--no-cache", cwd=folder)
    assert done.returncode == 0
    for phase in ("reading", "setting", "matter", "joining", "verifying"):
        assert re.search(rf"\d+\.\d\d s  {phase}", done.stderr), done.stderr
    checked = run("check", "2019-04", "--timings", cwd=folder)
    assert "s  setting" in checked.stderr
    again = run("build", "2019-04", "--timings", cwd=folder)
    assert "s  looking for changes" in again.stderr and "s  setting" not in again.stderr
    refused = run("build", "2019-04/none.md", "--timings", cwd=folder)
    assert refused.returncode == 1 and "s  looking for changes" in refused.stderr


def test_ctrl_c_while_the_program_loads() -> None:
    """The first tenth of a second is loading; Ctrl-C in it is no traceback."""
    loading = ("import sys, os, signal\n"
               "class Finder:\n"
               "    def find_spec(self, name, path=None, target=None):\n"
               "        if name == 'reportgen.cli.send':\n"
               "            os.kill(os.getpid(), signal.SIGINT)\n"
               "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
               "sys.meta_path.insert(0, Finder())\n"
               "from reportgen.__main__ import main\n"
               "sys.exit(main())\n")
    done = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True,
                          timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_full_disk_leaves_nothing_half(series: Series, tmp_path: Path) -> None:
    """On a disk that is full the old file stays, and the error says so."""
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF})
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)],
                             capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.fail("this test mounts a small disk, which needs Linux and the right to mount: "
                    + mounted.stderr)
    try:
        done = run("build", "2019-04", "-o", str(disk), cwd=folder)
        left = [p for p in disk.rglob("*") if p.is_file()]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert done.returncode == 3, done.stderr
    assert re.search(r"error\[cannot-write\].*No space left", done.stderr)
    assert left == []


def test_a_write_protected_folder_is_told(series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/a.md": SMALL_BRIEF, "build": "a file"})
    done = run("build", "2019-04", cwd=folder)
    assert done.returncode == 3
    assert "cannot-write" in done.stderr
    assert (folder / "build").read_text() == "a file"


def test_a_letter_that_no_font_has_is_located(series: Series, tmp_path: Path) -> None:
    folder = series({"a.md": SMALL_BRIEF.replace("second paragraph", "second \ua000 paragraph")})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "a.md", tmp_path / "build")
    [error] = [d for d in caught.value.diagnostics if d.severity is Severity.ERROR]
    assert (error.code, error.span.line) == ("font", 10)
    assert "U+A000" in error.message
    assert caught.value.status == 3


@pytest.mark.parametrize(("files", "code"), [
    ({"2019-04/a.md": SMALL_BRIEF, "2019-04/a.txt": SMALL_BRIEF}, "same-name"),
    ({"2019-04/a.md": SMALL_BRIEF.replace("is only text", "![x](x.png)[^1]")
      + "\n[^1]: ![y](y.png)\n"}, "note-not-text"),
    ({"2019-04/a.md": SMALL_BRIEF.replace("A title of the brief", "A title ![x](x.png) b")},
     "not-here"),
    ({"2019-04/a.md": SMALL_BRIEF, "templates/cover.html": "{{ 1/0 }}"}, "template"),
    ({"2019-04/a.md": SMALL_BRIEF, "templates/cover.html":
      "{{ cycler.__init__.__globals__.os.getcwd() }}"}, "template"),
    ({"2019-04/a.md": SMALL_BRIEF, "templates/cover.html": "{% include 'cover.html' %}"},
     "template"),
    ({"2019-04/a.md": SMALL_BRIEF, "people.toml":
      '[a]\nname = "Anna Rossi"\nbios = [{txt = "x"}, {since = "x", text = 5}]\n'},
     "unknown-setting"),
    ({"2019-04/a.md": SMALL_BRIEF, "series.toml": 'theme = "a\\u0000b"\n'}, "control-character"),
    ({"2019-04/a.md": SMALL_BRIEF, "series.toml": "title = " + "9" * 5000 + "\n"}, "toml-syntax"),
    ({"2019-04/a.md": SMALL_BRIEF, "2019-04/issue.toml": 'date = "0000-01"\n'}, "wrong-type"),
    *[({"2019-04/a.md": SMALL_BRIEF, "series.toml": 'theme = "ours"\n',
        "styles/ours/theme.toml": f'extends = "default"\n{toml}\n'}, code) for toml, code in (
            ("[page]\nright = 200", "page-format"), ("[page]\nwidth = -1", "page-format"),
            ("[page]\nside = 0", "page-format"), ("[type.text]\nsize = 0", "type-size"),
            ("[type.note]\nleading = 0.5", "type-size"), ("[fit]\nleast-size = 99", "type-size"),
            ('[type.title]\nfamily = "None Such"', "no-font"),
            ('[type.kicker]\ncolour = "mauve"', "colour"),
            ('[type.text]\nalign = "centred"', "align"),
            ('[palette]\nink = "black"', "colour"), ('[type.text]\nsize = "big"', "wrong-type"),
            ("[type.text]\nsize_ = 9", "unknown-setting"), ("type = {text = 3}", "wrong-type"),
            ('[[face]]\nfamily = "Own"\nfile = "fonts/own.ttf"', "no-font"))],
    ({"2019-04/a.md": SMALL_BRIEF, "regions.toml": '["../evil"]\nname = "E"\n'}, "region-code"),
    ({"2019-04/a.md": SMALL_BRIEF, "series.toml": 'theme = "ours"\n',
      "styles/ours/theme.toml": 'extends = "default"\nmap = {sea = "a\\"<b"}\n'}, "map-colour"),
])
def test_what_an_editor_gets_wrong(files: dict[str, str], code: str, series: Series,
                                   tmp_path: Path) -> None:
    """Each is an error with a place, never a traceback, and nothing is written."""
    folder = series({"series.toml": "", **files})
    with pytest.raises(ReportgenError) as caught:
        build(folder / "2019-04", tmp_path / "build")
    errors = [d for d in caught.value.diagnostics if d.severity is Severity.ERROR]
    assert code in {d.code for d in errors}, errors
    assert all(d.span.file for d in errors)
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("name", ["What next?.md", "a#b.md", "50%25.md", 'a"b.md', "cover.md",
                                  "a b.md", "é.md"])
def test_any_name_of_a_file_will_do(name: str, series: Series,
                                    make: Callable[[Path], Bulletin]) -> None:
    bulletin = make(series({"series.toml": "", f"2019-04/{name}": SMALL_BRIEF}) / "2019-04")
    assert bulletin.pdf.outline()[1][1] == 3
    assert "KYRGYZSTAN" in bulletin.pdf.text(3).replace(" ", "")


def test_a_note_in_the_title_is_numbered_and_stays_out_of_the_contents(
        series: Series, make: Callable[[Path], Bulletin]) -> None:
    brief = SMALL_BRIEF.replace("A title of the brief", "A title[^t]") + "\n[^t]: About titles.\n"
    bulletin = make(series({"series.toml": "", "2019-04/a.md": brief}) / "2019-04")
    assert "About titles" not in bulletin.pdf.text(1) + bulletin.pdf.text(2)
    assert "1 About titles." in bulletin.pdf.text(3)
    assert "2 A title of a source" in bulletin.pdf.text(3)


@pytest.mark.parametrize("briefs", [1, 16, 17])
def test_a_cover_takes_one_page(briefs: int, series: Series,
                                make: Callable[[Path], Bulletin]) -> None:
    files = {f"2019-04/b{n:02}.md": SMALL_BRIEF for n in range(briefs)}
    bulletin = make(series({"series.toml": "", **files}) / "2019-04")
    assert "Contents" in bulletin.pdf.text(2)


def test_a_theme_without_a_base_has_the_type_of_the_default(series: Series,
                                                            tmp_path: Path) -> None:
    folder = series({"series.toml": 'theme = "bare"\n', "2019-04/a.md": SMALL_BRIEF,
                     "styles/bare/theme.toml": 'fonts = ["Bulletin Sans", "Bulletin Text", '
                                               '"Bulletin Caption", "Bulletin Display"]\n'
                                               'stylesheets = ["page.css", "cover.css", '
                                               '"matter.css"]\n'})
    built = build(folder / "2019-04", tmp_path / "build")
    assert built.pages >= 4
