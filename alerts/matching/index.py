"""The index of topics: finds those a text matches without holding it against all of them."""

from collections.abc import Iterable

import numpy as np

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
        self._gone = np.zeros(len(compiled.topics) if compiled else 0, bool)

    @property
    def added(self) -> int:
        """How many topics were added that the compiled index does not have as they are now."""
        return len(self._overlay.topics)

    @property
    def topics(self) -> set[int]:
        """The ids of the topics in it."""
        compiled = self._compiled.topics[~self._gone].tolist() if self._compiled else ()
        return self._overlay.topics | set(compiled)

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
        newer = self._overlay.matching(document)
        return newer | self._of_compiled(document) if self._compiled else newer

    def _of_compiled(self, document: Document) -> set[int]:
        sure, unsure = self._compiled.found(document)
        verified = [place for place in unsure.tolist() if matches(self._compiled.tree(place), document)]
        places = np.concatenate([sure, verified]) if verified else sure
        return set(self._compiled.topics[places[~self._gone[places]]].tolist())

    def _bury(self, topic_id: int) -> None:
        if self._compiled:
            place = np.searchsorted(self._compiled.topics, topic_id)
            if place < len(self._gone) and self._compiled.topics[place] == topic_id:
                self._gone[place] = True
