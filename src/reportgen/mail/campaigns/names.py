"""Which mailing of an issue is meant, and who has the issue by which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

from msgspec import Struct

from reportgen.diagnostics import Sink
from reportgen.mail.campaigns import planning
from reportgen.mail.campaigns.planning import Filter
from reportgen.mail.ledger.campaign import Campaign, State, delivery_id
from reportgen.mail.ledger.journal import Journal, journals_of
from reportgen.mail.session import MailSession


class MailingKey(Struct, frozen=True):
    """Which mailing of an issue is meant."""

    filter: Filter = planning.EVERYBODY
    again: str = ""
    """Name of a mailing of its own, that goes to people who have the issue already."""
    newcomers: bool = False
    """Only to who is in no mailing of the issue yet."""


def issue_of(root: Path, path: Path) -> str:
    """Return the name of an issue: the path of its folder in the series at `root`."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:  # the series refuses what lies outside of it, when it is read
        return path.resolve().name


def name_of(session: MailSession, issue: str, part: MailingKey) -> str:
    """Return the name of a mailing: the issue's, and what tells it from others of that issue.

    Of mailings to newcomers, the first of which something can be sent now; else a new
    one if there are more people; else the first that is not finished.
    """
    if not part.newcomers:
        return _name(issue, part)
    begun = _to_newcomers(session, issue, part)
    new = f"{_name(issue, part)}{_NEWCOMERS}{len(begun) + 1}"
    due = next((c.name for c in begun if _is_due(session, c)), "")
    if due or newcomers(session, issue, part):
        return due or new
    return next((c.name for c in begun if _is_unfinished(session, c)), new)


def mailings_of(session: MailSession, issue: str, part: MailingKey) -> tuple[Campaign, ...]:
    """Return the mailings that `part` means among those that there are."""
    if part.newcomers:
        return _to_newcomers(session, issue, part)
    found = session.ledger.campaign(_name(issue, part))
    return (found,) if found else ()


_NEWCOMERS, _AGAIN = "/newcomers=", "/again="


def _name(issue: str, part: MailingKey) -> str:
    words = {"/to=": part.filter.group.casefold(), "/language=": part.filter.language,
             _AGAIN: part.again}
    return issue.replace("=", "%3D") + "".join(
        key + quote(value, safe="") for key, value in words.items() if value)


def _to_newcomers(session: MailSession, issue: str, part: MailingKey) -> tuple[Campaign, ...]:
    first = _name(issue, part) + _NEWCOMERS
    return tuple(c for c in session.ledger.campaigns(issue) if c.name.startswith(first))


def _is_due(session: MailSession, campaign: Campaign) -> bool:
    """Whether something of a mailing can be sent now."""
    waiting = session.ledger.deliveries(campaign, State.PLANNED, State.DEFERRED, State.ON_DOT)
    now = session.now().timestamp()
    return not campaign.cancelled_at and any(d.next_at <= now for d in waiting)


def _is_unfinished(session: MailSession, campaign: Campaign) -> bool:
    """Whether something of a mailing is to be sent later, or nobody knows whether it was."""
    waiting = (State.PLANNED, State.DEFERRED, State.ON_DOT, State.IN_DOUBT)
    return not campaign.cancelled_at and bool(session.ledger.deliveries(campaign, *waiting))


def had_by(session: MailSession, issue: str, name: str, again: str = "") -> Callable[[str], str]:
    """Return what tells by which mailing an address gets an issue already; nothing: by none.

    Of a correction, `again`, only that counts. The ledger knows, and for what it lost
    this machine's journals; what is in doubt by the very mailing that is called
    `name` is for that to settle.
    """
    sent, known = session.ledger.had(issue), session.ledger.known(issue)
    mailings = {campaign.id for campaign in session.ledger.campaigns(issue)}
    for identifier, (other, journal) in journals_of(session.state, session.origin, issue).items():
        mailings.add(identifier)
        lost = journal.taken() | (journal.doubtful() if other != name else frozenset())
        sent |= dict.fromkeys(lost - known, f"{other}{_OF_JOURNAL}")
    if again:
        sent = {delivery: other for delivery, other in sent.items()
                if _again_of(other.removesuffix(_OF_JOURNAL)) == again}

    formers = session.subscribers.formers()

    def had(key: str) -> str:
        """By which mailing; what somebody had by a former address they have."""
        return next((sent[delivery_id(mailing, one)] for one in (key, *formers.get(key, ()))
                     for mailing in mailings if delivery_id(mailing, one) in sent), "")

    return had


def rests(session: MailSession, issue: str) -> Callable[[str], bool]:
    """Return what tells whether an address had one of the two issues that were mailed before."""
    first: dict[str, str] = {}
    for campaign in session.ledger.campaigns():
        first[campaign.issue] = min(campaign.planned_at, first.get(campaign.issue, "~"))
    first.pop(issue, None)
    before = sorted(first, key=lambda name: first[name])[-2:]
    had = [had_by(session, name, name) for name in before]
    return lambda key: any(one(key) for one in had)


_OF_JOURNAL = ", which this machine sent and the ledger has not"


def _again_of(name: str) -> str:
    """Return which correction a mailing is; empty: it is none."""
    return unquote(name.partition(_AGAIN)[2])


class Elsewhere(Struct, frozen=True):
    """Who got the same by another mailing, which the ledger has lost."""

    taken: Callable[[str], str]
    """By which mailing an address got it; empty: by none."""
    doubtful: Callable[[str], str]
    """By which it may have got it."""


def elsewhere(session: MailSession, campaign: Campaign) -> Elsewhere:
    """Return what other mailings of an issue delivered that the ledger knows nothing of.

    A correction and the issue that it corrects are not the same.
    """
    known = session.ledger.known(campaign.issue)
    others = {identifier: (name, journal) for identifier, (name, journal)
              in journals_of(session.state, session.origin, campaign.issue).items()
              if identifier != campaign.id and _again_of(name) == _again_of(campaign.name)}

    def by(what: Callable[[Journal], frozenset[str]]) -> Callable[[str], str]:
        found = {mailing: (name, what(journal) - known)
                 for mailing, (name, journal) in others.items()}
        return lambda key: next((name for mailing, (name, deliveries) in found.items()
                                 if delivery_id(mailing, key) in deliveries), "")

    return Elsewhere(by(Journal.taken), by(Journal.doubtful))


def newcomers(session: MailSession, issue: str, part: MailingKey) -> int:
    """Return to how many subscribers an issue is to be mailed by no mailing yet."""
    return len(without(session, issue, part).people)


def without(session: MailSession, issue: str, part: MailingKey) -> planning.Audience:
    """Return who is to get an issue and has it by no mailing yet, and who is left out, and why."""
    personal = bool(session.mail.settings.personal)
    here = _regions_of(session, issue) if personal else frozenset()
    return planning.audience(session.subscribers.all(), part.filter, here,
                             had_by(session, issue, _name(issue, MailingKey())), personal=personal,
                             rests=rests(session, issue))


def _regions_of(session: MailSession, issue: str) -> frozenset[str]:
    """Return the codes of the regions that an issue has; none if it cannot be read."""
    from reportgen.reading.issue import read

    found = read(session.folder / issue, (), Sink())
    return frozenset(brief.region.code for brief in found.briefs) if found else frozenset()
