"""Resident: rows that nobody changes any more, kept by the process that read them once."""

import numpy as np


class Resident:
    """Rows by their id, at most so many. Any number of threads may ask and keep at once."""

    def __init__(self, row: np.dtype, most: int):
        self._most = most
        self._kept = np.empty(0, row)
        """In the order of ids; replaced as a whole, never changed."""

    def known(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows that are kept of these, and the ids of the others."""
        kept = self._kept
        if not len(kept):
            return kept, ids
        places = np.minimum(np.searchsorted(kept["id"], ids), len(kept) - 1)
        is_known = kept["id"][places] == ids
        return kept[places[is_known]], ids[~is_known]

    def keep(self, rows: np.ndarray) -> None:
        """Keep these too; where that would be too many, these alone."""
        kept = self._kept
        every = np.concatenate([kept, rows]) if len(kept) + len(rows) <= self._most else rows[-self._most :]
        self._kept = every[np.unique(every["id"], return_index=True)[1]]
