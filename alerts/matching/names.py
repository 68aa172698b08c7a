"""Names: a table from feature names to numbers that is nothing but arrays, so that nothing is built to load it."""

from collections.abc import Collection, Mapping
from itertools import accumulate
from zlib import crc32

import numpy as np

Arrays = Mapping[str, np.ndarray]


def name_table(names: Collection[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The arrays of a table of these distinct names, and the number that each has in it; numbers begin at 1."""
    encoded = [name.encode() for name in names]
    mask = (1 << max(len(encoded) - 1, 0).bit_length()) - 1
    slots = np.fromiter(map(crc32, encoded), np.uint32, len(encoded)) & np.uint32(mask)
    order = np.argsort(slots, kind="stable")
    ordered = [encoded[at] for at in order.tolist()]
    arrays = {
        "name_slots": np.concatenate([[0], np.cumsum(np.bincount(slots, minlength=mask + 1))]).astype(np.int32),
        "name_ends": np.fromiter(accumulate(map(len, ordered), initial=0), np.int32, len(ordered) + 1),
        "name_text": np.frombuffer(b"".join(ordered), np.uint8),
    }
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(1, len(order) + 1)
    return arrays, numbers


class Names:
    """The names in such arrays."""

    def __init__(self, arrays: Arrays):
        self._slots, self._ends, self._text = (
            memoryview(np.ascontiguousarray(arrays[name])) for name in ("name_slots", "name_ends", "name_text")
        )
        self._mask = len(self._slots) - 2

    def find(self, name: str) -> int:
        """The number of a name; 0 where the table does not have it."""
        wanted = name.encode()
        slot = crc32(wanted) & self._mask
        for at in range(self._slots[slot], self._slots[slot + 1]):
            if self._text[self._ends[at] : self._ends[at + 1]] == wanted:
                return at + 1
        return 0

    def name(self, number: int) -> str:
        """The name that has this number."""
        return bytes(self._text[self._ends[number - 1] : self._ends[number]]).decode()
