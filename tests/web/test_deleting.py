"""Deleting one's account: all email stops at once, for seven days it can be undone, then nothing is left."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts import suppressions
from accounts.models import Session, Suppression, User
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.models import Digest, Message, Schedule, Section, Subscription
from alerts.web import subscriptions
from alerts.web.leaving import erase_due
from tests.digests.told import happen, told
from tests.factories import NOW, make_person, make_subscription
from tests.web.stories import ADDRESS, ask, enter, link, page, press_confirm, subscribed

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def outbox(clock, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path


@pytest.fixture
def reader(clock) -> User:
    """Somebody who asked for an alert, confirmed it and was told something."""
    person = subscribed(Client(), q="foghorns").user
    make_subscription(person, "lamps")
    deliver(NOW)
    happen(heading="Foghorns: Repairs")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    return person


def leave(person: User):
    return enter(person).post("/settings/delete")


def goodbye() -> Message:
    return Message.objects.get(kind="goodbye")


def anywhere(words: str) -> list[str]:
    """The tables in which these words stand in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" line WHERE line::text ILIKE %s)', [f"%{words}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


def test_the_page_says_what_will_be_deleted_and_changes_nothing(reader):
    assert "deletes your address, 2 alerts and your history" in page(enter(reader), "/settings/delete")
    reader.refresh_from_db()
    assert reader.delete_after is None


def test_whoever_has_left_is_offered_to_sign_in_like_everybody(reader):
    client = enter(reader)
    assert ">My alerts</a></li>" in client.get("/settings/delete").content.decode()
    answer = client.post("/settings/delete").content.decode()
    assert ">Sign in</a></li>" in answer and ">My alerts</a>" not in answer


def test_all_email_stops_at_once_but_for_the_way_back(reader):
    assert Message.objects.filter(kind="digest", state="pending").exists()
    answer = leave(reader)
    assert "Your account is being deleted" in answer.content.decode()
    assert not Session.objects.exists() and not Subscription.objects.filter(ended_at=None).exists()
    delivered = deliver(NOW)
    assert (delivered.sent, delivered.cancelled) == (1, 1)
    assert goodbye().state == "sent" and Message.objects.get(kind="digest").state == "cancelled"
    happen(heading="Foghorns: More")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    assert Digest.objects.count() == 1
    Client().post("/sign-in", {"address": ADDRESS})
    assert not Message.objects.filter(kind="sign_in").exists()


def test_where_no_mail_gets_through_the_way_back_stands_on_the_page(reader):
    suppressions.suppress(ADDRESS, Suppression.Reason.HARD_BOUNCE, NOW)
    assert "by a link on the next page" in page(enter(reader), "/settings/delete")
    shown = leave(reader).content.decode()
    assert not Message.objects.filter(kind="goodbye").exists()
    address = re.search(r'href="[^"]*(/stay/[\w-]+)"', shown)[1]
    assert "Keep your account?" in page(Client(), address)
    assert "Your account stays" in Client().post(address).content.decode()
    assert len(subscriptions.live(reader)) == 2


def test_where_the_way_back_is_mailed_nobody_else_reads_it_off_the_screen(reader):
    assert "from the email we send" in page(enter(reader), "/settings/delete")
    assert "/stay/" not in leave(reader).content.decode()


def test_for_seven_days_everything_comes_back_as_it_was(reader, clock):
    leave(reader)
    address = link(goodbye(), "stay")
    clock.shift(WEEK - timedelta(minutes=1))
    assert "Keep your account?" in page(Client(), address)
    assert not erase_due(NOW + WEEK - timedelta(minutes=1))
    for _ in range(2):
        assert "Your account stays" in Client().post(address).content.decode()
    assert len(subscriptions.live(reader)) == 2
    happen(heading="Foghorns: Meanwhile")
    Schedule.objects.update(next_due_at=NOW + WEEK)
    compose_due(NOW + WEEK)
    assert [title for title, _ in told(Digest.objects.latest("id"))] == ["foghorns"]
    assert Section.objects.latest("id").away_for == "stopped"


def test_then_nothing_with_the_address_is_left_and_nobody_writes_to_it(reader, clock):
    leave(reader)
    deliver(NOW)
    address = link(goodbye(), "stay")
    assert "accounts_user" in anywhere(ADDRESS)
    clock.shift(WEEK)
    assert erase_due(NOW + WEEK) == 1 and not erase_due(NOW + WEEK)
    assert anywhere(ADDRESS) == []
    assert Suppression.objects.get().reason == "deleted" and suppressions.suppressed(ADDRESS)
    assert "This account is deleted" in Client().post(address).content.decode()


def test_a_mail_that_is_just_leaving_is_waited_for(reader):
    leave(reader)
    values = {"state": "handoff", "handoff_at": NOW, "body": b"x"}
    Message.objects.filter(kind="digest").update(**values)
    assert not erase_due(NOW + WEEK) and User.objects.exists()
    Message.objects.filter(kind="digest").update(state="uncertain")
    assert erase_due(NOW + WEEK) == 1


def test_whoever_left_may_sign_up_anew_and_is_written_to_again(reader, clock):
    leave(reader)
    clock.shift(WEEK)
    erase_due(NOW + WEEK)
    client = Client()
    ask(client, q="lighthouses")
    assert deliver(NOW + WEEK).sent == 1
    press_confirm(client, link(Message.objects.get(kind="confirm"), "confirm"))
    assert Subscription.objects.get().query == "lighthouses" and not suppressions.suppressed(ADDRESS)


def test_whoever_signs_up_anew_within_the_week_stays_with_the_new_alert_alone(reader, clock):
    leave(reader)
    clock.shift(timedelta(days=1))
    client = Client()
    ask(client, q="lighthouses")
    press_confirm(client, link(Message.objects.filter(kind="confirm").latest("id"), "confirm"))
    assert not erase_due(NOW + 2 * WEEK)
    assert [one.query for one in subscriptions.live(reader)] == ["lighthouses"]


def test_others_are_left_alone(reader):
    other = make_subscription(make_person("other@example.org"), "trains")
    leave(reader)
    erase_due(NOW + WEEK)
    assert Subscription.objects.get() == other and other.topic.version is not None
