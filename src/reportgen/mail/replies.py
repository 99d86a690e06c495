"""What a refusal is about: the person, the message, or us who send.

Enhanced status codes are RFC 3463 (their register: IANA, SMTP Enhanced Status
Codes). They stand at the beginning of a reply's text (RFC 2034, 4); numbers
further on are addresses and names of hosts.
"""

from __future__ import annotations

import re
from enum import Enum

_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3}\.\d{1,3})\b")

_OF_SENDERS = ("1.7", "1.8")
"""X.1.7 and X.1.8: the sender's address has a mistake, or its domain does not exist."""

_OF_ADDRESSES = ("0.0", "2.1", "4.4")
"""Beside X.1.x: X.0.0 is what says nothing more, X.2.1 a mailbox that is disabled, X.4.4 a domain
to which there is no way."""

_CONGESTED = "4.5"

_FOR_NOW = ("2.2", "6.7")
"""X.2.2 is a full mailbox, X.6.7 a host that takes no international address yet (RFC 6531, 4.2):
permanent by their numbers, and over some day."""


class Weight(Enum):
    """How much a failure says of an address."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"
    """It was about the message or the sender."""


def weight_of(code: int | None, text: str) -> Weight:
    """Return how much a reply or status says about the address of who was written to.

    Without an enhanced status code, 550, 551 and 553 are about the address (RFC
    5321, 4.2.3).
    """
    found = _ENHANCED.match(text)
    if found is None:
        return Weight.HARD if code in (550, 551, 553) else Weight.NONE
    kind, detail = found.groups()
    if _is_of_sender(detail, text):
        return Weight.NONE
    if kind == "4" or detail in _FOR_NOW:
        return Weight.SOFT
    return Weight.HARD if detail.startswith("1.") or detail in _OF_ADDRESSES else Weight.NONE


def may_be_about_us(code: int, text: str) -> bool:
    """Whether a permanent refusal may be about the sender, who shall not cost anybody their place.

    Relays refuse a sender also at RCPT (Postfix, smtpd_delay_reject) and after the
    message (Exchange): X.7.x is policy; without an enhanced code 530 and 535 want a
    login, and 550 and 554 may be "relaying denied". X.4.5 is how Google says that a
    day's quota is used up.
    """
    found = _ENHANCED.match(text)
    if found is None:
        return code in (530, 535, 550, 554)
    return found[2].startswith("7.") or found[2] == _CONGESTED or _is_of_sender(found[2], text)


def _is_of_sender(detail: str, text: str) -> bool:
    """Whether it is the sender's address that is refused; X.1.0 may be either's."""
    return detail in _OF_SENDERS or (detail == "1.0" and "sender" in text.lower())
