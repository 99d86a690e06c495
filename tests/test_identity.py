"""What a note means that does not name its source in full; and what lacks in those that do."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.citations.lift import with_sources
from reportgen.composing.identity import CitedBefore, source_key
from reportgen.composing.notes import Numbering, entry_text
from reportgen.composing.sourcing import check_sources
from reportgen.diagnostics import Diagnostic, Sink
from reportgen.language.languages import language_of
from reportgen.model import Note, Paragraph, Source, plain
from reportgen.pipeline import build, check
from reportgen.reading.markdown import read_blocks

from .conftest import SMALL_BRIEF, Pdf, Series

ROSSI = "Anna Rossi, “Water and Power,” *The Steppe Post*, 2 April 2019, https://example.com/water."
WFP = "World Food Programme, *Markets*, June 2018, <https://www.example.org/markets>."


def numbered(*notes: str) -> tuple[list[Note], list[Diagnostic]]:
    """Return the notes of a text whose notes these are, and what is told of them."""
    lines = ["A." + "".join(f" Word{n}.[^{n}]" for n in range(len(notes))), ""]
    lines += [f"[^{n}]: {words}" for n, words in enumerate(notes)]
    sink = Sink()
    [paragraph] = read_blocks(list(enumerate(lines, 1)), "gulf.md", sink)
    assert isinstance(paragraph, Paragraph)
    numbering = Numbering("gulf", CitedBefore(sink))
    numbering.text(with_sources(paragraph.text))
    check_sources(numbering.notes, sink)
    return numbering.notes, list(sink)


@pytest.mark.parametrize(("words", "of", "place"), [
    ("Ibid., p. 4.", 2, "p. 4"), ("Ivi, p. 4.", 2, "p. 4"), ("Ibid.", 2, None),
    ("Rossi, op. cit., p. 9.", 1, None), ("Rossi, art. cit.", 1, None),
    ("World Food Programme, op. cit., 12", 2, None), ("Rossi, a. a. O.", 1, None),
    ("See the proposal in Rossi, *op. cit.*, p. 9", 1, None),
    ("Rossi, “Water and Power,” 14.", 1, None)])
def test_a_note_means_an_earlier_source(words: str, of: int, place: str | None) -> None:
    notes, told = numbered(ROSSI, WFP, words)
    assert plain(notes[2].text) == words.replace("*", "")
    assert notes[2].sources[0].url == notes[of - 1].sources[0].url
    assert place is None or notes[2].sources[0].locator == place
    assert [d.code for d in told if "note 3" in d.message] in (["ibid"], ["op-cit"])


@pytest.mark.parametrize(("notes", "code"), [
    (["Ibid., p. 4."], "ibid"), ([f"{ROSSI[:-1]}; {WFP}", "Ibid."], "ibid"),
    (["A remark on Rossi and water.", "Ibid."], "ibid"),
    ([ROSSI, "Bianchi, op. cit., p. 3."], "op-cit"),
    ([ROSSI, "Anna Rossi, *Dams*, Example Press, 2001.", "Rossi, op. cit."], "op-cit")])
def test_what_a_note_means_may_not_be_known(notes: list[str], code: str) -> None:
    _, told = numbered(*notes)
    assert [(d.code, d.severity.value) for d in told if d.code == code] == [(code, "warning")]


@pytest.mark.parametrize(("again", "short"), [
    (ROSSI, "Anna Rossi, “Water and Power.”"),
    (f"{ROSSI[:-1]}, p. 14.", "Anna Rossi, “Water and Power,” p. 14."),
    (ROSSI.replace("https://example.com/water", "https://www.example.com/water?utm_source=x"),
     "Anna Rossi, “Water and Power.”")])
def test_a_source_that_is_cited_again_is_printed_in_short(again: str, short: str) -> None:
    notes, told = numbered(ROSSI, WFP, again)
    assert plain(notes[2].text) == short
    assert [d.code for d in told] == ["short-form"]


@pytest.mark.parametrize("again", [
    ROSSI.replace("Power", "Peace"), f"For the view of farmers, see {ROSSI}",
    ROSSI.replace("Anna", "Carla"), f"{ROSSI[:-1]}; {WFP}"])
def test_no_word_is_lost_in_a_short_form(again: str) -> None:
    notes, _ = numbered(ROSSI, WFP, again)
    expected = plain(numbered(again)[0][0].text)
    assert plain(notes[2].text) == expected


def test_another_work_at_the_same_address_is_printed_whole() -> None:
    """Though all its words stand in the note before."""
    long = ROSSI.replace("Water and Power", "Water and Power, Power and Water")
    other = ROSSI.replace("Water and Power", "Power and Water")
    notes, _ = numbered(long, other)
    assert plain(notes[1].text) == plain(numbered(other)[0][0].text)


def test_a_document_of_the_united_nations_is_known_by_its_symbol() -> None:
    notes, _ = numbered("United Nations, “Report of the Panel”, S/2019/171, 5 March 2019.",
                        "United Nations, “Report of the Panel”, S/2019/171, 5 March 2019, p. 3.")
    assert plain(notes[1].text) == "United Nations, “Report of the Panel”, p. 3."


@pytest.mark.parametrize(("notes", "codes"), [
    (["Anna Rossi, “Water,” *The Post*, https://example.com/w."], ["source-date"]),
    (["Anna Rossi, “Water,” *The Post*, n.d., https://example.com/w."], []),
    (["Interview with the author, “On Water,” *The Post*."], []),
    (["“A Long Title of Something,” 2 April 2019."], ["source-address"]),
    (["https://example.com/w", ROSSI, "https://example.com/v"], ["bare-address"]),
    ([ROSSI, ROSSI.replace("Water and Power", "A Dam is Built")], ["source-differs"]),
    ([ROSSI, ROSSI.replace("2019", "2017")], ["source-differs"]),
    ([ROSSI, WFP], [])])
def test_what_a_source_lacks(notes: list[str], codes: list[str]) -> None:
    assert [d.code for d in numbered(*notes)[1]] == codes


@pytest.mark.slow
def test_two_briefs_that_name_one_address_differently(series: Series) -> None:
    gulf = SMALL_BRIEF.replace("only text,", "only text,[^1]") + f"\n[^1]: {ROSSI}\n"
    other = gulf.replace("CENTRAL ASIA", "SAHEL").replace("A title of the brief", "Another title")
    issue = {"series.toml": "", "2019-04/asia.md": gulf,
             "2019-04/sahel.md": other.replace("Water and Power", "A Dam is Built")}
    folder = series(issue)
    told = check(folder / "2019-04")
    [differs] = [d for d in told if d.code == "source-differs"]
    assert "of asia.md" in differs.message and differs.span.file == "2019-04/sahel.md"
    (folder / "2019-04" / "sahel.md").write_text(other, encoding="utf-8")
    assert "source-differs" not in {d.code for d in check(folder / "2019-04")}


@pytest.mark.slow
@pytest.mark.parametrize(("note", "row"), [
    ("Bianchi, B. (2018). A title. *A Journal* 4(2), 12–20. <https://example.org/two>",
     "Bianchi, B. (2018). A title. A Journal 4(2), 12–20, https://example.org/two."),
    ("Verdi, C. and D. Neri (2017), The third title, Rome: Example Press.",
     "Verdi, C. and D. Neri (2017), The third title, Rome: Example Press."),
    ("Verdi, C.; Neri, D. (2019). *A title*. Maputo: Example.",
     "Verdi, C.; Neri, D. (2019). A title. Maputo: Example."),
    ("Verdi C, Neri D. The fifth title. J Ex. 2015;12(3):45-50. doi:10.1000/182",
     "Verdi C, Neri D. The fifth title. J Ex. 2015;12(3):45-50, https://doi.org/10.1000/182."),
    ("Weiß, K. und Karimowa, D. (2015): Ein Titel. Berlin: Beispielverlag.",
     "Weiß, K. und Karimowa, D. (2015): Ein Titel. Berlin: Beispielverlag."),
    ("Anna Neri, *Officers* (Leiden: Example Press, 2020), p. 4.",
     "Anna Neri, Officers (Leiden: Example Press, 2020), p. 4."),
    ("Security Council, *Resolution 1244*, S/RES/1244, 10 June 1999.",
     "Security Council, Resolution 1244, S/RES/1244, 10 June 1999."),
    (ROSSI, "Anna Rossi, Water and Power, The Steppe Post, 2 April 2019, "
     "https://example.com/water.")])
def test_a_row_of_the_list_has_all_words_of_its_source(note: str, row: str) -> None:
    [source] = numbered(note)[0][0].sources
    assert plain(entry_text(source, language_of("en"))).replace("\u00a0", " ") == row


@pytest.mark.slow
def test_the_list_of_sources_has_it_once(series: Series, tmp_path: Path) -> None:
    brief = SMALL_BRIEF.replace("only text,", "only text,[^1] and[^2] more,[^3]") + (
        f"\n[^1]: {ROSSI}\n[^2]: Ibid., p. 4.\n[^3]: {ROSSI}\n")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    made = build(folder / "2019-04", tmp_path)
    words = " ".join(Pdf(made.files[0]).text().split())
    assert "3 Ibid., p. 4. 4 Anna Rossi, “Water and Power.” Bulletin" in words
    assert words.count("example.com/water") == 2  # in the first note, and in the list


FULL = "Ewa Nowak, *Wheat by Rail*, Salt Press, 2019"


@pytest.mark.slow
@pytest.mark.parametrize("short", [
    "Nowak, op. cit., p. 4", "Nowak, *Wheat by Rail*, 14", "Nowak 2019, p. 8", "id., p. 9"])
def test_short_forms_in_brackets_name_their_source(short: str, series: Series) -> None:
    brief = SMALL_BRIEF.replace("only text,", f"only text ({FULL}), and this ({short}),")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    told = [(d.code, d.message) for d in check(folder / "2019-04") if d.code in ("op-cit", "ibid")]
    assert told == [("ibid" if short.startswith("id") else "op-cit",
                     "note 3 cites “Wheat by Rail”, as note 2 does")]


@pytest.mark.slow
@pytest.mark.parametrize("short", ["Lindqvist, op. cit., p. 2", "supra note 7"])
def test_a_short_form_of_nothing_is_told(short: str, series: Series) -> None:
    brief = SMALL_BRIEF.replace("only text,", f"only text ({FULL}), and this ({short}),")
    folder = series({"series.toml": "", "2019-04/gulf.md": brief})
    told = [d for d in check(folder / "2019-04") if d.code == "op-cit"]
    assert [d.severity.value for d in told] == ["warning"]


def test_a_doi_has_one_identity() -> None:
    keys = {source_key(Source(url=url)) for url in (
        "https://doi.org/10.5555/ABC", "http://dx.doi.org/10.5555/abc")}
    assert keys == {"doi.org/10.5555/abc"}
