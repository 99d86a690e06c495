"""A bulletin as a letter: what the mail that carries it says, as HTML and as plain text.

The theme's templates mail.html and mail.txt make it; css-inline puts mail.css
into the elements, because mail programs drop style sheets. Nothing in it has to
be fetched, so nobody can see who opens it.
"""

from __future__ import annotations

import io
import re
from itertools import groupby
from urllib.parse import urlsplit

from jinja2 import Environment
from msgspec import Struct
from msgspec.structs import asdict, replace

from reportgen.assets import Assets, Kind
from reportgen.diagnostics import Sink, Span
from reportgen.model import (
    UNSUBSCRIBE,
    Block,
    Bulletin,
    CodeBlock,
    Heading,
    Inline,
    Letter,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    SourceList,
    Text,
    plain,
)
from reportgen.rendering.html import environment_for, place_of

TEMPLATES = ("mail.html", "mail.txt")

COVER_WIDTH = 560
"""Pixels of the cover's picture: twice the CSS px in which it is shown."""

_PREHEADER = 140
"""Letters that a list of mails shows after the subject."""


class MailBrief(Struct, frozen=True):
    """A brief as the mail announces it, in plain words."""

    region: str
    colour: str
    anchor: str
    """Its place in the PDF."""
    language: str
    title: str
    standfirst: str
    authors: tuple[str, ...]
    words: dict[str, str]


CLIPPED = 102_000
"""Bytes of HTML over which Gmail shows "message clipped"."""


class MailPage(Struct, frozen=True):
    """What the templates of the mail receive."""

    subject: str
    title: str
    """Of the series."""
    issue: str
    """Number and month."""
    subtitle: str
    publisher: str
    url: str
    language: str
    words: dict[str, str]
    """The furniture's words in the bulletin's language."""
    preheader: str
    """What lists of mails show beside the subject."""
    pdf_link: str
    """Where the PDF can be read; empty: it is attached."""
    web_link: str
    """Where the issue stands on the web; empty: nowhere."""
    chosen: str
    """Regions that the reader chose, whose briefs are all that it has; empty: it is whole."""
    editors_note: tuple[str, ...]
    """Its paragraphs."""
    briefs: tuple[MailBrief, ...]
    unsubscribe: str
    """Stands for the address that unsubscribes the reader."""
    cut: bool = False
    """Something was left out so that no mail program cuts it off: the PDF has all of it."""


def letter_of(bulletin: Bulletin, pdf: bytes, pdf_link: str, assets: Assets,
              sink: Sink, *, chosen: bool = False, web_link: str = "") -> Letter | None:
    """Return the letter that carries `pdf`, or links to it; None and an error if a template fails.

    `chosen` says that the bulletin has the regions that its readers chose alone,
    `web_link` where it stands on the web. What makes the HTML longer than Gmail
    shows is left out, and told: first standfirsts, from the last brief on, then
    paragraphs of the editor's note. Raises nothing: what is wrong goes to `sink`.
    """
    regions = dict.fromkeys(brief.region for brief in bulletin.briefs) if chosen else ()
    page = replace(_page(bulletin, pdf_link, ", ".join(regions)), web_link=web_link)
    environment = environment_for(assets)
    environment.filters["host"] = lambda url: urlsplit(url).netloc or url
    environment.filters["address"] = lambda url: url.partition("://")[2] or url
    html = _fitting(page, environment, assets, sink)
    # Text is not markup: a template of it escapes nothing.
    text = _filled("mail.txt", page, environment.overlay(autoescape=False), assets, sink)
    if html is None or text is None:
        return None
    return Letter(subject=page.subject, html=html, text=_tidy(text),
                  language=bulletin.language, cover=cover_picture(pdf))


def _fitting(page: MailPage, environment: Environment, assets: Assets, sink: Sink) -> str | None:
    """Return the HTML, of `CLIPPED` bytes at most if leaving out makes it so; None: it fails."""
    whole = page
    while True:
        filled = _filled("mail.html", page, environment, assets, sink)
        html = _inlined(filled) if filled is not None else None
        less = _less(page)
        if html is None or len(html.encode()) <= CLIPPED or less is None:
            if page is not whole and html is not None:
                sink.warning("long-mail", f"the mail would be longer than {CLIPPED:,} bytes, which "
                             "Gmail cuts off: standfirsts or the end of the editor's note are left "
                             "out of it, not of the PDF", Span("mail.html"))
            return html
        page = less


def _less(page: MailPage) -> MailPage | None:
    """Return a page with half of what can be left out; None: nothing can."""
    with_standfirst = [n for n, brief in enumerate(page.briefs) if brief.standfirst]
    if with_standfirst:
        first = with_standfirst[len(with_standfirst) // 2]
        return replace(page, cut=True, briefs=tuple(
            replace(brief, standfirst="") if n >= first else brief
            for n, brief in enumerate(page.briefs)))
    if page.editors_note:
        return replace(page, cut=True, editors_note=page.editors_note[:len(page.editors_note) // 2])
    return None


def _page(bulletin: Bulletin, pdf_link: str, chosen: str) -> MailPage:
    number = f"{bulletin.words['issue']} {bulletin.number}" if bulletin.number else ""
    issue = ", ".join(part for part in (number, bulletin.month) if part)
    briefs = tuple(
        MailBrief(b.region, b.colour, b.anchor, b.language, _words(plain(b.title)),
                  _words(plain(b.standfirst)), tuple(a.name for a in b.authors), b.words)
        for b in bulletin.briefs)
    note = tuple(row for block in bulletin.editors_note for row in _paragraphs(block))
    preheader = " · ".join(brief.title for brief in briefs)
    return MailPage(
        ", ".join(part for part in (bulletin.title, issue) if part), bulletin.title, issue,
        bulletin.subtitle, bulletin.publisher, bulletin.url, bulletin.language, bulletin.words,
        preheader if len(preheader) <= _PREHEADER else preheader[:_PREHEADER].rsplit(" ", 1)[0]
        + " …", pdf_link, "", chosen, note, briefs, UNSUBSCRIBE)


def _paragraphs(block: Block) -> list[str]:
    """Return what a block says, in plain paragraphs; pictures and tables are in the PDF."""
    match block:
        case Paragraph() | Heading():
            return [_words(_with_addresses(block.text))]
        case Quote():
            return [row for inner in block.blocks for row in _paragraphs(inner)]
        case ListBlock():
            signs = block.marks or ("•",) * len(block.items)
            return [f"{sign} {row}" for sign, item in zip(signs, block.items, strict=True)
                    for inner in item for row in _paragraphs(inner)]
        case CodeBlock():
            return [block.text]
        case SourceList():
            return [_words(_with_addresses(text)) for text in (block.title, *block.entries)]
    return []


def _with_addresses(text: Text) -> str:
    """Return the words of a text, behind what links out of it the address."""
    def address(inline: Inline) -> str:
        href = inline.style.href if isinstance(inline, Run) else None
        return href if href and not href.startswith("#") else ""

    pieces = []
    for href, inlines in groupby(text, address):
        words = plain(tuple(inlines))
        bare = href.removeprefix("mailto:").removeprefix("https://").rstrip("/")
        pieces.append(words if bare in _words(words) else f"{words} ({href})")
    return "".join(pieces)


def _words(text: str) -> str:
    """Return text for a screen of any width: no soft hyphens, no breaks."""
    return " ".join(re.sub("[\u00ad\u200b\u2060]", "", text).split(" ")).replace("\n", " ").strip()


def _filled(name: str, page: MailPage, environment: Environment, assets: Assets,
            sink: Sink) -> str | None:
    try:
        return environment.get_template(name).render(
            asdict(page), styles=_styles("mail.css", assets),
            screen_styles=_styles("mail-screen.css", assets))
    except Exception as error:  # a template is a program of the user's: anything may go wrong
        template, line = place_of(error)
        sink.error("template", str(error), Span(f"templates/{template}", line),
                   "docs/themes.md has what a template of the mail receives")
        return None


def _styles(name: str, assets: Assets) -> str:
    """Return a style sheet as text that can stand in a style element."""
    from markupsafe import Markup

    path = assets.find(name, Kind.STYLE)
    return Markup(path.read_text("utf-8").replace("</", "<\\/")) if path else Markup()


def _inlined(html: str) -> str:
    import css_inline

    inlined: str = css_inline.CSSInliner(load_remote_stylesheets=False).inline(html)
    return inlined


def _tidy(text: str) -> str:
    """Return text without blank lines in a row; a reader's program folds what is long."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def cover_picture(pdf: bytes) -> bytes:
    """Return the first page of a PDF as PNG, 560 px wide, of 64 colours."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        scale = COVER_WIDTH / page.get_width()
        picture = page.render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
