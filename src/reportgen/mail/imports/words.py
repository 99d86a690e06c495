"""What other programs and people write at the head of a column, and into its cells.

A program more, or a language more, is a word more here.
"""

from __future__ import annotations

import re
import unicodedata

from reportgen.mail.subscribers import Status

_HEADS: dict[str, tuple[str, ...]] = {
    "address": (
        "email", "e-mail", "mail", "email address", "e-mail address", "emailaddress",
        "primary email", "primary e-mail address", "primäre e-mail-adresse", "email principale",
        "e-mail principale", "première adresse électronique", "indirizzo email",
        "indirizzo e-mail", "indirizzo mail",
        "indirizzo posta elettronica", "indirizzo di posta elettronica", "posta elettronica",
        "adresse e-mail", "adresse email", "adresse mail", "adresse électronique",
        "adresse de messagerie", "messagerie", "courriel", "e-mail-adresse", "e-mail adresse",
        "email-adresse", "mailadresse", "mail-adresse", "correo", "correo electrónico",
        "correo electronico", "dirección de correo", "dirección de correo electrónico",
        "direccion de correo electronico", "endereço de e-mail", "e-mailadres", "adres e-mail",
        "эл. почта", "электронная почта", "почта", "адрес электронной почты", "адрес эл. почты",
        "эл. адрес"),
    "name": ("name", "full name", "display name", "fn", "nome completo", "nome e cognome",
             "nom complet", "vollständiger name", "nombre completo", "nombre y apellidos",
             "имя и фамилия", "фио", "полное имя"),
    "first": ("first name", "given name", "firstname", "first", "nome", "prénom", "prenom",
              "vorname", "nombre", "имя"),
    "last": ("last name", "family name", "lastname", "surname", "last", "cognome", "nom",
             "nom de famille", "nachname", "familienname", "apellido", "apellidos", "фамилия"),
    "language": ("language", "lang", "lingua", "langue", "sprache", "idioma", "язык", "locale"),
    "groups": ("group", "groups", "group membership", "labels", "tags", "categories", "category",
               "kategorie", "kategorien", "categoria", "categorie", "catégorie", "catégories",
               "categoría", "categorías", "категория", "категории", "list", "gruppo", "gruppi",
               "groupe", "groupes", "gruppe", "gruppen", "grupo", "grupos", "группа", "группы"),
    "regions": ("region", "regions", "regions of interest", "interests", "regione", "regioni",
                "région", "régions", "regionen", "región", "regiones", "регион", "регионы"),
    "consent": ("consent", "consent date", "subscribed at", "subscribed on", "subscribe date",
                "subscription date", "date subscribed", "signup date", "optin time", "confirm time",
                "consenso", "consentement", "einwilligung", "consentimiento", "согласие"),
    "consent_how": ("consent how", "consent source", "opt-in source", "optin source"),
    "status": ("status", "member status", "subscription status", "subscriber status",
               "email status", "email marketing status", "marketing status", "stato", "statut",
               "estado", "статус", "abostatus", "statut d'abonnement"),
    "reason": ("reason", "unsub reason"),
    "gone": ("unsub time", "unsubscribed at", "unsubscribed", "unsubscribe date",
             "unsubscribed on", "unsubscribed from all email", "opted out", "opt out", "opt-out",
             "optout", "email opt out", "email opt-out", "has opted out of email",
             "hasoptedoutofemail", "opted out of email", "emails disabled", "email disabled",
             "no bulk emails (user opt out)", "blacklist", "blacklisted", "do not email",
             "do not contact",
             "abgemeldet", "abgemeldet am", "disiscritto", "désabonné", "désinscrit", "baja",
             "отписан", "отписался"),
    "cleaned": ("clean time", "bounced"),
    "agreed": ("subscribed", "subscribed to emails", "suscrito", "inscrit", "abonnement", "abo",
               "iscrizione", "подписка", "рассылка", "opt-in", "opt in", "optin", "newsletter",
               "marketing", "accepts marketing", "accepts email marketing", "active", "aktiv",
               "attivo", "actif", "activo", "iscritto", "abonné", "angemeldet", "подписан",
               "активен"),
    "ours": ("line", "why"),
    "aside": ("double opt-in", "accepts sms marketing", "active subscription", "lead status",
              "marital status", "unsub campaign title", "unsub campaign id", "unsub reason other",
              "clean campaign title", "clean campaign id", "optin ip", "confirm ip"),
}
"""Heads of columns as `head` returns them. `ours` and `aside` say nothing about a person: the
former stand in a file of rows that were not understood."""

_MEANS = {word: key for key, words in _HEADS.items() for word in words}

_LEAVING = re.compile(
    r"unsub|opt(ed)?[ -]?out|black ?list|block|bounce|suppress|do ?-?not|inactiv|disabled|deleted"
    r"|removed|deceased|complain|\bleft\b|cancel|no longer"
    r"|abgemeld|abmeld|abbestell|widerr|widerspr|künd|sperr|inaktiv|gelöscht|austritt|unzustell"
    r"|disiscri|disdet|cancella|non contatt|rimbalz|revoc"
    r"|résil|resil|ne pas|ne plus|d[ée]s(abon|insc)|rejet|\bbaja|no enviar|rebot"
    r"|отпис|отказ|не писать|удал")
_ASKING = re.compile(
    r"status|opt(ed)?[ -]?in|subscri|newsletter|marketing|consent|gdpr|permission|preference|bulk"
    r"|anmeld|\babo|einwillig|dsgvo|iscri[tz]|consens|abonn|insc|rgpd|suscri|подпис|рассылк|согласи")


WITH_PLACES = frozenset({"leid", "euid", "optin time", "unsub time", "clean time"})
"""Heads of Mailchimp's exports, whose REGION is where somebody reads, not what about."""

_STATUS = {
    Status.ACTIVE: ("", "active", "subscribed", "confirmed", "member", "yes", "true", "1",
                    "attivo", "iscritto", "iscritta", "actif", "abonné", "abonnée", "inscrit",
                    "inscrite", "aktiv", "abonniert", "angemeldet", "activo", "suscrito",
                    "suscrita", "активен", "подписан", "подписана"),
    Status.UNSUBSCRIBED: ("unsubscribed", "unsubscribe", "opted out", "opted-out", "opt-out",
                          "inactive", "cancelled", "canceled", "complained", "spam complaint",
                          "archived", "no", "false", "0", "non-subscribed", "never subscribed",
                          "not subscribed", "disabled", "disiscritto", "disiscritta", "annullato",
                          "désabonné", "désabonnée", "désinscrit", "désinscrite", "inactif",
                          "abgemeldet", "abbestellt", "gekündigt", "inaktiv", "cancelado", "baja",
                          "inactivo", "отписан", "отписана", "отменил"),
    Status.SUSPENDED: ("cleaned", "bounced", "suspended", "hard bounced")}
_GONE = (Status.UNSUBSCRIBED, Status.SUSPENDED)

_NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "nil", "#n/a", "0000-00-00",
                      "0000-00-00 00:00:00"})
"""What programs write into a cell that is empty."""

_YES = frozenset({
    "yes", "y", "true", "1", "x", "✓", "✔", "ja", "j", "wahr", "si", "sì", "sí", "vero", "oui", "o",
    "vrai", "verdadero", "sim", "да", "истина"})
_NO = frozenset({
    "no", "n", "false", "0", "never", "nein", "falsch", "non", "falso", "faux", "não", "нет",
    "ложь"})
_WITHDRAWN = re.compile(
    r"withdr|revok|refus|declin|denied|unsub|opt(ed)?[ -]?out|cancel|no longer|widerruf"
    r"|abgelehnt|abgemeld|abbestell|gekündigt|revoc|rifiut|ritirat|disdett|disiscri"
    r"|retir|résili|désabon|désins|rechaz|retirad|отказ|отозва|отпис|отмен")
_DENIAL = re.compile(
    r"\?|(no|not|non|never|none|without|pending|stop|off|nicht|kein\w*|nein|ohne|senza|sans|sin|pas"
    r"|aucun\w*|нет|не|без)\b")
"""How a text begins that may be a no."""
_DATE = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")

_LANGUAGES = {"english": "en", "italian": "it", "italiano": "it", "french": "fr",
              "français": "fr", "german": "de", "deutsch": "de", "spanish": "es",
              "español": "es", "turkish": "tr", "türkçe": "tr", "portuguese": "pt", "polish": "pl",
              "ukrainian": "uk", "russian": "ru", "русский": "ru", "eng": "en", "ita": "it",
              "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "rus": "ru",
              "arabic": "ar", "العربية": "ar", "عربي": "ar", "ara": "ar"}


def head(cell: str) -> str:
    """Return a head without what programs put around it: capitals, numbers, colons."""
    name = re.sub(r"[\s_]+", " ", unicodedata.normalize("NFC", cell).lower()).strip(" :*")
    return re.sub(r"^(e-?mail) ?\d+(?: - value)?:?", r"\1", name)  # "E-mail 2 - Value"


def meaning(cell: str) -> str:
    """Return what a column is, by its head; empty: it is not known.

    Words in brackets count for nothing, unless they may turn the meaning round.
    """
    name = head(cell)
    plain, _, bracket = name.partition(" (")
    explains = re.search(r"[\d=]", bracket) or _LEAVING.search(bracket)
    return _MEANS.get(name) or ("" if explains else _MEANS.get(plain, ""))


def is_about_leaving(text: str) -> bool:
    """Whether a title is above people who left."""
    return _LEAVING.search(head(text)) is not None


def may_be_about_leaving(text: str) -> bool:
    """Whether a head that is not known may say who must not be written to."""
    return is_about_leaving(text) or _ASKING.search(head(text)) is not None


def is_nothing(cell: str) -> bool:
    """Whether a cell is empty, or says so."""
    return cell.lower() in _NOTHING


def is_answer(cell: str) -> bool:
    """Whether a cell is a plain yes or no."""
    return cell.lower() in _YES | _NO


def is_about_status(cell: str) -> bool:
    """Whether a cell is a word about somebody's status, and nothing else."""
    return not is_nothing(cell) and not is_answer(cell) and status_of(cell) is not None


def is_no_name(cell: str) -> bool:
    """Whether a cell is an answer, a status, a date or a number."""
    return (is_answer(cell) or is_about_status(cell)
            or re.fullmatch(r"[\d\s.,:/+-]+", cell) is not None)


def status_of(text: str) -> Status | None:
    """Return what a word about somebody's status means; None: it is not known."""
    return next((status for status, words in _STATUS.items() if text.lower() in words), None)


def status_by_group(word: str) -> Status | None:
    """Return what a group, tag or label means that says who left; None: it is a group."""
    return None if is_answer(word) or status_of(word) is Status.ACTIVE else status_of(word)


def has_left(text: str) -> bool | None:
    """Return whether a cell of a column like "unsubscribed" says so; None: it is not clear."""
    said = text.lower()
    if said in _NO:
        return False
    if said in _YES or _DATE.search(said) or status_of(said) in _GONE:
        return True
    return None


def has_agreed(text: str) -> bool | None:
    """Return whether a cell of a column like "subscribed" says so; None: it is not clear."""
    said = text.lower()
    if said in _YES or status_of(said) is Status.ACTIVE or _DATE.match(said):
        return True
    return False if said in _NO or status_of(said) in _GONE or _WITHDRAWN.match(said) else None


def is_consent(text: str) -> bool | None:
    """Return whether an account of when and how somebody agreed is one; None: it is not clear."""
    said = text.lower()
    if said in _NO or status_of(said) in _GONE or _WITHDRAWN.match(said):
        return False
    return None if _DENIAL.match(said) or _WITHDRAWN.search(said) else True


def language_of(text: str) -> str:
    """Return the code (BCP 47, two letters) of a language by its code or name; else nothing."""
    given = text.strip().lower()
    code = _LANGUAGES.get(given) or _LANGUAGES.get(re.split("[-_]", given)[0])
    if code is None and re.fullmatch(r"[a-z]{2}([-_][a-z0-9]+)*", given):
        code = given[:2]
    return code or ""
