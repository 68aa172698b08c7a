"""How much two texts share, counted in words whatever their order."""

from collections import Counter

from alerts.query.analysis import words

WORTH_TELLING = 0.1


def overlap(one: str, other: str) -> float:
    """The share of words that two texts have in common, of the longer one's: 1 for the same words, 0 for none."""
    first, second = Counter(words(one)), Counter(words(other))
    longer = max(first.total(), second.total())
    return (first & second).total() / longer if longer else 1.0


def is_rewritten(before: str, after: str) -> bool:
    """Whether over a tenth of the words changed, which is worth telling."""
    return 1 - overlap(before, after) > WORTH_TELLING
