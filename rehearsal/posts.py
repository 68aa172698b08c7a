"""What a publisher's feed shows at a moment, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

LATEST = 10
"""How many posts a feed shows at most, as WordPress does."""


@dataclass(frozen=True)
class Post:
    """One post; `html` is its full text and `summary` a shorter one, None where the feed has none.

    `edited` is when it was last changed, None if never; both times are aware.
    """

    guid: str
    link: str
    title: str
    published: datetime
    html: str | None = None
    summary: str | None = None
    author: str = ""
    edited: datetime | None = None

    @property
    def changed(self) -> datetime:
        """When it last became what it is."""
        return self.edited or self.published


@dataclass(frozen=True)
class Feed:
    """A publisher's posts, in any order; `form` is rss (as of WordPress) or atom."""

    title: str
    link: str
    posts: tuple[Post, ...] = ()
    form: str = "rss"
    description: str = ""

    @property
    def latest(self) -> list[Post]:
        """What the feed shows, the newest first by the day it claims."""
        return sorted(self.posts, key=lambda post: post.published, reverse=True)[:LATEST]

    @property
    def changed(self) -> datetime | None:
        """When anything in it last changed, None while it is empty."""
        return max((post.changed for post in self.posts), default=None)


Feeds = Mapping[str, Feed | bytes]
"""Feeds by name; bytes are served just as they are."""
