"""Whether somebody asks, in a mail, to be taken off the list.

The link in each of our mails makes one with a token. People write what they like: what is nothing
but such a wish is one; a question, a letter with more in it, or a wish about somebody else is read
by the editor.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from reportgen.mail.phrases import patterns, unaccented
from reportgen.mail.returns.incoming import PHRASES, Incoming

_TOKEN = re.compile(r"(?<![a-z0-9])([a-z2-7]{26})(?![a-z0-9])", re.I)

_MOST_WORDS = 25
"""A letter of more words says more than that."""


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
    if mail.is_automatic:
        return False
    subject, said = mail.subject, mail.said
    for title in filter(None, titles):
        named = re.compile(re.escape(title), re.I)
        subject, said = named.sub(" ", subject), named.sub(" ", said)
    text = unaccented(said if _ANSWERS.match(subject) else f"{subject}\n{said}")
    phrases = patterns(PHRASES)
    if phrases["polite"].search(text):
        text = text.replace("?", ".")
    if (phrases["contrary"].search(text) or len(text.split()) > _MOST_WORDS
            or _others(mail, text)):
        return False
    if phrases["leave"].search(text):
        return True
    return dedicated and not re.sub(r"\W", "", text)


_ANSWERS = re.compile(r"\s*((re|aw|sv|antw|odp|rif|r|tr|fwd?|wg)\s*:\s*)+", re.I)
"""How subjects begin that are ours and not the writer's."""


def _others(mail: Incoming, text: str) -> bool:
    """Whether a text names an address that is not its sender's."""
    return any(address.lower().strip(".") != mail.sender.lower()
               for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text))
