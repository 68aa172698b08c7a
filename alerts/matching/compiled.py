"""The compiled index: arrays, and how a document's matches are gathered from them without a loop over topics."""

from functools import lru_cache

import numpy as np

from alerts.matching.compiler import ALWAYS
from alerts.matching.names import Arrays
from alerts.matching.reader import Reader
from alerts.matching.trees import unpacked
from alerts.query import Document, Node

MOST_TREES = 20_000
"""Trees that are kept for the evaluator, of those it was asked last."""


_ALWAYS = np.array([ALWAYS], np.int32)
_NOBODY = np.array([], np.int32)


class CompiledIndex:
    """Topics as `compiled` made arrays of them; they are only read. Not for two threads at once."""

    def __init__(self, arrays: Arrays):
        self.topics = arrays["topics"]
        self._reader = Reader(arrays)
        self._tree_text, self._tree_ends = arrays["tree_text"], arrays["tree_ends"]
        self._sure_begins, self._sure = arrays["sure_begins"], arrays["sure_rows"].ravel()
        self._checked_begins, self._checked = arrays["checked_begins"], arrays["checked_rows"]
        self._present = np.zeros(len(self._sure_begins) - 1, bool)
        self._feature_at = np.zeros(len(self._present), np.int32)
        self._topic_at = np.zeros(len(self.topics), np.int32)
        self.tree = lru_cache(MOST_TREES)(self._tree)

    def found(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        """The places among `topics` of those that match, and of those of which the evaluator must say."""
        return self.meeting(self.features(document))

    def features(self, document: Document) -> np.ndarray:
        """The numbers of the features that the document has and some topic asks for, each once."""
        return _once(np.append(self._reader.features(document), _ALWAYS), self._feature_at)

    def meeting(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is found in a document with these features."""
        checked = self._met(self._checked.take(_gathered(self._checked_begins, features), 0), features)
        sure = self._sure.take(_gathered(self._sure_begins, features))
        unsure = checked < 0
        if not unsure.any():
            return _once(np.concatenate([sure, checked]), self._topic_at), _NOBODY
        sure = _once(np.concatenate([sure, checked[~unsure]]), self._topic_at)
        return sure, self._besides(sure, ~checked[unsure])

    def _besides(self, sure: np.ndarray, unsure: np.ndarray) -> np.ndarray:
        """Those, each once, that are not sure already; where these stand in `_topic_at` is what was written there."""
        if len(sure):
            at = self._topic_at.take(unsure)
            unsure = unsure[sure.take(at, mode="clip") != unsure]
        return _once(unsure, self._topic_at)

    def _met(self, rows: np.ndarray, features: np.ndarray) -> np.ndarray:
        """The topics of those rows whose other requirements the features meet."""
        present = self._present
        present[features] = True
        met = present.take(rows[:, 0])
        met &= present.take(rows[:, 1])
        met &= ~present.take(rows[:, 2])
        present[features] = False
        return rows[:, 3][met]

    def _tree(self, place: int) -> Node:
        """The tree of a topic with an inexact row."""
        start, end = self._tree_ends[place : place + 2].tolist()
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
