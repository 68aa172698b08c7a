"""Percolating: released events are numbered, and every topic that matches gets its hit."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.matching import percolate as percolating
from alerts.matching.percolate import Percolated, percolate, percolate_due
from alerts.matching.retire import retire
from alerts.models import Counter, Event, Hit, Topic
from tests.factories import NOW, make_department, make_event, make_item, make_member, make_topic

pytestmark = pytest.mark.django_db


def seqs() -> list[int | None]:
    return list(Event.objects.order_by("id").values_list("seq", flat=True))


def hits(topic: Topic) -> list[tuple[int, int]]:
    return list(topic.hits.order_by("event_id").values_list("event_id", "seq"))


def test_events_are_numbered_in_the_order_they_came_and_hit_the_topics_that_match():
    foghorns, maternity = make_topic("foghorns"), make_topic("maternity")
    first = make_event(heading="Foghorns")
    second = make_event(heading="Maternity", question="How many?", answer="None.")
    third = make_event(heading="Maternity units with foghorns")

    assert percolate_due(NOW) == Percolated(events=3, hits=4)

    assert seqs() == [1, 2, 3]
    assert hits(foghorns) == [(first.id, 1), (third.id, 3)]
    assert hits(maternity) == [(second.id, 2), (third.id, 3)]
    assert Counter.current_seq() == 3


def test_a_second_time_changes_nothing():
    topic, event = make_topic(), make_event()
    assert percolate([event, event]) == 1
    assert percolate([event]) == 0
    assert percolate_due(NOW) == Percolated()
    assert hits(topic) == [(event.id, 1)]


def test_held_events_wait_until_they_are_released():
    topic, event = make_topic(), make_event(released=False)
    assert percolate([event]) == 0
    assert percolate_due(NOW) == Percolated()
    assert seqs() == [None]

    event.released_at = timezone.now()
    event.save()
    percolate_due(NOW)
    assert hits(topic) == [(event.id, 1)]


def test_baseline_events_are_hit_at_0_and_use_up_no_number():
    topic = make_topic()
    old, new = make_event(baseline=True), make_event()
    percolate_due(NOW)
    assert hits(topic) == [(old.id, 0), (new.id, 1)]


def test_what_corrects_an_answer_hits_every_topic_that_hit_the_answer():
    foghorns, sirens = make_topic("foghorns"), make_topic("sirens")
    item = make_item(heading="Coast", question="How many warnings?")
    answered = make_event("answered", item=item, answer="Four foghorns.", baseline=True)
    percolate_due(NOW)
    corrected = make_event("corrected", item=item, answer="Three sirens.", version="abc")
    again = make_event("corrected", item=item, answer="Two bells.", version="def")
    percolate_due(NOW)
    assert hits(foghorns) == [(answered.id, 0), (corrected.id, 1), (again.id, 2)]
    assert hits(sirens) == [(corrected.id, 1)]


def test_an_answer_and_its_correction_may_be_numbered_together():
    foghorns = make_topic("foghorns")
    item = make_item(heading="Coast", question="How many warnings?")
    make_event("answered", item=item, answer="Four foghorns.")
    corrected = make_event("corrected", item=item, answer="Three sirens.", version="abc")
    percolate_due(NOW)
    assert (corrected.id, 2) in hits(foghorns)


def test_a_hidden_item_is_percolated_all_the_same():
    topic, item = make_topic(), make_item(hidden_at=NOW)
    event = make_event(item=item)
    percolate_due(NOW)
    assert hits(topic) == [(event.id, 1)]


def test_a_retired_topic_gets_no_hits_although_the_index_still_holds_it():
    topic = make_topic()
    percolate([make_event()])
    assert retire(NOW.replace(year=2027)) == 1
    percolate([make_event()])
    assert topic.hits.count() == 1
    assert topic.id not in percolating.known_topics().index.topics


def test_a_revived_topic_is_matched_again():
    topic = make_topic()
    percolate([make_event()])
    retire(NOW.replace(year=2027))
    percolate([make_event()])
    assert make_topic() == topic
    third = make_event()
    percolate([third])
    assert (third.id, 3) in hits(topic)


def test_a_topic_whose_words_cannot_be_read_stops_nobody_else(caplog):
    Topic.objects.filter(pk=make_topic("sirens").pk).update(canonical='"')
    topic = make_topic()
    event = make_event()
    percolate_due(NOW)
    assert hits(topic) == [(event.id, 1)]
    assert "topic cannot be read" in caplog.text


def test_a_kill_before_the_commit_leaves_nothing_of_the_batch(monkeypatch):
    topic, event = make_topic(), make_event()

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(percolating, "_told_before", killed)
        with pytest.raises(SystemExit):
            percolate([event])
    assert (seqs(), hits(topic), Counter.current_seq()) == ([None], [], 0)

    assert percolate_due(NOW) == Percolated(events=1, hits=1)
    assert hits(topic) == [(event.id, 1)]


def test_a_text_that_breaks_the_analysis_stops_nobody_else(monkeypatch, caplog):
    bad = make_event(heading="Poison")
    make_event()
    analyse = Event.document.fget
    monkeypatch.setattr(Event, "document", property(lambda event: 1 / 0 if event == bad else analyse(event)))
    assert percolate_due(NOW) == Percolated(events=1)
    assert seqs() == [None, 1]
    assert "event cannot be matched" in caplog.text


def test_a_round_ends_in_time_and_the_next_one_goes_on(monkeypatch):
    make_event()
    with monkeypatch.context() as patch:
        patch.setattr(percolating, "ROUND_SECONDS", 0)
        assert percolate_due(NOW) == Percolated()
    assert percolate_due(NOW) == Percolated(events=1)


def test_a_round_is_bounded_and_the_next_one_goes_on():
    for _ in range(5):
        make_event(happened_on=date(2026, 3, 1))
    assert percolate_due(NOW, limit=3).events == 3
    assert seqs() == [1, 2, 3, None, None]
    assert percolate_due(NOW).events == 2


def test_a_transaction_holds_no_more_events_and_hits_than_it_should(monkeypatch, django_assert_num_queries):
    for words in ("foghorns", "repairs", "horns OR foghorns"):
        make_topic(words)
    events = [make_event() for _ in range(6)]
    found = percolating.known_topics()
    monkeypatch.setattr(percolating, "MOST_HITS", 7)
    assert [len(batch) for batch in percolating._batches(events, found)] == [2, 2, 2]
    monkeypatch.setattr(percolating, "MOST_EVENTS", 5)
    monkeypatch.setattr(percolating, "MOST_HITS", 2)
    assert [len(batch) for batch in percolating._batches(events, found)] == [1] * 6
    monkeypatch.setattr(percolating, "MOST_HITS", 1000)
    assert [len(batch) for batch in percolating._batches(events, found)] == [5, 1]
    percolate(events)
    assert Hit.objects.count() == 18


@pytest.mark.parametrize("events", [1, 50])
def test_what_is_around_the_events_is_read_once_for_all(events):
    make_topic("dept:lighthouses")
    percolating.known_topics()
    for number in range(events):
        names = {"asking_member": make_member(f"Ada {number}"), "answering_member": make_member(f"Bo {number}")}
        make_event(department=make_department(f"Ministry {number % 9}"), **names)
    with CaptureQueriesContext(connection) as seen:
        percolate_due(NOW)
    asked = [query["sql"] for query in seen]
    assert len(asked) == 13, "\n".join(asked)


@pytest.mark.parametrize("topics", [1, 50])
def test_a_batch_takes_as_many_statements_however_many_topics_are_found(topics, django_assert_num_queries):
    for number in range(topics):
        make_topic(f"foghorns OR sirens{number}")
    percolating.known_topics()
    events = [make_event(), make_event()]
    with django_assert_num_queries(10):
        percolate(events)
    assert Hit.objects.count() == 2 * topics
