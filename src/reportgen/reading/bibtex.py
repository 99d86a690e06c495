"""Reading `sources.bib`: BibTeX and biblatex, as reference managers write it.

The grammar is BibTeX's ("Designing BibTeX styles" and btxdoc, O. Patashnik, 1988), the fields and
types those of both (biblatex manual 3.20, 2.1 and 2.2), and what becomes of them in CSL follows
pandoc, against which tests/test_bibtex.py holds it. Titles keep the capitals that they have.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from msgspec import Struct

from reportgen.citations.library import OTHERS, Item, Library, PersonName
from reportgen.diagnostics import Sink
from reportgen.patterns import pattern
from reportgen.workspace import SourceText

_TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "collection": "book",
    "mvcollection": "book", "proceedings": "book", "reference": "book", "booklet": "pamphlet",
    "manual": "book", "incollection": "chapter", "inbook": "chapter", "inreference": "entry",
    "inproceedings": "paper-conference", "conference": "paper-conference",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "report": "report",
    "techreport": "report", "thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis",
    "unpublished": "manuscript", "patent": "patent", "dataset": "dataset", "misc": "document",
    "periodical": "periodical",
}
_SUBTYPES = {"newspaper": "article-newspaper", "magazine": "article-magazine"}
"""`entrysubtype` of an article."""

_GENRES = {"phdthesis": "PhD diss.", "mastersthesis": "master’s thesis", "techreport": "",
           "mathesis": "master’s thesis"}
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303",
            "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b",
            "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331"}
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å",
            "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ",
            "TH": "Þ", "dj": "đ", "DJ": "Đ", "textendash": "–", "textemdash": "—", "S": "§",
            "textquotedblleft": "“", "textquotedblright": "”", "textquoteright": "’",
            "textquoteleft": "‘", "guillemotleft": "«", "guillemotright": "»", "ldots": "…",
            "dots": "…", "textdegree": "°", "pounds": "£", "euro": "€", "texteuro": "€",
            "slash": "/", "textbackslash": "", "textasciitilde": "~", "P": "¶", "copyright": "©"}
_COMMAND = pattern(
    r"\\(?:(?P<accent>['`^\"~=.]|[uvHckrdb](?![A-Za-z]))\s*"
    r"(?:\{\s*(?P<braced>\\[ij](?![A-Za-z])|[^\W\d_])?\s*\}|(?P<letter>\\[ij](?![A-Za-z])|[^\W\d_]))"
    r"|(?P<name>[A-Za-z]+)[ ]*(?:\{\})?|(?P<sign>[&%$#_{}\- ,/]))")
_ENTRY = pattern(r"@\s*(?P<type>[A-Za-z]+)\s*(?P<open>[{(])")
_KEY = pattern(r"\s*([^\s,{}()=\"#%]+)\s*(?=,|[})])")
_FIELD = pattern(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*")
_MOST_DAMAGED = 20
"""Damaged entries that are told; what follows them is not read."""

_BARE = pattern(r"[^\s,#{}()\"]+")


class _Entry(Struct, frozen=True):
    kind: str
    key: str
    line: int
    fields: dict[str, str]
    """LaTeX, by names in small letters."""

    def raw(self, *names: str) -> str:
        return next((self.fields[n] for n in names if self.fields.get(n, "").strip()), "")

    def text(self, *names: str) -> str:
        return plain_of(self.raw(*names))


class _Damaged(Exception):
    """What is no BibTeX, and where."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(what)
        self.at = at


def read_bibtex(source: SourceText, sink: Sink) -> Library:
    """Return the items of a file of BibTeX; mistakes in it are errors in `sink`."""
    items: dict[str, Item] = {}
    for entry in _entries(source, sink):
        item = _item(entry)
        if not (item.title or item.container):
            sink.error("source-item", f'"{entry.key}" has no title', source.span(entry.line),
                       "add title = {...}")
        elif item.key in items:
            sink.error("source-twice", f'two sources have the key "{item.key}"',
                       source.span(entry.line), "give one of them another key")
        else:
            items[item.key] = item
    return Library(items)


# ---------------------------------------------------------------- the grammar


def _entries(source: SourceText, sink: Sink) -> Iterator[_Entry]:
    """Yield the entries of a file; one that is damaged is an error, and the next is read."""
    text, strings, at, damaged = source.text, dict[str, str](), 0, 0
    ends = [match.start() for match in re.finditer("\n", text)]
    while found := _ENTRY.search(text, at):
        line = bisect_left(ends, found.start()) + 1
        at, kind = found.end(), found["type"].lower()
        if kind == "comment":
            continue
        try:
            if kind in ("string", "preamble"):
                if kind == "string":
                    fields, at = _fields(text, at, strings)
                    strings.update(fields)
                continue
            key = _KEY.match(text, at)
            if key is None:
                raise _Damaged(at, f"@{kind} has no key")
            fields, at = _fields(text, key.end(), strings)
            yield _Entry(kind, key[1], line, fields)
        except _Damaged as error:
            sink.error("bibtex", f"{error}, in the entry that begins in line {line}",
                       source.span(bisect_left(ends, error.at) + 1),
                       "an entry is @book{key, title = {...}, author = {...}, year = {2019}}")
            at, damaged = max(at, found.end()), damaged + 1
            if damaged == _MOST_DAMAGED:  # each may ask for a walk to the end of the file
                return


def _fields(text: str, at: int, strings: dict[str, str]) -> tuple[dict[str, str], int]:
    """Return the fields of an entry up to its end, and where that is."""
    fields: dict[str, str] = {}
    while True:
        match = _FIELD.match(text, at)
        if match is None:
            end = re.compile(r"[\s,]*([})])").match(text, at)
            if end is None:
                raise _Damaged(min(at, len(text) - 1), "a comma or a closing brace is missing")
            return fields, end.end()
        value, at = _value(text, match.end(), strings)
        fields.setdefault(match[1].lower(), value)


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    """Return a value, whose parts are joined by `#`, and where it ends."""
    out = ""
    while True:
        sign = text[at : at + 1]
        if sign in ("{", '"'):
            end = _closing(text, at)
            out, at = out + text[at + 1 : end], end + 1
        else:
            word = _BARE.match(text, at)
            if word is None:
                raise _Damaged(min(at, len(text) - 1), "a field has no value")
            name = word[0].lower()
            out += word[0] if name.isdecimal() else strings.get(name, name)
            at = word.end()
        joint = re.compile(r"\s*#\s*").match(text, at)
        if joint is None:
            return out, at
        at = joint.end()


def _closing(text: str, at: int) -> int:
    """Return where what opens at `at` closes: a brace, or a quotation mark outside of braces."""
    quoted, depth = text[at] == '"', 0
    for number in range(at, len(text)):
        sign = text[number]
        if sign in "{}" and text[number - 1] != "\\":
            depth += 1 if sign == "{" else -1
            if depth == 0 and not quoted:
                return number
        elif sign == '"' and quoted and depth == 0 and number > at:
            return number
    raise _Damaged(at, "a brace or a quotation mark is never closed")


# ---------------------------------------------------------------- LaTeX to text


def plain_of(latex: str) -> str:
    """Return the text of a field: accents as letters, commands and braces gone."""
    def letter(match: re.Match[str]) -> str:
        if match["accent"]:
            base = (match["braced"] or match["letter"] or "").replace("\\", "")
            return unicodedata.normalize("NFC", (base or " ") + _ACCENTS[match["accent"]])
        if match["name"]:
            return _LETTERS.get(match["name"], "")
        return {" ": " ", "-": "", ",": " ", "/": ""}.get(match["sign"], f"\ue000{match['sign']}")

    text = re.sub(r"\\(?:url|href)\s*\{([^{}]*)\}(?:\{([^{}]*)\})?",
                  lambda m: m[2] or m[1], latex)
    text = re.sub(r"(?<!\\)\$([^$]*)\$", r"\1", text)
    text = _COMMAND.sub(letter, text)
    text = re.sub(r"(?<!\ue000)[{}]", "", text).replace("\ue000", "")
    text = re.sub(r"(?<!\\)~", "\u00a0", text)
    text = text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def _names(latex: str) -> tuple[PersonName, ...]:
    """Return names, which stand between `and`; in braces it is an institution's (btxdoc, 4)."""
    return tuple(_name(part) for part in _split(latex, r"\s+and\s+") if part.strip(" {}"))


def _name(latex: str) -> PersonName:
    bare = latex.strip()
    if bare.startswith("{") and bare.endswith("}") and _closing(bare, 0) == len(bare) - 1:
        return PersonName(plain_of(bare))
    if bare == "others":
        return OTHERS
    parts = [plain_of(part) for part in _split(bare, r"\s*,\s*")]
    if len(parts) > 1:  # von Last, Jr, First
        return PersonName(parts[0], parts[-1], parts[1] if len(parts) > 2 else "")
    words = [plain_of(word) for word in _split(bare, r"[\s~]+")]
    small = next((n for n, word in enumerate(words[:-1]) if word[:1].islower()), None)
    cut = len(words) - 1 if small is None else small  # First von Last
    return PersonName(" ".join(words[cut:]), " ".join(words[:cut]))


def _split(latex: str, at: str) -> list[str]:
    """Split where a pattern stands outside of braces."""
    parts, begin, pattern = [], 0, re.compile(at)
    depth = position = 0
    while position < len(latex):
        sign = latex[position]
        depth += (sign == "{") - (sign == "}")
        match = pattern.match(latex, position) if depth == 0 else None
        if match and match.end() > position:
            parts.append(latex[begin:position])
            begin = position = match.end()
            continue
        position += 1
    return [*parts, latex[begin:]]


# ---------------------------------------------------------------- entries to CSL


def _item(entry: _Entry) -> Item:
    kind = _TYPES.get(entry.kind, "document")
    if kind == "article-journal":
        kind = _SUBTYPES.get(entry.raw("entrysubtype").strip(), kind)
    numbered = "number" if kind == "report" or entry.kind in ("patent", "manual") else "issue"
    url = entry.raw("url") or _first_address(entry.raw("howpublished", "note"))
    doi = entry.text("doi").removeprefix("https://doi.org/")
    if kind == "document" and url:
        kind = "webpage"
    issue = entry.text("number", "issue")
    container = entry.text("journaltitle", "journal", "booktitle", "maintitle")
    if kind == "webpage" and not container:
        container = entry.text("organization", "publisher")
    return Item(
        key=entry.key, kind=kind, title=_titled(entry), short_title=entry.text("shorttitle"),
        authors=_names(entry.raw("author")), editors=_names(entry.raw("editor")),
        container=container,
        publisher=entry.text("publisher", "institution", "school", "organization"),
        volume=entry.text("volume"), issue=issue if numbered == "issue" else "",
        number=issue if numbered == "number" else "", genre=_genre(entry),
        page=entry.text("pages"), issued=_issued(entry), accessed=_iso(entry.raw("urldate")),
        url=_address(url) or (f"https://doi.org/{doi}" if doi else ""))


def _titled(entry: _Entry) -> str:
    title, subtitle = entry.text("title"), entry.text("subtitle")
    return f"{title}: {subtitle}" if title and subtitle else title


def _genre(entry: _Entry) -> str:
    said = entry.text("type")
    return _GENRES.get(said, said) or _GENRES.get(entry.kind, "")


def _first_address(latex: str) -> str:
    match = re.search(r"https?://[^\s{}]+", latex)
    return match[0] if match else ""


def _address(latex: str) -> str:
    url = re.sub(r"\\([_%&#~])", r"\1", latex).strip(" {}")
    url = re.sub(r"^\\url\s*\{|\}$", "", url)
    return url if url.startswith(("http://", "https://")) and not re.search(r"\s", url) else ""


def _issued(entry: _Entry) -> str:
    date = _iso(entry.raw("date"))
    year = re.fullmatch(r"\{?\s*(\d{4})\s*\}?", entry.raw("year"))
    if date or year is None:
        return date
    month = entry.raw("month").strip(" {}").lower()
    number = int(month) if re.fullmatch(r"\d{1,2}", month) else _MONTHS.get(month[:3], 0)
    day = entry.raw("day").strip(" {}")
    if not 1 <= number <= 12:
        return year[1]
    whole = re.fullmatch(r"\d{1,2}", day) and 1 <= int(day) <= 31
    return f"{year[1]}-{number:02}" + (f"-{int(day):02}" if whole else "")


def _iso(latex: str) -> str:
    """Return the first date of a biblatex date (ISO 8601-2, a range `begin/end` too)."""
    match = re.match(r"\s*\{?(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?!\d)", latex)
    return "-".join(part for part in match.groups() if part) if match else ""
