"""Commonness: which features are rare, by a sample of documents."""

from bisect import bisect_left
from collections.abc import Mapping

from alerts.matching.features import beginning


class Commonness:
    """How many documents of a sample have each feature. It makes an index quicker, never wrong."""

    def __init__(self, counts: Mapping[str, int]):
        self._counts = counts
        self._sorted = sorted(counts)

    def cost(self, feature: str) -> float:
        """Low for what is rare; of features that are equally common, a long one is taken for rarer."""
        start = beginning(feature)
        count = self._counts.get(feature, 0) if start is None else self._of_all(start)
        return count + 1 / (1 + len(feature))

    def _of_all(self, start: str) -> int:
        """The features that begin so, taken together."""
        total = 0
        for at in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[at].startswith(start):
                break
            total += self._counts[self._sorted[at]]
        return total
