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
from alerts.digests import holiday, timetable
from alerts.models import Counter, Schedule, Subscription
from alerts.models.choices import Away, Frequency
from alerts.models.schedule import APART

log = structlog.get_logger()

FILL_PATIENCE = datetime.timedelta(hours=1)
"""How long a schedule waits for a topic whose past is still being searched, before it goes without that alert."""
LOOK_AGAIN = datetime.timedelta(days=1)
"""How soon an alert that is told as it happens is looked at again although nothing rings."""


@dataclass(frozen=True)
class Turn:
    """One due schedule whose person is locked: what may be told (`subscriptions`), and when it is due next.

    Where we must not write to the person now, `away_for` says why; the `told_through` of these then stays as it is.
    """

    schedule: Schedule
    person: User
    subscriptions: tuple[Subscription, ...]
    away_for: str
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
    """The turns of these schedules, each person locked to the end of the transaction, back from a holiday that is over.

    Schedules somebody else has locked, or has served meanwhile, are left out. The current `seq` is read once, first
    thing after the locks.
    """
    owners = Schedule.objects.filter(pk__in=schedule_ids).values("user_id")
    locked = User.objects.select_for_update(skip_locked=True).filter(pk__in=owners)
    people = {person.pk: person for person in locked if _knows_the_time(person)}
    to_seq = Counter.current_seq()
    schedules = Schedule.objects.filter(pk__in=schedule_ids, user__in=people, next_due_at__lte=now).order_by("id")
    for person in people.values():
        holiday.come_back(person, to_seq, now)
    away = _away(people.values(), now)
    wanted = defaultdict(list)
    for subscription in _live(user__in=people).select_related("topic").order_by("position", "id"):
        wanted[subscription.user_id, subscription.frequency].append(subscription)
    turns = [
        _turn(s, people[s.user_id], wanted[s.user_id, s.frequency], away[s.user_id], to_seq, now) for s in schedules
    ]
    return [turn for turn in turns if turn is not None]


def _knows_the_time(person: User) -> bool:
    """False where somebody has to mend the person's time zone first."""
    try:
        return bool(person.zone)
    except (ZoneInfoNotFoundError, ValueError):
        log.error("time_zone_unknown", user=person.pk, zone=person.timezone)
        return False


def _away(people: Iterable[User], now: datetime.datetime) -> dict[int, str]:
    """Why digests may not be made for each of these people now, by id; '' where they may."""
    people = list(people)
    suppressed = suppressions.suppressed_among(person.email for person in people)
    away = {person.pk: Away.HOLIDAY if holiday.on(person, now) else "" for person in people}
    for person in people:
        if not person.is_active or person.delete_after is not None or person.email in suppressed:
            away[person.pk] = Away.ADDRESS
    return away


def _live(**who) -> QuerySet[Subscription]:
    return Subscription.objects.live().filter(**who)


def _turn(
    schedule: Schedule, person: User, wanted: list[Subscription], away_for: str, to_seq: int, now: datetime.datetime
) -> Turn | None:
    """None where the turn has to wait for a topic's past."""
    unfilled = any(subscription.topic.filled_at is None for subscription in wanted)
    if unfilled and now < schedule.next_due_at + FILL_PATIENCE:
        return None
    rule = (schedule.frequency, person.delivery_time, person.delivery_weekday, person.zone)
    service = timetable.serve(schedule.next_due_at, now, *rule)
    told = tuple(subscription for subscription in wanted if subscription.topic.filled_at is not None)
    next_due_at = service.next_due_at
    if schedule.frequency == Frequency.AS_IT_HAPPENS and wanted:
        next_due_at = _next_look(person, bool(away_for), unfilled, now)
    return Turn(schedule, person, told, away_for, to_seq, service.served_at, next_due_at)


def _next_look(person: User, away: bool, unfilled: bool, now: datetime.datetime) -> datetime.datetime | None:
    """When *as it happens* is due again although nothing rings.

    Soon where something was left that nobody will ring for anew. For whom we must not write to now it is their daily
    hour: the catch-up comes on the morning of their return. Else in a day, so that `told_through` keeps up.
    """
    if away:
        return timetable.next_due(now, Frequency.DAILY, person.delivery_time, person.delivery_weekday, person.zone)
    return now + (APART if unfilled else LOOK_AGAIN)
