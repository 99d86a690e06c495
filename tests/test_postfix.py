"""Mailing through a real Postfix to a real Dovecot, killed at every point: nobody gets two."""

from __future__ import annotations

import imaplib
import os
import random
import signal
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.diagnostics import Sink
from reportgen.mail import api as mailing
from reportgen.mail.campaigns.resolve import Said, resolve
from reportgen.mail.ledger.campaign import State
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.sending.protocol import Step

from . import post
from .mailservers import PASSWORD, Servers

pytestmark = pytest.mark.slow

DOUBTFUL = {Step.ON_DOT, Step.WITNESSED, Step.STILL_QUIET, Step.ENDED, Step.ANSWERED}
"""After these steps nobody knows what became of a message whose sender died."""


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("REPORTGEN_MAIL_PASSWORD", PASSWORD)


def settings(servers: Servers, more: str = "") -> str:
    """Return a mail.toml for Postfix: STARTTLS, a certificate that is checked, a password."""
    return (f'server = "localhost"\nsecurity = "starttls"\nuser = "bulletin@example.org"\n'
            f'authorities = "{servers.tls.authority}"\nretry-after = [0.2, 0.5]\n'
            'sender = "The Foundation <bulletin@example.org>"\ntimeout = 20\n'
            f'unsubscribe-mailto = "leave@example.org"\n{more}')


def got(servers: Servers) -> Counter[str]:
    """Return how many messages each reader has in their mailbox."""
    servers.wait_until_idle()
    return Counter({name: len(mails) for name, mails in servers.delivered().items()
                    if name.startswith("reader-") and mails})


def settle(folder: Path, servers: Servers) -> int:
    """Resolve what is in doubt by Postfix's log; return how many that were."""
    servers.wait_until_idle()
    time.sleep(2.2)  # syslog has whole seconds
    servers.another_logs(1)
    with mailing.open_session(folder, Sink()) as session:
        campaign = session.ledger.campaign(post.ISSUE)
        assert campaign
        mailing.recover(session, campaign, Sink())
        doubtful = session.ledger.deliveries(campaign, State.IN_DOUBT)
        done = resolve(session.ledger, [campaign], [servers.log], Said(), session.stamp(), Sink(),
                       timedelta(seconds=1))
        assert len(done) == len(doubtful)
        return len(done)


@pytest.mark.parametrize("step", list(Step), ids=lambda s: s.value.replace(" ", "-"))
def test_killed_at_every_point(step: Step, servers: Servers, tmp_path: Path) -> None:
    """SIGKILL after each step: nobody gets two; what is in doubt is listed, and the log knows."""
    servers.clear()
    folder = tmp_path / "s"
    post.set_up(folder, 6, servers.smtp, post.pdf_of(300_000),
                settings(servers, "connections = 2\n"))
    assert post.finish(post.child(folder, kill=[step.value, 3])) == -signal.SIGKILL
    assert post.finish(post.child(folder)) == 0
    found = post.states(folder)
    assert found["accepted"] + found["in_doubt"] == 6, found
    # The other connection may have been on its dot as well.
    assert found["in_doubt"] <= (2 if step in DOUBTFUL else 1)
    if step in DOUBTFUL:
        assert found["in_doubt"] >= 1
    assert max(got(servers).values()) == 1
    settle(folder, servers)
    assert post.finish(post.child(folder)) == 0
    assert post.states(folder) == {"accepted": 6}
    assert got(servers) == {post.address(n): 1 for n in range(6)}


def test_killed_while_the_plan_is_frozen(tmp_path: Path) -> None:
    """The plan is one transaction: after a crash in its middle there is no plan at all."""
    folder = tmp_path / "s"
    pid = os.fork()
    if pid == 0:  # pragma: no cover
        real = Ledger.plan

        def plan(self: Ledger, campaign: Any, recipients: Any, artifacts: Any) -> None:
            def cut_off() -> Iterator[Any]:
                for n, recipient in enumerate(recipients):
                    if n == 3:
                        os.kill(os.getpid(), signal.SIGKILL)
                    yield recipient

            real(self, campaign, cut_off(), artifacts)

        Ledger.plan = plan  # type: ignore[method-assign]
        post.set_up(folder, 6, 1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    ledger = Ledger(folder / "mailings.sqlite")
    assert ledger.campaigns() == ()
    ledger.close()
    campaign = post.set_up(folder, 6, 1)
    assert campaign.name == post.ISSUE


def test_a_thousand_subscribers_and_two_hundred_kills(servers: Servers, tmp_path: Path) -> None:
    """SIGKILL at 200 random times: no duplicate, none lost, and the log settles every doubt.

    Each run gets its share of what is left, so that the last one has something to send as well.
    """
    servers.clear()
    folder, count, kills, a_second = tmp_path / "s", 1000, 200, 50
    post.set_up(folder, count, servers.smtp, post.pdf_of(40_000),
                settings(servers, f"connections = 4\nper-minute = {a_second * 60}\n"))
    chance, died = random.Random(20190430), 0
    for n in range(kills):
        process = post.child(folder)
        share = post.begun(process) / (kills - n + 1)
        time.sleep(chance.random() * share / a_second)
        process.kill()
        died += post.finish(process) == -signal.SIGKILL
    assert died == kills, "a run ended by itself: it was not killed in its middle"
    found = post.states(folder)
    assert found["accepted"] + found["in_doubt"] + found["on_dot"] > 100, found
    assert found["planned"] + found["deferred"] > 0, "all was sent before the last kill"
    (folder / "mail.toml").write_text((folder / "mail.toml").read_text().replace(
        f"per-minute = {a_second * 60}\n", ""))
    assert post.finish(post.child(folder)) == 0
    held = post.states(folder)
    assert held["accepted"] + held["in_doubt"] == count, held
    readers = got(servers)
    assert max(readers.values()) == 1, readers.most_common(3)
    assert len(readers) >= held["accepted"]
    doubts = settle(folder, servers)
    assert doubts == held["in_doubt"]
    assert post.finish(post.child(folder)) == 0
    assert post.states(folder) == {"accepted": count}
    assert got(servers) == {post.address(n): 1 for n in range(count)}
    print(f"{kills} kills, {doubts} in doubt, all settled by the log")


def test_four_senders_at_once(servers: Servers, tmp_path: Path) -> None:
    """One works, three say who does and leave with 75."""
    servers.clear()
    folder = tmp_path / "s"
    post.set_up(folder, 40, servers.smtp, settings=settings(servers, "per-minute = 1200\n"))
    senders = [post.child(folder) for _ in range(4)]
    said = [process.communicate(timeout=60) for process in senders]
    assert sorted(p.returncode for p in senders) == [0, 75, 75, 75]
    for process, (_, err) in zip(senders, said, strict=True):
        if process.returncode == 75:
            assert "error[busy] somebody else is sending from this series" in err
    assert got(servers) == {post.address(n): 1 for n in range(40)}


@pytest.mark.parametrize(("security", "login"), [
    ("starttls", "plain"), ("tls", "login"), ("tls", "xoauth2"), ("starttls", "")])
def test_ways_to_encrypt_and_to_log_in(security: str, login: str, servers: Servers,
                                       tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a large body, so that draining is done over TLS as well."""
    servers.clear()
    folder = tmp_path / "s"
    port = servers.smtps if security == "tls" else servers.smtp
    given = settings(servers).replace('"starttls"', f'"{security}"') + f'login = "{login}"\n'
    post.set_up(folder, 2, port, post.pdf_of(1_000_000), given)
    if login == "xoauth2":
        monkeypatch.setenv("REPORTGEN_MAIL_PASSWORD", servers.token("bulletin@example.org"))
    outcome = post.send_here(folder)
    assert outcome.progress.results[State.ACCEPTED] == 2, outcome
    assert got(servers) == {post.address(0): 1, post.address(1): 1}
    assert PASSWORD.encode() not in b"".join(
        p.read_bytes() for root in (folder, tmp_path / "state") for p in root.rglob("*")
        if p.is_file())


def test_a_token_that_ran_out_is_read_again(servers: Servers, tmp_path: Path,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    """One of XOAUTH2 lives an hour; whatever renews it writes the file."""
    from reportgen.diagnostics import Sink
    from reportgen.mail import api as mailing
    from reportgen.mail.smtp.transport import CannotLogIn

    monkeypatch.delenv("REPORTGEN_MAIL_PASSWORD", raising=False)
    folder, token = tmp_path / "s", tmp_path / "token"
    post.set_up(folder, 2, servers.smtps, settings=settings(servers).replace(
        '"starttls"', '"tls"') + f'login = "xoauth2"\npassword-file = "{token}"\n')
    token.write_text("of yesterday")
    token.chmod(0o600)
    with mailing.open_session(folder, Sink()) as session:
        transport = mailing.connector(session, Sink())()
        with pytest.raises(CannotLogIn):
            transport.open()
        token.write_text(servers.token("bulletin@example.org"))
        assert transport.open().relay
        transport.close()


@pytest.mark.parametrize(("change", "words"), [
    (('server = "localhost"', 'server = "127.0.0.1"'), "certificate is not to be trusted"),
    (("authorities", "# authorities"), "certificate is not to be trusted"),
    (('user = "bulletin@', 'user = "bulletin@'), "refuses the user or the password"),
    (('security = "starttls"', 'security = "tls"'), "TLS fails|certificate"),
])
def test_who_is_not_to_be_trusted_gets_nothing(change: tuple[str, str], words: str,
                                               servers: Servers, tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    folder = tmp_path / "s"
    post.set_up(folder, 2, servers.smtp, settings=settings(servers).replace(*change))
    if change[0] == change[1]:
        monkeypatch.setenv("REPORTGEN_MAIL_PASSWORD", "wrong")
    outcome = post.send_here(folder)
    assert re.search(words, outcome.progress.why), outcome
    assert "wrong" not in outcome.progress.why
    assert post.states(folder) == {"planned": 2}


def test_what_the_server_refuses_is_on_record_and_counts_as_a_bounce(
        servers: Servers, tmp_path: Path) -> None:
    from reportgen.mail.addresses import parse_address
    from reportgen.mail.subscribers import Status, Subscriber, Subscribers

    servers.clear()
    folder = tmp_path / "s"
    names = ("reader-1@example.org", "gone@example.org", "full@example.org")
    post.set_up(folder, tuple(Subscriber(parse_address(n), consent="x") for n in names),
                servers.smtp, settings=settings(servers, "connections = 1\n"))
    post.send_here(folder, wait=0.0)
    assert post.states(folder) == {"accepted": 1, "rejected": 1, "deferred": 1}
    subscribers = Subscribers(folder / "subscribers.sqlite")
    found = {p.address.mailbox: p for p in subscribers.all()}
    subscribers.close()
    assert found["gone@example.org"].status is Status.SUSPENDED
    assert "550 5.1.1 there is nobody" in found["gone@example.org"].reason.replace(
        "<gone@example.org>: Recipient address rejected: ", "").replace("5.1.1 5.1.1", "5.1.1")
    assert found["full@example.org"].status is Status.ACTIVE


def test_an_international_address_is_taken(servers: Servers, tmp_path: Path) -> None:
    from reportgen.mail.addresses import parse_address
    from reportgen.mail.subscribers import Subscriber

    servers.clear()
    folder = tmp_path / "s"
    person = Subscriber(parse_address("Jörg Ünal <jörg@example.org>"), consent="x")
    post.set_up(folder, (person,), servers.smtp, settings=settings(servers))
    post.send_here(folder)
    assert post.states(folder) == {"accepted": 1}
    servers.wait_until_idle()
    assert "to=<jörg@example.org>" in servers.log.read_text("utf-8")


# ---------------------------------------------------------------- a second parser


def test_dovecot_reads_the_structure_of_the_message(servers: Servers, tmp_path: Path) -> None:
    """IMAP BODYSTRUCTURE (RFC 9051, 7.5.2) by a parser that is not ours."""
    servers.clear()
    folder = tmp_path / "s"
    post.set_up(folder, 1, servers.smtp, post.pdf_of(90_000), settings(servers))
    post.send_here(folder)
    servers.wait_until_idle()
    box = imaplib.IMAP4_SSL("localhost", servers.imaps, ssl_context=ssl.create_default_context(
        cafile=str(servers.tls.authority)))
    box.login(post.address(0), PASSWORD)
    box.select("INBOX", readonly=True)
    _, [structure] = box.fetch("1", "(BODYSTRUCTURE)")
    _, [envelope] = box.fetch("1", "(ENVELOPE)")
    box.logout()
    assert isinstance(structure, bytes) and isinstance(envelope, bytes)
    text = structure.decode()
    order = ['("text" "plain"', '("text" "html"', '("image" "png"', '"related"', '"alternative"',
             '("application" "pdf"', '"mixed"']
    places = [text.index(part) for part in order]
    assert places == sorted(places), text
    assert '("attachment" ("filename" "bulletin.pdf"))' in text
    assert '"<cover>"' in text and '"inline"' in text
    encoded = (90_009 + 56) // 57 * 2 + (90_009 + 2) // 3 * 4
    assert f'"base64" {encoded} ' in text, text
    assert b'"A bulletin, April 2019"' in envelope
    assert b'"The Foundation" NIL "bulletin" "example.org"' in envelope
