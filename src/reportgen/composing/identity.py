"""Which source a note means that does not name it in full, and the short form of one cited again.

"Ibid." is the source of the note before; "Rossi, op. cit." and "Rossi, Dam Talks, 14" are earlier
ones by that author. They keep their words, and the list of sources knows what they cite. A note
that repeats the words of an earlier one is printed in short: author, title, place (The Chicago
Manual of Style, 18th ed., 13.32-13.37); all its words stand in the first.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.citations.patterns import OP_CIT
from reportgen.diagnostics import Change, Sink
from reportgen.model import Note, Run, Source, Style, Text, plain
from reportgen.texts import cut, folded, joined

_UN_SYMBOL = re.compile(r"\b(?:[SAE]|ST|UNEP|HRC)/(?:[A-Z][A-Z.]*/)*(?:\d+/)*\d+(?:/[A-Z]+\.\d+)?")
_LONGEST_SHORT_FORM = 14
"""words"""

_OPENING, _CLOSING = "“„«\"‘‹", "”“»\"’›"


def source_key(source: Source) -> str:
    """Return what a source is known by: host and path of its address, else its title and date.

    Scheme, `www.`, `utm_` parameters and fragment make no difference; a document of the United
    Nations without an address is known by its symbol.
    """
    if source.url:
        try:
            parts = urlsplit(source.url)
        except ValueError:
            return source.url
        host = (parts.hostname or "").removeprefix("www.").replace("dx.doi.org", "doi.org")
        query = "&".join(p for p in parts.query.split("&") if p and not p.startswith("utm_"))
        path = parts.path.rstrip("/")
        path = path.lower() if host == "doi.org" else path  # DOI Handbook, 2.4: case is no matter
        return f"{host}{path}{'?' if query else ''}{query}"
    symbol = _UN_SYMBOL.search(f"{source.title} {source.container}")
    if symbol:
        return symbol[0]
    return f"{source.title} {source.container} {source.issued}".casefold()


class CitedBefore(Struct):
    """The notes of a brief so far, which later ones may mean."""

    sink: Sink
    notes: list[Note] = field(default_factory=list)
    _first: dict[str, Note] = field(default_factory=dict)
    """Where a source stands first, by its key."""

    def resolved(self, note: Note) -> Note:
        """Return the next note with the sources that it means; in short if it repeats one."""
        found = self._ibid(note) or self._by_author(note) or self._repeated(note) or note
        self.notes.append(found)
        for source in found.sources:
            if source.title != _IBID:
                self._first.setdefault(source_key(source), found)
        return found

    def _ibid(self, note: Note) -> Note | None:
        if not any(source.title == _IBID for source in note.sources):
            return None
        before = self.notes[-1].sources if self.notes else ()
        before = tuple(source for source in before if source.title != _IBID)
        if len(before) != 1:
            self.sink.warning(
                "ibid", f"note {note.number} means the note before it, which cites "
                f"{len(before) or 'no'} source{'s' if before else ''}", note.span,
                "write out which one it is", words=plain(note.text))
            return None
        place = next(source.locator for source in note.sources if source.title == _IBID)
        meant = replace(before[0], locator=place or before[0].locator)
        self._tell(note, meant, "ibid")
        return replace(note, sources=tuple(
            meant if source.title == _IBID else source for source in note.sources))

    def _by_author(self, note: Note) -> Note | None:
        """Return a note that names a work by its author and little else."""
        words = plain(note.text)
        cited = OP_CIT.search(words)
        if cited is None and (len(note.sources) > 1 or not (
                self._is_short(note, words) or _NAME_AND_YEAR.match(words))):
            return None
        names = set(folded(words[: cited.start()] if cited else words).split())
        found = {source_key(source): source for earlier in self.notes for source in earlier.sources
                 if source.title != _IBID and (
                     _is_named(names, source, earlier) if cited
                     else _family(source) in names and self._names(source, words))}
        if cited is None and not found:
            found = self._of_year(words)
        if len(found) == 1:
            [source] = found.values()
            self._tell(note, source, "op-cit")
            return replace(note, sources=(source,))
        if cited and not any(source.url or source.issued for source in note.sources):
            self.sink.warning(
                "op-cit", f"note {note.number} means an earlier work: "
                f"{'several' if found else 'none'} by that author before it", note.span,
                "write out which one it is", words=words)
        return None

    def _of_year(self, words: str) -> dict[str, Source]:
        """Return the sources before that a name and a year mean, `Nowak 2019, p. 8`, by key."""
        match = _NAME_AND_YEAR.match(words)
        names = set(folded(match["names"]).split()) if match else set()
        return {source_key(source): source for earlier in self.notes for source in earlier.sources
                if match and _family(source) in names
                and (source.issued or "").startswith(match["year"])}

    @staticmethod
    def _is_short(note: Note, words: str) -> bool:
        named = not any(source.url or source.issued for source in note.sources)
        return named and len(words.split()) <= _LONGEST_SHORT_FORM

    @staticmethod
    def _names(source: Source, words: str) -> bool:
        """Whether the title of a source, or its begin, stands in a short note."""
        said, title = f" {folded(words)} ", folded(source.title or "").split()
        return len(title) > 1 and f" {' '.join(title[:2])} " in said

    def _repeated(self, note: Note) -> Note | None:
        """Return a note in short whose words all stand in an earlier one."""
        [source] = note.sources if len(note.sources) == 1 else [Source()]
        first = self._first.get(source_key(source)) if source.title else None
        if first is None or not _has_title(source) or not (source.url or source.issued):
            return None
        if all(folded(source.title or "") != folded(known.title or "") for known in first.sources):
            return None  # another work at the same address
        place = set(folded(source.locator or "").split())
        words = folded(plain(note.text).replace(source.url or "\n", "")).split()
        if not set(words) - place <= set(folded(plain(first.text)).split()):
            return None
        short = _short_form(note.text, source)
        if short is None or len(folded(plain(short)).split()) + 2 > len(words):
            return None
        self.sink.change(Change(note.span, "short-form", plain(note.text), plain(short)))
        self._tell(note, source, "short-form")
        return replace(note, text=short)

    def _tell(self, note: Note, source: Source, code: str) -> None:
        first = self._first.get(source_key(source))
        where = f", as note {first.number} does" if first else ""
        name = source.title or source.container or source.url or ""
        self.sink.note(code, f"note {note.number} cites “{name[:60]}”{where}", note.span)


_NAME_AND_YEAR = re.compile(
    r"(?:see |cf\. )?(?P<names>[^\W\d_a-z][^\d()]{1,60}?),? \(?(?P<year>(?:1[89]|20)\d\d)[a-z]?\)?"
    r"(?:\s*[,:]\s*(?:pp?\.\s?|S\.\s?|s\.\s?)?\d[\d\s–-]*)?\W*$")

_IBID = "IBID"
"""Title of a source that is that of the note before (reportgen.citations.items)."""


def _has_title(source: Source) -> bool:
    """Whether a title is one for sure: the fields say all, or it stood in italics or quotes."""
    title = source.title or ""
    return not source.words or any(
        title in run.text and (run.style.emphasis or run.text.startswith("“"))
        for run in source.words if isinstance(run, Run))


def _is_named(names: set[str], source: Source, note: Note) -> bool:
    """Whether what stands before "op. cit." names a source of an earlier note."""
    alone = len(note.sources) == 1
    said = plain(note.text) if alone else f"{source.author} {source.container} {source.title}"
    return _family(source) in names or (bool(names) and names <= set(folded(said).split()))


def _family(source: Source) -> str:
    """Return the last name of an author, folded; empty without an author."""
    words = folded(re.split(r",| and | & | y | und | et | e ", source.author or "")[0]).split()
    return words[-1] if words else ""


def _short_form(text: Text, source: Source) -> Text | None:
    """Return what stands before the title of a source in a note, the title, and the place in it."""
    string, title = joined(text), source.title or ""
    start = string.find(title)
    if start < 0 or not title:
        return None
    end = start + len(title)
    inner = tuple(i for i in cut(text, start, end) if isinstance(i, Run))
    before, behind = string[start - 1 : start], string[end : end + 2]
    opened = cut(text, start - 1, start) if start and before in _OPENING else ()
    closed: Text = ()
    inside = False
    if opened and behind[:1] and behind[0] in _CLOSING:
        closed = cut(text, end, end + 1)
    elif opened and len(behind) == 2 and behind[0] in ",." and behind[1] in _CLOSING:
        closed = cut(text, end + 1, end + 2)
        inside = True  # where its author has the comma, and so the stop
    elif opened:
        return None

    def sign(words: str) -> Run:
        return Run(words, Style(), inner[0].span)

    head = (*cut(text, 0, start - len(opened)), *opened, *inner)
    place = source.locator or ""
    comma = "," if place else "."
    tail = f" {place}" if place else ""
    stop = "." if place and not place.endswith(".") else ""
    signs = (sign(comma), *closed) if inside else (*closed, sign(comma))
    return (*head, *signs, *([sign(tail + stop)] if place else []))
