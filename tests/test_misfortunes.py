"""What goes wrong around a mailing: each is told in words, and nobody gets two."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.diagnostics import ReportgenError
from reportgen.mail import api as mailing
from reportgen.mail.addresses import parse_address
from reportgen.mail.database import refused
from reportgen.mail.ledger.campaign import Delivery
from reportgen.mail.ledger.journal import state_folder
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.sending.protocol import Step
from reportgen.mail.sending.sender import Ended
from reportgen.mail.subscribers import Subscribers

from . import post
from .badserver import BadServer, Script


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))


def everybody_once(server: BadServer, count: int) -> bool:
    return Counter(r for r, _ in server.taken) == {post.address(n): 1 for n in range(count)}


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Give a disk that is soon full."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
                             capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.fail("this test mounts a small disk, which needs Linux and the right to mount: "
                    + mounted.stderr)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Write until there is no room."""
    with contextlib.suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "left"), [
    (Step.HALF_STREAMED, {"accepted": 2, "planned": 6}),
    (Step.ENDED, {"accepted": 2, "on_dot": 1, "planned": 5})])
def test_a_full_disk(step: Step, left: dict[str, int], tmp_path: Path,
                     capsys: pytest.CaptureFixture[str]) -> None:
    """Full before the end: nothing was sent. Full after it: the journal keeps the answer."""
    with BadServer() as server, small_disk(tmp_path / "disk", "4m") as disk:
        folder = disk / "s"
        post.set_up(folder, 8, server.port, settings="connections = 1\n")

        def observe(done: Step, delivery: Delivery) -> None:
            if done is step and len(server.taken) == (2 if step is Step.HALF_STREAMED else 3):
                fill(disk)

        if step is Step.ENDED:
            real = BadServer.answer  # the server has the message before the disk is full

            def answer(self: BadServer, name: str) -> bytes:
                if name == "dot" and len(self.taken) == 3:
                    fill(disk)
                return real(self, name)

            server.answer = answer.__get__(server)  # type: ignore[method-assign]
        outcome = post.send_here(folder, observe)
        assert outcome.ended is Ended.BROKEN
        assert "full" in outcome.progress.why
        assert "Traceback" not in capsys.readouterr().err
        (disk / "ballast").unlink()
        assert post.states(folder) == left
        post.send_here(folder)
        assert post.states(folder) == {"accepted": 8}
        assert everybody_once(server, 8)


@pytest.mark.slow
def test_a_clock_set_back(tmp_path: Path) -> None:
    """Three days back: it is told, and what was deferred does not wait for three days."""
    if shutil.which("faketime") is None:
        pytest.fail("this test needs faketime: apt-get install faketime")
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 later\r\n", b"250 ok\r\n"])) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        post.send_here(folder)
        assert post.states(folder) == {"accepted": 2, "deferred": 1}
        done = subprocess.run(
            ["faketime", "-f", "-3d", sys.executable, "-m", "tests.post", str(folder),
             '{"limits": {"wait": 5}}'], capture_output=True, text=True, check=False,
            cwd=Path(__file__).parent.parent, timeout=60,
            env={**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        assert done.returncode == 0, done.stderr
        assert "warning[clock] the clock of this machine is 3 days behind the ledger" in done.stderr
        assert everybody_once(server, 3)
    assert post.states(folder) == {"accepted": 3}


def test_a_ledger_restored_from_a_backup(tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    """This machine's journal knows what the older copy does not."""
    folder, ledger = tmp_path / "s", tmp_path / "s" / "mailings.sqlite"
    with BadServer() as server:
        post.set_up(folder, 6, server.port)
        backup = tmp_path / "backup.sqlite"
        with contextlib.closing(sqlite3.connect(ledger)) as now, \
                contextlib.closing(sqlite3.connect(backup)) as then:
            now.backup(then)
        post.send_here(folder)
        for path in folder.glob("mailings.sqlite*"):
            path.unlink()
        shutil.copy(backup, ledger)
        assert post.states(folder) == {"planned": 6}
        capsys.readouterr()
        post.send_here(folder)
        assert everybody_once(server, 6)
    assert post.states(folder) == {"accepted": 6}
    assert "warning[older-ledger] the ledger lacked 6 attempts" in capsys.readouterr().err


@pytest.mark.slow
def test_a_ledger_that_was_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with BadServer() as server:
        post.set_up(folder, 4, server.port)
        post.send_here(folder)
        for path in folder.glob("mailings.sqlite*"):
            path.unlink()
        post.set_up(folder, 5, server.port)
        post.send_here(folder)
        assert everybody_once(server, 5)


def test_a_ledger_that_another_machine_began(tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 later\r\n", b"250 ok\r\n"])) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        post.send_here(folder)
        monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "another"))
        with pytest.raises(ReportgenError) as caught:
            post.send_here(folder)
        assert [d.code for d in caught.value.diagnostics] == ["unknown-ledger"]
        assert len(server.taken) == 2


def test_a_pdf_that_changed_after_freezing(tmp_path: Path) -> None:
    """Somebody got past the triggers: nothing more is sent."""
    folder = tmp_path / "s"
    with BadServer() as server:
        post.set_up(folder, 3, server.port)
        with contextlib.closing(sqlite3.connect(folder / "mailings.sqlite")) as data:
            data.execute("DROP TRIGGER kept_artifact")
            data.execute("UPDATE artifact SET data = CAST(data || x'00' AS BLOB) "
                         "WHERE kind = 'pdf'")
            data.commit()
        with pytest.raises(ReportgenError) as caught:
            post.send_here(folder)
        [told] = list(caught.value.diagnostics)
        assert told.code == "not-as-frozen"
        assert "bulletin.pdf in the ledger is not what was planned" in told.message
        assert server.taken == []


def test_a_program_that_writes_other_bytes_than_were_planned(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with BadServer() as server:
        post.set_up(folder, 3, server.port)
        with post.mutated("mail.messages.composer", '"auto-generated"', '"auto-replied"'):
            outcome = post.send_here(folder)
        assert outcome.ended is Ended.BROKEN
        assert "is not what was planned" in outcome.progress.why
        assert server.taken == []


def test_unsubscribing_and_erasing_after_freezing(tmp_path: Path) -> None:
    """Who leaves between plan and message gets none, and the ledger says why."""
    folder = tmp_path / "s"
    with BadServer() as server:
        post.set_up(folder, 4, server.port)
        subscribers = Subscribers(folder / "subscribers.sqlite")
        gone, forgotten = parse_address(post.address(1)), parse_address(post.address(2))
        subscribers.unsubscribe(gone, "by phone", "2026-01-02T00:00:00Z")
        subscribers.erase(forgotten, "2026-01-02T00:00:00Z")
        subscribers.close()
        with mailing.open_ledger(folder) as ledger:
            ledger.forget(forgotten.key)
        outcome = post.send_here(folder)
        assert outcome.ended is Ended.DONE
        assert sorted(r for r, _ in server.taken) == [post.address(0), post.address(3)]
    ledger = Ledger(folder / "mailings.sqlite")
    [campaign] = ledger.campaigns()
    found = {d.rcpt: (d.state.value, d.reply) for d in ledger.deliveries(campaign)}
    ledger.close()
    assert found[post.address(1)] == ("suppressed", "unsubscribed 2026-01-02, by phone")
    assert found[""] == ("suppressed", "erased")
    everything = b"".join(p.read_bytes() for p in folder.rglob("*.sqlite*"))
    assert post.address(2).encode() not in everything


def test_a_ledger_that_another_program_has_open(tmp_path: Path) -> None:
    """It is not called damaged, and nobody is told to take an older copy."""
    folder = tmp_path / "s"
    post.set_up(folder, 1, 1)
    with contextlib.closing(sqlite3.connect(folder / "mailings.sqlite", timeout=0)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        error = refused(folder / "mailings.sqlite", _failure_of(folder / "mailings.sqlite"))
    assert "another program has it open" in str(error) and "copy" not in str(error)
    denied = refused(folder / "mailings.sqlite", PermissionError(13, "Permission denied"))
    assert "you may not write to it" in str(denied) and "copy" not in str(denied)


def _failure_of(path: Path) -> sqlite3.Error:
    with (contextlib.closing(sqlite3.connect(path, timeout=0)) as connection,
          pytest.raises(sqlite3.Error) as caught):
        connection.execute("BEGIN IMMEDIATE")
    return caught.value


@pytest.mark.slow  # needs root, as the mail servers do
def test_who_has_no_home_is_told() -> None:
    """As in a container that runs as a bare number."""
    pid = os.fork()
    if pid == 0:  # pragma: no cover
        for name in ("HOME", "XDG_STATE_HOME", "REPORTGEN_STATE"):
            os.environ.pop(name, None)
        os.setuid(54_321)
        try:
            state_folder()
        except ReportgenError as error:
            os._exit(7 if "no home folder" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_a_ledger_that_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    post.set_up(folder, 1, 1)
    for content in (b"this is no database at all, but it is long enough to look like one" * 20,
                    (folder / "subscribers.sqlite").read_bytes()):
        for path in folder.glob("mailings.sqlite*"):
            path.unlink()
        (folder / "mailings.sqlite").write_bytes(content)
        with pytest.raises(ReportgenError) as caught:
            post.send_here(folder)
        assert [d.code for d in caught.value.diagnostics] == ["cannot-store"]
        assert (folder / "mailings.sqlite").read_bytes()[:60] == content[:60]


def test_a_journal_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, blocked = tmp_path / "s", tmp_path / "a-file"
    blocked.write_text("")
    with BadServer() as server:
        post.set_up(folder, 1, server.port)
        monkeypatch.setenv("REPORTGEN_STATE", str(blocked / "state"))
        with pytest.raises(ReportgenError) as caught:
            post.send_here(folder)
        assert [d.code for d in caught.value.diagnostics] == ["no-journal"]
        assert server.taken == []


def test_the_sender_never_prints_or_stores_the_password(tmp_path: Path) -> None:
    from reportgen.mail.mailboxes import ImapBox
    from reportgen.mail.smtp.client import Relay

    assert "sesame" not in repr(Relay("localhost", 25, user="u", secret="sesame"))
    assert "sesame" not in repr(ImapBox("localhost", 993, "u", "sesame", "INBOX"))


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_a_password_file_must_be_the_owners_alone(mode: int, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.diagnostics import Sink, Span
    from reportgen.mail.credentials import SMTP_VARIABLE, Account, secret

    monkeypatch.delenv(SMTP_VARIABLE, raising=False)
    path = tmp_path / "password"
    path.write_text("sesame\n")
    path.chmod(mode)
    sink = Sink()
    found = secret(Account("u", "h", SMTP_VARIABLE, path, Span("mail.toml", 3)), sink)
    if mode == 0o600:
        assert found == "sesame" and not sink.failed
    else:
        assert [d.code for d in sink] == ["password-file"]
        assert "sesame" not in str(list(sink))
    monkeypatch.setenv(SMTP_VARIABLE, "from the environment")
    assert secret(Account("u", "h", SMTP_VARIABLE, path, Span("x")), Sink()) == (
        "from the environment")
    assert os.environ[SMTP_VARIABLE]
