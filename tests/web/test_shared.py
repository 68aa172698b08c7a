"""The page of an alert that is shared: its words and what they find, and nothing that says whose it is."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from alerts.models import Event, Item, Outlet, Subscription
from alerts.web import outlets
from tests.factories import NOW, make_event, make_person, make_subscription

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def alert() -> Subscription:
    reader = make_person("someone@example.org")
    make_subscription(reader, "sirens", name="Sirens of the competition")
    return make_subscription(reader, "foghorns OR lamps", name="What Mr Perrin must not know")


def share(alert: Subscription) -> str:
    outlet = Outlet.objects.create(subscription=alert, kind=Outlet.Kind.PAGE, opened_at=NOW)
    return urlsplit(outlets.addresses(outlet)[0]).path


def text(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_it_shows_the_words_how_they_are_read_and_what_they_find(alert):
    make_event(heading="Foghorns: Repairs", happened_on=NOW.date() - timedelta(days=40))
    make_event(heading="Lamps", answer="A lamp costs four pounds.")
    path = share(alert)
    said = text(path)
    for words in ("foghorns OR lamps", "Finds items", "2 results in the last 90 days", "Foghorns: Repairs", "Lamps"):
        assert words in said
    assert 'href="/subscribe?q=foghorns%20OR%20lamps"' in Client().get(path).content.decode()


def test_it_tells_neither_whose_it_is_nor_its_name_nor_any_other_alert(alert):
    answer = Client().get(share(alert))
    said = answer.content.decode()
    for secret in ("someone", "Perrin", "irens", str(alert.uuid), str(alert.user.uuid), "daily", "Once a day"):
        assert secret not in said
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store" and not answer.cookies


def test_it_follows_the_alert_as_it_is_now(alert):
    path = share(alert)
    Subscription.objects.filter(pk=alert.pk).update(query="buoys", paused_at=NOW)
    assert "buoys" in text(path)


def test_what_was_hidden_or_is_held_is_not_on_it(alert):
    hidden = make_event(heading="Foghorns: Named person")
    make_event(heading="Foghorns: Held", released=False)
    path = share(alert)
    assert "Named person" in text(path)
    Item.objects.filter(pk=hidden.item_id).update(hidden_at=NOW)
    assert "Named person" not in text(path) and "Held" not in text(path)
    assert "0 results in the last 90 days" in text(path) and "You can still set this alert" in text(path)
    assert "all from newsletters" not in text(path)


def test_words_that_can_no_longer_be_read_are_said_to_be(alert):
    path = share(alert)
    Subscription.objects.filter(pk=alert.pk).update(query='foghorns AND "', broken_at=NOW)
    assert "These words can no longer be read" in text(path)


def test_what_finds_too_much_is_not_offered_by_email(alert, monkeypatch):
    for number in range(3):
        make_event(heading=f"Foghorns {number}")
    monkeypatch.setattr("alerts.web.volume.TOO_MUCH", 0.1)
    said = text(share(alert))
    assert "Please narrow it" in said and "Get this alert" not in said and Event.objects.count() == 3


def test_a_page_that_was_switched_off_says_so_in_words(alert):
    path = share(alert)
    Outlet.objects.update(closed_at=NOW)
    answer = Client().get(path)
    assert answer.status_code == 410 and "This page is no longer shared" in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"] and "foghorns" not in answer.content.decode()
