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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qs

from reportgen.mail.tokens import is_checked

MOST_BYTES = 5_000_000
"""Of the spool."""

MOST_UNCHECKED = 200
"""Tokens without our check letters that lie in the spool at the same time."""

_MOST_BODY = 1_000_000
_TOKEN = re.compile(r"[a-z2-7]{26}")
_STYLE = Path(__file__).with_name("style.css")

Start = Callable[[str, list[tuple[str, str]]], object]


class Receiver:
    """Takes what readers ask for. One object serves all requests."""

    def __init__(self, config: str | Path) -> None:
        """Take the file that `reportgen receiver` made; what readers ask for lies beside it."""
        self._config: dict[str, Any] = json.loads(Path(config).read_text("utf-8"))
        self._spool = Path(config).with_name("receiver-spool.jsonl")
        self._style = _STYLE.read_text("utf-8")

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        posted = _posted(environ) if environ["REQUEST_METHOD"] == "POST" else None
        if posted is not None and posted.get("do") == ["fetch"]:
            return self._fetch(posted, start)
        query = parse_qs(environ.get("QUERY_STRING", ""))
        language = self._language(query, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
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
            "regions": [code for code in self._config["regions"]
                        if code in posted.get("regions[]", ())],
            "every": 3 if posted.get("every") == ["3"] else 1})
        text = words["left" if leave else "saved"] if taken else words["busy"]
        return self._show(language, text, "200 OK" if taken else "503 Service Unavailable", start)

    # -- the page

    def _language(self, query: dict[str, list[str]], accepted: str) -> str:
        """Return the reader's language, of those that the page speaks."""
        wanted = [query.get("l", [""])[0].lower(),
                  *(part.partition(";")[0].strip()[:2] for part in accepted.lower().split(",")),
                  self._config["language"]]
        return next((code for code in wanted if code in self._config["words"]), "en")

    def _form(self, language: str) -> str:
        words = {key: escape(text) for key, text in self._config["words"][language].items()}
        boxes = "".join(
            f'<label><input type="checkbox" name="regions[]" value="{escape(code)}"> '
            f"{escape(names.get(language, names['en']))}</label>\n"
            for code, names in self._config["regions"].items())
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
        checked = is_checked(bytes.fromhex(self._config["check"]), asked["token"])
        with self._locked() as file:
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
        with self._locked() as file:
            left = [line for line in file.readlines() if line.startswith("{")
                    and json.loads(line)["id"] not in done]
            file.seek(0)
            file.truncate()
            file.writelines(left)
        return ["".join(left).encode()]

    @contextmanager
    def _locked(self) -> Iterator[TextIO]:
        """Give the spool, read from its beginning and written at its end; nobody else has it."""
        with self._spool.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._spool.chmod(0o600)
            file.seek(0)
            yield file


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
