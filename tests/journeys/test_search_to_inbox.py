"""The whole story of one person, by web and mail alone: search, ask, confirm, read, stop."""

import datetime
import re

import pytest
import time_machine

from alerts.models import Message, Source, Subscription
from alerts.tick import tick
from tests.sources.stories import MONDAY, answered, parliament, record
from tests.web.stories import ask, link, press_confirm, read

pytestmark = pytest.mark.django_db(transaction=True)

TUESDAY, WEDNESDAY = (MONDAY + datetime.timedelta(days=days) for days in (1, 2))
ASKED = "To ask the Secretary of State for Rehearsals, what is known about the lighthouse."
WORDS = "otters"


@pytest.fixture
def stage(settings):
    with parliament(settings) as stage:
        tick(MONDAY)
        yield stage


def at(moment: datetime.datetime):
    """The pages are looked at, and buttons pressed, at this time."""
    return time_machine.travel(moment, tick=False)


def sent(kind: str) -> Message:
    """The newest mail of this kind that was delivered."""
    return Message.objects.filter(kind=kind, state="sent").latest("id")


def test_who_is_told_as_it_happens_has_the_answer_after_the_next_round(client, stage):
    """And what comes right after waits until a quarter of an hour has passed."""
    with at(MONDAY):
        ask(client, q=WORDS, address="ana.keller@example.org", frequency="as_it_happens")
        tick(MONDAY)
        press_confirm(client, link(sent("confirm"), "confirm"))
    stage.world.put(answered(record(question_text=ASKED), MONDAY.date()))
    answer_is_out = MONDAY + datetime.timedelta(hours=3)
    tick(answer_is_out)
    assert "What is known about the lighthouse." in read(sent("digest"))

    stage.world.put(answered(record(2000002, question_text=ASKED.replace("the l", "that l")), MONDAY.date()))
    Source.objects.update(next_poll_at=answer_is_out + datetime.timedelta(minutes=10))
    for minutes, mails in ((10, 1), (14, 1), (15, 2), (30, 2)):
        tick(answer_is_out + datetime.timedelta(minutes=minutes))
        assert Message.objects.filter(kind="digest", state="sent").count() == mails
    assert "What is known about that lighthouse." in read(sent("digest"))


def test_from_a_search_to_the_inbox_and_out_again(client, stage):
    with at(MONDAY):
        assert "You can still set this alert" in client.get("/preview", {"q": WORDS}).content.decode()
        ask(client, q=WORDS, address="Ana.Keller@Example.org")
        tick(MONDAY)
        confirm = link(sent("confirm"), "confirm")
    with at(MONDAY + datetime.timedelta(minutes=5)):
        assert b"Confirm this alert" in client.get(confirm).content
        assert not Subscription.objects.exists()
        press_confirm(client, confirm)
    assert Subscription.objects.get().user.email == "ana.keller@example.org"

    stage.world.put(answered(record(question_text=ASKED), TUESDAY.date()))
    tick(TUESDAY)
    tick(WEDNESDAY)
    told = sent("digest")
    assert told.to_address == "ana.keller@example.org"
    assert "What is known about the lighthouse." in read(told)
    assert re.search(r"the \*otters\* stay outside", " ".join(read(told).split()))
    with at(WEDNESDAY):
        assert "otters" in client.get(link(told, "d")).content.decode()
        client.post(link(told, "u"), {"List-Unsubscribe": "One-Click"})
    assert Subscription.objects.get().end_reason == "one_click"

    stage.world.put(answered(record(2000002, question_text=ASKED.replace("the l", "that l")), WEDNESDAY.date()))
    for days in range(1, 4):
        tick(WEDNESDAY + datetime.timedelta(days=days))
    assert Message.objects.filter(kind="digest").count() == 1
