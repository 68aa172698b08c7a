"""Hark's own index: compiled and stored by one process, mapped by another, asked about one document at a time."""

from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.matching.index import TopicIndex
from alerts.matching.packing import mapped, pack
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
