"""What every transport promises; a new one is a row here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportgen.mail.smtp.client import Relay, Security, SmtpTransport
from reportgen.mail.smtp.folder import FolderTransport
from reportgen.mail.smtp.transport import Envelope, Lost, Transport

from .badserver import BadServer

TEXT = b"Subject: a message\r\n\r\n..a line that begins with a dot\r\nlast\r\n"
UNDOTTED = b"Subject: a message\r\n\r\n.a line that begins with a dot\r\nlast\r\n"


class Case:
    """A transport, and what arrived through it."""

    def __init__(self, transport: Transport, arrived: object) -> None:
        self.transport = transport
        self.arrived = arrived


@contextmanager
def smtp(folder: Path) -> Iterator[Case]:
    with BadServer() as server:
        transport = SmtpTransport(Relay("127.0.0.1", server.port, Security.NONE, timeout=3))
        yield Case(transport, lambda: [text.replace(b"\r\n..", b"\r\n.")
                                       for _, text in server.taken])
        transport.close()


@contextmanager
def folder(folder: Path) -> Iterator[Case]:
    yield Case(FolderTransport(folder / "mails"),
               lambda: [path.read_bytes() for path in sorted((folder / "mails").glob("*.eml"))])


def envelope(n: int) -> Envelope:
    return Envelope(f"{n:032x}", "a@example.org", f"reader-{n}@example.org", len(TEXT))


@pytest.fixture(params=[smtp, folder], ids=["smtp", "folder"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    with request.param(tmp_path) as made:
        yield made


def send(transport: Transport, n: int) -> int:
    reply = transport.offer(envelope(n))
    assert reply.go_on
    transport.stream([TEXT[:10], memoryview(TEXT)[10:]])
    transport.drain()
    transport.check_quiet()
    transport.end()
    return transport.answer().code


def test_messages_arrive_one_after_the_other(case: Case) -> None:
    case.transport.open()
    assert send(case.transport, 1) == send(case.transport, 2) == 250
    case.transport.close()
    assert case.arrived() == [UNDOTTED, UNDOTTED]  # type: ignore[operator]


def test_what_has_no_end_does_not_arrive(case: Case) -> None:
    case.transport.open()
    case.transport.offer(envelope(1))
    case.transport.stream([TEXT])
    case.transport.drain()
    case.transport.close()
    case.transport.open()
    assert send(case.transport, 2) == 250
    assert len(case.arrived()) == 1  # type: ignore[operator]


def test_an_end_without_a_message_is_lost(case: Case) -> None:
    case.transport.close()
    with pytest.raises(Lost):
        case.transport.end()
        case.transport.answer()


def test_closing_twice_is_harmless(case: Case) -> None:
    case.transport.open()
    case.transport.close()
    case.transport.close()


@pytest.mark.parametrize(("domain", "warned"), [
    ("example.org", False), ("mail.example.org", False), ("example.net", True)])
def test_a_signature_that_dmarc_does_not_count_is_told(domain: str, warned: bool,
                                                       tmp_path: Path) -> None:
    from reportgen.diagnostics import Sink
    from reportgen.mail.settings import read_mail
    from reportgen.series import open_series

    (tmp_path / "series.toml").write_text('title = "A bulletin"\n')
    (tmp_path / "mail.toml").write_text(
        'server = "localhost"\nsender = "A <bulletin@example.org>"\ndkim-key = "key.pem"\n'
        f'dkim-selector = "s"\ndkim-domain = "{domain}"\n')
    sink = Sink()
    read_mail(open_series(tmp_path, sink), sink)
    assert any(d.code == "dkim-domain" for d in sink) is warned
