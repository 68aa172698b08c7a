"""The preview: what a query would have found, told without an account."""

from datetime import timedelta

import pytest

from alerts.matching import preview as previewing
from alerts.matching.percolate import percolate_due
from alerts.matching.preview import Preview, preview
from alerts.query import parse
from tests.factories import NOW, make_department, make_event, make_item, make_member

pytestmark = pytest.mark.django_db


def days_ago(days: int):
    return NOW.date() - timedelta(days=days)


def look_for(words: str) -> Preview:
    percolate_due(NOW)
    return preview(parse(words), NOW)


def counts(found: Preview) -> tuple[int, int]:
    return found.last_30_days, found.last_90_days


def test_it_counts_what_matches_in_30_and_in_90_days():
    for days in (0, 30, 31, 90, 91):
        make_event(happened_on=days_ago(days))
    make_event(heading="Sirens", question="?", answer="None.")
    found = look_for("foghorns")
    assert counts(found) == (2, 4)
    assert (found.since, found.over) == (days_ago(90), False)


def test_an_item_counts_once_and_shows_its_newest_event_that_matches():
    item = make_item(heading="Foghorns")
    make_event("tabled", item=item, happened_on=days_ago(50))
    answered = make_event("answered", item=item, answer="Four.", happened_on=days_ago(9))
    found = look_for("foghorns")
    assert counts(found) == (1, 1)
    assert [one.event for one in found.newest] == [answered]


def test_baseline_events_count_and_events_no_one_has_percolated_too():
    make_event(baseline=True)
    percolate_due(NOW)
    make_event()
    assert counts(preview(parse("foghorns"), NOW)) == (2, 2)


def test_held_events_and_hidden_items_do_not_count():
    make_event(released=False)
    make_event(item=make_item(hidden_at=NOW))
    assert counts(look_for("foghorns")) == (0, 0)


def test_narrowing_is_not_the_last_word():
    make_event(heading="Horns and fog", question="People who are young?", answer="None.")
    assert counts(look_for('"young people"')) == (0, 0)
    assert counts(look_for("young people")) == (1, 1)


def test_the_newest_five_come_newest_first_with_the_words_marked():
    events = [make_event(heading="The Foghorns", happened_on=days_ago(days)) for days in (9, 3, 7, 3, 1, 5)]
    found = look_for("foghorn")
    assert [one.event for one in found.newest] == [events[at] for at in (4, 3, 1, 5, 2)]
    assert found.newest[0].spans["heading"] == [(4, 12)]


def test_a_query_that_finds_too_much_stops_and_says_so(monkeypatch):
    monkeypatch.setattr(previewing, "MOST_CANDIDATES", 3)
    for days in (1, 2, 40):
        make_event(happened_on=days_ago(days))
    assert look_for("foghorns").over is False
    make_event(happened_on=days_ago(50))
    found = look_for("foghorns")
    assert (found.over, found.since, counts(found)) == (True, days_ago(40), (2, 3))


@pytest.mark.parametrize("events", [1, 50])
def test_what_a_reader_is_shown_needs_no_further_queries(events, django_assert_num_queries):
    for _ in range(events):
        names = {"asking_member": make_member(), "answering_member": make_member("Bo Marsh")}
        make_event(department=make_department(), **names)
    percolate_due(NOW)
    with django_assert_num_queries(4):
        found = preview(parse("foghorns"), NOW)
        for event in (one.event for one in found.newest):
            assert event.item.uin and event.department.name and event.asking_member.name and event.answering_member.name
            assert event.about.departments and event.item.source.name
