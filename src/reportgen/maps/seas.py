"""Names of seas and where to write them: Natural Earth's own are not to be had, so by hand."""

from __future__ import annotations

from msgspec import Struct

_LANGUAGES = ("en", "it", "fr", "de", "es", "ru", "pt", "pl", "uk", "tr", "ar")


class Sea(Struct, frozen=True):
    """A sea, and points in degrees where its name fits, the best first."""

    points: tuple[tuple[float, float], ...]
    names: dict[str, str]

    def name(self, language: str) -> str:
        return self.names.get(language, self.names["en"])


def _sea(points: tuple[tuple[float, float], ...], names: str) -> Sea:
    parts = names.split("|")
    return Sea(points, dict(zip(_LANGUAGES, parts, strict=True)))


SEAS: tuple[Sea, ...] = (
    _sea(((50.5, 41.8), (51.2, 39.0), (50.8, 44.8)),
         "Caspian Sea|Mar Caspio|Mer Caspienne|Kaspisches Meer|Mar Caspio|Каспийское море|"
         "Mar Cáspio|Morze Kaspijskie|Каспійське море|Hazar Denizi|بحر قزوين"),
    _sea(((34.0, 43.2), (31.0, 43.3), (37.5, 43.3), (40.2, 42.4)),
         "Black Sea|Mar Nero|Mer Noire|Schwarzes Meer|Mar Negro|Чёрное море|Mar Negro|"
         "Morze Czarne|Чорне море|Karadeniz|البحر الأسود"),
    _sea(((36.7, 46.1),),
         "Sea of Azov|Mar d’Azov|Mer d’Azov|Asowsches Meer|Mar de Azov|Азовское море|"
         "Mar de Azov|Morze Azowskie|Азовське море|Azak Denizi|بحر آزوف"),
    _sea(((18.0, 35.0), (28.0, 33.6), (33.2, 33.6), (5.5, 38.2), (33.0, 32.4)),
         "Mediterranean Sea|Mar Mediterraneo|Mer Méditerranée|Mittelmeer|Mar Mediterráneo|"
         "Средиземное море|Mar Mediterrâneo|Morze Śródziemne|Середземне море|Akdeniz|"
         "البحر المتوسط"),
    _sea(((16.6, 42.5), (18.2, 41.6), (15.2, 43.2)),
         "Adriatic Sea|Mar Adriatico|Mer Adriatique|Adria|Mar Adriático|Адриатическое море|"
         "Mar Adriático|Morze Adriatyckie|Адріатичне море|Adriyatik Denizi|البحر الأدرياتيكي"),
    _sea(((18.6, 38.8), (19.0, 38.0)),
         "Ionian Sea|Mar Ionio|Mer Ionienne|Ionisches Meer|Mar Jónico|Ионическое море|"
         "Mar Jónico|Morze Jońskie|Іонічне море|İyon Denizi|البحر الأيوني"),
    _sea(((25.0, 38.8), (25.2, 40.1)),
         "Aegean Sea|Mar Egeo|Mer Égée|Ägäis|Mar Egeo|Эгейское море|Mar Egeu|Morze Egejskie|"
         "Егейське море|Ege Denizi|بحر إيجه"),
    _sea(((38.2, 20.5), (36.2, 24.3), (40.3, 17.2)),
         "Red Sea|Mar Rosso|Mer Rouge|Rotes Meer|Mar Rojo|Красное море|Mar Vermelho|"
         "Morze Czerwone|Червоне море|Kızıldeniz|البحر الأحمر"),
    _sea(((51.2, 27.2), (50.2, 28.4)),
         "Persian Gulf|Golfo Persico|Golfe Persique|Persischer Golf|Golfo Pérsico|"
         "Персидский залив|Golfo Pérsico|Zatoka Perska|Перська затока|Basra Körfezi|الخليج"),
    _sea(((58.7, 24.8),),
         "Gulf of Oman|Golfo dell’Oman|Golfe d’Oman|Golf von Oman|Golfo de Omán|"
         "Оманский залив|Golfo de Omã|Zatoka Omańska|Оманська затока|Umman Körfezi|خليج عُمان"),
    _sea(((61.5, 17.5), (59.5, 17.0), (57.5, 14.5)),
         "Arabian Sea|Mar Arabico|Mer d’Arabie|Arabisches Meer|Mar Arábigo|Аравийское море|"
         "Mar Arábico|Morze Arabskie|Аравійське море|Arap Denizi|بحر العرب"),
    _sea(((47.5, 12.5),),
         "Gulf of Aden|Golfo di Aden|Golfe d’Aden|Golf von Aden|Golfo de Adén|Аденский залив|"
         "Golfo de Adém|Zatoka Adeńska|Аденська затока|Aden Körfezi|خليج عدن"),
    _sea(((-14.0, 33.0), (-17.2, 29.8), (-20.5, 17.5), (-22.0, 24.0), (-40.0, 40.0)),
         "Atlantic Ocean|Oceano Atlantico|Océan Atlantique|Atlantik|Océano Atlántico|"
         "Атлантический океан|Oceano Atlântico|Ocean Atlantycki|Атлантичний океан|"
         "Atlas Okyanusu|المحيط الأطلسي"),
    _sea(((1.5, 3.2),),
         "Gulf of Guinea|Golfo di Guinea|Golfe de Guinée|Golf von Guinea|Golfo de Guinea|"
         "Гвинейский залив|Golfo da Guiné|Zatoka Gwinejska|Гвінейська затока|Gine Körfezi|"
         "خليج غينيا"),
    _sea(((70.0, -8.0), (75.0, -2.0)),
         "Indian Ocean|Oceano Indiano|Océan Indien|Indischer Ozean|Océano Índico|"
         "Индийский океан|Oceano Índico|Ocean Indyjski|Індійський океан|Hint Okyanusu|"
         "المحيط الهندي"),
    _sea(((150.0, 20.0), (160.0, 10.0)),
         "Pacific Ocean|Oceano Pacifico|Océan Pacifique|Pazifik|Océano Pacífico|Тихий океан|"
         "Oceano Pacífico|Ocean Spokojny|Тихий океан|Büyük Okyanus|المحيط الهادئ"),
    _sea(((0.0, 84.0),),
         "Arctic Ocean|Mar Glaciale Artico|Océan Arctique|Arktischer Ozean|Océano Ártico|"
         "Северный Ледовитый океан|Oceano Ártico|Ocean Arktyczny|Північний Льодовитий океан|"
         "Kuzey Buz Denizi|المحيط المتجمد الشمالي"),
)
