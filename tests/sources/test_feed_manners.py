"""How often a feed is asked, how a host is paced, and how an entry is known again: pure rules and one row."""

from datetime import timedelta

import pytest

from alerts.models import Host
from alerts.sources import hosts
from alerts.sources.feed_identity import identified
from alerts.sources.feed_interval import interval, items_of_late, max_age, next_interval
from alerts.sources.feed_values import Entry
from tests.factories import NOW, make_event, make_item, make_source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("items", "asked", "expected"),
    [
        (0, timedelta(0), DAY),
        (1, timedelta(0), DAY),
        (4, timedelta(0), 21 * HOUR),
        (28, timedelta(0), 3 * HOUR),
        (100_000, timedelta(0), 15 * MINUTE),
        (100_000, HOUR, HOUR),
        (28, HOUR, 3 * HOUR),
        (28, 99 * DAY, DAY),
    ],
)
def test_the_interval_goes_by_how_much_comes_and_by_what_is_asked(items, asked, expected):
    assert interval(items, asked) == expected


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("max-age=600", 600),
        ("public, Max-Age = 60", 60),
        ('private,max-age="5"', 5),
        ("s-maxage=600", 0),
        ("max-age=-1", 0),
        ("max-age=soon", 0),
        ("no-cache", 0),
        (None, 0),
    ],
)
def test_max_age_is_read_or_ignored(said, seconds):
    assert max_age({"Cache-Control": said} if said else {}) == timedelta(seconds=seconds)


@pytest.mark.django_db
def test_what_came_lately_is_counted_by_its_own_day_and_the_feeds_wish_heard(settings):
    source = make_source("feed")
    for days in (0, 10, 27, 29, 400):
        item = make_item(source, state="published", text="News.", question="", uin="", tabled_on=None)
        make_event("published", item=item, happened_on=(NOW - days * DAY).date())
    assert items_of_late(source, NOW) == 3
    assert next_interval(source, {}, NOW) == DAY
    for _ in range(300):
        item = make_item(source, state="published", text="News.", question="", uin="", tabled_on=None)
        make_event("published", item=item, happened_on=NOW.date())
    assert next_interval(source, {}, NOW) == interval(303)
    assert next_interval(source, {"Cache-Control": "max-age=7200"}, NOW) == 2 * HOUR
    source.ttl = 5 * HOUR
    assert next_interval(source, {"Cache-Control": "max-age=7200"}, NOW) == 5 * HOUR


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://friends.blogs.example.co.uk/feed/", "example.co.uk"),
        ("https://Friends.Example.org:443/", "example.org"),
        ("https://one.tumblr.com/rss", "tumblr.com"),
        ("https://one.github.io/rss", "github.io"),
        ("https://bücher.example.de/", "example.de"),
        ("https://co.uk/", "co.uk"),
        ("http://198.51.100.7/", "198.51.100.7:80"),
        ("http://127.0.0.1:4001/feeds/", "127.0.0.1:4001"),
    ],
)
def test_a_host_is_the_one_somebody_registered(settings, url, host):
    settings.FETCH_ALLOW = frozenset({"127.0.0.1:4001"})
    assert hosts.host_of(url) == host


@pytest.mark.django_db
def test_two_sites_on_one_host_take_turns(settings):
    settings.FETCH_RATE = 2.0
    one, other, elsewhere = "https://one.example.org/", "https://two.example.org/", "https://example.net/"
    assert hosts.reserve(one, NOW) is None
    assert hosts.reserve(elsewhere, NOW) is None
    assert hosts.reserve(other, NOW) == NOW + timedelta(seconds=5)
    assert hosts.reserve(other, NOW + timedelta(seconds=5)) is None
    assert Host.objects.count() == 2


@pytest.mark.django_db
def test_a_host_that_complains_is_asked_half_as_often_and_forgiven_slowly(settings):
    settings.FETCH_RATE = 2.0
    url = "https://one.example.org/"
    hosts.reserve(url, NOW)
    gaps = []
    for act in [hosts.slow_down, hosts.slow_down, hosts.speed_up, *[hosts.slow_down] * 20, *[hosts.speed_up] * 80]:
        act(url)
        gaps.append(Host.objects.get().gap.total_seconds())
    assert gaps[:3] == [10, 20, 18]
    assert (max(gaps), gaps[-1]) == (900, 5)


def entry(guid="", link="", title="", html=""):
    return Entry(guid, link, title, html, "", None)


def keys(*entries, addresses=None):
    return list(identified(entries, addresses or {}))


def test_a_guid_is_an_identity_whatever_else_changes():
    assert keys(entry("1", "https://a.example/", "A")) == keys(entry("1", "https://b.example/", "B"))
    assert keys(entry("1")) != keys(entry("2"))


def test_without_a_guid_it_is_the_link_and_without_both_the_text():
    assert keys(entry("", "https://a.example/", "A")) == keys(entry("", "https://a.example/", "B", "text"))
    assert keys(entry("", "", "A", "text")) == keys(entry("", "", "A", "text"), entry("", "", "A", "text"))
    assert len(keys(entry("", "", "A", "text"), entry("", "", "A", "other"), entry("", "", "B", "text"))) == 3


def test_a_guid_or_link_used_again_is_told_apart_by_what_comes_next():
    assert len(keys(entry("1", "https://a.example/"), entry("1", "https://b.example/"))) == 2
    assert len(keys(entry("", "https://a.example/", "A"), entry("", "https://a.example/", "B"))) == 2
    assert len(keys(entry("1", "https://a.example/"), entry("1", "https://a.example/"))) == 1


def test_a_new_entry_above_does_not_take_the_key_of_the_old_one():
    old, new = entry("1", "https://old.example/"), entry("1", "https://new.example/")
    (key,) = keys(old)
    assert identified([new, old], {key: "https://old.example/"})[key] is old
    assert identified([new, old], {})[key] is new
