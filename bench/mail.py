"""Mail a thousand messages with a 2 MiB PDF to Postfix's smtp-sink, beside what others would do.

    .venv/bin/python bench/mail.py [MESSAGES]

Each sender is a process of its own, over four connections: CPU seconds (user and
system) and peak memory of the whole process, without making the message list.
smtplib builds an EmailMessage for each recipient, as its documentation shows;
aiosmtplib sends the same. reportgen keeps its ledger, with a commit to the disk
before and after each end of a message, which the others do not have.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 4
PDF_BYTES = 2 * 1024 * 1024
HTML = f"<html><body>{'<p>A standfirst of some length.</p>' * 60}</body></html>"
TEXT = "A standfirst of some length.\n" * 60


def pdf() -> bytes:
    return b"%PDF-1.7\n" + random.Random(1).randbytes(PDF_BYTES)


def address(n: int) -> str:
    return f"reader-{n:04d}@example.org"


def mail(n: int, data: bytes) -> EmailMessage:
    """Return a message as the standard library's examples make it."""
    message = EmailMessage()
    message["From"] = "The Foundation <bulletin@example.org>"
    message["To"] = f"Reader {n} <{address(n)}>"
    message["Subject"] = "A bulletin, April 2019"
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    message.add_attachment(data, "application", "pdf", filename="bulletin.pdf")
    return message


# ---------------------------------------------------------------- the senders


def by_reportgen(folder: Path, port: int, count: int) -> None:
    """Send what `freeze` has planned."""
    from reportgen.diagnostics import Sink
    from reportgen.mail import api as mailing
    from reportgen.mail.ledger.campaign import State
    from reportgen.mail.sending.sender import Limits, Queue

    with mailing.open_session(folder, Sink()) as session:
        [campaign] = session.ledger.campaigns()
        waiting = mailing.open_deliveries(session, campaign)
        outcome = mailing.run(session, campaign, mailing.connector(session, Sink()),
                              Limits(CONNECTIONS), mailing.Watching(Queue(waiting, 0)), Sink())
    assert outcome.progress.results[State.ACCEPTED] == count, outcome


def by_smtplib(folder: Path, port: int, count: int) -> None:
    import smtplib

    data, numbers, lock = pdf(), iter(range(count)), threading.Lock()

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as smtp:
            while True:
                with lock:
                    n = next(numbers, None)
                if n is None:
                    return
                smtp.send_message(mail(n, data))

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_aiosmtplib(folder: Path, port: int, count: int) -> None:
    import aiosmtplib

    data, numbers = pdf(), iter(range(count))

    async def work() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False,
                                   local_hostname="localhost") as smtp:
            for n in numbers:
                await smtp.send_message(mail(n, data))

    async def everything() -> None:
        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))

    asyncio.run(everything())


SENDERS: dict[str, Callable[[Path, int, int], None]] = {
    "reportgen": by_reportgen, "smtplib": by_smtplib, "aiosmtplib": by_aiosmtplib}


# ---------------------------------------------------------------- measuring


def freeze(folder: Path, port: int, count: int) -> None:
    """Plan the mailing, in a process of its own: planning is not sending."""
    sys.path.insert(0, str(ROOT))
    from tests import post

    post.set_up(folder, count, port, pdf())


def measured(name: str, port: int, count: int) -> dict[str, Any]:
    """Return what a sender took, in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="reportgen-bench-"))
    try:
        if name == "reportgen":
            _child("freeze", folder, port, count)
        return json.loads(_child(name, folder, port, count))  # type: ignore[no-any-return]
    finally:
        shutil.rmtree(folder)


def _child(name: str, folder: Path, port: int, count: int) -> str:
    import os

    done = subprocess.run([sys.executable, __file__, "--child", name, str(folder), str(port),
                           str(count)], check=True, capture_output=True, text=True,
                          env={**os.environ, "REPORTGEN_STATE": str(folder / "state")})
    return done.stdout


def child(name: str, folder: Path, port: int, count: int) -> None:
    """Send, and print what it took as JSON."""
    if name == "freeze":
        freeze(folder, port, count)
        return
    start = time.perf_counter()
    SENDERS[name](folder, port, count)
    took = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": took.ru_utime + took.ru_stime, "memory": took.ru_maxrss / 1024,
                      "seconds": time.perf_counter() - start}))


@contextlib.contextmanager
def sink():  # type: ignore[no-untyped-def]
    """Give the port of an smtp-sink."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin")
    if program is None:
        sys.exit("bench/mail.py needs smtp-sink: apt-get install postfix")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "100"],
                               stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait()


def main(count: int) -> None:
    """Print a row for each sender, and the ratios."""
    rows = {}
    with sink() as port:
        for name in SENDERS:
            rows[name] = measured(name, port, count)
    print("| sender | messages | CPU ms a message | peak MiB | messages a second |")
    print("| --- | --- | --- | --- | --- |")
    for name, row in rows.items():
        row["each"] = row["cpu"] / count * 1000
        print(f"| {name} | {count} | {row['each']:.2f} | {row['memory']:.0f} | "
              f"{count / row['seconds']:.0f} |")
    ours = rows["reportgen"]["each"]
    print(f"smtplib takes {rows['smtplib']['each'] / ours:.0f} times as much CPU, "
          f"aiosmtplib {rows['aiosmtplib']['each'] / ours:.0f} times")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
