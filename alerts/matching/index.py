"""The index of topics: finds those a text matches without holding it against all of them."""

from collections.abc import Iterable

from alerts.matching.commonness import Commonness
from alerts.matching.compiled import CompiledIndex
from alerts.matching.overlay import Overlay
from alerts.query import Document, Node, matches


class TopicIndex:
    """A compiled index that is never written to, and over it the topics that began or ended since it was made.

    Whoever takes this class's place answers `matching` with exactly what the evaluator says of every topic.
    """

    def __init__(self, commonness: Commonness | None = None, compiled: CompiledIndex | None = None):
        self._compiled, self._overlay = compiled, Overlay(commonness)
        self._gone: set[int] = set()

    @property
    def added(self) -> int:
        """How many topics were added that the compiled index does not have as they are now."""
        return len(self._overlay.topics)

    @property
    def topics(self) -> set[int]:
        """The ids of the topics in it."""
        compiled = self._compiled.topics.tolist() if self._compiled else ()
        return set(compiled) - self._gone | self._overlay.topics

    def add(self, topic_id: int, tree: Node) -> None:
        """Match this topic from now on, by `tree`, whatever it was matched by before."""
        self._bury(topic_id)
        self._overlay.add(topic_id, tree)

    def drop(self, topic_ids: Iterable[int]) -> None:
        """Match these topics no longer."""
        for topic_id in topic_ids:
            self._bury(topic_id)
            self._overlay.drop([topic_id])

    def matching(self, document: Document) -> set[int]:
        """Exactly the topics whose query finds the document."""
        if not self._compiled:
            return self._overlay.matching(document)
        read, sure, unsure = self._compiled.found(document)
        topics = self._compiled.topics
        found = set(topics.take(sure).tolist())
        for place, topic in zip(unsure.tolist(), topics.take(unsure).tolist(), strict=True):
            if topic not in found and matches(self._compiled.tree(place), read):
                found.add(topic)
        found -= found & self._gone
        found |= self._overlay.matching(read)
        return found

    def _bury(self, topic_id: int) -> None:
        if self._compiled and topic_id in self._compiled:
            self._gone.add(topic_id)
