"""Hark's own index: compiled and stored by one process, mapped by another, asked about one document at a time."""

import numpy as np

from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.matching.index import TopicIndex
from alerts.matching.packing import mapped, pack
from alerts.query import canonical
from benchmarks._sets import kept_commonness
from benchmarks.peers.shared import OwnProcess


class Hark(OwnProcess):
    title, batch, reads, lasting = "Hark", False, True, True

    def __init__(self, folder):
        self._file, self._index = folder / "hark", None
        self._commonness = kept_commonness(folder)

    def build(self, topics):
        with self._file.open("wb") as file:
            pack(compiled(topics, self._commonness), file)

    def load(self):
        self._index = TopicIndex(self._commonness, CompiledIndex(mapped(self._file)))

    def prepared(self, documents):
        return documents

    def matching(self, prepared):
        return list(map(self._index.matching, prepared))

    def add(self, topics):
        for topic, tree in topics:
            self._index.add(topic, tree)

    def drop(self, ids):
        self._index.drop(ids)

    def stored(self):
        return self._file.stat().st_size / 1e6


class Sharing(Hark):
    """The same, given a query for each subscription: equal ones become one topic, as when people save them."""

    def __init__(self, folder):
        super().__init__(folder)
        self._people = folder / "people.npz"

    def build(self, topics):
        trees, people = {}, {}
        for subscription, tree in topics:
            wanted = canonical(tree)
            trees.setdefault(wanted, tree)
            people.setdefault(wanted, []).append(subscription)
        super().build(enumerate(trees.values(), start=1))
        ends = np.cumsum([0, 0, *map(len, people.values())])
        np.savez(self._people, ends=ends, ids=np.concatenate(list(people.values())))

    def load(self):
        super().load()
        with np.load(self._people) as people:
            self._ends, self._ids = people["ends"], people["ids"]

    def matching(self, prepared):
        return [self._told(self._index.matching(document)) for document in prepared]

    def stored(self):
        return super().stored() + self._people.stat().st_size / 1e6

    def _told(self, topics: set[int]) -> np.ndarray:
        """The subscriptions of these topics; one that was added since is the only one of its topic."""
        found = np.fromiter(topics, np.int64, len(topics))
        own = found[found >= len(self._ends) - 1]
        shared = found[found < len(self._ends) - 1]
        starts, counts = self._ends[shared], self._ends[shared + 1] - self._ends[shared]
        places = np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        return np.concatenate([own, self._ids[places]])
