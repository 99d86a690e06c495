"""The plan of a mailing: who gets which letter, checked as a whole before the first is sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Sink, Span
from reportgen.mail.addresses import BadAddress, digest_of, parse_address
from reportgen.mail.clock import stamp
from reportgen.mail.ledger.campaign import (
    Campaign,
    Manifest,
    Recipient,
    campaign_id,
    delivery_id,
)
from reportgen.mail.messages.composer import Attached, Composer, frozen
from reportgen.mail.messages.dkim import CannotSign, Signer
from reportgen.mail.settings import Mail
from reportgen.mail.smtp.transport import Capabilities
from reportgen.mail.subscribers import Status, Subscriber, Subscribers
from reportgen.model import Letter, slug

Selection = frozenset[str]
"""Codes of the regions whose briefs a bulletin has; none: all."""

WHOLE: Selection = frozenset()

BASE64 = 78 / 57
"""Bytes of a line of base64 to those that it stands for."""

_MANY = 1000
"""To so many providers ask for more than to a few."""

_LETTER_BYTES = 60_000
"""What a letter takes beside its PDF and picture, at most, to see whether it fits."""


class Payload(Struct, frozen=True):
    """A bulletin to be mailed: a letter and its PDF."""

    letter: Letter
    pdf_name: str
    pdf: bytes
    link: str = ""
    """Where it can be read; empty: it is attached."""
    dedicate: Callable[[str], bytes] | None = None
    """Returns what puts a name on the PDF's cover when it follows its bytes; nothing: it cannot."""

    @property
    def attached(self) -> bool:
        return not self.link


class Audience(Struct, frozen=True):
    """Who is to get an issue, and who is not, and why."""

    people: tuple[tuple[Subscriber, Selection], ...]
    left_out: tuple[tuple[str, int], ...]
    """Reasons, each with how many."""


class Filter(Struct, frozen=True):
    """Whom the editor wants to write to."""

    group: str = ""
    language: str = ""


EVERYBODY = Filter()


class Plan(Struct, frozen=True):
    """A mailing that is ready to be frozen."""

    campaign: Campaign
    recipients: tuple[Recipient, ...]
    payloads: dict[Selection, Payload]
    artifacts: dict[str, tuple[str, bytes]]
    readers: dict[Selection, int]
    """How many get each bulletin."""
    left_out: tuple[tuple[str, int], ...]
    without_consent: int
    unnamed: int = 0
    """How many copies have not the name on them that they should have."""

    @property
    def total(self) -> int:
        """Bytes of all messages."""
        return sum(recipient.size for recipient in self.recipients)


def audience(everybody: tuple[Subscriber, ...], asked: Filter, here: frozenset[str],
             had: Callable[[str], str], *, personal: bool,
             rests: Callable[[str], bool] = lambda key: False) -> Audience:
    """Return who gets an issue that has briefs of the regions `here`.

    `had` tells of an address's key by which mailing it gets the issue, `rests`
    whether it had one of the two issues before. With `personal`, who named regions of
    interest gets the briefs of those, and nothing if there are none.
    """
    people: list[tuple[Subscriber, Selection]] = []
    reasons: Counter[str] = Counter()
    for person in everybody:
        reason = _reason(person, asked, here, had, personal=personal)
        if not reason and person.every > 1 and rests(person.address.key):
            reason = "wants every third issue"
        if reason:
            reasons[reason] += 1
        else:
            wanted = person.regions & here if personal and person.regions else WHOLE
            people.append((person, WHOLE if wanted == here else wanted))
    return Audience(tuple(people), tuple(sorted(reasons.items())))


def _reason(person: Subscriber, asked: Filter, here: frozenset[str], had: Callable[[str], str],
            *, personal: bool) -> str:
    """Return why somebody gets nothing; empty: they do."""
    if person.status is not Status.ACTIVE:
        return str(person.status.value)
    if asked.group and asked.group.casefold() not in {g.casefold() for g in person.groups}:
        return f"not in the group {asked.group}"
    if asked.language and person.language and person.language != asked.language:
        return f"reads another language than {asked.language}"
    mailing = had(person.address.key)
    if mailing:
        return f"gets it by the mailing {mailing}"
    if personal and person.regions and not person.regions & here:
        return "none of their regions is in this issue"
    return ""


def fits(pdf: bytes, mail: Mail, relay: Capabilities | None) -> bool:
    """Whether a PDF is small enough to be attached: for us, and for the server."""
    size = len(pdf) * BASE64 + _LETTER_BYTES
    limit = relay.max_size if relay else 0
    return len(pdf) <= mail.settings.attach_up_to * 1_000_000 and (not limit or size * 1.1 < limit)


def signer_of(mail: Mail, sink: Sink) -> Signer | None:
    """Return what signs the messages, if they are signed; a key that is none is an error."""
    given = mail.settings
    if not given.dkim_key:
        return None
    try:
        return Signer.of_file(given.dkim_domain, given.dkim_selector, mail.path(given.dkim_key))
    except CannotSign as error:
        sink.error("dkim", str(error), mail.span("dkim_key"))
        return None


def manifest_of(mail: Mail, title: str, now: datetime,
                made_of: tuple[tuple[str, str], ...]) -> Manifest:
    """Return what all messages of a mailing have in common."""
    given = mail.settings
    sender = parse_address(given.sender)
    leave = given.unsubscribe_mailto or ("" if mail.unsubscribe_url else sender.mailbox)
    # What slug has nothing of would be the same for all.
    name = slug(title) if any(c.isalnum() and c.isascii() for c in title) else (
        f"bulletin-{digest_of(title)[:8]}")
    list_id = given.list_id or f"{name}.{sender.domain}"
    words = "".join(c for c in title if c.isascii() and (c.isalnum() or c == " ")).strip()
    return Manifest(
        given.sender, _envelope_sender(given.envelope_sender or sender.mailbox), stamp(now),
        sender.domain, mail.relay, f"{words} <{list_id}>".strip(), given.reply_to,
        leave and parse_address(leave).mailbox, mail.unsubscribe_url, given.dkim_domain,
        given.dkim_selector, made_of)


def _envelope_sender(text: str) -> str:
    """Return the address to which mail comes back, its domain in ASCII; `{id}` in it stays."""
    mark = "0" * 32
    return parse_address(text.replace("{id}", mark)).mailbox.replace(mark, "{id}")


class PlanInput(Struct, frozen=True):
    """What a plan is made of, beside its people."""

    series: str
    """Identity of its list of subscribers."""
    issue: str
    name: str
    manifest: Manifest
    payloads: dict[Selection, Payload]
    signer: Signer | None


def make_plan(draft: PlanInput, chosen: Audience, mail: Mail, subscribers: Subscribers,
              relay: Capabilities | None, sink: Sink) -> Plan:
    """Return the plan: every message composed once, every address and size checked."""
    identifier = campaign_id(draft.series, draft.manifest.relay, draft.name)
    campaign = Campaign(identifier, draft.issue, draft.name, draft.manifest.date, mail.policy,
                        draft.manifest)
    artifacts: dict[str, tuple[str, bytes]] = {}
    composers: dict[Selection, tuple[Composer, str, str]] = {}
    for selection, payload in draft.payloads.items():
        pdf = Attached(payload.pdf_name, payload.pdf)
        kept = frozen(payload.letter, pdf.sha256, pdf.name, pdf.sha256 if payload.attached else "")
        letter = hashlib.sha256(kept).hexdigest()
        artifacts |= {letter: ("letter", kept), pdf.sha256: ("pdf", pdf.data)}
        composer = Composer(payload.letter, pdf if payload.attached else None, draft.manifest,
                            draft.signer)
        composers[selection] = composer, letter, pdf.sha256
    recipients: list[Recipient] = []
    unnamed = 0
    for person, selection in sorted(chosen.people, key=lambda row: (sorted(row[1]),
                                                                    row[0].address.key)):
        composer, letter, pdf_hash = composers[selection]
        recipient = _recipient(person, identifier, draft.manifest.domain, letter, pdf_hash,
                               subscribers)
        payload = draft.payloads[selection]
        tail = payload.dedicate(person.address.name) if payload.dedicate else b""
        unnamed += payload.dedicate is not None and not tail
        if tail:
            name = hashlib.sha256(tail).hexdigest()
            artifacts[name] = "tail", tail
            recipient = replace(recipient, tail=name,
                                pdf_sha256=hashlib.sha256(payload.pdf + tail).hexdigest())
        message = composer.message(recipient, tail)
        recipients.append(replace(recipient, payload_sha256=message.digest, size=message.size))
    readers = Counter(selection for _, selection in chosen.people)
    plan = Plan(campaign, tuple(recipients), draft.payloads, artifacts, readers, chosen.left_out,
                sum(not person.consent for person, _ in chosen.people), unnamed)
    _check(plan, relay, sink)
    return plan


def _recipient(person: Subscriber, campaign: str, domain: str, letter: str, pdf: str,
               subscribers: Subscribers) -> Recipient:
    key = person.address.key
    identifier = delivery_id(campaign, key)
    return Recipient(identifier, key, person.address.mailbox, person.address.name,
                     subscribers.token(key), letter, pdf, None,
                     f"<{identifier}@{domain}>")


def _check(plan: Plan, relay: Capabilities | None, sink: Sink) -> None:
    """Check the whole mailing: a mistake is an error before anybody gets anything."""
    span = Span(f"mailing {plan.campaign.name}")
    if not plan.recipients:
        sink.error("nobody", "there is nobody to write to", span,
                   "reportgen subscribers list shows who is subscribed",
                   *(f"{count} left out: {reason}" for reason, count in plan.left_out))
    for recipient in plan.recipients:
        try:
            parse_address(recipient.rcpt)
        except BadAddress as error:
            sink.error("bad-address", f"{recipient.rcpt}: {error}", span,
                       "reportgen subscribers remove takes it off the list")
    _check_letters(plan, span, sink)
    if relay is None:
        return
    if not relay.international:
        _check_international(plan, relay, span, sink)
    largest = max((r.size for r in plan.recipients), default=0)
    if 0 < relay.max_size < largest:
        sink.error("too-large", f"{relay.relay} takes {relay.max_size:,} bytes; the largest "
                   f"message has {largest:,}", span, "lower attach-up-to and set pdf-url")


def _check_letters(plan: Plan, span: Span, sink: Sink) -> None:
    """Tell what providers will not like."""
    if not plan.campaign.manifest.unsubscribe_url and len(plan.recipients) > _MANY:
        sink.note("no-unsubscribe-url", "there is no unsubscribe-url: Gmail and Yahoo want who "
                  "mails many to take a click (RFC 8058)", span)


def _check_international(plan: Plan, relay: Capabilities, span: Span, sink: Sink) -> None:
    """Tell who cannot be written to through a relay without SMTPUTF8 (RFC 6531)."""
    if plan.campaign.manifest.international(""):
        sink.error("smtputf8", f"{relay.relay} does not offer SMTPUTF8, which the address of the "
                   "sender needs, or that for answers", span, "use one in ASCII")
        return
    abroad = [r.rcpt for r in plan.recipients if not r.rcpt.isascii()]
    if abroad:
        sink.warning("smtputf8", f"{relay.relay} does not offer SMTPUTF8: {len(abroad)} "
                     f"will be rejected, as {abroad[0]}", span)
