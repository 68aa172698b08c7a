"""The listing: everything a query finds, a page at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.matching import past
from alerts.matching.listing import PAGE, listing
from alerts.matching.preview import preview
from alerts.query import parse
from tests.factories import NOW, make_event, make_item

pytestmark = pytest.mark.django_db


def days_ago(days: int):
    return NOW.date() - timedelta(days=days)


def answered(number: int, **fields):
    return make_event(answer=f"{number}.", **{"happened_on": days_ago(number % 60), **fields})


def look(words: str = "foghorns", **wishes):
    return listing(parse(words), NOW, **wishes)


def events(found) -> list[int]:
    return [one.event.pk for one in found.shown]


def test_it_counts_what_the_preview_counts():
    same = "All foghorns are repaired in spring. " * 10
    for heading in ("Foghorns", "Repairs", "Spring"):
        make_event(heading=heading, answer=same)
    make_event("published", text="The foghorns are back.")
    make_event(happened_on=days_ago(120))
    item = make_item()
    make_event("tabled", item=item, happened_on=days_ago(9))
    make_event("answered", item=item, answer="Four.", happened_on=days_ago(2))
    make_event(released=False)
    make_event(item=make_item(hidden_at=NOW))
    found, seen = look(), preview(parse("foghorns"), NOW)
    assert (found.results, found.questions, found.texts) == (seen.last_90_days, seen.questions, seen.texts) == (3, 4, 1)
    assert {one.event for one in found.shown} == {one.event for one in seen.newest}


def test_all_pages_together_have_every_result_once_newest_first():
    for number in range(2 * PAGE + 3):
        answered(number)
    pages = [look(number=number) for number in (1, 2, 3)]
    shown = [one.event for page in pages for one in page.shown]
    assert [len(page.shown) for page in pages] == [PAGE, PAGE, 3] and {page.pages for page in pages} == {3}
    assert len({event.pk for event in shown}) == 2 * PAGE + 3
    assert [event.happened_on for event in shown] == sorted((event.happened_on for event in shown), reverse=True)


def test_a_days_questions_stand_before_its_newsletters():
    first = make_event(answer="One.")
    published = make_event("published", text="The foghorns are back.")
    last, before = make_event(answer="Two."), make_event(answer="Three.", happened_on=days_ago(1))
    assert events(look()) == [last.pk, first.pk, published.pk, before.pk]


@pytest.mark.parametrize("number", [0, 3, 10**12])
def test_there_is_no_page_outside(number):
    for each in range(PAGE + 1):
        answered(each)
    found = look(number=number)
    assert (found.is_there, found.shown, found.pages, found.results) == (False, (), 2, PAGE + 1)


def test_nothing_is_one_page_which_says_when_there_was_something():
    make_event(happened_on=days_ago(120))
    found = look()
    assert (found.is_there, found.pages, found.results, found.last_day) == (True, 1, 0, days_ago(120))


def test_older_ones_stand_in_the_90_days_before_and_in_no_others():
    old = [make_event(answer=f"{days}.", happened_on=days_ago(days)) for days in (90, 91, 180, 181)]
    now, before = look(), look(last=days_ago(91))
    assert (events(now), now.earlier, now.later) == ([old[0].pk], days_ago(91), None)
    assert (events(before), before.earlier) == ([old[1].pk, old[2].pk], days_ago(181))
    last = look(last=before.earlier)
    assert (events(last), last.earlier, last.later) == ([old[3].pk], None, days_ago(91))


@pytest.mark.parametrize("last", [NOW.date(), NOW.date() + timedelta(days=9), NOW.date().max])
def test_days_up_to_today_or_later_are_the_previews(last):
    made = make_event(happened_on=days_ago(0))
    assert (events(look(last=last)), look(last=last).last) == ([made.pk], None)


def test_no_day_is_too_old_to_be_asked_for():
    assert look(last=NOW.date().min).results == 0


def test_what_comes_in_between_moves_nothing_to_another_page():
    for number in range(PAGE + 2):
        answered(number, happened_on=days_ago(1))
    first = look()
    before = events(look(number=2, until=first.until))
    late = answered(99, happened_on=days_ago(0), released_at=NOW + timedelta(minutes=1))
    second = look(number=2, until=first.until)
    assert (events(second), second.newer, second.results) == (before, 1, PAGE + 2)
    assert events(look())[0] == late.pk and look().newer == 0


def test_a_listing_for_which_too_much_must_be_read_says_so(monkeypatch):
    monkeypatch.setattr(past, "MOST_READ", 3)
    for days in (1, 2, 40, 50):
        make_event(heading="Foghorns for old lighthouses", answer=f"{days}.", happened_on=days_ago(days))
    found = look('"for old lighthouses"')
    assert (found.over, found.since, found.results) == (True, days_ago(50), 3)


def asked(number: int) -> int:
    """How often the database is asked for a page, once the columns of its events are known."""
    look()
    with CaptureQueriesContext(connection) as context:
        assert look(number=number).shown
    return len(context)


def test_the_database_is_asked_as_often_for_three_results_as_for_a_hundred_and_wherever_the_page_is():
    for number in (0, 1, 60):
        answered(number)
    few = asked(number=1)
    for number in range(2, 5 * PAGE):
        answered(number)
    assert few == asked(number=1) == asked(number=5)
