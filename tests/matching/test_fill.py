"""Filling: a new topic finds what happened in the last 90 days, in bounded steps that may stop anywhere."""

from datetime import timedelta

import pytest

from alerts.matching import fill as filling
from alerts.matching.fill import Filled, fill
from alerts.matching.percolate import percolate_due
from alerts.matching.retire import retire
from alerts.models import Hit, Topic
from tests.factories import NOW, make_department, make_event, make_item, make_member, make_topic

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def hits(topic: Topic) -> list[tuple[int, int]]:
    return list(topic.hits.order_by("event_id").values_list("event_id", "seq"))


def days_ago(days: int):
    return TODAY - timedelta(days=days)


def test_a_new_topic_finds_its_past_with_the_numbers_it_was_given():
    baseline = make_event(baseline=True, happened_on=days_ago(60))
    told = make_event(happened_on=days_ago(3))
    make_event(heading="Lighthouses", question="How many?", answer="None.")
    percolate_due(NOW)
    topic = make_topic()

    assert fill(NOW) == Filled(topics=1, waiting=0)

    assert hits(topic) == [(baseline.id, 0), (told.id, 1)]
    topic.refresh_from_db()
    assert (topic.filled_at, topic.filled_to) == (NOW, told.id)


def test_the_past_ends_90_days_ago():
    long_ago = NOW - timedelta(days=400)
    make_event(happened_on=days_ago(91), baseline=True)
    make_event(happened_on=days_ago(91), released_at=long_ago)
    edge = make_event(happened_on=days_ago(90), released_at=long_ago)
    percolate_due(NOW)
    topic = make_topic()
    fill(NOW)
    assert [event for event, _ in hits(topic)] == [edge.id]


def test_what_came_late_is_found_by_when_it_was_told():
    late = make_event(happened_on=days_ago(200), released_at=NOW - timedelta(days=2))
    percolate_due(NOW)
    topic = make_topic()
    fill(NOW)
    assert hits(topic) == [(late.id, 1)]


def test_events_that_are_not_numbered_yet_are_left_to_percolate():
    make_event()
    topic = make_topic()
    fill(NOW)
    assert hits(topic) == []
    percolate_due(NOW)
    assert len(hits(topic)) == 1


def test_it_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(filling, "MOST_EVENTS", 2)
    events = [make_event() for _ in range(5)]
    percolate_due(NOW)
    topic = make_topic()

    assert fill(NOW, most_batches=2) == Filled(topics=0, waiting=1)
    topic.refresh_from_db()
    assert (topic.filled_to, topic.filled_at) == (events[3].id, None)
    assert len(hits(topic)) == 4

    assert fill(NOW, most_batches=2) == Filled(topics=1, waiting=0)
    assert hits(topic) == [(event.id, event.id - events[0].id + 1) for event in events]


def test_after_a_kill_before_the_commit_the_batch_is_done_again(monkeypatch):
    events = [make_event() for _ in range(3)]
    percolate_due(NOW)
    topic = make_topic()

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(filling, "_insert", killed)
        with pytest.raises(SystemExit):
            fill(NOW)
    topic.refresh_from_db()
    assert (topic.filled_to, hits(topic)) == (0, [])

    fill(NOW)
    assert [event for event, _ in hits(topic)] == [event.id for event in events]


def test_nothing_is_doubled_where_percolate_was_first():
    topic = make_topic()
    event = make_event()
    percolate_due(NOW)
    fill(NOW)
    assert hits(topic) == [(event.id, 1)]


def test_what_corrects_an_answer_in_the_past_is_hit_with_it():
    item = make_item(heading="Coast", question="How many warnings?")
    answered = make_event("answered", item=item, answer="Four foghorns.", baseline=True)
    corrected = make_event("corrected", item=item, answer="Three sirens.", version="abc")
    percolate_due(NOW)
    topic = make_topic("foghorns")
    fill(NOW)
    assert hits(topic) == [(answered.id, 0), (corrected.id, 1)]


def test_a_topic_that_began_anew_meanwhile_is_not_moved_by_who_filled_it_before():
    make_event()
    percolate_due(NOW)
    stale = make_topic()
    retire(NOW.replace(year=2027))
    revived = make_topic()
    assert filling._move(stale, filled_to=7) is False
    revived.refresh_from_db()
    assert revived.filled_to == 0


def test_the_oldest_topic_is_filled_first_and_a_round_is_bounded():
    make_event(heading="Foghorns and sirens")
    percolate_due(NOW)
    first, second = make_topic("foghorns"), make_topic("sirens")
    assert fill(NOW, most_batches=2) == Filled(topics=1, waiting=1)
    assert (len(hits(first)), len(hits(second))) == (1, 0)
    fill(NOW)
    assert len(hits(second)) == 1


def test_a_round_ends_in_time_and_the_next_one_goes_on(monkeypatch):
    make_event()
    percolate_due(NOW)
    topic = make_topic()
    with monkeypatch.context() as patch:
        patch.setattr(filling, "ROUND_SECONDS", 0)
        assert fill(NOW) == Filled(topics=0, waiting=1)
    assert fill(NOW) == Filled(topics=1, waiting=0)
    assert len(hits(topic)) == 1


def test_a_topic_whose_words_cannot_be_read_stops_nobody_else(caplog):
    Topic.objects.filter(pk=make_topic("sirens").pk).update(canonical='"')
    make_topic()
    assert fill(NOW) == Filled(topics=1, waiting=1)
    assert "topic cannot be read" in caplog.text


@pytest.mark.parametrize("events", [1, 50])
def test_what_is_around_the_events_is_read_once_for_all(events, django_assert_num_queries):
    for number in range(events):
        names = {"asking_member": make_member(f"Ada {number}"), "answering_member": make_member(f"Bo {number}")}
        make_event(department=make_department(f"Ministry {number % 9}"), **names)
    percolate_due(NOW)
    make_topic("foghorns -dept:lighthouses")
    with django_assert_num_queries(18):
        fill(NOW)
    assert Hit.objects.count() == events
