"""Replies and returned mail that were written before the first run; what is right stays so."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from reportgen.mail.replies import Fault, Refusal, weigh

from . import mailset

MISSED = {
    "first/replies": {"r009", "r024", "r035", "r039", "r063", "r159", "r001", "r219"},
    "first/returns": {"m045.eml"},
    "first/lists": {"06-hubspot-crm-exports-all-contacts.csv", "66-remarks.csv",
                    "23-constantcontact-contact-export.csv"},
    "second/replies": {"s02", "s51", "s55", "s68", "s96", "s116"},
    "second/returns": {"m279.eml", "m296.eml"},
    "second/lists": {
        "02-mailpoet-export.csv", "08-zoho-campaigns.csv", "12-microsoft-forms.xlsx",
        "13-surveymonkey.csv", "15-dynamics-kontakte.xlsx", "17-superoffice-personer.csv",
        "22-verteiler.xlsx", "33-mail-from-helen.txt", "37-by-region.xlsx"},
    "third/lists": {"17-spisok-ru.csv", "27-remarks.csv"},
    "fourth/replies": set[str](), "fourth/returns": set[str](), "fourth/lists": set[str](),
    "fifth/replies": {"w20", "w56"}, "fifth/returns": {"p045.eml"},
    "fifth/lists": {"07-constant-contact.csv", "19-professor-liste.txt",
                    "39-adresser-goteborg.csv"}}
"""What is decided otherwise than its author would have (mailsets/README.md)."""

HARM = {"r009", "p045.eml"}
"""A refusal of our login, which is never weighed as one of a reader; a letter that thanks at length
and asks for no more, which the editor is told to read."""

CASES = Path(__file__).parent / "cases" / "mail"


@pytest.mark.parametrize("part", [
    pytest.param(part, marks=pytest.mark.slow) if part.endswith("returns") else part
    for part in MISSED])
def test_what_was_right_stays_right(part: str) -> None:
    rows = mailset.scored(part)
    assert {row.name for row in rows if not row.right} == MISSED[part]
    assert {row.name for row in rows if row.harms} <= HARM


@pytest.mark.parametrize("row", tomllib.loads((CASES / "replies.toml").read_text("utf-8"))["reply"],
                         ids=lambda row: f"{row['server']}-{row['text'][:40]}")
def test_replies_as_servers_give_them(row: dict[str, str]) -> None:
    """A new one is a row in cases/mail/replies.toml."""
    code, _, text = row["text"].partition(" ")
    found = weigh(Refusal(int(code), text, "reader@example.org", ("bulletin@example.net",)))
    assert found.fault is Fault(row["fault"])


def test_a_refusal_of_the_envelope_sender_is_not_about_the_reader() -> None:
    """With `envelope-sender = "bounces+{id}@..."` each message has another."""
    said = f"5.1.8 <bounces+{'a1' * 16}@example.net>: Domain not found"
    found = weigh(Refusal(550, said, "reader@example.org", ("bounces+{id}@example.net",)))
    assert found.fault is Fault.SENDER
