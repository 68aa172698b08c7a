"""What a feed's publisher does wrong is said in words on its source, and nobody is forgotten in silence."""

import socket
from collections import Counter
from datetime import timedelta

import pytest

from alerts.models import Change, Event, Item, Source
from alerts.sources import failures
from alerts.sources.lease import lease
from alerts.sources.trouble import TooCostly, back_off
from rehearsal import faults
from tests.sources.feed_stories import DAY, HOUR, feed, post, rss, stage, told
from tests.sources.stories import MONDAY

pytestmark = pytest.mark.django_db
FEW_DAYS = timedelta(days=3)


@pytest.fixture
def friends(settings):
    """A feed of one post that was polled once."""
    with stage(settings) as play:
        play.follow(shown=feed(post(1, MONDAY - DAY)))
        play.poll()
        yield play


SAID = {
    "500": (faults.status(500), "Friends has a fault of its own (status 500)."),
    "503": (faults.status(503), "Friends has a fault of its own (status 503)."),
    "429": (faults.status(429), "Friends asks us to slow down (status 429)."),
    "404": (faults.status(404), "Friends is not there (status 404)."),
    "a web page": (faults.html(), "Friends sent a web page, where a feed should be."),
    "JSON": (faults.body(b'{"items": []}'), "Friends sent JSON, where a feed should be."),
    "nothing": (faults.empty(), "Friends sent nothing."),
    "entities": (
        faults.body(b'<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss version="2.0"><channel></channel></rss>', "text/xml"),
        "Friends sent a feed that declares entities of its own",
    ),
    "cut off": (faults.cut_off(), "Friends cannot be read: the answer of 127.0.0.1 broke off"),
    "a bomb": (faults.gzip_bomb(20), "Friends cannot be read: 127.0.0.1 sent more than 10 MB."),
    "hung up": (faults.drop(), "Friends cannot be reached: 127.0.0.1 closed the connection"),
    "sent inside": (faults.redirect("http://169.254.169.254/", 301), "Friends cannot be read: 169.254.169.254 lies in"),
}


@pytest.mark.parametrize(("fault", "words"), SAID.values(), ids=SAID)
def test_a_bad_answer_is_said_in_words_and_the_next_good_one_catches_up(friends, fault, words):
    before = friends.read()
    friends.show(feed(post(1, MONDAY - DAY), post(2)))
    friends.server.faults.inject(fault, times=None)
    summary = friends.poll(DAY)
    source = friends.read()
    assert source.last_error.startswith(words) and source.last_error.endswith("nothing is lost.")
    assert summary.troubles == [source.last_error]
    assert (source.fail_count, source.failing_since, source.last_error_at) == (1, friends.now, friends.now)
    assert (source.last_ok_at, source.etag, source.body_hash) == (before.last_ok_at, before.etag, before.body_hash)
    assert 4 * HOUR / 60 <= source.next_poll_at - friends.now <= 6 * HOUR / 60
    assert Item.objects.count() == 1
    friends.server.faults.lift()
    friends.poll(DAY)
    assert told() == [("Letter 2 of the keeper", "published")]
    assert (friends.read().fail_count, friends.read().last_error) == (0, "")


def test_no_entries_are_no_error(friends):
    friends.show(rss(""))
    assert friends.poll().troubles == []
    assert friends.read().last_ok_at == friends.now and Item.objects.count() == 1


@pytest.mark.parametrize("status", [401, 403])
def test_who_does_not_let_us_in_is_asked_once_a_day(friends, status):
    friends.server.faults.inject(faults.status(status), times=None)
    for _ in range(20):
        friends.poll(DAY)
        source = friends.read()
        assert source.next_poll_at - friends.now == DAY
    assert source.last_error.startswith(f"Friends does not let us in (status {status}).")
    assert source.paused_at is None


def test_what_is_gone_for_good_is_paused_at_once_and_the_operator_told(friends, caplog):
    friends.server.faults.inject(faults.status(410), times=None)
    friends.poll()
    source = friends.read()
    assert source.paused_at == friends.now
    assert source.pause_reason == "Friends is gone for good (status 410), it says itself."
    assert any(one.levelname == "ERROR" and "source_paused" in str(one.msg) for one in caplog.records)
    change = Change.objects.get()
    assert (change.action, change.actor, change.object_id) == ("paused", "system", source.pk)
    asked = len(friends.asked())
    friends.poll(DAY)
    assert len(friends.asked()) == asked and Source.objects.filter(pk=source.pk).exists()


def test_what_is_not_there_is_paused_after_a_week_of_it(friends):
    friends.server.faults.inject(faults.status(500))
    friends.poll()
    del friends.world.feeds["friends"]
    friends.poll(FEW_DAYS)
    first = friends.now
    friends.server.faults.inject(faults.status(500))
    friends.poll(FEW_DAYS)
    friends.poll(FEW_DAYS)
    source = friends.read()
    assert (source.paused_at, source.missing_since) == (None, first)
    friends.poll(DAY)
    assert friends.read().paused_at == friends.now
    assert friends.read().pause_reason.startswith("Nothing has been there since 9 January 2031. Friends is not there")


def test_what_comes_back_in_between_has_a_new_week(friends):
    shown = friends.world.feeds.pop("friends")
    friends.poll(FEW_DAYS)
    friends.show(shown)
    friends.poll(FEW_DAYS)
    del friends.world.feeds["friends"]
    friends.poll(FEW_DAYS)
    friends.poll(6 * DAY)
    assert friends.read().paused_at is None
    friends.poll(DAY)
    assert friends.read().paused_at is not None


@pytest.mark.parametrize(("errno", "paused"), [(socket.EAI_NONAME, True), (socket.EAI_AGAIN, False)])
def test_a_name_nobody_has_is_missing_but_our_own_network_may_be_away_for_long(friends, monkeypatch, errno, paused):
    def look_up(*args, **kwargs):
        raise socket.gaierror(errno, "as the system says")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    friends.poll()
    friends.poll(8 * DAY)
    assert "is not known" in friends.read().last_error
    assert (friends.read().paused_at is not None) is paused


def test_what_costs_too_much_three_times_in_a_row_is_in_quarantine(friends):
    for paused in (False, False, True):
        with lease(friends.read().pk) as source:
            failures.record(source, TooCostly("Friends sent too much."), friends.now)
        assert (friends.read().paused_at is not None) is paused
    assert friends.read().pause_reason.startswith("Given up 3 times in a row")


@pytest.mark.slow
def test_a_feed_that_costs_too_much_costs_nobody_else_their_news(friends):
    attributes = " ".join(f'a{number}="1"' for number in range(150_000))
    friends.follow("others", feed(post(7)))
    friends.show(f'<rss version="2.0"><channel {attributes}></channel></rss>'.encode())
    Source.objects.filter(name="Friends").update(killed_parses=2)
    friends.poll()
    assert friends.read().last_error.startswith("Friends sent a feed that takes too much time or memory to read.")
    assert friends.read().pause_reason.startswith("Given up 3 times in a row")
    assert friends.read("others").last_ok_at == friends.now


def test_an_address_that_may_not_be_fetched_is_said_so(friends):
    Source.objects.filter(name="Friends").update(url="http://127.0.0.1:9/feeds/")
    friends.poll()
    words = "Friends cannot be read: port 9 of 127.0.0.1 is none of the web's. We keep trying; nothing is lost."
    assert friends.read().last_error == words


def test_who_asks_for_a_moment_each_time_is_left_for_longer_all_the_same(friends):
    friends.server.faults.inject(faults.status(429, 1), times=None)
    for _ in range(4):
        friends.poll(DAY)
    assert friends.read().next_poll_at - friends.now >= 32 * HOUR / 60


def test_a_good_poll_ends_the_row(friends):
    Source.objects.update(killed_parses=2)
    friends.poll()
    with lease(friends.read().pk) as source:
        failures.record(source, TooCostly("Friends sent too much."), friends.now)
    assert friends.read().paused_at is None


def test_who_was_overtaken_says_nothing(friends):
    with lease(friends.read().pk) as source:
        Source.objects.update(claim_token="6f9a2a4e-7a10-4a52-8d3c-1d1c0b6b0c11")
        failures.record(source, TooCostly("Friends sent too much."), friends.now)
    assert friends.read().fail_count == 0


def test_a_thousand_sources_failing_at_once_do_not_come_back_at_once():
    for failed in (1, 4, 10, 30):
        seconds = Counter(int(back_off(failed).total_seconds()) for _ in range(1000))
        assert max(seconds.values()) <= 50
        assert max(seconds) <= 24 * 3600 * 1.2


# Moving


def moved(play, code=301, to="new-home"):
    play.server.faults.inject(
        faults.redirect(play.url(to), code), times=None, only=lambda request: "/friends/" in request.path
    )


@pytest.mark.parametrize("code", [301, 308])
def test_an_address_changes_after_five_polls_over_two_days(friends, code):
    old = friends.read().url
    friends.show(feed(post(1, MONDAY - DAY), post(2)), "new-home")
    moved(friends, code)
    for _ in range(5):
        friends.poll(11 * HOUR)
        assert (friends.read().url, friends.read().former_urls) == (old, [])
    friends.poll(11 * HOUR)
    source = friends.read()
    assert (source.url, source.former_urls, source.moved_times) == (friends.url("new-home"), [old], 0)
    change = Change.objects.get()
    assert (change.action, change.before, change.after) == ("moved", {"url": old}, {"url": source.url})
    friends.poll(HOUR)
    assert told() == [("Letter 2 of the keeper", "published")]


def test_a_few_polls_are_not_enough_however_long_it_is(friends):
    friends.show(feed(post(1, MONDAY - DAY)), "new-home")
    moved(friends)
    for _ in range(4):
        friends.poll(30 * HOUR)
        assert friends.read().url == friends.url()
    friends.poll(30 * HOUR)
    assert friends.read().url == friends.url("new-home")


@pytest.mark.parametrize("code", [302, 303, 307])
def test_what_is_elsewhere_for_now_keeps_its_address(friends, code):
    friends.show(feed(post(1, MONDAY - DAY)), "new-home")
    moved(friends, code)
    for _ in range(8):
        friends.poll(DAY)
    assert friends.read().url == friends.url() and friends.read().moved_times == 0
    assert friends.read().fail_count == 0


def test_a_redirect_that_stops_in_between_counts_anew(friends):
    friends.show(feed(post(1, MONDAY - DAY)), "new-home")
    moved(friends)
    for _ in range(4):
        friends.poll(DAY)
    friends.server.faults.lift()
    friends.poll(DAY)
    moved(friends)
    friends.poll(DAY)
    assert friends.read().moved_times == 1 and friends.read().url == friends.url()


def test_a_portal_that_sends_everybody_to_its_door_moves_nothing(friends):
    moved(friends, to="nowhere")
    friends.world.feeds["nowhere"] = b"<!DOCTYPE html><html><body>Please sign in.</body></html>"
    for _ in range(8):
        friends.poll(DAY)
    assert friends.read().url == friends.url() and friends.read().moved_times == 0


@pytest.mark.parametrize("code", [301, 302])
def test_who_leads_to_another_source_brings_nothing_twice(friends, code):
    friends.follow("new-home", feed(post(1, MONDAY - DAY), post(2)))
    friends.poll(HOUR)
    events = Event.objects.count()
    moved(friends, code)
    friends.poll(HOUR)
    words = "Friends leads to the same as New-Home. Nothing is taken from it: it would all come twice."
    assert friends.read().last_error == words
    for _ in range(6):
        friends.poll(DAY)
    assert Event.objects.count() == events
    assert friends.read().pause_reason == (words if code == 301 else "")
    assert friends.read().url == friends.url()
