"""Settling doubt: what a log says, what it does not say, and who wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.diagnostics import ReportgenError, Sink
from reportgen.mail import api as mailing
from reportgen.mail.campaigns import resolve as resolving
from reportgen.mail.campaigns.evidence import Verdict, read_log
from reportgen.mail.ledger.campaign import State

from . import post
from .badserver import EOF, BadServer, Script

pytestmark = pytest.mark.slow

AT = datetime(2026, 10, 10, 10, 0, tzinfo=UTC)
OURS = {"<before@x>": AT - timedelta(minutes=1)}
BOTH = OURS | {"<other@x>": AT - timedelta(minutes=30)}


def line(minutes: float, text: str) -> str:
    return f"{(AT + timedelta(minutes=minutes)).isoformat()} mx postfix/{text}"


def taken(minutes: float, name: str, queue: str) -> list[str]:
    return [line(minutes, f"cleanup[1]: {queue}: message-id=<{name}>"),
            line(minutes, f"qmgr[1]: {queue}: from=<b@x>, size=1, nrcpt=1 (queue active)")]


BEFORE = [line(-60, "smtpd[1]: connect"), *taken(-1, "before@x", "A1")]
AFTER = [line(11, "smtpd[1]: connect")]


@pytest.mark.parametrize(("rows", "verdict"), [
    ([*BEFORE, *taken(0, "doubt@x", "B2"), *AFTER], Verdict.TAKEN),
    (taken(0, "doubt@x", "B2"), Verdict.TAKEN),
    # Held back at the recipient, at a header before or after, by a milter: it may be whole or not.
    ([*BEFORE, line(0, "smtpd[1]: NOQUEUE: hold: RCPT from x"),
      line(0, "cleanup[1]: B2: message-id=<doubt@x>"), *AFTER], Verdict.UNKNOWN),
    ([*BEFORE, line(0, "cleanup[1]: B2: hold: header To: x"),
      line(0, "cleanup[1]: B2: message-id=<doubt@x>"), *AFTER], Verdict.UNKNOWN),
    ([*BEFORE, line(0, "cleanup[1]: B2: message-id=<doubt@x>"),
      line(0, "cleanup[1]: B2: hold: header x"), *AFTER], Verdict.UNKNOWN),
    ([*BEFORE, line(0, "cleanup[1]: B2: message-id=<doubt@x>"),
      line(0, "cleanup[1]: B2: milter-hold: END-OF-MESSAGE from x"), *AFTER], Verdict.UNKNOWN),
    ([*BEFORE, line(0, "smtpd[1]: B2: milter-hold: END-OF-MESSAGE from x"),
      line(0, "cleanup[1]: B2: message-id=<doubt@x>"), *AFTER], Verdict.UNKNOWN),
    # Released, and whole.
    ([line(0, "cleanup[1]: B2: hold: header x"), *taken(0, "doubt@x", "B2")], Verdict.TAKEN),
    # Somebody else's is held back, and ours never came.
    ([*BEFORE, line(0, "cleanup[1]: B2: hold: header x"), *AFTER], Verdict.NOT_TAKEN),
    ([*BEFORE, *AFTER], Verdict.NOT_TAKEN),
    # The header was seen, the end was not: Postfix lost the connection.
    ([*BEFORE, line(0, "cleanup[1]: B2: message-id=<doubt@x>"), *AFTER], Verdict.NOT_TAKEN),
    ([*BEFORE, line(9, "smtpd[1]: connect")], Verdict.UNKNOWN),  # it may still be working on it
    ([line(5, "smtpd[1]: connect"), *AFTER], Verdict.UNKNOWN),  # rotated away
    ([line(-60, "smtpd[1]: connect"), *AFTER], Verdict.UNKNOWN),  # of another host
    # Of the right host, and in another time zone: two hours off.
    ([line(-180, "smtpd[1]: connect"), *taken(-121, "before@x", "A1"), line(60, "x[1]: y")],
     Verdict.UNKNOWN),
    ([], Verdict.UNKNOWN), (["\x00\x01", "no log at all"], Verdict.UNKNOWN)])
def test_what_a_log_says(rows: list[str], verdict: Verdict) -> None:
    assert read_log(rows, AT, OURS).verdict("<doubt@x>", AT) is verdict


@pytest.mark.parametrize(("rows", "verdict"), [
    ([*BEFORE, *AFTER], Verdict.UNKNOWN),  # of one of two hosts: the other message is not in it
    ([BEFORE[0], *taken(-30, "other@x", "C3"), *BEFORE[1:], *AFTER], Verdict.NOT_TAKEN),
    ([*BEFORE[1:], *AFTER], Verdict.NOT_TAKEN)])  # the other was taken before this log begins
def test_all_that_was_taken_must_be_in_a_log(rows: list[str], verdict: Verdict) -> None:
    assert read_log(rows, AT, BOTH).verdict("<doubt@x>", AT) is verdict


@pytest.mark.parametrize(("begins", "verdict"), [(-2, Verdict.UNKNOWN), (-5, Verdict.NOT_TAKEN)])
def test_a_relay_whose_clock_is_behind(begins: float, verdict: Verdict) -> None:
    """By four minutes: what it wrote at 9:58 is of 10:02."""
    rows = [line(begins, "smtpd[1]: connect"), *taken(1, "after@x", "D4"), line(30, "x[1]: y")]
    after = {"<after@x>": AT + timedelta(minutes=5)}
    assert read_log(rows, AT, after).verdict("<doubt@x>", AT) is verdict


def test_syslog_leaves_out_the_year() -> None:
    local = AT.astimezone()
    rows = [f"{(local + timedelta(minutes=m)):%b %d %H:%M:%S} mx postfix/{text}" for m, text in (
        (-60, "x[1]: y"), (-1, "cleanup[1]: A1: message-id=<before@x>"),
        (-1, "qmgr[1]: A1: from=<b@x>, size=1, nrcpt=1 (queue active)"), (11, "x[1]: y"))]
    assert read_log(rows, AT, OURS).verdict("<doubt@x>", AT) is Verdict.NOT_TAKEN
    old = [row.replace(f"{local:%b}", "Apr") for row in rows]
    assert read_log(old, AT, OURS).verdict("<doubt@x>", AT) is Verdict.UNKNOWN


@pytest.fixture
def doubtful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A series with one message in doubt, and two that were accepted."""
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))
    with BadServer(Script(dot=[EOF, b"250 2.0.0 queued\r\n"])) as server:
        post.set_up(tmp_path / "s", 3, server.port, settings="connections = 1\n")
        post.send_here(tmp_path / "s")
    assert post.states(tmp_path / "s") == {"accepted": 2, "in_doubt": 1}
    return tmp_path / "s"


def resolve(folder: Path, said: resolving.Said, *logs: Path) -> list[str]:
    with mailing.open_session(folder, Sink()) as session:
        campaign = session.ledger.campaign(post.ISSUE)
        assert campaign
        mailing.recover(session, campaign, Sink())
        return [what for _, what in resolving.resolve(
            session.ledger, [campaign], logs, said, session.stamp(), Sink())]


def log_of_the_accepted(folder: Path, log: Path, stamp: str) -> Path:
    """Write a whole log, with stamps of that form, that has what was accepted and no more."""
    with mailing.open_session(folder, Sink()) as session:
        campaign = session.ledger.campaign(post.ISSUE)
        assert campaign
        accepted = session.ledger.deliveries(campaign, State.ACCEPTED)
    at = datetime.fromisoformat(accepted[0].updated_at).astimezone()
    rows = [(-5, "x[1]: y"), (11, "x[1]: y"), *(
        (0, text) for n, each in enumerate(accepted) for text in (
            f"cleanup[1]: A{n}: message-id={each.message_id}",
            f"qmgr[1]: A{n}: from=<b@x>, size=1, nrcpt=1 (queue active)"))]
    log.write_text("\n".join(f"{at + timedelta(minutes=m):{stamp}} mx postfix/{text}"
                             for m, text in sorted(rows, key=lambda row: row[0])))
    return log


@pytest.mark.slow
@pytest.mark.parametrize("stamp", ["%b %e %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
def test_a_whole_log_that_is_silent_says_that_it_was_not_taken(
        doubtful: Path, tmp_path: Path, stamp: str) -> None:
    """The year, if its stamps have none, is the attempt's, not that of the plan."""
    log = log_of_the_accepted(doubtful, tmp_path / "mail.log", stamp)
    assert resolve(doubtful, resolving.Said(), log) == ["not taken, says the server's log"]
    assert post.states(doubtful) == {"accepted": 2, "planned": 1}


def test_whoever_says_that_it_was_taken_wins(doubtful: Path, tmp_path: Path) -> None:
    """A log that is silent is not believed against the reader."""
    log = log_of_the_accepted(doubtful, tmp_path / "mail.log", "%Y-%m-%dT%H:%M:%S%z")
    assert resolve(doubtful, resolving.Said(taken=(post.address(0),)), log) == [
        "taken, says the editor"]
    assert post.states(doubtful) == {"accepted": 3}


def test_what_the_editor_says_of_somebody_else_is_told(doubtful: Path) -> None:
    for said, code in ((resolving.Said(taken=(post.address(1),)), "not-in-doubt"),
                       (resolving.Said(taken=("typo@example.org",)), "not-in-doubt"),
                       (resolving.Said((post.address(0),), (post.address(0),)), "contradiction")):
        with pytest.raises(ReportgenError) as caught:
            resolve(doubtful, said)
        assert [d.code for d in caught.value.diagnostics] == [code]
    assert post.states(doubtful) == {"accepted": 2, "in_doubt": 1}


def test_what_is_resent_at_the_editors_word(doubtful: Path) -> None:
    assert resolve(doubtful, resolving.Said()) == []
    assert resolve(doubtful, resolving.Said(resend=True)) == [
        "to be sent again, taken or not"]
    assert post.states(doubtful) == {"accepted": 2, "planned": 1}


def test_a_cancelled_mailing_sends_nothing_more(doubtful: Path) -> None:
    with mailing.open_session(doubtful, Sink()) as session:
        campaign = session.ledger.campaign(post.ISSUE)
        assert campaign
        session.ledger.cancel(campaign, session.stamp())
    assert resolve(doubtful, resolving.Said(not_taken=(post.address(0),))) == [
        "not taken, says the editor; not sent again, because the mailing was called off"]
    assert post.states(doubtful) == {"accepted": 2, "cancelled": 1}


def test_a_slip_of_the_editor_is_taken_back_by_who_knows_better(doubtful: Path) -> None:
    """As long as the message was not sent again: whoever says that it was taken wins."""
    reader = (post.address(0),)
    for _ in range(2):
        resolve(doubtful, resolving.Said(not_taken=reader))
        assert post.states(doubtful) == {"accepted": 2, "planned": 1}
    assert resolve(doubtful, resolving.Said(taken=reader)) == ["taken, says the editor"]
    assert post.states(doubtful) == {"accepted": 3}
    with mailing.open_session(doubtful, Sink()) as session:
        campaign = session.ledger.campaign(post.ISSUE)
        assert campaign
        outcomes = [a.outcome for d in session.ledger.deliveries(campaign)
                    for a in session.ledger.attempts(d.id)]
    assert outcomes == ["accepted"] * 3


@pytest.mark.parametrize(("rows", "words"), [
    ([*BEFORE[1:], line(9, "x[1]: y")], "it ends at "), ([*BEFORE[1:], *AFTER], ""),
    ([line(5, "x[1]: y"), *taken(6, "before@x", "A1")], "its times are not those of the mailing"),
    ([line(-60, "x[1]: y"), *AFTER], "no message of this mailing is in it"),
    ([line(-60, "x[1]: y"), *taken(-30, "other@x", "C3"), *AFTER], "it lacks a message")])
def test_a_log_that_says_nothing_is_told_why(rows: list[str], words: str) -> None:
    log = read_log(rows, AT, BOTH)
    verdict = log.verdict("<doubt@x>", AT)
    assert verdict is (Verdict.UNKNOWN if words else Verdict.NOT_TAKEN)
    assert not words or words in log.why_unknown("<doubt@x>", AT)


def test_a_rehearsal_and_a_namesake_are_other_mailings(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two series of the same title, on one machine, do not take each other's mail for sent."""
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))
    for name in ("rehearsal", "real"):
        with BadServer() as server:
            post.set_up(tmp_path / name, 3, server.port)
            post.send_here(tmp_path / name)
            assert len(server.taken) == 3
