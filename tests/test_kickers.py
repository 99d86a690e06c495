"""Labels at the top: what kind a text is, what a part is; and titles that only look like one."""

from __future__ import annotations

import pytest

from reportgen.model import Heading, ListBlock, Paragraph, plain

from .test_habits import TEXT, read
from .test_heads import LONG, body, signed


@pytest.mark.parametrize("kicker", [
    "POLICY BRIEF", "Issue Brief, September 2022", "Policy Brief No. 12", "Commentary",
    "Research Note 4/2019", "Expert Commentary | May 2019", "Kurzanalyse", "Note d’analyse n° 12",
    "Nota informativa", "Аналитическая записка № 3", "Rossi, et al.", "Analysis"])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_kicker_is_neither_title_nor_author_nor_standfirst(kicker: str, place: int) -> None:
    """Above the title, below it, and below the byline."""
    parts = ["Gulf April 2019", "# A quay for nobody", "By Anna Rossi", LONG, TEXT]
    parts.insert(place, kicker)
    found, sink = read("\n\n".join(parts))
    assert plain(found.title) == "A quay for nobody"
    assert signed(found) == [("Anna Rossi", "")]
    assert not found.standfirst
    assert kicker not in body(found)
    told = [d.span.line for d in sink if d.code in ("kicker", "dateline", "above-heading")]
    assert told == [2 * place + 1]  # one with a month may be a line with the date
    assert kicker in {change.before for change in sink.changes}


@pytest.mark.parametrize("title", [
    "Policy Brief", "A brief analysis of quays", "Notes from the quay", "Economic outlook",
    "The conflict in brief"])
def test_a_title_that_sounds_like_a_kicker_stays(title: str) -> None:
    """Nothing else can be the title, or it has words of its own."""
    found, sink = read("\n\n".join(["Gulf April 2019", title, "By Anna Rossi", LONG, TEXT]))
    assert plain(found.title) == title
    assert "kicker" not in {d.code for d in sink}


def test_a_head_of_the_text_is_no_kicker() -> None:
    found, _ = read("\n\n".join(["Gulf April 2019", "# A quay", "*One sentence stands first.*",
                                 "By Anna Rossi", LONG, "## Analysis", TEXT]))
    assert [plain(b.text) for b in found.blocks if isinstance(b, Heading)] == ["Analysis"]


@pytest.mark.parametrize("label", [
    "Abstract", "Summary:", "Kurzfassung", "Résumé", "Аннотация", "Executive summary", "Riassunto",
    "EXECUTIVE SUMMARY"])
def test_a_label_alone_above_the_standfirst(label: str) -> None:
    found, sink = read("\n\n".join(["Gulf April 2019", "# A quay", "By Anna Rossi", label, TEXT,
                                    LONG, TEXT]))
    assert plain(found.standfirst) == TEXT
    assert label.rstrip(":") not in body(found)
    assert "standfirst" in {change.rule for change in sink.changes}


@pytest.mark.parametrize("label", ["Overview", "Introduction", "Einleitung", "Введение"])
def test_the_name_of_a_part_is_a_subhead(label: str) -> None:
    found, sink = read("\n\n".join(["Gulf April 2019", "# A quay", "By Anna Rossi", label, LONG,
                                    TEXT]))
    assert not found.standfirst
    assert isinstance(found.blocks[0], Heading) and plain(found.blocks[0].text) == label
    assert [d.span.line for d in sink if d.code == "subhead"] == [7]


def test_the_name_of_a_part_above_the_title_is_left_out() -> None:
    found, _ = read("\n\n".join(["Gulf April 2019", "Overview", "A quay for nobody",
                                 "By Anna Rossi", LONG, TEXT]))
    assert plain(found.title) == "A quay for nobody"


def test_key_points_are_those_of_the_box() -> None:
    found, sink = read("\n\n".join([
        "Gulf April 2019", "# A quay", "*One sentence stands first.*", "By Anna Rossi",
        "Key points", "- Three berths are empty.\n- Nobody *says* why.", LONG, TEXT]))
    assert found.key_points == ("Three berths are empty.", "Nobody says why.")
    assert "Key points" not in body(found)
    assert [d.span.line for d in sink if d.code == "key-points"] == [9]


@pytest.mark.parametrize("points", [
    "- Only one.", "1. First.\n2. Second.",
    "- With a [source](https://example.org/a).\n- Without.",
    f"- {LONG}\n- Short."])
def test_other_lists_below_such_a_label_stay(points: str) -> None:
    found, _ = read("\n\n".join(["Gulf April 2019", "# A quay", "*One sentence.*",
                                 "By Anna Rossi", "Key points", points, LONG, TEXT]))
    assert not found.key_points
    assert any(isinstance(block, ListBlock) for block in found.blocks)


def test_a_byline_far_from_its_place_keeps_no_preposition() -> None:
    found, _ = read("\n\n".join(["Gulf April 2019", "# A quay", "## A second line of it",
                                 "By Anna Rossi", LONG, TEXT]))
    assert [author.name for author in found.authors] == ["Anna Rossi"]


def test_a_sentence_between_backticks_is_a_quotation() -> None:
    quoted = "`The quay of the town was empty on most days.`"
    found, sink = read("\n\n".join(["Gulf April 2019", "# A quay", "*One sentence.*",
                                    "By Anna Rossi", LONG, quoted, "Use `make test` for it.",
                                    TEXT]))
    assert [type(b).__name__ for b in found.blocks] == ["Paragraph", "Quote", "Paragraph",
                                                        "Paragraph"]
    assert [d.span.line for d in sink if d.code == "pull-quote"] == [11]
    code = found.blocks[2]
    assert isinstance(code, Paragraph) and "make test" in plain(code.text)


def test_a_word_in_capitals_above_a_heading_is_a_kicker() -> None:
    found, sink = read("\n\n".join(["Gulf April 2019", "REPORTAGE-REIHE", "# A quay for nobody",
                                    "By Anna Rossi", LONG, TEXT]))
    assert plain(found.title) == "A quay for nobody"
    assert "REPORTAGE-REIHE" in {c.before for c in sink.changes if c.rule == "kicker"}


def test_capitals_above_text_are_the_title() -> None:
    found, _ = read("\n\n".join(["Gulf April 2019", "A QUAY FOR NOBODY", "By Anna Rossi", LONG,
                                 "## The road", TEXT]))
    assert plain(found.title) == "A QUAY FOR NOBODY"


@pytest.mark.parametrize("parts", [
    ("**REGIONAL BRIEFING**", "Mainland Asia, June 2024", "# A quay for nobody", "By Anna Rossi"),
    ("KOMENTARZ ANALITYCZNY", "# A quay for nobody", "Gulf, June 2024",
     f"**{TEXT}**", "By Anna Rossi"),
    ("Region: Gulf\nBerichtsmonat: June 2024", "LAGEBERICHT", "**A quay for nobody**",
     "By Anna Rossi")])
def test_a_kicker_above_the_heading(parts: tuple[str, ...]) -> None:
    found, sink = read("\n\n".join([*parts, LONG, TEXT]))
    assert plain(found.title) == "A quay for nobody"
    assert str(found.month) == "2024-06"
    assert [a.name for a in found.authors] == ["Anna Rossi"]
    assert [d.code for d in sink].count("kicker") == 1


def test_a_month_label_in_the_text_column_is_no_title() -> None:
    found, _ = read("\n\n".join(["Bonn, 29 November 2021", "Region: Gulf  \nBerichtsmonat: Mai "
                                 "2021", "**A quay for nobody**", "Von Anna Rossi", LONG, TEXT]))
    assert plain(found.title) == "A quay for nobody"
