"""One saved search over questions and newsletters: polled, matched, made into one digest and mailed over SMTP."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from html import unescape

import pytest
import time_machine
from django.core.management import call_command

import rehearsal
from accounts.models import User
from alerts.models import Event, Hit, Issue, Item, Source
from alerts.sources.poll import ensure_parliament
from alerts.tick import Round, tick
from rehearsal import ScriptedWorld, Server
from tests.digests.sink import Sink
from tests.factories import make_person, make_subscription

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = date(2031, 1, 6)
WORDS = "maternity AND (safety OR inequalities)"
READER = "reader@example.org"
QUESTION = "Maternity Services: Safety"
ITEM = "Safer Beginnings: good news, unequally shared"
FIVE_TESTS, WARDS = "Five tests for the Level Ground strategy", "The wards that nobody counted"
CLINIC = "When the river comes to the clinic"


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """So many days after the first Monday; in winter London keeps UTC."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, hour, minute, tzinfo=UTC) + timedelta(days=day)


OPENING = on(0, 6, 30)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, MONDAY = 1, 2, 3, 4, 7


class Stage:
    """A rehearsal Parliament with its newsletters, Hark, and a mail server."""

    def __init__(self, server: Server, sink: Sink):
        self.server, self.sink = server, sink

    def at(self, *moments: datetime) -> None:
        """Lets Hark do all that is to be done at each of these times."""
        for moment in moments:
            self.server.now = moment
            while self._is_unfinished(tick(moment)):
                pass

    @staticmethod
    def _is_unfinished(round: Round) -> bool:
        assert round.failed == {} and round.done["poll"].troubles == []
        return round.done["poll"].unfinished

    def mails(self, address: str = READER) -> list[str]:
        """The text parts of what arrived at the address, in order."""
        return [part(content, "plain") for to, content in self.sink.accepted if to == address]

    def pages(self, address: str = READER) -> list[str]:
        """The HTML parts of the same mails."""
        return [part(content, "html") for to, content in self.sink.accepted if to == address]


def part(content: bytes, kind: str) -> str:
    return message_from_bytes(content, policy=policy.default).get_body((kind,)).get_content()


@contextmanager
def mail_server(settings):
    sink = Sink()
    sink.start()
    settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    try:
        yield sink
    finally:
        sink.stop()


@pytest.fixture
def stage(settings):
    """Early on the first Monday, after the first poll of every source."""
    script = rehearsal.load()
    on_health = tuple(one for one in script.questions if one.department == "health" and one.tabled > -10)
    world = ScriptedWorld(replace(script, questions=on_health), FIRST)
    with rehearsal.serve(world, now=OPENING) as server, mail_server(settings) as sink:
        settings.PARLIAMENT_URL = server.url
        settings.FETCH_ALLOW = frozenset({server.url.removeprefix("http://")})
        settings.FETCH_RATE = 100_000
        ensure_parliament(OPENING)
        call_command("demo_sources")
        Source.objects.update(next_poll_at=OPENING)
        stage = Stage(server, sink)
        stage.at(OPENING)
        assert not Source.objects.filter(baseline_at=None).exists()
        yield stage


def newsletter() -> Source:
    return Source.objects.get(kind=Source.Kind.ISSUES)


def reviewed() -> Source:
    return Source.objects.get(kind=Source.Kind.FEED)


def news(source: Source) -> list[tuple[str, str]]:
    """What is live of a source, as headings and kinds."""
    events = Event.objects.filter(item__source=source, baseline=False).order_by("id")
    return list(events.values_list("heading", "kind"))


def squeezed(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def test_one_digest_tells_both_kinds_and_keeps_them_apart(stage, client):
    make_subscription(make_person(READER), WORDS, now=OPENING)
    stage.at(on(TUESDAY, 7, 30), on(TUESDAY, 18), on(WEDNESDAY, 7, 30))

    told = squeezed(stage.mails()[-1])
    assert ITEM in told and QUESTION in told
    label = told.index("--- Newsletters ---")
    assert told.index(QUESTION) < label < told.index("NEWSLETTER, NOT PARLIAMENT: Friday Bearings") < told.index(ITEM)
    assert "Answered by" in told[:label] and "Answered by" not in told[label:]
    assert "Friday Bearings" in told[label:] and "Friday Bearings" not in told[:label]
    assert "https://even-keel.example/2031/01/03/friday-bearings-3-january-2031/" in told[label:]
    assert sum(ITEM in squeezed(mail) for mail in stage.mails()) == 1

    page = squeezed(unescape(re.sub(r"<[^>]+>", " ", stage.pages()[-1])))
    assert page.index(QUESTION) < page.index("Newsletters") < page.index(ITEM)
    assert "count.even-keel.example" not in stage.pages()[-1]


def test_polled_again_and_again_nothing_is_new(stage):
    make_subscription(make_person(READER), WORDS, now=OPENING)
    stage.at(on(TUESDAY, 18), on(WEDNESDAY, 7, 30))
    mails, events, hits = len(stage.sink.accepted), Event.objects.count(), Hit.objects.count()
    for hours in range(1, 4):
        Source.objects.update(next_poll_at=on(WEDNESDAY, 7, 30), etag="", last_modified="", body_hash="")
        tick(on(WEDNESDAY, 7, 30) + timedelta(hours=hours))
    assert (len(stage.sink.accepted), Event.objects.count(), Hit.objects.count()) == (mails, events, hits)


def test_an_issue_that_overwrites_the_last_brings_its_items_as_new(stage):
    make_subscription(make_person(READER), "plaster OR dialysis", now=OPENING, wants_updated=True)
    post = Issue.objects.get(url__endswith="/2031/01/03/friday-bearings-3-january-2031/")
    before = {item.pk: (item.heading, item.text) for item in post.items.all()}
    assert {"Cots without nurses", "A word on plaster"} <= {heading for heading, _ in before.values()}
    stage.at(on(TUESDAY, 18), on(WEDNESDAY, 7, 30))

    assert {kind for _, kind in news(newsletter())} == {"published"}
    assert {ITEM, CLINIC, "A bus pass on prescription"} <= {heading for heading, _ in news(newsletter())}
    assert {item.pk: (item.heading, item.text) for item in Item.objects.filter(pk__in=before)} == before
    (told,) = stage.mails()
    assert CLINIC in squeezed(told) and "plaster" not in told.replace("plaster OR dialysis", "")
    assert Issue.objects.filter(source=newsletter(), external_key=post.external_key).count() == 1


def test_an_item_put_right_is_told_again_only_to_those_who_asked_for_updates(stage):
    make_subscription(make_person(READER), WORDS, now=OPENING)
    make_subscription(make_person("keen@example.org"), WORDS, now=OPENING, wants_updated=True)
    stage.at(on(FRIDAY, 7, 40), on(FRIDAY, 18), on(FRIDAY + 1, 7, 30), on(MONDAY, 18), on(MONDAY + 1, 7, 30))
    assert (WARDS, "revised") in news(newsletter())
    assert [kind for heading, kind in news(newsletter()) if heading == FIVE_TESTS] == ["published"]

    def times(address: str) -> int:
        return sum(WARDS in squeezed(mail) for mail in stage.mails(address))

    assert (times(READER), times("keen@example.org")) == (1, 2)
    assert "we showed you the first version on" in squeezed(stage.mails("keen@example.org")[-1])


def test_what_is_under_review_is_told_once_it_is_approved_and_only_once(stage, client):
    make_subscription(make_person(READER), 'lifeboat AND "bag of sugar"', now=OPENING)
    stage.at(on(WEDNESDAY, 18), on(THURSDAY, 7, 30), on(FRIDAY, 7, 30))
    assert stage.mails() == []
    event = Event.objects.waiting().get(item__source=reviewed(), heading="By lifeboat to Gannet Point")
    assert event.held_for == "review" and not Hit.objects.filter(event=event).exists()

    approve(client, event, on(FRIDAY, 12))
    stage.at(on(FRIDAY, 13), on(FRIDAY + 1, 7, 30), on(MONDAY, 7, 30), on(MONDAY, 18), on(MONDAY + 1, 7, 30))
    (told,) = stage.mails()
    assert "By lifeboat to Gannet Point" in squeezed(told) and "Small Hours" in squeezed(told)
    event.refresh_from_db()
    assert event.released_at == on(FRIDAY, 12)


def approve(client, event: Event, moment: datetime) -> None:
    """Staff press the button in the admin."""
    with time_machine.travel(moment, tick=False):
        client.force_login(User.objects.create_superuser("staff@example.org", "a long password of ours"))
        chosen = {"action": "approve", "_selected_action": [event.pk]}
        assert client.post("/admin/alerts/event/", chosen).status_code == 302


def test_a_guid_that_changes_is_no_news(stage):
    Source.objects.filter(pk=reviewed().pk).update(review=Source.Review.TRUSTED)
    stage.at(*(on(day, 18) for day in (THURSDAY, MONDAY)))
    assert [heading for heading, _ in news(reviewed())].count("Young parents, old forms") == 1
