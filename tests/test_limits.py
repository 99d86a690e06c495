"""Limits of a server, and those that we keep: nobody loses their place, everybody gets it once."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from reportgen.diagnostics import Sink
from reportgen.mail import api as mailing
from reportgen.mail.ledger.campaign import State
from reportgen.mail.pace import Allowance, Turns
from reportgen.mail.sending.sender import Ended, Limits, Outcome, Queue
from reportgen.mail.subscribers import Status

from . import post
from .badserver import BadServer, Script

MICROSOFT = b"550 5.1.90 Your message can't be sent because you've reached your daily limit\r\n"


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))


def send_at(folder: Path, moment: datetime, name: str = post.ISSUE) -> Outcome:
    """Send what is open, by another clock."""
    sink = Sink()
    with mailing.open_session(folder, sink, lambda: moment) as session:
        campaign = session.ledger.campaign(name)
        assert campaign
        mailing.recover(session, campaign, sink)
        waiting = tuple(mailing.open_deliveries(session, campaign))
        limits = Limits(2, allowance=session.mail.allowance, backoff=0.05)
        return mailing.run(session, campaign, mailing.connector(session, sink), limits,
                           mailing.Watching(Queue(waiting, 0.0)), sink)


def got(server: BadServer) -> Counter[str]:
    return Counter(recipient for recipient, _ in server.taken)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["rcpt", "dot"])
def test_a_daily_limit_costs_nobody_their_place(place: str, tmp_path: Path) -> None:
    """Microsoft 365 (MicrosoftDocs/OfficeDocs-Exchange#2729): it says when to go on."""
    folder = tmp_path / "s"
    answers = [b"250 ok\r\n"] * 40 + [MICROSOFT]
    script = Script(rcpt=answers) if place == "rcpt" else Script(dot=answers)
    with BadServer(script) as server:
        post.set_up(folder, 100, server.port, settings="connections = 2\n")
        outcome = post.send_here(folder)
        assert outcome.ended is Ended.LIMIT and "daily limit" in outcome.progress.why
        assert 0 < outcome.progress.go_on_at - time.time() <= 86400
        assert post.states(folder)["rejected"] == 0
        with mailing.open_list(folder) as (_, subscribers):
            assert {p.status for p in subscribers.all()} == {Status.ACTIVE}
        refused = server.commands.count("DATA") - 40 if place == "dot" else 0
        assert refused <= 4, "it ran on into the wall"
        server.script, before = Script(), len(server.taken)
        if place == "dot":  # whose end was refused has been read, and not taken
            server.taken[:] = server.taken[:40]
            before = 40
        time.sleep(0.3)
        post.send_here(folder, wait=2)
        assert len(server.taken) == 100 and before >= 40
        assert got(server) == {post.address(n): 1 for n in range(100)}


@pytest.mark.slow
def test_a_limit_of_a_day_is_kept_over_four_days(tmp_path: Path) -> None:
    folder, start = tmp_path / "s", datetime.now(UTC)
    with BadServer() as server:
        post.set_up(folder, 100, server.port, settings="per-day = 30\nconnections = 2\n")
        sent = []
        for day in range(4):
            outcome = send_at(folder, start + timedelta(days=day, minutes=day))
            sent.append(len(server.taken))
            if day < 3:
                assert outcome.ended is Ended.LIMIT
                at = datetime.fromtimestamp(outcome.progress.go_on_at, UTC)
                assert at - (start + timedelta(days=day)) <= timedelta(days=1, minutes=5)
                again = send_at(folder, start + timedelta(days=day, hours=12))
                assert again.ended is Ended.LIMIT and len(server.taken) == sent[-1]
        assert sent == [30, 60, 90, 100] and outcome.ended is Ended.DONE
        assert got(server) == {post.address(n): 1 for n in range(100)}
        days = {parsedate_to_datetime(str(message_from_bytes(text)["Date"])).date()
                for _, text in server.taken}
    assert len(days) >= 4, "a message says when it is sent, not when it was planned"


@pytest.mark.slow
def test_a_limit_counts_all_mailings_of_an_hour(tmp_path: Path) -> None:
    folder, now = tmp_path / "s", datetime.now(UTC)
    with BadServer() as server:
        for again in ("", "/again=x"):
            post.set_up(folder, 8, server.port, settings="per-hour = 10\n", again=again)
        assert send_at(folder, now).ended is Ended.DONE
        assert send_at(folder, now, post.ISSUE + "/again=x").ended is Ended.LIMIT
        assert len(server.taken) == 10
        assert send_at(folder, now + timedelta(minutes=61),
                       post.ISSUE + "/again=x").ended is Ended.DONE
    assert max(got(server).values()) == 2


def test_turns_slide() -> None:
    """No hour, whenever one looks, has more than are allowed."""
    now = [0.0]
    turns = Turns(Allowance(per_hour=3, per_day=5), [], lambda: now[0])
    given = []
    while now[0] < 100_000:
        at = turns.take()
        if at:
            now[0] = at
        else:
            given.append(now[0])
            now[0] += 10
    for start in given:
        assert sum(start <= one < start + 3600 for one in given) <= 3
        assert sum(start <= one < start + 86400 for one in given) <= 5
    assert len(given) == 10


def test_a_message_in_doubt_says_the_same_date_when_it_is_sent_again(tmp_path: Path) -> None:
    from .badserver import EOF

    folder = tmp_path / "s"
    with BadServer(Script(dot=[EOF, b"250 ok\r\n"])) as server:
        post.set_up(folder, 1, server.port, settings='in-doubt = "resend"\n')
        post.send_here(folder)
        assert post.states(folder) == {"in_doubt": 1}
        time.sleep(1.1)
        post.send_here(folder)
        first, second = (text for _, text in server.taken)
    assert post.states(folder) == {"accepted": 1} and first == second


def test_who_has_an_issue_does_not_get_it_again_by_another_address(tmp_path: Path) -> None:
    from reportgen.mail.addresses import parse_address
    from reportgen.mail.campaigns.names import had_by

    folder = tmp_path / "s"
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 later\r\n"])) as server:
        post.set_up(folder, 2, server.port, settings="connections = 1\n")
        post.send_here(folder)
        with mailing.open_session(folder, Sink()) as session:
            campaign = session.ledger.campaign(post.ISSUE)
            assert campaign
            waits = session.ledger.deliveries(campaign, State.DEFERRED)[0]
            has = session.ledger.deliveries(campaign, State.ACCEPTED)[0]
            for delivery in (waits, has):
                old = parse_address(delivery.rcpt)
                new = parse_address(f"new-{delivery.rcpt}")
                assert not session.subscribers.change(old, new, session.stamp())
            had = had_by(session, post.ISSUE, post.ISSUE)
            assert had(f"new-{has.rcpt}") == post.ISSUE
            token = session.subscribers.token(has.addr_key)
            found = session.subscribers.of_token(token)
            assert found and found.address.mailbox == f"new-{has.rcpt}"
        time.sleep(0.3)
        post.send_here(folder)  # what was planned for the old address is not sent there
        assert post.states(folder) == {"accepted": 1, "suppressed": 1}
        with mailing.open_session(folder, Sink()) as session:
            assert not had_by(session, post.ISSUE, post.ISSUE)(f"new-{waits.rcpt}")
