"""The page of a newsletter's item."""

import datetime
import re
import uuid

import pytest

from alerts.models import Issue, Source
from tests.factories import NOW, make_event, make_item, make_source

pytestmark = pytest.mark.django_db

PADDING = "The keepers of the northern coast have met again. " * 30
TEXT = f"{PADDING}\nThey spoke of foghorns for an hour.\n{PADDING}"


def make_newsletter_item(heading: str = "Gull Point", source: Source | None = None, **fields):
    usual = {
        "text": TEXT,
        "question": "",
        "uin": "",
        "house": "",
        "tabled_on": None,
        "url": "https://www.lamproom.example/12",
    }
    return make_item(source or make_source(Source.Kind.FEED), heading=heading, **(usual | fields))


def published(heading: str = "Gull Point", **fields):
    """An item of The Lamp Room that was published, with its event."""
    event_fields = {name: fields.pop(name) for name in ("released", "happened_on") if name in fields}
    source = Source.objects.filter(name="The Lamp Room").first() or make_source(
        Source.Kind.ISSUES, name="The Lamp Room"
    )
    return make_event("published", item=make_newsletter_item(heading, source, **fields), **event_fields)


def get(client, event, **query):
    return client.get(f"/i/{event.item.uuid}", query)


def page(client, event, **query) -> str:
    """The page, with its ends of line before a closing tag left out."""
    return re.sub(r"\s+(?=</)", "", get(client, event, **query).content.decode())


def test_it_is_labelled_and_leads_to_the_source(client):
    event = published(happened_on=datetime.date(2026, 3, 9))
    shown = page(client, event)
    for words in (
        "Newsletter, not Parliament",
        "The Lamp Room",
        "<h1>Gull Point</h1>",
        "Published Mon 9 March 2026",
        'href="https://www.lamproom.example/12"',
        "Read the whole text at lamproom.example",
        "Newsletter items belong to their publishers",
    ):
        assert words in shown
    assert "<mark>" not in shown


def test_it_shows_how_the_text_begins_or_what_is_around_the_words_asked_for_and_never_all(client):
    event = published()
    extract = "The keepers of the northern coast have met again. "
    assert 1 < page(client, event).count(extract.strip()) <= 7
    marked = page(client, event, hl="foghorns OR gull")
    assert "They spoke of <mark>foghorns</mark> for an hour." in marked and "<h1><mark>Gull</mark> Point</h1>" in marked
    assert marked.count(extract.strip()) < 7
    short = published(text="Two words.")
    assert "Two words." not in page(client, short)


def test_a_broken_hl_marks_nothing(client):
    answer = get(client, published(), hl='"never closed')
    assert answer.status_code == 200 and b"<mark>" not in answer.content


def test_without_an_address_of_its_own_it_leads_to_its_issue_or_says_that_it_came_by_mail(client):
    event = published(url="")
    assert "This came by email only" in page(client, event) and "Read the whole text" not in page(client, event)
    issue = make_issue(event.item.source)
    assert 'href="https://lamproom.example/issue"' in page(client, published(url="", issue=issue, position=1))


def make_issue(source: Source) -> Issue:
    values = {"external_key": "12", "body_hash": "x", "rule": "headings", "confidence": 1, "title": "The March issue"}
    seen = {"first_seen_at": NOW, "changed_at": NOW}
    return Issue.objects.create(source=source, url="https://lamproom.example/issue", **(values | seen))


def test_it_lists_the_items_of_its_issue_in_their_order(client):
    issue = make_issue(make_source(Source.Kind.ISSUES, name="The Lamp Room"))
    second, first = (published(title, issue=issue, position=n) for title, n in (("Second", 2), ("First", 1)))
    published("Held", issue=issue, position=3, released=False)
    published("Hidden", issue=issue, position=4, hidden_at=NOW)
    make_event("revised", item=first.item, heading="First, unseen", version="2", released=False)
    shown = page(client, second)
    assert "In the same issue: The March issue" in shown
    assert shown.index(f'<a href="/i/{first.item.uuid}">First</a>') < shown.index('<b aria-current="page">Second</b>')
    assert "Held" not in shown and "Hidden" not in shown and "unseen" not in shown
    assert "In the same issue" not in page(client, published("Alone"))


def test_an_issue_put_into_the_post_of_the_last_does_not_mix_with_it(client):
    issue = make_issue(make_source(Source.Kind.ISSUES, name="The Lamp Room"))
    before = [published(f"Before {n}", issue=issue, position=n) for n in (1, 2)]
    later = {"issue": issue, "first_seen_at": NOW + datetime.timedelta(days=7)}
    after = [published(f"After {n}", position=n, **later) for n in (1, 2)]
    assert "After" not in page(client, before[0]) and "The March issue" not in page(client, before[0])
    assert "Before 2</a>" in page(client, before[0])
    assert "Before" not in page(client, after[0]) and "In the same issue: The March issue" in page(client, after[0])


def test_it_shows_what_was_released_last_and_what_happened(client):
    event = published(happened_on=datetime.date(2026, 3, 2))
    make_event(
        "revised", item=event.item, heading="Gull Point again", version="2", happened_on=datetime.date(2026, 3, 5)
    )
    make_event("revised", item=event.item, heading="Not yet approved", version="3", released=False)
    shown = page(client, event)
    assert "<h1>Gull Point again</h1>" in shown and "Not yet approved" not in shown
    assert "Published Mon 2 March 2026 · Updated Thu 5 March 2026" in shown


def test_what_was_taken_down_says_when_and_why_and_nothing_else(client):
    event = published(hidden_at=NOW, hidden_reason="its publisher asked us to")
    answer = get(client, event)
    shown = answer.content.decode()
    assert answer.status_code == 410 and "Tue 10 March" in shown and "its publisher asked us to" in shown
    assert "Gull Point" not in shown and "lamproom" not in shown and "Written question" not in shown


def test_what_nobody_released_is_not_there_even_if_hidden(client):
    held, hidden = published(released=False), published(released=False, hidden_at=NOW)
    assert get(client, held).status_code == get(client, hidden).status_code == 404
    assert client.get(f"/i/{uuid.uuid4()}").status_code == client.get("/i/12").status_code == 404


def test_a_question_has_its_page_elsewhere(client):
    assert get(client, make_event("answered")).status_code == 404


def test_markup_of_publishers_stays_text_and_their_links_are_of_the_web(client):
    evil = "<script>alert(1)</script> walrus"
    event = published(evil, text=f"{evil} {TEXT}", url="javascript:alert(1)")
    shown = page(client, event, hl="walrus")
    assert "<script" not in shown and "alert(1)" in shown and "javascript:" not in shown


def test_it_asks_the_database_a_bounded_number_of_questions(client, django_assert_max_num_queries):
    issue = make_issue(make_source(Source.Kind.ISSUES, name="The Lamp Room"))
    events = [published(f"Item {n}", issue=issue, position=n) for n in range(1, 9)]
    with django_assert_max_num_queries(5):
        assert "Item 8" in page(client, events[0], hl="foghorns")
