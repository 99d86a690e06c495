"""Mail that comes back: bounces, vacation replies, requests to unsubscribe."""

from __future__ import annotations

import imaplib
import shutil
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from reportgen.diagnostics import ReportgenError, Sink
from reportgen.mail import api as mailing
from reportgen.mail import mailboxes
from reportgen.mail.campaigns.resolve import Said, resolve
from reportgen.mail.ledger.campaign import Delivery, State
from reportgen.mail.returns.processor import Kind
from reportgen.mail.subscribers import Status

from . import post
from .badserver import EOF, BadServer, Script
from .mailservers import PASSWORD, Servers


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_STATE", str(tmp_path / "state"))


def dsn(delivery: Delivery, status: str, recipient: str = "", action: str = "failed",
        headers_only: bool = True, diagnostic: str = "") -> bytes:
    """Return a delivery status notification (RFC 3464) as Postfix writes it."""
    original = f"From: bulletin@example.org\r\nMessage-ID: {delivery.message_id}\r\nSubject: x\r\n"
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    recipient = recipient or delivery.rcpt
    rows = [
        "From: MAILER-DAEMON@relay.example.org", "To: bulletin@example.org",
        "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I'm sorry.", "",
        "--b", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; relay.example.org", "",
        f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}",
        f"Diagnostic-Code: smtp; {diagnostic or f'550 {status} no'}", "",
        "--b", f"Content-Type: {kind}", "", original, "--b--", ""]
    return "\r\n".join(rows).encode()


def mail(sender: str, subject: str, text: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "leave@example.org", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return bytes(message)


class MailSession:
    """A series that has mailed five readers, and a Maildir."""

    def __init__(self, folder: Path, mailed: Path) -> None:
        self.folder, self.maildir = folder / "s", folder / "Maildir"
        (self.maildir / "new").mkdir(parents=True)
        for name in ("s", "state"):
            shutil.copytree(mailed / name, folder / name)
        with mailing.open_session(self.folder, Sink()) as session:
            campaign = session.ledger.campaign(post.ISSUE)
            assert campaign
            self.sent = session.ledger.deliveries(campaign)

    def read(self, *mails: bytes) -> list[tuple[Kind, str, str]]:
        for n, data in enumerate(mails):
            (self.maildir / "new" / f"{len(list((self.maildir / 'new').iterdir()))}-{n}"
             ).write_bytes(data)
        with mailing.open_session(self.folder, Sink()) as session:
            return [(row.kind, row.address, row.done)
                    for row in mailing.read_returned(session, self.maildir, Sink())]

    def status(self, n: int) -> Status | None:
        with mailing.open_list(self.folder) as (_, subscribers):
            found = subscribers.find_key(post.address(n))
            return found.status if found else None


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series that has mailed five readers, with what the machine knows of that."""
    folder = tmp_path_factory.mktemp("mailed")
    with pytest.MonkeyPatch.context() as patch, BadServer() as server:
        patch.setenv("REPORTGEN_STATE", str(folder / "state"))
        post.set_up(folder / "s", 5, server.port)
        post.send_here(folder / "s")
    return folder


@pytest.fixture
def session(tmp_path: Path, mailed: Path) -> MailSession:
    return MailSession(tmp_path, mailed)


def test_a_hard_bounce_suspends_once(session: MailSession) -> None:
    bounce = dsn(session.sent[1], "5.1.1")
    assert session.read(bounce) == [(Kind.HARD, post.address(1), "suspended")]
    assert session.status(1) is Status.SUSPENDED
    assert session.read(bounce) == []  # the same mail, in the mailbox still, and once more
    assert [session.status(n) for n in (0, 2, 3, 4)] == [Status.ACTIVE] * 4


def test_a_mail_that_is_only_late_has_not_bounced(session: MailSession) -> None:
    for n in range(4):
        late = dsn(session.sent[1], "4.4.1", action="delayed").replace(b"sorry", b"sorry %d" % n)
        assert session.read(late) == [(Kind.REPORT, post.address(1), "still being tried")]
    assert session.status(1) is Status.ACTIVE


def test_a_forwarded_address_counts_for_who_subscribed(session: MailSession) -> None:
    """Final-Recipient is not who we wrote to; the Message-ID is."""
    bounce = dsn(session.sent[2], "5.1.1", "elsewhere@example.com", headers_only=False)
    assert session.read(bounce) == [(Kind.HARD, post.address(2), "suspended")]


def test_a_soft_bounce_counts_once_a_message(session: MailSession) -> None:
    mails = [dsn(session.sent[0], "4.2.2").replace(b"sorry", b"sorry %d" % n) for n in range(4)]
    full = dsn(session.sent[1], "5.2.2")  # permanent by its number, and a full mailbox all the same
    assert [(kind, done) for kind, _, done in session.read(*mails, full)] == [
        (Kind.SOFT, "counted"), *[(Kind.SOFT, "counted before")] * 3, (Kind.SOFT, "counted")]
    assert session.status(0) is session.status(1) is Status.ACTIVE


def test_vacation_replies_and_answers_count_for_nothing(session: MailSession) -> None:
    vacation = mail(post.address(3), "Out of session: A bulletin", "I am away. unsubscribe",
                    Auto_Submitted="auto-replied")
    answer = mail(post.address(3), "Re: A bulletin", "Thank you! How do I unsubscribe a colleague?")
    assert [kind for kind, *_ in session.read(vacation, answer)] == [Kind.OTHER, Kind.ANSWER]
    assert session.status(3) is Status.ACTIVE


def test_forged_bounces_suspend_nobody(session: MailSession) -> None:
    """Who has not the mail that we sent cannot return it, whatever address they name."""
    from msgspec.structs import replace

    stranger = dsn(replace(session.sent[0], message_id="<forged@example.com>"), "5.1.1")
    without = dsn(session.sent[0], "5.1.1").replace(
        session.sent[0].message_id.encode(), b"<nothing@example.org>")
    assert [kind for kind, *_ in session.read(stranger, without)] == [Kind.UNKNOWN, Kind.UNKNOWN]
    assert session.status(0) is Status.ACTIVE


def test_a_refusal_by_policy_suspends_nobody(session: MailSession) -> None:
    assert [kind for kind, *_ in session.read(dsn(session.sent[0], "5.7.1"),
                                             dsn(session.sent[1], "5.3.4"))] == [Kind.OURS] * 2
    assert session.status(0) is session.status(1) is Status.ACTIVE


def test_unsubscribing_by_mail(session: MailSession) -> None:
    with mailing.open_list(session.folder) as (_, subscribers):
        token = subscribers.token(post.address(0))
    by_token = mail("other-address@example.com", f"unsubscribe {token}")
    by_subject = mail(f"Reader <{post.address(1)}>", "Unsubscribe")
    by_robot = mail(post.address(2), "unsubscribe", Auto_Submitted="auto-replied")
    unknown = mail("nobody@example.com", "unsubscribe")
    wrong = mail(post.address(4), f"unsubscribe {'a' * 26}")
    found = session.read(by_token, by_subject, by_robot, unknown, wrong)
    assert [kind for kind, *_ in found] == [Kind.UNSUBSCRIBE, Kind.UNSUBSCRIBE, Kind.OTHER,
                                            Kind.UNKNOWN, Kind.UNKNOWN]
    assert [session.status(n) for n in range(5)] == [
        Status.UNSUBSCRIBED, Status.UNSUBSCRIBED, Status.ACTIVE, Status.ACTIVE, Status.ACTIVE]


@pytest.mark.parametrize(("sender", "goes"), [
    ("=?utf-8?Q?reader-0001=40example=2Eorg=2C?= <other@example.com>", False),
    ("=?utf-8?Q?=3Creader-0001=40example=2Eorg=3E?= <other@example.com>", False),
    ("=?utf-8?Q?reader-0001=40example=2Eorg=28?= <other@example.com>", False),
    ("<reader-0001@example.org> <other@example.com>", False),
    ("reader-0001@example.org, other@example.com", False),
    ("other@example.com>\r\nFrom: <reader-0001@example.org", False),
    ("=?utf-8?Q?M=C3=BCller=2C_J=C3=B6rg?= <reader-0001@example.org>", True),
    ("=?utf-8?Q?=22at=40work=22?= <reader-0001@example.org>", True),
    ("Müller, Jörg <reader-0001@example.org>", True),
    ("Reader-0001@Example.org (Jörg)", True)])
def test_who_a_mail_is_from(sender: str, goes: bool, session: MailSession) -> None:
    """What is encoded is a name (RFC 2047, 5): a stranger cannot write another's address there."""
    [(kind, _, _)] = session.read(f"From: {sender}\r\nSubject: unsubscribe\r\n\r\n".encode())
    assert (kind is Kind.UNSUBSCRIBE) is goes
    assert (session.status(1) is Status.UNSUBSCRIBED) is goes


@pytest.mark.slow
@pytest.mark.parametrize("wish", ["Abmelden", "cancellami", "=?utf-8?q?D=C3=A9sabonner?=",
                                  "=?utf-8?q?=D0=9E=D1=82=D0=BF=D0=B8=D1=81=D0=B0=D1=82=D1=8C=D1=81"
                                  "=D1=8F?=", "please unsubscribe me"])
def test_unsubscribing_in_the_languages_of_the_furniture(wish: str, session: MailSession) -> None:
    mails = [f"From: {post.address(0)}\r\nSubject: {text}\r\n\r\n".encode()
             for text in (wish, f"{wish}?? why")]
    assert [row[0] for row in session.read(*mails)] == [Kind.UNSUBSCRIBE, Kind.ANSWER]


def test_a_letter_of_a_person_is_to_be_read(session: MailSession) -> None:
    letter = mail(post.address(0), "About \x1b[2J page 3", "Please take me off your list!")
    assert session.read(letter) == [
        (Kind.ANSWER, post.address(0), 'nothing; read it: "About ?[2J page 3"')]


def test_a_button_that_a_program_presses(session: MailSession) -> None:
    """Mail programs follow List-Unsubscribe for their reader."""
    with mailing.open_list(session.folder) as (_, subscribers):
        token = subscribers.token(post.address(0))
    pressed = mail("robot@example.com", f"unsubscribe {token}", Auto_Submitted="auto-generated")
    assert session.read(pressed)[0][0] is Kind.UNSUBSCRIBE


def test_what_was_not_told_is_told_by_the_next_run(session: MailSession) -> None:
    (session.maildir / "new" / "1").write_bytes(mail(post.address(0), "unsubscribe"))
    (session.maildir / "new" / "2").write_bytes(mail(post.address(1), "unsubscribe"))
    with mailing.open_session(session.folder, Sink()) as opened:
        assert next(mailing.read_returned(opened, session.maildir, Sink())).kind is Kind.UNSUBSCRIBE
    assert [address for _, address, _ in session.read()] == [post.address(0), post.address(1)]


def test_a_header_of_megabytes_is_not_read_to_its_end(session: MailSession) -> None:
    """A parser's time grows with the square of it."""
    with mailing.open_list(session.folder) as (_, subscribers):
        token = subscribers.token(post.address(0))
    long = f"Subject: {'=?utf-8?q?a?= ' * 50_000} unsubscribe {token}\r\n\r\n"
    assert session.read(b"From: a@example.org\r\n" + long.encode())[0][0] is Kind.ANSWER


@pytest.mark.parametrize("sender", [
    "From: Zustelldienst für Müller <MAILER-DAEMON@relay.example.org>", "X-Nothing: 1"])
def test_a_bounce_by_a_host_that_writes_bad_headers(sender: str, session: MailSession) -> None:
    bounce = dsn(session.sent[1], "5.1.1").replace(
        b"From: MAILER-DAEMON@relay.example.org", sender.encode())
    assert session.read(bounce) == [(Kind.HARD, post.address(1), "suspended")]


@pytest.mark.parametrize("junk", [
    b"From: =?unicode_escape?q?=5Cud800=40x=2Eorg?=\r\nSubject: hello\r\n\r\n",
    b"From: \"\x1b[2J\x1b]0;x\x07y\"@example.com\r\n\r\n",
    b"", b"\xff\xfe\x00" * 500, b"From: x\r\nContent-Type: multipart/report\r\n\r\nnothing",
    b"Subject: =?utf-8?q?=ff=fe?=\r\n\r\n", b"From: =?x?=\r\n\r\nunsubscribe",
    b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff",
    b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nStatus: 9\r\n\r\nFinal-Recipient: ;;;\r\n--b--"])
def test_damaged_mail_is_nothing(junk: bytes, session: MailSession) -> None:
    """And the mail behind it is read all the same."""
    found = session.read(junk, mail(post.address(0), "unsubscribe"))
    assert found[0][0] in (Kind.OTHER, Kind.ANSWER, Kind.UNKNOWN)
    assert found[-1][0] is Kind.UNSUBSCRIBE


@pytest.mark.slow
@pytest.mark.parametrize("said", [Said(), Said(not_taken=(post.address(0),))])
def test_a_report_of_delivery_ends_a_doubt(said: Said, tmp_path: Path) -> None:
    """Also if it was said before that the message was not taken, and it was not sent again."""
    folder, maildir = tmp_path / "s", tmp_path / "Maildir"
    (maildir / "new").mkdir(parents=True)
    with BadServer(Script(dot=EOF)) as server:
        post.set_up(folder, 1, server.port, settings=f'maildir = "{maildir}"\nnotify = "success"\n')
        post.send_here(folder)
        assert any("NOTIFY=SUCCESS,FAILURE" in c for c in server.commands)
    assert post.states(folder) == {"in_doubt": 1}
    with mailing.open_session(folder, Sink()) as session:
        campaign = session.ledger.campaign(post.ISSUE)
        assert campaign
        resolve(session.ledger, [campaign], [], said, session.stamp(), Sink())
        [delivery] = session.ledger.deliveries(campaign)
        (maildir / "new" / "1").write_bytes(dsn(delivery, "2.0.0", action="relayed"))
        tuple(mailing.read_returned(session, None, Sink()))
        [settled] = session.ledger.deliveries(campaign, State.ACCEPTED)
        [attempt] = session.ledger.attempts(settled.id)
        assert attempt.evidence == "a delivery status notification"


def test_a_mailbox_that_is_none_is_told(session: MailSession, tmp_path: Path) -> None:
    with mailing.open_session(session.folder, Sink()) as opened:
        with pytest.raises(ReportgenError, match="no Maildir"):
            tuple(mailing.read_returned(opened, tmp_path / "nowhere", Sink()))
        with pytest.raises(ReportgenError, match="no-mailbox"):
            tuple(mailing.read_returned(opened, None, Sink()))


@pytest.mark.parametrize(("name", "written"), [
    ("INBOX", '"INBOX"'), ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),
    ("Q & A", '"Q &- A"')])
def test_a_folder_by_its_name(name: str, written: str) -> None:
    """The example is of RFC 3501, 5.1.3."""
    assert mailboxes.quoted(name) == written


@pytest.mark.slow
@pytest.mark.parametrize("login", ["", "xoauth2"])
def test_a_real_bounce_in_a_real_mailbox(login: str, servers: Servers, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    """Postfix cannot deliver, Dovecot keeps the report, IMAP reads it and marks nothing."""
    from reportgen.mail.addresses import parse_address
    from reportgen.mail.subscribers import Subscriber

    servers.clear()
    monkeypatch.setenv("REPORTGEN_MAIL_PASSWORD", PASSWORD)
    secret = servers.token("bulletin@example.org") if login else PASSWORD
    monkeypatch.setenv("REPORTGEN_IMAP_PASSWORD", secret)
    folder = tmp_path / "s"
    settings = (f'server = "localhost"\nuser = "bulletin@example.org"\n'
                f'sender = "The Foundation <bulletin@example.org>"\n'
                f'authorities = "{servers.tls.authority}"\nimap-server = "localhost"\n'
                f'imap-port = {servers.imaps}\nimap-user = "bulletin@example.org"\n'
                f'imap-login = "{login}"\n')
    # Dovecot takes no SMTPUTF8, so Postfix has to return this one.
    people = tuple(Subscriber(parse_address(a), consent="x")
                   for a in ("reader-1@example.org", "jörg@example.org"))
    post.set_up(folder, people, servers.smtp, settings=settings)
    post.send_here(folder)
    servers.wait_until_idle()
    assert servers.mails("bulletin@example.org"), "there is no bounce"
    with mailing.open_session(folder, Sink()) as session:
        found = tuple(mailing.read_returned(session, None, Sink()))
        again = tuple(mailing.read_returned(session, None, Sink()))
    assert [(row.address, row.kind, row.done) for row in found] == [
        ("jörg@example.org", Kind.SOFT, "counted")]  # 5.6.7: the host may learn it
    assert again == ()
    monkeypatch.setenv("REPORTGEN_IMAP_PASSWORD", "not-this-one")
    with mailing.open_session(folder, Sink()) as session, pytest.raises(
            ReportgenError, match="the mailbox refuses") as refusal:
        tuple(mailing.read_returned(session, None, Sink()))
    assert "not-this-one" not in str(refusal.value)
    box = imaplib.IMAP4_SSL("localhost", servers.imaps, ssl_context=ssl.create_default_context(
        cafile=str(servers.tls.authority)))
    box.login("bulletin@example.org", PASSWORD)
    box.select("INBOX", readonly=True)
    _, [unseen] = box.search(None, "UNSEEN")
    box.logout()
    assert unseen, "reading must not mark it as read"
