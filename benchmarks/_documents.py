"""Documents to match: real written questions where they are at hand, else questions made up from a seed."""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from random import Random

from alerts.query import About, Document
from alerts.query.document import Zone
from alerts.sources.html_text import plain

SHARED = Path(os.environ.get("HARK_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
PARTIES = (("Labour", "Lab"), ("Conservative", "Con"), ("Liberal Democrat", "LD"), ("Green Party", "Green"))
VOCABULARY = 30_000
MADE_UP = 20_000
_SYLLABLES = ("an", "be", "cor", "dal", "el", "fen", "gar", "hol", "is", "jun", "kel", "lor", "mar", "nes", "or", "per")


def documents(seed: int) -> tuple[str, list[Document]]:
    """Where they come from, and the documents in the order of a day's work: as a seed shuffles them."""
    chance = Random(seed)
    real = list(_real(chance))
    found = real or list(_made_up(chance))
    chance.shuffle(found)
    return ("real written questions" if real else "questions made up from a seed"), found


def fresh(document: Document) -> Document:
    """The same document, of which nothing is analysed yet."""
    return Document(tuple(Zone(zone.name, zone.text) for zone in document.zones), replace(document.about))


def _real(chance: Random) -> Iterator[Document]:
    """Every question of the captures in its last state, with the full texts that are there."""
    nights, details = SHARED / "written-questions" / "nights", SHARED / "written-questions" / "details"
    full, last = {}, {}
    for path in sorted(details.glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            full.update((line["id"], line) for line in map(json.loads, lines))
    for path in sorted(nights.glob("*.json.gz"), key=lambda path: path.name.split("__")[1]):
        with gzip.open(path) as file:
            last.update((row["value"]["id"], row["value"]) for row in json.load(file))
    names: dict[int, str] = {}
    for value in last.values():
        yield _question(value, full.get(value["id"], {}), names, chance)


def _question(value: dict, full: dict, names: dict[int, str], chance: Random) -> Document:
    answer = full.get("answer_text") or value["answerText"] or ""
    asker = value["askingMemberId"]
    return Document.from_zones(
        heading=value["heading"] or "",
        question=full.get("question_text") or value["questionText"] or "",
        answer=plain(answer) if value["dateAnswered"] else "",
        about=About(
            type="question",
            house=value["house"],
            source="Written questions",
            status="answered" if value["dateAnswered"] else "tabled",
            departments=(value["answeringBodyName"],),
            asked=names.setdefault(asker, _name(chance)),
            answered=names.setdefault(value["answeringMemberId"], _name(chance)) if value["dateAnswered"] else "",
            party=PARTIES[asker % len(PARTIES)],
        ),
    )


def _made_up(chance: Random) -> Iterator[Document]:
    """Words as common as words are (by Zipf's law), in questions as long as questions are."""
    vocabulary = sorted({_word(chance) for _ in range(VOCABULARY)})
    chance.shuffle(vocabulary)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))

    def text(length: int) -> str:
        return " ".join(chance.choices(vocabulary, cum_weights=weights, k=length))

    for _ in range(MADE_UP):
        yield Document.from_zones(
            heading=text(chance.randint(1, 5)).title(),
            question=text(chance.randint(20, 60)).capitalize() + ".",
            answer="\n".join(text(chance.randint(20, 90)).capitalize() + "." for _ in range(chance.randint(0, 3))),
            about=About(type="question", house="Commons", asked=_name(chance), party=chance.choice(PARTIES)),
        )


def _word(chance: Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5)))


def _name(chance: Random) -> str:
    return f"{_word(chance).title()} {_word(chance).title()}"
