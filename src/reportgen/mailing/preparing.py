"""Making a plan of an issue: build what is needed, write the letters, plan, and freeze."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.delivery import planning
from reportgen.delivery.addresses import digest_of, parse_address
from reportgen.delivery.campaign import Campaign
from reportgen.delivery.journal import catch_up
from reportgen.delivery.planning import WHOLE, Parcel, Plan, Selection
from reportgen.delivery.subscribers import Status, Subscriber
from reportgen.delivery.transport import Capabilities
from reportgen.diagnostics import ReportgenError, Sink, Span
from reportgen.mailing.naming import Part, had_by, issue_of, name_of
from reportgen.mailing.office import Office
from reportgen.mailing.waking import refresh

if TYPE_CHECKING:
    from reportgen.model import Letter
    from reportgen.pipeline import Made
    from reportgen.reading.issue import Issue


_PT = 0.75
"""A CSS px in pt."""


class Purpose(Enum):
    """What a plan is for."""

    SENDING = "sending"
    TRIAL = "trial"
    """A dry run or a test: also of what was sent, and with nobody on the list."""


def issue_at(path: Path, sink: Sink) -> Issue:
    """Read the issue to be mailed, whose mistakes are told before the server's.

    Raises ReportgenError if it has any.
    """
    from reportgen.reading.issue import read

    issue = read(path, (), sink)
    if issue is None or sink.failed:
        raise ReportgenError(sink)
    return issue


def prepare(office: Office, issue: Issue, part: Part, relay: Capabilities | None,
            sink: Sink, purpose: Purpose = Purpose.SENDING) -> Plan:
    """Build what is needed and return the plan of a new mailing; nothing is written yet.

    Raises ReportgenError if anything of it has a mistake.
    """
    path = issue.target.path
    by_region: dict[str, list[str]] = {}
    for brief in issue.briefs:
        by_region.setdefault(brief.region.code, []).append(brief.name)
    trial = purpose is Purpose.TRIAL
    folder = issue_of(office.folder, path)
    _check_starts(issue, purpose, sink)
    for campaign in office.ledger.campaigns(folder):
        refresh(office, campaign, sink)
    had = _nobody if trial and not part.newcomers else had_by(office, folder, part)
    personal = bool(office.mail.settings.personal)
    everybody = office.subscribers.all()
    _check_wish(part, everybody, sink)
    if personal:
        _tell_of_lost_wishes(office, everybody, sink)
    chosen = planning.audience(everybody, part.wish, frozenset(by_region), had, personal=personal)
    if trial and not chosen.people:
        reader = Subscriber(parse_address("A Reader <reader@example.org>"))
        chosen = replace(chosen, people=((reader, WHOLE),))
        sink.note("nobody", "nobody is to get it: the reader here is made up", office.mail.span())
    parcels: dict[Selection, Parcel] = {}
    made_of: dict[str, str] = {}
    for selection in sorted({WHOLE, *(s for _, s in chosen.people)}, key=sorted):
        briefs = tuple(name for code in selection for name in by_region[code])
        parcel, taken = _parcel(office, path, selection, briefs, relay, sink)
        parcels[selection] = replace(parcel, letter=_called(parcel.letter, part.again))
        made_of |= taken
    if not (trial or part.again):
        _check_renamed(office, folder, made_of, sink)
    if not part.again:
        _tell_of_changes(office, folder, made_of, sink)
    signer = planning.signer_of(office.mail, sink)
    manifest = planning.manifest_of(office.mail, office.series.settings.title, office.now(),
                                    tuple(sorted(made_of.items())))
    draft = planning.Draft(office.subscribers.identity, folder, name_of(office, folder, part),
                           manifest, parcels, signer)
    plan = planning.make_plan(draft, chosen, office.mail, office.subscribers, relay, sink)
    if sink.failed:
        raise ReportgenError(sink)
    return plan


def _called(letter: Letter, again: str) -> Letter:
    """Return a letter whose subject says that it is a correction, so that readers see it is."""
    return replace(letter, subject=f"{letter.subject}: {again.replace('-', ' ')}") if again else (
        letter)


def _check_wish(part: Part, everybody: Iterable[Subscriber], sink: Sink) -> None:
    """Refuse a group that nobody is in; tell of a language that nobody named."""
    groups = {g.casefold(): g for p in everybody for g in p.groups}
    wanted = part.wish.group.casefold()
    if wanted and wanted not in groups:
        near = get_close_matches(wanted, groups, 1)
        sink.error("no-group", f'nobody is in a group "{part.wish.group}"', Span("command line"),
                   f'did you mean "{groups[near[0]]}"?' if near else
                   f"groups are: {', '.join(sorted(groups.values())) or 'none'}")
        raise ReportgenError(sink)
    languages = {p.language for p in everybody if p.language}
    if part.wish.language and part.wish.language not in languages:
        sink.warning("no-language", f'nobody on the list reads "{part.wish.language}"; it goes to '
                     "who named no language", Span("command line"),
                     f"languages there are: {', '.join(sorted(languages)) or 'none'}")


def _tell_of_lost_wishes(office: Office, everybody: Iterable[Subscriber], sink: Sink) -> None:
    """Tell who reads regions alone that regions.toml has no more: they would never get anything."""
    from reportgen.reading.regions import RegionTable

    find = RegionTable(office.series.regions).find
    codes = {code for p in everybody for code in p.regions}
    gone = {code for code in codes if find(code) is None}
    lost = [p for p in everybody if p.status is Status.ACTIVE and p.regions and p.regions <= gone]
    if lost:
        what = ", ".join(sorted(gone))
        sink.warning("no-such-region", f"{len(lost)} named no region but {what}, which "
                     "regions.toml has not", Span("subscribers.sqlite"),
                     "they get nothing, ever: subscribers add ADDRESS --region gives them another")


def _check_starts(issue: Issue, purpose: Purpose, sink: Sink) -> None:
    """Let no brief go out that nobody has written yet."""
    from reportgen.scaffold import is_start

    tell = sink.warning if purpose is Purpose.TRIAL else sink.error
    for brief in issue.briefs:
        if is_start(brief):
            tell("not-written", "this brief has the title or the author of a new one still",
                 brief.span, "write it, or take the file away")
    if sink.failed:
        raise ReportgenError(sink)


def _tell_of_changes(office: Office, folder: str, made_of: Mapping[str, str],
                     sink: Sink) -> None:
    """Tell what is not as others got the issue."""
    for campaign in office.ledger.campaigns(folder)[:1]:
        changed = [name for name, sha in campaign.manifest.made_of
                   if made_of.get(name, sha) != sha]
        if changed:
            sink.warning("changed-since", f"{', '.join(changed[:5])} changed since this issue was "
                         f"mailed first, on {campaign.planned_at[:10]}: this is another text than "
                         "others have", Span(folder))


def _check_renamed(office: Office, folder: str, made_of: Mapping[str, str], sink: Sink) -> None:
    """Refuse an issue that was mailed by another name, of which the folder is gone."""
    from reportgen.reading.issue import BRIEF_SUFFIXES

    def briefs(files: Iterable[tuple[str, str]], issue: str) -> dict[str, str]:
        return {name: sha for name, sha in files if name.startswith(f"{issue}/")
                and Path(name).suffix.lower() in BRIEF_SUFFIXES}

    ours = set(briefs(made_of.items(), folder).values())
    for campaign in office.ledger.campaigns():
        theirs = briefs(campaign.manifest.made_of, campaign.issue)
        gone = not any((office.folder / name).is_file() for name in theirs)
        same = len(ours & set(theirs.values())) * 2 > max(len(ours), len(theirs))
        if gone and same and office.ledger.had(campaign.issue):
            sink.error("renamed-issue", f"this issue was mailed as {campaign.issue}, and its "
                       f"folder is called {folder} now: who has it would get it again",
                       Span(folder), f"call the folder {campaign.issue} again, or mail a "
                       "correction: --again NAME")
            return


def _nobody(key: str) -> str:
    """Say that nobody has the issue yet."""
    return ""


def _parcel(office: Office, path: Path, selection: Selection, briefs: tuple[str, ...],
            relay: Capabilities | None, sink: Sink) -> tuple[Parcel, dict[str, str]]:
    """Build one bulletin and its letter; return them, and the hashes of what they are made of."""
    from reportgen.export import file_stem
    from reportgen.pipeline import letter_of, make

    told = sink if selection == WHOLE else Sink()  # what is wrong with a brief is told once
    made = make(path, briefs, ("screen",), told)
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
