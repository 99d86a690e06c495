"""Issues of text that nobody tuned: sentences, lengths, notes and blocks drawn at random.

Sentences are those of tests/cases/paragraphs, mixed word by word where a text has to be longer
than they are; the same seed gives the same issue.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

SENTENCES = Path(__file__).parent / "cases" / "paragraphs"
LANGUAGES = tuple(sorted(path.stem for path in SENTENCES.glob("*.txt")))
REGIONS = ("Central Asia", "Western Balkans", "Maghreb", "Sahel", "Gulf", "Levant", "Black Sea",
           "South Caucasus")
PUBLISHERS = ("Example Press", "The Morning Register", "Institute for Harbours",
              "Statistics Office")


@dataclass(frozen=True)
class Author:
    """Writes sentences that were not written before: halves of the sentences of a language."""

    chance: random.Random
    heads: tuple[str, ...]
    tails: tuple[str, ...]

    def sentence(self) -> str:
        """Return a sentence of 10 to 40 words."""
        return f"{self.chance.choice(self.heads)} {self.chance.choice(self.tails)}"

    def sentences(self, least: int, most: int) -> list[str]:
        """Return some sentences."""
        return [self.sentence() for _ in range(self.chance.randint(least, most))]

    def words(self, count: int) -> str:
        """Return the first words of a sentence, as a title has them."""
        return " ".join(self.sentence().split()[:count]).rstrip(".,;:—– ")


def author(chance: random.Random, language: str = "en") -> Author:
    """Return an author of a language."""
    lines = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    halves = [line.split() for line in lines if line]
    return Author(chance,
                  tuple(" ".join(words[:len(words) // 2]) for words in halves),
                  tuple(" ".join(words[len(words) // 2:]) for words in halves))


def write_issue(folder: Path, count: int, seed: int, *, mixed: bool = False,
                language: str = "en") -> Path:
    """Write an issue of `count` briefs into `folder`; return the issue's folder.

    With `mixed`, briefs have lists, quotations, tables, pictures and subheads with notes in them,
    some of them long; else paragraphs with two to five notes.
    """
    chance = random.Random(seed)
    issue = folder / "2019-04"
    issue.mkdir(parents=True, exist_ok=True)
    (folder / "series.toml").write_text(
        f'title = "Bench"\npublisher = "Bench"\nlanguage = "{language}"\n', encoding="utf-8")
    if mixed:
        _picture(issue / "wide.png", 1600, 700)
        _picture(issue / "tall.png", 900, 1900)
    for number in range(count):
        writer = author(chance, language)
        blocks = _mixed(writer, chance) if mixed else _plain(writer, chance, number)
        region = REGIONS[number % len(REGIONS)]
        heading = f"# {region} April 2019"
        header = f"---\nlanguage: {language}\n---\n" if language != "en" else ""
        text = "\n\n".join([heading, f"## {writer.words(7)}", writer.sentence(), *blocks,
                            f"Anna Number{chr(97 + number % 26)} – *Analyst at Example.*"])
        (issue / f"brief-{number:03}.md").write_text(header + text + "\n", encoding="utf-8")
    return issue


def _picture(path: Path, width: int, height: int) -> None:
    from PIL import Image

    Image.linear_gradient("L").resize((width, height)).save(path)


def _citation(writer: Author, chance: random.Random, number: int) -> str:
    title = f"Paper {chance.randint(1000, 9999)} on {writer.words(6)}"  # told apart from the text
    link = "-".join("".join(c for c in word if c.isascii() and c.isalnum())
                    for word in title.lower().split()[:6])
    return (f" (*{title}*, {chance.choice(PUBLISHERS)}, {number + 1} April 2019, "
            f"<https://example.org/{chance.randint(1, 999)}/{link}>)")


def _with_citation(writer: Author, chance: random.Random, number: int,
                   sentences: list[str]) -> str:
    at = chance.randrange(len(sentences))
    sentences[at] = sentences[at].rstrip(".") + _citation(writer, chance, number) + "."
    return " ".join(sentences)


def _plain(writer: Author, chance: random.Random, number: int) -> list[str]:
    target = chance.choice((420, 480, 560, 600, 680, 720, 800, 900, 1100))
    blocks: list[str] = []
    notes = 0
    while sum(len(block.split()) for block in blocks) < target:
        sentences = writer.sentences(3, 6)
        if len(blocks) % 2 and notes < 5:
            notes += 1
            blocks.append(_with_citation(writer, chance, notes, sentences))
        else:
            blocks.append(" ".join(sentences))
    return blocks


def _mixed(writer: Author, chance: random.Random) -> list[str]:
    blocks, definitions, count = [writer.sentence()], [], 0

    def call(least: int = 1, most: int = 2) -> str:
        nonlocal count
        count += 1
        long = chance.random() < 0.04
        words = " ".join(writer.sentences(40, 70) if long else writer.sentences(least, most))
        definitions.append(f"[^{count}]: {words}")
        return f"[^{count}]"

    def noted(text: str, share: float) -> str:
        return text + call() if chance.random() < share else text

    for _ in range(chance.randint(5, 26)):
        kind = chance.choices(("paragraph", "list", "quote", "table", "picture", "subhead"),
                              (55, 10, 9, 9, 7, 10))[0]
        if kind == "paragraph":
            blocks.append(" ".join(noted(s, 0.2) for s in writer.sentences(1, 7)))
        elif kind == "list":
            sign = chance.choice(("- ", "1. "))
            blocks.append("\n".join(sign + noted(writer.sentence(), 0.2)
                                    for _ in range(chance.randint(2, 9))))
        elif kind == "quote":
            blocks.append("> " + " ".join(noted(s, 0.2) for s in writer.sentences(1, 5)))
        elif kind == "table":
            rows = ["| " + " | ".join(writer.words(2) for _ in range(3)) + " |", "|---|---|---:|"]
            rows += ["| " + " | ".join(noted(writer.words(chance.randint(1, 9)), 0.08)
                                       for _ in range(3)) + " |"
                     for _ in range(chance.randint(1, 24))]
            blocks.append("\n".join(rows))
        elif kind == "picture":
            caption = noted(writer.sentence(), 0.3)
            blocks.append(f"![A grey ramp]({chance.choice(('wide', 'tall'))}.png)\n{caption}")
        else:
            blocks += [f"### {noted(writer.words(5), 0.2)}", writer.sentence()]
    return [*blocks, *definitions]
