"""How often an address is asked for: counted by this process alone, by the real clock, and forgotten soon."""

import threading
import time
from collections import Counter
from collections.abc import Hashable

WINDOW, MOST = 600, 120
"""So many seconds, and how often one network may ask for one address in them."""
MOST_KNOWN = 100_000

_lock = threading.Lock()
_asked: Counter[Hashable] = Counter()
_window = 0


def wait(asker: Hashable) -> int:
    """Count one more question; the seconds that who asks must wait, 0 where they need not."""
    global _window
    now = int(time.monotonic())
    with _lock:
        if _window != now // WINDOW or len(_asked) > MOST_KNOWN:
            _window = now // WINDOW
            _asked.clear()
        _asked[asker] += 1
        return WINDOW - now % WINDOW if _asked[asker] > MOST else 0
