import threading
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction

from accounts.models import Suppression, User
from accounts.suppressions import suppress
from alerts.digests.compose import Composed, Overtaken, _tell, compose_due
from alerts.models import Digest, Message, Schedule, Section, Subscription, Topic
from alerts.models.choices import Frequency
from alerts.web import preferences, subscriptions
from tests.digests.told import MORNING, happen, headings, percolate, told
from tests.factories import make_event, make_person, make_subscription

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def subscribe(words="foghorns", person=None, **fields) -> Subscription:
    """A subscription made the evening before, so that its person's daily email is due in the morning."""
    subscription = make_subscription(person, words, now=MORNING - timedelta(hours=12), **fields)
    Schedule.objects.filter(user=subscription.user).update(next_due_at=MORNING)
    return subscription


def schedule(person: User, frequency: str = Frequency.DAILY) -> Schedule:
    return Schedule.objects.get(user=person, frequency=frequency)


def test_news_makes_one_digest_with_its_section_and_its_message():
    alert = subscribe(name="Horns")
    happen(heading="Foghorns: Repairs")

    assert compose_due(MORNING) == Composed(digests=1)

    digest = Digest.objects.get()
    assert told(digest) == [("Horns", ["Foghorns: Repairs"])]
    assert (digest.period_key, digest.part, digest.since) == ("2026-03-11", "", None)
    message = digest.message
    assert (message.kind, message.state, message.to_address) == ("digest", "pending", alert.user.email)
    assert message.message_id == f"<{message.uuid}@localhost>"
    alert.refresh_from_db()
    assert alert.told_through == Section.objects.get().to_seq == 1
    assert schedule(alert.user).next_due_at == MORNING + DAY
    assert schedule(alert.user).last_sent_at == MORNING


def test_nothing_new_means_no_digest_and_no_mail():
    alert = subscribe("lightships")
    happen(heading="Foghorns: Repairs")

    assert compose_due(MORNING) == Composed(quiet=1)

    assert not Message.objects.exists()
    alert.refresh_from_db()
    assert alert.told_through == 1, "so that a later edit never tells what is long past"
    assert schedule(alert.user).next_due_at == MORNING + DAY


def test_who_is_not_due_is_left_alone():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    assert compose_due(MORNING - timedelta(seconds=1)) == Composed()
    assert Subscription.objects.get(pk=alert.pk).told_through == 0


def test_a_second_round_tells_nothing_twice():
    subscribe()
    happen()
    compose_due(MORNING)
    assert compose_due(MORNING) == Composed()
    assert compose_due(MORNING + DAY) == Composed(quiet=1)
    assert Digest.objects.count() == 1


def test_each_event_is_told_in_the_first_digest_after_it():
    subscribe()
    first = happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    second = happen(heading="Foghorns: Costs")
    compose_due(MORNING + DAY)
    assert [told(d)[0][1] for d in Digest.objects.order_by("id")] == [[first.heading], [second.heading]]
    assert Digest.objects.order_by("id").last().since == MORNING


def test_days_without_compose_give_one_late_digest_with_everything():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    happen(heading="Foghorns: Costs")
    late = MORNING + 3 * DAY + timedelta(hours=2)

    compose_due(late)

    digest = Digest.objects.get()
    assert told(digest) == [("foghorns", ["Foghorns: Repairs", "Foghorns: Costs"])]
    assert digest.period_key == "2026-03-14"
    assert schedule(alert.user).next_due_at == MORNING + 4 * DAY


def test_a_morning_missed_as_the_clocks_change_has_its_line_in_the_log(caplog):
    """It is 23 hours from the one due time to the next."""
    subscribe()
    Schedule.objects.update(next_due_at=datetime(2026, 3, 28, 7, 30, tzinfo=UTC))
    compose_due(datetime(2026, 3, 29, 6, 30, tzinfo=UTC))
    assert "dates_skipped" in caplog.text


def test_an_hour_changed_after_the_digest_sends_nothing_more_that_day():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    evening = MORNING + timedelta(hours=10)
    User.objects.filter(pk=alert.user_id).update(delivery_time=time(17, 30))
    Schedule.objects.update(next_due_at=evening)
    happen(heading="Foghorns: Costs")

    assert compose_due(evening) == Composed()
    assert schedule(alert.user).next_due_at == evening + DAY
    assert Subscription.objects.get().told_through == 1, "what is new waits for the next digest"
    assert compose_due(evening + DAY).digests == 1


def test_alerts_of_one_frequency_share_a_digest_in_the_persons_order():
    person = make_person()
    subscribe("lamps", person, position=2)
    subscribe("foghorns", person, position=1)
    subscribe("buoys", person, position=0)
    happen(heading="Lamps and foghorns")
    compose_due(MORNING)
    assert [title for title, _ in told(Digest.objects.get())] == ["foghorns", "lamps"]
    assert set(Subscription.objects.values_list("told_through", flat=True)) == {1}


def test_by_choice_every_alert_has_its_own_digest():
    person = make_person(combined=False)
    horns, lamps = subscribe("foghorns", person), subscribe("lamps", person)
    subscribe("buoys", person)
    happen(heading="Lamps and foghorns")
    assert compose_due(MORNING).digests == 2
    assert set(Digest.objects.values_list("part", flat=True)) == {str(horns.pk), str(lamps.pk)}
    assert set(Subscription.objects.values_list("told_through", flat=True)) == {1}


def test_weekly_alerts_go_by_themselves_on_their_weekday():
    alert = subscribe(frequency=Frequency.WEEKLY)
    happen()
    compose_due(MORNING)
    assert Digest.objects.get().frequency == Frequency.WEEKLY
    assert schedule(alert.user, Frequency.WEEKLY).next_due_at == datetime(2026, 3, 16, 7, 30, tzinfo=UTC)


def test_kinds_that_are_not_wanted_are_not_told():
    alert = subscribe()
    happen("tabled", heading="Foghorns: Repairs")
    happen("withdrawn", heading="Foghorns: Repairs")
    assert compose_due(MORNING) == Composed(quiet=1)
    Subscription.objects.filter(pk=alert.pk).update(wants_tabled=True)
    happen("tabled", heading="Foghorns: Costs")
    compose_due(MORNING + DAY)
    assert told(Digest.objects.get()) == [("foghorns", ["Foghorns: Costs"])]


def test_a_correction_is_told_to_those_who_want_corrections():
    wanting, other = subscribe(), subscribe(wants_corrected=False)
    happen("corrected", version="a1")
    compose_due(MORNING)
    assert [digest.user_id for digest in Digest.objects.all()] == [wanting.user_id]
    assert other.user_id != wanting.user_id


def test_what_was_there_before_the_first_poll_is_never_told():
    subscribe()
    happen(baseline=True)
    assert compose_due(MORNING) == Composed(quiet=1)


def test_hidden_items_are_left_out():
    subscribe()
    hidden = happen(heading="Foghorns: Repairs")
    hidden.item.hidden_at = MORNING
    hidden.item.save()
    assert compose_due(MORNING) == Composed(quiet=1)


def test_nobody_suppressed_is_composed_for_and_lifting_gives_one_catch_up():
    alert = subscribe()
    happen(heading="Foghorns: Repairs")
    suppress(alert.user.email, "hard_bounce", MORNING)

    assert compose_due(MORNING) == Composed(quiet=1)
    assert Subscription.objects.get().told_through == 0

    Suppression.objects.all().delete()
    happen(heading="Foghorns: Costs")
    compose_due(MORNING + DAY)
    assert told(Digest.objects.get()) == [("foghorns", ["Foghorns: Repairs", "Foghorns: Costs"])]


HOLIDAY = {"paused_from": date(2026, 3, 11), "paused_until": date(2026, 3, 12)}


@pytest.mark.parametrize("away", [HOLIDAY, {"delete_after": MORNING}, {"is_active": False}])
def test_nobody_away_is_composed_for(away):
    alert = subscribe()
    happen()
    User.objects.filter(pk=alert.user_id).update(**away)
    assert compose_due(MORNING) == Composed(quiet=1)
    assert Subscription.objects.get().told_through == 0


def test_a_paused_alert_keeps_what_is_pending_and_an_ended_one_is_over():
    paused, ended = subscribe(), subscribe()
    happen(heading="Foghorns: Repairs")
    Subscription.objects.filter(pk=paused.pk).update(paused_at=MORNING)
    Subscription.objects.filter(pk=ended.pk).update(ended_at=MORNING, end_reason="person")
    assert compose_due(MORNING) == Composed(quiet=2)
    Subscription.objects.filter(pk=paused.pk).update(paused_at=None)
    compose_due(MORNING + DAY)
    assert told(Digest.objects.get()) == [("foghorns", ["Foghorns: Repairs"])]


def test_a_catch_up_reaches_back_thirty_days():
    alert = subscribe()
    happen(heading="Foghorns: Long ago", released_at=MORNING - 40 * DAY)
    happen(heading="Foghorns: Repairs", released_at=MORNING - 20 * DAY)
    compose_due(MORNING)
    assert told(Digest.objects.get()) == [("foghorns", ["Foghorns: Repairs"])]
    assert Section.objects.get().from_seq == 1
    assert Subscription.objects.get(pk=alert.pk).told_through == 2


def test_only_what_is_too_old_gives_no_digest():
    subscribe()
    happen(released_at=MORNING - 40 * DAY)
    assert compose_due(MORNING) == Composed(quiet=1)
    assert Subscription.objects.get().told_through == 1


def test_a_topic_whose_past_is_still_searched_is_waited_for():
    alert = subscribe()
    happen()
    Topic.objects.update(filled_at=None)
    assert compose_due(MORNING) == Composed()
    Topic.objects.update(filled_at=MORNING)
    assert compose_due(MORNING + timedelta(minutes=1)).digests == 1
    assert Digest.objects.get().user_id == alert.user_id


def test_after_an_hour_the_other_alerts_go_without_it():
    person = make_person()
    slow, ready = subscribe("foghorns", person), subscribe("repairs", person)
    happen(heading="Foghorns: Repairs")
    Topic.objects.filter(pk=slow.topic_id).update(filled_at=None)
    assert compose_due(MORNING + timedelta(minutes=59)) == Composed()
    assert compose_due(MORNING + timedelta(minutes=61)).digests == 1
    assert told(Digest.objects.get()) == [("repairs", ["Foghorns: Repairs"])]
    assert Subscription.objects.get(pk=slow.pk).told_through == 0
    assert Subscription.objects.get(pk=ready.pk).told_through == 1


def test_an_edit_tells_what_is_pending_under_the_new_words():
    alert = subscribe("foghorns")
    other = make_subscription(words="lamps")
    happen(heading="Foghorns: Repairs")
    happen(heading="Lamps: Repairs")
    Subscription.objects.filter(pk=alert.pk).update(topic=other.topic, query="lamps")
    compose_due(MORNING)
    assert told(Digest.objects.get(user=alert.user)) == [("lamps", ["Lamps: Repairs"])]


def test_one_person_in_trouble_does_not_hold_up_the_others():
    broken, well = subscribe(), subscribe()
    User.objects.filter(pk=broken.user_id).update(timezone="Mars/Olympus")
    happen()
    assert compose_due(MORNING) == Composed(digests=1)
    assert Digest.objects.get().user_id == well.user_id


def test_a_round_is_bounded():
    for _ in range(3):
        subscribe()
    happen()
    assert compose_due(MORNING, limit=2).digests == 2
    assert compose_due(MORNING, limit=2).digests == 1


def test_people_without_news_are_moved_on_together(django_assert_max_num_queries):
    for _ in range(25):
        subscribe()
    with django_assert_max_num_queries(12):
        assert compose_due(MORNING) == Composed(quiet=25)


# ---- late, missed, and in another shape


@pytest.mark.parametrize(
    ("frequency", "due", "late", "served", "following"),
    [
        (Frequency.DAILY, MORNING, MORNING + 2 * DAY + DAY / 4, "2026-03-13", MORNING + 3 * DAY),
        (Frequency.WEEKLY, MORNING - 2 * DAY, MORNING, "2026-03-09", MORNING + 5 * DAY),
        (Frequency.WEEKLY, MORNING - 16 * DAY, MORNING, "2026-03-09", MORNING + 5 * DAY),
    ],
)
def test_after_an_outage_one_late_digest_says_when_it_was_due(frequency, due, late, served, following):
    alert = subscribe(frequency=frequency)
    Schedule.objects.update(next_due_at=due)
    happen(heading="Foghorns: Repairs")
    happen(heading="Foghorns: Costs")
    for minute in range(3):
        compose_due(late + timedelta(minutes=minute))
    digest = Digest.objects.get()
    assert told(digest) == [("foghorns", ["Foghorns: Repairs", "Foghorns: Costs"])]
    assert (digest.period_key, digest.due_at, digest.made_at) == (served, due, late)
    assert schedule(alert.user, frequency).next_due_at == following


@pytest.mark.parametrize("combined", [True, False])
def test_switching_between_one_email_and_several_within_a_period_tells_nothing_twice(combined):
    person = make_person(combined=combined)
    subscribe("foghorns", person), subscribe("lamps", person)
    happen(heading="Lamps and foghorns")
    made = compose_due(MORNING).digests
    assert made == (1 if combined else 2)

    preferences.change_combined(person, not combined, "manage", MORNING + DAY / 4)
    Schedule.objects.update(next_due_at=MORNING + DAY / 4)
    happen(heading="More lamps and foghorns")
    assert compose_due(MORNING + DAY / 4) == Composed(), "the period has its digest"
    assert Digest.objects.count() == made

    assert compose_due(MORNING + DAY).digests == 3 - made
    headings = [heading for digest in Digest.objects.order_by("id") for _, found in told(digest) for heading in found]
    assert headings == ["Lamps and foghorns"] * 2 + ["More lamps and foghorns"] * 2


def test_to_and_fro_between_one_email_and_several_each_alert_is_told_everything_once():
    person = make_person()
    alerts = [subscribe("foghorns", person), subscribe("lamps", person, wants_tabled=True)]
    for day in range(8):
        happen(heading=f"Lamps and foghorns {day}")
        happen("tabled", heading=f"Lamps {day}")
        compose_due(MORNING + day * DAY)
        preferences.change_combined(User.objects.get(), day % 3 == 0, "manage", MORNING + day * DAY)
    for alert, each_day in zip(alerts, (["Lamps and foghorns"], ["Lamps and foghorns", "Lamps"]), strict=True):
        found = [heading for section in alert.sections.order_by("from_seq") for heading in headings(section)]
        assert found == [f"{words} {day}" for day in range(8) for words in each_day]


# ---- what a digest has to say about itself


def test_the_first_section_of_an_alert_says_so_and_no_later_one():
    """Also where the alert comes under another frequency, which has sent nothing yet."""
    alert = subscribe()
    happen()
    compose_due(MORNING)
    assert Section.objects.get().first is True
    subscriptions.change_frequency(alert.user, alert.uuid, Frequency.WEEKLY, "manage", MORNING)
    happen()
    compose_due(MORNING + 6 * DAY)
    later = Section.objects.latest("id")
    assert (later.digest.frequency, later.digest.since, later.first) == (Frequency.WEEKLY, None, False)
    assert Subscription.objects.get().last_told_at == MORNING + 6 * DAY


def test_a_pause_makes_the_next_email_a_catch_up_only_if_one_was_missed():
    alert = subscribe()
    for hours, missed in ((1, False), (48, True)):
        paused_at = MORNING - timedelta(hours=2)
        Subscription.objects.update(paused_at=paused_at)
        subscriptions.resume(alert.user, alert.uuid, "manage", paused_at + timedelta(hours=hours))
        alert.refresh_from_db()
        assert (alert.away_for, alert.away_since) == (("paused", paused_at) if missed else ("", None))
    happen()
    compose_due(MORNING + 2 * DAY)
    section = Section.objects.get()
    assert (section.away_for, section.away_since, section.left_behind) == ("paused", paused_at, False)
    alert.refresh_from_db()
    assert (alert.away_for, alert.away_since) == ("", None), "the one after it is as ever"


def test_a_catch_up_without_news_is_over_all_the_same():
    alert = subscribe()
    Subscription.objects.update(away_since=MORNING - DAY, away_for="paused")
    compose_due(MORNING)
    alert.refresh_from_db()
    assert (alert.away_for, alert.away_since) == ("", None)


def test_what_was_stopped_and_taken_back_and_who_was_suppressed_get_a_catch_up_too():
    stopped, suppressed = subscribe(), subscribe()
    subscriptions.end(stopped.user, None, "person", "unsub", MORNING - DAY)
    suppress(suppressed.user.email, "hard_bounce", MORNING)
    happen()
    compose_due(MORNING)
    Suppression.objects.all().delete()
    subscriptions.undo(stopped.user, [stopped.uuid], "unsub", MORNING + DAY / 2)
    compose_due(MORNING + DAY)
    assert stopped.sections.get().away_for == "stopped" and stopped.sections.get().away_since == MORNING - DAY
    assert suppressed.sections.get().away_for == "address" and suppressed.sections.get().away_since == MORNING


def test_what_was_too_old_to_tell_is_said_to_be_left_behind():
    subscribe()
    happen(heading="Foghorns: Long ago", released_at=MORNING - 40 * DAY)
    happen(heading="Foghorns: Repairs", released_at=MORNING - 20 * DAY)
    compose_due(MORNING)
    assert Section.objects.get().left_behind is True
    happen()
    compose_due(MORNING + DAY)
    assert Section.objects.latest("id").left_behind is False


def test_what_somebody_else_told_meanwhile_is_not_told_again():
    alert = subscribe()
    happen()
    Subscription.objects.update(told_through=1)
    with pytest.raises(Overtaken):
        _tell([alert], 2, {}, MORNING)


@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_locked_is_left_for_the_next_round():
    alert = subscribe()
    happen()
    locked, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            User.objects.locked(alert.user_id)
            locked.set()
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(30)
    try:
        assert compose_due(MORNING) == Composed()
    finally:
        done.set()
        holder.join()
    assert compose_due(MORNING).digests == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_while_news_comes_in_tell_everything_exactly_once():
    alerts = [subscribe() for _ in range(6)]
    rounds = 12
    start = threading.Barrier(4)

    def compose():
        start.wait()
        for n in range(rounds):
            compose_due(MORNING + n * DAY)
        connection.close()

    def report():
        start.wait()
        for _ in range(rounds * 2):
            percolate(make_event())
        connection.close()

    workers = [threading.Thread(target=compose) for _ in range(3)] + [threading.Thread(target=report)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    compose_due(MORNING + (rounds + 1) * DAY)

    for alert in alerts:
        ranges = list(alert.sections.order_by("from_seq").values_list("from_seq", "to_seq"))
        assert all(before[1] <= after[0] for before, after in pairwise(ranges))
        assert [seq for first, last in ranges for seq in range(first + 1, last + 1)] == list(range(1, rounds * 2 + 1))
