"""Failpoints: lines with a name, at which a fault test has this process end as `kill -9` would end it.

    HARK_FAILPOINTS="handoff.committed=0.1 compose.composed=0.05"   chances, 1 for always
    HARK_FAILPOINTS_LOG=/a/folder     where each process writes the points it passed, in a file named after its pid

Both are for tests, and production refuses to start with them. Without them a failpoint does nothing.
"""

import os
import random
import signal
from pathlib import Path

VARIABLE, LOG = "HARK_FAILPOINTS", "HARK_FAILPOINTS_LOG"

NAMES = (
    "percolate.numbered",
    "percolate.committed",
    "fill.advanced",
    "ring.rung",
    "compose.composed",
    "compose.committed",
    "passon.made",
    "checkin.queued",
    "claim.committed",
    "handoff.begins",
    "handoff.committed",
    "mail.accepted",
    "sent.committed",
)
"""Every point, in the order of the chain; what is not committed at one is undone by ending there."""


def chances(words: str) -> dict[str, float]:
    """The chance of ending at each point that `words` name; raises ValueError for a name that is no point's."""
    found = {name: float(chance) for name, _, chance in (word.partition("=") for word in words.split())}
    if unknown := found.keys() - set(NAMES):
        raise ValueError(f"{VARIABLE} names {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
    return found


_chances = chances(os.environ.get(VARIABLE, ""))
_log = os.environ.get(LOG, "")


def failpoint(name: str, about: object = "") -> None:
    """Pass the point `name`, or end here; `about` is the id of the row it is about."""
    if _log:
        with open(Path(_log, str(os.getpid())), "a") as passed:
            passed.write(f"{name} {about}\n")
    if _chances and random.random() < _chances.get(name, 0):
        os.kill(os.getpid(), signal.SIGKILL)
