"""Making a plan of an issue: build what is needed, write the letters, plan, and freeze."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reportgen.diagnostics import ReportgenError, Sink
from reportgen.mail.addresses import digest_of, parse_address
from reportgen.mail.campaigns import planning
from reportgen.mail.campaigns.checks import Purpose, check_filter, check_sources, check_starts
from reportgen.mail.campaigns.names import MailingKey, had_by, issue_of, rests
from reportgen.mail.campaigns.planning import WHOLE, Audience, Payload, Plan, Selection
from reportgen.mail.campaigns.recover import refresh
from reportgen.mail.ledger.campaign import Campaign
from reportgen.mail.ledger.journal import catch_up
from reportgen.mail.session import MailSession
from reportgen.mail.smtp.transport import Capabilities
from reportgen.mail.subscribers import Subscriber

if TYPE_CHECKING:
    from reportgen.model import Letter
    from reportgen.pipeline import Made
    from reportgen.reading.issue import Issue


_PT = 0.75
"""A CSS px in pt."""


def issue_at(path: Path, purpose: Purpose, sink: Sink) -> Issue:
    """Read the issue to be mailed, whose mistakes are told before the server's.

    Raises ReportgenError if it has any.
    """
    from reportgen.reading.issue import read

    issue = read(path, (), sink)
    if issue is None or sink.failed:
        raise ReportgenError(sink)
    check_starts(issue, purpose, sink)
    return issue


def prepare(session: MailSession, issue: Issue, part: MailingKey, name: str,
            relay: Capabilities | None, sink: Sink, purpose: Purpose = Purpose.SENDING) -> Plan:
    """Build what is needed and return the plan of a new mailing; nothing is written yet.

    `name` is the mailing's, of `naming.name_of`. Raises ReportgenError if anything
    of it has a mistake.
    """
    folder = issue_of(session.folder, issue.target.path)
    for campaign in session.ledger.campaigns(folder):
        refresh(session, campaign, sink)
    chosen = _audience(session, issue, part, name, purpose, sink)
    payloads: dict[Selection, Payload] = {}
    made_of: dict[str, str] = {}
    for selection in sorted({WHOLE, *(s for _, s in chosen.people)}, key=sorted):
        payload, taken = _payload(session, issue, selection, relay, sink)
        payloads[selection] = replace(payload, letter=_called(payload.letter, part.again))
        made_of |= taken
    if not part.again:
        check_sources(session, folder, made_of, purpose, sink)
    signer = planning.signer_of(session.mail, sink)
    manifest = planning.manifest_of(session.mail, session.series.settings.title, session.now(),
                                    tuple(sorted(made_of.items())))
    draft = planning.PlanInput(session.subscribers.identity, folder, name, manifest, payloads,
                               signer)
    plan = planning.make_plan(draft, chosen, session.mail, session.subscribers, relay, sink)
    if sink.failed:
        raise ReportgenError(sink)
    return plan


def _audience(session: MailSession, issue: Issue, part: MailingKey, name: str, purpose: Purpose,
              sink: Sink) -> Audience:
    """Return who is to get the issue; a trial is for all, and for somebody if there is nobody."""
    trial = purpose is Purpose.TRIAL
    folder = issue_of(session.folder, issue.target.path)
    had = _nobody if trial and not part.newcomers else had_by(session, folder, name, part.again)
    everybody = session.subscribers.all()
    check_filter(session, part.filter, everybody, sink)
    here = frozenset(brief.region.code for brief in issue.briefs)
    chosen = planning.audience(everybody, part.filter, here, had,
                               personal=bool(session.mail.settings.personal),
                               rests=rests(session, folder))
    if trial and not chosen.people:
        reader = Subscriber(parse_address("A Reader <reader@example.org>"))
        chosen = replace(chosen, people=((reader, WHOLE),))
        sink.note("nobody", "nobody is to get it: the reader here is made up", session.mail.span())
    return chosen


def _called(letter: Letter, again: str) -> Letter:
    """Return a letter whose subject says that it is a correction, so that readers see it is."""
    return replace(letter, subject=f"{letter.subject}: {again.replace('-', ' ')}") if again else (
        letter)


def _nobody(key: str) -> str:
    """Say that nobody has the issue yet."""
    return ""


def _payload(session: MailSession, issue: Issue, selection: Selection, relay: Capabilities | None,
            sink: Sink) -> tuple[Payload, dict[str, str]]:
    """Build one bulletin and its letter; return them, and the hashes of what they are made of."""
    from reportgen.export import file_stem
    from reportgen.pipeline import letter_of, make

    told = sink if selection == WHOLE else Sink()  # what is wrong with a brief is told once
    briefs = tuple(brief.name for brief in issue.briefs if brief.region.code in selection)
    made = make(issue.target.path, briefs, ("screen",), told)
    pdf = made.editions[0].pdf
    name = file_stem(made.issue) + _suffix(selection)
    url, link = session.mail.settings.pdf_url, ""
    attached = planning.fits(pdf, session.mail, relay)
    if not attached:  # by the name that `build` gives it
        link = url.replace("{file}", f"{name}-screen.pdf")
    if not (attached or link):
        limit = relay.max_size if relay else 0
        server = f" (the server takes {limit / 1e6:.1f} MB)" if limit else ""
        sink.error("too-large", f"{name}.pdf has {len(pdf) / 1e6:.1f} MB, which is too much to "
                   f"attach{server}", session.mail.span("attach_up_to"),
                   'say where it can be read: pdf-url = "https://www.example.org/{file}"')
    web = session.mail.settings.web_url.replace("{issue}", issue_of(session.folder,
                                                                    issue.target.path))
    letter = letter_of(made, link, sink, chosen=selection != WHOLE, web_link=web)
    if letter is None or sink.failed:
        raise ReportgenError(sink)
    dedicate: Callable[[str], bytes] | None = None
    if session.mail.settings.personal == "regions-and-name":
        dedicate = _dedicator(made) if attached else _nameless
    taken = {file: hashlib.sha256(data).hexdigest()
             for file, data in made.issue.series.workspace.taken.items()}
    return Payload(letter, f"{name}.pdf" if attached else f"{name}-screen.pdf", pdf, link,
                  dedicate), taken


def _suffix(selection: Selection) -> str:
    """Return what tells the file of a selection from others: its regions, if they are few."""
    whole = "-".join(["", *sorted(selection)])
    return whole if len(whole) <= 80 else f"{whole[:60]}-{digest_of(whole)[:8]}"


def _nameless(name: str) -> bytes:
    """Put no name on a PDF: one that is linked is everybody's."""
    return b""


def _dedicator(made: Made) -> Callable[[str], bytes] | None:
    """Return what puts a name on a bulletin's cover; None if its theme keeps no place for it."""
    from reportgen.assets import Kind, shipped
    from reportgen.editions.dedication import Dedicator, Place

    slot = made.slots.get("dedication")
    if slot is None or slot.page != 1:
        return None
    font = (shipped(Kind.STYLE) / "fonts" / "BulletinSans-Regular.ttf").read_bytes()
    place = Place(slot.right * _PT, slot.baseline * _PT, slot.width * _PT, slot.size * _PT,
                  slot.colour)
    dedicator = Dedicator(made.editions[0].pdf, place, font)
    words = made.bulletin.words["prepared_for"]
    return lambda name: dedicator.tail(words.format(name=name)) if name else b""


def freeze(session: MailSession, plan: Plan) -> Campaign:
    """Write the plan into the ledger, all of it or nothing, and return its mailing.

    A ledger that lost this very mailing learns from the journal what was sent of it.
    """
    session.ledger.plan(plan.campaign, plan.recipients, plan.artifacts)
    catch_up(session.ledger, session.journal(plan.campaign))
    return plan.campaign
