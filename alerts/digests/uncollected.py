"""Batches without the garbage collector, which walks through all that is kept, over and over, and finds little."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let it wait until the end of what is done inside, which must be little enough to stay in memory as it is."""
    waits = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if waits:
            gc.enable()
