"""Not relevant? The page behind the link of every result."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import short_tokens
from alerts.digests import links
from alerts.digests.compose import compose_due
from alerts.digests.render import letter
from alerts.matching.percolate import percolate_due
from alerts.models import Digest, Item, NotRelevant, Subscription
from config import clock
from tests.factories import make_event, make_person, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def digest():
    """What the reader of an alert was told: of two results one has the word in its answer only."""
    now = clock.now()
    make_subscription(make_person(), "foghorns", now=now, name="Horns")
    fresh = {"happened_on": now.date(), "released_at": now, "first_seen_at": now}
    make_event("answered", heading="Foghorns: Repairs", question="To ask who repairs foghorns.", **fresh)
    passing = {"question": "To ask when the harbour opens.", "answer": "When the foghorns have sounded, at dawn."}
    make_event("answered", heading="Harbours: Opening", **passing, **fresh)
    percolate_due(now)
    compose_due(now)
    return Digest.objects.get()


def mailed(digest: Digest, heading: str) -> str:
    """The link under this result, as it stands in the text of the mail."""
    text = letter(digest, clock.now()).text
    return re.search(r"Not relevant\? http://localhost:8000(/n/[\w-]+)", text[text.index(f"\n{heading}") :])[1]


def test_each_result_has_its_own_short_link_in_both_parts_and_on_the_page(client, digest):
    mail = letter(digest, clock.now())
    found = [re.findall(r"http://localhost:8000/n/([\w-]+)", part) for part in (mail.text, mail.html)]
    page = re.findall(r"/n/([\w-]+)", client.get(links.digest(digest)).content.decode())
    assert len(set(found[0])) == 2
    assert found[0] == found[1] == page
    assert all(len(token) < 24 for token in page)


def test_opening_it_says_what_the_button_does_and_changes_nothing(client, digest):
    shown = client.get(mailed(digest, "Harbours: Opening")).content.decode()
    assert "Harbours: Opening" in shown and "Horns" in shown
    assert "Your alert stays as it is" in shown
    assert shown.count("<button") == 1
    assert not NotRelevant.objects.exists()


def test_a_press_is_counted_once_however_often_and_by_whom(client, digest):
    address = mailed(digest, "Harbours: Opening")
    for visitor in (client, client, Client(enforce_csrf_checks=True)):
        assert visitor.post(address, {"do": "say"})["Location"] == address
    said = NotRelevant.objects.get()
    assert (said.item.heading, said.query, said.subscription) == (
        "Harbours: Opening",
        "foghorns",
        Subscription.objects.get(),
    )
    assert "it is counted" in client.get(address).content.decode()
    assert "It was not relevant" in client.get(mailed(digest, "Foghorns: Repairs")).content.decode(), "the other is not"


def test_it_then_offers_to_leave_out_what_is_only_in_answers_with_its_number(client, digest):
    address = mailed(digest, "Harbours: Opening")
    client.post(address)
    shown = " ".join(client.get(address).content.decode().split())
    assert "1 of 2 results of this alert only mentions your words in the answer" in shown
    (narrower,) = re.findall(r'class="button" href="(/preview\?q=[^"]+)"', shown)
    assert "<strong>1 result</strong>" in client.get(narrower).content.decode()


def test_nothing_wider_is_offered_to_whom_something_was_too_much(client):
    now = clock.now()
    make_subscription(make_person(), "heading:foghorns", now=now)
    fresh = {"happened_on": now.date(), "released_at": now, "first_seen_at": now}
    make_event("answered", heading="Foghorns: Repairs", **fresh)
    make_event("answered", heading="Harbours", answer="When the foghorns have sounded.", **fresh)
    percolate_due(now)
    compose_due(now)
    address = mailed(Digest.objects.get(), "Foghorns: Repairs")
    client.post(address)
    shown = client.get(address).content.decode()
    assert "Thank you, it is counted" in shown and "anywhere" not in shown


def test_it_can_be_taken_back(client, digest):
    address = mailed(digest, "Harbours: Opening")
    for pressed in ("say", "take-back", "take-back"):
        client.post(address, {"do": pressed})
    assert not NotRelevant.objects.exists()
    assert "It was not relevant" in client.get(address).content.decode()


def test_of_an_alert_that_has_ended_it_is_counted_without_offers(client, digest):
    address = mailed(digest, "Harbours: Opening")
    Subscription.objects.update(ended_at=clock.now(), end_reason="person")
    client.post(address)
    shown = client.get(address).content.decode()
    assert NotRelevant.objects.count() == 1 and "/preview" not in shown


def test_a_changed_or_foreign_token_is_not_found(client, digest):
    address = mailed(digest, "Harbours: Opening")
    section, event = short_tokens.read(address.removeprefix("/n/"), links.NOT_RELEVANT)
    foreign = (
        f"{address[:-3]}AAA",
        f"/n/{short_tokens.make('something else', section, event)}",
        f"/n/{short_tokens.make(links.NOT_RELEVANT, section)}",
        "/n/AAAA",
        "/n/é",
    )
    for forged in foreign:
        assert client.get(forged).status_code == client.post(forged).status_code == 404
    assert not NotRelevant.objects.exists()


def test_links_made_with_the_key_before_still_work(client, digest, settings):
    address = mailed(digest, "Harbours: Opening")
    settings.TOKEN_KEYS_BEFORE, settings.TOKEN_KEY = [settings.TOKEN_KEY], "another key"
    assert client.get(address).status_code == 200
    settings.TOKEN_KEYS_BEFORE = []
    assert client.get(address).status_code == 404


def test_what_is_gone_or_hidden_is_not_named(client, digest):
    hidden, kept = mailed(digest, "Harbours: Opening"), mailed(digest, "Foghorns: Repairs")
    Item.objects.filter(heading="Harbours: Opening").update(hidden_at=clock.now())
    answer = client.get(hidden)
    assert answer.status_code == 410 and "Harbours" not in answer.content.decode()
    digest.delete()
    assert client.post(kept).status_code == 410
    assert not NotRelevant.objects.exists()


@pytest.mark.parametrize("numbers", [(0, 0), (1, 127), (128, 16_384), (2**62, 5)])
def test_numbers_of_any_size_come_out_as_they_went_in(numbers):
    assert short_tokens.read(short_tokens.make("x", *numbers), "x") == numbers


def test_a_page_of_long_ago_still_has_its_links(client, digest):
    address = mailed(digest, "Harbours: Opening")
    Digest.objects.update(made_at=clock.now() - timedelta(days=300))
    assert client.get(address).status_code == 200
