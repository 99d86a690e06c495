"""Small mailings for the tests of sending, and a process that sends them and may be killed.

    python -m tests.post FOLDER '{"kill": ["on dot", 3]}'

sends what is open of the mailing in FOLDER as `reportgen send` would, and kills
itself with SIGKILL when a step is done for the third time.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportgen.diagnostics import ReportgenError, Sink
from reportgen.mail import api as mailing
from reportgen.mail.addresses import Address
from reportgen.mail.campaigns import planning
from reportgen.mail.campaigns.planning import WHOLE, Payload
from reportgen.mail.ledger.campaign import Campaign, Delivery
from reportgen.mail.ledger.store import Ledger
from reportgen.mail.sending.protocol import Step
from reportgen.mail.sending.sender import Limits, Outcome, Queue
from reportgen.mail.subscribers import Subscriber
from reportgen.model import UNSUBSCRIBE, Letter

ISSUE = "2019-04"

LETTER = Letter(subject="A bulletin, April 2019",
                html='<html><body><p>.A letter — with a dash.</p>'
                f'<a href="{UNSUBSCRIBE}">x</a></body>'
                "</html>", text=f"A letter.\n.\n..two dots\n{UNSUBSCRIBE}\n", language="en",
                cover=b"\x89PNG cover")

MAIL_TOML = """\
sender = "The Foundation <bulletin@example.org>"
server = "127.0.0.1"
security = "none"
unsubscribe-mailto = "leave@example.org"
retry-after = [0.2, 0.2]
timeout = 2
final-timeout = 2
"""


def pdf_of(size: int, seed: int = 1) -> bytes:
    """Return bytes that cannot be compressed, in place of a PDF."""
    return b"%PDF-1.7\n" + random.Random(seed).randbytes(size)


def address(n: int) -> str:
    return f"reader-{n:04d}@example.org"


def people(count: int) -> tuple[Subscriber, ...]:
    return tuple(Subscriber(Address(address(n), f"Reader {n}"), consent="a test")
                 for n in range(count))


def set_up(folder: Path, readers: int | tuple[Subscriber, ...], port: int, pdf: bytes = b"",
           settings: str = "", again: str = "") -> Campaign:
    """Make a series in `folder` and freeze a mailing in it, as `reportgen send` would."""
    folder.mkdir(exist_ok=True)
    (folder / "series.toml").write_text('title = "A bulletin"\n')
    given = settings if "server =" in settings else MAIL_TOML + settings
    (folder / "mail.toml").write_text(f"port = {port}\n{given}")
    sink = Sink()
    with mailing.open_session(folder, sink) as session:
        everybody = people(readers) if isinstance(readers, int) else readers
        session.subscribers.take(everybody, session.stamp())
        chosen = planning.audience(session.subscribers.all(), planning.EVERYBODY, frozenset(),
                                   lambda key: "", personal=False)
        manifest = planning.manifest_of(session.mail, "A bulletin",
                                        datetime(2026, 1, 1, tzinfo=UTC), ())
        payload = Payload(LETTER, "bulletin.pdf", pdf or pdf_of(3000))
        draft = planning.PlanInput(
            session.subscribers.identity, ISSUE, ISSUE + again, manifest, {WHOLE: payload},
            planning.signer_of(session.mail, sink))
        plan = planning.make_plan(draft, chosen, session.mail, session.subscribers, None, sink)
        assert not sink.failed, list(sink)
        return mailing.freeze(session, plan)


def send_here(folder: Path, observe: Callable[[Step, Delivery], None] = lambda s, d: None,
              name: str = ISSUE, queue: Queue | None = None, **limits: Any) -> Outcome:
    """Send what is open, in this process; return how it went. Raises ReportgenError."""
    sink = Sink()
    with mailing.open_session(folder, sink) as session:
        campaign = session.ledger.campaign(name)
        assert campaign
        mailing.recover(session, campaign, sink)
        mailing.apply_policy(session, campaign)
        given = Limits(session.mail.settings.connections, session.mail.settings.per_minute,
                       **{"backoff": 0.05, **limits})
        waiting = mailing.open_deliveries(session, campaign)
        queue = queue or Queue(waiting, given.wait)
        print(f"sending {len(waiting)}", flush=True)
        watching = mailing.Watching(queue, observe=observe)
        outcome = mailing.run(session, campaign, mailing.connector(session, sink), given, watching,
                              sink)
    for diagnostic in sink:
        print(diagnostic, file=sys.stderr)
    return outcome


def states(folder: Path, name: str = ISSUE) -> Counter[str]:
    """Return how many deliveries are in each state."""
    ledger = Ledger(folder / "mailings.sqlite")
    try:
        campaign = ledger.campaign(name)
        assert campaign
        return Counter(d.state.value for d in ledger.deliveries(campaign))
    finally:
        ledger.close()


def begun(process: subprocess.Popen[str]) -> int:
    """Wait until a process begins to send; return how many messages it has before it."""
    assert process.stdout
    said = process.stdout.readline()
    assert said.startswith("sending "), f"it did not begin to send: {said or process.stderr}"
    return int(said.split()[1])


def child(folder: Path, **wanted: Any) -> subprocess.Popen[str]:
    """Start a process that sends; `kill`, `mutate` and `limits` go to `main`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.post", str(folder), json.dumps(wanted)],
        cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)


def finish(process: subprocess.Popen[str], seconds: float = 120) -> int:
    """Wait for a process and return its status; what it said comes with a failure."""
    _, err = process.communicate(timeout=seconds)
    assert "Traceback" not in err, err
    return process.returncode


@contextmanager
def mutated(module: str, *texts: str) -> Iterator[None]:
    """Put a mistake into a module: its source with one text replaced by the next, in pairs."""
    loaded = importlib.import_module(f"reportgen.{module}")
    path = Path(str(loaded.__file__))
    source = path.read_text("utf-8")
    for old, new in zip(texts[::2], texts[1::2], strict=True):
        assert source.count(old) == 1, f"{old!r} is {source.count(old)} times in {path.name}"
        source = source.replace(old, new)
    before = dict(vars(loaded))
    namespace: dict[str, Any] = {"__name__": loaded.__name__, "__file__": str(path)}
    sys.modules[loaded.__name__] = loaded
    exec(compile(source, str(path), "exec"), namespace)
    fresh = {name: value for name, value in namespace.items()
             if callable(value) and getattr(value, "__module__", "") == loaded.__name__}
    users = [m for m in list(sys.modules.values())
             if getattr(m, "__name__", "").startswith("reportgen.")]
    swapped: list[tuple[Any, str, Any]] = []
    for name, value in fresh.items():
        if isinstance(value, type):
            for key in vars(value):  # methods alone, so that the class stays the same
                if callable(vars(value)[key]) and key in vars(before[name]) and not key.startswith(
                        "__"):
                    swapped.append((before[name], key, vars(before[name])[key]))
                    setattr(before[name], key, vars(value)[key])
        else:
            for user in users:
                if vars(user).get(name) is before.get(name):
                    swapped.append((user, name, before[name]))
                    setattr(user, name, value)
    try:
        yield
    finally:
        for owner, name, value in reversed(swapped):
            setattr(owner, name, value)


def _killer(step: str, nth: int) -> Callable[[Step, Delivery], None]:
    lock, seen = threading.Lock(), Counter[str]()

    def observe(done: Step, delivery: Delivery) -> None:
        with lock:
            seen[done.value] += 1
            if done.value == step and seen[step] == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    return observe


def main(folder: Path, wanted: dict[str, Any]) -> int:
    """Send, and be killed if that is wanted."""
    observe = _killer(*wanted["kill"]) if "kill" in wanted else lambda step, delivery: None
    try:
        if "mutate" in wanted:
            with mutated(*wanted["mutate"]):
                outcome = send_here(folder, observe, **wanted.get("limits", {}))
        else:
            outcome = send_here(folder, observe, **wanted.get("limits", {}))
    except ReportgenError as error:
        for diagnostic in error.diagnostics:
            print(diagnostic, file=sys.stderr)
        return int(error.status)
    print(outcome.ended.value, outcome.progress.why)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
