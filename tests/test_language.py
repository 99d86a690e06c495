"""Typography by language: glyphs and spaces change and are logged; words never change."""

from __future__ import annotations

import pytest

from reportgen.composing.typography import mend_body, mend_title
from reportgen.diagnostics import Sink
from reportgen.language.dates import find_date, find_month
from reportgen.language.languages import LANGUAGES
from reportgen.model import Run, Style, Text, plain

NB, NN = "\u00a0", "\u202f"


def mended(text: str, language: str = "en") -> str:
    return plain(mend_body((Run(text),), LANGUAGES[language], Sink()))


@pytest.mark.parametrize(("language", "before", "after"), [
    ("en", "worth $5,6 billion", f"worth $5.6{NB}billion"),
    ("en", "a rent of $4,8 million", f"a rent of $4.8{NB}million"),
    ("en", "grew by 3,5% and 2,500 men", "grew by 3.5% and 2,500 men"),
    ("en", "the 17-18th of April", "the 17–18th of April"),
    ("en", "in 2014-2019, not 2019-04-19", "in 2014–2019, not 2019-04-19"),
    ("en", "S/RES/2440, COVID-19 and 1-2-3", "S/RES/2440, COVID-19 and 1-2-3"),
    ("en", 'he said "yes" - and don\'t', f"he said “yes”{NB}– and don’t"),
    ("en", "on 9 April at p. 5", f"on 9{NB}April at p.{NB}5"),
    ("en", "wait...  now", "wait… now"),
    ("it", "vale 5,6 miliardi di \"euro\" e 12 000 navi",
     f"vale 5,6{NB}miliardi di “euro” e 12.000 navi"),
    ("fr", 'il dit "oui" : vraiment ? 12 000',
     f"il dit «{NN}oui{NN}»{NB}: vraiment{NN}? 12{NN}000"),
    ("fr", "non! oui; «bon»", f"non{NN}! oui{NN}; «{NN}bon{NN}»"),
    ("de", 'er sagte "ja" zu 5,6 Mio und 12 000', f"er sagte „ja“ zu 5,6{NB}Mio und 12{NN}000"),
    ("es", 'dijo "sí" a 12 000', f"dijo «sí» a 12{NN}000"),
    ("ru", 'сказал "да" о 12 000', f"сказал «да» о 12{NB}000"),
])
def test_glyphs_by_language(language: str, before: str, after: str) -> None:
    assert mended(before, language) == after


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_never_change(language: str) -> None:
    text = ('The "quick" brown fox - 17-18th, 5,6 million; 12 000 men (they which) don\'t... '
            "S/RES/2440 \u00abbon\u00bb ? ! :")
    kept = "".join(c for c in mended(text, language) if c.isalnum())
    assert kept == "".join(c for c in text if c.isalnum())


def test_every_change_is_logged() -> None:
    sink = Sink()
    mend_body((Run('worth $5,6 billion "so"'),), LANGUAGES["en"], sink)
    assert [(c.rule, c.before, c.after) for c in sink.changes] == [
        ("decimal-mark", "$5,6", "$5.6"), ("no-break-space", "$5,6 billion", f"$5,6{NB}billion"),
        ("quotes", '"so"', '“so"'), ("quotes", '"so"', '"so”')]


def test_a_change_across_two_styles() -> None:
    text: Text = (Run('he said "'), Run("yes", Style(emphasis=True)), Run('" then'))
    out = mend_body(text, LANGUAGES["en"], Sink())
    assert plain(out) == "he said “yes” then"
    assert [r.text for r in out if isinstance(r, Run) and r.style.emphasis] == ["yes"]


def test_addresses_and_code_are_left_alone() -> None:
    text: Text = (Run("https://x.org/17-18", Style(href="https://x.org/17-18")),
                  Run(' "a" ', Style(code=True)))
    assert plain(mend_body(text, LANGUAGES["en"], Sink())) == 'https://x.org/17-18 "a" '


def test_acronyms_names_and_last_words() -> None:
    out = mend_body((Run("The CSTO met Kazakhstan about cooperation"),), LANGUAGES["en"], Sink())
    runs = [r for r in out if isinstance(r, Run)]
    assert [r.text for r in runs if r.style.acronym] == ["CSTO"]
    assert [r.text for r in runs if r.style.unbroken] == ["Kazakhstan", "cooperation"]


def test_short_words_of_a_title_are_bound() -> None:
    assert plain(mend_title((Run("Diplomacy in Central Asia"),), LANGUAGES["en"], Sink())) == (
        f"Diplomacy in{NB}Central Asia")


@pytest.mark.parametrize(("text", "iso"), [
    ("April 19, 2019", "2019-04-19"), ("19th of April 2019", "2019-04-19"),
    ("19.04.2019", "2019-04-19"), ("2019-04-19", "2019-04-19"), ("1er mars 2019", "2019-03-01"),
    ("19 апреля 2019", "2019-04-19"), ("4 de abril de 2019", "2019-04-04"),
    ("June 11-12, 2018", "2018-06-11"), ("April 2019", "2019-04"), ("2018", "2018"),
    ("5. März 2019", "2019-03-05"), ("1° marzo 2019", "2019-03-01"),
    ("n.d.", None), ("32 April", None), ("S/RES/2440", None), ("5 o'clock", None),
])
def test_dates(text: str, iso: str | None) -> None:
    found = find_date(text)
    assert (found.iso if found else None) == iso


def test_months_of_headings() -> None:
    for text in ("Sept. 2019", "2019/09", "09/2019", "settembre 2019", "сентябрь 2019"):
        found = find_month(text)
        assert found and found.iso == "2019-09", text
    assert find_month("12/13") is None
