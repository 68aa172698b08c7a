"""Resident: rows kept by the process that read them, each by its id and as long as its version is the newest."""

import numpy as np


class Resident:
    """Rows with an `id` and a `version`, at most so many. Any number of threads may ask and keep at once."""

    def __init__(self, row: np.dtype, most: int):
        self._most = most
        self._kept = np.empty(0, row)
        """In the order of ids; replaced as a whole, never changed."""

    def known(self, ids: np.ndarray, versions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows that are kept of these, in these versions, and the ids of the others."""
        kept = self._kept
        if not len(kept):
            return kept, ids
        places = np.minimum(np.searchsorted(kept["id"], ids), len(kept) - 1)
        is_known = (kept["id"][places] == ids) & (kept["version"][places] == versions)
        return kept[places[is_known]], ids[~is_known]

    def keep(self, rows: np.ndarray) -> None:
        """Keep these too, in place of their older versions; where that would be too many, these alone."""
        kept = self._kept
        every = np.concatenate([rows, kept]) if len(kept) + len(rows) <= self._most else rows[-self._most :]
        self._kept = every[np.unique(every["id"], return_index=True)[1]]
