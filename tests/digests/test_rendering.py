"""Many digests are rendered while they wait, with few queries; what changes after that still counts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from alerts.digests import rendering
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.render import letter
from alerts.digests.rendering import fix_bytes, render_waiting
from alerts.models import Department, Digest, Item, Message, Schedule, Subscription
from tests.digests.told import MORNING, happen, percolate
from tests.factories import make_department, make_event, make_item, make_person, make_subscription

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(minutes=5)


def read(message: Message) -> str:
    message.refresh_from_db()
    return bytes(message.body or b"").decode()


def subscribe(*words: str) -> None:
    person = make_person()
    for each in words:
        make_subscription(person, each)
    Schedule.objects.filter(user=person).update(next_due_at=MORNING)


def test_what_is_rendered_while_it_waits_is_what_would_be_rendered_when_claimed():
    subscribe("foghorns", "lamps")
    happen(heading="Foghorns: Repairs")
    happen(heading="Lamps: Repairs")
    compose_due(MORNING)
    assert render_waiting(MORNING) == 1
    message = Message.objects.get()
    waiting, subject = read(message), message.subject
    Message.objects.update(body=None, subject="", state="claimed", claim_token=message.uuid, lease_until=LATER)
    message.refresh_from_db()
    fix_bytes(message, MORNING)
    assert (read(message), message.subject) == (waiting, subject) and "Lamps: Repairs" in waiting
    assert render_waiting(MORNING) == 0


def test_what_is_hidden_after_rendering_is_not_sent(outbox):
    subscribe("foghorns")
    happen(heading="Foghorns: Repairs")
    secret = happen(heading="Foghorns: Retracted")
    compose_due(MORNING)
    render_waiting(MORNING)
    assert "Retracted" in read(Message.objects.get())
    Item.objects.filter(pk=secret.item_id).update(hidden_at=MORNING)
    assert deliver(MORNING).sent == 1
    assert "Foghorns: Repairs" in read(Message.objects.get()) and "Retracted" not in read(Message.objects.get())


def test_what_is_hidden_in_the_middle_of_a_round_stands_in_no_later_email(monkeypatch):
    monkeypatch.setattr(rendering, "BATCH", 1)
    subscribe("foghorns")
    subscribe("foghorns")
    happen(heading="Foghorns: Repairs")
    secret = happen(heading="Foghorns: Retracted")
    compose_due(MORNING)
    write = rendering._written

    def retract(*given):
        Item.objects.filter(pk=secret.item_id).update(hidden_at=MORNING)
        return write(*given)

    monkeypatch.setattr(rendering, "_written", retract)
    assert render_waiting(MORNING) == 2
    first, second = Message.objects.order_by("priority", "id")
    assert "Retracted" in read(first)
    assert "Retracted" not in read(second) and "Foghorns: Repairs" in read(second)


def test_an_email_that_cannot_be_written_holds_up_no_other():
    subscribe("foghorns")
    subscribe("foghorns")
    happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    poison, good = Message.objects.order_by("id")
    User.objects.filter(pk=poison.user_id).update(timezone="Sandholm/Nowhere")
    assert render_waiting(MORNING) == 1
    assert read(good) and not read(poison)


def test_what_cannot_be_read_holds_up_the_others_until_they_are_claimed(outbox):
    subscribe("foghorns")
    subscribe("lamps")
    broken = happen(heading="Foghorns: Repairs")
    happen(heading="Lamps: Repairs")
    compose_due(MORNING)
    Item.objects.filter(pk=broken.item_id).update(grouped_with=[{"not": "what we store"}])
    assert render_waiting(MORNING) == 0
    assert deliver(MORNING).sent == 1


def test_a_digest_with_nothing_left_to_tell_is_left_to_be_cancelled(outbox):
    subscribe("foghorns")
    happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    Subscription.objects.update(ended_at=MORNING, end_reason="person")
    assert render_waiting(MORNING) == 0
    assert deliver(MORNING).cancelled == 1


def test_what_was_worked_out_for_one_reader_is_not_told_the_next_when_a_name_has_changed():
    subscribe("foghorns")
    happen(heading="Foghorns: Repairs", department=make_department("Department for Lighthouses"))
    compose_due(MORNING)
    digest = Digest.objects.get()
    assert "Lighthouses" in letter(digest, MORNING).html
    Department.objects.filter(name="Department for Lighthouses").update(name="Department for Beacons")
    again = letter(digest, MORNING)
    assert "Lighthouses" not in again.html + again.text
    assert "Beacons" in again.html and "Beacons" in again.text


def queries(results: int, people: int, *words: str) -> int:
    """How many it takes to compose and render digests of so many results for so many people."""
    for _ in range(people):
        subscribe(*words)
    percolate(*(make_event("answered", item=make_item(heading=f"Foghorns and lamps {n}")) for n in range(results)))
    with CaptureQueriesContext(connection) as seen:
        assert compose_due(MORNING).digests == people
        assert render_waiting(MORNING) == people
    message = Message.objects.order_by("id").last()
    assert message.subject.startswith("Foghorns and lamps" if results == 1 else f"{results} new")
    return len(seen)


def test_more_results_take_no_more_queries():
    few, more, many = (queries(results, 1, "foghorns") for results in (1, 11, 20))
    assert more == many == few + 1, "whether it finds so many each week is asked of more than ten"


def test_more_alerts_and_more_people_take_no_more_queries():
    one = queries(2, 1, "foghorns")
    assert queries(2, 1, "foghorns", "lamps", "foghorns OR lamps") == one
    assert queries(2, 5, "foghorns", "lamps") == one
