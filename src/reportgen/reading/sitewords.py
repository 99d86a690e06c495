"""Words that a web site puts around a text: sharing, reading time, comments, related texts.

A saved page and a page that was copied have them between and below the paragraphs, where nothing
but their words shows what they are. A line goes only if it has no other words; each is told and
logged.
"""

from __future__ import annotations

import re

from reportgen.diagnostics import Change, Sink, Span
from reportgen.patterns import pattern
from reportgen.reading.markdown import Line

_NETWORK = (r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|e-?mail|mail|reddit|bluesky|"
            r"mastodon|"
            r"threads|vk|вконтакте|courriel|correo|pocket|instagram|youtube|rss|pdf)")
_PHRASES = pattern("|".join((
    rf"(?:(?:share|tweet|post|teilen|partager|compartir|condividi|partilh(?:e|ar)|udostępnij|"
    rf"поделиться|"
    rf"поширити|поділитися|paylaş|envoyer|enviar|invia|send|wyślij|отправить|auf|on|via|en|su|sur|"
    rf"par|"
    rf"no|na|w|em|в|у|por|per|bei)\b[\s:]*)*\b{_NETWORK}\b(?:['’]?[dt][ae])?",
    r"\b(?:share(?: this)?(?: (?:article|post|page))?|tweet(?:er)?|teilen|"
    r"partager(?: cet article)?|"
    r"compartir|condividi|partilhar|udostępnij|поделиться|поширити|поділитися|paylaş)\b\s*:?",
    r"\b(?:print(?: this)?(?: (?:page|article))?|drucken|druckversion|imprimer|imprimir|stampa|"
    r"drukuj|"
    r"печать|друкувати|yazdır|version (?:pdf|imprimable)|(?:download|télécharger|descargar|scarica|"
    r"baixar|pobierz|скачать)(?: (?:the|le|el|il|o))?(?: pdf)?)\b",
    r"\b(?:copy link|copy url|copier le lien|copiar (?:o )?(?:enlace|link)|copia link|"
    r"link kopieren|"
    r"kopiuj link|скопировать ссылку|bağlantıyı kopyala)\b",
    r"\b(?:listen(?: to this (?:article|story))?|escuchar el artículo|écouter l[’']article|"
    r"ascolta l[’']articolo|artikel anhören|posłuchaj)\b",
    r"\b(?:\d+\s*(?:-?\s*min(?:ute)?s?\.?)?\s*(?:read|de lectura|de lecture|di lettura|de leitura|"
    r"lesezeit|czytania|чтения|читання|okuma)|(?:reading time|temps de lecture|tiempo de lectura|"
    r"lectura|tempo di lettura|tempo de leitura|lesezeit|lesedauer|czas czytania|время чтения|"
    r"час читання|okuma süresi)\s*:?\s*(?:ca\.\s*)?\d+\s*(?:min\w*\.?|мин\w*\.?|хв\w*\.?|dk\.?|"
    r"dakika)?)",
    r"\b(?:published|posted|publié[es]?|publicad[oa]|pubblicato|veröffentlicht|opublikowano|"
    r"опубликовано|опубліковано|yayınlanma)\b\s*(?:on|le|el|il|em|am|:)?\s*\d{1,2}\.?\s+(?:de\s+)?"
    r"[^\W\d_]+\.?,?\s+(?:de\s+)?\d{4}",
    r"\b(?:recevez|receive|get|sign up|inscrivez-vous|iscriviti|suscríbete|abonnieren sie|erhalten "
    r"sie|zapisz się|подпишитесь|підпишіться)\b[^.]{0,60}(?:newsletter|lettre d[’']information|"
    r"boletín|"
    r"bollettino|bulletin|inbox|рассылк\w+|розсилк\w+)",
    r"\b(?:views|visits|visitas|vues|aufrufe|letture|okunma|просмотр(?:ов|ы)|wyświetleń)\s*:?\s*"
    r"[\d.,\u00a0 ]+",
    r"\b(?:advertisement|advertising|publicidad|publicité|pubblicità|publicidade|anzeige|werbung|"
    r"reklama|reklam|реклама)\b",
    r"\b(?:words?|word count|palabras|parole|mots|wörter|palavras|słów|слов|слів|kelime|"
    r"عدد الكلمات)\s*:?\s*"
    r"\d[\d.,\u00a0 ]*(?:\((?:without|excluding|including|ohne|mit|sans|avec|sin|con|senza|"
    r"bez|без|hors)\b[^()]*\))?(?:\s*(?:approx\w*|circa|ca\.|environ|etwa|تقريب[اً]+))?|\b(?:zeichen|znaków|знаков|знаків|caratteri|caracteres|signes|characters)"
    r"(?: \([^()]*\))?\s*:?\s*\d[\d.,\u00a0 ]*|\(?\b\d[\d.,\u00a0 ]*\s*(?:words|palabras|mots|"
    r"wörter|"
    r"zeichen|znaków|знаков|caratteri|parole|palavras)\b\)?",
    r"©|\(c\)\s*(?:19|20)\d\d|\b(?:all rights reserved|tous droits réservés|todos los derechos "
    r"reservados|todos os direitos reservados|tutti i diritti riservati|alle rechte vorbehalten|"
    r"wszelkie prawa zastrzeżone|все права защищены|усі права захищен[оі]|tüm hakları saklıdır)\b",
    r"\b(?:mentions légales|plan du site|aviso legal|nota legale|impressum|datenschutz|"
    r"privacy policy|"
    r"politique de confidentialité|política de privacidad|site haritası|mapa del sitio|"
    r"mappa del sito|"
    r"sitemap|site map|terms of use|contact us|powered by \w+|back to top|haut de page|"
    r"volver arriba|"
    r"torna su|nach oben|do góry|наверх)\b",
    r"\b\d+ (?:comments?|commentaires?|comentarios?|kommentare?|commenti|komentarz\w*|yorum)\b",
    r"\b(?:labels|tags)\s*:\s.{1,100}$",
    r"\b(?:subscribe(?: to our newsletter)?|suscríbete(?: al boletín)?|s’abonner|s'abonner|"
    r"abonnieren|"
    r"iscriviti(?: alla newsletter)?|newsletter abonnieren|inscreva-se|"
    r"zapisz się(?: do newslettera)?|"
    r"подписаться|підписатися|abone ol)\b",
)), re.IGNORECASE)

_BARE = pattern(_NETWORK, re.IGNORECASE)

_END_HEADS = pattern(
    r"\W*(?:(?:related|further)(?: (?:articles?|posts?|reading|content|stories))?|you (?:may|"
    r"might) also "
    r"(?:like|be interested in)|more (?:from|on|like) .{0,40}|read (?:more|next|also)|"
    r"(?:ver|lee|leer|lea) también|también te puede interesar|artículos relacionados|relacionados|"
    r"à lire aussi|lire aussi|sur le même sujet|articles (?:liés|similaires)|"
    r"(?:leggi anche|correlati|articoli correlati|potrebbe interessarti(?: anche)?)|"
    r"leia (?:também|mais)|artigos relacionados|"
    r"das könnte sie auch interessieren|auch interessant|verwandte (?:artikel|beiträge)|"
    r"mehr zum thema|"
    r"(?:przeczytaj|zobacz|czytaj) (?:też|także|również)|powiązane(?: artykuły)?|"
    r"читайте (?:также|также:|також)|похожие (?:материалы|статьи)|по теме|схожі матеріали|"
    r"ilgili (?:yazılar|haberler)|"
    r"(?:\d+ )?(?:comments|commentaires|comentarios|commenti|kommentare|komentarze|"
    r"комментари(?:и|ев)|"
    r"коментар(?:і|ів)|yorumlar)(?:\s*\(\d+\))?|"
    r"1 (?:comment|commentaire|comentario|commento|kommentar|komentarz|комментарий|коментар)|"
    r"leave a (?:comment|reply)|post a comment|"
    r"deja un comentario|laisser un commentaire|lascia un commento|deixe um comentário|"
    r"schreiben sie einen kommentar|kommentar (?:schreiben|verfassen|hinterlassen)|"
    r"zostaw komentarz|"
    r"dodaj komentarz|оставить комментарий|залишити коментар|yorum yap(?:ın)?|"
    r"(?:categor(?:ies|ías|ie|ias)|catégories|kategorien|kategorie|рубрики)|"
    r"(?:tags?|labels?|étiquettes|etiquetas|schlagworte|tagi|теги)\s*:?.{0,100})\W*", re.IGNORECASE)
"""A line below which a site has nothing of the text."""

_LAST_PART = 0.55
"""Share of the lines behind which a site's end may begin."""

_LONGEST = 300
"""letters"""

_LINK = pattern(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_NOTE = pattern(r"\[\^[^\]\n]+\]:")


def without_site_words(lines: list[Line], name: str, sink: Sink) -> list[Line]:
    """Return lines without those that are a site's own; their numbers stay."""
    out = list(lines)
    end = _end_of_text(lines)
    in_note = False
    for at, (number, text) in enumerate(lines):
        if not text.strip():
            continue
        in_note = bool(_NOTE.match(text)) or (in_note and text.startswith("    "))
        behind = end is not None and at >= end and not in_note
        posted = _POSTED.fullmatch(_LINK.sub(r"\1", text).strip(" *_"))
        if not behind and not posted and not _is_site_s(text):
            continue
        sink.note("site-words", f'"{text.strip()[:60]}" is taken for words of the site and left '
                  "out", Span(name, number))
        sink.change(Change(Span(name, number), "site-words", text.strip(), ""))
        out[at] = number, f"By {posted['name']}" if posted and posted["name"] else ""
    return out


_WHEN = r"(?:\s*(?:on|le|am|el|il|em|dnia)?\s+[^,.;:]{3,24}(?:,? (?:19|20)\d\d))?"
_POSTED = pattern(
    rf"(?:posted|published|written|mis en ligne|publié|publicado|pubblicato|eingestellt|"
    rf"veröffentlicht|опубликовано|опубліковано|opublikowano)(?:{_WHEN}|\s+le)\s*,?(?:\s+"
    rf"(?:by|par|por|da|di|von|przez)"
    rf"(?:\s+(?P<name>(?-i:[^\W\d_a-z][^\s,]+(?: [^\s,]+){{1,3}}?)))?)?"
    rf"{_WHEN}\W*|(?:on|le|am|el|il|em)\s[^,.;:]{{3,24}},? (?:19|20)\d\d\W*", re.IGNORECASE)
"""`Posted by Anna Rossi on 3 May 2019`: what stays is who wrote it."""

_WHOLE_LINE = pattern(
    r"\W*(?:(?:read (?:also|more|next)|see also|leia também|leia mais|leggi anche|lire aussi|"
    r"à lire aussi|"
    r"lea también|lee también|ver también|siehe auch|lesen sie auch|mehr dazu|czytaj (?:też|także|"
    r"również)|zobacz (?:też|także)|читайте (?:также|також)|см\. также|bkz)\s*:.{3,160}"
    r"|(?:key ?words?|schlüsselwörter|schlagwörter|mots[- ]clés|parole chiave|palabras clave|"
    r"palavras[- ]chave|słowa kluczowe|ключевые слова|ключові слова|"
    r"anahtar kelimeler)\s*[:–—].{3,250}"
    r"|(?:udc|удк|ббк|jel)\s*:?\s+[\d.:()/\[\]\w\s-]{3,60}"
    r"|(?:you(?:['’]re| are)? receiv\w* (?:this|our|these)|if you (?:no longer|do not) (?:wish|"
    r"want) to receive|(?:to )?unsubscribe\b|(?:manage|update) your (?:preferences|subscription)|"
    r"view (?:this (?:e-?mail|newsletter|message) )?(?:in (?:a|your) browser|online)|"
    r"vous recevez (?:ce|cet|cette) |(?:pour )?(?:se |vous )(?:désabonner|désinscrire)|"
    r"sie erhalten diese[nr]? |(?:newsletter )?(?:abmelden|abbestellen)\b|im browser (?:ansehen|"
    r"öffnen|lesen)|(?:hai ricevuto|ricevi|ricevete) questa? |annulla(?:re)? (?:l['’])?iscrizione|"
    r"(?:recibe|recibes|has recibido) este |darse de baja\b|(?:ver|leer) en (?:el |tu )?navegador|"
    r"(?:você )?(?:recebe|recebeu) (?:este|esta) |cancelar (?:a |la )?(?:inscrição|assinatura|"
    r"suscripción)|otrzymujesz (?:ten|tę|tego)|wypisz się|zrezygnuj z |вы получили это|отписаться|"
    r"ви отримали цей|відписатися|abonelikten|bu e-postayı).{0,200}"
    r"|sent from my (?:phone|mobile|i?phone|ipad|android|samsung|blackberry|huawei)\b.{0,30}"
    r"|please (?:do not exceed|keep to|save (?:as|the file)|return (?:this|the)|submit)\b.{0,160}"
    r"|bitte (?:nicht mehr als|speichern sie|höchstens)\b.{0,160}"
    r"|[-–—*#_~ ]{1,5}(?:the )?(?:ends?|ende|fin|fine|koniec|конец|кінець|son|30)[-–—*#_~ ]{1,5}"
    r"|(?:text|текст|texte|texto|testo|tekst|metin|beitrag)\s*:)\W*", re.IGNORECASE)
"""A line of a site, a journal or a form that is no text: what to read next, keywords, its class."""


def _is_site_s(text: str) -> bool:
    """Whether a line has nothing but phrases of a site."""
    if len(text) > _LONGEST or text.startswith(("    ", "|", "#")) or "![" in text:
        return False
    words = _LINK.sub(r"\1", text)
    if _WHOLE_LINE.fullmatch(words.replace("*", "")):
        return True
    letter = next((at for at, c in enumerate(words) if c.isalpha()), len(words) - 1)
    if not any(_PHRASES.match(words, at) for at in range(letter + 1)):
        return False  # its first letter belongs to no phrase
    alone = [match[0] for match, _ in zip(_PHRASES.finditer(words), range(2), strict=False)]
    if not alone:
        return False
    if len(alone) == 1 and _BARE.fullmatch(alone[0].strip()):
        return False  # a text may have "Telegram" for a subhead
    rest = _PHRASES.sub(" ", words)
    return rest != words and not any(c.isalpha() for c in rest) and sum(
        c.isdigit() for c in rest) < 5


_YEAR = pattern(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def _lists_works(lines: list[Line]) -> bool:
    """Whether lines are a list of works, each with its year, and no links to other texts."""
    filled = [text for _, text in lines if text.strip()]
    return bool(filled) and sum(_YEAR.search(_LINK.sub(r"\1", text)) is not None
                                for text in filled) * 2 >= len(filled)


def _end_of_text(lines: list[Line]) -> int | None:
    """Return the index of the line below which nothing of the text stands."""
    filled = [at for at, (_, text) in enumerate(lines) if text.strip()
              and not _NOTE.match(text) and not text.startswith("    ")]
    for at in filled[int(len(filled) * _LAST_PART):]:
        words = _LINK.sub(r"\1", lines[at][1]).strip(" #*_")
        alone = not (at and lines[at - 1][1].strip())
        if alone and len(words) <= _LONGEST // 2 and _END_HEADS.fullmatch(words) and not (
                "reading" in words.casefold() and _lists_works(lines[at + 1 :])):
            return at
    return None
