"""Who is due: the schedules whose time has come, taken under their people's locks."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfoNotFoundError

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import suppressions
from accounts.models import User
from alerts.digests import timetable
from alerts.models import Counter, Schedule, Subscription
from alerts.models.choices import Frequency
from alerts.models.schedule import APART

log = structlog.get_logger()

FILL_PATIENCE = datetime.timedelta(hours=1)
"""How long a schedule waits for a topic whose past is still being searched, before it goes without that alert."""


@dataclass(frozen=True)
class Turn:
    """One due schedule whose person is locked: what may be told (`subscriptions`), and when it is due next.

    Without subscriptions where we must not write to the person now; their `told_through` then stays as it is.
    """

    schedule: Schedule
    person: User
    subscriptions: tuple[Subscription, ...]
    to_seq: int
    served_at: datetime.datetime
    next_due_at: datetime.datetime | None

    @property
    def period_key(self) -> str:
        """The local date served, or for *as it happens* the minute it was due."""
        if self.schedule.frequency == Frequency.AS_IT_HAPPENS:
            return f"{self.served_at.astimezone(datetime.UTC):%Y-%m-%dT%H:%MZ}"
        return timetable.period_key(self.served_at, self.person.zone)


def due(now: datetime.datetime, limit: int) -> list[int]:
    """The ids of at most `limit` schedules that are due, the longest due first."""
    waiting = _live(user=OuterRef("user"), frequency=OuterRef("frequency")).filter(topic__filled_at__isnull=True)
    ready = ~Exists(waiting) | Q(next_due_at__lte=now - FILL_PATIENCE)
    return list(
        Schedule.objects.filter(ready, next_due_at__lte=now)
        .order_by("next_due_at", "id")
        .values_list("id", flat=True)[:limit]
    )


def take(schedule_ids: Iterable[int], now: datetime.datetime) -> list[Turn]:
    """The turns of these schedules, each person locked to the end of the transaction.

    Schedules somebody else has locked, or has served meanwhile, are left out. The current `seq` is read once, first
    thing after the locks.
    """
    owners = Schedule.objects.filter(pk__in=schedule_ids).values("user_id")
    people = {p.pk: p for p in User.objects.select_for_update(skip_locked=True).filter(pk__in=owners)}
    to_seq = Counter.current_seq()
    schedules = Schedule.objects.filter(pk__in=schedule_ids, user__in=people, next_due_at__lte=now).order_by("id")
    wanted = defaultdict(list)
    for subscription in _live(user__in=people).select_related("topic").order_by("position", "id"):
        wanted[subscription.user_id, subscription.frequency].append(subscription)
    turns = [_turn(s, people[s.user_id], wanted[s.user_id, s.frequency], to_seq, now) for s in schedules]
    return [turn for turn in turns if turn is not None]


def _live(**who) -> QuerySet[Subscription]:
    return Subscription.objects.live().filter(**who)


def _turn(
    schedule: Schedule, person: User, wanted: list[Subscription], to_seq: int, now: datetime.datetime
) -> Turn | None:
    """None where the turn has to wait: for a topic's past, or for somebody to mend the person's time zone."""
    unfilled = any(subscription.topic.filled_at is None for subscription in wanted)
    if unfilled and now < schedule.next_due_at + FILL_PATIENCE:
        return None
    try:
        rule = (schedule.frequency, person.delivery_time, person.delivery_weekday, person.zone)
    except (ZoneInfoNotFoundError, ValueError):
        log.error("time_zone_unknown", user=person.pk, zone=person.timezone)
        return None
    # After days without compose one late digest serves the last occurrence, and carries everything.
    served_at = max(schedule.next_due_at, timetable.last_due(now, *rule) or schedule.next_due_at)
    told = [subscription for subscription in wanted if subscription.topic.filled_at is not None]
    writable = may_write(person, now)
    next_due_at = timetable.next_due(now, *rule)
    if next_due_at is None and (unfilled or not writable):
        next_due_at = _next_look(person, writable, now)
    return Turn(schedule, person, tuple(told) if writable else (), to_seq, served_at, next_due_at)


def _next_look(person: User, writable: bool, now: datetime.datetime) -> datetime.datetime | None:
    """When *as it happens* is due again although nothing rings: something was left that nobody will ring for anew.

    For whom we must not write to now it is their daily hour: the catch-up comes on the morning of their return.
    """
    if writable:
        return now + APART
    return timetable.next_due(now, Frequency.DAILY, person.delivery_time, person.delivery_weekday, person.zone)


def may_write(person: User, now: datetime.datetime) -> bool:
    """Whether digests may be made for this person: not on holiday, not leaving, not suppressed."""
    if not person.is_active or person.delete_after is not None:
        return False
    if person.paused_until is not None and now.astimezone(person.zone).date() < person.paused_until:
        return False
    return not suppressions.suppressed(person.email)
