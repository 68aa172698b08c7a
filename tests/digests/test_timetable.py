from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from alerts.digests.timetable import last_due, next_due, period_key
from alerts.models.choices import Frequency

LONDON = ZoneInfo("Europe/London")
MORNING = time(7, 30)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(after: datetime, at: time = MORNING, zone: ZoneInfo = LONDON) -> datetime:
    return next_due(after, Frequency.DAILY, at, 0, zone)


NIGHTS = [
    # zone, wall clock, after (UTC), due (UTC): the ordinary morning first, then nights on which clocks change
    ("Europe/London", time(7, 30), "2026-01-10T09:00", "2026-01-11T07:30"),
    ("Europe/London", time(7, 30), "2026-07-10T06:29", "2026-07-10T06:30"),
    ("Europe/London", time(7, 30), "2026-07-10T06:30", "2026-07-11T06:30"),
    ("Europe/London", time(7, 30), "2027-03-27T07:30", "2027-03-28T06:30"),
    ("Europe/London", time(7, 30), "2026-10-24T06:30", "2026-10-25T07:30"),
    ("Europe/London", time(1, 30), "2027-03-27T01:30", "2027-03-28T01:30"),  # no 01:30: at 02:30 BST
    ("Europe/London", time(1, 30), "2026-10-24T00:30", "2026-10-25T00:30"),  # 01:30 comes twice: the first
    ("Europe/London", time(1, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
    ("Africa/Cairo", time(0, 0), "2027-04-29T12:00", "2027-04-29T22:00"),  # no midnight: at 01:00
    ("America/New_York", time(2, 15), "2026-03-08T00:00", "2026-03-08T07:15"),
    ("Australia/Lord_Howe", time(2, 10), "2026-10-03T00:00", "2026-10-03T15:40"),  # half an hour is missing
    ("Asia/Kathmandu", time(7, 0), "2026-01-10T00:00", "2026-01-10T01:15"),
    ("Pacific/Apia", time(7, 0), "2011-12-29T20:00", "2011-12-30T17:00"),  # the 30th of December was skipped
]


@pytest.mark.parametrize(("zone", "clock", "after", "due"), NIGHTS)
def test_an_email_is_due_at_the_persons_wall_clock(zone, clock, after, due):
    assert daily(utc(after), clock, ZoneInfo(zone)) == utc(due)


def test_a_weekly_email_is_due_on_its_weekday():
    wednesday = utc("2026-03-11T12:00")
    assert next_due(wednesday, Frequency.WEEKLY, MORNING, 0, LONDON) == utc("2026-03-16T07:30")
    assert next_due(wednesday, Frequency.WEEKLY, MORNING, 2, LONDON) == utc("2026-03-18T07:30")
    assert next_due(wednesday - timedelta(hours=5), Frequency.WEEKLY, MORNING, 2, LONDON) == utc("2026-03-11T07:30")


def test_a_weekly_email_of_a_skipped_friday_comes_the_same_day():
    late_on_thursday = utc("2011-12-30T11:00")  # local: Saturday the 31st, an hour into it
    apia = ZoneInfo("Pacific/Apia")
    assert next_due(late_on_thursday, Frequency.WEEKLY, time(7, 0), 4, apia) == utc("2011-12-30T17:00")


def test_as_it_happens_is_never_due_by_the_clock():
    assert next_due(utc("2026-03-11T12:00"), Frequency.AS_IT_HAPPENS, MORNING, 0, LONDON) is None
    assert last_due(utc("2026-03-11T12:00"), Frequency.AS_IT_HAPPENS, MORNING, 0, LONDON) is None


def test_the_last_occurrence_is_the_one_before_the_next():
    assert last_due(utc("2026-03-11T07:30"), Frequency.DAILY, MORNING, 0, LONDON) == utc("2026-03-11T07:30")
    assert last_due(utc("2026-03-11T07:29"), Frequency.DAILY, MORNING, 0, LONDON) == utc("2026-03-10T07:30")
    assert last_due(utc("2026-03-11T12:00"), Frequency.WEEKLY, MORNING, 3, LONDON) == utc("2026-03-05T07:30")


def test_the_period_is_the_local_date_without_the_hour():
    assert period_key(utc("2026-07-10T23:30"), LONDON) == "2026-07-11"
    assert period_key(utc("2026-07-10T23:30"), ZoneInfo("America/New_York")) == "2026-07-10"


@pytest.mark.parametrize("name", ["Europe/London", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"])
@pytest.mark.parametrize("clock", [time(7, 0), time(0, 0), time(1, 30), time(23, 59)])
def test_every_local_date_is_served_once(name, clock):
    zone, moment = ZoneInfo(name), datetime(2026, 1, 1, tzinfo=UTC)
    keys = []
    for _ in range(400):
        moment = daily(moment, clock, zone)
        keys.append(period_key(moment, zone))
    first = date.fromisoformat(keys[0])
    assert keys == [(first + timedelta(days=n)).isoformat() for n in range(400)]


@pytest.mark.slow
def test_in_every_zone_no_date_is_served_twice_and_none_is_left_out():
    for name in sorted(available_timezones()):
        zone, moment = ZoneInfo(name), datetime(2026, 1, 1, 12, tzinfo=UTC)
        keys = []
        for _ in range(400):
            moment = daily(moment, time(7, 0), zone)
            keys.append(period_key(moment, zone))
            assert moment.astimezone(zone).timetz().replace(tzinfo=None) == time(7, 0), (name, moment)
        assert len(set(keys)) == 400, name
