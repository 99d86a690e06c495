"""Lists of people as other programs export them: CSV and vCard.

Encodings, delimiters and heads are what Excel, Outlook, Google, Mailchimp and
people make of them. A row that cannot be understood is told with its line and
reason, and kept, so that it can be mended and read again. Whom a list may say
to have left is never taken for somebody who reads.
"""

from __future__ import annotations

import re

from reportgen.diagnostics import Sink
from reportgen.mail.imports.cards import read_cards
from reportgen.mail.imports.decoding import decoded
from reportgen.mail.imports.people import read_table
from reportgen.mail.imports.reading import BadRow, Context, Read
from reportgen.mail.imports.words import head, language_of
from reportgen.mail.imports.writing import as_csv, bad_as_text

__all__ = ["BadRow", "Context", "Read", "as_csv", "bad_as_text", "head", "language_of", "read_list"]


def read_list(data: bytes, context: Context, sink: Sink) -> Read:
    """Return the people of a CSV or vCard file; rows that are wrong are warnings in `sink`."""
    text = decoded(data, context, sink)
    if text is None:
        return Read()
    vcards = re.match(r"\s*BEGIN:VCARD", text, re.I)
    read = read_cards(text, context) if vcards else read_table(text, context, sink)
    for row in read.bad:
        sink.warning("bad-row", row.reason, context.span(row.line))
    for line, words in read.asides:
        sink.note("passed-over", words, context.span(line))
    return read
