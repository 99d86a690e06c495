"""The same bulletin for the peers: HTML for WeasyPrint and Prince, a file for Typst."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from reportgen.diagnostics import Sink
from reportgen.export import press_of
from reportgen.model import (
    Block,
    Bulletin,
    CodeBlock,
    Figure,
    Heading,
    LineBreak,
    ListBlock,
    NoteCall,
    Paragraph,
    Quote,
    Run,
    Table,
    Text,
    plain,
)
from reportgen.rendering.html import _Markup
from reportgen.session import open_session
from reportgen.standards import ColourSpace
from reportgen.store import Store

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent / "page"


@dataclass(frozen=True)
class Material:
    """Files for the peers, and what they write."""

    folder: Path
    html: Path
    source: Path
    weasyprint: Path
    typst: Path
    prince: Path
    titles: tuple[str, ...]
    """Beginnings of the notes, by which they are found in any PDF."""


def material(issue: Path, folder: Path) -> Material:
    """Write the bulletin of `issue` for the peers into `folder`."""
    session = open_session(issue, (), Sink(), press_of, store=Store(None))
    assert session is not None
    bulletin, _ = session.pages(ColourSpace.RGB)
    for brief in bulletin.briefs:
        svg = folder / f"{brief.anchor}.svg"
        subprocess.run([sys.executable, "-m", "reportgen", "map", brief.region, "--width", "41",
                        "-o", str(svg)], check=True, capture_output=True)
    html, source = folder / "page.html", folder / "doc.typ"
    html.write_text(_html(bulletin, folder), encoding="utf-8")
    source.write_text(_typst(bulletin), encoding="utf-8")
    titles = tuple(plain(note.text)[:40] for brief in bulletin.briefs for note in brief.notes)
    return Material(folder, html, source, folder / "weasyprint.pdf", folder / "typst.pdf",
                    folder / "prince.pdf", titles)


# ---------------------------------------------------------------- WeasyPrint, Prince

_WEASYPRINT = ("import sys, weasyprint; weasyprint.HTML(filename=sys.argv[1])"
               ".write_pdf(sys.argv[2], pdf_tags=True)")


def weasyprint(files: Material) -> list[str]:
    """Return the command that lays out and writes the HTML."""
    return [sys.executable, "-W", "ignore", "-c", _WEASYPRINT, str(files.html),
            str(files.weasyprint)]


def prince(files: Material) -> list[str]:
    """Return the same with Prince, if it is installed (PyPI `prince-pdf` is it); else nothing."""
    program = shutil.which("prince", path=os.pathsep.join(
        (str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
    return [program, "--pdf-profile=PDF/UA-1", str(files.html), "-o",
            str(files.prince)] if program else []


def _html(bulletin: Bulletin, folder: Path) -> str:
    markup = _Markup({})
    environment = Environment(
        loader=FileSystemLoader([str(HERE), str(ROOT / "templates" / "default")]), autoescape=True,
        trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"text": markup.text, "blocks": markup.blocks, "plain": plain,
                            "url": lambda name: f"{name.removeprefix('map-of-')}.svg",
                            "direction": lambda _: "ltr"}
    template = environment.from_string(
        "<!DOCTYPE html><html lang={{ bulletin.language }}><head><meta charset=utf-8>"
        "<title>{{ title }}</title><style>{{ style | safe }}</style></head><body>"
        "<section class=cover><p class=cover-title>{{ title }}</p></section>"
        "{% include 'contents.html' %}{% for brief in briefs %}{% include 'brief.html' %}"
        "{% endfor %}</body></html>")
    styles = [_faces()] + [path.read_text(encoding="utf-8") for path in (
        HERE / "page.css", HERE / "brief.css", ROOT / "styles/default/cover.css",
        ROOT / "styles/default/matter.css")]
    return template.render(
        bulletin=bulletin, briefs=bulletin.briefs, title=bulletin.title, words=bulletin.words,
        sources=(), editors_note=(), style="\n".join(styles), folios={})


def _faces() -> str:
    import tomllib

    theme = tomllib.loads((ROOT / "styles/default/theme.toml").read_text(encoding="utf-8"))
    return "".join(
        f'@font-face {{ font-family: "{f["family"]}"; font-weight: {f["weight"]}; font-style: '
        f'{"italic" if f.get("italic") else "normal"}; src: url({ROOT / "styles" / f["file"]}) }}\n'
        for f in theme["face"])


# ---------------------------------------------------------------- Typst

_TYPST = ("import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], "
          "font_paths=[sys.argv[3]], ignore_system_fonts=True)")

_HEAD = """#set page(paper: "a4", margin: (top: 24mm, right: 17mm, bottom: 19mm, left: 68mm),
  header: [{title} #h(1fr) {month}], numbering: "1")
#set text(font: "Bulletin Text", size: 9.3pt, hyphenate: true, lang: "{language}")
#set par(justify: true, leading: 0.6em, first-line-indent: 4.2mm, spacing: 0.6em)
#let brief(r, t, s, a, b, m, body) = {{
  pagebreak(weak: true); counter(footnote).update(0)
  place(dx: -52mm, block(width: 41mm)[#text(font: "Bulletin Sans", weight: 600, r)
    #image(m, width: 41mm) #text(font: "Bulletin Sans", 7.8pt)[*#a* #b]])
  heading(level: 1, text(font: "Bulletin Display", 27pt, t)); text(11.4pt, s); parbreak()
  [By *#a*]; parbreak(); body
}}
#heading(outlined: false)[{title} {month}]
#pagebreak()
#outline()
"""


def typst(files: Material) -> list[str]:
    """Return the command that compiles the file for Typst."""
    return [sys.executable, "-c", _TYPST, str(files.source), str(files.typst),
            str(ROOT / "styles/fonts")]


def _typst(bulletin: Bulletin) -> str:
    rows = [_HEAD.format(title=_escaped(bulletin.title), month=bulletin.month,
                         language=bulletin.language)]
    for brief in bulletin.briefs:
        author = brief.authors[0] if brief.authors else None
        texts = (brief.region, plain(brief.title), plain(brief.standfirst),
                 author.name if author else "", plain(author.bio) if author else "")
        quoted = ", ".join(f"[{_escaped(text)}]" for text in texts)
        body = "\n\n".join(_block(block) for block in brief.blocks)
        rows.append(f'#brief({quoted}, "{brief.anchor}.svg")[\n{body}\n]')
    return "\n".join(rows)


def _escaped(text: str) -> str:
    return re.sub(r"([\\#$*_`<>@~\[\]=/+-])", r"\\\1", text.replace("\u2060", ""))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _text(block.text)
        case Heading():
            return f"#heading(level: 2, outlined: false)[{_text(block.text)}]"
        case ListBlock():
            kind = "enum" if block.ordered else "list"
            items = "".join("[" + "\n\n".join(map(_block, item)) + "]" for item in block.items)
            return f"#{kind}{items}"
        case Quote():
            return "#quote(block: true)[" + "\n\n".join(map(_block, block.blocks)) + "]"
        case Table():
            cells = "".join(f"[{_text(cell)}]" for row in (block.head, *block.rows)
                            for cell in row)
            return f"#table(columns: {len(block.head)}){cells}"
        case CodeBlock():
            return _escaped(block.text)
        case Figure():
            return _text(block.caption)
    return ""


def _text(text: Text) -> str:
    out = []
    for inline in text:
        match inline:
            case NoteCall():
                out.append(f"#footnote[{_text(inline.note.text)}]")
            case LineBreak():
                out.append(" \\ ")
            case Run():
                words = _escaped(inline.text)
                if inline.style.href and not inline.style.href.startswith("#"):
                    words = f'#link("{inline.style.href}")[{words}]'
                if inline.style.emphasis:
                    words = f"#emph[{words}]"
                if inline.style.strong:
                    words = f"#strong[{words}]"
                out.append(words)
    return "".join(out)
