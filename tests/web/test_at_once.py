"""Two hands on the same thing at the same moment."""

import threading
from itertools import pairwise

import pytest
from django.db import connections
from django.test import Client

from accounts.address_changes import End
from accounts.models import Consent, User
from alerts.digests import links
from alerts.models import Change, Message, SignUp, Subscription
from alerts.web import confirming, moving, subscriptions
from config import clock
from tests.factories import make_person, make_subscription
from tests.web.stories import ADDRESS, ask, link, press_confirm

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 6


def at_once(*deeds) -> list[BaseException]:
    """Do all of these in threads that start together; what went wrong in them."""
    barrier, failures = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            barrier.wait(20)
            deed()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


def test_many_presses_of_one_confirm_button_confirm_once(client):
    ask(client)
    path = link(Message.objects.get(), "confirm")
    assert at_once(*[lambda: press_confirm(Client(), path)] * TIMES) == []
    assert Subscription.objects.count() == Consent.objects.count() == Change.objects.count() == 1


def test_two_alerts_of_a_new_person_confirmed_at_once_make_one_person(client):
    words = ["trains", "buses", "canals", "trains"]
    for n, typed in enumerate(words):
        ask(client, q=typed, address=f"reader{n}@example.org")
    SignUp.objects.update(email=ADDRESS)
    deeds = [lambda one=one: confirming.confirm(one.uuid, clock.now()) for one in SignUp.objects.all()]
    assert at_once(*deeds) == []
    assert User.objects.count() == 1
    assert sorted(one.query for one in Subscription.objects.all()) == ["buses", "canals", "trains"]


def test_confirm_and_cancel_at_once_is_never_both(client):
    ask(client)
    ident = SignUp.objects.get().uuid
    assert at_once(lambda: confirming.confirm(ident, clock.now()), lambda: confirming.cancel(ident, clock.now())) == []
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()
    assert SignUp.objects.get().confirmed_at is None


def test_many_asks_at_once_for_one_mailbox_bring_one_mail():
    assert at_once(*[lambda: ask(Client())] * TIMES) == []
    assert SignUp.objects.count() == TIMES and Message.objects.count() == 1


def test_both_ends_of_a_change_of_address_at_once_change_it_once():
    person = make_person(ADDRESS)
    change = moving.ask(person, "new@example.org", "new@example.org", clock.now())
    ends = [End.OLD, End.NEW] * (TIMES // 2)
    assert at_once(*[lambda end=end: moving.say_yes(change, end, clock.now()) for end in ends]) == []
    person.refresh_from_db()
    assert (person.email, person.token_version) == ("new@example.org", 1)
    assert Change.objects.filter(action="address_changed").count() == 1
    assert Message.objects.filter(kind="address").count() == 4


def test_two_people_who_move_to_one_address_at_once_are_not_both_there():
    people = [make_person(), make_person()]
    changes = [moving.ask(person, "new@example.org", "new@example.org", clock.now()) for person in people]
    for change in changes:
        moving.say_yes(change, End.OLD, clock.now())
    deeds = [lambda one=one: moving.say_yes(one, End.NEW, clock.now()) for one in changes]
    assert at_once(*deeds) == []
    assert User.objects.filter(email="new@example.org").count() == 1
    assert Change.objects.filter(action="address_changed").count() == 1


def test_stopping_and_undoing_at_once_take_turns():
    reader = make_person(ADDRESS)
    old = make_subscription(reader, "trains")
    subscriptions.end(reader, [old.uuid], Subscription.EndReason.PERSON, "manage", clock.now())
    stop = "/" + links.stop(reader, clock.now()).split("/", 3)[3]
    deeds = [lambda: subscriptions.undo(reader, [old.uuid], "manage", clock.now())] * 3
    deeds += [lambda: Client().post(stop, {"List-Unsubscribe": "One-Click"})] * 3
    assert at_once(*deeds) == []
    assert Subscription.objects.filter(topic=old.topic, ended_at__isnull=True).count() <= 1
    done = list(Change.objects.order_by("id").values_list("action", flat=True))
    assert all(before != after for before, after in pairwise(done)), f"one deed was done twice in a row: {done}"
