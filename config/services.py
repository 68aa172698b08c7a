"""A service: one program that `./run` keeps running, and starts again, ever more patiently, when it dies."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from config.processes import Child

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between a death and the next start: the first time, and at most, doubling in between."""
SETTLED = 60
"""A service that ran for so many seconds starts again as if it had never died."""


@dataclass
class Service:
    """One program to be kept running; `launch` starts it and returns its child."""

    name: str
    launch: Callable[[], Child]
    child: Child | None = None
    deaths: int = 0
    started_at: float = 0.0
    next_start: float = 0.0

    def start(self):
        """Start it now."""
        self.started_at = time.monotonic()
        self.next_start = math.inf  # while it is being started, it is not due
        self.child = self.launch()

    def has_died(self):
        """Whether it ran and does not any more."""
        return self.child is not None and self.child.exit_code is not None

    def bury(self, household):
        """Forget a child that has died, set when the next may start; returns the words for it."""
        child, self.child = self.child, None
        code = child.exit_code
        household.forget(child)
        if time.monotonic() - self.started_at > SETTLED:
            self.deaths = 0
        return self.put_off(f"was ended by signal {-code}" if code < 0 else f"ended with code {code}")

    def put_off(self, reason):
        """Set when the next start may be; returns the words for it."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2**self.deaths)
        self.deaths += 1
        self.next_start = time.monotonic() + wait
        return f"{self.name}: {reason}; starting it again in {wait:g} s (logs/{self.name}.log)"

    def is_due(self):
        """Whether it has died and waited long enough."""
        return self.child is None and self.deaths and time.monotonic() >= self.next_start
