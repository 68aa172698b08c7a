"""What people do to their alerts: add, edit, end, undo, pause, resume; under the person's lock, with a line in the log.

This is the one place that changes a subscription's topic, developments, frequency, pause and end after it began. The
row and its `told_through` stay, so that nothing is told twice and nothing that waits is lost: it is told as the alert
is then. Whatever lets an alert be told as it happens, or tells it something else, has its person looked at anew, since
for what waits already nobody rings again.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from alerts import tasks
from alerts.digests import timetable
from alerts.digests.ring import wake
from alerts.models import Change, Counter, Schedule, Subscription, Topic
from alerts.models.choices import Away, Frequency
from alerts.query import parse, topic_key
from alerts.web.record import record

UNDO_WITHIN = datetime.timedelta(days=30)
OWN_REASONS = (Subscription.EndReason.PERSON, Subscription.EndReason.ONE_CLICK)
NOT_IN_THE_LOG = ("query", "name")


MOST_ALERTS = 100


class Full(Exception):
    """The person has as many alerts as one may have."""


class Twin(Exception):
    """The person has another alert that finds the same; `alert` is that one."""

    def __init__(self, alert: Subscription):
        super().__init__("another alert finds the same")
        self.alert = alert


def live(person: User) -> list[Subscription]:
    """The person's alerts that have not ended, in their own order."""
    return list(person.subscriptions.filter(ended_at__isnull=True).select_related("topic"))


def undoable(person: User, now: datetime.datetime) -> list[Subscription]:
    """The alerts the person ended in the last 30 days and has not set up again, the last ended first."""
    following = {subscription.topic_id for subscription in live(person)}
    return [one for one in _ended(person, now) if one.topic_id not in following]


def twin(person: User, words: str) -> Subscription | None:
    """The person's alert that has not ended and finds what these words find."""
    return person.subscriptions.filter(topic__key=topic_key(parse(words).tree), ended_at__isnull=True).first()


def end(
    person: User, which: Iterable[uuid.UUID] | None, reason: str, scope: str, now: datetime.datetime
) -> list[Subscription]:
    """End these alerts of the person, or all (None); returns those that this call ended."""
    with transaction.atomic():
        User.objects.locked(person.pk)
        ended = [one for one in live(person) if which is None or one.uuid in set(which)]
        for subscription in ended:
            subscription.ended_at, subscription.end_reason = now, reason
            subscription.save(update_fields=["ended_at", "end_reason"])
            record("ended", person, subscription, scope, now, reason=reason)
        return ended


def undo(
    person: User, which: Iterable[uuid.UUID], scope: str, now: datetime.datetime, frequency: str = ""
) -> list[Subscription]:
    """Take the ending of these alerts back, `told_through` as it was; with `frequency`, to be told that often.

    Where a twin was made since, that one is opened instead. Returns the alerts that are on for it.
    """
    with transaction.atomic():
        User.objects.locked(person.pk)
        asked = [one for one in _ended(person, now) if one.uuid in set(which)]
        opened = [_twin(person, one, scope, now) or _reopened(one, person, scope, now) for one in asked]
        for subscription in opened if frequency else ():
            edit(person, subscription.uuid, {"frequency": frequency}, scope, now)
            subscription.frequency = frequency
        return list(dict.fromkeys(opened))


def come_back(person: User, scope: str, now: datetime.datetime) -> None:
    """Take back the ending of the alerts that ended with the account; the lock on the person is the caller's."""
    for one in person.subscriptions.filter(end_reason=Subscription.EndReason.DELETED).order_by("position", "id"):
        if _twin(person, one, scope, now) is None:
            _reopened(one, person, scope, now)


def begin(person: User, topic: Topic, wished: Mapping[str, object], now: datetime.datetime) -> Subscription:
    """A new alert of a person, the last in their order, told of what comes from now on; the lock is the caller's."""
    last = person.subscriptions.filter(ended_at__isnull=True).aggregate(last=Max("position"))["last"]
    return Subscription.objects.create(
        user=person,
        topic=topic,
        position=0 if last is None else last + 1,
        told_through=Counter.current_seq(),
        confirmed_at=now,
        **wished,
    )


def add(person: User, wished: Mapping[str, object], scope: str, now: datetime.datetime) -> Subscription:
    """A new alert (fields of `Wanted`, all) for a person who is known already.

    Raises Twin where another alert of theirs finds the same, Full where they have as many as one may have.
    """
    tree = parse(str(wished["query"])).tree
    with transaction.atomic():
        User.objects.locked(person.pk)
        alerts = live(person)
        twin = next((one for one in alerts if one.topic.key == topic_key(tree)), None)
        if twin is not None:
            raise Twin(twin)
        if len(alerts) >= MOST_ALERTS:
            raise Full
        subscription = begin(person, Topic.objects.opened(tree, now), wished, now)
        schedule(person, subscription.frequency, now)
        transaction.on_commit(partial(tasks.ring, "percolate"))
        record("added", person, subscription, scope, now, after={"topic": subscription.topic_id})
        return subscription


def pause(
    person: User, which: uuid.UUID, scope: str, now: datetime.datetime, until: datetime.datetime | None = None
) -> None:
    """Pause one alert, for good or until then; what matches meanwhile is kept for its return."""
    with transaction.atomic():
        User.objects.locked(person.pk)
        subscription = _one(person, which)
        if subscription is None or (subscription.paused_at is not None and subscription.paused_until == until):
            return
        subscription.paused_at, subscription.paused_until = subscription.paused_at or now, until
        subscription.save(update_fields=["paused_at", "paused_until"])
        after = {"until": until.isoformat()} if until else {}
        record("paused", person, subscription, scope, now, after=after)


def resume_due(now: datetime.datetime, limit: int = 1000) -> int:
    """Let go on what was paused until now, at most so many alerts, the longest due first; how many."""
    due = Subscription.objects.filter(paused_until__lte=now, ended_at__isnull=True).order_by("paused_until", "id")
    waiting = list(due.select_related("user")[:limit])
    for subscription in waiting:
        resume(subscription.user, subscription.uuid, "timer", now, only_if_due=True)
    return len(waiting)


def resume(person: User, which: uuid.UUID, scope: str, now: datetime.datetime, only_if_due: bool = False) -> None:
    """Let a paused alert go on, `only_if_due` if it was to by now; its next email is a catch-up if one was missed."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        subscription = _one(person, which)
        until = subscription.paused_until if subscription else None
        if only_if_due and (until is None or until > now):
            return
        if subscription is not None and subscription.paused_at is not None:
            _note_absence(subscription, person, subscription.paused_at, Away.PAUSED, now)
            subscription.paused_at = subscription.paused_until = None
            subscription.save(update_fields=["paused_at", "paused_until", "away_since", "away_for"])
            schedule(person, subscription.frequency, now)
            record("resumed", person, subscription, scope, now)


def edit(
    person: User, which: uuid.UUID, wished: Mapping[str, object], scope: str, now: datetime.datetime
) -> Change | None:
    """Change one alert to what is wished (fields of `Wanted`, some or all); what waits is told as it is wished now.

    The line in the log, or None where nothing changes. Raises Twin where another alert of the person finds the same,
    and QueryError for words that cannot be read; then nothing has changed.
    """
    with transaction.atomic():
        User.objects.locked(person.pk)
        subscription = _one(person, which)
        before = {field: getattr(subscription, field) for field in wished} if subscription else {}
        after = {field: value for field, value in wished.items() if subscription and before[field] != value}
        if subscription is None or not after:
            return None
        changed = {field: (before[field], value) for field, value in after.items()}
        if "query" in after and (topic := _topic(person, subscription, str(after["query"]), now)):
            changed["topic_id"] = (subscription.topic_id, topic.pk)
        for field, (_, value) in changed.items():
            setattr(subscription, field, value)
        subscription.save(update_fields=list(changed))
        schedule(person, subscription.frequency, now)
        return _record_edit(person, subscription, changed, scope, now)


def change_frequency(person: User, which: uuid.UUID, frequency: str, scope: str, now: datetime.datetime) -> None:
    """Email one alert as often as this from now on; what waits already is told under the new frequency."""
    edit(person, which, {"frequency": frequency}, scope, now)


def schedule(person: User, frequency: str, now: datetime.datetime) -> None:
    """Make sure that the person has a due time for this frequency; the one they have stays.

    *As it happens* is looked at as soon as it may be: for what waits already nobody rings again.
    """
    due = timetable.next_due(now, frequency, person.delivery_time, person.delivery_weekday, person.zone)
    Schedule.objects.get_or_create(user=person, frequency=frequency, defaults={"next_due_at": due})
    if frequency == Frequency.AS_IT_HAPPENS:
        wake([person.pk], now)
        transaction.on_commit(partial(tasks.ring, "compose"))


def _one(person: User, which: uuid.UUID) -> Subscription | None:
    return next((one for one in live(person) if one.uuid == which), None)


def _ended(person: User, now: datetime.datetime) -> Iterable[Subscription]:
    ended = person.subscriptions.filter(ended_at__gt=now - UNDO_WITHIN, end_reason__in=OWN_REASONS)
    return ended.order_by("-ended_at", "position")


def _twin(person: User, ended: Subscription, scope: str, now: datetime.datetime) -> Subscription | None:
    """The live alert on what the ended one was about, going on if it was paused."""
    twin = person.subscriptions.filter(topic_id=ended.topic_id, ended_at__isnull=True).first()
    if twin is not None and twin.paused_at is not None:
        resume(person, twin.uuid, scope, now)
        twin.refresh_from_db()
    return twin


def _reopened(subscription: Subscription, person: User, scope: str, now: datetime.datetime) -> Subscription:
    reason = subscription.end_reason
    _note_absence(subscription, person, subscription.ended_at, Away.STOPPED, now)
    subscription.ended_at, subscription.end_reason = None, ""
    subscription.save(update_fields=["ended_at", "end_reason", "away_since", "away_for"])
    schedule(person, subscription.frequency, now)
    record("undone", person, subscription, scope, now, before={"reason": reason})
    return subscription


def _note_absence(
    subscription: Subscription, person: User, since: datetime.datetime, away_for: str, now: datetime.datetime
) -> None:
    """Have the next email say that it is a catch-up, if one may have been missed since then; an earlier cause stays."""
    rule = (subscription.frequency, person.delivery_time, person.delivery_weekday, person.zone)
    missed = timetable.last_due(now, *rule)
    if subscription.away_since is None and (missed is None or missed > since):
        subscription.away_since, subscription.away_for = since, away_for


def _topic(person: User, subscription: Subscription, words: str, now: datetime.datetime) -> Topic | None:
    """The topic of other words, matched from now on; None where they mean what the alert is about already."""
    tree = parse(words).tree
    if topic_key(tree) == subscription.topic.key:
        return None
    other = twin(person, words)
    if other is not None:
        raise Twin(other)
    transaction.on_commit(partial(tasks.ring, "percolate"))
    return Topic.objects.opened(tree, now)


def _record_edit(
    person: User, subscription: Subscription, changed: dict[str, tuple], scope: str, now: datetime.datetime
) -> Change:
    """The line in the log, without what the person typed."""
    logged = {field: both for field, both in changed.items() if field not in NOT_IN_THE_LOG}
    values = {
        "before": {field: before for field, (before, _) in logged.items()},
        "after": {field: after for field, (_, after) in logged.items()},
    }
    action = "frequency" if set(changed) == {"frequency"} else "edited"
    return record(action, person, subscription, scope, now, **values)
