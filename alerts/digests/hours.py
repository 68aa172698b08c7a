"""The hour, weekday and time zone of a person's emails, and what becomes of their due times when these change."""

import datetime
import zoneinfo
from dataclasses import dataclass

import structlog
from django.db.models import Max

from accounts.models import User
from alerts.digests import timetable
from alerts.models import Digest, Schedule
from alerts.models.choices import Frequency

log = structlog.get_logger()


@dataclass(frozen=True)
class Hours:
    """When a person's emails come: wall clock, weekday of weekly ones (0 is Monday), name of a time zone."""

    time: datetime.time
    weekday: int
    timezone: str

    @classmethod
    def of(cls, person: User) -> "Hours":
        """The hours a person has."""
        return cls(person.delivery_time, person.delivery_weekday, person.timezone)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone."""
        return zoneinfo.ZoneInfo(self.timezone)


USUAL = Hours(datetime.time(7, 30), 0, "Europe/London")
"""Of who has chosen nothing."""


def change_hours(person: User, hours: Hours, now: datetime.datetime) -> None:
    """Give a person these hours, and move their due times; the lock on the person is the caller's.

    What is due already stays due. The dates that are served only rise: the next email is the first of the new rule on
    a date after those that had one, also where a change of zone brings a date back.
    """
    before = person.zone
    person.delivery_time, person.delivery_weekday, person.timezone = hours.time, hours.weekday, hours.timezone
    person.save(update_fields=["delivery_time", "delivery_weekday", "timezone"])
    clocked = person.schedules.exclude(frequency=Frequency.AS_IT_HAPPENS)
    for schedule in clocked.filter(next_due_at__gt=now):
        due = _next_unserved(person, schedule, now)
        _log_if_skipped(schedule, before, due, person.zone)
        schedule.next_due_at = due
        schedule.save(update_fields=["next_due_at"])


def _next_unserved(person: User, schedule: Schedule, now: datetime.datetime) -> datetime.datetime:
    rule = (schedule.frequency, person.delivery_time, person.delivery_weekday, person.zone)
    digests = Digest.objects.filter(user=person, frequency=schedule.frequency)
    last_served = digests.aggregate(last=Max("period_key"))["last"] or ""
    return timetable.next_unserved(now, last_served, *rule)


def _log_if_skipped(
    schedule: Schedule, before: zoneinfo.ZoneInfo, due: datetime.datetime, zone: zoneinfo.ZoneInfo
) -> None:
    """A line in the log where the period that was to be served next is left out."""
    days = (due.astimezone(zone).date() - schedule.next_due_at.astimezone(before).date()).days
    if days >= (7 if schedule.frequency == Frequency.WEEKLY else 1):
        log.info("dates_skipped", user=schedule.user_id, frequency=schedule.frequency, days=days)
