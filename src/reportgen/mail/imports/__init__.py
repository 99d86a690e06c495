"""Lists of people as other programs export them and people keep them.

CSV, workbooks, vCards, LDIF, lines of addresses. A row that cannot be understood is told with its
line and reason, and kept, so that it can be mended and read again. Whom a list may say to have left
is never taken for somebody who reads.
"""

from __future__ import annotations

import re

from reportgen.diagnostics import Sink
from reportgen.mail.imports.cards import read_cards
from reportgen.mail.imports.decoding import decoded
from reportgen.mail.imports.listings import listing
from reportgen.mail.imports.people import read_tables
from reportgen.mail.imports.reading import BadRow, Context, Read
from reportgen.mail.imports.rows import read_rows
from reportgen.mail.imports.sheets import read_sheets
from reportgen.mail.imports.words import head, language_of
from reportgen.mail.imports.writing import as_csv, bad_as_text

__all__ = ["BadRow", "Context", "Read", "as_csv", "bad_as_text", "head", "language_of", "read_list"]

_TOLD = 12
"""So many remarks are told in full."""


def read_list(data: bytes, context: Context, sink: Sink) -> Read:
    """Return the people of a file; rows that are wrong are warnings in `sink`."""
    read = _read(data, context, sink)
    for row in read.bad:
        sink.warning("bad-row", row.reason, context.span(row.line))
    if read.without:
        read.asides.append((read.without[0], "rows without an address, passed over: "
                            f"{len(read.without)}"))
    if read.remarks:
        texts = list(dict.fromkeys(f'"{" ".join(text.split())[:60]}"' for _, text in read.remarks))
        more = f" and {len(texts) - _TOLD} more" if len(texts) > _TOLD else ""
        read.asides.append((read.remarks[0][0], "remarks that were passed over, read whether one "
                            f"says that somebody left: {', '.join(texts[:_TOLD])}{more}"))
    for line, words in read.asides:
        sink.note("passed-over", words, context.span(line))
    return read


def _read(data: bytes, context: Context, sink: Sink) -> Read:
    if data.startswith(b"PK\x03\x04"):
        tables = read_sheets(data, context, sink)
        return Read() if sink.failed else read_tables(tables, context, sink)
    text = decoded(data, context, sink)
    if text is None:
        return Read()
    if re.match(r"\s*BEGIN:VCARD", text, re.I):
        return read_cards(text, context)
    found = listing(text)
    return read_tables([read_rows(text) if found is None else found], context, sink)
