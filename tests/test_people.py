"""One person on the list: what is known, another address, a group; and all of them in numbers."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.cli.main import main
from reportgen.diagnostics import Sink
from reportgen.mail import api as mailing
from reportgen.mail.addresses import parse_address
from reportgen.mail.subscribers import Status

from . import post
from .badserver import BadServer, Script


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """A series that has mailed four people, of whom the third was refused."""
    folder = tmp_path / "s"
    answers = [b"250 ok\r\n", b"250 ok\r\n", b"550 5.1.1 user unknown\r\n", b"250 ok\r\n"]
    with BadServer(Script(rcpt=answers)) as server:
        post.set_up(folder, 4, server.port, settings="connections = 1\n")
        post.send_here(folder)
    assert post.states(folder) == {"accepted": 3, "rejected": 1}
    return folder


def status(folder: Path, n: int) -> Status:
    with mailing.open_list(folder) as (_, subscribers):
        found = subscribers.find_key(post.address(n))
        assert found
        return found.status


def test_all_that_is_known_of_a_person(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--series", str(series)]
    assert main(["subscribers", "show", post.address(2), *given, "--format", "json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert known["address"] == post.address(2) and known["status"] == "suspended"
    assert [e["what"] for e in known["history"]] == ["added", "suspended"]
    [mailed] = known["mailings"]
    assert mailed["state"] == "rejected" and "user unknown" in mailed["reply"]
    assert main(["subscribers", "show", post.address(0), *given]) == 0
    assert "accepted" in capsys.readouterr().out
    assert main(["subscribers", "show", "nobody@example.org", *given]) == 1
    main(["subscribers", "remove", post.address(0), "--erase", *given])
    capsys.readouterr()
    assert main(["subscribers", "show", post.address(0), *given]) == 0
    assert "erased" in capsys.readouterr().out
    assert b"reader-0000" not in (series / "subscribers.sqlite").read_bytes()


def test_who_was_refused_for_nothing_comes_back_in_one_step(
        series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (series / post.ISSUE).mkdir()
    given = ["--series", str(series)]
    assert status(series, 2) is Status.SUSPENDED
    assert main(["subscribers", "resume", "--rejected-in", str(series / post.ISSUE), *given]) == 0
    assert f"{post.address(2)}  active" in capsys.readouterr().out
    assert status(series, 2) is Status.ACTIVE


def test_people_from_a_file(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (series / "go.csv").write_text(f"email,status\n{post.address(0)},active\n{post.address(1)},\n")
    given = ["--file", str(series / "go.csv"), "--series", str(series)]
    assert main(["subscribers", "remove", *given]) == 0
    assert status(series, 0) is status(series, 1) is Status.UNSUBSCRIBED
    assert main(["subscribers", "resume", *given]) == 0  # they left: that is not taken back
    assert status(series, 0) is Status.UNSUBSCRIBED
    assert main(["subscribers", "remove", "--series", str(series)]) == 1
    assert "nobody is named" in capsys.readouterr().err


def test_another_address(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--series", str(series)]
    assert main(["subscribers", "change", post.address(0), "anna@example.com", *given]) == 0
    assert main(["subscribers", "change", post.address(0), "anna@example.com", *given]) == 1
    assert main(["subscribers", "change", post.address(1), "anna@example.com", *given]) == 1
    capsys.readouterr()
    assert main(["subscribers", "show", "anna@example.com", *given, "--format", "json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert known["former addresses"] == [post.address(0)]
    assert known["mailings"][0]["state"] == "accepted"
    with mailing.open_list(series) as (_, subscribers):
        assert subscribers.suppressed(post.address(0)).startswith("changed address")
    main(["subscribers", "remove", "anna@example.com", "--erase", *given])
    for name in ("subscribers.sqlite", "mailings.sqlite"):
        assert b"reader-0000" not in (series / name).read_bytes()


def test_a_group_is_left_and_the_list_is_not(series: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--series", str(series)]
    main(["subscribers", "add", post.address(0), "--group", "Press", "--consent", "x", *given])
    assert main(["subscribers", "leave", post.address(0), "--group", "press", *given]) == 0
    assert main(["subscribers", "leave", post.address(0), "--group", "press", *given]) == 1
    assert status(series, 0) is Status.ACTIVE
    with mailing.open_list(series) as (_, subscribers):
        found = subscribers.find_key(post.address(0))
        assert found and found.groups == frozenset()


def test_counts_over_the_issues(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--series", str(series)]
    main(["subscribers", "remove", post.address(0), *given])
    capsys.readouterr()
    assert main(["subscribers", "report", "--format", "csv", *given]) == 0
    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["issue"], row["accepted"], row["rejected"]) == (post.ISSUE, "3", "1")
    assert (row["left"], row["suspended"]) == ("1", "1")
    assert main(["subscribers", "report", *given]) == 0
    assert "3 accepted" in capsys.readouterr().out


def wish(n: int) -> bytes:
    return f"From: {post.address(n)}\r\nSubject: unsubscribe\r\n\r\n".encode()


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_mail_that_came_back_is_read(moment: str, series: Path,
                                                  tmp_path: Path) -> None:
    """What a mail asks for and that it was read are one: nothing is lost, or done twice."""
    maildir = tmp_path / "Maildir"
    (maildir / "new").mkdir(parents=True)
    for n in (0, 1):
        (maildir / "new" / str(n)).write_bytes(wish(n))
    killed = subprocess.run([sys.executable, "-c", f"""
import os, signal
from reportgen.mail.subscribers import Subscribers
whole = Subscribers.unsubscribe
def half(self, address, how, now):
    if {moment == "after"}:
        whole(self, address, how, now)
    os.kill(os.getpid(), signal.SIGKILL)
Subscribers.unsubscribe = half
from reportgen.cli.main import main
main(["returns", {str(series)!r}, "--maildir", {str(maildir)!r}])
"""], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert status(series, 0) is Status.ACTIVE
    assert main(["returns", str(series), "--maildir", str(maildir)]) == 0
    assert status(series, 0) is status(series, 1) is Status.UNSUBSCRIBED
    with mailing.open_list(series) as (_, subscribers):
        events = [event.what.value for event in subscribers.events(post.address(0))]
        assert events.count("unsubscribed") == 1


def test_a_soft_bounce_is_counted_once_however_often_it_is_killed(series: Path) -> None:
    with mailing.open_session(series, Sink()) as session:
        address = parse_address(post.address(0))
        with pytest.raises(KeyError), session.subscribers.transaction():
            session.subscribers.note("x", "soft bounce", session.stamp())
            session.subscribers.soft_bounce(address, "full", session.stamp())
            raise KeyError
        assert not session.subscribers.seen("x")
        assert not session.subscribers.events(address.key)[1:]
