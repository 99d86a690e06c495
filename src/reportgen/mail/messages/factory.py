"""From what the ledger has frozen to the very messages that were planned, or none."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from reportgen.mail.ledger.campaign import Campaign, Delivery
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.messages.composer import Attached, Composer, thawed
from reportgen.mail.smtp.transport import Envelope, Notify

if TYPE_CHECKING:
    from reportgen.mail.messages.dkim import Signer


class Changed(Exception):
    """What was frozen is no longer what it was; the text says what."""


class MessageFactory:
    """Makes the messages of a mailing from what the ledger has frozen."""

    _KEPT = 3
    """Letters with their PDFs that are kept in memory."""

    def __init__(self, ledger: Ledger, campaign: Campaign, signer: Signer | None) -> None:
        """Take the ledger and the mailing."""
        self._ledger, self._campaign, self._signer = ledger, campaign, signer
        self._composers: OrderedDict[str, Composer] = OrderedDict()
        self._lock = threading.Lock()

    def envelope(self, delivery: Delivery, notify: Notify) -> Envelope:
        """Return the envelope of a message."""
        manifest = self._campaign.manifest
        return Envelope(delivery.id, manifest.envelope_sender.replace("{id}", delivery.id),
                        delivery.rcpt, delivery.size, manifest.international(delivery.rcpt),
                        notify)

    def segments(self, delivery: Delivery, dated: str = "") -> tuple[bytes, ...]:
        """Return the message, the very bytes that were planned but for its Date header.

        That says when it is sent (RFC 5322, 3.6.1): `dated`, ISO 8601; empty: the plan's. Raises
        Changed.
        """
        tail = self._ledger.artifact(delivery.tail) if delivery.tail else b""
        if tail is None:
            raise Changed(f"the name on the copy of {delivery.rcpt} is not what was planned")
        message = self.composer(delivery.letter).message(delivery, tail, dated)
        if message.digest != delivery.payload_sha256:
            raise Changed(f"the message to {delivery.rcpt} is not what was planned: the ledger or "
                          "the program has changed since; go on with the version that planned it")
        return message.segments

    def composer(self, letter: str) -> Composer:
        """Return what composes a letter's messages. Raises Changed if it is not as frozen."""
        with self._lock:
            if letter in self._composers:
                self._composers.move_to_end(letter)
                return self._composers[letter]
            data = self._ledger.artifact(letter)
            if data is None:
                raise Changed("a letter in the ledger is not what was planned")
            kept = thawed(data)
            pdf = None
            if kept.attached:
                attached = self._ledger.artifact(kept.attached)
                if attached is None:
                    raise Changed(f"{kept.pdf_name} in the ledger is not what was planned")
                pdf = Attached(kept.pdf_name, attached)
            made = Composer(kept.letter, pdf, self._campaign.manifest, self._signer)
            self._composers[letter] = made
            while len(self._composers) > self._KEPT:
                self._composers.popitem(last=False)
            return made
