"""What halts all sending: a limit of the provider's, our own, and staff. What waits stays as it is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from alerts.digests import hold
from alerts.digests.claim import claim
from alerts.digests.deliver import Delivered, deliver
from alerts.models import Hold, Message
from tests.digests.told import MORNING, waiting_digest

HOUR = timedelta(hours=1)
State = Message.State

pytestmark = pytest.mark.django_db


def states() -> list[tuple[str, int]]:
    return list(Message.objects.order_by("id").values_list("state", "attempts"))


def test_staff_hold_everything_until_they_take_it_away(outbox):
    waiting_digest()
    staff = Hold.objects.create(cause="staff", since=MORNING, reason="Restored from a backup")
    assert deliver(MORNING + 100 * HOUR) == Delivered()
    assert states() == [(State.PENDING, 0)]
    staff.delete()
    assert deliver(MORNING).sent == 1


def test_a_hold_whose_time_is_over_halts_nothing(outbox):
    waiting_digest()
    hold.put_on("provider", MORNING + HOUR, "429", MORNING)
    assert deliver(MORNING + HOUR - timedelta(seconds=1)) == Delivered()
    assert deliver(MORNING + HOUR).sent == 1


def test_of_two_holds_of_one_cause_the_longer_counts():
    hold.put_on("provider", MORNING + 2 * HOUR, "for two hours", MORNING)
    hold.put_on("provider", MORNING + HOUR, "for one hour", MORNING)
    one = Hold.objects.get()
    assert (one.until, one.reason) == (MORNING + 2 * HOUR, "for two hours")
    hold.put_on("provider", MORNING + 3 * HOUR, "for longer", MORNING + HOUR)
    assert Hold.objects.get().since == MORNING, "it never ended between"
    hold.put_on("provider", MORNING + 9 * HOUR, "anew", MORNING + 8 * HOUR)
    assert Hold.objects.get().since == MORNING + 8 * HOUR


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"cause": "provider", "reason": "429"}, "hold_of_a_machine_ends"),
        ({"cause": "staff", "reason": ""}, "hold_has_a_reason"),
    ],
)
def test_a_machine_may_not_hold_for_ever_and_nobody_without_a_reason(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Hold.objects.create(since=MORNING, **fields)


def test_the_brake_stops_claiming_above_so_many_mails_in_a_day(outbox, settings):
    settings.SEND_LIMIT = 2
    for _ in range(3):
        waiting_digest()
    assert deliver(MORNING) == Delivered(sent=2), "not one more, even within a round"
    assert deliver(MORNING + HOUR) == Delivered()
    assert states()[2] == (State.PENDING, 0)
    brake = Hold.objects.get()
    assert brake.cause == "brake"
    assert brake.reason == "2 mails in 24 hours; HARK_SEND_LIMIT is 2."
    assert deliver(MORNING + timedelta(hours=23, minutes=59)) == Delivered()
    assert deliver(MORNING + 25 * HOUR).sent == 1


def test_raising_the_limit_lets_go_by_itself(outbox, settings):
    settings.SEND_LIMIT = 0
    waiting_digest()
    deliver(MORNING)
    settings.SEND_LIMIT = 100
    assert deliver(MORNING + timedelta(minutes=15)).sent == 1


def test_a_hold_that_begins_amid_a_round_stops_the_rounds_of_other_workers(outbox):
    waiting_digest()
    hold.put_on("provider", MORNING + HOUR, "429", MORNING)
    assert claim(MORNING) is None


def test_a_limit_of_the_mail_server_holds_everything(sink):
    waiting_digest(), waiting_digest()
    sink.refuses = "421 4.7.28 Unusual rate of mail from your address"
    assert deliver(MORNING) == Delivered(later=1)
    sink.refuses = None
    assert deliver(MORNING + timedelta(minutes=4)) == Delivered()
    assert deliver(MORNING + timedelta(minutes=6)).sent == 2
