"""Habits of authors: mails, pages of sites, pasted pages, source lines, references by number.

Each with its trap: what only looks like it stays, and what goes is told and logged.
"""

from __future__ import annotations

import pytest

from reportgen.citations.lift import with_source_lines
from reportgen.diagnostics import Sink
from reportgen.language.languages import LANGUAGES
from reportgen.model import (
    Brief,
    Heading,
    ListBlock,
    NoteCall,
    Paragraph,
    SourceList,
    plain,
)
from reportgen.reading.brief import read_brief
from reportgen.reading.byline import People, untitled
from reportgen.reading.endnotes import with_end_notes
from reportgen.reading.listheads import is_list_head
from reportgen.reading.mail import without_mail
from reportgen.reading.markdown import Line, read_blocks
from reportgen.reading.markup import without_tags
from reportgen.reading.opening import Context
from reportgen.reading.pasted import mended, without_furniture
from reportgen.reading.plaintext import unindented, with_plain_marks
from reportgen.reading.regions import RegionTable
from reportgen.reading.sitewords import without_site_words
from reportgen.reading.starred import with_starred_author
from reportgen.reading.wikitext import from_wikitext
from reportgen.series import shipped_regions
from reportgen.texts import texts
from reportgen.workspace import SourceText

TEXT = ("The harbour stood idle for a week, and nobody in the capital has said why. Three berths "
        "of five were empty on most days of the month, and the ministry denied all of it.")


def lines(text: str) -> list[Line]:
    return list(enumerate(text.split("\n"), 1))


def text(found: list[Line]) -> str:
    return "\n".join(line for _, line in found).strip()


def try_read(brief: str, name: str = "gulf.md") -> tuple[Brief | None, Sink]:
    sink = Sink()
    context = Context(RegionTable(shipped_regions()), People(), None, "en")
    return read_brief(SourceText(name, brief), name.rpartition(".")[0], context, sink), sink


def read(brief: str, name: str = "gulf.md") -> tuple[Brief, Sink]:
    found, sink = try_read(brief, name)
    assert found is not None, [d.message for d in sink]
    return found, sink


# ---------------------------------------------------------------- mails

MAIL = """From: Anna Rossi <a@example.org>
To: Desk <desk@example.org>
Subject: Sahel brief, March 2019 (final)

Hi Ruth,

Here is mine. Cut what you like.

Best,
Anna

The wells

{text}

All the best,
Anna

--
Anna Rossi
Senior Fellow, Example Institute
+44 20 555 0143

On Mon, 4 Mar 2019 at 09:12, Desk <desk@example.org> wrote:
> Do not forget us.
"""


def test_a_mail_is_a_brief_with_a_letter_around_it() -> None:
    brief, sink = read(MAIL.format(text=TEXT))
    assert (brief.region.code, str(brief.month)) == ("sahel", "2019-03")  # of the subject
    assert plain(brief.title) == "The wells"
    assert [(a.name, plain(a.bio)) for a in brief.authors] == [
        ("Anna Rossi", "Senior Fellow, Example Institute")]
    assert [plain(b.text) for b in brief.blocks if isinstance(b, Paragraph)] == [TEXT]
    told = {d.code: d.severity.value for d in sink}
    assert told["mail"] == "note" and told["above-heading"] == "warning"  # it may ask for something
    logged = " ".join(c.before for c in sink.changes)
    for words in ("Cut what you like.", "Do not forget us.", "555 0143", "All the best,"):
        assert words in logged


@pytest.mark.parametrize("body", [
    "From: the north, to: the south.\n\nText.", "Dear readers of the region,\nthis is text.",
    "To: be or not.\nText.", "Text.\n\nBest of all, the wells are full.",
    "Text.\n\n> A quotation at the end.", "Subject: matter\n\nText."])
def test_what_is_no_letter_stays(body: str) -> None:
    sink = Sink()
    assert text(without_mail(lines(body), "a.txt", sink)) == body
    assert not list(sink)


# ---------------------------------------------------------------- sites


@pytest.mark.parametrize("line", [
    "Share: Facebook Twitter WhatsApp", "[Tweet](https://x.org) | [Print](https://y.org)",
    "Compartir en WhatsApp Copiar enlace", "Lesezeit: 4 Minuten", "5 min read", "Word count: 540",
    "Palabras: 1.240", "© 2019 Example Forum. All rights reserved.".replace("Example Forum. ", ""),
    "**Leia também:** [Outro texto](https://example.org/x)", "Keywords: ports, wells, grain.",
    "УДК 339.5:656.6(98)", "Текст:"])
def test_words_of_a_site_are_left_out_and_told(line: str) -> None:
    sink = Sink()
    found = without_site_words(lines(f"{TEXT}\n\n{line}\n\n{TEXT}"), "a.md", sink)
    assert text(found).count(TEXT) == 2 and line not in text(found)
    assert [d.code for d in sink] == ["site-words"]
    assert [c.before for c in sink.changes] == [line]


@pytest.mark.parametrize("line", [
    "Telegram", "# Facebook", "He read it on Facebook and in print.", "Sharing the water",
    "The print run was 5,000 words short.", "![x](y.png)", "Text messages: what they say",
    "Advertising on the border", "See also the report of May.", "| Views | 3 |"])
def test_a_text_about_sites_stays(line: str) -> None:
    sink = Sink()
    whole = f"{TEXT}\n\n{line}\n\n{TEXT}"
    assert text(without_site_words(lines(whole), "a.md", sink)) == whole
    assert not list(sink)


def test_what_stands_below_related_articles_goes_but_notes_stay() -> None:
    body = "\n\n".join([TEXT] * 6)
    whole = f"{body}\n\n### Related articles\n\nFive myths\n\n[^1]: A note."
    assert text(without_site_words(lines(whole), "a.md", Sink())).endswith("[^1]: A note.")
    assert "Five myths" not in text(without_site_words(lines(whole), "a.md", Sink()))
    early = f"## Related articles\n\n{body}"
    assert text(without_site_words(lines(early), "a.md", Sink())) == early


def test_tags_of_a_site_s_program_are_left_out() -> None:
    sink = Sink()
    found = without_tags(lines("{% include toc.html %}\n\nText {{ x }}.\n\n{{< share >}}"), "a.md",
                         sink)
    assert text(found) == "Text {{ x }}."
    assert [d.code for d in sink] == ["site-tag", "site-tag"]


# ---------------------------------------------------------------- pasted pages

PAGES = f"""{TEXT[:74]}
it went on.¹ And on a second line of the text that is as long as this.

¹ A. Holloway, War risk by the week,
Quarterly 31 (2022).

Page 1 of 2
Gulf, October 2022

It goes on here with a second note.² {TEXT}

² London Circular 21/07.

Page 2 of 2
Gulf, October 2022
"""


def test_notes_at_the_feet_of_pages_are_put_together() -> None:
    sink = Sink()
    found = text(with_end_notes(without_furniture(lines(PAGES), "a.txt", sink), "a.txt", sink))
    assert "[^end-1]: A. Holloway, War risk by the week,\n    Quarterly 31 (2022)." in found
    assert "it went on.[^end-1] And" in found and "note.[^end-2] The harbour" in found
    assert {"page-notes", "end-notes"} <= {d.code for d in sink}


def test_an_address_broken_at_the_end_of_a_line_is_whole_and_told() -> None:
    sink = Sink()
    body = ("nobody has a vehicle, as the office says: https://example.net/office/\n"
            "report. The war has taken them.")
    found = text(mended(lines(body), "en", "a.txt", sink))
    assert "https://example.net/office/report." in found
    assert [d.code for d in sink] == ["broken-address"]
    whole = "See https://example.net/office/ or ask. The ministry has no other answer, and\nit"
    assert text(mended(lines(whole), "en", "a.txt", Sink())) == whole


def test_folios_and_heads_that_stand_once_are_left_out() -> None:
    body = f"{TEXT} The text is to\n\n7\n\nQuaderni Meridiana\n\nbe continued. {TEXT}\n\n8"
    sink = Sink()
    found = text(without_furniture(lines(body), "a.txt", sink))
    assert "Quaderni" not in found and "is to\nbe continued." in found
    year = f"{TEXT}\n\n1989\n\n{TEXT}"
    assert text(without_furniture(lines(year), "a.txt", Sink())) == year


def test_indents_begin_paragraphs_and_hanging_ones_do_not() -> None:
    body = "    First line,\nand second.\n    Next paragraph,\nand so on."
    assert text(unindented(lines(body), "a.txt")) == (
        "First line,\nand second.\n\nNext paragraph,\nand so on.")
    entry = "Brandt, N. 2018. Rolling\n   Over. Press.\n\nNext, A. 2019. Title"
    assert "Rolling\nOver. Press." in text(unindented(lines(entry), "a.txt"))
    code = "Text:\n\n    code"
    assert text(unindented(lines(code), "a.md")) == code  # Markdown means it


def test_a_starred_name_has_its_bio_at_the_foot() -> None:
    sink = Sink()
    body = f"Title\n\nSelin Kara*\n\n{TEXT}\n\n* Dr., University of Izmir,\ns@example.org\n\n{TEXT}"
    found = text(with_starred_author(lines(body), "a.txt", sink))
    assert "By Selin Kara" in found
    assert found.endswith("**Selin Kara** – Dr., University of Izmir, s@example.org")
    bullets = "Title\n\nSelin Kara\n\n* one\n* two"
    assert text(with_starred_author(lines(bullets), "a.txt", Sink())) == bullets


@pytest.mark.parametrize(("body", "after"), [
    ("** A head\nText.", "## A head\n\nText."), ("🔹 one\n🔹 two", "• one\n• two"),
    ("✍️ A Name", "✍️ A Name"), ("**bold** text", "**bold** text"),
    ("Title: The wells\nText.", "# The wells\n\nText."),
    ("Text.\nFonte: x, 2019", "Text.\n\nFonte: x, 2019")])
def test_marks_of_other_habits(body: str, after: str) -> None:
    assert text(with_plain_marks(lines(body), "a.txt", Sink())) == after


# ---------------------------------------------------------------- sources


def test_source_lines_below_paragraphs_are_notes_at_their_ends() -> None:
    sink = Sink()
    blocks = read_blocks(lines(f"{TEXT}\n\nSource: Watch, *Report*, May 2019.\n\n{TEXT}\n\n"
                               "Source: https://example.org/x"), "a.md", sink)
    first, second = with_source_lines(blocks, sink)
    for block, words in ((first, "Watch, Report, May 2019."), (second, "https://example.org/x.")):
        assert isinstance(block, Paragraph)
        call = block.text[-1]
        assert isinstance(call, NoteCall) and plain(call.note.text) == words and call.note.sources
    last = read_blocks(lines(f"{TEXT}\n\nSources: A, 2019; B, 2020."), "a.md", sink)
    assert with_source_lines(last, sink) == last  # of the whole text


def test_references_by_number_are_notes_with_their_pages() -> None:
    """GOST R 7.0.5: in any order, with the page behind the number."""
    sink = Sink()
    body = ("Ice [2, p. 41]. Salt [1]. Wind [1, p. 5].\n\nReferences\n\n1. K. Bel, Network, 2020.\n"
            "2. Ice Bulletin, 2021.")
    found = text(with_end_notes(lines(body), "a.md", sink))
    assert found.startswith("Ice[^ref-1]. Salt[^ref-2]. Wind[^ref-3].")
    assert "[^ref-1]: Ice Bulletin, 2021, p. 41." in found
    assert "[^ref-2]: K. Bel, Network, 2020." in found
    assert "[^ref-3]: K. Bel, Network, 2020, p. 5." in found
    one_missing = body.replace("Salt [1]. Wind [1, p. 5].", "Salt.")
    assert text(with_end_notes(lines(one_missing), "a.md", Sink())) == one_missing


def test_points_in_one_paragraph_are_no_calls() -> None:
    body = ("He promised (1) to go, (2) to stay and (3) neither.\n\nMore.\n\n(1) One thing.\n"
            "(2) Another.\n(3) A third.")
    assert text(with_end_notes(lines(body), "a.md", Sink())) == body
    spread = ("Water fell (1).\n\nPower too (2).\n\nAnd trust (3).\n\n(1) Office, Report.\n"
              "(2) Grid, Letter.\n(3) Survey.")
    assert "Water fell[^end-1]." in text(with_end_notes(lines(spread), "a.md", Sink()))
    article = spread.replace("Power too (2).", "Article 9(2) says so. Power too (2).")
    assert "Article 9(2) says so. Power too[^end-2]." in text(
        with_end_notes(lines(article), "a.md", Sink()))


def test_an_uncalled_list_of_sources_keeps_its_lines() -> None:
    brief, _ = read(f"SAHEL March 2019\n\nA title\n\nOne sentence.\n\n{TEXT}\n\n{TEXT}\n\n"
                    "Anna Rossi is a fellow at Example.\n\nSources:\n\n- Watch, 2018\n"
                    "- Own notes\n")
    assert [a.name for a in brief.authors] == ["Anna Rossi"]
    assert not any(isinstance(block, ListBlock) for block in brief.blocks)
    last = brief.blocks[-1]
    assert isinstance(last, SourceList) and plain(last.title) == "Sources"
    assert [plain(entry) for entry in last.entries] == ["Watch, 2018", "Own notes"]


REFERENCES = """## References

Rossi, A. (2019). *A title of a paper*. Example Press.
Bianchi, B. (2018). Another title. *Journal of Examples* 4(2), 12–20. https://example.org/two

Verdi, C. and D. Neri (2017), The third title, Rome: Press.
"""


@pytest.mark.parametrize("signed", ["Anna Rossi – *Researcher at Example.*",
                                    "Anna Rossi is a researcher at Example since 2012."])
def test_who_signs_below_a_list_of_sources_is_no_source(signed: str) -> None:
    brief, _ = read(f"# SAHEL March 2019\n\n## A title\n\n*One sentence.*\n\n{TEXT}\n\n{TEXT}\n\n"
                    f"{REFERENCES}\n{signed}\n", "a.md")
    assert [a.name for a in brief.authors] == ["Anna Rossi"]
    last = brief.blocks[-1]
    assert isinstance(last, SourceList)
    assert [plain(entry).split(",")[0] for entry in last.entries] == ["Rossi", "Bianchi", "Verdi"]


# ---------------------------------------------------------------- heads, titles, headers


@pytest.mark.parametrize(("top", "region", "month"), [
    ("Monatsbericht Zentralasien 09/2021", "central-asia", "2021-09"),
    ("CENTRAL AMERICA - May 2021 - brief", "central-america", "2021-05"),
    ("Zeszyty · Bałkany Zachodnie · wrzesień 2021", "western-balkans", "2021-09"),
    ("REGIONAL BRIEFS\nGulf of Guinea\nOctober 2022", "gulf-of-guinea", "2022-10"),
    ("MOI Regional Brief 11/2018\n\nPacific Islands · November 2018", "pacific", "2018-11"),
    ("KARADENİZ – KASIM 2021", "black-sea", "2021-11"),
    ("+++\nregion = \"Sahel\"\ndate = 2016-10-12T09:00:00\n+++", "sahel", "2016-10"),
    ("Country report\nRegion: Sahel\nStand: 08/2020", "sahel", "2020-08"),
    ("---\nrubrique: Maghreb\nnumer: styczeń 2024\n---", "maghreb", "2024-01")])
def test_heads_and_headers(top: str, region: str, month: str) -> None:
    brief, _ = read(f"{top}\n\nA title of the brief\n\nOne sentence.\n\n{TEXT}\n\n{TEXT}\n")
    assert (brief.region.code, str(brief.month)) == (region, month)
    assert plain(brief.title) == "A title of the brief"


def test_a_heading_that_goes_on_with_the_title() -> None:
    brief, _ = read(f"# Gulf (October 2022): Transit as a policy\n\n{TEXT}\n\n{TEXT}\n")
    assert (brief.region.code, plain(brief.title)) == ("gulf", "Transit as a policy")


def test_region_and_month_may_stand_below_the_text() -> None:
    brief, sink = read(f"A title\n\nOne sentence.\n\n{TEXT}\n\n{TEXT}\n\nRegion: Sahel\n"
                       "Report for March 2019\n", "brief.md")
    assert (brief.region.code, str(brief.month)) == ("sahel", "2019-03")
    assert [d.code for d in sink if d.code == "closing"] == ["closing", "closing"]
    assert not any("Region" in plain(b.text) for b in brief.blocks if isinstance(b, Paragraph))


@pytest.mark.parametrize(("byline", "names"), [
    ("By Dr Ada Lee (researcher) and Bo Ray (journalist, Oslo)", ["Dr Ada Lee", "Bo Ray"]),
    ("Ada Lee\nBo Ray\nExample Institute, Oslo", ["Ada Lee", "Bo Ray"]),
    ("Ada Lee, Bo Ray\\\n*Example Institute, Oslo*", ["Ada Lee", "Bo Ray"]),
    ("**Ada Lee** and **Bo Ray**", ["Ada Lee", "Bo Ray"]),
    ("Ada Lee[^1]\n\n[^1]: Ada Lee is a fellow at Example.", ["Ada Lee"])])
def test_bylines(byline: str, names: list[str]) -> None:
    brief, _ = read(f"SAHEL March 2019\n\nA title\n\n{byline}\n\n{TEXT}\n\n{TEXT}\n")
    assert [a.name for a in brief.authors] == names
    assert not any("Example" in plain(b.text) for b in brief.blocks if isinstance(b, Paragraph))


def test_a_standfirst_in_a_heading_and_one_with_a_label() -> None:
    words = "Two sacks of three leave the country without papers, and the tax drives them out."
    brief, _ = read(f"SAHEL March 2019\n\n# A title\n\n#### {words}\n\n{TEXT}\n\n{TEXT}\n")
    assert plain(brief.standfirst) == words
    brief, sink = read(f"SAHEL March 2019\n\nA title\n\nAbstract: {words}\n\n{TEXT}\n\n{TEXT}\n")
    assert plain(brief.standfirst) == words
    assert ("standfirst", "Abstract:") in [(c.rule, c.before) for c in sink.changes]
    brief, _ = read(f"SAHEL March 2019\n\n# A title\n\n## A subhead\n\n{TEXT}\n\n{TEXT}\n")
    assert [plain(b.text) for b in brief.blocks if isinstance(b, Heading)] == ["A subhead"]


def test_authors_in_a_header_in_the_ways_of_sites() -> None:
    for said in ("authors:\n  - name: Ada Lee\n    url: https://x.org\n  - name: Bo Ray",
                 "authors: [Ada Lee, Bo Ray]", "author: Ada Lee and Bo Ray",
                 "postAuthor: \"Ada Lee; Bo Ray\""):
        brief, _ = read("---\nregion: Sahel\ndate: 2019-03\ntitle: A title\n"
                        f"{said}\n---\n\n{TEXT}\n")
        assert [a.name for a in brief.authors] == ["Ada Lee", "Bo Ray"], said


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_brief_of_no_habits_is_told_nothing_of_them(language: str) -> None:
    """The heuristics of this file leave plain text of every language alone."""
    from .conftest import CASES

    [file] = [path for folder in ("paragraphs", "languages")
              if (path := CASES / folder / f"{language}.txt").exists()]
    _, sink = read(f"SAHEL March 2019\n\nA title\n\n{file.read_text('utf-8')}\n")
    assert not {"mail", "site-words", "site-tag", "page-notes", "broken-address", "starred",
                "closing", "running-head"} & {d.code for d in sink}


# ---------------------------------------------------------------- lists with letters

BRIEF = """GULF April 2019

# A dry port

The standfirst says so in a few words.

{body}

Anna Rossi – *Research fellow at the Example Institute.*
"""


@pytest.mark.parametrize("listed", [
    "a) one thing;\nb) another, which goes\non for a line;\nc) the last.",
    "(a) one thing;\n\n(b) another, which goes on;\n\n(c) the last.",
    "- a) one thing;\n- b) another;\n- c) the last."])
def test_a_list_with_letters_keeps_its_marks(listed: str) -> None:
    found, _ = read(BRIEF.format(body=f"{TEXT}\n\n{listed}\n\n{TEXT}"))
    lists = [block for block in found.blocks if isinstance(block, ListBlock)]
    assert [len(block.items) for block in lists] == [3]
    assert [mark.strip("()") for mark in lists[0].marks] == ["a", "b", "c"]
    first, last = lists[0].items[0][0], lists[0].items[-1][0]
    assert isinstance(first, Paragraph) and plain(first.text) == "one thing;"
    assert isinstance(last, Paragraph) and plain(last.text) == "the last."


@pytest.mark.parametrize("words", [
    "b) is no first letter.\n\nc) neither.", "a) stands alone, as it may.",
    "a) first\n\n" + TEXT + "\n\n" + "\n\n".join([TEXT] * 4) + "\n\nb) far away"])
def test_letters_that_are_no_list(words: str) -> None:
    found, _ = read(BRIEF.format(body=f"{TEXT}\n\n{words}\n\n{TEXT}"))
    assert not [block for block in found.blocks if isinstance(block, ListBlock)]


# ---------------------------------------------------------------- who writes, and of what

@pytest.mark.parametrize(("name", "region", "month"), [
    ("07-links-Western-Balkans-March-2019.md", "western-balkans", "2019-03"),
    ("mekong-region-2021-05.md", "mekong", "2021-05"),
    ("Sahel_brief_final_2019-04.md", "sahel", "2019-04"),
    ("2020-11 Asie centrale v2.md", "central-asia", "2020-11")])
def test_the_name_of_the_file_says_region_and_month(name: str, region: str, month: str) -> None:
    found, sink = read(f"# A dry port\n\n{TEXT}\n\n{TEXT}\n\nAnna Rossi – *Fellow.*\n", name)
    assert (found.region.code, str(found.month)) == (region, month)
    assert not [d for d in sink if d.severity.value == "error"]


def test_a_header_with_bold_keys() -> None:
    found, _ = read(f"**Region:** Gulf\n**Month**: April 2019\n\n# A dry port\n\n{TEXT}\n\n"
                    f"{TEXT}\n\nAnna Rossi – *Fellow.*\n")
    assert (found.region.code, str(found.month)) == ("gulf", "2019-04")
    kept, _ = read(BRIEF.format(body=f"**Anna:** {TEXT}\n\n{TEXT}"))
    assert "Anna:" in plain(next(b for b in kept.blocks if isinstance(b, Paragraph)).text)


def test_a_month_in_capitals_of_turkish() -> None:
    found, _ = read(BRIEF.replace("GULF April 2019", "ORTA ASYA / EKİM 2018").format(body=TEXT))
    assert (found.region.code, str(found.month)) == ("central-asia", "2018-10")


def test_an_unknown_region_in_capitals_of_turkish() -> None:
    heading = "AŞAĞI KARADENİZ / EKİM 2018"
    found, _ = read(BRIEF.replace("GULF April 2019", heading).format(body=TEXT))
    assert found.region.name == "Aşağı Karadeniz"


BIOS = ("Anna Rossi is a research fellow at the Example Institute. Bo Lee teaches at Tidewater "
        "University.")


def test_bios_in_a_paragraph_below_the_byline() -> None:
    top = f"GULF April 2019\n\n# A dry port\n\nBy Anna Rossi and Bo Lee\n\n{BIOS}\n\n{TEXT}\n"
    found, _ = read(f"{top}\n{TEXT}\n")
    assert [(a.name, plain(a.bio)) for a in found.authors] == [
        ("Anna Rossi", "research fellow at the Example Institute."),
        ("Bo Lee", "teaches at Tidewater University.")]
    assert "Anna" not in plain(found.standfirst)


def test_a_paragraph_about_the_author_that_is_no_bio() -> None:
    story = ("Anna Rossi reports from the quay. The ships that came were few, and the cranes stood "
             "still for most of the month, for want of fuel.")
    found, _ = read(f"GULF April 2019\n\n# A dry port\n\nBy Anna Rossi\n\n{story}\n\n{TEXT}\n")
    assert not plain(found.authors[0].bio)


def test_two_bios_with_dashes_in_a_last_paragraph() -> None:
    last = ("*Anna Rossi — research fellow at the Example Institute, Rome. Bo Lee — sociologist, "
            "Tidewater University.*")
    found, _ = read(f"GULF April 2019\n\n# A dry port\n\n{TEXT}\n\n{TEXT}\n\n{last}\n")
    assert [a.name for a in found.authors] == ["Anna Rossi", "Bo Lee"]


def test_a_signature_with_a_bio_on_one_line() -> None:
    mail = ("From: Anna Rossi <a@example.org>\nTo: Desk <d@example.org>\n"
            f"Subject: Gulf, April 2019\n\nA dry port\n\nAnna Rossi\n\n{TEXT}\n\n"
            "--\nAnna Rossi, research fellow, Example Institute")
    kept = without_mail(lines(mail), "gulf.txt", Sink())
    assert text(kept).endswith("**Anna Rossi**, research fellow, Example Institute")


def test_a_bracket_behind_a_name_stays_whole() -> None:
    found, _ = read("GULF April 2019\n\n# A dry port\n\nBy Anna Rossi (@rossi), Example Institute"
                    f"\n\n{TEXT}\n\n{TEXT}\n")
    assert plain(found.authors[0].bio) == "(@rossi), Example Institute"


def test_a_subhead_below_the_title_that_names_the_author() -> None:
    found, _ = read(f"GULF April 2019\n\n# A dry port\n\n### By Anna Rossi\n\n*A standfirst.*\n\n"
                    f"{TEXT}\n\n{TEXT}\n")
    assert [a.name for a in found.authors] == ["Anna Rossi"]
    assert plain(found.standfirst) == "A standfirst."
    kept, _ = read(f"GULF April 2019\n\n# A dry port\n\n### By sea and by land\n\n{TEXT}\n\n"
                   f"{TEXT}\n\nAnna Rossi – *Fellow.*\n")
    assert any(isinstance(b, Heading) for b in kept.blocks)


# ---------------------------------------------------------------- habits of Word files


def test_two_names_on_lines_of_their_own_have_their_bios_below() -> None:
    for names in ("Anna Rossi and Bo Nilsen", "**Anna Rossi**  \n**Bo Nilsen**"):
        brief, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst of one sentence.\n\n{names}"
                        f"\n\n{TEXT}\n\n{TEXT}\n\n*Anna Rossi is a Fellow at the Sea Institute. Bo "
                        "Nilsen heads the coast desk of the Tide Monitor.*")
        assert [(a.name, plain(a.bio)) for a in brief.authors] == [
            ("Anna Rossi", "Fellow at the Sea Institute."),
            ("Bo Nilsen", "heads the coast desk of the Tide Monitor.")]
        assert not any(isinstance(block, Heading) for block in brief.blocks)


def test_a_name_with_its_group_is_one_author() -> None:
    brief, _ = read("GULF April 2019\n\n# A title\n\nAnna Rossi, Arid Lands Policy Group\n\n"
                    f"{TEXT}\n\n{TEXT}")
    assert [(a.name, plain(a.bio)) for a in brief.authors] == [
        ("Anna Rossi", "Arid Lands Policy Group")]


def test_a_name_in_bold_above_a_bio_in_italics() -> None:
    brief, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n{TEXT}\n\n{TEXT}\n\n"
                    "**Anna Rossi**\n\n*Senior researcher at the Sea Institute (Bari)*")
    assert [(a.name, plain(a.bio)) for a in brief.authors] == [
        ("Anna Rossi", "Senior researcher at the Sea Institute (Bari)")]


def test_a_name_above_a_sentence_in_italics_stays() -> None:
    brief, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n{TEXT}\n\n"
                    "**Ahmed Said**\n\n*The port was shut for a week.*\n\nBo Nilsen – *Fellow at "
                    "the Sea Institute*")
    assert [a.name for a in brief.authors] == ["Bo Nilsen"]


def test_a_table_of_keys_is_a_header() -> None:
    brief, sink = read("| **Region** | Gulf |\n| --- | --- |\n| **Month:** | April 2019 |\n"
                       "| Author | Anna Rossi |\n| Length | 600 words |\n\n# A title\n\n"
                       f"A standfirst.\n\n{TEXT}", "x.md")
    assert (brief.region.code, str(brief.month), brief.authors[0].name, plain(brief.title)) == (
        "gulf", "2019-04", "Anna Rossi", "A title")
    assert [d.span.line for d in sink if d.code == "unknown-key"] == [5]


def test_a_table_of_figures_at_the_top_stays_one() -> None:
    brief, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n| Region | 2019 |\n"
                    f"| --- | --- |\n| Gulf | 3 |\n\n{TEXT}\n\nAnna Rossi – *Fellow*")
    assert any(type(block).__name__ == "Table" for block in brief.blocks)


def test_region_and_month_may_stand_below_title_and_author() -> None:
    brief, sink = read("# A title of words\n\nA standfirst of one sentence.\n\nAnna Rossi\n\n"
                       f"Gulf, April 2019\n\n{TEXT}\n\n{TEXT}\n\n*Anna Rossi is a Fellow at the "
                       "Sea Institute.*")
    assert plain(brief.title) == "A title of words"
    assert plain(brief.standfirst) == "A standfirst of one sentence."
    assert [a.name for a in brief.authors] == ["Anna Rossi"]
    assert "above-heading" not in [d.code for d in sink]


def test_items_with_dashes_and_blank_lines_between() -> None:
    brief, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n{TEXT} Three gained:\n\n"
                    "– owners of lorries;\n\n– traders in salt;\n\n– clearing agents.\n\n"
                    f"{TEXT}\n\nAnna Rossi – *Fellow*")
    [found] = [block for block in brief.blocks if isinstance(block, ListBlock)]
    assert len(found.items) == 3


def test_speech_with_dashes_is_no_list() -> None:
    brief, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n{TEXT} They said:\n\n"
                    "– We have no water.\n\n– And no salt!\n\n"
                    f"{TEXT}\n\nAnna Rossi – *Fellow*")
    assert not any(isinstance(block, ListBlock) for block in brief.blocks)


@pytest.mark.parametrize("words", [
    "Notes to the text", "Использованные источники", "Works Cited", "Note a piè di pagina:",
    "Wykaz źródeł", "Quellen und Anmerkungen", "Fuentes consultadas", "Références citées",
    "Kaynakça", "Список використаних джерел", "NOTAS FINAIS", "Sources & notes"])
def test_titles_of_lists_of_notes_and_sources(words: str) -> None:
    assert is_list_head(words)


@pytest.mark.parametrize("words", [
    "Sources of growth", "Works", "The end", "A note on water", "Литература и жизнь", "Further",
    "Источники воды", "Quelle des Lebens", "Text", "Notes from the field of the long war"])
def test_subheads_that_are_no_such_titles(words: str) -> None:
    assert not is_list_head(words)


# ---------------------------------------------------------------- habits of letters and labels


def test_a_last_word_to_the_editor_goes_with_the_closing() -> None:
    mail = ("From: Anna Rossi <a@example.org>\nTo: Desk <d@example.org>\nSubject: Gulf, April\n\n"
            f"Boa noite, Joana,\n\nHere it is.\n\nGulf, April 2019\n\nA title\n\n{TEXT}\n\n"
            "Hope that works. I'm on WhatsApp.\n\nUm abraço,\nAnna\n\n--\nAnna Rossi\nDirector, "
            "Sea Institute")
    sink = Sink()
    found = text(without_mail(lines(mail), "gulf.txt", sink))
    assert not any(words in found for words in ("Joana", "Hope", "abraço"))
    assert TEXT in found and "Anna Rossi" in found
    assert any("Hope that works" in change.before for change in sink.changes)


def test_a_last_paragraph_that_hopes_stays() -> None:
    mail = (f"Dear Ruth,\n\nHere it is.\n\nGulf, April 2019\n\nA title\n\n{TEXT}\n\n"
            "The hope that trade returns is thin, and nobody in the port shares it.\n\nBest,\nAnna")
    assert "The hope that trade returns" in text(without_mail(lines(mail), "gulf.txt", Sink()))


@pytest.mark.parametrize("label", ["L'autrice:", "Le autrici:", "**Про авторів.**",
                                   "Sobre a autora:"])
def test_labels_above_a_bio(label: str) -> None:
    brief, _ = read(f"GULF April 2019\n\n# A title\n\nBy Anna Rossi\n\nA standfirst.\n\n{TEXT}\n\n"
                    f"{label} Anna Rossi – Fellow at the Sea Institute.")
    assert [plain(a.bio) for a in brief.authors] == ["Fellow at the Sea Institute."]


def test_a_title_of_capitals_above_a_byline_with_an_institute_is_the_title() -> None:
    brief, _ = read("Kasım 2020 | Orta Asya\n\nBişkek’te Üçüncü Kış\n\nYazan: Gülsüm Tekinalp\n"
                    f"Bozkır Araştırmaları Vakfı, Ankara\n\n{TEXT}", "x.txt")
    assert plain(brief.title) == "Bişkek’te Üçüncü Kış"
    assert [a.name for a in brief.authors] == ["Gülsüm Tekinalp"]


# ---------------------------------------------------------------- heads and bylines


def head(*parts: str, name: str = "gulf.md") -> Brief:
    """Read a brief whose head these paragraphs are."""
    return read("\n\n".join([*parts, TEXT, TEXT]), name)[0]


@pytest.mark.parametrize("byline", [
    "**Anna Rossi** (Research Director) and **Bo Nilsen** (Associate Fellow)",
    "Anna Rossi (Research Director) and Bo Nilsen (Associate Fellow)",
    "Anna Rossi, Research Director, and Bo Nilsen, Associate Fellow"])
def test_two_authors_with_their_roles(byline: str) -> None:
    found = head("GULF April 2019", "# A title", "A standfirst of one sentence.", byline)
    assert [(a.name, plain(a.bio)) for a in found.authors] == [
        ("Anna Rossi", "Research Director"), ("Bo Nilsen", "Associate Fellow")]


def test_two_authors_of_whom_one_has_a_role() -> None:
    found = head("GULF April 2019", "# A title", "A standfirst of one sentence.",
                 "Anna Rossi, Research Director, and Bo Nilsen")
    assert [(a.name, plain(a.bio)) for a in found.authors] == [
        ("Anna Rossi", "Research Director"), ("Bo Nilsen", "")]


def test_a_sentence_with_two_names_is_no_byline() -> None:
    words = "Anna Rossi (the minister) met Bo Nilsen (the envoy), and nobody said why."
    found, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n{words}\n\n{TEXT}")
    assert not found.authors


@pytest.mark.parametrize("above", [
    ["# A title of words"], ["**A title of words**"],
    ["*Monthly Regional Brief*", "# A title of words"],
    ["*Monthly Regional Brief*", "> **A title of words**"]])
@pytest.mark.parametrize("below", [["*A standfirst in italics.*", "By Anna Rossi"],
                                   ["By Anna Rossi", "*A standfirst in italics.*"]])
def test_a_title_above_region_and_month(above: list[str], below: list[str]) -> None:
    found = head(*above, "Western Balkans, May 2022", *below)
    assert (plain(found.title), plain(found.standfirst)) == (
        "A title of words", "A standfirst in italics.")
    assert [a.name for a in found.authors] == ["Anna Rossi"] and found.region.code == (
        "western-balkans")


def test_a_name_of_an_institute_above_region_and_title_is_left_out() -> None:
    found, sink = read("# Institute for the Coasts of Europe\n\nWestern Balkans, May 2022\n\n"
                       f"# A title\n\n{TEXT}")
    assert plain(found.title) == "A title"
    assert "above-heading" in [d.code for d in sink]


def test_a_title_of_two_words_twice_is_no_line_of_names() -> None:
    found = head("**SOUTH CAUCASUS**", "**OCTOBER 2019**", "**Two Gauges, One Patience**",
                 "*The railway was to carry five million tonnes a year.*", "**Levan Khutsi**")
    assert plain(found.title) == "Two Gauges, One Patience"


@pytest.mark.parametrize("line", ["Zentralasien im April 2019", "Central Asia in April 2019",
                                  "Asia Central en abril de 2019"])
def test_a_preposition_before_the_month_is_not_of_the_region(line: str) -> None:
    assert head(f"# {line}", "# A title").region.code == "central-asia"


def test_what_stands_above_a_byline_is_the_standfirst() -> None:
    three = "It is late. Geology is blamed for it. Contracts explain more of it."
    found = head("Gulf (April 2019)", "A title of some words", three,
                 "By Anna Rossi, Senior Analyst", name="gulf.txt")
    assert plain(found.standfirst) == three
    assert [(a.name, plain(a.bio)) for a in found.authors] == [("Anna Rossi", "Senior Analyst")]


def test_an_ordinal_ends_no_sentence() -> None:
    two = "Seit dem 17. Januar stehen die Pumpen still. Der Streit dreht sich um die Bank."
    found = head("Nordafrika, Januar 2020", "Ein Titel", two, "von Anna Rossi", name="x.txt")
    assert plain(found.standfirst) == two


def test_names_on_lines_of_their_own_in_plain_text() -> None:
    found = head("GULF April 2019", "A title of some words",
                 "Juan Mamani Echeverría\nMarcela Ibáñez", "A standfirst of one sentence.",
                 name="x.txt")
    assert [a.name for a in found.authors] == ["Juan Mamani Echeverría", "Marcela Ibáñez"]
    assert plain(found.standfirst) == "A standfirst of one sentence."


def test_a_role_is_nobody() -> None:
    found, _ = read(f"GULF April 2019\n\n# A title\n\nA standfirst.\n\n{TEXT}\n\n{TEXT}\n\n"
                    "**Anna Rossi**\n\nProgramme Manager, Sea Centre for Public Policy, Bari")
    assert [(a.name, plain(a.bio)) for a in found.authors] == [
        ("Anna Rossi", "Programme Manager, Sea Centre for Public Policy, Bari")]


def test_a_call_behind_a_quotation_mark_and_a_stop() -> None:
    body = 'It is "land-linked".1 They are "not".2 So it is.'
    found = text(with_end_notes(lines(f"{body}\n\nNotes\n1 One, Post.\n2 Two, Post."), "x", Sink()))
    assert '"land-linked".[^' in found and '"not".[^' in found


# ---------------------------------------------------------------- wikis

WIKI = """{{Draft}}
'''Gulf – April 2019'''

= A quay for nobody =

Author: Anna Rossi, Harbour Institute

''Three new quays, and no ships.''

The [[Port of Sohar|port]] was built on the [[coast]], as a [https://example.org/a report] says.<ref
>Harbour Office, ''Annual Report'', 2018, p. 4</ref> Nobody came.<ref name="b">B. Writer, 2019</ref>

== The road ==

* berths
** at night
# pilots

It was so again.<ref name="b" />

<references />
[[Category:Ports]]
"""


def test_a_text_out_of_a_wiki() -> None:
    found, sink = read(WIKI.replace("<ref\n>", "<ref>"), "gulf.txt")
    assert plain(found.title) == "A quay for nobody"
    assert plain(found.standfirst) == "Three new quays, and no ships."
    assert [a.name for a in found.authors] == ["Anna Rossi"]
    words = "\n".join(plain(t) for t in texts(found.blocks))
    assert "The port was built on the coast, as a report says. Nobody came." in words
    assert not any(mark in words for mark in ("[[", "]]", "''", "==", "<ref", "{{", "Category"))
    assert [plain(b.text) for b in found.blocks if isinstance(b, Heading)] == ["The road"]
    calls = [i.note for t in texts(found.blocks) for i in t if isinstance(i, NoteCall)]
    assert [plain(note.text) for note in calls] == [
        "Harbour Office, Annual Report, 2018, p. 4", "B. Writer, 2019", "B. Writer, 2019"]
    assert {"{{Draft}}", "[[Category:Ports]]", "<references />"} <= {
        change.before for change in sink.changes if change.rule == "wikitext"}


@pytest.mark.parametrize("line", [
    "It said ''no'' and [[sic]].", "a == b and c == d", "=====", "x {{y}} z"])
def test_signs_of_a_wiki_in_other_text_stay(line: str) -> None:
    kept = from_wikitext(lines(line), "gulf.md", Sink())
    assert kept == lines(line)


# ---------------------------------------------------------------- regions, languages and slips


TOP = "GULF April 2019\n\n# A quay\n\n"


@pytest.mark.parametrize(("heading", "body", "language"), [
    ("ЦЕНТРАЛЬНА АЗІЯ травень 2021", "Порт стоїть порожній, і ніхто не каже чому. Їх п'ять.", "uk"),
    ("ЦЕНТРАЛЬНАЯ АЗИЯ май 2021", "Порт стоит пустой, и это видно всем, кто был в мае.", "ru"),
    ("CENTRAL ASIA May 2021", "The port is empty. Nobody says why.", "en")])
def test_a_short_text_has_a_language(heading: str, body: str, language: str) -> None:
    found, _ = read(f"{heading}\n\n# {body[:12]}\n\n{body}\n\n{body}\n")
    assert found.language == language


@pytest.mark.parametrize(("heading", "region", "told"), [
    ("NORTH AFRICA May 2021", "Maghreb", ["region-name"]),
    ("BALKANS May 2021", "Western Balkans", []),
    ("MIDDLE EAST May 2021", "Middle East", []), ("Naher Osten Mai 2021", "Middle East", [])])
def test_a_region_by_another_name_is_told(heading: str, region: str, told: list[str]) -> None:
    found, sink = read(f"{heading}\n\n# A quay\n\n{TEXT}\n\n{TEXT}\n")
    assert found.region.name == region
    assert [d.code for d in sink if "region" in d.code] == told


@pytest.mark.parametrize(("words", "told"), [
    ("They came out of Germany.1 The quay is long.", ["flattened-note"]),
    ("The quay is “long”.2 It is full.", ["flattened-note"]),
    ("See fig.1 The ship came.", []), ("It grew by 4.5 The rest fell.", [])])
def test_a_number_glued_to_a_sentence_is_told(words: str, told: list[str]) -> None:
    _, sink = read(f"GULF April 2019\n\n# A quay\n\n{words} {TEXT}\n\n{TEXT}\n")
    assert [d.code for d in sink if d.code == "flattened-note"] == told


def test_a_call_that_is_a_word_of_its_sentence_is_told() -> None:
    _, sink = read(f"{TOP}{TEXT}\n\nAs shown in [1], it is so. It fell.[2]"
                   "\n\n## References\n\n[1] One, 2019.\n[2] Two, 2018.\n")
    assert {(d.severity.value, d.span.line) for d in sink if d.code == "end-notes"} == {
        ("note", 11), ("warning", 7)}


def test_a_list_of_works_to_read_is_kept() -> None:
    found, _ = read(f"GULF April 2019\n\n# A quay\n\n{TEXT}\n\n{TEXT}\n\n## Further reading\n\n"
                    "- Rossi, A. *Ports*. 2018.\n- Novak, E. *Quays*. 2019.\n")
    assert "Ports" in str(found.blocks)
    lost, sink = read(f"GULF April 2019\n\n# A quay\n\n{TEXT}\n\n{TEXT}\n\n## Further reading\n\n"
                      "- [Ten photographs](https://e.org/a)\n- [Our shop](https://e.org/b)\n")
    assert "photographs" not in str(lost.blocks) and "site-words" in [d.code for d in sink]


def test_a_subhead_that_skips_a_level_is_told() -> None:
    found, sink = read(f"{TOP}{TEXT}\n\n## One\n\n{TEXT}\n\n#### Two\n\n{TEXT}\n")
    assert [d.span.line for d in sink if d.code == "heading-level"] == [11]
    assert [b.level for b in found.blocks if isinstance(b, Heading)] == [2, 3]


@pytest.mark.parametrize("title", ["And then ...", "And then…"])
def test_a_title_may_end_with_dots(title: str) -> None:
    found, _ = read(f"GULF April 2019\n\n{title}\n\nBy Anna Rossi\n\n{TEXT}\n\n{TEXT}\n")
    assert plain(found.title).startswith("And then")


def test_an_author_with_a_town_in_brackets() -> None:
    found, _ = read(f"{TOP}Domingas Quaresma (Praia)\n\n{TEXT}\n\n{TEXT}\n\n"
                    "*Domingas Quaresma is a lawyer and consultant.*\n")
    assert [a.name for a in found.authors] == ["Domingas Quaresma"]


def test_a_kind_of_report_with_its_region_above_the_month() -> None:
    found, _ = read(f"Länderbericht Südkaukasus\nMai 2018\n\n# Die Straße\n\n{TEXT}\n\n{TEXT}\n")
    assert (found.region.name, found.month.month) == ("South Caucasus", 5)


def test_a_date_and_a_credit_right_below_the_byline() -> None:
    found, sink = read(f"GULF\n\n# A quay\n\nAuthor: Anna Rossi\nDate: 3 May 2021\n"
                       f"Photo: Li Wei / Agency\n\n{TEXT}\n\n{TEXT}\n")
    assert [(a.name, plain(a.bio)) for a in found.authors] == [("Anna Rossi", "")]
    assert found.month.month == 5 and "credit" in [d.code for d in sink]


@pytest.mark.parametrize(("byline", "name"), [
    ("Von Generalmajor a. D. Hartmut Wessendorf", "Hartmut Wessendorf"),
    ("Commander Alistair Penhallow RN (retd)", "Alistair Penhallow"),
    ("By Sir Godfrey Lisle KCMG", "Godfrey Lisle"), ("di don Ermanno Salvadei", "Ermanno Salvadei"),
    ("Bartosz Wielgomas, Kancelaria Energetyczna Sarmata", "Bartosz Wielgomas")])
def test_names_with_titles_and_what_stands_behind_them(byline: str, name: str) -> None:
    bio = f"*{name} served on the staff of an institute for many years.*"
    found, _ = read(f"{TOP}{byline}\n\n{TEXT}\n\n{TEXT}\n\n{bio}\n")
    [author] = found.authors
    assert untitled(author.name) == name and "for many years" in plain(author.bio)


@pytest.mark.parametrize("line", ["April 20, 2018 | 11:15 PM", "Länderbericht: Belarus"])
def test_a_time_is_no_region(line: str) -> None:
    found, _ = read(f"GULF\n\n{line}\n\n# A quay\n\nStand: Mai 2018\n\n{TEXT}\n\n{TEXT}\n")
    assert found.region.name == "Gulf"


def test_a_report_by_its_country_above_its_date() -> None:
    found, sink = read("Länderbericht: Belarus\n\nStand: Oktober 2020\n\n# Der Sonntag\n\n"
                       f"{TEXT}\n\n{TEXT}\n")
    assert (found.region.name, found.month.month) == ("Belarus", 10)
    assert "unknown-region" in [d.code for d in sink]


@pytest.mark.parametrize("name", [
    "Don Smith", "Min Zhang", "Min Aung Hlaing", "Justice Malala", "Sen Gupta", "Fr Martin"])
def test_a_name_that_begins_as_a_title_does(name: str) -> None:
    found, _ = read(f"{TOP}By {name}\n\n{TEXT}\n\n{TEXT}\n")
    assert [author.name for author in found.authors] == [name]
