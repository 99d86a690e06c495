"""One sender at a time: a lock that the kernel lets go of when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

FILE = "mailings.lock"


@contextmanager
def only_sender(folder: Path, file: str = FILE) -> Iterator[None]:
    """Hold the ledger of a series. Raises ReportgenError, status 75, if somebody else does.

    flock(2): it is bound to the open file, so kill -9 frees it, and no stale
    lock is ever left to be removed by hand. The file itself stays.
    """
    import fcntl

    path = folder / file
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 40, 0).decode("ascii", "replace").strip()
            sink = Sink()
            sink.error("busy", "somebody else is sending from this series"
                       + (f" (process {holder})" if holder.isdecimal() else ""), Span(FILE),
                       "wait until that is done, and run this again")
            raise ReportgenError(sink, ExitStatus.BUSY) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
