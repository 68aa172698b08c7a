"""The search of the past: every result, a page at a time."""

import datetime
import re

import pytest

from alerts.matching.listing import PAGE
from alerts.web.pagination import pagination
from config import clock
from tests.factories import make_event, make_item, make_member

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return clock.now().date()


def answered(number: int = 1, **fields):
    usual = {"answer": f"It was {number} pounds.", "happened_on": today() - number % 7 * DAY}
    return make_event("answered", **(usual | fields))


def squeezed(answer) -> str:
    return " ".join(answer.content.decode().split())


def look(client, words: str = "foghorns", **asked):
    return client.get("/search", {"q": words, **asked})


def steps(number: int, pages: int) -> str:
    made = pagination(number, pages, str)
    named = (f"{'… ' * one.is_gap}{f'[{one.number}]' if one.is_current else one.number}" for one in made.steps)
    return " ".join([made.previous and "<", *named, made.next and ">"]).strip()


@pytest.mark.parametrize(
    ("number", "pages", "named"),
    [
        (1, 2, "[1] 2 >"),
        (2, 2, "< 1 [2]"),
        (1, 9, "[1] 2 3 … 9 >"),
        (5, 9, "< 1 … 3 4 [5] 6 7 … 9"[:-1] + "9 >"),
        (4, 9, "< 1 2 3 [4] 5 6 … 9 >"),
        (9, 9, "< 1 … 7 8 [9]"),
    ],
)
def test_pages_near_the_open_one_and_both_ends_are_named(number, pages, named):
    assert steps(number, pages) == named


def test_one_page_has_no_ways_to_others():
    assert pagination(1, 1, str) is None


def test_the_preview_leads_to_all_that_it_counts(client):
    for number in range(PAGE + 3):
        answered(number)
    preview = squeezed(client.get("/preview", {"q": "foghorns"}))
    assert '<a href="/search?q=foghorns">See all 23 results</a>' in preview
    page = squeezed(look(client))
    assert "<strong>23 results</strong> in the last 90 days" in page
    assert page.count('<li class="result">') == PAGE
    assert 'content="noindex"' in page and 'href="/subscribe?q=foghorns"' in page


def test_where_the_preview_shows_everything_it_leads_nowhere(client):
    answered()
    assert "See all" not in squeezed(client.get("/preview", {"q": "foghorns"}))


def test_the_next_page_has_the_rest_and_the_way_back(client):
    for number in range(PAGE + 3):
        answered(number)
    following = re.search(r'rel="next" href="([^"]+)"', squeezed(look(client)))[1].replace("&amp;", "&")
    page = squeezed(client.get(following))
    assert page.count('<li class="result">') == 3 and "Page 2 of 2" in page and ", page 2 – Hark</title>" in page
    assert 'aria-current="page"><span class="hidden-text">Page </span>2</a>' in page
    assert 'rel="prev"' in page and 'rel="next"' not in page and "more result" not in page


def test_what_came_meanwhile_is_said_and_one_press_away(client):
    for number in range(PAGE + 3):
        answered(number)
    following = re.search(r'rel="next" href="([^"]+)"', squeezed(look(client)))[1].replace("&amp;", "&")
    answered(99, released_at=clock.now() + datetime.timedelta(minutes=1))
    page = squeezed(client.get(following))
    assert "<strong>23 results</strong>" in page and page.count('<li class="result">') == 3
    assert '1 more result has come since you began to read. <a href="/search?q=foghorns">Show the newest</a>' in page


def test_each_day_has_a_head_with_its_results_marked_and_a_reason(client):
    answered(0, asking_member=make_member("Tom Perrin"))
    answered(3)
    page = squeezed(look(client))
    for day in (today(), today() - 3 * DAY):
        assert f'<h2 class="subhead" id="day-{day}">{day:%a} {day.day} {day:%B %Y}</h2>' in page
    assert page.count("<mark>Foghorns</mark>: Repairs") == 2 and page.count("Matched: foghorns") == 2
    assert page.count("?hl=foghorns") == 2 and "Tom Perrin" in page


@pytest.mark.parametrize("number", ["0", "3", "99999", "-1", "x", "1.5", "٣", "9" * 40])
def test_a_page_that_is_not_there_says_so_and_leads_to_the_last(client, number):
    for each in range(PAGE + 3):
        answered(each)
    answer = look(client, page=number)
    page = squeezed(answer)
    assert answer.status_code == 404 and "There is no page" in page
    assert "23 results stand on 2 pages." in page and "Go to the last</a>" in page
    assert client.get(re.search(r'<a href="([^"]+)">Go to', page)[1].replace("&amp;", "&")).status_code == 200


def test_older_ones_are_one_press_away(client):
    answered(happened_on=today() - 200 * DAY)
    last = today() - 200 * DAY
    page = squeezed(look(client))
    assert f'The last result was on <a href="/search?q=foghorns&amp;to={last}">{last.day} {last:%B %Y}</a>' in page
    page = squeezed(look(client, to=last))
    assert f"to {last.day} {last:%B %Y}" in page and page.count('<li class="result">') == 1
    assert "The 90 days after</a>" in page and "The 90 days before" not in page
    answered(happened_on=today() - 400 * DAY)
    assert "The 90 days before</a>" in squeezed(look(client, to=last))


@pytest.mark.parametrize("to", ["", "x", "2026-02-31", "9999-12-31", "0001-01-01"])
def test_a_day_that_cannot_be_is_no_mistake(client, to):
    answered()
    assert look(client, to=to).status_code == 200


def test_mistakes_advice_and_nothing_typed_are_said_as_in_the_preview(client):
    page = squeezed(look(client, "(foghorns"))
    assert "<title>Error: " in page and '<pre class="caret"' in page and 'href="/search?q=%28foghorns%29"' in page
    assert 'href="/search?q=fog%20OR%20horns"' in squeezed(look(client, "fog or horns"))
    assert "Enter a word or phrase to follow" in squeezed(client.get("/search"))
    assert "You can still set this alert" in squeezed(look(client, "zebra"))


def test_a_newsletter_is_labelled_and_apart_from_the_questions_of_its_day(client):
    answered(0)
    item = make_item(heading="Gull Point", text="The foghorns are back.", tabled_on=None, uin="", question="")
    make_event("published", item=item, happened_on=today())
    page = squeezed(look(client))
    assert page.index('aria-label="Written questions"') < page.index('aria-label="Newsletters"')
    assert "Newsletter, not Parliament" in page
