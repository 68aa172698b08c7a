"""Feeds are asked politely and read once; what is new in them is news, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest

from alerts.models import Change, Event, Host, Item, Source
from alerts.sources.poll import poll
from rehearsal import faults
from tests.sources.feed_stories import DAY, HOUR, feed, headings, post, rss, stage, told
from tests.sources.stories import MONDAY

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def friends(settings):
    """A feed of two posts that was polled once."""
    with stage(settings) as play:
        play.follow(shown=feed(post(1, MONDAY - 40 * DAY), post(2, MONDAY - DAY)))
        play.poll()
        yield play


# What is told


def test_the_first_poll_is_the_past_and_what_comes_then_is_news(friends):
    assert told() == []
    assert list(Event.objects.order_by("id").values_list("kind", "heading", "baseline")) == [
        ("published", "Letter 1 of the keeper", True),
        ("published", "Letter 2 of the keeper", True),
    ]
    source = friends.read()
    assert (source.baseline_at, source.last_ok_at, source.last_error) == (friends.now, friends.now, "")
    friends.show(feed(post(1, MONDAY - 40 * DAY), post(2), post(3, friends.now)))
    summary = friends.poll()
    assert told() == [("Letter 3 of the keeper", "published")]
    assert (summary.feeds, summary.new, summary.released, bool(summary)) == (1, 1, 1, True)
    item = Item.objects.get(heading="Letter 3 of the keeper")
    assert (item.url, item.state) == ("https://friends.example/3/", "published")
    assert item.text.startswith("The lamp was lit 3 times")
    assert friends.read().last_new_item_at == friends.now


def test_a_second_time_nothing_is_new(friends):
    for _ in range(3):
        Source.objects.update(etag="", last_modified="", body_hash="")
        summary = friends.poll()
        assert (summary.feeds, summary.new, summary.released) == (1, 0, 0)
    assert (Item.objects.count(), Event.objects.count()) == (2, 2)


def test_an_edit_is_revised_and_what_disappears_stays(friends):
    edited = "<p>The lamp went out, the otters woke, and nobody slept until the keeper had come home from town.</p>"
    friends.show(feed(replace(post(2), html=edited)))
    friends.poll()
    assert told() == [("Letter 2 of the keeper", "revised")]
    assert headings() == ["Letter 1 of the keeper", "Letter 2 of the keeper"]
    friends.show(rss(""))
    assert friends.poll().troubles == []
    friends.show(feed(post(1, MONDAY - 40 * DAY)))
    friends.poll()
    assert len(told()) == 1 and Item.objects.count() == 2


def test_a_source_under_review_tells_nothing_and_nothing_of_it_is_found(settings):
    with stage(settings) as play:
        play.follow(shown=feed(post(1)), review=Source.Review.REVIEW)
        assert not play.poll()
        play.show(feed(post(1), post(2)))
        assert not play.poll()
    assert list(Event.objects.waiting().values_list("held_for", "baseline")) == [("review", True), ("review", False)]


def test_the_same_text_in_two_feeds_stays_two_items(friends):
    friends.follow("others", feed(post(2, MONDAY - DAY)))
    friends.poll()
    assert Item.objects.filter(heading="Letter 2 of the keeper").count() == 2


def test_trouble_with_one_source_touches_no_other(friends):
    friends.follow("others", feed(post(7)))
    friends.server.faults.inject(faults.drop(), times=None, only=lambda request: "friends" in request.path)
    friends.poll()
    friends.show(feed(post(7), post(8)), "others")
    summary = friends.poll(DAY)
    assert told() == [("Letter 8 of the keeper", "published")]
    assert friends.read().fail_count == 2 and friends.read("others").fail_count == 0
    assert len(summary.troubles) == 1


def test_dates_are_advice(friends):
    odd = [
        post(3, datetime(1970, 1, 1, tzinfo=UTC)),
        post(4, datetime(2099, 1, 1, tzinfo=UTC)),
        post(5, friends.now - 20 * DAY),
    ]
    friends.show(feed(*odd))
    friends.poll()
    today = friends.now.date()
    days = dict(Event.objects.filter(baseline=False).values_list("heading", "happened_on"))
    assert days == {
        "Letter 3 of the keeper": today,
        "Letter 4 of the keeper": today,
        "Letter 5 of the keeper": today - 20 * DAY,
    }
    assert Event.objects.get(heading="Letter 5 of the keeper").days_late == 20


# Asking politely


def test_validators_go_back_byte_for_byte_and_304_reads_nothing(friends):
    source = friends.read()
    assert source.etag.startswith('W/"') and source.last_modified
    Source.objects.update(
        fail_count=3, failing_since=MONDAY, missing_since=MONDAY, killed_parses=2, feed_title="as was"
    )
    friends.poll(DAY)
    first, second = friends.asked()
    assert "if-none-match" not in first and "if-modified-since" not in first
    assert (second["if-none-match"], second["if-modified-since"]) == (source.etag, source.last_modified)
    source = friends.read()
    assert (source.last_ok_at, source.feed_title) == (friends.now, "as was")
    assert (source.fail_count, source.failing_since, source.missing_since, source.killed_parses) == (0, None, None, 0)


def test_strange_validators_are_kept_as_they_are(friends):
    body = rss("<item><guid>1</guid><title>One</title></item>")
    odd = {"ETag": "\xfcber  'odd' \"tag\"", "Last-Modified": "yesterday, at tea"}
    answer = faults.head(200, len(body), "application/xml", **odd).decode().encode("latin-1") + body
    friends.server.faults.inject(lambda wire: wire.send(answer))
    friends.poll()
    friends.poll()
    asked = friends.asked()[-1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == (odd["ETag"], odd["Last-Modified"])


def test_the_same_bytes_are_not_read_again(friends):
    body = rss("<item><guid>1</guid><title>One</title></item>")
    friends.server.faults.inject(faults.body(body, "application/xml"), times=None)
    friends.poll()
    Source.objects.update(feed_title="as was")
    friends.poll()
    assert friends.read().feed_title == "as was"
    assert friends.read().last_ok_at == friends.now


def test_once_a_week_it_is_asked_in_full(friends):
    friends.poll(WEEK - HOUR)
    friends.poll(WEEK)
    friends.poll(HOUR)
    assert ["if-none-match" in asked for asked in friends.asked()] == [False, True, False, True]


def test_a_feed_that_broke_off_is_asked_for_again_and_its_last_entry_waits(friends):
    friends.show(feed(post(1, MONDAY - 40 * DAY), post(2, MONDAY - DAY), post(3, friends.now)))
    friends.server.faults.inject(faults.truncated(0.5))
    summary = friends.poll()
    source = friends.read()
    assert "broke off" in source.last_error and summary.troubles == [source.last_error]
    assert (source.etag, source.last_modified, source.body_hash, source.fail_count) == ("", "", "", 0)
    friends.poll()
    assert told() == [("Letter 3 of the keeper", "published")]
    assert Event.objects.filter(kind="revised").count() == 0
    assert friends.read().last_error == "" and friends.read().etag


def test_a_first_poll_that_broke_off_has_a_second_one(settings):
    with stage(settings) as play:
        play.follow(shown=feed(*(post(number, MONDAY - number * DAY) for number in range(1, 6))))
        play.server.faults.inject(faults.truncated(0.6))
        play.poll()
        assert 0 < Item.objects.count() < 5 and play.read().baseline_at is None
        play.poll()
        assert Item.objects.count() == 5 and told() == []
        assert play.read().baseline_at == play.now


def test_a_feed_that_always_breaks_off_is_followed_all_the_same(settings):
    with stage(settings) as play:
        play.follow(shown=feed(post(1), post(2)))
        play.server.faults.inject(faults.truncated(0.9), times=2)
        play.poll()
        play.poll()
        assert play.read().baseline_at == play.now


def test_who_comes_when_the_host_must_rest_has_a_turn_later(friends):
    friends.follow("others", feed(post(7)))
    Host.objects.update(gap=timedelta(minutes=10))
    assert friends.poll().feeds == 1
    assert friends.work().feeds == 0
    assert friends.read("others").last_ok_at is not None and len(friends.asked()) == 1
    friends.tick(timedelta(minutes=10))
    assert friends.work().feeds == 1
    assert friends.read().last_ok_at == friends.now and len(friends.asked()) == 2


def test_429_is_heeded_and_slows_the_whole_host_down_without_blocking_it(friends):
    friends.follow("others", feed(post(7)))
    gap = Host.objects.get().gap
    retry_at = friends.now + HOUR + timedelta(minutes=17)
    said = format_datetime(retry_at.replace(microsecond=0))
    friends.server.faults.inject(faults.status(429, said), only=lambda request: "friends" in request.path)
    friends.poll()
    source = friends.read()
    assert "asks us to slow down (status 429)" in source.last_error
    assert abs(source.next_poll_at - retry_at) <= timedelta(seconds=1)
    assert Host.objects.get().gap > gap
    assert friends.read("others").fail_count == 0
    friends.tick(timedelta(minutes=10))
    assert friends.work().troubles == [] and len(friends.asked()) == 2


@pytest.mark.parametrize(("said", "least", "most"), [("10000000", 24, 24), ("-5", 0.06, 0.11), ("soon", 0.06, 0.11)])
def test_a_wait_is_capped_and_nonsense_is_none(friends, said, least, most):
    friends.server.faults.inject(faults.status(503, said))
    friends.poll()
    wait = friends.read().next_poll_at - friends.now
    assert least * HOUR <= wait <= most * HOUR


def test_a_host_recovers_slowly(friends):
    Host.objects.update(gap=timedelta(minutes=10))
    friends.poll()
    assert Host.objects.get().gap == timedelta(minutes=9)


# Bursts and take-overs


def test_many_old_items_at_once_are_held_and_the_new_one_among_them_goes_out(friends):
    old = "".join(
        f"<item><guid>old-{number}</guid><title>Old letter {number}</title>"
        f"<pubDate>Tue, 01 Jan 2019 10:00:00 GMT</pubDate></item>"
        for number in range(201)
    )
    new = f"<item><guid>new</guid><title>A new letter</title><pubDate>{format_datetime(friends.now)}</pubDate></item>"
    friends.show(rss(new + old))
    friends.poll()
    assert told() == [("A new letter", "published")]
    assert Event.objects.waiting().filter(held_for="burst").count() == 201


def test_two_hundred_old_items_are_no_burst_yet(friends):
    friends.show(rss("".join(f"<item><guid>{number}</guid><title>{number}</title></item>" for number in range(200))))
    friends.poll()
    assert len(told()) == 200


ADVERTS = [post(number, link=f"https://bets.example/{number}", guid=f"bets {number}") for number in range(20, 30)]


def test_a_feed_in_other_hands_is_put_under_review_with_words(friends):
    friends.show(feed(*ADVERTS, title="Best Bets Today"))
    assert not friends.poll()
    assert told() == [] and Event.objects.waiting().count() == 10
    source = friends.read()
    assert source.review == "review"
    assert "called “Friends of Saltwick Lighthouse”, is now called “Best Bets Today”" in source.notice
    change = Change.objects.get(action="put under review")
    assert (change.actor, change.object_id, change.before) == ("system", source.pk, {"review": "trusted"})
    friends.show(feed(post(40), *ADVERTS, title="Best Bets Today"))
    friends.poll()
    assert told() == [] and friends.read().notice == source.notice


@pytest.mark.parametrize(
    "shown",
    [
        feed(*ADVERTS),
        feed(*ADVERTS[:9], title="Best Bets Today"),
        feed(*ADVERTS[:9], post(2, MONDAY - DAY), title="Saltwick Friends, at our new site"),
    ],
    ids=["the same title", "few entries", "something known"],
)
def test_a_feed_that_merely_changed_is_not_suspected(friends, shown):
    friends.show(shown)
    friends.poll()
    assert len(told()) >= 9 and friends.read().review == "trusted"


# Identity


def test_another_guid_with_the_same_address_and_title_is_the_same_item(friends):
    for number in range(4):
        friends.show(feed(replace(post(2, MONDAY - DAY), guid=f"changing {number}")))
        friends.poll(20 * DAY)
    assert told() == [] and Item.objects.count() == 2
    friends.show(feed(replace(post(2, MONDAY - DAY), guid="long after")))
    friends.poll(31 * DAY)
    assert told() == [("Letter 2 of the keeper", "published")]


def test_entries_without_any_id_are_known_by_their_text(friends):
    entry = "<item><title>{0}</title><description>About {0}.</description></item>"
    friends.show(rss(entry.format("lamps") + entry.format("stairs")))
    friends.poll()
    friends.show(rss(entry.format("otters") + entry.format("lamps") + entry.format("stairs")))
    friends.poll()
    assert sorted(told()) == [(word, "published") for word in ("lamps", "otters", "stairs")]


def test_a_guid_that_every_entry_has_does_not_make_them_one(friends):
    entry = "<item><guid>friends</guid><link>https://friends.example/{0}</link><title>{0}</title></item>"
    friends.show(rss(entry.format("lamps") + entry.format("stairs")))
    friends.poll()
    friends.show(rss(entry.format("otters") + entry.format("lamps") + entry.format("stairs")))
    friends.poll()
    friends.show(rss(entry.format("otters") + entry.format("stairs")))
    friends.poll()
    assert sorted(told()) == [(word, "published") for word in ("lamps", "otters", "stairs")]


def test_an_entry_that_stands_twice_in_a_feed_counts_once(friends):
    entry = "<item><guid>{0}</guid><link>https://friends.example/{0}</link><title>{0}</title></item>"
    friends.show(rss(entry.format("lamps") * 3))
    friends.poll()
    assert told() == [("lamps", "published")]


def test_an_address_that_changes_is_followed_without_news(friends):
    friends.show(feed(replace(post(2, MONDAY - DAY), link="https://new.example/2")))
    friends.poll()
    assert told() == [] and Item.objects.filter(url="https://new.example/2").count() == 1


def test_the_last_poll_of_a_paused_source_was_the_last(friends):
    Source.objects.update(paused_at=friends.now)
    assert poll(friends.now + DAY).feeds == 0


def test_the_day_of_an_evening_is_londons(friends):
    friends.tick(200 * DAY)
    friends.show(feed(post(3, datetime(2031, 7, 14, 23, 30, tzinfo=UTC))))
    friends.poll()
    assert Event.objects.get(baseline=False).happened_on == date(2031, 7, 15)
