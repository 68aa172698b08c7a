"""The index of topics: finds the few a text can match without holding it against all of them."""

from collections import defaultdict
from collections.abc import Iterable, Set

from alerts.matching.commonness import Commonness
from alerts.matching.features import beginning, features
from alerts.matching.prefixes import Prefixes
from alerts.matching.required import Row, required, rows
from alerts.query import Document, Node, matches


class Overlay:
    """An inverted index, in memory: the rarest feature that a match must have, and the topics that wait for it.

    Whoever takes this class's place answers `matching` with exactly what the evaluator says of every topic.
    """

    def __init__(self, commonness: Commonness | None = None):
        self._cost = (commonness or Commonness({})).cost
        self._trees: dict[int, Node] = {}
        self._waiting: dict[str, dict[int, list[Row]]] = defaultdict(dict)
        self._features: dict[int, set[str]] = {}
        self._prefixes = Prefixes()
        self._always: set[int] = set()

    @property
    def topics(self) -> Set[int]:
        """The ids of the topics in it."""
        return self._trees.keys()

    def add(self, topic_id: int, tree: Node) -> None:
        """Match this topic from now on, by `tree`, whatever it was matched by before."""
        self.drop([topic_id])
        self._trees[topic_id] = tree
        need = required(tree)
        if need is None:
            self._always.add(topic_id)
            return
        for row in rows(need, self._cost):
            self._wait(topic_id, row)

    def drop(self, topic_ids: Iterable[int]) -> None:
        """Match these topics no longer."""
        for topic_id in topic_ids:
            self._trees.pop(topic_id, None)
            self._always.discard(topic_id)
            for feature in self._features.pop(topic_id, ()):
                self._forget(topic_id, feature)

    def candidates(self, document: Document) -> set[int]:
        """The topics that have every feature they require: all that match, and some that do not."""
        present = features(document)
        found = set(self._always)
        for feature in self._waiting.keys() & (present | self._prefixes.met(document.words)):
            for topic_id, needed in self._waiting[feature].items():
                if any(row <= present for row in needed):
                    found.add(topic_id)
        return found

    def matching(self, document: Document) -> set[int]:
        """Exactly the topics whose query finds the document."""
        if not self._trees:
            return set()
        return {topic_id for topic_id in self.candidates(document) if matches(self._trees[topic_id], document)}

    def _wait(self, topic_id: int, row: Row) -> None:
        """Let the topic wait for the rarest feature of the row; of its others, prefixes are left to the evaluator."""
        rarest = min(row, key=self._cost)
        others = frozenset(feature for feature in row if beginning(feature) is None)
        self._waiting[rarest].setdefault(topic_id, []).append(others)
        self._features.setdefault(topic_id, set()).add(rarest)
        self._prefixes.add(rarest)

    def _forget(self, topic_id: int, feature: str) -> None:
        del self._waiting[feature][topic_id]
        if not self._waiting[feature]:
            del self._waiting[feature]
            self._prefixes.discard(feature)
