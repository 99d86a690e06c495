"""What a brief says above its title: region, month and language, in heading, date line or header.

The header wins over the heading, the heading over the name of the file. What stands above the
heading, a letter's greeting or a letterhead, is left out and told.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.library import Library
from reportgen.citations.styles import AS_WRITTEN, NoteStyle
from reportgen.diagnostics import Change, Sink
from reportgen.language.dates import find_month, is_month
from reportgen.language.languages import LANGUAGES
from reportgen.language.recognition import recognised
from reportgen.model import Month, Paragraph, Region, Run, Style, Text
from reportgen.patterns import pattern
from reportgen.reading.byline import (
    BIO_WORDS,
    PREFIX,
    People,
    names_in,
    read_byline,
    untitled,
)
from reportgen.reading.frontmatter import FrontMatter
from reportgen.reading.heading import (
    DATED_WITHIN,
    PAGE_HEAD,
    STILL_DATED_WITHIN,
    HeadingLine,
    is_only_month,
    is_report,
    is_slip,
    read_heading,
    take_closing,
    take_dateline,
    tell_alias,
    tell_unknown,
    titled_heading,
    undated_region,
)
from reportgen.reading.markdown import Line
from reportgen.reading.regions import RegionTable, unknown_region
from reportgen.settings import month_of
from reportgen.workspace import SourceText

_MAIL_FIELD = pattern(r"(?:from|to|cc|subject|date|sent|asunto|betreff|von|an|objet|oggetto|"
                         r"assunto|тема|temat)\s*:", re.IGNORECASE)
_SIGN = pattern(r"^#|\s[|·–—-]\s|/|\.\s")
"""A heading of its own, or what stands between a region and its month, not a place and a date."""

_BOLD, _ITALIC = re.compile(r"(\*\*|__)[^*_]+\1"), re.compile(r"([*_])(?![*_])[^*_]+\1")

_FEWEST_WORDS_OF_TEXT = 25
"""Words of a first paragraph of text, which is no title and as a rule no standfirst."""

_HEADING_WITHIN = 10
"""Lines of text at the top among which the heading is looked for."""


class Context(Struct, frozen=True):
    """What a brief does not say itself."""

    table: RegionTable
    people: People
    month: Month | None
    """Month of the issue."""
    language: str
    library: Library = field(default_factory=Library)
    """What `[@key]` cites."""
    notes: NoteStyle = AS_WRITTEN
    """Style of the notes that it cites with."""


# ---------------------------------------------------------------- lines


def take_page_head(lines: list[Line]) -> tuple[str, list[Line]]:
    """Return what stood at the head of a document's pages, and the lines without it."""
    if not lines or not lines[0][1].startswith(PAGE_HEAD):
        return "", lines
    return lines[0][1].removeprefix(PAGE_HEAD), lines[1:]


def take_opening(lines: list[Line], head: str, matter: FrontMatter, source: SourceText,
                 context: Context, sink: Sink) -> tuple[HeadingLine, list[Line]]:
    """Take the heading off, and the date line; return what they say, and the lines below.

    Where the header says region and month, only a first line is a heading. The `head` of a
    document's pages counts if it says a month and a region that is known.
    """
    known = read_heading(head, context.table, source.span(1), Sink()) if head else None
    if known and known.month and known.region and context.table.find(known.region.name):
        sink.note("page-head", f'region and month are those at the head of the pages: "{head}"',
                  source.span(1), "write them above the title to say others")
        return replace(known, rest=""), lines
    lines = _without_byline_table(_without_underline(_without_box(_with_labels_apart(lines))))
    lines = _without_heading_table(lines, source, context)
    said = bool(matter.text("region") and matter.text("date"))
    heading, below = _take_heading(lines, source, context, sink)
    if heading == HeadingLine() and not said:
        heading, below = _heading_below(lines, source, context, sink)
    if heading == HeadingLine() and not said and not matter.text("region"):
        heading, below = _named_heading(head, lines, source, context, sink)
    within = DATED_WITHIN if heading.month is None else STILL_DATED_WITHIN
    month, place, rest = take_dateline(below, source.name, within, sink)
    if said:
        return heading, rest
    if month and heading.month is None:
        heading, rest = _dated(heading, month, (below, rest), source, context, sink)
    if heading.region is None or heading.month is None:
        heading, rest = take_closing(rest, heading, context.table, source.name, sink)
    return replace(heading, place=place), rest


def _named_heading(head: str, lines: list[Line], source: SourceText, context: Context,
                   sink: Sink) -> tuple[HeadingLine, list[Line]]:
    """Take a line of a name and a month for the heading, where nothing else may be one.

    It is the first, or the one at the head of a document's pages.
    """
    stem = source.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()][:2]
    if len(filled) == 2 and _region_of_file(stem, source, context, Sink()) is None:
        above = titled_heading(head, context.table, source.span(1), sink) if head else None
        if above is not None:
            return above, lines
        number, text = lines[filled[0]]
        found = titled_heading(text, context.table, source.span(number), sink)
        if found is not None:
            return found, lines[filled[0] + 1 :]
    return HeadingLine(), lines


_LABELLED = pattern(
    r"(?:date|datum|data|fecha|дата|tarih|photos?|foto|fotos|bild|image|imagen|immagine|zdjęcie|фото|"
    r"fotoğraf)\s*:\s*\S", re.IGNORECASE)
_LABELLED_WITHIN = 8


def _with_labels_apart(lines: list[Line]) -> list[Line]:
    """Return lines in which a date or a credit right below the byline stands by itself."""
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()][:_LABELLED_WITHIN]
    apart = [at for at in filled if at and lines[at - 1][1].strip()
             and _LABELLED.match(lines[at][1])]
    out = list(lines)
    for at in reversed(apart):
        number = lines[at][0]
        out[at : at + 1] = [(number, ""), lines[at], (number, "")]
    return out


_LONGEST_BOX = 15
"""words"""


def _without_box(lines: list[Line]) -> list[Line]:
    """Return lines in which a box with region and month, which stands as a quotation, is a line."""
    first = next((at for at, (_, text) in enumerate(lines) if text.strip()), 0)
    stop = first
    while stop < len(lines) and lines[stop][1].startswith(">"):
        stop += 1
    said = [text.lstrip("> ").strip(" *_") for _, text in lines[first:stop]]
    line = " · ".join(text for text in said if text)
    if not line or len(line.split()) > _LONGEST_BOX or find_month(line) is None:
        return lines
    return [*lines[:first], (lines[first][0], line), *lines[stop:]]


def _without_underline(lines: list[Line]) -> list[Line]:
    """Return lines without a line of `====` between the first line and a date (Setext form)."""
    filled = [i for i, (_, text) in enumerate(lines) if text.strip()][:3]
    if (len(filled) == 3 and re.fullmatch(r"\s*[=-]{3,}\s*", lines[filled[1]][1])
            and is_only_month(lines[filled[2]][1])):
        return lines[: filled[1]] + lines[filled[1] + 1 :]
    return lines


_RULE = pattern(r"\s*\|?(?:\s*:?-{3,}:?\s*\|?)+\s*")
"""The line below the head of a table."""

_TABLE_WITHIN = 8
"""Lines of text at the top among which a table without lines may hold the byline."""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|") if cell.strip()]


def _without_table(row: str, below: list[Line]) -> list[Line]:
    """Return the lines below a heading that is the first row of a table, cells as paragraphs."""
    if not row.lstrip().startswith("|"):
        return below
    out: list[Line] = []
    at = 0
    while at < len(below) and below[at][1].lstrip().startswith("|"):
        number, text = below[at]
        if not _RULE.fullmatch(text):
            for cell in _cells(text):
                out += [(number, ""), (number, cell)]
        at += 1
    return [*out, *below[at:]]


def _without_byline_table(lines: list[Line]) -> list[Line]:
    """Return lines in which a table of one row, with an author in each cell, is a byline."""
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()][:_TABLE_WITHIN]
    for at, rule in pairwise(filled):
        (number, row), after = lines[at], lines[rule + 1 : rule + 2]
        cells = _cells(row)
        if (row.lstrip().startswith("|") and rule == at + 1 and _RULE.fullmatch(lines[rule][1])
                and not (after and after[0][1].strip())
                and all(read_byline(Paragraph(_styled(cell)), People()) for cell in cells)):
            byline = [(number, f"{cell}  ") for cell in cells[:-1]] + [(number, cells[-1])]
            return [*lines[:at], *byline, *lines[rule + 1 :]]
    return lines


def _without_heading_table(lines: list[Line], source: SourceText, context: Context) -> list[Line]:
    """Return lines in which a table at the top, with region and month in a cell, is paragraphs.

    That cell comes first.
    """
    first = next((at for at, (_, text) in enumerate(lines) if text.strip()), 0)
    stop = first
    while stop < len(lines) and lines[stop][1].lstrip().startswith("|"):
        stop += 1
    cells = [(number, cell) for number, text in lines[first:stop] if not _RULE.fullmatch(text)
             for cell in _cells(text) if cell]
    for at, (number, cell) in enumerate(cells):
        heading = read_heading(cell, context.table, source.span(number, 1), Sink())
        if heading and heading.region and heading.month:
            ordered = [cells[at], *cells[:at], *cells[at + 1 :]]
            rows = [row for number, cell in ordered for row in ((number, cell), (number, ""))]
            return [*lines[:first], *rows, *lines[stop:]]
    return lines


def _styled(cell: str) -> Text:
    """Return the runs of a cell that begins with bold words."""
    bold = re.match(r"(\*\*|__)(?P<name>[^*_]+)\1", cell)
    rest = re.sub(r"\[([^\]]*)\]\([^()]*\)", r"\1", cell[bold.end() if bold else 0:])
    first = (Run(bold["name"], Style(strong=True)),) if bold else ()
    return (*first, Run(rest))


def _take_heading(
    lines: list[Line], source: SourceText, context: Context, sink: Sink
) -> tuple[HeadingLine, list[Line]]:
    """Take the heading off: the first line of text, or the second under an author's name."""
    filled = [i for i, (_, text) in enumerate(lines) if text.strip()][:2]
    for at in filled:
        number, text = lines[at]
        span = source.span(number, 1)
        heading = read_heading(text, context.table, span, sink)
        if heading is None:
            name = Paragraph((Run(text.replace("*", "").strip()),))
            if text.startswith("#") or is_report(text) or not read_byline(name, context.people):
                break
            continue
        if heading.region and heading.month and context.table.find(heading.region.name) is None:
            second = _known_below(lines, at, source, context)
            if second is not None:  # "MOI Regional Brief 11/2018" above "Pacific · November 2018"
                _leave_out(lines[: second[0]], source, sink)
                return second[1], lines[second[0] + 1 :]
        rest = _without_table(text, lines[at + 1 :])
        if rest and re.fullmatch(r"\s*[=-]{3,}\s*", rest[0][1]):
            rest = rest[1:]  # the line under a heading in Setext form
        return heading, lines[:at] + rest
    return HeadingLine(), lines


def _known_below(lines: list[Line], at: int, source: SourceText,
                 context: Context) -> tuple[int, HeadingLine] | None:
    """Return the next line of text if it is a heading with a month and a region that is known."""
    below = next((i for i in range(at + 1, len(lines)) if lines[i][1].strip()), None)
    if below is None:
        return None
    heading = read_heading(lines[below][1], context.table, source.span(lines[below][0], 1), Sink())
    known = (heading is not None and heading.month is not None and heading.region is not None
             and context.table.find(heading.region.name) is not None)
    return (below, heading) if known and heading is not None else None


def _heading_below(lines: list[Line], source: SourceText, context: Context,
                   sink: Sink) -> tuple[HeadingLine, list[Line]]:
    """Take a heading below a letter's greeting or a page's own lines; these are left out, told."""
    if sink.failed:
        return HeadingLine(), lines
    rest = [i for i, (_, text) in enumerate(lines) if text.strip()][1:_HEADING_WITHIN]
    for at in rest:
        number, text = lines[at]
        if find_month(text) is None or _MAIL_FIELD.match(text):
            continue
        told = Sink()
        heading = read_heading(text, context.table, source.span(number, 1), told)
        region = heading.region if heading and heading.month else None
        if heading is None or region is None or not any(c.isalpha() for c in region.name):
            continue
        letter = any(_MAIL_FIELD.match(t) or t.rstrip().endswith((",", "!"))
                     for _, t in lines[:at])
        plainly = (letter or _SIGN.search(text)
                   or text.strip(" *_#").partition(",")[0].isupper())
        if not plainly and context.table.find(region.name) is None:
            continue  # "Tiflis, May 2021" below a title is where and when it was written
        for diagnostic in told:
            sink.add(diagnostic)
        kept = [] if letter else _title_block(lines[:at], lines[at + 1 :], source, sink)
        kept = kept or ([] if letter or not _is_byline_block(lines[:at]) else lines[:at])
        if not kept:
            _leave_out(lines[:at], source, sink)
        return heading, [*kept, *lines[at + 1 :]]
    return HeadingLine(), lines


_MOST_BYLINE_LINES = 3


def _is_byline_block(above: list[Line]) -> bool:
    """Whether nothing but a name, and lines with what somebody is, stand above a heading."""
    said = [text.strip(" *_\\") for _, text in above if text.strip()]
    name = untitled(said[0]) if said else ""
    return (1 < len(said) <= _MOST_BYLINE_LINES and len(names_in(name)) == 1
            and all(BIO_WORDS.search(text) for text in said[1:]))


_LINKED_TITLE = pattern(r"^#{1,3} \[([^\[\]]+)\]\([^()]*\)$")
"""The title of a post, which leads to its page."""


def _title_block(above: list[Line], below: list[Line], source: SourceText,
                 sink: Sink) -> list[Line]:
    """Return the title, standfirst and byline that stand above a heading; empty if they do not."""
    kept = [(number, _LINKED_TITLE.sub(r"# \1", text)) for number, text in _without_frame(above)]
    if not _is_title_block(kept, below):
        return []
    numbers = {number for number, text in kept}
    _leave_out([line for line in above if line[0] not in numbers], source, sink)
    return kept


def _is_title_block(above: list[Line], below: list[Line]) -> bool:
    """Whether title, standfirst and byline stand above a heading: right below it is the text."""
    filled = [text for _, text in above if text.strip()]
    signed = len(filled) > 1 and filled[1].startswith("# ") and read_byline(
        Paragraph((Run(re.sub(r"[*_]", "", filled[0])),)), People())
    first = filled[1 if signed else 0] if filled else ""
    text = next((text for _, text in below if text.strip()), "").strip()
    plainly = (len(filled) == 2 and PREFIX.match(filled[1]) and not first.rstrip().endswith(".")
               and read_byline(Paragraph((Run(filled[1]),)), People()))
    titled = first.startswith("# ") or _BOLD.fullmatch(first.strip()) or plainly
    if not titled or text.startswith("#"):
        return False
    bare = Paragraph((Run(re.sub(r"[*_]", "", text)),))
    if PREFIX.match(text) or read_byline(bare, People()):
        return True
    if _BOLD.fullmatch(text):  # a standfirst, or else a title
        fewest = _FEWEST_WORDS_OF_TEXT // (2 if first.startswith("# ") else 1)
        return len(text.split()) >= fewest and text.rstrip("*_ ").endswith(".")
    return bool(_ITALIC.fullmatch(text) or text.startswith(">")
                or len(text.split()) >= _FEWEST_WORDS_OF_TEXT)


def _without_frame(above: list[Line]) -> list[Line]:
    """Return lines above a heading without those that say what series it is.

    A title in a box of Word's, which stands as a quotation of bold type, is one.
    """
    out: list[Line] = []
    for number, text in above:
        boxed = re.fullmatch(r">\s*(\*\*|__)([^*_]+)\1", text.strip())
        if not is_report(text.strip(" *_#")):
            out.append((number, f"# {boxed[2]}" if boxed else text))
    return out


def _leave_out(lines: list[Line], source: SourceText, sink: Sink) -> None:
    """Tell what stands above a heading and is not printed, and log all of it."""
    filled = [(number, text.strip()) for number, text in lines if text.strip()]
    if not filled:
        return
    shown = " / ".join(text for _, text in filled)
    sink.warning("above-heading", f"what stands above the heading is left out: {shown[:300]}",
                 source.span(filled[0][0], 1),
                 "if it belongs to the brief, move it below the heading")
    for number, text in filled:
        sink.change(Change(source.span(number, 1), "above-heading", text, ""))


def _dated(heading: HeadingLine, month: Month, both: tuple[list[Line], list[Line]],
           source: SourceText, context: Context, sink: Sink) -> tuple[HeadingLine, list[Line]]:
    """Return a heading with the month of the date line, and the region above if it has none.

    `both` are the lines with the date line and without.
    """
    above, lines = both
    first = next((i for i, (_, text) in enumerate(lines) if text.strip()), None)
    if heading.region is None and first is not None:
        number, text = lines[first]
        below = next((t for _, t in above[first + 1 : first + 3] if t.strip()), "")
        region = undated_region(text, context.table, source.span(number, 1), sink,
                                right_above=is_only_month(below))
        if region is not None:
            return HeadingLine(region, month), lines[first + 1 :]
        return _right_above(month, both, source, context, sink)
    return replace(heading, month=month), lines


def _right_above(month: Month, both: tuple[list[Line], list[Line]], source: SourceText,
                 context: Context, sink: Sink) -> tuple[HeadingLine, list[Line]]:
    """Return the heading of a region right above its date line, below a letterhead."""
    above, lines = both
    dated = next(i for i, (a, b) in enumerate(zip(above, lines, strict=True)) if a != b)
    at = next((i for i in range(dated - 1, -1, -1) if above[i][1].strip()), None)
    number, text = above[at] if at is not None else (1, "")
    titled = any(is_report(t) for _, t in above[: at or 0])  # what series it is stands above
    region = undated_region(text, context.table, source.span(number, 1), sink, right_above=titled)
    if at is None or region is None:
        return HeadingLine(None, month), lines
    kept = _title_block(above[:at], lines[dated + 1 :], source, sink)
    if not kept:
        _leave_out(above[:at], source, sink)
    return HeadingLine(region, month), [*kept, *lines[at + 1 :]]


# ---------------------------------------------------------------- region, month, language


def region_in(matter: FrontMatter, heading: HeadingLine, name: str, source: SourceText,
            context: Context, sink: Sink) -> Region | None:
    said = matter.text("region")
    if said and matter.text("country"):
        place = source.span(matter.line("country"))
        sink.warning("unknown-key", f'the brief is on "{said}": the country of its header, '
                     f'"{matter.text("country")}", is not used', place, "take one of the two out")
    said = said or matter.text("country")
    if not said and context.table.find(matter.text("section")):
        said = matter.text("section")
    dated = find_month(said)
    if dated:  # "Region: Sahel (March 2019)"
        said = said[: dated.start].strip(" ,;|–—-(")
    if said:
        region = context.table.find(said)
        if region is None:
            span, near = source.span(matter.line("region")), context.table.near(said)
            if near and is_slip(said, near):
                sink.error("unknown-region", f'no region "{said}"', span, f'did you mean "{near}"?')
                return None
            region = unknown_region(said)
            tell_unknown(region, span, sink)
        else:
            tell_alias(said, region, source.span(matter.line("region")), sink)
        return region
    if heading.region:
        return heading.region
    region = context.table.find(re.sub(r"[-_]?\d{4}[-_]\d\d$", "", name)) or _region_of_file(
        name, source, context, sink)
    if region is None and not sink.failed and heading.place:
        region = _region_of_place(heading.place, source, context, sink)
    if region is None and not sink.failed and (context.month or _month_of_file(source)):
        region = _unknown_of_file(name, source, sink)
    if region is None and not sink.failed:
        sink.error("no-region", "the brief does not say its region", source.span(1),
                   "begin it with a line like: CENTRAL ASIA April 2019")
    return region


def _region_of_file(name: str, source: SourceText, context: Context, sink: Sink) -> Region | None:
    """Return the region whose name stands in a file's name, the longest if there are more."""
    words = [word for word in re.split(r"[\W_]+", name) if word]
    windows = ((start, start + length) for length in range(min(len(words), 5), 0, -1)
               for start in range(len(words) - length + 1))
    for start, end in windows:
        region = context.table.find(" ".join(words[start:end]))
        if region is not None:
            sink.note("file-name", f'the region is taken from the name of the file: {region.name}',
                      source.span(1), "if it is another, begin the brief with its name and month")
            return region
    return None


_NO_NAMES = pattern(
    r"brief|briefing|text|final|draft|document|doc|article|report|bulletin|copy|new|old|"
    r"file|issue|version|untitled|paper|note|notes|bericht|beitrag|entwurf|artikel|kopie|"
    r"neu|fassung|texte|brouillon|copie|rapport|testo|articolo|bozza|copia|texto|artigo|"
    r"artículo|borrador|informe|tekst|artykuł|raport|текст|статья|черновик|доклад|стаття|"
    r"metin|makale|taslak|rapor", re.IGNORECASE)
"""Words in names of files that name no region."""


def _region_of_place(place: str, source: SourceText, context: Context, sink: Sink) -> Region:
    """Return the region in front of the month of a date line, where nothing else names one."""
    region = context.table.find(place)
    if region is None:
        region = unknown_region(place)
        tell_unknown(region, source.span(1), sink, context.table.near(place))
    return region


def _unknown_of_file(name: str, source: SourceText, sink: Sink) -> Region | None:
    """Return the region that a file is named after, though no table has it: `mali.md`."""
    words = [word for word in re.split(r"[\W_\d]+", name) if word]
    if not 1 <= len(words) <= 3 or max(map(len, words)) < 4 or any(
            len(word) < 2 or _NO_NAMES.fullmatch(word) or is_month(word) for word in words):
        return None
    region = unknown_region(" ".join(words).upper())
    tell_unknown(region, source.span(1), sink)
    return region


def _month_of_file(source: SourceText) -> Month | None:
    """Return the month in a file's name, as words or in figures."""
    stem = source.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    found = re.search(r"(?<!\d)(20\d\d-(?:0[1-9]|1[0-2]))(?![\d-])", stem)
    iso = found[1] if found else (said.iso if (said := find_month(
        re.sub(r"[\W_]+", " ", stem))) else "")
    return month_of(iso[:7]) if iso else None


def month_in(matter: FrontMatter, heading: HeadingLine, source: SourceText, context: Context,
           sink: Sink) -> Month | None:
    said = matter.text("date")
    if not said and find_month(matter.text("region")):
        said = matter.text("region")
    if said:
        american = re.match(r"(0?[1-9]|1[0-2])[-/](1[3-9]|2\d|3[01])[-/]((?:19|20)\d\d)", said)
        if american:  # 08-21-2025
            said = f"{american[3]}-{int(american[1]):02}"
        found = find_month(said) or find_month(said[:7])
        if found is None and context.month:
            sink.warning("no-date", f'"{said}" is no month: the issue\'s is taken',
                         source.span(matter.line("date")), "write it as 2019-04 or April 2019")
            return context.month
        if found is None:
            sink.error("no-date", f'"{said}" is no month', source.span(matter.line("date")),
                       "write it as 2019-04 or April 2019")
            return None
        return Month(int(found.iso[:4]), int(found.iso[5:7]))
    month = heading.month or _month_of_file(source) or context.month
    if month is None:
        sink.error("no-date", "the brief does not say its month", source.span(1),
                   "begin it with a line like: CENTRAL ASIA April 2019")
    elif context.month and month != context.month:
        sink.warning("other-month", f"the brief is dated {month}, the issue {context.month}",
                     source.span(1))
    return month


def language_in(matter: FrontMatter, source: SourceText, context: Context, sink: Sink) -> str:
    said = re.split("[-_]", matter.text("lang").lower())[0]  # "it-IT"
    if said and said not in LANGUAGES:
        sink.error("unknown-language", f'no language "{said}"', source.span(matter.line("lang")),
                   f"known are: {', '.join(LANGUAGES)}")
        return context.language
    if said:
        return said
    found = recognised(source.text)
    if found is None or found == context.language:
        return context.language
    if found not in LANGUAGES:
        sink.warning("language", f'the brief is in a language ("{found}") whose months, quotation '
                     "marks and hyphens are not known", source.span(1),
                     f"it is set by the rules of {context.language}; known are: "
                     f"{', '.join(LANGUAGES)}")
        return context.language
    sink.note("language", f'the brief is taken to be in the language "{found}"', source.span(1),
              f"if it is not, write in its header: Lang: {context.language}")
    return found
