from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.digests.timetable import last_due, next_due, next_unserved, period_key, serve
from alerts.models.choices import Frequency

LONDON = ZoneInfo("Europe/London")
MORNING = time(7, 30)
DAILY, WEEKLY = Frequency.DAILY, Frequency.WEEKLY


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
    ("Europe/London", time(1, 30), "2027-03-28T01:30", "2027-03-29T00:30"),
    ("Europe/London", time(1, 30), "2026-10-24T00:30", "2026-10-25T00:30"),  # 01:30 comes twice: the first
    ("Europe/London", time(1, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
    ("Europe/Berlin", time(7, 30), "2027-03-27T06:30", "2027-03-28T05:30"),
    ("Europe/Berlin", time(7, 30), "2026-10-24T05:30", "2026-10-25T06:30"),
    ("Europe/Berlin", time(2, 30), "2027-03-27T01:30", "2027-03-28T01:30"),  # no 02:30: at 03:30
    ("Europe/Berlin", time(2, 30), "2026-10-24T00:30", "2026-10-25T00:30"),
    ("Europe/Berlin", time(2, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
    ("Africa/Cairo", time(0, 0), "2027-04-29T12:00", "2027-04-29T22:00"),  # no midnight: at 01:00
    ("Africa/Cairo", time(0, 0), "2027-04-29T22:00", "2027-04-30T21:00"),
    ("Africa/Cairo", time(23, 30), "2026-10-28T21:00", "2026-10-29T20:30"),  # comes twice on the 29th
    ("America/New_York", time(2, 15), "2026-03-08T00:00", "2026-03-08T07:15"),
    ("America/Scoresbysund", time(23, 30), "2026-03-28T12:00", "2026-03-29T00:30"),  # from 23:00 to midnight: at 22:30
    ("America/Scoresbysund", time(23, 30), "2026-03-29T00:30", "2026-03-30T00:30"),
    ("Atlantic/Azores", time(0, 30), "2026-03-28T12:00", "2026-03-29T01:30"),  # no 00:30: at 01:30
    ("Australia/Lord_Howe", time(2, 10), "2026-10-03T00:00", "2026-10-03T15:40"),  # half an hour is missing
    ("Australia/Lord_Howe", time(1, 45), "2027-04-02T20:00", "2027-04-03T14:45"),  # half an hour comes twice
    ("Australia/Lord_Howe", time(1, 45), "2027-04-03T14:45", "2027-04-04T15:15"),
    ("Asia/Kathmandu", time(7, 0), "2026-01-10T00:00", "2026-01-10T01:15"),
    ("Pacific/Chatham", time(7, 30), "2026-09-25T20:00", "2026-09-26T17:45"),
    ("Pacific/Chatham", time(3, 0), "2026-09-25T20:00", "2026-09-26T14:15"),  # no 03:00: at 04:00
    ("America/St_Johns", time(7, 30), "2026-03-07T12:00", "2026-03-08T10:00"),
    ("America/St_Johns", time(0, 0), "2006-10-28T12:00", "2006-10-29T02:30"),  # a minute of Sunday, and Saturday again
    ("America/St_Johns", time(23, 30), "2006-10-28T12:00", "2006-10-29T02:00"),
    ("Pacific/Apia", time(7, 0), "2011-12-29T20:00", "2011-12-30T17:00"),  # the 30th of December was skipped
    ("Pacific/Apia", time(7, 0), "2011-12-29T17:00", "2011-12-30T17:00"),
    ("Pacific/Kiritimati", time(7, 30), "2026-03-10T17:00", "2026-03-10T17:30"),  # the first to see a day
    ("Pacific/Pago_Pago", time(7, 30), "2026-03-10T18:00", "2026-03-10T18:30"),  # the last
]


@pytest.mark.parametrize(("zone", "clock", "after", "due"), NIGHTS)
def test_an_email_is_due_at_the_persons_wall_clock(zone, clock, after, due):
    assert daily(utc(after), clock, ZoneInfo(zone)) == utc(due)


def test_a_weekly_email_is_due_on_its_weekday():
    wednesday = utc("2026-03-11T12:00")
    assert next_due(wednesday, Frequency.WEEKLY, MORNING, 0, LONDON) == utc("2026-03-16T07:30")
    assert next_due(wednesday, Frequency.WEEKLY, MORNING, 2, LONDON) == utc("2026-03-18T07:30")
    assert next_due(wednesday - timedelta(hours=5), Frequency.WEEKLY, MORNING, 2, LONDON) == utc("2026-03-11T07:30")


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Pacific/Kiritimati", "2026-03-15T17:30"),  # Monday begins 25 hours before it does in Pago Pago
        ("Pacific/Auckland", "2026-03-15T18:30"),
        ("Europe/London", "2026-03-16T07:30"),
        ("America/Los_Angeles", "2026-03-16T14:30"),
        ("Pacific/Pago_Pago", "2026-03-16T18:30"),
    ],
)
def test_monday_is_the_monday_of_the_place(zone, due):
    found = next_due(utc("2026-03-12T12:00"), Frequency.WEEKLY, MORNING, 0, ZoneInfo(zone))
    assert found == utc(due)
    assert period_key(found, ZoneInfo(zone)) == "2026-03-16"


def test_a_weekly_email_of_a_skipped_friday_comes_the_day_after():
    """At the end of 2011 Samoa went from Thursday to Saturday."""
    apia, clock, friday = ZoneInfo("Pacific/Apia"), time(7, 0), 4
    before, late_on_thursday = utc("2011-12-23T17:00"), utc("2011-12-30T11:00")
    due = next_due(before, Frequency.WEEKLY, clock, friday, apia)
    assert due == utc("2011-12-30T17:00")
    assert next_due(late_on_thursday, Frequency.WEEKLY, clock, friday, apia) == due
    assert last_due(due, Frequency.WEEKLY, clock, friday, apia) == due
    assert period_key(due, apia) == "2011-12-31"
    assert next_due(due, Frequency.WEEKLY, clock, friday, apia) == utc("2012-01-05T17:00")


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


LATE = [
    # frequency, weekday, zone, due (UTC), served at (UTC): the occurrence that counts as served, and the next
    (DAILY, 0, "Europe/London", "2026-03-10T07:30", "2026-03-10T07:31", "2026-03-10T07:30", "2026-03-11T07:30"),
    (DAILY, 0, "Europe/London", "2026-03-10T07:30", "2026-03-11T07:29", "2026-03-10T07:30", "2026-03-11T07:30"),
    (DAILY, 0, "Europe/London", "2026-03-10T07:30", "2026-03-12T09:00", "2026-03-12T07:30", "2026-03-13T07:30"),
    (DAILY, 0, "Europe/London", "2026-03-28T07:30", "2026-03-29T06:30", "2026-03-29T06:30", "2026-03-30T06:30"),
    (DAILY, 0, "Africa/Cairo", "2027-04-28T22:00", "2027-04-30T12:00", "2027-04-29T22:00", "2027-04-30T21:00"),
    (DAILY, 0, "Pacific/Apia", "2011-12-29T17:00", "2011-12-30T18:00", "2011-12-30T17:00", "2011-12-31T17:00"),
    (WEEKLY, 0, "Europe/London", "2026-03-09T07:30", "2026-03-11T07:30", "2026-03-09T07:30", "2026-03-16T07:30"),
    (WEEKLY, 0, "Europe/London", "2026-03-09T07:30", "2026-03-24T07:30", "2026-03-23T07:30", "2026-03-30T06:30"),
    # the hour was moved to the evening after it was due: the day has been served
    (DAILY, 0, "Europe/London", "2026-03-10T05:00", "2026-03-10T05:01", "2026-03-10T05:00", "2026-03-11T07:30"),
]  # fmt: skip


@pytest.mark.parametrize(("frequency", "weekday", "zone", "due", "now", "served", "following"), LATE)
def test_what_is_served_late_serves_the_last_occurrence_and_the_next_lies_ahead(
    frequency, weekday, zone, due, now, served, following
):
    clock = {"Africa/Cairo": time(0, 0), "Pacific/Apia": time(7, 0)}.get(zone, MORNING)
    service = serve(utc(due), utc(now), frequency, clock, weekday, ZoneInfo(zone))
    assert (service.served_at, service.next_due_at) == (utc(served), utc(following))


def test_as_it_happens_is_served_when_it_is_due():
    service = serve(utc("2026-03-10T07:30"), utc("2026-03-12T09:00"), Frequency.AS_IT_HAPPENS, MORNING, 0, LONDON)
    assert (service.served_at, service.next_due_at) == (utc("2026-03-10T07:30"), None)
    assert next_unserved(utc("2026-03-10T07:30"), "", Frequency.AS_IT_HAPPENS, MORNING, 0, LONDON) is None


def test_the_next_unserved_occurrence_is_on_a_later_date_than_the_last_one_served():
    rule = (Frequency.DAILY, time(18, 0), 0, LONDON)
    assert next_unserved(utc("2026-03-10T12:00"), "", *rule) == utc("2026-03-10T18:00")
    assert next_unserved(utc("2026-03-10T12:00"), "2026-03-10", *rule) == utc("2026-03-11T18:00")
    assert next_unserved(utc("2026-03-10T12:00"), "2026-03-12", *rule) == utc("2026-03-13T18:00")


def occurs(day: date, zone: ZoneInfo) -> bool:
    """Whether the place had this date at all."""
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def expected_keys(first: date, until: date, weekday: int | None, zone: ZoneInfo) -> list[str]:
    """Every date of the place, or every such weekday; for one that was skipped the day after, on which it is told."""
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    told = [day if occurs(day, zone) else day + timedelta(days=1) for day in days if weekday in (None, day.weekday())]
    return [day.isoformat() for day in dict.fromkeys(told)]


clocks = st.one_of(st.sampled_from([time(hour, half) for hour in range(24) for half in (0, 30)]), st.times()).map(
    lambda clock: clock.replace(second=0, microsecond=0, fold=0, tzinfo=None)
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(available_timezones())),
    begin=st.datetimes(datetime(1985, 1, 1), datetime(2036, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),
    clock=clocks,
    weekday=st.none() | st.integers(0, 6),
)
@example("Pacific/Apia", utc("2011-06-01T00:00"), time(7, 0), None)
@example("Pacific/Apia", utc("2011-06-01T00:00"), time(7, 0), 4)
@example("Pacific/Kwajalein", utc("1993-06-01T00:00"), time(23, 30), 5)
@example("Pacific/Enderbury", utc("1994-06-01T00:00"), time(0, 0), 5)
@example("America/Scoresbysund", utc("2026-01-01T00:00"), time(23, 30), None)
@example("America/St_Johns", utc("2006-01-01T00:00"), time(0, 0), None)
@example("Africa/Cairo", utc("2027-01-01T00:00"), time(0, 0), 4)
def test_a_year_of_emails_has_every_date_once_in_every_zone(name, begin, clock, weekday):
    zone = ZoneInfo(name)
    rule = (Frequency.DAILY if weekday is None else Frequency.WEEKLY, clock, weekday or 0, zone)
    moments = [next_due(begin, *rule)]
    while moments[-1] < begin + timedelta(days=366):
        moments.append(next_due(moments[-1], *rule))
        assert moments[-2] < moments[-1]
        assert last_due(moments[-1] - timedelta(seconds=1), *rule) == moments[-2]
    assert last_due(moments[-1], *rule) == moments[-1]
    assert last_due(begin, *rule) <= begin < moments[0]

    keys = [period_key(moment, zone) for moment in moments]
    first, until = date.fromisoformat(keys[0]), date.fromisoformat(keys[-1])
    assert keys == expected_keys(first - timedelta(days=weekday is not None), until, weekday, zone)


RULES = st.tuples(
    st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]),
    clocks,
    st.integers(0, 6),
    st.sampled_from(sorted(available_timezones())).map(ZoneInfo),
)


@pytest.mark.slow
@given(
    rule=RULES,
    begin=st.datetimes(datetime(1985, 1, 1), datetime(2036, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),
    waits=st.lists(st.integers(0, 20 * 24 * 60), min_size=1, max_size=12),
)
def test_however_late_it_is_served_no_period_comes_twice_and_the_next_lies_ahead(rule, begin, waits):
    """Compose comes by after so many minutes each time; it may have been away for days, or come too early."""
    zone, due, now, served = rule[-1], next_due(begin, *rule), begin, []
    for minutes in waits:
        now += timedelta(minutes=minutes)
        if due > now:
            continue
        service = serve(due, now, *rule)
        assert due <= service.served_at <= now < service.next_due_at
        assert service.next_due_at == next_due(now, *rule), "nothing is left out that is not served"
        served.append(period_key(service.served_at, zone))
        due = service.next_due_at
    assert served == sorted(set(served))


@pytest.mark.slow
@given(
    begin=st.datetimes(datetime(1985, 1, 1), datetime(2036, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),
    steps=st.lists(st.tuples(st.integers(0, 72 * 60), RULES), min_size=2, max_size=12),
)
def test_whatever_rule_comes_next_the_dates_that_are_served_only_rise(begin, steps):
    """Where a rule is changed, `next_unserved` gives the due time; what is due already stays due."""
    now, due, last, (_, rule) = begin, next_due(begin, *steps[0][1]), "", steps[0]
    for minutes, wished in steps:
        now += timedelta(minutes=minutes)
        if due <= now:
            service = serve(due, now, *rule)
            key = period_key(service.served_at, rule[-1])
            due, last = service.next_due_at, max(last, key)
        rule = wished
        if due > now:
            due = next_unserved(now, last, *rule)
            assert due > now and period_key(due, rule[-1]) > last


@pytest.mark.slow
def test_in_every_zone_an_email_at_seven_comes_at_seven():
    for name in sorted(available_timezones()):
        zone, moment = ZoneInfo(name), datetime(2026, 1, 1, 12, tzinfo=UTC)
        for _ in range(400):
            moment = daily(moment, time(7, 0), zone)
            assert moment.astimezone(zone).timetz().replace(tzinfo=None) == time(7, 0), (name, moment)
