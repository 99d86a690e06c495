"""Whether somebody asks, in a mail, to be taken off the list.

The link in each of our mails makes one with a token. People write what they like: what is nothing
but such a wish is one; a question, a letter with more in it, or a wish about somebody else is read
by the editor.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from reportgen.mail.phrases import patterns, unaccented
from reportgen.mail.returns.incoming import PHRASES, Incoming, is_our_subject

_TOKEN = re.compile(r"(?<![a-z0-9])([a-z2-7]{26})(?![a-z0-9])", re.I)

_MOST_WORDS = 25
"""A letter of more words says more than that, """

_MOST_OF_A_LETTER = 80
"""unless it asks in so many words to be taken off: then of more than these."""


def tokens(mail: Incoming) -> tuple[str, ...]:
    """Return what may be tokens in a mail's subject, addresses and first words, as they stand."""
    places = (mail.header("subject"), mail.recipients, mail.said[:500])
    found = (token.lower() for text in places for token in _TOKEN.findall(unquote_plus(text)))
    return tuple(dict.fromkeys(found))


def is_contradicted(mail: Incoming) -> bool:
    """Whether the words of a mail say that its sender does not want to leave, token or not."""
    return not mail.is_automatic and patterns(PHRASES)["stay"].search(
        unaccented(mail.said)) is not None


def is_wish(mail: Incoming, *, dedicated: bool, titles: tuple[str, ...] = ()) -> bool:
    """Whether a mail says in words, and says nothing else, that its sender wants to leave.

    `dedicated`: it came to an address that is for nothing else, where silence is
    a wish as well; `titles` are those of the bulletin, which people put into it.
    """
    if mail.is_automatic or "text/calendar" in mail.types:
        return False
    subject, said = mail.subject, mail.said
    for title in filter(None, titles):
        named = re.compile(re.escape(title), re.I)
        subject, said = named.sub(" ", subject), named.sub(" ", said)
    text = unaccented(said if is_our_subject(subject) else f"{subject}\n{said}")
    phrases = patterns(PHRASES)
    if phrases["stay"].search(text):
        return False
    plain = phrases["take-me-off"].search(text)
    if phrases["polite"].search(text):
        text = _QUESTION.sub(".", text)
    most = _MOST_OF_A_LETTER if plain else _MOST_WORDS
    if phrases["contrary"].search(text) or len(text.split()) > most or _others(mail, text):
        return False
    if plain or phrases["leave"].search(text):
        return True
    return dedicated and not re.sub(r"\W", "", text)


_QUESTION = re.compile(unaccented(r"[?？؟]|でしょうか|ですか|ませんか"))


def _others(mail: Incoming, text: str) -> bool:
    """Whether a text names an address that is not its sender's."""
    return any(address.lower().strip(".") != mail.sender.lower()
               for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text))
