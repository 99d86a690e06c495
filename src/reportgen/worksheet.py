"""The worksheet of an issue: the checks of accessibility that only a person can make.

Machines test what can be counted; whether a text says what a picture shows,
nobody can test for you. Checkpoints are those of the Matterhorn Protocol 1.1
that it marks as for humans, each with what this issue has to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model import (
    Bulletin,
    ComposedBrief,
    Heading,
    Paragraph,
    Run,
    Table,
    Text,
    plain,
)
from reportgen.texts import pictures, texts, walk

_HEAD = """\
# Accessibility: what only a person can check

{title}

The PDF was tested by machine before it was written (`reportgen verify` says by which validators).
What is below no machine can decide. Go through it, mark what is right, mend what is not in the
brief or in issue.toml, and build again. Numbers are checkpoints of the Matterhorn Protocol 1.1.
"""

_GENERAL = (
    ("09", "Open the PDF with a screen reader, or save it as text in reading order. Is every "
     "brief heard as: title, standfirst, authors, region and map, text with each note behind its "
     "call, and at last what is said of the authors?"),
    ("04", "Print a page in grey. Is anything lost that was said by colour alone? The cover's "
     "map names each region; the bar of a brief stands beside the region's name."),
    ("11", "Is every brief in the language that it says? They say: {languages}."),
    ("01", "Are running heads, folios and rules left out when the page is read aloud?"),
    ("28", "Does Tab go through the links in the order of the text?"),
)


def worksheet(bulletin: Bulletin, title: str) -> str:
    """Return the worksheet of a bulletin, in Markdown."""
    languages = ", ".join(dict.fromkeys(brief.language for brief in bulletin.briefs))
    rows = [_HEAD.format(title=title), "## The whole issue\n"]
    rows += [_row(number, text.format(languages=languages)) for number, text in _GENERAL]
    if bulletin.cover_map:
        rows.append(_row("13", _says("the map of the cover", bulletin.cover_map.alternative)))
    if bulletin.cover_picture:
        rows.append(_row("13", _says("the picture of the cover",
                                         bulletin.cover_picture.alternative)))
    for brief in bulletin.briefs:
        rows.append(f"\n## {brief.region}: {plain(brief.title)}\n")
        rows += [_row(number, text) for number, text in _of_brief(brief)]
    return "\n".join(rows) + "\n"


def _row(number: str, text: str) -> str:
    return f"- [ ] {number} {text}"


def _says(what: str, alternative: str) -> str:
    if not alternative:
        return f"Nothing is said of {what}: is it decoration?"
    return f"Does this say what {what} shows? “{alternative}”"


def _of_brief(brief: ComposedBrief) -> Iterator[tuple[str, str]]:
    """Yield the checks of one brief: checkpoint and question."""
    if brief.map:
        yield "13", _says("the map", brief.map.alternative)
    for author in brief.authors:
        if author.portrait:
            yield "13", _says("the portrait", author.portrait.alternative)
    for picture in pictures(brief.blocks):
        yield "13", _says("the picture", picture.alternative)
    headings = [plain(b.text) for b in walk(brief.blocks) if isinstance(b, Heading)]
    if headings:
        yield "14", f"Are these its subheads, and all of them? {'; '.join(headings)}"
    suspects = [plain(b.text) for b in walk(brief.blocks)
                if isinstance(b, Paragraph) and _bold(b.text)]
    for words in suspects:
        yield "14", f"Is this bold paragraph a subhead? “{words}”"
    for table in (b for b in walk(brief.blocks) if isinstance(b, Table)):
        heads = "; ".join(plain(cell) for cell in table.head)
        yield "15", f"Do these heads say what stands under them? {heads}"
    for words in dict.fromkeys(_links(brief)):
        yield "28", f"Does this link say where it leads? “{words}”"
    if brief.pull_quote:
        yield "09", f"Is the pull quote heard where it does no harm? “{brief.pull_quote}”"


def _bold(text: Text) -> bool:
    runs = [inline for inline in text if isinstance(inline, Run) and inline.text.strip()]
    return bool(runs) and all(run.style.strong for run in runs)


def _links(brief: ComposedBrief) -> list[str]:
    """Return the words of links that are not an address themselves."""
    runs = (run for text in (*texts(brief.blocks), *(note.text for note in brief.notes))
            for run in text if isinstance(run, Run))
    return [run.text for run in runs if run.style.href and run.text not in run.style.href]
