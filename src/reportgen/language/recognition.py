"""Which language a text is in, by its most common words."""

from __future__ import annotations

import re
from collections import Counter

_WORDS = {
    "en": "the of and to that is was for with are were has have which from they it its",
    "it": "il di che la per un non sono della nel dei delle alla con una gli ha come è più",
    "fr": "le la les des et est une dans que pour du sur qui au aux pas ce cette ont été",
    "de": "der die und das ist nicht mit von den ein eine auf dem des sich für hat wurden im zu",
    "es": "el los de que y en una las por con para del se su fue han más como lo al",
    "pt": "o os de que e em uma as por com para do da no na se seu foi são mais não como ao pelo",
    "pl": "w i na nie z się do to że jest o jak po od za przez dla był oraz są które który ale już",
    "uk": "і та в у на не що з до як це за від для його був були але про після ще або які й",
    "tr": "ve bir bu da de için ile olarak olan daha çok ne gibi kadar sonra en değil iki yıl ama",
    "ar": "في من على إلى عن أن التي الذي هذا هذه مع بين بعد قبل كما لم لا ما كان كانت قد ذلك خلال",
    "ru": "и в не на что с по это как к из за от для его был были или также",
}
_OTHERS = {
    "nl": "de het een van en in is dat op te zijn met voor niet aan er ook als bij naar wordt",
    "sv": "och att det som en är på för av med den till har inte om ett ska kan från vi",
    "da": "og at det som en er på for af med den til har ikke om et skal kan fra vi",
    "nb": "og at det som en er på for av med den til har ikke om et skal kan fra vi",
    "cs": "a se na je že v o s z do to jako pro ale by však jsou nebo také který která podle",
    "sk": "a sa na je že v o s z do to ako pre ale by však sú alebo tiež ktorý ktorá podľa",
    "hr": "i se na je da u o s iz do to kao za ali bi su ili koji koja prema nije od bio",
    "ro": "și în de la cu pe care nu este din că să a fi sunt pentru mai ca prin după o",
    "hu": "a az és hogy nem is egy ez van meg volt de mint csak már még vagy amely után szerint",
    "fi": "ja on ei se että oli ovat mutta myös kun hän joka mukaan sekä tai vain kuin ole",
    "el": "και το η ο να του της την με για από που είναι στην στο θα δεν τα οι σε",
    "bg": "и на да се в от за е с че по не са като със това към ще или след който която",
    "sr": "и у је да се на за од су са који која не као што то али би или према није",
}
"""Words of languages in which nothing is set: Swedish is not to be taken for Polish."""

_SHARED = Counter(word for words in _WORDS.values() for word in words.split())
_OWN = {code: [word for word in words.split() if _SHARED[word] == 1]
        for code, words in _WORDS.items()}
"""Those that are common in no other of these languages: Spanish and Portuguese share a dozen."""

_LEAST = 8
"""Words of its own that a text must hold to be taken for a language."""

_AHEAD = 2.0
"""Times that they must outnumber those of the next language."""

_AHEAD_OF_KNOWN = 1.25
"""Times that the words of another language must outnumber those of all in which texts are set."""


def recognised(text: str) -> str | None:
    """Return the code of the language that a text is in; None if it is not plain.

    It may be a language in which nothing is set.
    """
    counts = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    found = sorted(((sum(counts[word] for word in words), code)
                    for code, words in _OWN.items()), reverse=True)
    (first, code), (second, _) = found[:2]
    plain = code if first >= _LEAST and first >= second * _AHEAD else _of_short(text, counts, found)
    most, other = max((_all(counts, words), code) for code, words in _OTHERS.items())
    known = max(_all(counts, words) for words in _WORDS.values())
    return other if most >= _LEAST and most > known * _AHEAD_OF_KNOWN else plain


_SHORT = 150
"""Words of a text of which less is wanted."""

_LEAST_OF_SHORT = 4
_MOST_LATIN = 0.3


def _of_short(text: str, counts: Counter[str], found: list[tuple[int, str]]) -> str | None:
    """Return the language of a short text: by fewer words, or by letters that others have not."""
    if counts.total() > _SHORT:
        return None
    (first, code), (second, _) = found[:2]
    if first >= _LEAST_OF_SHORT and first >= second * 2 * _AHEAD:
        return code
    letters = [c for c in text.casefold() if c.isalpha()]
    if not letters or sum(c < "\u0250" for c in letters) > _MOST_LATIN * len(letters):
        return None
    return next((code for code, own in _OWN_LETTERS.items() if own & set(letters)), None)


_OWN_LETTERS = {"uk": frozenset("іїєґ"), "ru": frozenset("ыэё")}
"""Letters of Cyrillic that the other languages in which texts are set do not have."""


def _all(counts: Counter[str], words: str) -> int:
    """Return how often a text has any of some words."""
    return sum(counts[word] for word in words.split())
