"""The compiled index: arrays, and how a document's matches are gathered from them without a loop over topics."""

from bisect import bisect_left
from functools import lru_cache

import numpy as np

from alerts.matching.names import Arrays
from alerts.matching.reader import Reader
from alerts.matching.trees import unpacked
from alerts.query import Document, Node

MOST_TREES = 20_000
"""Trees that are kept for the evaluator, of those it was asked last."""

_NOBODY = np.array([], np.int32)


class CompiledIndex:
    """Topics as `compiled` made arrays of them; they are only read. Not for two threads at once."""

    def __init__(self, arrays: Arrays):
        self.topics, self._ids = arrays["topics"], memoryview(arrays["topics"])
        self._reader = Reader(arrays)
        self._asked = memoryview(arrays["asked"])
        self._tree_text, self._tree_ends = arrays["tree_text"], arrays["tree_ends"]
        self._sure_begins, self._sure = arrays["sure_begins"], arrays["sure_topics"]
        self._checked_begins, self._second, self._rest = (
            arrays[name] for name in ("checked_begins", "checked_second", "checked_rest")
        )
        self._present = np.zeros(len(self._sure_begins) - 1, bool)
        self._feature_at = np.zeros(len(self._present), np.int32)
        self.tree = lru_cache(MOST_TREES)(self._tree)

    def __contains__(self, topic_id: int) -> bool:
        place = bisect_left(self._ids, topic_id)
        return place < len(self._ids) and self._ids[place] == topic_id

    def found(self, document: Document) -> tuple[Document, np.ndarray, np.ndarray]:
        """The document as it was read; the places of the topics that match, some of them more than once; and the
        places of those of which the evaluator must say.
        """
        read = self._reader.read(document)
        return read, *self.meeting(self._of_read(read))

    def features(self, document: Document) -> np.ndarray:
        """The numbers of the features that the document has and some topic asks for, each once."""
        return self._of_read(self._reader.read(document))

    def _of_read(self, document: Document) -> np.ndarray:
        return _once(self._reader.features(document), self._feature_at)

    def meeting(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is found in a document with these features."""
        sure = self._sure.take(_gathered(self._sure_begins, features))
        checked = self._met(_gathered(self._checked_begins, features), features)
        unsure = checked < 0
        if not unsure.any():
            return np.concatenate([sure, checked]), _NOBODY
        return np.concatenate([sure, checked[~unsure]]), np.unique(~checked[unsure])

    def _met(self, places: np.ndarray, features: np.ndarray) -> np.ndarray:
        """The topics of those rows whose other requirements the features meet; most fail at the first of them."""
        present = self._present
        present[features] = True
        places = places.take(present.take(self._second.take(places)).nonzero()[0])
        third, never, topics = self._rest.take(places, 0).T
        met = present.take(third)
        met &= ~present.take(never)
        present[features] = False
        return topics[met]

    def _tree(self, place: int) -> Node:
        """The tree of a topic with an inexact row."""
        at = bisect_left(self._asked, place)
        start, end = self._tree_ends[at : at + 2].tolist()
        return unpacked(self._tree_text[start:end].tobytes())


def _gathered(begins: np.ndarray, features: np.ndarray) -> np.ndarray:
    """The places of all rows of these features."""
    ends = begins.take(features + 1)
    counts = ends - begins.take(features)
    ahead = counts.cumsum(dtype=np.int32)
    places = (ends - ahead).repeat(counts)
    places += np.arange(len(places), dtype=np.int32)
    return places


def _once(numbers: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Each number once; `at` is room to write in for every number there can be."""
    order = np.arange(len(numbers), dtype=np.int32)
    at[numbers] = order
    return numbers[at.take(numbers) == order]
