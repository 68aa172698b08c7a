"""Filling: a new topic's hits among the events of the last 90 days, in bounded batches outside the counter's lock.

Why percolating and filling together lose nothing and double nothing, in whatever order they run and wherever either
is killed: a topic begins, and an event is numbered, only under the counter's lock. So an event is numbered either
after the topic's beginning is committed, and then whoever numbers it sees the topic; or before, and then its `seq` is
visible to every query made here. Filling goes up through the ids and need not return for an event numbered behind its
back: that one is of the first kind. Where both find a hit, it is the same row, and the second insert does nothing. A
batch's hits and the move of `filled_to` are one transaction, and the move is a compare-and-set on the topic's
version: of two who fill one topic one stops, and a topic retired or begun anew is left alone.

What corrects an answer is hit through the answer's hit, and that may come from here while the correction is being
numbered there, each unseen by the other. Therefore the end is taken under the counter's lock: what was numbered
before is visible then, and whoever numbers later sees all the hits that were filled.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from alerts.failpoints import failpoint
from alerts.matching.hits import Found, insert
from alerts.matching.known import tree_of
from alerts.matching.narrow import narrowed
from alerts.models import Counter, Event, Topic
from alerts.models.choices import Kind
from alerts.query import Node, matches

DAYS = 90
MOST_EVENTS = 500
ROUND_SECONDS = 30
"""After this no further batch is begun, so that the task ends well within its limit."""


@dataclass(frozen=True)
class Filled:
    """How much was done: topics filled to the end, and topics that still wait for more."""

    topics: int = 0
    waiting: int = 0

    def __bool__(self) -> bool:
        return self.topics > 0


def fill(now: datetime, most_batches: int = 1_000) -> Filled:
    """Search the past of topics that have begun, oldest first, in at most so many batches and for half a minute.

    The past is what is dated in the last 90 days, and what was told in them whatever its date.
    """
    done, ends = 0, time.monotonic() + ROUND_SECONDS
    for topic in Topic.objects.unfilled()[:most_batches]:
        while most_batches > 0 and time.monotonic() < ends and topic.filled_at is None:
            most_batches -= 1
            if not _take_batch(topic, now):
                break
        done += topic.filled_at is not None
    return Filled(done, Topic.objects.unfilled().count())


def past(now: datetime, days: int = DAYS) -> QuerySet:
    """The numbered events of the last `days` days: by the day they happened on, or by when they were told."""
    since = now - timedelta(days=days)
    recent = Q(happened_on__gte=timezone.localdate(since)) | Q(seq__gt=0, released_at__gte=since)
    return Event.objects.filter(recent, seq__isnull=False)


def _take_batch(topic: Topic, now: datetime) -> bool:
    """Take this topic one batch further, or to its end; False if somebody else did, or its words cannot be read."""
    tree = tree_of(topic)
    if tree is None:
        return False
    events = list(_next(topic, tree, now))
    return _advance(topic, tree, events) if events else _finish(topic, now)


def _next(topic: Topic, tree: Node, now: datetime) -> QuerySet:
    return narrowed(past(now).filter(id__gt=topic.filled_to), tree).readable().order_by("id")[:MOST_EVENTS]


def _advance(topic: Topic, tree: Node, events: Sequence[Event]) -> bool:
    """Insert the hits among these next events; False if somebody else moved the topic on meanwhile."""
    found = [event for event in events if matches(tree, event.document)]
    with transaction.atomic():
        if not _move(topic, filled_to=events[-1].id):
            return False
        _insert(topic, found)
    failpoint("fill.advanced", topic.pk)
    return True


def _finish(topic: Topic, now: datetime) -> bool:
    """Take the end under the lock, with what corrects the answers that are hit; False as for `_advance`."""
    with transaction.atomic():
        Counter.locked()
        if not _move(topic, filled_at=now):
            return False
        answered = Q(item__events__kind=Kind.ANSWERED, item__events__hits__topic=topic)
        _insert(topic, Event.objects.filter(answered, kind=Kind.CORRECTED, seq__isnull=False).distinct())
    return True


def _move(topic: Topic, **change) -> bool:
    """Write the change if the topic is still as we read it."""
    as_read = Topic.objects.filter(pk=topic.pk, version=topic.version, filled_to=topic.filled_to, filled_at=None)
    if not as_read.update(**change):
        return False
    for name, value in change.items():
        setattr(topic, name, value)
    return True


def _insert(topic: Topic, events: Iterable[Event]) -> None:
    insert(Found(event.id, event.seq, [topic.pk]) for event in events)
