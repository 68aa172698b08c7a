"""The timetable: when a person's next email is due, and which period it serves. Pure.

The rule (wall clock, weekday, zone) is kept with the person; what is stored is the next moment in UTC, worked out anew
from the rule each time, since adding 24 hours would drift with the clocks. A wall clock that a change of the clocks
skips is served where it would have been (01:30 becomes 02:30), but never on another date: where the clocks go from
23:00 to midnight, 23:30 becomes 22:30. One that comes twice is served the first time. Where a whole day is skipped,
as at the date line, a weekly email of that day comes the day after.
"""

import datetime
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

from alerts.models.choices import Frequency

# A change of zone rules can move an occurrence to a neighbouring date, so the search starts a day early.
_SEARCH_DAYS = range(-1, 10)


def next_due(
    after: datetime.datetime,
    frequency: str,
    time: datetime.time,
    weekday: int,
    zone: zoneinfo.ZoneInfo,
) -> datetime.datetime | None:
    """The first occurrence of the rule after `after`, in UTC; `weekday` (0 is Monday) counts for weekly only.

    None for *as it happens*: that is due when it is rung, not by the clock.
    """
    if frequency == Frequency.AS_IT_HAPPENS:
        return None
    return next(moment for moment in _occurrences(after, frequency, time, weekday, zone) if moment > after)


def last_due(
    at: datetime.datetime,
    frequency: str,
    time: datetime.time,
    weekday: int,
    zone: zoneinfo.ZoneInfo,
) -> datetime.datetime | None:
    """The last occurrence of the rule up to and including `at`, in UTC; None for *as it happens*."""
    if frequency == Frequency.AS_IT_HAPPENS:
        return None
    week_before = at - datetime.timedelta(days=8)
    return max(m for m in _occurrences(week_before, frequency, time, weekday, zone) if m <= at)


@dataclass(frozen=True)
class Service:
    """What is done for a schedule that is due: the occurrence that is served, and when the next one is."""

    served_at: datetime.datetime
    next_due_at: datetime.datetime | None


def serve(
    due_at: datetime.datetime,
    now: datetime.datetime,
    frequency: str,
    time: datetime.time,
    weekday: int,
    zone: zoneinfo.ZoneInfo,
) -> Service:
    """What serving at `now` a schedule due at `due_at` means: after days without, one late email serves the last one.

    The next one lies after `now`, and on a later date than the one that is served; None for *as it happens*.
    """
    rule = (frequency, time, weekday, zone)
    served_at = max(due_at, last_due(now, *rule) or due_at)
    return Service(served_at, next_unserved(now, period_key(served_at, zone), *rule))


def next_unserved(
    after: datetime.datetime,
    last_served: str,
    frequency: str,
    time: datetime.time,
    weekday: int,
    zone: zoneinfo.ZoneInfo,
) -> datetime.datetime | None:
    """The first occurrence after `after` whose period is later than `last_served` ('' for none); None as it happens."""
    rule = (frequency, time, weekday, zone)
    due = next_due(after, *rule)
    while due is not None and period_key(due, zone) <= last_served:
        due = next_due(due, *rule)
    return due


def period_key(due_at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """The local date of the occurrence that is served, `yyyy-mm-dd`; without the hour, so a changed hour sends once."""
    return due_at.astimezone(zone).date().isoformat()


def _occurrences(
    around: datetime.datetime, frequency: str, time: datetime.time, weekday: int, zone: zoneinfo.ZoneInfo
) -> Iterator[datetime.datetime]:
    today = around.astimezone(zone).date()
    for days in _SEARCH_DAYS:
        day = today + datetime.timedelta(days=days)
        if frequency != Frequency.WEEKLY or day.weekday() == weekday:
            yield _moment(day, time, zone)


def _moment(day: datetime.date, time: datetime.time, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """When this wall clock is shown on this date, in UTC."""
    late, early = (
        datetime.datetime.combine(day, time.replace(fold=fold), tzinfo=zone).astimezone(datetime.UTC) for fold in (0, 1)
    )
    leaves_the_date = late.astimezone(zone).date() != day == early.astimezone(zone).date()
    return early if leaves_the_date else late
