"""The languages of runs in a Word document (`w:lang`, ECMA-376, part 1, 17.3.2.20)."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from xml.etree.ElementTree import Element

from reportgen.reading.documents.foreign import IN_LANGUAGE, primary

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def letters_by_language(root: Element) -> Counter[str]:
    """Return the number of letters in each language that runs name, '' where they name none."""
    out: Counter[str] = Counter()
    for run in root.iter(f"{_W}r"):
        letters = sum(len(text.text or "") for text in run.iter(f"{_W}t"))
        out[primary(language_of_run(run))] += letters
    return out


def with_languages(paragraph: Element, languages: frozenset[str]) -> None:
    """Put runs in foreign languages into links that name their language, for the converter."""
    depth = 0
    marked: list[tuple[Element, str]] = []
    for child in paragraph:
        kinds = [mark.get(f"{_W}fldCharType") for mark in child.iter(f"{_W}fldChar")]
        depth += kinds.count("begin")
        language = language_of_run(child) if child.tag == f"{_W}r" and not depth else ""
        texts = {part.tag for part in child} <= {f"{_W}rPr", f"{_W}t"}
        marked.append((child, language if texts and primary(language) in languages else ""))
        depth -= kinds.count("end")
    if not any(language for _, language in marked):
        return
    out: list[Element] = []
    for language, group in groupby(marked, key=lambda pair: pair[1]):
        runs = [run for run, _ in group]
        if language:
            link = Element(f"{_W}hyperlink", {f"{_W}anchor": f"{IN_LANGUAGE[1:]}{language}"})
            link.extend(runs)
            runs = [link]
        out += runs
    paragraph[:] = out


def language_of_run(run: Element) -> str:
    """Return the language that a run names, as a tag of BCP 47; empty if it names none."""
    found = run.find(f"{_W}rPr/{_W}lang")
    return found.get(f"{_W}val", "") if found is not None else ""
