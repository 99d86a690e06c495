"""Markup of neighbouring programs: understood where its meaning is plain, told everywhere else.

Comments (HTML) are left out. What Quarto, Pandoc, MkDocs or GitHub would make something of, and
nothing here does, is printed as it stands: the author's words are not ours to drop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.codes import silence
from reportgen.diagnostics import Change, Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import LANGUAGE_TAG, Line

_FENCE = pattern(r"^ {0,3}(```+|~~~+)")
_ATTRIBUTES = pattern(
    r"(?P<begin>!\[[^\[\]\n]*\]\((?:<[^<>\n]*(?=>)|[^()<>\s]*(?=[\s)])))"
    r"(?P<end>>?[^()\n]*\))\{(?P<attributes>[^{}\n]*)\}")
_TITLED = pattern(r"(?<!!)\[(?P<words>[^\[\]\n]+)\]\((?P<href><[^<>\n]*>|[^()\s]+)"
                  r"\s+(?:\"(?P<title>[^\"\n]{1,300})\"|'(?P<other>[^'\n]{1,300})')\)")
"""A link with a title, which a browser shows when the pointer rests on it."""

_LINKED_PICTURE = pattern(r"\[(?P<picture>!\[[^\[\]\n]*\]\([^()\n]*\))\]"
                          r"\((?P<href>[^()\s]+)[^()\n]*\)")

_WIDTH = pattern(r"\bwidth\s*[=:]\s*[\"']?(\d{1,4}(?:\.\d+)?(?:%|mm|cm|px)?)[\"']?")

_FOREIGN = (
    ("$", r"\$\$|(?<![\w$])\$(?=[^$\s])(?=[^$\n]*[\\^_{}])[^$\n]*\$(?!\w)", "a formula of TeX",
     "write it in words, or show it as a picture"),
    ("$", r"(?<![\w$])\$[A-Za-z]\w?\$(?!\w)", "a formula of TeX", "write it in words"),
    ("\\", r"\\[a-zA-Z]{2,20}\{[^{}\n]*\}", "a command of LaTeX", "write it in Markdown"),
    ("\\", r"\\(?:newpage|pagebreak|clearpage|noindent|bigskip|medskip|smallskip|textbackslash|"
     r"ldots|LaTeX|par|hfill|vspace|hspace)\b", "a command of LaTeX", "take it out"),
    ("{%", r"\{%[^{}\n]*%\}", "a tag of Liquid", "take it out"),
    ("{{", r"\{\{[^{}<%\n]*\}\}", "a variable of Liquid", "write what it stands for"),
    ("][", r"(?<=\w)\]\[(?=[^\[\]]*[a-zA-Z])[\w -]{1,40}\](?!\()", "a link without an address",
     "write the address in round brackets"),
    (".. ", r"^\.\. [a-z-]+::", "a directive of reStructuredText", "take it out"),
    ("@", r"(?<![\w@.\[/-])@[a-z][a-z-]+\d{4}[a-z]?\b", "a citation by key",
     "write it in brackets: [@key]"),
    ("||", r"\|\|[^|\n]+\|\|", "a spoiler", "take the marks out"),
    ("~", r"(?<=[^\W_])~[^\s~]{1,6}~(?!~)", "an inferior of Pandoc", "write it with its sign: H₂O"),
    ("^", r"(?<=[^\W_])\^[^\s^]{1,6}\^", "a superior of Pandoc", "write it with its sign: m²"),
    ("[[", r"\[\[[^\[\]\n]+\]\](?!\()", "a link of a wiki",
     "write the words alone, or a full link"),
    (":", r"(?<![\w:])(?-i::[a-z][a-z0-9_+-]{2,30}:)(?![\w:])", "the name of an emoji",
     "write the sign, or take it out"),
    ("[!", r"^\s*>\s*\[![A-Z]+\]", "a callout of GitHub or Obsidian", "take the mark out"),
    (":", r"^: {1,3}\S", "a definition of Pandoc", "write a paragraph with the term in bold"),
    ("*[", r"^\*\[[^\[\]\n]+\]:\s", "an abbreviation of Markdown Extra",
     "write it out where it stands first"),
    ("++", r"\+\+[^\s+](?:[^+\n]*[^\s+])?\+\+", "text that is inserted", "take the marks out"),
    ("%%", r"%%[^%\n]+%%", "a comment of Obsidian", "take it out"),
    (":::", r"^ {0,3}:::+(?:\s.*|\{.*)?$", "a block of Pandoc or Quarto", "take the marks out"),
    ("!!! ", r"^ {0,3}!!! \w", "an admonition of MkDocs", "take the marks out"),
    ("??? ", r"^ {0,3}\?\?\? \w", "an admonition of MkDocs", "take the marks out"),
    ("- [", r"^ *[-*+] \[[ xX]\] ", "a list of tasks", "write a list without boxes"),
    ("~~", r"~~\S(?:[^~\n]*\S)?~~", "text that is struck through", "take it out, or leave it"),
    ("==", r"(?<!=)==[^\s=](?:[^=\n]*\S)?==(?!=)", "text that is marked", "write it in *italics*"),
    ("{", r"\{[.#][\w-][^{}\n]*\}|\]\{[^{}\n]*\}", "attributes of Pandoc", "take them out"),
    ("@", r"\[-?@[\w:.-]+", "a citation by key",
     "write the source in brackets, or in a note: [^1]"),
    ("@", r"(?<![\w@.])@(?:fig|tbl|sec|eq|lst)-[\w-]+", "a cross-reference of Quarto",
     "name the figure or table in words"),
    ("{{", r"\{\{[<%][^{}\n]*[%>]\}\}", "a shortcode of Quarto or Hugo", "take it out"),
)
"""Letters that a kind of markup always has, its pattern, what it is, and what to do."""

_TAG_LINE = pattern(r"\s*(?:\{%[^{}\n]*%\}|\{\{[<%]?[^{}\n]*[%>]?\}\})\s*$")
"""A line with nothing but a tag of Liquid (Jekyll) or a shortcode of Hugo: no words of a text."""

_CONTENTS = pattern(r"\s*(?:\[\[?_?TOC_?\]?\]|\{:\s*toc\s*\}|\$\{toc\})\s*$", re.IGNORECASE)
"""A line where other programs put a table of contents."""

_DIGITS = {"^": str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ"),
           "~": str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")}
_POWER = pattern(r"(?<=[\d)])(?<!\\)\^(?P<digits>\d{1,3}|[−-]\d{1,2})(?![\^\d\w])"
                 r"|(?<=\b[a-zA-Z])(?<!\\)\^(?P<power>[23])(?![\^\d\w])")
"""`10^6`, `m^2`: a power as people type it."""

_RAISED = pattern(r"(?<=[^\W_])(?<!\\)(?P<sign>[~^])(?P<digits>[\d+−-]{1,3}|n)(?P=sign)(?![~^])")
"""`m^2^`, `H~2~O`: superiors and inferiors of Pandoc."""

_INLINE_NOTE = pattern(r"(?<![ \u00a0\\])[ \u00a0]*\^\[((?:[^\[\]]|\[[^\[\]]*\])+)\]")
"""A note of Pandoc's that is written where it is called."""

_SILENCE = pattern(r"<!--\s*silence:?\s+([\w,\s-]{1,200}?)\s*-->")
"""A comment with codes of what is not to be told of its line."""

_LANGUAGES = pattern(r"^ {0,3}(?:```+|~~~+)\s*\{?(mermaid|plantuml|dot|graphviz|math)\b")


def without_comments(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without HTML comments, each told; the numbers of lines stay."""
    out: list[Line] = []
    last = max((number for number, text in lines if "-->" in text), default=0)
    inside = False
    for (number, line), in_code in _with_code(lines):
        kept, at = [], 0
        while at < len(line):
            if inside:
                end = line.find("-->", at)
                inside, at = end < 0, len(line) if end < 0 else end + 3
                continue
            begin = -1 if in_code else _begin_of_comment(line, at)
            if begin < 0 or (number >= last and line.find("-->", begin) < 0):
                kept.append(line[at:])  # no comment, or one that is never closed
                break
            kept.append(line[at:begin])
            wish = _SILENCE.match(line, begin)
            if wish:
                _silence(wish[1], name, number, lines, sink)
            else:
                sink.note("comment", "a comment is left out", Span(name, number, begin + 1))
            inside, at = True, begin + 4
        out.append((number, "".join(kept)))
    return out


def _begin_of_comment(line: str, at: int) -> int:
    """Return where a comment begins; one behind a backslash is text."""
    begin = line.find("<!--", at)
    while begin > 0 and line[begin - 1] == "\\":
        begin = line.find("<!--", begin + 4)
    return begin


def _silence(codes: str, name: str, number: int, lines: list[Line], sink: Sink) -> None:
    """Leave out what is told of a line, or of the next one if it holds nothing but the wish."""
    own = next(text for at, text in lines if at == number)
    below = (at for at, text in lines if at > number and text.strip())
    place = number if _SILENCE.sub("", own).strip() else next(below, number)
    silence(re.findall(r"[\w-]+", codes), sink, Span(name, number), on_line=Span(name, place))


def without_attributes(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without the attributes that stand behind pictures.

    A width goes into the picture's address, as `port.png#width=50%`; what is left out is told.
    """
    out: list[Line] = []
    for (number, text), in_code in _with_code(lines):
        def sized(match: re.Match[str], number: int = number) -> str:
            width = _WIDTH.search(match["attributes"])
            others = _WIDTH.sub("", match["attributes"]).strip()
            if others:
                sink.note("picture-attributes", f"{{{others}}} behind a picture is left out",
                          Span(name, number, match.start("attributes")),
                          "a picture has a width: {width=50%}")
            sign = f"#width={width[1]}" if width else ""
            return f"{match['begin']}{sign}{match['end']}"

        out.append((number, text if in_code else _ATTRIBUTES.sub(sized, text)))
    return out


def without_link_titles(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without what paper cannot show: titles of links, and links on pictures.

    A title is logged if it says more than the words and the address of its link.
    """
    out: list[Line] = []
    for (number, text), in_code in _with_code(lines):
        def bare(match: re.Match[str], number: int = number) -> str:
            title = match["title"] or match["other"]
            if title.strip() not in (match["words"].strip(" *_"), match["href"].strip("<>")):
                sink.change(Change(Span(name, number), "link-title", title, ""))
            return f"[{match['words']}]({match['href']})"

        def unlinked(match: re.Match[str], number: int = number) -> str:
            sink.note("picture-attributes", f"the picture's link to {match['href'][:60]} is left "
                      "out", Span(name, number), "name the page in the caption")
            sink.change(Change(Span(name, number), "picture-link", match["href"], ""))
            return match["picture"]

        linked = not in_code and "](" in text
        out.append((number, _TITLED.sub(bare, _LINKED_PICTURE.sub(unlinked, text)) if linked
                    else text))
    return out


_SPAN = pattern(r"(?<![!\\])\[((?:[^\[\]\n\\]|\\.)+)\]\{\s*(?:lang=[\"']?|:)"
                rf"({LANGUAGE_TAG})[\"']?\s*\}}")


def with_languages(lines: list[Line]) -> list[Line]:
    """Return lines in which words of another language (`[mot juste]{lang=fr}`) are as a link's.

    Python-Markdown knows no attributes of words; `markdown` reads the scheme `lang:` as such.
    """
    return [(number, text if in_code or "]{" not in text else _SPAN.sub(r"[\1](lang:\2)", text))
            for (number, text), in_code in _with_code(lines)]


def without_tags(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines with those blank that hold nothing but a tag of a site's program; each told."""
    out: list[Line] = []
    for (number, text), in_code in _with_code(lines):
        if not in_code and (("{" in text and _TAG_LINE.match(text)) or (
                "toc" in text.casefold() and _CONTENTS.match(text))):
            sink.note("site-tag", f"{text.strip()[:60]} is a tag of a site's program and left out",
                      Span(name, number))
            sink.change(Change(Span(name, number), "site-tag", text.strip(), ""))
            out.append((number, ""))
            continue
        out.append((number, text))
    return out


_BRACKETED_CALLS = pattern(
    r"\[((?:[,;\s]*(?:(?:and|und|et|e|y|i|и)\s?)?\[\^[^\[\]\n]+\])+)\](?!\()")
"""The calls of notes between brackets, as SPIP has them."""
_BETWEEN_CALLS = pattern(r"(?<=\])[^\[\]]+(?=\[)")


def with_pandoc_signs(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines with superiors, inferiors and notes of Pandoc in signs that are read here.

    Digits are raised and lowered by their own characters, which is logged; a note in the text
    (`^[...]`) stands below it as one of Markdown's.
    """
    out: list[Line] = []
    notes: list[Line] = []
    for (number, line), in_code in _with_code(lines):
        if in_code or not ("^" in line or "~" in line):
            out.append((number, line))
            continue
        text = _BRACKETED_CALLS.sub(lambda calls: _BETWEEN_CALLS.sub("", calls[1]), line)

        def sign(match: re.Match[str], number: int = number) -> str:
            made = match["digits"].translate(_DIGITS[match["sign"]])
            sink.change(Change(Span(name, number), "superior", match[0], made))
            return made

        def called(match: re.Match[str], number: int = number) -> str:
            key = f"inline-{len(notes) // 2 + 1}"
            notes.extend([(number, ""), (number, f"[^{key}]: {match[1]}")])
            return f"[^{key}]"

        def power(match: re.Match[str], number: int = number) -> str:
            made = (match["digits"] or match["power"]).translate(_DIGITS["^"])
            sink.change(Change(Span(name, number), "superior", match[0], made))
            return made

        out.append((number, _INLINE_NOTE.sub(called, _POWER.sub(power, _RAISED.sub(sign, text)))))
    return [*out, *notes]


_DEFINITION = pattern(r" {0,3}\[([^\[\]^]+)\]:\s*\S")


def report_foreign(lines: list[Line], name: str, sink: Sink) -> None:
    """Warn of markup that is printed as it stands, each kind once a line."""
    keys = [re.escape(m[1]) for _, text in lines if (m := _DEFINITION.match(text))]
    defined = re.compile(rf"\]\[(?:{'|'.join(keys)})\]", re.IGNORECASE) if keys else None
    for (number, text), in_code in _with_code(lines):
        drawn = _LANGUAGES.match(text)
        if drawn:
            sink.warning("unknown-markup", f"a drawing in {drawn[1]} is printed as text",
                         Span(name, number), "show it as a picture")
        if in_code:
            continue
        bare = re.sub(r"`[^`\n]*`", lambda code: " " * len(code[0]), text)
        bare = defined.sub(lambda link: " " * len(link[0]), bare) if defined else bare
        for letters, sign, what, hint in _FOREIGN:
            match = re.search(sign, bare) if letters in bare else None
            if match:
                sink.warning("unknown-markup",
                             f'"{match[0].strip()[:30]}" is {what}, and is printed as it stands',
                             Span(name, number, match.start() + 1), hint)
                bare = f"{bare[: match.start()]}{' ' * len(match[0])}{bare[match.end() :]}"


def _with_code(lines: list[Line]) -> Iterator[tuple[Line, bool]]:
    """Yield lines, and whether each stands in a fenced block of code, its fences included."""
    fence = ""
    for line in lines:
        match = _FENCE.match(line[1])
        yield line, bool(fence or match)
        if match and not fence:
            fence = match[1]
        elif match and match[1].startswith(fence):
            fence = ""
