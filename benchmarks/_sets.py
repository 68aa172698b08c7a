"""Sets of topics to measure with, and the files in which processes of their own find them."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from alerts.matching.commonness import Commonness
from alerts.matching.features import features
from alerts.query import Document, Node
from benchmarks._topics import COMMON, Searches

OFTEN = 0.05
"""The share of documents a word may be in for the harder set: thirty questions on a busy day, every day."""
SAMPLE = 1_000
"""Documents by which an index learns what is rare."""


@dataclass(frozen=True)
class TopicSet:
    """What so many people have saved; `distinct` where no two of them want the same.

    `apart`: a query for each subscription, equal or not, so that who shares equal ones has to find out by itself.
    """

    name: str
    size: int
    distinct: bool = False
    common: float = COMMON
    apart: bool = False

    @property
    def usual(self) -> bool:
        """Whether it differs from others in its size alone."""
        return not self.distinct and not self.apart and self.common == COMMON

    def trees(self, known: list[Document], seed: int) -> Iterator[Node]:
        """The distinct queries, or one for each subscription, made of the words of these documents."""
        searches = Searches(known, seed, self.common)
        if self.apart:
            return searches.apart(self.size)
        return searches.distinct(self.size) if self.distinct else searches.saved(self.size)


def sets(sizes: Iterable[int], apart: int, distinct: int, often: int) -> list[TopicSet]:
    """The sets of one run; a size of 0 leaves a set out."""
    chosen = [TopicSet(f"{size:,} subscriptions", size) for size in sizes]
    chosen += [TopicSet(f"{apart:,} subscriptions, each with a query of its own", apart, apart=True)] * (apart > 0)
    chosen += [TopicSet(f"{distinct:,} distinct queries", distinct, distinct=True)] * (distinct > 0)
    return chosen + [TopicSet(f"{often:,} subscriptions, to common words too", often, common=OFTEN)] * (often > 0)


class Clock:
    """The processor's time, in seconds, without what an iterator takes to give its items."""

    def __init__(self, seconds: Callable[[], float] = process_time):
        self._seconds, self._outside, self._begun = seconds, 0.0, seconds()

    def outside(self, items: Iterable) -> Iterator:
        items = iter(items)
        while True:
            begun = self._seconds()
            item = next(items, None)
            self._outside += self._seconds() - begun
            if item is None:
                return
            yield item

    def passed(self) -> float:
        return self._seconds() - self._begun - self._outside


def keep_topics(folder: Path, topics: Iterable[tuple[int, Node]]) -> int:
    """Write topics where `kept_topics` finds them; returns how many."""
    count = 0
    with (folder / "topics").open("wb") as file:
        for count, topic in enumerate(topics, start=1):  # noqa: B007
            pickle.dump(topic, file)
    return count


def kept_topics(folder: Path) -> Iterator[tuple[int, Node]]:
    """The topics of a folder, one by one."""
    with (folder / "topics").open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def keep_commonness(folder: Path, documents: list[Document]) -> None:
    """Count in a sample which features are rare, and write it where `kept_commonness` finds it."""
    counts = Counter(name for document in documents[:SAMPLE] for name in features(document))
    (folder / "commonness").write_bytes(pickle.dumps(counts))


def kept_commonness(folder: Path) -> Commonness:
    """What is rare, for an index to be built in this folder."""
    return Commonness(pickle.loads((folder / "commonness").read_bytes()))
