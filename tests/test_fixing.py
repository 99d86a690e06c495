"""`check --fix`: glyphs and spaces of text files are mended, and nothing else of them."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest

from reportgen.cli.main import main
from reportgen.composing.mending import mended
from reportgen.diagnostics import Change, Span
from reportgen.pipeline import build

from .blindset import briefs
from .conftest import ROOT, SMALL_BRIEF, Pdf, Series

SLIPS = SMALL_BRIEF.replace(
    "only text,", "only text: \"so\" he's said ... in 2014-2019 - see `it's \"code\"` and "
    "[the 'port'](https://example.com/o'neil's) and <https://example.com/it's>,")
MENDED = ("only text: “so” he’s said … in 2014–2019\u00a0– see `it's \"code\"` and "
          "[the ‘port’](https://example.com/o'neil's) and <https://example.com/it's>,")


def fixed(series: Series, data: bytes, name: str = "gulf.md") -> tuple[bytes, int]:
    folder = series({"series.toml": "", f"2019-04/{name}": ""})
    (folder / "2019-04" / name).write_bytes(data)
    status = main(["check", "--fix", str(folder / "2019-04")])
    return (folder / "2019-04" / name).read_bytes(), status


@pytest.mark.slow
def test_glyphs_and_spaces_are_mended(series: Series, capsys: pytest.CaptureFixture[str]) -> None:
    data, status = fixed(series, SLIPS.encode())
    assert status == 0 and MENDED in data.decode()
    out = capsys.readouterr().out
    assert out.startswith("--- 2019-04/gulf.md\n") and "he's said" in out and "he’s said" in out


@pytest.mark.parametrize(("mark", "encoding"), [
    (b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.slow
def test_encoding_and_line_ends_stay(series: Series, mark: bytes, encoding: str, end: str) -> None:
    data, _ = fixed(series, mark + SLIPS.replace("\n", end).encode(encoding))
    assert data.startswith(mark)
    text = data[len(mark):].decode(encoding)
    assert MENDED in text
    assert text.count(end) == SLIPS.count("\n") and text.count("\n") == (
        0 if end == "\r" else SLIPS.count("\n"))


@pytest.mark.slow
def test_what_an_encoding_lacks_is_told(series: Series, capsys: pytest.CaptureFixture[str]) -> None:
    """A narrow no-break space, which French has before an exclamation mark, is in no code page."""
    french = "---\nlang: fr\n---\n" + SMALL_BRIEF.replace("only text,", "du texte déjà !")
    assert fixed(series, french.encode("cp1252"))[0] == french.encode("cp1252")
    assert "it is not mended: cp1252 has no" in capsys.readouterr().err


def test_a_word_file_stays(series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/gulf.md": SMALL_BRIEF})
    (folder / "2019-04" / "x.docx").write_bytes(b"PK\x03\x04 no Word")
    assert main(["check", "--fix", str(folder / "2019-04")]) == 1
    assert (folder / "2019-04" / "x.docx").read_bytes() == b"PK\x03\x04 no Word"


def test_a_file_that_cannot_be_written_is_told(series: Series, monkeypatch: pytest.MonkeyPatch,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "gulf.md")

    monkeypatch.setattr("os.fsync", full)
    data, status = fixed(series, SLIPS.encode())
    assert data == SLIPS.encode() and status == 1
    assert "gulf.md error[cannot-write]" in capsys.readouterr().err


@pytest.mark.slow
def test_a_file_keeps_its_mode_and_a_link_stays_one(series: Series) -> None:
    folder = series({"series.toml": "", "2019-04/issue.toml": "", "kept/gulf.md": SLIPS})
    (folder / "kept" / "gulf.md").chmod(0o600)
    (folder / "2019-04" / "gulf.md").symlink_to("../kept/gulf.md")
    assert main(["check", "--fix", str(folder / "2019-04")]) == 0
    assert (folder / "2019-04" / "gulf.md").is_symlink()
    assert MENDED in (folder / "kept" / "gulf.md").read_text("utf-8")
    assert (folder / "kept" / "gulf.md").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("path", [p for p in briefs() if p.suffix in (".md", ".txt")][::9],
                         ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_letters_stay_and_nothing_is_left_to_mend(path: Path, series: Series,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    before = path.read_text("utf-8")
    data, _ = fixed(series, before.encode(), path.name)
    text = data.decode()
    letters, wanted = (unicodedata.normalize("NFKC", words) for words in (text, before))
    assert [c for c in letters if c.isalnum()] == [c for c in wanted if c.isalnum()]
    assert len(text.split("\n")) == len(before.split("\n"))
    capsys.readouterr()
    assert fixed(series, data, path.name)[0] == data
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_the_pages_are_the_same(series: Series, tmp_path: Path) -> None:
    names = ("series.toml", "people.toml", "2019-04/levant.txt")
    folder = series({name: (ROOT / "inputs" / name).read_text("utf-8") for name in names})
    first = build(folder / "2019-04", tmp_path / "a", ("levant",))
    assert main(["check", "--fix", str(folder / "2019-04")]) == 0
    second = build(folder / "2019-04", tmp_path / "b", ("levant",))
    assert Pdf(first.files[0]).text() == Pdf(second.files[0]).text()


def test_a_change_finds_its_own_place() -> None:
    def change(before: str, after: str) -> Change:
        return Change(Span("a", 2), "quotes", before, after)

    changes = [change('"a', "“a"), change('a"', "a”"), change('"a', "“a"), change('a"', "a”")]
    assert mended('x "a"\n"a" "a"\n', changes) == 'x "a"\n“a” “a”\n'
    assert mended("one line", changes) == "one line"
