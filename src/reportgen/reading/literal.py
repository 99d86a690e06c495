"""Signs that Markdown would take, and that the author meant: they are escaped, and so printed.

`1918. The war ends.` above `1920. The port is built.` is no list that counts on from 1918, a
hashtag no subhead, `2*3*4` no emphasis, and `- 5 degrees` by itself no list.
"""

from __future__ import annotations

from msgspec import Struct, field

from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_NUMBERED = pattern(r"^(?P<indent> {0,3})(?P<number>\d{1,9})(?P<stop>[.)])(?=\s+\S)")
_SIGNED = pattern(r"^ {0,3}(?P<sign>[-+])(?= ?\d)")
_ITEM = pattern(r"^ {0,3}[-+*](?=\s)")
_HASHTAG = pattern(r"^ {0,3}#(?=\d+\b|\w*[a-zа-я][A-ZА-Я])")
_STAR = pattern(r"(?<=\d)\*(?=\d)")
_ADDRESS = pattern(r"(?:https?://|www\.)[^\s<>()\[\]]*\*[^\s<>()\[\]]*")
_INSIDE = pattern(r"(?<=[\w/=-])\*(?=[\w/=-])")
_YEAR = 1000


class _Numbers(Struct):
    """Lines in a row that begin with numbers."""

    at: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def is_list(self) -> bool:
        """Whether they count on by one, or are all ones, as Markdown has it."""
        first = self.numbers[0]
        if len(self.numbers) == 1:
            return first < _YEAR
        return self.numbers in (list(range(first, first + len(self.numbers))),
                                [first] * len(self.numbers))


def with_literal_signs(lines: list[Line]) -> list[Line]:
    """Return lines in which signs that are no markup are escaped."""
    out = [(number, _escaped(text)) for number, text in lines]
    items = [_ITEM.match(text) is not None for _, text in lines]
    for at, (number, text) in enumerate(out):
        sign = _SIGNED.match(text)
        if sign and not (any(items[max(at - 2, 0) : at]) or any(items[at + 1 : at + 3])):
            out[at] = number, f"{text[: sign.start('sign')]}\\{text[sign.start('sign'):]}"
    apart: list[Line] = []
    escaped = {at for run in _runs(lines) if not run.is_list() for at in run.at}
    for at, (number, text) in enumerate(out):
        match = _NUMBERED.match(text) if at in escaped else None
        if match is None:
            apart.append((number, text))
            continue
        if apart and apart[-1][1].strip():
            apart.append((number, ""))
        apart.append((number, f"{text[: match.start('stop')]}\\{text[match.start('stop'):]}"))
    return apart


_MAIL = pattern(r"<([\w.+-]+@[\w-]+(?:\.[\w-]+)+)>")
_TEX_QUOTES = pattern(r"(?<!`)``(?=[^`\s])([^`\n]{1,400}?)''")


def _escaped(text: str) -> str:
    if "@" in text:
        text = _MAIL.sub(r"\1", text)
    if "``" in text:
        text = _TEX_QUOTES.sub("“\\1”", text)
    if "#" in text:
        text = _HASHTAG.sub(lambda m: f"{m[0][:-1]}\\#", text)
    if "*" in text:
        text = _ADDRESS.sub(lambda m: _INSIDE.sub(r"\\*", m[0]), _STAR.sub(r"\\*", text))
    return text


def _runs(lines: list[Line]) -> list[_Numbers]:
    """Return the lines that begin with numbers, those together that stand in one list."""
    runs: list[_Numbers] = []
    open_, blank = False, True
    for at, (_, text) in enumerate(lines):
        match = _NUMBERED.match(text) if blank or (open_ and at - 1 in runs[-1].at) else None
        if match:
            if not open_:
                runs.append(_Numbers())
            runs[-1].at.append(at)
            runs[-1].numbers.append(int(match["number"]))
            open_ = True
        elif text.strip() and blank and not text.startswith("  "):
            open_ = False  # a paragraph between two items
        elif text.startswith("#"):
            open_ = False
        blank = not text.strip()
    return runs
