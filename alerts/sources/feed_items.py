"""A feed of items: which of its entries are new, which are known, and what holds the new ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.models import Event, Item, Source
from alerts.sources import feed_identity
from alerts.sources.content import Content, content
from alerts.sources.feed_values import Entry, Feed
from alerts.sources.publisher import Publisher

BURST = 200
OLD = timedelta(days=7)
SAME_UNTIL = timedelta(days=30)
"""An entry with another guid but the same address and heading is the same item, if that changed so lately."""
KNOWN_FIELDS = ("id", "external_key", "heading", "url", "state", "changed_at")


@dataclass
class Plan:
    """What a feed's entries ask to be written; made before the transaction, as it reads all their HTML."""

    new: list[Content] = field(default_factory=list)
    known: list[tuple[Item, Content]] = field(default_factory=list)
    renamed: dict[str, Item] = field(default_factory=dict)

    def write(self, publisher: Publisher) -> None:
        """Writes it in the publisher's transaction; of many old items that come at once nothing goes out unseen."""
        old = [content for content in self.new if is_old(content, publisher.now)]
        if len(old) <= BURST or publisher.source.baseline_at is None:
            publisher.publish(self.new)
        else:
            publisher.publish(old, Event.Held.BURST)
            publisher.publish([content for content in self.new if not is_old(content, publisher.now)])
        publisher.rename(self.renamed)
        publisher.revise(self.known)


def plan(source: Source, feed: Feed, now: datetime) -> Plan:
    """What is new and what is known of the feed; its oldest entry first.

    The last entry of a feed that broke off within it waits until it is seen whole.
    """
    entries = [entry for entry in feed.entries if not entry.is_last_of_cut_off]
    stored = _stored(source, entries)
    found = feed_identity.identified(entries, {key: item.url for key, item in stored.items()})
    contents = [
        content(key, entry.title, entry.html, entry.link, entry.published) for key, entry in reversed(found.items())
    ]
    renamed = _renamed(source, [one for one in contents if one.external_key not in stored], set(found), now)
    known = stored | renamed
    return Plan(
        new=[one for one in contents if one.external_key not in known],
        known=[(known[one.external_key], one) for one in contents if one.external_key in known],
        renamed=renamed,
    )


def is_old(content: Content, now: datetime) -> bool:
    """Whether it was published over a week ago; what has no date may have been."""
    return content.published is None or content.published < now - OLD


def _stored(source: Source, entries: Sequence[Entry]) -> dict[str, Item]:
    items = Item.objects.filter(source=source, external_key__in=feed_identity.keys(entries))
    return {item.external_key: item for item in items.only(*KNOWN_FIELDS)}


def _renamed(source: Source, strangers: list[Content], present: set[str], now: datetime) -> dict[str, Item]:
    """The stored items that come under other keys, by these: the same address and heading, the old key gone."""
    addresses = {one.url for one in strangers if one.url}
    lately = Item.objects.filter(source=source, url__in=addresses, changed_at__gte=now - SAME_UNTIL)
    items = {(item.url, item.heading): item for item in lately.exclude(external_key__in=present).only(*KNOWN_FIELDS)}
    found = {}
    for one in strangers:
        if item := items.pop((one.url, one.heading), None):
            found[one.external_key] = item
    return found
