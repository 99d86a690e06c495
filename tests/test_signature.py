"""Who signs a brief, above and below the text; and what looks like it and is text."""

from __future__ import annotations

import pytest

from reportgen.diagnostics import Sink
from reportgen.model import Brief, Heading, NoteCall, Paragraph, plain
from reportgen.reading.brief import read_brief
from reportgen.reading.byline import People
from reportgen.reading.opening import Context
from reportgen.reading.regions import RegionTable
from reportgen.series import shipped_regions
from reportgen.workspace import SourceText

from .conftest import CASES

TEXT = ("The harbour stood idle for a week, and nobody in the capital has said why. Three berths "
        "of five were empty on most days of the month, and the ministry denied all of it.")


def read(text: str, name: str = "brief.md") -> tuple[Brief, Sink]:
    sink = Sink()
    context = Context(RegionTable(shipped_regions()), People(), None, "en")
    brief = read_brief(SourceText(name, text), "brief", context, sink)
    assert brief is not None, [str(d) for d in sink]
    return brief, sink


def signed(above: str = "", below: str = "") -> list[tuple[str, str]]:
    parts = ["GULF May 2024", "# A title", "One sentence stands first.", above, TEXT, TEXT, below]
    brief, _ = read("\n\n".join(p for p in parts if p) + "\n")
    assert plain(brief.standfirst) == "One sentence stands first."
    assert sum(plain(b.text) == TEXT for b in brief.blocks if isinstance(b, Paragraph)) == 2
    return [(author.name, plain(author.bio)) for author in brief.authors]


@pytest.mark.parametrize(("above", "below", "authors"), [
    ("By Lina Farouk", "", [("Lina Farouk", "")]),
    ("*Lina Farouk*", "", [("Lina Farouk", "")]),
    ("Lina Farouk, Harbour Institute", "", [("Lina Farouk", "Harbour Institute")]),
    ("Lina Farouk\nSenior Analyst, Harbour House", "",
     [("Lina Farouk", "Senior Analyst, Harbour House")]),
    ("Lina Farouk (@lfarouk)", "", [("Lina Farouk", "@lfarouk")]),
    ("Par Lina Farouk et Omar Haddad", "", [("Lina Farouk", ""), ("Omar Haddad", "")]),
    ("Prepared by Lina Farouk, Harbour Research", "", [("Lina Farouk", "Harbour Research")]),
    ("By Le Thi Hoa", "", [("Le Thi Hoa", "")]),
    ("Da Silva Gomes, Harbour Institute", "", [("Da Silva Gomes", "Harbour Institute")]),
    ("", "[Lina Farouk is a fellow of the Harbour Institute.]",
     [("Lina Farouk", "fellow of the Harbour Institute.")]),
    ("", "About the author: Lina Farouk writes on ports.", [("Lina Farouk", "writes on ports.")]),
    ("By Lina Farouk", "Lina Farouk has lived in Muscat since 2011.",
     [("Lina Farouk", "has lived in Muscat since 2011.")]),
    ("By Dr. Lina Farouk", "Lina Farouk teaches law.", [("Dr. Lina Farouk", "teaches law.")]),
    ("By Lina Farouk (Muscat)", "Lina Farouk teaches law.",
     [("Lina Farouk", "Muscat. Lina Farouk teaches law.")]),
    ("By Lina Farouk and Omar Haddad",
     "Lina Farouk teaches law. Omar Haddad is an economist.",
     [("Lina Farouk", "teaches law."), ("Omar Haddad", "economist.")]),
    ("", "Lina Farouk est chercheuse à l’Institut du port.",
     [("Lina Farouk", "chercheuse à l’Institut du port.")]),
    ("", "*Лина Фарук — директор программы Института порта.*",
     [("Лина Фарук", "директор программы Института порта.")]),
])
def test_who_signs(above: str, below: str, authors: list[tuple[str, str]]) -> None:
    assert signed(above, below) == authors


@pytest.mark.parametrize("last", [
    "Vladimir Putin will decide on Friday, and he has said so.",
    "Donald Tusk, the president of the council, has promised more.",
    "Angela Merkel knows what the port needs, and it is not money.",
    "*The Economist was wrong.* Nobody reads it in the harbour.",
    "Saudi Arabia is the market that counts.",
])
def test_text_that_begins_with_a_name_stays_text(last: str) -> None:
    brief, _ = read(f"GULF May 2024\n\n# A title\n\nOne sentence.\n\n{TEXT}\n\n{last}\n")
    assert brief.authors == ()
    final = brief.blocks[-1]
    assert isinstance(final, Paragraph) and plain(final.text) == last.replace("*", "")


def test_a_subhead_that_could_be_a_name_makes_no_author() -> None:
    brief, _ = read(f"GULF May 2024\n\nA title\n\nOne sentence stands first.\n\nSaudi Arabia\n\n"
                    f"{TEXT}\n\n{TEXT}\n\nSaudi Arabia will have to pay for the port, and it has "
                    "said so.\n\nBy Lina Farouk\n", "brief.txt")
    assert [author.name for author in brief.authors] == ["Lina Farouk"]
    assert [plain(b.text) for b in brief.blocks if isinstance(b, Heading)] == ["Saudi Arabia"]


def test_words_of_a_byline_that_are_not_printed_are_logged() -> None:
    _, sink = read(f"GULF May 2024\n\n# A title\n\nOne sentence.\n\nBy Lina Farouk\n\n{TEXT}\n\n"
                   f"{TEXT}\n\nAbout the author:\n\nLina Farouk is a fellow of the Institute.\n")
    logged = " ".join(c.before for c in sink.changes if c.rule == "byline")
    assert logged.split() == ["By", "About", "author", "is", "a"], "the rest is printed elsewhere"


@pytest.mark.parametrize("standfirst", [
    "*Donald Tusk is back in office, and the council has a plan.*",
    "*In February the grids will leave the system for good.*",
    "**Three Ports Compete. Only one of them will win this year.**",
])
def test_a_standfirst_in_italics_is_no_byline(standfirst: str) -> None:
    brief, _ = read(f"GULF May 2024\n\n# A title\n\n{standfirst}\n\n{TEXT}\n\n{TEXT}\n")
    assert plain(brief.standfirst) == standfirst.strip("*")
    assert brief.authors == ()


def test_what_stands_below_a_bio_stays() -> None:
    brief, _ = read("GULF May 2024\n\n# A title\n\nOne sentence.\n\nBy Lina Farouk\n\n" + TEXT
                    + "\n\nLina Farouk teaches law.\n\nTranslated by Omar Haddad.\n\n"
                    "The views expressed are those of the author.\n")
    assert [a.name for a in brief.authors] == ["Lina Farouk"]
    assert [plain(b.text) for b in brief.blocks[1:] if isinstance(b, Paragraph)] == [
        "Translated by Omar Haddad.", "The views expressed are those of the author."]


def test_a_name_under_the_standfirst_is_taken_with_a_warning() -> None:
    brief, sink = read(f"GULF May 2024\n\n# A title\n\nOne sentence.\n\nLina Farouk\n\n{TEXT}\n\n"
                       f"{TEXT}\n")
    assert [a.name for a in brief.authors] == ["Lina Farouk"]
    assert "byline" in {d.code for d in sink}


# ---------------------------------------------------------------- headings


@pytest.mark.parametrize(("top", "region", "month"), [
    ("Horn of Africa | 03/2020", "Horn of Africa", "2020-03"),
    ("Golfe de Guinée, septembre 2018", "Golfe de Guinée", "2018-09"),
    ("Карпатський регіон / грудень 2020 року", "Карпатський регіон", "2020-12"),
    ("Cono Sur. Mayo de 2017", "Cono Sur", "2017-05"),
    ("ANDEAN REGION\n\nPeru votes again\n\n12 May 2021", "Andean Region", "2021-05"),
    ("Kaukaz Północny\nLipiec 2014", "Kaukaz Północny", "2014-07"),
    ("Dear Ruth,\n\nhere is the brief.\n\nSAHEL - March 2019", "Sahel", "2019-03"),
    ("Region: Sahel\nMonth: March 2019\nTitle: A title", "Sahel", "2019-03"),
    ("Region: Sahel\nMonth: March 2019\n\nTitle: A title", "Sahel", "2019-03"),
    ("INFORME REGIONAL: REGIÓN ANDINA (JUNIO 2023)", "Región Andina", "2023-06"),
    ("Monthly bulletin, contribution for: ANDES - May 2024", "Andes", "2024-05"),
    ("REGIONAL BRIEF\nSOUTH CAUCASUS\nOctober 2018", "South Caucasus", "2018-10"),
    ("África Lusófona\nRelatório mensal, dezembro de 2020", "África Lusófona", "2020-12"),
])
def test_headings(top: str, region: str, month: str) -> None:
    brief, _ = read(f"{top}\n\nA title of the brief\n\nOne sentence.\n\n{TEXT}\n\n{TEXT}\n")
    known = RegionTable(shipped_regions()).find(region)
    assert (brief.region.name, str(brief.month)) == (known.name if known else region, month)


def test_a_date_further_down_is_a_subhead() -> None:
    brief, _ = read(f"GULF May 2024\n\n# A title\n\nOne sentence.\n\n## March 2024\n\n{TEXT}\n\n"
                    f"## April 2024\n\n{TEXT}\n")
    assert [plain(b.text) for b in brief.blocks if isinstance(b, Heading)] == [
        "March 2024", "April 2024"]


def test_a_place_and_a_date_below_the_title_are_no_heading() -> None:
    sink = Sink()
    context = Context(RegionTable(shipped_regions()), People(), None, "en")
    text = f"The port is shut\n\nTiflis, May 2021\n\nOne sentence.\n\n{TEXT}\n\n{TEXT}\n"
    brief = read_brief(SourceText("gulf.md", text), "gulf", context, sink)
    assert brief is not None
    assert (brief.region.code, str(brief.month)) == ("gulf", "2021-05")
    assert plain(brief.title) == "The port is shut"


def test_what_stands_above_the_heading_is_told() -> None:
    _, sink = read(f"Hi Ruth,\n\nSAHEL - March 2019\n\nA title\n\nOne sentence.\n\n{TEXT}\n")
    assert any(d.code == "above-heading" and "Hi Ruth," in d.message for d in sink)


# ---------------------------------------------------------------- subheads


def test_numbered_and_bold_lines_are_subheads() -> None:
    brief, _ = read(f"GULF May 2024\n\n# A title\n\nOne sentence.\n\n1. The context\n\n{TEXT}\n\n"
                    f"2. The way out\n\n{TEXT}\n\n**What now**\n\n{TEXT}\n")
    assert [plain(b.text) for b in brief.blocks if isinstance(b, Heading)] == [
        "1. The context", "2. The way out", "What now"]


def test_one_numbered_line_is_a_list() -> None:
    brief, _ = read(f"GULF May 2024\n\n# A title\n\nOne sentence.\n\n1. The context\n\n{TEXT}\n")
    assert not [b for b in brief.blocks if isinstance(b, Heading)]


# ---------------------------------------------------------------- cases


def case(name: str, heading: str = "") -> Brief:
    text = (CASES / "real-briefs" / name).read_text("utf-8")
    return read(f"{heading}{text}", name)[0]


def test_one_line_a_paragraph_with_short_lines() -> None:
    brief = case("12-one-line-a-paragraph-short-lines.txt")
    assert plain(brief.title) == "The ferry that did not sail"
    assert [a.name for a in brief.authors] == ["Lina Farouk"]
    assert len(brief.blocks) > 4


def test_author_date_in_a_brief() -> None:
    notes = [i.note for block in case("21-author-date.md").blocks if isinstance(block, Paragraph)
             for i in block.text if isinstance(i, NoteCall)]
    assert [plain(note.text) for note in notes] == ["Rossi, A. (2019) The empty quay. Rome: Molo."]


def test_a_title_with_a_stop() -> None:
    brief = case("25-en-title-with-stop.txt", "GULF May 2024\n\n")
    assert plain(brief.title) == ("The problem of the ferry between the two harbours in terms of "
                                  "trade in the region")
    assert [a.name for a in brief.authors] == ["Lina Farouk"]
