"""Digests that an address which bounced kept from their reader: each reaches them once, however it was lifted."""

import email
import email.policy
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from accounts import suppressions
from accounts.models import Suppression, User
from alerts.digests import readdress, trial
from alerts.digests.claim import claim
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.handoff import Handoff
from alerts.digests.passing_on import pass_on
from alerts.digests.rendering import fix_bytes
from alerts.digests.settle import stop_writing_to
from alerts.models import Digest, Message, Schedule, Subscription
from alerts.moderation import unsettled
from alerts.retention.erasing import erase
from alerts.web import health
from tests.digests.sink import REFUSALS
from tests.digests.told import MORNING, happen, heard, lapse, waiting_digest
from tests.factories import make_person, make_subscription, move

ADDRESS, NEW = "nobody@example.org", "keeper@example.org"
"""The server of these tests has no such person as the first."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOGHORNS, SIRENS, LATER = "Foghorns: Repairs", "Sirens: Noise", "Foghorns: Paint"
State = Message.State

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(sink) -> User:
    """A reader whose mailbox is gone: one digest bounced, and another waited then."""
    person = make_person(ADDRESS)
    make_subscription(person, "foghorns", now=MORNING)
    make_subscription(person, "sirens", now=MORNING, frequency="weekly")
    happen(heading=FOGHORNS)
    compose_due(MORNING)
    happen(heading=SIRENS, question="To ask how loud sirens are.", answer="Very.")
    Schedule.objects.filter(frequency="weekly").update(next_due_at=MORNING)
    compose_due(MORNING)
    assert (deliver(MORNING).failed, digests_in("cancelled")) == (1, 1)
    sink.accepted.clear()
    return person


@pytest.fixture
def mailbox_is_back(person, monkeypatch) -> None:
    """The server knows the person again, and staff have lifted the suppression."""
    monkeypatch.delitem(REFUSALS, "nobody")
    Suppression.objects.all().delete()


@pytest.fixture
def reached(sink) -> Message:
    """A digest that a provider took for another reader."""
    message = waiting_digest(NEW)
    assert deliver(MORNING).sent == 1
    sink.accepted.clear()
    Message.objects.filter(pk=message.pk).update(provider_id="p1")
    return message


def came_back(message: Message, bounce: str, at=MORNING) -> None:
    heard(message, "bounced", at, bounce)


def digests_in(state: str) -> int:
    return Message.objects.filter(kind="digest", state=state).count()


def mailed(sink) -> list[tuple[str, str]]:
    """(address, heading) for each email since that tells of it."""
    parsed = [(address, email.message_from_bytes(raw, policy=email.policy.default)) for address, raw in sink.accepted]
    texts = [(address, mail.get_body(("plain",)).get_content()) for address, mail in parsed]
    return sorted(
        (address, heading) for address, text in texts for heading in (FOGHORNS, SIRENS, LATER) if heading in text
    )


def rounds(*days: float) -> None:
    """The verbs that make and send emails, on these days after the morning."""
    for day in days:
        now = MORNING + day * DAY
        pass_on(now)
        compose_due(now)
        deliver(now)


def by_a_test_that_arrived(person: User) -> str:
    """Its mailbox is there again; the server is told so by another name for it."""
    message = trial.ask(person, MORNING + HOUR)
    Message.objects.filter(pk=message.pk).update(state="sent", settled_at=MORNING + HOUR)
    message.refresh_from_db()
    assert trial.arrived(message, MORNING + 2 * HOUR)
    return ADDRESS


def by_another_address(person: User) -> str:
    move(person, NEW)
    person.refresh_from_db()
    readdress.follow(person, MORNING + HOUR)
    return NEW


def by_staff(person: User) -> str:
    Suppression.objects.all().delete()
    return ADDRESS


@pytest.mark.parametrize("lift", [by_a_test_that_arrived, by_another_address, by_staff])
def test_each_event_arrives_once_however_it_was_lifted(sink, monkeypatch, person, lift):
    rounds(0.1)
    assert mailed(sink) == [], "nothing goes before"
    monkeypatch.delitem(REFUSALS, "nobody")
    address = lift(person)
    happen(heading=LATER)
    rounds(0.2, 1, 2, 8, 9)
    assert mailed(sink) == [(address, LATER), (address, FOGHORNS), (address, SIRENS)]
    assert digests_in("sent") == Digest.objects.count() == 3


def test_the_mail_says_why_it_is_late_and_its_page_is_the_same(sink, person, mailbox_is_back):
    digest = Digest.objects.order_by("id").first()
    rounds(0.2)
    texts = [raw.decode() for _, raw in sink.accepted]
    note = "This email is of Wed 11 March, 07:30. It comes late because we could not write to you then."
    assert all(note in " ".join(text.replace("=\r\n", "").split()) for text in texts)
    was = Message.objects.get(passed_on=digest)
    assert was.state == State.FAILED and digest.message.state == State.SENT and was.uuid != digest.message.uuid


def test_a_digest_that_a_provider_took_and_that_bounced_then_goes_later(sink, reached):
    came_back(reached, "hard")
    Suppression.objects.all().delete()
    rounds(0.2, 0.3)
    assert mailed(sink) == [(NEW, FOGHORNS)] and Message.objects.filter(kind="digest").count() == 2


def test_one_that_bounces_a_second_time_goes_a_third(sink, reached):
    for day in (0.1, 0.2):
        came_back(Message.objects.exclude(digest=None).get(), "hard", MORNING + day * DAY)
        Suppression.objects.all().delete()
        rounds(day + 0.05)
    assert mailed(sink) == [(NEW, FOGHORNS)] * 2
    assert Message.objects.exclude(passed_on=None).count() == 2


def test_what_a_full_mailbox_did_not_take_goes_once_it_was_given_up_and_lifted(sink, reached):
    came_back(reached, "soft")
    rounds(0.2)
    assert mailed(sink) == [], "mail to it goes on, and this one failed"
    stop_writing_to(NEW, "soft_bounces", MORNING + 8 * DAY)
    Suppression.objects.all().delete()
    rounds(8, 9)
    assert mailed(sink) == [(NEW, FOGHORNS)]


@pytest.mark.parametrize("event", ["", "delivered"])
def test_what_arrived_does_not_come_again(sink, reached, event):
    if event:
        came_back(reached, "soft")
        heard(reached, event)
    stop_writing_to(NEW, "hard_bounce", MORNING + DAY)
    Suppression.objects.all().delete()
    rounds(1, 2)
    assert mailed(sink) == []


def test_one_that_came_back_after_the_address_was_given_up_for_another_goes_later_too(sink, reached):
    suppressions.suppress(NEW, "hard_bounce", MORNING)
    came_back(reached, "soft")
    Suppression.objects.all().delete()
    rounds(0.1, 0.2)
    assert mailed(sink) == [(NEW, FOGHORNS)]


def test_staff_sent_it_again_and_what_was_heard_of_it_before_says_nothing(sink, reached):
    came_back(reached, "soft")
    Message.objects.filter(pk=reached.pk).update(handoff_at=MORNING + HOUR)
    stop_writing_to(NEW, "hard_bounce", MORNING + DAY)
    Suppression.objects.all().delete()
    rounds(1)
    assert mailed(sink) == []


def test_what_a_worker_had_in_hand_when_the_address_failed_goes_later_too(sink):
    message = waiting_digest(NEW)
    suppressions.suppress(NEW, "hard_bounce", MORNING)
    assert deliver(MORNING).cancelled == 1
    Suppression.objects.all().delete()
    rounds(0.1, 0.2)
    assert mailed(sink) == [(NEW, FOGHORNS)] and Message.objects.get(passed_on=message.digest).pk == message.pk


def test_one_that_may_have_left_all_the_same_counts_as_its_resend(sink):
    """Else two windows in a row could make three copies."""
    message = waiting_digest(NEW)
    worker = claim(MORNING)
    fix_bytes(worker, MORNING)
    Handoff(worker, MORNING)()
    suppressions.suppress(NEW, "hard_bounce", MORNING)
    for _ in range(2):
        lapse(message)
        deliver(MORNING)
    message.refresh_from_db()
    assert (message.state, message.unreached) == (State.CANCELLED, True)
    Suppression.objects.all().delete()
    pass_on(MORNING)
    assert Message.objects.exclude(digest=None).get().resends == 1


# ---- never


@pytest.mark.parametrize("reason", ["complaint", "blocked", "staff"])
def test_after_a_complaint_or_a_wish_nothing_waits_for_the_day_it_is_lifted(sink, reason):
    waiting_digest(NEW)
    suppressions.suppress(NEW, reason, MORNING)
    deliver(MORNING)
    Suppression.objects.all().delete()
    rounds(0.1)
    assert mailed(sink) == []


def test_a_bounce_after_a_complaint_changes_nothing(sink, reached):
    suppressions.suppress(NEW, "complaint", MORNING)
    came_back(reached, "hard")
    Suppression.objects.all().delete()
    rounds(0.1)
    assert mailed(sink) == []


def test_a_complaint_after_the_bounce_takes_it_back(sink, person, mailbox_is_back):
    stop_writing_to(ADDRESS, "complaint", MORNING)
    Suppression.objects.all().delete()
    rounds(0.1)
    assert mailed(sink) == [] and not Message.objects.filter(unreached=True).exists()


def test_who_stopped_the_alert_or_leaves_gets_nothing_of_it(sink, person, mailbox_is_back):
    User.objects.update(delete_after=MORNING + DAY)
    rounds(0.1)
    assert mailed(sink) == []
    User.objects.update(delete_after=None)
    Subscription.objects.filter(query="foghorns").update(ended_at=MORNING, end_reason="person")
    rounds(0.2)
    assert mailed(sink) == [(ADDRESS, SIRENS)]
    assert Message.objects.filter(unreached=True).count() == 1, "no message is made that would be empty"


def test_of_who_is_erased_nothing_is_left_neither_before_nor_after(sink, person, mailbox_is_back):
    pass_on(MORNING)
    with transaction.atomic():
        erase(User.objects.locked(person.pk), MORNING)
    rounds(0.1)
    assert mailed(sink) == [] and not Message.objects.exists() and not Digest.objects.exists()


def test_it_reaches_back_thirty_days(sink, person, mailbox_is_back):
    rounds(31)
    assert FOGHORNS not in str(mailed(sink)) and SIRENS not in str(mailed(sink))


def test_it_waits_for_the_end_of_a_holiday(sink, person, mailbox_is_back):
    first = MORNING.date()
    User.objects.update(paused_from=first, paused_until=first + 3 * DAY)
    rounds(0.1, 1)
    assert mailed(sink) == []
    rounds(3)
    assert mailed(sink) == [(ADDRESS, FOGHORNS), (ADDRESS, SIRENS)]


# ---- at once, and beside others


@pytest.mark.django_db(transaction=True)
def test_many_at_once_pass_it_on_once(sink, person, mailbox_is_back):
    made, barrier = [], threading.Barrier(4)

    def run():
        barrier.wait(20)
        made.append(pass_on(MORNING))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(made) == 2 and Message.objects.exclude(digest=None).count() == 2


def test_staff_cannot_send_again_what_another_message_carries(person, mailbox_is_back):
    staff = make_person(is_staff=True)
    failed = Message.objects.get(state=State.FAILED)
    pass_on(MORNING)
    assert unsettled.send_again(Message.objects.filter(pk=failed.pk), staff, "the mailbox is back", MORNING) == 0


def test_what_staff_sent_again_first_does_not_go_a_second_time(sink, person, mailbox_is_back):
    staff = make_person(is_staff=True)
    failed = Message.objects.filter(state=State.FAILED)
    assert unsettled.send_again(failed, staff, "the mailbox is back", MORNING) == 1
    rounds(0.1, 0.2)
    assert mailed(sink) == [(ADDRESS, FOGHORNS), (ADDRESS, SIRENS)]


def test_one_person_in_trouble_holds_up_no_other(sink, person, mailbox_is_back):
    other = make_person(NEW)
    make_subscription(other, "foghorns", now=MORNING)
    happen(heading=LATER)
    compose_due(MORNING)
    with transaction.atomic():
        stop_writing_to(NEW, "hard_bounce", MORNING)
    Suppression.objects.all().delete()
    until = MORNING.date() + DAY
    User.objects.filter(pk=person.pk).update(timezone="Sandholm/Wickby", paused_from=until, paused_until=until + DAY)
    assert pass_on(MORNING) == 1 and Message.objects.filter(state="pending").get().to_address == NEW


def test_what_failed_is_counted_until_another_message_carries_its_digest(sink, person, mailbox_is_back):
    Message.objects.create(kind="sign_in", state=State.FAILED, message_id="1", made_at=MORNING, settled_at=MORNING)
    assert health.numbers(MORNING)["failed"] == 2
    rounds(0.1)
    assert mailed(sink) == [(ADDRESS, FOGHORNS), (ADDRESS, SIRENS)]
    assert health.numbers(MORNING)["failed"] == 1, "the other one still waits for somebody"


@pytest.mark.parametrize("values", [{"state": "pending", "settled_at": None}, {"unreached": True}])
def test_the_database_itself_keeps_one_that_was_passed_on_from_leaving(person, mailbox_is_back, values):
    pass_on(MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(passed_on__isnull=False, state="failed").update(**values)
