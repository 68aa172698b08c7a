"""A fuzz of the language: `python -m tests.query.fuzz --seconds 600 --seed 7`.

Queries that look real are mutated, with arbitrary Unicode among the rest, and held against texts made of their own
words. Every promise of `holds` is checked. It prints the seed, the number of tries and the result; what breaks a
promise is printed with the try it came from.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from alerts.query import About, Document
from alerts.query.document import ZONES
from alerts.query.rules import RULES
from tests.query import holds
from tests.query.grammar import DEPARTMENTS, NAMES, SEPARATORS, WORDS
from tests.query.test_hostile import PIECES, steps

EXAMPLES = [example for rule in RULES for example in rule.examples]
REAL = [
    *(example.typed for example in EXAMPLES),
    'maternity AND (inequalities OR safety) NOT "patient safety"',
    "(baby OR babies OR neonatal) heading:(unit* OR ward) -asked:Marsh",
    'cancer NEAR/5 ("young people" OR child*) type:question status:answered',
    '"health inequalit*" OR (=SEND dept:("Education" OR DWT)) OR =Reading NEAR maternity',
    'title:"long-term plan" text:(COVID-19 -flu) party:labour house:commons',
]
TEXTS = [example.text for example in EXAMPLES]
STEPS_FOR_A_CHARACTER, STEPS_AT_LEAST = 200, 5_000


@dataclass
class Tally:
    """How many texts were tried, how many of them are queries, and how many of these found their text."""

    tries: int = 0
    queries: int = 0
    matches: int = 0


def run(seed: int, go_on: Callable[[int], bool]) -> Tally:
    """Try as long as `go_on`, given the number of tries, says so; AssertionError has the first broken promise."""
    chance, tally = random.Random(seed), Tally()
    while go_on(tally.tries):
        tally.tries += 1
        typed = _typed(chance)
        try:
            _check(typed, _document(chance, typed), tally)
        except Exception as broken:
            raise AssertionError(f"seed {seed}, try {tally.tries}: {typed!r}") from broken
    return tally


def _check(typed: str, document: Document, tally: Tally) -> None:
    holds.folding_is_idempotent(typed)
    if tally.tries % 50 == 0:
        assert steps(holds.understood_or_pointed_at, typed) <= STEPS_AT_LEAST + STEPS_FOR_A_CHARACTER * len(typed)
    query = holds.understood_or_pointed_at(typed)
    if not query:
        return
    tally.queries += 1
    holds.query_can_be_explained(query)
    holds.canonical_form_is_a_fixed_point(query.tree, document)
    holds.explanation_ends_in_the_verdict(query.tree, document)
    holds.highlights_lie_on_word_borders(query.tree, document)
    holds.highlights_show_what_was_asked_for_where(query.tree, document)
    holds.reasons_are_given_exactly_where_it_matches(query.tree, document)
    holds.what_is_marked_is_enough(query.tree, document)
    holds.folded_words_change_no_verdict(query, document)
    tally.matches += holds.matches(query.tree, document)


def _typed(chance: random.Random) -> str:
    typed = chance.choice(REAL)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 10))):
        typed = chance.choice(_MUTATIONS)(chance, typed)
    return typed[:1_100]


def _document(chance: random.Random, typed: str) -> Document:
    return Document.from_zones(**{zone: _text(chance, typed) for zone in ZONES}, about=_about(chance))


def _text(chance: random.Random, typed: str) -> str:
    """Stretches of the query, of texts that it may find, and words of any kind, in any order."""
    makers = (
        lambda: _stretch(chance, typed),
        lambda: chance.choice(typed.split() or [""]).strip('"()*=-'),
        lambda: chance.choice(TEXTS),
        lambda: chance.choice(WORDS),
        lambda: _sign(chance),
    )
    parts = [chance.choice(makers)() for _ in range(chance.randrange(12))]
    return "".join(part + chance.choice(SEPARATORS) for part in parts)


def _about(chance: random.Random) -> About:
    return chance.choice(
        (
            chance.choice(EXAMPLES).about,
            About(
                type=chance.choice(("question", "newsletter")),
                house=chance.choice(("commons", "lords")),
                source=chance.choice(NAMES),
                status=chance.choice(("tabled", "answered", "withdrawn", "published")),
                departments=(chance.choice(DEPARTMENTS),),
                asked=chance.choice(NAMES),
                answered=chance.choice(NAMES),
                party=(chance.choice(NAMES),),
            ),
        )
    )


def _place(chance: random.Random, typed: str) -> int:
    return chance.randrange(len(typed) + 1)


def _stretch(chance: random.Random, typed: str) -> str:
    start = _place(chance, typed)
    return typed[start : start + chance.randrange(1, 20)]


def _sign(chance: random.Random) -> str:
    """Any character: half of the time one of the first 800, where letters, marks and signs lie close together."""
    return chr(chance.randrange(800) if chance.random() < 0.5 else chance.randrange(sys.maxunicode + 1))


def _put(chance: random.Random, typed: str, piece: str) -> str:
    at = _place(chance, typed)
    return typed[:at] + piece + typed[at:]


def _without(chance: random.Random, typed: str) -> str:
    at = _place(chance, typed)
    return typed[:at] + typed[at + chance.randrange(1, 6) :]


def _joined(chance: random.Random, typed: str) -> str:
    link = chance.choice((" ", " OR ", " AND ", " NOT ", " NEAR/3 ", " -(", " (", ""))
    return typed + link + chance.choice(REAL)


_MUTATIONS = (
    lambda chance, typed: _put(chance, typed, chance.choice(PIECES)),
    lambda chance, typed: _put(chance, typed, _sign(chance)),
    lambda chance, typed: _put(chance, typed, chance.choice(WORDS)),
    lambda chance, typed: _put(chance, typed, _stretch(chance, typed)),
    lambda chance, typed: _put(chance, typed, chance.choice('"()*=:-/ ') * chance.choice((1, 1, 1, 2, 40))),
    lambda chance, typed: f"({typed})",
    lambda chance, typed: chance.choice(("heading:", "-", "=", "NOT ", "asked:", "text:")) + typed,
    _without,
    _joined,
)


def main() -> int:
    """Fuzz for so many seconds; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description="Fuzz the query language.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    wanted = parser.parse_args()
    end = time.monotonic() + wanted.seconds
    print(f"seed {wanted.seed}, {wanted.seconds:g} seconds", flush=True)
    try:
        tally = run(wanted.seed, lambda tries: time.monotonic() < end)
    except AssertionError:
        traceback.print_exc()
        print("result: a promise is broken")
        return 1
    print(f"{tally.tries} tries, {tally.queries} of them queries, {tally.matches} of these found their text")
    print("result: every promise holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
