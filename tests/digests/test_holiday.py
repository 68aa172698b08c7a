"""A holiday: no emails from one day until another, then one catch-up, or what came meanwhile is left out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from alerts.digests import holiday
from alerts.digests.compose import Composed, compose_due
from alerts.digests.holiday import Holiday
from alerts.digests.ring import ring
from alerts.models import Digest, Section, Subscription
from alerts.models.choices import Away, Frequency
from alerts.web import preferences, subscriptions
from tests.digests.told import MORNING, happen, told
from tests.factories import make_person, make_schedule, make_subscription

DAY = timedelta(days=1)
FROM, UNTIL = date(2026, 3, 11), date(2026, 3, 20)
"""Wednesday to Friday of the week after; MORNING is the first morning of it."""
RETURN = datetime(2026, 3, 20, 7, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def on_holiday(skip: bool = False, frequency: str = Frequency.DAILY, **person) -> Subscription:
    """An alert whose person has gone on holiday the evening before."""
    reader = make_person(**person)
    alert = make_subscription(reader, now=MORNING - DAY, frequency=frequency)
    make_schedule(reader, frequency)
    reader.schedules.update(next_due_at=MORNING)
    preferences.change_holiday(reader, Holiday(FROM, UNTIL, skip), "manage", MORNING - DAY / 2)
    return alert


def news(name: str, at: datetime) -> None:
    happen(heading=f"Foghorns: {name}", released_at=at)


def headings() -> list[list[str]]:
    return [
        [h.removeprefix("Foghorns: ") for _, found in told(d) for h in found] for d in Digest.objects.order_by("id")
    ]


def days(first: datetime, last: datetime) -> None:
    """Compose has come by on each of these mornings."""
    while first <= last:
        ring(first)
        compose_due(first)
        first += DAY


@pytest.mark.parametrize(
    ("today", "is_on"), [(date(2026, 3, 10), False), (FROM, True), (UNTIL - DAY, True), (UNTIL, False)]
)
def test_a_holiday_is_on_from_its_first_day_to_the_day_before_the_return(today, is_on):
    assert Holiday(FROM, UNTIL).is_on(today) is is_on


@pytest.mark.parametrize(
    ("first", "until", "wrong"),
    [
        (FROM, UNTIL, {}),
        (FROM - DAY, UNTIL, {"first": "Choose a first day from today on"}),
        (FROM - DAY, FROM, {"first": "Choose a first day from today on", "until": "Choose a return from tomorrow on"}),
        (FROM, FROM, {"until": "Choose a return from tomorrow on"}),
        (FROM, FROM + DAY, {}),
        (FROM + DAY, FROM + DAY, {"until": "Choose a return after the first day"}),
        (FROM, FROM + 366 * DAY, {}),
        (FROM, FROM + 367 * DAY, {"until": "Choose a return within a year"}),
    ],
)
def test_what_is_wrong_with_a_holiday_is_said_in_words(first, until, wrong):
    assert holiday.problems(Holiday(first, until), FROM) == wrong


def test_one_catch_up_on_the_return_tells_all_of_it_and_says_what_it_is():
    alert = on_holiday()
    news("before", MORNING - DAY / 3)
    days(MORNING, MORNING + 3 * DAY)
    news("meanwhile", MORNING + 4 * DAY)
    days(MORNING + 4 * DAY, RETURN - DAY)
    assert not Digest.objects.exists()
    assert Subscription.objects.get().told_through == 0

    days(RETURN, RETURN)
    assert headings() == [["before", "meanwhile"]]
    section = Section.objects.get()
    assert (section.away_for, section.away_since) == (Away.HOLIDAY, MORNING)
    news("after", RETURN + DAY / 2)
    days(RETURN + DAY, RETURN + 2 * DAY)
    assert headings() == [["before", "meanwhile"], ["after"]]
    assert Section.objects.latest("id").away_for == ""
    assert Holiday.of(User.objects.get(pk=alert.user_id)) is None, "it is over"


def test_what_is_too_old_for_the_catch_up_is_left_behind_and_that_is_said():
    reader = make_person()
    make_subscription(reader, now=MORNING - DAY)
    reader.schedules.update(next_due_at=MORNING)
    preferences.change_holiday(reader, Holiday(FROM, date(2026, 4, 30)), "manage", MORNING - DAY)
    news("long ago", MORNING)
    news("lately", MORNING + 40 * DAY)
    days(MORNING, MORNING + 51 * DAY)
    assert headings() == [["lately"]]
    assert Section.objects.get().left_behind is True


def test_who_wants_to_skip_is_told_only_what_came_since_the_return():
    alert = on_holiday(skip=True)
    for number in range(9):
        news(f"meanwhile {number}", MORNING + number * DAY)
        days(MORNING + number * DAY, MORNING + number * DAY)
    midnight = datetime(2026, 3, 20, tzinfo=UTC)
    news("a minute to midnight", midnight - timedelta(minutes=1))
    news("midnight", midnight)
    days(RETURN, RETURN + DAY)
    assert headings() == [["midnight"]]
    assert Section.objects.get().away_for == Away.SKIPPED
    assert Subscription.objects.get(pk=alert.pk).told_through == 11


def test_nothing_to_skip_and_nothing_new_is_nothing_to_say():
    on_holiday(skip=True)
    news("meanwhile", MORNING + DAY)
    days(MORNING, RETURN + DAY)
    assert not Digest.objects.exists()
    assert Subscription.objects.get().told_through == 1
    assert Subscription.objects.get().away_for == ""


def test_days_of_downtime_after_the_return_skip_nothing_that_came_after_it():
    on_holiday(skip=True)
    news("meanwhile", MORNING + DAY)
    news("after", RETURN + DAY)
    days(RETURN + 4 * DAY, RETURN + 4 * DAY)
    assert headings() == [["after"]]


def test_the_return_is_the_persons_own_midnight():
    on_holiday(skip=True, timezone="Pacific/Auckland")
    news("still away", datetime(2026, 3, 19, 10, 59, tzinfo=UTC))
    news("back", datetime(2026, 3, 19, 11, 0, tzinfo=UTC))
    days(RETURN, RETURN)
    assert headings() == [["back"]]


def test_an_alert_paused_by_itself_keeps_what_waits_through_a_holiday_that_is_skipped():
    alert = on_holiday(skip=True)
    subscriptions.pause(alert.user, alert.uuid, "manage", MORNING)
    news("meanwhile", MORNING + DAY)
    days(MORNING, RETURN)
    subscriptions.resume(alert.user, alert.uuid, "manage", RETURN)
    days(RETURN + DAY, RETURN + DAY)
    assert headings() == [["meanwhile"]]
    assert Section.objects.get().away_for == Away.PAUSED


def test_a_holiday_to_come_changes_nothing_before_it_begins():
    alert = on_holiday()
    preferences.change_holiday(alert.user, Holiday(FROM + DAY, UNTIL), "manage", MORNING - DAY / 2)
    news("before", MORNING - DAY / 3)
    days(MORNING, MORNING)
    assert headings() == [["before"]]
    news("meanwhile", MORNING + DAY / 2)
    days(MORNING + DAY, MORNING + DAY)
    assert headings() == [["before"]]


def test_as_it_happens_comes_on_the_morning_of_the_return():
    on_holiday(frequency=Frequency.AS_IT_HAPPENS)
    news("meanwhile", MORNING + DAY)
    now = MORNING
    while now < RETURN:
        ring(now)
        assert not compose_due(now)
        now += timedelta(hours=1)
    assert compose_due(RETURN) == Composed(digests=1)


@pytest.mark.parametrize(("skip", "expected"), [(False, [["meanwhile", "after"]]), (True, [["after"]])])
def test_who_comes_back_early_is_treated_as_at_the_end(skip, expected):
    alert = on_holiday(skip)
    news("meanwhile", MORNING + DAY)
    days(MORNING, MORNING + DAY)
    back = MORNING + 2 * DAY
    preferences.change_holiday(alert.user, None, "manage", back)
    news("after", back)
    days(back + DAY, back + 2 * DAY)
    assert headings() == expected


def test_who_comes_back_early_and_is_told_as_it_happens_is_looked_at_at_once():
    alert = on_holiday(frequency=Frequency.AS_IT_HAPPENS)
    news("meanwhile", MORNING + DAY / 4)
    days(MORNING, MORNING + DAY)
    preferences.change_holiday(alert.user, None, "manage", MORNING + DAY)
    assert compose_due(MORNING + DAY) == Composed(digests=1)


def test_a_holiday_that_is_made_longer_goes_on():
    alert = on_holiday(skip=True)
    news("meanwhile", MORNING + DAY)
    preferences.change_holiday(alert.user, Holiday(FROM, UNTIL + 2 * DAY), "manage", MORNING + 2 * DAY)
    days(MORNING, RETURN + DAY)
    assert headings() == []
    days(RETURN + 2 * DAY, RETURN + 2 * DAY)
    assert headings() == [["meanwhile"]], "and now it is told, as was chosen last"


def test_a_new_holiday_ends_the_last_one_that_is_over_first():
    """Nobody had been composed for since the return."""
    alert = on_holiday(skip=True)
    news("meanwhile", MORNING + DAY)
    preferences.change_holiday(alert.user, Holiday(date(2026, 5, 1), date(2026, 5, 8)), "manage", RETURN)
    assert Subscription.objects.get().told_through == 1
    assert Holiday.of(User.objects.get()).first == date(2026, 5, 1)
    days(RETURN, RETURN)
    assert headings() == []


def test_a_weekly_email_that_falls_outside_the_holiday_is_no_catch_up():
    alert = on_holiday(frequency=Frequency.WEEKLY)
    alert.user.schedules.update(next_due_at=datetime(2026, 3, 23, 7, 30, tzinfo=UTC))
    news("meanwhile", MORNING + DAY)
    days(MORNING, RETURN + 3 * DAY)
    assert headings() == [["meanwhile"]]
    assert Section.objects.get().away_for == ""
