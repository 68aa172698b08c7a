"""Whether this process and its kin are asked to end: who goes from one mail to the next looks here in between.

Celery's main process hears of it alone, so the answer lies in memory that the processes forked from it share.
"""

import mmap

_asked = mmap.mmap(-1, 1)


def ask() -> None:
    """Ask; it is never taken back."""
    _asked[0] = 1


def asked() -> bool:
    """Whether this process, or one that it was forked from or forked, was asked to end."""
    return _asked[0] == 1
