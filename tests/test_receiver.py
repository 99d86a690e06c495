"""The page on which readers unsubscribe: the one of PHP and the one of Python do the same."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from reportgen.cli.main import main
from reportgen.diagnostics import Sink
from reportgen.mail import api as mailing
from reportgen.mail.subscribers import Status, Subscribers

from . import post
from .badserver import BadServer
from .conftest import SMALL_BRIEF
from .mailservers import free_port, need

ONE_CLICK = b"List-Unsubscribe=One-Click"


class Host:
    """A web host with the page, and the series that it is for."""

    def __init__(self, folder: Path, url: str, server: _Server, mail: BadServer) -> None:
        self.folder, self.url, self.server, self.mail = folder, url, server, mail
        self.spool = server.pages / server.spool

    @property
    def pending(self) -> Path:
        """Where addresses wait to be confirmed."""
        return self.spool.with_name(self.spool.name.replace("spool", "pending"))

    def join(self, email: str, **given: str) -> tuple[int, str]:
        fields = {"do": "join", "email": email, "agree": "yes", "regions[]": "gulf", **given}
        body = urlencode({key: value for key, value in fields.items() if value}).encode()
        return _answer(Request(f"{self.url}?join&l=en", body))

    def mails(self) -> list[tuple[str, str]]:
        """Return the mails that were sent: to whom, and the link in each."""
        texts = [text for _, text in self.mail.taken] + [
            path.read_bytes() for path in sorted(self.spool.parent.glob("mail-*"))]
        found = []
        for text in texts:
            mail = message_from_bytes(text, policy=default)
            body = mail.get_content()
            found.append((str(mail["To"]), next(w for w in body.split() if "?c=" in w)))
        return found

    def get(self, token: str = "", method: str = "GET", **headers: str) -> tuple[int, str]:
        return _answer(Request(f"{self.url}?t={token}", headers=headers, method=method))

    def post(self, token: str, body: bytes = ONE_CLICK, kind: str = "") -> tuple[int, str]:
        kind = kind or "application/x-www-form-urlencoded"
        return _answer(Request(f"{self.url}?t={token}", body, {"Content-Type": kind}))

    def asked(self) -> list[dict[str, Any]]:
        """Return what readers asked for that was not fetched yet."""
        if not self.spool.exists():
            return []
        return [json.loads(line) for line in self.spool.read_text("utf-8").splitlines()
                if line.startswith("{")]

    def token(self, n: int) -> str:
        with mailing.open_list(self.folder) as (_, subscribers):
            return subscribers.token(post.address(n))

    def person(self, n: int) -> Any:
        with mailing.open_list(self.folder) as (_, subscribers):
            return subscribers.find_key(post.address(n))


def _answer(request: Request) -> tuple[int, str]:
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(params=["php", "wsgi"])
def host(request: pytest.FixtureRequest, tmp_path: Path,
         monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))
    folder, pages, port = tmp_path / "s", tmp_path / "www", free_port()
    post.set_up(folder, 5, 25)
    (folder / "2019-04").mkdir()
    for name in ("Gulf", "Sahel"):
        (folder / "2019-04" / f"{name}.md").write_text(
            SMALL_BRIEF.replace("CENTRAL ASIA", name.upper()))
    with BadServer() as mail:
        assert main(["receiver", str(pages), "--series", str(folder), "--sign-up",
                     f"http://127.0.0.1:{port}/receiver.php", "--smtp",
                     f"127.0.0.1:{mail.port}"]) == 0
        yield from _served(request.param, folder, pages, port, mail)


def _served(kind: str, folder: Path, pages: Path, port: int, mail: BadServer) -> Iterator[Host]:
    with (folder / "mail.toml").open("a") as settings:
        settings.write(f'receiver-url = "http://127.0.0.1:{port}/receiver.php"\n')
    server = (_php if kind == "php" else _wsgi)(pages, port)
    server.start()
    try:
        yield Host(folder, f"http://127.0.0.1:{port}/receiver.php", server, mail)
    finally:
        server.kill()


class _Server:
    """A web host with the page, as a process of its own."""

    def __init__(self, pages: Path, port: int, spool: str, command: list[str]) -> None:
        self.pages, self.port, self.spool, self.command = pages, port, spool, command

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "PHP_CLI_SERVER_WORKERS": "4"})
        _wait(self.port)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its workers outlive it else
        self.process.wait()


def _php(pages: Path, port: int) -> _Server:
    script = pages / "sendmail"
    script.write_text(f'#!/bin/sh\ncat > "{pages}/mail-$$"\n')
    script.chmod(0o755)
    return _Server(pages, port, "receiver-spool.php", [
        need("php", "php-cli"), "-d", f"sendmail_path={script}", "-S", f"127.0.0.1:{port}", "-t",
        str(pages)])


def _wsgi(pages: Path, port: int) -> _Server:
    return _Server(pages, port, "receiver-spool.jsonl", [
        sys.executable, "-c", "import sys; from pathlib import Path; "
        "from wsgiref.simple_server import make_server; "
        "from reportgen.mail.receiver.wsgi import Receiver; "
        "make_server('127.0.0.1', int(sys.argv[1]), Receiver(Path(sys.argv[2]))).serve_forever()",
        str(port), str(pages / "receiver.json")])


def _wait(port: int) -> None:
    import socket

    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the web server does not answer")


@pytest.mark.slow
def test_one_click_unsubscribes_and_a_get_does_not(host: Host) -> None:
    """RFC 8058: programs that scan mail follow links, and press nothing."""
    token = host.token(0)
    for method in ("GET", "HEAD", "GET"):
        assert host.get(token, method)[0] == 200
    assert host.asked() == []
    assert host.post(token) == (200, "ok\n")
    boundary = b"--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n"
    assert host.post(host.token(1), boundary + b"One-Click\r\n--b--\r\n",
                     "multipart/form-data; boundary=b")[0] == 200
    assert [row["how"] for row in host.asked()] == ["one click"] * 2
    assert main(["returns", str(host.folder)]) == 0
    assert [host.person(n).status for n in (0, 1, 2)] == [
        Status.UNSUBSCRIBED, Status.UNSUBSCRIBED, Status.ACTIVE]
    assert host.asked() == [], "what was fetched is forgotten"
    assert main(["returns", str(host.folder)]) == 0


@pytest.mark.slow
def test_no_address_is_on_the_host(host: Host) -> None:
    host.post(host.token(0))
    for path in host.spool.parent.iterdir():
        text = path.read_bytes().replace(b"bulletin@example.org", b"")  # whom the mails are from
        assert b"example.org" not in text.replace(b"www.example.org", b""), path.name
    assert "token" not in host.get("")[1]
    if host.spool.suffix == ".php":  # opened in a browser, it shows nothing
        status, shown = _answer(Request(host.url.replace("receiver.php", "receiver-spool.php")))
        assert (status, shown) == (200, "")


@pytest.mark.slow
def test_replays_and_forged_tokens_cost_nobody_their_place(host: Host) -> None:
    """Of ten thousand tokens that are nobody's few are kept, and who is real gets through."""
    chance = random.Random(8058)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    count = 10_000 if host.spool.suffix == ".php" else 2_000
    forged = ["".join(chance.choices(letters, k=26)) for _ in range(count)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda token: host.post(token)[0], forged))
    assert set(statuses) <= {200, 503}
    assert len(host.asked()) <= 200
    for _ in range(20):
        assert host.post(host.token(3))[0] == 200
    assert sum(row["token"] == host.token(3) for row in host.asked()) == 1
    assert main(["returns", str(host.folder)]) == 0
    with mailing.open_list(host.folder) as (_, subscribers):
        left = [p.address.mailbox for p in subscribers.all() if p.status is not Status.ACTIVE]
    assert left == [post.address(3)]


@pytest.mark.slow
def test_what_is_no_token_is_told(host: Host) -> None:
    for token in ("", "abc", "A" * 27, "%00" * 26, "../" * 9, "&t[]=1",
                  "<script>alert(1)</script>"):
        status, page = host.get(token)
        assert status == 404 and "<script" not in page and "Warning" not in page
        assert host.post(token)[0] == 404
    odd = urlencode({"do": "choose", "every[]": "3", "regions[][x]": "gulf", "do[]": "x"}).encode()
    assert host.post(host.token(0), odd)[0] == 200
    assert [row["every"] for row in host.asked()] == [1]
    assert _answer(Request(f"{host.url}?join", b"email[]=a&agree[]=b&website[]=c"))[0] == 400


@pytest.mark.slow
def test_only_who_knows_the_secret_is_told_what_was_asked(host: Host) -> None:
    host.post(host.token(0))
    for secret in ("", "wrong"):
        body = urlencode({"do": "fetch", "secret": secret}).encode()
        assert _answer(Request(host.url, body)) == (403, "")
    assert len(host.asked()) == 1


@pytest.mark.slow
def test_killed_between_fetching_and_forgetting(host: Host) -> None:
    """What was done and not forgotten there is fetched again, and done once."""
    host.post(host.token(0))
    host.post(host.token(1), urlencode({"do": "choose", "every": "3"}).encode())
    with mailing.open_session(host.folder, Sink()) as session:
        rows = mailing.read_returned(session, None, Sink())
        next(rows)
        rows.close()  # type: ignore[attr-defined]  # nothing of it was committed
    assert host.person(0).status is Status.ACTIVE and len(host.asked()) == 2
    assert main(["returns", str(host.folder)]) == 0
    assert host.person(0).status is Status.UNSUBSCRIBED and host.person(1).every == 3


@pytest.mark.slow
def test_a_killed_host_has_kept_what_it_said_yes_to(host: Host) -> None:
    with mailing.open_list(host.folder) as (_, subscribers):
        tokens = [subscribers.token(f"p{n}@example.org") for n in range(120)]
    said: list[str] = []

    def ask(token: str) -> None:
        with suppress(OSError):
            if host.post(token)[0] == 200:
                said.append(token)
        if len(said) > 30 and host.server.process.poll() is None:
            host.server.kill()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, tokens))
    assert 30 < len(said) < 120
    host.server.start()
    kept = [row["token"] for row in host.asked()]
    assert set(said) <= set(kept) and len(kept) == len(set(kept))
    assert host.post(tokens[-1])[0] == 200 and tokens[-1] in [r["token"] for r in host.asked()]


@pytest.mark.slow
def test_readers_choose_regions_and_fewer_mails(host: Host) -> None:
    regions = json.loads((host.spool.parent / "receiver.json").read_text("utf-8"))["regions"]
    assert sorted(regions) == ["gulf", "sahel"], "those that the series has briefs of"
    code = "gulf"
    body = urlencode({"do": "choose", "every": "3", "regions[]": [code, "nowhere"]}, doseq=True)
    assert host.post(host.token(2), body.encode())[0] == 200
    assert main(["returns", str(host.folder)]) == 0
    person = host.person(2)
    assert person.regions == {code} and person.every == 3 and person.status is Status.ACTIVE


@pytest.mark.slow
def test_the_page_speaks_the_readers_language(host: Host) -> None:
    for language, words in (("de", "Abmelden"), ("fr-CA,en;q=0.5", "Se désabonner"),
                            ("xx", "Unsubscribe"), ("ar", 'dir="rtl"')):
        assert words in host.get(host.token(0), **{"Accept-Language": language})[1]
    page = _answer(Request(f"{host.url}?t={host.token(0)}&l=ru"))[1]
    assert "Отписаться" in page


@pytest.mark.slow
def test_many_press_at_the_same_time(host: Host) -> None:
    tokens = [host.token(n) for n in range(5)]
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(lambda n: host.post(tokens[n % 5])[0], range(100))) == {200}
    assert sorted(row["token"] for row in host.asked()) == sorted(tokens)


@pytest.mark.slow
def test_who_subscribes_confirms_by_mail(host: Host) -> None:
    assert 'name="email"' in _answer(Request(f"{host.url}?join&l=en"))[1]
    assert host.join("Zoe@Example.org")[0] == 200
    [(to, link)] = host.mails()
    assert to == "Zoe@Example.org" and link.startswith(host.url)
    assert host.asked() == []
    assert main(["returns", str(host.folder)]) == 0
    with mailing.open_list(host.folder) as (_, subscribers):
        assert subscribers.find_key("zoe@example.org") is None
    for _ in range(3):  # programs that scan mail follow the link
        assert _answer(Request(link))[0] == 200
    assert host.asked() == []
    assert _answer(Request(link, b""))[0] == 200
    assert _answer(Request(link, b""))[0] == 404, "a link is used once"
    assert "Zoe" not in host.pending.read_text("utf-8")
    assert main(["returns", str(host.folder)]) == 0
    with mailing.open_list(host.folder) as (_, subscribers):
        found = subscribers.find_key("zoe@example.org")
    assert found and found.status is Status.ACTIVE and found.regions == {"gulf"}
    assert "double opt-in" in found.consent and "I want to receive" in found.consent
    assert found.language == "en" and host.asked() == []


@pytest.mark.slow
def test_nobody_subscribes_others_or_floods_them(host: Host) -> None:
    for email in ("", "nobody", "a@b", "a@example.org\r\nBcc: x@example.org", "x" * 250 + "@e.org"):
        assert host.join(email)[0] == 400
    assert host.join("a@example.org", agree="")[0] == 400
    assert host.join("a@example.org", website="http://spam")[0] == 200  # a program filled it
    assert host.mails() == []
    for _ in range(5):  # one mail an hour to an address
        assert host.join("a@example.org")[0] == 200
    assert len(host.mails()) == 1
    statuses = [host.join(f"b{n}@example.org")[0] for n in range(10)]
    assert statuses.count(200) == 4, "five from one client in an hour"
    assert len(host.mails()) == 5
    for token in ("", "0" * 32, "../x"):
        assert _answer(Request(f"{host.url}?c={token}", b""))[0] == 404


@pytest.mark.slow
def test_an_address_that_is_not_confirmed_is_forgotten(host: Host) -> None:
    host.join("late@example.org")
    [(_, link)] = host.mails()
    text = host.pending.read_text("utf-8")
    row = json.loads(text.splitlines()[-1])
    row["asked"] -= 172_900
    host.pending.write_text(text.replace(text.splitlines()[-1], json.dumps(row)), "utf-8")
    assert _answer(Request(link))[0] == 404
    assert "late@example.org" not in host.pending.read_text("utf-8")


class Browser:
    """Chromium by WebDriver (W3C), spoken by hand: what is needed is five requests."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [need("chromedriver", "chromium-driver"), f"--port={port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        _wait(port)
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                            "--disable-background-networking", "--disable-component-update",
                            "--disable-sync", "--no-first-run", "--window-size=390,840"]}
        session = self.ask("/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options}}})
        self.url += f"/session/{session['sessionId']}"

    def ask(self, path: str, data: dict[str, Any] | None = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        request = Request(self.url + path, body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, url: str) -> None:
        self.ask("/url", {"url": url})

    def find(self, selector: str) -> str:
        """Return an element, which the page may still have to load. Raises HTTPError."""
        for n in range(100):
            try:
                found = self.ask("/element", {"using": "css selector", "value": selector})
                return str(next(iter(found.values())))
            except HTTPError:
                if n == 99:
                    raise
                time.sleep(0.1)
        raise AssertionError(selector)

    def click(self, selector: str) -> None:
        self.ask(f"/element/{self.find(selector)}/click", {})

    def text(self, selector: str) -> str:
        return str(self.ask(f"/element/{self.find(selector)}/text"))

    def close(self) -> None:
        with suppress(OSError), urlopen(Request(self.url, method="DELETE"), timeout=20):
            pass  # Chromium ends with its session
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.mark.slow
def test_in_a_real_browser(host: Host) -> None:
    browser = Browser(free_port())
    try:
        browser.open(f"{host.url}?t={host.token(0)}&l=en")
        assert browser.text("h1") == "Your subscription"
        assert host.asked() == []
        browser.click("input[value='3']")
        browser.click("button[value='choose']")
        assert browser.text("[role=status]").startswith("Saved.")
        browser.open(f"{host.url}?t={host.token(0)}&l=de")
        browser.click("button[value='leave']")
        assert browser.text("[role=status]").startswith("Sie sind abgemeldet.")
    finally:
        browser.close()
    assert [row["do"] for row in host.asked()] == ["choose", "leave"]


def test_tokens_of_version_0_1_go_on_working(tmp_path: Path) -> None:
    from .test_schema import restored

    subscribers = Subscribers(restored(tmp_path, "subscribers"))
    dump = (Path(__file__).parent / "cases" / "v0.1" / "mailings.sql").read_text("utf-8")
    key = "reader-0001@example.org"
    row = next(line for line in dump.splitlines() if key in line and "INSERT" in line)
    token = next(cell for cell in row.replace("'", "").split(",")
                 if len(cell) == 26 and cell.isalnum())
    found = subscribers.of_token(token)
    assert found and found.address.key == key
    assert subscribers.token(key) != token
    subscribers.close()


def test_who_wants_fewer_mails_rests_two_issues(tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.mail.campaigns import planning
    from reportgen.mail.campaigns.names import rests

    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))
    folder = tmp_path / "s"
    gets: list[bool] = []
    with BadServer() as server:
        for month in range(1, 6):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(post, "ISSUE", f"2020-{month:02}")
                due = _due(folder, rests, planning) if month > 1 else [True, True]
                people = post.people(2) if due[0] else post.people(2)[1:]
                gets.append(due[0])
                post.set_up(folder, people, server.port) if month == 1 else _plan(
                    folder, server.port, due)
                post.send_here(folder, name=f"2020-{month:02}")
                if month == 1:
                    with mailing.open_list(folder) as (_, subscribers):
                        found = subscribers.find_key(post.address(0))
                        assert found
                        subscribers.choose(found.address, frozenset(), 3, mailing.now())
    assert gets == [True, False, False, True, False]


def _due(folder: Path, rests: Callable[..., Any], planning: Any) -> list[bool]:
    with mailing.open_session(folder, Sink()) as session:
        chosen = planning.audience(session.subscribers.all(), planning.EVERYBODY, frozenset(),
                                   lambda key: "", personal=False,
                                   rests=rests(session, post.ISSUE))
        keys = {person.address.key for person, _ in chosen.people}
        return [post.address(n) in keys for n in range(2)]


def _plan(folder: Path, port: int, due: list[bool]) -> None:
    """Freeze the mailing of another issue, to who is due."""
    with mailing.open_list(folder) as (_, subscribers):
        now = mailing.now()
        everybody = {p.address.key: p for p in subscribers.all()}
        resting = [everybody[post.address(n)] for n in range(2) if not due[n]]
        for person in resting:
            subscribers.suspend(person.address, "rests, for this test", now)
    post.set_up(folder, (), port)
    with mailing.open_list(folder) as (_, subscribers):
        for person in resting:
            subscribers.resume(person.address, now)
