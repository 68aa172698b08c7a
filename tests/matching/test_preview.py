"""The preview: what a query would have found, told without an account."""

from datetime import timedelta

import pytest

from alerts.matching import past
from alerts.matching.percolate import percolate_due
from alerts.matching.preview import Preview, preview
from alerts.matching.rhythm import Mails
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
    make_event(heading="Foghorns")
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
    events = [
        make_event(heading="The Foghorns", answer=f"{number}.", happened_on=days_ago(days))
        for number, days in enumerate((9, 3, 7, 3, 1, 5))
    ]
    found = look_for("foghorn")
    assert [one.event for one in found.newest] == [events[at] for at in (4, 3, 1, 5, 2)]
    assert found.newest[0].spans["heading"] == [(4, 12)]


def test_a_query_for_which_too_much_must_be_read_stops_and_says_so(monkeypatch):
    monkeypatch.setattr(past, "MOST_READ", 3)
    for days in (1, 2, 40):
        make_event(heading="Foghorns for old lighthouses", happened_on=days_ago(days))
    assert look_for('"for old lighthouses"').over is False
    make_event(heading="Foghorns for old lighthouses", happened_on=days_ago(50))
    found = look_for('"for old lighthouses"')
    assert (found.over, found.since, counts(found)) == (True, days_ago(50), (2, 3))
    assert counts(look_for("foghorns")) == (2, 4)


def test_questions_with_one_answer_are_one_result_and_counted_besides():
    same = "All foghorns are repaired in spring. " * 10
    events = [make_event(heading=heading, answer=same) for heading in ("Foghorns", "Repairs", "Spring")]
    make_event("published", text="The foghorns are back.")
    found = look_for("foghorns")
    assert (counts(found), found.questions, found.texts) == ((2, 2), 3, 1)
    assert [found.newest[1].event, *found.newest[1].beside] == events[::-1]


def test_the_thirteen_weeks_end_today_and_have_all_results_in_them():
    for days in (0, 6, 7, 83, 84, 90):
        make_event(answer=f"{days} foghorns.", happened_on=days_ago(days))
    found = look_for("foghorns")
    assert [week.results for week in found.weeks] == [2, 1, *[0] * 9, 1, 2]
    assert (found.weeks[0].begins, found.weeks[-1].ends) == (days_ago(90), days_ago(0))
    assert sum(week.results for week in found.weeks) == found.last_90_days


def test_weeks_in_which_parliament_publishes_hardly_anything_are_left_out_of_the_averages():
    for week in range(13):
        for number in range(1 if week in (3, 4) else 25):
            make_event(answer=f"{number} bells.", happened_on=days_ago(7 * week + number % 3))
        make_event("published", text=f"{week} bells.", happened_on=days_ago(7 * week))
    make_event(answer="A foghorn.", happened_on=days_ago(7 * 3))
    for week in (0, 1, 1, 1):
        make_event("answered", heading=f"{week}", question="?", answer="A foghorn?", happened_on=days_ago(7 * week))
    found = look_for("answer:foghorn")
    assert [week.recess for week in found.weeks[::-1]] == [number in (3, 4) for number in range(13)]
    assert found.mails.weekly == 2 / 11 and found.mails.daily == 2 / 11


def test_emails_are_counted_by_quarters_of_an_hour_by_days_and_by_weeks():
    for minutes, days in ((0, 1), (5, 1), (20, 1), (40, 9)):
        at = NOW - timedelta(days=days) + timedelta(minutes=minutes)
        make_event(answer=f"{minutes} foghorns.", happened_on=days_ago(days), released_at=at)
    make_event("tabled", happened_on=days_ago(3))
    weeks = 2
    assert look_for("foghorns").mails == Mails(3 / weeks, 2 / weeks, 2 / weeks)


def test_what_came_before_we_watched_makes_as_many_emails_as_is_likely():
    for number in range(3):
        make_event(answer=f"{number} foghorns.", baseline=True, happened_on=days_ago(1))
    assert 2.9 < look_for("foghorns").mails.as_it_happens < 3


@pytest.mark.parametrize("events", [1, 50])
def test_what_a_reader_is_shown_needs_no_further_queries(events, django_assert_max_num_queries):
    for number in range(events):
        names = {"asking_member": make_member(), "answering_member": make_member("Bo Marsh")}
        make_event(department=make_department(), answer=f"{number}.", **names)
    percolate_due(NOW)
    with django_assert_max_num_queries(15):
        found = preview(parse("foghorns"), NOW, with_variations=False)
        for event in (one.event for one in found.newest):
            assert event.item.uin and event.department.name and event.asking_member.name and event.answering_member.name
            assert event.about.departments and event.item.source.name


def test_where_there_is_nothing_in_90_days_the_last_day_is_told():
    make_event(happened_on=days_ago(200))
    make_event(happened_on=days_ago(120))
    found = look_for("foghorns")
    assert (counts(found), found.last_day) == ((0, 0), days_ago(120))
    assert look_for("walrus").last_day is None
