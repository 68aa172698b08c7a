"""Taking one change of a manage link back: whether it still stands, and what undoes it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from alerts.digests.holiday import Holiday, today
from alerts.digests.hours import Hours
from alerts.models import Change, CheckIn, Subscription
from alerts.web import preferences, subscriptions

SCOPE = "undo"


@dataclass(frozen=True)
class Case:
    """A change to be taken back now, with its person, and its alert where it is about one."""

    change: Change
    person: User
    alert: Subscription | None
    now: datetime.datetime


def stands(change: Change, person: User, now: datetime.datetime) -> bool:
    """Whether what the change made is still so, and can be undone."""
    case = _case(change, person, now)
    if change.action not in _REVERSALS or (case.alert is None and change.object_type == "subscription"):
        return False
    return _REVERSALS[change.action][0](case)


def take_back(change: Change, person: User, now: datetime.datetime) -> bool:
    """Undo the change under the person's lock; whether that was still to be done."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        if not stands(change, person, now):
            return False
        _REVERSALS[change.action][1](_case(change, person, now))
        return True


def _case(change: Change, person: User, now: datetime.datetime) -> Case:
    about_an_alert = change.object_type == "subscription"
    alert = person.subscriptions.filter(pk=change.object_id).first() if about_an_alert else None
    return Case(change, person, alert, now)


def _holiday_can_be_put_back(case: Case) -> bool:
    before = preferences.holiday_from_json(case.change.before)
    same = Holiday.of(case.person) == preferences.holiday_from_json(case.change.after)
    return same and (before is None or today(case.person, case.now) < before.until)


def _is_undoable(case: Case) -> bool:
    alert = case.alert
    if alert.ended_at != case.change.at or alert.end_reason not in subscriptions.OWN_REASONS:
        return False
    return case.now - alert.ended_at < subscriptions.UNDO_WITHIN


def _hours(case: Case) -> None:
    preferences.change_hours(case.person, preferences.hours_from_json(case.change.before), SCOPE, case.now)


def _holiday(case: Case) -> None:
    preferences.change_holiday(case.person, preferences.holiday_from_json(case.change.before), SCOPE, case.now)


def _frequency(case: Case) -> None:
    before = case.change.before["frequency"]
    subscriptions.change_frequency(case.person, case.alert.uuid, before, SCOPE, case.now)


def _end(case: Case) -> None:
    reason = Subscription.EndReason.PERSON
    subscriptions.end(case.person, [case.alert.uuid], reason, SCOPE, case.now)


def _is_switched(case: Case) -> bool:
    """Whether an alert still has the narrower words it was given, and may have those of before."""
    asked = _switch(case)
    if asked is None or case.alert.ended_at is not None or case.alert.query != asked.narrower:
        return False
    return subscriptions.twin(case.person, asked.query) is None


def _switch_back(case: Case) -> None:
    asked = _switch(case)
    before = {"query": asked.query, "name": asked.name}
    subscriptions.edit(case.person, case.alert.uuid, before, SCOPE, case.now)


def _switch(case: Case) -> CheckIn | None:
    """What was asked when the alert was edited so; the log itself keeps no words."""
    return CheckIn.objects.filter(change=case.change).first()


_REVERSALS: dict[str, tuple[Callable[[Case], bool], Callable[[Case], object]]] = {
    "paused": (
        lambda case: case.alert.ended_at is None and case.alert.paused_at == case.change.at,
        lambda case: subscriptions.resume(case.person, case.alert.uuid, SCOPE, case.now),
    ),
    "resumed": (
        lambda case: case.alert.ended_at is None and case.alert.paused_at is None,
        lambda case: subscriptions.pause(case.person, case.alert.uuid, SCOPE, case.now),
    ),
    "ended": (
        _is_undoable,
        lambda case: subscriptions.undo(case.person, [case.alert.uuid], SCOPE, case.now),
    ),
    "edited": (_is_switched, _switch_back),
    "undone": (lambda case: case.alert.ended_at is None, _end),
    "frequency": (
        lambda case: case.alert.ended_at is None and case.alert.frequency == case.change.after["frequency"],
        _frequency,
    ),
    "hours": (lambda case: Hours.of(case.person) == preferences.hours_from_json(case.change.after), _hours),
    "combined": (
        lambda case: case.person.combined == case.change.after["combined"],
        lambda case: preferences.change_combined(case.person, case.change.before["combined"], SCOPE, case.now),
    ),
    "holiday": (_holiday_can_be_put_back, _holiday),
}
