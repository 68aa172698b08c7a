"""The feeds of an alert: what they hold, when nothing has changed, and that they tell nothing of its owner."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alerts.digests.compose import compose_due
from alerts.matching.percolate import percolate_due
from alerts.models import Event, Item, Outlet, Source, Subscription
from alerts.web import outlets, pace, subscriptions
from config.logs import without_secrets
from tests.factories import NOW, make_event, make_item, make_member, make_person, make_source, make_subscription

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ANSWER = "The same long answer about foghorns " * 20


@pytest.fixture(autouse=True)
def clock(clock):
    """Nobody has asked for a feed yet."""
    pace._asked.clear()
    return clock


@pytest.fixture
def alert() -> Subscription:
    reader = make_person("someone@example.org")
    return make_subscription(reader, "foghorns", name="What Mr Perrin must not know")


@pytest.fixture
def paths(alert) -> list[str]:
    """Where the alert's feed is as Atom and as JSON Feed."""
    outlet = Outlet.objects.create(subscription=alert, kind=Outlet.Kind.FEED, opened_at=NOW)
    return [urlsplit(address).path for address in outlets.addresses(outlet)]


def happen(kind: str = "answered", **fields) -> Event:
    """An event that is released, and matched as in production."""
    event = make_event(kind, **fields)
    percolate_due(NOW)
    return event


def get(path: str, **headers: str) -> HttpResponse:
    return Client().get(path, headers=headers)


def read(paths: list[str]) -> feedparser.FeedParserDict:
    """The Atom feed as a program reads it that everybody uses; it has no complaint, and JSON Feed says the same."""
    answer = get(paths[0])
    assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.content, resolve_relative_uris=False)
    assert not found.bozo and found.version == "atom10", found.get("bozo_exception")
    assert [one["id"] for one in as_json(paths)["items"]] == [one.id for one in found.entries]
    return found


def as_json(paths: list[str]) -> dict:
    answer = get(paths[1])
    assert answer.status_code == 200 and answer["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(answer.content)


def titles(paths: list[str]) -> list[str]:
    return [one.title for one in read(paths).entries]


def test_an_entry_has_the_words_round_the_match_the_official_page_and_ours(paths):
    ada = make_member(party_abbreviation="Ind", member_from="Sandholm East")
    event = happen(heading="Foghorns: Repairs", answer="Four <foghorns> & a lamp.", asking_member=ada)
    (entry,) = read(paths).entries
    assert entry.title == "Foghorns: Repairs"
    assert urlsplit(entry.link).path == f"/q/2026-03-10/{event.item.uin}"
    assert [link.href for link in entry.links if link.rel == "via"] == [event.item.url]
    for words in ("Answered Tue 10 March 2026", "Ada Fenwick (Ind, Sandholm East)", "&lt;<b>foghorns</b>&gt; &amp; a"):
        assert words in entry.summary
    assert "Open Parliament Licence v3.0" in entry.summary and "Open Parliament Licence v3.0" in entry.rights
    (item,) = as_json(paths)["items"]
    assert item["url"] == entry.link and item["external_url"] == event.item.url
    assert item["summary"].endswith("Answer: Four <foghorns> & a lamp.")


def test_both_formats_have_what_their_standards_ask_for(paths):
    happen(heading="Foghorns")
    atom, written = ElementTree.fromstring(get(paths[0]).content), as_json(paths)
    space = "{http://www.w3.org/2005/Atom}"
    assert {f"{space}{name}" for name in ("id", "title", "updated", "author", "link")} <= {part.tag for part in atom}
    wanted = {f"{space}{name}" for name in ("id", "title", "updated", "published", "summary", "link")}
    for entry in atom.findall(f"{space}entry"):
        assert wanted <= {part.tag for part in entry}
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.find(f"{space}id").text)
    assert written["version"] == "https://jsonfeed.org/version/1.1" and written["title"] and written["items"]
    for item in written["items"]:
        assert isinstance(item["id"], str) and item["content_html"]
        assert datetime.fromisoformat(item["date_published"]) <= datetime.fromisoformat(item["date_modified"])
    (itself,) = [part.get("href") for part in atom.findall(f"{space}link") if part.get("rel") == "self"]
    assert urlsplit(itself).path == paths[0] and urlsplit(written["feed_url"]).path == paths[1]


def test_a_feed_tells_nothing_of_its_owner_and_sets_no_cookie(alert, paths):
    happen(heading="Foghorns")
    Subscription.objects.update(paused_at=NOW)
    for path in paths:
        answer = get(path)
        said = answer.content.decode()
        for secret in ("someone", "Perrin", str(alert.uuid), str(alert.user.uuid), "aily", "aused"):
            assert secret not in said
        assert not answer.cookies and "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer" and answer["Cache-Control"] == "private, max-age=600"


def test_one_answer_stands_in_it_once_and_only_what_the_alert_is_told_of(alert, paths):
    for number in range(3):
        happen(heading=f"Foghorns {number}", answer=ANSWER)
    happen("tabled", heading="Foghorns tabled")
    happen(heading="Lamps", question="To ask.", answer="No.")
    assert titles(paths) == ["Foghorns 2"]
    assert "3 questions, one answer" in read(paths).entries[0].summary
    Subscription.objects.update(wants_tabled=True)
    assert set(titles(paths)) == {"Tabled: Foghorns tabled", "Foghorns 2"}


def test_the_newest_fifty_of_the_last_thirty_days_are_in_it(paths):
    for days in (30, 31):
        make_event(heading=f"Foghorns {days} days ago", happened_on=NOW.date() - days * DAY)
    percolate_due(NOW)
    assert titles(paths) == ["Foghorns 30 days ago"]
    for number in range(52):
        make_event(heading=f"Foghorns {number}", answer=f"{number}.", happened_on=NOW.date() - (number // 2) * DAY)
    percolate_due(NOW)
    found = titles(paths)
    assert len(found) == 50 and {"Foghorns 0", "Foghorns 49"} <= set(found) and "Foghorns 50" not in found


def test_a_newsletters_item_is_named_as_one_and_never_whole(paths):
    source = make_source(Source.Kind.FEED, name="The Lamp Room")
    item = make_item(
        *(source,), heading="", text="Foghorns again. " * 40, question="", uin="", house="", tabled_on=None,
        url="https://lamproom.example/12?utm_source=hark",
    )  # fmt: skip
    happen("published", item=item)
    (entry,) = read(paths).entries
    assert entry.title == "Item without a title" and "Newsletter, not Parliament: The Lamp Room" in entry.summary
    assert [link.href for link in entry.links if link.rel == "via"] == ["https://lamproom.example/12"]
    assert len(entry.summary) < 1_000 and "Open Parliament" not in entry.rights


def test_a_correction_is_the_same_entry_updated(clock, paths):
    event = happen(heading="Foghorns", happened_on=date(2026, 3, 6), released_at=NOW - 4 * DAY)
    (before,) = read(paths).entries
    clock.move_to(NOW + DAY)
    happen("corrected", item=event.item, version="c1", happened_on=date(2026, 3, 11), released_at=NOW + DAY)
    (after,) = read(paths).entries
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated_parsed > before.updated_parsed and after.title == "Corrected: Foghorns"


def test_what_joins_an_answer_later_changes_no_entrys_name(clock, paths):
    tabled_first = make_item(heading="Foghorns: Another question", answer=ANSWER)
    happen(heading="Foghorns", answer=ANSWER)
    (before,) = read(paths).entries
    clock.move_to(NOW + timedelta(hours=3))
    happen(item=tabled_first, released_at=NOW + timedelta(hours=3))
    (after,) = read(paths).entries
    assert after.id == before.id and after.updated_parsed > before.updated_parsed


def test_the_same_item_is_another_entry_in_the_feed_of_another_alert(alert, paths):
    happen(heading="Foghorns and lamps")
    other = make_subscription(alert.user, "lamps")
    outlet = Outlet.objects.create(subscription=other, kind=Outlet.Kind.FEED, opened_at=NOW)
    percolate_due(NOW)
    theirs = [urlsplit(address).path for address in outlets.addresses(outlet)]
    assert titles(theirs) == titles(paths) and read(theirs).entries[0].id != read(paths).entries[0].id


def test_a_new_address_says_the_same_under_the_same_names(alert, paths):
    happen(heading="Foghorns")
    before = read(paths).entries[0].id
    Outlet.objects.update(closed_at=NOW)
    outlet = Outlet.objects.create(subscription=alert, kind=Outlet.Kind.FEED, opened_at=NOW)
    assert read([urlsplit(address).path for address in outlets.addresses(outlet)]).entries[0].id == before


@pytest.mark.parametrize("number", [0, 1])
def test_what_has_not_changed_is_not_sent_again_and_costs_no_text(paths, number):
    for _ in range(3):
        happen(heading="Foghorns")
    path = paths[number]
    with CaptureQueriesContext(connection) as whole:
        first = get(path)
    with CaptureQueriesContext(connection) as short:
        again = get(path, if_none_match=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"] and again["Cache-Control"] == "private, max-age=600"
    assert "alerts_item" not in "".join(query["sql"] for query in short if "heading" in query["sql"])
    assert len(short) < len(whole) and not [query for query in short if "answer_html" in query["sql"]]
    squeezed = Client().get(path, headers={"accept-encoding": "gzip", "if-none-match": f"W/{first['ETag']}"})
    assert squeezed.status_code == 304


@pytest.mark.parametrize("what", ["new", "taken down", "other words", "a day"])
def test_whatever_changes_the_feed_changes_its_mark(clock, alert, paths, what):
    event = happen(heading="Foghorns")
    etags = [get(path)["ETag"] for path in paths]
    assert etags[0] != etags[1]
    if what == "new":
        happen(heading="Foghorns: More")
    elif what == "taken down":
        Item.objects.filter(pk=event.item_id).update(hidden_at=NOW)
    elif what == "other words":
        subscriptions.edit(alert.user, alert.uuid, {"query": "Foghorns"}, "signed-in", NOW)
    else:
        clock.shift(DAY)
    answers = [get(path, if_none_match=etag) for path, etag in zip(paths, etags, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_what_is_taken_down_leaves_with_the_next_fetch_and_what_is_held_was_never_in(paths):
    event = happen(heading="Foghorns: Named person")
    make_event(heading="Foghorns: Held", released=False)
    percolate_due(NOW)
    assert titles(paths) == ["Foghorns: Named person"]
    Item.objects.filter(pk=event.item_id).update(hidden_at=NOW)
    assert titles(paths) == []


def test_an_empty_feed_is_a_feed_and_always_the_same(clock, paths):
    first = get(paths[0]).content
    assert read(paths).entries == []
    clock.shift(timedelta(hours=5))
    assert get(paths[0]).content == first


def test_a_paused_alert_goes_on_in_its_feed(alert, paths):
    subscriptions.pause(alert.user, alert.uuid, "signed-in", NOW)
    happen(heading="Foghorns")
    compose_due(NOW + DAY)
    assert titles(paths) == ["Foghorns"]


def test_an_ended_alert_says_so_in_one_entry_and_after_thirty_days_its_feed_is_gone(clock, alert, paths):
    happen(heading="Foghorns")
    subscriptions.end(alert.user, None, "person", "signed-in", NOW)
    assert titles(paths) == ["This alert has ended"] and as_json(paths)["expired"] is True
    subscriptions.undo(alert.user, [alert.uuid], "signed-in", NOW)
    assert titles(paths) == ["Foghorns"] and as_json(paths)["expired"] is False
    subscriptions.end(alert.user, None, "person", "signed-in", NOW)
    clock.move_to(NOW + 31 * DAY)
    assert [get(path).status_code for path in paths] == [410, 410]


def test_an_alert_whose_words_can_no_longer_be_read_says_so(alert, paths):
    Subscription.objects.filter(pk=alert.pk).update(query='foghorns AND "', broken_at=NOW)
    assert titles(paths) == ["This alert has stopped working"]


def test_a_flood_that_is_too_much_for_email_still_has_its_feed(paths, monkeypatch):
    happen(heading="Foghorns")
    monkeypatch.setattr("alerts.web.volume.TOO_MUCH", 0.01)
    assert titles(paths) == ["Foghorns"]


def test_characters_that_no_feed_can_have_are_left_out(paths):
    happen(heading="Fog\x0bhorns \x1b and foghorns\ufffe", answer="A \x08foghorn.")
    assert titles(paths) == ["Foghorns  and foghorns"]


def test_fifty_entries_cost_as_many_questions_to_the_database_as_one(paths):
    source = make_source(Source.Kind.FEED)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(paths[0])
        return len(captured)

    def both(numbers: Iterable[int]) -> None:
        for number in numbers:
            make_event(heading=f"Foghorns {number}", answer=f"{number}.", happened_on=NOW.date() - (number % 20) * DAY)
            blank = {"question": "", "uin": "", "house": "", "tabled_on": None}
            told = {"heading": "Foghorns", "text": f"Foghorns {number}", "url": f"https://l.example/{number}"}
            make_event("published", item=make_item(source, **told, **blank))
        percolate_due(NOW)

    both([0, 20])  # on one day, when it is asked whether they were answered together
    statements()  # a process reads what stands in the columns of an event once
    one = statements()
    both({*range(25)} - {0, 20})
    statements()
    assert statements() == one and len(read(paths).entries) == 50


def test_a_program_that_asks_all_the_time_is_told_when_to_come_back(paths, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 2)
    answers = [get(paths[0]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= pace.WINDOW and "noindex" in answers[2]["X-Robots-Tag"]
    assert Client(REMOTE_ADDR="203.0.113.9").get(paths[0]).status_code == 200, "others are not held back"


def test_an_address_is_not_written_to_the_log(paths, caplog):
    Outlet.objects.update(closed_at=NOW)
    with caplog.at_level("WARNING"):
        assert get(paths[0]).status_code == 410
    lines = [without_secrets(None, "", {"event": record.getMessage()})["event"] for record in caplog.records]
    assert lines == ["Gone: /f/(token).atom"]
