"""The bytes of a feed become values: what is in it, however it is said, and nothing that is not."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from alerts.sources import feed_fields, feed_reading
from alerts.sources.feed_errors import FeedError
from alerts.sources.feed_reading import read_feed
from tests.sources.feed_bodies import ADDRESS, atom, item, rss

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def read(body, content_type="application/rss+xml"):
    """The feed in a body, or in a text that is sent as UTF-8."""
    body = body.encode() if isinstance(body, str) else body
    return read_feed(body, {"Content-Type": content_type}, ADDRESS)


def only(*args, **fields):
    """The one entry of an RSS feed with one item."""
    (entry,) = read(rss(item(*args, **fields))).entries
    return entry


def refusal(body, content_type="application/rss+xml"):
    """(code, words) of the error that a body gives."""
    with pytest.raises(FeedError) as caught:
        read(body, content_type)
    return caught.value.code, str(caught.value)


def test_an_item_is_read_field_by_field():
    entry = only(
        "Fish &amp; chips",
        guid="oak-1",
        link="https://oak.example/1",
        description="Short.",
        content_encoded="<![CDATA[<p>All of it.</p>]]>",
        dc_creator="Jo Oak",
        pubDate="Mon, 06 Jan 2031 12:00:00 +0100",
    )
    assert (entry.guid, entry.link, entry.title) == ("oak-1", "https://oak.example/1", "Fish & chips")
    assert (entry.html, entry.author) == ("<p>All of it.</p>", "Jo Oak")
    assert entry.published == datetime(2031, 1, 6, 11, tzinfo=UTC)
    assert not entry.is_last_of_cut_off


def test_an_atom_entry_is_read_field_by_field():
    feed = read(
        atom(
            '<entry><id>tag:oak.example,2031:1</id><link href="/1"/><title type="html">Fish &amp;amp; chips</title>'
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>All <b>of</b> it.</p></div></content>'
            "<author><name>Jo Oak</name></author><updated>2031-01-06T11:00:00Z</updated></entry>"
        )
    )
    (entry,) = feed.entries
    assert (feed.title, entry.guid, entry.link) == ("Oak Street", "tag:oak.example,2031:1", "https://oak.example/1")
    assert (entry.title, entry.html, entry.author) == ("Fish & chips", "<p>All <b>of</b> it.</p>", "Jo Oak")
    assert entry.published == datetime(2031, 1, 6, 11, tzinfo=UTC)


def test_a_feed_without_entries_is_fine():
    feed = read(rss())
    assert (feed.title, feed.link, feed.entries, feed.ttl) == ("Oak Street News", "https://oak.example/", (), None)


TEXTS = {
    "the content": ({"description": "Short.", "content_encoded": "<![CDATA[<p>Long.</p>]]>"}, "<p>Long.</p>"),
    "the summary where the content is blank": ({"description": "Short.", "content_encoded": " "}, "Short."),
    "escaped HTML": ({"description": "&lt;p&gt;Mind the gap&lt;/p&gt;"}, "<p>Mind the gap</p>"),
    "HTML that is not escaped": ({"description": "<p>Mind <b>the</b> gap</p>"}, "<p>Mind <b>the</b> gap</p>"),
    "none": ({}, ""),
}


@pytest.mark.parametrize(("fields", "html"), TEXTS.values(), ids=TEXTS)
def test_the_text_is(fields, html):
    assert only(**fields).html == html


def test_plain_text_of_atom_becomes_html_that_shows_the_same():
    feed = read(atom("<entry><title>a</title><summary>2 &lt; 3\n\nand &lt;b&gt;</summary></entry>"))
    assert feed.entries[0].html == "<p>2 &lt; 3</p><p>and &lt;b&gt;</p>"


DATES = {
    "Mon, 06 Jan 2031 12:00:00 GMT": datetime(2031, 1, 6, 12, tzinfo=UTC),
    "Mon, 06 Jan 2031 12:00:00": datetime(2031, 1, 6, 12, tzinfo=UTC),
    "Mon, 06 Jan 2031 12:00:00 -0000": datetime(2031, 1, 6, 12, tzinfo=UTC),
    "2031-01-06T12:00:00": datetime(2031, 1, 6, 12, tzinfo=UTC),
    "2031-01-06T12:00:00+01:00": datetime(2031, 1, 6, 11, tzinfo=UTC),
    "2031-06-30T23:59:60Z": datetime(2031, 7, 1, tzinfo=UTC),
    "Thu, 01 Jan 1970 00:00:00 GMT": datetime(1970, 1, 1, tzinfo=UTC),
    "Thu, 31 Dec 2099 00:00:00 GMT": datetime(2099, 12, 31, tzinfo=UTC),
    "31 Dec 9999 23:59:59 -1200": None,
    "1066-10-14T09:00:00Z": None,
    "Mon, 99 Foo 2031 99:99:99 GMT": None,
    "next week": None,
    "": None,
}


@pytest.mark.parametrize(("said", "published"), DATES.items(), ids=DATES)
def test_a_date_is_read_or_left_out(said, published):
    assert only(pubDate=said).published == published


def test_the_last_change_stands_in_for_a_missing_date():
    assert only(a10_updated="2031-01-06T12:00:00Z").published == datetime(2031, 1, 6, 12, tzinfo=UTC)
    assert only(pubDate="soon", dc_date="2031-01-06").published == datetime(2031, 1, 6, tzinfo=UTC)


LINKS = {
    "https://oak.example/a b": "https://oak.example/a%20b",
    "/news/1?a=1&amp;b=2": "https://oak.example/news/1?a=1&b=2",
    "1.html": "https://oak.example/feeds/1.html",
    "//elm.example/1": "https://elm.example/1",
    "javascript:alert(1)": "",
    "mailto:jo@oak.example": "",
    "file:///etc/passwd": "",
    "http://[oak": "",
    "http://": "",
    "https://oak.example/" + "a" * 1_000: "",
    "": "",
}


@pytest.mark.parametrize(("said", "link"), LINKS.items(), ids=[said[:25] for said in LINKS])
def test_a_link_is_a_whole_web_address_or_nothing(said, link):
    assert only(link=said).link == link


def test_a_guid_is_an_address_only_if_it_is_a_whole_one():
    assert only(guid="https://oak.example/1").link == "https://oak.example/1"
    assert only(guid="oak-1").link == ""
    assert only(guid="oak-1", link="/1").link == "https://oak.example/1"


def test_a_guid_does_not_change_with_the_address_of_its_feed():
    body = rss(item(guid="/1")).encode()
    assert {read_feed(body, {}, url).entries[0].guid for url in (ADDRESS, "https://elm.example/feed")} == {"/1"}


TITLES = {
    "<![CDATA[Fish &#38; <em>chips</em>]]>": "Fish & chips",
    "It&#8217;s here": "It’s here",
    "two\n   lines": "two lines",
    "a &lt; b": "a < b",
    "It&#146;s Windows": "It’s Windows",
    "a\u2028b&#x7f;c": "a b c",
}


@pytest.mark.parametrize(("said", "title"), TITLES.items(), ids=TITLES)
def test_a_title_is_one_line_of_text(said, title):
    assert only(said).title == title


def test_every_field_is_bounded():
    long = "x" * 300_000
    entry = only(long, guid=long, description=long, dc_creator=long[:1_000])
    lengths = (len(entry.title), len(entry.guid), len(entry.html), len(entry.author))
    assert lengths == (500, 2_000, feed_fields.LONGEST_HTML, 200)
    assert len(read(rss().replace("Oak Street News", long)).title) == 500


@pytest.mark.parametrize("last", ["<a href='/" + "x" * 99 + "'>end</a>", "&amp;" * 20])
def test_html_is_not_cut_within_a_tag_or_a_reference(last):
    for room in range(20):
        text = "x" * (feed_fields.LONGEST_HTML - room) + last
        html = only(description=f"<![CDATA[{text}]]>").html
        assert feed_fields.LONGEST_HTML - 20 <= len(html) <= feed_fields.LONGEST_HTML
        assert re.fullmatch(r"x+(&amp;)*", html)


def test_of_too_many_entries_the_newest_are_kept_in_their_order(monkeypatch):
    monkeypatch.setattr(feed_reading, "MOST_ENTRIES", 3)
    days = [item(str(day), pubDate=f"{day:02} Jan 2031 12:00:00 GMT") for day in (5, 1, 9, 3)]
    assert [entry.title for entry in read(rss(*days)).entries] == ["5", "9", "3"]
    undated = [item(str(place)) for place in range(5)]
    assert [entry.title for entry in read(rss(*undated)).entries] == ["0", "1", "2"]


HOURS = timedelta(hours=1)
PATIENCE = {
    "<ttl>90</ttl>": 1.5 * HOURS,
    "<ttl> 60 </ttl>": HOURS,
    "<ttl>999999999</ttl>": 24 * HOURS,
    "<ttl>0</ttl>": None,
    "<ttl>-5</ttl><ttl>soon</ttl>": None,
    "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>": HOURS / 2,
    "<sy:updatePeriod>\nweekly </sy:updatePeriod>": 24 * HOURS,
    "<sy:updateFrequency>4</sy:updateFrequency>": 6 * HOURS,
    "<sy:updatePeriod>now and then</sy:updatePeriod>": None,
    "<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>": HOURS,
    "<skipHours><hour>22</hour><hour>23</hour><hour>0</hour><hour>5</hour></skipHours>": 3 * HOURS,
    "<skipHours><hour>24</hour>\n<hour> 1 </hour></skipHours><ttl>60</ttl>": 2 * HOURS,
    f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in range(24))}</skipHours>": 24 * HOURS,
    "<skipDays><day>Saturday</day></skipDays>": 24 * HOURS,
    "<skipDays><day>Someday</day></skipDays><skipHours></skipHours>": None,
}


@pytest.mark.parametrize(("head", "ttl"), PATIENCE.items(), ids=[head[:40] for head in PATIENCE])
def test_a_feed_is_left_alone_as_long_as_it_asks(head, ttl):
    assert read(rss(head=head)).ttl == ttl


REFUSED = {
    "no bytes": ("", "empty"),
    "blanks": ("\ufeff \r\n\t", "empty"),
    "NULs": ("\0\0\0\0", "empty"),
    "a web page": ("<!DOCTYPE html><html><body><p>Please sign in</p></body></html>", "not_a_feed"),
    "a captcha": (
        '<html><head><meta http-equiv="refresh" content="0;/captcha/"></head></html>',
        "not_a_feed",
    ),
    "JSON": ('{"items": [{"title": "The bridge reopens"}]}', "not_a_feed"),
    "prose": ("The bridge reopens.", "not_a_feed"),
    "other XML": ("<note><to>Jo</to></note>", "not_a_feed"),
    "a feed that breaks off in its head": (rss()[:-20], "broken_feed"),
    "a feed that declares an entity": (f'<!DOCTYPE rss [<!ENTITY oak "Oak">]>{rss()}', "declares_entities"),
}


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_feed_is_refused_with_a_code_and_words(body, code):
    assert refusal(body)[0] == code
    assert re.fullmatch(r"nothing|(JSON|a web page|a feed|something else)[a-z, ]+", refusal(body)[1])
    assert refusal(body, "text/html")[0] == code


def test_words_say_what_came_instead_of_a_feed():
    assert refusal(REFUSED["a web page"][0])[1] == "a web page, where a feed should be"
    assert refusal(REFUSED["JSON"][0])[1] == "JSON, where a feed should be"


TWO = rss(item("The bridge reopens"), item("A market on Sunday", description="With cheese and music."))
ODD = {
    "blanks before the declaration": "\n  " + TWO,
    "a warning before the declaration": "Warning: headers already sent\n" + TWO,
    "junk after the end": TWO + "<script>track()</script>",
    "an entity of HTML": TWO.replace("and", "&nbsp;"),
    "an ampersand of its own": TWO.replace("and", "&"),
    "NULs and control characters": TWO.replace("bridge", "bri\0dge\x07\x1b").replace("market", "mar\x0bket"),
    "control characters by number": TWO.replace("bridge", "bri&#0;dge&#x1f;").replace("market", "mar&#x00000c;ket"),
    "numbers that are no character": TWO.replace("bridge", "bri&#99999999999;dge&#xD800;&#xFFFF;"),
    "no declaration": TWO[TWO.index("\n") :],
    "upper case": TWO.replace("item>", "ITEM>"),
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/html; charset=utf-8", "application/json", ""])
def test_a_feed_with_faults_is_read_as_far_as_it_goes(body, content_type):
    entries = read(body, content_type).entries
    assert [entry.title for entry in entries] == ["The bridge reopens", "A market on Sunday"]
    assert not any(CONTROL.search(entry.title) or "\0" in entry.html for entry in entries)
    assert not any(entry.is_last_of_cut_off for entry in entries)


@pytest.mark.parametrize("end", range(TWO.index("A market") + 2, TWO.rindex("</item>") + 6))
def test_the_entry_at_which_a_feed_breaks_off_is_marked(end):
    entries = read(TWO[:end]).entries
    assert [entry.is_last_of_cut_off for entry in entries] == [False, True]
    assert entries[0].title == "The bridge reopens"


@pytest.mark.parametrize("end", range(TWO.rindex("</item>") + 7, len(TWO)))
def test_a_feed_that_breaks_off_after_its_last_entry_lacks_nothing(end):
    assert [entry.is_last_of_cut_off for entry in read(TWO[:end]).entries] == [False, False]


def test_a_complete_feed_may_talk_of_entries_that_begin():
    after = "<copyright><![CDATA[Each <item> is ours.]]></copyright>"
    assert [entry.is_last_of_cut_off for entry in read(rss(item(), after)).entries] == [False]


CAFE = rss(item("Café on Elm Street", description="Naïve “quotes”."))
CYRILLIC = rss(item("Мост открыт", description="Новости улицы."))
SENT = {
    "UTF-8": (CAFE.encode(), ""),
    "UTF-8 with a mark": (CAFE.encode("utf-8-sig"), ""),
    "UTF-8 that claims Latin-1": (CAFE.replace("utf-8", "iso-8859-1").encode(), ""),
    "UTF-8 that claims UTF-16": (CAFE.replace("utf-8", "utf-16").encode(), ""),
    "UTF-8 that claims what does not exist": (CAFE.replace("utf-8", "zebra").encode(), "text/xml; charset=../x"),
    "UTF-8 served as Latin-1": (CAFE.encode(), "text/xml; charset=ISO-8859-1"),
    "Windows that claims UTF-8": (CAFE.encode("cp1252"), "application/xml; charset=utf-8"),
    "Windows that claims Latin-1": (CAFE.replace("utf-8", "iso-8859-1").encode("cp1252"), ""),
    "UTF-16 with a mark": (CAFE.encode("utf-16"), ""),
    "UTF-16 with a mark that says so": (CAFE.replace("utf-8", "utf-16").encode("utf-16"), "text/xml; charset=utf-16"),
    "UTF-16 without a mark": (CAFE.encode("utf-16-be"), ""),
    "UTF-16 without a mark or a declaration": (CAFE[CAFE.index("<rss") :].encode("utf-16-le"), ""),
    "UTF-32": (CAFE.encode("utf-32"), ""),
    "KOI8 by its declaration": (CYRILLIC.replace("utf-8", "koi8-r").encode("koi8-r"), ""),
    "KOI8 by its header": (CYRILLIC.encode("koi8-r"), 'text/xml; charset="KOI8-R"'),
}


@pytest.mark.parametrize(("body", "content_type"), SENT.values(), ids=SENT)
def test_characters_come_out_right_whatever_is_claimed(body, content_type):
    (entry,) = read(body, content_type).entries
    words = {("Café on Elm Street", "Naïve “quotes”."), ("Мост открыт", "Новости улицы.")}
    assert (entry.title, entry.html) in words


def test_a_stray_byte_does_not_spoil_the_rest():
    body = rss(item("Café, naïve, “quotes” – à la carte")).encode().replace(b"Street", b"Str\xffeet")
    assert read(body).entries[0].title == "Café, naïve, “quotes” – à la carte"


def test_a_character_cut_through_does_not_spoil_the_rest():
    whole = rss(item("“Café”"), item("Glacé, crème")).encode()
    body = whole[: whole.rindex("è".encode()) + 1]
    assert read(body).entries[0].title == "“Café”"


PRETENDERS = ["title_detail", "summary_detail", "content", "published_parsed", "links", "guidislink", "ttl"]


@pytest.mark.parametrize("name", PRETENDERS)
def test_elements_named_like_the_parsers_own_keys_do_no_harm(name):
    for element in (f"<{name}>7</{name}>", f'<{name} a="1" type="text/html"/>'):
        body = rss(item("The bridge reopens", guid="1").replace("</item>", f"{element}</item>"), head=element)
        assert [entry.title for entry in read(body).entries] == ["The bridge reopens"]
