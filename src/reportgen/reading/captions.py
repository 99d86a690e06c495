"""Paragraphs below a picture that say what it shows, or whose it is: its caption."""

from __future__ import annotations

import re

from msgspec.structs import replace

from reportgen.diagnostics import Sink
from reportgen.model import Block, Figure, Paragraph, Picture, Run, plain
from reportgen.patterns import pattern
from reportgen.reading.signature import CREDIT

_LONGEST = 45
"""words"""

_LABEL = pattern(
    r"\W*(?:fig(?:ure|ura|\.)?|abb(?:ildung|\.)|photo(?:graph)?|foto|picture|bild|image|imagen|imagem|"
    r"immagine|map|karte|carte|mapa|mappa|chart|graph(?:ic)?|grafik|graphique|gráfico|grafico|wykres|"
    r"rys(?:unek|\.)|zdjęcie|ryc\.|рис(?:унок|\.)|фото|карта|график|мал(?:юнок|\.)|şekil|resim|harita|"
    r"شكل|صورة|خريطة)\s*(?:\d{1,2}|[IVX]{1,4}|[A-Z](?=[.:]))?\s*[.:–—|-]\s*\S", re.IGNORECASE)
"""`Figure 3. The port`, `Foto: ...`."""


def with_captions(blocks: tuple[Block, ...], sink: Sink) -> tuple[Block, ...]:
    """Return blocks in which a labelled line below a picture is its caption; each is told."""
    out: list[Block] = []
    for block in blocks:
        above = out[-1] if out else None
        if (isinstance(above, Figure) and isinstance(block, Paragraph)
                and _is_caption(block, first=not plain(above.caption).strip())):
            between = (Run(" ", span=block.span),) if above.caption else ()
            out[-1] = replace(above, caption=(*above.caption, *between, *block.text))
            sink.note("caption", f'"{plain(block.text)[:60]}" is the caption of the picture above',
                      block.span)
        else:
            out.append(block)
    return tuple(out)


def _is_caption(block: Paragraph, *, first: bool) -> bool:
    """Whether a paragraph is a caption; below one, only a credit goes with it."""
    words = plain(block.text).strip(" *_")
    pictured = any(isinstance(i, Picture) for i in block.text)
    if not words or len(words.split()) > _LONGEST or pictured:
        return False
    return bool(CREDIT.fullmatch(words) or (first and _LABEL.match(words)))
