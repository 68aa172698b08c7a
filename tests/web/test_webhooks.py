"""Providers' posts, in their own shapes: stored as they come, worked through later, forged ones refused."""

import base64
import hashlib
import hmac
import json
import random
import uuid

import pytest
from django.core import checks
from django.test import Client

from accounts.suppressions import suppressed
from alerts.digests.deliver import deliver
from alerts.digests.listen import listen
from alerts.models import DeliveryEvent, Message, Subscription
from alerts.web import webhooks
from tests.digests.provider import LOST
from tests.digests.told import MORNING, lapse, waiting_digest

State = Message.State
SECRET = "hark:a-long-secret"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _listening(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.WEBHOOKS = ["postmark", "brevo", "mailtrap"]
    settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"


def post(name: str, body: object, secret: str | None = SECRET, **headers: str):
    """What a provider posts: JSON, with name and password as in the address it was given."""
    if secret is not None:
        headers["authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    raw = json.dumps(body).encode()
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/anymail/{name}/tracking/", raw, content_type="application/json", headers=headers)


def of_postmark(kind: str, message: Message | None = None, **fields) -> dict:
    usual = {
        "RecordType": kind,
        "MessageID": "0f9b1e5c-0000-4000-8000-000000000001",
        "Recipient": "reader@example.org",
        "Metadata": {"uuid": str(message.uuid)} if message else {},
        "DeliveredAt": "2026-03-11T07:31:00Z",
    }
    return usual | fields


def bounce_of_postmark(message: Message, kind: str, number: int = 1, **fields) -> dict:
    said = {"ID": number, "Type": kind, "Email": message.to_address, "BouncedAt": "2026-03-11T07:32:00Z"}
    return of_postmark("Bounce", message, **said | fields)


def uncertain(settings, provider) -> Message:
    """A digest that the provider accepted, and whose answer was lost."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL |= {"WEBHOOK_SECRET": SECRET}
    message = waiting_digest("reader@example.org")
    provider.answers = [LOST]
    assert deliver(MORNING).uncertain == 1
    return message


def test_an_answer_that_was_lost_is_made_good_by_what_the_provider_posts(settings, provider):
    message = uncertain(settings, provider)
    assert post("postmark", of_postmark("Delivery", message)).status_code == 200
    assert Message.objects.get().state == State.UNCERTAIN, "the post is only stored"
    assert listen(MORNING) == 1
    lapse(message)
    deliver(MORNING)
    assert (Message.objects.get().state, provider.asked) == (State.SENT, 1)


def test_it_is_made_good_even_where_the_resend_waits_already(settings, provider):
    message = uncertain(settings, provider)
    Message.objects.update(state=State.PENDING, resends=1, lease_until=None)
    post("postmark", of_postmark("Delivery", message))
    listen(MORNING)
    deliver(MORNING)
    assert (Message.objects.get().state, provider.asked) == (State.SENT, 1)


@pytest.mark.parametrize("secret", [None, "hark:wrong", "", "a-long-secret:hark"])
def test_a_forged_post_is_refused_and_stored_nowhere(secret):
    message = waiting_digest()
    assert post("postmark", of_postmark("SpamComplaint", message), secret).status_code == 400
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("name", ["mailgun", "nobody", "mailtrap"])
def test_nobody_listens_to_a_provider_not_named_or_not_secured(name):
    assert post(name, {"events": []}).status_code == 404


@pytest.mark.parametrize("secret", ["", "no-colon", ":", [], ["hark:good", ""]])
def test_without_a_good_secret_there_is_no_such_address(settings, secret):
    settings.ANYMAIL = {"WEBHOOK_SECRET": secret}
    assert post("postmark", of_postmark("Delivery")).status_code == 404


def test_a_secret_is_changed_while_both_work(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET, "hark:the-next"]}
    assert post("postmark", of_postmark("Delivery"), "hark:the-next").status_code == 200


def test_a_signature_is_asked_for_where_the_provider_signs(settings):
    settings.ANYMAIL |= {"MAILTRAP_TRACKING_SECRET": "s"}
    body = {
        "events": [{"event": "delivery", "message_id": "1", "email": "a@example.org", "timestamp": 1, "event_id": "2"}]
    }
    assert post("mailtrap", body).status_code == 400
    signature = hmac.new(b"s", json.dumps(body).encode(), hashlib.sha256).hexdigest()
    assert post("mailtrap", body, **{"mailtrap-signature": signature}).status_code == 200
    assert DeliveryEvent.objects.get().event_type == "delivered"


def test_whatever_is_posted_twice_or_three_times_is_stored_once_and_in_any_order_means_the_same():
    message = waiting_digest("reader@example.org")
    Message.objects.update(provider_id="0f9b1e5c-0000-4000-8000-000000000001")
    posts = [
        of_postmark("Delivery", message),
        bounce_of_postmark(message, "SoftBounce"),
        of_postmark("SpamComplaint", message, Type="SpamComplaint", ID=7, BouncedAt="2026-03-11T09:00:00Z"),
    ] * 3
    random.Random(5).shuffle(posts)
    for body in posts:
        assert post("postmark", body).status_code == 200
    assert DeliveryEvent.objects.count() == 3
    listen(MORNING)
    assert suppressed("reader@example.org")
    assert Subscription.objects.get().end_reason == "complaint"


def test_a_post_may_be_larger_than_any_form_but_not_without_end():
    large = of_postmark("Delivery", Details="x" * 400_000)
    assert post("postmark", large).status_code == 200
    assert post("postmark", of_postmark("Delivery", Details="x" * 5_000_001)).status_code == 413
    assert DeliveryEvent.objects.count() == 1


def test_a_post_that_cannot_be_read_is_not_taken_for_done():
    client = Client(raise_request_exception=False)
    basic = "Basic " + base64.b64encode(SECRET.encode()).decode()
    answer = client.post("/anymail/brevo/tracking/", b"{nonsense", content_type="application/json",
                         headers={"authorization": basic})  # fmt: skip
    assert answer.status_code == 500, "so that it is posted again"


def test_a_message_nobody_knows_is_stored_and_no_error():
    body = of_postmark("Delivery", Metadata={"uuid": str(uuid.uuid4())})
    assert post("postmark", body).status_code == 200
    event = DeliveryEvent.objects.get()
    assert (event.message, event.provider_id) == (None, body["MessageID"])
    assert event.payload["event"]["Recipient"] == "reader@example.org"


def test_what_the_database_cannot_keep_does_not_keep_the_rest_out():
    assert post("postmark", of_postmark("Delivery", Details="a\x00b\ud800c \\u0000")).status_code == 200
    assert DeliveryEvent.objects.get().payload["event"]["Details"] == "ab?c \\u0000"


@pytest.mark.parametrize(
    ("hard", "error", "stopped"),
    [(True, "user unknown", True), (False, "quota exceeded", False)],
)
def test_a_batch_of_mailjets_is_read_event_by_event(settings, hard, error, stopped):
    settings.WEBHOOKS = ["mailjet"]
    message = waiting_digest("reader@example.org")
    usual = {"time": 1773214260, "MessageID": 12345, "email": message.to_address,
             "Payload": json.dumps({"uuid": str(message.uuid)})}  # fmt: skip
    batch = [usual | {"event": "sent"}, usual | {"event": "bounce", "hard_bounce": hard, "error": error}]
    assert post("mailjet", batch).status_code == 200
    assert DeliveryEvent.objects.count() == 2
    listen(MORNING)
    assert suppressed("reader@example.org") is stopped


@pytest.mark.parametrize(("event", "stopped"), [("hard_bounce", True), ("soft_bounce", False)])
def test_brevos_bounces_are_told_apart_though_anymail_names_them_alike(event, stopped):
    message = waiting_digest("reader@example.org")
    body = {"event": event, "email": message.to_address, "message-id": "<1@x>", "ts_epoch": 1773214260000,
            "X-Mailin-custom": json.dumps({"uuid": str(message.uuid)}), "reason": "who knows"}  # fmt: skip
    assert post("brevo", body).status_code == 200
    listen(MORNING)
    assert suppressed("reader@example.org") is stopped


def test_an_unsubscribe_at_the_provider_ends_all_alerts_of_the_person():
    message = waiting_digest("reader@example.org")
    body = {"event": "unsubscribe", "email": message.to_address, "message-id": "<1@x>", "ts_epoch": 1773214260000,
            "X-Mailin-custom": json.dumps({"uuid": str(message.uuid)})}  # fmt: skip
    post("brevo", body)
    listen(MORNING)
    assert Subscription.objects.get().end_reason == "one_click"
    assert not suppressed("reader@example.org"), "who comes back may be written to"


# ---- what the check at each start says


def said() -> list[str]:
    return [message.id for message in webhooks.check(None)]


def test_the_check_is_one_of_those_that_each_start_runs():
    assert webhooks.check in checks.registry.registry.get_checks()


def test_a_webhook_without_its_secret_is_refused_at_the_start(settings):
    settings.WEBHOOKS, settings.ANYMAIL = ["postmark"], {}
    (error,) = webhooks.check(None)
    assert error.id == "hark.E001" and isinstance(error, checks.Error)
    assert "WEBHOOK_SECRET" in error.msg
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert said() == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("resend", "RESEND_SIGNING_SECRET"),
        ("sendgrid", "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"),
        ("mailtrap", "MAILTRAP_TRACKING_SECRET"),
    ],
)
def test_a_webhook_whose_signature_would_not_be_looked_at_is_refused_at_the_start(settings, name, key):
    settings.WEBHOOKS = [name]
    (error,) = webhooks.check(None)
    assert error.id == "hark.E001" and key in error.msg


def test_a_key_that_cannot_be_used_is_said_at_the_start(settings):
    settings.WEBHOOKS = ["mailersend"]
    (error,) = webhooks.check(None)
    assert error.id == "hark.E003" and "SIGNING_SECRET" in error.msg


def test_a_word_that_names_no_provider_is_said_at_the_start(settings):
    settings.WEBHOOKS = ["postmrk"]
    (error,) = webhooks.check(None)
    assert error.id == "hark.E002" and "postmark" in error.hint


def test_a_provider_whose_bounces_nobody_hears_is_worth_a_warning(settings):
    settings.WEBHOOKS, settings.EMAIL_BACKEND = [], "anymail.backends.postmark.EmailBackend"
    assert said() == ["hark.W001"]
    settings.WEBHOOKS = ["postmark"]
    assert said() == []
    settings.EMAIL_BACKEND, settings.WEBHOOKS = "alerts.digests.outbox.OutboxBackend", []
    assert said() == []
