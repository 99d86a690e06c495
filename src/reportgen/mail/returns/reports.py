"""Reports about mail of ours: delivery status notifications, and bounces of older kinds.

RFC 3464 (RFC 6533 for international addresses) has a block of fields for each recipient. Other
programs write sentences: those are read for what looks like the reply of a server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from enum import Enum

from msgspec import Struct

from reportgen.mail.phrases import patterns, unaccented
from reportgen.mail.replies import Fault, Refusal, Weighed, weigh
from reportgen.mail.returns.incoming import PHRASES, Incoming, legible

_STATUS = ("message/delivery-status", "message/global-delivery-status")

_STATUS_CODE = r"#?[45]\.\d{1,3}\.\d{1,3}\b"
_REPLY = re.compile(
    rf"(?<![\d.])(?:[45]\d\d[ -]{_STATUS_CODE}|[45]\d\d[ -](?=\S)|{_STATUS_CODE})"
    r"[^\n]*(?:\n[ \t]+[^\n]+)*")
"""What looks like the answer of a server in a sentence, with the lines that go on with it."""


class Action(Enum):
    """What became of a message (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    """Or relayed, or expanded."""


class Report(Struct, frozen=True):
    """What a report says about one recipient."""

    action: Action
    status: str = ""
    """Enhanced status code (RFC 3463)."""
    diagnostic: str = ""
    """What the server said that refused."""
    addresses: frozenset[str] = frozenset()
    """Final and original recipient, in lower case."""


def is_report(mail: Incoming) -> bool:
    """Whether a mail reports on the delivery of another."""
    return bool(mail.types & set(_STATUS)) or _is_old_report(mail)


def _is_old_report(mail: Incoming) -> bool:
    """Whether a mail is a bounce that does not follow RFC 3464."""
    if mail.raw("x-failed-recipients"):
        return True
    said = patterns(PHRASES)
    by_server = any(said["from-a-server"].search(text) for text in mail.raw("from"))
    empty_path = any(text.strip() == "<>" for text in mail.raw("return-path"))
    titled = said["returned-mail"].search(unaccented(mail.subject)) is not None
    replied = _REPLY.search(mail.text) is not None and not mail.raw("in-reply-to")
    to_us = re.search(r"\b[0-9a-f]{32}@", mail.recipients) is not None and empty_path
    return ((titled and (by_server or empty_path or mail.is_automatic))
            or ((by_server or to_us) and replied))


def reports_of(mail: Incoming) -> tuple[Report, ...]:
    """Return what a mail reports, by recipient."""
    found = tuple(report for part in mail.mail.walk() if part.get_content_type() in _STATUS
                  for report in _blocks(part))
    if found:
        return found
    late = _is_late(mail)
    failed = frozenset(a.strip().strip("<>").lower() for text in mail.raw("x-failed-recipients")
                       for a in text.split(","))
    return (Report(Action.DELAYED if late else Action.FAILED, addresses=failed),)


def _is_late(mail: Incoming) -> bool:
    """Whether a bounce in sentences says that delivery is still being tried.

    Behind a colon its subject has ours, which may be about delays.
    """
    said = patterns(PHRASES)
    title = unaccented(mail.subject.partition(": ")[0])
    if "fail" in title.lower():
        return False
    return (said["late"].search(title) is not None
            or said["still-trying"].search(unaccented(mail.text)) is not None)


def _blocks(part: Message) -> Iterator[Report]:
    for fields in _fields(part):
        action = str(fields.get("Action", "")).strip().lower()
        if not action and not fields.get("Final-Recipient"):
            continue
        status = re.match(r"\s*(\d\.\d{1,3}\.\d{1,3})", str(fields.get("Status", "")))
        kind = (Action.FAILED if action.startswith("fail") else
                Action.DELAYED if action.startswith("delay") else
                Action.DELIVERED if action else
                Action.FAILED if status and status[1][0] == "5" else Action.DELAYED)
        names = ("Final-Recipient", "Original-Recipient", "X-Actual-Recipient")
        addresses = frozenset(legible(str(fields.get(name, "")).rpartition(";")[2]).strip(
            " <>").lower() for name in names) - {""}
        yield Report(kind, status[1] if status else "", _diagnostic(fields), addresses)


def _fields(part: Message) -> Iterator[Message]:
    """Yield the blocks of fields of a report, the message's first."""
    payload = part.get_payload()
    if isinstance(payload, list) and any(len(inner) for inner in payload):
        for inner in payload:
            if isinstance(inner, Message):
                yield inner
                text = inner.get_payload()
                if isinstance(text, str) and text.strip():
                    yield message_from_string(text)
        return
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data:  # parsed as a message, of which it is the text
        first = payload[0] if isinstance(payload, list) and payload else part
        data = first.get_payload(decode=True) if isinstance(first, Message) else b""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    for block in re.split(r"\r?\n[ \t]*\r?\n", text.strip()):
        yield message_from_string(block)


def _diagnostic(fields: Message) -> str:
    said = " ".join(str(fields.get("Diagnostic-Code", "")).split())
    return legible(re.sub(r"^[\w-]+\s*;\s*", "", said))


def original_envelope(mail: Incoming) -> str:
    """Return the envelope identifier that a report gives back (RFC 3464, 2.2.1)."""
    found = re.search(r"(?im)^\s*original-envelope-id:\s*(\S+)", mail.everything)
    return found[1].strip("<>").lower() if found else ""


def weighed(mail: Incoming, report: Report, reader: str, ours: tuple[str, ...]) -> Weighed:
    """Return whose fault a failure is: by what the server said, then by the report's sentences."""
    first: Weighed | None = None
    for text in _accounts(mail, report):
        code = re.match(r"\s*([45]\d\d)\b[ -]?", text)
        named = () if text == _prose(mail) else ours  # sentences copy our headers
        found = weigh(Refusal(int(code[1]) if code else None,
                              text[code.end():] if code else text, reader, named, report.status))
        if found.in_words:
            return found
        first = first or found
    return first or Weighed(Fault.UNCLEAR, in_words=False)


def _prose(mail: Incoming) -> str:
    return " ".join(mail.text.split())[:3000]


def _accounts(mail: Incoming, report: Report) -> Iterator[str]:
    """Yield what a report says of why, the most exact first."""
    if report.diagnostic:
        yield report.diagnostic
    for found in _REPLY.finditer(mail.text):
        yield " ".join(found[0].split())
    if not report.diagnostic and report.status:
        yield report.status
    yield from _below_address(mail)
    yield _prose(mail)


_BELOW_ADDRESS = re.compile(
    r"(?m)^[ \t]*<?[^\s<>]+@[^\s<>]+?>?:?[ \t]*\r?\n((?:[ \t]*\S[^\n]*\n?)+)")


def _below_address(mail: Incoming) -> Iterator[str]:
    """Yield what stands below an address that is alone in its line, as Exim and qmail say why."""
    for found in _BELOW_ADDRESS.finditer(mail.text):
        yield " ".join(found[1].split())[:1000]


def why(mail: Incoming, report: Report) -> str:
    """Return what the server said, in few words."""
    said = next((text for text in _accounts(mail, report) if text), report.status)
    return legible(said)[:200]
