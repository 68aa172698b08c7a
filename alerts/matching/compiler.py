"""Compiling: many topics become a few arrays of 32-bit integers, which are the whole index.

Every clause of a topic becomes a row under its rarest feature: up to two more features it requires, one it forbids,
and the topic's place. What does not fit into a row makes it inexact: the place is kept as `~place`, and the tree beside
it, for the evaluator has the last word. Of a feature that is all there is to a clause, only the topics are kept.
"""

from array import array
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from alerts.matching.clauses import Clause, clauses
from alerts.matching.commonness import Commonness
from alerts.matching.trees import packed
from alerts.matching.vocabulary import ALWAYS, NEVER, Vocabulary
from alerts.query import Node

MOST_COSTS = 20_000
"""Features whose cost is remembered."""


class Compiler:
    """Takes in topics one by one, in the order of their ids, and gives the arrays."""

    def __init__(self, commonness: Commonness):
        self._cost = lru_cache(MOST_COSTS)(commonness.of_scoped)
        self._vocabulary = Vocabulary()
        self._topics = array("q")
        self._asked, self._trees, self._tree_ends = array("i"), bytearray(), array("q", [0])
        self._sure, self._checked = array("i"), array("i")

    def add(self, topic_id: int, tree: Node) -> None:
        """Take in a topic; its id is greater than all before."""
        place, exact = len(self._topics), True
        for clause in clauses(tree, self._cost):
            exact &= self._row(place, clause)
        self._topics.append(topic_id)
        if not exact:
            self._asked.append(place)
            self._trees += packed(tree)
            self._tree_ends.append(len(self._trees))

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the index."""
        size, large = len(self._vocabulary), self._topics and self._topics[-1] >> 31
        sure_begins, sure = _by_feature(np.array(self._sure).reshape(-1, 2), size)
        begins, checked = _by_feature(np.array(self._checked).reshape(-1, 5), size)
        return {
            "topics": np.array(self._topics, np.int64 if large else np.int32),
            "asked": np.array(self._asked),
            "tree_ends": np.array(self._tree_ends),
            "tree_text": np.frombuffer(bytes(self._trees), np.uint8),
            "sure_begins": sure_begins,
            "sure_topics": sure.ravel(),
            "checked_begins": begins,
            "checked_second": np.ascontiguousarray(checked[:, 0]),
            "checked_rest": np.ascontiguousarray(checked[:, 1:]),
            **self._vocabulary.arrays(),
        }

    def _row(self, topic: int, clause: Clause) -> bool:
        """Keep a clause, as far as a row has room for it; whether all of it fits."""
        required = sorted(clause.required, key=lambda feature: (self._cost(feature), feature))
        forbidden = sorted(clause.forbidden, key=lambda feature: (-self._cost(feature), feature))
        exact = clause.exact and len(required) <= 3 and len(forbidden) <= 1
        number = self._vocabulary.number
        first, *more = [*map(number, required[:3]), *[ALWAYS] * 3][:3]
        never = number(forbidden[0]) if forbidden else NEVER
        if exact and (more, never) == ([ALWAYS, ALWAYS], NEVER):
            self._sure.extend((first, topic))
        else:
            self._checked.extend((first, *more, never, topic if exact else ~topic))
        return exact


def compiled(topics: Iterable[tuple[int, Node]], commonness: Commonness) -> dict[str, np.ndarray]:
    """The arrays of an index of these topics, in the order of their ids."""
    compiler = Compiler(commonness)
    for topic_id, tree in topics:
        compiler.add(topic_id, tree)
    return compiler.arrays()


def _by_feature(rows: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the rows of each feature begin, by their first column, and the rest of the rows in that order."""
    begins = np.concatenate([[0], np.cumsum(np.bincount(rows[:, 0], minlength=size))]).astype(np.int32)
    return begins, rows[np.argsort(rows[:, 0], kind="stable"), 1:]
