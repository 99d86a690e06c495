"""The mail itself: its headers, its parts, its signature, and how it looks in a browser."""

from __future__ import annotations

import email
import email.policy
import html as markup
import re
import subprocess
import tempfile
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from reportgen.diagnostics import Sink
from reportgen.mail.addresses import parse_address
from reportgen.mail.ledger.campaign import Manifest, Recipient
from reportgen.mail.messages.composer import Attached, Composer, encoded
from reportgen.mail.messages.dkim import CannotSign, Signer
from reportgen.model import UNSUBSCRIBE, Letter
from reportgen.pipeline import letter_of, make

from . import post
from .conftest import SAMPLE, SMALL_BRIEF
from .mailservers import need

MANIFEST = Manifest(
    "Die Stiftung für Beispiele <bulletin@example.org>", "bounces@example.org",
    "2026-01-02T03:04:05Z", "example.org", "mail.example.org:587", "Trends <trends.example.org>",
    "editors@example.org", "leave+list@example.org", "https://example.org/leave?who={token}")


LONG = ("Ministero degli Affari Esteri e della Cooperazione Internazionale, Direzione Generale, "
        "capo@palazzo.example")


def person(rcpt: str = "anna@example.org", display: str = "Anna Rossi") -> Recipient:
    return Recipient("a" * 32, rcpt, rcpt, display, "t" * 26, "letter", "pdf", None,
                     "<" + "a" * 32 + "@example.org>")


def parsed(letter: Letter = post.LETTER, to: Recipient | None = None,
           manifest: Manifest = MANIFEST, signer: Signer | None = None,
           tail: bytes = b"") -> tuple[EmailMessage, bytes]:
    composer = Composer(letter, Attached("bulletin.pdf", post.pdf_of(5000)), manifest, signer)
    message = composer.message(to or person(), tail)
    raw = message.as_bytes()
    assert len(raw) == message.size
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    for part in mail.walk():
        assert part.defects == [], (part.get_content_type(), part.defects)
    return mail, raw


def test_the_headers() -> None:
    mail, raw = parsed()
    assert str(mail["From"]) == "Die Stiftung für Beispiele <bulletin@example.org>"
    assert str(mail["To"]) == "Anna Rossi <anna@example.org>"
    assert mail["Reply-To"] == "editors@example.org"
    assert mail["Date"].datetime.isoformat() == "2026-01-02T03:04:05+00:00"
    assert mail["Message-ID"] == "<" + "a" * 32 + "@example.org>"
    assert mail["List-Id"] == "Trends <trends.example.org>"
    assert (f"\r\nList-Unsubscribe: <https://example.org/leave?who={'t' * 26}>,\r\n "
            f"<mailto:leave+list@example.org?subject=unsubscribe%20{'t' * 26}>\r\n").encode() in raw
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Precedence" not in mail and "X-Mailer" not in mail
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert len(names) == len(set(names)), "a header is there twice"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"")


def test_a_long_address_to_unsubscribe_is_not_encoded() -> None:
    """Mail programs look for the address itself (RFC 2369, 2); it may be longer than a line."""
    long = replace(MANIFEST, unsubscribe_url="https://example.org/" + "a" * 200 + "/{token}",
                   list_id="Trends <" + "a-" * 60 + "b.example.org>")
    _, raw = parsed(manifest=long)
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"<https://example.org/" + b"a" * 200 in head and b"=?" not in head.partition(
        b"List-Id")[2]


def test_the_parts() -> None:
    mail, _ = parsed()
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain",
                     "multipart/related", "text/html", "image/png", "application/pdf"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text and html
    way_out = f"https://example.org/leave?who={'t' * 26}"
    assert way_out in text.get_content() and UNSUBSCRIBE not in text.get_content()
    assert f'<a href="{way_out}">' in html.get_content()
    assert "A letter — with a dash." in html.get_content()
    [pdf] = list(mail.iter_attachments())
    assert pdf.get_filename() == "bulletin.pdf" and pdf.get_content() == post.pdf_of(5000)


@pytest.mark.parametrize("display", [
    "Rossi, Anna", 'The "Quoted" One', "Jörg Müller", "Александра Соколова",
    "a" * 190, "名前", "نبيل",
    "x@y", "(comment) \\", "Smile 😀", LONG, LONG.replace(" e ", " è ")])
def test_names_as_people_have_them(display: str) -> None:
    """Of who gets it, and of who sends it."""
    sent = replace(MANIFEST, sender=f"{display} <bulletin@example.org>")
    mail, raw = parsed(to=person(display=display), manifest=sent)
    [address] = mail["To"].addresses
    assert address.addr_spec == "anna@example.org"
    # Python 3.11's newer parser keeps the space between two encoded words (RFC 2047, 6.2).
    assert " ".join(address.display_name.split()) == display
    [(name, sender)] = getaddresses([email.message_from_bytes(raw)["From"]])
    assert sender == "bulletin@example.org"
    assert str(make_header(decode_header(name))) == parse_address(sent.sender).name
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_an_international_address_is_written_in_utf_8() -> None:
    _, raw = parsed(to=person("jörg@example.org", "Jörg"))
    assert "To: Jörg <jörg@example.org>\r\n".encode() in raw


@pytest.mark.parametrize("rcpt", ["anna@example.org", "jörg@example.org"])
@pytest.mark.parametrize("title", [
    "Мир и безопасность, № 1, Апрель 2019: исправленное издание", "Short",
    "Стратегические тенденции: ежемесячный бюллетень Института международных отношений",
    "戦略動向" * 40, "Strategic Trends " * 12, "a" * 300, "=?utf-8?q?x?= and more"])
def test_the_subject_as_it_was_written(title: str, rcpt: str) -> None:
    """To the space; the standard library loses those between two encoded words."""
    mail, raw = parsed(replace(post.LETTER, subject=title), to=person(rcpt))
    subject = email.message_from_bytes(raw)["Subject"]
    wanted = " ".join(title.replace("=?", "= ?").split())
    if raw.isascii():
        assert re.sub(r"\s+", " ", str(make_header(decode_header(subject)))) == wanted
    assert " ".join(str(mail["Subject"]).split()) == wanted
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(("name", "kept"), [
    ("Жанна " * 150, ("Жанна " * 34)[:200]),
    ('a"\\' * 300, 'a"\\' * 66 + 'a"'), ("Na\u202eme", "Na me"),
    (r'"Anna \"Nan\" Rossi"', 'Anna "Nan" Rossi'), ('"Rossi, Anna"', "Rossi, Anna")])
@pytest.mark.parametrize("rcpt", ["anna@example.org", f"{'é' * 30}@example.org"])
def test_a_name_beside_an_address_is_cleaned(name: str, kept: str, rcpt: str) -> None:
    address = parse_address(f"{name} <{rcpt}>")
    assert address.name == kept
    mail, raw = parsed(to=person(rcpt, address.name))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    shown = mail["To"].addresses[0].display_name.encode("utf-8", "surrogateescape").decode()
    assert " ".join(shown.split()) == kept


def test_a_name_that_looks_encoded_is_not_decoded() -> None:
    mail, _ = parsed(to=person(display="=?utf-8?q?fake?="))
    assert mail["To"].addresses[0].display_name == "= ?utf-8?q?fake?="


def test_a_personal_copy_goes_on_from_the_shared_bytes() -> None:
    for size in (0, 1, 56, 57, 5000):
        mail, _ = parsed(tail=b"t" * size)
        [pdf] = list(mail.iter_attachments())
        assert pdf.get_content() == post.pdf_of(5000) + b"t" * size


def test_base64_is_the_standard_librarys() -> None:
    import base64

    for size in (0, 1, 56, 57, 58, 1000):
        data = post.pdf_of(size)
        assert encoded(data) == base64.encodebytes(data.ljust(0)).replace(
            b"\n", b"\r\n") or len(data) > 57  # encodebytes has lines of 76 letters too
        assert base64.b64decode(encoded(data)) == data
        assert all(len(line) <= 76 for line in encoded(data).split(b"\r\n"))


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_dkim_verifies_with_another_program(kind: str) -> None:
    """dkimpy, with the key as DNS would have it; any change breaks the signature."""
    import base64

    import dkim
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if kind == "rsa":
        key = rsa.generate_private_key(65537, 2048)
        public = key.public_key().public_bytes(form.Encoding.DER,
                                               form.PublicFormat.SubjectPublicKeyInfo)
    else:
        key = ed25519.Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    record = f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}".encode()

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"april._domainkey.example.org."
        return record

    mail, raw = parsed(signer=Signer("example.org", "april", pem))
    assert dkim.verify(raw, dnsfunc=dns)
    signature = re.sub(r"\s", "", str(mail["DKIM-Signature"]))
    assert "c=relaxed/simple" in signature and "list-unsubscribe-post" in signature
    assert re.search(r"h=from:.*:from;", signature), "From is signed against a second one"
    for old, new in ((b"Subject: A bulletin", b"Subject: Another"), (b"A letter", b"B letter"),
                     (b"List-Unsubscribe: ", b"List-Unsubscribe: <https://evil.example/>, "),
                     (b"From: ", b"From: evil@example.net\r\nFrom: "), (b"JVBERi", b"JVBERj")):
        changed = raw.replace(old, new, 1)
        assert changed != raw and not dkim.verify(changed, dnsfunc=dns), old


@pytest.mark.parametrize("key", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_is_none_is_told(key: bytes) -> None:
    with pytest.raises(CannotSign, match="no private key"):
        Signer("example.org", "april", key)


# ---------------------------------------------------------------- the letter of the sample


@pytest.fixture(scope="module")
def letters() -> dict[str, Letter]:
    """The letter of the sample issue, with the PDF attached and linked."""
    sink = Sink()
    made = make(SAMPLE, (), ("screen",), sink)
    links = {"attached": "", "linked": "https://bulletin.example.org/2019-04.pdf"}
    found = {name: letter_of(made, link, sink) for name, link in links.items()}
    assert not sink.failed
    return {name: letter for name, letter in found.items() if letter}


@pytest.mark.slow
def test_the_letter_says_what_is_in_the_issue(letters: dict[str, Letter]) -> None:
    attached, linked = letters["attached"], letters["linked"]
    assert attached.subject == "Strategic Trends, No. 28, April 2019"
    for words in ("A handover by appointment", "Aliya Serikova", "Unsubscribe",
                  "Kazakhstan has a second president", "April was a month of departures"):
        assert words in markup.unescape(attached.html).replace("\u00a0", " "), words
        assert words in " ".join(attached.text.split()), words
    assert "attached as a PDF" in attached.text and "attached as a PDF" in attached.html
    assert 'href="https://bulletin.example.org/2019-04.pdf#brief-gulf"' in linked.html
    assert "Read the bulletin (PDF):\nhttps://bulletin.example.org/2019-04.pdf" in linked.text
    assert "attached" not in linked.text + linked.html


@pytest.mark.slow
def test_a_letter_of_chosen_regions_and_a_note_with_links(tmp_path: Path) -> None:
    """A selection says that it is one; what links in the note has its address beside it."""
    note = "Read [our report](https://example.org/report/), <https://example.org/a> and so on."
    (tmp_path / "i").mkdir()
    (tmp_path / "i" / "central-asia.md").write_text(SMALL_BRIEF)
    (tmp_path / "i" / "issue.toml").write_text(f'date = 2019-04-01\neditors-note = "{note}"\n')
    (tmp_path / "series.toml").write_text('title = "Our Bulletin"\n')
    sink = Sink()
    made = make(tmp_path / "i", (), ("screen",), sink)
    whole, part = letter_of(made, "", sink), letter_of(made, "", sink, chosen=True)
    assert whole and part and not sink.failed
    for text in (part.text, part.html):
        assert "It has the regions that you chose: Central Asia." in text
        assert "our report (https://example.org/report/), https://example.org/a and so on." in (
            " ".join(markup.unescape(re.sub("<[^>]*>", "", text)).split()))
    assert "chose" not in whole.text + whole.html.partition("<body")[2]


@pytest.mark.slow
def test_nothing_in_the_letter_has_to_be_fetched(letters: dict[str, Letter]) -> None:
    html = letters["attached"].html
    assert re.findall(r'src="([^"]*)"', html) == ["cid:cover"]
    assert "url(" not in html and "<link" not in html and "<script" not in html
    assert 'style="' in html and "prefers-color-scheme: dark" in html
    assert len(html) < 100_000  # Gmail cuts off at 102 kB


def browser(page: str, width: int, *flags: str) -> Path:
    """Return a picture of a page in Chromium; the page may write into its title."""
    folder = Path(tempfile.mkdtemp())
    (folder / "page.html").write_text(page)
    subprocess.run(
        [need("chromium", "chromium"), "--headless", "--no-sandbox", "--disable-gpu",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--hide-scrollbars", f"--user-data-dir={folder / 'user'}",
         f"--window-size={width},2600", f"--screenshot={folder / 'page.png'}", *flags,
         (folder / "page.html").as_uri()], check=True, capture_output=True, timeout=120)
    return folder / "page.png"


DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 800])
def test_the_letter_in_a_browser(width: int, letters: dict[str, Letter]) -> None:
    """Wide and narrow, light and dark: nothing is cut off at the right, and text is not lost.

    The narrow window is a frame, because Chromium's own windows are wider.
    """
    page = letters["attached"].html.replace("cid:cover", "cover.png")  # and no picture
    framed = (f'<body style="margin:0;background:#00f"><iframe width="{width}" height="2600" '
              f'style="border:0;display:block" srcdoc="{markup.escape(page)}"></iframe>')
    for flags, paper, ink in (((), 255, 29), (DARK, 30, 233)):
        picture = Image.open(browser(framed, 800, *flags)).convert("RGB")
        top = 12 if width < 640 else 30
        assert picture.getpixel((width // 2, top))[0] == pytest.approx(paper, abs=3)  # type: ignore[index]
        column = picture.crop((0, 0, width, 1200)).convert("L")
        darkest, lightest = column.getextrema()
        assert (darkest if paper == 255 else lightest) == pytest.approx(ink, abs=40)
        edge = picture.crop((width - 6, 40, width, 1000))
        assert len(edge.getcolors(100_000) or ()) == 1, "something reaches the edge"


@pytest.mark.slow
def test_outlooks_word_engine_gets_a_table_of_the_width(letters: dict[str, Letter]) -> None:
    """It reads what stands in comments for it, and knows neither max-width nor style sheets."""
    html = letters["attached"].html
    opened, closed = html.split("<!--[if mso]><table")[1:], html.split("</table><![endif]-->")[:-1]
    assert len(opened) == len(closed) == 1
    word = re.sub(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", r"\1", html, flags=re.S)
    word = re.sub(r"<style.*?</style>|max-width: ?[^;\"]*;?", "", word, flags=re.S)
    picture = Image.open(browser(word.replace("cid:cover", "cover.png"), 1200)).convert("RGB")
    row = picture.crop((0, 60, 1200, 61))
    white = [x for x in range(1200) if row.getpixel((x, 0)) == (255, 255, 255)]
    assert white[0] == pytest.approx(300, abs=12) and white[-1] == pytest.approx(900, abs=12)


@pytest.mark.slow
def test_a_mail_that_gmail_would_cut_off_is_made_shorter() -> None:
    from reportgen.assets import Assets
    from reportgen.model import Paragraph, Run
    from reportgen.rendering.letter import CLIPPED
    from reportgen.rendering.letter import letter_of as written

    made = make(SAMPLE, (), ("screen",), Sink())
    note = tuple(Paragraph((Run(f"Paragraph {n}. " + "Many words of the editor. " * 40),))
                 for n in range(200))
    bulletin, sink = replace(made.bulletin, editors_note=note), Sink()
    web = "https://www.example.org/2019-04"
    letter = written(bulletin, made.editions[0].pdf, "", Assets(None, ("default",)), sink,
                     web_link=web)
    assert letter and len(letter.html.encode()) <= CLIPPED
    assert [d.code for d in sink] == ["long-mail"]
    assert "Paragraph 0." in letter.html and "Paragraph 199." not in letter.html
    assert letter.html.count(web) >= 2 and UNSUBSCRIBE in letter.html
    assert "Paragraph 199." in letter.text and web in letter.text


@pytest.mark.slow
def test_the_cover_is_the_pdfs_first_page(letters: dict[str, Letter]) -> None:
    import io

    picture = Image.open(io.BytesIO(letters["attached"].cover)).convert("L")
    assert picture.width == 560
    assert len(letters["attached"].cover) < 80_000
    darkest, lightest = picture.getextrema()
    assert darkest < 60 and lightest > 240  # type: ignore[operator]
