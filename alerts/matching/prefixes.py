"""Prefixes: which of the beginnings that topics ask for a document has."""

from collections import defaultdict
from collections.abc import Set

from alerts.matching.features import ANY_ENDING, AS_WRITTEN, beginning


class Prefixes:
    """The beginnings of words that are asked for, by their length."""

    def __init__(self):
        self._asked: dict[int, set[str]] = defaultdict(set)

    def add(self, feature: str) -> None:
        """Look out for this feature, if it is the beginning of a word."""
        if start := beginning(feature):
            self._asked[len(start)].add(start)

    def discard(self, feature: str) -> None:
        """Look out for this feature no longer."""
        if start := beginning(feature):
            self._asked[len(start)].discard(start)

    def met(self, words: Set[str]) -> set[str]:
        """Those features that are asked for and that one of these words meets."""
        met = set()
        for length, starts in self._asked.items():
            if starts:
                met |= starts.intersection([AS_WRITTEN + word[: length - 1] for word in words])
        return {start + ANY_ENDING for start in met}
