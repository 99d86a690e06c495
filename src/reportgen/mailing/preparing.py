"""Making a plan of an issue: build what is needed, write the letters, plan, and freeze."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reportgen.delivery import planning
from reportgen.delivery.addresses import digest_of, parse_address
from reportgen.delivery.campaign import Campaign
from reportgen.delivery.journal import catch_up
from reportgen.delivery.planning import WHOLE, Audience, Parcel, Plan, Selection
from reportgen.delivery.subscribers import Subscriber
from reportgen.delivery.transport import Capabilities
from reportgen.diagnostics import ReportgenError, Sink
from reportgen.mailing.checking import Purpose, check_sources, check_starts, check_wishes
from reportgen.mailing.naming import Part, had_by, issue_of
from reportgen.mailing.office import Office
from reportgen.mailing.waking import refresh

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


def prepare(office: Office, issue: Issue, part: Part, name: str, relay: Capabilities | None,
            sink: Sink, purpose: Purpose = Purpose.SENDING) -> Plan:
    """Build what is needed and return the plan of a new mailing; nothing is written yet.

    `name` is the mailing's, of `naming.name_of`. Raises ReportgenError if anything
    of it has a mistake.
    """
    folder = issue_of(office.folder, issue.target.path)
    for campaign in office.ledger.campaigns(folder):
        refresh(office, campaign, sink)
    chosen = _audience(office, issue, part, name, purpose, sink)
    parcels: dict[Selection, Parcel] = {}
    made_of: dict[str, str] = {}
    for selection in sorted({WHOLE, *(s for _, s in chosen.people)}, key=sorted):
        parcel, taken = _parcel(office, issue, selection, relay, sink)
        parcels[selection] = replace(parcel, letter=_called(parcel.letter, part.again))
        made_of |= taken
    if not part.again:
        check_sources(office, folder, made_of, purpose, sink)
    signer = planning.signer_of(office.mail, sink)
    manifest = planning.manifest_of(office.mail, office.series.settings.title, office.now(),
                                    tuple(sorted(made_of.items())))
    draft = planning.Draft(office.subscribers.identity, folder, name, manifest, parcels, signer)
    plan = planning.make_plan(draft, chosen, office.mail, office.subscribers, relay, sink)
    if sink.failed:
        raise ReportgenError(sink)
    return plan


def _audience(office: Office, issue: Issue, part: Part, name: str, purpose: Purpose,
              sink: Sink) -> Audience:
    """Return who is to get the issue; a trial is for all, and for somebody if there is nobody."""
    trial = purpose is Purpose.TRIAL
    folder = issue_of(office.folder, issue.target.path)
    had = _nobody if trial and not part.newcomers else had_by(office, folder, name, part.again)
    everybody = office.subscribers.all()
    check_wishes(office, part.wish, everybody, sink)
    here = frozenset(brief.region.code for brief in issue.briefs)
    chosen = planning.audience(everybody, part.wish, here, had,
                               personal=bool(office.mail.settings.personal))
    if trial and not chosen.people:
        reader = Subscriber(parse_address("A Reader <reader@example.org>"))
        chosen = replace(chosen, people=((reader, WHOLE),))
        sink.note("nobody", "nobody is to get it: the reader here is made up", office.mail.span())
    return chosen


def _called(letter: Letter, again: str) -> Letter:
    """Return a letter whose subject says that it is a correction, so that readers see it is."""
    return replace(letter, subject=f"{letter.subject}: {again.replace('-', ' ')}") if again else (
        letter)


def _nobody(key: str) -> str:
    """Say that nobody has the issue yet."""
    return ""


def _parcel(office: Office, issue: Issue, selection: Selection, relay: Capabilities | None,
            sink: Sink) -> tuple[Parcel, dict[str, str]]:
    """Build one bulletin and its letter; return them, and the hashes of what they are made of."""
    from reportgen.export import file_stem
    from reportgen.pipeline import letter_of, make

    told = sink if selection == WHOLE else Sink()  # what is wrong with a brief is told once
    briefs = tuple(brief.name for brief in issue.briefs if brief.region.code in selection)
    made = make(issue.target.path, briefs, ("screen",), told)
    pdf = made.editions[0].pdf
    name = file_stem(made.issue) + _suffix(selection)
    url, link = office.mail.settings.pdf_url, ""
    attached = planning.fits(pdf, office.mail, relay)
    if not attached:  # by the name that `build` gives it
        link = url.replace("{file}", f"{name}-screen.pdf")
    if not (attached or link):
        limit = relay.max_size if relay else 0
        server = f" (the server takes {limit / 1e6:.1f} MB)" if limit else ""
        sink.error("too-large", f"{name}.pdf has {len(pdf) / 1e6:.1f} MB, which is too much to "
                   f"attach{server}", office.mail.span("attach_up_to"),
                   'say where it can be read: pdf-url = "https://www.example.org/{file}"')
    letter = letter_of(made, link, sink, chosen=selection != WHOLE)
    if letter is None or sink.failed:
        raise ReportgenError(sink)
    dedicate: Callable[[str], bytes] | None = None
    if office.mail.settings.personal == "regions-and-name":
        dedicate = _dedicator(made) if attached else _nameless
    taken = {file: hashlib.sha256(data).hexdigest()
             for file, data in made.issue.series.workspace.taken.items()}
    return Parcel(letter, f"{name}.pdf" if attached else f"{name}-screen.pdf", pdf, link,
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


def freeze(office: Office, plan: Plan) -> Campaign:
    """Write the plan into the ledger, all of it or nothing, and return its mailing.

    A ledger that lost this very mailing learns from the journal what was sent of it.
    """
    office.ledger.plan(plan.campaign, plan.recipients, plan.artifacts)
    catch_up(office.ledger, office.journal(plan.campaign))
    return plan.campaign
