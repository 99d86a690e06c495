"""Complaints of readers who pressed "spam": feedback reports (RFC 5965, "ARF")."""

from __future__ import annotations

import re
from enum import Enum

from reportgen.mail.returns.incoming import Incoming

_AGAINST = ("abuse", "fraud", "virus", "miscategorized", "other")
"""Types of feedback that are against a mail (RFC 5965, 7.3; RFC 6430 has `not-spam`)."""


class Feedback(Enum):
    """What a feedback report says."""

    COMPLAINT = "complaint"
    LEAVE = "leave"
    """`opt-out`: the reader asked their provider to get no more."""
    NOTHING = "nothing"
    """`not-spam`, and reports about authentication (RFC 6591)."""


def feedback_of(mail: Incoming) -> Feedback | None:
    """Return what a feedback report says; None: the mail is none."""
    # Microsoft's Junk Mail Reporting Program puts it into the mail that it returns.
    if re.search(r"(?im)^x-hmxmroriginalrecipient:", mail.everything):
        return Feedback.COMPLAINT
    if re.match(r"\[SpamCop \(", mail.subject):
        return Feedback.COMPLAINT
    if "message/feedback-report" not in mail.types:
        return None
    found = re.search(r"(?im)^\s*feedback-type:\s*([\w-]+)", mail.everything)
    said = found[1].lower() if found else "abuse"
    if said.startswith("opt-out"):
        return Feedback.LEAVE
    return Feedback.COMPLAINT if said in _AGAINST else Feedback.NOTHING


def complained_about(mail: Incoming) -> frozenset[str]:
    """Return the addresses that a feedback report names as those that got our mail."""
    fields = re.findall(r"(?im)^\s*(?:original-rcpt-to|removal-recipient|x-hmxmroriginalrecipient)"
                        r":\s*<?([^\s<>]+@[^\s<>]+)", mail.everything)
    return frozenset(address.lower() for address in fields)
