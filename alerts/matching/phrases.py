"""Phrases: words next to each other, found in a whole document at once by following them word by word.

A phrase is a path: from its first word by the second to a node, from there by the third to another, and so on. Each
step is a key (where from, by which word) among all keys in their order; the node it leads to is its place there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

Arrays = Mapping[str, np.ndarray]
Step = tuple[int, int]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def phrase_table(phrases: Iterable[tuple[int, ...]], words: int) -> tuple[dict[str, np.ndarray], dict[tuple, int]]:
    """The arrays for these phrases, runs of word numbers up to `words`, and the node each ends at."""
    phrases, keys = set(phrases), []
    nodes: dict[tuple[int, ...], int] = {}
    by_length = defaultdict(set)
    for phrase in phrases:
        for length in range(2, len(phrase) + 1):
            by_length[length].add(phrase[:length])
    for length in sorted(by_length):
        steps = sorted((nodes.get(run[:-1], run[0]), run[-1], run) for run in by_length[length])
        for before, word, run in steps:
            nodes[run] = words + 1 + len(keys)
            keys.append(before << 32 | word)
    keys = np.array(keys, np.int64)
    goes_on = np.zeros(len(keys), bool)
    goes_on[[nodes[run[:-1]] - words - 1 for run in nodes if len(run) > 2]] = True
    arrays = {
        "phrase_keys": keys,
        "phrase_goes_on": goes_on,
        "phrase_marks": _marks(keys),
        "phrase_first": np.array([words + 1]),
    }
    return arrays, {phrase: nodes[phrase] - words - 1 for phrase in phrases}


class Phrases:
    """The phrases in such arrays."""

    def __init__(self, arrays: Arrays):
        self._keys, self._marks = arrays["phrase_keys"], arrays["phrase_marks"]
        self._first, self._go_on = int(arrays["phrase_first"][0]), arrays["phrase_goes_on"]

    def found(self, words: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Where phrases begin among these words (int64), and their nodes: first those of two words, then of three...

        A word of no phrase, and a border that no phrase crosses, is 0.
        """
        starts, nodes = self._stepped(words[:-1] << 32 | words[1:])
        length = 2
        while len(starts):
            yield starts, nodes
            more = self._go_on.take(nodes) & (starts + length < len(words))
            starts, nodes = starts[more], nodes[more]
            if len(starts):
                kept, nodes = self._stepped((nodes + self._first) << 32 | words.take(starts + length))
                starts, length = starts.take(kept), length + 1

    def _stepped(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of the keys there are, and the nodes they lead to."""
        marked = self._marks.take(_hashed(keys, len(self._marks))).nonzero()[0]
        if not len(marked):
            return marked, marked
        keys = keys.take(marked)
        places = self._keys.searchsorted(keys)
        known = self._keys.take(places, mode="clip") == keys
        return marked[known], places[known]


def _hashed(keys: np.ndarray, size: int) -> np.ndarray:
    """A place for each key among `size`, a power of two."""
    return ((keys.view(np.uint64) * _SPREAD) >> np.uint64(65 - size.bit_length())).view(np.int64)


def _marks(keys: np.ndarray) -> np.ndarray:
    """A mark wherever a key may be: most that are not there are seen in one look."""
    marks = np.zeros(max(2, 1 << (8 * len(keys)).bit_length()), bool)
    marks[_hashed(keys, len(marks))] = True
    return marks
