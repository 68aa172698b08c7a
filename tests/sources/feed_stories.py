"""Invented publishers, and what the stories of the feeds' tests do with them."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import rehearsal
from alerts.models import Event, Item, Source
from alerts.sources.poll import ensure_parliament, poll
from alerts.sources.step import Summary
from rehearsal import Feed, FixedWorld, Post, Server
from tests.sources.stories import MONDAY

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def post(number: int, published: datetime = MONDAY, **fields) -> Post:
    """A post of the Saltwick Lighthouse Friends."""
    values = {
        "guid": f"https://friends.example/?p={number}",
        "link": f"https://friends.example/{number}/",
        "title": f"Letter {number} of the keeper",
        "html": f"<p>The lamp was lit {number} times this week, and the otters slept through every one of them.</p>",
    }
    return Post(published=published, **(values | fields))


def feed(*posts: Post, title: str = "Friends of Saltwick Lighthouse") -> Feed:
    return Feed(title, "https://friends.example/", posts)


def rss(entries: str, title: str = "Friends of Saltwick Lighthouse") -> bytes:
    """A feed as bytes, for what no publisher does on purpose."""
    head = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
    return f"{head}<link>https://friends.example/</link>{entries}</channel></rss>".encode()


@dataclass
class Stage:
    """A rehearsal server with feeds, and the sources that poll them; Parliament has no part in it."""

    server: Server
    world: FixedWorld
    now: datetime = MONDAY
    sources: dict[str, Source] = field(default_factory=dict)

    def follow(self, name: str = "friends", shown: Feed | bytes = b"", **fields) -> Source:
        """A source that polls the feed of this name, trusted and due at once."""
        self.world.feeds[name] = shown or feed()
        values = {"kind": Source.Kind.FEED, "name": name.title(), "review": Source.Review.TRUSTED}
        values |= {"next_poll_at": self.now, "url": self.url(name)}
        self.sources[name] = Source.objects.create(**(values | fields))
        return self.sources[name]

    def url(self, name: str = "friends") -> str:
        return f"{self.server.url}/feeds/{name}/"

    def show(self, shown: Feed | bytes, name: str = "friends") -> None:
        self.world.feeds[name] = shown

    def poll(self, after: timedelta = HOUR) -> Summary:
        """Polls `after` some time, with every source due that is not paused."""
        self.tick(after)
        Source.objects.filter(next_poll_at__gt=self.now).update(next_poll_at=self.now)
        return self.work()

    def work(self) -> Summary:
        """Polls what is due a moment later."""
        self.tick(SECOND)
        return poll(self.now)

    def tick(self, after: timedelta) -> None:
        self.now += after
        self.server.now = self.now

    def read(self, name: str = "friends") -> Source:
        """The source as it stands."""
        self.sources[name].refresh_from_db()
        return self.sources[name]

    def asked(self, name: str = "friends") -> list[dict[str, str]]:
        """The headers of the requests for this feed, by lower-case name."""
        requests = [request for request in self.server.requests if request.path == f"/feeds/{name}/"]
        return [{key.lower(): value for key, value in request.headers.items()} for request in requests]


@contextmanager
def stage(settings):
    """A running server without a feed yet."""
    settings.FETCH_RATE = 100_000
    world = FixedWorld()
    with rehearsal.serve(world, now=MONDAY) as server:
        settings.PARLIAMENT_URL = server.url
        settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
        parliament = ensure_parliament(MONDAY)
        Source.objects.filter(pk=parliament.pk).update(paused_at=MONDAY, pause_reason="It has no part in this story.")
        yield Stage(server, world)


def told(**wanted) -> list[tuple[str, str]]:
    """The live events that went out, as (heading, kind), in the order in which they were made."""
    events = Event.objects.filter(baseline=False, released_at__isnull=False, **wanted).order_by("id")
    return list(events.values_list("heading", "kind"))


def headings() -> list[str]:
    """Those of all items, sorted."""
    return sorted(Item.objects.values_list("heading", flat=True))
