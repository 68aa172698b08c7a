"""What people do to alerts they have: end, undo, pause, resume; under the person's lock, with a line in the log."""

import datetime
import uuid
from collections.abc import Iterable
from functools import partial

from django.db import transaction

from accounts.models import User
from alerts import tasks
from alerts.digests import hours, timetable
from alerts.digests.hours import Hours
from alerts.digests.ring import wake
from alerts.models import Schedule, Subscription
from alerts.models.choices import Frequency
from alerts.web.record import record, record_hours

UNDO_WITHIN = datetime.timedelta(days=30)
OWN_REASONS = (Subscription.EndReason.PERSON, Subscription.EndReason.ONE_CLICK)


def live(person: User) -> list[Subscription]:
    """The person's alerts that have not ended, in their own order."""
    return list(person.subscriptions.filter(ended_at__isnull=True))


def undoable(person: User, now: datetime.datetime) -> list[Subscription]:
    """The alerts the person ended in the last 30 days and has not set up again, the last ended first."""
    ended = person.subscriptions.filter(ended_at__gt=now - UNDO_WITHIN, end_reason__in=OWN_REASONS)
    following = {subscription.topic_id for subscription in live(person)}
    return [one for one in ended.order_by("-ended_at") if one.topic_id not in following]


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


def undo(person: User, which: Iterable[uuid.UUID], scope: str, now: datetime.datetime) -> list[Subscription]:
    """Take the ending of these alerts back, `told_through` as it was; where a twin was made since, that one stays."""
    with transaction.atomic():
        User.objects.locked(person.pk)
        reopened = []
        for subscription in undoable(person, now):
            if subscription.uuid in set(which) and _reopen(subscription, person, now):
                record("undone", person, subscription, scope, now, before={"reason": subscription.end_reason})
                reopened.append(subscription)
        return reopened


def pause(person: User, which: uuid.UUID, scope: str, now: datetime.datetime) -> None:
    """Pause one alert; what matches meanwhile is kept for its return."""
    _set_pause(person, which, now, "paused", scope, now)


def resume(person: User, which: uuid.UUID, scope: str, now: datetime.datetime) -> None:
    """Let a paused alert go on."""
    _set_pause(person, which, None, "resumed", scope, now)


def change_frequency(person: User, which: uuid.UUID, frequency: str, scope: str, now: datetime.datetime) -> None:
    """Email one alert as often as this from now on; what waits already is told under the new frequency."""
    with transaction.atomic():
        User.objects.locked(person.pk)
        subscription = next((one for one in live(person) if one.uuid == which), None)
        if subscription is None or subscription.frequency == frequency:
            return
        before, subscription.frequency = subscription.frequency, frequency
        subscription.save(update_fields=["frequency"])
        schedule(person, frequency, now)
        change = {"before": {"frequency": before}, "after": {"frequency": frequency}}
        record("frequency", person, subscription, scope, now, **change)


def change_hours(person: User, wished: Hours, scope: str, now: datetime.datetime) -> User:
    """Have all of a person's emails come at these hours from now on; the person as they are then."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        before = Hours.of(person)
        if wished != before:
            hours.change_hours(person, wished, now)
            record_hours(person, before, wished, scope, now)
        return person


def schedule(person: User, frequency: str, now: datetime.datetime) -> None:
    """Make sure that the person has a due time for this frequency; the one they have stays.

    *As it happens* is looked at as soon as it may be: for what waits already nobody rings again.
    """
    due = timetable.next_due(now, frequency, person.delivery_time, person.delivery_weekday, person.zone)
    Schedule.objects.get_or_create(user=person, frequency=frequency, defaults={"next_due_at": due})
    if frequency == Frequency.AS_IT_HAPPENS:
        wake([person.pk], now)
        transaction.on_commit(partial(tasks.ring, "compose"))


def _set_pause(
    person: User,
    which: uuid.UUID,
    paused_at: datetime.datetime | None,
    action: str,
    scope: str,
    now: datetime.datetime,
) -> None:
    with transaction.atomic():
        User.objects.locked(person.pk)
        subscription = next((one for one in live(person) if one.uuid == which), None)
        if subscription is None or (subscription.paused_at is None) == (paused_at is None):
            return
        subscription.paused_at = paused_at
        subscription.save(update_fields=["paused_at"])
        if paused_at is None:
            schedule(person, subscription.frequency, now)
        record(action, person, subscription, scope, now)


def _reopen(subscription: Subscription, person: User, now: datetime.datetime) -> bool:
    """Make an ended alert live again, unless its twin is: two ended twins may be asked for at once."""
    if person.subscriptions.filter(topic_id=subscription.topic_id, ended_at__isnull=True).exists():
        return False
    Subscription.objects.filter(pk=subscription.pk).update(ended_at=None, end_reason="")
    schedule(person, subscription.frequency, now)
    return True
