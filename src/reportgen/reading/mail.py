"""A brief that was sent in the text of a mail: header, greeting, signature and quoted answers.

What belongs to the letter and not to the brief is left out, told and logged. The subject serves as
heading where the text has none; who signs the letter signs the brief, with what the signature says
of them. RFC 3676, 4.3, has the line `-- ` above a signature.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from reportgen.diagnostics import Change, Sink, Span
from reportgen.language.dates import find_month
from reportgen.patterns import pattern
from reportgen.reading.bios import begins_a_bio
from reportgen.reading.byline import BIO_WORDS, names_in
from reportgen.reading.markdown import Line
from reportgen.texts import folded

_FIELDS = {
    "from": "from|von|de|da|od|от|від|kimden|mittente|expéditeur|remitente",
    "to": "to|an|à|para|a|do|кому|kime|destinatario|destinataire",
    "subject": "subject|betreff|objet|oggetto|asunto|assunto|temat|тема|konu",
    "other": "cc|bcc|date|sent|gesendet|datum|envoyé|inviato|enviado|data|fecha|wysłano|"
             "отправлено|дата|надіслано|tarih|reply-to|attachments?|anhang|anlagen",
}
_FIELD = pattern(r"\s*(?:>\s*)?\**(?:" + "|".join(
    f"(?P<{kind}>{words})" for kind, words in _FIELDS.items()) + r")\**\s*:\**\s*(?P<value>.*)$",
    re.IGNORECASE)

_GREETING = pattern(
    r"(?:hi|hello|dear|hey|good (?:morning|afternoon|evening)|liebe[rs]?|sehr geehrte[rs]?|hallo|"
    r"guten "
    r"(?:tag|morgen)|bonjour|ch[eè]re?s?|madame|monsieur|cari?|cara|car[oe]|gentile|buongiorno|"
    r"salve|ciao|hola|estimad[oa]s?|querid[oa]s?|buen[oa]s (?:d[ií]as|tardes)|oi|olá|prezad[oa]s?|"
    r"car[oa]s?|bom dia|boa (?:tarde|noite)|"
    r"bonsoir|buonasera|guten abend|buenas noches|"
    r"cześć|dzień dobry|szanown[aiey]\w*|drog[ai]\w*|здравствуйте|"
    r"добрый (?:день|вечер)|"
    r"добрий вечір|iyi (?:günler|akşamlar)|"
    r"уважаем\w+|дорог\w+|привет|добрий день|доброго дня|шановн\w+|вітаю|привіт|"
    r"merhaba|sayın|sevgili|(?:السيدة?|السادة|الإخوة|الأخ|الزملاء|الزميلة?|الأستاذة?|عزيزي|عزيزتي|أعزائي|مرحب[اً]+|"
    r"تحية|السلام عليكم|صباح الخير|مساء الخير))\b[^.]{0,60}[,،!:?]?$", re.IGNORECASE)

_GREETED = pattern(
    r"(?:hi|hello|dear|hey|liebe[rs]?|hallo|bonjour|ch[eè]re?s?|cari?|cara|car[oe]|gentile|ciao|"
    r"hola|"
    r"estimad[oa]s?|querid[oa]s?|oi|olá|car[oa]s?|cześć|drog[ai]\w*|привет|привіт|merhaba|"
    r"sevgili)\s+"
    r"[^\W\d_]+(?:\s[^\W\d_]+)?\s*[,!:]\s+\S", re.IGNORECASE)
"""A greeting on the line on which the letter goes on."""

_CLOSING = pattern(
    r"(?:many |with |warm |kind |best\b|all the |yours |sincerely|cheers|thanks|thank you|regards|"
    r"(?:mit |viele |beste |herzliche |freundlichen? |liebe )|herzlich|cordialement|bien à |"
    r"amicalement|salutations|merci|cordiali |cordialmente|distinti |un (?:caro )?saluto|grazie|"
    r"saludos|un (?:cordial )?saludo|atentamente|gracias|un (?:fuerte )?abrazo|abrazos|"
    r"(?:um (?:grande )?)?abraços?|un abbraccio|atenciosamente|"
    r"cumprimentos|obrigad[oa]|pozdrawiam|z (?:poważaniem|wyrazami)|serdecznie|с уважением|"
    r"всего доброго|спасибо|з повагою|дякую|saygılar|sevgiler|teşekkür|مع (?:خالص |أطيب |فائق )?"
    r"(?:التحية|التحيات|التقدير|الشكر|الاحترام|تحياتي|تقديري)|تحياتي|وتفضلوا|شكرًا)[^.]{0,50}$",
    re.IGNORECASE)

_QUOTED = pattern(
    r"(?:on .{6,80} wrote:|am .{6,90} schrieb.{0,80}:|le .{6,90} a écrit\s*:|"
    r"il .{6,90} ha scritto:|"
    r"el .{6,90} escribi[óo]:|em .{6,90} escreveu:|w dniu .{4,80} (?:napisał|pisze).{0,40}:|"
    r".{6,90} (?:пишет|написал|написала|пише|написав|написала):|.{6,90} tarihinde .{2,60} yazdı:|"
    r"[-_ ]{3,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d’origine|"
    r"message d'origine|messaggio originale|mensaje original|mensagem original|"
    r"wiadomość oryginalna|исходное сообщение)\s*[-_ ]{3,})\s*", re.IGNORECASE)

_DEVICE = pattern(
    r"(?:sent from my|get outlook for|von meinem .{2,30} gesendet|envoyé de mon|inviato da|"
    r"enviado (?:desde|do|de) m[ie]u?|wysłane z|отправлено с|надіслано з|.{2,20}'?(?:ım|im)dan "
    r"gönderildi|[أا][ُ]?رسلت? من|تم الإرسال من)\b.{0,60}", re.IGNORECASE)

_REMARK = pattern(
    r"(?:(?:i )?hope (?:this|that|it)|let me know|please (?:let me|call|tell|shout)|happy to|"
    r"i['’]?m (?:on|at|around|happy)|i am (?:on|at|around|happy)|shout if|call me|any questions|"
    r"ich hoffe|melde? dich|bei fragen|sag(?:en sie)? bescheid|j['’]espère|n['’]hésite|dis-moi|"
    r"dites-moi|spero che|fammi sapere|fatemi sapere|se (?:serve|servono)|espero que|av[ií]s[ae]me|"
    r"qualquer (?:coisa|dúvida)|se precisar|daj(?:cie)? znać|mam nadzieję|надеюсь|если что|"
    r"сподіваюся|якщо що|umarım|sorunuz|أرجو|آمل|يرجى|في حال)\b", re.IGNORECASE)
"""With what a last word to the editor begins, above the closing."""

_CONTACT = pattern(r"@|\+?\d[\d ()/.-]{6,}\d|https?://|www\.")
_RULE = pattern(r"\s*(?:[-_=*~]\s*){3,}$")

_LETTER = "the letter above the brief"

_GREETED_WITHIN, _HEADED_WITHIN, _CLOSED_WITHIN = 12, 10, 5
"""Lines of text."""

_LONGEST_HEADING = 90
"""letters"""

_LONGEST_REMARK = 40
"""words"""

_MOST_SIGNED = 14
"""Lines of a signature; what is longer has more than one."""


class _Letter(Struct):
    """Lines of a mail, of which some go."""

    lines: list[Line]
    name: str
    sink: Sink
    gone: set[int]
    signed: set[int] = field(default_factory=set)
    """Lines that a signature has been made of, which stay."""

    def filled(self, start: int = 0) -> list[int]:
        """Return the indices of the lines from `start` on that are not blank and stay."""
        return [i for i in range(start, len(self.lines))
                if i not in self.gone and self.lines[i][1].strip()]

    def drop(self, indices: list[int] | range, what: str) -> None:
        """Leave lines out, told once and logged."""
        new = [i for i in indices if i not in self.gone and self.lines[i][1].strip()]
        self.gone.update(indices)
        if not new:
            return
        words = " / ".join(self.lines[i][1].strip() for i in new)
        place = Span(self.name, self.lines[new[0]][0])
        if what == _LETTER:  # it may ask for something
            self.sink.warning("above-heading", f"{what} is left out: {words[:300]}", place,
                              "if it belongs to the brief, move it below the heading")
        else:
            self.sink.note("mail", f"{what} is left out: {words[:120]}", place)
        for i in new:
            number, text = self.lines[i]
            self.sink.change(Change(Span(self.name, number), "mail", text.strip(), ""))


def without_mail(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without what belongs to the letter around a brief."""
    letter = _Letter(list(lines), name, sink, set())
    subject = _header(letter)
    sender = _sender(lines) if subject is not None else ""
    greeted, signed = _greeting(letter, mailed=subject is not None)
    if subject is not None or greeted:
        _quoted(letter)
        _below(letter)
    elif any("\u003e:" in text or _QUOTED.fullmatch(text.strip()) for _, text in lines[-40:]):
        _quoted(letter)
    if not letter.gone:
        return lines
    out = [line for i, line in enumerate(letter.lines) if i not in letter.gone]
    return _headed(_signed_by(out, signed or sender), subject)


def _sender(lines: list[Line]) -> str:
    """Return the name of who sent a mail; empty if its header has none."""
    for _, text in lines[:_GREETED_WITHIN]:
        match = _FIELD.match(text)
        if match and match["from"]:
            name = re.sub(r"[<\[(].*$", "", match["value"]).strip(' "')
            return name if len(names_in(name)) == 1 else ""
    return ""


def _signed_by(lines: list[Line], name: str) -> list[Line]:
    """Return lines with a byline of the letter's writer, if the text does not name them."""
    surname = name.rsplit(maxsplit=1)[-1] if name else ""
    if not name or any(surname in text for _, text in lines):
        return lines
    number = lines[-1][0] if lines else 1
    return [*lines, (number, ""), (number, f"By {name}")]


def _header(letter: _Letter) -> Line | None:
    """Leave the mail's header out; return its subject, None if there is no header."""
    rows = letter.filled()[:1]
    kinds: set[str] = set()
    subject: Line = (1, "")
    at = rows[0] if rows else 0
    start = at
    while at < len(letter.lines) and (match := _FIELD.match(letter.lines[at][1])):
        kind = match.lastgroup if match.lastgroup != "value" else next(
            k for k in _FIELDS if match[k])
        assert kind
        kinds.add(kind)
        if kind == "subject":
            subject = letter.lines[at][0], match["value"]
        at += 1
    if not ("from" in kinds and kinds & {"to", "subject"}) and not {"to", "subject"} <= kinds:
        return None
    letter.drop(range(start, at), "the header of the mail")
    return subject


def _greeting(letter: _Letter, *, mailed: bool) -> tuple[bool, str]:
    """Leave greeting and covering note out, where a rule or a heading stands below them.

    Return whether there is one, and the name of who signs it.
    """
    filled = letter.filled()[:_GREETED_WITHIN]
    first = letter.lines[filled[0]][1].strip(" *_#") if filled else ""
    alone = _GREETING.match(first) is not None
    if not alone and not (mailed and _GREETED.match(first)):
        return False, ""
    rule = next((i for i in filled if _RULE.match(letter.lines[i][1])
                 and not letter.lines[i - 1][1].strip()), None)
    heading = next((i for i in filled if _is_heading(letter.lines, i)), None)
    end = None
    if rule is not None:
        end = rule + 1
    elif heading is not None:
        end = heading
    elif mailed:
        below = letter.lines[filled[0] + 1][1].strip() if filled[0] + 1 < len(letter.lines) else ""
        end = _first_paragraphs(letter, filled[0], 1 if below or not alone else 2)
    if end is None:
        return True, ""
    rows = [i for i in filled if i < end and i != rule]
    words = [re.sub(r"^(?:ihre?|your|votre|vostr[oa]|su|pani?|ваш[аи]?)\s+", "",
                    letter.lines[i][1].strip(" ,"), flags=re.IGNORECASE) for i in rows[-2:]]
    letter.drop(range(filled[0], end), _LETTER)
    return True, next((w for w in reversed(words) if len(names_in(w)) == 1
                       and not _GREETING.match(w)), "")


def _is_heading(lines: list[Line], at: int) -> bool:
    """Whether a line with a month in it stands alone."""
    around = [lines[i][1] for i in (at - 1, at + 1) if 0 <= i < len(lines)]
    return (len(lines[at][1]) < _LONGEST_HEADING and not any(text.strip() for text in around)
            and find_month(lines[at][1]) is not None)


def _first_paragraphs(letter: _Letter, start: int, count: int) -> int:
    """Return the index behind some paragraphs: a greeting, and the covering note below it."""
    at, blanks = start, 0
    while at < len(letter.lines):
        if not letter.lines[at][1].strip() and letter.lines[at - 1][1].strip():
            blanks += 1
            row = next((i for i in range(at, len(letter.lines))
                        if letter.lines[i][1].strip()), at)
            if blanks >= count and not _CLOSING.match(letter.lines[row][1].strip()):
                break
        at += 1
    return at


def _quoted(letter: _Letter) -> None:
    """Leave the mail out that this one answers, and lines that are marked as quoted."""
    for i in letter.filled():
        if _QUOTED.fullmatch(letter.lines[i][1].strip()):
            letter.drop(range(i, len(letter.lines)), "the mail that this one answers")
            return
    marked = [i for i in letter.filled() if letter.lines[i][1].startswith(">")]
    if marked and marked == letter.filled(marked[0]):
        letter.drop(marked, "the mail that this one answers")


def _below(letter: _Letter) -> None:
    """Leave the closing and the signature out; what says who the author is stays, as a byline."""
    filled = letter.filled()
    if filled and _DEVICE.fullmatch(letter.lines[filled[-1]][1].strip()):
        letter.drop(filled[-1:], "a line of the mail program's")
    filled = letter.filled()
    marks = [i for i in filled[-_MOST_SIGNED:] if letter.lines[i][1].rstrip() in ("--", "\u2014")]
    if marks:
        _signature(letter, marks[0])
    filled = letter.filled()
    for back in range(1, _CLOSED_WITHIN):
        row = filled[-back] if len(filled) > back else None
        if row is not None and _CLOSING.match(letter.lines[row][1].strip()) and (
                not letter.lines[row - 1][1].strip()):
            if not letter.signed and _is_signed_with_role(letter, row):
                _signature(letter, row)
                _remark(letter, row)
                return
            end = next((i for i in range(row, len(letter.lines))
                        if not letter.lines[i][1].strip()), len(letter.lines))
            said = next((i for i in range(end, len(letter.lines))
                         if BIO_WORDS.search(letter.lines[i][1])), len(letter.lines))
            said = next((i for i in range(said, end, -1)
                         if i < len(letter.lines) and not letter.lines[i][1].strip()), end)
            behind = range(end, len(letter.lines) if said == end else said)
            letter.drop([i for i in (*range(row, end), *behind) if i not in letter.signed],
                        "the closing of the letter")
            _remark(letter, row)
            return


def _is_signed_with_role(letter: _Letter, closing: int) -> bool:
    """Whether a name, lines with what somebody is, and nothing else stand below a closing."""
    below = [letter.lines[i][1].strip() for i in letter.filled(closing + 1)]
    return (1 < len(below) <= _CLOSED_WITHIN and len(names_in(below[0])) == 1
            and any(BIO_WORDS.search(text) for text in below[1:])
            and all(len(text) <= _LONGEST_HEADING for text in below))


def _remark(letter: _Letter, closing: int) -> None:
    """Leave a last word to the editor out, which stands above the closing."""
    last = next((i for i in reversed(range(closing))
                 if i not in letter.gone and letter.lines[i][1].strip()), None)
    if last is None:
        return
    first = last
    while first and letter.lines[first - 1][1].strip() and first - 1 not in letter.gone:
        first -= 1
    words = " ".join(letter.lines[i][1].strip() for i in range(first, last + 1))
    if _REMARK.match(words) and len(words.split()) <= _LONGEST_REMARK:
        letter.drop(range(first, last + 1), _LETTER)


def _signature(letter: _Letter, mark: int) -> None:
    """Leave a signature out; if the text has no bio of who signs, a byline stands for it."""
    rows = letter.filled(mark + 1)
    said = " ".join(letter.lines[i][1].strip() for i in rows)
    if begins_a_bio(said) and said.endswith("."):  # a line of dashes above the bio
        letter.signed = {mark, *rows}
        letter.lines[mark] = letter.lines[mark][0], ""
        return
    first = letter.lines[rows[0]][1].strip() if rows else ""
    split = re.match(r"([^,|–—]+?)\s*[,|–—]\s*(.+)", first)  # "Anna Rossi, fellow"
    if split and BIO_WORDS.search(split[2]) and not _CONTACT.search(first):
        first, beside = split[1], [split[2]]
    else:
        beside = []
    name = first if len(names_in(first)) == 1 else ""
    below = [letter.lines[i][1].strip() for i in rows[1:]]
    says = [*beside, *(text for text in below if BIO_WORDS.search(text)
                       and not _CONTACT.search(text) and not _DEVICE.match(text))]
    above = [letter.lines[i][1] for i in letter.filled() if i < mark]
    known = name and any(_is_about(name, text) for text in above[-12:])
    number = letter.lines[rows[0]][0] if rows else 0
    if name and says and not known:
        letter.gone.update(range(mark, len(letter.lines)))
        kept = {letter.lines[i][1].strip() for i in rows} & {name, *says}
        letter.gone -= {mark, *rows[:1]}
        rest = [i for i in rows[1:] if letter.lines[i][1].strip() not in kept]
        letter.gone -= set(rest)
        letter.drop(rest, "the signature of the mail")
        letter.lines[mark] = letter.lines[mark][0], ""
        letter.lines[rows[0]] = number, f"**{name}**, {', '.join(says)}"
        letter.signed = {mark, rows[0]}
        return
    letter.drop(range(mark, len(letter.lines)), "the signature of the mail")


def _is_about(name: str, line: str) -> bool:
    """Whether a line says something behind a name, which may have one more in the middle."""
    said, words = folded(line).split(), folded(name).split()
    return (len(said) > len(words) + 1 and said[0] == words[0]
            and words[-1] in said[1:len(words) + 1])


def _headed(lines: list[Line], subject: Line | None) -> list[Line]:
    """Return lines with the subject as first line, if none of the first has a month."""
    if subject is None or not find_month(subject[1]):
        return lines
    first = [i for i, (_, text) in enumerate(lines) if text.strip()][:_HEADED_WITHIN]
    if any(_is_heading(lines, i) for i in first):
        return lines
    words = re.sub(r"\s*\([^()\d]*\)\s*$", "", subject[1])
    words = re.sub(r"^(?:(?:re|aw|fwd?|wg|tr|rv|odp|отв)\s*:\s*)+", "", words,
                   flags=re.IGNORECASE)
    return [(subject[0], words), (subject[0], ""), *lines]
