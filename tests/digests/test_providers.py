"""Providers' backends against a server that plays the provider."""

from datetime import timedelta

import pytest
from django.utils.module_loading import import_string

from alerts.digests import providers
from alerts.digests.claim import DatabaseNow
from alerts.digests.deliver import Delivered, deliver
from alerts.models import Hold, Message
from tests.digests.provider import LOST, SILENT
from tests.digests.told import MORNING, lapse, waiting_digest

State = Message.State

pytestmark = pytest.mark.django_db

RESEND = "alerts.digests.resend.EmailBackend"
BREVO = "anymail.backends.brevo.EmailBackend"
POSTMARK = "anymail.backends.postmark.EmailBackend"


@pytest.mark.parametrize("backend", [RESEND, BREVO])
def test_where_keys_are_known_a_lost_answer_costs_no_second_copy(provider, settings, backend):
    settings.EMAIL_BACKEND = backend
    message = waiting_digest()
    provider.answers = [LOST, LOST]
    for _ in range(2):
        assert deliver(MORNING).uncertain == 1
        assert deliver(MORNING) == Delivered(), "not at once"
        lapse(message)
    assert deliver(MORNING) == Delivered(sent=1, swept=1)
    message.refresh_from_db()
    assert (provider.asked, len(provider.accepted), len(provider.keys)) == (3, 1, 1)
    assert set(provider.keys) == {str(message.uuid)}
    assert (message.state, message.resends) == (State.SENT, 0)
    assert message.provider_id


def test_a_key_that_no_longer_holds_leaves_the_one_resend(provider, settings):
    settings.EMAIL_BACKEND = BREVO
    message = waiting_digest()
    provider.answers = [LOST, LOST]
    deliver(MORNING)
    outlive(message)
    lapse(message)
    assert deliver(MORNING).uncertain == 1
    message.refresh_from_db()
    assert message.resends == 1
    outlive(message)
    lapse(message)
    deliver(MORNING)
    message.refresh_from_db()
    assert (message.state, message.lease_until, provider.asked) == (State.UNCERTAIN, None, 2)


def outlive(message: Message) -> None:
    """Let the key of the message's first handover be of no use any more."""
    Message.objects.filter(pk=message.pk).update(key_until=DatabaseNow() - timedelta(seconds=1))


def test_a_key_that_ends_while_the_message_waits_counts_as_the_resend(provider, settings):
    settings.EMAIL_BACKEND = BREVO
    message = waiting_digest()
    provider.answers = [LOST, (429, {}, {})]
    deliver(MORNING)
    lapse(message)
    assert deliver(MORNING).later == 1
    outlive(message)
    assert deliver(MORNING + timedelta(hours=2)).sent == 1
    message.refresh_from_db()
    assert message.resends == 1


def test_an_answer_that_never_comes_is_a_lost_one_and_frees_the_worker(provider, settings):
    settings.EMAIL_BACKEND, settings.ANYMAIL = POSTMARK, settings.ANYMAIL | {"REQUESTS_TIMEOUT": 1}
    waiting_digest()
    provider.answers = [SILENT]
    assert deliver(MORNING) == Delivered(uncertain=1)


def test_where_keys_are_unknown_a_lost_answer_waits_for_news_and_is_resent_once(provider, settings):
    settings.EMAIL_BACKEND = POSTMARK
    message = waiting_digest()
    provider.answers = [LOST]
    assert deliver(MORNING).uncertain == 1
    waits = Message.objects.filter(pk=message.pk, lease_until__gt=DatabaseNow() + timedelta(minutes=14))
    assert waits.exists(), "a quarter of an hour"
    lapse(message)
    assert deliver(MORNING) == Delivered(sent=1, swept=1)
    message.refresh_from_db()
    assert message.resends == 1
    assert [mail["Metadata"] for mail in provider.accepted] == [{"uuid": str(message.uuid)}] * 2


def test_by_the_setting_what_is_uncertain_stays_for_the_operator(provider, settings):
    settings.EMAIL_BACKEND, settings.UNCERTAIN = POSTMARK, "hold"
    message = waiting_digest()
    provider.answers = [LOST]
    deliver(MORNING)
    lapse(message)
    deliver(MORNING)
    assert deliver(MORNING) == Delivered()
    message.refresh_from_db()
    assert (message.state, message.resends, provider.asked) == (State.UNCERTAIN, 0, 1)
    assert "provider's log" in message.reason


def test_a_key_known_with_other_bytes_is_for_the_operator(provider, settings):
    settings.EMAIL_BACKEND = RESEND
    message = waiting_digest()
    provider.answers = [(409, {}, {"name": "invalid_idempotent_request", "message": "Same key, different body"})]
    deliver(MORNING)
    message.refresh_from_db()
    assert (message.state, message.lease_until) == (State.UNCERTAIN, None)


def test_a_repetition_the_provider_will_not_take_again_was_sent_the_first_time(provider, settings):
    settings.EMAIL_BACKEND = BREVO
    message = waiting_digest()
    refusal = (400, {}, {"code": "duplicate_request", "message": "This request was seen"})
    provider.answers = [LOST, refusal]
    deliver(MORNING)
    lapse(message)
    assert deliver(MORNING).sent == 1
    message.refresh_from_db()
    assert message.state == State.SENT and len(provider.accepted) == 1


def test_a_first_attempt_refused_for_its_key_was_not_sent(provider, settings):
    settings.EMAIL_BACKEND = RESEND
    message = waiting_digest()
    provider.answers = [(400, {}, {"name": "invalid_idempotency_key"})]
    deliver(MORNING)
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_a_limit_of_the_provider_holds_all_sending_for_as_long_as_it_says(provider, settings):
    settings.EMAIL_BACKEND = POSTMARK
    first, other = waiting_digest(), waiting_digest()
    provider.answers = [(429, {"Retry-After": "120"}, {})]
    assert deliver(MORNING) == Delivered(later=1)
    first.refresh_from_db()
    other.refresh_from_db()
    soon = MORNING + timedelta(seconds=120)
    assert (first.state, first.not_before, first.attempts) == (State.PENDING, soon, 0)
    assert (other.state, other.not_before, other.attempts) == (State.PENDING, None, 0), "untouched"
    hold = Hold.objects.get()
    assert (hold.cause, hold.since, hold.until) == ("provider", MORNING, soon)
    assert deliver(soon - timedelta(seconds=1)) == Delivered()
    assert provider.asked == 1, "nobody asks meanwhile"
    assert deliver(soon) == Delivered(sent=2)


def test_after_a_certain_refusal_the_mail_may_be_written_anew(provider, settings):
    settings.EMAIL_BACKEND = RESEND
    message = waiting_digest()
    provider.answers = [(429, {}, {})]
    deliver(MORNING)
    message.refresh_from_db()
    assert (message.handoff_at, message.key_until) == (None, None)


def test_a_provider_that_cannot_be_reached_costs_delay_only(provider, settings):
    settings.EMAIL_BACKEND = POSTMARK
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:9/"}
    message = waiting_digest()
    assert deliver(MORNING) == Delivered(later=1)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.handoff_at) == (State.PENDING, 0, None)


def test_a_missing_key_costs_delay_only(settings):
    settings.EMAIL_BACKEND, settings.ANYMAIL = POSTMARK, {}
    waiting_digest(), waiting_digest()
    for n in range(6):
        assert deliver(MORNING + n * timedelta(hours=1)).failed == 0
    assert set(Message.objects.values_list("state", "attempts")) == {(State.PENDING, 0)}


def test_a_whole_round_goes_over_one_connection(provider, settings):
    settings.EMAIL_BACKEND = POSTMARK
    for _ in range(3):
        waiting_digest()
    assert deliver(MORNING).sent == 3
    assert provider.connections == 1


# ---- what a provider is told besides


def sent_by(provider, settings, name: str) -> dict:
    settings.EMAIL_BACKEND = f"anymail.backends.{name}.EmailBackend"
    waiting_digest("reader@example.org")
    assert deliver(MORNING).sent == 1
    (mail,) = provider.accepted
    return mail


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support")
def test_sendgrid_is_told_to_add_no_unsubscribe_link_and_to_count_nobody(provider, settings):
    tracking = sent_by(provider, settings, "sendgrid")["tracking_settings"]
    assert tracking["subscription_tracking"] == {"enable": False}
    assert tracking["open_tracking"] == tracking["click_tracking"] == {"enable": False}


def test_sparkpost_is_told_to_leave_our_list_unsubscribe(provider, settings):
    options = sent_by(provider, settings, "sparkpost")["options"]
    assert options["transactional"] is True
    assert options["open_tracking"] is options["click_tracking"] is False


def test_a_provider_without_metadata_gets_none(provider, settings):
    assert "metadata" not in sent_by(provider, settings, "mailersend")


def test_every_provider_that_anymail_knows_is_in_the_table():
    backends = ["amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal", "postmark",
                "resend", "scaleway", "sendgrid", "sparkpost", "unisender_go"]  # fmt: skip
    for name in backends:
        try:
            backend = import_string(f"anymail.backends.{name}.EmailBackend")
        except ImportError:  # it wants a package of its own
            continue
        assert backend.esp_name in providers.PROVIDERS
