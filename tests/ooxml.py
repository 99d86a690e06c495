"""Word files made by hand: the parts that a test is about, and what no file can do without."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
      'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
      'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
      'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
      'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
      'xmlns:v="urn:schemas-microsoft-com:vml" '
      'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
      'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
      'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
      'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"')
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{code}"><w:name w:val="{name}"/></w:style>'
    for code, name in (("Title", "Title"), ("Heading1", "heading 1"), ("Heading2", "heading 2"),
                       ("Quote", "Quote"), ("FootnoteText", "footnote text")))
_STYLES += ('<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/>'
            "<w:rPr><w:vanish/></w:rPr></w:style>")


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph of runs; a run that is no XML is text."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(r if r.startswith('<') else run(r) for r in runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """Return a run of text with properties in XML."""
    return (f"<w:r><w:rPr>{properties}</w:rPr>"
            f'<w:t xml:space="preserve">{text}</w:t></w:r>')


def note_call(number: int, kind: str = "footnote") -> str:
    """Return the call of a note."""
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def notes(texts: Mapping[int, str], kind: str = "footnote") -> str:
    """Return the part of the notes."""
    rows = "".join(f'<w:{kind} w:id="{n}">{text}</w:{kind}>' for n, text in texts.items())
    return f"<w:{kind}s {_W}>{rows}</w:{kind}s>"


def comments(texts: Mapping[int, tuple[str, str]]) -> str:
    """Return the part of the comments: author and text by number."""
    rows = "".join(f'<w:comment w:id="{n}" w:author="{author}">{paragraph(text)}</w:comment>'
                   for n, (author, text) in texts.items())
    return f"<w:comments {_W}>{rows}</w:comments>"


def document(body: str, parts: Mapping[str, str | bytes] | None = None,
             relations: str = "") -> bytes:
    """Return a .docx of a body in XML, with more parts of `word/`, and relations in XML.

    Parts whose name begins with a slash are not below `word/`.
    """
    kinds = {"footnotes.xml": "footnotes", "endnotes.xml": "endnotes", "comments.xml": "comments",
             "styles.xml": "styles", "numbering.xml": "numbering"}
    inner: dict[str, str | bytes] = {"styles.xml": f"<w:styles {_W}>{_STYLES}</w:styles>",
                                     **(parts or {})}
    types = "".join(f'<Override PartName="/word/{name}" ContentType="{_TYPES}{kinds[name]}+xml"/>'
                    for name in inner if name in kinds)
    links = "".join(f'<Relationship Id="p{n}" Type="{_RELATION}{kinds[name]}" Target="{name}"/>'
                    for n, name in enumerate(inner) if name in kinds) + relations
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    package = "http://schemas.openxmlformats.org/package/2006/"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml":
            f'{head}<Types xmlns="{package}content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            f'<Default Extension="emf" ContentType="image/x-emf"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPES}document.main+xml"/>'
            f"{types}</Types>",
        "_rels/.rels":
            f'{head}<Relationships xmlns="{package}relationships"><Relationship Id="r1" '
            f'Type="{_RELATION}officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels":
            f'{head}<Relationships xmlns="{package}relationships">{links}</Relationships>',
        "word/document.xml": f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>",
        **{name[1:] if name.startswith("/") else f"word/{name}": data
           for name, data in inner.items()}}
    return packed(files)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def link(identifier: str, address: str) -> str:
    """Return the relation of a link."""
    return (f'<Relationship Id="{identifier}" Type="{_RELATION}hyperlink" Target="{address}" '
            'TargetMode="External"/>')


def image(identifier: str, target: str, mode: str = "") -> str:
    """Return the relation of a picture."""
    return (f'<Relationship Id="{identifier}" Type="{_RELATION}image" Target="{target}"'
            f'{mode and f" TargetMode={chr(34)}{mode}{chr(34)}"}/>')


def picture(identifier: str, alternative: str) -> str:
    """Return a run with a picture."""
    return (f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="{alternative}"/>'
            '<a:graphic><a:graphicData><pic:pic><pic:blipFill>'
            f'<a:blip r:embed="{identifier}" r:link="{identifier}"/></pic:blipFill></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>")
