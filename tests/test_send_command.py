"""`reportgen send` and `reportgen subscribers` as an editor uses them, through a real Postfix."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import SMALL_BRIEF
from .mailservers import PASSWORD, Servers

pytestmark = pytest.mark.slow

GULF = SMALL_BRIEF.replace("CENTRAL ASIA", "GULF").replace("A title of", "Another title of")

LIST = """\
email,name,groups,regions,consent
reader-0@example.org,Anna Rossi,press,,form
reader-1@example.org,Jörg Müller-Łukasiewicz,,Gulf,form
reader-2@example.org,نبيل,press,Gulf,form
reader-3@example.org,Someone Else,,Sahel,form
"""


class Editor:
    """An editor at the command line."""

    def __init__(self, folder: Path, servers: Servers, settings: str = "") -> None:
        self.folder, self.servers = folder, servers
        (folder / "2019-04").mkdir(parents=True)
        (folder / "series.toml").write_text('title = "Our Bulletin"\npublisher = "Us"\n')
        (folder / "2019-04" / "central-asia.md").write_text(SMALL_BRIEF)
        (folder / "2019-04" / "gulf.md").write_text(GULF)
        (folder / "list.csv").write_text(LIST)
        (folder / "mail.toml").write_text(
            f'sender = "Città <bulletin@example.org>"\nserver = "localhost"\n'
            f'port = {servers.smtp}\nuser = "bulletin@example.org"\n'
            f'authorities = "{servers.tls.authority}"\nretry-after = [0.2]\n{settings}'
            + ("" if "imap" in settings or "maildir" in settings else 'returns = "by-hand"\n'))
        self.environment = {**os.environ, "REPORTGEN_MAIL_PASSWORD": PASSWORD,
                            "REPORTGEN_STATE": str(folder.parent / "state")}

    def run(self, *arguments: str, status: int = 0, given: str | None = None) -> tuple[str, str]:
        """Return what a command prints on stdout and stderr."""
        done = subprocess.run(
            [sys.executable, "-m", "reportgen.cli.main", *arguments], cwd=self.folder,
            capture_output=True, text=True, check=False, env=self.environment, input=given,
            timeout=120)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout, done.stderr

    def status(self) -> dict[str, dict[str, str]]:
        """Return the recipients of the first mailing by address."""
        out, _ = self.run("send", "2019-04", "--status", "--format", "json")
        return {row["address"]: row for row in json.loads(out)[0]["recipients"]}

    def counts(self) -> dict[str, int]:
        """Return how many mails each reader has."""
        self.servers.wait_until_idle()
        return {name: len(mails) for name, mails in self.servers.delivered().items()
                if mails and name.startswith("reader")}


class Terminal:
    """A command in a terminal of 30 by 100, at which somebody sits."""

    def __init__(self, editor: Editor, *arguments: str) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self._process = subprocess.Popen(
            # Whoever runs the tests in the background has SIGINT ignored.
            ["env", "--default-signal=INT,HUP", "setsid", "--ctty", "--wait", sys.executable, "-m",
             "reportgen.cli.main", *arguments],
            cwd=editor.folder, env=editor.environment, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.screen, self._closed = "", False
        self.status: int | None = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        """Read to the end."""
        if not self._closed:
            self.wait_for(r"\Z(?!)")
            self.close()
        self.status = self._process.wait(60)
        assert "Traceback" not in self.screen

    def close(self) -> None:
        """Close the terminal's window while the program runs."""
        os.close(self._ours)
        self._closed = True

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def wait_for(self, pattern: str, seconds: float = 60) -> None:
        """Read until something stands on the screen, or the program has ended."""
        end = time.monotonic() + seconds
        while not re.search(pattern, self.screen, re.S):
            if not select.select([self._ours], [], [], max(0.0, end - time.monotonic()))[0]:
                pytest.fail(f"waited in vain for {pattern}: {self.screen}")
            try:
                self.screen += os.read(self._ours, 65536).decode("utf-8", "replace")
            except OSError:  # the other side is closed
                return


@pytest.fixture
def editor(servers: Servers, tmp_path: Path) -> Callable[[str], Editor]:
    servers.clear()
    return lambda settings: Editor(tmp_path / "s", servers, settings)


def everybody(n: int) -> dict[str, int]:
    return {f"reader-{k}@example.org": n for k in range(4)}


def test_a_month_of_an_editor(editor: Callable[[str], Editor], tmp_path: Path) -> None:
    """Import, dry run, test, send, again, newcomers, a correction, the record."""
    ours = editor("")
    out, _ = ours.run("subscribers", "import", "list.csv")
    assert out == "4 added\n"
    out, err = ours.run("send", "2019-04", "--dry-run", "mails")
    assert len(out.splitlines()) == 4 and "4 messages" in err
    assert len(list((ours.folder / "mails").glob("*.eml"))) == 4
    assert {path.stat().st_mode & 0o777 for path in (ours.folder / "mails").iterdir()} == {0o600}
    out, _ = ours.run("send", "2019-04", "--test", "reader-9@example.org")
    assert re.match(r"reader-9@example.org  250 ", out)
    assert ours.counts() == {"reader-9@example.org": 1}
    assert not any(ours.run("send", "2019-04", "--status")[0])
    _, err = ours.run("send", "2019-04", status=2)  # nobody is there to say yes
    assert "--yes says it" in err and ours.counts() == {"reader-9@example.org": 1}
    _, err = ours.run("send", "2019-04", "--yes")
    assert "4 accepted" in err
    ours.run("send", "2019-04", "--yes")
    assert ours.counts() == everybody(1) | {"reader-9@example.org": 1}
    rows = ours.status()
    assert {row["state"] for row in rows.values()} == {"accepted"}
    for row in rows.values():
        assert re.fullmatch(r"<[0-9a-f]{32}@example.org>", row["message-id"])
        assert re.fullmatch(r"[0-9a-f]{64}", row["pdf-sha256"]) and row["time"].endswith("Z")
        assert row["reply"].startswith("250 2.0.0 Ok: queued")
    # A brief changes: what was frozen is what went; a correction is a mailing of its own.
    (ours.folder / "2019-04" / "gulf.md").write_text(GULF.replace("Another", "A better"))
    _, err = ours.run("send", "2019-04", "--yes")
    assert "warning[changed-since] 2019-04/gulf.md changed since" in err
    assert ours.counts()["reader-0@example.org"] == 1
    ours.run("subscribers", "add", "reader-5@example.org", "--consent", "letter")
    ours.run("send", "2019-04", "--newcomers", "--yes")
    assert ours.counts() == everybody(1) | {"reader-5@example.org": 1, "reader-9@example.org": 1}
    _, err = ours.run("send", "2019-04", "--to", "press", "--yes", status=1)
    assert "error[nobody]" in err and "gets it by the mailing 2019-04" in err
    ours.run("send", "2019-04", "--again", "correction", "--to", "press", "--yes")
    ours.run("send", "2019-04", "--again", "correction", "--yes")
    assert ours.counts() == (everybody(2) | {"reader-5@example.org": 2}  # once, not once a group
                             | {"reader-9@example.org": 1})


def test_a_ledger_that_was_deleted_sends_nobody_a_second_mail(
        editor: Callable[[str], Editor]) -> None:
    ours = editor("")
    ours.run("subscribers", "import", "list.csv")
    ours.run("send", "2019-04", "--to", "press", "--yes")
    ours.run("send", "2019-04", "--yes")
    for path in ours.folder.glob("mailings.sqlite*"):
        path.unlink()
    _, err = ours.run("send", "2019-04", "--yes", status=1)
    assert "which this machine sent and the ledger has not" in err
    ours.run("subscribers", "add", "reader-5@example.org", "--consent", "letter")
    ours.run("send", "2019-04", "--yes")
    assert ours.counts() == everybody(1) | {"reader-5@example.org": 1}


def test_personal_editions_with_names(editor: Callable[[str], Editor], tmp_path: Path) -> None:
    """Who named regions gets those briefs, built once a choice; the name is on the cover."""
    import email
    import email.policy

    from reportgen.conformance.verify import Thoroughness, verify_file

    from .conftest import Pdf

    ours = editor('personal = "regions-and-name"\n')
    ours.run("subscribers", "import", "list.csv")
    _, err = ours.run("send", "2019-04", "--yes")
    assert "left out  1  none of their regions is in this issue" in err
    assert "no name on the cover  1" in err  # no font of ours sets Arabic
    assert err.count("attached") == 2
    assert ours.counts() == {f"reader-{n}@example.org": 1 for n in range(3)}
    rows = ours.status()
    assert len({row["pdf-sha256"] for row in rows.values()}) == 3
    texts = {}
    for reader in range(3):
        [raw] = ours.servers.mails(f"reader-{reader}@example.org")
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        [pdf] = list(mail.iter_attachments())
        path = tmp_path / f"{reader}.pdf"
        path.write_bytes(pdf.get_content())
        texts[reader] = Pdf(path).text()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == (
            rows[f"reader-{reader}@example.org"]["pdf-sha256"])
        assert verify_file(path, Thoroughness.QUICK).passed, path
    assert "Prepared for Anna Rossi" in texts[0]
    assert "Prepared for Jörg Müller-Łukasiewicz" in texts[1] and "Prepared" not in texts[2]
    assert "A title of the brief" in texts[0] and "Another title" in texts[0]
    for gulf in (texts[1], texts[2]):
        assert "Another title" in gulf and "A title of the brief" not in gulf


def test_in_a_terminal_it_asks_shows_how_far_it_is_and_stops(
        editor: Callable[[str], Editor]) -> None:
    ours = editor("per-minute = 120\n")
    (ours.folder / "list.csv").write_text(
        "email\n" + "".join(f"reader-{n}@example.org\n" for n in range(12)))
    ours.run("subscribers", "import", "list.csv")
    with Terminal(ours, "send", "2019-04") as terminal:
        terminal.wait_for(r"12 messages.*Send 12 messages\? Type yes: ")
        terminal.type("no\n")
    assert terminal.status == 0 and "nothing was sent" in terminal.screen
    assert ours.counts() == {}
    with Terminal(ours, "send", "2019-04") as terminal:
        terminal.wait_for("Type yes: ")
        terminal.type("yes\n")
        terminal.wait_for(r" [1-9]/12 \[[\d:]+<[\d:]+, .*mail")  # how many, time left, rate
        terminal.type("\x03")
    assert terminal.status == 130, terminal.screen
    assert "stopping after the messages that are under way" in terminal.screen
    assert "run it again to go on" in terminal.screen
    with Terminal(ours, "send", "2019-04") as terminal:
        terminal.wait_for("Type yes: ")
        terminal.type("yes\n")
        terminal.wait_for(r" 1/\d+ \[")
        terminal.close()
    assert terminal.status == 130
    left = 12 - len(ours.counts())
    assert 0 < left < 12
    out, _ = ours.run("send", "2019-04", "--status", "--format", "json", status=4)
    assert set(json.loads(out)[0]["counts"]) == {"accepted", "planned"}
    (ours.folder / "mail.toml").write_text(
        (ours.folder / "mail.toml").read_text().replace("per-minute = 120\n", ""))
    ours.run("send", "2019-04", "--yes")
    assert ours.counts() == {f"reader-{n}@example.org": 1 for n in range(12)}


def test_a_bulletin_that_is_too_large_is_linked(editor: Callable[[str], Editor]) -> None:
    import email
    import email.policy

    ours = editor("attach-up-to = 0\n")
    ours.run("subscribers", "import", "list.csv")
    _, err = ours.run("send", "2019-04", "--yes", status=1)
    assert "mail.toml:7 error[too-large]" in err and "pdf-url" in err
    with (ours.folder / "mail.toml").open("a") as settings:
        settings.write('pdf-url = "https://www.example.org/{file}"\n')
    out, err = ours.run("send", "2019-04", "--dry-run", "mails")
    assert "linked  our-bulletin-2019-04-screen.pdf" in err
    assert "put it at https://www.example.org/our-bulletin-2019-04-screen.pdf first" in err
    written, *mails = out.split()
    assert written == "mails/our-bulletin-2019-04-screen.pdf" and len(mails) == 4
    ours.run("build", "2019-04")
    built = (ours.folder / "build" / "2019-04" / Path(written).name).read_bytes()
    assert (ours.folder / written).read_bytes() == built
    ours.run("send", "2019-04", "--yes")
    assert {row["pdf-sha256"] for row in ours.status().values()} == {
        hashlib.sha256(built).hexdigest()}
    ours.servers.wait_until_idle()
    [raw] = ours.servers.mails("reader-0@example.org")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert list(mail.iter_attachments()) == []
    text = mail.get_body(("plain",))
    assert text and "https://www.example.org/our-bulletin-2019-04-screen.pdf" in text.get_content()


def test_dkim_through_a_real_server(editor: Callable[[str], Editor]) -> None:
    """What Postfix and Dovecot hand on still verifies."""
    import base64

    import dkim
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    ours = editor('dkim-domain = "example.org"\ndkim-selector = "a"\ndkim-key = "key.pem"\n')
    key = rsa.generate_private_key(65537, 2048)
    (ours.folder / "key.pem").write_bytes(key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    _, err = ours.run("send", "2019-04", "--yes", status=1)
    assert "others than you can read key.pem: chmod 600" in err
    (ours.folder / "key.pem").chmod(0o600)
    public = base64.b64encode(key.public_key().public_bytes(
        form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo))
    ours.run("subscribers", "import", "list.csv")
    ours.run("send", "2019-04", "--yes")
    ours.servers.wait_until_idle()
    for reader in range(4):
        [raw] = ours.servers.mails(f"reader-{reader}@example.org")
        assert dkim.verify(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
                           dnsfunc=lambda name, timeout=5: b"v=DKIM1; p=" + public)


def test_mistakes_of_an_editor(editor: Callable[[str], Editor]) -> None:
    """Each is told in words, with the status of docs/commands.md, and nobody is mailed."""
    ours = editor("")
    (ours.folder / "empty").mkdir()
    for arguments, status, words in (
            (("send", "nowhere"), 1, "no-such-file"),
            (("send", "empty", "--yes"), 1, "error[no-briefs]"),
            (("send", "2019-04/gulf.md"), 1, "error[brief-not-issue]"),
            (("send", "."), 1, "error[series-not-issue]"),
            (("send", "2019-04", "--yes"), 1, "there is nobody to write to"),
            (("send", "2019-04", "--status"), 0, "was not mailed"),
            (("send", "2019-04", "--resolve"), 1, "2019-04 was not mailed"),
            (("send", "2019-04", "--resolve", "--log", "no.log"), 1, "there is no such log"),
            (("send", "2019-04", "--log", "x"), 2, "go with --resolve"),
            (("send", "2019-04", "--status", "--dry-run", "x"), 2, "do not go together"),
            (("send", "2019-04", "--test", "nonsense"), 1, "error[bad-address]"),
            (("send", "2019-04", "--dry-run", "2019-04"), 1, "error[exists]"),
            (("subscribers", "import", "no.csv"), 1, "cannot be read"),
            (("subscribers", "import", "2019-04"), 1, "cannot be read"),
            (("subscribers", "remove", "nonsense"), 1, "error[bad-address]"),
            (("subscribers", "resume", "a@example.org"), 1, "is not suspended"),
            (("returns",), 1, "error[no-mailbox]"),
            (("returns", "--maildir", "2019-04"), 1, "no Maildir")):
        _, err = ours.run(*arguments, status=status)
        assert words in err, (arguments, err)
    ours.run("subscribers", "import", "list.csv")
    ours.environment["REPORTGEN_MAIL_PASSWORD"] = "wrong"
    _, err = ours.run("send", "2019-04", "--yes", status=4)
    assert "refuses the user or the password" in err and "wrong" not in err
    assert "error[no-login]" in err and "look at user, and at the password" in err
    settings = (ours.folder / "mail.toml").read_text()
    for line, code in (("security = \"none\"\nserver = \"mail.example.org\"", "no-encryption"),
                       ("port = -1", "wrong-type"), ("timeout = 0", "timeout"),
                       ("connections = 99", "connections"), ("login = \"magic\"", "unknown-choice"),
                       ("sender = \"nobody\"", "bad-address"), ("snder = \"x\"", "unknown-setting"),
                       ("unsubscribe-url = \"http://x\"", "bad-url"),
                       ("unsubscribe-url = \"https://bücher.example/{token}\"", "bad-url"),
                       ("password = \"x\"", "error[password]"),
                       ("imap-server = \"mail.example.org\"", "no-imap-user"),
                       ("dkim-key = \"x\"", "dkim"),
                       ("retry-after = [nan]", "retry-after"), ("= 3", "toml-syntax"),
                       ("server = \"mail.example.org:25\"", "error[server]")):
        key = line.split(" =")[0]
        kept = "".join(row for row in settings.splitlines(keepends=True)
                       if not row.startswith(
                           (key + " =", "server =") if "\nserver" in "\n" + line else key + " ="))
        (ours.folder / "mail.toml").write_text(kept + line + "\n")
        _, err = ours.run("send", "2019-04", "--yes", status=1)
        assert code in err, (line, err)
    (ours.folder / "mail.toml").unlink()
    _, err = ours.run("send", "2019-04", "--yes", status=1)
    assert "error[no-mail-settings]" in err
    assert ours.counts() == {}


def test_erasing_at_the_command_line(editor: Callable[[str], Editor]) -> None:
    ours = editor("")
    ours.run("subscribers", "import", "list.csv")
    ours.run("send", "2019-04", "--yes")
    ours.run("subscribers", "remove", "reader-1@example.org", "--erase")
    out, _ = ours.run("subscribers", "import", "list.csv")
    assert out == "1 suppressed, 3 unchanged\n"
    everything = b"".join(p.read_bytes() for p in ours.folder.glob("*.sqlite*"))
    assert b"reader-1@example.org" not in everything and "Łukasiewicz".encode() not in everything
    ours.run("subscribers", "add", "reader-1@example.org", "--consent", "asked for it again")
    _, err = ours.run("send", "2019-04", "--newcomers", "--yes")
    assert "everybody has it" in err
    assert ours.counts() == everybody(1)


@pytest.mark.parametrize("command", [["subscribers", "list"], ["send", "--status"]])
def test_without_the_extra_it_is_told_what_to_install(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('title = "A bulletin"\n')
    done = subprocess.run([sys.executable, "-c", f"""
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "vobject":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
from reportgen.cli.main import main
sys.exit(main({command!r}))
"""], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not installed: vobject" in done.stderr
    assert "reportgen[mail]" in done.stderr
