"""Several workers at once, on connections of their own: nothing is lost, doubled or seen out of order."""

import time
from threading import Event as Signal

import pytest
from django.db import transaction

from alerts.matching import percolate as percolating
from alerts.matching.fill import fill
from alerts.matching.percolate import percolate, percolate_due
from alerts.models import Counter, Event, Hit, Topic
from alerts.query import matches, parse
from tests.factories import NOW, make_event, make_item, make_topic
from tests.workers import PATIENCE, somebody_waits_for_a_lock, wait_until, workers

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_topic_is_matched_against_the_next_event_even_when_every_index_is_old():
    make_topic("sirens")
    events = [make_event(), make_event()]
    with workers(2) as start:
        with transaction.atomic():
            topic = Topic.objects.opened(parse("foghorns").tree, NOW)
            at_work = [start(percolate, [event]) for event in events]
            wait_until(somebody_waits_for_a_lock)
            assert Hit.objects.count() == 0
        assert [worker.result(PATIENCE) for worker in at_work] == [1, 1]
    assert sorted(topic.hits.values_list("seq", flat=True)) == [1, 2]


def test_a_topic_analysed_anew_is_matched_by_what_it_says_now_even_when_the_index_is_old():
    topic = make_topic("foghorns")
    event = make_event()
    with workers(1) as start:
        with transaction.atomic():
            counter = Counter.locked()
            topic.canonical = "sirens"
            topic.begin(counter.next_topic_version())
            worker = start(percolate, [event])
            wait_until(somebody_waits_for_a_lock)
        assert worker.result(PATIENCE) == 1
    assert topic.hits.count() == 0


def test_an_event_is_not_numbered_before_a_lower_number_is_committed():
    first, second = make_event(), make_event()
    with workers(1) as start:
        with transaction.atomic():
            percolate([first])
            worker = start(percolate, [second])
            wait_until(somebody_waits_for_a_lock)
            assert not worker.done()
        assert worker.result(PATIENCE) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.seq, second.seq) == (1, 2)


def test_a_reader_never_sees_a_number_before_the_ones_below_it(monkeypatch):
    monkeypatch.setattr(percolating, "MOST_EVENTS", 1)
    events = [make_event() for _ in range(60)]
    stop = Signal()

    def read() -> int:
        looked = 0
        while not stop.is_set():
            seqs = sorted(Event.objects.filter(seq__gt=0).values_list("seq", flat=True))
            assert seqs == list(range(1, len(seqs) + 1))
            looked += 1
        return looked

    with workers(4) as start:
        reader = start(read)
        at_work = [start(percolate, part) for part in (events[0::3], events[1::3], events[2::3])]
        done = [worker.result(PATIENCE) for worker in at_work]
        stop.set()
        assert reader.result(PATIENCE) > 1
    assert done == [20, 20, 20]


def test_two_who_percolate_the_same_events_number_each_once_and_hit_each_once(monkeypatch):
    monkeypatch.setattr(percolating, "MOST_EVENTS", 7)
    topics = [make_topic(words) for words in ("foghorns", "repairs", "sirens")]
    for _ in range(60):
        make_event()
    with workers(3) as start:
        rounds = [start(percolate_due, NOW) for _ in range(3)]
        done = [round.result(PATIENCE) for round in rounds]
    assert sum(round.events for round in done) == 60
    assert sorted(Event.objects.values_list("seq", flat=True)) == list(range(1, 61))
    assert [topic.hits.count() for topic in topics] == [60, 60, 0]
    assert Counter.current_seq() == 60


def test_a_correction_numbered_while_its_answer_is_being_filled_is_hit():
    item = make_item(heading="Coast", question="How many warnings?")
    answered = make_event("answered", item=item, answer="Four foghorns.")
    percolate([answered])
    topic = make_topic("foghorns")
    corrected = make_event("corrected", item=item, answer="Three sirens.", version="abc")
    with workers(2) as start:
        with transaction.atomic():
            Topic.objects.select_for_update().get(pk=topic.pk)
            filler = start(fill, NOW)
            wait_until(somebody_waits_for_a_lock)
            assert start(percolate, [corrected]).result(PATIENCE) == 1
        filler.result(PATIENCE)
    assert sorted(topic.hits.values_list("event_id", "seq")) == [(answered.id, 1), (corrected.id, 2)]


def test_a_correction_not_committed_yet_is_waited_for_at_the_end_of_filling():
    item = make_item(heading="Coast", question="How many warnings?")
    answered = make_event("answered", item=item, answer="Four foghorns.")
    percolate([answered])
    topic = make_topic("foghorns")
    corrected = make_event("corrected", item=item, answer="Three sirens.", version="abc")
    with workers(1) as start:
        with transaction.atomic():
            percolate([corrected])
            filler = start(fill, NOW)
            wait_until(lambda: somebody_waits_for_a_lock() or filler.done())
        filler.result(PATIENCE)
    assert sorted(topic.hits.values_list("event_id", "seq")) == [(answered.id, 1), (corrected.id, 2)]


def test_topics_opened_and_filled_while_events_are_percolated_hit_all_they_match(monkeypatch):
    monkeypatch.setattr(percolating, "MOST_EVENTS", 3)
    monkeypatch.setattr("alerts.matching.fill.MOST_EVENTS", 5)
    words = ["foghorns", "sirens", "bells", "foghorns OR bells", "sirens -bells", '"loud bells"']
    _many_events()
    stop = Signal()

    def open_topics() -> None:
        for typed in words:
            make_topic(typed)
            time.sleep(0.05)

    def keep_filling() -> None:
        while not stop.is_set():
            fill(NOW, most_batches=3)

    with workers(5) as start:
        fillers = [start(keep_filling), start(keep_filling)]
        at_work = [start(percolate_due, NOW), start(percolate_due, NOW), start(open_topics)]
        for worker in at_work:
            worker.result(PATIENCE)
        wait_until(lambda: not Topic.objects.unfilled().exists())
        stop.set()
        for filler in fillers:
            filler.result(PATIENCE)

    assert Topic.objects.count() == len(words)
    for topic in Topic.objects.all():
        assert set(topic.hits.values_list("event_id", "seq")) == _what_it_should_hit(topic), topic


def _many_events() -> None:
    """Forty questions with their answers, and ten corrections with other words; a third of them baseline."""
    for number in range(40):
        item = make_item(heading="Coast", question="How many warnings?")
        answer = ("Four foghorns.", "Two sirens.", "Loud bells and sirens.", "None.")[number % 4]
        make_event("answered", item=item, answer=answer, baseline=number % 3 == 0)
        if number % 4 == 1:
            make_event("corrected", item=item, answer="Three buoys.", version="abc")


def _what_it_should_hit(topic: Topic) -> set[tuple[int, int]]:
    tree = parse(topic.canonical).tree
    found = [event for event in Event.objects.all() if matches(tree, event.document)]
    answers = {event.item_id for event in found if event.kind == "answered"}
    found += Event.objects.filter(kind="corrected", item__in=answers)
    return {(event.id, event.seq) for event in found}
