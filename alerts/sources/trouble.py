"""What went wrong with a source, in words anyone can read, and when to try again."""

import random
from datetime import timedelta

from alerts.sources.fetch_errors import FetchError, TimedOut, UnknownName, Unreachable

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)
REASSURANCE = "We keep trying; nothing is lost."


class Trouble(Exception):
    """A source that cannot be read just now; the message is a whole sentence or two.

    `wait` is how long the source itself asked us to wait.
    """

    def __init__(self, words: str, wait: timedelta | None = None):
        super().__init__(words)
        self.wait = wait


class Away(Trouble):
    """Nobody answers, or not to the end: the next address would fare no better."""


class Missing(Trouble):
    """There is nothing at the address: no such page, no such name."""


class NoSuchName(Away, Missing):
    """Nobody has that name."""


class Gone(Trouble):
    """It says itself that it will not come back."""


class TooCostly(Trouble):
    """What it sends takes more time or memory to read than we give anything."""


class SameAs(Trouble):
    """It leads to what another source reads: `fields` of the source say since when, `for_good` that it will stay so."""

    def __init__(self, words: str, fields: dict[str, object], for_good: bool):
        super().__init__(words)
        self.fields, self.for_good = fields, for_good


class SlowDown(Trouble):
    """We are asked to wait, whatever the address."""


def no_answer(who: str, error: FetchError) -> Trouble:
    """The trouble of a fetch that brought no answer."""
    done = "reached" if isinstance(error, (Unreachable, TimedOut)) else "read"
    kind = NoSuchName if isinstance(error, UnknownName) else Away
    return kind(f"{who} cannot be {done}: {error}. {REASSURANCE}")


def bad_status(who: str, status: int, wait: timedelta | None) -> Trouble:
    """The trouble of an answer with another status than was hoped for."""
    if status == 429:
        return SlowDown(f"{who} asks us to slow down (status 429). We wait and go on; nothing is lost.", wait)
    if status >= 500:
        words = f"{who} has a fault of its own (status {status}). {REASSURANCE}"
        return SlowDown(words, wait) if wait else Trouble(words)
    return Trouble(f"{who} refused what we asked (status {status}). {REASSURANCE}")


def bad_body(who: str, what: object) -> Trouble:
    """The trouble of an answer that is not what was promised."""
    return Trouble(f"{who} sent {what}. {REASSURANCE}")


def back_off(failures: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """The wait after the `failures`-th failure in a row: min(longest, 5 min x 2^n), a fifth more or less."""
    wait = min(longest, FIRST_WAIT * 2 ** min(max(failures - 1, 0), 20))
    return wait * random.uniform(0.8, 1.2)
