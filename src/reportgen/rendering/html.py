"""A bulletin as HTML: the theme's templates, and text as markup.

Only what the model knows becomes markup, so nothing in a brief can bring in a
tag, a script or a template of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape
from msgspec.structs import asdict

from reportgen.assets import Assets, Kind
from reportgen.diagnostics import Sink, Span
from reportgen.language.addresses import shown_address
from reportgen.language.languages import language_of
from reportgen.model import (
    Block,
    Bulletin,
    CodeBlock,
    Figure,
    Heading,
    Inline,
    LineBreak,
    ListBlock,
    Note,
    NoteCall,
    Paragraph,
    Picture,
    PlacedPicture,
    Quote,
    Run,
    Separator,
    SourceList,
    Style,
    Table,
    Text,
    plain,
)
from reportgen.rendering.fetcher import ROOT
from reportgen.store import Store, digest
from reportgen.texts import is_address
from reportgen.typesetting.inline import LONGEST_WORD

TEMPLATE = "bulletin.html"

ZERO_WIDTH_SPACE = "\u200b"
"""A place where a line may break; WeasyPrint breaks there before it breaks a word."""



class _Loader(BaseLoader):
    """Loads templates by the search path of `Assets`."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        path = self._assets.find(template, Kind.TEMPLATE)
        if path is None:
            raise TemplateNotFound(template)
        return path.read_text(encoding="utf-8"), template, None


class _Compiled(BytecodeCache):
    """Keeps compiled templates from build to build."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._store.get("template", digest(bucket.key, bucket.checksum), Sink())
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._store.put("template", digest(bucket.key, bucket.checksum),
                        bucket.bytecode_to_string())


def environment_for(assets: Assets, store: Store | None = None) -> Environment:
    """Return the template environment of a series; compiled templates are kept in `store`."""
    environment = SandboxedEnvironment(
        loader=_Loader(assets), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, bytecode_cache=_Compiled(store or Store(None)))
    environment.filters |= {"url": resource_url, "plain": plain, "direction": _direction}
    return environment


def bulletin_html(bulletin: Bulletin, stylesheets: tuple[str, ...],
                  folios: Mapping[str, int], environment: Environment,
                  sink: Sink) -> str | None:
    """Return the HTML of the pages around the briefs; None and an error if a template is wrong.

    `folios` has the number of the page on which each brief begins, by its anchor.
    """
    markup = _Markup({p.name: p for p in bulletin.pictures})
    environment.filters |= {"text": markup.text, "blocks": markup.blocks}
    try:
        return environment.get_template(TEMPLATE).render(
            asdict(bulletin), bulletin=bulletin, stylesheets=stylesheets, folios=folios)
    except Exception as error:  # a template is a program of the user's: anything may go wrong
        name, line = place_of(error)
        sink.error("template", str(error), Span(f"templates/{name}", line),
                   "docs/themes.md has what a template receives")
        return None


def place_of(error: Exception) -> tuple[str, int]:
    """Return the template and line in which `error` arose; line 0 if it is not known."""
    if isinstance(error, TemplateSyntaxError):
        return error.name or TEMPLATE, error.lineno
    trace, name, line = error.__traceback__, TEMPLATE, 0
    while trace:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            name = template.name
            line = template.get_corresponding_lineno(trace.tb_lineno)
        elif trace.tb_frame.f_code.co_name in ("template", "top-level template code"):
            name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return name, line


def _direction(code: str) -> str:
    """Return the direction of a language, for HTML's attribute `dir`: `ltr` or `rtl`."""
    return language_of(code).direction.value


def resource_url(name: str) -> str:
    """Return the address under which the page asks for a drawing, picture or style sheet."""
    return ROOT + name


class _Markup:
    """Turns the model's text into markup."""

    def __init__(self, pictures: dict[str, PlacedPicture]) -> None:
        self._pictures = pictures

    # -- inline

    def text(self, text: Text) -> Markup:
        """Return text as markup; what links together, or is emphasised, is one element."""
        out = []
        for href, group in groupby(text, key=lambda i: i.style.href if isinstance(i, Run) else ""):
            inlines = tuple(group)
            linked = self._styled(inlines)
            if href:
                address = all(isinstance(i, Run) and is_address(i) for i in inlines)
                kind = Markup(' class="address"') if address else ""
                linked = Markup('<a href="{}"{}>{}</a>').format(href, kind, linked)
            out.append(linked)
        return Markup("").join(out)

    def _styled(self, text: Text) -> Markup:
        out = []
        for style, group in groupby(text, key=lambda i: i.style if isinstance(i, Run) else None):
            inlines = list(group)
            if style is None:
                out += [self._inline(inline) for inline in inlines]
            else:
                words = "".join(i.text for i in inlines if isinstance(i, Run))
                out.append(_run(words, style, is_address(inlines[0])))  # type: ignore[arg-type]
        return Markup("").join(out)

    def _inline(self, inline: Inline) -> Markup:
        match inline:
            case NoteCall():
                return self._note(inline.note)
            case LineBreak():
                return Markup("<br>")
            case Picture():
                return self._picture(inline)
        raise TypeError(inline)

    def _note(self, note: Note) -> Markup:
        return Markup('<span class="note" role="doc-footnote" id="{}" data-number="{}">{}</span>'
                      ).format(note.identifier, note.number, self.text(note.text))

    def _picture(self, picture: Picture) -> Markup:
        placed = self._pictures[picture.source]
        return Markup('<img src="{}" alt="{}" style="width:{:.2f}mm;height:{:.2f}mm">').format(
            resource_url(placed.name), picture.alternative, placed.width, placed.height)

    # -- blocks

    def blocks(self, blocks: tuple[Block, ...]) -> Markup:
        """Return blocks as markup."""
        return Markup("\n").join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Markup:
        match block:
            case Paragraph():
                return Markup("<p>{}</p>").format(self.text(block.text))
            case Heading():
                tag = f"h{block.level}"
                return Markup("<{}>{}</{}>").format(Markup(tag), self.text(block.text), Markup(tag))
            case ListBlock():
                return self._list(block)
            case Quote():
                return Markup("<blockquote>{}</blockquote>").format(self.blocks(block.blocks))
            case Table():
                return self._table(block)
            case Figure():
                caption = self.text(block.caption)
                return Markup("<figure>{}{}</figure>").format(
                    self._picture(block.picture),
                    Markup("<figcaption>{}</figcaption>").format(caption) if caption else "")
            case SourceList():
                entries = Markup("").join(Markup("<li>{}</li>").format(self.text(entry))
                                          for entry in block.entries)
                return Markup("<h2>{}</h2><ul>{}</ul>").format(self.text(block.title), entries)
            case CodeBlock():
                return Markup("<pre>{}</pre>").format(block.text)
            case Separator():
                return Markup("<hr>")
        raise TypeError(block)

    def _list(self, block: ListBlock) -> Markup:
        items = Markup("").join(Markup("<li>{}</li>").format(self.blocks(i)) for i in block.items)
        if not block.ordered:
            return Markup("<ul>{}</ul>").format(items)
        if block.marks:
            return Markup('<ol style="list-style-type: lower-alpha">{}</ol>').format(items)
        start = (Markup(' style="counter-reset: list-item {}"').format(block.start - 1)
                 if block.start != 1 else "")
        return Markup("<ol{}>{}</ol>").format(start, items)

    def _table(self, block: Table) -> Markup:
        def cells(row: tuple[Text, ...], tag: str) -> Markup:
            out = []
            for number, cell in enumerate(row):
                side = block.alignments[number] if number < len(block.alignments) else ""
                aligned = Markup(' class="{}"').format(side) if side else ""
                scope = Markup(' scope="col"') if tag == "th" else ""
                out.append(Markup("<{0}{1}{2}>{3}</{0}>").format(
                    Markup(tag), aligned, scope, self.text(cell)))
            return Markup("<tr>{}</tr>").format(Markup("").join(out))

        rows = Markup("").join(cells(row, "td") for row in block.rows)
        caption = (Markup("<caption>{}</caption>").format(self.text(block.caption))
                   if block.caption else "")
        return Markup("<table>{}<thead>{}</thead><tbody>{}</tbody></table>").format(
            caption, cells(block.head, "th"), rows)


def _run(words: str, style: Style, address: object) -> Markup:
    """Return words in their style."""
    markup = _address(words) if address else _breakable(words)
    if style.code:
        markup = Markup("<code>{}</code>").format(markup)
    if style.acronym:
        markup = Markup('<span class="acronym">{}</span>').format(markup)
    elif style.unbroken:
        markup = Markup('<span class="unbroken">{}</span>').format(markup)
    for wanted, tag in ((style.superior, "sup"), (style.emphasis, "em"), (style.strong, "strong")):
        if wanted:
            markup = Markup("<{0}>{1}</{0}>").format(Markup(tag), markup)
    if style.lang:
        markup = Markup('<span lang="{}">{}</span>').format(style.lang, markup)
    return markup


def _address(words: str) -> Markup:
    """Return an address to be read: without its scheme, breaking in the path alone."""
    pieces = [_breakable(piece) for piece in shown_address(words)]
    head = Markup('<span class="unbroken">{}</span>').format(pieces[0])
    return Markup(ZERO_WIDTH_SPACE).join([head, *pieces[1:]])


def _breakable(words: str) -> Markup:
    """Return words as markup; one that is longer than any line may break every few letters."""
    return escape(re.sub(rf"\S{{{LONGEST_WORD + 1},}}", _cut_up, words))


def _cut_up(match: re.Match[str]) -> str:
    word = match[0]
    pieces = (word[n : n + LONGEST_WORD // 2] for n in range(0, len(word), LONGEST_WORD // 2))
    return ZERO_WIDTH_SPACE.join(pieces)
