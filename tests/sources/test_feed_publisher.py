"""What is published becomes an item with a revision and an event; what changes becomes news only where it is."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from alerts.models import Event, Item, Source
from alerts.sources.content import content, happened_on
from alerts.sources.lease import LeaseLost, lease
from alerts.sources.publisher import Publisher
from tests.factories import NOW, make_source

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STORY = "<p>The otters of Saltwick have moved into the new lighthouse, where there is room for twelve of them.</p>"


@contextmanager
def press(source, now=NOW):
    """A publisher under the lease, in a transaction."""
    with lease(source.pk) as held, transaction.atomic():
        publisher = Publisher(held, now)
        publisher.locked()
        yield publisher


def otters(html=STORY, title="Otters", **more):
    return content("key-1", title, html, "https://saltwick.example.org/otters", **more)


@pytest.fixture
def feed():
    return make_source(Source.Kind.FEED)


def revised(source, html, now=NOW + DAY):
    with press(source, now) as publisher:
        publisher.revise([(Item.objects.get(), otters(html))])
    return publisher.stored


def test_what_is_published_is_an_item_with_a_revision_and_an_event(feed):
    with press(feed) as publisher:
        publisher.publish([otters(published=NOW - DAY)])
    item, event = Item.objects.get(), Event.objects.get()
    assert (item.heading, item.state, item.url) == ("Otters", "published", "https://saltwick.example.org/otters")
    assert item.text.startswith("The otters of Saltwick") and item.published_at == NOW - DAY
    assert (event.kind, event.text, event.heading, event.released_at) == ("published", item.text, "Otters", NOW)
    assert (event.happened_on, event.days_late, event.baseline) == (date(2026, 3, 9), 1, False)
    assert event.revision.text_html == STORY
    assert (publisher.stored.new, publisher.stored.released) == (1, 1)
    feed.refresh_from_db()
    assert feed.last_new_item_at == NOW


def test_of_a_source_under_review_all_waits_the_past_too():
    source = make_source(Source.Kind.FEED, review=Source.Review.REVIEW, baseline_at=None)
    with press(source) as publisher:
        publisher.publish([otters()])
    event = Event.objects.waiting().get()
    assert (event.held_for, event.baseline, event.released_at) == ("review", True, None)
    assert publisher.stored.released == 0


def test_a_small_edit_is_a_revision_and_a_large_one_is_news(feed):
    with press(feed) as publisher:
        publisher.publish([otters()])
    assert revised(feed, STORY).released == 0
    assert Item.objects.get().revisions.count() == 1
    assert revised(feed, STORY.replace("twelve", "eleven")).released == 0
    assert [one.number for one in Item.objects.get().revisions.all()] == [1, 2]
    assert revised(feed, STORY.replace("twelve of them", "eleven very loud seals")).released == 1
    event = Event.objects.get(kind="revised")
    assert "seals" in event.text and event.version == Item.objects.get().revisions.last().content_hash
    assert event.happened_on == date(2026, 3, 11)
    assert "twelve" in Event.objects.get(kind="published").text


def test_many_small_edits_make_one_large_one(feed):
    with press(feed) as publisher:
        publisher.publish([otters()])
    html = STORY
    for before, after in [("twelve", "eleven"), ("new", "old"), ("room", "space")]:
        html = html.replace(before, after)
        revised(feed, html)
    assert Event.objects.filter(kind="revised").count() == 1


def test_a_text_that_goes_back_and_forth_is_told_once_each_way(feed):
    with press(feed) as publisher:
        publisher.publish([otters()])
    for html in ["<p>Nothing.</p>", STORY, "<p>Nothing.</p>", STORY, "<p>Nothing.</p>"]:
        revised(feed, html)
    assert Event.objects.filter(kind="revised").count() == 2
    assert Item.objects.get().text == "Nothing."


def test_news_of_an_item_that_nobody_approved_waits_too(feed):
    with press(feed) as publisher:
        publisher.publish([otters()], Event.Held.BURST)
    revised(feed, "<p>Buy lighthouses now.</p>")
    assert set(Event.objects.waiting().values_list("kind", "held_for")) == {
        ("published", "burst"),
        ("revised", "burst"),
    }


def test_without_the_lease_nothing_is_written(feed):
    with lease(feed.pk) as held:
        Source.objects.update(claim_token="6f9a2a4e-7a10-4a52-8d3c-1d1c0b6b0c11")
        with pytest.raises(LeaseLost), transaction.atomic():
            Publisher(held, NOW).locked()


def test_a_heading_is_made_of_the_first_words_where_there_is_none():
    assert otters(title=" \n").heading == ("The otters of Saltwick have moved into the new lighthouse, where there …")
    assert otters("", title="").heading == "Without a title"
    assert len(otters(title="x" * 9000).heading) == 500


def test_what_no_database_holds_is_left_out():
    odd = otters("<p>a\x00b\ud800c</p>", title="one\x07\ntwo\udfff")
    assert (odd.text, odd.html, odd.heading) == ("ab?c", "<p>ab?c</p>", "one two?")
    assert otters("x" * 70_000).text == "x" * 65_536 and otters("x" * 70_000).cut


def test_what_is_meant_for_one_reader_is_in_neither_text_nor_html():
    letter = otters(STORY + '<p>Tired of us? <a href="https://friends.example/unsubscribe?u=1&e=2">Unsubscribe</a></p>')
    assert "Unsubscribe" not in letter.html + letter.text
    assert letter.hash == otters().hash


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "/otters", "https://example.org/" + "x" * 1000, "https://example.org/a b", ""]
)
def test_an_address_nobody_can_follow_is_none(link):
    assert content("key", "Otters", "", link).url == ""


def test_the_day_shown_is_never_absurd_or_in_the_future():
    late_evening = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert happened_on(late_evening, NOW + 200 * DAY) == date(2026, 7, 1)
    for claimed in [None, NOW + DAY, datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]:
        assert happened_on(claimed, NOW) == NOW.date()
    assert otters(published=datetime.max.replace(tzinfo=UTC)).published is None
