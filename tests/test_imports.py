"""Lists as other programs export them: columns are kept, sheets and stop-lists are asked about."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from reportgen.diagnostics import Sink
from reportgen.mail.imports import Context, Read, read_list
from reportgen.mail.imports.words import Standing
from reportgen.mail.subscribers import Status

CASES = Path(__file__).parent / "cases" / "mail" / "lists"


def read(data: bytes, name: str = "list.csv", **given: object) -> tuple[Read, Sink]:
    sink = Sink()
    found = read_list(data, Context(name, lambda n: n, **given), sink)  # type: ignore[arg-type]
    return found, sink


@pytest.mark.parametrize(("name", "mailed"), [
    ("10-listmonk.csv", "ann"), ("13-phplist.csv", "ok"), ("16-mailpoet.csv", "m1"),
    ("19-buttondown.csv", "b1"), ("35-confirmed.csv", "yes"), ("36-doi.csv", "yes"),
    ("37-verified.csv", "yes"), ("42-nomail.csv", "yes"), ("43-mail-cell.csv", "anna bo"),
    ("45-bcc-line.txt", "anna bruno carla"), ("53-aktivq.csv", "a")])
def test_a_no_is_a_no_under_any_head(name: str, mailed: str) -> None:
    found, sink = read((CASES / name).read_bytes(), name)
    assert not sink.failed
    assert [p.address.mailbox.split("@")[0] for p in found.people
            if p.status is Status.ACTIVE] == mailed.split()


@pytest.mark.parametrize("cells", ["yes no yes no", "1 0 1 0", "tak nie tak nie", "on off on off",
                                   "0 0 0 0", "A B A A", "✓ ✓  ✓"])
def test_a_column_of_two_values_below_a_head_that_nobody_knows(cells: str) -> None:
    rows = "".join(f"p{n}@example.org,{cell}\n" for n, cell in enumerate(cells.split(" ")))
    found, sink = read(f"email,Qwx\n{rows}".encode())
    assert [d.code for d in sink] == ["unknown-head"] and not found.people
    taken, sink = read(f"email,Qwx\n{rows}".encode(), columns={"qwx": "ignored"})
    assert len(taken.people) == 4 and not sink.failed


def test_a_list_of_those_who_left_by_its_name() -> None:
    rows = b"email,name\na@example.org,A\n"
    found, sink = read(rows, "unsubscribed_members.csv")
    assert [d.code for d in sink] == ["who-left"] and not found.people
    found, sink = read(rows, "unsubscribed_members.csv", left=Standing.UNSUBSCRIBED)
    assert [p.status for p in found.people] == [Status.UNSUBSCRIBED] and not sink.failed


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD: list[object] = ["Name", "E-Mail", "Newsletter"]


def test_a_workbook() -> None:
    found, sink = read(workbook(Verteiler=[["Our list"], [], HEAD, ["Anna", "a@example.org", True],
                                           ["Bo", "b@example.org", False]], Notes=[["x"]]))
    assert not sink.failed
    assert [(p.address.mailbox, p.status) for p in found.people] == [
        ("a@example.org", Status.ACTIVE), ("b@example.org", Status.UNSUBSCRIBED)]


def test_of_several_sheets_the_editor_says_which() -> None:
    data = workbook(Aktiv=[HEAD, ["A", "a@example.org", "ja"]],
                    Weg=[HEAD, ["B", "b@example.org", "ja"]])
    found, sink = read(data)
    assert [d.code for d in sink] == ["two-tables"] and not found.people
    found, _ = read(data, sheets=frozenset({"Aktiv"}))
    assert [p.address.mailbox for p in found.people] == ["a@example.org"]
    _, sink = read(data, sheets=frozenset({"nothing"}))
    assert [d.code for d in sink] == ["no-sheet"]


def test_a_row_that_is_hidden_or_struck_through_is_asked_about() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(L=[
        HEAD, ["A", "a@example.org", "ja"], ["B", "b@example.org", "ja"],
        ["C", "c@example.org", "ja"]])))
    book["L"]["B3"].font = openpyxl.styles.Font(strike=True)
    book["L"].row_dimensions[4].hidden = True
    out = io.BytesIO()
    book.save(out)
    found, _ = read(out.getvalue())
    assert [p.address.mailbox for p in found.people] == ["a@example.org"]
    assert [row.line for row in found.bad] == [3, 4]


@pytest.mark.parametrize("data", [b"PK\x03\x04 nothing", b"PK\x03\x04" + bytes(500),
                                  b"<html><table><tr><td>a@example.org", b"\xd0\xcf\x11\xe0old"])
def test_workbooks_that_are_none(data: bytes) -> None:
    found, sink = read(data, "list.xlsx")
    assert [d.code for d in sink] == ["not-text"] and not found.people


def imported(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "reportgen", "subscribers", "import", *arguments],
                          cwd=folder, capture_output=True, text=True, check=False)


def test_what_the_columns_are_is_told_kept_and_followed(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('title = "A bulletin"\n')
    (tmp_path / "may.csv").write_text("email,Qwx\na@example.org,ja\nb@example.org,nein\n")
    asked = imported(tmp_path, "may.csv")
    assert asked.returncode == 1 and "--column" in asked.stderr
    taken = imported(tmp_path, "may.csv", "--column", "Qwx=subscribed")
    assert taken.returncode == 0, taken.stderr
    assert "Qwx  subscribed" in taken.stderr
    kept = (tmp_path / "lists.toml").read_text("utf-8")
    assert '"Qwx" = "subscribed"' in kept
    (tmp_path / "june.csv").write_text("email,Qwx\nc@example.org,nein\nd@example.org,ja\n")
    again = imported(tmp_path, "june.csv")
    assert again.returncode == 0, again.stderr
    assert again.stdout.strip() == "1 added, 1 not to be written to"
    (tmp_path / "lists.toml").write_text(kept.replace('"subscribed"', '"perhaps"'))
    wrong = imported(tmp_path, "june.csv")
    assert wrong.returncode == 1 and "lists.toml" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_status_4_if_rows_were_not_understood(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('title = "A bulletin"\n')
    (tmp_path / "l.csv").write_text("email,name\na@example.org,A\nb@@example.org,B\n")
    done = imported(tmp_path, "l.csv")
    assert done.returncode == 4 and "1 added, 1 not understood" in done.stdout


def test_who_has_not_confirmed_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('title = "A bulletin"\n')
    (tmp_path / "l.csv").write_text("email,status\na@example.org,active\nb@example.org,pending\n")
    done = imported(tmp_path, "l.csv")
    assert done.returncode == 0 and "1 not confirmed, not taken" in done.stdout
    (tmp_path / "m.csv").write_text("email,status\na@example.org,active\nb@example.org,active\n")
    assert "1 added" in imported(tmp_path, "m.csv").stdout


def active(found: Read) -> list[str]:
    return [p.address.mailbox.split("@")[0] for p in found.people if p.status is Status.ACTIVE]


def test_attributes_are_read_as_columns_of_their_names() -> None:
    rows = ('a@example.org,"{""region"": ""Gulf"", ""unsubscribed"": false}"\n'
            'b@example.org,"{""newsletter"": false}"\n'
            'c@example.org,"{""more"": {""consent"": ""withdrawn 2024-02""}}"\n'
            'd@example.org,"{""note"": ""has left us""}"\ne@example.org,{}\n')
    found, sink = read(f"email,Data\n{rows}".encode())
    assert not sink.failed and active(found) == ["a", "e"]
    assert [row.line for row in found.bad] == [5]


def test_a_sheet_of_those_who_left_counts_for_every_sheet() -> None:
    book = workbook(Suscriptores=[["Correo"], ["a@example.org"], ["b@example.org"]],
                    Bajas=[["Correo", "Motivo"], ["b@example.org", "ya no le interesa"]])
    found, sink = read(book)
    assert not sink.failed and active(found) == ["a"] and len(found.people) == 2
    found, sink = read(workbook(Left_bank=[["Email"], ["a@example.org"]]))
    assert [d.code for d in sink] == ["who-left"]


def test_titles_of_sections_say_who_left() -> None:
    rows = ("Nom;Courriel\nAbonnés;\nAna;a@example.org\nDésabonnés – ne plus écrire;\n"
            "Bo;b@example.org\nEn attente;\nCy;c@example.org\nInscrits;\nDa;d@example.org\n")
    found, sink = read(rows.encode())
    assert not sink.failed and active(found) == ["a", "d"] and found.unconfirmed


def test_rows_in_a_colour_of_their_own_are_asked_about() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Email"])
    for n, letter in enumerate("abcdef", 2):
        sheet.append([f"{letter}@example.org"])
        fill = openpyxl.styles.PatternFill("solid", fgColor="FF0000" if n == 4 else "DDDDDD")
        sheet.cell(n, 1).fill = fill
    out = io.BytesIO()
    book.save(out)
    found, _ = read(out.getvalue())
    assert active(found) == list("abdef") and [row.line for row in found.bad] == [4]


def test_a_legend_below_a_table_is_asked_about() -> None:
    _, sink = read(b"Name,Email\nAnn,a@example.org\nred,\"unsubscribed, do not mail\"\n")
    assert [d.code for d in sink if d.severity.value == "error"] == ["who-left"]


@pytest.mark.parametrize(("head", "no", "remark"), [
    ("Pretplaćen;Napomena", "ne", "odjavila se u maju"), ("Abonuar;Shënime", "jo", "nuk do më"),
    ("الاشتراك;ملاحظات", "لا", "طلبت إلغاء الاشتراك"), ("اشتراک;توضیحات", "خیر", "انصراف داد"),
    ("Жазылған;Ескерту", "жоқ", "бас тартты"), ("Obuna;Izoh", "yo'q", "voz kechdi"),
    ("Εγγραφή;Σημειώσεις", "όχι", "ζήτησε διαγραφή"), ("Hírlevél;Megjegyzés", "nem", "lemondta"),
    ("Odběr;Poznámka", "ne", "odhlásil se"), ("Abonat;Observații", "nu", "nu mai dorește"),
    ("Абониран;Забележка", "не", "отказа се"), ("Utskick;Anteckning", "nej", "vill inte ha"),
    ("订阅;备注", "否", "已退订"), ("購読;備考", "いいえ", "配信停止希望"),
    ("Получает;Прим.", "нет", "просил не присылать"),
    ("Recebe boletim;Obs.", "não", "pediu para sair"),
    ("Prenumeruoja;Pastabos", "ne", "atsisakė"), ("გამოწერილი;შენიშვნა", "არა", "უარი თქვა")])
def test_a_no_in_many_languages(head: str, no: str, remark: str) -> None:
    yes = {"не": "да", "ne": "taip", "no": "yes"}.get(no, "x")
    rows = (f"Email;{head}\na@example.org;{yes};\nb@example.org;{no};\n"
            f"c@example.org;{yes};{remark}\n")
    found, sink = read(rows.encode())
    assert not sink.failed, list(sink)
    assert active(found) == ["a"] and [row.line for row in found.bad] == [4]


def test_remarks_that_nobody_understood_are_told() -> None:
    found, sink = read(b"email,notes\na@example.org,met in Almaty\nb@example.org,\n")
    assert active(found) == ["a", "b"]
    assert any('"met in Almaty"' in d.message for d in sink)


@pytest.mark.parametrize("text", [
    "Anna\tunsubscribed\ta@example.org\nBo\tactive\tb@example.org\n",
    "Anna   unsubscribed   a@example.org\nBo   active   b@example.org\n",
    "Anna (unsubscribed) <a@example.org>\nBo <b@example.org>\n",
    "Anna, has left    a@example.org\nBo    b@example.org\n",
    "name,email,Event comments\nAnna,a@example.org,please remove me\nBo,b@example.org,\n"])
def test_a_no_beside_an_address_is_never_passed_over(text: str) -> None:
    found, sink = read(text.encode())
    assert "a" not in active(found)
    assert sink.failed or found.bad
