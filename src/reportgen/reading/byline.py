"""The byline: who wrote the brief, and their bio.

A last paragraph that begins with a name but is text stays text: without a
sign (italics, bold type, brackets, a person whom people.toml knows, the words
of a bio) a paragraph is taken for text.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from reportgen.model import Author, Block, Inline, Paragraph, Run, Text, plain
from reportgen.patterns import pattern
from reportgen.texts import begins_large, cut

_NO_NAME = frozenset((
    "Summary", "Overview", "Points", "Findings", "Takeaways", "Highlights", "–", "—",
    "هو", "هي", "هم", "قد", "كان", "كانت", "إن", "أن"))
"""Words of which no name consists."""
_PARTICLES = frozenset((
    "de", "da", "di", "du", "des", "del", "dello", "della", "af", "zu", "zur", "ter", "van", "von",
    "der", "den", "al", "el", "bin", "ibn", "ben", "le", "la", "dos", "y", "e"))
TITLES = pattern(
    r"^(?:(?:(?:le|la|the|il|el)\s+)?(?:general(?:major|leutnant|oberst)|oberst(?:leutnant)?|"
    r"major(?: general)|lieutenant[- ](?:colonel|general|commander)|brigadier[- ]general|colonel|"
    r"g[ée]n[ée]ral|ambassador|ambassadeur|ambassadrice|"
    r"commandant|capitaine|amiral|oberst|botschafter(?:in)?|commodore|brigadier|lieutenant|major|"
    r"captain|commander|(?:rear|vice) admiral|lt|cdr|brig|hauptmann|kapitän|colonnello|generale|"
    r"ambasciat(?:ore|"
    r"rice)|coronel|embajadora?|embaixadora?|general|admiral|col|amb|gen|maj|capt|adm|полковник|"
    r"посол|генерал|płk|gen|amb)\.?\s+"
    r"(?:\((?:er|ret\.?|rtd\.?|2s|r)\)\s+|\(?(?:a\.\s?d\.|i\.\s?r\.|ret\.)\)?\s+)?"
    # Names as well: they are titles only before two more words, or with a full stop.
    r"|(?:don|padre|suor|sœur|abbé|père|pater|father|reverend|sister|monsignor|rabbi|rabbin|imam|"
    r"sheikh|bishop|bischof|vescovo|lady|lord|baroness|senator|senatore|judge|justice)\s+"
    r"(?=\S+\s+\S)|(?:rev|mons|fr|fra|ks|sen|dep|min)\.\s+"
    r"|(?:prof|dr|dra|drs|mag|ing|dipl|mgr|inż|hab|ph\.?d|sir|dame|dott|dott\.ssa|doç|prof\.ª|"
    r"prof\.ssa|"
    r"profa|"
    r"doutora?|professora?|eng\.?ª?|lic|arq|"
    r"проф|д-р|акад|доц|[кд]\.\s?[а-яі]{1,5}\.\s?н|канд\.\s\S+\sнаук)\.?\s+"
    r"|(?:(?:أ\.\s?د|[دأم])\.|(?:الدكتورة?|الأستاذة?|السفيرة?|العميد|اللواء|العقيد|المتقاعدة?)\s)\s*)+",
    re.IGNORECASE)
"""Academic titles before a name."""

_RETIRED = pattern(
    r"(?:,?\s+(?-i:RN|USN|USMC|RAF|RM|MP|MEP|MdB|MdEP|KC|QC|CBE|OBE|MBE|CMG|KCMG|PhD|Ph\.D\.|MD|"
    r"SJ|OP|OFM|FRS|MSc|MA|LLM|LL\.M\.))*"
    r"(?:\s*\((?:retd?|rtd|ret|er|a\.\s?d|i\.\s?r)\.?\))?$", re.IGNORECASE)
"""Behind the name of an officer, a knight or a doctor."""

_ARTICLES = frozenset(("the", "der", "die", "das", "le", "la", "les", "los", "las", "gli",
                       "il", "os", "as", "un", "una", "une", "ein", "eine", "a",
                       "in", "im", "am", "an", "en", "em", "nel", "nella", "au", "à", "aux",
                       "dans", "on", "at", "since", "after", "before", "with", "as", "for", "mit",
                       "seit", "nach", "desde", "dopo", "после", "в", "на", "у", "w", "po",
                       "після", "hi", "hello", "dear", "hola", "liebe", "lieber", "cher",
                       "chère", "caro", "cara", "ciao"))
"""With which a title, a sentence or a letter begins, and no name."""

PREFIX = pattern(
    "^(?:[\u270d\U0001f58a\U0001f4dd\U0001f464]\ufe0f?\\s*|"
    r"(?:by|prepared by|authored by|written by|text by|di|par|von|por)\s+"
    r"|(?-i:de)\s+(?=(?-i:[A-ZÀ-ÞА-Я]))"
    r"|(?:author|authors|autora?s?|autores|autori|autrici|autore|autrice|autoren|autorin(?:nen)?|"
    r"авторки|авторів|autorzy|autorki|autorka|auteure?|"
    r"auteurs|"
    r"verfasser(?:in)?|texte?|testo(?: di)?|texto(?: de)?|texte de|text von|tekst|a cura di|"
    r"escrito por|preparado por|preparato da|redatto da|préparé par|rédigé par|elaborado por|"
    r"erstellt von|verfasst von|geschrieben von|opracował[ai]?|opracowali|oprac\.|przygotował[ai]?|"
    r"przygotowali|подготовил[аи]?|підготував|підготувала|підготували|опрацював|опрацювала|автор|"
    r"авторы|автори|авторка|yazan|hazırlayan|yazar(?:lar)?|"
    r"текст)\s*:?\s+|(?:بقلـ*م|إعداد|كتبت?ه|كتبت?(?=\s*:)|تأليف)\s*[:/]?\s+|"
    r"(?:الكاتبة?|المؤلفة?|الباحثة?)\s*:\s+)", re.IGNORECASE)
"""What says that a name follows."""

_DASH = pattern(r"\s*(?:--|[–—|:]|\s-\s)\s*")
_COMMA = pattern(r"\s*[,،]\s*|\s+is (?:(?:currently|now) )?(?:(?:a|an|the)\s+|(?=[A-Z]))")
_BRACKET = pattern(r"\s*[(\[](?=.*[)\]]\.?$)")
_JOINED = pattern(r"\s*(?:[,;،؛&]|\b(?:and|ve|e|et|und|y|и|i|і|та|و)\b)\s*")
BIO_WORDS = pattern(
    r"\b(?:ph\.?d|doctorante?|doctorand[oa]?|doktorand(?:in|ka)?|doutorand[oa]|"
    r"кандидат \w+ наук|доктор \w+ наук|школ[аы]|école|scuola|escuela|escola|hochschule|"
    r"szkoł\w+|professor|prof|lecturer|fellow|research\w*|analyst|director|university|"
    r"institute|centre|center|journalist|expert|consultant|associate|scholar|editor|president|"
    r"head of|ambassador|advis[eo]r|economist|historian|correspondent|columnist|student|candidate|"
    r"officer|colonel|admiral|founder|desk|coordinator|school of|department|foundation|programme|"
    r"council|observatory|think tank|group|network|society|agency|initiative|collective|"
    r"geographer|political scientist|leitet|dirige|kieruje|возглавляет|руководит|очолює|"
    r"professore\w*|ricercat\w*|docente|analista|università|istituto|centro|fondazione|direttore|"
    r"direttrice|vicediret\w*|responsabile|giornalista|coordina\w*|osservatorio|politolog\w*|"
    r"professeur\w*|chercheu\w*|université|institut|directeur|directrice|politiste|politologue|"
    r"fondation|observatoire|groupe|réseau|enseign\w*|journaliste|consultante?|"
    r"maître de conférences|"
    r"wissenschaft\w*|universität|stiftung|zentrum|leiter(?:in)?|referent(?:in)?|mitarbeiter\w*|"
    r"publizist(?:in)?|forscher(?:in)?|forum|kolleg|netzwerk|gruppe|"
    r"profesor\w*|investigador\w*|universidad|instituto|fundación|directora?|periodista|"
    r"pesquisador\w*|observatório|fundação|geógraf[ao]|doutor\w*|universidade|jornalista|"
    r"analityk|analityczka|instytut\w*|fundacj\w*|pracowni\w*|uniwersytet\w*|redaktor\w*|"
    r"ośrod\w*|korespondent\w*|"
    r"профессор|научн\w*|университет\w*|эксперт|институт\w*|центр\w*|фонд\w*|аналитик|директор|"
    r"журналист\w*|сотрудни\w*|доцент|доктор|"
    r"üniversite\w*|enstitü\w*|merkez\w*|vakf\w*|araştırma\w*|uzman\w*|gazeteci\w*|akademisyen|"
    r"öğretim üyesi|danışman\w*|analist\w*|direktör\w*|müdür\w*|"
    r"професор\w*|науков\w*|університет\w*|експерт\w*|інститут\w*|аналітик\w*|"
    r"аналітичн\w*|журналіст\w*|директорка|"
    r"geograf\w*|géograph\w*|geograph\w*|sociolog\w*|soziolog\w*|historiker\w*|historien\w*|"
    r"historiador\w*|économiste|ekonomist\w*|ökonom(?:in)?|anthropolog\w*|antropolog\w*|"
    r"географ|геогра[фк]\w*|социолог|соціолог\w*|историк|історик\w*|экономист|економіст\w*|"
    r"политолог|політолог\w*|докторант\w*|аспирант\w*|аспірант\w*|руководитель|"
    r"керівни(?:к|ця)|"
    r"fórum|centr[eo]s?|institut[eo]s?|funzionari\w+|funcionari[oa]|fonctionnaire|\w*beamt(?:er|in)|official|чиновник\w*|urzędni\w+|"
    r"\w*referat|manager|specialist|scientist|strategist|lawyer|attorney|writer|reporter|diplomat|envoy|"
    r"practitioner|secretary|chair(?:man|woman)?|deputy|chief|teaches|program|project|general|"
    r"kancelari\w*|spółk\w*|fundacj\w*|consult(?:ing|ants)|associates|gewerkschaft\w*|diocese|"
    r"diocesi|diözese|diócesis|parish|parrocchia|klinik\w*|museum|musée|museo|muzeum|sacerdote|"
    r"prêtre|pfarrer|ksiądz|physician|médica|médico|médecin|ärztin|arzt|navy|"
    r"espert[oa]|economista|storic[oa]|avvocat[oa]|diplomatic[oa]|dottorand[oa]|borsista|"
    r"collabora\w*|consiglier[ea]|presidente|caporedattore|corrispondente|saggista|ambasciat\w+|"
    r"historienne|chargée?|conseill[eè]re?|spécialiste|ambassad\w+|avocate?|rédac\w+|"
    r"correspondante?|ingénieure?|présidente?|secrétaire|diplomate|maître(?:sse)?|associée?|"
    r"\w*berater(?:in)?|journalist(?:in)?|redakteur(?:in)?|\w*korrespondent(?:in)?|"
    r"botschafter(?:in)?|diplomat(?:in)?|dozent(?:in)?|jurist(?:in)?|\w*wirtin?|sprecher(?:in)?|"
    r"\w*direktor(?:in)?|geschäftsführer\w*|\w*wissenschaftler(?:in)?|expert(?:e|in)|"
    r"lehrbeauftragte\w*|\w*forschung\w*|"
    r"historiadora|politólog[oa]|abogad[oa]|embajador[a]?|consultora?|coordinadora?|catedrátic[oa]|"
    r"corresponsal|asesora?|becari[oa]|escritora?|experta?|"
    r"cientista|consultora|coordenadora?|embaixador[a]?|assessora?|advogad[oa]|mestrand[oa]|"
    r"корреспондент\w*|обозревател\w+|редактор\w*|консультант\w*|координатор\w*|дипломат\w*|"
    r"юрист\w*|исследовател\w+|преподавател\w+|капитан\w*|востоковед\w*|"
    r"кореспондент\w*|оглядач\w*|дослідни\w+|викладач\w*|"
    r"ekspert\w*|adiunkt\w*|badacz\w*|dziennikar\w+|publicyst\w+|specjalist\w+|"
    r"koordynator\w*|ambasador\w*|prawni\w+|wykładow\w+|kierowni\w+|stypendyst\w+|"
    r"profesör\w*|doçent\w*|yazar\w*|editör\w*|koordinatör\w*|büyükelçi\w*|tarihçi\w*|"
    r"avukat\w*|muhabir\w*|"
    r"(?:ال|وال|و|لل|بال|ب)?(?:باحث\w*|كاتبة?|صحف[يا]\w*|أستاذ\w*|مدير\w*|رئيس\w*|خبير\w*|محلل\w*|"
    r"مركز|معهد|جامعة|مؤسسة|دكتور\w*|زميلة?|محررة?|مراسلة?|سفيرة?|مستشارة?|محاضرة?|منسقة?|"
    r"دبلوماسية?|محامية?|مؤرخة?|اقتصادية?|أكاديمية?|دراسات|أبحاث|بحوث))\b",
    re.IGNORECASE,
)
"""Words of which a bio has at least one, as a rule."""

PROSE = pattern(
    r"\b(?:has|have|had|was|were|will|would|must|should|can|could|said|says|knows|now|he|she|they|"
    r"it|"
    r"his|her|their|this|these|ha|hanno|era|a été|est|wird|hat|"
    r"وقد|كان|كانت|قال|قالت|أعلن|أعلنت|زار)\b")
"""What a sentence has and a bio, as a rule, has not."""
DISCLAIMER = pattern(
    r"disclaimer\b|(?:the |all )?(?:views|opinions|statements)\b"
    r".{0,60}\b(?:express|are (?:those|his|her))"
    r"|this (?:article|brief|paper|commentary|publication|text)\b.{0,60}\b(?:reflect|represent|do)"
    r"|(?:le|les|las|los|gli) .{0,20}(?:opini|vues|idées|tesis).{0,40}(?:expr|espr)"
    r"|die .{0,30}(?:ansichten|meinungen)", re.IGNORECASE)
_MAX_BIO_WORDS = 110
_LONGEST_NAMES = 250
"""Letters of a line of names; what is longer is text, and is not taken apart."""

_MAX_PLAIN_BIO_WORDS = 40


class People(Struct, frozen=True):
    """The names that people.toml knows."""

    names: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    """Those who speak in an interview, as the text names them: they sign nothing by that."""

    def knows(self, name: str) -> bool:
        return name.casefold() in self.names


def read_byline(paragraph: Paragraph, people: People) -> tuple[Author, ...]:
    """Return the authors that a paragraph introduces; none if it is text."""
    if not all(isinstance(inline, Run) for inline in paragraph.text):
        return ()
    if people.speakers and speaker_of(paragraph) in people.speakers:
        return ()
    pieces = _pieces(paragraph)
    if len(pieces) > 1:
        found = [_read_one(piece, people) for piece in pieces]
        if all(found):
            return tuple(author for authors in found for author in authors)
    return _read_one(paragraph, people)


_SPEAKER = pattern(r"\s*([^\W\d_][^\n:–—]{1,40}?)\s*(?::|[–—](?=\s))\s*\S")


def speaker_of(block: Block) -> str:
    """Return the name before a colon or dash with which a paragraph begins; empty if none does."""
    match = _SPEAKER.match(plain(block.text)) if isinstance(block, Paragraph) else None
    return match[1].casefold() if match else ""


def speakers_in(blocks: tuple[Block, ...]) -> frozenset[str]:
    """Return those who speak in an interview: two names or more that begin two paragraphs each."""
    turns = Counter(speaker_of(block) for block in blocks)
    found = frozenset(name for name, count in turns.items() if name and count > 1)
    return found if len(found) > 1 else frozenset()


def is_bare(paragraph: Paragraph, authors: tuple[Author, ...], people: People) -> bool:
    """Whether a line of names has nothing that shows that they are people's: it may be a title."""
    return not (PREFIX.match(plain(paragraph.text)) or any(a.bio or people.knows(a.name)
                                                            for a in authors))


def _pieces(paragraph: Paragraph) -> list[Paragraph]:
    """Split `A – *bio*; B – *bio*` at its semicolons."""
    pieces: list[list[Inline]] = [[]]
    for inline in paragraph.text:
        assert isinstance(inline, Run)
        parts = [inline.text] if inline.style.emphasis else inline.text.split(";")
        for number, part in enumerate(parts):
            if number:
                pieces.append([])
            if part:
                pieces[-1].append(replace(inline, text=part if pieces[-1] else part.lstrip()))
    return [replace(paragraph, text=tuple(p)) for p in pieces if plain(tuple(p)).strip()]


def _read_one(paragraph: Paragraph, people: People) -> tuple[Author, ...]:
    whole = plain(paragraph.text).rstrip()
    prefix = PREFIX.match(whole)
    start = prefix.end() if prefix else 0
    read = stated_names if prefix else names_in
    signed = each_with_a_role(paragraph, start)
    if signed:
        return signed
    pair = pair_with_dash(paragraph, whole[start:])
    names = pair or read(whole[start:].strip())
    # Any two words of Arabic may be a name.
    bare = not (start or TITLES.match(whole) or any(c.isupper() for c in whole))
    if names and not bare and not whole.endswith((".", "!", "?")):
        return tuple(Author(name, span=paragraph.span) for name in names)
    for separator, signs in ((_DASH, _dash_signs), (_BRACKET, _bracket_signs),
                             (_COMMA, _strict_signs)):
        match = separator.search(whole, start)
        if not match:
            continue
        name = whole[start : match.start()].strip(" *_")
        each = read(name)
        if not each or (BIO_WORDS.search(name) and not people.knows(name)):
            continue  # "Programme Manager, Drina Centre" is a role
        bio = _bio(paragraph.text, match.end())
        if plain(bio).strip() and signs(name, paragraph.text, bio, people):
            straight = upright(bio)
            return tuple(
                Author(person, straight if person == each[-1] else (), span=paragraph.span)
                for person in each
            )
    return _set_apart(paragraph, whole, start)


def pair_with_dash(paragraph: Paragraph, words: str) -> tuple[str, ...]:
    """Return the names of a line in bold or italics that joins them by dashes: `**A B – C D**`."""
    runs = [i for i in paragraph.text if isinstance(i, Run) and i.text.strip()]
    parts = re.split(r"\s+[–—-]\s+", words.strip(" *_")) if "\n" not in words else []
    marked = bool(runs) and all(run.style.strong or run.style.emphasis for run in runs)
    if len(parts) < 2 or not marked or any(
            len(names_in(part)) != 1 or BIO_WORDS.search(part) for part in parts):
        return ()
    return tuple(parts)


def _set_apart(paragraph: Paragraph, whole: str, start: int) -> tuple[Author, ...]:
    """Return the author whose name is in bold or italics before a role: `**A B** Director, C`."""
    runs = [i for i in paragraph.text if isinstance(i, Run) and i.text.strip()]
    if start or len(runs) < 2 or not _styled_start(paragraph.text):
        return ()
    name = runs[0].text.strip(" :,.–—-")
    at = whole.index(name) + len(name)
    bio = _bio(paragraph.text, at + len(whole[at:]) - len(whole[at:].lstrip()))
    said = plain(bio)
    if len(names_in(name)) != 1 or not _plainly_bio(bio) or not begins_large(said.strip()):
        return ()
    return (Author(name, upright(bio), paragraph.span),)


_LONGEST_NAME = 64
"""letters, with a word before it"""
_NAME_AND_BRACKET = pattern(r"([^()]{4,60}?)\s*\(([^()]{2,120})\)")


_AND = pattern(r"^\s*(?:(?:[,;،؛&]|und|and|et|y|e|i|и|та|ve|و)\s+|و(?=[\u0621-\u064a]))")


_BETWEEN = pattern(r",?\s+(?:and|und|et|y|e|i|и|та|ve)\s+")


def each_with_a_role(paragraph: Paragraph, start: int) -> tuple[Author, ...]:
    """Return the authors of a line of two or more, of whom a role is said; none if it is another.

    `By A (researcher) and B (journalist, Skopje)`, `A, Research Director, and B`.
    """
    return _each_with_brackets(paragraph, start) or _two_with_commas(paragraph, start)


def _two_with_commas(paragraph: Paragraph, start: int) -> tuple[Author, ...]:
    whole = plain(paragraph.text).rstrip(" .*_")
    if len(whole) > _LONGEST_NAMES:
        return ()
    for match in _BETWEEN.finditer(whole, start):
        halves = ((start, match.start()), (match.end(), len(whole)))
        found = [read for half in halves if (read := _with_role(paragraph.text, whole, *half))]
        if len(found) == len(halves) and any(plain(bio).strip() for _, bio in found):
            return tuple(Author(name, upright(bio), paragraph.span) for name, bio in found)
    return ()


_FIELD = pattern(
    r"\b(?:states|affairs|studies|policy|policies|rights|security|defen[cs]e|europe|asia|africa|"
    r"americas?|middle east|relations|development|governance|conflict|law|economics|society|energy|"
    r"trade|climate|democracy|peace|strategy|technology|communications?)\b", re.IGNORECASE)
"""Words of what somebody works on, and of nobody's name."""


def _with_role(text: Text, whole: str, start: int, end: int) -> tuple[str, Text] | None:
    """Return a name and the role behind its comma, if that is all that stands there."""
    comma = whole.find(",", start, end)
    name = whole[start : end if comma < 0 else comma].strip(" *_")
    role = cut(text, comma + 1 + (whole[comma + 1 : comma + 2] == " "), end) if comma >= 0 else ()
    said = plain(role)
    if len(names_in(name)) != 1 or (comma >= 0 and not BIO_WORDS.search(said)):
        return None
    if _FIELD.search(name):
        return None  # "Programme Manager, Sahel and Coastal States"
    return None if PROSE.search(said) else (name, role)


def _each_with_brackets(paragraph: Paragraph, start: int) -> tuple[Author, ...]:
    whole = plain(paragraph.text)
    if "(" not in whole[start:start + _LONGEST_NAME]:
        return ()
    read = stated_names if start else names_in
    found: list[Author] = []
    at = start
    for match in _NAME_AND_BRACKET.finditer(whole, start):
        names = read(_AND.sub("", match[1]).strip())
        if whole[at:match.start()].strip(" ,;") or len(names) != 1:
            return ()
        bio = cut(paragraph.text, match.start(2), match.end(2))
        found.append(Author(names[0], upright(bio), paragraph.span))
        at = match.end()
    known = start or any(BIO_WORDS.search(plain(author.bio)) for author in found)
    return tuple(found) if known and len(found) > 1 and not whole[at:].strip(" .") else ()


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that `text` consists of, joined by commas or `and`; none if it is more."""
    return _names(text, _ARTICLES)


def stated_names(text: str) -> tuple[str, ...]:
    """Return the names behind a word such as `By`, where an article is one: `Le Thi Hoa`."""
    return _names(text, frozenset())


_WAW = re.compile(r"\s+و(?!لد\s)(?=[\u0621-\u064a]{2,}\s+[\u0621-\u064a])")
"""`and` of Arabic, which is written together with the name behind it."""


def untitled(name: str) -> str:
    """Return a name without the titles before it, and the ranks and orders behind it."""
    return _RETIRED.sub("", TITLES.sub("", name))


@lru_cache(maxsize=4096)
def _names(text: str, no_begins: frozenset[str]) -> tuple[str, ...]:
    if len(text) > _LONGEST_NAMES:
        return ()
    parts = [p for p in _JOINED.split(text.strip(" .–—-")) if p]
    several = [name for p in parts for name in _WAW.split(p)]
    if len(several) > len(parts) and all(_one_name(p, no_begins) for p in several):
        parts = several
    if not parts or not all(_one_name(p, no_begins) for p in parts):
        return ()
    institute = len(parts) > 1 and any(BIO_WORDS.search(untitled(part))
                                        for part in parts)
    return () if institute else tuple(parts)


def _one_name(text: str, no_begins: frozenset[str]) -> bool:
    if "\n" in text:
        return False
    bare = untitled(text)
    words = bare.split()
    shouted = text.isupper() and len(words) > 3
    if (not 2 <= len(words) <= 5 or len(bare) > 50 or shouted
            or any(c.isdigit() or c in ":@()[]|/«»„“”\"" for c in bare) or _NO_NAME & set(words)
            or words[0].lower() in no_begins or words[0] in _PARTICLES):
        return False
    particles = _PARTICLES if no_begins else _PARTICLES | {"do", "das"}
    cased = [w for w in words if w.lower() not in particles]
    return bool(cased) and all(
        w[0].isupper() or not w[0].isalpha() or not (w[0].islower() or w[0].isupper())
        for w in cased
    )


def _dash_signs(name: str, text: Text, bio: Text, people: People) -> bool:
    return people.knows(name) or _emphasised(bio) or _styled_start(text) or _plainly_bio(bio)


def _bracket_signs(name: str, text: Text, bio: Text, people: People) -> bool:
    return people.knows(name) or _styled_start(text) or _emphasised(bio) or bool(
        BIO_WORDS.search(plain(bio)))


def _strict_signs(name: str, text: Text, bio: Text, people: People) -> bool:
    known = people.knows(name) or _styled_start(text) or _emphasised(bio)
    return (known and _reads_as_bio(bio)) or _plainly_bio(bio)


def _plainly_bio(bio: Text) -> bool:
    """Whether words without any style are a bio: short, no sentence, and with a bio's words."""
    words = plain(bio)
    return (
        _reads_as_bio(bio)
        and len(words.split()) <= _MAX_PLAIN_BIO_WORDS
        and not PROSE.search(words)
        and bool(BIO_WORDS.search(words))
    )


def _reads_as_bio(bio: Text) -> bool:
    words = plain(bio)
    sentences = len(re.findall(r"[.!?](?:\s|$)", words)) or 1
    relative = re.match(r"(?:who|which|whose|che|qui|der|die|que|который)\b", words)
    return (
        len(words.split()) <= _MAX_BIO_WORDS
        and sentences <= 3
        and not relative
        and " – " not in words
    )


def _emphasised(text: Text) -> bool:
    runs = [i for i in text if isinstance(i, Run) and i.text.strip(" .,–—-()")]
    return bool(runs) and all(run.style.emphasis for run in runs)


def _styled_start(text: Text) -> bool:
    """Whether the paragraph begins with a name in bold or italics, and goes on without."""
    runs = [i for i in text if isinstance(i, Run) and i.text.strip()]
    first = runs[0].style
    return (first.strong or first.emphasis) and bool(names_in(runs[0].text.strip(" :,.–—-")))


def _bio(text: Text, offset: int) -> Text:
    """Return `text` from `offset` on, without the brackets around it."""
    out: list[Inline] = []
    at = 0
    for inline in text:
        assert isinstance(inline, Run)
        end = at + len(inline.text)
        if end > offset:
            rest = inline.text[max(offset - at, 0) :]
            out.append(replace(inline, text=rest))
        at = end
    while out and isinstance(out[0], Run) and not out[0].text.strip(" \n–—-|:,"):
        out.pop(0)
    if out and isinstance(out[0], Run):
        out[0] = replace(out[0], text=out[0].text.lstrip("\n"))
    return _unbracketed(tuple(out))


def upright(bio: Text) -> Text:
    """A bio typed in italics is a bio; what stands out in it stands out the other way."""
    if not _emphasised(bio):
        return bio
    return tuple(replace(i, style=replace(i.style, emphasis=False)) if isinstance(i, Run) else i
                 for i in bio)


def _unbracketed(bio: Text) -> Text:
    words = plain(bio).strip()
    round_ = words.count(")") == words.count("(") + 1
    square = words.count("]") == words.count("[") + 1
    if not re.search(r"[)\]]\.?$", words) or not (round_ or square):
        return bio
    last = bio[-1]
    assert isinstance(last, Run)
    return (*bio[:-1], replace(last, text=re.sub(r"[)\]](\.?)\s*$", r"\1", last.text)))
