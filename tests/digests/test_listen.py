from datetime import timedelta
from itertools import permutations

import pytest

from accounts.suppressions import suppressed
from alerts.digests import bounce
from alerts.digests.claim import claim, sweep
from alerts.digests.handoff import Handoff
from alerts.digests.listen import listen
from alerts.digests.rendering import fix_bytes
from alerts.models import Change, DeliveryEvent, Message, Subscription
from tests.digests.told import MORNING, lapse, waiting_digest
from tests.factories import move

State = Message.State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_smtp(settings):
    settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"


def reported(message: Message | None, event_type: str, number: int = 1, **fields) -> DeliveryEvent:
    """What a provider posted to us."""
    return DeliveryEvent.objects.create(
        dedup_key=f"{event_type}-{number}",
        esp="Example",
        message=message,
        event_type=event_type,
        bounce=bounce.of_event("Example", event_type, fields.get("reject_reason", ""), "", {}),
        **{"received_at": MORNING, "happened_at": MORNING} | fields,
    )


def uncertain_message(email: str = "reader@example.org") -> Message:
    """A digest whose worker died between the handoff and the answer."""
    message = waiting_digest(email)
    worker = claim(MORNING)
    fix_bytes(worker, MORNING)
    Handoff(worker, MORNING)()
    lapse(message)
    sweep(MORNING)
    return message


def state(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def test_delivered_settles_what_was_uncertain():
    message = uncertain_message()
    reported(message, "delivered")
    assert listen(MORNING) == 1
    assert state(message) == State.SENT
    assert listen(MORNING) == 0, "each event once"


def test_refused_by_the_provider_is_the_proof_that_it_may_go_again():
    message = uncertain_message()
    reported(message, "rejected", reject_reason="timed_out")
    listen(MORNING)
    message.refresh_from_db()
    assert (message.state, message.resends) == (State.PENDING, 0)


@pytest.mark.parametrize("reason", ["invalid", "bounced"])
def test_a_hard_bounce_suppresses_and_fails_what_was_uncertain(reason):
    message = uncertain_message()
    other = Message.objects.create(
        kind="change", to_address=message.to_address, message_id="<a@b>", body=b"x", made_at=MORNING
    )
    reported(message, "bounced", reject_reason=reason)
    listen(MORNING)
    assert suppressed(message.to_address)
    assert (state(message), state(other)) == (State.FAILED, State.CANCELLED)
    assert not Subscription.objects.filter(ended_at__isnull=False).exists(), "a bounce pauses, it does not end"


@pytest.mark.parametrize("reason", ["spam", "blocked", "timed_out", "other"])
def test_a_soft_bounce_suppresses_nobody(reason):
    message = uncertain_message()
    reported(message, "bounced", reject_reason=reason)
    listen(MORNING)
    assert not suppressed(message.to_address)
    assert state(message) == State.SENT


def test_a_complaint_suppresses_and_ends_every_alert_with_a_line_in_the_log():
    message = uncertain_message()
    reported(message, "complained")
    listen(MORNING)
    assert suppressed(message.to_address)
    subscription = Subscription.objects.get()
    assert subscription.end_reason == "complaint"
    change = Change.objects.get()
    assert (change.actor, change.action, change.object_id) == ("provider", "ended", subscription.pk)


def test_the_provider_may_name_the_message_by_its_own_name():
    message = uncertain_message()
    Message.objects.filter(pk=message.pk).update(provider_id="abc")
    event = reported(None, "delivered", provider_id="abc")
    listen(MORNING)
    event.refresh_from_db()
    assert event.message_id == message.pk and state(message) == State.SENT


def test_an_event_of_an_unknown_message_waits_an_hour_and_is_then_laid_aside():
    event = reported(None, "delivered", provider_id="early")
    assert listen(MORNING) == 0
    assert listen(MORNING + timedelta(minutes=61)) == 1
    event.refresh_from_db()
    assert event.processed_at and event.message_id is None


@pytest.mark.parametrize("order", list(permutations(["delivered", "complained", "opened"])))
def test_the_order_of_events_makes_no_difference(order):
    message = uncertain_message()
    for round_ in range(3):
        for event_type in order:
            reported(message, event_type, round_)
            listen(MORNING)
    assert state(message) == State.SENT
    assert suppressed(message.to_address)
    assert Change.objects.count() == 1


def test_a_refusal_heard_before_the_worker_has_settled_waits_for_it():
    message = waiting_digest("reader@example.org")
    worker = claim(MORNING)
    fix_bytes(worker, MORNING)
    Handoff(worker, MORNING)()
    reported(message, "rejected", reject_reason="timed_out")
    assert listen(MORNING) == 0
    lapse(message)
    sweep(MORNING)
    assert listen(MORNING) == 1
    assert state(message) == State.PENDING


def test_under_a_key_that_stands_for_the_refusal_it_does_not_go_again(settings):
    message = uncertain_message()
    Message.objects.update(key_until=MORNING + timedelta(days=400))
    reported(message, "rejected", reject_reason="timed_out")
    listen(MORNING)
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.FAILED, "refused: timed_out")


def test_a_sent_mail_stays_sent_whatever_is_heard_of_it_later():
    message = uncertain_message()
    reported(message, "delivered")
    listen(MORNING)
    for kind in ("rejected", "failed", "bounced"):
        reported(message, kind, reject_reason="bounced")
        listen(MORNING)
    assert state(message) == State.SENT
    assert suppressed(message.to_address)


def test_what_strangers_mails_made_hold_up_nobody():
    message = uncertain_message()
    for number in range(5):
        reported(None, "delivered", number, provider_id=f"stranger {number}")
    reported(message, "delivered", 9)
    assert listen(MORNING, limit=3) == 1
    assert state(message) == State.SENT


def test_who_changed_their_address_and_complains_of_an_older_mail_is_left_in_peace():
    message = uncertain_message("before@example.org")
    move(message.user, "after@example.org")
    reported(message, "complained")
    listen(MORNING)
    assert Subscription.objects.get().end_reason == "complaint"
    assert suppressed("before@example.org") and not suppressed("after@example.org")


@pytest.mark.parametrize("kind", ["queued", "sent", "deferred", "autoresponded", "subscribed", "unknown"])
def test_what_says_nothing_changes_nothing(kind):
    message = uncertain_message()
    reported(message, kind)
    assert listen(MORNING) == 1
    assert state(message) == State.UNCERTAIN
