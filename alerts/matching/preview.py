"""The preview: what a query would have found lately, before anybody saves it and without an account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from alerts.matching.narrow import narrowed
from alerts.models import Event
from alerts.query import Query, highlight, matches

MONTH, DAYS = 30, 90
MOST_CANDIDATES = 2_000
NEWEST = 5

Spans = Mapping[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Found:
    """An event the query finds, and for each zone the spans (start, end) to mark in the event's text."""

    event: Event
    spans: Spans


@dataclass(frozen=True)
class Preview:
    """How many items the query finds in the last 30 and in the last 90 days, and the newest five, newest first.

    `over`: it met too much, and the days before `since` were not looked at, nor all of that day. Then
    `last_90_days` is "at least", and so is `last_30_days` if `since` lies within them.
    """

    last_30_days: int
    last_90_days: int
    since: date
    over: bool
    newest: tuple[Found, ...]


def preview(query: Query, now: datetime) -> Preview:
    """What the query finds among the events of the last 90 days that are released, baseline or not.

    An item counts once, on the day of its newest event that matches, and stands among the newest once, with that
    event. Hidden items and held events do not count. Work is bounded: 2,000 events are looked at, at most.
    """
    candidates = list(narrowed(_lately(now), query.tree)[: MOST_CANDIDATES + 1])
    over = len(candidates) > MOST_CANDIDATES
    read = candidates[:MOST_CANDIDATES]
    found = _once_an_item(event for event in read if matches(query.tree, event.document))
    month = _days_before(now, MONTH)
    return Preview(
        last_30_days=sum(event.happened_on >= month for event in found),
        last_90_days=len(found),
        since=read[-1].happened_on if over else _days_before(now, DAYS),
        over=over,
        newest=_shown(query, found[:NEWEST]),
    )


def _lately(now: datetime) -> QuerySet:
    """Newest first."""
    since = _days_before(now, DAYS)
    lately = Event.objects.filter(happened_on__gte=since, released_at__isnull=False, item__hidden_at=None)
    return lately.order_by("-happened_on", "-id").readable()


def _shown(query: Query, events: list[Event]) -> tuple[Found, ...]:
    """The same events with everything a reader is shown."""
    around = ("item__source", "item__issue", "department", "asking_member", "answering_member")
    whole = Event.objects.select_related(*around).prefetch_related("department__names")
    found = whole.in_bulk([event.pk for event in events])
    return tuple(Found(found[event.pk], highlight(query.tree, event.document)) for event in events)


def _days_before(now: datetime, days: int) -> date:
    return timezone.localdate(now) - timedelta(days=days)


def _once_an_item(events: Iterable[Event]) -> list[Event]:
    items: dict[int, Event] = {}
    for event in events:
        items.setdefault(event.item_id, event)
    return list(items.values())
