"""As it happens: a hit makes its people due, at most every 15 minutes, and nothing is lost on the way."""

import itertools
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from accounts.models import Suppression, User
from accounts.suppressions import suppress
from alerts.digests import ring as ringing
from alerts.digests.compose import Composed, compose_due
from alerts.digests.ring import Rung, ring
from alerts.matching.fill import fill
from alerts.models import Counter, Digest, Schedule, Subscription, Topic
from alerts.models.choices import Frequency
from alerts.web import subscriptions
from tests.digests.told import happen, percolate, told
from tests.factories import make_event, make_person, make_schedule, make_subscription
from tests.workers import PATIENCE, somebody_waits_for_a_lock, wait_until, workers

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
APART = 15 * MINUTE

pytestmark = pytest.mark.django_db


def subscribe(words="foghorns", person=None, frequency=Frequency.AS_IT_HAPPENS, **fields) -> Subscription:
    return make_subscription(person, words, now=NOON, frequency=frequency, **fields)


def due(alert: Subscription, frequency: str = Frequency.AS_IT_HAPPENS) -> datetime | None:
    return Schedule.objects.get(user=alert.user_id, frequency=frequency).next_due_at


def take_turn(now: datetime) -> Composed:
    """One round of the step that rings and composes."""
    ring(now)
    return compose_due(now)


def headings_told(alert: Subscription) -> list[list[str]]:
    """The headings in each digest of the alert's person, in order."""
    digests = Digest.objects.filter(user=alert.user_id).order_by("id")
    return [[heading for _, headings in told(digest) for heading in headings] for digest in digests]


def test_a_hit_is_told_in_the_same_round_and_then_nothing_is_due_for_a_day():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    assert ring(NOON) == Rung(people=1, through=1)
    assert due(alert) == NOON
    assert compose_due(NOON) == Composed(digests=1)
    assert headings_told(alert) == [["Foghorns: Repairs"]]
    assert due(alert) == NOON + DAY
    assert Digest.objects.get().period_key == "2026-03-10T12:00Z"


def test_nothing_new_rings_for_nobody():
    subscribe()
    happen()
    take_turn(NOON)
    assert not ring(NOON + MINUTE)
    assert compose_due(NOON + MINUTE) == Composed()


def test_only_those_are_rung_for_who_want_to_hear_of_it_as_it_happens():
    """Also where one is on a topic that was hit."""
    subscribe(paused_at=NOON)
    subscribe(ended_at=NOON, end_reason="person")
    subscribe(broken_at=NOON)
    subscribe("lightships")
    subscribe(wants_answered=False)
    daily = subscribe(frequency=Frequency.DAILY)
    happen()
    before = due(daily, Frequency.DAILY)
    assert not ring(NOON)
    assert due(daily, Frequency.DAILY) == before
    assert not Schedule.objects.filter(frequency=Frequency.AS_IT_HAPPENS, next_due_at__isnull=False).exists()
    assert Counter.objects.get().rung_through == 1


def test_of_several_alerts_one_that_wants_it_is_enough():
    reader = make_person()
    subscribe("foghorns", reader, wants_answered=False)
    subscribe("repairs", reader)
    happen(heading="Foghorns: Repairs")
    assert ring(NOON).people == 1


def test_an_earlier_due_time_stays():
    alert = subscribe()
    happen()
    ring(NOON)
    happen()
    assert not ring(NOON + MINUTE)
    assert due(alert) == NOON


def test_a_later_due_time_gives_way():
    alert = subscribe()
    Schedule.objects.update(next_due_at=NOON + DAY)
    happen()
    ring(NOON)
    assert due(alert) == NOON


def test_the_second_mail_waits_until_a_quarter_of_an_hour_has_passed():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    take_turn(NOON)
    happen(heading="Foghorns: Costs")
    assert not take_turn(NOON + MINUTE)
    assert due(alert) == NOON + APART
    happen(heading="Foghorns: Noise")
    assert not take_turn(NOON + 14 * MINUTE)
    assert take_turn(NOON + APART).digests == 1
    assert headings_told(alert) == [["Foghorns: Repairs"], ["Foghorns: Costs", "Foghorns: Noise"]]


def test_a_stream_of_hits_gives_a_mail_every_quarter_of_an_hour_and_loses_nothing():
    alert = subscribe()
    for minute in range(100):
        happen(heading=f"Foghorns: {minute}")
        take_turn(NOON + minute * MINUTE)
    take_turn(NOON + 120 * MINUTE)
    made = list(Digest.objects.order_by("id").values_list("made_at", flat=True))
    assert len(made) == 8
    assert all(later - earlier >= APART for earlier, later in pairwise(made))
    assert list(itertools.chain(*headings_told(alert))) == [f"Foghorns: {minute}" for minute in range(100)]


def test_work_is_cut_into_pieces_and_all_of_it_is_done(monkeypatch):
    monkeypatch.setattr(ringing, "MOST_EVENTS", 3)
    alert = subscribe("lamps")
    for _ in range(7):
        happen()
    happen(heading="Lamps: Repairs")
    assert ring(NOON) == Rung(people=1, through=8)
    assert due(alert) == NOON


def test_after_half_a_minute_no_further_piece_is_begun(monkeypatch):
    monkeypatch.setattr(ringing, "ROUND_SECONDS", 0)
    happen()
    assert ring(NOON) == Rung(people=0, through=0)


def test_many_are_rung_for_in_a_few_queries(django_assert_max_num_queries):
    for _ in range(25):
        subscribe()
    happen()
    with django_assert_max_num_queries(10):
        assert ring(NOON).people == 25


# ---- what waits though nobody rings for it


def test_a_pause_keeps_what_comes_and_its_end_brings_it_within_the_round():
    alert = subscribe()
    subscriptions.pause(alert.user, alert.uuid, "manage", NOON)
    happen(heading="Foghorns: Repairs")
    assert not take_turn(NOON)
    subscriptions.resume(alert.user, alert.uuid, "manage", NOON + DAY)
    assert take_turn(NOON + DAY).digests == 1
    assert headings_told(alert) == [["Foghorns: Repairs"]]


def test_on_a_quiet_night_a_resumed_alert_is_told_after_another_one_was():
    """Nothing was numbered in between: both digests reach to the same `seq`."""
    alert = subscribe("foghorns")
    paused = subscribe("repairs", alert.user, paused_at=NOON)
    happen(heading="Foghorns: Repairs")
    assert take_turn(NOON).digests == 1
    subscriptions.resume(alert.user, paused.uuid, "manage", NOON + MINUTE)
    assert not take_turn(NOON + MINUTE)
    assert take_turn(NOON + APART).digests == 1
    assert headings_told(alert) == [["Foghorns: Repairs"], ["Foghorns: Repairs"]]
    assert due(alert) == NOON + APART + DAY


def test_an_undone_alert_is_told_what_came_meanwhile():
    alert = subscribe()
    subscriptions.end(alert.user, [alert.uuid], "person", "manage", NOON)
    happen(heading="Foghorns: Repairs")
    assert not take_turn(NOON)
    subscriptions.undo(alert.user, [alert.uuid], "manage", NOON + MINUTE)
    assert take_turn(NOON + MINUTE).digests == 1


def test_after_a_holiday_the_catch_up_comes_in_the_morning_of_the_return():
    alert = subscribe()
    User.objects.update(paused_from=date(2026, 3, 10), paused_until=date(2026, 3, 12))
    happen(heading="Foghorns: Repairs")
    assert take_turn(NOON) == Composed(quiet=1)
    assert due(alert) == datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
    take_turn(datetime(2026, 3, 11, 7, 30, tzinfo=UTC))
    assert take_turn(datetime(2026, 3, 12, 7, 30, tzinfo=UTC)).digests == 1
    assert headings_told(alert) == [["Foghorns: Repairs"]]


def test_once_an_address_may_be_written_to_again_one_catch_up_comes():
    alert = subscribe()
    suppress(alert.user.email, "hard_bounce", NOON)
    happen(heading="Foghorns: Repairs")
    assert take_turn(NOON) == Composed(quiet=1)
    Suppression.objects.all().delete()
    assert take_turn(due(alert)).digests == 1


def test_a_topic_whose_past_is_still_searched_is_waited_for_and_comes_back_when_left():
    reader = make_person()
    slow, ready = subscribe("foghorns", reader), subscribe("repairs", reader)
    happen(heading="Foghorns: Repairs")
    Topic.objects.filter(pk=slow.topic_id).update(filled_at=None)
    assert not take_turn(NOON)
    assert take_turn(NOON + 61 * MINUTE).digests == 1
    assert due(ready) == NOON + 76 * MINUTE
    Topic.objects.update(filled_at=NOON)
    assert take_turn(NOON + 76 * MINUTE).digests == 1
    assert [section.subscription for digest in Digest.objects.order_by("id") for section in digest.sections.all()] == [
        ready,
        slow,
    ]


def test_the_only_alert_left_is_looked_at_again_too():
    alert = subscribe()
    happen()
    ring(NOON)
    Topic.objects.update(filled_at=None)
    assert compose_due(NOON + 61 * MINUTE) == Composed(quiet=1)
    assert due(alert) == NOON + 76 * MINUTE


def test_a_quiet_alert_is_looked_at_once_a_day_so_that_nothing_long_past_counts_as_pending():
    alert = subscribe("lightships")
    schedule = make_schedule(alert.user, Frequency.AS_IT_HAPPENS)
    schedule.next_due_at = NOON
    schedule.save()
    for day in range(3):
        happen(heading="Foghorns: Repairs")
        assert not take_turn(NOON + day * DAY)
        assert Subscription.objects.get().told_through == day + 1
        assert due(alert) == NOON + (day + 1) * DAY
    happen(heading="Foghorns: Costs")
    now = NOON + 2 * DAY + 3 * timedelta(hours=1)
    subscriptions.edit(alert.user, alert.uuid, {"query": "foghorns"}, "manage", now)
    fill(now)
    take_turn(now)
    assert headings_told(alert) == [["Foghorns: Costs"]], "what came since the last look, under the new words"


def test_a_hit_that_no_ring_told_of_is_found_by_the_daily_look():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    Counter.objects.update(rung_through=1)
    Schedule.objects.update(next_due_at=NOON + DAY)
    assert take_turn(NOON + DAY).digests == 1
    assert headings_told(alert) == [["Foghorns: Repairs"]]


def test_where_no_alert_is_on_nobody_is_looked_at():
    alert = subscribe()
    subscriptions.pause(alert.user, alert.uuid, "manage", NOON)
    Schedule.objects.update(next_due_at=NOON)
    take_turn(NOON)
    assert due(alert) is None


# ---- another frequency


def test_from_daily_to_as_it_happens_what_waits_is_told_at_once():
    alert = subscribe(frequency=Frequency.DAILY)
    happen(heading="Foghorns: Repairs")
    ring(NOON)
    subscriptions.change_frequency(alert.user, alert.uuid, Frequency.AS_IT_HAPPENS, "manage", NOON)
    assert take_turn(NOON).digests == 1
    happen(heading="Foghorns: Costs")
    for minutes in (1, 15, 24 * 60):
        take_turn(NOON + minutes * MINUTE)
    assert headings_told(alert) == [["Foghorns: Repairs"], ["Foghorns: Costs"]]
    assert set(Digest.objects.values_list("frequency", flat=True)) == {"as_it_happens"}


@pytest.mark.parametrize("rung", [True, False])
def test_from_as_it_happens_to_daily_what_waits_is_told_in_the_morning(rung):
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    if rung:
        ring(NOON)
    subscriptions.change_frequency(alert.user, alert.uuid, Frequency.DAILY, "manage", NOON)
    assert take_turn(NOON).digests == 0
    assert due(alert) is None
    assert due(alert, Frequency.DAILY) == datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
    take_turn(datetime(2026, 3, 11, 7, 30, tzinfo=UTC))
    assert headings_told(alert) == [["Foghorns: Repairs"]]


def test_to_and_fro_nothing_is_told_twice_and_nothing_is_lost():
    alert, numbers = subscribe(), itertools.count(1)
    every = itertools.cycle([Frequency.DAILY, Frequency.AS_IT_HAPPENS, Frequency.WEEKLY])
    for hour in range(0, 24 * 12, 7):
        now = NOON + hour * timedelta(hours=1)
        happen(heading=str(next(numbers)), released_at=now)
        take_turn(now)
        subscriptions.change_frequency(alert.user, alert.uuid, next(every), "manage", now)
        take_turn(now + MINUTE)
        happen(heading=str(next(numbers)), released_at=now)
    take_turn(NOON + 20 * DAY)
    assert list(itertools.chain(*headings_told(alert))) == [str(n) for n in range(1, next(numbers))]
    assert set(Digest.objects.values_list("frequency", flat=True)) == {"as_it_happens", "daily", "weekly"}


def test_changing_to_what_it_is_already_changes_nothing():
    alert = subscribe()
    subscriptions.change_frequency(alert.user, alert.uuid, Frequency.AS_IT_HAPPENS, "manage", NOON)
    assert due(alert) is None


# ---- killed, doubled, and beside others


def test_a_ring_that_is_killed_has_moved_nothing_and_the_next_one_does_it():
    alert = subscribe()
    happen()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        ring(NOON)
        raise KeyboardInterrupt
    assert (due(alert), Counter.objects.get().rung_through) == (None, 0)
    assert ring(NOON) == Rung(people=1, through=1)


@pytest.mark.django_db(transaction=True)
def test_a_hit_that_comes_while_compose_is_at_work_is_told_in_the_next_mail():
    """Compose has read the `seq`; what is numbered now must not be forgotten when it empties the due time."""
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    ring(NOON)
    with workers(2) as start:
        with transaction.atomic():
            Subscription.objects.select_for_update().get(pk=alert.pk)
            composer = start(compose_due, NOON)
            wait_until(somebody_waits_for_a_lock)
            start(happen, heading="Foghorns: Costs").result(PATIENCE)
            ringer = start(ring, NOON)
            wait_until(lambda: somebody_waits_for_a_lock(2) or ringer.done())
            assert not ringer.done()
        assert composer.result(PATIENCE).digests == 1
        assert ringer.result(PATIENCE).people == 1
    assert due(alert) == NOON + APART
    assert take_turn(NOON + APART).digests == 1
    assert headings_told(alert) == [["Foghorns: Repairs"], ["Foghorns: Costs"]]


@pytest.mark.django_db(transaction=True)
def test_an_alert_confirmed_while_it_rings_is_told_what_comes_next():
    """The ring has looked for people before it is committed; the next event is numbered after that."""
    happen()
    reader = make_person()
    event = make_event(heading="Foghorns: Costs")
    with workers(2) as start:
        with transaction.atomic():
            alert = subscribe(person=reader)
            at_work = [start(ring, NOON)]
            wait_until(somebody_waits_for_a_lock)
            at_work.append(start(percolate, event))
            wait_until(lambda: somebody_waits_for_a_lock(2))
        for worker in at_work:
            worker.result(PATIENCE)
    assert take_turn(NOON).digests == 1
    assert headings_told(alert) == [["Foghorns: Costs"]]


@pytest.mark.django_db(transaction=True)
def test_an_alert_that_becomes_as_it_happens_while_it_rings_is_looked_at():
    alert = subscribe(frequency=Frequency.DAILY)
    happen(heading="Foghorns: Repairs")
    with workers(1) as start:
        with transaction.atomic():
            subscriptions.change_frequency(alert.user, alert.uuid, Frequency.AS_IT_HAPPENS, "manage", NOON)
            assert start(ring, NOON).result(PATIENCE) == Rung(people=0, through=1)
        assert due(alert) == NOON
    assert take_turn(NOON).digests == 1


@pytest.mark.django_db(transaction=True)
def test_rung_many_times_at_once_it_rings_once(monkeypatch):
    monkeypatch.setattr(ringing, "MOST_EVENTS", 1)
    for _ in range(5):
        subscribe()
    for _ in range(6):
        happen()
    with workers(4) as start:
        rings = [start(ring, NOON) for _ in range(4)]
        assert sum(one.result(PATIENCE).people for one in rings) == 5
    assert ring(NOON) == Rung(people=0, through=6)


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_tell_everything_exactly_once(monkeypatch):
    """News, rings, composing, pauses and changes of frequency, all at the same time and on the same people."""
    monkeypatch.setattr(ringing, "MOST_EVENTS", 2)
    alerts = [subscribe() for _ in range(4)]
    alerts += [subscribe("repairs", alerts[0].user), subscribe(frequency=Frequency.DAILY)]
    hours, events = 40, 60

    def report():
        for _ in range(events):
            percolate(make_event(heading="Foghorns: Repairs"))

    def turn():
        for hour in range(hours):
            take_turn(NOON + hour * timedelta(hours=1))

    def meddle():
        for hour in range(hours):
            now, alert = NOON + hour * timedelta(hours=1), alerts[hour % len(alerts)]
            subscriptions.pause(alert.user, alert.uuid, "manage", now)
            frequency = (Frequency.DAILY, Frequency.AS_IT_HAPPENS, Frequency.AS_IT_HAPPENS)[hour % 3]
            subscriptions.change_frequency(alert.user, alert.uuid, frequency, "manage", now)
            subscriptions.resume(alert.user, alert.uuid, "manage", now)

    with workers(5) as start:
        for worker in [start(report), start(turn), start(turn), start(turn), start(meddle)]:
            worker.result(3 * PATIENCE)
    for hour in range(3):
        take_turn(NOON + 5 * DAY + hour * timedelta(hours=1))

    for alert in alerts:
        ranges = list(alert.sections.order_by("from_seq").values_list("from_seq", "to_seq"))
        assert [seq for first, last in ranges for seq in range(first + 1, last + 1)] == list(range(1, events + 1))
    made = Digest.objects.filter(frequency=Frequency.AS_IT_HAPPENS).order_by("made_at")
    for alert in alerts:
        times = list(made.filter(user=alert.user_id).values_list("made_at", flat=True))
        assert all(later - earlier >= APART for earlier, later in pairwise(times))


def test_a_schedule_of_another_frequency_is_never_woken():
    alert = subscribe()
    weekly = make_schedule(alert.user, Frequency.WEEKLY, NOON + DAY)
    happen()
    ring(NOON)
    weekly.refresh_from_db()
    assert weekly.next_due_at == NOON + DAY
