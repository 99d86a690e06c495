"""Permanent refusals of which nobody knows yet whether they are about the reader or about us.

No list of codes and words is complete, so none decides alone: a refusal is final when the server
has taken a message that was begun after it, and not before. Several alike in a row are ours.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum

from msgspec import Struct

from reportgen.mail.ledger.campaign import Delivery
from reportgen.mail.replies import Fault, Refusal, Weighed, weigh

IN_A_ROW = {Fault.QUOTA: 3}
"""So many refusals for one reason stop a run, if nothing was taken between them ..."""

OTHERS_IN_A_ROW = 5

NOBODY_IN_A_ROW = 20
"""... and so many that say in words that there is nobody: lists have many that are gone."""

ALIKE = 3
"""What so many people are refused with in the same words is not about one of them."""


class Finality(Enum):
    """What becomes of a refusal once the server has taken another message."""

    REJECTED = "rejected"
    WAITS = "waits"
    """It is tried again by another run."""


class Suspect(Struct, frozen=True):
    """A refusal that is not final yet."""

    delivery: Delivery
    at: float
    """When it came, on the monotonic clock."""
    weighed: Weighed


def weighed(delivery: Delivery, ours: tuple[str, ...]) -> Weighed:
    """Return whose fault a delivery's last refusal is; `ours` are our addresses."""
    return weigh(Refusal(delivery.code, delivery.reply, delivery.rcpt, ours))


class Suspects:
    """The refusals of a run since the server took something last. For one thread at a time."""

    def __init__(self, ours: tuple[str, ...]) -> None:
        """Take the addresses that we send from."""
        self._ours = ours
        self._open: dict[str, Suspect] = {}
        self._alike: Counter[str] = Counter()
        self._waits: Counter[Fault] = Counter()

    def forget(self, identifier: str) -> None:
        """Take out a delivery that is tried again."""
        self._open.pop(identifier, None)

    def add(self, delivery: Delivery, at: float) -> str:
        """Add a refusal; return why the run has to stop, if it has to."""
        found = Suspect(delivery, at, weighed(delivery, self._ours))
        self._alike[_words(delivery)] += delivery.id not in self._open
        self._open[delivery.id] = found
        faults = Counter(s.weighed.fault for s in self._open.values())
        unsure = sum(not _is_nobody(s.weighed) for s in self._open.values())
        enough = (unsure >= OTHERS_IN_A_ROW or len(self._open) >= NOBODY_IN_A_ROW
                  or any(faults[fault] >= most for fault, most in IN_A_ROW.items()))
        return f"the server refuses one after the other: {said(delivery)}" if enough else ""

    def add_for_now(self, delivery: Delivery) -> str:
        """Count a temporary refusal; return why the run has to stop: a limit of ours is reached."""
        if weighed(delivery, self._ours).fault is not Fault.QUOTA:
            return ""
        self._waits[Fault.QUOTA] += 1
        if self._waits[Fault.QUOTA] < OTHERS_IN_A_ROW:
            return ""
        return f"the server says that a limit of ours is reached: {said(delivery)}"

    @property
    def at_a_limit(self) -> bool:
        """Whether what was refused since was refused for a limit of ours."""
        faults = [s.weighed.fault for s in self._open.values()]
        return Fault.QUOTA in faults or self._waits[Fault.QUOTA] >= OTHERS_IN_A_ROW

    def confirmed(self, before: float) -> list[tuple[Delivery, Finality]]:
        """Return what came before a message was begun that the server has taken now."""
        self._waits.clear()
        found = [s for s in self._open.values() if s.at < before]
        for suspect in found:
            del self._open[suspect.delivery.id]
        return [(s.delivery, self._finality(s)) for s in found]

    def _finality(self, suspect: Suspect) -> Finality:
        common = self._alike[_words(suspect.delivery)] >= ALIKE
        waits = suspect.weighed.fault is Fault.QUOTA or (common and not _is_nobody(suspect.weighed))
        return Finality.WAITS if waits else Finality.REJECTED


def said(delivery: Delivery) -> str:
    """Return what the server said of a delivery last."""
    return " ".join(filter(None, (str(delivery.code or ""), delivery.reply)))


def _is_nobody(found: Weighed) -> bool:
    return found.fault is Fault.ADDRESS and found.in_words


def _words(delivery: Delivery) -> str:
    """Return a reply without what is different for each reader: addresses, numbers, queue ids."""
    text = delivery.reply.lower().replace(delivery.rcpt.lower(), "")
    return f"{delivery.code} " + re.sub(r"\S*[\d@]\S*", "", text)
