"""`subscribers import`: the people of a list, what its columns are, and what is asked."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.subscribers.shared import region_finder
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span

if TYPE_CHECKING:
    from reportgen.mail.subscribers import Subscribers
    from reportgen.series import Series

MAX_BYTES = 200_000_000


def import_list(arguments: argparse.Namespace, subscribers: Subscribers, series: Series,
            sink: Sink) -> ExitStatus | None:
    """Take the people of a file; rows that were not understood are kept beside it.

    Returns status 4 if there were such rows.
    """
    from reportgen.mail.api import now
    from reportgen.mail.imports import Context, Read, bad_as_text, read_list
    from reportgen.mail.imports.mapping import FILE, Kept, keep, read_mappings
    from reportgen.mail.imports.words import Standing
    from reportgen.workspace import PRIVATE, write_all

    path: Path = arguments.file
    span = Span(str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            sink.error("too-large", "this is no list of people: it is too large", span)
            return None
        data = path.read_bytes()
    except OSError as error:
        sink.error("unreadable", f"it cannot be read: {error.strerror or error}", span)
        return None
    folder = series.workspace.root
    known = read_mappings(folder, sink)
    context = Context(str(path), region_finder(series), arguments.consent.strip(),
                      frozenset(g.strip() for g in arguments.group), _columns(arguments, sink),
                      tuple(one.columns for one in known),
                      Standing.UNSUBSCRIBED if arguments.left else None,
                      frozenset(arguments.sheet))
    read = Read() if sink.failed else read_list(data, context, sink)
    if sink.failed:
        return None
    if read.bad and not read.people and not read.unconfirmed:
        sink.error("bad-rows", "no row was understood; nobody was taken", span)
        return None
    if read.bad and arguments.strict:
        sink.error("bad-rows", f"{len(read.bad)} rows were not understood; nobody was taken", span)
        return None
    for name, what in read.kinds.items():
        print(f"  {name}  {what}", file=sys.stderr)
    results = Counter(r.value for r in subscribers.take(read.people, now()))
    counts = [f"{n} {name}" for name, n in sorted(results.items())]
    counts += [f"{len(read.unconfirmed)} not confirmed, not taken"] * bool(read.unconfirmed)
    counts += [f"{read.repeated} repeated"] * bool(read.repeated)
    if keep(folder, known, Kept(path.name, read.kinds)):
        sink.note("columns", f"what each column was taken for is in {FILE}; what you correct "
                  "there is followed the next time", Span(FILE))
    if read.bad:
        kept = _free_name(path, ".vcf" if read.vcards else ".csv")
        try:
            # Excel knows UTF-8 by its mark.
            write_all({kept: bad_as_text(read).encode("utf-8-sig")}, PRIVATE)
        except OSError as error:
            print(", ".join(counts) or "nobody")
            sink.error("cannot-write", f"it cannot be written: {error.strerror}", Span(str(kept)),
                       f"{len(read.bad)} rows were not understood; the others are taken")
            raise ReportgenError(sink, ExitStatus.OUTPUT) from error
        sink.note("kept", f"rows that were not understood: {len(read.bad)}", Span(str(kept)),
                  "mend them there, and import that file")
        counts.append(f"{len(read.bad)} not understood")
    print(", ".join(counts) or "nobody")
    return ExitStatus.MAIL if read.bad else None


def _columns(arguments: argparse.Namespace, sink: Sink) -> dict[str, str]:
    """Return what the editor says that columns are, by their heads, squeezed."""
    from reportgen.mail.imports.columns import KINDS
    from reportgen.mail.imports.words import head, squeezed

    found = {squeezed(head(name)): "ignored" for name in arguments.ignore}
    for text in arguments.column:
        name, _, kind = text.rpartition("=")
        if kind.strip() not in KINDS or not name.strip():
            sink.error("column", f'"{text}" does not say what a column is', Span("command line"),
                       'as in: --column "Aktiv?=subscribed"', f"known are: {', '.join(KINDS)}")
        found[squeezed(head(name))] = kind.strip()
    return found


def _free_name(path: Path, ending: str) -> Path:
    """Return a name beside a list for its bad rows that nothing has yet."""
    number = 1
    while True:
        suffix = "-not-imported" + (f"-{number}" if number > 1 else "") + ending
        if not (path.parent / (path.stem + suffix)).exists():
            return path.parent / (path.stem + suffix)
        number += 1
