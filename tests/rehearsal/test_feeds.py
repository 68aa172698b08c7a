"""Feeds as bytes, and what is answered at their addresses."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest

import rehearsal
from rehearsal import Feed, FixedWorld, Post, faults
from rehearsal.feeds import answer, written
from tests.rehearsal.reading import ask

NOON = datetime(2031, 1, 17, 12, tzinfo=UTC)
HTML = '<h3 class="a">1. Lamps &amp; ferries</h3>\n<p>Is 1 &lt; 2? a ]]> b “quoted”</p>'


def post(number, **changes):
    made = Post(
        guid=f"https://lamps.example/?p={number}",
        link=f"https://lamps.example/{number}/?utm_source=feed&utm_medium=rss",
        title=f"Lamps & ferries <{number}>",
        published=NOON - timedelta(days=20 - number),
        html=HTML,
        summary="Lamps &#8230;",
        author="Ada <Lamp>",
    )
    return replace(made, **changes)


def feed(*posts, form="rss"):
    return Feed("Lamps & ferries", "https://lamps.example/", posts or (post(1), post(2)), form, 'Of "lamps"')


def read(body):
    return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_is_read_back_as_it_was_written(form):
    body, content_type, _ = written(feed(post(1), post(2, edited=NOON), form=form), "http://here/feeds/lamps/")
    ElementTree.fromstring(body)
    found = read(body)
    assert (found.bozo, found.version) == (False, {"rss": "rss20", "atom": "atom10"}[form])
    assert form in content_type
    assert (found.feed.title, found.feed.link) == ("Lamps & ferries", "https://lamps.example/")
    newest, oldest = found.entries
    assert (newest.id, oldest.id) == ("https://lamps.example/?p=2", "https://lamps.example/?p=1")
    assert newest.link == "https://lamps.example/2/?utm_source=feed&utm_medium=rss"
    assert newest.author == "Ada <Lamp>"
    assert newest.content[0].value == HTML
    assert newest.summary == "Lamps &#8230;"
    assert datetime(*newest.published_parsed[:6], tzinfo=UTC) == post(2).published
    assert found.feed.updated_parsed[:3] == (2031, 1, 17)


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_post_may_have_a_summary_alone_and_a_feed_no_posts(form):
    body, _, _ = written(feed(post(1, html=None, author=""), form=form), "http://here/feeds/lamps/")
    (entry,) = read(body).entries
    assert "content" not in entry and "author" not in entry and entry.summary == "Lamps &#8230;"
    body, _, changed = written(replace(feed(form=form), posts=()), "http://here/feeds/lamps/")
    ElementTree.fromstring(body)
    assert (read(body).bozo, read(body).entries, changed) == (False, [], None)


def test_only_the_latest_ten_posts_are_shown():
    body, _, _ = written(feed(*(post(number) for number in range(1, 15))), "http://here/feeds/lamps/")
    assert [entry.id.split("=")[1] for entry in read(body).entries] == [str(n) for n in range(14, 4, -1)]


def headers_of(given):
    return dict(given.headers)


def test_either_validator_is_answered_by_304_without_a_body():
    feeds = {"lamps": feed()}
    whole = answer(feeds, "/feeds/lamps/", {})
    tag, since = headers_of(whole)["ETag"], headers_of(whole)["Last-Modified"]
    for sent in (
        {"if-none-match": tag},
        {"if-none-match": f'"other", {tag.removeprefix("W/")}'},
        {"if-modified-since": since},
        {"if-none-match": tag, "if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT"},
    ):
        known = answer(feeds, "/feeds/lamps/", sent)
        assert (known.status, known.body, known.headers) == (304, b"", whole.headers), sent
    for sent in (
        {"if-none-match": '"other"'},
        {"if-none-match": '"other"', "if-modified-since": since},
        {"if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
    ):
        assert answer(feeds, "/feeds/lamps/", sent) == whole, sent


def test_a_changed_post_changes_both_validators():
    before = headers_of(answer({"lamps": feed()}, "/feeds/lamps/", {}))
    after = answer({"lamps": feed(post(1, edited=NOON), post(2))}, "/feeds/lamps/", {})
    assert before["ETag"] != headers_of(after)["ETag"]
    assert headers_of(after)["Last-Modified"] == "Fri, 17 Jan 2031 12:00:00 GMT"


def test_bytes_are_served_as_they_are_and_have_no_date():
    given = answer({"raw": b"\xff\xfe<junk"}, "/feeds/raw", {"if-modified-since": "Fri, 17 Jan 2031 12:00:00 GMT"})
    assert (given.status, given.body) == (200, b"\xff\xfe<junk")
    assert set(headers_of(given)) == {"ETag", "Cache-Control"}


@pytest.fixture
def server():
    world = FixedWorld(feeds={"lamps": feed(*(post(number) for number in range(1, 11)))})
    with rehearsal.serve(world, NOON) as running:
        yield running


def test_a_served_feed_is_packed_and_names_its_own_address(server):
    status, headers, body = ask(server, "/feeds/lamps/", {"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Cache-Control"] == "public, max-age=300"
    assert f'href="{server.url}/feeds/lamps/" rel="self"'.encode() in body
    assert server.requests[0].path == "/feeds/lamps/"
    status, headers, body = ask(server, "/feeds/lamps/", {"If-None-Match": headers["ETag"]})
    assert (status, body, headers["Content-Length"]) == (304, b"", None)


def test_a_feed_put_by_hand_is_there_until_it_is_taken_out(server):
    assert ask(server, "/feeds/ferries/")[0] == 404
    server.world.feeds["ferries"] = feed()
    assert ask(server, "/feeds/ferries/")[0] == 200
    del server.world.feeds["ferries"]
    assert ask(server, "/feeds/ferries/")[0] == 404
    assert ask(server, "/feeds/")[0] == 404


def test_the_front_page_lists_the_feeds(server):
    server.world.feeds["a b"] = b""
    page = ask(server, "/")[2].decode()
    assert '<a href="/feeds/lamps/">Lamps &amp; ferries</a>' in page
    assert '<a href="/feeds/a%20b/">a b</a>' in page and ask(server, "/feeds/a%20b/")[0] == 200


def test_a_feed_goes_wrong_in_the_ways_of_feeds(server):
    whole = ask(server, "/feeds/lamps/")[2]
    for fault in (faults.truncated(0.6), faults.empty(), faults.html(), faults.status(410)):
        server.faults.inject(fault)
    server.faults.inject(faults.redirect("https://elsewhere.invalid/feed/", 301))
    known = {"If-None-Match": "*"}
    status, headers, body = ask(server, "/feeds/lamps/", known)
    assert status == 200 and headers["Content-Type"].startswith("application/rss+xml")
    assert body == whole[: int(len(whole) * 0.6)] and read(body).bozo
    status, headers, body = ask(server, "/feeds/lamps/")
    assert (status, body) == (200, b"") and headers["Content-Type"].startswith("application/rss+xml")
    assert read(ask(server, "/feeds/lamps/")[2]).version == ""
    assert ask(server, "/feeds/lamps/")[0] == 410
    status, headers, _ = ask(server, "/feeds/lamps/")
    assert (status, headers["Location"]) == (301, "https://elsewhere.invalid/feed/")
    assert ask(server, "/feeds/lamps/")[2] == whole
