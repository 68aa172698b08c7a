"""Phrases: words next to each other, found in a whole document at once by following them word by word.

A phrase is a path: from its first word by the second to a node, from there by the third to another, and so on. Each
step is a key (where from, by which word) among all keys in their order; the node it leads to is its place there.
"""

from array import array
from collections.abc import Mapping, Sequence

import numpy as np

Arrays = Mapping[str, np.ndarray]

_NODE = 1 << 30
"""In front of the number of a node, as no word has so high a number."""
_NONE = np.array([], np.int64)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Steps:
    """Phrases taken in one by one, and what becomes of them when all are there."""

    def __init__(self):
        self._nodes: dict[int, int] = {}
        self._lengths = array("h")

    def node(self, words: Sequence[int]) -> int:
        """The node at which a phrase of these words ends; nodes are numbered in the order they come."""
        before = words[0]
        for length, word in enumerate(words[1:], start=2):
            node = self._nodes.setdefault(before << 32 | word, len(self._nodes))
            if node == len(self._lengths):
                self._lengths.append(length)
            before = _NODE | node
        return node

    def arrays(self, numbers: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The arrays for these phrases, and the place of each node; `numbers` are those that words have in the end."""
        given, lengths = np.fromiter(self._nodes, np.int64, len(self._nodes)), np.array(self._lengths)
        before, words, first = given >> 32, numbers[given & 0xFFFFFFFF], len(numbers) + 1
        keys, places = np.empty_like(given), np.empty_like(given)
        done = 0
        for length in range(2, lengths.max(initial=1) + 1):
            nodes = (lengths == length).nonzero()[0]
            origins = numbers[before[nodes]] if length == 2 else first + places[before[nodes] ^ _NODE]
            unordered = origins << 32 | words[nodes]
            order = unordered.argsort()
            keys[done : done + len(nodes)] = unordered[order]
            places[nodes[order]] = np.arange(done, done + len(nodes))
            done += len(nodes)
        goes_on = np.zeros(len(keys), bool)
        goes_on[places[before[lengths > 2] ^ _NODE]] = True
        arrays = {"phrase_keys": keys, "phrase_goes_on": goes_on, "phrase_marks": _marks(keys)}
        return arrays | {"phrase_first": np.array([first])}, places


class Phrases:
    """The phrases in such arrays."""

    def __init__(self, arrays: Arrays):
        self._keys, self._marks = arrays["phrase_keys"], arrays["phrase_marks"]
        self._first, self._go_on = int(arrays["phrase_first"][0]), arrays["phrase_goes_on"]

    def found(self, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where phrases begin among these words (int64), and the node of each.

        A word of no phrase, and a border that no phrase crosses, is 0; the last one is.
        """
        starts, nodes = self._of_two(words)
        found, length = [(starts, nodes)], 2
        while len(more := self._go_on.take(nodes).nonzero()[0]):
            starts = starts.take(more)
            keys = nodes.take(more) + self._first << 32 | words.take(starts + length)
            kept, nodes = self._stepped(keys)
            starts, length = starts.take(kept), length + 1
            found.append((starts, nodes))
        if len(found) == 1:
            return starts, nodes
        return np.concatenate([starts for starts, _ in found]), np.concatenate([nodes for _, nodes in found])

    def _of_two(self, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where phrases of two words begin, and the beginnings of longer ones."""
        keys = words[:-1] << 32 | words[1:]
        marked = self._marks.take(_hashed(keys, len(self._marks))).nonzero()[0]
        kept, nodes = self._stepped(keys.take(marked))
        return marked.take(kept), nodes

    def _stepped(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of the keys there are, and the nodes they lead to."""
        if not len(self._keys):
            return _NONE, _NONE
        places = self._keys.searchsorted(keys)
        kept = (self._keys.take(places, mode="clip") == keys).nonzero()[0]
        return kept, places.take(kept)


def _hashed(keys: np.ndarray, size: int) -> np.ndarray:
    """A place for each key among `size`, a power of two."""
    return ((keys.view(np.uint64) * _SPREAD) >> np.uint64(65 - size.bit_length())).view(np.int64)


def _marks(keys: np.ndarray) -> np.ndarray:
    """A mark wherever a key may be: most that are not there are seen in one look."""
    marks = np.zeros(max(2, 1 << (8 * len(keys)).bit_length()), bool)
    marks[_hashed(keys, len(marks))] = True
    return marks
