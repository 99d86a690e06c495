"""One row a language: how it writes numbers, quotes and dates, and the furniture's words."""

from __future__ import annotations

from enum import Enum, StrEnum

from msgspec import Struct

NO_BREAK_SPACE = "\u00a0"
NARROW_SPACE = "\u202f"


class MarkPlace(Enum):
    """Where a note mark stands to the punctuation that ends its clause."""

    AFTER = "after"
    BEFORE = "before"


class Direction(StrEnum):
    """In which direction lines are read; values are those of HTML's attribute `dir`."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Language(Struct, frozen=True):
    """What is peculiar to a language."""

    code: str
    """BCP 47; also the hyphenation dictionary."""
    quotes: tuple[str, str]
    inner_quotes: tuple[str, str]
    decimal: str
    """Decimal mark."""
    group: str
    """What separates thousands when the author put a space there; empty: leave alone."""
    months: tuple[str, ...]
    words: dict[str, str]
    high_punctuation: str = ""
    """Marks that take a narrow no-break space before them (French)."""
    quote_space: str = ""
    """Space inside the quotes."""
    mark_place: MarkPlace = MarkPlace.AFTER
    nouns_capitalised: bool = False
    """Every noun has a capital, so a capital is no sign of a name."""

    date_form: str = "{day} {month} {year}"
    """Order of a date's parts."""
    date_months: tuple[str, ...] = ()
    """Names of the months inside a date, where they differ."""
    direction: Direction = Direction.LEFT_TO_RIGHT

    def date(self, iso: str) -> str:
        """Return an ISO 8601 date, as precise as it is: `19 April 2019`, `April 2019`, `2019`."""
        year, *rest = iso.split("-")
        if len(rest) < 2:
            return year if not rest else f"{self.months[int(rest[0]) - 1]} {year}"
        month = (self.date_months or self.months)[int(rest[0]) - 1]
        return self.date_form.format(day=int(rest[1]), month=month, year=year)

    def month_name(self, month: int, year: int) -> str:
        """Return a month as the running heads print it: `April 2019`."""
        name = self.months[month - 1]
        return f"{name[0].upper()}{name[1:]} {year}"


def _months(names: str) -> tuple[str, ...]:
    return tuple(names.split())


LANGUAGES: dict[str, Language] = {
    "en": Language(
        "en", ("“", "”"), ("‘", "’"), ".", "",
        _months("January February March April May June July August September October "
                "November December"),
        {
            "by": "By", "and": "and", "author": "The author", "authors": "The authors",
            "figures": "In figures", "key_points": "Key points", "contents": "Contents",
            "editors_note": "Editor’s note",
            "imprint": "Imprint", "disclaimer": "Disclaimer", "credits": "Credits",
            "licence": "Licence", "sources": "Sources", "issue": "No.",
            "map_of": "Map of {region}", "map_shows": "Emphasised: {countries}.",
            "map_neighbours": "Around them: {countries}.", "map_marked": "Marked: {places}.",
            "map_credit": "Boundaries: Natural Earth; they imply no endorsement.",
            "map_disputed": "Dashed: disputed.",
            "map_hatched": "Hatched: status in dispute.",
            "map_kosovo": "* Without prejudice to positions on status, in line with UNSCR 1244 "
                          "and the ICJ opinion on Kosovo’s declaration of independence.",
            "cover_map": "World map of the regions of this issue: {regions}.",
            "mail_attached": "The bulletin is attached as a PDF.",
            "mail_chosen": "It has the regions that you chose: {regions}.",
            "mail_read": "Read the bulletin (PDF)",
            "mail_why": "You receive this mail because you subscribed to {title}.",
            "mail_unsubscribe": "Unsubscribe",
            "mail_cover": "Cover of {title}, {issue}",
            "prepared_for": "Prepared for {name}",
        },
    ),
    "it": Language(
        "it", ("“", "”"), ("‘", "’"), ",", ".",
        _months("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
                "novembre dicembre"),
        {
            "by": "di", "and": "e", "author": "L’autore", "authors": "Gli autori",
            "figures": "In cifre", "key_points": "In sintesi", "contents": "Sommario",
            "editors_note": "Nota redazionale",
            "imprint": "Colophon", "disclaimer": "Avvertenza", "credits": "Crediti",
            "licence": "Licenza", "sources": "Fonti", "issue": "N.",
            "map_of": "Carta: {region}", "map_shows": "In evidenza: {countries}.",
            "map_neighbours": "Intorno: {countries}.", "map_marked": "Indicati: {places}.",
            "map_credit": "Confini: Natural Earth; non implicano riconoscimento.",
            "map_disputed": "Tratteggio: confini contesi.",
            "map_hatched": "Campitura: status conteso.",
            "map_kosovo": "* Senza pregiudizio delle posizioni sullo status, in linea con la "
                          "UNSCR 1244 e il parere della CIG sulla dichiarazione d’indipendenza.",
            "cover_map": "Carta del mondo con le regioni di questo numero: {regions}.",
            "mail_attached": "Il bollettino è allegato in PDF.",
            "mail_chosen": "Contiene le regioni che hai scelto: {regions}.",
            "mail_read": "Leggi il bollettino (PDF)",
            "mail_why": "Ricevi questo messaggio perché sei iscritto a {title}.",
            "mail_unsubscribe": "Annulla l’iscrizione",
            "mail_cover": "Copertina di {title}, {issue}",
            "prepared_for": "Preparato per {name}",
        },
    ),
    "fr": Language(
        "fr", ("«", "»"), ("“", "”"), ",", NARROW_SPACE,
        _months("janvier février mars avril mai juin juillet août septembre octobre novembre "
                "décembre"),
        {
            "by": "par", "and": "et", "author": "L’auteur", "authors": "Les auteurs",
            "figures": "En chiffres", "key_points": "Points clés", "contents": "Sommaire",
            "editors_note": "Éditorial",
            "imprint": "Mentions légales", "disclaimer": "Avertissement", "credits": "Crédits",
            "licence": "Licence", "sources": "Sources", "issue": "Nº",
            "map_of": "Carte : {region}", "map_shows": "En évidence : {countries}.",
            "map_neighbours": "Autour : {countries}.", "map_marked": "Indiqués : {places}.",
            "map_credit": "Frontières : Natural Earth ; elles n’impliquent aucune approbation.",
            "map_disputed": "Tirets : frontières contestées.",
            "map_hatched": "Hachures : statut contesté.",
            "map_kosovo": "* Sans préjudice des positions sur le statut, conformément à la "
                          "RCSNU 1244 et à l’avis de la CIJ sur la déclaration d’indépendance.",
            "cover_map": "Carte du monde des régions de ce numéro : {regions}.",
            "mail_attached": "Le bulletin est joint en PDF.",
            "mail_chosen": "Il contient les régions que vous avez choisies : {regions}.",
            "mail_read": "Lire le bulletin (PDF)",
            "mail_why": "Vous recevez ce message parce que vous êtes abonné à {title}.",
            "mail_unsubscribe": "Se désabonner",
            "mail_cover": "Couverture de {title}, {issue}",
            "prepared_for": "Préparé pour {name}",
        },
        high_punctuation=";!?",
        quote_space=NARROW_SPACE,
        mark_place=MarkPlace.BEFORE,
    ),
    "de": Language(
        "de", ("„", "“"), ("‚", "‘"), ",", NARROW_SPACE,
        _months("Januar Februar März April Mai Juni Juli August September Oktober November "
                "Dezember"),
        {
            "by": "Von", "and": "und", "author": "Der Autor", "authors": "Die Autoren",
            "figures": "In Zahlen", "key_points": "Kernpunkte", "contents": "Inhalt",
            "editors_note": "Vorbemerkung",
            "imprint": "Impressum", "disclaimer": "Haftungsausschluss", "credits": "Nachweise",
            "licence": "Lizenz", "sources": "Quellen", "issue": "Nr.",
            "map_of": "Karte: {region}", "map_shows": "Hervorgehoben: {countries}.",
            "map_neighbours": "Umgebend: {countries}.", "map_marked": "Markiert: {places}.",
            "map_credit": "Grenzen: Natural Earth; ohne Anerkennung eines Status.",
            "map_disputed": "Gestrichelt: umstrittene Grenzen.",
            "map_hatched": "Schraffiert: umstrittener Status.",
            "map_kosovo": "* Unbeschadet der Standpunkte zum Status, im Einklang mit der "
                          "Resolution 1244 des VN-Sicherheitsrats und dem Gutachten des IGH.",
            "cover_map": "Weltkarte der Regionen dieser Ausgabe: {regions}.",
            "mail_attached": "Das Bulletin liegt als PDF bei.",
            "mail_chosen": "Es enthält die Regionen, die Sie gewählt haben: {regions}.",
            "mail_read": "Das Bulletin lesen (PDF)",
            "mail_why": "Sie erhalten diese Nachricht, weil Sie {title} abonniert haben.",
            "mail_unsubscribe": "Abbestellen",
            "mail_cover": "Titelblatt von {title}, {issue}",
            "prepared_for": "Zusammengestellt für {name}",
        },
        nouns_capitalised=True,
        date_form="{day}. {month} {year}",
    ),
    "es": Language(
        "es", ("«", "»"), ("“", "”"), ",", NARROW_SPACE,
        _months("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
                "diciembre"),
        {
            "by": "por", "and": "y", "author": "El autor", "authors": "Los autores",
            "figures": "En cifras", "key_points": "Puntos clave", "contents": "Índice",
            "editors_note": "Nota editorial",
            "imprint": "Créditos editoriales", "disclaimer": "Advertencia", "credits": "Créditos",
            "licence": "Licencia", "sources": "Fuentes", "issue": "N.º",
            "map_of": "Mapa: {region}", "map_shows": "Destacados: {countries}.",
            "map_neighbours": "Alrededor: {countries}.", "map_marked": "Señalados: {places}.",
            "map_credit": "Fronteras: Natural Earth; no implican reconocimiento.",
            "map_disputed": "Discontinuas: fronteras en disputa.",
            "map_hatched": "Rayado: estatus en disputa.",
            "map_kosovo": "* Sin perjuicio de las posiciones sobre el estatus, conforme a la "
                          "RCSNU 1244 y a la opinión de la CIJ sobre la independencia.",
            "cover_map": "Mapa del mundo con las regiones de este número: {regions}.",
            "mail_attached": "El boletín va adjunto en PDF.",
            "mail_chosen": "Contiene las regiones que usted eligió: {regions}.",
            "mail_read": "Leer el boletín (PDF)",
            "mail_why": "Recibe este mensaje porque está suscrito a {title}.",
            "mail_unsubscribe": "Darse de baja",
            "mail_cover": "Portada de {title}, {issue}",
            "prepared_for": "Preparado para {name}",
        },
        date_form="{day} de {month} de {year}",
    ),
    "ru": Language(
        "ru", ("«", "»"), ("„", "“"), ",", NO_BREAK_SPACE,
        _months("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь "
                "декабрь"),
        {
            "by": "Автор:", "and": "и", "author": "Об авторе", "authors": "Об авторах",
            "figures": "В цифрах", "key_points": "Главное", "contents": "Содержание",
            "editors_note": "От редакции",
            "imprint": "Выходные данные", "disclaimer": "Оговорка", "credits": "Источники карт",
            "licence": "Лицензия", "sources": "Источники", "issue": "№",
            "map_of": "Карта: {region}", "map_shows": "Выделены: {countries}.",
            "map_neighbours": "Вокруг: {countries}.", "map_marked": "Отмечены: {places}.",
            "map_credit": "Границы: Natural Earth; не означают признания.",
            "map_disputed": "Пунктир: спорные границы.",
            "map_hatched": "Штриховка: спорный статус.",
            "map_kosovo": "* Без ущерба для позиций по статусу, в соответствии с резолюцией "
                          "1244 Совета Безопасности ООН и заключением Международного суда.",
            "cover_map": "Карта мира с регионами этого номера: {regions}.",
            "mail_attached": "Бюллетень приложен в PDF.",
            "mail_chosen": "В нём выбранные вами регионы: {regions}.",
            "mail_read": "Читать бюллетень (PDF)",
            "mail_why": "Вы получили это письмо, потому что подписаны на {title}.",
            "mail_unsubscribe": "Отписаться",
            "mail_cover": "Обложка: {title}, {issue}",
            "prepared_for": "Подготовлено для {name}",
        },
        mark_place=MarkPlace.BEFORE,
        date_months=_months("января февраля марта апреля мая июня июля августа сентября октября "
                            "ноября декабря"),
    ),
    "pt": Language(
        "pt", ("“", "”"), ("‘", "’"), ",", NARROW_SPACE,
        _months("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
                "dezembro"),
        {
            "by": "por", "and": "e", "author": "O autor", "authors": "Os autores",
            "figures": "Em números", "key_points": "Pontos-chave", "contents": "Sumário",
            "editors_note": "Nota editorial",
            "imprint": "Ficha técnica", "disclaimer": "Advertência", "credits": "Créditos",
            "licence": "Licença", "sources": "Fontes", "issue": "N.º",
            "map_of": "Mapa: {region}", "map_shows": "Em destaque: {countries}.",
            "map_neighbours": "Em redor: {countries}.", "map_marked": "Assinalados: {places}.",
            "map_credit": "Fronteiras: Natural Earth; não implicam reconhecimento.",
            "map_disputed": "Tracejado: fronteiras disputadas.",
            "map_hatched": "Sombreado: estatuto disputado.",
            "map_kosovo": "* Sem prejuízo das posições sobre o estatuto, em conformidade com a "
                          "RCSNU 1244 e o parecer do TIJ sobre a declaração de independência.",
            "cover_map": "Mapa-múndi com as regiões deste número: {regions}.",
            "mail_attached": "O boletim segue em anexo, em PDF.",
            "mail_chosen": "Contém as regiões que escolheu: {regions}.",
            "mail_read": "Ler o boletim (PDF)",
            "mail_why": "Recebe esta mensagem porque subscreveu {title}.",
            "mail_unsubscribe": "Cancelar a subscrição",
            "mail_cover": "Capa de {title}, {issue}",
            "prepared_for": "Preparado para {name}",
        },
        date_form="{day} de {month} de {year}",
    ),
    "pl": Language(
        "pl", ("„", "”"), ("«", "»"), ",", NO_BREAK_SPACE,
        _months("styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik "
                "listopad grudzień"),
        {
            "by": "Autor:", "and": "i", "author": "O autorze", "authors": "O autorach",
            "figures": "W liczbach", "key_points": "Najważniejsze", "contents": "Spis treści",
            "editors_note": "Od redakcji",
            "imprint": "Stopka redakcyjna", "disclaimer": "Zastrzeżenie", "credits": "Źródła map",
            "licence": "Licencja", "sources": "Źródła", "issue": "Nr",
            "map_of": "Mapa: {region}", "map_shows": "Wyróżnione: {countries}.",
            "map_neighbours": "Wokół: {countries}.", "map_marked": "Zaznaczone: {places}.",
            "map_credit": "Granice: Natural Earth; nie oznaczają uznania.",
            "map_disputed": "Linia przerywana: granice sporne.",
            "map_hatched": "Kreskowanie: status sporny.",
            "map_kosovo": "* Bez uszczerbku dla stanowisk w sprawie statusu, zgodnie z rezolucją "
                          "RB ONZ 1244 i opinią MTS w sprawie deklaracji niepodległości.",
            "cover_map": "Mapa świata z regionami tego numeru: {regions}.",
            "mail_attached": "Biuletyn jest dołączony jako PDF.",
            "mail_chosen": "Zawiera wybrane przez Państwa regiony: {regions}.",
            "mail_read": "Przeczytaj biuletyn (PDF)",
            "mail_why": "Otrzymują Państwo tę wiadomość, ponieważ subskrybują {title}.",
            "mail_unsubscribe": "Zrezygnuj z subskrypcji",
            "mail_cover": "Okładka: {title}, {issue}",
            "prepared_for": "Przygotowano dla: {name}",
        },
        mark_place=MarkPlace.BEFORE,
        date_months=_months("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
                            "października listopada grudnia"),
    ),
    "uk": Language(
        "uk", ("«", "»"), ("„", "“"), ",", NO_BREAK_SPACE,
        _months("січень лютий березень квітень травень червень липень серпень вересень жовтень "
                "листопад грудень"),
        {
            "by": "Автор:", "and": "і", "author": "Про автора", "authors": "Про авторів",
            "figures": "У цифрах", "key_points": "Головне", "contents": "Зміст",
            "editors_note": "Від редакції",
            "imprint": "Вихідні дані", "disclaimer": "Застереження", "credits": "Джерела карт",
            "licence": "Ліцензія", "sources": "Джерела", "issue": "№",
            "map_of": "Карта: {region}", "map_shows": "Виділено: {countries}.",
            "map_neighbours": "Довкола: {countries}.", "map_marked": "Позначено: {places}.",
            "map_credit": "Кордони: Natural Earth; не означають визнання.",
            "map_disputed": "Пунктир: спірні кордони.",
            "map_hatched": "Штрихування: спірний статус.",
            "map_kosovo": "* Без шкоди для позицій щодо статусу, відповідно до резолюції 1244 "
                          "Ради Безпеки ООН і висновку Міжнародного суду.",
            "cover_map": "Карта світу з регіонами цього номера: {regions}.",
            "mail_attached": "Бюлетень додано у форматі PDF.",
            "mail_chosen": "У ньому вибрані вами регіони: {regions}.",
            "mail_read": "Читати бюлетень (PDF)",
            "mail_why": "Ви отримали цей лист, бо підписані на {title}.",
            "mail_unsubscribe": "Відписатися",
            "mail_cover": "Обкладинка: {title}, {issue}",
            "prepared_for": "Підготовлено для {name}",
        },
        mark_place=MarkPlace.BEFORE,
        date_months=_months("січня лютого березня квітня травня червня липня серпня вересня жовтня "
                            "листопада грудня"),
    ),
    "tr": Language(
        "tr", ("“", "”"), ("‘", "’"), ",", ".",
        _months("Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
        {
            "by": "Yazan:", "and": "ve", "author": "Yazar hakkında",
            "authors": "Yazarlar hakkında",
            "figures": "Rakamlarla", "key_points": "Öne çıkanlar", "contents": "İçindekiler",
            "editors_note": "Editörün notu",
            "imprint": "Künye", "disclaimer": "Sorumluluk reddi", "credits": "Kaynak gösterimi",
            "licence": "Lisans", "sources": "Kaynaklar", "issue": "Sayı",
            "map_of": "Harita: {region}", "map_shows": "Vurgulananlar: {countries}.",
            "map_neighbours": "Çevresi: {countries}.", "map_marked": "İşaretlenenler: {places}.",
            "map_credit": "Sınırlar: Natural Earth; tanıma anlamına gelmez.",
            "map_disputed": "Kesik çizgi: ihtilaflı sınırlar.",
            "map_hatched": "Taralı: statüsü ihtilaflı.",
            "map_kosovo": "* Statüye ilişkin tutumlara halel getirmeksizin, BMGK 1244 sayılı "
                          "kararına ve UAD’nin bağımsızlık bildirgesine dair görüşüne uygundur.",
            "cover_map": "Bu sayının bölgelerini gösteren dünya haritası: {regions}.",
            "mail_attached": "Bülten PDF olarak ektedir.",
            "mail_chosen": "Seçtiğiniz bölgeleri içerir: {regions}.",
            "mail_read": "Bülteni oku (PDF)",
            "mail_why": "Bu iletiyi {title} abonesi olduğunuz için alıyorsunuz.",
            "mail_unsubscribe": "Abonelikten çık",
            "mail_cover": "{title}, {issue}: kapak",
            "prepared_for": "{name} için hazırlanmıştır",
        },
    ),
    "ar": Language(
        "ar", ("«", "»"), ("“", "”"), "٫", "",
        _months("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        {
            "by": "بقلم", "and": "و", "author": "الكاتب", "authors": "الكتّاب",
            "figures": "بالأرقام", "key_points": "أبرز النقاط", "contents": "المحتويات",
            "editors_note": "كلمة التحرير",
            "imprint": "بيانات النشر", "disclaimer": "إخلاء المسؤولية",
            "credits": "مصادر الخرائط",
            "licence": "الترخيص", "sources": "المصادر", "issue": "العدد",
            "map_of": "خريطة {region}", "map_shows": "المميَّزة: {countries}.",
            "map_neighbours": "حولها: {countries}.", "map_marked": "المعلَّمة: {places}.",
            "map_credit": "الحدود: Natural Earth؛ ولا تعني إقرارًا بأي وضع.",
            "map_disputed": "الخطوط المتقطعة: حدود متنازع عليها.",
            "map_hatched": "التظليل: وضع متنازع عليه.",
            "map_kosovo": "* دون المساس بالمواقف من الوضع القانوني، ووفقًا لقرار مجلس الأمن 1244 "
                          "ولرأي محكمة العدل الدولية بشأن إعلان استقلال كوسوفو.",
            "cover_map": "خريطة للعالم تبيّن مناطق هذا العدد: {regions}.",
            "mail_attached": "النشرة مرفقة بصيغة PDF.",
            "mail_chosen": "تضم المناطق التي اخترتموها: {regions}.",
            "mail_read": "قراءة النشرة (PDF)",
            "mail_why": "تصلكم هذه الرسالة لاشتراككم في {title}.",
            "mail_unsubscribe": "إلغاء الاشتراك",
            "mail_cover": "غلاف {title}، {issue}",
            "prepared_for": "أُعدّ لـ {name}",
        },
        direction=Direction.RIGHT_TO_LEFT,
    ),
}

DEFAULT_LANGUAGE = "en"


def language_of(code: str) -> Language:
    """Return the row of `code`, or of English: a check for it is the reader's business."""
    return LANGUAGES.get(code.split("-", maxsplit=1)[0].lower(), LANGUAGES[DEFAULT_LANGUAGE])
