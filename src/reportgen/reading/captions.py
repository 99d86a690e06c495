"""Paragraphs that say what a picture or a table shows, or whose it is: its caption."""

from __future__ import annotations

import re

from msgspec.structs import replace

from reportgen.citations.patterns import CREDIT
from reportgen.diagnostics import Sink
from reportgen.model import Block, Figure, Paragraph, Picture, Run, Table, plain
from reportgen.patterns import pattern

_LONGEST = 45
"""words"""

_TABLE = pattern(
    r"(?:table|tabelle|tableau|tabella|tabla|tabela|quadro|cuadro|таблица|таблиця|tablo|جدول)\s*"
    r"(?:\d{1,2}|[IVX]{1,4}|[A-Z](?=[.:]))\s*(?:[.:–—|-]\s*\S|$)", re.IGNORECASE)
"""`Table 2. Ships by month`."""

_LABEL = pattern(
    r"\W*(?:fig(?:ure|ura|\.)?|abb(?:ildung|\.)|photo(?:graph)?|foto|picture|bild|image|imagen|imagem|"
    r"immagine|map|karte|carte|mapa|mappa|chart|graph(?:ic)?|grafik|graphique|gráfico|grafico|wykres|"
    r"rys(?:unek|\.)|zdjęcie|ryc\.|рис(?:унок|\.)|фото|карта|график|мал(?:юнок|\.)|şekil|resim|harita|"
    r"شكل|صورة|خريطة)\s*(?:\d{1,2}|[IVX]{1,4}|[A-Z](?=[.:]))?\s*[.:–—|-]\s*\S", re.IGNORECASE)
"""`Figure 3. The port`, `Foto: ...`."""


def with_captions(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Return blocks in which a labelled line is the caption of the picture or table beside it.

    That of a picture stands below it, that of a table above or below. Each is told.
    """
    out: list[Block] = []
    for block in blocks:
        above = out[-1] if out else None
        for table, line, place in ((block, above, "below"), (above, block, "above")):
            if isinstance(table, Table) and not table.caption and isinstance(line, Paragraph) and (
                    _TABLE.match(plain(line.text).strip(" *_"))
                    and len(plain(line.text).split()) <= _LONGEST):
                out[-1] = replace(table, caption=line.text)
                sink.note("caption", f'"{plain(line.text)[:60]}" is the caption of the table '
                          f"{place}", line.span)
                break
        else:
            _add(block, above, out, sink)
    return tuple(out)


def _add(block: Block, above: Block | None, out: list[Block], sink: Sink) -> None:
    """Add a block to those before it: a caption to its picture, another as it is."""
    if (isinstance(above, Figure) and isinstance(block, Paragraph)
            and _is_caption(block, first=not plain(above.caption).strip())):
        between = (Run(" ", span=block.span),) if above.caption else ()
        out[-1] = replace(above, caption=(*above.caption, *between, *block.text))
        sink.note("caption", f'"{plain(block.text)[:60]}" is the caption of the picture above',
                  block.span)
    else:
        out.append(block)


def _is_caption(block: Paragraph, *, first: bool) -> bool:
    """Whether a paragraph is a caption; below one, only a credit goes with it."""
    words = plain(block.text).strip(" *_")
    pictured = any(isinstance(i, Picture) for i in block.text)
    if not words or len(words.split()) > _LONGEST or pictured:
        return False
    return bool(CREDIT.fullmatch(words) or (first and _LABEL.match(words)))
