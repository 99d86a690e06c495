"""Lists as people have them, and who must never be written to again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.diagnostics import Sink
from reportgen.mail.addresses import BadAddress, parse_address
from reportgen.mail.imports import Context, Read, as_csv, bad_as_text, read_list
from reportgen.mail.subscribers import Imported, Status, Subscriber, Subscribers

NOW = "2026-01-02T03:04:05.000Z"
REGIONS = {"sahel": "sahel", "gulf": "gulf", "golfo": "gulf", "central asia": "central-asia"}


def read(data: bytes | str, sink: Sink | None = None, **more: object) -> Read:
    context = Context("list.csv", lambda name: REGIONS.get(name.casefold()), **more)  # type: ignore[arg-type]
    return read_list(data if isinstance(data, bytes) else data.encode(), context, sink or Sink())


def rows(found: Read) -> list[tuple[str, str]]:
    return [(p.address.mailbox, p.address.name) for p in found.people]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Subscribers]:
    with contextlib.closing(Subscribers(tmp_path / "subscribers.sqlite")) as made:
        yield made


EXPORTS = {
    "Excel in German, Windows-1252, semicolons": (
        "Vorname;Nachname;E-Mail-Adresse\r\nJörg;Müller;joerg@example.org\r\n".encode("cp1252")),
    "Excel with sep= and a byte order mark": (
        "\ufeffsep=;\r\nName;E-Mail\r\nJörg Müller;joerg@example.org\r\n".encode()),
    "Excel, Unicode text": "Name\tE-Mail\r\nJörg Müller\tjoerg@example.org\r\n".encode("utf-16"),
    "Outlook": (
        'First Name,Middle Name,Last Name,Company,E-mail Address,E-mail Type\r\n'
        '"Jörg","","Müller","A, B & Co","joerg@example.org","SMTP"\r\n').encode(),
    "Google Contacts": (
        "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value\n"
        "Jörg Müller,Jörg,Müller,* myContacts ::: press,* Work,joerg@example.org\n").encode(),
    "Mailchimp": (
        '"Email Address","First Name","Last Name",OPTIN_TIME,TAGS\n'
        'joerg@example.org,Jörg,Müller,"2018-11-02 10:00:00","""press"",""italy"""\n').encode(),
    "no head": b"joerg@example.org,J\xc3\xb6rg M\xc3\xbcller\n",
    "French, with bars": "Prénom|Nom|Courriel\nJörg|Müller|joerg@example.org\n".encode(),
    "Russian": "Имя;Фамилия;Электронная почта\nJörg;Müller;joerg@example.org\n".encode(),
    "with the name in the address": 'email\n"Müller, Jörg <joerg@example.org>"\n'.encode(),
    "vCard 2.1": (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;"
        b"J=C3=B6rg;;;\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg M=C3=BCller\r\n"
        b"EMAIL;INTERNET;PREF:joerg@example.org\r\nEND:VCARD\r\n"),
    "vCard 3.0 of Apple": (
        "BEGIN:VCARD\nVERSION:3.0\nN:Müller;Jörg;;;\nFN:Jörg Müller\n"
        "item1.EMAIL;type=INTERNET;type=pref:joerg@example.org\nitem1.X-ABLabel:_$!<Other>!$_\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\n /2wBDAAMCAgMC\nEND:VCARD\n"
        ).encode(),
    "vCard 4.0": (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jörg Müller\r\nEMAIL;PREF=2:old@example.org\r\n"
        "EMAIL;PREF=1:joerg@example.org\r\nCATEGORIES:press\r\nLANG:de\r\nEND:VCARD\r\n").encode(),
}


@pytest.mark.parametrize("program", EXPORTS)
def test_exports_as_programs_write_them(program: str) -> None:
    sink = Sink()
    found = read(EXPORTS[program], sink)
    [(mailbox, name)] = rows(found)
    assert mailbox == "joerg@example.org"
    assert name in ("Jörg Müller", "Müller, Jörg")
    assert not sink.failed


def test_what_a_list_says_of_a_person() -> None:
    found = read("email,language,groups,regions,consent\n"
                 'a@example.org,DE-at,"press; italy","Golfo, Sahel","letter, 2019"\n')
    [person] = found.people
    assert person == Subscriber(parse_address("a@example.org"), "de", frozenset({"press", "italy"}),
                                frozenset({"gulf", "sahel"}), "letter, 2019", "list.csv:2")


def test_bad_rows_are_told_with_line_and_reason_and_kept() -> None:
    sink = Sink()
    text = ('email,name\nok@example.org,"a name\nof two lines"\nbroken@@example.org,B\n'
            ',nobody\nlocal@host,C\nfine@example.org,D\n')
    found = read(text, sink)
    assert [mailbox for mailbox, _ in rows(found)] == ["ok@example.org", "fine@example.org"]
    told = [(d.span.line, d.code) for d in sink]
    assert sorted(told) == [(4, "bad-row"), (5, "passed-over"), (6, "bad-row")]
    kept = bad_as_text(found)
    assert kept.splitlines()[0] == "line,why,email,name"
    assert "broken@@example.org,B" in kept and "local@host,C" in kept
    mended = read(kept.replace("broken@@", "mended@").replace("local@host", "c@example.org"))
    assert rows(mended) == [("mended@example.org", "B"), ("c@example.org", "C")]


def test_an_unknown_region_is_a_bad_row() -> None:
    sink = Sink()
    assert read("email,regions\na@example.org,Narnia\n", sink).people == []
    assert 'no region "Narnia"' in str(next(iter(sink)))


def test_the_same_address_in_another_spelling_is_the_same_person(store: Subscribers) -> None:
    found = read("email,name,groups\nAnna@Example.ORG,,press\nanna@example.org,Anna,italy\n"
                 "a@bücher.example,,\na@xn--bcher-kva.example,,\n")
    assert found.repeated == 2
    assert store.take(found.people, NOW) == [Imported.ADDED, Imported.ADDED]
    anna = store.find(parse_address("ANNA@example.org"))
    assert anna and anna.address.name == "Anna" and anna.groups == {"press", "italy"}
    assert store.take(found.people, NOW) == [Imported.UNCHANGED, Imported.UNCHANGED]


def test_several_addresses_of_one_person_are_told() -> None:
    sink = Sink()
    found = read("email\na@example.org; b@example.org\n", sink)
    assert rows(found) == [("a@example.org", "")]
    [note] = list(sink)
    assert note.code == "passed-over" and "b@example.org" in note.message


def test_no_import_revives_who_left(store: Subscribers) -> None:
    people = read("email,name\na@example.org,A\nb@example.org,B\n").people
    store.take(people, NOW)
    a, b = (p.address for p in people)
    store.unsubscribe(a, "by mail", NOW)
    assert store.erase(b, NOW)
    assert store.take(people, NOW) == [Imported.SUPPRESSED, Imported.SUPPRESSED]
    assert store.find(b) is None
    assert store.suppressed(a.key) == "unsubscribed 2026-01-02, by mail"
    assert store.suppressed(b.key) == "erased 2026-01-02"
    store.readmit(Subscriber(b, consent="asked for it again, 3 May"), NOW)
    assert store.suppressed(b.key) == ""


def test_nothing_of_who_was_erased_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.sqlite"
    store = Subscribers(path)
    person = Subscriber(parse_address("Forgotten Person <forgotten@example.org>"), consent="x")
    store.take([person], NOW)
    store.erase(person.address, NOW)
    everything = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    store.close()
    assert b"forgotten" not in everything.lower()
    assert path.stat().st_mode & 0o077 == 0


def test_other_programs_lists_of_who_left_count(store: Subscribers) -> None:
    found = read('"Email Address",UNSUB_TIME\na@example.org,"2019-02-03 11:00:00"\n')
    store.take(found.people, NOW)
    again = read("email\na@example.org\n")
    assert store.take(again.people, NOW) == [Imported.SUPPRESSED]
    cleaned = read("email,status\nb@example.org,cleaned\n")
    store.take(cleaned.people, NOW)
    found_b = store.find(parse_address("b@example.org"))
    assert found_b and found_b.status is Status.SUSPENDED


def test_export_imports_again(store: Subscribers, tmp_path: Path) -> None:
    people = [
        Subscriber(parse_address('"Rossi, Anna" <anna@example.org>'), "it", frozenset({"a", "b c"}),
                   frozenset({"gulf"}), "form, 2019", "list.csv:2"),
        Subscriber(parse_address("=SUM(A1) <+plus@example.org>"), consent="-x", source="x:3"),
        Subscriber(parse_address("jörg@example.org"), source="list.csv:4")]
    store.take(people, NOW)
    store.suspend(people[2].address, "550 gone", NOW)
    text = as_csv(store.all())
    assert "'=SUM(A1)" in text and "'+plus@example.org" in text
    again = read(text)
    with contextlib.closing(Subscribers(tmp_path / "second.sqlite")) as second:
        second.take(again.people, NOW)
        assert as_csv(second.all()) == text


def test_an_export_keeps_who_left_and_what_they_wished(store: Subscribers) -> None:
    """Whatever else stands in the columns: a yes for a consent, a region that is no more."""
    store.take([Subscriber(parse_address("a@example.org"), consent="yes"),
                Subscriber(parse_address("b@example.org")),
                Subscriber(parse_address("c@example.org"), regions=frozenset({"horn"}))], NOW)
    store.unsubscribe(parse_address("b@example.org"), "by mail", NOW)
    sink = Sink()
    found = read(as_csv(store.all()), sink)
    assert found.bad == []
    assert [(p.status.value, p.consent, sorted(p.regions)) for p in found.people] == [
        ("active", "yes", []), ("unsubscribed", "", []), ("active", "", ["horn"])]


def test_who_left_did_so_whatever_else_is_unclear() -> None:
    found = read("email,consent,status,newsletter\na@example.org,yes,active,yes\n"
                 "b@example.org,,unsubscribed,perhaps\nc@example.org,,active,yes\n")
    assert [(p.address.mailbox, p.status.value) for p in found.people] == [
        ("a@example.org", "active"), ("b@example.org", "unsubscribed")]
    assert [row.line for row in found.bad] == [4]


def test_three_soft_bounces_suspend(store: Subscribers) -> None:
    person = Subscriber(parse_address("a@example.org"))
    store.take([person], NOW)
    assert [store.soft_bounce(person.address, "full", NOW) for _ in range(3)] == [
        False, False, True]
    assert store.suppressed(person.address.key).startswith("suspended 2026-01-02, 3 soft bounces")
    assert store.resume(person.address, NOW)
    assert store.suppressed(person.address.key) == ""


def test_soft_bounces_of_long_ago_do_not_count(store: Subscribers) -> None:
    """A mailbox that is full every summer is read all the same."""
    person = Subscriber(parse_address("full@example.org"))
    store.take([person], NOW)
    days = ("2026-01-02", "2026-03-01", "2026-09-15", "2026-10-15", "2026-11-15")
    assert [store.soft_bounce(person.address, "full", f"{day}T00:00:00.000Z") for day in days] == [
        False, False, False, False, True]


@pytest.mark.parametrize("text", [
    "", "a", "a@", "@example.org", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org",
    "a@example..org", "a@-example.org", '"quoted"@example.org', "a@[127.0.0.1]", "a" * 65
    + "@example.org", "a@example.org, b@example.org", "a\u202e@example.org", "a@exa mple.org"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadAddress):
        parse_address(text)


@pytest.mark.parametrize(("text", "mailbox", "name"), [
    ("a@example.org", "a@example.org", ""), (" <a@Example.ORG> ", "a@example.org", ""),
    ("Anna Rossi <a@example.org>", "a@example.org", "Anna Rossi"),
    ('"Rossi, Anna" <a@example.org>', "a@example.org", "Rossi, Anna"),
    ("Jörg <jörg@bücher.example>", "jörg@xn--bcher-kva.example", "Jörg"),
    ("a@bücher.example", "a@xn--bcher-kva.example", ""), ("mailto:a@example.org",
                                                          "a@example.org", "")])
def test_what_is_an_address(text: str, mailbox: str, name: str) -> None:
    found = parse_address(text)
    assert (found.mailbox, found.name) == (mailbox, name)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04 a spreadsheet", b"name\nA\n",
                                  b"\x00\x01\x02\xff" * 50, b"BEGIN:VCARD\nno end"])
def test_what_is_no_list_is_told(data: bytes) -> None:
    sink = Sink()
    assert read(data, sink).people == []
    assert list(sink)


NAMES = "Name;E-Mail\nJörg Müller;joerg@example.org\nHélène Noël;helene@example.org\n"


@pytest.mark.parametrize(("encoding", "text"), [
    ("cp1252", NAMES), ("mac_roman", NAMES),
    ("cp1252", "Name,Email\nÉmile Ñandú,e@example.org\nJosé Muñoz,j@example.org\n"),
    ("mac_roman", "Name,Email\nÉmile Peña,e@example.org\nJosé Muñoz,j@example.org\n"),
    ("cp1250", "Name,Email\nŁukasz Wiśniewski,l@example.org\nMałgorzata Dąb,m@example.org\n"),
    ("cp1251", "Имя;Фамилия;Электронная почта\nИван;Петров;ivan@example.org\n"),
    ("cp1251", "Name;Email\nОльга Смирнова;olga@example.org\n")])
def test_old_encodings_are_told_apart(encoding: str, text: str) -> None:
    sink = Sink()
    found = read(text.encode(encoding), sink)
    assert [p.address.name for p in found.people] == [
        " ".join(row.replace(",", ";").split(";")[:-1]) for row in text.splitlines()[1:]]
    assert [d.code for d in sink] == ["encoding"]


def test_a_damaged_byte_is_a_bad_row_and_spoils_no_other() -> None:
    sink = Sink()
    data = "email,name\na@example.org,Jörg\nb@example.org,M\udcfcller\nc@example.org,Zoë\n".encode(
        "utf-8", "surrogateescape")
    found = read(data, sink)
    assert rows(found) == [("a@example.org", "Jörg"), ("c@example.org", "Zoë")]
    assert [(d.span.line, d.code) for d in sink] == [(3, "bad-row")]
    assert rows(read(bad_as_text(found))) == [("b@example.org", "Müller")]
    cards = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEMAIL:{name[0]}@example.org\nEND:VCARD\n"
                    for name in ("Ärne", "M\udcfcller", "Zoë")).encode("utf-8", "surrogateescape")
    found = read(cards.replace("Ä@".encode(), b"a@"))
    assert rows(found) == [("a@example.org", "Ärne"), ("Z@example.org", "Zoë")]
    assert rows(read(bad_as_text(found))) == [("M@example.org", "Müller")]


@pytest.mark.parametrize("text", [
    'name;email\n"Müller;a@example.org\nAnna;b@example.org\nBert;"c@example.org"\n',
    'name;email\n"Mü"ller;a@example.org\n"Anna";b@example.org\n"Bert";c@example.org\n',
    'email;name\na@example.org;"Müller\nb@example.org;Anna\nc@example.org;Bert\n',
    'email;note\na@example.org;"unclosed\nx@example.org;x\ny@example.org;12"\n'
    "b@example.org;Anna\nc@example.org;Bert\n",
    'name;email;group\n"Müller;a@example.org;press\nX;x@example.org;"\nAnna;b@example.org;press\n'
    "Bert;c@example.org;\n"])
def test_a_quotation_mark_takes_nobody_else_with_it(text: str) -> None:
    """The row with the mark is told and kept; nobody becomes part of another's name."""
    sink = Sink()
    found = read(text, sink)
    assert [mailbox for mailbox, _ in rows(found)] == ["b@example.org", "c@example.org"]
    assert [d.span.line for d in sink if d.code == "bad-row"] == [2]
    assert "a@example.org" in bad_as_text(found)
    assert all("@" not in name for _, name in rows(found))


def test_a_cell_may_have_lines_and_addresses() -> None:
    found = read('email,note\na@example.org,"call:\nb@example.org\nc@example.org"\n'
                 "d@example.org,\n")
    assert [mailbox for mailbox, _ in rows(found)] == ["a@example.org", "d@example.org"]
    assert not found.bad


def test_more_cells_than_heads() -> None:
    found = read("email,name\na@example.org,Rossi, Anna\nb@example.org,Bert,,\n")
    assert rows(found) == [("b@example.org", "Bert")]
    assert [row.line for row in found.bad] == [2]


def test_a_title_above_the_heads() -> None:
    sink = Sink()
    found = read("Readers of the bulletin;;\n;;\nName;E-Mail;Gruppe\nAnna;a@example.org;x\n", sink)
    assert rows(found) == [("a@example.org", "Anna")]
    assert "stands above the heads" in "".join(map(str, sink))


def test_a_file_without_heads_is_guessed_only_if_it_is_clear() -> None:
    names_first = "Anna;a@example.org\nBert;b@@example.org\n"
    found = read(names_first)
    assert rows(found) == [("a@example.org", "Anna")]
    again = read(bad_as_text(found).replace("b@@", "b@"))
    assert rows(again) == [("b@example.org", "Bert")]
    sink = Sink()
    assert read("Anna;a@example.org;no\nBert;b@example.org;yes\n", sink).people == []
    assert [d.code for d in sink] == ["no-heads"]


@pytest.mark.parametrize("head", [
    "Marketing opt-in 2", "Marketings", "Do not disturb", "Newsletter 2019",
    "Blocks", "Bounce type", "Kind of subscription", "Left early"])
def test_a_column_that_may_say_who_left_is_an_error(head: str) -> None:
    sink = Sink()
    read(f"email,{head}\na@example.org,x\nb@example.org,\n", sink)
    assert [d.code for d in sink] == ["unknown-head"]


def test_other_columns_are_told_once() -> None:
    sink = Sink()
    read("email,Phone,City,Fax\na@example.org,1,Rome,\nb@example.org,2,,\n", sink)
    [note] = list(sink)
    assert note.message == "columns that were passed over: Phone, City"


@pytest.mark.parametrize(("head", "left", "stays", "unclear"), [
    ("Subscription Status", "Unsubscribed", "Subscribed", "perhaps"),
    ("Email Marketing Status", "Unsubscribed", "confirmed", "1/2"),
    ("Email Opt Out", "1", "0", "perhaps"), ("Opted out", "WAHR", "FALSCH", "?"),
    ("BLACKLIST", "x", "", "perhaps"), ("Abgemeldet", "03.05.2019", "-", "morgen"),
    ("unsubscribed", "ИСТИНА", "ЛОЖЬ", "later"), ("UNSUB_TIME", "2019-02-03", "null", "soon"),
    ("Unsubscribed", "vero", "0000-00-00", "forse"), ("Accepts Email Marketing", "no", "yes", ""),
    ("Newsletter", "FAUX", "VRAI", ""), ("active", "0", "1", ""),
    ("consent", "withdrawn 2019", "letter, 2019", None), ("consent", "revoked", "", None),
    ("Einwilligung", "widerrufen", "Brief", None)])
def test_who_left_by_any_words(head: str, left: str, stays: str, unclear: str | None) -> None:
    found = read(f"email;{head}\na@example.org;{left}\nb@example.org;{stays}\n"
                 + (f"c@example.org;{unclear}\n" if unclear is not None else ""))
    assert [p.status for p in found.people] == [Status.UNSUBSCRIBED, Status.ACTIVE]
    assert [row.line for row in found.bad] == ([4] if unclear is not None else [])


def test_a_reason_that_another_program_gives_stays(store: Subscribers, tmp_path: Path) -> None:
    people = read("email,status,reason\na@example.org,suspended,\"suspended 2018-01-02, 550\"\n"
                  "b@example.org,unsubscribed,\"unsubscribed 2018-01-02, by mail\"\n").people
    store.take(people, NOW)
    assert [p.reason for p in store.all()] == [
        "suspended 2018-01-02, 550", "unsubscribed 2018-01-02, by mail"]
    store.take(read("email,status\nc@example.org,cleaned\n").people, NOW)
    found = store.find(parse_address("c@example.org"))
    assert found and found.reason == "suspended 2026-01-02, cleaned"


def test_an_address_in_a_name() -> None:
    found = read('email,name\na@example.org,Anna <A@example.org>\nb@example.org,b@example.org\n'
                 "Carl <c@example.org>,Dora <d@example.org>\n")
    assert rows(found) == [("a@example.org", "Anna"), ("b@example.org", "")]
    assert [row.line for row in found.bad] == [4]


@pytest.mark.parametrize(("heads", "row", "name"), [
    ("Name;Vorname;E-Mail", "Müller;Jörg;a@example.org", "Jörg Müller"),
    ("Name;First name;E-Mail", "Anna Rossi;Anna;a@example.org", "Anna Rossi"),
    ("Nom;Courriel", "Rossi;a@example.org", "Rossi"),
    ("Nome;Cognome;Indirizzo posta elettronica", "Anna;Rossi;a@example.org", "Anna Rossi"),
    ("Nombre;Apellidos;Dirección de correo electrónico", "Anna;Rossi;a@example.org", "Anna Rossi"),
    ("Name;E-Mail (geschäftlich)", "Anna;a@example.org", "Anna")])
def test_names_by_the_heads_of_many_languages(heads: str, row: str, name: str) -> None:
    assert rows(read(f"{heads}\n{row}\n")) == [("a@example.org", name)]


@pytest.mark.parametrize("heads", ["E-mail 1 - Value,E-mail 2 - Value", "E-mail,E-Mail 2: Adresse",
                                   "E-mail Address,E-mail 2 Address", "Email,Email2"])
def test_second_addresses_are_told(heads: str) -> None:
    sink = Sink()
    found = read(f"{heads}\na@example.org,b@example.org\n,c@example.org\n", sink)
    assert [mailbox for mailbox, _ in rows(found)] == ["a@example.org", "c@example.org"]
    assert ["b@example.org is another address" in str(d) for d in sink] == [True]


@pytest.mark.parametrize("text", [
    "email,Email Opt Out,Do Not Contact\na@example.org,No,Yes\n",
    "email,Status,Email Marketing Status\na@example.org,active,unsubscribed\n",
    "email,Newsletter,Accepts Marketing\na@example.org,yes,no\n",
    "email,status,bounced\na@example.org,unsubscribed,yes\n",
    "email,tags\na@example.org,press; Unsubscribed\n",
    "email;abonnement\na@example.org;résilié\n", "email;Подписка\na@example.org;нет\n",
    "email,newsletter\na@example.org,abbestellt\n", "email,newsletter\na@example.org,nein danke\n",
    "email,Отказ от рассылки\na@example.org,x\n",
    "name,email\nA,a@example.org\n\nUnsubscribed:\nB,a@example.org\n",
    "email,Emails disabled\na@example.org,true\n",
    "email,No Bulk Emails (User Opt Out)\na@example.org,Yes\n"])
def test_the_worst_that_is_said_counts(text: str) -> None:
    found = read(text)
    assert [p.status for p in found.people] == [Status.UNSUBSCRIBED], found


@pytest.mark.parametrize("text", [
    "email,newsletter\na@example.org,nur manchmal\nb@example.org,yes\n",
    "email,consent\na@example.org,nicht erteilt\nb@example.org,letter\n",
    "email,consent\na@example.org,\nb@example.org,yes\n",
    'email,consent\na@example.org,"form, withdrawn"\nb@example.org,form\n',
    "email,status\na@example.org,\nb@example.org,active\nc@example.org,unsubscribed\n",
    "email,status\na@example.org,active\na@example.org,gekündigt am Telefon\n",
    "email,name,status\na@example.org,A,active\na@example.org,A,unsubscribed,x\nb@example.org,B,\n"])
def test_what_may_be_a_no_is_a_bad_row_also_after_it_was_kept(text: str) -> None:
    found = read(text)
    assert "a@example.org" not in [p.address.mailbox for p in found.people]
    again = read(bad_as_text(found))
    assert again.people == [] and again.bad, again


@pytest.mark.parametrize(("text", "code"), [
    ("email,\na@example.org,unsubscribed\n", "unknown-head"),
    ('email,"Status (0 = active, 1 = unsubscribed)"\na@example.org,0\n', "unknown-head"),
    ("Name,Email (unsubscribed)\nA,a@example.org\n", "no-address-column"),
    ("email,dossier\na@example.org,x\nb@example.org,abgemeldet\n", "unknown-head"),
    ("email,name\na@example.org,A\n\nAsked to leave:\nb@example.org,B\n", "who-left"),
    ("email,name\na@example.org,A\n\nemail,unsubscribed\nb@example.org,2020-01-01\n", "two-tables"),
    ("Unsubscribed in 2024\nemail,name\na@example.org,A\n", "who-left"),
    (",,,,\nemail,name,,email,name\na@example.org,A,,x@example.org,X\n", "two-tables"),
    ("a@example.org;unsubscribed\nb@example.org;active\n", "no-heads"),
    ("a@example.org;2021-05-03\n", "no-heads"),
    (b"Name;Email\n" + "山田太郎;e@example.org\n".encode("cp932"), "encoding")])
def test_a_list_that_is_not_clear_is_an_error(text: str | bytes, code: str) -> None:
    sink = Sink()
    found = read(text, sink)
    assert code in [d.code for d in sink if d.severity.value == "error"], (found, list(sink))


def test_a_plain_yes_is_recorded_with_its_question() -> None:
    [person] = read("email,Accepts Email Marketing\na@example.org,yes\n").people
    assert person.consent == "Accepts Email Marketing: yes"


def test_a_title_says_nothing_of_leaving() -> None:
    assert rows(read("Newsletter subscribers 2024\nemail,name\na@example.org,A\n"))


def test_a_column_that_the_editor_knows_can_be_passed_over() -> None:
    sink = Sink()
    found = read("email,Group status,Regione\na@example.org,member,Toscana\n", sink,
                 columns={"groupstatus": "ignored", "regione": "ignored"})
    assert rows(found) == [("a@example.org", "")] and not sink.failed


def test_who_left_did_so_at_all_addresses(store: Subscribers) -> None:
    store.take(read("email,status\na@example.org; b@example.org,unsubscribed\n").people, NOW)
    assert store.take(read("email\nb@example.org\n").people, NOW) == [Imported.SUPPRESSED]


def test_our_own_export_means_its_status(store: Subscribers, tmp_path: Path) -> None:
    """Whatever words the consent of somebody who reads it has."""
    people = read('email,name\na@example.org,A\nb@example.org,B\n').people
    store.take([Subscriber(p.address, consent=words) for p, words in zip(people, (
        "letter of 3 May, resubscribes after having unsubscribed", "no"), strict=True)], NOW)
    text = as_csv(store.all())
    assert store.take(read(text).people, NOW) == [Imported.UNCHANGED, Imported.UNCHANGED]


def test_cards_that_were_joined_or_have_no_address() -> None:
    def card(name: str, email: str) -> str:
        return f"BEGIN:VCARD\nVERSION:3.0\nN:{name};;;;\nFN:{name}\n{email}END:VCARD\n"

    sink = Sink()
    text = "".join(f"\ufeff{card(name, f'EMAIL:{name}@example.org' + chr(10))}" for name in "abc")
    found = read(text + card("d", "") + card("e", "EMAIL:\nEMAIL:e@example.org\n")
                 + card("f", "EMAIL:f@example.org\nCATEGORIES:Abgemeldet\n")
                 + "VERSION:3.0\nEMAIL:g@example.org\nEND:VCARD\n", sink)
    assert [(p.address.mailbox, p.status.value) for p in found.people] == [
        *((f"{name}@example.org", "active") for name in "abce"),
        ("f@example.org", "unsubscribed")]
    assert "g@example.org" in bad_as_text(found)
    assert "cards without an address, passed over: 1" in "".join(map(str, sink))


def test_a_card_with_several_given_names() -> None:
    found = read("BEGIN:VCARD\nVERSION:2.1\nN:Rossi;Anna,Maria;;;\nEMAIL:a@example.org\n"
                 "END:VCARD\n")
    assert rows(found) == [("a@example.org", "Anna Maria Rossi")]


@pytest.mark.parametrize(("encoding", "names"), [
    ("cp1252", ("MÜLLER JÖRG", "HÉLÈNE LEFÈVRE", "AIMÉ DÉSIRÉ")),
    ("cp1252", ("LEFÈVRE Hélène", "GENÊT Loïc", "HÉBERT Ève")),
    ("cp1252", ("Mary O’Brien", "Luca D’Angelo", "Lia dell’Orto")),
    ("mac_roman", ("Mary O’Brien", "José Muñoz", "HÉLÈNE Noël")),
    ("cp1250", ("Łukasz Wójcik", "Paweł Śmiały", "Žaneta Dvořáková"))])
def test_old_encodings_in_capitals_and_with_apostrophes(encoding: str, names: tuple[str]) -> None:
    text = "NAME;E-MAIL\n" + "".join(f"{name};r{n}@example.org\n" for n, name in enumerate(names))
    assert [name for _, name in rows(read(text.encode(encoding)))] == list(names)


def test_a_byte_order_mark_says_that_it_is_utf_8() -> None:
    found = read(b"\xef\xbb\xbfName;Email\nM\xfcller;a@example.org\nAnna;b@example.org\n")
    assert rows(found) == [("b@example.org", "Anna")] and len(found.bad) == 1


@pytest.mark.parametrize(("text", "name"), [
    ("Rossi, Anna <a@example.org>\n", "Anna Rossi"),
    ('"Rossi, Anna" <a@example.org>\n', "Rossi, Anna"),
    ("Name;Nachname;Email\nAnna;Rossi;a@example.org\n", "Anna Rossi"),
    ("Vorname;Name;Email\nMaria Anna;Maria Anna Rossi;a@example.org\n", "Maria Anna Rossi"),
    ("First name;Last name;Email\nMin-ji;Na;a@example.org\n", "Min-ji Na"),
    ("First name;Last name;Email\nThomas;Thomas;a@example.org\n", "Thomas Thomas"),
    ("First name;Last name;Email\nBob;B;a@example.org\n", "Bob B"),
    ('email,notes,x\na@example.org,"two\nlines"\n', ""),
    ('email,notes\na@example.org,"hi\nwrite to b@example.org, please"\n', "")])
def test_parts_of_names(text: str, name: str) -> None:
    found = read(text)
    assert rows(found) == [("a@example.org", name)] and not found.bad


def test_lines_after_a_damaged_row_are_nobody() -> None:
    found = read('email,name,note\na@example.org,Anna,"She said "hello", new address:\n'
                 'x@example.org\ndo not write to her"\nb@example.org,Bert,\n')
    assert rows(found) == [("b@example.org", "Bert")]
    assert read('email\n"a@example.org\nb@example.org"\nc@example.org\n').bad


def test_rows_to_be_mended_survive_a_spreadsheet() -> None:
    """They are parted as the list was; a spreadsheet that knows another way puts rows in a cell."""
    found = read("E-Mail;Name;Status\nb@example.org;Jörg;gekündigt?\na@example.org;A;active\n")
    kept = bad_as_text(found)
    assert kept.startswith("line;why;E-Mail;Name;Status")
    mended = kept.replace("gekündigt?", "unsubscribed")
    wrapped = "\n".join('"' + line.replace('"', '""') + '"' for line in mended.splitlines())
    for text in (mended, "\ufeff" + mended, wrapped):
        assert [(p.address.mailbox, p.address.name, p.status) for p in read(text).people] == [
            ("b@example.org", "Jörg", Status.UNSUBSCRIBED)]
    assert bad_as_text(read(kept)).startswith("line;why;E-Mail;Name;Status")
