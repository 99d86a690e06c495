"""Lists as we write them: all subscribers, and rows that have to be mended."""

from __future__ import annotations

import csv
import io

from reportgen.mail.imports.people import COLUMNS
from reportgen.mail.imports.reading import Read
from reportgen.mail.imports.rows import FORMULA
from reportgen.mail.imports.words import meaning
from reportgen.mail.subscribers import Subscriber


def as_csv(people: tuple[Subscriber, ...]) -> str:
    """Return people as CSV (RFC 4180) that `read_list` reads again, and Excel does not reckon."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for person in people:
        writer.writerow(map(_harmless, (
            person.address.mailbox, person.address.name, person.language,
            "; ".join(sorted(person.groups)), "; ".join(sorted(person.regions)), person.consent,
            person.status.value, person.reason)))
    return out.getvalue()


def bad_as_text(read: Read) -> str:
    """Return the rows that were not understood, each with its line and reason.

    Mended there, they can be read again. Cells are parted as in the list that was read, because
    the spreadsheet that wrote that opens this.
    """
    if read.vcards:
        return "".join(f"{row.cells[0].rstrip()}\r\n" for row in read.bad)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=read.delimiter)
    known = [n for n, cell in enumerate(read.head) if meaning(cell) == "ours"]
    writer.writerow(("line", "why", *_without(known, read.head)))
    for row in read.bad:
        writer.writerow(map(_harmless, (str(row.line), row.reason, *_without(known, row.cells))))
    return out.getvalue()


def _without(numbers: list[int], cells: tuple[str, ...]) -> list[str]:
    """Return cells without those of the columns that we wrote ourselves before."""
    return [cell for n, cell in enumerate(cells) if n not in numbers]


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet takes for text (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in FORMULA and cell else cell
