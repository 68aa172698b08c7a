"""The race: engines hold the same documents against the same topics, each in its turn, round after round."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import monotonic

from benchmarks._turns import Racer, Turn
from benchmarks.peers import HARK, SHARING, Absent

WARM = 2_000
"""Documents that were read before, as a worker has: then most words are known."""
SMALL = 100
"""Documents of a smaller batch: about as many as one poll brings on a busy day."""
FEWEST_ROUNDS = 3
TURN_MS = 1_500
"""About how long a turn takes of an engine that takes documents one at a time."""
FEWEST_DOCUMENTS = 3


@dataclass
class _Contestant:
    racer: Racer
    title: str
    facts: dict[str, float | bool | None]
    documents: int
    turns: list[Turn] = field(default_factory=list)


def race(folder: Path, ours: str, names: Iterable[str], batch: int, rounds: int, seconds: float) -> dict:
    """What each engine took, and how many times what Hark took, as numbers for a table.

    The folder holds topics, commonness and documents: those to warm up with, then a batch for each round. After
    three rounds no other is begun when so many seconds have passed. Stops the program where engines disagree.
    """
    contestants, absent = _gathered(folder, [ours, *names], batch)
    begun = monotonic()
    for number in range(rounds):
        if number >= FEWEST_ROUNDS and monotonic() - begun > seconds:
            break
        for contestant in contestants:
            contestant.turns.append(contestant.racer.ask("turn", WARM + number * batch, contestant.documents))
        _agree(contestants)
    hark = contestants[0].turns
    results = {each.title: _result(each, hark) | each.racer.ask("finish") for each in contestants}
    for each in contestants:
        each.racer.end()
    return {"rounds": len(hark), "engines": results, "absent": absent}


def _gathered(folder: Path, names: Iterable[str], batch: int) -> tuple[list[_Contestant], list[str]]:
    """Those that are here, built and warm, in their order; and why others are not."""
    contestants, absent = [], []
    for name in names:
        try:
            contestants.append(_entered(name, folder, batch))
        except Absent as reason:
            absent.append(str(reason))
            print(f"  left out: {reason}", file=sys.stderr, flush=True)
    return contestants, absent


def _entered(name: str, folder: Path, batch: int) -> _Contestant:
    racer = Racer(name, folder)
    facts = racer.ask("about") | racer.ask("build")
    if facts["lasting"]:
        racer.end()
        racer = Racer(name, folder)
    loaded = racer.ask("load")
    facts |= loaded if facts["lasting"] else {"load_ms": None}
    racer.ask("warm", WARM)
    documents, small_ms = _tried(racer, name, facts["batch"], batch)
    facts |= {"small_ms": small_ms} | racer.ask("memory")
    return _Contestant(racer, facts.pop("title"), facts, documents)


def _tried(racer: Racer, name: str, batches: bool, most: int) -> tuple[int, float | None]:
    """The documents of a turn, after first ones; and what a small batch takes where there are batches.

    No more are matched at once than that, so that what they met adds little to the memory that is looked at next.
    """
    small = min(SMALL, most)
    if batches:
        return most, racer.ask("turn", 0, small).ms
    if name in (HARK, SHARING):
        for start in range(0, WARM, small):
            racer.ask("turn", start, small)
        return most, None
    racer.ask("turn", 0, FEWEST_DOCUMENTS)
    ms = racer.ask("turn", 0, FEWEST_DOCUMENTS).ms
    return max(FEWEST_DOCUMENTS, min(most, int(TURN_MS / ms))), None


def _agree(contestants: list[_Contestant]) -> None:
    """Every document of the last turns met the same topics, whoever was asked."""
    for one, other in pairwise(sorted(contestants, key=lambda each: each.documents)):
        pairs = zip(one.turns[-1].prints, other.turns[-1].prints, strict=False)
        for place, (first, second) in enumerate(pairs):
            if first != second:
                raise SystemExit(
                    f"{one.title} and {other.title} differ on document {place} of round {len(one.turns)}: "
                    f"{first[0]} and {second[0]} topics"
                )


def _result(contestant: _Contestant, hark: list[Turn]) -> dict[str, float | bool | None]:
    times = [turn.ms / other.ms for turn, other in zip(contestant.turns, hark, strict=True)]
    alone = [(turn.ms - turn.reading_ms) / other.ms for turn, other in zip(contestant.turns, hark, strict=True)]
    prints = [found for turn in contestant.turns for found, _ in turn.prints]
    return contestant.facts | {
        "documents": contestant.documents,
        "ms": median(turn.ms for turn in contestant.turns),
        "reading_ms": None if contestant.facts["reads"] else median(turn.reading_ms for turn in contestant.turns),
        "wall_ms": median(turn.wall_ms for turn in contestant.turns),
        "times": median(times),
        "times_min": min(times),
        "times_max": max(times),
        "times_when_read": None if contestant.facts["reads"] else median(alone),
        "matches": sum(prints) / len(prints),
    }
