"""A newsletter's feed is polled: each issue becomes items, told once, known again by their words alone."""

from dataclasses import replace

import pytest

from alerts.models import Event, Issue, Item, Source
from alerts.models.choices import Kind
from alerts.sources import issues
from tests.sources.feed_stories import DAY, feed, headings, post, rss, stage, told
from tests.sources.stories import MONDAY

pytestmark = pytest.mark.django_db

LAMPS = (
    "<p>The harbour board agreed to mend the nine lamps on the north quay before the storms come in:</p>"
    "<ol><li>the lamps are counted,</li><li>the wicks are cut,</li><li>the keepers are paid.</li></ol>"
)
FERRY = "<p>From Monday the ferry leaves at ten past the hour, and the last boat waits for the theatre.</p>"
OTTERS = "<p>Three otters were counted under the pier, two more than last year and one too many for the cook.</p>"
FAIR = "<p>The autumn fair is held on the green; whoever bakes is asked to tell the verger by Friday noon.</p>"


def letter(*items: tuple[str, str]) -> str:
    """An issue with these numbered items, each a title and HTML."""
    return "".join(f"<h3>{number}. {title}</h3>{html}" for number, (title, html) in enumerate(items, 1))


FIRST = letter(("Lamps to be mended", LAMPS), ("A later ferry", FERRY))
SECOND = letter(("Otters", OTTERS), ("The fair", FAIR))


def issue(number: int, html: str, **fields):
    return post(number, title=f"The Lamp Room, letter {number}", html=html, **fields)


@pytest.fixture
def room(settings):
    """A newsletter of one issue that was polled once."""
    with stage(settings) as play:
        play.follow(shown=feed(issue(1, FIRST, published=MONDAY - 7 * DAY)), kind=Source.Kind.ISSUES)
        play.poll()
        yield play


def places() -> list[tuple[str, int, str]]:
    """Each item's issue, its place in it, and its heading."""
    found = Item.objects.order_by("issue__first_seen_at", "issue", "position")
    return list(found.values_list("issue__title", "position", "heading"))


def test_an_issue_is_stored_with_its_items_in_their_order(room):
    assert places() == [
        ("The Lamp Room, letter 1", 1, "Lamps to be mended"),
        ("The Lamp Room, letter 1", 2, "A later ferry"),
    ]
    (stored,) = Issue.objects.all()
    assert (stored.rule, stored.url, stored.published_at) == (
        Issue.Rule.NUMBERED_HEADINGS,
        "https://friends.example/1/",
        MONDAY - 7 * DAY,
    )
    assert 0.5 < stored.confidence < 1
    assert "<strong>1. Lamps to be mended</strong>" in stored.body_html
    item = Item.objects.get(position=1)
    assert "2. the wicks are cut," in item.text
    assert (item.url, item.published_at, item.state) == (stored.url, stored.published_at, Kind.PUBLISHED)
    assert item.revisions.get().text_html.count("<li>") == 3


def test_the_first_poll_is_the_past_and_a_new_issue_is_news(room):
    assert told() == []
    room.show(feed(issue(2, SECOND), issue(1, FIRST)))
    summary = room.poll()
    assert (summary.new, summary.released) == (2, 2)
    assert told() == [("Otters", "published"), ("The fair", "published")]


def test_a_second_time_nothing_is_new(room):
    stored = list(Issue.objects.values())
    for _ in range(3):
        Source.objects.update(etag="", last_modified="", body_hash="")
        assert room.poll().new == 0
    assert (Item.objects.count(), Event.objects.count()) == (2, 2)
    assert list(Issue.objects.values()) == stored


def test_a_post_that_now_holds_another_issue_brings_new_items_and_keeps_the_old(room):
    first = Issue.objects.get()
    room.show(feed(issue(1, SECOND, published=MONDAY - 7 * DAY)))
    room.poll()
    assert told() == [("Otters", "published"), ("The fair", "published")]
    assert headings() == ["A later ferry", "Lamps to be mended", "Otters", "The fair"]
    assert not Event.objects.filter(kind=Kind.REVISED).exists()
    after = Issue.objects.get()
    assert after.pk == first.pk and after.body_hash != first.body_hash
    assert (after.first_seen_at, after.changed_at) == (first.first_seen_at, room.now)


def test_what_comes_into_an_old_post_is_dated_when_it_came(room):
    room.show(feed(issue(1, SECOND, published=MONDAY - 7 * DAY)))
    room.poll()
    otters = Event.objects.get(heading="Otters")
    assert (otters.happened_on, otters.days_late, otters.item.published_at) == (MONDAY.date(), 0, None)


def test_items_that_change_places_are_the_same_items(room):
    room.show(feed(issue(1, letter(("A later ferry", FERRY), ("Otters", OTTERS), ("Lamps to be mended", LAMPS)))))
    room.poll()
    assert told() == [("Otters", "published")]


def test_over_a_tenth_of_other_words_is_revised(room):
    small = FERRY.replace("Monday", "Tuesday")
    room.show(feed(issue(1, letter(("Lamps to be mended", LAMPS), ("A later ferry", small)))))
    room.poll()
    assert told() == []
    assert Item.objects.get(heading="A later ferry").revisions.count() == 2
    large = small.replace("the last boat waits for the theatre", "the last boat waits for nobody at all")
    room.show(feed(issue(1, letter(("Lamps to be mended", LAMPS), ("A later ferry", large)))))
    room.poll()
    assert told() == [("A later ferry", "revised")]
    assert Item.objects.get(heading="A later ferry").state == Kind.REVISED


def test_another_post_with_the_same_words_is_no_news(room):
    room.show(feed(issue(9, FIRST, link="https://friends.example/copy/"), issue(1, FIRST)))
    room.poll()
    assert told() == []
    assert Item.objects.count() == 2
    assert Issue.objects.count() == 2


def test_two_issues_with_the_same_section_settle(room):
    monthly = ("Situations vacant", FAIR)
    later = ("Situations vacant", FAIR.replace("the verger by Friday noon", "the sexton by Sunday noon"))
    both = feed(issue(2, letter(("Lamps to be mended", LAMPS), monthly)), issue(3, letter(("Otters", OTTERS), later)))
    room.show(both)
    room.poll()
    items, events = Item.objects.count(), Event.objects.count()
    for _ in range(2):
        Source.objects.update(etag="", last_modified="", body_hash="")
        room.poll()
    assert (Item.objects.count(), Event.objects.count()) == (items, events)


def test_an_item_not_seen_for_over_a_year_is_known_while_its_words_are_the_same(room):
    room.show(feed())
    room.poll()
    room.show(feed(issue(5, FIRST)))
    room.poll(500 * DAY)
    assert told() == []


def test_of_a_long_past_no_more_is_compared_than_its_bound(room, monkeypatch):
    monkeypatch.setattr(issues, "MOST_REMEMBERED", 1)
    room.show(feed(issue(1, FIRST), issue(2, SECOND)))
    room.poll()
    Source.objects.update(etag="", last_modified="", body_hash="")
    assert room.poll().new == 0
    assert Item.objects.count() == 4


def test_an_item_leads_to_its_own_page_where_that_is_clear(room):
    more = '<p><a href="/ferry?utm_source=letter">Read more</a> or ask <a href="https://quay.example">the quay</a>.</p>'
    titled = '<h3>2. <a href="https://friends.example/otters">Otters</a></h3>'
    bells = "<p>Both bells of the chapel ring again, the small one a little flat since its fall.</p>"
    two = '<p><a href="/one">Read more</a> <a href="/two">Read more</a></p>'
    room.show(feed(issue(2, letter(("Tides", OTTERS + more)) + titled + FAIR + f"<h3>3. Both</h3>{bells}{two}")))
    room.poll()
    assert dict(Item.objects.filter(issue__title__endswith="2").values_list("heading", "url")) == {
        "Tides": "https://friends.example/ferry",
        "Otters": "https://friends.example/otters",
        "Both": "https://friends.example/2/",
    }


def test_an_issue_without_numbers_or_headings_is_one_item(room):
    room.show(feed(issue(2, OTTERS + FAIR)))
    room.poll()
    assert told() == [("The Lamp Room, letter 2", "published")]
    assert Issue.objects.get(title__endswith="2").rule == Issue.Rule.WHOLE


def test_an_issue_that_is_a_title_alone_is_an_item_too(room):
    room.show(rss("<item><guid>77</guid><title>No letter this week</title></item>"))
    room.poll()
    assert told() == [("No letter this week", "published")]


def test_issues_of_a_source_under_review_wait(settings):
    with stage(settings) as play:
        play.follow(shown=feed(issue(1, FIRST)), kind=Source.Kind.ISSUES, review=Source.Review.REVIEW)
        play.poll()
        play.show(feed(issue(1, FIRST), issue(2, SECOND)))
        play.poll()
    assert list(Event.objects.waiting().values_list("heading", "baseline")) == [
        ("Lamps to be mended", True),
        ("A later ferry", True),
        ("Otters", False),
        ("The fair", False),
    ]


def test_the_last_issue_of_a_feed_that_broke_off_waits_until_it_is_whole(room):
    whole = rss(f"<item><guid>8</guid><title>Eight</title><description><![CDATA[{SECOND}]]></description></item>")
    room.show(whole[: whole.index(b"verger")])
    room.poll()
    assert Item.objects.count() == 2
    room.show(whole)
    room.poll()
    assert told() == [("Otters", "published"), ("The fair", "published")]


def test_personal_links_of_an_issue_are_in_nothing_that_is_stored(room):
    footer = '<p><a href="https://post.example/unsubscribe/ann">Unsubscribe</a></p>'
    tracked = '<p><a href="https://quay.example/map?mc_eid=ann">The map of the quay</a> hangs in the hall.</p>'
    room.show(feed(replace(issue(2, letter(("Otters", OTTERS), ("Map", tracked)) + footer))))
    room.poll()
    stored = Issue.objects.get(title__endswith="2").body_html
    stored += "".join(Item.objects.values_list("revisions__text_html", flat=True))
    assert "https://quay.example/map" in stored
    assert "ann" not in stored
