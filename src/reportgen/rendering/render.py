"""Rendering a bulletin: HTML, layout, copyfit, checks, PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from jinja2 import Environment

from reportgen.assets import Assets, Theme
from reportgen.diagnostics import Sink, Span
from reportgen.model import Bulletin
from reportgen.rendering.checks import NO_FONT, check_fonts, check_layout
from reportgen.rendering.copyfit import copyfit
from reportgen.rendering.engine import Layout, lay_out, write
from reportgen.rendering.fetcher import Fetcher
from reportgen.rendering.html import bulletin_html, environment_for
from reportgen.rendering.inspection import PageFacts, Slot, embedded_fonts, inspect
from reportgen.standards import ColourSpace, TagSet


@dataclass(frozen=True)
class Pages:
    """Laid-out pages, ready to be written as often as there are editions of them."""

    count: int
    html: str
    slots: Mapping[str, Slot]
    """Places that are kept free."""
    _layout: Layout
    _bulletin: Bulletin
    _fonts: tuple[str, ...]
    """Families that may be used."""

    def write(self, tags: TagSet, sink: Sink) -> bytes:
        """Return a PDF of the pages; characters in other fonts are errors in `sink`."""
        pdf, missing = write(self._layout, tags, sink)
        used = embedded_fonts(self._layout) | ({NO_FONT: missing} if missing else {})
        check_fonts(used, self._fonts, self._bulletin, sink)
        return pdf


@dataclass(frozen=True)
class Renderer:
    """Renders bulletins with one theme, in one colour space."""

    theme: Theme
    assets: Assets
    sink: Sink
    space: ColourSpace = ColourSpace.RGB

    @cached_property
    def _environment(self) -> Environment:
        return environment_for(self.assets)

    @cached_property
    def _stylesheets(self) -> tuple[str, ...]:
        printed = self.theme.print_stylesheets if self.space is ColourSpace.CMYK else ()
        return (*self.theme.stylesheets, *printed)

    def lay_out(self, bulletin: Bulletin, multiple: int = 1) -> Pages | None:
        """Return the pages of `bulletin`; None if a template is wrong.

        Their number is a multiple of `multiple`: blank pages stand before the
        last one, which is the back cover. Breaches of the layout are errors in
        the sink: then the pages must not be published.
        """
        first = self._laid_out(bulletin, self.sink)
        if first is None:
            return None
        html, layout, facts = first
        fitted = copyfit(bulletin, facts, self.theme.fit_steps, self._inspected, self.sink)
        if fitted is not bulletin:
            html, layout, facts = self._again(fitted)
        if facts.pages % multiple:
            fitted = replace(fitted, blank_pages=-facts.pages % multiple)
            html, layout, facts = self._again(fitted)
        if facts.pages % multiple:
            self.sink.warning("binding", f"{facts.pages} pages do not fold into sheets of "
                              f"{multiple}", Span("print-binding"),
                              "an offprint has no back cover before which blank pages could stand")
        check_layout(facts, fitted, self.sink)
        return Pages(facts.pages, html, facts.slots, layout, fitted, self.theme.fonts)

    def _again(self, bulletin: Bulletin) -> tuple[str, Layout, PageFacts]:
        found = self._laid_out(bulletin, self.sink)
        assert found is not None
        return found

    def _laid_out(self, bulletin: Bulletin, sink: Sink) -> tuple[str, Layout, PageFacts] | None:
        html = bulletin_html(bulletin, self._stylesheets, self._environment, sink)
        if html is None:
            return None
        layout = lay_out(html, Fetcher(self.assets, made_for(bulletin), sink), sink)
        return html, layout, inspect(layout)

    def _inspected(self, bulletin: Bulletin) -> PageFacts:
        """Return the facts of a trial layout, whose warnings nobody needs twice."""
        trial = Sink()
        found = self._laid_out(bulletin, trial)
        if found is None:  # a template that is wrong for an offprint alone
            for diagnostic in trial:
                self.sink.add(diagnostic)
            return PageFacts(0)
        return found[2]


def made_for(bulletin: Bulletin) -> Mapping[str, tuple[bytes, str]]:
    """Return what was made for a bulletin, under the names by which its page asks for it."""
    maps = [b.map for b in bulletin.briefs if b.map]
    maps += [bulletin.cover_map] if bulletin.cover_map else []
    made = {m.name: (m.svg.encode(), "image/svg+xml") for m in maps}
    pictures = [*bulletin.pictures, *(a.portrait for b in bulletin.briefs for a in b.authors)]
    for picture in (*pictures, bulletin.cover_picture):
        if picture:
            kind = "image/png" if picture.data.startswith(b"\x89PNG") else "image/jpeg"
            made[picture.name] = (picture.data, kind)
    return made
