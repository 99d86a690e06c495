"""No word lost: briefs of any make-up, each of whose words is told from all others.

Hypothesis makes the briefs, the same ones in every run; each word must be printed once, or be in
the log of changes.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from reportgen.diagnostics import ReportgenError, Sink
from reportgen.export import press_of
from reportgen.model import ComposedBrief
from reportgen.pipeline import build
from reportgen.session import open_session
from reportgen.standards import ColourSpace
from reportgen.store import Store

from .conftest import Pdf
from .test_words import printed, words_of

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to",
              "vu")
_SIGNS = (
    "", "", "", "", ",", ";", ":", ".", "!", " -", " –", "—", "...", ",\"", "”", "'", ")", "(",
    " [", "]", " (2019)", " 12 000", " 5%", " *", " _", "**", " $5,6", "\u00a0", "\u200b", " <b>",
    " `", " /", " |", "~", " #", "&", " +", "\\", " =", "¹", "[1]", "^2^", "@", "--", "’s")
"""What may follow a word."""

Words = list[str]
"""Kinds and signs of a block: the words come in when the brief is put together."""


class _Writer:
    """Writes words that are each there once."""

    def __init__(self) -> None:
        self.count = 0
        self.words: list[str] = []

    def word(self) -> str:
        number, out = self.count, ""
        self.count += 1
        for _ in range(3):
            number, rest = divmod(number, len(_SYLLABLES))
            out += _SYLLABLES[rest]
        self.words.append(out)
        return out

    def text(self, signs: Words) -> str:
        return " ".join(self.word() + sign for sign in signs)


_texts = st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=24)
_plain = st.lists(st.sampled_from(_SIGNS[:12]), min_size=2, max_size=8)
_blocks = st.lists(st.one_of(
    st.tuples(st.just("text"), _texts), st.tuples(st.just("text"), _texts),
    st.tuples(st.just("head"), _plain), st.tuples(st.just("list"), _texts),
    st.tuples(st.just("ordered"), _texts), st.tuples(st.just("quote"), _texts),
    st.tuples(st.just("table"), _plain), st.tuples(st.just("note"), _plain),
    st.tuples(st.just("link"), _plain), st.tuples(st.just("citation"), _plain),
    st.tuples(st.just("emphasis"), _plain), st.tuples(st.just("dashes"), _plain),
    st.tuples(st.just("lines"), _texts), st.tuples(st.just("caption"), _plain),
), min_size=1, max_size=10)


def written(blocks: list[tuple[str, Words]]) -> tuple[str, list[str]]:
    """Return a brief in Markdown, and its words."""
    writer, notes, out = _Writer(), list[str](), []
    for number, (kind, signs) in enumerate(blocks):
        text = writer.text(signs)
        if kind == "head":
            out.append(f"## {text}")
        elif kind in ("list", "ordered", "dashes"):
            mark = {"list": "- ", "ordered": "1. ", "dashes": "– "}[kind]
            out.append(f"{mark}{text}\n{mark}{writer.text(signs)}")
        elif kind == "quote":
            out.append(f"> {text}")
        elif kind == "table":
            out.append(f"| {text} | {writer.word()} |\n| --- | --- |\n"
                       f"| {writer.word()} | {writer.word()} |")
        elif kind == "note":
            out.append(f"{writer.word()} {writer.word()}[^n{number}] {writer.word()}")
            notes.append(f"[^n{number}]: {text}")
        elif kind == "link":
            out.append(f"{writer.word()} [{text}](https://example.org/{number}) {writer.word()}")
        elif kind == "citation":
            out.append(f"{writer.word()} (*{text}*, {writer.word().title()}, 2 April 2019, "
                       f"https://example.org/{number}) {writer.word()}.")
        elif kind == "emphasis":
            out.append(f"{writer.word()} *{text}* **{writer.word()}** {writer.word()}")
        elif kind == "lines":
            out.append(f"{text}\n{writer.text(signs)}  \n{writer.word()}")
        elif kind == "caption":
            out.append(f"{writer.word().title()} {writer.word()}: {text}")
        else:
            out.append(text)
    head = ("---\nlang: en\n---\nGULF April 2019\n\nTitle of the brief\n\nThe standfirst of it is "
            "a sentence.\n\n")
    body = "\n\n".join([*out, *notes])
    return f"{head}{body}\n\nAnna Rossi – *Researcher at Example.*\n", writer.words


def composed(folder: Path, text: str) -> tuple[ComposedBrief | None, Sink]:
    (folder / "gulf.md").write_text(text, "utf-8")
    sink = Sink()
    session = open_session(folder / "gulf.md", (), sink, press_of, store=Store(None))
    assert session is not None
    result = session.composed(session.frame.files[0], ColourSpace.RGB)
    told = [d for d in result.sink if d.severity.value == "error"]
    assert all(d.span.file and d.message for d in told)
    assert result.value is not None or told  # it is refused in words
    return result.value, result.sink


_ALWAYS = settings(derandomize=True, deadline=None, database=None,
                   phases=(Phase.explicit, Phase.generate),
                   suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@settings(_ALWAYS, max_examples=120)
@given(_blocks)
@example([("text", ["[1]", " [", "]", "¹"]), ("list", ["(", ")"])])
@example([("note", ["", "\"", "”"]), ("note", ["", ""]), ("link", [" (2019)", "’s"])])
def test_each_word_is_printed_once_or_logged(blocks: list[tuple[str, Words]]) -> None:
    text, words = written(blocks)
    with tempfile.TemporaryDirectory() as folder:
        brief, sink = composed(Path(folder), text)
    if brief is None:
        return
    found = Counter(words_of(printed(brief)))
    logged = Counter(word for change in sink.changes for word in words_of(change.before))
    assert not [word for word in words if not found[word] and not logged[word]], text
    assert not [word for word in words if found[word] > 1], text


@pytest.mark.slow
@settings(_ALWAYS, max_examples=8)
@given(st.lists(_blocks, min_size=3, max_size=6).map(lambda many: [b for one in many for b in one]))
def test_each_word_is_on_a_page(blocks: list[tuple[str, Words]]) -> None:
    text, words = written(blocks)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gulf.md").write_text(text, "utf-8")
        try:
            made = build(folder / "gulf.md", folder / "out")
        except ReportgenError as error:
            assert all(d.span.file for d in error.diagnostics)
            return
        # Poppler joins words of a tight line; each is there all the same.
        pages = "".join(Pdf(made.files[0]).text().casefold().split())
        changes = next(f for f in made.files if f.name == "changes.txt").read_text("utf-8")
    lost = [w for w in words if w not in pages and w not in changes.casefold()]
    assert not lost, (lost, text)
