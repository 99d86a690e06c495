"""Sentences that a site shows large: between backticks, which in Markdown would be code."""

from __future__ import annotations

from msgspec.structs import replace

from reportgen.diagnostics import Sink
from reportgen.model import Block, Paragraph, Quote, Run, plain

_FEWEST_WORDS = 6


def with_pull_quotes(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Return blocks in which a sentence that is code throughout is a quotation; each is told."""
    return tuple(_quoted(block, sink) if _is_pull_quote(block) else block for block in blocks)


def _is_pull_quote(block: Block) -> bool:
    if not isinstance(block, Paragraph):
        return False
    words = plain(block.text).split()
    return (len(words) >= _FEWEST_WORDS and words[-1].rstrip("\"'”’»")[-1:] in ".!?…"
            and all(isinstance(i, Run) and (i.style.code or not i.text.strip())
                    for i in block.text))


def _quoted(block: Block, sink: Sink) -> Quote:
    assert isinstance(block, Paragraph)
    sink.note("pull-quote", "a sentence between backticks is set as a quotation", block.span,
              "backticks are for code; a quotation begins with >")
    text = tuple(replace(i, style=replace(i.style, code=False)) if isinstance(i, Run) else i
                 for i in block.text)
    return Quote((Paragraph(text, block.span),), block.span)
