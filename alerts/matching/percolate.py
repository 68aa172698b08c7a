"""Percolating: released events are matched against all topics; with its number each gets its hits, all or nothing."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from alerts.failpoints import failpoint
from alerts.matching.hits import Found, insert
from alerts.matching.kept import kept, refill
from alerts.matching.known import KnownTopics, known_topics
from alerts.models import Counter, Event, Hit, Topic
from alerts.models.choices import Kind
from alerts.query import Document

log = structlog.get_logger()

MOST_EVENTS = 100
MOST_HITS = 20_000
ROUND_SECONDS = 30
"""After this no further batch is begun, so that the task ends well within its limit."""


@dataclass(frozen=True)
class Percolated:
    """How much was done: events numbered, and hits of theirs."""

    events: int = 0
    hits: int = 0

    def __add__(self, other: "Percolated") -> "Percolated":
        return Percolated(self.events + other.events, self.hits + other.hits)

    def __bool__(self) -> bool:
        return self.hits > 0


@dataclass(frozen=True)
class _Match:
    """What an event was found to match before the lock was taken."""

    event: Event
    document: Document
    kept: dict[str, object]
    topics: set[int]


def percolate(events: Iterable[Event]) -> int:
    """Match these events against all topics, number them and insert their hits; returns how many were numbered.

    Events that are held, and those that someone else numbered meanwhile, are left alone: any event may be given any
    number of times, by any number of workers at once, and gets its `seq` once and each hit once. What a kill leaves
    undone is done by the next `percolate_due`.
    """
    return _percolate(events).events


def percolate_due(now: datetime, limit: int = 50_000) -> Percolated:
    """Percolate every released event without a `seq`, oldest first, `limit` at most and for half a minute."""
    done, last, ends = Percolated(), 0, time.monotonic() + ROUND_SECONDS
    while limit > 0 and time.monotonic() < ends:
        events = list(Event.objects.unpercolated().readable().filter(id__gt=last)[: min(MOST_EVENTS, limit)])
        if not events:
            break
        done += _percolate(events)
        last, limit = events[-1].id, limit - len(events)
    refill(now)
    if done.events:
        log.info("percolated", at=now.isoformat(), events=done.events, hits=done.hits)
    return done


def _percolate(events: Iterable[Event]) -> Percolated:
    released = {event.id: event for event in events if event.released_at}
    known, done = known_topics(), Percolated()
    for batch in _batches([released[event] for event in sorted(released)], known):
        done += _number(batch, known)
    return done


def _batches(events: Sequence[Event], known: KnownTopics) -> Iterator[list[_Match]]:
    """The matches of the events, cut where the next one would be too much for one transaction."""
    batch: list[_Match] = []
    hits = 0
    for match in filter(None, (_match(event, known) for event in events)):
        hits += len(match.topics)
        if batch and (len(batch) == MOST_EVENTS or hits > MOST_HITS):
            yield batch
            batch, hits = [], len(match.topics)
        batch.append(match)
    if batch:
        yield batch


def _match(event: Event, known: KnownTopics) -> _Match | None:
    """Which topics match; None, and an error in the log, for a text that breaks the analysis: it stops nobody else."""
    try:
        document = event.document
        return _Match(event, document, kept(event, document), known.index.matching(document))
    except Exception:
        log.exception("event cannot be matched", event_id=event.pk)
        return None


def _number(batch: list[_Match], known: KnownTopics) -> Percolated:
    """Number those of the batch that nobody has numbered yet, and insert their hits.

    The lock on the counter is held to the commit. So `seq` becomes visible in commit order, and the topics that began
    after the index was read are all visible here, while those that begin later find these events by the back-fill.
    Nobody can subscribe meanwhile, so what can be found out before is found out before.
    """
    with transaction.atomic():
        counter = Counter.locked()
        waiting = _without_seq(batch)
        if not waiting:
            return Percolated()
        seqs = _give_seqs(counter, waiting)
        found = _found(waiting, seqs, known)
        new = insert(found)
        told = insert(_told_before(waiting, seqs))
        failpoint("percolate.numbered")
    failpoint("percolate.committed")
    if new < sum(len(one.topics) for one in found):
        _forget_the_retired(found, known)
    return Percolated(len(waiting), new + told)


def _without_seq(batch: list[_Match]) -> list[_Match]:
    ids = [match.event.id for match in batch]
    waiting = set(Event.objects.unpercolated().filter(id__in=ids).values_list("id", flat=True))
    return [match for match in batch if match.event.id in waiting]


def _give_seqs(counter: Counter, waiting: list[_Match]) -> dict[int, int]:
    """The `seq` of each event id, in the order of the ids."""
    seqs = {}
    for match in waiting:
        counter.seq += not match.event.baseline
        seqs[match.event.id] = 0 if match.event.baseline else counter.seq
    rows = [Event(pk=match.event.id, seq=seqs[match.event.id], **match.kept) for match in waiting]
    Event.objects.bulk_update(rows, ["seq", *waiting[0].kept])
    counter.save(update_fields=["seq"])
    return seqs


def _found(waiting: list[_Match], seqs: dict[int, int], known: KnownTopics) -> list[Found]:
    """Who matches what; where a topic began (or began anew) since the index was read, by what it says now."""
    newer = known.newer()
    return [
        Found(
            match.event.id,
            seqs[match.event.id],
            (match.topics - newer.topics) | newer.matching(match.document) if newer.topics else match.topics,
        )
        for match in waiting
    ]


def _told_before(waiting: list[_Match], seqs: dict[int, int]) -> list[Found]:
    """Every topic that hit an item's answer hits what corrects it, whatever the new words are."""
    corrected = [match.event for match in waiting if match.event.kind == Kind.CORRECTED]
    if not corrected:
        return []
    answers = Hit.objects.filter(event__kind=Kind.ANSWERED, event__item__in={event.item_id for event in corrected})
    told = defaultdict(set)
    for topic, item in answers.values_list("topic_id", "event__item_id"):
        told[item].add(topic)
    return [Found(event.id, seqs[event.id], told[event.item_id]) for event in corrected]


def _forget_the_retired(found: list[Found], known: KnownTopics) -> None:
    """Have the index forget those of the topics that are matched no longer: who found them found them in vain."""
    topics = {topic for one in found for topic in one.topics}
    known.index.drop(topics.difference(Topic.objects.matched().filter(id__in=topics).values_list("id", flat=True)))
