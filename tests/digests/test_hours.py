"""Another hour, weekday or zone: no period is served twice, and what is new is told at the next due time shown."""

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from alerts.digests.compose import compose_due
from alerts.digests.hours import USUAL, Hours, change_hours
from alerts.digests.ring import ring
from alerts.models import Digest, Schedule, Subscription
from alerts.models.choices import Frequency
from tests.digests.told import happen, told
from tests.factories import make_person, make_subscription

LONDON, DAY = "Europe/London", timedelta(days=1)

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def subscribe(frequency: str, due: str) -> Subscription:
    """An alert whose next email is due at `due`."""
    alert = make_subscription(now=at("03-09T12:00"), frequency=frequency)
    Schedule.objects.update(next_due_at=at(due))
    return alert


def change(alert: Subscription, clock: str, weekday: int, zone: str, now: str) -> datetime:
    """Change the hours of the alert's person; when the next email is due now."""
    change_hours(alert.user, Hours(time.fromisoformat(clock), weekday, zone), at(now))
    return Schedule.objects.get(user=alert.user, frequency=alert.frequency).next_due_at


@pytest.mark.parametrize(
    ("clock", "zone", "due"),
    [
        ("18:00", LONDON, "03-10T18:00"),  # it is noon: later today
        ("08:00", LONDON, "03-11T08:00"),
        ("18:00", "Europe/Berlin", "03-10T17:00"),
        ("07:30", "America/Los_Angeles", "03-10T14:30"),
        ("07:30", "Pacific/Auckland", "03-10T18:30"),  # the morning of the 11th there
    ],
)
def test_a_new_hour_or_zone_counts_from_the_next_time_it_is_that_hour(clock, zone, due):
    alert = subscribe(Frequency.DAILY, "03-11T07:30")
    assert change(alert, clock, 0, zone, "03-10T12:00") == at(due)


@pytest.mark.parametrize(("weekday", "due"), [(2, "03-11T07:30"), (1, "03-17T07:30"), (0, "03-16T07:30")])
def test_a_new_weekday_counts_from_the_next_such_day(weekday, due):
    alert = subscribe(Frequency.WEEKLY, "03-16T07:30")
    assert change(alert, "07:30", weekday, LONDON, "03-10T12:00") == at(due)


def test_a_day_that_has_its_email_is_not_promised_a_second_one():
    alert = subscribe(Frequency.DAILY, "03-10T07:30")
    happen(heading="Foghorns: Repairs")
    compose_due(at("03-10T07:30"))
    happen(heading="Foghorns: Costs")
    assert change(alert, "18:00", 0, LONDON, "03-10T12:00") == at("03-11T18:00")
    assert change(alert, "23:00", 0, "America/New_York", "03-10T12:00") == at("03-12T03:00")
    compose_due(at("03-12T03:00"))
    assert [(d.period_key, told(d)[0][1]) for d in Digest.objects.order_by("id")] == [
        ("2026-03-10", ["Foghorns: Repairs"]),
        ("2026-03-11", ["Foghorns: Costs"]),
    ]


def test_a_date_that_is_left_out_has_a_line_in_the_log(caplog):
    alert = subscribe(Frequency.DAILY, "03-10T18:00")
    assert change(alert, "07:30", 0, LONDON, "03-10T12:00") == at("03-11T07:30")
    assert "dates_skipped" in caplog.text


def test_an_hour_moved_within_the_day_leaves_nothing_out(caplog):
    alert = subscribe(Frequency.DAILY, "03-10T18:00")
    change(alert, "20:00", 0, LONDON, "03-10T12:00")
    assert "dates_skipped" not in caplog.text


def test_what_is_due_already_is_still_sent():
    alert = subscribe(Frequency.DAILY, "03-10T07:30")
    happen()
    assert change(alert, "07:00", 0, LONDON, "03-10T07:31") == at("03-10T07:30")
    assert compose_due(at("03-10T07:32")).digests == 1
    assert Schedule.objects.get().next_due_at == at("03-11T07:00")


def test_as_it_happens_has_no_hour():
    alert = subscribe(Frequency.AS_IT_HAPPENS, "03-10T18:00")
    assert change(alert, "07:30", 0, "Asia/Tokyo", "03-10T12:00") == at("03-10T18:00")


def test_the_usual_hours_are_those_of_a_new_person():
    assert Hours.of(make_person()) == USUAL


ZONES = st.sampled_from([LONDON, "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "Asia/Kathmandu"])
HOURS = st.builds(Hours, st.sampled_from([time(hour) for hour in range(24)]), st.integers(0, 6), ZONES)
STEPS = st.lists(st.tuples(st.integers(1, 24), st.none() | HOURS), min_size=5, max_size=12)


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=set(Phase) - {Phase.shrink},
)
@given(frequency=st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]), steps=STEPS)
def test_however_often_they_change_each_event_is_told_once_at_the_time_that_was_shown(frequency, steps):
    """Hours pass, news comes, the rule changes; what a page showed as the next due time is when an email is made.

    All of it lies within the 30 days that a catch-up reaches back.
    """
    Digest.objects.all().delete()
    User.objects.all().delete()
    now, numbers = at("03-09T12:00"), itertools.count(1)
    alert = make_subscription(now=now, frequency=frequency)
    Schedule.objects.update(next_due_at=now + DAY)
    for hours, new in steps:
        happen(heading=str(next(numbers)), released_at=now)
        promised, made = Schedule.objects.get().next_due_at, Digest.objects.count()
        now += timedelta(hours=hours)
        ring(now)
        compose_due(now)
        assert Digest.objects.count() == made + (promised <= now)
        if new:
            change_hours(User.objects.get(), new, now)
        assert Schedule.objects.get().next_due_at > now
    compose_due(now + 15 * DAY)
    headings = [heading for digest in Digest.objects.order_by("id") for heading in told(digest)[0][1]]
    assert headings == [str(n) for n in range(1, next(numbers))]
    assert alert.sections.count() == Digest.objects.count()
