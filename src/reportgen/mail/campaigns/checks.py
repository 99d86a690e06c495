"""What is refused or told before a mailing is planned: mistakes that nobody could call back.

A list that knows nothing of who left, a brief that nobody wrote, a group that is
none, an issue that was mailed by another name, another text than others have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.diagnostics import ReportgenError, Sink, Span
from reportgen.mail.campaigns.planning import Filter
from reportgen.mail.ledger.campaign import campaign_id
from reportgen.mail.session import MailSession
from reportgen.mail.subscribers import FILE as SUBSCRIBERS_FILE
from reportgen.mail.subscribers import Status, Subscriber

if TYPE_CHECKING:
    from reportgen.reading.issue import Issue


class Purpose(Enum):
    """What a plan is for."""

    SENDING = "sending"
    TRIAL = "trial"
    """A dry run or a test: also of what was sent, and with nobody on the list."""


def check_list(session: MailSession, sink: Sink) -> None:
    """Refuse a list of subscribers with which none of the mailings was planned.

    Who left since, or was erased, is not known in it. Raises ReportgenError.
    """
    identity, mailed = session.subscribers.identity, session.ledger.campaigns()
    if mailed and not any(c.id == campaign_id(identity, c.manifest.relay, c.name) for c in mailed):
        sink.error("other-list", f"{SUBSCRIBERS_FILE} is new: earlier mailings went to another "
                   "list, and who left that is not known in this one",
                   Span(SUBSCRIBERS_FILE), "take the last good copy of it",
                   "if who left is in it as well, go on with --adopt")
        raise ReportgenError(sink)


def check_starts(issue: Issue, purpose: Purpose, sink: Sink) -> None:
    """Let no brief go out that nobody has written yet. Raises ReportgenError."""
    from reportgen.scaffold import is_start

    tell = sink.warning if purpose is Purpose.TRIAL else sink.error
    for brief in issue.briefs:
        if is_start(brief):
            tell("not-written", "this brief has the title or the author of a new one still",
                 brief.span, "write it, or take the file away")
    if sink.failed:
        raise ReportgenError(sink)


def check_filter(session: MailSession, asked: Filter, everybody: tuple[Subscriber, ...],
                 sink: Sink) -> None:
    """Check what the editor asks for, and what the readers did. Raises ReportgenError."""
    _check_filter(asked, everybody, sink)
    if session.mail.settings.personal:
        _tell_of_lost_wishes(session, everybody, sink)


def _check_filter(asked: Filter, everybody: Iterable[Subscriber], sink: Sink) -> None:
    """Refuse a group that nobody is in; tell of a language that nobody named."""
    groups = {g.casefold(): g for p in everybody for g in p.groups}
    wanted = asked.group.casefold()
    if wanted and wanted not in groups:
        near = get_close_matches(wanted, groups, 1)
        sink.error("no-group", f'nobody is in a group "{asked.group}"', Span("command line"),
                   f'did you mean "{groups[near[0]]}"?' if near else
                   f"groups are: {', '.join(sorted(groups.values())) or 'none'}")
        raise ReportgenError(sink)
    languages = {p.language for p in everybody if p.language}
    if asked.language and asked.language not in languages:
        sink.warning("no-language", f'nobody on the list reads "{asked.language}"; it goes to '
                     "who named no language", Span("command line"),
                     f"languages there are: {', '.join(sorted(languages)) or 'none'}")


def _tell_of_lost_wishes(session: MailSession, everybody: Iterable[Subscriber], sink: Sink) -> None:
    """Tell who reads regions alone that regions.toml has no more: they would never get anything."""
    from reportgen.reading.regions import RegionTable

    find = RegionTable(session.series.regions).find
    codes = {code for p in everybody for code in p.regions}
    gone = {code for code in codes if find(code) is None}
    lost = [p for p in everybody if p.status is Status.ACTIVE and p.regions and p.regions <= gone]
    if lost:
        what = ", ".join(sorted(gone))
        sink.warning("no-such-region", f"{len(lost)} named no region but {what}, which "
                     "regions.toml has not", Span(SUBSCRIBERS_FILE),
                     "they get nothing, ever: subscribers add ADDRESS --region gives them another")


def check_sources(session: MailSession, folder: str, made_of: Mapping[str, str], purpose: Purpose,
                  sink: Sink) -> None:
    """Compare the files of an issue, with their SHA-256, to those that were mailed before."""
    if purpose is Purpose.SENDING:
        _check_renamed(session, folder, made_of, sink)
    _tell_of_changes(session, folder, made_of, sink)


def _check_renamed(session: MailSession, folder: str, made_of: Mapping[str, str],
                   sink: Sink) -> None:
    """Refuse an issue that was mailed by another name, of which the folder is gone."""
    from reportgen.reading.leftovers import BRIEF_SUFFIXES

    def briefs(files: Iterable[tuple[str, str]], issue: str) -> dict[str, str]:
        return {name: sha for name, sha in files if name.startswith(f"{issue}/")
                and Path(name).suffix.lower() in BRIEF_SUFFIXES}

    ours = set(briefs(made_of.items(), folder).values())
    for campaign in session.ledger.campaigns():
        theirs = briefs(campaign.manifest.made_of, campaign.issue)
        gone = not any((session.folder / name).is_file() for name in theirs)
        same = len(ours & set(theirs.values())) * 2 > max(len(ours), len(theirs))
        if gone and same and session.ledger.had(campaign.issue):
            sink.error("renamed-issue", f"this issue was mailed as {campaign.issue}, and its "
                       f"folder is called {folder} now: who has it would get it again",
                       Span(folder), f"call the folder {campaign.issue} again, or mail a "
                       "correction: --again NAME")
            return


def _tell_of_changes(session: MailSession, folder: str, made_of: Mapping[str, str],
                     sink: Sink) -> None:
    """Tell what is not as others got the issue."""
    for campaign in session.ledger.campaigns(folder)[:1]:
        changed = [name for name, sha in campaign.manifest.made_of
                   if made_of.get(name, sha) != sha]
        if changed:
            sink.warning("changed-since", f"{', '.join(changed[:5])} changed since this issue was "
                         f"mailed first, on {campaign.planned_at[:10]}: this is another text than "
                         "others have", Span(folder))
