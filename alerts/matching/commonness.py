"""Commonness: which features are rare, by a sample of documents."""

from bisect import bisect_left
from collections.abc import Mapping

from alerts.matching.features import AS_WRITTEN, beginning
from alerts.matching.scoped import ANYWHERE, CAPITALS, NEXT_TO_EACH_OTHER, Scoped
from alerts.query import analysis


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

    def of_scoped(self, feature: Scoped) -> float:
        """The same for what a compiled index knows: words together, and in one part, are rarer than the rarest."""
        sign, rest = feature.name[0], feature.name[1:]
        if sign == NEXT_TO_EACH_OTHER:
            cost = min(self.cost(AS_WRITTEN + word) for word in rest.split(" ")) / 4
        elif sign == CAPITALS:
            cost = self.cost(AS_WRITTEN + analysis.fold(rest))
        elif ":" in feature.name:
            field, words = feature.name.split(":", 1)
            cost = min(self.cost(f"{field}:{word}") for word in words.split(" "))
        else:
            cost = self.cost(feature.name)
        return cost if feature.scope == ANYWHERE else cost * 0.9

    def _of_all(self, start: str) -> int:
        """The features that begin so, taken together."""
        total = 0
        for at in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[at].startswith(start):
                break
            total += self._counts[self._sorted[at]]
        return total
