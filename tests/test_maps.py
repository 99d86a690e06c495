"""Maps: the right countries in the right place, by the stated worldview, names apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np
import pyproj
import pytest

from reportgen.diagnostics import Sink, Span
from reportgen.language.languages import LANGUAGES
from reportgen.maps.atlas import Atlas
from reportgen.maps.labels import Box, Candidate, Importance, Label, place_labels
from reportgen.maps.projection import (
    RADIUS,
    EqualEarth,
    LambertAzimuthalEqualArea,
    LambertConformalConic,
    Projection,
    forward,
    inverse,
)
from reportgen.maps.regional import MapMaker
from reportgen.maps.seas import SEAS
from reportgen.maps.style import MapStyle
from reportgen.maps.typeface import measure_with
from reportgen.maps.views import View, grid_of, view_of
from reportgen.maps.worldview import worldviews
from reportgen.model import NOWHERE, Brief, Frame, Map, MapRequest, Month, Region
from reportgen.series import shipped_regions

from .conftest import ROOT

REGIONS = shipped_regions()
EIGHT = ("central-asia", "western-balkans", "maghreb", "sahel", "gulf", "levant", "black-sea",
         "south-caucasus")
APRIL = Month(2019, 4)
FONTS = ROOT / "styles" / "fonts"
MEASURE = measure_with(FONTS / "BulletinSans-Regular.ttf", FONTS / "BulletinSans-Semibold.ttf")


@pytest.fixture
def atlas() -> Iterator[Atlas]:
    with Atlas() as opened:
        yield opened


def drawn(atlas: Atlas, code: str, *, request: MapRequest | None = None, text: str = "",
          worldview: str = "un", month: Month = APRIL, language: str = "en",
          width: float = 41) -> tuple[Map, Sink]:
    sink = Sink()
    brief = Brief(name=code, region=REGIONS[code], month=month, language=language, title=(),
                  standfirst=(), authors=(), blocks=(), span=NOWHERE, map=request or MapRequest())
    found = MapMaker(atlas, MapStyle(), MEASURE, worldview).for_brief(
        brief, text, LANGUAGES[language].words, width, sink)
    assert found
    return found, sink


def names_on(found: Map) -> list[str]:
    """Return the names that are written on a map, two lines joined."""
    root = ElementTree.fromstring(found.svg)
    return [e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text")
            if e.get("fill") != "none"]


@pytest.mark.parametrize("code", EIGHT)
def test_the_eight_regions(atlas: Atlas, code: str) -> None:
    """Every country is emphasised and told, most capitals are labelled, names lie apart."""
    found, sink = drawn(atlas, code)
    assert not list(sink)
    names = [atlas.name(unit, "en", APRIL) for unit in REGIONS[code].countries]
    assert all(name in found.alternative for name in names)
    capitals = [p.name for u in REGIONS[code].countries for p in atlas.capitals(u, "en", APRIL)]
    assert len(capitals) == len(names)
    marked = [c for c in capitals if c in names_on(found)]
    assert len(marked) >= len(capitals) * 0.6, (capitals, names_on(found))
    assert 28 <= found.height <= 48
    assert len(found.svg) < 120_000
    assert "Natural Earth" in found.credit
    assert not overlapping(found)


@pytest.mark.parametrize("code", ["asia-pacific", "indo-pacific", "pacific"])
def test_the_far_side_of_the_globe_is_not_drawn_over_the_near_one(atlas: Atlas, code: str) -> None:
    found, _ = drawn(atlas, code, width=180)
    far = ("Brazil", "Nigeria", "France", "Morocco")
    assert not [name for name in far if name in found.alternative]
    assert not set(far) & set(names_on(found))


def overlapping(found: Map) -> list[tuple[str, str]]:
    """Return pairs of names whose letters overlap by more than a sliver."""
    boxes = []
    for e in ElementTree.fromstring(found.svg).iter("{http://www.w3.org/2000/svg}text"):
        if e.get("fill") == "none":
            continue
        size, words = float(e.get("font-size", "0")), e.text or ""
        spacing = float(e.get("letter-spacing", "0"))
        width = MEASURE(words, e.get("font-weight") == "600") * size + spacing * len(words)
        x, y = float(e.get("x", "0")), float(e.get("y", "0"))
        boxes.append((words, Box(x, y - size * 0.66, x + width, y)))
    return [(a, b) for n, (a, first) in enumerate(boxes) for b, second in boxes[n + 1 :]
            if first.overlap(second) > 0.1 * min(first.area, second.area)]


def test_names_are_dated(atlas: Atlas) -> None:
    def capital(month: Month) -> str:
        [place] = atlas.capitals("KZ", "en", month)
        return place.name

    assert capital(Month(2019, 2)) == "Astana"
    assert capital(APRIL) == "Nur-Sultan"
    assert capital(Month(2022, 9)) == "Astana"
    assert atlas.name("MK", "en", Month(2019, 1)) == "Macedonia"
    assert atlas.name("MK", "en", Month(2019, 2)) == "North Macedonia"
    assert atlas.name("SZ", "en", Month(2018, 3)) == "Swaziland"
    assert atlas.name("SZ", "en", Month(2018, 4)) == "Eswatini"
    assert atlas.name("TR", "en", Month(2022, 5)) == "Turkey"
    assert atlas.name("TR", "en", Month(2022, 6)) == "Türkiye"
    assert atlas.name("DE", "it", APRIL) == "Germania"


def test_every_country_of_the_regions_has_a_capital(atlas: Atlas) -> None:
    for region in REGIONS.values():
        for unit in region.countries:
            assert atlas.knows(unit), unit
            assert atlas.capitals(unit, "en", APRIL), unit


@pytest.mark.parametrize(("unit", "month", "names"), [
    ("MM", APRIL, ["Nay Pyi Taw"]), ("CI", APRIL, ["Yamoussoukro"]), ("ZA", APRIL, ["Pretoria"]),
    ("TZ", APRIL, ["Dodoma"]), ("BJ", APRIL, ["Porto-Novo", "Cotonou"]),
    ("BI", Month(2019, 1), ["Bujumbura"]), ("BI", APRIL, ["Gitega", "Bujumbura"]),
    ("BO", APRIL, ["Sucre", "La Paz"]), ("NL", APRIL, ["Amsterdam"]), ("PS", APRIL, ["Ramallah"])])
def test_capitals_are_those_of_the_month(atlas: Atlas, unit: str, month: Month,
                                         names: list[str]) -> None:
    assert [place.name for place in atlas.capitals(unit, "en", month)] == names


def test_jerusalem_is_a_capital_by_one_worldview_only(atlas: Atlas) -> None:
    def capitals(worldview: str) -> int:
        found, _ = drawn(atlas, "levant", worldview=worldview, width=85,
                         request=MapRequest(highlight=("IL",)))
        assert "Jerusalem" in names_on(found)
        return found.svg.count('stroke-width="10"/><circle')

    assert (capitals("un"), capitals("defacto")) == (0, 1)


def whole_of(view: View) -> View:
    """Return a view of the same scale that has the whole Earth."""
    from msgspec.structs import replace

    reach = 60_000.0
    size = round(2 * reach * view.scale)
    return replace(view, west=-reach, north=reach, width=size, height=size,
                   bounds=Frame(-180, -90, 180, 90))


UNITS = Atlas().countries()


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_every_country_alone_is_seen_whole(atlas: Atlas, unit: str) -> None:
    """Its land, but for islands that are far and small, and its capital."""
    import shapely

    units = worldviews()["un"].units_of(unit)
    outline = atlas.outline(units)
    capitals = atlas.capitals(unit, "en", APRIL)
    points = np.concatenate([outline, np.array([(p.longitude, p.latitude)
                                                for p in capitals]).reshape(-1, 2)])
    view = view_of(points, 41, 0.7 * 41, 1.15 * 41)
    assert all(view.holds(p.longitude, p.latitude) for p in capitals)
    scale = view.atlas_scale(atlas.tolerances)
    areas = atlas.areas("land", scale, [Frame(-180, -90, 180, 90)])
    own = areas.polygons[[u in units for u in areas.units]]
    seen = shapely.area(view.clipped(own)).sum()
    assert seen > 0.97 * shapely.area(whole_of(view).clipped(own)).sum()


@pytest.mark.parametrize("frame", [Frame(160, -30, -150, 10), Frame(150, 50, -160, 75)])
def test_a_frame_across_180_degrees(frame: Frame) -> None:
    view = view_of(grid_of(frame), 85, 60, 98)
    assert abs(abs(view.projection.longitude) - 180) < 25
    assert view.holds(179.9, (frame.south + frame.north) / 2)
    assert view.holds(-179.9, (frame.south + frame.north) / 2)
    assert not view.holds(0, 0)


@pytest.mark.parametrize("pole", [-1, 1])
def test_the_poles(atlas: Atlas, pole: int) -> None:
    south, north = sorted((pole * 62.0, pole * 90.0))
    view = view_of(grid_of(Frame(-180, south, 180, north)), 85, 60, 98)
    assert view.holds(0, pole * 89.99) and view.holds(90, pole * 70) and view.holds(-90, pole * 70)
    seen = view.clipped(atlas.areas("land", 3, view.frames).polygons)
    import shapely

    share = shapely.area(seen).sum() / (view.width * view.height)
    assert 0.15 < share < 0.75


@pytest.mark.parametrize("unit", ["RU", "FJ", "US", "NZ", "AQ"])
def test_nothing_is_drawn_along_180_degrees(atlas: Atlas, unit: str) -> None:
    """A country that the atlas has in two parts there has no line between them."""
    import shapely

    view = view_of(atlas.outline([unit]), 85, 60, 98)
    lines = atlas.lines(view.atlas_scale(atlas.tolerances), view.frames)
    seen = view.clipped(lines.lines)
    edge = view.place(np.array([[180.0, y] for y in np.linspace(-88, 88, 400)]))
    meridian = shapely.LineString(edge).buffer(2)
    assert sum(shapely.length(shapely.intersection(line, meridian)) for line in seen) < 150


@pytest.mark.parametrize(("place", "un", "defacto"), [
    ((34.3, 45.2), "UA", "RU"),      # Crimea
    ((35.78, 32.98), "SY", "IL"),    # the Golan Heights
    ((-13.0, 24.5), "EH", "EH"),     # Western Sahara, both sides of the berm
    ((-11.5, 26.5), "EH", "EH"),
    ((21.0, 42.6), "XK", "XK"),      # Kosovo
    ((33.4, 35.3), "CY", "CY"),      # the north of Cyprus
    ((35.2, 32.0), "PS", "PS"),      # the West Bank
    ((41.0, 43.0), "GE", "GE"),      # Abkhazia
    ((44.0, 42.35), "GE", "GE"),     # South Ossetia
    ((29.66, 46.87), "MD", "MD"),    # Transnistria
    ((46.6, 39.8), "AZ", "AZ"),      # Karabakh
    ((79.5, 35.2), "CN", "CN"),      # Aksai Chin
    ((94.5, 28.2), "IN", "IN"),      # Arunachal Pradesh
    ((35.2, 22.4), "EG", "EG"),      # the triangle of Hala'ib
    ((28.4, 9.8), "SD", "SD"),       # Abyei
    ((145.9, 44.1), "RU", "RU"),     # the southern Kurils
])
def test_borders_in_dispute_follow_the_worldview(atlas: Atlas, place: tuple[float, float], un: str,
                                                 defacto: str) -> None:
    import shapely

    frame = Frame(place[0] - 1, place[1] - 1, place[0] + 1, place[1] + 1)
    for scale in range(3):
        areas = atlas.areas("land", scale, [frame])
        inside = [u for u, p in zip(areas.units, areas.polygons, strict=True)
                  if p.contains(shapely.Point(place))]
        assert len(inside) == 1, (scale, inside)
        assert worldviews()["un"].owner(inside[0]) == un
        assert worldviews()["defacto"].owner(inside[0]) == defacto


@pytest.mark.parametrize(("pair", "month", "there"), [
    (("AZ", "X-KARABAKH"), APRIL, True), (("AZ", "X-KARABAKH"), Month(2023, 10), False),
    (("UA", "X-DONBAS"), Month(2014, 8), False), (("UA", "X-DONBAS"), APRIL, True),
    (("GE", "X-ABKHAZIA"), Month(2030, 1), True)])
def test_lines_of_a_ceasefire_are_there_while_it_lasts(pair: tuple[str, str], month: Month,
                                                       there: bool) -> None:
    for worldview in worldviews().values():
        assert worldview.at(month).is_dashed(*pair) is there
        assert worldview.at(month).is_hidden(*pair) is not there


def test_a_capital_outside_of_the_frame_is_told(atlas: Atlas) -> None:
    """Of a frame that a series or a brief gives; those of the shipped regions are meant so."""
    from msgspec.structs import replace

    _, sink = drawn(atlas, "high-north")
    assert not list(sink)
    _, sink = drawn(atlas, "high-north", request=MapRequest(highlight=("CA", "US")))
    assert not list(sink), "what is highlighted is framed"
    region = replace(REGIONS["levant"], frame=Frame(35, 29, 40, 32),
                     span=Span("regions.toml", 3))
    brief = Brief(name="b", region=region, month=APRIL, language="en", title=(), standfirst=(),
                  authors=(), blocks=(), span=NOWHERE)
    sink = Sink()
    MapMaker(atlas, MapStyle(), MEASURE, "un").for_brief(brief, "", LANGUAGES["en"].words, 41, sink)
    assert {d.code for d in sink} == {"map-frame"}
    assert "Damascus" in " ".join(map(str, sink))


def test_a_place_under_another_name_is_marked_once(atlas: Atlas) -> None:
    found, _ = drawn(atlas, "gulf", request=MapRequest(places=("Teheran", "Basra")), width=85)
    names = names_on(found)
    assert names.count("Tehran") == 1 and "Teheran" not in names
    assert "Basra" in names


def test_disputed_lines_are_dashed_and_said(atlas: Atlas) -> None:
    balkans, _ = drawn(atlas, "western-balkans")
    assert "stroke-dasharray" in balkans.svg
    assert "KOSOVO*" in names_on(balkans)
    assert "1244" in balkans.credit
    maghreb, _ = drawn(atlas, "maghreb")
    assert "url(#hatch)" in maghreb.svg
    assert "Hatched" in maghreb.credit
    assert "Dashed" in maghreb.credit


def test_two_sides_of_a_border_are_simplified_alike(atlas: Atlas) -> None:
    """No two countries overlap, and no gap opens between neighbours inland."""
    import shapely

    frame = Frame(56, 36, 80, 50)
    for scale in range(len(atlas.tolerances)):
        areas = atlas.areas("land", scale, [frame])
        chosen = {u: shapely.union_all([p for v, p in zip(areas.units, areas.polygons, strict=True)
                                        if v == u]) for u in ("KZ", "UZ", "TM", "KG", "TJ")}
        units = sorted(chosen)
        for n, first in enumerate(units):
            for second in units[n + 1 :]:
                assert chosen[first].intersection(chosen[second]).area < 1e-6
        together = shapely.union_all(list(chosen.values()))
        holes = [shapely.Polygon(r) for p in shapely.get_parts(together) for r in p.interiors]
        assert sum(h.area for h in holes) < 1e-6


@pytest.mark.parametrize(("ours", "proj"), [
    (LambertConformalConic(67, 40, 50), "+proj=lcc +lat_1=40 +lat_2=50 +lat_0=45 +lon_0=67"),
    (LambertConformalConic(45, 30, 30), "+proj=lcc +lat_1=30 +lat_2=30 +lat_0=30 +lon_0=45"),
    (LambertAzimuthalEqualArea(10, 5), "+proj=laea +lat_0=5 +lon_0=10"),
    (LambertAzimuthalEqualArea(0, 90), "+proj=laea +lat_0=90 +lon_0=0"),
    (LambertAzimuthalEqualArea(170, -20), "+proj=laea +lat_0=-20 +lon_0=170"),
    (EqualEarth(30), "+proj=eqearth +lon_0=30"), (EqualEarth(-150), "+proj=eqearth +lon_0=-150"),
])
def test_projections_agree_with_proj(ours: Projection, proj: str) -> None:
    oracle = pyproj.Proj(f"{proj} +R={RADIUS * 1000} +units=m")
    points = np.array([[x, y] for x in range(-20, 90, 7) for y in range(3, 80, 7)], float)
    x, y = oracle(points[:, 0], points[:, 1])
    assert np.abs(forward(ours, points) - np.column_stack((x, y)) / 1000).max() < 1e-6
    back = inverse(ours, forward(ours, points))
    assert np.abs(back - points).max() < 1e-6


def test_wishes_of_a_brief(atlas: Atlas) -> None:
    request = MapRequest(highlight=("KG", "TJ"), places=("Batken",), caption="A base.")
    found, sink = drawn(atlas, "central-asia", request=request)
    assert not list(sink)
    assert "Emphasised: Kyrgyzstan, Tajikistan." in found.alternative
    assert "Batken" in names_on(found)
    assert found.caption == "A base."
    _, sink = drawn(atlas, "central-asia", request=MapRequest(highlight=("KG", "QQ"),
                                                              places=("Atlantis",)))
    assert {d.code for d in sink} == {"unknown-country", "unknown-place"}


def test_towns_that_the_text_names_are_marked(atlas: Atlas) -> None:
    found, _ = drawn(atlas, "central-asia", text="The base at Kant and Kant’s runway, near Osh.")
    assert {"Kant", "Osh"} & set(names_on(found))
    plain, _ = drawn(atlas, "central-asia", text="Nothing is named here.")
    assert "Kant" not in names_on(plain)


def test_a_map_is_the_same_every_time(atlas: Atlas) -> None:
    first, _ = drawn(atlas, "gulf", text="Basra and Hodeidah")
    second, _ = drawn(atlas, "gulf", text="Basra and Hodeidah")
    assert first == second


def test_coordinates_stay_on_the_sheet(atlas: Atlas) -> None:
    found, _ = drawn(atlas, "black-sea")
    for path in re.findall(r'd="([^"]+)"', found.svg):
        points = re.findall(r"(-?\d+),(-?\d+)", path)
        assert len(points) > 1
        for x, y in points:
            assert -1 <= int(x) <= 4101
            assert -1 <= int(y) <= found.height * 100 + 1


def test_labels_that_collide_are_dropped_by_importance() -> None:
    box = Box(0, 0, 10, 10)
    spot = (Candidate(0, 10, "start", box, 0.0, ("x",)),)
    town = Label("town", Importance.TOWN, spot, "town")
    country = Label("country", Importance.COUNTRY, spot, "country")
    placement = place_labels([town, country], [])
    assert [label.text for label, _ in placement.placed] == ["country"]
    assert placement.dropped == (town,)


def test_other_languages(atlas: Atlas) -> None:
    found, _ = drawn(atlas, "central-asia", language="ru")
    assert "КАЗАХСТАН" in names_on(found)
    assert "Карта: Центральная Азия" in found.alternative


@pytest.mark.parametrize(("name", "text", "shown"), [
    ("Libya", "Nothing is named.", {"Libya"}),
    ("Horn of Africa", "Ethiopia and Somalia met. Ethiopia left; Somalia stayed; Kenya came.",
     {"Ethiopia", "Somalia"}),
    ("West", "Nigeria and Niger met. Nigeria agreed with Niger.", {"Nigeria", "Niger"}),
    ("West", "Nigeria met Nigeria. Niger was away.", {"Nigeria"}),
    ("US Elections", "The count is late, and late again.", set())])
def test_a_region_without_countries_shows_those_that_the_brief_names(
        atlas: Atlas, name: str, text: str, shown: set[str]) -> None:
    region = Region(code="r", name=name)
    sink = Sink()
    brief = Brief(name="b", region=region, month=Month(2019, 4), language="en", title=(),
                  standfirst=(), authors=(), blocks=(), span=NOWHERE)
    found = MapMaker(atlas, MapStyle(), MEASURE, "un").for_brief(
        brief, text, LANGUAGES["en"].words, 41.0, sink)
    assert not list(sink)
    if not shown:
        assert found is None
        return
    assert found is not None
    emphasised = found.alternative.split("Emphasised: ", 1)[1].split(".")[0]
    assert set(emphasised.split(", ")) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_and_seas_have_names_in_every_language(atlas: Atlas, language: str) -> None:
    names = [atlas.name(unit, language, APRIL) for unit in ("DE", "GR", "EG")]
    english = {"Germany", "Greece", "Egypt"}
    assert language == "en" or not set(names) & english, names
    assert all(language in sea.names for sea in SEAS)


def test_capitals_of_turkish_names_keep_their_dots(atlas: Atlas) -> None:
    found, _ = drawn(atlas, "gulf", language="tr", width=46)
    names = names_on(found)
    assert "İRAN" in names and "IRAK" in names and "IRAN" not in names
