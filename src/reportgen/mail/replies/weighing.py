"""Whose fault a refusal is: the reader's address or mailbox, the message, or us who send.

What a server says in words comes first, by the rules of rules.toml, because codes mislead:
`550 5.1.90` is our daily limit, `550 5.4.1` that there is nobody (Microsoft), `554 5.7.1` anything.
Only where no rule is found do codes count, and that there is nobody is believed of a code only if
hardly any words stand beside it: enhanced status codes (RFC 3463; their register: IANA,
SMTP Enhanced Status Codes), then those of SMTP (RFC 5321, 4.2.3). What is unclear suspends nobody.
"""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.mail.phrases import pattern, unaccented

RULES = Path(__file__).with_name("rules.toml")

_ENHANCED = re.compile(r"(?:^\s*|\(#?|#|\bstatus: ?)([245]\.\d{1,3}\.\d{1,3})\b", re.I)
"""At the beginning of a reply's text (RFC 2034, 4), or as qmail writes it; numbers further on are
addresses and names of hosts."""


class Fault(Enum):
    """What a refusal is about."""

    ADDRESS = "address"
    """There is nobody, for good."""
    MAILBOX = "mailbox"
    """The reader's mailbox or host, now: full, locked, not reached."""
    MESSAGE = "message"
    """Its content or its size."""
    SENDER = "sender"
    """Our address, login or reputation, or a policy against us."""
    QUOTA = "quota"
    """Our limit of messages in a time."""
    LATER = "later"
    """It is to be tried again."""
    UNCLEAR = "unclear"

    @property
    def ours(self) -> bool:
        """Whether it says nothing of the reader."""
        return self in (Fault.MESSAGE, Fault.SENDER, Fault.QUOTA)


class Refusal(Struct, frozen=True):
    """What a server said, and to whom."""

    code: int | None
    """Of SMTP; None: it is not known."""
    text: str
    reader: str = ""
    """Address that was written to."""
    ours: tuple[str, ...] = ()
    """Addresses that we send from."""
    status: str = ""
    """Enhanced status code, where it does not stand in the text (RFC 3464, 2.3.4)."""


class Weighed(Struct, frozen=True):
    """Whose fault a refusal is, and whether its words say so."""

    fault: Fault
    in_words: bool
    """Else only codes do."""


class _Rule(Struct, frozen=True):
    fault: Fault
    words: re.Pattern[str]
    status: re.Pattern[str] | None


_QUOTED = re.compile(r"\d\.\d\.\d - [\w ]+ (\d{3})-'(.+)'")
"""As IronPort reports what another server said: its own words before that are a guess."""

_BY_STATUS = (
    (r"\.1\.(7|8)", Fault.SENDER), (r"\.1\.90", Fault.QUOTA), (r"\.4\.5", Fault.QUOTA),
    (r"\.1\.(1|2|3|6|10)", Fault.ADDRESS), (r"\.4\.4", Fault.ADDRESS), (r"\.2\.1", Fault.ADDRESS),
    (r"\.2\.\d+", Fault.MAILBOX), (r"\.3\.4", Fault.MESSAGE), (r"\.6\.7", Fault.MAILBOX),
    (r"\.6\.\d+", Fault.MESSAGE), (r"\.7\.\d+", Fault.SENDER), (r"\.[45]\.3", Fault.QUOTA),
    (r"\.4\.\d+", Fault.MAILBOX))
"""What is said of a code without words: X.1.x is about the address, but X.1.7 and X.1.8, which are
the sender's, and X.1.0, which may be either's; X.2.1 a mailbox that is disabled, X.4.4 a domain to
which there is no way, X.6.7 a host that takes no international address yet (RFC 6531, 4.2)."""

_BY_CODE = {552: Fault.MAILBOX, 530: Fault.SENDER, 534: Fault.SENDER, 535: Fault.SENDER,
            538: Fault.SENDER, 501: Fault.SENDER, 503: Fault.SENDER, 421: Fault.LATER,
            450: Fault.LATER, 451: Fault.LATER, 452: Fault.LATER}


def weigh(refusal: Refusal) -> Weighed:
    """Return whose fault a refusal is."""
    quoted = _QUOTED.search(refusal.text)
    if quoted:
        refusal = replace(refusal, code=int(quoted[1]), text=quoted[2])
    found = _ENHANCED.search(refusal.text)
    if found:  # a reply of many lines has it at the beginning of each
        first = refusal.text[:found.end()]
        refusal = replace(refusal, text=first + re.sub(
            rf"\s(?:{refusal.code or 'x'}[ -])?{re.escape(found[1])}(?=\s)", "",
            refusal.text[found.end():]))
    text = _plain(refusal)
    status = found[1] if found else refusal.status
    temporary = (str(refusal.code)[:1] == "4" if refusal.code
                 else status.startswith("4") and not _says_permanent(text))
    for rule in _rules():
        if rule.words.search(text) and (rule.status is None or rule.status.fullmatch(status)):
            return Weighed(_for_now(rule.fault) if temporary else rule.fault, in_words=True)
    believed = _few_words(text)
    fault = next((fault for codes, fault in _BY_STATUS if status
                  and re.fullmatch(r"\d" + codes, status)
                  and (believed or fault is not Fault.ADDRESS)),
                 _BY_CODE.get(refusal.code or 0, Fault.UNCLEAR))
    return Weighed(_for_now(fault) if temporary else fault, in_words=False)


def _few_words(text: str) -> bool:
    """Whether a reply has hardly more than its codes: what many words say that no rule knows
    may be that it is our fault."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"READER|\S+@\S+|\w+\.\w+\S*", "", text))
    return len(words) < 3


def _for_now(fault: Fault) -> Fault:
    """Return what a temporary refusal comes to: nobody is gone for good by it."""
    return Fault.LATER if fault in (Fault.ADDRESS, Fault.UNCLEAR) else fault


def _says_permanent(text: str) -> bool:
    return re.search(r"\b55\d\b", text) is not None


def _plain(refusal: Refusal) -> str:
    """Return a reply's text without accents, with names for the two addresses."""
    text = unaccented(" ".join(refusal.text.split()).lower())
    reader = refusal.reader.lower()
    for address in refusal.ours:
        if address and address.lower() != reader:
            own = re.escape(unaccented(address.lower())).replace(r"\{id\}", "[0-9a-f]{32}")
            text = re.sub(own, "OUR-ADDRESS", text)
    if reader:
        text = text.replace(unaccented(reader), "READER")
    for address in refusal.ours:
        domain = unaccented(address.lower()).rpartition("@")[2]
        if domain and domain not in reader:
            text = re.sub(rf"(?<![\w.@-]){re.escape(domain)}(?![\w.-])", "OUR-DOMAIN", text)
    return text


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = tomllib.loads(RULES.read_text("utf-8"))["rule"]
    return tuple(_Rule(Fault(row["fault"]), pattern(row["words"]),
                       re.compile("|".join(row["status"])) if "status" in row else None)
                 for row in rows)
