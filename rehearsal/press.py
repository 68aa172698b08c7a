"""Publishers whose feeds are played on sitting days from a Monday on.

A post appears at one moment of its day, between 09:00 and 18:00 London, and each edit of it at one of its own day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from rehearsal.days import LONDON, moment, sitting_day
from rehearsal.posts import Feed, Post


@dataclass(frozen=True)
class Edit:
    """What becomes of a post on a later day; what is not given stays as it was."""

    post: str
    day: int
    title: str | None = None
    html: str | None = None
    summary: str | None = None
    guid: str | None = None


@dataclass(frozen=True)
class Posting:
    """A post as it first appears; `{date}` in its texts is its day, or of an edit the edit's."""

    key: str
    day: int
    guid: str
    title: str
    html: str | None = None
    summary: str | None = None
    author: str = ""


@dataclass(frozen=True)
class Publisher:
    """Somebody with a feed; `address` makes the links of posts from {day}, a date, and {slug}, of the first title."""

    key: str
    title: str
    link: str
    address: str
    form: str = "rss"
    description: str = ""


@dataclass(frozen=True)
class Press:
    """A publisher with all that is ever posted, played from a Monday on."""

    publisher: Publisher
    postings: tuple[Posting, ...]
    edits: tuple[Edit, ...] = ()

    def at(self, now: datetime, start: date) -> Feed:
        """The feed as it stands at `now`."""
        publisher = self.publisher
        posts = (self._post(posting, now, start) for posting in self.postings)
        shown = tuple(post for post in posts if post)
        return Feed(publisher.title, publisher.link, shown, publisher.form, publisher.description)

    def _post(self, posting: Posting, now: datetime, start: date) -> Post | None:
        published = self._moment(posting.key, posting.day, start)
        if published > now:
            return None
        post = self._first(posting, published)
        edits = ((self._moment(edit.post, edit.day, start), edit) for edit in self._edits_of(posting))
        for at, edit in edits:
            if at <= now:
                post = replace(post, edited=at, **_texts(edit, at))
        return post

    def _first(self, posting: Posting, published: datetime) -> Post:
        texts = _texts(posting, published)
        link = self.publisher.address.format(day=published.astimezone(LONDON), slug=_slug(texts["title"]))
        return Post(link=link, published=published, author=posting.author, **texts)

    def _edits_of(self, posting: Posting) -> Iterable[Edit]:
        return sorted((edit for edit in self.edits if edit.post == posting.key), key=lambda edit: edit.day)

    def _moment(self, key: str, day: int, start: date) -> datetime:
        return moment(sitting_day(start, day), f"post {self.publisher.key} {key} {day}")


def _texts(source: Posting | Edit, at: datetime) -> dict[str, str]:
    """What is given of a post's texts, with the day in its place."""
    texts = {name: getattr(source, name) for name in ("guid", "title", "html", "summary")}
    day = f"{at.astimezone(LONDON):%-d %B %Y}"
    return {name: text.replace("{date}", day) for name, text in texts.items() if text is not None}


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower().replace("'", "")).strip("-")
