"""The page on which readers unsubscribe, as a WSGI application (PEP 3333); standard library alone.

It does what receiver.php does, with a file receiver.json in place of what is in that, and runs on
any host with Python:

    from reportgen.mail.receiver.wsgi import Receiver
    application = Receiver("/srv/receiver/receiver.json")
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import io
import json
import re
import secrets
import smtplib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qs

from reportgen.mail.tokens import is_checked

MOST_BYTES = 5_000_000
"""Of the spool."""

MOST_UNCHECKED = 200
"""Tokens without our check letters that lie in the spool at the same time."""

MOST_PENDING = 500
"""Addresses that wait to be confirmed."""

MOST_FROM_ONE = 5
"""Of them from one client in an hour."""

LIFE = 172_800
"""Seconds that an address waits: then it is forgotten."""

_MOST_BODY = 1_000_000
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TOKEN = re.compile(r"[a-z2-7]{26}")
_STYLE = Path(__file__).with_name("style.css")

Start = Callable[[str, list[tuple[str, str]]], object]


class Receiver:
    """Takes what readers ask for. One object serves all requests."""

    def __init__(self, config: str | Path) -> None:
        """Take the file that `reportgen receiver` made; what readers ask for lies beside it."""
        self._config: dict[str, Any] = json.loads(Path(config).read_text("utf-8"))
        self._spool = Path(config).with_name("receiver-spool.jsonl")
        self._pending = Path(config).with_name("receiver-pending.jsonl")
        self._style = _STYLE.read_text("utf-8")

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        posted = _posted(environ) if environ["REQUEST_METHOD"] == "POST" else None
        if posted is not None and posted.get("do") == ["fetch"]:
            return self._fetch(posted, start)
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        language = self._language(query, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        if self._config["join"] and "join" in query:
            return self._join(language, posted, environ.get("REMOTE_ADDR", ""), start)
        if self._config["join"] and "c" in query:
            return self._confirm(language, query["c"][0], start, press=posted is not None)
        token = query.get("t", [""])[0].lower()
        words = self._config["words"][language]
        if not _TOKEN.fullmatch(token):
            return self._show(language, words["unknown"], "404 Not Found", start)
        if posted is None:  # programs that scan mail follow links: a GET changes nothing
            return self._show(language, self._form(language), "200 OK", start, is_form=True)
        if posted.get("List-Unsubscribe") == ["One-Click"]:
            taken = self._take({"do": "leave", "token": token, "how": "one click"})
            start("200 OK" if taken else "503 Service Unavailable",
                  [("Content-Type", "text/plain; charset=utf-8")])
            return [b"ok\n" if taken else b"later\n"]
        leave = posted.get("do") == ["leave"]
        taken = self._take({"do": "leave", "token": token, "how": "page"} if leave else {
            "do": "choose", "token": token, "how": "page",
            "regions": self._regions_of(posted),
            "every": 3 if posted.get("every") == ["3"] else 1})
        text = words["left" if leave else "saved"] if taken else words["busy"]
        return self._show(language, text, "200 OK" if taken else "503 Service Unavailable", start)

    # -- subscribing

    def _join(self, language: str, posted: dict[str, list[str]] | None, client: str,
              start: Start) -> list[bytes]:
        """Show the form to subscribe, or send the mail by which an address is confirmed."""
        words = self._config["words"][language]
        if posted is None:
            return self._show(language, self._join_form(language), "200 OK", start, is_form=True)
        email = posted.get("email", [""])[0].strip()
        if posted.get("website", [""])[0]:  # a field that nobody sees: a program filled it
            return self._show(language, words["join_sent"], "200 OK", start)
        if not _EMAIL.fullmatch(email) or len(email) > 254 or not posted.get("agree", [""])[0]:
            return self._show(language, words["join_wrong"], "400 Bad Request", start)
        salted = (self._config["check"] + client).encode()
        entry = {"token": secrets.token_hex(16), "email": email, "language": language,
                 "regions": self._regions_of(posted), "asked": int(time.time()),
                 "text": words["agree"].replace("{title}", self._config["title"]),
                 "client": hashlib.sha256(salted).hexdigest()[:16]}
        state = self._wait(entry)
        if state == "new" and not self._send_confirmation(words, entry):
            state = "busy"
        busy = state == "busy"
        return self._show(language, words["busy" if busy else "join_sent"],
                          "503 Service Unavailable" if busy else "200 OK", start)

    def _wait(self, entry: dict[str, Any]) -> str:
        """Keep an address until it is confirmed; return `new`, `sent` (it waits), or `busy`."""
        with self._locked(self._pending) as file:
            rows = _waiting(file)
            hour = [row for row in rows if row["asked"] > time.time() - 3600]
            if any(row["email"].lower() == entry["email"].lower() for row in hour):
                return "sent"
            from_one = sum(row["client"] == entry["client"] for row in hour)
            if len(rows) >= MOST_PENDING or from_one >= MOST_FROM_ONE:
                return "busy"
            _write(file, [*rows, entry])
        return "new"

    def _send_confirmation(self, words: dict[str, str], entry: dict[str, Any]) -> bool:
        given = self._config["join"]
        link = f"{given['url']}?c={entry['token']}&l={entry['language']}"
        mail = EmailMessage()
        mail["From"], mail["To"] = given["sender"], entry["email"]
        mail["Subject"] = words["mail_subject"].replace("{title}", self._config["title"])
        mail["Date"], mail["Auto-Submitted"] = format_datetime(datetime.now(UTC)), "auto-generated"
        mail.set_content(words["mail_text"].replace("{title}", self._config["title"])
                         .replace("{link}", link))
        host, _, port = given["smtp"].partition(":")
        try:
            with smtplib.SMTP(host, int(port or 25), timeout=20) as server:
                server.send_message(mail)
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def _confirm(self, language: str, token: str, start: Start, *, press: bool) -> list[bytes]:
        """Show what the link in the mail opens, or take who pressed the button there."""
        words = self._config["words"][language]
        with self._locked(self._pending) as file:
            rows = _waiting(file)
            found = next((row for row in rows if hmac.compare_digest(row["token"], token)), None)
            _write(file, [row for row in rows if not (press and row is found)])
        if found is None:
            return self._show(language, words["expired"], "404 Not Found", start)
        if not press:
            form = (f'<form method="post"><p>{escape(found["text"])}</p>'
                    f'<button>{escape(words["confirm"])}</button></form>')
            return self._show(language, form, "200 OK", start, is_form=True)
        self._keep({"do": "join", "email": found["email"], "language": found["language"],
                    "regions": found["regions"], "asked": _date(found["asked"]),
                    "confirmed": _date(time.time()), "text": found["text"]}, checked=True)
        return self._show(language, words["confirmed"], "200 OK", start)

    def _join_form(self, language: str) -> str:
        words = {key: escape(text.replace("{title}", self._config["title"]))
                 for key, text in self._config["words"][language].items()}
        return f"""<form method="post"><p>{words['join_lead']}</p>
<label>{words['email']} <input type="email" name="email" required maxlength="254"
autocomplete="email"></label>
<p class="website" aria-hidden="true"><label>Website <input name="website" tabindex="-1"
autocomplete="off"></label></p>
<fieldset><legend>{words['regions']}</legend>
{self._boxes(language)}</fieldset>
<label><input type="checkbox" name="agree" value="yes" required> {words['agree']}</label>
<p><button name="do" value="join">{words['join']}</button></p></form>"""

    def _regions_of(self, posted: dict[str, list[str]]) -> list[str]:
        """Return the regions that a form asks for."""
        return [code for code in self._config["regions"] if code in posted.get("regions[]", ())]

    # -- the page

    def _language(self, query: dict[str, list[str]], accepted: str) -> str:
        """Return the reader's language, of those that the page speaks."""
        wanted = [query.get("l", [""])[0].lower(),
                  *(part.partition(";")[0].strip()[:2] for part in accepted.lower().split(",")),
                  self._config["language"]]
        return next((code for code in wanted if code in self._config["words"]), "en")

    def _boxes(self, language: str) -> str:
        return "".join(
            f'<label><input type="checkbox" name="regions[]" value="{escape(code)}"> '
            f"{escape(names.get(language, names['en']))}</label>\n"
            for code, names in self._config["regions"].items())

    def _form(self, language: str) -> str:
        words = {key: escape(text) for key, text in self._config["words"][language].items()}
        boxes = self._boxes(language)
        return f"""<form method="post"><p>{words['leave_text']}</p>
<button name="do" value="leave">{words['leave']}</button></form>
<form method="post"><h2>{words['choose']}</h2>
<fieldset><legend>{words['regions']}</legend>
{boxes}</fieldset>
<fieldset><label><input type="radio" name="every" value="1" checked> {words['every']}</label>
<label><input type="radio" name="every" value="3"> {words['third']}</label></fieldset>
<button name="do" value="choose">{words['save']}</button></form>"""

    def _show(self, language: str, body: str, status: str, start: Start, *,
              is_form: bool = False) -> list[bytes]:
        title = escape(self._config["title"])
        heading = escape(self._config["words"][language]["heading"])
        shown = body if is_form else f'<p role="status">{escape(body)}</p>'
        direction = "rtl" if language == "ar" else "ltr"
        page = f"""<!DOCTYPE html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<title>{title}: {heading}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{self._style}</style></head>
<body><main><p class="title">{title}</p><h1>{heading}</h1>
{shown}
</main></body></html>
"""
        start(status, [
            ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex"),
            ("Content-Security-Policy",
             "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")])
        return [page.encode()]

    # -- the spool

    def _take(self, asked: dict[str, Any]) -> bool:
        """Keep what a reader asks for; return whether it is kept."""
        return self._keep(asked, checked=is_checked(bytes.fromhex(self._config["check"]),
                                                    asked["token"]))

    def _keep(self, asked: dict[str, Any], *, checked: bool) -> bool:
        with self._locked(self._spool) as file:
            rows = file.readlines()
            lines = [json.loads(line) for line in rows if line.startswith("{")]
            if any({k: v for k, v in line.items() if k not in ("id", "at")}
                   == {**asked, "checked": checked} for line in lines):
                return True  # asked before, and not fetched yet
            unchecked = sum(not line["checked"] for line in lines)
            if sum(map(len, rows)) > MOST_BYTES or (not checked and unchecked >= MOST_UNCHECKED):
                return False
            now = datetime.now(UTC)
            kept = {"id": f"{int(now.timestamp())}-{secrets.token_hex(8)}",
                    "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), **asked, "checked": checked}
            file.write(json.dumps(kept) + "\n")
        return True

    def _fetch(self, posted: dict[str, list[str]], start: Start) -> list[bytes]:
        """Give what readers asked for to who knows the secret; forget what was fetched before."""
        secret = posted.get("secret", [""])[0]
        known = hmac.compare_digest(hashlib.sha256(secret.encode()).hexdigest(),
                                    self._config["fetch"])
        start("200 OK" if known else "403 Forbidden", [
            ("Content-Type", "application/x-ndjson; charset=utf-8"), ("Cache-Control", "no-store")])
        if not known:
            return []
        done = set(posted.get("done", [""])[0].split())
        with self._locked(self._pending) as file:
            _write(file, _waiting(file))  # what is too old is forgotten
        with self._locked(self._spool) as file:
            left = [line for line in file.readlines() if line.startswith("{")
                    and json.loads(line)["id"] not in done]
            file.seek(0)
            file.truncate()
            file.writelines(left)
        return ["".join(left).encode()]

    @staticmethod
    @contextmanager
    def _locked(path: Path) -> Iterator[TextIO]:
        """Give a file, read from its beginning and written at its end; nobody else has it."""
        with path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            path.chmod(0o600)
            file.seek(0)
            yield file


def _waiting(file: TextIO) -> list[dict[str, Any]]:
    """Return the addresses that wait to be confirmed and are not too old."""
    rows = [json.loads(line) for line in file.readlines() if line.startswith("{")]
    return [row for row in rows if row["asked"] > time.time() - LIFE]


def _write(file: TextIO, rows: list[dict[str, Any]]) -> None:
    file.seek(0)
    file.truncate()
    file.writelines(json.dumps(row) + "\n" for row in rows)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _posted(environ: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a form sends: RFC 8058 lets it be of either kind."""
    try:
        size = min(int(environ.get("CONTENT_LENGTH") or 0), _MOST_BODY)
    except ValueError:
        size = 0
    body = environ["wsgi.input"].read(size)
    kind = environ.get("CONTENT_TYPE", "")
    if not kind.lower().startswith("multipart/form-data"):
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    found: dict[str, list[str]] = {}
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    mail = BytesParser(policy=HTTP).parse(io.BytesIO(head + body))
    for part in mail.iter_parts() if mail.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes):
            found.setdefault(name, []).append(data.decode("utf-8", "replace").strip("\r\n"))
    return found
