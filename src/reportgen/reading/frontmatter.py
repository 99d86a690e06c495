"""The header that a brief may begin with: `Key: value`, as Python-Markdown's `meta` has it.

With or without `---` around it. A value goes on in indented lines; where a
field is a list, each line is an entry.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from msgspec import Struct, field

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month
from reportgen.model import FigureOfMonth, MapRequest
from reportgen.patterns import pattern
from reportgen.reading.byline import PREFIX, names_in
from reportgen.reading.heading import is_report

Line = tuple[int, str]

KEYS = {
    "region": "the brief's region",
    "country": "the country that it is on, where that is no region",
    "section": "the section of a site, which counts if it is a region",
    "date": "its month, as in 2019-04 or April 2019",
    "title": "its title",
    "standfirst": "the paragraph under the title",
    "description": "what a site says of the text; its standfirst, if the text has none",
    "authors": "who signs it, one a line or separated by ;",
    "bio": "who the author is, if the text does not say it",
    "lang": "its language: en, it, fr, de, es, ru, pt, pl, uk, tr or ar",
    "map": "{highlight: [KG, TJ], places: [Kant], caption: ...}, or none",
    "figures": "the box In figures, one a line: $5.6 bn | agreements and contracts",
    "pull-quote": "a sentence of the text to be set large on a brief of two pages",
    "key-points": "three to five, one a line",
}
"""The keys of the header, and what each of them is."""

_ALIASES = {"author": "authors", "language": "lang", "month": "date", "subtitle": "standfirst",
            "pull quote": "pull-quote", "pullquote": "pull-quote", "key points": "key-points",
            "keypoints": "key-points", "abstract": "standfirst", "summary": "standfirst",
            "excerpt": "description", "by": "authors", "about-the-author": "bio",
            "about the author": "bio", "about-author": "bio", "autor-bio": "bio",
            "regional brief": "region", "informe regional": "region",
            "regionalbericht": "region", "note régionale": "region",
            "rapporto regionale": "region", "nota regional": "region",
            "reporting period": "date", "berichtszeitraum": "date", "couverture": "date",
            "stand": "date", "région": "region", "regione": "region", "región": "region",
            "região": "region", "регион": "region", "регіон": "region", "area": "region",
            "land": "country", "pays": "country", "paese": "country", "país": "country",
            "kraj": "country", "страна": "country", "країна": "country", "ülke": "country",
            "البلد": "country",
            "monat": "date", "berichtsmonat": "date", "datum": "date", "mois": "date",
            "mese": "date", "mes": "date", "fecha": "date", "mês": "date", "data": "date",
            "месяц": "date", "дата": "date", "місяць": "date", "miesiąc": "date",
            "titel": "title", "titre": "title", "titolo": "title", "título": "title",
            "tytuł": "title", "заголовок": "title", "название": "title", "назва": "title",
            "verfasser": "authors", "verfasserin": "authors", "autor": "authors",
            "autorin": "authors", "autora": "authors", "autore": "authors", "autrice": "authors",
            "auteur": "authors", "auteure": "authors", "автор": "authors", "авторы": "authors",
            "автори": "authors", "autorzy": "authors", "autorka": "authors",
            "untertitel": "standfirst", "sottotitolo": "standfirst", "chapô": "standfirst",
            "subtítulo": "standfirst", "sprache": "lang", "langue": "lang", "lingua": "lang",
            "idioma": "lang", "yazar": "authors", "yazarlar": "authors", "başlık": "title",
            "bölge": "region", "tarih": "date", "özet": "standfirst", "dil": "lang", "ay": "date",
            "issue": "date", "numer": "date", "numero": "date", "número": "date",
            "numéro": "date", "ausgabe": "date", "выпуск": "date", "випуск": "date",
            "sayı": "date", "edition": "date", "period": "date", "период": "date",
            "період": "date", "periodo": "date", "período": "date", "période": "date",
            "zeitraum": "date", "okres": "date", "dönem": "date", "role": "bio", "position": "bio",
            "rubrik": "section", "rubrique": "section", "rubrica": "section",
            "rubryka": "section", "rubric": "section", "рубрика": "section", "dział": "section",
            "sección": "section", "seção": "section", "sezione": "section", "bölüm": "section",
            "auteurs": "authors", "autores": "authors", "autori": "authors",
            "autoren": "authors", "autorinnen": "authors",
            "postauthor": "authors", "post-author": "authors", "writer": "authors",
            "affiliation": "bio", "about": "bio", "stanowisko": "bio", "afiliacja": "bio",
            "funktion": "bio", "fonction": "bio", "ruolo": "bio", "qualifica": "bio",
            "cargo": "bio", "afiliación": "bio", "должность": "bio", "посада": "bio",
            "unvan": "bio", "kurum": "bio", "lead": "standfirst",
            "zajawka": "standfirst", "лид": "standfirst", "лід": "standfirst",
            "entradilla": "standfirst", "sommario": "standfirst", "vorspann": "standfirst",
            "résumé": "standfirst", "المنطقة": "region", "الإقليم": "region", "الشهر": "date",
            "التاريخ": "date", "العدد": "date", "العنوان": "title", "الملخص": "standfirst",
            "الخلاصة": "standfirst", "الكاتب": "authors", "الكاتبة": "authors",
            "المؤلف": "authors", "المؤلفة": "authors", "الباحث": "authors", "اللغة": "lang"}
_BYLINES = ("автор", "авторы", "автори", "autor", "autora", "autore", "autorin", "autorzy",
            "autorka", "verfasser", "verfasserin", "auteur", "auteure", "author", "by",
            "الكاتب", "الكاتبة", "المؤلف", "المؤلفة", "الباحث")

_ISSUES = ("issue", "numer", "numero", "número", "numéro", "ausgabe", "выпуск", "випуск", "sayı",
           "edition")
"""Keys that stand for the month if their value has one."""

_LONGEST_HEADER = 60
"""lines"""

_FEW_WORDS = 4

_SLIP = 0.8
"""Likeness of a key with a slip; `og_title` is less like `title`."""

_CHOICES = ("standfirst", "description")
"""Fields of which a site has several: subtitle, summary, excerpt. The first is printed."""

_LISTS = ("authors", "figures", "key-points")
"""Fields that may stand more than once."""
_KEY = pattern(r"^([^\W\d_](?:[^\W\d_]|[ _-]){1,20}?)\s*:(?:\s+(.*))?$")
_TOML_KEY = pattern(r"^([^\W\d_](?:[^\W\d_]|[_-]){1,20})\s*=\s*(.*)$")


class FrontMatter(Struct, frozen=True):
    """The header's fields, each with its lines."""

    fields: dict[str, list[Line]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a field as one line of text, empty if it is not there."""
        words = _value(" ".join(value for _, value in self.fields.get(key, [])).strip())
        quoted = len(words) > 1 and words[0] == words[-1] and words[0] in "\"'"  # as YAML has it
        return words[1:-1].strip() if quoted and words[0] not in words[1:-1] else words

    def entries(self, key: str) -> list[str]:
        """Return a field's entries: its lines, without dashes of a list."""
        lines = [value.strip().removeprefix("- ").strip() for _, value in self.fields.get(key, [])]
        return [line for line in lines if line]

    def authors(self) -> list[str]:
        """Return who signs: entries, those of a list in YAML, or the names in one of tables."""
        entries = self.entries("authors")
        tables = [m[1] for e in entries if (m := re.match(r"(?:full[ _-]?)?name\s*:\s*(.+)$", e))]
        names = tables or [part for e in entries for part in _listed(e)]
        bare = [_value(name.strip()).strip("\"' ") for name in names]
        return [name[m.end():] if (m := PREFIX.match(name)) else name for name in bare if name]

    def line(self, key: str) -> int:
        """Return the line where a field stands, 0 if it is not there."""
        lines = self.fields.get(key)
        return lines[0][0] if lines else 0


_ESCAPE = pattern(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\"\\/nt])")
_DOUBLE_QUOTED = pattern(r"\"(?:[^\"\\]|\\.)*\"")
_SINGLE_QUOTED = pattern(r"'(?:[^']|'')*'")
_ESCAPED = {"n": " ", "t": " "}


def _value(words: str) -> str:
    """Return a scalar of YAML (1.2.2, 7.3): nothing for null, without quotes and escapes."""
    if words.casefold() in ("null", "~"):
        return ""
    if _SINGLE_QUOTED.fullmatch(words):
        return words[1:-1].replace("''", "'").strip()
    if not _DOUBLE_QUOTED.fullmatch(words):
        return words
    return _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if m[1][0] in "ux"
                       else _ESCAPED.get(m[1], m[1]), words[1:-1]).strip()


def _listed(entry: str) -> list[str]:
    """Return the parts of `[A, B]`, `A; B` and `A and B`."""
    bare = entry.strip()
    if bare.startswith("[") and bare.endswith("]"):
        return bare[1:-1].split(",")
    parts = [part for part in bare.split(";") if part.strip()]
    return [name for part in parts for name in (names_in(part.strip().strip("\"'")) or (part,))]


_BLOCK = pattern(r"[>|][+-]?\d?[+-]?")


def read_front_matter(lines: list[Line], name: str, sink: Sink) -> tuple[FrontMatter, list[Line]]:
    """Return the header of a brief and the lines after it."""
    start = next((i for i, (_, text) in enumerate(lines) if text.strip()), len(lines))
    if start == len(lines):
        return FrontMatter(), lines
    start = _below_what_it_is(lines, start)
    lines = _with_fields_first(lines, start, name, sink)
    lines = _as_yaml(_with_plain_keys(_without_table(lines, start), start), start)
    fenced = lines[start][1].strip() == "---"
    first = lines[start + 1][1] if fenced and start + 1 < len(lines) else lines[start][1]
    match = _KEY.match(first)
    if not match or (not fenced and not _is_header(lines[start : start + 3])):
        return FrontMatter(), lines
    fields: dict[str, list[Line]] = {}
    current: list[Line] = []
    position = start + 1 if fenced else start
    while position < len(lines):
        number, text = lines[position]
        if not fenced and not text.strip() and _goes_on(lines, position):
            position += 1
            continue
        if text.strip() in (("---", "...") if fenced else ("", "---")):
            position += 1
            break
        match = None if text.startswith((" ", "\t", "- ")) else _KEY.match(text)
        if match:
            value = (match[2] or "").strip()
            # A block scalar (YAML 1.2.2, 8.1): the text is on the lines below.
            current = [(number, "" if _BLOCK.fullmatch(value) else value)]
            _keep(fields, match[1], current, Span(name, number), sink)
        else:
            current.append((number, text.strip()))
        position += 1
    else:
        if fenced:
            sink.error("open-header", "the header is never closed", Span(name, lines[start][0]),
                       "write --- under its last line")
    return FrontMatter(fields), lines[position:]


_HINT = pattern(r"(?<=[^\W\d_])(?:\(s\)| ?(?P<mark>[*_]{1,2})? ?(?:[*_]{1,2})?\([^()]{2,60}\)"
                r"(?:[*_]{1,2})?) ?:(?=[*_]{0,2}\s)")
"""What a form asks for behind a key: `Summary (max. 40 words):`, `Author(s):`."""


def _with_fields_first(lines: list[Line], start: int, name: str, sink: Sink) -> list[Line]:
    """Return lines in which fields below the title, each a paragraph by itself, stand above it.

    They are those of a header if region and month are two of them. If the title is one as well,
    what stands above is the name of a form.
    """
    if _KEY.match(lines[start][1]) or lines[start][1].strip() in ("---", "+++"):
        return lines
    stop = start + 1
    fields: list[Line] = []
    hints: list[Change] = []
    while stop < len(lines):
        number, text = lines[stop][0], _HINT.sub(r"\g<mark>:", lines[stop][1])
        if text != lines[stop][1]:
            before = lines[stop][1].partition(":")[0].strip(" *_")
            hints.append(Change(Span(name, number), "kicker", before, ""))
        match = _BOLD_KEY.match(text) or _BOLD_FIELD.match(text)
        plain = _KEY.match(text)
        key, value = (match[2], match[3]) if match else (plain[1], plain[2]) if plain else ("", "")
        if text.strip() and not (value and _known(key)):
            break
        if text.strip():
            fields.append((number, f"{key}: {value}"))
        stop += 1
    said = {_known(text.partition(":")[0]) for _, text in fields}
    if not (said & {"region", "country"} and "date" in said):
        return lines
    number, first = lines[start]
    blank = (number, "")
    for hint in hints:
        sink.change(hint)
    if "title" not in said:
        return [*lines[:start], *fields, blank, lines[start], blank, *lines[stop:]]
    words = first.strip(" *_#")
    sink.note("kicker", f'"{words[:60]}" is taken for the name of the form, and not printed',
              Span(name, number), "if it is the title, write Title: in a header")
    sink.change(Change(Span(name, number), "kicker", words, ""))
    return [*lines[:start], *fields, blank, *lines[stop:]]


def _below_what_it_is(lines: list[Line], start: int) -> int:
    """Return where a header begins below a line such as "Country report"; else `start`."""
    first = lines[start][1].strip(" *_#")
    second = next((i for i in range(start + 1, len(lines)) if lines[i][1].strip()), start)
    match = _KEY.match(lines[second][1])
    short = len(first.split()) <= _FEW_WORDS and is_report(first) and not _KEY.match(first)
    return second if short and match and _known(match[1]) and _is_header(
        lines[second : second + 3]) else start


_BOLD_KEY = pattern(r"^(\*\*|__)([^\W\d_](?:[^\W\d_]|[ -]){1,20}?)(?:\s*:\1|\1\s*:)\s*(.*?)"
                       r"(?:\\| {2,})?$")
_BOLD_FIELD = pattern(r"^(\*\*|__)([^\W\d_](?:[^\W\d_]|[ -]){1,20}?)\s*:\s*([^*_]+)\1"
                      r"(?:\\| {2,})?$")
"""`**Region:** Sahel` and `**Region**: Sahel`, with Markdown's line break or without."""


_ROW = pattern(r"^\|\s*(?:\*\*|__)?([^|*_]{2,24}?)\s*:?\s*(?:\*\*|__)?\s*:?\s*\|"
                  r"\s*([^|]*?)\s*\|$")
_TABLE_RULE = pattern(r"^\|(?:\s*:?-+:?\s*\|)+$")


def _without_table(lines: list[Line], start: int) -> list[Line]:
    """Return lines in which a table of keys and values at the top is a header."""
    end = next((i for i in range(start, len(lines)) if not lines[i][1].startswith("|")), len(lines))
    rows = [(number, _ROW.match(text)) for number, text in lines[start:end]
            if not _TABLE_RULE.match(text)]
    matches = [match for _, match in rows if match]
    if not rows or len(matches) < len(rows) or sum(
            _known(match[1]) is not None for match in matches) < 2:
        return lines
    header = [(number, f"{match[1]}: {match[2].strip('*_ ')}") for number, match in rows if match]
    return [*lines[:start], *header, *lines[end:]]


def _with_plain_keys(lines: list[Line], start: int) -> list[Line]:
    """Return lines in which the fields of a header at the top have no bold keys."""
    out = list(lines)
    for at in range(start, min(len(lines), start + _LONGEST_HEADER)):
        match = _BOLD_KEY.match(lines[at][1]) or _BOLD_FIELD.match(lines[at][1])
        if not match or not (at > start or _known(match[2])):
            break
        out[at] = lines[at][0], f"{match[2]}: {match[3]}"
    return out


def _as_yaml(lines: list[Line], start: int) -> list[Line]:
    """Return lines with a header of TOML between lines of `+++` (Hugo) as one of YAML."""
    if lines[start][1].strip() != "+++":
        return lines
    end = next((i for i in range(start + 1, min(len(lines), start + _LONGEST_HEADER))
                if lines[i][1].strip() == "+++"), None)
    if end is None:
        return lines
    out = list(lines)
    out[start], out[end] = (lines[start][0], "---"), (lines[end][0], "---")
    for i in range(start + 1, end):
        match = _TOML_KEY.match(lines[i][1])
        if match:
            out[i] = lines[i][0], f"{match[1]}: {_plain_value(match[2])}"
    return out


def _plain_value(value: str) -> str:
    """Return a value of TOML, a text or a list of texts, as it stands in a header of YAML."""
    listed = re.fullmatch(r"\[(.*)\]", value.strip())
    if listed:
        return "; ".join(part.strip().strip("\"'") for part in listed[1].split(","))
    return value.strip()


def _goes_on(lines: list[Line], position: int) -> bool:
    """Whether a known key follows a blank line, as people group them."""
    after = lines[position + 1][1] if position + 1 < len(lines) else ""
    match = _KEY.match(after)
    return bool(match and _known(match[1]))


def _is_header(lines: list[Line]) -> bool:
    """Whether some lines are a header: a known key, or one with a slip beside known ones."""
    matches = [_KEY.match(text) for _, text in lines]
    known = [bool(m and _known(m[1])) for m in matches]
    if known[0] and sum(known) == 1 and matches[0] and matches[0][1].casefold() in _BYLINES:
        return False  # a byline is no header
    return known[0] or (matches[0] is not None and sum(known) >= 1 and all(matches[:2]))


def _known(key: str) -> str | None:
    folded = key.strip().lower().replace("i\u0307", "i").replace("_", "-")
    folded = _ALIASES.get(folded, folded)
    return folded if folded in KEYS else None


def _keep(fields: dict[str, list[Line]], key: str, lines: list[Line], span: Span,
          sink: Sink) -> None:
    known = _known(key)
    if key.strip().casefold() == "credits" and PREFIX.match(lines[0][1].strip("'\" ")):
        known = "authors"  # "Par Julien Paulus"
    if (known == "date" and key.strip().casefold() in _ISSUES
            and find_month(lines[0][1]) is None):
        known = None  # the number of an issue, as a rule
    if known in fields and known in _LISTS:
        fields[known].append(lines[0])
        return
    if known in _CHOICES and known in fields:
        sink.change(Change(span, known, lines[0][1], ""))
        sink.note("unknown-key", f'the field "{key}" of the header is not used: another one '
                  f"is the {known} already", span, "take out the one that is not to be printed")
        return
    if known in fields:
        sink.error("key-twice", f'the field "{key}" stands twice in the header', span,
                   "take one of them out")
    if known:
        fields[known] = lines
        return
    near = get_close_matches(key.lower(), KEYS, n=1, cutoff=_SLIP)
    if near:
        sink.error("unknown-key", f'no field "{key}" in the header of a brief', span,
                   f'did you mean "{near[0]}"?')
    else:  # as a rule a web site's own: slug, tags, layout
        sink.warning("unknown-key", f'the field "{key}" in the header of a brief is not used', span,
                     f"known are: {', '.join(KEYS)}")


def figures_of(matter: FrontMatter, name: str, sink: Sink) -> tuple[FigureOfMonth, ...]:
    """Return the rows of the box "In figures"."""
    rows = []
    for entry in matter.entries("figures"):
        value, bar, label = entry.partition("|")
        if not bar:
            sink.error("figure-row", f"no | between figure and words: {entry[:40]}",
                       Span(name, matter.line("figures")), "write: $5.6 bn | agreements signed")
            continue
        rows.append(FigureOfMonth(value.strip(), label.strip()))
    return tuple(rows)


def map_of(matter: FrontMatter, name: str, sink: Sink) -> MapRequest:
    """Return what the brief asks of its map."""
    value = matter.text("map")
    span = Span(name, matter.line("map"))
    if not value:
        return MapRequest()
    if value.lower() in ("none", "no", "off", "false"):
        return MapRequest(enabled=False, span=span)
    if not (value.startswith("{") and value.endswith("}")):
        sink.error("map-request", "the map's wishes stand in braces", span,
                   "write: map: {highlight: [KG, TJ], places: [Kant]}, or map: none")
        return MapRequest(span=span)
    wishes: dict[str, str] = {}
    for match in re.finditer(r"([\w-]+)\s*:\s*(\[[^\]]*\]|\"[^\"]*\"|[^,\[\]{}]+)", value[1:-1]):
        if match[1] not in ("highlight", "places", "caption"):
            sink.error("map-request", f'no wish "{match[1]}" for a map', span,
                       "known are: highlight, places, caption")
        wishes[match[1]] = match[2].strip().strip('"')
    return MapRequest(
        highlight=tuple(code.upper() for code in _list(wishes.get("highlight", ""))),
        places=_list(wishes.get("places", "")),
        caption=wishes.get("caption", ""),
        span=span,
    )


def _list(value: str) -> tuple[str, ...]:
    return tuple(v.strip() for v in value.strip("[]").split(",") if v.strip())
