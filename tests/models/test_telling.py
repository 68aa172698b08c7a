"""What the database itself refuses about who is told what: hits, subscriptions, digests, the counter, the log."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from alerts.models import Change, Counter, Digest, Hit, Schedule, Section, Subscription, Topic
from alerts.models.choices import Frequency
from tests.factories import NOW, make_event, make_person, make_schedule, make_subscription, make_topic

pytestmark = pytest.mark.django_db


def make_digest(subscription: Subscription, **fields) -> Digest:
    values = {"frequency": subscription.frequency, "period_key": "2026-03-10", "made_at": NOW}
    return Digest.objects.create(user=subscription.user, **(values | fields))


def make_section(subscription: Subscription, from_seq: int, to_seq: int, **fields) -> Section:
    digest = fields.pop("digest", None) or make_digest(subscription, period_key=f"{from_seq}-{to_seq}")
    same = {"topic": subscription.topic, "query": subscription.query, "kinds": subscription.kinds}
    return Section.objects.create(
        digest=digest, subscription=subscription, position=0, from_seq=from_seq, to_seq=to_seq, **same
    )


def test_a_topic_hits_an_event_once():
    topic, event = make_topic(), make_event()
    Hit.objects.create(topic=topic, event=event, seq=1)
    with pytest.raises(IntegrityError, match="hit_once"):
        Hit.objects.create(topic=topic, event=event, seq=1)


@pytest.mark.parametrize("change", [{"version": None}, {"retired_at": NOW}])
def test_a_topic_is_either_matched_or_retired(change):
    with pytest.raises(IntegrityError, match="topic_matched_or_retired"):
        Topic.objects.filter(pk=make_topic().pk).update(**change)


@pytest.mark.parametrize("field", ["key", "version"])
def test_two_topics_share_neither_key_nor_version(field):
    first, second = make_topic("foghorns"), make_topic("sirens")
    with pytest.raises(IntegrityError, match=f"alerts_topic_{field}"):
        Topic.objects.filter(pk=second.pk).update(**{field: getattr(first, field)})


def test_told_through_only_rises():
    subscription = make_subscription(told_through=5)
    subscription.told_through = 6
    subscription.save()
    subscription.told_through = 5
    with pytest.raises(DatabaseError, match="told_through only rises"):
        subscription.save()


def test_told_through_begins_at_0_at_least():
    with pytest.raises(IntegrityError, match="subscription_told_through"):
        make_subscription(told_through=-1)


def test_a_person_has_one_live_subscription_to_a_topic():
    subscription = make_subscription()
    with pytest.raises(IntegrityError, match="subscription_once"):
        make_subscription(subscription.user)


def test_after_the_end_the_same_search_may_be_saved_again():
    old = make_subscription(ended_at=NOW, end_reason="person")
    assert make_subscription(old.user).topic == old.topic


@pytest.mark.parametrize("fields", [{"ended_at": NOW}, {"end_reason": "person"}])
def test_a_subscription_ends_for_a_reason(fields):
    with pytest.raises(IntegrityError, match="subscription_ends_for_a_reason"):
        make_subscription(**fields)


def test_a_topic_somebody_subscribed_to_is_never_deleted():
    subscription = make_subscription()
    with pytest.raises(ProtectedError):
        subscription.topic.delete()


def test_a_person_has_one_schedule_of_a_frequency():
    person = make_person()
    make_schedule(person)
    with pytest.raises(IntegrityError, match="schedule_one_per_frequency"):
        Schedule.objects.create(user=person, frequency=Frequency.DAILY, next_due_at=NOW)


@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY])
def test_a_daily_or_weekly_schedule_always_has_a_due_time(frequency):
    with pytest.raises(IntegrityError, match="schedule_has_a_due_time"):
        Schedule.objects.create(user=make_person(), frequency=frequency)


def test_as_it_happens_is_not_due_within_a_quarter_of_an_hour_of_the_last_email():
    schedule = make_schedule(make_person(), Frequency.AS_IT_HAPPENS, last_sent_at=NOW)
    due = Schedule.objects.filter(pk=schedule.pk)
    due.update(next_due_at=NOW + timedelta(minutes=15))
    with pytest.raises(IntegrityError, match="schedule_as_it_happens_apart"):
        due.update(next_due_at=NOW + timedelta(minutes=14))


def test_there_is_one_digest_for_a_person_and_period():
    subscription = make_subscription()
    make_digest(subscription)
    make_digest(subscription, part=str(subscription.pk))
    with pytest.raises(IntegrityError, match="digest_one_per_period"):
        make_digest(subscription)


def test_a_range_is_told_once():
    subscription = make_subscription()
    make_section(subscription, 0, 5)
    make_section(subscription, 5, 9)
    with pytest.raises(IntegrityError, match="section_tells_once"):
        make_section(subscription, 5, 12)


@pytest.mark.parametrize("to_seq", [3, 4])
def test_a_section_has_a_range(to_seq):
    with pytest.raises(IntegrityError, match="section_has_a_range"):
        make_section(make_subscription(), 4, to_seq)


@pytest.mark.parametrize("field", ["seq", "topic_version", "rung_through"])
def test_the_counter_only_rises(field):
    Counter.objects.update(seq=5, topic_version=5, rung_through=5)
    with pytest.raises(DatabaseError, match="the counter only rises"):
        Counter.objects.update(**{field: 4})


def test_the_counter_rings_what_is_numbered_only():
    with pytest.raises(IntegrityError, match="counter_rings_the_past"):
        Counter.objects.update(seq=5, rung_through=6)


def test_there_is_one_counter():
    with pytest.raises(IntegrityError, match="counter_is_one_row"):
        Counter.objects.create(pk=2)


def test_the_log_of_changes_is_append_only():
    line = Change.objects.create(at=NOW, actor="system", object_type="topic", object_id=1, action="retired")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Change.objects.filter(pk=line.pk).update(reason="another")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        line.delete()
    assert Change.objects.get().reason == ""
