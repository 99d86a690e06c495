"""Heads and signatures as authors write them, each with its trap: what only looks like one."""

from __future__ import annotations

import pytest

from reportgen.diagnostics import Sink
from reportgen.model import (
    Brief,
    Figure,
    Heading,
    ListBlock,
    NoteCall,
    Paragraph,
    Quote,
    Table,
    plain,
)
from reportgen.reading.bios import is_same_person
from reportgen.reading.rawhtml import from_html
from reportgen.texts import texts

from .test_habits import TEXT, read, try_read

LONG = f"{TEXT} {TEXT}"
"""Longer than a standfirst."""


def brief(*parts: str, name: str = "gulf.md") -> Brief:
    found, _ = read("\n\n".join(parts), name)
    return found


def signed(found: Brief) -> list[tuple[str, str]]:
    return [(author.name, plain(author.bio)) for author in found.authors]


def body(found: Brief) -> str:
    return "\n".join(plain(text) for text in texts(found.blocks))


# ---------------------------------------------------------------- above the text


@pytest.mark.parametrize("byline", [
    "**Dr. Anna Rossi**", "**Anna Rossi**, Centro Studi Costa", "By Anna Rossi",
    "> A standfirst of ten words that says what it is all about."])
def test_a_title_above_the_region(byline: str) -> None:
    found = brief("# A quay for nobody", "Gulf, April 2019", byline, TEXT, TEXT, "By Anna Rossi")
    assert plain(found.title) == "A quay for nobody"
    assert found.region.name == "Gulf"


def test_a_second_title_below_the_region_wins() -> None:
    found = brief("# Our Institute", "Gulf, April 2019", "# A quay for nobody", "By Anna Rossi",
                  TEXT)
    assert plain(found.title) == "A quay for nobody"


def test_a_standfirst_as_a_heading() -> None:
    lead = "The quay stands empty. Nobody says why. The harbour has three berths and one ship."
    found = brief("# Gulf April 2019", "## A quay", f"### {lead}", "By Anna Rossi", TEXT)
    assert plain(found.standfirst) == lead


def test_a_standfirst_in_bold_may_have_three_sentences() -> None:
    lead = "The quay stands empty. Nobody says why. The harbour has three berths and one ship."
    assert plain(brief("Gulf April 2019", "# A quay", f"**{lead}**", "By Anna Rossi", TEXT)
                 .standfirst) == lead


def test_two_authors_joined_by_a_dash_and_their_bios_above() -> None:
    bios = ("*Anna Rossi is a research fellow at the Centro Studi Costa. Emil Novak is director of "
            "the Harbour Institute.*")
    found = brief("Gulf April 2019", "# A quay", bios, "**Anna Rossi – Emil Novak**", LONG, TEXT)
    assert [name for name, _ in signed(found)] == ["Anna Rossi", "Emil Novak"]
    assert all(bio for _, bio in signed(found)) and not plain(found.standfirst)
    one = brief("Gulf April 2019", "# A quay", "**Anna Rossi – Research Fellow**", TEXT, TEXT)
    assert [name for name, _ in signed(one)] == ["Anna Rossi"]


def test_a_role_with_a_label_below_the_name() -> None:
    found = brief("Gulf April 2019", "# A quay", "**Author:** Anna Rossi\n**Position:** research "
                  "fellow, Centro Studi Costa", TEXT, TEXT)
    assert signed(found) == [("Anna Rossi", "research fellow, Centro Studi Costa")]


def test_a_name_and_a_town_below_the_title_are_no_standfirst() -> None:
    found = brief("Gulf April 2019", "# A quay", "Anna Rossi, Padua", TEXT, TEXT,
                  "About the author: Anna Rossi is a research fellow at the Centro Studi Costa.")
    assert [name for name, _ in signed(found)] == ["Anna Rossi"]
    assert "Padua" not in plain(found.standfirst) + body(found)


@pytest.mark.parametrize("box", ["> **Regional report Gulf**\n>\n> April 2019",
                                 "> Gulf – April 2019"])
def test_region_and_month_in_a_box(box: str) -> None:
    found = brief(box, "# A quay", "By Anna Rossi", TEXT, TEXT)
    assert (found.region.name, found.month.month, plain(found.title)) == ("Gulf", 4, "A quay")


def test_two_authors_with_stars_and_what_is_said_of_them_below() -> None:
    found = brief("Gulf April 2019", "# A quay", r"By Anna Rossi\* and Emil Novak\*\*", LONG, TEXT,
                  r"\* Research fellow, Centro Studi Costa.",
                  r"\*\* Director of the Harbour Institute.")
    assert signed(found) == [("Anna Rossi", "Research fellow, Centro Studi Costa."),
                             ("Emil Novak", "Director of the Harbour Institute.")]
    assert "Director" not in body(found)
    plainly = brief("Gulf April 2019", "# A quay", "By Anna Rossi", LONG, f"{TEXT}*",
                    r"\* Since May.")
    assert "Since May." in body(plainly)


def test_lists_below_two_authors_with_stars_stay_lists() -> None:
    parts = ["Gulf April 2019", "# A quay", "By Anna Rossi* and Emil Novak**", LONG,
             "* Fellow at the Institute of Peace, where she has worked on the Gulf\nsince 2004.",
             "** Director of the Centre for Ports", TEXT]
    found = brief(*parts)
    assert signed(found)[0][1].endswith("on the Gulf since 2004.")
    found = brief(*parts, "* Alpha bullet of the first sort\n* Beta bullet of the second sort")
    assert signed(found)[0][1].startswith("Fellow") and "Beta bullet" in body(found)


@pytest.mark.parametrize("first", [
    "Marta Lindqvist is the director of the Central Bank and a professor at the University of "
    "Oslo."])
def test_a_sentence_about_somebody_below_a_header_with_authors_is_text(first: str) -> None:
    found = brief("Region: Gulf\nMonth: April 2019\nTitle: A quay\nAuthor: Anna Rossi", first,
                  LONG, TEXT)
    assert [name for name, _ in signed(found)] == ["Anna Rossi"]
    assert "Lindqvist" in plain(found.standfirst) + body(found)


def test_a_line_above_the_byline_is_the_title_whoever_it_names() -> None:
    title = "Marta Lindqvist, director of the Central Bank, resigns"
    found = brief("Gulf April 2019", title, "By Anna Rossi", LONG, TEXT)
    assert plain(found.title) == title
    assert [name for name, _ in signed(found)] == ["Anna Rossi"]


def test_two_places_in_bold_are_no_authors_where_somebody_signs() -> None:
    found = brief("Gulf April 2019", "# Two neighbours", "**Saudi Arabia – Abu Dhabi**", LONG, TEXT,
                  "Anna Rossi – *Researcher at the Centro Studi Costa.*")
    assert [name for name, _ in signed(found)] == ["Anna Rossi"]


def test_no_heading_is_looked_for_below_a_header_with_region_and_month() -> None:
    found = brief("Region: Gulf\nMonth: April 2019\nTitle: A quay\nAuthor: Anna Rossi",
                  "The quay stands empty.", "In Doha, May 2019 was quiet.\n" + TEXT, TEXT)
    assert (found.region.name, found.month.month) == ("Gulf", 4)
    assert "The quay stands empty." in plain(found.standfirst)
    assert "In Doha, May 2019" in body(found)


def test_a_role_below_a_labelled_name_in_wrapped_text() -> None:
    found = brief("Gulf April 2019", "A quay", LONG, TEXT,
                  "Author: Anna Rossi\nResearch fellow, Centro Studi Costa", name="gulf.txt")
    assert signed(found) == [("Anna Rossi", "Research fellow, Centro Studi Costa")]


def test_names_with_academic_titles_below_a_standfirst() -> None:
    found = brief("Gulf April 2019", "# A quay", "The quay stands empty, and nobody says why.",
                  "Dr. Anna Rossi, Dr. Emil Novak", LONG, TEXT)
    assert [name for name, _ in signed(found)] == ["Dr. Anna Rossi", "Dr. Emil Novak"]


def test_a_title_of_capitals_above_authors_with_roles_is_a_title() -> None:
    found = brief("Gulf April 2019", "The Harbour Changes Captains",
                  "Anna Rossi (Research Director, Centro Studi Costa)\nEmil Novak (Fellow, Harbour "
                  "Institute)", LONG, TEXT, name="gulf.txt")
    assert plain(found.title) == "The Harbour Changes Captains"
    assert [name for name, _ in signed(found)] == ["Anna Rossi", "Emil Novak"]


def test_each_author_in_a_paragraph_with_an_institute() -> None:
    lead = "**The quay stands empty. Omar Haddad of the port says why.**"
    found = brief("# Gulf April 2019", "## A quay for nobody",
                  "Anna Rossi (Centro Studi Costa, Bari)",
                  "Marco Villa (Istituto Mare, Pisa)", lead, TEXT, TEXT)
    assert [name for name, _ in signed(found)] == ["Anna Rossi", "Marco Villa"]
    assert "Istituto Mare" in signed(found)[1][1]
    assert plain(found.standfirst).startswith("The quay stands empty")


def test_a_standfirst_that_begins_with_a_place_is_no_byline() -> None:
    lead = "À Tunis, le président s’attaque aux juges. Le Maghreb entre dans l’année sans arbitre."
    found = brief("Gulf April 2019", "# A quay", f"*{lead}*", "By Anna Rossi", LONG, TEXT)
    assert plain(found.standfirst) == lead
    assert [name for name, _ in signed(found)] == ["Anna Rossi"]


def test_each_author_on_a_line_with_a_role() -> None:
    found = brief("Gulf April 2019", "# A quay",
                  "**Anna Rossi**, Programme Director, Sea Institute\n"
                  "**Jan Novak**, Research Associate, Sea Institute", TEXT)
    assert signed(found) == [("Anna Rossi", "Programme Director, Sea Institute"),
                             ("Jan Novak", "Research Associate, Sea Institute")]


def test_an_and_in_a_role_makes_no_author() -> None:
    found = brief("Gulf April 2019", "# A quay",
                  "By **Anna Rossi**, Programme Manager, Gulf and Coastal States, Sea Foundation",
                  TEXT)
    assert [author.name for author in found.authors] == ["Anna Rossi"]
    both = brief("Gulf April 2019", "# A quay",
                 "By Anna Rossi, Programme Manager, and Jan Novak, Research Fellow", TEXT)
    assert [author.name for author in both.authors] == ["Anna Rossi", "Jan Novak"]


def test_degree_and_post_on_lines_below_a_name() -> None:
    found = brief("Gulf April 2019", "# A quay", "*Anna Rossi*", "*PhD candidate*,",
                  "*Senior researcher at the Sea Institute*", LONG, TEXT)
    assert signed(found) == [
        ("Anna Rossi", "PhD candidate, Senior researcher at the Sea Institute")]
    assert plain(found.standfirst) == ""


def test_a_title_of_two_lines_in_capitalised_words() -> None:
    found = brief("Gulf April 2019", "**Empty Quay Returned**  \n**Nobody Paid**",
                  "**Anna Rossi**, a@example.org  \n**Jan Novak**, j@example.org", TEXT, TEXT)
    assert plain(found.title).split() == ["Empty", "Quay", "Returned", "Nobody", "Paid"]
    assert [author.name for author in found.authors] == ["Anna Rossi", "Jan Novak"]


def test_a_table_as_heading_and_one_as_byline() -> None:
    found = brief("| **Gulf** | **April 2019** |\n| --- | --- |", "**A quay for nobody**",
                  "| **Anna Rossi** Director, Sea Institute | **Jan Novak** Fellow, Sea Centre |\n"
                  "| --- | --- |", "*A standfirst of one sentence.*", TEXT, TEXT)
    assert plain(found.title) == "A quay for nobody"
    assert signed(found) == [("Anna Rossi", "Director, Sea Institute"),
                             ("Jan Novak", "Fellow, Sea Centre")]


def test_a_table_of_figures_stays() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT,
                  "| Berth | Ships |\n| --- | --- |\n| One | 3 |", TEXT)
    assert any(isinstance(block, Table) for block in found.blocks)


# ---------------------------------------------------------------- below the text


def test_a_byline_that_the_bios_below_confirm() -> None:
    found = brief("GULF April 2019", "A quay for nobody", "A standfirst of one sentence.",
                  "Anna Rossi, Jan Novak", TEXT, TEXT,
                  "Anna Rossi is a researcher at the Sea Institute. Jan Novak, a journalist, has "
                  "worked in Bari.", name="gulf.txt")
    assert [author.name for author in found.authors] == ["Anna Rossi", "Jan Novak"]
    assert not any(isinstance(block, Heading) for block in found.blocks)


def test_two_people_in_a_bio_whom_nothing_names_above() -> None:
    found = brief("Gulf April 2019", "# A quay", TEXT, TEXT,
                  "*Anna Rossi is a researcher in Bari. Jan Novak works as a journalist in Oslo.*")
    assert [author.name for author in found.authors] == ["Anna Rossi", "Jan Novak"]


def test_an_institute_in_a_bio_is_nobody() -> None:
    found = brief("Gulf April 2019", "# A quay", TEXT, TEXT,
                  "*Dr. Anna Rossi is a researcher in Bari. Sea Institute is a research centre.*")
    assert [author.name for author in found.authors] == ["Dr. Anna Rossi"]


@pytest.mark.parametrize(("line", "bio"), [
    ("*The author is head of the Sea Institute in Bari.*", "head of the Sea Institute in Bari."),
    ("*L’auteure : chercheuse à l’Institut de la mer.*", "chercheuse à l’Institut de la mer."),
    ("*Autorka jest adiunktką w Pracowni Badań.*", "adiunktką w Pracowni Badań.")])
def test_a_bio_without_the_name(line: str, bio: str) -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, TEXT, line)
    assert signed(found) == [("Anna Rossi", bio)]


def test_authorities_are_no_authors() -> None:
    last = "The authorities of the research harbour have closed it."
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, TEXT, last)
    assert last in body(found)


def test_a_signature_as_that_of_a_letter() -> None:
    found = brief("Gulf April 2019", "# A quay", TEXT, TEXT, "**Anna Rossi**",
                  "Research Fellow, Sea and Energy Programme", "anna@example.org")
    assert signed(found) == [
        ("Anna Rossi", "Research Fellow, Sea and Energy Programme, anna@example.org")]
    assert "anna@example.org" not in body(found)


def test_a_last_subhead_with_a_short_line_is_no_signature() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, "## Saudi Arabia",
                  "The council has met, and the harbour stays closed for the rest of the month.")
    assert [author.name for author in found.authors] == ["Anna Rossi"]
    assert "The council has met" in body(found)


@pytest.mark.parametrize("box", [
    "> **About the author**\n>\n> Anna Rossi coordinates the sea desk of the Sea Foundation.",
    "> **About the author**\n>\n> Researcher at the Sea Institute, Anna Rossi has worked in Bari.",
    "> Anna Rossi is a researcher at the Sea Institute."])
def test_a_bio_in_a_box(box: str) -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, box, TEXT)
    assert [author.name for author in found.authors] == ["Anna Rossi"]
    assert found.authors[0].bio
    assert not any(isinstance(block, Quote) for block in found.blocks)


def test_a_quotation_that_names_an_author_stays() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT,
                  "> Anna Rossi said that the quay was empty, and left.", TEXT)
    assert any(isinstance(block, Quote) for block in found.blocks)


def test_a_box_of_key_points() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi",
                  "> **Key points**\n>\n> The quay is empty.\n>\n> Nobody says why.", TEXT, TEXT)
    assert found.key_points == ("The quay is empty.", "Nobody says why.")
    assert not any(isinstance(block, ListBlock | Quote) for block in found.blocks)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("А. В. Северцева", "Анна Викторовна Северцева", True),
    ("М. Г. Тамразов", "Михаил Тамразов", True), ("Dr. Anna Rossi", "Anna Rossi", True),
    ("A. Rossi", "Anna Rossi", True), ("A. Rossi", "Bruna Rossi", False),
    ("A. Rossi", "Anna Russo", False),
    ("Т. Р. Жолборсов", "Жолборсов Тимур Рустамович", True),
    ("Anna Rossi", "Anna Maria Rossi", False)])
def test_one_person_by_two_spellings(one: str, other: str, same: bool) -> None:
    assert is_same_person(one, other) is same
    assert is_same_person(other, one) is same


# ---------------------------------------------------------------- text


def notes(found: Brief) -> list[str]:
    return [plain(i.note.text) for block in found.blocks if isinstance(block, Paragraph)
            for i in block.text if isinstance(i, NoteCall)]


def test_dashes_with_blank_lines_between_below_a_subhead() -> None:
    items = ("– The quay is empty.", "– Nobody says why.", "– Ships pass.")
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, "**What to watch**", *items,
                  TEXT)
    assert [len(b.items) for b in found.blocks if isinstance(b, ListBlock)] == [3]
    speech = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, *items[:2], TEXT)
    assert not any(isinstance(b, ListBlock) for b in speech.blocks)


def test_end_notes_with_roman_numbers() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", f"{LONG}[i] So it is.[ii]", TEXT,
                  "[i] One, Post, 2019.\n[ii] Two, Post, 2019.")
    assert notes(found) == ["One, Post, 2019.", "Two, Post, 2019."]
    alone = brief("Gulf April 2019", "# A quay", "By Anna Rossi", f"{LONG} [i] first, [ii] second.",
                  TEXT)
    assert "[i] first, [ii] second" in body(alone)


@pytest.mark.parametrize(("line", "name"), [
    ("By Anna Rossi", "Anna Rossi"), ("**Dr. Anna Rossi**", "Dr. Anna Rossi"),
    ("**Autoras:** Anna Rossi (Fundación del Mar) y Petra Novakova (Centro Costa)", "Anna Rossi")])
def test_a_byline_above_a_list_is_no_subhead(line: str, name: str) -> None:
    found = brief("Gulf April 2019", "# A quay", line, "- One thing.\n- Another thing.", TEXT, TEXT)
    assert found.authors[0].name == name
    assert not any(isinstance(block, Heading) for block in found.blocks)


def test_the_second_of_two_names_begins_with_and() -> None:
    found = brief("Golf, Jänner 2020", "# Ein Kai", "von Anna Rossi  \nund Petra Novakova", TEXT,
                  TEXT)
    assert [author.name for author in found.authors] == ["Anna Rossi", "Petra Novakova"]
    assert str(found.month) == "2020-01"


def test_a_line_of_underscores_is_a_rule() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", TEXT, TEXT, r"\_\_\_\_\_\_",
                  "*Anna Rossi is a researcher at the Sea Institute.*")
    assert "_" not in body(found)
    assert signed(found) == [("Anna Rossi", "researcher at the Sea Institute.")]


def test_a_name_alone_above_a_last_sentence_about_it() -> None:
    found = brief("Gulf April 2019", "# A quay", LONG, TEXT, "Anna Rossi",
                  "Former official of the ministry in Bari, she advises the Sea Foundation.")
    assert [author.name for author in found.authors] == ["Anna Rossi"]
    named = brief("Gulf April 2019", "# A quay", "By Jan Novak", LONG, TEXT, "Saudi Arabia",
                  "Officials of the ministry have left, and nobody has said why.")
    assert [author.name for author in named.authors] == ["Jan Novak"]


@pytest.mark.parametrize(("heading", "month"), [
    ("Bałkany w kwietniu 2019", "2019-04"), ("Центральная Азия в январе 2022", "2022-01")])
def test_months_as_they_stand_behind_in(heading: str, month: str) -> None:
    assert str(brief(heading, "# A quay", "By Anna Rossi", TEXT, TEXT).month) == month


@pytest.mark.parametrize("name", [
    "Par le colonel (er) Hubert Lassaigne", "By Ambassador Hubert Lassaigne",
    "von Botschafter a. D. Hubert Lassaigne", "By Gen. (ret.) Hubert Lassaigne"])
def test_ranks_before_a_name(name: str) -> None:
    found = brief("Gulf April 2019", "# A quay", name, LONG, TEXT)
    assert len(found.authors) == 1 and found.authors[0].name.endswith("Hubert Lassaigne")
    assert plain(found.standfirst) == ""


def test_a_title_behind_the_month_in_capitalised_words() -> None:
    found = brief("# Gulf, April 2019: Quay Everyone Saw Coming", "By Anna Rossi", LONG, TEXT)
    assert plain(found.title) == "Quay Everyone Saw Coming"
    assert [author.name for author in found.authors] == ["Anna Rossi"]


def test_a_bio_in_place_of_a_byline() -> None:
    found = brief("Gulf April 2019", "# A quay",
                  "Anna Rossi is Associate Director at the Sea Institute. These are her views.",
                  LONG, TEXT)
    assert [author.name for author in found.authors] == ["Anna Rossi"]


@pytest.mark.parametrize("line", [
    "Charles Michel is president of the European Council, and nobody listens.",
    "Donald Tusk is back in office, and the council has a plan."])
def test_a_standfirst_about_somebody_is_no_bio(line: str) -> None:
    name = " ".join(line.split()[:2])
    found = brief("Gulf April 2019", "# A quay", line, f"{LONG} So did {name}.", TEXT,
                  "By Anna Rossi")
    assert plain(found.standfirst) == line
    assert [author.name for author in found.authors] == ["Anna Rossi"]


def test_a_line_below_a_table_is_no_subhead() -> None:
    found = brief("Gulf April 2019", "A quay", "By Anna Rossi", LONG,
                  "| Berth | Ships |\n| --- | --- |\n| One | 3 |", "In thousands of dollars", TEXT,
                  name="gulf.txt")
    assert not any(isinstance(block, Heading) for block in found.blocks)


# ---------------------------------------------------------------- what only looks like an author


@pytest.mark.parametrize("line", [
    "Ibrahim Keita, president of Mali, resigned in April.",
    "Boko Haram is a group that the council of the region fights.",
    "Human Rights Watch, a research group, counts 160 dead.",
    "Moussa Diallo is the director of a school in Mopti, and his pupils walk for two hours.",
    "Burkina Faso: a research programme of the university begins in May.",
    "Emmanuel Macron directs the programme from Paris, and the council follows."])
@pytest.mark.parametrize("signature", ["By Daniel Okafor", "Daniel Okafor – *Researcher in Bari.*"])
def test_a_last_sentence_about_somebody_stays_text(line: str, signature: str) -> None:
    above, below = (signature, ()) if signature.startswith("By") else ("", (signature,))
    parts = ("Gulf April 2019", "# A quay", above, LONG, TEXT, line, *below)
    found = brief(*(part for part in parts if part))
    assert [author.name for author in found.authors] == ["Daniel Okafor"]
    assert line in body(found)


def test_who_is_taken_for_an_author_by_plain_words_is_told() -> None:
    _, sink = read("\n\n".join(("Gulf April 2019", "# A quay", LONG, TEXT,
                                "Anna Rossi is a researcher at the Sea Institute.")))
    assert [d.message for d in sink if d.code == "author"] == [
        '"Anna Rossi" is taken for an author by what stands below the text']


def test_a_list_of_people_stays_a_list() -> None:
    found = brief("Gulf April 2019", "# A quay", LONG, TEXT, "Who matters",
                  "Moussa Diallo, director of the agency", "Amadou Toure, general",
                  "Daniel Okafor – *Researcher in Bari.*")
    assert [author.name for author in found.authors] == ["Daniel Okafor"]
    assert "Amadou Toure, general" in body(found)


def test_a_subhead_above_italics_is_no_author() -> None:
    found = brief("Gulf April 2019", "# A quay", LONG, TEXT, "## Security Council",
                  "*The group meets in May with the director of the agency.*",
                  "Daniel Okafor – *Researcher in Bari.*")
    assert [author.name for author in found.authors] == ["Daniel Okafor"]
    assert "The group meets" in body(found)


def test_a_note_to_a_line_of_places_is_no_bio() -> None:
    found = brief("Gulf April 2019", "# A quay", "Burkina Faso and Central Mali[^1]", LONG, TEXT,
                  "Daniel Okafor – *Researcher in Bari.*", "[^1]: Data of the ministry, 2018.")
    assert "Daniel Okafor" in [author.name for author in found.authors]
    assert "Data of the ministry" not in body(found)


def test_roman_numbers_without_their_list_stay() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", LONG, "Three points: [i] peace, "
                  "[ii] land.", "[i] So it is.\n[ii] And so. " + TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
    assert "Three points: [i] peace, [ii] land." in body(found)


def test_what_stands_below_a_list_of_sources_stays() -> None:
    found = brief("Gulf April 2019", "# A quay", "By Anna Rossi", LONG, TEXT, "Sources",
                  "Bianchi, B. (2020). Never called. Press.", "A last word to the readers.")
    assert "Bianchi" in body(found)
    assert "A last word to the readers." in [
        plain(block.text) for block in found.blocks if isinstance(block, Paragraph)]


def test_a_table_below_the_heading_is_no_title() -> None:
    _, sink = try_read("SAHEL April 2019\n\n| Country | Dead |\n| --- | --- |\n| Mali | 160 |\n\n"
                       f"After Ogossagou\n\n{LONG}\n\n{TEXT}\n\nBy Anna Rossi\n")
    assert "no-title" in [d.code for d in sink]


@pytest.mark.parametrize("line", ["Ibrahim Keita, president of Mali, resigned.",
                                  "Ibrahim Keita – president, general, director – resigned."])
def test_a_first_sentence_about_somebody_is_no_byline(line: str) -> None:
    found = brief("Gulf April 2019", "# A quay", line, LONG, TEXT,
                  "Daniel Okafor – *Researcher in Bari.*")
    assert [author.name for author in found.authors] == ["Daniel Okafor"]
    assert plain(found.standfirst) == line


# ---------------------------------------------------------------- lines around a byline

TOP = ("Gulf April 2019", "# A quay", "*One sentence stands first.*")


@pytest.mark.parametrize(("byline", "authors"), [
    ("Lina Farouk\nSenior Fellow\nExample Foundation",
     [("Lina Farouk", "Senior Fellow, Example Foundation")]),
    ("Lina Farouk\nSenior Fellow at the Institute for\nHarbours and Quays",
     [("Lina Farouk", "Senior Fellow at the Institute for Harbours and Quays")]),
    ("Lina Farouk\nResearcher, Harbour Institute\n\nMarco Rossi\nSenior Fellow, Example Foundation",
     [("Lina Farouk", "Researcher, Harbour Institute"),
      ("Marco Rossi", "Senior Fellow, Example Foundation")]),
    ("By Lina Farouk, Harbour Institute\n@linafarouk\nlina@example.org",
     [("Lina Farouk", "Harbour Institute, @linafarouk, lina@example.org")]),
    ("By Lina Farouk, Harbour Institute\n\nTwitter: @linafarouk | lina@example.org",
     [("Lina Farouk", "Harbour Institute, Twitter: @linafarouk | lina@example.org")])])
def test_lines_below_a_name(byline: str, authors: list[tuple[str, str]]) -> None:
    found = brief(*TOP, byline, LONG, TEXT)
    assert signed(found) == authors
    assert body(found) == f"{LONG}\n{TEXT}"


PHOTO_CREDITS = ("Photo: Jane Doe / Agency", "Foto: Erika Beispiel", "© Jane Doe 2019")


@pytest.mark.parametrize("credit", PHOTO_CREDITS)
def test_the_credit_of_a_picture_that_is_not_there_is_left_out(credit: str) -> None:
    found, sink = read("\n\n".join([*TOP, "By Lina Farouk", credit, LONG, TEXT]))
    assert body(found) == f"{LONG}\n{TEXT}"
    assert [d.span.line for d in sink if d.code == "credit"] == [9]
    assert credit in {change.before for change in sink.changes}


@pytest.mark.parametrize("credit", [
    "Translated by Paul Green", "Traduit de l'anglais par Paul Vert", *PHOTO_CREDITS])
def test_a_credit_stands_below_the_text(credit: str) -> None:
    shown = LONG if credit[0] == "T" else f"{LONG}\n\n![The port](port.png)"
    found, sink = read("\n\n".join([*TOP, "By Lina Farouk", credit, shown, TEXT]))
    assert [a.name for a in found.authors] == ["Lina Farouk"]
    assert body(found).split("\n")[-1] == credit
    assert [d.span.line for d in sink if d.code == "credit"] == [9]


def test_a_sentence_about_pictures_is_no_credit() -> None:
    text = "Photographs of the quay: nobody had seen them before the ministry was asked for them."
    found = brief(*TOP, "By Lina Farouk", text, LONG, TEXT)
    assert body(found).startswith("Photographs of the quay")


@pytest.mark.parametrize("sentence", [
    "Lina Farouk and Marco Rossi are analysts at the Harbour Institute in Palermo.",
    "Lina Farouk und Marco Rossi sind wissenschaftliche Mitarbeiter des Hafeninstituts."])
def test_two_authors_whom_the_last_sentence_names(sentence: str) -> None:
    found = brief(*TOP, LONG, TEXT, sentence)
    assert signed(found) == [("Lina Farouk", ""), ("Marco Rossi", sentence)]
    assert sentence not in body(found)


def test_two_towns_in_a_last_sentence_sign_nothing() -> None:
    found = brief(*TOP, LONG, "Porto Nuovo and Villa Verde are towns on the coast of the Gulf.")
    assert not found.authors


# ---------------------------------------------------------------- captions


@pytest.mark.parametrize(("below", "caption", "text"), [
    ("Figure 1. The port in May", "Figure 1. The port in May", []),
    ("Foto: Erika Beispiel", "Foto: Erika Beispiel", []),
    ("Рис. 2. Порт", "Рис. 2. Порт", []),
    ("Figure 1. The port\n\n© Jane Doe", "Figure 1. The port © Jane Doe", []),
    ("Figures are not to be had, the ministry says.", "",
     ["Figures are not to be had, the ministry says."]),
    ("Map makers came first. They drew the coast.", "",
     ["Map makers came first. They drew the coast."])])
def test_a_labelled_line_below_a_picture_is_its_caption(below: str, caption: str,
                                                       text: list[str]) -> None:
    found = brief(*TOP, "By Lina Farouk", LONG, "![The port](port.png)", below, TEXT)
    [figure] = [block for block in found.blocks if isinstance(block, Figure)]
    assert plain(figure.caption) == caption
    assert [plain(b.text) for b in found.blocks if isinstance(b, Paragraph)] == [LONG, *text, TEXT]


# ---------------------------------------------------------------- region and month in other places


def test_region_and_month_in_a_cell_at_the_top() -> None:
    table = ("| **Gulf** April 2019 | **Lina Farouk** Researcher, Harbour Institute |\n"
             "| --- | --- |")
    found = brief(table, "# A quay", "*One sentence stands first.*", LONG, TEXT)
    assert (found.region.name, str(found.month)) == ("Gulf", "2019-04")
    assert signed(found) == [("Lina Farouk", "Researcher, Harbour Institute")]
    assert plain(found.title) == "A quay"


def test_a_table_at_the_top_without_a_region_stays_one() -> None:
    found, _ = try_read("\n\n".join(["| Port | Ships |\n|---|---|\n| Oman | 5 |", LONG]))
    assert found is None


def test_a_plain_title_and_byline_above_the_region() -> None:
    found = brief("The roads that maize has opened", "By Rui Casteleiro",
                  "Southern Africa, June 2023", LONG, TEXT, name="gulf.txt")
    assert plain(found.title) == "The roads that maize has opened"
    assert [a.name for a in found.authors] == ["Rui Casteleiro"]


def test_roles_below_a_byline_in_paragraphs_of_their_own() -> None:
    found = brief("Ostseeraum, Mai 2024", "**Kabel unter Aufsicht**", "Von Henrike Johannsen",
                  "Wissenschaftliche Mitarbeiterin", "Institut für Meerespolitik Greifshagen",
                  "[johannsen@example.org](mailto:johannsen@example.org)",
                  "**Seit dem Winter streiten die Anrainer darüber.**", LONG, TEXT)
    assert signed(found) == [("Henrike Johannsen", "Wissenschaftliche Mitarbeiterin, Institut für "
                              "Meerespolitik Greifshagen, johannsen@example.org")]
    assert plain(found.standfirst) == "Seit dem Winter streiten die Anrainer darüber."


def test_the_bio_of_an_author_whom_the_header_names() -> None:
    found = brief("Region: Gulf\nDate: April 2019\nAuthor: Prof. Dr. Annegret Vollmer", "# A quay",
                  LONG, TEXT, "**Zur Autorin**: Prof. Dr. Annegret Vollmer leitet die "
                  "Forschungsgruppe am Institut Lindenau.")
    [author] = found.authors
    assert "Forschungsgruppe am Institut Lindenau" in plain(author.bio)
    assert "Forschungsgruppe" not in body(found)


@pytest.mark.parametrize("line", ["Mare Centrale, April 2019", "**Mare Centrale, April 2019**"])
def test_the_region_may_stand_with_the_month_below_the_title(line: str) -> None:
    """Where nothing else names one; else it is where a brief was written."""
    found, sink = read("\n\n".join(["# A quay for nobody", line, "By Anna Rossi", LONG, TEXT]),
                       "text.md")
    assert (found.region.name, str(found.month)) == ("Mare Centrale", "2019-04")
    assert {"unknown-region", "dateline"} <= {d.code for d in sink}
    other = brief("Gulf", "# A quay for nobody", "Tiflis, 12 April 2019", "By Anna Rossi", LONG)
    assert other.region.name == "Gulf"


@pytest.mark.parametrize("sign", [">", "|", ">-", "|2+"])
def test_an_abstract_of_several_lines_in_a_header(sign: str) -> None:
    header = ("---\ntitle: A quay\nregion: Gulf\ndate: April 2019\nauthor: Anna Rossi\n"
              f"abstract: {sign}\n  The quay is empty, and\n  nobody says why.\n---")
    assert plain(brief(header, LONG, TEXT).standfirst) == "The quay is empty, and nobody says why."


def test_a_part_called_comment_is_text() -> None:
    found, sink = read("\n\n".join(["Gulf April 2019", "# A quay", "By Anna Rossi", LONG, LONG,
                                    "## Comment", TEXT, LONG]))
    assert "Comment" in body(found) and "site-words" not in {d.code for d in sink}
    site, told = read("\n\n".join(["Gulf April 2019", "# A quay", "By Anna Rossi", LONG, LONG,
                                   "## 3 comments", "Nice."]))
    assert "Nice." not in body(site) and "site-words" in {d.code for d in told}


# ---------------------------------------------------------------- forms, posts, pasted pages


@pytest.mark.parametrize("top", [
    "# A title of the brief\n\n**Region**: Great Lakes\n\n**Month**: July 2024\n\n"
    "**Author**: Dr Anna Rossi",
    "**THE FORUM – REGIONAL BRIEF TEMPLATE v3.1**\n\n**Region:** Great Lakes\n\n"
    "**Reporting period:** July 2024\n\n**Title:** A title of the brief\n\n"
    "**Author(s):** Dr Anna Rossi"])
def test_fields_that_stand_each_by_itself_below_the_title(top: str) -> None:
    found, sink = read(f"{top}\n\n{TEXT}\n\n{TEXT}\n", "a.md")
    assert (found.region.code, str(found.month)) == ("great-lakes", "2024-07")
    assert plain(found.title) == "A title of the brief"
    assert [author.name for author in found.authors] == ["Dr Anna Rossi"]
    assert "TEMPLATE" not in body(found)
    assert any("TEMPLATE" in change.before for change in sink.changes) == ("TEMPLATE" in top)


def test_a_header_with_country_and_region_is_on_the_region() -> None:
    for fields in ("Region: Sahel\nCountry: Mali", "Country: Mali\nRegion: Sahel"):
        found, sink = read(f"{fields}\nDate: May 2020\n\n# A title\n\n{TEXT}\n\n{TEXT}\n", "a.md")
        assert found.region.code == "sahel"
        assert [d.code for d in sink if "Mali" in d.message] == ["unknown-key"]
    found, _ = read(f"Kraj: Mali\nMiesiąc: maj 2020\n\n# A title\n\n{TEXT}\n\n{TEXT}\n", "a.md")
    assert found.region.name == "Mali"


def test_notes_for_the_month_are_a_date() -> None:
    found, _ = read(f"**SOUTH CAUCASUS**\n\n*Notes for the month of October 2021*\n\n"
                    f"**A title of the brief**\n\n{TEXT}\n\n{TEXT}\n", "a.md")
    assert (found.region.code, str(found.month)) == ("south-caucasus", "2021-10")
    assert plain(found.title) == "A title of the brief"


def test_roles_on_lines_in_italics_below_a_name_at_the_end() -> None:
    found = brief("GULF April 2019", "A title of the brief", TEXT, TEXT,
                  "**Amb. (ret.) Anna Rossi-Hale**", "*formerly Head of Mission in Tbilisi*",
                  "*Senior Adviser, the Example Forum*", name="a.md")
    assert signed(found) == [(
        "Amb. (ret.) Anna Rossi-Hale",
        "formerly Head of Mission in Tbilisi, Senior Adviser, the Example Forum")]


def test_a_name_and_a_town_in_italics_sign_with_the_bio_at_the_end() -> None:
    found = brief("GULF April 2019", "# A title of the brief", "*Anna Rossi, Rabat*", TEXT, TEXT,
                  "Anna Rossi leitet das Büro der Beispiel-Stiftung in Rabat.", name="a.md")
    assert [name for name, _ in signed(found)] == ["Anna Rossi"]
    assert "Rabat" not in body(found)


def test_a_post_says_who_wrote_it_above_region_and_month() -> None:
    found, _ = read("### [A title of the post](https://example.com/2020/11/post.html)\n\n"
                    "Posted by Anna Rossi\n\non November 03, 2020\n\n*Gulf, October 2020*\n\n"
                    "**Every ministry has now published its own statement, and all of them "
                    "describe one hole.**\n\n"
                    f"{TEXT}\n\n{TEXT}\n\n14 comments: Labels: gulf, budgets\n", "a.md")
    assert (found.region.code, str(found.month)) == ("gulf", "2020-10")
    assert plain(found.title) == "A title of the post"
    assert [author.name for author in found.authors] == ["Anna Rossi"]
    assert "comments" not in body(found) and "November" not in body(found)


def test_bold_lines_above_the_text_of_their_paragraphs_are_subheads() -> None:
    found = brief("GULF April 2019", "# A title of the brief", TEXT,
                  f"**The yards**  \n{TEXT}", f"**What is next**  \n{TEXT}", name="a.md")
    assert [plain(b.text) for b in found.blocks if isinstance(b, Heading)] == [
        "The yards", "What is next"]


@pytest.mark.parametrize(("call", "note"), [
    ("hesitate.*", "* Interview with the author, 9 October 2021."),
    ("hesitate.†", "† Interview with the author, 9 October 2021."),
    ("hesitate.\\*", "\\* Interview with the author, 9 October 2021.")])
def test_a_star_calls_a_note(call: str, note: str) -> None:
    found = brief("GULF April 2019", "# A title of the brief", TEXT, f"Any tenant would {call}",
                  TEXT, note, name="a.md")
    notes = [plain(i.note.text) for text in texts(found.blocks) for i in text
             if isinstance(i, NoteCall)]
    assert notes == ["Interview with the author, 9 October 2021."]


PDF_PAGES = """Example Policy Centre
MONTHLY BRIEF
South Caucasus | September 2017
Roads that go around
New railways and highways promise to knit the region to-
gether. Each of them is drawn so as to avoid a neighbour.
Nino Abesadze and Richard Rossi
When the first test train left the station at Akhalkalaki
this month, the speeches were about connection. The line to
Kars will shorten the journey from the Caspian to the Medi-
terranean by two days.1 It will also complete the isolation
of a country that lies directly on the shorter way and was
never asked.
This is not an exception but a rule. Of the nine large
transport projects under construction between the Black Sea
and the Caspian, seven follow a route that is longer than it
need be.2 Engineers shrug when they are asked about it.
The price of the detour
Our colleagues have tried to put a figure on it. Taking con-
struction costs and transit times together, the region loses
about 1.3 per cent of its output every year by going around,
and a good part of what the others build is paid by its neigh-
1 Ministry of Transport, Facts on the Southern Line, Tbilisi 2017.
2 R. Rossi, Crooked Lines, Paper 8, Tbilisi 2016, p. 4.
Example Policy Centre
Page 1 of 2
South Caucasus | September 2017
bours, who can afford it. The loan for the Georgian section of
the railway carries interest of one per cent a year.3
3 Agreement of 4 February 2007, annex B.
Nino Abesadze directs the transport programme of the Example
Policy Centre. Richard Rossi is a visiting fellow there.
Example Policy Centre
Page 2 of 2
"""


def test_pages_of_a_pdf_without_empty_lines() -> None:
    found, sink = read(PDF_PAGES, "a.txt")
    assert (found.region.code, str(found.month)) == ("south-caucasus", "2017-09")
    assert plain(found.title) == "Roads that go around"
    assert plain(found.standfirst).endswith("knit the region together. Each of them is drawn so as "
                                            "to avoid a neighbour.")
    assert [name for name, _ in signed(found)] == ["Nino Abesadze", "Richard Rossi"]
    assert [plain(b.text) for b in found.blocks if isinstance(b, Heading)] == [
        "The price of the detour"]
    assert "its neighbours, who can afford it" in body(found)
    notes = [plain(i.note.text) for text in texts(found.blocks) for i in text
             if isinstance(i, NoteCall)]
    assert [note.split(",")[0] for note in notes] == [
        "Ministry of Transport", "R. Rossi", "Agreement of 4 February 2007"]
    assert "paragraphs" in [d.code for d in sink]


# ---------------------------------------------------------------- headers and HTML of web sites


@pytest.mark.parametrize(("description", "first", "standfirst"), [
    ("What a site says of the text in a sentence of some length.", "*The author's own words.*",
     "The author's own words."),
    ("What a site says of the text in a sentence of some length.", LONG,
     "What a site says of the text in a sentence of some length."),
    ("Another title of it", LONG, "")])
def test_a_description_is_the_standfirst_of_a_text_that_has_none(
        description: str, first: str, standfirst: str) -> None:
    found, sink = read(f"---\ntitle: A title\nregion: Gulf\ndate: 2019-04\n"
                       f"description: {description}\n---\n\n{first}\n\n{LONG}\n", "a.md")
    assert plain(found.standfirst) == standfirst
    logged = [change.before for change in sink.changes if change.rule == "standfirst"]
    assert logged == ([] if standfirst == description else [description])


def test_values_of_yaml() -> None:
    found, _ = read('---\ntitle: "Oposi\\u00e7\\u00e3o \\"em\\" a\u00e7\u00e3o"\nregion: Gulf\n'
                    "date: 2019-04\nautor: null\ncredits: 'Par Anna Rossi '\n"
                    f"about_the_author: Chief editor\n---\n\n{LONG}\n\n{LONG}\n", "a.md")
    assert plain(found.title) == 'Oposição "em" ação'
    assert signed(found) == [("Anna Rossi", "Chief editor")]


HTML = """<p style="text-align: justify;">The first <strong>paragraph </strong>of <em>two</em>,
and <a title="x" href="https://example.org/a?b=1&amp;c=2" target="_blank">a link</a>.</p>
<h3 class="t">A subhead</h3>
<p>Water is H<sub>2</sub>O,<br />and a field 5 m<sup>2</sup>.</p>
<ul>
<li>one</li>
<li>two</li>
</ul>
<blockquote>Said by <span>somebody</span>.</blockquote>
<div><iframe src="https://example.com/v" width="560"></iframe></div>
<script>alert(1)</script>
"""


def test_html_with_a_plain_meaning_is_markdown() -> None:
    sink = Sink()
    rows = from_html(list(enumerate(HTML.split("\n"), 1)), "a.md", sink)
    text = "\n".join(row for _, row in rows)
    assert "The first **paragraph** of *two*," in text
    assert "and [a link](https://example.org/a?b=1&c=2)." in text
    assert "\n### A subhead\n" in text and "\n- one\n" in text and "\n> Said by somebody.\n" in text
    assert "H~2~O,  \nand a field 5 m²." in text
    assert "iframe" not in text and "alert" not in text
    assert [number for number, row in rows if "subhead" in row] == [3]
    assert sorted((d.code, d.span.line) for d in sink) == [
        ("html", 1), ("html", 10), ("html", 11)]


def test_html_in_a_header_is_no_markdown() -> None:
    rows = [(1, ""), (2, "---"), (3, "title: A <em>title</em>"), (4, "---"), (5, "<em>a</em> b")]
    assert from_html(rows, "a.md", Sink()) == [*rows[:4], (5, "*a* b")]
    assert from_html([], "a.md", Sink()) == []
    _, sink = read("---\ntitle: A <em>title</em>\nregion: Gulf\ndate: 2019-04\n---\n\n"
                   f"{LONG}\n", "a.md")
    assert [(d.code, d.span.line) for d in sink if d.code == "raw-html"] == [("raw-html", 2)]


def test_html_in_code_stays() -> None:
    rows = [(1, "```"), (2, "<p>text</p>"), (3, "```"), (4, ""), (5, "    <b>x</b>"), (6, "a < b")]
    assert from_html(rows, "a.md", Sink()) == rows


def test_an_untitled_list_below_numbers_at_words_has_their_notes() -> None:
    notes = "1. A remark on the treaty of the year.\n2. Another remark on it.\n"
    found = brief("GULF April 2019", "# A title of the brief", LONG.replace("idle", "idle1", 1),
                  LONG.replace("denied", "denied2", 1), notes, name="a.md")
    calls = [plain(i.note.text) for text in texts(found.blocks) for i in text
             if isinstance(i, NoteCall)]
    assert calls == ["A remark on the treaty of the year.", "Another remark on it."]
    names = brief("GULF April 2019", "# A title of the brief", LONG.replace("idle", "phase1", 1),
                  LONG.replace("denied", "phase2", 1), notes, name="a.md")
    assert any(isinstance(block, ListBlock) for block in names.blocks)


def test_a_label_with_the_author_s_name_above_the_bio() -> None:
    found = brief("GULF April 2019", "# A title of the brief", LONG, LONG,
                  "# Sobre el autor: Miguel Ángel Rossi",
                  "Contador con múltiples certificaciones, y profesor en la Escuela.", name="a.md")
    assert signed(found) == [("Miguel Ángel Rossi", "Contador con múltiples certificaciones, y "
                              "profesor en la Escuela.")]


# ---------------------------------------------------------------- headings without a sign


@pytest.mark.parametrize(("line", "region", "month"), [
    ("Mali May 2021", "Mali", 5), ("Türkiye, 12 May 2021", "Türkiye", 5),
    ("Gulf 12 May 2021", "Gulf", 5), ("GULF 12 May 2021", "Gulf", 5),
    ("May 12, 2021 – Gulf", "Gulf", 5), ("Gulf May-June 2021", "Gulf", 6),
    ("Gulf and Levant May 2021", "Gulf and Levant", 5),
    ("Saudi Arabia and Yemen May 2021", "Saudi Arabia and Yemen", 5)])
def test_a_name_and_a_month_are_the_heading(line: str, region: str, month: int) -> None:
    found, sink = read(f"{line}\n\nA quay for nobody\n\nBy Anna Rossi\n\n{TEXT}\n\n{TEXT}\n",
                       "a.md")
    assert (found.region.name, found.month.month) == (region, month)
    assert plain(found.title) == "A quay for nobody"
    assert region == "Gulf" or "unknown-region" in [d.code for d in sink]


def test_a_name_and_a_month_are_the_title_where_the_file_says_the_region() -> None:
    found, _ = read(f"Elections May 2021\n\nBy Anna Rossi\n\n{TEXT}\n\n{TEXT}\n",
                    "gulf-2021-05.md")
    assert (found.region.name, plain(found.title)) == ("Gulf", "Elections May 2021")


def test_a_misspelt_month_is_the_nearest_in_english() -> None:
    _, sink = try_read(f"Gulf Mayy 2021\n\nA quay\n\n{TEXT}\n")
    assert [d.hints for d in sink if d.code == "misspelt-month"] == [('did you mean "May"?',)]


# ---------------------------------------------------------------- headers of sites


HEADER = "---\ntitle: A quay\nregion: Gulf\ndate: 2019-04\n{}\n---\n\n{}\n\n{}\n"


@pytest.mark.parametrize(("field", "authors", "codes"), [
    ("author: stefano-vozzi", ["Stefano Vozzi"], ["byline"]),
    ("author: rtf08", [], ["byline", "no-byline"]),
    ("authors:\n- _authors/anna-rossi.md", ["Anna Rossi"], ["byline"]),
    ("author: Anna Rossi", ["Anna Rossi"], [])])
def test_an_account_is_no_author(field: str, authors: list[str], codes: list[str]) -> None:
    found, sink = read(HEADER.format(field, LONG, LONG), "a.md")
    assert [name for name, _ in signed(found)] == authors
    assert [d.code for d in sink if "byline" in d.code] == codes


@pytest.mark.parametrize("said", ["it-IT", "it_IT", "IT"])
def test_a_language_with_a_country(said: str) -> None:
    found, _ = read(HEADER.format(f"lang: {said}", LONG, LONG), "a.md")
    assert found.language == "it"


def test_two_fields_for_the_standfirst() -> None:
    found, sink = read(HEADER.format("subtitle: The *first* one\nsommario: The other", LONG, LONG),
                       "a.md")
    assert plain(found.standfirst) == "The first one"
    assert "The other" in [change.before for change in sink.changes]
    assert [d.severity.value for d in sink if d.code == "unknown-key"] == ["note"]


# ---------------------------------------------------------------- what is no author, no standfirst


def test_those_who_speak_in_an_interview_sign_nothing() -> None:
    turns = ["**Anna Rossi:** What does the port do, and for whom does it do that in May?",
             f"**Emil Novak:** {TEXT}", "**Anna Rossi:** And then?", f"**Emil Novak:** {TEXT}"]
    found = brief("GULF April 2019", "# A quay for nobody", *turns)
    assert signed(found) == [] and not found.standfirst
    assert "What does the port do" in body(found) and "Emil Novak: " in body(found)


@pytest.mark.parametrize("first", ["Dear friends,", "*October 14th, 2019*", "**Anna Rossi:** Why?"])
def test_what_is_no_standfirst(first: str) -> None:
    turns = ["**Emil Novak:** So.", "**Anna Rossi:** And?", "**Emil Novak:** Yes."]
    found = brief("GULF October 2019", "# A quay for nobody", first, LONG, LONG, *turns)
    assert not found.standfirst


def test_a_label_is_no_title() -> None:
    _, sink = try_read(f"GULF April 2019\n\n## Key findings\n\n- One\n- Two\n\n{LONG}\n\n{LONG}\n")
    assert "no-title" in [d.code for d in sink]


def test_an_author_above_the_remarks_of_the_publisher() -> None:
    found = brief("GULF April 2019", "# A quay for nobody", LONG, LONG, "**Autor:** Anna Rossi",
                  "She is a researcher at the Institute of Ports.",
                  "The project is financed by the Ministry of Ports.",
                  "The publication is the author's, and nobody else's.", "Fot. B. Kos z pixabay")
    assert signed(found) == [("Anna Rossi", "She is a researcher at the Institute of Ports.")]
    assert "financed by the Ministry" in body(found)


def test_a_language_in_which_nothing_is_set_is_told() -> None:
    swedish = ("Bistånd är ett av de viktigaste verktygen som vi har, och det ska inte ges till "
               "stater som är på väg bort från det som vi har kommit överens om. ") * 3
    found, sink = read(f"GULF April 2019\n\n# En kaj\n\n{swedish}\n\n{swedish}\n", "a.md")
    assert found.language == "en"
    assert [d.severity.value for d in sink if d.code == "language"] == ["warning"]


# ---------------------------------------------------------------- what a site puts around a text


def test_the_comments_of_readers_are_left_out() -> None:
    page = (f"{LONG}\n\n{LONG}\n\n<h5 class=\"comments-h\">\n2 comments</h5>\n"
            '<ul class="commentlist">\n<li class="comment">\n<h6>Emil Novak</h6> I agree.\n'
            "</li></ul>")
    sink = Sink()
    rows = from_html(list(enumerate(page.split("\n"), 1)), "a.md", sink)
    assert "agree" not in str(rows) and [d.code for d in sink] == ["site-words"]
    assert "I agree." in sink.changes[0].before


def test_letters_by_their_names_and_elements_of_programs() -> None:
    rows = from_html([(1, "<p>Jos&eacute; Serra &lt;b&gt; <excerpt/>&amp;c</p>")], "a.md", Sink())
    assert [row for _, row in rows if row] == ["José Serra &lt;b&gt; &amp;c"]


@pytest.mark.parametrize("text", [
    "The <script> element of a page, and <style> as well, are words of a text on the web.",
    "A <template> is a plan."])
def test_an_element_without_an_end_takes_no_words(text: str) -> None:
    rows = from_html([(1, text), (2, "And the rest of it.")], "a.md", Sink())
    assert [row for _, row in rows] == [text, "And the rest of it."]
