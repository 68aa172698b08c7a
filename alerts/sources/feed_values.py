"""What a feed says, as frozen values."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed, as the feed has it: `html` is raw, `published` its own claim, '' and None what it lacks.

    `is_last_of_cut_off` marks the entry at which a truncated feed broke off: it may lack its end.
    """

    guid: str
    link: str
    title: str
    html: str
    author: str
    published: datetime | None
    is_last_of_cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed read to its end: its entries in its own order, and how long it asks to be left alone.

    `ttl` is the longest of what its ttl, its update period and skipped hours or days ask; None where it asks nothing.
    """

    title: str
    link: str
    entries: tuple[Entry, ...]
    ttl: timedelta | None = None
