"""The holiday: no emails from one day until another, and what becomes of what came meanwhile.

Pure but for the two functions that write; the lock on the person is their caller's.
"""

import datetime
from dataclasses import dataclass

import structlog
from django.db.models import QuerySet

from accounts.models import User
from alerts.digests import sections
from alerts.models import Counter, Subscription
from alerts.models.choices import Away

log = structlog.get_logger()

A_DAY, LONGEST = datetime.timedelta(days=1), datetime.timedelta(days=366)


@dataclass(frozen=True)
class Holiday:
    """From its first day up to the day on which emails come again, by the person's own calendar.

    With `skip` what comes after the last email before it and until then is left out; else it is told afterwards.
    """

    first: datetime.date
    until: datetime.date
    skip: bool = False

    @classmethod
    def of(cls, person: User) -> "Holiday | None":
        """The holiday a person has set, be it to come, on or over."""
        if person.paused_from is None or person.paused_until is None:
            return None
        return cls(person.paused_from, person.paused_until, person.skips_pause)

    def is_on(self, today: datetime.date) -> bool:
        """Whether no emails come on this day."""
        return self.first <= today < self.until


def today(person: User, now: datetime.datetime) -> datetime.date:
    """The date where the person is."""
    return now.astimezone(person.zone).date()


def on(person: User, now: datetime.datetime) -> Holiday | None:
    """The person's holiday, if it is on."""
    holiday = Holiday.of(person)
    return holiday if holiday and holiday.is_on(today(person, now)) else None


def returns(date: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day on which emails may come again, of all alerts or of one; wished on this date."""
    return date + A_DAY, date + LONGEST


def problems(wished: Holiday, date: datetime.date) -> dict[str, str]:
    """What is wrong with a holiday that is wished on this date, by the end of it that is: `first` and `until`."""
    earliest, latest = returns(date)
    wrong = {} if wished.first >= date else {"first": "Choose a first day from today on"}
    if wished.until < earliest:
        wrong["until"] = "Choose a return from tomorrow on"
    elif wished.until <= wished.first:
        wrong["until"] = "Choose a return after the first day"
    elif wished.until > latest:
        wrong["until"] = "Choose a return within a year"
    return wrong


def change(person: User, wished: Holiday | None, now: datetime.datetime) -> None:
    """Give a person this holiday, or none: one that is on ends now, as it would have at its end."""
    before, date = Holiday.of(person), today(person, now)
    come_back(person, Counter.current_seq(), now)
    if before and before.is_on(date) and not (wished and wished.is_on(date)):
        _return(person, before, now, Counter.current_seq())
    _write(person, wished)


def come_back(person: User, to_seq: int, now: datetime.datetime) -> None:
    """End a holiday that is over, whenever that is noticed: what came since the return is told, or waits, as ever."""
    holiday = Holiday.of(person)
    if holiday is None or today(person, now) < holiday.until:
        return
    midnight = datetime.datetime.combine(holiday.until, datetime.time(), tzinfo=person.zone)
    _return(person, holiday, midnight.astimezone(datetime.UTC), to_seq)
    _write(person, None)


def _return(person: User, holiday: Holiday, returned_at: datetime.datetime, to_seq: int) -> None:
    if not holiday.skip:
        return
    waiting = list(_of(person))
    since = sections.pending(waiting, to_seq, returned_at)
    for one in waiting:
        left_out = since[one.pk].from_seq if one.pk in since else to_seq
        one.told_through = max(one.told_through, left_out)
    Subscription.objects.bulk_update(waiting, ["told_through"])
    skipped = Subscription.objects.filter(pk__in=[one.pk for one in waiting], away_for=Away.HOLIDAY)
    skipped.update(away_for=Away.SKIPPED)
    log.info("holiday_skipped", user=person.pk, alerts=len(waiting))


def _of(person: User) -> QuerySet[Subscription]:
    """The alerts a holiday is about: those on. Of one whose past is still searched nobody knows yet what to leave."""
    return Subscription.objects.live().filter(user=person, topic__filled_at__isnull=False)


def _write(person: User, holiday: Holiday | None) -> None:
    person.paused_from, person.paused_until = (holiday.first, holiday.until) if holiday else (None, None)
    person.skips_pause = bool(holiday and holiday.skip)
    person.save(update_fields=["paused_from", "paused_until", "skips_pause"])
