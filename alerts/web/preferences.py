"""What a person sets for all their emails: when they come, one for all alerts or one for each, and holidays."""

import datetime

from django.db import transaction

from accounts.models import User
from alerts.digests import holiday, hours
from alerts.digests.holiday import Holiday
from alerts.digests.hours import Hours
from alerts.models import Subscription
from alerts.models.choices import Frequency
from alerts.web.record import record_person
from alerts.web.subscriptions import schedule


def change_hours(person: User, wished: Hours, scope: str, now: datetime.datetime) -> User:
    """Have all of a person's emails come at these hours from now on; the person as they are then."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        before = Hours.of(person)
        if wished != before:
            hours.change_hours(person, wished, now)
            record_person("hours", person, hours_as_json(before), hours_as_json(wished), scope, now)
        return person


def change_combined(person: User, combined: bool, scope: str, now: datetime.datetime) -> None:
    """Send one email for all alerts of a frequency, or one for each, from the next period on.

    A period that has its email keeps it, in whichever shape; what waits is told once in the other.
    """
    _switch(person, "combined", combined, scope, now)


def change_text_only(person: User, text_only: bool, scope: str, now: datetime.datetime) -> None:
    """Send emails as plain text only, or with their HTML part, from the next that is written on."""
    _switch(person, "text_only", text_only, scope, now)


def _switch(person: User, name: str, wished: bool, scope: str, now: datetime.datetime) -> None:
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        before = getattr(person, name)
        if before != wished:
            record_person(name, person, {name: before}, {name: wished}, scope, now)
            setattr(person, name, wished)
            person.save(update_fields=[name])


def change_holiday(person: User, wished: Holiday | None, scope: str, now: datetime.datetime) -> None:
    """Pause all emails of a person from one day until another, or (None) no longer."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        before = Holiday.of(person)
        if wished == before:
            return
        holiday.change(person, wished, now)
        record_person("holiday", person, holiday_as_json(before), holiday_as_json(wished), scope, now)
        at_once = Subscription.objects.live().filter(user=person, frequency=Frequency.AS_IT_HAPPENS)
        if holiday.on(person, now) is None and at_once.exists():
            schedule(person, Frequency.AS_IT_HAPPENS, now)


def hours_as_json(hours: Hours) -> dict[str, object]:
    """As it stands in the log."""
    return {"time": f"{hours.time:%H:%M}", "weekday": hours.weekday, "timezone": hours.timezone}


def hours_from_json(logged: dict) -> Hours:
    """The hours that a line of the log tells of."""
    return Hours(datetime.time.fromisoformat(logged["time"]), logged["weekday"], logged["timezone"])


def holiday_as_json(holiday: Holiday | None) -> dict[str, object]:
    """As it stands in the log; {} for none."""
    if holiday is None:
        return {}
    return {"first": holiday.first.isoformat(), "until": holiday.until.isoformat(), "skip": holiday.skip}


def holiday_from_json(logged: dict) -> Holiday | None:
    """The holiday that a line of the log tells of."""
    if not logged:
        return None
    first, until = (datetime.date.fromisoformat(logged[end]) for end in ("first", "until"))
    return Holiday(first, until, logged["skip"])
