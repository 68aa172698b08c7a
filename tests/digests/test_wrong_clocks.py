"""A machine whose clock is an hour fast or slow, or a day: nothing is told twice, and no lease is stolen."""

from datetime import timedelta

import pytest

from alerts.digests.claim import claim, sweep
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.rendering import fix_bytes
from alerts.digests.settle import give_back
from alerts.models import Digest, Message, Schedule
from alerts.models.choices import Frequency
from config import clock
from tests.digests.told import MORNING, happen, told, waiting_digest
from tests.factories import make_person, make_subscription

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WRONG = [HOUR, -HOUR, DAY]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("frequency", Frequency)
@pytest.mark.parametrize("wrong", WRONG)
def test_two_machines_that_disagree_about_the_time_tell_each_event_once(wrong, frequency):
    make_subscription(make_person(), now=MORNING, frequency=frequency)
    Schedule.objects.update(next_due_at=MORNING)
    for number in range(3):
        happen(heading=f"Foghorns {number}")
        for now in (MORNING + wrong, MORNING, MORNING + wrong, MORNING + HOUR / 2):
            compose_due(now)
    for day in range(1, 9):
        compose_due(MORNING + day * DAY)
    sections = [section for digest in Digest.objects.all() for section in told(digest)]
    assert sorted(heading for _, found in sections for heading in found) == ["Foghorns 0", "Foghorns 1", "Foghorns 2"]
    assert Message.objects.count() == Digest.objects.count() == len(sections)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_lease_ends_by_the_clock_of_the_database_alone(outbox, wrong):
    message, now = waiting_digest(), clock.now()
    slow = claim(now)
    assert sweep(now + wrong) == 0 and claim(now + wrong) is None
    assert deliver(now + wrong).sent == 0
    fix_bytes(slow, now)
    assert give_back(slow, "done with it", None), "it is still the first one's"
    assert deliver(now + max(wrong, HOUR)).sent == 1
    assert deliver(now + DAY).sent == 0
    message.refresh_from_db()
    assert (message.state, len(list(outbox.glob("*.eml")))) == (Message.State.SENT, 1)
