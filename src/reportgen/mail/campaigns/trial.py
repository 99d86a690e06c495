"""Trials outside of the ledger: messages into files, or to the editor alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from reportgen.mail.addresses import parse_address
from reportgen.mail.campaigns.planning import WHOLE, Plan
from reportgen.mail.ledger.campaign import Campaign, Recipient, delivery_id
from reportgen.mail.messages.composer import Composer
from reportgen.mail.messages.dkim import Signer
from reportgen.mail.smtp.folder import FolderTransport
from reportgen.mail.smtp.transport import Envelope, Reply, Transport
from reportgen.model import UNSUBSCRIBE
from reportgen.workspace import write_all


def dry_run(plan: Plan, signer: Signer | None, folder: Path, most: int) -> list[Path]:
    """Write the messages of a plan as `.eml`: all, or one a letter if they took over `most` bytes.

    PDFs that are linked are written too, to be put where the links lead. Return
    the files. Raises OSError.
    """
    transport = FolderTransport(folder)
    transport.open()
    payloads = _composers(plan, signer)
    every = plan.total <= most
    seen: set[str] = set()
    for recipient in plan.recipients:
        if every or recipient.letter not in seen:
            seen.add(recipient.letter)
            tail = plan.artifacts[recipient.tail][1] if recipient.tail else b""
            _hand_over(transport, payloads[recipient.letter], plan.campaign, recipient, tail)
    linked = {folder / payload.pdf_name: payload.pdf for payload in plan.payloads.values()
              if payload.link}
    write_all(linked)
    return [*linked, *transport.written]


def preview(plan: Plan) -> bytes:
    """Return the letter of the whole bulletin as a page of its own, for a browser."""
    letter = plan.payloads[WHOLE].letter
    picture = base64.b64encode(letter.cover).decode()
    html = letter.html.replace("cid:cover", f"data:image/png;base64,{picture}")
    return html.replace(UNSUBSCRIBE, "#").encode()


def test_mail(plan: Plan, signer: Signer | None, address: str, token: str,
              connect: Callable[[], Transport]) -> Reply:
    """Send the whole bulletin to one address, outside of the ledger; return what the server says.

    Raises Lost, CannotConnect.
    """
    person = parse_address(address)
    identifier = delivery_id(f"test {plan.campaign.id} {plan.campaign.planned_at}", person.key)
    letter = next(iter(_composers(plan, signer)))
    recipient = replace(
        plan.recipients[0], tail=None, id=identifier, addr_key=person.key, rcpt=person.mailbox,
        display=person.name, token=token, letter=letter,
        message_id=f"<{identifier}@{plan.campaign.manifest.domain}>")
    transport = connect()
    try:
        transport.open()
        return _hand_over(transport, _composers(plan, signer)[letter], plan.campaign, recipient)
    finally:
        transport.close()


def _composers(plan: Plan, signer: Signer | None) -> dict[str, Composer]:
    """Return what composes each letter of a plan, the whole bulletin first."""
    from reportgen.mail.messages.composer import Attached, frozen

    made = {}
    for payload in plan.payloads.values():
        pdf = Attached(payload.pdf_name, payload.pdf)
        kept = frozen(payload.letter, pdf.sha256, pdf.name, pdf.sha256 if payload.attached else "")
        made[hashlib.sha256(kept).hexdigest()] = Composer(
            payload.letter, pdf if payload.attached else None, plan.campaign.manifest, signer)
    return made


def _hand_over(transport: Transport, composer: Composer, campaign: Campaign,
               recipient: Recipient, tail: bytes = b"") -> Reply:
    """Send one message without a ledger. Raises Lost."""
    message = composer.message(recipient, tail)
    reply = transport.offer(Envelope(
        recipient.id, campaign.manifest.envelope_sender.replace("{id}", recipient.id),
        recipient.rcpt, message.size, campaign.manifest.international(recipient.rcpt)))
    if not reply.go_on:
        return reply
    transport.stream(message.segments)
    transport.drain()
    transport.end()
    return transport.answer()
