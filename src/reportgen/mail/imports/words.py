"""What other programs and people write at the head of a column, and into its cells.

The words are data: heads.toml and statuses.toml. A program more, or a language more, is a word
more there.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from reportgen.mail.phrases import pattern, unaccented

HEADS, STATUSES, PHRASES = (Path(__file__).with_name(f"{name}.toml")
                            for name in ("heads", "statuses", "phrases"))
LANGUAGES = Path(__file__).with_name("languages")
"""Further words of each language, in tables called as those files are."""


class Standing(Enum):
    """What a list says of somebody, the better first."""

    ACTIVE = "active"
    UNCONFIRMED = "unconfirmed"
    """They have not said yet that they want it: not taken."""
    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"


class Program(Struct, frozen=True):
    """What the heads of a program's lists mean."""

    name: str
    has: frozenset[str]
    kinds: tuple[tuple[str, str], ...]
    """Patterns of heads, squeezed, each with its kind; * stands for any letters."""
    left: Standing | None = None
    """What its lists say of everybody in them."""
    asks: str = ""
    """Why they are not taken unless the editor says how these people agreed."""

    def kind(self, cell: str) -> str:
        """Return what a column is by its head; empty: it means what it means elsewhere."""
        return next((kind for pattern, kind in self.kinds if fnmatchcase(squeezed(cell), pattern)),
                    "")


@lru_cache(1 << 14)
def squeezed(text: str) -> str:
    """Return a head or word without what makes no difference in it."""
    kept = re.sub(r"[\s\W_]+", "", unaccented(text.casefold().replace("ı", "i")))
    return kept or text.strip()


@cache
def _kinds() -> dict[str, str]:
    """Return the kinds of columns by their heads, squeezed."""
    tables = _with_languages("heads", tomllib.loads(HEADS.read_text("utf-8"))["heads"])
    return {squeezed(word): kind for kind, words in reversed(tables.items()) for word in words}


@cache
def _languages() -> tuple[Mapping[str, dict[str, list[str]]], ...]:
    return tuple(tomllib.loads(path.read_text("utf-8"))
                 for path in sorted(LANGUAGES.glob("*.toml")))


def _with_languages(table: str, base: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return lists of words, with what the files of languages add to each."""
    return {key: [*words, *(word for language in _languages()
                            for word in language.get(table, {}).get(key, ()))]
            for key, words in base.items()}


@cache
def _programs() -> tuple[Program, ...]:
    return tuple(Program(
        row["name"], frozenset(map(_pattern, row["has"])),
        tuple((_pattern(word), kind)
              for kind, words in row.items() if kind not in ("name", "has", "left", "asks")
              for word in words), Standing(row["left"]) if "left" in row else None,
        row.get("asks", ""))
        for row in tomllib.loads(HEADS.read_text("utf-8"))["program"])


def _pattern(word: str) -> str:
    """Return a head squeezed, its stars kept."""
    return "*".join(squeezed(piece) if piece else "" for piece in word.split("*"))


@cache
def _words() -> dict[str, frozenset[str]]:
    """Return words about a status, for yes, no and nothing, squeezed."""
    data = _with_languages("statuses", tomllib.loads(STATUSES.read_text("utf-8")))
    return {key: frozenset(map(squeezed, words)) for key, words in data.items()}


@cache
def _phrases() -> Mapping[str, re.Pattern[str]]:
    data = _with_languages("phrases", tomllib.loads(PHRASES.read_text("utf-8")))
    return {key: pattern(phrases, 0) for key, phrases in data.items()}


def _folded(text: str) -> str:
    return unaccented(text.casefold())


def program_of(heads: tuple[str, ...]) -> Program | None:
    """Return the program that writes lists with these heads."""
    given = frozenset(squeezed(cell) for cell in heads if cell)
    return next((program for program in _programs() if all(
        any(fnmatchcase(name, pattern) for name in given) for pattern in program.has)), None)


_DATE = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")

_LANGUAGES = {"english": "en", "italian": "it", "italiano": "it", "french": "fr",
              "français": "fr", "german": "de", "deutsch": "de", "spanish": "es",
              "español": "es", "turkish": "tr", "türkçe": "tr", "portuguese": "pt", "polish": "pl",
              "ukrainian": "uk", "russian": "ru", "русский": "ru", "eng": "en", "ita": "it",
              "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "rus": "ru",
              "arabic": "ar", "العربية": "ar", "عربي": "ar", "ara": "ar"}


def head(cell: str) -> str:
    """Return a head without what programs put around it: capitals, numbers, colons."""
    name = re.sub(r"[\s_]+", " ", unicodedata.normalize("NFC", cell).lower()).strip(" :*?")
    return re.sub(r"^(e-?mail) ?\d+(?: - value| address)?:?", r"\1", name)  # "E-mail 2 - Value"


def meaning(cell: str) -> str:
    """Return what a column is, by its head; empty: it is not known.

    Words in brackets count for nothing, unless they may turn the meaning round; of "Opted out of
    email: Newsletter" what stands before the colon counts.
    """
    name, known = head(cell), _kinds()
    whole = known.get(squeezed(name))
    if whole:
        return whole
    plain, _, bracket = name.replace(" [", " (").partition(" (")
    before, _, _ = name.partition(":")
    if known.get(squeezed(before)) in ("unsubscribed", "bounced"):
        return known[squeezed(before)]
    explains = re.search(r"[\d=]", bracket) or _says("leaving", bracket)
    return "" if explains or plain == name else known.get(squeezed(plain), "")


def is_about_leaving(text: str) -> bool:
    """Whether a title is above people who left."""
    return _says("leaving", head(text))


def may_be_about_leaving(text: str) -> bool:
    """Whether a head that is not known may say who must not be written to."""
    name = head(text)
    if is_other_way(name):
        return False
    return _says("leaving", name) or (_says("asking", name) and not _says("elsewhere", name))


def is_other_way(text: str) -> bool:
    """Whether a head is about another way than mail, or about other mail than the bulletin."""
    return _says("other-way", text) and not _says("by-mail", text)


def kind_by_head(name: str, cells: list[str]) -> str:
    """Return what a column of plain answers or dates is by words in its head; empty: not known."""
    text = head(name)
    plain = all(is_answer(cell) or _DATE.match(cell) for cell in cells)
    about_else = re.search(r"[\d=]", text) or _says("elsewhere", text) or _says("denial", text)
    if not (cells and plain) or about_else:
        return ""
    if _says("leaving-head", text):
        return "unsubscribed"
    if not _says("leaving", text) and _says("asking-head", text) and all(map(is_answer, cells)):
        return "subscribed"
    return ""


@lru_cache(1 << 14)
def _says(key: str, text: str) -> bool:
    """Whether a text has a phrase; a hyphen or underscore may stand for a space in it."""
    plain = _folded(text)
    spaced = re.sub(r"[-_]+", " ", plain)
    found = _phrases()[key].search
    return found(plain) is not None or (spaced != plain and found(spaced) is not None)


def _word(text: str) -> str:
    """Return an answer or status squeezed, without "please" or "thanks" behind it."""
    plain = _folded(text).rstrip(" .!")
    polite = _phrases()["polite"].search(plain)
    return squeezed(plain[:polite.start()] if polite else text)


def is_nothing(cell: str) -> bool:
    """Whether a cell is empty, or says so."""
    return squeezed(cell) in _words()["nothing"]


def is_answer(cell: str) -> bool:
    """Whether a cell is a plain yes or no."""
    return _word(cell) in _words()["yes"] | _words()["no"]


def is_about_status(cell: str) -> bool:
    """Whether a cell is a word about somebody's status, and nothing else."""
    return not is_nothing(cell) and not is_answer(cell) and standing_of(cell) is not None


def is_no_name(cell: str) -> bool:
    """Whether a cell is an answer, a status, a date or a number."""
    return (is_answer(cell) or is_about_status(cell)
            or re.fullmatch(r"[\d\s.,:/+-]+", cell) is not None)


def standing_of(text: str) -> Standing | None:
    """Return what a word about somebody's status means; None: it is not known."""
    word = "?" if "?" in text else _word(text)
    if word in _words()["yes"]:
        return Standing.ACTIVE
    if word in _words()["no"]:
        return Standing.UNSUBSCRIBED
    return next((standing for standing in reversed(Standing) if word in _words()[standing.value]),
                None)


def standing_by_group(word: str) -> Standing | None:
    """Return what a group, tag or label means that says who left; None: it is a group."""
    found = None if is_answer(word) else standing_of(word)
    return None if found is Standing.ACTIVE or squeezed(word) in _words()["elsewhere"] else found


def standing_by_title(text: str) -> Standing | None:
    """Return what the name of a sheet plainly says of who is on it; None: it does not."""
    plain = re.split(r"\s[-–—(]|[:(]", text.strip())[0].strip(" .")
    words = (plain, re.sub("(?<=.)s$", "", plain), re.sub("(?<=.)es$", "", plain))
    found = next(filter(None, map(standing_of, words)), None)
    if squeezed(plain) in _words()["elsewhere"] or is_answer(plain) or "=" in text:
        return None
    return found or (Standing.UNSUBSCRIBED if _says("leaving-head", plain) else None)


def says_gone(cell: str) -> bool:
    """Whether a cell of a column that is not known says that somebody left."""
    return standing_by_group(cell) is not None or (
        len(cell) < 200 and standing_of(cell) is None and is_about_leaving(cell))


def attributes(cell: str) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a JSON object in a cell, of those in it as well; else none."""
    if not cell.startswith("{"):
        return ()
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return ()
    return tuple(_flat(found)) or (("", ""),)


def _flat(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            texts = value if isinstance(value, list) else [value]
            yield name, ", ".join(str(text) for text in texts if text is not None)


def by_channel(text: str) -> Standing | None:
    """Return what a way in which somebody wants it means; None: it is not clear."""
    if is_answer(text):
        return None
    if _says("by-mail", text):
        return Standing.ACTIVE
    return Standing.UNSUBSCRIBED if _says("not-by-mail", text) else None


def forbids(text: str) -> bool:
    """Whether a title says that the people below it are not to be written to."""
    return _says("forbidding", text)


def is_about_strike(text: str) -> bool:
    """Whether a legend explains what is struck through: those rows are asked about anyhow."""
    return _says("struck", text)


def is_elsewhere(name: str) -> bool:
    """Whether a head is about something else than mail."""
    return _says("elsewhere", head(name))


def has_left(text: str) -> bool | None:
    """Return whether a cell of a column like "unsubscribed" says so; None: it is not clear."""
    said = "?" if "?" in text else _word(text)
    if said in _words()["no"] or (standing_of(text) is Standing.ACTIVE and (
            said not in _words()["yes"])):
        return False
    if said in _words()["yes"] or _DATE.search(text) or standing_of(text) in _GONE:
        return True
    if re.fullmatch(r"[1-9]\d*", said):
        return True
    plain = re.sub(r"\s*[(\[][^)\]]*[)\]]$", "", text)
    return has_left(plain) if plain != text else None  # "on [by user]"


def has_agreed(text: str) -> bool | None:
    """Return whether a cell of a column like "subscribed" says so; None: it is not clear."""
    said = "?" if "?" in text else _word(text)
    found = standing_of(text)
    if said in _words()["yes"] or found is Standing.ACTIVE or _DATE.match(text):
        return True
    denies = said in _words()["no"] or found is not None or _says("withdrawn", text)
    return False if denies else None


def is_consent(text: str) -> bool | None:
    """Return whether an account of when and how somebody agreed is one; None: it is not clear."""
    withdrawn = _phrases()["withdrawn"].match(_folded(text))
    if _word(text) in _words()["no"] or standing_of(text) in _GONE or withdrawn:
        return False
    return None if _says("denial", text) or _says("withdrawn", text) else True


_GONE = (Standing.UNSUBSCRIBED, Standing.BOUNCED)


def language_of(text: str) -> str:
    """Return the code (BCP 47, two letters) of a language by its code or name; else nothing."""
    given = text.strip().lower()
    code = _LANGUAGES.get(given) or _LANGUAGES.get(re.split("[-_]", given)[0])
    if code is None and re.fullmatch(r"[a-z]{2}([-_][a-z0-9]+)*", given):
        code = given[:2]
    return code or ""
