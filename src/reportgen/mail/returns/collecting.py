"""Fetching what readers asked for on the page, and doing it: each once.

The page forgets what was fetched when the next request names it: a run that dies between the two
fetches it again, and what was done is known by its identifier.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from reportgen.mail.addresses import BadAddress, parse_address
from reportgen.mail.imports import language_of
from reportgen.mail.returns.incoming import legible
from reportgen.mail.returns.processor import Kind, Returned
from reportgen.mail.subscribers import Subscriber, Subscribers

_MOST_BYTES = 20_000_000


class CannotFetch(Exception):
    """The page cannot be asked; the text says why."""


class _NoRedirect(HTTPRedirectHandler):
    """A secret goes where it is meant to go, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def collected(url: str, subscribers: Subscribers, timeout: float, now: str) -> Iterator[Returned]:
    """Yield what readers asked for on the page at `url`, having done it. Raises CannotFetch.

    `timeout` is in seconds, `now` ISO 8601.
    """
    tokens = subscribers.tokens()
    done: list[str] = []
    while rows := _asked(url, subscribers.fetch_secret, done, timeout):
        done = []
        for row in rows:
            name = f"receiver {row.get('id', '')}"
            with subscribers.transaction():
                if not subscribers.seen(name):
                    yield from _do(row, subscribers, tokens, now)
                    subscribers.note(name, str(row.get("do", "")), now)
            done.append(str(row.get("id", "")))


def _do(row: dict[str, Any], subscribers: Subscribers, tokens: dict[str, str],
        now: str) -> Iterator[Returned]:
    """Do what somebody asked for; tokens that are nobody's are nothing to tell each of."""
    if row.get("do") == "join":
        yield from _join(row, subscribers, now)
        return
    key = tokens.get(str(row.get("token", "")))
    person = subscribers.find_key(key) if key else None
    if person is None:
        return
    mailbox = person.address.mailbox
    if row.get("do") == "leave":
        subscribers.unsubscribe(person.address, f"on the page, {row.get('how', '')}, "
                                f"{row.get('at', '')}", now)
        yield Returned(Kind.UNSUBSCRIBE, mailbox, "unsubscribed")
    elif row.get("do") == "choose":
        regions = frozenset(str(code) for code in row.get("regions", ()))
        every = 3 if row.get("every") == 3 else 1
        subscribers.choose(person.address, regions, every, now)
        yield Returned(Kind.CHOICE, mailbox, f"gets {', '.join(sorted(regions)) or 'all regions'}, "
                       f"{'every third issue' if every == 3 else 'every issue'}")


def _join(row: dict[str, Any], subscribers: Subscribers, now: str) -> Iterator[Returned]:
    """Take somebody who subscribed and confirmed it, whatever was before: they asked anew."""
    try:
        address = parse_address(str(row.get("email", "")))
    except BadAddress as error:
        yield Returned(Kind.OTHER, legible(str(row.get("email", "")))[:100], f"no address: {error}")
        return
    consent = (f"asked {row.get('asked', '')}, confirmed {row.get('confirmed', '')} (double "
               f"opt-in): {row.get('text', '')}")
    subscribers.readmit(Subscriber(
        address, language_of(str(row.get("language", ""))),
        regions=frozenset(str(code) for code in row.get("regions", ())),
        consent=legible(consent)[:1000], source="the page to subscribe"), now)
    yield Returned(Kind.JOINED, address.mailbox, "subscribed")


def _asked(url: str, secret: str, done: list[str], timeout: float) -> list[dict[str, Any]]:
    """Return what lies on the page, after it has forgotten what is done."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise CannotFetch(f"{url} is no address that begins with https://")
    body = urlencode({"do": "fetch", "secret": secret, "done": " ".join(done)}).encode()
    try:
        with build_opener(_NoRedirect).open(Request(url, body), timeout=timeout) as answer:
            data = answer.read(_MOST_BYTES)
        return [json.loads(line) for line in data.decode("utf-8").splitlines() if line.strip()]
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise CannotFetch(f"{url} cannot be asked: {reason}") from error
