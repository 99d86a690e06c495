"""Which mailing is which: series, issues, servers, newcomers and corrections that must not mix."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen.cli.main import main

from .badserver import EOF, BadServer, Script
from .conftest import SMALL_BRIEF

pytestmark = pytest.mark.slow


@dataclass
class Desk:
    """An editor with a series, and a server."""

    folder: Path
    server: BadServer
    said: Callable[[], tuple[str, str]]

    def set_up(self, *readers: str, title: str = "Our Bulletin", more: str = "",
               issue: str = "2019-04") -> Desk:
        """Make the series, with an issue and its readers."""
        (self.folder / issue).mkdir(parents=True)
        (self.folder / issue / "central-asia.md").write_text(SMALL_BRIEF)
        (self.folder / issue / "issue.toml").write_text("date = 2019-04-01\n")
        (self.folder / "series.toml").write_text(f'title = "{title}"\n')
        self.mail_through(self.server, more)
        self.subscribe(*readers)
        return self

    def mail_through(self, server: BadServer, more: str = "") -> None:
        (self.folder / "mail.toml").write_text(
            f'sender = "Us <bulletin@example.org>"\nserver = "127.0.0.1"\nsecurity = "none"\n'
            f"port = {server.port}\nconnections = 1\ntimeout = 3\n"
            f"final-timeout = 3\n{more}"
            + ("" if "returns" in more or "maildir" in more else 'returns = "by-hand"\n')
            + ("" if "retry-after" in more else "retry-after = [0.2]\n"))

    def subscribe(self, *readers: str) -> None:
        rows = "".join(f"{name}@example.org,{group},form\n"
                       for name, _, group in (reader.partition(":") for reader in readers))
        path = self.folder / "list.csv"
        path.write_text("email,groups,consent\n" + rows)
        assert main(["subscribers", "import", str(path), "--series", str(self.folder)]) == 0

    def send(self, *options: str, issue: str = "2019-04", status: int = 0) -> str:
        """Return what `send` says."""
        self.said()
        found = main(["send", str(self.folder / issue), *options])
        out, err = self.said()
        assert found == status, (found, out, err)
        return out + err

    def got(self) -> dict[str, int]:
        """Return how many messages each reader got since this was asked last."""
        found = Counter(name.removesuffix("@example.org") for name, _ in self.server.taken)
        self.server.taken.clear()
        return dict(found)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
         capsys: pytest.CaptureFixture[str]) -> Callable[..., Desk]:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))
    return lambda name, server: Desk(tmp_path / name, server, capsys.readouterr)


def test_two_series_with_an_issue_of_the_same_month(desk: Callable[..., Desk]) -> None:
    """Months are the names of issues: who reads both series gets both."""
    with BadServer() as server:
        for name in ("english", "italiano"):
            ours = desk(name, server).set_up("anna", "bob", title="Trends")
            ours.send("--yes")
            assert ours.got() == {"anna": 1, "bob": 1}


def test_two_issues_of_the_same_folder_name(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", issue="2019/04")
        ours.send("--yes", issue="2019/04")
        shutil.copytree(ours.folder / "2019", ours.folder / "2020")
        ours.send("--yes", issue="2020/04")
        assert ours.got() == {"anna": 2}
        assert "2020/04" in ours.send("--status", issue="2020/04")


def test_a_deleted_ledger_knows_who_was_deferred(desk: Callable[..., Desk]) -> None:
    """They have nothing yet; who has it gets no second one."""
    with BadServer(Script(dot=[b"250 ok\r\n", b"451 4.3.0 later\r\n"])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        ours.got()
        for path in ours.folder.glob("mailings.sqlite*"):
            path.unlink()
        server.script = Script()
        assert "left out  1" in ours.send("--yes")
        assert ours.got() == {"bob": 1}


def test_an_older_ledger_that_is_called_off_lets_nobody_get_two(
        desk: Callable[..., Desk]) -> None:
    with BadServer(Script(rcpt=b"451 4.3.0 later\r\n")) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        backup = (ours.folder / "mailings.sqlite").read_bytes()
        server.script = Script()
        time.sleep(0.3)  # retry-after
        ours.send("--yes")
        assert ours.got() == {"anna": 1, "bob": 1}
        for path in ours.folder.glob("mailings.sqlite*"):
            path.unlink()
        (ours.folder / "mailings.sqlite").write_bytes(backup)
        assert "warning[older-ledger]" in ours.send("--cancel")
        assert "everybody" in ours.send("--newcomers", "--yes")
        assert ours.got() == {}


def test_another_server_is_told_before_anything_is_sent(desk: Callable[..., Desk]) -> None:
    with BadServer() as rehearsal, BadServer() as real:
        ours = desk("s", rehearsal).set_up("anna")
        ours.send("--yes")
        assert ours.got() == {"anna": 1}
        ours.mail_through(real)
        said = ours.send("--yes", status=1)
        assert "error[other-server] this mailing was planned for 127.0.0.1" in said
        assert "mail.toml:2" in said
        assert real.taken == []
        assert "1 accepted" in ours.send("--yes", "--adopt")
        ours.server = real
        ours.send("--again", "for-real", "--yes")
        assert ours.got() == {"anna": 1}


def test_newcomers_are_not_kept_waiting_by_a_doubt_or_a_mailing_that_was_called_off(
        desk: Callable[..., Desk]) -> None:
    with BadServer(Script(dot=[b"250 ok\r\n", EOF, b"250 ok\r\n"])) as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        ours.subscribe("bob")
        assert "1 more subscribes and has it not: --newcomers" in ours.send("--yes")
        ours.send("--newcomers", "--yes", status=4)
        ours.subscribe("carla")
        ours.got()
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"carla": 1}
        assert "1 to be sent" in ours.send("--resolve", "--not-taken", "bob@example.org", status=4)
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"bob": 1}
        ours.subscribe("dora")
        server.script = Script(rcpt=b"451 4.3.0 later\r\n")
        ours.send("--newcomers", "--yes", status=4)
        assert "1 message cancelled" in ours.send("--newcomers", "--cancel")
        server.script = Script()
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"dora": 1}


def test_a_newcomer_who_is_deferred_keeps_nobody_waiting(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", more="retry-after = [3600]\n")
        ours.send("--yes")
        ours.subscribe("full")
        server.script = Script(rcpt=b"452 4.2.2 mailbox full\r\n")
        ours.send("--newcomers", "--yes", status=4)
        server.script = Script()
        ours.subscribe("bob", "carla")
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1, "carla": 1}
        said = ours.send("--newcomers", "--yes", status=4)
        assert "1 deferred" in said and "everybody has it" not in said


def test_a_newcomer_in_doubt_is_not_forgotten(desk: Callable[..., Desk]) -> None:
    with BadServer(Script(dot=[b"250 ok\r\n", EOF, b"250 ok\r\n"])) as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        ours.subscribe("late")
        ours.send("--newcomers", "--yes", status=4)
        assert "1 in doubt" in ours.send("--newcomers", "--yes", status=4)
        assert ours.got() == {"anna": 1, "late": 1}
    with BadServer(Script(dot=[EOF, b"250 ok\r\n"])) as server:
        ours = desk("t", server).set_up(more='in-doubt = "resend"\n')
        ours.subscribe("late")
        ours.send("--newcomers", "--yes", status=4)
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"late": 2}


def test_who_wants_other_regions_is_no_newcomer(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", more='personal = "regions"\n')
        main(["subscribers", "add", "bob@example.org", "--region", "Sahel", "--consent", "a letter",
              "--series", str(ours.folder)])
        assert "--newcomers" not in ours.send("--yes")
        assert "everybody" in ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1}


def test_a_new_list_knows_nothing_of_who_left(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes")
        ours.got()
        main(["subscribers", "remove", "bob@example.org", "--series", str(ours.folder)])
        for path in ours.folder.glob("subscribers.sqlite*"):
            path.unlink()
        shutil.copytree(ours.folder / "2019-04", ours.folder / "2019-05")
        (ours.folder / "2019-05" / "central-asia.md").write_text(
            SMALL_BRIEF.replace("April", "May"))
        (ours.folder / "2019-05" / "issue.toml").write_text("date = 2019-05-01\n")
        ours.subscribe("anna", "bob")
        for options in ((), ("--newcomers",)):
            said = ours.send(*options, "--yes", issue="2019-05", status=1)
            assert "error[other-list] subscribers.sqlite is new" in said
        assert ours.got() == {}
        ours.send("--yes", "--adopt", issue="2019-05")
        assert ours.got() == {"anna": 1, "bob": 1}


def test_a_brief_that_nobody_wrote_is_not_mailed(desk: Callable[..., Desk], tmp_path: Path) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        assert main(["new", "brief", "Gulf", "--issue", str(ours.folder / "2019-04")]) == 0
        settings = ours.folder / "mail.toml"
        settings.write_text(settings.read_text().replace(f"port = {server.port}", "port = 1"))
        said = ours.send("--yes", status=1)  # before anything that is wrong with the server
        assert "gulf.md:1 error[not-written]" in said and "no-connection" not in said
        (ours.folder / "2019-04" / "gulf.md").write_text(
            SMALL_BRIEF.replace("CENTRAL ASIA", "GULF"))
        said = ours.send("--yes", status=4)
        assert "error[no-connection] 127.0.0.1:1: Connection refused" in said
        (ours.folder / "2019-04" / "gulf.md").unlink()
        assert main(["new", "brief", "Gulf", "--issue", str(ours.folder / "2019-04")]) == 0
        assert "warning[not-written]" in ours.send("--dry-run", str(tmp_path / "mails"))
        assert ours.got() == {}


def test_words_that_cannot_be_meant(desk: Callable[..., Desk],
                                    capsys: pytest.CaptureFixture[str]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna:press", "bob:board")
        said = ours.send("--to", "pres", "--yes", status=1)
        assert 'error[no-group] nobody is in a group "pres"' in said and '"press"?' in said
        assert "groups are: board, press" in ours.send("--to", "x", "--yes", status=1)
        with pytest.raises(SystemExit):
            main(["send", str(ours.folder / "2019-04"), "--dry", "x"])
        capsys.readouterr()
        main(["subscribers", "remove", "ana@example.org", "--series", str(ours.folder)])
        assert "did you mean anna@example.org?" in capsys.readouterr().err
        said = ours.send("--language", "xx", "--yes")
        assert "warning[no-language]" in said and ours.got() == {"anna": 1, "bob": 1}


def test_the_plan_says_what_goes_to_whom(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", more='personal = "regions"\n')
        (ours.folder / "2019-04" / "gulf.md").write_text(
            SMALL_BRIEF.replace("CENTRAL ASIA", "GULF"))
        regions = ours.folder / "regions.toml"
        regions.write_text('[zomia]\nname = "Zomia"\ncountries = ["DJ", "ER"]\n'
                           'colour = "#7a4a12"\n')
        for region, name in (("Gulf", "bob"), ("Zomia", "carla")):
            main(["subscribers", "add", f"{name}@example.org", "--region", region, "--consent",
                  "a letter", "--series", str(ours.folder)])
        regions.unlink()
        said = ours.send("--yes")
        assert "warning[no-such-region] 1 named no region but zomia" in said
        assert "subject  Our Bulletin, April 2019" in said and "brief  Gulf: " in said
        assert "the whole bulletin  to 1\n" in said and "gulf  to 1\n" in said
        ours.subscribe("dora")
        (ours.folder / "2019-04" / "gulf.md").write_text(
            SMALL_BRIEF.replace("CENTRAL ASIA", "GULF").replace("title", "better title"))
        said = ours.send("--newcomers", "--yes")
        assert "2019-04/gulf.md changed since this issue was mailed first" in said


def test_a_list_of_another_script_has_an_identifier_of_its_own(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        for name, title in (("s", "Мир"), ("t", "Безопасность"), ("u", "Trends")):
            desk(name, server).set_up("anna", title=title).send("--yes")
        found = [re.search(rb"List-Id: .*<(.*)>", mail)[1] for _, mail in server.taken]  # type: ignore[index]
    assert len(set(found)) == 3 and found[2] == b"trends.example.org"


def test_who_was_erased_while_in_doubt(desk: Callable[..., Desk]) -> None:
    with BadServer(Script(dot=[EOF])) as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes", status=4)
        main(["subscribers", "remove", "anna@example.org", "--erase", "--series",
              str(ours.folder)])
        said = ours.send("--resolve", "--resend", status=4)
        assert "not sent again, because the person was erased" in said


def test_what_to_do_after_calling_off_gives_nobody_two(desk: Callable[..., Desk]) -> None:
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 4.3.0 later\r\n"])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        ours.send("--cancel")
        assert "--newcomers mails it to who has it not" in ours.send("--yes")
        server.script = Script()
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1}


def test_a_correction_to_two_groups_reaches_who_is_in_both_once(
        desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna:press", "bob:board", "carla:press; board")
        for group in ("press", "board"):
            ours.send("--again", "correction", "--to", group, "--yes")
        assert ours.got() == {"anna": 1, "bob": 1, "carla": 1}


def test_two_copies_of_a_series_do_not_send_at_once(desk: Callable[..., Desk]) -> None:
    """A copy has its own lock file; what this machine keeps is the same."""
    from reportgen.diagnostics import Sink
    from reportgen.mail import api as mailing

    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        copy = desk("copy", server)
        shutil.copytree(ours.folder, copy.folder)
        with mailing.open_session(ours.folder, Sink()):
            assert "error[busy]" in copy.send("--yes", status=75)
        ours.send("--yes")
        assert "error[nobody]" in copy.send("--yes", status=1)
        assert ours.got() == {"anna": 1}


@pytest.mark.parametrize("code", ["IT", "it-IT", "Italian", "italiano"])
def test_a_language_by_any_of_its_names(code: str, desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("bob")
        for name, language in (("anna", "it"), ("carl", "German")):
            assert main(["subscribers", "add", f"{name}@example.org", "--language", language,
                         "--consent", "letter", "--series", str(ours.folder)]) == 0
        ours.send("--language", code, "--yes")
        assert ours.got() == {"anna": 1, "bob": 1}  # bob reads any
        assert "error[language]" in ours.send("--language", "Elvish", status=1)
        ours.send("--language", "de", "--yes")
        assert ours.got() == {"carl": 1}


def test_a_sender_whose_domain_is_not_in_ascii(desk: Callable[..., Desk]) -> None:
    """Its ASCII form is sent, so no server needs SMTPUTF8."""
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        settings = ours.folder / "mail.toml"
        text = settings.read_text()
        for name in ("sender", "reply-to", "envelope-sender"):
            text = f'{name} = "bulletin@müller.example"\n' + text.replace(
                'sender = "Us <bulletin@example.org>"\n', "")
        settings.write_text(text)
        ours.send("--yes")
        [(_, message)] = server.taken
        assert b"From: bulletin@xn--mller-kva.example\r\n" in message
        assert any(c.startswith("MAIL FROM:<bulletin@xn--mller-kva.example>")
                   for c in server.commands)
        settings.write_text(text.replace("bulletin@müller.example", "jörg@example.org"))
        said = ours.send("--again", "x", "--yes", status=1)
        assert "error[smtputf8]" in said and len(server.taken) == 1


@pytest.mark.parametrize(("given", "words"), [
    ('dkim-selector = "a\\nBcc: evil@example.org"', "dkim-selector is no selector"),
    ('dkim-domain = "münchen.example"', "dkim-domain is no domain in ASCII"),
    ("retry-after = [0]", "retry-after is a list of seconds")])
def test_settings_that_would_do_harm(given: str, words: str, desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        whole = {"dkim-selector": "a", "dkim-domain": "example.org", "dkim-key": "key.pem"}
        name = given.partition(" ")[0]
        text = (ours.folder / "mail.toml").read_text().replace("retry-after = [0.2]\n", "")
        text += given + "\n" + "".join(f'{key} = "{value}"\n' for key, value in whole.items()
                                       if key != name and name.startswith("dkim"))
        (ours.folder / "mail.toml").write_text(text)
        assert words in ours.send("--yes", status=1)


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "2>&1 >/dev/null | head -c 1"])
def test_talk_that_nobody_hears_stops_nothing(redirected: str, desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", "bob")
        done = run(ours, f"send 2019-04 --yes {redirected}")
        assert done.returncode == 0
        assert ours.got() == {"anna": 1, "bob": 1}
        assert done.stdout in ("", "2")  # the first letter of the plan


def test_data_that_cannot_be_printed_is_no_traceback(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
    for redirected, status in ((">&-", 0), (">/dev/full", 3)):
        done = run(ours, f"subscribers export {redirected}")
        assert done.returncode == status and "Traceback" not in done.stderr


def run(desk: Desk, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell, in the folder of the series; its streams are buffered."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    return subprocess.run(
        f"{sys.executable} -m reportgen.cli.main {command}", shell=True, cwd=desk.folder,
        env=environment, capture_output=True, text=True, check=False, timeout=120)


def without_ledger(ours: Desk) -> None:
    for path in ours.folder.glob("mailings.sqlite*"):
        path.unlink()


def keep(ours: Desk) -> Path:
    """Return a copy of the ledger as it is now."""
    kept = ours.folder / "backup"
    shutil.copy(ours.folder / "mailings.sqlite", kept)
    return kept


def restore(ours: Desk, kept: Path) -> None:
    without_ledger(ours)
    shutil.copy(kept, ours.folder / "mailings.sqlite")


def test_a_deleted_ledger_is_remembered_after_the_next_mailing_as_well(
        desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes")
        without_ledger(ours)
        assert "2 attempts that the ledger here has not" in ours.send("--status")
        ours.subscribe("carl")
        assert "--newcomers" not in ours.send("--yes")
        assert "everybody" in ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1, "carl": 1}


def test_a_correction_that_an_older_ledger_lacks(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna:press", "bob")
        ours.send("--yes")
        kept = keep(ours)
        ours.got()
        ours.send("--again", "correction", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1}
        restore(ours, kept)
        ours.subscribe("carl")
        ours.send("--again", "correction", "--yes")
        ours.send("--again", "correction", "--to", "press", "--yes", status=1)
        assert ours.got() == {"carl": 1}


def test_newcomers_that_an_older_ledger_lacks(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        kept = keep(ours)
        ours.subscribe("bob")
        ours.send("--newcomers", "--yes")
        restore(ours, kept)
        ours.subscribe("carl")
        ours.send("--newcomers", "--yes")
        assert "everybody" in ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1, "carl": 1}


def test_an_older_ledger_that_was_called_off_since(desk: Callable[..., Desk]) -> None:
    """What was left of the mailing went to the same people as newcomers."""
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 later\r\n", b"451 later\r\n"])) as server:
        ours = desk("s", server).set_up("anna", "bob", "carl")
        ours.send("--yes", status=4)
        kept = keep(ours)
        ours.send("--cancel")
        server.script = Script()
        ours.send("--newcomers", "--yes")
        restore(ours, kept)
        time.sleep(0.3)
        assert "warning[older-ledger] the ledger has lost the mailing" in ours.send("--yes")
        assert ours.got() == {"anna": 1, "bob": 1, "carl": 1}


def test_an_issue_whose_folder_was_renamed(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        (ours.folder / "2019-04").rename(ours.folder / "april")
        assert "this issue was mailed as 2019-04" in ours.send("--yes", issue="april", status=1)
        ours.send("--again", "errata-corrige", "--yes", issue="april")
        assert ours.got() == {"anna": 2}
        (ours.folder / "april").rename(ours.folder / "2019-04")
        assert ours.send("--yes")
        assert ours.got() == {}


def test_a_correction_says_that_it_is_one(desk: Callable[..., Desk]) -> None:
    import email
    import email.policy

    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        ours.send("--again", "errata-corrige", "--yes")
        subjects = [email.message_from_bytes(mail, policy=email.policy.default)["Subject"]
                    for _, mail in server.taken]
    assert subjects == ["Our Bulletin, April 2019", "Our Bulletin, April 2019: errata corrige"]


def test_a_dry_run_for_newcomers_is_for_them_alone(desk: Callable[..., Desk],
                                                   tmp_path: Path) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        ours.subscribe("bob")
        ours.send("--newcomers", "--dry-run", str(tmp_path / "first"))
        assert [p.name.partition("@")[0] for p in (tmp_path / "first").glob("*.eml")] == ["bob"]
        ours.send("--newcomers", "--yes")
        said = ours.send("--newcomers", "--dry-run", str(tmp_path / "second"))
        assert "the reader here is made up" in said


def test_who_is_deferred_is_told_until_when(desk: Callable[..., Desk]) -> None:
    with BadServer(Script(rcpt=b"451 later\r\n")) as server:
        ours = desk("s", server).set_up("anna", more="")
        (ours.folder / "mail.toml").write_text((ours.folder / "mail.toml").read_text().replace(
            "retry-after = [0.2]", "retry-after = [3600]"))
        begun = time.time()
        said = ours.send("--yes", status=4)
        hours = {time.strftime("%H:", time.localtime(at + 3600)) for at in (begun, time.time())}
        told = re.search(r"1 to be tried later, from (?:\d+ \w+, )?(\d\d:)", said)  # of a day
        assert told and told[1] in hours
        again = ours.send("--yes", status=4)
        assert again.count("1 deferred") == 1


def test_calling_off_what_is_done_changes_nothing(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes")
        assert "0 messages cancelled" in ours.send("--cancel")
        assert "called off" not in ours.send("--yes")


def test_copies_of_a_ledger_that_went_different_ways(desk: Callable[..., Desk]) -> None:
    """Attempts that end before the dot are in no journal: numbers alone do not tell."""
    later = b"451 later\r\n"
    with BadServer(Script(rcpt=[b"250 ok\r\n", later, later, later])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        for _ in range(3):
            ours.send("--yes", status=4)
            time.sleep(0.3)
        kept = keep(ours)
        without_ledger(ours)
        server.script = Script()
        assert "left out  1" in ours.send("--yes")
        assert ours.got() == {"anna": 1, "bob": 1}
        restore(ours, kept)
        assert "1 attempts that the ledger here has not" in ours.send("--status", status=4)
        assert "warning[older-ledger]" in ours.send("--yes")
        assert "1 attempts" not in ours.send("--status")
        assert ours.got() == {}


def test_what_a_ledger_has_for_called_off_may_have_been_sent_by_its_copy(
        desk: Callable[..., Desk]) -> None:
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 later\r\n"])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        shutil.copytree(ours.folder, ours.folder.parent / "copy")
        ours.send("--cancel")
        server.script = Script()
        time.sleep(0.3)
        desk("copy", server).send("--yes")
        assert "everybody" in ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1}


def test_newcomers_with_regions_of_interest(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", more='personal = "regions"\n')
        ours.send("--yes")
        main(["subscribers", "add", "bob@example.org", "--region", "Central Asia", "--consent", "x",
              "--series", str(ours.folder)])
        assert "1 more subscribes" in ours.send("--yes")
        ours.send("--newcomers", "--yes")
        assert ours.got() == {"anna": 1, "bob": 1}


def test_a_correction_by_a_name_with_accents_goes_once(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna:press; board", "bob:board")
        ours.send("--yes")
        ours.got()
        for group in ("press", "board"):
            ours.send("--again", "précision", "--to", group, "--yes")
        assert ours.got() == {"anna": 1, "bob": 1}


def test_a_doubt_that_the_ledger_lost_is_listed_and_can_be_settled(
        desk: Callable[..., Desk]) -> None:
    with BadServer(Script(dot=[b"250 ok\r\n", EOF])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        without_ledger(ours)
        ours.got()
        server.script = Script()
        assert "1 in doubt" in ours.send("--yes", status=4)
        ours.send("--resolve", "--not-taken", "bob@example.org", status=4)
        ours.send("--yes")
        assert ours.got() == {"bob": 1}


def test_a_doubt_by_a_mailing_that_the_ledger_lost(desk: Callable[..., Desk]) -> None:
    with BadServer(Script(rcpt=[b"250 ok\r\n", b"451 later\r\n"])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        kept = keep(ours)
        ours.send("--cancel")
        server.script = Script(dot=EOF)
        ours.send("--newcomers", "--yes", status=4)
        restore(ours, kept)
        server.script = Script()
        time.sleep(0.3)
        assert "warning[older-ledger]" in ours.send("--yes", status=4)
        ours.got()
        ours.send("--resolve", "--not-taken", "bob@example.org", status=4)
        ours.send("--yes")
        assert ours.got() == {"bob": 1}


@pytest.mark.parametrize("called_off", [False, True])
def test_a_slip_is_taken_back_also_later(called_off: bool, desk: Callable[..., Desk]) -> None:
    """As long as the message did not go out again."""
    with BadServer(Script(dot=[b"250 ok\r\n", EOF])) as server:
        ours = desk("s", server).set_up("anna", "bob")
        ours.send("--yes", status=4)
        if called_off:
            ours.send("--cancel")
        ours.send("--resolve", "--not-taken", "bob@example.org", status=0 if called_off else 4)
        server.script = Script(rcpt=b"451 later\r\n")
        if not called_off:
            ours.send("--yes", status=4)
        ours.got()
        assert "taken, says the editor" in ours.send("--resolve", "--taken", "bob@example.org")
        server.script = Script()
        time.sleep(0.3)
        ours.send("--yes")
        ours.send("--newcomers", "--yes")
        assert ours.got() == {}


def test_what_is_no_renamed_issue(desk: Callable[..., Desk]) -> None:
    """Nobody has it; or it is a yearbook that has more."""
    with BadServer(Script(rcpt=b"451 later\r\n")) as server:
        ours = desk("s", server).set_up("anna")
        ours.send("--yes", status=4)
        ours.send("--cancel")
        (ours.folder / "2019-04").rename(ours.folder / "april")
        server.script = Script()
        ours.send("--yes", issue="april")
        (ours.folder / "april").rename(ours.folder / "yearbook")
        other = SMALL_BRIEF.replace("CENTRAL ASIA", "GULF")
        (ours.folder / "yearbook" / "gulf.md").write_text(other)
        ours.send("--yes", issue="yearbook")
        assert ours.got() == {"anna": 2}


def test_a_renamed_issue_by_its_briefs_whatever_their_ending(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        brief = ours.folder / "2019-04" / "central-asia.md"
        brief.rename(brief.with_suffix(".TXT"))
        ours.send("--yes")
        (ours.folder / "april").mkdir()
        for path in list((ours.folder / "2019-04").iterdir()):
            path.rename(ours.folder / "april" / path.name)
        assert "error[renamed-issue]" in ours.send("--yes", issue="april", status=1)


def test_who_asked_to_leave_is_not_mailed(desk: Callable[..., Desk], tmp_path: Path) -> None:
    """The mailbox is read first; what cannot be read stops the mailing, and is told."""
    maildir = tmp_path / "Maildir"
    (maildir / "new").mkdir(parents=True)
    (maildir / "new" / "1").write_bytes(b"From: bob@example.org\r\nSubject: STOP\r\n\r\n")
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", "bob", more=f'maildir = "{maildir}"\n')
        ours.send("--yes")
        assert [who for who, _ in server.taken] == ["anna@example.org"]


def test_a_mailbox_that_cannot_be_read_stops_the_mailing(desk: Callable[..., Desk],
                                                         tmp_path: Path) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna", more='maildir = "nowhere"\n')
        said = ours.send("--yes", status=1)
        assert "no Maildir" in said and "--skip-returns" in said
        assert server.taken == []
        ours.send("--yes", "--skip-returns")
        assert len(server.taken) == 1


def test_without_a_mailbox_the_editor_says_who_reads_it(desk: Callable[..., Desk]) -> None:
    with BadServer() as server:
        ours = desk("s", server).set_up("anna")
        path = ours.folder / "mail.toml"
        path.write_text(path.read_text().replace('returns = "by-hand"\n', ""))
        said = ours.send("--yes", status=1)
        assert "error[no-mailbox]" in said and "by-hand" in said and server.taken == []
