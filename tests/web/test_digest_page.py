"""A digest in the browser."""

import copy
import datetime
import re

import pytest
import time_machine

from accounts import tokens
from alerts.digests import links
from alerts.digests.compose import compose_due
from alerts.digests.render import letter
from alerts.matching.percolate import percolate_due
from alerts.models import Digest, Item, Subscription
from config import clock
from tests.factories import make_department, make_event, make_item, make_member, make_person, make_subscription
from tests.web.stories import ADDRESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def digest():
    """What a reader of one alert was told: two questions."""
    now = clock.now()
    make_subscription(make_person(ADDRESS), "foghorns", now=now, name="Horns")
    for question in ("To ask how many foghorns were repaired.", "To ask who tunes a foghorn."):
        make_event(
            "answered",
            question=question,
            answer=f"On being asked {question} we said four.",
            happened_on=now.date(),
            released_at=now,
            first_seen_at=now,
            asking_member=make_member("Ada Fenwick"),
            answering_member=make_member("Owen Marchbank"),
            department=make_department(),
        )
    percolate_due(now)
    compose_due(now)
    return Digest.objects.get()


def page(client, digest) -> str:
    return client.get(links.digest(digest)).content.decode()


def test_each_link_leads_to_its_own(client, digest):
    other = Digest.objects.create(user=make_person(), frequency="daily", period_key="2026-03-10", made_at=clock.now())
    assert "Horns" in page(client, digest) and "Horns" not in page(client, other)
    assert client.get(links.digest(other)).status_code == 200


def test_it_shows_all_that_was_told_and_names_no_reader(client, digest):
    shown = page(client, digest)
    for words in (
        "Horns",
        "2 results",
        "<mark>foghorns</mark>",
        "<mark>foghorn</mark>",
        "Ada Fenwick",
        "Owen Marchbank",
    ):
        assert words in shown
    assert ADDRESS not in shown and "/m/" not in shown and "/u/" not in shown


def test_of_questions_with_one_answer_it_shows_those_too_that_the_email_only_counts(client):
    now = clock.now()
    make_subscription(make_person(ADDRESS), "foghorns", now=now)
    days = {"happened_on": now.date(), "released_at": now, "first_seen_at": now, "department": make_department()}
    places = [f"Station{number}" for number in range(7)]
    for place in places:
        asked = f"To ask how many foghorns there are at {place}."
        make_event("answered", question=asked, answer="Each has a foghorn and a spare one. " * 6, **days)
    percolate_due(now)
    compose_due(now)
    digest = Digest.objects.get()

    told = letter(digest, now).text

    assert sum(place in told for place in places) == 5 and "and 2 more" in told
    shown = page(client, digest)
    assert [place for place in places if place not in shown] == []
    assert "and 2 more" not in shown


def test_it_asks_for_nothing_that_its_content_does_not_have(client, digest, settings):
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = "no such name: %s"
    settings.TEMPLATES = templates
    assert "no such name" not in page(client, digest)


def test_it_says_what_a_final_answer_replaces(client):
    now = clock.now()
    subscription = make_subscription(make_person(ADDRESS), "foghorns", now=now)
    item = make_item(holding_on=now.date() - datetime.timedelta(days=3))
    make_event(
        "answered", item=item, happened_on=now.date(), released_at=now, first_seen_at=now, answer="Four foghorns."
    )
    percolate_due(now)
    compose_due(now)
    assert "holding answer" in page(client, subscription.user.digests.get())


def test_it_stays_when_the_alert_has_ended_or_changed(client, digest):
    Subscription.objects.update(ended_at=clock.now(), end_reason="person", query="lamps", name="Lamps")
    shown = page(client, digest)
    assert "Horns" in shown and "2 results" in shown and "Lamps" not in shown


def test_what_was_taken_down_since_is_gone(client, digest):
    Item.objects.filter(question__contains="tunes").update(hidden_at=clock.now())
    assert "tunes" not in page(client, digest)
    Item.objects.update(hidden_at=clock.now())
    assert "Nothing left to show" in page(client, digest)


def test_after_a_year_it_says_that_it_is_gone(client, digest):
    with time_machine.travel(clock.now() + datetime.timedelta(days=370)):
        assert client.get(links.digest(digest)).status_code == 410
    digest.delete()
    assert client.get(f"/d/{tokens.make('digest', digest.uuid, clock.now())}").status_code == 410


def test_a_forged_link_is_not_found(client, digest):
    assert client.get(links.digest(digest)[:-4] + "AAAA").status_code == 404


def test_what_is_shown_above_is_named_and_linked_within_the_page(client):
    now = clock.now()
    reader = make_person(ADDRESS)
    for words in ("foghorns", "Wickby"):
        make_subscription(reader, words, now=now)
    make_event("answered", heading="Foghorns of Wickby", happened_on=now.date(), released_at=now, first_seen_at=now)
    percolate_due(now)
    compose_due(now)

    shown = page(client, Digest.objects.get())

    (anchor,) = re.findall(r'<li><a href="#(r\d+)">Foghorns of Wickby</a></li>', shown)
    assert f'<li class="result" id="{anchor}">' in shown
    assert 'id="above-2"' in shown, "where the email's link leads"


@pytest.fixture
def mixed():
    """Two alerts, two Houses, an answer and its holding answer, and an item of a newsletter."""
    now = clock.now()
    reader = make_person(ADDRESS)
    for words in ("foghorns", "harbour"):
        make_subscription(reader, words, now=now, name=words.title())
    fresh = {"happened_on": now.date(), "released_at": now, "first_seen_at": now}
    make_event("answered", heading="Foghorns: Repairs", question="Who repairs foghorns?", house="Commons", **fresh)
    make_event("holding", heading="Foghorns: Noise", question="How loud are foghorns?", house="Lords", **fresh)
    make_event("answered", heading="Foghorns at the harbour", question="Where?", house="Commons", **fresh)
    make_event("published", heading="A harbour opens", text="The harbour opens.", **fresh)
    percolate_due(now)
    compose_due(now)
    return Digest.objects.get()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", {"Foghorns: Repairs", "Foghorns: Noise", "Foghorns at the harbour", "A harbour opens"}),
        ("alert=2", {"Foghorns at the harbour", "A harbour opens"}),
        ("house=Lords", {"Foghorns: Noise"}),
        ("kind=answered&house=Commons&alert=1", {"Foghorns: Repairs", "Foghorns at the harbour"}),
        ("kind=published", {"A harbour opens"}),
        ("alert=2&house=Lords", set()),
        ("alert=7&house=Mars&kind=%00&other=1", {"Foghorns: Repairs", "Foghorns: Noise", "Foghorns at the harbour",
                                                 "A harbour opens"}),
    ],
)  # fmt: skip
def test_it_can_be_narrowed_to_an_alert_a_house_and_what_happened(client, mixed, asked, told):
    shown = client.get(f"{links.digest(mixed)}?{asked}").content.decode()
    assert {re.sub("<[^>]+>", "", head) for head in re.findall(r"<h3>(.+?)</h3>", shown)} == told
    if asked and told and "Mars" not in asked:
        assert f"{len(told)} of 4 results" in shown
    assert "noindex" in shown


def test_what_cannot_be_chosen_is_not_offered(client, digest):
    assert "<select" not in page(client, digest)


def test_narrowing_brings_nothing_back_that_was_replaced(client):
    now = clock.now()
    make_subscription(make_person(ADDRESS), "foghorns", now=now, wants_corrected=True)
    fresh = {"happened_on": now.date(), "released_at": now, "first_seen_at": now}
    first = make_event("answered", heading="Counted wrong", answer="75 foghorns.", **fresh)
    make_event("corrected", item=first.item, answer="57 foghorns.", version="c1", **fresh)
    make_event("answered", heading="Counted right", answer="Foghorns: four.", **fresh)
    percolate_due(now)
    compose_due(now)
    shown = client.get(f"{links.digest(Digest.objects.get())}?kind=answered").content.decode()
    assert "Counted right" in shown and "Counted wrong" not in shown


def test_it_lists_every_match_however_many_the_email_shows(client):
    now = clock.now()
    make_subscription(make_person(ADDRESS), "foghorns", now=now)
    fresh = {"happened_on": now.date(), "released_at": now, "first_seen_at": now}
    for number in range(40):
        make_event("answered", question=f"Where is the {number}th of the foghorns?", answer=f"At {number}.", **fresh)
    percolate_due(now)
    compose_due(now)
    shown = page(client, Digest.objects.get())
    assert shown.count("<h3>") == 40 and "40 results" in shown
