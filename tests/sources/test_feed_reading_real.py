"""Every real feed we have goes through the child: entries with all their characters, or an error with its words."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from alerts.sources.feed_child import FeedReader
from alerts.sources.feed_errors import FeedError
from alerts.sources.feed_values import Feed
from alerts.sources.http import Response
from tests.shared_data import shared

pytestmark = pytest.mark.shared_data
ADDRESS = "https://oak.example/feed"


@cache
def outcomes(folder):
    """What each file below a folder gives, by its name: a feed, or the code of the error."""
    with FeedReader() as reader:
        files = sorted(path for path in shared(f"feeds/{folder}").rglob("*") if path.is_file())
        return {str(path.relative_to(shared(f"feeds/{folder}"))): outcome(reader, path.read_bytes()) for path in files}


def outcome(reader, body):
    try:
        return reader.read(Response(200, {}, body, ADDRESS))
    except FeedError as error:
        return error.code


def feeds(folder):
    return {name: found for name, found in outcomes(folder).items() if isinstance(found, Feed)}


def errors(folder):
    return Counter(found for found in outcomes(folder).values() if isinstance(found, str))


def entries(folder):
    return [entry for feed in feeds(folder).values() for entry in feed.entries]


def test_every_mps_site_gives_a_feed_but_three_that_have_none():
    assert len(outcomes("mp-sites")) == 96
    assert errors("mp-sites") == {"not_a_feed": 3}
    assert set(outcomes("mp-sites")) - set(feeds("mp-sites")) == {"mp394-0.xml", "mp5004-0.xml", "mp5430-1.xml"}


def test_their_entries_are_all_there():
    found = entries("mp-sites")
    assert len(found) == 966
    assert sum(not feed.entries for feed in feeds("mp-sites").values()) == 16
    lacking = Counter(
        name for entry in found for name in ("guid", "link", "title", "html", "published") if not getattr(entry, name)
    )
    # 18 have neither content nor summary, 13 more a blank one.
    assert lacking == {"title": 1, "html": 31}
    assert sum(not entry.guid.startswith(("http://", "https://")) for entry in found) == 470


def test_a_fault_in_a_feed_costs_no_entry():
    assert len(feeds("mp-sites")["mp4786-0.xml"].entries) == 10
    assert len(feeds("mp-sites")["mp5082-0.xml"].entries) == 3
    assert not any(entry.is_last_of_cut_off for entry in entries("mp-sites"))


def test_no_guid_repeats_within_a_feed_and_six_stand_in_six():
    found = Counter()
    for feed in feeds("mp-sites").values():
        guids = [entry.guid for entry in feed.entries]
        assert len(guids) == len(set(guids))
        found.update(guids)
    assert sum(times == 6 for times in found.values()) == 6


def test_wordpress_asks_to_be_left_alone_for_an_hour():
    assert Counter(feed.ttl for feed in feeds("mp-sites").values()) == {timedelta(hours=1): 53, None: 40}


def test_no_control_character_is_left_in_any_title():
    for folder in ("mp-sites", "miniflux", "parliament", "personal-news-feed"):
        for entry in entries(folder):
            assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in entry.title)
            assert entry.title == " ".join(entry.title.split())


ENCODINGS = "internal/reader/encoding/testdata/"
WORDS = {
    f"{ENCODINGS}invalid-prolog.xml": ("테스트 피드", ["Café"]),
    f"{ENCODINGS}iso-8859-1.xml": ("Café", []),
    f"{ENCODINGS}koi8r.xml": ("Пример RSS ленты", ["Первая новость", "Вторая новость"]),
    f"{ENCODINGS}utf8-incorrect-prolog.xml": ("테스트 피드", ["Café"]),
    f"{ENCODINGS}utf8.xml": ("테스트 피드", ["Café"]),
    f"{ENCODINGS}windows-1252-incorrect-prolog.xml": ("Euro €", []),
    f"{ENCODINGS}windows-1252.xml": ("Euro €", []),
    "internal/reader/xml/testdata/koi8r.xml": ("Пример RSS ленты", ["Первая новость", "Вторая новость"]),
}


@pytest.mark.parametrize("name", WORDS, ids=[name.rpartition("/")[2] for name in WORDS])
def test_small_feeds_in_odd_encodings_come_out_right(name):
    feed = feeds("miniflux")[name]
    assert (feed.title, [entry.title for entry in feed.entries]) == WORDS[name]


LARGE = {
    "encoding_ISO-8859-1.xml": (40, "Let's Play: Twitch will Streamer zusammen spielen und singen lassen"),
    "encoding_WINDOWS-1251.xml": (50, "Цитата #17703"),
    "large_atom.xml": (25, "Using vale with vim"),
    "large_rss.xml": (25, "Using vale with vim"),
    "no_encoding_ISO-8859-1.xml": (10, "Perturbateurs endocriniens : quels effets sur le cerveau ?"),
    "rdf_UTF8.xml": (60, "OLED-TVs: Vorsichtsmaßnahmen gegen Einbrennen"),
    "small_atom.xml": (20, "Parse podcast categories"),
    "urdu_UTF8.xml": (26, "امریکہ کے ساتھ خفیہ معلومات کا تبادلہ اور فوجی تعاون معطل کر دیا: وزیر دفاع"),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_feeds_in_many_tongues_come_out_right(name):
    found = feeds("miniflux")[f"internal/reader/parser/testdata/{name}"].entries
    count, title = LARGE[name]
    assert len(found) == count
    assert title in [entry.title for entry in found]


def test_pages_and_other_xml_among_them_are_no_feeds():
    assert len(outcomes("miniflux")) == 30
    assert errors("miniflux") == {"not_a_feed": 14}


def test_a_bill_is_dated_by_its_last_change():
    (feed,) = feeds("parliament").values()
    assert [entry.title for entry in feed.entries][:2] == [
        "Finance Bill",
        "House of Lords (Hereditary Peers) Bill",
    ]
    assert len(feed.entries) == 4
    assert all(entry.published for entry in feed.entries)


def test_a_newsletter_of_half_a_megabyte_is_read_whole():
    found = {name.rpartition("/")[2]: feed for name, feed in feeds("personal-news-feed").items()}
    assert {name: len(feed.entries) for name, feed in found.items()} == {"arxiv.xml": 25, "substack.xml": 20}
    assert max(len(entry.html) for entry in found["substack.xml"].entries) == 124_199
    assert errors("personal-news-feed") == {"not_a_feed": 3}
