"""The protocol of mailing against servers that fail in every way, and against its own mutants."""

from __future__ import annotations

import sqlite3
import ssl
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.mail import api as mailing
from reportgen.mail.ledger.campaign import State
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.sending.protocol import Step
from reportgen.mail.sending.sender import Ended
from reportgen.mail.smtp.client import Relay, Security, SmtpTransport
from reportgen.mail.smtp.transport import Lost
from reportgen.mail.subscribers import Status

from . import post
from .badserver import EOF, FAREWELL, SILENCE, BadServer, Script
from .mailservers import certificates

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))


def once(server: BadServer) -> Counter[str]:
    """Return how many messages each recipient got."""
    return Counter(recipient for recipient, _ in server.taken)


def suspended(folder: Path) -> list[str]:
    """Return the addresses to which nothing is sent any more."""
    with mailing.open_list(folder) as (_, subscribers):
        return [p.address.mailbox for p in subscribers.all() if p.status is not Status.ACTIVE]


def replies(folder: Path) -> list[str]:
    ledger = Ledger(folder / "mailings.sqlite")
    try:
        campaign = ledger.campaign(post.ISSUE)
        assert campaign
        return [f"{d.state.value} {d.code or ''} {d.reply}".strip()
                for d in ledger.deliveries(campaign)]
    finally:
        ledger.close()


@pytest.mark.slow
def test_everybody_gets_the_very_bytes_that_were_planned(tmp_path: Path) -> None:
    with BadServer() as server:
        post.set_up(tmp_path / "s", 7, server.port, post.pdf_of(200_000))
        outcome = post.send_here(tmp_path / "s")
    assert outcome.ended is Ended.DONE
    assert once(server) == Counter({post.address(n): 1 for n in range(7)})
    assert post.states(tmp_path / "s") == {"accepted": 7}
    import email
    import email.policy

    for recipient, text in server.taken:
        undotted = b"\r\n".join(r[1:] if r.startswith(b".") else r for r in text.split(b"\r\n"))
        mail = email.message_from_bytes(undotted, policy=email.policy.default)
        assert recipient in str(mail["To"])
        [pdf] = list(mail.iter_attachments())
        assert pdf.get_content() == post.pdf_of(200_000)
        body = mail.get_body(("plain",))
        assert body and "\r\n.\r\n..two dots\r\n" in body.get_content()
    assert all("SIZE=" in c and "ENVID=" in c for c in server.commands if c.startswith("MAIL"))
    assert all("NOTIFY=FAILURE" in c for c in server.commands if c.startswith("RCPT"))


def faults(table: Mapping[str, object]) -> list[Any]:
    """Return the faults of a table; those that wait for a server that says nothing are slow."""
    return [pytest.param(fault, id=fault.replace(" ", "-"),
                         marks=pytest.mark.slow if "silence" in fault else ()) for fault in table]


BEFORE_THE_END = {
    "the connection ends in the body": Script(middle=b""),
    "421 in the body": Script(middle=b"421 4.3.2 shutting down\r\n"),
    "MAIL is deferred": Script(mail=b"451 4.3.0 later\r\n"),
    "RCPT is deferred": Script(rcpt=b"450 4.2.0 greylisted\r\n"),
    "DATA is deferred": Script(data=b"451 4.3.0 later\r\n"),
    "RCPT is garbage": Script(rcpt=b"hello?\r\n"),
    "MAIL is silence": Script(mail=SILENCE),
    "DATA is the end": Script(data=EOF),
    "354 and 421 at once": Script(data=b"354 go on\r\n421 4.3.2 no, stop\r\n" + EOF),
    "RSET fails": Script(rcpt=b"450 later\r\n", rset=b"500 no\r\n"),
}


@pytest.mark.parametrize("fault", faults(BEFORE_THE_END))
@pytest.mark.slow
def test_what_fails_before_the_end_is_deferred_and_tried_again(fault: str, tmp_path: Path) -> None:
    """Nothing counts before the dot, so trying again is no risk."""
    from dataclasses import replace

    script = replace(BEFORE_THE_END[fault])
    if fault == "the connection ends in the body":
        script.middle = EOF
    folder = tmp_path / "s"
    with BadServer(script) as server:
        post.set_up(folder, 2, server.port, post.pdf_of(300_000))
        post.send_here(folder, losses=2)
        assert server.taken == []
        found = post.states(folder)
        assert set(found) <= {"deferred", "planned"} and found["deferred"], found
        server.script = Script()
        time.sleep(0.3)
        post.send_here(folder, wait=2)
        assert once(server) == {post.address(0): 1, post.address(1): 1}
    assert post.states(folder) == {"accepted": 2}


AFTER_THE_END = {
    "the connection ends": EOF,
    "silence": SILENCE,
    "garbage": b"hello?\r\n",
    "half a line": b"250 2.0" + EOF,
    "half an answer": b"250-2.0.0 queued\r\n" + EOF,
    "an answer of another kind": b"354 go on\r\n",
    "an answer of no kind": b"999 what\r\n",
    "a goodbye": b"221 2.0.0 shutting down\r\n" + EOF,
    "bytes": b"\xff\xfe\x00\r\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", faults(AFTER_THE_END))
def test_no_answer_after_the_end_is_a_doubt_that_is_held(fault: str, tmp_path: Path) -> None:
    """The server may have taken it: nobody knows, so nobody sends it again unasked."""
    folder = tmp_path / "s"
    with BadServer(Script(dot=[AFTER_THE_END[fault], b"250 2.0.0 queued\r\n"])) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        post.send_here(folder)
        post.send_here(folder)
        assert once(server) == {post.address(n): 1 for n in range(3)}
    assert post.states(folder) == {"accepted": 2, "in_doubt": 1}


def test_with_the_policy_resend_a_doubt_is_sent_again_under_the_same_name(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with BadServer(Script(dot=[EOF, b"250 2.0.0 queued\r\n"])) as server:
        post.set_up(folder, 1, server.port, settings='in-doubt = "resend"\n')
        post.send_here(folder)
        post.send_here(folder)
        [first, second] = [text for _, text in server.taken]
    assert first == second  # the same bytes, so the same Message-ID
    assert b"\r\nMessage-ID: <" in first
    assert post.states(folder) == {"accepted": 1}


@pytest.mark.slow
@pytest.mark.parametrize("ehlo", [b"250 bad.example.org\r\n",
                                  b"250-bad.example.org\r\n250 PIPELINING\r\n"])
def test_a_recipient_that_is_refused_gets_no_empty_message(ehlo: bytes, tmp_path: Path) -> None:
    """A server that refuses RCPT and would still take DATA is not asked to (RFC 2920, 3.1)."""
    folder = tmp_path / "s"
    with BadServer(Script(ehlo=ehlo, rcpt=[b"550 5.1.1 nobody\r\n", b"250 ok\r\n"])) as server:
        post.set_up(folder, 2, server.port, settings="connections = 1\n")
        post.send_here(folder)
        assert len(server.taken) == 1
        assert server.commands.count("DATA") == 1
        assert server.commands.count("RSET") == 1
    assert sorted(replies(folder)) == ["accepted 250 2.0.0 queued", "rejected 550 5.1.1 nobody"]


@pytest.mark.slow
def test_a_refusal_after_the_end_is_final_and_a_deferral_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    answers = [b"250 2.0.0 queued\r\n", b"451 4.3.0 try later\r\n", b"554 5.6.0 a bad picture\r\n",
               b"250 2.0.0 queued\r\n"]
    with BadServer(Script(dot=answers)) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        post.send_here(folder, wait=3)
        assert len(server.taken) == 4
    assert sorted(replies(folder)) == ["accepted 250 2.0.0 queued", "accepted 250 2.0.0 queued",
                                       "rejected 554 5.6.0 a bad picture"]


@pytest.mark.slow
@pytest.mark.parametrize("place", ["rcpt", "dot"])
def test_a_refusal_without_a_reason_is_final_once_another_was_taken_after_it(
        place: str, tmp_path: Path) -> None:
    """Then it was not about us: the person is suspended."""
    folder, answers = tmp_path / "s", [b"250 ok\r\n", b"550 no such user\r\n", b"250 ok\r\n"]
    script = Script(rcpt=list(answers)) if place == "rcpt" else Script(dot=list(answers))
    with BadServer(script) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        outcome = post.send_here(folder)
    assert post.states(folder) == {"accepted": 2, "rejected": 1}
    assert outcome.progress.results[State.REJECTED] == 1
    assert outcome.progress.results[State.DEFERRED] == 0
    assert suspended(folder) == [post.address(1)]


@pytest.mark.parametrize("before", [0, 6])
@pytest.mark.parametrize("refusal", [
    b"550 5.4.5 Daily user sending quota exceeded\r\n",
    *(pytest.param(other, marks=pytest.mark.slow) for other in (
        b"550 too many messages, try again in an hour\r\n", b"550 relay not permitted\r\n",
        b"554 5.7.1 rate limit exceeded\r\n"))])
def test_a_quota_costs_nobody_their_place(refusal: bytes, before: int, tmp_path: Path) -> None:
    """Neither in the middle of a run, nor in the one after."""
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=[b"250 ok\r\n"] * before + [refusal])) as server:
        post.set_up(folder, 20, server.port, settings="connections = 2\n")
        for _ in range(2):
            outcome = post.send_here(folder)
            assert outcome.ended in (Ended.LIMIT, Ended.THRESHOLD)
            assert "the server refuses one after the other" in outcome.progress.why
            if outcome.ended is Ended.LIMIT:  # it says when to go on
                assert 0 < outcome.progress.go_on_at - time.time() <= 86400
        found = post.states(folder)
        assert found["accepted"] == before and found["rejected"] == 0
        assert suspended(folder) == []
        server.script = Script()
        time.sleep(0.3)
        post.send_here(folder, wait=2)
        assert once(server) == {post.address(n): 1 for n in range(20)}


def test_a_refused_sender_stops_everything_before_anybody_is_rejected(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with BadServer(Script(mail=b"530 5.7.0 log in first\r\n")) as server:
        post.set_up(folder, 5, server.port)
        outcome = post.send_here(folder)
    assert outcome.ended is Ended.NO_CONNECTION
    assert "refuses the sender" in outcome.progress.why
    assert post.states(folder) == {"planned": 5}


@pytest.mark.slow
def test_a_run_stops_when_too_many_are_rejected_or_in_doubt(tmp_path: Path) -> None:
    refusing = [b"250 ok\r\n"] * 10 + [b"550 5.1.1 user unknown\r\n", b"250 ok\r\n"] * 20
    with BadServer(Script(rcpt=refusing)) as server:
        post.set_up(tmp_path / "a", 60, server.port, settings="connections = 1\n")
        outcome = post.send_here(tmp_path / "a")
    assert outcome.ended is Ended.THRESHOLD and "rejected" in outcome.progress.why
    found = post.states(tmp_path / "a")
    assert found["rejected"] * 5 > 60 - found["planned"] and found["planned"] > 30
    with BadServer(Script(dot=EOF)) as server:
        post.set_up(tmp_path / "b", 30, server.port, settings="connections = 1\n")
        outcome = post.send_here(tmp_path / "b")
        assert len(server.taken) == 3
    assert outcome.ended is Ended.THRESHOLD and "in doubt" in outcome.progress.why
    assert post.states(tmp_path / "b") == {"in_doubt": 3, "planned": 27}


@pytest.mark.parametrize("place", ["rcpt", "dot"])
@pytest.mark.parametrize("refusal", [
    b"550 5.1.8 <bulletin@example.org>: Sender address rejected: Domain not found\r\n",
    *(pytest.param(other, marks=pytest.mark.slow) for other in (
        b"553 5.7.1 Sender address rejected: not owned by user\r\n",
        b"554 Relay access denied\r\n", b"550 relaying denied\r\n",
        b"530 5.7.0 log in first\r\n"))])
@pytest.mark.slow
def test_a_sender_that_is_refused_late_costs_nobody_their_place(
        place: str, refusal: bytes, tmp_path: Path) -> None:
    """Postfix refuses a sender at RCPT, Exchange after the message: nobody is rejected for good."""
    folder = tmp_path / "s"
    script = Script(rcpt=refusal) if place == "rcpt" else Script(dot=refusal)
    with BadServer(script) as server:
        post.set_up(folder, 7, server.port, settings="connections = 1\n")
        outcome = post.send_here(folder)
        assert outcome.ended is Ended.THRESHOLD
        assert "the server refuses one after the other" in outcome.progress.why
        assert post.states(folder) == {"deferred": 5, "planned": 2}
        server.script, server.taken[:] = Script(), []
        time.sleep(0.3)
        post.send_here(folder, wait=2)
        assert once(server) == {post.address(n): 1 for n in range(7)}
        assert post.states(folder) == {"accepted": 7}


@pytest.mark.slow
def test_a_refusal_is_not_final_before_something_is_taken_after_it(tmp_path: Path) -> None:
    """However often it is tried; a message of the next mailing counts as well."""
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"550 no such user here\r\n"])) as server:
        post.set_up(folder, 2, server.port, settings="connections = 1\n")
        for _ in range(5):
            post.send_here(folder)
            assert post.states(folder) == {"accepted": 1, "deferred": 1}
            time.sleep(0.25)
        assert suspended(folder) == []
        server.script = Script(rcpt=[b"250 ok\r\n", b"550 no such user here\r\n"])
        post.set_up(folder, 2, server.port, settings="connections = 1\n", again="/again=x")
        post.send_here(folder, name=post.ISSUE + "/again=x")
    assert post.states(folder) == {"accepted": 1, "rejected": 1}
    assert len(suspended(folder)) == 1


@pytest.mark.slow
def test_refusals_in_the_same_words_are_not_about_each_of_them(tmp_path: Path) -> None:
    """An account's limit in words that no rule knows, of a window that slides: nobody is lost."""
    limit = b"550 5.5.0 Quotarum finis est, code 77%d\r\n"
    answers = [b"250 ok\r\n"] * 5
    for n in range(6):
        answers += [limit % n, limit % n, b"250 ok\r\n"]
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=answers)) as server:
        post.set_up(folder, 20, server.port, settings="connections = 1\n")
        post.send_here(folder)
        found = post.states(folder)
        assert found["rejected"] <= 2 and suspended(folder) == []
        time.sleep(0.3)
        post.send_here(folder, wait=2)
        assert post.states(folder)["deferred"] == 0


@pytest.mark.slow
def test_a_run_that_is_not_to_wait_tries_nobody_twice(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=b"451 later\r\n")) as server:
        post.set_up(folder, 4, server.port,
                    settings="connections = 1\nper-minute = 200\n")
        post.send_here(folder, wait=0.0)
        assert sum(c.startswith("RCPT") for c in server.commands) == 4
    assert post.states(folder) == {"deferred": 4}

def test_a_relay_that_hangs_up_after_a_refusal_has_refused(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    answers = [b"250 ok\r\n", b"550 5.1.1 nobody\r\n" + EOF, b"250 ok\r\n"]
    with BadServer(Script(rcpt=answers)) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        post.send_here(folder)
        assert server.connections == 2
    assert post.states(folder) == {"accepted": 2, "rejected": 1}


def test_a_connection_that_the_relay_closed_meanwhile_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    idle = [b"250 ok\r\n421 4.4.2 idle for too long\r\n" + EOF, b"250 ok\r\n"]
    with BadServer(Script(dot=idle)) as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        post.send_here(folder)
        assert once(server) == {post.address(n): 1 for n in range(3)}
    assert post.states(folder) == {"accepted": 3}


def test_an_answer_that_is_none_lets_no_message_go(tmp_path: Path) -> None:
    """354 to RCPT is not the go-ahead."""
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=b"354 go on\r\n")) as server:
        post.set_up(folder, 2, server.port)
        post.send_here(folder, losses=2)
        assert not any(c.startswith((".A letter", "From:")) for c in server.commands)
    assert set(post.states(folder)) <= {"deferred", "planned"}


@pytest.mark.parametrize("ehlo", [Script.ehlo, Script.ehlo.replace(b"250-DSN", b"250-PIPELINING")],
                         ids=["one by one", "pipelined"])
@pytest.mark.parametrize("farewell", [
    b"452 4.7.0 too many messages in this session\r\n",
    b"421 4.7.0 too many messages in this connection\r\n" + EOF], ids=["452", "421"])
@pytest.mark.slow
def test_a_relay_that_takes_some_messages_a_connection(
        farewell: bytes, ehlo: bytes, tmp_path: Path) -> None:
    """Nobody is deferred for it: the next connection takes theirs."""
    folder, ok = tmp_path / "s", b"250 ok\r\n"
    with BadServer(Script(mail=[ok, ok, farewell, ok], ehlo=ehlo)) as server:
        post.set_up(folder, 4, server.port, settings="connections = 1\n")
        post.send_here(folder)
        assert server.connections == 2
        assert once(server) == {post.address(n): 1 for n in range(4)}
    assert replies(folder) == ["accepted 250 2.0.0 queued"] * 4


@pytest.mark.slow
def test_a_relay_that_allows_one_connection(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    others = b"421 4.7.0 too many connections from your host\r\n" + EOF
    with BadServer(Script(greeting=[b"220 hello\r\n", others], pause=0.2)) as server:
        post.set_up(folder, 6, server.port, settings="connections = 8\n")
        assert post.send_here(folder, losses=2).ended is Ended.DONE
        assert once(server) == {post.address(n): 1 for n in range(6)}


@pytest.mark.slow
def test_what_a_connection_gives_back_untouched_goes_over_another(tmp_path: Path) -> None:
    """Also what an earlier run has deferred, and is due."""
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=b"451 later\r\n")) as server:
        post.set_up(folder, 6, server.port, settings="connections = 3\n")
        post.send_here(folder)
        assert post.states(folder) == {"deferred": 6}
        time.sleep(0.3)
        others = b"421 4.7.0 too many connections from your host\r\n" + EOF
        server.script = Script(greeting=[b"220 hello\r\n", others], pause=0.1)
        assert post.send_here(folder).ended is Ended.DONE
        assert once(server) == {post.address(n): 1 for n in range(6)}


@pytest.mark.slow
def test_a_slow_line_is_no_broken_one(tmp_path: Path) -> None:
    """As long as it goes on: time-outs are for silence."""
    folder = tmp_path / "s"
    with BadServer(Script(pause=0.1, receive_buffer=65536)) as server:
        post.set_up(folder, 1, server.port, post.pdf_of(2_500_000), settings="connections = 1\n")
        post.send_here(folder)
        assert once(server) == {post.address(0): 1}
    assert replies(folder) == ["accepted 250 2.0.0 queued"]


def test_a_greeting_that_does_not_end(tmp_path: Path) -> None:
    with BadServer(Script(greeting=b"220-please wait\r\n" * 500)) as server:
        post.set_up(tmp_path / "s", 1, server.port)
        assert post.send_here(tmp_path / "s", losses=1).ended is Ended.NO_CONNECTION


def test_a_message_that_is_too_large_for_the_relay_is_told_as_that(tmp_path: Path) -> None:
    with BadServer(Script(mail=b"552 5.3.4 too big\r\n")) as server:
        post.set_up(tmp_path / "s", 1, server.port)
        why = post.send_here(tmp_path / "s").progress.why
    assert "bytes: 552 5.3.4 too big" in why and "sender" not in why


def test_tls_that_ends_before_the_connection_does(tmp_path: Path) -> None:
    """Who says goodbye in the middle of a message has not taken it: that is no doubt."""
    made = certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    settings = (f'sender = "b@example.org"\nserver = "localhost"\nsecurity = "tls"\ntimeout = 2\n'
                f'authorities = "{made.authority}"\nretry-after = [0.2]\nconnections = 1\n')
    with BadServer(Script(middle=FAREWELL, middle_at=1000), tls=context) as server:
        post.set_up(tmp_path / "s", 1, server.port, settings=settings)
        post.send_here(tmp_path / "s")
    assert post.states(tmp_path / "s") == {"deferred": 1}
    with BadServer(Script(greeting=EOF)) as server:
        relay = Relay("localhost", server.port, Security.TLS, authorities=str(made.authority))
        with pytest.raises(Lost):
            SmtpTransport(relay).open()


def test_a_server_that_is_not_there_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    post.set_up(folder, 3, 1)
    outcome = post.send_here(folder, losses=3)
    assert outcome.ended is Ended.NO_CONNECTION
    assert post.states(folder) == {"planned": 3}


@pytest.mark.slow
def test_no_more_messages_a_minute_than_allowed(tmp_path: Path) -> None:
    """Five messages at 240 a minute take a second, over three connections too."""
    folder = tmp_path / "s"
    with BadServer() as server:
        post.set_up(folder, 5, server.port, settings="per-minute = 240\nconnections = 3\n")
        start = time.monotonic()
        post.send_here(folder)
        took = time.monotonic() - start
        assert len(server.taken) == 5
    assert took >= 1.0  # four gaps of a quarter


def test_a_stopped_run_finishes_what_is_under_way_and_no_more(tmp_path: Path) -> None:
    from reportgen.mail.sending.sender import Queue

    folder = tmp_path / "s"
    with BadServer() as server:
        post.set_up(folder, 30, server.port, settings="connections = 1\n")
        ledger = Ledger(folder / "mailings.sqlite")
        campaign = ledger.campaign(post.ISSUE)
        assert campaign
        queue = Queue(ledger.deliveries(campaign), 0)
        ledger.close()

        def stop(step: Step, delivery: object) -> None:
            if step is Step.HALF_STREAMED and len(server.taken) == 4:
                queue.stop()

        outcome = post.send_here(folder, stop, queue=queue)
        assert outcome.ended is Ended.STOPPED
        assert len(server.taken) == 5
    assert post.states(folder) == {"accepted": 5, "planned": 25}


# ---------------------------------------------------------------- draining


def state_while_stalled(folder: Path, mutate: tuple[str, ...] | None = None) -> str:
    """Return the ledger's state of a message whose last part the server has not read yet."""
    seen: list[str] = []

    def look() -> None:
        time.sleep(0.7)
        with sqlite3.connect(f"file:{folder / 'mailings.sqlite'}?mode=ro", uri=True) as data:
            seen.append(data.execute("SELECT state FROM delivery").fetchone()[0])

    script = Script(stall_left=900_000, stall=0.8, receive_buffer=16_000)
    with BadServer(script, on_stall=look) as server:
        post.set_up(folder, 1, server.port, post.pdf_of(1_500_000))
        if mutate:
            with post.mutated(*mutate):
                post.send_here(folder)
        else:
            post.send_here(folder)
        assert len(server.taken) == 1
    return seen[0]


@pytest.mark.slow
def test_the_end_is_not_on_its_way_before_the_server_has_the_rest(tmp_path: Path) -> None:
    """With 900 kB in the kernel's queue, a crash is harmless, so the ledger must say `planned`."""
    assert state_while_stalled(tmp_path / "s") == "planned"


@pytest.mark.slow
def test_mutant_drain_removed(tmp_path: Path) -> None:
    mutant = ("mail.sending.protocol", "        transport.drain()\n", "")
    assert state_while_stalled(tmp_path / "s", mutant) == "on_dot"


# ---------------------------------------------------------------- other mutants


def after_a_crash_at(step: str, folder: Path, mutate: tuple[str, ...] | None = None,
                     ) -> tuple[Counter[str], Counter[str]]:
    """Kill a run at a step of its second message, resume; return what was taken, and the states."""
    more = {"mutate": mutate} if mutate else {}
    with BadServer() as server:
        post.set_up(folder, 3, server.port, settings="connections = 1\n")
        assert post.finish(post.child(folder, kill=[step, 2], **more)) == -9
        time.sleep(0.2)
        assert post.finish(post.child(folder, **more)) == 0
        return once(server), post.states(folder)


@pytest.mark.slow
def test_a_crash_between_end_and_answer_is_a_doubt(tmp_path: Path) -> None:
    taken, found = after_a_crash_at("ended", tmp_path / "s")
    assert set(taken.values()) == {1}
    assert found == {"accepted": 2, "in_doubt": 1}


@pytest.mark.slow
def test_mutant_commit_after_the_dot(tmp_path: Path) -> None:
    """The end goes out, the crash comes, no book knows of it: somebody gets two.

    With the journal's line left in its place, the next run would find that there.
    """
    mutant = ("mail.sending.protocol",
              "    n = books.ledger.put_on_dot(delivery, books.run, books.stamp(), parcel.dated)\n",
              "    n = delivery.attempts + 1\n",
              "        books.journal.write(delivery.id, n, State.ON_DOT, books.stamp())\n", "",
              "        observe(Step.ENDED, delivery)\n",
              "        observe(Step.ENDED, delivery)\n"
              "        books.ledger.put_on_dot(delivery, books.run, books.stamp())\n")
    taken, _ = after_a_crash_at("ended", tmp_path / "s", mutant)
    assert max(taken.values()) == 2


@pytest.mark.slow
def test_mutant_doubt_retried(tmp_path: Path) -> None:
    """What test_no_answer_after_the_end_is_a_doubt_that_is_held would find."""
    mutant = ("mail.sending.protocol", "_settle(delivery, n, State.IN_DOUBT, None, books)",
              "_settle(delivery, n, State.DEFERRED, None, books)")
    folder = tmp_path / "s"
    with BadServer(Script(dot=[EOF, b"250 2.0.0 queued\r\n"])) as server:
        post.set_up(folder, 1, server.port)
        with post.mutated(*mutant):
            post.send_here(folder, wait=3)
        assert len(server.taken) == 2


def message_ids(folder: Path) -> list[str]:
    post.set_up(folder, 4, 1)
    ledger = Ledger(folder / "mailings.sqlite")
    campaign = ledger.campaign(post.ISSUE)
    assert campaign
    found = [d.message_id for d in ledger.deliveries(campaign)]
    ledger.close()
    return found


def test_planning_again_gives_the_same_messages(tmp_path: Path) -> None:
    """A ledger that is lost and made anew names the same messages the same."""
    first = message_ids(tmp_path / "a")
    for path in (tmp_path / "a").glob("mailings*"):
        path.unlink()
    second = message_ids(tmp_path / "a")
    assert first == second
    assert len(set(first)) == 4


def test_mutant_message_id_random(tmp_path: Path) -> None:
    mutant = ("mail.campaigns.planning", 'f"<{identifier}@{domain}>"',
              'f"<{__import__(\'uuid\').uuid4()}@{domain}>"')
    with post.mutated(*mutant):
        first = message_ids(tmp_path / "a")
        for path in (tmp_path / "a").glob("mailings*"):
            path.unlink()
        assert message_ids(tmp_path / "a") != first


@pytest.mark.slow
@pytest.mark.parametrize(("change", "words"), [
    ("UPDATE delivery SET state = 'planned' WHERE state = 'accepted'", "final"),
    ("UPDATE delivery SET state = 'on_dot' WHERE state = 'accepted'", "final"),
    ("UPDATE delivery SET state = 'suppressed' WHERE state = 'planned'; "
     "UPDATE delivery SET state = 'on_dot' WHERE state = 'suppressed'", "only what is planned"),
    ("UPDATE delivery SET message_id = 'x'", "frozen"),
    ("UPDATE delivery SET rcpt = 'else@example.org'", "frozen"),
    ("UPDATE delivery SET state = 'accepted' WHERE state = 'planned'", "without having been sent"),
    ("UPDATE artifact SET data = x'00'", "frozen"),
    ("UPDATE campaign SET manifest = '{}'", "frozen"),
    ("INSERT INTO attempt(delivery_id, n, run_id, outcome, at) "
     "SELECT delivery_id, 9, run_id, 'accepted', at FROM attempt", "UNIQUE"),
])
def test_the_database_itself_keeps_the_promises(change: str, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"450 later\r\n"])) as server:
        post.set_up(folder, 2, server.port, settings="connections = 1\n")
        post.send_here(folder)
        data = sqlite3.connect(folder / "mailings.sqlite")
        data.execute("UPDATE delivery SET state = 'planned' WHERE state = 'deferred'")
        with pytest.raises(sqlite3.IntegrityError, match=words):
            for statement in change.split("; "):
                data.execute(statement)
        data.close()
