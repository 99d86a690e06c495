"""What an author has to answer: what `check` tells of a brief, as questions."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Severity, Sink
from reportgen.export import press_of
from reportgen.reading.documents.questions import Question
from reportgen.series import TrackedChanges
from reportgen.session import open_session
from reportgen.standards import ColourSpace

_ASKED = {
    "possible-citation": "Is this a source? If so, please make it a footnote, or give title and "
    "date.",
    "source-date": "When was this published? Please add the date, or “n.d.”.",
    "source-address": "Where was this published? Please add the publisher or the address.",
    "bare-address": "Please add author, title and date of this page (also in the other notes that "
    "are nothing but an address).",
    "source-differs": "Another note has this address with another title or date. Which is right?",
    "ibid": "Which source is meant here? Please write it out.",
    "op-cit": "Which work is meant here? Please write it out.",
    "author-date": "This source is missing in the list of references. Please add it.",
    "end-notes": "The numbers in the text and the notes do not agree. Please check them.",
    "flattened-note": "Is this number the call of a footnote that was lost?",
    "unused-note": "Nothing in the text refers to this note. Where does it belong?",
    "dead-source": "This page could not be found. Is there another address?",
    "doubled-word": "Does this word stand here twice on purpose?",
    "bracket": "Here a bracket is missing, or is one too many.",
    "quotation-mark": "Where does this quotation begin and end? A quotation mark is missing.",
    "mixed-spelling": "The text has British and American spelling. Please choose one.",
    "two-spellings": "Is this the same name as the other spelling of it in the text?",
    "two-ways": "This is written another way elsewhere in the text. Please choose one.",
    "acronym": "Please write this out where it stands first.",
    "broken-word": "Is this one word, with or without a hyphen?",
    "broken-address": "Is this address right? A line's end had broken it.",
    "ambiguous-place": "Several places have this name. Which is meant?",
    "no-alternative": "What does this picture show? (For readers who cannot see it.)",
    "no-byline": "Who is the author of this text?",
    "no-standfirst": "Please write a standfirst: the message of the text in a sentence or two.",
    "no-bio": "Please add a line on the author.",
    "no-region": "Which region is this text about?",
    "no-date": "Of which month is this text?",
    "other-month": "Is the month in the heading right?",
    "misspelt-month": "Is the month in the heading right?",
    "no-title": "What is the title of this text?",
    "length": "The text has another length than was agreed.",
}
"""What an author is asked, by the code of what `check` tells; with its message for those below."""

_WITH_MESSAGE = ("source-differs", "op-cit", "ibid", "two-spellings", "two-ways", "length",
                 "acronym", "mixed-spelling")
_ONLY_AS_WARNING = ("ibid", "op-cit", "author-date", "end-notes")
"""Codes of which the notes say that all is well."""


def questions_of(path: Path, sink: Sink) -> list[Question]:
    """Return what has to be asked about the Word file of a brief.

    Changes and comments that nobody has settled are left as they are. An error that its author can
    do nothing about is one in `sink`.
    """
    session = open_session(path, (), sink, press_of)
    if session is None or sink.failed:
        return []
    settings = replace(session.frame.settings, tracked_changes=TrackedChanges.ACCEPT.value)
    session.frame = replace(session.frame, settings=settings)
    told = session.composed(session.frame.files[0], ColourSpace.RGB).sink
    for diagnostic in told:
        if diagnostic.severity is Severity.ERROR and diagnostic.code not in _ASKED:
            sink.add(diagnostic)
    name = session.frame.series.workspace.shown(session.frame.files[0])
    return [question for diagnostic in told if diagnostic.span.file == name
            and (question := _question(diagnostic)) is not None]


def _question(told: Diagnostic) -> Question | None:
    text = _ASKED.get(told.code)
    if text is None or (told.severity is Severity.NOTE and told.code in _ONLY_AS_WARNING):
        return None
    if told.code in _WITH_MESSAGE:
        text = f"{text} ({told.message})"
    return Question(told.span.line, told.words, text)
