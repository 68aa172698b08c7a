"""Compiling: many topics become a few arrays of 32-bit integers, which are the whole index.

Every clause of a topic becomes a row under its rarest feature: up to two more features it requires, one it forbids,
and the topic. What does not fit into a row makes it inexact: the evaluator has the last word. Of a feature that is all
there is to a clause, only the topics are kept.
"""

from array import array
from collections.abc import Iterable

import numpy as np

from alerts.matching.clauses import Clause, clauses
from alerts.matching.commonness import Commonness
from alerts.matching.names import name_table
from alerts.matching.phrases import phrase_table
from alerts.matching.scoped import ANY_ENDING, AS_WRITTEN, NEXT_TO_EACH_OTHER, SCOPES, Scoped
from alerts.matching.trees import packed
from alerts.query import Node

ALWAYS, NEVER = 0, 1
"""The features that every document has, and none."""


class Compiler:
    """Takes in topics one by one, in the order of their ids, and gives the arrays."""

    def __init__(self, commonness: Commonness):
        self._commonness = commonness
        self._costs: dict[Scoped, float] = {}
        self._numbers: dict[Scoped, int] = {}
        self._topics, self._tree_ends = array("q"), array("q", [0])
        self._trees: list[bytes] = []
        self._sure, self._checked = array("i"), array("i")

    def add(self, topic_id: int, tree: Node) -> None:
        """Take in a topic; its id is greater than all before."""
        number, exact = len(self._topics), True
        for clause in clauses(tree, self._cost):
            exact &= self._row(number, clause)
        text = b"" if exact else packed(tree)
        self._topics.append(topic_id)
        self._trees.append(text)
        self._tree_ends.append(self._tree_ends[-1] + len(text))

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the index."""
        return {
            "topics": np.frombuffer(self._topics, np.int64),
            "tree_ends": np.frombuffer(self._tree_ends, np.int64),
            "tree_text": np.frombuffer(b"".join(self._trees), np.uint8),
            **self._features(),
            **_by_feature("sure", np.frombuffer(self._sure, np.int32).reshape(-1, 2), self._size),
            **_by_feature("checked", np.frombuffer(self._checked, np.int32).reshape(-1, 5), self._size),
        }

    @property
    def _size(self) -> int:
        return len(self._numbers) + 2

    def _row(self, topic: int, clause: Clause) -> bool:
        """Keep a clause, as far as a row has room for it; whether all of it fits."""
        required = sorted(clause.required, key=lambda feature: (self._cost(feature), feature))
        forbidden = sorted(clause.forbidden, key=lambda feature: (-self._cost(feature), feature))
        exact = clause.exact and len(required) <= 3 and len(forbidden) <= 1
        first, *more = [*map(self._number, required[:3]), *[ALWAYS] * 3][:3]
        never = self._number(forbidden[0]) if forbidden else NEVER
        if exact and (more, never) == ([ALWAYS, ALWAYS], NEVER):
            self._sure.extend((first, topic))
        else:
            self._checked.extend((first, *more, never, topic if exact else ~topic))
        return exact

    def _number(self, feature: Scoped) -> int:
        return self._numbers.setdefault(feature, len(self._numbers) + 2)

    def _cost(self, feature: Scoped) -> float:
        cost = self._costs.get(feature)
        if cost is None:
            cost = self._costs[feature] = self._commonness.of_scoped(feature)
        return cost

    def _features(self) -> dict[str, np.ndarray]:
        """From names, and from phrases, to the features that are asked for in each scope."""
        phrases = {feature.name for feature in self._numbers if feature.name[0] == NEXT_TO_EACH_OTHER}
        words = {name: tuple(AS_WRITTEN + word for word in name[1:].split(" ")) for name in phrases}
        names = {feature.name for feature in self._numbers} - phrases | {word for run in words.values() for word in run}
        arrays, numbers = name_table(sorted(names))
        runs = {name: tuple(map(numbers.__getitem__, run)) for name, run in words.items()}
        steps, nodes = phrase_table(runs.values(), len(names))
        starts = sorted(numbers[name] for name in names if name[0] == AS_WRITTEN and name[-1] == ANY_ENDING)
        scoped = np.zeros((len(names) + 1, len(SCOPES)), np.int32)
        phrase_scoped = np.zeros((len(steps["phrase_keys"]), len(SCOPES)), np.int32)
        for (scope, name), feature in self._numbers.items():
            table, at = (phrase_scoped, nodes[runs[name]]) if name in phrases else (scoped, numbers[name])
            table[at, SCOPES.index(scope)] = feature
        tables = {"scoped": scoped, "phrase_scoped": phrase_scoped, "prefixes": np.array(starts, np.int32)}
        return arrays | steps | tables


def compiled(topics: Iterable[tuple[int, Node]], commonness: Commonness) -> dict[str, np.ndarray]:
    """The arrays of an index of these topics, in the order of their ids."""
    compiler = Compiler(commonness)
    for topic_id, tree in topics:
        compiler.add(topic_id, tree)
    return compiler.arrays()


def _by_feature(kind: str, rows: np.ndarray, size: int) -> dict[str, np.ndarray]:
    """The rows sorted by their first column, which becomes where those of each feature begin."""
    begins = np.concatenate([[0], np.cumsum(np.bincount(rows[:, 0], minlength=size))]).astype(np.int32)
    order = np.argsort(rows[:, 0], kind="stable")
    return {f"{kind}_begins": begins, f"{kind}_rows": np.ascontiguousarray(rows[order, 1:])}
