"""Write src/reportgen/language/months.py: the month names of twenty languages, from CLDR.

Run by hand: `.venv/bin/pip install babel==2.18.0 && .venv/bin/python tools/build_months.py`
"""

from __future__ import annotations

from pathlib import Path

from babel import Locale

LANGUAGES = ("en", "it", "fr", "de", "es", "ru", "pt", "nl", "pl", "cs", "ro", "sr_Latn", "hr",
             "sq", "el", "tr", "uk", "bg", "ar", "sv")
TARGET = Path(__file__).resolve().parent.parent / "src" / "reportgen" / "language" / "months.py"

HEAD = '''"""The names of the months in twenty languages, from Unicode CLDR (by Babel 2.18.0).

Made by tools/build_months.py; not edited by hand. Names are casefolded and
without a full stop, nominative and genitive, long and short.
"""

MONTH_NAMES: dict[str, int] = {
'''


def main() -> None:
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    key = name.casefold().rstrip(".")
                    if len(key) > 2 and not key.isdigit() and names.get(key, number) == number:
                        names[key] = number
    names["sept"] = 9
    rows = "".join(f'    "{name}": {number},\n' for name, number in sorted(
        names.items(), key=lambda item: (item[1], item[0])))
    TARGET.write_text(f"{HEAD}{rows}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
