"""A process killed at each line between two commits: what is found afterwards, and that the next one ends it well."""

import datetime

import pytest
from django.db import transaction

from accounts.models import Suppression
from alerts.digests.compose import compose_due
from alerts.digests.settle import stop_writing_to
from alerts.models import CheckIn, Counter, Digest, Hit, Message, Schedule, Topic
from alerts.models.choices import Frequency
from tests.digests.told import MORNING, happen, lapse, waiting_digest
from tests.factories import make_event, make_person, make_subscription, make_topic
from tests.faults.company import Company
from tests.faults.play import set_clock

State = Message.State

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def company(environment, sink, tmp_path_factory):
    """Processes that take one step on a Wednesday morning, and send by SMTP."""
    folder = tmp_path_factory.mktemp("states")
    set_clock(folder / "clock.json", MORNING, 1)
    own = {
        "HARK_CLOCK": str(folder / "clock.json"),
        "HARK_INSTANCE": str(folder),
        "HARK_PARLIAMENT_URL": "http://127.0.0.1:9",
        "HARK_EMAIL_BACKEND": "alerts.digests.smtp.EmailBackend",
        "HARK_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }
    with Company(environment | own, folder / "company") as company:
        yield company
    assert company.failures == []


def kill_at(company: Company, point: str) -> None:
    """A process takes the step that the point belongs to, and ends there."""
    steps = {
        "percolate": "percolate",
        "fill": "percolate",
        "ring": "compose",
        "compose": "compose",
        "passon": "compose",
        "checkin": "compose",
    }
    death = company.take(steps.get(point.partition(".")[0], "deliver"), f"{point}=1")
    assert (death.killed, death.last[0]) == (True, point)


def take(company: Company, step: str) -> None:
    """A process takes the step and ends by itself."""
    assert company.take(step).code == 0


@pytest.mark.parametrize(
    ("point", "state", "left"),
    [
        ("claim.committed", State.CLAIMED, 0),
        ("handoff.begins", State.CLAIMED, 0),
        ("handoff.committed", State.HANDOFF, 0),
        ("mail.accepted", State.HANDOFF, 1),
        ("sent.committed", State.SENT, 1),
    ],
)
def test_a_worker_killed_with_a_message(company, sink, point, state, left):
    """Before the handoff nothing had left, and after it nobody knows: only there can a second copy come of it."""
    message = waiting_digest()
    sink.accepted.clear()
    kill_at(company, point)
    take(company, "deliver")
    message.refresh_from_db()
    assert (message.state, len(sink.accepted)) == (state, left), "it is left alone until its lease is over"

    lapse(message)
    take(company, "deliver")
    message.refresh_from_db()
    if state == State.HANDOFF:
        assert (message.state, len(sink.accepted)) == (State.UNCERTAIN, left), "nothing is sent again for a while"
        lapse(message)
        take(company, "deliver")
        message.refresh_from_db()
    assert (message.state, message.resends) == (State.SENT, int(state == State.HANDOFF))
    copies = [content for _, content in sink.accepted]
    assert copies == [bytes(message.body)] * (2 if point == "mail.accepted" else 1)


def test_a_worker_killed_twice_in_the_handoff_leaves_the_message_to_the_operator(company, sink):
    message = waiting_digest()
    sink.accepted.clear()
    for _ in range(2):
        kill_at(company, "handoff.committed")
        lapse(message)
        take(company, "deliver")  # finds it uncertain
        lapse(message)
    take(company, "deliver")
    message.refresh_from_db()
    assert (message.state, message.lease_until, sink.accepted) == (State.UNCERTAIN, None, [])
    assert "before sending it again" in message.reason


def test_percolating_killed_before_its_commit_has_done_nothing(company):
    subscription, event = make_subscription(now=MORNING), make_event()
    kill_at(company, "percolate.numbered")
    event.refresh_from_db()
    assert (event.seq, Counter.current_seq(), Hit.objects.count()) == (None, 0, 0)
    take(company, "percolate")
    assert list(Hit.objects.values_list("topic", "event", "seq")) == [(subscription.topic_id, event.pk, 1)]


def test_percolating_killed_after_its_commit_has_done_everything(company):
    subscription, event = make_subscription(now=MORNING), make_event()
    for _ in range(2):
        company.take("percolate", "percolate.committed=1")
    assert list(Hit.objects.values_list("topic", "event", "seq")) == [(subscription.topic_id, event.pk, 1)]


def test_a_topic_whose_filling_was_killed_is_waited_for_and_filled_to_its_end(company):
    old = happen()
    topic = make_topic(now=MORNING)
    kill_at(company, "fill.advanced")
    topic.refresh_from_db()
    assert (topic.filled_to, topic.filled_at) == (old.pk, None)
    make_event()
    take(company, "percolate")
    assert Topic.objects.get().filled_at is not None
    assert list(Hit.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_a_ring_killed_before_its_commit_has_rung_for_nobody(company):
    make_subscription(now=MORNING, frequency=Frequency.AS_IT_HAPPENS)
    happen()
    kill_at(company, "ring.rung")
    assert (Counter.objects.get().rung_through, Schedule.objects.get().next_due_at) == (0, None)
    take(company, "compose")
    assert (Counter.objects.get().rung_through, Digest.objects.count()) == (1, 1)


def test_composing_killed_before_its_commit_has_told_nobody_anything(company):
    subscription = make_subscription(now=MORNING)
    happen()
    kill_at(company, "compose.composed")
    subscription.refresh_from_db()
    assert (subscription.told_through, Digest.objects.count(), Message.objects.count()) == (0, 0, 0)
    assert Schedule.objects.get().next_due_at == MORNING
    take(company, "compose")
    subscription.refresh_from_db()
    assert (subscription.told_through, Digest.objects.count(), Message.objects.get().state) == (1, 1, State.PENDING)


def test_composing_killed_after_its_commit_leaves_a_message_that_is_sent_without_a_bell(company, sink):
    make_subscription(make_person(), now=MORNING)
    happen()
    sink.accepted.clear()
    kill_at(company, "compose.committed")
    assert compose_due(MORNING + datetime.timedelta(minutes=1)).digests == 0
    take(company, "deliver")
    assert (Message.objects.get().state, len(sink.accepted)) == (State.SENT, 1)


def test_passing_a_digest_on_killed_before_its_commit_has_passed_on_nothing_and_the_next_one_does_once(company, sink):
    message = waiting_digest()
    with transaction.atomic():
        stop_writing_to(message.to_address, "hard_bounce", MORNING)
    Suppression.objects.all().delete()
    sink.accepted.clear()
    kill_at(company, "passon.made")
    message.refresh_from_db()
    assert (Message.objects.count(), message.unreached, message.digest_id is None) == (1, True, False)
    for _ in range(2):
        take(company, "compose")
        take(company, "deliver")
    assert [address for address, _ in sink.accepted] == [message.to_address]
    assert Message.objects.count() == 2


def test_asking_about_an_alert_killed_before_its_commit_has_asked_nobody_and_the_next_one_asks_once(company):
    make_subscription(now=MORNING - datetime.timedelta(days=365))
    kill_at(company, "checkin.queued")
    assert (CheckIn.objects.count(), Message.objects.count()) == (0, 0)
    for _ in range(2):
        take(company, "compose")
    assert (CheckIn.objects.count(), Message.objects.get().kind) == (1, Message.Kind.CHECK_IN)
