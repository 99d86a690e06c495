"""The map of a brief and the map of a cover: what they show, their caption and alternative text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Sink, Span
from reportgen.maps.atlas import Atlas, Place, plain_name
from reportgen.maps.drawing import Drawing, Emphasis, MapSpec, draw
from reportgen.maps.mentions import names_in
from reportgen.maps.projection import Points
from reportgen.maps.style import MapStyle, Measure
from reportgen.maps.views import UNITS_PER_MM, View, grid_of, view_of
from reportgen.maps.worldview import Worldview, worldviews
from reportgen.model import Brief, Map, MapRequest, Month, Region

HEIGHTS = (0.7, 1.15)
"""Least and greatest height of a brief's map, as a share of its width."""

MANY = 9
"""A region of more countries than this shows no capitals, and names only where they fit."""

_OFTEN = 2
"""Times that a text names a country which it is about."""

_TOWN = 15_000
"""People of a town that is marked because the text has its name."""

MAX_TOWNS = 4
"""Towns that a brief's map marks of itself, beside capitals."""


_OTHER_CODES = {"UK": "GB", "EL": "GR", "KO": "XK", "KV": "XK", "SU": "RU", "USA": "US"}
"""Codes that people take for those of ISO 3166-1."""


class MapMaker(Struct, frozen=True):
    """Draws maps in one style, by one worldview."""

    atlas: Atlas
    style: MapStyle
    measure: Measure
    worldview: str

    def for_brief(self, brief: Brief, text: str, words: dict[str, str], width: float,
                  sink: Sink) -> Map | None:
        """Return the map of a brief, `width` mm wide; None if it has or wants none.

        Its height follows from the shape of the region, within limits. `text` is
        the brief's running text: the towns that it names are marked. Codes and
        places that the atlas does not know are errors in `sink`.
        """
        request = brief.map
        if not request.enabled:
            return None
        region = self._with_countries(brief, text)
        if not region.countries:
            return None
        units = tuple(u for u in (request.highlight or region.countries)
                      if self._known(u, _place(u, region, request, brief), sink))
        points = self._points(region, request, units, brief)
        if not units or not len(points):
            return None
        view = view_of(points, width, *(share * width for share in HEIGHTS))
        if request.highlight or region.span.file:  # the frames that are shipped are meant so
            self._tell_what_is_cut(units, view, brief, _place(units[0], region, request, brief),
                                   sink)
        towns = self._towns(brief, text, units, view, sink)
        spec = MapSpec(view, (Emphasis(units, region.colour),), brief.language, brief.month,
                       self._view_at(brief.month), towns, text_scale=_text_scale(width),
                       crowded=len(units) > MANY)
        drawing = draw(spec, self.atlas, self.style, self.measure)
        names = [self.atlas.name(u, brief.language, brief.month) for u in units]
        alternative = _alternative(region.name_in(brief.language), names, drawing, words)
        caption = request.caption
        return Map(name=f"map-of-{brief.anchor}", svg=drawing.svg, alternative=alternative,
                   caption=caption, credit=_credit(drawing, words), width=width,
                   height=view.height / UNITS_PER_MM)

    def for_cover(self, regions: Iterable[Region], language: str, month: Month,
                  words: dict[str, str], width: float, height: float) -> Map | None:
        """Return the map of a cover: the regions of an issue, each in its colour, or None."""
        drawn = [r for r in regions if r.countries]
        outlines = [grid_of(r.frame) if r.frame else self.atlas.outline(
            self._units(r.countries, month)) for r in drawn]
        points = np.concatenate(outlines) if outlines else np.empty((0, 2))
        if not len(points):
            return None
        taken: set[str] = set()
        emphases = []
        for region in drawn:
            units = tuple(u for u in region.countries if u not in taken)
            taken.update(units)
            emphases.append(Emphasis(units, region.colour, region.name_in(language)))
        spec = MapSpec(view_of(points, width, height, height), tuple(emphases), language, month,
                       self._view_at(month), strong=0.72, text_scale=1.35)
        drawing = draw(spec, self.atlas, self.style, self.measure)
        names = ", ".join(r.name_in(language) for r in drawn)
        return Map(name="map-of-cover", svg=drawing.svg,
                   alternative=words["cover_map"].format(regions=names), caption="",
                   credit=_credit(drawing, words), width=width, height=height)

    def _view_at(self, month: Month) -> Worldview:
        return worldviews()[self.worldview].at(month)

    def _units(self, countries: Iterable[str], month: Month) -> list[str]:
        """Return the atlas' units of some countries, by the worldview."""
        view = self._view_at(month)
        return [unit for country in countries for unit in view.units_of(country)]

    def _points(self, region: Region, request: MapRequest, units: tuple[str, ...],
                brief: Brief) -> Points:
        """Return what a brief's map has to hold: what it highlights, else its region."""
        if request.highlight or not region.frame:
            capitals = [(p.longitude, p.latitude) for unit in units
                        for p in self.atlas.capitals(unit, brief.language, brief.month)]
            outline = self.atlas.outline(self._units(units, brief.month))
            return np.concatenate((outline, np.array(capitals).reshape(-1, 2)))
        return grid_of(region.frame)

    def _tell_what_is_cut(self, units: tuple[str, ...], view: View, brief: Brief, span: Span,
                          sink: Sink) -> None:
        """Warn of what stands out and lies outside of the frame: capitals."""
        for unit in units if len(units) <= MANY else ():
            for place in self.atlas.capitals(unit, brief.language, brief.month):
                if not view.holds(place.longitude, place.latitude):
                    name = self.atlas.name(unit, brief.language, brief.month)
                    sink.warning("map-frame", f"{place.name}, of {name}, lies outside of the map",
                                 span, "give the region a wider frame, or none")

    def _with_countries(self, brief: Brief, text: str) -> Region:
        """Return the brief's region; one of no countries with those that the brief is about.

        That is the country of its name, else those that the text names most.
        """
        region = brief.region
        if region.countries or region.frame:
            return region
        own = tuple(self.atlas.named_in(region.name, brief.language))
        if own:
            return replace(region, countries=own)
        named = self.atlas.named_in(text, brief.language)
        often = [unit for unit, count in named.items() if count >= _OFTEN]
        ranked = sorted(often, key=lambda unit: -named[unit])[:MANY - 1]
        return replace(region, countries=tuple(ranked))

    def _known(self, unit: str, span: Span, sink: Sink) -> bool:
        if self.atlas.knows(unit):
            return True
        code = _OTHER_CODES.get(unit.upper())
        sink.error("unknown-country", f'no country "{unit}"', span,
                   f"did you mean {code}?" if code else
                   "countries go by their ISO code of two letters: KG, TJ; Kosovo is XK")
        return False

    def _towns(self, brief: Brief, text: str, units: tuple[str, ...], view: View,
               sink: Sink) -> tuple[Place, ...]:
        """Return the capitals, the places asked for, and those that the text names."""
        few = len(units) <= MANY
        as_town = self._view_at(brief.month).capital_as_town
        capitals = [replace(p, status="town") if u in as_town else p for u in units if few
                    for p in self.atlas.capitals(u, brief.language, brief.month)]
        asked = self._asked(brief, view, sink)
        named = self._named(brief, text, view, units) if not asked else []
        towns: dict[tuple[float, float], Place] = {}
        for place in (*capitals, *asked, *named):
            if view.holds(place.longitude, place.latitude):
                towns.setdefault((place.longitude, place.latitude), place)
        return tuple(towns.values())

    def _asked(self, brief: Brief, view: View, sink: Sink) -> list[Place]:
        request, found = brief.map, []
        for name in request.places:
            places = [p for p in self.atlas.find(name, view.frames, brief.language, brief.month)
                      if view.holds(p.longitude, p.latitude)]
            if not places:
                sink.error("unknown-place", f'no place "{name}" on this map', request.span,
                           "look at its spelling; the gazetteer has towns of 5,000 and more")
            else:
                same = plain_name(places[0].name) == plain_name(name)
                found.append(places[0] if same else replace(places[0], name=name))
            if len(places) > 1 and places[1].population * 3 > places[0].population:
                sink.warning("ambiguous-place", f'{len(places)} places are called "{name}"',
                             request.span, f"the one in {places[0].unit} was taken")
        return found

    def _named(self, brief: Brief, text: str, view: View, units: tuple[str, ...]) -> list[Place]:
        """Return the towns of the region that the text names, the most mentioned first."""
        found: dict[str, tuple[int, Place]] = {}
        for name, count in names_in(text).items():
            places = self.atlas.find(name, view.frames, brief.language, brief.month)
            place = next((replace(p, name=name) for p in places if p.unit in units
                          and plain_name(p.name) == plain_name(name)), None)
            if place and not place.status and place.population >= _TOWN:
                found[place.name] = (count, place)
        ranked = sorted(found.values(), key=lambda f: (-f[0], -f[1].population, f[1].name))
        return [place for _, place in ranked[:MAX_TOWNS]]


def _text_scale(width: float) -> float:
    """Names grow a little with the map: by a half at the width of a page's text."""
    return float(min(max((width / 41) ** 0.35, 1.0), 1.5))


def _alternative(region: str, names: list[str], drawing: Drawing, words: dict[str, str]) -> str:
    parts = [words["map_of"].format(region=region) + ".",
             words["map_shows"].format(countries=", ".join(names))]
    if drawing.neighbours:
        around = ", ".join(sorted(drawing.neighbours))
        parts.append(words["map_neighbours"].format(countries=around))
    if drawing.towns:
        parts.append(words["map_marked"].format(places=", ".join(drawing.towns)))
    return " ".join(parts)


def _credit(drawing: Drawing, words: dict[str, str]) -> str:
    parts = [words["map_credit"]]
    if drawing.dashed:
        parts.append(words["map_disputed"])
    if drawing.hatched:
        parts.append(words["map_hatched"])
    if drawing.starred:
        parts.append(words["map_kosovo"])
    return " ".join(parts)


def _place(unit: str, region: Region, request: MapRequest, brief: Brief) -> Span:
    """Return where somebody has written the code of a country."""
    if unit in request.highlight or not region.span.file:
        return request.span if request.span.file else brief.span
    return region.span
