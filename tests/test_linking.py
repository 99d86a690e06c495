"""`reportgen links`, of a real web server with slow, broken, looping, huge and lying pages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reportgen.citations.decisions import DecidedSource
from reportgen.citations.locked import Lock, SourceState
from reportgen.diagnostics import Sink
from reportgen.linking.fetching import Answer, Fetcher, Private
from reportgen.linking.links import _entry, asked
from reportgen.linking.metadata import Metadata, metadata_of
from reportgen.reading.locked import read_lock, written_lock
from reportgen.workspace import SourceText

from .conftest import SMALL_BRIEF, Pdf, Series
from .test_bad_input import run
from .webserver import ARTICLE, LINKED, _Server, web


@pytest.fixture
def server() -> Iterator[_Server]:
    with web() as found:
        yield found


def fetcher(timeout: float = 5.0, total: float = 10.0) -> Fetcher:
    return Fetcher(Private.ASKED, pause=0.01, timeout=timeout, total=total)


def test_a_page_s_own_words() -> None:
    assert metadata_of(ARTICLE) == Metadata("Wells run dry", "Rossi, Anna, Bo Lee", "The Watch",
                                            "2019-04-02")
    assert metadata_of(LINKED) == Metadata("Rain at last", "Ada, Bo", "Daily", "2020-05-06")
    assert metadata_of("<title>Rain | Daily</title>") == Metadata("Rain | Daily")
    assert metadata_of("") == metadata_of("<<<>>>") == Metadata()


@pytest.mark.parametrize(("path", "status", "error"), [
    ("/article", 200, ""), ("/missing", 404, ""), ("/pdf", 200, ""), ("/moved", 200, ""),
    ("/nohead", 200, ""), ("/once", 200, ""), ("/huge", 200, ""), ("/odd", 200, ""),
    ("/loop", 0, "redirects without an end"),
    ("/away", 0, "not asked: it is no address of the web"), ("/bots", 403, ""),
    ("/hangup", 0, ""), ("/garbage", 0, "")])
def test_answers(path: str, status: int, error: str, server: _Server) -> None:
    answer = fetcher().one(server.root + path)
    assert answer.status == status
    assert answer.error == error if error or status else answer.error
    assert answer.found == (status == 200)
    assert len(answer.page) <= 600_000


@pytest.mark.slow
def test_a_slow_server_is_given_up(server: _Server) -> None:
    answer = fetcher(timeout=0.2, total=0.5).one(server.root + "/slow")
    assert (answer.status, answer.error) == (0, "it took too long")


@pytest.mark.slow
def test_a_host_is_asked_for_one_thing_at_a_time(server: _Server) -> None:
    answers = fetcher().all([f"{server.root}/article?{n}" for n in range(12)])
    assert {a.status for a in answers.values()} == {200}
    assert server.most == 1


@pytest.mark.parametrize("address", [
    "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/x", "http://10.0.0.1/x",
    "http://169.254.169.254/latest", "ftp://example.org/x", "http:///x", "http://[half"])
def test_private_addresses_and_others_are_not_asked(address: str) -> None:
    answer = Fetcher(pause=0.01, timeout=1, total=2).one(address)
    assert answer.status == 0 and answer.error


def test_the_lock_has_what_was_found_and_the_editors_words_win(server: _Server) -> None:
    address, gone = server.root + "/article", server.root + "/missing"
    archive = server.root + "/available?url="
    lock = asked([address, gone], Lock(), fetcher(), archive)
    entry = lock.entries[address]
    assert (entry.title, entry.author, entry.site, entry.date) == (
        "Wells run dry", "Rossi, Anna, Bo Lee", "The Watch", "2019-04-02")
    assert entry.archive == "https://web.archive.org/web/2019/https://x.org"
    assert lock.entries[gone].state is SourceState.DEAD and lock.entries[gone].status == 404
    mine = Lock(lock.entries, {address: DecidedSource(title="My own title")})
    known = mine.entry(address)
    assert known and (known.title, known.author, known.archive) == (
        "My own title", "", entry.archive)
    read = read_lock(SourceText("links.json", written_lock(lock).decode()), Sink())
    assert read == lock and read.entries == lock.entries


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {"status": "x"}}', "[" * 99_999])
def test_a_bad_lock_file_is_told(text: str) -> None:
    sink = Sink()
    assert read_lock(SourceText("links.json", text), sink) == Lock()
    assert [d.code for d in sink] == ["lock-file"]


@pytest.mark.slow
def test_a_series_with_links(series: Series, server: _Server) -> None:
    """Asked once, printed as author, title, site and date; told until it is confirmed."""
    brief = SMALL_BRIEF.replace(
        "only text,", f"only [words with a link]({server.root}/article) and [more]"
        f"({server.root}/no),")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    before = run("build", "2019-04", cwd=folder)
    assert before.returncode == 0 and not server.asked, "a build asks for nothing"
    done = run("links", "2019-04", "--no-archive", "--allow-private", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert f"warning[dead-source] {server.root}/no: status 404" in done.stderr
    lock = json.loads((folder / "2019-04/links.json").read_text("utf-8"))
    assert lock[f"{server.root}/article"]["title"] == "Wells run dry"
    count = len(server.asked)
    built = run("build", "2019-04", cwd=folder)
    assert len(server.asked) == count
    assert built.returncode == 0, built.stderr
    assert "note[unconfirmed-source]" in built.stderr
    assert "warning[dead-source]" in built.stderr and "not-read" not in built.stderr
    [file] = [line for line in built.stdout.splitlines() if line.endswith(".pdf")]
    text = Pdf(folder / file).text()
    assert "Rossi, Anna, Bo Lee, “Wells run dry,” The Watch, 2 April 2019, 127.0.0.1" in text
    confirmed = run("cites", "2019-04", "--confirm", f"{server.root}/article", cwd=folder)
    assert confirmed.returncode == 0 and len(server.asked) == count
    assert "unconfirmed-source" not in run("build", "2019-04", cwd=folder).stderr
    assert run("cites", "2019-04", "--confirm", "https://x.org", cwd=folder).returncode == 1
    decisions = folder / "2019-04/decisions.toml"
    decisions.write_text(decisions.read_text("utf-8").replace("Wells run dry", "My title"), "utf-8")
    run("links", "2019-04", "--again", "--no-archive", "--allow-private", cwd=folder)
    built = run("build", "2019-04", cwd=folder)
    [file] = [line for line in built.stdout.splitlines() if line.endswith(".pdf")]
    assert "“My title,” The Watch, 2 April 2019, 127.0.0.1" in Pdf(folder / file).text()


@pytest.mark.slow
def test_links_does_not_ask_this_machine_by_itself(series: Series, server: _Server) -> None:
    brief = SMALL_BRIEF.replace("only text,", f"only [words]({server.root}/article),").replace(
        "https://example.org/one", f"{server.root}/article")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    done = run("links", "2019-04", "--no-archive", cwd=folder)
    assert done.returncode == 0 and not server.asked
    assert "not asked: it is on this machine or in a private network" in done.stderr


@pytest.mark.parametrize(("title", "dead"), [
    ("Page not found - 404", True), ("404 Not Found", True), ("Seite nicht gefunden | Amt", True),
    ("The 404 ships of Aqtau", False), ("Berths were not found wanting", False)])
def test_a_page_that_says_itself_that_it_is_not_there(title: str, dead: bool) -> None:
    page = f"<html><head><title>{title}</title></head></html>"
    address = "https://e.org/a"
    found = _entry(address, Answer(status=200, final=address, page=page), "", None)
    assert (found.state is SourceState.DEAD) is dead
    assert bool(found.title) is not dead
