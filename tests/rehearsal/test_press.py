"""The feeds of the scripted world: posts that appear, are put right and are overwritten on their days."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest

import rehearsal
from alerts.query import Document, matches, parse
from rehearsal import ScriptedWorld, ScriptError, load
from rehearsal.days import LONDON, sitting_day
from rehearsal.feeds import answer, written
from tests.rehearsal.reading import ask

MONDAY = date(2031, 1, 6)
ISSUES, ITEMS = "friday-bearings", "small-hours"


@pytest.fixture(scope="module")
def world():
    return ScriptedWorld(load(), MONDAY)


def evening(day):
    """When all of that sitting day has been posted."""
    here = sitting_day(MONDAY, day)
    return datetime(here.year, here.month, here.day, 18, tzinfo=LONDON)


def read(feed):
    return feedparser.parse(
        io.BytesIO(written(feed, "http://here/")[0]), sanitize_html=False, resolve_relative_uris=False
    )


def post(world, name, guid, day):
    (found,) = [post for post in world.feeds_at(evening(day))[name].posts if post.guid == guid]
    return found


def words(html):
    return re.findall(r"\w+", re.sub(r"<[^>]*>", " ", html).lower())


def test_every_feed_is_read_whole_on_every_day_of_the_play(world):
    for day in range(-1, 10):
        for name, feed in world.feeds_at(evening(day)).items():
            found = read(feed)
            assert not found.bozo, (name, day)
            assert [entry.id for entry in found.entries] == [post.guid for post in feed.latest]
            assert all(entry.title and entry.published_parsed for entry in found.entries)
    assert {name: len(feed.posts) for name, feed in world.feeds_at(evening(9)).items()} == {ISSUES: 6, ITEMS: 18}


def test_a_post_is_there_from_its_moment_on_and_between_nine_and_six(world):
    (latest,) = [post for post in world.feeds_at(evening(9))[ISSUES].posts if post.guid.endswith("4177")]
    assert time_of_day(latest.published) == ("Friday", True)
    before = latest.published - timedelta(seconds=1)
    assert latest not in world.feeds_at(before)[ISSUES].posts
    assert latest in world.feeds_at(latest.published)[ISSUES].posts
    assert ScriptedWorld(load(), MONDAY).feeds_at(latest.published) == world.feeds_at(latest.published)


def time_of_day(moment):
    here = moment.astimezone(LONDON)
    return f"{here:%A}", 9 <= here.hour < 18


def test_one_issue_overwrites_the_post_of_the_last(world):
    guid = "https://even-keel.example/?p=4117"
    before, after = post(world, ISSUES, guid, 0), post(world, ISSUES, guid, 1)
    assert (before.link, before.published) == (after.link, after.published)
    assert "2031/01/03/friday-bearings-3-january-2031" in after.link
    assert before.title == "Friday Bearings: 3 January 2031" and after.title.endswith("extra on 7 January 2031")
    shared = set(words(before.html)) & set(words(after.html))
    assert len(shared) < 0.5 * len(set(words(after.html)))
    sent = dict(answer(world.feeds_at(evening(0)), f"/feeds/{ISSUES}/", {}).headers)
    later = answer(world.feeds_at(evening(1)), f"/feeds/{ISSUES}/", {"if-none-match": sent["ETag"]})
    assert later.status == 200 and dict(later.headers)["Last-Modified"] != sent["Last-Modified"]


def test_one_item_of_an_issue_is_put_right_later_by_more_than_a_tenth_of_its_words(world):
    guid = "https://even-keel.example/?p=4142"
    before, after = (re.split("<h3", post(world, ISSUES, guid, day).html) for day in (4, 5))
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    old, new = (words(text) for text in changed[0])
    assert 0.1 < len([word for word in new if word not in old]) / len(new) < 0.5


def test_the_first_item_of_one_issue_has_a_list_from_one_to_five(world):
    issue = post(world, ISSUES, "https://even-keel.example/?p=4142", 4).html
    first = issue.split("<h3")[1]
    assert re.findall(r"<p>(\d)\. ", first) == ["1", "2", "3", "4", "5"]
    assert re.findall(r'<h3 class="wp-block-heading">(\d)\. ', issue) == ["1", "2", "3"]


def test_one_guid_changes_while_link_and_title_stay(world):
    before = post(world, ITEMS, "tag:small-hours.example:news:1933", 4)
    after = post(world, ITEMS, "urn:small-hours:node:20417", 5)
    assert (before.link, before.title, before.html) == (after.link, after.title, after.html)
    assert all(not post.guid.startswith("http") for post in world.feeds_at(evening(9))[ITEMS].posts)


def test_feeds_have_what_real_feeds_have(world):
    items = world.feeds_at(evening(9))[ITEMS].posts
    assert {(post.html is None, post.summary is None) for post in items} == {(True, False), (False, True)}
    assert all("utm_source=" in post.link for post in items)
    for name in (ISSUES, ITEMS):
        everything = "".join(post.html or "" for post in world.feeds_at(evening(9))[name].posts)
        assert 'width="1" height="1"' in everything and "utm_" in everything


@pytest.mark.parametrize("query", ["maternity AND (safety OR inequalities)", '"health inequalities"', '"young people"'])
def test_one_saved_search_finds_questions_and_posts_of_both_feeds_within_the_play(world, query):
    tree = parse(query).tree
    now, opening = evening(9), evening(-1)
    records = [record for record in world.at(now).records if record.date_tabled >= MONDAY]
    assert any(
        matches(tree, Document.from_zones(question=r.question_text, answer=r.answer_text or "")) for r in records
    )
    for name in (ISSUES, ITEMS):
        posts = [post for post in world.feeds_at(now)[name].posts if post.changed > opening]
        texts = [" ".join(words(post.title + " " + (post.html or post.summary))) for post in posts]
        assert any(matches(tree, Document.from_zones(text=text)) for text in texts), name


def test_the_server_shows_feeds_by_its_time(world):
    with rehearsal.serve(world, evening(0).astimezone(UTC)) as server:
        first = ask(server, f"/feeds/{ISSUES}/")
        server.now = evening(1)
        status, _, body = ask(server, f"/feeds/{ISSUES}/", {"If-Modified-Since": first[1]["Last-Modified"]})
        assert status == 200 and b"an extra on 7 January" in body and b"an extra on" not in first[2]
        assert f'href="/feeds/{ITEMS}/">Small Hours' in ask(server, "/")[2].decode()


PEOPLE = '[[department]]\nkey = "lamps"\nid = 9001\nname = "Department for Lamps"\nshort = "Lamps"\n'
LAMPS = """
[[publisher]]
key = "lamps"
title = "Lamps"
link = "https://lamps.example/"
address = "https://lamps.example/{slug}"

[[post]]
key = "one"
day = 1
guid = "g1"
title = "One"
html = "<p>One.</p>"

[[post]]
key = "two"
day = 2
guid = "g2"
title = "Two"
summary = "Two."

[[edit]]
post = "one"
day = 3
html = "<p>Won.</p>"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "people.toml").write_text(PEOPLE)
    (tmp_path / "newsletters").mkdir()
    (tmp_path / "newsletters" / "lamps.toml").write_text(LAMPS)
    return tmp_path


def test_an_edit_changes_what_it_gives_and_nothing_else(folder):
    feed = ScriptedWorld(load(folder), MONDAY).feeds_at(evening(3))["lamps"]
    one, two = feed.posts
    assert (one.title, one.html, one.edited.astimezone(LONDON).date()) == ("One", "<p>Won.</p>", date(2031, 1, 9))
    assert (two.html, two.summary, two.edited) == (None, "Two.", None)
    assert feed.changed == one.edited > two.published


def test_a_feed_put_by_hand_takes_the_place_of_a_played_one(folder):
    world = ScriptedWorld(load(folder), MONDAY)
    world.feeds |= {"lamps": b"", "ferries": b"<rss/>"}
    assert world.feeds_at(evening(3)) == {"lamps": b"", "ferries": b"<rss/>"}


@pytest.mark.parametrize(
    ("find", "put", "complaint"),
    [
        ('key = "lamps"', 'key = "ferries"', "it needs one [[publisher]], with the key 'lamps'"),
        ('title = "Lamps"', 'title = "Lamps"\nform = "json"', "'form' cannot be 'json'; write one of rss, atom"),
        ('"g2"', '"g1"', "the guid 'g1' is there twice"),
        ('key = "two"', 'key = "one"', "the key 'one' is there twice"),
        ("day = 1", "day = 10", "post 'one': 'day' must lie from -64 to 9"),
        ('summary = "Two."', "", "post 'two': it has neither 'html' nor 'summary'"),
        ('post = "one"', 'post = "three"', "there is no post 'three' to edit"),
        ("day = 3", "day = 1", "the edit of 'one' must lie after its post"),
        ("day = 3", 'day = "Friday"', "edit 'one': 'day' cannot be 'Friday'"),
        ("[[edit]]", "[[change]]", "there is no table [[change]]; write one of publisher, post, edit"),
    ],
)
def test_posts_that_cannot_be_played_are_refused_with_their_file(folder, find, put, complaint):
    assert find in LAMPS
    (folder / "newsletters" / "lamps.toml").write_text(LAMPS.replace(find, put, 1))
    with pytest.raises(ScriptError) as refused:
        load(folder)
    assert "lamps.toml" in str(refused.value) and complaint in str(refused.value)
