"""The titles that stand above a list of notes or sources: `Notes`, `Works Cited`, `Quellen`.

A short line of words that name such a list, in eleven languages, with words that go with them.
"""

from __future__ import annotations

import re

from reportgen.texts import folded

_NOTES = (
    "notes? endnotes? footnotes? anmerkung(?:en)? fu(?:ss|ß)noten? endnoten? nachweise? belege? "
    "notas? przypis(?:y|ow)? примечани(?:я|е|и) сноск(?:а|и) примітк(?:а|и) виноск(?:а|и) "
    "dipnot(?:lar)? sonnot(?:lar)? notlar nota eindnoten? voetnoten? slutnoter "
    "adnotacje (?:ال)?هوامش (?:ال)?حواشي (?:ال)?ملاحظات")
_SOURCES = (
    "references? sources? bibliograph(?:y|ies) literature literatur(?:verzeichnis|hinweise)? "
    "quellen(?:verzeichnis|angaben)? referencias? fuentes? fonti fontes? riferiment(?:i|o) "
    "bibliografi(?:a|as|e) bibliographie zrod(?:ł|l)(?:a|o) zrod(?:e|)(?:ł|l) pismiennictwo "
    "literatura источник(?:и|ов)? литератур(?:а|ы) джерел(?:а|о)? літератур(?:а|и) посилання "
    "kaynak(?:lar|ca)? citations? (?:ال)?مراجع (?:ال)?مصادر")
_WITH = (
    "and the to of in a for text list end final finali fin de du des la le les al au el los "
    "del e y et fim und zum zur der die di pie pagina page bas rodape finais finales koncowe do i "
    "spis lista wykaz used selected cited citees citados citadas citate citati consulted "
    "consultadas consultados further список перелік использованные использованных "
    "использованная использованнои використані використаних и та к тексту testo texto texte "
    "tekstu son ve biblio bibliographiques bibliograficas bibliografici verwendete قائمة والمراجع "
    "والمصادر والهوامش المستخدمة ختامية")
"""Words that go with them."""

_WHOLE = frozenset(("works cited", "cited works", "works consulted"))


def _stems(words: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(words.split())})$")


_NOTE_WORD, _SOURCE_WORD = _stems(_NOTES), _stems(_SOURCES)
_MOST_WORDS = 5


def is_list_head(words: str) -> bool:
    """Whether a line is the title of a list of notes or of sources."""
    return is_notes_head(words) or is_sources_head(words)


def is_notes_head(words: str) -> bool:
    """Whether a line is the title of a list of notes, which stand in the order of their calls."""
    return _is_head(words, _NOTE_WORD)


def is_sources_head(words: str) -> bool:
    """Whether a line is the title of a list of sources."""
    return folded(words) in _WHOLE or _is_head(words, _SOURCE_WORD)


def _is_head(words: str, named: re.Pattern[str]) -> bool:
    if len(words) > 60 or len(words.split()) > _MOST_WORDS or re.search(r"[.?!]\s+\w", words):
        return False
    said = folded(words).split()
    return (0 < len(said) <= _MOST_WORDS and any(named.match(word) for word in said)
            and all(word in _WITH.split() or _NOTE_WORD.match(word) or _SOURCE_WORD.match(word)
                    for word in said))
