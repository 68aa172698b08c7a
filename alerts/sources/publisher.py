"""The one place that writes what feeds and newsletters publish: items, their revisions and their events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.models import Event, Item, Revision, Source
from alerts.models.choices import Kind
from alerts.sources.content import Content, happened_on
from alerts.sources.lease import LeaseLost
from alerts.sources.overlap import is_rewritten
from alerts.sources.question_rows import london
from alerts.sources.store import Stored

WRITTEN = ["heading", "text", "url", "published_at", "state", "changed_at"]
Change = tuple[Item, Content]


@dataclass
class Publisher:
    """Writes for one source, inside a transaction that `locked` began with, under the lease the source carries.

    All of a source's first poll is baseline. What a source under review publishes waits for a moderator, the baseline
    too: what nobody has approved is not to be found either.
    """

    source: Source
    now: datetime
    stored: Stored = field(default_factory=Stored)

    def locked(self) -> None:
        """Makes sure that we still hold the lease, until the transaction ends; raises LeaseLost."""
        ours = Source.objects.filter(pk=self.source.pk, claim_token=self.source.claim_token)
        if self.source.claim_token is None or not ours.select_for_update().exists():
            raise LeaseLost

    def publish(self, contents: Sequence[Content], held_for: str = "") -> list[Item]:
        """New items with their first revision and their event; held for `held_for` where that is given.

        The caller makes sure that none of their keys is stored yet.
        """
        items = Item.objects.bulk_create([self._item(content) for content in contents])
        pairs = list(zip(items, contents, strict=True))
        revisions = self._revisions([(item, content, 1) for item, content in pairs])
        self._tell([self._event(*pair, Kind.PUBLISHED, revisions[pair[0].pk], held_for) for pair in pairs], len(items))
        return items

    def revise(self, changes: Iterable[Change]) -> None:
        """Brings known items up to date: a revision where the text changed, an event where over a tenth of it did.

        That is measured against what was last an event, so that many small edits make one in the end. An event of an
        item of which nothing is released yet waits like the others.
        """
        changes = list(changes)
        self._readdress(changes)
        changes = self._changed(changes)
        told = self._last_events(item for item, *_ in changes)
        rewritten = {item.pk for item, content, _ in changes if _is_news(told[item.pk], content)}
        for item, content, _ in changes:
            self._fill(item, content)
            item.state = Kind.REVISED if item.pk in rewritten else item.state
        Item.objects.bulk_update([item for item, *_ in changes], WRITTEN)
        revisions = self._revisions(changes)
        self._tell(
            [
                self._event(item, content, Kind.REVISED, revisions[item.pk], _reason_to_wait(told[item.pk]))
                for item, content, _ in changes
                if item.pk in rewritten
            ]
        )

    def rename(self, keys: dict[str, Item]) -> None:
        """Has known items answer to new keys from now on."""
        for key, item in keys.items():
            item.external_key, item.changed_at = key, self.now
        Item.objects.bulk_update(keys.values(), ["external_key", "changed_at"])

    def _item(self, content: Content) -> Item:
        item = Item(
            source=self.source,
            external_key=content.external_key,
            issue=content.issue,
            position=content.position,
            state=Kind.PUBLISHED,
            first_seen_at=self.now,
        )
        self._fill(item, content)
        return item

    def _fill(self, item: Item, content: Content) -> None:
        item.heading, item.text, item.url = content.heading, content.text, content.url
        item.published_at, item.changed_at = content.published, self.now

    def _readdress(self, changes: list[Change]) -> None:
        """Follows items whose address changed: that is no news."""
        moved = [item for item, content in changes if content.url and content.url != item.url]
        urls = {item.pk: content.url for item, content in changes}
        for item in moved:
            item.url = urls[item.pk]
        Item.objects.bulk_update(moved, ["url"])

    def _changed(self, changes: list[Change]) -> list[tuple[Item, Content, int]]:
        """Those whose text is not that of their latest revision, with the number of the next one."""
        latest = {one.item_id: one for one in latest_revisions(item for item, _ in changes)}
        return [
            (item, content, latest[item.pk].number + 1)
            for item, content in changes
            if latest[item.pk].content_hash != content.hash
        ]

    def _revisions(self, numbered: list[tuple[Item, Content, int]]) -> dict[int, Revision]:
        """New revisions by their items' ids."""
        made = Revision.objects.bulk_create(
            Revision(
                item=item,
                number=number,
                at=self.now,
                state=item.state,
                heading=content.heading,
                text_html=content.html,
                content_hash=content.hash,
                cut=content.cut,
            )
            for item, content, number in numbered
        )
        return {revision.item_id: revision for revision in made}

    def _last_events(self, items: Iterable[Item]) -> dict[int, Event]:
        events = Event.objects.filter(item__in=[item.pk for item in items])
        return {event.item_id: event for event in events.order_by("item_id", "-id").distinct("item_id")}

    def _event(self, item: Item, content: Content, kind: str, revision: Revision, held_for: str) -> Event:
        """The event with its text frozen: released at once, unless something holds it."""
        day = happened_on(content.published, self.now) if kind == Kind.PUBLISHED else london(self.now)
        if not held_for and self.source.review != Source.Review.TRUSTED:
            held_for = Event.Held.REVIEW
        return Event(
            item=item,
            kind=kind,
            version=content.hash if kind == Kind.REVISED else "",
            revision=revision,
            heading=content.heading,
            text=content.text,
            happened_on=day,
            first_seen_at=self.now,
            days_late=(london(self.now) - day).days,
            cut=content.cut,
            baseline=self.source.baseline_at is None,
            held_for=held_for,
            released_at=None if held_for else self.now,
        )

    def _first_of_their_version(self, events: list[Event]) -> list[Event]:
        revised = Event.objects.filter(kind=Kind.REVISED, item__in=[event.item_id for event in events])
        known = set(revised.values_list("item_id", "version"))
        return [event for event in events if (event.item_id, event.version) not in known]

    def _tell(self, events: list[Event], new: int = 0) -> None:
        """Stores the events; a text that came back a second time is no news."""
        events = self._first_of_their_version(events)
        Event.objects.bulk_create(events)
        if new:
            Source.objects.filter(pk=self.source.pk).update(last_new_item_at=self.now)
        released = sum(event.released_at is not None for event in events)
        self.stored = Stored(self.stored.new + new, self.stored.released + released)


def _is_news(last: Event, content: Content) -> bool:
    return is_rewritten(f"{last.heading}\n{last.text}", f"{content.heading}\n{content.text}")


def _reason_to_wait(last: Event) -> str:
    """What an item's next event waits for, if its last one was never released."""
    return "" if last.released_at else last.held_for


def latest_revisions(items: Iterable[Item]) -> list[Revision]:
    """The latest revision of each item, without its text."""
    found = Revision.objects.filter(item__in=[item.pk for item in items]).order_by("item_id", "-number")
    return list(found.distinct("item_id").only("item_id", "number", "content_hash"))
