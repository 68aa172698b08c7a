"""The index of topics: finds the few a text can match without holding it against all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from alerts.matching.features import features
from alerts.matching.required import Row, required, rows
from alerts.query import Document, Node, matches


class TopicIndex:
    """An inverted index, in memory: the rarest feature that a match must have, and the topics that wait for it.

    `commonness` tells how many texts of a sample have a feature; it makes the index quicker, never wrong. Whoever takes
    this class's place answers `matching` with exactly what the evaluator says of every topic.
    """

    def __init__(self, commonness: Mapping[str, int] | None = None):
        self._commonness = commonness or {}
        self._trees: dict[int, Node] = {}
        self._waiting: dict[str, dict[int, list[Row]]] = defaultdict(dict)
        self._features: dict[int, set[str]] = {}
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
        found = rows(need, self._cost)
        rarest = [min(row, key=self._cost) for row in found]
        self._features[topic_id] = set(rarest)
        for feature, row in zip(rarest, found, strict=True):
            self._waiting[feature].setdefault(topic_id, []).append(row)

    def drop(self, topic_ids: Iterable[int]) -> None:
        """Match these topics no longer."""
        for topic_id in topic_ids:
            self._trees.pop(topic_id, None)
            self._always.discard(topic_id)
            for feature in self._features.pop(topic_id, ()):
                del self._waiting[feature][topic_id]

    def candidates(self, document: Document) -> set[int]:
        """The topics that have every feature they require: all that match, and some that do not."""
        present = features(document)
        found = set(self._always)
        for feature in present & self._waiting.keys():
            for topic_id, needed in self._waiting[feature].items():
                if any(row <= present for row in needed):
                    found.add(topic_id)
        return found

    def matching(self, document: Document) -> set[int]:
        """Exactly the topics whose query finds the document."""
        return {topic_id for topic_id in self.candidates(document) if matches(self._trees[topic_id], document)}

    def _cost(self, feature: str) -> float:
        """Low for what is rare; of features that are equally common, a long one is taken for rarer."""
        return self._commonness.get(feature, 0) + 1 / (1 + len(feature))
